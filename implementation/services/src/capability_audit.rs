//! The audit log and the privacy indicators.
//!
//! Everything that is kept has a fixed size and a place that was reserved at the start, so that writing allocates nothing. Content
//! never gets here: a delivery is told by its size.

mod text;

pub use crate::{Result, ServiceError};
pub use text::Text;

use crate::policy::{Decision, Request, service_id};
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::capabilities::{CAPABILITIES, Capability, ServiceId};
use spec::capability_audit::*;
use spec::policy::Reason;

/// The one service that may use kill switches (CAPABILITY_AUDIT-015).
const SWITCH_OWNER: u64 = service_id(AUDIT_SWITCH_OWNER);

/// What is to be written of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// When, in nanoseconds of the caller's clock.
    pub timestamp_ns: u64,
    /// Who asked, by the transport.
    pub sender: u64,
    /// Who the payload said that it was.
    pub claimed: Option<u64>,
    /// What was asked for.
    pub action: &'a str,
    /// What it was about; never content.
    pub target: &'a str,
    /// What was decided.
    pub decision: Decision,
}

/// A record of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its number of the sequence.
    pub sequence: u64,
    /// When, in nanoseconds of the caller's clock.
    pub timestamp_ns: u64,
    /// Who, by the transport.
    pub subject_id: u64,
    /// What was asked for.
    pub action: Text<{ AUDIT_ACTION_BYTES_MAX as usize }>,
    /// What it was about.
    pub target: Text<{ AUDIT_TARGET_BYTES_MAX as usize }>,
    /// 1 allowed, 0 denied.
    pub decision: u8,
    /// One of `AUDIT_REASON_…`.
    pub reason: u16,
}

/// An event of an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number of the sequence.
    pub sequence: u64,
    /// When, in nanoseconds of the caller's clock.
    pub timestamp_ns: u64,
    /// The capability.
    pub capability: Capability,
    /// Who uses it.
    pub subject_id: u64,
    /// What happened.
    pub change: Change,
}

/// A use of a sensitive capability, whose indicator is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Capture {
    capability: Capability,
    subject: u64,
    deliveries: u64,
    last: Option<u64>,
}

/// The newest entries of a list, up to a bound.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Newest<T> {
    kept: VecDeque<T>,
    bound: usize,
    dropped: u64,
}

impl<T> Newest<T> {
    fn new(bound: u32) -> Self {
        Self { kept: VecDeque::with_capacity(bound as usize), bound: bound as usize, dropped: 0 }
    }

    fn push(&mut self, entry: T) {
        if self.kept.len() >= self.bound && self.kept.pop_front().is_some() {
            self.dropped = self.dropped.saturating_add(1);
        }
        self.kept.push_back(entry);
    }

    fn page(&self, from: u64, sequence: fn(&T) -> u64) -> impl Iterator<Item = &T> {
        let first = self.kept.partition_point(|entry| sequence(entry) < from);
        self.kept.iter().skip(first).take(AUDIT_PAGE as usize)
    }
}

/// The audit log, the indicators and the kill switches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLog {
    records: Newest<Record>,
    events: Newest<Event>,
    /// In the order in which they began.
    captures: Vec<Capture>,
    /// The capabilities whose kill switch is on, as bits.
    killed: u64,
    next: u64,
}

impl Default for AuditLog {
    /// A log of the largest size.
    fn default() -> Self {
        Self::empty(AUDIT_RECORDS_MAX, AUDIT_EVENTS_MAX)
    }
}

impl AuditLog {
    fn empty(records: u32, events: u32) -> Self {
        let captures = Vec::with_capacity(AUDIT_CAPTURES_MAX as usize);
        Self { records: Newest::new(records), events: Newest::new(events), captures, killed: 0, next: 0 }
    }

    /// A log that keeps so many records and so many indicator events.
    ///
    /// # Errors
    /// `out_of_range` outside 1 to [`AUDIT_RECORDS_MAX`] and 1 to [`AUDIT_EVENTS_MAX`].
    pub fn new(records: u32, events: u32) -> Result<Self> {
        for (what, got, max) in
            [("the number of records", records, AUDIT_RECORDS_MAX), ("the number of indicator events", events, AUDIT_EVENTS_MAX)]
        {
            if got == 0 || got > max {
                let range = (1, u64::from(max));
                return Err(ServiceError::range(ErrorCode::OutOfRange, what, u64::from(got), range, "fewer are dropped sooner"));
            }
        }
        Ok(Self::empty(records, events))
    }

    fn take_number(&mut self) -> u64 {
        let number = self.next;
        self.next = number.saturating_add(1);
        number
    }

    /// Writes a decision (CAPABILITY_AUDIT-001). It always succeeds: what is too long is cut.
    pub fn record(&mut self, entry: Entry<'_>) {
        let target = match (entry.decision, entry.claimed) {
            // What was attempted is the claimed identity (CAPABILITY_AUDIT-002).
            (Decision::Denied(Reason::Identity), Some(claimed)) => Text::display(ServiceId(claimed)),
            _ => Text::new(&[entry.target]),
        };
        self.write(entry.timestamp_ns, entry.sender, Text::new(&[entry.action]), target, entry.decision);
    }

