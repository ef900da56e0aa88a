//! Every fault that a contract, task or marker file can have is refused, with its file and its line.

use spec_files::{Library, Problems};
use std::time::{Duration, Instant};

const CONTRACT_PATH: &str = "spec/contracts/demo.yaml";
const TASK_PATH: &str = "spec/tasks/DOC-1.yaml";
const MARKERS_PATH: &str = "spec/markers.yaml";

const CONTRACT: &str = "\
contract: demo
version: 1
title: A demonstration
summary: Nothing but a demonstration.
constants:
  - name: DEMO_RATE
    type: u32
    value: 48000
    unit: Hz
    doc: A rate.
    source: DEMO-D1
bounds:
  - name: DEMO_ITEMS_MAX
    type: u16
    value: 8
    unit: items
    error: too_many
    reject_test: test_reject_demo_items_over_max
    doc: Items at once.
errors:
  - name: too_many
    code: 901
    doc: More than the bound allows.
  - name: too_few
    code: 902
    doc: Fewer than are needed.
decisions:
  - id: DEMO-D1
    open_point: The rate is open.
    decision: 48 kHz.
    why: It is usual.
requirements:
  - id: DEMO-001
    text: It counts.
    source:
      document: DOC-1
      where: Goal 1
    evidence: [property, golden]
  - id: DEMO-002
    text: It stops.
    source:
      document: DOC-1
      where: Goal 2
    evidence: [law]
";

const TASK: &str = "\
task: DOC-1
title: A document
obligations:
  - id: DOC1-001
    where: Goal 1
    text: Count.
    requirements: [DEMO-001]
  - id: DOC1-002
    where: Goal 2
    text: Stop.
    requirements: [DEMO-002]
  - id: DOC1-003
    where: Goal 3
    text: Sing.
    waiver:
      kind: planned
      contract: song
      reason: Built with the song contract.
";

const MARKERS: &str = "\
version: 1
bounds: {line_bytes_max: 256, log_bytes_max: 65536, lines_max: 100}
reserved_prefixes: ['demo:']
markers:
  - name: ready
    form: 'demo: ready seed={seed}'
    kind: ready
    fields:
      - name: seed
        type: hex64
        doc: The seed.
    doc: It is ready.
  - name: done
    form: 'demo: done'
    kind: done
    doc: It is done.
profiles:
  - name: short
    doc: The shortest run.
    plan: [ready, done]
    timeout_ms: 1000
  - name: open
    doc: A run without an end.
    plan: [ready]
    timeout_ms: 1000
";

fn library(contract: &str, task: &str, markers: &str) -> Result<Library, Problems> {
    Library::parse(&[(CONTRACT_PATH, contract)], &[(TASK_PATH, task)], (MARKERS_PATH, markers))
}

/// `text` with its only `from` replaced.
fn changed(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from:?} must stand in the text once");
    text.replace(from, to)
}

/// The line, from 1, on which the only `needle` of `text` starts.
fn line_of(text: &str, needle: &str) -> u64 {
    assert_eq!(text.matches(needle).count(), 1, "{needle:?} must stand in the text once");
    text[..text.find(needle).expect("it was just counted")].matches('\n').count() as u64 + 1
}

/// Fails unless the only problem is of that file and line, and its message holds `word`.
#[track_caller]
fn assert_refused(result: Result<Library, Problems>, file: &str, line: u64, word: &str) {
    let Err(problems) = result else { panic!("this must be refused at {file}:{line}: {word}") };
    let [problem] = problems.0.as_slice() else { panic!("one problem is expected:\n{problems}") };
    assert_eq!((problem.file.as_str(), problem.line), (file, line), "{problem}");
    assert!(problem.message.contains(word), "{word:?} is expected in: {problem}");
    assert!(!problem.message.contains('\n'), "a message is one line: {problem}");
    assert_eq!(problem.to_string(), format!("{file}:{line}: {}", problem.message));
}

/// Changes the contract once; the problem must be on the line of `at`.
#[track_caller]
fn contract_refused(from: &str, to: &str, at: &str, word: &str) {
    let text = changed(CONTRACT, from, to);
    assert_refused(library(&text, TASK, MARKERS), CONTRACT_PATH, line_of(&text, at), word);
}

