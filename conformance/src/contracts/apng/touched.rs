//! What each step of a case exercises.

use crate::contracts::decoding::walk::{Format, Out, Used, Walk};
use spec::ErrorCode;
use spec::apng::chunks;

/// The requirements of this contract.
#[derive(Default)]
pub(super) struct Touch;

impl Format for Touch {
    const USED: Used = Used {
        limits: "APNG-019",
        cancelled: "APNG-019",
        memory: "APNG-015",
        not_taken: "APNG-019",
        info: "APNG-001",
        stays: "APNG-018",
        need_input: "APNG-017",
        rewound: "APNG-018",
        chunks: "APNG-016",
    };

    fn ended(&self, walk: &Walk, out: &mut Out<'_>) {
        if chunks(&walk.stream).iter().any(|chunk| chunk.name == *b"acTL") {
            out("APNG-013");
        }
        out("APNG-012");
        walk.around(out);
    }

    // What comes first is named where a frame differs: parts of streams that few have, then filters, which say nothing of themselves.
    fn packet(&mut self, walk: &Walk, out: &mut Out<'_>) {
        let chunks = chunks(&walk.stream);
        let control = chunks.iter().filter(|chunk| chunk.name == *b"fcTL").nth(walk.packets);
        let animated = chunks.iter().any(|chunk| chunk.name == *b"acTL") && control.is_some();
        if animated && control.is_some_and(|control| control.bytes.get(25) == Some(&1)) {
            out("APNG-010");
        }
        if animated && walk.packets > 0 {
            out("APNG-011");
        }
        let header = chunks.first().map_or(&[][..], |header| header.bytes.as_slice());
        if header.last() == Some(&1) {
            out("APNG-007");
        }
        out("APNG-006");
        if animated {
            ["APNG-012", "APNG-013"].into_iter().for_each(&mut *out);
        }
        if let [.., depth, color, _, _, _] = header {
            if chunks.iter().any(|chunk| chunk.name == *b"tRNS") || matches!(color, 4 | 6) {
                out("APNG-005");
            }
            if *depth > 0 {
                out("APNG-004");
            }
        }
        walk.around(out);
        ["APNG-008", "APNG-002", "APNG-003"].into_iter().for_each(&mut *out);
        if chunks.iter().any(|chunk| chunk.name[0].is_ascii_lowercase()) {
            out("APNG-009");
        }
    }

    fn broken(&self, walk: &Walk, code: ErrorCode, out: &mut Out<'_>) {
        use ErrorCode as E;
        match code {
            E::MalformedMedia => {
                let right = walk.stream.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR");
                let animated = chunks(&walk.stream).iter().any(|chunk| matches!(&chunk.name, b"acTL" | b"fcTL" | b"fdAT"));
                let header = !right || chunks(&walk.stream).first().is_some_and(|header| !is_right(&header.bytes));
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
