//! Small domains of the contract `miniplayer`, every value of them.

use super::{alone, playing};
use crate::suite::{Counted, Domain, Extent};
use spec::Case;
use spec::miniplayer::{
    Config, Key, MINIPLAYER_SEEK_STEP_MS, MINIPLAYER_SEEK_WIDTH, MINIPLAYER_SESSIONS_MAX, MINIPLAYER_VOLUME_MAX, MINIPLAYER_VOLUME_MIN,
    Miniplayer, Op, Session, State,
};

/// Operations of one case.
const BATCH: usize = 1_024;

pub(super) fn domains() -> Vec<Domain<Miniplayer>> {
    vec![
        Domain {
            name: "every_position",
            requirements: &["MINIPLAYER-004", "MINIPLAYER-006"],
            describe: |_| {
                "every position up to two beyond the end of short durations around the bar's width, with a seek to both sides".to_owned()
            },
            cases: |_| batches(positions()),
        },
        Domain {
            name: "every_second",
            requirements: &["MINIPLAYER-005"],
            describe: |extent| format!("the last and the first ms of every second up to {}, and those around 999:59", seconds(extent)),
            cases: |extent| batches(times(seconds(extent))),
        },
        Domain {
            name: "every_volume",
            requirements: &["MINIPLAYER-007"],
            describe: |extent| format!("every {}volume in Q8.8 dB and one beyond both bounds, with plus and minus", nth(extent)),
            cases: |extent| batches(volumes(if extent == Extent::Whole { 1 } else { 37 })),
        },
        Domain {
            name: "every_key",
            requirements: &["MINIPLAYER-003", "MINIPLAYER-008", "MINIPLAYER-011", "MINIPLAYER-012"],
            describe: |_| "every key, with and without an active session that plays or not and is muted or not, and an offer".to_owned(),
            cases: |_| keys(),
        },
        Domain {
            name: "every_list",
            requirements: &["MINIPLAYER-010", "MINIPLAYER-011"],
            describe: |_| "lists of every length, walked to their end and back".to_owned(),
            cases: |_| lists(),
        },
    ]
}

const fn nth(extent: Extent) -> &'static str {
    match extent {
        Extent::Whole => "",
        Extent::Corners => "37th ",
    }
}

const fn seconds(extent: Extent) -> u64 {
    match extent {
        Extent::Whole => 4_000,
        Extent::Corners => 130,
    }
}

/// Cases of so many operations, each value being some of them.
fn batches(values: impl Iterator<Item = Vec<Op>> + Send + 'static) -> Counted<Miniplayer> {
    let mut values = values.fuse();
    Box::new(std::iter::from_fn(move || {
        let (mut ops, mut count) = (Vec::new(), 0);
        while ops.len() < BATCH
            && let Some(value) = values.next()
        {
            ops.extend(value);
            count += 1;
        }
        (count > 0).then_some((Case { config: Config {}, ops }, count))
    }))
}

fn shown(session: Session) -> Op {
    Op::Show(alone(session))
}

fn positions() -> impl Iterator<Item = Vec<Op>> + Send {
    let width = u64::from(MINIPLAYER_SEEK_WIDTH);
    let durations = [0, 1, 2, 3, width - 1, width, width + 1, 2 * width - 1, 2 * width + 1, 999];
    let short = durations.into_iter().flat_map(|duration| (0..=duration + 2).map(move |position| (position, Some(duration))));
    let around = [0, 1, MINIPLAYER_SEEK_STEP_MS - 1, MINIPLAYER_SEEK_STEP_MS, MINIPLAYER_SEEK_STEP_MS + 1, u64::MAX - 1, u64::MAX];
    let long = around.into_iter().flat_map(move |position| {
        let ends = [None, Some(MINIPLAYER_SEEK_STEP_MS), Some(2 * MINIPLAYER_SEEK_STEP_MS), Some(u64::MAX)];
        ends.into_iter().map(move |duration| (position, duration))
    });
    short.chain(long).map(|(position_ms, duration_ms)| {
        vec![shown(Session { position_ms, duration_ms, ..playing() }), Op::Key(Key::Left), Op::Key(Key::Right)]
    })
}

