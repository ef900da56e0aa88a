//! Ogg Vorbis: the decoder of the package `vorbis` behind the pull API.

use crate::puller::{Format, Found, Source};
use crate::reader::Halt;
use crate::{DecodeError, Header, Puller, Sound};
use ::vorbis::{Decoder, VorbisError};
use spec::decode::Limits;
use spec::media_types::CodecId;

/// A decoder of Ogg Vorbis streams.
pub type VorbisDecoder = Puller<Packets>;

/// What is known between two packets.
#[derive(Debug, Default)]
pub struct Packets {
    decoder: Decoder,
    /// Where the bytes begin that the decoder was not given.
    at: usize,
}

impl From<VorbisError> for DecodeError {
    fn from(error: VorbisError) -> Self {
        let (code, what, advice) = (error.reject().code(), error.what(), error.advice());
        match error.bound() {
            Some((got, most)) => Self::range(code, what, (got, 0, most), advice),
            None => Self::plain(code, what, advice),
        }
    }
}

impl From<VorbisError> for Halt {
    fn from(error: VorbisError) -> Self {
        Self::Fault(error.into())
    }
}

impl Format for Packets {
    const CODEC: CodecId = CodecId::Vorbis;

    fn new(limits: &Limits) -> Self {
        Self { decoder: Decoder::new(limits.decoded_bytes), at: 0 }
    }

    fn info(bytes: &[u8]) -> Result<Header, Halt> {
        // A decoder takes one page at a time, and the first says it.
        let mut first = Decoder::default();
        first.feed(bytes)?;
        let info = first.info().ok_or(Halt::NeedInput)?;
        Ok(Header::Sound(Sound { rate_hz: info.rate, channels: info.channels }))
    }

    fn next(&mut self, source: &mut Source) -> Result<Found, Halt> {
        loop {
            if self.decoder.next_block()?.is_some() {
                return Ok(Found::Samples);
            }
            let ended = source.ended;
            let (rest, mut holder) = source.rest(self.at);
            if self.decoder.is_at_end() || (ended && rest.is_empty()) {
                self.decoder.finish()?;
                return Ok(Found::End(1));
            }
            if rest.is_empty() {
                return Err(Halt::NeedInput);
            }
            let taken = self.decoder.feed_within(rest, &mut |beside| holder.hold(beside))?;
            self.at = self.at.saturating_add(taken);
        }
    }

    fn samples(&self) -> &[i16] {
        self.decoder.block()
    }

    fn rewind(&mut self) {
        self.decoder.restart();
        self.at = 0;
    }
}
