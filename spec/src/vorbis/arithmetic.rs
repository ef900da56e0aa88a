//! The arithmetic of a Vorbis decoder, pinned: this page is text, and holds the constants that the text names.
//!
//! The format's specification leaves the precision of a decoder open. Here every number is an IEEE 754 `f32` (`f64` in floors of
//! type 0), every operation is rounded once to nearest, ties to even, and none is contracted or reordered. What is pinned is the
//! graph of operations, not their schedule: a recursive decoder and one that runs in passes over vectors give the same bits.
//! Why not the correctly rounded value of the ideal formula instead: exact ties of a transcendental sum can't be decided within
//! a bound, so that no program could be proven to give it. How far the graph is from the ideal formula is measured by a test.
//!
//! 1. A codebook's value: mantissa x 2^(exponent - 788), exactly, then rounded to `f32` (overflow gives an infinity). A vector's
//!    scalar: (multiplicand x delta + minimum) + last, in this order, `last` being 0 or the scalar before it.
//! 2. A residue: the sum of its scalars in the order in which they are decoded, starting from 0. Coupling: the one addition or
//!    subtraction that the format says. The spectrum: floor x residue; 0 where the channel has no floor.
//! 3. The inverse MDCT of M coefficients X is M values C (a DCT of type IV):
//!    - t\[k\] = turn(X\[2k\], X\[M-1-2k\]; (4k+1)/(4M)) for k < M/2, where turn(a, b; r) is the complex number a + ib turned by
//!      -pi r: ((a c) + (b s), (b c) - (a s)), with c and s the `f32` nearest to cos(pi r) and sin(pi r);
//!    - T = fft(t). fft of 2 values is (a + b, a - b). fft of n >= 4 values x makes, for each p < n/4, with a, b, c, d =
//!      x\[p\], x\[p+n/4\], x\[p+n/2\], x\[p+3n/4\]: s = a + c, d' = a - c, u = b + d, v = b - d, and the four values
//!      z0 = s + u, z1 = d' - iv, z2 = s - u, z3 = d' + iv (z1 and z3 are one addition or subtraction for each part); where
//!      n >= 8, z1, z2 and z3 are turned by 2p/n, 4p/n and 6p/n. Output 4k + r of fft is output k of the fft of the z_r;
//!    - u\[n\] = turn(T\[n\]; n/M); C\[2n\] = re u\[n\], and C\[M-1-2n\] = -im u\[n\].
//! 4. Left half of a block's M values: C\[M/2..M\], then -C\[M-1\] down to -C\[M/2\]. Right half: -C\[M/2-1\] down to -C\[0\],
//!    then -C\[0..M/2\].
//! 5. Two blocks of n and m samples overlap in L = min(n, m)/2 samples around the quarter points: right x W\[L-1-i\] + left x
//!    W\[i\], two products and a sum, with W\[i\] the `f32` nearest to sin(pi/2 sin^2(pi/2 (i + 1/2)/L)). What comes before the
//!    overlap is the right half as it is, what comes after it the left half.
//! 6. A sample: the value x 32,768, clamped to -32,768..=32,767, rounded to the nearest integer, halves away from zero. What is
//!    not a number gives 0.
//! 7. Floors of type 0, in `f64`: [`TAU`], [`TAU_INVERSE`], [`LN_2`] and [`LOG2_E`] are constants, each literal the nearest `f64`.
//!    - cosine(x): r = x - floor(x TAU_INVERSE + 1/2) TAU, s = r r, and the Horner sum over s of c_0 = 1,
//!      c_k = -c_(k-1) / ((2k-1)(2k)) for k up to 15;
//!    - exponential(x): x is clamped to -100..=80; k = floor(x LOG2_E + 1/2), r = x - k LN_2, the Horner sum over r of c_0 = 1,
//!      c_n = c_(n-1) / n for n up to 14, times 2^k;
//!    - arctangent(x): three times x = x / (1 + sqrt(1 + x x)); s = x x; 8 (x h), h being the Horner sum over s of
//!      c_k = (-1)^k / (2k + 1) for k up to 14;
//!    - bark(x) = (13.1 arctangent(0.00074 x) + 2.24 arctangent((0.0000000185 x) x)) + 0.0001 x;
//!    - map(i) = min(size - 1, floor((bark((rate i) / (2 n)) size) / bark(0.5 rate))), n being half the block;
//!    - a coefficient is the `f32` sum of its scalar and the last scalar of the vector before it;
//!    - w = cosine((PI map) / size); a factor is (4 d) d with d = cosine(coefficient) - w, and the products start at 1 and take
//!      the factors in ascending order, p those of odd and q those of even coefficients; then, for an odd order,
//!      p = (1 - w w) p and q = 0.25 q, and for an even one p = ((1 - w) / 2) p and q = ((1 + w) / 2) q;
//!    - the floor is exponential(0.11512925 ((amplitude offset) / ((2^bits - 1) sqrt(p + q)) - offset)), rounded to `f32`.

/// 2 pi.
pub const TAU: f64 = core::f64::consts::TAU;
/// 1 / (2 pi).
pub const TAU_INVERSE: f64 = 0.159_154_943_091_895_35;
/// pi.
pub const PI: f64 = core::f64::consts::PI;
/// The natural logarithm of 2.
pub const LN_2: f64 = core::f64::consts::LN_2;
/// The binary logarithm of e.
pub const LOG2_E: f64 = core::f64::consts::LOG2_E;
/// Decibels as exponents of e: the format's own constant.
pub const FLOOR0_SCALE: f64 = 0.115_129_25;
