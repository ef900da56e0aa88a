//! First inputs of the targets that take a format's bytes: the streams of the goldens, so that a fuzzer begins with every feature, and
//! choices of drawn ones.

use super::streams::DRAWN;
use crate::suite::Suite;
use spec::decode::Op as DecodeOp;
use spec::devices::Blob;
use spec::wav::{Op as WavOp, Wav};
use spec::{Entropy, SplitMix64};
use std::collections::BTreeMap;

/// A longer stream slows a fuzzer down and is about a length alone.
const STREAM_BYTES_MAX: usize = 4_096;

/// The first inputs of a target and their names, `golden-` and the golden's or `drawn-` and a number; none where the target's
/// inputs are choices, and not a format's bytes.
pub fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    match target {
        "gif" => streams::<spec::gif::Gif>(),
        "apng" => streams::<spec::apng::Apng>(),
        "vorbis" => streams::<spec::vorbis::Vorbis>(),
        "mjpeg" => streams::<spec::mjpeg::Mjpeg>(),
        "wav_stream" => streams::<spec::wav_stream::WavStream>(),
        "wav" => of::<Wav>(|ops| {
            ops.iter().find_map(|op| match op {
                WavOp::Load(bytes) => Some(bytes.clone()),
                _ => None,
            })
        }),
        _ => Vec::new(),
    }
}

/// Drawn streams to begin with.
const DRAWN_STREAMS: u64 = 4;

/// Bytes of choices of a drawn stream: some of its first, the others follow from them.
const CHOICES_BYTES: usize = 16;

/// What a decoder is fed, behind the byte that chooses the length of the chunks: 0 is the whole stream at once. Some streams are drawn.
fn streams<C: Suite<Op = DecodeOp>>() -> Vec<(String, Vec<u8>)> {
    let drawn = (1..=DRAWN_STREAMS).map(|seed| {
        let mut source = SplitMix64::new(seed);
        (format!("drawn-{seed}"), [DRAWN].into_iter().chain((0..CHOICES_BYTES).map(|_| source.bits() as u8)).collect())
    });
    let mut all = of::<C>(|ops| {
        let fed = ops.iter().filter_map(|op| match op {
            DecodeOp::Feed(Blob(bytes)) => Some(bytes.as_slice()),
            _ => None,
        });
        let stream = fed.collect::<Vec<_>>().concat();
        (!stream.is_empty()).then(|| [&[0], stream.as_slice()].concat())
    });
    all.extend(drawn);
    all
}

/// An input of each golden that has one, every input once.
fn of<C: Suite>(input: impl Fn(&[C::Op]) -> Option<Vec<u8>>) -> Vec<(String, Vec<u8>)> {
    let goldens = C::goldens();
    let found = goldens.iter().filter_map(|golden| input(&golden.case.ops).map(|bytes| (bytes, golden.name)));
    let once: BTreeMap<Vec<u8>, &'static str> = found.filter(|(bytes, _)| bytes.len() <= STREAM_BYTES_MAX).collect();
    once.into_iter().map(|(bytes, name)| (format!("golden-{name}"), bytes)).collect()
}
