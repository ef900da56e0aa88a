//! Statements about every right machine of the contract `capability-audit`.

use super::{APP, OTHER, begin, deliver, end, owner, switch};
use crate::suite::{Held, Law};
use spec::capabilities::ServiceId;
use spec::capability_audit::{CapabilityAudit, Change, Config, Event, Obs, Op};
use spec::{Case, Contract, Entropy, Failure, Machine, entropy};

pub(super) fn laws() -> Vec<Law<CapabilityAudit>> {
    vec![
        Law {
            name: "every_delivery_lies_between_on_and_off",
            requirements: &["CAPABILITY_AUDIT-009", "CAPABILITY_AUDIT-010"],
            draw: draw_captures,
            holds: between_on_and_off,
        },
        Law { name: "numbers_rise_and_never_repeat", requirements: &["CAPABILITY_AUDIT-005"], draw: draw_any, holds: numbers_rise },
        Law { name: "no_answer_holds_content", requirements: &["CAPABILITY_AUDIT-008"], draw: draw_secrets, holds: no_content },
    ]
}

/// Captures of two apps, few enough to be all seen in one page of events at the end.
fn draw_captures(source: &mut dyn Entropy) -> Case<CapabilityAudit> {
    let mut ops = Vec::new();
    for time in 0..14 {
        let (subject, capability) = (entropy::pick(source, [APP, OTHER]), entropy::pick(source, ["camera", "microphone"]));
        ops.push(match source.below(8) {
            0..=2 => begin(time, subject, capability),
            3..=5 => deliver(subject, capability, &[7]),
            6 => end(time, subject, capability),
            _ => switch(time, owner(), capability, source.one_in(2)),
        });
    }
    ops.push(Op::Events(0));
    Case { config: Config::default(), ops }
}

/// A drawn case with a large log, and a look at all of it at the end.
fn draw_any(source: &mut dyn Entropy) -> Case<CapabilityAudit> {
    let mut case = CapabilityAudit::draw(source, 20);
    case.config = Config::default();
    case.ops.retain(|op| !matches!(op, Op::Records(_) | Op::Events(_)));
    case.ops.extend([Op::Records(0), Op::Events(0)]);
    case
}

/// Deliveries of a random pattern, among everything else, with looks after them.
fn draw_secrets(source: &mut dyn Entropy) -> Case<CapabilityAudit> {
    // Letters that would survive as text, and as numbers of no other field.
    let secret: Vec<u8> = (0..12).map(|_| b'A' + source.below(26) as u8).collect();
    let mut ops = vec![begin(1, APP, "camera")];
    for time in 2..2 + source.below(4) {
        ops.extend([deliver(APP, "camera", &secret), deliver(OTHER, "camera", &secret), begin(time, OTHER, "microphone")]);
    }
    ops.extend([end(9, APP, "camera"), Op::Records(0), Op::Events(0), Op::Indicators]);
    Case { config: Config::default(), ops }
}

fn between_on_and_off(machine: &mut dyn Machine<CapabilityAudit>, case: &Case<CapabilityAudit>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let Some(Obs::Events { events, dropped: 0 }) = trace.obs.last() else { return Ok(Held::NotApplicable) };
    if case.ops.last() != Some(&Op::Events(0)) {
        return Ok(Held::NotApplicable);
    }
    let mut seen = 0;
    for (op, obs) in case.ops.iter().zip(&trace.obs) {
        let (Op::Deliver { subject, capability, .. }, Obs::Delivered(number)) = (op, obs) else { continue };
        seen += 1;
        match state_at(events, *subject, capability, *number) {
            Some((Change::On, next)) => {
                if let Some(Change::Off { deliveries, last }) = next
                    && (deliveries == 0 || last.is_none_or(|last| last < *number))
                {
                    return Ok(Held::No(format!("delivery {number} of {capability} is not counted by the off after it")));
                }
            }
            state => return Ok(Held::No(format!("delivery {number} of {capability}: the indicator was last {state:?}"))),
        }
    }
    Ok(if seen > 0 { Held::Yes(seen) } else { Held::NotApplicable })
}

/// The last change before a number, and the first after it.
fn state_at(events: &[Event], subject: ServiceId, capability: &str, number: u64) -> Option<(Change, Option<Change>)> {
    let mine = || events.iter().filter(|event| event.subject_id == subject && event.capability == capability);
    let before = mine().rfind(|event| event.sequence < number)?.change;
    Some((before, mine().find(|event| event.sequence > number).map(|event| event.change)))
}

fn numbers_rise(machine: &mut dyn Machine<CapabilityAudit>, case: &Case<CapabilityAudit>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let mut all = Vec::new();
    for obs in &trace.obs {
        let numbers: Vec<u64> = match obs {
            Obs::Records { records, .. } => records.iter().map(|record| record.sequence).collect(),
            Obs::Events { events, .. } => events.iter().map(|event| event.sequence).collect(),
            Obs::Delivered(number) => vec![*number],
            _ => continue,
        };
        if !numbers.is_sorted_by(|a, b| a < b) {
            return Ok(Held::No(format!("the numbers of one answer are {numbers:?}")));
        }
        all.extend(numbers);
    }
    let seen = all.len() as u64;
    all.sort_unstable();
    // One look at records and one at events, as drawn: what is in both, or twice in deliveries, has one number for two things.
    let looks = trace.obs.iter().filter(|obs| matches!(obs, Obs::Records { .. } | Obs::Events { .. })).count();
    if looks <= 2
        && let Some(twice) = all.windows(2).find(|pair| pair[0] == pair[1])
    {
        let same = |op: &Op| trace.obs.len() == case.ops.len() && case.ops.iter().filter(|other| *other == op).count() > 1;
        if !case.ops.iter().any(|op| matches!(op, Op::Records(_) | Op::Events(_)) && same(op)) {
            return Ok(Held::No(format!("the number {} is given to two things", twice[0])));
        }
    }
    Ok(if seen > 1 { Held::Yes(seen) } else { Held::NotApplicable })
}

fn no_content(machine: &mut dyn Machine<CapabilityAudit>, case: &Case<CapabilityAudit>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let secrets: Vec<String> = case
        .ops
        .iter()
        .filter_map(|op| match op {
            Op::Deliver { content, .. } if content.len() >= 12 => String::from_utf8(content[..6].to_vec()).ok(),
            _ => None,
        })
        .collect();
    let mut looked = 0;
    for (step, obs) in trace.obs.iter().enumerate() {
        let texts: Vec<&String> = match obs {
            Obs::Records { records, .. } => records.iter().flat_map(|record| [&record.action, &record.target]).collect(),
            Obs::Events { events, .. } => events.iter().map(|event| &event.capability).collect(),
            Obs::Indicators(indicators) => indicators.iter().map(|indicator| &indicator.capability).collect(),
            _ => continue,
        };
        for secret in &secrets {
            if let Some(text) = texts.iter().find(|text| text.contains(secret.as_str())) {
                return Ok(Held::No(format!("step {step}: {text:?} holds {secret:?}, which was delivered")));
            }
            looked += 1;
        }
    }
    Ok(if looked > 0 { Held::Yes(looked) } else { Held::NotApplicable })
}
