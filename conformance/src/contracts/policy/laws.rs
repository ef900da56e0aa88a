//! Statements about every right machine of the contract `policy`.

use super::{asked, case, consent, every_method, front, grant, look, name_of, sensitive};
use crate::suite::{Held, Law};
use spec::capabilities::CAPABILITIES;
use spec::policy::{Kind, Obs, Op, Policy, Reason};
use spec::{Case, Contract, Entropy, Failure, Machine};
use std::collections::BTreeSet;

pub(super) fn laws() -> Vec<Law<Policy>> {
    vec![
        Law {
            name: "taking_one_capability_away_fails_exactly_its_methods",
            requirements: &["POLICY-004"],
            draw: draw_taken,
            holds: each_has_its_own,
        },
        Law { name: "an_umbrella_changes_no_answer", requirements: &["POLICY-003"], draw: draw_umbrella, holds: umbrella_is_empty },
        Law { name: "the_order_of_grants_does_not_matter", requirements: &["POLICY-014"], draw: draw_shuffled, holds: order_is_nothing },
        Law { name: "a_denied_decision_changes_nothing", requirements: &["POLICY-013"], draw: draw_looks, holds: denied_is_nothing },
    ]
}

/// A set of capabilities that the subject may hold, none of them an umbrella.
fn drawn_set(source: &mut dyn Entropy, subject: &str) -> Vec<&'static str> {
    CAPABILITIES
        .iter()
        .filter(|entry| !entry.umbrella && (entry.holders.is_empty() || entry.holders.contains(&subject)))
        .filter(|_| !source.one_in(4))
        .map(|entry| entry.name)
        .collect()
}

/// Everything of a subject allowed but for its grants.
fn opened(subject: &str) -> Vec<Op> {
    let mut ops = vec![front(subject)];
    ops.extend(sensitive().map(|name| consent(subject, name, Kind::Persistent)));
    ops
}

/// Every method with a set, and again without one capability of it.
fn draw_taken(source: &mut dyn Entropy) -> Case<Policy> {
    let mut set = drawn_set(source, "audiod");
    let mut ops = vec![grant("audiod", &set)];
    ops.extend(opened("audiod"));
    ops.extend(every_method("audiod"));
    if !set.is_empty() {
        set.remove(source.below(set.len() as u64) as usize);
    }
    ops.push(grant("audiod", &set));
    ops.extend(every_method("audiod"));
    case(ops)
}

/// Every method with a set, and again with the umbrella beside it.
fn draw_umbrella(source: &mut dyn Entropy) -> Case<Policy> {
    let mut set = drawn_set(source, "nx");
    let mut ops = vec![grant("nx", &set)];
    ops.extend(opened("nx"));
    ops.extend(every_method("nx"));
    set.insert(source.below(set.len() as u64 + 1) as usize, "audio");
    ops.push(grant("nx", &set));
    ops.extend(every_method("nx"));
    case(ops)
}

/// A set, and the same in another order with repetitions.
fn draw_shuffled(source: &mut dyn Entropy) -> Case<Policy> {
    let mut set = drawn_set(source, "wavplay");
    let mut ops = vec![grant("wavplay", &set), look("wavplay")];
    for last in (1..set.len()).rev() {
        set.swap(last, source.below(last as u64 + 1) as usize);
    }
    if let Some(first) = set.first().copied() {
        set.push(first);
    }
    ops.extend([grant("wavplay", &set), look("wavplay")]);
    case(ops)
}

/// A drawn case in which every decision has a look at its sender before and after it.
fn draw_looks(source: &mut dyn Entropy) -> Case<Policy> {
    let drawn = Policy::draw(source, 24);
    let mut ops = Vec::new();
    for op in drawn.ops {
        let name = asked(&op).and_then(|asked| name_of(asked.sender));
        ops.extend(name.map(look));
        ops.push(op);
        ops.extend(name.map(look));
    }
    case(ops)
}

