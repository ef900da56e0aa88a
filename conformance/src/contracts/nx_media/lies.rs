//! Programs that each break one requirement; every one must be caught.

use crate::commands::{Asked, Lie, Lying, Program, Said};

/// What a program that only pretends says.
fn pretends(asked: &mut Asked, words: &[&str], out: &str) {
    if asked.is(words) {
        asked.instead = Some(Said { code: Some(0), out: out.to_owned(), err: String::new() });
    }
}

/// Replaces an argument of a command.
fn mishears(asked: &mut Asked, words: &[&str], place: usize, instead: &str) {
    if asked.is(words)
        && let Some(argument) = asked.arguments.get_mut(place)
    {
        instead.clone_into(argument);
    }
}

fn drops(asked: &mut Asked, option: &str) {
    asked.arguments.retain(|argument| argument != option);
}

/// Replaces a text of what a command prints.
fn misprints(asked: &Asked, said: &mut Said, words: &[&str], from: &str, to: &str) {
    if asked.is(words) {
        said.out = said.out.replace(from, to);
    }
}

const fn hears(requirement: &'static str, check: &'static str, what: &'static str, hear: fn(&mut Asked)) -> Lie {
    Lie { requirement, what, check, how: Lying::Hears(hear) }
}

const fn says(requirement: &'static str, check: &'static str, what: &'static str, say: fn(&Asked, &mut Said)) -> Lie {
    Lie { requirement, what, check, how: Lying::Says(say) }
}

const fn keeps(requirement: &'static str, check: &'static str, what: &'static str, keep: fn(&mut Vec<u8>)) -> Lie {
    Lie { requirement, what, check, how: Lying::Keeps(keep) }
}

const fn shows(requirement: &'static str, check: &'static str, what: &'static str, show: fn(&str, &mut Vec<u8>)) -> Lie {
    Lie { requirement, what, check, how: Lying::Shows(show) }
}

/// A page without every occurrence of a text.
fn without(path: &str, page: &str, bytes: &mut Vec<u8>, text: &str) {
    if path == page {
        *bytes = String::from_utf8_lossy(bytes).replace(text, "").into_bytes();
    }
}

/// Every lie.
pub fn lies() -> Vec<Lie> {
    [lists(), commands(), volumes(), fixtures(), players(), outcomes(), around(), demos(), pages()].into_iter().flatten().collect()
}

fn lists() -> Vec<Lie> {
    let (list, current) = ("list_tells_the_sessions", "current_is_now_playing");
    vec![
        says("NX_MEDIA-001", list, "tells of no duck", |asked, said| {
            misprints(asked, said, &["list"], "\"ducked\":true", "\"ducked\":false")
        }),
        says("NX_MEDIA-001", list, "does not print DUCKED", |asked, said| misprints(asked, said, &["list"], " DUCKED", "")),
        says("NX_MEDIA-001", list, "lists by number", |asked, said| {
            if asked.is(&["list"]) && !said.out.starts_with('{') {
                let mut lines: Vec<&str> = said.out.lines().collect();
                lines.sort_by_key(|line| line.trim_start_matches('*').split_whitespace().next().and_then(|sid| sid.parse::<u32>().ok()));
                said.out = lines.join("\n");
            }
        }),
        says("NX_MEDIA-001", list, "tells another position", |asked, said| {
            misprints(asked, said, &["list"], "\"position_ms\":59999", "\"position_ms\":60000")
        }),
        says("NX_MEDIA-002", current, "tells another session", |asked, said| {
            misprints(asked, said, &["current"], "\"sid\":1", "\"sid\":2")
        }),
        says("NX_MEDIA-002", current, "finds nothing and calls it success", |asked, said| {
            if asked.is(&["current"]) {
                said.code = Some(0);
            }
        }),
    ]
}

