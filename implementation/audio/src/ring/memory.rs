//! The memory that both sides share, by its documented layout (RING-015).
#![allow(unsafe_code, reason = "the client can write this memory at any time, so that no reference to its samples may exist")]

use crate::Result;
use crate::error::AudioError;
use alloc::sync::Arc;
use core::cell::UnsafeCell;
use core::mem::{offset_of, size_of};
use core::ops::Deref;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicU64, Ordering};
use spec::ErrorCode;
use spec::ring::{Layout, RING_CAPACITY_FRAMES_MAX, RING_PCM_OFFSET, RING_READ_INDEX_OFFSET, RING_SHARED_BYTES, RING_WRITE_INDEX_OFFSET};

/// A shared counter.
pub trait Counter {
    /// Its value.
    fn load(&self, order: Ordering) -> u64;
    /// Sets it.
    fn store(&self, value: u64, order: Ordering);
}

impl Counter for AtomicU64 {
    fn load(&self, order: Ordering) -> u64 {
        Self::load(self, order)
    }

    fn store(&self, value: u64, order: Ordering) {
        Self::store(self, value, order);
    }
}

/// What a ring needs of the memory that both sides share. Positions and lengths are checked and ordered by the ring's ends.
pub trait SharedMemory {
    /// The type of the counters.
    type Counter: Counter;

    /// The producer's counter.
    fn write_index(&self) -> &Self::Counter;

    /// The consumer's counter.
    fn read_index(&self) -> &Self::Counter;

    /// Copies interleaved samples to the frames from `at` on.
    ///
    /// # Safety
    /// The frames lie within the capacity, and nobody else of this program accesses them meanwhile.
    unsafe fn copy_in(&self, at: usize, pcm: &[i16]);

    /// Copies the frames from `at` on to interleaved samples.
    ///
    /// # Safety
    /// The frames lie within the capacity, and nobody of this program writes them meanwhile.
    unsafe fn copy_out(&self, at: usize, pcm: &mut [i16]);
}

const SAMPLES: usize = RING_CAPACITY_FRAMES_MAX as usize * 2;

/// The shared memory object. All of it is interior-mutable, the padding too, because a client may write any byte of it.
#[repr(C)]
pub struct Object {
    write_index: AtomicU64,
    _write_line: UnsafeCell<[u8; 56]>,
    read_index: AtomicU64,
    _read_line: UnsafeCell<[u8; 56]>,
    pcm: UnsafeCell<[i16; SAMPLES]>,
}

const _: () = {
    assert!(offset_of!(Object, write_index) == RING_WRITE_INDEX_OFFSET as usize);
    assert!(offset_of!(Object, read_index) == RING_READ_INDEX_OFFSET as usize);
    assert!(offset_of!(Object, pcm) == RING_PCM_OFFSET as usize);
    assert!(size_of::<Object>() == RING_SHARED_BYTES as usize);
};

/// The layout of the shared memory, in bytes, as the compiler has laid it out (RING-015).
pub const fn layout() -> Layout {
    Layout {
        write_index: offset_of!(Object, write_index) as u32,
        read_index: offset_of!(Object, read_index) as u32,
        pcm: offset_of!(Object, pcm) as u32,
        bytes: size_of::<Object>() as u32,
    }
}

// SAFETY: the counters are atomic, the padding is never accessed, and the samples are accessed through `copy_in` and `copy_out`
// alone, whose callers promise that no two accesses conflict.
unsafe impl Sync for Object {}

impl<T: Deref<Target = Object>> SharedMemory for T {
    type Counter = AtomicU64;

    #[inline]
    fn write_index(&self) -> &AtomicU64 {
        &self.write_index
    }

    #[inline]
    fn read_index(&self) -> &AtomicU64 {
        &self.read_index
    }

    #[inline]
    unsafe fn copy_in(&self, at: usize, pcm: &[i16]) {
        debug_assert!(at.saturating_mul(2).saturating_add(pcm.len()) <= SAMPLES);
        // SAFETY: the caller keeps the frames within the capacity, which `Capacity` keeps within this array, and keeps everyone
        // else of this program away from them. A client in another process that writes them all the same spoils its own samples:
        // every bit pattern is a sample, and no reference to them exists.
        unsafe { core::ptr::copy_nonoverlapping(pcm.as_ptr(), self.pcm.get().cast::<i16>().add(at.wrapping_mul(2)), pcm.len()) }
    }

    #[inline]
    unsafe fn copy_out(&self, at: usize, pcm: &mut [i16]) {
        debug_assert!(at.saturating_mul(2).saturating_add(pcm.len()) <= SAMPLES);
        // SAFETY: as in `copy_in`, in the other direction.
        unsafe { core::ptr::copy_nonoverlapping(self.pcm.get().cast::<i16>().add(at.wrapping_mul(2)), pcm.as_mut_ptr(), pcm.len()) }
    }
}

/// On its own cache lines, as a mapped page is.
#[repr(align(64))]
struct Aligned(Object);

/// Shared memory from this program's heap.
#[derive(Clone)]
pub struct Heap(Arc<Aligned>);

impl Heap {
    pub(super) fn new() -> Self {
        // SAFETY: zeros are a valid object: counters at zero and silence. It is zeroed where it stays, never on the stack first.
        Self(unsafe { Arc::<Aligned>::new_zeroed().assume_init() })
    }
}

impl Deref for Heap {
    type Target = Object;

    fn deref(&self) -> &Object {
        &self.0.0
    }
}

/// Shared memory that the operating system has mapped: [`RING_SHARED_BYTES`] bytes, zeroed at first.
#[derive(Clone, Copy, Debug)]
pub struct Mapping(NonNull<Object>);

impl Mapping {
    /// The memory at that address.
    ///
    /// # Errors
    /// `misaligned` where the address is not a multiple of 8.
    ///
    /// # Safety
    /// So many bytes are mapped there, readable and writable, for as long as any copy of this handle is used, and this program
    /// accesses them through one [`super::Producer`] and one [`super::Consumer`] at most.
    pub unsafe fn new(address: NonNull<u8>) -> Result<Self> {
        let object = address.cast::<Object>();
        if !object.is_aligned() {
            let advice = "map the memory object at the start of a page";
            return Err(AudioError::plain(ErrorCode::Misaligned, "the shared memory's address is not a multiple of 8", advice));
        }
        Ok(Self(object))
    }
}

// SAFETY: the handle is an address, and what lies there is `Sync`.
unsafe impl Send for Mapping {}

impl Deref for Mapping {
    type Target = Object;

    fn deref(&self) -> &Object {
        // SAFETY: the address is aligned, and the caller of `new` keeps it mapped. All of an `Object` is interior-mutable, so
        // that the client's writes do not contradict the reference.
        unsafe { self.0.as_ref() }
    }
}
