//! Recorded cases of the contract `media-config`.

use super::{DEPTHS, load, nested};
use crate::suite::GoldenCase;
use spec::Case;
use spec::media_config::{Bytes, Config, Layer, MEDIA_CONFIG_TEXT_BYTES_MAX, MediaConfig, Op};

fn golden(name: &'static str, doc: &'static str, ops: Vec<Op>) -> GoldenCase<MediaConfig> {
    GoldenCase { name, doc, case: Case { config: Config {}, ops } }
}

/// Each text into the upper layer, and what holds in the end.
fn texts(texts: &[&str]) -> Vec<Op> {
    texts.iter().map(|text| load(text)).chain([Op::Effective]).collect()
}

fn into(layer: Layer, text: &str) -> Op {
    Op::Load { layer, text: text.into(), padding: 0 }
}

/// A value in the place of a key of a section.
fn each(section: &str, key: &str, values: &[&str]) -> Vec<Op> {
    let mut ops: Vec<Op> = values.iter().map(|value| load(&format!("{{\"{section}\":{{\"{key}\":{value}}}}}"))).collect();
    ops.push(Op::Effective);
    ops
}

pub(super) fn goldens() -> Vec<GoldenCase<MediaConfig>> {
    use Layer::{State, System};
    let full = "{\"version\":1,\"duck\":{\"duck_db\":-18,\"duck_db_ui\":-9,\"ramp_ms\":200},\"focus\":{\"auto_resume\":false},\
                \"limits\":{\"sessions\":4,\"queued_events\":8,\"text_bytes\":64,\"artworks\":2,\"artwork_bytes\":65536},\
                \"engine\":{\"rate_hz\":48000,\"channels\":2,\"bits\":16,\"block_frames\":480,\"ring_blocks\":4},\
                \"metrics\":{\"export\":false,\"interval_blocks\":50}}";
    let mut all = vec![
        golden("defaults", "Nobody sets anything, in several ways.", {
            vec![Op::Effective, load("{}"), into(System, " { } "), load("{\"duck\":{},\"limits\":{}}"), Op::Reset(State), Op::Reset(System)]
        }),
        golden("everything", "A text with every key.", vec![load(full), Op::Effective, Op::Reset(State)]),
        golden("layers", "The state's values over the system's, key by key, in either order of loads.", {
            vec![
                into(System, "{\"duck\":{\"duck_db\":-12,\"ramp_ms\":100},\"limits\":{\"sessions\":8}}"),
                into(State, "{\"duck\":{\"duck_db\":-20},\"metrics\":{\"export\":false}}"),
                into(System, "{\"duck\":{\"duck_db\":-24,\"ramp_ms\":0},\"metrics\":{\"export\":true}}"),
                Op::Reset(State),
                into(State, "{\"focus\":{\"auto_resume\":false}}"),
                Op::Reset(System),
            ]
        }),
        golden("replaced", "A text takes the place of the one before: what it leaves out is not set any more.", {
            vec![load("{\"duck\":{\"duck_db\":-12,\"duck_db_ui\":-1}}"), load("{\"duck\":{\"ramp_ms\":10}}"), load("{}")]
        }),
        golden("all_or_nothing", "One wrong key, and none of the text is taken.", {
            vec![
                load("{\"duck\":{\"duck_db\":-12}}"),
                load("{\"duck\":{\"duck_db\":-24,\"ramp_ms\":10001}}"),
                Op::Effective,
                load("{\"limits\":{\"sessions\":2},\"limit\":{}}"),
                Op::Effective,
                into(System, "{\"limits\":{\"sessions\":2},"),
                Op::Effective,
            ]
        }),
        golden(
            "duck_bounds",
            "Whole decibels from -96 to 0.",
            each("duck", "duck_db", &["-97", "-96", "-95", "-1", "0", "1", "6", "-96.5"]),
        ),
        golden("duck_ui_bounds", "The same for the user interface.", each("duck", "duck_db_ui", &["-97", "-96", "0", "1"])),
        golden("ramp_bounds", "Milliseconds from 0 to 10,000.", each("duck", "ramp_ms", &["-1", "0", "-0", "1", "10000", "10001"])),
        golden("limits_bounds", "Each limit from 1 to what the services are built for.", {
            let mut ops = Vec::new();
            for (key, max) in super::domains::LIMITS {
                let values = [0, 1, max, max + 1].map(|number| number.to_string());
                ops.extend(each("limits", key, &values.each_ref().map(String::as_str)));
            }
            ops
        }),
        golden("engine_constants", "The engine's constants can be said, and not changed.", {
            let texts = [
                "{\"engine\":{\"rate_hz\":48000,\"channels\":2,\"bits\":16,\"block_frames\":480,\"ring_blocks\":4}}",
                "{\"engine\":{\"rate_hz\":44100}}",
                "{\"engine\":{\"channels\":1}}",
                "{\"engine\":{\"bits\":24}}",
                "{\"engine\":{\"block_frames\":481}}",
                "{\"engine\":{\"ring_blocks\":3}}",
                "{\"engine\":{\"rate_hz\":48e3}}",
                "{\"version\":1.0}",
                "{\"version\":2}",
            ];
            self::texts(&texts)
        }),
        golden(
            "auto_resume",
            "true or false, and nothing else.",
            each("focus", "auto_resume", &["false", "true", "0", "1", "null", "\"true\""]),
        ),
        golden("metrics", "Switch and interval.", {
            let mut ops = each("metrics", "export", &["false", "true", "0"]);
            ops.extend(each("metrics", "interval_blocks", &["0", "1", "6000", "6001"]));
            ops
        }),
    ];
    all.extend(of_texts());
    all
}

