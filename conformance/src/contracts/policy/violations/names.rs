//! Machines that are wrong about names, identities and the order of gates.

use super::super::take_back;
use super::{after, meddling, violation};
use crate::suite::{Violation, misheard, tampered};
use spec::capabilities::ServiceId;
use spec::policy::{Kind, Obs, Op, Policy, Reason};

/// A machine that takes one method for another.
fn confusing(op: &Op, from: (&str, &str), to: (&str, &str)) -> Op {
    match op {
        Op::CheckMethod { sender, claimed, service, method } if (service.as_str(), method.as_str()) == from => {
            Op::CheckMethod { sender: *sender, claimed: *claimed, service: to.0.to_owned(), method: to.1.to_owned() }
        }
        op => op.clone(),
    }
}

pub(super) fn of_names() -> Vec<Violation<Policy>> {
    vec![
        violation("POLICY-004", "lets who may control a stream write to it", || {
            misheard::<Policy>(|op| confusing(op, ("audiod", "write"), ("audiod", "start")))
        }),
        violation("POLICY-004", "lets who may read the level mute it", || {
            misheard::<Policy>(|op| confusing(op, ("audiod", "set_muted"), ("audiod", "get_level")))
        }),
        violation("POLICY-004", "lets who may control a session set its volume", || {
            misheard::<Policy>(|op| confusing(op, ("mediasessd", "set_volume"), ("mediasessd", "play")))
        }),
        violation("POLICY-004", "looks at a method's name without its service", || {
            misheard::<Policy>(|op| confusing(op, ("mediasessd", "pause"), ("audiod", "pause")))
        }),
        violation("POLICY-005", "takes the claimed identity for the sender's", || {
            misheard::<Policy>(|op| match op {
                Op::CheckCapability { claimed: Some(claimed), capability, .. } => {
                    Op::CheckCapability { sender: *claimed, claimed: None, capability: capability.clone() }
                }
                Op::CheckMethod { claimed: Some(claimed), service, method, .. } => {
                    Op::CheckMethod { sender: *claimed, claimed: None, service: service.clone(), method: method.clone() }
                }
                op => op.clone(),
            })
        }),
        violation("POLICY-005", "hashes names into 32 bits", || {
            tampered::<Policy, ()>(|(), _, obs| match obs {
                Obs::Identity(identity) => Obs::Identity(ServiceId(identity.0 & 0xffff_ffff)),
                obs => obs,
            })
        }),
        violation("POLICY-005", "multiplies before it mixes a byte in, as FNV-1", || {
            tampered::<Policy, ()>(|(), op, obs| match (op, obs) {
                (Op::Identity(name), Obs::Identity(_)) => {
                    let hash = |hash: u64, byte: u8| hash.wrapping_mul(spec::capabilities::FNV_PRIME) ^ u64::from(byte);
                    Obs::Identity(ServiceId(name.bytes().fold(spec::capabilities::FNV_OFFSET, hash)))
                }
                (_, obs) => obs,
            })
        }),
        violation("POLICY-006", "ignores a claimed identity", || misheard::<Policy>(without_claim)),
        violation("POLICY-006", "denies an honest claim, too", || {
            tampered::<Policy, ()>(|(), op, obs| match op {
                Op::CheckCapability { claimed: Some(_), .. } | Op::CheckMethod { claimed: Some(_), .. } => Obs::Denied(Reason::Identity),
                _ => obs,
            })
        }),
        violation("POLICY-006", "does not count who claims another identity", || {
            tampered::<Policy, ()>(|(), _, obs| match obs {
                Obs::Tally(tally) => Obs::Tally(spec::policy::Tally { identity: 0, ..tally }),
                obs => obs,
            })
        }),
        violation("POLICY-016", "does not care for capitals", || {
            misheard::<Policy>(|op| match op {
                Op::CheckCapability { sender, claimed, capability } => {
                    Op::CheckCapability { sender: *sender, claimed: *claimed, capability: capability.to_lowercase() }
                }
                op => op.clone(),
            })
        }),
        violation("POLICY-016", "trims texts", || {
            misheard::<Policy>(|op| match op {
                Op::CheckCapability { sender, claimed, capability } => {
                    Op::CheckCapability { sender: *sender, claimed: *claimed, capability: capability.trim().to_owned() }
                }
                op => op.clone(),
            })
        }),
        violation("POLICY-016", "denies an unknown name as policy", || {
            tampered::<Policy, ()>(|(), _, obs| if obs == Obs::Denied(Reason::Unknown) { Obs::Denied(Reason::Policy) } else { obs })
        }),
        violation("POLICY-016", "takes a text that is no name for one that it does not know", || {
            tampered::<Policy, ()>(|(), _, obs| if obs == Obs::Denied(Reason::Malformed) { Obs::Denied(Reason::Unknown) } else { obs })
        }),
    ]
}

