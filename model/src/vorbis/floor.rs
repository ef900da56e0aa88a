//! Floors: the coarse spectrum of a channel, by points (type 1) or by the response of a filter (type 0).

use super::bits::{Bits, ilog};
use super::codebook::{Codebook, Total};
use super::numbers::{arctangent, cosine, exponential};
use spec::vorbis::arithmetic::{FLOOR0_SCALE, PI};
use spec::vorbis::{FLOOR1_AMPLITUDES, Reject, VORBIS_FLOOR0_AMPLITUDE_BITS_MAX, VORBIS_FLOOR1_POINTS_MAX, VORBIS_STEP_BYTES};

const END: Reject = Reject::MalformedVorbis;

pub enum Floor {
    Response(Response),
    Points(Points),
}

/// VORBIS-007: type 0.
pub struct Response {
    order: usize,
    rate: u64,
    map_size: u64,
    amplitude_bits: u32,
    amplitude_offset: u64,
    books: Vec<usize>,
}

/// VORBIS-006: type 1.
pub struct Points {
    partitions: Vec<usize>,
    classes: Vec<Class>,
    multiplier: i64,
    x: Vec<i64>,
}

struct Class {
    dimensions: usize,
    subclass_bits: u32,
    master: usize,
    books: Vec<Option<usize>>,
}

impl Floor {
    /// `samples` are those of the short and of the long block together.
    pub fn read(bits: &mut Bits, codebooks: &[Codebook], samples: u64, total: &mut Total) -> Result<Self, Reject> {
        match bits.read(16).ok_or(END)? {
            0 => {
                let response = Response::read(bits, codebooks)?;
                total.charge(VORBIS_STEP_BYTES * samples)?;
                Ok(Self::Response(response))
            }
            1 => Points::read(bits, codebooks).map(Self::Points),
            _ => Err(Reject::MalformedVorbis),
        }
    }

    /// The floor of this packet over so many coefficients; none if the channel is unused or the packet ends.
    pub fn curve(&self, bits: &mut Bits, codebooks: &[Codebook], size: usize) -> Option<Vec<f32>> {
        match self {
            Self::Response(response) => response.curve(bits, codebooks, size),
            Self::Points(points) => points.curve(bits, codebooks, size),
        }
    }
}

fn book(number: u64, codebooks: &[Codebook]) -> Result<usize, Reject> {
    if (number as usize) < codebooks.len() { Ok(number as usize) } else { Err(Reject::MalformedVorbis) }
}

impl Response {
    fn read(bits: &mut Bits, codebooks: &[Codebook]) -> Result<Self, Reject> {
        let order = bits.read(8).ok_or(END)? as usize;
        let rate = bits.read(16).ok_or(END)?;
        let map_size = bits.read(16).ok_or(END)?;
        let amplitude_bits = bits.read(6).ok_or(END)? as u32;
        let amplitude_offset = bits.read(8).ok_or(END)?;
        let count = bits.read(4).ok_or(END)? + 1;
        let mut books = Vec::new();
        for _ in 0..count {
            let number = book(bits.read(8).ok_or(END)?, codebooks)?;
            if !codebooks[number].has_vectors() {
                return Err(Reject::MalformedVorbis);
            }
            books.push(number);
        }
        if order == 0 || rate == 0 || map_size == 0 || amplitude_bits == 0 {
            return Err(Reject::MalformedVorbis);
        }
        if amplitude_bits > VORBIS_FLOOR0_AMPLITUDE_BITS_MAX {
            return Err(Reject::OversizedInput);
        }
        Ok(Self { order, rate, map_size, amplitude_bits, amplitude_offset, books })
    }

