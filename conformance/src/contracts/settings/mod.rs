//! Checks of the contract `settings`.

mod domains;
mod goldens;
mod laws;
mod violations;
mod wrong;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::settings::{
    Applied, Config, Obs, Op, SETTINGS_FILE_BYTES_MAX, SETTINGS_KEY_LEVEL, SETTINGS_KEY_MUTED, SETTINGS_KEY_SINK, Settings,
};
use spec::{Case, ErrorCode};

impl Suite for Settings {
    const PROPERTY: &'static [&'static str] = &[
        "SETTINGS-001",
        "SETTINGS-002",
        "SETTINGS-003",
        "SETTINGS-004",
        "SETTINGS-005",
        "SETTINGS-006",
        "SETTINGS-007",
        "SETTINGS-008",
        "SETTINGS-009",
        "SETTINGS-010",
        "SETTINGS-011",
        "SETTINGS-012",
        "SETTINGS-013",
        "SETTINGS-014",
    ];

    fn touched(case: &Case<Self>, _rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        let mut walk = Walk::new(&case.config);
        for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
            walk.step(op, obs, &mut |id| out(Some(step), id));
        }
    }

    fn laws() -> Vec<Law<Self>> {
        laws::laws()
    }

    fn domains() -> Vec<Domain<Self>> {
        domains::domains()
    }

    fn violations() -> Vec<Violation<Self>> {
        violations::violations()
    }

    fn goldens() -> Vec<GoldenCase<Self>> {
        goldens::goldens()
    }
}

/// What is known of settingsd while walking along a case with the right answers.
struct Walk {
    state: bool,
    /// Whether any value was changed, by a set or a load.
    changed: bool,
    /// Whether the file was put there by somebody else, and not yet written over.
    planted: bool,
    /// What the last load was about, until a value is set.
    loaded: Option<&'static str>,
    /// The statement behind a rejection after which nobody has looked yet.
    rejected: Option<&'static str>,
    /// Whether the availability of a sink changed.
    judged: bool,
}

fn value_id(key: &[u8]) -> Option<&'static str> {
    match std::str::from_utf8(key) {
        Ok(SETTINGS_KEY_LEVEL) => Some("SETTINGS-002"),
        Ok(SETTINGS_KEY_MUTED) => Some("SETTINGS-003"),
        Ok(SETTINGS_KEY_SINK) => Some("SETTINGS-004"),
        _ => None,
    }
}

impl Walk {
    fn new(config: &Config) -> Self {
        Self { state: config.state, changed: false, planted: false, loaded: None, rejected: None, judged: false }
    }

    fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (Op::Set { key, .. }, Obs::Stored { changed, .. }) => {
                if let Some(id) = value_id(&key.0) {
                    out(id);
                }
                if *changed {
                    out(if self.state { "SETTINGS-008" } else { "SETTINGS-009" });
                    out("SETTINGS-006");
                    self.changed = true;
                    self.loaded = None;
                    self.planted &= !self.state;
                } else {
                    out("SETTINGS-007");
                }
            }
            (Op::Set { key, .. }, Obs::Rejected(code)) => {
                let id = match code {
                    ErrorCode::WrongScope => "SETTINGS-006",
                    ErrorCode::PersistFailed => "SETTINGS-010",
                    ErrorCode::InvalidSetting => value_id(&key.0).unwrap_or("SETTINGS-005"),
                    _ => "SETTINGS-005",
                };
                self.rejected = Some(id);
                out(id);
            }
            (Op::Get(_), Obs::Rejected(_)) => out("SETTINGS-005"),
            (Op::Get(_) | Op::List, _) => self.look(out),
            (Op::Persisted, Obs::File(file)) => {
                self.take_rejected(out);
                out(if !self.state {
                    "SETTINGS-009"
                } else if self.planted || file.is_none() {
                    // What is there by nobody's set shows that nothing else is written.
                    "SETTINGS-007"
                } else {
                    "SETTINGS-008"
                });
            }
            (Op::Applied, Obs::Applied(applied)) => {
                self.take_rejected(out);
                if applied.iter().any(|applied| matches!(applied, Applied::Sink(_))) || self.judged {
                    out("SETTINGS-013");
                }
                out("SETTINGS-012");
                self.judged = false;
            }
            (Op::Sink, _) => {
                self.take_rejected(out);
                out("SETTINGS-013");
            }
            (Op::Plant(bytes), obs) => {
                self.planted |= *obs == Obs::Done;
                if matches!(obs, Obs::Rejected(_)) {
                    self.rejected = Some("SETTINGS-014");
                }
                // Smaller files say nothing about the bound.
                if bytes.0.len() >= SETTINGS_FILE_BYTES_MAX as usize {
                    out("SETTINGS-014");
                }
            }
            (Op::StateAvailable(available), obs) => {
                self.state = *available;
                self.judged = true;
                self.load(obs, out);
                out("SETTINGS-013");
            }
            (Op::I2sEnabled(_), _) => {
                self.judged = true;
                out("SETTINGS-013");
            }
            (Op::Restart, obs) => self.load(obs, out),
            _ => {}
        }
    }

    fn load(&mut self, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        if let Obs::Loaded { taken, .. } = obs {
            self.take_rejected(out);
            let id = match (self.state, self.planted) {
                (false, _) => "SETTINGS-009",
                (true, true) => "SETTINGS-011",
                (true, false) => "SETTINGS-008",
            };
            out(id);
            self.loaded = Some(id);
            self.changed = *taken > 0;
        }
    }

    fn look(&mut self, out: &mut dyn FnMut(&'static str)) {
        self.take_rejected(out);
        if let Some(id) = self.loaded {
            out(id);
        }
        if self.changed {
            out("SETTINGS-007");
        } else {
            out("SETTINGS-001");
        }
    }

    /// A case is small when it is diagnosed: a rejection that it still has is what changed something.
    fn take_rejected(&mut self, out: &mut dyn FnMut(&'static str)) {
        if let Some(id) = self.rejected.take() {
            out(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::settings::Settings;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Settings>();
    }
}
