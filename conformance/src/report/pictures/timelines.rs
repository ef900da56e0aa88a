//! Timelines of focus and ducking: events in, gains per block out, as the recorded cases have them.
//!
//! Focus has no blocks. Its pictures let a few blocks pass after each event, and what focus tells of ducks goes to the model of
//! ducking, as in the services.

use super::{NotDrawn, ask};
use crate::report::svg::{Axis, Guide, Plot, Series};
use crate::report::text;
use crate::suite::Suite;
use spec::ducking::{self, Ducking, Rule};
use spec::focus::{self, Ducks, Focus, Kind, Playback};
use spec::format::BLOCK_MS;
use spec::gain::GAIN_DB_STEPS_PER_DB;
use std::collections::BTreeMap;

/// A recorded case over time.
pub struct Timeline {
    /// The contract that it belongs to.
    pub contract: &'static str,
    /// The case's name.
    pub name: &'static str,
    /// What to see in it.
    pub doc: &'static str,
    /// The plot, and what its numbers mean.
    pub drawn: Result<(Plot, Vec<String>), NotDrawn>,
}

impl Timeline {
    /// The picture with its caption.
    pub(super) fn picture(self) -> Result<(String, String), NotDrawn> {
        let (plot, events) = self.drawn?;
        let events: Vec<String> = (1..).zip(events).map(|(number, event)| format!("{number} {event}")).collect();
        Ok((plot.render(), text::minus(&format!("{} Events: {}.", self.doc, events.join("; ")))))
    }
}

/// The recorded cases of focus that have a picture: each rule of the table, and what ends a pause.
const FOCUS: [&str; 8] = ["comms", "ui", "alarm", "ducks_under_an_alarm", "order_of_pauses", "users_pause", "two_alarms", "without_resume"];

/// Blocks that pass before the first event of focus, and after each.
const BLOCKS: u32 = 8;

/// Every timeline, in the order of reports.
pub fn all() -> Vec<Timeline> {
    let focus = Focus::goldens().into_iter().filter(|golden| FOCUS.contains(&golden.name));
    let focus = focus.map(|golden| Timeline { contract: "focus", name: golden.name, doc: golden.doc, drawn: of_focus(&golden.case) });
    let ducking = Ducking::goldens().into_iter().filter(|golden| golden.name.starts_with("timeline_"));
    let ducking =
        ducking.map(|golden| Timeline { contract: "ducking", name: golden.name, doc: golden.doc, drawn: of_ducking(&golden.case) });
    focus.chain(ducking).collect()
}

/// What happened when, numbered in the order of time: lines over the plot, and their texts for the caption.
#[derive(Default)]
struct Events {
    lines: Vec<Guide>,
    texts: Vec<String>,
}

impl Events {
    fn at(&mut self, block: u32, what: String) {
        let number = self.texts.len() + 1;
        match self.lines.last_mut() {
            // Events at the same moment share a line.
            Some(Guide::X(at, label)) if *at == ms(block) => *label = format!("{label}, {number}"),
            _ => self.lines.push(Guide::X(ms(block), number.to_string())),
        }
        self.texts.push(what);
    }
}

fn ms(block: u32) -> f64 {
    f64::from(block * BLOCK_MS)
}

fn db(db_q8_8: i32) -> f64 {
    f64::from(db_q8_8) / f64::from(GAIN_DB_STEPS_PER_DB)
}

/// About eight ticks over so many blocks.
fn time(blocks: u32) -> Axis {
    let step = (blocks / 8).max(1).next_multiple_of(5);
    Axis::linear(
        "time, ms (a block is 10 ms)",
        0.0,
        ms(blocks),
        (0..=blocks).step_by(step as usize).map(|block| (ms(block), (block * BLOCK_MS).to_string())),
    )
}

