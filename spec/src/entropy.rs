//! Where the choices of drawn cases come from.

/// A source of choices. A seed, a fuzzer's bytes and a property engine's random numbers all are one.
pub trait Entropy {
    /// The next 64 bits. A source that is used up gives zeros.
    fn bits(&mut self) -> u64;

    /// A number below `bound`; 0 where `bound` is 0. Zero is the simplest choice.
    fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        // The high half of a 64×64-bit product: without a division, and biased by less than bound / 2^64.
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// A number from `low` to `high`, both included.
    fn between(&mut self, low: i64, high: i64) -> i64 {
        debug_assert!(low <= high);
        low.wrapping_add(self.below(high.wrapping_sub(low) as u64 + 1) as i64)
    }

    /// True once in `n` times.
    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == n.wrapping_sub(1)
    }
}

/// One of `options`.
///
/// # Panics
/// Never for a non-empty array.
pub fn pick<T: Copy, const N: usize>(entropy: &mut dyn Entropy, options: [T; N]) -> T {
    const { assert!(N > 0) };
    options[entropy.below(N as u64) as usize]
}

/// A sample: often an extreme or a small one, where arithmetic goes wrong.
pub fn sample(entropy: &mut dyn Entropy) -> i16 {
    let bits = entropy.bits();
    match bits & 7 {
        0 => [0, 1, -1, i16::MAX, i16::MIN, i16::MIN + 1, 16_384, -16_384][(bits >> 3 & 7) as usize],
        1 => (bits >> 8) as i8 as i16,
        _ => (bits >> 16) as i16,
    }
}

/// `frames` stereo frames of interleaved samples.
pub fn pcm(entropy: &mut dyn Entropy, frames: usize) -> alloc::vec::Vec<i16> {
    (0..frames * 2).map(|_| sample(entropy)).collect()
}

/// Sebastiano Vigna's SplitMix64: a full-period generator of 64-bit numbers from a 64-bit seed, the same everywhere.
#[derive(Clone, Debug)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    /// A generator from its seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }
}

impl Entropy for SplitMix64 {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
