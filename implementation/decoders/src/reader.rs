//! Reading bytes that may not be there yet.

use crate::DecodeError;

/// Why nothing was found.
#[derive(Clone, Copy, Debug)]
pub enum Halt {
    /// Bytes are missing.
    NeedInput,
    /// This is wrong.
    Fault(DecodeError),
}

impl From<DecodeError> for Halt {
    fn from(error: DecodeError) -> Self {
        Self::Fault(error)
    }
}

/// A place in a stream.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub const fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// Bytes before this place.
    pub const fn at(&self) -> usize {
        self.at
    }

    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Halt> {
        let end = self.at.checked_add(count).ok_or(Halt::NeedInput)?;
        let taken = self.bytes.get(self.at..end).ok_or(Halt::NeedInput)?;
        self.at = end;
        Ok(taken)
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Halt> {
        let taken = self.take(N)?;
        taken.try_into().map_err(|_| Halt::NeedInput)
    }

    pub fn byte(&mut self) -> Result<u8, Halt> {
        let [byte] = self.array()?;
        Ok(byte)
    }
}
