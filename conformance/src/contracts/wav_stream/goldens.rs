//! Recorded cases of the contract `wav-stream`.

mod used;

use crate::contracts::decoding::goldens::golden;
use crate::suite::GoldenCase;
use spec::decode::whole;
use spec::wav_stream::{
    Chunk, Fmt, Limits, WAV_STREAM_CHANNELS_MAX, WAV_STREAM_CHUNKS_MAX, WAV_STREAM_PACKET_FRAMES, WAV_STREAM_RATE_HZ_MAX, WavFile,
    WavStream,
};

/// A whole stream of one packet and all that follows it.
fn stream(name: &'static str, doc: &'static str, file: &WavFile) -> GoldenCase<WavStream> {
    golden(name, doc, Limits::default(), whole(&file.bytes(), 1))
}

/// Four frames of two channels of 16 bits, one thing of which is changed.
fn changed(name: &'static str, doc: &'static str, change: impl FnOnce(&mut WavFile)) -> GoldenCase<WavStream> {
    let mut file = WavFile::new(&Fmt::pcm(2, 48_000, 16), (1..=16).collect());
    change(&mut file);
    stream(name, doc, &file)
}

/// The same samples behind another fmt chunk.
fn described(name: &'static str, doc: &'static str, change: impl FnOnce(&mut Fmt)) -> GoldenCase<WavStream> {
    let mut fmt = Fmt::pcm(2, 48_000, 16);
    change(&mut fmt);
    stream(name, doc, &WavFile::new(&fmt, (1..=16).collect()))
}

/// The same with the extensible tag.
fn extended(name: &'static str, doc: &'static str, change: impl FnOnce(&mut spec::wav_stream::Extension)) -> GoldenCase<WavStream> {
    let mut fmt = Fmt::pcm(2, 48_000, 16).extensible();
    if let Some(extension) = &mut fmt.extension {
        change(extension);
    }
    stream(name, doc, &WavFile::new(&fmt, (1..=16).collect()))
}

/// So many frames of one channel of 8 bits.
fn ramp(frames: usize) -> WavFile {
    WavFile::new(&Fmt::pcm(1, 8_000, 8), (0..frames).map(|place| place as u8).collect())
}

pub(super) fn goldens() -> Vec<GoldenCase<WavStream>> {
    let mut all = of_samples();
    all.extend(of_chunks());
    all.extend(of_fmt());
    all.extend(used::of_bounds());
    all.extend(used::of_use());
    all
}

fn of_samples() -> Vec<GoldenCase<WavStream>> {
    let packet = WAV_STREAM_PACKET_FRAMES as usize;
    let pcm = |channels, bits, data: &[u8]| WavFile::new(&Fmt::pcm(channels, 44_100, bits), data.to_vec());
    let packets = |name, doc, frames| golden(name, doc, Limits::default(), whole(&ramp(frames).bytes(), 3));
    vec![
        stream("bits_8", "Unsigned samples: lowest, silence, highest.", &pcm(1, 8, &[0, 1, 127, 128, 129, 255])),
        stream("bits_16", "Two channels, interleaved as they come.", &pcm(2, 16, &[1, 0, 0xff, 0x7f, 0, 0x80, 0xff, 0xff])),
        stream(
            "bits_24",
            "The upper 16 bits, whatever the lower eight are: nothing is rounded.",
            &pcm(1, 24, &[0, 1, 0, 0x80, 1, 0, 0xff, 1, 0, 0xff, 0xff, 0x7f, 0, 0, 0x80, 0xff, 0xff, 0xff]),
        ),
        stream(
            "bits_32",
            "The upper 16 bits of 32.",
            &pcm(1, 32, &[0xff, 0xff, 1, 0, 0, 0x80, 1, 0, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0x80]),
        ),
        stream("channels_8", "As many channels as there may be.", &pcm(8, 16, &(0..32).collect::<Vec<u8>>())),
        stream("no_frames", "A data chunk without frames gives no packet.", &pcm(2, 16, &[])),
        packets("packet_of_one_less", "One frame less than a packet.", packet - 1),
        packets("packet_whole", "Just one packet.", packet),
        packets("packet_and_one", "The last packet has one frame.", packet + 1),
        packets("packets_three", "Two packets and a half.", packet * 5 / 2),
    ]
}

