//! Cases of the contract `audiod`: mostly what real clients do, with every bound met from both sides now and then.

use super::{
    ALL_RIGHTS, AUDIOD_RAMP_MS_MAX, AUDIOD_RECORD_BLOCKS_MAX, AUDIOD_RECORD_BLOCKS_STATEFS, AUDIOD_STREAMS_MAX, AUDIOD_TICK_BLOCKS_MAX,
    Audiod, Call, Config, Op, RIGHTS, Sink, State,
};
use crate::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN};
use crate::level::LEVEL_Q16_MAX;
use crate::ring::RING_WRITE_FRAMES_MAX;
use crate::tone::{TONE_HZ_MAX, TONE_MS_MAX};
use crate::{Case, Entropy, entropy};
use alloc::string::String;
use alloc::vec::Vec;

/// What is followed while a case is drawn: roughly how many streams were opened.
struct Drawing {
    opened: u32,
    senders: u8,
}

pub(super) fn case(source: &mut dyn Entropy, ops: usize) -> Case<Audiod> {
    let config = config(source);
    let mut drawing = Drawing { opened: 0, senders: config.grants.len().min(6) as u8 };
    // Now and then all streams are opened first, which few cases would come to by chance.
    let crowd = if source.one_in(16) { ops.min(AUDIOD_STREAMS_MAX as usize + 1) } else { 0 };
    let opening = |_| {
        drawing.opened += 1;
        Op::Call { sender: 0, call: Call::OpenStream("crowd".into()) }
    };
    let mut all: Vec<Op> = (0..crowd).map(opening).collect();
    all.extend((crowd..ops).map(|_| drawing.op(source)));
    Case { config, ops: all }
}

fn config(source: &mut dyn Entropy) -> Config {
    let senders = match source.below(24) {
        0 => 0,
        1 => 5,
        _ => source.between(1, 4) as usize,
    };
    let grant = |source: &mut dyn Entropy| match source.below(6) {
        // Without one capability, and with one alone.
        0 => ALL_RIGHTS & !entropy::pick(source, RIGHTS).bit(),
        1 if source.one_in(3) => entropy::pick(source, RIGHTS).bit(),
        1 if source.one_in(2) => 0,
        _ => ALL_RIGHTS,
    };
    Config {
        grants: (0..senders).map(|_| grant(source)).collect(),
        state: match source.below(6) {
            0 => State::Missing,
            1 => State::FailsAfter(source.below(6) as u32),
            _ => State::Ready,
        },
        i2s: source.one_in(3),
        record_blocks_max: match source.below(12) {
            0 => entropy::pick(source, [0, 1, AUDIOD_RECORD_BLOCKS_MAX, AUDIOD_RECORD_BLOCKS_MAX + 1, u32::MAX]),
            1..=6 => source.between(1, 6) as u32,
            _ => AUDIOD_RECORD_BLOCKS_STATEFS,
        },
    }
}

impl Drawing {
    fn op(&mut self, source: &mut dyn Entropy) -> Op {
        match source.below(40) {
            0..=11 => Op::Tick(match source.below(24) {
                0 => entropy::pick(source, [0, AUDIOD_TICK_BLOCKS_MAX, AUDIOD_TICK_BLOCKS_MAX + 1, u32::MAX]),
                1 => source.between(30, 110) as u32,
                2..=6 => source.between(2, 8) as u32,
                _ => 1,
            }),
            12 if source.one_in(4) => Op::Forge {
                stream: self.stream(source),
                write_index: match source.below(3) {
                    0 => source.bits(),
                    1 => entropy::pick(source, [0, u64::MAX, 1_921, 1_920]),
                    _ => source.below(8_000),
                },
            },
            12 | 13 => Op::Markers,
            14 => match source.below(3) {
                0 => Op::Denials,
                1 => Op::File(uri(source)),
                _ => Op::File("state:/audio/out.wav".into()),
            },
            _ => {
                // Mostly the first sender, so that its calls meet.
                let senders = u64::from(self.senders.max(1));
                let sender = if source.one_in(3) { source.below(senders + 1) as u8 } else { 0 };
                Op::Call { sender, call: self.call(source) }
            }
        }
    }

