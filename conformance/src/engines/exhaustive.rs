//! Small domains, every value of them.

use super::session::Session;
use crate::check::{Answer, check_many, steps};
use crate::drivers::Driver;
use crate::evidence::DriverName;
use crate::suite::{Extent, Suite};
use spec_files::EvidenceKind;

/// Values that one batch holds, at most: enough to make a round trip cheap, few enough for a mailbox.
const BATCH_VALUES: u64 = 200_000;

/// Runs every domain of one contract.
pub fn run<C: Suite>(session: &mut Session<'_>, driver: &Driver) {
    let extent = if session.name == Some(DriverName::InProcess) { Extent::Whole } else { Extent::Corners };
    for domain in C::domains() {
        let check = format!("domain {}", domain.name);
        let (mut left, mut right) = match (Driver::Model.machine::<C>(), driver.machine::<C>()) {
            (Ok(left), Ok(right)) => (left, right),
            (_, Err(failure)) | (Err(failure), _) => {
                super::golden::failed_to_open::<C>(session, EvidenceKind::Exhaustive, &check, &failure);
                return;
            }
        };
        let mut values = 0;
        let mut cases = (domain.cases)(extent).peekable();
        let mut held = true;
        while held && cases.peek().is_some() {
            let mut batch = Vec::new();
            let mut batch_values = 0;
            while let Some((case, count)) = cases.next_if(|(_, count)| batch_values == 0 || batch_values + count <= BATCH_VALUES) {
                batch.push(case);
                batch_values += count;
            }
            match check_many(&mut *left, &mut *right, &batch) {
                Ok(traces) => {
                    session.steps += traces.iter().map(steps).sum::<u64>();
                    session.cases += batch.len() as u64;
                    values += batch_values;
                }
                Err(divergence) => {
                    held = false;
                    if let Answer::Failed(failure) = &divergence.got
                        && session.lacks(C::NAME, failure)
                    {
                        continue;
                    }
                    session.diverged(driver, EvidenceKind::Exhaustive, &check, *divergence, None);
                }
            }
        }
        if held {
            let note = (domain.describe)(extent);
            session.passed(EvidenceKind::Exhaustive, &check, domain.requirements.iter().map(|id| (*id, values)), &note);
        }
    }
}
