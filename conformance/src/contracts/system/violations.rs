//! Wrong machines of the contract `system`.

use crate::suite::{Violation, meddling, misconfigured, misheard, tampered, violation};
use spec::audiod::State;
use spec::capability_audit::Change;
use spec::idl::{Answer, Call, Gain, Peaks, Sink};
use spec::system::{ALL_CLIENT_RIGHTS, Config, Obs, Op, System};
use spec::{Failure, Machine};

/// In the order in which a diagnosis names them.
pub(super) fn violations() -> Vec<Violation<System>> {
    let mut all = of_gates();
    all.extend(of_sessions());
    all.extend(of_settings());
    all.extend(of_sound());
    all
}

/// What is understood in place of a call.
pub(super) fn hearing(op: &Op, other: impl FnOnce(&Call<'static>) -> Option<Call<'static>>) -> Op {
    match op {
        Op::Call { sender, claimed, call } => {
            Op::Call { sender: *sender, claimed: *claimed, call: other(call).unwrap_or_else(|| call.clone()) }
        }
        op => op.clone(),
    }
}

pub(super) fn called(op: &Op) -> Option<&Call<'static>> {
    match op {
        Op::Call { call, .. } => Some(call),
        _ => None,
    }
}

pub(super) const fn accepted(obs: &Obs) -> bool {
    matches!(obs, Obs::Answer(_))
}

/// Lines without those that begin so.
pub(super) fn without(obs: Obs, start: &str) -> Obs {
    match obs {
        Obs::Lines(mut lines) => {
            lines.retain(|line| !line.starts_with(start));
            Obs::Lines(lines)
        }
        obs => obs,
    }
}

fn of_gates() -> Vec<Violation<System>> {
    vec![
        violation("SYSTEM-001", "is ready before its devices are", || {
            tampered::<System, ()>(|(), _, obs| match obs {
                Obs::Lines(mut lines) => {
                    lines.sort_by_key(|line| line != "audiod: ready");
                    Obs::Lines(lines)
                }
                obs => obs,
            })
        }),
        violation("SYSTEM-003", "lets everybody do everything", || {
            misconfigured::<System>(|config| Config { grants: vec![ALL_CLIENT_RIGHTS; config.grants.len()], ..config.clone() })
        }),
        violation("SYSTEM-003", "records without anybody's consent", || {
            misconfigured::<System>(|config| Config { consents: u8::MAX, ..config.clone() })
        }),
        violation("SYSTEM-003", "starts a stream before it looks at who asks", || {
            meddling::<System, ()>(|inner, (), op| {
                let obs = inner.step(op)?;
                if let (Op::Call { call: call @ Call::Play(_), .. }, Obs::Rejected { .. }) = (op, &obs) {
                    inner.step(&Op::Call { sender: 0, claimed: None, call: call.clone() })?;
                }
                Ok(obs)
            })
        }),
        violation("SYSTEM-020", "hands its rings to who may not write", || {
            tampered::<System, ()>(|(), op, obs| match (called(op), obs) {
                (Some(Call::OpenStream(_)), Obs::Answer(Answer::Opened { stream, offset, frames, .. })) => {
                    Obs::Answer(Answer::Opened { stream, handle: stream, offset, frames })
                }
                (_, obs) => obs,
            })
        }),
        violation("SYSTEM-004", "believes what a message claims", || {
            misheard::<System>(|op| match op {
                Op::Call { claimed: Some(claimed), call, .. } => Op::Call { sender: *claimed, claimed: None, call: call.clone() },
                op => op.clone(),
            })
        }),
        violation("SYSTEM-004", "does not look at what a message claims", || {
            misheard::<System>(|op| match op {
                Op::Call { sender, call, .. } => Op::Call { sender: *sender, claimed: None, call: call.clone() },
                op => op.clone(),
            })
        }),
        violation("SYSTEM-005", "denies without an audit record", || {
            records(|obs| match obs {
                Obs::Records { dropped, mut records } => {
                    records.retain(|record| record.decision == 1);
                    Obs::Records { dropped, records }
                }
                obs => obs,
            })
        }),
        violation("SYSTEM-005", "records every denial as one by policy", || {
            records(|obs| match obs {
                Obs::Records { dropped, mut records } => {
                    records.iter_mut().for_each(|record| record.reason = 0);
                    Obs::Records { dropped, records }
                }
                obs => obs,
            })
        }),
        violation("SYSTEM-014", "turns no indicator on", || {
            tampered::<System, ()>(|(), _, obs| match obs {
                Obs::Indicators(mut all) => {
                    all.iter_mut().for_each(|indicator| indicator.subjects.clear());
                    Obs::Indicators(all)
                }
                Obs::Events { dropped, .. } => Obs::Events { dropped, events: Vec::new() },
                obs => obs,
            })
        }),
        violation("SYSTEM-014", "tells a block less than it recorded", || {
            tampered::<System, ()>(|(), _, obs| match obs {
                Obs::Events { dropped, mut events } => {
                    for event in &mut events {
                        if let Change::Off { deliveries, .. } = &mut event.change {
                            *deliveries = deliveries.saturating_sub(1);
                        }
                    }
                    Obs::Events { dropped, events }
                }
                obs => obs,
            })
        }),
        violation("SYSTEM-015", "rejects without a word", || {
            tampered::<System, ()>(|(), _, obs| match obs {
                Obs::Rejected { code, .. } => Obs::Rejected { code, explained: false },
                obs => obs,
            })
        }),
        violation("SYSTEM-015", "counts a block at each message that it rejects", || {
            meddling::<System, ()>(|inner, (), op| {
                let obs = inner.step(op)?;
                if matches!((op, &obs), (Op::Call { .. }, Obs::Rejected { .. })) {
                    inner.step(&Op::Tick(1))?;
                }
                Ok(obs)
            })
        }),
    ]
}

