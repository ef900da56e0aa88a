//! The inverse MDCT as a DCT of type IV: the pinned graph of operations, four values at a time.

use crate::tables::{STEPS_PER_PI, turn};
use alloc::vec;
use alloc::vec::Vec;
use core::mem;
use wide::f32x4;

/// Real or imaginary parts, four at a time.
type Four = [f32; 4];

/// Cosines and sines, four at a time.
#[derive(Clone, Debug, Default)]
struct Turns {
    cosines: Vec<Four>,
    sines: Vec<Four>,
}

impl Turns {
    fn new(count: usize, of: impl Fn(usize) -> (f32, f32)) -> Self {
        let (cosines, sines): (Vec<f32>, Vec<f32>) = (0..count).map(of).unzip();
        Self { cosines: fours(&cosines).to_vec(), sines: fours(&sines).to_vec() }
    }

    fn iter(&self) -> impl Iterator<Item = (f32x4, f32x4)> {
        self.cosines.iter().zip(&self.sines).map(|(c, s)| (f32x4::from(*c), f32x4::from(*s)))
    }
}

/// A pass of the fft with turns.
#[derive(Clone, Debug)]
struct Pass {
    /// cosine and sine of the three turns of each place.
    turns: Vec<[f32; 6]>,
    /// How many transforms lie woven into each other, by fours.
    stride: usize,
}

/// The transform of one size.
#[derive(Clone, Debug)]
pub struct Transform {
    before: Turns,
    after: Turns,
    first: [Turns; 3],
    passes: Vec<Pass>,
    /// Whether the last pass has two values instead of four.
    ends_in_pairs: bool,
    buffers: [Vec<Four>; 4],
}

/// Four complex numbers.
#[derive(Clone, Copy)]
struct Point {
    re: f32x4,
    im: f32x4,
}

#[expect(clippy::arithmetic_side_effects, reason = "numbers with fractions neither overflow nor panic")]
impl Point {
    #[inline(always)]
    fn of(re: &Four, im: &Four) -> Self {
        Self { re: f32x4::from(*re), im: f32x4::from(*im) }
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self { re: self.re + other.re, im: self.im + other.im }
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        Self { re: self.re - other.re, im: self.im - other.im }
    }

    /// Less i times another.
    #[inline(always)]
    fn minus_i(self, other: Self) -> Self {
        Self { re: self.re + other.im, im: self.im - other.re }
    }

    /// Plus i times another.
    #[inline(always)]
    fn plus_i(self, other: Self) -> Self {
        Self { re: self.re - other.im, im: self.im + other.re }
    }

    #[inline(always)]
    fn turned(self, c: f32x4, s: f32x4) -> Self {
        Self { re: self.re * c + self.im * s, im: self.im * c - self.re * s }
    }

    /// The four values of a butterfly, before they are turned.
    #[inline(always)]
    fn butterfly(a: Self, b: Self, c: Self, d: Self) -> [Self; 4] {
        let (sum, difference, u, v) = (a.plus(c), a.minus(c), b.plus(d), b.minus(d));
        [sum.plus(u), difference.minus_i(v), sum.minus(u), difference.plus_i(v)]
    }

    #[inline(always)]
    fn store(self, re: &mut Four, im: &mut Four) {
        *re = self.re.to_array();
        *im = self.im.to_array();
    }
}

fn fours(values: &[f32]) -> &[Four] {
    values.as_chunks().0
}

