//! The run's record with its coverage, for other programs and for `conform report`.

use super::coverage::Coverage;
use crate::evidence::RunRecord;
use serde::{Deserialize, Serialize};
use spec_files::Library;

/// Version of this report. It grows when a field changes its meaning or goes; new fields alone do not change it.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    record: &'a RunRecord,
    coverage: &'a Coverage,
}

#[derive(Deserialize)]
struct Read {
    record: RunRecord,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// The report, as indented JSON.
pub fn render(_library: &Library, record: &RunRecord, coverage: &Coverage) -> String {
    // All of these are structs, sequences and maps with names as keys, of which every value has a JSON form.
    serde_json::to_string_pretty(&Written { version: VERSION, record, coverage })
        .unwrap_or_else(|error| serde_json::json!({ "version": VERSION, "error": error.to_string() }).to_string())
}

/// The record in such a report. The coverage in it is not trusted: whoever needs it computes it anew.
///
/// # Errors
/// What keeps the text from being read, with line and column.
pub fn read(text: &str) -> Result<RunRecord, String> {
    let version: Version = serde_json::from_str(text).map_err(|error| format!("no report of a run: {error}"))?;
    if version.version != VERSION {
        return Err(format!("a report of version {}, but this program reads version {VERSION}", version.version));
    }
    let read: Read = serde_json::from_str(text).map_err(|error| format!("no report of a run: {error}"))?;
    Ok(read.record)
}

#[cfg(test)]
mod tests {
    use super::{read, render};
    use crate::report::coverage::Coverage;
    use crate::report::samples::{library, mixed};

    #[test]
    fn a_record_survives() {
        let library = library();
        let record = mixed(&library);
        let text = render(&library, &record, &Coverage::of(&library, &record));
        let again = read(&text).expect("it was written by the same program");
        assert_eq!((again.evidence, again.findings, again.drivers), (record.evidence, record.findings, record.drivers));
    }

    #[test]
    fn its_form_is_stable() {
        let library = library();
        let mut record = mixed(&library);
        record.evidence.truncate(1);
        record.drivers.truncate(1);
        let text = render(&library, &record, &Coverage::of(&library, &record));
        insta::assert_snapshot!(text);
    }

    #[test]
    fn test_reject_what_is_no_report() {
        for (text, why) in [
            ("", "no report of a run: EOF"),
            ("{", "no report of a run: EOF"),
            ("[]", "no report of a run: "),
            ("{\"version\": 2}", "a report of version 2, but this program reads version 1"),
            ("{\"version\": 1}", "no report of a run: missing field `record`"),
            ("{\"version\": 1, \"record\": {\"version\": 1, \"seed\": -1}}", "no report of a run: invalid value"),
        ] {
            let got = read(text).expect_err("it is no report");
            assert!(got.starts_with(why), "{got}");
        }
    }
}
