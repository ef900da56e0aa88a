//! How cases of the contract `sessions` are drawn.

use super::{
    Command, Config, Consumed, Key, Metadata, Op, SESSIONS_COMMANDS_MAX, SESSIONS_MAX, SESSIONS_TEXT_BYTES_MAX, SESSIONS_TICK_BLOCKS_MAX,
    Sessions, TEXTS,
};
use crate::audiod::AUDIOD_APP_BYTES_MAX;
use crate::bytes::Bytes;
use crate::format::BLOCK_FRAMES;
use crate::media::Class;
use crate::{Case, Entropy, entropy};
use alloc::string::ToString;
use alloc::vec::Vec;

/// What a case is mostly about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Theme {
    Everything,
    /// Registrations, choices and offers.
    Handoff,
    /// Positions.
    Seeks,
    /// One app's commands.
    Queue,
    /// As many sessions as there can be.
    Crowd,
}

struct Draw {
    theme: Theme,
    audiod: bool,
    /// Sessions that were published, as far as the draw knows.
    published: u32,
    now: u64,
}

pub(super) fn case(source: &mut dyn Entropy, ops: usize) -> Case<Sessions> {
    let config = draw_config(source);
    let theme = match source.below(16) {
        0 => Theme::Queue,
        1 => Theme::Crowd,
        2..=6 => Theme::Handoff,
        7..=10 => Theme::Seeks,
        _ => Theme::Everything,
    };
    let mut draw = Draw { theme, audiod: config.audiod, published: 0, now: 0 };
    Case { config, ops: (0..ops).map(|_| draw.op(source)).collect() }
}

fn draw_config(source: &mut dyn Entropy) -> Config {
    let mut config = Config { audiod: !source.one_in(6), ..Config::default() };
    match source.below(24) {
        0..=1 => config.sessions = 1 + source.below(3) as u32,
        2..=3 => config.commands = 1 + source.below(3) as u32,
        4..=5 => config.text_bytes = 1 + source.below(4) as u32,
        6 => config.sessions = entropy::pick(source, [0, SESSIONS_MAX + 1, u32::MAX]),
        7 => config.commands = entropy::pick(source, [0, SESSIONS_COMMANDS_MAX + 1, u32::MAX]),
        8 => config.text_bytes = entropy::pick(source, [0, SESSIONS_TEXT_BYTES_MAX + 1, u32::MAX]),
        _ => {}
    }
    config
}

impl Draw {
    fn op(&mut self, source: &mut dyn Entropy) -> Op {
        if self.published == 0 && !source.one_in(8) {
            return self.publish(source);
        }
        match self.theme {
            Theme::Crowd if !source.one_in(5) => self.publish(source),
            Theme::Queue if !source.one_in(7) => Op::Command { sid: 1, command: draw_command(source) },
            Theme::Handoff if !source.one_in(5) => self.handoff(source),
            Theme::Seeks if !source.one_in(5) => self.position(source),
            _ => self.anything(source),
        }
    }

    fn publish(&mut self, source: &mut dyn Entropy) -> Op {
        let app = if source.one_in(16) {
            let max = AUDIOD_APP_BYTES_MAX as usize;
            match source.below(4) {
                0 => "n".repeat(max),
                1 => "n".repeat(max + 1),
                _ => entropy::pick(source, ["", "a b", "a\nb", "a=b", "\u{e4}", "-", "."]).to_string(),
            }
        } else {
            entropy::pick(source, ["b", "a", "com.example.Player", "a.b", "B"]).to_string()
        };
        self.published += 1;
        let class = entropy::pick(source, Class::ALL);
        Op::Publish { app, class, seekable: !source.one_in(6) }
    }

    /// Mostly a session that is there, mostly one of the last ones.
    fn sid(&self, source: &mut dyn Entropy) -> u32 {
        match source.below(24) {
            0 => entropy::pick(source, [0, u32::MAX, 17]),
            1 => self.published + 1,
            2..=7 => 1 + source.below(u64::from(self.published.max(1))) as u32,
            _ => self.published.saturating_sub(source.below(3) as u32).max(1),
        }
    }

    fn handoff(&mut self, source: &mut dyn Entropy) -> Op {
        let sid = self.sid(source);
        match source.below(20) {
            0..=3 => self.publish(source),
            4..=6 => Op::Play(sid),
            7..=8 => Op::Pause(sid),
            9..=10 => Op::Accept(sid),
            11 => Op::SetActive(sid),
            12 => Op::Withdraw(sid),
            13..=14 => Op::Gain { sid, owner: !source.one_in(3) },
            15 => Op::List,
            16 => Op::Markers,
            17 => Op::Key(draw_key(source)),
            _ => Op::Current,
        }
    }

    fn position(&mut self, source: &mut dyn Entropy) -> Op {
        let sid = self.sid(source);
        match source.below(20) {
            0..=1 => Op::Play(sid),
            2 => Op::Pause(sid),
            3 => Op::Stop(sid),
            4 => Op::Metadata { sid, metadata: Metadata { duration_ms: draw_duration(source), ..Metadata::default() } },
            5..=7 => Op::Seek { sid, ms: draw_ms(source) },
            8..=9 => Op::SeekBy { sid, ms: draw_step(source) },
            10..=14 => self.progress(source),
            15 => Op::List,
            _ => Op::Get(sid),
        }
    }

