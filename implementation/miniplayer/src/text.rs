//! Texts as they are shown.

use alloc::format;
use alloc::string::String;
use spec::miniplayer::MINIPLAYER_TIME_MAX_MS;

/// What a cut text ends in.
const POINTS: &str = "...";

/// A character that the font has.
const fn written(letter: char) -> char {
    match letter {
        ' '..='~' | '\u{a0}'..='\u{ff}' => letter,
        _ => '?',
    }
}

/// A text in at most so many characters, cut at a whole one (MINIPLAYER-002).
pub(crate) fn cut(text: &str, chars: u32) -> String {
    let chars = chars as usize;
    let mut letters = text.chars().map(written);
    let mut out = String::with_capacity(chars.saturating_mul(2));
    if text.chars().nth(chars).is_none() {
        out.extend(letters);
    } else {
        out.extend(letters.by_ref().take(chars.saturating_sub(POINTS.len())));
        out.push_str(POINTS);
    }
    out
}

/// A time as m:ss, rounded down (MINIPLAYER-005).
pub(crate) fn time(ms: u64) -> String {
    let seconds = ms.min(MINIPLAYER_TIME_MAX_MS).wrapping_div(1_000);
    format!("{}:{:02}", seconds.wrapping_div(60), seconds.wrapping_rem(60))
}

/// Whole decibels with their sign, halves away from zero (MINIPLAYER-007).
pub(crate) fn decibels(db: i32) -> String {
    let size = db.unsigned_abs().saturating_add(128) >> 8;
    match (size, db < 0) {
        (0, _) => String::from("0 dB"),
        (_, true) => format!("-{size} dB"),
        (_, false) => format!("+{size} dB"),
    }
}
