//! The contract `media-config`: the configuration of the media services, as JSON texts in layers.

pub use crate::bytes::Bytes;
use crate::format::{BLOCK_FRAMES, CHANNELS, SAMPLE_RATE_HZ};
pub use crate::generated::media_config::*;
use crate::machine::shorter;
use crate::ring::RING_BLOCKS;
use crate::wav::WAV_BITS_PER_SAMPLE;
use crate::{Case, Contract, Entropy, ErrorCode, entropy};
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

mod draw;

/// The schema, JSON Schema 2020-12. Its numbers are those of the contract, as a test shows.
pub const SCHEMA: &str = include_str!("../schemas/media_v2_1.schema.json");

/// The contract `media-config`.
#[derive(Clone, Debug)]
pub struct MediaConfig;

/// Nothing to configure: every machine starts with the defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {}

/// A layer over the defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// What the system's image brings.
    System,
    /// What `/state` keeps, over the system's.
    State,
}

impl Layer {
    /// Both layers, from below.
    pub const ALL: [Self; 2] = [Self::System, Self::State];
}

/// Operations of the contract `media-config`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Loads a text into a layer, in the place of the one before.
    Load {
        /// The layer.
        layer: Layer,
        /// The text, as it comes from a file.
        text: Bytes,
        /// Spaces that follow the text, so that long texts are short cases.
        padding: u32,
    },
    /// The configuration that holds.
    Effective,
    /// Empties a layer.
    Reset(Layer),
}

/// Depths and lengths of ducks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duck {
    /// Depth at which talk ducks, in whole dB, from [`MEDIA_CONFIG_DUCK_DB_MIN`] to [`MEDIA_CONFIG_DUCK_DB_MAX`].
    pub duck_db: i32,
    /// Depth at which sounds of the user interface duck music, in the same range.
    pub duck_db_ui: i32,
    /// Length of a ramp, in ms, up to [`MEDIA_CONFIG_RAMP_MS_MAX`].
    pub ramp_ms: u32,
}

/// What happens to who loses the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Focus {
    /// Whether a session that lost the focus for a while plays on afterwards.
    pub auto_resume: bool,
}

/// Limits, each at least [`MEDIA_CONFIG_LIMIT_MIN`] and at most what the services are built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Sessions at the same time.
    pub sessions: u32,
    /// Events that wait for one client.
    pub queued_events: u32,
    /// Bytes of a text.
    pub text_bytes: u32,
    /// Artworks that are kept.
    pub artworks: u32,
    /// Bytes of all artworks that are kept.
    pub artwork_bytes: u32,
}

/// What the engine is built with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engine {
    /// Sample frames per second.
    pub rate_hz: u32,
    /// Samples of a frame.
    pub channels: u32,
    /// Bits of a sample.
    pub bits: u32,
    /// Frames of a block.
    pub block_frames: u32,
    /// Blocks that a stream's ring holds.
    pub ring_blocks: u32,
}

/// The export of metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// Whether there is one.
    pub export: bool,
    /// Blocks from one export to the next.
    pub interval_blocks: u32,
}

/// The configuration that holds, section by section as in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// Version of the form.
    pub version: u32,
    /// Ducks.
    pub duck: Duck,
    /// Focus.
    pub focus: Focus,
    /// Limits.
    pub limits: Limits,
    /// The engine.
    pub engine: Engine,
    /// The export of metrics.
    pub metrics: Metrics,
}

impl Values {
    /// What holds where no layer sets anything (MEDIA_CONFIG-001).
    pub const DEFAULTS: Self = Self {
        version: MEDIA_CONFIG_VERSION as u32,
        duck: Duck {
            duck_db: MEDIA_CONFIG_DUCK_DB as i32,
            duck_db_ui: MEDIA_CONFIG_DUCK_DB_UI as i32,
            ramp_ms: MEDIA_CONFIG_RAMP_MS as u32,
        },
        focus: Focus { auto_resume: true },
        limits: Limits {
            sessions: MEDIA_CONFIG_SESSIONS_MAX as u32,
            queued_events: MEDIA_CONFIG_QUEUED_EVENTS_MAX as u32,
            text_bytes: MEDIA_CONFIG_TEXT_LIMIT_MAX as u32,
            artworks: MEDIA_CONFIG_ARTWORKS_MAX as u32,
            artwork_bytes: MEDIA_CONFIG_ARTWORK_BYTES_MAX as u32,
        },
        engine: Engine {
            rate_hz: SAMPLE_RATE_HZ,
            channels: CHANNELS as u32,
            bits: WAV_BITS_PER_SAMPLE as u32,
            block_frames: BLOCK_FRAMES,
            ring_blocks: RING_BLOCKS,
        },
        metrics: Metrics { export: true, interval_blocks: MEDIA_CONFIG_INTERVAL_BLOCKS as u32 },
    };
}

impl Default for Values {
    fn default() -> Self {
        Self::DEFAULTS
    }
}

/// Observations of the contract `media-config`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// What holds now.
    Effective(Values),
    /// Rejected; nothing changed.
    Rejected {
        /// The code.
        code: ErrorCode,
        /// JSON pointer to the place, cut at [`MEDIA_CONFIG_POINTER_BYTES`]; empty for the whole text.
        pointer: String,
        /// The limit that was broken: a number, or the type that was expected; empty where there is none.
        limit: String,
    },
}

impl Contract for MediaConfig {
    const NAME: &'static str = "media-config";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        let ops = (0..ops)
            .map(|_| match source.below(12) {
                0..=1 => Op::Effective,
                2 => Op::Reset(draw_layer(source)),
                _ => draw::load(source),
            })
            .collect();
        Case { config: Config {}, ops }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        if let Op::Load { layer, text, padding } = op {
            shorter(&text.0, |text| out.push(Op::Load { layer: *layer, text: Bytes(text), padding: *padding }));
            if *padding > 0 {
                out.extend([0, padding / 2, padding - 1].map(|padding| Op::Load { layer: *layer, text: text.clone(), padding }));
            }
        }
    }
}

/// The whole text of a load.
pub fn padded(text: &Bytes, padding: u32) -> Vec<u8> {
    let mut whole = text.0.clone();
    // What is one byte above the bound is rejected like anything longer, and needs no more memory than that.
    let room = (MEDIA_CONFIG_TEXT_BYTES_MAX as usize + 1).saturating_sub(whole.len());
    whole.resize(whole.len() + room.min(padding as usize), b' ');
    whole
}

/// A layer.
pub fn draw_layer(source: &mut dyn Entropy) -> Layer {
    entropy::pick(source, Layer::ALL)
}
