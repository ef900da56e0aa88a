//! The identification and the setup header.

use super::bits::{Bits, ilog};
use super::codebook::{Codebook, Total};
use super::floor::Floor;
use super::residue::Residue;
use spec::vorbis::{Reject, StreamInfo, VORBIS_BLOCK_BYTES, VORBIS_CHANNELS_MAX, VORBIS_RATE_HZ_MAX};

const END: Reject = Reject::MalformedVorbis;

/// Reads the identification header.
pub fn identification(packet: &[u8]) -> Result<StreamInfo, Reject> {
    let body = packet.strip_prefix(b"\x01vorbis").ok_or(Reject::UnsupportedMedia)?;
    let mut bits = Bits::new(body);
    let version = bits.read(32).ok_or(END)?;
    let channels = bits.read(8).ok_or(END)?;
    let rate = bits.read(32).ok_or(END)?;
    // Three bit rates are hints.
    bits.read(32).and_then(|_| bits.read(32)).and_then(|_| bits.read(32)).ok_or(END)?;
    let blocks = [bits.read(4).ok_or(END)?, bits.read(4).ok_or(END)?];
    let framing = bits.flag().ok_or(END)?;
    // VORBIS-002, VORBIS-014
    if version != 0 || channels > u64::from(VORBIS_CHANNELS_MAX) || rate > u64::from(VORBIS_RATE_HZ_MAX) {
        return Err(Reject::UnsupportedMedia);
    }
    if channels == 0 || rate == 0 || blocks.iter().any(|exponent| !(6..=13).contains(exponent)) || blocks[0] > blocks[1] || !framing {
        return Err(Reject::MalformedVorbis);
    }
    Ok(StreamInfo { channels: channels as u8, rate: rate as u32, blocks: blocks.map(|exponent| 1 << exponent) })
}

/// What audio packets refer to.
pub struct Setup {
    pub codebooks: Vec<Codebook>,
    pub floors: Vec<Floor>,
    pub residues: Vec<Residue>,
    pub mappings: Vec<Mapping>,
    pub modes: Vec<Mode>,
}

pub struct Mapping {
    /// Pairs of channels, magnitude first.
    pub coupling: Vec<(usize, usize)>,
    /// The submap of each channel.
    pub mux: Vec<usize>,
    /// Floor and residue of each submap.
    pub submaps: Vec<(usize, usize)>,
}

pub struct Mode {
    pub long: bool,
    pub mapping: usize,
}

impl Setup {
    pub fn read(packet: &[u8], info: StreamInfo, total: &mut Total) -> Result<Self, Reject> {
        // VORBIS-003
        let body = packet.strip_prefix(b"\x05vorbis").ok_or(Reject::MalformedVorbis)?;
        let mut bits = Bits::new(body);
        let [short, long] = info.blocks.map(u64::from);
        // VORBIS-015
        total.charge(VORBIS_BLOCK_BYTES * long * (u64::from(info.channels) + 4))?;
        let codebooks = list(&mut bits, 8, |bits| Codebook::read(bits, total))?;
        list(&mut bits, 6, |bits| if bits.read(16) == Some(0) { Ok(()) } else { Err(END) })?;
        let floors = list(&mut bits, 6, |bits| Floor::read(bits, &codebooks, short + long, total))?;
        let residues = list(&mut bits, 6, |bits| Residue::read(bits, &codebooks))?;
        let mappings = list(&mut bits, 6, |bits| Mapping::read(bits, info, floors.len(), residues.len()))?;
        let modes = list(&mut bits, 6, |bits| Mode::read(bits, mappings.len()))?;
        if bits.flag() != Some(true) {
            return Err(Reject::MalformedVorbis);
        }
        Ok(Self { codebooks, floors, residues, mappings, modes })
    }
}

/// A count less one in so many bits, then as many items.
fn list<T>(bits: &mut Bits, width: u32, mut item: impl FnMut(&mut Bits) -> Result<T, Reject>) -> Result<Vec<T>, Reject> {
    let count = bits.read(width).ok_or(END)? + 1;
    (0..count).map(|_| item(bits)).collect()
}

impl Mapping {
    fn read(bits: &mut Bits, info: StreamInfo, floors: usize, residues: usize) -> Result<Self, Reject> {
        let channels = u64::from(info.channels);
        if bits.read(16).ok_or(END)? != 0 {
            return Err(Reject::MalformedVorbis);
        }
        let submap_count = if bits.flag().ok_or(END)? { bits.read(4).ok_or(END)? + 1 } else { 1 };
        let mut coupling = Vec::new();
        if bits.flag().ok_or(END)? {
            let steps = bits.read(8).ok_or(END)? + 1;
            for _ in 0..steps {
                let magnitude = bits.read(ilog(channels - 1)).ok_or(END)?;
                let angle = bits.read(ilog(channels - 1)).ok_or(END)?;
                if magnitude == angle || magnitude >= channels || angle >= channels {
                    return Err(Reject::MalformedVorbis);
                }
                coupling.push((magnitude as usize, angle as usize));
            }
        }
        if bits.read(2).ok_or(END)? != 0 {
            return Err(Reject::MalformedVorbis);
        }
        let mut mux = vec![0; channels as usize];
        if submap_count > 1 {
            for submap in &mut mux {
                let number = bits.read(4).ok_or(END)?;
                if number >= submap_count {
                    return Err(Reject::MalformedVorbis);
                }
                *submap = number as usize;
            }
        }
        let mut submaps = Vec::new();
        for _ in 0..submap_count {
            bits.read(8).ok_or(END)?;
            let floor = bits.read(8).ok_or(END)? as usize;
            let residue = bits.read(8).ok_or(END)? as usize;
            if floor >= floors || residue >= residues {
                return Err(Reject::MalformedVorbis);
            }
            submaps.push((floor, residue));
        }
        Ok(Self { coupling, mux, submaps })
    }
}

impl Mode {
    fn read(bits: &mut Bits, mappings: usize) -> Result<Self, Reject> {
        let long = bits.flag().ok_or(END)?;
        let window = bits.read(16).ok_or(END)?;
        let transform = bits.read(16).ok_or(END)?;
        let mapping = bits.read(8).ok_or(END)? as usize;
        if window != 0 || transform != 0 || mapping >= mappings {
            return Err(Reject::MalformedVorbis);
        }
        Ok(Self { long, mapping })
    }
}
