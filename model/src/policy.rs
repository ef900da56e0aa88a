//! The reference model of the contract `policy`.

pub use self::PolicyModel as Model;
use spec::capabilities::{CAPABILITIES, CapabilityEntry, FNV_OFFSET, FNV_PRIME, METHODS, MethodEntry, SUBJECTS, ServiceId};
use spec::policy::{Config, Entry, Kind, Obs, Op, Policy, Reason, Tally};
use spec::policy::{POLICY_CAPABILITY_BYTES_MAX, POLICY_GRANTS_MAX, POLICY_SUBJECT_BYTES_MAX, POLICY_SUBJECTS_MAX};
use spec::{ErrorCode, Failure, Machine};
use std::collections::{BTreeMap, BTreeSet};

/// The reference model of the contract `policy`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyModel {
    /// By name.
    subjects: BTreeMap<String, Subject>,
    /// POLICY-008: one or none.
    foreground: Option<String>,
    tally: Tally,
}

/// What a subject holds, by the names of capabilities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Subject {
    granted: BTreeSet<&'static str>,
    // POLICY-012: one answer per capability, so that a newer one replaces an older one.
    consents: BTreeMap<&'static str, Kind>,
}

/// POLICY-005: the identity of a name.
pub(crate) fn identity(name: &str) -> ServiceId {
    ServiceId(name.bytes().fold(FNV_OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME)))
}

fn is_word(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(|first| first.is_ascii_lowercase())
        && chars.all(|rest| rest.is_ascii_lowercase() || rest.is_ascii_digit() || rest == '_')
}

/// POLICY-016: whether a text is a capability's name at all.
fn is_capability_name(text: &str) -> bool {
    text.len() <= POLICY_CAPABILITY_BYTES_MAX as usize && text.split('.').all(is_word)
}

fn is_method_name(text: &str) -> bool {
    text.len() <= POLICY_CAPABILITY_BYTES_MAX as usize && is_word(text)
}

fn is_subject_name(text: &str) -> bool {
    (1..=POLICY_SUBJECT_BYTES_MAX as usize).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// POLICY-002: the entry of exactly this name.
fn find(name: &str) -> Option<&'static CapabilityEntry> {
    CAPABILITIES.iter().find(|entry| entry.name == name)
}

fn find_method(service: &str, method: &str) -> Option<&'static MethodEntry> {
    METHODS.iter().find(|entry| entry.service == service && entry.name == method)
}

/// The entry of that name, for what is no decision.
fn known(name: &str) -> Result<&'static CapabilityEntry, ErrorCode> {
    if !is_capability_name(name) {
        return Err(ErrorCode::MalformedCapability);
    }
    find(name).ok_or(ErrorCode::UnknownCapability)
}

impl PolicyModel {
    /// The subject of that name, which must hold grants.
    fn subject(&mut self, name: &str) -> Result<&mut Subject, ErrorCode> {
        if !is_subject_name(name) {
            return Err(ErrorCode::MalformedSubject);
        }
        self.subjects.get_mut(name).ok_or(ErrorCode::UnknownSubject)
    }

    /// POLICY-014, POLICY-017: everything is looked at before anything changes.
    fn grant(&mut self, name: &str, capabilities: &[String]) -> Result<(), ErrorCode> {
        if !is_subject_name(name) {
            return Err(ErrorCode::MalformedSubject);
        }
        if self.subjects.keys().any(|other| other != name && identity(other) == identity(name)) {
            return Err(ErrorCode::SubjectCollision);
        }
        if !self.subjects.contains_key(name) && self.subjects.len() >= POLICY_SUBJECTS_MAX as usize {
            return Err(ErrorCode::TooManySubjects);
        }
        if capabilities.len() > POLICY_GRANTS_MAX as usize {
            return Err(ErrorCode::TooManyCapabilities);
        }
        let mut granted = BTreeSet::new();
        for capability in capabilities {
            let entry = known(capability)?;
            // POLICY-018
            if !entry.holders.is_empty() && !entry.holders.contains(&name) {
                return Err(ErrorCode::CapabilityReserved);
            }
            granted.insert(entry.name);
        }
        self.subjects.entry(name.to_owned()).or_default().granted = granted;
        Ok(())
    }

    /// POLICY-021
    fn load_defaults(&mut self) {
        self.foreground = None;
        let subject = |grants: &[spec::capabilities::Capability]| Subject {
            granted: grants.iter().map(|capability| capability.name()).collect(),
            consents: BTreeMap::new(),
        };
        self.subjects = SUBJECTS.iter().map(|entry| (entry.name.to_owned(), subject(entry.grants))).collect();
    }

    fn set_foreground(&mut self, name: Option<&str>) -> Result<(), ErrorCode> {
        if let Some(name) = name {
            self.subject(name)?;
        }
        // POLICY-011: a session is over when its subject is in the foreground no longer.
        for (subject, held) in &mut self.subjects {
            if Some(subject.as_str()) != name {
                held.consents.retain(|_, kind| *kind != Kind::Session);
            }
        }
        self.foreground = name.map(str::to_owned);
        Ok(())
    }

    fn consent(&mut self, name: &str, capability: &str, kind: Kind) -> Result<(), ErrorCode> {
        let foreground = self.foreground.as_deref() == Some(name);
        let subject = self.subject(name)?;
        let entry = known(capability)?;
        if !entry.sensitive {
            return Err(ErrorCode::ConsentNotNeeded);
        }
        // POLICY-011
        if kind == Kind::Session && !foreground {
            return Err(ErrorCode::NotInForeground);
        }
        subject.consents.insert(entry.name, kind);
        Ok(())
    }

