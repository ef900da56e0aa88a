//! Small domains of the contract `policy`, every value of them.

use super::{call, case, check, claiming, consent, every_method, front, grant, look, sensitive};
use crate::suite::Domain;
use spec::Case;
use spec::capabilities::{CAPABILITIES, CapabilityEntry, METHODS, SUBJECTS};
use spec::policy::{Kind, Op, Policy};

pub(super) fn domains() -> Vec<Domain<Policy>> {
    vec![
        Domain {
            name: "every_method_with_every_single_grant",
            requirements: &["POLICY-001", "POLICY-002", "POLICY-003", "POLICY-004"],
            describe: |_| {
                format!("each of {} methods with each of {} capabilities alone, and with none", METHODS.len(), CAPABILITIES.len())
            },
            cases: |_| Box::new(single_grants().map(|(subject, set)| counted(opened(subject, &set), every_method(subject)))),
        },
        Domain {
            name: "every_capability_with_every_single_grant",
            requirements: &["POLICY-002", "POLICY-003"],
            describe: |_| format!("each of {0} capabilities with each of {0} capabilities alone, and with none", CAPABILITIES.len()),
            cases: |_| {
                let every = |subject| CAPABILITIES.iter().map(move |entry| check(subject, entry.name));
                Box::new(single_grants().map(move |(subject, set)| counted(opened(subject, &set), every(subject))))
            },
        },
        Domain {
            name: "every_combination_of_gates",
            requirements: &["POLICY-006", "POLICY-007", "POLICY-008", "POLICY-009", "POLICY-020"],
            describe: |_| "each capability and its methods: granted or not, each foreground, each consent, each claim".to_owned(),
            cases: |_| Box::new(CAPABILITIES.iter().map(gates)),
        },
        Domain {
            name: "every_name_and_what_is_near_it",
            requirements: &["POLICY-002", "POLICY-016", "POLICY-019"],
            describe: |_| "each name of a capability or method, cut, extended, in capitals, and with each dot changed".to_owned(),
            cases: |_| Box::new(names()),
        },
        Domain {
            name: "every_grant_to_every_subject",
            requirements: &["POLICY-018"],
            describe: |_| format!("each of {} capabilities to each of {} subjects", CAPABILITIES.len(), SUBJECTS.len()),
            cases: |_| {
                Box::new(SUBJECTS.iter().map(|subject| {
                    let every = CAPABILITIES.iter().flat_map(|entry| [grant(subject.name, &[entry.name]), look(subject.name)]);
                    (case(every.collect()), CAPABILITIES.len() as u64)
                }))
            },
        },
        Domain {
            name: "every_method_with_the_defaults",
            requirements: &["POLICY-021"],
            describe: |_| format!("each of {} methods by each of {} subjects", METHODS.len(), SUBJECTS.len()),
            cases: |_| {
                Box::new(SUBJECTS.iter().map(|subject| {
                    let consents = sensitive().map(|name| consent(subject.name, name, Kind::Persistent));
                    let first = [Op::LoadDefaults, look(subject.name)].into_iter().chain(consents).collect();
                    counted(first, every_method(subject.name))
                }))
            },
        },
    ]
}

fn counted(mut first: Vec<Op>, values: impl Iterator<Item = Op>) -> (Case<Policy>, u64) {
    let before = first.len();
    first.extend(values);
    let count = (first.len() - before) as u64;
    (case(first), count)
}

/// Each capability alone, for a subject that may hold it, and nothing.
fn single_grants() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> + Send {
    let alone = CAPABILITIES.iter().map(|entry| (if entry.umbrella { "nx" } else { "audiod" }, vec![entry.name]));
    alone.chain([("audiod", Vec::new()), ("nx", Vec::new())])
}

/// A subject that holds this and that nothing else stands in the way of.
fn opened(subject: &str, set: &[&str]) -> Vec<Op> {
    let mut ops = vec![grant(subject, set), front(subject)];
    ops.extend(sensitive().map(|name| consent(subject, name, Kind::Persistent)));
    ops
}

/// Every state of the gates for one capability, and the questions that need it.
fn gates(entry: &'static CapabilityEntry) -> (Case<Policy>, u64) {
    let subject = if entry.umbrella { "nx" } else { "audiod" };
    let mut questions = vec![check(subject, entry.name)];
    questions.extend(
        METHODS.iter().filter(|method| method.capability == entry.capability).map(|method| call(subject, method.service, method.name)),
    );
    let mut ops = vec![grant("tonegen", &[entry.name])];
    let mut count = 0;
    for granted in [true, false] {
        let set: &[&str] = if granted { std::slice::from_ref(&entry.name) } else { &[] };
        for foreground in [None, Some(subject), Some("tonegen")] {
            for kind in [None, Some(Kind::Once), Some(Kind::Session), Some(Kind::Persistent)] {
                for claimed in [None, Some(subject), Some("tonegen")] {
                    for question in &questions {
                        ops.extend([Op::Revoke(subject.to_owned()), grant(subject, set), front(subject)]);
                        ops.extend(kind.map(|kind| consent(subject, entry.name, kind)));
                        ops.push(Op::Foreground(foreground.map(str::to_owned)));
                        ops.push(claimed.map_or_else(|| question.clone(), |claimed| claiming(question.clone(), claimed)));
                        ops.push(look(subject));
                        count += 1;
                    }
                }
            }
        }
    }
    ops.push(Op::Tally);
    (case(ops), count)
}

/// A name and what is near it.
fn near(name: &str) -> Vec<String> {
    let mut near = vec![name.to_owned(), name.to_uppercase(), name[1..].to_owned(), name[..name.len() - 1].to_owned()];
    near.extend(["", ".", ".x", "x", " ", "\n", "_", "2", "*"].map(|end| format!("{name}{end}")));
    near.extend([" ", ".", "_", "2", "x."].map(|start| format!("{start}{name}")));
    near.extend(["..", "_", "-", "", "/", ".*."].map(|dot| name.replace('.', dot)));
    near.extend(name.match_indices('.').map(|(at, _)| name[..at].to_owned()));
    near
}

fn names() -> impl Iterator<Item = (Case<Policy>, u64)> + Send {
    let capabilities = CAPABILITIES.iter().map(|entry| {
        let subject = if entry.umbrella { "nx" } else { "audiod" };
        let near = near(entry.name);
        let mut ops = opened(subject, &[entry.name]);
        ops.extend(near.iter().flat_map(|name| [check(subject, name), Op::Capability(name.clone())]));
        (case(ops), near.len() as u64)
    });
    let methods = METHODS.iter().map(|entry| {
        let near = near(entry.name);
        let mut ops = opened("audiod", &[entry.capability.name()]);
        for name in &near {
            ops.push(call("audiod", entry.service, name));
            ops.push(Op::Method { service: entry.service.to_owned(), method: name.clone() });
        }
        (case(ops), near.len() as u64)
    });
    let catalogue = std::iter::once((case(vec![Op::Catalogue]), 1));
    catalogue.chain(capabilities).chain(methods)
}
