//! How commands end: the shim, markers, envelope, exit codes, and what failures say.

use super::stage::Stage;
use crate::commands::{Answering, Check, Fake, Held, Program, Said, Scene, Service};
use crate::contracts::nx_audio::outcome::{CLASSES, exit_of};
use serde_json::{Value, json};
use spec::ErrorCode;
use spec::idl::Call;
use spec::media::Class;
use spec::nx_audio::{
    NX_EXIT_DELEGATE_FAILURE, NX_EXIT_INTERNAL, NX_EXIT_MISSING_DEPENDENCY, NX_EXIT_SUCCESS, NX_EXIT_UNSUPPORTED, NX_EXIT_USAGE,
    NX_EXIT_VALIDATION_REJECT,
};

const SHIM: &str = "NX_MEDIA-015";
const SAYS: &str = "NX_MEDIA-016";
const EXIT: &str = "NX_MEDIA-017";
const FAILURE: &str = "NX_MEDIA-018";

pub fn checks() -> Vec<Check> {
    vec![
        Check { name: "the_shim_is_the_tool", requirements: &[SHIM], own: false, run: shim },
        Check { name: "media_markers_and_envelope", requirements: &[SAYS], own: false, run: says },
        Check { name: "media_exit_codes_of_every_error", requirements: &[EXIT], own: false, run: exit_codes },
        Check { name: "media_failures_say_why", requirements: &[FAILURE], own: false, run: failures },
    ]
}

fn shim(scene: &Scene<'_>) -> Held {
    let programs = scene.installed()?;
    scene.hold(SHIM, programs.iter().any(|name| name == "nx-media"), || "there is no nx-media beside nx".to_owned())?;
    let mut stage = Stage::start(scene)?;
    stage.session("music", Class::Music, true, "One")?;
    stage.session("radio", Class::Music, false, "")?;
    for arguments in [
        &["list"][..],
        &["list", "--json"],
        &["current"],
        &["player"],
        &["play", "99"],
        &["seek", "5", "2"],
        &["seek", "5", "2", "--json"],
        &["volume", "13"],
        &["volume", "-6", "1", "--json"],
        &["nonsense"],
        &[],
        &["--help"],
        &["load", "pkg://fixtures/../x"],
    ] {
        let (tool, short) = (stage.service.media(arguments)?, stage.service.run(Program::Shim, arguments)?);
        scene.same(SHIM, &format!("nx-media {}", arguments.join(" ")), short, tool)?;
    }
    Ok(())
}

/// Whether an envelope agrees with itself and the exit code.
fn enveloped(scene: &Scene<'_>, requirement: &'static str, what: &str, said: &Said, exit: u16) -> Result<Value, crate::commands::Broken> {
    let envelope: Value = serde_json::from_str(&said.out).unwrap_or_default();
    let class = CLASSES.iter().find(|(code, _)| *code == exit).map_or("", |(_, class)| *class);
    let got = (said.code, said.out.lines().count(), &envelope["ok"], &envelope["class"], &envelope["code"]);
    let right = (Some(i32::from(exit)), 1, &json!(exit == 0), &json!(class), &json!(exit));
    scene.same(requirement, &format!("exit code, lines, ok, class and code of {what}"), got, right)?;
    Ok(envelope)
}

fn says(scene: &Scene<'_>) -> Held {
    let mut stage = Stage::start(scene)?;
    stage.session("music", Class::Music, true, "One")?;
    let file = scene.path("tone.wav").display().to_string();
    let done: [(&[&str], &str); 18] = [
        (&["current"], "nx: media current sid=1"),
        (&["play"], "nx: media play sid=1"),
        (&["pause", "1"], "nx: media pause sid=1"),
        (&["stop"], "nx: media stop sid=1"),
        (&["seek", "10"], "nx: media seek sid=1"),
        (&["next"], "nx: media next sid=1"),
        (&["prev"], "nx: media prev sid=1"),
        (&["activate", "1"], "nx: media activate sid=1"),
        (&["volume", "-6"], "nx: media volume sid=1"),
        (&["volume", "-6", "--alone"], "nx: media volume sid=1"),
        (&["volume", "-6", "--app", "music"], "nx: media volume app=music"),
        (&["mute"], "nx: media mute sid=1"),
        (&["mute", "--off"], "nx: media mute sid=1"),
        (&["mute", "--app", "music", "--off"], "nx: media mute app=music"),
        (&["metrics"], "nx: media metrics"),
        (&["metrics", "--export"], "nx: media metrics export"),
        (&["tone", "440", "20", "--out", &file], "nx: media tone hz=440 ms=20"),
        (&["load", &file], "nx: media load frames=960"),
    ];
    for (command, marker) in done {
        let what = command.join(" ");
        let said = stage.service.media(command)?;
        scene.same(SAYS, &format!("the first line of {what}"), (said.code, said.first()), (Some(0), marker))?;
        let markers = said.out.lines().filter(|line| line.starts_with("nx: media")).count();
        scene.same(SAYS, &format!("how often {what} prints its marker"), markers, 1)?;
        let mut all = command.to_vec();
        all.push("--json");
        let envelope = enveloped(scene, SAYS, &what, &stage.service.media(&all)?, NX_EXIT_SUCCESS)?;
        scene.same(SAYS, &format!("the message of {what}"), &envelope["message"], marker)?;
        scene.hold(SAYS, envelope["data"].is_object(), || format!("{what} tells no data: {envelope}"))?;
    }
    let failing: [(&[&str], u16, Option<ErrorCode>); 6] = [
        (&["play", "99"], NX_EXIT_DELEGATE_FAILURE, Some(ErrorCode::UnknownSession)),
        (&["volume", "13"], NX_EXIT_VALIDATION_REJECT, Some(ErrorCode::OutOfRange)),
        (&["volume", "1", "--app", "no app"], NX_EXIT_VALIDATION_REJECT, Some(ErrorCode::InvalidApp)),
        (&["player", "--notify"], NX_EXIT_DELEGATE_FAILURE, Some(ErrorCode::NotificationsGated)),
        (&["accept"], NX_EXIT_VALIDATION_REJECT, None),
        (&["seek", "far"], NX_EXIT_USAGE, None),
    ];
    for (command, exit, error) in failing {
        let mut all = command.to_vec();
        all.push("--json");
        let envelope = enveloped(scene, SAYS, &command.join(" "), &stage.service.media(&all)?, exit)?;
        let expected = error.map(|error| json!({"error": error as u16}));
        scene.same(SAYS, &format!("the data of {}", command.join(" ")), envelope.get("data"), expected.as_ref())?;
        scene.hold(SAYS, envelope["message"].as_str().is_some_and(|why| !why.is_empty()), || "it has no message".to_owned())?;
    }
    Ok(())
}

