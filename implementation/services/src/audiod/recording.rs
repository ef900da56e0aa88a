//! The recording under way, and the calls about it.

use super::{Block, Engine, Method, Platform, Result, check_uri};
use audio::AudioError;
use spec::ErrorCode;
use spec::format::BLOCK_FRAMES;

/// A recording under way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Recording {
    blocks: u32,
    void: Option<Void>,
}

/// Why a recording is void (AUDIOD-018).
#[derive(Clone, Copy, Debug)]
enum Void {
    TooLong,
    Failed,
}

impl Recording {
    pub(super) fn take<P: Platform>(&mut self, platform: &mut P, block: &Block) {
        if self.void.is_some() {
            return;
        }
        let outcome = if self.blocks >= platform.record_blocks_max() {
            Err(Void::TooLong)
        } else {
            platform.record_block(block).map_err(|_| Void::Failed)
        };
        match outcome {
            Ok(()) => self.blocks = self.blocks.saturating_add(1),
            Err(void) => {
                platform.record_discard();
                self.void = Some(void);
            }
        }
    }
}

fn failed() -> AudioError {
    AudioError::plain(ErrorCode::StateFailed, "the state store failed, and nothing was kept of the recording", "look for a full disk")
}

impl<P: Platform> Engine<P> {
    /// Starts to record what is mixed, from the next block on (AUDIOD-016).
    ///
    /// # Errors
    /// `access_denied`, `invalid_uri`, `state_unavailable` (AUDIOD-017), `already_recording`, `state_failed`.
    pub fn record_start(&mut self, sender: u64, uri: &str) -> Result<()> {
        self.gate(sender, Method::AudiodRecordStart)?;
        check_uri(uri)?;
        if !self.platform.has_state() {
            return Err(AudioError::plain(ErrorCode::StateUnavailable, "there is no /state to record to", "attach a disk"));
        }
        if self.recording.is_some() {
            return Err(AudioError::plain(ErrorCode::AlreadyRecording, "a recording is under way", "stop it first"));
        }
        self.platform.record_begin(uri).map_err(|_| failed())?;
        self.recording = Some(Recording::default());
        Ok(())
    }

    /// Whether a recording is under way, void or not.
    pub const fn is_recording(&self) -> bool {
        self.recording.is_some()
    }

    /// Gives the recording up, as if it had never begun; nobody has to allow that.
    pub fn record_abandon(&mut self) {
        if self.recording.take().is_some() {
            self.platform.record_discard();
        }
    }

    /// Ends the recording; gives its frames and its file's bytes.
    ///
    /// # Errors
    /// `access_denied`, `not_recording`; `oversized_input` and `state_failed` where it is void (AUDIOD-018).
    pub fn record_stop(&mut self, sender: u64) -> Result<(u64, u64)> {
        self.gate(sender, Method::AudiodRecordStop)?;
        let advice = "start one first";
        let recording =
            self.recording.take().ok_or_else(|| AudioError::plain(ErrorCode::NotRecording, "no recording is under way", advice))?;
        match recording.void {
            Some(Void::Failed) => return Err(failed()),
            Some(Void::TooLong) => {
                let max = self.platform.record_blocks_max();
                let (got, range) = (i128::from(max).saturating_add(1), (1, max));
                let advice = "stop it sooner; nothing was kept of it";
                return Err(AudioError::range(ErrorCode::OversizedInput, "the recording's blocks", got, range, advice));
            }
            None => {}
        }
        let bytes = self.platform.record_finish().map_err(|_| failed())?;
        Ok((u64::from(recording.blocks).wrapping_mul(u64::from(BLOCK_FRAMES)), bytes))
    }
}
