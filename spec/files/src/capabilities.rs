//! The capability catalogue: `spec/capabilities.yaml`.

use crate::embedded;
use crate::problem::{Problems, read};
use serde::Deserialize;
use serde_yaml::Spanned;
use std::collections::BTreeSet;

/// Most capabilities of a catalogue: sets of them are the bits of one number.
pub const CAPABILITIES_MAX: usize = 64;

/// The hash by which a service's name is its identity.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// What the hash starts with, `0x` and 16 hexadecimal digits.
    pub offset: Spanned<String>,
    /// What it multiplies by, `0x` and 16 hexadecimal digits.
    pub prime: Spanned<String>,
}

/// One capability.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capability {
    /// Its name: lowercase words with dots between them.
    pub name: Spanned<String>,
    /// What it is about, one word.
    pub domain: Spanned<String>,
    /// Whether it only names a group.
    #[serde(default)]
    pub umbrella: bool,
    /// Whether it needs consent and an indicator.
    #[serde(default)]
    pub sensitive: bool,
    /// Whether it is for the subject in the foreground alone.
    #[serde(default)]
    pub foreground_only: bool,
    /// The only subjects that may hold it; empty for anybody.
    #[serde(default)]
    pub holders: Vec<Spanned<String>>,
    /// What it is for.
    pub note: String,
    /// Where it comes from.
    pub source: String,
}

/// A method of a service, and what it needs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// The service, one of the subjects.
    pub service: Spanned<String>,
    /// The method.
    pub method: Spanned<String>,
    /// The capability that it needs.
    pub capability: Spanned<String>,
    /// Whether it ends a use of a sensitive capability.
    #[serde(default)]
    pub ends: bool,
    /// What it does.
    pub doc: String,
}

/// A known program.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Its name.
    pub name: Spanned<String>,
    /// Its identity, the hash of the name: `0x` and 16 hexadecimal digits.
    pub id: Spanned<String>,
    /// What it is.
    pub doc: String,
    /// What it holds at first.
    pub grants: Vec<Spanned<String>>,
}

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapabilityFile {
    /// Version of the catalogue.
    pub version: u32,
    /// The hash of names.
    pub identity: Identity,
    /// Every capability, in the order of bits and of reports.
    pub capabilities: Vec<Capability>,
    /// Every method.
    pub methods: Vec<Method>,
    /// Every known program.
    pub subjects: Vec<Subject>,
}

impl CapabilityFile {
    /// The catalogue of this build.
    ///
    /// # Errors
    /// Every fault in it.
    pub fn embedded() -> Result<Self, Problems> {
        Self::parse(embedded::CAPABILITIES.0, embedded::CAPABILITIES.1)
    }

    /// Reads a catalogue.
    ///
    /// # Errors
    /// Everything in the file that is not as this format says, with its line.
    pub fn parse(path: &str, text: &str) -> Result<Self, Problems> {
        let file: Self = read(path, text)?;
        let mut check = Check { path, problems: Problems::default() };
        check.identity(&file);
        check.capabilities(&file);
        check.methods(&file);
        check.subjects(&file);
        check.problems.or(file)
    }

    fn subject(&self, name: &str) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.name.value == name)
    }

    fn capability(&self, name: &str) -> Option<&Capability> {
        self.capabilities.iter().find(|capability| capability.name.value == name)
    }
}

/// A number of 64 bits, as `0x` and 16 hexadecimal digits.
pub fn hex64(text: &str) -> Option<u64> {
    text.strip_prefix("0x")
        .filter(|digits| digits.len() == 16 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
        .and_then(|digits| u64::from_str_radix(digits, 16).ok())
}

struct Check<'a> {
    path: &'a str,
    problems: Problems,
}

