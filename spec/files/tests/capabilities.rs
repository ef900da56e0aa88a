//! The catalogue's reader is strict: each fault is found, at its line.

use spec_files::CapabilityFile;

const RIGHT: &str = r#"version: 1
identity: {offset: "0xcbf29ce484222325", prime: "0x00000100000001b3"}
capabilities:
  - {name: audio, domain: audio, umbrella: true, holders: [nx], note: Umbrella., source: somewhere}
  - {name: audio.record, domain: audio, sensitive: true, note: Records., source: somewhere}
  - {name: audio.level.set, domain: audio, note: Sets., source: somewhere}
methods:
  - {service: audiod, method: record_start, capability: audio.record, doc: Starts.}
  - {service: audiod, method: record_stop, capability: audio.record, ends: true, doc: Ends.}
subjects:
  - {name: audiod, id: "0x0fa6667d38ccd6a7", doc: Mixes., grants: [audio.record]}
  - {name: nx, id: "0x08b34407b558774b", doc: Tool., grants: []}
"#;

fn faults(from: &str, to: &str) -> String {
    assert!(RIGHT.contains(from), "{from}");
    CapabilityFile::parse("c.yaml", &RIGHT.replacen(from, to, 1)).expect_err(to).to_string()
}

#[test]
fn the_catalogue_of_this_build_is_right() {
    let file = CapabilityFile::embedded().unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!((file.capabilities.len(), file.methods.len(), file.subjects.len()), (24, 50, 15));
    CapabilityFile::parse("c.yaml", RIGHT).unwrap_or_else(|problems| panic!("{problems}"));
}

#[test]
fn test_reject_catalogues_with_faults() {
    for (from, to, line, message) in [
        ("name: audio.level.set", "name: Audio.level.set", 6, "must be lowercase words"),
        ("name: audio.level.set", "name: audio..set", 6, "must be lowercase words"),
        ("name: audio.level.set", "name: audio.record", 6, "stands already"),
        ("name: audio.level.set, domain: audio", "name: audio.level.set, domain: Sound", 6, "one lowercase word"),
        ("note: Sets.", "note: \" \"", 6, "one line and not empty"),
        ("note: Sets.", "note: Sets., colour: red", 6, "colour"),
        ("umbrella: true", "umbrella: true, sensitive: true", 4, "cannot be sensitive"),
        ("holders: [nx]", "holders: [ny]", 4, "no subject"),
        ("method: record_start, capability: audio.record", "method: record_start, capability: audio.recor", 8, "no capability"),
        ("method: record_start, capability: audio.record", "method: record_start, capability: audio", 8, "umbrella"),
        ("capability: audio.record, doc: Starts.", "capability: audio.level.set, ends: true, doc: Starts.", 8, "ends no use"),
        ("method: record_stop", "method: record_start", 9, "stands already"),
        ("method: record_stop", "method: record-stop", 9, "one lowercase word"),
        ("service: audiod, method: record_stop", "service: audio, method: record_stop", 9, "no subject"),
        ("0x0fa6667d38ccd6a7", "0x0fa6667d38ccd6a8", 11, "is 0x0fa6667d38ccd6a7"),
        ("0x0fa6667d38ccd6a7", "0fa6667d38ccd6a7", 11, "is 0x0fa6667d38ccd6a7"),
        ("grants: [audio.record]", "grants: [audio]", 11, "kept to its holders"),
        ("grants: [audio.record]", "grants: [audio.play]", 11, "no capability"),
        ("name: nx, ", "name: audiod, ", 12, "stands already"),
        ("0x00000100000001b3", "0x1b3", 2, "16 hexadecimal digits"),
    ] {
        let text = faults(from, to);
        assert!(text.contains(&format!("c.yaml:{line}: ")) && text.contains(message), "{to}: {text}");
    }
}
