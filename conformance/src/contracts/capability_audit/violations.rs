//! Wrong machines of the contract `capability-audit`.

use crate::suite::{Violation, misconfigured, misheard, tampered};
use model::Modelled;
use spec::capabilities::ServiceId;
use spec::capability_audit::*;
use spec::policy::Reason;
use spec::{ErrorCode, Failure, Machine};

pub(super) fn violations() -> Vec<Violation<CapabilityAudit>> {
    let mut all = of_records();
    all.extend(of_texts());
    all.extend(of_the_log());
    all.extend(of_captures());
    all.extend(of_switches());
    all
}

type Wrong = Box<dyn Machine<CapabilityAudit>>;

const fn violation(requirement: &'static str, what: &'static str, machine: fn() -> Wrong) -> Violation<CapabilityAudit> {
    Violation { requirement, what, machine }
}

/// What a machine remembers between operations.
#[derive(Default)]
struct Memory {
    ops: Vec<Op>,
    count: u64,
}

/// A machine that does to a right one what `meddle` says.
struct Meddling {
    inner: Wrong,
    memory: Memory,
    meddle: fn(&mut dyn Machine<CapabilityAudit>, &mut Memory, &Op) -> Result<Obs, Failure>,
}

fn meddling(meddle: fn(&mut dyn Machine<CapabilityAudit>, &mut Memory, &Op) -> Result<Obs, Failure>) -> Wrong {
    Box::new(Meddling { inner: CapabilityAudit::model(), memory: Memory::default(), meddle })
}

impl Machine<CapabilityAudit> for Meddling {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.memory = Memory::default();
        self.inner.reset(config)
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        (self.meddle)(&mut *self.inner, &mut self.memory, op)
    }
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

/// What of the long texts a machine does: `cut` makes of a text and its bound what the machine understands.
fn cutting(op: &Op, cut: fn(&str, usize) -> String) -> Op {
    match op {
        Op::Decide { timestamp_ns, sender, claimed, action, target, denied } => Op::Decide {
            timestamp_ns: *timestamp_ns,
            sender: *sender,
            claimed: *claimed,
            action: cut(action, AUDIT_ACTION_BYTES_MAX as usize),
            target: cut(target, AUDIT_TARGET_BYTES_MAX as usize),
            denied: *denied,
        },
        op => op.clone(),
    }
}

/// As a record holds it, but for its bound.
fn plain(text: &str) -> String {
    text.bytes().map(|byte| if matches!(byte, b' '..=b'}') { byte as char } else { '?' }).collect()
}

fn of_texts() -> Vec<Violation<CapabilityAudit>> {
    vec![
        violation("CAPABILITY_AUDIT-003", "cuts texts without a mark", || {
            misheard::<CapabilityAudit>(|op| cutting(op, |text, bound| plain(text).chars().take(bound).collect()))
        }),
        violation("CAPABILITY_AUDIT-003", "cuts a text that just fits", || {
            misheard::<CapabilityAudit>(|op| {
                cutting(op, |text, bound| if text.len() == bound { format!("{text}x") } else { text.to_owned() })
            })
        }),
        violation("CAPABILITY_AUDIT-003", "refuses to write what is too long", || {
            meddling(|inner, _, op| match op {
                Op::Decide { action, target, .. } if action.len() > 32 || target.len() > 64 => Ok(Obs::Rejected(ErrorCode::OversizedInput)),
                op => inner.step(op),
            })
        }),
        violation("CAPABILITY_AUDIT-003", "counts characters instead of bytes", || {
            misheard::<CapabilityAudit>(|op| cutting(op, |text, _| text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()))
        }),
        violation("CAPABILITY_AUDIT-003", "says nothing of a target above its bound", || {
            misheard::<CapabilityAudit>(|op| cutting(op, |text, bound| if text.len() > bound { String::new() } else { text.to_owned() }))
        }),
        violation("CAPABILITY_AUDIT-004", "leaves out what is no printable ASCII", || {
            misheard::<CapabilityAudit>(|op| cutting(op, |text, _| text.chars().filter(|c| matches!(c, ' '..='}')).collect()))
        }),
        violation("CAPABILITY_AUDIT-004", "keeps tildes", || {
            tampered::<CapabilityAudit, Vec<String>>(|long, op, obs| match (op, obs) {
                (Op::Decide { target, .. }, obs) => {
                    long.push(target.clone());
                    obs
                }
                (_, Obs::Records { dropped, mut records }) => {
                    for record in &mut records {
                        if let Some(text) = long.iter().find(|text| text.contains('~') && plain(text) == record.target) {
                            record.target = text.bytes().map(|byte| if matches!(byte, b' '..=b'~') { byte as char } else { '?' }).collect();
                        }
                    }
                    Obs::Records { dropped, records }
                }
                (_, obs) => obs,
            })
        }),
        violation("CAPABILITY_AUDIT-004", "writes spaces for control characters", || {
            misheard::<CapabilityAudit>(|op| {
                cutting(op, |text, _| text.chars().map(|c| if c.is_ascii_control() { ' ' } else { c }).collect())
            })
        }),
    ]
}

