//! Small streams that claim much: a stable code, no memory that they ask for, and nothing lost that was decoded before.

mod common;

use common::{assert_rejected, client, peak};
use decoders::apng::ApngDecoder;
use decoders::gif::GifDecoder;
use decoders::{Decoder, Limits, MediaPacket, Pull};
use spec::ErrorCode as E;
use spec::apng::{Chunk, Coding, Control, Form, bytes, zlib};
use spec::gif::{Animation, DECODE_MEMORY_BYTES_MAX, Extension, Image};

/// What is allocated whatever a stream says: tables of the expanders, and the steps in which a stream's memory grows.
const CONSTANT_BYTES: u64 = 160 * 1_024;

const GREY: Form = Form { width: 1, height: 1, depth: 8, color: 0, interlaced: false };

/// Pulls frames until there are no more: how many, why there are no more, and what that allocated beside the stream.
fn pulled<D: Decoder>(new: fn(&decoders::Client) -> D, limits: Limits, stream: &[u8]) -> (u32, Option<E>, u64) {
    let mut decoder = new(&client(limits));
    decoder.feed(stream).expect("it fits");
    decoder.end().expect("it is live");
    let ((frames, found), allocated) = peak(|| {
        let mut frames = 0;
        loop {
            match decoder.next() {
                Ok(Pull::Packet(MediaPacket::VideoFrame(_))) => frames += 1,
                Ok(Pull::Ended { .. }) => return (frames, None),
                Err(error) => return (frames, Some(assert_rejected(error))),
                other => panic!("{other:?}"),
            }
        }
    });
    (frames, found, allocated)
}

fn gif(limits: Limits, animation: &Animation) -> (u32, Option<E>, u64) {
    pulled(GifDecoder::new, limits, &animation.bytes())
}

fn apng(limits: Limits, chunks: &[Chunk]) -> (u32, Option<E>, u64) {
    pulled(ApngDecoder::new, limits, &bytes(chunks))
}

fn everything() -> Limits {
    Limits { memory_bytes: DECODE_MEMORY_BYTES_MAX, ..Limits::default() }
}

#[test]
fn test_reject_gif_of_65_535_squared() {
    let bomb = Animation::new(u16::MAX, u16::MAX, &[[0; 3]]).with(Image::new(u16::MAX, u16::MAX, 2, &[0]));
    let (frames, found, allocated) = gif(everything(), &bomb);
    assert_eq!((frames, found), (0, Some(E::PictureTooLarge)));
    assert!(allocated < 1_024, "{allocated} bytes");
}

#[test]
fn test_reject_gif_image_that_claims_the_largest_screen() {
    // One good frame, then one of 67 million pixels from a single byte of data.
    let bomb = |side| Animation::new(side, side, &[[0; 3]]).with(Image::new(1, 1, 2, &[0])).with(Image::new(side, side, 2, &[0]));
    let (frames, found, allocated) = gif(Limits::default(), &bomb(1_000));
    assert_eq!((frames, found), (1, Some(E::ExpansionTooLarge)));
    assert!(allocated < 4_000_000 + CONSTANT_BYTES, "{allocated} bytes");
    // Under the default memory the largest screen has no canvas, and so no first frame.
    let (frames, found, allocated) = gif(Limits::default(), &bomb(8_192));
    assert_eq!((frames, found), (0, Some(E::DecodeMemoryExceeded)));
    assert!(allocated < 1_024, "{allocated} bytes");
}

#[test]
fn many_blocks_of_a_gif_cost_nothing() {
    // A million empty comments in front of an image.
    let comments = Extension::Raw([0x21, 0xfe, 0].repeat(1 << 20));
    let (frames, found, allocated) =
        gif(Limits::default(), &Animation::new(1, 1, &[[0; 3]]).with(Image::new(1, 1, 2, &[0]).after(comments)));
    assert_eq!((frames, found), (1, None));
    assert!(allocated < CONSTANT_BYTES, "{allocated} bytes");
}

