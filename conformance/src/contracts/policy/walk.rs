//! What is known of policyd while walking along a case with the right answers.

use super::{asked, entry, id, name_of};
use spec::ErrorCode;
use spec::capabilities::{METHODS, SUBJECTS, ServiceId};
use spec::policy::{Kind, Obs, Op, Reason};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of one subject, by its name.
#[derive(Default)]
struct Held {
    granted: BTreeSet<String>,
    consents: BTreeMap<String, Kind>,
    /// Which statement ended the consent for a capability.
    ended: BTreeMap<String, &'static str>,
    /// Whether its set was replaced.
    reloaded: bool,
}

#[derive(Default)]
pub(super) struct Walk {
    held: BTreeMap<String, Held>,
    gone: BTreeSet<String>,
    foreground: Option<String>,
    /// Whether the defaults were loaded.
    defaults: bool,
    /// Whether something was decided, so that a look shows that nothing changed.
    decided: bool,
    /// Whether something was rejected after which nobody has looked yet.
    rejected: bool,
}

fn of_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Once => "POLICY-010",
        Kind::Session => "POLICY-011",
        Kind::Persistent => "POLICY-012",
    }
}

impl Walk {
    pub(super) fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (Op::CheckCapability { sender, .. } | Op::CheckMethod { sender, .. }, obs) => self.check(op, *sender, obs, out),
            (Op::Capability(_) | Op::Method { .. } | Op::Catalogue, _) => out("POLICY-019"),
            (Op::Identity(_), Obs::Rejected(_)) => out("POLICY-017"),
            (Op::Identity(_), _) => out("POLICY-005"),
            (Op::Tally, Obs::Tally(tally)) => {
                out("POLICY-022");
                if tally.identity > 0 {
                    out("POLICY-006");
                }
            }
            (Op::Subject(name), _) => self.look(name, obs, out),
            (_, Obs::Rejected(code)) => {
                match code {
                    ErrorCode::CapabilityReserved => out("POLICY-018"),
                    ErrorCode::NotInForeground => out("POLICY-011"),
                    _ => {}
                }
                self.rejected = true;
                out("POLICY-017");
            }
            _ => self.change(op, out),
        }
    }

    fn change(&mut self, op: &Op, out: &mut dyn FnMut(&'static str)) {
        match op {
            Op::Grant { subject, capabilities } => {
                let known = self.held.contains_key(subject);
                let held = self.held.entry(subject.clone()).or_default();
                held.reloaded |= known;
                held.granted = capabilities.iter().cloned().collect();
                if capabilities.iter().any(|name| entry(name).is_some_and(|entry| !entry.holders.is_empty())) {
                    out("POLICY-018");
                }
                out("POLICY-014");
            }
            Op::LoadDefaults => {
                let granted = |entry: &spec::capabilities::SubjectEntry| entry.grants.iter().map(|name| name.name().to_owned()).collect();
                self.held = SUBJECTS.iter().map(|one| (one.name.to_owned(), Held { granted: granted(one), ..Held::default() })).collect();
                self.foreground = None;
                self.defaults = true;
                out("POLICY-021");
            }
            Op::Revoke(name) => {
                self.held.remove(name);
                self.gone.insert(name.clone());
                self.foreground.take_if(|foreground| foreground == name);
                out("POLICY-015");
            }
            Op::Foreground(next) => {
                if let Some(held) =
                    self.foreground.as_ref().filter(|last| Some(*last) != next.as_ref()).and_then(|last| self.held.get_mut(last))
                {
                    let ended: Vec<String> =
                        held.consents.iter().filter(|(_, kind)| **kind == Kind::Session).map(|(name, _)| name.clone()).collect();
                    for name in ended {
                        held.consents.remove(&name);
                        held.ended.insert(name, "POLICY-011");
                        out("POLICY-011");
                    }
                }
                self.foreground.clone_from(next);
                out("POLICY-008");
            }
            Op::Consent { subject, capability, kind } => {
                out(of_kind(*kind));
                if let Some(held) = self.held.get_mut(subject)
                    && held.consents.insert(capability.clone(), *kind).is_some()
                {
                    out("POLICY-012");
                }
            }
            Op::RevokeConsent { subject, capability } => {
                if let Some(held) = self.held.get_mut(subject) {
                    held.consents.remove(capability);
                    held.ended.insert(capability.clone(), "POLICY-012");
                }
                out("POLICY-012");
            }
            _ => {}
        }
    }

    fn check(&mut self, op: &Op, sender: ServiceId, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        self.decided = true;
        let name = name_of(sender).map(str::to_owned);
        let Some(asked) = asked(op) else {
            let dishonest = matches!(obs, Obs::Denied(Reason::Identity));
            out(if dishonest { "POLICY-006" } else { "POLICY-016" });
            if dishonest {
                out("POLICY-007");
            }
            return;
        };
        let wanted = asked.entry.name;
        let held = name.as_ref().and_then(|name| self.held.get_mut(name));
        let granted = held.as_ref().is_some_and(|held| held.granted.contains(wanted)) && !asked.entry.umbrella;
        let kind = held.as_ref().and_then(|held| held.consents.get(wanted).copied());
        let in_front = self.foreground.is_some() && self.foreground == name;
        let closed = [!asked.honest, !granted, asked.entry.foreground_only && !in_front, asked.entry.sensitive && kind.is_none()];
        if closed.iter().filter(|gate| **gate).count() > 1 && !asked.ends {
            out("POLICY-007");
        }
        match obs {
            Obs::Denied(Reason::Identity) => out("POLICY-006"),
            Obs::Denied(Reason::Policy) => {
                match held {
                    _ if asked.entry.umbrella => out("POLICY-003"),
                    Some(held) if held.granted.iter().any(|name| entry(name).is_some_and(|entry| entry.umbrella)) => out("POLICY-003"),
                    Some(held) if !held.granted.is_empty() => out("POLICY-002"),
                    None if name.is_some_and(|name| self.gone.contains(&name)) => out("POLICY-015"),
                    _ => {}
                }
                out("POLICY-001");
            }
            Obs::Denied(Reason::Foreground) => out("POLICY-008"),
            Obs::Denied(_) => {
                if let Some(id) = held.and_then(|held| held.ended.get(wanted)) {
                    out(id);
                }
                out("POLICY-009");
            }
            _ if asked.ends => out("POLICY-020"),
            _ => {
                if asked.entry.foreground_only {
                    out("POLICY-008");
                }
                if let Some(kind) = kind.filter(|_| asked.entry.sensitive) {
                    out("POLICY-009");
                    out(of_kind(kind));
                    if let Some(held) = held.filter(|_| kind == Kind::Once) {
                        held.consents.remove(wanted);
                        held.ended.insert(wanted.to_owned(), "POLICY-010");
                    }
                }
                out("POLICY-002");
                out("POLICY-005");
            }
        }
        if matches!(op, Op::CheckMethod { service, .. } if METHODS.iter().any(|entry| entry.service == service)) {
            out("POLICY-004");
        }
        if self.defaults {
            out("POLICY-021");
        }
    }

    fn look(&mut self, name: &str, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        if std::mem::take(&mut self.rejected) {
            out("POLICY-017");
        }
        if let Obs::Subject { consents, foreground, .. } = obs {
            if let Some(held) = self.held.get(name) {
                if held.reloaded {
                    out("POLICY-014");
                }
                for ended in held.ended.values() {
                    out(ended);
                }
            }
            for (_, kind) in consents {
                out(of_kind(*kind));
            }
            if *foreground {
                out("POLICY-008");
            }
            if self.decided {
                out("POLICY-013");
            }
            if self.defaults {
                out("POLICY-021");
            }
            out("POLICY-014");
        } else if self.gone.contains(name) {
            out("POLICY-015");
        } else if id(name).0 == 0 {
            out("POLICY-017");
        }
    }
}
