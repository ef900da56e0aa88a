//! A contract file: `spec/contracts/<name>.yaml`.

use crate::problem::{Problems, read};
use serde::{Deserialize, Serialize};
use serde_yaml::Spanned;
use std::fmt;

/// The kinds of evidence that a requirement can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// Random cases compared with the model step by step.
    Property,
    /// A quick law over random cases, without the model's answer.
    Law,
    /// A whole small domain, every value of it.
    Exhaustive,
    /// A recorded and reviewed case.
    Golden,
    /// A known violation of the requirement, which a check was seen to catch in this run.
    Violation,
    /// Every interleaving of two threads, up to a stated size.
    Interleaving,
    /// Two real threads, for a stated number of frames.
    Stress,
    /// A counting allocator around the call.
    Allocation,
    /// A program was run on real files and sockets, and what it printed, returned and wrote was compared with the model's answer.
    Command,
    /// A guest was booted, and its UART judged against the models' answers.
    Boot,
}

impl EvidenceKind {
    /// Every kind, in the order in which reports show them.
    pub const ALL: [Self; 10] = [
        Self::Property,
        Self::Law,
        Self::Exhaustive,
        Self::Golden,
        Self::Violation,
        Self::Interleaving,
        Self::Stress,
        Self::Allocation,
        Self::Command,
        Self::Boot,
    ];

    /// The name, as in the contract files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Property => "property",
            Self::Law => "law",
            Self::Exhaustive => "exhaustive",
            Self::Golden => "golden",
            Self::Violation => "violation",
            Self::Interleaving => "interleaving",
            Self::Stress => "stress",
            Self::Allocation => "allocation",
            Self::Command => "command",
            Self::Boot => "boot",
        }
    }

    /// Whether the kind is shown once per run, instead of once per driver.
    pub fn once_per_run(self) -> bool {
        self.of_harness() || matches!(self, Self::Command | Self::Boot)
    }

    /// Whether the kind is shown by the harness itself, or by what is linked into it, where it proves itself.
    pub fn of_harness(self) -> bool {
        matches!(self, Self::Violation | Self::Interleaving | Self::Stress | Self::Allocation)
    }
}

impl fmt::Display for EvidenceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A constant of the contract, generated into `spec`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constant {
    /// Name in Rust.
    pub name: Spanned<String>,
    /// Type in Rust.
    #[serde(rename = "type")]
    pub rust_type: Spanned<String>,
    /// Value.
    pub value: Value,
    /// Unit.
    pub unit: String,
    /// What it is.
    pub doc: String,
    /// Where it comes from: a place in a document, or a decision.
    pub source: String,
}

/// A bound of the contract, generated into `spec`; exceeding it is an error with a test of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// Name in Rust.
    pub name: Spanned<String>,
    /// Type in Rust.
    #[serde(rename = "type")]
    pub rust_type: Spanned<String>,
    /// Value.
    pub value: Value,
    /// Unit.
    pub unit: String,
    /// Name of the error code that exceeding it gives.
    pub error: Spanned<String>,
    /// The test that shows it, `test_reject_…`.
    pub reject_test: Spanned<String>,
    /// What it is.
    pub doc: String,
}

/// The value of a constant or a bound.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "a value is a whole number of 64 bits or a text")]
pub enum Value {
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// A stable error code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorCode {
    /// Name, in snake case.
    pub name: Spanned<String>,
    /// Number, never used for anything else.
    pub code: Spanned<u16>,
    /// What it means.
    pub doc: String,
}

/// A point that the source document leaves open, and what this project decided.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// `<CONTRACT>-D<n>`.
    pub id: Spanned<String>,
    /// Number in the platform's list of open points, where it has one.
    #[serde(default)]
    pub list_a: Option<u32>,
    /// What is open.
    pub open_point: String,
    /// What was decided.
    pub decision: String,
    /// Why.
    pub why: String,
}

/// Where a requirement comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Id of the source document.
    pub document: Spanned<String>,
    /// The place in it.
    #[serde(rename = "where")]
    pub place: String,
}

/// One testable statement.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// `<CONTRACT>-<nnn>`.
    pub id: Spanned<String>,
    /// The statement.
    pub text: String,
    /// Where it comes from.
    pub source: Source,
    /// The kinds of evidence that prove it, all of them needed.
    pub evidence: Vec<EvidenceKind>,
}

/// What answers a contract's operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MachineKind {
    /// A machine on each driver, which is what a file means that says nothing.
    #[default]
    #[serde(skip_deserializing)]
    Driven,
    /// Nothing does: the contract has no operations. It speaks of whole programs, which are run, and of booted guests.
    None,
}

/// A whole contract file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractFile {
    /// Path in the repository.
    #[serde(skip)]
    pub path: String,
    /// Name, the same in every room of the house.
    pub contract: Spanned<String>,
    /// Version of the contract.
    pub version: u32,
    /// One line.
    pub title: String,
    /// A few sentences.
    pub summary: String,
    /// What answers its operations; `none` is all that a file may say.
    #[serde(default)]
    pub machine: MachineKind,
    /// Constants.
    pub constants: Vec<Constant>,
    /// Bounds.
    pub bounds: Vec<Bound>,
    /// Error codes that this contract introduces.
    pub errors: Vec<ErrorCode>,
    /// Decisions.
    pub decisions: Vec<Decision>,
    /// Requirements.
    pub requirements: Vec<Requirement>,
}

const TYPES: [&str; 8] = ["u16", "u32", "u64", "usize", "i16", "i32", "i64", "str"];

impl ContractFile {
    /// Whether machines answer its operations: then it has a model, an implementation, goldens and a fuzz target.
    pub fn has_machine(&self) -> bool {
        self.machine == MachineKind::Driven
    }

