//! Names what a divergence breaks.
//!
//! Two sources: the known violations, each of which is a wrong machine (if the subject's answers to the smallest case are
//! exactly that machine's, that is most likely what it does); and what the diverging step exercises, by the right answers.

use crate::check::{Answer, Divergence, compare};
use crate::suite::Suite;
use model::Modelled;
use spec::{Machine, Trace};

/// What a divergence says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnosis {
    /// The broken requirements, the likeliest first. Never empty but for a failing model.
    pub requirements: Vec<String>,
    /// Known violations that give exactly the subject's answers: what such a machine does.
    pub like: Vec<(String, String)>,
}

/// Diagnoses a divergence as it was found and as it was shrunk: a violation that explains both comes before one that explains
/// the smallest case alone, which many can.
pub fn diagnose_shrunk<C: Suite>(found: &Divergence<C>, shrunk: &Divergence<C>) -> Diagnosis {
    let mut diagnosis = diagnose(shrunk);
    let first = diagnose(found);
    let explains_both = |id: &String, what: &String| first.like.iter().any(|(other, also)| other == id && also == what);
    // A stable sort: within each half the violations' own order stays.
    diagnosis.like.sort_by_key(|(id, what)| !explains_both(id, what));
    let rank = |id: &String, like: &[(String, String)]| like.iter().position(|(other, _)| other == id).unwrap_or(usize::MAX);
    let like = std::mem::take(&mut diagnosis.like);
    diagnosis.requirements.sort_by_key(|id| rank(id, &like));
    diagnosis.like = like;
    diagnosis
}

/// Diagnoses a divergence, best after shrinking.
pub fn diagnose<C: Suite>(divergence: &Divergence<C>) -> Diagnosis {
    let mut diagnosis = Diagnosis::default();
    let add = |id: &str, list: &mut Vec<String>| {
        if !list.iter().any(|known| known == id) {
            list.push(id.to_owned());
        }
    };
    if let Some(got) = &divergence.trace {
        for violation in C::violations() {
            let mut wrong = (violation.machine)();
            if wrong.run_case(&divergence.case).is_ok_and(|trace| same_so_far(divergence, &trace, got)) {
                add(violation.requirement, &mut diagnosis.requirements);
                diagnosis.like.push((violation.requirement.to_owned(), violation.what.to_owned()));
            }
        }
    }
    let mut model = <C as Modelled>::model();
    if let Ok(right) = model.run_case(&divergence.case) {
        let mut blamed = Vec::new();
        let mut last = Vec::new();
        C::touched(&divergence.case, right.rejected, &right.obs, &mut |step, id| {
            if step == divergence.step {
                blamed.push(id);
            }
            last.push(id);
        });
        // Violations that match say more than the step's own list, of which the first is then enough.
        let take = if diagnosis.requirements.is_empty() { 3 } else { 1 };
        let candidates = if blamed.is_empty() { last.into_iter().rev().collect() } else { blamed };
        let mut added = 0;
        for id in candidates {
            if added < take {
                add(id, &mut diagnosis.requirements);
                added += 1;
            }
        }
    }
    if diagnosis.requirements.is_empty()
        && let Some(first) = C::PROPERTY.first()
    {
        add(first, &mut diagnosis.requirements);
    }
    diagnosis
}

/// Whether a violation's trace equals the subject's up to and including the diverging step.
fn same_so_far<C: Suite>(divergence: &Divergence<C>, wrong: &Trace<C>, got: &Trace<C>) -> bool {
    match divergence.step {
        None => wrong.rejected == got.rejected && !matches!(divergence.got, Answer::Failed(_)),
        Some(step) => wrong.rejected == got.rejected && wrong.obs.get(..=step).is_some() && wrong.obs.get(..=step) == got.obs.get(..=step),
    }
}

/// Whether a machine answers this case as the model does.
pub fn agrees<C: Suite>(machine: &mut dyn Machine<C>, case: &spec::Case<C>) -> bool {
    let mut model = <C as Modelled>::model();
    match (model.run_case(case), machine.run_case(case)) {
        (Ok(right), Ok(got)) => compare(case, &right, got).is_ok(),
        _ => false,
    }
}
