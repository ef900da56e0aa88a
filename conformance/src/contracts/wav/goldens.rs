//! Recorded cases of the contract `wav`.

use super::written_file;
use crate::suite::GoldenCase;
use spec::Case;
use spec::wav::{Config, Op, WAV_CHUNKS_MAX, Wav};
use std::io::Cursor;

pub(super) fn goldens() -> Vec<GoldenCase<Wav>> {
    let mut all = of_writing();
    all.extend(of_reading());
    all.extend(of_rejections());
    all
}

fn golden(name: &'static str, doc: &'static str, ops: Vec<Op>) -> GoldenCase<Wav> {
    GoldenCase { name, doc, case: Case { config: Config {}, ops } }
}

/// A chunk with its padding.
fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut bytes = claiming(name, content.len() as u32, content);
    bytes.resize(bytes.len() + content.len() % 2, 0);
    bytes
}

/// A chunk that claims so many bytes, without padding.
fn claiming(name: &[u8; 4], length: u32, content: &[u8]) -> Vec<u8> {
    [name.as_slice(), &length.to_le_bytes(), content].concat()
}

/// The 16 bytes of fmt.
fn fmt(tag: u16, channels: u16, rate: u32, bits: u16) -> Vec<u8> {
    let align = channels.wrapping_mul(bits / 8);
    fmt_of(tag, channels, rate, rate.wrapping_mul(align.into()), align, bits)
}

fn fmt_of(tag: u16, channels: u16, rate: u32, byte_rate: u32, align: u16, bits: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(tag.to_le_bytes());
    bytes.extend(channels.to_le_bytes());
    bytes.extend(rate.to_le_bytes());
    bytes.extend(byte_rate.to_le_bytes());
    bytes.extend(align.to_le_bytes());
    bytes.extend(bits.to_le_bytes());
    bytes
}

fn stereo() -> Vec<u8> {
    chunk(b"fmt ", &fmt(1, 2, 48_000, 16))
}

fn mono() -> Vec<u8> {
    chunk(b"fmt ", &fmt(1, 1, 48_000, 16))
}

/// Two frames: 1, -2 and 300, -400.
fn data() -> Vec<u8> {
    chunk(b"data", &[0x01, 0x00, 0xfe, 0xff, 0x2c, 0x01, 0x70, 0xfe])
}

/// Loads a RIFF file of these chunks, with its right size.
fn load(chunks: &[Vec<u8>]) -> Op {
    let body = chunks.concat();
    Op::Load([b"RIFF".as_slice(), &(body.len() as u32 + 4).to_le_bytes(), b"WAVE", &body].concat())
}

