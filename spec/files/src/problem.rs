//! What is wrong with a file, and where.

use std::fmt;

/// One fault in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Path in the repository.
    pub file: String,
    /// Line, from 1; 0 where the fault is no line's.
    pub line: u64,
    /// What was wrong, what was expected and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// Every fault found: one run shows them all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Records a fault.
    pub fn add(&mut self, file: &str, line: u64, message: impl Into<String>) {
        self.0.push(Problem { file: file.to_owned(), line, message: message.into() });
    }

    /// The value, unless a fault was recorded.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.0 {
            writeln!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// Largest file, in bytes. The largest of this project is below a fifth of it.
pub const FILE_BYTES_MAX: usize = 1 << 20;

/// What the budget below allows, in words.
const BUDGET: &str = "write plain YAML: no anchors, aliases or merged keys, one document, at most 16 levels and 50,000 nodes";

/// What the parser may spend on one file: no anchors, aliases or merged keys, with which a few bytes can stand for any number
/// of nodes, one document, and little nesting.
fn options() -> serde_yaml::Options {
    serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_anchors: 0,
            max_aliases: 0,
            max_merge_keys: 0,
            max_documents: 1,
            max_depth: 16,
            max_nodes: 50_000,
            max_events: 100_000,
        },
        emit_comments: false,
        reject_unsupported_tags: true,
    }
}

/// Reads `text` as `T`; a fault of the parser keeps its line.
pub(crate) fn read<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, Problems> {
    let mut problems = Problems::default();
    if text.len() > FILE_BYTES_MAX {
        problems.add(file, 1, format!("the file has {} bytes, expected at most {FILE_BYTES_MAX}: split it", text.len()));
        return Err(problems);
    }
    serde_yaml::from_str_with_options(text, options()).map_err(|error| {
        // Where the parser knows no place, the fault is the whole file's, which starts at its first line.
        let line = error.location().map_or(1, |location| location.line().max(1));
        // The parser starts with the place and adds a drawing of it below its first line; file and line say the same in one.
        let message = error.to_string();
        let first = message.lines().next().unwrap_or("not readable as YAML");
        let first = first.strip_prefix("error: line ").and_then(|rest| rest.split_once(": ")).map_or(first, |(_, rest)| rest);
        match first.strip_prefix("budget breached: ") {
            Some(what) => problems.add(file, line, format!("{BUDGET} ({what})")),
            None => problems.add(file, line, first),
        }
        problems
    })
}
