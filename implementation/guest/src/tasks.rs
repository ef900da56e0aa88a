//! Cooperative tasks, so far as they need no hardware: who runs next, who waits for what, letters between them, and what becomes of
//! one that faults. Everything is bounded and nothing blocks.

mod mail;
mod table;
mod ticker;

pub use mail::{LETTER_BYTES_MAX, LETTERS_MAX, Letter, SendError};
pub use table::{Next, RESTARTS_MAX, SpawnError, TASKS_MAX, Table, TaskId, Verdict};
pub use ticker::{TICKS_PER_SECOND, Ticker};

/// What a task can ask for. Each call is short; [`wait`](Self::wait) alone lets others run.
pub trait Platform {
    /// Ticks of 10 ms since the scheduler started.
    fn tick(&self) -> u64;
    /// How often this task was restarted.
    fn restarts(&self) -> u32;
    /// Lets others run until a letter came or, where one is given, that tick did.
    fn wait(&mut self, until: Option<u64>);
    /// Sends a letter; never waits.
    ///
    /// # Errors
    /// The receiver is not there, or the letter does not fit.
    fn send(&mut self, to: TaskId, content: &[u8]) -> Result<(), SendError>;
    /// The oldest letter, if there is one.
    fn receive(&mut self) -> Option<Letter>;

    /// Lets others run until that tick, whatever letters come.
    fn sleep_until(&mut self, tick: u64) {
        while self.tick() < tick {
            self.wait(Some(tick));
        }
    }
}
