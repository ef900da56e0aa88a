//! Every bound of decoding is met from outside: the code is the documented one, the bound itself is taken, and nothing is allocated.

mod common;

use common::{assert_rejected, client, peak};
use decoders::gif::GifDecoder;
use decoders::{Client, Decoder, Limits, MediaPacket, Pull};
use spec::ErrorCode as E;
use spec::gif::{
    Animation, DECODE_FRAMES_MAX, DECODE_INPUT_BYTES_MAX, DECODE_MEMORY_BYTES_MAX, DECODE_PIXELS_MAX, DECODE_SIDE_MAX,
    DECODE_TOTAL_BYTES_MAX, GIF_EXPANSION_MAX, Image,
};

const BLACK: [[u8; 3]; 1] = [[0; 3]];

/// What a rejection may allocate: nothing that depends on what the stream claims.
const REJECTION_BYTES: u64 = 1_024;

fn fed(limits: Limits, stream: &[u8]) -> GifDecoder {
    let mut decoder = GifDecoder::new(&client(limits));
    decoder.feed(stream).expect("it fits");
    decoder.end().expect("it is live");
    decoder
}

/// Pulls frames until there are no more; gives how many, and why there are no more.
fn pull_all(decoder: &mut GifDecoder) -> (u32, Result<(), E>) {
    let mut frames = 0;
    loop {
        match decoder.next() {
            Ok(Pull::Packet(MediaPacket::VideoFrame(_))) => frames += 1,
            Ok(Pull::Ended { packets, .. }) if packets == frames => return (frames, Ok(())),
            Err(error) => return (frames, Err(assert_rejected(error))),
            other => panic!("{other:?}"),
        }
    }
}

/// A header's answer, and that looking at it allocates nothing that its numbers ask for.
fn header(limits: Limits, width: u32, height: u32) -> Result<(), E> {
    let (width, height) = (width.try_into().expect("16 bits"), height.try_into().expect("16 bits"));
    let animation = Animation::new(width, height, &BLACK).with(Image::new(1, 1, 2, &[0]));
    let mut decoder = fed(limits, &animation.bytes());
    let (info, allocated) = peak(|| decoder.info());
    assert!(allocated < REJECTION_BYTES, "a header cost {allocated} bytes");
    let info = info.map(|info| assert!(info.is_some())).map_err(assert_rejected);
    let (next, allocated) = peak(|| decoder.next().map(|_| ()).map_err(assert_rejected));
    if next.is_err() {
        assert!(allocated < REJECTION_BYTES, "a rejection cost {allocated} bytes");
        // The same again, until a rewind and after it.
        assert_eq!(decoder.next().map(|_| ()).map_err(assert_rejected), next);
        decoder.rewind().expect("it is live");
        assert_eq!(decoder.next().map(|_| ()).map_err(assert_rejected), next);
    }
    info.and(next)
}

#[test]
fn test_reject_decode_input_over_max() {
    let client = client(Limits::default());
    let mut decoder = GifDecoder::new(&client);
    let zeros = vec![0; DECODE_INPUT_BYTES_MAX as usize];
    assert_eq!(decoder.feed(&[&zeros[..], &[0]].concat()).map_err(assert_rejected), Err(E::OversizedInput));
    assert_eq!(client.budget().held(), 0);
    assert!(decoder.feed(&zeros).is_ok());
    let ((), allocated) = peak(|| assert_eq!(decoder.feed(&[0]).map_err(assert_rejected), Err(E::OversizedInput)));
    assert!(allocated < REJECTION_BYTES);
    assert_eq!(client.budget().held(), u64::from(DECODE_INPUT_BYTES_MAX));
    assert!(decoder.feed(&[]).is_ok());
}

#[test]
fn test_reject_decode_side_over_max() {
    let wide = |side| header(Limits { memory_bytes: DECODE_MEMORY_BYTES_MAX, ..Limits::default() }, side, 1);
    assert_eq!((wide(DECODE_SIDE_MAX), wide(DECODE_SIDE_MAX + 1)), (Ok(()), Err(E::PictureTooLarge)));
    let tall = |side| header(Limits::default(), 1, side);
    assert_eq!((tall(DECODE_SIDE_MAX), tall(DECODE_SIDE_MAX + 1)), (Ok(()), Err(E::PictureTooLarge)));
    assert_eq!(header(Limits::default(), 65_535, 65_535), Err(E::PictureTooLarge));
}

