//! The guest's memory, shared with the host, and the mailbox in it: [`spec::mailbox`].

use crate::challenge::Challenge;
use memmap2::MmapRaw;
use spec::decode_bounds::boot::{files, packed};
use spec::mailbox::{
    CHALLENGE_AT, CONTRACTS_AT, CONTROL_OFFSET, MAGIC, MAGIC_AT, MODE_AT, MODE_DECODERS, RAM_BYTES, REQUEST_BYTES, REQUEST_LENGTH_AT,
    REQUEST_OFFSET, REQUEST_SEQUENCE_AT, RESPONSE_BYTES, RESPONSE_LENGTH_AT, RESPONSE_OFFSET, RESPONSE_SEQUENCE_AT,
};
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The guest's memory: a file without a name, mapped here and by QEMU, gone when both are.
pub struct Memory {
    file: File,
    map: MmapRaw,
}

impl Memory {
    /// Memory of [`RAM_BYTES`] zeros, in a file system of memory where there is one.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn new() -> io::Result<Self> {
        let shared = Path::new("/dev/shm");
        let file = if shared.is_dir() { tempfile::tempfile_in(shared).or_else(|_| tempfile::tempfile()) } else { tempfile::tempfile() }?;
        file.set_len(RAM_BYTES)?;
        let map = MmapRaw::map_raw(&file)?;
        Ok(Self { file, map })
    }

    /// A path by which a child of this process opens the file, as long as this value lives.
    pub fn path(&self) -> PathBuf {
        format!("/proc/{}/fd/{}", std::process::id(), self.file.as_raw_fd()).into()
    }

    /// Writes the control page, before boot, and the files that a guest decodes in [`MODE_DECODERS`]. `contracts` is the [selection](spec::mailbox::selection) of those whose selftests run.
    pub fn prepare(&self, mode: u32, challenge: &Challenge, contracts: u64) {
        self.word(MODE_AT).store(u64::from(mode), Ordering::Relaxed);
        if mode == MODE_DECODERS {
            // No request, which a guest in this mode never takes: bytes that are there when it boots.
            self.ask(1, &packed(&files(&challenge.0)));
        }
        self.word(CONTRACTS_AT).store(contracts, Ordering::Relaxed);
        for (at, eight) in (CHALLENGE_AT..).step_by(8).zip(challenge.0.chunks_exact(8)) {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(eight);
            self.word(at).store(u64::from_le_bytes(bytes), Ordering::Relaxed);
        }
        self.word(MAGIC_AT).store(MAGIC, Ordering::Release);
    }

    /// The number of the newest response.
    pub fn answered(&self) -> u64 {
        self.word(RESPONSE_SEQUENCE_AT).load(Ordering::Acquire)
    }

    /// Writes a request and its number; gives whether it fits.
    pub fn ask(&self, number: u64, request: &[u8]) -> bool {
        if request.len() as u64 > REQUEST_BYTES {
            return false;
        }
        // SAFETY: the request fits into its part of the mapping, by the check above; the guest reads it only after its number.
        unsafe { std::ptr::copy_nonoverlapping(request.as_ptr(), self.at(REQUEST_OFFSET), request.len()) };
        self.word(REQUEST_LENGTH_AT).store(request.len() as u64, Ordering::Relaxed);
        self.word(REQUEST_SEQUENCE_AT).store(number, Ordering::Release);
        true
    }

    /// Reads the newest response.
    ///
    /// # Errors
    /// The length that the guest claims, where no response may be as long.
    pub fn response(&self) -> Result<Vec<u8>, u64> {
        let length = self.word(RESPONSE_LENGTH_AT).load(Ordering::Relaxed);
        if length > RESPONSE_BYTES {
            return Err(length);
        }
        let mut response = vec![0; length as usize];
        // SAFETY: the response lies within its part of the mapping, by the check above. A guest that still writes it breaks the
        // protocol and spoils bytes, which are checked as any answer is; no reference to the shared bytes exists.
        unsafe { std::ptr::copy_nonoverlapping(self.at(RESPONSE_OFFSET), response.as_mut_ptr(), response.len()) };
        Ok(response)
    }

    fn at(&self, offset: u64) -> *mut u8 {
        // SAFETY: every offset in use is a constant of the protocol below RAM_BYTES, the size of the mapping.
        unsafe { self.map.as_mut_ptr().add(offset as usize) }
    }

    /// A word of the control page. The host is little-endian as the guest is: [`prepare`](Self::prepare) builds nowhere else.
    fn word(&self, at: u64) -> &AtomicU64 {
        // SAFETY: the words of the control page are aligned to 8, lie in the mapping and live as long as `self`. Both sides
        // change them only atomically.
        unsafe { AtomicU64::from_ptr(self.at(CONTROL_OFFSET + at).cast()) }
    }
}

#[cfg(target_endian = "big")]
compile_error!("the mailbox's words are little-endian on both sides");

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::FileExt;

    fn word(memory: &Memory, at: u64) -> u64 {
        let mut bytes = [0; 8];
        memory.file.read_exact_at(&mut bytes, CONTROL_OFFSET + at).unwrap();
        u64::from_le_bytes(bytes)
    }

    fn set(memory: &Memory, at: u64, value: u64) {
        memory.file.write_all_at(&value.to_le_bytes(), CONTROL_OFFSET + at).unwrap();
    }

    #[test]
    fn the_file_shows_what_was_written() {
        let memory = Memory::new().unwrap();
        let challenge = Challenge(std::array::from_fn(|index| index as u8));
        memory.prepare(2, &challenge, 5);
        assert_eq!(std::fs::metadata(memory.path()).unwrap().len(), RAM_BYTES);
        assert_eq!((word(&memory, MAGIC_AT), word(&memory, MODE_AT), word(&memory, CONTRACTS_AT)), (MAGIC, 2, 5));
        let mut read = [0; 32];
        memory.file.read_exact_at(&mut read, CONTROL_OFFSET + CHALLENGE_AT).unwrap();
        assert_eq!(read, challenge.0);
        assert!(memory.ask(7, b"request"));
        assert_eq!((word(&memory, REQUEST_SEQUENCE_AT), word(&memory, REQUEST_LENGTH_AT)), (7, 7));
        set(&memory, RESPONSE_LENGTH_AT, 3);
        memory.file.write_all_at(b"yes", RESPONSE_OFFSET).unwrap();
        set(&memory, RESPONSE_SEQUENCE_AT, 7);
        assert_eq!((memory.answered(), memory.response()), (7, Ok(b"yes".to_vec())));
    }

    #[test]
    fn test_reject_lengths() {
        let memory = Memory::new().unwrap();
        assert!(!memory.ask(1, &vec![0; REQUEST_BYTES as usize + 1]));
        assert_eq!((word(&memory, REQUEST_SEQUENCE_AT), word(&memory, REQUEST_LENGTH_AT)), (0, 0));
        assert!(memory.ask(1, &vec![1; REQUEST_BYTES as usize]));
        for length in [RESPONSE_BYTES + 1, u64::MAX] {
            set(&memory, RESPONSE_LENGTH_AT, length);
            assert_eq!(memory.response(), Err(length));
        }
        set(&memory, RESPONSE_LENGTH_AT, RESPONSE_BYTES);
        assert_eq!(memory.response().unwrap().len() as u64, RESPONSE_BYTES);
    }
}