fn commands() -> Vec<Lie> {
    let (play, stop, seek, steps) = ("play_and_pause", "stop_tells_the_player", "seek_is_the_services", "tracks_and_handoff");
    vec![
        hears("NX_MEDIA-003", play, "says that it plays and does not", |asked| pretends(asked, &["play"], "nx: media play sid=1\n")),
        hears("NX_MEDIA-003", play, "lets another session play", |asked| mishears(asked, &["play", "1"], 2, "2")),
        hears("NX_MEDIA-004", play, "says that it pauses and does not", |asked| pretends(asked, &["pause"], "nx: media pause sid=1\n")),
        hears("NX_MEDIA-004", play, "stops where it should pause", |asked| mishears(asked, &["pause"], 1, "stop")),
        hears("NX_MEDIA-005", stop, "pauses where it should stop", |asked| mishears(asked, &["stop"], 1, "pause")),
        hears("NX_MEDIA-005", stop, "says that it stops and does not", |asked| pretends(asked, &["stop"], "nx: media stop sid=1\n")),
        hears("NX_MEDIA-006", seek, "clamps by itself, to a minute", |asked| {
            mishears(asked, &["seek", "30000"], 2, "30001");
        }),
        hears("NX_MEDIA-006", seek, "goes to the beginning", |asked| mishears(asked, &["seek"], 2, "0")),
        says("NX_MEDIA-006", seek, "calls what is unsupported a refusal", |_, said| {
            if said.code == Some(6) {
                said.code = Some(5);
            }
        }),
        hears("NX_MEDIA-007", steps, "takes next for prev", |asked| mishears(asked, &["next"], 1, "prev")),
        hears("NX_MEDIA-007", steps, "activates where it should accept", |asked| {
            if asked.is(&["accept"]) && asked.arguments.iter().all(|argument| argument != "--json") {
                asked.arguments[1] = "activate".to_owned();
                asked.arguments.insert(2, "3".to_owned());
            }
        }),
        hears("NX_MEDIA-007", steps, "says that it activates and does not", |asked| {
            pretends(asked, &["activate", "1"], "nx: media activate sid=1\n");
        }),
    ]
}

fn volumes() -> Vec<Lie> {
    let (volume, mute) = ("volume_of_app_and_session", "mute_restores_the_samples");
    vec![
        hears("NX_MEDIA-008", volume, "sets the session's volume in the place of the app's", |asked| {
            if asked.is(&["volume", "-6"]) {
                asked.arguments.push("--alone".to_owned());
            }
        }),
        hears("NX_MEDIA-008", volume, "rounds to half decibels", |asked| mishears(asked, &["volume", "3.14"], 2, "3.0")),
        hears("NX_MEDIA-008", volume, "takes what is too loud as the loudest", |asked| mishears(asked, &["volume", "12.01"], 2, "12")),
        hears("NX_MEDIA-009", mute, "does not mute", |asked| {
            if asked.is(&["mute"]) && asked.arguments.iter().all(|argument| argument != "--off") {
                asked.instead = Some(Said { code: Some(0), out: "nx: media mute sid=1\n".to_owned(), err: String::new() });
            }
        }),
        hears("NX_MEDIA-009", mute, "does not unmute", |asked| drops(asked, "--off")),
        keeps("NX_MEDIA-009", mute, "is softer once it was muted", |bytes| {
            if let Some(last) = bytes.chunks_mut(2).rev().find(|sample| sample.iter().any(|byte| *byte != 0)) {
                last[0] ^= 1;
            }
        }),
    ]
}

fn fixtures() -> Vec<Lie> {
    let (tone, load, metrics) = ("tone_is_the_models_file", "load_tells_the_fixture", "metrics_are_the_models");
    vec![
        hears("NX_MEDIA-010", tone, "writes a tone of one Hz more", |asked| mishears(asked, &["tone", "440", "300"], 2, "441")),
        keeps("NX_MEDIA-010", tone, "is one off in one bit", |bytes| bytes[60] ^= 1),
        says("NX_MEDIA-010", tone, "tells another hash", |asked, said| {
            misprints(asked, said, &["tone"], "\"sha256\":\"", "\"sha256\":\"0");
        }),
        hears("NX_MEDIA-010", tone, "writes what is out of range as what is within", |asked| {
            mishears(asked, &["tone", "24000"], 2, "23999");
        }),
        says("NX_MEDIA-011", load, "tells another peak", |asked, said| misprints(asked, said, &["load"], "\"peak\":[", "\"peak\":[1")),
        says("NX_MEDIA-011", load, "loads what is no fixture", |asked, said| {
            if asked.is(&["load"]) {
                said.code = Some(0);
            }
        }),
        keeps("NX_MEDIA-012", metrics, "exports another number", |bytes| {
            if let Some(digit) = bytes.iter_mut().rev().find(|byte| **byte == b'0') {
                *digit = b'1';
            }
        }),
        says("NX_MEDIA-012", metrics, "tells fewer lines than it exported", |asked, said| {
            misprints(asked, said, &["metrics", "--export"], "\"removed\":0", "\"removed\":1");
        }),
        says("NX_MEDIA-012", metrics, "tells no position", |asked, said| {
            misprints(asked, said, &["metrics"], "\"frames\":1920", "\"frames\":0");
        }),
        says("NX_MEDIA-012", metrics, "exports without /state", |asked, said| {
            if asked.is(&["metrics", "--export"]) {
                said.code = Some(0);
            }
        }),
    ]
}

