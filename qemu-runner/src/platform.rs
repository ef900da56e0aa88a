//! The answers of the platform's selftests, which follow from the challenge alone.

use crate::answers::{Answer, Answers};
use crate::challenge::Challenge;
use crate::disk::Disk;
use sha2::{Digest, Sha256};
use spec::platform::{
    LEAK_BYTES, NEIGHBOUR_TICKS, STATE_FILE, STATE_GENERATIONS, STATE_LOG, STATE_LOG_BYTES, TestFault, blocks, faults, state_content,
    state_record,
};
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
    let answer = |name: &str, cases: u64, digest: Sha256| (name.to_owned(), Answer::new(cases, &digest.finalize().into()));
    let (rounds, letters) = letters(challenge);
    let (lives, containment) = containment(challenge);
    Answers::from([
        answer("state", STATE_GENERATIONS, state),
        answer("ticks", blocks(&challenge.0), ticks(challenge)),
        answer("letters", rounds, letters),
        answer("containment", lives, containment),
    ])
}

/// Each block woken at, and as many passed by the clock.
fn ticks(challenge: &Challenge) -> Sha256 {
    let blocks = blocks(&challenge.0);
    Sha256::new().chain_update(blocks.to_le_bytes()).chain_update(blocks.to_le_bytes())
}

/// The digest of each letter, then eight letters that fit, a long one that does not, and a full mailbox.
fn letters(challenge: &Challenge) -> (u64, Sha256) {
    let letters = spec::platform::letters(&challenge.0);
    let answers = letters.iter().fold(Sha256::new(), |digest, letter| digest.chain_update(Sha256::digest(letter)));
    (letters.len() as u64, answers.chain_update([8, 1, 1]))
}

/// Four lives with their memory, each told before it ends, then the neighbour that went on.
fn containment(challenge: &Challenge) -> (u64, Sha256) {
    let names = faults(&challenge.0).map(|fault| match fault {
        TestFault::Trap => "trap",
        TestFault::Panic => "panic",
        TestFault::Overflow => "overflow",
    });
    let lives = (1_u64..).zip(names.into_iter().chain(["lives"])).map(|(life, name)| {
        let sum = life * LEAK_BYTES as u64;
        [name.as_bytes(), &sum.to_le_bytes()].concat()
    });
    let letters: Vec<Vec<u8>> = lives.chain([NEIGHBOUR_TICKS.to_le_bytes().to_vec()]).collect();
    let digest =
        letters.iter().fold(Sha256::new(), |digest, letter| digest.chain_update((letter.len() as u64).to_le_bytes()).chain_update(letter));
    (letters.len() as u64, digest)
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