/// A recorded case of ducking with one session.
fn of_ducking(case: &spec::Case<Ducking>) -> Result<(Plot, Vec<String>), NotDrawn> {
    let (mut points, mut events, mut block) = (vec![(0.0, 0.0)], Events::default(), 0);
    for (op, obs) in case.ops.iter().zip(ask::<Ducking>(case.config, case.ops.clone())?) {
        match (op, obs) {
            (ducking::Op::Duck { cause, rule, .. }, _) => events.at(block, format!("cause {cause} lowers by {}", rule_name(*rule))),
            (ducking::Op::Unduck { cause, .. }, _) => events.at(block, format!("cause {cause} ends")),
            (ducking::Op::Blocks(count), ducking::Obs::Gains(tracks)) => {
                let gains = tracks.iter().flat_map(|track| &track.db_q8_8);
                points.extend((block..).zip(gains).map(|(at, gain)| (ms(at), db(*gain))));
                block += count;
            }
            _ => {}
        }
    }
    points.push((ms(block), points.last().map_or(0.0, |point| point.1)));
    let depths =
        [0, case.config.duck_db_ui_q8_8, case.config.duck_db_q8_8].map(|depth| (db(depth), text::minus(&format!("{} dB", db(depth)))));
    let plot = Plot {
        title: "Gain of a session, block by block".to_owned(),
        x: time(block),
        y: Axis::linear("gain of the duck", db(case.config.duck_db_q8_8) - 1.5, 0.5, depths),
        series: vec![Series { name: "gain".to_owned(), style: 0, points, holds: true }],
        guides: events.lines,
        marks: Vec::new(),
    };
    Ok((plot, events.texts))
}

const fn rule_name(rule: Rule) -> &'static str {
    match rule {
        Rule::DuckDb => "duck_db",
        Rule::DuckDbUi => "duck_db_ui",
    }
}

/// From one lane to the next, in dB.
const LANE: f64 = 10.0;
/// Where a session that waits has its line, from the top of its lane.
const WAITS: f64 = -3.0;

/// A recorded case of focus: a lane for each session.
fn of_focus(case: &spec::Case<Focus>) -> Result<(Plot, Vec<String>), NotDrawn> {
    let ops = case.ops.iter().filter(|op| **op != focus::Op::State);
    let ops: Vec<focus::Op> = ops.flat_map(|op| [op.clone(), focus::Op::State]).collect();
    let answers = ask::<Focus>(case.config.clone(), ops.clone())?;
    let mut scene = Scene::default();
    for (pair, answer) in ops.chunks_exact(2).zip(answers.chunks_exact(2)) {
        let ([op, _], [first, focus::Obs::Sessions(sessions)]) = (pair, answer) else {
            return Err(NotDrawn::Unexpected("sessions"));
        };
        scene.event(op, first, sessions);
    }
    let gains = ask::<Ducking>(ducking::Config::default(), scene.ducking.clone())?;
    let gains: Vec<BTreeMap<u32, Vec<i32>>> = gains.into_iter().filter_map(tracks).collect();
    Ok((scene.plot(&gains), scene.events.texts))
}

fn tracks(obs: ducking::Obs) -> Option<BTreeMap<u32, Vec<i32>>> {
    match obs {
        ducking::Obs::Gains(tracks) => Some(tracks.into_iter().map(|track| (track.session, track.db_q8_8)).collect()),
        _ => None,
    }
}

/// What is asked of ducking, and who plays between the events.
#[derive(Default)]
struct Scene {
    classes: BTreeMap<u32, &'static str>,
    ducks: BTreeMap<u32, Ducks>,
    ducking: Vec<ducking::Op>,
    /// Who plays and who waits, from each event to the next.
    playback: Vec<Vec<(u32, Playback)>>,
    events: Events,
}

impl Scene {
    fn name(&self, sid: u32) -> String {
        format!("{} {sid}", self.classes.get(&sid).copied().unwrap_or("session"))
    }

    fn event(&mut self, op: &focus::Op, answer: &focus::Obs, sessions: &[focus::Session]) {
        if let focus::Op::Register { sid, class } = op {
            self.classes.insert(*sid, class.name());
        }
        let what = match op {
            // Sessions are there from the start.
            focus::Op::Register { .. } | focus::Op::State => None,
            focus::Op::Request { sid, kind: Kind::Gain } => Some(format!("{} asks for gain", self.name(*sid))),
            focus::Op::Request { sid, kind: Kind::Transient } => Some(format!("{} asks for transient", self.name(*sid))),
            focus::Op::Abandon(sid) => Some(format!("{} abandons", self.name(*sid))),
            focus::Op::Play(sid) => Some(format!("play {}", self.name(*sid))),
            focus::Op::Pause(sid) => Some(format!("pause {}", self.name(*sid))),
            focus::Op::Close(sid) => Some(format!("close {}", self.name(*sid))),
        };
        if let Some(what) = what {
            if self.playback.is_empty() {
                self.blocks(&[]);
            }
            let rejected = if let focus::Obs::Rejected(code) = answer { format!(" (rejected: {})", code.name()) } else { String::new() };
            self.events.at(self.playback.len() as u32 * BLOCKS, what + &rejected);
        }
        self.follow(sessions);
        if !self.events.texts.is_empty() {
            self.blocks(sessions);
        }
    }

