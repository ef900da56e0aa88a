//! Wrong machines of the contract `policy`.

use super::{Asked, asked, consent, entry, grant, look, name_of, take_back};
use crate::suite::{Violation, misheard, tampered};
use model::Modelled;
use spec::capabilities::{CAPABILITIES, ServiceId};
use spec::policy::{Config, Kind, Obs, Op, POLICY_GRANTS_MAX, Policy, Reason};
use spec::{ErrorCode, Failure, Machine};

pub(super) fn violations() -> Vec<Violation<Policy>> {
    let mut all = of_grants();
    all.extend(of_names());
    all.extend(of_gates());
    all.extend(of_consents());
    all.extend(of_sets());
    all.extend(of_rejections());
    all.extend(of_tables());
    all
}

const fn violation(requirement: &'static str, what: &'static str, machine: fn() -> Box<dyn Machine<Policy>>) -> Violation<Policy> {
    Violation { requirement, what, machine }
}

/// A machine that does to a right one what `meddle` says.
struct Meddling {
    inner: Box<dyn Machine<Policy>>,
    meddle: fn(&mut dyn Machine<Policy>, &Op) -> Result<Obs, Failure>,
}

fn meddling(meddle: fn(&mut dyn Machine<Policy>, &Op) -> Result<Obs, Failure>) -> Box<dyn Machine<Policy>> {
    Box::new(Meddling { inner: Policy::model(), meddle })
}

impl Machine<Policy> for Meddling {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.inner.reset(config)
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        (self.meddle)(&mut *self.inner, op)
    }
}

/// What a known subject holds.
#[derive(Default)]
struct Held {
    known: bool,
    granted: Vec<String>,
    consents: Vec<(String, Kind)>,
    foreground: bool,
}

impl Held {
    fn kind(&self, capability: &str) -> Option<Kind> {
        self.consents.iter().find(|(name, _)| name == capability).map(|(_, kind)| *kind)
    }
}

fn held(inner: &mut dyn Machine<Policy>, name: &str) -> Result<Held, Failure> {
    Ok(match inner.step(&look(name))? {
        Obs::Subject { granted, consents, foreground } => Held { known: true, granted, consents, foreground },
        _ => Held::default(),
    })
}

/// Answers, and lets `change` see an answer of that kind to a question, with who asked and what it held before.
fn after(
    inner: &mut dyn Machine<Policy>,
    op: &Op,
    change: fn(&mut dyn Machine<Policy>, &str, &Asked, &Held, Obs) -> Result<Obs, Failure>,
) -> Result<Obs, Failure> {
    let Some((asked, name)) = asked(op).and_then(|asked| name_of(asked.sender).map(|name| (asked, name))) else {
        return inner.step(op);
    };
    let before = held(inner, name)?;
    let obs = inner.step(op)?;
    change(inner, name, &asked, &before, obs)
}

