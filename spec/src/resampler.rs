//! The contract `resampler`: PCM of one rate and number of channels into another.

mod draw;

pub use crate::generated::resampler::*;
use crate::machine::shorter;
use crate::{Case, Contract, Entropy, ErrorCode};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `resampler`.
#[derive(Clone, Debug)]
pub struct Resampler;

/// The configuration: there is nothing to configure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {}

/// How a frame between input frames is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The nearest input frame.
    Nearest,
    /// A line between two input frames.
    Linear,
    /// A windowed sinc over the input frames around.
    #[default]
    Sinc,
}

impl Kind {
    /// Every kind, the plainest first.
    pub const ALL: [Self; 3] = [Self::Nearest, Self::Linear, Self::Sinc];
}

/// Two rates in Hz, each from [`RESAMPLER_RATE_HZ_MIN`] to [`RESAMPLER_RATE_HZ_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// The rate of the input.
    pub from_hz: u32,
    /// The rate of the output.
    pub to_hz: u32,
}

/// What a resampler is opened with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// How frames are made.
    pub kind: Kind,
    /// From which rate to which.
    pub rates: Rates,
    /// Channels of the input, 1 to [`RESAMPLER_CHANNELS_MAX`].
    pub from_channels: u32,
    /// Channels of the output, 1 to [`RESAMPLER_CHANNELS_MAX`].
    pub to_channels: u32,
}

/// Operations of the contract `resampler`. Samples are interleaved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Opens a stream in place of what is open.
    Open(Setup),
    /// Gives it a chunk, and takes the frames that this completes.
    Feed(#[serde(with = "crate::compact::samples")] Vec<i16>),
    /// Ends the stream and takes its last frames.
    Finish,
    /// Begins the same stream anew.
    Reset,
    /// The output frames of so many input frames.
    Length(Rates, u32),
    /// Entries of the sinc's table from this index on, at most [`TABLE_SLICE`].
    Table(u32),
    /// The coefficients of one phase, from the earliest tap on.
    Coefficients(Rates, u32),
    /// The gains from so many channels to so many.
    Gains(u32, u32),
}

/// Observations of the contract `resampler`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// A stream is open that looks so many input frames ahead.
    Opened(u32),
    /// Interleaved samples.
    Pcm(#[serde(with = "crate::compact::samples")] Vec<i16>),
    /// The last samples, and the frames of the whole stream.
    Finished {
        /// Interleaved samples.
        #[serde(with = "crate::compact::samples")]
        pcm: Vec<i16>,
        /// Input frames.
        taken: u64,
        /// Output frames.
        given: u64,
    },
    /// Done.
    Done,
    /// Output frames.
    Length(u64),
    /// Entries of the table.
    Table(Vec<i32>),
    /// Coefficients, with [`RESAMPLER_COEFFICIENT_BITS`] fractional bits.
    Coefficients(Vec<i32>),
    /// Q16 gains, one output channel after the other, each with one gain for every input channel.
    Gains(Vec<u32>),
    /// Rejected with this code; nothing changed.
    Rejected(ErrorCode),
}

/// Entries that one `Table` operation gives, at most.
pub const TABLE_SLICE: u32 = 512;

impl Contract for Resampler {
    const NAME: &'static str = "resampler";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        draw::case(source, ops)
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        match op {
            Op::Open(setup) => simpler_setup(setup, |setup| out.push(Op::Open(setup))),
            Op::Feed(pcm) => shorter(pcm, |pcm| out.push(Op::Feed(pcm))),
            Op::Length(rates, frames) if *frames > 0 => out.extend([Op::Length(*rates, frames / 2), Op::Length(*rates, frames - 1)]),
            Op::Table(first) if *first > 0 => out.extend([Op::Table(0), Op::Table(first / 2)]),
            Op::Coefficients(rates, phase) if *phase > 0 => {
                out.extend([Op::Coefficients(*rates, 0), Op::Coefficients(*rates, phase / 2), Op::Coefficients(*rates, phase - 1)]);
            }
            _ => {}
        }
    }
}

fn simpler_setup(setup: &Setup, mut give: impl FnMut(Setup)) {
    if (setup.from_channels, setup.to_channels) != (1, 1) {
        give(Setup { from_channels: 1, to_channels: 1, ..*setup });
    }
    match setup.kind {
        Kind::Nearest => {}
        Kind::Linear => give(Setup { kind: Kind::Nearest, ..*setup }),
        Kind::Sinc => Kind::ALL.into_iter().take(2).for_each(|kind| give(Setup { kind, ..*setup })),
    }
    // Equal rates are the plainest; then the lowest, doubled or halved.
    let lowest = RESAMPLER_RATE_HZ_MIN;
    for rates in [(lowest, lowest), (lowest, 2 * lowest), (2 * lowest, lowest)] {
        let rates = Rates { from_hz: rates.0, to_hz: rates.1 };
        let sum = |rates: &Rates| u64::from(rates.from_hz) + u64::from(rates.to_hz);
        if sum(&rates) < sum(&setup.rates) {
            give(Setup { rates, ..*setup });
        }
    }
}
