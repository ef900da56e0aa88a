//! A task file: `spec/tasks/<id>.yaml`, every obligation of one source document.

use crate::problem::{Problems, read};
use serde::{Deserialize, Serialize};
use serde_yaml::Spanned;

/// Why an obligation is not (wholly) carried by a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaiverKind {
    /// A later contract builds it.
    Planned,
    /// The document itself declares it a stub.
    Stub,
    /// A rule about documents and process, which no program can break.
    Process,
    /// Outside of what a harness for media contracts can show.
    Outside,
}

impl WaiverKind {
    /// Every kind, in the order of reports.
    pub const ALL: [Self; 4] = [Self::Planned, Self::Stub, Self::Process, Self::Outside];

    /// The name, as in the files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Stub => "stub",
            Self::Process => "process",
            Self::Outside => "outside",
        }
    }
}

/// A reason, as data, why nothing proves an obligation yet.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// What kind of reason.
    pub kind: WaiverKind,
    /// The contract that will carry it, where planned.
    #[serde(default)]
    pub contract: Option<String>,
    /// The reason.
    pub reason: String,
}

/// One obligation of a source document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Obligation {
    /// Its id.
    pub id: Spanned<String>,
    /// The place in the document.
    #[serde(rename = "where")]
    pub place: String,
    /// What it asks, in our words.
    pub text: String,
    /// The requirements that carry it.
    #[serde(default)]
    pub requirements: Vec<Spanned<String>>,
    /// Why it is not, or not wholly, carried.
    #[serde(default)]
    pub waiver: Option<Waiver>,
}

/// A whole task file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskFile {
    /// Path in the repository.
    #[serde(skip)]
    pub path: String,
    /// Id of the source document.
    pub task: Spanned<String>,
    /// Title.
    pub title: String,
    /// Every obligation.
    pub obligations: Vec<Obligation>,
}

impl TaskFile {
    /// Reads one file.
    ///
    /// # Errors
    /// Everything in the file that is not as this format says, with its line.
    pub fn parse(path: &str, text: &str) -> Result<Self, Problems> {
        let mut file: Self = read(path, text)?;
        file.path = path.to_owned();
        let mut problems = Problems::default();
        if file.obligations.is_empty() {
            problems.add(path, file.task.referenced.line(), format!("{} lists no obligation", file.task.value));
        }
        for obligation in &file.obligations {
            let (id, line) = (&obligation.id.value, obligation.id.referenced.line());
            if obligation.text.trim().is_empty() || obligation.place.trim().is_empty() {
                problems.add(path, line, format!("{id} must say what it asks (`text`) and where (`where`)"));
            }
            for (index, requirement) in obligation.requirements.iter().enumerate() {
                if obligation.requirements.iter().take(index).any(|earlier| earlier.value == requirement.value) {
                    problems.add(path, requirement.referenced.line(), format!("{id} names {} twice", requirement.value));
                }
            }
            match &obligation.waiver {
                None if obligation.requirements.is_empty() => {
                    problems.add(
                        path,
                        line,
                        format!("{id} is carried by no requirement and has no waiver: add `requirements` or a `waiver` with its reason"),
                    );
                }
                Some(waiver) => {
                    if waiver.reason.trim().is_empty() {
                        problems.add(path, line, format!("the waiver of {id} gives no reason"));
                    }
                    if (waiver.kind == WaiverKind::Planned) != waiver.contract.as_ref().is_some_and(|contract| !contract.trim().is_empty())
                    {
                        problems.add(path, line, format!("the waiver of {id} must name a `contract` exactly when it is `planned`"));
                    }
                }
                None => {}
            }
        }
        problems.or(file)
    }
}
