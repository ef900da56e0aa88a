//! JPEG and motion JPEG at their bounds: what is rejected, and what it may cost.

mod common;

use common::{assert_rejected, client, peak};
use decoders::media_types::{CodecId, probe};
use decoders::mjpeg::MjpegDecoder;
use decoders::{Decoder, Limits, MediaPacket, Pull};
use spec::ErrorCode as E;
use spec::gif::{DECODE_INPUT_BYTES_MAX, DECODE_MEMORY_BYTES_MAX, DECODE_SIDE_MAX};
use spec::mjpeg::{
    Body, FoundKind, Jpeg, MJPEG_BOUNDARY_BYTES_MAX, MJPEG_EXPANSION_MAX, MJPEG_PART_HEADER_BYTES_MAX, MJPEG_RESTARTS_MAX, MJPEG_SCANS_MAX,
    MJPEG_UNIT_BLOCKS_MAX, MJPEG_WORK_BYTES, Scan, find,
};

/// What a rejection may allocate: nothing that depends on what the stream claims.
const REJECTION_BYTES: u64 = 4_096;

fn wide() -> Limits {
    Limits { memory_bytes: DECODE_MEMORY_BYTES_MAX, ..Limits::default() }
}

fn fed(limits: Limits, stream: &[u8]) -> MjpegDecoder {
    let mut decoder = MjpegDecoder::new(&client(limits));
    decoder.feed(stream).expect("it fits");
    decoder.end().expect("it is live");
    decoder
}

/// What the first pull gives, and what it allocates.
fn first(limits: Limits, stream: &[u8]) -> (Result<(), E>, u64) {
    let mut decoder = fed(limits, stream);
    let (found, allocated) = peak(|| decoder.next().map(|_| ()));
    (found.map_err(assert_rejected), allocated)
}

fn assert_cheap((found, allocated): (Result<(), E>, u64), code: E) {
    assert_eq!(found, Err(code));
    assert!(allocated < REJECTION_BYTES, "a rejection cost {allocated} bytes");
}

/// A grey picture.
fn grey(width: u16, height: u16) -> Jpeg {
    Jpeg::new(width, height, &[(1, 1)]).painted(|_, block, place| if place < 3 { (block % 50) as i16 } else { 0 })
}

#[test]
fn test_reject_mjpeg_scans_over_max() {
    // One for DC, one for each other coefficient, and refinements of these.
    let with = |scans: u8| {
        let mut jpeg = grey(9, 9);
        jpeg.kind = 0xc2;
        jpeg.scans = vec![Scan::progressive(&[0], (0, 0), 0, 0)];
        jpeg.scans.extend((1..64).map(|place| Scan::progressive(&[0], (place, place), 0, 1)));
        jpeg.scans.extend((1..=scans - 64).map(|place| Scan::progressive(&[0], (place, place), 1, 0)));
        first(Limits::default(), &jpeg.bytes())
    };
    assert_eq!(with(MJPEG_SCANS_MAX as u8).0, Ok(()));
    assert_cheap(with(MJPEG_SCANS_MAX as u8 + 1), E::TooManyScans);
}

#[test]
fn test_reject_mjpeg_restarts_over_max() {
    // 255 by 257 blocks of an interval each are 65,535 intervals.
    let with = |columns: u16, rows: u16| {
        let mut jpeg = grey(columns * 8, rows * 8);
        jpeg.interval = 1;
        first(wide(), &jpeg.bytes())
    };
    assert_eq!(255 * 257 - 1, MJPEG_RESTARTS_MAX);
    assert_eq!(with(255, 257).0, Ok(()));
    assert_cheap(with(256, 256), E::TooManyRestarts);
    // A small picture has no room for them, however many.
    let bomb = |markers: u32| {
        let mut stream = grey(8, 8).bytes();
        let end = stream.len() - 2;
        stream.splice(end..end, (0..markers).flat_map(|number| [0xff, 0xd0 | (number % 8) as u8]));
        first(Limits::default(), &stream)
    };
    assert_eq!(bomb(MJPEG_RESTARTS_MAX).0, Err(E::CorruptPixels));
    assert_cheap(bomb(MJPEG_RESTARTS_MAX + 1), E::TooManyRestarts);
}

#[test]
fn test_reject_mjpeg_unit_over_max() {
    let with = |factors: [(u8, u8); 3]| first(Limits::default(), &Jpeg::new(20, 20, &factors).bytes()).0;
    assert_eq!(4 * 2 + 1 + 1, MJPEG_UNIT_BLOCKS_MAX);
    assert_eq!(with([(4, 2), (1, 1), (1, 1)]), Ok(()));
    assert_eq!(with([(4, 2), (2, 1), (1, 1)]), Err(E::MalformedMedia));
}

