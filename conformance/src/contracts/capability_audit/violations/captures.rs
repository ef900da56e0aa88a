//! Machines that are wrong about captures, indicators and kill switches.

use super::super::owner;
use super::{meddling, records, violation};
use crate::suite::{Violation, misconfigured, misheard, tampered};
use spec::ErrorCode;
use spec::capabilities::ServiceId;
use spec::capability_audit::*;

pub(super) fn of_captures() -> Vec<Violation<CapabilityAudit>> {
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

pub(super) fn of_switches() -> Vec<Violation<CapabilityAudit>> {
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
                    Op::KillSwitch { timestamp_ns: *timestamp_ns, sender: owner(), capability: capability.clone(), on: *on }
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
                Record { subject_id: if switch { owner() } else { record.subject_id }, ..record }
            })
        }),
    ]
}
