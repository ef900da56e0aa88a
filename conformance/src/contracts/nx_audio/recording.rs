//! Tones and recordings: what is played, and what a recording holds of it.

use crate::commands::sound::{self, BLOCK_SAMPLES};
use crate::commands::{Broken, Check, Held, Scene, Service};
use serde_json::json;
use spec::audiod::Call;
use spec::level::LEVEL_UNITY_Q16;

const TONE: &str = "NX_AUDIO-006";
const START: &str = "NX_AUDIO-007";
const STOP: &str = "NX_AUDIO-008";
const MIX: &str = "NX_AUDIO-009";

pub fn checks() -> Vec<Check> {
    vec![
        Check { name: "tone_plays_exactly_that", requirements: &[TONE], own: false, run: tone },
        Check { name: "record_starts_and_stops", requirements: &[START, STOP], own: false, run: record },
        Check { name: "recording_is_refused", requirements: &[START], own: false, run: refused },
        Check { name: "recording_is_the_models_mix", requirements: &[MIX], own: false, run: mix },
    ]
}

fn tone(scene: &Scene<'_>) -> Held {
    let service = Service::start(scene)?;
    for (hz, ms) in [("0", "10"), ("24000", "10"), ("440", "0"), ("440", "60001")] {
        scene.same(TONE, &format!("the exit code of tone {hz} {ms}"), service.nx(&["tone", hz, ms])?.code, Some(3))?;
        scene.same(TONE, "open streams after a rejected tone", &service.data(TONE, &["stats"])?["open_streams"], 0)?;
    }
    let recorded = service.recorded(TONE, || {
        let told = service.data(TONE, &["tone", "440", "300"])?;
        scene.same(TONE, "frames of 300 ms", &told["frames"], 14_400)
    })?;
    let samples = sound::samples(&recorded).map_err(|why| Broken::of(STOP, why))?;
    let heard = sound::heard(&samples, &sound::tone(440, 300, LEVEL_UNITY_Q16)?, 0);
    scene.hold(TONE, heard.is_ok(), || format!("440 Hz for 300 ms: {heard:?}"))
}

fn record(scene: &Scene<'_>) -> Held {
    let service = Service::start(scene)?;
    // The second recording replaces the first, once it is whole.
    let mut before = None;
    for round in 0..2 {
        service.does(START, &["record", "start", "state:/takes/one.wav"])?;
        scene.same(START, "whether a recording is under way", &service.data(START, &["info"])?["recording"], true)?;
        scene.same(START, "the exit code of a second start", service.nx(&["record", "start", "state:/takes/two.wav"])?.code, Some(5))?;
        // Under its name stands what was there before, until the recording is whole.
        let there = std::fs::read(service.stored("takes/one.wav")).ok();
        scene.hold(START, there == before, || "the file changed before its recording was whole".to_owned())?;
        service.does(START, &["tone", if round == 0 { "440" } else { "660" }, "20"])?;
        service.idle(STOP)?;
        let told = service.data(STOP, &["record", "stop"])?;
        let bytes = service.recording("takes/one.wav")?;
        let samples = sound::samples(&bytes).map_err(|why| Broken::of(STOP, format!("the recording: {why}")))?;
        scene.hold(STOP, samples.len().is_multiple_of(BLOCK_SAMPLES) && samples.len() >= 2 * BLOCK_SAMPLES, || {
            format!("{} samples", samples.len())
        })?;
        scene.hold(STOP, bytes == sound::file(&samples)?, || "the file is not the model's of the same samples".to_owned())?;
        let expected = json!({"frames": samples.len() / 2, "bytes": bytes.len()});
        scene.same(STOP, "what record stop tells", told, expected)?;
        scene.same(STOP, "the exit code of a second stop", service.nx(&["record", "stop"])?.code, Some(5))?;
        scene.hold(STOP, !service.stored("takes/two.wav").exists(), || "a refused recording left a file".to_owned())?;
        scene.hold(START, before.as_ref() != Some(&bytes), || "the second recording did not replace the first".to_owned())?;
        before = Some(bytes);
    }
    Ok(())
}

fn refused(scene: &Scene<'_>) -> Held {
    let service = Service::start(scene)?;
    for uri in ["out.wav", "state:/", "state:/../out.wav", "state:/a/../../out.wav", "state:/out.mp3", "state:/.wav", "file:///tmp/out.wav"]
    {
        scene.same(START, &format!("the exit code of record start {uri}"), service.nx(&["record", "start", uri])?.code, Some(3))?;
        scene.same(START, "whether a recording is under way", &service.data(START, &["info"])?["recording"], false)?;
    }
    let without = Service::with(scene, false, &["--consent", "nx:audio.record"])?;
    scene.same(START, "the exit code without /state", without.nx(&["record", "start", "state:/audio/out.wav"])?.code, Some(4))?;
    scene.same(START, "whether a recording is under way", &without.data(START, &["info"])?["recording"], false)
}

/// A long tone and a short one over it, at half the level. When the second one comes is the machine's to say, so it is looked up in the
/// recording; everything else is the model's.
fn mix(scene: &Scene<'_>) -> Held {
    let service = Service::start(scene)?;
    service.does(MIX, &["level", "0.5"])?;
    service.does(START, &["record", "start", "state:/mix.wav"])?;
    service.does(MIX, &["tone", "440", "60000"])?;
    service.does(MIX, &["tone", "660", "60"])?;
    scene.until(MIX, "the short tone ends", || Ok(service.data(MIX, &["stats"])?["open_streams"] == 1))?;
    service.does(STOP, &["record", "stop"])?;
    let samples = sound::samples(&service.recording("mix.wav")?).map_err(|why| Broken::of(STOP, why))?;
    let blocks = samples.len() / BLOCK_SAMPLES;
    scene.hold(MIX, samples.len() == blocks * BLOCK_SAMPLES, || format!("{} samples are no whole blocks", samples.len()))?;
    let silent = samples.chunks(BLOCK_SAMPLES).take_while(|block| block.iter().all(|sample| *sample == 0)).count();
    let long = || vec![Call::SetLevel(32_768), Call::PlayTone { hz: 440, ms: 60_000 }];
    let alone = sound::mixed(&[(long(), blocks - silent)])?;
    let sounding = samples.get(silent * BLOCK_SAMPLES..).unwrap_or_default();
    let equal = sounding.chunks(BLOCK_SAMPLES).zip(alone.chunks(BLOCK_SAMPLES)).take_while(|(got, alone)| got == alone).count();
    let short = vec![Call::PlayTone { hz: 660, ms: 60 }];
    let expected = sound::mixed(&[(long(), equal), (short, blocks - silent - equal)])?;
    let first = sounding.iter().zip(&expected).position(|(got, expected)| got != expected);
    scene.hold(MIX, first.is_none() && equal + 6 <= blocks - silent, || {
        format!("{blocks} blocks, {silent} of them silent, the second tone after {equal} more; the first sample that differs: {first:?}")
    })
}
