//! Recorded cases of the contract `decode-bounds`.

use super::of_row;
use crate::suite::GoldenCase;
use spec::Case;
use spec::decode_bounds::{BOMBS, Config, DecodeBounds, Format, Op, ROWS, small};

fn golden(name: &'static str, doc: &'static str, ops: Vec<Op>) -> GoldenCase<DecodeBounds> {
    GoldenCase { name, doc, case: Case { config: Config {}, ops } }
}

/// Each row of a requirement at its bound and one beyond; long streams are in a domain.
fn both_sides(requirement: &str) -> Vec<Op> {
    let rows = ROWS.iter().filter(|row| !row.heavy && of_row(row.format, row.bound) == requirement);
    rows.flat_map(|row| [0, 1].map(|offset| Op::Try { format: row.format, bound: row.bound, offset })).collect()
}

pub(super) fn goldens() -> Vec<GoldenCase<DecodeBounds>> {
    vec![
        golden(
            "client_limits",
            "Each limit of a client at its bound and at one, and one beyond: out_of_range.",
            both_sides("DECODE_BOUNDS-001"),
        ),
        golden("stream_lengths", "A stream as long as its limit, and a byte longer: oversized_input.", both_sides("DECODE_BOUNDS-002")),
        golden(
            "picture_sizes",
            "A header tells sides and pixels at their bounds; one more is picture_too_large.",
            both_sides("DECODE_BOUNDS-003"),
        ),
        golden(
            "frames_and_bytes",
            "All frames and bytes at the bound; beyond it all but the last, where no header has told them.",
            both_sides("DECODE_BOUNDS-004"),
        ),
        golden("memory", "Just enough memory, and a byte too little.", both_sides("DECODE_BOUNDS-005")),
        golden("expansion", "At the bound the data are too few, which is another code.", both_sides("DECODE_BOUNDS-006")),
        golden("picture_headers", "What headers of pictures bound, from both sides.", both_sides("DECODE_BOUNDS-007")),
        golden("wav_headers", "What headers of WAV bound, from both sides.", both_sides("DECODE_BOUNDS-008")),
        golden("vorbis_headers", "What headers of Ogg Vorbis bound, from both sides.", both_sides("DECODE_BOUNDS-009")),
        golden(
            "bombs",
            "A code for each, and the frames and samples that came before it.",
            BOMBS.iter().filter(|(_, heavy)| !heavy).map(|(bomb, _)| Op::Bomb(*bomb)).collect(),
        ),
        golden("cuts", "Streams without their last byte, without their second half, and of nothing.", {
            let cuts = Format::PULLED.into_iter().flat_map(|format| {
                let whole = small(format).map_or(0, |stream| stream.len()) as u16;
                [0, whole / 2, whole.saturating_sub(1), whole].map(|bytes| Op::Cut { format, bytes })
            });
            cuts.collect()
        }),
        golden("no_rows", "What the table does not have is said to be no row.", {
            use spec::decode_bounds::Bound;
            let tries = [(Format::Wav, Bound::Width, 0), (Format::WavFile, Bound::Frames, 1), (Format::Gif, Bound::Width, 3)];
            let tries = tries.into_iter().map(|(format, bound, offset)| Op::Try { format, bound, offset });
            let cuts = [(Format::WavFile, 0), (Format::Gif, 1_000)].map(|(format, bytes)| Op::Cut { format, bytes });
            tries.chain(cuts).collect()
        }),
    ]
}