fn exit_codes(scene: &Scene<'_>) -> Held {
    let path = scene.path("fake");
    let fake = Fake::start(&path)?;
    let socket = path.display().to_string();
    let ask = |command: &[&str]| {
        let mut all = vec!["media"];
        all.extend(command);
        all.extend(["--socket", &socket]);
        scene.run(Program::Nx, &all)
    };
    let exits =
        |what: &str, said: Said, expected: u16| scene.same(EXIT, &format!("the exit code of {what}"), said.code, Some(i32::from(expected)));
    for error in ErrorCode::ALL {
        fake.answers(Answering::Error(*error as u16));
        exits(error.name(), ask(&["list"])?, exit_of(*error))?;
    }
    fake.answers(Answering::Error(ErrorCode::NotSeekable as u16));
    for command in [&["player"][..], &["seek", "5", "1"], &["metrics", "--export"], &["volume", "0", "--app", "a"], &["stop", "1"]] {
        exits(&command.join(" "), ask(command)?, NX_EXIT_UNSUPPORTED)?;
    }
    fake.answers(Answering::Garbage);
    exits("garbage", ask(&["list"])?, NX_EXIT_INTERNAL)?;
    fake.answers(Answering::Nothing);
    exits("a service that hangs up", ask(&["player"])?, NX_EXIT_MISSING_DEPENDENCY)?;
    drop(fake);
    exits("no service", ask(&["list"])?, NX_EXIT_MISSING_DEPENDENCY)?;
    let service = Service::start(scene)?;
    for (command, code) in [
        (&["list"][..], NX_EXIT_SUCCESS),
        (&["--help"], NX_EXIT_SUCCESS),
        (&["player", "--help"], NX_EXIT_SUCCESS),
        (&[], NX_EXIT_USAGE),
        (&["nonsense"], NX_EXIT_USAGE),
        (&["seek"], NX_EXIT_USAGE),
        (&["mute", "1", "--app", "a"], NX_EXIT_USAGE),
        (&["play", "-1"], NX_EXIT_USAGE),
    ] {
        exits(&command.join(" "), service.media(command)?, code)?;
    }
    Ok(())
}

fn failures(scene: &Scene<'_>) -> Held {
    let mut stage = Stage::start(scene)?;
    stage.session("radio", Class::Music, false, "")?;
    stage.both(Call::Play(1))?;
    let before = stage.agree(FAILURE, "a session that plays")?;
    for command in [
        &["play", "99"][..],
        &["seek", "5"],
        &["volume", "13"],
        &["volume", "1000"],
        &["mute", "99"],
        &["accept"],
        &["nonsense"],
        &["tone", "0", "1", "--out", "x.wav"],
        &["load", "nowhere.wav"],
    ] {
        let (said, what) = (stage.service.media(command)?, command.join(" "));
        scene.hold(FAILURE, said.code != Some(0) && !said.out.contains("nx: media"), || format!("{what}: {said:?}"))?;
        scene.hold(FAILURE, !said.err.trim().is_empty(), || format!("{what} does not say why: {said:?}"))?;
        scene.same(FAILURE, &format!("the sessions after {what}"), &stage.agree(FAILURE, &what)?, &before)?;
    }
    let nowhere = scene.path("nowhere").display().to_string();
    for command in [&["list"][..], &["play", "1"], &["player"]] {
        let mut all = vec!["media"];
        all.extend(command);
        all.extend(["--socket", &nowhere]);
        let said = scene.run(Program::Nx, &all)?;
        let how = format!("nx audiod --socket {nowhere}");
        let right = said.code == Some(i32::from(NX_EXIT_MISSING_DEPENDENCY)) && said.out.is_empty() && said.err.contains(&how);
        scene.hold(FAILURE, right, || format!("without a service it does not say `{how}`: {said:?}"))?;
    }
    Ok(())
}
