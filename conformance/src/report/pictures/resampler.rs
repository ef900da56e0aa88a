//! What the resampler's sinc does to each frequency.

use super::{NotDrawn, ask};
use crate::report::svg::{Axis, Guide, Plot, Series};
use crate::report::text;
use spec::resampler::{
    Config, Obs, Op, RESAMPLER_COEFFICIENT_BITS, RESAMPLER_CROSSINGS, RESAMPLER_PASS_BAND_PERMILLE, RESAMPLER_STEPS_PER_FRAME,
    RESAMPLER_STOP_BAND_PERMILLE, RESAMPLER_TABLE_ENTRIES, Resampler, TABLE_SLICE,
};
use std::f64::consts::TAU;

/// What is too small for the picture.
const FLOOR: f64 = -140.0;

/// The end of the pass band and the beginning of the stop band, in parts of the lower rate.
const PASS: f64 = RESAMPLER_PASS_BAND_PERMILLE as f64 / 1_000.0;
const STOP: f64 = RESAMPLER_STOP_BAND_PERMILLE as f64 / 1_000.0;

/// The sinc's table, in parts of one.
fn table() -> Result<Vec<f64>, NotDrawn> {
    let ops = (0..RESAMPLER_TABLE_ENTRIES).step_by(TABLE_SLICE as usize).map(Op::Table).collect();
    let entries = |obs| if let Obs::Table(entries) = obs { Ok(entries) } else { Err(NotDrawn::Unexpected("table")) };
    let slices = ask::<Resampler>(Config {}, ops)?.into_iter().map(entries).collect::<Result<Vec<_>, _>>()?;
    Ok(slices.concat().into_iter().map(|entry| f64::from(entry) / f64::from(1 << RESAMPLER_COEFFICIENT_BITS)).collect())
}

/// The gain in dB at a frequency, in parts of the lower rate.
fn decibels(table: &[f64], part: f64) -> f64 {
    let angle = TAU * part / f64::from(RESAMPLER_STEPS_PER_FRAME);
    let (first, rest) = table.split_first().map_or((0.0, table), |(first, rest)| (*first, rest));
    // Every entry stands for itself and for its mirror image. The cosine of each further entry follows from the two before.
    let (mut before, mut cosine, twice) = (1.0, angle.cos(), 2.0 * angle.cos());
    let mut sum = first;
    for entry in rest {
        sum += 2.0 * entry * cosine;
        (before, cosine) = (cosine, twice * cosine - before);
    }
    20.0 * (sum.abs() / f64::from(RESAMPLER_STEPS_PER_FRAME)).max(1e-12).log10()
}

fn curve(table: &[f64], from: f64, to: f64, points: u32) -> Vec<(f64, f64)> {
    let at = |point: u32| from + (to - from) * f64::from(point) / f64::from(points);
    (0..=points).map(|point| (at(point), decibels(table, at(point)))).collect()
}

fn parts(tenths: impl IntoIterator<Item = u32>) -> Vec<(f64, String)> {
    tenths.into_iter().map(|tenth| (f64::from(tenth) / 10.0, format!("{:.1}", f64::from(tenth) / 10.0))).collect()
}

/// The whole response, with what the stop band leaves.
pub fn response() -> Result<(String, String), NotDrawn> {
    let table = table()?;
    let points = curve(&table, 0.0, 1.0, 500);
    let loudest = curve(&table, STOP, 1.5, 2_000).into_iter().map(|point| point.1).fold(f64::NEG_INFINITY, f64::max);
    let plot = Plot {
        title: "The windowed sinc's response".to_owned(),
        x: Axis::linear("frequency, of the lower rate", 0.0, 1.0, parts((0..=10).step_by(2))),
        y: Axis::linear("gain, dB", FLOOR, 10.0, (0..=7).map(|part| (f64::from(part * -20), text::minus(&(part * -20).to_string())))),
        series: vec![Series {
            name: "gain".to_owned(),
            style: 0,
            points: points.into_iter().map(|(part, db)| (part, db.max(FLOOR))).collect(),
            holds: false,
        }],
        guides: vec![
            Guide::X(PASS, format!("pass band to {PASS:.2}")),
            Guide::X(STOP, format!("stop band from {STOP:.2}")),
            Guide::Y(loudest, text::minus(&format!("{loudest:.1} dB"))),
        ],
        marks: Vec::new(),
    };
    let caption = format!(
        "What the pinned table of {} entries ({RESAMPLER_CROSSINGS} input frames to each side) does to each frequency. Beyond {STOP:.2} of the \
         lower rate at most {} are left: of 44.1 kHz into 48 kHz, nothing that lands below {:.1} kHz.",
        text::count(u64::from(RESAMPLER_TABLE_ENTRIES)),
        text::minus(&format!("{loudest:.1} dB")),
        44.1 * (1.0 - STOP)
    );
    Ok((plot.render(), caption))
}

/// The pass band, a thousand times as large.
pub fn pass_band() -> Result<(String, String), NotDrawn> {
    let table = table()?;
    let ripple = curve(&table, 0.0, PASS, 1_000).into_iter().map(|point| point.1.abs()).fold(0.0, f64::max);
    let plot = Plot {
        title: "The windowed sinc's pass band".to_owned(),
        x: Axis::linear("frequency, of the lower rate", 0.0, 0.5, parts(0..=5)),
        y: Axis::linear("gain, dB", -0.02, 0.01, [-0.02, -0.01, 0.0, 0.01].map(|db| (db, text::minus(&format!("{db:.2}"))))),
        series: vec![Series {
            name: "gain".to_owned(),
            style: 0,
            points: curve(&table, 0.0, 0.4545, 400).into_iter().filter(|point| point.1 > -0.02).collect(),
            holds: false,
        }],
        guides: vec![Guide::X(PASS, format!("pass band to {PASS:.2}"))],
        marks: Vec::new(),
    };
    let caption = format!(
        "Up to {PASS:.2} of the lower rate, which is {:.2} kHz of 44.1 kHz, the gain is off by at most {ripple:.4} dB.",
        44.1 * PASS
    );
    Ok((plot.render(), caption))
}
