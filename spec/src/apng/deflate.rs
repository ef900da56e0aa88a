//! An encoder of zlib data for cases: stored, fixed and dynamic blocks, with matches of simple kinds.

use alloc::vec;
use alloc::vec::Vec;

/// How data are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Blocks of at most so many bytes, at least 1, as they are.
    Stored(u16),
    /// One block of the fixed codes.
    Fixed,
    /// Blocks of codes of their own, for so many bytes each, at least 1.
    Dynamic(u16),
}

/// Smallest length, and extra bits, of each length code.
const LENGTHS: [(u16, u8); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];

/// The order in which the lengths of the code lengths' codes are written.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// A literal, or a match of a length at a distance.
enum Symbol {
    Literal(u8),
    Match(u16, u16),
}

/// The zlib data of bytes.
pub fn zlib(bytes: &[u8], coding: Coding) -> Vec<u8> {
    let mut bits = Bits { out: vec![0x78, 0x01], waiting: 0, count: 0 };
    let size = match coding {
        Coding::Stored(size) | Coding::Dynamic(size) => usize::from(size.max(1)),
        Coding::Fixed => usize::MAX,
    };
    let mut start = 0_usize;
    loop {
        let end = start.saturating_add(size).min(bytes.len());
        let last = end == bytes.len();
        bits.put(u32::from(last), 1);
        match coding {
            Coding::Stored(_) => {
                bits.put(0, 2);
                bits.align();
                let length = (end - start) as u16;
                bits.out.extend_from_slice(&length.to_le_bytes());
                bits.out.extend_from_slice(&(!length).to_le_bytes());
                bits.out.extend_from_slice(&bytes[start..end]);
            }
            Coding::Fixed => {
                bits.put(1, 2);
                let literals: Vec<u8> = (0..288)
                    .map(|code| [8, 9, 7, 8][usize::from(code > 143) + usize::from(code > 255) + usize::from(code > 279)])
                    .collect();
                bits.symbols(&symbols(bytes, start, end), &literals, &[5; 30]);
            }
            Coding::Dynamic(_) => {
                bits.put(2, 2);
                let symbols = symbols(bytes, start, end);
                let (literals, distances) = own_lengths(&symbols);
                bits.tables(&literals, &distances);
                bits.symbols(&symbols, &literals, &distances);
            }
        }
        start = end;
        if last {
            break;
        }
    }
    bits.align();
    let (a, b) = bytes.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    bits.out.extend_from_slice(&(b << 16 | a).to_be_bytes());
    bits.out
}

/// Distances that are tried: a few bytes, some hundreds, and the farthest.
const DISTANCES: [usize; 11] = [1, 2, 3, 4, 5, 7, 12, 33, 200, 700, 32_768];

/// Literals, and matches at [`DISTANCES`], of which the farthest of the longest is taken.
fn symbols(bytes: &[u8], start: usize, end: usize) -> Vec<Symbol> {
    let mut out = Vec::new();
    let mut at = start;
    while at < end {
        let same = |distance: usize| {
            let before = at.checked_sub(distance)?;
            let length = bytes[at..end].iter().zip(&bytes[before..]).take(258).take_while(|(a, b)| a == b).count();
            (length >= 3).then_some((length, distance))
        };
        match DISTANCES.into_iter().filter_map(same).max_by_key(|(length, _)| *length) {
            Some((length, distance)) => {
                out.push(Symbol::Match(length as u16, distance as u16));
                at += length;
            }
            None => {
                out.push(Symbol::Literal(bytes[at]));
                at += 1;
            }
        }
    }
    out
}

/// The code of a length, its extra bits and how many they are.
fn length_code(length: u16) -> (usize, u16, u8) {
    let place = LENGTHS.iter().rposition(|(least, _)| *least <= length).unwrap_or(0);
    let (least, extra) = LENGTHS[place];
    (257 + place, length - least, extra)
}

fn distance_code(distance: u16) -> (usize, u16, u8) {
    let least = |code: u16| if code < 4 { code + 1 } else { (2 + code % 2) * (1 << (code / 2 - 1)) + 1 };
    let code = (0..30).rev().find(|code| least(*code) <= distance).unwrap_or(0);
    (usize::from(code), distance - least(code), (code / 2).saturating_sub(1) as u8)
}

/// Lengths of codes for just these symbols and the end.
fn own_lengths(symbols: &[Symbol]) -> (Vec<u8>, Vec<u8>) {
    let (mut literals, mut distances) = (vec![0_u32; 286], vec![0_u32; 30]);
    literals[256] = 1;
    for symbol in symbols {
        match symbol {
            Symbol::Literal(byte) => literals[usize::from(*byte)] += 1,
            Symbol::Match(length, distance) => {
                literals[length_code(*length).0] += 1;
                distances[distance_code(*distance).0] += 1;
            }
        }
    }
    (lengths(literals, 15), lengths(distances, 15))
}

