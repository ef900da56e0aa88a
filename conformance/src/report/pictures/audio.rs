//! Sound: a ring over time, a mix and its inputs, a tone's spectrum.

use super::{NotDrawn, ask};
use crate::report::svg::{Axis, Guide, Mark, Plot, Series};
use crate::report::text;
use spec::format::{BLOCK_FRAMES, BLOCK_MS, SAMPLE_RATE_HZ};
use spec::mixer::{self, Curve, Input, Mixer};
use spec::ring::{self, RING_FRAMES, Ring};
use spec::tone::{self, TONE_PULL_FRAMES_MAX, Tone};
use std::f64::consts::PI;

/// A client that stops writing for a while: the ring runs empty, and the mixer counts what it misses.
pub fn ring_fill() -> Result<(String, String), NotDrawn> {
    /// What the client offers before each pull, in quarters of a block.
    const OFFERED: [u32; 24] = [8, 8, 8, 4, 4, 8, 4, 0, 0, 2, 0, 0, 0, 0, 8, 8, 8, 4, 6, 4, 2, 6, 4, 4];
    let mut ops = Vec::new();
    for quarters in OFFERED {
        ops.push(ring::Op::Write(vec![1; (quarters * BLOCK_FRAMES / 4) as usize * 2]));
        ops.extend([ring::Op::Stats, ring::Op::Pull(BLOCK_FRAMES), ring::Op::Stats]);
    }
    let (mut fill, mut marks, mut events) = (vec![(0.0, 0.0)], Vec::new(), 0);
    let mut missing = 0;
    let answers = ask::<Ring>(ring::Config::default(), ops)?;
    for (block, answer) in answers.chunks_exact(4).enumerate() {
        let [_, ring::Obs::Stats(before), _, ring::Obs::Stats(after)] = answer else {
            return Err(NotDrawn::Unexpected("counters"));
        };
        let start = (block as u32 * BLOCK_MS).into();
        // The client writes at the start of a block's time and the mixer pulls in its middle.
        let middle = start + f64::from(BLOCK_MS) / 2.0;
        fill.extend([(start, f64::from(before.fill)), (middle, f64::from(after.fill))]);
        if after.underrun_events > events {
            let first = marks.is_empty();
            let text = if first { "underrun".to_owned() } else { String::new() };
            marks.push(Mark { at: (middle, f64::from(after.fill)), text, offset: (-6.0, -9.0), bad: true });
        }
        (events, missing) = (after.underrun_events, after.missing_frames);
    }
    let end = f64::from(OFFERED.len() as u32 * BLOCK_MS);
    if let Some(last) = fill.last().copied() {
        fill.push((end, last.1));
    }
    let frames = [0, 480, 960, 1440, 1920].map(|frames| (f64::from(frames), text::count(frames as u64)));
    let plot = Plot {
        title: "Fill of the ring over time".to_owned(),
        x: Axis::linear("time, ms", 0.0, end, (0..=6).map(|part| (f64::from(part * 40), (part * 40).to_string()))),
        y: Axis::linear("fill, frames", 0.0, 2150.0, frames),
        series: vec![Series { name: "fill".to_owned(), style: 0, points: fill, holds: true }],
        guides: vec![Guide::Y(f64::from(RING_FRAMES), format!("capacity: {}", text::count(RING_FRAMES.into())))],
        marks,
    };
    let caption = format!(
        "A client that writes, stops for a while and comes back; the mixer pulls a block every {BLOCK_MS} ms. {events} pulls found too \
         little and counted as underruns, {} frames were filled with silence. A write that does not fit is short.",
        text::count(missing)
    );
    Ok((plot.render(), caption))
}

/// Frames of a tone, one sample each since both channels are equal.
fn tone(hz: u32, frames: u32) -> Result<Vec<i16>, NotDrawn> {
    let mut ops = vec![tone::Op::Play { hz, ms: frames.div_ceil(SAMPLE_RATE_HZ / 1000) }];
    let mut left = frames;
    while left > 0 {
        let pull = left.min(TONE_PULL_FRAMES_MAX);
        ops.push(tone::Op::Pull(pull));
        left -= pull;
    }
    let mut samples = Vec::new();
    for answer in ask::<Tone>(tone::Config {}, ops)?.into_iter().skip(1) {
        let tone::Obs::Pcm(pcm, _) = answer else {
            return Err(NotDrawn::Unexpected("tone"));
        };
        samples.extend(pcm.into_iter().step_by(2));
    }
    Ok(samples)
}