    fn stream(&self, source: &mut dyn Entropy) -> u32 {
        match source.below(32) {
            0 => entropy::pick(source, [0, self.opened + 1, u32::MAX]),
            _ => source.between(1, i64::from(self.opened.max(1))) as u32,
        }
    }

    fn call(&mut self, source: &mut dyn Entropy) -> Call {
        match source.below(48) {
            0..=5 => {
                self.opened += 1;
                Call::OpenStream(app(source))
            }
            6 | 7 => {
                self.opened += 1;
                Call::PlayTone { hz: hz(source), ms: ms(source) }
            }
            8..=17 => Call::Write { stream: self.stream(source), frames: frames(source), seed: source.below(64) as u32 },
            18..=21 => Call::Start(self.stream(source)),
            22 => Call::SessionPlay(self.stream(source)),
            23 if source.one_in(2) => Call::SessionPause(self.stream(source)),
            23 | 24 => Call::Pause(self.stream(source)),
            25 => Call::Close(self.stream(source)),
            26 | 27 => Call::SetStreamGain { stream: self.stream(source), db: db(source) },
            28 => Call::SetStreamMuted { stream: self.stream(source), muted: source.one_in(2) },
            29 => Call::SetVolume { stream: self.stream(source), db: db(source) },
            30 => Call::SetSessionMuted { stream: self.stream(source), muted: source.one_in(2) },
            31 | 32 => Call::Duck { stream: self.stream(source), ms: ramp(source) },
            33 => Call::Unduck { stream: self.stream(source), ms: ramp(source) },
            34..=36 => Call::Position(self.stream(source)),
            37 => Call::Stats,
            38 => Call::Meters,
            39 => Call::SetLevel(match source.below(8) {
                0 => entropy::pick(source, [LEVEL_Q16_MAX + 1, u32::MAX]),
                1..=3 => entropy::pick(source, [0, 1, 32_768, 49_152, LEVEL_Q16_MAX]),
                _ => source.below(u64::from(LEVEL_Q16_MAX) + 1) as u32,
            }),
            40 => Call::SetMuted(source.one_in(2)),
            41 => Call::GetLevel,
            42 => Call::SelectSink(entropy::pick(source, [Sink::Null, Sink::File, Sink::I2s])),
            43 => entropy::pick(source, [Call::SinkState, Call::DefaultFormat].each_ref()).clone(),
            44 | 45 => Call::RecordStart(uri(source)),
            _ => Call::RecordStop,
        }
    }
}

fn app(source: &mut dyn Entropy) -> String {
    match source.below(24) {
        0 => entropy::pick(source, ["", "a b", "a=b", "naïve", "a\n", "a/b"]).into(),
        1 => "n".repeat(entropy::pick(source, [128, 129, 200])),
        _ => entropy::pick(source, ["music", "com.example.media.sample", "nx-audio", "A_1"]).into(),
    }
}

fn uri(source: &mut dyn Entropy) -> String {
    match source.below(16) {
        0 => entropy::pick(
            source,
            [
                "",
                "state:/",
                "state:/.wav",
                "state:/a/.wav",
                "out.wav",
                "state:/../out.wav",
                "state:/a//b.wav",
                "state:/a/./b.wav",
                "pkg:/out.wav",
                "state:/out.mp3",
                "state:/a b.wav",
                "state:/a/",
                "state:/ö.wav",
                "state:/..wav",
                "state:/out.WAV",
            ],
        )
        .into(),
        1 => {
            let mut uri = String::from("state:/");
            uri.push_str(&"x".repeat(entropy::pick(source, [116, 117, 118, 300])));
            uri.push_str(".wav");
            uri
        }
        2..=4 => "state:/b/c.wav".into(),
        _ => "state:/audio/out.wav".into(),
    }
}

fn hz(source: &mut dyn Entropy) -> u32 {
    match source.below(16) {
        0 => entropy::pick(source, [0, TONE_HZ_MAX + 1, u32::MAX]),
        1..=3 => 440,
        _ => source.between(1, i64::from(TONE_HZ_MAX)) as u32,
    }
}

