//! What the adapters of the decoders' contracts have in common.

use alloc::vec;
use alloc::vec::Vec;
use decoders::{Client, Decoder, Header, MediaPacket, Pull, Result};
use spec::decode::{Limits, Obs, Op, Pixels};
use spec::devices::Blob;
use spec::gif::DECODE_INPUT_BYTES_MAX;
use spec::{ErrorCode, Failure};

/// A decoder of a client of its own, from the first reset on.
#[derive(Debug)]
pub(crate) struct Pulled<D>(Option<D>);

impl<D> Default for Pulled<D> {
    fn default() -> Self {
        Self(None)
    }
}

impl<D: Decoder> Pulled<D> {
    pub fn open(&mut self, limits: &Limits, new: fn(&Client) -> D) -> core::result::Result<(), ErrorCode> {
        let client = Client::new(limits.clone()).map_err(|error| error.code())?;
        self.0 = Some(new(&client));
        Ok(())
    }

    pub fn step(&mut self, op: &Op, new: fn(&Client) -> D) -> core::result::Result<Obs, Failure> {
        if self.0.is_none() {
            // A fresh machine is one with the default limits.
            let _ = self.open(&Limits::default(), new);
        }
        let decoder = self.0.as_mut().ok_or_else(crate::not_reset)?;
        Ok(ask(decoder, op).unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}

fn ask(decoder: &mut impl Decoder, op: &Op) -> Result<Obs> {
    match op {
        Op::Feed(Blob(bytes)) => decoder.feed(bytes).map(|()| Obs::Done),
        Op::FeedZeros(count) => {
            let zeros = vec![0; (*count).min(DECODE_INPUT_BYTES_MAX.saturating_add(1)) as usize];
            decoder.feed(&zeros).map(|()| Obs::Done)
        }
        Op::End => decoder.end().map(|()| Obs::Done),
        Op::Info => Ok(match decoder.info()? {
            Some(Header::Picture(info)) => Obs::Info { width: info.width, height: info.height },
            Some(Header::Sound(sound)) => Obs::Audio { rate_hz: sound.rate_hz, channels: sound.channels },
            None => Obs::NeedInput,
        }),
        Op::Next => Ok(match decoder.next()? {
            Pull::Packet(MediaPacket::VideoFrame(frame)) => {
                Obs::Frame { frame: frame.number, delay: frame.delay, pixels: Pixels::of(frame.pixels) }
            }
            Pull::Packet(MediaPacket::Pcm(pcm)) => {
                let bytes: Vec<u8> = pcm.samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
                Obs::Pcm { packet: pcm.number, samples: Pixels::of(&bytes) }
            }
            Pull::NeedInput => Obs::NeedInput,
            Pull::Ended { packets, plays } => Obs::Ended { frames: packets, plays },
        }),
        Op::Rewind => decoder.rewind().map(|()| Obs::Done),
        Op::Cancel => {
            decoder.cancel();
            Ok(Obs::Done)
        }
    }
}
