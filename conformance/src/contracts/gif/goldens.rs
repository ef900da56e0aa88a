//! Recorded cases of the contract `gif`.

mod rejected;
mod used;

use crate::contracts::decoding::goldens::golden;
use crate::suite::GoldenCase;
use spec::decode::{Limits, whole};
use spec::gif::{Animation, Extension, Gif, Image, lzw};

const COLOURS: [[u8; 3]; 4] = [[0, 0, 0], [255, 0, 0], [0, 255, 0], [0, 0, 255]];

/// A whole stream and all that follows it.
fn stream(name: &'static str, doc: &'static str, animation: &Animation) -> GoldenCase<Gif> {
    golden(name, doc, Limits::default(), whole(&animation.bytes(), animation.images.len()))
}

/// A screen of 4 by 2 pixels.
fn screen() -> Animation {
    Animation::new(4, 2, &COLOURS)
}

fn full(index: u8) -> Image {
    Image::new(4, 2, 2, &[index; 8])
}

fn text(name: [u8; 11], count: u16) -> Extension {
    Extension::Loop { name, count }
}

pub(super) fn goldens() -> Vec<GoldenCase<Gif>> {
    let mut all = of_pixels();
    all.extend(of_composition());
    all.extend(of_blocks());
    all.extend(rejected::of_rejections());
    all.extend(used::of_bounds());
    all.extend(used::of_use());
    all
}

fn of_pixels() -> Vec<GoldenCase<Gif>> {
    let coded = |size: u8, data: Vec<u8>| {
        let mut image = Image::new(40, 40, size, &[]);
        image.data = data;
        image
    };
    let noise: Vec<u8> = (0..1_600_u32).map(|n| (n * n / 5 % 251) as u8).collect();
    let wide: Vec<[u8; 3]> = (0..=255).map(|level| [level, 255 - level, level / 2]).collect();
    let large = Animation::new(40, 40, &wide);
    vec![
        stream(
            "one_frame",
            "Four colours in one frame: blue first, alpha last.",
            &screen().with(Image::new(4, 2, 2, &[0, 1, 2, 3, 3, 2, 1, 0])),
        ),
        stream("signature_87a", "The older signature is as good.", &Animation { signature: *b"GIF87a", ..screen().with(full(1)) }),
        stream("codes_of_12_bits", "Noise of 251 values: codes grow to twelve bits.", &large.clone().with(Image::new(40, 40, 8, &noise))),
        stream(
            "clear_codes",
            "Clear codes after every 7 and 300 codes, none at the start, no end code.",
            &large
                .clone()
                .with(coded(8, lzw(&noise, 8, true, 7, true)))
                .with(coded(8, lzw(&noise, 8, false, 300, true)))
                .with(coded(8, lzw(&noise, 8, false, 0, false))),
        ),
        stream("full_table", "120 by 90 pixels of noise: the table is full and is kept.", &{
            let noise: Vec<u8> = (0..10_800_u32).map(|n| ((n * n / 3 % 241) ^ (n / 90)) as u8).collect();
            Animation::new(120, 90, &wide).with(Image::new(120, 90, 8, &noise))
        }),
        stream("short_blocks", "Data in sub-blocks of one byte and of seven.", &{
            let (mut ones, mut sevens) = (full(2), full(3));
            (ones.block, sevens.block) = (1, 7);
            screen().with(ones).with(sevens)
        }),
        stream("repeated_codes", "The code that is just being made, as a run of one index has it.", &screen().with(full(3))),
        stream("after_the_last_pixel", "What follows the last pixel in the data is not looked at.", &{
            let mut image = full(1);
            image.data = [lzw(&[1; 8], 2, true, 0, false), vec![0xff; 5]].concat();
            screen().with(image)
        }),
        stream("interlaced", "Eleven rows in four passes.", &{
            let indices: Vec<u8> = (0..22).map(|place| (place / 2 % 4) as u8).collect();
            let mut image = Image::new(2, 11, 2, &indices);
            image.interlaced = true;
            Animation::new(2, 11, &COLOURS).with(image)
        }),
        stream("palettes", "An own palette instead of the global one, and one frame later the global one again.", &{
            let mut own = full(1);
            own.palette = vec![[9, 8, 7], [60, 50, 40]];
            screen().with(full(1)).with(own).with(full(1))
        }),
        stream("own_palettes_alone", "No global palette is needed where each image has its own.", &{
            let mut own = full(1);
            own.palette = vec![[9, 8, 7], [60, 50, 40]];
            Animation { palette: Vec::new(), ..screen() }.with(own)
        }),
        stream(
            "index_beyond",
            "Indices beyond a palette of two are opaque black.",
            &Animation { palette: vec![[1, 2, 3], [4, 5, 6]], ..screen().with(Image::new(4, 2, 2, &[0, 1, 2, 3, 0, 1, 2, 3])) },
        ),
    ]
}

