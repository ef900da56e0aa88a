//! Wrong machines of the contract `audiod`.

use crate::suite::{Violation, meddling, misconfigured, misheard, tampered, violation};
use spec::audiod::{ALL_RIGHTS, Audiod, Call, Config, Obs, Op, Sink, Stats};
use spec::capabilities::Capability;
use spec::gain::GAIN_DB_Q8_8_MIN;
use spec::{ErrorCode, Failure, Machine};
use std::collections::BTreeMap;

/// In the order in which a diagnosis names them.
pub(super) fn violations() -> Vec<Violation<Audiod>> {
    let mut all = of_blocks();
    all.extend(of_streams());
    all.extend(of_gains());
    all.extend(of_sinks());
    all.extend(of_reports());
    all.extend(of_rights());
    all
}

/// What is understood in place of a call.
fn hearing(op: &Op, other: impl FnOnce(&Call) -> Option<Call>) -> Op {
    match op {
        Op::Call { sender, call } => Op::Call { sender: *sender, call: other(call).unwrap_or_else(|| call.clone()) },
        op => op.clone(),
    }
}

/// Asks the model for a further call of the same sender, whatever it answers.
fn also(inner: &mut dyn Machine<Audiod>, op: &Op, call: Call) -> Result<(), Failure> {
    if let Op::Call { sender, .. } = op {
        inner.step(&Op::Call { sender: *sender, call })?;
    }
    Ok(())
}

/// The call of an operation.
fn called(op: &Op) -> Option<&Call> {
    match op {
        Op::Call { call, .. } => Some(call),
        _ => None,
    }
}

fn of_blocks() -> Vec<Violation<Audiod>> {
    vec![
        violation("AUDIOD-001", "says that its blocks have 512 frames", || {
            tampered::<Audiod, ()>(|(), _, obs| match obs {
                Obs::Format { rate_hz, channels, bits, .. } => Obs::Format { rate_hz, channels, bits, block_frames: 512 },
                obs => obs,
            })
        }),
        violation("AUDIOD-002", "mixes one block however many ticks there were", || {
            misheard::<Audiod>(|op| if matches!(op, Op::Tick(2..=120)) { Op::Tick(1) } else { op.clone() })
        }),
        violation("AUDIOD-002", "counts the wake-ups, not the blocks", || {
            tampered::<Audiod, u64>(|wakes, op, obs| {
                *wakes += u64::from(matches!((op, &obs), (Op::Tick(_), Obs::Mixed { .. })));
                told(obs, |stats| Stats { ticks: *wakes, ..stats })
            })
        }),
        violation("AUDIOD-003", "hears other samples in every stream but the first", || {
            misheard::<Audiod>(|op| {
                hearing(op, |call| match *call {
                    Call::Write { stream, frames, seed } if stream > 1 => Some(Call::Write { stream, frames, seed: seed + 4 }),
                    _ => None,
                })
            })
        }),
        violation("AUDIOD-003", "swaps the channels", || {
            tampered::<Audiod, ()>(|(), _, obs| match obs {
                Obs::Mixed { mut pcm, checksum } => {
                    pcm.as_chunks_mut::<2>().0.iter_mut().for_each(|frame| frame.reverse());
                    Obs::Mixed { pcm, checksum }
                }
                obs => obs,
            })
        }),
        violation("AUDIOD-013", "stops a tone a block early", || tones(|ms| if ms > 10 { ms - 10 } else { ms })),
        violation("AUDIOD-013", "plays a tone to the end of its block", || tones(|ms| ms.div_ceil(10) * 10)),
        violation("AUDIOD-014", "forgets the level when it is muted", || {
            meddling::<Audiod, ()>(|inner, (), op| {
                let obs = inner.step(op)?;
                if matches!((called(op), &obs), (Some(Call::SetMuted(true)), Obs::Done)) {
                    also(inner, op, Call::SetLevel(0))?;
                }
                Ok(obs)
            })
        }),
        violation("AUDIOD-014", "ends the mute when a level is set", || {
            meddling::<Audiod, ()>(|inner, (), op| {
                let obs = inner.step(op)?;
                if matches!((called(op), &obs), (Some(Call::SetLevel(_)), Obs::Done)) {
                    also(inner, op, Call::SetMuted(false))?;
                }
                Ok(obs)
            })
        }),
    ]
}

