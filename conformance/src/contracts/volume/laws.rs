//! Statements about every right machine of the contract `volume`.

use crate::suite::{Held, Law};
use spec::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN};
use spec::volume::{Config, Mixed, Obs, Op, Volume};
use spec::{Case, Entropy, Failure, Machine, entropy};

pub(super) fn laws() -> Vec<Law<Volume>> {
    vec![
        Law { name: "order_of_setting_does_not_matter", requirements: &["VOLUME-012"], draw: draw_settings, holds: reversed_is_the_same },
        Law { name: "mute_and_unmute_change_nothing", requirements: &["VOLUME-008"], draw: draw_volumes, holds: unmuting_restores },
        Law { name: "volumes_of_session_and_app_commute", requirements: &["VOLUME-002"], draw: draw_pair, holds: swapped_is_the_same },
        Law { name: "total_stays_in_range", requirements: &["VOLUME-002"], draw: draw_loud, holds: total_in_range },
        Law {
            name: "nothing_but_what_was_named_changes",
            requirements: &["VOLUME-004", "VOLUME-005"],
            draw: draw_change,
            holds: others_are_the_same,
        },
        Law { name: "a_muted_session_is_as_a_closed_one", requirements: &["VOLUME-009"], draw: draw_muted, holds: mix_without_it },
    ]
}

pub(super) fn open(session: u32, app: &str) -> Op {
    Op::Open { session, app: app.to_owned() }
}

pub(super) fn volume(session: u32, db: i32) -> Op {
    Op::SetVolume { session, db }
}

pub(super) fn app_volume(app: &str, db: i32) -> Op {
    Op::SetAppVolume { app: app.to_owned(), db }
}

pub(super) fn mute(session: u32, muted: bool) -> Op {
    Op::Mute { session, muted }
}

pub(super) fn mute_app(app: &str, muted: bool) -> Op {
    Op::MuteApp { app: app.to_owned(), muted }
}

const APPS: [&str; 3] = ["a", "a.b", "b"];
const SESSIONS: u32 = 3;

/// A look at every session and at a block.
fn looks() -> Vec<Op> {
    (1..=SESSIONS).map(Op::Overlay).chain([Op::Apps, Op::Block { frames: 3, seed: 5 }]).collect()
}

const LOOKS: usize = SESSIONS as usize + 2;

fn opened(source: &mut dyn Entropy) -> Vec<Op> {
    (1..=SESSIONS).map(|session| open(session, entropy::pick(source, APPS))).collect()
}

fn draw_db(source: &mut dyn Entropy) -> i32 {
    match source.below(8) {
        0 => entropy::pick(source, [GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MAX]),
        _ => source.between(-3072, i64::from(GAIN_DB_Q8_8_MAX)) as i32,
    }
}

/// Each setting of three sessions and their apps at most once, so that the order can be no other's.
fn draw_settings(source: &mut dyn Entropy) -> Case<Volume> {
    let mut ops = opened(source);
    for session in 1..=SESSIONS {
        ops.push(volume(session, draw_db(source)));
        ops.push(mute(session, source.one_in(4)));
        ops.push(Op::SetStream { session, db: draw_db(source) });
        ops.push(Op::Duck { session, db: draw_db(source).min(0) });
    }
    for app in APPS {
        ops.push(app_volume(app, draw_db(source)));
        ops.push(mute_app(app, source.one_in(6)));
    }
    ops.push(Op::Master { level: source.below(65_537) as u32, muted: source.one_in(8) });
    ops.extend(looks());
    Case { config: Config {}, ops }
}

fn reversed_is_the_same(machine: &mut dyn Machine<Volume>, case: &Case<Volume>) -> Result<Held, Failure> {
    // A case that was made smaller still begins with what opens.
    let opens = case.ops.iter().take_while(|op| matches!(op, Op::Open { .. })).count();
    let Some(settings) = case.ops.len().checked_sub(LOOKS).filter(|end| *end >= opens) else { return Ok(Held::NotApplicable) };
    let mut other = case.clone();
    other.ops[opens..settings].reverse();
    let (first, second) = (machine.run_case(case)?, machine.run_case(&other)?);
    let (first, second) = (&first.obs[settings..], &second.obs[settings..]);
    Ok(if first == second { Held::Yes(LOOKS as u64) } else { Held::No(format!("{first:?} became {second:?} in the other order")) })
}

