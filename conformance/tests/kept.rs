//! Cases that are kept: what is filed is read again, and what cannot be kept is refused.

use conformance::case_file::{self, AnyCaseFile};
use conformance::kept::{FOLDER, Filed, NAME_LETTERS_MAX, file, read};
use conformance::suite::Suite;
use spec::gain::Gain;
use std::fs;

const CASE: &str = r#"{"conform_case":1,"contract":"gain","note":"by hand","config":{},"ops":[{"factor":-1536}]}"#;

fn case(text: &str) -> AnyCaseFile {
    case_file::read(text).expect("a case file")
}

#[test]
fn a_kept_case_is_read_again() {
    let root = tempfile::tempdir().expect("a folder");
    assert_eq!(read::<Gain>(root.path()).expect("what is kept can be read").len(), 0);
    let filed = file(root.path(), &case(CASE), Some("by_hand")).expect("a case that can be kept");
    assert_eq!(filed, Filed { path: "conformance/kept/gain/by_hand.json".to_owned(), diverges: false, ops: (1, 1) });
    let kept = read::<Gain>(root.path()).expect("what is kept can be read");
    assert_eq!((kept[0].name.as_str(), kept[0].note.as_str(), kept[0].case.ops.len()), ("by_hand", "by hand", 1));
    let by_contents = file(root.path(), &case(CASE), None).expect("a case that can be kept");
    assert!(by_contents.path.starts_with("conformance/kept/gain/found_"), "{}", by_contents.path);
}

#[test]
fn test_reject_what_cannot_be_kept() {
    let root = tempfile::tempdir().expect("a folder");
    file(root.path(), &case(CASE), Some("taken")).expect("a case that can be kept");
    let long = "a".repeat(NAME_LETTERS_MAX + 1);
    let declared = Gain::goldens()[0].name;
    for (text, name, why) in [
        (CASE, "Upper", "lower-case letters"),
        (CASE, "", "lower-case letters"),
        (CASE, &long, "1 to 60"),
        (CASE, "taken", "choose another"),
        (CASE, declared, "choose another"),
        (&CASE.replace("gain", "pain"), "new", "no contract `pain`"),
        (&CASE.replace("factor", "vector"), "new", "do not fit the contract `gain`"),
    ] {
        let refused = file(root.path(), &case(text), Some(name)).expect_err("what cannot be kept");
        assert!(refused.contains(why), "{refused}");
    }
    assert_eq!(fs::read_dir(root.path().join(FOLDER).join("gain")).expect("a folder").count(), 1);
    fs::write(root.path().join(FOLDER).join("gain/tone.json"), CASE.replace("gain", "tone")).expect("a file that can be written");
    assert!(read::<Gain>(root.path()).is_err_and(|why| why.contains("a case of `tone`")));
}
