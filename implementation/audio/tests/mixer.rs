//! The mixer against a plain reading of the contract: vectors and the portable path give the same bytes.

use audio::gain;
use audio::mixer::{BlockInput, BlockReport, Mixer, clip};
use spec::entropy::sample;
use spec::mixer::Curve;
use spec::{Entropy, SplitMix64};

/// Streams with gains, and a level.
struct Setup {
    gains: Vec<i32>,
    level: u32,
    curve: Curve,
}

impl Setup {
    fn mixers(&self) -> [Mixer; 2] {
        [Mixer::new(self.curve), Mixer::portable(self.curve)].map(|mut mixer| {
            for &db in &self.gains {
                let stream = mixer.open().expect("a free stream");
                mixer.set_gain(stream, db).expect("a gain");
            }
            mixer.set_level(self.level).expect("a level");
            mixer
        })
    }

    /// In 128 bits, sample by sample, with the roundings written out.
    fn expected(&self, frames: usize, inputs: &[BlockInput<'_>]) -> (Vec<i16>, BlockReport) {
        let mut report = BlockReport::default();
        let mut squares = [0_u128; 2];
        let mut out = Vec::new();
        for index in 0..frames * 2 {
            let term = |input: &BlockInput<'_>| {
                let factor = gain::factor(self.gains[input.stream as usize]).expect("a gain");
                i128::from(input.pcm.get(index).copied().unwrap_or(0)) * i128::from(factor)
            };
            let product = inputs.iter().map(term).sum::<i128>() * i128::from(self.level);
            let rounded = product.signum() * ((product.abs() * 2 + (1 << 32)) >> 33);
            let clipped = match self.curve {
                Curve::Saturate => rounded.clamp(-32_768, 32_767),
                Curve::Soft if rounded.abs() <= 24_575 => rounded,
                Curve::Soft if rounded.abs() >= 24_575 + 16_384 => rounded.signum() * 32_767,
                Curve::Soft => {
                    let d = rounded.abs() - 24_575;
                    rounded.signum() * (24_575 + d - (d * d + 16_384) / 32_768)
                }
            };
            report.clipped += u32::from(clipped != rounded);
            let peak = &mut report.peak[index % 2];
            *peak = (*peak).max(clipped.unsigned_abs() as u32);
            squares[index % 2] += clipped.unsigned_abs().pow(2);
            out.push(clipped as i16);
        }
        report.rms = squares.map(|squares| (squares / frames as u128).isqrt() as u32);
        (out, report)
    }

