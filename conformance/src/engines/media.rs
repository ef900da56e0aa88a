//! Allocation checks of the media sessions: what happens in each block, and what decides who plays.

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

/// Runs the session registry's allocation check.
pub fn sessions(session: &mut Session<'_>) {
    let note = "blocks of sixteen sessions, with their seeks and positions";
    outcome(session, "sessions", EvidenceKind::Allocation, "counting allocator", "SESSIONS-026", registry_allocations(), note);
}

fn registry_allocations() -> Result<u64, String> {
    let mut lines = Vec::new();
    let start = services::sessions::Registry::start(services::sessions::Limits::default(), &mut lines);
    let mut registry = start.map_err(|error| error.to_string())?;
    let mut block = Vec::new();
    for _ in 0..spec::sessions::SESSIONS_MAX {
        let published = registry.publish("app", spec::media::Class::Music, true, &mut lines);
        let sid = published.map_err(|error| error.to_string())?;
        registry.play(sid, &mut lines).map_err(|error| error.to_string())?;
        block.push(spec::sessions::Consumed { sid, frames: spec::format::BLOCK_FRAMES });
    }
    let (result, allocations, _) = counted(|| {
        let mut positions = 0;
        for _ in 0..1_000 {
            registry.seek_by(1, -3)?;
            registry.block(&block)?;
            registry.tick(1)?;
            positions += registry.sessions().iter().map(|session| registry.position_ms(session)).sum::<u64>();
        }
        Ok::<u64, services::ServiceError>(positions)
    });
    match (result, allocations) {
        (Err(error), _) => Err(error.to_string()),
        (Ok(0), _) => Err("no session went on".to_owned()),
        (Ok(_), 0) => Ok(2_000),
        (Ok(_), allocations) => Err(format!("2,000 blocks allocated {allocations} times, expected none")),
    }
}

/// Runs the overlays' allocation check.
pub fn volume(session: &mut Session<'_>) {
    let note = "compositions and peaks of sixteen sessions";
    outcome(session, "volume", EvidenceKind::Allocation, "counting allocator", "VOLUME-018", volume_allocations(), note);
}

/// Runs the metrics' allocation check.
pub fn metrics(session: &mut Session<'_>) {
    let note = "blocks, each with its record, of sixteen sessions";
    outcome(session, "metrics", EvidenceKind::Allocation, "counting allocator", "METRICS-018", metrics_allocations(), note);
}

fn metrics_allocations() -> Result<u64, String> {
    let options = services::metrics::Options { export: true, interval_blocks: 1 };
    let mut metrics = services::metrics::Metrics::new(options).map_err(|error| error.to_string())?;
    let sessions = 1..=spec::metrics::METRICS_SESSIONS_MAX;
    for session in sessions.clone() {
        metrics.open(session).map_err(|error| error.to_string())?;
    }
    let block = services::metrics::Block { peak: [7, 9], ..Default::default() };
    let (taken, allocations, _) = counted(|| {
        let mut taken = 0_u64;
        for number in 0..1_000 {
            let told = sessions.clone().all(|session| metrics.set_position(session, number * 480).is_ok());
            taken += u64::from(told && metrics.block(&block));
        }
        taken
    });
    match (allocations, taken) {
        (0, 1_000) => Ok(taken),
        (0, _) => Err(format!("of 1,000 blocks {taken} took a record")),
        _ => Err(format!("1,000 blocks allocated {allocations} times, expected none")),
    }
}

fn volume_allocations() -> Result<u64, String> {
    let mut overlays = services::volume::Overlays::default();
    let sessions = 1..=spec::volume::VOLUME_SESSIONS_MAX;
    for session in sessions.clone() {
        overlays.open(session, if session % 2 == 0 { "a" } else { "b" }).map_err(|error| error.to_string())?;
    }
    overlays.set_app_volume("a", -1536).map_err(|error| error.to_string())?;
    overlays.set_app_muted("b", true).map_err(|error| error.to_string())?;
    let pcm = [12_345_i16; 960];
    let (composed, allocations, _) = counted(|| {
        let mut composed = 0_u64;
        for block in 0..1_000 {
            for session in sessions.clone() {
                let Ok(of_session) = overlays.decibels(session, -block, -block) else { continue };
                composed += u64::from(of_session.peak(&pcm)[0] <= spec::volume::VOLUME_PEAK_MAX);
            }
        }
        composed
    });
    match (allocations, composed) {
        (0, 16_000) => Ok(composed),
        (0, _) => Err(format!("of 16,000 compositions {composed} were made")),
        _ => Err(format!("16,000 compositions allocated {allocations} times, expected none")),
    }
}
