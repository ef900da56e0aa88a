//! The example in Python: it agrees with the models, and when its rounding is broken it is caught with a small case.

use conformance::check::{Divergence, check, check_many};
use conformance::drivers::process::Connection;
use conformance::shrink::{RERUNS_MAX, shrink};
use model::Modelled;
use spec::{Case, Contract, FailureKind, SplitMix64, mixer::Mixer, ring::Ring};
use std::time::Duration;

const EXAMPLE: &str = include_str!("../examples/sut.py");

/// The line that rounds, and the same line with the rounding gone.
const ROUNDS: &str = "(abs(y) + 2**31) // 2**32";
const TRUNCATES: &str = "abs(y) // 2**32";

fn connect(folder: &tempfile::TempDir, source: &str) -> Connection {
    let file = folder.path().join("sut.py");
    std::fs::write(&file, source).expect("a file");
    Connection::start(&format!("exec python3 '{}'", file.display()), Duration::from_secs(20)).expect("Python runs")
}

fn cases<C: Contract>(count: usize) -> Vec<Case<C>> {
    let mut entropy = SplitMix64::new(2);
    (0..count).map(|_| C::draw(&mut entropy, 24)).collect()
}

fn agrees<C: Modelled>(connection: &Connection, count: usize) {
    let (mut model, mut example) = (C::model(), connection.machine::<C>());
    // One batch is far more than the pipes hold, in both directions.
    match check_many(model.as_mut(), example.as_mut(), &cases(count)) {
        Ok(traces) => assert_eq!(traces.len(), count),
        Err(found) => panic!("{found:?}"),
    }
}

#[test]
fn the_example_is_as_small_as_it_says() {
    assert!(EXAMPLE.lines().count() <= 100);
    let imported: Vec<&str> = EXAMPLE.lines().filter(|line| line.starts_with("import ") || line.starts_with("from ")).collect();
    assert_eq!(imported, ["import decimal, functools, json, math, sys"], "the standard library alone");
}

#[test]
fn the_example_agrees_with_the_models() {
    let folder = tempfile::tempdir().expect("a folder");
    let connection = connect(&folder, EXAMPLE);
    agrees::<Mixer>(&connection, 400);
    agrees::<Ring>(&connection, 400);
    let other = connection.machine::<spec::gain::Gain>().reset(&spec::gain::Config {}).expect_err("the example has no gain");
    assert_eq!(other.kind, FailureKind::Unsupported);
}

#[test]
fn the_example_s_gains_are_the_pinned_table() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("sut.py"), EXAMPLE).expect("a file");
    // As a module it serves an empty input, and is ready to be asked.
    let digest = "import hashlib, sut; print(hashlib.sha256(b''.join(sut.factor(db).to_bytes(4, 'little') for db in range(-24576, 3073))).hexdigest())";
    let printed = duct::cmd!("python3", "-c", digest).dir(folder.path()).stdin_null().read().expect("Python runs");
    assert_eq!(printed, spec::gain::GAIN_TABLE_SHA256);
}

#[test]
fn a_broken_rounding_is_caught_with_a_small_case() {
    assert_eq!(EXAMPLE.matches(ROUNDS).count(), 1);
    let folder = tempfile::tempdir().expect("a folder");
    let connection = connect(&folder, &EXAMPLE.replace(ROUNDS, TRUNCATES));
    let (mut model, mut broken) = (Mixer::model(), connection.machine::<Mixer>());
    let found: Box<Divergence<Mixer>> = check_many(model.as_mut(), broken.as_mut(), &cases(100)).expect_err("it is broken");
    assert!(found.step.is_some());
    let smallest = shrink(&found.case, RERUNS_MAX, &mut |case| check(model.as_mut(), broken.as_mut(), case).is_err());
    assert!(check(model.as_mut(), broken.as_mut(), &smallest).is_err());
    assert!(smallest.ops.len() <= 5, "{} operations: {smallest:?}", smallest.ops.len());
}
