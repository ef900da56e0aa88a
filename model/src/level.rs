//! The reference model of the contract `level`.

pub use self::LevelModel as Model;
use num_bigint::BigUint;
use spec::level::{Config, Decibels, LEVEL_Q16_MAX, LEVEL_UNITY_Q16, Level, Linear, Obs, Op};
use spec::{ErrorCode, Failure, Machine};
use std::sync::OnceLock;

/// The reference model of the contract `level`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelModel {
    /// The remembered level, in Q16.
    level: u32,
    muted: bool,
}

impl Default for LevelModel {
    fn default() -> Self {
        // LEVEL-008
        Self { level: LEVEL_UNITY_Q16, muted: false }
    }
}

/// The Q16 level of a double, from its bits, in integers.
fn from_linear(linear: Linear) -> Result<u32, ErrorCode> {
    let negative = linear.0 >> 63 == 1;
    let exponent = (linear.0 >> 52 & 0x7ff) as u32;
    let fraction = linear.0 & ((1 << 52) - 1);
    // Negative zero is zero (LEVEL-D4).
    if exponent == 0 && fraction == 0 {
        return Ok(0);
    }
    // LEVEL-002: 1.0 has the exponent 1023 and no fraction; NaN and infinities have the largest exponent.
    if negative || exponent > 1023 || (exponent == 1023 && fraction != 0) {
        return Err(ErrorCode::InvalidLevel);
    }
    // The number is mantissa / 2^scale: subnormal numbers share the smallest exponent and lack the hidden bit.
    let mantissa = if exponent == 0 { fraction } else { fraction | 1 << 52 };
    let scale = 1075 - exponent.max(1);
    // LEVEL-001: floor(x × 65536 + 1/2) = floor((x × 2^17 + 1) / 2) = floor((mantissa + 2^(scale - 17)) / 2^(scale - 16)).
    let one = BigUint::from(1_u32);
    let rounded = (BigUint::from(mantissa) + (one << (scale - 17))) >> (scale - 16);
    Ok(rounded.try_into().unwrap_or(LEVEL_Q16_MAX))
}

/// The Q16 level of a settings text: `0(\.\d{1,4})?|1(\.0{1,4})?`, in ASCII.
pub(crate) fn from_text(text: &str) -> Result<u32, ErrorCode> {
    // LEVEL-007
    match text.as_bytes() {
        [b'0'] => Ok(0),
        [b'1'] => Ok(LEVEL_UNITY_Q16),
        [b'0', b'.', digits @ ..] if (1..=4).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit) => {
            let number = digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
            let places = 10_u32.pow(digits.len() as u32);
            // LEVEL-001: floor(number / places × 65536 + 1/2); at most 9999 × 131072 + 10000 here.
            Ok((number * 131_072 + places) / (2 * places))
        }
        [b'1', b'.', zeros @ ..] if (1..=4).contains(&zeros.len()) && zeros.iter().all(|digit| *digit == b'0') => Ok(LEVEL_UNITY_Q16),
        _ => Err(ErrorCode::InvalidLevelText),
    }
}

/// Fractional bits of the fixed-point numbers below. The ratio of neighbours and each of the 25,600 products lose less than one
/// unit of the last place; grown with the thresholds, all of it stays below 2^-280.
const FRACTION: u64 = 320;

/// The levels, in Q16 with [`FRACTION`] fractional bits, between which neighbouring decibel steps are the nearest: from the step
/// -25600 (-100 dB, below every level) on, 65536 × 10^((step + 1/2) / 5120).
fn thresholds() -> impl Iterator<Item = (i32, BigUint)> {
    // 10^(1/5) by a fifth root; ten square roots of it make 10^(1/5120), an eleventh makes 10^(1/10240).
    let fifth_root = (BigUint::from(10_u32) << (5 * FRACTION)).nth_root(5);
    let step = (0..10).fold(fifth_root, |root, _| (root << FRACTION).sqrt());
    let half_step = (&step << FRACTION).sqrt();
    let first = half_step * LEVEL_UNITY_Q16 / 100_000_u32;
    (-25_600..).zip(std::iter::successors(Some(first), move |threshold| Some((threshold * &step) >> FRACTION)))
}

