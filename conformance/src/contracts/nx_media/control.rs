//! What is listed, and commands that play: list, current, play, pause, stop, seek, next, prev, activate, accept.

use super::stage::{Seen, Stage};
use crate::commands::{Check, Held, Scene};
use serde_json::{Value, json};
use spec::idl::{Call, Command, Gain, Mute};
use spec::media::Class;
use spec::media_config::{Limits, Values};
use spec::nx_audio::{NX_EXIT_DELEGATE_FAILURE, NX_EXIT_UNSUPPORTED, NX_EXIT_USAGE, NX_EXIT_VALIDATION_REJECT};

const LIST: &str = "NX_MEDIA-001";
const CURRENT: &str = "NX_MEDIA-002";
const PLAY: &str = "NX_MEDIA-003";
const PAUSE: &str = "NX_MEDIA-004";
const STOP: &str = "NX_MEDIA-005";
const SEEK: &str = "NX_MEDIA-006";
const STEPS: &str = "NX_MEDIA-007";

pub fn checks() -> Vec<Check> {
    vec![
        Check { name: "list_tells_the_sessions", requirements: &[LIST], own: false, run: list },
        Check { name: "current_is_now_playing", requirements: &[CURRENT], own: false, run: current },
        Check { name: "play_and_pause", requirements: &[PLAY, PAUSE], own: false, run: play },
        Check { name: "stop_tells_the_player", requirements: &[STOP], own: false, run: stop },
        Check { name: "seek_is_the_services", requirements: &[SEEK], own: false, run: seek },
        Check { name: "tracks_and_handoff", requirements: &[STEPS], own: false, run: steps },
    ]
}

/// A line of the list for people, words apart.
fn row(session: &Value) -> String {
    let text = |name: &str| session[name].as_str().unwrap_or_default();
    let is = |name: &str, shown: &str| if session[name] == true { format!(" {shown}") } else { String::new() };
    let seconds = session["position_ms"].as_u64().unwrap_or(0) / 1_000;
    let title = if text("title").is_empty() { String::new() } else { format!(" \"{}\"", text("title")) };
    let active = if session["active"] == true { "* " } else { "" };
    let flags = is("ducked", "DUCKED") + &is("muted", "MUTED") + &is("paused_by_focus", "waits");
    let (sid, state, class, app) = (&session["sid"], text("state"), text("class"), text("app"));
    format!("{active}{sid} {state} {class} {}:{:02} {app}{title}{flags}", seconds / 60, seconds % 60)
}

/// What list tells is what there is.
fn listed(stage: &Stage<'_>, seen: &Seen) -> Held {
    let told = seen.told();
    let data = stage.data(LIST, &["list"])?;
    stage.scene.same(LIST, "the sessions that list tells", &data["sessions"], &json!(told))?;
    let out = stage.service.media(&["list"])?.out;
    let rows: Vec<String> = out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    stage.scene.same(LIST, "the lines that list prints", rows, told.iter().map(row).collect::<Vec<_>>())
}

fn list(scene: &Scene<'_>) -> Held {
    let mut stage = Stage::start(scene)?;
    scene.same(LIST, "an empty list", stage.service.media(&["list"])?.out, "no sessions\n")?;
    let music = stage.session("com.example.music", Class::Music, true, "Lever du soleil à l'été")?;
    let ui = stage.session("A.ui", Class::Ui, false, "")?;
    let calls = stage.session("com.example.calls", Class::Comms, false, "")?;
    let more = stage.session("com.example.music", Class::Music, true, "Next")?;
    let clock = stage.session("clock", Class::Alarm, false, "Wake")?;
    for call in [
        Call::Play(music),
        Call::Play(calls),
        Call::Seek { session: music, ms: 59_999 },
        Call::SetSessionMuted(Mute { id: ui, muted: true }),
        Call::SetVolume(Gain { id: music, db_q8_8: -1_537 }),
        Call::SetAppVolume { app: "com.example.music".into(), db_q8_8: -24_576 },
        Call::SetActive(more),
        Call::Play(clock),
        Call::PauseSession(clock),
        Call::Withdraw(calls),
    ] {
        let what = format!("{call:?}");
        stage.both(call)?;
        let seen = stage.agree(LIST, &what)?;
        listed(&stage, &seen)?;
    }
    Ok(())
}

