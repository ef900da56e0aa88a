//! Checks of the contract `capability-audit`.

mod domains;
mod goldens;
mod laws;
mod violations;
mod walk;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::capabilities::{SUBJECTS, ServiceId};
use spec::capability_audit::{AUDIT_SWITCH_OWNER, CapabilityAudit, Obs, Op};
use spec::policy::Reason;
use spec::{Case, ErrorCode};

impl Suite for CapabilityAudit {
    const PROPERTY: &'static [&'static str] = &[
        "CAPABILITY_AUDIT-001",
        "CAPABILITY_AUDIT-002",
        "CAPABILITY_AUDIT-003",
        "CAPABILITY_AUDIT-004",
        "CAPABILITY_AUDIT-005",
        "CAPABILITY_AUDIT-006",
        "CAPABILITY_AUDIT-007",
        "CAPABILITY_AUDIT-009",
        "CAPABILITY_AUDIT-010",
        "CAPABILITY_AUDIT-011",
        "CAPABILITY_AUDIT-012",
        "CAPABILITY_AUDIT-013",
        "CAPABILITY_AUDIT-014",
        "CAPABILITY_AUDIT-015",
    ];

    fn touched(case: &Case<Self>, rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        if rejected.is_some() {
            out(None, "CAPABILITY_AUDIT-012");
        }
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

/// Two apps and the owner of the kill switches.
const APP: ServiceId = ServiceId(0x0a11);
const OTHER: ServiceId = ServiceId(0x0b22);

fn owner() -> ServiceId {
    ServiceId(SUBJECTS.iter().find(|entry| entry.name == AUDIT_SWITCH_OWNER).map_or(0, |entry| entry.id))
}

fn decide(action: &str, target: &str, denied: Option<Reason>) -> Op {
    Op::Decide { timestamp_ns: 1_000, sender: APP, claimed: None, action: action.to_owned(), target: target.to_owned(), denied }
}

fn begin(timestamp_ns: u64, subject: ServiceId, capability: &str) -> Op {
    Op::BeginCapture { timestamp_ns, subject, capability: capability.to_owned() }
}

fn deliver(subject: ServiceId, capability: &str, content: &[u8]) -> Op {
    Op::Deliver { subject, capability: capability.to_owned(), content: content.to_vec() }
}

fn end(timestamp_ns: u64, subject: ServiceId, capability: &str) -> Op {
    Op::EndCapture { timestamp_ns, subject, capability: capability.to_owned() }
}

fn switch(timestamp_ns: u64, sender: ServiceId, capability: &str, on: bool) -> Op {
    Op::KillSwitch { timestamp_ns, sender, capability: capability.to_owned(), on }
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::capability_audit::CapabilityAudit;

    #[test]
    fn checks_are_complete() {
        assert_complete::<CapabilityAudit>();
    }
}
