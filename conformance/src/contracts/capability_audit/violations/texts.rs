//! Machines that are wrong about the texts of records.

use super::{meddling, violation};
use crate::suite::{Violation, misheard, tampered};
use spec::ErrorCode;
use spec::capability_audit::{AUDIT_ACTION_BYTES_MAX, AUDIT_TARGET_BYTES_MAX, CapabilityAudit, Obs, Op};

/// What of the long texts a machine does: `cut` makes of a text and its bound what the machine understands.
fn cutting(op: &Op, cut: fn(&str, usize) -> String) -> Op {
    match op {
        Op::Decide { timestamp_ns, sender, claimed, action, target, denied } => Op::Decide {
            timestamp_ns: *timestamp_ns,
            sender: *sender,
            claimed: *claimed,
            action: cut(action, AUDIT_ACTION_BYTES_MAX as usize),
            target: cut(target, AUDIT_TARGET_BYTES_MAX as usize),
            denied: *denied,
        },
        op => op.clone(),
    }
}

/// As a record holds it, but for its bound.
pub(super) fn plain(text: &str) -> String {
    text.bytes().map(|byte| if matches!(byte, b' '..=b'}') { byte as char } else { '?' }).collect()
}

pub(super) fn of_texts() -> Vec<Violation<CapabilityAudit>> {
    vec![
        violation("CAPABILITY_AUDIT-003", "cuts texts without a mark", || {
            misheard::<CapabilityAudit>(|op| cutting(op, |text, bound| plain(text).chars().take(bound).collect()))
        }),
        violation("CAPABILITY_AUDIT-003", "cuts a text that just fits", || {
            misheard::<CapabilityAudit>(|op| {
                cutting(op, |text, bound| if text.len() == bound { format!("{text}x") } else { text.to_owned() })
            })
        }),
        violation("CAPABILITY_AUDIT-003", "refuses to write what is too long", || {
            meddling(|inner, _, op| match op {
                Op::Decide { action, target, .. } if action.len() > 32 || target.len() > 64 => Ok(Obs::Rejected(ErrorCode::OversizedInput)),
                op => inner.step(op),
            })
        }),
        violation("CAPABILITY_AUDIT-003", "counts characters instead of bytes", || {
            misheard::<CapabilityAudit>(|op| cutting(op, |text, _| text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()))
        }),
        violation("CAPABILITY_AUDIT-003", "says nothing of a target above its bound", || {
            misheard::<CapabilityAudit>(|op| cutting(op, |text, bound| if text.len() > bound { String::new() } else { text.to_owned() }))
        }),
        violation("CAPABILITY_AUDIT-004", "leaves out what is no printable ASCII", || {
            misheard::<CapabilityAudit>(|op| cutting(op, |text, _| text.chars().filter(|c| matches!(c, ' '..='}')).collect()))
        }),
        violation("CAPABILITY_AUDIT-004", "keeps tildes", || {
            tampered::<CapabilityAudit, Vec<String>>(|long, op, obs| match (op, obs) {
                (Op::Decide { target, .. }, obs) => {
                    long.push(target.clone());
                    obs
                }
                (_, Obs::Records { dropped, mut records }) => {
                    for record in &mut records {
                        if let Some(text) = long.iter().find(|text| text.contains('~') && plain(text) == record.target) {
                            record.target = text.bytes().map(|byte| if matches!(byte, b' '..=b'~') { byte as char } else { '?' }).collect();
                        }
                    }
                    Obs::Records { dropped, records }
                }
                (_, obs) => obs,
            })
        }),
        violation("CAPABILITY_AUDIT-004", "writes spaces for control characters", || {
            misheard::<CapabilityAudit>(|op| {
                cutting(op, |text, _| text.chars().map(|c| if c.is_ascii_control() { ' ' } else { c }).collect())
            })
        }),
    ]
}
