//! Tests of the model, by numbers that were worked out by hand or in another way.

use super::table::{FRACTION, unrounded};
use super::{ResamplerModel, coefficients, gains, length, lookahead, table};
use num_bigint::BigUint;
use sha2::{Digest, Sha256};
use spec::ErrorCode::{Misaligned, OutOfRange, OversizedInput, ResamplerClosed};
use spec::resampler::{Kind, Obs, Op, RESAMPLER_TABLE_ENTRIES, RESAMPLER_TABLE_SHA256, Rates, Setup};
use std::fmt::Write;

const fn rates(from_hz: u32, to_hz: u32) -> Rates {
    Rates { from_hz, to_hz }
}

fn open(kind: Kind, rates: Rates, from_channels: u32, to_channels: u32) -> ResamplerModel {
    let mut model = ResamplerModel::default();
    model.answer(&Op::Open(Setup { kind, rates, from_channels, to_channels })).expect("a setup within the bounds");
    model
}

fn fed(model: &mut ResamplerModel, pcm: &[i16]) -> Vec<i16> {
    match model.answer(&Op::Feed(pcm.to_vec())) {
        Ok(Obs::Pcm(pcm)) => pcm,
        other => panic!("{other:?}"),
    }
}

fn finished(model: &mut ResamplerModel) -> Vec<i16> {
    match model.answer(&Op::Finish) {
        Ok(Obs::Finished { pcm, .. }) => pcm,
        other => panic!("{other:?}"),
    }
}

#[test]
fn table_has_the_pinned_digest() {
    assert_eq!(table().len(), RESAMPLER_TABLE_ENTRIES as usize);
    let bytes: Vec<u8> = table().iter().flat_map(|entry| entry.to_le_bytes()).collect();
    let digest = Sha256::digest(&bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes text");
        text
    });
    assert_eq!(digest, RESAMPLER_TABLE_SHA256);
}

#[test]
fn no_entry_is_near_a_half() {
    let half = BigUint::from(1_u32) << (FRACTION - 1);
    let margin = BigUint::from(1_u32) << (FRACTION - 100);
    let mask = (BigUint::from(1_u32) << FRACTION) - 1_u32;
    for (index, exact) in unrounded().into_iter().enumerate() {
        let fraction = exact.into_parts().1 & &mask;
        let distance = if fraction > half { fraction - &half } else { &half - fraction };
        assert!(distance > margin, "entry {index} could round either way");
    }
}

#[test]
fn table_is_a_windowed_sinc() {
    // In floating point, which is right to less than the last place of an entry away from a half.
    for (j, &entry) in table().iter().enumerate() {
        let (x, t) = (61.0 / 64.0 * j as f64 / 512.0 * std::f64::consts::PI, j as f64 / 32_768.0 * std::f64::consts::PI);
        let sinc = if j == 0 { 1.0 } else { x.sin() / x };
        let window = 0.35875 + 0.48829 * t.cos() + 0.14128 * (2.0 * t).cos() + 0.01168 * (3.0 * t).cos();
        let exact = 8_388_608.0 * 61.0 / 64.0 * sinc * window;
        assert!((f64::from(entry) - exact).abs() < 0.5 + 1e-6, "{j}: {entry} is not {exact}");
    }
}

#[test]
fn coefficients_sum_to_one_and_are_symmetric() {
    for pair in [rates(147, 160), rates(160, 147), rates(2, 1), rates(1, 2), rates(24, 1), rates(1, 3)] {
        let half = lookahead(Kind::Sinc, pair) as usize;
        for phase in 0..pair.to_hz {
            let taps = coefficients(pair, phase);
            assert_eq!(taps.len(), 2 * half);
            assert_eq!(taps.iter().sum::<i32>(), 1 << 23, "{pair:?} {phase}");
            // Phase r is phase to - r, seen from the other side; but where a half gives the rest to the later tap.
            if phase > 0 && 2 * phase != pair.to_hz {
                let mirrored: Vec<i32> = coefficients(pair, pair.to_hz - phase).into_iter().rev().collect();
                assert_eq!(taps, mirrored, "{pair:?} {phase}");
            }
        }
    }
    // A phase that the table has needs no interpolation: here every tap lies on a whole frame.
    let taps = coefficients(rates(1, 2), 0);
    assert_eq!(taps[64], table()[512]);
    // What is left over goes to the later one of two equally near taps.
    let halved = coefficients(rates(1, 2), 1);
    assert_eq!((halved[62], halved[65]), (table()[768], table()[768]));
    assert_eq!(halved[63], table()[256]);
}

