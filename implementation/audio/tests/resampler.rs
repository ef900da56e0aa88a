//! The resampler against floating point, its vectorised arithmetic against the portable one, and its quality in figures.

use audio::resampler::{self, Kind, Rates, Resampler, Setup};
use sha2::{Digest, Sha256};
use spec::resampler::*;
use std::f64::consts::{PI, TAU};

const ONE: f64 = (1 << RESAMPLER_COEFFICIENT_BITS) as f64;

fn table() -> &'static [i32] {
    resampler::table_from(0, u32::MAX).expect("the table has a first entry")
}

/// Everything that a resampler gives for these samples, in chunks of so many frames.
fn resampled(mut resampler: Resampler, setup: Setup, pcm: &[i16], frames: usize) -> Vec<i16> {
    resampler.open(setup).expect("a setup within the bounds");
    let (mut all, mut out) = (Vec::new(), vec![0; 1 << 20]);
    for chunk in pcm.chunks(frames * setup.from_channels as usize) {
        let written = resampler.feed(chunk, &mut out).expect("a chunk");
        all.extend_from_slice(&out[..written]);
    }
    let written = resampler.finish(&mut out).expect("the end");
    all.extend_from_slice(&out[..written]);
    all
}

fn noise(samples: usize) -> Vec<i16> {
    (0..samples as u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 13) as i16).collect()
}

#[test]
fn every_entry_is_the_nearest() {
    let mut hash = Sha256::new();
    assert_eq!(table().len(), RESAMPLER_TABLE_ENTRIES as usize);
    for (j, entry) in table().iter().enumerate() {
        hash.update(entry.to_le_bytes());
        let (x, t) = (PI * 61.0 / 64.0 * j as f64 / 512.0, PI * j as f64 / 32_768.0);
        let window = 0.35875 + 0.48829 * t.cos() + 0.14128 * (2.0 * t).cos() + 0.01168 * (3.0 * t).cos();
        let exact = ONE * 61.0 / 64.0 * if j == 0 { 1.0 } else { x.sin() / x } * window;
        assert!((f64::from(*entry) - exact).abs() < 0.5 + 1e-6, "{j}: {entry} is not {exact}");
    }
    let digest: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, RESAMPLER_TABLE_SHA256);
}

#[test]
fn vectors_and_chunks_change_nothing() {
    for (from_hz, to_hz) in [(44_100, 48_000), (48_000, 44_100), (96_000, 8_000), (8_000, 96_000), (44_100, 47_999), (192_000, 8_000)] {
        for (from_channels, to_channels) in [(1, 1), (2, 2), (1, 2), (6, 2), (8, 8)] {
            for kind in Kind::ALL {
                let setup = Setup { kind, rates: Rates { from_hz, to_hz }, from_channels, to_channels };
                let pcm = noise(1_500 * from_channels as usize);
                let right = resampled(Resampler::portable(), setup, &pcm, 4_096);
                assert_eq!(right.len() as u64, 1_500 * u64::from(to_hz) / u64::from(from_hz) * u64::from(to_channels));
                for frames in [1, 7, 1_000] {
                    assert!(resampled(Resampler::new(), setup, &pcm, frames) == right, "{setup:?} in chunks of {frames}");
                }
            }
        }
    }
}

#[test]
fn the_loudest_input_does_not_overflow() {
    // The signs of a phase's coefficients at full scale make the largest sum that there is.
    for (from_hz, to_hz) in [(44_100, 48_000), (48_000, 16_000), (192_000, 8_000)] {
        let rates = Rates { from_hz, to_hz };
        for phase in [0, 1] {
            let Ok(taps) = resampler::coefficients(rates, phase) else { continue };
            let magnitudes: i64 = taps.iter().map(|tap| i64::from(tap.abs())).sum();
            assert!(magnitudes < 3 << RESAMPLER_COEFFICIENT_BITS, "{magnitudes}");
        }
        let taps = resampler::coefficients(rates, 0).expect("the first phase");
        // An output frame stands on the frame of tap 0 where that frame's number is a multiple of the rates' ratio.
        let (middle, from) = (taps.len() / 2 - 1, (from_hz / divisor(from_hz, to_hz)) as usize);
        let mut pcm = vec![0; (from - middle % from) % from];
        pcm.extend(taps.iter().map(|tap| if *tap < 0 { i16::MIN } else { i16::MAX }));
        let setup = Setup { kind: Kind::Sinc, rates, from_channels: 1, to_channels: 1 };
        for sign in [1, -1] {
            let out = resampled(Resampler::new(), setup, &pcm, 4_096);
            assert_eq!(out, resampled(Resampler::portable(), setup, &pcm, 4_096));
            assert!(out.contains(&if sign > 0 { i16::MAX } else { i16::MIN }));
            pcm.iter_mut().for_each(|sample| *sample = !*sample);
        }
    }
}

