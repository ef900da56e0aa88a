//! Checks of the contract `policy`.

mod domains;
mod goldens;
mod laws;
mod violations;
mod walk;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::capabilities::{CAPABILITIES, CapabilityEntry, METHODS, SUBJECTS, ServiceId};
use spec::policy::{Config, Kind, Obs, Op, Policy};
use spec::{Case, ErrorCode};

impl Suite for Policy {
    const PROPERTY: &'static [&'static str] = &[
        "POLICY-001",
        "POLICY-002",
        "POLICY-003",
        "POLICY-004",
        "POLICY-005",
        "POLICY-006",
        "POLICY-007",
        "POLICY-008",
        "POLICY-009",
        "POLICY-010",
        "POLICY-011",
        "POLICY-012",
        "POLICY-013",
        "POLICY-014",
        "POLICY-015",
        "POLICY-016",
        "POLICY-017",
        "POLICY-018",
        "POLICY-019",
        "POLICY-020",
        "POLICY-021",
        "POLICY-022",
    ];

    fn touched(case: &Case<Self>, _rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        let mut walk = walk::Walk::default();
        for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
            walk.step(op, obs, &mut |id| out(Some(step), id));
        }
    }

    fn laws() -> Vec<Law<Self>> {
        laws::laws()
    }

    fn domains() -> Vec<Domain<Self>> {
        domains::domains()
    }

    fn violations() -> Vec<Violation<Self>> {
        violations::violations()
    }

    fn goldens() -> Vec<GoldenCase<Self>> {
        goldens::goldens()
    }
}

fn case(ops: Vec<Op>) -> Case<Policy> {
    Case { config: Config {}, ops }
}

/// The name of a known program.
fn name_of(id: ServiceId) -> Option<&'static str> {
    SUBJECTS.iter().find(|entry| entry.id == id.0).map(|entry| entry.name)
}

/// The identity of a known program.
fn id(name: &str) -> ServiceId {
    ServiceId(SUBJECTS.iter().find(|entry| entry.name == name).map_or(0, |entry| entry.id))
}

fn entry(name: &str) -> Option<&'static CapabilityEntry> {
    CAPABILITIES.iter().find(|entry| entry.name == name)
}

/// Who asks for which capability of the catalogue, whether the method ends a use, and whether the claim is honest.
struct Asked {
    sender: ServiceId,
    entry: &'static CapabilityEntry,
    ends: bool,
    honest: bool,
}

fn asked(op: &Op) -> Option<Asked> {
    let honest = |sender: &ServiceId, claimed: &Option<ServiceId>| claimed.is_none_or(|claimed| claimed == *sender);
    match op {
        Op::CheckCapability { sender, claimed, capability } => {
            Some(Asked { sender: *sender, entry: entry(capability)?, ends: false, honest: honest(sender, claimed) })
        }
        Op::CheckMethod { sender, claimed, service, method } => {
            let method = METHODS.iter().find(|entry| entry.service == service && entry.name == method)?;
            Some(Asked { sender: *sender, entry: method.capability.entry(), ends: method.ends, honest: honest(sender, claimed) })
        }
        _ => None,
    }
}

fn grant(subject: &str, capabilities: &[&str]) -> Op {
    Op::Grant { subject: subject.to_owned(), capabilities: capabilities.iter().map(|name| (*name).to_owned()).collect() }
}

fn front(subject: &str) -> Op {
    Op::Foreground(Some(subject.to_owned()))
}

fn consent(subject: &str, capability: &str, kind: Kind) -> Op {
    Op::Consent { subject: subject.to_owned(), capability: capability.to_owned(), kind }
}

fn take_back(subject: &str, capability: &str) -> Op {
    Op::RevokeConsent { subject: subject.to_owned(), capability: capability.to_owned() }
}

fn check(sender: &str, capability: &str) -> Op {
    Op::CheckCapability { sender: id(sender), claimed: None, capability: capability.to_owned() }
}

fn call(sender: &str, service: &str, method: &str) -> Op {
    Op::CheckMethod { sender: id(sender), claimed: None, service: service.to_owned(), method: method.to_owned() }
}

/// The same question with a claim.
fn claiming(op: Op, identity: &str) -> Op {
    match op {
        Op::CheckCapability { sender, capability, .. } => Op::CheckCapability { sender, claimed: Some(id(identity)), capability },
        Op::CheckMethod { sender, service, method, .. } => Op::CheckMethod { sender, claimed: Some(id(identity)), service, method },
        op => op,
    }
}

fn look(subject: &str) -> Op {
    Op::Subject(subject.to_owned())
}

/// Every method, asked for by this sender.
fn every_method(sender: &str) -> impl Iterator<Item = Op> {
    METHODS.iter().map(move |entry| call(sender, entry.service, entry.name))
}

/// The names of the sensitive capabilities.
fn sensitive() -> impl Iterator<Item = &'static str> {
    CAPABILITIES.iter().filter(|entry| entry.sensitive).map(|entry| entry.name)
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::policy::Policy;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Policy>();
    }
}
