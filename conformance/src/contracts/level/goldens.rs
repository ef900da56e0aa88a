//! Recorded cases of the contract `level`.

use crate::suite::GoldenCase;
use spec::Case;
use spec::level::{Config, LEVEL_Q16_MAX, Level, Linear, Op};

/// The step of a level in Q16.
const STEP: f64 = 1.0 / 65_536.0;

pub(super) fn goldens() -> Vec<GoldenCase<Level>> {
    let golden = |name, doc, ops| GoldenCase { name, doc, case: Case { config: Config {}, ops } };
    vec![
        golden("start", "The level is 1 and not muted.", vec![Op::Get]),
        golden(
            "numbers",
            "0.75 is 49,152 and 0.5 is 32,768; negative zero is zero.",
            looked_at(numbers(&[0.75, 0.5, 0.1, 1.0, 0.0, 1.0, -0.0])),
        ),
        golden(
            "rounding_edges",
            "From a half step on upwards, exactly: the double just below a half step still goes down.",
            looked_at(numbers(&[
                1.0,
                0.5 * STEP,
                0.499_999_999_999_999_94 * STEP,
                (0.5 * STEP).next_up(),
                1.5 * STEP,
                (1.5 * STEP).next_down(),
                2.5 * STEP,
                32_768.5 * STEP,
                (32_768.5 * STEP).next_down(),
                65_535.5 * STEP,
                (65_535.5 * STEP).next_down(),
                1.0_f64.next_down(),
                5e-324,
                f64::MIN_POSITIVE,
            ])),
        ),
        golden("rejected_numbers", "What is no number from 0 to 1 changes nothing.", {
            let mut ops = numbers(&[0.25]);
            ops.extend(numbers(&[f64::INFINITY, f64::NEG_INFINITY, -5e-324, -1.0, 1.0_f64.next_up(), 2.0, f64::MAX]));
            // Quiet, negative and signalling NaNs.
            ops.extend([0x7ff8_0000_0000_0000, 0xfff8_0000_0000_0000, 0x7ff0_0000_0000_0001].map(|bits| Op::Set(Linear(bits))));
            looked_at(ops)
        }),
        golden("mute", "A mute is silence, and gives the level back as it was, muted once or twice.", {
            let mut ops = numbers(&[0.75]);
            ops.extend([true, true, false, false].map(Op::Mute));
            looked_at(ops)
        }),
        golden(
            "mute_at_the_start",
            "A mute gives back the first level, too.",
            looked_at(vec![Op::Mute(false), Op::Mute(true), Op::Mute(false)]),
        ),
        golden("set_while_muted", "What is set while muted is heard after the mute alone.", {
            let mut ops = vec![Op::Mute(true)];
            ops.extend(numbers(&[0.5]));
            ops.extend([Op::Mute(false), Op::Mute(true), Op::SetText("0.25".to_owned()), Op::Mute(false)]);
            looked_at(ops)
        }),
        golden("rejected_while_muted", "A rejected level is not remembered.", {
            let mut ops = numbers(&[0.5]);
            ops.extend([Op::Mute(true), Op::Set(Linear::of(2.0)), Op::SetText("2".to_owned()), Op::Mute(false)]);
            looked_at(ops)
        }),
        golden(
            "decibels",
            "0.75 is -640 and 0.5 is -1541 in 1/256 dB; zero is -inf; 0 dB starts at 65,522; what is above 1 is rejected.",
            [49_152, 32_768, LEVEL_Q16_MAX, 65_535, 65_522, 65_521, 16_384, 6_554, 655, 2, 1, 0, LEVEL_Q16_MAX + 1, u32::MAX]
                .map(Op::Decibels)
                .to_vec(),
        ),
        golden("texts", "Texts of the documented form, at most four places.", {
            let good = ["0", "1", "0.0", "0.5", "0.75", "0.05", "0.123", "0.1234", "0.0001", "0.9999", "0.0000", "1.0", "1.0000"];
            looked_at(texts(&good))
        }),
        golden("rejected_texts", "Everything else is rejected and changes nothing.", {
            let mut ops = texts(&["0.25"]);
            ops.extend(texts(&[
                "",
                ".",
                "0.",
                ".5",
                "1.",
                "00",
                "01",
                "00.5",
                "0.12345",
                "1.1",
                "1.0001",
                "1.00000",
                "2",
                "-0",
                "-1",
                "+1",
                "+0.5",
                " 1",
                "1 ",
                "0 .5",
                "1\n",
                "0,5",
                "5e-1",
                "1e0",
                "0x1",
                "NaN",
                "inf",
                "0.5f",
                "0.\u{663}",
                "\u{661}",
                "1.0\u{660}",
            ]));
            ops.push(Op::Get);
            ops
        }),
        golden(
            "shown",
            "Two decimals, to the nearest hundredth; 8,192 is 0.125 exactly and goes up.",
            [0, 327, 328, 8_192, 24_576, 32_768, 49_152, 65_208, 65_209, LEVEL_Q16_MAX, LEVEL_Q16_MAX + 1, u32::MAX].map(Op::Show).to_vec(),
        ),
    ]
}

fn numbers(values: &[f64]) -> Vec<Op> {
    values.iter().map(|value| Op::Set(Linear::of(*value))).collect()
}

fn texts(values: &[&str]) -> Vec<Op> {
    values.iter().map(|value| Op::SetText((*value).to_owned())).collect()
}

/// A look after each operation.
fn looked_at(ops: Vec<Op>) -> Vec<Op> {
    ops.into_iter().flat_map(|op| [op, Op::Get]).collect()
}
