//! How long a run may take and when it ends, with what the environment says.

use std::time::Duration;

/// Longest time that may be set.
pub const TIMEOUT_MAX: Duration = Duration::from_secs(3600);

/// Settings of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunSettings {
    /// End the run as soon as the done marker came, instead of when the machine ends. What would follow is then not seen.
    pub until_marker: bool,
    /// Longest run; the profile's own limit where none is set.
    pub timeout: Option<Duration>,
}

impl RunSettings {
    /// Reads `RUN_UNTIL_MARKER` (`0` or `1`) and `RUN_TIMEOUT` (such as `90`, `185s`, `1500ms` or `3m`).
    ///
    /// # Errors
    /// A value that is none of these.
    pub fn from_environment() -> Result<Self, String> {
        let read = |name: &str| match std::env::var(name) {
            Ok(value) => Ok(Some(value)),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => Err(format!("{name} is no text")),
        };
        Self::from_values(read("RUN_UNTIL_MARKER")?.as_deref(), read("RUN_TIMEOUT")?.as_deref())
    }

    /// The same from given values.
    ///
    /// # Errors
    /// A value that is none of those.
    pub fn from_values(until_marker: Option<&str>, timeout: Option<&str>) -> Result<Self, String> {
        let until_marker = match until_marker {
            None | Some("0") => false,
            Some("1") => true,
            Some(other) => {
                return Err(format!("RUN_UNTIL_MARKER={other:?} is neither 0 (until the machine ends) nor 1 (until the done marker)"));
            }
        };
        Ok(Self { until_marker, timeout: timeout.map(duration).transpose()? })
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("RUN_TIMEOUT={text:?} is no time from 1ms to {}s: write 90, 185s, 1500ms or 3m", TIMEOUT_MAX.as_secs());
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_lowercase());
    let unit = match text.get(digits.len()..) {
        Some("" | "s") => 1000,
        Some("ms") => 1,
        Some("m") => 60_000,
        _ => return Err(wrong()),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let time = digits.parse::<u64>().ok().and_then(|count| count.checked_mul(unit)).map(Duration::from_millis);
    time.filter(|time| !time.is_zero() && *time <= TIMEOUT_MAX).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_times() {
        for (text, millis) in [("90", 90_000), ("185s", 185_000), ("1500ms", 1_500), ("3m", 180_000), ("3600", 3_600_000), ("007", 7_000)] {
            assert_eq!(RunSettings::from_values(None, Some(text)).unwrap().timeout, Some(Duration::from_millis(millis)), "{text}");
        }
        assert_eq!(RunSettings::from_values(None, None), Ok(RunSettings::default()));
        assert!(RunSettings::from_values(Some("1"), None).unwrap().until_marker);
        assert!(!RunSettings::from_values(Some("0"), None).unwrap().until_marker);
    }

    #[test]
    fn test_reject_values() {
        for text in [
            "",
            "s",
            "0",
            "0s",
            "-1",
            "+1",
            "1.5s",
            "1h",
            "90 s",
            " 90",
            "3601",
            "61m",
            "99999999999999999999",
            "18446744073709551615m",
            "٣",
            "1S",
        ] {
            let error = RunSettings::from_values(None, Some(text)).unwrap_err();
            assert!(error.starts_with(&format!("RUN_TIMEOUT={text:?}")), "{error}");
        }
        for text in ["", "2", "yes", "true", "01"] {
            let error = RunSettings::from_values(Some(text), None).unwrap_err();
            assert!(error.starts_with(&format!("RUN_UNTIL_MARKER={text:?}")), "{error}");
        }
    }
}