    fn progress(&mut self, source: &mut dyn Entropy) -> Op {
        // Now and then the source of time that the registry does not have.
        if self.audiod == source.one_in(24) {
            self.now = match source.below(8) {
                0 => self.now.saturating_sub(source.below(5_000_000)),
                1 => entropy::pick(source, [0, u64::MAX, 1_000_000]),
                _ => self.now.saturating_add(source.below(40_000_000)),
            };
            return Op::Now(self.now);
        }
        match source.below(8) {
            0..=2 => Op::Tick(match source.below(12) {
                0 => entropy::pick(source, [0, SESSIONS_TICK_BLOCKS_MAX, SESSIONS_TICK_BLOCKS_MAX + 1, u32::MAX]),
                1..=3 => 1 + source.below(500) as u32,
                _ => 1 + source.below(3) as u32,
            }),
            _ => {
                let entries = source.below(4);
                let frames = |source: &mut dyn Entropy| match source.below(12) {
                    0 => entropy::pick(source, [BLOCK_FRAMES + 1, u32::MAX]),
                    1..=3 => source.below(u64::from(BLOCK_FRAMES)) as u32,
                    _ => entropy::pick(source, [BLOCK_FRAMES, BLOCK_FRAMES, 47, 48, 1]),
                };
                Op::Block((0..entries).map(|_| Consumed { sid: self.sid(source), frames: frames(source) }).collect())
            }
        }
    }

    fn anything(&mut self, source: &mut dyn Entropy) -> Op {
        let sid = self.sid(source);
        match source.below(20) {
            0..=3 => self.handoff(source),
            4..=7 => self.position(source),
            8..=9 => Op::Metadata { sid, metadata: draw_metadata(source) },
            10 => Op::Command { sid, command: draw_command(source) },
            11 => Op::Commands(sid),
            12..=13 => Op::Key(draw_key(source)),
            14..=15 => Op::Changed(source.below(8)),
            16 => Op::Markers,
            17 => Op::List,
            _ => Op::Get(sid),
        }
    }
}

fn draw_key(source: &mut dyn Entropy) -> Key {
    use Key as K;
    entropy::pick(source, [K::Toggle, K::Play, K::Pause, K::Toggle, K::Stop, K::Next, K::Prev, K::VolumeUp, K::VolumeDown, K::Mute])
}

fn draw_command(source: &mut dyn Entropy) -> Command {
    use Command as C;
    let ms = source.below(9_000);
    entropy::pick(source, [C::Next, C::Prev, C::Play, C::Pause, C::Stop, C::Seek(ms)])
}

/// The duration of a track, so that seeks and ticks meet it from both sides.
fn draw_duration(source: &mut dyn Entropy) -> Option<u64> {
    entropy::pick(source, [Some(30), Some(5_000), None, Some(5_000), Some(0), Some(1), Some(u64::MAX)])
}

fn draw_ms(source: &mut dyn Entropy) -> u64 {
    match source.below(6) {
        0 => entropy::pick(source, [0, 1, 4_999, 5_000, 5_001, u64::MAX, u64::MAX - 3]),
        1 => source.below(40),
        _ => source.below(6_000),
    }
}

fn draw_step(source: &mut dyn Entropy) -> i64 {
    match source.below(6) {
        0 => entropy::pick(source, [i64::MIN, i64::MAX, 0, -1, 1]),
        1 => source.between(-40, 40),
        _ => entropy::pick(source, [5_000, -5_000, 2_000, -2_000]),
    }
}

fn draw_metadata(source: &mut dyn Entropy) -> Metadata {
    let mut metadata = Metadata {
        title: Bytes::from(entropy::pick(source, ["One", "", "\u{dc}ber", "1 & 2"])),
        artist: Bytes::from(entropy::pick(source, ["A", "", "A, B"])),
        album: Bytes::from(entropy::pick(source, ["", "All"])),
        artwork: Bytes::from(entropy::pick(source, ["", "pkg://fixtures/artwork/tide.png"])),
        duration_ms: draw_duration(source),
    };
    if source.one_in(3) {
        let odd = draw_odd_text(source);
        let place = source.below(TEXTS.len() as u64) as usize;
        *TEXTS[place](&mut metadata) = odd;
    }
    metadata
}

/// A text at the bound, beyond it, or one that is none.
fn draw_odd_text(source: &mut dyn Entropy) -> Bytes {
    let max = SESSIONS_TEXT_BYTES_MAX as usize;
    let texts: [&[u8]; 10] =
        [b"a\n", b"\0", b"\x7f", b"\xc2\x80", b"\xc2\x9f", b"\xc2\xa0", b"\xff", b"\xc3", b"\xed\xa0\x80", "\u{2028}".as_bytes()];
    match source.below(6) {
        0 => Bytes(Vec::from("t".repeat(max))),
        1 => Bytes(Vec::from("t".repeat(max + 1))),
        // Two bytes for each letter: the bound is one of bytes.
        2 => Bytes(Vec::from("\u{e4}".repeat(max / 2) + entropy::pick(source, ["", "t"]))),
        _ => Bytes::from(entropy::pick(source, texts)),
    }
}