fn of_grants() -> Vec<Violation<Policy>> {
    vec![
        violation("POLICY-001", "allows everything that no other gate denies", || {
            tampered::<Policy, ()>(|(), _, obs| if obs == Obs::Denied(Reason::Policy) { Obs::Allowed } else { obs })
        }),
        violation("POLICY-001", "takes an empty list for every capability", || {
            meddling(|inner, op| {
                after(inner, op, |_, _, _, before, obs| {
                    let empty = before.known && before.granted.is_empty() && obs == Obs::Denied(Reason::Policy);
                    Ok(if empty { Obs::Allowed } else { obs })
                })
            })
        }),
        violation("POLICY-001", "allows whoever it does not know", || {
            meddling(|inner, op| {
                after(inner, op, |_, _, _, before, obs| {
                    Ok(if !before.known && obs == Obs::Denied(Reason::Policy) { Obs::Allowed } else { obs })
                })
            })
        }),
        violation("POLICY-002", "takes a grant for all names with the same words before the last dot", || {
            meddling(|inner, op| {
                after(inner, op, |_, _, asked, before, obs| {
                    let group = |name: &str| name.rsplit_once('.').map(|(group, _)| group.to_owned());
                    let wanted = group(asked.entry.name);
                    let near = wanted.is_some() && before.granted.iter().any(|name| group(name) == wanted);
                    Ok(if near && obs == Obs::Denied(Reason::Policy) { Obs::Allowed } else { obs })
                })
            })
        }),
        violation("POLICY-002", "takes a grant for all of its domain", || {
            meddling(|inner, op| {
                after(inner, op, |_, _, asked, before, obs| {
                    let near =
                        before.granted.iter().filter_map(|name| entry(name)).any(|one| !one.umbrella && one.domain == asked.entry.domain);
                    Ok(if near && obs == Obs::Denied(Reason::Policy) && !asked.entry.umbrella { Obs::Allowed } else { obs })
                })
            })
        }),
        violation("POLICY-002", "denies names of three words", || {
            meddling(|inner, op| {
                after(inner, op, |_, _, asked, _, obs| {
                    let three = asked.entry.name.matches('.').count() == 2;
                    Ok(if three && obs == Obs::Allowed { Obs::Denied(Reason::Policy) } else { obs })
                })
            })
        }),
        violation("POLICY-003", "takes an umbrella for every name below it", || {
            meddling(|inner, op| {
                after(inner, op, |_, _, asked, before, obs| {
                    let below = before.granted.iter().any(|name| name == "audio") && asked.entry.name.starts_with("audio.");
                    Ok(if below && obs == Obs::Denied(Reason::Policy) { Obs::Allowed } else { obs })
                })
            })
        }),
        violation("POLICY-003", "allows a check of an umbrella that was granted", || {
            meddling(|inner, op| {
                after(inner, op, |_, _, asked, before, obs| {
                    let same = asked.entry.umbrella && before.granted.iter().any(|name| name == asked.entry.name);
                    Ok(if same && obs == Obs::Denied(Reason::Policy) { Obs::Allowed } else { obs })
                })
            })
        }),
        violation("POLICY-003", "denies everything to who holds an umbrella", || {
            meddling(|inner, op| {
                after(inner, op, |_, _, _, before, obs| {
                    let has = before.granted.iter().any(|name| name == "audio");
                    Ok(if has && obs == Obs::Allowed { Obs::Denied(Reason::Policy) } else { obs })
                })
            })
        }),
    ]
}

/// A machine that takes one method for another.
fn confusing(op: &Op, from: (&str, &str), to: (&str, &str)) -> Op {
    match op {
        Op::CheckMethod { sender, claimed, service, method } if (service.as_str(), method.as_str()) == from => {
            Op::CheckMethod { sender: *sender, claimed: *claimed, service: to.0.to_owned(), method: to.1.to_owned() }
        }
        op => op.clone(),
    }
}

