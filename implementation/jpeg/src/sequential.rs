//! Blocks of sequential frames.

use crate::bits::Bits;
use crate::codes::{AcCodes, DcCodes};
use crate::tables::Steps;

/// What a block's coefficients were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Coded {
    /// The last place in zigzag order that has a coefficient, or a place behind it.
    pub last: u32,
}

/// Reads a block: coefficients times steps, in the places that these have. The block was zero. None where its code is broken.
#[inline]
pub(crate) fn block(
    bits: &mut Bits<'_>,
    dc: &DcCodes,
    ac: &AcCodes,
    before: &mut i16,
    steps: &Steps,
    block: &mut [i16; 64],
) -> Option<Coded> {
    *before = before.wrapping_add(dc.difference(bits)? as i16);
    let ([first, ..], [step, ..]) = (&mut *block, steps);
    *first = before.wrapping_mul(step.factor);
    let mut place = 1_u32;
    while place <= 63 {
        bits.fill();
        let short = ac.short(bits);
        let value = if short != 0 {
            bits.drop(short & 0xff);
            place = place.wrapping_add(short >> 8 & 0xff);
            (short >> 16) as i16
        } else {
            let (run, size) = ac.symbol(bits)?;
            if size == 0 && run < 15 {
                if run > 0 {
                    return None;
                }
                break;
            }
            place = place.wrapping_add(run);
            bits.value(size) as i16
        };
        if place > 63 {
            return None;
        }
        put(block, steps, place, value);
        place = place.wrapping_add(1);
    }
    Some(Coded { last: place.wrapping_sub(1) })
}

#[inline(always)]
fn put(block: &mut [i16; 64], steps: &Steps, place: u32, value: i16) {
    if let Some(step) = steps.get((place & 63) as usize)
        && let Some(slot) = block.get_mut(usize::from(step.place & 63))
    {
        *slot = value.wrapping_mul(step.factor);
    }
}
