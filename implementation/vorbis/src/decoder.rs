//! The decoder: pages in, blocks of samples out.

use crate::Result;
use crate::error::VorbisError;
use crate::ogg::{Packets, PageInfo, PageReader, malformed};
use crate::setup::{Setup, identification};
use crate::synthesis::Synthesis;
use alloc::boxed::Box;
use alloc::vec::Vec;
use spec::gif::DECODE_TOTAL_BYTES_MAX;
use spec::vorbis::{Reject, StreamInfo};

/// Decodes one Ogg Vorbis stream from input in pieces of any size.
///
/// Give it bytes with [`Self::feed`], take blocks with [`Self::next_block`] until there is none, and say with [`Self::finish`] that
/// the input has ended. After an error every call gives the same error, until [`Self::restart`].
#[derive(Clone, Debug)]
pub struct Decoder {
    reader: PageReader,
    packets: Packets,
    page: PageInfo,
    state: State,
    opened: bool,
    ended: bool,
    failed: Option<VorbisError>,
    /// The place of the next frame in the stream's own count; unknown until the first page with audio.
    position: Option<i128>,
    delivered_bytes: u64,
    decoded_bytes_max: u64,
    out: Vec<i16>,
}

#[derive(Clone, Debug)]
enum State {
    Identification,
    Comment(StreamInfo),
    Setup(StreamInfo),
    Audio(Box<Stream>),
}

#[derive(Clone, Debug)]
struct Stream {
    info: StreamInfo,
    setup: Setup,
    synthesis: Synthesis,
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new(DECODE_TOTAL_BYTES_MAX)
    }
}

impl Decoder {
    /// A decoder that gives at most so many bytes of samples.
    pub fn new(decoded_bytes_max: u64) -> Self {
        Self {
            reader: PageReader::default(),
            packets: Packets::default(),
            page: PageInfo::default(),
            state: State::Identification,
            opened: false,
            ended: false,
            failed: None,
            position: None,
            delivered_bytes: 0,
            decoded_bytes_max,
            out: Vec::new(),
        }
    }

    /// Begins anew, for the same stream from its start or for another one.
    pub fn restart(&mut self) {
        *self = Self::new(self.decoded_bytes_max);
    }

    /// What the identification header says, once it is read.
    pub const fn info(&self) -> Option<StreamInfo> {
        match &self.state {
            State::Identification => None,
            State::Comment(info) | State::Setup(info) => Some(*info),
            State::Audio(stream) => Some(stream.info),
        }
    }

    /// Whether the stream's last page was read, and all that it gives.
    pub fn is_at_end(&self) -> bool {
        self.ended && self.packets.waiting() == 0
    }

