//! The demo that publishes a session: it follows what others ask of it.

use super::stage::Stage;
use crate::commands::sound::{self, BLOCK_SAMPLES};
use crate::commands::{Broken, Check, Held, Player, Scene};
use serde_json::{Value, json};
use spec::audiod::pattern;
use spec::format::BLOCK_FRAMES;

const DEMO: &str = "NX_MEDIA-021";

/// What it is told to publish.
const ONE: [&str; 8] = ["--session", "--title", "Sunrise", "--artist", "The Band", "--app", "com.example.music", "--class=music"];
const TWO: [&str; 4] = ["--session", "--class=comms", "--title=Call", "--app=com.example.calls"];

pub fn checks() -> Vec<Check> {
    vec![
        Check { name: "demo_follows_its_session", requirements: &[DEMO], own: false, run: follows },
        Check { name: "demo_goes_on_where_it_is_sent", requirements: &[DEMO], own: false, run: sent },
        Check { name: "two_demos_and_a_duck", requirements: &[DEMO], own: false, run: two },
    ]
}

/// A file of so many frames, and its samples.
fn file(scene: &Scene<'_>, frames: u32) -> Result<(String, Vec<i16>), Broken> {
    let (path, pcm) = (scene.path("track.wav"), pattern(6, frames));
    std::fs::write(&path, sound::file(&pcm)?).map_err(|error| Broken::other(error.to_string()))?;
    Ok((path.display().to_string(), pcm))
}

/// Starts the demo and waits until its session is there.
fn start<'a>(stage: &Stage<'a>, arguments: &[&str], file: &str, line: &str) -> Result<Player<'a>, Broken> {
    let mut all = arguments.to_vec();
    all.push(file);
    let mut player = Player::start(stage.scene, &stage.service, &all)?;
    stage.scene.until(DEMO, &format!("the demo says {line:?}"), || Ok(player.said()?.out.lines().next() == Some(line)))?;
    Ok(player)
}

fn session(stage: &Stage<'_>, sid: u32) -> Result<Value, Broken> {
    let data = stage.data(DEMO, &["list"])?;
    Ok(data["sessions"].as_array().into_iter().flatten().find(|session| session["sid"] == sid).cloned().unwrap_or_default())
}

fn does(stage: &Stage<'_>, arguments: &[&str]) -> Held {
    let said = stage.service.media(arguments)?;
    stage.scene.hold(DEMO, said.succeeded(), || format!("nx media {}: {said:?}", arguments.join(" ")))
}

/// Waits until the demo has ended well and left nothing.
fn ended(stage: &Stage<'_>, mut player: Player<'_>) -> Held {
    stage.scene.until(DEMO, "the demo ends", || Ok(player.said()?.code.is_some()))?;
    let said = player.said()?;
    stage.scene.same(DEMO, &format!("the exit code of the demo, which said {:?}", said.err), said.code, Some(0))?;
    stage.scene.same(DEMO, "the sessions that it left", stage.data(DEMO, &["list"])?, json!({"sessions": []}))?;
    stage.service.idle(DEMO)
}

fn follows(scene: &Scene<'_>) -> Held {
    let stage = Stage::start(scene)?;
    let (path, _) = file(scene, 96_000)?;
    let player = start(&stage, &ONE, &path, "wavplay: session sid=1 class=music")?;
    let published = session(&stage, 1)?;
    for (name, value) in [
        ("app", json!("com.example.music")),
        ("class", json!("music")),
        ("title", json!("Sunrise")),
        ("artist", json!("The Band")),
        ("duration_ms", json!(2_000)),
        ("position_ms", json!(0)),
        ("state", json!("paused")),
        ("seekable", json!(true)),
    ] {
        scene.same(DEMO, &format!("the {name} of the session"), &published[name], &value)?;
    }
    let position = |stage: &Stage<'_>| Ok(session(stage, 1)?["position_ms"].as_u64().unwrap_or(0));
    does(&stage, &["play", "1"])?;
    // More than its ring held at first: it plays on.
    scene.until(DEMO, "the session's position passes its first ring", || Ok(position(&stage)? > 60))?;
    does(&stage, &["pause", "1"])?;
    let (paused, block) = (position(&stage)?, || Ok(stage.data(DEMO, &["metrics"])?["block"].as_u64().unwrap_or(0)));
    let now = block()?;
    scene.until(DEMO, "blocks advance", || Ok(block()? > now + 5))?;
    scene.same(DEMO, "the position of a paused session", position(&stage)?, paused)?;
    does(&stage, &["next", "1"])?;
    ended(&stage, player)
}

