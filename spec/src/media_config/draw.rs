//! Drawn texts: mostly right ones with every bound met from both sides, and each kind of fault now and then.

use super::{
    Bytes, MEDIA_CONFIG_ARTWORK_BYTES_MAX, MEDIA_CONFIG_ARTWORKS_MAX, MEDIA_CONFIG_DEPTH_MAX, MEDIA_CONFIG_DUCK_DB_MAX,
    MEDIA_CONFIG_DUCK_DB_MIN, MEDIA_CONFIG_INTERVAL_MAX, MEDIA_CONFIG_INTERVAL_MIN, MEDIA_CONFIG_LIMIT_MIN, MEDIA_CONFIG_QUEUED_EVENTS_MAX,
    MEDIA_CONFIG_RAMP_MS_MAX, MEDIA_CONFIG_RAMP_MS_MIN, MEDIA_CONFIG_SESSIONS_MAX, MEDIA_CONFIG_TEXT_BYTES_MAX,
    MEDIA_CONFIG_TEXT_LIMIT_MAX, MEDIA_CONFIG_VERSION, Op, draw_layer,
};
use crate::format::{BLOCK_FRAMES, BYTES_PER_SAMPLE, CHANNELS, SAMPLE_RATE_HZ};
use crate::ring::RING_BLOCKS;
use crate::{Entropy, entropy};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Keys that are not sections, of each section: what they take.
enum Takes {
    Between(i64, i64),
    Constant(i64),
    Truth,
}

/// The sections by their names, the top level as the empty one, with a key of each.
fn key(source: &mut dyn Entropy) -> (&'static str, &'static str, Takes) {
    let duck = Takes::Between(MEDIA_CONFIG_DUCK_DB_MIN, MEDIA_CONFIG_DUCK_DB_MAX);
    let limit = |max| Takes::Between(MEDIA_CONFIG_LIMIT_MIN, max);
    match source.below(17) {
        0 => ("duck", "duck_db", duck),
        1 => ("duck", "duck_db_ui", duck),
        2 => ("duck", "ramp_ms", Takes::Between(MEDIA_CONFIG_RAMP_MS_MIN, MEDIA_CONFIG_RAMP_MS_MAX)),
        3 => ("focus", "auto_resume", Takes::Truth),
        4 => ("limits", "sessions", limit(MEDIA_CONFIG_SESSIONS_MAX)),
        5 => ("limits", "queued_events", limit(MEDIA_CONFIG_QUEUED_EVENTS_MAX)),
        6 => ("limits", "text_bytes", limit(MEDIA_CONFIG_TEXT_LIMIT_MAX)),
        7 => ("limits", "artworks", limit(MEDIA_CONFIG_ARTWORKS_MAX)),
        8 => ("limits", "artwork_bytes", limit(MEDIA_CONFIG_ARTWORK_BYTES_MAX)),
        9 => ("metrics", "export", Takes::Truth),
        10 => ("metrics", "interval_blocks", Takes::Between(MEDIA_CONFIG_INTERVAL_MIN, MEDIA_CONFIG_INTERVAL_MAX)),
        11 => ("engine", "rate_hz", Takes::Constant(SAMPLE_RATE_HZ.into())),
        12 => ("engine", "channels", Takes::Constant(CHANNELS.into())),
        13 => ("engine", "bits", Takes::Constant(i64::from(BYTES_PER_SAMPLE) * 8)),
        14 => ("engine", "block_frames", Takes::Constant(BLOCK_FRAMES.into())),
        15 => ("engine", "ring_blocks", Takes::Constant(RING_BLOCKS.into())),
        _ => ("", "version", Takes::Constant(MEDIA_CONFIG_VERSION)),
    }
}

