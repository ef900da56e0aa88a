//! How commands end: markers, envelope, exit codes, and what failures say.

use crate::commands::{Answering, Broken, Check, Fake, Held, Program, Said, Scene, Service};
use serde_json::{Value, json};
use spec::ErrorCode;
use spec::nx_audio::{
    NX_EXIT_DELEGATE_FAILURE, NX_EXIT_INTERNAL, NX_EXIT_MISSING_DEPENDENCY, NX_EXIT_SUCCESS, NX_EXIT_UNSUPPORTED, NX_EXIT_USAGE,
    NX_EXIT_VALIDATION_REJECT,
};

const ONE_TOOL: &str = "NX_AUDIO-001";
const LEVEL: &str = "NX_AUDIO-011";
const TONE: &str = "NX_AUDIO-012";
const RECORD: &str = "NX_AUDIO-013";
const ENVELOPE: &str = "NX_AUDIO-014";
const EXIT: &str = "NX_AUDIO-015";
const FAILURE: &str = "NX_AUDIO-016";

/// The classes of outcomes by their exit codes.
pub const CLASSES: [(u16, &str); 7] = [
    (NX_EXIT_SUCCESS, "success"),
    (NX_EXIT_USAGE, "usage"),
    (NX_EXIT_VALIDATION_REJECT, "validation_reject"),
    (NX_EXIT_MISSING_DEPENDENCY, "missing_dependency"),
    (NX_EXIT_DELEGATE_FAILURE, "delegate_failure"),
    (NX_EXIT_UNSUPPORTED, "unsupported"),
    (NX_EXIT_INTERNAL, "internal"),
];

pub fn checks() -> Vec<Check> {
    vec![
        Check { name: "one_tool", requirements: &[ONE_TOOL], own: false, run: one_tool },
        Check { name: "markers_after_the_deed", requirements: &[LEVEL, TONE, RECORD], own: false, run: markers },
        Check { name: "json_envelope", requirements: &[ENVELOPE], own: false, run: envelope },
        Check { name: "exit_codes_of_every_error", requirements: &[EXIT, ENVELOPE], own: false, run: exit_codes },
        Check { name: "failures_say_why", requirements: &[FAILURE], own: false, run: failures },
    ]
}

fn one_tool(scene: &Scene<'_>) -> Held {
    for arguments in [&["audio", "--help"][..], &["audio", "level", "--help"], &["audio", "record", "start", "--help"]] {
        scene.same(ONE_TOOL, &format!("the exit code of nx {}", arguments.join(" ")), scene.run(Program::Nx, arguments)?.code, Some(0))?;
    }
    let topics = scene.run(Program::Nx, &["--help"])?.out;
    scene.hold(ONE_TOOL, topics.lines().any(|line| line.split_whitespace().next() == Some("audio")), || {
        format!("nx has no topic audio: {topics}")
    })?;
    let others: Vec<String> = scene.installed()?.into_iter().filter(|name| name.replace('_', "-").starts_with("nx-audio")).collect();
    scene.same(ONE_TOOL, "programs beside nx that are called nx-audio", others, Vec::<String>::new())
}

/// A command that prints a marker.
fn marked(scene: &Scene<'_>, requirement: &'static str, said: &Said, marker: &str) -> Held {
    scene.hold(requirement, said.succeeded(), || format!("it failed: {said:?}"))?;
    scene.same(requirement, "the first line", said.first(), marker)?;
    scene.same(requirement, "how often the marker is printed", said.out.lines().filter(|line| line.starts_with("nx: audio")).count(), 1)
}

/// A refused command prints none.
fn unmarked(scene: &Scene<'_>, requirement: &'static str, said: &Said) -> Held {
    scene.hold(requirement, !said.succeeded(), || format!("it was not refused: {said:?}"))?;
    scene.hold(requirement, !said.out.contains("nx: audio"), || format!("a refused command printed a marker: {:?}", said.out))
}

fn markers(scene: &Scene<'_>) -> Held {
    let service = Service::start(scene)?;
    for (text, shown) in [("0.75", "0.75"), ("0", "0.00"), ("1", "1.00"), ("0.005", "0.01"), ("0.5", "0.50")] {
        marked(scene, LEVEL, &service.nx(&["level", text])?, &format!("nx: audio level={shown}"))?;
        scene.same(LEVEL, "the level after its marker", &service.data(LEVEL, &["info"])?["level"], shown)?;
    }
    unmarked(scene, LEVEL, &service.nx(&["level", "1.5"])?)?;
    marked(scene, RECORD, &service.nx(&["record", "start", "state:/audio/out.wav"])?, "nx: audio record start")?;
    scene.same(RECORD, "whether a recording is under way after the marker", &service.data(RECORD, &["info"])?["recording"], true)?;
    unmarked(scene, RECORD, &service.nx(&["record", "start", "state:/audio/out.wav"])?)?;
    for open in 1..3 {
        marked(scene, TONE, &service.nx(&["tone", "440", "60000"])?, "nx: audio tone 440ms=60000")?;
        scene.same(TONE, "open streams after the marker", &service.data(TONE, &["stats"])?["open_streams"], open)?;
    }
    marked(scene, TONE, &service.nx(&["tone", "440", "300"])?, "nx: audio tone 440ms=300")?;
    unmarked(scene, TONE, &service.nx(&["tone", "0", "300"])?)
}

