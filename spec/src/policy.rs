//! The contract `policy`: capabilities, consent and who may do what.

mod draw;

use crate::capabilities::ServiceId;
pub use crate::generated::policy::*;
use crate::machine::shorter;
use crate::{Case, Contract, Entropy, ErrorCode};
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
        let mut scene = draw::Scene::new(source);
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
