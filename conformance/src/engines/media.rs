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

/// Runs the ducking service's allocation check.
pub fn ducking(session: &mut Session<'_>) {
    let note = "blocks of sixteen sessions on ramps";
    outcome(session, "ducking", EvidenceKind::Allocation, "counting allocator", "DUCKING-014", ducking_allocations(), note);
}

fn ducking_allocations() -> Result<u64, String> {
    const BLOCKS: u64 = 1_000;
    let config = spec::ducking::Config { ramp_ms: spec::ducking::DUCKING_RAMP_MS_MAX, ..Default::default() };
    let mut ducking = services::ducking::Ducking::new(config).map_err(|error| error.to_string())?;
    for session in 1..=spec::ducking::DUCKING_SESSIONS_MAX {
        ducking.open(session).map_err(|error| error.to_string())?;
        ducking.duck(session, session, spec::ducking::Rule::DuckDb).map_err(|error| error.to_string())?;
    }
    let (lowered, allocations, _) = counted(|| {
        let mut lowered = 0_u64;
        for _ in 0..BLOCKS {
            ducking.advance();
            lowered += ducking.gains().filter(|(session, gain)| *gain < 0 && ducking.gain(*session).is_ok_and(|same| same == *gain)).count()
                as u64;
        }
        lowered
    });
    match (allocations, lowered) {
        (0, BLOCKS..) => Ok(BLOCKS),
        (0, _) => Err(format!("{BLOCKS} blocks lowered {lowered} gains, expected more")),
        _ => Err(format!("{BLOCKS} blocks allocated {allocations} times, expected none")),
    }
}