    /// Takes what focus tells of ducks to ducking.
    fn follow(&mut self, sessions: &[focus::Session]) {
        for gone in self.ducks.extract_if(.., |sid, _| !sessions.iter().any(|session| session.sid == *sid)) {
            self.ducking.push(ducking::Op::Close(gone.0));
        }
        for focus::Session { sid, ducks, .. } in sessions {
            let before = self.ducks.insert(*sid, *ducks).unwrap_or_else(|| {
                self.ducking.push(ducking::Op::Open(*sid));
                Ducks::default()
            });
            let rules = [(before.duck_db, ducks.duck_db, Rule::DuckDb), (before.duck_db_ui, ducks.duck_db_ui, Rule::DuckDbUi)];
            for (cause, (was, is, rule)) in (1..).zip(rules) {
                match (was, is) {
                    (false, true) => self.ducking.push(ducking::Op::Duck { session: *sid, cause, rule }),
                    (true, false) => self.ducking.push(ducking::Op::Unduck { session: *sid, cause }),
                    _ => {}
                }
            }
        }
    }

    fn blocks(&mut self, sessions: &[focus::Session]) {
        self.ducking.push(ducking::Op::Blocks(BLOCKS));
        self.playback.push(sessions.iter().map(|session| (session.sid, session.playback)).collect());
    }

    fn plot(&self, gains: &[BTreeMap<u32, Vec<i32>>]) -> Plot {
        let lanes = || self.classes.keys().copied().zip((0..).map(|lane| f64::from(lane) * -LANE));
        let (mut plays, mut waits) = (Vec::new(), Vec::new());
        for (sid, top) in lanes() {
            for (place, (playback, gains)) in (0..).zip(self.playback.iter().zip(gains)) {
                let (from, to) = (place * BLOCKS, (place + 1) * BLOCKS);
                match playback.iter().find(|(other, _)| *other == sid).map(|(_, playback)| *playback) {
                    Some(Playback::Playing) => {
                        let gains = gains.get(&sid).map(Vec::as_slice).unwrap_or_default();
                        plays.extend((from..).zip(gains).map(|(block, gain)| (ms(block), top + db(*gain))));
                        plays.extend(gains.last().map(|gain| (ms(to), top + db(*gain))));
                    }
                    Some(Playback::Waiting) => waits.extend([(ms(from), top + WAITS), (ms(to), top + WAITS)]),
                    Some(Playback::Paused) | None => {}
                }
                // Here the pen is lifted where the next blocks are not of the same kind.
                let next = self.playback.get(place as usize + 1).and_then(|next| next.iter().find(|(other, _)| *other == sid));
                for (kind, points) in [(Playback::Playing, &mut plays), (Playback::Waiting, &mut waits)] {
                    if next.is_none_or(|(_, playback)| *playback != kind) {
                        points.push((f64::NAN, f64::NAN));
                    }
                }
            }
        }
        let depth = db(ducking::Config::default().duck_db_q8_8);
        let ticks = lanes().flat_map(|(sid, top)| [(top, self.name(sid)), (top + depth, text::minus(&format!("{depth} dB")))]);
        let bottom = -LANE * (self.classes.len() as f64 - 1.0) - LANE - 2.0;
        let series = [("plays, with the gain of its duck", 0, plays), ("waits for focus", 4, waits)];
        Plot {
            title: "Who plays, and how loud".to_owned(),
            x: time(self.playback.len() as u32 * BLOCKS),
            y: Axis::linear("", bottom, 2.0, ticks),
            series: series.map(|(name, style, points)| Series { name: name.to_owned(), style, points, holds: style == 0 }).to_vec(),
            guides: self.events.lines.clone(),
            marks: Vec::new(),
        }
    }
}