    fn revoke_consent(&mut self, name: &str, capability: &str) -> Result<(), ErrorCode> {
        let subject = self.subject(name)?;
        let entry = known(capability)?;
        if !entry.sensitive {
            return Err(ErrorCode::ConsentNotNeeded);
        }
        // POLICY-012
        subject.consents.remove(entry.name);
        Ok(())
    }

    /// POLICY-007: the gates in their order. `found` is what the names of the question mean, or why they mean nothing.
    fn decide(
        &mut self,
        sender: ServiceId,
        claimed: Option<ServiceId>,
        found: Result<(&'static CapabilityEntry, bool), Reason>,
    ) -> Result<(), Reason> {
        // POLICY-006
        if claimed.is_some_and(|claimed| claimed != sender) {
            return Err(Reason::Identity);
        }
        // POLICY-016
        let (entry, ends) = found?;
        // POLICY-005: the sender alone says who asks. POLICY-001: who holds nothing is denied.
        let (name, subject) = self.subjects.iter_mut().find(|(name, _)| identity(name) == sender).ok_or(Reason::Policy)?;
        // POLICY-003: an umbrella is never held in effect.
        if entry.umbrella || !subject.granted.contains(entry.name) {
            return Err(Reason::Policy);
        }
        // POLICY-020
        if ends {
            return Ok(());
        }
        // POLICY-008
        if entry.foreground_only && self.foreground.as_ref() != Some(name) {
            return Err(Reason::Foreground);
        }
        // POLICY-009
        if entry.sensitive {
            match subject.consents.get(entry.name) {
                None => return Err(Reason::Consent),
                // POLICY-010, POLICY-013: the one thing that a decision changes.
                Some(Kind::Once) => drop(subject.consents.remove(entry.name)),
                Some(Kind::Session | Kind::Persistent) => {}
            }
        }
        Ok(())
    }

    /// POLICY-022: each decision is counted once.
    fn tallied(&mut self, decision: Result<(), Reason>) -> Obs {
        let tally = &mut self.tally;
        let count = match decision {
            Ok(()) => &mut tally.allowed,
            Err(Reason::Policy) => &mut tally.policy,
            Err(Reason::Identity) => &mut tally.identity,
            Err(Reason::Malformed) => &mut tally.malformed,
            Err(Reason::Foreground) => &mut tally.foreground,
            Err(Reason::Consent) => &mut tally.consent,
            Err(Reason::Unknown) => &mut tally.unknown,
        };
        *count += 1;
        decision.map_or_else(Obs::Denied, |()| Obs::Allowed)
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        match op {
            Op::Grant { subject, capabilities } => self.grant(subject, capabilities)?,
            Op::LoadDefaults => self.load_defaults(),
            Op::Revoke(name) => {
                self.subject(name)?;
                // POLICY-015
                self.subjects.remove(name);
                self.foreground.take_if(|foreground| foreground == name);
            }
            Op::Foreground(name) => self.set_foreground(name.as_deref())?,
            Op::Consent { subject, capability, kind } => self.consent(subject, capability, *kind)?,
            Op::RevokeConsent { subject, capability } => self.revoke_consent(subject, capability)?,
            Op::CheckCapability { sender, claimed, capability } => {
                let found = if is_capability_name(capability) {
                    find(capability).map(|entry| (entry, false)).ok_or(Reason::Unknown)
                } else {
                    Err(Reason::Malformed)
                };
                let decision = self.decide(*sender, *claimed, found);
                return Ok(self.tallied(decision));
            }
            Op::CheckMethod { sender, claimed, service, method } => {
                // POLICY-004
                let found = if is_subject_name(service) && is_method_name(method) {
                    find_method(service, method).map(|method| (method.capability.entry(), method.ends)).ok_or(Reason::Unknown)
                } else {
                    Err(Reason::Malformed)
                };
                let decision = self.decide(*sender, *claimed, found);
                return Ok(self.tallied(decision));
            }
            Op::Subject(name) => {
                let foreground = self.foreground.as_ref() == Some(name);
                let subject = self.subject(name)?;
                let names = || CAPABILITIES.iter().map(|entry| entry.name);
                let consents = names().filter_map(|name| subject.consents.get(name).map(|kind| (name.to_owned(), *kind)));
                return Ok(Obs::Subject {
                    granted: names().filter(|name| subject.granted.contains(name)).map(str::to_owned).collect(),
                    consents: consents.collect(),
                    foreground,
                });
            }
            // POLICY-019
            Op::Capability(name) => {
                let entry = known(name)?;
                return Ok(Obs::Capability(Entry {
                    domain: entry.domain.to_owned(),
                    umbrella: entry.umbrella,
                    sensitive: entry.sensitive,
                    foreground_only: entry.foreground_only,
                    holders: entry.holders.iter().map(|holder| (*holder).to_owned()).collect(),
                    note: entry.note.to_owned(),
                }));
            }
            Op::Method { service, method } => {
                let entry = find_method(service, method).ok_or(ErrorCode::UnknownMethod)?;
                return Ok(Obs::Method { capability: entry.capability.name().to_owned(), ends: entry.ends });
            }
            Op::Catalogue => return Ok(Obs::Names(CAPABILITIES.iter().map(|entry| entry.name.to_owned()).collect())),
            Op::Identity(name) if !is_subject_name(name) => return Err(ErrorCode::MalformedSubject),
            Op::Identity(name) => return Ok(Obs::Identity(identity(name))),
            Op::Tally => return Ok(Obs::Tally(self.tally)),
        }
        Ok(Obs::Done)
    }
}

impl Machine<Policy> for PolicyModel {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::default();
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests;