/// A machine whose audit records are tampered with.
fn records(tamper: fn(Obs) -> Obs) -> Box<dyn Machine<System>> {
    struct Records(Box<dyn Machine<System>>, fn(Obs) -> Obs);
    impl Machine<System> for Records {
        fn reset(&mut self, config: &Config) -> Result<Result<(), spec::ErrorCode>, Failure> {
            self.0.reset(config)
        }
        fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
            self.0.step(op).map(self.1)
        }
    }
    Box::new(Records(<System as model::Modelled>::model(), tamper))
}

fn of_sessions() -> Vec<Violation<System>> {
    vec![
        violation("SYSTEM-006", "uses a session's number again", || {
            tampered::<System, u32>(|gone, op, obs| match (called(op), obs) {
                (Some(Call::Withdraw(_)), obs) => {
                    *gone += u32::from(accepted(&obs));
                    obs
                }
                (_, Obs::Answer(Answer::Published(session))) => Obs::Answer(Answer::Published(session - *gone)),
                (_, obs) => obs,
            })
        }),
        violation("SYSTEM-006", "takes a seventeenth session", || {
            tampered::<System, ()>(|(), _, obs| match obs {
                Obs::Rejected { code: spec::ErrorCode::TooManySessions, .. } => Obs::Answer(Answer::Published(17)),
                obs => obs,
            })
        }),
        violation("SYSTEM-007", "says that a session plays each time that it is asked to", || {
            meddling::<System, u32>(|inner, again, op| {
                let obs = inner.step(op)?;
                *again += u32::from(matches!(called(op), Some(Call::Play(_))) && accepted(&obs));
                let Obs::Lines(mut lines) = obs else { return Ok(obs) };
                let said = lines.iter().filter(|line| *line == "mediasession: playing").count() as u32;
                lines.extend((said..*again).map(|_| "mediasession: playing".to_owned()));
                *again = 0;
                Ok(Obs::Lines(lines))
            })
        }),
        violation("SYSTEM-007", "plays on when a session is paused", || {
            meddling::<System, ()>(|inner, (), op| match called(op) {
                Some(Call::PauseSession(session)) => inner.step(&hearing(op, |_| Some(Call::Play(*session)))),
                _ => inner.step(op),
            })
        }),
        violation("SYSTEM-008", "ducks by telling it alone", || {
            meddling::<System, bool>(|inner, ducked, op| {
                let obs = inner.step(op)?;
                if let (Some(Call::Duck(session)), true) = (called(op), accepted(&obs)) {
                    inner.step(&hearing(op, |_| Some(Call::Unduck(*session))))?;
                    *ducked = true;
                }
                Ok(obs)
            })
        }),
        violation("SYSTEM-008", "does not tell that it ducks", || tampered::<System, ()>(|(), _, obs| without(obs, "audiod: duck"))),
        violation("SYSTEM-009", "takes a session's volume for its stream's", || {
            misheard::<System>(|op| {
                hearing(op, |call| match call {
                    Call::SetVolume(gain) => Some(Call::SetVolume(Gain { db_q8_8: gain.db_q8_8.min(0), ..*gain })),
                    _ => None,
                })
            })
        }),
        violation("SYSTEM-009", "answers a session's mute and does nothing", || {
            meddling::<System, ()>(|inner, (), op| match called(op) {
                Some(Call::SetSessionMuted(mute)) => {
                    inner.step(&hearing(op, |_| Some(Call::SetSessionMuted(spec::idl::Mute { muted: false, ..*mute }))))
                }
                _ => inner.step(op),
            })
        }),
        violation("SYSTEM-010", "never releases the wake lock", || {
            tampered::<System, Vec<spec::wakelock::Lock>>(|held, op, obs| match obs {
                Obs::Locks(locks) => {
                    if !locks.is_empty() {
                        held.clone_from(&locks);
                    }
                    Obs::Locks(held.clone())
                }
                obs if matches!(op, Op::Restart) => obs,
                obs => without(obs, "powerd: wakelock release"),
            })
        }),
        violation("SYSTEM-010", "lets the wake lock go while a session is ducked", || {
            meddling::<System, bool>(|inner, ducked, op| {
                let obs = inner.step(op)?;
                match called(op) {
                    Some(Call::Duck(_)) if accepted(&obs) => *ducked = true,
                    Some(Call::Unduck(_)) if accepted(&obs) => *ducked = false,
                    _ => {}
                }
                Ok(if matches!(obs, Obs::Locks(_)) && *ducked { Obs::Locks(Vec::new()) } else { obs })
            })
        }),
        violation("SYSTEM-013", "keeps the rings of a client that is gone", || {
            misheard::<System>(|op| if matches!(op, Op::Gone(_)) { Op::Gone(9) } else { op.clone() })
        }),
        violation("SYSTEM-019", "says that it has sought", || {
            tampered::<System, ()>(|(), _, obs| match obs {
                Obs::Rejected { code: spec::ErrorCode::NotSeekable, .. } => Obs::Answer(Answer::Done),
                obs => obs,
            })
        }),
    ]
}

