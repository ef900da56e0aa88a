//! The answers that a boot's challenge asks for, as the model computes them.

use crate::challenge::hex;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest file of answers that is read, in bytes.
pub const ANSWERS_BYTES_MAX: usize = 64 << 10;

/// What one contract's selftest must report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Number of cases.
    pub cases: u64,
    /// SHA-256 over the traces in postcard, one after the other: 64 lower-case hexadecimal digits.
    pub digest: String,
}

impl Answer {
    /// The answer with this digest.
    pub fn new(cases: u64, digest: &[u8; 32]) -> Self {
        Self { cases, digest: hex(digest) }
    }
}

/// Answers by contract.
pub type Answers = BTreeMap<String, Answer>;

/// Reads answers from JSON: `{"ring": {"cases": 48, "digest": "…"}, …}`.
///
/// # Errors
/// What is wrong and where.
pub fn parse(text: &str) -> Result<Answers, String> {
    if text.len() > ANSWERS_BYTES_MAX {
        return Err(format!("{} bytes of answers; at most {ANSWERS_BYTES_MAX} are read", text.len()));
    }
    let answers: Answers = serde_json::from_str(text).map_err(|error| error.to_string())?;
    for (contract, answer) in &answers {
        if answer.digest.len() != 64 || !answer.digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(format!("the digest of `{contract}` is not 64 lower-case hexadecimal digits"));
        }
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let answers = Answers::from([("ring".to_owned(), Answer::new(48, &[0xa5; 32]))]);
        assert_eq!(parse(&serde_json::to_string(&answers).unwrap()), Ok(answers));
    }

    #[test]
    fn test_reject_answers() {
        let digest = "a".repeat(64);
        for (text, why) in [
            ("", "EOF"),
            ("[]", "invalid type"),
            (r#"{"ring": {"cases": 1}}"#, "missing field `digest`"),
            (r#"{"ring": {"cases": -1, "digest": ""}}"#, "invalid value"),
            (r#"{"ring": {"cases": 1, "digest": "A"}}"#, "digest of `ring`"),
            (&format!(r#"{{"ring": {{"cases": 1, "digest": "{}"}}}}"#, digest.to_uppercase()), "digest of `ring`"),
            (&format!(r#"{{"ring": {{"cases": 1, "digest": "{digest}", "proof": 1}}}}"#), "unknown field `proof`"),
            (&" ".repeat(ANSWERS_BYTES_MAX + 1), "at most"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