/// Huffman's lengths, none longer than `longest`: counts are flattened until they fit.
fn lengths(mut counts: Vec<u32>, longest: u8) -> Vec<u8> {
    loop {
        // Each tree is its count and its symbols; joining two makes their symbols one bit longer.
        let mut trees: Vec<(u32, Vec<usize>)> =
            counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(symbol, count)| (*count, vec![symbol])).collect();
        let mut lengths = vec![0_u8; counts.len()];
        if let [(_, only)] = trees.as_slice() {
            lengths[only[0]] = 1;
            return lengths;
        }
        while trees.len() > 1 {
            trees.sort_by_key(|tree| core::cmp::Reverse(tree.0));
            let (Some((one, symbols)), Some((other, more))) = (trees.pop(), trees.pop()) else { break };
            let joined = [symbols, more].concat();
            joined.iter().for_each(|symbol| lengths[*symbol] += 1);
            trees.push((one + other, joined));
        }
        if lengths.iter().all(|length| *length <= longest) {
            return lengths;
        }
        counts.iter_mut().filter(|count| **count > 0).for_each(|count| *count = *count / 2 + 1);
    }
}

/// The canonical codes of lengths.
fn codes(lengths: &[u8]) -> Vec<u32> {
    let mut codes = vec![0; lengths.len()];
    let mut code = 0;
    for length in 1..=15 {
        for (symbol, own) in lengths.iter().enumerate() {
            if *own == length {
                codes[symbol] = code;
                code += 1;
            }
        }
        code <<= 1;
    }
    codes
}

struct Bits {
    out: Vec<u8>,
    waiting: u64,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        self.waiting |= u64::from(value) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.out.push(self.waiting as u8);
            self.waiting >>= 8;
            self.count -= 8;
        }
    }

    fn align(&mut self) {
        if self.count > 0 {
            self.put(0, 8 - self.count);
        }
    }

    /// A Huffman code, whose first bit is its highest.
    fn code(&mut self, codes: &[u32], lengths: &[u8], symbol: usize) {
        let length = u32::from(lengths[symbol]);
        self.put(codes[symbol].reverse_bits() >> (32 - length.max(1)), length);
    }

    fn symbols(&mut self, symbols: &[Symbol], literals: &[u8], distances: &[u8]) {
        let (literal_codes, distance_codes) = (codes(literals), codes(distances));
        for symbol in symbols {
            match symbol {
                Symbol::Literal(byte) => self.code(&literal_codes, literals, usize::from(*byte)),
                Symbol::Match(length, distance) => {
                    let (code, more, extra) = length_code(*length);
                    self.code(&literal_codes, literals, code);
                    self.put(more.into(), extra.into());
                    let (code, more, extra) = distance_code(*distance);
                    self.code(&distance_codes, distances, code);
                    self.put(more.into(), extra.into());
                }
            }
        }
        self.code(&literal_codes, literals, 256);
    }

    /// The lengths of a block's own codes: runs are written as repeats.
    fn tables(&mut self, literals: &[u8], distances: &[u8]) {
        let all = [literals, distances].concat();
        let mut runs: Vec<(usize, u32, u32)> = Vec::new();
        let mut at = 0;
        while at < all.len() {
            let run = all[at..].iter().take_while(|length| **length == all[at]).count();
            let (symbol, taken, more, bits) = match (all[at], run) {
                (0, 11..) => (18, run.min(138), run.min(138) - 11, 7),
                (0, 3..) => (17, run.min(10), run.min(10) - 3, 3),
                (length, 4..) => {
                    runs.push((usize::from(length), 0, 0));
                    at += 1;
                    (16, (run - 1).min(6), (run - 1).min(6) - 3, 2)
                }
                (length, _) => (usize::from(length), 1, 0, 0),
            };
            runs.push((symbol, more as u32, bits));
            at += taken;
        }
        let mut counts = vec![0_u32; 19];
        // A table of code lengths has to be complete, and one of a single code is not.
        (counts[0], counts[1]) = (1, 1);
        runs.iter().for_each(|(symbol, _, _)| counts[*symbol] += 1);
        let own = lengths(counts, 7);
        let codes = codes(&own);
        self.put(literals.len() as u32 - 257, 5);
        self.put(distances.len() as u32 - 1, 5);
        self.put(15, 4);
        ORDER.iter().for_each(|symbol| self.put(own[*symbol].into(), 3));
        for (symbol, more, bits) in runs {
            self.code(&codes, &own, symbol);
            self.put(more, bits);
        }
    }
}