    /// Writes policyd's decision about a call: the action is `service.method`.
    pub fn record_call(&mut self, timestamp_ns: u64, request: &Request, decision: Decision, target: &str) {
        let method = request.method.entry();
        let target = match (decision, request.claimed) {
            (Decision::Denied(Reason::Identity), Some(claimed)) => Text::display(ServiceId(claimed)),
            _ => Text::new(&[target]),
        };
        self.write(timestamp_ns, request.sender, Text::new(&[method.service, ".", method.name]), target, decision);
    }

    fn write(
        &mut self,
        timestamp_ns: u64,
        subject_id: u64,
        action: Text<{ AUDIT_ACTION_BYTES_MAX as usize }>,
        target: Text<{ AUDIT_TARGET_BYTES_MAX as usize }>,
        decision: Decision,
    ) {
        let sequence = self.take_number();
        let reason = match decision {
            Decision::Allowed | Decision::Denied(Reason::Policy) => AUDIT_REASON_POLICY,
            Decision::Denied(Reason::Identity) => AUDIT_REASON_IDENTITY,
            Decision::Denied(Reason::Malformed) => AUDIT_REASON_MALFORMED,
            Decision::Denied(Reason::Foreground) => AUDIT_REASON_FOREGROUND,
            Decision::Denied(Reason::Consent) => AUDIT_REASON_CONSENT,
            Decision::Denied(Reason::Unknown) => AUDIT_REASON_UNKNOWN,
        };
        let decision = u8::from(decision.is_allowed());
        self.records.push(Record { sequence, timestamp_ns, subject_id, action, target, decision, reason });
    }

    /// Writes what became of a capture or of a kill switch.
    fn write_about(&mut self, timestamp_ns: u64, subject_id: u64, action: &str, capability: Capability, decision: Decision) {
        self.write(timestamp_ns, subject_id, Text::new(&[action]), Text::new(&[capability.name()]), decision);
    }

    /// A subject begins to use a sensitive capability: it is written, and the indicator is on when this returns
    /// (CAPABILITY_AUDIT-009, CAPABILITY_AUDIT-013).
    ///
    /// # Errors
    /// `no_capture_capability`, `capture_already_begun`, `capture_killed` (which is written), `too_many_captures`.
    pub fn begin_capture(&mut self, timestamp_ns: u64, subject: u64, capability: Capability) -> Result<()> {
        check_sensitive(capability)?;
        if self.capture(subject, capability).is_some() {
            let what = "the subject uses this capability already";
            return Err(ServiceError::plain(ErrorCode::CaptureAlreadyBegun, what, "end the first use, or go on with it"));
        }
        if self.killed & capability.bit() != 0 {
            self.write_about(timestamp_ns, subject, AUDIT_ACTION_BEGIN, capability, Decision::Denied(Reason::Policy));
            let what = "the capability's kill switch is on";
            return Err(ServiceError::plain(ErrorCode::CaptureKilled, what, "privacyd can take it off"));
        }
        if self.captures.len() >= AUDIT_CAPTURES_MAX as usize {
            let count = (self.captures.len() as u64).saturating_add(1);
            let range = (0, u64::from(AUDIT_CAPTURES_MAX));
            return Err(ServiceError::range(ErrorCode::TooManyCaptures, "the number of captures", count, range, "end one first"));
        }
        self.write_about(timestamp_ns, subject, AUDIT_ACTION_BEGIN, capability, Decision::Allowed);
        self.event(timestamp_ns, capability, subject, Change::On);
        self.captures.push(Capture { capability, subject, deliveries: 0, last: None });
        Ok(())
    }

    /// Says that so many bytes are delivered now; gives the number of the delivery. Nothing may be delivered without.
    ///
    /// # Errors
    /// `no_capture_capability`, `capture_not_begun` (CAPABILITY_AUDIT-009), `empty_delivery`.
    pub fn deliver(&mut self, subject: u64, capability: Capability, bytes: usize) -> Result<u64> {
        check_sensitive(capability)?;
        self.capture(subject, capability).ok_or(NOT_BEGUN)?;
        if bytes == 0 {
            let what = "the delivery has no content";
            return Err(ServiceError::plain(ErrorCode::EmptyDelivery, what, "deliver samples or pixels, or nothing at all"));
        }
        let number = self.take_number();
        if let Some(capture) = self.captures.iter_mut().find(|capture| capture.subject == subject && capture.capability == capability) {
            capture.deliveries = capture.deliveries.saturating_add(1);
            capture.last = Some(number);
        }
        Ok(number)
    }

