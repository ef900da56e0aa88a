//! The guest's side of the mailbox in shared memory, [`spec::mailbox`].

use core::fmt;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicU64, Ordering};
use spec::challenge::CHALLENGE_BYTES;
use spec::mailbox::{
    CHALLENGE_AT, CONTRACTS_AT, CONTROL_OFFSET, MAGIC, MAGIC_AT, MODE_AT, MODE_AUDIO, MODE_DECODERS, MODE_MEDIA, MODE_PLATFORM,
    MODE_SELFTEST, MODE_SERVE, MODE_SERVICES, MODE_WRITER, REQUEST_BYTES, REQUEST_LENGTH_AT, REQUEST_OFFSET, REQUEST_SEQUENCE_AT,
    RESPONSE_BYTES, RESPONSE_LENGTH_AT, RESPONSE_OFFSET, RESPONSE_SEQUENCE_AT, STATUS_MALFORMED, STATUS_TOO_LARGE, STOP,
};

/// Bytes of the mailbox: control page, requests, responses.
pub const MAILBOX_BYTES: usize = (RESPONSE_OFFSET + RESPONSE_BYTES - CONTROL_OFFSET) as usize;

/// What the guest is here for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Run the selftests and end the machine.
    Selftest,
    /// Answer requests until [`STOP`].
    Serve,
    /// Run the platform's selftests and end the machine.
    Platform,
    /// Write to `/state` until the power is cut.
    Writer,
    /// Run the media services' selftests and end the machine.
    Audio,
    /// Run the media services for clients on the host until [`STOP`].
    Services,
    /// Run the media services and the selftests of the media sessions.
    Media,
    /// Decode the files that the host put into the request buffer before boot.
    Decoders,
}

/// What the host wrote before boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setup {
    /// What to do.
    pub mode: Mode,
    /// The challenge of this boot.
    pub challenge: [u8; CHALLENGE_BYTES],
    /// Which contracts' selftests run: a [selection](spec::mailbox::selection).
    pub contracts: u64,
}

/// Why a control page says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no magic number: nobody wrote a control page.
    Absent,
    /// The mode is none of this version.
    Mode(u32),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("the host wrote no control page"),
            Self::Mode(mode) => write!(f, "the control page asks for the unknown mode {mode}"),
        }
    }
}

impl core::error::Error for Fault {}

/// What one look at the mailbox came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// There is no new request.
    Idle,
    /// A request was answered.
    Answered,
    /// The host asks the guest to end the machine.
    Stop,
}

/// The mailbox, seen by the guest.
pub struct Mailbox {
    base: NonNull<u8>,
    answered: u64,
}

impl Mailbox {
    /// The mailbox at this address.
    ///
    /// # Safety
    /// `base` is the address of [`MAILBOX_BYTES`] bytes, aligned to 8, that stay valid as long as the mailbox and that nothing
    /// else of this program touches. The host writes them only as the protocol says.
    pub unsafe fn new(base: NonNull<u8>) -> Self {
        Self { base, answered: 0 }
    }

    /// Reads what the host wrote before boot.
    ///
    /// # Errors
    /// A [`Fault`] where there is no control page of this protocol.
    pub fn setup(&self) -> Result<Setup, Fault> {
        if self.word(MAGIC_AT).load(Ordering::Acquire) != MAGIC {
            return Err(Fault::Absent);
        }
        // The mode is the first half of its word, as both sides are little-endian.
        let mode = match self.word(MODE_AT).load(Ordering::Relaxed) as u32 {
            MODE_SELFTEST => Mode::Selftest,
            MODE_SERVE => Mode::Serve,
            MODE_PLATFORM => Mode::Platform,
            MODE_WRITER => Mode::Writer,
            MODE_AUDIO => Mode::Audio,
            MODE_SERVICES => Mode::Services,
            MODE_MEDIA => Mode::Media,
            MODE_DECODERS => Mode::Decoders,
            other => return Err(Fault::Mode(other)),
        };
        let mut challenge = [0; CHALLENGE_BYTES];
        for (at, eight) in (CHALLENGE_AT..).step_by(8).zip(challenge.chunks_exact_mut(8)) {
            eight.copy_from_slice(&self.word(at).load(Ordering::Relaxed).to_le_bytes());
        }
        Ok(Setup { mode, challenge, contracts: self.word(CONTRACTS_AT).load(Ordering::Relaxed) })
    }

