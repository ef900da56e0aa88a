//! The inverse MDCT as a DCT of type IV, by the pinned graph of operations.

use super::numbers::{cos_pi, sin_pi, window};
use std::sync::{Arc, OnceLock};

/// A complex number.
type Point = (f32, f32);

/// Turned by -pi r: `turn` is (cos(pi r), sin(pi r)).
fn turned((a, b): Point, (c, s): Point) -> Point {
    (a * c + b * s, b * c - a * s)
}

fn plus(a: Point, b: Point) -> Point {
    (a.0 + b.0, a.1 + b.1)
}

fn minus(a: Point, b: Point) -> Point {
    (a.0 - b.0, a.1 - b.1)
}

/// cos(pi r) and sin(pi r) for r = numerator / denominator.
fn turn(numerator: usize, denominator: usize) -> Point {
    (cos_pi(numerator, denominator), sin_pi(numerator, denominator))
}

/// The turns of a transform of one size.
struct Turns {
    before: Vec<Point>,
    after: Vec<Point>,
    /// By multiples of 2 / (M/2), for the largest fft; the smaller ones take every fourth, sixteenth and so on.
    fft: Vec<Point>,
}

fn turns(size: usize) -> Arc<Turns> {
    static SIZES: [OnceLock<Arc<Turns>>; 16] = [const { OnceLock::new() }; 16];
    let make = || {
        let half = size / 2;
        Arc::new(Turns {
            before: (0..half).map(|k| turn(4 * k + 1, 4 * size)).collect(),
            after: (0..half).map(|n| turn(n, size)).collect(),
            fft: (0..half).map(|n| turn(2 * n, half)).collect(),
        })
    };
    Arc::clone(SIZES[size.ilog2() as usize].get_or_init(make))
}

/// Rising slope of a window that overlaps in so many samples.
pub fn slope(overlap: usize) -> Arc<Vec<f32>> {
    static SIZES: [OnceLock<Arc<Vec<f32>>>; 16] = [const { OnceLock::new() }; 16];
    Arc::clone(SIZES[overlap.ilog2() as usize].get_or_init(|| Arc::new((0..overlap).map(|i| window(i, overlap)).collect())))
}

/// The left and the right half of a block before its window.
pub fn halves(spectrum: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let values = dct_iv(spectrum);
    let (low, high) = values.split_at(values.len() / 2);
    let down = |values: &[f32]| values.iter().rev().map(|value| -value).collect::<Vec<_>>();
    let left = [high.to_vec(), down(high)].concat();
    let right = [down(low), low.iter().map(|value| -value).collect()].concat();
    (left, right)
}

/// The DCT of type IV of 2^5 to 2^12 values: C(n) = sum of X(k) cos(pi/M (n + 1/2)(k + 1/2)), in the pinned order.
pub fn dct_iv(x: &[f32]) -> Vec<f32> {
    let size = x.len();
    let turns = turns(size);
    let points: Vec<Point> = (0..size / 2).map(|k| turned((x[2 * k], x[size - 1 - 2 * k]), turns.before[k])).collect();
    let points = fft(&points, &turns.fft, 1);
    let mut values = vec![0.0; size];
    for (n, point) in points.into_iter().enumerate() {
        let (re, im) = turned(point, turns.after[n]);
        values[2 * n] = re;
        values[size - 1 - 2 * n] = -im;
    }
    values
}

/// `stride` is how much smaller this fft is than the one that `turns` is for.
fn fft(x: &[Point], turns: &[Point], stride: usize) -> Vec<Point> {
    let n = x.len();
    if let [a, b] = *x {
        return vec![plus(a, b), minus(a, b)];
    }
    if n < 2 {
        return x.to_vec();
    }
    let quarter = n / 4;
    let mut parts: [Vec<Point>; 4] = std::array::from_fn(|_| Vec::with_capacity(quarter));
    for p in 0..quarter {
        let [a, b, c, d] = [0, 1, 2, 3].map(|part| x[p + part * quarter]);
        let (sum, difference) = (plus(a, c), minus(a, c));
        let (u, v) = (plus(b, d), minus(b, d));
        let z = [plus(sum, u), (difference.0 + v.1, difference.1 - v.0), minus(sum, u), (difference.0 - v.1, difference.1 + v.0)];
        parts[0].push(z[0]);
        for r in 1..4 {
            parts[r].push(if n == 4 { z[r] } else { turned(z[r], turns[r * p * stride]) });
        }
    }
    let parts = parts.map(|part| fft(&part, turns, 4 * stride));
    (0..n).map(|k| parts[k % 4][k / 4]).collect()
}
