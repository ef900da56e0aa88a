//! What each step of a case exercises.

use spec::decode::{Limits, Obs, Op};
use spec::devices::Blob;
use spec::gif::{Gif, PartKind, parts};
use spec::{Case, ErrorCode};

/// What is known of a decoder while walking along a case with the right answers.
#[derive(Default)]
struct Walk {
    stream: Vec<u8>,
    chunks: u32,
    frames: usize,
    rewound: bool,
    failed: bool,
}

pub(super) fn touched(case: &Case<Gif>, rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
    if rejected.is_some() || case.config != Limits::default() {
        out(None, "GIF-019");
    }
    let mut walk = Walk::default();
    for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
        walk.step(op, obs, &mut |id| out(Some(step), id));
    }
}

impl Walk {
    fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (_, Obs::Rejected(ErrorCode::DecodeCancelled)) | (Op::Cancel, _) => out("GIF-018"),
            (Op::Feed(_) | Op::FeedZeros(_), Obs::Rejected(ErrorCode::DecodeMemoryExceeded)) => out("GIF-013"),
            (Op::Feed(_) | Op::FeedZeros(_), Obs::Rejected(_)) => out("GIF-017"),
            (Op::Feed(Blob(bytes)), _) => self.take(bytes),
            (Op::FeedZeros(count), _) => self.take(&vec![0; *count as usize]),
            (Op::Rewind, _) => (self.frames, self.rewound, self.failed) = (0, true, false),
            (Op::Info, Obs::Info { .. }) => out("GIF-001"),
            (Op::Info | Op::Next, Obs::Rejected(code)) => {
                if self.failed {
                    out("GIF-017");
                }
                self.broken(*code, out);
                self.failed |= *op == Op::Next;
            }
            (Op::Info | Op::Next, Obs::NeedInput) => out("GIF-015"),
            (_, Obs::Ended { .. }) => {
                out("GIF-009");
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
        self.chunks += 1;
    }

    fn around(&self, out: &mut dyn FnMut(&'static str)) {
        if self.rewound {
            out("GIF-016");
        }
        if self.chunks > 1 {
            out("GIF-014");
        }
    }

    /// What is about the frame that is drawn now.
    fn frame(&self, out: &mut dyn FnMut(&'static str)) {
        let (parts, mut number, mut control) = (parts(&self.stream), 0, None);
        for (place, part) in parts.iter().enumerate() {
            let bytes = &self.stream[part.bytes.clone()];
            match part.kind {
                PartKind::Control => control = Some(bytes),
                PartKind::Extension if number == self.frames => out("GIF-010"),
                PartKind::Place => {
                    if number == self.frames {
                        if bytes[9] & 0x40 != 0 {
                            out("GIF-006");
                        }
                        if let Some([_, _, _, flags, d0, d1, ..]) = control {
                            if flags & 1 == 1 {
                                out("GIF-005");
                            }
                            if [*d0, *d1] != [0; 2] {
                                out("GIF-008");
                            }
                        }
                        if parts.get(place + 1).is_some_and(|next| next.kind == PartKind::LocalPalette) {
                            out("GIF-004");
                        }
                        break;
                    }
                    number += 1;
                    control = None;
                }
                _ => {}
            }
        }
        self.around(out);
        if self.frames > 0 {
            out("GIF-007");
        }
        ["GIF-003", "GIF-002", "GIF-004", "GIF-011"].into_iter().for_each(out);
    }

    fn broken(&self, code: ErrorCode, out: &mut dyn FnMut(&'static str)) {
        use ErrorCode as E;
        match code {
            E::MalformedMedia => out(self.malformed()),
            E::TruncatedMedia => out("GIF-015"),
            E::CorruptPixels => out("GIF-003"),
            E::PictureTooLarge | E::TooManyFrames | E::DecodedTooLarge | E::ExpansionTooLarge => out("GIF-012"),
            E::DecodeMemoryExceeded => out("GIF-013"),
            _ => {}
        }
    }

    /// What a malformed stream is about: its header, or what follows the last part that is right.
    fn malformed(&self) -> &'static str {
        let header = self.stream.get(..10).unwrap_or_default();
        let signed = header.starts_with(b"GIF87a") || header.starts_with(b"GIF89a");
        if !signed || header[6..8] == [0; 2] || header[8..] == [0; 2] {
            return "GIF-001";
        }
        let number = |bytes: &[u8], at: usize| u32::from(bytes[at]) + 256 * u32::from(bytes[at + 1]);
        let (width, height) = (number(header, 6), number(header, 8));
        let parts = parts(&self.stream);
        let mut images = parts.iter().filter(|part| part.kind == PartKind::Place).skip(self.frames);
        let Some(image) = images.next().map(|part| &self.stream[part.bytes.clone()]) else {
            return "GIF-010";
        };
        let (right, bottom) = (number(image, 1) + number(image, 5), number(image, 3) + number(image, 7));
        if number(image, 5) == 0 || number(image, 7) == 0 || right > width || bottom > height {
            "GIF-011"
        } else if image[9] & 0x80 == 0 && self.stream[10] & 0x80 == 0 {
            "GIF-004"
        } else {
            "GIF-003"
        }
    }
}
