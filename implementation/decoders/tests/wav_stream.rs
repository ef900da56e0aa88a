//! WAV streams through the pull API: every bound from both sides, and memory as it is charged.

mod common;

use common::{assert_rejected, client, peak};
use decoders::wav_stream::WavStreamDecoder;
use decoders::{Client, Decoder, Limits, MediaPacket, Pull};
use spec::ErrorCode as E;
use spec::media_types::CodecId;
use spec::wav_stream::{
    Chunk, Fmt, WAV_STREAM_CHANNELS_MAX, WAV_STREAM_CHUNKS_MAX, WAV_STREAM_PACKET_FRAMES, WAV_STREAM_RATE_HZ_MAX, WavFile,
};

/// What a rejection may allocate: nothing that depends on what the stream claims.
const REJECTION_BYTES: u64 = 1_024;

const PACKET: usize = WAV_STREAM_PACKET_FRAMES as usize;

/// Pulls packets until there are no more; gives their samples, and why there are no more.
fn pull_all(decoder: &mut WavStreamDecoder) -> (Vec<Vec<i16>>, Result<(), E>) {
    let mut packets = Vec::new();
    loop {
        match decoder.next() {
            Ok(Pull::Packet(MediaPacket::Pcm(pcm))) if pcm.number as usize == packets.len() => packets.push(pcm.samples.to_vec()),
            Ok(Pull::Ended { packets: count, plays: 1 }) if count as usize == packets.len() => return (packets, Ok(())),
            Err(error) => return (packets, Err(assert_rejected(error))),
            other => panic!("{other:?}"),
        }
    }
}

fn fed(client: &Client, file: &WavFile) -> WavStreamDecoder {
    let mut decoder = WavStreamDecoder::new(client);
    decoder.feed(&file.bytes()).expect("it fits");
    decoder.end().expect("it is live");
    decoder
}

/// What becomes of a stream's header, and that a rejection allocates nothing that its numbers ask for.
fn header(file: &WavFile) -> Result<(), E> {
    let mut decoder = fed(&client(Limits::default()), file);
    let (info, allocated) = peak(|| decoder.info().map(|info| assert!(info.is_some())).map_err(assert_rejected));
    assert!(allocated < REJECTION_BYTES, "a header cost {allocated} bytes");
    let ((_, next), allocated) = peak(|| pull_all(&mut decoder));
    if next.is_err() {
        assert!(allocated < REJECTION_BYTES, "a rejection cost {allocated} bytes");
        decoder.rewind().expect("it is live");
        assert_eq!(pull_all(&mut decoder), (Vec::new(), next));
    }
    info.and(next)
}

fn of(fmt: &Fmt) -> WavFile {
    WavFile::new(fmt, vec![0; 64])
}

#[test]
fn test_reject_wav_stream_channels_over_max() {
    for channels in 1..=WAV_STREAM_CHANNELS_MAX {
        assert_eq!(header(&WavFile::new(&Fmt::pcm(channels, 48_000, 8), vec![0; usize::from(channels) * 3])), Ok(()));
    }
    assert_eq!(header(&of(&Fmt::pcm(WAV_STREAM_CHANNELS_MAX + 1, 48_000, 8))), Err(E::UnsupportedMedia));
    assert_eq!(header(&of(&Fmt::pcm(u16::MAX, 48_000, 32))), Err(E::UnsupportedMedia));
    assert_eq!(header(&of(&Fmt::pcm(0, 48_000, 8))), Err(E::MalformedMedia));
}

#[test]
fn test_reject_wav_stream_rate_over_max() {
    let with = |rate_hz| header(&of(&Fmt::pcm(2, rate_hz, 16)));
    assert_eq!((with(1), with(WAV_STREAM_RATE_HZ_MAX)), (Ok(()), Ok(())));
    assert_eq!((with(WAV_STREAM_RATE_HZ_MAX + 1), with(u32::MAX)), (Err(E::UnsupportedMedia), Err(E::UnsupportedMedia)));
    assert_eq!(with(0), Err(E::MalformedMedia));
}

