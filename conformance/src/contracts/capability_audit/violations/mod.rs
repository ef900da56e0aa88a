//! Wrong machines of the contract `capability-audit`.

mod captures;
mod log;
mod texts;

use crate::suite::{self, Violation, misheard, violation};
use model::Modelled;
use spec::capabilities::ServiceId;
use spec::capability_audit::*;
use spec::policy::Reason;
use spec::{ErrorCode, Failure, Machine};

pub(super) fn violations() -> Vec<Violation<CapabilityAudit>> {
    let mut all = of_records();
    all.extend(texts::of_texts());
    all.extend(log::of_the_log());
    all.extend(captures::of_captures());
    all.extend(captures::of_switches());
    all
}

type Wrong = Box<dyn Machine<CapabilityAudit>>;

/// What a machine remembers between operations.
#[derive(Default)]
struct Memory {
    ops: Vec<Op>,
    count: u64,
}

/// A machine that does to a right one what `meddle` says.
fn meddling(meddle: suite::Meddle<CapabilityAudit, Memory>) -> Wrong {
    suite::meddling(meddle)
}

/// A machine that tells of each record what `change` makes of it.
fn records(change: fn(Record) -> Record) -> Wrong {
    struct Telling(Wrong, fn(Record) -> Record);
    impl Machine<CapabilityAudit> for Telling {
        fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
            self.0.reset(config)
        }
        fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
            Ok(match self.0.step(op)? {
                Obs::Records { dropped, records } => Obs::Records { dropped, records: records.into_iter().map(self.1).collect() },
                obs => obs,
            })
        }
    }
    Box::new(Telling(CapabilityAudit::model(), change))
}

/// A machine that understands another decision than was told.
fn decisions(op: &Op, change: fn(&mut ServiceId, &mut Option<ServiceId>, &mut String, &mut Option<Reason>)) -> Op {
    let mut op = op.clone();
    if let Op::Decide { sender, claimed, target, denied, .. } = &mut op {
        change(sender, claimed, target, denied);
    }
    op
}

fn of_records() -> Vec<Violation<CapabilityAudit>> {
    vec![
        violation("CAPABILITY_AUDIT-001", "writes denials only", || {
            meddling(|inner, _, op| match op {
                Op::Decide { denied: None, .. } => Ok(Obs::Done),
                op => inner.step(op),
            })
        }),
        violation("CAPABILITY_AUDIT-001", "writes what is allowed only", || {
            meddling(|inner, _, op| match op {
                Op::Decide { denied: Some(_), .. } => Ok(Obs::Done),
                op => inner.step(op),
            })
        }),
        violation("CAPABILITY_AUDIT-001", "does not write the same decision again", || {
            meddling(|inner, memory, op| {
                if matches!(op, Op::Decide { .. }) {
                    let again = memory.ops.contains(op);
                    memory.ops.push(op.clone());
                    return if again { Ok(Obs::Done) } else { inner.step(op) };
                }
                inner.step(op)
            })
        }),
        violation("CAPABILITY_AUDIT-001", "writes every denial with the reason policy", || {
            records(|record| Record { reason: AUDIT_REASON_POLICY, ..record })
        }),
        violation("CAPABILITY_AUDIT-001", "swaps the reasons identity and malformed", || {
            records(|record| Record { reason: [0, 2, 1].get(usize::from(record.reason)).copied().unwrap_or(record.reason), ..record })
        }),
        violation("CAPABILITY_AUDIT-001", "writes a decision of 0 for allowed", || {
            records(|record| Record { decision: 1 - record.decision, ..record })
        }),
        violation("CAPABILITY_AUDIT-001", "writes times in microseconds", || {
            records(|record| Record { timestamp_ns: record.timestamp_ns / 1000, ..record })
        }),
        violation("CAPABILITY_AUDIT-002", "writes the claimed identity as the subject", || {
            misheard::<CapabilityAudit>(|op| {
                decisions(op, |sender, claimed, _, _| {
                    if let Some(claimed) = claimed {
                        *sender = *claimed;
                    }
                })
            })
        }),
        violation("CAPABILITY_AUDIT-002", "does not say whom a sender claimed to be", || {
            misheard::<CapabilityAudit>(|op| decisions(op, |_, claimed, _, _| *claimed = None))
        }),
        violation("CAPABILITY_AUDIT-002", "writes every claim as the target", || {
            misheard::<CapabilityAudit>(|op| {
                decisions(op, |_, claimed, target, _| {
                    if let Some(claimed) = claimed {
                        *target = claimed.to_string();
                    }
                })
            })
        }),
    ]
}
