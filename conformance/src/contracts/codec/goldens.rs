//! Recorded cases of the contract `codec`.

use crate::suite::GoldenCase;
use spec::Case;
use spec::codec::{
    Block, BlockFormat, Bytes, CODEC_FORMAT, CODEC_ROUTE_BYTES_MAX, CODEC_ROUTE_HP, CODEC_ROUTE_SPEAKER, CODEC_TREE_BYTES_MAX, Codec,
    Config, Op, Platform, SampleFormat,
};

const QEMU: Config = Config { platform: Platform::Qemu };
const TEST: Config = Config { platform: Platform::Test };

fn configure(route: &str) -> Op {
    Op::Configure { route: route.to_owned(), format: CODEC_FORMAT }
}

fn block(start: i16, frames: u16) -> Op {
    Op::Submit(Block { start, step: 257, frames })
}

pub(super) fn goldens() -> Vec<GoldenCase<Codec>> {
    let golden = |name, doc, config: Config, ops| GoldenCase { name, doc, case: Case { config, ops } };
    vec![
        golden(
            "start",
            "i2sd is ready, a placeholder and disabled; nothing is configured.",
            QEMU,
            vec![Op::Markers, Op::State, Op::SelectI2s, Op::Markers],
        ),
        golden(
            "two_routes",
            "Both are acknowledged in null mode; the last one counts.",
            QEMU,
            vec![configure(CODEC_ROUTE_HP), Op::State, configure(CODEC_ROUTE_SPEAKER), Op::State, Op::Markers],
        ),
        golden("rejected_routes", "The first reason counts, and the configuration stays.", QEMU, {
            let mut ops = vec![configure(CODEC_ROUTE_SPEAKER), Op::Markers];
            ops.extend(
                [
                    "",
                    "i2s",
                    "hp",
                    "codec -> hp",
                    "i2s -> hp",
                    "i2s -> dsp -> hp",
                    "i2s -> codec",
                    "i2s -> codec -> spdif",
                    "i2s -> codec -> dsp -> hp",
                    "i2s -> hp -> codec -> speaker",
                    "i2s -> codec -> i2s",
                    "i2s -> codec -> codec -> hp",
                    "spdif -> dsp -> dsp -> amp",
                    "spdif -> amp",
                    "i2s -> codec -> hp -> codec -> hp -> codec",
                    "i2s -> codec -> a -> b -> c -> d -> hp",
                    "a -> a -> a -> a -> a -> a -> a",
                    "i2s->codec->hp",
                    "i2s  ->  codec  ->  hp",
                    " i2s -> codec -> hp",
                    "i2s -> codec -> hp\n",
                    "i2s ->  -> hp",
                    "I2S -> codec -> hp",
                    "i2s \u{2192} codec \u{2192} hp",
                    "i2s -> codec -> hp/speaker",
                ]
                .map(configure),
            );
            let max = CODEC_ROUTE_BYTES_MAX as usize;
            ops.extend([configure(&"h".repeat(max)), configure(&"h".repeat(max + 1)), configure(&"\n".repeat(max + 1))]);
            ops.extend([Op::State, Op::Markers]);
            ops
        }),
        golden("rejected_formats", "The first field counts, after the route.", QEMU, {
            let format = |route: &str, rate_hz, channels, sample, block_frames| Op::Configure {
                route: route.to_owned(),
                format: BlockFormat { rate_hz, channels, sample, block_frames },
            };
            use SampleFormat as S;
            vec![
                format(CODEC_ROUTE_HP, 48_000, 2, S::S16le, 480),
                Op::Markers,
                format(CODEC_ROUTE_SPEAKER, 44_100, 2, S::S16le, 480),
                format(CODEC_ROUTE_SPEAKER, 48_000, 1, S::S16le, 480),
                format(CODEC_ROUTE_SPEAKER, 48_000, 2, S::S24le, 480),
                format(CODEC_ROUTE_SPEAKER, 48_000, 2, S::U8, 480),
                format(CODEC_ROUTE_SPEAKER, 48_000, 2, S::S16le, 481),
                format(CODEC_ROUTE_SPEAKER, 48_000, 2, S::S16le, 0),
                format(CODEC_ROUTE_SPEAKER, 0, 0, S::F32le, 0),
                format(CODEC_ROUTE_SPEAKER, 48_000, 0, S::F32le, 0),
                format(CODEC_ROUTE_SPEAKER, 48_000, 2, S::F32le, 0),
                format("i2s -> hp", 0, 0, S::F32le, 0),
                Op::State,
                Op::Markers,
            ]
        }),
        golden(
            "routes_of_a_tree",
            "Only what the device tree declares can be selected, and reading it drops the configuration.",
            TEST,
            vec![
                configure(CODEC_ROUTE_HP),
                Op::Routes("i2s -> codec -> speaker\0".into()),
                Op::State,
                configure(CODEC_ROUTE_HP),
                Op::Configure { route: CODEC_ROUTE_HP.to_owned(), format: BlockFormat { channels: 1, ..CODEC_FORMAT } },
                configure(CODEC_ROUTE_SPEAKER),
                Op::State,
                Op::Routes("i2s -> codec -> speaker\0i2s -> codec -> hp\0".into()),
                configure(CODEC_ROUTE_HP),
                Op::State,
            ],
        ),
        golden("rejected_trees", "A list that is not right in all parts changes nothing.", QEMU, {
            let max = CODEC_TREE_BYTES_MAX as usize;
            let mut ops = vec![Op::Routes("i2s -> codec -> hp\0".into()), configure(CODEC_ROUTE_HP)];
            ops.extend(
                [
                    &b""[..],
                    b"\0",
                    b"i2s -> codec -> speaker",
                    b"i2s -> codec -> hp\0i2s -> codec -> speaker",
                    b"i2s -> codec -> speaker\0\0",
                    b"i2s -> codec -> speaker\0i2s -> codec -> speaker\0",
                    b"i2s -> codec -> speaker\0i2s -> hp\0",
                    b"i2s -> codec -> speaker\0\xff\0",
                    b"i2s,codec,speaker\0",
                ]
                .map(|bytes| Op::Routes(bytes.into())),
            );
            ops.extend([Op::Routes(Bytes(vec![0; max])), Op::Routes(Bytes(vec![0; max + 1])), Op::State, configure(CODEC_ROUTE_SPEAKER)]);
            ops
        }),
        golden(
            "qemu",
            "There is nothing to enable, and no block is taken.",
            QEMU,
            vec![
                Op::Enable(true),
                Op::State,
                block(0, 480),
                block(0, 1),
                Op::Enable(false),
                configure(CODEC_ROUTE_HP),
                Op::SelectI2s,
                Op::State,
                Op::Markers,
            ],
        ),
        golden(
            "blocks",
            "While enabled, blocks are counted and the last one's SHA-256 is kept.",
            TEST,
            vec![
                block(0, 480),
                Op::Enable(true),
                Op::State,
                block(0, 480),
                Op::State,
                block(-1, 480),
                Op::State,
                block(5, 479),
                block(5, 481),
                block(5, 0),
                block(5, 960),
                Op::State,
                Op::Enable(false),
                block(0, 480),
                Op::State,
                Op::Enable(true),
                block(0, 480),
                Op::State,
            ],
        ),
        golden(
            "enabled",
            "A placeholder each time that it becomes enabled, and never ok.",
            TEST,
            vec![
                Op::Markers,
                Op::Enable(true),
                Op::Markers,
                Op::Enable(true),
                Op::Enable(false),
                Op::Markers,
                Op::Enable(true),
                Op::Markers,
            ],
        ),
        golden(
            "select_i2s",
            "i2sd first, then codecd.",
            TEST,
            vec![
                Op::SelectI2s,
                Op::Enable(true),
                Op::SelectI2s,
                configure(CODEC_ROUTE_HP),
                Op::SelectI2s,
                Op::Enable(false),
                Op::SelectI2s,
                Op::Enable(true),
                Op::SelectI2s,
                Op::Routes("i2s -> codec -> hp\0".into()),
                Op::SelectI2s,
            ],
        ),
    ]
}
