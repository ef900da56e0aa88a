//! Zlib and deflate by RFC 1950 and 1951 (APNG-D8), from pieces of data to a buffer of a known length.
//!
//! What has been expanded is the window, so that distances reach back to the first byte.

mod bits;
mod tables;

use bits::Bits;
use tables::{END, EXCEPTION, Entry, LITERAL, SUBTABLE, Tables};

/// Bytes that are left in the buffer while symbols are expanded without looking at its end: three literals, or the longest match
/// and what a whole piece of it is too much.
const MARGIN: usize = 258 + PIECE;

/// Bytes of a match that are copied at a time.
const PIECE: usize = 16;

/// Bits of a match: a length and a distance with their extra bits.
const MATCH_BITS: u32 = 15 + 5 + 15 + 13;

/// The tables of an inflater, which are kept from stream to stream for their memory alone.
#[derive(Debug, Default)]
pub(super) struct Inflater(Tables);

impl Inflater {
    /// Expands as many bytes as the buffer has; none where the data break the format's rules, or end, before the last of them.
    pub fn expand<'a>(&mut self, pieces: impl Iterator<Item = &'a [u8]>, out: &mut [u8]) -> Option<()> {
        let mut bits = Bits::new(pieces);
        let (method, flags) = (bits.take(8)?, bits.take(8)?);
        let checked = (method << 8 | flags) % 31 == 0;
        if method & 15 != 8 || method >> 4 > 7 || flags & 0x20 != 0 || !checked {
            return None;
        }
        let mut at = 0;
        loop {
            let last = bits.take(1)? == 1;
            match bits.take(2)? {
                0 => at = bits.stored(out, at)?,
                1 => {
                    self.0.fix()?;
                    at = self.symbols(&mut bits, out, at)?;
                }
                2 => {
                    self.0.read(&mut bits)?;
                    at = self.symbols(&mut bits, out, at)?;
                }
                _ => return None,
            }
            if at >= out.len() {
                return Some(());
            }
            if last {
                return None;
            }
        }
    }

    /// Expands the symbols of a block, to its end or to the last byte that is asked for; gives how many bytes there are then.
    fn symbols<'a>(&self, bits: &mut Bits<'a, impl Iterator<Item = &'a [u8]>>, out: &mut [u8], mut at: usize) -> Option<usize> {
        let tables = &self.0;
        while at < out.len() {
            bits.refill();
            let mut entry = tables.literal(bits.peek());
            if bits.count() >= MATCH_BITS && out.len().wrapping_sub(at) >= MARGIN {
                // Literals come in runs, and three of the primary table fit into the bits that there are.
                let mut literals = 0_u32;
                while entry.is(LITERAL) && literals < 3 {
                    bits.skip(entry.bits());
                    *out.get_mut(at)? = entry.value() as u8;
                    at = at.wrapping_add(1);
                    entry = tables.literal(bits.peek());
                    literals = literals.wrapping_add(1);
                }
                if literals == 3 {
                    continue;
                }
                if bits.count() < MATCH_BITS {
                    bits.refill();
                    if bits.count() < MATCH_BITS {
                        continue;
                    }
                }
            }
            if entry.is(SUBTABLE) {
                entry = tables.longer_literal(entry, bits.peek());
            }
            if entry.bits() > bits.count() {
                return None;
            }
            if entry.is(LITERAL) {
                bits.skip(entry.bits());
                *out.get_mut(at)? = entry.value() as u8;
                at = at.wrapping_add(1);
                continue;
            }
            if entry.is(EXCEPTION) {
                bits.skip(entry.bits());
                return entry.is(END).then_some(at);
            }
            let length = number(bits, entry) as usize;
            let mut entry = tables.distance(bits.peek());
            if entry.is(SUBTABLE) {
                entry = tables.longer_distance(entry, bits.peek());
            }
            if entry.is(EXCEPTION) || entry.bits() > bits.count() {
                return None;
            }
            let distance = number(bits, entry) as usize;
            let from = at.checked_sub(distance)?;
            let end = at.wrapping_add(length);
            if out.len().wrapping_sub(at) >= MARGIN {
                repeat(out, from, at, end)?;
                at = end;
            } else {
                let end = end.min(out.len());
                for from in from.. {
                    if at >= end {
                        break;
                    }
                    *out.get_mut(at)? = *out.get(from)?;
                    at = at.wrapping_add(1);
                }
            }
        }
        Some(at)
    }
}

/// The number of a length's or distance's code, with its extra bits.
#[inline(always)]
fn number<'a>(bits: &mut Bits<'a, impl Iterator<Item = &'a [u8]>>, entry: Entry) -> u32 {
    let extra = bits.peek() >> entry.code_bits();
    let count = entry.bits().wrapping_sub(entry.code_bits());
    bits.skip(entry.bits());
    entry.value().wrapping_add(extra as u32 & 1_u32.wrapping_shl(count).wrapping_sub(1))
}

/// Repeats what stands from a place on at another one up to an end. Behind that end a piece more is there.
#[inline(always)]
fn repeat(out: &mut [u8], mut from: usize, mut at: usize, end: usize) -> Option<()> {
    let distance = at.wrapping_sub(from);
    if distance >= PIECE {
        while at < end {
            let piece: [u8; PIECE] = *out.get(from..)?.first_chunk()?;
            *out.get_mut(at..)?.first_chunk_mut()? = piece;
            (from, at) = (from.wrapping_add(PIECE), at.wrapping_add(PIECE));
        }
        return Some(());
    }
    // A short pattern is written again and again, as often as it is whole in a piece.
    let mut piece = [0_u8; PIECE];
    let pattern = out.get(from..at)?;
    piece.iter_mut().zip(pattern.iter().cycle()).for_each(|(byte, repeated)| *byte = *repeated);
    let whole = PIECE.wrapping_sub(PIECE.checked_rem(distance)?);
    while at < end {
        *out.get_mut(at..)?.first_chunk_mut()? = piece;
        at = at.wrapping_add(whole);
    }
    Some(())
}
