//! Checks of the contract `tone`.

mod goldens;
mod laws;
mod violations;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::tone::{Config, Obs, Op, TABLE_SLICE, TONE_HZ_MAX, TONE_MS_MAX, TONE_PULL_FRAMES_MAX, TONE_TABLE_ENTRIES, Tone};
use spec::{Case, ErrorCode};

impl Suite for Tone {
    const PROPERTY: &'static [&'static str] = &["TONE-001", "TONE-002", "TONE-003", "TONE-004", "TONE-005", "TONE-006", "TONE-007"];

    fn touched(case: &Case<Self>, _rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        let mut walk = Walk::default();
        for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
            walk.step(op, obs, &mut |id| out(Some(step), id));
        }
    }

    fn laws() -> Vec<Law<Self>> {
        vec![Law { name: "sizes_of_pulls_do_not_matter", requirements: &["TONE-008"], draw: laws::draw_pulls, holds: laws::pulls_join }]
    }

    fn domains() -> Vec<Domain<Self>> {
        vec![
            Domain {
                name: "increment_of_every_frequency",
                requirements: &["TONE-001", "TONE-007"],
                describe: |_| format!("the increment of every frequency from 1 to {TONE_HZ_MAX} Hz, and the frequencies just outside"),
                cases: |_| Box::new(every_increment()),
            },
            Domain {
                name: "every_entry_of_the_sine",
                requirements: &["TONE-002"],
                describe: |_| format!("all {TONE_TABLE_ENTRIES} entries of the sine table"),
                cases: |_| Box::new(every_entry()),
            },
        ]
    }

    fn violations() -> Vec<Violation<Self>> {
        violations::violations()
    }

    fn goldens() -> Vec<GoldenCase<Self>> {
        goldens::goldens()
    }

    fn pcm(obs: &Obs) -> Option<&[i16]> {
        match obs {
            Obs::Pcm(pcm, _) => Some(pcm),
            _ => None,
        }
    }
}

/// What is known of a tone while walking along a case with the right answers: how much of it was pulled, of how much.
#[derive(Default)]
struct Walk {
    pulled: u64,
    frames: u64,
}

impl Walk {
    fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (_, Obs::Rejected(_)) => out("TONE-007"),
            (Op::Increment(_), _) => out("TONE-001"),
            (Op::Table(_), _) => out("TONE-002"),
            (Op::Play { hz, ms }, Obs::Playing(frames)) => {
                *self = Self { pulled: 0, frames: *frames };
                out("TONE-006");
                if *hz == TONE_HZ_MAX || *ms == TONE_MS_MAX {
                    out("TONE-007");
                }
            }
            (Op::Pull(asked), Obs::Pcm(pcm, remaining)) => {
                let asked = u64::from(*asked);
                let ends = *remaining == 0;
                // A pull of silence, or one in which the tone ends, says most about the length.
                if ends {
                    out("TONE-006");
                }
                if self.pulled < self.frames {
                    // Frame 0 of every tone is silent, so that it says where the phase starts and nothing of the rest.
                    out("TONE-003");
                    if pcm.iter().any(|sample| *sample != 0) {
                        out("TONE-004");
                        out("TONE-005");
                    }
                    if !ends {
                        out("TONE-006");
                    }
                }
                self.pulled = self.pulled.saturating_add(asked).min(self.frames);
                if asked == u64::from(TONE_PULL_FRAMES_MAX) {
                    out("TONE-007");
                }
            }
            _ => {}
        }
    }
}

fn case(ops: Vec<Op>) -> Case<Tone> {
    Case { config: Config {}, ops }
}

/// Increments that one case asks for.
const INCREMENTS_PER_CASE: usize = 2_000;

fn every_increment() -> impl Iterator<Item = (Case<Tone>, u64)> + Send {
    (0..=TONE_HZ_MAX + 1).step_by(INCREMENTS_PER_CASE).map(|first| {
        let ops: Vec<Op> = (first..=TONE_HZ_MAX + 1).take(INCREMENTS_PER_CASE).map(Op::Increment).collect();
        let values = ops.len() as u64;
        (case(ops), values)
    })
}

fn every_entry() -> impl Iterator<Item = (Case<Tone>, u64)> + Send {
    let slices = (0..TONE_TABLE_ENTRIES).step_by(TABLE_SLICE as usize).map(Op::Table).collect();
    std::iter::once((case(slices), u64::from(TONE_TABLE_ENTRIES)))
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use crate::suite::{Extent, Suite};
    use spec::tone::Tone;

    #[test]
    fn the_checks_are_complete() {
        assert_complete::<Tone>();
    }

    #[test]
    fn domains_have_every_value() {
        for extent in [Extent::Whole, Extent::Corners] {
            let totals: Vec<u64> = Tone::domains().iter().map(|domain| (domain.cases)(extent).map(|(_, values)| values).sum()).collect();
            assert_eq!(totals, [24_001, 4_096]);
        }
    }
}
