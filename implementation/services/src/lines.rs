//! Where the marker lines of services go.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;

/// Takes marker lines, each without its end: a UART, a log, a list.
pub trait Lines {
    /// One line.
    fn line(&mut self, line: &dyn Display);
}

impl Lines for Vec<String> {
    fn line(&mut self, line: &dyn Display) {
        self.push(line.to_string());
    }
}

impl<L: Lines + ?Sized> Lines for &mut L {
    fn line(&mut self, line: &dyn Display) {
        (**self).line(line);
    }
}
