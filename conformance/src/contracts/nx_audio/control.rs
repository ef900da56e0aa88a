//! Commands that tell and set: info, level, mute, stats.

use crate::commands::sound::{self, observed};
use crate::commands::{Broken, Check, Held, Scene, Service};
use serde_json::{Value, json};
use spec::audiod::{Audiod, Call, Obs, Op};
use spec::format::BLOCK_MS;
use spec::level::{self, Decibels, Level};
use std::collections::BTreeSet;

const INFO: &str = "NX_AUDIO-002";
const LEVEL: &str = "NX_AUDIO-003";
const MUTE: &str = "NX_AUDIO-004";
const UNMUTE: &str = "NX_AUDIO-005";
const STATS: &str = "NX_AUDIO-010";

pub fn checks() -> Vec<Check> {
    vec![
        Check { name: "info_tells_what_is", requirements: &[INFO], own: false, run: info },
        Check { name: "level_sets_the_level", requirements: &[LEVEL], own: false, run: set_level },
        Check { name: "mute_silences_and_unmute_restores", requirements: &[MUTE, UNMUTE], own: false, run: mute },
        Check { name: "stats_count", requirements: &[STATS], own: false, run: stats },
    ]
}

/// A level text in Q16, by the model; `None` where it rejects it.
fn q16(text: &str) -> Result<Option<u32>, Broken> {
    let answers = observed::<Level>(&[level::Op::SetText(text.to_owned()), level::Op::Get])?;
    Ok(match answers.as_slice() {
        [level::Obs::Done, level::Obs::State { level, .. }] => Some(*level),
        _ => None,
    })
}

/// How a level is shown, and how many decibels it is, by the model.
fn shown(q16: u32) -> Result<(String, String), Broken> {
    match observed::<Level>(&[level::Op::Show(q16), level::Op::Decibels(q16)])?.as_slice() {
        [level::Obs::Text(text), level::Obs::Decibels(Decibels::Silence)] => Ok((text.clone(), "-inf".to_owned())),
        [level::Obs::Text(text), level::Obs::Decibels(Decibels::Q8_8(steps))] => {
            Ok((text.clone(), format!("{:.2}", f64::from(*steps) / 256.0)))
        }
        other => Err(Broken::other(format!("the model shows a level as {other:?}"))),
    }
}

/// What info must tell after these calls, by the model; `None` for what the time alone decides.
fn expected_info(calls: &[Call]) -> Result<Value, Broken> {
    let asked = [Call::DefaultFormat, Call::SinkState, Call::GetLevel];
    let ops: Vec<Op> = calls.iter().cloned().chain(asked).map(|call| Op::Call { sender: 0, call }).collect();
    let answers = observed::<Audiod>(&ops)?;
    let [.., Obs::Format { rate_hz, channels, bits, block_frames }, Obs::Sink { effective, recording, .. }, Obs::Level { level, muted }] =
        answers.as_slice()
    else {
        return Err(Broken::other(format!("the model answered {answers:?}")));
    };
    let (text, decibels) = shown(*level)?;
    Ok(json!({
        "rate_hz": rate_hz, "channels": channels, "bits": bits, "block_frames": block_frames, "sink": effective.name(),
        "recording": recording, "level": text, "level_db": decibels, "muted": muted,
    }))
}

