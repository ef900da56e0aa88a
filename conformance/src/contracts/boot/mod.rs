//! The checks of the contract `boot`: what must be seen in the log of a boot that was judged, and what must be caught there.

mod lies;

pub use lies::{Lie, Tamper, lies};

/// What a boot shows of a requirement: its lines, each by how it begins, all of which must be in the log of a boot that passed.
pub struct Check {
    /// Name, in snake case.
    pub name: &'static str,
    /// The requirement.
    pub requirement: &'static str,
    /// The profile.
    pub profile: &'static str,
    /// How its lines begin.
    pub lines: &'static [&'static str],
}

const fn check(requirement: &'static str, name: &'static str, profile: &'static str, lines: &'static [&'static str]) -> Check {
    Check { name, requirement, profile, lines }
}

/// Checks of logs.
pub const CHECKS: &[Check] = &[
    check("BOOT-001", "the_script_is_answered", "audio", &["conform: answer"]),
    check("BOOT-001", "the_script_is_answered_without_a_disk", "audio-diskless", &["conform: answer"]),
    check("BOOT-003", "ready_is_printed", "audio", &["audiod: ready"]),
    check("BOOT-004", "ticks_are_printed", "audio", &["audiod: tick seq=1 ", "audiod: tick seq=101 "]),
    check("BOOT-005", "the_underrun_is_printed", "audio", &["audiod: underrun app="]),
    check("BOOT-006", "levels_are_printed", "audio", &["audiod: level linear=", "audiod: level linear="]),
    check("BOOT-007", "playing_is_printed", "audio", &["mediasession: playing"]),
    check("BOOT-008", "the_duck_is_printed", "audio", &["audiod: duck -6dB"]),
    check("BOOT-009", "the_wake_lock_is_held_and_released", "audio", &["powerd: wakelock acquire", "powerd: wakelock release"]),
    check("BOOT-010", "the_tone_is_answered", "audio", &["conform: answer part=audio.tone", "SELFTEST: audio tone ok"]),
    check("BOOT-011", "the_streams_are_answered", "audio", &["conform: answer part=audio.stream", "SELFTEST: audio stream start/stop ok"]),
    check("BOOT-012", "the_recording_is_answered", "audio", &["conform: answer part=audio.record", "SELFTEST: audio record ok"]),
    check("BOOT-013", "without_a_disk_nothing_is_claimed", "audio-diskless", &["audio.record: stub/placeholder"]),
    check("BOOT-014", "the_duck_is_answered", "audio", &["conform: answer part=audio.duck", "SELFTEST: audio duck ok"]),
    check("BOOT-015", "the_demo_programs_are_heard", "audio", &["SELFTEST: tonegen ok", "SELFTEST: wavplay ok"]),
    check(
        "BOOT-016",
        "all_four_selftests_are_there",
        "audio",
        &["SELFTEST: audio tone", "SELFTEST: audio stream", "SELFTEST: audio record", "SELFTEST: audio duck"],
    ),
    check(
        "BOOT-017",
        "the_stubs_say_what_they_are",
        "audio",
        &["i2sd: ready", "i2sd: stub/placeholder", "codecd: ack route=speaker mode=null"],
    ),
    check("BOOT-021", "media_play_is_answered", "media", &["conform: answer part=media.play", "SELFTEST: media play ok"]),
    check("BOOT-022", "media_duck_is_answered", "media", &["conform: answer part=media.duck", "SELFTEST: media duck ok", "audiod: duck -"]),
    check("BOOT-023", "media_mute_is_answered", "media", &["conform: answer part=media.mute", "SELFTEST: media mute ok"]),
    check("BOOT-024", "media_focus_is_answered", "media", &["conform: answer part=media.focus", "SELFTEST: media focus resume ok"]),
    check("BOOT-025", "the_export_is_told", "media", &["metrics: export lines="]),
    check("BOOT-026", "without_a_disk_no_export_is_claimed", "media-diskless", &["metrics: export stub/placeholder"]),
    check(
        "BOOT-027",
        "the_sessions_lines_are_printed",
        "media",
        &["mediasessd: ready v2", "media: register", "media: active", "media: state", "media: handoff offer", "media: handoff accept"],
    ),
    check(
        "BOOT-028",
        "the_decoders_are_answered",
        "decoders",
        &["conform: answer part=media.decode", "decoder: wav/ogg/gif/apng/mjpeg on"],
    ),
];

/// Checks that look at more than a log.
pub const FURTHER: &[(&str, &str)] = &[
    ("BOOT-002", "a_boot_repeats"),
    ("BOOT-012", "the_file_on_the_disk"),
    ("BOOT-018", "a_cut_of_the_power"),
    ("BOOT-019", "audiod_stands_on_the_core"),
    ("BOOT-020", "settings_outlive_a_boot"),
    ("BOOT-025", "the_metrics_on_the_disk"),
];

#[cfg(test)]
mod tests {
    use super::{CHECKS, FURTHER, lies};
    use spec_files::Library;
    use std::collections::BTreeSet;

    #[test]
    fn every_requirement_has_a_check_and_a_lie() {
        let library = Library::embedded_contracts().expect("the contract files are valid");
        let contract = library.contract("boot").expect("it has a file");
        let ids: BTreeSet<&str> = contract.requirements.iter().map(|requirement| requirement.id.value.as_str()).collect();
        let checked: BTreeSet<&str> = CHECKS.iter().map(|check| check.requirement).chain(FURTHER.iter().map(|(id, _)| *id)).collect();
        assert_eq!(checked, ids);
        let broken: BTreeSet<&str> = lies().iter().map(|lie| lie.requirement).collect();
        assert_eq!(broken, ids);
    }
}
