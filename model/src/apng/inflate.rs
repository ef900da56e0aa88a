//! Zlib and deflate by RFC 1950 and 1951, bit by bit.

/// The first `count` bytes of zlib data; nothing where they can't be had.
pub(super) fn zlib(data: &[u8], count: usize) -> Option<Vec<u8>> {
    let (method, flags) = (*data.first()?, *data.get(1)?);
    let right = method & 15 == 8 && method >> 4 <= 7 && (u32::from(method) * 256 + u32::from(flags)) % 31 == 0 && flags & 0x20 == 0;
    if !right {
        return None;
    }
    let mut bits = Bits { data: &data[2..], at: 0 };
    let mut out = Vec::new();
    while out.len() < count {
        let last = bits.take(1)? == 1;
        match bits.take(2)? {
            0 => stored(&mut bits, &mut out, count)?,
            1 => {
                let literals: Vec<u8> = (0..288)
                    .map(|code| {
                        if code < 144 {
                            8
                        } else if code < 256 {
                            9
                        } else if code < 280 {
                            7
                        } else {
                            8
                        }
                    })
                    .collect();
                symbols(&mut bits, &Codes::new(&literals)?, &Codes::new(&[5; 32])?, &mut out, count)?;
            }
            2 => {
                let (literals, distances) = own_codes(&mut bits)?;
                symbols(&mut bits, &literals, &distances, &mut out, count)?;
            }
            _ => return None,
        }
        if last && out.len() < count {
            return None;
        }
    }
    out.truncate(count);
    Some(out)
}

struct Bits<'a> {
    data: &'a [u8],
    /// In bits.
    at: usize,
}

impl Bits<'_> {
    /// A number of so many bits, the lowest first.
    fn take(&mut self, count: u32) -> Option<u32> {
        (0..count).try_fold(0, |number, place| {
            let byte = self.data.get(self.at / 8)?;
            let bit = u32::from(byte >> (self.at % 8) & 1);
            self.at += 1;
            Some(number | bit << place)
        })
    }
}

/// Huffman's codes: how many there are of each length, and their symbols in order.
struct Codes {
    counts: [u32; 16],
    symbols: Vec<u16>,
}

impl Codes {
    /// The codes of these lengths, unless there are too many or too few of them (APNG-D8).
    fn new(lengths: &[u8]) -> Option<Self> {
        let mut counts = [0; 16];
        let mut symbols = Vec::new();
        for length in 1..16 {
            let of_length = lengths.iter().enumerate().filter(|(_, own)| usize::from(**own) == length);
            symbols.extend(of_length.map(|(symbol, _)| symbol as u16));
            counts[length] = symbols.len() as u32 - counts[..length].iter().sum::<u32>();
        }
        let mut left = 1_i32;
        for count in &counts[1..] {
            left = left * 2 - *count as i32;
            if left < 0 {
                return None;
            }
        }
        let longest = lengths.iter().max().copied().unwrap_or(0);
        (left == 0 || longest <= 1).then_some(Self { counts, symbols })
    }

    fn symbol(&self, bits: &mut Bits<'_>) -> Option<u16> {
        let (mut code, mut first, mut index) = (0, 0, 0);
        for count in &self.counts[1..] {
            code |= bits.take(1)?;
            if code < first + count {
                return self.symbols.get((index + code - first) as usize).copied();
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }
}

fn stored(bits: &mut Bits<'_>, out: &mut Vec<u8>, count: usize) -> Option<()> {
    bits.at = bits.at.next_multiple_of(8);
    let (length, inverse) = (bits.take(16)?, bits.take(16)?);
    if length != !inverse & 0xffff {
        return None;
    }
    for _ in 0..length {
        if out.len() < count {
            out.push(bits.take(8)? as u8);
        }
    }
    Some(())
}

/// The two tables of a block that has its own.
fn own_codes(bits: &mut Bits<'_>) -> Option<(Codes, Codes)> {
    let (literals, distances, lengths) = (257 + bits.take(5)? as usize, 1 + bits.take(5)? as usize, 4 + bits.take(4)?);
    if literals > 286 || distances > 30 {
        return None;
    }
    let mut own = [0; 19];
    for place in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15].into_iter().take(lengths as usize) {
        own[place] = bits.take(3)? as u8;
    }
    let codes = Codes::new(&own)?;
    // These are complete, however short.
    if codes.counts.iter().zip(0..).map(|(count, length)| count << (15 - length)).sum::<u32>() != 1 << 15 {
        return None;
    }
    let mut all: Vec<u8> = Vec::new();
    while all.len() < literals + distances {
        let (value, times) = match codes.symbol(bits)? {
            16 => (*all.last()?, 3 + bits.take(2)?),
            17 => (0, 3 + bits.take(3)?),
            18 => (0, 11 + bits.take(7)?),
            length => (length as u8, 1),
        };
        all.extend((0..times).map(|_| value));
    }
    if all.len() > literals + distances {
        return None;
    }
    Some((Codes::new(&all[..literals])?, Codes::new(&all[literals..])?))
}

/// The smallest value and the extra bits of length codes from 257 on.
fn length(code: u16, bits: &mut Bits<'_>) -> Option<usize> {
    let code = u32::from(code).checked_sub(257)?;
    Some(match code {
        0..=7 => 3 + code as usize,
        8..=27 => {
            let extra = code / 4 - 1;
            (3 + ((4 + code % 4) << extra) + bits.take(extra)?) as usize
        }
        28 => 258,
        _ => return None,
    })
}

fn distance(code: u16, bits: &mut Bits<'_>) -> Option<usize> {
    let code = u32::from(code);
    Some(match code {
        0..=3 => 1 + code as usize,
        4..=29 => {
            let extra = code / 2 - 1;
            (1 + ((2 + code % 2) << extra) + bits.take(extra)?) as usize
        }
        _ => return None,
    })
}

/// The symbols of a block to its end, or to the last byte that is asked for.
fn symbols(bits: &mut Bits<'_>, literals: &Codes, distances: &Codes, out: &mut Vec<u8>, count: usize) -> Option<()> {
    while out.len() < count {
        match literals.symbol(bits)? {
            256 => return Some(()),
            literal @ 0..=255 => out.push(literal as u8),
            code => {
                let length = length(code, bits)?;
                let distance = distances.symbol(bits).and_then(|code| distance(code, bits))?;
                for _ in 0..length {
                    let byte = *out.get(out.len().checked_sub(distance)?)?;
                    out.push(byte);
                }
            }
        }
    }
    Some(())
}
