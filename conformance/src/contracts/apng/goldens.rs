//! Recorded cases of the contract `apng`.

mod rejected;
mod used;

use super::domains::{FORMS, noise};
use crate::contracts::decoding::goldens::golden;
use crate::suite::GoldenCase;
use spec::apng::{Apng, Chunk, Coding, Control, Form, bytes};
use spec::decode::{Limits, whole};

/// A whole stream and all that follows it.
fn stream(name: &'static str, doc: &'static str, chunks: impl AsRef<[Chunk]>) -> GoldenCase<Apng> {
    let chunks = chunks.as_ref();
    let frames = chunks.iter().filter(|chunk| chunk.name == *b"fcTL").count().max(1);
    golden(name, doc, Limits::default(), whole(&bytes(chunks), frames))
}

/// A picture alone, with a palette of all entries where it needs one.
pub(super) fn alone(form: &Form, samples: &[u16], filters: &[u8], coding: Coding) -> Vec<Chunk> {
    let mut chunks = vec![form.header()];
    if form.color == 3 {
        let entries = 1_u32 << form.depth;
        chunks.push(Chunk::new(
            b"PLTE",
            (0..entries).flat_map(|entry| [entry as u8, 255 - entry as u8, (entry * 7) as u8]).collect::<Vec<_>>(),
        ));
    }
    chunks.push(Chunk::new(b"IDAT", form.data(form.width, form.height, samples, filters, coding)));
    chunks.push(Chunk::end());
    chunks
}

/// A frame and its data.
pub(super) fn frame(control: Control, data: Vec<u8>) -> (Control, Vec<u8>) {
    (control, data)
}

/// An animation whose first frame is the picture.
pub(super) fn animated(form: &Form, plays: u32, frames: &[(Control, Vec<u8>)]) -> Vec<Chunk> {
    let mut chunks = vec![form.header(), Chunk::animation(frames.len() as u32, plays)];
    let mut sequence = 0;
    for (place, (control, data)) in frames.iter().enumerate() {
        chunks.push(Control { sequence, ..*control }.chunk());
        sequence += 1;
        if place == 0 {
            chunks.push(Chunk::new(b"IDAT", data.clone()));
        } else {
            chunks.push(Chunk::later(sequence, data));
            sequence += 1;
        }
    }
    chunks.push(Chunk::end());
    chunks
}

/// Colour with alpha, 3 by 2 pixels.
const PLAIN: Form = Form { width: 3, height: 2, depth: 8, color: 6, interlaced: false };

fn solid(width: u32, height: u32, pixel: [u16; 4]) -> Vec<u8> {
    let samples: Vec<u16> = (0..width * height).flat_map(|_| pixel).collect();
    PLAIN.data(width, height, &samples, &[1], Coding::Fixed)
}

fn at(left: u32, top: u32, width: u32, height: u32) -> Control {
    Control { left, top, width, height, ..Control::default() }
}

/// Three frames, the second half transparent and put back afterwards.
fn three() -> Vec<Chunk> {
    animated(
        &PLAIN,
        3,
        &[
            frame(Control { delay: (1, 10), ..at(0, 0, 3, 2) }, solid(3, 2, [255, 0, 0, 255])),
            frame(Control { delay: (0, 0), disposal: 2, blend: 1, ..at(1, 0, 2, 1) }, solid(2, 1, [0, 0, 255, 128])),
            frame(Control { delay: (65_535, 1), ..at(0, 1, 1, 1) }, solid(1, 1, [0, 255, 0, 7])),
        ],
    )
}

pub(super) fn goldens() -> Vec<GoldenCase<Apng>> {
    let mut all = of_samples();
    all.extend(of_data());
    all.extend(of_animations());
    all.extend(rejected::of_rejections());
    all.extend(used::of_bounds());
    all.extend(used::of_use());
    all
}

