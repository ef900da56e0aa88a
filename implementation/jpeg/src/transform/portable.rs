//! The transform for processors without vectors.

use super::{EVEN, ODD, SHIFTS};

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn low(coefficients: &[i16; 64]) -> [[u8; 16]; 4] {
    full(coefficients)
}

pub(super) fn full(coefficients: &[i16; 64]) -> [[u8; 16]; 4] {
    let [first, second] = SHIFTS;
    let mut rows = [[0_i32; 8]; 8];
    for (row, values) in rows.iter_mut().zip(coefficients.as_chunks::<8>().0) {
        *row = values.map(i32::from);
    }
    let columns = transposed(&rows).map(|column| pass(column, first).map(|value| value.clamp(i16::MIN.into(), i16::MAX.into())));
    let rows = transposed(&columns).map(|row| pass(row, second).map(|value| value.clamp(-128, 127).wrapping_add(128) as u8));
    let mut pairs = [[0; 16]; 4];
    for (pair, rows) in pairs.iter_mut().zip(rows.as_chunks::<2>().0) {
        pair.iter_mut().zip(rows.as_flattened()).for_each(|(target, sample)| *target = *sample);
    }
    pairs
}

fn transposed(rows: &[[i32; 8]; 8]) -> [[i32; 8]; 8] {
    let mut columns = [[0; 8]; 8];
    for (y, row) in rows.iter().enumerate() {
        for (column, value) in columns.iter_mut().zip(row) {
            if let Some(slot) = column.get_mut(y) {
                *slot = *value;
            }
        }
    }
    columns
}

fn pass([c0, c1, c2, c3, c4, c5, c6, c7]: [i32; 8], shift: u32) -> [i32; 8] {
    let half = 1_i32.wrapping_shl(shift.wrapping_sub(1));
    let sum = |factors: [i16; 4], values: [i32; 4]| {
        factors.iter().zip(values).fold(0_i32, |sum, (factor, value)| sum.wrapping_add(i32::from(*factor).wrapping_mul(value)))
    };
    let even = EVEN.map(|factors| sum(factors, [c0, c2, c4, c6]).wrapping_add(half));
    let odd = ODD.map(|factors| sum(factors, [c1, c3, c5, c7]));
    let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (even, odd);
    [
        a0.wrapping_add(b0),
        a1.wrapping_add(b1),
        a2.wrapping_add(b2),
        a3.wrapping_add(b3),
        a3.wrapping_sub(b3),
        a2.wrapping_sub(b2),
        a1.wrapping_sub(b1),
        a0.wrapping_sub(b0),
    ]
    .map(|value| value.wrapping_shr(shift))
}
