//! The reference model of the contract `media-config`: the schema itself, read and followed.

pub use self::MediaConfigModel as Model;

mod json;

use json::{Json, read, whole};
use spec::media_config::{
    Config, Duck, Engine, Focus, Layer, Limits, MEDIA_CONFIG_DEPTH_MAX, MEDIA_CONFIG_POINTER_BYTES, MEDIA_CONFIG_TEXT_BYTES_MAX,
    MediaConfig, Metrics, Obs, Op, SCHEMA, Values, padded,
};
use spec::{ErrorCode, Failure, Machine};

/// The reference model of the contract `media-config`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaConfigModel {
    schema: Json,
    /// The accepted text of each layer.
    layers: [Json; 2],
}

impl Default for MediaConfigModel {
    fn default() -> Self {
        Self::of(SCHEMA)
    }
}

/// A rejection: the code, the pointer, the limit.
struct Fault(ErrorCode, String, String);

fn empty() -> Json {
    Json::Object(Vec::new())
}

/// The pointer to a member.
fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The most brackets that stand open at the same time.
fn depth(text: &[u8]) -> u32 {
    let (mut open, mut most, mut in_text, mut escaped) = (0_u32, 0, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => open += 1,
            b']' | b'}' if !in_text => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

/// The pointer to the first key that stands in its object already.
fn repeated(value: &Json, pointer: &str) -> Option<String> {
    match value {
        Json::Object(members) => members.iter().enumerate().find_map(|(place, (key, value))| {
            let pointer = below(pointer, key);
            let before = members[..place].iter().any(|(other, _)| other == key);
            if before { Some(pointer) } else { repeated(value, &pointer) }
        }),
        Json::List(items) => items.iter().enumerate().find_map(|(place, item)| repeated(item, &format!("{pointer}/{place}"))),
        _ => None,
    }
}

/// Judges a value by its schema, in the order of the text.
fn check(schema: &Json, value: &Json, pointer: &str) -> Result<(), Fault> {
    let fault = |code, limit: &str| Err(Fault(code, pointer.to_owned(), limit.to_owned()));
    let number = |name| match schema.member(name) {
        Some(Json::Number(number)) => whole(number).map(|limit| (limit, number.as_str())),
        _ => None,
    };
    let kind = match schema.member("type") {
        Some(Json::Text(kind)) => kind.as_str(),
        _ => "",
    };
    match (kind, value) {
        ("object", Json::Object(members)) => {
            for (key, value) in members {
                let pointer = below(pointer, key);
                // MEDIA_CONFIG-010
                match schema.member("properties").and_then(|properties| properties.member(key)) {
                    None => return Err(Fault(ErrorCode::UnknownConfigKey, pointer, String::new())),
                    Some(schema) => check(schema, value, &pointer)?,
                }
            }
            Ok(())
        }
        // MEDIA_CONFIG-016
        ("boolean", Json::Truth(_)) => Ok(()),
        ("integer", Json::Number(text)) => {
            // MEDIA_CONFIG-011
            let Some(value) = whole(text) else { return fault(ErrorCode::WrongConfigType, kind) };
            // MEDIA_CONFIG-012, MEDIA_CONFIG-013, MEDIA_CONFIG-014, MEDIA_CONFIG-017
            match (number("minimum"), number("maximum"), number("const")) {
                (Some((limit, text)), _, _) if value < limit => fault(ErrorCode::ConfigBelowMinimum, text),
                (_, Some((limit, text)), _) if value > limit => fault(ErrorCode::ConfigAboveMaximum, text),
                // MEDIA_CONFIG-015
                (_, _, Some((constant, text))) if value != constant => fault(ErrorCode::ConfigNotConstant, text),
                _ => Ok(()),
            }
        }
        // MEDIA_CONFIG-011
        _ => fault(ErrorCode::WrongConfigType, kind),
    }
}

/// MEDIA_CONFIG-001: what a schema says where nobody says anything.
fn defaults(schema: &Json) -> Json {
    match schema.member("properties") {
        Some(Json::Object(properties)) => Json::Object(properties.iter().map(|(key, schema)| (key.clone(), defaults(schema))).collect()),
        _ => schema.member("default").cloned().unwrap_or(Json::Null),
    }
}

/// MEDIA_CONFIG-003: one object over another, key by key.
fn over(lower: Json, upper: &Json) -> Json {
    match (lower, upper) {
        (Json::Object(lower), Json::Object(_)) => Json::Object(
            lower
                .into_iter()
                .map(|(key, value)| (key.clone(), upper.member(&key).map_or(value.clone(), |upper| over(value, upper))))
                .collect(),
        ),
        (_, upper) => upper.clone(),
    }
}

impl MediaConfigModel {
    /// A model that follows another schema of the same keys, for those who change one of its numbers.
    pub fn of(schema: &str) -> Self {
        Self { schema: read(schema).unwrap_or_else(empty), layers: [empty(), empty()] }
    }

    /// Whether the schema alone accepts a text, without a word about its keys' repetitions.
    fn judged(&self, text: &[u8]) -> Result<Json, Fault> {
        let whole_text = |code, limit: String| Fault(code, String::new(), limit);
        // MEDIA_CONFIG-018: this order.
        // MEDIA_CONFIG-006
        if text.len() > MEDIA_CONFIG_TEXT_BYTES_MAX as usize {
            return Err(whole_text(ErrorCode::OversizedInput, MEDIA_CONFIG_TEXT_BYTES_MAX.to_string()));
        }
        // MEDIA_CONFIG-007
        if depth(text) > MEDIA_CONFIG_DEPTH_MAX {
            return Err(whole_text(ErrorCode::ConfigTooDeep, MEDIA_CONFIG_DEPTH_MAX.to_string()));
        }
        // MEDIA_CONFIG-008
        let value = std::str::from_utf8(text).ok().and_then(read);
        let value = value.ok_or_else(|| whole_text(ErrorCode::MalformedConfig, String::new()))?;
        // MEDIA_CONFIG-009
        if let Some(pointer) = repeated(&value, "") {
            return Err(Fault(ErrorCode::DuplicateConfigKey, pointer, String::new()));
        }
        check(&self.schema, &value, "")?;
        Ok(value)
    }

    fn effective(&self) -> Obs {
        let [system, state] = &self.layers;
        // MEDIA_CONFIG-003
        let tree = over(over(defaults(&self.schema), system), state);
        let member = |section: &str, key: &str| tree.member(section).and_then(|section| section.member(key)).cloned();
        let number = |value: Option<Json>| match value {
            Some(Json::Number(number)) => whole(&number).unwrap_or_default(),
            _ => 0,
        };
        let signed = |section, key| number(member(section, key)) as i32;
        let plain = |section, key| number(member(section, key)) as u32;
        let truth = |section, key| member(section, key) == Some(Json::Truth(true));
        Obs::Effective(Values {
            version: number(tree.member("version").cloned()) as u32,
            duck: Duck { duck_db: signed("duck", "duck_db"), duck_db_ui: signed("duck", "duck_db_ui"), ramp_ms: plain("duck", "ramp_ms") },
            focus: Focus { auto_resume: truth("focus", "auto_resume") },
            limits: Limits {
                sessions: plain("limits", "sessions"),
                queued_events: plain("limits", "queued_events"),
                text_bytes: plain("limits", "text_bytes"),
                artworks: plain("limits", "artworks"),
                artwork_bytes: plain("limits", "artwork_bytes"),
            },
            engine: Engine {
                rate_hz: plain("engine", "rate_hz"),
                channels: plain("engine", "channels"),
                bits: plain("engine", "bits"),
                block_frames: plain("engine", "block_frames"),
                ring_blocks: plain("engine", "ring_blocks"),
            },
            metrics: Metrics { export: truth("metrics", "export"), interval_blocks: plain("metrics", "interval_blocks") },
        })
    }

    fn layer(&mut self, layer: Layer) -> &mut Json {
        let [system, state] = &mut self.layers;
        match layer {
            Layer::System => system,
            Layer::State => state,
        }
    }
}

impl Machine<MediaConfig> for MediaConfigModel {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.layers = [empty(), empty()];
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(match op {
            Op::Load { layer, text, padding } => match self.judged(&padded(text, *padding)) {
                // MEDIA_CONFIG-002
                Ok(value) => {
                    *self.layer(*layer) = value;
                    self.effective()
                }
                // MEDIA_CONFIG-004
                Err(Fault(code, mut pointer, limit)) => {
                    while pointer.len() > MEDIA_CONFIG_POINTER_BYTES as usize {
                        pointer.pop();
                    }
                    Obs::Rejected { code, pointer, limit }
                }
            },
            Op::Effective => self.effective(),
            // MEDIA_CONFIG-005
            Op::Reset(layer) => {
                *self.layer(*layer) = empty();
                self.effective()
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::json::{HUGE, read, whole};
    use super::{MediaConfigModel, SCHEMA, depth};
    use spec::Machine;
    use spec::media_config::{Layer, Obs, Op};

    #[test]
    fn whole_numbers_are_whole_in_any_spelling() {
        let cases = [("0", 0), ("-0", 0), ("0e9", 0), ("0.000", 0), ("1.0", 1), ("1e1", 10), ("-9.60e1", -96), ("480000E-1", 48_000)];
        for (text, value) in cases {
            assert_eq!(whole(text), Some(value), "{text}");
        }
        for text in ["1.5", "1e-1", "0.1", "1.00000000000000000000000001", "1e-99999999999999999999", "12345e-4"] {
            assert_eq!(whole(text), None, "{text}");
        }
        assert_eq!((whole("1e400"), whole("-1e99999999999999999999")), (Some(HUGE), Some(-HUGE)));
        assert_eq!(whole("1000000000000000"), Some(HUGE));
        assert_eq!(whole("999999999999999"), Some(HUGE - 1));
    }

    #[test]
    fn reads_json_and_nothing_else() {
        for text in ["{}", " [ ] ", "\"\\u00e9\\n\\ud83d\\ude00\"", "-0.5e+3", "{\"a\":[1,null,true,{}],\"b\":\"\u{7f}\"}"] {
            assert!(read(text).is_some(), "{text}");
        }
        let wrong =
            ["", "{", "[1,]", "{\"a\":1,}", "01", "1.", ".5", "+1", "--1", "1e", "nul", "\"\t\"", "\"\\x\"", "\"\\ud800\"", "{}{}", "'a'"];
        for text in wrong {
            assert!(read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn brackets_in_texts_count_nothing() {
        assert_eq!((depth(b"[[]]"), depth(b"[\"[[\\\"[\"]"), depth(b"]]][["), depth(b"")), (2, 1, 2, 0));
    }

    #[test]
    fn the_schema_is_one() {
        let model = MediaConfigModel::default();
        assert!(model.schema.member("properties").is_some() && read(SCHEMA).is_some());
        let mut model = model;
        let text = "{\"duck\":{\"duck_db\":-97}}".into();
        let got = model.step(&Op::Load { layer: Layer::State, text, padding: 0 }).expect("a model does not fail");
        let code = spec::ErrorCode::ConfigBelowMinimum;
        assert_eq!(got, Obs::Rejected { code, pointer: "/duck/duck_db".to_owned(), limit: "-96".to_owned() });
    }
}