fn ms(source: &mut dyn Entropy) -> u32 {
    match source.below(16) {
        0 => entropy::pick(source, [0, TONE_MS_MAX + 1, u32::MAX, TONE_MS_MAX]),
        1..=3 => entropy::pick(source, [10, 20, 100, 1]),
        _ => source.between(1, 60) as u32,
    }
}

fn ramp(source: &mut dyn Entropy) -> u32 {
    match source.below(16) {
        0 => entropy::pick(source, [AUDIOD_RAMP_MS_MAX, AUDIOD_RAMP_MS_MAX + 1, u32::MAX]),
        1..=3 => 0,
        4 | 5 => 50,
        _ => source.below(90) as u32,
    }
}

fn frames(source: &mut dyn Entropy) -> u32 {
    match source.below(16) {
        0 => entropy::pick(source, [0, RING_WRITE_FRAMES_MAX, RING_WRITE_FRAMES_MAX + 1, u32::MAX]),
        1..=7 => 480 * source.between(1, 4) as u32,
        8 | 9 => 1_920,
        _ => source.below(1_000) as u32,
    }
}

fn db(source: &mut dyn Entropy) -> i32 {
    match source.below(12) {
        0 => entropy::pick(source, [GAIN_DB_Q8_8_MIN - 1, GAIN_DB_Q8_8_MAX + 1, i32::MIN, i32::MAX]),
        1 => entropy::pick(source, [GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MIN + 1, GAIN_DB_Q8_8_MAX, 0]),
        2..=4 => entropy::pick(source, [-1_536, -3_072, 256, 1_536]),
        _ => source.between(i64::from(GAIN_DB_Q8_8_MIN), i64::from(GAIN_DB_Q8_8_MAX)) as i32,
    }
}

pub(super) fn simplify(op: &Op, out: &mut Vec<Op>) {
    match op {
        Op::Tick(blocks) if *blocks > 1 => out.extend([Op::Tick(1), Op::Tick(blocks / 2), Op::Tick(blocks - 1)]),
        Op::Forge { stream, write_index } if *write_index > 0 => {
            out.push(Op::Forge { stream: *stream, write_index: write_index / 2 });
            out.push(Op::Forge { stream: *stream, write_index: write_index - 1 });
        }
        Op::Call { sender, call } => {
            if *sender > 0 {
                out.push(Op::Call { sender: 0, call: call.clone() });
            }
            simplify_call(call, &mut |call| out.push(Op::Call { sender: *sender, call }));
        }
        _ => {}
    }
}

/// Numbers towards 0.
fn smaller(value: i32) -> impl Iterator<Item = i32> {
    [0, value / 2, value - value.signum()].into_iter().filter(move |simple| simple.unsigned_abs() < value.unsigned_abs())
}

fn simplify_call(call: &Call, give: &mut dyn FnMut(Call)) {
    match *call {
        Call::PlayTone { hz, ms } => {
            if ms > 10 {
                give(Call::PlayTone { hz, ms: 10 });
            } else if ms > 1 {
                give(Call::PlayTone { hz, ms: ms / 2 });
            }
        }
        Call::Write { stream, frames, seed } => {
            for simple in [480, 1, frames / 2, frames.saturating_sub(1)] {
                if simple < frames {
                    give(Call::Write { stream, frames: simple, seed });
                }
            }
            if seed > 0 {
                give(Call::Write { stream, frames, seed: seed / 2 });
            }
        }
        Call::SetStreamGain { stream, db } => smaller(db).for_each(|db| give(Call::SetStreamGain { stream, db })),
        Call::SetVolume { stream, db } => smaller(db).for_each(|db| give(Call::SetVolume { stream, db })),
        Call::Duck { stream, ms } if ms > 0 => give(Call::Duck { stream, ms: ms / 2 }),
        Call::Unduck { stream, ms } if ms > 0 => give(Call::Unduck { stream, ms: ms / 2 }),
        Call::SetLevel(level) if level > 0 => give(Call::SetLevel(level / 2)),
        _ => {}
    }
}
