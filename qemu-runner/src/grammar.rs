//! The grammar of UART lines: `spec/markers.yaml` as anchored regular expressions with typed fields.

use crate::log::Log;
use regex::Regex;
use serde::Serialize;
use spec_files::markers::{FieldType, LogBounds, MarkerKind, Profile};
use spec_files::{MarkerFile, Problems, embedded};
use std::sync::OnceLock;

/// The typed value of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Of an integer field.
    Integer(u64),
    /// Of every other field, as it stands in the line.
    Text(String),
}

/// A declared line, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// Its name in the grammar.
    pub name: String,
    /// What it claims.
    pub kind: MarkerKind,
    /// The part that a claim is about.
    pub part: Option<String>,
    /// Its fields, in the order of its form.
    pub fields: Vec<(String, Value)>,
}

impl Marker {
    /// A field's text; nothing where the field is an integer or absent.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.iter().find_map(|(name, value)| match value {
            Value::Text(text) if name == field => Some(text.as_str()),
            _ => None,
        })
    }

    /// A field's number; nothing where the field is no integer or absent.
    pub fn integer(&self, field: &str) -> Option<u64> {
        self.fields.iter().find_map(|(name, value)| match value {
            Value::Integer(integer) if name == field => Some(*integer),
            _ => None,
        })
    }
}

/// What a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A declared marker, whole.
    Marker(Marker),
    /// It starts with a reserved prefix, but is no declared marker.
    Undeclared {
        /// The prefix.
        prefix: String,
        /// The form that it comes nearest to, if one starts alike.
        form: Option<String>,
    },
    /// It holds a marker or a reserved prefix somewhere inside.
    Embedded {
        /// What was found inside.
        inside: String,
    },
    /// Other text, which claims nothing.
    Other,
}

struct Form {
    name: String,
    kind: MarkerKind,
    part: Option<String>,
    form: String,
    fields: Vec<(String, FieldType)>,
    whole: Regex,
    inside: Regex,
}

/// The grammar, compiled.
pub struct Grammar {
    bounds: LogBounds,
    reserved: Vec<String>,
    forms: Vec<Form>,
    profiles: Vec<Profile>,
}

/// Fields that the judge reads, by the kind of marker that must have them.
const FIELDS: &[(MarkerKind, &str, FieldType)] = &[
    (MarkerKind::Ready, "challenge", FieldType::Sha256),
    (MarkerKind::SelftestOk, "contract", FieldType::Word),
    (MarkerKind::SelftestOk, "cases", FieldType::Integer),
    (MarkerKind::SelftestOk, "digest", FieldType::Sha256),
    (MarkerKind::Answer, "part", FieldType::Word),
    (MarkerKind::Answer, "cases", FieldType::Integer),
    (MarkerKind::Answer, "digest", FieldType::Sha256),
    (MarkerKind::SelftestFail, "contract", FieldType::Word),
    (MarkerKind::Placeholder, "part", FieldType::Word),
    (MarkerKind::Done, "selftests", FieldType::Integer),
];

