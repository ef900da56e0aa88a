//! Small domains of the contract `wav-stream`, every value of them.

use crate::contracts::decoding::{self, domains::every_cut};
use crate::suite::{Counted, Domain, Extent};
use spec::Case;
use spec::decode::whole;
use spec::wav_stream::{Chunk, Fmt, Limits, WAV_STREAM_CHANNELS_MAX, WAV_STREAM_PACKET_FRAMES, WAV_STREAM_RATE_HZ_MAX, WavFile, WavStream};

pub(super) fn domains() -> Vec<Domain<WavStream>> {
    let mut all = of_headers();
    all.extend(of_samples());
    all
}

fn of_headers() -> Vec<Domain<WavStream>> {
    vec![
        Domain {
            name: "every_byte_of_the_start",
            requirements: &["WAV_STREAM-001"],
            describe: |extent| format!("each of the first twelve bytes as each of {} values", values(extent).len()),
            cases: |extent| bytes_of(0..12, extent),
        },
        Domain {
            name: "every_number_of_channels_and_many_rates",
            requirements: &["WAV_STREAM-002"],
            describe: |_| "every number of channels that a byte can say, and rates about each power of two and the bound".to_owned(),
            cases: |_| {
                let channels = (0..=0xff).map(|channels| Fmt::pcm(channels, 48_000, 16));
                let near = |rate: u32| [rate.saturating_sub(1), rate, rate.saturating_add(1)];
                let rates = (0..32).map(|bit| 1 << bit).chain([WAV_STREAM_RATE_HZ_MAX, u32::MAX]).flat_map(near);
                let rates = rates.map(|rate| Fmt::pcm(1, rate, 8));
                streams(channels.chain(rates).map(|fmt| WavFile::new(&fmt, vec![0x40; 32]).bytes()))
            },
        },
        Domain {
            name: "every_byte_of_a_fmt_chunk",
            requirements: &["WAV_STREAM-003"],
            describe: |extent| {
                format!("each of the 48 bytes of a fmt chunk with the extensible tag as each of {} values", values(extent).len())
            },
            cases: |extent| bytes_of(12..60, extent),
        },
        Domain {
            name: "every_width_and_many_tags",
            requirements: &["WAV_STREAM-004"],
            describe: |_| "samples of 0 to 255 bits, and tags and sub-formats about each power of two".to_owned(),
            cases: |_| {
                let widths = (0..=0xff).map(|bits| Fmt::pcm(1, 48_000, bits));
                let near = |tag: u16| [tag.wrapping_sub(1), tag, tag.wrapping_add(1)];
                let tags = (0..16).flat_map(move |bit| near(1 << bit));
                let own = tags.clone().map(|tag| Fmt { tag, ..Fmt::pcm(1, 48_000, 16) });
                let sub_formats = tags.map(|tag| {
                    let mut fmt = Fmt::pcm(1, 48_000, 16).extensible();
                    if let Some(extension) = &mut fmt.extension {
                        extension.sub_format[..2].copy_from_slice(&tag.to_le_bytes());
                    }
                    fmt
                });
                streams(widths.chain(own).chain(sub_formats).map(|fmt| WavFile::new(&fmt, vec![0x40; 64]).bytes()))
            },
        },
        Domain {
            name: "every_length_of_another_chunk",
            requirements: &["WAV_STREAM-008"],
            describe: |_| "chunks of 0 to 17 bytes before the fmt chunk and before the data, padded or not".to_owned(),
            cases: |_| {
                let lengths =
                    (0..18_usize).flat_map(|length| [(length, 0, true), (length, 1, true), (length, 0, false), (length, 1, false)]);
                streams(lengths.map(|(length, place, padded)| {
                    let mut file = small();
                    file.chunks.insert(place, Chunk { padded, ..Chunk::new(*b"LIST", vec![b'd'; length]) });
                    file.bytes()
                }))
            },
        },
        Domain {
            name: "every_order_of_chunks",
            requirements: &["WAV_STREAM-010"],
            describe: |_| "every sequence of up to five chunks that are fmt, data or another".to_owned(),
            cases: |_| {
                streams((0..=5).flat_map(|count| (0..3_usize.pow(count)).map(move |number| (count, number))).map(|(count, number)| {
                    let mut file = small();
                    let [fmt, data] = [0, 1].map(|place| file.chunks[place].clone());
                    let kinds = [fmt, data, Chunk::new(*b"fact", vec![1, 2, 3])];
                    file.chunks = (0..count).map(|place| kinds[number / 3_usize.pow(place) % 3].clone()).collect();
                    file.bytes()
                }))
            },
        },
    ]
}

