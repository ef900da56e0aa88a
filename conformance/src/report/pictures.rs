//! Pictures of what the contracts say. Every curve is the reference model's own answers to the contract's operations.

mod audio;
mod curves;
mod resampler;
pub mod timelines;

use model::Modelled;
use spec::{Case, Contract, ErrorCode, Failure};
use std::fmt;

/// A picture of a contract.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The contract that it belongs to.
    pub contract: &'static str,
    /// What to see in it.
    pub caption: String,
    /// The `svg` element.
    pub svg: String,
}

/// Why a picture could not be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotDrawn {
    /// The model failed.
    Failed(Failure),
    /// The model rejected the picture's configuration.
    Rejected(ErrorCode),
    /// The model answered something else than was asked for.
    Unexpected(&'static str),
}

impl fmt::Display for NotDrawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(failure) => write!(f, "the model {failure}"),
            Self::Rejected(code) => write!(f, "the model rejected the configuration: {}", code.name()),
            Self::Unexpected(what) => write!(f, "the model gave no {what}"),
        }
    }
}

impl std::error::Error for NotDrawn {}

impl From<Failure> for NotDrawn {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Draws one picture.
type Draw = fn() -> Result<(String, String), NotDrawn>;

/// Every picture, in the order of reports.
const ALL: [(&str, Draw); 9] = [
    ("ring", audio::ring_fill),
    ("gain", curves::gain),
    ("level", curves::level),
    ("mixer", curves::clip),
    ("mixer", audio::mix),
    ("mixer", audio::overdriven),
    ("tone", audio::spectrum),
    ("resampler", resampler::response),
    ("resampler", resampler::pass_band),
];

/// Every picture. One that can't be drawn is replaced by the reason, so that a report never fails for a picture.
pub fn all() -> Vec<Picture> {
    let picture = |(contract, drawn): (&'static str, Result<(String, String), NotDrawn>)| match drawn {
        Ok((svg, caption)) => Picture { contract, caption, svg },
        Err(why) => Picture { contract, caption: format!("Not drawn: {why}."), svg: String::new() },
    };
    let over_time = timelines::all().into_iter().map(|timeline| (timeline.contract, timeline.picture()));
    ALL.into_iter().map(|(contract, draw)| (contract, draw())).chain(over_time).map(picture).collect()
}

/// The model's answers to these operations.
fn ask<C: Modelled>(config: C::Config, ops: Vec<C::Op>) -> Result<Vec<<C as Contract>::Obs>, NotDrawn> {
    let trace = C::model().run_case(&Case { config, ops })?;
    trace.rejected.map_or(Ok(trace.obs), |code| Err(NotDrawn::Rejected(code)))
}

#[cfg(test)]
mod tests {
    use super::all;

    #[test]
    fn every_picture_is_drawn() {
        for picture in all() {
            assert!(picture.svg.starts_with("<svg ") && picture.svg.ends_with("</svg>"), "{}: {}", picture.contract, picture.caption);
            assert!(picture.svg.len() < 40_000, "the picture of {} has {} bytes", picture.contract, picture.svg.len());
            assert!(picture.svg.contains("class=\"s0\" d=\"M"), "{}", picture.svg);
        }
    }

    #[test]
    fn pictures_are_the_same_every_time() {
        assert_eq!(all(), all());
    }
}