impl Transform {
    /// For so many values: a power of two, 32 to 4,096.
    pub fn new(size: usize) -> Self {
        let half = size >> 1;
        // A turn by pi numerator / denominator, all denominators being powers of two up to the number of steps.
        let part = |numerator: usize, denominator: usize| {
            turn(numerator.saturating_mul(STEPS_PER_PI.checked_div(denominator).unwrap_or_default()))
        };
        let mut passes = Vec::new();
        let (mut n, mut stride) = (half >> 2, 1_usize);
        while n >= 8 {
            let turns = (0..n >> 2).map(|p| {
                let [(c1, s1), (c2, s2), (c3, s3)] = [2, 4, 6].map(|r| part(p.saturating_mul(r), n));
                [c1, s1, c2, s2, c3, s3]
            });
            passes.push(Pass { turns: turns.collect(), stride });
            n >>= 2;
            stride <<= 2;
        }
        Self {
            before: Turns::new(half, |k| part(k.saturating_mul(4).saturating_add(1), size.saturating_mul(4))),
            after: Turns::new(half, |n| part(n, size)),
            first: [2, 4, 6].map(|r| Turns::new(half >> 2, |p| part(p.saturating_mul(r), half))),
            passes,
            ends_in_pairs: n == 2,
            buffers: [(); 4].map(|()| vec![[0.0; 4]; half >> 2]),
        }
    }

    /// Transforms the values in place.
    pub fn run(&mut self, values: &mut [f32]) {
        let mut buffers = mem::take(&mut self.buffers);
        let [mut re, mut im, mut next_re, mut next_im] = buffers.each_mut().map(|buffer| buffer.as_mut_slice());
        self.load(values, re, im);
        self.first_pass(re, im, next_re, next_im);
        mem::swap(&mut re, &mut next_re);
        mem::swap(&mut im, &mut next_im);
        for pass in &self.passes {
            pass.run(re, im, next_re, next_im);
            mem::swap(&mut re, &mut next_re);
            mem::swap(&mut im, &mut next_im);
        }
        last_pass(self.ends_in_pairs, re, im, next_re, next_im);
        self.save(next_re, next_im, values);
        self.buffers = buffers;
    }

    fn load(&self, values: &[f32], re: &mut [Four], im: &mut [Four]) {
        let (eights, _) = values.as_chunks::<8>();
        let pairs = eights.iter().zip(eights.iter().rev());
        for (((front, back), (c, s)), (re, im)) in pairs.zip(self.before.iter()).zip(re.iter_mut().zip(im)) {
            let [a0, _, a1, _, a2, _, a3, _] = *front;
            let [_, b3, _, b2, _, b1, _, b0] = *back;
            Point::of(&[a0, a1, a2, a3], &[b0, b1, b2, b3]).turned(c, s).store(re, im);
        }
    }

    fn first_pass(&self, re: &[Four], im: &[Four], out_re: &mut [Four], out_im: &mut [Four]) {
        let [first, second, third] = &self.first;
        let turns = first.iter().zip(second.iter()).zip(third.iter());
        let outputs = out_re.as_chunks_mut::<4>().0.iter_mut().zip(out_im.as_chunks_mut::<4>().0);
        for ((inputs, (((c1, s1), (c2, s2)), (c3, s3))), (out_re, out_im)) in quarters(re, im).zip(turns).zip(outputs) {
            let [z0, z1, z2, z3] = inputs;
            let z = [z0, z1.turned(c1, s1), z2.turned(c2, s2), z3.turned(c3, s3)];
            *out_re = f32x4::transpose(z.map(|z| z.re)).map(f32x4::to_array);
            *out_im = f32x4::transpose(z.map(|z| z.im)).map(f32x4::to_array);
        }
    }

    fn save(&self, re: &mut [Four], im: &mut [Four], values: &mut [f32]) {
        for ((re, im), (c, s)) in re.iter_mut().zip(im.iter_mut()).zip(self.after.iter()) {
            Point::of(re, im).turned(c, s).store(re, im);
        }
        let (eights, _) = values.as_chunks_mut::<8>();
        for (eight, (re, im)) in eights.iter_mut().zip(re.iter().zip(im.iter().rev())) {
            let ([r0, r1, r2, r3], [i3, i2, i1, i0]) = (*re, *im);
            *eight = [r0, -i0, r1, -i1, r2, -i2, r3, -i3];
        }
    }
}

