//! The reference decoder of Ogg Vorbis: a whole file in, blocks of samples out, in the plainest code.
//!
//! It follows the format's specification step by step and the pinned arithmetic of [`spec::vorbis::arithmetic`]: the Huffman
//! tree is walked bit by bit, the transform recurses as it is defined, and the tables are computed with big integers.

mod bits;
mod codebook;
mod floor;
mod numbers;
mod ogg;
mod packet;
mod pull;
mod residue;
mod setup;
mod transform;

pub use numbers::{cos_pi, sin_pi, window};
pub(crate) use pull::Model;
pub use pull::VorbisModel;
pub use transform::dct_iv;

use codebook::Total;
use ogg::Page;
use packet::Synthesis;
use setup::Setup;
use spec::gif::DECODE_TOTAL_BYTES_MAX;
use spec::vorbis::{Reject, StreamInfo, VORBIS_COMMENT_BYTES_MAX, VORBIS_PACKET_BYTES_MAX};

/// What a whole file gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// What the identification header says, if it was read.
    pub info: Option<StreamInfo>,
    /// The interleaved samples of each audio packet that gives any.
    pub blocks: Vec<Vec<i16>>,
    /// Why decoding stopped before the end of the stream.
    pub reject: Option<Reject>,
}

/// Decodes a whole file.
pub fn decode(file: &[u8]) -> Decoded {
    decode_within(file, DECODE_TOTAL_BYTES_MAX)
}

/// Decodes a whole file that may give at most so many bytes of samples.
pub fn decode_within(file: &[u8], decoded_bytes_max: u64) -> Decoded {
    let mut decoder = Decoder::new(decoded_bytes_max);
    if let Err(reject) = decoder.file(file) {
        decoder.out.reject = Some(reject);
    }
    decoder.out
}

#[derive(Default)]
struct Headers {
    info: Option<StreamInfo>,
    comment: bool,
    setup: Option<Setup>,
}

struct Decoder {
    out: Decoded,
    headers: Headers,
    /// What the tables of the setup hold.
    total: Total,
    decoded_bytes_max: u64,
    /// Serial number and the number of the last page of the stream.
    stream: Option<(u32, u32)>,
    /// Complete packets of the stream so far.
    packets: u64,
    /// The start of a packet that goes on on the next page.
    pending: Option<Vec<u8>>,
    synthesis: Synthesis,
    /// The place of the next frame in the stream's own count; unknown until the first page with audio ends.
    position: Option<i128>,
    delivered_bytes: u64,
}

impl Decoder {
    fn new(decoded_bytes_max: u64) -> Self {
        Self {
            out: Decoded::default(),
            headers: Headers::default(),
            total: Total::new(u64::MAX),
            decoded_bytes_max,
            stream: None,
            packets: 0,
            pending: None,
            synthesis: Synthesis::default(),
            position: None,
            delivered_bytes: 0,
        }
    }

    fn file(&mut self, file: &[u8]) -> Result<(), Reject> {
        let mut rest = file;
        while !rest.is_empty() {
            let (page, after) = Page::read(rest)?;
            rest = after;
            if self.page(&page)? {
                // What follows the stream's last page is not looked at.
                break;
            }
        }
        self.whole()
    }

    /// Whether the stream may end here.
    fn whole(&self) -> Result<(), Reject> {
        if self.pending.is_some() || self.headers.setup.is_none() { Err(Reject::TruncatedOgg) } else { Ok(()) }
    }

