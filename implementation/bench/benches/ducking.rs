//! One block of sixteen sessions whose gains ramp, beside the same block without ramps: once with the same kind of gains, held, and
//! once at 0 dB, where the mixer has less to multiply.

use audio::mixer::{BlockInput, Curve, Mixer};
use criterion::{Criterion, criterion_group, criterion_main};
use services::ducking::{Config, Ducking, Rule};
use spec::ducking::DUCKING_DB_UI_Q8_8;
use spec::format::BLOCK_FRAMES;
use spec::mixer::MIXER_STREAMS_MAX;
use std::hint::black_box;

const SAMPLES: usize = BLOCK_FRAMES as usize * 2;

fn blocks(c: &mut Criterion) {
    let mut group = c.benchmark_group("mix_16_sessions");
    let pcm = [4_321_i16; SAMPLES];
    let mut out = [0_i16; SAMPLES];
    let mut mixer = Mixer::new(Curve::Soft);
    let streams: Vec<u32> = (0..MIXER_STREAMS_MAX).map(|_| mixer.open().expect("a stream")).collect();
    let inputs: Vec<BlockInput<'_>> = streams.iter().map(|stream| BlockInput { stream: *stream, pcm: &pcm }).collect();
    for (name, gain) in [("at_0_db", 0), ("without_ramps", DUCKING_DB_UI_Q8_8)] {
        streams.iter().for_each(|stream| mixer.set_gain(*stream, gain).expect("a gain"));
        group.bench_function(name, |b| {
            b.iter(|| black_box(mixer.mix(BLOCK_FRAMES, black_box(&inputs), &mut out).expect("a block").peak));
        });
    }
    // Ramps of a thousand blocks, each turned round when it has ended.
    let mut ducking = Ducking::new(Config { ramp_ms: 10_000, ..Config::default() }).expect("a configuration");
    for session in 1..=MIXER_STREAMS_MAX {
        ducking.open(session).expect("a session");
    }
    let mut block = 0_u32;
    group.bench_function("with_ramps", |b| {
        b.iter(|| {
            if block.is_multiple_of(1_000) {
                for session in 1..=MIXER_STREAMS_MAX {
                    let lowered = ducking.is_ducked(session).expect("a session");
                    if lowered { ducking.unduck(session, 1) } else { ducking.duck(session, 1, Rule::DuckDb) }.expect("a change");
                }
            }
            block += 1;
            ducking.advance();
            for (stream, (_, gain)) in streams.iter().zip(ducking.gains()) {
                mixer.set_gain(*stream, gain).expect("a gain");
            }
            black_box(mixer.mix(BLOCK_FRAMES, black_box(&inputs), &mut out).expect("a block").peak)
        });
    });
    group.finish();
}

criterion_group!(benches, blocks);
criterion_main!(benches);