/// The envelope that a command printed, which must be all that it printed.
fn read(scene: &Scene<'_>, said: &Said) -> Result<Value, Broken> {
    scene.same(ENVELOPE, "lines of standard output", said.out.lines().count(), 1)?;
    let envelope: Value = serde_json::from_str(&said.out).map_err(|error| Broken::of(ENVELOPE, format!("{error}: {:?}", said.out)))?;
    let fields = envelope.as_object().ok_or_else(|| Broken::of(ENVELOPE, "it is no object"))?;
    let names: Vec<&str> = fields.keys().map(String::as_str).filter(|name| *name != "data").collect();
    scene.same(ENVELOPE, "the fields, in the alphabet's order", names, ["class", "code", "message", "ok"])?;
    Ok(envelope)
}

/// Whether an envelope says of itself what its exit code says.
fn agrees(scene: &Scene<'_>, what: &str, said: &Said, expected: u16) -> Result<Value, Broken> {
    let envelope = read(scene, said)?;
    let class = CLASSES.iter().find(|(code, _)| *code == expected).map_or("", |(_, class)| *class);
    let got = (&envelope["ok"], &envelope["class"], &envelope["code"], said.code);
    let right = (&json!(expected == 0), &json!(class), &json!(expected), Some(i32::from(expected)));
    scene.same(ENVELOPE, &format!("ok, class, code and exit code of {what}"), got, right)?;
    let message = envelope["message"].as_str().unwrap_or_default();
    scene.hold(ENVELOPE, !message.is_empty(), || format!("{what} has no message"))?;
    Ok(envelope)
}

fn envelope(scene: &Scene<'_>) -> Held {
    let service = Service::start(scene)?;
    let done: [(&[&str], &str, &[&str]); 8] = [
        (&["info"], "nx: audio info", &["level", "rate_hz", "sink"]),
        (&["level", "0.75"], "nx: audio level=0.75", &["level", "muted"]),
        (&["level"], "nx: audio level=0.75", &["level", "muted"]),
        (&["tone", "440", "20"], "nx: audio tone 440ms=20", &["frames", "stream"]),
        (&["record", "start", "state:/a.wav"], "nx: audio record start", &["uri"]),
        (&["record", "stop"], "nx: audio record stop", &["bytes", "frames"]),
        (&["stats"], "nx: audio stats", &["open_streams", "ticks"]),
        (&["sink", "null"], "nx: audio info", &["sink"]),
    ];
    let json = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.push("--json");
        service.nx(&all)
    };
    for (command, marker, fields) in done {
        let envelope = agrees(scene, &command.join(" "), &json(command)?, NX_EXIT_SUCCESS)?;
        scene.same(ENVELOPE, "the message", &envelope["message"], marker)?;
        for field in fields {
            scene
                .hold(ENVELOPE, envelope["data"].get(field).is_some(), || format!("{} tells no {field}: {envelope}", command.join(" ")))?;
        }
    }
    let failing: [(&[&str], u16, Option<ErrorCode>); 7] = [
        (&["level", "1.5"], NX_EXIT_VALIDATION_REJECT, None),
        (&["tone", "0", "20"], NX_EXIT_VALIDATION_REJECT, Some(ErrorCode::OutOfRange)),
        (&["record", "start", "out.wav"], NX_EXIT_VALIDATION_REJECT, Some(ErrorCode::InvalidUri)),
        (&["record", "stop"], NX_EXIT_DELEGATE_FAILURE, Some(ErrorCode::NotRecording)),
        (&["sink", "i2s"], NX_EXIT_MISSING_DEPENDENCY, Some(ErrorCode::SinkUnavailable)),
        (&["sink", "elsewhere"], NX_EXIT_USAGE, None),
        (&["tone", "high", "20"], NX_EXIT_USAGE, None),
    ];
    for (command, code, error) in failing {
        let envelope = agrees(scene, &command.join(" "), &json(command)?, code)?;
        let expected = error.map(|error| json!({"error": error as u16}));
        scene.same(ENVELOPE, &format!("the data of {}", command.join(" ")), envelope.get("data"), expected.as_ref())?;
    }
    Ok(())
}