/// What is heard of a file where it goes on after its first ring so many blocks behind a place.
fn heard(pcm: &[i16], ring: usize, from: usize) -> Vec<i16> {
    [&pcm[..ring], &pcm[(from * 2).min(pcm.len())..]].concat()
}

fn sent(scene: &Scene<'_>) -> Held {
    let mut stage = Stage::start(scene)?;
    let (path, pcm) = file(scene, 14_400)?;
    let ring = 4 * BLOCK_SAMPLES;
    for (round, asked, target) in [(1, &["seek"][..], 9_600), (2, &["seek", "stop"], 0)] {
        let name = format!("{round}");
        let mut player = start(&stage, &ONE, &path, &format!("wavplay: session sid={name} class=music"))?;
        for command in asked {
            if *command == "seek" { does(&stage, &["seek", "200", &name])? } else { does(&stage, &["stop", &name])? }
        }
        scene.until(DEMO, "the demo takes what it is asked", || {
            Ok(stage.actual()?.of(round).is_some_and(|session| session.waiting == 0 && session.target_ms.is_none()))
        })?;
        let stage = &stage;
        let recorded = stage.service.recorded(DEMO, || {
            does(stage, &["play", &name])?;
            scene.until(DEMO, "the demo ends", || Ok(player.said()?.code.is_some()))
        })?;
        let samples = sound::samples(&recorded).map_err(|why| Broken::of(DEMO, why))?;
        let missing = stage.service.missing()?;
        // The ring's old blocks are played first. Where the demo was late, fewer of them were left when it went on.
        let left = |late: usize| target + (4 - late) * BLOCK_FRAMES as usize;
        let all = (0..=4).map(|late| sound::streamed(&heard(&pcm, ring, left(late)))).collect::<Result<Vec<_>, _>>()?;
        let fits = all.iter().any(|expected| sound::heard(&samples, expected, missing).is_ok());
        scene.hold(DEMO, fits, || format!("after {asked:?} it goes on elsewhere: {:?}", sound::heard(&samples, &all[0], missing)))?;
        ended(stage, player)?;
    }
    Ok(())
}

fn two(scene: &Scene<'_>) -> Held {
    let stage = Stage::start(scene)?;
    let (path, _) = file(scene, 480_000)?;
    let _music = start(&stage, &ONE, &path, "wavplay: session sid=1 class=music")?;
    let calls = start(&stage, &TWO, &path, "wavplay: session sid=2 class=comms")?;
    does(&stage, &["play", "1"])?;
    does(&stage, &["play", "2"])?;
    scene.until(DEMO, "the music is lowered by 6 dB", || Ok(session(&stage, 1)?["duck_db"] == "-6.00"))?;
    scene.same(DEMO, "whether the call is ducked", &session(&stage, 2)?["ducked"], false)?;
    does(&stage, &["activate", "1"])?;
    let shown = stage.service.media(&["player"])?.out;
    scene.hold(DEMO, shown.lines().nth(1) == Some("|| Sunrise  DUCKED"), || format!("the player shows no DUCKED: {shown}"))?;
    // A demo that is killed leaves no session, and so no duck.
    drop(calls);
    scene.until(DEMO, "the music is loud again", || Ok(session(&stage, 1)?["duck_db"] == "0.00"))?;
    let left = stage.data(DEMO, &["list"])?["sessions"].as_array().map(Vec::len);
    scene.same(DEMO, "the sessions that are left", left, Some(1))
}
