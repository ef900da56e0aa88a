//! The arithmetic that runs everywhere: 64-bit sums, as the contract says it.

use super::clip::clip;
use super::tally::Tally;
use super::{HALF_Q32, Lane, Master};

/// Samples that are summed at a time: the sums stay in the first-level cache, and the loops are long enough to vectorise.
const PIECE: usize = 64;

pub(super) fn mix(lanes: &[Lane<'_>], master: Master, out: &mut [i16]) -> Tally {
    let mut tally = Tally::default();
    let mut start = 0_usize;
    for piece in out.chunks_mut(PIECE) {
        let mut sums = [0_i64; PIECE];
        for lane in lanes {
            let factor = i64::from(lane.factor);
            for (sum, &sample) in sums.iter_mut().zip(lane.pcm.get(start..).unwrap_or_default()) {
                // Sixteen products of 16 and 18 bits stay below 2^38.
                *sum = sum.wrapping_add(i64::from(sample).wrapping_mul(factor));
            }
        }
        finish(&sums, master, piece, &mut tally);
        start = start.wrapping_add(PIECE);
    }
    tally
}

fn finish(sums: &[i64; PIECE], master: Master, piece: &mut [i16], tally: &mut Tally) {
    for (frame, sums) in piece.as_chunks_mut::<2>().0.iter_mut().zip(sums.as_chunks::<2>().0) {
        let channels = tally.peak.iter_mut().zip(&mut tally.squares);
        for ((sample, &sum), (peak, squares)) in frame.iter_mut().zip(sums).zip(channels) {
            let rounded = round_q32(sum.wrapping_mul(i64::from(master.level)));
            *sample = clip(master.curve, rounded);
            tally.clipped = tally.clipped.wrapping_add(u32::from(i32::from(*sample) != rounded));
            let magnitude = u32::from(sample.unsigned_abs());
            *peak = magnitude.max(*peak);
            *squares = squares.wrapping_add(u64::from(magnitude.wrapping_mul(magnitude)));
        }
    }
}

/// A product in Q32 below 2^54, rounded once, half away from zero (MIXER-004).
fn round_q32(product: i64) -> i32 {
    let negative = i64::from(product < 0);
    (product.wrapping_add(HALF_Q32).wrapping_sub(negative) >> 32) as i32
}
