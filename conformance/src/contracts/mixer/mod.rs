//! Checks of the contract `mixer`.

mod goldens;
mod laws;
mod violations;
mod wrong;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN, GAIN_UNITY_Q16};
use spec::level::{LEVEL_Q16_MAX, LEVEL_UNITY_Q16};
use spec::mixer::{
    CLIP_RANGE_VALUES_MAX, CLIP_SOFT_KNEE, CLIP_SOFT_SPAN, CLIP_SUM_MAX, Config, Curve, Input, MIXER_BLOCK_FRAMES_MAX, MIXER_STREAMS_MAX,
    Mixed, Mixer, Obs, Op,
};
use spec::{Case, ErrorCode};

impl Suite for Mixer {
    const PROPERTY: &'static [&'static str] = &[
        "MIXER-001",
        "MIXER-002",
        "MIXER-003",
        "MIXER-004",
        "MIXER-005",
        "MIXER-006",
        "MIXER-007",
        "MIXER-008",
        "MIXER-009",
        "MIXER-010",
        "MIXER-011",
        "MIXER-014",
        "MIXER-015",
    ];

    fn touched(case: &Case<Self>, _rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        let mut walk = Walk::new(case.config.curve);
        let mut ids = Vec::new();
        for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
            ids.clear();
            walk.step(op, obs, &mut ids);
            for (place, id) in ids.iter().enumerate() {
                if !ids[..place].contains(id) {
                    out(Some(step), id);
                }
            }
        }
    }

    fn laws() -> Vec<Law<Self>> {
        vec![
            Law { name: "muting_and_unmuting_restores", requirements: &["MIXER-009"], draw: laws::draw_muted, holds: laws::mute_restores },
            Law { name: "order_of_streams_does_not_matter", requirements: &["MIXER-012"], draw: laws::draw_blocks, holds: laws::any_order },
            Law {
                name: "negated_inputs_give_negated_outputs",
                requirements: &["MIXER-013"],
                draw: laws::draw_blocks,
                holds: laws::negation,
            },
            Law { name: "parts_of_a_block_make_the_block", requirements: &["MIXER-016"], draw: laws::draw_blocks, holds: laws::parts_join },
        ]
    }

    fn domains() -> Vec<Domain<Self>> {
        vec![
            Domain {
                name: "clip_soft",
                requirements: &["MIXER-007"],
                describe: |_| format!("the soft curve of every sum from {} to {CLIP_SUM_MAX}", -CLIP_SUM_MAX),
                cases: |_| Box::new(every_sum(Curve::Soft)),
            },
            Domain {
                name: "clip_saturate",
                requirements: &["MIXER-006"],
                describe: |_| format!("the saturate curve of every sum from {} to {CLIP_SUM_MAX}", -CLIP_SUM_MAX),
                cases: |_| Box::new(every_sum(Curve::Saturate)),
            },
        ]
    }

    fn violations() -> Vec<Violation<Self>> {
        violations::violations()
    }

    fn goldens() -> Vec<GoldenCase<Self>> {
        goldens::goldens()
    }

    fn pcm(obs: &Obs) -> Option<&[i16]> {
        match obs {
            Obs::Mixed(mixed) => Some(&mixed.pcm),
            _ => None,
        }
    }
}

/// Every value that sums can have, in as few operations as may be, one per case.
fn every_sum(curve: Curve) -> impl Iterator<Item = (Case<Mixer>, u64)> + Send {
    (-CLIP_SUM_MAX..=CLIP_SUM_MAX).step_by(CLIP_RANGE_VALUES_MAX as usize).map(move |first| {
        let count = CLIP_RANGE_VALUES_MAX.min(CLIP_SUM_MAX.abs_diff(first) + 1);
        (Case { config: Config { curve }, ops: vec![Op::Clip { first, count }] }, u64::from(count))
    })
}

/// The clip curve, for telling what a block exercises and for machines that are wrong elsewhere.
fn clip(curve: Curve, y: i64) -> i16 {
    let clipped = match curve {
        Curve::Saturate => y.clamp(i64::from(i16::MIN), i64::from(i16::MAX)),
        Curve::Soft => {
            let above = (y.abs() - i64::from(CLIP_SOFT_KNEE)).clamp(0, i64::from(CLIP_SOFT_SPAN));
            let bent = i64::from(CLIP_SOFT_KNEE) + above - ((above * above + 16_384) >> 15);
            y.signum() * y.abs().min(bent)
        }
    };
    clipped as i16
}

