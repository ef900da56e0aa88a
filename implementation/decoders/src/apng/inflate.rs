//! Zlib and deflate by RFC 1950 and 1951 (APNG-D8), from pieces of data to as many bytes as are asked for.
//!
//! What is expanded is given away window by window: a picture's rows are never all there at once, and stay in the processor's caches.

mod tables;
mod window;

use crate::bits::{Bits, Held};
use tables::{EXCEPTION, Entry, LITERAL, SUBTABLE, Tables};
pub(super) use window::Window;

/// Bytes that are left behind a place while symbols are expanded without looking at the end: runs of literals, the longest match, and
/// what a whole piece of it is too much.
const MARGIN: usize = 2 * LITERALS as usize + 258 + PIECE;

/// Bytes of a match that are copied at a time.
const PIECE: usize = 16;

/// Entries for literals that are looked up with the bits of one refill: these and one more of the primary table fit into them. A match's
/// two codes with their extra bits fit as well.
const LITERALS: u32 = 4;

/// What is wrong with data that can't be expanded.
const BROKEN: &str = "the zlib data break their format, or end before the last pixel";

/// The tables of an inflater, which are kept from stream to stream for their memory alone.
#[derive(Debug, Default)]
pub(super) struct Inflater(Tables);

impl Inflater {
    /// Expands so many bytes and gives them part by part. It fails where the data break the format's rules, or end, before the last of
    /// them, or as whoever takes them does.
    pub fn expand<'a>(
        &mut self,
        pieces: impl Iterator<Item = &'a [u8]>,
        window: Window,
        take: impl FnMut(&[u8]) -> Result<(), &'static str>,
    ) -> Result<(), &'static str> {
        self.blocks(&mut Bits::new(pieces), window, take).unwrap_or(Err(BROKEN))
    }

    /// The same; none where the data are broken.
    fn blocks<'a>(
        &mut self,
        bits: &mut Bits<'a, impl Iterator<Item = &'a [u8]>>,
        mut window: Window,
        mut take: impl FnMut(&[u8]) -> Result<(), &'static str>,
    ) -> Option<Result<(), &'static str>> {
        let (method, flags) = (bits.take(8)?, bits.take(8)?);
        let checked = (method << 8 | flags) % 31 == 0;
        if method & 15 != 8 || method >> 4 > 7 || flags & 0x20 != 0 || !checked {
            return None;
        }
        loop {
            let last = bits.take(1)? == 1;
            let mut stored = None;
            match bits.take(2)? {
                0 => stored = Some(bits.stored()?),
                1 => self.0.fix()?,
                2 => self.0.read(bits)?,
                _ => return None,
            }
            let mut ended = false;
            while !ended {
                let (out, at, limit) = window.room();
                let to = match &mut stored {
                    None => self.symbols(bits, out, at, limit, &mut ended)?,
                    Some(left) => {
                        let to = limit.min(at.saturating_add(*left));
                        bits.copy(out.get_mut(at..to)?)?;
                        *left = left.saturating_sub(to.saturating_sub(at));
                        ended = *left == 0;
                        to
                    }
                };
                window.advance(to);
                if window.is_whole() {
                    return Some(window.give(take));
                }
                if to >= limit
                    && let Err(what) = window.give(&mut take)
                {
                    return Some(Err(what));
                }
            }
            if last {
                return None;
            }
        }
    }

    /// Expands the symbols of a block, to its end or to the limit, which a match goes beyond where there is room; gives where that is.
    fn symbols<'a>(
        &self,
        bits: &mut Bits<'a, impl Iterator<Item = &'a [u8]>>,
        out: &mut [u8],
        mut at: usize,
        limit: usize,
        ended: &mut bool,
    ) -> Option<usize> {
        let tables = &self.0;
        while at < limit {
            at = self.run(bits.held(), out, at)?;
            if at >= limit {
                break;
            }
            bits.refill();
            let mut entry = tables.literal(bits.peek());
            if entry.is(SUBTABLE) {
                entry = tables.longer_literal(entry, bits.peek());
            }
            if entry.is(LITERAL) {
                // The first of two, too.
                if entry.code_bits() > bits.count() {
                    return None;
                }
                bits.skip(entry.code_bits());
                *out.get_mut(at)? = entry.value() as u8;
                at = at.wrapping_add(1);
                continue;
            }
            if entry.bits() > bits.count() {
                return None;
            }
            if entry.is(EXCEPTION) {
                bits.skip(entry.bits());
                *ended = entry.is_end();
                return ended.then_some(at);
            }
            let length = number(bits.held(), entry) as usize;
            let mut entry = tables.distance(bits.peek());
            if entry.is(SUBTABLE) {
                entry = tables.longer_distance(entry, bits.peek());
            }
            if entry.is(EXCEPTION) || entry.bits() > bits.count() {
                return None;
            }
            let from = at.checked_sub(number(bits.held(), entry) as usize)?;
            for from in from..from.saturating_add(length).min(from.saturating_add(out.len()).saturating_sub(at)) {
                *out.get_mut(at)? = *out.get(from)?;
                at = at.wrapping_add(1);
            }
        }
        Some(at)
    }

    /// Expands symbols as long as a piece has all their bits and there is room for any of them, to the end of the block at most; gives
    /// where the next one goes.
    // What it needs has the processor's registers for itself.
    #[inline(never)]
    fn run(&self, outside: &mut Held<'_>, out: &mut [u8], mut at: usize) -> Option<usize> {
        let (tables, mut held) = (&self.0, *outside);
        let (literals, distances) = tables.primary()?;
        while out.len().saturating_sub(at) > MARGIN && held.refill() {
            let mut entry = tables::first(literals, held.peek());
            if entry.is(LITERAL) {
                // They come in runs.
                for _ in 0..LITERALS {
                    held.skip(entry.bits());
                    // Where it is one literal, the second byte is overwritten by what comes next.
                    *out.get_mut(at..)?.first_chunk_mut()? = (entry.value() as u16).to_le_bytes();
                    at = at.wrapping_add(entry.literals());
                    entry = tables::first(literals, held.peek());
                    if !entry.is(LITERAL) {
                        break;
                    }
                }
                if entry.is(LITERAL) {
                    continue;
                }
                if !held.refill() {
                    break;
                }
            }
            if entry.is(SUBTABLE | EXCEPTION) {
                if entry.is(SUBTABLE) {
                    entry = tables.longer_literal(entry, held.peek());
                }
                if entry.is(EXCEPTION) {
                    break;
                }
                if entry.is(LITERAL) {
                    held.skip(entry.bits());
                    *out.get_mut(at)? = entry.value() as u8;
                    at = at.wrapping_add(1);
                    continue;
                }
            }
            let length = number(&mut held, entry) as usize;
            let mut entry = tables::first(distances, held.peek());
            if entry.is(SUBTABLE | EXCEPTION) {
                if entry.is(SUBTABLE) {
                    entry = tables.longer_distance(entry, held.peek());
                }
                if entry.is(EXCEPTION) {
                    return None;
                }
            }
            let from = at.checked_sub(number(&mut held, entry) as usize)?;
            let end = at.wrapping_add(length);
            repeat(out, from, at, end)?;
            at = end;
        }
        *outside = held;
        Some(at)
    }
}

/// The number of a length's or distance's code, with its extra bits.
#[inline(always)]
fn number(bits: &mut Held<'_>, entry: Entry) -> u32 {
    let extra = bits.peek() >> entry.code_bits();
    let count = entry.bits().wrapping_sub(entry.code_bits());
    bits.skip(entry.bits());
    entry.value().wrapping_add(extra as u32 & 1_u32.wrapping_shl(count.into()).wrapping_sub(1))
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
