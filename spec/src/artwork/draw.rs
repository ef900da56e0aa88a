//! How cases of the contract `artwork` are drawn.

use super::{ARTWORK_BYTES_MAX, ARTWORK_ENTRIES_MAX, ARTWORK_URI_BYTES_MAX, Artwork, Config, Content, Key, Op};
use crate::bytes::Bytes;
use crate::{Case, Entropy, entropy};
use alloc::vec::Vec;
use sha2::{Digest, Sha256};

/// The key of a picture, for those who ask for it. Machines have their own (ARTWORK-001).
pub fn key_of(uri: &[u8], content: &[u8]) -> Key {
    Key(Sha256::new().chain_update((uri.len() as u64).to_le_bytes()).chain_update(uri).chain_update(content).finalize().into())
}

pub(super) fn case(source: &mut dyn Entropy, ops: usize) -> Case<Artwork> {
    let config = draw_config(source);
    let mut known = Vec::new();
    let ops = (0..ops).map(|_| draw_op(source, &config, &mut known)).collect();
    Case { config, ops }
}

fn draw_config(source: &mut dyn Entropy) -> Config {
    let entries = match source.below(16) {
        0 => entropy::pick(source, [0, ARTWORK_ENTRIES_MAX + 1, u32::MAX]),
        1..=3 => ARTWORK_ENTRIES_MAX,
        4..=5 => ARTWORK_ENTRIES_MAX - 1,
        _ => 1 + source.below(4) as u32,
    };
    let bytes = match source.below(16) {
        0 => entropy::pick(source, [0, ARTWORK_BYTES_MAX + 1, u32::MAX]),
        1..=4 => ARTWORK_BYTES_MAX,
        5 => 1,
        6..=12 => 8 + source.below(24) as u32,
        _ => 100 + source.below(100) as u32,
    };
    Config { entries, bytes }
}

fn draw_op(source: &mut dyn Entropy, config: &Config, known: &mut Vec<Key>) -> Op {
    match source.below(16) {
        0..=6 => {
            let (uri, content) = (draw_uri(source), draw_content(source, config));
            // A large one costs more to hash than all else, and is not there anyway.
            if content.length() < 1_000 {
                known.push(key_of(&uri.0, &content.bytes()));
            }
            Op::Put { uri, content }
        }
        7..=10 => Op::Get(draw_key(source, known)),
        11 => Op::Lookup(draw_uri(source)),
        12 => Op::Remove(draw_key(source, known)),
        13 => Op::Stats,
        _ => Op::Keys,
    }
}

fn draw_key(source: &mut dyn Entropy, known: &[Key]) -> Key {
    let place = source.below(known.len() as u64 + 1) as usize;
    known.get(place).copied().unwrap_or(Key([source.below(3) as u8; 32]))
}

fn draw_uri(source: &mut dyn Entropy) -> Bytes {
    if source.one_in(12) {
        let max = ARTWORK_URI_BYTES_MAX as usize;
        let odd: [&[u8]; 8] = [b"", b"a\nb", b"\xff", b"\xc2\x9f", b"\xc2\xa0", b"\x7f", b"\xc3", b"\0"];
        return match source.below(4) {
            0 => Bytes(alloc::vec![b'u'; max]),
            1 => Bytes(alloc::vec![b'u'; max + 1]),
            _ => Bytes::from(entropy::pick(source, odd)),
        };
    }
    Bytes::from(entropy::pick(source, ["a", "b", "pkg://fixtures/artwork/tide.png", "a"]))
}

fn draw_content(source: &mut dyn Entropy, config: &Config) -> Content {
    let whole = config.bytes.min(ARTWORK_BYTES_MAX);
    // A large cache is mostly given small pictures: hashing a large one costs as much as a thousand others.
    let whole = if whole > 10_000 && !source.one_in(80) { 400 } else { whole };
    let bytes = match source.below(32) {
        0 => 0,
        1 => whole,
        2..=3 => whole + 1,
        // What is far too large is written out all the same, which takes a guest milliseconds.
        4 if source.one_in(64) => u32::MAX,
        4 => whole + 1,
        5 => 1 + source.below(u64::from(whole)) as u32,
        6..=9 => 1 + source.below(u64::from(whole.min(200))) as u32,
        _ => 1 + source.below(u64::from(whole.min(12))) as u32,
    };
    Content::Pattern { bytes, seed: source.below(3) as u32 }
}
