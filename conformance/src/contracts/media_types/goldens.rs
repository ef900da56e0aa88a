//! Recorded cases of the contract `media-types`.

use crate::suite::GoldenCase;
use spec::Case;
use spec::devices::Blob;
use spec::media_types::{Config, Kind, MediaTypes, Op, signatures};

fn golden(name: &'static str, doc: &'static str, ops: Vec<Op>) -> GoldenCase<MediaTypes> {
    GoldenCase { name, doc, case: Case { config: Config {}, ops } }
}

fn names(kind: Kind, numbers: u16) -> impl Iterator<Item = Op> {
    (0..=numbers + 1).map(move |number| Op::Name { kind, number })
}

fn numbers(kind: Kind, names: &[&str]) -> Vec<Op> {
    names.iter().map(|name| Op::Number { kind, name: (*name).into() }).collect()
}

pub(super) fn goldens() -> Vec<GoldenCase<MediaTypes>> {
    let probes = |starts: &[&[u8]]| starts.iter().map(|start| Op::Probe(Blob(start.to_vec()))).collect::<Vec<_>>();
    vec![
        golden("names", "The name of each number; zero and the number behind the last are none's.", {
            let kinds = [(Kind::Codec, 5), (Kind::Sample, 1), (Kind::Pixel, 3), (Kind::Color, 3)];
            kinds
                .into_iter()
                .flat_map(|(kind, count)| names(kind, count))
                .chain([Op::Name { kind: Kind::Codec, number: u16::MAX }])
                .collect()
        }),
        golden("numbers", "The number of each name, by its exact letters, and of its own kind alone.", {
            [
                numbers(Kind::Codec, &["wav", "vorbis", "gif", "apng", "mjpeg", "GIF", "png", "", "srgb", "gif\0"]),
                numbers(Kind::Sample, &["s16le", "u8", "s16"]),
                numbers(Kind::Pixel, &["bgra8888", "rgba8888", "rgba8888_premul", "rgba8888_", "bgra"]),
                numbers(Kind::Color, &["srgb", "bt601_full", "bt709_limited", "sRGB", "gif"]),
            ]
            .concat()
        }),
        golden("outputs", "Samples of two codecs, frames of three.", (0..=6).map(Op::Output).collect()),
        golden("beginnings", "Each beginning is enough, and one byte less is not.", {
            signatures()
                .into_iter()
                .flat_map(|start| [Op::Probe(Blob(start[..start.len() - 1].to_vec())), Op::Probe(Blob(start))])
                .collect()
        }),
        golden(
            "no_beginnings",
            "More is asked for only while it can help.",
            probes(&[
                b"",
                b"R",
                b"G",
                b"-",
                b"\xff\xd8",
                b"RIFF1234",
                b"RIFF1234AVI ",
                b"RIFF1234WA",
                b"GIF88a",
                b"GIF8",
                b"BM",
                b"\x89PNG\n",
                b"OggS",
            ]),
        ),
    ]
}
