//! The contract `policy`: capabilities, consent and who may do what.

use crate::capabilities::{CAPABILITIES, METHODS, SUBJECTS, ServiceId};
pub use crate::generated::policy::*;
use crate::machine::shorter;
use crate::{Case, Contract, Entropy, ErrorCode, entropy};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `policy`.
#[derive(Clone, Debug)]
pub struct Policy;

/// The configuration: there is nothing to configure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {}

/// How long a consent lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// For one decision that allows.
    Once,
    /// While the subject stays in the foreground.
    Session,
    /// Until it is revoked.
    Persistent,
}

/// Why a decision denied. Not in the order in which gates are asked, which is the contract's (POLICY-007).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The sender does not hold the capability.
    Policy,
    /// The payload claims another identity than the sender's.
    Identity,
    /// A text is no name.
    Malformed,
    /// The sender is not in the foreground.
    Foreground,
    /// There is no consent.
    Consent,
    /// A name is in no table.
    Unknown,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 6] = [Self::Policy, Self::Identity, Self::Malformed, Self::Foreground, Self::Consent, Self::Unknown];
}

/// Operations of the contract `policy`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Replaces what a subject holds.
    Grant {
        /// Its name.
        subject: String,
        /// Names of capabilities.
        capabilities: Vec<String>,
    },
    /// Loads the defaults in place of everything.
    LoadDefaults,
    /// Removes a subject.
    Revoke(String),
    /// Puts a subject, or nobody, to the foreground.
    Foreground(Option<String>),
    /// A person consents.
    Consent {
        /// The subject's name.
        subject: String,
        /// The capability's name.
        capability: String,
        /// For how long.
        kind: Kind,
    },
    /// A person takes consent back.
    RevokeConsent {
        /// The subject's name.
        subject: String,
        /// The capability's name.
        capability: String,
    },
    /// Decides about a capability.
    CheckCapability {
        /// Who asks, by the transport.
        sender: ServiceId,
        /// Who the payload says that it is.
        claimed: Option<ServiceId>,
        /// The capability's name.
        capability: String,
    },
    /// Decides about a method.
    CheckMethod {
        /// Who asks, by the transport.
        sender: ServiceId,
        /// Who the payload says that it is.
        claimed: Option<ServiceId>,
        /// The service's name.
        service: String,
        /// The method's name.
        method: String,
    },
    /// What a subject holds.
    Subject(String),
    /// The catalogue's entry of a capability.
    Capability(String),
    /// What a method needs.
    Method {
        /// The service's name.
        service: String,
        /// The method's name.
        method: String,
    },
    /// The names of all capabilities.
    Catalogue,
    /// The identity that a name has.
    Identity(String),
    /// The tally of decisions.
    Tally,
}

/// Observations of the contract `policy`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// Done.
    Done,
    /// Allowed.
    Allowed,
    /// Denied for this reason.
    Denied(Reason),
    /// A subject.
    Subject {
        /// Names of the capabilities that it holds, in the catalogue's order.
        granted: Vec<String>,
        /// Its consents, in the catalogue's order.
        consents: Vec<(String, Kind)>,
        /// Whether it is in the foreground.
        foreground: bool,
    },
    /// An entry of the catalogue.
    Capability(Entry),
    /// What a method needs.
    Method {
        /// The capability's name.
        capability: String,
        /// Whether the method ends a use.
        ends: bool,
    },
    /// Names.
    Names(Vec<String>),
    /// An identity.
    Identity(ServiceId),
    /// The tally.
    Tally(Tally),
    /// Rejected with this code; nothing changed.
    Rejected(ErrorCode),
}

/// An entry of the catalogue, as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What it is about.
    pub domain: String,
    /// Whether it only names a group.
    pub umbrella: bool,
    /// Whether it needs consent and an indicator.
    pub sensitive: bool,
    /// Whether it is for the subject in the foreground alone.
    pub foreground_only: bool,
    /// The only subjects that may hold it; empty for anybody.
    pub holders: Vec<String>,
    /// What it is for.
    pub note: String,
}

