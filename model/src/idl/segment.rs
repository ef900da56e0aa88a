//! A segment of Cap'n Proto, read word by word.
//!
//! A word is 64 bits. A pointer's two lowest bits are its kind: 0 struct, 1 list, 2 far. Bits 2 to 31 of a struct's or list's
//! pointer are the signed distance in words from the word after the pointer; the upper half is the size.

use spec::ErrorCode;

/// A segment, and the words that a reader may still visit.
pub(super) struct Segment {
    words: Vec<u64>,
    left: u64,
}

/// A struct, or an element of a list that is read as one: where its data and pointers stand, in bits and words of the segment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Struct {
    data_bit: u64,
    data_bits: u64,
    pointer_word: u64,
    pointers: u64,
}

const MALFORMED: ErrorCode = ErrorCode::MalformedMessage;

impl Segment {
    pub(super) fn new(bytes: &[u8]) -> Self {
        let words: Vec<u64> = bytes.chunks_exact(8).map(|word| u64::from_le_bytes(word.try_into().expect("eight bytes"))).collect();
        // IDL-D4
        Self { left: words.len() as u64, words }
    }

    /// Visits words: they must be there, and cost as much.
    fn visit(&mut self, start: u64, size: u64) -> Result<(), ErrorCode> {
        let inside = start.checked_add(size).is_some_and(|end| end <= self.words.len() as u64);
        if !inside {
            return Err(MALFORMED);
        }
        self.pay(size)
    }

    fn pay(&mut self, size: u64) -> Result<(), ErrorCode> {
        self.left = self.left.checked_sub(size).ok_or(MALFORMED)?;
        Ok(())
    }

    fn word(&self, index: u64) -> u64 {
        self.words[index as usize]
    }

    /// Where the struct's or list's pointer in `word` at `at` leads to, which is inside the segment or just at its end.
    fn target(&self, at: u64, word: u64) -> Result<u64, ErrorCode> {
        let distance = i64::from(word as u32 as i32 >> 2);
        let target = at as i64 + 1 + distance;
        u64::try_from(target).ok().filter(|target| *target <= self.words.len() as u64).ok_or(MALFORMED)
    }

    /// Follows the pointer at that word: where its object starts, and the pointer that tells its kind and size; `None` for a null
    /// pointer (IDL-D11).
    fn follow(&mut self, at: u64) -> Result<Option<(u64, u64)>, ErrorCode> {
        let word = self.word(at);
        if word == 0 {
            return Ok(None);
        }
        if word & 3 != 2 {
            return Ok(Some((self.target(at, word)?, word)));
        }
        let (double, pad, segment) = (word & 4 != 0, u64::from(word as u32 >> 3), word >> 32);
        if segment != 0 {
            return Err(MALFORMED);
        }
        self.visit(pad, if double { 2 } else { 1 })?;
        let landing = self.word(pad);
        if !double {
            return Ok(Some((self.target(pad, landing)?, landing)));
        }
        if landing >> 32 != 0 {
            return Err(MALFORMED);
        }
        Ok(Some((u64::from(landing as u32 >> 3), self.word(pad + 1))))
    }

    /// The root struct.
    pub(super) fn root(&mut self) -> Result<Struct, ErrorCode> {
        self.visit(0, 1)?;
        self.structure(Some(0))
    }

    /// The struct behind a pointer; an empty one where there is no pointer or a null one (IDL-012).
    pub(super) fn structure(&mut self, at: Option<u64>) -> Result<Struct, ErrorCode> {
        let Some(at) = at else { return Ok(Struct::default()) };
        let Some((start, pointer)) = self.follow(at)? else { return Ok(Struct::default()) };
        if pointer & 3 != 0 {
            return Err(MALFORMED);
        }
        let (data, pointers) = sizes(pointer);
        self.visit(start, data + pointers)?;
        Ok(Struct { data_bit: start * 64, data_bits: data * 64, pointer_word: start + data, pointers })
    }

    /// The bytes behind a pointer to a list of bytes; `None` where there is no pointer or a null one (IDL-012).
    pub(super) fn bytes(&mut self, at: Option<u64>) -> Result<Option<Vec<u8>>, ErrorCode> {
        let Some(at) = at else { return Ok(None) };
        let Some((start, pointer)) = self.follow(at)? else { return Ok(None) };
        // A list whose elements have one byte.
        if pointer & 3 != 1 || pointer >> 32 & 7 != 2 {
            return Err(MALFORMED);
        }
        let count = pointer >> 35;
        self.visit(start, count.div_ceil(8))?;
        let all = self.words[start as usize..].iter().flat_map(|word| word.to_le_bytes());
        Ok(Some(all.take(count as usize).collect()))
    }

    /// The elements behind a pointer to a list, each as a struct; none where there is no pointer or a null one (IDL-012).
    pub(super) fn structures(&mut self, at: Option<u64>) -> Result<Structures, ErrorCode> {
        let Some(at) = at else { return Ok(Structures::default()) };
        let Some((start, pointer)) = self.follow(at)? else { return Ok(Structures::default()) };
        if pointer & 3 != 1 {
            return Err(MALFORMED);
        }
        let (size, count) = (pointer >> 32 & 7, pointer >> 35);
        // Bits and pointers of an element, by the size's number. A list of single bits is none of structs.
        let (bits, pointers) = match size {
            0 => (0, 0),
            1 => return Err(MALFORMED),
            2 => (8, 0),
            3 => (16, 0),
            4 => (32, 0),
            5 => (64, 0),
            6 => (0, 1),
            // The count is of words, and a tag that looks like a struct's pointer gives the number and size of the elements.
            _ => {
                self.visit(start, count + 1)?;
                let tag = self.word(start);
                let elements = u64::from(tag as u32 >> 2);
                let (data, pointers) = sizes(tag);
                if tag & 3 != 0 || elements * (data + pointers) > count {
                    return Err(MALFORMED);
                }
                if data + pointers == 0 {
                    self.pay(elements)?;
                }
                return Ok(Structures { start: start + 1, count: elements, bits: data * 64, pointers });
            }
        };
        self.visit(start, (count * (bits + 64 * pointers)).div_ceil(64))?;
        if size == 0 {
            self.pay(count)?;
        }
        Ok(Structures { start, count, bits, pointers })
    }

    /// An unsigned field of a struct: 0 where the struct is too short for it (IDL-012).
    pub(super) fn field(&self, of: Struct, first_bit: u64, bits: u64) -> u64 {
        if first_bit + bits > of.data_bits {
            return 0;
        }
        let bit = of.data_bit + first_bit;
        let word = self.word(bit / 64) >> (bit % 64);
        if bits == 64 { word } else { word & ((1 << bits) - 1) }
    }
}

/// Words of data and number of pointers.
fn sizes(pointer: u64) -> (u64, u64) {
    (pointer >> 32 & 0xffff, pointer >> 48)
}

impl Struct {
    /// The word of the pointer with that number, if the struct has so many.
    pub(super) fn pointer(self, number: u64) -> Option<u64> {
        (number < self.pointers).then_some(self.pointer_word + number)
    }
}

/// A list of structs, or what is read as one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Structures {
    start: u64,
    pub(super) count: u64,
    bits: u64,
    pointers: u64,
}

impl Structures {
    pub(super) fn element(self, index: u64) -> Struct {
        let data_bit = self.start * 64 + index * (self.bits + 64 * self.pointers);
        Struct { data_bit, data_bits: self.bits, pointer_word: (data_bit + self.bits) / 64, pointers: self.pointers }
    }
}