/// A machine that plays tones of another length and says the right one.
fn tones(length: fn(u32) -> u32) -> Box<dyn Machine<Audiod>> {
    struct Tones(Box<dyn Machine<Audiod>>, fn(u32) -> u32);
    impl Machine<Audiod> for Tones {
        fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
            self.0.reset(config)
        }

        fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
            let Some(&Call::PlayTone { hz, ms }) = called(op) else { return self.0.step(op) };
            // What is out of range stays so.
            let length = if (1..=60_000).contains(&ms) { (self.1)(ms).min(60_000) } else { ms };
            Ok(match self.0.step(&hearing(op, |_| Some(Call::PlayTone { hz, ms: length })))? {
                Obs::Playing { stream, .. } => Obs::Playing { stream, frames: u64::from(ms) * 48 },
                obs => obs,
            })
        }
    }
    Box::new(Tones(<Audiod as model::Modelled>::model(), length))
}

fn of_streams() -> Vec<Violation<Audiod>> {
    vec![
        violation("AUDIOD-006", "has room for 15 streams only", || {
            meddling::<Audiod, BTreeMap<u32, ()>>(|inner, open, op| {
                if open.len() >= 15 && matches!(called(op), Some(Call::OpenStream(_))) {
                    return Ok(Obs::Rejected(ErrorCode::TooManyStreams));
                }
                let obs = inner.step(op)?;
                match (called(op), &obs) {
                    (_, Obs::Opened { stream, .. }) => drop(open.insert(*stream, ())),
                    (Some(Call::Close(stream)), Obs::Done) => drop(open.remove(stream)),
                    _ => {}
                }
                Ok(obs)
            })
        }),
        violation("AUDIOD-006", "opens a seventeenth stream", || {
            tampered::<Audiod, ()>(|(), op, obs| match (called(op), obs) {
                (Some(Call::OpenStream(_)), Obs::Rejected(ErrorCode::TooManyStreams)) => Obs::Opened { stream: 17, frames: 1_920 },
                (_, obs) => obs,
            })
        }),
        violation("AUDIOD-007", "lets every client use every stream", || {
            meddling::<Audiod, BTreeMap<u32, u8>>(|inner, owners, op| {
                let Op::Call { sender, call } = op else { return inner.step(op) };
                let named = match *call {
                    Call::Write { stream, .. }
                    | Call::Start(stream)
                    | Call::Pause(stream)
                    | Call::Close(stream)
                    | Call::Position(stream) => owners.get(&stream),
                    _ => None,
                };
                let obs = inner.step(op)?;
                let obs = match (obs, named) {
                    (Obs::Rejected(ErrorCode::UnknownStream), Some(owner)) if owner != sender => {
                        inner.step(&Op::Call { sender: *owner, call: call.clone() })?
                    }
                    (obs, _) => obs,
                };
                if let Obs::Opened { stream, .. } | Obs::Playing { stream, .. } = obs {
                    owners.insert(stream, *sender);
                }
                Ok(obs)
            })
        }),
        violation("AUDIOD-007", "numbers its streams from 0", || {
            tampered::<Audiod, ()>(|(), _, obs| match obs {
                Obs::Opened { stream, frames } => Obs::Opened { stream: stream - 1, frames },
                obs => obs,
            })
        }),
        violation("AUDIOD-008", "leaves the last frame of a ring unused", || {
            misheard::<Audiod>(|op| {
                hearing(op, |call| match *call {
                    Call::Write { stream, frames: 1_920, seed } => Some(Call::Write { stream, frames: 1_919, seed }),
                    _ => None,
                })
            })
        }),
        violation("AUDIOD-009", "lets a stream sound as soon as it is opened", || {
            meddling::<Audiod, ()>(|inner, (), op| {
                let obs = inner.step(op)?;
                if let Obs::Opened { stream, .. } = obs {
                    also(inner, op, Call::Start(stream))?;
                }
                Ok(obs)
            })
        }),
        violation("AUDIOD-009", "does not pause", || {
            meddling::<Audiod, ()>(|inner, (), op| {
                let obs = inner.step(op)?;
                if let (Some(Call::Pause(stream)), Obs::Done) = (called(op), &obs) {
                    also(inner, op, Call::Start(*stream))?;
                }
                Ok(obs)
            })
        }),
        violation("AUDIOD-009", "does not let sessions pause", || {
            meddling::<Audiod, ()>(|inner, (), op| {
                let obs = inner.step(op)?;
                if let (Some(Call::SessionPause(stream)), Obs::Done) = (called(op), &obs) {
                    also(inner, op, Call::SessionPlay(*stream))?;
                }
                Ok(obs)
            })
        }),
        violation("AUDIOD-010", "moves the position by the silence of a short block", || {
            tampered::<Audiod, ()>(|(), _, obs| match obs {
                Obs::Position { frames, .. } => {
                    let frames = frames.div_ceil(480) * 480;
                    Obs::Position { frames, ms: frames / 48 }
                }
                obs => obs,
            })
        }),
        violation("AUDIOD-010", "rounds a position to the nearest millisecond", || {
            tampered::<Audiod, ()>(|(), _, obs| match obs {
                Obs::Position { frames, .. } => Obs::Position { frames, ms: (frames + 24) / 48 },
                obs => obs,
            })
        }),
        violation("AUDIOD-011", "counts underruns while paused", || {
            tampered::<Audiod, (BTreeMap<u32, bool>, u64)>(|(paused, extra), op, obs| {
                match (op, &obs) {
                    (Op::Call { call: Call::Pause(stream), .. }, Obs::Done) => drop(paused.insert(*stream, true)),
                    (Op::Call { call: Call::Start(stream) | Call::Close(stream), .. }, Obs::Done) => drop(paused.remove(stream)),
                    (Op::Tick(count), Obs::Mixed { .. }) => *extra += u64::from(*count) * paused.len() as u64,
                    _ => {}
                }
                told(obs, |stats| Stats { underrun_events: stats.underrun_events + *extra, ..stats })
            })
        }),
        violation("AUDIOD-011", "counts the whole block as missing", || {
            tampered::<Audiod, ()>(|(), _, obs| told(obs, |stats| Stats { missing_frames: stats.underrun_events * 480, ..stats }))
        }),
        violation("AUDIOD-012", "only pauses a stream that is closed", || {
            meddling::<Audiod, ()>(|inner, (), op| {
                inner.step(&hearing(op, |call| if let Call::Close(stream) = call { Some(Call::Pause(*stream)) } else { None }))
            })
        }),
        violation("AUDIOD-025", "does not notice impossible counters", || {
            misheard::<Audiod>(|op| match op {
                Op::Forge { stream, .. } => Op::Forge { stream: *stream, write_index: 0 },
                op => op.clone(),
            })
        }),
        violation("AUDIOD-025", "starts a stream that has faulted", || {
            tampered::<Audiod, ()>(|(), op, obs| match (called(op), obs) {
                (Some(Call::Start(_)), Obs::Rejected(ErrorCode::RingFault)) => Obs::Done,
                (_, obs) => obs,
            })
        }),
    ]
}

