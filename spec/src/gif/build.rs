//! An encoder of GIF streams for cases: it writes whatever it is told, right or wrong.

use super::{GIF_CODE_BITS_MAX, GIF_CODE_SIZE_MAX, GIF_CODE_SIZE_MIN};
use alloc::vec;
use alloc::vec::Vec;

/// Bits of the longest code.
const LONGEST: u8 = GIF_CODE_BITS_MAX as u8;

/// A stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Animation {
    /// The first six bytes.
    pub signature: [u8; 6],
    /// Width of the screen.
    pub width: u16,
    /// Height of the screen.
    pub height: u16,
    /// The global palette, padded with black to a power of two; empty for none.
    pub palette: Vec<[u8; 3]>,
    /// The frames.
    pub images: Vec<Image>,
    /// What stands in front of the trailer.
    pub last: Vec<Extension>,
    /// Whether there is a trailer.
    pub trailer: bool,
}

/// A frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// What stands in front of it.
    pub before: Vec<Extension>,
    /// Left edge.
    pub left: u16,
    /// Top edge.
    pub top: u16,
    /// Width.
    pub width: u16,
    /// Height.
    pub height: u16,
    /// Whether its rows are interlaced.
    pub interlaced: bool,
    /// Its own palette, padded with black to a power of two; empty for none.
    pub palette: Vec<[u8; 3]>,
    /// The code size that it says.
    pub code_size: u8,
    /// Its LZW data.
    pub data: Vec<u8>,
    /// Longest sub-block of it.
    pub block: u8,
}

/// A block that is no image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extension {
    /// A graphic control.
    Control {
        /// What becomes of the frame.
        disposal: u8,
        /// The transparent index, where there is one.
        transparent: Option<u8>,
        /// Hundredths of a second.
        delay: u16,
    },
    /// How often the frames are repeated.
    Loop {
        /// Eleven bytes that say whose extension this is.
        name: [u8; 11],
        /// The count.
        count: u16,
    },
    /// Any label and any sub-blocks, the end included.
    Other {
        /// The label.
        label: u8,
        /// Sub-blocks as they are.
        bytes: Vec<u8>,
    },
    /// Bytes as they are, which may be no block at all.
    Raw(Vec<u8>),
}

impl Animation {
    /// An empty stream of a screen with a palette.
    pub fn new(width: u16, height: u16, palette: &[[u8; 3]]) -> Self {
        let (images, last) = (Vec::new(), Vec::new());
        Self { signature: *b"GIF89a", width, height, palette: palette.to_vec(), images, last, trailer: true }
    }

    /// The same with one more frame.
    pub fn with(mut self, image: Image) -> Self {
        self.images.push(image);
        self
    }

    /// The bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = self.signature.to_vec();
        out.extend_from_slice(&self.width.to_le_bytes());
        out.extend_from_slice(&self.height.to_le_bytes());
        out.extend_from_slice(&[palette_flags(&self.palette), 0, 0]);
        put_palette(&self.palette, &mut out);
        for image in &self.images {
            image.before.iter().for_each(|extension| extension.put(&mut out));
            image.put(&mut out);
        }
        self.last.iter().for_each(|extension| extension.put(&mut out));
        if self.trailer {
            out.push(0x3b);
        }
        out
    }
}

impl Image {
    /// A frame at the left top of these indices from the left, from the top, in codes of that size.
    pub fn new(width: u16, height: u16, code_size: u8, indices: &[u8]) -> Self {
        Self {
            before: Vec::new(),
            left: 0,
            top: 0,
            width,
            height,
            interlaced: false,
            palette: Vec::new(),
            code_size,
            data: lzw(indices, code_size, true, 0, true),
            block: 255,
        }
    }

    /// The same at another place.
    pub fn at(self, left: u16, top: u16) -> Self {
        Self { left, top, ..self }
    }

    /// The same with a block in front.
    pub fn after(mut self, extension: Extension) -> Self {
        self.before.push(extension);
        self
    }

    /// The same with a graphic control in front.
    pub fn controlled(self, disposal: u8, transparent: Option<u8>, delay: u16) -> Self {
        self.after(Extension::Control { disposal, transparent, delay })
    }

    fn put(&self, out: &mut Vec<u8>) {
        out.push(0x2c);
        for number in [self.left, self.top, self.width, self.height] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.push(palette_flags(&self.palette) | u8::from(self.interlaced) << 6);
        put_palette(&self.palette, out);
        out.push(self.code_size);
        sub_blocks(&self.data, self.block, out);
    }
}

impl Extension {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Control { disposal, transparent, delay } => {
                out.extend_from_slice(&[0x21, 0xf9, 4, (disposal & 7) << 2 | u8::from(transparent.is_some())]);
                out.extend_from_slice(&delay.to_le_bytes());
                out.extend_from_slice(&[transparent.unwrap_or(0), 0]);
            }
            Self::Loop { name, count } => {
                out.extend_from_slice(&[0x21, 0xff, 11]);
                out.extend_from_slice(name);
                out.extend_from_slice(&[3, 1]);
                out.extend_from_slice(&count.to_le_bytes());
                out.push(0);
            }
            Self::Other { label, bytes } => {
                out.extend_from_slice(&[0x21, *label]);
                out.extend_from_slice(bytes);
            }
            Self::Raw(bytes) => out.extend_from_slice(bytes),
        }
    }
}

