//! The contract `gif`: GIF animations to frames.

mod build;
mod draw;
mod parts;

pub use crate::decode::{Delay, Limits, Obs, Op, Pixels};
use crate::decode::{simplify, simplify_limits};
pub use crate::generated::gif::*;
use crate::{Case, Contract, Entropy};
use alloc::vec::Vec;
pub use build::{Animation, Extension, Image, lzw, sub_blocks};
pub use draw::animation;
pub use parts::{Part, PartKind, parts};

/// The contract `gif`.
#[derive(Clone, Debug)]
pub struct Gif;

impl Contract for Gif {
    const NAME: &'static str = "gif";
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
