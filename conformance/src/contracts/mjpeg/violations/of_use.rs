//! Wrong machines about bounds and use.

use super::violation;
use crate::contracts::decoding::{instead, telling, wrong};
use crate::suite::Violation;
use spec::ErrorCode as E;
use spec::decode::{Obs, Op};
use spec::mjpeg::Mjpeg;

pub(super) fn of_bounds() -> Vec<Violation<Mjpeg>> {
    vec![
        violation("MJPEG-011", "does not bound pixels", wrong::any_pixels),
        violation("MJPEG-011", "does not bound frames", wrong::any_frames),
        violation("MJPEG-011", "does not bound the bytes of all frames", wrong::any_total),
        violation("MJPEG-011", "decodes before it counts restarts", || {
            telling(|(), op, obs| instead(op, obs, E::TooManyRestarts, Obs::Rejected(E::CorruptPixels)))
        }),
        violation("MJPEG-011", "decodes before it looks at the expansion", || {
            telling(|(), op, obs| instead(op, obs, E::ExpansionTooLarge, Obs::Rejected(E::CorruptPixels)))
        }),
        violation("MJPEG-011", "does not bound scans", || telling(|(), op, obs| instead(op, obs, E::TooManyScans, Obs::NeedInput))),
        violation("MJPEG-012", "does not bound memory", wrong::any_memory),
        violation("MJPEG-012", "counts one byte less", wrong::memory_and_one),
        violation("MJPEG-016", "lowers limits to their bounds", wrong::lowered_limits),
        violation("MJPEG-016", "takes limits of zero", wrong::limits_of_zero),
    ]
}

pub(super) fn of_use() -> Vec<Violation<Mjpeg>> {
    vec![
        violation("MJPEG-013", "loses the first byte of every chunk but the first", wrong::lost_byte),
        violation("MJPEG-014", "takes a cut stream for an ended one", wrong::cut_for_ended),
        violation("MJPEG-014", "rejects what may still come", || {
            telling(|(), op, obs| if *op == Op::Next && obs == Obs::NeedInput { Obs::Rejected(E::TruncatedMedia) } else { obs })
        }),
        violation("MJPEG-015", "counts frames on after a rewind", wrong::counts_on),
        violation("MJPEG-015", "tells an error once", wrong::error_once),
        violation("MJPEG-016", "takes bytes after the end", wrong::silent_after_the_end),
        violation("MJPEG-016", "rewinds after a cancel", wrong::rewinds_after_a_cancel),
    ]
}