fn of_the_log() -> Vec<Violation<CapabilityAudit>> {
    vec![
        violation("CAPABILITY_AUDIT-005", "numbers from 1 on", || {
            tampered::<CapabilityAudit, ()>(|(), _, obs| renumbered(obs, |number| number + 1))
        }),
        violation("CAPABILITY_AUDIT-005", "gives every second number twice", || {
            tampered::<CapabilityAudit, ()>(|(), _, obs| renumbered(obs, |number| number & !1))
        }),
        violation("CAPABILITY_AUDIT-005", "numbers deliveries on their own", || {
            tampered::<CapabilityAudit, u64>(|next, _, obs| match obs {
                Obs::Delivered(_) => {
                    *next += 1;
                    Obs::Delivered(*next - 1)
                }
                obs => obs,
            })
        }),
        violation("CAPABILITY_AUDIT-005", "tells the newest first", || {
            tampered::<CapabilityAudit, ()>(|(), _, obs| match obs {
                Obs::Records { dropped, mut records } => {
                    records.reverse();
                    Obs::Records { dropped, records }
                }
                obs => obs,
            })
        }),
        violation("CAPABILITY_AUDIT-006", "keeps one record less than it was asked to", || {
            misconfigured::<CapabilityAudit>(|config| Config {
                records: if config.records == 2 { 1 } else { config.records },
                ..config.clone()
            })
        }),
        violation("CAPABILITY_AUDIT-006", "keeps one event more than it was asked to", || {
            misconfigured::<CapabilityAudit>(|config| Config {
                events: if config.events < 3 { config.events + 1 } else { config.events },
                ..config.clone()
            })
        }),
        violation("CAPABILITY_AUDIT-006", "keeps the oldest records", || {
            meddling(|inner, memory, op| {
                let full = matches!(inner.step(&Op::Records(0))?, Obs::Records { dropped: 0, records } if memory.count > 0 && records.len() as u64 >= memory.count);
                if let Op::Decide { .. } = op {
                    if full {
                        return Ok(Obs::Done);
                    }
                    // As many as it takes to drop one would be too late to notice: a log of three is full here.
                    memory.count = 3;
                }
                inner.step(op)
            })
        }),
        violation("CAPABILITY_AUDIT-006", "does not count what it drops", || {
            tampered::<CapabilityAudit, ()>(|(), _, obs| match obs {
                Obs::Records { records, .. } => Obs::Records { dropped: 0, records },
                Obs::Events { events, .. } => Obs::Events { dropped: 0, events },
                obs => obs,
            })
        }),
        violation("CAPABILITY_AUDIT-006", "writes a record of every delivery", || {
            meddling(|inner, _, op| {
                let obs = inner.step(op)?;
                if let (Op::Deliver { subject, .. }, Obs::Delivered(_)) = (op, &obs) {
                    let (action, target) = ("capture.deliver".to_owned(), String::new());
                    inner.step(&Op::Decide { timestamp_ns: 0, sender: *subject, claimed: None, action, target, denied: None })?;
                }
                Ok(obs)
            })
        }),
        violation("CAPABILITY_AUDIT-007", "gives more than a page", || {
            meddling(|inner, _, op| {
                let mut obs = inner.step(op)?;
                if let Obs::Records { records, .. } = &mut obs
                    && let Some(last) = records.last().filter(|_| records.len() == AUDIT_PAGE as usize)
                    && let Obs::Records { records: next, .. } = inner.step(&Op::Records(last.sequence + 1))?
                {
                    records.extend(next);
                }
                Ok(obs)
            })
        }),
        violation("CAPABILITY_AUDIT-007", "gives one record less than a page", || {
            tampered::<CapabilityAudit, ()>(|(), _, obs| match obs {
                Obs::Records { dropped, mut records } => {
                    records.truncate(AUDIT_PAGE as usize - 1);
                    Obs::Records { dropped, records }
                }
                obs => obs,
            })
        }),
        violation("CAPABILITY_AUDIT-007", "leaves the number itself out", || {
            misheard::<CapabilityAudit>(|op| match op {
                Op::Records(from) if *from > 0 => Op::Records(from.saturating_add(1)),
                Op::Events(from) if *from > 0 => Op::Events(from.saturating_add(1)),
                op => op.clone(),
            })
        }),
        violation("CAPABILITY_AUDIT-007", "always begins at the oldest", || {
            misheard::<CapabilityAudit>(|op| match op {
                Op::Records(_) => Op::Records(0),
                Op::Events(_) => Op::Events(0),
                op => op.clone(),
            })
        }),
        violation("CAPABILITY_AUDIT-008", "writes what it delivers", || {
            tampered::<CapabilityAudit, String>(|content, op, obs| match (op, obs) {
                (Op::Deliver { content: delivered, .. }, Obs::Delivered(number)) => {
                    *content = plain(&String::from_utf8_lossy(delivered)).chars().take(40).collect();
                    Obs::Delivered(number)
                }
                (_, Obs::Records { dropped, mut records }) => {
                    if let Some(record) = records.last_mut().filter(|_| !content.is_empty()) {
                        record.target.clone_from(content);
                    }
                    Obs::Records { dropped, records }
                }
                (_, obs) => obs,
            })
        }),
    ]
}