/// The file that `hound`, an independent writer, makes of these samples. It is empty, and so no WAV file, if hound fails.
fn by_hound(channels: u16, pcm: &[i16]) -> Vec<u8> {
    let format = hound::WavSpec { channels, sample_rate: 48_000, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut bytes = Cursor::new(Vec::new());
    let written = hound::WavWriter::new(&mut bytes, format).and_then(|mut writer| {
        pcm.iter().try_for_each(|sample| writer.write_sample(*sample))?;
        writer.finalize()
    });
    if written.is_ok() { bytes.into_inner() } else { Vec::new() }
}

/// Samples with every extreme.
const SAMPLES: [i16; 8] = [0, 1, -1, i16::MAX, i16::MIN, 0x1234, 255, -256];

fn of_writing() -> Vec<GoldenCase<Wav>> {
    vec![
        golden("empty_file", "The 44 bytes of the header, with the sizes 36 and 0.", vec![Op::Save(Vec::new())]),
        golden(
            "written_file",
            "4 bytes a frame after the header, which says so; the left channel and the low byte first.",
            vec![Op::Save(vec![0x1234, -2]), Op::Save(SAMPLES.to_vec())],
        ),
        golden(
            "written_and_read",
            "What was written is read as it was.",
            vec![Op::Save(SAMPLES.to_vec()), Op::Load(written_file(&SAMPLES)), Op::Load(written_file(&[]))],
        ),
        golden(
            "misaligned_samples",
            "Samples that make no whole frames are not written.",
            vec![Op::Save(vec![1]), Op::Save(vec![1, 2, 3]), Op::Begin, Op::Append(vec![1])],
        ),
        golden(
            "recording",
            "A recording in parts is the file of all of them; without a part it is the empty file.",
            vec![
                Op::Begin,
                Op::Append(vec![1, -1]),
                Op::Append(Vec::new()),
                Op::Append(vec![2, -2, 3, -3]),
                Op::Finish,
                Op::Save(vec![1, -1, 2, -2, 3, -3]),
                Op::Begin,
                Op::Finish,
            ],
        ),
        golden(
            "recording_anew",
            "Begin drops an open recording; load and save leave it alone.",
            vec![
                Op::Begin,
                Op::Append(vec![1, -1]),
                Op::Begin,
                Op::Append(vec![2, -2]),
                Op::Save(vec![9, -9]),
                Op::Load(written_file(&[8, -8])),
                Op::Append(vec![3, -3]),
                Op::Finish,
            ],
        ),
        golden(
            "no_recording",
            "Nothing to append to before begin and after finish, whatever the part is.",
            vec![Op::Append(vec![1, -1]), Op::Append(vec![1]), Op::Finish, Op::Begin, Op::Finish, Op::Finish, Op::Append(vec![1, -1])],
        ),
        golden(
            "rejected_part",
            "A rejected part leaves the recording as it was.",
            vec![Op::Begin, Op::Append(vec![1, -1]), Op::Append(vec![2, -2, 3]), Op::Append(vec![4, -4]), Op::Finish],
        ),
    ]
}

fn of_reading() -> Vec<GoldenCase<Wav>> {
    vec![
        golden("stereo_by_hound", "A file of another writer.", vec![Op::Load(by_hound(2, &SAMPLES))]),
        golden("mono_by_hound", "A mono file of another writer plays on both channels.", vec![Op::Load(by_hound(1, &SAMPLES))]),
        golden(
            "mono",
            "A mono file plays on both channels, an odd number of samples as well as none.",
            vec![load(&[mono(), data()]), load(&[mono(), chunk(b"data", &[0x34, 0x12])]), load(&[mono(), chunk(b"data", &[])])],
        ),
        golden(
            "unknown_chunks",
            "Unknown chunks are skipped before, between and after, odd ones with their padding.",
            vec![
                load(&[chunk(b"JUNK", &[1, 2, 3, 4]), stereo(), data()]),
                load(&[stereo(), chunk(b"LIST", &[1, 2, 3]), data()]),
                load(&[chunk(b"LIST", &[1]), stereo(), chunk(b"fact", &[]), chunk(b"cue ", &[7]), data()]),
                load(&[stereo(), data(), chunk(b"LIST", &[1, 2, 3, 4])]),
                load(&[stereo(), chunk(b"DATA", &[9, 9, 9, 9]), chunk(b"FMT ", &[9, 9]), data()]),
            ],
        ),
        golden(
            "after_the_data",
            "The first data chunk ends the reading, whatever follows it.",
            vec![
                load(&[stereo(), data(), data()]),
                load(&[stereo(), data(), stereo()]),
                load(&[stereo(), data(), claiming(b"LIST", u32::MAX, &[])]),
                load(&[stereo(), data(), b"cut".to_vec()]),
            ],
        ),
        golden(
            "padding_at_the_end",
            "An odd chunk at the end may lack its padding: the file ends without data.",
            vec![load(&[stereo(), claiming(b"LIST", 1, &[1])]), load(&[stereo(), chunk(b"LIST", &[1])])],
        ),
        golden("riff_size", "The file's size in the header is ignored.", {
            let with_size = |size: u32| {
                let mut bytes = written_file(&[1, -2]);
                bytes[4..8].copy_from_slice(&size.to_le_bytes());
                Op::Load(bytes)
            };
            [0, 4, 39, 40, 41, u32::MAX].map(with_size).to_vec()
        }),
        golden("long_fmt", "Bytes of fmt beyond 16 are ignored, with the padding of an odd length.", {
            let long = |more: usize| {
                let mut content = fmt(1, 2, 48_000, 16);
                content.resize(16 + more, 0xff);
                load(&[chunk(b"fmt ", &content), data()])
            };
            [1, 2, 24].map(long).to_vec()
        }),
        golden("chunks", "64 chunks are visited, the data among them, and not one more.", {
            let with_unknown = |count: u32| {
                let mut chunks = vec![chunk(b"JUNK", &[]); count as usize];
                chunks.extend([stereo(), data()]);
                load(&chunks)
            };
            vec![with_unknown(WAV_CHUNKS_MAX - 3), with_unknown(WAV_CHUNKS_MAX - 2), with_unknown(WAV_CHUNKS_MAX - 1)]
        }),
    ]
}

fn of_rejections() -> Vec<GoldenCase<Wav>> {
    let of_fmt = |content: Vec<u8>| load(&[chunk(b"fmt ", &content), data()]);
    vec![
        golden("no_riff_file", "Bytes that are no RIFF/WAVE file, the short ones among them.", {
            let with_tags = |riff: &[u8; 4], form: &[u8; 4]| {
                let mut bytes = written_file(&[1, -2]);
                bytes[..4].copy_from_slice(riff);
                bytes[8..12].copy_from_slice(form);
                Op::Load(bytes)
            };
            vec![
                Op::Load(Vec::new()),
                Op::Load(b"RIFF".to_vec()),
                Op::Load(b"RIFF\0\0\0\0WAV".to_vec()),
                Op::Load(b"RIFF\0\0\0\0WAVE".to_vec()),
                with_tags(b"RIFX", b"WAVE"),
                with_tags(b"riff", b"WAVE"),
                with_tags(b"RF64", b"WAVE"),
                with_tags(b"RIFF", b"AVI "),
                with_tags(b"RIFF", b"wave"),
            ]
        }),
        golden(
            "contradicting_chunks",
            "No data, no fmt before it, or two of them.",
            vec![
                load(&[stereo()]),
                load(&[data()]),
                load(&[data(), stereo()]),
                load(&[stereo(), stereo(), data()]),
                load(&[stereo(), mono(), data()]),
                load(&[stereo(), chunk(b"fmt ", &[]), data()]),
            ],
        ),
        golden(
            "contradicting_fmt",
            "A fmt that is too short, or whose bytes a frame or a second are not those of its format.",
            vec![
                load(&[chunk(b"fmt ", &fmt(1, 2, 48_000, 16)[..15]), data()]),
                load(&[chunk(b"fmt ", &fmt(1, 2, 48_000, 16)[..14]), data()]),
                load(&[chunk(b"fmt ", &[]), data()]),
                of_fmt(fmt_of(1, 2, 48_000, 192_000, 2, 16)),
                of_fmt(fmt_of(1, 2, 48_000, 96_000, 2, 16)),
                of_fmt(fmt_of(1, 2, 48_000, 191_999, 4, 16)),
                of_fmt(fmt_of(1, 1, 48_000, 192_000, 4, 16)),
                of_fmt(fmt_of(1, 1, 48_000, 96_001, 2, 16)),
            ],
        ),
        golden(
            "unsupported_formats",
            "Another tag, number of channels, rate or size of samples.",
            vec![
                of_fmt(fmt(0, 2, 48_000, 16)),
                of_fmt(fmt(3, 2, 48_000, 16)),
                of_fmt(fmt(0xfffe, 2, 48_000, 16)),
                of_fmt(fmt(1, 0, 48_000, 16)),
                of_fmt(fmt(1, 3, 48_000, 16)),
                of_fmt(fmt(1, 2, 44_100, 16)),
                of_fmt(fmt(1, 2, 47_999, 16)),
                of_fmt(fmt(1, 2, 48_001, 16)),
                of_fmt(fmt(1, 2, 48_000, 8)),
                of_fmt(fmt(1, 2, 48_000, 15)),
                of_fmt(fmt(1, 2, 48_000, 24)),
            ],
        ),
        golden(
            "unsupported_before_contradicting",
            "The format is looked at before the bytes a frame and a second.",
            vec![
                of_fmt(fmt_of(2, 2, 48_000, 1, 1, 16)),
                of_fmt(fmt_of(1, 6, 48_000, 1, 1, 16)),
                of_fmt(fmt_of(1, 2, 8_000, 1, 1, 16)),
                of_fmt(fmt_of(1, 2, 48_000, 1, 1, 8)),
            ],
        ),
        golden(
            "truncated",
            "A chunk that claims more than is there, by one byte or by four gigabytes, whatever else is wrong with it.",
            vec![
                load(&[stereo(), claiming(b"data", 4, &[1, 2, 3])]),
                load(&[stereo(), claiming(b"data", 5, &[1, 2, 3, 4])]),
                load(&[stereo(), claiming(b"data", u32::MAX, &[1, 2, 3, 4])]),
                load(&[stereo(), claiming(b"data", 0xffff_fff0, &[1, 2, 3, 4])]),
                load(&[claiming(b"data", 5, &[1, 2, 3, 4])]),
                load(&[claiming(b"fmt ", 16, &fmt(1, 2, 48_000, 16)[..15])]),
                load(&[claiming(b"fmt ", 15, &[])]),
                load(&[stereo(), claiming(b"LIST", u32::MAX, &[]), data()]),
            ],
        ),
        golden("cut_chunk_headers", "Of a chunk's own 8 bytes 1, 4 and 7 are there.", {
            let cut = |bytes: usize| load(&[stereo(), data()[..bytes].to_vec()]);
            vec![cut(1), cut(4), cut(7), cut(8), cut(9)]
        }),
        golden("misaligned_data", "Data that holds no whole frames, of stereo and of mono.", {
            let of = |fmt: Vec<u8>, bytes: &[u8]| load(&[fmt, chunk(b"data", bytes)]);
            let mut ops: Vec<Op> = (1..=5).map(|bytes| of(stereo(), &[1, 2, 3, 4, 5][..bytes])).collect();
            ops.extend((1..=3).map(|bytes| of(mono(), &[1, 2, 3][..bytes])));
            ops
        }),
    ]
}

#[cfg(test)]
mod tests {
    use super::{SAMPLES, by_hound, written_file};

    #[test]
    fn hound_writes_the_same_file() {
        assert_eq!(by_hound(2, &SAMPLES), written_file(&SAMPLES));
        assert_eq!(by_hound(2, &[]), written_file(&[]));
        assert_eq!(by_hound(1, &SAMPLES).len(), 44 + 2 * SAMPLES.len());
    }
}
