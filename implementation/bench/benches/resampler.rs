//! Ten seconds of stereo from 44.1 kHz to 48 kHz, in blocks of 10 ms, beside rubato: its windowed sinc with as many taps, and its Fourier
//! transforms. rubato works on floating-point numbers, and is given and asked for these, so that nothing has to be converted.

use audio::resampler::{Kind, Rates, Resampler, Setup};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Async, Fft, FixedAsync, FixedSync, Indexing, SincInterpolationParameters, SincInterpolationType, WindowFunction};
use std::hint::black_box;

const SECONDS: usize = 10;
const BLOCK: usize = 441;

fn streams(c: &mut Criterion) {
    let pcm: Vec<i16> = (0..2 * 44_100 * SECONDS).map(|index| (index * 31) as i16).collect();
    let mut out = vec![0; 4 * BLOCK];
    let mut group = c.benchmark_group("resample_10_s");
    // Frames per second, of which 48,000 are real time.
    group.throughput(Throughput::Elements((48_000 * SECONDS) as u64));
    for (name, kind, mut resampler) in [
        ("sinc", Kind::Sinc, Resampler::new()),
        ("sinc_portable", Kind::Sinc, Resampler::portable()),
        ("linear", Kind::Linear, Resampler::new()),
        ("nearest", Kind::Nearest, Resampler::new()),
    ] {
        resampler.open(Setup { kind, rates: Rates { from_hz: 44_100, to_hz: 48_000 }, from_channels: 2, to_channels: 2 }).expect("a setup");
        group.bench_function(name, |b| {
            b.iter(|| {
                resampler.reset().expect("an open resampler");
                for block in black_box(&pcm).chunks(2 * BLOCK) {
                    black_box(resampler.feed(block, &mut out).expect("room"));
                }
            });
        });
    }
    let floats: Vec<f32> = pcm.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
    let parameters = SincInterpolationParameters::new(128, WindowFunction::BlackmanHarris2)
        .oversampling_factor(512)
        .interpolation(SincInterpolationType::Linear);
    let sinc = Async::<f32>::new_sinc(48_000.0 / 44_100.0, 1.0, &parameters, BLOCK, 2, FixedAsync::Input).expect("a resampler");
    let fft = Fft::<f32>::new(44_100, 48_000, BLOCK, 2, FixedSync::Input).expect("a resampler");
    let peers: [(&str, Box<dyn rubato::Resampler<f32>>); 2] = [("rubato_sinc", Box::new(sinc)), ("rubato_fft", Box::new(fft))];
    for (name, mut peer) in peers {
        let frames = peer.output_frames_max();
        let mut out = vec![0.0; 2 * frames];
        let indexing = Indexing::new();
        group.bench_function(name, |b| {
            b.iter(|| {
                peer.reset();
                for block in black_box(&floats).chunks_exact(2 * BLOCK) {
                    let input = InterleavedSlice::new(block, 2, BLOCK).expect("a block");
                    let mut output = InterleavedSlice::new_mut(&mut out, 2, frames).expect("room");
                    black_box(peer.process_into_buffer(&input, &mut output, Some(&indexing)).expect("a block"));
                }
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(std::time::Duration::from_millis(300)).measurement_time(std::time::Duration::from_secs(2));
    targets = streams
}
criterion_main!(benches);
