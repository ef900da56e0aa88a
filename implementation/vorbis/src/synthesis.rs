//! From an audio packet to samples: floors, residues, coupling, transform, and the overlap with the block before it.

use crate::bits::Bits;
use crate::floor::Decoded;
use crate::setup::{Mapping, Mode, Setup};
use crate::tables::slope;
use crate::transform::Transform;
use alloc::borrow::Cow;
use alloc::vec;
use alloc::vec::Vec;
use spec::vorbis::StreamInfo;

/// What is kept from packet to packet, with the tables and the scratch memory. Everything is allocated at its start.
#[derive(Clone, Debug)]
pub struct Synthesis {
    transforms: [Transform; 2],
    slopes: [Cow<'static, [f32]>; 2],
    channels: Vec<Channel>,
    spectra: Vec<Vec<f32>>,
    woven: Vec<Vec<f32>>,
    classes: Vec<u8>,
    pcm: Vec<f32>,
    /// Whether the block before is long; none before the first.
    before: Option<bool>,
}

#[derive(Clone, Debug, Default)]
struct Channel {
    floor: Decoded,
    /// The lower half of the last block's values, of which its right half is made.
    low: Vec<f32>,
    has_floor: bool,
    used: bool,
}

impl Synthesis {
    pub fn new(info: StreamInfo) -> Self {
        let channels = usize::from(info.channels);
        let [_, long] = info.blocks.map(|block| usize::from(block >> 1));
        let channel = Channel { low: vec![0.0; long >> 1], ..Channel::default() };
        Self {
            transforms: info.blocks.map(|block| Transform::new(usize::from(block >> 1))),
            slopes: info.blocks.map(|block| slope(usize::from(block >> 1))),
            channels: vec![channel; channels],
            spectra: vec![vec![0.0; long]; channels],
            woven: vec![vec![0.0; long.saturating_mul(channels)]],
            classes: Vec::new(),
            pcm: vec![0.0; long],
            before: None,
        }
    }

    /// Frames that each packet finishes; a packet that is no audio finishes none.
    pub fn frames<'a>(&self, packets: impl Iterator<Item = &'a [u8]>, setup: &Setup, info: StreamInfo) -> i128 {
        let mut before = self.before;
        let mut frames = 0_i128;
        for packet in packets {
            if let Some(mode) = setup.mode(&mut Bits::new(packet)) {
                frames = frames.saturating_add(before.map_or(0, |before| frames_between(info, before, mode.long)) as i128);
                before = Some(mode.long);
            }
        }
        frames
    }

    /// Frames that the next packet finishes.
    pub fn frames_of(&self, packet: &[u8], setup: &Setup, info: StreamInfo) -> usize {
        let mode = setup.mode(&mut Bits::new(packet));
        mode.zip(self.before).map_or(0, |(mode, before)| frames_between(info, before, mode.long))
    }

    /// Decodes a packet, and puts the interleaved samples that it finishes in the place of those in `out`.
    pub fn packet(&mut self, packet: &[u8], setup: &Setup, info: StreamInfo, out: &mut Vec<i16>) {
        out.clear();
        let bits = &mut Bits::new(packet);
        let Some(mode) = setup.mode(bits) else { return };
        let Some(mapping) = setup.mappings.get(usize::from(mode.mapping)) else { return };
        let [short, long] = info.blocks.map(|block| usize::from(block >> 1));
        let size = if mode.long { long } else { short };
        self.floors(bits, setup, mapping);
        self.residues(bits, setup, mapping, size);
        self.couple(mapping, size);
        let before = self.before.replace(mode.long);
        if let Some(before) = before {
            out.resize(frames_between(info, before, mode.long).saturating_mul(self.channels.len()), 0);
        }
        for channel in 0..self.channels.len() {
            self.channel(channel, setup, mapping, mode, size);
            if let Some(before) = before {
                let sizes = (if before { long } else { short }, size);
                self.overlap(channel, sizes, before && mode.long, out);
            }
            self.keep(channel, size);
        }
    }

