//! A stream through a decoder as far as its caller wants to know it: what was given, and where it left its bounds.

use crate::media_types::CodecId;
use crate::{Client, DecodeError, Decoder, Header, MediaPacket, Pull, Result};
use spec::decode_bounds::{DECODE_PULLS_MAX, Given, Stage, Told, sum};

/// What came of a stream.
#[derive(Clone, Copy, Debug)]
pub struct Survey {
    /// What was given before it ended, or was rejected.
    pub given: Given,
    /// Where it was rejected, and why.
    pub found: core::result::Result<(), (Stage, DecodeError)>,
    /// Bytes that the client's memory was charged for in the end.
    pub held: u64,
}

/// Looks at a stream as far as that: its feed, its header, or its packets, [`DECODE_PULLS_MAX`] at most. Memory is given back when this
/// returns.
pub fn survey(client: &Client, codec: CodecId, stream: &[u8], reach: Stage) -> Survey {
    let mut given = Given::default();
    let mut decoder = match client.open(codec) {
        Ok(decoder) => decoder,
        Err(error) => return Survey { given, found: Err((Stage::Open, error)), held: client.budget().held() },
    };
    let found = look(&mut *decoder, stream, reach, &mut given);
    Survey { given, found, held: client.budget().held() }
}

fn look(decoder: &mut dyn Decoder, stream: &[u8], reach: Stage, given: &mut Given) -> core::result::Result<(), (Stage, DecodeError)> {
    if reach >= Stage::Feed {
        decoder.feed(stream).map_err(|error| (Stage::Feed, error))?;
    }
    if reach >= Stage::Header {
        given.told = header(decoder).map_err(|error| (Stage::Header, error))?;
    }
    if reach >= Stage::Packets {
        packets(decoder, given).map_err(|error| (Stage::Packets, error))?;
    }
    Ok(())
}

fn header(decoder: &mut dyn Decoder) -> Result<Told> {
    decoder.end()?;
    Ok(match decoder.info()? {
        Some(Header::Picture(info)) => Told::Picture { width: info.width, height: info.height },
        Some(Header::Sound(sound)) => Told::Sound { rate_hz: sound.rate_hz, channels: sound.channels },
        None => Told::Nothing,
    })
}

fn packets(decoder: &mut dyn Decoder, given: &mut Given) -> Result<()> {
    for _ in 0..DECODE_PULLS_MAX {
        match decoder.next()? {
            Pull::Packet(MediaPacket::VideoFrame(frame)) => given.sum = sum(given.sum, frame.pixels),
            Pull::Packet(MediaPacket::Pcm(pcm)) => {
                given.sum = pcm.samples.iter().fold(given.sum, |total, sample| sum(total, &sample.to_le_bytes()));
            }
            Pull::NeedInput | Pull::Ended { .. } => break,
        }
        given.packets = given.packets.saturating_add(1);
    }
    Ok(())
}
