//! What a header claims is checked before memory is taken for it, and what is taken is what was asked for.

mod common;

use common::{book, decode, file, lookup, setup};
use spec::vorbis::write::{Codebook, Floor, Setup};
use spec::vorbis::{Reject, VORBIS_WORK_BYTES};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use vorbis::Decoder;

thread_local! {
    static NOW: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
}

/// Counts the bytes that each thread holds.
struct Counting;

// SAFETY: everything is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        NOW.set(NOW.get().saturating_add(layout.size()));
        PEAK.set(PEAK.get().max(NOW.get()));
        // SAFETY: the caller's layout is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        NOW.set(NOW.get().saturating_sub(layout.size()));
        // SAFETY: the block is from the system's allocator.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes that a call takes at most.
fn peak<T>(call: impl FnOnce() -> T) -> (T, u64) {
    let before = NOW.get();
    PEAK.set(before);
    let result = call();
    (result, (PEAK.get() - before) as u64)
}

/// Why the headers are rejected, and what it takes to find that out.
fn reject(setup: &Setup) -> (Option<Reject>, u64) {
    let bytes = file(setup, &[]);
    let ((_, result), taken) = peak(|| decode(&mut Decoder::default(), &bytes, 4_096));
    (result.err().map(|error| error.reject()), taken)
}

/// The largest headers that are accepted, in all parts at once.
fn largest() -> Setup {
    let mut largest = setup();
    (largest.channels, largest.blocks) = (8, [13, 13]);
    largest.mappings[0].mux = vec![0; 8];
    largest.codebooks.push(Codebook { lookup: lookup(2), ..book(65_536, 15) });
    // A tree of 65,536 codewords of more than ten bits, and as many of single scalars.
    largest.codebooks.extend([book(65_536, 1), Codebook { lookup: lookup(32_768), ..book(32_768, 1) }]);
    largest.codebooks.extend(vec![book(256, 1); 252]);
    let response =
        Floor::Response { order: 255, rate: 48_000, map_size: 65_535, amplitude_bits: 32, amplitude_offset: 255, books: vec![3] };
    largest.floors = vec![response; 64];
    largest
}

#[test]
fn a_hostile_codebook_takes_no_memory() {
    let mut hostile = setup();
    hostile.codebooks.push(Codebook { lengths: vec![24; (1 << 24) - 1], ..book(2, 1) });
    let (rejected, taken) = reject(&hostile);
    assert!(rejected == Some(Reject::OversizedInput) && taken < VORBIS_WORK_BYTES, "{rejected:?} after {taken} bytes");
    // Vectors of more scalars than are allowed, of few bytes of a header: the tree of 65,536 codewords is there.
    let mut hostile = setup();
    hostile.codebooks.push(book(65_536, 1_024));
    let tree = hostile.memory_bytes();
    hostile.codebooks[1].lookup = lookup(1);
    let (rejected, taken) = reject(&hostile);
    assert!(rejected == Some(Reject::OversizedInput) && taken < VORBIS_WORK_BYTES + tree, "{rejected:?} after {taken} bytes");
}

#[test]
fn the_largest_headers_take_what_was_asked_for() {
    let largest = largest();
    let (rejected, taken) = reject(&largest);
    let charged = largest.memory_bytes();
    assert!(rejected.is_none() && taken <= VORBIS_WORK_BYTES + charged, "{rejected:?} after {taken} bytes, {charged} charged");
    // The charge is no guess: most of it is taken.
    assert!(taken > charged / 2, "{taken} bytes, {charged} charged");
}

#[test]
fn small_headers_take_what_was_asked_for() {
    for channels in 1..=8 {
        for blocks in [[6, 6], [8, 11], [13, 13]] {
            let setup = Setup { blocks, ..Setup::plain(channels) };
            let (rejected, taken) = reject(&setup);
            let charged = setup.memory_bytes();
            assert!(
                rejected.is_none() && taken <= VORBIS_WORK_BYTES + charged,
                "{channels} channels, {blocks:?}: {taken}, {charged} charged"
            );
        }
    }
}

#[test]
fn memory_is_asked_for_before_it_is_taken() {
    let largest = largest();
    let bytes = file(&largest, &[]);
    let mut asked = Vec::new();
    let (mut decoder, mut rest) = (Decoder::default(), bytes.as_slice());
    while !rest.is_empty() {
        let within = &mut |bytes| {
            asked.push(bytes);
            true
        };
        rest = &rest[decoder.feed_within(rest, within).expect("these headers are accepted")..];
    }
    assert_eq!(asked.last(), Some(&largest.memory_bytes()));
    assert!(asked.array_windows().all(|[less, more]| less < more) && asked.len() > 300);
    for most in asked.iter().copied().step_by(17) {
        let (rejected, taken) = refused(&bytes, most - 1);
        assert_eq!(rejected, Some(Reject::OversizedMemory));
        assert!(taken <= VORBIS_WORK_BYTES + most, "{taken} bytes of {most}");
    }
}

/// Feeds a file to a decoder that may take so many bytes for its headers.
fn refused(bytes: &[u8], most: u64) -> (Option<Reject>, u64) {
    let mut decoder = Decoder::default();
    let mut rest = bytes;
    let (result, taken) = peak(|| {
        while !rest.is_empty() {
            rest = &rest[decoder.feed_within(rest, &mut |bytes| bytes <= most)?..];
        }
        Ok::<(), vorbis::VorbisError>(())
    });
    (result.err().map(|error| error.reject()), taken)
}

#[test]
fn the_counter_counts() {
    let (_, taken) = peak(|| drop(vec![0_u8; 13 << 20]));
    assert_eq!(taken, 13 << 20);
}
