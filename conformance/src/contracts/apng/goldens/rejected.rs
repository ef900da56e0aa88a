//! Streams that are not as the format has them.

use super::{alone, stream, three};
use crate::suite::GoldenCase;
use spec::apng::{Apng, Chunk, Coding, Form};

pub(super) fn of_rejections() -> Vec<GoldenCase<Apng>> {
    let header = |change: fn(&mut Vec<u8>)| {
        let mut chunks = three();
        change(&mut chunks[0].bytes);
        chunks
    };
    let changed = |change: fn(&mut Vec<Chunk>)| {
        let mut chunks = three();
        change(&mut chunks);
        chunks
    };
    let coloured = |change: fn(&mut Vec<Chunk>)| {
        let form = Form { width: 2, height: 1, depth: 2, color: 3, interlaced: false };
        let mut chunks = alone(&form, &[0, 3], &[0], Coding::Fixed);
        change(&mut chunks);
        chunks
    };
    let control = |place: usize, byte: usize, value: u8| {
        let mut chunks = three();
        chunks[place].bytes[byte] = value;
        chunks
    };
    vec![
        stream("no_header", "Another chunk in the place of the header.", changed(|chunks| chunks.swap(0, 1))),
        stream("no_width", "A picture without columns.", header(|header| header[3] = 0)),
        stream("widest", "A side above 2^31 - 1, which is wrong before it is too large.", header(|header| header[0] = 0x80)),
        stream("depth_3", "A depth that there is not.", header(|header| header[8] = 3)),
        stream("colour_5", "A colour type that there is not.", header(|header| header[9] = 5)),
        stream("rgb_4", "A depth that does not belong to the colour type.", header(|header| header[8] = 4)),
        stream("method_1", "A method of compression that there is not.", header(|header| header[10] = 1)),
        stream("interlace_2", "A method of interlacing that there is not.", header(|header| header[12] = 2)),
        stream("spoilt_header", "A wrong CRC of the header.", changed(|chunks| chunks[0].spoilt = 1)),
        stream(
            "spoilt_text",
            "A wrong CRC of a chunk that nobody needs.",
            changed(|chunks| {
                chunks.insert(4, Chunk { spoilt: 0x8000_0000, ..Chunk::new(b"tEXt", *b"hello") });
            }),
        ),
        stream("spoilt_data", "A wrong CRC of data.", changed(|chunks| chunks[3].spoilt = 2)),
        stream("unknown_and_needed", "An unknown chunk that is needed.", changed(|chunks| chunks.insert(4, Chunk::new(b"WHAT", [])))),
        stream(
            "unknown",
            "Unknown chunks that are not needed.",
            changed(|chunks| chunks.splice(4..4, [Chunk::new(b"what", [1]), Chunk::new(b"whAT", [])]).for_each(drop)),
        ),
        stream("no_letters", "A name of other characters.", changed(|chunks| chunks.insert(4, Chunk::new(b"ab1d", [])))),
        stream("second_header", "A second header.", changed(|chunks| chunks.insert(1, chunks[0].clone()))),
        stream("second_animation", "A second acTL.", changed(|chunks| chunks.insert(1, chunks[1].clone()))),
        stream(
            "late_animation",
            "acTL behind IDAT.",
            changed(|chunks| {
                let animation = chunks.remove(1);
                chunks.insert(3, animation);
            }),
        ),
        stream("no_frames", "An animation of no frames.", changed(|chunks| chunks[1].bytes[3] = 0)),
        stream("fewer_frames", "Fewer frames than acTL says.", changed(|chunks| chunks[1].bytes[3] = 4)),
        stream("more_frames", "More frames than acTL says.", changed(|chunks| chunks[1].bytes[3] = 2)),
        stream("sequence_gap", "A sequence number that is left out.", control(4, 3, 2)),
        stream("sequence_of_data", "Data out of sequence.", control(5, 3, 9)),
        stream("first_not_whole", "A first frame that is not all of the picture.", control(2, 7, 2)),
        stream("frame_outside", "A frame that ends outside the picture.", control(4, 15, 2)),
        stream("empty_frame", "A frame without rows.", control(4, 11, 0)),
        stream("disposal_3", "A disposal that there is not.", control(4, 24, 3)),
        stream("blend_2", "A blend that there is not.", control(4, 25, 2)),
        stream("two_controls", "A control without data.", changed(|chunks| drop(chunks.remove(5)))),
        stream(
            "data_without_control",
            "Later data without a control.",
            changed(|chunks| {
                chunks.insert(6, Chunk::later(3, &[]));
                chunks.insert(7, Chunk::new(b"tEXt", []));
                chunks.insert(8, Chunk::later(4, &[]));
            }),
        ),
        stream(
            "data_apart",
            "A second run of IDAT.",
            changed(|chunks| {
                chunks.insert(4, Chunk::new(b"tEXt", []));
                chunks.insert(5, Chunk::new(b"IDAT", []));
            }),
        ),
        stream(
            "no_data",
            "An end before the picture.",
            changed(|chunks| chunks.truncate(1)).into_iter().chain([Chunk::end()]).collect::<Vec<_>>(),
        ),
        stream("long_end", "An end with content.", changed(|chunks| chunks.last_mut().into_iter().for_each(|end| end.bytes.push(0)))),
        stream("no_palette", "No palette where one is needed.", coloured(|chunks| drop(chunks.remove(1)))),
        stream("late_palette", "A palette behind IDAT.", coloured(|chunks| chunks.insert(3, chunks[1].clone()))),
        stream("second_palette", "A second palette.", coloured(|chunks| chunks.insert(1, chunks[1].clone()))),
        stream("long_palette", "More entries than the depth can name.", coloured(|chunks| chunks[1].bytes.extend([0; 3]))),
        stream("cut_palette", "A palette of no whole entries.", coloured(|chunks| chunks[1].bytes.truncate(11))),
        stream("empty_palette", "A palette without entries.", coloured(|chunks| chunks[1].bytes.clear())),
        stream("long_transparency", "More alphas than entries.", coloured(|chunks| chunks.insert(2, Chunk::new(b"tRNS", [0; 5])))),
        stream("early_transparency", "Alphas before the palette.", coloured(|chunks| chunks.insert(1, Chunk::new(b"tRNS", [0])))),
        stream("transparency_of_alpha", "tRNS in a picture with alpha.", changed(|chunks| chunks.insert(1, Chunk::new(b"tRNS", [0; 6])))),
        stream("palette_of_grey", "A palette in a grey picture.", &{
            let form = Form { width: 1, height: 1, depth: 8, color: 0, interlaced: false };
            let mut chunks = alone(&form, &[1], &[0], Coding::Fixed);
            chunks.insert(1, Chunk::new(b"PLTE", [0; 3]));
            chunks
        }),
    ]
}
