//! Allocation checks of the decoders: what a hostile stream costs until it is rejected.

use super::allocation::peaked;
use super::session::Session;
use super::threads::outcome;
use spec::decode_bounds::{BOMBS, DECODE_REJECT_BYTES_MAX, Format, Obs, Op, ROWS, Trial, small, trial};
use spec_files::EvidenceKind;

/// What tries a stream: an answer, and the bytes that its client's memory was charged for in the end.
type Tries = fn(&Trial) -> (Obs, u64);

/// Runs the allocation checks of the table of bounds.
pub fn bounds(session: &mut Session<'_>) {
    let tries: Tries = sut::decode_bounds::tried;
    let mut check = |requirement, ops: Vec<Op>, note: &str| {
        outcome(session, "decode-bounds", EvidenceKind::Allocation, "counting allocator", requirement, within(tries, &ops), note);
    };
    check("DECODE_BOUNDS-012", outside(), "streams just outside a bound");
    check("DECODE_BOUNDS-013", hostile(), "bombs, and streams cut at every byte");
}

/// Every row, at each of its offsets beyond the bound.
fn outside() -> Vec<Op> {
    let offsets = ROWS.iter().flat_map(|row| (1..=row.last).map(|offset| Op::Try { format: row.format, bound: row.bound, offset }));
    offsets.collect()
}

/// Every bomb, and every cut.
fn hostile() -> Vec<Op> {
    let cuts = Format::PULLED.into_iter().flat_map(|format| {
        let whole = small(format).map_or(0, |stream| stream.len()) as u16;
        (0..whole).map(move |bytes| Op::Cut { format, bytes })
    });
    BOMBS.iter().map(|(bomb, _)| Op::Bomb(*bomb)).chain(cuts).collect()
}

/// Tries each stream; gives how many there were, or which of them held more than the constant beside what was charged.
fn within(tries: Tries, ops: &[Op]) -> Result<u64, String> {
    for op in ops {
        let trial = trial(op).ok_or_else(|| format!("{op:?} is not in the table"))?;
        let ((obs, charged), most) = peaked(|| tries(&trial));
        let beyond = most.saturating_sub(charged);
        if beyond > DECODE_REJECT_BYTES_MAX {
            return Err(format!(
                "{op:?} held {most} bytes and was charged for {charged}: {beyond} more, expected at most {DECODE_REJECT_BYTES_MAX}, and gave {obs:?}"
            ));
        }
    }
    Ok(ops.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::{hostile, outside, within};
    use spec::decode_bounds::{DECODE_REJECT_BYTES_MAX, Obs, Trial};

    #[test]
    fn the_implementation_stays_within() {
        for ops in [outside(), hostile()] {
            assert_eq!(within(sut::decode_bounds::tried, &ops), Ok(ops.len() as u64));
        }
    }

    /// Asks for what a header claims, and looks at the bound then.
    fn trusting(trial: &Trial) -> (Obs, u64) {
        drop(std::hint::black_box(vec![0_u8; 2 * DECODE_REJECT_BYTES_MAX as usize]));
        sut::decode_bounds::tried(trial)
    }

    #[test]
    fn a_decoder_that_allocates_first_is_caught() {
        for ops in [outside(), hostile()] {
            let why = within(trusting, &ops[..1]).expect_err("it allocated");
            assert!(why.contains("expected at most"), "{why}");
        }
    }
}
