//! The same arithmetic with AVX2, sixteen samples at a time.
//!
//! A factor of 18 bits is split into two parts of nine, `factor = high · 512 + low`. Two streams are interleaved, so that one
//! multiply-and-add takes both; sixteen products of 16 and 9 bits stay within ±2^28, so that both sums are exact in 32 bits.
#![allow(unsafe_code, reason = "vector loads and stores take addresses")]

use super::tally::Tally;
use super::{Curve, HALF_Q32, Lane, Master, STREAMS};
use core::arch::x86_64::*;
use spec::level::LEVEL_UNITY_Q16;
use spec::mixer::{CLIP_SOFT_KNEE, CLIP_SOFT_SPAN};

/// Samples of one vector.
const WIDTH: usize = 16;
const PAIRS: usize = STREAMS / 2;

/// Two streams from some sample on, and their factors' parts, repeated for each pair of samples.
#[derive(Clone, Copy)]
struct Pair {
    first: *const i16,
    second: *const i16,
    high: __m256i,
    low: __m256i,
}

/// Measures of all vectors so far.
struct Measure {
    /// Altered samples, negative, per sample position: at most one for each vector of a block.
    clipped: __m256i,
    peak: __m256i,
    left: __m256i,
    right: __m256i,
}

/// Mixes a block. Lanes are at most as long as `out`, which holds whole frames, at least one.
#[target_feature(enable = "avx2")]
pub(super) fn mix(lanes: &[Lane<'_>], master: Master, out: &mut [i16]) -> Tally {
    let zero = _mm256_setzero_si256();
    let mut measure = Measure { clipped: zero, peak: zero, left: zero, right: zero };
    let mut rest = out;
    let mut start = 0_usize;
    // A lane that ends early ends a segment, so that within a segment every lane has all samples. Most blocks are one segment.
    while !rest.is_empty() {
        let end = lanes.iter().map(|lane| lane.pcm.len()).filter(|&len| len > start).min();
        let samples = end.map_or(rest.len(), |end| end.wrapping_sub(start).min(rest.len()));
        let (segment, after) = rest.split_at_mut_checked(samples).unwrap_or_default();
        let mut sounding = [Lane::default(); STREAMS];
        let mut count = 0_usize;
        for (lane, pcm) in lanes.iter().filter_map(|lane| Some((lane, lane.pcm.get(start..)?.get(..samples)?))) {
            if let Some(slot) = sounding.get_mut(count) {
                *slot = Lane { pcm, factor: lane.factor };
                count = count.wrapping_add(1);
            }
        }
        match sounding.get(..count) {
            Some(sounding @ [_, ..]) => mix_segment(sounding, master, segment, &mut measure),
            _ => segment.fill(0),
        }
        start = start.wrapping_add(samples);
        rest = after;
    }
    tally(&measure)
}

/// Chooses the cheapest arithmetic that is exact for these factors and this level.
#[target_feature(enable = "avx2")]
fn mix_segment(lanes: &[Lane<'_>], master: Master, out: &mut [i16], measure: &mut Measure) {
    let coarse = lanes.iter().all(|lane| lane.factor & 511 == 0);
    let unity = master.level == LEVEL_UNITY_Q16;
    match (coarse, unity, master.curve) {
        (false, false, Curve::Soft) => run::<true, false, true>(lanes, master.level, out, measure),
        (false, false, Curve::Saturate) => run::<true, false, false>(lanes, master.level, out, measure),
        (false, true, Curve::Soft) => run::<true, true, true>(lanes, master.level, out, measure),
        (false, true, Curve::Saturate) => run::<true, true, false>(lanes, master.level, out, measure),
        (true, false, Curve::Soft) => run::<false, false, true>(lanes, master.level, out, measure),
        (true, false, Curve::Saturate) => run::<false, false, false>(lanes, master.level, out, measure),
        (true, true, Curve::Soft) => run::<false, true, true>(lanes, master.level, out, measure),
        (true, true, Curve::Saturate) => run::<false, true, false>(lanes, master.level, out, measure),
    }
}

/// Every lane is exactly as long as `out`. `LOW`: some factor has a low part; `UNITY`: the level is 1; `SOFT`: the soft curve.
#[target_feature(enable = "avx2")]
fn run<const LOW: bool, const UNITY: bool, const SOFT: bool>(lanes: &[Lane<'_>], level: u32, out: &mut [i16], measure: &mut Measure) {
    let zero = _mm256_setzero_si256();
    let mut pairs = [Pair { first: out.as_ptr(), second: out.as_ptr(), high: zero, low: zero }; PAIRS];
    // The last samples, fewer than a vector, and silence after them.
    let mut tails = [[0_i16; WIDTH]; STREAMS];
    let whole = out.len() & !(WIDTH - 1);
    for (tail, lane) in tails.iter_mut().zip(lanes) {
        for (target, sample) in tail.iter_mut().zip(lane.pcm.get(whole..).unwrap_or_default()) {
            *target = *sample;
        }
    }
    let count = lanes.len().div_ceil(2);
    for (pair, lanes) in pairs.iter_mut().zip(lanes.chunks(2)) {
        let [first, second] = match lanes {
            [first, second, ..] => [*first, *second],
            // A last stream without a partner is paired with itself, which counts as nothing.
            [first] => [*first, Lane { pcm: first.pcm, factor: 0 }],
            [] => continue,
        };
        let both = |part: fn(u32) -> u32| _mm256_set1_epi32((part(second.factor) << 16 | part(first.factor)) as i32);
        *pair = Pair {
            first: first.pcm.as_ptr(),
            second: second.pcm.as_ptr(),
            high: both(|factor| factor >> 9),
            low: both(|factor| factor & 511),
        };
    }
    let pairs = pairs.get_mut(..count).unwrap_or_default();
    let mut vectors = out.chunks_exact_mut(2 * WIDTH);
    let mut at = 0_usize;
    for two in &mut vectors {
        // SAFETY: two vectors from `at` on lie within `out`, and every lane is as long.
        unsafe { group::<2, LOW, UNITY, SOFT>(pairs, at, level, two.as_mut_ptr(), measure) };
        at = at.wrapping_add(2 * WIDTH);
    }
    let mut vectors = vectors.into_remainder().chunks_exact_mut(WIDTH);
    for one in &mut vectors {
        // SAFETY: as above, for one vector.
        unsafe { group::<1, LOW, UNITY, SOFT>(pairs, at, level, one.as_mut_ptr(), measure) };
    }
    let last = vectors.into_remainder();
    if last.is_empty() {
        return;
    }
    for (pair, tails) in pairs.iter_mut().zip(tails.as_chunks::<2>().0) {
        let [first, second] = tails;
        (pair.first, pair.second) = (first.as_ptr(), second.as_ptr());
    }
    let mut mixed = [0_i16; WIDTH];
    // SAFETY: each tail is one vector, and so is `mixed`.
    unsafe { group::<1, LOW, UNITY, SOFT>(pairs, 0, level, mixed.as_mut_ptr(), measure) };
    for (target, sample) in last.iter_mut().zip(mixed) {
        *target = sample;
    }
}

/// Mixes `N` vectors.
///
/// # Safety
/// Both streams of every pair have `N` vectors from sample `at` on, and `out` is the start of `N` vectors.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn group<const N: usize, const LOW: bool, const UNITY: bool, const SOFT: bool>(
    pairs: &[Pair],
    at: usize,
    level: u32,
    out: *mut i16,
    measure: &mut Measure,
) {
    // Unpacking interleaves within halves of a vector: samples 0-3 and 8-11 first, 4-7 and 12-15 second. Packing undoes it.
    let zero = [[_mm256_setzero_si256(); 2]; N];
    let (mut high, mut low) = (zero, zero);
    for pair in pairs {
        for (vector, (high, low)) in high.iter_mut().zip(&mut low).enumerate() {
            let offset = at.wrapping_add(vector.wrapping_mul(WIDTH));
            // SAFETY: the caller gives streams that have these vectors.
            let (first, second) = unsafe { (load(pair.first.add(offset)), load(pair.second.add(offset))) };
            let both = [_mm256_unpacklo_epi16(first, second), _mm256_unpackhi_epi16(first, second)];
            for (both, (high, low)) in both.into_iter().zip(high.iter_mut().zip(low)) {
                *high = _mm256_add_epi32(*high, _mm256_madd_epi16(both, pair.high));
                if LOW {
                    *low = _mm256_add_epi32(*low, _mm256_madd_epi16(both, pair.low));
                }
            }
        }
    }
    for (vector, (high, low)) in high.into_iter().zip(low).enumerate() {
        let ([high0, high1], [low0, low1]) = (high, low);
        let sums = [round::<LOW, UNITY>(high0, low0, level), round::<LOW, UNITY>(high1, low1, level)];
        let mixed = if SOFT { soft(sums, measure) } else { saturate(sums, measure) };
        measure_power(mixed, measure);
        // SAFETY: the caller gives room for these vectors.
        unsafe { _mm256_storeu_si256(out.add(vector.wrapping_mul(WIDTH)).cast(), mixed) };
    }
}

/// # Safety
/// One vector can be read there.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn load(at: *const i16) -> __m256i {
    // SAFETY: the caller's promise; the load needs no alignment.
    unsafe { _mm256_loadu_si256(at.cast()) }
}

/// (high · 512 + low) · level / 2^32, rounded half away from zero, for eight sums (MIXER-004).
#[inline]
#[target_feature(enable = "avx2")]
fn round<const LOW: bool, const UNITY: bool>(high: __m256i, low: __m256i, level: u32) -> __m256i {
    if UNITY {
        // As `gain::round_q16`: all in 32 bits.
        let floor = if LOW { _mm256_add_epi32(high, _mm256_srai_epi32::<9>(low)) } else { high };
        let negative = _mm256_srai_epi32::<31>(floor);
        let bias = _mm256_add_epi32(_mm256_set1_epi32((HALF_Q32 >> 16) as i32), negative);
        let low = if LOW { _mm256_add_epi32(low, bias) } else { bias };
        return _mm256_srai_epi32::<7>(_mm256_add_epi32(high, _mm256_srai_epi32::<9>(low)));
    }
    let even = round_even::<LOW>(high, low, level);
    let odd = round_even::<LOW>(_mm256_srli_epi64::<32>(high), _mm256_srli_epi64::<32>(low), level);
    // Each result is the upper half of 64 bits.
    _mm256_blend_epi32::<0b1010_1010>(_mm256_srli_epi64::<32>(even), odd)
}

/// The sums at even positions, as 64-bit products in Q32 with the rounding's half added: below 2^54.
#[inline]
#[target_feature(enable = "avx2")]
fn round_even<const LOW: bool>(high: __m256i, low: __m256i, level: u32) -> __m256i {
    // At most 2^16, and with the split's 512 at most 2^25.
    let mut product = _mm256_mul_epi32(high, _mm256_set1_epi64x(i64::from(level) << 9));
    if LOW {
        product = _mm256_add_epi64(product, _mm256_mul_epi32(low, _mm256_set1_epi64x(i64::from(level))));
    }
    let negative = _mm256_srli_epi64::<63>(product);
    _mm256_sub_epi64(_mm256_add_epi64(product, _mm256_set1_epi64x(HALF_Q32)), negative)
}

/// The soft curve in 16 bits (MIXER-007): the rounding multiplication is exactly floor((d · d + 16,384) / 32,768).
#[inline]
#[target_feature(enable = "avx2")]
fn soft([sum0, sum1]: [__m256i; 2], measure: &mut Measure) -> __m256i {
    let magnitude = _mm256_packus_epi32(_mm256_abs_epi32(sum0), _mm256_abs_epi32(sum1));
    let knee = _mm256_set1_epi16(CLIP_SOFT_KNEE as i16);
    let excess = _mm256_min_epu16(_mm256_subs_epu16(magnitude, knee), _mm256_set1_epi16(CLIP_SOFT_SPAN as i16));
    let bend = _mm256_mulhrs_epi16(excess, excess);
    let bent = _mm256_sub_epi16(_mm256_add_epi16(_mm256_min_epu16(magnitude, knee), excess), bend);
    // A sample is altered just where the curve bends.
    measure.clipped = _mm256_add_epi16(measure.clipped, _mm256_cmpgt_epi16(bend, _mm256_setzero_si256()));
    measure.peak = _mm256_max_epu16(measure.peak, bent);
    _mm256_sign_epi16(bent, _mm256_packs_epi32(sum0, sum1))
}

/// The saturate curve (MIXER-006).
#[inline]
#[target_feature(enable = "avx2")]
fn saturate([sum0, sum1]: [__m256i; 2], measure: &mut Measure) -> __m256i {
    let clamped = _mm256_packs_epi32(sum0, sum1);
    // Widened again, a sample that was not altered equals its sum.
    let zero = _mm256_setzero_si256();
    let wide0 = _mm256_srai_epi32::<16>(_mm256_unpacklo_epi16(zero, clamped));
    let wide1 = _mm256_srai_epi32::<16>(_mm256_unpackhi_epi16(zero, clamped));
    let same = _mm256_packs_epi32(_mm256_cmpeq_epi32(wide0, sum0), _mm256_cmpeq_epi32(wide1, sum1));
    measure.clipped = _mm256_add_epi16(measure.clipped, _mm256_andnot_si256(same, _mm256_set1_epi16(-1)));
    // The magnitude of -32,768 is right as an unsigned number.
    measure.peak = _mm256_max_epu16(measure.peak, _mm256_abs_epi16(clamped));
    clamped
}

/// Adds the squares of each channel.
#[inline]
#[target_feature(enable = "avx2")]
fn measure_power(mixed: __m256i, measure: &mut Measure) {
    // Two left, two right samples, and so on, so that one multiply-and-add squares and adds within a channel: at most 2^31,
    // which is right as an unsigned number.
    let order = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15));
    let channels = _mm256_shuffle_epi8(mixed, order);
    let squares = _mm256_madd_epi16(channels, channels);
    measure.left = _mm256_add_epi64(measure.left, _mm256_and_si256(squares, _mm256_set1_epi64x(0xffff_ffff)));
    measure.right = _mm256_add_epi64(measure.right, _mm256_srli_epi64::<32>(squares));
}

#[target_feature(enable = "avx2")]
fn tally(measure: &Measure) -> Tally {
    let mut tally = Tally::default();
    for count in words(measure.clipped) {
        tally.clipped = tally.clipped.wrapping_add(u32::from((count as i16).unsigned_abs()));
    }
    let [left, right] = &mut tally.peak;
    for [even, odd] in words(measure.peak).as_chunks::<2>().0 {
        *left = u32::from(*even).max(*left);
        *right = u32::from(*odd).max(*right);
    }
    tally.squares = [measure.left, measure.right].map(|sums| quads(sums).into_iter().fold(0, u64::wrapping_add));
    tally
}

#[target_feature(enable = "avx2")]
fn words(vector: __m256i) -> [u16; WIDTH] {
    let mut words = [0; WIDTH];
    // SAFETY: the array is one vector long; the store needs no alignment.
    unsafe { _mm256_storeu_si256(words.as_mut_ptr().cast(), vector) };
    words
}

#[target_feature(enable = "avx2")]
fn quads(vector: __m256i) -> [u64; 4] {
    let mut quads = [0; 4];
    // SAFETY: the array is one vector long; the store needs no alignment.
    unsafe { _mm256_storeu_si256(quads.as_mut_ptr().cast(), vector) };
    quads
}
