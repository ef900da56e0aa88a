//! The configuration of the media services: what a file sets holds, and what breaks the schema is refused.

use super::stage::Stage;
use crate::commands::{Broken, Check, Held, Program, Scene};
use spec::ErrorCode;
use spec::idl::{Answer, Call};
use spec::media::Class;
use spec::media_config::{Duck, Focus, Limits, Values};
use spec::nx_audio::NX_EXIT_USAGE;
use std::path::PathBuf;

const CONFIG: &str = "NX_MEDIA-020";

pub fn checks() -> Vec<Check> {
    vec![
        Check { name: "configuration_holds", requirements: &[CONFIG], own: false, run: holds },
        Check { name: "configuration_is_refused", requirements: &[CONFIG], own: false, run: refused },
    ]
}

fn file(scene: &Scene<'_>, text: &str) -> Result<PathBuf, Broken> {
    let path = scene.path("media.json");
    std::fs::write(&path, text).map_err(|error| Broken::other(error.to_string()))?;
    Ok(path)
}

fn holds(scene: &Scene<'_>) -> Held {
    let path =
        file(scene, r#"{"duck":{"duck_db":-12,"duck_db_ui":-9,"ramp_ms":0},"focus":{"auto_resume":false},"limits":{"sessions":3}}"#)?;
    let values = Values::default();
    let values = Values {
        duck: Duck { duck_db: -12, duck_db_ui: -9, ramp_ms: 0 },
        focus: Focus { auto_resume: false },
        limits: Limits { sessions: 3, ..values.limits },
        ..values
    };
    let mut stage = Stage::with(scene, true, &["--media-config", &path.display().to_string()], values)?;
    let music = stage.session("music", Class::Music, true, "One")?;
    let calls = stage.session("calls", Class::Comms, true, "Call")?;
    let clock = stage.session("clock", Class::Alarm, true, "Wake")?;
    let play = |sid: u32| sid.to_string();
    stage.does(CONFIG, &["play", &play(music)], &[Call::Play(music)])?;
    stage.does(CONFIG, &["play", &play(calls)], &[Call::Play(calls)])?;
    let data = stage.data(CONFIG, &["list"])?;
    let lowered: Vec<&str> = data["sessions"].as_array().into_iter().flatten().filter_map(|session| session["duck_db"].as_str()).collect();
    scene.hold(CONFIG, lowered.contains(&"-12.00"), || format!("nothing is lowered by 12 dB: {lowered:?}"))?;
    // Without auto-resume nothing waits for the alarm's end.
    stage.does(CONFIG, &["play", &play(clock)], &[Call::Play(clock)])?;
    stage.does(CONFIG, &["pause", &play(clock)], &[Call::PauseSession(clock)])?;
    stage.both(Call::OpenStream("more".into()))?;
    let more = stage.call(Call::Publish { app: "more".into(), stream: 4, class: Class::Music, seekable: true })?;
    let full = matches!(more, Answer::Error { code, .. } if code == ErrorCode::TooManySessions as u16);
    scene.hold(CONFIG, full, || format!("a fourth session of three: {more:?}"))?;
    stage.agree(CONFIG, "a session that was refused").map(drop)
}

fn refused(scene: &Scene<'_>) -> Held {
    for (text, named) in [
        (r#"{"duck":{"duck_db":-97}}"#, &["/duck/duck_db", "-97", "-96"][..]),
        (r#"{"limits":{"sessions":17}}"#, &["/limits/sessions", "17", "16"]),
        (r#"{"focus":{"auto_resume":1}}"#, &["/focus/auto_resume"]),
        (r#"{"volume":{}}"#, &["volume"]),
        (r#"{"duck":"#, &[]),
    ] {
        let path = file(scene, text)?.display().to_string();
        let socket = scene.path("socket");
        let said = scene.run(Program::Nx, &["audiod", "--socket", &socket.display().to_string(), "--media-config", &path])?;
        scene.same(CONFIG, &format!("the exit code with {text}"), said.code, Some(i32::from(NX_EXIT_USAGE)))?;
        scene.hold(CONFIG, !socket.exists(), || format!("the service listened with {text}"))?;
        for word in named.iter().chain([&path.as_str()]) {
            scene.hold(CONFIG, said.err.contains(word), || format!("what is wrong with {text} does not name {word}: {}", said.err))?;
        }
    }
    let nowhere = scene.path("nowhere").display().to_string();
    let said = scene.run(Program::Nx, &["audiod", "--media-config", &nowhere])?;
    scene.same(CONFIG, "the exit code without a file", said.code, Some(i32::from(NX_EXIT_USAGE)))
}