    fn check(&self, frames: usize, inputs: &[BlockInput<'_>]) {
        let expected = self.expected(frames, inputs);
        for mixer in self.mixers() {
            // What lies in the output before is overwritten, and what lies behind the block stays.
            let mut out = vec![77; frames * 2 + 2];
            let report = mixer.mix(frames as u32, inputs, &mut out).expect("a block");
            let rest = out.split_off(frames * 2);
            assert_eq!(
                (&out, report),
                (&expected.0, expected.1),
                "vectors: {}, {} streams, {frames} frames",
                mixer.is_vectorised(),
                inputs.len()
            );
            assert_eq!(rest, [77, 77]);
        }
    }
}

fn pcm(source: &mut SplitMix64, samples: usize) -> Vec<i16> {
    (0..samples).map(|_| sample(source)).collect()
}

fn setup(source: &mut SplitMix64, streams: usize) -> Setup {
    let db = |source: &mut SplitMix64| match source.below(4) {
        0 => 0,
        1 => [-24_576, 3072, -24_575, -1, 1][source.below(5) as usize],
        _ => source.between(-24_576, 3072) as i32,
    };
    let plain = source.one_in(3);
    let gains = (0..streams).map(|_| if plain { 0 } else { db(source) }).collect();
    let level = match source.below(4) {
        0 | 1 => 65_536,
        2 => [0, 1, 65_535, 32_768][source.below(4) as usize],
        _ => source.below(65_537) as u32,
    };
    Setup { gains, level, curve: if source.one_in(2) { Curve::Soft } else { Curve::Saturate } }
}

#[test]
fn random_blocks_agree() {
    let mut source = SplitMix64::new(0x5eed);
    for round in 0..3000 {
        let streams = (round % 17) as usize;
        let setup = setup(&mut source, streams);
        let frames = if round % 3 == 0 { 1 + source.below(480) as usize } else { 1 + source.below(40) as usize };
        let ragged = source.one_in(2);
        let mut buffers = Vec::new();
        for stream in 0..streams as u32 {
            let given = if ragged && source.one_in(2) { source.below(frames as u64 + 1) as usize } else { frames };
            buffers.push((pcm(&mut source, given * 2 + 16), stream, source.below(16) as usize));
        }
        // Every alignment of the input.
        let mut inputs: Vec<_> = buffers
            .iter()
            .map(|(buffer, stream, offset)| BlockInput { stream: *stream, pcm: &buffer[*offset..][..buffer.len() - 16] })
            .collect();
        if source.one_in(3) {
            inputs.reverse();
        }
        if source.one_in(5) {
            inputs.pop();
        }
        setup.check(frames, &inputs);
    }
}

#[test]
fn every_length_and_alignment_agrees() {
    let mut source = SplitMix64::new(1);
    let buffer = pcm(&mut source, 1100);
    let setup = Setup { gains: vec![-300, 700, 3072], level: 40_000, curve: Curve::Soft };
    for frames in 1..=480 {
        let inputs: Vec<_> =
            (0..3).map(|stream| BlockInput { stream, pcm: &buffer[(frames * 7 + stream as usize) % 40..][..frames * 2] }).collect();
        setup.check(frames, &inputs);
    }
}

/// Each way to split a factor in two parts, alone, because a stream beside it may choose the arithmetic for both.
#[test]
fn every_low_part_of_a_factor_agrees() {
    let mut source = SplitMix64::new(2);
    let pcm = pcm(&mut source, 36);
    let mut seen = [false; 512];
    for db in -24_576..=3072 {
        let factor = gain::factor(db).expect("a gain");
        if !std::mem::replace(&mut seen[(factor & 511) as usize], true) {
            for level in [65_536, 50_001] {
                Setup { gains: vec![db], level, curve: Curve::Soft }.check(18, &[BlockInput { stream: 0, pcm: &pcm }]);
            }
        }
    }
    assert!(seen.iter().all(|seen| *seen));
}

#[test]
fn extremes_agree() {
    for sign in [i16::MIN, -i16::MAX, i16::MAX, -1, 1] {
        let full = [sign; 960];
        for db in [3072, 0, 3071, -24_575, -1537] {
            for level in [65_536, 65_535, 1, 32_768] {
                for curve in [Curve::Soft, Curve::Saturate] {
                    let setup = Setup { gains: vec![db; 16], level, curve };
                    let inputs: Vec<_> = (0..16).map(|stream| BlockInput { stream, pcm: &full }).collect();
                    setup.check(480, &inputs);
                    setup.check(480, &inputs[..1]);
                }
            }
        }
    }
}

/// Every sum near the knee, the rails and the span's end goes through the whole mixer, at both levels' arithmetic.
#[test]
fn every_sum_is_clipped_as_the_curve_says() {
    for curve in [Curve::Soft, Curve::Saturate] {
        for level in [65_536, 65_535] {
            let setup = Setup { gains: vec![0; 3], level, curve };
            for first in (-70_000_i32..70_000).step_by(960) {
                let part = |stream: i32| -> Vec<i16> { (0..960).map(|step| ((first + step + stream) / 3) as i16).collect() };
                let parts = [part(0), part(1), part(2)];
                let inputs: Vec<_> = parts.iter().zip(0..).map(|(pcm, stream)| BlockInput { stream, pcm }).collect();
                setup.check(480, &inputs);
            }
        }
    }
    assert_eq!([24_575, 24_703, 40_959, -40_960, 0].map(|sum| clip(Curve::Soft, sum)), [24_575, 24_702, 32_767, -32_767, 0]);
}

#[test]
fn documented_order_of_sum_level_and_clip() {
    for (curve, expected) in [(Curve::Soft, 30_719), (Curve::Saturate, 32_767)] {
        let setup = Setup { gains: vec![0; 2], level: 32_768, curve };
        let full = [32_767; 4];
        for mixer in setup.mixers() {
            let mut out = [0; 4];
            mixer.mix(2, &[BlockInput { stream: 0, pcm: &full }, BlockInput { stream: 1, pcm: &full }], &mut out).expect("a block");
            assert_eq!(out, [expected; 4]);
        }
    }
}

#[test]
fn mute_is_silence_and_remembers() {
    let mut mixer = Mixer::default();
    mixer.open().expect("a stream");
    mixer.set_level(40_000).expect("a level");
    let input = [BlockInput { stream: 0, pcm: &[1000, -1000] }];
    let (mut before, mut muted, mut after) = ([0; 2], [9; 2], [0; 2]);
    mixer.mix(1, &input, &mut before).expect("a block");
    mixer.mute(true);
    assert_eq!(mixer.mix(1, &input, &mut muted), Ok(BlockReport::default()));
    mixer.mute(false);
    mixer.mix(1, &input, &mut after).expect("a block");
    assert_eq!((muted, before), ([0; 2], after));
}