fn renumbered(obs: Obs, change: fn(u64) -> u64) -> Obs {
    match obs {
        Obs::Delivered(number) => Obs::Delivered(change(number)),
        Obs::Records { dropped, records } => {
            let renumber = |record: Record| Record { sequence: change(record.sequence), ..record };
            Obs::Records { dropped, records: records.into_iter().map(renumber).collect() }
        }
        Obs::Events { dropped, events } => {
            let last = |change_to: Change| match change_to {
                Change::Off { deliveries, last } => Change::Off { deliveries, last: last.map(change) },
                Change::On => Change::On,
            };
            let renumber = |event: Event| Event { sequence: change(event.sequence), change: last(event.change), ..event };
            Obs::Events { dropped, events: events.into_iter().map(renumber).collect() }
        }
        obs => obs,
    }
}

fn of_captures() -> Vec<Violation<CapabilityAudit>> {
    vec![
        violation("CAPABILITY_AUDIT-009", "delivers before the indicator is on", || {
            meddling(|inner, memory, op| {
                let obs = inner.step(op)?;
                if matches!((op, &obs), (Op::Deliver { .. }, Obs::Rejected(ErrorCode::CaptureNotBegun))) {
                    memory.count += 1;
                    return Ok(Obs::Delivered(memory.count - 1));
                }
                Ok(obs)
            })
        }),
        violation("CAPABILITY_AUDIT-009", "puts the indicator on at the first delivery", || {
            tampered::<CapabilityAudit, Vec<(ServiceId, String)>>(|delivered, op, obs| match (op, obs) {
                (Op::Deliver { subject, capability, .. }, Obs::Delivered(number)) => {
                    delivered.push((*subject, capability.clone()));
                    Obs::Delivered(number)
                }
                (_, Obs::Events { dropped, mut events }) => {
                    events.retain(|event| {
                        event.change != Change::On
                            || delivered.iter().any(|(subject, name)| *subject == event.subject_id && *name == event.capability)
                    });
                    Obs::Events { dropped, events }
                }
                (_, obs) => obs,
            })
        }),
        violation("CAPABILITY_AUDIT-009", "delivers to whoever asks while the indicator is on", || {
            meddling(|inner, memory, op| {
                let obs = inner.step(op)?;
                if let (Op::Deliver { capability, .. }, Obs::Rejected(ErrorCode::CaptureNotBegun)) = (op, &obs)
                    && let Obs::Indicators(all) = inner.step(&Op::Indicators)?
                    && all.iter().any(|indicator| indicator.capability == *capability && !indicator.subjects.is_empty())
                {
                    memory.count += 1;
                    return Ok(Obs::Delivered(memory.count + 100));
                }
                Ok(obs)
            })
        }),
        violation("CAPABILITY_AUDIT-010", "delivers after the indicator is off", || {
            meddling(|inner, memory, op| {
                let obs = inner.step(op)?;
                match (op, &obs) {
                    (Op::EndCapture { subject, capability, .. }, Obs::Done) => {
                        memory.ops.push(Op::Deliver { subject: *subject, capability: capability.clone(), content: Vec::new() });
                    }
                    (Op::Deliver { subject, capability, .. }, Obs::Rejected(ErrorCode::CaptureNotBegun)) => {
                        let ended = Op::Deliver { subject: *subject, capability: capability.clone(), content: Vec::new() };
                        if memory.ops.contains(&ended) {
                            return Ok(Obs::Delivered(1 << 32));
                        }
                    }
                    _ => {}
                }
                Ok(obs)
            })
        }),
        violation("CAPABILITY_AUDIT-010", "never says that an indicator went off", || {
            tampered::<CapabilityAudit, ()>(|(), _, obs| match obs {
                Obs::Events { dropped, mut events } => {
                    events.retain(|event| event.change == Change::On);
                    Obs::Events { dropped, events }
                }
                obs => obs,
            })
        }),
        violation("CAPABILITY_AUDIT-010", "does not count the last delivery", || {
            tampered::<CapabilityAudit, ()>(|(), _, obs| match obs {
                Obs::Events { dropped, mut events } => {
                    for event in &mut events {
                        if let Change::Off { deliveries, .. } = &mut event.change {
                            *deliveries = deliveries.saturating_sub(1);
                        }
                    }
                    Obs::Events { dropped, events }
                }
                obs => obs,
            })
        }),
        violation("CAPABILITY_AUDIT-011", "puts the indicator off with the first subject that ends", || {
            tampered::<CapabilityAudit, Vec<String>>(|ended, op, obs| match (op, obs) {
                (Op::EndCapture { capability, .. }, Obs::Done) => {
                    ended.push(capability.clone());
                    Obs::Done
                }
                (Op::BeginCapture { capability, .. }, Obs::Done) => {
                    ended.retain(|name| name != capability);
                    Obs::Done
                }
                (_, Obs::Indicators(mut all)) => {
                    all.iter_mut().filter(|one| ended.contains(&one.capability)).for_each(|one| one.subjects.clear());
                    Obs::Indicators(all)
                }
                (_, obs) => obs,
            })
        }),
        violation("CAPABILITY_AUDIT-011", "lists subjects by their numbers", || {
            tampered::<CapabilityAudit, ()>(|(), _, obs| match obs {
                Obs::Indicators(mut all) => {
                    all.iter_mut().for_each(|one| one.subjects.sort());
                    Obs::Indicators(all)
                }
                obs => obs,
            })
        }),
        violation("CAPABILITY_AUDIT-011", "has no indicator for recordings", || {
            tampered::<CapabilityAudit, ()>(|(), _, obs| match obs {
                Obs::Indicators(mut all) => {
                    all.retain(|one| one.capability != "audio.record");
                    Obs::Indicators(all)
                }
                obs => obs,
            })
        }),
        violation("CAPABILITY_AUDIT-011", "lists a subject for every capability that it does not use", || {
            tampered::<CapabilityAudit, ()>(|(), _, obs| match obs {
                Obs::Indicators(mut all) => {
                    let any = all.iter().flat_map(|one| one.subjects.clone()).next();
                    all.iter_mut().filter(|one| one.subjects.is_empty()).for_each(|one| one.subjects.extend(any));
                    Obs::Indicators(all)
                }
                obs => obs,
            })
        }),
        violation("CAPABILITY_AUDIT-012", "says nothing of a capture that has begun already", || {
            tampered::<CapabilityAudit, ()>(|(), _, obs| if obs == Obs::Rejected(ErrorCode::CaptureAlreadyBegun) { Obs::Done } else { obs })
        }),
        violation("CAPABILITY_AUDIT-012", "says nothing of a capture too many", || {
            tampered::<CapabilityAudit, ()>(|(), _, obs| if obs == Obs::Rejected(ErrorCode::TooManyCaptures) { Obs::Done } else { obs })
        }),
        violation("CAPABILITY_AUDIT-012", "ends what was never begun", || {
            tampered::<CapabilityAudit, ()>(|(), op, obs| match (op, obs) {
                (Op::EndCapture { .. }, Obs::Rejected(ErrorCode::CaptureNotBegun)) => Obs::Done,
                (_, obs) => obs,
            })
        }),
        violation("CAPABILITY_AUDIT-012", "delivers nothing at all", || {
            tampered::<CapabilityAudit, ()>(
                |(), _, obs| if obs == Obs::Rejected(ErrorCode::EmptyDelivery) { Obs::Delivered(0) } else { obs },
            )
        }),
        violation("CAPABILITY_AUDIT-012", "begins a capture of what is not sensitive", || {
            tampered::<CapabilityAudit, ()>(|(), op, obs| match (op, obs) {
                (Op::BeginCapture { capability, .. }, Obs::Rejected(ErrorCode::NoCaptureCapability)) if !capability.is_empty() => Obs::Done,
                (_, obs) => obs,
            })
        }),
        violation("CAPABILITY_AUDIT-012", "ends a capture that begins again", || {
            meddling(|inner, _, op| {
                let obs = inner.step(op)?;
                if let (Op::BeginCapture { timestamp_ns, subject, capability }, Obs::Rejected(ErrorCode::CaptureAlreadyBegun)) = (op, &obs)
                {
                    inner.step(&Op::EndCapture { timestamp_ns: *timestamp_ns, subject: *subject, capability: capability.clone() })?;
                }
                Ok(obs)
            })
        }),
        violation("CAPABILITY_AUDIT-012", "takes a log without room for a log of one record", || {
            misconfigured::<CapabilityAudit>(|config| Config { records: config.records.max(1), events: config.events.max(1) })
        }),
        violation("CAPABILITY_AUDIT-013", "does not write that a capture ends", || {
            tampered::<CapabilityAudit, ()>(|(), _, obs| without(obs, AUDIT_ACTION_END))
        }),
        violation("CAPABILITY_AUDIT-013", "does not write that a capture begins", || {
            tampered::<CapabilityAudit, ()>(|(), _, obs| without(obs, AUDIT_ACTION_BEGIN))
        }),
        violation("CAPABILITY_AUDIT-013", "writes a refused capture as allowed", || {
            records(|record| Record { decision: record.decision | u8::from(record.action == AUDIT_ACTION_BEGIN), ..record })
        }),
    ]
}

