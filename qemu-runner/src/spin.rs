//! Looking before sleeping: between two programs that answer each other in microseconds, waking up would be most of the time.

use std::hint;
use std::time::{Duration, Instant};

/// How long it is looked. Longer than a sleeper takes to wake up, so that two that wait for each other by turns both come to look.
const SPIN: Duration = Duration::from_micros(100);

/// Looks for each look at the clock, which may cost as much as they do.
const LOOKS: u32 = 16;

/// How many waits are slept through at once after looking was in vain.
const SPIN_PAUSE: u32 = 64;

/// Whether looking was worth it lately.
#[derive(Debug, Default)]
pub struct Spin {
    pause: u32,
}

impl Spin {
    /// Looks until something is found, for a moment at most; `None` says that it is time to sleep.
    ///
    /// # Errors
    /// What looking says.
    pub fn look<T, E>(&mut self, mut look: impl FnMut() -> Result<Option<T>, E>) -> Result<Option<T>, E> {
        if self.pause > 0 {
            self.pause -= 1;
            return Ok(None);
        }
        let until = Instant::now() + SPIN;
        while Instant::now() < until {
            for _ in 0..LOOKS {
                if let Some(found) = look()? {
                    return Ok(Some(found));
                }
                hint::spin_loop();
            }
        }
        self.pause = SPIN_PAUSE;
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn what_comes_is_found_and_after_a_wait_in_vain_many_sleep_at_once() {
        let mut spin = Spin::default();
        let mut looks = 0;
        let third = spin.look(|| {
            looks += 1;
            Ok::<_, io::Error>((looks == 3).then_some(looks))
        });
        assert_eq!(third.expect("no error"), Some(3));
        assert_eq!(spin.look(|| Ok::<_, io::Error>(None::<()>)).expect("no error"), None);
        for _ in 0..SPIN_PAUSE {
            assert_eq!(spin.look(|| -> io::Result<Option<()>> { panic!("nobody looks in a pause") }).expect("no error"), None);
        }
        assert_eq!(spin.look(|| Ok::<_, io::Error>(Some(1))).expect("no error"), Some(1));
    }

    #[test]
    fn an_error_ends_it() {
        let error = Spin::default().look(|| -> io::Result<Option<()>> { Err(io::ErrorKind::BrokenPipe.into()) });
        assert_eq!(error.expect_err("the error").kind(), io::ErrorKind::BrokenPipe);
    }
}
