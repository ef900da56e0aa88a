//! Recorded cases of the contract `gain`.

use super::{ANCHORS, case};
use crate::suite::GoldenCase;
use spec::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN, GAIN_DB_STEPS_PER_DB, Gain, Op};

/// The cases.
pub fn goldens() -> Vec<GoldenCase<Gain>> {
    let golden = |name, doc, ops| GoldenCase { name, doc, case: case(ops) };
    let rails = vec![i16::MAX, -i16::MAX, i16::MIN, 1, -1, 0];
    let whole_decibels = (GAIN_DB_Q8_8_MIN..=GAIN_DB_Q8_8_MAX).step_by(GAIN_DB_STEPS_PER_DB as usize).map(Op::Factor).collect();
    vec![
        golden("anchors", "0 dB is 65,536, -6 dB is 32,846, -12 dB is 16,462.", ANCHORS.map(Op::Factor).to_vec()),
        golden("whole_decibels", "Every whole decibel from -96 to 12.", whole_decibels),
        golden("steps_around_anchors", "The table's steps of 1/256 dB on both sides of the anchors.", {
            ANCHORS.iter().flat_map(|db| [db - 2, db - 1, db + 1, db + 2]).map(Op::Factor).collect()
        }),
        golden("quarters_of_a_decibel", "Fractions of a decibel are exact, not interpolated.", {
            (-512..=512).step_by(64).map(Op::Factor).collect()
        }),
        golden(
            "minimum_is_silence",
            "-96 dB means silence; one step above it the factor is 1.",
            vec![
                Op::Factor(GAIN_DB_Q8_8_MIN),
                Op::Apply(GAIN_DB_Q8_8_MIN, rails.clone()),
                Op::Factor(GAIN_DB_Q8_8_MIN + 1),
                Op::Apply(GAIN_DB_Q8_8_MIN + 1, rails.clone()),
            ],
        ),
        golden(
            "bounds",
            "The ends are gains; what lies just outside them is rejected, and not clamped.",
            vec![
                Op::Factor(GAIN_DB_Q8_8_MIN),
                Op::Factor(GAIN_DB_Q8_8_MIN - 1),
                Op::Factor(GAIN_DB_Q8_8_MAX),
                Op::Factor(GAIN_DB_Q8_8_MAX + 1),
                Op::Factor(i32::MIN),
                Op::Factor(i32::MAX),
                Op::Apply(GAIN_DB_Q8_8_MAX, vec![1]),
                Op::Apply(GAIN_DB_Q8_8_MAX + 1, vec![1]),
                Op::Apply(GAIN_DB_Q8_8_MIN - 1, Vec::new()),
            ],
        ),
        golden(
            "halves",
            "At -6 dB, 16,384 is 8,211.5: halves go away from zero on both sides.",
            vec![
                Op::Apply(-1_536, vec![16_384, -16_384]),
                Op::Apply(-3_072, vec![16_384, -16_384]),
                Op::Apply(GAIN_DB_Q8_8_MAX, vec![4_096, -4_096, 12_288, -12_288]),
            ],
        ),
        golden(
            "not_clipped",
            "+12 dB takes full scale beyond 16 bits; nothing clips it here.",
            vec![Op::Apply(GAIN_DB_Q8_8_MAX, rails.clone())],
        ),
        golden("unity", "0 dB changes nothing.", vec![Op::Apply(0, rails)]),
        golden("any_number_of_samples", "Single samples are scaled: none, one and three are fine.", {
            [0, 1, 3].map(|samples| Op::Apply(-3_072, vec![i16::MAX; samples])).to_vec()
        }),
    ]
}
