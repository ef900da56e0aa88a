//! What the checks of decoders have in common.

pub(super) mod domains;
pub(super) mod goldens;
pub(super) mod walk;
pub(super) mod wrong;

use crate::suite::{Held, Law, Suite, misheard, tampered};
use spec::decode::{Limits, Obs, Op, Pixels, whole};
use spec::devices::Blob;
use spec::{Case, Entropy, ErrorCode, Failure, Machine};

/// The laws of every decoder, of the requirement that chunks change nothing and of the one that a rewind starts anew. What is drawn is
/// a stream in one chunk with all its packets.
pub(super) fn laws<C: Suite<Config = Limits, Op = Op, Obs = Obs>>(
    chunks: &'static [&'static str],
    rewind: &'static [&'static str],
    draw: fn(&mut dyn Entropy) -> Case<C>,
) -> Vec<Law<C>> {
    vec![
        Law { name: "chunks_change_nothing", requirements: chunks, draw, holds: chunks_change_nothing },
        Law { name: "a_rewind_gives_the_same", requirements: rewind, draw, holds: rewind_gives_the_same },
    ]
}

/// A stream of so many packets in one chunk, now and then cut, and all that it gives.
pub(super) fn now_and_then_cut<C: Suite<Config = Limits, Op = Op>>(
    mut stream: Vec<u8>,
    packets: usize,
    source: &mut dyn Entropy,
) -> Case<C> {
    if source.one_in(4) {
        stream.truncate(source.below(stream.len() as u64) as usize);
    }
    Case { config: Limits::default(), ops: whole(&stream, packets) }
}

/// The answers to `next`, in their order.
fn pulled(ops: &[Op], obs: Vec<Obs>) -> Vec<Obs> {
    ops.iter().zip(obs).filter(|(op, _)| **op == Op::Next).map(|(_, obs)| obs).collect()
}

/// Whether memory was missing somewhere. What a decoder holds depends on how much of its stream is there, so that the memory of a client
/// can be too little for one cut of a stream and enough for another.
fn is_short_of_memory(obs: &[Obs]) -> bool {
    obs.contains(&Obs::Rejected(ErrorCode::DecodeMemoryExceeded))
}

/// Feeds the stream of a case byte by byte or by some more, pulls after each chunk, and compares. One case, since a machine that is
/// far away goes through all of it for each step that it is asked alone. A stream that its client's limits refuse is no case.
pub(crate) fn chunks_change_nothing<C: Suite<Config = Limits, Op = Op, Obs = Obs>>(
    machine: &mut dyn Machine<C>,
    case: &Case<C>,
) -> Result<Held, Failure> {
    let Some((Op::Feed(Blob(stream)), _)) = case.ops.split_first() else {
        return Ok(Held::NotApplicable);
    };
    let obs = machine.run_case(case)?.obs;
    if is_short_of_memory(&obs) || !matches!(obs.first(), Some(Obs::Done)) {
        return Ok(Held::NotApplicable);
    }
    let right = pulled(&case.ops, obs);
    // No two cases need the same length of chunks; the stream's own length is as good a choice as any. A long one is cut into some
    // hundreds of chunks, since the model reads all of it after each.
    let length = 1 + stream.len() % 9 + stream.len() / 256;
    let chunks = stream.chunks(length).flat_map(|chunk| [Op::Feed(Blob(chunk.to_vec())), Op::Next]);
    let ops: Vec<Op> = chunks.chain([Op::End]).chain(right.iter().map(|_| Op::Next)).collect();
    let cut = Case { config: case.config.clone(), ops };
    let obs = machine.run_case(&cut)?.obs;
    if is_short_of_memory(&obs) {
        return Ok(Held::NotApplicable);
    }
    // What was found stays, so that the answers behind a fault or the end are that again.
    let found = pulled(&cut.ops, obs).into_iter().filter(|obs| *obs != Obs::NeedInput).take(right.len());
    let found: Vec<Obs> = found.collect();
    let same = found == right;
    Ok(if same { Held::Yes(found.len() as u64) } else { Held::No(format!("chunks of {length} bytes give {found:?}, expected {right:?}")) })
}