    fn floors(&mut self, bits: &mut Bits<'_>, setup: &Setup, mapping: &Mapping) {
        for (channel, submap) in self.channels.iter_mut().zip(&mapping.mux) {
            let floor = mapping.submaps.get(usize::from(*submap)).and_then(|(floor, _)| setup.floors.get(usize::from(*floor)));
            let decoded = floor.and_then(|floor| floor.decode(bits, &setup.codebooks, &mut channel.floor));
            channel.has_floor = decoded.is_some();
            channel.used = channel.has_floor;
        }
        for (magnitude, angle) in &mapping.coupling {
            let either =
                [magnitude, angle].iter().any(|channel| self.channels.get(usize::from(**channel)).is_some_and(|channel| channel.used));
            for channel in [magnitude, angle] {
                if let Some(channel) = self.channels.get_mut(usize::from(*channel)) {
                    channel.used = either;
                }
            }
        }
    }

    fn residues(&mut self, bits: &mut Bits<'_>, setup: &Setup, mapping: &Mapping, size: usize) {
        for spectrum in &mut self.spectra {
            spectrum.get_mut(..size).unwrap_or_default().fill(0.0);
        }
        for (submap, (_, residue)) in (0_u8..).zip(&mapping.submaps) {
            let Some(residue) = setup.residues.get(usize::from(*residue)) else { continue };
            let members = (0_u8..).zip(&mapping.mux).filter(|(_, of)| **of == submap).map(|(channel, _)| channel);
            let channels = &self.channels;
            let is_used = |channel: &u8| channels.get(usize::from(*channel)).is_some_and(|channel| channel.used);
            if residue.is_woven() {
                let members: Vec<u8> = members.collect();
                if !members.iter().any(is_used) {
                    continue;
                }
                let count = members.len();
                let woven_size = size.saturating_mul(count);
                for woven in &mut self.woven {
                    woven.get_mut(..woven_size).unwrap_or_default().fill(0.0);
                }
                residue.decode(bits, &setup.codebooks, &[0], &mut self.woven, woven_size, &mut self.classes);
                let woven = self.woven.first().and_then(|woven| woven.get(..woven_size)).unwrap_or_default();
                unweave(woven, &members, &mut self.spectra);
            } else {
                let used: Vec<u8> = members.filter(is_used).collect();
                residue.decode(bits, &setup.codebooks, &used, &mut self.spectra, size, &mut self.classes);
            }
        }
    }

    fn couple(&mut self, mapping: &Mapping, size: usize) {
        for (magnitude, angle) in mapping.coupling.iter().rev() {
            let Ok([magnitude, angle]) = self.spectra.get_disjoint_mut([usize::from(*magnitude), usize::from(*angle)]) else { continue };
            for (m, a) in magnitude.iter_mut().zip(angle).take(size) {
                // The larger of the two channels is kept, and the other is less by the angle's size.
                let signed = if *m > 0.0 { *a } else { -*a };
                let (sum, difference) = (*m + signed, *m - signed);
                let kept = *m;
                let positive = *a > 0.0;
                *m = if positive { kept } else { sum };
                *a = if positive { difference } else { kept };
            }
        }
    }

    /// Makes the values of a channel's block of its residue.
    fn channel(&mut self, number: usize, setup: &Setup, mapping: &Mapping, mode: Mode, size: usize) {
        let (Some(channel), Some(spectrum)) = (self.channels.get(number), self.spectra.get_mut(number)) else { return };
        let spectrum = spectrum.get_mut(..size).unwrap_or_default();
        let submap = mapping.mux.get(number).and_then(|submap| mapping.submaps.get(usize::from(*submap)));
        match submap.and_then(|(floor, _)| setup.floors.get(usize::from(*floor))).filter(|_| channel.has_floor) {
            Some(floor) => {
                floor.apply(&channel.floor, mode.long, spectrum);
                let [short, long] = &mut self.transforms;
                if mode.long { long.run(spectrum) } else { short.run(spectrum) }
            }
            // The transform of nothing is nothing.
            None => spectrum.fill(0.0),
        }
    }

