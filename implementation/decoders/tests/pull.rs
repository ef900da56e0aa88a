//! The pull API: memory that is shared and given back, and what a decoder holds while it works.

mod common;

use common::{assert_rejected, client, peak};
use decoders::gif::GifDecoder;
use decoders::media_types::{CodecId, ColorSpace, PixelFormat, probe};
use decoders::{Decoder, Delay, Limits, MediaPacket, Pull};
use spec::ErrorCode as E;
use spec::gif::{Animation, Image};

fn stream(side: u16) -> Vec<u8> {
    let pixels = vec![1; usize::from(side) * usize::from(side)];
    Animation::new(side, side, &[[1, 2, 3], [4, 5, 6]]).with(Image::new(side, side, 2, &pixels).controlled(0, None, 3)).bytes()
}

#[test]
fn a_stream_is_probed_opened_and_pulled() {
    let stream = stream(2);
    let codec = probe(&stream).expect("known media").expect("enough bytes");
    assert_eq!(codec, CodecId::Gif);
    let client = client(Limits::default());
    let mut decoder = client.open(codec).expect("there is a decoder");
    decoder.feed(&stream).expect("it fits");
    let Ok(Pull::Packet(MediaPacket::VideoFrame(frame))) = decoder.next() else { panic!("no frame") };
    assert_eq!((frame.number, frame.width, frame.height, frame.stride), (0, 2, 2, 8));
    assert_eq!((frame.format, frame.color), (PixelFormat::Bgra8888, ColorSpace::Srgb));
    assert_eq!((frame.delay, frame.pixels), (Delay { numerator: 3, denominator: 100 }, [6, 5, 4, 255].repeat(4).as_slice()));
    assert_eq!(decoder.next(), Ok(Pull::Ended { packets: 1, plays: 1 }));
}

#[test]
fn test_reject_decoders_of_one_client_share_their_memory() {
    let stream = stream(50);
    let one = stream.len() as u64 + 10_000;
    let client = client(Limits { memory_bytes: 2 * one - 1, ..Limits::default() });
    let [mut first, mut second] = [GifDecoder::new(&client), GifDecoder::new(&client)];
    for decoder in [&mut first, &mut second] {
        decoder.feed(&stream).expect("it fits");
    }
    assert!(first.next().is_ok());
    assert_eq!(client.budget().held(), one + stream.len() as u64);
    assert_eq!(second.next().map(|_| ()).map_err(assert_rejected), Err(E::DecodeMemoryExceeded));
    assert_eq!(client.budget().held(), one + stream.len() as u64);
    // What one gives back, the other can have: after a cancel as after a drop.
    first.cancel();
    assert_eq!(client.budget().held(), stream.len() as u64);
    assert_eq!(first.next().map(|_| ()).map_err(assert_rejected), Err(E::DecodeCancelled));
    second.rewind().expect("it is live");
    assert!(second.next().is_ok());
    drop(second);
    assert_eq!(client.budget().held(), 0);
}

#[test]
fn memory_is_what_is_charged_and_a_constant() {
    /// An LZW table, and what is reserved for the next bytes: neither depends on the stream.
    const CONSTANT: u64 = 160 * 1_024;
    let stream = stream(300);
    let (held, allocated) = peak(|| {
        let client = client(Limits::default());
        let mut decoder = GifDecoder::new(&client);
        decoder.feed(&stream).expect("it fits");
        assert!(decoder.next().is_ok());
        client.budget().held()
    });
    assert!(allocated <= held + CONSTANT, "{allocated} bytes were allocated, {held} charged");
}

#[test]
fn a_failed_decoder_gives_its_frames_again() {
    let mut stream = stream(3);
    stream.pop();
    stream.push(0x99);
    let client = client(Limits::default());
    let mut decoder = GifDecoder::new(&client);
    decoder.feed(&stream).expect("it fits");
    for _ in 0..2 {
        assert!(matches!(decoder.next(), Ok(Pull::Packet(_))));
        for _ in 0..2 {
            assert_eq!(decoder.next().map(|_| ()).map_err(assert_rejected), Err(E::MalformedMedia));
        }
        decoder.rewind().expect("it is live");
    }
}
