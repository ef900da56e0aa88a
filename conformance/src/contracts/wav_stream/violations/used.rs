//! Wrong bounds, and machines that are wrong in use.

use super::violation;
use crate::contracts::decoding::wrong;
use crate::suite::Violation;
use spec::wav_stream::WavStream;

pub(super) fn of_bounds() -> Vec<Violation<WavStream>> {
    vec![
        violation("WAV_STREAM-014", "does not bound memory", wrong::any_memory),
        violation("WAV_STREAM-014", "counts one byte less", wrong::memory_and_one),
        violation("WAV_STREAM-015", "does not bound the bytes of all samples", wrong::any_total),
        violation("WAV_STREAM-015", "gives one byte less", wrong::total_less_one),
        violation("WAV_STREAM-020", "lowers limits to their bounds", wrong::lowered_limits),
        violation("WAV_STREAM-020", "takes limits of zero", wrong::limits_of_zero),
    ]
}

pub(super) fn of_use() -> Vec<Violation<WavStream>> {
    vec![
        violation("WAV_STREAM-016", "loses the first byte of every chunk but the first", wrong::lost_byte),
        violation("WAV_STREAM-011", "takes a cut stream for an ended one", wrong::cut_for_ended),
        violation("WAV_STREAM-011", "waits for more after the end", wrong::waits_after_the_end),
        violation("WAV_STREAM-017", "counts packets on after a rewind", wrong::counts_on),
        violation("WAV_STREAM-017", "does not rewind", wrong::no_rewind),
        violation("WAV_STREAM-018", "tells an error once", wrong::error_once),
        violation("WAV_STREAM-018", "drops bytes after the end without a word", wrong::silent_after_the_end),
        violation("WAV_STREAM-019", "rewinds after a cancel", wrong::rewinds_after_a_cancel),
        violation("WAV_STREAM-019", "goes on after a cancel", wrong::no_cancel),
    ]
}
