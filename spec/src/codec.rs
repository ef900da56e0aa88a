//! The contract `codec`: the codec and I2S stubs.

pub use crate::bytes::Bytes;
pub use crate::format::SampleFormat;
pub use crate::generated::codec::*;
use crate::machine::shorter;
use crate::{Case, Contract, Entropy, ErrorCode, entropy};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `codec`.
#[derive(Clone, Debug)]
pub struct Codec;

/// Where i2sd runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// On QEMU, which has no I2S controller.
    #[default]
    Qemu,
    /// In a test configuration, in which i2sd can be enabled without one.
    Test,
}

/// Where i2sd runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The platform.
    pub platform: Platform,
}

/// Where a route ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RouteSink {
    /// The headphones.
    Hp,
    /// The speaker.
    Speaker,
}

impl RouteSink {
    /// The name, as it stands in routes and marker lines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hp => "hp",
            Self::Speaker => "speaker",
        }
    }
}

/// A sample format with its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockFormat {
    /// Frames per second, in Hz.
    pub rate_hz: u32,
    /// Channels per frame.
    pub channels: u16,
    /// Type of a sample.
    pub sample: SampleFormat,
    /// Frames of a block.
    pub block_frames: u32,
}

/// The format that is accepted.
pub const CODEC_FORMAT: BlockFormat =
    BlockFormat { rate_hz: CODEC_RATE_HZ, channels: CODEC_CHANNELS, sample: SampleFormat::S16le, block_frames: CODEC_BLOCK_FRAMES };

/// A block of samples by a rule, so that cases stay small: sample `n` is `start + n · step`, wrapping, the channels interleaved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// The first sample.
    pub start: i16,
    /// From one sample to the next.
    pub step: i16,
    /// Frames.
    pub frames: u16,
}

impl Block {
    /// The interleaved samples.
    pub fn pcm(self) -> Vec<i16> {
        (0..u32::from(self.frames) * 2).map(|n| self.start.wrapping_add((n as i16).wrapping_mul(self.step))).collect()
    }
}

/// Operations of the contract `codec`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// codecd is given a route and a format.
    Configure {
        /// The route.
        route: String,
        /// The format.
        format: BlockFormat,
    },
    /// codecd is given the routes of a device tree: the bytes of the property.
    Routes(Bytes),
    /// What both are in.
    State,
    /// i2sd is enabled or disabled.
    Enable(bool),
    /// i2sd is given a block.
    Submit(Block),
    /// audiod asks whether it may select the sink i2s.
    SelectI2s,
    /// The lines that were printed since this was asked last.
    Markers,
}

/// Observations of the contract `codec`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// Done.
    Done,
    /// The configuration is acknowledged and kept.
    Configured {
        /// Where the route ends.
        sink: RouteSink,
        /// Whether nothing was written to a device.
        null_mode: bool,
    },
    /// The routes that may be selected, by their ends, in the order of the property.
    Routes(Vec<RouteSink>),
    /// The state.
    State {
        /// Where the configured route ends, if one is.
        configured: Option<RouteSink>,
        /// Whether i2sd is enabled.
        enabled: bool,
        /// Blocks that i2sd took.
        blocks: u64,
        /// SHA-256 of the last block's bytes, if there was one.
        digest: Option<[u8; 32]>,
    },
    /// i2sd took the block as its so-manieth.
    Taken(u64),
    /// audiod may select the sink i2s.
    Selectable,
    /// Lines, in order.
    Lines(Vec<String>),
    /// Rejected with this code; nothing changed.
    Rejected(ErrorCode),
}

impl Contract for Codec {
    const NAME: &'static str = "codec";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        let platform = entropy::pick(source, [Platform::Test, Platform::Test, Platform::Qemu]);
        Case { config: Config { platform }, ops: (0..ops).map(|_| draw_op(source)).collect() }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        match op {
            Op::Configure { route, format } => {
                if *format != CODEC_FORMAT {
                    out.push(Op::Configure { route: route.clone(), format: CODEC_FORMAT });
                }
                let letters: Vec<char> = route.chars().collect();
                shorter(&letters, |letters| out.push(Op::Configure { route: letters.into_iter().collect(), format: *format }));
            }
            Op::Routes(bytes) => shorter(&bytes.0, |bytes| out.push(Op::Routes(Bytes(bytes)))),
            Op::Submit(block) => {
                let right = CODEC_BLOCK_FRAMES as u16;
                if (block.start, block.step) != (0, 0) {
                    out.push(Op::Submit(Block { start: 0, step: 0, ..*block }));
                    if block.step != 0 {
                        out.push(Op::Submit(Block { step: 0, ..*block }));
                    }
                }
                // The right size is the simplest; of the others, none and one too many.
                let simpler = match block.frames {
                    frames if frames == right => &[][..],
                    0 => &[right],
                    frames if frames < right => &[right, 0],
                    frames if frames == right + 1 => &[right],
                    _ => &[right, right + 1],
                };
                out.extend(simpler.iter().map(|frames| Op::Submit(Block { frames: *frames, ..*block })));
            }
            _ => {}
        }
    }

    fn simplify_config(config: &Config, out: &mut Vec<Config>) {
        if config.platform != Platform::Qemu {
            out.push(Config { platform: Platform::Qemu });
        }
    }
}

