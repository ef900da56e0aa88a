//! The pages: what they describe is there, and what is there is described.

use crate::commands::{Broken, Check, Held, Program, Scene};
use crate::contracts::nx_audio::outcome::CLASSES;
use crate::contracts::nx_audio::pages::listed;
use spec::audiod::AUDIOD_STREAMS_MAX;
use spec::focus::{Kind, RULES};
use spec::format::{BLOCK_FRAMES, BLOCK_MS, SAMPLE_RATE_HZ};
use spec::media::Class;
use spec::media_config::Values;
use spec::sessions::SESSIONS_MAX;
use spec_files::MarkerFile;

const OVERVIEW: &str = "NX_MEDIA-022";
const PAGE: &str = "NX_MEDIA-023";
const TESTING: &str = "NX_MEDIA-024";

pub fn checks() -> Vec<Check> {
    vec![
        Check { name: "overview_has_the_table_of_focus", requirements: &[OVERVIEW], own: true, run: overview },
        Check { name: "media_page_names_commands_keys_and_codes", requirements: &[PAGE], own: true, run: page },
        Check { name: "testing_page_names_profiles_and_markers", requirements: &[TESTING], own: true, run: testing },
    ]
}

fn names(scene: &Scene<'_>, requirement: &'static str, page: &str, what: &str) -> Held {
    scene.hold(requirement, page.contains(what), || format!("the page does not have `{what}`"))
}

fn overview(scene: &Scene<'_>) -> Held {
    let page = scene.page("implementation/services/OVERVIEW.md")?;
    for active in Class::ALL {
        for kind in [Kind::Gain, Kind::Transient] {
            let rules = RULES.iter().filter(|rule| rule.active == active && rule.kind == kind);
            let cells: Vec<String> = rules.map(|rule| format!("{:?}", rule.rule)).collect();
            let cells: Vec<&str> = cells.iter().map(|rule| shown(rule)).collect();
            let kind = if kind == Kind::Gain { "gain" } else { "transient" };
            names(scene, OVERVIEW, &page, &format!("| {}, {kind} | {} |", active.name(), cells.join(" | ")))?;
        }
    }
    let Values { duck, .. } = Values::default();
    for (name, value) in [("duck_db", duck.duck_db), ("duck_db_ui", duck.duck_db_ui), ("ramp_ms", duck.ramp_ms as i32)] {
        names(scene, OVERVIEW, &page, &format!("`{name}` {value}"))?;
    }
    names(scene, OVERVIEW, &page, "`auto_resume` true")?;
    for bound in [
        format!("{AUDIOD_STREAMS_MAX} streams"),
        format!("{SESSIONS_MAX} sessions"),
        format!("{} kHz", SAMPLE_RATE_HZ / 1_000),
        format!("{BLOCK_FRAMES} frames"),
        format!("{BLOCK_MS} ms"),
    ] {
        names(scene, OVERVIEW, &page, &bound)?;
    }
    Ok(())
}

/// A rule as the table of the page has it.
fn shown(rule: &str) -> &str {
    match rule {
        "None" => "none",
        "Pause" => "pause",
        "DuckDb" => "duck_db",
        "DuckDbUi" => "duck_db_ui",
        other => other,
    }
}

fn page(scene: &Scene<'_>) -> Held {
    let page = scene.page("implementation/nx/MEDIA.md")?;
    let commands = listed(&scene.run(Program::Nx, &["media", "--help"])?.out);
    scene.hold(PAGE, commands.len() >= 15, || format!("nx media --help lists {commands:?}"))?;
    for command in &commands {
        names(scene, PAGE, &page, &format!("nx media {command}"))?;
    }
    for key in ["Space", "\u{2190}", "\u{2192}", "P", "N", "S", "+", "-", "M", "\u{2191}", "\u{2193}", "Enter", "T", "Q"] {
        names(scene, PAGE, &page, &format!("| {key} |"))?;
    }
    for (code, class) in CLASSES {
        names(scene, PAGE, &page, &format!("{code} {class}"))?;
    }
    for literal in ["wavplay --session", "nx-media", "--media-config", "DUCKED"] {
        names(scene, PAGE, &page, literal)?;
    }
    Ok(())
}

fn testing(scene: &Scene<'_>) -> Held {
    let page = scene.page("qemu-runner/MARKERS.md")?;
    let grammar = MarkerFile::parse("spec/markers.yaml", &scene.page("spec/markers.yaml")?)
        .map_err(|problems| Broken::other(problems.to_string()))?;
    for profile in grammar.profiles.iter().filter(|profile| profile.name.value.starts_with("media")) {
        names(scene, TESTING, &page, &format!("cargo conform qemu --profile {}", profile.name.value))?;
    }
    let media = |form: &str| ["media", "SELFTEST: media", "metrics: ", "audiod: duck"].iter().any(|start| form.starts_with(start));
    let markers: Vec<&str> = grammar.markers.iter().map(|marker| marker.form.value.as_str()).filter(|form| media(form)).collect();
    scene.hold(TESTING, markers.len() >= 12, || format!("the grammar has {markers:?}"))?;
    for marker in markers {
        names(scene, TESTING, &page, &format!("`{marker}`"))?;
    }
    Ok(())
}