fn times(seconds: u64) -> impl Iterator<Item = Vec<Op>> + Send {
    let around = [59_998_999, 59_999_000, 59_999_999, 60_000_000, u64::MAX];
    let every = (0..=seconds).flat_map(|second| [(second * 1_000).saturating_sub(1), second * 1_000]);
    every.chain(around).map(|time| {
        let told = |position_ms, duration_ms| shown(Session { position_ms, duration_ms, ..playing() });
        vec![told(time, None), told(u64::MAX, Some(time))]
    })
}

fn volumes(step: usize) -> impl Iterator<Item = Vec<Op>> + Send {
    let ends = [MINIPLAYER_VOLUME_MIN - 1, MINIPLAYER_VOLUME_MAX, MINIPLAYER_VOLUME_MAX + 1];
    (MINIPLAYER_VOLUME_MIN..=MINIPLAYER_VOLUME_MAX)
        .step_by(step)
        .chain(ends)
        .map(|app_volume_db| vec![shown(Session { app_volume_db, ..playing() }), Op::Key(Key::Plus), Op::Key(Key::Minus)])
}

fn keys() -> Counted<Miniplayer> {
    let states = (0..64_u32).map(|bits| {
        let is = |bit: u32| bits >> bit & 1 == 1;
        let session = Session { playing: is(0), app_muted: is(1), muted: is(2), ..playing() };
        let other = Session { sid: 7, ..playing() };
        State { sessions: vec![session, other], active: is(3).then_some(if is(5) { 7 } else { 1 }), offer: is(4).then_some(7) }
    });
    let cases = states.map(|state| {
        let mut ops = Vec::new();
        for key in Key::ALL {
            ops.extend([Op::Show(state.clone()), Op::Key(key), Op::Show(state.clone())]);
        }
        ops.push(Op::Markers);
        (Case { config: Config {}, ops }, Key::ALL.len() as u64)
    });
    let none =
        Key::ALL.into_iter().map(|key| (Case { config: Config {}, ops: vec![Op::Key(key), Op::Show(State::default()), Op::Key(key)] }, 1));
    Box::new(cases.chain(none))
}

fn lists() -> Counted<Miniplayer> {
    Box::new((0..=MINIPLAYER_SESSIONS_MAX).map(|count| {
        let sessions: Vec<Session> =
            (1..=count).map(|sid| Session { sid, playing: sid % 2 == 0, title: format!("Title {sid}"), ..playing() }).collect();
        let state = State { sessions, active: (count > 2).then_some(2), offer: None };
        let mut ops = vec![Op::Show(state.clone())];
        for key in [Key::Down, Key::Up] {
            for _ in 0..=count {
                ops.extend([Op::Key(key), Op::Show(state.clone())]);
            }
            ops.push(Op::Key(Key::Enter));
        }
        // What was selected leaves the list.
        let fewer = State { sessions: state.sessions.iter().skip(1).cloned().collect(), active: None, offer: None };
        ops.push(Op::Show(fewer));
        (Case { config: Config {}, ops }, u64::from(count) + 1)
    }))
}

#[cfg(test)]
mod tests {
    use super::domains;
    use crate::suite::Extent;
    use model::Modelled;
    use spec::miniplayer::{Miniplayer, Obs};

    #[test]
    fn domains_have_many_answers() {
        let mut model = Miniplayer::model();
        for (domain, least) in domains().into_iter().zip([2_000, 250, 700, 800, 150]) {
            let (mut values, mut answers) = (0, 0);
            for (case, count) in (domain.cases)(Extent::Corners) {
                values += count;
                let trace = model.run_case(&case).expect("a model does not fail");
                answers += trace.obs.iter().filter(|obs| matches!(obs, Obs::View(_) | Obs::Action(_))).count();
            }
            assert!(values >= least && answers as u64 >= values, "{}: {values} values, {answers} answers", domain.name);
        }
    }
}