    /// Reads one file.
    ///
    /// # Errors
    /// Everything in the file that is not as this format says, with its line.
    pub fn parse(path: &str, text: &str) -> Result<Self, Problems> {
        let mut file: Self = read(path, text)?;
        file.path = path.to_owned();
        let mut problems = Problems::default();
        let name = file.contract.value.clone();
        let stem = path.rsplit('/').next().and_then(|last| last.strip_suffix(".yaml")).unwrap_or(path);
        if name != stem {
            problems.add(
                path,
                file.contract.referenced.line(),
                format!("the contract is named `{name}` but the file `{stem}`: use one name in every room"),
            );
        }
        if !is_contract_name(&name) {
            let message = format!("the contract name `{name}` must be of lower-case letters, digits and hyphens, and start with a letter");
            problems.add(path, file.contract.referenced.line(), message);
        }
        let prefix = name.to_uppercase().replace('-', "_");
        for constant in &file.constants {
            check_typed(path, &constant.name, &constant.rust_type, &constant.value, &mut problems);
            check_comment(path, &constant.name, &[&constant.doc, &constant.unit, &constant.source], &mut problems);
        }
        for bound in &file.bounds {
            check_typed(path, &bound.name, &bound.rust_type, &bound.value, &mut problems);
            check_comment(path, &bound.name, &[&bound.doc, &bound.unit], &mut problems);
            let test = &bound.reject_test;
            if !test.value.starts_with("test_reject_") || !is_snake_case(&test.value) {
                problems.add(
                    path,
                    test.referenced.line(),
                    format!("`{}` must be the name of a test that starts with test_reject_", test.value),
                );
            }
        }
        for error in &file.errors {
            if !is_snake_case(&error.name.value) {
                problems.add(path, error.name.referenced.line(), format!("the error name `{}` must be in snake case", error.name.value));
            }
            check_comment(path, &error.name, &[&error.doc], &mut problems);
            if error.code.value == 0 {
                problems.add(path, error.code.referenced.line(), "error codes start at 1: 0 would read as success");
            }
        }
        for decision in &file.decisions {
            check_id(path, &decision.id, &format!("{prefix}-D"), &mut problems);
        }
        for requirement in &file.requirements {
            check_id(path, &requirement.id, &format!("{prefix}-"), &mut problems);
            let line = requirement.id.referenced.line();
            if requirement.text.trim().is_empty() {
                problems.add(path, line, format!("{} says nothing: give its `text`", requirement.id.value));
            }
            if requirement.evidence.is_empty() {
                problems.add(path, line, format!("{} asks for no evidence: name at least one kind", requirement.id.value));
            }
            if let Some(kind) = requirement.evidence.iter().find(|kind| !file.has_machine() && !kind.once_per_run()) {
                let message = format!(
                    "{} asks for {kind} evidence, which only machines give, and `machine: none` says that there are none: ask for command, \
                     boot or violation",
                    requirement.id.value
                );
                problems.add(path, line, message);
            }
            let mut kinds = requirement.evidence.clone();
            kinds.sort();
            kinds.dedup();
            if kinds.len() != requirement.evidence.len() {
                problems.add(path, line, format!("{} names a kind of evidence twice", requirement.id.value));
            }
        }
        if file.requirements.is_empty() {
            problems.add(path, file.contract.referenced.line(), format!("the contract `{name}` has no requirement"));
        }
        problems.or(file)
    }
}

fn check_typed(path: &str, name: &Spanned<String>, rust_type: &Spanned<String>, value: &Value, problems: &mut Problems) {
    let line = name.referenced.line();
    let upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if !name.value.starts_with(|c: char| c.is_ascii_uppercase()) || !name.value.chars().all(upper) {
        problems.add(path, line, format!("`{}` must be in upper snake case", name.value));
    }
    let kind = rust_type.value.as_str();
    if !TYPES.contains(&kind) {
        problems.add(path, rust_type.referenced.line(), format!("`{kind}` is no type of constants: use one of {}", TYPES.join(", ")));
        return;
    }
    let fits = match (kind, value) {
        ("str", Value::Text(text)) => text.chars().all(|c| !c.is_control() && c != '"' && c != '\\'),
        ("u16", Value::Integer(number)) => u16::try_from(*number).is_ok(),
        ("u32", Value::Integer(number)) => u32::try_from(*number).is_ok(),
        ("u64" | "usize", Value::Integer(number)) => u64::try_from(*number).is_ok(),
        ("i16", Value::Integer(number)) => i16::try_from(*number).is_ok(),
        ("i32", Value::Integer(number)) => i32::try_from(*number).is_ok(),
        ("i64", Value::Integer(_)) => true,
        _ => false,
    };
    if !fits {
        problems.add(path, line, format!("the value {value} of `{}` is no {kind}", name.value));
    }
}

/// Texts that become one line of a comment in Rust.
fn check_comment(path: &str, name: &Spanned<String>, texts: &[&str], problems: &mut Problems) {
    for text in texts {
        if text.trim().is_empty() || text.contains(char::is_control) {
            let message = format!("the texts of `{}` must each be one line and not empty: {text:?} is not", name.value);
            problems.add(path, name.referenced.line(), message);
        }
    }
}

fn check_id(path: &str, id: &Spanned<String>, prefix: &str, problems: &mut Problems) {
    let number = id.value.strip_prefix(prefix);
    if !number.is_some_and(|digits| !digits.is_empty() && digits.len() <= 3 && digits.chars().all(|c| c.is_ascii_digit())) {
        problems.add(path, id.referenced.line(), format!("the id `{}` must be `{prefix}` and a number of at most three digits", id.value));
    }
}

fn is_snake_case(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn is_contract_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}