    /// What the host put into the request buffer before boot; nothing where it claims more than fits.
    pub fn given(&self) -> &[u8] {
        let length = self.word(REQUEST_LENGTH_AT).load(Ordering::Relaxed);
        let length = if length > REQUEST_BYTES { 0 } else { length };
        // SAFETY: it lies in the mailbox, as `length` is bounded; the host wrote it before boot and leaves it alone.
        unsafe { core::slice::from_raw_parts(self.at(REQUEST_OFFSET).as_ptr(), length as usize) }
    }

    /// Answers the newest request, if it has not been answered yet. `response` is room that is used again and again.
    pub fn turn(&mut self, response: &mut alloc::vec::Vec<u8>, answer: impl FnOnce(&[u8], &mut alloc::vec::Vec<u8>)) -> Turn {
        let newest = self.word(REQUEST_SEQUENCE_AT).load(Ordering::Acquire);
        if newest == self.answered {
            return Turn::Idle;
        }
        let length = self.word(REQUEST_LENGTH_AT).load(Ordering::Relaxed);
        response.clear();
        if length > REQUEST_BYTES {
            response.push(STATUS_MALFORMED);
        } else {
            // SAFETY: the request lies in the mailbox, as `length` is bounded; the host leaves it alone until it is answered.
            let request = unsafe { core::slice::from_raw_parts(self.at(REQUEST_OFFSET).as_ptr(), length as usize) };
            if request == [STOP] {
                return Turn::Stop;
            }
            answer(request, response);
        }
        if response.len() as u64 > RESPONSE_BYTES {
            response.clear();
            response.push(STATUS_TOO_LARGE);
        }
        // SAFETY: the response fits into its part of the mailbox, which the host reads only after the number below.
        unsafe { core::ptr::copy_nonoverlapping(response.as_ptr(), self.at(RESPONSE_OFFSET).as_ptr(), response.len()) };
        self.word(RESPONSE_LENGTH_AT).store(response.len() as u64, Ordering::Relaxed);
        self.word(RESPONSE_SEQUENCE_AT).store(newest, Ordering::Release);
        self.answered = newest;
        Turn::Answered
    }

    /// A place by its offset in the guest's memory.
    fn at(&self, offset: u64) -> NonNull<u8> {
        // SAFETY: every offset in use is a constant of the protocol within MAILBOX_BYTES of the control page.
        unsafe { self.base.add(offset.wrapping_sub(CONTROL_OFFSET) as usize) }
    }

