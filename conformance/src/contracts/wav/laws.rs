//! Statements about every right machine of the contract `wav`.

use crate::suite::{Held, Law};
use spec::wav::{Config, Obs, Op, WAV_HEADER_BYTES, Wav};
use spec::{Case, Entropy, Failure, Machine, entropy};

pub(super) fn laws() -> Vec<Law<Wav>> {
    vec![
        Law { name: "a_file_is_a_header_and_its_samples", requirements: &["WAV-002"], draw: draw_saves, holds: header_and_samples },
        Law { name: "reading_gives_what_was_written", requirements: &["WAV-003"], draw: draw_saves, holds: read_back },
        Law { name: "parts_make_the_whole", requirements: &["WAV-011"], draw: draw_recording, holds: parts_and_whole },
    ]
}

fn draw_saves(source: &mut dyn Entropy) -> Case<Wav> {
    let mut pcm = || {
        let frames = source.below(40) as usize;
        entropy::pcm(source, frames)
    };
    Case { config: Config {}, ops: (0..4).map(|_| Op::Save(pcm())).collect() }
}

/// A recording in parts, with now and then a save or a broken part between them, which is none of its business.
fn draw_recording(source: &mut dyn Entropy) -> Case<Wav> {
    let mut ops = vec![Op::Begin];
    for _ in 0..source.between(1, 6) {
        let frames = source.below(10) as usize;
        let mut pcm = entropy::pcm(source, frames);
        ops.push(match source.below(8) {
            0 => Op::Save(pcm),
            1 => {
                pcm.push(1);
                Op::Append(pcm)
            }
            _ => Op::Append(pcm),
        });
    }
    ops.push(Op::Finish);
    Case { config: Config {}, ops }
}

/// Each file has 44 bytes and 2 for each sample, says so in both its sizes, and spells the samples from byte 44 on.
fn header_and_samples(machine: &mut dyn Machine<Wav>, case: &Case<Wav>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let mut files = 0;
    for (step, (op, obs)) in case.ops.iter().zip(&trace.obs).enumerate() {
        let (Op::Save(pcm), Obs::File(bytes)) = (op, obs) else {
            continue;
        };
        let header = WAV_HEADER_BYTES as usize;
        if bytes.len() != header + 2 * pcm.len() {
            return Ok(Held::No(format!("step {step}: {} frames make a file of {} bytes", pcm.len() / 2, bytes.len())));
        }
        let size = |at: usize| (0..4).rev().fold(0_u64, |size, index| size * 256 + u64::from(bytes[at + index]));
        let (riff, data) = (size(4), size(40));
        if (riff, data) != (bytes.len() as u64 - 8, (bytes.len() - header) as u64) {
            return Ok(Held::No(format!("step {step}: {} bytes say of themselves {riff}, and {data} of data", bytes.len())));
        }
        let spelled =
            |(sample, pair): (&i16, &[u8])| (i64::from(*sample) + 65_536) % 65_536 == i64::from(pair[0]) + 256 * i64::from(pair[1]);
        if !pcm.iter().zip(bytes[header..].chunks_exact(2)).all(spelled) {
            return Ok(Held::No(format!("step {step}: the bytes after the header are not the samples")));
        }
        files += 1;
    }
    Ok(if files > 0 { Held::Yes(files) } else { Held::NotApplicable })
}

/// Loading each saved file gives what was saved.
fn read_back(machine: &mut dyn Machine<Wav>, case: &Case<Wav>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let mut saved = Vec::new();
    let mut loads = Vec::new();
    for (op, obs) in case.ops.iter().zip(&trace.obs) {
        if let (Op::Save(pcm), Obs::File(bytes)) = (op, obs) {
            saved.push(pcm);
            loads.push(Op::Load(bytes.clone()));
        }
    }
    if saved.is_empty() {
        return Ok(Held::NotApplicable);
    }
    let back = machine.run_case(&Case { config: case.config.clone(), ops: loads })?;
    for (file, (pcm, obs)) in saved.iter().zip(&back.obs).enumerate() {
        if !matches!(obs, Obs::Pcm(read) if read == *pcm) {
            return Ok(Held::No(format!("file {file}, of {} frames, is read as {obs:?}", pcm.len() / 2)));
        }
    }
    Ok(Held::Yes(saved.len() as u64))
}

/// The file of a recording is the file of all its parts in one.
fn parts_and_whole(machine: &mut dyn Machine<Wav>, case: &Case<Wav>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let mut recording = None;
    let mut finished = Vec::new();
    for (op, obs) in case.ops.iter().zip(&trace.obs) {
        match (op, obs) {
            (Op::Begin, _) => recording = Some(Vec::new()),
            (Op::Append(pcm), Obs::Done) => {
                if let Some(whole) = &mut recording {
                    whole.extend_from_slice(pcm);
                }
            }
            (Op::Finish, obs) => {
                if let Some(whole) = recording.take() {
                    finished.push((Op::Save(whole), obs));
                }
            }
            _ => {}
        }
    }
    if finished.is_empty() {
        return Ok(Held::NotApplicable);
    }
    let (ops, files): (Vec<Op>, Vec<&Obs>) = finished.into_iter().unzip();
    let at_once = machine.run_case(&Case { config: case.config.clone(), ops })?;
    for (number, (parts, whole)) in files.iter().zip(&at_once.obs).enumerate() {
        if *parts != whole {
            return Ok(Held::No(format!("recording {number}: in parts {parts:?}, at once {whole:?}")));
        }
    }
    Ok(Held::Yes(files.len() as u64))
}