    /// Takes bytes from the front of `bytes`, and says how many: up to the end of a page, and none while blocks wait. What
    /// follows the stream's last page is taken and not looked at.
    ///
    /// # Errors
    /// Those of [`Reject`], at the end of the page that shows them; nothing of that page is decoded.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<usize> {
        self.feed_within(bytes, &mut |_| true)
    }

    /// The same, with somebody who is asked before memory is taken for what the headers say: for so many bytes in all.
    ///
    /// # Errors
    /// Those of [`Self::feed`], and [`Reject::OversizedMemory`] where the answer is no.
    pub fn feed_within(&mut self, bytes: &[u8], hold: &mut dyn FnMut(u64) -> bool) -> Result<usize> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        if self.packets.waiting() > 0 {
            return Ok(0);
        }
        if self.ended {
            return Ok(bytes.len());
        }
        let fed = self.take(bytes, hold);
        self.kept(fed)
    }

    /// The interleaved samples of the next packet that gives any; none until more bytes are fed.
    ///
    /// # Errors
    /// `oversized_output` where the stream gives more than the decoder may.
    pub fn next_block(&mut self) -> Result<Option<&[i16]>> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let found = self.decode();
        let found = self.kept(found)?;
        Ok(if found { Some(&self.out) } else { None })
    }

    /// The samples that [`Self::next_block`] gave last.
    pub fn block(&self) -> &[i16] {
        &self.out
    }

    /// Says that the input has ended.
    ///
    /// # Errors
    /// `truncated_ogg` if it ended within a page, a packet or the headers.
    pub fn finish(&mut self) -> Result<()> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let within = self.reader.is_within_page() && !self.ended;
        if within || self.packets.is_pending() || !matches!(self.state, State::Audio(_)) {
            let what = "the input ends within a page, a packet or the headers";
            return self.kept(Err(VorbisError::new(Reject::TruncatedOgg, what, "copy the whole file")));
        }
        Ok(())
    }

    /// Remembers an error.
    fn kept<T>(&mut self, result: Result<T>) -> Result<T> {
        if let Err(error) = &result {
            self.failed = Some(*error);
        }
        result
    }

    fn take(&mut self, bytes: &[u8], hold: &mut dyn FnMut(u64) -> bool) -> Result<usize> {
        let (taken, page) = self.reader.feed(bytes)?;
        if let Some(page) = page {
            self.page(page, hold)?;
            if self.packets.waiting() == 0 {
                self.reader.clear();
            }
        }
        Ok(taken)
    }

    fn page(&mut self, page: PageInfo, hold: &mut dyn FnMut(u64) -> bool) -> Result<()> {
        if !self.opened {
            if !page.first || page.continued {
                return Err(malformed("the first page does not open a stream"));
            }
        } else if page.serial != self.page.serial {
            // Another stream's page is passed over.
            return Ok(());
        } else if page.first {
            return Err(malformed("the stream is opened twice"));
        } else if page.number != self.page.number.wrapping_add(1) {
            return Err(malformed("a page of the stream is missing"));
        } else if page.continued != self.packets.is_pending() {
            return Err(malformed("a page does not go on with the packet of the page before it"));
        }
        self.page = page;
        let (lengths, body) = self.reader.body();
        self.packets.split(lengths, body)?;
        if !self.opened && (self.packets.waiting() != 1 || self.packets.is_pending()) {
            return Err(malformed("the first page does not hold one packet"));
        }
        self.opened = true;
        self.headers(hold)?;
        self.place();
        self.ended = page.last;
        Ok(())
    }

    /// Reads the headers that are complete.
    fn headers(&mut self, hold: &mut dyn FnMut(u64) -> bool) -> Result<()> {
        let (_, body) = self.reader.body();
        while let Some(packet) = self.packets.first(body) {
            self.state = match &self.state {
                State::Audio(_) => return Ok(()),
                State::Identification => State::Comment(identification(packet)?),
                State::Comment(info) if packet.starts_with(b"\x03vorbis") => State::Setup(*info),
                State::Comment(_) => return Err(VorbisError::malformed("the second packet is not the comment header")),
                State::Setup(_) if self.packets.waiting() != 1 || self.packets.is_pending() => {
                    return Err(malformed("audio begins on the page of the setup header"));
                }
                State::Setup(info) => {
                    let setup = Setup::read(packet, *info, hold)?;
                    State::Audio(Box::new(Stream { info: *info, setup, synthesis: Synthesis::new(*info) }))
                }
            };
            self.packets.pass();
        }
        Ok(())
    }

    /// The first page with audio says where the stream starts: what lies before 0 is dropped, unless the stream ends here, too.
    fn place(&mut self) {
        let State::Audio(stream) = &self.state else { return };
        if self.position.is_none() && self.packets.waiting() > 0 {
            let (_, body) = self.reader.body();
            let frames = || stream.synthesis.frames(self.packets.iter(body), &stream.setup, stream.info);
            let start = if self.page.last || self.page.granule < 0 { 0 } else { i128::from(self.page.granule).saturating_sub(frames()) };
            self.position = Some(start);
        }
    }

    /// Decodes packets up to one that gives samples, and says whether there is one.
    fn decode(&mut self) -> Result<bool> {
        let State::Audio(stream) = &mut self.state else { return Ok(false) };
        let (_, body) = self.reader.body();
        while let Some(packet) = self.packets.first(body) {
            let frames = stream.synthesis.frames_of(packet, &stream.setup, stream.info);
            let start = self.position.unwrap_or_default();
            let end = start.saturating_add(frames as i128);
            let last = if self.page.last && self.page.granule >= 0 { i128::from(self.page.granule) } else { i128::MAX };
            let (from, to) = (start.clamp(0, end.max(0)), end.min(last));
            let kept = to.saturating_sub(from).max(0) as usize;
            let channels = usize::from(stream.info.channels);
            let bytes = kept.saturating_mul(channels).saturating_mul(2) as u64;
            self.delivered_bytes = self.delivered_bytes.saturating_add(bytes);
            if self.delivered_bytes > self.decoded_bytes_max {
                let what = "the stream's samples in bytes";
                let (got, max) = (self.delivered_bytes, self.decoded_bytes_max);
                return Err(VorbisError::above(Reject::OversizedOutput, what, got, max, "decode a shorter file, or allow more"));
            }
            self.position = Some(end);
            stream.synthesis.packet(packet, &stream.setup, stream.info, &mut self.out);
            let skipped = from.saturating_sub(start).max(0) as usize;
            self.packets.pass();
            if kept > 0 {
                self.out.truncate(skipped.saturating_add(kept).saturating_mul(channels));
                self.out.drain(..skipped.saturating_mul(channels).min(self.out.len()));
                if self.packets.waiting() == 0 {
                    self.reader.clear();
                }
                return Ok(true);
            }
        }
        self.reader.clear();
        Ok(false)
    }
}
