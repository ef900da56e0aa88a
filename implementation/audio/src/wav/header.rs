//! Reads the chunks before the samples, piece by piece, so that a player needs no whole file in memory.

use crate::error::AudioError;
use crate::{Result, format};
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::format::SAMPLE_RATE_HZ;
use spec::wav::{WAV_BITS_PER_SAMPLE, WAV_CHUNKS_MAX, WAV_TAG_PCM};

const RIFF_BYTES: usize = 12;
const CHUNK_BYTES: usize = 8;
const FMT_BYTES: usize = 16;

/// What the caller does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Feed the bytes that follow, this many or any part of them.
    NeedMore(usize),
    /// Pass over so many bytes of the file, then feed what follows.
    Skip(u64),
    /// The samples start at the byte that follows.
    Data(DataChunk),
}

/// Where the samples are. Their bytes are known to make whole frames and to lie within the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataChunk {
    /// Offset in the file, in bytes.
    pub offset: u64,
    /// Size in bytes.
    pub bytes: u64,
    /// Channels: 1 or 2.
    pub channels: u16,
}

impl DataChunk {
    /// Bytes of one frame of the file.
    pub const fn bytes_per_frame(&self) -> u32 {
        (self.channels as u32).wrapping_mul(2)
    }

    /// The interleaved stereo samples of these bytes of the chunk; mono plays on both channels (WAV-005). Bytes that make no
    /// whole sample at the end are left out.
    pub fn decode(&self, bytes: &[u8]) -> Vec<i16> {
        if self.channels == 1 {
            bytes.as_chunks().0.iter().map(|sample| [i16::from_le_bytes(*sample); 2]).collect::<Vec<_>>().into_flattened()
        } else {
            format::samples(bytes)
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum State {
    Riff,
    Chunk,
    Fmt { padded: u64 },
    Done(DataChunk),
}

/// Reads a file's chunks up to its samples. The file may have any size; every claim is checked against it.
#[derive(Clone, Debug)]
pub struct HeaderReader {
    file_bytes: u64,
    position: u64,
    chunks: u32,
    channels: Option<u16>,
    state: State,
    piece: [u8; FMT_BYTES],
    held: usize,
}

impl HeaderReader {
    /// A reader for a file of so many bytes.
    pub const fn new(file_bytes: u64) -> Self {
        Self { file_bytes, position: 0, chunks: 0, channels: None, state: State::Riff, piece: [0; FMT_BYTES], held: 0 }
    }

    /// Takes bytes from the front of `bytes`, as many as it says, and gives the next step.
    ///
    /// # Errors
    /// In file order (WAV-D4): `malformed_wav`, `truncated_wav`, `unsupported_format`, `misaligned` (WAV-006 to WAV-010).
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(Step, usize)> {
        let mut taken = 0_usize;
        loop {
            let wanted = match self.state {
                State::Done(data) => return Ok((Step::Data(data), taken)),
                State::Riff => self.riff_wanted()?,
                State::Chunk => self.chunk_wanted()?,
                State::Fmt { .. } => FMT_BYTES,
            };
            taken = taken.saturating_add(self.hold(bytes.get(taken..).unwrap_or_default(), wanted));
            if self.held < wanted {
                return Ok((Step::NeedMore(wanted.saturating_sub(self.held)), taken));
            }
            self.held = 0;
            let skip = match self.state {
                State::Riff => self.riff()?,
                State::Chunk => self.chunk()?,
                State::Fmt { padded } => self.fmt(padded)?,
                State::Done(_) => 0,
            };
            if skip > 0 {
                // A missing padding byte at the end of the file is no claim on more bytes.
                let skip = skip.min(self.left());
                self.position = self.position.saturating_add(skip);
                return Ok((Step::Skip(skip), taken));
            }
        }
    }

    /// Copies bytes until `wanted` are held, and says how many.
    fn hold(&mut self, bytes: &[u8], wanted: usize) -> usize {
        let mut taken = 0_usize;
        for (target, byte) in self.piece.iter_mut().take(wanted).skip(self.held).zip(bytes) {
            *target = *byte;
            taken = taken.saturating_add(1);
        }
        self.held = self.held.saturating_add(taken);
        self.position = self.position.saturating_add(taken as u64);
        taken
    }

    fn left(&self) -> u64 {
        self.file_bytes.saturating_sub(self.position)
    }

    /// Bytes from the start of the current piece to the end of the file.
    fn left_from_piece(&self) -> u64 {
        self.left().saturating_add(self.held as u64)
    }

    fn riff_wanted(&self) -> Result<usize> {
        if self.file_bytes < RIFF_BYTES as u64 {
            return Err(not_a_wav());
        }
        Ok(RIFF_BYTES)
    }

    fn riff(&mut self) -> Result<u64> {
        // The size between the tags is ignored (WAV-D2).
        match &self.piece {
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => {
                self.state = State::Chunk;
                Ok(0)
            }
            _ => Err(not_a_wav()),
        }
    }

    fn chunk_wanted(&self) -> Result<usize> {
        match self.left_from_piece() {
            0 => Err(malformed("the file has no data chunk", "write one after the fmt chunk")),
            _ if self.chunks >= WAV_CHUNKS_MAX => {
                Err(malformed("the file has more than 64 chunks up to its samples", "write it with fewer"))
            }
            left if left < CHUNK_BYTES as u64 => Err(truncated()),
            _ => Ok(CHUNK_BYTES),
        }
    }

    /// Checks a chunk's claim against the bytes first, then takes it by its tag; gives the bytes to pass over.
    fn chunk(&mut self) -> Result<u64> {
        self.chunks = self.chunks.saturating_add(1);
        let [tag @ .., s0, s1, s2, s3] = *self.piece.first_chunk::<CHUNK_BYTES>().unwrap_or(&[0; CHUNK_BYTES]);
        let size = u64::from(u32::from_le_bytes([s0, s1, s2, s3]));
        if size > self.left() {
            return Err(truncated());
        }
        let padded = size.saturating_add(size % 2);
        match &tag {
            b"fmt " if self.channels.is_some() => Err(malformed("the file has two fmt chunks", "write one")),
            b"fmt " if size < FMT_BYTES as u64 => Err(malformed("the fmt chunk has fewer than 16 bytes", "write all of its fields")),
            b"fmt " => {
                self.state = State::Fmt { padded };
                Ok(0)
            }
            b"data" => {
                let channels = self.channels.ok_or_else(|| malformed("the data chunk comes before the fmt chunk", "write fmt first"))?;
                let data = DataChunk { offset: self.position, bytes: size, channels };
                let rest = if channels == 1 { size % 2 } else { size % 4 };
                if rest != 0 {
                    let what = "the data chunk's size modulo its frame size";
                    return Err(AudioError::expected(ErrorCode::Misaligned, what, rest, 0, "write whole frames"));
                }
                self.state = State::Done(data);
                Ok(0)
            }
            _ => Ok(padded),
        }
    }

    fn fmt(&mut self, padded: u64) -> Result<u64> {
        let [t0, t1, c0, c1, r0, r1, r2, r3, y0, y1, y2, y3, a0, a1, b0, b1] = self.piece;
        let (tag, channels) = (u16::from_le_bytes([t0, t1]), u16::from_le_bytes([c0, c1]));
        let rate = u32::from_le_bytes([r0, r1, r2, r3]);
        let bits = u16::from_le_bytes([b0, b1]);
        if tag != WAV_TAG_PCM {
            return Err(unsupported("the format tag", tag, 1_u16, 1_u16));
        }
        if !(1..=2).contains(&channels) {
            return Err(unsupported("the number of channels", channels, 1_u16, 2_u16));
        }
        if rate != SAMPLE_RATE_HZ {
            return Err(unsupported("the sample rate in Hz", rate, SAMPLE_RATE_HZ, SAMPLE_RATE_HZ));
        }
        if bits != WAV_BITS_PER_SAMPLE {
            return Err(unsupported("the bits of a sample", bits, WAV_BITS_PER_SAMPLE, WAV_BITS_PER_SAMPLE));
        }
        let align = channels.wrapping_mul(2);
        if u16::from_le_bytes([a0, a1]) != align || u32::from_le_bytes([y0, y1, y2, y3]) != rate.wrapping_mul(u32::from(align)) {
            return Err(malformed("the fmt chunk's block alignment or byte rate contradicts its channels and rate", "write them to agree"));
        }
        self.channels = Some(channels);
        self.state = State::Chunk;
        Ok(padded.saturating_sub(FMT_BYTES as u64))
    }
}

fn malformed(what: &'static str, advice: &'static str) -> AudioError {
    AudioError::plain(ErrorCode::MalformedWav, what, advice)
}

fn not_a_wav() -> AudioError {
    malformed("the bytes do not start with RIFF, a size and WAVE", "give a WAV file")
}

pub(super) fn truncated() -> AudioError {
    AudioError::plain(ErrorCode::TruncatedWav, "a chunk claims more bytes than the file has", "copy the whole file, or write it again")
}

fn unsupported(what: &'static str, got: impl Into<i128>, low: impl Into<i128>, high: impl Into<i128>) -> AudioError {
    AudioError::range(ErrorCode::UnsupportedFormat, what, got, (low, high), "convert the file to 48 kHz PCM of 16 bits")
}