    fn curve(&self, bits: &mut Bits, codebooks: &[Codebook], size: usize) -> Option<Vec<f32>> {
        let amplitude = bits.read(self.amplitude_bits)?;
        if amplitude == 0 {
            return None;
        }
        let number = bits.read(ilog(self.books.len() as u64))? as usize;
        let Some(book) = self.books.get(number) else {
            bits.end();
            return None;
        };
        let mut coefficients: Vec<f32> = Vec::new();
        while coefficients.len() < self.order {
            let last = coefficients.last().copied().unwrap_or(0.0);
            coefficients.extend(codebooks[*book].vector(bits)?.iter().map(|scalar| scalar + last));
        }
        coefficients.truncate(self.order);
        let cosines: Vec<f64> = coefficients.iter().map(|coefficient| cosine(f64::from(*coefficient))).collect();
        let mut curve: Vec<f32> = Vec::new();
        let mut before = None;
        for place in 0..size as u64 {
            let map = self.map(place, size as u64);
            // Places of one step of the map share their value.
            let value = match (before, curve.last()) {
                (Some(last), Some(value)) if last == map => *value,
                _ => self.value(amplitude, &cosines, map),
            };
            before = Some(map);
            curve.push(value);
        }
        Some(curve)
    }

    /// The place on the Bark scale of a coefficient.
    fn map(&self, place: u64, size: u64) -> u64 {
        let frequency = (self.rate * place) as f64 / (2 * size) as f64;
        let step = bark(frequency) * self.map_size as f64 / bark(0.5 * self.rate as f64);
        (step.floor() as u64).min(self.map_size - 1)
    }

    fn value(&self, amplitude: u64, cosines: &[f64], map: u64) -> f32 {
        let w = cosine(PI * map as f64 / self.map_size as f64);
        let product = |first: usize| {
            cosines.iter().skip(first).step_by(2).fold(1.0, |product, coefficient| {
                let difference = coefficient - w;
                product * (4.0 * difference * difference)
            })
        };
        let (p, q) = if self.order % 2 == 1 {
            ((1.0 - w * w) * product(1), 0.25 * product(0))
        } else {
            ((1.0 - w) / 2.0 * product(1), (1.0 + w) / 2.0 * product(0))
        };
        let full = ((1_u64 << self.amplitude_bits) - 1) as f64;
        let offset = self.amplitude_offset as f64;
        let decibels = amplitude as f64 * offset / (full * (p + q).sqrt()) - offset;
        exponential(FLOOR0_SCALE * decibels) as f32
    }
}

fn bark(x: f64) -> f64 {
    13.1 * arctangent(0.00074 * x) + 2.24 * arctangent(0.000_000_018_5 * x * x) + 0.0001 * x
}

impl Points {
    fn read(bits: &mut Bits, codebooks: &[Codebook]) -> Result<Self, Reject> {
        let count = bits.read(5).ok_or(END)?;
        let mut partitions = Vec::new();
        for _ in 0..count {
            partitions.push(bits.read(4).ok_or(END)? as usize);
        }
        let mut classes = Vec::new();
        for _ in 0..partitions.iter().max().map_or(0, |highest| highest + 1) {
            let dimensions = bits.read(3).ok_or(END)? as usize + 1;
            let subclass_bits = bits.read(2).ok_or(END)? as u32;
            let master = if subclass_bits > 0 { book(bits.read(8).ok_or(END)?, codebooks)? } else { 0 };
            let mut books = Vec::new();
            for _ in 0..1 << subclass_bits {
                // 0 stands for no book.
                let number = bits.read(8).ok_or(END)?;
                books.push(if number == 0 { None } else { Some(book(number - 1, codebooks)?) });
            }
            classes.push(Class { dimensions, subclass_bits, master, books });
        }
        let multiplier = bits.read(2).ok_or(END)? as i64 + 1;
        let range_bits = bits.read(4).ok_or(END)? as u32;
        let mut x = vec![0, 1 << range_bits];
        for class in &partitions {
            for _ in 0..classes[*class].dimensions {
                x.push(bits.read(range_bits).ok_or(END)? as i64);
                if x.len() > VORBIS_FLOOR1_POINTS_MAX as usize {
                    return Err(Reject::MalformedVorbis);
                }
            }
        }
        if (1..x.len()).any(|i| x[..i].contains(&x[i])) {
            return Err(Reject::MalformedVorbis);
        }
        Ok(Self { partitions, classes, multiplier, x })
    }