/// A load of a drawn text.
pub(super) fn load(source: &mut dyn Entropy) -> Op {
    let layer = draw_layer(source);
    // One fault in most of the texts that have any, so that it is the one that is told; two now and then.
    let faults = [0, 0, 0, 0, 0, 1, 1, 1, 1, 2][source.below(10) as usize];
    let mut text = document(source, faults);
    let mut padding = 0;
    if source.one_in(16) {
        damage(source, &mut text);
    }
    if source.one_in(24) {
        let room = MEDIA_CONFIG_TEXT_BYTES_MAX.saturating_sub(text.len() as u32);
        padding = room + u32::from(source.one_in(2));
    }
    Op::Load { layer, text: Bytes(text), padding }
}

/// Sections of keys, in drawn order.
fn document(source: &mut dyn Entropy, faults: u64) -> Vec<u8> {
    let mut sections: Vec<(&str, Vec<String>)> = Vec::new();
    for _ in 0..source.below(6) {
        let (section, name, takes) = key(source);
        let spelled = spelled(source, name);
        let member = format!("{spelled}{}:{}{}", space(source), space(source), value(source, &takes));
        insert(source, &mut sections, section, name, member);
    }
    for _ in 0..faults {
        fault(source, &mut sections);
    }
    if source.one_in(24) {
        return stray(source);
    }
    let mut members: Vec<String> = Vec::new();
    for (section, keys) in sections {
        if section.is_empty() {
            members.extend(keys);
            continue;
        }
        members.push(format!("{}:{}{{{}}}", spelled(source, section), space(source), joined(source, &keys)));
    }
    let (before, after) = (space(source), space(source));
    format!("{before}{{{}}}{after}", joined(source, &members)).into_bytes()
}

fn joined(source: &mut dyn Entropy, members: &[String]) -> String {
    members.join(&format!("{},{}", space(source), space(source)))
}

/// Adds a member to its section, unless the section has one of that key.
fn insert(
    source: &mut dyn Entropy,
    sections: &mut Vec<(&'static str, Vec<String>)>,
    section: &'static str,
    name: &'static str,
    member: String,
) {
    let mark = format!("\"{name}\"");
    let place = match sections.iter().position(|(known, _)| *known == section) {
        Some(place) => place,
        None => {
            let place = source.below(sections.len() as u64 + 1) as usize;
            sections.insert(place, (section, Vec::new()));
            place
        }
    };
    let keys = &mut sections[place].1;
    if !keys.iter().any(|other| other.replace("\\u005f", "_").starts_with(&mark)) {
        let at = source.below(keys.len() as u64 + 1) as usize;
        keys.insert(at, member);
    }
}

/// A key as a JSON string: plain, or with one letter spelled as an escape.
fn spelled(source: &mut dyn Entropy, name: &str) -> String {
    if name.contains('_') && source.one_in(12) { format!("\"{}\"", name.replace('_', "\\u005f")) } else { format!("\"{name}\"") }
}

fn space(source: &mut dyn Entropy) -> &'static str {
    entropy::pick(source, ["", "", "", "", " ", "\n  ", "\t", "\r\n"])
}

fn value(source: &mut dyn Entropy, takes: &Takes) -> String {
    let number = match takes {
        Takes::Truth => return entropy::pick(source, ["true", "false"]).to_string(),
        Takes::Constant(number) => *number,
        Takes::Between(low, high) => match source.below(6) {
            0 => *low,
            1 => *high,
            _ => source.between(*low, *high),
        },
    };
    number_text(source, number)
}

/// One of the spellings of an integer.
fn number_text(source: &mut dyn Entropy, number: i64) -> String {
    match source.below(12) {
        0 => format!("{number}.0"),
        1 => format!("{number}e0"),
        2 => format!("{number}0E-1"),
        3 if number % 10 == 0 => format!("{}e+1", number / 10),
        3 => format!("{number}.000"),
        4 if number == 0 => "-0".to_string(),
        _ => number.to_string(),
    }
}