fn current(scene: &Scene<'_>) -> Held {
    let mut stage = Stage::start(scene)?;
    stage.refused(CURRENT, &["current"], None, NX_EXIT_VALIDATION_REJECT)?;
    stage.refused(CURRENT, &["play"], None, NX_EXIT_VALIDATION_REJECT)?;
    let one = stage.session("one", Class::Music, true, "One")?;
    let two = stage.session("two", Class::Music, true, "Two")?;
    for call in [Call::Play(one), Call::SetActive(two), Call::Withdraw(two)] {
        let what = format!("{call:?}");
        stage.both(call)?;
        let seen = stage.agree(CURRENT, &what)?;
        let now = seen.told().into_iter().find(|session| session["active"] == true);
        scene.same(CURRENT, &format!("what current tells after {what}"), Some(stage.data(CURRENT, &["current"])?), now)?;
        let first = stage.service.media(&["current"])?;
        scene.same(CURRENT, "the first line of current", first.first(), format!("nx: media current sid={}", seen.active))?;
    }
    Ok(())
}

fn play(scene: &Scene<'_>) -> Held {
    let mut stage = Stage::start(scene)?;
    let music = stage.session("music", Class::Music, true, "Music")?;
    let calls = stage.session("calls", Class::Comms, true, "Call")?;
    let clock = stage.session("clock", Class::Alarm, true, "Wake")?;
    let name = music.to_string();
    stage.does(PLAY, &["play", &name], &[Call::Play(music)])?;
    // The one that is now playing, without a number.
    stage.does(PLAY, &["activate", &calls.to_string()], &[Call::SetActive(calls)])?;
    stage.does(PLAY, &["play"], &[Call::Play(calls)])?;
    stage.does(PAUSE, &["pause"], &[Call::PauseSession(calls)])?;
    stage.does(PLAY, &["play", &clock.to_string()], &[Call::Play(clock)])?;
    // The alarm pauses the music, which waits; the user's pause ends its waiting.
    stage.does(PAUSE, &["pause", &name], &[Call::PauseSession(music)])?;
    stage.does(PAUSE, &["pause", &clock.to_string()], &[Call::PauseSession(clock)])?;
    let seen = stage.agree(PAUSE, "the alarm's end")?;
    let playing = |seen: &Seen, sid| seen.of(sid).is_some_and(|session| session.entry.playing);
    scene.hold(PAUSE, !playing(&seen, music), || "a pause of the user's was undone by the auto-resume".to_owned())?;
    let at = seen.of(music).map(|session| session.entry.position_ms);
    scene.same(PAUSE, "the position that the pause kept, of four blocks", at, Some(40))?;
    // Without the pause it resumes.
    stage.does(PLAY, &["play", &name], &[Call::Play(music)])?;
    stage.does(PLAY, &["play", &clock.to_string()], &[Call::Play(clock)])?;
    stage.both(Call::Withdraw(clock))?;
    let seen = stage.agree(PLAY, "the alarm's withdrawal")?;
    scene.hold(PLAY, playing(&seen, music), || "the music does not resume after the alarm".to_owned())?;
    stage.refused(PLAY, &["play", "99"], Some(Call::Play(99)), NX_EXIT_DELEGATE_FAILURE)?;
    stage.refused(PAUSE, &["pause", "99"], Some(Call::PauseSession(99)), NX_EXIT_DELEGATE_FAILURE)
}