    fn curve(&self, bits: &mut Bits, codebooks: &[Codebook], size: usize) -> Option<Vec<f32>> {
        if !bits.flag()? {
            return None;
        }
        let range = [256, 128, 86, 64][self.multiplier as usize - 1];
        let width = ilog(range as u64 - 1);
        let mut y = vec![bits.read(width)? as i64, bits.read(width)? as i64];
        for class in &self.partitions {
            let class = &self.classes[*class];
            let mut chosen = if class.subclass_bits > 0 { codebooks[class.master].entry(bits)? as usize } else { 0 };
            for _ in 0..class.dimensions {
                let book = class.books[chosen % class.books.len()];
                chosen >>= class.subclass_bits;
                y.push(match book {
                    Some(book) => i64::from(codebooks[book].entry(bits)?),
                    None => 0,
                });
            }
        }
        Some(self.draw(&self.unwrap(&y, range), size))
    }

    /// The height of each point, and whether it is drawn.
    fn unwrap(&self, y: &[i64], range: i64) -> Vec<(i64, bool)> {
        let mut points: Vec<(i64, bool)> = y[..2].iter().map(|y| ((*y).min(range - 1), true)).collect();
        for (i, value) in y.iter().copied().enumerate().skip(2) {
            let x = self.x[i];
            // Points 0 and 1 lie on either side of all others.
            let low = (0..i).filter(|n| self.x[*n] < x).max_by_key(|n| self.x[*n]).unwrap_or(0);
            let high = (0..i).filter(|n| self.x[*n] > x).min_by_key(|n| self.x[*n]).unwrap_or(1);
            let predicted = on_line((self.x[low], points[low].0), (self.x[high], points[high].0), x);
            let (low_room, high_room) = (predicted, range - predicted);
            let room = 2 * low_room.min(high_room);
            let height = if value == 0 {
                predicted
            } else if value >= room {
                if high_room > low_room { value - low_room + predicted } else { predicted - value + high_room - 1 }
            } else if value % 2 == 1 {
                predicted - (value + 1) / 2
            } else {
                predicted + value / 2
            };
            if value != 0 {
                points[low].1 = true;
                points[high].1 = true;
            }
            // Only a hostile book leads out of the range.
            points.push((height.clamp(0, range - 1), value != 0));
        }
        points
    }

    fn draw(&self, points: &[(i64, bool)], size: usize) -> Vec<f32> {
        let mut drawn: Vec<(i64, i64)> = Vec::new();
        for (x, (height, used)) in self.x.iter().zip(points) {
            if *used {
                drawn.push((*x, height * self.multiplier));
            }
        }
        drawn.sort_unstable();
        let mut curve = vec![0_i64; size];
        for pair in drawn.windows(2) {
            line(pair[0], pair[1], &mut curve);
        }
        if let Some((x, height)) = drawn.last()
            && *x < size as i64
        {
            line((*x, *height), (size as i64, *height), &mut curve);
        }
        curve.iter().map(|height| FLOOR1_AMPLITUDES[*height as usize]).collect()
    }
}

/// The height at `x` of the line between two points, rounded toward the first one's.
fn on_line((x0, y0): (i64, i64), (x1, y1): (i64, i64), x: i64) -> i64 {
    y0 + (y1 - y0) * (x - x0) / (x1 - x0)
}

/// Draws a line up to its second point, as far as the curve reaches: whole steps, with the remainder spread.
fn line((x0, y0): (i64, i64), (x1, y1): (i64, i64), curve: &mut [i64]) {
    let (rise, run) = (y1 - y0, x1 - x0);
    let base = rise / run;
    let step = if rise < 0 { base - 1 } else { base + 1 };
    let remainder = rise.abs() - base.abs() * run;
    let (mut y, mut error) = (y0, 0);
    let end = x1.min(curve.len() as i64);
    for place in curve.get_mut(x0 as usize..end as usize).unwrap_or_default() {
        *place = y;
        error += remainder;
        let over = i64::from(error >= run);
        error -= over * run;
        y += if over == 1 { step } else { base };
    }
}
