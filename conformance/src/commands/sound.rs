//! What the models say is heard, and how recordings are compared with it.

use super::Broken;
use crate::engines::render::json;
use model::Modelled;
use spec::audiod::{Audiod, Call, Obs, Op};
use spec::format::{BLOCK_FRAMES, CHANNELS};
use spec::mixer::{self, Curve, Input, Mixer};
use spec::wav::{self, Wav};
use spec::{Contract, Failure};
use std::collections::BTreeMap;

/// Samples of one block.
pub const BLOCK_SAMPLES: usize = (BLOCK_FRAMES * CHANNELS as u32) as usize;

fn failed(failure: &Failure) -> Broken {
    Broken::other(format!("the model {failure}"))
}

/// What a model observes at each operation.
///
/// # Errors
/// A failing model.
pub fn observed<C: Contract + Modelled>(ops: &[C::Op]) -> Result<Vec<C::Obs>, Broken> {
    let mut model = <C as Modelled>::model();
    model.reset(&C::Config::default()).map_err(|failure| failed(&failure))?.map_err(|code| Broken::other(code.name()))?;
    model.run(ops).map_err(|failure| failed(&failure))
}

/// What the service puts out: calls, and then so many blocks, again and again.
///
/// # Errors
/// A failing model, or a call that it rejects.
pub fn mixed(parts: &[(Vec<Call>, usize)]) -> Result<Vec<i16>, Broken> {
    let mut ops = Vec::new();
    for (calls, blocks) in parts {
        ops.extend(calls.iter().map(|call| Op::Call { sender: 0, call: call.clone() }));
        ops.extend(std::iter::repeat_n(Op::Tick(1), *blocks));
    }
    let mut out = Vec::new();
    for obs in observed::<Audiod>(&ops)? {
        match obs {
            Obs::Mixed { pcm, .. } if pcm.is_empty() => out.extend([0; BLOCK_SAMPLES]),
            Obs::Mixed { pcm, .. } => out.extend(pcm),
            Obs::Rejected(code) => return Err(Broken::other(format!("the model rejects a call as {}", code.name()))),
            _ => {}
        }
    }
    Ok(out)
}

/// A tone at a master level, by the model.
///
/// # Errors
/// A failing model.
pub fn tone(hz: u32, ms: u32, level_q16: u32) -> Result<Vec<i16>, Broken> {
    mixed(&[(vec![Call::SetLevel(level_q16), Call::PlayTone { hz, ms }], ms.div_ceil(spec::format::BLOCK_MS) as usize)])
}

/// What is heard of a stream with these samples at full level, by the model.
///
/// # Errors
/// A failing model.
pub fn streamed(pcm: &[i16]) -> Result<Vec<i16>, Broken> {
    let mut model = <Mixer as Modelled>::model();
    let config = mixer::Config { curve: Curve::Soft };
    model.reset(&config).map_err(|failure| failed(&failure))?.map_err(|code| Broken::other(code.name()))?;
    let mut ops = vec![mixer::Op::Open];
    ops.extend(pcm.chunks(BLOCK_SAMPLES).map(|block| {
        let mut block = block.to_vec();
        block.resize(BLOCK_SAMPLES, 0);
        mixer::Op::Mix { frames: BLOCK_FRAMES, inputs: vec![Input { stream: 0, pcm: block }] }
    }));
    let mut out = Vec::new();
    for obs in model.run(&ops).map_err(|failure| failed(&failure))? {
        match obs {
            mixer::Obs::Mixed(block) => out.extend(block.pcm),
            mixer::Obs::Rejected(code) => return Err(Broken::other(format!("the model rejects a block as {}", code.name()))),
            _ => {}
        }
    }
    Ok(out)
}

/// The WAV file of these samples, by the model.
///
/// # Errors
/// A failing model.
pub fn file(pcm: &[i16]) -> Result<Vec<u8>, Broken> {
    match observed::<Wav>(&[wav::Op::Save(pcm.to_vec())])?.pop() {
        Some(wav::Obs::File(bytes)) => Ok(bytes),
        other => Err(Broken::other(format!("the model's save gave {}", json(&other)))),
    }
}

