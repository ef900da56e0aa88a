//! Small domains of the contract `media-config`, every value of them.

use super::{DEPTHS, load, nested};
use crate::suite::{Counted, Domain, Extent};
use spec::Case;
use spec::format::{BLOCK_FRAMES, BYTES_PER_SAMPLE, CHANNELS, SAMPLE_RATE_HZ};
use spec::media_config::{
    Bytes, Config, Layer, MEDIA_CONFIG_ARTWORK_BYTES_MAX, MEDIA_CONFIG_ARTWORKS_MAX, MEDIA_CONFIG_DUCK_DB_MAX, MEDIA_CONFIG_DUCK_DB_MIN,
    MEDIA_CONFIG_INTERVAL_MAX, MEDIA_CONFIG_INTERVAL_MIN, MEDIA_CONFIG_LIMIT_MIN, MEDIA_CONFIG_QUEUED_EVENTS_MAX, MEDIA_CONFIG_RAMP_MS_MAX,
    MEDIA_CONFIG_RAMP_MS_MIN, MEDIA_CONFIG_SESSIONS_MAX, MEDIA_CONFIG_TEXT_LIMIT_MAX, MEDIA_CONFIG_VERSION, MediaConfig, Op,
};
use spec::ring::RING_BLOCKS;

/// Loads of one case.
const BATCH: usize = 1_024;

/// The letters of structure.
const STRUCTURE: &str = "{}[]\":,1";
/// The letters of numbers.
const NUMBER: &str = "01-+.eE";

/// The limits by their keys, with what the services are built for.
pub(super) const LIMITS: [(&str, i64); 5] = [
    ("sessions", MEDIA_CONFIG_SESSIONS_MAX),
    ("queued_events", MEDIA_CONFIG_QUEUED_EVENTS_MAX),
    ("text_bytes", MEDIA_CONFIG_TEXT_LIMIT_MAX),
    ("artworks", MEDIA_CONFIG_ARTWORKS_MAX),
    ("artwork_bytes", MEDIA_CONFIG_ARTWORK_BYTES_MAX),
];

/// Keys of numbers with what stands around their value in a text, and their ends.
fn keys() -> Vec<(String, i64, i64)> {
    let within = |section: &str, key: &str| format!("{{\"{section}\":{{\"{key}\":#}}}}");
    let mut keys = vec![
        (within("duck", "duck_db"), MEDIA_CONFIG_DUCK_DB_MIN, MEDIA_CONFIG_DUCK_DB_MAX),
        (within("duck", "duck_db_ui"), MEDIA_CONFIG_DUCK_DB_MIN, MEDIA_CONFIG_DUCK_DB_MAX),
        (within("duck", "ramp_ms"), MEDIA_CONFIG_RAMP_MS_MIN, MEDIA_CONFIG_RAMP_MS_MAX),
        (within("metrics", "interval_blocks"), MEDIA_CONFIG_INTERVAL_MIN, MEDIA_CONFIG_INTERVAL_MAX),
        ("{\"version\":#}".to_owned(), MEDIA_CONFIG_VERSION, MEDIA_CONFIG_VERSION),
    ];
    keys.extend(LIMITS.map(|(key, max)| (within("limits", key), MEDIA_CONFIG_LIMIT_MIN, max)));
    let engine = [
        ("rate_hz", SAMPLE_RATE_HZ),
        ("channels", CHANNELS.into()),
        ("bits", BYTES_PER_SAMPLE * 8),
        ("block_frames", BLOCK_FRAMES),
        ("ring_blocks", RING_BLOCKS),
    ];
    keys.extend(engine.map(|(key, constant)| (within("engine", key), constant.into(), constant.into())));
    keys
}

pub(super) fn domains() -> Vec<Domain<MediaConfig>> {
    vec![
        Domain {
            name: "every_bound",
            requirements: &[
                "MEDIA_CONFIG-011",
                "MEDIA_CONFIG-012",
                "MEDIA_CONFIG-013",
                "MEDIA_CONFIG-014",
                "MEDIA_CONFIG-015",
                "MEDIA_CONFIG-017",
            ],
            describe: |_| "each number around both of its ends, and the whole range of all short ones, in four spellings".to_owned(),
            cases: |_| batches(bounds()),
        },
        Domain {
            name: "every_pair_of_layers",
            requirements: &["MEDIA_CONFIG-003"],
            describe: |_| "two keys of each section, set or not in each layer, in both orders".to_owned(),
            cases: |_| layers(),
        },
        Domain {
            name: "every_structure",
            requirements: &["MEDIA_CONFIG-007", "MEDIA_CONFIG-008"],
            describe: |extent| {
                format!("every text of up to {} letters of \"{STRUCTURE}\", and brackets around the deepest", longest(extent))
            },
            cases: |extent| {
                let brackets = DEPTHS.into_iter().flat_map(|depth| [nested("[", "]", depth), nested("{", "}", depth)]);
                batches(texts(STRUCTURE, longest(extent)).chain(brackets.map(|text| load(&text))))
            },
        },
        Domain {
            name: "every_number_text",
            requirements: &["MEDIA_CONFIG-008", "MEDIA_CONFIG-011"],
            describe: |extent| format!("every text of up to {} letters of \"{NUMBER}\" in the place of a ramp", longest(extent)),
            cases: |extent| {
                batches(texts(NUMBER, longest(extent)).map(|op| match op {
                    Op::Load { text, .. } => load(&format!("{{\"duck\":{{\"ramp_ms\":{}}}}}", String::from_utf8_lossy(&text.0))),
                    other => other,
                }))
            },
        },
    ]
}