impl Grammar {
    /// The grammar of this build.
    ///
    /// # Panics
    /// Where the grammar that was built in is itself wrong, which a test excludes.
    pub fn embedded() -> &'static Self {
        static GRAMMAR: OnceLock<Grammar> = OnceLock::new();
        GRAMMAR.get_or_init(|| {
            let (path, text) = embedded::MARKERS;
            MarkerFile::parse(path, text).and_then(|file| Self::compile(&file)).unwrap_or_else(|problems| panic!("{problems}"))
        })
    }

    /// Compiles a grammar.
    ///
    /// # Errors
    /// A marker whose kind needs a field that it lacks, and bounds that nothing fits.
    pub fn compile(file: &MarkerFile) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut forms = Vec::new();
        if file.bounds.line_bytes_max == 0 || file.bounds.log_bytes_max == 0 || file.bounds.lines_max == 0 {
            problems.add(&file.path, 0, "a bound of zero lets no line through");
        }
        for marker in &file.markers {
            let at = marker.form.referenced.line();
            for &(kind, name, field_type) in FIELDS {
                if kind == marker.kind && !marker.fields.iter().any(|field| field.name.value == name && field.field_type == field_type) {
                    problems.add(
                        &file.path,
                        at,
                        format!("`{}` must have the field `{name}` of type {field_type:?}, as its kind is judged by it", marker.name.value),
                    );
                }
            }
            let mut pattern = regex::escape(&marker.form.value);
            for field in &marker.fields {
                let place = regex::escape(&format!("{{{}}}", field.name.value));
                pattern = pattern.replace(&place, &format!("({})", field.field_type.pattern()));
            }
            match (Regex::new(&format!(r"\A(?:{pattern})\z")), Regex::new(&pattern)) {
                (Ok(whole), Ok(inside)) => forms.push(Form {
                    name: marker.name.value.clone(),
                    kind: marker.kind,
                    part: marker.part.as_ref().map(|part| part.value.clone()),
                    form: marker.form.value.clone(),
                    fields: marker.fields.iter().map(|field| (field.name.value.clone(), field.field_type)).collect(),
                    whole,
                    inside,
                }),
                (Err(error), _) | (_, Err(error)) => {
                    problems.add(&file.path, at, format!("the form of `{}` gives no pattern: {error}", marker.name.value))
                }
            }
        }
        problems.or(Self { bounds: file.bounds.clone(), reserved: file.reserved_prefixes.clone(), forms, profiles: file.profiles.clone() })
    }

    /// Bounds of a log.
    pub fn bounds(&self) -> &LogBounds {
        &self.bounds
    }

    /// The profile of that name.
    pub fn profile(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.name.value == name)
    }

    /// Names of all profiles.
    pub fn profile_names(&self) -> Vec<&str> {
        self.profiles.iter().map(|profile| profile.name.value.as_str()).collect()
    }

    /// What the marker of that name claims.
    pub fn kind(&self, name: &str) -> Option<MarkerKind> {
        self.forms.iter().find(|form| form.name == name).map(|form| form.kind)
    }

    /// Whether that entry of a plan is a selftest's own line.
    pub fn is_selftest(&self, key: &str) -> bool {
        let name = key.split(':').next().unwrap_or(key);
        matches!(self.kind(name), Some(MarkerKind::SelftestOk | MarkerKind::Claim))
    }

    /// What a marker is called in a plan: its name and, where its form has a word, that word: `selftest_ok:ring`.
    pub fn key(marker: &Marker) -> String {
        match marker.kind {
            MarkerKind::SelftestOk | MarkerKind::SelftestFail => format!("{}:{}", marker.name, marker.text("contract").unwrap_or_default()),
            MarkerKind::Placeholder | MarkerKind::Answer => format!("{}:{}", marker.name, marker.text("part").unwrap_or_default()),
            _ => marker.name.clone(),
        }
    }

    /// Reads one line, without its end.
    pub fn parse_line(&self, line: &str) -> Line {
        if let Some(marker) = self.forms.iter().find_map(|form| form.read(line)) {
            return Line::Marker(marker);
        }
        if let Some(prefix) = self.reserved.iter().find(|prefix| line.starts_with(prefix.as_str())) {
            return Line::Undeclared { prefix: prefix.clone(), form: self.nearest(line) };
        }
        let prefix = self.reserved.iter().find(|prefix| line.contains(prefix.as_str())).cloned();
        match prefix.or_else(|| self.forms.iter().find_map(|form| form.inside.find(line)).map(|found| found.as_str().to_owned())) {
            Some(inside) => Line::Embedded { inside },
            None => Line::Other,
        }
    }

    /// The form that shares most of its fixed text with this line.
    fn nearest(&self, line: &str) -> Option<String> {
        let form = self.forms.iter().max_by_key(|form| form.alike(line))?;
        (form.alike(line) > 0).then(|| form.form.clone())
    }
}

impl Form {
    /// Bytes of the form's fixed text that the line holds, in order and from its start.
    fn alike(&self, line: &str) -> usize {
        let mut rest = line;
        let mut alike = 0;
        for (place, piece) in self.form.split('{').enumerate() {
            let fixed = if place == 0 { piece } else { piece.split_once('}').map_or("", |(_, fixed)| fixed) };
            match rest.find(fixed) {
                Some(at) if place > 0 || at == 0 => rest = rest.get(at + fixed.len()..).unwrap_or_default(),
                _ => break,
            }
            alike += fixed.len();
        }
        alike
    }

    fn read(&self, line: &str) -> Option<Marker> {
        let found = self.whole.captures(line)?;
        let mut fields = Vec::with_capacity(self.fields.len());
        // The form may name its fields in another order than their declaration; groups stand in the order of the form.
        let mut places: Vec<(usize, &(String, FieldType))> =
            self.fields.iter().map(|field| (self.form.find(&format!("{{{}}}", field.0)).unwrap_or(usize::MAX), field)).collect();
        places.sort_by_key(|(place, _)| *place);
        for (group, (_, (name, field_type))) in places.into_iter().enumerate() {
            let text = found.get(group + 1)?.as_str();
            let value = match field_type {
                // Twenty digits may be more than 64 bits hold; such a line is no marker.
                FieldType::Integer => Value::Integer(text.parse().ok()?),
                FieldType::Hex64 | FieldType::Sha256 | FieldType::Decimal | FieldType::Word | FieldType::Name => {
                    Value::Text(text.to_owned())
                }
            };
            fields.push((name.clone(), value));
        }
        Some(Marker { name: self.name.clone(), kind: self.kind, part: self.part.clone(), fields })
    }
}

/// Reads one line by the grammar of this build.
pub fn parse_line(line: &str) -> Line {
    Grammar::embedded().parse_line(line)
}

/// Reads a log of any bytes by the grammar of this build: bounded in memory, and never a panic.
pub fn parse_log(bytes: &[u8]) -> Log {
    Log::read(Grammar::embedded(), bytes)
}

#[cfg(test)]
#[path = "grammar_tests.rs"]
mod tests;
