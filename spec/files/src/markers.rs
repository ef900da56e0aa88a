//! The UART's grammar: `spec/markers.yaml`.

use crate::problem::{Problems, read};
use serde::Deserialize;
use serde_yaml::Spanned;

/// The type of a marker's field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// An unsigned decimal integer, as u64.
    Integer,
    /// Sixteen lower-case hexadecimal digits.
    Hex64,
    /// Sixty-four lower-case hexadecimal digits.
    Sha256,
    /// A decimal number of two places from 0.00 to 1.00.
    Decimal,
    /// A lower-case word of letters, digits, `-`, `_` and `.`.
    Word,
    /// A name that an app chose: 1 to 128 letters, digits, `.`, `-` and `_`, a letter or a digit first.
    Name,
}

impl FieldType {
    /// The regular expression of a value.
    pub fn pattern(self) -> &'static str {
        match self {
            Self::Integer => "0|[1-9][0-9]{0,19}",
            Self::Hex64 => "[0-9a-f]{16}",
            Self::Sha256 => "[0-9a-f]{64}",
            Self::Decimal => "0\\.[0-9]{2}|1\\.00",
            Self::Word => "[a-z][a-z0-9._-]{0,47}",
            Self::Name => "[A-Za-z0-9][A-Za-z0-9._-]{0,127}",
        }
    }
}

/// A field of a marker.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Name: the text between braces in the marker's form.
    pub name: Spanned<String>,
    /// Type.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// What it says.
    pub doc: String,
}

/// What a marker claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkerKind {
    /// Progress that claims nothing by itself.
    Progress,
    /// The guest is ready for work.
    Ready,
    /// A line that a service prints in its work; the model of the services gives each.
    Service,
    /// What a selftest's work came to: counts only with the right answer to the challenge.
    Answer,
    /// The line of a selftest as its document has it: counts only behind the right answer of its part.
    Claim,
    /// A selftest passed; counts only with the right answer to the challenge.
    SelftestOk,
    /// A selftest failed: the run has failed.
    SelftestFail,
    /// A part is a stub: it must not be claimed ok anywhere.
    Placeholder,
    /// The guest panicked or trapped: the run has failed.
    Fault,
    /// The last line of a run.
    Done,
}

/// One declared line.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marker {
    /// Name for reports and profiles.
    pub name: Spanned<String>,
    /// The whole line, with `{field}` where a field stands.
    pub form: Spanned<String>,
    /// What it claims.
    pub kind: MarkerKind,
    /// The part whose answer must stand before it, for a claim.
    #[serde(default)]
    pub part: Option<Spanned<String>>,
    /// Fields, in the order of the form.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// What it proves, or does not.
    pub doc: String,
}

/// What a guest is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileMode {
    /// Run the contracts' selftests.
    Selftest,
    /// Answer the mailbox.
    Serve,
    /// Run the platform's selftests, without a disk.
    Platform,
    /// Run the platform's selftests, with a disk.
    PlatformDisk,
    /// Run the media services' selftests, without a disk.
    Audio,
    /// Run the media services' selftests, with a disk.
    AudioDisk,
    /// The media services with the selftests of the media sessions, without a disk.
    Media,
    /// The same with a disk.
    MediaDisk,
    /// Decode the files that the host put into memory before boot.
    Decoders,
}

/// A plan: the markers that a run must show, in order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name.
    pub name: Spanned<String>,
    /// What it is for.
    pub doc: String,
    /// Names of markers, each exactly once and in this order. A selftest of a parametrised form is written `name:word`.
    pub plan: Vec<Spanned<String>>,
    /// Names of markers that may appear anywhere besides, any number of times up to their line bound.
    #[serde(default)]
    pub allowed: Vec<Spanned<String>>,
    /// What the guest is asked to do; without it, selftests where the plan has one, otherwise to answer the mailbox.
    #[serde(default)]
    pub mode: Option<ProfileMode>,
    /// Longest run, in milliseconds.
    pub timeout_ms: u64,
}

/// Bounds of a log.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogBounds {
    /// Longest line, in bytes without its end.
    pub line_bytes_max: usize,
    /// Longest log, in bytes.
    pub log_bytes_max: usize,
    /// Most lines.
    pub lines_max: usize,
}

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkerFile {
    /// Path in the repository.
    #[serde(skip)]
    pub path: String,
    /// Version of the grammar.
    pub version: u32,
    /// Bounds of a log.
    pub bounds: LogBounds,
    /// Lines that start with one of these must be declared markers, whatever follows.
    pub reserved_prefixes: Vec<String>,
    /// Markers.
    pub markers: Vec<Marker>,
    /// Plans.
    pub profiles: Vec<Profile>,
}

impl MarkerFile {
    /// Reads the file.
    ///
    /// # Errors
    /// Everything in the file that is not as this format says, with its line.
    pub fn parse(path: &str, text: &str) -> Result<Self, Problems> {
        let mut file: Self = read(path, text)?;
        file.path = path.to_owned();
        let mut problems = Problems::default();
        let mut names: Vec<&str> = Vec::new();
        for marker in &file.markers {
            let line = marker.name.referenced.line();
            if names.contains(&marker.name.value.as_str()) {
                problems.add(path, line, format!("the marker `{}` is declared twice", marker.name.value));
            }
            names.push(&marker.name.value);
            if marker.form.value.is_empty() || !marker.form.value.chars().all(|c| matches!(c, ' '..='~')) {
                let message = format!("the form of `{}` must be a line of printable ASCII", marker.name.value);
                problems.add(path, marker.form.referenced.line(), message);
            }
            if (marker.kind == MarkerKind::Claim) != marker.part.is_some() {
                let message = format!("`{}`: a claim, and nothing else, names the part that it claims", marker.name.value);
                problems.add(path, line, message);
            }
            for field in &marker.fields {
                if marker.form.value.matches(&format!("{{{}}}", field.name.value)).count() != 1 {
                    problems.add(
                        path,
                        field.name.referenced.line(),
                        format!("the form of `{}` must hold {{{}}} exactly once", marker.name.value, field.name.value),
                    );
                }
            }
            let braces = ['{', '}'].map(|brace| marker.form.value.matches(brace).count());
            if braces != [marker.fields.len(); 2] {
                problems.add(
                    path,
                    marker.form.referenced.line(),
                    format!("the form of `{}` has fields that are not declared", marker.name.value),
                );
            }
        }
        let mut profiles: Vec<&str> = Vec::new();
        for profile in &file.profiles {
            if profiles.contains(&profile.name.value.as_str()) {
                problems.add(path, profile.name.referenced.line(), format!("the profile `{}` is declared twice", profile.name.value));
            }
            profiles.push(&profile.name.value);
            let line = profile.name.referenced.line();
            if profile.plan.is_empty() {
                problems.add(path, line, format!("the profile `{}` plans nothing: a run of it would prove nothing", profile.name.value));
            }
            if profile.timeout_ms == 0 {
                problems.add(path, line, format!("the profile `{}` has no time: `timeout_ms` is at least 1", profile.name.value));
            }
            for entry in profile.plan.iter().chain(&profile.allowed) {
                let name = entry.value.split(':').next().unwrap_or(&entry.value);
                if !names.contains(&name) {
                    problems.add(
                        path,
                        entry.referenced.line(),
                        format!("the profile `{}` names `{name}`, which is no declared marker", profile.name.value),
                    );
                }
            }
        }
        problems.or(file)
    }

    /// The profile of that name.
    pub fn profile(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.name.value == name)
    }
}
