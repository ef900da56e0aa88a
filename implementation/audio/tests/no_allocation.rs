//! The block path allocates nothing (RING-016, MIXER-017, RESAMPLER-019).

use audio::mixer::{BlockInput, Mixer};
use audio::resampler::{Kind, Rates, Resampler, Setup};
use audio::ring::{Capacity, channel};
use audio::tone::Tone;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// Counts the allocations of each thread.
struct Counting;

// SAFETY: everything is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's layout is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block is from the system's allocator.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn a_block_allocates_nothing() {
    let (mut producer, mut consumer) = channel(Capacity::ENGINE);
    let mut tone = Tone::default();
    let mut mixers = [Mixer::default(), Mixer::portable(Default::default())];
    for mixer in &mut mixers {
        assert_eq!((mixer.open(), mixer.open(), mixer.set_gain(1, -777)), (Ok(0), Ok(1), Ok(())));
    }
    let (mut block, mut pulled, mut out) = ([0; 960], [0; 960], [0; 960]);
    tone.play(440, 1000).expect("a tone");
    let before = ALLOCATIONS.get();
    for _ in 0..10 {
        assert!(tone.pull(480, &mut block).is_ok());
        assert_eq!(producer.write(&block), Ok(480));
        assert_eq!(consumer.read(100, &mut pulled), Ok(100));
        assert!(consumer.pull(480, &mut pulled).is_ok());
        for mixer in &mixers {
            let inputs = [BlockInput { stream: 0, pcm: &block }, BlockInput { stream: 1, pcm: &pulled[..600] }];
            assert!(mixer.mix(480, &inputs, &mut out).is_ok());
        }
        assert!(mixers[0].mix(0, &[], &mut out).is_err() && producer.write(&block[..1]).is_err());
    }
    assert_eq!(ALLOCATIONS.get(), before);
    drop(vec![1_u8]);
    assert_eq!(ALLOCATIONS.get(), before + 1, "the counter counts");
}

#[test]
fn resampling_allocates_nothing() {
    let block = [77; 960];
    let mut out = [0; 24 * 960];
    for kind in Kind::ALL {
        for (from_hz, to_hz) in [(44_100, 48_000), (48_000, 8_000), (8_000, 192_000), (44_100, 47_999)] {
            for mut resampler in [Resampler::new(), Resampler::portable()] {
                resampler.open(Setup { kind, rates: Rates { from_hz, to_hz }, from_channels: 2, to_channels: 1 }).expect("a setup");
                let before = ALLOCATIONS.get();
                for _ in 0..20 {
                    assert_eq!(resampler.room(480), resampler.feed(&block, &mut out).expect("a chunk"));
                }
                assert!(resampler.feed(&block[..1], &mut out).is_err());
                assert_eq!(resampler.room_to_finish(), resampler.finish(&mut out).expect("the end"));
                assert_eq!(ALLOCATIONS.get(), before, "{kind:?} {from_hz} {to_hz}");
            }
        }
    }
}