fn without_claim(op: &Op) -> Op {
    match op {
        Op::CheckCapability { sender, capability, .. } => {
            Op::CheckCapability { sender: *sender, claimed: None, capability: capability.clone() }
        }
        Op::CheckMethod { sender, service, method, .. } => {
            Op::CheckMethod { sender: *sender, claimed: None, service: service.clone(), method: method.clone() }
        }
        op => op.clone(),
    }
}

pub(super) fn of_gates() -> Vec<Violation<Policy>> {
    vec![
        violation("POLICY-007", "asks for consent before the foreground", || {
            meddling(|inner, (), op| {
                after(inner, op, |_, _, asked, before, obs| {
                    let none = before.kind(asked.entry.name).is_none();
                    Ok(if none && obs == Obs::Denied(Reason::Foreground) { Obs::Denied(Reason::Consent) } else { obs })
                })
            })
        }),
        violation("POLICY-007", "asks policy before identity", || {
            meddling(|inner, (), op| {
                after(inner, op, |_, _, asked, before, obs| {
                    let none = !before.granted.iter().any(|name| name == asked.entry.name);
                    Ok(if none && obs == Obs::Denied(Reason::Identity) { Obs::Denied(Reason::Policy) } else { obs })
                })
            })
        }),
        violation("POLICY-007", "asks policy after the foreground", || {
            meddling(|inner, (), op| {
                after(inner, op, |_, _, asked, before, obs| {
                    let behind = asked.entry.foreground_only && !before.foreground && !asked.ends;
                    Ok(if behind && obs == Obs::Denied(Reason::Policy) { Obs::Denied(Reason::Foreground) } else { obs })
                })
            })
        }),
        violation("POLICY-007", "looks at names before identity", || {
            tampered::<Policy, ()>(|(), op, obs| match op {
                Op::CheckCapability { capability, .. } if obs == Obs::Denied(Reason::Identity) && capability.contains(' ') => {
                    Obs::Denied(Reason::Malformed)
                }
                Op::CheckMethod { method, .. } if obs == Obs::Denied(Reason::Identity) && method.is_empty() => {
                    Obs::Denied(Reason::Malformed)
                }
                _ => obs,
            })
        }),
        violation("POLICY-008", "does not care for the foreground", || {
            tampered::<Policy, ()>(|(), _, obs| if obs == Obs::Denied(Reason::Foreground) { Obs::Allowed } else { obs })
        }),
        violation("POLICY-008", "keeps the last subject in the foreground when nobody is", || {
            meddling(|inner, (), op| if *op == Op::Foreground(None) { Ok(Obs::Done) } else { inner.step(op) })
        }),
        violation("POLICY-008", "asks every capability to be in the foreground", || {
            meddling(|inner, (), op| {
                after(inner, op, |_, _, _, before, obs| {
                    Ok(if !before.foreground && obs == Obs::Allowed { Obs::Denied(Reason::Foreground) } else { obs })
                })
            })
        }),
        violation("POLICY-009", "asks for no consent", || {
            tampered::<Policy, ()>(|(), _, obs| if obs == Obs::Denied(Reason::Consent) { Obs::Allowed } else { obs })
        }),
        violation("POLICY-009", "takes consent for a grant", || {
            meddling(|inner, (), op| {
                after(inner, op, |_, _, asked, before, obs| {
                    let has = before.kind(asked.entry.name).is_some();
                    Ok(if has && obs == Obs::Denied(Reason::Policy) { Obs::Allowed } else { obs })
                })
            })
        }),
        violation("POLICY-009", "asks for consent for everything", || {
            meddling(|inner, (), op| {
                after(inner, op, |_, _, asked, _, obs| {
                    Ok(if !asked.entry.sensitive && obs == Obs::Allowed { Obs::Denied(Reason::Consent) } else { obs })
                })
            })
        }),
        violation("POLICY-020", "lets nobody end a use without consent", || {
            meddling(|inner, (), op| {
                after(inner, op, |_, _, asked, before, obs| {
                    let none = asked.ends && before.kind(asked.entry.name).is_none();
                    Ok(if none && obs == Obs::Allowed { Obs::Denied(Reason::Consent) } else { obs })
                })
            })
        }),
        violation("POLICY-020", "uses consent up when a use ends", || {
            meddling(|inner, (), op| {
                after(inner, op, |inner, name, asked, before, obs| {
                    if asked.ends && obs == Obs::Allowed && before.kind(asked.entry.name) == Some(Kind::Once) {
                        inner.step(&take_back(name, asked.entry.name))?;
                    }
                    Ok(obs)
                })
            })
        }),
        violation("POLICY-020", "lets who holds nothing end a use", || {
            meddling(|inner, (), op| {
                after(inner, op, |_, _, asked, _, obs| {
                    Ok(if asked.ends && asked.honest && obs != Obs::Allowed { Obs::Allowed } else { obs })
                })
            })
        }),
    ]
}