/// How many decisions turned out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// Allowed.
    pub allowed: u64,
    /// Denied as policy.
    pub policy: u64,
    /// Denied as identity.
    pub identity: u64,
    /// Denied as malformed.
    pub malformed: u64,
    /// Denied as foreground.
    pub foreground: u64,
    /// Denied as consent.
    pub consent: u64,
    /// Denied as unknown.
    pub unknown: u64,
}

impl Contract for Policy {
    const NAME: &'static str = "policy";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        let mut scene = Scene::new(source);
        Case { config: Config {}, ops: (0..ops).map(|_| scene.op(source)).collect() }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        match op {
            Op::Grant { subject, capabilities } => {
                shorter(capabilities, |capabilities| out.push(Op::Grant { subject: subject.clone(), capabilities }));
            }
            Op::Foreground(Some(_)) => out.push(Op::Foreground(None)),
            Op::CheckCapability { sender, claimed: Some(_), capability } => {
                out.push(Op::CheckCapability { sender: *sender, claimed: None, capability: capability.clone() });
            }
            Op::CheckMethod { sender, claimed: Some(_), service, method } => {
                out.push(Op::CheckMethod { sender: *sender, claimed: None, service: service.clone(), method: method.clone() });
            }
            Op::Consent { subject, capability, kind } if *kind != Kind::Persistent => {
                out.push(Op::Consent { subject: subject.clone(), capability: capability.clone(), kind: Kind::Persistent });
            }
            _ => {}
        }
    }
}

/// A few subjects and capabilities that a case keeps coming back to, so that grants, consents and checks meet.
struct Scene {
    subjects: [usize; 2],
    capabilities: [usize; 4],
}

impl Scene {
    fn new(source: &mut dyn Entropy) -> Self {
        let mut any = |bound: usize| source.below(bound as u64) as usize;
        let subjects = [any(SUBJECTS.len()), any(SUBJECTS.len())];
        let sensitive = |nth: usize| CAPABILITIES.iter().enumerate().filter(|(_, entry)| entry.sensitive).nth(nth).map_or(0, |(at, _)| at);
        let capabilities = [sensitive(any(4)), any(CAPABILITIES.len()), any(CAPABILITIES.len()), sensitive(0)];
        Self { subjects, capabilities }
    }

    fn op(&mut self, source: &mut dyn Entropy) -> Op {
        match source.below(32) {
            0..=4 => Op::Grant { subject: self.subject(source), capabilities: self.grants(source) },
            5 => Op::LoadDefaults,
            6 => Op::Revoke(self.subject(source)),
            7..=8 => Op::Foreground((!source.one_in(4)).then(|| self.subject(source))),
            9..=12 => {
                let kind = entropy::pick(source, [Kind::Once, Kind::Session, Kind::Persistent]);
                Op::Consent { subject: self.subject(source), capability: self.capability(source), kind }
            }
            13 => Op::RevokeConsent { subject: self.subject(source), capability: self.capability(source) },
            14..=20 => {
                let (sender, claimed) = self.sender(source);
                Op::CheckCapability { sender, claimed, capability: self.capability(source) }
            }
            21..=24 => {
                let (sender, claimed) = self.sender(source);
                let (service, method) = self.method(source);
                Op::CheckMethod { sender, claimed, service, method }
            }
            25 => Op::Capability(self.capability(source)),
            26 => {
                let (service, method) = self.method(source);
                Op::Method { service, method }
            }
            27 => match source.below(8) {
                0 => Op::Catalogue,
                _ => Op::Identity(self.subject(source)),
            },
            28 => Op::Tally,
            _ => Op::Subject(self.subject(source)),
        }
    }