    /// A word of the control page. Atomic, so that every poll reads memory and a number orders what it announces.
    fn word(&self, at: u64) -> &AtomicU64 {
        // SAFETY: the control page's words are aligned to 8 and valid as long as `self`; both sides use them as atomics.
        unsafe { AtomicU64::from_ptr(self.at(CONTROL_OFFSET.wrapping_add(at)).as_ptr().cast()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The host's side: the memory, and the same as seen by the guest.
    fn shared() -> (Vec<u64>, Mailbox) {
        let mut memory = vec![0_u64; MAILBOX_BYTES / 8];
        // SAFETY: the words live as long as the test; the test plays the host and keeps to the protocol.
        let mailbox = unsafe { Mailbox::new(NonNull::new(memory.as_mut_ptr().cast()).unwrap()) };
        (memory, mailbox)
    }

    fn put(memory: &mut [u64], at: u64, value: u64) {
        // SAFETY: the place lies in the memory that the reference holds.
        unsafe { (memory.as_mut_ptr().cast::<u8>().add(at as usize).cast::<u64>()).write_volatile(value) };
    }

    fn get(memory: &[u64], at: u64) -> u64 {
        // SAFETY: the place lies in the memory that the reference holds.
        unsafe { memory.as_ptr().cast::<u8>().add(at as usize).cast::<u64>().read_volatile() }
    }

    fn request(memory: &mut [u64], number: u64, length: u64, first: u64) {
        put(memory, REQUEST_OFFSET - CONTROL_OFFSET, first);
        put(memory, REQUEST_LENGTH_AT, length);
        put(memory, REQUEST_SEQUENCE_AT, number);
    }

    fn control(memory: &mut [u64], mode: u64) {
        put(memory, MODE_AT, mode);
        (0..4).for_each(|part| put(memory, CHALLENGE_AT + part * 8, 0x0101_0101_0101_0101 * (part + 1)));
        put(memory, CONTRACTS_AT, 6);
        put(memory, MAGIC_AT, MAGIC);
    }

    #[test]
    fn reads_the_setup() {
        let (mut memory, mailbox) = shared();
        let mut challenge = [0; 32];
        challenge.chunks_mut(8).zip(1..).for_each(|(part, value)| part.fill(value));
        control(&mut memory, u64::from(MODE_SELFTEST));
        assert_eq!(mailbox.setup(), Ok(Setup { mode: Mode::Selftest, challenge, contracts: 6 }));
        control(&mut memory, u64::from(MODE_SERVE));
        assert_eq!(mailbox.setup(), Ok(Setup { mode: Mode::Serve, challenge, contracts: 6 }));
    }

    #[test]
    fn test_reject_control_pages() {
        let (mut memory, mailbox) = shared();
        assert_eq!(mailbox.setup(), Err(Fault::Absent));
        for mode in [0, 9, u32::MAX] {
            control(&mut memory, u64::from(mode));
            assert_eq!(mailbox.setup(), Err(Fault::Mode(mode)));
        }
        put(&mut memory, MAGIC_AT, MAGIC ^ 1);
        assert_eq!(mailbox.setup(), Err(Fault::Absent));
    }

    #[test]
    fn answers_each_request_once() {
        let (mut memory, mut mailbox) = shared();
        let mut room = Vec::new();
        let double = |request: &[u8], response: &mut Vec<u8>| response.extend(request.iter().map(|byte| byte * 2));
        assert_eq!(mailbox.turn(&mut room, double), Turn::Idle);
        for (number, value) in [(1, 3), (2, 7), (9, 21)] {
            request(&mut memory, number, 2, value);
            assert_eq!(mailbox.turn(&mut room, double), Turn::Answered);
            assert_eq!(mailbox.turn(&mut room, double), Turn::Idle);
            assert_eq!(get(&memory, RESPONSE_SEQUENCE_AT), number);
            assert_eq!(get(&memory, RESPONSE_LENGTH_AT), 2);
            assert_eq!(get(&memory, RESPONSE_OFFSET - CONTROL_OFFSET), value * 2);
        }
    }

    #[test]
    fn what_was_given_before_boot_is_read_and_bounded() {
        let (mut memory, mailbox) = shared();
        assert_eq!(mailbox.given(), b"");
        request(&mut memory, 1, 2, 0x0201);
        assert_eq!(mailbox.given(), [1, 2]);
        for length in [REQUEST_BYTES + 1, u64::MAX] {
            request(&mut memory, 1, length, 0);
            assert_eq!(mailbox.given(), b"");
        }
    }

    #[test]
    fn stops_without_an_answer() {
        let (mut memory, mut mailbox) = shared();
        request(&mut memory, 1, 1, u64::from(STOP));
        assert_eq!(mailbox.turn(&mut Vec::new(), |_, _| unreachable!("a stop is no work")), Turn::Stop);
        assert_eq!(get(&memory, RESPONSE_SEQUENCE_AT), 0);
        // The same byte with more behind it is a request like others.
        request(&mut memory, 2, 2, u64::from(STOP));
        assert_eq!(mailbox.turn(&mut Vec::new(), |_, response| response.push(0)), Turn::Answered);
    }

    #[test]
    fn test_reject_a_request_longer_than_its_buffer() {
        let (mut memory, mut mailbox) = shared();
        for (number, length) in [(1, REQUEST_BYTES + 1), (2, u64::MAX)] {
            request(&mut memory, number, length, 0);
            assert_eq!(mailbox.turn(&mut Vec::new(), |_, _| unreachable!("it can't be read")), Turn::Answered);
            assert_eq!(get(&memory, RESPONSE_OFFSET - CONTROL_OFFSET) as u8, STATUS_MALFORMED);
        }
        request(&mut memory, 3, REQUEST_BYTES, 0);
        assert_eq!(mailbox.turn(&mut Vec::new(), |request, _| assert_eq!(request.len() as u64, REQUEST_BYTES)), Turn::Answered);
    }

    #[test]
    fn test_reject_a_response_longer_than_its_buffer() {
        let (mut memory, mut mailbox) = shared();
        request(&mut memory, 1, 1, 1);
        let long = |_: &[u8], response: &mut Vec<u8>| response.resize(RESPONSE_BYTES as usize + 1, 0xee);
        assert_eq!(mailbox.turn(&mut Vec::new(), long), Turn::Answered);
        assert_eq!((get(&memory, RESPONSE_LENGTH_AT), get(&memory, RESPONSE_OFFSET - CONTROL_OFFSET) as u8), (1, STATUS_TOO_LARGE));
        request(&mut memory, 2, 1, 1);
        let full = |_: &[u8], response: &mut Vec<u8>| response.resize(RESPONSE_BYTES as usize, 0xee);
        assert_eq!(mailbox.turn(&mut Vec::new(), full), Turn::Answered);
        assert_eq!(get(&memory, RESPONSE_LENGTH_AT), RESPONSE_BYTES);
    }
}