fn of_names() -> Vec<Violation<Policy>> {
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

fn of_gates() -> Vec<Violation<Policy>> {
    vec![
        violation("POLICY-007", "asks for consent before the foreground", || {
            meddling(|inner, op| {
                after(inner, op, |_, _, asked, before, obs| {
                    let none = before.kind(asked.entry.name).is_none();
                    Ok(if none && obs == Obs::Denied(Reason::Foreground) { Obs::Denied(Reason::Consent) } else { obs })
                })
            })
        }),
        violation("POLICY-007", "asks policy before identity", || {
            meddling(|inner, op| {
                after(inner, op, |_, _, asked, before, obs| {
                    let none = !before.granted.iter().any(|name| name == asked.entry.name);
                    Ok(if none && obs == Obs::Denied(Reason::Identity) { Obs::Denied(Reason::Policy) } else { obs })
                })
            })
        }),
        violation("POLICY-007", "asks policy after the foreground", || {
            meddling(|inner, op| {
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
            meddling(|inner, op| if *op == Op::Foreground(None) { Ok(Obs::Done) } else { inner.step(op) })
        }),
        violation("POLICY-008", "asks every capability to be in the foreground", || {
            meddling(|inner, op| {
                after(inner, op, |_, _, _, before, obs| {
                    Ok(if !before.foreground && obs == Obs::Allowed { Obs::Denied(Reason::Foreground) } else { obs })
                })
            })
        }),
        violation("POLICY-009", "asks for no consent", || {
            tampered::<Policy, ()>(|(), _, obs| if obs == Obs::Denied(Reason::Consent) { Obs::Allowed } else { obs })
        }),
        violation("POLICY-009", "takes consent for a grant", || {
            meddling(|inner, op| {
                after(inner, op, |_, _, asked, before, obs| {
                    let has = before.kind(asked.entry.name).is_some();
                    Ok(if has && obs == Obs::Denied(Reason::Policy) { Obs::Allowed } else { obs })
                })
            })
        }),
        violation("POLICY-009", "asks for consent for everything", || {
            meddling(|inner, op| {
                after(inner, op, |_, _, asked, _, obs| {
                    Ok(if !asked.entry.sensitive && obs == Obs::Allowed { Obs::Denied(Reason::Consent) } else { obs })
                })
            })
        }),
        violation("POLICY-020", "lets nobody end a use without consent", || {
            meddling(|inner, op| {
                after(inner, op, |_, _, asked, before, obs| {
                    let none = asked.ends && before.kind(asked.entry.name).is_none();
                    Ok(if none && obs == Obs::Allowed { Obs::Denied(Reason::Consent) } else { obs })
                })
            })
        }),
        violation("POLICY-020", "uses consent up when a use ends", || {
            meddling(|inner, op| {
                after(inner, op, |inner, name, asked, before, obs| {
                    if asked.ends && obs == Obs::Allowed && before.kind(asked.entry.name) == Some(Kind::Once) {
                        inner.step(&take_back(name, asked.entry.name))?;
                    }
                    Ok(obs)
                })
            })
        }),
        violation("POLICY-020", "lets who holds nothing end a use", || {
            meddling(|inner, op| {
                after(inner, op, |_, _, asked, _, obs| {
                    Ok(if asked.ends && asked.honest && obs != Obs::Allowed { Obs::Allowed } else { obs })
                })
            })
        }),
    ]
}

fn of_consents() -> Vec<Violation<Policy>> {
    vec![
        violation("POLICY-010", "never uses a consent up", || {
            meddling(|inner, op| {
                after(inner, op, |inner, name, asked, before, obs| {
                    if obs == Obs::Allowed && before.kind(asked.entry.name) == Some(Kind::Once) {
                        inner.step(&consent(name, asked.entry.name, Kind::Once))?;
                    }
                    Ok(obs)
                })
            })
        }),
        violation("POLICY-010", "uses a consent up when it denies", || {
            meddling(|inner, op| {
                after(inner, op, |inner, name, asked, before, obs| {
                    if matches!(obs, Obs::Denied(_)) && before.kind(asked.entry.name) == Some(Kind::Once) {
                        inner.step(&take_back(name, asked.entry.name))?;
                    }
                    Ok(obs)
                })
            })
        }),
        violation("POLICY-010", "uses a session up", || {
            meddling(|inner, op| {
                after(inner, op, |inner, name, asked, before, obs| {
                    if obs == Obs::Allowed && !asked.ends && before.kind(asked.entry.name) == Some(Kind::Session) {
                        inner.step(&take_back(name, asked.entry.name))?;
                    }
                    Ok(obs)
                })
            })
        }),
        violation("POLICY-011", "gives a session to a subject in the background", || {
            meddling(|inner, op| {
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
            meddling(|inner, op| match op {
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
            meddling(|inner, op| {
                if let Op::Foreground(Some(name)) = op
                    && held(inner, name)?.foreground
                {
                    inner.step(&Op::Foreground(None))?;
                }
                inner.step(op)
            })
        }),
        violation("POLICY-012", "ends every consent with the foreground", || {
            meddling(|inner, op| {
                if let Op::Foreground(Some(name)) = op {
                    for (capability, _) in held(inner, name)?.consents {
                        inner.step(&take_back(name, &capability))?;
                    }
                }
                inner.step(op)
            })
        }),
        violation("POLICY-012", "keeps the oldest answer", || {
            meddling(|inner, op| match op {
                Op::Consent { subject, capability, .. } if held(inner, subject)?.kind(capability).is_some() => Ok(Obs::Done),
                op => inner.step(op),
            })
        }),
        violation("POLICY-012", "keeps a persistent consent when it is revoked", || {
            meddling(|inner, op| match op {
                Op::RevokeConsent { subject, capability } if held(inner, subject)?.kind(capability) == Some(Kind::Persistent) => {
                    Ok(Obs::Done)
                }
                op => inner.step(op),
            })
        }),
        violation("POLICY-012", "revokes all consents at once", || {
            meddling(|inner, op| {
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
            meddling(|inner, op| {
                after(inner, op, |inner, name, _, before, obs| {
                    if before.known && matches!(obs, Obs::Denied(_)) {
                        inner.step(&grant(name, &[]))?;
                    }
                    Ok(obs)
                })
            })
        }),
        violation("POLICY-013", "puts who is allowed to the foreground", || {
            meddling(|inner, op| {
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

fn of_sets() -> Vec<Violation<Policy>> {
    vec![
        violation("POLICY-014", "adds a grant to the earlier ones", || {
            meddling(|inner, op| match op {
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
            meddling(|inner, op| {
                let obs = inner.step(op)?;
                if let (Op::Grant { subject, capabilities }, Obs::Done) = (op, &obs) {
                    let first = capabilities.iter().take(1).cloned().collect();
                    inner.step(&Op::Grant { subject: subject.clone(), capabilities: first })?;
                }
                Ok(obs)
            })
        }),
        violation("POLICY-014", "forgets consents at a reload", || {
            meddling(|inner, op| {
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
            meddling(|inner, op| match op {
                Op::Grant { capabilities, .. } if (1..capabilities.len()).any(|at| capabilities[..at].contains(&capabilities[at])) => {
                    Ok(Obs::Rejected(ErrorCode::TooManyCapabilities))
                }
                op => inner.step(op),
            })
        }),
        violation("POLICY-015", "keeps the consents of who is revoked", || {
            meddling(|inner, op| match op {
                Op::Revoke(name) if held(inner, name)?.known => inner.step(&grant(name, &[])),
                op => inner.step(op),
            })
        }),
        violation("POLICY-015", "revokes nobody in the foreground", || {
            meddling(|inner, op| match op {
                Op::Revoke(name) if held(inner, name)?.foreground => Ok(Obs::Done),
                op => inner.step(op),
            })
        }),
        violation("POLICY-018", "grants to anybody what is kept to its holders", || {
            tampered::<Policy, ()>(|(), _, obs| if obs == Obs::Rejected(ErrorCode::CapabilityReserved) { Obs::Done } else { obs })
        }),
        violation("POLICY-018", "grants to nobody what is kept to its holders", || {
            meddling(|inner, op| match op {
                Op::Grant { capabilities, .. }
                    if capabilities.iter().any(|name| entry(name).is_some_and(|entry| !entry.holders.is_empty())) =>
                {
                    Ok(Obs::Rejected(ErrorCode::CapabilityReserved))
                }
                op => inner.step(op),
            })
        }),
        violation("POLICY-021", "lets every demo play tones at first", || {
            meddling(|inner, op| {
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
            meddling(|inner, op| match op {
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
            meddling(|inner, op| {
                let obs = inner.step(op)?;
                if *op == Op::LoadDefaults {
                    inner.step(&consent("nx", "audio.record", Kind::Persistent))?;
                }
                Ok(obs)
            })
        }),
    ]
}

fn of_rejections() -> Vec<Violation<Policy>> {
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
            meddling(|inner, op| {
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
            meddling(|inner, op| {
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

fn of_tables() -> Vec<Violation<Policy>> {
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
