//! The demo programs and their fixtures.

use crate::commands::sound::{self, BLOCK_SAMPLES};
use crate::commands::{Broken, Check, Held, Program, Scene, Service};
use crate::{audio_goldens, goldens};
use serde_json::Value;
use sha2::{Digest, Sha256};
use spec::format::SAMPLE_RATE_HZ;
use spec::level::LEVEL_UNITY_Q16;

const TONEGEN: &str = "NX_AUDIO-017";
const DECODES: &str = "NX_AUDIO-018";
const PUSHES: &str = "NX_AUDIO-019";
const FOUND: &str = "NX_AUDIO-020";
const PINNED: &str = "NX_AUDIO-021";

pub fn checks() -> Vec<Check> {
    vec![
        Check { name: "tonegen_fills_its_stream", requirements: &[TONEGEN], own: false, run: tonegen },
        Check { name: "wavplay_plays_the_fixture", requirements: &[DECODES, PUSHES], own: false, run: wavplay },
        Check { name: "wavplay_rejects_other_formats", requirements: &[DECODES], own: false, run: other_formats },
        Check { name: "fixtures_are_found", requirements: &[FOUND], own: false, run: found },
        Check { name: "fixtures_are_the_projects", requirements: &[PINNED], own: true, run: pinned },
    ]
}

fn tonegen(scene: &Scene<'_>) -> Held {
    let service = Service::start(scene)?;
    for wrong in [["0", "20"], ["24000", "20"], ["440", "0"]] {
        scene.same(TONEGEN, &format!("the exit code of tonegen {wrong:?}"), service.run(Program::Tonegen, &wrong)?.code, Some(3))?;
    }
    // One that fits its ring, and one that wraps it, whose last block is not whole.
    for (hz, ms) in [(1_000, 40), (440, 105)] {
        let recorded = service.recorded(TONEGEN, || {
            let said = service.run(Program::Tonegen, &[&hz.to_string(), &ms.to_string()])?;
            scene.hold(TONEGEN, said.succeeded(), || format!("tonegen {hz} {ms} failed: {said:?}"))?;
            // It ends when it was played, and leaves nothing behind.
            scene.same(TONEGEN, "open streams after tonegen", &service.data(TONEGEN, &["stats"])?["open_streams"], 0)
        })?;
        let samples = sound::samples(&recorded).map_err(|why| Broken::of(TONEGEN, why))?;
        let mut expected = sound::tone(hz, ms, LEVEL_UNITY_Q16)?;
        expected.truncate(ms as usize * 48 * 2);
        let heard = sound::heard(&samples, &expected, service.missing()?);
        scene.hold(TONEGEN, heard.is_ok(), || format!("tonegen {hz} {ms}: {heard:?}"))?;
    }
    Ok(())
}

/// Plays a fixture; gives what was recorded.
fn play(scene: &Scene<'_>, service: &Service<'_>, requirement: &'static str, name: &str) -> Result<Vec<i16>, Broken> {
    let fixtures = scene.fixtures().display().to_string();
    let recorded = service.recorded(PUSHES, || {
        let said = service.run(Program::Wavplay, &[&format!("pkg://fixtures/audio/{name}"), "--fixtures", &fixtures])?;
        scene.hold(requirement, said.succeeded(), || format!("wavplay of {name} failed: {said:?}"))?;
        scene.same(PUSHES, "open streams after wavplay", &service.data(PUSHES, &["stats"])?["open_streams"], 0)
    })?;
    sound::samples(&recorded).map_err(|why| Broken::of(requirement, why))
}

/// What is heard of a fixture, by the model.
fn expected(scene: &Scene<'_>, name: &str) -> Result<(Vec<i16>, Vec<i16>), Broken> {
    let file = scene.file(&format!("goldens/audio/{name}"))?;
    let pcm = sound::samples(&file).map_err(|why| Broken::other(format!("{name}: {why}")))?;
    let heard = sound::streamed(&pcm)?;
    Ok((pcm, heard))
}

