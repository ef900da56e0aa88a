//! `nx mix` on real files, as a person would call it.

use std::path::Path;
use std::process::{Command, Output};

fn write(path: &Path, rate: u32, channels: u16, samples: &[i16]) {
    let format = hound::WavSpec { channels, sample_rate: rate, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut writer = hound::WavWriter::create(path, format).expect("a file can be made");
    for sample in samples {
        writer.write_sample(*sample).expect("a sample can be written");
    }
    writer.finalize().expect("a file can be finished");
}

fn read(path: &Path) -> Vec<i16> {
    let reader = hound::WavReader::open(path).expect("a file that another reader takes");
    assert_eq!((reader.spec().sample_rate, reader.spec().channels, reader.spec().bits_per_sample), (48_000, 2, 16));
    reader.into_samples().map(|sample| sample.expect("a sample")).collect()
}

fn nx(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nx")).arg("mix").args(arguments).current_dir(folder).output().expect("nx runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Lengths that are no whole blocks, one file longer than the ring, the other shorter.
#[test]
fn two_files_are_summed_frame_by_frame() {
    let folder = tempfile::tempdir().expect("a folder");
    let long: Vec<i16> = (0..2 * 5_003).map(|index| (index % 2_001) as i16 - 1_000).collect();
    let short: Vec<i16> = (0..2 * 777).map(|index| 500 - (index % 1_003) as i16).collect();
    write(&folder.path().join("long.wav"), 48_000, 2, &long);
    write(&folder.path().join("short.wav"), 48_000, 2, &short);
    let output = nx(folder.path(), &["out.wav", "long.wav", "short.wav"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let mixed = read(&folder.path().join("out.wav"));
    let expected: Vec<i16> = long.iter().enumerate().map(|(index, sample)| sample + short.get(index).copied().unwrap_or(0)).collect();
    assert_eq!(mixed, expected);
    let shown = text(&output.stdout);
    for line in ["out.wav: 5003 frames (0.104 s) from 2 files", "clipped   0 of 10006 samples", "underruns 0 (0 frames missing)"] {
        assert!(shown.contains(line), "{line} is not in\n{shown}");
    }
}

#[test]
fn gain_level_and_clipping_reach_the_samples() {
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder.path().join("loud.wav"), 48_000, 2, &[i16::MAX; 2_000]);
    let output = nx(folder.path(), &["half.wav", "loud.wav", "loud.wav@0dB", "--level", "0.5"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    // Two full-scale streams at half level, bent by the soft curve (MIXER-005, MIXER-007).
    assert_eq!(read(&folder.path().join("half.wav")), [30_719; 2_000]);
    let output = nx(folder.path(), &["quiet.wav", "loud.wav@-12dB", "--json"]);
    assert_eq!(read(&folder.path().join("quiet.wav")), [8_231; 2_000]);
    let figures: serde_json::Value = serde_json::from_slice(&output.stdout).expect("figures as JSON");
    assert_eq!((figures["peak"][0].as_u64(), figures["clipped_samples"].as_u64()), (Some(8_231), Some(0)));
}

#[test]
fn test_reject_files_that_are_not_48_khz_stereo_16_bit() {
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder.path().join("cd.wav"), 44_100, 2, &[0; 8]);
    write(&folder.path().join("mono.wav"), 48_000, 1, &[7; 8]);
    std::fs::write(folder.path().join("not.wav"), b"hello").expect("a file");
    let cases = [
        ("cd.wav", "cd.wav is 44100 Hz, stereo, 16-bit PCM; accepted: 48000 Hz, stereo, 16-bit PCM"),
        ("mono.wav", "mono.wav is 48000 Hz, mono"),
        ("not.wav", "malformed_wav"),
        ("gone.wav", "gone.wav: "),
    ];
    for (file, message) in cases {
        let output = nx(folder.path(), &["out.wav", file]);
        assert_eq!(output.status.code(), Some(3), "{file}");
        assert!(text(&output.stderr).contains(message), "{}", text(&output.stderr));
        assert!(!folder.path().join("out.wav").exists(), "{file} left a file behind");
    }
    let output = nx(folder.path(), &["out.wav", "mono.wav", "--duplicate-mono"]);
    assert!(output.status.success());
    assert_eq!(read(&folder.path().join("out.wav")), [7; 16]);
}

#[test]
fn test_reject_what_can_not_be_mixed() {
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder.path().join("a.wav"), 48_000, 2, &[1; 8]);
    let many = ["a.wav"; 17];
    let mut too_many = vec!["out.wav"];
    too_many.extend(many);
    for arguments in [&["a.wav", "a.wav"][..], &["out.wav", "a.wav@13dB"], &["out.wav", "a.wav", "--level", "1.5"], &["out.wav"], &too_many]
    {
        let output = nx(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!folder.path().join("out.wav").exists());
    }
    assert_eq!(read(&folder.path().join("a.wav")), [1; 8], "an input is never written over");
}
