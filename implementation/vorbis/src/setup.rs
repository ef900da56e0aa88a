//! The identification and the setup header.

use crate::Result;
use crate::bits::{Bits, ilog};
use crate::codebook::{Codebook, Total};
use crate::error::VorbisError;
use crate::floor::Floor;
use crate::residue::Residue;
use alloc::vec;
use alloc::vec::Vec;
use spec::vorbis::{Reject, StreamInfo, VORBIS_BLOCK_BYTES, VORBIS_CHANNELS_MAX, VORBIS_RATE_HZ_MAX};

/// Reads the identification header.
pub fn identification(packet: &[u8]) -> Result<StreamInfo> {
    let advice = "convert the file to a common Ogg Vorbis";
    let foreign = |what| VorbisError::new(Reject::UnsupportedMedia, what, advice);
    let body = packet.strip_prefix(b"\x01vorbis").ok_or_else(|| foreign("the stream's first packet is not Vorbis's"))?;
    let Some(fields) = body.first_chunk::<23>() else {
        return Err(VorbisError::malformed("the identification header is cut off"));
    };
    let [v0, v1, v2, v3, channels, r0, r1, r2, r3, _, _, _, _, _, _, _, _, _, _, _, _, blocks, framing] = *fields;
    let rate = u32::from_le_bytes([r0, r1, r2, r3]);
    if u32::from_le_bytes([v0, v1, v2, v3]) != 0 {
        return Err(foreign("the stream's version is not 0"));
    }
    let above = |what, got, max| VorbisError::above(Reject::UnsupportedMedia, what, u64::from(got), u64::from(max), advice);
    if u32::from(channels) > VORBIS_CHANNELS_MAX {
        return Err(above("the number of channels", u32::from(channels), VORBIS_CHANNELS_MAX));
    }
    if rate > VORBIS_RATE_HZ_MAX {
        return Err(above("the sample rate in Hz", rate, VORBIS_RATE_HZ_MAX));
    }
    if channels == 0 || rate == 0 {
        return Err(VorbisError::malformed("the stream has no channels or no sample rate"));
    }
    let (short, long) = (blocks & 15, blocks >> 4);
    if !(6..=13).contains(&short) || !(6..=13).contains(&long) || short > long {
        return Err(VorbisError::malformed("the block sizes are not 64 to 8192 samples, the short one first"));
    }
    if framing & 1 == 0 {
        return Err(VorbisError::malformed("the identification header does not end with its framing bit"));
    }
    Ok(StreamInfo { channels, rate, blocks: [short, long].map(|exponent| 1_u16.wrapping_shl(u32::from(exponent))) })
}

/// What audio packets refer to.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    pub codebooks: Vec<Codebook>,
    pub floors: Vec<Floor>,
    pub residues: Vec<Residue>,
    pub mappings: Vec<Mapping>,
    pub modes: Vec<Mode>,
}

/// How channels share floors, residues and each other.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Pairs of channels, magnitude first.
    pub coupling: Vec<(u8, u8)>,
    /// The submap of each channel.
    pub mux: Vec<u8>,
    /// Floor and residue of each submap.
    pub submaps: Vec<(u8, u8)>,
}

#[derive(Clone, Copy, Debug)]
pub struct Mode {
    pub long: bool,
    pub mapping: u8,
}

impl Setup {
    /// Reads the setup header; `hold` is asked before so many bytes in all are taken for what it says.
    pub fn read(packet: &[u8], info: StreamInfo, hold: &mut dyn FnMut(u64) -> bool) -> Result<Self> {
        let malformed = VorbisError::malformed;
        let body = packet.strip_prefix(b"\x05vorbis").ok_or_else(|| malformed("the third packet is not the setup header"))?;
        let bits = &mut Bits::new(body);
        let mut total = Total::new(hold);
        let [_, long] = info.blocks;
        let samples = u64::from(info.channels).saturating_add(4).saturating_mul(u64::from(long));
        total.charge(VORBIS_BLOCK_BYTES.saturating_mul(samples))?;
        let codebooks = list(bits, 8, |bits| Codebook::read(bits, &mut total))?;
        list(bits, 6, |bits| match bits.read(16) {
            Some(0) => Ok(()),
            _ => Err(malformed("a time domain transform is not 0")),
        })?;
        let halves = info.blocks.map(|block| u32::from(block >> 1));
        let floors = list(bits, 6, |bits| Floor::read(bits, &codebooks, halves, &mut total))?;
        let residues = list(bits, 6, |bits| Residue::read(bits, &codebooks))?;
        let mappings = list(bits, 6, |bits| Mapping::read(bits, info, floors.len(), residues.len()))?;
        let modes = list(bits, 6, |bits| Mode::read(bits, mappings.len()))?;
        if bits.flag() != Some(true) {
            return Err(malformed("the setup header does not end with its framing bit"));
        }
        Ok(Self { codebooks, floors, residues, mappings, modes })
    }