/// The same picture with other sides in its header.
fn claiming(mut stream: Vec<u8>, width: u16, height: u16) -> Vec<u8> {
    let header = find(&stream).into_iter().find(|part| matches!(part.kind, FoundKind::Segment(0xc0..=0xc2))).expect("a frame header").bytes;
    let sides = [height.to_be_bytes(), width.to_be_bytes()].concat();
    stream[header.start + 5..header.start + 9].copy_from_slice(&sides);
    stream
}

#[test]
fn test_reject_mjpeg_expansion_over_max() {
    let stream = grey(8, 8).bytes();
    let with = |height: usize| first(Limits::default(), &claiming(stream.clone(), MJPEG_EXPANSION_MAX as u16, height as u16));
    // As many pixels as the picture's bytes may claim, which these don't hold.
    assert_eq!(with(stream.len()).0, Err(E::CorruptPixels));
    assert_cheap(with(stream.len() + 1), E::ExpansionTooLarge);
}

#[test]
fn test_reject_mjpeg_headers_cost_nothing() {
    let side = DECODE_SIDE_MAX as u16;
    for (width, height, code) in [
        (side, side, E::ExpansionTooLarge),
        (side + 1, 1, E::PictureTooLarge),
        (1, side + 1, E::PictureTooLarge),
        (u16::MAX, u16::MAX, E::PictureTooLarge),
        (0, 1, E::MalformedMedia),
        (1, 0, E::UnsupportedMedia),
    ] {
        for progressive in [false, true] {
            let mut jpeg = grey(8, 8);
            if progressive {
                (jpeg.kind, jpeg.scans) = (0xc2, vec![Scan::progressive(&[0], (0, 0), 0, 0)]);
            }
            let stream = claiming(jpeg.bytes(), width, height);
            let decoder = fed(wide(), &stream);
            let (info, allocated) = peak(|| decoder.info().map(|_| ()).map_err(assert_rejected));
            assert_eq!(info, if code == E::ExpansionTooLarge { Ok(()) } else { Err(code) });
            assert!(allocated < REJECTION_BYTES);
            assert_cheap(first(wide(), &stream), code);
        }
    }
}

#[test]
fn test_reject_mjpeg_boundary_over_max() {
    let with = |length: usize, byte: u8| {
        let mut body = Body::new(&[grey(1, 1).bytes()], true);
        body.boundary = vec![byte; length];
        first(Limits::default(), &body.bytes())
    };
    let most = MJPEG_BOUNDARY_BYTES_MAX as usize;
    assert_eq!((with(most, b'b').0, with(1, b'b').0), (Ok(()), Ok(())));
    for (length, byte) in [(most + 1, b'b'), (0, b'b'), (3, b' '), (3, 0x7f), (100_000, b'b')] {
        assert_cheap(with(length, byte), E::MalformedMedia);
    }
}

#[test]
fn test_reject_mjpeg_part_header_over_max() {
    let with = |bytes: usize| {
        let mut body = Body::new(&[grey(1, 1).bytes()], false);
        let line = &mut body.parts[0].lines[0];
        line.resize(bytes - 4, b';');
        first(Limits::default(), &body.bytes())
    };
    let most = MJPEG_PART_HEADER_BYTES_MAX as usize;
    assert_eq!(with(most).0, Ok(()));
    assert_cheap(with(most + 1), E::PartHeaderTooLarge);
    assert_cheap(with(1_000_000), E::PartHeaderTooLarge);
}

#[test]
fn test_reject_mjpeg_part_without_end() {
    let mut decoder = MjpegDecoder::new(&client(wide()));
    decoder.feed(b"--b\nContent-Type: image/jpeg\n\n\xff\xd8").expect("it fits");
    // Line ends everywhere, each of which may begin a delimiter.
    let chunk = b"\r\n--\r\n-".repeat(8_192);
    let mut length = 32;
    while length + chunk.len() < DECODE_INPUT_BYTES_MAX as usize {
        decoder.feed(&chunk).expect("it fits");
        assert_eq!(decoder.next().map_err(assert_rejected), Ok(Pull::NeedInput));
        length += chunk.len();
    }
    decoder.end().expect("it is live");
    let (found, allocated) = peak(|| decoder.next().map(|_| ()).map_err(assert_rejected));
    assert_cheap((found, allocated), E::TruncatedMedia);
    let huge = b"--b\nContent-Type: image/jpeg\nContent-Length: 8388609\n\n";
    assert_cheap(first(Limits::default(), huge), E::OversizedInput);
}

