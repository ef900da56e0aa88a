//! `conform corpus`, on folders that the tests make.

use conformance::corpus::outside::find;
use conformance::corpus::player::{Answer, Kind, Open, Packet, Player, implementation};
use conformance::corpus::{Options, Report, Verdict, html, run};
use serde_json::Value;
use spec::apng::{Chunk, Coding, Control, Form, bytes};
use spec::decode::Limits;
use spec::gif::{Animation, DECODE_INPUT_BYTES_MAX, Image};
use spec::media_types::CodecId;
use spec::mjpeg::Jpeg;
use spec::vorbis::write::{Drawn, Setup};
use spec::{Entropy, SplitMix64};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn gif() -> Vec<u8> {
    let colours = [[0, 0, 0], [255, 0, 0], [0, 255, 0], [0, 0, 255]];
    let first = Image::new(4, 2, 2, &[0, 1, 2, 3, 3, 2, 1, 0]).controlled(0, None, 5);
    Animation::new(4, 2, &colours).with(first).with(Image::new(2, 1, 2, &[1, 2]).at(1, 1).controlled(0, None, 7)).bytes()
}

fn form(depth: u8) -> Form {
    Form { width: 5, height: 3, depth, color: 6, interlaced: false }
}

fn png(depth: u8) -> Vec<u8> {
    let samples: Vec<u16> = (0..60_u16).map(|place| if place % 4 == 3 { u16::MAX } else { place * 947 }).collect();
    let samples: Vec<u16> = samples.into_iter().map(|sample| if depth == 8 { sample >> 8 } else { sample }).collect();
    let data = form(depth).data(5, 3, &samples, &[1], Coding::Fixed);
    bytes(&[form(depth).header(), Chunk::new(b"IDAT", data), Chunk::end()])
}

fn apng() -> Vec<u8> {
    let solid = |width, height, pixel: [u16; 4]| {
        form(8).data(width, height, &(0..width * height).flat_map(|_| pixel).collect::<Vec<_>>(), &[0], Coding::Fixed)
    };
    let whole = Control { width: 5, height: 3, delay: (1, 10), ..Control::default() };
    let part = Control { sequence: 1, left: 1, top: 1, width: 2, height: 2, delay: (1, 10), ..Control::default() };
    bytes(&[
        form(8).header(),
        Chunk::animation(2, 0),
        whole.chunk(),
        Chunk::new(b"IDAT", solid(5, 3, [200, 10, 10, 255])),
        part.chunk(),
        Chunk::later(2, &solid(2, 2, [0, 200, 0, 255])),
        Chunk::end(),
    ])
}

fn jpeg() -> Vec<u8> {
    Jpeg::new(24, 16, &[(1, 1)]).painted(|_, block, place| if place < 3 { 40 - 7 * (place + block) as i16 } else { 0 }).bytes()
}

fn ogg() -> Vec<u8> {
    fs::read(conformance::repository_root().join("implementation/vorbis/tests/fixtures/mono_8000_lowest.ogg")).expect("a fixture")
}

fn put(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

/// Right files, hostile ones and files of others.
fn corpus() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, bytes: &[u8]| put(folder.path(), name, bytes);
    put("right/animation.gif", &gif());
    put("right/animation.png", &apng());
    put("right/deep.png", &png(16));
    put("right/deeper/picture.jpg", &jpeg());
    put("right/deeper/sound.oga", &ogg());
    put("right/picture.png", &png(8));
    // What it is is told by what is in it.
    put("right/sound_by_content.gif", &ogg());
    put("hostile/cut.gif", &gif()[..gif().len() - 6]);
    let mut spoilt = png(8);
    spoilt[40] ^= 1;
    put("hostile/checksum.png", &spoilt);
    put("hostile/bomb.gif", &Animation::new(u16::MAX, u16::MAX, &[[0; 3]; 2]).bytes());
    put("hostile/empty.ogg", b"");
    put("hostile/letters.jpg", b"these are letters\n");
    let mut long = gif();
    long.resize(DECODE_INPUT_BYTES_MAX as usize + 1, 0);
    put("hostile/long.gif", &long);
    put("letter.txt", "Grüße\n".as_bytes());
    put("nothing", b"");
    folder
}

fn held(folder: &Path, got: Open<'_>) -> Report {
    run(&Options::new(folder), got, &mut |_, _| {}).expect("the folder can be read")
}

