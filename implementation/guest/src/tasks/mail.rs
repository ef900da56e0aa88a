//! A task's letters: as many as there are places, each of bounded size, in the order of their arrival.

use super::TaskId;
use core::fmt;

/// Most letters that wait for a task.
pub const LETTERS_MAX: usize = 8;
/// Longest letter, in bytes: a message without samples fits.
pub const LETTER_BYTES_MAX: usize = 1024;

/// A letter. It is copied, so that no task holds another's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Who sent it.
    pub from: TaskId,
    length: usize,
    bytes: [u8; LETTER_BYTES_MAX],
}

impl Letter {
    /// What it says.
    pub fn content(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// Why a letter was not sent. The receiver's letters are what they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendError {
    /// There is no such task, or none any more.
    Nobody,
    /// It is longer than [`LETTER_BYTES_MAX`].
    TooLong,
    /// [`LETTERS_MAX`] letters wait already: let the receiver run first.
    Full,
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("there is no such task, or none any more"),
            Self::TooLong => write!(f, "a letter has at most {LETTER_BYTES_MAX} bytes: send it in parts"),
            Self::Full => write!(f, "{LETTERS_MAX} letters wait already: let the receiver run first"),
        }
    }
}

impl core::error::Error for SendError {}

/// The letters that wait for one task.
pub struct Mail {
    /// A ring: the oldest is at `first`.
    letters: [Option<Letter>; LETTERS_MAX],
    first: usize,
    count: usize,
}

impl Mail {
    /// No letters.
    pub const NEW: Self = Self { letters: [None; LETTERS_MAX], first: 0, count: 0 };

    /// Whether no letter waits.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Takes a letter in.
    pub fn push(&mut self, from: TaskId, content: &[u8]) -> Result<(), SendError> {
        let mut bytes = [0; LETTER_BYTES_MAX];
        bytes.get_mut(..content.len()).ok_or(SendError::TooLong)?.copy_from_slice(content);
        if self.count >= LETTERS_MAX {
            return Err(SendError::Full);
        }
        let place = self.first.wrapping_add(self.count) % LETTERS_MAX;
        *self.letters.get_mut(place).ok_or(SendError::Full)? = Some(Letter { from, length: content.len(), bytes });
        self.count = self.count.saturating_add(1);
        Ok(())
    }

    /// Gives the oldest letter out.
    pub fn pop(&mut self) -> Option<Letter> {
        let letter = self.letters.get_mut(self.first)?.take()?;
        self.first = self.first.wrapping_add(1) % LETTERS_MAX;
        self.count = self.count.saturating_sub(1);
        Some(letter)
    }
}