/// The samples of a WAV file, as an independent reader sees them.
///
/// # Errors
/// What is no WAV file of 16 bits.
pub fn samples(bytes: &[u8]) -> Result<Vec<i16>, String> {
    let reader = hound::WavReader::new(bytes).map_err(|error| error.to_string())?;
    reader.into_samples().collect::<Result<_, _>>().map_err(|error| error.to_string())
}

/// Whether a recording is silence, then these samples, then silence. Where a block ran short, the samples go on in the next one; the
/// gaps between samples may have so many frames together as the service counted as missing.
///
/// # Errors
/// What is heard instead.
pub fn heard(recorded: &[i16], expected: &[i16], missing: u64) -> Result<(), String> {
    let frames = expected.len() / 2;
    let silent = |samples: &[i16]| samples.iter().all(|sample| *sample == 0);
    let before = recorded.chunks(BLOCK_SAMPLES).take_while(|block| silent(block)).count();
    // How many frames may have been played after a block, each with the fewest frames in gaps: where samples are 0, a gap's end
    // is not sharp.
    let mut played: BTreeMap<usize, u64> = BTreeMap::from([(0, 0)]);
    for (number, block) in recorded.chunks(BLOCK_SAMPLES).enumerate().skip(before) {
        let sounding = block.len() / 2 - block.chunks(2).rev().take_while(|frame| silent(frame)).count();
        let mut next = BTreeMap::new();
        for (from, gaps) in &played {
            let rest = expected.get(from * 2..).unwrap_or_default();
            let equal = block.chunks(2).zip(rest.chunks(2)).take_while(|(got, expected)| got == expected).count();
            for count in sounding..=equal {
                let gap = if from + count < frames { (block.len() / 2 - count) as u64 } else { 0 };
                let fewest = next.entry(from + count).or_insert(u64::MAX);
                *fewest = (*fewest).min(gaps + gap);
            }
        }
        if next.is_empty() {
            let most = played.keys().next_back().copied().unwrap_or(0);
            return Err(format!(
                "block {number} of the recording differs: {most} of {frames} frames had been played as the model plays them"
            ));
        }
        played = next;
    }
    match played.get(&frames) {
        Some(gaps) if *gaps <= missing => Ok(()),
        Some(gaps) => Err(format!("{gaps} frames of silence stand between the samples, and the service counted {missing} as missing")),
        None => Err(format!("{} of {frames} frames were played", played.keys().next_back().copied().unwrap_or(0))),
    }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK_SAMPLES, heard, tone};

    fn with_silence(before: usize, sound: &[i16], after: usize) -> Vec<i16> {
        let mut recorded = vec![0; before * BLOCK_SAMPLES];
        recorded.extend(sound);
        recorded.extend(vec![0; after * BLOCK_SAMPLES]);
        recorded
    }

    #[test]
    fn a_sound_is_heard_between_silence() {
        let sound = tone(440, 50, 65_536).expect("a model");
        assert_eq!(heard(&with_silence(3, &sound, 2), &sound, 0), Ok(()));
        assert_eq!(heard(&with_silence(0, &sound, 0), &sound, 0), Ok(()));
    }

    #[test]
    fn a_counted_gap_is_no_fault_of_the_program() {
        let sound = tone(440, 50, 65_536).expect("a model");
        // 100 frames, a gap to the block's end, and the rest from the next block on.
        let mut recorded = sound[..200].to_vec();
        recorded.extend(vec![0; BLOCK_SAMPLES - 200]);
        recorded.extend(&sound[200..]);
        recorded.extend(vec![0; 200]);
        assert_eq!(heard(&recorded, &sound, 380), Ok(()));
        assert!(heard(&recorded, &sound, 379).is_err());
    }

    #[test]
    fn test_reject_sounds_that_differ() {
        let sound = tone(440, 50, 65_536).expect("a model");
        let mut changed = sound.clone();
        changed[1_001] += 1;
        let shorter = &sound[..4 * BLOCK_SAMPLES];
        let other = tone(441, 50, 65_536).expect("a model");
        let twice = [sound.as_slice(), &sound].concat();
        for wrong in [&changed, shorter, &other, &twice, &[][..], &vec![0; BLOCK_SAMPLES]] {
            assert!(heard(&with_silence(1, wrong, 1), &sound, 1_000).is_err());
        }
    }
}
