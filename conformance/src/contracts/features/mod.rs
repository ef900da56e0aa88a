//! Which features of a format are exercised by which goldens and fixtures.
//!
//! What a golden uses is read from its stream, not from its name: a feature counts only where the model gave a packet of a stream that has it, or
//! rejected it with the code that the feature is.

mod apng;
mod gif;
mod mjpeg;
mod vorbis;
mod wav_stream;

use crate::suite::Suite;
use spec::ErrorCode;
use spec::decode::{Limits, Obs, Op};
use spec::devices::Blob;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Streams of goldens that are longer are about bounds alone, and not looked at.
const STREAM_BYTES_MAX: usize = 1 << 20;

/// A feature and what exercises it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The feature.
    pub feature: String,
    /// Goldens, by name.
    pub goldens: Vec<String>,
    /// Files of other encoders, by name.
    pub fixtures: Vec<String>,
}

/// The features of a contract's format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    /// The contract.
    pub contract: &'static str,
    /// Its features, in the order in which they are declared.
    pub rows: Vec<Row>,
}

/// What a format declares.
struct Declared {
    /// Features of streams.
    streams: &'static [&'static str],
    /// Codes with which streams are rejected.
    codes: &'static [ErrorCode],
    /// The features that a stream has.
    of: fn(&[u8]) -> BTreeSet<&'static str>,
    /// Files of other encoders, which the format's tests decode.
    fixtures: &'static [(&'static str, &'static [u8])],
}

/// Features of how a decoder is used, whatever the format.
const USES: [&str; 5] = ["fed in chunks", "rewound", "cancelled", "an error that stays", "bytes after the end"];

/// The features of every format that has a decoder.
pub fn formats() -> &'static [Format] {
    static FORMATS: LazyLock<Vec<Format>> = LazyLock::new(|| {
        vec![
            format::<spec::gif::Gif>(&gif::DECLARED).0,
            format::<spec::apng::Apng>(&apng::DECLARED).0,
            format::<spec::mjpeg::Mjpeg>(&mjpeg::DECLARED).0,
            format::<spec::vorbis::Vorbis>(&vorbis::DECLARED).0,
            format::<spec::wav_stream::WavStream>(&wav_stream::DECLARED).0,
        ]
    });
    &FORMATS
}

/// The features of a contract's format, if it is one.
pub fn of(contract: &str) -> Option<&'static Format> {
    formats().iter().find(|format| format.contract == contract)
}

/// The features of a format, and those that goldens have and nobody declared.
fn format<C: Suite<Config = Limits, Op = Op, Obs = Obs>>(declared: &Declared) -> (Format, BTreeSet<String>) {
    let rejected = |code: &ErrorCode| format!("rejected as {}", code.name());
    let names = USES.iter().chain(declared.streams).map(|name| (*name).to_owned()).chain(declared.codes.iter().map(rejected));
    let mut rows: Vec<Row> = names.map(|feature| Row { feature, goldens: Vec::new(), fixtures: Vec::new() }).collect();
    let mut undeclared = BTreeSet::new();
    let mut seen = |feature: String, put: &dyn Fn(&mut Row)| match rows.iter_mut().find(|row| row.feature == feature) {
        Some(row) => put(row),
        None => {
            undeclared.insert(feature);
        }
    };
    for golden in C::goldens() {
        let fed: usize = golden.case.ops.iter().map(|op| if let Op::Feed(Blob(bytes)) = op { bytes.len() } else { 0 }).sum();
        if fed > STREAM_BYTES_MAX {
            continue;
        }
        let Ok(trace) = C::model().run_case(&golden.case) else { continue };
        let found = used(&golden.case.ops, &trace.obs, declared);
        found.into_iter().for_each(|feature| seen(feature, &|row| row.goldens.push(golden.name.to_owned())));
    }
    for (name, stream) in declared.fixtures {
        (declared.of)(stream).into_iter().for_each(|feature| seen(feature.to_owned(), &|row| row.fixtures.push((*name).to_owned())));
    }
    (Format { contract: C::NAME, rows }, undeclared)
}