/// The level of every Q16 level in Q8.8 dB.
pub fn table() -> &'static [Decibels] {
    static TABLE: OnceLock<Vec<Decibels>> = OnceLock::new();
    TABLE.get_or_init(|| {
        // LEVEL-006: zero is -inf; any other level takes the first step whose upper threshold it does not pass.
        let mut table = vec![Decibels::Silence];
        for (step, threshold) in thresholds() {
            while BigUint::from(table.len()) << FRACTION < threshold {
                if table.len() > LEVEL_Q16_MAX as usize {
                    return table;
                }
                table.push(Decibels::Q8_8(step));
            }
        }
        table
    })
}

impl LevelModel {
    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        match op {
            // LEVEL-005: the mute is not looked at. LEVEL-002, LEVEL-007: a rejection comes before any change.
            Op::Set(linear) => self.level = from_linear(*linear)?,
            Op::SetText(text) => self.level = from_text(text)?,
            // LEVEL-004: the level is not touched.
            Op::Mute(muted) => self.muted = *muted,
            Op::Get => {
                // LEVEL-003
                let effective = if self.muted { 0 } else { self.level };
                return Ok(Obs::State { level: self.level, effective, muted: self.muted });
            }
            Op::Decibels(level) => return table().get(*level as usize).map(|db| Obs::Decibels(*db)).ok_or(ErrorCode::OutOfRange),
            Op::Show(level) if *level > LEVEL_Q16_MAX => return Err(ErrorCode::OutOfRange),
            Op::Show(level) => {
                // LEVEL-009: floor(level × 100 / 65536 + 1/2).
                let hundredths = (level * 200 + 65_536) / 131_072;
                return Ok(Obs::Text(format!("{}.{:02}", hundredths / 100, hundredths % 100)));
            }
        }
        Ok(Obs::Done)
    }
}

