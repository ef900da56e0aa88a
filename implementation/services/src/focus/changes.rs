//! What an operation changed, in the order in which it is told.

use core::ops::Deref;
use spec::focus::{Change, FOCUS_SESSIONS_MAX, What};

/// Each session stops or starts at most once, and its ducks change at most once.
const CHANGES: usize = FOCUS_SESSIONS_MAX as usize * 2;

/// The changes of one operation, as a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changes {
    list: [Change; CHANGES],
    len: usize,
}

impl Changes {
    pub(super) const fn new() -> Self {
        Self { list: [Change { sid: 0, what: What::Unducked }; CHANGES], len: 0 }
    }

    pub(super) const fn clear(&mut self) {
        self.len = 0;
    }

    pub(super) fn push(&mut self, sid: u32, what: What) {
        if let Some(place) = self.list.get_mut(self.len) {
            *place = Change { sid, what };
            self.len = self.len.saturating_add(1);
        }
    }
}

impl Deref for Changes {
    type Target = [Change];

    fn deref(&self) -> &[Change] {
        self.list.get(..self.len).unwrap_or_default()
    }
}
