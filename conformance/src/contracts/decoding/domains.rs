//! Small domains that every decoder has.

use crate::suite::{Counted, Suite};
use spec::Case;
use spec::decode::{Limits, Op, whole};

/// Each beginning of a stream of so many packets, with its end and without.
pub(crate) fn every_cut<C: Suite<Config = Limits, Op = Op>>(stream: Vec<u8>, packets: usize) -> Counted<C> {
    Box::new((0..=stream.len()).flat_map(move |cut| {
        let ended = whole(&stream[..cut], packets);
        let open = ended.iter().filter(|op| **op != Op::End).cloned().collect();
        [ended, open].map(|ops| (Case { config: Limits::default(), ops }, 1))
    }))
}

/// A case of each stream: all its packets, and what is done then.
pub(crate) fn streams<C: Suite<Config = Limits, Op = Op>>(
    streams: impl Iterator<Item = Vec<u8>> + Send + 'static,
    packets: usize,
    then: Option<Op>,
) -> Counted<C> {
    Box::new(streams.map(move |stream| {
        let mut ops = whole(&stream, packets);
        ops.extend(then.clone());
        (Case { config: Limits::default(), ops }, 1)
    }))
}
