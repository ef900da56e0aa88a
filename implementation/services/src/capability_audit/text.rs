//! Texts of a record: bounded, printable, and without an allocation.

use core::fmt::{self, Write};

/// A text of at most `N` bytes of printable ASCII.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Text<N> {
    /// The parts, one after the other. Other bytes than printable ASCII, and tildes, become question marks
    /// (CAPABILITY_AUDIT-004); what is longer than `N` bytes is cut, with a tilde and the whole length at its end
    /// (CAPABILITY_AUDIT-003).
    pub fn new(parts: &[&str]) -> Self {
        let whole = parts.iter().fold(0_usize, |sum, part| sum.saturating_add(part.len()));
        let (mark, digits) = mark(whole);
        let room = if whole > N { N.saturating_sub(digits) } else { N };
        let mut text = Self { bytes: [0; N], len: 0 };
        for byte in parts.iter().flat_map(|part| part.bytes()).take(room) {
            text.push(if matches!(byte, b' '..=b'}') { byte } else { b'?' });
        }
        if whole > N {
            for byte in mark.iter().skip(mark.len().saturating_sub(digits)) {
                text.push(*byte);
            }
        }
        text
    }

    /// What a number or an identity is written as, which must fit.
    pub(super) fn display(value: impl fmt::Display) -> Self {
        let mut text = Self { bytes: [0; N], len: 0 };
        // Writing into this text never fails.
        let _ = write!(text, "{value}");
        text
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.len) {
            *place = byte;
            self.len = self.len.saturating_add(1);
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        // Printable ASCII is always text.
        self.bytes.get(..self.len).and_then(|bytes| core::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

/// A tilde and a number at the end of the array, and their bytes.
fn mark(number: usize) -> ([u8; 24], usize) {
    let mut mark = [b'~'; 24];
    let mut rest = number;
    let mut used = 1;
    for place in mark.iter_mut().rev().take(23) {
        *place = b'0'.wrapping_add((rest % 10) as u8);
        rest /= 10;
        used = usize::saturating_add(used, 1);
        if rest == 0 {
            break;
        }
    }
    (mark, used)
}

impl<const N: usize> Write for Text<N> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.push(if matches!(byte, b' '..=b'}') { byte } else { b'?' });
        }
        Ok(())
    }
}

impl<const N: usize> fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl<const N: usize> fmt::Display for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
