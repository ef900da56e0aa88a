//! Machines that are wrong about grants and what subjects hold.

use super::super::{consent, entry, grant, take_back};
use super::{after, held, meddling, violation};
use crate::suite::{Violation, tampered};
use spec::ErrorCode;
use spec::policy::{Kind, Obs, Op, Policy, Reason};

pub(super) fn of_grants() -> Vec<Violation<Policy>> {
    vec![
        violation("POLICY-001", "allows everything that no other gate denies", || {
            tampered::<Policy, ()>(|(), _, obs| if obs == Obs::Denied(Reason::Policy) { Obs::Allowed } else { obs })
        }),
        violation("POLICY-001", "takes an empty list for every capability", || {
            meddling(|inner, (), op| {
                after(inner, op, |_, _, _, before, obs| {
                    let empty = before.known && before.granted.is_empty() && obs == Obs::Denied(Reason::Policy);
                    Ok(if empty { Obs::Allowed } else { obs })
                })
            })
        }),
        violation("POLICY-001", "allows whoever it does not know", || {
            meddling(|inner, (), op| {
                after(inner, op, |_, _, _, before, obs| {
                    Ok(if !before.known && obs == Obs::Denied(Reason::Policy) { Obs::Allowed } else { obs })
                })
            })
        }),
        violation("POLICY-002", "takes a grant for all names with the same words before the last dot", || {
            meddling(|inner, (), op| {
                after(inner, op, |_, _, asked, before, obs| {
                    let group = |name: &str| name.rsplit_once('.').map(|(group, _)| group.to_owned());
                    let wanted = group(asked.entry.name);
                    let near = wanted.is_some() && before.granted.iter().any(|name| group(name) == wanted);
                    Ok(if near && obs == Obs::Denied(Reason::Policy) { Obs::Allowed } else { obs })
                })
            })
        }),
        violation("POLICY-002", "takes a grant for all of its domain", || {
            meddling(|inner, (), op| {
                after(inner, op, |_, _, asked, before, obs| {
                    let near =
                        before.granted.iter().filter_map(|name| entry(name)).any(|one| !one.umbrella && one.domain == asked.entry.domain);
                    Ok(if near && obs == Obs::Denied(Reason::Policy) && !asked.entry.umbrella { Obs::Allowed } else { obs })
                })
            })
        }),
        violation("POLICY-002", "denies names of three words", || {
            meddling(|inner, (), op| {
                after(inner, op, |_, _, asked, _, obs| {
                    let three = asked.entry.name.matches('.').count() == 2;
                    Ok(if three && obs == Obs::Allowed { Obs::Denied(Reason::Policy) } else { obs })
                })
            })
        }),
        violation("POLICY-003", "takes an umbrella for every name below it", || {
            meddling(|inner, (), op| {
                after(inner, op, |_, _, asked, before, obs| {
                    let below = before.granted.iter().any(|name| name == "audio") && asked.entry.name.starts_with("audio.");
                    Ok(if below && obs == Obs::Denied(Reason::Policy) { Obs::Allowed } else { obs })
                })
            })
        }),
        violation("POLICY-003", "allows a check of an umbrella that was granted", || {
            meddling(|inner, (), op| {
                after(inner, op, |_, _, asked, before, obs| {
                    let same = asked.entry.umbrella && before.granted.iter().any(|name| name == asked.entry.name);
                    Ok(if same && obs == Obs::Denied(Reason::Policy) { Obs::Allowed } else { obs })
                })
            })
        }),
        violation("POLICY-003", "denies everything to who holds an umbrella", || {
            meddling(|inner, (), op| {
                after(inner, op, |_, _, _, before, obs| {
                    let has = before.granted.iter().any(|name| name == "audio");
                    Ok(if has && obs == Obs::Allowed { Obs::Denied(Reason::Policy) } else { obs })
                })
            })
        }),
    ]
}

