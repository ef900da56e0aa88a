//! What the session services do in each block: it allocates nothing.

use super::allocation::counted;
use super::session::Session;
use super::threads::outcome;
use spec_files::EvidenceKind;

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
