//! Standard input of a program that is asked step by step.

use qemu_runner::Spin;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::{self, Read};
use std::os::fd::AsFd;

/// A reader that looks for a moment before it sleeps.
pub struct Watched<R> {
    inner: R,
    spin: Spin,
}

impl<R> Watched<R> {
    /// Around a reader.
    pub fn new(inner: R) -> Self {
        Self { inner, spin: Spin::default() }
    }
}

impl<R: Read + AsFd> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let inner = &self.inner;
        // Whatever there is to be known, an error or the end as well, reading tells.
        self.spin.look(|| {
            let mut waited = [PollFd::new(inner, PollFlags::IN)];
            let something = poll(&mut waited, Some(&Timespec { tv_sec: 0, tv_nsec: 0 }));
            Ok::<_, io::Error>((something != Ok(0)).then_some(()))
        })?;
        self.inner.read(buffer)
    }
}
