//! LZW as GIF has it: codes of 3 to 12 bits, the lowest bit first, become strings of indices.
//!
//! A string is kept as its last piece of up to eight indices and the code of what stands before it, so that eight indices are written at
//! a time. A piece is written whole; what is too much of it is overwritten by the next string, or lies in the slack behind the buffer.

use crate::reader::{Halt, Reader};
use alloc::boxed::Box;
use alloc::vec;
use core::fmt;
use spec::gif::GIF_CODE_BITS_MAX;

/// Entries of a full table.
const CODES: usize = 1 << GIF_CODE_BITS_MAX;

/// Indices of a piece.
const PIECE: usize = 8;

/// Indices from which on the buffer is emptied.
const FULL: usize = 4_096;

/// The buffer: below [`FULL`] one more string of any length has its place, and its last piece.
const BUFFER: usize = FULL + CODES + PIECE;

/// A string of indices.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    /// Its last piece, the first index lowest, and the lower half of it first: twelve bytes an entry leave more of them in the cache.
    piece: [u32; 2],
    /// Its first index in the lowest byte, the code of what stands before the piece in the next twelve bits, and in the highest its length
    /// less one, a multiple of [`PIECE`] of which stands before the piece.
    rest: u32,
}

/// Where the code of what stands before has its bits, and the length.
const BEFORE: u32 = 8;
const MORE: u32 = 20;

impl Entry {
    const fn single(index: u8) -> Self {
        Self { piece: [index as u32, 0], rest: index as u32 }
    }

    #[inline(always)]
    const fn piece(self) -> u64 {
        let [low, high] = self.piece;
        low as u64 | (high as u64) << 32
    }

    #[inline(always)]
    const fn first(self) -> u8 {
        self.rest as u8
    }

    #[inline(always)]
    const fn before(self) -> usize {
        (self.rest >> BEFORE) as usize & (CODES - 1)
    }

    /// Its length less one.
    #[inline(always)]
    const fn more(self) -> usize {
        (self.rest >> MORE) as usize
    }

    /// The string of this code with one more index.
    #[inline(always)]
    const fn longer(self, code: usize, index: u8) -> Self {
        // Strings of one table have different lengths but one, so that twelve bits hold each.
        let rest = self.rest.wrapping_add(1 << MORE);
        match (rest >> MORE) as usize % PIECE {
            0 => Self { piece: halves(index as u64), rest: rest & !(((CODES - 1) as u32) << BEFORE) | (code as u32) << BEFORE },
            place => Self { piece: halves(self.piece() | (index as u64).wrapping_shl((place as u32).wrapping_mul(8))), rest },
        }
    }
}

#[inline(always)]
const fn halves(piece: u64) -> [u32; 2] {
    [piece as u32, (piece >> 32) as u32]
}

/// Why no more indices come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// All that were asked for are there.
    Whole,
    /// The data end before.
    Ended,
    /// A code stands for nothing.
    Nothing,
}

/// The table and the buffer of a decoder, whose sizes do not depend on a stream.
pub(super) struct Lzw {
    table: Box<[Entry; CODES]>,
    buffer: Box<[u8; BUFFER]>,
}

impl Default for Lzw {
    fn default() -> Self {
        // By way of the heap: a task's stack has no room for them.
        let table = vec![Entry::default(); CODES].try_into();
        let buffer = vec![0; BUFFER].try_into();
        Self {
            table: table.unwrap_or_else(|_| Box::new([Entry::default(); CODES])),
            buffer: buffer.unwrap_or_else(|_| Box::new([0; BUFFER])),
        }
    }
}

impl fmt::Debug for Lzw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lzw").finish_non_exhaustive()
    }
}

/// Bits of sub-blocks, the lowest first.
struct Bits<'a> {
    data: Reader<'a>,
    held: Held<'a>,
    /// Whether the sub-block without bytes was there.
    ended: bool,
}

/// What is held of the data: the next bits, and a sub-block that they are taken from.
#[derive(Clone, Copy)]
struct Held<'a> {
    /// The current sub-block, and how much of it was taken.
    block: &'a [u8],
    at: usize,
    /// The next bits; above the first `count` of them is a part of what comes next, or nothing.
    bits: u64,
    count: u32,
}

impl Held<'_> {
    /// Makes sure that at least 56 bits are there, unless the sub-block ends; says whether they are.
    #[inline(always)]
    fn refill(&mut self) -> bool {
        let Some(eight) = self.block.get(self.at..).and_then(<[u8]>::first_chunk::<8>) else { return false };
        self.bits |= u64::from_le_bytes(*eight).wrapping_shl(self.count);
        self.at = self.at.wrapping_add((63_u32.wrapping_sub(self.count) >> 3) as usize);
        // As many bytes more as were taken: the lowest three bits stay.
        self.count |= 56;
        true
    }
}