#[track_caller]
fn task_refused(from: &str, to: &str, at: &str, word: &str) {
    let text = changed(TASK, from, to);
    assert_refused(library(CONTRACT, &text, MARKERS), TASK_PATH, line_of(&text, at), word);
}

#[track_caller]
fn markers_refused(from: &str, to: &str, at: &str, word: &str) {
    let text = changed(MARKERS, from, to);
    assert_refused(library(CONTRACT, TASK, &text), MARKERS_PATH, line_of(&text, at), word);
}

#[test]
fn the_examples_are_accepted() {
    let library = library(CONTRACT, TASK, MARKERS).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(library.requirements().count(), 2);
    assert_eq!(library.requirement("DEMO-002").map(|requirement| requirement.id.referenced.line()), Some(line_of(CONTRACT, "DEMO-002")));
    assert!(library.markers.profile("short").is_some());
}

#[test]
fn test_reject_unknown_key() {
    contract_refused("title: A", "titel: A", "titel: A", "unknown field `titel`");
    contract_refused("    unit: items\n", "    unit: items\n    step: 1\n", "step: 1", "unknown field `step`");
    contract_refused("      where: Goal 1\n", "      where: Goal 1\n      page: 3\n", "page: 3", "unknown field `page`");
    task_refused("    text: Stop.", "    text: Stop.\n    owner: me", "owner: me", "unknown field `owner`");
    task_refused("      contract: song", "      contract: song\n      until: later", "until: later", "unknown field `until`");
    markers_refused("    kind: done", "    kind: done\n    level: 3", "level: 3", "unknown field `level`");
    markers_refused("lines_max: 100", "lines_max: 100, words_max: 5", "bounds:", "unknown field `words_max`");
}

#[test]
fn a_contract_may_have_no_machine() {
    let without = changed(CONTRACT, "constants:\n", "machine: none\nconstants:\n");
    let without = changed(&without, "evidence: [property, golden]", "evidence: [command, violation]");
    let without = changed(&without, "evidence: [law]", "evidence: [boot]");
    let library = library(&without, TASK, MARKERS).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(!library.contract("demo").expect("it was read").has_machine());
}

#[test]
fn test_reject_a_machine_that_is_none_and_yet_asked() {
    let with = |line: &str| changed(CONTRACT, "constants:\n", &format!("{line}\nconstants:\n"));
    for (line, word) in [
        ("machine: driven", "unknown variant"),
        ("machine: some", "unknown variant"),
        ("machine: null", "expected"),
        ("machine: none\nmachine: none # again", "duplicate"),
    ] {
        let text = with(line);
        let at = line_of(&text, line.rsplit('\n').next().expect("a line"));
        assert_refused(library(&text, TASK, MARKERS), CONTRACT_PATH, at, word);
    }
    let text = changed(&with("machine: none"), "evidence: [property, golden]", "evidence: [command]");
    assert_refused(library(&text, TASK, MARKERS), CONTRACT_PATH, line_of(&text, "DEMO-002"), "DEMO-002 asks for law evidence");
}

#[test]
fn test_reject_missing_key() {
    // The line is that of the last key of the item that lacks one.
    contract_refused("version: 1\n", "", "requirements:", "missing field `version`");
    contract_refused("    unit: Hz\n", "", "source: DEMO-D1", "missing field `unit`");
    contract_refused("    error: too_many\n", "", "doc: Items at once.", "missing field `error`");
    contract_refused("    text: It stops.\n", "", "evidence: [law]", "missing field `text`");
    contract_refused("      where: Goal 2\n", "", "document: DOC-1\n    evidence: [law]", "missing field `where`");
    contract_refused("    evidence: [law]\n", "", "source:\n      document: DOC-1\n      where: Goal 2", "missing field `evidence`");
    task_refused("    where: Goal 2\n", "", "requirements: [DEMO-002]", "missing field `where`");
    task_refused("      reason: Built with the song contract.\n", "", "contract: song", "missing field `reason`");
    markers_refused("    kind: done\n", "", "doc: It is done.", "missing field `kind`");
    markers_refused(", lines_max: 100", "", "bounds:", "missing field `lines_max`");
}