fn of_chunks() -> Vec<GoldenCase<WavStream>> {
    let list = || Chunk::new(*b"LIST", vec![1, 2, 3]);
    let others = |count: u32| {
        move |file: &mut WavFile| {
            file.chunks.splice(0..0, vec![Chunk::new(*b"JUNK", Vec::new()); count as usize]);
        }
    };
    let claims = |bytes| move |file: &mut WavFile| file.chunks[1].claimed = Some(bytes);
    vec![
        changed("other_chunks", "Chunks of other names are skipped with their padding, before and between.", |file| {
            file.chunks.insert(0, list());
            file.chunks.insert(2, Chunk::new(*b"FMT ", vec![9; 4]));
        }),
        changed("padding_missing", "An odd chunk without its padding: the next one is read a byte late.", |file| {
            file.chunks.insert(1, Chunk { padded: false, ..list() });
        }),
        changed("after_the_data", "What follows the data chunk is not looked at.", |file| {
            file.chunks.extend([Chunk::new(*b"data", vec![7; 4]), Chunk::new(*b"fmt ", Vec::new()).claiming(u32::MAX)]);
        }),
        changed("riff_small", "Another byte order of the first letters.", |file| file.riff = *b"RIFX"),
        changed("another_form", "A RIFF file of something else.", |file| file.form = *b"AVI "),
        changed("size_ignored", "The size behind RIFF says nothing.", |file| file.size = Some(0)),
        changed("two_fmt_chunks", "A second fmt chunk.", |file| file.chunks.insert(1, Fmt::pcm(1, 8_000, 8).chunk())),
        changed("data_first", "The data come before their fmt chunk.", |file| file.chunks.rotate_left(1)),
        changed("no_data", "No data chunk.", |file| file.chunks.truncate(1)),
        changed("no_chunks", "No chunk at all.", |file| file.chunks.clear()),
        changed("chunks_most", "As many chunks as are visited.", others(WAV_STREAM_CHUNKS_MAX - 2)),
        changed("chunks_too_many", "One more.", others(WAV_STREAM_CHUNKS_MAX - 1)),
        changed("data_without_an_end", "A pipe's length: all that came is given, then it is truncated.", claims(u32::MAX)),
        changed("data_one_frame_more", "One frame more than there is.", claims(20)),
        changed("data_one_byte_more", "One byte more than there is.", claims(17)),
        changed("data_of_parts", "Three whole frames and two bytes: the frames are given first.", claims(14)),
        changed("data_of_less_than_a_frame", "Three bytes, and no frame.", claims(3)),
        changed("chunk_beyond_the_end", "Another chunk claims more than there is.", |file| {
            file.chunks.insert(1, list().claiming(1 << 31));
        }),
    ]
}

fn of_fmt() -> Vec<GoldenCase<WavStream>> {
    vec![
        extended("extensible", "The extensible tag with PCM.", |_| {}),
        extended("extensible_of_12_bits", "Twelve valid bits, from the top: nothing changes.", |extension| extension.valid_bits = 12),
        extended("extensible_places", "The places of the channels are not looked at.", |extension| extension.places = 0x8000_0003),
        extended("extensible_larger", "An extension that says more.", |extension| extension.size = 40),
        extended("extensible_too_small", "An extension that is too small.", |extension| extension.size = 21),
        extended("extensible_no_bits", "No valid bits.", |extension| extension.valid_bits = 0),
        extended("extensible_too_many_bits", "More valid bits than there are.", |extension| extension.valid_bits = 17),
        extended("extensible_float", "The sub-format of floats.", |extension| extension.sub_format[0] = 3),
        extended("extensible_other", "A sub-format that only begins like PCM's.", |extension| extension.sub_format[15] = 0),
        described("extensible_cut", "The extensible tag in a chunk of 16 bytes.", |fmt| fmt.tag = 0xfffe),
        described("tag_float", "The tag of floats.", |fmt| fmt.tag = 3),
        described("tag_none", "No tag.", |fmt| fmt.tag = 0),
        described("no_channels", "A stream of no channels.", |fmt| fmt.channels = 0),
        described("channels_9", "One channel more than there may be.", |fmt| fmt.channels = WAV_STREAM_CHANNELS_MAX + 1),
        described("no_rate", "A stream of no rate.", |fmt| fmt.rate_hz = 0),
        described("rate_lowest", "One frame a second.", |fmt| fmt.rate_hz = 1),
        described("rate_highest", "The highest rate.", |fmt| fmt.rate_hz = WAV_STREAM_RATE_HZ_MAX),
        described("rate_too_high", "One more.", |fmt| fmt.rate_hz = WAV_STREAM_RATE_HZ_MAX + 1),
        described("no_bits", "Samples of no bits.", |fmt| fmt.bits = 0),
        described("bits_12", "Samples of 12 bits in two bytes.", |fmt| (fmt.bits, fmt.align) = (12, Some(4))),
        described("bits_64", "Samples of 64 bits.", |fmt| fmt.bits = 64),
        described("alignment_wrong", "Frames of another size than their samples.", |fmt| fmt.align = Some(2)),
        described("byte_rate_wrong", "Another number of bytes a second.", |fmt| fmt.byte_rate = Some(192_001)),
        changed("fmt_longer", "What a fmt chunk has beyond its fields is skipped, with its padding.", |file| file.chunks[0].bytes.push(1)),
        changed("fmt_short", "A fmt chunk of 15 bytes.", |file| file.chunks[0].claimed = Some(15)),
    ]
}