/// The names of the goldens of [`FORMS`].
const FORM_NAMES: [&str; 15] = [
    "grey_1",
    "grey_2",
    "grey_4",
    "grey_8",
    "grey_16",
    "rgb_8",
    "rgb_16",
    "palette_1",
    "palette_2",
    "palette_4",
    "palette_8",
    "grey_alpha_8",
    "grey_alpha_16",
    "rgba_8",
    "rgba_16",
];

fn of_samples() -> Vec<GoldenCase<Apng>> {
    let mut all: Vec<_> = FORMS
        .into_iter()
        .zip(FORM_NAMES)
        .map(|((color, depth), name)| {
            let form = Form { width: 5, height: 6, depth, color, interlaced: false };
            let chunks = alone(&form, &noise(form, 5, 6), &[0, 1, 2, 3, 4], Coding::Dynamic(u16::MAX));
            stream(name, "A picture of this colour type and depth, with all five filters.", &chunks)
        })
        .collect();
    let keyed = |form: Form, samples: &[u16], transparent: &[u8]| {
        let mut chunks = alone(&form, samples, &[0], Coding::Fixed);
        chunks.insert(chunks.len() - 2, Chunk::new(b"tRNS", transparent));
        chunks
    };
    let form = |color, depth| Form { width: 4, height: 1, depth, color, interlaced: false };
    all.extend([
        stream("sixteen_bits_rounded", "128 is the first that is rounded up, 32,896 the exact half of 16 bits.", &{
            alone(&form(0, 16), &[127, 128, 32_896, 65_407], &[0], Coding::Fixed)
        }),
        stream("transparent_grey", "One grey of two bits is transparent and stays what it is.", keyed(form(0, 2), &[0, 1, 2, 3], &[0, 2])),
        stream(
            "transparent_grey_16",
            "Sixteen bits are compared, not eight.",
            keyed(form(0, 16), &[0x1234, 0x1235, 0x1234, 0], &[0x12, 0x34]),
        ),
        stream("transparent_colour", "A colour is transparent where all its samples are.", &{
            keyed(form(2, 8), &[1, 2, 3, 1, 2, 4, 9, 2, 3, 1, 2, 3], &[0, 1, 0, 2, 0, 3])
        }),
        stream("transparent_beyond", "A number that the depth does not have is no pixel's.", keyed(form(0, 8), &[0, 1, 2, 3], &[1, 2])),
        stream("transparent_palette", "Alphas for the first entries; the others are opaque.", keyed(form(3, 2), &[0, 1, 2, 3], &[0, 128])),
        stream("index_beyond", "Indices beyond a palette of two are opaque black.", &{
            let mut chunks = alone(&form(3, 2), &[0, 1, 2, 3], &[0], Coding::Fixed);
            chunks[1].bytes.truncate(6);
            chunks
        }),
        stream("suggested_palette", "A palette of a picture of colours changes nothing.", &{
            let mut chunks = alone(&form(2, 8), &[1, 2, 3, 1, 2, 4, 9, 2, 3, 1, 2, 3], &[0], Coding::Fixed);
            chunks.insert(1, Chunk::new(b"PLTE", [9, 9, 9]));
            chunks
        }),
        stream("gamma_and_profile", "What the stream says of gamma, chromaticities and profiles changes nothing.", &{
            let mut chunks = alone(&form(2, 8), &[1, 2, 3, 1, 2, 4, 9, 2, 3, 1, 2, 3], &[0], Coding::Fixed);
            let told: [(&[u8; 4], &[u8]); 4] =
                [(b"gAMA", &[0, 1, 0x86, 0xa0]), (b"cHRM", &[0; 32]), (b"iCCP", b"x\0\0nonsense"), (b"sRGB", &[3])];
            chunks.splice(1..1, told.map(|(name, bytes)| Chunk::new(name, bytes)));
            chunks
        }),
    ]);
    for (name, color, depth) in [("interlaced_1", 0, 1), ("interlaced_4", 3, 4), ("interlaced_8", 6, 8), ("interlaced_16", 2, 16)] {
        let form = Form { width: 9, height: 10, depth, color, interlaced: true };
        let chunks = alone(&form, &noise(form, 9, 10), &[4, 3, 2, 1, 0], Coding::Dynamic(100));
        all.push(stream(name, "Nine by ten pixels in seven passes.", &chunks));
    }
    all.push(stream("one_interlaced_pixel", "Six of the passes are empty.", &{
        let form = Form { width: 1, height: 1, depth: 8, color: 0, interlaced: true };
        alone(&form, &[77], &[4], Coding::Fixed)
    }));
    all
}

