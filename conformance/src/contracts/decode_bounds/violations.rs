//! Wrong machines of the contract `decode-bounds`. Each is wrong in the rows of its requirement alone, which a recorded case has.

use super::requirement;
use crate::suite::{Violation, misheard, tampered, violation};
use spec::ErrorCode as E;
use spec::Machine;
use spec::decode_bounds::{Bound, DecodeBounds, Given, Obs, Op, Stage};

type Wrong = Box<dyn Machine<DecodeBounds>>;

/// A model whose observations are changed.
fn wrong(tamper: fn(&mut (), &Op, Obs) -> Obs) -> Wrong {
    tampered::<DecodeBounds, ()>(tamper)
}

/// The operation with another offset, where it is about that requirement and within or beyond its bound.
fn moved(op: &Op, of: &str, beyond: bool, by: i8) -> Op {
    match op {
        Op::Try { format, bound, offset } if requirement(op) == of && (*offset > 0) == beyond => {
            Op::Try { format: *format, bound: *bound, offset: offset.saturating_add(by) }
        }
        op => op.clone(),
    }
}

macro_rules! late {
    ($requirement:literal) => {
        || misheard(|op| moved(op, $requirement, true, -1))
    };
}

macro_rules! early {
    ($requirement:literal) => {
        || misheard(|op| moved(op, $requirement, false, 1))
    };
}

/// What was given, without its packets.
fn lost(given: Given) -> Given {
    Given { told: given.told, ..Given::default() }
}

/// In the order in which a diagnosis names them.
pub(super) fn violations() -> Vec<Violation<DecodeBounds>> {
    vec![
        violation("DECODE_BOUNDS-001", "takes limits one beyond their bounds", late!("DECODE_BOUNDS-001")),
        violation("DECODE_BOUNDS-001", "refuses limits at their bounds", early!("DECODE_BOUNDS-001")),
        violation("DECODE_BOUNDS-002", "takes a byte more than a stream may have", late!("DECODE_BOUNDS-002")),
        violation("DECODE_BOUNDS-002", "refuses a stream as long as its limit", early!("DECODE_BOUNDS-002")),
        violation("DECODE_BOUNDS-003", "takes a pixel more than a picture may have", late!("DECODE_BOUNDS-003")),
        violation("DECODE_BOUNDS-003", "looks at a picture's size when it is drawn", || {
            wrong(|(), _, obs| match obs {
                Obs::Rejected { at: Stage::Header, code: E::PictureTooLarge, given } => Obs::Accepted(given),
                obs => obs,
            })
        }),
        violation("DECODE_BOUNDS-004", "gives a frame or a byte more than it may", late!("DECODE_BOUNDS-004")),
        violation("DECODE_BOUNDS-004", "loses the frames before one too many", || {
            wrong(|(), _, obs| match obs {
                Obs::Rejected { at, code: code @ (E::TooManyFrames | E::DecodedTooLarge), given } => {
                    Obs::Rejected { at, code, given: lost(given) }
                }
                obs => obs,
            })
        }),
        violation("DECODE_BOUNDS-005", "holds a byte more than its client's memory", late!("DECODE_BOUNDS-005")),
        violation("DECODE_BOUNDS-005", "wants a byte more than it needs", early!("DECODE_BOUNDS-005")),
        violation("DECODE_BOUNDS-006", "expands a pixel more than the bound", late!("DECODE_BOUNDS-006")),
        violation("DECODE_BOUNDS-006", "finds out by expanding", || {
            wrong(|(), op, obs| match (op, obs) {
                (Op::Try { .. }, Obs::Rejected { at, code: E::ExpansionTooLarge, given }) => {
                    Obs::Rejected { at, code: E::CorruptPixels, given }
                }
                (_, obs) => obs,
            })
        }),
        violation("DECODE_BOUNDS-007", "takes one more of what headers of pictures bound", late!("DECODE_BOUNDS-007")),
        violation("DECODE_BOUNDS-007", "takes one scan more than the bound", || {
            misheard(|op| match op {
                Op::Try { bound: Bound::Scans, .. } => moved(op, "DECODE_BOUNDS-007", true, -1),
                op => op.clone(),
            })
        }),
        violation("DECODE_BOUNDS-008", "takes one more of what headers of WAV bound", late!("DECODE_BOUNDS-008")),
        violation("DECODE_BOUNDS-008", "counts the data chunk twice", || {
            misheard(|op| match op {
                Op::Try { bound: Bound::Chunks, .. } => moved(op, "DECODE_BOUNDS-008", false, 1),
                op => op.clone(),
            })
        }),
        violation("DECODE_BOUNDS-009", "takes one more of what headers of Vorbis bound", late!("DECODE_BOUNDS-009")),
        violation("DECODE_BOUNDS-009", "calls a codebook of too many dimensions malformed", || {
            wrong(|(), op, obs| match (op, obs) {
                (Op::Try { bound: Bound::Dimensions, .. }, Obs::Rejected { at, code: E::OversizedInput, given }) => {
                    Obs::Rejected { at, code: E::MalformedMedia, given }
                }
                (_, obs) => obs,
            })
        }),
        violation("DECODE_BOUNDS-010", "calls every bomb malformed", || {
            wrong(|(), op, obs| match (op, obs) {
                (Op::Bomb(_), Obs::Rejected { at, given, .. }) => Obs::Rejected { at, code: E::MalformedMedia, given },
                (_, obs) => obs,
            })
        }),
        violation("DECODE_BOUNDS-010", "loses what stands before a bomb", || {
            wrong(|(), op, obs| match (op, obs) {
                (Op::Bomb(_), Obs::Rejected { at, code, given }) => Obs::Rejected { at, code, given: lost(given) },
                (_, obs) => obs,
            })
        }),
        violation("DECODE_BOUNDS-011", "takes a cut for the end", || {
            wrong(|(), op, obs| match (op, obs) {
                (Op::Cut { .. }, Obs::Rejected { code: E::TruncatedMedia, given, .. }) => Obs::Accepted(given),
                (_, obs) => obs,
            })
        }),
        violation("DECODE_BOUNDS-011", "loses the packets before a cut", || {
            wrong(|(), op, obs| match (op, obs) {
                (Op::Cut { .. }, Obs::Rejected { at, code, given }) => Obs::Rejected { at, code, given: lost(given) },
                (_, obs) => obs,
            })
        }),
    ]
}