    /// The use ends: the indicator is off when this returns, and the end is written (CAPABILITY_AUDIT-010).
    ///
    /// # Errors
    /// `no_capture_capability`, `capture_not_begun`.
    pub fn end_capture(&mut self, timestamp_ns: u64, subject: u64, capability: Capability) -> Result<()> {
        check_sensitive(capability)?;
        let place = self.capture(subject, capability).ok_or(NOT_BEGUN)?;
        self.off(timestamp_ns, place);
        self.write_about(timestamp_ns, subject, AUDIT_ACTION_END, capability, Decision::Allowed);
        Ok(())
    }

    /// Puts a kill switch on, which ends every capture of the capability, or takes it off (CAPABILITY_AUDIT-014).
    ///
    /// # Errors
    /// `no_capture_capability`, and `kill_switch_denied` for anybody but privacyd, which is written (CAPABILITY_AUDIT-015).
    pub fn kill_switch(&mut self, timestamp_ns: u64, sender: u64, capability: Capability, on: bool) -> Result<()> {
        check_sensitive(capability)?;
        let action = if on { AUDIT_ACTION_KILL } else { AUDIT_ACTION_RELEASE };
        if sender != SWITCH_OWNER {
            self.write_about(timestamp_ns, sender, action, capability, Decision::Denied(Reason::Policy));
            let what = "only privacyd may use kill switches";
            return Err(ServiceError::plain(ErrorCode::KillSwitchDenied, what, "ask the person to use the switch"));
        }
        self.write_about(timestamp_ns, sender, action, capability, Decision::Allowed);
        if !on {
            self.killed &= !capability.bit();
            return Ok(());
        }
        self.killed |= capability.bit();
        while let Some(place) = self.captures.iter().position(|capture| capture.capability == capability) {
            self.off(timestamp_ns, place);
        }
        Ok(())
    }

    fn capture(&self, subject: u64, capability: Capability) -> Option<usize> {
        self.captures.iter().position(|capture| capture.subject == subject && capture.capability == capability)
    }

    fn off(&mut self, timestamp_ns: u64, place: usize) {
        let Capture { capability, subject, deliveries, last } = self.captures.remove(place);
        self.event(timestamp_ns, capability, subject, Change::Off { deliveries, last });
    }

    fn event(&mut self, timestamp_ns: u64, capability: Capability, subject_id: u64, change: Change) {
        let sequence = self.take_number();
        self.events.push(Event { sequence, timestamp_ns, capability, subject_id, change });
    }

    /// One page of the records from a number of the sequence on, oldest first (CAPABILITY_AUDIT-007).
    pub fn records(&self, from: u64) -> impl Iterator<Item = &Record> {
        self.records.page(from, |record| record.sequence)
    }

    /// How many records were dropped (CAPABILITY_AUDIT-006).
    pub const fn records_dropped(&self) -> u64 {
        self.records.dropped
    }

    /// One page of the indicator events from a number of the sequence on, oldest first (CAPABILITY_AUDIT-007).
    pub fn events(&self, from: u64) -> impl Iterator<Item = &Event> {
        self.events.page(from, |event| event.sequence)
    }

    /// How many indicator events were dropped (CAPABILITY_AUDIT-006).
    pub const fn events_dropped(&self) -> u64 {
        self.events.dropped
    }

    /// Whether a capability's indicator is on.
    pub fn is_on(&self, capability: Capability) -> bool {
        self.users(capability).next().is_some()
    }

    /// Who uses a capability, in the order in which they began (CAPABILITY_AUDIT-011).
    pub fn users(&self, capability: Capability) -> impl Iterator<Item = u64> {
        self.captures.iter().filter(move |capture| capture.capability == capability).map(|capture| capture.subject)
    }

    /// Whether a capability's kill switch is on.
    pub const fn is_killed(&self, capability: Capability) -> bool {
        self.killed & capability.bit() != 0
    }
}

const NOT_BEGUN: ServiceError = ServiceError::plain(
    ErrorCode::CaptureNotBegun,
    "the subject does not use this capability, so that its indicator may be off",
    "begin the capture first",
);

/// The capabilities that have an indicator, in the catalogue's order (CAPABILITY_AUDIT-011).
pub fn with_indicator() -> impl Iterator<Item = Capability> {
    CAPABILITIES.iter().filter(|entry| entry.sensitive).map(|entry| entry.capability)
}

/// The capability of that name, if it has an indicator.
///
/// # Errors
/// `no_capture_capability`.
pub fn capture_capability(name: &str) -> Result<Capability> {
    with_indicator().find(|capability| capability.name() == name).ok_or(NO_INDICATOR)
}

const NO_INDICATOR: ServiceError = ServiceError::plain(
    ErrorCode::NoCaptureCapability,
    "only sensitive capabilities have an indicator",
    "take one that spec/capabilities.yaml calls sensitive",
);

fn check_sensitive(capability: Capability) -> Result<()> {
    if capability.entry().sensitive { Ok(()) } else { Err(NO_INDICATOR) }
}