fn draw_volumes(source: &mut dyn Entropy) -> Case<Volume> {
    let mut ops = opened(source);
    ops.extend((1..=SESSIONS).map(|session| volume(session, draw_db(source))));
    ops.extend(APPS.map(|app| app_volume(app, draw_db(source))));
    ops.extend(looks());
    Case { config: Config {}, ops }
}

fn unmuting_restores(machine: &mut dyn Machine<Volume>, case: &Case<Volume>) -> Result<Held, Failure> {
    let Some(settings) = case.ops.len().checked_sub(LOOKS) else { return Ok(Held::NotApplicable) };
    let mut other = case.clone();
    let mutes = |muted| (1..=SESSIONS).map(move |session| mute(session, muted)).chain(APPS.map(|app| mute_app(app, muted)));
    let inserted: Vec<Op> = mutes(true).chain([Op::Block { frames: 1, seed: 0 }]).chain(mutes(false)).collect();
    other.ops.splice(settings..settings, inserted.clone());
    let (first, second) = (machine.run_case(case)?, machine.run_case(&other)?);
    let (first, second) = (&first.obs[settings..], &second.obs[settings + inserted.len()..]);
    Ok(if first == second { Held::Yes(LOOKS as u64) } else { Held::No(format!("{first:?} became {second:?} by muting and unmuting")) })
}

fn draw_pair(source: &mut dyn Entropy) -> Case<Volume> {
    let ops = vec![
        open(1, "a"),
        volume(1, draw_db(source)),
        app_volume("a", draw_db(source)),
        Op::Overlay(1),
        Op::Block { frames: 4, seed: source.below(64) as u32 },
    ];
    Case { config: Config {}, ops }
}

fn swapped_is_the_same(machine: &mut dyn Machine<Volume>, case: &Case<Volume>) -> Result<Held, Failure> {
    let [Op::Open { session, app }, Op::SetVolume { db, .. }, Op::SetAppVolume { db: app_db, .. }, looks @ ..] = case.ops.as_slice() else {
        return Ok(Held::NotApplicable);
    };
    let mut other = vec![open(*session, app), volume(*session, *app_db), app_volume(app, *db)];
    other.extend_from_slice(looks);
    let heard = |obs: Vec<Obs>| -> Vec<Obs> {
        // Which of the two has which is the one difference that may be seen.
        let blind = |obs| match obs {
            Obs::Overlay(overlay) => Obs::Overlay(spec::volume::Overlay { db: 0, app_db: 0, ..overlay }),
            obs => obs,
        };
        obs.into_iter().skip(3).map(blind).collect()
    };
    let first = heard(machine.run_case(case)?.obs);
    let second = heard(machine.run_case(&Case { config: Config {}, ops: other })?.obs);
    Ok(if first == second { Held::Yes(looks.len() as u64) } else { Held::No(format!("{first:?} became {second:?} by swapping")) })
}

fn draw_loud(source: &mut dyn Entropy) -> Case<Volume> {
    let mut loud = || source.between(-24_576, 6_144).min(3_072) as i32;
    let ops = vec![
        open(1, "a"),
        volume(1, loud()),
        app_volume("a", loud()),
        Op::SetStream { session: 1, db: loud() },
        Op::Duck { session: 1, db: loud().min(0) },
        Op::Overlay(1),
    ];
    Case { config: Config {}, ops }
}

fn total_in_range(machine: &mut dyn Machine<Volume>, case: &Case<Volume>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let Some(Obs::Overlay(overlay)) = trace.obs.last() else { return Ok(Held::NotApplicable) };
    let right = (GAIN_DB_Q8_8_MIN..=GAIN_DB_Q8_8_MAX).contains(&overlay.total_db)
        && (overlay.factor == 0) == (overlay.total_db == GAIN_DB_Q8_8_MIN);
    Ok(if right { Held::Yes(1) } else { Held::No(format!("a total of {} dB/256 with the factor {}", overlay.total_db, overlay.factor)) })
}

