//! The grammar, on lines and on files that declare it.

use super::*;

const DIGEST: &str = "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f";

fn marker(line: &str) -> Marker {
    match parse_line(line) {
        Line::Marker(marker) => marker,
        other => panic!("{line:?} is {other:?}"),
    }
}

#[test]
fn fields_are_typed() {
    let ok = marker(&format!("SELFTEST: ring ok cases=48 digest={DIGEST}"));
    assert_eq!((ok.name.as_str(), ok.kind), ("selftest_ok", MarkerKind::SelftestOk));
    assert_eq!((ok.text("contract"), ok.integer("cases"), ok.text("digest")), (Some("ring"), Some(48), Some(DIGEST)));
    assert_eq!((ok.integer("contract"), ok.text("cases"), ok.text("nothing")), (None, None, None));
    assert_eq!(Grammar::key(&ok), "selftest_ok:ring");
    let boot = marker(&format!("conform: boot protocol=0 hart=1 timebase=10000000 ram={}", u64::MAX));
    assert_eq!(boot.integer("ram"), Some(u64::MAX));
    assert_eq!(Grammar::key(&boot), "boot");
    assert_eq!(Grammar::key(&marker("codec: stub/placeholder")), "placeholder:codec");
}

#[test]
fn other_lines_claim_nothing() {
    for line in ["", "qemu: hello", "selftest of the codec", "stub/placeholder", "conform to this", "SELFTEST ring ok"] {
        assert_eq!(parse_line(line), Line::Other, "{line:?}");
    }
}

#[test]
fn test_reject_lines_that_look_like_markers() {
    let upper = format!("SELFTEST: ring ok cases=48 digest={}", DIGEST.to_uppercase());
    for line in [
        upper.as_str(),
        "SELFTEST:",
        "SELFTEST: ring ok",
        &format!("SELFTEST: Ring ok cases=48 digest={DIGEST}"),
        &format!("SELFTEST: ring ok cases=048 digest={DIGEST}"),
        &format!("SELFTEST: ring ok cases=-1 digest={DIGEST}"),
        &format!("SELFTEST: ring ok cases=99999999999999999999 digest={DIGEST}"),
        &format!("SELFTEST: ring ok cases=48 digest={DIGEST} "),
        &format!("SELFTEST: ring ok cases=48 digest={DIGEST}0"),
        &format!("SELFTEST:  ring ok cases=48 digest={DIGEST}"),
        "KSELFTEST: ring ok",
        "conform: ready",
        "conform: boot protocol=1 hart=0 timebase=10 ram=18446744073709551616",
    ] {
        assert!(matches!(parse_line(line), Line::Undeclared { .. }), "{line:?}: {:?}", parse_line(line));
    }
    let Line::Undeclared { form, .. } = parse_line(&upper) else { unreachable!() };
    assert!(form.unwrap().starts_with("SELFTEST: {contract} ok"));
}

#[test]
fn test_reject_markers_inside_other_lines() {
    for line in [
        " conform: done selftests=7",
        "log: SELFTEST: ring ok",
        "\u{200b}conform: done selftests=7",
        "a codec: stub/placeholder",
        "codec: stub/placeholder!",
        "xconform:",
    ] {
        assert!(matches!(parse_line(line), Line::Embedded { .. }), "{line:?}: {:?}", parse_line(line));
    }
}

#[test]
fn the_grammar_of_this_build_is_sound() {
    assert_eq!(
        Grammar::embedded().profile_names(),
        ["core", "contracts", "decoders", "server", "platform", "diskless", "audio", "audio-diskless", "media", "media-diskless"]
    );
    assert_eq!(Grammar::embedded().kind("done"), Some(MarkerKind::Done));
    assert!(Grammar::embedded().profile("nothing").is_none());
}

#[test]
fn test_reject_grammars() {
    let (path, text) = embedded::MARKERS;
    for (from, to, why) in [
        ("{name: digest, type: sha256,", "{name: digest, type: word,", "`selftest_ok` must have the field `digest`"),
        ("- {name: selftests, type: integer,", "- {name: selftests, type: word,", "`done` must have the field `selftests`"),
        ("line_bytes_max: 384", "line_bytes_max: 0", "a bound of zero"),
    ] {
        assert!(text.contains(from), "{from}");
        let file = MarkerFile::parse(path, &text.replace(from, to)).unwrap();
        let problems = Grammar::compile(&file).err().unwrap().to_string();
        assert!(problems.contains(why) && problems.contains(path), "{problems}");
    }
}
