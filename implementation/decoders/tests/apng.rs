//! PNG at its bounds: what is rejected, and what it may cost.

mod common;

use common::{assert_rejected, client, peak};
use decoders::apng::ApngDecoder;
use decoders::media_types::{CodecId, probe};
use decoders::{Decoder, Limits, MediaPacket, Pull};
use spec::ErrorCode as E;
use spec::apng::{APNG_EXPANSION_MAX, Chunk, Coding, Form, bytes};
use spec::gif::{DECODE_MEMORY_BYTES_MAX, DECODE_SIDE_MAX};

/// What a rejection may allocate: nothing that depends on what the stream claims.
const REJECTION_BYTES: u64 = 4_096;

const GREY: Form = Form { width: 1, height: 1, depth: 8, color: 0, interlaced: false };

fn fed(limits: Limits, chunks: &[Chunk]) -> ApngDecoder {
    let mut decoder = ApngDecoder::new(&client(limits));
    decoder.feed(&bytes(chunks)).expect("it fits");
    decoder.end().expect("it is live");
    decoder
}

fn first(decoder: &mut ApngDecoder) -> (Result<(), E>, u64) {
    let (found, allocated) = peak(|| decoder.next().map(|_| ()));
    (found.map_err(assert_rejected), allocated)
}

#[test]
fn test_reject_apng_expansion_over_max() {
    // A row of 1,031 pixels and its filter are as many bytes as one byte of data may claim.
    let with = |width: u32, data: usize| {
        let form = Form { width, ..GREY };
        first(&mut fed(Limits::default(), &[form.header(), Chunk::new(b"IDAT", vec![0x78; data]), Chunk::end()]))
    };
    assert_eq!(with(APNG_EXPANSION_MAX - 1, 1).0, Err(E::CorruptPixels));
    let (found, allocated) = with(APNG_EXPANSION_MAX, 1);
    assert_eq!(found, Err(E::ExpansionTooLarge));
    assert!(allocated < REJECTION_BYTES, "a rejection cost {allocated} bytes");
    assert_eq!(with(1, 0).0, Err(E::ExpansionTooLarge));
}

#[test]
fn test_reject_apng_headers_cost_nothing() {
    for (width, height, right) in [
        (DECODE_SIDE_MAX, DECODE_SIDE_MAX, true),
        (DECODE_SIDE_MAX + 1, 1, false),
        (1, DECODE_SIDE_MAX + 1, false),
        (0x7fff_ffff, 0x7fff_ffff, false),
    ] {
        let form = Form { width, height, ..GREY };
        let decoder = fed(Limits { memory_bytes: DECODE_MEMORY_BYTES_MAX, ..Limits::default() }, &[form.header()]);
        let (info, allocated) = peak(|| decoder.info());
        assert_eq!(info.map(|info| info.is_some()).map_err(assert_rejected), if right { Ok(true) } else { Err(E::PictureTooLarge) });
        assert_eq!(allocated, 0);
    }
    // A bomb within all bounds but that of its data: 67 million pixels of a hundred bytes.
    let form = Form { width: DECODE_SIDE_MAX, height: DECODE_SIDE_MAX, ..GREY };
    let chunks = [form.header(), Chunk::new(b"IDAT", [7; 100]), Chunk::end()];
    let (found, allocated) = first(&mut fed(Limits { memory_bytes: DECODE_MEMORY_BYTES_MAX, ..Limits::default() }, &chunks));
    assert_eq!(found, Err(E::ExpansionTooLarge));
    assert!(allocated < REJECTION_BYTES, "a rejection cost {allocated} bytes");
    let chunks = [GREY.header(), Chunk::animation(u32::MAX, 0)];
    let (found, allocated) = first(&mut fed(Limits::default(), &chunks));
    assert_eq!(found, Err(E::TooManyFrames));
    assert!(allocated < REJECTION_BYTES, "a rejection cost {allocated} bytes");
}

#[test]
fn test_reject_apng_memory_over_limit() {
    let form = Form { width: 100, height: 100, ..GREY };
    let data = form.data(100, 100, &[9; 10_000], &[2], Coding::Fixed);
    let chunks = [form.header(), Chunk::new(b"IDAT", data), Chunk::end()];
    let needed = bytes(&chunks).len() as u64 + 40_000 + 10_100;
    let with = |memory_bytes| first(&mut fed(Limits { memory_bytes, ..Limits::default() }, &chunks));
    let (found, allocated) = with(needed);
    // The canvas, the filtered bytes, a line, and the inflater's tables, which are made for the first picture and depend on none.
    assert!(found.is_ok() && allocated <= 40_000 + 10_100 + 4_096 + 16_384, "{found:?}, {allocated} bytes");
    let (found, allocated) = with(needed - 1);
    assert_eq!(found, Err(E::DecodeMemoryExceeded));
    assert!(allocated < REJECTION_BYTES, "a rejection cost {allocated} bytes");
}

#[test]
fn a_picture_is_probed_opened_and_pulled() {
    let form = Form { width: 2, height: 1, depth: 16, color: 6, interlaced: false };
    let data = form.data(2, 1, &[0xffff, 0, 0, 0x8080, 0, 0, 0xffff, 0xffff], &[4], Coding::Dynamic(9));
    let stream = bytes(&[form.header(), Chunk::new(b"IDAT", data), Chunk::end()]);
    assert_eq!(probe(&stream), Ok(Some(CodecId::Apng)));
    let client = client(Limits::default());
    let mut decoder = client.open(CodecId::Apng).expect("there is a decoder");
    decoder.feed(&stream).expect("it fits");
    let Ok(Pull::Packet(MediaPacket::VideoFrame(frame))) = decoder.next() else { panic!("no frame") };
    assert_eq!((frame.stride, frame.pixels), (8, [0, 0, 255, 128, 255, 0, 0, 255].as_slice()));
    assert_eq!(decoder.next(), Ok(Pull::Ended { packets: 1, plays: 1 }));
    let before = client.budget().held();
    assert_eq!(before, stream.len() as u64 + 8);
    decoder.cancel();
    assert_eq!(client.budget().held(), 0);
}

#[test]
fn data_longer_than_what_is_held_of_them_are_whole() {
    // Grey rows whose filter is none: what was compressed is what is drawn. It repeats as far away as a match can reach.
    for (width, height) in [(511, 511), (8_191, 40), (17, 8_192), (8_192, 17)] {
        let form = Form { width, height, ..GREY };
        let noise = |place: u32| ((place + place / width + 1) % 32_768).wrapping_mul(0x9e37_79b1) >> 24;
        let samples: Vec<u16> = (0..width * height).map(|place| noise(place) as u16).collect();
        for coding in [Coding::Stored(u16::MAX), Coding::Stored(999), Coding::Fixed, Coding::Dynamic(40_000)] {
            let data = form.data(width, height, &samples, &[0], coding);
            // Data in pieces end anywhere.
            let pieces: Vec<Chunk> = data.chunks(8_192).map(|piece| Chunk::new(b"IDAT", piece)).collect();
            let chunks = [&[form.header()], pieces.as_slice(), &[Chunk::end()]].concat();
            let mut decoder = fed(Limits { memory_bytes: DECODE_MEMORY_BYTES_MAX, ..Limits::default() }, &chunks);
            let Ok(Pull::Packet(MediaPacket::VideoFrame(frame))) = decoder.next() else { panic!("no frame") };
            let drawn = frame.pixels.as_chunks::<4>().0.iter().map(|[grey, ..]| u16::from(*grey));
            assert!(drawn.eq(samples.iter().copied()), "{width} by {height}, {coding:?}");
        }
    }
}