#[test]
fn test_reject_decode_pixels_over_max() {
    // Sides at their bound have just the pixels of theirs.
    assert_eq!(DECODE_SIDE_MAX * DECODE_SIDE_MAX, DECODE_PIXELS_MAX);
    let with = |pixels| Client::new(Limits { pixels, ..Limits::default() }).map(|_| ()).map_err(assert_rejected);
    assert_eq!((with(0), with(1), with(DECODE_PIXELS_MAX)), (Err(E::OutOfRange), Ok(()), Ok(())));
    assert_eq!(with(DECODE_PIXELS_MAX + 1), Err(E::OutOfRange));
    let limited = |width, height| header(Limits { pixels: 100, ..Limits::default() }, width, height);
    assert_eq!((limited(10, 10), limited(101, 1), limited(3, 34)), (Ok(()), Err(E::PictureTooLarge), Err(E::PictureTooLarge)));
}

#[test]
fn test_reject_decode_frames_over_max() {
    let with = |frames: u32| {
        let mut animation = Animation::new(1, 1, &BLACK);
        animation.images = vec![Image::new(1, 1, 2, &[0]); frames as usize];
        pull_all(&mut fed(Limits::default(), &animation.bytes()))
    };
    assert_eq!(with(DECODE_FRAMES_MAX), (DECODE_FRAMES_MAX, Ok(())));
    assert_eq!(with(DECODE_FRAMES_MAX + 1), (DECODE_FRAMES_MAX, Err(E::TooManyFrames)));
    let limit = |frames| Client::new(Limits { frames, ..Limits::default() }).map(|_| ()).map_err(assert_rejected);
    assert_eq!((limit(0), limit(DECODE_FRAMES_MAX), limit(DECODE_FRAMES_MAX + 1)), (Err(E::OutOfRange), Ok(()), Err(E::OutOfRange)));
}

#[test]
fn test_reject_decode_total_over_max() {
    let limit = |decoded_bytes| Client::new(Limits { decoded_bytes, ..Limits::default() }).map(|_| ()).map_err(assert_rejected);
    assert_eq!((limit(0), limit(DECODE_TOTAL_BYTES_MAX)), (Err(E::OutOfRange), Ok(())));
    assert_eq!(limit(DECODE_TOTAL_BYTES_MAX + 1), Err(E::OutOfRange));
    let three = (0..3).fold(Animation::new(5, 5, &BLACK), |animation, _| animation.with(Image::new(1, 1, 2, &[0]))).bytes();
    let with = |decoded_bytes| pull_all(&mut fed(Limits { decoded_bytes, ..Limits::default() }, &three));
    assert_eq!((with(300), with(299)), ((3, Ok(())), (2, Err(E::DecodedTooLarge))));
}

#[test]
fn test_reject_decode_memory_over_max() {
    let limit = |memory_bytes| Client::new(Limits { memory_bytes, ..Limits::default() }).map(|_| ()).map_err(assert_rejected);
    assert_eq!((limit(0), limit(DECODE_MEMORY_BYTES_MAX)), (Err(E::OutOfRange), Ok(())));
    assert_eq!(limit(DECODE_MEMORY_BYTES_MAX + 1), Err(E::OutOfRange));
    let stream = Animation::new(1_000, 1_000, &BLACK).with(Image::new(1, 1, 2, &[0])).bytes();
    let needed = stream.len() as u64 + 4_000_000;
    assert_eq!(pull_all(&mut fed(Limits { memory_bytes: needed, ..Limits::default() }, &stream)), (1, Ok(())));
    let mut decoder = fed(Limits { memory_bytes: needed - 1, ..Limits::default() }, &stream);
    let (found, allocated) = peak(|| pull_all(&mut decoder));
    assert_eq!(found, (0, Err(E::DecodeMemoryExceeded)));
    assert!(allocated < REJECTION_BYTES, "a rejection cost {allocated} bytes");
}

#[test]
fn test_reject_gif_expansion_over_max() {
    let with = |data: usize, side: u16| {
        let mut image = Image::new(side, side, 2, &[]);
        image.data = vec![0x04; data];
        let mut decoder = fed(Limits::default(), &Animation::new(side, side, &BLACK).with(image).bytes());
        let (found, allocated) = peak(|| pull_all(&mut decoder));
        (found, allocated)
    };
    // 640 by 640 pixels are the most that 100 bytes may claim; no data of so many bytes really hold them.
    assert_eq!(640 * 640, 100 * GIF_EXPANSION_MAX);
    assert_eq!(with(100, 640).0, (0, Err(E::CorruptPixels)));
    let (found, allocated) = with(99, 640);
    assert_eq!(found, (0, Err(E::ExpansionTooLarge)));
    assert!(allocated < REJECTION_BYTES, "a rejection cost {allocated} bytes");
}
