//! i2sd: takes blocks where a test enabled it, and drives nothing.

use crate::Result;
use crate::error::{ServiceError, length};
use crate::lines::Lines;
use sha2::{Digest, Sha256};
use spec::ErrorCode;
use spec::codec::{CODEC_BLOCK_FRAMES, Platform};

/// The line of a stub, in the place of an ok (CODEC-011).
const PLACEHOLDER: &str = "i2sd: stub/placeholder";

pub(super) const DISABLED: ServiceError =
    ServiceError::plain(ErrorCode::I2sDisabled, "i2sd is disabled and takes no block", "select the sink null, or enable i2sd in a test");

/// The I2S service, a stub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct I2sd {
    platform: Platform,
    enabled: bool,
    blocks: u64,
    digest: Option<[u8; 32]>,
}

impl I2sd {
    /// Starts, disabled, and says that it is ready and a placeholder (CODEC-008, CODEC-011).
    pub fn start(platform: Platform, lines: &mut dyn Lines) -> Self {
        lines.line(&"i2sd: ready");
        lines.line(&PLACEHOLDER);
        Self { platform, enabled: false, blocks: 0, digest: None }
    }

    /// Enables or disables it. When it becomes enabled it says again that it is a placeholder (CODEC-011).
    ///
    /// # Errors
    /// `i2s_absent` where it is to be enabled on QEMU (CODEC-008).
    pub fn enable(&mut self, enabled: bool, lines: &mut dyn Lines) -> Result<()> {
        if enabled && self.platform == Platform::Qemu {
            return Err(ServiceError::plain(
                ErrorCode::I2sAbsent,
                "there is no I2S controller on QEMU",
                "select the sink null, or use a test configuration",
            ));
        }
        if enabled && !self.enabled {
            lines.line(&PLACEHOLDER);
        }
        self.enabled = enabled;
        Ok(())
    }

    /// Takes a block of interleaved stereo samples, counts it and keeps its digest; gives the count (CODEC-010).
    ///
    /// # Errors
    /// `i2s_disabled` (CODEC-009), then `invalid_i2s_block` for other than 480 frames. Nothing has changed then.
    pub fn submit(&mut self, pcm: &[i16]) -> Result<u64> {
        if !self.enabled {
            return Err(DISABLED);
        }
        let frames = pcm.len() / 2;
        if frames != CODEC_BLOCK_FRAMES as usize || !pcm.len().is_multiple_of(2) {
            return Err(ServiceError::expected(
                ErrorCode::InvalidI2sBlock,
                "the block's samples",
                length(pcm.len()),
                CODEC_BLOCK_FRAMES.saturating_mul(2),
                "give whole blocks of the engine",
            ));
        }
        let mut digest = Sha256::new();
        for sample in pcm {
            digest.update(sample.to_le_bytes());
        }
        self.digest = Some(digest.finalize().into());
        self.blocks = self.blocks.saturating_add(1);
        Ok(self.blocks)
    }

    /// Whether blocks are taken.
    pub const fn enabled(&self) -> bool {
        self.enabled
    }

    /// Blocks that were taken.
    pub const fn blocks(&self) -> u64 {
        self.blocks
    }

    /// SHA-256 of the last block's bytes, if there was one.
    pub const fn digest(&self) -> Option<[u8; 32]> {
        self.digest
    }
}