#[test]
fn a_zlib_bomb_is_expanded_to_the_last_pixel_and_no_further() {
    // Two bytes of pixels, and sixteen million zeros behind them.
    let data = zlib(&vec![0; 1 << 24], Coding::Fixed);
    let (frames, found, allocated) = apng(Limits::default(), &[GREY.header(), Chunk::new(b"IDAT", data), Chunk::end()]);
    assert_eq!((frames, found), (1, None));
    assert!(allocated < CONSTANT_BYTES, "{allocated} bytes");
}

#[test]
fn test_reject_zlib_bomb_of_a_large_picture() {
    // 67 million pixels of 16 bits and four channels from half a megabyte of data: within the expansion, and not within the memory.
    let form = Form { width: 8_192, height: 8_192, depth: 16, color: 6, interlaced: false };
    let chunks = [form.header(), Chunk::new(b"IDAT", vec![0x78; 1 << 19]), Chunk::end()];
    for memory_bytes in [Limits::default().memory_bytes, 800_000_000] {
        let (frames, found, allocated) = apng(Limits { memory_bytes, ..Limits::default() }, &chunks);
        assert_eq!((frames, found), (0, Some(E::DecodeMemoryExceeded)));
        assert!(allocated < 4_096, "{allocated} bytes");
    }
    let few = [form.header(), Chunk::new(b"IDAT", vec![0x78; 1 << 10]), Chunk::end()];
    let (frames, found, allocated) = apng(everything(), &few);
    assert_eq!((frames, found), (0, Some(E::ExpansionTooLarge)));
    assert!(allocated < 4_096, "{allocated} bytes");
}

#[test]
fn test_reject_apng_of_2_to_the_32_frames() {
    let data = GREY.data(1, 1, &[1], &[0], Coding::Fixed);
    let control = Control { width: 1, height: 1, ..Control::default() };
    let with = |frames| [GREY.header(), Chunk::animation(frames, 0), control.chunk(), Chunk::new(b"IDAT", data.clone()), Chunk::end()];
    let (frames, found, allocated) = apng(everything(), &with(u32::MAX));
    assert_eq!((frames, found), (0, Some(E::TooManyFrames)));
    assert!(allocated < 4_096, "{allocated} bytes");
    // Within the bound the frame that is there is given before the missing ones are found.
    let (frames, found, allocated) = apng(everything(), &with(65_536));
    assert_eq!((frames, found), (1, Some(E::MalformedMedia)));
    assert!(allocated < CONSTANT_BYTES, "{allocated} bytes");
}

#[test]
fn test_reject_apng_whose_frames_are_fewer_bytes_than_they_claim() {
    // A good frame, then one as large that ends after its first row.
    let form = Form { width: 600, height: 600, ..GREY };
    let data = form.data(600, 600, &[7; 360_000], &[1], Coding::Fixed);
    let whole = Control { width: 600, height: 600, ..Control::default() };
    let chunks = [
        form.header(),
        Chunk::animation(2, 0),
        whole.chunk(),
        Chunk::new(b"IDAT", data.clone()),
        Control { sequence: 1, ..whole }.chunk(),
        Chunk::later(2, &data[..data.len() / 2]),
        Chunk::end(),
    ];
    let (frames, found, allocated) = apng(Limits::default(), &chunks);
    assert_eq!((frames, found), (1, Some(E::CorruptPixels)));
    assert!(allocated < 1_440_000 + 360_600 + CONSTANT_BYTES, "{allocated} bytes");
}

#[test]
fn bytes_one_by_one_cost_no_more_than_the_stream() {
    let stream = Animation::new(40, 40, &[[0; 3]]).with(Image::new(40, 40, 2, &[0; 1_600])).bytes();
    let mut decoder = GifDecoder::new(&client(Limits::default()));
    let ((), allocated) = peak(|| {
        for byte in &stream {
            decoder.feed(&[*byte]).expect("it fits");
            assert!(decoder.next().is_ok());
        }
    });
    assert!(allocated < 6_400 + CONSTANT_BYTES, "{allocated} bytes");
}