impl Machine<Level> for LevelModel {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::default();
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests {
    use super::{FRACTION, LevelModel, from_linear, from_text, table, thresholds};
    use num_bigint::BigUint;
    use spec::ErrorCode::{InvalidLevel, InvalidLevelText, OutOfRange};
    use spec::level::{Decibels, Linear, Obs, Op};

    #[test]
    fn numbers_round_exactly() {
        let edge = 0.5 / 65_536.0;
        for (x, q16) in [
            (0.0, 0),
            (-0.0, 0),
            (1.0, 65_536),
            (0.75, 49_152),
            (0.1, 6554),
            (5e-324, 0),
            (f64::MIN_POSITIVE, 0),
            (edge, 1),
            (edge.next_down(), 0),
            (0.499_999_999_999_999_94 / 65_536.0, 0),
            (1.5 / 65_536.0, 2),
            (1.0_f64.next_down(), 65_536),
            (65_535.5 / 65_536.0, 65_536),
            ((65_535.5_f64 / 65_536.0).next_down(), 65_535),
        ] {
            assert_eq!(from_linear(Linear::of(x)), Ok(q16), "{x:e}");
        }
    }

    #[test]
    fn texts_round_exactly() {
        let texts = [("0", 0), ("1", 65_536), ("1.0000", 65_536), ("0.75", 49_152), ("0.0000", 0), ("0.0001", 7), ("0.9999", 65_529)];
        for (text, q16) in texts {
            assert_eq!(from_text(text), Ok(q16), "{text}");
        }
    }

    #[test]
    fn test_reject_numbers_and_texts_and_keep_the_level() {
        let mut model = LevelModel::default();
        model.answer(&Op::Set(Linear::of(0.25))).expect("a level");
        let before = model.clone();
        for x in [f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -5e-324, -1.0, 1.0_f64.next_up(), 2.0, f64::MAX] {
            assert_eq!(model.answer(&Op::Set(Linear::of(x))), Err(InvalidLevel), "{x:e}");
        }
        // The first text is the empty one; the digit of the second last is Arabic.
        for text in "|.|0.|1.|00|01|.5|0.12345|1.1|1.00000|2|-0|+1| 1|1 |1\n|0,5|0x1|NaN|0.\u{663}|1e0".split('|') {
            assert_eq!(model.answer(&Op::SetText(text.into())), Err(InvalidLevelText), "{text:?}");
        }
        for level in [65_537, u32::MAX] {
            assert_eq!(model.answer(&Op::Decibels(level)), Err(OutOfRange));
            assert_eq!(model.answer(&Op::Show(level)), Err(OutOfRange));
        }
        assert_eq!(model, before);
    }

    #[test]
    fn mute_remembers() {
        let mut model = LevelModel::default();
        assert_eq!(model.answer(&Op::Get), Ok(Obs::State { level: 65_536, effective: 65_536, muted: false }));
        assert_eq!(model.answer(&Op::Mute(true)), Ok(Obs::Done));
        assert_eq!(model.answer(&Op::Get), Ok(Obs::State { level: 65_536, effective: 0, muted: true }));
        assert_eq!(model.answer(&Op::SetText("0.5".into())), Ok(Obs::Done));
        assert_eq!(model.answer(&Op::Get), Ok(Obs::State { level: 32_768, effective: 0, muted: true }));
        assert_eq!(model.answer(&Op::Mute(false)), Ok(Obs::Done));
        assert_eq!(model.answer(&Op::Get), Ok(Obs::State { level: 32_768, effective: 32_768, muted: false }));
    }

    #[test]
    fn decibels_are_the_nearest_step() {
        assert_eq!(table().len(), 65_537);
        for (q16, db) in [(65_536, 0), (49_152, -640), (32_768, -1541), (1, -24_660), (2, -23_119), (65_535, 0)] {
            assert_eq!(table()[q16], Decibels::Q8_8(db), "{q16}");
        }
        assert_eq!(table()[0], Decibels::Silence);
    }

    #[test]
    fn no_threshold_is_near_a_level() {
        let margin = BigUint::from(1_u32) << (FRACTION - 100);
        let one = BigUint::from(1_u32) << FRACTION;
        let mask = &one - 1_u32;
        for (step, threshold) in thresholds().take_while(|(step, _)| *step <= 0) {
            let fraction = threshold & &mask;
            assert!(fraction > margin && &one - fraction > margin, "the level above step {step} could go either way");
        }
    }

    #[test]
    fn thresholds_around_0_db_are_exact_enough() {
        // Half a step below and half a step above unity: their product is unity squared, 2^32.
        let (below, above) = (thresholds().nth(25_599).expect("endless"), thresholds().nth(25_600).expect("endless"));
        assert_eq!(below.0, -1);
        let (product, exact) = (below.1 * above.1, BigUint::from(1_u32) << (2 * FRACTION + 32));
        let error = if product > exact { product - exact } else { exact - product };
        // Both are about 2^16, so an error below 2^-280 in each makes one below 2^-263.
        assert!(error < BigUint::from(1_u32) << (2 * FRACTION - 263));
    }

    #[test]
    fn levels_are_shown_to_the_nearest_hundredth() {
        // 0.005 is 327.68, so 327 shows 0.00 and 328 shows 0.01; 0.125 is a tie and goes up.
        let shown = [(0, "0.00"), (327, "0.00"), (328, "0.01"), (8192, "0.13"), (49_152, "0.75"), (65_208, "0.99"), (65_209, "1.00")];
        for (q16, text) in shown.into_iter().chain([(65_536, "1.00")]) {
            assert_eq!(LevelModel::default().answer(&Op::Show(q16)), Ok(Obs::Text(text.into())), "{q16}");
        }
    }
}
