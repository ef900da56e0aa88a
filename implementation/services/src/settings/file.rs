//! The settings file: one `key=value` line for each key.

use super::value::{Key, Values};
use super::{FileBytes, Loaded, oversized};
use crate::Result;
use spec::settings::SETTINGS_FILE_BYTES_MAX;

/// The file of `/state` in which settings are kept.
pub trait Store {
    /// The whole file; nothing where there is none.
    fn read(&self) -> Option<FileBytes>;

    /// Replaces the whole file.
    ///
    /// # Errors
    /// [`WriteFailed`]; the old file is as it was.
    fn write(&mut self, bytes: &[u8]) -> core::result::Result<(), WriteFailed>;
}

/// The file could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteFailed;

/// A store in memory, for hosts without a file system, and for tests: its writes can be made to fail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateFile {
    bytes: Option<FileBytes>,
    failing: bool,
}

impl StateFile {
    /// Puts other bytes into the file, as whoever else can write `/state` might.
    ///
    /// # Errors
    /// `oversized_input` above [`SETTINGS_FILE_BYTES_MAX`]; the old file is as it was (SETTINGS-014).
    pub fn plant(&mut self, bytes: &[u8]) -> Result<()> {
        if bytes.len() > SETTINGS_FILE_BYTES_MAX as usize {
            return Err(oversized(bytes));
        }
        self.bytes = Some(bytes.to_vec());
        Ok(())
    }

    /// Lets writes fail from now on, or succeed again.
    pub const fn fail_writes(&mut self, failing: bool) {
        self.failing = failing;
    }
}

impl Store for StateFile {
    fn read(&self) -> Option<FileBytes> {
        self.bytes.clone()
    }

    fn write(&mut self, bytes: &[u8]) -> core::result::Result<(), WriteFailed> {
        if self.failing || bytes.len() > SETTINGS_FILE_BYTES_MAX as usize {
            return Err(WriteFailed);
        }
        self.bytes = Some(bytes.to_vec());
        Ok(())
    }
}

/// The file of these values (SETTINGS-D5).
pub(super) fn render(values: &Values) -> FileBytes {
    let mut bytes = FileBytes::new();
    for key in Key::ALL {
        for part in [key.name(), "=", values.text(key), "\n"] {
            bytes.extend_from_slice(part.as_bytes());
        }
    }
    bytes
}

/// The values of a file, and what was taken of it (SETTINGS-011). A store may hold a file that is above the bound: it counts as
/// one bad line, and none of it is looked at.
pub(super) fn parse(bytes: &[u8]) -> (Values, Loaded) {
    let (mut values, mut loaded) = (Values::default(), Loaded::default());
    if bytes.len() > SETTINGS_FILE_BYTES_MAX as usize {
        loaded.skipped = 1;
        return (values, loaded);
    }
    // The file's last line feed ends a line and begins none.
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let pair = core::str::from_utf8(line).ok().and_then(|line| line.split_once('='));
        match pair.and_then(|(key, value)| Key::parse(key)?.value(value)) {
            Some(value) => {
                values.put(value);
                loaded.taken = loaded.taken.saturating_add(1);
            }
            None => loaded.skipped = loaded.skipped.saturating_add(1),
        }
    }
    (values, loaded)
}