fn of_composition() -> Vec<GoldenCase<Gif>> {
    let part = |index: u8, left, top| Image::new(2, 1, 2, &[index; 2]).at(left, top);
    vec![
        stream(
            "transparency",
            "Pixels of the transparent index leave what is there: nothing at first, then the frame before.",
            &screen()
                .with(Image::new(4, 2, 2, &[0, 1, 2, 3, 3, 2, 1, 0]).controlled(0, Some(1), 0))
                .with(Image::new(4, 2, 2, &[1, 1, 0, 0, 0, 0, 1, 1]).controlled(0, Some(0), 0)),
        ),
        stream(
            "transparent_beyond",
            "An index beyond the palette can be the transparent one.",
            &screen().with(full(2)).with(Image::new(4, 2, 3, &[7, 1, 7, 1, 7, 1, 7, 6]).controlled(0, Some(7), 0)),
        ),
        stream(
            "parts",
            "Frames that are parts of the screen leave the rest of it.",
            &screen().with(part(1, 0, 0)).with(part(2, 2, 1)).with(part(3, 1, 0)),
        ),
        stream(
            "disposal",
            "Clear, put back and leave, each seen in the frame after it.",
            &screen()
                .with(full(1))
                .with(part(2, 1, 0).controlled(2, None, 0))
                .with(part(3, 0, 1).controlled(3, None, 0))
                .with(part(2, 2, 1).controlled(1, None, 0))
                .with(part(3, 0, 0)),
        ),
        stream(
            "first_put_back",
            "What was there before the first frame is nothing.",
            &screen().with(full(1).controlled(3, None, 0)).with(part(2, 0, 0)),
        ),
        stream(
            "put_back_twice",
            "Two frames that are put back leave the same behind them.",
            &screen().with(full(1)).with(part(2, 0, 0).controlled(3, None, 0)).with(part(3, 1, 0).controlled(3, None, 0)).with(part(
                2,
                3 - 1,
                1,
            )),
        ),
        stream(
            "undefined_disposals",
            "Methods 4 to 7 leave the frame.",
            &(4..8).fold(screen(), |animation, method| {
                animation.with(part(1 + method % 3, u16::from(method % 3), 0).controlled(method, None, 0))
            }),
        ),
    ]
}

fn of_blocks() -> Vec<GoldenCase<Gif>> {
    let plain_text = || {
        let mut bytes = vec![12];
        bytes.extend([0; 12]);
        bytes.extend([2, b'h', b'i', 0]);
        Extension::Other { label: 0x01, bytes }
    };
    let other = |label: u8, bytes: &[u8]| Extension::Other { label, bytes: bytes.to_vec() };
    vec![
        stream(
            "delays",
            "Delays are what the stream says, the shortest and the longest too.",
            &[0, 1, 2, 10, 256, u16::MAX]
                .into_iter()
                .fold(screen(), |animation, delay| animation.with(Image::new(1, 1, 2, &[1]).controlled(0, None, delay)))
                .with(Image::new(1, 1, 2, &[2])),
        ),
        stream("loop_for_ever", "Zero repeats are without an end.", &screen().with(full(1).after(text(*b"NETSCAPE2.0", 0)))),
        stream(
            "loop_once_more",
            "One repeat is two plays, and the other name is as good.",
            &screen().with(full(1).after(text(*b"ANIMEXTS1.0", 1))),
        ),
        stream("loop_longest", "65,535 repeats are 65,536 plays.", &screen().with(full(1).after(text(*b"NETSCAPE2.0", u16::MAX)))),
        stream(
            "loop_last_counts",
            "The last of several counts, behind the frames too.",
            &Animation { last: vec![text(*b"NETSCAPE2.0", 6)], ..screen().with(full(1).after(text(*b"NETSCAPE2.0", 2))) },
        ),
        stream("loop_of_others", "Other names, other lengths and other first bytes say nothing of plays.", &{
            let image = full(1)
                .after(text(*b"NETSCAPE2.1", 3))
                .after(other(0xff, b"\x0bNETSCAPE2.0\x03\x02\x05\x00\x00"))
                .after(other(0xff, b"\x0bNETSCAPE2.0\x02\x01\x05\x00"))
                .after(other(0xff, b"\x0bNETSCAPE2.0\x00"))
                .after(other(0xff, b"\x05abcde\x00"))
                .after(other(0xff, b"\x00"));
            screen().with(image)
        }),
        stream(
            "extensions",
            "Comments, unknown labels and empty extensions change nothing.",
            &screen().with(
                full(1)
                    .controlled(0, None, 3)
                    .after(other(0xfe, b"\x05hello\x00"))
                    .after(other(0x99, b"\x01x\x02yz\x00"))
                    .after(other(0x00, b"\x00")),
            ),
        ),
        stream(
            "control_of_the_next",
            "A control is for the next image alone.",
            &screen().with(full(1).controlled(2, Some(0), 7)).with(Image::new(4, 2, 2, &[0, 1, 2, 3, 0, 1, 2, 3])),
        ),
        stream(
            "control_last_counts",
            "Of two controls the last counts.",
            &screen().with(full(1).controlled(2, Some(1), 7).controlled(0, None, 9)),
        ),
        stream(
            "plain_text",
            "A plain text is not drawn, and uses the control up.",
            &screen().with(full(1).controlled(0, Some(1), 7).after(plain_text())),
        ),
        stream(
            "after_the_trailer",
            "What follows the trailer is not looked at.",
            &Animation { last: vec![Extension::Raw(vec![0x3b, 1, 2, 3])], ..screen().with(full(1)) },
        ),
    ]
}
