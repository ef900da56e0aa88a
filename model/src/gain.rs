//! The reference model of the contract `gain`.

pub use self::GainModel as Model;
use num_bigint::BigUint;
use spec::gain::{Config, GAIN_APPLY_SAMPLES_MAX, GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN, GAIN_TABLE_ENTRIES, GAIN_UNITY_Q16, Gain, Obs, Op};
use spec::{ErrorCode, Failure, Machine};
use std::sync::OnceLock;

/// The reference model of the contract `gain`: it has no state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GainModel;

/// Fractional bits of the fixed-point numbers below. The ratio of neighbours and each of the 27,648 products lose less than one
/// unit of the last place; grown with the factors, all of it stays below 2^-280.
const FRACTION: u64 = 320;

/// The factors of all gains in Q16, unrounded, with [`FRACTION`] fractional bits: 65536 × 10^(q / 5120), from the minimum up.
fn unrounded() -> impl Iterator<Item = BigUint> {
    // 10^(1/5) by a fifth root; ten square roots of it make 10^(1/5120), the ratio of neighbours.
    let fifth_root = (BigUint::from(10_u32) << (5 * FRACTION)).nth_root(5);
    let ratio = (0..10).fold(fifth_root.clone(), |root, _| (root << FRACTION).sqrt());
    // The minimum is -24576 = -4.8 × 5120, and 10^-4.8 is 10^(1/5) / 10^5.
    let minimum = fifth_root * GAIN_UNITY_Q16 / 100_000_u32;
    std::iter::successors(Some(minimum), move |factor| Some((factor * &ratio) >> FRACTION)).take(GAIN_TABLE_ENTRIES as usize)
}

/// The Q16 factors of all gains, from the minimum up.
pub fn table() -> &'static [u32] {
    static TABLE: OnceLock<Vec<u32>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let half = BigUint::from(1_u32) << (FRACTION - 1);
        // GAIN-001, GAIN-004; GAIN-005 as rounding is monotone. No value is near a half, so the kind of rounding does not matter.
        let mut table: Vec<u32> = unrounded().map(|factor| ((factor + &half) >> FRACTION).try_into().unwrap_or(u32::MAX)).collect();
        // GAIN-002
        table[0] = 0;
        table
    })
}

/// The Q16 factor of a gain in Q8.8 dB.
///
/// # Errors
/// `out_of_range` outside -24576..=3072 (GAIN-003).
pub fn factor(db: i32) -> Result<u32, ErrorCode> {
    // GAIN-003
    if !(GAIN_DB_Q8_8_MIN..=GAIN_DB_Q8_8_MAX).contains(&db) {
        return Err(ErrorCode::OutOfRange);
    }
    Ok(table()[(db - GAIN_DB_Q8_8_MIN) as usize])
}

fn apply(db: i32, pcm: &[i16]) -> Result<Obs, ErrorCode> {
    let factor = factor(db)?;
    // GAIN-003
    if pcm.len() > GAIN_APPLY_SAMPLES_MAX as usize {
        return Err(ErrorCode::OversizedInput);
    }
    Ok(Obs::Scaled(pcm.iter().map(|sample| scale(*sample, factor)).collect()))
}

/// GAIN-006: the exact product, rounded once, half away from zero. GAIN-007: the magnitude does not depend on the sign.
pub(crate) fn scale(sample: i16, factor: u32) -> i32 {
    let product = i64::from(sample) * i64::from(factor);
    let magnitude = (product.abs() + 32_768) / 65_536;
    (if product < 0 { -magnitude } else { magnitude }) as i32
}

impl Machine<Gain> for GainModel {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        let answer = match op {
            Op::Factor(db) => factor(*db).map(Obs::Factor),
            Op::Apply(db, pcm) => apply(*db, pcm),
        };
        Ok(answer.unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests {
    use super::{FRACTION, apply, factor, table, unrounded};
    use num_bigint::BigUint;
    use sha2::{Digest, Sha256};
    use spec::ErrorCode::{OutOfRange, OversizedInput};
    use spec::gain::{GAIN_TABLE_ENTRIES, GAIN_TABLE_SHA256, Obs};
    use std::fmt::Write;

    #[test]
    fn table_has_the_pinned_digest() {
        assert_eq!(table().len(), GAIN_TABLE_ENTRIES as usize);
        let bytes: Vec<u8> = table().iter().flat_map(|entry| entry.to_le_bytes()).collect();
        let digest = Sha256::digest(&bytes).iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a string takes text");
            text
        });
        assert_eq!(digest, GAIN_TABLE_SHA256);
    }

    #[test]
    fn no_factor_is_near_a_half() {
        let half = BigUint::from(1_u32) << (FRACTION - 1);
        let margin = BigUint::from(1_u32) << (FRACTION - 100);
        let mask = (BigUint::from(1_u32) << FRACTION) - 1_u32;
        for (index, exact) in unrounded().enumerate() {
            let fraction = exact & &mask;
            let distance = if fraction > half { fraction - &half } else { &half - fraction };
            assert!(distance > margin, "entry {index} could round either way");
        }
    }

    #[test]
    fn whole_powers_of_ten_come_out_exactly_enough() {
        // 0 dB is reached after 24,576 products: what was lost by then stays below 2^-288.
        let unity = unrounded().nth(24_576).expect("the table reaches 0 dB");
        let exact = BigUint::from(65_536_u32) << FRACTION;
        let error = if unity > exact { unity - exact } else { exact - unity };
        assert!(error < BigUint::from(1_u32) << (FRACTION - 288));
    }

    #[test]
    fn anchors_and_monotony() {
        for (db, q16) in [(0, 65_536), (-1536, 32_846), (-3072, 16_462), (-24_576, 0), (-24_575, 1), (3072, 260_904), (-5120, 6554)] {
            assert_eq!(factor(db), Ok(q16), "{db}");
        }
        assert!(table().is_sorted());
    }

    #[test]
    fn products_round_half_away_from_zero() {
        // -6 dB: 32846 × 16384 is 8211.5 × 65536.
        assert_eq!(apply(-1536, &[16_384, -16_384, 1, -1, 0]), Ok(Obs::Scaled(vec![8212, -8212, 1, -1, 0])));
        // -12 dB: 16462 × 32767 / 65536 is 8230.75; a single sample is no misalignment.
        assert_eq!(apply(-3072, &[32_767]), Ok(Obs::Scaled(vec![8231])));
        assert_eq!(apply(3072, &[-32_768, 32_767]), Ok(Obs::Scaled(vec![-130_452, 130_448])));
        assert_eq!(apply(0, &[0; 65_536]), Ok(Obs::Scaled(vec![0; 65_536])));
    }

    #[test]
    fn test_reject_gain_before_size() {
        for db in [-24_577, 3073, i32::MIN, i32::MAX] {
            assert_eq!(factor(db), Err(OutOfRange));
            assert_eq!(apply(db, &[0; 65_537]), Err(OutOfRange));
        }
        assert_eq!(apply(0, &[0; 65_537]), Err(OversizedInput));
    }
}