#[test]
fn test_reject_key_given_twice() {
    contract_refused("title: A demonstration\n", "title: A demonstration\ntitle: Another\n", "title: Another", "duplicate");
    task_refused("    text: Stop.\n", "    text: Stop.\n    text: Go on.\n", "text: Go on.", "duplicate");
    markers_refused(
        "    timeout_ms: 1000\n  - name: open",
        "    timeout_ms: 1000\n    timeout_ms: 2000\n  - name: open",
        "timeout_ms: 2000",
        "duplicate",
    );
}

#[test]
fn test_reject_duplicate_id_within_a_file() {
    let again = "requirements:\n  - {id: DEMO-002, text: T, source: {document: DOC-1, where: W}, evidence: [law]}\n";
    contract_refused("requirements:\n", again, "id: DEMO-002\n", "`DEMO-002` stands already at spec/contracts/demo.yaml:33");
    contract_refused(
        "name: DEMO_ITEMS_MAX",
        "name: DEMO_RATE # again",
        "name: DEMO_RATE # again",
        "`DEMO_RATE` stands already at spec/contracts/demo.yaml:6",
    );
    contract_refused("name: too_few", "name: too_many # again", "name: too_many # again", "`too_many` stands already");
    task_refused("id: DOC1-002", "id: DOC1-001 # again", "id: DOC1-001 # again", "`DOC1-001` stands already at spec/tasks/DOC-1.yaml:4");
    let again = "markers:\n  - {name: done, form: 'demo: over', kind: done, doc: Over.}\n";
    markers_refused("markers:\n", again, "name: done\n", "`done` is declared twice");
    markers_refused("name: open", "name: short # again", "name: short # again", "`short` is declared twice");
    let decision = "decisions:\n  - {id: DEMO-D1, open_point: Another., decision: Yes., why: So.}\n";
    contract_refused("decisions:\n", decision, "  - id: DEMO-D1", "`DEMO-D1` stands already at spec/contracts/demo.yaml:28");
}

#[test]
fn test_reject_duplicate_id_across_files() {
    let other_path = "spec/contracts/other.yaml";
    let other = "contract: other\nversion: 1\ntitle: T\nsummary: S\nconstants:\n  - {name: DEMO_RATE, type: u32, value: 1, unit: Hz, doc: D, source: S}\nbounds: []\nerrors: []\ndecisions: []\nrequirements:\n  - {id: OTHER-001, text: T, source: {document: DOC-1, where: W}, evidence: [law]}\n";
    let task = changed(TASK, "requirements: [DEMO-001]", "requirements: [DEMO-001, OTHER-001]");
    let result = Library::parse(&[(CONTRACT_PATH, CONTRACT), (other_path, other)], &[(TASK_PATH, &task)], (MARKERS_PATH, MARKERS));
    assert_refused(result, other_path, 6, "`DEMO_RATE` stands already at spec/contracts/demo.yaml:6");
    let again = changed(&changed(TASK, "task: DOC-1\n", "task: DOC-2\n"), "id: DOC1-002", "id: DOC2-002");
    let again = changed(&again, "id: DOC1-003", "id: DOC2-003");
    let result =
        Library::parse(&[(CONTRACT_PATH, CONTRACT)], &[(TASK_PATH, TASK), ("spec/tasks/DOC-2.yaml", &again)], (MARKERS_PATH, MARKERS));
    assert_refused(result, "spec/tasks/DOC-2.yaml", 4, "`DOC1-001` stands already at spec/tasks/DOC-1.yaml:4");
}

#[test]
fn test_reject_duplicate_error_code() {
    contract_refused("code: 902", "code: 901 # again", "code: 901 # again", "error code 901 is too_many's already");
    contract_refused("code: 902", "code: 0", "code: 0", "error codes start at 1");
    contract_refused("code: 902", "code: 65536", "code: 65536", "invalid u16");
}

