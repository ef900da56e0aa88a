//! What the guest's selftests of the media services do: scripts that a challenge decides.
//!
//! The guest sends each operation as a message, or does what a client does in shared memory, with its timer ticking beneath; the
//! host runs the same operations through the model. Every observation goes into the answer.

pub mod sessions;

use super::{ALL_CLIENT_RIGHTS, Config, Op, SENDERS};
use crate::audiod::{AUDIOD_MARKER_BLOCKS, AUDIOD_RECORD_BLOCKS_STATEFS, State};
use crate::capabilities::SUBJECTS;
use crate::challenge::CHALLENGE_BYTES;
use crate::format::BLOCK_FRAMES;
use crate::idl::{Call, Gain, Mute};
use crate::level::LEVEL_Q16_MAX;
use crate::media_config::Values;
use crate::{Entropy, SplitMix64, platform};
use alloc::borrow::Cow;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

/// The places of the programs in [`SENDERS`].
const CLIENT: u8 = 0;
/// The place of the demo program that generates tones.
pub const TONEGEN: u8 = 2;
/// The place of the demo program that plays files.
pub const WAVPLAY: u8 = 3;

/// Where the recording goes.
pub const RECORDING: &str = "state:/audio/out.wav";

/// Names of the fixtures, below `pkg://fixtures/audio/`.
pub const FIXTURES: [&str; 2] = ["tone_440_hz_200_ms.wav", "two_tones_at_half_level.wav"];

/// One selftest.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its name, as its answer has it.
    pub name: &'static str,
    /// What the client does.
    pub ops: Vec<Op>,
}

/// What a boot does, in this order.
#[derive(Clone, Debug)]
pub struct Script {
    /// The tone, the streams and the duck.
    pub parts: [Part; 3],
    /// The tone that tonegen plays, in Hz and ms.
    pub tonegen: (u32, u32),
    /// The fixture that wavplay plays: its place in [`FIXTURES`].
    pub wavplay: usize,
    seed: SplitMix64,
    ticks: u64,
}

/// What each program holds at first, and who may record.
pub fn config(state: bool) -> Config {
    let held = |name: &&str| {
        let subject = SUBJECTS.iter().find(|subject| subject.name == *name);
        subject.map_or(0, |subject| subject.grants.iter().map(|grant| grant.bit()).sum::<u64>() & ALL_CLIENT_RIGHTS)
    };
    Config {
        grants: SENDERS.iter().map(held).collect(),
        consents: 1 << CLIENT,
        state: if state { State::Ready } else { State::Missing },
        record_blocks_max: AUDIOD_RECORD_BLOCKS_STATEFS,
        media: Values::default(),
    }
}

fn call(call: Call<'static>) -> Op {
    Op::Call { sender: CLIENT, claimed: None, call }
}

fn write(stream: u32, frames: u32, source: &mut SplitMix64) -> Op {
    Op::Write { sender: CLIENT, stream, frames, seed: source.below(1 << 20) as u32 }
}

/// Ticks of a script.
fn ticks(ops: &[Op]) -> u64 {
    ops.iter().map(|op| if let Op::Tick(count) = op { u64::from(*count) } else { 0 }).sum()
}

/// The script of a challenge.
pub fn script(challenge: &[u8; CHALLENGE_BYTES]) -> Script {
    let mut source = platform::entropy(challenge, "audio", 0);
    let parts = [
        Part { name: "audio.tone", ops: tone(&mut source) },
        Part { name: "audio.stream", ops: stream(&mut source) },
        Part { name: "audio.duck", ops: duck(&mut source) },
    ];
    let tonegen = (source.between(100, 4_000) as u32, 10 * source.between(5, 20) as u32);
    let wavplay = source.below(FIXTURES.len() as u64) as usize;
    let ticks = parts.iter().map(|part| ticks(&part.ops)).sum();
    Script { parts, tonegen, wavplay, seed: source, ticks }
}

