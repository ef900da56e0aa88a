//! Machines that are wrong about what they reject, about the tables, and about the tally.

use super::super::{entry, grant};
use super::{held, meddling, violation};
use crate::suite::{Violation, misheard, tampered};
use spec::ErrorCode;
use spec::capabilities::CAPABILITIES;
use spec::policy::{Obs, Op, POLICY_GRANTS_MAX, Policy};

pub(super) fn of_rejections() -> Vec<Violation<Policy>> {
    vec![
        violation("POLICY-017", "takes one name too many", || {
            misheard::<Policy>(|op| match op {
                Op::Grant { subject, capabilities } if capabilities.len() == POLICY_GRANTS_MAX as usize + 1 => {
                    Op::Grant { subject: subject.clone(), capabilities: capabilities[1..].to_vec() }
                }
                op => op.clone(),
            })
        }),
        violation("POLICY-017", "takes one name too few", || {
            tampered::<Policy, ()>(|(), op, obs| match op {
                Op::Grant { capabilities, .. } if capabilities.len() == POLICY_GRANTS_MAX as usize && obs == Obs::Done => {
                    Obs::Rejected(ErrorCode::TooManyCapabilities)
                }
                _ => obs,
            })
        }),
        violation("POLICY-017", "says nothing of a subject too many", || {
            tampered::<Policy, ()>(|(), _, obs| if obs == Obs::Rejected(ErrorCode::TooManySubjects) { Obs::Done } else { obs })
        }),
        violation("POLICY-017", "takes everything from a subject whose grant is rejected", || {
            meddling(|inner, (), op| {
                let obs = inner.step(op)?;
                if let (Op::Grant { subject, .. }, Obs::Rejected(_)) = (op, &obs)
                    && held(inner, subject)?.known
                {
                    inner.step(&grant(subject, &[]))?;
                }
                Ok(obs)
            })
        }),
        violation("POLICY-017", "grants what stands before the name that is wrong", || {
            meddling(|inner, (), op| {
                let obs = inner.step(op)?;
                if let (Op::Grant { subject, capabilities }, Obs::Rejected(ErrorCode::UnknownCapability)) = (op, &obs) {
                    let right = capabilities.iter().take_while(|name| entry(name).is_some()).cloned().collect();
                    inner.step(&Op::Grant { subject: subject.clone(), capabilities: right })?;
                }
                Ok(obs)
            })
        }),
        violation("POLICY-017", "knows no form of names", || {
            tampered::<Policy, ()>(|(), _, obs| match obs {
                Obs::Rejected(ErrorCode::MalformedCapability) => Obs::Rejected(ErrorCode::UnknownCapability),
                Obs::Rejected(ErrorCode::MalformedSubject) => Obs::Rejected(ErrorCode::UnknownSubject),
                obs => obs,
            })
        }),
        violation("POLICY-017", "lets two subjects have one identity", || {
            tampered::<Policy, ()>(|(), _, obs| if obs == Obs::Rejected(ErrorCode::SubjectCollision) { Obs::Done } else { obs })
        }),
        violation("POLICY-017", "keeps a consent that nobody needs", || {
            tampered::<Policy, ()>(|(), _, obs| if obs == Obs::Rejected(ErrorCode::ConsentNotNeeded) { Obs::Done } else { obs })
        }),
    ]
}

pub(super) fn of_tables() -> Vec<Violation<Policy>> {
    vec![
        violation("POLICY-019", "has lost a name of the catalogue", || {
            tampered::<Policy, ()>(|(), op, obs| match (op, obs) {
                (Op::Catalogue, Obs::Names(mut names)) => {
                    names.retain(|name| name != "image.print");
                    Obs::Names(names)
                }
                (Op::Capability(name), _) if name == "image.print" => Obs::Rejected(ErrorCode::UnknownCapability),
                (_, obs) => obs,
            })
        }),
        violation("POLICY-019", "does not mark what is sensitive", || {
            tampered::<Policy, ()>(|(), _, obs| match obs {
                Obs::Capability(entry) => Obs::Capability(spec::policy::Entry { sensitive: false, ..entry }),
                obs => obs,
            })
        }),
        violation("POLICY-019", "tells another method's capability", || {
            tampered::<Policy, ()>(|(), op, obs| match (op, obs) {
                (Op::Method { method, .. }, Obs::Method { ends, .. }) if method == "stats" => {
                    Obs::Method { capability: CAPABILITIES[0].name.to_owned(), ends }
                }
                (_, obs) => obs,
            })
        }),
        violation("POLICY-022", "counts what it allows only", || {
            tampered::<Policy, ()>(|(), _, obs| match obs {
                Obs::Tally(tally) => Obs::Tally(spec::policy::Tally { allowed: tally.allowed, ..Default::default() }),
                obs => obs,
            })
        }),
        violation("POLICY-022", "counts every denial as policy", || {
            tampered::<Policy, ()>(|(), _, obs| match obs {
                Obs::Tally(tally) => {
                    let denied = tally.policy + tally.identity + tally.malformed + tally.foreground + tally.consent + tally.unknown;
                    Obs::Tally(spec::policy::Tally { allowed: tally.allowed, policy: denied, ..Default::default() })
                }
                obs => obs,
            })
        }),
        violation("POLICY-022", "counts a question that was asked before once only", || {
            tampered::<Policy, (Vec<Op>, u64)>(|(seen, again), op, obs| match obs {
                Obs::Allowed => {
                    *again += u64::from(seen.contains(op));
                    seen.push(op.clone());
                    Obs::Allowed
                }
                Obs::Tally(tally) => Obs::Tally(spec::policy::Tally { allowed: tally.allowed.saturating_sub(*again), ..tally }),
                obs => obs,
            })
        }),
    ]
}
