//! The platform's selftests: work that a challenge decides, for what the services stand on.
//!
//! There is no model behind it: each answer follows from the challenge by the definitions here, on both sides.

use crate::challenge::CHALLENGE_BYTES;
use crate::{Entropy, SplitMix64};
use alloc::vec::Vec;

/// A file that is replaced whole.
pub const STATE_FILE: &str = "/audio/out.wav";
/// A file that is appended to.
pub const STATE_LOG: &str = "/media/log.bin";
/// Generations of the file that a selftest writes.
pub const STATE_GENERATIONS: u64 = 4;
/// Bytes of each generation that go into the log.
pub const STATE_LOG_BYTES: usize = 64;
/// Generations after which a writer begins its log anew.
pub const STATE_LOG_GENERATIONS: u64 = 512;
/// Largest content of a generation.
const CONTENT_BYTES_MAX: u64 = 12_000;

/// A source of choices for one part of the platform.
pub fn entropy(challenge: &[u8; CHALLENGE_BYTES], part: &str, number: u64) -> SplitMix64 {
    // FNV-1a, as for the contracts' cases.
    let mut seed = 0xcbf2_9ce4_8422_2325_u64;
    for &byte in challenge.iter().chain(part.as_bytes()).chain(&number.to_le_bytes()) {
        seed = (seed ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    SplitMix64::new(seed)
}

/// The file's content in a generation: its number, then from [`STATE_LOG_BYTES`] bytes on that only the challenge gives.
pub fn state_content(challenge: &[u8; CHALLENGE_BYTES], generation: u64) -> Vec<u8> {
    let mut entropy = entropy(challenge, "state", generation);
    let length = STATE_LOG_BYTES as u64 + entropy.below(CONTENT_BYTES_MAX - STATE_LOG_BYTES as u64);
    let mut content = generation.to_le_bytes().to_vec();
    while (content.len() as u64) < length {
        content.extend(entropy.bits().to_le_bytes());
    }
    content
}

/// What a generation appends to the log.
pub fn state_record(content: &[u8]) -> &[u8] {
    content.get(..STATE_LOG_BYTES).unwrap_or(content)
}

/// Blocks of 10 ms that the ticks' selftest sleeps through: 30 to 40 seconds.
///
/// With `-icount shift=0,sleep=off` a nanosecond passes for each instruction, or at once where the guest sleeps. A guest that does not
/// sleep has to retire at least 30 billion instructions, which no emulator does within the 10 seconds that the profile gives.
pub fn blocks(challenge: &[u8; CHALLENGE_BYTES]) -> u64 {
    3000 + entropy(challenge, "ticks", 0).below(1000)
}

/// Sleeps per tick that the guest may need at most: more is looking again and again.
pub const SLEEPS_PER_TICK_MAX: u64 = 1;

/// Most rounds of letters.
const ROUNDS_MAX: u64 = 64;

/// Letters that one task sends to another, which answers each; 1 to 256 bytes each.
pub fn letters(challenge: &[u8; CHALLENGE_BYTES]) -> Vec<Vec<u8>> {
    let mut entropy = entropy(challenge, "letters", 0);
    let rounds = 32 + entropy.below(ROUNDS_MAX - 32);
    (0..rounds).map(|_| (0..=entropy.below(256)).map(|_| entropy.bits() as u8).take(256).collect()).collect()
}

/// How a test task faults in one of its lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestFault {
    /// By a trap.
    Trap,
    /// By a panic.
    Panic,
    /// By an overflow of its stack.
    Overflow,
}

/// How the test task faults in its first three lives; in the fourth it does not.
pub fn faults(challenge: &[u8; CHALLENGE_BYTES]) -> [TestFault; 3] {
    let mut faults = [TestFault::Trap, TestFault::Panic, TestFault::Overflow];
    let mut entropy = entropy(challenge, "containment", 0);
    faults.swap(0, entropy.below(3) as usize);
    faults.swap(1, 1 + entropy.below(2) as usize);
    faults
}

/// Ticks that a neighbour of the test task goes on for meanwhile.
pub const NEIGHBOUR_TICKS: u64 = 50;
/// Bytes that the test task leaks in each of its lives: only a task that gets its memory back lives four times.
pub const LEAK_BYTES: usize = 600 << 10;
