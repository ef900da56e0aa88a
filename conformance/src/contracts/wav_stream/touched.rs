//! What each step of a case exercises.

use spec::devices::Blob;
use spec::wav_stream::{Found, Limits, Obs, Op, WAV_STREAM_TAG_EXTENSIBLE, WavStream, chunks};
use spec::{Case, ErrorCode};

/// What is known of a decoder while walking along a case with the right answers.
#[derive(Default)]
struct Walk {
    stream: Vec<u8>,
    fed: u32,
    rewound: bool,
    failed: bool,
}

pub(super) fn touched(
    case: &Case<WavStream>,
    rejected: Option<ErrorCode>,
    expected: &[Obs],
    out: &mut dyn FnMut(Option<usize>, &'static str),
) {
    if rejected.is_some() || case.config != Limits::default() {
        out(None, "WAV_STREAM-020");
    }
    let mut walk = Walk::default();
    for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
        walk.step(op, obs, &mut |id| out(Some(step), id));
    }
}

/// The fmt chunk's first 16 bytes.
pub(super) fn fmt<'a>(stream: &'a [u8], chunks: &[Found]) -> Option<&'a [u8; 16]> {
    let chunk = chunks.iter().find(|chunk| chunk.name == *b"fmt ")?;
    stream[chunk.content.clone()].first_chunk()
}

/// A 16-bit number of a chunk.
pub(super) const fn number(low: u8, high: u8) -> u16 {
    u16::from_le_bytes([low, high])
}

impl Walk {
    fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (_, Obs::Rejected(ErrorCode::DecodeCancelled)) | (Op::Cancel, _) => out("WAV_STREAM-019"),
            (Op::Feed(_) | Op::FeedZeros(_), Obs::Rejected(ErrorCode::DecodeMemoryExceeded)) => out("WAV_STREAM-014"),
            (Op::Feed(_) | Op::FeedZeros(_), Obs::Rejected(_)) => out("WAV_STREAM-018"),
            (Op::Feed(Blob(bytes)), _) => self.take(bytes),
            (Op::FeedZeros(count), _) => self.take(&vec![0; *count as usize]),
            (Op::Rewind, _) => (self.rewound, self.failed) = (true, false),
            (Op::Info, Obs::Audio { .. }) => out("WAV_STREAM-002"),
            (Op::Info | Op::Next, Obs::Rejected(code)) => {
                if self.failed {
                    out("WAV_STREAM-018");
                }
                self.broken(*code, out);
                self.failed |= *op == Op::Next;
            }
            (Op::Info | Op::Next, Obs::NeedInput) => out("WAV_STREAM-011"),
            (_, Obs::Ended { .. }) => {
                out("WAV_STREAM-010");
                out("WAV_STREAM-009");
                self.around(out);
            }
            (_, Obs::Pcm { .. }) => self.packet(out),
            _ => {}
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.stream.extend(bytes);
        self.fed += 1;
    }

    fn around(&self, out: &mut dyn FnMut(&'static str)) {
        if self.rewound {
            out("WAV_STREAM-017");
        }
        if self.fed > 1 {
            out("WAV_STREAM-016");
        }
    }

    /// What is about a packet: the stream's tag, its samples and its chunks.
    fn packet(&self, out: &mut dyn FnMut(&'static str)) {
        let chunks = chunks(&self.stream);
        if let Some([t0, t1, .., b0, b1]) = fmt(&self.stream, &chunks) {
            if number(*t0, *t1) == WAV_STREAM_TAG_EXTENSIBLE {
                out("WAV_STREAM-005");
            }
            out(if number(*b0, *b1) == 8 { "WAV_STREAM-007" } else { "WAV_STREAM-006" });
        }
        if chunks.len() > 2 {
            out("WAV_STREAM-008");
        }
        self.around(out);
        ["WAV_STREAM-009", "WAV_STREAM-001", "WAV_STREAM-003", "WAV_STREAM-010"].into_iter().for_each(out);
    }

    fn broken(&self, code: ErrorCode, out: &mut dyn FnMut(&'static str)) {
        use ErrorCode as E;
        match code {
            E::MalformedMedia => out(self.malformed()),
            E::UnsupportedMedia => out(self.unsupported()),
            E::OversizedInput => out("WAV_STREAM-013"),
            E::TruncatedMedia => out("WAV_STREAM-011"),
            E::Misaligned => out("WAV_STREAM-012"),
            E::DecodedTooLarge => out("WAV_STREAM-015"),
            E::DecodeMemoryExceeded => out("WAV_STREAM-014"),
            _ => {}
        }
    }

    /// What a malformed stream is about: its start, the order of its chunks, or its fmt chunk.
    fn malformed(&self) -> &'static str {
        let start = self.stream.get(..12).unwrap_or_default();
        if !start.starts_with(b"RIFF") || !start.ends_with(b"WAVE") {
            return "WAV_STREAM-001";
        }
        let chunks = chunks(&self.stream);
        let fmts = chunks.iter().filter(|chunk| chunk.name == *b"fmt ").count();
        let is_data = chunks.last().is_some_and(|chunk| chunk.name == *b"data");
        if fmts > 1 || (fmts == 0 && is_data) { "WAV_STREAM-010" } else { "WAV_STREAM-003" }
    }

    /// What a stream of another kind is about: a bound, or its format.
    fn unsupported(&self) -> &'static str {
        match fmt(&self.stream, &chunks(&self.stream)) {
            Some([_, _, c0, c1, r0, r1, r2, r3, .., b0, b1]) => {
                let rate = u32::from_le_bytes([*r0, *r1, *r2, *r3]);
                let is_large =
                    number(*c0, *c1) > spec::wav_stream::WAV_STREAM_CHANNELS_MAX || rate > spec::wav_stream::WAV_STREAM_RATE_HZ_MAX;
                let is_width = [8, 16, 24, 32].contains(&number(*b0, *b1));
                if is_large && is_width { "WAV_STREAM-013" } else { "WAV_STREAM-004" }
            }
            None => "WAV_STREAM-004",
        }
    }
}