#[test]
fn test_reject_wav_stream_chunks_over_max() {
    let with = |chunks: u32| {
        let mut file = of(&Fmt::pcm(2, 48_000, 16));
        file.chunks.splice(1..1, vec![Chunk::new(*b"LIST", vec![0; 3]); chunks as usize - 2]);
        header(&file)
    };
    assert_eq!((with(WAV_STREAM_CHUNKS_MAX), with(WAV_STREAM_CHUNKS_MAX + 1)), (Ok(()), Err(E::OversizedInput)));
}

#[test]
fn a_decoder_takes_what_it_is_charged_for() {
    // The longest stream of the widest frames.
    let client = client(Limits::default());
    let mut decoder = WavStreamDecoder::new(&client);
    let file = WavFile::new(&Fmt::pcm(8, 384_000, 8), vec![0x90; 8_000_000]).bytes();
    let mut packets = 0;
    let (found, allocated) = peak(|| {
        for chunk in file.chunks(1_000) {
            decoder.feed(chunk)?;
            while let Pull::Packet(MediaPacket::Pcm(pcm)) = decoder.next()? {
                assert!(pcm.samples.iter().all(|sample| *sample == 0x1000));
                packets += 1;
            }
        }
        Ok::<(), decoders::DecodeError>(())
    });
    assert_eq!((found.map_err(assert_rejected), packets), (Ok(()), 8_000_000_usize.div_ceil(8 * PACKET)));
    let held = file.len() as u64 + 16 * PACKET as u64;
    assert_eq!(client.budget().held(), held);
    // The stream's memory is taken in steps of 64 KiB, and is in two places while it is moved.
    assert!(allocated <= 2 * held + (1 << 17), "{allocated} bytes, {held} charged");
    decoder.rewind().expect("it is live");
    assert_eq!(client.budget().held(), file.len() as u64);
    decoder.cancel();
    assert_eq!(client.budget().held(), 0);
}

#[test]
fn chunks_of_any_size_give_the_same() {
    let data: Vec<u8> = (0..PACKET * 6 + 60).map(|place| ((place * 7) >> 2) as u8).collect();
    let mut file = WavFile::new(&Fmt::pcm(2, 44_100, 24).extensible(), data);
    file.chunks.insert(0, Chunk::new(*b"LIST", vec![1, 2, 3]));
    let stream = file.bytes();
    let right = pull_all(&mut fed(&client(Limits::default()), &file));
    assert_eq!((right.0.iter().map(Vec::len).collect::<Vec<_>>(), right.1), (vec![2 * PACKET, 20], Ok(())));
    for size in [1, 2, 3, 64, 1_000, 5_000] {
        let mut decoder = client(Limits::default()).open(CodecId::Wav).expect("there is a decoder");
        let mut packets = Vec::new();
        for chunk in stream.chunks(size) {
            decoder.feed(chunk).expect("it fits");
            while let Ok(Pull::Packet(MediaPacket::Pcm(pcm))) = decoder.next() {
                packets.push(pcm.samples.to_vec());
            }
        }
        assert_eq!(packets, right.0, "chunks of {size} bytes");
        assert!(matches!(decoder.next(), Ok(Pull::Ended { packets: 2, plays: 1 })));
    }
}

#[test]
fn test_reject_what_a_stream_lacks_after_what_it_has() {
    let mut file = WavFile::new(&Fmt::pcm(1, 8_000, 16), vec![1, 0, 2, 0, 3]);
    assert_eq!(pull_all(&mut fed(&client(Limits::default()), &file)), (vec![vec![1, 2]], Err(E::Misaligned)));
    // The padding would be the high byte of a sample.
    (file.chunks[1].claimed, file.chunks[1].padded) = (Some(u32::MAX), false);
    assert_eq!(pull_all(&mut fed(&client(Limits::default()), &file)), (vec![vec![1, 2]], Err(E::TruncatedMedia)));
    let with = |decoded_bytes| pull_all(&mut fed(&client(Limits { decoded_bytes, ..Limits::default() }), &file));
    assert_eq!((with(4).1, with(3)), (Err(E::TruncatedMedia), (Vec::new(), Err(E::DecodedTooLarge))));
    let memory = file.bytes().len() as u64 + 2 * PACKET as u64;
    let with = |memory_bytes| pull_all(&mut fed(&client(Limits { memory_bytes, ..Limits::default() }), &file)).1;
    assert_eq!((with(memory), with(memory - 1)), (Err(E::TruncatedMedia), Err(E::DecodeMemoryExceeded)));
}