/// The sinc's gain in dB at a frequency, in parts of the lower rate.
fn decibels(part: f64) -> f64 {
    let turn = |(j, entry): (usize, &i32)| 2.0 * f64::from(*entry) * (TAU * part * j as f64 / f64::from(RESAMPLER_STEPS_PER_FRAME)).cos();
    let sum = f64::from(table()[0]) + table().iter().enumerate().skip(1).map(turn).sum::<f64>();
    20.0 * (sum.abs() / ONE / f64::from(RESAMPLER_STEPS_PER_FRAME)).max(1e-12).log10()
}

#[test]
fn the_pass_band_is_flat_and_the_stop_band_silent() {
    let pass = f64::from(RESAMPLER_PASS_BAND_PERMILLE) / 1_000.0;
    let ripple = (0..=450).map(|step| decibels(pass * f64::from(step) / 450.0).abs()).fold(0.0, f64::max);
    let allowed = f64::from(RESAMPLER_PASS_RIPPLE_MICRODB) / 1e6;
    assert!(ripple <= allowed && ripple > allowed / 2.0, "the pass band ripples by {ripple} dB");
    let stop = f64::from(RESAMPLER_STOP_BAND_PERMILLE) / 1_000.0;
    // Side lobes are 1 / 128 wide; beyond twice the rate they only fall.
    let loudest = (0..1_500).map(|step| decibels(stop + f64::from(step) / 1_000.0)).fold(f64::NEG_INFINITY, f64::max);
    let allowed = -f64::from(RESAMPLER_STOP_ATTENUATION_DB);
    assert!(loudest <= allowed && loudest > allowed - 2.0, "the stop band is at {loudest} dB");
}

/// Everything beside the tone that the coefficients make of a tone at a frequency in Hz, in dB below it, before samples are rounded.
fn spurious(rates: Rates, hz: f64) -> f64 {
    let phases = (0..).map_while(|phase| resampler::coefficients(rates, phase).ok());
    let omega = TAU * hz / f64::from(rates.from_hz);
    let mut gains = Vec::new();
    for (phase, taps) in phases.enumerate() {
        let half = taps.len() as f64 / 2.0;
        gains.push(taps.iter().enumerate().fold((0.0, 0.0), |(re, im), (index, tap)| {
            // The tap's distance from the output frame; a phase is a part of a frame.
            let at = index as f64 - (half - 1.0) - phase as f64 / f64::from(rates.to_hz / divisor(rates.from_hz, rates.to_hz));
            (re + f64::from(*tap) / ONE * (omega * at).cos(), im + f64::from(*tap) / ONE * (omega * at).sin())
        }));
    }
    let count = gains.len() as f64;
    let mean = gains.iter().fold((0.0, 0.0), |sum, gain| (sum.0 + gain.0 / count, sum.1 + gain.1 / count));
    let beside = gains.iter().map(|gain| (gain.0 - mean.0).powi(2) + (gain.1 - mean.1).powi(2)).sum::<f64>() / count;
    10.0 * (beside / (mean.0.powi(2) + mean.1.powi(2))).log10()
}

fn divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { divisor(b, a % b) }
}

#[test]
fn images_and_interpolation_stay_far_below_a_tone() {
    let mut worst = f64::NEG_INFINITY;
    for (from_hz, to_hz) in [(44_100, 48_000), (48_000, 44_100), (22_050, 48_000), (32_000, 48_000), (48_000, 96_000)] {
        let rates = Rates { from_hz, to_hz };
        let end = f64::from(from_hz.min(to_hz)) * f64::from(RESAMPLER_PASS_BAND_PERMILLE) / 1_000.0;
        for step in 1..=12 {
            let beside = spurious(rates, end * f64::from(step) / 12.0);
            assert!(beside < -105.0, "{beside} dB at {} Hz of {rates:?}", end * f64::from(step) / 12.0);
            worst = worst.max(beside);
        }
    }
    println!("what the coefficients add to a tone is at most {worst:.1} dB of it");
}
