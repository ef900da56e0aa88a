//! The machine: boot, and the two jobs.

mod board;
mod console;
mod context;
mod disk;
mod heap;
mod media;
mod platform;
mod scheduler;
mod timer;
mod trap;
mod trials;

use alloc::vec::Vec;
use console::Console;
use core::fmt::{self, Write};
use core::ptr::NonNull;
use devices::{Board, START_BYTES};
use guest::mailbox::{Fault, Mailbox, Mode, Turn};
use guest::marker::Marker;
use guest::{decoders, selftest};
use sha2::{Digest, Sha256};
use spec::mailbox::{CONTROL_OFFSET, PROTOCOL, RAM_BASE, RAM_BYTES, RESPONSE_BYTES};

/// Starts the machine: `riscv-rt` has set up the stack, cleared memory and switched on floating point (`mstatus.FS`).
#[riscv_rt::entry]
fn main(hart: usize, tree: usize) -> ! {
    trap::install();
    // The reader allocates, and a device tree lies where no heap is.
    heap::install();
    let board = match device_tree(tree) {
        Ok(board) => board,
        Err(fault) => panic!("{fault}"),
    };
    board::install(&board);
    let mut console = Console::open();
    let outcome = run(hart as u64, &board, &mut console);
    match outcome {
        Ok(true) => board::end(board::Exit::Passed),
        // A selftest that could not answer has said so; a console that takes no text can't be told.
        Ok(false) | Err(fmt::Error) => board::end(board::Exit::Failed),
    }
}

/// Reads the device tree at the address that the machine gave: behind program, heap and stack, which end below the mailbox.
fn device_tree(address: usize) -> devices::Result<Board> {
    let inside = |bytes: usize| {
        let start = address as u64;
        start >= RAM_BASE + CONTROL_OFFSET && start.checked_add(bytes as u64).is_some_and(|end| end <= RAM_BASE + RAM_BYTES)
    };
    let start = core::ptr::with_exposed_provenance::<u8>(address);
    if !inside(START_BYTES) {
        return Err(devices::outside());
    }
    // SAFETY: the header lies in memory, checked above, and any bytes are bytes.
    let size = devices::size(unsafe { start.cast::<[u8; START_BYTES]>().read_unaligned() })?;
    if !inside(size) {
        return Err(devices::outside());
    }
    // SAFETY: the tree lies in memory, checked above. QEMU puts it near the end of memory, where later responses may go, but the
    // slice ends with this function, before the first response is written.
    devices::read(unsafe { core::slice::from_raw_parts(start, size) })
}

/// Does the job that the control page asks for; gives whether all went well.
fn run(hart: u64, board: &Board, console: &mut Console) -> Result<bool, fmt::Error> {
    // Addressed by number, as the mailbox is no object of this program.
    let base = NonNull::new(core::ptr::with_exposed_provenance_mut((RAM_BASE + CONTROL_OFFSET) as usize));
    let Some(base) = base else { panic!("the mailbox has an address") };
    // SAFETY: `RAM_BASE + CONTROL_OFFSET` is aligned to a page; memory reaches that far (the device tree's reader checked it), and the
    // linker keeps the program out of it.
    let mut mailbox = unsafe { Mailbox::new(base) };
    writeln!(console, "{}", Marker::Boot { protocol: PROTOCOL, hart, timebase: board.timebase_hz, ram: board.memory.bytes })?;
    timer::check();
    let setup = match mailbox.setup() {
        Ok(setup) => Some(setup),
        Err(Fault::Absent) => None,
        Err(fault @ Fault::Mode(_)) => panic!("{fault}"),
    };
    // A guest that nobody gave a challenge says so by the digest of nothing.
    let challenge: &[u8] = setup.as_ref().map_or(&[], |setup| &setup.challenge);
    writeln!(console, "{}", Marker::Ready { challenge: Sha256::digest(challenge).into() })?;
    let (selftests, answered) = match setup {
        None => (0, false),
        Some(setup) => match setup.mode {
            Mode::Selftest => selftest::run_all(&setup.challenge, setup.contracts, console)?,
            Mode::Serve => {
                serve(&mut mailbox, board.timebase_hz);
                (0, true)
            }
            Mode::Platform => platform::run(board, &setup.challenge, console)?,
            Mode::Writer => platform::write_for_ever(board, &setup.challenge),
            Mode::Audio => media::run(board, &setup.challenge, console)?,
            Mode::Media => media::run_sessions(board, &setup.challenge, console)?,
            Mode::Decoders => decoders::run(mailbox.given(), console)?,
            Mode::Services => media::serve(board, mailbox, console),
        },
    };
    writeln!(console, "{}", Marker::Done { selftests })?;
    Ok(answered)
}

/// Answers the mailbox until it says stop.
fn serve(mailbox: &mut Mailbox, timebase: u64) {
    let mut response = Vec::with_capacity(RESPONSE_BYTES as usize);
    let mut idle = timer::Idle::new(timebase);
    loop {
        match mailbox.turn(&mut response, sut::mailbox::answer) {
            Turn::Answered => idle.busy(),
            Turn::Idle => idle.pause(),
            Turn::Stop => return,
        }
    }
}
