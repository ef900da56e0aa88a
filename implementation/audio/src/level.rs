//! The master level: linear from 0 to 1, with a mute that remembers.

use crate::Result;
use crate::error::{AudioError, length};
use spec::ErrorCode;
use spec::level::{Decibels, LEVEL_Q16_MAX, LEVEL_TEXT_BYTES_MAX, LEVEL_UNITY_Q16};

/// A level and its mute switch. Starts at full level, not muted (LEVEL-008).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    q16: u32,
    muted: bool,
}

impl Default for Level {
    fn default() -> Self {
        Self { q16: LEVEL_UNITY_Q16, muted: false }
    }
}

impl Level {
    /// Sets the level from a number from 0 to 1; a mute stays (LEVEL-001, LEVEL-005).
    ///
    /// # Errors
    /// `invalid_level` for NaN and for numbers outside (LEVEL-002).
    pub fn set(&mut self, linear: f64) -> Result<()> {
        self.q16 = from_linear(linear)?;
        Ok(())
    }

    /// Sets the level from a settings text; a mute stays (LEVEL-007).
    ///
    /// # Errors
    /// `invalid_level_text` for any other text than `0`, `1` or a decimal of at most four places between them.
    pub fn set_text(&mut self, text: &str) -> Result<()> {
        self.q16 = parse(text)?;
        Ok(())
    }

    /// Sets the level in Q16; a mute stays.
    ///
    /// # Errors
    /// `out_of_range` above [`LEVEL_Q16_MAX`] (MIXER-015).
    pub fn set_q16(&mut self, q16: u32) -> Result<()> {
        self.q16 = in_range(q16)?;
        Ok(())
    }

    /// Mutes or unmutes; the level is remembered (LEVEL-004).
    pub fn mute(&mut self, muted: bool) {
        self.muted = muted;
    }

    /// The remembered level, in Q16.
    pub const fn q16(&self) -> u32 {
        self.q16
    }

    /// Whether muted.
    pub const fn muted(&self) -> bool {
        self.muted
    }

    /// The level that is applied, in Q16: 0 while muted (LEVEL-003).
    pub const fn effective(&self) -> u32 {
        if self.muted { 0 } else { self.q16 }
    }
}

fn in_range(q16: u32) -> Result<u32> {
    if q16 > LEVEL_Q16_MAX {
        return Err(AudioError::range(ErrorCode::OutOfRange, "the level in 1/65536", q16, (0, LEVEL_Q16_MAX), "65536 is the full level"));
    }
    Ok(q16)
}

/// floor(x · 65536 + 1/2) in exact arithmetic, for x from 0 to 1; negative zero is zero (LEVEL-001).
///
/// # Errors
/// `invalid_level` for NaN and for numbers outside (LEVEL-002).
pub fn from_linear(linear: f64) -> Result<u32> {
    if !(0.0..=1.0).contains(&linear) {
        return Err(AudioError::plain(
            ErrorCode::InvalidLevel,
            "the level is not a number from 0 to 1",
            "give 0 for silence and 1 for full level",
        ));
    }
    // Both are exact: a product with a power of two, and what is left of a number without its whole part. Adding 1/2 to the
    // product would round.
    let scaled = linear * 65_536.0;
    let whole = scaled as u32;
    let rest = scaled - f64::from(whole);
    Ok(whole.saturating_add(u32::from(rest >= 0.5)))
}

/// The Q16 level of a settings text: `0(\.\d{1,4})?|1(\.0{1,4})?` (LEVEL-007).
///
/// # Errors
/// `invalid_level_text` for any other text.
pub fn parse(text: &str) -> Result<u32> {
    let bytes = text.as_bytes();
    if bytes.len() > LEVEL_TEXT_BYTES_MAX as usize {
        let range = (1, LEVEL_TEXT_BYTES_MAX);
        return Err(AudioError::range(
            ErrorCode::InvalidLevelText,
            "the level text's size in bytes",
            length(bytes.len()),
            range,
            "give at most four decimals",
        ));
    }
    ten_thousandths(bytes)
        // No tie to care for: n · 65536 / 10000 never ends in one half.
        .map(|n| n.wrapping_mul(65_536).wrapping_add(5_000) / 10_000)
        .ok_or(AudioError::plain(
            ErrorCode::InvalidLevelText,
            "the level is no decimal of 0 to 1 with up to four places",
            "write it as 0.75: no sign, space or exponent",
        ))
}

fn ten_thousandths(text: &[u8]) -> Option<u32> {
    let (one, places) = match text {
        [whole @ (b'0' | b'1')] => (*whole == b'1', &[][..]),
        [whole @ (b'0' | b'1'), b'.', places @ ..] if matches!(places.len(), 1..=4) => (*whole == b'1', places),
        _ => return None,
    };
    let mut part = 0_u32;
    for index in 0..4 {
        let digit = match places.get(index) {
            Some(digit @ b'0'..=b'9') => u32::from(digit & 15),
            Some(_) => return None,
            None => 0,
        };
        part = part.wrapping_mul(10).wrapping_add(digit);
    }
    match (one, part) {
        (false, part) => Some(part),
        (true, 0) => Some(10_000),
        (true, _) => None,
    }
}

/// The level as 20 log10(q / 65536) in Q8.8 dB, to the nearest step; zero is silence (LEVEL-006).
///
/// No level comes nearer to the middle between two steps than 6e-7, so that the logarithm's last bits do not matter.
///
/// # Errors
/// `out_of_range` above [`LEVEL_Q16_MAX`].
pub fn decibels(q16: u32) -> Result<Decibels> {
    if in_range(q16)? == 0 {
        return Ok(Decibels::Silence);
    }
    Ok(Decibels::Q8_8(libm::round(5_120.0 * libm::log10(f64::from(q16) / 65_536.0)) as i32))
}

/// The level as a text of two decimals, to the nearest hundredth, half up (LEVEL-009).
///
/// # Errors
/// `out_of_range` above [`LEVEL_Q16_MAX`].
pub fn show(q16: u32) -> Result<LevelText> {
    let hundredths = in_range(q16)?.wrapping_mul(100).wrapping_add(32_768) >> 16;
    let digit = |n: u32| b'0'.wrapping_add((n % 10) as u8);
    Ok(LevelText([digit(hundredths / 100), b'.', digit(hundredths / 10), digit(hundredths)]))
}

/// A level with two decimals, as `0.75`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelText([u8; 4]);

impl LevelText {
    /// The text.
    pub fn as_str(&self) -> &str {
        // Digits and a point are always text.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl core::fmt::Display for LevelText {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}
