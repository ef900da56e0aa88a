//! What each step of a case exercises.

use crate::contracts::decoding::walk::{Format, Out, Used, Walk};
use spec::ErrorCode;
use spec::wav_stream::{Found, WAV_STREAM_TAG_EXTENSIBLE, chunks};

/// The requirements of this contract.
#[derive(Default)]
pub(super) struct Touch;

/// The fmt chunk's first 16 bytes.
pub(super) fn fmt<'a>(stream: &'a [u8], chunks: &[Found]) -> Option<&'a [u8; 16]> {
    let chunk = chunks.iter().find(|chunk| chunk.name == *b"fmt ")?;
    stream[chunk.content.clone()].first_chunk()
}

/// A 16-bit number of a chunk.
pub(super) const fn number(low: u8, high: u8) -> u16 {
    u16::from_le_bytes([low, high])
}

impl Format for Touch {
    const USED: Used = Used {
        limits: "WAV_STREAM-020",
        cancelled: "WAV_STREAM-019",
        memory: "WAV_STREAM-014",
        not_taken: "WAV_STREAM-018",
        info: "WAV_STREAM-002",
        stays: "WAV_STREAM-018",
        need_input: "WAV_STREAM-011",
        rewound: "WAV_STREAM-017",
        chunks: "WAV_STREAM-016",
    };

    fn ended(&self, walk: &Walk, out: &mut Out<'_>) {
        out("WAV_STREAM-010");
        out("WAV_STREAM-009");
        walk.around(out);
    }

    fn packet(&mut self, walk: &Walk, out: &mut Out<'_>) {
        let chunks = chunks(&walk.stream);
        if let Some([t0, t1, .., b0, b1]) = fmt(&walk.stream, &chunks) {
            if number(*t0, *t1) == WAV_STREAM_TAG_EXTENSIBLE {
                out("WAV_STREAM-005");
            }
            out(if number(*b0, *b1) == 8 { "WAV_STREAM-007" } else { "WAV_STREAM-006" });
        }
        if chunks.len() > 2 {
            out("WAV_STREAM-008");
        }
        walk.around(out);
        ["WAV_STREAM-009", "WAV_STREAM-001", "WAV_STREAM-003", "WAV_STREAM-010"].into_iter().for_each(out);
    }

    fn broken(&self, walk: &Walk, code: ErrorCode, out: &mut Out<'_>) {
        use ErrorCode as E;
        match code {
            E::MalformedMedia => out(malformed(walk)),
            E::UnsupportedMedia => out(unsupported(walk)),
            E::OversizedInput => out("WAV_STREAM-013"),
            E::TruncatedMedia => out("WAV_STREAM-011"),
            E::Misaligned => out("WAV_STREAM-012"),
            E::DecodedTooLarge => out("WAV_STREAM-015"),
            E::DecodeMemoryExceeded => out("WAV_STREAM-014"),
            _ => {}
        }
    }
}

/// What a malformed stream is about: its start, the order of its chunks, or its fmt chunk.
fn malformed(walk: &Walk) -> &'static str {
    let start = walk.stream.get(..12).unwrap_or_default();
    if !start.starts_with(b"RIFF") || !start.ends_with(b"WAVE") {
        return "WAV_STREAM-001";
    }
    let chunks = chunks(&walk.stream);
    let fmts = chunks.iter().filter(|chunk| chunk.name == *b"fmt ").count();
    let is_data = chunks.last().is_some_and(|chunk| chunk.name == *b"data");
    if fmts > 1 || (fmts == 0 && is_data) { "WAV_STREAM-010" } else { "WAV_STREAM-003" }
}

/// What a stream of another kind is about: a bound, or its format.
fn unsupported(walk: &Walk) -> &'static str {
    match fmt(&walk.stream, &chunks(&walk.stream)) {
        Some([_, _, c0, c1, r0, r1, r2, r3, .., b0, b1]) => {
            let rate = u32::from_le_bytes([*r0, *r1, *r2, *r3]);
            let is_large = number(*c0, *c1) > spec::wav_stream::WAV_STREAM_CHANNELS_MAX || rate > spec::wav_stream::WAV_STREAM_RATE_HZ_MAX;
            let is_width = [8, 16, 24, 32].contains(&number(*b0, *b1));
            if is_large && is_width { "WAV_STREAM-013" } else { "WAV_STREAM-004" }
        }
        None => "WAV_STREAM-004",
    }
}
