//! The UART, for text.

use super::board::{self, Exit};
use core::fmt::{self, Write};
use core::num::NonZeroUsize;
use guest::marker::Marker;
use uart_16550::backend::MmioBackend;
use uart_16550::{BaudRate, Config, Uart16550};

/// The UART. Writing waits until the line takes the bytes.
pub struct Console(Uart16550<MmioBackend>);

impl Console {
    /// Opens the UART and sets it up; a machine without one can say nothing and ends.
    pub fn open() -> Self {
        let Some(mut uart) = device() else { board::end(Exit::Failed) };
        match uart.init(Config { baud_rate: BaudRate::Baud115200, ..Config::DEFAULT }) {
            Ok(()) => Self(uart),
            Err(_) => board::end(Exit::Failed),
        }
    }
}

/// Prints a line by the console that is open already, for those who can't hold it.
pub fn print(line: &dyn fmt::Display) {
    if let Some(uart) = device() {
        // A console that takes no text can't be told.
        let _ = writeln!(Console(uart), "{line}");
    }
}

impl Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.send_bytes_exact(text.as_bytes());
        Ok(())
    }
}

fn device() -> Option<Uart16550<MmioBackend>> {
    let address = NonZeroUsize::new(board::uart())?;
    // SAFETY: the address is that of the machine or of its device tree, outside memory; one hart uses it, and a fault that opens it
    // again never returns to who had it before.
    unsafe { Uart16550::new_mmio_from_address(address, 1) }.ok()
}

/// Prints a marker of a fault and ends the machine.
pub fn fail(marker: Marker<'_>) -> ! {
    let mut console = Console::open();
    // The fault may have struck in the middle of a line.
    let _ = writeln!(console, "\n{marker}");
    board::end(Exit::Failed)
}