/// A service whose players have room for two commands.
fn two_commands<'a>(scene: &'a Scene<'a>) -> Result<Stage<'a>, crate::commands::Broken> {
    let file = scene.path("media.json");
    std::fs::write(&file, r#"{"limits":{"queued_events":2}}"#).map_err(|error| crate::commands::Broken::other(error.to_string()))?;
    let values = Values::default();
    let values = Values { limits: Limits { queued_events: 2, ..values.limits }, ..values };
    Stage::with(scene, true, &["--media-config", &file.display().to_string()], values)
}

fn stop(scene: &Scene<'_>) -> Held {
    let mut stage = two_commands(scene)?;
    let sid = stage.session("music", Class::Music, true, "Music")?;
    let stops = [Call::Command { session: sid, command: Command::Stop }, Call::StopSession(sid)];
    stage.does(STOP, &["play"], &[Call::Play(sid)])?;
    stage.does(STOP, &["stop"], &stops)?;
    stage.both(Call::TakeCommands(sid))?;
    stage.both(Call::Play(sid))?;
    stage.does(STOP, &["stop", &sid.to_string()], &stops)?;
    stage.does(STOP, &["play"], &[Call::Play(sid)])?;
    stage.does(STOP, &["next"], &[Call::Command { session: sid, command: Command::Next }])?;
    // The player's queue is full: nothing is stopped.
    stage.refused(STOP, &["stop"], Some(stops[0].clone()), NX_EXIT_DELEGATE_FAILURE)
}

fn seek(scene: &Scene<'_>) -> Held {
    let mut stage = two_commands(scene)?;
    let film = stage.session("film", Class::Music, true, "Film")?;
    let radio = stage.session("radio", Class::Music, false, "Radio")?;
    let name = film.to_string();
    for ms in [60_000, 60_001, u64::MAX, 30_000, 0] {
        stage.does(SEEK, &["seek", &ms.to_string(), &name], &[Call::Seek { session: film, ms }])?;
        stage.both(Call::TakeCommands(film))?;
    }
    stage.does(SEEK, &["activate", &name], &[Call::SetActive(film)])?;
    stage.does(SEEK, &["play"], &[Call::Play(film)])?;
    stage.does(SEEK, &["seek", "1234"], &[Call::Seek { session: film, ms: 1_234 }])?;
    stage.does(SEEK, &["seek", "5678"], &[Call::Seek { session: film, ms: 5_678 }])?;
    stage.refused(SEEK, &["seek", "9"], Some(Call::Seek { session: film, ms: 9 }), NX_EXIT_DELEGATE_FAILURE)?;
    let to_radio = ["seek", "5000", &radio.to_string()];
    stage.refused(SEEK, &to_radio, Some(Call::Seek { session: radio, ms: 5_000 }), NX_EXIT_UNSUPPORTED)?;
    stage.refused(SEEK, &["seek", "half"], None, NX_EXIT_USAGE)
}

fn steps(scene: &Scene<'_>) -> Held {
    let mut stage = Stage::start(scene)?;
    let one = stage.session("one", Class::Music, true, "One")?;
    let two = stage.session("two", Class::Comms, true, "Two")?;
    let asks = |session, command| [Call::Command { session, command }];
    stage.does(STEPS, &["next", &one.to_string()], &asks(one, Command::Next))?;
    stage.does(STEPS, &["prev", &one.to_string()], &asks(one, Command::Prev))?;
    stage.does(STEPS, &["next"], &asks(two, Command::Next))?;
    for sid in [one, two] {
        let taken = stage.both(Call::TakeCommands(sid));
        scene.hold(STEPS, taken.is_ok(), || format!("what the player of {sid} is asked: {taken:?}"))?;
    }
    stage.refused(STEPS, &["accept"], None, NX_EXIT_VALIDATION_REJECT)?;
    stage.does(STEPS, &["activate", &one.to_string()], &[Call::SetActive(one)])?;
    stage.does(STEPS, &["play"], &[Call::Play(one)])?;
    let three = stage.session("three", Class::Music, true, "Three")?;
    stage.refused(STEPS, &["accept", &two.to_string()], Some(Call::AcceptHandoff(two)), NX_EXIT_DELEGATE_FAILURE)?;
    stage.does(STEPS, &["accept"], &[Call::AcceptHandoff(three)])?;
    stage.refused(STEPS, &["activate", "99"], Some(Call::SetActive(99)), NX_EXIT_DELEGATE_FAILURE)
}