    /// Takes a page whole or not at all, and says whether it was the stream's last.
    fn page(&mut self, page: &Page) -> Result<bool, Reject> {
        // VORBIS-001
        match self.stream {
            None if !page.first || page.continued => return Err(Reject::MalformedOgg),
            None => {}
            Some((serial, _)) if serial != page.serial => return Ok(false),
            Some((_, number)) if page.first || page.number != number.wrapping_add(1) || page.continued != self.pending.is_some() => {
                return Err(Reject::MalformedOgg);
            }
            Some(_) => {}
        }
        let opening = self.stream.is_none();
        self.stream = Some((page.serial, page.number));
        let packets = self.split(page)?;
        if opening && (packets.len() != 1 || self.pending.is_some()) {
            return Err(Reject::MalformedOgg);
        }
        let mut audio = Vec::new();
        let count = packets.len();
        for (index, packet) in packets.into_iter().enumerate() {
            if self.headers.setup.is_some() {
                audio.push(packet);
            } else {
                let ends_page = index + 1 == count && self.pending.is_none();
                self.header(&packet, ends_page)?;
            }
        }
        self.audio(&audio, page)?;
        Ok(page.last)
    }

    /// The packets that end on this page; the start of one that does not stays pending.
    fn split(&mut self, page: &Page) -> Result<Vec<Vec<u8>>, Reject> {
        let mut packets = Vec::new();
        let mut current = self.pending.take();
        for segment in &page.segments {
            let packet = current.get_or_insert_default();
            packet.extend_from_slice(segment);
            // The comment is the second packet.
            let comment = self.packets + packets.len() as u64 == 1;
            // VORBIS-014
            let max = if comment { VORBIS_COMMENT_BYTES_MAX } else { VORBIS_PACKET_BYTES_MAX };
            if packet.len() > max as usize {
                return Err(Reject::OversizedInput);
            }
            if segment.len() < 255 {
                packets.extend(current.take());
            }
        }
        self.pending = current;
        self.packets += packets.len() as u64;
        Ok(packets)
    }

    fn header(&mut self, packet: &[u8], ends_page: bool) -> Result<(), Reject> {
        match self.headers.info {
            None => {
                self.headers.info = Some(setup::identification(packet)?);
                self.out.info = self.headers.info;
                Ok(())
            }
            Some(_) if !self.headers.comment => {
                // VORBIS-003
                if !packet.starts_with(b"\x03vorbis") {
                    return Err(Reject::MalformedVorbis);
                }
                self.headers.comment = true;
                Ok(())
            }
            Some(_) if !ends_page => Err(Reject::MalformedOgg),
            Some(info) => {
                self.headers.setup = Some(Setup::read(packet, info, &mut self.total)?);
                Ok(())
            }
        }
    }

    fn audio(&mut self, packets: &[Vec<u8>], page: &Page) -> Result<(), Reject> {
        let (Some(info), Some(setup)) = (self.headers.info, &self.headers.setup) else { return Ok(()) };
        if packets.is_empty() {
            return Ok(());
        }
        let blocks: Vec<Vec<Vec<i16>>> = packets.iter().map(|packet| self.synthesis.packet(packet, setup, info)).collect();
        let frames = |block: &Vec<Vec<i16>>| block.first().map_or(0, Vec::len) as i128;
        // VORBIS-013: the first page with audio says where the stream starts: what lies before 0 is dropped, unless the stream ends here, too.
        let start = if page.last || page.granule < 0 { 0 } else { i128::from(page.granule) - blocks.iter().map(frames).sum::<i128>() };
        let mut position = self.position.unwrap_or(start);
        let end = if page.last && page.granule >= 0 { i128::from(page.granule) } else { i128::MAX };
        for block in blocks {
            let places = position..position + frames(&block);
            position = places.end;
            let kept: Vec<usize> = places.enumerate().filter(|(_, place)| (0..end).contains(place)).map(|(frame, _)| frame).collect();
            let samples: Vec<i16> = kept.iter().flat_map(|frame| block.iter().map(|channel| channel[*frame])).collect();
            // VORBIS-016
            self.delivered_bytes += 2 * samples.len() as u64;
            if self.delivered_bytes > self.decoded_bytes_max {
                return Err(Reject::OversizedOutput);
            }
            if !samples.is_empty() {
                self.out.blocks.push(samples);
            }
        }
        self.position = Some(position);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
