//! The platform's selftests on the machine.

use super::board::{self, Exit};
use super::console::Console;
use super::disk::Disk;
use super::scheduler::Scheduler;
use super::trials;
use core::fmt::{self, Write};
use devices::Board;
use guest::marker::Marker;
use guest::platform;
use guest::selftest::Report;
use guest::state::State;
use spec::challenge::CHALLENGE_BYTES;

type Trial = fn(&mut Scheduler, &mut Console) -> Result<Report, &'static str>;

/// Runs the platform's selftests; gives their number and whether all could answer.
pub fn run(board: &Board, challenge: &[u8; CHALLENGE_BYTES], console: &mut Console) -> Result<(u32, bool), fmt::Error> {
    let mut count = 0;
    let mut answered = true;
    // Described, and nothing more: no controller and no codec is behind the nodes.
    for (part, described) in [("i2s", board.audio.is_some()), ("codec", board.audio.is_some())] {
        if described {
            writeln!(console, "{}", Marker::Placeholder { part })?;
        }
    }
    match Disk::find(board) {
        None => writeln!(console, "{}", Marker::Placeholder { part: "state" })?,
        Some(disk) => {
            let report = State::mount(disk).and_then(|mut state| platform::state(&mut state, challenge));
            count += 1;
            answered &= report.is_ok();
            writeln!(console, "{}", platform::marker("state", &report.map_err(|error| error.name())))?;
        }
    }
    trials::prepare(challenge, board.timebase_hz);
    let mut scheduler = Scheduler::default();
    let trials: [(&str, Trial); 3] = [("ticks", trials::ticks), ("letters", trials::mail), ("containment", trials::containment)];
    for (part, trial) in trials {
        let report = trial(&mut scheduler, console);
        count += 1;
        answered &= report.is_ok();
        writeln!(console, "{}", platform::marker(part, &report))?;
    }
    Ok((count, answered))
}

/// Writes to the disk until the power is cut, or until it fails.
pub fn write_for_ever(board: &Board, challenge: &[u8; CHALLENGE_BYTES]) -> ! {
    let mut console = Console::open();
    let Some(disk) = Disk::find(board) else { panic!("a writer needs a disk") };
    let error = match State::mount(disk) {
        Ok(mut state) => platform::write_for_ever(&mut state, challenge),
        Err(error) => error,
    };
    // The host sees the marker; a console that fails leaves the exit code.
    let _ = writeln!(console, "{}", Marker::SelftestFail { contract: "state", reason: error.name() });
    board::end(Exit::Failed)
}