fn of_data() -> Vec<GoldenCase<Apng>> {
    let form = Form { width: 20, height: 20, depth: 8, color: 2, interlaced: false };
    let coded = |coding| alone(&form, &noise(form, 20, 20), &[0, 4], coding);
    let changed = |change: fn(&mut Vec<u8>)| {
        let mut chunks = coded(Coding::Fixed);
        change(&mut chunks[1].bytes);
        chunks
    };
    let raw = |data: &[u8]| {
        vec![Form { width: 1, height: 1, depth: 8, color: 0, interlaced: false }.header(), Chunk::new(b"IDAT", data), Chunk::end()]
    };
    vec![
        stream("stored_blocks", "Blocks of 100 bytes as they are.", coded(Coding::Stored(100))),
        stream("fixed_block", "One block of the fixed codes.", coded(Coding::Fixed)),
        stream("dynamic_blocks", "Blocks of codes of their own for 300 bytes each.", coded(Coding::Dynamic(300))),
        stream("far_matches", "More than four times as many filtered bytes as a match can reach back, which repeat that far away.", {
            let form = Form { width: 130, height: 127, depth: 16, color: 6, interlaced: false };
            // Each row is its filter and 1,040 bytes.
            let place = |sample: u32| sample / 520 * 1_041 + sample % 520 * 2 + 1;
            let byte = |place: u32| ((place % 32_768 % 700).wrapping_mul(0x9e37_79b1) >> 24) as u8;
            let value = |sample| u16::from_be_bytes([byte(place(sample)), byte(place(sample) + 1)]);
            let samples = (0..130 * 127 * 4).map(value).collect::<Vec<_>>();
            alone(&form, &samples, &[0], Coding::Dynamic(u16::MAX))
        }),
        stream("pieces", "Data in many chunks, empty ones too.", &{
            let mut chunks = coded(Coding::Dynamic(u16::MAX));
            let data = std::mem::take(&mut chunks[1].bytes);
            let pieces = data.chunks(13).map(|piece| Chunk::new(b"IDAT", piece)).collect::<Vec<_>>();
            chunks.splice(2..2, pieces);
            chunks
        }),
        stream(
            "wrong_adler",
            "What follows the last row is not looked at, its checksum too.",
            changed(|data| {
                let last = data.len() - 1;
                data[last] ^= 1;
            }),
        ),
        stream("more_data", "More data than rows.", changed(|data| data.extend([1; 9]))),
        stream("no_zlib", "Another method of compression.", changed(|data| data[0] = 0x79)),
        stream("dictionary", "A dictionary that nobody has.", changed(|data| data[1] = 0x20)),
        stream("early_end", "Data that end before the last row.", changed(|data| data.truncate(data.len() / 2))),
        stream("block_of_no_kind", "A block of the fourth kind.", raw(&[0x78, 0x01, 0x07])),
        stream("wrong_stored_length", "A stored block whose lengths differ.", raw(&[0x78, 0x01, 0x01, 2, 0, 0, 0, 0, 9])),
        stream("distance_too_far", "A match before the first byte.", raw(&[0x78, 0x01, 0x03, 0x02, 0x00])),
        stream("too_many_codes", "A table of more than 286 codes.", raw(&[0x78, 0x01, 0xfd, 0xff, 0xff, 0xff, 0xff, 0xff])),
        stream("last_block_too_short", "The last block ends before the last row.", raw(&[0x78, 0x01, 0x01, 1, 0, 0xfe, 0xff, 0])),
        stream("filter_5", "A filter that there is not.", &{
            let mut chunks = coded(Coding::Fixed);
            let filtered = form.filtered(20, 20, &noise(form, 20, 20), &[0, 5]);
            chunks[1].bytes = spec::apng::zlib(&filtered, Coding::Fixed);
            chunks
        }),
    ]
}

