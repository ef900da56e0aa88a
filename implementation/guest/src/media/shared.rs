//! Memory that the services and their clients share: a pool of rings, and a tap of the null sink.
//!
//! Both are statics of the image, so that they outlive a task that faults. One hart runs, and tasks change only where they wait.

use audio::ring::{Capacity, Consumer, Mapping, Producer};
use core::cell::UnsafeCell;
use core::ptr::NonNull;
use services::audiod::Block;
use spec::audiod::{AUDIOD_STREAMS_MAX, checksum};
use spec::format::BLOCK_FRAMES;
use spec::ring::RING_SHARED_BYTES;

const SLOTS: usize = AUDIOD_STREAMS_MAX as usize;
const WORDS: usize = RING_SHARED_BYTES as usize / 8;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Free,
    Open,
    Mapped,
}

struct Slots {
    memory: [[u64; WORDS]; SLOTS],
    uses: [Use; SLOTS],
}

/// A pool of as many rings as there may be streams.
pub struct Rings(UnsafeCell<Slots>);

// SAFETY: one hart runs, and no borrow of the slots lasts beyond a function below, none of which waits. The rings' own memory is
// reached through their ends, which are made for hostile neighbours.
unsafe impl Sync for Rings {}

impl Default for Rings {
    fn default() -> Self {
        Self::new()
    }
}

impl Rings {
    /// A pool with every ring free.
    pub const fn new() -> Self {
        Self(UnsafeCell::new(Slots { memory: [[0; WORDS]; SLOTS], uses: [Use::Free; SLOTS] }))
    }

    fn slots(&self) -> *mut Slots {
        self.0.get()
    }

    fn set(&self, slot: usize, to: Use) {
        // SAFETY: as for `Sync`.
        if let Some(place) = unsafe { (*self.slots()).uses.get_mut(slot) } {
            *place = to;
        }
    }

    fn is(&self, slot: usize, what: Use) -> bool {
        // SAFETY: as for `Sync`.
        unsafe { (*self.slots()).uses.get(slot).is_some_and(|place| *place == what) }
    }

    fn mapping(&self, slot: usize) -> Option<Mapping> {
        if slot >= SLOTS {
            return None;
        }
        // SAFETY: the slot lies within the pool.
        let start = unsafe { (&raw mut (*self.slots()).memory).cast::<[u64; WORDS]>().add(slot) };
        // SAFETY: the pool stays as long as the program; one producer and one consumer are made of an open slot.
        unsafe { Mapping::new(NonNull::new(start.cast())?) }.ok()
    }

    /// Opens a fresh ring: its handle and the services' end; nothing where all are open.
    pub fn open(&self) -> Option<(u32, Consumer<Mapping>)> {
        let slot = (0..SLOTS).find(|slot| self.is(*slot, Use::Free))?;
        // SAFETY: nobody uses a free slot any more; zeros are an empty ring.
        unsafe {
            if let Some(memory) = (*self.slots()).memory.get_mut(slot) {
                memory.fill(0);
            }
        }
        self.set(slot, Use::Open);
        // SAFETY: the ring is fresh, and this is its one consumer.
        let consumer = unsafe { Consumer::new(self.mapping(slot)?, Capacity::ENGINE) };
        Some((handle(slot), consumer))
    }

    /// Closes a ring. Who still has it mapped writes to nobody from now on, or to the slot's next owner, whose samples alone it spoils.
    pub fn close(&self, handle: u32) {
        if let Some(slot) = slot(handle) {
            self.set(slot, Use::Free);
        }
    }

    /// Closes every ring, as when the services begin anew.
    pub fn close_all(&self) {
        (0..SLOTS).for_each(|slot| self.set(slot, Use::Free));
    }

    /// The client's end of an open ring, once.
    pub fn map(&self, handle: u32) -> Option<Producer<Mapping>> {
        let slot = slot(handle).filter(|slot| self.is(*slot, Use::Open))?;
        self.set(slot, Use::Mapped);
        // SAFETY: the ring is open and was not mapped before, so that this is its one producer.
        Some(unsafe { Producer::new(self.mapping(slot)?, Capacity::ENGINE) })
    }
}

/// Handles begin at 1: 0 is no shared memory.
fn handle(slot: usize) -> u32 {
    u32::try_from(slot).unwrap_or(u32::MAX).saturating_add(1)
}

fn slot(handle: u32) -> Option<usize> {
    handle.checked_sub(1).map(|slot| slot as usize)
}

/// What was heard of the mix since somebody listened last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Blocks.
    pub ticks: u64,
    /// The checksum over them.
    pub checksum: u64,
    /// The last of them.
    pub last: Block,
}

const SILENCE: Block = [0; BLOCK_FRAMES as usize * 2];

/// A tap of the mix, for those who check it.
pub struct Tap(UnsafeCell<Heard>);

// SAFETY: as for `Rings`.
unsafe impl Sync for Tap {}

impl Default for Tap {
    fn default() -> Self {
        Self::new()
    }
}

impl Tap {
    /// A tap through which nothing was heard.
    pub const fn new() -> Self {
        Self(UnsafeCell::new(Heard { ticks: 0, checksum: 0, last: SILENCE }))
    }

    /// A block was mixed.
    pub fn hear(&self, block: &Block) {
        // SAFETY: as for `Sync`.
        let heard = unsafe { &mut *self.0.get() };
        heard.checksum = checksum(heard.checksum, heard.ticks.wrapping_mul(block.len() as u64), block);
        heard.ticks = heard.ticks.wrapping_add(1);
        heard.last = *block;
    }

    /// What was heard since this was asked last.
    pub fn take(&self) -> Heard {
        // SAFETY: as for `Sync`.
        let heard = unsafe { &mut *self.0.get() };
        core::mem::replace(heard, Heard { ticks: 0, checksum: 0, last: SILENCE })
    }
}
