//! Files that `wavplay` and `nx mix` read: every sample of a file that is longer than one decoder's share, from any frame on.

use nx::Source;
use std::path::{Path, PathBuf};

const FRAMES: i32 = 2 * 48_000 + 4_321;

/// A file whose samples count.
fn file(folder: &Path, channels: u16) -> (PathBuf, Vec<i16>) {
    let path = folder.join(format!("{channels}.wav"));
    let spec = hound::WavSpec { channels, sample_rate: 48_000, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut writer = hound::WavWriter::create(&path, spec).expect("a file");
    let mut stereo = Vec::new();
    for frame in 0..FRAMES {
        let samples = [frame as i16, if channels == 1 { frame as i16 } else { !frame as i16 }];
        samples.iter().take(channels.into()).for_each(|sample| writer.write_sample(*sample).expect("a sample"));
        stereo.extend(samples);
    }
    writer.finalize().expect("a file");
    (path, stereo)
}

fn rest(source: &mut Source, frames: u32) -> Vec<i16> {
    std::iter::from_fn(|| Some(source.next(frames).expect("samples")).filter(|samples| !samples.is_empty())).flatten().collect()
}

#[test]
fn a_long_file_gives_every_sample() {
    let folder = tempfile::tempdir().expect("a folder");
    for (channels, frames) in [(2, 480), (1, 480), (2, 7_777)] {
        let (path, samples) = file(folder.path(), channels);
        let mut source = Source::open(&path, true).expect("it is opened");
        assert_eq!(source.frames(), FRAMES as u64);
        assert!(rest(&mut source, frames) == samples, "{channels} channels in pieces of {frames} frames");
        assert!(source.next(1).expect("nothing").is_empty());
    }
}

#[test]
fn a_seek_goes_anywhere() {
    let folder = tempfile::tempdir().expect("a folder");
    for channels in [1, 2] {
        let (path, samples) = file(folder.path(), channels);
        let mut source = Source::open(&path, true).expect("it is opened");
        for frame in [47_999, 0, 48_000, 95_500, 3, FRAMES as usize - 1, FRAMES as usize, 1_000_000] {
            source.next(100).expect("samples");
            source.seek(frame as u64).expect("a place");
            assert!(rest(&mut source, 480) == samples.get(frame * 2..).unwrap_or_default(), "frame {frame} of {channels} channels");
        }
    }
}

#[test]
fn test_reject_a_file_that_shrinks_while_it_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, _) = file(folder.path(), 2);
    let mut source = Source::open(&path, false).expect("it is opened");
    std::fs::OpenOptions::new().write(true).open(&path).and_then(|file| file.set_len(50_044)).expect("a shorter file");
    let failed = loop {
        match source.next(480) {
            Ok(samples) => assert!(!samples.is_empty(), "an end was told of a file that lost its end"),
            Err(failed) => break failed,
        }
    };
    assert!(failed.message().contains("truncated_media"), "{}", failed.message());
}
