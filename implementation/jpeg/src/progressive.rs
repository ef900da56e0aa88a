//! Blocks of progressive frames, scan by scan. Coefficients lie in zigzag order, without their steps.

use crate::bits::Bits;
use crate::codes::{AcCodes, DcCodes};
use crate::nonzero::nonzero;

/// A band of a scan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Band {
    /// The first coefficient, from 1.
    pub first: u32,
    /// The last coefficient, up to 63.
    pub last: u32,
    /// The lowest bit that is known behind the scan.
    pub low: u32,
}

impl Band {
    /// A bit for each of its places.
    const fn places(self) -> u64 {
        from(self.first) & u64::MAX.wrapping_shr(63_u32.wrapping_sub(self.last))
    }
}

/// Bits of all places from this one on, which is below 64.
const fn from(place: u32) -> u64 {
    u64::MAX.wrapping_shl(place)
}

/// A block's DC value for the first time. What the block held before is of another picture.
#[inline]
pub(crate) fn dc(bits: &mut Bits<'_>, codes: &DcCodes, before: &mut i16, low: u32, block: &mut [i16; 64]) -> Option<()> {
    *before = before.wrapping_add(codes.difference(bits)? as i16);
    *block = [0; 64];
    let [first, ..] = block;
    *first = before.wrapping_shl(low);
    Some(())
}

/// One bit more of a block's DC value.
#[inline]
pub(crate) fn refine_dc(bits: &mut Bits<'_>, low: u32, block: &mut [i16; 64]) {
    let [first, ..] = block;
    *first |= i16::from(bits.bit()).wrapping_shl(low);
}

#[inline(always)]
fn slot(block: &mut [i16; 64], place: u32) -> Option<&mut i16> {
    block.get_mut((place & 63) as usize)
}

/// A block's band for the first time. `ended` counts blocks whose bands have ended already. None where the code is broken.
#[inline]
pub(crate) fn band(bits: &mut Bits<'_>, codes: &AcCodes, band: Band, ended: &mut u32, block: &mut [i16; 64]) -> Option<()> {
    if *ended > 0 {
        *ended = ended.wrapping_sub(1);
        return Some(());
    }
    let mut place = band.first;
    while place <= band.last {
        bits.fill();
        let short = codes.short(bits);
        let value = if short != 0 {
            bits.drop(short & 0xff);
            place = place.wrapping_add(short >> 8 & 0xff);
            (short >> 16) as i16
        } else {
            let (run, size) = codes.symbol(bits)?;
            if size == 0 && run < 15 {
                *ended = 1_u32.wrapping_shl(run).wrapping_add(bits.number(run)).wrapping_sub(1);
                return Some(());
            }
            place = place.wrapping_add(run);
            bits.value(size) as i16
        };
        if place > band.last {
            return None;
        }
        *slot(block, place)? = value.wrapping_shl(band.low);
        place = place.wrapping_add(1);
    }
    Some(())
}

/// One bit more of each coefficient of these places, none of which is 0.
#[inline(always)]
fn correct(bits: &mut Bits<'_>, block: &mut [i16; 64], mut places: u64, bit: i16) {
    while places != 0 {
        let place = places.trailing_zeros();
        places &= places.wrapping_sub(1);
        // Without a branch on the bit, which nobody can foresee.
        let taken = i16::from(bits.bit()).wrapping_neg();
        if let Some(coefficient) = slot(block, place) {
            let sign = *coefficient >> 15;
            let more = bit & taken & !*coefficient;
            *coefficient = coefficient.wrapping_add((more ^ sign).wrapping_sub(sign));
        }
    }
}

/// One bit more of a block's band. None where the code is broken.
pub(crate) fn refine(bits: &mut Bits<'_>, codes: &AcCodes, band: Band, ended: &mut u32, block: &mut [i16; 64]) -> Option<()> {
    let bit = 1_i16.wrapping_shl(band.low);
    let known = nonzero(block);
    // Places that are not done with yet.
    let mut left = band.places();
    while left != 0 && *ended == 0 {
        bits.fill();
        let short = codes.short(bits);
        let (run, new) = if short != 0 {
            bits.drop(short & 0xff);
            let value = (short >> 16) as i16;
            if value.unsigned_abs() != 1 {
                return None;
            }
            (short >> 8 & 0xff, value.wrapping_mul(bit))
        } else {
            let (run, size) = codes.symbol(bits)?;
            if size == 0 && run < 15 {
                *ended = 1_u32.wrapping_shl(run).wrapping_add(bits.number(run));
                break;
            }
            let new = match size {
                0 => 0,
                1 if bits.bit() => bit,
                1 => bit.wrapping_neg(),
                _ => return None,
            };
            (run, new)
        };
        // As many zeros as the run says are passed over, and what is not 0 is corrected on the way.
        let mut zeros = left & !known;
        for _ in 0..run {
            zeros &= zeros.wrapping_sub(1);
        }
        if zeros == 0 {
            return None;
        }
        let place = zeros.trailing_zeros();
        let behind = from(place).wrapping_shl(1);
        correct(bits, block, left & known & !behind, bit);
        *slot(block, place)? = new;
        left &= behind;
    }
    if *ended > 0 {
        *ended = ended.wrapping_sub(1);
        correct(bits, block, left & known, bit);
    }
    Some(())
}