/// The entries of a palette as a stream counts them: the exponent, less one.
fn palette_bits(palette: &[[u8; 3]]) -> u8 {
    (1..8).find(|bits| palette.len() <= 1 << bits).unwrap_or(8) - 1
}

fn palette_flags(palette: &[[u8; 3]]) -> u8 {
    if palette.is_empty() { 0 } else { 0x80 | palette_bits(palette) }
}

fn put_palette(palette: &[[u8; 3]], out: &mut Vec<u8>) {
    if !palette.is_empty() {
        let entries = 2_usize << palette_bits(palette);
        (0..entries).for_each(|place| out.extend_from_slice(palette.get(place).unwrap_or(&[0; 3])));
    }
}

/// Bytes as sub-blocks of at most so many, at least 1, and their end.
pub fn sub_blocks(bytes: &[u8], most: u8, out: &mut Vec<u8>) {
    for block in bytes.chunks(usize::from(most.max(1))) {
        out.push(block.len() as u8);
        out.extend_from_slice(block);
    }
    out.push(0);
}

/// The LZW codes of indices: with a clear code first or not, another after every so many codes (0 for never), and an end code or not.
/// A full table is kept.
pub fn lzw(indices: &[u8], code_size: u8, clear_first: bool, clear_every: u32, end: bool) -> Vec<u8> {
    let code_size = code_size.clamp(GIF_CODE_SIZE_MIN as u8, GIF_CODE_SIZE_MAX as u8);
    let clear = 1_u16 << code_size;
    let mut codes = Codes { clear, size: code_size, since: 0, bits: 0, waiting: 0, out: Vec::new() };
    let mut table = Strings::new();
    if clear_first {
        codes.put_clear();
    }
    let mut indices = indices.iter().map(|index| index & (clear - 1) as u8).peekable();
    while let Some(first) = indices.next() {
        let mut code = u16::from(first);
        while let Some(longer) = indices.peek().and_then(|next| table.get(code, *next)) {
            code = longer;
            indices.next();
        }
        codes.put(code);
        let new = codes.clear + 1 + codes.since;
        if let Some(next) = indices.peek()
            && new < 1 << LONGEST
        {
            table.insert(code, *next, new);
        }
        if clear_every > 0 && u32::from(codes.since) >= clear_every {
            codes.put_clear();
            table.clear();
        }
    }
    if end {
        codes.put(codes.clear + 1);
    }
    codes.end()
}

/// The codes of strings by that of all but their last byte and that byte, in slots of which at most half are taken. Most of what drawing an
/// animation costs is looking here.
struct Strings {
    /// What a slot's code is of, above zero; zero is free.
    keys: Vec<u32>,
    codes: Vec<u16>,
    taken: Vec<usize>,
}

impl Strings {
    const SLOTS: usize = 2 << LONGEST;

    fn new() -> Self {
        Self { keys: vec![0; Self::SLOTS], codes: vec![0; Self::SLOTS], taken: Vec::new() }
    }

    /// The slot that a string has or would get, and the key in it.
    fn slot(&self, code: u16, byte: u8) -> (usize, u32) {
        let key = (u32::from(code) << 8 | u32::from(byte)) + 1;
        let mut slot = key.wrapping_mul(0x9e37_79b1) as usize >> 8;
        loop {
            slot %= Self::SLOTS;
            if [0, key].contains(&self.keys[slot]) {
                return (slot, key);
            }
            slot += 1;
        }
    }

    fn get(&self, code: u16, byte: u8) -> Option<u16> {
        let (slot, key) = self.slot(code, byte);
        (self.keys[slot] == key).then(|| self.codes[slot])
    }

    fn insert(&mut self, code: u16, byte: u8, new: u16) {
        let (slot, key) = self.slot(code, byte);
        (self.keys[slot], self.codes[slot]) = (key, new);
        self.taken.push(slot);
    }

    fn clear(&mut self) {
        self.taken.drain(..).for_each(|slot| self.keys[slot] = 0);
    }
}

/// Codes of the width that a decoder reads them with.
struct Codes {
    clear: u16,
    size: u8,
    /// Codes since the last clear.
    since: u16,
    bits: u32,
    waiting: u32,
    out: Vec<u8>,
}

impl Codes {
    fn width(&self) -> u8 {
        // A decoder has an entry for each code but the first since the table was cleared.
        let next = u32::from(self.clear) + 2 + u32::from(self.since.saturating_sub(1));
        (self.size + 1..LONGEST).find(|width| next < 1 << width).unwrap_or(LONGEST)
    }

    fn put(&mut self, code: u16) {
        self.waiting |= u32::from(code) << self.bits;
        self.bits += u32::from(self.width());
        while self.bits >= 8 {
            self.out.push(self.waiting as u8);
            self.waiting >>= 8;
            self.bits -= 8;
        }
        self.since = self.since.saturating_add(1);
    }

    fn put_clear(&mut self) {
        self.put(self.clear);
        self.since = 0;
    }

    fn end(mut self) -> Vec<u8> {
        if self.bits > 0 {
            self.out.push(self.waiting as u8);
        }
        self.out
    }
}
