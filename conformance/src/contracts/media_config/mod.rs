//! Checks of the contract `media-config`.

mod domains;
mod goldens;
mod laws;
mod violations;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use serde_json::Value;
use spec::media_config::{
    Bytes, Layer, MEDIA_CONFIG_DEPTH_MAX, MEDIA_CONFIG_DUCK_DB_MAX, MEDIA_CONFIG_DUCK_DB_MIN, MEDIA_CONFIG_INTERVAL_MAX,
    MEDIA_CONFIG_INTERVAL_MIN, MEDIA_CONFIG_LIMIT_MIN, MEDIA_CONFIG_RAMP_MS_MAX, MEDIA_CONFIG_RAMP_MS_MIN, MEDIA_CONFIG_TEXT_BYTES_MAX,
    MediaConfig, Obs, Op, padded,
};
use spec::{Case, ErrorCode};

impl Suite for MediaConfig {
    const PROPERTY: &'static [&'static str] = &[
        "MEDIA_CONFIG-001",
        "MEDIA_CONFIG-002",
        "MEDIA_CONFIG-003",
        "MEDIA_CONFIG-004",
        "MEDIA_CONFIG-005",
        "MEDIA_CONFIG-006",
        "MEDIA_CONFIG-007",
        "MEDIA_CONFIG-008",
        "MEDIA_CONFIG-009",
        "MEDIA_CONFIG-010",
        "MEDIA_CONFIG-011",
        "MEDIA_CONFIG-012",
        "MEDIA_CONFIG-013",
        "MEDIA_CONFIG-014",
        "MEDIA_CONFIG-015",
        "MEDIA_CONFIG-016",
        "MEDIA_CONFIG-017",
        "MEDIA_CONFIG-018",
    ];

    fn touched(case: &Case<Self>, _rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        let mut walk = Walk::default();
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

/// What is known of the layers while walking along a case with the right answers.
#[derive(Default)]
struct Walk {
    /// The accepted text of each layer.
    layers: [Option<Value>; 2],
    /// Whether the last load was rejected, and nobody has looked since.
    rejected: bool,
}

/// A key's requirement, with its ends where it has any.
fn requirement(section: &str, key: &str) -> (&'static str, Option<(i64, i64)>) {
    match (section, key) {
        ("duck", "ramp_ms") => ("MEDIA_CONFIG-013", Some((MEDIA_CONFIG_RAMP_MS_MIN, MEDIA_CONFIG_RAMP_MS_MAX))),
        ("duck", _) => ("MEDIA_CONFIG-012", Some((MEDIA_CONFIG_DUCK_DB_MIN, MEDIA_CONFIG_DUCK_DB_MAX))),
        ("focus", _) => ("MEDIA_CONFIG-016", None),
        ("limits", key) => {
            let max = domains::LIMITS.into_iter().find(|(name, _)| *name == key).map_or(i64::MAX, |(_, max)| max);
            ("MEDIA_CONFIG-014", Some((MEDIA_CONFIG_LIMIT_MIN, max)))
        }
        ("metrics", "export") => ("MEDIA_CONFIG-017", None),
        ("metrics", _) => ("MEDIA_CONFIG-017", Some((MEDIA_CONFIG_INTERVAL_MIN, MEDIA_CONFIG_INTERVAL_MAX))),
        _ => ("MEDIA_CONFIG-015", None),
    }
}

/// The requirement of the key that a pointer names.
fn of_pointer(pointer: &str) -> &'static str {
    let mut parts = pointer.split('/').skip(1);
    match (parts.next(), parts.next()) {
        (Some(section), Some(key)) => requirement(section, key).0,
        _ => requirement("", "version").0,
    }
}

/// The members of a layer: section, key and value, those at the top in the section without a name.
fn members(layer: &Value) -> Vec<(String, String, Value)> {
    let object = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let mut all = Vec::new();
    for (section, value) in object(layer) {
        match value {
            Value::Object(keys) => all.extend(keys.into_iter().map(|(key, value)| (section.clone(), key, value))),
            _ => all.push((String::new(), section, value)),
        }
    }
    all
}

