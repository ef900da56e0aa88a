//! Floors: the coarse spectrum of a channel.

pub mod points;
pub mod response;

use crate::Result;
use crate::bits::Bits;
use crate::codebook::{Codebook, Total};
use crate::error::VorbisError;
use crate::setup::cut;
use points::Points;
use response::Response;
use spec::vorbis::VORBIS_FLOOR1_POINTS_MAX;

/// A floor of either type.
#[derive(Clone, Debug)]
pub enum Floor {
    Response(Response),
    Points(Points),
}

/// What a packet says of a channel's floor.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The points' heights, or a negative number for those that are not drawn (type 1).
    heights: [i16; VORBIS_FLOOR1_POINTS_MAX as usize],
    /// Cosines of the coefficients (type 0).
    cosines: [f64; COEFFICIENTS_MAX],
    amplitude: u32,
}

/// Most coefficients of a floor of type 0.
const COEFFICIENTS_MAX: usize = 255;

impl Default for Decoded {
    fn default() -> Self {
        Self { heights: [0; VORBIS_FLOOR1_POINTS_MAX as usize], cosines: [0.0; COEFFICIENTS_MAX], amplitude: 0 }
    }
}

impl Floor {
    /// Reads a floor of the setup header; `halves` are the halves of the blocks' sizes.
    pub fn read(bits: &mut Bits<'_>, codebooks: &[Codebook], halves: [u32; 2], total: &mut Total<'_>) -> Result<Self> {
        match bits.read(16).ok_or_else(cut)? {
            0 => Response::read(bits, codebooks, halves, total).map(Self::Response),
            1 => Points::read(bits, codebooks).map(Self::Points),
            _ => Err(VorbisError::malformed("a floor's type is above 1")),
        }
    }

    /// Decodes what the packet says; none if the channel is unused or the packet ends.
    pub fn decode(&self, bits: &mut Bits<'_>, codebooks: &[Codebook], out: &mut Decoded) -> Option<()> {
        match self {
            Self::Response(response) => response.decode(bits, codebooks, out),
            Self::Points(points) => points.decode(bits, codebooks, out),
        }
    }

    /// Multiplies a residue with the floor.
    pub fn apply(&self, decoded: &Decoded, long: bool, spectrum: &mut [f32]) {
        match self {
            Self::Response(response) => response.apply(decoded, long, spectrum),
            Self::Points(points) => points.apply(decoded, spectrum),
        }
    }
}

/// A book's number in a header, if the book exists.
fn book(bits: &mut Bits<'_>, codebooks: &[Codebook]) -> Result<u8> {
    existing(bits.read(8).ok_or_else(cut)?, codebooks)
}

fn existing(number: u32, codebooks: &[Codebook]) -> Result<u8> {
    if (number as usize) < codebooks.len() { Ok(number as u8) } else { Err(VorbisError::malformed("a floor's codebook does not exist")) }
}