    /// Reads a packet up to its floors and gives its mode; none if it is to be ignored.
    pub fn mode(&self, bits: &mut Bits<'_>) -> Option<Mode> {
        if bits.flag()? {
            return None;
        }
        let number = bits.read(ilog((self.modes.len() as u32).saturating_sub(1)))?;
        let mode = *self.modes.get(number as usize)?;
        if mode.long {
            // The flags of the neighbours' windows: the neighbours themselves tell.
            bits.read(2)?;
        }
        Some(mode)
    }
}

/// A count less one in so many bits, then as many items.
fn list<T>(bits: &mut Bits<'_>, width: u32, mut item: impl FnMut(&mut Bits<'_>) -> Result<T>) -> Result<Vec<T>> {
    let count = bits.read(width).ok_or_else(cut)?;
    (0..=count).map(|_| item(bits)).collect()
}

pub fn cut() -> VorbisError {
    VorbisError::malformed("the setup header is cut off")
}

impl Mapping {
    fn read(bits: &mut Bits<'_>, info: StreamInfo, floors: usize, residues: usize) -> Result<Self> {
        let malformed = VorbisError::malformed;
        if bits.read(16).ok_or_else(cut)? != 0 {
            return Err(malformed("a mapping's type is not 0"));
        }
        let channels = u32::from(info.channels);
        let submap_count = if bits.flag().ok_or_else(cut)? { bits.read(4).ok_or_else(cut)?.saturating_add(1) } else { 1 };
        let mut coupling = Vec::new();
        if bits.flag().ok_or_else(cut)? {
            let width = ilog(channels.saturating_sub(1));
            for _ in 0..=bits.read(8).ok_or_else(cut)? {
                let magnitude = bits.read(width).ok_or_else(cut)?;
                let angle = bits.read(width).ok_or_else(cut)?;
                if magnitude == angle || magnitude >= channels || angle >= channels {
                    return Err(malformed("a coupling step does not name two channels of the stream"));
                }
                coupling.push((magnitude as u8, angle as u8));
            }
        }
        if bits.read(2).ok_or_else(cut)? != 0 {
            return Err(malformed("a mapping's reserved bits are not 0"));
        }
        let mut mux = vec![0_u8; usize::from(info.channels)];
        if submap_count > 1 {
            for submap in &mut mux {
                let number = bits.read(4).ok_or_else(cut)?;
                if number >= submap_count {
                    return Err(malformed("a channel's submap does not exist"));
                }
                *submap = number as u8;
            }
        }
        let mut submaps = Vec::new();
        for _ in 0..submap_count {
            bits.read(8).ok_or_else(cut)?;
            let (floor, residue) = (bits.read(8).ok_or_else(cut)?, bits.read(8).ok_or_else(cut)?);
            if floor as usize >= floors || residue as usize >= residues {
                return Err(malformed("a submap's floor or residue does not exist"));
            }
            submaps.push((floor as u8, residue as u8));
        }
        Ok(Self { coupling, mux, submaps })
    }
}

impl Mode {
    fn read(bits: &mut Bits<'_>, mappings: usize) -> Result<Self> {
        let long = bits.flag().ok_or_else(cut)?;
        let window = bits.read(16).ok_or_else(cut)?;
        let transform = bits.read(16).ok_or_else(cut)?;
        let mapping = bits.read(8).ok_or_else(cut)?;
        if window != 0 || transform != 0 {
            return Err(VorbisError::malformed("a mode's window or transform is not of type 0"));
        }
        if mapping as usize >= mappings {
            return Err(VorbisError::malformed("a mode's mapping does not exist"));
        }
        Ok(Self { long, mapping: mapping as u8 })
    }
}