#[test]
fn test_reject_value_of_another_type_or_range() {
    contract_refused("type: u32", "type: f32", "type: f32", "`f32` is no type of constants");
    contract_refused("value: 48000", "value: -1", "name: DEMO_RATE", "the value -1 of `DEMO_RATE` is no u32");
    contract_refused("value: 48000", "value: 4294967296", "name: DEMO_RATE", "the value 4294967296 of `DEMO_RATE` is no u32");
    contract_refused("value: 48000", "value: 99999999999999999999", "value: 99999999999999999999", "a whole number of 64 bits or a text");
    contract_refused("value: 48000", "value: fast", "name: DEMO_RATE", "the value fast of `DEMO_RATE` is no u32");
    contract_refused("value: 48000", "value: [1]", "value: [1]", "a whole number of 64 bits or a text");
    contract_refused("value: 8\n", "value: 65536\n", "name: DEMO_ITEMS_MAX", "the value 65536 of `DEMO_ITEMS_MAX` is no u16");
    contract_refused("version: 1\n", "version: one\n", "version: one", "invalid");
    contract_refused("version: 1\n", "version: -1\n", "version: -1", "invalid");
    contract_refused("evidence: [law]", "evidence: [faith]", "evidence: [faith]", "unknown variant `faith`");
    contract_refused("evidence: [law]", "evidence: law", "evidence: law", "expected sequence");
    task_refused("kind: planned", "kind: someday", "kind: someday", "unknown variant `someday`");
    markers_refused("type: hex64", "type: hex", "type: hex", "unknown variant `hex`");
    markers_refused("kind: done", "kind: over", "kind: over", "unknown variant `over`");
    markers_refused("timeout_ms: 1000\n  - name: open", "timeout_ms: soon\n  - name: open", "timeout_ms: soon", "invalid");
    markers_refused("log_bytes_max: 65536", "log_bytes_max: -1", "bounds:", "invalid");
}

#[test]
fn test_reject_names_that_are_no_names() {
    contract_refused("name: DEMO_RATE", "name: demo_rate", "name: demo_rate", "upper snake case");
    contract_refused("name: DEMO_RATE", "name: 1_RATE", "name: 1_RATE", "upper snake case");
    contract_refused("name: too_few", "name: tooFew", "name: tooFew", "snake case");
    contract_refused("name: too_few", "name: 2_few", "name: 2_few", "snake case");
    contract_refused("reject_test: test_reject_demo_items_over_max", "reject_test: rejects", "reject_test: rejects", "test_reject_");
    contract_refused(
        "reject_test: test_reject_demo_items_over_max",
        "reject_test: test_reject_a b",
        "reject_test: test_reject_a b",
        "test_reject_",
    );
    contract_refused("id: DEMO-D1", "id: DEMO-1D", "id: DEMO-1D", "must be `DEMO-D` and a number");
    contract_refused("id: DEMO-002", "id: OTHER-002", "id: OTHER-002", "must be `DEMO-` and a number");
    contract_refused("id: DEMO-002", "id: DEMO-0002", "id: DEMO-0002", "must be `DEMO-` and a number");
}

#[test]
fn test_reject_contract_that_is_named_otherwise_than_its_file() {
    let result = Library::parse(&[("spec/contracts/other.yaml", CONTRACT)], &[(TASK_PATH, TASK)], (MARKERS_PATH, MARKERS));
    assert_refused(result, "spec/contracts/other.yaml", 1, "named `demo` but the file `other`");
    let text = CONTRACT.replace("contract: demo", "contract: de_mo").replace("DEMO-", "DE_MO-");
    let task = TASK.replace("DEMO-", "DE_MO-");
    let result = Library::parse(&[("spec/contracts/de_mo.yaml", &text)], &[(TASK_PATH, &task)], (MARKERS_PATH, MARKERS));
    assert_refused(result, "spec/contracts/de_mo.yaml", 1, "lower-case letters, digits and hyphens");
}

#[test]
fn test_reject_texts_that_would_leave_their_comment() {
    contract_refused("doc: A rate.", "doc: \"A rate.\\nA line.\"", "name: DEMO_RATE", "one line");
    contract_refused("doc: Fewer than are needed.", "doc: \"Fewer.\\nLines.\"", "name: too_few", "one line");
    contract_refused("unit: items", "unit: \"items\\r\"", "name: DEMO_ITEMS_MAX", "one line");
}

#[test]
fn test_reject_empty_texts() {
    contract_refused("text: It stops.", "text: ''", "id: DEMO-002", "DEMO-002 says nothing");
    task_refused("text: Stop.", "text: ' '", "id: DOC1-002", "must say what it asks");
    task_refused("where: Goal 2", "where: ''", "id: DOC1-002", "must say what it asks");
    task_refused("reason: Built with the song contract.", "reason: ' '", "id: DOC1-003", "gives no reason");
}