/// What a case exercises.
fn used(ops: &[Op], obs: &[Obs], declared: &Declared) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let (mut stream, mut chunks, mut rewound) = (Vec::new(), 0, false);
    let mut any = |name: &str| {
        found.insert(name.to_owned());
    };
    let mut last = None;
    for (op, obs) in ops.iter().zip(obs) {
        match (op, obs) {
            (Op::Feed(Blob(bytes)), Obs::Done) => {
                stream.extend_from_slice(bytes);
                chunks += 1;
            }
            (Op::Rewind, Obs::Done) => rewound = true,
            (Op::Cancel, _) => any("cancelled"),
            (Op::Feed(_) | Op::FeedZeros(_), Obs::Rejected(ErrorCode::InputEnded)) => any("bytes after the end"),
            (_, Obs::Frame { .. } | Obs::Pcm { .. }) => {
                (declared.of)(&stream).into_iter().for_each(&mut any);
                if chunks > 1 {
                    any("fed in chunks");
                }
                if rewound {
                    any("rewound");
                }
            }
            _ => {}
        }
        if let Obs::Rejected(code) = obs
            && declared.codes.contains(code)
        {
            any(&format!("rejected as {}", code.name()));
            if *op == Op::Next && last == Some(*code) {
                any("an error that stays");
            }
        }
        last = match obs {
            Obs::Rejected(code) if *op == Op::Next => Some(*code),
            _ => last.filter(|_| matches!(op, Op::Feed(_) | Op::FeedZeros(_) | Op::Info)),
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lacking(format: &Format) -> Vec<&str> {
        format.rows.iter().filter(|row| row.goldens.is_empty()).map(|row| row.feature.as_str()).collect()
    }

    #[test]
    fn no_feature_is_without_a_golden() {
        let lacking: Vec<_> =
            formats().iter().map(|format| (format.contract, lacking(format))).filter(|(_, rows)| !rows.is_empty()).collect();
        assert_eq!(lacking, Vec::new(), "record a golden that exercises them");
    }

    #[test]
    fn a_feature_that_nothing_exercises_is_found() {
        let streams: &[&str] = &["GIF87a", "sound"];
        let (format, undeclared) = format::<spec::gif::Gif>(&Declared { streams, ..gif::DECLARED });
        assert_eq!(lacking(&format), ["sound"]);
        assert!(undeclared.contains("GIF89a") && !undeclared.contains("GIF87a"));
    }

    #[test]
    fn every_feature_that_streams_have_is_declared() {
        for undeclared in [
            format::<spec::gif::Gif>(&gif::DECLARED).1,
            format::<spec::apng::Apng>(&apng::DECLARED).1,
            format::<spec::mjpeg::Mjpeg>(&mjpeg::DECLARED).1,
            format::<spec::vorbis::Vorbis>(&vorbis::DECLARED).1,
            format::<spec::wav_stream::WavStream>(&wav_stream::DECLARED).1,
        ] {
            assert_eq!(undeclared, BTreeSet::new());
        }
    }

    /// Every contract whose cases feed streams to decoders declares its features.
    #[test]
    fn every_decoder_has_its_features() {
        let known: Vec<&str> = formats().iter().map(|format| format.contract).collect();
        let library = spec_files::Library::embedded_contracts().expect("the contracts are right");
        for contract in &library.contracts {
            let decodes = contract.requirements.iter().any(|requirement| requirement.text.contains("cut into chunks"));
            assert_eq!(decodes, known.contains(&contract.contract.value.as_str()), "{}", contract.contract.value);
        }
    }

    #[test]
    fn fixtures_are_those_of_another_encoder() {
        let vorbis = of("vorbis").expect("the format");
        let by = |feature: &str| vorbis.rows.iter().find(|row| row.feature == feature).expect("the feature").fixtures.len();
        assert_eq!((by("floor of type 1"), by("floor of type 0")), (7, 0));
    }
}
