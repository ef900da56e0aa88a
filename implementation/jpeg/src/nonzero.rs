//! Which coefficients of a block are not 0.

/// A bit for each coefficient, the first one lowest: 1 where it is not 0.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(crate) fn nonzero(block: &[i16; 64]) -> u64 {
    use safe_arch::{cmp_eq_mask_i8_m128i, m128i, move_mask_i8_m128i, pack_i16_to_i8_m128i};
    let mut zeros = 0_u64;
    for eights in block.as_chunks::<16>().0.iter().rev() {
        let [low, high] = [0, 8].map(|first| eights.get(first..).and_then(<[i16]>::first_chunk::<8>).copied().unwrap_or_default());
        // What does not fit eight bits is kept to them, and is not 0 either.
        let bytes = pack_i16_to_i8_m128i(m128i::from(low), m128i::from(high));
        zeros = zeros << 16 | u64::from(move_mask_i8_m128i(cmp_eq_mask_i8_m128i(bytes, m128i::default())) as u16);
    }
    !zeros
}

/// A bit for each coefficient, the first one lowest: 1 where it is not 0.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn nonzero(block: &[i16; 64]) -> u64 {
    block.iter().rev().fold(0, |bits, coefficient| bits << 1 | u64::from(*coefficient != 0))
}

#[cfg(test)]
mod tests {
    use super::nonzero;

    #[test]
    fn each_coefficient_has_its_bit() {
        for place in 0..64 {
            for value in [1, -1, 127, 128, -256, i16::MIN, i16::MAX] {
                let mut block = [0; 64];
                if let Some(coefficient) = block.get_mut(place) {
                    *coefficient = value;
                }
                assert_eq!(nonzero(&block), 1 << place, "{value} at {place}");
                let others = block.map(|coefficient| if coefficient == 0 { value } else { 0 });
                assert_eq!(nonzero(&others), !(1 << place), "{value} all around {place}");
            }
        }
    }
}
