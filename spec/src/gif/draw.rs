//! Drawn GIF streams: mostly right, often with one thing wrong.

use super::{Animation, Extension, GIF_CODE_SIZE_MAX, GIF_CODE_SIZE_MIN, Gif, Image, lzw};
use crate::decode::{draw_limits, draw_use};
use crate::{Case, Entropy, entropy};
use alloc::vec;
use alloc::vec::Vec;

pub(super) fn case(source: &mut dyn Entropy, ops: usize) -> Case<Gif> {
    let mut animation = animation(source);
    let (pixels, frames) = (u32::from(animation.width) * u32::from(animation.height), animation.images.len());
    if source.one_in(3) {
        flaw(source, &mut animation);
    }
    let mut stream = animation.bytes();
    if source.one_in(8) {
        damage(source, &mut stream);
    }
    let config = draw_limits(source, stream.len(), pixels, frames as u32);
    Case { config, ops: draw_use(source, &stream, frames, ops) }
}

/// A right animation.
pub fn animation(source: &mut dyn Entropy) -> Animation {
    let large = source.one_in(24);
    let side = |source: &mut dyn Entropy| if large { source.between(60, 150) as u16 } else { source.between(1, 12) as u16 };
    let (width, height) = (side(source), side(source));
    let palette = if source.one_in(5) { Vec::new() } else { palette(source) };
    let mut animation = Animation::new(width, height, &palette);
    if source.one_in(6) {
        animation.signature = *b"GIF87a";
    }
    for _ in 0..source.between(1, if large { 2 } else { 4 }) {
        let image = image(source, &animation);
        animation.images.push(image);
    }
    if source.one_in(6) {
        animation.last.push(extension(source));
    }
    animation
}

fn palette(source: &mut dyn Entropy) -> Vec<[u8; 3]> {
    let entries = if source.one_in(4) { source.between(1, 256) } else { source.between(1, 9) };
    (0..entries)
        .map(|_| {
            let bits = source.bits();
            [bits as u8, (bits >> 8) as u8, (bits >> 16) as u8]
        })
        .collect()
}

fn image(source: &mut dyn Entropy, screen: &Animation) -> Image {
    let (width, height) = if source.one_in(2) {
        (screen.width, screen.height)
    } else {
        (1 + source.below(u64::from(screen.width)) as u16, 1 + source.below(u64::from(screen.height)) as u16)
    };
    let local = screen.palette.is_empty() || source.one_in(4);
    let palette = if local { palette(source) } else { Vec::new() };
    let entries = if local { palette.len() } else { screen.palette.len() };
    let least = (GIF_CODE_SIZE_MIN..GIF_CODE_SIZE_MAX).find(|size| entries <= 1 << size).unwrap_or(GIF_CODE_SIZE_MAX) as u8;
    let code_size = if source.one_in(6) { source.between(least.into(), GIF_CODE_SIZE_MAX.into()) as u8 } else { least };
    // Now and then an index that the palette does not have.
    let reach = if source.one_in(8) { 1 << code_size } else { entries };
    let indices = indices(source, usize::from(width) * usize::from(height), reach);
    let mut image = Image::new(width, height, code_size, &indices);
    let clear_every = if source.one_in(4) { source.between(1, 40) as u32 } else { 0 };
    image.data = lzw(&indices, code_size, !source.one_in(8), clear_every, !source.one_in(8));
    image.left = source.below(u64::from(screen.width - width) + 1) as u16;
    image.top = source.below(u64::from(screen.height - height) + 1) as u16;
    image.interlaced = source.one_in(4);
    image.palette = palette;
    image.block = if source.one_in(3) { source.between(1, 20) as u8 } else { 255 };
    while source.one_in(3) {
        image.before.push(extension(source));
    }
    if !source.one_in(4) {
        let transparent = source.one_in(2).then(|| source.below(entries as u64 + 1) as u8);
        let disposal = if source.one_in(8) { source.below(8) as u8 } else { source.below(4) as u8 };
        image.before.push(Extension::Control { disposal, transparent, delay: delay(source) });
    }
    while source.one_in(8) {
        image.before.push(extension(source));
    }
    image
}

fn delay(source: &mut dyn Entropy) -> u16 {
    if source.one_in(3) { entropy::pick(source, [0, 1, 255, 256, u16::MAX]) } else { source.below(20) as u16 }
}

/// Indices below `reach`: noise, runs or a repeated pattern, which fills the table in other ways each.
fn indices(source: &mut dyn Entropy, count: usize, reach: usize) -> Vec<u8> {
    let reach = reach.clamp(1, 256) as u64;
    match source.below(3) {
        0 => (0..count).map(|_| source.below(reach) as u8).collect(),
        1 => {
            let mut all = Vec::with_capacity(count);
            while all.len() < count {
                let (run, index) = (1 + source.below(count as u64), source.below(reach) as u8);
                all.extend((0..run).map(|_| index));
            }
            all.truncate(count);
            all
        }
        _ => {
            let pattern: Vec<u8> = (0..source.between(1, 5)).map(|_| source.below(reach) as u8).collect();
            pattern.iter().copied().cycle().take(count).collect()
        }
    }
}

