//! The targets of decoders: a stream's bytes as they come, and mended where a format's checksums would hide all else.

use super::{Bytes, FUZZ_OPS, hold, is_told};
use crate::case_file;
use crate::contracts::decoding::chunks_change_nothing;
use crate::drivers::Driver;
use crate::engines::allocation::peaked;
use crate::suite::{Held, Suite};
use arbitrary::Unstructured;
use spec::apng::{Apng, bytes as png_of, chunks};
use spec::decode::{Limits, Obs, Op, whole};
use spec::devices::Blob;
use spec::gif::{DECODE_MEMORY_BYTES_DEFAULT, Gif};
use spec::mjpeg::{Body, MJPEG_WORK_BYTES, Mjpeg};
use spec::vorbis::Vorbis;
use spec::vorbis::write::{Page, pages};
use spec::wav_stream::WavStream;
use spec::{Case, Entropy, SplitMix64};

/// Packets that are pulled of a stream, at most.
const PULLS: usize = 8;

/// Chunks of a long stream, about: the model reads all that there is of a stream after each of them.
const CHUNKS: usize = 32;

/// What a decoder may hold, whatever its stream says: its client's memory, what no stream is charged for, and the answers, of which
/// each packet is one.
const HELD_BYTES_MAX: u64 = DECODE_MEMORY_BYTES_DEFAULT + MJPEG_WORK_BYTES as u64 + (1 << 20);

/// Pixels of a picture: a larger one costs time and shows nothing more.
const PIXELS: u32 = 1 << 16;

/// Limits that a fuzzer's short streams come to.
const TIGHT: Limits = Limits { input_bytes: 2_048, pixels: 4_096, frames: 3, decoded_bytes: 40_000, memory_bytes: 50_000 };

/// Tight limits where the first byte of an input has its third bit.
fn limits(choice: u8) -> Limits {
    if choice & 4 == 0 { Limits { pixels: PIXELS, ..Limits::default() } } else { TIGHT }
}

/// A stream's bytes through a decoder, in chunks whose length the first byte of an input chooses, so that a corpus of real files is nearly
/// a corpus.
fn stream_ops(choice: u8, stream: &[u8]) -> Vec<Op> {
    let length = if choice.is_multiple_of(4) { stream.len().max(1) } else { (1 + usize::from(choice)).max(stream.len() / CHUNKS) };
    let chunks = stream.chunks(length).flat_map(|chunk| [Op::Feed(Blob(chunk.to_vec())), Op::Next]);
    chunks.chain([Op::End, Op::Info]).chain((0..PULLS).map(|_| Op::Next)).collect()
}

/// Holds a stream against the model, then against itself in other chunks, and counts what the decoder holds meanwhile.
fn held<C: Suite<Config = Limits, Op = Op, Obs = Obs>>(choice: u8, stream: &[u8]) {
    hold::<C>(&Case { config: limits(choice), ops: stream_ops(choice, stream) });
    let Ok(mut decoder) = Driver::InProcess.machine::<C>() else {
        return;
    };
    if is_told() {
        return;
    }
    let case = Case { config: limits(choice), ops: whole(stream, PULLS) };
    let blame = |what: String| panic!("{what}\ncase file:\n{}", case_file::write(&case, "found by fuzzing"));
    let (held, most) = peaked(|| chunks_change_nothing(&mut *decoder, &case));
    if let Ok(Held::No(why)) = held {
        blame(format!("{}: the place where a stream is cut changes what comes of it: {why}", C::NAME));
    }
    if most > HELD_BYTES_MAX {
        blame(format!("{}: {most} bytes were held, expected at most {HELD_BYTES_MAX}", C::NAME));
    }
}

/// A fuzzer's bytes as choices, and behind them those of a generator that begins where the bytes say: each input is a whole stream, and
/// every other input is another one.
struct Choices<'a, 'b> {
    bytes: Bytes<'a, 'b>,
    rest: SplitMix64,
}

impl Entropy for Choices<'_, '_> {
    fn bits(&mut self) -> u64 {
        if self.bytes.0.is_empty() { self.rest.bits() } else { self.bytes.bits() }
    }

    fn below(&mut self, bound: u64) -> u64 {
        if self.bytes.0.is_empty() { self.rest.below(bound) } else { self.bytes.below(bound) }
    }
}

