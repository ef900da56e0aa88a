//! The mixer beside a plain scalar loop that computes the same bytes, and beside a copy of its input.

use audio::mixer::{BlockInput, Curve, Mixer};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

const SAMPLES: usize = 960;
const GAIN: i32 = -1_536;

fn inputs(streams: usize) -> Vec<Vec<i16>> {
    let mut state = 1_u32;
    let mut sample = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 18) as i16 - 8_192
    };
    (0..streams).map(|_| (0..SAMPLES).map(|_| sample()).collect()).collect()
}

/// What the contract says, sample by sample.
fn scalar(inputs: &[&[i16]], factors: &[u32], level: u32, out: &mut [i16]) {
    for (index, sample) in out.iter_mut().enumerate() {
        let sum: i64 = inputs.iter().zip(factors).map(|(pcm, factor)| i64::from(pcm[index]) * i64::from(*factor)).sum();
        let product = sum * i64::from(level);
        let magnitude = (product.abs() + (1 << 31)) >> 32;
        let clipped = soft(magnitude.min(1 << 30) as i32);
        *sample = if product < 0 { -clipped } else { clipped } as i16;
    }
}

fn soft(magnitude: i32) -> i32 {
    if magnitude <= 24_575 {
        return magnitude;
    }
    let distance = magnitude - 24_575;
    if distance < 16_384 { 24_575 + distance - ((distance * distance + 16_384) >> 15) } else { 32_767 }
}

fn mix(c: &mut Criterion) {
    for level in [65_536_u32, 49_152] {
        let mut group = c.benchmark_group(format!("mix_block_level_{level}"));
        for streams in [2_usize, 8, 16] {
            let pcm = inputs(streams);
            let slices: Vec<&[i16]> = pcm.iter().map(Vec::as_slice).collect();
            let factors = vec![audio::gain::factor(GAIN).expect("a gain in range"); streams];
            group.throughput(Throughput::Bytes((streams * SAMPLES * 2) as u64));
            let mut expected = [0_i16; SAMPLES];
            scalar(&slices, &factors, level, &mut expected);
            for (name, mut mixer) in [("mixer", Mixer::new(Curve::Soft)), ("mixer_portable", Mixer::portable(Curve::Soft))] {
                let mut block = Vec::new();
                for pcm in &slices {
                    let stream = mixer.open().expect("a free stream");
                    mixer.set_gain(stream, GAIN).expect("a gain in range");
                    block.push(BlockInput { stream, pcm });
                }
                mixer.set_level(level).expect("a level in range");
                let mut out = [0_i16; SAMPLES];
                mixer.mix(480, &block, &mut out).expect("a block in bounds");
                assert_eq!(out, expected, "the peers compute the same bytes");
                group
                    .bench_function(BenchmarkId::new(name, streams), |b| b.iter(|| mixer.mix(480, black_box(&block), black_box(&mut out))));
            }
            let mut out = [0_i16; SAMPLES];
            group.bench_function(BenchmarkId::new("scalar_loop", streams), |b| {
                b.iter(|| scalar(black_box(&slices), black_box(&factors), level, black_box(&mut out)))
            });
            let mut copy = vec![0_i16; streams * SAMPLES];
            group.bench_function(BenchmarkId::new("memcpy_of_input", streams), |b| {
                b.iter(|| {
                    for (target, source) in copy.chunks_exact_mut(SAMPLES).zip(black_box(&slices)) {
                        target.copy_from_slice(source);
                    }
                    black_box(&mut copy);
                });
            });
        }
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(std::time::Duration::from_millis(300)).measurement_time(std::time::Duration::from_secs(1));
    targets = mix
}
criterion_main!(benches);
