//! Pictures of another encoder, against another decoder: libjpeg-turbo's `cjpeg` and `djpeg`, where they are installed.

use jpeg::{Decoder, Walk};
use spec::{Entropy, SplitMix64};
use std::path::Path;
use std::process::Command;

/// Sampling factors of three components, as `cjpeg` takes them.
const SAMPLINGS: [&str; 12] = ["1x1", "2x1", "2x2", "1x2", "4x1", "1x4", "4x2", "2x2,2x1", "2x2,1x2", "3x1", "1x1,2x2", "2x1,1x2"];

/// What a program prints for these arguments; none where it is not installed, or refuses.
fn run(program: &str, arguments: &[&str]) -> Option<Vec<u8>> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output.status.success().then_some(output.stdout)
}

/// A picture of slopes, edges and noise, as PPM.
fn ppm(source: &mut SplitMix64, width: usize, height: usize) -> Vec<u8> {
    let mut out = format!("P6\n{width} {height}\n255\n").into_bytes();
    for y in 0..height {
        for x in 0..width {
            let edge = if (x / 7 + y / 5) % 2 == 0 { 90 } else { 0 };
            let noise = source.below(50) as usize;
            out.extend([x * 5 + noise, y * 9 + edge, 255 - x * 3 % 200 + noise].map(|value| value as u8));
        }
    }
    out
}

/// What this decoder gives, as the pixels of a PNM file.
fn ours(bytes: &[u8], grey: bool) -> Vec<u8> {
    let header = jpeg::header(bytes).expect("a header");
    let mut walk = Walk::default();
    assert_eq!(walk.length(bytes), Ok(bytes.len()));
    let mut out = vec![0; usize::from(header.width) * usize::from(header.height) * 4];
    Decoder::default().decode(bytes, &header, walk.first_scan(), &mut out).expect("a right picture");
    let (pixels, _) = out.as_chunks::<4>();
    assert!(pixels.iter().all(|pixel| pixel[3] == 255));
    pixels.iter().flat_map(|[b, g, r, _]| if grey { vec![*g] } else { vec![*r, *g, *b] }).collect()
}

/// Encodes a picture, decodes it with both, and compares; false where there is nothing to compare.
fn compared(folder: &Path, source: &Path, options: &[&str]) -> bool {
    let encoded = folder.join("encoded.jpg");
    let (encoded_name, source) = (encoded.to_string_lossy().into_owned(), source.to_string_lossy().into_owned());
    let arguments = [options, &["-outfile", &encoded_name, &source]].concat();
    if run("cjpeg", &arguments).is_none() {
        return false;
    }
    let bytes = std::fs::read(&encoded).expect("what was encoded");
    let right = run("djpeg", &["-dct", "int", "-pnm", &encoded_name]).expect("djpeg reads what cjpeg writes");
    let grey = right.starts_with(b"P5");
    let found = ours(&bytes, grey);
    let expected = &right[right.len() - found.len()..];
    let differs = found.iter().zip(expected).position(|(found, expected)| found != expected);
    assert_eq!(differs, None, "{options:?} of {source}");
    true
}

#[test]
fn every_sample_is_that_of_libjpeg_turbo() {
    if run("djpeg", &["-version"]).is_none() {
        println!("djpeg is not installed, so that nothing is compared: apt-get install libjpeg-turbo-progs");
        return;
    }
    let folder = std::env::temp_dir().join(format!("jpeg-foreign-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut source = SplitMix64::new(7);
    let mut count = 0;
    for (width, height) in [(1, 1), (3, 2), (4, 5), (5, 4), (8, 8), (17, 9), (16, 33), (31, 1), (1, 40), (64, 48), (101, 67)] {
        let path = folder.join(format!("{width}x{height}.ppm"));
        std::fs::write(&path, ppm(&mut source, width, height)).expect("a picture");
        for sampling in SAMPLINGS {
            for options in [&["-quality", "75"][..], &["-quality", "95", "-optimize", "-restart", "1"], &["-quality", "40", "-progressive"]]
            {
                count += u32::from(compared(&folder, &path, &[options, &["-sample", sampling]].concat()));
            }
        }
        for options in
            [&["-grayscale"][..], &["-rgb", "-quality", "100"], &["-quality", "1"], &["-grayscale", "-progressive", "-restart", "2B"]]
        {
            assert!(compared(&folder, &path, options));
            count += 1;
        }
    }
    std::fs::remove_dir_all(&folder).expect("the folder");
    assert!(count > 11 * (4 + 3 * 8), "{count} pictures were compared");
}
