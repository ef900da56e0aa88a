//! The fuzz targets without a fuzzer: each over its committed corpus, and over bytes from a seed.

use conformance::fuzz::{TARGETS, cases_of, markers, target, wav_bytes};
use conformance::{case_file, repository_root};
use spec::{Entropy, SplitMix64};
use std::fs;

/// Inputs from the seed, of 0 to 399 bytes.
const DRAWN: usize = 500;

fn smoke(name: &str, body: fn(&[u8])) {
    let corpus = repository_root().join("fuzz/corpus").join(name);
    let mut inputs = 0;
    for entry in fs::read_dir(&corpus).unwrap_or_else(|error| panic!("{}: {error}", corpus.display())) {
        body(&fs::read(entry.expect("a folder that can be read").path()).expect("a file that can be read"));
        inputs += 1;
    }
    assert!(inputs > 0, "the corpus of {name} is empty");
    let mut source = SplitMix64::new(1);
    for _ in 0..DRAWN {
        let length = source.below(400) as usize;
        let bytes: Vec<u8> = (0..length).map(|_| source.bits() as u8).collect();
        body(&bytes);
    }
}

macro_rules! smokes {
    ($($name:ident: $body:expr;)*) => {
        mod survives_its_corpus_and_drawn_bytes {
            $(#[test]
            fn $name() {
                super::smoke(stringify!($name), $body);
            })*
        }
    };
}
conformance::for_each_fuzz_target!(smokes);

fn names(folder: &str, ending: &str) -> Vec<String> {
    let folder = fs::read_dir(repository_root().join("fuzz").join(folder)).expect("a folder of the fuzz package");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("a folder that can be read").file_name();
    folder.map(|entry| name(entry).to_string_lossy().trim_end_matches(ending).to_owned()).collect()
}

#[test]
fn every_program_corpus_and_dictionary_is_of_a_target() {
    let mut programs = names("fuzz_targets", ".rs");
    programs.sort();
    let mut here: Vec<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    here.sort();
    assert_eq!(programs, here, "fuzz/fuzz_targets and the list of targets");
    for name in names("corpus", "").iter().chain(&names("dictionaries", ".dict")) {
        assert!(target(name).is_some(), "`{name}` is no target");
    }
}

#[test]
fn a_body_tells_its_cases() {
    let told = cases_of(wav_bytes, b"RIFF");
    let case = case_file::read(&told[0]).expect("a case file");
    let ops: serde_json::Value = serde_json::from_str(case.ops.get()).expect("JSON");
    assert_eq!((told.len(), case.contract.as_str(), ops), (1, "wav", serde_json::json!([{"load": [82, 73, 70, 70]}])));
    assert_eq!(cases_of(markers, b"conform: done"), Vec::<String>::new());
}