fn of_gains() -> Vec<Violation<Audiod>> {
    vec![
        violation("AUDIOD-004", "does not look at the session's gain", || {
            misheard::<Audiod>(|op| {
                hearing(op, |call| match *call {
                    Call::SetVolume { stream, db } if (GAIN_DB_Q8_8_MIN..=3_072).contains(&db) => Some(Call::SetVolume { stream, db: 0 }),
                    _ => None,
                })
            })
        }),
        violation("AUDIOD-004", "takes the smallest gain for a very small one", || {
            misheard::<Audiod>(|op| {
                hearing(op, |call| match *call {
                    Call::SetStreamGain { stream, db: GAIN_DB_Q8_8_MIN } => Some(Call::SetStreamGain { stream, db: GAIN_DB_Q8_8_MIN + 1 }),
                    _ => None,
                })
            })
        }),
        violation("AUDIOD-005", "pauses a stream that is muted", || {
            meddling::<Audiod, ()>(|inner, (), op| {
                let obs = inner.step(op)?;
                if let (Some(Call::SetStreamMuted { stream, muted: true }), Obs::Done) = (called(op), &obs) {
                    also(inner, op, Call::Pause(*stream))?;
                }
                Ok(obs)
            })
        }),
        violation("AUDIOD-005", "forgets the gain of a stream that is muted", || {
            meddling::<Audiod, ()>(|inner, (), op| {
                let obs = inner.step(op)?;
                if let (Some(Call::SetStreamMuted { stream, .. }), Obs::Done) = (called(op), &obs) {
                    also(inner, op, Call::SetStreamGain { stream: *stream, db: 0 })?;
                }
                Ok(obs)
            })
        }),
        violation("AUDIOD-005", "does not mute by the session", || {
            misheard::<Audiod>(|op| {
                hearing(op, |call| match *call {
                    Call::SetSessionMuted { stream, .. } => Some(Call::SetSessionMuted { stream, muted: false }),
                    _ => None,
                })
            })
        }),
        violation("AUDIOD-021", "ducks at once", || ramps(|_| 0)),
        violation("AUDIOD-021", "ramps a block too long", || ramps(|ms| ms + 10)),
        violation("AUDIOD-021", "rounds the ramp's blocks down", || ramps(|ms| ms / 10 * 10)),
        violation("AUDIOD-021", "begins a ramp one block late", || {
            meddling::<Audiod, Option<Op>>(|inner, late, op| {
                if let (Some(Call::Duck { .. }), None) = (called(op), &late) {
                    // What would be rejected is, and a duck that is accepted is taken back until a block was mixed.
                    let obs = inner.step(op)?;
                    if obs == Obs::Done {
                        inner.step(&hearing(op, |call| match *call {
                            Call::Duck { stream, .. } => Some(Call::Unduck { stream, ms: 0 }),
                            _ => None,
                        }))?;
                        *late = Some(op.clone());
                    }
                    return Ok(obs);
                }
                let obs = inner.step(op)?;
                if matches!(obs, Obs::Mixed { .. })
                    && let Some(duck) = late.take()
                {
                    inner.step(&duck)?;
                }
                Ok(obs)
            })
        }),
        violation("AUDIOD-022", "never ends a duck", || {
            meddling::<Audiod, ()>(|inner, (), op| {
                inner.step(&hearing(op, |call| match *call {
                    Call::Unduck { stream, ms } if ms <= 10_000 => Some(Call::Duck { stream, ms }),
                    _ => None,
                }))
            })
        }),
    ]
}

