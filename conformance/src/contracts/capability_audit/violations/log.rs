//! Machines that are wrong about numbers, bounds and pages.

use super::texts::plain;
use super::{meddling, violation};
use crate::suite::{Violation, misconfigured, misheard, tampered};
use spec::capability_audit::{AUDIT_PAGE, CapabilityAudit, Change, Config, Event, Obs, Op, Record};

pub(super) fn of_the_log() -> Vec<Violation<CapabilityAudit>> {
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