/// Half away from zero, from so many fractional bits to none.
fn half_away(value: i64, bits: u32) -> i64 {
    ((value.abs() + (1 << (bits - 1))) >> bits) * value.signum()
}

/// What is known of a mixer while walking along a case with the right answers.
struct Walk {
    curve: Curve,
    streams: [Option<u32>; MIXER_STREAMS_MAX as usize],
    /// Slots that had another gain before their stream was closed.
    reused: [bool; MIXER_STREAMS_MAX as usize],
    level: u32,
    muted: bool,
    /// Unmuted, and no block mixed since.
    restored: bool,
}

impl Walk {
    fn new(curve: Curve) -> Self {
        Self { curve, streams: Default::default(), reused: Default::default(), level: LEVEL_UNITY_Q16, muted: false, restored: false }
    }

    fn step(&mut self, op: &Op, obs: &Obs, out: &mut Vec<&'static str>) {
        match (op, obs) {
            (Op::Open, Obs::Opened(id)) => {
                if let Some(stream) = self.streams.get_mut(*id as usize) {
                    *stream = Some(GAIN_UNITY_Q16);
                }
                out.push("MIXER-001");
            }
            (Op::Open, _) => out.push("MIXER-001"),
            (_, Obs::Rejected(_)) => out.push("MIXER-015"),
            (Op::Close(id), _) => {
                if let (Some(stream), Some(reused)) = (self.streams.get_mut(*id as usize), self.reused.get_mut(*id as usize)) {
                    *reused = stream.take() != Some(GAIN_UNITY_Q16);
                }
            }
            (Op::SetGain(id, db), _) => {
                if let Some(stream) = self.streams.get_mut(*id as usize) {
                    *stream = model::gain::factor(*db).ok();
                }
                if [GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MAX].contains(db) {
                    out.push("MIXER-015");
                }
            }
            (Op::SetLevel(level), _) => {
                self.level = *level;
                if *level == LEVEL_Q16_MAX {
                    out.push("MIXER-015");
                }
            }
            (Op::Mute(muted), _) => {
                self.restored = self.muted && !muted;
                self.muted = *muted;
            }
            (Op::Clip { first, count }, Obs::Clipped(_)) => {
                if *count > 0 {
                    out.push(self.curve_id());
                }
                if *count == CLIP_RANGE_VALUES_MAX || first.unsigned_abs() == CLIP_SUM_MAX.unsigned_abs() {
                    out.push("MIXER-015");
                }
            }
            (Op::Mix { frames, inputs }, Obs::Mixed(mixed)) => self.mixed(*frames, inputs, mixed, out),
            _ => {}
        }
    }