#[test]
fn lengths() {
    let cd = rates(44_100, 48_000);
    for (frames, expected) in [(0, 0), (1, 1), (147, 160), (148, 161), (44_100, 48_000), (u64::from(u32::MAX), 4_674_794_334)] {
        assert_eq!(length(cd, frames), expected);
    }
    assert_eq!(length(rates(48_000, 16_000), 2), 0);
    assert_eq!(
        [rates(8_000, 8_000), cd, rates(48_000, 44_100), rates(192_000, 8_000)].map(|pair| lookahead(Kind::Sinc, pair)),
        [0, 64, 70, 1_536]
    );
}

#[test]
fn nearest_takes_the_later_of_two() {
    let mut model = open(Kind::Nearest, rates(8_000, 16_000), 1, 1);
    // Positions 0, 1/2, 1, ...: the halves go to the later frame, which must be there.
    assert_eq!(fed(&mut model, &[1, 2]), [1, 2, 2]);
    assert_eq!(fed(&mut model, &[3]), [3, 3]);
    assert_eq!(finished(&mut model), [3]);
    let mut thirds = open(Kind::Nearest, rates(24_000, 16_000), 1, 1);
    // Positions 0, 1 1/2, 3.
    assert_eq!(fed(&mut thirds, &[1, 2, 3, 4, 5]), [1, 3, 4]);
    assert_eq!(finished(&mut thirds), []);
}

#[test]
fn linear_rounds_half_away() {
    let mut model = open(Kind::Linear, rates(8_000, 16_000), 1, 1);
    assert_eq!(fed(&mut model, &[0, 3, -4, -7]), [0, 2, 3, -1, -4, -6]);
    assert_eq!(finished(&mut model), [-7, -7]);
    // A third is a little less than a third: 2 and 1/3 of 3 is just below 1, and so on.
    let mut model = open(Kind::Linear, rates(8_000, 24_000), 1, 1);
    assert_eq!(fed(&mut model, &[0, 30_000, 0]), [0, 10_000, 20_000, 30_000, 20_000, 10_000]);
    // A frame is given only once the length of what is there has it.
    let mut model = open(Kind::Linear, rates(48_000, 16_000), 1, 1);
    assert_eq!(fed(&mut model, &[5, 5]), []);
    assert_eq!(fed(&mut model, &[5]), [5]);
}

#[test]
fn equal_rates_change_nothing() {
    for kind in Kind::ALL {
        let mut model = open(kind, rates(48_000, 48_000), 2, 2);
        assert_eq!(fed(&mut model, &[1, 2, i16::MIN, i16::MAX]), [1, 2, i16::MIN, i16::MAX]);
        assert_eq!(model.answer(&Op::Finish), Ok(Obs::Finished { pcm: vec![], taken: 2, given: 2 }));
    }
}

#[test]
fn an_impulse_gives_the_table() {
    let mut model = open(Kind::Sinc, rates(8_000, 16_000), 1, 1);
    let mut input = vec![0_i16; 129];
    input[64] = 16_384;
    let mut out = fed(&mut model, &input);
    assert_eq!(out.len(), 130);
    out.extend(finished(&mut model));
    assert_eq!(out.len(), 258);
    // Output frame 128 stands on the impulse; the one after it, half a frame beyond.
    let scaled = |entry: i32| (f64::from(entry) / 512.0).round() as i16;
    let [whole, half] = [0, 1].map(|phase| coefficients(rates(1, 2), phase));
    assert_eq!(out[127..=129], [scaled(half[64]), scaled(whole[63]), scaled(table()[256])]);
    assert!(out[..2].iter().chain(&out[256..]).all(|sample| *sample == 0));
    // One frame before or after the impulse is the table's entry there; a whole sinc is not silent there, since its cutoff is lower.
    assert_eq!((out[126], out[130]), (scaled(table()[512]), scaled(table()[512])));
}

