//! Places of sessions, in the order of their numbers, and sets of them.

use core::ops::Range;
use spec::focus::{Class, FOCUS_SESSIONS_MAX};

/// A set of places: the lowest bit is the first place.
pub type Set = u16;

const SLOTS: usize = FOCUS_SESSIONS_MAX as usize;

// A place for each session, and a bit for each place.
const _: () = assert!(SLOTS <= Set::BITS as usize);

/// The set of one place.
pub const fn bit(place: usize) -> Set {
    (1 as Set).wrapping_shl(place as u32)
}

/// Whether a place is in a set.
pub const fn has(set: Set, place: usize) -> bool {
    set & bit(place) != 0
}

/// The places of a set, in order.
pub fn bits(mut set: Set) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        let place = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (place < Set::BITS).then_some(place as usize)
    })
}

/// The set after an insertion at a place, which is not in it.
pub const fn open(set: Set, place: usize) -> Set {
    let below = bit(place).wrapping_sub(1);
    (set & below) | ((set & !below) << 1)
}

/// The set after the removal of a place.
pub const fn close(set: Set, place: usize) -> Set {
    let below = bit(place).wrapping_sub(1);
    (set & below) | ((set >> 1) & !below)
}

/// What is known of the sessions beside sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slots {
    len: usize,
    sids: [u32; SLOTS],
    /// Number of the request that gave the session its focus.
    requests: [u64; SLOTS],
    /// When focus paused it; 0 if it did not since the user let it play.
    moments: [u64; SLOTS],
    /// The sessions of each class.
    classes: [Set; Class::ALL.len()],
}

impl Slots {
    pub const fn new() -> Self {
        Self { len: 0, sids: [0; SLOTS], requests: [0; SLOTS], moments: [0; SLOTS], classes: [0; Class::ALL.len()] }
    }

    pub const fn len(&self) -> usize {
        self.len
    }

    pub const fn places(&self) -> Range<usize> {
        0..self.len
    }

    /// The place of a session, or where it belongs.
    pub fn find(&self, sid: u32) -> Result<usize, usize> {
        self.sids.get(..self.len).unwrap_or_default().binary_search(&sid)
    }

    /// Makes a place for a session; there is room for it.
    pub fn insert(&mut self, place: usize, sid: u32, class: Class) {
        put(&mut self.sids, place, self.len, sid);
        put(&mut self.requests, place, self.len, 0);
        put(&mut self.moments, place, self.len, 0);
        for (index, set) in self.classes.iter_mut().enumerate() {
            *set = open(*set, place) | if index == class as usize { bit(place) } else { 0 };
        }
        self.len = self.len.saturating_add(1).min(SLOTS);
    }

    pub fn remove(&mut self, place: usize) {
        drop_at(&mut self.sids, place, self.len);
        drop_at(&mut self.requests, place, self.len);
        drop_at(&mut self.moments, place, self.len);
        for set in &mut self.classes {
            *set = close(*set, place);
        }
        self.len = self.len.saturating_sub(1);
    }

    pub fn sid(&self, place: usize) -> u32 {
        self.sids.get(place).copied().unwrap_or_default()
    }

    pub fn request(&self, place: usize) -> u64 {
        self.requests.get(place).copied().unwrap_or_default()
    }

    pub fn set_request(&mut self, place: usize, number: u64) {
        if let Some(request) = self.requests.get_mut(place) {
            *request = number;
        }
    }

    pub fn moment(&self, place: usize) -> u64 {
        self.moments.get(place).copied().unwrap_or_default()
    }

    pub fn set_moment(&mut self, place: usize, number: u64) {
        if let Some(moment) = self.moments.get_mut(place) {
            *moment = number;
        }
    }

    /// The sessions of a class.
    pub fn of(&self, class: Class) -> Set {
        self.classes.get(class as usize).copied().unwrap_or_default()
    }

    pub fn class(&self, place: usize) -> Class {
        Class::ALL.into_iter().find(|class| has(self.of(*class), place)).unwrap_or(Class::Music)
    }
}

/// Moves the places from this one up by one, and fills it.
fn put<T>(list: &mut [T], place: usize, len: usize, value: T) {
    if let Some(tail) = list.get_mut(place..=len) {
        tail.rotate_right(1);
        if let Some(first) = tail.first_mut() {
            *first = value;
        }
    }
}

/// Moves the places after this one down by one.
fn drop_at<T>(list: &mut [T], place: usize, len: usize) {
    if let Some(tail) = list.get_mut(place..len) {
        tail.rotate_left(1);
    }
}
