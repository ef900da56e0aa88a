//! Wrong bounds, and machines that are wrong in use.

use super::violation;
use crate::contracts::decoding::{instead, telling, wrong};
use crate::suite::Violation;
use spec::ErrorCode as E;
use spec::vorbis::{Obs, Vorbis};

pub(super) fn of_bounds() -> Vec<Violation<Vorbis>> {
    vec![
        violation("VORBIS-014", "calls what is too large malformed", || {
            telling(|(), op, obs| instead(op, obs, E::OversizedInput, Obs::Rejected(E::MalformedMedia)))
        }),
        violation("VORBIS-014", "waits for a decoder of more channels", || {
            telling(|(), op, obs| instead(op, obs, E::UnsupportedMedia, Obs::NeedInput))
        }),
        violation("VORBIS-015", "does not bound memory", wrong::any_memory),
        violation("VORBIS-015", "counts one byte less", wrong::memory_and_one),
        violation("VORBIS-016", "does not bound the bytes of all samples", wrong::any_total),
        violation("VORBIS-016", "gives one byte less", wrong::total_less_one),
        violation("VORBIS-022", "lowers limits to their bounds", wrong::lowered_limits),
        violation("VORBIS-022", "takes limits of zero", wrong::limits_of_zero),
    ]
}

pub(super) fn of_use() -> Vec<Violation<Vorbis>> {
    vec![
        violation("VORBIS-017", "loses the first byte of every chunk but the first", wrong::lost_byte),
        violation("VORBIS-018", "takes a cut stream for an ended one", wrong::cut_for_ended),
        violation("VORBIS-018", "waits for more after the end", wrong::waits_after_the_end),
        violation("VORBIS-019", "counts packets on after a rewind", wrong::counts_on),
        violation("VORBIS-019", "does not rewind", wrong::no_rewind),
        violation("VORBIS-020", "tells an error once", wrong::error_once),
        violation("VORBIS-020", "drops bytes after the end without a word", wrong::silent_after_the_end),
        violation("VORBIS-021", "rewinds after a cancel", wrong::rewinds_after_a_cancel),
        violation("VORBIS-021", "goes on after a cancel", wrong::no_cancel),
    ]
}