impl Bits<'_> {
    /// Makes sure that at least 56 bits are there, or all that there are.
    fn refill(&mut self) -> Result<(), Halt> {
        let held = &mut self.held;
        while held.count <= 56 && !self.ended {
            if let Some(byte) = held.block.get(held.at) {
                held.bits |= u64::from(*byte).wrapping_shl(held.count);
                held.count = held.count.wrapping_add(8);
                held.at = held.at.wrapping_add(1);
            } else {
                let length = self.data.byte()?;
                self.ended = length == 0;
                (held.block, held.at) = (self.data.take(length.into())?, 0);
            }
        }
        Ok(())
    }
}

/// The codes of a decoder.
#[derive(Clone, Copy)]
struct Codes {
    /// The code that clears the table.
    clear: usize,
    /// The code that the next string gets, and how many bits a code has.
    next: usize,
    width: u32,
    /// The code before.
    last: usize,
}

impl Codes {
    /// Before the first code that uses the table anew: the string that it seems to make gets the code of the end, which nobody looks up.
    #[inline(always)]
    const fn cleared(clear: usize) -> Self {
        Self { clear, next: clear.wrapping_add(1), width: clear.trailing_zeros().wrapping_add(1), last: 0 }
    }
}

impl Lzw {
    /// Expands sub-blocks, which are whole, to so many indices, and gives them piece by piece. The code size is in its range.
    pub fn expand(&mut self, data: Reader<'_>, size: u8, count: u64, mut take: impl FnMut(&[u8])) -> Result<Stop, Halt> {
        for (index, entry) in (0..=u8::MAX).zip(self.table.iter_mut()) {
            *entry = Entry::single(index);
        }
        let mut bits = Bits { data, held: Held { block: &[], at: 0, bits: 0, count: 0 }, ended: false };
        let mut codes = Codes::cleared(1_usize.wrapping_shl(size.into()));
        let mut left = count;
        loop {
            let most = usize::try_from(left).unwrap_or(FULL).min(FULL);
            let mut at = 0;
            while at < most {
                bits.refill()?;
                if bits.held.count < codes.width {
                    return Ok(Stop::Ended);
                }
                at = match self.run(&mut bits.held, &mut codes, at, most) {
                    Ok(at) => at,
                    Err(stop) => return Ok(stop),
                };
            }
            // The last string may be longer than what is left.
            let given = at.min(usize::try_from(left).unwrap_or(at));
            take(self.buffer.get(..given).unwrap_or_default());
            left = left.wrapping_sub(given as u64);
            if left == 0 {
                return Ok(Stop::Whole);
            }
        }
    }

    /// Writes strings to the buffer as long as a sub-block has all bits of their codes, up to so many indices, and what the last string
    /// has more; gives how many these are.
    // What it needs has the processor's registers for itself.
    #[inline(never)]
    fn run(&mut self, outside: &mut Held<'_>, codes: &mut Codes, mut at: usize, most: usize) -> Result<usize, Stop> {
        let (table, buffer) = (&mut *self.table, &mut *self.buffer);
        let (mut held, Codes { clear, mut next, mut width, mut last }) = (*outside, *codes);
        while at < most {
            if held.count < u32::from(GIF_CODE_BITS_MAX) && !held.refill() && held.count < width {
                break;
            }
            let code = (held.bits & 1_u64.wrapping_shl(width).wrapping_sub(1)) as usize & (CODES - 1);
            held.bits = held.bits.wrapping_shr(width);
            held.count = held.count.wrapping_sub(width);
            if code.wrapping_sub(clear) < 2 {
                if code != clear {
                    return Err(Stop::Ended);
                }
                Codes { next, width, last, .. } = Codes::cleared(clear);
                continue;
            }
            // Either a string that there is, or the one that is just being made: the one before and its own first index.
            let begins = match code {
                code if code < next => code,
                code if code == next => last,
                _ => return Err(Stop::Nothing),
            };
            let new = of(table, last).longer(last, of(table, begins).first());
            if let Some(entry) = table.get_mut(next) {
                *entry = new;
                next = next.wrapping_add(1);
                width = width.wrapping_add((next >> width) as u32).min(GIF_CODE_BITS_MAX.into());
            }
            // Looked up again, which is quicker than to choose between the two.
            at = put(buffer, table, at, code);
            last = code;
        }
        (*outside, *codes) = (held, Codes { clear, next, width, last });
        Ok(at)
    }
}

#[inline(always)]
fn of(table: &[Entry; CODES], code: usize) -> Entry {
    table.get(code).copied().unwrap_or_default()
}

/// Writes the string of a code from a place in the buffer on, which is below [`FULL`]; gives the place behind it.
#[inline(always)]
fn put(buffer: &mut [u8; BUFFER], table: &[Entry; CODES], at: usize, code: usize) -> usize {
    let mut entry = of(table, code);
    let end = at.wrapping_add(entry.more()).wrapping_add(1);
    let mut place = at.wrapping_add(entry.more() & !(PIECE - 1));
    loop {
        if let Some(to) = buffer.get_mut(place..).and_then(<[u8]>::first_chunk_mut) {
            *to = entry.piece().to_le_bytes();
        }
        if place <= at {
            return end;
        }
        place = place.wrapping_sub(PIECE);
        entry = of(table, entry.before());
    }
}
