//! The reference model of the contract `tone`.

pub use self::ToneModel as Model;
use num_bigint::{BigInt, Sign};
use spec::format::FRAMES_PER_MS;
use spec::tone::{
    Config, Obs, Op, TABLE_SLICE, TONE_GAIN_Q16, TONE_HZ_MAX, TONE_INDEX_SHIFT, TONE_MS_MAX, TONE_PEAK, TONE_PULL_FRAMES_MAX,
    TONE_TABLE_ENTRIES, Tone,
};
use spec::{ErrorCode, Failure, Machine};
use std::sync::OnceLock;

/// The reference model of the contract `tone`: the playing tone, or none where no frames remain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToneModel {
    phase: u32,
    increment: u32,
    remaining: u64,
}

/// Fractional bits of the fixed-point numbers below. The last sine of the halvings is right to 2^-245; 4,095 turns and the peak
/// make that an error below 2^-215.
const FRACTION: u64 = 256;

/// The sine table, unrounded: 32767 sin(2 pi i / 4096) with [`FRACTION`] fractional bits.
fn unrounded() -> impl Iterator<Item = BigInt> {
    let one = BigInt::from(1) << FRACTION;
    // From the right angle, whose cosine is 0, ten halvings reach 2 pi / 4096: cos(a / 2) = sqrt((1 + cos a) / 2) and
    // sin(a / 2) = sqrt((1 - cos a) / 2).
    let twice = (0..9).fold(BigInt::from(0), |cosine, _| ((&one + cosine) << (FRACTION - 1)).sqrt());
    let cosine = ((&one + &twice) << (FRACTION - 1)).sqrt();
    let sine = ((&one - &twice) << (FRACTION - 1)).sqrt();
    // A unit vector, turned by this angle again and again.
    std::iter::successors(Some((one, BigInt::from(0))), move |(x, y)| {
        Some(((x * &cosine - y * &sine) >> FRACTION, (x * &sine + y * &cosine) >> FRACTION))
    })
    .map(|(_, y)| y * TONE_PEAK)
    .take(TONE_TABLE_ENTRIES as usize)
}

/// The sine table.
pub fn table() -> &'static [i16] {
    static TABLE: OnceLock<Vec<i16>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let half = BigInt::from(1) << (FRACTION - 1);
        // TONE-002: the magnitude's nearest, which is half away from zero.
        let nearest = |exact: BigInt| {
            let negative = exact.sign() == Sign::Minus;
            let magnitude = i16::try_from((BigInt::from(exact.into_parts().1) + &half) >> FRACTION).unwrap_or(i16::MAX);
            if negative { -magnitude } else { magnitude }
        };
        unrounded().map(nearest).collect()
    })
}

fn increment(hz: u32) -> Result<u32, ErrorCode> {
    // TONE-007
    if hz == 0 || hz > TONE_HZ_MAX {
        return Err(ErrorCode::OutOfRange);
    }
    // TONE-001: floor(hz × 2^32 / 48000 + 1/2), below 2^31.
    Ok((((u64::from(hz) << 33) + 48_000) / 96_000) as u32)
}

/// TONE-004: at -12 dB, rounded half away from zero.
fn quieter(entry: i16) -> i16 {
    let product = i64::from(entry) * i64::from(TONE_GAIN_Q16);
    let magnitude = (product.abs() + 32_768) / 65_536;
    (if product < 0 { -magnitude } else { magnitude }) as i16
}

impl ToneModel {
    pub(crate) fn play(&mut self, hz: u32, ms: u32) -> Result<Obs, ErrorCode> {
        let increment = increment(hz)?;
        // TONE-007
        if ms == 0 || ms > TONE_MS_MAX {
            return Err(ErrorCode::OutOfRange);
        }
        // TONE-003: phase 0, also where another tone played. TONE-006: exactly 48 frames per millisecond.
        *self = Self { phase: 0, increment, remaining: u64::from(ms) * u64::from(FRAMES_PER_MS) };
        Ok(Obs::Playing(self.remaining))
    }

    fn pull(&mut self, frames: u32) -> Result<Obs, ErrorCode> {
        // TONE-007
        if frames == 0 || frames > TONE_PULL_FRAMES_MAX {
            return Err(ErrorCode::OutOfRange);
        }
        let mut pcm = Vec::new();
        // TONE-008: a frame does not know which pull it belongs to.
        for _ in 0..frames {
            let sample = self.next_sample();
            // TONE-005
            pcm.extend([sample, sample]);
        }
        Ok(Obs::Pcm(pcm, self.remaining))
    }

    pub(crate) fn next_sample(&mut self) -> i16 {
        // TONE-006
        if self.remaining == 0 {
            return 0;
        }
        self.remaining -= 1;
        // TONE-003
        let entry = table()[(self.phase >> TONE_INDEX_SHIFT) as usize];
        self.phase = self.phase.wrapping_add(self.increment);
        quieter(entry)
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        match *op {
            Op::Play { hz, ms } => self.play(hz, ms),
            Op::Pull(frames) => self.pull(frames),
            Op::Increment(hz) => increment(hz).map(Obs::Increment),
            // TONE-007
            Op::Table(first) if first >= TONE_TABLE_ENTRIES => Err(ErrorCode::OutOfRange),
            // TONE-002
            Op::Table(first) => Ok(Obs::Table(table().iter().skip(first as usize).take(TABLE_SLICE as usize).copied().collect())),
        }
    }
}