#[test]
fn memory_is_what_is_charged_and_a_constant() {
    for factors in [&[(2, 2), (1, 1), (1, 1)][..], &[(1, 1)], &[(4, 4), (4, 4), (4, 4)]] {
        for progressive in [false, true] {
            let mut jpeg = Jpeg::new(400, 300, factors);
            if factors.len() == 3 && factors[2] == (4, 4) {
                jpeg.scans = (0..3).map(|plane| Scan::sequential(&[plane])).collect();
            }
            if progressive {
                jpeg.kind = 0xc2;
                let planes: Vec<u8> = (0..factors.len() as u8).collect();
                jpeg.scans = planes.iter().map(|plane| Scan::progressive(&[*plane], (0, 0), 0, 0)).collect();
            }
            let stream = jpeg.bytes();
            let kept: usize =
                if jpeg.scans.len() > 1 || progressive { jpeg.planes.iter().map(|plane| plane.blocks.len() * 128).sum() } else { 0 };
            let needed = (stream.len() + 400 * 300 * 4 + kept) as u64;
            let with = |memory_bytes| first(Limits { memory_bytes, ..Limits::default() }, &stream);
            let (found, allocated) = with(needed);
            assert_eq!(found, Ok(()));
            assert!(allocated <= needed - stream.len() as u64 + u64::from(MJPEG_WORK_BYTES), "{allocated} bytes of {needed}");
            assert_cheap(with(needed - 1), E::DecodeMemoryExceeded);
        }
    }
}

#[test]
fn rows_of_the_widest_picture_are_within_their_constant() {
    let mut jpeg = Jpeg::new(DECODE_SIDE_MAX as u16, 40, &[(4, 4), (4, 4), (4, 4)]);
    jpeg.scans = (0..3).map(|plane| Scan::sequential(&[plane])).collect();
    let stream = jpeg.bytes();
    let client = client(wide());
    let mut decoder = MjpegDecoder::new(&client);
    decoder.feed(&stream).expect("it fits");
    let (found, allocated) = peak(|| decoder.next().map(|_| ()).map_err(assert_rejected));
    assert_eq!(found, Ok(()));
    let charged = client.budget().held() - stream.len() as u64;
    assert!(allocated <= charged + u64::from(MJPEG_WORK_BYTES), "{allocated} bytes, {charged} charged");
}

/// Small streams with everything in them.
fn fixtures() -> Vec<Vec<u8>> {
    let painted = |_, block: usize, place: usize| if place < 12 { (block * 31 + place * 7) as i16 % 40 - 20 } else { 0 };
    let mut colour = Jpeg::new(17, 9, &[(2, 2), (1, 1), (1, 1)]).painted(painted);
    colour.interval = 1;
    let mut progressive = Jpeg::new(9, 9, &[(1, 1), (1, 1), (1, 1)]).painted(painted);
    progressive.kind = 0xc2;
    progressive.scans = vec![
        Scan::progressive(&[0, 1, 2], (0, 0), 0, 1),
        Scan::progressive(&[0], (1, 63), 0, 1),
        Scan::progressive(&[0, 1, 2], (0, 0), 1, 0),
        Scan::progressive(&[0], (1, 63), 1, 0),
        Scan::progressive(&[2], (1, 5), 0, 0),
    ];
    let parts = [grey(3, 2).bytes(), grey(3, 2).bytes()];
    vec![[colour.bytes(), colour.bytes()].concat(), progressive.bytes(), Body::new(&parts, true).bytes(), Body::new(&parts, false).bytes()]
}

/// Pulls until there is nothing more; gives the frames and why there are no more.
fn pull_all(decoder: &mut MjpegDecoder) -> (Vec<Vec<u8>>, Result<(), E>) {
    let mut frames = Vec::new();
    loop {
        match decoder.next() {
            Ok(Pull::Packet(MediaPacket::VideoFrame(frame))) => frames.push(frame.pixels.to_vec()),
            Ok(Pull::Ended { packets, plays: 1 }) if packets as usize == frames.len() => return (frames, Ok(())),
            Err(error) => return (frames, Err(assert_rejected(error))),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn truncation_at_every_byte_gives_the_frames_before_it() {
    for stream in fixtures() {
        let (whole, end) = pull_all(&mut fed(Limits::default(), &stream));
        assert_eq!(end, Ok(()));
        for cut in 0..stream.len() {
            let (frames, end) = pull_all(&mut fed(Limits::default(), &stream[..cut]));
            assert!(whole.starts_with(&frames), "cut at {cut}");
            // A stream may end behind a frame.
            assert!(end == Err(E::TruncatedMedia) || end == Ok(()) && !frames.is_empty(), "cut at {cut}: {end:?}");
        }
    }
}

#[test]
fn every_flipped_bit_has_an_answer() {
    for stream in fixtures() {
        for bit in 0..stream.len() * 8 {
            let mut flipped = stream.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let (frames, _) = pull_all(&mut fed(Limits::default(), &flipped));
            assert!(frames.len() <= 3);
        }
    }
}

#[test]
fn a_picture_is_probed_opened_and_pulled() {
    for stream in fixtures() {
        assert_eq!(probe(&stream), Ok(Some(CodecId::Mjpeg)));
        let client = client(Limits::default());
        let mut decoder = client.open(CodecId::Mjpeg).expect("there is a decoder");
        decoder.feed(&stream).expect("it fits");
        assert!(matches!(decoder.next(), Ok(Pull::Packet(MediaPacket::VideoFrame(_)))));
        decoder.cancel();
        assert_eq!(client.budget().held(), 0);
    }
}