#[test]
fn test_reject_requirement_without_evidence() {
    contract_refused("evidence: [law]", "evidence: []", "id: DEMO-002", "DEMO-002 asks for no evidence");
    contract_refused("evidence: [law]", "evidence: [law, law]", "id: DEMO-002", "DEMO-002 names a kind of evidence twice");
}

#[test]
fn test_reject_contract_without_requirements() {
    let (head, _) = CONTRACT.split_once("requirements:").expect("the contract has requirements");
    let result = Library::parse(&[(CONTRACT_PATH, &format!("{head}requirements: []\n"))], &[], (MARKERS_PATH, MARKERS));
    assert_refused(result, CONTRACT_PATH, 1, "the contract `demo` has no requirement");
}

#[test]
fn test_reject_bound_with_unknown_error() {
    contract_refused("error: too_many", "error: too_much", "error: too_much", "`too_much` is no declared error code");
}

#[test]
fn test_reject_requirement_of_an_unknown_document() {
    contract_refused(
        "document: DOC-1\n      where: Goal 2",
        "document: DOC-9\n      where: Goal 2",
        "document: DOC-9",
        "`DOC-9` is no document of spec/tasks",
    );
}

#[test]
fn test_reject_requirement_that_no_obligation_names() {
    let task = changed(TASK, "requirements: [DEMO-002]", "requirements: [DEMO-001]");
    assert_refused(
        library(CONTRACT, &task, MARKERS),
        CONTRACT_PATH,
        line_of(CONTRACT, "id: DEMO-002"),
        "no obligation of spec/tasks names DEMO-002",
    );
}

#[test]
fn test_reject_obligation_of_an_unknown_requirement() {
    task_refused("[DEMO-002]", "[DEMO-002, DEMO-003]", "DEMO-003", "`DEMO-003` is no requirement of spec/contracts");
}

#[test]
fn test_reject_obligation_that_is_neither_carried_nor_waived() {
    let waiver = "    waiver:\n      kind: planned\n      contract: song\n      reason: Built with the song contract.\n";
    task_refused(waiver, "", "id: DOC1-003", "DOC1-003 is carried by no requirement and has no waiver");
    task_refused(waiver, "    requirements: []\n", "id: DOC1-003", "DOC1-003 is carried by no requirement and has no waiver");
}

#[test]
fn test_reject_requirement_named_twice_by_an_obligation() {
    task_refused("[DEMO-002]", "[DEMO-002, DEMO-002]", "[DEMO-002, DEMO-002]", "DOC1-002 names DEMO-002 twice");
}

#[test]
fn test_reject_planned_waiver_without_contract() {
    task_refused("      contract: song\n", "", "id: DOC1-003", "must name a `contract` exactly when it is `planned`");
    task_refused("contract: song", "contract: ''", "id: DOC1-003", "must name a `contract` exactly when it is `planned`");
    task_refused("kind: planned", "kind: stub", "id: DOC1-003", "must name a `contract` exactly when it is `planned`");
}

#[test]
fn test_reject_planned_waiver_of_a_contract_that_stands() {
    task_refused("contract: song", "contract: demo", "id: DOC1-003", "DOC1-003 waits for the contract demo, which stands");
}

#[test]
fn test_reject_task_without_obligations() {
    let result = Library::parse(&[], &[(TASK_PATH, "task: DOC-1\ntitle: T\nobligations: []\n")], (MARKERS_PATH, MARKERS));
    assert_refused(result, TASK_PATH, 1, "DOC-1 lists no obligation");
}

#[test]
fn test_reject_marker_whose_form_and_fields_differ() {
    markers_refused("seed={seed}", "seed={seed} at={at}", "at={at}", "has fields that are not declared");
    let text = changed(MARKERS, "seed={seed}", "seed={sed}");
    assert_refused(library(CONTRACT, TASK, &text), MARKERS_PATH, line_of(&text, "name: seed"), "must hold {seed} exactly once");
    markers_refused("'demo: done'", "'demo: done {late}'", "{late}", "has fields that are not declared");
    markers_refused("'demo: done'", "'demo: done }'", "done }", "has fields that are not declared");
    markers_refused("'demo: done'", "\"demo: \\ndone\"", "form: \"demo: ", "printable");
    markers_refused("'demo: done'", "''", "form: ''", "printable");
}

