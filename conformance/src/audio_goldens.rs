//! Recorded sound: what tone, mixer and WAV give together, as files that a person can listen to.
//!
//! The expected file is made from the models' samples by `hound`, an independent writer, so that a mistake that model and
//! implementation shared in the header would show.

use crate::drivers::Driver;
use crate::suite::Suite;
use spec::mixer::{Config as MixerConfig, Curve, Input, MIXER_BLOCK_FRAMES_MAX};
use spec::{Case, Failure, FailureKind, Machine, mixer, tone, wav};

/// A recording: tones, each with a gain in Q8.8 dB, mixed.
struct Recording {
    name: &'static str,
    tones: &'static [(u32, i32)],
    ms: u32,
    level_q16: u32,
    curve: Curve,
}

const RECORDINGS: &[Recording] = &[
    Recording { name: "tone_440_hz_200_ms.wav", tones: &[(440, 0)], ms: 200, level_q16: 65_536, curve: Curve::Soft },
    Recording { name: "two_tones_at_half_level.wav", tones: &[(440, 0), (660, -1_536)], ms: 100, level_q16: 32_768, curve: Curve::Soft },
    Recording { name: "eight_loud_tones_soft.wav", tones: LOUD, ms: 100, level_q16: 65_536, curve: Curve::Soft },
    Recording { name: "eight_loud_tones_saturated.wav", tones: LOUD, ms: 100, level_q16: 65_536, curve: Curve::Saturate },
];

const LOUD: &[(u32, i32)] = &[(220, 0), (330, 0), (440, 0), (550, 1_536), (660, 0), (770, 0), (880, 3_072), (990, 0)];

/// Names of the recordings.
pub fn names() -> impl Iterator<Item = &'static str> {
    RECORDINGS.iter().map(|recording| recording.name)
}

/// Every recording, name to file, from the models' samples through hound.
///
/// # Errors
/// A failing model.
pub fn generate() -> Result<Vec<(&'static str, Vec<u8>)>, String> {
    RECORDINGS
        .iter()
        .map(|recording| {
            let pcm = samples(&Driver::Model, recording).map_err(|failure| failure.to_string())?;
            let format = hound::WavSpec {
                channels: 2,
                sample_rate: spec::format::SAMPLE_RATE_HZ,
                bits_per_sample: 16,
                sample_format: hound::SampleFormat::Int,
            };
            let mut bytes = std::io::Cursor::new(Vec::new());
            let mut writer = hound::WavWriter::new(&mut bytes, format).map_err(|error| error.to_string())?;
            for sample in pcm {
                writer.write_sample(sample).map_err(|error| error.to_string())?;
            }
            writer.finalize().map_err(|error| error.to_string())?;
            Ok((recording.name, bytes.into_inner()))
        })
        .collect()
}

/// The file that a driver's own tone, mixer and WAV give for the recording of that name.
///
/// # Errors
/// The machine's own failure, or a rejection that no right machine gives.
pub fn file(driver: &Driver, name: &str) -> Result<Vec<u8>, Failure> {
    let recording = RECORDINGS.iter().find(|recording| recording.name == name);
    let recording = recording.ok_or_else(|| unexpected(format!("there is no recording `{name}`")))?;
    let pcm = samples(driver, recording)?;
    match ask::<wav::Wav>(driver, wav::Config {}, vec![wav::Op::Save(pcm)])?.pop() {
        Some(wav::Obs::File(bytes)) => Ok(bytes),
        other => Err(unexpected(format!("save gave {}", crate::engines::render::json(&other)))),
    }
}

/// The samples of the recording of that name, by the models.
///
/// # Errors
/// There is none of that name; a failing model.
pub fn fixture(name: &str) -> Result<Vec<i16>, String> {
    let recording = RECORDINGS.iter().find(|recording| recording.name == name).ok_or_else(|| format!("there is no recording `{name}`"))?;
    samples(&Driver::Model, recording).map_err(|failure| failure.to_string())
}

/// The samples of a tone that lasts whole blocks, by the model.
///
/// # Errors
/// A tone that there is not.
pub fn tone(hz: u32, ms: u32) -> Result<Vec<i16>, String> {
    Ok(pulled(&Driver::Model, hz, ms).map_err(|failure| failure.to_string())?.concat())
}

fn unexpected(what: String) -> Failure {
    Failure::new(FailureKind::Garbage, what)
}

fn ask<C: Suite>(driver: &Driver, config: C::Config, ops: Vec<C::Op>) -> Result<Vec<C::Obs>, Failure> {
    let mut machine: Box<dyn Machine<C>> = driver.machine()?;
    let trace = machine.run_case(&Case { config, ops })?;
    match trace.rejected {
        None => Ok(trace.obs),
        Some(code) => Err(unexpected(format!("the configuration was rejected with {}", code.name()))),
    }
}

/// A tone block by block.
fn pulled(driver: &Driver, hz: u32, ms: u32) -> Result<Vec<Vec<i16>>, Failure> {
    let mut ops = vec![tone::Op::Play { hz, ms }];
    ops.extend((0..ms / spec::format::BLOCK_MS).map(|_| tone::Op::Pull(MIXER_BLOCK_FRAMES_MAX)));
    let mut pulled = Vec::new();
    for obs in ask::<tone::Tone>(driver, tone::Config {}, ops)? {
        match obs {
            tone::Obs::Pcm(pcm, _) => pulled.push(pcm),
            tone::Obs::Playing(_) => {}
            other => return Err(unexpected(format!("pull gave {}", crate::engines::render::json(&other)))),
        }
    }
    Ok(pulled)
}

fn samples(driver: &Driver, recording: &Recording) -> Result<Vec<i16>, Failure> {
    let blocks = recording.ms / spec::format::BLOCK_MS;
    let mut sources = Vec::new();
    for (hz, _) in recording.tones {
        sources.push(pulled(driver, *hz, recording.ms)?);
    }
    let mut ops = vec![mixer::Op::SetLevel(recording.level_q16)];
    for (stream, (_, gain)) in (0_u32..).zip(recording.tones) {
        ops.extend([mixer::Op::Open, mixer::Op::SetGain(stream, *gain)]);
    }
    for block in 0..blocks as usize {
        let inputs = (0_u32..)
            .zip(&sources)
            .filter_map(|(stream, pulled)| pulled.get(block).map(|pcm| Input { stream, pcm: pcm.clone() }))
            .collect();
        ops.push(mixer::Op::Mix { frames: MIXER_BLOCK_FRAMES_MAX, inputs });
    }
    let mixed = ask::<mixer::Mixer>(driver, MixerConfig { curve: recording.curve }, ops)?;
    Ok(mixed.into_iter().filter_map(|obs| if let mixer::Obs::Mixed(block) = obs { Some(block.pcm) } else { None }).flatten().collect())
}
