//! The transform with vectors and without.

use super::{block, portable};
use spec::{Entropy, SplitMix64};

/// Coefficients up to a place of the zigzag order: small ones, or any.
fn drawn(source: &mut SplitMix64, last: usize, any: bool) -> [i16; 64] {
    let mut coefficients = [0; 64];
    for place in crate::tables::ZIGZAG.iter().take(last + 1) {
        coefficients[usize::from(*place)] = if any { source.bits() as i16 } else { source.between(-300, 300) as i16 };
    }
    coefficients
}

#[test]
fn vectors_give_what_sums_give() {
    let mut source = SplitMix64::new(1);
    for round in 0..20_000 {
        let last = round % 64;
        let coefficients = drawn(&mut source, last, round % 3 == 0);
        assert_eq!(block(&coefficients, last as u32), portable::full(&coefficients), "{coefficients:?}");
    }
    for extreme in [i16::MIN, i16::MAX] {
        let coefficients = [extreme; 64];
        assert_eq!(block(&coefficients, 63), portable::full(&coefficients));
    }
}

#[test]
fn every_block_of_one_coefficient_is_flat() {
    for dc in i16::MIN..=i16::MAX {
        let mut coefficients = [0; 64];
        coefficients[0] = dc;
        assert_eq!(block(&coefficients, 0), portable::full(&coefficients), "{dc}");
    }
}
