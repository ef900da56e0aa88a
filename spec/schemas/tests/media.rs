//! Model and implementation accept exactly the configurations that a validator of JSON Schema accepts, where the schema decides.

use jsonschema::Validator;
use model::Modelled;
use serde_json::Value;
use spec::media_config::{Config, MediaConfig, Obs, Op, padded};
use spec::{Case, Contract, ErrorCode, SplitMix64};

/// Drawn cases.
const CASES: u64 = 4_000;

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(schemas::MEDIA.1).expect("the schema is JSON");
    assert_eq!(schema["$id"], schemas::MEDIA.0);
    assert!(jsonschema::meta::is_valid(&schema), "the schema is none of JSON Schema 2020-12");
    jsonschema::draft202012::new(&schema).expect("the schema is right")
}

/// What was compared: accepted, rejected by the schema, rejected before it.
#[derive(Debug, Default)]
struct Seen {
    accepted: u32,
    rejected: u32,
    before: u32,
}

/// Holds both machines' answers to a text against the validator's.
fn compare(validator: &Validator, text: &[u8], obs: &Obs, seen: &mut Seen) {
    let told = || format!("{obs:?} for {}", String::from_utf8_lossy(text));
    let value = serde_json::from_slice::<Value>(text);
    match (obs, &value) {
        (Obs::Effective(_), value) => {
            let value = value.as_ref().unwrap_or_else(|error| panic!("{}: {error}", told()));
            let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{}: {errors:?}", told());
            seen.accepted += 1;
        }
        // What the schema can't see, and numbers that only this reader can hold.
        (Obs::Rejected { code: ErrorCode::OversizedInput | ErrorCode::ConfigTooDeep | ErrorCode::DuplicateConfigKey, .. }, _) => {
            seen.before += 1
        }
        (Obs::Rejected { code: ErrorCode::MalformedConfig, .. }, value) => {
            assert!(value.is_err(), "{}: a JSON reader takes it", told());
            seen.before += 1;
        }
        (Obs::Rejected { code, pointer, .. }, Ok(value)) => {
            let places: Vec<String> = validator.iter_errors(value).map(|error| error.instance_path().to_string()).collect();
            // A key too many is a fault of the object that holds it.
            let place =
                if *code == ErrorCode::UnknownConfigKey { pointer.rsplit_once('/').map_or("", |(holder, _)| holder) } else { pointer };
            assert!(places.iter().any(|found| found == place), "{}: the validator finds {places:?}", told());
            seen.rejected += 1;
        }
        (Obs::Rejected { .. }, Err(error)) => panic!("{}: {error}", told()),
    }
}

fn hold(validator: &Validator, case: &Case<MediaConfig>, seen: &mut Seen) {
    let model = MediaConfig::model().run_case(case).expect("a model does not fail");
    let implementation = sut::machine::<MediaConfig>().run_case(case).expect("the implementation does not fail");
    assert_eq!(model, implementation, "{case:?}");
    for (op, obs) in case.ops.iter().zip(&model.obs) {
        if let Op::Load { text, padding, .. } = op {
            compare(validator, &padded(text, *padding), obs, seen);
        }
    }
}

#[test]
fn drawn_configurations_are_judged_as_the_schema_says() {
    let validator = validator();
    let mut seen = Seen::default();
    for seed in 0..CASES {
        hold(&validator, &MediaConfig::draw(&mut SplitMix64::new(seed), 12), &mut seen);
    }
    assert!(seen.accepted > 5_000 && seen.rejected > 5_000 && seen.before > 500, "{seen:?}");
}

/// Every key with every value that stands beside a bound, and with values of each type.
#[test]
fn every_key_is_judged_as_the_schema_says() {
    let validator = validator();
    let mut seen = Seen::default();
    let schema: Value = serde_json::from_str(schemas::MEDIA.1).expect("the schema is JSON");
    let mut keys = Vec::new();
    collect(&schema, &mut Vec::new(), &mut keys);
    for (path, key) in keys {
        let mut values: Vec<String> = ["null", "true", "false", "\"1\"", "[]", "{}", "0.5", "1e3", "-0", "1.0"].map(str::to_owned).into();
        for name in ["minimum", "maximum", "const", "default"] {
            if let Some(number) = key[name].as_i64() {
                values.extend(
                    (number - 1..=number + 1).flat_map(|number| [format!("{number}"), format!("{number}.0"), format!("{number}.25")]),
                );
            }
        }
        for value in values {
            let text = path.iter().rev().fold(value, |inner, key| format!("{{\"{key}\":{inner}}}"));
            let op = Op::Load { layer: spec::media_config::Layer::State, text: text.as_str().into(), padding: 0 };
            hold(&validator, &Case { config: Config {}, ops: vec![op] }, &mut seen);
        }
    }
    assert!(seen.accepted > 60 && seen.rejected > 200, "{seen:?}");
}

/// The keys of the schema that hold values, and the sections.
fn collect(schema: &Value, path: &mut Vec<String>, keys: &mut Vec<(Vec<String>, Value)>) {
    if !path.is_empty() {
        keys.push((path.clone(), schema.clone()));
    }
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        path.push(key.clone());
        collect(inner, path, keys);
        path.pop();
    }
}
