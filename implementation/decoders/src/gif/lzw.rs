//! LZW as GIF has it: codes of 3 to 12 bits, the lowest bit first, become strings of indices.
//!
//! The string of a new code is the one before and the first index behind it, which lie side by side where indices are kept: a code is a
//! place there and a length. So that what is kept has a bound, of a long string only its last piece is kept, with the code of what stands
//! before it.

use crate::bits::{Bits, Held};
use alloc::boxed::Box;
use alloc::vec;
use core::fmt;
use spec::gif::GIF_CODE_BITS_MAX;

/// Bits of the longest codes, and entries of a full table.
const WIDTH_MAX: u8 = GIF_CODE_BITS_MAX as u8;
const CODES: usize = 1 << GIF_CODE_BITS_MAX;

/// Indices of a piece of a long string, and what is copied at a time; what is too much of them is overwritten by the next string.
const PIECE: usize = 16;

/// Where the kept indices begin: before them stand the strings of one index, in their order.
const START: usize = 256 + PIECE;

/// Where the kept indices end and the buffer begins. Each code that adds a string to the table keeps at most its first index and what its
/// last piece has, unless that is full.
const BUFFER: usize = START + CODES * PIECE + 2 * PIECE;

/// Where the first index of the string before is while the buffer is empty.
const FIRST: usize = BUFFER - 1;

/// Indices from which on the buffer is emptied, and its end: before it one more string of any length has its place, with what is copied
/// too much.
const FULL: usize = 2_048;
const ROOM: usize = BUFFER + FULL + CODES + PIECE;

/// A string of indices: where its last piece begins, and in the highest twelve bits its length less one, a multiple of [`PIECE`] of which
/// stands before the piece.
#[derive(Clone, Copy, Debug, Default)]
struct Entry(u32);

/// Where the length has its bits.
const MORE: u32 = 20;

impl Entry {
    /// A string of its last piece and this length less one, which is below that of a table.
    #[inline(always)]
    const fn new(place: usize, more: usize) -> Self {
        Self(place as u32 | (more as u32) << MORE)
    }

    #[inline(always)]
    const fn place(self) -> usize {
        (self.0 & ((1 << MORE) - 1)) as usize
    }

    /// Its length less one.
    #[inline(always)]
    const fn more(self) -> usize {
        (self.0 >> MORE) as usize
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

/// The codes of a decoder.
#[derive(Clone, Copy)]
struct Codes {
    /// The code that clears the table.
    clear: usize,
    /// The code that the next string gets, and how many bits a code has.
    next: usize,
    width: u8,
    /// The next code with which they have one bit more.
    wider: usize,
    /// That string, which has its last index when the next code is expanded.
    new: Entry,
    /// Where the next index is kept.
    keep: usize,
}

impl Codes {
    /// Before the first code that uses the table anew: the string that it seems to make gets the code of the end, which nobody looks up.
    #[inline(always)]
    const fn cleared(clear: usize) -> Self {
        let width = (clear.trailing_zeros() as u8).wrapping_add(1);
        let wider = 1_usize.wrapping_shl(width as u32);
        Self { clear, next: clear.wrapping_add(1), width, wider, new: Entry(0), keep: START }
    }
}

/// The table and the buffers of a decoder, whose sizes do not depend on a stream.
pub(super) struct Lzw {
    table: Box<[Entry; CODES]>,
    /// The codes of what stands before the last pieces of long strings.
    before: Box<[u16; CODES]>,
    /// The kept indices, and behind them the buffer.
    room: Box<[u8; ROOM]>,
}

impl Default for Lzw {
    fn default() -> Self {
        // By way of the heap: a task's stack has no room for them.
        let table = vec![Entry::default(); CODES].try_into();
        let before = vec![0; CODES].try_into();
        let room = vec![0; ROOM].try_into();
        let mut room: Box<[u8; ROOM]> = room.unwrap_or_else(|_| Box::new([0; ROOM]));
        for (index, place) in (0..=u8::MAX).zip(room.iter_mut()) {
            *place = index;
        }
        Self {
            table: table.unwrap_or_else(|_| Box::new([Entry::default(); CODES])),
            before: before.unwrap_or_else(|_| Box::new([0; CODES])),
            room,
        }
    }
}

impl fmt::Debug for Lzw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lzw").finish_non_exhaustive()
    }
}

