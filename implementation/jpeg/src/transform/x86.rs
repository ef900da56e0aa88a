//! The transform with SSE2, which every processor of this architecture has.

use super::{EVEN, ODD, SHIFTS};
use safe_arch::{
    add_i32_m128i, bitxor_m128i, m128i, mul_i16_horizontal_add_m128i, pack_i16_to_i8_m128i, pack_i32_to_i16_m128i, set_splat_i8_m128i,
    set_splat_i32_m128i, shr_imm_i32_m128i, sub_i32_m128i, unpack_high_i16_m128i, unpack_low_i16_m128i,
};

/// Factors of two inputs whose values are interleaved.
#[inline(always)]
fn pair(first: i16, second: i16) -> m128i {
    m128i::from([first, second, first, second, first, second, first, second])
}

/// Two rows, interleaved: their first four columns and their last four.
#[inline(always)]
fn interleaved(a: m128i, b: m128i) -> [m128i; 2] {
    [unpack_low_i16_m128i(a, b), unpack_high_i16_m128i(a, b)]
}

/// Outputs `n` and `7 - n` of eight columns: sums and differences, rounded, shifted and kept to sixteen bits.
#[inline(always)]
fn outputs<const SHIFT: i32>([even0, even1]: [m128i; 2], [odd0, odd1]: [m128i; 2]) -> [m128i; 2] {
    let half = set_splat_i32_m128i(1_i32.wrapping_shl((SHIFT as u32).wrapping_sub(1)));
    let (even0, even1) = (add_i32_m128i(even0, half), add_i32_m128i(even1, half));
    let shifted = |low, high| pack_i32_to_i16_m128i(shr_imm_i32_m128i::<SHIFT>(low), shr_imm_i32_m128i::<SHIFT>(high));
    [shifted(add_i32_m128i(even0, odd0), add_i32_m128i(even1, odd1)), shifted(sub_i32_m128i(even0, odd0), sub_i32_m128i(even1, odd1))]
}

/// What an output takes of four inputs. `LOW`: the last two are 0.
#[inline(always)]
fn sum<const LOW: bool>(first: [m128i; 2], second: [m128i; 2], [a, b, c, d]: [i16; 4]) -> [m128i; 2] {
    let ([first0, first1], [second0, second1], one, two) = (first, second, pair(a, b), pair(c, d));
    let (sum0, sum1) = (mul_i16_horizontal_add_m128i(first0, one), mul_i16_horizontal_add_m128i(first1, one));
    if LOW {
        return [sum0, sum1];
    }
    let (more0, more1) = (mul_i16_horizontal_add_m128i(second0, two), mul_i16_horizontal_add_m128i(second1, two));
    [add_i32_m128i(sum0, more0), add_i32_m128i(sum1, more1)]
}

/// One pass over eight columns. `LOW`: inputs 4 to 7 are 0.
#[inline(always)]
fn pass<const SHIFT: i32, const LOW: bool>([r0, r1, r2, r3, r4, r5, r6, r7]: [m128i; 8]) -> [m128i; 8] {
    let (p02, p46, p13, p57) = (interleaved(r0, r2), interleaved(r4, r6), interleaved(r1, r3), interleaved(r5, r7));
    let [even0, even1, even2, even3] = EVEN;
    let [odd0, odd1, odd2, odd3] = ODD;
    let both = |even, odd| outputs::<SHIFT>(sum::<LOW>(p02, p46, even), sum::<LOW>(p13, p57, odd));
    let ([o0, o7], [o1, o6]) = (both(even0, odd0), both(even1, odd1));
    let ([o2, o5], [o3, o4]) = (both(even2, odd2), both(even3, odd3));
    [o0, o1, o2, o3, o4, o5, o6, o7]
}

/// Rows become columns: three times, each register is interleaved with the one four behind it.
#[inline(always)]
fn transposed(rows: [m128i; 8]) -> [m128i; 8] {
    shuffled(shuffled(shuffled(rows)))
}

#[inline(always)]
fn shuffled([r0, r1, r2, r3, r4, r5, r6, r7]: [m128i; 8]) -> [m128i; 8] {
    let ([a0, a1], [a2, a3]) = (interleaved(r0, r4), interleaved(r1, r5));
    let ([a4, a5], [a6, a7]) = (interleaved(r2, r6), interleaved(r3, r7));
    [a0, a1, a2, a3, a4, a5, a6, a7]
}

#[inline(always)]
fn run<const LOW: bool>(coefficients: &[i16; 64]) -> [[u8; 16]; 4] {
    const FIRST: i32 = SHIFTS[0] as i32;
    const SECOND: i32 = SHIFTS[1] as i32;
    let mut rows = [m128i::default(); 8];
    for (row, values) in rows.iter_mut().zip(coefficients.as_chunks::<8>().0) {
        *row = m128i::from(*values);
    }
    let columns = transposed(pass::<FIRST, LOW>(rows));
    let [r0, r1, r2, r3, r4, r5, r6, r7] = transposed(pass::<SECOND, LOW>(columns));
    // Kept to eight bits with their sign, and moved up by 128.
    let two = |a, b| bitxor_m128i(pack_i16_to_i8_m128i(a, b), set_splat_i8_m128i(-128)).into();
    [two(r0, r1), two(r2, r3), two(r4, r5), two(r6, r7)]
}

pub(super) fn low(coefficients: &[i16; 64]) -> [[u8; 16]; 4] {
    run::<true>(coefficients)
}

pub(super) fn full(coefficients: &[i16; 64]) -> [[u8; 16]; 4] {
    run::<false>(coefficients)
}