fn wavplay(scene: &Scene<'_>) -> Held {
    let service = Service::start(scene)?;
    // One that comes through unchanged, and one that is loud enough for the clip.
    for (name, unchanged) in [("two_tones_at_half_level.wav", true), ("eight_loud_tones_saturated.wav", false)] {
        let (pcm, expected) = expected(scene, name)?;
        scene.hold(DECODES, (pcm == expected) == unchanged, || format!("{name} is not the fixture that it was"))?;
        let samples = play(scene, &service, DECODES, name)?;
        // What is played up to where it ends is decoding; whether all of it comes is pushing.
        let sounding = samples.iter().rposition(|sample| *sample != 0).map_or(0, |last| last + 1);
        let before = samples.chunks(BLOCK_SAMPLES).take_while(|block| block.iter().all(|sample| *sample == 0)).count() * BLOCK_SAMPLES;
        let first = samples.get(before..(before + BLOCK_SAMPLES).min(sounding)).unwrap_or_default();
        scene
            .hold(DECODES, !first.is_empty() && expected.starts_with(first), || format!("the first block of {name} is not the model's"))?;
        let heard = sound::heard(&samples, &expected, service.missing()?);
        scene.hold(PUSHES, heard.is_ok(), || format!("wavplay of {name}: {heard:?}"))?;
    }
    Ok(())
}

fn other_formats(scene: &Scene<'_>) -> Held {
    let service = Service::start(scene)?;
    let stereo = hound::WavSpec { channels: 2, sample_rate: SAMPLE_RATE_HZ, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let float = hound::WavSpec { bits_per_sample: 32, sample_format: hound::SampleFormat::Float, ..stereo };
    let path = scene.path("other.wav");
    let shown = path.display().to_string();
    let broken = |error: hound::Error| Broken::other(error.to_string());
    for format in [hound::WavSpec { sample_rate: 44_100, ..stereo }, hound::WavSpec { channels: 3, ..stereo }, float] {
        let mut writer = hound::WavWriter::create(&path, format).map_err(broken)?;
        for _ in 0..480 * format.channels {
            if format.sample_format == hound::SampleFormat::Float { writer.write_sample(0.5_f32) } else { writer.write_sample(99_i16) }
                .map_err(broken)?;
        }
        writer.finalize().map_err(broken)?;
        let said = service.run(Program::Wavplay, &[&shown])?;
        scene.same(DECODES, &format!("the exit code of wavplay of {format:?}"), said.code, Some(3))?;
    }
    let nothing = service.data(DECODES, &["stats"])?;
    scene.same(DECODES, "the peak after files that were rejected", &nothing["open_streams"], 0)
}

fn found(scene: &Scene<'_>) -> Held {
    let service = Service::start(scene)?;
    let fixtures = scene.fixtures().display().to_string();
    for name in audio_goldens::names() {
        let said = service.run(Program::Wavplay, &[&format!("pkg://fixtures/audio/{name}"), "--fixtures", &fixtures])?;
        scene.hold(FOUND, said.succeeded(), || format!("pkg://fixtures/audio/{name} is not found: {said:?}"))?;
    }
    let outside = scene.path("outside.wav");
    std::fs::write(&outside, sound::file(&[0; 960])?).map_err(|error| Broken::other(error.to_string()))?;
    let within = scene.path("fixtures");
    std::fs::create_dir_all(&within).map_err(|error| Broken::other(error.to_string()))?;
    let (within, outside) = (within.display().to_string(), outside.display().to_string());
    let beside = outside.rsplit('/').next().unwrap_or_default();
    for name in [format!("../{beside}"), format!("audio/../../{beside}"), outside.clone(), "audio/none.wav".to_owned(), String::new()] {
        let said = service.run(Program::Wavplay, &[&format!("pkg://fixtures/{name}"), "--fixtures", &within])?;
        scene.same(FOUND, &format!("the exit code of pkg://fixtures/{name}"), said.code, Some(3))?;
    }
    Ok(())
}

fn pinned(scene: &Scene<'_>) -> Held {
    let manifest: Value = serde_json::from_slice(&scene.file("goldens/manifest.json")?)
        .map_err(|error| Broken::of(PINNED, format!("goldens/manifest.json: {error}")))?;
    for (name, made) in audio_goldens::generate().map_err(Broken::other)? {
        let file = scene.file(&format!("goldens/audio/{name}"))?;
        scene.hold(PINNED, file == made, || format!("{name} is not what the models make"))?;
        let digest = goldens::hex(&Sha256::digest(&file));
        scene.same(PINNED, &format!("the SHA-256 of {name}"), &manifest["sha256"][format!("audio/{name}")], &digest)?;
    }
    Ok(())
}