fn verdicts(report: &Report) -> Vec<(&str, Verdict, Option<&str>)> {
    report.files.iter().map(|file| (file.path.as_str(), file.verdict, file.code)).collect()
}

#[test]
fn every_file_has_its_verdict_in_the_order_of_paths() {
    use Verdict::{Agree, RejectedAlike, Skipped};
    let folder = corpus();
    let report = held(folder.path(), &implementation);
    let expected = [
        ("hostile/bomb.gif", RejectedAlike, Some("picture_too_large")),
        ("hostile/checksum.png", RejectedAlike, Some("corrupt_checksum")),
        ("hostile/cut.gif", RejectedAlike, Some("truncated_media")),
        ("hostile/empty.ogg", RejectedAlike, Some("truncated_media")),
        ("hostile/letters.jpg", RejectedAlike, Some("malformed_media")),
        ("hostile/long.gif", RejectedAlike, Some("oversized_input")),
        ("letter.txt", Skipped, None),
        ("nothing", Skipped, None),
        ("right/animation.gif", Agree, None),
        ("right/animation.png", Agree, None),
        ("right/deep.png", Agree, None),
        ("right/deeper/picture.jpg", Agree, None),
        ("right/deeper/sound.oga", Agree, None),
        ("right/picture.png", Agree, None),
        ("right/sound_by_content.gif", Agree, None),
    ];
    assert_eq!(verdicts(&report), expected);
    let by_path = |path: &str| report.files.iter().find(|file| file.path == path).expect("the file");
    assert_eq!((by_path("right/animation.gif").packets, by_path("right/sound_by_content.gif").codec), (2, Some("vorbis")));
    assert_eq!(by_path("hostile/cut.gif").packets, 1, "what came before the cut was compared");
    assert_eq!(by_path("hostile/long.gif").bytes, u64::from(DECODE_INPUT_BYTES_MAX) + 1);
    assert_eq!((report.counts.files, report.counts.agree, report.counts.rejected_alike, report.counts.skipped), (15, 7, 6, 2));
    let flat = Options { recursive: false, ..Options::new(folder.path()) };
    let flat = run(&flat, &implementation, &mut |_, _| {}).expect("the folder can be read");
    assert_eq!(flat.counts.files, 2);
}

/// Plays as the implementation does, but for what it does to one packet.
struct Liar {
    inner: Box<dyn Player>,
    number: u32,
    lie: fn(Answer) -> Answer,
    at: u32,
}

impl Player for Liar {
    fn next(&mut self) -> Answer {
        let answer = self.inner.next();
        self.number += 1;
        if self.number - 1 == self.at { (self.lie)(answer) } else { answer }
    }
}

/// One file through a liar.
fn lied(stream: &[u8], at: u32, lie: fn(Answer) -> Answer) -> Report {
    let folder = tempfile::tempdir().expect("a folder");
    put(folder.path(), "file", stream);
    let got = move |codec: CodecId, stream: &[u8], limits: &Limits| -> Option<Box<dyn Player>> {
        Some(Box::new(Liar { inner: implementation(codec, stream, limits)?, number: 0, lie, at }))
    };
    held(folder.path(), &got)
}

fn changed(answer: Answer, change: impl FnOnce(&mut Packet)) -> Answer {
    let Answer::Packet(mut packet) = answer else { panic!("{answer:?} is no packet") };
    change(&mut packet);
    Answer::Packet(packet)
}

#[test]
fn a_wrong_pixel_is_told_with_its_place_and_shown() {
    // Row 1, column 2 of the second frame, its green.
    let report = lied(&gif(), 1, |answer| changed(answer, |packet| packet.bytes[4 * (4 + 2) + 1] ^= 0x80));
    assert_eq!((report.counts.diverge, report.files[0].packets), (1, 1));
    let difference = report.files[0].difference.as_ref().expect("a difference");
    assert_eq!((difference.what, difference.packet, difference.x, difference.y), ("pixel", Some(1), Some(2), Some(1)));
    assert_eq!(difference.channel.as_deref(), Some("green"));
    assert_eq!((difference.expected.as_str(), difference.got.as_str()), ("255 of bgra [0, 255, 0, 255]", "127 of bgra [0, 127, 0, 255]"));
    let page = html::render(&report);
    assert_eq!(page.matches("<img alt=").count(), 3, "expected, got and the difference");
    for name in ["expected", "got", "difference"] {
        assert!(page.contains(&format!("<img alt=\"{name}\" src=\"data:image/png;base64,iVBOR")), "{name} is not shown");
    }
    assert!(page.contains("pixel in packet 1 at x=2 y=1 channel green") && page.contains("The corpus diverges"));
}