/// The butterflies of the four quarters of a buffer.
#[inline(always)]
fn quarters<'a>(re: &'a [Four], im: &'a [Four]) -> impl Iterator<Item = [Point; 4]> + 'a {
    let half = re.len() >> 1;
    let quarter = re.len() >> 2;
    let ((low_re, high_re), (low_im, high_im)) = (re.split_at(half.min(re.len())), im.split_at(half.min(im.len())));
    let split = |half: &'a [Four]| half.split_at(quarter.min(half.len()));
    let ((a_re, b_re), (c_re, d_re)) = (split(low_re), split(high_re));
    let ((a_im, b_im), (c_im, d_im)) = (split(low_im), split(high_im));
    let reals = a_re.iter().zip(b_re).zip(c_re.iter().zip(d_re));
    let imaginaries = a_im.iter().zip(b_im).zip(c_im.iter().zip(d_im));
    reals.zip(imaginaries).map(|(((ar, br), (cr, dr)), ((ai, bi), (ci, di)))| {
        Point::butterfly(Point::of(ar, ai), Point::of(br, bi), Point::of(cr, ci), Point::of(dr, di))
    })
}

impl Pass {
    fn run(&self, re: &[Four], im: &[Four], out_re: &mut [Four], out_im: &mut [Four]) {
        let block = self.stride.saturating_mul(4).max(1);
        let mut inputs = quarters(re, im);
        let outputs = out_re.chunks_exact_mut(block).zip(out_im.chunks_exact_mut(block));
        for ([c1, s1, c2, s2, c3, s3], (out_re, out_im)) in self.turns.iter().map(|turns| turns.map(f32x4::splat)).zip(outputs) {
            // The places come first: at their end nothing may be taken from the inputs.
            for (out, z) in outputs_of(out_re, out_im).zip(inputs.by_ref()) {
                let [z0, z1, z2, z3] = z;
                let [(re0, im0), (re1, im1), (re2, im2), (re3, im3)] = out;
                z0.store(re0, im0);
                z1.turned(c1, s1).store(re1, im1);
                z2.turned(c2, s2).store(re2, im2);
                z3.turned(c3, s3).store(re3, im3);
            }
        }
    }
}

/// The places of the four outputs of each butterfly.
#[inline(always)]
fn outputs_of<'a>(re: &'a mut [Four], im: &'a mut [Four]) -> impl Iterator<Item = [(&'a mut Four, &'a mut Four); 4]> {
    let quarter = re.len() >> 2;
    let split = |re: &mut &'a mut [Four], im: &mut &'a mut [Four]| {
        let (now_re, rest_re) = mem::take(re).split_at_mut_checked(quarter).unwrap_or_default();
        let (now_im, rest_im) = mem::take(im).split_at_mut_checked(quarter).unwrap_or_default();
        (*re, *im) = (rest_re, rest_im);
        now_re.iter_mut().zip(now_im)
    };
    let (mut re, mut im) = (re, im);
    let [a, b, c, d] = [(); 4].map(|()| split(&mut re, &mut im));
    a.zip(b).zip(c.zip(d)).map(|((a, b), (c, d))| [a, b, c, d])
}

/// The pass without turns.
fn last_pass(pairs: bool, re: &[Four], im: &[Four], out_re: &mut [Four], out_im: &mut [Four]) {
    if !pairs {
        for (z, out) in quarters(re, im).zip(outputs_of(out_re, out_im)) {
            z.into_iter().zip(out).for_each(|(z, (re, im))| z.store(re, im));
        }
        return;
    }
    for (values, out) in [(re, out_re), (im, out_im)] {
        let half = values.len() >> 1;
        let (Some((low, high)), Some((sums, differences))) = (values.split_at_checked(half), out.split_at_mut_checked(half)) else {
            return;
        };
        for ((a, b), (sum, difference)) in low.iter().zip(high).zip(sums.iter_mut().zip(differences)) {
            let (a, b) = (f32x4::from(*a), f32x4::from(*b));
            #[expect(clippy::arithmetic_side_effects, reason = "numbers with fractions neither overflow nor panic")]
            let both = [a + b, a - b];
            [*sum, *difference] = both.map(f32x4::to_array);
        }
    }
}