fn of_animations() -> Vec<GoldenCase<Apng>> {
    let red = || solid(3, 2, [255, 0, 0, 255]);
    let whole = || at(0, 0, 3, 2);
    let part = |disposal, blend, left, top| Control { disposal, blend, ..at(left, top, 2, 1) };
    let half = |pixel| solid(2, 1, pixel);
    vec![
        stream("three_frames", "Delays as they are, a frame blended and put back, three plays.", three()),
        stream(
            "disposal",
            "Leave, clear and put back, each seen in the frame after it.",
            animated(
                &PLAIN,
                0,
                &[
                    frame(whole(), red()),
                    frame(part(1, 0, 0, 0), half([0, 0, 255, 255])),
                    frame(part(2, 0, 1, 1), half([0, 255, 0, 255])),
                    frame(part(0, 0, 1, 0), half([9, 9, 9, 9])),
                    frame(part(0, 1, 0, 0), half([200, 100, 50, 100])),
                ],
            ),
        ),
        stream(
            "first_put_back",
            "What was there before the first frame is nothing.",
            animated(&PLAIN, 1, &[frame(Control { disposal: 2, ..whole() }, red()), frame(part(0, 1, 0, 0), half([0, 0, 255, 128]))]),
        ),
        stream(
            "over",
            "Over nothing, over itself, and nothing over it; the platform's formula would give 129 for 130.",
            animated(
                &PLAIN,
                1,
                &[
                    frame(whole(), solid(3, 2, [129, 129, 129, 255])),
                    frame(part(0, 1, 0, 0), half([130, 130, 130, 128])),
                    frame(part(0, 0, 1, 1), half([1, 2, 3, 40])),
                    frame(part(0, 1, 1, 1), half([250, 128, 0, 99])),
                    frame(part(0, 1, 0, 1), half([77, 77, 77, 0])),
                ],
            ),
        ),
        stream("hidden_picture", "A picture before the first control is no frame.", &{
            let mut chunks = vec![PLAIN.header(), Chunk::animation(1, 1), Chunk::new(b"IDAT", solid(3, 2, [1, 1, 1, 255]))];
            chunks.extend([whole().chunk(), Chunk::later(1, &red()), Chunk::end()]);
            chunks
        }),
        stream("hidden_picture_of_nonsense", "It is not even expanded.", &{
            let mut chunks = vec![PLAIN.header(), Chunk::animation(1, 1), Chunk::new(b"IDAT", [1, 2, 3])];
            chunks.extend([whole().chunk(), Chunk::later(1, &red()), Chunk::end()]);
            chunks
        }),
        stream("later_data_in_pieces", "The data of a later frame in three chunks, each with its number.", &{
            let data = half([1, 2, 3, 255]);
            let mut chunks = animated(&PLAIN, 1, &[frame(whole(), red()), frame(part(0, 0, 0, 0), Vec::new())]);
            let pieces = [Chunk::later(2, &data[..4]), Chunk::later(3, &[]), Chunk::later(4, &data[4..])];
            chunks.splice(5..6, pieces);
            chunks
        }),
        stream("controls_without_animation", "Without acTL controls and later data are skipped, whatever they say.", &{
            let mut chunks = three();
            chunks.remove(1);
            chunks[3].bytes.pop();
            chunks
        }),
        stream("plays", "As many plays as 32 bits can say.", animated(&PLAIN, u32::MAX, &[frame(whole(), red())])),
    ]
}
