//! Checks of the contract `resampler`.

mod domains;
mod goldens;
mod laws;
mod tones;
mod violations;
mod wrong;

use crate::suite::{Domain, Extent, GoldenCase, Law, Suite, Violation};
use spec::resampler::{
    Config, Kind, Obs, Op, RESAMPLER_CHANNELS_MAX, RESAMPLER_FEED_FRAMES_MAX, RESAMPLER_RATE_HZ_MAX, RESAMPLER_RATE_HZ_MIN,
    RESAMPLER_TABLE_ENTRIES, Resampler, Setup,
};
use spec::{Case, ErrorCode};

impl Suite for Resampler {
    const PROPERTY: &'static [&'static str] = &[
        "RESAMPLER-001",
        "RESAMPLER-002",
        "RESAMPLER-003",
        "RESAMPLER-004",
        "RESAMPLER-006",
        "RESAMPLER-007",
        "RESAMPLER-008",
        "RESAMPLER-009",
        "RESAMPLER-010",
        "RESAMPLER-011",
        "RESAMPLER-013",
        "RESAMPLER-014",
        "RESAMPLER-015",
    ];

    fn touched(case: &Case<Self>, _rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        let mut walk = Walk::default();
        for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
            walk.step(op, obs, &mut |id| out(Some(step), id));
        }
    }

    fn laws() -> Vec<Law<Self>> {
        let law = |name, requirements, draw, holds| Law { name, requirements, draw, holds };
        vec![
            law("a_length_is_known", &["RESAMPLER-001"], laws::draw_stream, laws::length_is_exact),
            law("sizes_of_chunks_do_not_matter", &["RESAMPLER-012"], laws::draw_stream, laws::chunks_join),
            law("a_constant_stays", &["RESAMPLER-016"], laws::draw_constant, laws::constant_stays),
            law("the_pass_band_passes", &["RESAMPLER-017"], tones::draw_passing, tones::passes),
            law("the_stop_band_stops", &["RESAMPLER-018"], tones::draw_stopped, tones::stops),
        ]
    }

    fn domains() -> Vec<Domain<Self>> {
        vec![
            Domain {
                name: "every_entry_of_the_sinc",
                requirements: &["RESAMPLER-005"],
                describe: |_| format!("all {RESAMPLER_TABLE_ENTRIES} entries of the sinc's table"),
                cases: |_| Box::new(domains::every_entry()),
            },
            Domain {
                name: "every_phase_of_common_rates",
                requirements: &["RESAMPLER-006"],
                describe: |extent| match extent {
                    Extent::Whole => "the coefficients of every phase between each two of seven common rates".to_owned(),
                    Extent::Corners => "the coefficients of every phase from 44.1 kHz to 48 kHz, back, and from 48 kHz to 8 kHz".to_owned(),
                },
                cases: |extent| Box::new(domains::every_phase(extent)),
            },
            Domain {
                name: "gains_of_all_channels",
                requirements: &["RESAMPLER-010", "RESAMPLER-015"],
                describe: |_| {
                    format!("the gains from each of 1 to {RESAMPLER_CHANNELS_MAX} channels to each, and the numbers just outside")
                },
                cases: |_| Box::new(domains::all_gains()),
            },
        ]
    }

    fn violations() -> Vec<Violation<Self>> {
        violations::violations()
    }

    fn goldens() -> Vec<GoldenCase<Self>> {
        goldens::goldens()
    }
}

/// What is known of a stream while walking along a case with the right answers.
#[derive(Default)]
struct Walk {
    setup: Option<Setup>,
    /// Whether the stream has taken or given something.
    used: bool,
    /// Whether it was begun again, by a reset or another open, and has given nothing since.
    begun_again: bool,
    given: u64,
}

impl Walk {
    fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (_, Obs::Rejected(ErrorCode::ResamplerClosed)) => out("RESAMPLER-014"),
            (_, Obs::Rejected(_)) => out("RESAMPLER-015"),
            (Op::Open(setup), _) => {
                *self = Self { setup: Some(*setup), begun_again: self.used, ..Self::default() };
                out("RESAMPLER-013");
                let edges = [RESAMPLER_RATE_HZ_MIN, RESAMPLER_RATE_HZ_MAX];
                let widest = [setup.from_channels, setup.to_channels].contains(&RESAMPLER_CHANNELS_MAX);
                if widest || edges.contains(&setup.rates.from_hz) || edges.contains(&setup.rates.to_hz) {
                    out("RESAMPLER-015");
                }
            }
            (Op::Reset, _) => {
                *self = Self { setup: self.setup, begun_again: self.used, ..Self::default() };
                out("RESAMPLER-014");
            }
            (Op::Length(..), _) => out("RESAMPLER-001"),
            (Op::Table(_), _) => out("RESAMPLER-005"),
            (Op::Coefficients(..), _) => out("RESAMPLER-006"),
            (Op::Gains(..), _) => out("RESAMPLER-010"),
            (Op::Feed(input), Obs::Pcm(pcm)) => {
                let first = self.given == 0;
                self.gives(pcm, first, out);
                if !input.is_empty() {
                    out("RESAMPLER-013");
                }
                self.used = true;
                if self.setup.is_some_and(|setup| input.len() == (RESAMPLER_FEED_FRAMES_MAX * setup.from_channels) as usize) {
                    out("RESAMPLER-015");
                }
            }
            (Op::Finish, Obs::Finished { pcm, .. }) => {
                out("RESAMPLER-001");
                self.gives(pcm, true, out);
                out("RESAMPLER-014");
                self.used = true;
            }
            _ => {}
        }
    }

    /// What given samples say. At the ends of a stream they say that the first and the last frame go on.
    fn gives(&mut self, pcm: &[i16], end: bool, out: &mut dyn FnMut(&'static str)) {
        let (Some(setup), false) = (self.setup, pcm.is_empty()) else { return };
        let equal = setup.rates.from_hz == setup.rates.to_hz;
        match setup.kind {
            _ if equal => out("RESAMPLER-008"),
            Kind::Nearest => out("RESAMPLER-003"),
            Kind::Linear => out("RESAMPLER-004"),
            Kind::Sinc => {
                out("RESAMPLER-007");
                out("RESAMPLER-006");
            }
        }
        if !equal {
            out("RESAMPLER-002");
            if setup.kind != Kind::Nearest {
                out("RESAMPLER-011");
            }
            if end && setup.kind != Kind::Nearest {
                out("RESAMPLER-009");
            }
        }
        if setup.from_channels != setup.to_channels {
            out("RESAMPLER-010");
            out("RESAMPLER-011");
        }
        if std::mem::take(&mut self.begun_again) {
            out("RESAMPLER-014");
        }
        self.given += pcm.len() as u64;
    }
}

fn case(ops: Vec<Op>) -> Case<Resampler> {
    Case { config: Config {}, ops }
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use crate::suite::{Extent, Suite};
    use spec::resampler::Resampler;

    #[test]
    fn the_checks_are_complete() {
        assert_complete::<Resampler>();
    }

    #[test]
    fn domains_have_every_value() {
        let totals = |extent| -> Vec<u64> {
            Resampler::domains().iter().map(|domain| (domain.cases)(extent).map(|(_, values)| values).sum()).collect()
        };
        // 160 phases of 128 taps, 147 of 140, and one of 768.
        assert_eq!(totals(Extent::Corners), [32_769, 160 * 128 + 147 * 140 + 768, 100]);
        assert_eq!(totals(Extent::Whole)[0], 32_769);
    }
}
