//! Machines that each violate one requirement of the contract `mixer`.

mod bounds;
mod curves;
mod meters;
mod streams;
mod sums;

use crate::suite::Violation;
use spec::Machine;
use spec::mixer::Mixer;

fn violation(requirement: &'static str, what: &'static str, machine: fn() -> Box<dyn Machine<Mixer>>) -> Violation<Mixer> {
    Violation { requirement, what, machine }
}

/// The violations. The more rarely a machine differs from a right one, the earlier it stands: where the smallest case cannot tell
/// two of them apart, it is likelier to be the one that needs just such a case.
pub fn violations() -> Vec<Violation<Mixer>> {
    let groups = [
        streams::mute(),
        bounds::bounds(),
        streams::streams(),
        meters::meters(),
        sums::parts(),
        sums::sums(),
        curves::curves(),
        curves::symmetry(),
        sums::scaling(),
    ];
    groups.into_iter().flatten().collect()
}
