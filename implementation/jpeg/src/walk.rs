//! From marker to marker, up to the end of a picture.

use crate::{Fault, Halt};
use spec::ErrorCode;
use spec::mjpeg::{MJPEG_RESTARTS_MAX, MJPEG_SCANS_MAX};

/// Markers' second bytes.
pub(crate) mod marker {
    /// Huffman tables.
    pub const CODES: u8 = 0xc4;
    /// Start of a picture.
    pub const START: u8 = 0xd8;
    /// End of a picture.
    pub const END: u8 = 0xd9;
    /// A scan.
    pub const SCAN: u8 = 0xda;
    /// Quantisation steps.
    pub const STEPS: u8 = 0xdb;
    /// The restart interval.
    pub const INTERVAL: u8 = 0xdd;
    /// JFIF.
    pub const APP0: u8 = 0xe0;
    /// Adobe.
    pub const APP14: u8 = 0xee;
}

/// A place in a picture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
}

impl<'a> Cursor<'a> {
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Halt> {
        let end = self.at.checked_add(count).ok_or(Halt::NeedInput)?;
        let taken = self.bytes.get(self.at..end).ok_or(Halt::NeedInput)?;
        self.at = end;
        Ok(taken)
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Halt> {
        self.take(N)?.try_into().map_err(|_| Halt::NeedInput)
    }

    /// The picture's first marker.
    pub fn start(&mut self) -> Result<(), Halt> {
        match self.array()? {
            [0xff, marker::START] => Ok(()),
            _ => Err(Fault::malformed("the picture does not begin with ff d8", self.at).into()),
        }
    }

    /// The second byte of the next marker.
    pub fn marker(&mut self) -> Result<u8, Halt> {
        let start = self.at;
        let [first] = self.array()?;
        if first != 0xff {
            return Err(Fault::malformed("there is no marker", start).into());
        }
        loop {
            match self.array()? {
                [0xff] => {}
                [0xd0..=marker::START] => return Err(Fault::malformed("this marker may not come here", start).into()),
                [marker] if marker >= 0xc0 => return Ok(marker),
                _ => return Err(Fault::malformed("this marker has no meaning", start).into()),
            }
        }
    }

    /// The content of the segment whose marker was read.
    pub fn content(&mut self) -> Result<&'a [u8], Halt> {
        let start = self.at;
        let length = usize::from(u16::from_be_bytes(self.array()?));
        match length.checked_sub(2) {
            Some(length) => self.take(length),
            None => Err(Fault::malformed("a segment's length", start).with(length as u64, 2, 0xffff).into()),
        }
    }

    /// Goes to the next `ff`; without one, to the end.
    pub fn skip_to_ff(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let (blocks, _) = rest.as_chunks::<32>();
        // Without an early exit within a block the comparison is one of vectors.
        let clear = blocks.iter().take_while(|block| !block.iter().fold(false, |any, byte| any | (*byte == 0xff))).count();
        let before = clear.saturating_mul(32);
        let more = rest.get(before..).unwrap_or_default().iter().take_while(|byte| **byte != 0xff).count();
        self.at = self.at.saturating_add(before).saturating_add(more);
    }
}

/// A walk along a picture's markers that goes on where it stopped when there are more bytes.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// Bytes that are done with.
    at: usize,
    in_data: bool,
    scans: u32,
    restarts: u32,
    /// Components of the first scan, as it says.
    first_scan: Option<u8>,
}

impl Walk {
    /// The picture's length, from its first byte to its end. `bytes` begin where the picture begins, and are those of the call before
    /// and any more.
    ///
    /// # Errors
    /// Bytes are missing; `malformed_media`; `too_many_scans`; `too_many_restarts`.
    pub fn length(&mut self, bytes: &[u8]) -> Result<usize, Halt> {
        let mut cursor = Cursor { bytes, at: self.at };
        if self.at == 0 {
            cursor.start()?;
            self.at = cursor.at;
        }
        loop {
            if self.in_data {
                self.data(&mut cursor)?;
            }
            let start = cursor.at;
            let marker = cursor.marker()?;
            if marker == marker::END {
                return Ok(cursor.at);
            }
            let scans = self.scans.saturating_add(u32::from(marker == marker::SCAN));
            if scans > MJPEG_SCANS_MAX {
                let fault = Fault::new(ErrorCode::TooManyScans, "the number of scans", start);
                return Err(fault.with(scans.into(), 1, MJPEG_SCANS_MAX.into()).into());
            }
            let content = cursor.content()?;
            (self.scans, self.at, self.in_data) = (scans, cursor.at, marker == marker::SCAN);
            if self.in_data && self.first_scan.is_none() {
                self.first_scan = Some(content.first().copied().unwrap_or(0));
            }
        }
    }

    /// How many components the first scan says it has; 0 before it is known.
    pub fn first_scan(&self) -> u8 {
        self.first_scan.unwrap_or(0)
    }

    /// Past a scan's data, to the marker behind them.
    fn data(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Halt> {
        loop {
            cursor.skip_to_ff();
            let start = cursor.at;
            self.at = start;
            let mut next = 0xff;
            while next == 0xff {
                [next] = cursor.array()?;
            }
            match next {
                0 => {}
                0xd0..=0xd7 => {
                    self.restarts = self.restarts.saturating_add(1);
                    if self.restarts > MJPEG_RESTARTS_MAX {
                        let fault = Fault::new(ErrorCode::TooManyRestarts, "the number of restart markers", start);
                        return Err(fault.with(self.restarts.into(), 0, MJPEG_RESTARTS_MAX.into()).into());
                    }
                }
                _ => {
                    (cursor.at, self.in_data) = (start, false);
                    return Ok(());
                }
            }
            self.at = cursor.at;
        }
    }
}
