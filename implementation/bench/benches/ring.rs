//! The ring beside rtrb and ringbuf: blocks of 480 stereo frames, in and out again.

use audio::ring::{Capacity, channel};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ringbuf::traits::{Consumer as _, Producer as _, Split as _};
use std::hint::black_box;
use std::time::{Duration, Instant};

const SAMPLES: usize = 960;
const CAPACITY: usize = 1_920 * 2;

/// A frame as the peers carry it.
type Frame = [i16; 2];

fn one_thread(c: &mut Criterion) {
    let mut group = c.benchmark_group("ring_one_thread");
    group.throughput(Throughput::Bytes((SAMPLES * 2) as u64));
    let block = [1_i16; SAMPLES];
    let frames: Vec<Frame> = vec![[1, 1]; SAMPLES / 2];
    let mut out = [0_i16; SAMPLES];
    let mut frames_out: Vec<Frame> = vec![[0, 0]; SAMPLES / 2];
    let (mut producer, mut consumer) = channel(Capacity::ENGINE);
    group.bench_function("ring", |b| {
        b.iter(|| {
            producer.write(black_box(&block)).expect("room");
            consumer.pull(480, black_box(&mut out)).expect("a block");
        });
    });
    let (mut producer, mut consumer) = rtrb::RingBuffer::<Frame>::new(CAPACITY / 2);
    group.bench_function("rtrb", |b| {
        b.iter(|| {
            producer.push_entire_slice(black_box(&frames)).expect("room");
            consumer.pop_entire_slice(black_box(&mut frames_out)).expect("a block");
        });
    });
    let (mut producer, mut consumer) = ringbuf::HeapRb::<Frame>::new(CAPACITY / 2).split();
    group.bench_function("ringbuf", |b| {
        b.iter(|| {
            assert_eq!(producer.push_slice(black_box(&frames)), frames.len());
            assert_eq!(consumer.pop_slice(black_box(&mut frames_out)), frames.len());
        });
    });
    group.finish();
}

/// Moves so many blocks from one thread to another, each side spinning while it can't go on. What comes out goes through
/// [`black_box`]: a block that nobody looks at is not copied out at all where the compiler sees through the peer's code.
fn two_threads<P: Send, C: Send>(
    blocks: u64,
    ends: (P, C),
    mut push: impl FnMut(&mut P) -> bool + Send,
    mut pop: impl FnMut(&mut C) -> bool,
) -> Duration {
    let (mut producer, mut consumer) = ends;
    let start = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut sent = 0;
            while sent < blocks {
                if push(&mut producer) { sent += 1 } else { std::hint::spin_loop() }
            }
        });
        let mut taken = 0;
        while taken < blocks {
            if pop(&mut consumer) { taken += 1 } else { std::hint::spin_loop() }
        }
    });
    start.elapsed()
}

fn threads(c: &mut Criterion) {
    let mut group = c.benchmark_group("ring_two_threads");
    group.throughput(Throughput::Bytes((SAMPLES * 2) as u64));
    group.sample_size(20);
    let block = [1_i16; SAMPLES];
    group.bench_function("ring", |b| {
        b.iter_custom(|blocks| {
            two_threads(
                blocks,
                channel(Capacity::ENGINE),
                // A block goes in whole or not at all, as with the peers.
                |producer| producer.free().is_ok_and(|free| free >= 480) && producer.write(&block).is_ok(),
                |consumer| consumer.fill() >= 480 && consumer.pull(480, black_box(&mut [0_i16; SAMPLES])).is_ok(),
            )
        });
    });
    let frames: Vec<Frame> = vec![[1, 1]; SAMPLES / 2];
    group.bench_function("rtrb", |b| {
        b.iter_custom(|blocks| {
            two_threads(
                blocks,
                rtrb::RingBuffer::<Frame>::new(CAPACITY / 2),
                |producer| producer.push_entire_slice(&frames).is_ok(),
                |consumer| consumer.pop_entire_slice(black_box(&mut [[0, 0]; SAMPLES / 2])).is_ok(),
            )
        });
    });
    group.bench_function("ringbuf", |b| {
        b.iter_custom(|blocks| {
            use ringbuf::traits::Observer as _;
            two_threads(
                blocks,
                ringbuf::HeapRb::<Frame>::new(CAPACITY / 2).split(),
                |producer| producer.vacant_len() >= 480 && producer.push_slice(&frames) == 480,
                |consumer| consumer.occupied_len() >= 480 && consumer.pop_slice(black_box(&mut [[0, 0]; SAMPLES / 2])) == 480,
            )
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(std::time::Duration::from_millis(300)).measurement_time(std::time::Duration::from_secs(1));
    targets = one_thread, threads
}
criterion_main!(benches);
