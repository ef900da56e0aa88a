//! The focus table: `spec/focus.yaml`.

use crate::embedded;
use crate::problem::{Problems, read};
use serde::Deserialize;
use serde_yaml::Spanned;

/// The classes, in the order of the table.
pub const CLASSES: [&str; 4] = ["music", "comms", "alarm", "ui"];

/// The kinds of focus, in the order of the table.
pub const KINDS: [&str; 2] = ["gain", "transient"];

/// What a rule can say.
pub const RULES: [&str; 4] = ["none", "pause", "duck_db", "duck_db_ui"];

/// One row: what a playing session means for those of a class.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Class of the session that plays.
    pub active: Spanned<String>,
    /// Kind of its focus.
    pub kind: Spanned<String>,
    /// Class of the others.
    pub other: Spanned<String>,
    /// What happens to them.
    pub rule: Spanned<String>,
    /// Where it comes from: a place in a document, or a decision.
    pub source: String,
}

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FocusFile {
    /// Version of the table.
    pub version: u32,
    /// Every combination, once, in the order of active class, kind and other class.
    pub rules: Vec<Row>,
}

impl FocusFile {
    /// The table of this build.
    ///
    /// # Errors
    /// Every fault in it.
    pub fn embedded() -> Result<Self, Problems> {
        Self::parse(embedded::FOCUS.0, embedded::FOCUS.1)
    }

    /// Reads a table.
    ///
    /// # Errors
    /// Everything in the file that is not as this format says, with its line.
    pub fn parse(path: &str, text: &str) -> Result<Self, Problems> {
        let file: Self = read(path, text)?;
        let mut problems = Problems::default();
        let mut expected = combinations();
        for row in &file.rules {
            let line = row.active.referenced.line();
            for (what, word, words) in [
                ("class", &row.active, &CLASSES[..]),
                ("kind", &row.kind, &KINDS[..]),
                ("class", &row.other, &CLASSES[..]),
                ("rule", &row.rule, &RULES[..]),
            ] {
                if !words.contains(&word.value.as_str()) {
                    let message = format!("`{}` is no {what}: use one of {}", word.value, words.join(", "));
                    problems.add(path, word.referenced.line(), message);
                }
            }
            if row.source.trim().is_empty() || row.source.contains(char::is_control) {
                problems.add(path, line, format!("the source must be one line and not empty: {:?} is not", row.source));
            }
            if row.active.value == row.other.value && row.rule.value.starts_with("duck") {
                problems.add(path, line, format!("no class lowers itself: `{}` can't be ruled {}", row.active.value, row.rule.value));
            }
            match expected.next() {
                Some(next) if next == (&row.active.value, &row.kind.value, &row.other.value) => {}
                Some((active, kind, other)) => {
                    let message = format!(
                        "here stands {} {} {}, where {active} {kind} {other} belongs: give each combination once, in order",
                        row.active.value, row.kind.value, row.other.value
                    );
                    problems.add(path, line, message);
                    // One row that is missing makes all after it stand in the wrong place.
                    break;
                }
                None => {
                    problems.add(path, line, "every combination stands above already: drop this row");
                    break;
                }
            }
        }
        if let Some((active, kind, other)) = expected.next()
            && problems.0.is_empty()
        {
            problems.add(path, 0, format!("the row of {active} {kind} {other} is missing"));
        }
        problems.or(file)
    }
}

/// Every combination of active class, kind and other class, in the order of the table.
fn combinations() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let kinds = CLASSES.into_iter().flat_map(|active| KINDS.map(|kind| (active, kind)));
    kinds.flat_map(|(active, kind)| CLASSES.map(|other| (active, kind, other)))
}