/// The left channel of a mix of these mono sounds, each with this gain.
fn mixed(curve: Curve, sounds: &[&[i16]], db_q8_8: i32, frames: u32) -> Result<Vec<i16>, NotDrawn> {
    let mut ops: Vec<mixer::Op> = sounds.iter().map(|_| mixer::Op::Open).collect();
    ops.extend((0..sounds.len() as u32).map(|stream| mixer::Op::SetGain(stream, db_q8_8)));
    let stereo = |sound: &&[i16]| sound.iter().flat_map(|sample| [*sample; 2]).collect();
    let inputs = (0..).zip(sounds).map(|(stream, sound)| Input { stream, pcm: stereo(sound) }).collect();
    ops.push(mixer::Op::Mix { frames, inputs });
    match ask::<Mixer>(mixer::Config { curve }, ops)?.pop() {
        Some(mixer::Obs::Mixed(block)) => Ok(block.pcm.into_iter().step_by(2).collect()),
        _ => Err(NotDrawn::Unexpected("mix")),
    }
}

const TONES: [u32; 2] = [440, 660];

/// Sounds over time, the first frames of them as far as the axes go.
fn waveform(title: &str, ms: f64, (bottom, top): (f64, f64), ticks: &[i32], sounds: Vec<(&str, usize, Vec<i16>)>) -> Plot {
    let time = |frame: usize| frame as f64 * 1000.0 / f64::from(SAMPLE_RATE_HZ);
    let line = |(name, style, samples): (&str, usize, Vec<i16>)| Series {
        name: name.to_owned(),
        style,
        points: samples.into_iter().enumerate().map(|(frame, it)| (time(frame), f64::from(it))).take_while(|(at, _)| *at <= ms).collect(),
        holds: false,
    };
    let label = |value: &i32| format!("{}{}", if *value < 0 { "−" } else { "" }, text::count(value.unsigned_abs().into()));
    let fifth = |part: u32| ms * f64::from(part) / 5.0;
    Plot {
        title: title.to_owned(),
        x: Axis::linear("time, ms", 0.0, ms, (0..=5).map(|part| (fifth(part), fifth(part).to_string()))),
        y: Axis::linear("sample, LSB", bottom, top, ticks.iter().map(|value| (f64::from(*value), label(value)))),
        series: sounds.into_iter().map(line).collect(),
        guides: Vec::new(),
        marks: Vec::new(),
    }
}

/// Two tones and their mix.
pub fn mix() -> Result<(String, String), NotDrawn> {
    let (low, high) = (tone(TONES[0], BLOCK_FRAMES)?, tone(TONES[1], BLOCK_FRAMES)?);
    let sum = mixed(Curve::Soft, &[&low, &high], 0, BLOCK_FRAMES)?;
    let sounds = vec![("440 Hz", 1, low), ("660 Hz", 2, high), ("mix", 0, sum)];
    let plot = waveform("Two tones and their mix", 10.0, (-18_000.0, 18_000.0), &[-16_000, -8_000, 0, 8_000, 16_000], sounds);
    let caption = "One block of two tones from the tone generator, and of the mixer's sum of them at 0 dB: nothing is clipped.";
    Ok((plot.render(), caption.to_owned()))
}

/// The same two tones, louder than 16 bits hold, through both curves.
pub fn overdriven() -> Result<(String, String), NotDrawn> {
    const DB: i32 = 8;
    let (low, high) = (tone(TONES[0], BLOCK_FRAMES)?, tone(TONES[1], BLOCK_FRAMES)?);
    let soft = mixed(Curve::Soft, &[&low, &high], DB * 256, BLOCK_FRAMES)?;
    let saturate = mixed(Curve::Saturate, &[&low, &high], DB * 256, BLOCK_FRAMES)?;
    let sounds = vec![("saturate", 1, saturate), ("soft", 0, soft)];
    let ticks = [0, 8_192, 16_384, 24_576, 32_767];
    let mut plot = waveform("A loud peak through both clip curves", 0.9, (0.0, 35_000.0), &ticks, sounds);
    plot.guides.push(Guide::Y(f64::from(i16::MAX), String::new()));
    Ok((
        plot.render(),
        format!("The first peak of the same two tones at +{DB} dB each, too loud for 16 bits: what each curve makes of it."),
    ))
}