/// One subject's set before and after, and a question about it that was answered under both.
struct Pair<'a> {
    op: &'a Op,
    step: usize,
    sets: [&'a BTreeSet<String>; 2],
    answers: [&'a Obs; 2],
}

/// Calls `judge` for every two answers to one honest question between which nothing but grants to its sender was done.
fn pairs(case: &Case<Policy>, obs: &[Obs], judge: &mut dyn FnMut(&Pair<'_>) -> Option<String>) -> Result<(), String> {
    let mut set = BTreeSet::new();
    let mut seen: Vec<(&Op, BTreeSet<String>, &Obs)> = Vec::new();
    let mut granted = None;
    for (step, (op, answer)) in case.ops.iter().zip(obs).enumerate() {
        match (op, answer) {
            (Op::Grant { subject, capabilities }, Obs::Done) => {
                if granted.is_some_and(|last| last != subject) {
                    seen.clear();
                }
                granted = Some(subject);
                set = capabilities.iter().cloned().collect();
            }
            (Op::CheckCapability { .. } | Op::CheckMethod { .. }, _) => {
                let Some(asked) = asked(op).filter(|asked| asked.honest && granted.map(String::as_str) == name_of(asked.sender)) else {
                    continue;
                };
                if let Some((_, before, first)) = seen.iter().find(|(earlier, _, _)| *earlier == op) {
                    let pair = Pair { op, step, sets: [before, &set], answers: [first, answer] };
                    if let Some(why) = judge(&pair) {
                        return Err(format!("step {step}, {}: {why}", asked.entry.name));
                    }
                } else {
                    seen.push((op, set.clone(), answer));
                }
            }
            // Looks and rejections are no changes; anything else may be a reason for another answer.
            (Op::Subject(_), _) | (_, Obs::Rejected(_)) => {}
            _ => seen.clear(),
        }
    }
    Ok(())
}

fn held(result: Result<(), String>, count: u64) -> Held {
    match result {
        Err(why) => Held::No(why),
        Ok(()) if count > 0 => Held::Yes(count),
        Ok(()) => Held::NotApplicable,
    }
}

fn each_has_its_own(machine: &mut dyn Machine<Policy>, case: &Case<Policy>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let mut count = 0;
    let result = pairs(case, &trace.obs, &mut |pair| {
        let wanted = asked(pair.op)?.entry.name;
        let has = pair.sets.map(|set| set.contains(wanted));
        count += u64::from(pair.sets[0] != pair.sets[1]);
        match (has, pair.answers) {
            ([true, false], [_, Obs::Denied(Reason::Policy)]) | ([false, true], _) => None,
            ([true, false], [_, after]) => Some(format!("{after:?} after the capability was taken away, at step {}", pair.step)),
            (_, [before, after]) if before != after => Some(format!("{before:?} became {after:?}, and the capability was not touched")),
            _ => None,
        }
    });
    Ok(held(result, count))
}

fn umbrella_is_empty(machine: &mut dyn Machine<Policy>, case: &Case<Policy>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let mut count = 0;
    let result = pairs(case, &trace.obs, &mut |pair| {
        let umbrella = |name: &String| super::entry(name).is_some_and(|entry| entry.umbrella);
        let differs = pair.sets[0].symmetric_difference(pair.sets[1]).collect::<Vec<_>>();
        if differs.is_empty() || !differs.into_iter().all(umbrella) {
            return None;
        }
        count += 1;
        let [before, after] = pair.answers;
        (before != after).then(|| format!("{before:?} became {after:?} by an umbrella"))
    });
    Ok(held(result, count))
}

fn order_is_nothing(machine: &mut dyn Machine<Policy>, case: &Case<Policy>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let mut last: Option<(&String, BTreeSet<&String>)> = None;
    let mut seen: Option<(&String, BTreeSet<&String>, &Obs)> = None;
    let mut count = 0;
    for (step, (op, obs)) in case.ops.iter().zip(&trace.obs).enumerate() {
        match (op, obs) {
            (Op::Grant { subject, capabilities }, Obs::Done) => last = Some((subject, capabilities.iter().collect())),
            (Op::Subject(name), Obs::Subject { .. }) => {
                let Some((subject, set)) = last.as_ref().filter(|(subject, _)| *subject == name) else { continue };
                if let Some((_, _, before)) = seen.as_ref().filter(|(earlier, same, _)| earlier == subject && same == set) {
                    if *before != obs {
                        return Ok(Held::No(format!("step {step}: {before:?} became {obs:?} by granting the same again")));
                    }
                    count += 1;
                }
                seen = Some((subject, set.clone(), obs));
            }
            (Op::Subject(_), _) | (_, Obs::Rejected(_)) => {}
            _ => (last, seen) = (None, None),
        }
    }
    Ok(held(Ok(()), count))
}

fn denied_is_nothing(machine: &mut dyn Machine<Policy>, case: &Case<Policy>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let mut seen: Vec<(&String, &Obs)> = Vec::new();
    let mut denied = 0;
    let mut count = 0;
    for (step, (op, obs)) in case.ops.iter().zip(&trace.obs).enumerate() {
        match (op, obs) {
            (_, Obs::Denied(_)) => denied += 1,
            (Op::Subject(name), _) => {
                if let Some((_, before)) = seen.iter().find(|(earlier, _)| *earlier == name) {
                    if *before != obs {
                        return Ok(Held::No(format!("step {step}: {name} was {before:?} and is {obs:?} after {denied} denials")));
                    }
                    count += u64::from(denied > 0);
                } else {
                    seen.push((name, obs));
                }
            }
            _ => {
                seen.clear();
                denied = 0;
            }
        }
    }
    Ok(held(Ok(()), count))
}
