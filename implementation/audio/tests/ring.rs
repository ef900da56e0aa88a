//! The ring on memory of a documented layout, and its pulls.

use audio::ring::{Capacity, Consumer, Loopback, Mapping, Producer, Pull, channel, layout};
use spec::ring::{RING_PCM_OFFSET, RING_SHARED_BYTES, RING_WRITE_INDEX_OFFSET};
use std::ptr::NonNull;

/// Bytes as the operating system gives them: zeroed, at the start of a cache line.
#[repr(align(64))]
struct Page([u8; RING_SHARED_BYTES as usize]);

#[test]
fn mapped_memory_has_the_documented_layout() {
    let mut page = Page([0; RING_SHARED_BYTES as usize]);
    let address = NonNull::from(&mut page.0).cast();
    // SAFETY: the page lives to the end of this test, and one producer and one consumer use it.
    let (mut producer, mut consumer) = unsafe {
        let mapping = Mapping::new(address).expect("an aligned page");
        (Producer::new(mapping, Capacity::ENGINE), Consumer::new(mapping, Capacity::ENGINE))
    };
    assert_eq!(producer.write(&[0x0201, 0x0403, 0x0605, 0x0807, 9, 10]), Ok(3));
    let mut out = [0; 4];
    assert_eq!(consumer.read(2, &mut out), Ok(2));
    assert_eq!(out, [0x0201, 0x0403, 0x0605, 0x0807]);
    let index = |at: usize| u64::from_le_bytes(page.0[at..at + 8].try_into().expect("eight bytes"));
    assert_eq!((index(RING_WRITE_INDEX_OFFSET as usize), index(64)), (3, 2));
    assert_eq!(page.0[RING_PCM_OFFSET as usize..][..8], [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!((layout().pcm, layout().bytes), (128, 7808));
}

#[test]
fn test_reject_ring_misaligned_mapping() {
    let mut page = Page([0; RING_SHARED_BYTES as usize]);
    let address = NonNull::from(&mut page.0[1]);
    // SAFETY: the rejected address is never used.
    let error = unsafe { Mapping::new(address) }.expect_err("an odd address");
    assert_eq!(error.code(), spec::ErrorCode::Misaligned);
}

#[test]
fn every_capacity_wraps_and_fills() {
    for frames in (1..=12).chain([480, 1919, 1920]) {
        let (mut producer, mut consumer) = channel(Capacity::new(frames).expect("a capacity"));
        let (mut sent, mut received) = (0_i16, 0_i16);
        for turn in 0..40 {
            let offer: Vec<i16> = (0..frames as i16 + 1).flat_map(|n| [sent.wrapping_add(n); 2]).collect();
            let free = frames - (producer.written() - consumer.position()) as u32;
            assert_eq!(producer.write(&offer), Ok(free));
            sent = sent.wrapping_add(free as i16);
            assert_eq!(consumer.fill(), frames);
            let ask = 1 + turn * 7 % frames;
            let mut out = vec![0; ask as usize * 2];
            assert_eq!(consumer.read(ask, &mut out), Ok(ask));
            for frame in out.as_chunks::<2>().0 {
                assert_eq!(*frame, [received; 2]);
                received = received.wrapping_add(1);
            }
        }
    }
}

#[test]
fn pulls_fill_with_silence_and_count_underruns() {
    let mut ring = Loopback::new(Capacity::ENGINE);
    let mut out = [9; 6];
    let pull = |frames, underrun| Ok(Pull { frames, underrun });
    // Before the first full pull nothing counts.
    assert_eq!((ring.write(&[1, 1]), ring.pull(3, &mut out)), (Ok(1), pull(1, false)));
    assert_eq!(out, [1, 1, 0, 0, 0, 0]);
    assert_eq!((ring.write(&[2; 8]), ring.pull(3, &mut out)), (Ok(4), pull(3, false)));
    assert_eq!((ring.pull(3, &mut out), out), (pull(1, true), [2, 2, 0, 0, 0, 0]));
    // While paused nothing is consumed and nothing counts.
    ring.pause();
    assert_eq!((ring.write(&[3; 2]), ring.pull(3, &mut out), out), (Ok(1), pull(0, false), [0; 6]));
    ring.resume();
    assert_eq!((ring.pull(3, &mut out), out), (pull(1, true), [3, 3, 0, 0, 0, 0]));
    let stats = ring.stats();
    assert_eq!((stats.underrun_events, stats.missing_frames, stats.read, stats.written, stats.fill), (2, 4, 6, 6, 0));
}

#[test]
fn the_consumer_ignores_the_shared_read_counter() {
    let mut ring = Loopback::new(Capacity::new(4).expect("a capacity"));
    let mut out = [0; 4];
    assert_eq!(ring.write(&[1, 1, 2, 2, 3, 3]), Ok(3));
    assert_eq!(ring.read(1, &mut out), Ok(1));
    ring.forge_read_index(3);
    assert_eq!((ring.read(2, &mut out), out), (Ok(2), [2, 2, 3, 3]));
    assert_eq!(ring.stats().read, 3);
}

#[test]
fn a_renewed_ring_is_fresh() {
    for (before, after) in [(4, 3), (3, 700), (700, 700)] {
        let capacity = |frames| Capacity::new(frames).expect("a capacity");
        let mut ring = Loopback::new(capacity(before));
        assert_eq!(ring.write(&vec![7; before as usize * 2]), Ok(before));
        ring.pause();
        ring.forge_read_index(1);
        let mut ring = ring.renew(capacity(after));
        assert_eq!(ring.stats(), spec::ring::Stats::default());
        // What the ring before held is gone, although a client says that all of it was written.
        ring.forge_write_index(u64::from(after));
        let mut out = vec![9; after as usize * 2];
        assert_eq!((ring.read(after, &mut out), out), (Ok(after), vec![0; after as usize * 2]));
    }
}
