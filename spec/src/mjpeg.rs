//! The contract `mjpeg`: JPEG pictures and motion JPEG to frames.

mod build;
mod code;
mod draw;
mod find;
mod multipart;

pub use crate::decode::{Delay, Limits, Obs, Op, Pixels};
use crate::decode::{simplify, simplify_limits};
pub use crate::generated::mjpeg::*;
use crate::{Case, Contract, Entropy};
use alloc::vec::Vec;
pub use build::{Jpeg, Plane, Restarts, Scan, Segment, Steps};
pub use code::{Coding, Table};
pub use draw::{jpeg, stream};
pub use find::{Found, FoundKind, find};
pub use multipart::{Body, Part};

/// The contract `mjpeg`.
#[derive(Clone, Debug)]
pub struct Mjpeg;

impl Contract for Mjpeg {
    const NAME: &'static str = "mjpeg";
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