impl Walk {
    fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (Op::Load { layer, text, padding }, Obs::Effective(_)) => {
                self.look(out);
                self.accepted(*layer, text, *padding, out);
            }
            (Op::Load { .. }, Obs::Rejected { code, pointer, .. }) => {
                self.rejected = true;
                out(match code {
                    ErrorCode::OversizedInput => "MEDIA_CONFIG-006",
                    ErrorCode::ConfigTooDeep => "MEDIA_CONFIG-007",
                    ErrorCode::MalformedConfig => "MEDIA_CONFIG-008",
                    ErrorCode::DuplicateConfigKey => "MEDIA_CONFIG-009",
                    ErrorCode::UnknownConfigKey => "MEDIA_CONFIG-010",
                    ErrorCode::WrongConfigType => "MEDIA_CONFIG-011",
                    _ => of_pointer(pointer),
                });
                if !pointer.is_empty() {
                    out("MEDIA_CONFIG-018");
                }
            }
            (Op::Reset(layer), _) => {
                self.look(out);
                if self.layers[*layer as usize].take().is_some() {
                    out("MEDIA_CONFIG-005");
                }
                self.layered(out);
            }
            (Op::Effective, _) => {
                self.look(out);
                self.layered(out);
            }
        }
    }

    /// A rejected load must have changed nothing of what is seen next.
    fn look(&mut self, out: &mut dyn FnMut(&'static str)) {
        if std::mem::take(&mut self.rejected) {
            out("MEDIA_CONFIG-004");
        }
    }

    /// Both layers set something, or nobody sets anything.
    fn layered(&self, out: &mut dyn FnMut(&'static str)) {
        match &self.layers {
            [Some(_), Some(_)] => out("MEDIA_CONFIG-003"),
            [None, None] => out("MEDIA_CONFIG-001"),
            _ => out("MEDIA_CONFIG-002"),
        }
    }

    fn accepted(&mut self, layer: Layer, text: &Bytes, padding: u32, out: &mut dyn FnMut(&'static str)) {
        let whole = padded(text, padding);
        if whole.len() == MEDIA_CONFIG_TEXT_BYTES_MAX as usize {
            out("MEDIA_CONFIG-006");
        }
        let Ok(value) = serde_json::from_slice::<Value>(&whole) else { return };
        for (section, key, value) in members(&value) {
            let (id, ends) = requirement(&section, &key);
            // A value between its bounds says nothing about them.
            let tells = ends.is_none_or(|(low, high)| value.as_f64().is_some_and(|number| number == low as f64 || number == high as f64));
            if tells {
                out(id);
            }
            // A whole number that is spelled otherwise.
            if value.is_f64() {
                out("MEDIA_CONFIG-011");
            }
        }
        self.layers[layer as usize] = Some(value);
        out("MEDIA_CONFIG-002");
        self.layered(out);
    }
}

/// Lists or objects within each other, so many of them.
fn nested(open: &str, close: &str, depth: u32) -> String {
    let within = if open == "{" { "{\"a\":" } else { open };
    within.repeat(depth as usize - 1) + open + &close.repeat(depth as usize)
}

/// Loads of a text into the upper layer.
fn load(text: &str) -> Op {
    Op::Load { layer: Layer::State, text: text.into(), padding: 0 }
}

/// Depths on both sides of the bound.
const DEPTHS: [u32; 3] = [MEDIA_CONFIG_DEPTH_MAX - 1, MEDIA_CONFIG_DEPTH_MAX, MEDIA_CONFIG_DEPTH_MAX + 1];

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::media_config::MediaConfig;

    #[test]
    fn checks_are_complete() {
        assert_complete::<MediaConfig>();
    }
}