fn extension(source: &mut dyn Entropy) -> Extension {
    match source.below(6) {
        0 | 1 => {
            let name = *entropy::pick(source, [b"NETSCAPE2.0", b"ANIMEXTS1.0", b"NETSCAPE2.0", b"XMP DataXMP"]);
            Extension::Loop { name, count: entropy::pick(source, [0, 1, 2, 255, 256, u16::MAX]) }
        }
        2 => {
            let transparent = source.one_in(2).then(|| source.below(4) as u8);
            Extension::Control { disposal: source.below(4) as u8, transparent, delay: delay(source) }
        }
        3 => {
            let mut bytes = vec![12];
            bytes.extend([1; 12]);
            super::sub_blocks(b"text", 255, &mut bytes);
            Extension::Other { label: 0x01, bytes }
        }
        4 => {
            // A loop extension that is none: another first byte, or another length.
            let mut bytes = vec![11];
            bytes.extend_from_slice(b"NETSCAPE2.0");
            bytes.extend_from_slice(entropy::pick(
                source,
                [&[3, 2, 5, 0, 0][..], &[2, 1, 5, 0], &[4, 1, 5, 0, 0, 0], &[0], &[1, 1, 3, 1, 9, 0, 0]],
            ));
            Extension::Other { label: 0xff, bytes }
        }
        _ => {
            let mut bytes = Vec::new();
            let text: Vec<u8> = (0..source.below(9)).map(|_| source.bits() as u8).collect();
            super::sub_blocks(&text, 3, &mut bytes);
            Extension::Other { label: entropy::pick(source, [0xfe, 0xfe, 0x00, 0x2c]), bytes }
        }
    }
}

/// Makes one thing wrong.
fn flaw(source: &mut dyn Entropy, animation: &mut Animation) {
    let place = source.below(animation.images.len() as u64) as usize;
    let (width, height) = (animation.width, animation.height);
    let huge = entropy::pick(source, [0, 0, 8_192, 8_193, 65_535, 513, 300]);
    let Some(image) = animation.images.get_mut(place) else { return };
    match source.below(15) {
        0 => animation.signature = *entropy::pick(source, [b"GIF88a", b"gif89a", b"GIF89b"]),
        // Frames of so many pixels are dear to whoever tells their SHA-256, and one says all that several would.
        1 => {
            animation.width = huge;
            animation.images.truncate(1);
        }
        2 => {
            animation.height = huge;
            animation.images.truncate(1);
        }
        // Both are far above what the memory holds, or nothing.
        3 => {
            let huge = if huge == 0 { 0 } else { huge.max(4_096) };
            (animation.width, animation.height) = (huge, entropy::pick(source, [huge, 8_192, 65_535]));
        }
        4 => animation.palette.clear(),
        5 => animation.trailer = false,
        6 => animation.images.clear(),
        7 => image.left = entropy::pick(source, [width, width - image.width + 1, u16::MAX]),
        8 => image.top = entropy::pick(source, [height, height - image.height + 1, u16::MAX]),
        9 => image.width = entropy::pick(source, [0, 0, u16::MAX]),
        10 => image.height = entropy::pick(source, [0, 0, u16::MAX]),
        11 => image.code_size = entropy::pick(source, [0, 1, 9, 11, 12, 255, 2, 8]),
        12 => image.data.truncate(source.below(image.data.len() as u64 + 1) as usize),
        13 => {
            let byte = source.below(image.data.len() as u64) as usize;
            if let Some(byte) = image.data.get_mut(byte) {
                *byte ^= 1 << source.below(8);
            }
        }
        _ => {
            let blocks: [&[u8]; 5] = [&[0], &[0x40], &[0x21, 0xf9, 3, 0, 0, 0, 0], &[0x21, 0xf9, 4, 0, 0, 0, 0, 1, 7, 0], &[0x3b]];
            image.before.push(Extension::Raw(entropy::pick(source, blocks).to_vec()));
        }
    }
}

/// Changes bytes without knowing what they are.
fn damage(source: &mut dyn Entropy, stream: &mut Vec<u8>) {
    let place = source.below(stream.len() as u64) as usize;
    match source.below(4) {
        0 => stream.truncate(place),
        1 => {
            stream.remove(place);
        }
        2 => stream.insert(place, source.bits() as u8),
        _ => {
            if let Some(byte) = stream.get_mut(place) {
                *byte ^= 1 << source.below(8);
            }
        }
    }
}