/// A machine whose ducks take another time.
fn ramps(length: fn(u32) -> u32) -> Box<dyn Machine<Audiod>> {
    struct Ramps(Box<dyn Machine<Audiod>>, fn(u32) -> u32);
    impl Machine<Audiod> for Ramps {
        fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
            self.0.reset(config)
        }

        fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
            self.0.step(&hearing(op, |call| match *call {
                Call::Duck { stream, ms } if ms <= 10_000 => Some(Call::Duck { stream, ms: (self.1)(ms).min(10_000) }),
                _ => None,
            }))
        }
    }
    Box::new(Ramps(<Audiod as model::Modelled>::model(), length))
}

fn of_sinks() -> Vec<Violation<Audiod>> {
    vec![
        violation("AUDIOD-015", "selects a sink that is not there", || {
            tampered::<Audiod, ()>(|(), _, obs| if obs == Obs::Rejected(ErrorCode::SinkUnavailable) { Obs::Done } else { obs })
        }),
        violation("AUDIOD-015", "starts with the file sink", || {
            tampered::<Audiod, bool>(|selected, op, obs| {
                *selected |= matches!((called(op), &obs), (Some(Call::SelectSink(_)), Obs::Done));
                match obs {
                    Obs::Sink { selected: Sink::Null, recording, .. } if !*selected => {
                        Obs::Sink { selected: Sink::File, effective: Sink::File, recording }
                    }
                    obs => obs,
                }
            })
        }),
        violation("AUDIOD-016", "misses the first block of a recording", || {
            tampered::<Audiod, ()>(|(), _, obs| match obs {
                Obs::Recorded { frames, bytes } if frames > 0 => Obs::Recorded { frames: frames - 480, bytes: bytes - 1_920 },
                obs => obs,
            })
        }),
        violation("AUDIOD-016", "writes a file without its header", || {
            tampered::<Audiod, ()>(|(), _, obs| match obs {
                Obs::File(Some((bytes, sum))) => Obs::File(Some((bytes - 44, sum))),
                obs => obs,
            })
        }),
        violation("AUDIOD-016", "records twice at the same time", || {
            tampered::<Audiod, ()>(|(), _, obs| if obs == Obs::Rejected(ErrorCode::AlreadyRecording) { Obs::Done } else { obs })
        }),
        violation("AUDIOD-017", "claims to record without /state", || {
            tampered::<Audiod, ()>(|(), _, obs| if obs == Obs::Rejected(ErrorCode::StateUnavailable) { Obs::Done } else { obs })
        }),
        violation("AUDIOD-018", "keeps what fitted of a recording that is too long", || {
            tampered::<Audiod, ()>(|(), op, obs| match (called(op), obs) {
                (Some(Call::RecordStop), Obs::Rejected(ErrorCode::OversizedInput)) => Obs::Recorded { frames: 16_320, bytes: 65_324 },
                (_, obs) => obs,
            })
        }),
        violation("AUDIOD-018", "claims a recording whose store failed", || {
            tampered::<Audiod, ()>(|(), _, obs| match obs {
                Obs::Rejected(ErrorCode::StateFailed) => Obs::Recorded { frames: 0, bytes: 44 },
                obs => obs,
            })
        }),
    ]
}

