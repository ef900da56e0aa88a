//! Floors of type 1: a line through points.

use super::{Decoded, book, existing};
use crate::Result;
use crate::bits::{Bits, ilog};
use crate::codebook::Codebook;
use crate::error::VorbisError;
use crate::setup::cut;
use alloc::vec;
use alloc::vec::Vec;
use spec::vorbis::{FLOOR1_AMPLITUDES, VORBIS_FLOOR1_POINTS_MAX};

/// A floor of type 1.
#[derive(Clone, Debug)]
pub struct Points {
    /// The class of each partition.
    partitions: Vec<Class>,
    multiplier: i32,
    range: i32,
    points: Vec<Point>,
    /// Numbers and places of the points from left to right.
    sorted: Vec<(u8, u16)>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Class {
    dimensions: u8,
    subclass_bits: u8,
    master: u8,
    books: [Option<u8>; 8],
}

/// A point and its nearest neighbours among the points before it.
#[derive(Clone, Copy, Debug, Default)]
struct Point {
    low: u8,
    high: u8,
    /// From the low neighbour to this point, and to the high one.
    run: i32,
    width: i32,
}

impl Points {
    pub fn read(bits: &mut Bits<'_>, codebooks: &[Codebook]) -> Result<Self> {
        let count = bits.read(5).ok_or_else(cut)?;
        let mut numbers = Vec::new();
        for _ in 0..count {
            numbers.push(bits.read(4).ok_or_else(cut)?);
        }
        let mut classes = Vec::new();
        for _ in 0..numbers.iter().max().map_or(0, |highest| highest.saturating_add(1)) {
            classes.push(Class::read(bits, codebooks)?);
        }
        let multiplier = bits.read(2).ok_or_else(cut)?.saturating_add(1);
        let range_bits = bits.read(4).ok_or_else(cut)?;
        let mut places = vec![0_u32, 1_u32.wrapping_shl(range_bits)];
        let mut partitions = Vec::new();
        for number in numbers {
            let class = classes.get(number as usize).copied().unwrap_or_default();
            for _ in 0..class.dimensions {
                places.push(bits.read(range_bits).ok_or_else(cut)?);
                if places.len() > VORBIS_FLOOR1_POINTS_MAX as usize {
                    return Err(VorbisError::malformed("a floor has more than 65 points"));
                }
            }
            partitions.push(class);
        }
        let mut sorted: Vec<(u8, u16)> = (0_u8..).zip(&places).map(|(number, place)| (number, *place as u16)).collect();
        sorted.sort_unstable_by_key(|(_, place)| *place);
        if sorted.array_windows().any(|[(_, left), (_, right)]| left == right) {
            return Err(VorbisError::malformed("two points of a floor lie at the same place"));
        }
        let points = (0..places.len()).map(|number| Point::of(number, &places)).collect();
        let range = match multiplier {
            1 => 256,
            2 => 128,
            3 => 86,
            _ => 64,
        };
        Ok(Self { partitions, multiplier: multiplier as i32, range, points, sorted })
    }

    pub fn decode(&self, bits: &mut Bits<'_>, codebooks: &[Codebook], out: &mut Decoded) -> Option<()> {
        if !bits.flag()? {
            return None;
        }
        let width = ilog((self.range as u32).saturating_sub(1));
        let mut values = [0_u32; VORBIS_FLOOR1_POINTS_MAX as usize];
        let (first, mut rest) = values.split_at_mut(2);
        for value in first {
            *value = bits.read(width)?;
        }
        for class in &self.partitions {
            let (now, after) = core::mem::take(&mut rest).split_at_mut_checked(usize::from(class.dimensions))?;
            rest = after;
            let mut chosen = match class.subclass_bits {
                0 => 0,
                _ => codebooks.get(usize::from(class.master))?.entry(bits)?,
            };
            let mask = 1_u32.wrapping_shl(u32::from(class.subclass_bits)).wrapping_sub(1);
            for value in now {
                let book = class.books.get((chosen & mask) as usize).copied().flatten();
                chosen = chosen.wrapping_shr(u32::from(class.subclass_bits));
                *value = match book {
                    Some(book) => codebooks.get(usize::from(book))?.entry(bits)?,
                    None => 0,
                };
            }
        }
        self.unwrap(&values, out);
        Some(())
    }