/// Pulls all packets, rewinds, pulls them again.
fn rewind_gives_the_same<C: Suite<Config = Limits, Op = Op, Obs = Obs>>(
    machine: &mut dyn Machine<C>,
    case: &Case<C>,
) -> Result<Held, Failure> {
    let pulls = case.ops.iter().filter(|op| **op == Op::Next).count();
    let again = [Op::Rewind].into_iter().chain((0..pulls).map(|_| Op::Next));
    let twice = Case { config: case.config.clone(), ops: case.ops.iter().cloned().chain(again).collect() };
    let obs = pulled(&twice.ops, machine.run_case(&twice)?.obs);
    let (first, again) = obs.split_at(pulls.min(obs.len()));
    Ok(if first == again { Held::Yes(obs.len() as u64) } else { Held::No(format!("after a rewind {again:?}, expected {first:?}")) })
}

/// A machine that is given other bytes than it was fed.
pub(super) fn patched(op: &Op, patch: impl FnOnce(&mut Vec<u8>)) -> Op {
    match op {
        Op::Feed(Blob(bytes)) => {
            let mut bytes = bytes.clone();
            patch(&mut bytes);
            Op::Feed(Blob(bytes))
        }
        op => op.clone(),
    }
}

/// A machine that mishears operations.
pub(super) fn mishearing<C: Suite<Op = Op>>(mishear: fn(&Op) -> Op) -> Box<dyn Machine<C>> {
    misheard(mishear)
}

/// A machine that tells other observations.
pub(super) fn telling<C: Suite<Op = Op, Obs = Obs>>(tell: fn(&mut (), &Op, Obs) -> Obs) -> Box<dyn Machine<C>> {
    tampered::<C, ()>(tell)
}

/// Tells something else in the place of a rejection of the next packet.
pub(super) fn instead(op: &Op, obs: Obs, code: ErrorCode, other: Obs) -> Obs {
    if *op == Op::Next && obs == Obs::Rejected(code) { other } else { obs }
}

/// Changes every pixel of a frame that is told as it is.
pub(super) fn repainted(obs: Obs, change: impl Fn([u8; 4]) -> [u8; 4]) -> Obs {
    match obs {
        Obs::Frame { frame, delay, pixels: Pixels::Bytes(Blob(bytes)) } => {
            let (pixels, _) = bytes.as_chunks::<4>();
            let bytes = pixels.iter().flat_map(|pixel| change(*pixel)).collect();
            Obs::Frame { frame, delay, pixels: Pixels::Bytes(Blob(bytes)) }
        }
        obs => obs,
    }
}

#[cfg(test)]
mod tests {
    use super::chunks_change_nothing;
    use crate::drivers::Driver;
    use crate::suite::Held;
    use spec::decode::{Limits, whole};
    use spec::gif::{Gif, animation};
    use spec::{Case, SplitMix64};

    /// A stream that its limits refuse is taken as far as it fits where it comes in chunks, and not at all where it comes at once.
    #[test]
    fn a_stream_that_limits_refuse_is_no_case_of_the_chunks_law() {
        let animation = animation(&mut SplitMix64::new(1));
        let (stream, frames) = (animation.bytes(), animation.images.len());
        let mut machine = Driver::InProcess.machine::<Gif>().expect("it is linked in");
        let mut law =
            |limits| chunks_change_nothing(&mut *machine, &Case { config: limits, ops: whole(&stream, frames) }).expect("it runs");
        let bytes = stream.len() as u64;
        assert!(matches!(law(Limits::default()), Held::Yes(_)));
        assert_eq!(law(Limits { input_bytes: bytes as u32 - 1, ..Limits::default() }), Held::NotApplicable);
        assert_eq!(law(Limits { memory_bytes: bytes, ..Limits::default() }), Held::NotApplicable);
    }
}
