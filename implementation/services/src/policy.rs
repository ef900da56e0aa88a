//! policyd: who may do what. Decides by the sender's identity and the exact capability, and denies by default.
//!
//! A decision looks up one subject and a few bits, allocates nothing, and changes at most one bit and one count.

mod holdings;
mod names;

pub use crate::{Result, ServiceError};
pub use holdings::Holdings;
pub use names::Names;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use names::is_subject_name;
use spec::ErrorCode;
use spec::capabilities::{Capability, FNV_OFFSET, FNV_PRIME, Method, SUBJECTS};
use spec::policy::{Kind, POLICY_GRANTS_MAX, POLICY_SUBJECT_BYTES_MAX, POLICY_SUBJECTS_MAX, Reason, Tally};

/// The identity of a service: the FNV-1a-64 of its name (POLICY-005).
pub const fn service_id(name: &str) -> u64 {
    let mut rest = name.as_bytes();
    let mut hash = FNV_OFFSET;
    while let [first, others @ ..] = rest {
        hash = (hash ^ *first as u64).wrapping_mul(FNV_PRIME);
        rest = others;
    }
    hash
}

/// A call of a method, about which policyd decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who asks, by the transport.
    pub sender: u64,
    /// Who the payload says that it is, if it says so.
    pub claimed: Option<u64>,
    /// What is asked for.
    pub method: Method,
}

/// What policyd decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a decision that nobody looks at protects nothing"]
pub enum Decision {
    /// Allowed.
    Allowed,
    /// Denied, for this reason.
    Denied(Reason),
}

impl Decision {
    /// Whether it allows.
    pub const fn is_allowed(self) -> bool {
        matches!(self, Self::Allowed)
    }

    /// Why it denies, if it does.
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::Allowed => None,
            Self::Denied(reason) => Some(reason),
        }
    }
}

/// What a subject holds; sets of capabilities are the bits of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Subject {
    id: u64,
    name: String,
    granted: u64,
    // No capability is in two of these: the newest answer counts (POLICY-012).
    once: u64,
    session: u64,
    persistent: u64,
}

impl Subject {
    fn new(name: &str, granted: u64) -> Self {
        Self { id: service_id(name), name: name.to_owned(), granted, once: 0, session: 0, persistent: 0 }
    }

    fn forget(&mut self, bit: u64) {
        self.once &= !bit;
        self.session &= !bit;
        self.persistent &= !bit;
    }
}

/// The authority on policy, with the foreground and the consents that it asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policyd {
    names: Names,
    /// In the order of their identities.
    subjects: Vec<Subject>,
    /// The identity of the subject in the foreground.
    foreground: Option<u64>,
    tally: Tally,
}

impl Default for Policyd {
    /// Nobody holds anything (POLICY-001).
    fn default() -> Self {
        let subjects = Vec::with_capacity(POLICY_SUBJECTS_MAX as usize);
        Self { names: Names::default(), subjects, foreground: None, tally: Tally::default() }
    }
}

impl Policyd {
    /// A policyd of which the known programs hold their defaults, and nobody consents to anything (POLICY-021).
    pub fn with_defaults() -> Self {
        let mut policyd = Self::default();
        policyd.load_defaults();
        policyd
    }

    /// Replaces all subjects, consents and the foreground by the defaults; the tally stays (POLICY-021).
    pub fn load_defaults(&mut self) {
        self.foreground = None;
        self.subjects.clear();
        for entry in &SUBJECTS {
            self.subjects.push(Subject::new(entry.name, entry.grants.iter().fold(0, |set, capability| set | capability.bit())));
        }
        self.subjects.sort_unstable_by_key(|subject| subject.id);
    }

    /// Replaces what a subject holds by these capabilities, in any order (POLICY-014).
    ///
    /// # Errors
    /// `malformed_subject`, `subject_collision`, `too_many_subjects`, `too_many_capabilities`, and for the first name that is
    /// wrong `malformed_capability`, `unknown_capability` or `capability_reserved` (POLICY-017, POLICY-018).
    pub fn grant(&mut self, subject: &str, capabilities: &[&str]) -> Result<()> {
        self.grant_each(subject, capabilities.len(), capabilities.iter().copied())
    }

