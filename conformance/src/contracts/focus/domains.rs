//! Small domains of the contract `focus`, every value of them.

use super::walks::Graph;
use crate::suite::{Counted, Domain, Extent};
use spec::Case;
use spec::focus::{Class, Focus};
use std::sync::LazyLock;

/// What every statement about sessions of different classes is shown by.
const ALL: &[&str] = &[
    "FOCUS-001",
    "FOCUS-002",
    "FOCUS-003",
    "FOCUS-006",
    "FOCUS-007",
    "FOCUS-009",
    "FOCUS-010",
    "FOCUS-011",
    "FOCUS-012",
    "FOCUS-013",
    "FOCUS-014",
    "FOCUS-015",
    "FOCUS-016",
    "FOCUS-017",
    "FOCUS-018",
    "FOCUS-019",
];

/// Walks, and how large the graphs are that they cover.
struct Covered {
    cases: Vec<(Case<Focus>, u64)>,
    states: usize,
    edges: usize,
}

impl Covered {
    fn of(sets: &[&[(u32, Class)]], order_of_requests: bool) -> Self {
        let mut covered = Self { cases: Vec::new(), states: 0, edges: 0 };
        for (sessions, auto_resume) in sets.iter().flat_map(|sessions| [(*sessions, true), (*sessions, false)]) {
            let graph = Graph::explore(auto_resume, sessions, order_of_requests);
            covered.states += graph.states();
            covered.edges += graph.edges();
            covered.cases.extend(graph.walks());
        }
        covered
    }

    fn describe(&self, what: &str) -> String {
        format!("{} states of {what}, with and without auto-resume: every event in each, {} edges", self.states, self.edges)
    }

    fn cases(&'static self) -> Counted<Focus> {
        Box::new(self.cases.iter().cloned())
    }
}

const ONE_PER_CLASS: &[(u32, Class)] = &[(1, Class::Music), (2, Class::Comms), (3, Class::Alarm), (4, Class::Ui)];
const TWO_ALARMS: &[(u32, Class)] = &[(2, Class::Alarm), (5, Class::Alarm), (9, Class::Music)];
const TWO_MUSICS: &[(u32, Class)] = &[(2, Class::Music), (5, Class::Music), (9, Class::Comms)];

static WHOLE: LazyLock<Covered> = LazyLock::new(|| Covered::of(&[ONE_PER_CLASS], true));
static CORNERS: LazyLock<Covered> = LazyLock::new(|| Covered::of(&[ONE_PER_CLASS], false));
static OF_A_CLASS: LazyLock<Covered> = LazyLock::new(|| Covered::of(&[TWO_ALARMS, TWO_MUSICS], true));

fn one_per_class(extent: Extent) -> &'static Covered {
    match extent {
        Extent::Whole => &WHOLE,
        Extent::Corners => &CORNERS,
    }
}

pub(super) fn domains() -> Vec<Domain<Focus>> {
    vec![
        Domain {
            name: "every_state_of_one_session_per_class",
            requirements: ALL,
            describe: |extent| {
                one_per_class(extent).describe(match extent {
                    Extent::Whole => "one session per class, with the order of requests and of pauses",
                    Extent::Corners => "one session per class, with the order of pauses",
                })
            },
            cases: |extent| one_per_class(extent).cases(),
        },
        Domain {
            name: "every_state_of_two_sessions_of_a_class",
            requirements: &["FOCUS-004", "FOCUS-005", "FOCUS-006", "FOCUS-008", "FOCUS-010", "FOCUS-012"],
            describe: |_| OF_A_CLASS.describe("two alarms with a music, and two musics with a comms"),
            cases: |_| OF_A_CLASS.cases(),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::{CORNERS, OF_A_CLASS, WHOLE};

    #[test]
    fn domains_are_as_large_as_they_say() {
        for (covered, states, events) in [(&*WHOLE, 22_944, 28), (&*CORNERS, 2_624, 28), (&*OF_A_CLASS, 1_928, 21)] {
            let walked: u64 = covered.cases.iter().map(|(_, new)| new).sum();
            assert_eq!((covered.states, covered.edges), (states, states * events));
            assert_eq!(walked, covered.edges as u64);
        }
    }
}