fn of_settings() -> Vec<Violation<System>> {
    vec![
        violation("SYSTEM-011", "applies a setting before it is validated", || {
            meddling::<System, ()>(|inner, (), op| {
                if let Some(Call::SettingSet { key, value }) = called(op)
                    && key == "audio.master.level"
                    && value == "2"
                {
                    inner.step(&hearing(op, |_| Some(Call::SetLevel(65_536))))?;
                }
                inner.step(op)
            })
        }),
        violation("SYSTEM-011", "stores a level and does not apply it", || {
            meddling::<System, ()>(|inner, (), op| {
                let before = inner.step(&Op::Call { sender: 0, claimed: None, call: Call::GetLevel })?;
                let obs = inner.step(op)?;
                if let (Some(Call::SettingSet { key, .. }), true, Obs::Answer(Answer::Level { q16, .. })) =
                    (called(op), accepted(&obs), before)
                    && key == "audio.master.level"
                {
                    inner.step(&Op::Call { sender: 0, claimed: None, call: Call::SetLevel(q16) })?;
                }
                Ok(obs)
            })
        }),
        violation("SYSTEM-012", "keeps settings where there is no /state", || {
            misconfigured::<System>(|config| Config {
                state: if config.state == State::Missing { State::Ready } else { config.state },
                ..config.clone()
            })
        }),
        violation("SYSTEM-012", "forgets its settings in a restart", || {
            meddling::<System, ()>(|inner, (), op| {
                if *op == Op::Restart {
                    let key = "audio.master.level".into();
                    inner.step(&Op::Call { sender: 0, claimed: None, call: Call::SettingSet { key, value: "1".into() } })?;
                }
                inner.step(op)
            })
        }),
        violation("SYSTEM-017", "selects a sink that the machine lacks", || {
            tampered::<System, ()>(|(), _, obs| match obs {
                Obs::Rejected { code: spec::ErrorCode::SinkUnavailable, .. } => Obs::Answer(Answer::Done),
                obs => obs,
            })
        }),
        violation("SYSTEM-017", "counts the frames of every sink together", || {
            meddling::<System, u64>(|inner, blocks, op| {
                let obs = inner.step(op)?;
                match (op, obs) {
                    (Op::Tick(count), obs @ Obs::Mixed { .. }) => {
                        *blocks += u64::from(*count);
                        Ok(obs)
                    }
                    (Op::Restart, obs) => {
                        *blocks = 0;
                        Ok(obs)
                    }
                    (_, Obs::Answer(Answer::Sink { sink, recording, .. })) => {
                        Ok(Obs::Answer(Answer::Sink { sink, recording, frames: *blocks * 480 }))
                    }
                    (_, obs) => Ok(obs),
                }
            })
        }),
    ]
}