#[test]
fn a_wrong_sample_is_told_with_its_place() {
    let stream = Drawn::of(Setup::plain(2), &[0, 0, 1, 1, 0], 2).file();
    let report = lied(&stream, 2, |answer| changed(answer, |packet| packet.bytes[4 * 3 + 2] ^= 1));
    let before: usize = {
        let mut player = implementation(CodecId::Vorbis, &stream, &Limits::default()).expect("a decoder");
        (0..2).map(|_| if let Answer::Packet(packet) = player.next() { packet.bytes.len() / 4 } else { 0 }).sum()
    };
    let difference = report.files[0].difference.as_ref().expect("a difference");
    assert_eq!((difference.what, difference.packet, difference.frame), ("sample", Some(2), Some(before as u64 + 3)));
    assert_eq!(difference.channel.as_deref(), Some("1"));
    assert!(report.files[0].pictures.is_some() && before > 0);
}

#[test]
fn every_other_lie_is_a_divergence() {
    fn other(answer: Answer, change: impl FnOnce(&mut u32, &mut u32, &mut u32)) -> Answer {
        changed(answer, |packet| {
            if let Kind::Frame { width, height, delay } = &mut packet.kind {
                change(width, height, &mut delay.numerator);
            }
        })
    }
    type Lie = (&'static str, u32, fn(Answer) -> Answer);
    let lies: [Lie; 7] = [
        ("size", 0, |answer| other(answer, |width, height, _| std::mem::swap(width, height))),
        ("delay", 1, |answer| other(answer, |_, _, delay| *delay += 1)),
        ("pixel", 0, |answer| changed(answer, |packet| packet.bytes.truncate(9))),
        ("format", 0, |answer| changed(answer, |packet| packet.kind = Kind::Pcm { rate_hz: 8_000, channels: 1 })),
        ("end", 1, |_| Answer::Ended { packets: 1, plays: 1 }),
        ("end", 2, |_| Answer::Ended { packets: 2, plays: 9 }),
        ("panic", 1, |_| panic!("this is meant")),
    ];
    for (what, at, lie) in lies {
        let report = lied(&gif(), at, lie);
        assert_eq!((report.files[0].verdict, report.counts.diverge), (Verdict::Diverge, 1), "{what}");
        assert_eq!(report.files[0].difference.as_ref().map(|difference| difference.what), Some(what));
    }
    assert_eq!(lied(&gif(), 99, |_| Answer::Failed(String::new())).counts.agree, 1, "a liar who says nothing wrong");
}

/// Bytes of anybody, and right files of which bytes are changed, added and left out: every one has a verdict, and none of them is a panic.
#[test]
fn no_bytes_make_it_panic() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut source = SplitMix64::new(11);
    for (number, right) in [gif(), png(8), apng(), jpeg(), ogg()].into_iter().enumerate() {
        for round in 0..40 {
            let mut bytes = right.clone();
            for _ in 0..1 + source.below(4) {
                let place = source.below(bytes.len() as u64) as usize;
                match source.below(3) {
                    0 => bytes[place] = source.bits() as u8,
                    1 => bytes.truncate(place.max(1)),
                    _ => bytes.insert(place, source.bits() as u8),
                }
            }
            put(folder.path(), &format!("{number}-{round}"), &bytes);
        }
    }
    let report = held(folder.path(), &implementation);
    assert_eq!(
        (report.counts.files, report.counts.diverge),
        (200, 0),
        "{:?}",
        report.files.iter().find(|file| file.verdict == Verdict::Diverge)
    );
    assert!(report.counts.rejected_alike > 20, "{:?}", report.counts);
}

