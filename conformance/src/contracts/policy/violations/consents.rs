//! Machines that are wrong about consents, and about what a decision changes.

use super::super::{consent, grant, take_back};
use super::{after, held, meddling, violation};
use crate::suite::Violation;
use spec::ErrorCode;
use spec::policy::{Kind, Obs, Op, Policy};

pub(super) fn of_consents() -> Vec<Violation<Policy>> {
    vec![
        violation("POLICY-010", "never uses a consent up", || {
            meddling(|inner, (), op| {
                after(inner, op, |inner, name, asked, before, obs| {
                    if obs == Obs::Allowed && before.kind(asked.entry.name) == Some(Kind::Once) {
                        inner.step(&consent(name, asked.entry.name, Kind::Once))?;
                    }
                    Ok(obs)
                })
            })
        }),
        violation("POLICY-010", "uses a consent up when it denies", || {
            meddling(|inner, (), op| {
                after(inner, op, |inner, name, asked, before, obs| {
                    if matches!(obs, Obs::Denied(_)) && before.kind(asked.entry.name) == Some(Kind::Once) {
                        inner.step(&take_back(name, asked.entry.name))?;
                    }
                    Ok(obs)
                })
            })
        }),
        violation("POLICY-010", "uses a session up", || {
            meddling(|inner, (), op| {
                after(inner, op, |inner, name, asked, before, obs| {
                    if obs == Obs::Allowed && !asked.ends && before.kind(asked.entry.name) == Some(Kind::Session) {
                        inner.step(&take_back(name, asked.entry.name))?;
                    }
                    Ok(obs)
                })
            })
        }),
        violation("POLICY-011", "gives a session to a subject in the background", || {
            meddling(|inner, (), op| {
                let obs = inner.step(op)?;
                match op {
                    Op::Consent { subject, capability, .. } if obs == Obs::Rejected(ErrorCode::NotInForeground) => {
                        inner.step(&consent(subject, capability, Kind::Persistent))
                    }
                    _ => Ok(obs),
                }
            })
        }),
        violation("POLICY-011", "lets a session last", || {
            meddling(|inner, (), op| match op {
                Op::Consent { subject, capability, kind: Kind::Session } => {
                    let obs = inner.step(op)?;
                    if obs == Obs::Done {
                        inner.step(&consent(subject, capability, Kind::Persistent))?;
                    }
                    Ok(obs)
                }
                op => inner.step(op),
            })
        }),
        violation("POLICY-011", "ends a session when its subject comes to the foreground again", || {
            meddling(|inner, (), op| {
                if let Op::Foreground(Some(name)) = op
                    && held(inner, name)?.foreground
                {
                    inner.step(&Op::Foreground(None))?;
                }
                inner.step(op)
            })
        }),
        violation("POLICY-012", "ends every consent with the foreground", || {
            meddling(|inner, (), op| {
                if let Op::Foreground(Some(name)) = op {
                    for (capability, _) in held(inner, name)?.consents {
                        inner.step(&take_back(name, &capability))?;
                    }
                }
                inner.step(op)
            })
        }),
        violation("POLICY-012", "keeps the oldest answer", || {
            meddling(|inner, (), op| match op {
                Op::Consent { subject, capability, .. } if held(inner, subject)?.kind(capability).is_some() => Ok(Obs::Done),
                op => inner.step(op),
            })
        }),
        violation("POLICY-012", "keeps a persistent consent when it is revoked", || {
            meddling(|inner, (), op| match op {
                Op::RevokeConsent { subject, capability } if held(inner, subject)?.kind(capability) == Some(Kind::Persistent) => {
                    Ok(Obs::Done)
                }
                op => inner.step(op),
            })
        }),
        violation("POLICY-012", "revokes all consents at once", || {
            meddling(|inner, (), op| {
                let obs = inner.step(op)?;
                if let (Op::RevokeConsent { subject, .. }, Obs::Done) = (op, &obs) {
                    for (capability, _) in held(inner, subject)?.consents {
                        inner.step(&take_back(subject, &capability))?;
                    }
                }
                Ok(obs)
            })
        }),
        violation("POLICY-013", "takes the grants of who is denied", || {
            meddling(|inner, (), op| {
                after(inner, op, |inner, name, _, before, obs| {
                    if before.known && matches!(obs, Obs::Denied(_)) {
                        inner.step(&grant(name, &[]))?;
                    }
                    Ok(obs)
                })
            })
        }),
        violation("POLICY-013", "puts who is allowed to the foreground", || {
            meddling(|inner, (), op| {
                after(inner, op, |inner, name, _, _, obs| {
                    if obs == Obs::Allowed {
                        inner.step(&Op::Foreground(Some(name.to_owned())))?;
                    }
                    Ok(obs)
                })
            })
        }),
    ]
}