const fn longest(extent: Extent) -> u32 {
    match extent {
        Extent::Whole => 6,
        Extent::Corners => 4,
    }
}

/// Values around the ends of each key, and all between them where they are few.
fn bounds() -> impl Iterator<Item = Op> + Send {
    keys().into_iter().flat_map(|(text, low, high)| {
        let near = if high - low < 200 {
            (low - 2..=high + 2).collect()
        } else {
            Vec::from([low - 2, low - 1, low, low + 1, high - 1, high, high + 1, high + 2])
        };
        near.into_iter().flat_map(move |number| {
            let spelled = [format!("{number}"), format!("{number}.0"), format!("{number}0e-1"), format!("{number}.5")];
            spelled.map(|number| load(&text.replace('#', &number)))
        })
    })
}

/// Every text of these letters.
fn texts(alphabet: &'static str, longest: u32) -> impl Iterator<Item = Op> + Send {
    let letters = alphabet.as_bytes();
    let count = letters.len() as u64;
    (0..=longest).flat_map(move |length| {
        (0..count.pow(length)).map(move |number| {
            let text = (0..length).rev().map(|place| letters[(number / count.pow(place) % count) as usize]).collect();
            Op::Load { layer: Layer::State, text: Bytes(text), padding: 0 }
        })
    })
}

/// Cases of so many loads, each with what holds at its end.
fn batches(ops: impl Iterator<Item = Op> + Send + 'static) -> Counted<MediaConfig> {
    let mut ops = ops.fuse();
    Box::new(std::iter::from_fn(move || {
        let mut batch: Vec<Op> = ops.by_ref().take(BATCH).collect();
        let values = batch.len() as u64;
        batch.push(Op::Effective);
        (values > 0).then_some((Case { config: Config {}, ops: batch }, values))
    }))
}

/// Two keys of a section with a value for each layer.
const PAIRS: [[(&str, &str, &str); 2]; 4] = [
    [("duck_db", "-12", "-24"), ("ramp_ms", "10", "20")],
    [("sessions", "4", "8"), ("artworks", "2", "1")],
    [("export", "false", "true"), ("interval_blocks", "7", "9")],
    [("rate_hz", "48000", "48000"), ("bits", "16", "16")],
];
const SECTIONS: [&str; 4] = ["duck", "limits", "metrics", "engine"];

fn layers() -> Counted<MediaConfig> {
    let cases = (0..SECTIONS.len() as u32 * 32).map(|number| {
        let (section, set) = (number as usize / 32, number % 32);
        let text = |shift: u32, upper: bool| {
            let keys = PAIRS[section].iter().enumerate().filter(|(at, _)| set >> (shift + *at as u32) & 1 == 1);
            let keys: Vec<String> = keys.map(|(_, (key, low, high))| format!("\"{key}\":{}", if upper { high } else { low })).collect();
            format!("{{\"{}\":{{{}}}}}", SECTIONS[section], keys.join(","))
        };
        let load = |layer, text: String| Op::Load { layer, text: text.as_str().into(), padding: 0 };
        let mut ops = vec![load(Layer::System, text(0, false)), load(Layer::State, text(2, true))];
        if set >> 4 == 1 {
            ops.reverse();
        }
        ops.extend([Op::Effective, Op::Reset(Layer::State), Op::Reset(Layer::System)]);
        (Case { config: Config {}, ops }, 1)
    });
    Box::new(cases)
}

#[cfg(test)]
mod tests {
    use super::domains;
    use crate::suite::Extent;
    use model::Modelled;
    use spec::media_config::{MediaConfig, Obs};

    /// How many texts of each domain are right, and how many values it has: none is empty, and none is all of one kind.
    #[test]
    fn domains_have_both_kinds() {
        let mut model = MediaConfig::model();
        for domain in domains() {
            let (mut right, mut wrong, mut values) = (0_u64, 0_u64, 0_u64);
            for (case, count) in (domain.cases)(Extent::Corners) {
                values += count;
                for obs in model.run_case(&case).expect("a model does not fail").obs {
                    *(if matches!(obs, Obs::Effective(_)) { &mut right } else { &mut wrong }) += 1;
                }
            }
            assert!(values > 100 && right > 0, "{}: {right} right, {wrong} wrong, {values} values", domain.name);
            assert!(wrong > 0 || domain.name == "every_pair_of_layers", "{}: nothing is rejected", domain.name);
        }
    }
}
