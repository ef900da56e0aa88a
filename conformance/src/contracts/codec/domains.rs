//! Small domains of the contract `codec`, every value of them.

use crate::suite::{Counted, Domain, Extent};
use spec::Case;
use spec::codec::{
    BlockFormat, Bytes, CODEC_FORMAT, CODEC_ROUTE_ARROW, CODEC_ROUTE_HP, CODEC_ROUTE_SPEAKER, Codec, Config, Op, SampleFormat,
};

/// Operations of one case.
const BATCH: usize = 1_024;

const HOPS: [&str; 5] = ["i2s", "codec", "hp", "speaker", "dsp"];

pub(super) fn domains() -> Vec<Domain<Codec>> {
    vec![
        Domain {
            name: "every_route_of_five_hops",
            requirements: &["CODEC-001", "CODEC-002"],
            describe: |extent| format!("every route of 1 to {} hops of {}", longest(extent), HOPS.join(", ")),
            cases: |extent| batches(routes(longest(extent)).map(|route| Op::Configure { route, format: CODEC_FORMAT })),
        },
        Domain {
            name: "every_format_around_the_right_one",
            requirements: &["CODEC-003"],
            describe: |_| "every format of 6 rates, 4 numbers of channels, all types of samples and 6 blocks".to_owned(),
            cases: |_| batches(formats().map(|format| Op::Configure { route: CODEC_ROUTE_HP.to_owned(), format })),
        },
        Domain {
            name: "every_list_of_routes",
            requirements: &["CODEC-006"],
            describe: |extent| format!("every list of up to {} right and wrong texts, ended and not", longest(extent) - 2),
            cases: |extent| batches(lists(longest(extent) - 2).map(Op::Routes)),
        },
    ]
}

fn longest(extent: Extent) -> u32 {
    match extent {
        Extent::Whole => 5,
        Extent::Corners => 4,
    }
}

/// Cases of up to [`BATCH`] operations and a look at everything.
fn batches(ops: impl Iterator<Item = Op> + Send + 'static) -> Counted<Codec> {
    let mut ops = ops.fuse();
    Box::new(std::iter::from_fn(move || {
        let mut batch: Vec<Op> = ops.by_ref().take(BATCH).collect();
        let values = batch.len() as u64;
        batch.extend([Op::State, Op::Markers]);
        (values > 0).then_some((Case { config: Config::default(), ops: batch }, values))
    }))
}

/// Every sequence of that many of the values.
fn sequences(values: &'static [&'static str], length: u32) -> impl Iterator<Item = Vec<&'static str>> + Send {
    let count = values.len() as u64;
    (0..count.pow(length)).map(move |number| (0..length).map(|place| values[(number / count.pow(place) % count) as usize]).collect())
}

fn routes(longest: u32) -> impl Iterator<Item = String> + Send {
    (1..=longest).flat_map(|length| sequences(&HOPS, length)).map(|hops| hops.join(CODEC_ROUTE_ARROW))
}

fn formats() -> impl Iterator<Item = BlockFormat> + Send {
    const SAMPLES: [SampleFormat; 5] =
        [SampleFormat::S16le, SampleFormat::U8, SampleFormat::S24le, SampleFormat::S32le, SampleFormat::F32le];
    [48_000, 0, 44_100, 47_999, 48_001, 96_000].into_iter().flat_map(|rate_hz| {
        [2, 0, 1, 3].into_iter().flat_map(move |channels| {
            SAMPLES.into_iter().flat_map(move |sample| {
                [480, 0, 479, 481, 512, 960].map(|block_frames| BlockFormat { rate_hz, channels, sample, block_frames })
            })
        })
    })
}

fn lists(longest: u32) -> impl Iterator<Item = Bytes> + Send {
    const TEXTS: [&str; 5] = [CODEC_ROUTE_HP, CODEC_ROUTE_SPEAKER, "i2s -> hp", "", "\u{e4}"];
    (0..=longest).flat_map(|length| sequences(&TEXTS, length)).flat_map(|texts| {
        let list: String = texts.iter().map(|text| format!("{text}\0")).collect();
        let cut = list.strip_suffix('\0').unwrap_or("i2s").to_owned();
        [list, cut].map(|list| Bytes::from(list.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::{domains, formats, lists, routes};
    use crate::suite::Extent;
    use std::collections::BTreeSet;

    #[test]
    fn domains_hold_every_value_once() {
        assert_eq!((routes(5).count(), routes(5).collect::<BTreeSet<_>>().len()), (3_905, 3_905));
        assert_eq!(formats().map(|format| format!("{format:?}")).collect::<BTreeSet<_>>().len(), 720);
        assert_eq!(lists(3).count(), 2 * 156);
        for (domain, whole) in domains().into_iter().zip([3_905, 720, 312]) {
            assert_eq!((domain.cases)(Extent::Whole).map(|(_, count)| count).sum::<u64>(), whole, "{}", domain.name);
        }
    }
}
