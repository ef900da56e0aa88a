//! Memory: one heap for the program, of what is left between it and the stack, and one arena for each task.
//!
//! What runs allocates from its own. An arena is reclaimed as a whole when its task is abandoned or begins anew, so that a fault leaks
//! nothing. An allocation that does not fit panics, which ends the task, or the machine.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicUsize, Ordering};
use guest::tasks::{TASKS_MAX, TaskId};
use talc::TalcCell;
use talc::source::Manual;

/// Bytes of a task's arena.
pub const ARENA_BYTES: usize = 1 << 20;

/// The program's heap at first, then each task's arena.
const HEAPS: usize = TASKS_MAX + 1;
/// What the program itself allocates from.
const PROGRAM: usize = TASKS_MAX;

struct Memory {
    heaps: UnsafeCell<[TalcCell<Manual>; HEAPS]>,
    /// Where each arena begins; zero where there is none.
    starts: [AtomicUsize; TASKS_MAX],
    /// Which heap what runs now allocates from.
    current: AtomicUsize,
}

// SAFETY: one hart runs. The one interrupt that is taken does not allocate, and a fault within an allocator abandons that allocator's
// arena, or the machine, so that no two calls on a heap are ever under way.
unsafe impl Sync for Memory {}

impl Memory {
    fn heap(&self, place: usize) -> &TalcCell<Manual> {
        // SAFETY: heaps are only replaced by `reclaim`, which the scheduler calls while nothing else looks at that one.
        let heaps = unsafe { &*self.heaps.get() };
        let [.., program] = heaps;
        heaps.get(place).unwrap_or(program)
    }

    /// The heap that a pointer is from.
    fn owner(&self, pointer: *mut u8) -> &TalcCell<Manual> {
        let address = pointer as usize;
        let inside = |start: &AtomicUsize| {
            let start = start.load(Ordering::Relaxed);
            start != 0 && (start..start + ARENA_BYTES).contains(&address)
        };
        self.heap(self.starts.iter().position(inside).unwrap_or(PROGRAM))
    }
}

// SAFETY: every call goes to an allocator that keeps the contract of the trait, and a pointer goes back to the one that it is from.
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are passed on.
        unsafe { self.heap(self.current.load(Ordering::Relaxed)).alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on.
        unsafe { self.owner(pointer).dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller's promises are passed on.
        unsafe { self.owner(pointer).realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static MEMORY: Memory = Memory {
    heaps: UnsafeCell::new([const { TalcCell::new(Manual) }; HEAPS]),
    starts: [const { AtomicUsize::new(0) }; TASKS_MAX],
    current: AtomicUsize::new(PROGRAM),
};

unsafe extern "C" {
    /// Where the program's data end.
    static mut __sheap: u8;
    /// Where the stack begins.
    static _stack_guard: u8;
}

/// Gives the program's heap its memory. Called once, before the first allocation.
pub fn install() {
    let start = &raw mut __sheap;
    let size = (&raw const _stack_guard as usize).saturating_sub(start as usize);
    // SAFETY: by the memory layout nothing else lies between the program's data and the stack.
    let heap = unsafe { MEMORY.heap(PROGRAM).claim(start, size) };
    assert!(heap.is_some(), "there is no room for a heap");
}

/// Gives a task an empty arena in its memory, whatever was in it before.
///
/// # Safety
/// `start` is the address of [`ARENA_BYTES`] bytes that only this task's arena ever uses, and nothing of what was allocated from the
/// arena before is used again.
pub unsafe fn reclaim(task: TaskId, start: *mut u8) {
    // SAFETY: nothing else looks at the heaps, as this is no task and no allocation is under way.
    let heaps = unsafe { &mut *MEMORY.heaps.get() };
    if let (Some(heap), Some(at)) = (heaps.get_mut(task.place()), MEMORY.starts.get(task.place())) {
        // The old arena's own records lie in the memory that is reclaimed: nothing of it is looked at again.
        *heap = TalcCell::new(Manual);
        at.store(start as usize, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        let arena = unsafe { heap.claim(start, ARENA_BYTES) };
        assert!(arena.is_some(), "an arena is larger than its records");
    }
}

/// Does something with the program's heap, whoever runs.
pub fn as_program<T>(work: impl FnOnce() -> T) -> T {
    let current = MEMORY.current.swap(PROGRAM, Ordering::Relaxed);
    let done = work();
    MEMORY.current.store(current, Ordering::Relaxed);
    done
}

/// Says who runs from now on; nobody for the program itself.
pub fn run_as(task: Option<TaskId>) {
    MEMORY.current.store(task.map_or(PROGRAM, TaskId::place), Ordering::Relaxed);
}