/// The same answer without the records of an action.
fn without(obs: Obs, action: &str) -> Obs {
    match obs {
        Obs::Records { dropped, mut records } => {
            records.retain(|record| record.action != action);
            Obs::Records { dropped, records }
        }
        obs => obs,
    }
}

fn of_switches() -> Vec<Violation<CapabilityAudit>> {
    vec![
        violation("CAPABILITY_AUDIT-014", "lets a capture begin under a kill switch", || {
            tampered::<CapabilityAudit, ()>(|(), _, obs| if obs == Obs::Rejected(ErrorCode::CaptureKilled) { Obs::Done } else { obs })
        }),
        violation("CAPABILITY_AUDIT-014", "never takes a kill switch off", || {
            meddling(|inner, _, op| {
                let obs = inner.step(op)?;
                if let (Op::KillSwitch { timestamp_ns, sender, capability, on: false }, Obs::Done) = (op, &obs)
                    && let Obs::Indicators(_) = inner.step(&Op::Indicators)?
                {
                    let on = Op::KillSwitch { timestamp_ns: *timestamp_ns, sender: *sender, capability: capability.clone(), on: true };
                    inner.step(&on)?;
                }
                Ok(obs)
            })
        }),
        violation("CAPABILITY_AUDIT-014", "ends one capture only by a kill switch", || {
            tampered::<CapabilityAudit, Option<(String, u64)>>(|killed, op, obs| match (op, obs) {
                (Op::KillSwitch { timestamp_ns, capability, on: true, .. }, Obs::Done) => {
                    *killed = Some((capability.clone(), *timestamp_ns));
                    Obs::Done
                }
                (_, Obs::Events { dropped, mut events }) => {
                    if let Some((capability, time)) = killed {
                        let mut first = true;
                        events.retain(|event| {
                            let by_it = event.change != Change::On && event.capability == *capability && event.timestamp_ns == *time;
                            !by_it || std::mem::take(&mut first)
                        });
                    }
                    Obs::Events { dropped, events }
                }
                (_, obs) => obs,
            })
        }),
        violation("CAPABILITY_AUDIT-014", "kills the microphone with the camera", || {
            meddling(|inner, _, op| {
                let obs = inner.step(op)?;
                if let (Op::KillSwitch { timestamp_ns, sender, capability, on }, Obs::Done) = (op, &obs)
                    && capability == "camera"
                {
                    let capability = "microphone".to_owned();
                    inner.step(&Op::KillSwitch { timestamp_ns: *timestamp_ns, sender: *sender, capability, on: *on })?;
                }
                Ok(obs)
            })
        }),
        violation("CAPABILITY_AUDIT-015", "lets anybody use a kill switch", || {
            misheard::<CapabilityAudit>(|op| match op {
                Op::KillSwitch { timestamp_ns, capability, on, .. } => {
                    Op::KillSwitch { timestamp_ns: *timestamp_ns, sender: super::owner(), capability: capability.clone(), on: *on }
                }
                op => op.clone(),
            })
        }),
        violation("CAPABILITY_AUDIT-015", "lets nobody use a kill switch", || {
            misheard::<CapabilityAudit>(|op| match op {
                Op::KillSwitch { timestamp_ns, capability, on, .. } => {
                    Op::KillSwitch { timestamp_ns: *timestamp_ns, sender: ServiceId(1), capability: capability.clone(), on: *on }
                }
                op => op.clone(),
            })
        }),
        violation("CAPABILITY_AUDIT-015", "does not write who tried a kill switch", || {
            tampered::<CapabilityAudit, ()>(|(), _, obs| match obs {
                Obs::Records { dropped, mut records } => {
                    records.retain(|record| {
                        record.decision == 1 || record.action == AUDIT_ACTION_BEGIN || !record.action.starts_with("capture.")
                    });
                    Obs::Records { dropped, records }
                }
                obs => obs,
            })
        }),
        violation("CAPABILITY_AUDIT-015", "writes every use of a kill switch under privacyd's name", || {
            records(|record| {
                let switch = record.action == AUDIT_ACTION_KILL || record.action == AUDIT_ACTION_RELEASE;
                Record { subject_id: if switch { super::owner() } else { record.subject_id }, ..record }
            })
        }),
    ]
}
