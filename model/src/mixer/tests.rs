//! Hand-computed vectors of the contract `mixer`.

use super::{MixerModel, clip};
use spec::ErrorCode::{DuplicateStream, Misaligned, OutOfRange, OversizedInput, TooManyStreams, UnknownStream};
use spec::mixer::{CLIP_SUM_MAX, Curve, Input, Mixed, Obs, Op};

fn open(curve: Curve, streams: u32) -> MixerModel {
    let mut mixer = MixerModel { curve, ..MixerModel::default() };
    for id in 0..streams {
        assert_eq!(mixer.answer(&Op::Open), Ok(Obs::Opened(id)));
    }
    mixer
}

fn input(stream: u32, pcm: &[i16]) -> Input {
    Input { stream, pcm: pcm.to_vec() }
}

fn mix(mixer: &mut MixerModel, frames: u32, inputs: &[Input]) -> Mixed {
    match mixer.answer(&Op::Mix { frames, inputs: inputs.to_vec() }) {
        Ok(Obs::Mixed(mixed)) => mixed,
        other => panic!("{other:?}"),
    }
}

#[test]
fn level_comes_after_the_sum_and_before_the_curve() {
    let inputs = [input(0, &[32_767, -32_767]), input(1, &[32_767, -32_767])];
    for (curve, rail) in [(Curve::Soft, 30_719), (Curve::Saturate, 32_767)] {
        let mut mixer = open(curve, 2);
        assert_eq!(mixer.answer(&Op::SetLevel(32_768)), Ok(Obs::Done));
        let mixed = mix(&mut mixer, 1, &inputs);
        assert_eq!(mixed.pcm, [rail, -rail]);
        // 32,767 is within the rails, so saturating alters nothing.
        assert_eq!(mixed.clipped, if curve == Curve::Soft { 2 } else { 0 });
    }
}

#[test]
fn two_full_scale_streams_at_minus_12_db_are_rounded_once() {
    let mut mixer = open(Curve::Soft, 2);
    for id in 0..2 {
        assert_eq!(mixer.answer(&Op::SetGain(id, -3072)), Ok(Obs::Done));
    }
    // 2 × 32767 × 16462 / 65536 is 16461.497; rounded per stream it would be 16462.
    assert_eq!(mix(&mut mixer, 1, &[input(0, &[32_767, 32_767]), input(1, &[32_767, 32_767])]).pcm, [16_461, 16_461]);
}

#[test]
fn halves_round_away_from_zero() {
    let mut mixer = open(Curve::Soft, 1);
    mixer.answer(&Op::SetLevel(32_768)).expect("a level");
    assert_eq!(mix(&mut mixer, 2, &[input(0, &[1, -1, 3, -3])]).pcm, [1, -1, 2, -2]);
}

#[test]
fn curves() {
    for (y, soft, saturated) in [
        (24_575, 24_575, 24_575),
        (24_576, 24_576, 24_576),
        (24_575 + 127, 24_702, 24_702),
        (24_575 + 128, 24_702, 24_703),
        (32_767, 30_719, 32_767),
        (32_768, 30_719, 32_767),
        (24_575 + 16_256, 32_766, 32_767),
        (24_575 + 16_257, 32_767, 32_767),
        (24_575 + 16_383, 32_767, 32_767),
        (24_575 + 16_384, 32_767, 32_767),
        (2_087_232, 32_767, 32_767),
    ] {
        assert_eq!((clip(Curve::Soft, y), clip(Curve::Soft, -y)), (soft, -soft), "{y}");
        assert_eq!(clip(Curve::Saturate, y), saturated, "{y}");
    }
    assert_eq!([-32_768, -32_769].map(|y| clip(Curve::Saturate, y)), [-32_768; 2]);
}

#[test]
fn soft_curve_is_monotone_and_reaches_the_rail() {
    let max = i64::from(CLIP_SUM_MAX);
    for curve in [Curve::Soft, Curve::Saturate] {
        assert!((-max..max).all(|y| clip(curve, y) <= clip(curve, y + 1)));
    }
}

#[test]
fn meters_and_short_inputs() {
    let mut mixer = open(Curve::Saturate, 2);
    let mixed = mix(&mut mixer, 3, &[input(1, &[-32_768, 3, -1, 4]), input(0, &[-1, 0, 11, -11])]);
    // RMS: floor(sqrt((2^30 + 100) / 3)) = 18918 and floor(sqrt((9 + 49) / 3)) = 4.
    let expected = Mixed { pcm: vec![-32_768, 3, 10, -7, 0, 0], clipped: 1, peak: [32_768, 7], rms: [18_918, 4] };
    assert_eq!(mixed, expected);
    assert_eq!(mix(&mut mixer, 2, &[]), Mixed { pcm: vec![0; 4], clipped: 0, peak: [0; 2], rms: [0; 2] });
}

