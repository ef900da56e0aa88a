//! An audio packet: floors, residues, coupling, transform, and the overlap with the block before it.

use super::bits::{Bits, ilog};
use super::setup::Setup;
use super::transform::{halves, slope};
use spec::vorbis::StreamInfo;

/// What is kept from packet to packet: the right half of each channel's block.
#[derive(Default)]
pub struct Synthesis {
    right: Option<Vec<Vec<f32>>>,
}

impl Synthesis {
    /// The samples of each channel that are finished by this packet: none by the first, and none by a packet that is no audio.
    pub fn packet(&mut self, packet: &[u8], setup: &Setup, info: StreamInfo) -> Vec<Vec<i16>> {
        let Some((size, spectra)) = spectra(packet, setup, info) else { return Vec::new() };
        let (left, right): (Vec<_>, Vec<_>) = spectra.iter().map(|spectrum| halves(spectrum)).unzip();
        let before = self.right.replace(right);
        let Some(before) = before else { return Vec::new() };
        before.iter().zip(&left).map(|(right, left)| overlap(right, left, size).into_iter().map(sample).collect()).collect()
    }
}

/// The size of the block and the spectrum of each channel; none if the packet is to be ignored.
fn spectra(packet: &[u8], setup: &Setup, info: StreamInfo) -> Option<(usize, Vec<Vec<f32>>)> {
    let bits = &mut Bits::new(packet);
    // VORBIS-012
    if bits.flag()? {
        return None;
    }
    let mode = setup.modes.get(bits.read(ilog(setup.modes.len() as u64 - 1))? as usize)?;
    if mode.long {
        // The flags of the neighbours' windows: the neighbours themselves tell.
        bits.read(2)?;
    }
    let block = usize::from(info.blocks[usize::from(mode.long)]);
    let size = block / 2;
    let mapping = &setup.mappings[mode.mapping];
    let floors: Vec<Option<Vec<f32>>> =
        mapping.mux.iter().map(|submap| setup.floors[mapping.submaps[*submap].0].curve(bits, &setup.codebooks, size)).collect();
    let mut used: Vec<bool> = floors.iter().map(Option::is_some).collect();
    for (magnitude, angle) in &mapping.coupling {
        if used[*magnitude] || used[*angle] {
            used[*magnitude] = true;
            used[*angle] = true;
        }
    }
    let mut residues = vec![Vec::new(); floors.len()];
    for (submap, (_, residue)) in mapping.submaps.iter().enumerate() {
        let channels: Vec<usize> = (0..floors.len()).filter(|channel| mapping.mux[*channel] == submap).collect();
        let coded: Vec<bool> = channels.iter().map(|channel| used[*channel]).collect();
        let vectors = setup.residues[*residue].vectors(bits, &setup.codebooks, &coded, size);
        for (channel, vector) in channels.into_iter().zip(vectors) {
            residues[channel] = vector;
        }
    }
    // VORBIS-009
    for (magnitude, angle) in mapping.coupling.iter().rev() {
        let (magnitudes, angles) = (residues[*magnitude].clone(), residues[*angle].clone());
        let pairs = magnitudes.into_iter().zip(angles).map(|(m, a)| match (m > 0.0, a > 0.0) {
            (true, true) => (m, m - a),
            (true, false) => (m + a, m),
            (false, true) => (m, m + a),
            (false, false) => (m - a, m),
        });
        (residues[*magnitude], residues[*angle]) = pairs.unzip();
    }
    let spectra = floors
        .into_iter()
        .zip(residues)
        .map(|(floor, residue)| match floor {
            Some(floor) => floor.iter().zip(&residue).map(|(floor, residue)| floor * residue).collect(),
            None => vec![0.0; size],
        })
        .collect();
    Some((block, spectra))
}

/// VORBIS-010: from the center of one block to that of the next: the right half of one, the overlap, the left half of the next.
fn overlap(right: &[f32], left: &[f32], block: usize) -> Vec<f32> {
    let shared = right.len().min(left.len());
    let slope = slope(shared);
    let alone_right = (right.len() - shared) / 2;
    let alone_left = (block / 2 - shared) / 2;
    let mut out = right[..alone_right].to_vec();
    for i in 0..shared {
        out.push(right[alone_right + i] * slope[shared - 1 - i] + left[alone_left + i] * slope[i]);
    }
    out.extend_from_slice(&left[alone_left + shared..]);
    out
}

/// VORBIS-011: a value as a sample: scaled, clamped, rounded to the nearest, halves away from zero; what is no number is 0.
fn sample(value: f32) -> i16 {
    (value * 32_768.0).clamp(-32_768.0, 32_767.0).round() as i16
}
