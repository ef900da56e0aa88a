//! Curves from one number to another: gain, level, clipping.

use super::{NotDrawn, ask};
use crate::report::svg::{Axis, Guide, Mark, Plot, Series};
use crate::report::text;
use spec::gain::{self, GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN, GAIN_UNITY_Q16, Gain};
use spec::level::{self, Decibels, LEVEL_Q16_MAX, Level};
use spec::mixer::{self, CLIP_SOFT_KNEE, CLIP_SOFT_SPAN, Curve, Mixer};

const STEPS_PER_DB: f64 = 256.0;

/// From Q8.8 decibels to the Q16 factor.
pub fn gain() -> Result<(String, String), NotDrawn> {
    const FLOOR: f64 = 0.5;
    let dbs: Vec<i32> = (GAIN_DB_Q8_8_MIN..=GAIN_DB_Q8_8_MAX).step_by(16).collect();
    let factors = factors(&dbs)?;
    let points = dbs.iter().zip(&factors).filter(|(_, factor)| **factor > 0.0).map(|(db, factor)| (f64::from(*db) / STEPS_PER_DB, *factor));
    let anchors = [0, -6 * 256, -12 * 256];
    let offsets = [(-8.0, -6.0), (-8.0, -3.0), (-8.0, 0.0)];
    let marks = anchors.iter().zip(self::factors(&anchors)?).zip(offsets).map(|((db, factor), offset)| Mark {
        at: (f64::from(*db) / STEPS_PER_DB, factor),
        text: text::minus(&format!("{} dB is {}", db / 256, text::count(factor as u64))),
        offset,
        bad: false,
    });
    // Zero has no place on a logarithmic axis: silence is marked on its floor.
    let silence = Mark { at: (-96.0, FLOOR), text: "−96 dB is silence".to_owned(), offset: (30.0, -4.0), bad: false };
    let ratio = |value: f64, text: &str| (value * f64::from(GAIN_UNITY_Q16), text.to_owned());
    let plot = Plot {
        title: "The factor of each gain".to_owned(),
        x: Axis::linear("gain, dB", -96.0, 12.0, (-8..=1).map(|dozen| (f64::from(dozen * 12), text::minus(&(dozen * 12).to_string())))),
        y: Axis::log(
            "factor (65,536 is 1)",
            FLOOR,
            400_000.0,
            [ratio(1.0, "1"), ratio(0.1, "0.1"), ratio(0.01, "0.01"), ratio(1e-3, "0.001"), ratio(1e-4, "0.0001")],
        ),
        series: vec![Series { name: "factor".to_owned(), style: 0, points: points.collect(), holds: true }],
        guides: Vec::new(),
        marks: marks.chain([silence]).collect(),
    };
    let caption =
        "The pinned table of gains, on a logarithmic axis. Near −90 dB its entries are so small that single integers show as stairs.";
    Ok((plot.render(), caption.to_owned()))
}

fn factors(dbs: &[i32]) -> Result<Vec<f64>, NotDrawn> {
    let factor = |obs| if let gain::Obs::Factor(factor) = obs { Ok(f64::from(factor)) } else { Err(NotDrawn::Unexpected("factor")) };
    ask::<Gain>(gain::Config {}, dbs.iter().map(|db| gain::Op::Factor(*db)).collect())?.into_iter().map(factor).collect()
}

