//! What is wrong with a file, and where.

use std::fmt;

/// One fault in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Path in the repository.
    pub file: String,
    /// Line, from 1; 0 where the fault is the whole file's.
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

/// Reads `text` as `T`; a fault of the parser keeps its line.
pub(crate) fn read<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, Problems> {
    serde_yaml::from_str(text).map_err(|error| {
        let line = error.location().map_or(0, |location| location.line());
        let mut problems = Problems::default();
        // The parser starts with the place and adds a drawing of it below its first line; file and line say the same in one.
        let message = error.to_string();
        let first = message.lines().next().unwrap_or("not readable as YAML");
        let first = first.strip_prefix("error: line ").and_then(|rest| rest.split_once(": ")).map_or(first, |(_, rest)| rest);
        problems.add(file, line, first);
        problems
    })
}
