//! The tables and conversions against a second way to compute them, over their whole domains.

use audio::{gain, level, tone};
use sha2::{Digest, Sha256};
use spec::level::Decibels;

/// Asserts that `value` is `exact` rounded to nearest, where floating point can tell.
fn assert_nearest(value: i64, exact: f64) {
    assert!((exact - exact.floor() - 0.5).abs() > 1e-8, "{exact} is too near to a half for this test");
    assert_eq!(value as f64, exact.round(), "{exact}");
}

fn hex(digest: impl AsRef<[u8]>) -> String {
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn every_gain_is_the_nearest_factor() {
    let mut hash = Sha256::new();
    for db in spec::gain::GAIN_DB_Q8_8_MIN..=spec::gain::GAIN_DB_Q8_8_MAX {
        let factor = gain::factor(db).expect("within the bounds");
        hash.update(factor.to_le_bytes());
        if db > spec::gain::GAIN_DB_Q8_8_MIN {
            assert_nearest(i64::from(factor), 10_f64.powf(f64::from(db) / 5120.0) * 65_536.0);
        }
    }
    assert_eq!(hex(hash.finalize()), spec::gain::GAIN_TABLE_SHA256);
    assert_eq!([0, -1536, -3072, -24_576].map(gain::factor), [Ok(65_536), Ok(32_846), Ok(16_462), Ok(0)]);
}

#[test]
fn every_product_is_rounded_half_away_from_zero() {
    // Factors with every low part, with exact halves, and the extremes.
    for factor in (0..=260_904_u32).step_by(1021).chain([1, 2, 32_768, 65_536, 98_304, 131_072, 260_904]) {
        for sample in i16::MIN..=i16::MAX {
            let product = i64::from(sample) * i64::from(factor);
            let expected = product.signum() * ((product.abs() + 32_768) / 65_536);
            assert_eq!(i64::from(gain::scale(sample, factor)), expected, "{sample} x {factor}");
        }
    }
}

#[test]
fn every_sine_is_the_nearest_sample() {
    let mut hash = Sha256::new();
    assert_eq!(tone::table().len(), 4096);
    for (index, &entry) in tone::table().iter().enumerate() {
        hash.update(entry.to_le_bytes());
        assert_nearest(i64::from(entry), 32_767.0 * (index as f64 * std::f64::consts::TAU / 4096.0).sin());
    }
    assert_eq!(hex(hash.finalize()), spec::tone::TONE_TABLE_SHA256);
}

#[test]
fn every_tone_sample_is_the_scaled_entry() {
    // Increments of one table entry each visit the whole table: 48000 / 4096 Hz is no whole number, so entries come in another
    // order, but 4096 divides the frames that some frequency takes to visit all of them.
    let mut playing = tone::Tone::default();
    let increment = tone::increment(997).expect("a frequency");
    let mut left = playing.play(997, 1000).expect("a tone");
    let (mut phase, mut seen) = (0_u32, vec![false; 4096]);
    let mut block = [0; 960];
    while left > 0 {
        left = playing.pull(480, &mut block).expect("a block");
        for frame in block.as_chunks::<2>().0 {
            let index = (phase >> 20) as usize;
            let product = i32::from(tone::table()[index]) * 16_462;
            let expected = (product.signum() * ((product.abs() + 32_768) / 65_536)) as i16;
            assert_eq!(*frame, [expected; 2]);
            seen[index] = true;
            phase = phase.wrapping_add(increment);
        }
    }
    assert!(seen.iter().all(|seen| *seen));
}

#[test]
fn every_increment_is_the_nearest() {
    for hz in 1..=spec::tone::TONE_HZ_MAX {
        let increment = u128::from(tone::increment(hz).expect("a frequency"));
        let error = (increment * 48_000).abs_diff(u128::from(hz) << 32);
        assert!(error * 2 <= 48_000, "{hz}");
    }
    assert_eq!(tone::increment(440), Ok(39_370_534));
}

#[test]
fn every_level_has_the_nearest_decibels_and_text() {
    assert_eq!(level::decibels(0), Ok(Decibels::Silence));
    for q16 in 1..=65_536_u32 {
        let exact = (f64::from(q16) / 65_536.0).ln() * 5120.0 / std::f64::consts::LN_10;
        assert!((exact - exact.floor() - 0.5).abs() > 6e-7, "{q16}: {exact} is nearer to a half than the module says");
        assert_eq!(level::decibels(q16), Ok(Decibels::Q8_8(exact.round() as i32)), "{q16}");
    }
    for q16 in 0..=65_536_u32 {
        let hundredths = (u64::from(q16) * 200 + 65_536) / (2 * 65_536);
        let text = level::show(q16).expect("a level");
        assert_eq!(text.as_str(), format!("{}.{:02}", hundredths / 100, hundredths % 100));
    }
    assert_eq!(level::decibels(49_152), Ok(Decibels::Q8_8(-640)));
    assert_eq!(level::decibels(32_768), Ok(Decibels::Q8_8(-1541)));
}

#[test]
fn every_rounding_edge_of_the_level_is_exact() {
    for whole in 0..65_536_u32 {
        let edge = (f64::from(whole) + 0.5) / 65_536.0;
        assert_eq!(level::from_linear(edge), Ok(whole + 1));
        assert_eq!(level::from_linear(edge.next_down()), Ok(whole));
        assert_eq!(level::from_linear(f64::from(whole) / 65_536.0), Ok(whole));
    }
    assert_eq!(level::from_linear(0.499_999_999_999_999_94 / 65_536.0), Ok(0));
    assert_eq!([0.0, -0.0, 1.0, 5e-324].map(level::from_linear), [Ok(0), Ok(0), Ok(65_536), Ok(0)]);
}

#[test]
fn every_level_text_is_its_number() {
    for n in 0..=10_000_u32 {
        let text = format!("{}.{:04}", n / 10_000, n % 10_000);
        let expected = (u64::from(n) * 2 * 65_536 + 10_000) / 20_000;
        assert_eq!(level::parse(&text).map(u64::from), Ok(expected));
        assert_eq!(level::parse(text.trim_end_matches('0').trim_end_matches('.')).map(u64::from), Ok(expected));
        assert_eq!(level::from_linear(text.parse().expect("a number")).map(u64::from), Ok(expected));
    }
}
