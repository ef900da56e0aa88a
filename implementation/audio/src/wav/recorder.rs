//! A recording that grows block by block.

use super::{file_bytes, header_bytes, whole_frames};
use crate::error::AudioError;
use crate::{Result, format};
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::wav::WAV_HEADER_BYTES;

/// Collects blocks into the file that [`super::save`] would write of them at once (WAV-011).
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    file: Option<Vec<u8>>,
}

impl Recorder {
    /// Opens a recording, dropping one that is open.
    pub fn begin(&mut self) {
        // The sizes in this header are written at the end, when they are known.
        self.file = Some(header_bytes(0).to_vec());
    }

    /// Whether a recording is open.
    pub const fn is_open(&self) -> bool {
        self.file.is_some()
    }

    /// Appends interleaved stereo samples.
    ///
    /// # Errors
    /// `no_recording` while none is open; `oversized_input` where the file would exceed its bound; `misaligned` for half a frame.
    /// The recording stays as it was (WAV-012).
    pub fn append(&mut self, pcm: &[i16]) -> Result<()> {
        let file = self.file.as_mut().ok_or_else(no_recording)?;
        file_bytes(file.len().saturating_add(pcm.len().saturating_mul(2)))?;
        whole_frames(pcm)?;
        format::append_bytes(pcm, file);
        Ok(())
    }

    /// Ends the recording and gives its file.
    ///
    /// # Errors
    /// `no_recording` while none is open (WAV-012).
    pub fn finish(&mut self) -> Result<Vec<u8>> {
        let mut file = self.file.take().ok_or_else(no_recording)?;
        // Appending has kept the file below its bound, which is far below 2^32.
        let data = file.len().saturating_sub(WAV_HEADER_BYTES as usize) as u32;
        for (target, byte) in file.iter_mut().zip(header_bytes(data)) {
            *target = byte;
        }
        Ok(file)
    }
}

fn no_recording() -> AudioError {
    AudioError::plain(ErrorCode::NoRecording, "no recording is open", "begin one first")
}