fn players() -> Vec<Lie> {
    let (shown, keys) = ("player_shows_the_models_view", "player_keys_do_what_they_say");
    vec![
        says("NX_MEDIA-013", shown, "does not show DUCKED", |asked, said| misprints(asked, said, &["player"], "  DUCKED", "")),
        says("NX_MEDIA-013", shown, "tells of a duck that there is not", |asked, said| {
            misprints(asked, said, &["player"], "\"ducked\":false", "\"ducked\":true");
        }),
        says("NX_MEDIA-013", shown, "shows another session as the active one", |asked, said| {
            if asked.is(&["player", "--once"]) {
                said.out = said.out.replace(">*", "> ");
            }
        }),
        hears("NX_MEDIA-014", keys, "takes right for left", |asked| mishears(asked, &["player", "--press", "right"], 3, "left")),
        hears("NX_MEDIA-014", keys, "takes over what was not asked for", |asked| mishears(asked, &["player", "--press", "p"], 3, "t")),
        says("NX_MEDIA-014", keys, "prints no line of a command", |asked, said| {
            misprints(asked, said, &["player", "--press", "m"], "\"tray: mini-player control=mute\"", "");
        }),
        says("NX_MEDIA-014", keys, "calls a notification shown", |asked, said| {
            if asked.is(&["player", "--notify"]) {
                said.out = said.out.replace(" stub/placeholder", " ok");
            }
        }),
    ]
}

fn outcomes() -> Vec<Lie> {
    let (shim, markers) = ("the_shim_is_the_tool", "media_markers_and_envelope");
    let (codes, failures) = ("media_exit_codes_of_every_error", "media_failures_say_why");
    vec![
        says("NX_MEDIA-015", shim, "is a shim that swallows exit codes", |asked, said| {
            if asked.program == Program::Shim {
                said.code = said.code.map(|code| code.min(1));
            }
        }),
        hears("NX_MEDIA-015", shim, "is a shim that drops --json", |asked| {
            if asked.program == Program::Shim {
                drops(asked, "--json");
            }
        }),
        says("NX_MEDIA-016", markers, "prints its marker twice", |asked, said| {
            if asked.is(&["play"]) && !said.out.starts_with('{') {
                said.out.insert_str(0, "nx: media play sid=1\n");
            }
        }),
        says("NX_MEDIA-016", markers, "calls a failure ok", |_, said| said.out = said.out.replace("\"ok\":false", "\"ok\":true")),
        says("NX_MEDIA-016", markers, "tells another error", |_, said| said.out = said.out.replace("\"error\":", "\"error\":1")),
        says("NX_MEDIA-017", codes, "ends every failure with 1", |_, said| said.code = said.code.map(|code| code.min(1))),
        says("NX_MEDIA-017", codes, "calls what is unsupported a refusal", |_, said| {
            if said.code == Some(6) {
                said.code = Some(5);
            }
        }),
        says("NX_MEDIA-018", failures, "fails without a word", |_, said| said.err.clear()),
        says("NX_MEDIA-018", failures, "does not say how to start a service", |_, said| said.err = said.err.replace("nx audiod", "it")),
        hears("NX_MEDIA-018", failures, "sets the loudest volume where it refuses", |asked| {
            mishears(asked, &["volume", "1000"], 2, "12");
        }),
    ]
}

/// Changes the grant of nx that a service is started with.
fn grants(asked: &mut Asked, change: impl Fn(&str) -> String) {
    if asked.program == Program::Service {
        for argument in asked.arguments.iter_mut().filter(|argument| argument.starts_with("nx=")) {
            *argument = change(argument);
        }
    }
}