    fn subject(&self, source: &mut dyn Entropy) -> String {
        match source.below(16) {
            0 => {
                // Two names with one identity, and names that are none.
                let odd = ["8yn0iYCKYHlIj4-BwPqk", "GReLUrM4wMqfg9yzV3KQ", "", "two words", "\u{e9}t\u{e9}", "audiod\n"];
                entropy::pick(source, odd).to_owned()
            }
            1 => "s".repeat(source.between(63, 66) as usize),
            2 => SUBJECTS[source.below(SUBJECTS.len() as u64) as usize].name.to_owned(),
            _ => SUBJECTS[entropy::pick(source, self.subjects)].name.to_owned(),
        }
    }

    fn sender(&self, source: &mut dyn Entropy) -> (ServiceId, Option<ServiceId>) {
        let mut id = |strange| match strange {
            true => ServiceId(source.bits()),
            false => ServiceId(SUBJECTS[entropy::pick(source, self.subjects)].id),
        };
        let (sender, other, stranger) = (id(false), id(false), id(true));
        match source.below(12) {
            0 => (stranger, None),
            1 => (sender, Some(stranger)),
            2..=3 => (sender, Some(other)),
            4 => (sender, Some(sender)),
            _ => (sender, None),
        }
    }

    fn capability(&self, source: &mut dyn Entropy) -> String {
        let name = CAPABILITIES[match source.below(5) {
            0 => source.below(CAPABILITIES.len() as u64) as usize,
            _ => entropy::pick(source, self.capabilities),
        }]
        .name;
        match source.below(24) {
            0 => garbled(name, source),
            1 => entropy::pick(source, ["audio", "audio.stream", "video", "clipboard.read", "screen.capture"]).to_owned(),
            2 => "c".repeat(source.between(47, 50) as usize),
            _ => name.to_owned(),
        }
    }

    fn grants(&self, source: &mut dyn Entropy) -> Vec<String> {
        if source.one_in(16) {
            let name = self.capability(source);
            return (0..source.between(31, 34)).map(|_| name.clone()).collect();
        }
        // Mostly names that anybody may hold, so that most grants are granted.
        let mut grants = Vec::new();
        for _ in 0..source.below(5) {
            let name = self.capability(source);
            if source.one_in(8) || CAPABILITIES.iter().any(|entry| entry.name == name && entry.holders.is_empty()) {
                grants.push(name);
            }
        }
        if source.one_in(3) {
            grants.push(CAPABILITIES[self.capabilities[0]].name.to_owned());
        }
        grants
    }

    fn method(&self, source: &mut dyn Entropy) -> (String, String) {
        let entry = match source.below(3) {
            // A method that one of the capabilities opens, where there is one.
            0 => {
                let wanted = entropy::pick(source, self.capabilities);
                let of_it = METHODS.iter().filter(|entry| entry.capability as usize == wanted).count() as u64;
                let nth = source.below(of_it) as usize;
                METHODS.iter().filter(|entry| entry.capability as usize == wanted).nth(nth).unwrap_or(&METHODS[nth])
            }
            _ => &METHODS[source.below(METHODS.len() as u64) as usize],
        };
        match source.below(16) {
            0 => (garbled(entry.service, source), entry.name.to_owned()),
            1 => (entry.service.to_owned(), garbled(entry.name, source)),
            2 => (entropy::pick(source, ["audiod", "mediasessd", "codecd", "nx"]).to_owned(), entry.name.to_owned()),
            _ => (entry.service.to_owned(), entry.name.to_owned()),
        }
    }
}

/// A name that is nearly this one.
fn garbled(name: &str, source: &mut dyn Entropy) -> String {
    match source.below(8) {
        0 => name.to_uppercase(),
        1 => name[..name.len() - 1].to_owned(),
        2 => name.to_owned() + ".",
        3 => name.to_owned() + ".x",
        4 => name.replace('.', ".."),
        5 => name.to_owned() + " ",
        6 => String::new(),
        _ => name.to_owned() + &"x".repeat(60),
    }
}