/// Volumes, a look, one change, and the same look again.
fn draw_change(source: &mut dyn Entropy) -> Case<Volume> {
    let mut case = draw_volumes(source);
    let app = entropy::pick(source, APPS);
    let session = 1 + source.below(u64::from(SESSIONS)) as u32;
    case.ops.push(match source.below(4) {
        0 => volume(session, draw_db(source)),
        1 => mute(session, true),
        2 => app_volume(app, draw_db(source)),
        _ => mute_app(app, true),
    });
    case.ops.extend(looks());
    case
}

fn others_are_the_same(machine: &mut dyn Machine<Volume>, case: &Case<Volume>) -> Result<Held, Failure> {
    let Some(change) = case.ops.len().checked_sub(LOOKS + 1).filter(|change| *change >= LOOKS) else { return Ok(Held::NotApplicable) };
    let trace = machine.run_case(case)?;
    let (before, after) = (&trace.obs[change - LOOKS..change], &trace.obs[change + 1..]);
    let mut same = 0;
    for session in 1..=SESSIONS {
        let place = session as usize - 1;
        let (Obs::Overlay(was), Obs::Overlay(is)) = (&before[place], &after[place]) else { return Ok(Held::NotApplicable) };
        let meant = match &case.ops[change] {
            Op::SetVolume { session: named, .. } | Op::Mute { session: named, .. } => *named == session,
            Op::SetAppVolume { app, .. } | Op::MuteApp { app, .. } => *app == was.app,
            _ => true,
        };
        if meant {
            continue;
        }
        let peaks = [before, after].map(|looks| match looks.last() {
            Some(Obs::Mixed(mixed)) => mixed.sessions.iter().find(|(number, _)| *number == session).map(|(_, peak)| *peak),
            _ => None,
        });
        if was != is || peaks[0] != peaks[1] {
            return Ok(Held::No(format!("session {session} became {is:?} from {was:?}, its peak {:?} from {:?}", peaks[1], peaks[0])));
        }
        same += 1;
    }
    Ok(if same > 0 { Held::Yes(same) } else { Held::NotApplicable })
}

/// Sessions with volumes, one of which is muted, and a block.
fn draw_muted(source: &mut dyn Entropy) -> Case<Volume> {
    let mut ops = opened(source);
    ops.extend((1..=SESSIONS).map(|session| volume(session, source.between(-1536, 1536) as i32)));
    ops.push(mute(1 + source.below(u64::from(SESSIONS)) as u32, true));
    ops.push(Op::Block { frames: 6, seed: source.below(64) as u32 });
    Case { config: Config {}, ops }
}

fn mix_without_it(machine: &mut dyn Machine<Volume>, case: &Case<Volume>) -> Result<Held, Failure> {
    let [.., Op::Mute { session, muted: true }, Op::Block { .. }] = case.ops.as_slice() else { return Ok(Held::NotApplicable) };
    let mut other = case.clone();
    let place = case.ops.len() - 2;
    other.ops[place] = Op::Close(*session);
    let mixed = |trace: spec::Trace<Volume>| match trace.obs.last() {
        Some(Obs::Mixed(mixed)) => Some(mixed.clone()),
        _ => None,
    };
    let (Some(muted), Some(closed)) = (mixed(machine.run_case(case)?), mixed(machine.run_case(&other)?)) else {
        return Ok(Held::NotApplicable);
    };
    let heard = Mixed { sessions: muted.sessions.iter().filter(|(number, _)| number != session).copied().collect(), ..muted.clone() };
    let silent = muted.sessions.contains(&(*session, [0, 0]));
    Ok(if heard == closed && silent { Held::Yes(1) } else { Held::No(format!("muted {muted:?}, closed {closed:?}")) })
}
