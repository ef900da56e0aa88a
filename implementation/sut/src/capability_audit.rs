//! The contract `capability-audit` on [`services::capability_audit`].

use alloc::borrow::ToOwned;
use services::capability_audit::{self as audit, AuditLog, Entry, ServiceError};
use services::policy::Decision;
use spec::capabilities::ServiceId;
use spec::capability_audit::{CapabilityAudit, Config, Event, Indicator, Obs, Op, Record};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `capability-audit`.
#[derive(Clone, Debug, Default)]
pub struct CapabilityAuditMachine(AuditLog);

pub(crate) use CapabilityAuditMachine as Adapter;

impl Machine<CapabilityAudit> for CapabilityAuditMachine {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        Ok(match AuditLog::new(config.records, config.events) {
            Ok(log) => {
                self.0 = log;
                Ok(())
            }
            Err(error) => Err(error.code()),
        })
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(answer(&mut self.0, op).unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}

fn answer(log: &mut AuditLog, op: &Op) -> Result<Obs, ServiceError> {
    match op {
        Op::Decide { timestamp_ns, sender, claimed, action, target, denied } => log.record(Entry {
            timestamp_ns: *timestamp_ns,
            sender: sender.0,
            claimed: claimed.map(|claimed| claimed.0),
            action,
            target,
            decision: denied.map_or(Decision::Allowed, Decision::Denied),
        }),
        Op::BeginCapture { timestamp_ns, subject, capability } => {
            log.begin_capture(*timestamp_ns, subject.0, audit::capture_capability(capability)?)?;
        }
        Op::Deliver { subject, capability, content } => {
            return log.deliver(subject.0, audit::capture_capability(capability)?, content.len()).map(Obs::Delivered);
        }
        Op::EndCapture { timestamp_ns, subject, capability } => {
            log.end_capture(*timestamp_ns, subject.0, audit::capture_capability(capability)?)?;
        }
        Op::KillSwitch { timestamp_ns, sender, capability, on } => {
            log.kill_switch(*timestamp_ns, sender.0, audit::capture_capability(capability)?, *on)?;
        }
        Op::Records(from) => {
            return Ok(Obs::Records { dropped: log.records_dropped(), records: log.records(*from).map(record).collect() });
        }
        Op::Events(from) => return Ok(Obs::Events { dropped: log.events_dropped(), events: log.events(*from).map(event).collect() }),
        Op::Indicators => {
            let indicator = |capability: spec::capabilities::Capability| Indicator {
                capability: capability.name().to_owned(),
                subjects: log.users(capability).map(ServiceId).collect(),
                killed: log.is_killed(capability),
            };
            return Ok(Obs::Indicators(audit::with_indicator().map(indicator).collect()));
        }
    }
    Ok(Obs::Done)
}

fn record(record: &audit::Record) -> Record {
    Record {
        sequence: record.sequence,
        timestamp_ns: record.timestamp_ns,
        subject_id: ServiceId(record.subject_id),
        action: record.action.as_str().to_owned(),
        target: record.target.as_str().to_owned(),
        decision: record.decision,
        reason: record.reason,
    }
}

fn event(event: &audit::Event) -> Event {
    Event {
        sequence: event.sequence,
        timestamp_ns: event.timestamp_ns,
        capability: event.capability.name().to_owned(),
        subject_id: ServiceId(event.subject_id),
        change: event.change,
    }
}