    /// [`grant`](Self::grant) from any source of `count` names.
    ///
    /// # Errors
    /// Those of [`grant`](Self::grant).
    pub fn grant_each<'a>(&mut self, subject: &str, count: usize, names: impl Iterator<Item = &'a str>) -> Result<()> {
        let place = self.place_for(subject)?;
        if count > POLICY_GRANTS_MAX as usize {
            let range = (0, u64::from(POLICY_GRANTS_MAX));
            let what = "the number of names in the grant";
            return Err(ServiceError::range(ErrorCode::TooManyCapabilities, what, count as u64, range, "name each capability once"));
        }
        let mut granted = 0;
        for name in names {
            let capability = self.names.capability(name)?;
            let holders = capability.entry().holders;
            if !holders.is_empty() && !holders.contains(&subject) {
                let what = "the capability is kept to its holders, and the subject is none";
                return Err(ServiceError::plain(ErrorCode::CapabilityReserved, what, "see the holders in spec/capabilities.yaml"));
            }
            granted |= capability.bit();
        }
        match place {
            Ok(place) => {
                if let Some(held) = self.subjects.get_mut(place) {
                    held.granted = granted;
                }
            }
            Err(place) => self.subjects.insert(place, Subject::new(subject, granted)),
        }
        Ok(())
    }

    /// Where the subject is, or where it belongs.
    fn place_for(&self, name: &str) -> Result<core::result::Result<usize, usize>> {
        check_subject_name(name)?;
        let place = self.subjects.binary_search_by_key(&service_id(name), |subject| subject.id);
        match place.map(|at| self.subjects.get(at).is_some_and(|subject| subject.name == name)) {
            Ok(false) => {
                let what = "another subject's name has the same identity";
                Err(ServiceError::plain(ErrorCode::SubjectCollision, what, "rename one of the two"))
            }
            Err(_) if self.subjects.len() >= POLICY_SUBJECTS_MAX as usize => {
                let count = (self.subjects.len() as u64).saturating_add(1);
                let range = (0, u64::from(POLICY_SUBJECTS_MAX));
                Err(ServiceError::range(ErrorCode::TooManySubjects, "the number of subjects", count, range, "revoke a subject first"))
            }
            _ => Ok(place),
        }
    }

    fn place(&self, name: &str) -> Result<usize> {
        check_subject_name(name)?;
        let found = self.subjects.binary_search_by_key(&service_id(name), |subject| subject.id).ok();
        found.filter(|at| self.subjects.get(*at).is_some_and(|subject| subject.name == name)).ok_or(ServiceError::plain(
            ErrorCode::UnknownSubject,
            "the subject holds no grants",
            "grant it something first, be it an empty list",
        ))
    }

    /// Removes a subject with its grants and consents, and from the foreground (POLICY-015).
    ///
    /// # Errors
    /// `malformed_subject`, `unknown_subject`.
    pub fn revoke(&mut self, subject: &str) -> Result<()> {
        let place = self.place(subject)?;
        let removed = self.subjects.remove(place);
        self.foreground = self.foreground.filter(|foreground| *foreground != removed.id);
        Ok(())
    }

    /// Puts a subject, or nobody, to the foreground; the session of any other ends (POLICY-008, POLICY-011).
    ///
    /// # Errors
    /// `malformed_subject`, `unknown_subject`.
    pub fn set_foreground(&mut self, subject: Option<&str>) -> Result<()> {
        let next = match subject {
            Some(name) => self.place(name).map(|at| self.subjects.get(at).map(|subject| subject.id))?,
            None => None,
        };
        // Only who is in the foreground has sessions.
        if next != self.foreground
            && let Some(left) = self.foreground
            && let Ok(at) = self.subjects.binary_search_by_key(&left, |subject| subject.id)
            && let Some(subject) = self.subjects.get_mut(at)
        {
            subject.session = 0;
        }
        self.foreground = next;
        Ok(())
    }

    /// Keeps a person's consent, in place of an older answer (POLICY-009 to POLICY-012).
    ///
    /// # Errors
    /// `malformed_subject`, `unknown_subject`, `malformed_capability`, `unknown_capability`, `consent_not_needed`, and
    /// `not_in_foreground` for a session of a subject that is not there.
    pub fn consent(&mut self, subject: &str, capability: &str, kind: Kind) -> Result<()> {
        let foreground = self.foreground;
        let (subject, bit) = self.consenting(subject, capability)?;
        if kind == Kind::Session && foreground != Some(subject.id) {
            let what = "a session needs its subject in the foreground";
            return Err(ServiceError::plain(ErrorCode::NotInForeground, what, "put it to the foreground first"));
        }
        subject.forget(bit);
        match kind {
            Kind::Once => subject.once |= bit,
            Kind::Session => subject.session |= bit,
            Kind::Persistent => subject.persistent |= bit,
        }
        Ok(())
    }

    /// Takes a consent back, of any kind, at once; done, too, where there is none (POLICY-012).
    ///
    /// # Errors
    /// Those of [`consent`](Self::consent) but `not_in_foreground`.
    pub fn revoke_consent(&mut self, subject: &str, capability: &str) -> Result<()> {
        let (subject, bit) = self.consenting(subject, capability)?;
        subject.forget(bit);
        Ok(())
    }

    fn consenting(&mut self, subject: &str, capability: &str) -> Result<(&mut Subject, u64)> {
        let place = self.place(subject)?;
        let capability = self.names.capability(capability)?;
        if !capability.entry().sensitive {
            let what = "the capability is not sensitive";
            return Err(ServiceError::plain(ErrorCode::ConsentNotNeeded, what, "a grant is enough for it"));
        }
        let subject = self.subjects.get_mut(place);
        let unknown = ServiceError::plain(ErrorCode::UnknownSubject, "the subject holds no grants", "grant it something first");
        subject.map(|subject| (subject, capability.bit())).ok_or(unknown)
    }

    /// Decides about a call of a method, by its capability (POLICY-004).
    pub fn decide(&mut self, request: &Request) -> Decision {
        let entry = request.method.entry();
        self.tallied(request.sender, request.claimed, Ok((entry.capability, entry.ends)))
    }

    /// Decides about a method by the names of a message.
    pub fn decide_named(&mut self, sender: u64, claimed: Option<u64>, service: &str, method: &str) -> Decision {
        let asked = self.names.asked_method(service, method).map(|method| (method.capability(), method.entry().ends));
        self.tallied(sender, claimed, asked)
    }

    /// Decides about a capability by its name.
    pub fn decide_capability(&mut self, sender: u64, claimed: Option<u64>, capability: &str) -> Decision {
        let asked = self.names.asked_capability(capability).map(|capability| (capability, false));
        self.tallied(sender, claimed, asked)
    }

    fn tallied(&mut self, sender: u64, claimed: Option<u64>, asked: core::result::Result<(Capability, bool), Reason>) -> Decision {
        let decision = self.judge(sender, claimed, asked);
        let tally = &mut self.tally;
        let count = match decision {
            Decision::Allowed => &mut tally.allowed,
            Decision::Denied(Reason::Policy) => &mut tally.policy,
            Decision::Denied(Reason::Identity) => &mut tally.identity,
            Decision::Denied(Reason::Malformed) => &mut tally.malformed,
            Decision::Denied(Reason::Foreground) => &mut tally.foreground,
            Decision::Denied(Reason::Consent) => &mut tally.consent,
            Decision::Denied(Reason::Unknown) => &mut tally.unknown,
        };
        *count = count.saturating_add(1);
        decision
    }

    /// The gates, in the order that POLICY-007 names.
    fn judge(&mut self, sender: u64, claimed: Option<u64>, asked: core::result::Result<(Capability, bool), Reason>) -> Decision {
        if claimed.is_some_and(|claimed| claimed != sender) {
            return Decision::Denied(Reason::Identity);
        }
        let (capability, ends) = match asked {
            Ok(asked) => asked,
            Err(reason) => return Decision::Denied(reason),
        };
        let (entry, bit) = (capability.entry(), capability.bit());
        let found = self.subjects.binary_search_by_key(&sender, |subject| subject.id).ok();
        let Some(subject) = found.and_then(|at| self.subjects.get_mut(at)).filter(|subject| subject.granted & bit != 0) else {
            return Decision::Denied(Reason::Policy);
        };
        if entry.umbrella {
            return Decision::Denied(Reason::Policy);
        }
        if ends {
            return Decision::Allowed;
        }
        if entry.foreground_only && self.foreground != Some(sender) {
            return Decision::Denied(Reason::Foreground);
        }
        if entry.sensitive {
            if (subject.once | subject.session | subject.persistent) & bit == 0 {
                return Decision::Denied(Reason::Consent);
            }
            subject.once &= !bit;
        }
        Decision::Allowed
    }

    /// Whether a sender holds a capability that needs neither consent nor the foreground. Asking is no decision about a call.
    pub fn holds(&self, sender: u64, capability: Capability) -> bool {
        let entry = capability.entry();
        let subject = self.subjects.binary_search_by_key(&sender, |subject| subject.id).ok().and_then(|at| self.subjects.get(at));
        let held = subject.is_some_and(|subject| subject.granted & capability.bit() != 0);
        held && !entry.umbrella && !entry.sensitive && !entry.foreground_only
    }

    /// The names of capabilities and methods.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// What a subject holds.
    ///
    /// # Errors
    /// `malformed_subject`, `unknown_subject`.
    pub fn subject(&self, name: &str) -> Result<Holdings> {
        let place = self.place(name)?;
        let unknown = ServiceError::plain(ErrorCode::UnknownSubject, "the subject holds no grants", "grant it something first");
        let subject = self.subjects.get(place).ok_or(unknown)?;
        Ok(Holdings {
            granted: subject.granted,
            once: subject.once,
            session: subject.session,
            persistent: subject.persistent,
            foreground: self.foreground == Some(subject.id),
        })
    }

    /// How many decisions turned out how (POLICY-022).
    pub const fn tally(&self) -> Tally {
        self.tally
    }
}

/// The identity of that name, if it is one (POLICY-005).
///
/// # Errors
/// `malformed_subject`.
pub fn identity(name: &str) -> Result<u64> {
    check_subject_name(name).map(|()| service_id(name))
}

fn check_subject_name(name: &str) -> Result<()> {
    if name.len() > POLICY_SUBJECT_BYTES_MAX as usize {
        let range = (1, u64::from(POLICY_SUBJECT_BYTES_MAX));
        let what = "the size of the subject's name in bytes";
        return Err(ServiceError::range(ErrorCode::MalformedSubject, what, name.len() as u64, range, "give it a shorter name"));
    }
    if !is_subject_name(name) {
        let what = "the subject's name is not made of visible ASCII characters";
        return Err(ServiceError::plain(ErrorCode::MalformedSubject, what, "write it as audiod or com.example.app"));
    }
    Ok(())
}