impl Check<'_> {
    fn fault(&mut self, at: &Spanned<String>, message: String) {
        self.problems.add(self.path, at.referenced.line(), message);
    }

    /// Texts that become one line of Rust.
    fn line(&mut self, at: &Spanned<String>, texts: &[&str]) {
        for text in texts {
            if text.trim().is_empty() || text.contains(char::is_control) {
                self.fault(at, format!("the texts of `{}` must each be one line and not empty: {text:?} is not", at.value));
            }
        }
    }

    fn unique(&mut self, known: &mut BTreeSet<String>, at: &Spanned<String>, name: String) {
        if known.contains(&name) {
            self.fault(at, format!("`{name}` stands already in this list: give each one line"));
        }
        known.insert(name);
    }

    fn identity(&mut self, file: &CapabilityFile) {
        for number in [&file.identity.offset, &file.identity.prime] {
            if hex64(&number.value).is_none() {
                self.fault(number, format!("`{}` must be 0x and 16 hexadecimal digits", number.value));
            }
        }
    }

    fn capabilities(&mut self, file: &CapabilityFile) {
        let mut names = BTreeSet::new();
        for (index, capability) in file.capabilities.iter().enumerate() {
            let name = &capability.name;
            self.unique(&mut names, name, name.value.clone());
            self.line(name, &[&capability.note, &capability.source]);
            if index == CAPABILITIES_MAX {
                self.fault(name, format!("the catalogue has more than {CAPABILITIES_MAX} capabilities, which are the bits of one number"));
            }
            if !name.value.split('.').all(is_word) || name.value.len() > 48 {
                let message = format!("`{}` must be lowercase words with dots between them, of at most 48 bytes", name.value);
                self.fault(name, message);
            }
            if !is_word(&capability.domain.value) {
                self.fault(&capability.domain, format!("the domain `{}` must be one lowercase word", capability.domain.value));
            }
            if capability.umbrella && capability.sensitive {
                self.fault(name, format!("the umbrella `{}` grants nothing, so it cannot be sensitive", name.value));
            }
            for holder in &capability.holders {
                if file.subject(&holder.value).is_none() {
                    self.fault(holder, format!("the holder `{}` is no subject of this file", holder.value));
                }
            }
        }
    }

    fn methods(&mut self, file: &CapabilityFile) {
        let mut names = BTreeSet::new();
        for method in &file.methods {
            let name = &method.method;
            self.unique(&mut names, name, format!("{}.{}", method.service.value, name.value));
            self.line(name, &[&method.doc]);
            if !is_word(&name.value) || name.value.len() > 48 {
                self.fault(name, format!("the method `{}` must be one lowercase word of at most 48 bytes", name.value));
            }
            if file.subject(&method.service.value).is_none() {
                self.fault(&method.service, format!("the service `{}` is no subject of this file", method.service.value));
            }
            match file.capability(&method.capability.value) {
                None => self.fault(&method.capability, format!("`{}` is no capability of this file", method.capability.value)),
                Some(capability) if capability.umbrella => {
                    let message = format!("no method can need the umbrella `{}`, which grants nothing", capability.name.value);
                    self.fault(&method.capability, message);
                }
                Some(capability) if method.ends && !capability.sensitive => {
                    self.fault(name, format!("`{}` ends no use: `{}` is not sensitive", name.value, capability.name.value));
                }
                Some(_) => {}
            }
        }
    }

    fn subjects(&mut self, file: &CapabilityFile) {
        let mut names = BTreeSet::new();
        for subject in &file.subjects {
            let name = &subject.name;
            self.unique(&mut names, name, name.value.clone());
            self.line(name, &[&subject.doc]);
            let graphic = !name.value.is_empty() && name.value.bytes().all(|byte| byte.is_ascii_graphic());
            if !graphic || name.value.len() > 64 {
                self.fault(name, format!("the name `{}` must be of 1 to 64 visible ASCII characters", name.value));
            }
            if let (Some(offset), Some(prime)) = (hex64(&file.identity.offset.value), hex64(&file.identity.prime.value)) {
                let hash = name.value.bytes().fold(offset, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(prime));
                if hex64(&subject.id.value) != Some(hash) {
                    self.fault(&subject.id, format!("the identity of `{}` is 0x{hash:016x}, not `{}`", name.value, subject.id.value));
                }
            }
            for grant in &subject.grants {
                match file.capability(&grant.value) {
                    None => self.fault(grant, format!("`{}` is no capability of this file", grant.value)),
                    Some(capability) => {
                        let holders = &capability.holders;
                        if !holders.is_empty() && !holders.iter().any(|holder| holder.value == name.value) {
                            self.fault(grant, format!("`{}` is kept to its holders, and `{}` is none", grant.value, name.value));
                        }
                    }
                }
            }
        }
    }
}

fn is_word(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase()) && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
