//! A changed row of the focus table is noticed on every driver: the recorded case of all rows differs from the answers there.

use conformance::check::check;
use conformance::drivers::Driver;
use conformance::setup::missing_for_qemu;
use conformance::suite::Suite;
use model::focus::FocusModel;
use spec::Case;
use spec::focus::{Focus, RULES, Rule};

fn every_rule() -> Case<Focus> {
    Focus::goldens().into_iter().find(|golden| golden.name == "every_rule").expect("the case of all rows").case
}

/// Every table that says something else in one row. No row lowers its own class: the reader refuses that.
fn changed_tables() -> impl Iterator<Item = (usize, Rule, FocusModel)> {
    let rows = RULES.iter().enumerate().flat_map(|(place, entry)| Rule::ALL.map(|rule| (place, entry, rule)));
    let rows = rows.filter(|(_, entry, rule)| *rule != entry.rule && (entry.active != entry.other || *rule < Rule::DuckDb));
    rows.map(|(place, _, rule)| {
        let mut table = RULES;
        table[place].rule = rule;
        (place, rule, FocusModel::with_rules(&table))
    })
}

fn notices(driver: &str) {
    let root = conformance::repository_root();
    let opened = Driver::open(driver, &root).unwrap_or_else(|failure| panic!("{driver}: {failure}"));
    let mut machine = opened.machine::<Focus>().unwrap_or_else(|failure| panic!("{driver}: {failure}"));
    let case = every_rule();
    assert!(check(&mut FocusModel::with_rules(&RULES), &mut *machine, &case).is_ok(), "{driver} does not follow the table");
    let mut tables = 0;
    for (row, rule, mut model) in changed_tables() {
        let noticed = check(&mut model, &mut *machine, &case).is_err();
        assert!(noticed, "{driver} does not notice that row {row}, {:?}, says {}", RULES[row], rule.name());
        tables += 1;
    }
    assert_eq!(tables, 24 * 3 + 8);
}

#[test]
fn in_process() {
    notices("in-process");
}

#[test]
fn child_process() {
    notices(&format!("process:exec '{}' serve", env!("CARGO_BIN_EXE_conform")));
}

#[test]
fn qemu() {
    match missing_for_qemu() {
        None => notices("qemu"),
        Some(why) => eprintln!("not run: {why}"),
    }
}
