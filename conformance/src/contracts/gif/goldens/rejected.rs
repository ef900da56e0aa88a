//! Streams that are not as the format has them.

use super::{full, screen, stream};
use crate::suite::GoldenCase;
use spec::gif::{Animation, Extension, Gif, Image, lzw};

pub(super) fn of_rejections() -> Vec<GoldenCase<Gif>> {
    let raw = |bytes: &[u8]| Extension::Raw(bytes.to_vec());
    let behind = |bytes: &[u8]| screen().with(full(1)).with(full(2).after(raw(bytes)));
    let changed = |change: fn(&mut Image)| {
        let mut image = full(1);
        change(&mut image);
        screen().with(full(2)).with(image)
    };
    vec![
        stream(
            "no_signature",
            "What is no GIF is told by its first bytes.",
            &Animation { signature: *b"GIF88a", ..screen().with(full(1)) },
        ),
        stream("no_width", "A screen without columns.", &Animation { width: 0, ..screen() }),
        stream("no_height", "A screen without rows.", &Animation { height: 0, ..screen() }),
        stream("no_frames", "A trailer before the first frame.", &screen()),
        stream("no_palette", "Neither a global palette nor an own one.", &Animation { palette: Vec::new(), ..screen().with(full(1)) }),
        stream("no_block", "A zero byte where a block begins, behind a frame that is given.", &behind(&[0])),
        stream("short_control", "A graphic control of three bytes.", &behind(&[0x21, 0xf9, 3, 0, 0, 0, 0])),
        stream("long_control", "A graphic control of two sub-blocks.", &behind(&[0x21, 0xf9, 4, 0, 0, 0, 0, 1, 0, 0])),
        stream("empty_image", "An image without columns.", &changed(|image| image.width = 0)),
        stream("flat_image", "An image without rows.", &changed(|image| image.height = 0)),
        stream("too_far_right", "An image that ends behind the screen's right edge.", &changed(|image| image.left = 1)),
        stream("too_far_down", "An image that ends below the screen.", &changed(|image| image.top = 1)),
        stream("far_away", "Edges that don't fit into sixteen bits.", &changed(|image| (image.left, image.width) = (u16::MAX, u16::MAX))),
        stream("code_size_1", "A code size below the smallest.", &changed(|image| image.code_size = 1)),
        stream("code_size_9", "A code size above the largest.", &changed(|image| image.code_size = 9)),
        stream("early_end_code", "An end code before the last pixel.", &changed(|image| image.data = lzw(&[1; 7], 2, true, 0, true))),
        stream("early_end_of_data", "Data that end before the last pixel.", &changed(|image| image.data = lzw(&[1; 7], 2, true, 0, false))),
        stream("code_of_nothing", "A code above the next free one.", &changed(|image| image.data = vec![0b10_111_100, 0xff, 0xff])),
        stream(
            "first_code_of_nothing",
            "The next free code right after a clear code.",
            &changed(|image| image.data = vec![0b00_110_100, 0, 0]),
        ),
    ]
}