fn draw_op(source: &mut dyn Entropy) -> Op {
    match source.below(16) {
        0..=5 => Op::Configure { route: draw_route(source), format: draw_format(source) },
        6 => Op::Routes(draw_routes(source)),
        7..=8 => Op::State,
        9..=10 => Op::Enable(!source.one_in(3)),
        11..=12 => {
            let frames = if source.one_in(6) { entropy::pick(source, [0, 1, 479, 481, 960]) } else { CODEC_BLOCK_FRAMES as u16 };
            Op::Submit(Block { start: source.bits() as i16, step: entropy::pick(source, [0, 1, -1, 257, i16::MIN]), frames })
        }
        13..=14 => Op::SelectI2s,
        _ => Op::Markers,
    }
}

/// A route: mostly one of the two, otherwise hops at random, a text at a bound, or one that is nearly right.
fn draw_route(source: &mut dyn Entropy) -> String {
    match source.below(12) {
        0..=4 => entropy::pick(source, [CODEC_ROUTE_HP, CODEC_ROUTE_SPEAKER]).to_string(),
        5 => {
            let nearly = [
                "",
                "i2s->codec->hp",
                "i2s -> codec -> HP",
                " i2s -> codec -> hp",
                "i2s -> codec -> hp ",
                "i2s ->  -> hp",
                "i2s -> codec -> ",
                "i2s -> codec\n -> hp",
                "I2s -> codec -> hp",
                "i2s \u{2192} codec \u{2192} hp",
            ];
            entropy::pick(source, nearly).to_string()
        }
        6 => {
            let length = CODEC_ROUTE_BYTES_MAX as usize + usize::from(source.one_in(2));
            "h".repeat(length)
        }
        _ => {
            let hops = 1 + source.below(u64::from(CODEC_ROUTE_HOPS_MAX) + 1);
            let mut route = String::new();
            for place in 0..hops {
                if place > 0 {
                    route.push_str(CODEC_ROUTE_ARROW);
                }
                // Mostly in the order of a route, so that the later reasons are met, too.
                let at_random = source.one_in(3);
                let hop = match place {
                    0 if !at_random => "i2s",
                    1 if !at_random && hops > 2 => "codec",
                    _ if place + 1 == hops && !at_random => "hp",
                    _ => entropy::pick(source, ["i2s", "codec", "hp", "speaker", "dsp", "spdif", "mux", "amp", "x7"]),
                };
                route.push_str(hop);
            }
            route
        }
    }
}

fn draw_format(source: &mut dyn Entropy) -> BlockFormat {
    let mut format = CODEC_FORMAT;
    for _ in 0..entropy::pick(source, [0, 0, 0, 1, 2]) {
        match source.below(4) {
            0 => format.rate_hz = entropy::pick(source, [0, 44_100, 47_999, 48_001, 96_000, u32::MAX]),
            1 => format.channels = entropy::pick(source, [0, 1, 3, 6, u16::MAX]),
            2 => {
                let others = [SampleFormat::U8, SampleFormat::S24le, SampleFormat::S32le, SampleFormat::F32le];
                format.sample = entropy::pick(source, others);
            }
            _ => format.block_frames = entropy::pick(source, [0, 1, 479, 481, 512, 960, u32::MAX]),
        }
    }
    format
}

/// A route property: mostly right, otherwise with a route that is none, a cut end or at its bound.
fn draw_routes(source: &mut dyn Entropy) -> Bytes {
    let mut bytes = Vec::new();
    for _ in 0..source.below(4) {
        let route = if source.one_in(4) { draw_route(source) } else { entropy::pick(source, [CODEC_ROUTE_HP, CODEC_ROUTE_SPEAKER]).into() };
        bytes.extend_from_slice(route.as_bytes());
        bytes.push(0);
    }
    match source.below(16) {
        0 => drop(bytes.pop()),
        1 => bytes.push(0xff),
        2 => bytes.resize(CODEC_TREE_BYTES_MAX as usize + usize::from(source.one_in(2)), 0),
        _ => {}
    }
    Bytes(bytes)
}