pub(super) fn of_sets() -> Vec<Violation<Policy>> {
    vec![
        violation("POLICY-014", "adds a grant to the earlier ones", || {
            meddling(|inner, (), op| match op {
                Op::Grant { subject, capabilities } => {
                    let earlier = held(inner, subject)?.granted;
                    let obs = inner.step(op)?;
                    if obs == Obs::Done {
                        let mut all = capabilities.clone();
                        all.extend(earlier);
                        all.sort();
                        all.dedup();
                        inner.step(&Op::Grant { subject: subject.clone(), capabilities: all })?;
                    }
                    Ok(obs)
                }
                op => inner.step(op),
            })
        }),
        violation("POLICY-014", "keeps the first name of a grant only", || {
            meddling(|inner, (), op| {
                let obs = inner.step(op)?;
                if let (Op::Grant { subject, capabilities }, Obs::Done) = (op, &obs) {
                    let first = capabilities.iter().take(1).cloned().collect();
                    inner.step(&Op::Grant { subject: subject.clone(), capabilities: first })?;
                }
                Ok(obs)
            })
        }),
        violation("POLICY-014", "forgets consents at a reload", || {
            meddling(|inner, (), op| {
                if let Op::Grant { subject, .. } = op {
                    let consents = held(inner, subject)?.consents;
                    let obs = inner.step(op)?;
                    for (capability, _) in consents.into_iter().filter(|_| obs == Obs::Done) {
                        inner.step(&take_back(subject, &capability))?;
                    }
                    return Ok(obs);
                }
                inner.step(op)
            })
        }),
        violation("POLICY-014", "rejects a name that stands twice", || {
            meddling(|inner, (), op| match op {
                Op::Grant { capabilities, .. } if (1..capabilities.len()).any(|at| capabilities[..at].contains(&capabilities[at])) => {
                    Ok(Obs::Rejected(ErrorCode::TooManyCapabilities))
                }
                op => inner.step(op),
            })
        }),
        violation("POLICY-015", "keeps the consents of who is revoked", || {
            meddling(|inner, (), op| match op {
                Op::Revoke(name) if held(inner, name)?.known => inner.step(&grant(name, &[])),
                op => inner.step(op),
            })
        }),
        violation("POLICY-015", "revokes nobody in the foreground", || {
            meddling(|inner, (), op| match op {
                Op::Revoke(name) if held(inner, name)?.foreground => Ok(Obs::Done),
                op => inner.step(op),
            })
        }),
        violation("POLICY-018", "grants to anybody what is kept to its holders", || {
            tampered::<Policy, ()>(|(), _, obs| if obs == Obs::Rejected(ErrorCode::CapabilityReserved) { Obs::Done } else { obs })
        }),
        violation("POLICY-018", "grants to nobody what is kept to its holders", || {
            meddling(|inner, (), op| match op {
                Op::Grant { capabilities, .. }
                    if capabilities.iter().any(|name| entry(name).is_some_and(|entry| !entry.holders.is_empty())) =>
                {
                    Ok(Obs::Rejected(ErrorCode::CapabilityReserved))
                }
                op => inner.step(op),
            })
        }),
        violation("POLICY-021", "lets every demo play tones at first", || {
            meddling(|inner, (), op| {
                let obs = inner.step(op)?;
                if *op == Op::LoadDefaults {
                    let mut granted = held(inner, "wavplay")?.granted;
                    granted.push("audio.tone.play".to_owned());
                    inner.step(&Op::Grant { subject: "wavplay".to_owned(), capabilities: granted })?;
                }
                Ok(obs)
            })
        }),
        violation("POLICY-021", "adds the defaults to what was", || {
            meddling(|inner, (), op| match op {
                Op::LoadDefaults => {
                    let before = held(inner, "nx")?;
                    let obs = inner.step(op)?;
                    for (capability, kind) in before.consents.iter().filter(|(_, kind)| *kind != Kind::Session) {
                        inner.step(&consent("nx", capability, *kind))?;
                    }
                    Ok(obs)
                }
                op => inner.step(op),
            })
        }),
        violation("POLICY-021", "consents to recordings of the tools at first", || {
            meddling(|inner, (), op| {
                let obs = inner.step(op)?;
                if *op == Op::LoadDefaults {
                    inner.step(&consent("nx", "audio.record", Kind::Persistent))?;
                }
                Ok(obs)
            })
        }),
    ]
}
