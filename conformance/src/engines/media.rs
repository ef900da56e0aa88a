//! Allocation checks of what media sessions are decided by.

use super::allocation::counted;
use super::session::Session;
use super::threads::outcome;
use spec::Entropy;
use spec::focus::{Class, FOCUS_SESSIONS_MAX, Kind};
use spec_files::EvidenceKind;

/// Runs the focus service's allocation check.
pub fn focus(session: &mut Session<'_>) {
    let note = "events of sixteen sessions of all classes, accepted and rejected";
    outcome(session, "focus", EvidenceKind::Allocation, "counting allocator", "FOCUS-020", focus_allocations(), note);
}

fn focus_allocations() -> Result<u64, String> {
    const EVENTS: u64 = 10_000;
    let mut source = spec::SplitMix64::new(1);
    let (mut focus, mut told) = (services::focus::Focus::new(true), 0_u64);
    let ((), allocations, _) = counted(|| {
        for _ in 0..EVENTS {
            // One number more than there may be sessions.
            let sid = source.below(u64::from(FOCUS_SESSIONS_MAX) + 1) as u32 + 1;
            let class = Class::ALL[sid as usize % Class::ALL.len()];
            let changes = match source.below(12) {
                0..=2 => focus.register(sid, class),
                3 => focus.close(sid),
                4 | 5 => focus.request(sid, Kind::ALL[source.below(2) as usize]),
                6 => focus.abandon(sid),
                7..=9 => focus.play(sid),
                _ => focus.pause(sid),
            };
            told += changes.map_or(0, |changes| changes.len() as u64) + focus.sessions().count() as u64;
        }
    });
    match (allocations, told) {
        (0, EVENTS..) => Ok(EVENTS),
        (0, _) => Err(format!("{EVENTS} events changed {told} things, expected more")),
        _ => Err(format!("{EVENTS} events allocated {allocations} times, expected none")),
    }
}
