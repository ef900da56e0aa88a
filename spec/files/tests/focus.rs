//! The focus table's reader is strict: each fault is found, at its line.

use spec_files::FocusFile;
use spec_files::embedded::FOCUS;

fn faults(text: &str) -> String {
    FocusFile::parse("f.yaml", text).expect_err("a fault").to_string()
}

#[test]
fn the_table_of_this_build_is_right() {
    let file = FocusFile::embedded().unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(file.rules.len(), 32);
    let of = |rule: &str| file.rules.iter().filter(|row| row.rule.value == rule).count();
    assert_eq!([of("none"), of("pause"), of("duck_db"), of("duck_db_ui")], [19, 8, 4, 1]);
}

#[test]
fn test_reject_tables_with_faults() {
    let first = FOCUS.1.lines().position(|line| line.starts_with("  - ")).expect("a row") + 1;
    for (from, to, row, message) in [
        ("{active: music, kind: gain, other: music", "{active: song, kind: gain, other: music", 1, "`song` is no class"),
        ("{active: music, kind: gain, other: comms", "{active: music, kind: gains, other: comms", 2, "`gains` is no kind"),
        ("{active: music, kind: gain, other: alarm, rule: none", "{active: music, kind: gain, other: alarm, rule: duck", 3, "no rule"),
        ("{active: music, kind: gain, other: ui, ", "{active: music, kind: gain, other: ui, weight: 1, ", 4, "weight"),
        ("{active: music, kind: gain, other: ui", "{active: music, kind: gain, other: alarm", 4, "where music gain ui belongs"),
        ("{active: comms, kind: gain, other: comms, rule: none", "{active: comms, kind: gain, other: comms, rule: duck_db", 10, "itself"),
        (
            "{active: comms, kind: gain, other: ui, rule: duck_db, source: \"",
            "{active: comms, kind: gain, other: ui, rule: duck_db, source: \"\\n",
            12,
            "one line",
        ),
    ] {
        assert!(FOCUS.1.contains(from), "{from}");
        let text = faults(&FOCUS.1.replacen(from, to, 1));
        assert!(text.contains(&format!("f.yaml:{}: ", first + row - 1)) && text.contains(message), "{to}: {text}");
    }
}

#[test]
fn test_reject_tables_that_lack_a_row_or_have_one_twice() {
    let last = FOCUS.1.lines().last().expect("a row");
    let short = FOCUS.1.replacen(last, "", 1);
    assert!(faults(&short).contains("ui transient ui is missing"), "{}", faults(&short));
    let long = format!("{}{last}\n", FOCUS.1);
    assert!(faults(&long).contains("drop this row"), "{}", faults(&long));
    let row = FOCUS.1.lines().find(|line| line.contains("other: ui")).expect("a row");
    assert!(faults(&FOCUS.1.replacen(row, "", 1)).contains("where music gain ui belongs"));
}
