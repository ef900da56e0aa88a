//! What each step of a case exercises.

use crate::contracts::decoding::walk::{Format, Out, Used, Walk};
use spec::ErrorCode;
use spec::gif::{PartKind, parts};

/// The requirements of this contract.
#[derive(Default)]
pub(super) struct Touch;

impl Format for Touch {
    const USED: Used = Used {
        limits: "GIF-019",
        cancelled: "GIF-018",
        memory: "GIF-013",
        not_taken: "GIF-017",
        info: "GIF-001",
        stays: "GIF-017",
        need_input: "GIF-015",
        rewound: "GIF-016",
        chunks: "GIF-014",
    };

    fn ended(&self, walk: &Walk, out: &mut Out<'_>) {
        out("GIF-009");
        walk.around(out);
    }

    fn packet(&mut self, walk: &Walk, out: &mut Out<'_>) {
        let (parts, mut number, mut control) = (parts(&walk.stream), 0, None);
        for (place, part) in parts.iter().enumerate() {
            let bytes = &walk.stream[part.bytes.clone()];
            match part.kind {
                PartKind::Control => control = Some(bytes),
                PartKind::Extension if number == walk.packets => out("GIF-010"),
                PartKind::Place => {
                    if number == walk.packets {
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
        walk.around(out);
        if walk.packets > 0 {
            out("GIF-007");
        }
        ["GIF-003", "GIF-002", "GIF-004", "GIF-011"].into_iter().for_each(out);
    }

    fn broken(&self, walk: &Walk, code: ErrorCode, out: &mut Out<'_>) {
        use ErrorCode as E;
        match code {
            E::MalformedMedia => out(malformed(walk)),
            E::TruncatedMedia => out("GIF-015"),
            E::CorruptPixels => out("GIF-003"),
            E::PictureTooLarge | E::TooManyFrames | E::DecodedTooLarge | E::ExpansionTooLarge => out("GIF-012"),
            E::DecodeMemoryExceeded => out("GIF-013"),
            _ => {}
        }
    }
}

/// What a malformed stream is about: its header, or what follows the last part that is right.
fn malformed(walk: &Walk) -> &'static str {
    let header = walk.stream.get(..10).unwrap_or_default();
    let signed = header.starts_with(b"GIF87a") || header.starts_with(b"GIF89a");
    if !signed || header[6..8] == [0; 2] || header[8..] == [0; 2] {
        return "GIF-001";
    }
    let number = |bytes: &[u8], at: usize| u32::from(bytes[at]) + 256 * u32::from(bytes[at + 1]);
    let (width, height) = (number(header, 6), number(header, 8));
    let parts = parts(&walk.stream);
    let mut images = parts.iter().filter(|part| part.kind == PartKind::Place).skip(walk.packets);
    let Some(image) = images.next().map(|part| &walk.stream[part.bytes.clone()]) else {
        return "GIF-010";
    };
    let (right, bottom) = (number(image, 1) + number(image, 5), number(image, 3) + number(image, 7));
    if number(image, 5) == 0 || number(image, 7) == 0 || right > width || bottom > height {
        "GIF-011"
    } else if image[9] & 0x80 == 0 && walk.stream[10] & 0x80 == 0 {
        "GIF-004"
    } else {
        "GIF-003"
    }
}
