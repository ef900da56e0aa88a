//! The reference model of the contract `capability-audit`.

pub use self::CapabilityAuditModel as Model;
use crate::policy::identity;
use spec::capabilities::{CAPABILITIES, ServiceId};
use spec::capability_audit::*;
use spec::policy::Reason;
use spec::{ErrorCode, Failure, Machine};

/// The reference model of the contract `capability-audit`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CapabilityAuditModel {
    config: Config,
    /// Everything that was ever written, of which the newest count.
    records: Vec<Record>,
    events: Vec<Event>,
    /// In the order in which they began.
    captures: Vec<Capture>,
    /// Names of the capabilities whose kill switch is on.
    killed: Vec<&'static str>,
    /// CAPABILITY_AUDIT-005: the next number of the one sequence.
    next: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Capture {
    capability: &'static str,
    subject: ServiceId,
    deliveries: u64,
    last: Option<u64>,
}

/// The capability of that name, if it has an indicator.
fn sensitive(name: &str) -> Result<&'static str, ErrorCode> {
    // CAPABILITY_AUDIT-011
    CAPABILITIES.iter().find(|entry| entry.sensitive && entry.name == name).map(|entry| entry.name).ok_or(ErrorCode::NoCaptureCapability)
}

/// A text as a record holds it.
fn bounded(text: &str, bound: u32) -> String {
    // CAPABILITY_AUDIT-004
    let plain: String = text.bytes().map(|byte| if matches!(byte, b' '..=b'}') { byte as char } else { '?' }).collect();
    if plain.len() <= bound as usize {
        return plain;
    }
    // CAPABILITY_AUDIT-003
    let mark = format!("~{}", plain.len());
    plain[..bound as usize - mark.len()].to_owned() + &mark
}

fn reason(denied: Option<Reason>) -> u16 {
    match denied {
        None | Some(Reason::Policy) => AUDIT_REASON_POLICY,
        Some(Reason::Identity) => AUDIT_REASON_IDENTITY,
        Some(Reason::Malformed) => AUDIT_REASON_MALFORMED,
        Some(Reason::Foreground) => AUDIT_REASON_FOREGROUND,
        Some(Reason::Consent) => AUDIT_REASON_CONSENT,
        Some(Reason::Unknown) => AUDIT_REASON_UNKNOWN,
    }
}

/// CAPABILITY_AUDIT-006, CAPABILITY_AUDIT-007: of the newest `kept`, one page from a number on, and how many are gone.
fn page<T: Clone>(all: &[T], kept: u32, from: u64, sequence: fn(&T) -> u64) -> (u64, Vec<T>) {
    let dropped = all.len().saturating_sub(kept as usize);
    let page = all[dropped..].iter().filter(|entry| sequence(entry) >= from).take(AUDIT_PAGE as usize).cloned().collect();
    (dropped as u64, page)
}