/// The spectrum of a tone.
pub fn spectrum() -> Result<(String, String), NotDrawn> {
    const FRAMES: usize = 8192;
    const HZ: u32 = 1000;
    const LOW: f64 = 50.0;
    let samples = tone(HZ, FRAMES as u32)?;
    // Hann's window keeps the tone's own line narrow, so that what lies beside it can be seen.
    let window = |index: usize| 0.5 - 0.5 * (2.0 * PI * index as f64 / FRAMES as f64).cos();
    let mut bins: Vec<(f64, f64)> = samples.iter().enumerate().map(|(index, sample)| (f64::from(*sample) * window(index), 0.0)).collect();
    fourier(&mut bins);
    // A full-scale sine gives a quarter of its amplitude in its bin, through this window.
    let full = 32_768.0 * FRAMES as f64 / 4.0;
    let frequency = |bin: usize| bin as f64 * f64::from(SAMPLE_RATE_HZ) / FRAMES as f64;
    let spectrum: Vec<(f64, f64)> = (1..FRAMES / 2)
        .map(|bin| (frequency(bin), (20.0 * (bins[bin].0.hypot(bins[bin].1) / full).log10()).max(-130.0)))
        .filter(|(hz, _)| *hz >= LOW)
        .collect();
    let peak = spectrum.iter().copied().fold((0.0, f64::NEG_INFINITY), |best, point| if point.1 > best.1 { point } else { best });
    let beside = spectrum.iter().filter(|(hz, _)| (hz - peak.0).abs() > 60.0).map(|point| point.1).fold(f64::NEG_INFINITY, f64::max);
    let ticks = [100, 1000, 10_000].map(|hz| (f64::from(hz), text::count(hz as u64)));
    let plot = Plot {
        title: "Spectrum of a tone".to_owned(),
        x: Axis::log("frequency, Hz", LOW, 24_000.0, ticks),
        y: Axis::linear("dBFS", -130.0, 6.0, (0..=6).map(|part| (f64::from(part * -20), text::minus(&(part * -20).to_string())))),
        series: vec![Series { name: "tone".to_owned(), style: 0, points: every_highest(&spectrum), holds: false }],
        guides: Vec::new(),
        marks: vec![Mark {
            at: peak,
            text: text::minus(&format!("{} Hz at {:.1} dBFS", text::count(HZ.into()), peak.1)),
            offset: (8.0, 4.0),
            bad: false,
        }],
    };
    let caption = format!(
        "A tone of {} Hz from the sine table of 4,096 entries: what lies beside it stays {:.0} dB below it.",
        text::count(HZ.into()),
        peak.1 - beside
    );
    Ok((plot.render(), caption))
}

/// The highest point of each part of a logarithmic axis, since a thousand bins of the last octave fall on a few dozen dots.
fn every_highest(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    let part = |hz: f64| (hz.ln() * 100.0) as i64;
    for point in points {
        match kept.last_mut() {
            Some(last) if part(last.0) == part(point.0) => {
                if point.1 > last.1 {
                    *last = *point;
                }
            }
            _ => kept.push(*point),
        }
    }
    kept
}

/// The discrete Fourier transform in place, of a power of two of complex numbers.
fn fourier(bins: &mut [(f64, f64)]) {
    let len = bins.len();
    if len < 2 {
        return;
    }
    let mut even: Vec<(f64, f64)> = bins.iter().copied().step_by(2).collect();
    let mut odd: Vec<(f64, f64)> = bins.iter().copied().skip(1).step_by(2).collect();
    fourier(&mut even);
    fourier(&mut odd);
    for (index, (even, odd)) in even.iter().zip(&odd).enumerate() {
        let (sin, cos) = (-2.0 * PI * index as f64 / len as f64).sin_cos();
        let turned = (odd.0 * cos - odd.1 * sin, odd.0 * sin + odd.1 * cos);
        bins[index] = (even.0 + turned.0, even.1 + turned.1);
        bins[index + len / 2] = (even.0 - turned.0, even.1 - turned.1);
    }
}
