//! Fixtures: the same bytes on every machine, made and looked at without a service.

use super::Told;
use crate::Failed;
use crate::wav_file::fixture;
use audio::tone::Tone;
use audio::wav;
use serde_json::json;
use sha2::{Digest, Sha256};
use spec::format::{BLOCK_FRAMES, FRAMES_PER_MS};
use spec::wav::WAV_FILE_BYTES_MAX;
use std::fmt::Write as _;
use std::path::Path;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // A string takes all text.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Writes a tone at the engine's level as a WAV file.
pub(super) fn tone(hz: u32, ms: u32, out: &Path) -> Result<Told, Failed> {
    let rejected = |error: audio::AudioError| Failed::Rejected(error.to_string());
    let mut tone = Tone::default();
    let frames = tone.play(hz, ms).map_err(rejected)?;
    let mut pcm = Vec::with_capacity(frames as usize * 2);
    let mut block = [0; BLOCK_FRAMES as usize * 2];
    let mut left = frames;
    while left > 0 {
        let of_block = left.min(u64::from(BLOCK_FRAMES));
        tone.pull(BLOCK_FRAMES, &mut block).map_err(rejected)?;
        pcm.extend(block.iter().take(of_block as usize * 2));
        left -= of_block;
    }
    let file = wav::save(&pcm).map_err(rejected)?;
    std::fs::write(out, &file).map_err(|error| Failed::Internal(format!("{}: {error}", out.display())))?;
    let data = json!({"file": out.display().to_string(), "frames": frames, "bytes": file.len(), "sha256": hex(&Sha256::digest(&file))});
    Ok((format!("nx: media tone hz={hz} ms={ms}"), data))
}

/// Loads a WAV file as the engine does.
pub(super) fn load(name: &str, fixtures: &Path) -> Result<Told, Failed> {
    let path = fixture(name, fixtures)?;
    let shown = path.display();
    let io = |error: std::io::Error| Failed::Rejected(format!("{shown}: {error}"));
    if std::fs::metadata(&path).map_err(io)?.len() > u64::from(WAV_FILE_BYTES_MAX) {
        return Err(Failed::Rejected(format!("{shown}: a fixture has at most {WAV_FILE_BYTES_MAX} bytes; cut it")));
    }
    let file = std::fs::read(&path).map_err(io)?;
    let pcm = wav::load(&file).map_err(|error| Failed::Rejected(format!("{shown}: {error}")))?;
    let frames = pcm.len() as u64 / 2;
    let peak = |channel: usize| pcm.iter().skip(channel).step_by(2).map(|sample| sample.unsigned_abs()).max().unwrap_or(0);
    let data = json!({
        "file": shown.to_string(), "frames": frames, "ms": frames / u64::from(FRAMES_PER_MS), "peak": [peak(0), peak(1)],
        "sha256": hex(&Sha256::digest(&file)),
    });
    Ok((format!("nx: media load frames={frames}"), data))
}