/// From the linear level to decibels.
pub fn level() -> Result<(String, String), NotDrawn> {
    // Closer together where the curve is steep.
    let mut levels: Vec<u32> = (0..=16).flat_map(|power| (0..32).map(move |part| (1 << power) + ((part << power) >> 5))).collect();
    levels.retain(|level| *level <= LEVEL_Q16_MAX);
    levels.dedup();
    let share = |level: &u32| f64::from(*level) / f64::from(LEVEL_Q16_MAX);
    let decibels_of_levels = decibels(&levels)?;
    let smallest = decibels_of_levels.first().copied();
    let points = levels.iter().map(share).zip(decibels_of_levels);
    let anchors = [LEVEL_Q16_MAX, LEVEL_Q16_MAX / 4 * 3, LEVEL_Q16_MAX / 2, LEVEL_Q16_MAX / 10];
    let offsets = [(-6.0, 18.0), (-8.0, -7.0), (-8.0, -7.0), (8.0, 12.0)];
    let marks = anchors.iter().zip(decibels(&anchors)?).zip(offsets).map(|((level, db), offset)| Mark {
        at: (share(level), db),
        text: text::minus(&format!("{:.2}: {db:.2} dB", share(level))),
        offset,
        bad: false,
    });
    let plot = Plot {
        title: "The level in decibels".to_owned(),
        x: Axis::linear("level", 0.0, 1.0, (0..=4).map(|quarter| (f64::from(quarter) / 4.0, format!("{:.2}", f64::from(quarter) / 4.0)))),
        y: Axis::linear("level, dB", -100.0, 4.0, (0..=4).map(|part| (f64::from(part) * -24.0, text::minus(&(part * -24).to_string())))),
        series: vec![Series { name: "level".to_owned(), style: 0, points: points.collect(), holds: false }],
        guides: smallest
            .map(|db| Guide::Y(db, text::minus(&format!("0 is -∞; the smallest level above it is {db:.2} dB"))))
            .into_iter()
            .collect(),
        marks: marks.collect(),
    };
    let caption = "What the level is reported as in decibels: half the level is −6.02 dB, a tenth −20 dB.";
    Ok((plot.render(), caption.to_owned()))
}

fn decibels(levels: &[u32]) -> Result<Vec<f64>, NotDrawn> {
    let decibels = |obs| match obs {
        level::Obs::Decibels(Decibels::Q8_8(db)) => Ok(f64::from(db) / STEPS_PER_DB),
        _ => Err(NotDrawn::Unexpected("decibels")),
    };
    ask::<Level>(level::Config {}, levels.iter().map(|level| level::Op::Decibels(*level)).collect())?.into_iter().map(decibels).collect()
}

/// Both clip curves.
pub fn clip() -> Result<(String, String), NotDrawn> {
    let (from, to) = (12_288, 49_152);
    let soft = clipped(Curve::Soft, from, to)?;
    let saturate = clipped(Curve::Saturate, from, to)?;
    let knee = f64::from(CLIP_SOFT_KNEE);
    let rail_from = f64::from(CLIP_SOFT_KNEE + CLIP_SOFT_SPAN);
    let rail = soft.iter().map(|point| point.1).fold(0.0, f64::max);
    let count = |value: f64| text::count(value as u64);
    let plot = Plot {
        title: "The clip curves".to_owned(),
        x: Axis::linear("sum, LSB", f64::from(from), f64::from(to), [16_384.0, 24_576.0, 32_768.0, 40_960.0].map(|x| (x, count(x)))),
        y: Axis::linear(
            "sample, LSB",
            f64::from(from),
            36_000.0,
            [16_384.0, 20_480.0, 24_576.0, 28_672.0, 32_767.0].map(|y| (y, count(y))),
        ),
        series: vec![
            Series { name: "saturate".to_owned(), style: 1, points: saturate, holds: false },
            Series { name: "soft".to_owned(), style: 0, points: soft, holds: false },
        ],
        guides: vec![
            Guide::Y(rail, format!("rail: {}", count(rail))),
            Guide::X(knee, format!("knee: {}", count(knee))),
            Guide::X(rail_from, format!("rail: {}", count(rail_from))),
        ],
        marks: vec![
            Mark { at: (knee, knee), text: String::new(), offset: (0.0, 0.0), bad: false },
            Mark { at: (rail_from, rail), text: String::new(), offset: (0.0, 0.0), bad: false },
        ],
    };
    let caption = "How a sum beyond 16 bits comes back. Both curves leave small sums alone; the soft one bends at the knee and meets the \
                   rail without a corner. Negative sums mirror this, but for −32,768, which only saturating reaches.";
    Ok((plot.render(), caption.to_owned()))
}

fn clipped(curve: Curve, from: i32, to: i32) -> Result<Vec<(f64, f64)>, NotDrawn> {
    let op = mixer::Op::Clip { first: from, count: from.abs_diff(to) + 1 };
    match ask::<Mixer>(mixer::Config { curve }, vec![op])?.pop() {
        Some(mixer::Obs::Clipped(values)) => {
            Ok((from..).zip(values).step_by(64).map(|(sum, value)| (f64::from(sum), f64::from(value))).collect())
        }
        _ => Err(NotDrawn::Unexpected("clipped values")),
    }
}