/// A stream that a fuzzer's bytes choose part by part, as random cases are drawn: its containers and its compressed data are right but
/// where a choice spoils them, so that what is behind them is reached.
fn drawn<C: Suite<Op = Op>>(choices: &[u8]) -> Vec<u8> {
    let seed = choices.iter().fold(0, |seed, byte| SplitMix64::new(seed ^ u64::from(*byte)).bits());
    let mut bytes = Unstructured::new(choices);
    let case = C::draw(&mut Choices { bytes: Bytes(&mut bytes), rest: SplitMix64::new(seed) }, FUZZ_OPS);
    let fed = case.ops.into_iter().filter_map(|op| match op {
        Op::Feed(Blob(bytes)) => Some(bytes),
        _ => None,
    });
    fed.collect::<Vec<_>>().concat()
}

/// The bit of an input's first byte that makes the others choices of a drawn stream.
pub(super) const DRAWN: u8 = 16;

/// Holds a stream as it comes, or as it is mended, which the fourth bit of an input's first byte chooses, or one that is drawn.
fn held_mended<C: Suite<Config = Limits, Op = Op, Obs = Obs>>(data: &[u8], mend: fn(&[u8]) -> Vec<u8>) {
    match data.split_first() {
        Some((choice, choices)) if choice & DRAWN != 0 => held::<C>(*choice, &drawn::<C>(choices)),
        Some((choice, stream)) if choice & 8 == 0 => held::<C>(*choice, stream),
        Some((choice, stream)) => held::<C>(*choice, &mend(stream)),
        None => {}
    }
}

/// A GIF stream's bytes, or choices of one.
///
/// # Panics
/// On a divergence.
pub fn gif_bytes(data: &[u8]) {
    held_mended::<Gif>(data, <[u8]>::to_vec);
}

/// A PNG stream's bytes, or the same with right checksums, so that the fuzzer need not find them, or choices of one.
///
/// # Panics
/// On a divergence.
pub fn apng_bytes(data: &[u8]) {
    held_mended::<Apng>(data, |stream| {
        let mut right = chunks(stream);
        right.iter_mut().for_each(|chunk| chunk.spoilt = 0);
        png_of(&right)
    });
}

/// An Ogg Vorbis stream's bytes, or the same with right checksums and numbers of pages, so that the fuzzer need not find them, or
/// choices of one.
///
/// # Panics
/// On a divergence.
pub fn vorbis_bytes(data: &[u8]) {
    held_mended::<Vorbis>(data, |stream| {
        let (mut right, rest) = pages(stream);
        for (number, page) in (0..).zip(&mut right) {
            (page.right, page.number) = (true, number);
        }
        right.iter().flat_map(Page::bytes).chain(rest.iter().copied()).collect()
    });
}

/// The bytes of a JPEG stream, or the same as a part of a multipart body without a length, or choices of one.
///
/// # Panics
/// On a divergence.
pub fn mjpeg_bytes(data: &[u8]) {
    held_mended::<Mjpeg>(data, |stream| Body::new(&[stream.to_vec()], false).bytes());
}

/// A WAV stream's bytes, or choices of one.
///
/// # Panics
/// On a divergence.
pub fn wav_stream_bytes(data: &[u8]) {
    held_mended::<WavStream>(data, <[u8]>::to_vec);
}

#[cfg(test)]
mod tests {
    use super::{drawn, whole};
    use crate::drivers::Driver;
    use crate::suite::Suite;
    use spec::Case;
    use spec::decode::{Limits, Obs, Op};
    use std::collections::BTreeSet;

    /// Every input is its own stream, the same each time, and at least one in four decodes to its end.
    fn assert_drawn<C: Suite<Config = Limits, Op = Op, Obs = Obs>>() {
        let mut model = Driver::Model.machine::<C>().expect("the model");
        let streams: BTreeSet<Vec<u8>> = (0..64_u8).map(|number| drawn::<C>(&[number])).collect();
        assert!(streams.len() > 48 && drawn::<C>(&[9, 9]) == drawn::<C>(&[9, 9]), "{}: {} streams", C::NAME, streams.len());
        let ended = streams.iter().filter(|stream| {
            let case = Case { config: Limits::default(), ops: whole(stream, 16) };
            let trace = model.run_case(&case).expect("a model does not fail");
            matches!(trace.obs.last(), Some(Obs::Ended { .. }))
        });
        let ended = ended.count();
        assert!(ended * 4 > streams.len(), "{}: {ended} of {} streams", C::NAME, streams.len());
    }

    #[test]
    fn drawn_streams_are_many_and_often_whole() {
        assert_drawn::<spec::gif::Gif>();
        assert_drawn::<spec::apng::Apng>();
        assert_drawn::<spec::mjpeg::Mjpeg>();
        assert_drawn::<spec::vorbis::Vorbis>();
        assert_drawn::<spec::wav_stream::WavStream>();
    }
}
