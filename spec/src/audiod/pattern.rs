//! Samples by a seed, so that a case need not carry them, and a checksum over blocks.

use alloc::vec::Vec;

/// Interleaved samples of so many frames: noise whose loudness the seed's last two bits choose, from full scale downwards by
/// steps of 6 dB. The same seed and place give the same sample, whatever the number of frames.
pub fn pattern(seed: u32, frames: u32) -> Vec<i16> {
    let quieter = seed % 4;
    (0..u64::from(frames) * 2)
        .map(|index| {
            let mixed = (u64::from(seed) << 32 | index).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let mixed = (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            (mixed >> 48) as u16 as i16 >> quieter
        })
        .collect()
}

/// A checksum that goes on from `sum` at the sample with that number: the sum of each sample times its number, odd, modulo 2^64.
/// It tells an altered, missing or displaced sample, and costs next to nothing.
pub fn checksum(sum: u64, first: u64, pcm: &[i16]) -> u64 {
    let mut number = first.wrapping_mul(2).wrapping_add(1);
    pcm.iter().fold(sum, |sum, sample| {
        let term = (*sample as u16 as u64).wrapping_mul(number);
        number = number.wrapping_add(2);
        sum.wrapping_add(term)
    })
}
