//! The contract `policy` on [`services::policy`].

use alloc::borrow::ToOwned;
use services::policy::{self, AccessError, Decision, Policyd};
use spec::capabilities::{CAPABILITIES, ServiceId};
use spec::policy::{Config, Entry, Obs, Op, Policy};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `policy`.
#[derive(Clone, Debug, Default)]
pub struct PolicyMachine(Policyd);

pub(crate) use PolicyMachine as Adapter;

impl Machine<Policy> for PolicyMachine {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.0 = Policyd::default();
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(answer(&mut self.0, op).unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}

fn decided(decision: Decision) -> Obs {
    decision.reason().map_or(Obs::Allowed, Obs::Denied)
}

fn answer(policyd: &mut Policyd, op: &Op) -> Result<Obs, AccessError> {
    let id = |claimed: &Option<ServiceId>| claimed.map(|claimed| claimed.0);
    match op {
        Op::Grant { subject, capabilities } => {
            policyd.grant_each(subject, capabilities.len(), capabilities.iter().map(|name| name.as_str()))?
        }
        Op::LoadDefaults => policyd.load_defaults(),
        Op::Revoke(subject) => policyd.revoke(subject)?,
        Op::Foreground(subject) => policyd.set_foreground(subject.as_deref())?,
        Op::Consent { subject, capability, kind } => policyd.consent(subject, capability, *kind)?,
        Op::RevokeConsent { subject, capability } => policyd.revoke_consent(subject, capability)?,
        Op::CheckCapability { sender, claimed, capability } => {
            return Ok(decided(policyd.decide_capability(sender.0, id(claimed), capability)));
        }
        Op::CheckMethod { sender, claimed, service, method } => {
            let decision = match policyd.names().method(service, method) {
                // As a service asks, which has understood the message.
                Ok(method) => policyd.decide(&policy::Request { sender: sender.0, claimed: id(claimed), method }),
                Err(_) => policyd.decide_named(sender.0, id(claimed), service, method),
            };
            return Ok(decided(decision));
        }
        Op::Subject(name) => {
            let held = policyd.subject(name)?;
            return Ok(Obs::Subject {
                granted: held.granted().map(|capability| capability.name().to_owned()).collect(),
                consents: held.consents().map(|(capability, kind)| (capability.name().to_owned(), kind)).collect(),
                foreground: held.foreground,
            });
        }
        Op::Capability(name) => {
            let entry = policyd.names().capability(name)?.entry();
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
            let entry = policyd.names().method(service, method)?.entry();
            return Ok(Obs::Method { capability: entry.capability.name().to_owned(), ends: entry.ends });
        }
        Op::Catalogue => return Ok(Obs::Names(CAPABILITIES.iter().map(|entry| entry.name.to_owned()).collect())),
        Op::Identity(name) => return Ok(Obs::Identity(ServiceId(policy::identity(name)?))),
        Op::Tally => return Ok(Obs::Tally(policyd.tally())),
    }
    Ok(Obs::Done)
}