#[test]
fn test_reject_profile_of_unknown_marker() {
    markers_refused("plan: [ready, done]", "plan: [ready, gone]", "gone", "names `gone`, which is no declared marker");
    markers_refused("plan: [ready]", "plan: [ready]\n    allowed: [noise]", "noise", "names `noise`, which is no declared marker");
    markers_refused("plan: [ready]", "plan: []", "name: open", "`open` plans nothing");
    markers_refused("timeout_ms: 1000\n  - name: open", "timeout_ms: 0\n  - name: open", "name: short", "`short` has no time");
}

#[test]
fn test_reject_malformed_yaml() {
    contract_refused("    type: u32", "\ttype: u32", "name: DEMO_RATE", "tab");
    contract_refused("evidence: [law]", "evidence: [law", "[law", "");
    contract_refused("title: A demonstration", "title: 'A demonstration", "summary:", "quoted");
    contract_refused("title: A demonstration", "title: A: demonstration", "title: A:", "");
    task_refused("obligations:", "obligations", "obligations", "");
    markers_refused("bounds: {", "bounds: {{", "bounds: {{", "");
    assert_refused(library("", TASK, MARKERS), CONTRACT_PATH, 1, "");
    assert_refused(library("[]\n", TASK, MARKERS), CONTRACT_PATH, 1, "");
    assert_refused(
        library(&format!("{CONTRACT}---\n{CONTRACT}"), TASK, MARKERS),
        CONTRACT_PATH,
        CONTRACT.lines().count() as u64 + 1,
        "one document",
    );
}

#[test]
fn test_reject_truncated_files() {
    // A file cut at any line is refused with a line of its own, never read as less.
    for (index, _) in CONTRACT.match_indices('\n') {
        let cut = &CONTRACT[..index];
        let Err(problems) = library(cut, TASK, MARKERS) else { continue };
        let lines = cut.lines().count() as u64;
        for problem in &problems.0 {
            let own = problem.file == CONTRACT_PATH && (1..=lines + 1).contains(&problem.line);
            assert!(own || problem.file == TASK_PATH && problem.line > 0, "cut after line {lines}: {problem}");
        }
    }
    let (cut, _) = CONTRACT.split_once("    evidence: [law]").expect("the last key");
    assert!(library(cut, TASK, MARKERS).is_err());
}

#[test]
fn test_reject_anchors_and_aliases() {
    contract_refused("title: A demonstration", "title: &title A demonstration", "&title", "anchors");
    contract_refused("title: A demonstration", "title: *title", "*title", "alias");
    let laughs: String = (1..10).map(|depth| format!("  - &a{depth} [{}]\n", vec![format!("*a{}", depth - 1); 10].join(", "))).collect();
    let started = Instant::now();
    contract_refused("constants:\n", &format!("constants:\n  - &a0 [lol]\n{laughs}"), "&a0", "no anchors");
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
}

#[test]
fn test_reject_unbounded_files() {
    let started = Instant::now();
    let deep = format!("title: {}", "[".repeat(100_000));
    assert_refused(library(&deep, TASK, MARKERS), CONTRACT_PATH, 1, "");
    let long = format!("{CONTRACT}# {}\n", "x".repeat(2 << 20));
    assert_refused(library(&long, TASK, MARKERS), CONTRACT_PATH, 1, "bytes");
    let many = changed(CONTRACT, "evidence: [law]", &format!("evidence: [{}]", "law,".repeat(100_000)));
    assert_refused(library(&many, TASK, MARKERS), CONTRACT_PATH, line_of(CONTRACT, "evidence: [law]"), "");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[test]
fn every_problem_of_every_file_is_shown_at_once() {
    let contract = changed(CONTRACT, "evidence: [law]", "evidence: []");
    let task = changed(TASK, "text: Stop.", "text: ''");
    let markers = changed(MARKERS, "plan: [ready, done]", "plan: [gone]");
    let problems = library(&contract, &task, &markers).expect_err("three faults");
    let files: Vec<&str> = problems.0.iter().map(|problem| problem.file.as_str()).collect();
    assert_eq!(files, [CONTRACT_PATH, TASK_PATH, MARKERS_PATH], "{problems}");
}