    fn curve_id(&self) -> &'static str {
        match self.curve {
            Curve::Soft => "MIXER-007",
            Curve::Saturate => "MIXER-006",
        }
    }

    fn mixed(&mut self, frames: u32, inputs: &[Input], mixed: &Mixed, out: &mut Vec<&'static str>) {
        let sounds = inputs.iter().any(|input| input.pcm.iter().any(|sample| *sample != 0));
        if self.muted {
            out.push("MIXER-009");
        } else {
            if std::mem::take(&mut self.restored) && sounds {
                out.push("MIXER-009");
            }
            self.sounded(frames, inputs, mixed, out);
        }
        if frames == MIXER_BLOCK_FRAMES_MAX {
            out.push("MIXER-015");
        }
    }

    /// What an unmuted block exercises. What only some blocks tell comes first: a wrong rounding is seen in a block that has
    /// something to round, and a wrong meter in any.
    fn sounded(&self, frames: u32, inputs: &[Input], mixed: &Mixed, out: &mut Vec<&'static str>) {
        let seen = self.arithmetic(frames, inputs);
        let given = 2 * frames as usize;
        let open = self.streams.iter().flatten().count();
        let short = inputs.is_empty() || inputs.len() < open || inputs.iter().any(|input| input.pcm.len() < given);
        let scaled = inputs.iter().any(|input| {
            let slot = input.stream as usize;
            let told = self.streams.get(slot) != Some(&Some(GAIN_UNITY_Q16)) || self.reused.get(slot) == Some(&true);
            told && input.pcm.iter().any(|sample| *sample != 0)
        });
        let any = |id, when: bool, out: &mut Vec<_>| {
            if when {
                out.push(id);
            }
        };
        any("MIXER-004", seen.half, out);
        any("MIXER-003", seen.by_stream, out);
        any("MIXER-005", seen.clipped_first, out);
        any(self.curve_id(), mixed.clipped > 0, out);
        any("MIXER-008", mixed.clipped > 0, out);
        any("MIXER-010", mixed.peak.contains(&32_768), out);
        any("MIXER-004", seen.fraction, out);
        any("MIXER-002", scaled, out);
        any("MIXER-005", seen.scaled, out);
        any("MIXER-011", inexact_rms(frames, mixed), out);
        any("MIXER-014", short, out);
        any("MIXER-003", seen.several, out);
        any("MIXER-010", mixed.peak != [0; 2], out);
        any("MIXER-011", mixed.peak != [0; 2], out);
        // Nothing was altered, which the curve and the count must leave so.
        any(self.curve_id(), mixed.peak != [0; 2], out);
        any("MIXER-008", mixed.peak != [0; 2], out);
        // Nothing but zeros, whose sum is silence.
        any("MIXER-003", out.is_empty(), out);
    }

    fn arithmetic(&self, frames: u32, inputs: &[Input]) -> Seen {
        let mut seen = Seen::default();
        let level = i64::from(self.level);
        for index in 0..2 * frames as usize {
            let products = inputs.iter().filter_map(|input| {
                let factor = self.streams.get(input.stream as usize).copied().flatten()?;
                Some(i64::from(*input.pcm.get(index)?) * i64::from(factor))
            });
            let (mut sum, mut rounded, mut sounding) = (0, 0, 0);
            for product in products {
                sum += product;
                rounded += half_away(product, 16);
                sounding += u32::from(product != 0);
            }
            let right = clip(self.curve, half_away(sum * level, 32));
            let fraction = (sum * level).rem_euclid(1 << 32);
            let loud = half_away(sum, 16);
            let clipped_first = i64::from(clip(self.curve, loud));
            seen.half |= fraction == 1 << 31;
            seen.fraction |= fraction != 0;
            seen.by_stream |= clip(self.curve, half_away(rounded * level, 16)) != right;
            seen.clipped_first |= clipped_first != loud && half_away(clipped_first * level, 16) != i64::from(right);
            seen.scaled |= self.level != LEVEL_UNITY_Q16 && sum != 0;
            seen.several |= sounding > 1;
        }
        seen
    }
}

/// What the exact sums of a block tell apart.
#[derive(Default)]
struct Seen {
    /// A sum is exactly between two samples.
    half: bool,
    /// A sum is between two samples.
    fraction: bool,
    /// Rounding each stream gives something else.
    by_stream: bool,
    /// Clipping before the level gives something else.
    clipped_first: bool,
    /// The level scales something.
    scaled: bool,
    /// Streams sound together.
    several: bool,
}

/// Whether the root of a channel's mean square has a fraction.
fn inexact_rms(frames: u32, mixed: &Mixed) -> bool {
    (0..2).any(|channel| {
        let squares: i64 = mixed.pcm.iter().skip(channel).step_by(2).map(|sample| i64::from(*sample).pow(2)).sum();
        squares != i64::from(mixed.rms[channel]).pow(2) * i64::from(frames)
    })
}

#[cfg(test)]
mod tests {
    use super::{clip, every_sum};
    use crate::contracts::self_test::assert_complete;
    use model::Modelled;
    use spec::mixer::{CLIP_SUM_MAX, Curve, Mixer, Obs};

    #[test]
    fn the_checks_are_complete() {
        assert_complete::<Mixer>();
    }

    #[test]
    fn every_sum_is_covered_once_and_clipped_as_the_model_does() {
        for curve in [Curve::Soft, Curve::Saturate] {
            let mut next = -CLIP_SUM_MAX;
            for (case, values) in every_sum(curve) {
                let trace = Mixer::model().run_case(&case).expect("a model does not fail");
                let Some(Obs::Clipped(clipped)) = trace.obs.first() else { panic!("{case:?} gave {trace:?}") };
                assert_eq!(clipped.len() as u64, values);
                for sample in clipped {
                    assert_eq!(clip(curve, i64::from(next)), *sample, "{next}");
                    next += 1;
                }
            }
            assert_eq!(next, CLIP_SUM_MAX + 1);
        }
    }
}
