//! Rows of components that have fewer samples than the picture has pixels.

use crate::output::Ring;

/// The row of a component that belongs to a row of the picture, as wide as that or wider.
pub(crate) fn row<'a>(ring: &'a Ring, y: usize, wide: &'a mut [u8], sums: &mut [u16]) -> &'a [u8] {
    let (across, down) = (usize::from(ring.across), usize::from(ring.down));
    let own = y.checked_div(down).unwrap_or(y);
    let near = ring.row(own);
    // The row above for the upper half of a row, the one below for the lower half.
    let upper = y & 1 == 0;
    let far = || ring.row(if upper { own.saturating_sub(1) } else { own.saturating_add(1) });
    match (across, down) {
        (1, 1) => return near,
        (1, 2) => two_down(near, far(), upper, wide),
        (2, 1) if near.len() > 2 => two_across(near, wide),
        (2, 2) if near.len() > 2 => {
            for (sum, (near, far)) in sums.iter_mut().zip(near.iter().zip(far())) {
                *sum = u16::from(*near).wrapping_mul(3).wrapping_add((*far).into());
            }
            two_by_two(sums.get(..near.len()).unwrap_or_default(), wide);
        }
        _ => {
            for (target, sample) in wide.chunks_mut(across.max(1)).zip(near) {
                target.fill(*sample);
            }
        }
    }
    wide
}

fn two_down(near: &[u8], far: &[u8], upper: bool, out: &mut [u8]) {
    let bias = if upper { 1 } else { 2 };
    for (target, (near, far)) in out.iter_mut().zip(near.iter().zip(far)) {
        *target = (u16::from(*near).wrapping_mul(3).wrapping_add((*far).into()).wrapping_add(bias) >> 2) as u8;
    }
}

/// Two samples of the nearer one and those beside it, which are at least three: `LEFT` and `RIGHT` round, `SHIFT` divides.
#[inline(always)]
fn spread<T: Copy + Into<u16>, const LEFT: u16, const RIGHT: u16, const SHIFT: u32>(samples: &[T], out: &mut [u8]) {
    let pair = |before: T, own: T, next: T| {
        let own = own.into().wrapping_mul(3);
        let left = own.wrapping_add(before.into()).wrapping_add(LEFT).wrapping_shr(SHIFT);
        let right = own.wrapping_add(next.into()).wrapping_add(RIGHT).wrapping_shr(SHIFT);
        // Both bytes at once, which are stored as one number.
        (left | right << 8).to_le_bytes()
    };
    let (pairs, _) = out.as_chunks_mut::<2>();
    let ([first, second, ..], [.., last_but_one, last]) = (samples, samples) else { return };
    let (Some(behind_first), Some(behind_second)) = (samples.get(1..), samples.get(2..)) else { return };
    if let Some(target) = pairs.first_mut() {
        *target = pair(*first, *first, *second);
    }
    if let Some(target) = samples.len().checked_sub(1).and_then(|place| pairs.get_mut(place)) {
        *target = pair(*last_but_one, *last, *last);
    }
    let inner = pairs.get_mut(1..).unwrap_or_default().iter_mut();
    for (target, (before, (own, next))) in inner.zip(samples.iter().zip(behind_first.iter().zip(behind_second))) {
        *target = pair(*before, *own, *next);
    }
}

fn two_across(samples: &[u8], out: &mut [u8]) {
    spread::<u8, 1, 2, 2>(samples, out);
}

fn two_by_two(sums: &[u16], out: &mut [u8]) {
    spread::<u16, 8, 7, 4>(sums, out);
}
