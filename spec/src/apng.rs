//! The contract `apng`: PNG pictures and APNG animations to frames.

mod build;
mod deflate;
mod draw;

pub use crate::decode::{Delay, Limits, Obs, Op, Pixels};
use crate::decode::{simplify, simplify_limits};
pub use crate::generated::apng::*;
use crate::{Case, Contract, Entropy};
use alloc::vec::Vec;
pub use build::{Chunk, Control, Form, SIGNATURE, bytes, chunks};
pub use deflate::{Coding, zlib};
pub use draw::picture;

/// The contract `apng`.
#[derive(Clone, Debug)]
pub struct Apng;

impl Contract for Apng {
    const NAME: &'static str = "apng";
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