fn of_samples() -> Vec<Domain<WavStream>> {
    vec![
        Domain {
            name: "every_sample_of_16_bits_and_those_above_it",
            requirements: &["WAV_STREAM-006"],
            describe: |_| "all 65,536 upper halves of samples of 16, 24 and 32 bits".to_owned(),
            cases: |_| {
                let cases = [2_usize, 3, 4].map(|width| {
                    let below = [0xa5, 0x80];
                    let sample = move |upper: u16| [&below[..width - 2], &upper.to_le_bytes()].concat();
                    let data: Vec<u8> = (0..=u16::MAX).flat_map(sample).collect();
                    let fmt = Fmt::pcm(WAV_STREAM_CHANNELS_MAX, 48_000, 8 * width as u16);
                    (case(&WavFile::new(&fmt, data).bytes(), 9), 1 << 16)
                });
                Box::new(cases.into_iter())
            },
        },
        Domain {
            name: "every_sample_of_8_bits",
            requirements: &["WAV_STREAM-007"],
            describe: |_| "all 256 of them".to_owned(),
            cases: |_| {
                let bytes: Vec<u8> = (0..=u8::MAX).collect();
                // Packets of few bytes are told as they are.
                let parts: Vec<_> = bytes.chunks(64).map(|part| WavFile::new(&Fmt::pcm(1, 8_000, 8), part.to_vec()).bytes()).collect();
                Box::new(parts.into_iter().map(|stream| (case(&stream, 2), 64)))
            },
        },
        Domain {
            name: "every_number_of_frames_about_packets",
            requirements: &["WAV_STREAM-009"],
            describe: |_| "no frames to three packets of them, with all numbers within two of whole packets".to_owned(),
            cases: |_| {
                let packet = WAV_STREAM_PACKET_FRAMES as usize;
                let frames = (0..=3).flat_map(move |count| (0..5).filter_map(move |more| (count * packet + more).checked_sub(2)));
                streams(frames.map(|frames| WavFile::new(&Fmt::pcm(1, 8_000, 8), (0..frames).map(|place| place as u8).collect()).bytes()))
            },
        },
        Domain {
            name: "every_cut",
            requirements: &["WAV_STREAM-011"],
            describe: |_| "a stream of all parts cut at each byte, with and without an end".to_owned(),
            cases: |_| {
                let mut file = WavFile::new(&Fmt::pcm(2, 44_100, 24).extensible(), (0..60).collect());
                file.chunks.insert(0, Chunk::new(*b"LIST", vec![1, 2, 3]));
                file.chunks.insert(2, Chunk::new(*b"fact", vec![4, 5, 6, 7]));
                every_cut(file.bytes(), 1)
            },
        },
        Domain {
            name: "every_part_of_a_frame",
            requirements: &["WAV_STREAM-012"],
            describe: |_| "data of 0 to 40 bytes in frames of 1 to 32 bytes".to_owned(),
            cases: |_| {
                let frames = (1..=WAV_STREAM_CHANNELS_MAX).flat_map(|channels| [8, 16, 24, 32].map(|bits| (channels, bits)));
                streams(frames.flat_map(|(channels, bits)| {
                    (0..=40).map(move |length| WavFile::new(&Fmt::pcm(channels, 8_000, bits), (0..length).collect()).bytes())
                }))
            },
        },
    ]
}

/// A small stream of a fmt and a data chunk.
fn small() -> WavFile {
    WavFile::new(&Fmt::pcm(1, 8_000, 16), (1..9).collect())
}

/// A stream with the extensible tag, of which each of those bytes is each of many values.
fn bytes_of(places: std::ops::Range<usize>, extent: Extent) -> Counted<WavStream> {
    let stream = WavFile::new(&Fmt::pcm(2, 48_000, 24).extensible(), (0..36).collect()).bytes();
    streams(places.flat_map(move |place| {
        let stream = stream.clone();
        values(extent).into_iter().map(move |value| {
            let mut stream = stream.clone();
            stream[place] = value;
            stream
        })
    }))
}

fn values(extent: Extent) -> Vec<u8> {
    match extent {
        Extent::Whole => (0..=u8::MAX).collect(),
        Extent::Corners => vec![0, 1, 2, 8, 22, 24, b'R', 0x7f, 0x80, 0xfe, 0xff],
    }
}

fn case(stream: &[u8], packets: usize) -> Case<WavStream> {
    Case { config: Limits::default(), ops: whole(stream, packets) }
}

/// A case of each stream: all its packets, and one pull more.
fn streams(streams: impl Iterator<Item = Vec<u8>> + Send + 'static) -> Counted<WavStream> {
    decoding::domains::streams(streams, 4, None)
}

#[cfg(test)]
mod tests {
    use super::domains;
    use crate::contracts::self_test::values_of;
    use crate::suite::Extent;

    #[test]
    fn domains_hold_every_value() {
        let (whole, corners) = (values_of(&domains(), Extent::Whole), values_of(&domains(), Extent::Corners));
        assert_eq!((whole[0], corners[0], whole[2], corners[2]), (12 * 256, 12 * 11, 48 * 256, 48 * 11));
        assert_eq!((whole[1], whole[3]), (256 + 34 * 3, 256 + 2 * 48));
        assert_eq!(whole[4..9], [18 * 4, 1 + 3 + 9 + 27 + 81 + 243, 3 << 16, 256, 18]);
        assert!(whole[9] > 2 * 120 && whole[10] == 32 * 41, "{whole:?}");
    }
}
