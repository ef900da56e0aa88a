//! A writer of streams with chosen features, and draws of them.
//!
//! It writes what the format's syntax allows, symbol by symbol: floors and residues are chosen, not derived from sound, so that
//! every feature can be had, those that no encoder makes among them. Nothing of it is used by a decoder.

mod bits;
mod book;
mod draw;
mod floor;
mod mapping;
mod packet;
mod pages;
mod plain;
mod read;
mod residue;

pub use bits::BitWriter;
pub use book::{Codebook, Form, Lookup, packed};
pub use draw::{Drawn, draw_file, draw_stream, spoil};
pub use floor::{Class, Floor};
pub use mapping::{Mapping, Mode, Setup};
pub use packet::draw_packet;
pub use pages::{Layout, checksum, file, page};
pub use read::{Page, Read, pages, read, with_setup};
pub use residue::Residue;
