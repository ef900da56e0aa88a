//! Looking before sleeping: between two programs that answer each other in microseconds, waking up would be most of the time.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::hint;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

/// How long it is looked. Longer than a sleeper takes to wake up, so that two that wait for each other by turns both come to look.
const SPIN: Duration = Duration::from_micros(100);

/// How many waits are slept through at once after looking was in vain.
const SPIN_PAUSE: u32 = 64;

/// Whether looking was worth it lately.
#[derive(Default)]
pub struct Spin {
    pause: u32,
}

impl Spin {
    /// Looks until something is found, for a moment at most; `None` says that it is time to sleep.
    ///
    /// # Errors
    /// What looking says.
    pub fn look<T>(&mut self, mut look: impl FnMut() -> io::Result<Option<T>>) -> io::Result<Option<T>> {
        if self.pause > 0 {
            self.pause -= 1;
            return Ok(None);
        }
        let until = Instant::now() + SPIN;
        while Instant::now() < until {
            if let Some(found) = look()? {
                return Ok(Some(found));
            }
            hint::spin_loop();
        }
        self.pause = SPIN_PAUSE;
        Ok(None)
    }
}

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
            Ok((something != Ok(0)).then_some(()))
        })?;
        self.inner.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_is_found_and_after_a_wait_in_vain_many_sleep_at_once() {
        let mut spin = Spin::default();
        let mut looks = 0;
        let third = spin.look(|| {
            looks += 1;
            Ok((looks == 3).then_some(looks))
        });
        assert_eq!(third.expect("no error"), Some(3));
        assert_eq!(spin.look(|| Ok(None::<()>)).expect("no error"), None);
        for _ in 0..SPIN_PAUSE {
            assert_eq!(spin.look(|| -> io::Result<Option<()>> { panic!("nobody looks in a pause") }).expect("no error"), None);
        }
        assert_eq!(spin.look(|| Ok(Some(1))).expect("no error"), Some(1));
    }

    #[test]
    fn an_error_ends_it() {
        let error = Spin::default().look(|| -> io::Result<Option<()>> { Err(io::ErrorKind::BrokenPipe.into()) });
        assert_eq!(error.expect_err("the error").kind(), io::ErrorKind::BrokenPipe);
    }
}
