//! The table of tasks.

use super::mail::{Letter, Mail, SendError};
use core::fmt;

/// Most tasks.
pub const TASKS_MAX: usize = 7;
/// Most restarts of a task; with the next fault it is abandoned.
pub const RESTARTS_MAX: u32 = 3;

/// A task's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskId(u8);

impl TaskId {
    /// Who started the tasks: it takes letters, and never runs as a task.
    pub const STARTER: Self = Self(TASKS_MAX as u8);

    /// Its place, below [`TASKS_MAX`] for tasks.
    pub fn place(self) -> usize {
        usize::from(self.0)
    }

    /// The task at a place.
    pub fn at(place: usize) -> Option<Self> {
        u8::try_from(place).ok().filter(|place| usize::from(*place) < TASKS_MAX).map(Self)
    }
}

/// Why there is no more task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpawnError {
    /// There are [`TASKS_MAX`] already.
    Full,
}

impl fmt::Display for SpawnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there are at most {TASKS_MAX} tasks: let one end first")
    }
}

impl core::error::Error for SpawnError {}

/// A table without tasks is all zeros, so that the image need not hold it: `Empty` is zero, and no name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum State {
    Empty,
    Ready,
    Waiting(Option<u64>),
    Ended,
    Abandoned,
}

/// What the scheduler does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Runs this task.
    Run(TaskId),
    /// Sleeps until the next tick.
    Sleep,
    /// Nothing: no task is left that could ever run.
    Done,
}

/// What becomes of a task that faulted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It begins anew, as often as this in all.
    Restart(u32),
    /// It was restarted [`RESTARTS_MAX`] times, and is not again.
    Abandon,
}

struct Task {
    name: Option<&'static str>,
    state: State,
    restarts: u32,
    mail: Mail,
}

/// All tasks.
pub struct Table {
    tasks: [Task; TASKS_MAX],
    /// Letters for the starter.
    mail: Mail,
    /// Whose turn comes first.
    turn: usize,
}

impl Default for Table {
    fn default() -> Self {
        Self::NEW
    }
}

impl Table {
    /// A table without tasks.
    pub const NEW: Self = {
        const EMPTY: Task = Task { name: None, state: State::Empty, restarts: 0, mail: Mail::NEW };
        Self { tasks: [EMPTY; TASKS_MAX], mail: Mail::NEW, turn: 0 }
    };

    /// Adds a task, which is ready to run.
    ///
    /// # Errors
    /// [`SpawnError::Full`].
    pub fn spawn(&mut self, name: &'static str) -> Result<TaskId, SpawnError> {
        let free = |task: &Task| matches!(task.state, State::Empty);
        let place = self.tasks.iter().position(free).ok_or(SpawnError::Full)?;
        let id = TaskId::at(place).ok_or(SpawnError::Full)?;
        let task = self.tasks.get_mut(place).ok_or(SpawnError::Full)?;
        *task = Task { name: Some(name), state: State::Ready, restarts: 0, mail: Mail::NEW };
        Ok(id)
    }

    /// Who runs next at this tick: the first ready task after the one that ran last.
    pub fn next(&mut self, tick: u64) -> Next {
        let mut waiting = false;
        for step in 0..TASKS_MAX {
            let place = self.turn.wrapping_add(step) % TASKS_MAX;
            let Some(task) = self.tasks.get_mut(place) else { continue };
            let ready = match task.state {
                State::Ready => true,
                State::Waiting(until) => !task.mail.is_empty() || until.is_some_and(|until| until <= tick),
                State::Empty | State::Ended | State::Abandoned => false,
            };
            if let (true, Some(id)) = (ready, TaskId::at(place)) {
                task.state = State::Ready;
                self.turn = place.wrapping_add(1) % TASKS_MAX;
                return Next::Run(id);
            }
            // One that waits for letters alone gets them only from another that runs.
            waiting |= matches!(task.state, State::Waiting(Some(_)));
        }
        if waiting { Next::Sleep } else { Next::Done }
    }

    /// The task waits for a letter or, where one is given, for that tick.
    pub fn wait(&mut self, id: TaskId, until: Option<u64>) {
        if let Some(task) = self.tasks.get_mut(id.place()) {
            task.state = State::Waiting(until);
        }
    }

    /// The task is through.
    pub fn end(&mut self, id: TaskId) {
        if let Some(task) = self.tasks.get_mut(id.place()) {
            task.state = State::Ended;
            task.mail = Mail::NEW;
        }
    }

    /// The task faulted: it begins anew without its letters, or is abandoned.
    pub fn fault(&mut self, id: TaskId) -> Verdict {
        let Some(task) = self.tasks.get_mut(id.place()) else { return Verdict::Abandon };
        task.mail = Mail::NEW;
        if task.restarts >= RESTARTS_MAX {
            task.state = State::Abandoned;
            return Verdict::Abandon;
        }
        task.restarts = task.restarts.saturating_add(1);
        task.state = State::Ready;
        Verdict::Restart(task.restarts)
    }

    /// Sends a letter.
    ///
    /// # Errors
    /// A [`SendError`]; nothing has changed then.
    pub fn send(&mut self, from: TaskId, to: TaskId, content: &[u8]) -> Result<(), SendError> {
        if to == TaskId::STARTER {
            return self.mail.push(from, content);
        }
        let task = self.tasks.get_mut(to.place()).ok_or(SendError::Nobody)?;
        match task.state {
            State::Ready | State::Waiting(_) => task.mail.push(from, content),
            State::Empty | State::Ended | State::Abandoned => Err(SendError::Nobody),
        }
    }

    /// The oldest letter to a task or to the starter.
    pub fn receive(&mut self, id: TaskId) -> Option<Letter> {
        if id == TaskId::STARTER {
            return self.mail.pop();
        }
        self.tasks.get_mut(id.place())?.mail.pop()
    }

    /// A task's name.
    pub fn name(&self, id: TaskId) -> &'static str {
        self.tasks.get(id.place()).and_then(|task| task.name).unwrap_or("starter")
    }

    /// How often a task was restarted.
    pub fn restarts(&self, id: TaskId) -> u32 {
        self.tasks.get(id.place()).map_or(0, |task| task.restarts)
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
