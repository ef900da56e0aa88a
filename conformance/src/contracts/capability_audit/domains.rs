//! Small domains of the contract `capability-audit`, every value of them.

use super::{APP, begin, decide, end};
use crate::suite::Domain;
use spec::capabilities::{CAPABILITIES, ServiceId};
use spec::capability_audit::{AUDIT_ACTION_BYTES_MAX, AUDIT_TARGET_BYTES_MAX, CapabilityAudit, Config, Op};
use spec::policy::Reason;
use spec::{Case, capability_audit::AUDIT_PAGE};

pub(super) fn domains() -> Vec<Domain<CapabilityAudit>> {
    vec![
        Domain {
            name: "every_length_of_texts",
            requirements: &["CAPABILITY_AUDIT-003"],
            describe: |_| format!("actions of 0 to {} bytes, targets of 0 to {}", 3 * AUDIT_ACTION_BYTES_MAX, 3 * AUDIT_TARGET_BYTES_MAX),
            cases: |_| {
                let text = |length: u32| (0..length).map(|at| (b'a' + (at % 26) as u8) as char).collect::<String>();
                let actions = (0..=3 * AUDIT_ACTION_BYTES_MAX).map(move |length| decide(&text(length), "t", None));
                let targets = (0..=3 * AUDIT_TARGET_BYTES_MAX).map(move |length| decide("a", &text(length), None));
                Box::new(pages(actions.chain(targets)))
            },
        },
        Domain {
            name: "every_byte_of_texts",
            requirements: &["CAPABILITY_AUDIT-004"],
            describe: |_| "every character up to U+017F, alone and within a text".to_owned(),
            cases: |_| {
                let characters = (0..0x180).filter_map(char::from_u32);
                Box::new(pages(characters.map(|character| decide(&character.to_string(), &format!("a{character}b"), None))))
            },
        },
        Domain {
            name: "every_decision",
            requirements: &["CAPABILITY_AUDIT-001"],
            describe: |_| "allowed and each reason, with no claim, an honest and a false one".to_owned(),
            cases: |_| {
                let verdicts = std::iter::once(None).chain(Reason::ALL.map(Some));
                let claims = [None, Some(APP), Some(ServiceId(u64::MAX))];
                Box::new(pages(verdicts.flat_map(move |denied| {
                    claims.map(|claimed| Op::Decide {
                        timestamp_ns: u64::MAX,
                        sender: APP,
                        claimed,
                        action: "audiod.stats".to_owned(),
                        target: "t".to_owned(),
                        denied,
                    })
                })))
            },
        },
        Domain {
            name: "every_capability",
            requirements: &["CAPABILITY_AUDIT-011"],
            describe: |_| format!("a capture of each of the {} capabilities of the catalogue", CAPABILITIES.len()),
            cases: |_| {
                Box::new(CAPABILITIES.iter().map(|entry| {
                    let ops = vec![Op::Indicators, begin(1, APP, entry.name), Op::Indicators, end(2, APP, entry.name), Op::Indicators];
                    (Case { config: Config::default(), ops }, 1)
                }))
            },
        },
    ]
}

/// Cases of as many decisions as one page shows, and the page.
fn pages(decisions: impl Iterator<Item = Op> + Send) -> impl Iterator<Item = (Case<CapabilityAudit>, u64)> + Send {
    let mut decisions = decisions.fuse();
    std::iter::from_fn(move || {
        let mut ops: Vec<Op> = decisions.by_ref().take(AUDIT_PAGE as usize).collect();
        let count = ops.len() as u64;
        ops.push(Op::Records(0));
        (count > 0).then_some((Case { config: Config::default(), ops }, count))
    })
}