fn conform(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_conform")).arg("corpus").args(arguments).output().expect("conform runs")
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn the_command_writes_what_it_found() {
    let (folder, out) = (corpus(), tempfile::tempdir().expect("a folder"));
    let (json, page) = (out.path().join("corpus.json"), out.path().join("corpus.html"));
    let shown = |path: &Path| path.display().to_string();
    let output = conform(&[&shown(folder.path()), "--outside", "none", "--json", &shown(&json), "--html", &shown(&page)]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let said = text(&output);
    for line in [
        "rejected alike  hostile/bomb.gif",
        "agree           right/picture.png",
        "15 files: 7 agree, 6 rejected alike, 0 diverge, 2 skipped",
    ] {
        assert!(said.contains(line), "{line} is not in\n{said}");
    }
    let json: Value = serde_json::from_slice(&fs::read(json).expect("the file")).expect("JSON");
    assert_eq!((&json["conform_corpus"], &json["counts"]["agree"], &json["outside"]), (&1.into(), &7.into(), &Value::Null));
    let keys: Vec<&str> = json["files"][0].as_object().expect("a file").keys().map(String::as_str).collect();
    let documented = fs::read_to_string(conformance::repository_root().join("conformance/CORPUS.md")).expect("the page");
    assert!(keys.len() > 8);
    for key in keys {
        assert!(documented.contains(&format!("`{key}`")), "conformance/CORPUS.md does not say what `{key}` is");
    }
    let page = fs::read_to_string(page).expect("the page");
    assert!(page.contains("The corpus agrees") && !page.contains("<script"));
}

#[test]
fn test_reject_folders_that_show_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().display().to_string();
    assert_eq!(conform(&[&path]).status.code(), Some(2), "nothing run is not a pass");
    put(folder.path(), "letter.txt", b"hello");
    let output = conform(&[&path, "--outside", "none"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output).contains("no file was compared"), "{}", text(&output));
    assert_eq!(conform(&["/nonexistent"]).status.code(), Some(2));
    assert_eq!(conform(&[&path, "--outside", "none", "--require-outside"]).status.code(), Some(2));
    let without = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_conform"))
            .arg("corpus")
            .args(arguments)
            .env("PATH", "/nonexistent")
            .output()
            .expect("conform runs")
    };
    put(folder.path(), "right.gif", &gif());
    assert_eq!(without(&[&path, "--outside", "ffmpeg"]).status.code(), Some(3));
    let output = without(&[&path]);
    assert_eq!(output.status.code(), Some(0), "it is never needed: {}", text(&output));
    assert_eq!(text(&output).matches("ffmpeg is not installed").count(), 1, "{}", text(&output));
}

/// A program in the place of ffmpeg: it says its version, and then does what the test wants.
fn program(folder: &Path, script: &str) -> String {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join("outside");
    fs::write(&path, format!("#!/bin/sh\ncase \"$*\" in *-version*) echo 'ffmpeg version 5.1 Copyright'; exit 0;; esac\n{script}\n"))
        .expect("a script");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it can be run");
    path.display().to_string()
}

#[test]
fn an_outside_decoder_of_another_mind_is_listed_and_does_not_fail() {
    let (folder, tools) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    put(folder.path(), "right.gif", &gif());
    for (script, missing, extra) in [("exit 1", 64, 0), ("head -c 64 /dev/zero", 0, 0), ("exec cat /dev/zero", 0, 1 << 20)] {
        let outside = find(&program(tools.path(), script)).expect("it says its version");
        assert_eq!(outside.version, "ffmpeg version 5.1");
        let options = Options { outside: Some(&outside), ..Options::new(folder.path()) };
        let report = run(&options, &implementation, &mut |_, _| {}).expect("the folder can be read");
        let file = &report.files[0];
        let said = file.outside.as_ref().expect("it was asked");
        assert_eq!((file.verdict, said.class, report.counts.unexplained), (Verdict::OutsideDiffers, Some("unexplained"), 1), "{script}");
        assert_eq!((said.missing_bytes, said.extra_bytes), (missing, extra), "{script}");
        assert_eq!(file.pictures.is_some(), missing == 0, "{script}");
    }
}

#[test]
fn ffmpeg_says_the_same_of_right_files_where_it_is_installed() {
    let Some(outside) = find("ffmpeg") else {
        println!("ffmpeg is not installed, so that nothing is compared: apt-get install ffmpeg");
        return;
    };
    let folder = corpus();
    let options = Options { outside: Some(&outside), ..Options::new(folder.path()) };
    let report = run(&options, &implementation, &mut |_, _| {}).expect("the folder can be read");
    assert_eq!(report.counts.diverge, 0);
    let unexplained: Vec<&str> = report.files.iter().filter(|file| file.is_unexplained()).map(|file| file.path.as_str()).collect();
    assert_eq!(unexplained, Vec::<&str>::new());
    let same = |path: &str| report.files.iter().find(|file| file.path == path).and_then(|file| file.outside.as_ref()).map(|said| said.same);
    for path in ["right/animation.gif", "right/animation.png", "right/picture.png"] {
        assert_eq!(same(path), Some(true), "{path}");
    }
}
