//! The contract `wav-stream`: WAV streams to samples.

mod build;
mod draw;
mod parts;

pub use crate::decode::{Limits, Obs, Op, Pixels};
use crate::decode::{simplify, simplify_limits};
pub use crate::generated::wav_stream::*;
use crate::{Case, Contract, Entropy};
use alloc::vec::Vec;
pub use build::{Chunk, Extension, Fmt, PCM_SUB_FORMAT, WavFile};
pub use draw::file;
pub use parts::{Found, chunks};

/// The contract `wav-stream`.
#[derive(Clone, Debug)]
pub struct WavStream;

impl Contract for WavStream {
    const NAME: &'static str = "wav-stream";
    type Config = Limits;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        draw::case(source, ops)
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        simplify(op, out);
    }

    fn simplify_config(config: &Limits, out: &mut Vec<Limits>) {
        simplify_limits(config, out);
    }
}
