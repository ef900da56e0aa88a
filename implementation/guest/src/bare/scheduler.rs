//! Runs tasks in turns, counts ticks, sleeps where nobody can run, and contains whoever faults.

use super::console::Console;
use super::context::{self, Stack};
use super::{heap, timer};
use alloc::vec::Vec;
use core::cell::UnsafeCell;
use core::fmt::Write;
use core::sync::atomic::{AtomicUsize, Ordering};
use guest::marker::{Contained, Marker};
use guest::tasks::{Letter, Next, Platform, SendError, SpawnError, TASKS_MAX, Table, TaskId, Verdict};

/// What a task does. It has no state but what it makes, so that a restart begins with none.
pub type Entry = fn(&mut Context);

/// A fault, as the scheduler finds it.
#[derive(Clone, Copy)]
pub enum Fault {
    /// A trap.
    Trap {
        /// The cause register.
        cause: u64,
        /// Where.
        pc: u64,
        /// The trap value register.
        value: u64,
    },
    /// A panic, in that line.
    Panic {
        /// Line.
        line: u32,
    },
}

/// What the scheduler alone touches. Each is zero at first, so that the image need not hold it.
struct Kernel<T>(UnsafeCell<T>);

// SAFETY: one hart runs, and interrupts look at none of this. Each borrow below ends before anything else can run.
unsafe impl<T> Sync for Kernel<T> {}

static TABLE: Kernel<Table> = Kernel(UnsafeCell::new(Table::NEW));
static ENTRIES: Kernel<[Option<Entry>; TASKS_MAX]> = Kernel(UnsafeCell::new([None; TASKS_MAX]));
static FAULT: Kernel<Option<Fault>> = Kernel(UnsafeCell::new(None));

/// The place of the task that runs; [`TASKS_MAX`] for none.
static RUNNING: AtomicUsize = AtomicUsize::new(TASKS_MAX);

/// Does something with the table. It does not call back, switch or panic.
fn with<T>(work: impl FnOnce(&mut Table) -> T) -> T {
    // SAFETY: nothing else runs until `work` is through, and no caller below calls this within its `work`.
    work(unsafe { &mut *TABLE.0.get() })
}

/// The task that runs now.
pub fn running() -> Option<TaskId> {
    TaskId::at(RUNNING.load(Ordering::Relaxed))
}

/// Ends the running task's life at a fault; the scheduler says what becomes of it.
pub fn contain(fault: Fault) -> ! {
    // SAFETY: the scheduler looks at it only after this.
    unsafe { *FAULT.0.get() = Some(fault) };
    context::abandon()
}

/// What a running task sees of the platform.
pub struct Context {
    task: TaskId,
}

impl Platform for Context {
    fn tick(&self) -> u64 {
        timer::ticks()
    }

    fn restarts(&self) -> u32 {
        with(|table| table.restarts(self.task))
    }

    fn wait(&mut self, until: Option<u64>) {
        with(|table| table.wait(self.task, until));
        context::leave(self.task);
    }

    fn send(&mut self, to: TaskId, content: &[u8]) -> Result<(), SendError> {
        with(|table| table.send(self.task, to, content))
    }

    fn receive(&mut self) -> Option<Letter> {
        with(|table| table.receive(self.task))
    }
}

/// Where every task begins, each time.
extern "C" fn begin() -> ! {
    if let Some(task) = running() {
        // SAFETY: entries are written before their task runs, and never while one does.
        let entry = unsafe { (*ENTRIES.0.get()).get(task.place()).copied().flatten() };
        if let Some(entry) = entry {
            entry(&mut Context { task });
        }
        with(|table| table.end(task));
    }
    context::abandon()
}

struct Place {
    stack: Stack,
    arena: *mut u8,
}

/// Tasks, and what they stand on.
#[derive(Default)]
pub struct Scheduler {
    places: Vec<Place>,
}

impl Scheduler {
    /// Adds a task. Tasks get the numbers 0, 1, 2 … in the order of their spawning.
    ///
    /// # Errors
    /// There is no place for one more.
    pub fn spawn(&mut self, name: &'static str, entry: Entry) -> Result<TaskId, SpawnError> {
        let task = with(|table| table.spawn(name))?;
        let place = Place { stack: Stack::new(task), arena: context::pages(heap::ARENA_BYTES) };
        // SAFETY: no task runs.
        if let Some(own) = unsafe { (*ENTRIES.0.get()).get_mut(task.place()) } {
            *own = Some(entry);
        }
        self.places.push(place);
        self.renew(task);
        Ok(task)
    }

    /// Lets a task begin anew: an empty stack and an empty arena.
    fn renew(&self, task: TaskId) {
        if let Some(place) = self.places.get(task.place()) {
            // SAFETY: the arena's memory is this task's alone; it does not run, and what it allocated is gone with its stack. Letters are
            // copies.
            unsafe { heap::reclaim(task, place.arena) };
            context::prepare(task, place.stack, begin);
        }
    }

    /// Runs tasks until none can ever run again.
    pub fn run(&mut self, console: &mut Console) {
        loop {
            timer::take_interrupts();
            match with(|table| table.next(timer::ticks())) {
                Next::Run(task) => self.turn(task, console),
                Next::Sleep => timer::sleep(),
                Next::Done => return,
            }
        }
    }

    /// Runs tasks until one of them has a letter for the starter; nothing where none can ever run again.
    pub fn run_until_letter(&mut self, console: &mut Console) -> Option<Letter> {
        loop {
            if let Some(letter) = receive() {
                return Some(letter);
            }
            timer::take_interrupts();
            match with(|table| table.next(timer::ticks())) {
                Next::Run(task) => self.turn(task, console),
                Next::Sleep => timer::sleep(),
                Next::Done => return receive(),
            }
        }
    }

    fn turn(&mut self, task: TaskId, console: &mut Console) {
        heap::run_as(Some(task));
        RUNNING.store(task.place(), Ordering::Relaxed);
        context::enter(task);
        RUNNING.store(TASKS_MAX, Ordering::Relaxed);
        heap::run_as(None);
        // SAFETY: no task runs.
        if let Some(fault) = unsafe { (*FAULT.0.get()).take() } {
            self.fault(task, fault, console);
        }
    }

    fn fault(&mut self, task: TaskId, fault: Fault, console: &mut Console) {
        let verdict = with(|table| table.fault(task));
        let name = with(|table| table.name(task));
        let overflow = |value| self.places.get(task.place()).is_some_and(|place| place.stack.guards(value));
        let (by, at) = match fault {
            Fault::Trap { value, .. } if overflow(value) => (Contained::Overflow, value),
            Fault::Trap { cause, pc, .. } => (Contained::Trap, if cause == 0 { 0 } else { pc }),
            Fault::Panic { line } => (Contained::Panic, u64::from(line)),
        };
        // A console that takes no text can't be told.
        let _ = match verdict {
            Verdict::Restart(restarts) => writeln!(console, "{}", Marker::Contained { task: name, by, at, restarts }),
            Verdict::Abandon => writeln!(console, "{}", Marker::Abandoned { task: name, by, at }),
        };
        self.renew(task);
    }
}

/// The name of the program that a task runs.
pub fn name(task: TaskId) -> &'static str {
    with(|table| table.name(task))
}

/// The oldest letter to the starter.
pub fn receive() -> Option<Letter> {
    with(|table| table.receive(TaskId::STARTER))
}