fn info(scene: &Scene<'_>) -> Held {
    let service = Service::start(scene)?;
    let mut calls = Vec::new();
    let uri = "state:/info.wav";
    let steps: [(&[&str], &[Call]); 4] = [
        (&[], &[]),
        (&["level", "0.5", "--mute"], &[Call::SetLevel(32_768), Call::SetMuted(true)]),
        (&["record", "start", uri], &[Call::RecordStart(uri.to_owned())]),
        (&["sink", "file"], &[Call::SelectSink(spec::audiod::Sink::File)]),
    ];
    for (command, more) in steps {
        if !command.is_empty() {
            service.does(INFO, command)?;
        }
        calls.extend_from_slice(more);
        let mut told = service.data(INFO, &["info"])?;
        // How many frames the sink took is the time's to say.
        let frames = told.as_object_mut().and_then(|fields| fields.remove("sink_frames"));
        scene.hold(INFO, frames.is_some_and(|frames| frames.is_u64()), || "info does not tell sink_frames".to_owned())?;
        scene.same(INFO, &format!("info after {command:?}"), told, expected_info(&calls)?)?;
    }
    let plain = service.does(INFO, &["info"])?;
    scene.same(INFO, "the first line of info", plain.first(), "nx: audio info")?;
    for (name, value) in expected_info(&calls)?.as_object().into_iter().flatten() {
        let line = format!("{name}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        scene.hold(INFO, plain.out.lines().any(|shown| shown == line), || format!("info has no line {line}: {:?}", plain.out))?;
    }
    Ok(())
}

fn level_is(scene: &Scene<'_>, requirement: &'static str, service: &Service<'_>, q16: u32, muted: bool) -> Held {
    let told = service.data(INFO, &["info"])?;
    let (text, decibels) = shown(q16)?;
    let got = (&told["level"], &told["level_db"], &told["muted"]);
    scene.same(requirement, "level, decibels and mute", got, (&json!(text), &json!(decibels), &json!(muted)))
}

fn set_level(scene: &Scene<'_>) -> Held {
    let service = Service::start(scene)?;
    for text in ["0.75", "0", "1", "1.0", "0.0001", "0.1234", "0.005", "0.9999", "0.5"] {
        let q16 = q16(text)?.ok_or_else(|| Broken::other(format!("the model rejects the level {text}")))?;
        service.does(LEVEL, &["level", text])?;
        level_is(scene, LEVEL, &service, q16, false)?;
    }
    for text in ["1.5", "1.0001", "0.12345", "0.", ".5", "00.5", "0,5", "+0.5", "NaN", "half", ""] {
        scene.same(LEVEL, &format!("the exit code of the level {text:?}"), service.nx(&["level", text])?.code, Some(3))?;
        level_is(scene, LEVEL, &service, 32_768, false)?;
    }
    // What is set is what sounds.
    service.does(LEVEL, &["level", "0.75"])?;
    let recorded = service.recorded(LEVEL, || service.does(LEVEL, &["tone", "440", "40"]).map(drop))?;
    let samples = sound::samples(&recorded).map_err(|why| Broken::of(LEVEL, why))?;
    let heard = sound::heard(&samples, &sound::tone(440, 40, 49_152)?, 0);
    scene.hold(LEVEL, heard.is_ok(), || format!("a tone at the level 0.75: {heard:?}"))
}

fn mute(scene: &Scene<'_>) -> Held {
    let service = Service::start(scene)?;
    let play = || service.does(MUTE, &["tone", "440", "40"]).map(drop);
    service.does(MUTE, &["level", "0.5", "--mute"])?;
    level_is(scene, MUTE, &service, 32_768, true)?;
    let samples = sound::samples(&service.recorded(MUTE, play)?).map_err(|why| Broken::of(MUTE, why))?;
    let silent = samples.len() >= 4 * sound::BLOCK_SAMPLES && samples.iter().all(|sample| *sample == 0);
    scene.hold(MUTE, silent, || "a muted master is heard, or nothing was recorded".to_owned())?;
    service.does(UNMUTE, &["level", "--unmute"])?;
    level_is(scene, UNMUTE, &service, 32_768, false)?;
    let samples = sound::samples(&service.recorded(UNMUTE, play)?).map_err(|why| Broken::of(UNMUTE, why))?;
    let heard = sound::heard(&samples, &sound::tone(440, 40, 32_768)?, 0);
    scene.hold(UNMUTE, heard.is_ok(), || format!("a tone after --unmute: {heard:?}"))?;
    // Without a level: the mute alone changes.
    service.does(MUTE, &["level", "--mute"])?;
    level_is(scene, MUTE, &service, 32_768, true)?;
    service.does(UNMUTE, &["level", "0.25", "--unmute"])?;
    level_is(scene, UNMUTE, &service, 16_384, false)?;
    scene.same(UNMUTE, "the exit code of --mute --unmute", service.nx(&["level", "--mute", "--unmute"])?.code, Some(2))?;
    level_is(scene, UNMUTE, &service, 16_384, false)
}

fn stats(scene: &Scene<'_>) -> Held {
    let service = Service::start(scene)?;
    let told = service.data(STATS, &["stats"])?;
    let names: BTreeSet<&str> = told.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    let expected = ["clipped_samples", "missing_frames", "open_streams", "peak", "rms", "ticks", "underrun_events"];
    scene.same(STATS, "what stats tells", names, BTreeSet::from(expected))?;
    for name in ["clipped_samples", "missing_frames", "open_streams", "underrun_events"] {
        scene.same(STATS, &format!("{name} of a silent service"), &told[name], 0)?;
    }
    // Ticks follow the time: they come, and never before their time.
    let ticks = |told: &Value| told["ticks"].as_u64().unwrap_or(0);
    let first = ticks(&told);
    scene.until(STATS, "ticks advance", || Ok(ticks(&service.data(STATS, &["stats"])?) >= first + 3))?;
    let last = ticks(&service.data(STATS, &["stats"])?);
    let most = service.age().as_millis() / u128::from(BLOCK_MS) + 1;
    scene.hold(STATS, u128::from(last) <= most, || format!("{last} ticks in the time of {most}"))?;
    // A tone whose blocks are all alike, so that its peak and RMS are known whenever they are asked.
    service.does(STATS, &["tone", "20", "20"])?;
    service.idle(STATS)?;
    service.does(STATS, &["tone", "12000", "60000"])?;
    let block = observed::<Audiod>(&[
        Op::Call { sender: 0, call: Call::PlayTone { hz: 12_000, ms: 60_000 } },
        Op::Tick(1),
        Op::Call { sender: 0, call: Call::Meters },
    ])?;
    let Some(Obs::Meters(meters)) = block.last() else { return Err(Broken::other(format!("the model answered {block:?}"))) };
    scene.until(STATS, "the tone is heard", || Ok(service.data(STATS, &["stats"])?["peak"] != json!([0, 0])))?;
    let told = service.data(STATS, &["stats"])?;
    let got = (&told["open_streams"], &told["peak"], &told["rms"]);
    scene.same(STATS, "open streams, peak and RMS of a tone", got, (&json!(1), &json!(meters.peak), &json!(meters.rms)))
}