/// A tone of drawn frequency and length at a drawn level, watched to its end.
fn tone(source: &mut SplitMix64) -> Vec<Op> {
    let ms = source.between(20, 300) as u32;
    let blocks = ms.div_ceil(10);
    let first = source.between(1, i64::from(blocks)) as u32;
    let mut ops = vec![
        call(Call::DefaultFormat),
        call(Call::SinkState),
        call(Call::SetLevel(source.between(1, i64::from(LEVEL_Q16_MAX) - 1) as u32)),
        call(Call::PlayTone { hz: source.between(100, 8_000) as u32, ms }),
        Op::Tick(first),
        call(Call::Meters),
        call(Call::Stats),
    ];
    if first < blocks {
        ops.push(Op::Tick(blocks - first));
    }
    ops.extend([call(Call::Stats), call(Call::GetLevel)]);
    ops
}

/// Streams that start and stop, one of which is let starve.
fn stream(source: &mut SplitMix64) -> Vec<Op> {
    let app: Cow<'static, str> = format!("app-{:04x}", source.below(1 << 16)).into();
    let (first, second) = (2, 3);
    let gain = |stream, source: &mut SplitMix64| Gain { id: stream, db_q8_8: source.between(-6_000, 1_000) as i16 };
    vec![
        call(Call::OpenStream(app)),
        write(first, 1_920, source),
        call(Call::OpenStream("other".into())),
        write(second, source.between(480, 1_200) as u32, source),
        call(Call::SetStreamGain(gain(second, source))),
        call(Call::Start(first)),
        Op::Tick(1),
        call(Call::Start(second)),
        Op::Tick(source.between(1, 2) as u32),
        call(Call::Pause(first)),
        call(Call::Position(first)),
        Op::Tick(source.between(1, 4) as u32),
        call(Call::Position(first)),
        // The second one starves here.
        call(Call::Meters),
        call(Call::Stats),
        call(Call::SetMuted(true)),
        call(Call::Start(first)),
        Op::Tick(1),
        call(Call::SetMuted(false)),
        call(Call::SetLevel(source.between(20_000, i64::from(LEVEL_Q16_MAX)) as u32)),
        Op::Tick(source.between(1, 6) as u32),
        call(Call::Position(first)),
        call(Call::Position(second)),
        call(Call::Stats),
        call(Call::Close(first)),
        call(Call::Close(second)),
        call(Call::Stats),
    ]
}

/// A session that plays, is ducked and restored in mid-ramp or after, and paused.
fn duck(source: &mut SplitMix64) -> Vec<Op> {
    let (stream, session) = (4, 1);
    let mut ops = vec![
        call(Call::OpenStream("music".into())),
        write(stream, 1_920, source),
        call(Call::publish("music", stream)),
        call(Call::SetVolume(Gain { id: session, db_q8_8: source.between(-2_000, 500) as i16 })),
        call(Call::Play(session)),
    ];
    let go_on = |ops: &mut Vec<Op>, blocks: u32, source: &mut SplitMix64| {
        for _ in 0..blocks {
            ops.extend([Op::Tick(1), write(stream, BLOCK_FRAMES, source)]);
        }
    };
    let before = source.between(1, 3) as u32;
    go_on(&mut ops, before, source);
    ops.push(call(Call::Duck(session)));
    let ducked = source.between(2, 8) as u32;
    go_on(&mut ops, ducked, source);
    ops.extend([call(Call::Meters), call(Call::Unduck(session))]);
    let after = source.between(5, 8) as u32;
    go_on(&mut ops, after, source);
    ops.extend([
        call(Call::SetSessionMuted(Mute { id: session, muted: true })),
        Op::Tick(1),
        call(Call::Meters),
        call(Call::PauseSession(session)),
        call(Call::Position(stream)),
        call(Call::Withdraw(session)),
        call(Call::Close(stream)),
        call(Call::Stats),
    ]);
    ops
}

