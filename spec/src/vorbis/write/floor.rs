//! Floors.

use super::bits::BitWriter;
use alloc::vec::Vec;

/// A floor.
#[derive(Clone, Debug)]
pub enum Floor {
    /// Type 0: the response of a filter.
    Response {
        /// Coefficients of the filter.
        order: u8,
        /// Sample rate for the Bark scale, in Hz.
        rate: u16,
        /// Steps of the Bark scale.
        map_size: u16,
        /// Bits of the amplitude.
        amplitude_bits: u32,
        /// Range of the amplitude in dB.
        amplitude_offset: u8,
        /// Books of the coefficients.
        books: Vec<u8>,
    },
    /// Type 1: a line through points.
    Points {
        /// The class of each partition.
        partitions: Vec<u8>,
        /// The classes.
        classes: Vec<Class>,
        /// Factor of the heights, 1 to 4.
        multiplier: u8,
        /// Bits of a place.
        range_bits: u32,
        /// The places of the points but the two implicit ones.
        places: Vec<u16>,
    },
}

/// A class of partitions of a floor of type 1.
#[derive(Clone, Debug)]
pub struct Class {
    /// Points of a partition.
    pub dimensions: u8,
    /// Bits of the choice of a point's book.
    pub subclass_bits: u32,
    /// The book of the choices.
    pub master: u8,
    /// The books to choose from; without one a point's value is 0.
    pub books: Vec<Option<u8>>,
}

impl Floor {
    /// Writes the floor.
    pub fn write(&self, out: &mut BitWriter) {
        match self {
            Self::Response { order, rate, map_size, amplitude_bits, amplitude_offset, books } => {
                out.write(0, 16);
                out.write(u64::from(*order), 8);
                out.write(u64::from(*rate), 16);
                out.write(u64::from(*map_size), 16);
                out.write(u64::from(*amplitude_bits), 6);
                out.write(u64::from(*amplitude_offset), 8);
                out.write(books.len() as u64 - 1, 4);
                books.iter().for_each(|book| out.write(u64::from(*book), 8));
            }
            Self::Points { partitions, classes, multiplier, range_bits, places } => {
                out.write(1, 16);
                out.write(partitions.len() as u64, 5);
                partitions.iter().for_each(|class| out.write(u64::from(*class), 4));
                classes.iter().for_each(|class| class.write(out));
                out.write(u64::from(*multiplier) - 1, 2);
                out.write(u64::from(*range_bits), 4);
                places.iter().for_each(|place| out.write(u64::from(*place), *range_bits));
            }
        }
    }
}

impl Class {
    fn write(&self, out: &mut BitWriter) {
        out.write(u64::from(self.dimensions) - 1, 3);
        out.write(u64::from(self.subclass_bits), 2);
        if self.subclass_bits > 0 {
            out.write(u64::from(self.master), 8);
        }
        self.books.iter().for_each(|book| out.write(book.map_or(0, |book| u64::from(book) + 1), 8));
    }
}