/// Statistics told otherwise.
fn told(obs: Obs, change: impl FnOnce(Stats) -> Stats) -> Obs {
    match obs {
        Obs::Stats(stats) => Obs::Stats(change(stats)),
        obs => obs,
    }
}

/// Marker lines told otherwise.
fn lines(change: fn(String) -> Option<String>) -> Box<dyn Machine<Audiod>> {
    struct Lines(Box<dyn Machine<Audiod>>, fn(String) -> Option<String>);
    impl Machine<Audiod> for Lines {
        fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
            self.0.reset(config)
        }

        fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
            Ok(match self.0.step(op)? {
                Obs::Lines(lines) => Obs::Lines(lines.into_iter().filter_map(self.1).collect()),
                obs => obs,
            })
        }
    }
    Box::new(Lines(<Audiod as model::Modelled>::model(), change))
}

fn of_reports() -> Vec<Violation<Audiod>> {
    vec![
        violation("AUDIOD-019", "counts every open stream as playing", || {
            tampered::<Audiod, ()>(|(), _, obs| told(obs, |stats| Stats { playing: stats.streams, ..stats }))
        }),
        violation("AUDIOD-019", "does not count clipped samples", || {
            tampered::<Audiod, ()>(|(), _, obs| told(obs, |stats| Stats { clipped: 0, ..stats }))
        }),
        violation("AUDIOD-019", "keeps the largest peak ever", || {
            tampered::<Audiod, [u32; 2]>(|largest, _, obs| {
                told(obs, |stats| {
                    *largest = [largest[0].max(stats.peak[0]), largest[1].max(stats.peak[1])];
                    Stats { peak: *largest, ..stats }
                })
            })
        }),
        violation("AUDIOD-020", "tells the peak for the RMS", || {
            tampered::<Audiod, ()>(|(), _, obs| match obs {
                Obs::Meters(mut meters) => {
                    meters.rms = meters.peak;
                    Obs::Meters(meters)
                }
                obs => obs,
            })
        }),
        violation("AUDIOD-020", "tells the free frames of a ring for its fill", || {
            tampered::<Audiod, ()>(|(), _, obs| match obs {
                Obs::Meters(mut meters) => {
                    meters.fill.iter_mut().for_each(|(_, fill)| *fill = 1_920 - *fill);
                    Obs::Meters(meters)
                }
                obs => obs,
            })
        }),
        violation("AUDIOD-026", "writes a space before dB", || lines(|line| Some(line.replace("dB", " dB")))),
        violation("AUDIOD-026", "writes levels with one decimal", || {
            lines(|line| Some(if line.contains("linear=") { line.replacen("0 muted", " muted", 1) } else { line }))
        }),
        violation("AUDIOD-026", "does not say that it is ready", || lines(|line| (line != "audiod: ready").then_some(line))),
        violation("AUDIOD-027", "tells the first tick only", || {
            lines(|line| (!line.starts_with("audiod: tick") || line.contains("seq=1 ")).then_some(line))
        }),
        violation("AUDIOD-027", "tells a tick with every wake-up", || {
            tampered::<Audiod, (u64, Vec<String>)>(|(ticks, more), op, obs| match (op, obs) {
                (Op::Tick(count), obs @ Obs::Mixed { .. }) => {
                    *ticks += u64::from(*count);
                    more.push(format!("audiod: tick seq={ticks} mix=0 streams=0"));
                    obs
                }
                (_, Obs::Lines(mut lines)) => {
                    lines.append(more);
                    Obs::Lines(lines)
                }
                (_, obs) => obs,
            })
        }),
        violation("AUDIOD-028", "takes a longer ramp for the longest", || {
            misheard::<Audiod>(|op| {
                hearing(op, |call| match *call {
                    Call::Duck { stream, ms } => Some(Call::Duck { stream, ms: ms.min(10_000) }),
                    _ => None,
                })
            })
        }),
        violation("AUDIOD-028", "takes a higher level for the highest", || {
            misheard::<Audiod>(|op| {
                hearing(op, |call| if let Call::SetLevel(level) = call { Some(Call::SetLevel((*level).min(65_536))) } else { None })
            })
        }),
        violation("AUDIOD-028", "ticks no times without a word", || {
            tampered::<Audiod, ()>(|(), op, obs| match (op, obs) {
                (Op::Tick(0), _) => Obs::Mixed { pcm: Vec::new(), checksum: 0 },
                (_, obs) => obs,
            })
        }),
    ]
}