/// Ticks that a demo program plays for.
pub const fn demo_ticks(frames: u64) -> u64 {
    frames.div_ceil(BLOCK_FRAMES as u64)
}

/// What a demo program does with these samples, given the number of its stream: the ring is filled block by block, started, and
/// topped up at each tick; the program ends with the last frame.
pub fn demo(sender: u8, app: &'static str, stream: u32, pcm: &[i16]) -> Vec<Op> {
    let call = |call| Op::Call { sender, claimed: None, call };
    let blocks: Vec<Op> = pcm
        .chunks(BLOCK_FRAMES as usize * 2)
        .map(|block| block.iter().flat_map(|sample| sample.to_le_bytes()).collect::<Vec<u8>>())
        .map(|bytes| call(Call::Write { stream, pcm: bytes.into() }))
        .collect();
    let mut ops = vec![call(Call::OpenStream(app.into()))];
    let (full, rest) = blocks.split_at(blocks.len().min(4));
    ops.extend_from_slice(full);
    ops.push(call(Call::Start(stream)));
    for block in rest {
        ops.extend([Op::Tick(1), block.clone()]);
    }
    ops.extend(full.iter().map(|_| Op::Tick(1)));
    ops.push(call(Call::Close(stream)));
    ops
}

impl Script {
    /// The last selftest, given the frames of the fixture: a recording, or without `/state` the attempt.
    ///
    /// Its stop is the last thing that is asked, far from the next tick marker: a disk takes the time that it takes.
    pub fn record(&self, fixture_frames: u64, state: bool) -> Part {
        let mut source = self.seed.clone();
        let start = call(Call::RecordStart(RECORDING.into()));
        if !state {
            return Part { name: "audio.record", ops: vec![start, call(Call::SinkState)] };
        }
        let recorded = source.between(6, i64::from(AUDIOD_RECORD_BLOCKS_STATEFS) - 4) as u32;
        let tonegen = demo_ticks(u64::from(self.tonegen.1) * u64::from(crate::format::FRAMES_PER_MS));
        let before = self.ticks + tonegen + demo_ticks(fixture_frames);
        // The stop falls on the 30th of a hundred ticks.
        let stop = (before + u64::from(recorded) + 10).next_multiple_of(AUDIOD_MARKER_BLOCKS) + 30;
        let idle = stop - before - u64::from(recorded);
        let mut ops: Vec<Op> = Vec::new();
        // Both are at least one block, and at most two operations' worth.
        let half = (idle / 2) as u32;
        ops.extend([Op::Tick(half), Op::Tick(idle as u32 - half)]);
        ops.extend([
            call(Call::PlayTone { hz: source.between(100, 8_000) as u32, ms: source.between(30, 400) as u32 }),
            start,
            call(Call::SinkState),
            Op::Tick(recorded / 2),
            call(Call::Meters),
            Op::Tick(recorded - recorded / 2),
            call(Call::Stats),
            call(Call::RecordStop),
        ]);
        Part { name: "audio.record", ops }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stop_is_far_from_the_next_marker() {
        for seed in 0..200 {
            let script = script(&[seed; CHALLENGE_BYTES]);
            let frames = 9_600;
            let record = script.record(frames, true);
            let demos = demo_ticks(u64::from(script.tonegen.1) * 48) + demo_ticks(frames);
            assert_eq!((script.ticks + demos + ticks(&record.ops)) % AUDIOD_MARKER_BLOCKS, 30);
            assert!(record.ops.iter().all(|op| !matches!(op, Op::Tick(count) if !(1..=120).contains(count))));
        }
    }

    #[test]
    fn a_demo_plays_each_block_once() {
        let pcm = vec![1; 960 * 7];
        let ops = demo(TONEGEN, "tonegen", 5, &pcm);
        assert_eq!(ticks(&ops), 7);
        assert_eq!(ops.iter().filter(|op| matches!(op, Op::Call { call: Call::Write { .. }, .. })).count(), 7);
    }
}