fn of_texts() -> Vec<GoldenCase<MediaConfig>> {
    let sized = |text: &str, over: u32| {
        let padding = MEDIA_CONFIG_TEXT_BYTES_MAX - text.len() as u32 + over;
        Op::Load { layer: Layer::State, text: text.into(), padding }
    };
    let small = "{\"limits\":{\"sessions\":2}}";
    vec![
        golden("text_bound", "A text at the bound is read, one byte more is rejected, whatever it says.", {
            vec![sized(small, 0), Op::Reset(Layer::State), sized(small, 1), sized("{", 1), Op::Effective]
        }),
        golden("depth_bound", "Brackets are counted before anything else is read, and those in strings not at all.", {
            let mut ops: Vec<Op> =
                DEPTHS.iter().flat_map(|depth| [nested("[", "]", *depth), nested("{", "}", *depth)]).map(|text| load(&text)).collect();
            ops.extend(["[[[[[[[[[", "]]]]]]]]][[[[[[[[", "{\"[[[[[[[[[[[[\":1}", "{\"\\\"[[[[[[[[[[[[\":1}", "\"[[[[[[[[["].map(load));
            ops
        }),
        golden("malformed", "What is no JSON.", {
            let wrong = [
                "",
                " ",
                "{",
                "}",
                "{}{}",
                "{} x",
                "{,}",
                "{\"duck\":{},}",
                "{\"duck\"}",
                "{duck:{}}",
                "{'duck':{}}",
                "{\"duck\":{\"ramp_ms\":01}}",
                "{\"duck\":{\"ramp_ms\":+1}}",
                "{\"duck\":{\"ramp_ms\":1.}}",
                "{\"duck\":{\"ramp_ms\":.5}}",
                "{\"duck\":{\"ramp_ms\":0x10}}",
                "{\"duck\":{\"ramp_ms\":NaN}}",
                "{\"focus\":{\"auto_resume\":True}}",
                "// no\n{}",
                "\u{feff}{}",
                "{}\u{0}",
                "{\"a\tb\":1}",
                "{\"\\ud800\":1}",
                "{\"a\":\"\\udc00\"}",
                "{\"a\":[\"\\ud800x\"]}",
                "{\"\\x\":1}",
            ];
            let mut ops = texts(&wrong);
            let bytes = |bytes: &[u8]| Op::Load { layer: Layer::State, text: Bytes(bytes.to_vec()), padding: 0 };
            ops.extend([bytes(b"{\"\xff\":1}"), bytes(b"{}\xc3"), bytes(b"\xed\xa0\x80")]);
            ops
        }),
        golden("same_keys", "The same key twice, at each level and in each spelling.", {
            texts(&[
                "{\"duck\":{},\"duck\":{}}",
                "{\"duck\":{\"ramp_ms\":1,\"ramp_ms\":1}}",
                "{\"duck\":{\"ramp_ms\":1,\"ramp\\u005fms\":2}}",
                "{\"x\":[{\"a\":1},{\"a\":1,\"b\":2,\"a\":3}]}",
                "{\"x\":{\"y\":1,\"y\":1},\"x\":1}",
                "{\"\":1,\"\":2}",
                "{\"duck\":{\"ramp_ms\":1},\"focus\":{}}",
            ])
        }),
        golden("unknown_keys", "The schema is closed at each level.", {
            texts(&[
                "{\"ducks\":{}}",
                "{\"duck\":{\"duck-db\":-6}}",
                "{\"duck_db\":-6}",
                "{\"DUCK\":{}}",
                "{\"\":{}}",
                "{\"limits\":{\"a/b~c\":1}}",
                "{\"limits\":{\"\u{fc}\":1}}",
                "{\"limits\":{\"\\u00fc\\n\":1}}",
                "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"}",
            ])
        }),
        golden("types", "Another type than the schema's; whole numbers are integers in any spelling.", {
            let mut ops =
                texts(&["null", "[]", "1", "\"{}\"", "true", "{\"duck\":1}", "{\"duck\":[]}", "{\"duck\":null}", "{\"version\":\"1\"}"]);
            let right = ["10.0", "1e1", "1E+1", "100e-1", "10.000e0", "0e99", "-0.0", "0.001e4"];
            let wrong = ["10.5", "1e-1", "\"10\"", "null", "true", "[10]", "{}", "10.00000000000000000001", "1e-400"];
            ops.extend(each("duck", "ramp_ms", &right));
            ops.extend(each("duck", "ramp_ms", &wrong));
            ops.extend(each("duck", "ramp_ms", &["1e400", "-1e400", "1e99999999999999999999", "99999999999999999999999"]));
            ops
        }),
        golden("which_fault", "By kind, then by place in the text.", {
            let long = format!("{{\"limits\":{{\"{}\":1}}}}", "k".repeat(140));
            let cut = format!("{{\"limits\":{{\"{}\u{fc}x\":1}}}}", "k".repeat(119));
            let texts = [
                "{\"duck\":{\"ramp_ms\":-1,\"duck_db\":1},\"x\":1}",
                "{\"x\":1,\"duck\":{\"ramp_ms\":-1}}",
                "{\"metrics\":{\"export\":0},\"duck\":{\"ramp_ms\":-1}}",
                "{\"x\":1,\"duck\":{},\"duck\":{}}",
                "{\"x\":1,\"duck\":{},\"duck\":{}",
                "[[[[[[[[[\u{1}",
                long.as_str(),
                cut.as_str(),
            ];
            self::texts(&texts)
        }),
    ]
}
