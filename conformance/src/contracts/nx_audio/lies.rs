//! Programs that each break one requirement; every one must be caught.

use crate::commands::{Asked, Lie, Lying, Program, Said, sound};

/// What a program that only pretends says.
fn pretends(out: &str) -> Option<Said> {
    Some(Said { code: Some(0), out: out.to_owned(), err: String::new() })
}

/// Replaces an argument of a command.
fn mishears(asked: &mut Asked, words: &[&str], place: usize, instead: impl FnOnce(&str) -> String) {
    if asked.is(words)
        && let Some(argument) = asked.arguments.get_mut(place)
    {
        *argument = instead(argument);
    }
}

fn one_more(number: &str) -> String {
    number.parse().map_or_else(|_| number.to_owned(), |number: u32| (number + 1).to_string())
}

fn ten_less(number: &str) -> String {
    number.parse().map_or_else(|_| number.to_owned(), |number: u32| number.saturating_sub(10).max(number.min(1)).to_string())
}

fn drops(asked: &mut Asked, option: &str) {
    asked.arguments.retain(|argument| argument != option);
}

/// Replaces a text of what a command prints.
fn misprints(said: &mut Said, from: &str, to: &str) {
    said.out = said.out.replace(from, to);
}

/// Changes the grant that a service is started with.
fn grants(asked: &mut Asked, change: impl Fn(&str) -> String) {
    if asked.program == Program::Service
        && let Some(place) = asked.arguments.iter().position(|argument| argument == "--grant")
        && let Some(grant) = asked.arguments.get_mut(place + 1)
    {
        *grant = change(grant);
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
    [commands(), markers(), recordings(), demos(), rights(), pages()].into_iter().flatten().collect()
}

fn commands() -> Vec<Lie> {
    vec![
        Lie { requirement: "NX_AUDIO-001", what: "comes with a separate nx-audio", check: "one_tool", how: Lying::Installs("nx-audio") },
        says("NX_AUDIO-001", "one_tool", "has no topic audio", |asked, said| {
            if asked.arguments == ["--help"] {
                misprints(said, "audio ", "sound ");
            }
        }),
        says("NX_AUDIO-002", "info_tells_what_is", "tells another rate", |_, said| misprints(said, "48000", "44100")),
        says("NX_AUDIO-002", "info_tells_what_is", "tells of no recording", |_, said| {
            misprints(said, "\"recording\":true", "\"recording\":false")
        }),
        hears("NX_AUDIO-003", "level_sets_the_level", "sets half the level", |asked| {
            mishears(asked, &["level", "0.75"], 2, |_| "0.375".to_owned());
        }),
        hears("NX_AUDIO-003", "level_sets_the_level", "takes a level above 1 as 1", |asked| {
            mishears(asked, &["level", "1.5"], 2, |_| "1".to_owned());
        }),
        hears("NX_AUDIO-004", "mute_silences_and_unmute_restores", "does not mute", |asked| drops(asked, "--mute")),
        hears("NX_AUDIO-004", "mute_silences_and_unmute_restores", "mutes by setting the level to 0", |asked| {
            if asked.arguments.iter().any(|argument| argument == "--mute") {
                mishears(asked, &["level", "0.5"], 2, |_| "0".to_owned());
            }
        }),
        hears("NX_AUDIO-005", "mute_silences_and_unmute_restores", "does not unmute", |asked| drops(asked, "--unmute")),
        hears("NX_AUDIO-006", "tone_plays_exactly_that", "plays 10 ms less", |asked| mishears(asked, &["tone", "440"], 3, ten_less)),
        hears("NX_AUDIO-006", "tone_plays_exactly_that", "plays one Hz more", |asked| mishears(asked, &["tone", "440"], 2, one_more)),
        hears("NX_AUDIO-006", "tone_plays_exactly_that", "plays a tone out of range as one within", |asked| {
            mishears(asked, &["tone", "24000"], 2, |_| "23999".to_owned());
        }),
        says("NX_AUDIO-010", "stats_count", "never tells of an open stream", |_, said| {
            misprints(said, "\"open_streams\":1", "\"open_streams\":0")
        }),
        says("NX_AUDIO-010", "stats_count", "counts ten ticks for each", |_, said| misprints(said, "\"ticks\":", "\"ticks\":9")),
        says("NX_AUDIO-010", "stats_count", "tells no peak", |_, said| misprints(said, "\"peak\":[8231,8231]", "\"peak\":[8231,0]")),
    ]
}

fn markers() -> Vec<Lie> {
    let check = "markers_after_the_deed";
    vec![
        says("NX_AUDIO-011", check, "writes a colon into the level's marker", |_, said| misprints(said, "audio level=", "audio level:=")),
        says("NX_AUDIO-011", check, "shows the level with three decimals", |_, said| {
            misprints(said, "audio level=0.75", "audio level=0.750")
        }),
        hears("NX_AUDIO-011", check, "prints the level's marker without asking the service", |asked| {
            if asked.is(&["level", "0.75"]) {
                asked.instead = pretends("nx: audio level=0.75\n");
            }
        }),
        says("NX_AUDIO-012", check, "takes the tone's marker apart", |_, said| misprints(said, "440ms=", "440 ms=")),
        hears("NX_AUDIO-012", check, "prints the tone's marker without asking the service", |asked| {
            if asked.is(&["tone", "440", "60000"]) {
                asked.instead = pretends("nx: audio tone 440ms=60000\n");
            }
        }),
        says("NX_AUDIO-012", check, "prints the tone's marker where it is refused", |asked, said| {
            if asked.is(&["tone", "0"]) {
                said.out.push_str("nx: audio tone 0ms=300\n");
            }
        }),
        says("NX_AUDIO-013", check, "prints the recording's marker twice", |_, said| {
            misprints(said, "nx: audio record start\n", "nx: audio record start\nnx: audio record start\n");
        }),
        hears("NX_AUDIO-013", check, "prints the recording's marker without asking the service", |asked| {
            if asked.is(&["record", "start"]) {
                asked.instead = pretends("nx: audio record start\n");
            }
        }),
        says("NX_AUDIO-014", "json_envelope", "drops the envelope's data", |asked, said| {
            if asked.is(&["stats"])
                && let Some(at) = said.out.find("\"data\":")
            {
                let (before, data) = said.out.split_at(at);
                said.out = format!("{before}{}", data.split_once("},").map_or("", |(_, rest)| rest));
            }
        }),
        says("NX_AUDIO-014", "json_envelope", "calls a failure ok", |_, said| misprints(said, "\"ok\":false", "\"ok\":true")),
        says("NX_AUDIO-014", "json_envelope", "prints its marker beside the envelope", |_, said| said.out.insert_str(0, "nx: audio\n")),
        says("NX_AUDIO-014", "exit_codes_of_every_error", "tells another class than its exit code", |_, said| {
            misprints(said, "unsupported", "internal")
        }),
        says("NX_AUDIO-015", "exit_codes_of_every_error", "ends every failure with 1", |_, said| {
            said.code = said.code.map(|code| code.min(1))
        }),
        says("NX_AUDIO-015", "exit_codes_of_every_error", "calls what is unsupported a refusal", |_, said| {
            if said.code == Some(6) {
                said.code = Some(5);
            }
        }),
        says("NX_AUDIO-015", "exit_codes_of_every_error", "forgives a command that can't be understood", |_, said| {
            if said.code == Some(2) {
                said.code = Some(0);
            }
        }),
        says("NX_AUDIO-016", "failures_say_why", "does not say how to start a service", |_, said| {
            said.err = said.err.replace("nx audiod", "it")
        }),
        says("NX_AUDIO-016", "failures_say_why", "fails without a word", |_, said| said.err.clear()),
    ]
}

fn recordings() -> Vec<Lie> {
    vec![
        hears("NX_AUDIO-007", "record_starts_and_stops", "records to another file", |asked| {
            mishears(asked, &["record", "start", "state:/takes/one.wav"], 3, |_| "state:/takes/other.wav".to_owned());
        }),
        hears("NX_AUDIO-007", "recording_is_refused", "records without /state", |asked| {
            if asked.is(&["record", "start", "state:/audio/out.wav"]) {
                asked.instead = pretends("nx: audio record start\n");
            }
        }),
        keeps("NX_AUDIO-008", "record_starts_and_stops", "cuts the last block off", |bytes| bytes.truncate(bytes.len() - 1_920)),
        says("NX_AUDIO-008", "record_starts_and_stops", "tells another length than the file's", |asked, said| {
            if asked.is(&["record", "stop"]) {
                misprints(said, "\"bytes\":", "\"bytes\":1");
            }
        }),
        says("NX_AUDIO-008", "record_starts_and_stops", "stops what is not under way", |asked, said| {
            if asked.is(&["record", "stop"]) {
                said.code = Some(0);
            }
        }),
        keeps("NX_AUDIO-009", "recording_is_the_models_mix", "records silence", |bytes| {
            bytes.iter_mut().skip(44).for_each(|byte| *byte = 0)
        }),
        keeps("NX_AUDIO-009", "recording_is_the_models_mix", "is one off in the last sample's lowest bit", |bytes| {
            if let Some(low) = bytes.len().checked_sub(2).and_then(|place| bytes.get_mut(place)) {
                *low ^= 1;
            }
        }),
        hears("NX_AUDIO-009", "recording_is_the_models_mix", "records at full level", |asked| {
            mishears(asked, &["level", "0.5"], 2, |_| "1".to_owned());
        }),
    ]
}

/// A fixture that ends after as much as a ring holds, in place of the one that was asked for.
fn shortened(asked: &mut Asked) {
    let Some(at) = asked.arguments.iter().position(|argument| argument.starts_with("pkg://fixtures/")) else { return };
    let Some(folder) =
        asked.arguments.iter().position(|argument| argument == "--fixtures").and_then(|option| asked.arguments.get(option + 1))
    else {
        return;
    };
    let path = asked.arguments[at].replace("pkg://fixtures", folder);
    let short = asked.folder.join("short.wav");
    let pcm = std::fs::read(path).ok().and_then(|bytes| sound::samples(&bytes).ok()).unwrap_or_default();
    let kept = pcm.get(..4 * sound::BLOCK_SAMPLES).unwrap_or_default();
    if sound::file(kept).is_ok_and(|bytes| std::fs::write(&short, bytes).is_ok()) {
        asked.arguments[at] = short.display().to_string();
    }
}

fn demos() -> Vec<Lie> {
    vec![
        hears("NX_AUDIO-017", "tonegen_fills_its_stream", "fills its stream with one Hz more", |asked| {
            if asked.program == Program::Tonegen {
                asked.arguments[0] = one_more(&asked.arguments[0]);
            }
        }),
        hears("NX_AUDIO-017", "tonegen_fills_its_stream", "leaves out the last block", |asked| {
            if asked.program == Program::Tonegen {
                asked.arguments[1] = ten_less(&asked.arguments[1]);
            }
        }),
        hears("NX_AUDIO-017", "tonegen_fills_its_stream", "does nothing", |asked| {
            if asked.program == Program::Tonegen && asked.arguments[0] == "440" {
                asked.instead = pretends("");
            }
        }),
        hears("NX_AUDIO-018", "wavplay_plays_the_fixture", "plays another fixture", |asked| {
            if asked.program == Program::Wavplay {
                asked.arguments[0] = asked.arguments[0].replace("two_tones_at_half_level", "tone_440_hz_200_ms");
            }
        }),
        hears("NX_AUDIO-018", "wavplay_rejects_other_formats", "plays a file of another format somehow", |asked| {
            if asked.program == Program::Wavplay {
                asked.instead = pretends("");
            }
        }),
        hears("NX_AUDIO-019", "wavplay_plays_the_fixture", "stops when its ring is full", |asked| {
            if asked.program == Program::Wavplay {
                shortened(asked);
            }
        }),
        hears("NX_AUDIO-020", "fixtures_are_found", "does not know pkg://", |asked| {
            if asked.program == Program::Wavplay {
                asked.arguments[0] = asked.arguments[0].replace("pkg://fixtures/audio/", "audio/");
            }
        }),
        says("NX_AUDIO-020", "fixtures_are_found", "lets a fixture's name lead anywhere", |asked, said| {
            if asked.arguments.iter().any(|argument| argument.contains("/../")) {
                *said = Said { code: Some(0), ..Said::default() };
            }
        }),
        shows("NX_AUDIO-021", "fixtures_are_the_projects", "comes with a fixture of which one bit differs", |path, bytes| {
            if path == "goldens/audio/tone_440_hz_200_ms.wav" {
                bytes[20_000] ^= 1;
            }
        }),
        shows("NX_AUDIO-021", "fixtures_are_the_projects", "pins another hash", |path, bytes| {
            if path == "goldens/manifest.json" {
                *bytes = String::from_utf8_lossy(bytes)
                    .replace("\"audio/two_tones_at_half_level.wav\": \"", "\"audio/two_tones_at_half_level.wav\": \"0")
                    .into_bytes();
            }
        }),
    ]
}

fn rights() -> Vec<Lie> {
    vec![
        hears("NX_AUDIO-022", "without_a_capability", "denies nothing", |asked| {
            grants(asked, |_| "nx=audio.level.read,audio.level.set,audio.tone.play,audio.record".to_owned());
        }),
        hears("NX_AUDIO-022", "without_a_capability", "denies tones as well", |asked| {
            grants(asked, |grant| grant.replace(",audio.tone.play", ""));
        }),
        hears("NX_AUDIO-022", "demos_without_a_capability", "lets anybody control streams", |asked| {
            grants(
                asked,
                |grant| if grant.contains("audio.stream.control") { grant.to_owned() } else { format!("{grant},audio.stream.control") },
            );
        }),
        hears("NX_AUDIO-022", "without_consent", "records without consent", |asked| {
            if asked.program == Program::Service {
                asked.arguments.extend(["--consent".to_owned(), "nx:audio.record".to_owned()]);
            }
        }),
        says("NX_AUDIO-023", "without_consent", "keeps no record of a denial", |_, said| said.err = said.err.replace("audit: ", "")),
        says("NX_AUDIO-023", "without_a_capability", "records another method", |_, said| {
            said.err = said.err.replace("audiod.set_level", "audiod.get_level");
        }),
        says("NX_AUDIO-023", "demos_without_a_capability", "records another sender", |_, said| {
            said.err = said.err.replace("subject=0xf6738243f50a4b01", "subject=0x08b34407b558774b");
        }),
        says("NX_AUDIO-023", "without_consent", "gives another reason", |_, said| said.err = said.err.replace("reason=4", "reason=0")),
    ]
}

fn pages() -> Vec<Lie> {
    let (overview, page) = ("overview_names_services_and_methods", "page_names_commands_markers_and_codes");
    vec![
        shows("NX_AUDIO-024", overview, "comes with an overview without mediasessd", |path, bytes| {
            without(path, "implementation/services/OVERVIEW.md", bytes, "mediasessd");
        }),
        shows("NX_AUDIO-024", overview, "comes with an interface without a method", |path, bytes| {
            without(path, "spec/idl/README.md", bytes, "`sinkState`");
        }),
        shows("NX_AUDIO-025", page, "comes with a page without a command", |path, bytes| {
            without(path, "implementation/nx/AUDIO.md", bytes, "nx audio meters");
        }),
        shows("NX_AUDIO-025", page, "comes with a page without a marker", |path, bytes| {
            without(path, "implementation/nx/AUDIO.md", bytes, "nx: audio record start");
        }),
        shows("NX_AUDIO-025", page, "comes with a page without an exit code", |path, bytes| {
            without(path, "implementation/nx/AUDIO.md", bytes, "6 unsupported");
        }),
        says("NX_AUDIO-025", page, "has a command that the page does not name", |asked, said| {
            if asked.arguments == ["audio", "--help"] {
                misprints(said, "Commands:\n", "Commands:\n  echo   Plays what it hears\n");
            }
        }),
    ]
}
