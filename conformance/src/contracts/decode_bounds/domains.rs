//! Small domains of the contract `decode-bounds`, every value of them.

use crate::suite::{Counted, Domain, Extent};
use spec::Case;
use spec::decode_bounds::{BOMBS, Config, DecodeBounds, Format, Op, ROWS, small};

pub(super) fn domains() -> Vec<Domain<DecodeBounds>> {
    vec![
        Domain {
            name: "every_row",
            requirements: &[
                "DECODE_BOUNDS-001",
                "DECODE_BOUNDS-002",
                "DECODE_BOUNDS-003",
                "DECODE_BOUNDS-004",
                "DECODE_BOUNDS-005",
                "DECODE_BOUNDS-006",
                "DECODE_BOUNDS-007",
                "DECODE_BOUNDS-008",
                "DECODE_BOUNDS-009",
            ],
            describe: |_| format!("{} bounds, each from all the offsets of its row", ROWS.len()),
            cases: |_| Box::new(ROWS.iter().map(|row| of(offsets(row).collect()))),
        },
        Domain {
            name: "every_bomb",
            requirements: &["DECODE_BOUNDS-010"],
            describe: |_| format!("{} bombs", BOMBS.len()),
            cases: |_| Box::new(BOMBS.iter().map(|(bomb, _)| of(vec![Op::Bomb(*bomb)]))),
        },
        Domain {
            name: "every_cut",
            requirements: &["DECODE_BOUNDS-011"],
            describe: |extent| match step(extent) {
                1 => "a stream of each format cut at every byte".to_owned(),
                step => format!("a stream of each format cut at every {step}th byte, and at none"),
            },
            cases: |extent| cuts(step(extent)),
        },
    ]
}

fn offsets(row: &spec::decode_bounds::Row) -> impl Iterator<Item = Op> + use<> {
    let (format, bound) = (row.format, row.bound);
    (row.first..=row.last).map(move |offset| Op::Try { format, bound, offset })
}

/// From one cut to the next.
const fn step(extent: Extent) -> usize {
    match extent {
        Extent::Whole => 1,
        Extent::Corners => 5,
    }
}

/// Each cut of each format; the stream as a whole last.
fn cuts(step: usize) -> Counted<DecodeBounds> {
    Box::new(Format::PULLED.into_iter().map(move |format| {
        let whole = small(format).map_or(0, |stream| stream.len());
        let bytes = (0..whole).step_by(step).chain([whole]);
        of(bytes.map(|bytes| Op::Cut { format, bytes: bytes as u16 }).collect())
    }))
}

fn of(ops: Vec<Op>) -> (Case<DecodeBounds>, u64) {
    let values = ops.len() as u64;
    (Case { config: Config {}, ops }, values)
}

#[cfg(test)]
mod tests {
    use super::domains;
    use crate::contracts::self_test::values_of;
    use crate::suite::Extent;
    use spec::decode_bounds::{BOMBS, Format, ROWS, small};

    #[test]
    fn domains_hold_every_value() {
        let offsets: u64 = ROWS.iter().map(|row| row.first.abs_diff(row.last) as u64 + 1).sum();
        let lengths = Format::PULLED.map(|format| small(format).expect("it is pulled").len() as u64);
        assert_eq!(values_of(&domains(), Extent::Whole), [offsets, BOMBS.len() as u64, lengths.iter().map(|bytes| bytes + 1).sum()]);
        let corners = lengths.iter().map(|bytes| bytes.div_ceil(5) + 1).sum();
        assert_eq!(values_of(&domains(), Extent::Corners), [offsets, BOMBS.len() as u64, corners]);
    }
}
