//! Wrong machines of the contract `policy`.

mod answers;
mod consents;
mod grants;
mod names;

use super::{Asked, asked, look, name_of};
use crate::suite::{self, Violation, violation};
use spec::policy::{Kind, Obs, Op, Policy};
use spec::{Failure, Machine};

pub(super) fn violations() -> Vec<Violation<Policy>> {
    let mut all = grants::of_grants();
    all.extend(names::of_names());
    all.extend(names::of_gates());
    all.extend(consents::of_consents());
    all.extend(grants::of_sets());
    all.extend(answers::of_rejections());
    all.extend(answers::of_tables());
    all
}

/// A machine that does to a right one what `meddle` says.
fn meddling(meddle: suite::Meddle<Policy, ()>) -> Box<dyn Machine<Policy>> {
    suite::meddling(meddle)
}

/// What a known subject holds.
#[derive(Default)]
struct Held {
    known: bool,
    granted: Vec<String>,
    consents: Vec<(String, Kind)>,
    foreground: bool,
}

impl Held {
    fn kind(&self, capability: &str) -> Option<Kind> {
        self.consents.iter().find(|(name, _)| name == capability).map(|(_, kind)| *kind)
    }
}

fn held(inner: &mut dyn Machine<Policy>, name: &str) -> Result<Held, Failure> {
    Ok(match inner.step(&look(name))? {
        Obs::Subject { granted, consents, foreground } => Held { known: true, granted, consents, foreground },
        _ => Held::default(),
    })
}

/// What becomes of an answer to a question of that subject, which held this before.
type Change = fn(&mut dyn Machine<Policy>, &str, &Asked, &Held, Obs) -> Result<Obs, Failure>;

/// Answers, and lets `change` see an answer of that kind to a question, with who asked and what it held before.
fn after(inner: &mut dyn Machine<Policy>, op: &Op, change: Change) -> Result<Obs, Failure> {
    let Some((asked, name)) = asked(op).and_then(|asked| name_of(asked.sender).map(|name| (asked, name))) else {
        return inner.step(op);
    };
    let before = held(inner, name)?;
    let obs = inner.step(op)?;
    change(inner, name, &asked, &before, obs)
}
