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
    /// Its last piece, the first index lowest.
    piece: u64,
    /// Its length less one, a multiple of [`PIECE`] of which stands before the piece.
    more: u16,
    /// The code of what stands before the piece.
    before: u16,
    /// Its first index.
    first: u8,
}

impl Entry {
    /// The string of this code with one more index.
    const fn longer(self, code: u16, index: u8) -> Self {
        let more = self.more.wrapping_add(1);
        match more as usize % PIECE {
            0 => Self { piece: index as u64, more, before: code, first: self.first },
            place => Self { piece: self.piece | (index as u64).wrapping_shl((place as u32).wrapping_mul(8)), more, ..self },
        }
    }
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
    /// What is left of the current sub-block.
    block: &'a [u8],
    /// The next bits; above the first `count` of them is a part of what comes next, or nothing.
    bits: u64,
    count: u32,
    /// Whether the sub-block without bytes was there.
    ended: bool,
}

impl Bits<'_> {
    /// At least 56 bits, or all that there are.
    #[inline(always)]
    fn refill(&mut self) -> Result<(), Halt> {
        match self.block.split_first_chunk::<8>() {
            Some((eight, _)) => {
                self.bits |= u64::from_le_bytes(*eight).wrapping_shl(self.count);
                let bytes = 63_u32.wrapping_sub(self.count) >> 3;
                self.block = self.block.get(bytes as usize..).unwrap_or_default();
                // As many bytes more as were taken: the lowest three bits stay.
                self.count |= 56;
                Ok(())
            }
            None => self.refill_by_bytes(),
        }
    }

    fn refill_by_bytes(&mut self) -> Result<(), Halt> {
        while self.count <= 56 && !self.ended {
            if let Some((byte, rest)) = self.block.split_first() {
                self.bits |= u64::from(*byte).wrapping_shl(self.count);
                self.count = self.count.wrapping_add(8);
                self.block = rest;
            } else {
                let length = self.data.byte()?;
                self.ended = length == 0;
                self.block = self.data.take(length.into())?;
            }
        }
        Ok(())
    }
}

impl Lzw {
    /// Expands sub-blocks, which are whole, to so many indices, and gives them piece by piece. The code size is in its range.
    pub fn expand(&mut self, data: Reader<'_>, size: u8, count: u64, mut take: impl FnMut(&[u8])) -> Result<Stop, Halt> {
        let (table, buffer) = (&mut *self.table, &mut *self.buffer);
        let (clear, narrow) = (1_usize.wrapping_shl(size.into()), u32::from(size).wrapping_add(1));
        for (index, entry) in (0..=u8::MAX).zip(table.iter_mut()) {
            *entry = Entry { piece: index.into(), more: 0, before: 0, first: index };
        }
        let free = clear.wrapping_add(2);
        let (mut next, mut width, mut last) = (free, narrow, None::<(u16, Entry)>);
        let mut bits = Bits { data, block: &[], bits: 0, count: 0, ended: false };
        let mut left = count;
        loop {
            let most = usize::try_from(left).unwrap_or(FULL).min(FULL);
            let mut at = 0_usize;
            while at < most {
                if bits.count < u32::from(GIF_CODE_BITS_MAX) {
                    bits.refill()?;
                    if bits.count < width {
                        return Ok(Stop::Ended);
                    }
                }
                let code = (bits.bits & 1_u64.wrapping_shl(width).wrapping_sub(1)) as usize;
                bits.bits >>= width;
                bits.count = bits.count.wrapping_sub(width);
                if code.wrapping_sub(clear) < 2 {
                    if code != clear {
                        return Ok(Stop::Ended);
                    }
                    (next, width, last) = (free, narrow, None);
                    continue;
                }
                let entry = match (table.get(code), last) {
                    (Some(entry), _) if code < next => *entry,
                    // The string that is just being made: the one before and its own first index.
                    (Some(_), Some((before, string))) if code == next => string.longer(before, string.first),
                    _ => return Ok(Stop::Nothing),
                };
                if let Some((before, string)) = last
                    && let Some(new) = table.get_mut(next)
                {
                    *new = string.longer(before, entry.first);
                    next = next.wrapping_add(1);
                    width = width.wrapping_add(u32::from(next >> width != 0 && next < CODES));
                }
                put(buffer, table, at, entry);
                at = at.wrapping_add(usize::from(entry.more)).wrapping_add(1);
                last = Some((code as u16, entry));
            }
            // The last string may be longer than what is left.
            let given = at.min(usize::try_from(left).unwrap_or(at));
            take(buffer.get(..given).unwrap_or_default());
            left = left.wrapping_sub(given as u64);
            if left == 0 {
                return Ok(Stop::Whole);
            }
        }
    }
}

/// Writes a string from a place in the buffer on, which is below [`FULL`].
#[inline(always)]
fn put(buffer: &mut [u8; BUFFER], table: &[Entry; CODES], at: usize, entry: Entry) {
    let mut place = usize::from(entry.more) & !(PIECE - 1);
    let (mut piece, mut before) = (entry.piece, entry.before);
    loop {
        let to = buffer.get_mut(at.wrapping_add(place)..).and_then(<[u8]>::first_chunk_mut);
        if let Some(to) = to {
            *to = piece.to_le_bytes();
        }
        if place == 0 {
            return;
        }
        place = place.wrapping_sub(PIECE);
        let shorter = table.get(usize::from(before)).copied().unwrap_or_default();
        (piece, before) = (shorter.piece, shorter.before);
    }
}
