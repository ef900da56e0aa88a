//! Blocks of progressive frames, scan by scan. Coefficients lie row by row, without their steps.

use crate::bits::Bits;
use crate::codes::{AcCodes, DcCodes};
use crate::tables::ZIGZAG;

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

/// A block's DC value for the first time.
#[inline]
pub(crate) fn dc(bits: &mut Bits<'_>, codes: &DcCodes, before: &mut i16, low: u32, block: &mut [i16; 64]) -> Option<()> {
    *before = before.wrapping_add(codes.difference(bits)? as i16);
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
    let natural = ZIGZAG.get((place & 63) as usize)?;
    block.get_mut(usize::from(natural & 63))
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

/// One bit more of a coefficient that is not 0.
#[inline(always)]
fn correct(bits: &mut Bits<'_>, coefficient: &mut i16, bit: i16) {
    if bits.bit() && *coefficient & bit == 0 {
        *coefficient = coefficient.wrapping_add(if *coefficient < 0 { bit.wrapping_neg() } else { bit });
    }
}

/// One bit more of a block's band. None where the code is broken.
pub(crate) fn refine(bits: &mut Bits<'_>, codes: &AcCodes, band: Band, ended: &mut u32, block: &mut [i16; 64]) -> Option<()> {
    let bit = 1_i16.wrapping_shl(band.low);
    let mut place = band.first;
    while place <= band.last && *ended == 0 {
        bits.fill();
        let (mut run, size) = codes.symbol(bits)?;
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
        // As many zeros as the run says are passed over, and what is not 0 is corrected on the way.
        loop {
            if place > band.last {
                return None;
            }
            let coefficient = slot(block, place)?;
            place = place.wrapping_add(1);
            if *coefficient != 0 {
                correct(bits, coefficient, bit);
            } else if run == 0 {
                *coefficient = new;
                break;
            } else {
                run = run.wrapping_sub(1);
            }
        }
    }
    if *ended > 0 {
        *ended = ended.wrapping_sub(1);
        while place <= band.last {
            let coefficient = slot(block, place)?;
            place = place.wrapping_add(1);
            if *coefficient != 0 {
                correct(bits, coefficient, bit);
            }
        }
    }
    Some(())
}
