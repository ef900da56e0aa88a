//! The export of records to a file of `/state`.

use super::Metrics;
use crate::Result;
use crate::audiod::StoreFailed;
use crate::error::{ServiceError, length};
use crate::lines::Lines;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;
use spec::ErrorCode;
use spec::metrics::{METRICS_FILE_BYTES_MAX, METRICS_LINE_BYTES_MAX, METRICS_RECORDS_MAX};

const FILE_BYTES: usize = METRICS_FILE_BYTES_MAX as usize;

// The lines of all records that can wait fit into one file (METRICS-D5).
const _: () = assert!(METRICS_LINE_BYTES_MAX as u64 * METRICS_RECORDS_MAX as u64 <= METRICS_FILE_BYTES_MAX as u64);

/// The file of the metrics.
pub trait Store {
    /// Whether `/state` is there.
    fn is_there(&self) -> bool;

    /// The whole file; nothing where there is none.
    ///
    /// # Errors
    /// The store failed.
    fn read(&mut self) -> core::result::Result<Option<Vec<u8>>, StoreFailed>;

    /// Replaces the whole file, whole or not at all.
    ///
    /// # Errors
    /// The store failed; the file is as it was.
    fn write(&mut self, bytes: &[u8]) -> core::result::Result<(), StoreFailed>;
}

/// What an export did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Lines that were appended.
    pub lines: u32,
    /// Their bytes.
    pub bytes: u32,
    /// Old lines that went to make room.
    pub removed: u32,
}

/// Checks the length of a file of metrics, in bytes.
///
/// # Errors
/// `oversized_input` above [`METRICS_FILE_BYTES_MAX`] (METRICS-017).
pub fn check_file(bytes: usize) -> Result<()> {
    if bytes <= FILE_BYTES {
        return Ok(());
    }
    let range = (0, METRICS_FILE_BYTES_MAX);
    Err(ServiceError::range(ErrorCode::OversizedInput, "the file of metrics in bytes", length(bytes), range, "remove it from the disk"))
}

impl Metrics {
    /// Puts the lines of all waiting records behind those of the file, and prints what was done (METRICS-007, METRICS-012). Where the file
    /// becomes too long its oldest whole lines go (METRICS-008). With nothing waiting nothing is read, written or printed.
    ///
    /// # Errors
    /// `export_disabled` (METRICS-010); `state_unavailable`, for which the placeholder is printed (METRICS-009); `oversized_input` where
    /// the file that is there is none of this (METRICS-017); `state_failed` (METRICS-011). File and records are as they were then.
    pub fn export(&mut self, store: &mut dyn Store, lines: &mut dyn Lines) -> Result<Exported> {
        if !self.options.export {
            let what = "the configuration switches the export of metrics off";
            return Err(ServiceError::plain(ErrorCode::ExportDisabled, what, "switch it on, or read the snapshot"));
        }
        if !store.is_there() {
            lines.line(&"metrics: export stub/placeholder");
            let what = "there is no /state to export metrics to";
            return Err(ServiceError::plain(ErrorCode::StateUnavailable, what, "attach a disk, or read the snapshot"));
        }
        if self.waiting.is_empty() {
            return Ok(Exported::default());
        }
        let mut new = String::with_capacity(self.waiting.len().saturating_mul(256));
        for record in &self.waiting {
            // A string takes all text.
            let _ = writeln!(new, "{record}");
        }
        let mut file = store.read().map_err(|StoreFailed| FAILED)?.unwrap_or_default();
        check_file(file.len())?;
        // What follows the last line feed is no whole line (METRICS-016).
        let whole = file.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last.saturating_add(1));
        file.truncate(whole);
        let over = file.len().saturating_add(new.len()).saturating_sub(FILE_BYTES);
        let removed = remove_lines(&mut file, over);
        file.extend_from_slice(new.as_bytes());
        store.write(&file).map_err(|StoreFailed| FAILED)?;
        let exported = Exported { lines: self.waiting.len() as u32, bytes: new.len() as u32, removed };
        self.waiting.clear();
        lines.line(&format_args!("metrics: export lines={} bytes={}", exported.lines, exported.bytes));
        Ok(exported)
    }
}

/// Removes at least so many bytes from the front, and only whole lines; gives their number (METRICS-008).
fn remove_lines(file: &mut Vec<u8>, bytes: usize) -> u32 {
    let Some(last) = bytes.checked_sub(1) else { return 0 };
    // The line that holds the last byte that must go goes whole.
    let rest = file.iter().skip(last).position(|byte| *byte == b'\n');
    let end = rest.map_or(file.len(), |rest| last.saturating_add(rest).saturating_add(1));
    let removed = file.drain(..end).filter(|byte| *byte == b'\n').count();
    u32::try_from(removed).unwrap_or(u32::MAX)
}

const FAILED: ServiceError = ServiceError::plain(
    ErrorCode::StateFailed,
    "the file of metrics could not be read or replaced",
    "look at the disk; what waits can be exported again",
);
