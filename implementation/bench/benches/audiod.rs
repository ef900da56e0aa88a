//! One tick of the audio service with sixteen streams that are fed, beside what its clients' writes alone cost.

use audio::ring::{Capacity, Consumer, Heap, Producer, channel};
use criterion::{Criterion, criterion_group, criterion_main};
use services::audiod::{BLOCK_SAMPLES, Block, Engine, Marker, Method, Platform, Sink, StoreFailed};
use spec::audiod::AUDIOD_STREAMS_MAX;
use std::hint::black_box;

/// Rings on the heap, every call allowed, no state, nobody who listens.
#[derive(Default)]
struct Quiet(Vec<Producer<Heap>>);

impl Platform for Quiet {
    type Feed = Consumer<Heap>;

    fn open_ring(&mut self, _stream: u32) -> Option<Consumer<Heap>> {
        let (producer, consumer) = channel(Capacity::ENGINE);
        self.0.push(producer);
        Some(consumer)
    }

    fn closed(&mut self, _stream: u32) {}

    fn allows(&mut self, _sender: u64, _method: Method) -> bool {
        true
    }

    fn has_state(&self) -> bool {
        false
    }

    fn has_i2s(&self) -> bool {
        false
    }

    fn record_blocks_max(&self) -> u32 {
        1
    }

    fn record_begin(&mut self, _uri: &str) -> Result<(), StoreFailed> {
        Err(StoreFailed)
    }

    fn record_block(&mut self, _block: &Block) -> Result<(), StoreFailed> {
        Err(StoreFailed)
    }

    fn record_finish(&mut self) -> Result<u64, StoreFailed> {
        Err(StoreFailed)
    }

    fn record_discard(&mut self) {}

    fn deliver(&mut self, _sink: Sink, block: &Block) {
        black_box(block);
    }

    fn marker(&mut self, _marker: Marker<'_>) {}
}

fn ticks(c: &mut Criterion) {
    let mut group = c.benchmark_group("audiod_tick_of_16_streams");
    let block = [4_321_i16; BLOCK_SAMPLES];
    let mut engine = Engine::new(Quiet::default());
    for stream in 1..=AUDIOD_STREAMS_MAX {
        engine.open_stream(0, "bench").expect("a stream");
        engine.set_stream_gain(0, stream, -300 * stream as i32).expect("a gain");
        engine.start(0, stream).expect("it starts");
    }
    engine.set_level(0, 49_152).expect("a level");
    group.bench_function("writes_and_tick", |b| {
        b.iter(|| {
            for ring in &mut engine.platform_mut().0 {
                assert_eq!(ring.write(black_box(&block)), Ok(480));
            }
            black_box(engine.tick().peak)
        });
    });
    let mut rings: Vec<_> = (0..AUDIOD_STREAMS_MAX).map(|_| channel(Capacity::ENGINE)).collect();
    let mut out = [0; BLOCK_SAMPLES];
    group.bench_function("writes_and_pulls_alone", |b| {
        b.iter(|| {
            for (producer, consumer) in &mut rings {
                assert_eq!(producer.write(black_box(&block)), Ok(480));
                assert!(consumer.pull(480, black_box(&mut out)).is_ok());
            }
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(std::time::Duration::from_millis(300)).measurement_time(std::time::Duration::from_secs(1));
    targets = ticks
}
criterion_main!(benches);