/// Puts one fault of the schema into the sections.
fn fault(source: &mut dyn Entropy, sections: &mut Vec<(&'static str, Vec<String>)>) {
    let (section, name, takes) = key(source);
    let text = match source.below(8) {
        // One beside a bound, or far from it.
        0..=2 => match takes {
            Takes::Between(low, high) => {
                let number = entropy::pick(source, [low - 1, high + 1, low - 1, high + 1, i64::MIN, i64::MAX]);
                number_text(source, number)
            }
            Takes::Constant(number) => entropy::pick(source, [number - 1, number + 1, 0, -number]).to_string(),
            Takes::Truth => entropy::pick(source, ["0", "1"]).to_string(),
        },
        // Another type.
        3..=4 => {
            let fraction = format!("{}.5", source.below(9));
            let other = entropy::pick(source, ["null", "\"1\"", "[]", "[1]", "{}", "\"true\"", "true", "1", "1e-1", &fraction]);
            other.to_string()
        }
        // A key that there is not.
        5 => {
            let name = entropy::pick(source, ["duck-db", "Sessions", "", "a/b", "m~n", "\\u00fc", "unknown", "ramp_ms", "duck"]);
            let key = if source.one_in(12) { "k".repeat(150) } else { name.to_string() };
            let member = format!("\"{key}\":{}", entropy::pick(source, ["1", "null", "{\"x\":{}}", "[{\"a\":1,\"a\":2}]"]));
            let section = entropy::pick(source, ["", "", section]);
            return append(sections, section, member);
        }
        // A section that is none.
        6 => {
            let name = entropy::pick(source, ["duck", "focus", "limits", "engine", "metrics"]);
            let member = format!("\"{name}\":{}", entropy::pick(source, ["1", "null", "[]", "true", "\"\""]));
            sections.retain(|(known, _)| *known != name);
            return append(sections, "", member);
        }
        // The same key twice.
        _ => {
            let text = value(source, &takes);
            for _ in 0..2 {
                let spelled = spelled(source, name);
                append(sections, section, format!("{spelled}:{text}"));
            }
            return;
        }
    };
    // In the place of a right one, which would be the same key twice.
    let mark = format!("\"{name}\"");
    for (_, keys) in sections.iter_mut().filter(|(known, _)| *known == section) {
        keys.retain(|other| !other.replace("\\u005f", "_").starts_with(&mark));
    }
    append(sections, section, format!("{mark}:{text}"));
}

/// Adds a member to its section, whatever is there.
fn append(sections: &mut Vec<(&'static str, Vec<String>)>, section: &'static str, member: String) {
    match sections.iter_mut().find(|(known, _)| *known == section) {
        Some((_, keys)) => keys.push(member),
        None => sections.push((section, alloc::vec![member])),
    }
}

/// A text that is no object of sections.
fn stray(source: &mut dyn Entropy) -> Vec<u8> {
    let depth = MEDIA_CONFIG_DEPTH_MAX as usize + source.below(3) as usize - 1;
    match source.below(6) {
        0 => "[".repeat(depth) + &"]".repeat(depth),
        1 => "{\"a\":".repeat(depth) + "1" + &"}".repeat(depth),
        2 => "]".repeat(3) + &"[".repeat(depth),
        3 => format!("{{\"{}\":1}}", "[{".repeat(depth)),
        4 => entropy::pick(source, ["", " ", "null", "true", "1", "\"\"", "[]", "{} {}", "{}x", "{'a':1}", "{,}"]).to_string(),
        _ => entropy::pick(
            source,
            ["\u{feff}{}", "{}\u{0}", "// no\n{}", "{\"\\ud83d\\ude00\":1}", "{\"a\":\"\\ud800\"}", "{\"\\udc00\":1}"],
        )
        .to_string(),
    }
    .into_bytes()
}

/// Cuts the text, or writes one byte over another.
fn damage(source: &mut dyn Entropy, text: &mut Vec<u8>) {
    let place = source.below(text.len() as u64) as usize;
    match source.below(3) {
        0 => text.truncate(place),
        1 => {
            let byte = source.bits() as u8;
            if let Some(at) = text.get_mut(place) {
                *at = byte;
            }
        }
        _ => text.insert(place.min(text.len()), entropy::pick(source, *b"{}[]\",:0.e-+\\u \xff\x01")),
    }
}
