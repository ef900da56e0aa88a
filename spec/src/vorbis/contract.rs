//! The contract `vorbis`: streams in, samples out.

use super::write::{Drawn, draw_stream, spoil};
pub use crate::decode::{Limits, Obs, Op, Pixels};
use crate::decode::{draw_use, refuse, simplify, simplify_limits};
use crate::{Case, Contract, Entropy};
use alloc::vec::Vec;

/// The contract `vorbis`.
#[derive(Clone, Debug)]
pub struct Vorbis;

impl Contract for Vorbis {
    const NAME: &'static str = "vorbis";
    type Config = Limits;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        let drawn = draw_stream(source);
        let packets = drawn.audio.len();
        let config = limits(source, &drawn);
        let stream = spoil(drawn, source);
        Case { config, ops: draw_use(source, &stream, packets, ops) }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        simplify(op, out);
    }

    fn simplify_config(config: &Limits, out: &mut Vec<Limits>) {
        simplify_limits(config, out);
    }
}

/// Limits that are mostly wide, and now and then near what the stream needs, or beyond what a client may ask for.
fn limits(source: &mut dyn Entropy, drawn: &Drawn) -> Limits {
    let mut limits = Limits::default();
    let near = |source: &mut dyn Entropy, value: u64| (value + source.below(3)).saturating_sub(1);
    let frames = drawn.audio.iter().map(|(_, frames)| frames.unsigned_abs()).sum::<u64>();
    let bytes = frames * 2 * u64::from(drawn.setup.channels);
    let stream = || drawn.file().len() as u64;
    match source.below(24) {
        0 => limits.input_bytes = near(source, stream()) as u32,
        1 => limits.decoded_bytes = near(source, bytes),
        2 => limits.decoded_bytes = 1 + source.below(bytes + 1),
        3 => limits.memory_bytes = near(source, stream() + drawn.setup.memory_bytes()),
        4 => limits.memory_bytes = stream() + source.below(drawn.setup.memory_bytes() + 1),
        5 => limits.memory_bytes = near(source, stream()),
        // Sound has neither pixels nor frames.
        6 => (limits.pixels, limits.frames) = (1, 1),
        _ => {}
    }
    if source.one_in(40) {
        refuse(source, &mut limits);
    }
    limits
}