impl Lzw {
    /// Expands pieces of data to so many indices, and gives them part by part. The code size is in its range.
    pub fn expand<'a>(&mut self, pieces: impl Iterator<Item = &'a [u8]>, size: u8, count: u64, mut take: impl FnMut(&[u8])) -> Stop {
        for (index, entry) in self.table.iter_mut().enumerate().take(256) {
            *entry = Entry::new(index, 0);
        }
        let mut bits = Bits::new(pieces);
        let mut codes = Codes::cleared(1_usize.wrapping_shl(size.into()));
        let mut left = count;
        while left > 0 {
            let most = BUFFER.wrapping_add(usize::try_from(left).unwrap_or(FULL).min(FULL));
            let mut at = BUFFER;
            while at < most {
                bits.refill();
                if bits.count() < codes.width {
                    return Stop::Ended;
                }
                at = match self.run(bits.held(), &mut codes, at, most) {
                    Ok(at) => at,
                    Err(stop) => return stop,
                };
            }
            let first = self.room.get(at.wrapping_sub(codes.new.more())).copied().unwrap_or_default();
            set(&mut self.room, FIRST, first);
            // The last string may be longer than what is left.
            let given = self.room.get(BUFFER..at).unwrap_or_default();
            let given = given.get(..usize::try_from(left).unwrap_or(usize::MAX)).unwrap_or(given);
            take(given);
            left = left.wrapping_sub(given.len() as u64);
        }
        Stop::Whole
    }

    /// Writes strings to the buffer as long as a piece of data has all bits of their codes, up to so many indices, and what the last
    /// string has more; gives how many these are.
    // What it needs has the processor's registers for itself.
    #[inline(never)]
    fn run(&mut self, outside: &mut Held<'_>, codes: &mut Codes, mut at: usize, most: usize) -> Result<usize, Stop> {
        let (table, before, room) = (&mut *self.table, &mut *self.before, &mut *self.room);
        let (mut held, Codes { clear, mut next, mut width, mut wider, mut new, mut keep }) = (*outside, *codes);
        while at < most {
            if held.count() < WIDTH_MAX && !held.refill() && held.count() < width {
                break;
            }
            let code = (held.peek() & 1_u64.wrapping_shl(width.into()).wrapping_sub(1)) as usize & (CODES - 1);
            held.skip(width);
            if code.wrapping_sub(clear) < 2 {
                if code != clear {
                    return Err(Stop::Ended);
                }
                Codes { next, width, wider, new, keep, .. } = Codes::cleared(clear);
                break;
            }
            if code > next {
                return Err(Stop::Nothing);
            }
            let newest = code == next;
            // All bits, or none once the table is full and nothing needs to be kept.
            let mut keeps = 0;
            if let Some(entry) = table.get_mut(next) {
                *entry = new;
                keeps = usize::MAX;
                next = next.wrapping_add(1);
                if next == wider {
                    (width, wider) = grown(width);
                }
            }
            let entry = of(table, code);
            let more = entry.more();
            if more < PIECE - 1 && !newest {
                let string: [u8; PIECE] = piece(room, entry.place());
                put(room, at, string);
                put(room, keep, string);
                new = Entry::new(keep, more.wrapping_add(1));
                keep = keep.wrapping_add(more.wrapping_add(1) & keeps);
            } else {
                let after;
                // The newest string ends with the first index of the one before, which was not there yet when it was kept.
                let end = match (newest, at) {
                    (false, _) => usize::MAX,
                    (true, BUFFER) => FIRST,
                    (true, at) => at.wrapping_sub(new.more()),
                };
                (new, after) = long(table, before, room, (code, next, end), keep, at);
                keep = keep.wrapping_add(after.wrapping_sub(keep) & keeps);
            }
            at = at.wrapping_add(more).wrapping_add(1);
        }
        (*outside, *codes) = (held, Codes { clear, next, width, wider, new, keep });
        Ok(at)
    }
}

/// Writes the string of a code that is the newest, or whose next one may need another piece, to a place in the buffer, and keeps what is
/// needed of it; gives the string that begins with it, which the next code gets, and where indices are kept then. The place of the
/// string's last index is one without any where it is kept already.
// All in all as many numbers as registers have room for.
#[inline(never)]
fn long(
    table: &[Entry; CODES],
    before: &mut [u16; CODES],
    room: &mut [u8; ROOM],
    (code, next, end): (usize, usize, usize),
    mut keep: usize,
    at: usize,
) -> (Entry, usize) {
    let whole = of(table, code);
    let more = whole.more();
    let mut last: [u8; PIECE] = piece(room, whole.place());
    if let Some(end) = room.get(end).copied() {
        // Not in the buffer, whose sixteen bytes would then not be read as they were written, which takes longer.
        let shift = ((more % PIECE) as u32).wrapping_mul(8);
        last = (u128::from_le_bytes(last) & !0xff_u128.wrapping_shl(shift) | u128::from(end).wrapping_shl(shift)).to_le_bytes();
    }
    let mut place = at.wrapping_add(more & !(PIECE - 1));
    put(room, place, last);
    let (mut part, mut string) = (code, last);
    while place != at {
        place = place.wrapping_sub(PIECE);
        part = front(before, part);
        string = piece(room, of(table, part).place());
        put(room, place, string);
    }
    let length = more.wrapping_add(1);
    if length >= PIECE {
        // The string before ends with its first index; a shorter one is kept with it.
        let [first, ..] = string;
        set(room, keep, first);
        keep = keep.wrapping_add(1);
    }
    // The next index begins a piece, or belongs to this one.
    let (front, tail) = match length % PIECE {
        0 => (code, 0),
        tail => {
            put(room, keep, last);
            (front(before, code), tail)
        }
    };
    if let Some(place) = before.get_mut(next) {
        *place = front as u16;
    }
    (Entry::new(keep, length), keep.wrapping_add(tail))
}

/// The code of what stands before the last piece of a long string.
#[inline(always)]
fn front(before: &[u16; CODES], code: usize) -> usize {
    before.get(code).copied().unwrap_or_default().into()
}

/// One bit more, and the code that is the next one when there are more again. The longest codes stay when the table is full.
#[cold]
const fn grown(width: u8) -> (u8, usize) {
    let width = width.wrapping_add(1);
    if width > WIDTH_MAX { (WIDTH_MAX, usize::MAX) } else { (width, 1_usize.wrapping_shl(width as u32)) }
}

#[inline(always)]
fn of(table: &[Entry; CODES], code: usize) -> Entry {
    table.get(code).copied().unwrap_or_default()
}

#[inline(always)]
fn piece<const COUNT: usize>(indices: &[u8; ROOM], at: usize) -> [u8; COUNT] {
    indices.get(at..).and_then(<[u8]>::first_chunk).copied().unwrap_or([0; COUNT])
}

#[inline(always)]
fn put<const COUNT: usize>(indices: &mut [u8; ROOM], at: usize, piece: [u8; COUNT]) {
    if let Some(place) = indices.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
        *place = piece;
    }
}

#[inline(always)]
fn set(indices: &mut [u8; ROOM], at: usize, index: u8) {
    if let Some(place) = indices.get_mut(at) {
        *place = index;
    }
}
