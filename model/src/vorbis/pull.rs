//! The reference model of the contract `vorbis`: pages as they come, packets when they are asked for.

use super::Decoder;
use super::ogg::Page;
use spec::decode::{Limits, Obs, Op, Pixels};
use spec::devices::Blob;
use spec::gif::{DECODE_FRAMES_MAX, DECODE_INPUT_BYTES_MAX, DECODE_MEMORY_BYTES_MAX, DECODE_PIXELS_MAX, DECODE_TOTAL_BYTES_MAX};
use spec::vorbis::{Reject, Vorbis};
use spec::{ErrorCode, Failure, Machine};

/// The model.
pub struct VorbisModel {
    limits: Limits,
    bytes: Vec<u8>,
    ended: bool,
    cancelled: bool,
    failed: Option<ErrorCode>,
    played: Played,
}

pub(crate) use VorbisModel as Model;

/// What was played since the start.
struct Played {
    decoder: Decoder,
    /// Where the next page begins.
    at: usize,
    /// Packets that were given.
    packets: usize,
    /// The stream's last page was read.
    last: bool,
    /// What is wrong behind the packets that are there.
    wrong: Option<Reject>,
}

impl Played {
    fn new(limits: &Limits) -> Self {
        Self { decoder: Decoder::new(limits.decoded_bytes), at: 0, packets: 0, last: false, wrong: None }
    }
}

impl Default for VorbisModel {
    fn default() -> Self {
        let limits = Limits::default();
        let played = Played::new(&limits);
        Self { limits, bytes: Vec::new(), ended: false, cancelled: false, failed: None, played }
    }
}

impl Machine<Vorbis> for VorbisModel {
    fn reset(&mut self, config: &Limits) -> Result<Result<(), ErrorCode>, Failure> {
        // VORBIS-022
        let within = (1..=DECODE_INPUT_BYTES_MAX).contains(&config.input_bytes)
            && (1..=DECODE_PIXELS_MAX).contains(&config.pixels)
            && (1..=DECODE_FRAMES_MAX).contains(&config.frames)
            && (1..=DECODE_TOTAL_BYTES_MAX).contains(&config.decoded_bytes)
            && (1..=DECODE_MEMORY_BYTES_MAX).contains(&config.memory_bytes);
        if !within {
            return Ok(Err(ErrorCode::OutOfRange));
        }
        *self = Self { limits: config.clone(), played: Played::new(config), ..Self::default() };
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

impl VorbisModel {
    /// The last packet's samples.
    pub(crate) fn packet(&self) -> Vec<u8> {
        let block = self.played.packets.checked_sub(1).and_then(|last| self.played.decoder.out.blocks.get(last));
        block.into_iter().flatten().flat_map(|sample| sample.to_le_bytes()).collect()
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        // VORBIS-021
        if self.cancelled && *op != Op::Cancel {
            return Err(ErrorCode::DecodeCancelled);
        }
        match op {
            Op::Feed(Blob(bytes)) => self.feed(bytes.len() as u64, || bytes.clone()),
            Op::FeedZeros(count) => self.feed(u64::from(*count), || vec![0; *count as usize]),
            Op::End => {
                self.ended = true;
                Ok(Obs::Done)
            }
            Op::Info => self.info(),
            Op::Next => {
                // VORBIS-020
                if let Some(code) = self.failed {
                    return Err(code);
                }
                let obs = self.next();
                self.failed = obs.as_ref().err().copied();
                obs
            }
            Op::Rewind => {
                // VORBIS-019
                (self.played, self.failed) = (Played::new(&self.limits), None);
                Ok(Obs::Done)
            }
            Op::Cancel => {
                *self = Self { cancelled: true, ..Self::default() };
                Ok(Obs::Done)
            }
        }
    }

    fn feed(&mut self, count: u64, bytes: impl FnOnce() -> Vec<u8>) -> Result<Obs, ErrorCode> {
        // VORBIS-020
        if self.ended {
            return Err(ErrorCode::InputEnded);
        }
        let length = self.bytes.len() as u64 + count;
        if length > u64::from(self.limits.input_bytes) {
            return Err(ErrorCode::OversizedInput);
        }
        // VORBIS-015
        if length + self.played.decoder.total.bytes > self.limits.memory_bytes {
            return Err(ErrorCode::DecodeMemoryExceeded);
        }
        self.bytes.extend(bytes());
        Ok(Obs::Done)
    }

    /// VORBIS-002: what the first page says, whatever was played.
    fn info(&self) -> Result<Obs, ErrorCode> {
        let mut decoder = Decoder::new(self.limits.decoded_bytes);
        let opened = Page::read(&self.bytes).and_then(|(page, _)| decoder.page(&page));
        match (opened, decoder.headers.info) {
            (Ok(_), Some(info)) => Ok(Obs::Audio { rate_hz: info.rate, channels: info.channels }),
            (Ok(_), None) => Ok(Obs::NeedInput),
            (Err(reject), _) => self.stopped(reject),
        }
    }

    fn next(&mut self) -> Result<Obs, ErrorCode> {
        let Played { decoder, at, packets, last, wrong } = &mut self.played;
        loop {
            if let Some(block) = decoder.out.blocks.get(*packets) {
                let bytes: Vec<u8> = block.iter().flat_map(|sample| sample.to_le_bytes()).collect();
                *packets += 1;
                return Ok(Obs::Pcm { packet: *packets as u32 - 1, samples: Pixels::of(&bytes) });
            }
            if let Some(reject) = wrong {
                return Err(reject.code());
            }
            // VORBIS-017: what is there by now, however it came.
            let rest = &self.bytes[*at..];
            if *last || rest.is_empty() && self.ended {
                // VORBIS-018
                let ended = Obs::Ended { frames: *packets as u32, plays: 1 };
                return decoder.whole().map(|()| ended).map_err(Reject::code);
            }
            match Page::read(rest) {
                Ok((page, after)) => {
                    *at = self.bytes.len() - after.len();
                    decoder.total.bytes_max = self.limits.memory_bytes - self.bytes.len() as u64;
                    match decoder.page(&page) {
                        Ok(ends) => *last = ends,
                        Err(reject) => *wrong = Some(reject),
                    }
                }
                Err(reject) => return self.stopped(reject),
            }
        }
    }

    /// Where bytes are missing, more may come.
    fn stopped(&self, reject: Reject) -> Result<Obs, ErrorCode> {
        match reject {
            Reject::TruncatedOgg if !self.ended => Ok(Obs::NeedInput),
            reject => Err(reject.code()),
        }
    }
}
