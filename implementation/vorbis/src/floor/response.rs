//! Floors of type 0: the response of a filter on the Bark scale.

use super::{Decoded, book};
use crate::Result;
use crate::bits::{Bits, ilog};
use crate::codebook::{Codebook, Total};
use crate::error::VorbisError;
use crate::numbers::{arctangent, cosine, exponential};
use crate::setup::cut;
use alloc::vec::Vec;
use spec::vorbis::arithmetic::{FLOOR0_SCALE, PI};
use spec::vorbis::{VORBIS_FLOOR0_AMPLITUDE_BITS_MAX, VORBIS_STEP_BYTES};

/// A floor of type 0.
#[derive(Clone, Debug)]
pub struct Response {
    order: usize,
    amplitude_bits: u32,
    amplitude_offset: f64,
    books: Vec<u8>,
    /// For the short and the long block: places of one step of the map, and the cosine of the step's frequency.
    steps: [Vec<Step>; 2],
}

#[derive(Clone, Copy, Debug)]
struct Step {
    places: usize,
    cosine: f64,
}

impl Response {
    pub fn read(bits: &mut Bits<'_>, codebooks: &[Codebook], halves: [u32; 2], total: &mut Total<'_>) -> Result<Self> {
        let order = bits.read(8).ok_or_else(cut)? as usize;
        let rate = bits.read(16).ok_or_else(cut)?;
        let map_size = bits.read(16).ok_or_else(cut)?;
        let amplitude_bits = bits.read(6).ok_or_else(cut)?;
        let amplitude_offset = f64::from(bits.read(8).ok_or_else(cut)?);
        let mut books = Vec::new();
        for _ in 0..=bits.read(4).ok_or_else(cut)? {
            let number = book(bits, codebooks)?;
            if !codebooks.get(usize::from(number)).is_some_and(Codebook::has_vectors) {
                return Err(VorbisError::malformed("a floor's codebook has no vectors"));
            }
            books.push(number);
        }
        if order == 0 || rate == 0 || map_size == 0 || amplitude_bits == 0 {
            return Err(VorbisError::malformed("a floor's order, rate, map or amplitude is empty"));
        }
        if amplitude_bits > VORBIS_FLOOR0_AMPLITUDE_BITS_MAX {
            let max = u64::from(VORBIS_FLOOR0_AMPLITUDE_BITS_MAX);
            return Err(VorbisError::oversized("the bits of a floor's amplitude", u64::from(amplitude_bits), max));
        }
        let samples = halves.iter().fold(0, |sum: u64, half| sum.saturating_add(u64::from(*half).saturating_mul(2)));
        total.charge(VORBIS_STEP_BYTES.saturating_mul(samples))?;
        let steps = steps(rate, map_size, halves);
        Ok(Self { order, amplitude_bits, amplitude_offset, books, steps })
    }

    pub fn decode(&self, bits: &mut Bits<'_>, codebooks: &[Codebook], out: &mut Decoded) -> Option<()> {
        out.amplitude = bits.read(self.amplitude_bits)?;
        if out.amplitude == 0 {
            return None;
        }
        let number = bits.read(ilog(self.books.len() as u32))?;
        let Some(book) = self.books.get(number as usize).and_then(|book| codebooks.get(usize::from(*book))) else {
            bits.end();
            return None;
        };
        let mut rest = out.cosines.get_mut(..self.order)?;
        let mut last = 0.0;
        while !rest.is_empty() {
            let vector = book.vector(bits)?;
            let length = vector.len().min(rest.len());
            let (now, after) = core::mem::take(&mut rest).split_at_mut(length);
            rest = after;
            for (place, scalar) in now.iter_mut().zip(vector) {
                *place = cosine(f64::from(scalar + last));
            }
            last += vector.last().copied().unwrap_or_default();
        }
        Some(())
    }

    pub fn apply(&self, decoded: &Decoded, long: bool, spectrum: &mut [f32]) {
        let [short_steps, long_steps] = &self.steps;
        let mut rest = spectrum;
        for step in if long { long_steps } else { short_steps } {
            let places = step.places.min(rest.len());
            let (now, after) = core::mem::take(&mut rest).split_at_mut(places);
            let factor = self.value(decoded, step.cosine);
            now.iter_mut().for_each(|value| *value *= factor);
            rest = after;
        }
    }

    fn value(&self, decoded: &Decoded, w: f64) -> f32 {
        let factor = |coefficient: &f64| {
            let difference = coefficient - w;
            4.0 * difference * difference
        };
        let (mut p, mut q) = (1.0, 1.0);
        let (pairs, odd) = decoded.cosines.get(..self.order).unwrap_or_default().as_chunks::<2>();
        for [even, odd] in pairs {
            q *= factor(even);
            p *= factor(odd);
        }
        for even in odd {
            q *= factor(even);
        }
        if odd.is_empty() {
            p *= (1.0 - w) / 2.0;
            q *= (1.0 + w) / 2.0;
        } else {
            p *= 1.0 - w * w;
            q *= 0.25;
        }
        let full = (1_u64.wrapping_shl(self.amplitude_bits)).wrapping_sub(1) as f64;
        let decibels = f64::from(decoded.amplitude) * self.amplitude_offset / (full * libm::sqrt(p + q)) - self.amplitude_offset;
        exponential(FLOOR0_SCALE * decibels) as f32
    }
}

/// The runs of places that share a step of the map, of the short and of the long block. A place of the short block lies at the frequency
/// of a place of the long one, to the bit, as both sizes are powers of two: the map is asked once for both.
fn steps(rate: u32, map_size: u32, [short, long]: [u32; 2]) -> [Vec<Step>; 2] {
    let highest = map_size.saturating_sub(1);
    let scale = bark(0.5 * f64::from(rate));
    let map = |place: u32| {
        let frequency = (u64::from(rate).saturating_mul(u64::from(place))) as f64 / f64::from(long.saturating_mul(2));
        // Not negative, so that what is cut off is the fraction.
        ((bark(frequency) * f64::from(map_size) / scale) as u32).min(highest)
    };
    let stride = long.checked_div(short).unwrap_or(1).max(1);
    let mut runs = [short, long].map(|half| Runs { steps: Vec::with_capacity(half.min(map_size) as usize), last: None });
    let [short, long_runs] = &mut runs;
    let mut cosine_of = (None, 0.0);
    for place in 0..long {
        let step = map(place);
        if cosine_of.0 != Some(step) {
            cosine_of = (Some(step), cosine(PI * f64::from(step) / f64::from(map_size)));
        }
        long_runs.push(step, cosine_of.1);
        if place & stride.wrapping_sub(1) == 0 {
            short.push(step, cosine_of.1);
        }
    }
    runs.map(|runs| runs.steps)
}

/// Runs of places, as they come.
struct Runs {
    steps: Vec<Step>,
    /// The step of the last place.
    last: Option<u32>,
}

impl Runs {
    fn push(&mut self, step: u32, cosine: f64) {
        match self.steps.last_mut() {
            Some(run) if self.last == Some(step) => run.places = run.places.saturating_add(1),
            _ => self.steps.push(Step { places: 1, cosine }),
        }
        self.last = Some(step);
    }
}

fn bark(x: f64) -> f64 {
    13.1 * arctangent(0.00074 * x) + 2.24 * arctangent(0.000_000_018_5 * x * x) + 0.0001 * x
}