fn granting(change: fn(u64) -> u64, config: &Config) -> Config {
    Config { grants: config.grants.iter().map(|grant| change(*grant)).collect(), ..config.clone() }
}

fn of_rights() -> Vec<Violation<Audiod>> {
    vec![
        violation("AUDIOD-023", "lets everybody set the level", || {
            misconfigured::<Audiod>(|config| granting(|grant| grant | Capability::AudioLevelSet.bit(), config))
        }),
        violation("AUDIOD-023", "lets everybody control sessions", || {
            misconfigured::<Audiod>(|config| granting(|grant| grant | Capability::MediaSessionControl.bit(), config))
        }),
        violation("AUDIOD-023", "takes any capability for all", || {
            misconfigured::<Audiod>(|config| granting(|grant| if grant == 0 { 0 } else { ALL_RIGHTS }, config))
        }),
        violation("AUDIOD-023", "lets a sender without grants do everything", || {
            misconfigured::<Audiod>(|config| granting(|grant| if grant == 0 { ALL_RIGHTS } else { grant }, config))
        }),
        violation("AUDIOD-024", "does not record denials", || {
            tampered::<Audiod, ()>(|(), _, obs| if matches!(obs, Obs::Denials(..)) { Obs::Denials(0, None) } else { obs })
        }),
        violation("AUDIOD-024", "records every denial under the first sender", || {
            tampered::<Audiod, ()>(|(), _, obs| match obs {
                Obs::Denials(count, Some((_, method))) => Obs::Denials(count, Some((0, method))),
                obs => obs,
            })
        }),
    ]
}