    /// Overlaps a channel's block with the one before it, into its places among the interleaved samples.
    fn overlap(&mut self, number: usize, (before, now): (usize, usize), both_long: bool, out: &mut [i16]) {
        let (Some(channel), Some(spectrum)) = (self.channels.get(number), self.spectra.get(number)) else { return };
        let [short, long] = &self.slopes;
        let slope = if both_long { long } else { short };
        let half = slope.len() >> 1;
        let low = channel.low.get(..before >> 1).unwrap_or_default();
        let high = spectrum.get(now >> 1..now).unwrap_or_default();
        let frames = low.len().saturating_add(high.len());
        let pcm = self.pcm.get_mut(..frames).unwrap_or_default();
        // Both halves are mirrored at their quarter point, so that half of their values are enough.
        let (shared_low, alone_low) = low.split_at(half.min(low.len()));
        let (alone_high, shared_high) = high.split_at(high.len().saturating_sub(half));
        let (first, rest) = pcm.split_at_mut(alone_low.len());
        let (rising, rest) = rest.split_at_mut(half.min(rest.len()));
        let (falling, last) = rest.split_at_mut(half.min(rest.len()));
        let (slope_up, slope_down) = slope.split_at(half);
        for (place, value) in first.iter_mut().zip(alone_low.iter().rev()) {
            *place = -value;
        }
        let values = shared_low.iter().rev().zip(shared_high);
        let slopes = slope_up.iter().zip(slope_down.iter().rev());
        for (((p, q), (up, down)), (rising, falling)) in values.zip(slopes).zip(rising.iter_mut().zip(falling.iter_mut().rev())) {
            *rising = q * up - p * down;
            *falling = -(p * up) - q * down;
        }
        for (place, value) in last.iter_mut().zip(alone_high.iter().rev()) {
            *place = -value;
        }
        interleave(pcm, number, self.channels.len(), out);
    }

    fn keep(&mut self, number: usize, size: usize) {
        if let (Some(channel), Some(spectrum)) = (self.channels.get_mut(number), self.spectra.get(number)) {
            let low = spectrum.get(..size >> 1).unwrap_or_default();
            if let Some(kept) = channel.low.get_mut(..low.len()) {
                kept.copy_from_slice(low);
            }
        }
    }
}

/// From the center of one block to that of the next.
fn frames_between(info: StreamInfo, before_long: bool, long: bool) -> usize {
    let [short_size, long_size] = info.blocks.map(|block| usize::from(block >> 2));
    let quarter = |long: bool| if long { long_size } else { short_size };
    quarter(before_long).saturating_add(quarter(long))
}

/// Gives each channel its coefficients of the woven vector.
fn unweave(woven: &[f32], members: &[u8], spectra: &mut [Vec<f32>]) {
    if let [left, right] = *members
        && let Ok([left, right]) = spectra.get_disjoint_mut([usize::from(left), usize::from(right)])
    {
        for ([l, r], (left, right)) in woven.as_chunks::<2>().0.iter().zip(left.iter_mut().zip(right)) {
            (*left, *right) = (*l, *r);
        }
        return;
    }
    for (place, channel) in members.iter().enumerate() {
        let spectrum = spectra.get_mut(usize::from(*channel)).map(Vec::as_mut_slice).unwrap_or_default();
        let values = woven.iter().skip(place).step_by(members.len().max(1));
        spectrum.iter_mut().zip(values).for_each(|(place, value)| *place = *value);
    }
}

/// Adding this to a small number leaves it rounded to the nearest integer, ties to even, in the low bits.
const ROUNDING: f32 = 12_582_912.0;

/// A value as a sample: scaled, clamped, rounded to the nearest, halves away from zero; what is no number is 0.
#[inline(always)]
fn sample(value: f32) -> i16 {
    let scaled = (value * 32_768.0).clamp(-32_768.0, 32_767.0);
    let biased = scaled + ROUNDING;
    let even = biased.to_bits().wrapping_sub(ROUNDING.to_bits()) as i32;
    let rest = scaled - (biased - ROUNDING);
    let up = i32::from((rest == 0.5) & (scaled > 0.0));
    let down = i32::from((rest == -0.5) & (scaled < 0.0));
    let rounded = even.wrapping_add(up).wrapping_sub(down);
    (if scaled.is_nan() { 0 } else { rounded }) as i16
}

/// Writes a channel's samples to its places.
fn interleave(pcm: &[f32], number: usize, channels: usize, out: &mut [i16]) {
    if channels == 1 {
        return out.iter_mut().zip(pcm).for_each(|(place, value)| *place = sample(*value));
    }
    if channels == 2 {
        let (frames, _) = out.as_chunks_mut::<2>();
        for (frame, value) in frames.iter_mut().zip(pcm) {
            let [left, right] = frame;
            *(if number == 0 { left } else { right }) = sample(*value);
        }
        return;
    }
    let places = out.iter_mut().skip(number).step_by(channels.max(1));
    places.zip(pcm).for_each(|(place, value)| *place = sample(*value));
}