fn around() -> Vec<Lie> {
    let (rights, holds, refused) = ("media_without_a_capability", "configuration_holds", "configuration_is_refused");
    vec![
        hears("NX_MEDIA-019", rights, "lets anybody set volumes", |asked| {
            grants(asked, |grant| if grant.contains("volume") { grant.to_owned() } else { format!("{grant},media.volume.set") });
        }),
        hears("NX_MEDIA-019", rights, "lets nobody mute", |asked| grants(asked, |grant| grant.replace("media.mute.set,", ""))),
        says("NX_MEDIA-019", rights, "records another method", |_, said| {
            said.err = said.err.replace("mediasessd.set_app_volume", "mediasessd.set_volume");
        }),
        says("NX_MEDIA-020", refused, "starts with what breaks the schema", |asked, said| {
            if asked.arguments[0] == "audiod" {
                said.code = Some(0);
            }
        }),
        says("NX_MEDIA-020", refused, "does not name the place", |_, said| said.err = said.err.replace("/duck/duck_db", "something")),
        hears("NX_MEDIA-020", holds, "does not read its configuration", |asked| {
            if asked.program == Program::Service
                && let Some(place) = asked.arguments.iter().position(|argument| argument == "--media-config")
            {
                asked.arguments.drain(place..place + 2);
            }
        }),
    ]
}

fn demos() -> Vec<Lie> {
    let (follows, sent, two) = ("demo_follows_its_session", "demo_goes_on_where_it_is_sent", "two_demos_and_a_duck");
    vec![
        hears("NX_MEDIA-021", follows, "publishes no title", |asked| {
            if asked.program == Program::Wavplay {
                asked.arguments.iter_mut().filter(|argument| *argument == "Sunrise").for_each(String::clear);
            }
        }),
        says("NX_MEDIA-021", follows, "does not tell its session", |asked, said| {
            if asked.program == Program::Wavplay {
                said.out.clear();
            }
        }),
        says("NX_MEDIA-021", follows, "fails at its end", |asked, said| {
            if asked.program == Program::Wavplay {
                said.code = said.code.map(|_| 7);
            }
        }),
        hears("NX_MEDIA-021", sent, "stays where it is", |asked| {
            if asked.program == Program::Nx && matches!(asked.arguments.get(1).map(String::as_str), Some("seek" | "stop")) {
                asked.arguments = vec!["--help".to_owned()];
            }
        }),
        keeps("NX_MEDIA-021", sent, "leaves out its last block", |bytes| {
            if let Some(last) = bytes.rchunks_mut(1_920).find(|block| block.iter().any(|byte| *byte != 0)) {
                last.fill(0);
            }
        }),
        hears("NX_MEDIA-021", two, "publishes talk as music", |asked| {
            if asked.program == Program::Wavplay {
                asked.arguments.iter_mut().filter(|argument| *argument == "--class=comms").for_each(|class| "--class=ui".clone_into(class));
            }
        }),
    ]
}

fn pages() -> Vec<Lie> {
    let overview = "overview_has_the_table_of_focus";
    let (page, testing) = ("media_page_names_commands_keys_and_codes", "testing_page_names_profiles_and_markers");
    vec![
        shows("NX_MEDIA-022", overview, "comes with an overview without alarms", |path, bytes| {
            without(path, "implementation/services/OVERVIEW.md", bytes, "| alarm, gain |");
        }),
        shows("NX_MEDIA-022", overview, "comes with an overview with another depth", |path, bytes| {
            without(path, "implementation/services/OVERVIEW.md", bytes, "`duck_db` -6");
        }),
        shows("NX_MEDIA-023", page, "comes with a page without a command", |path, bytes| {
            without(path, "implementation/nx/MEDIA.md", bytes, "nx media player");
        }),
        shows("NX_MEDIA-023", page, "comes with a page without a key", |path, bytes| {
            without(path, "implementation/nx/MEDIA.md", bytes, "| M |");
        }),
        says("NX_MEDIA-023", page, "has a command that the page does not name", |asked, said| {
            misprints(asked, said, &["--help"], "Commands:\n", "Commands:\n  echo   Plays what it hears\n");
        }),
        shows("NX_MEDIA-024", testing, "comes with a page without a selftest", |path, bytes| {
            without(path, "qemu-runner/MARKERS.md", bytes, "SELFTEST: media duck ok");
        }),
        shows("NX_MEDIA-024", testing, "comes with a page without a profile", |path, bytes| {
            without(path, "qemu-runner/MARKERS.md", bytes, "--profile media-diskless");
        }),
    ]
}