#[test]
fn gains_of_the_usual_layouts() {
    assert_eq!(gains(1, 1), [65_536]);
    assert_eq!(gains(1, 2), [65_536, 65_536]);
    assert_eq!(gains(2, 1), [32_768, 32_768]);
    assert_eq!(gains(2, 2), [65_536, 0, 0, 65_536]);
    assert_eq!(gains(1, 3), [0, 0, 65_536]);
    // 1 + 2 × 0.7071 is 2.4142: L has 27,145 of 65,536, the others 19,195.
    assert_eq!(gains(6, 2), [27_145, 0, 19_195, 0, 19_195, 0, 0, 27_145, 19_195, 0, 0, 19_195]);
    for from in 1..=8 {
        for to in 1..=8 {
            let gains = gains(from, to);
            assert_eq!(gains.len(), (from * to) as usize);
            assert!(gains.chunks(from as usize).all(|row| row.iter().sum::<u32>() <= 65_536));
        }
    }
}

#[test]
fn stereo_to_mono_is_rounded_once() {
    let mut model = open(Kind::Linear, rates(8_000, 16_000), 2, 1);
    // The exact middle frame is (1 + 2 + 0 + 0) / 4 = 0.75; rounding twice would give 1/2, hence 1, and the same here; 0.5 tells.
    assert_eq!(fed(&mut model, &[1, 2, 0, 0, 1, 0]), [2, 1, 0, 0]);
    assert_eq!(fed(&mut model, &[i16::MIN, i16::MIN]), [1, -16_384]);
}

#[test]
fn test_reject_and_go_on() {
    let mut model = ResamplerModel::default();
    for op in [Op::Feed(vec![]), Op::Finish, Op::Reset] {
        assert_eq!(model.answer(&op), Err(ResamplerClosed));
    }
    let mut model = open(Kind::Sinc, rates(44_100, 48_000), 2, 2);
    fed(&mut model, &[3; 20]);
    let before = model.clone();
    let setup = Setup { kind: Kind::Sinc, rates: rates(44_100, 48_000), from_channels: 2, to_channels: 2 };
    for hz in [0, 7_999, 192_001, u32::MAX] {
        for pair in [rates(hz, 48_000), rates(48_000, hz)] {
            for op in [Op::Open(Setup { rates: pair, ..setup }), Op::Length(pair, 1), Op::Coefficients(pair, 0)] {
                assert_eq!(model.answer(&op), Err(OutOfRange));
            }
        }
    }
    for count in [0, 9, u32::MAX] {
        let setups = [Setup { from_channels: count, ..setup }, Setup { to_channels: count, ..setup }];
        for op in [Op::Open(setups[0]), Op::Open(setups[1]), Op::Gains(count, 1), Op::Gains(1, count)] {
            assert_eq!(model.answer(&op), Err(OutOfRange));
        }
    }
    for op in [Op::Table(32_769), Op::Table(u32::MAX), Op::Coefficients(rates(44_100, 48_000), 160)] {
        assert_eq!(model.answer(&op), Err(OutOfRange));
    }
    assert_eq!(model.answer(&Op::Feed(vec![0; 8_193])), Err(OversizedInput));
    assert_eq!(model.answer(&Op::Feed(vec![0; 3])), Err(Misaligned));
    assert_eq!(model, before);
    // 4,106 frames: those that stand before frame 4,042 are given.
    assert_eq!(fed(&mut model, &vec![3; 8_192]).len(), 2 * 4_400);
    finished(&mut model);
    for op in [Op::Feed(vec![]), Op::Finish] {
        assert_eq!(model.answer(&op), Err(ResamplerClosed));
    }
    assert_eq!(model.answer(&Op::Reset), Ok(Obs::Done));
    assert_eq!(fed(&mut model, &[3; 2]), []);
}
