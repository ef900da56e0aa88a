//! Work that can't be prepared: cases that a fresh random challenge decides.
//!
//! Host and guest derive the same cases from the challenge of a boot. The guest does the work and reports a digest; the host
//! computes the same with the model. A guest that prints what it likes can't know the digest.

use crate::{Case, Contract, SplitMix64};
use alloc::vec::Vec;

/// Bytes of a challenge.
pub const CHALLENGE_BYTES: usize = 32;

/// Cases that a selftest of one contract derives from the challenge.
pub const CHALLENGE_CASES: u32 = 16;

/// Operations of each such case, at most.
pub const CHALLENGE_OPS: usize = 24;

/// The cases of one contract for a challenge.
pub fn cases<C: Contract>(challenge: &[u8; CHALLENGE_BYTES]) -> Vec<Case<C>> {
    // All of the challenge and the contract's name go into the seed, by FNV-1a, so that no two contracts share their draws.
    let mut seed = 0xcbf2_9ce4_8422_2325_u64;
    for &byte in challenge.iter().chain(C::NAME.as_bytes()) {
        seed = (seed ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    let mut entropy = SplitMix64::new(seed);
    (0..CHALLENGE_CASES).map(|_| C::draw(&mut entropy, CHALLENGE_OPS)).collect()
}
