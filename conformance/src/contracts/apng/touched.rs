//! What each step of a case exercises.

use spec::apng::{Apng, Chunk, chunks};
use spec::decode::{Limits, Obs, Op};
use spec::devices::Blob;
use spec::{Case, ErrorCode};

/// What is known of a decoder while walking along a case with the right answers.
#[derive(Default)]
struct Walk {
    stream: Vec<u8>,
    pieces: u32,
    frames: usize,
    rewound: bool,
    failed: bool,
}

pub(super) fn touched(case: &Case<Apng>, rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
    if rejected.is_some() || case.config != Limits::default() {
        out(None, "APNG-019");
    }
    let mut walk = Walk::default();
    for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
        walk.step(op, obs, &mut |id| out(Some(step), id));
    }
}

impl Walk {
    fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (_, Obs::Rejected(ErrorCode::DecodeCancelled)) | (Op::Cancel, _) => out("APNG-019"),
            (Op::Feed(_) | Op::FeedZeros(_), Obs::Rejected(ErrorCode::DecodeMemoryExceeded)) => out("APNG-015"),
            (Op::Feed(_) | Op::FeedZeros(_), Obs::Rejected(_)) => out("APNG-019"),
            (Op::Feed(Blob(bytes)), _) => self.take(bytes),
            (Op::FeedZeros(count), _) => self.take(&vec![0; *count as usize]),
            (Op::Rewind, _) => (self.frames, self.rewound, self.failed) = (0, true, false),
            (Op::Info, Obs::Info { .. }) => out("APNG-001"),
            (Op::Info | Op::Next, Obs::Rejected(code)) => {
                if self.failed {
                    out("APNG-018");
                }
                self.broken(*code, out);
                self.failed |= *op == Op::Next;
            }
            (Op::Info | Op::Next, Obs::NeedInput) => out("APNG-017"),
            (_, Obs::Ended { .. }) => {
                if chunks(&self.stream).iter().any(|chunk| chunk.name == *b"acTL") {
                    out("APNG-013");
                }
                out("APNG-012");
                self.around(out);
            }
            (_, Obs::Frame { .. }) => {
                self.frame(out);
                self.frames += 1;
            }
            _ => {}
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.stream.extend(bytes);
        self.pieces += 1;
    }

    fn around(&self, out: &mut dyn FnMut(&'static str)) {
        if self.rewound {
            out("APNG-018");
        }
        if self.pieces > 1 {
            out("APNG-016");
        }
    }

    /// What is about the frame that is drawn now.
    fn frame(&self, out: &mut dyn FnMut(&'static str)) {
        let chunks = chunks(&self.stream);
        let control = chunks.iter().filter(|chunk| chunk.name == *b"fcTL").nth(self.frames);
        if chunks.iter().any(|chunk| chunk.name == *b"acTL")
            && let Some(Chunk { bytes, .. }) = control
        {
            if bytes.get(25) == Some(&1) {
                out("APNG-010");
            }
            if self.frames > 0 {
                out("APNG-011");
            }
            ["APNG-012", "APNG-013"].into_iter().for_each(&mut *out);
        }
        if let Some([.., depth, color, _, _, interlaced]) = chunks.first().map(|header| header.bytes.as_slice()) {
            if *interlaced == 1 {
                out("APNG-007");
            }
            if chunks.iter().any(|chunk| chunk.name == *b"tRNS") || matches!(color, 4 | 6) {
                out("APNG-005");
            }
            if *depth > 0 {
                out("APNG-004");
            }
        }
        self.around(out);
        ["APNG-006", "APNG-008", "APNG-002", "APNG-003"].into_iter().for_each(&mut *out);
        if chunks.iter().any(|chunk| chunk.name[0].is_ascii_lowercase()) {
            out("APNG-009");
        }
    }

    fn broken(&self, code: ErrorCode, out: &mut dyn FnMut(&'static str)) {
        use ErrorCode as E;
        match code {
            E::MalformedMedia => {
                let right = self.stream.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR");
                let animated = chunks(&self.stream).iter().any(|chunk| matches!(&chunk.name, b"acTL" | b"fcTL" | b"fdAT"));
                let header = !right || chunks(&self.stream).first().is_some_and(|header| !is_right(&header.bytes));
                out(if header { "APNG-001" } else { "APNG-009" });
                if animated && !header {
                    out("APNG-013");
                }
            }
            E::CorruptChecksum => out("APNG-003"),
            E::CorruptPixels => ["APNG-008", "APNG-006"].into_iter().for_each(out),
            E::PictureTooLarge | E::TooManyFrames | E::DecodedTooLarge | E::ExpansionTooLarge => out("APNG-014"),
            E::DecodeMemoryExceeded => out("APNG-015"),
            E::TruncatedMedia => out("APNG-017"),
            _ => {}
        }
    }
}

/// Whether a header's content is one.
fn is_right(header: &[u8]) -> bool {
    let [w0, w1, w2, w3, h0, h1, h2, h3, depth, color, 0, 0, 0 | 1] = header else { return false };
    let side = |bytes: [&u8; 4]| (1..=0x7fff_ffff).contains(&u32::from_be_bytes(bytes.map(|byte| *byte)));
    let depths: &[u8] = match color {
        0 => &[1, 2, 4, 8, 16],
        3 => &[1, 2, 4, 8],
        2 | 4 | 6 => &[8, 16],
        _ => &[],
    };
    side([w0, w1, w2, w3]) && side([h0, h1, h2, h3]) && depths.contains(depth)
}
