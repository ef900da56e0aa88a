//! The answers of the platform's selftests, which follow from the challenge alone.

use crate::answers::{Answer, Answers};
use crate::challenge::Challenge;
use crate::disk::Disk;
use sha2::{Digest, Sha256};
use spec::platform::{STATE_FILE, STATE_GENERATIONS, STATE_LOG, STATE_LOG_BYTES, state_content, state_record};
use std::io;

/// What a right guest answers.
pub fn answers(challenge: &Challenge) -> Answers {
    let mut state = Sha256::new();
    let contents: Vec<Vec<u8>> = (1..=STATE_GENERATIONS).map(|generation| state_content(&challenge.0, generation)).collect();
    for content in &contents {
        state.update(content);
    }
    for content in &contents {
        state.update(state_record(content));
    }
    Answers::from([("state".to_owned(), Answer::new(STATE_GENERATIONS, &state.finalize().into()))])
}

/// Whether a disk holds, byte for byte, what a selftest of this challenge writes.
///
/// # Errors
/// What is not there, or not right.
pub fn verify_disk(disk: &Disk, challenge: &Challenge) -> io::Result<()> {
    let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let log: Vec<u8> =
        (1..=STATE_GENERATIONS).flat_map(|generation| state_record(&state_content(&challenge.0, generation)).to_vec()).collect();
    if disk.read_file(STATE_FILE)?.as_ref() != Some(&state_content(&challenge.0, STATE_GENERATIONS)) {
        return Err(wrong("the file is not what the challenge gives"));
    }
    if disk.read_file(STATE_LOG)? != Some(log) { Err(wrong("the log is not what the challenge gives")) } else { Ok(()) }
}

/// Whether a disk holds what a writer of this challenge can have left: one whole generation, and a log that ends with a part of a
/// record at most. Gives the generation; zero where it left none.
///
/// # Errors
/// What no writer leaves.
pub fn verify_cut(disk: &Disk, challenge: &Challenge) -> io::Result<u64> {
    let wrong = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
    let generation = match disk.read_file(STATE_FILE)? {
        None => 0,
        Some(file) if file.is_empty() => 0,
        Some(file) => {
            let number = file.first_chunk().map_or(0, |number| u64::from_le_bytes(*number));
            if file != state_content(&challenge.0, number) {
                return Err(wrong(format!("{} bytes that call themselves generation {number} are not it", file.len())));
            }
            number
        }
    };
    let log = disk.read_file(STATE_LOG)?.unwrap_or_default();
    let first = log.first_chunk().map_or(generation, |number| u64::from_le_bytes(*number));
    for (number, record) in (first..).zip(log.chunks(STATE_LOG_BYTES)) {
        if number > generation || !state_record(&state_content(&challenge.0, number)).starts_with(record) {
            return Err(wrong(format!("the log's record of generation {number} is not right, after generation {generation}")));
        }
    }
    Ok(generation)
}