impl CapabilityAuditModel {
    fn take_number(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    /// CAPABILITY_AUDIT-001
    fn record(&mut self, timestamp_ns: u64, subject_id: ServiceId, action: &str, target: &str, denied: Option<Reason>) {
        let sequence = self.take_number();
        self.records.push(Record {
            sequence,
            timestamp_ns,
            subject_id,
            action: bounded(action, AUDIT_ACTION_BYTES_MAX),
            target: bounded(target, AUDIT_TARGET_BYTES_MAX),
            decision: u8::from(denied.is_none()),
            reason: reason(denied),
        });
    }

    fn event(&mut self, timestamp_ns: u64, capability: &'static str, subject_id: ServiceId, change: Change) {
        let sequence = self.take_number();
        self.events.push(Event { sequence, timestamp_ns, capability: capability.to_owned(), subject_id, change });
    }

    fn place(&self, subject: ServiceId, capability: &str) -> Option<usize> {
        self.captures.iter().position(|capture| capture.subject == subject && capture.capability == capability)
    }

    fn begin(&mut self, timestamp_ns: u64, subject: ServiceId, capability: &str) -> Result<(), ErrorCode> {
        // CAPABILITY_AUDIT-012
        let capability = sensitive(capability)?;
        if self.place(subject, capability).is_some() {
            return Err(ErrorCode::CaptureAlreadyBegun);
        }
        // CAPABILITY_AUDIT-014
        if self.killed.contains(&capability) {
            // CAPABILITY_AUDIT-013
            self.record(timestamp_ns, subject, AUDIT_ACTION_BEGIN, capability, Some(Reason::Policy));
            return Err(ErrorCode::CaptureKilled);
        }
        if self.captures.len() >= AUDIT_CAPTURES_MAX as usize {
            return Err(ErrorCode::TooManyCaptures);
        }
        self.record(timestamp_ns, subject, AUDIT_ACTION_BEGIN, capability, None);
        // CAPABILITY_AUDIT-009: on, before any delivery can be.
        self.event(timestamp_ns, capability, subject, Change::On);
        self.captures.push(Capture { capability, subject, deliveries: 0, last: None });
        Ok(())
    }

    fn deliver(&mut self, subject: ServiceId, capability: &str, content: &[u8]) -> Result<u64, ErrorCode> {
        let capability = sensitive(capability)?;
        // CAPABILITY_AUDIT-009
        let place = self.place(subject, capability).ok_or(ErrorCode::CaptureNotBegun)?;
        if content.is_empty() {
            return Err(ErrorCode::EmptyDelivery);
        }
        // CAPABILITY_AUDIT-008: of the content nothing is kept.
        let number = self.take_number();
        let capture = &mut self.captures[place];
        capture.deliveries += 1;
        capture.last = Some(number);
        Ok(number)
    }

    /// CAPABILITY_AUDIT-010: after this nothing is delivered.
    fn off(&mut self, timestamp_ns: u64, place: usize) {
        let Capture { capability, subject, deliveries, last } = self.captures.remove(place);
        self.event(timestamp_ns, capability, subject, Change::Off { deliveries, last });
    }

    fn end(&mut self, timestamp_ns: u64, subject: ServiceId, capability: &str) -> Result<(), ErrorCode> {
        let capability = sensitive(capability)?;
        let place = self.place(subject, capability).ok_or(ErrorCode::CaptureNotBegun)?;
        self.off(timestamp_ns, place);
        self.record(timestamp_ns, subject, AUDIT_ACTION_END, capability, None);
        Ok(())
    }

    fn kill_switch(&mut self, timestamp_ns: u64, sender: ServiceId, capability: &str, on: bool) -> Result<(), ErrorCode> {
        let capability = sensitive(capability)?;
        let action = if on { AUDIT_ACTION_KILL } else { AUDIT_ACTION_RELEASE };
        // CAPABILITY_AUDIT-015
        if sender != identity(AUDIT_SWITCH_OWNER) {
            self.record(timestamp_ns, sender, action, capability, Some(Reason::Policy));
            return Err(ErrorCode::KillSwitchDenied);
        }
        self.record(timestamp_ns, sender, action, capability, None);
        self.killed.retain(|killed| *killed != capability);
        if on {
            self.killed.push(capability);
            // CAPABILITY_AUDIT-014
            while let Some(place) = self.captures.iter().position(|capture| capture.capability == capability) {
                self.off(timestamp_ns, place);
            }
        }
        Ok(())
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        match op {
            Op::Decide { timestamp_ns, sender, claimed, action, target, denied } => {
                // CAPABILITY_AUDIT-002
                let claim = claimed.filter(|_| *denied == Some(Reason::Identity)).map(|claimed| claimed.to_string());
                self.record(*timestamp_ns, *sender, action, claim.as_ref().unwrap_or(target), *denied);
            }
            Op::BeginCapture { timestamp_ns, subject, capability } => self.begin(*timestamp_ns, *subject, capability)?,
            Op::Deliver { subject, capability, content } => return self.deliver(*subject, capability, content).map(Obs::Delivered),
            Op::EndCapture { timestamp_ns, subject, capability } => self.end(*timestamp_ns, *subject, capability)?,
            Op::KillSwitch { timestamp_ns, sender, capability, on } => self.kill_switch(*timestamp_ns, *sender, capability, *on)?,
            Op::Records(from) => {
                let (dropped, records) = page(&self.records, self.config.records, *from, |record| record.sequence);
                return Ok(Obs::Records { dropped, records });
            }
            Op::Events(from) => {
                let (dropped, events) = page(&self.events, self.config.events, *from, |event| event.sequence);
                return Ok(Obs::Events { dropped, events });
            }
            Op::Indicators => {
                let indicator = |capability: &'static str| Indicator {
                    capability: capability.to_owned(),
                    // CAPABILITY_AUDIT-011
                    subjects: self
                        .captures
                        .iter()
                        .filter(|capture| capture.capability == capability)
                        .map(|capture| capture.subject)
                        .collect(),
                    killed: self.killed.contains(&capability),
                };
                let all = CAPABILITIES.iter().filter(|entry| entry.sensitive).map(|entry| indicator(entry.name));
                return Ok(Obs::Indicators(all.collect()));
            }
        }
        Ok(Obs::Done)
    }
}

impl Machine<CapabilityAudit> for CapabilityAuditModel {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self { config: config.clone(), ..Self::default() };
        let fits = |asked, max| (1..=max).contains(&asked);
        let right = fits(config.records, AUDIT_RECORDS_MAX) && fits(config.events, AUDIT_EVENTS_MAX);
        Ok(if right { Ok(()) } else { Err(ErrorCode::OutOfRange) })
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests;