impl Machine<Tone> for ToneModel {
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
    use super::{FRACTION, ToneModel, increment, quieter, table, unrounded};
    use num_bigint::{BigInt, BigUint};
    use sha2::{Digest, Sha256};
    use spec::ErrorCode::OutOfRange;
    use spec::tone::{Obs, Op, TONE_PEAK, TONE_TABLE_ENTRIES, TONE_TABLE_SHA256};
    use std::fmt::Write;

    #[test]
    fn table_has_the_pinned_digest() {
        assert_eq!(table().len(), TONE_TABLE_ENTRIES as usize);
        let bytes: Vec<u8> = table().iter().flat_map(|entry| entry.to_le_bytes()).collect();
        let digest = Sha256::digest(&bytes).iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a string takes text");
            text
        });
        assert_eq!(digest, TONE_TABLE_SHA256);
    }

    #[test]
    fn no_entry_is_near_a_half() {
        let half = BigUint::from(1_u32) << (FRACTION - 1);
        let margin = BigUint::from(1_u32) << (FRACTION - 100);
        let mask = (BigUint::from(1_u32) << FRACTION) - 1_u32;
        for (index, exact) in unrounded().enumerate() {
            let fraction = exact.into_parts().1 & &mask;
            let distance = if fraction > half { fraction - &half } else { &half - fraction };
            assert!(distance > margin, "entry {index} could round either way");
        }
    }

    #[test]
    fn table_is_a_sine() {
        // sin(2 pi 85 / 4096) is 0.13002; sin(pi / 4) × 32767 is 23169.77.
        for (index, entry) in [(0, 0), (1, 50), (512, 23_170), (1024, 32_767), (2048, 0), (3072, -32_767), (4095, -50)] {
            assert_eq!(table()[index], entry, "{index}");
        }
        assert!((0..2048).all(|index| table()[index] == -table()[index + 2048]));
    }

    #[test]
    fn a_quarter_turn_is_exact_enough() {
        // The peak is reached after 1,024 turns; errors stay below 2^-215.
        let quarter = unrounded().nth(1024).expect("the table reaches its peak");
        let error = (BigInt::from(TONE_PEAK) << FRACTION) - quarter;
        assert!(*error.magnitude() < BigUint::from(1_u32) << (FRACTION - 215));
    }

    #[test]
    fn increments() {
        for (hz, step) in [
            (1, 89_478),
            (34, 3_042_269),
            (341, 30_512_163),
            (440, 39_370_534),
            (1000, 89_478_485),
            (12_000, 1 << 30),
            (23_999, 2_147_394_170),
        ] {
            assert_eq!(increment(hz), Ok(step), "{hz}");
        }
    }

    #[test]
    fn tone_is_a_quarter_of_the_table_and_stops_hard() {
        // 32767 × 16462 / 65536 is 8230.75.
        assert_eq!([32_767, -32_767, 0, 2, -2, 1].map(quieter), [8231, -8231, 0, 1, -1, 0]);
        let mut tone = ToneModel::default();
        assert_eq!(tone.answer(&Op::Pull(1)), Ok(Obs::Pcm(vec![0; 2], 0)));
        // 12 kHz takes every quarter of the table.
        assert_eq!(tone.answer(&Op::Play { hz: 12_000, ms: 1 }), Ok(Obs::Playing(48)));
        assert_eq!(tone.answer(&Op::Pull(3)), Ok(Obs::Pcm(vec![0, 0, 8231, 8231, 0, 0], 45)));
        assert_eq!(tone.answer(&Op::Pull(2)), Ok(Obs::Pcm(vec![-8231, -8231, 0, 0], 43)));
        assert!(matches!(tone.answer(&Op::Pull(42)), Ok(Obs::Pcm(_, 1))));
        assert_eq!(tone.answer(&Op::Pull(2)), Ok(Obs::Pcm(vec![-8231, -8231, 0, 0], 0)));
        // A new tone replaces the playing one at phase 0.
        assert_eq!(tone.answer(&Op::Play { hz: 12_000, ms: 60_000 }), Ok(Obs::Playing(2_880_000)));
        tone.answer(&Op::Pull(1)).expect("a pull");
        assert_eq!(tone.answer(&Op::Play { hz: 12_000, ms: 1 }), Ok(Obs::Playing(48)));
        assert_eq!(tone.answer(&Op::Pull(2)), Ok(Obs::Pcm(vec![0, 0, 8231, 8231], 46)));
    }

    #[test]
    fn table_slices_end_with_the_table() {
        assert_eq!(ToneModel::default().answer(&Op::Table(4095)), Ok(Obs::Table(vec![-50])));
        assert!(matches!(ToneModel::default().answer(&Op::Table(3584)), Ok(Obs::Table(slice)) if slice.len() == 512));
    }

    #[test]
    fn test_reject_and_play_on() {
        let mut tone = ToneModel::default();
        tone.answer(&Op::Play { hz: 440, ms: 300 }).expect("a tone");
        tone.answer(&Op::Pull(100)).expect("a pull");
        let before = tone.clone();
        for hz in [0, 24_000, u32::MAX] {
            for op in [Op::Play { hz, ms: 1 }, Op::Increment(hz)] {
                assert_eq!(tone.answer(&op), Err(OutOfRange));
            }
        }
        for ms in [0, 60_001, u32::MAX] {
            assert_eq!(tone.answer(&Op::Play { hz: 1, ms }), Err(OutOfRange));
        }
        for op in [Op::Pull(0), Op::Pull(1921), Op::Pull(u32::MAX), Op::Table(4096), Op::Table(u32::MAX)] {
            assert_eq!(tone.answer(&op), Err(OutOfRange));
        }
        assert_eq!(tone, before);
    }
}
