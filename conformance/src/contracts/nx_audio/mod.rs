//! The checks of the contract `nx-audio`: programs that are run, since it has no machine.

mod control;
mod demos;
mod lies;
pub(super) mod outcome;
pub(super) mod pages;
mod recording;
pub(super) mod rights;

use crate::commands::Check;

pub use lies::lies;

/// Every check.
pub fn checks() -> Vec<Check> {
    [control::checks(), recording::checks(), demos::checks(), outcome::checks(), rights::checks(), pages::checks()]
        .into_iter()
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{checks, lies};
    use spec_files::Library;
    use std::collections::BTreeSet;

    #[test]
    fn every_requirement_has_a_check_and_a_lie_that_it_catches() {
        let library = Library::embedded_contracts().expect("the contract files are valid");
        let contract = library.contract("nx-audio").expect("it has a file");
        let ids: BTreeSet<&str> = contract.requirements.iter().map(|requirement| requirement.id.value.as_str()).collect();
        let checks = checks();
        let checked: BTreeSet<&str> = checks.iter().flat_map(|check| check.requirements).copied().collect();
        assert_eq!(checked, ids);
        let lies = lies();
        let broken: BTreeSet<&str> = lies.iter().map(|lie| lie.requirement).collect();
        assert_eq!(broken, ids);
        for lie in &lies {
            let check = checks.iter().find(|check| check.name == lie.check).unwrap_or_else(|| panic!("there is no check {}", lie.check));
            assert!(check.requirements.contains(&lie.requirement), "{} says nothing of {}", lie.check, lie.requirement);
        }
        let names: BTreeSet<&str> = checks.iter().map(|check| check.name).collect();
        assert_eq!(names.len(), checks.len(), "names are given once");
    }
}