    /// The height of each point from its difference to the line between its neighbours.
    fn unwrap(&self, values: &[u32], out: &mut Decoded) {
        // Entries have at most 16 bits, and heights at most 8, so that nothing here comes near the bounds of an i32.
        let top = self.range.saturating_sub(1);
        let heights = &mut out.heights;
        let mut drawn = 3_u128;
        for (number, (value, point)) in values.iter().zip(&self.points).enumerate() {
            let value = *value as i32;
            let height = if number < 2 {
                value.min(top)
            } else {
                let of = |neighbour: u8| heights.get(usize::from(neighbour)).map_or(0, |height| i32::from(*height));
                let (y0, y1) = (of(point.low), of(point.high));
                let rise = y1.saturating_sub(y0).saturating_mul(point.run).checked_div(point.width).unwrap_or_default();
                let predicted = y0.saturating_add(rise);
                let (low_room, high_room) = (predicted, self.range.saturating_sub(predicted));
                let room = low_room.min(high_room).saturating_mul(2);
                if value != 0 {
                    for number in [point.low as usize, point.high as usize, number] {
                        drawn |= 1_u128.wrapping_shl(number as u32);
                    }
                }
                let height = if value >= room {
                    if value == 0 {
                        predicted
                    } else if high_room > low_room {
                        value.saturating_sub(low_room).saturating_add(predicted)
                    } else {
                        predicted.saturating_sub(value).saturating_add(high_room).saturating_sub(1)
                    }
                } else if value & 1 == 1 {
                    predicted.saturating_sub(value.saturating_add(1) >> 1)
                } else {
                    predicted.saturating_add(value >> 1)
                };
                // Only a hostile book leads out of the range.
                height.clamp(0, top)
            };
            if let Some(place) = heights.get_mut(number) {
                *place = height as i16;
            }
        }
        for (number, height) in heights.iter_mut().enumerate() {
            if drawn.wrapping_shr(number as u32) & 1 == 0 {
                *height = -1;
            }
        }
    }

    pub fn apply(&self, decoded: &Decoded, spectrum: &mut [f32]) {
        let size = spectrum.len();
        let mut points = self.sorted.iter().filter_map(|(number, place)| {
            let height = i32::from(decoded.heights.get(usize::from(*number)).copied().unwrap_or_default());
            (height >= 0).then(|| (usize::from(*place), height.saturating_mul(self.multiplier)))
        });
        let Some((mut x, mut y)) = points.next() else { return };
        let mut rest = spectrum;
        for (to, height) in points {
            if x >= size {
                return;
            }
            let run = to.saturating_sub(x);
            let (now, after) = core::mem::take(&mut rest).split_at_mut(run.min(size.saturating_sub(x)));
            line(now, y, height, run as i32);
            rest = after;
            (x, y) = (to, height);
        }
        scale(rest, y);
    }
}

impl Class {
    fn read(bits: &mut Bits<'_>, codebooks: &[Codebook]) -> Result<Self> {
        let dimensions = bits.read(3).ok_or_else(cut)?.saturating_add(1) as u8;
        let subclass_bits = bits.read(2).ok_or_else(cut)? as u8;
        let master = if subclass_bits > 0 { book(bits, codebooks)? } else { 0 };
        let mut books = [None; 8];
        for place in books.iter_mut().take(1_usize.wrapping_shl(u32::from(subclass_bits))) {
            // 0 stands for no book.
            if let Some(number) = bits.read(8).ok_or_else(cut)?.checked_sub(1) {
                *place = Some(existing(number, codebooks)?);
            }
        }
        Ok(Self { dimensions, subclass_bits, master, books })
    }
}

impl Point {
    fn of(number: usize, places: &[u32]) -> Self {
        let before = || (0_u8..).zip(places.iter().take(number));
        let Some(place) = places.get(number) else { return Self::default() };
        let low = before().filter(|(_, other)| *other < place).max_by_key(|(_, other)| *other);
        let high = before().filter(|(_, other)| *other > place).min_by_key(|(_, other)| *other);
        // Points 0 and 1 lie on either side of all others.
        let ((low, from), (high, to)) = (low.unwrap_or((0, &0)), high.unwrap_or((1, &1)));
        Self { low, high, run: place.saturating_sub(*from) as i32, width: to.saturating_sub(*from) as i32 }
    }
}

fn amplitude(height: i32) -> f32 {
    FLOOR1_AMPLITUDES.get(usize::from(height as u8)).copied().unwrap_or_default()
}

fn scale(spectrum: &mut [f32], height: i32) {
    let factor = amplitude(height);
    spectrum.iter_mut().for_each(|value| *value *= factor);
}

/// Multiplies with a line from one height to another over `run` places: whole steps, with the remainder spread.
fn line(spectrum: &mut [f32], from: i32, to: i32, run: i32) {
    let rise = to.wrapping_sub(from);
    if rise == 0 {
        return scale(spectrum, from);
    }
    let base = rise.checked_div(run).unwrap_or_default();
    let sign = rise.signum();
    let remainder = rise.wrapping_abs().wrapping_sub(base.wrapping_abs().wrapping_mul(run));
    let (mut height, mut error) = (from, 0_i32);
    for value in spectrum {
        *value *= amplitude(height);
        error = error.wrapping_add(remainder);
        let over = error >= run;
        error = error.wrapping_sub(if over { run } else { 0 });
        height = height.wrapping_add(base).wrapping_add(if over { sign } else { 0 });
    }
}