fn of_sound() -> Vec<Violation<System>> {
    vec![
        violation("SYSTEM-002", "answers the last block's peaks before the curve", || {
            tampered::<System, ()>(|(), _, obs| match obs {
                Obs::Answer(Answer::Meters { last: Peaks { peak, rms }, fills }) => {
                    Obs::Answer(Answer::Meters { last: Peaks { peak: peak.map(|peak| peak * 2), rms }, fills })
                }
                obs => obs,
            })
        }),
        violation("SYSTEM-002", "takes a pause of a stream for its end", || {
            misheard::<System>(|op| {
                hearing(op, |call| match call {
                    Call::Pause(stream) => Some(Call::Close(*stream)),
                    _ => None,
                })
            })
        }),
        violation("SYSTEM-016", "mixes samples of its own to what a client wrote", || {
            misheard::<System>(|op| match op {
                Op::Write { sender, stream, frames, seed } => {
                    Op::Write { sender: *sender, stream: *stream, frames: *frames, seed: seed + u32::from(*stream > 1) * 4 }
                }
                op => op.clone(),
            })
        }),
        violation("SYSTEM-018", "writes a block less than was recorded", || {
            tampered::<System, ()>(|(), _, obs| match obs {
                Obs::Answer(Answer::Recorded { frames, bytes }) if frames > 0 => {
                    Obs::Answer(Answer::Recorded { frames: frames - 480, bytes: bytes - 1_920 })
                }
                Obs::File(Some((bytes, checksum))) => Obs::File(Some((bytes.saturating_sub(1_920).max(44), checksum ^ 1))),
                obs => obs,
            })
        }),
        violation("SYSTEM-017", "goes on with the null sink while it records", || {
            tampered::<System, ()>(|(), _, obs| match obs {
                Obs::Answer(Answer::Sink { recording: true, frames, .. }) => {
                    Obs::Answer(Answer::Sink { sink: Sink::Null, recording: true, frames })
                }
                obs => obs,
            })
        }),
    ]
}