/// The exit code of an error of the service (NX_AUDIO-D3).
pub(in crate::contracts) fn exit_of(error: ErrorCode) -> u16 {
    const REJECTED: &[&str] = &[
        "out_of_range",
        "invalid_level",
        "invalid_level_text",
        "invalid_app",
        "invalid_uri",
        "malformed_setting",
        "invalid_setting",
        "unknown_setting",
        "oversized_input",
        "oversized_text",
        "oversized_list",
        "invalid_text",
        "misaligned",
        "unsupported_format",
        "malformed_wav",
        "truncated_wav",
        "unknown_media",
        "malformed_media",
        "truncated_media",
        "corrupt_pixels",
        "corrupt_checksum",
        "picture_too_large",
        "too_many_frames",
        "decoded_too_large",
        "expansion_too_large",
        "decode_memory_exceeded",
        "unsupported_media",
        "too_many_scans",
        "too_many_restarts",
        "part_header_too_large",
    ];
    match error.name() {
        name if REJECTED.contains(&name) => NX_EXIT_VALIDATION_REJECT,
        "state_unavailable" | "sink_unavailable" | "powerd_absent" => NX_EXIT_MISSING_DEPENDENCY,
        "not_seekable" | "unknown_call" | "unsupported_version" => NX_EXIT_UNSUPPORTED,
        _ => NX_EXIT_DELEGATE_FAILURE,
    }
}

fn exit_codes(scene: &Scene<'_>) -> Held {
    let path = scene.path("fake");
    let fake = Fake::start(&path)?;
    let socket = path.display().to_string();
    let ask = |more: &[&str]| {
        let mut all = vec!["audio", "stats", "--socket", &socket];
        all.extend(more);
        scene.run(Program::Nx, &all)
    };
    let exits =
        |what: &str, said: Said, expected: u16| scene.same(EXIT, &format!("the exit code of {what}"), said.code, Some(i32::from(expected)));
    for error in ErrorCode::ALL {
        fake.answers(Answering::Error(*error as u16));
        exits(error.name(), ask(&[])?, exit_of(*error))?;
    }
    // A newer service's, which nobody here knows.
    fake.answers(Answering::Error(u16::MAX));
    exits("an unknown error", ask(&[])?, NX_EXIT_DELEGATE_FAILURE)?;
    fake.answers(Answering::Error(ErrorCode::NotSeekable as u16));
    agrees(scene, "an error that says unsupported", &ask(&["--json"])?, NX_EXIT_UNSUPPORTED)?;
    fake.answers(Answering::Garbage);
    exits("garbage", ask(&[])?, NX_EXIT_INTERNAL)?;
    agrees(scene, "garbage", &ask(&["--json"])?, NX_EXIT_INTERNAL)?;
    fake.answers(Answering::Nothing);
    exits("a service that hangs up", ask(&[])?, NX_EXIT_MISSING_DEPENDENCY)?;
    drop(fake);
    exits("no service", ask(&[])?, NX_EXIT_MISSING_DEPENDENCY)?;
    let service = Service::start(scene)?;
    for (command, code) in [
        (&["stats"][..], NX_EXIT_SUCCESS),
        (&["--help"], NX_EXIT_SUCCESS),
        (&[], NX_EXIT_USAGE),
        (&["nonsense"], NX_EXIT_USAGE),
        (&["tone", "440"], NX_EXIT_USAGE),
        (&["level", "0.5", "--loud"], NX_EXIT_USAGE),
        (&["record", "pause"], NX_EXIT_USAGE),
    ] {
        exits(&command.join(" "), service.nx(command)?, code)?;
    }
    Ok(())
}

fn failures(scene: &Scene<'_>) -> Held {
    let service = Service::with(scene, false, &["--consent", "nx:audio.record"])?;
    for command in [
        &["level", "1.5"][..],
        &["tone", "0", "20"],
        &["record", "stop"],
        &["record", "start", "state:/a.wav"],
        &["sink", "i2s"],
        &["nonsense"],
    ] {
        let said = service.nx(command)?;
        scene.hold(FAILURE, said.code != Some(0) && !said.out.contains("nx: audio"), || format!("{}: {said:?}", command.join(" ")))?;
        scene.hold(FAILURE, !said.err.trim().is_empty(), || format!("{} does not say why: {said:?}", command.join(" ")))?;
    }
    let nowhere = scene.path("nowhere").display().to_string();
    for (program, arguments) in
        [(Program::Nx, &["audio", "stats"][..]), (Program::Nx, &["audio", "level", "0.75"]), (Program::Tonegen, &["440", "20"])]
    {
        let mut all = arguments.to_vec();
        all.extend(["--socket", &nowhere]);
        let said = scene.run(program, &all)?;
        scene.hold(FAILURE, said.code == Some(i32::from(NX_EXIT_MISSING_DEPENDENCY)) && said.out.is_empty(), || {
            format!("without a service: {said:?}")
        })?;
        let how = format!("nx audiod --socket {nowhere}");
        scene.hold(FAILURE, said.err.contains(&how), || format!("it does not say `{how}`: {:?}", said.err))?;
    }
    Ok(())
}