#[test]
fn mute_is_silence_and_remembers() {
    let mut mixer = open(Curve::Saturate, 1);
    let loud = [input(0, &[-32_768, 32_767])];
    for op in [Op::SetGain(0, 3072), Op::Mute(true), Op::SetLevel(16_384)] {
        assert_eq!(mixer.answer(&op), Ok(Obs::Done));
    }
    assert_eq!(mix(&mut mixer, 1, &loud), Mixed { pcm: vec![0; 2], clipped: 0, peak: [0; 2], rms: [0; 2] });
    mixer.answer(&Op::Mute(false)).expect("unmuting works");
    // 260904 / 65536 / 4 × 32768 is 32613, × 32767 is 32612.005.
    assert_eq!(mix(&mut mixer, 1, &loud).pcm, [-32_613, 32_612]);
}

#[test]
fn ids_are_the_lowest_free_and_start_at_0_db() {
    let mut mixer = open(Curve::Soft, 16);
    mixer.answer(&Op::SetGain(5, -24_576)).expect("a gain");
    assert_eq!(mix(&mut mixer, 1, &[input(5, &[100, 100])]).pcm, [0, 0]);
    for id in [9, 5] {
        assert_eq!(mixer.answer(&Op::Close(id)), Ok(Obs::Done));
    }
    assert_eq!(mixer.answer(&Op::Open), Ok(Obs::Opened(5)));
    assert_eq!(mix(&mut mixer, 1, &[input(5, &[100, 100])]).pcm, [100, 100]);
    assert_eq!(mixer.answer(&Op::Open), Ok(Obs::Opened(9)));
}

#[test]
fn clip_ranges_reach_the_largest_sum() {
    let max = CLIP_SUM_MAX;
    let mixer = MixerModel::default();
    assert_eq!(mixer.clip_range(max, 1), Ok(Obs::Clipped(vec![32_767])));
    assert_eq!(mixer.clip_range(-max, 2), Ok(Obs::Clipped(vec![-32_767; 2])));
    assert_eq!(mixer.clip_range(max, 0), Ok(Obs::Clipped(vec![])));
    assert!(mixer.clip_range(0, 65_536).is_ok());
}

#[test]
fn test_reject_in_the_documented_order() {
    let mut mixer = open(Curve::Soft, 16);
    mixer.answer(&Op::Close(3)).expect("stream 3 is open");
    mixer.answer(&Op::Open).expect("a slot is free");
    mixer.answer(&Op::SetGain(0, -100)).expect("a gain");
    mixer.answer(&Op::SetLevel(1000)).expect("a level");
    let full = mixer.clone();
    assert_eq!(mixer.answer(&Op::Open), Err(TooManyStreams));
    assert_eq!(mixer, full);
    mixer.answer(&Op::Close(15)).expect("stream 15 is open");
    let before = mixer.clone();
    let one = |pcm: &[i16]| vec![input(0, pcm)];
    for (op, code) in [
        (Op::Close(15), UnknownStream),
        (Op::Close(u32::MAX), UnknownStream),
        (Op::SetGain(15, 4000), UnknownStream),
        (Op::SetGain(0, 3073), OutOfRange),
        (Op::SetLevel(65_537), OutOfRange),
        (Op::Mix { frames: 0, inputs: vec![input(99, &[])] }, OutOfRange),
        (Op::Mix { frames: 481, inputs: vec![] }, OutOfRange),
        (Op::Mix { frames: 1, inputs: vec![input(15, &[1])] }, UnknownStream),
        (Op::Mix { frames: 1, inputs: vec![input(0, &[]), input(0, &[1, 2, 3])] }, DuplicateStream),
        (Op::Mix { frames: 1, inputs: one(&[1, 2, 3]) }, OversizedInput),
        (Op::Mix { frames: 1, inputs: one(&[1]) }, Misaligned),
        (Op::Mix { frames: 1, inputs: one(&[1, 2, 3, 4]) }, OversizedInput),
        (Op::Mix { frames: 1, inputs: vec![input(0, &[1, 2, 3, 4]), input(99, &[])] }, OversizedInput),
        (Op::Clip { first: i32::MIN, count: 65_537 }, OversizedInput),
        (Op::Clip { first: -CLIP_SUM_MAX - 1, count: 1 }, OutOfRange),
        (Op::Clip { first: CLIP_SUM_MAX, count: 2 }, OutOfRange),
        (Op::Clip { first: CLIP_SUM_MAX + 1, count: 0 }, OutOfRange),
        (Op::Clip { first: -CLIP_SUM_MAX - 1, count: 0 }, OutOfRange),
        (Op::Clip { first: i32::MAX, count: 65_536 }, OutOfRange),
    ] {
        assert_eq!(mixer.answer(&op), Err(code), "{op:?}");
        assert_eq!(mixer, before);
    }
}
