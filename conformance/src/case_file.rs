//! A case as a file: what `conform replay` reruns on any driver.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use spec::{Case, Contract};

/// Version of the format.
pub const VERSION: u32 = 1;

/// Largest case file, in bytes.
pub const CASE_FILE_BYTES_MAX: u64 = 64 << 20;

/// The file, before its contract is known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnyCaseFile {
    /// Version of the format.
    pub conform_case: u32,
    /// The contract.
    pub contract: String,
    /// Where the case came from, for people.
    #[serde(default)]
    pub note: String,
    /// The configuration, as the contract writes it.
    pub config: Box<RawValue>,
    /// The operations, as the contract writes them.
    pub ops: Box<RawValue>,
}

/// A case file of a known contract, for writing.
#[derive(Debug, Serialize)]
#[serde(bound = "")]
pub struct CaseFile<'a, C: Contract> {
    conform_case: u32,
    contract: &'static str,
    note: String,
    config: &'a C::Config,
    ops: &'a [C::Op],
}

/// The text of a case file.
pub fn write<C: Contract>(case: &Case<C>, note: impl Into<String>) -> String {
    let file = CaseFile::<C> { conform_case: VERSION, contract: C::NAME, note: note.into(), config: &case.config, ops: &case.ops };
    let mut text = one_item_per_line(&value_of(&file).unwrap_or_default());
    text.push('\n');
    text
}

/// What is written, as a JSON value: by way of its text, so that no contract's types are compiled for a second serializer.
///
/// # Errors
/// What can't be written.
pub fn value_of<T: Serialize>(written: &T) -> serde_json::Result<serde_json::Value> {
    let mut text = Vec::new();
    serde_json::to_writer(&mut text, written)?;
    serde_json::from_slice(&text)
}

/// JSON with the top level's keys and its lists' items on lines of their own: readable, and small in a diff.
pub fn one_item_per_line(value: &serde_json::Value) -> String {
    let serde_json::Value::Object(map) = value else {
        return value.to_string();
    };
    let mut lines = Vec::new();
    for (key, value) in map {
        let key = serde_json::Value::String(key.clone());
        match value {
            serde_json::Value::Array(items) if !items.is_empty() => {
                let items: Vec<String> = items.iter().map(|item| format!("    {item}")).collect();
                lines.push(format!("  {key}: [\n{}\n  ]", items.join(",\n")));
            }
            value => lines.push(format!("  {key}: {value}")),
        }
    }
    format!("{{\n{}\n}}", lines.join(",\n"))
}

/// Reads a case file's frame.
///
/// # Errors
/// What is wrong with it, and where.
pub fn read(text: &str) -> Result<AnyCaseFile, String> {
    let file: AnyCaseFile = serde_json::from_slice(text.as_bytes()).map_err(|error| format!("not a case file: {error}"))?;
    if file.conform_case != VERSION {
        return Err(format!("case file of version {}, expected {VERSION}: write it again with this conform", file.conform_case));
    }
    Ok(file)
}

impl AnyCaseFile {
    /// The case, as that contract's.
    ///
    /// # Errors
    /// What does not fit the contract.
    pub fn case<C: Contract>(&self) -> Result<Case<C>, String> {
        let config = serde_json::from_slice(self.config.get().as_bytes())
            .map_err(|error| format!("`config` does not fit the contract `{}`: {error}", C::NAME))?;
        let ops = serde_json::from_slice(self.ops.get().as_bytes())
            .map_err(|error| format!("`ops` do not fit the contract `{}`: {error}", C::NAME))?;
        Ok(Case { config, ops })
    }
}
