//! `nx media probe` and `nx media decode` on real files, as a person would call them.

use serde_json::Value;
use spec::gif::{Animation, Extension, Image};
use spec::mjpeg::Jpeg;
use spec::vorbis::write::{Drawn, Setup};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const COLOURS: [[u8; 3]; 4] = [[0, 0, 0], [255, 0, 0], [0, 255, 0], [0, 0, 255]];

fn animation(frames: u8) -> Animation {
    let delayed = |number: u8| Image::new(4, 2, 2, &[number % 4; 8]).controlled(0, None, 10 + u16::from(number));
    let forever = Extension::Loop { name: *b"NETSCAPE2.0", count: 0 };
    (1..frames).fold(Animation::new(4, 2, &COLOURS).with(delayed(0).after(forever)), |all, number| all.with(delayed(number)))
}

fn nx(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nx")).arg("media").args(arguments).current_dir(folder).output().expect("nx runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn answer(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", text(&output.stdout)))
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).expect("a file");
    }
    folder
}

/// Width, height and pixels of a PNG file, by another reader than the one that is tested.
fn png(path: &Path) -> (u32, u32, Vec<u8>) {
    let decoder =
        png::Decoder::new(std::io::BufReader::new(fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))));
    let mut reader = decoder.read_info().expect("a PNG file");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut pixels).expect("a picture");
    assert_eq!(info.color_type, png::ColorType::Rgba);
    (info.width, info.height, pixels)
}

fn stereo_fixture() -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../vorbis/tests/fixtures/stereo_44100_plucked.ogg")).expect("a fixture")
}

#[test]
fn probe_says_what_a_file_is() {
    let jpeg = Jpeg::new(17, 9, &[(2, 2), (1, 1), (1, 1)]).bytes();
    let folder = folder(&[("a", &animation(3).bytes()), ("b", &stereo_fixture()), ("c", &jpeg)]);
    let output = nx(folder.path(), &["probe", "a"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(
        text(&output.stdout),
        "nx: media probe codec=gif\ncodec=gif\ncolor=srgb\nduration_ms=330\nframes=3\nheight=2\npixel=bgra8888\nplays=0\nwidth=4\n"
    );
    let output = nx(folder.path(), &["probe", "b", "--json"]);
    let told = answer(&output);
    assert_eq!((&told["ok"], &told["class"]), (&true.into(), &"success".into()));
    let data = &told["data"];
    assert_eq!(
        (&data["codec"], &data["rate_hz"], &data["channels"], &data["sample"]),
        (&"vorbis".into(), &44_100.into(), &2.into(), &"s16le".into())
    );
    let frames = data["frames"].as_u64().expect("frames");
    assert_eq!(data["duration_ms"].as_u64(), Some(frames * 1_000 / 44_100));
    let data = &answer(&nx(folder.path(), &["--json", "probe", "c"]))["data"];
    assert_eq!((&data["codec"], &data["width"], &data["height"], &data["plays"]), (&"mjpeg".into(), &17.into(), &9.into(), &1.into()));
}

#[test]
fn sound_becomes_a_wav_file_that_others_read() {
    let six = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../vorbis/tests/fixtures/six_48000.ogg")).expect("a fixture");
    let folder = folder(&[("stereo.ogg", &stereo_fixture()), ("six.ogg", &six)]);
    for (name, channels, order) in [("stereo", 2, &[0, 1][..]), ("six", 6, &[0, 2, 1, 5, 3, 4])] {
        let output = nx(folder.path(), &["decode", &format!("{name}.ogg"), "out.wav"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(text(&output.stdout).starts_with("nx: media decode packets="), "{}", text(&output.stdout));
        let file = fs::read(folder.path().join("out.wav")).expect("a file");
        let reader = hound::WavReader::new(file.as_slice()).expect("a WAV file");
        assert_eq!((reader.spec().channels, reader.spec().bits_per_sample), (channels, 16));
        let found: Vec<i16> = reader.into_samples().map(|sample| sample.expect("a sample")).collect();
        let mut decoder = vorbis_samples(&fs::read(folder.path().join(format!("{name}.ogg"))).expect("a file"));
        let expected: Vec<i16> =
            decoder.chunks_mut(channels.into()).flat_map(|frame| order.iter().map(|channel| frame[*channel])).collect();
        assert!(found == expected, "{name}: {} samples, expected {}", found.len(), expected.len());
        if channels == 6 {
            assert_eq!(file[40..44], [0x3f, 0, 0, 0], "front, centre, low and back");
        }
    }
}

/// What the decoder gives, in the stream's own order of channels.
fn vorbis_samples(stream: &[u8]) -> Vec<i16> {
    let client = decoders::Client::new(decoders::Limits::default()).expect("limits");
    let mut decoder = client.open(decoders::media_types::CodecId::Vorbis).expect("a decoder");
    decoder.feed(stream).and_then(|()| decoder.end()).expect("it takes it");
    let mut samples = Vec::new();
    while let decoders::Pull::Packet(decoders::MediaPacket::Pcm(pcm)) = decoder.next().expect("a right stream") {
        samples.extend(pcm.samples);
    }
    samples
}

#[test]
fn frames_become_a_folder_of_pictures_with_their_delays() {
    let folder = folder(&[("a.gif", &animation(3).bytes())]);
    let output = nx(folder.path(), &["decode", "a.gif", "out"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let out = folder.path().join("out");
    for (number, [red, green, blue]) in COLOURS.into_iter().take(3).enumerate() {
        let (width, height, pixels) = png(&out.join(format!("frame-{number:04}.png")));
        assert_eq!((width, height, pixels), (4, 2, [red, green, blue, 255].repeat(8)), "frame {number}");
    }
    let list: Value = serde_json::from_slice(&fs::read(out.join("frames.json")).expect("a list")).expect("JSON");
    assert_eq!((&list["codec"], &list["plays"], &list["whole"]), (&"gif".into(), &0.into(), &true.into()));
    assert_eq!((&list["frames"][2]["file"], &list["frames"][2]["delay"]), (&"frame-0002.png".into(), &serde_json::json!([12, 100])));
    let again = nx(folder.path(), &["decode", "a.gif", "out"]);
    assert_eq!(again.status.code(), Some(3), "frames are never mixed");
    assert!(text(&again.stderr).contains("out has frames already"), "{}", text(&again.stderr));
}

#[test]
fn a_sheet_shows_the_first_and_the_last_of_many_frames() {
    let wide = Animation::new(400, 1, &COLOURS).with(Image::new(400, 1, 2, &[2; 400]));
    let folder = folder(&[("many.gif", &animation(150).bytes()), ("two.gif", &animation(2).bytes()), ("wide.gif", &wide.bytes())]);
    for (name, size, places) in [
        ("many", (8 * 8 + 4, 8 * 6 + 4), &[((4, 4), 0), ((4 + 7 * 8, 4 + 7 * 6), 149 % 4)][..]),
        ("two", (2 * 8 + 4, 10), &[((4, 4), 0), ((12, 4), 1)]),
        ("wide", (134 + 8, 9), &[((4, 4), 2), ((137, 4), 2)]),
    ] {
        let output = nx(folder.path(), &["decode", "--sheet", &format!("{name}.gif"), "sheet.png"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let (width, height, pixels) = png(&folder.path().join("sheet.png"));
        assert_eq!((width, height), size, "{name}");
        for ((x, y), colour) in places {
            let at = 4 * (y * width as usize + x);
            assert_eq!(pixels[at..at + 3], COLOURS[*colour], "{name} at {x}, {y}");
        }
        assert_eq!(pixels[..4], [0; 4], "between frames there is nothing");
    }
}

#[test]
fn what_comes_before_a_fault_is_kept() {
    // Pages of two packets, the last of which has a wrong checksum.
    let mut drawn = Drawn::of(Setup::plain(2), &[0, 1, 1, 0, 1, 0, 0, 1, 1, 0], 2);
    drawn.layout.segments = 2;
    let (gif, ogg) = (animation(4).bytes(), drawn.file());
    let mut spoilt = ogg.clone();
    let place = spoilt.len() - 1;
    spoilt[place] ^= 1;
    let folder = folder(&[("cut.gif", &gif[..gif.len() - 10]), ("spoilt.ogg", &spoilt)]);
    let output = nx(folder.path(), &["decode", "cut.gif", "out", "--json"]);
    assert_eq!(output.status.code(), Some(3));
    let told = answer(&output);
    assert!(told["message"].as_str().is_some_and(|message| message.starts_with("cut.gif: truncated_media: at byte ")), "{told}");
    assert_eq!((&told["data"]["error"], &told["data"]["frames"], &told["data"]["whole"]), (&903.into(), &3.into(), &false.into()));
    let list: Value = serde_json::from_slice(&fs::read(folder.path().join("out/frames.json")).expect("a list")).expect("JSON");
    assert_eq!((list["frames"].as_array().map(Vec::len), &list["whole"], &list["plays"]), (Some(3), &false.into(), &Value::Null));
    assert!(folder.path().join("out/frame-0002.png").exists() && !folder.path().join("out/frame-0003.png").exists());

    let output = nx(folder.path(), &["decode", "spoilt.ogg", "out.wav"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stderr).contains("corrupt_checksum"), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("whole=false"), "{}", text(&output.stdout));
    let kept: Vec<i16> = hound::WavReader::open(folder.path().join("out.wav"))
        .expect("a WAV file")
        .into_samples()
        .map(|sample| sample.expect("a sample"))
        .collect();
    let whole = vorbis_samples(&ogg);
    assert!(!kept.is_empty() && kept.len() < whole.len() && whole.starts_with(&kept), "{} of {}", kept.len(), whole.len());

    let output = nx(folder.path(), &["decode", "--sheet", "cut.gif", "sheet.png"]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(png(&folder.path().join("sheet.png")).0, 2 * 8 + 4, "three frames in two columns");
    let output = nx(folder.path(), &["probe", "cut.gif"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(
        text(&output.stdout).contains("frames=3") && text(&output.stderr).contains("give the stream whole"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn test_reject_files_of_no_codec() {
    let tall = Animation::new(1, 8_193, &COLOURS).with(Image::new(1, 1, 2, &[0])).bytes();
    let mono = Drawn::of(Setup::plain(1), &[0, 0], 2).file();
    let mut long = animation(1).bytes();
    long.pop();
    // Comments without an end.
    long.extend([0x21, 0xfe].into_iter().chain([0xff; 256].repeat(33_000)));
    let folder = folder(&[("text", b"hello, world"), ("short", b"GI"), ("tall", &tall), ("mono", &mono), ("long", &long)]);
    for (file, error, message) in [
        ("text", 901, "unknown_media: the stream begins like that of no codec; give a WAV"),
        ("short", 901, "unknown_media: it ends before its first bytes"),
        ("tall", 905, "picture_too_large: the picture's longer side, in pixels, is 8193, expected 1 to 8192; decode a smaller picture"),
        ("long", spec::ErrorCode::OversizedInput as u16, "oversized_input: the stream's length, in bytes, is"),
    ] {
        for arguments in [&["probe", file, "--json"][..], &["decode", file, "out.wav", "--json"]] {
            let output = nx(folder.path(), arguments);
            assert_eq!(output.status.code(), Some(3), "{arguments:?}: {}", text(&output.stdout));
            let told = answer(&output);
            assert!(told["message"].as_str().is_some_and(|said| said.contains(message)), "{arguments:?}: {told}");
            assert_eq!((&told["class"], &told["data"]["error"]), (&"validation_reject".into(), &error.into()), "{arguments:?}");
        }
        // A frame before the fault is kept, in a folder.
        assert_eq!(folder.path().join("out.wav").exists(), file == "long", "{file}");
    }
    let output = nx(folder.path(), &["decode", "--sheet", "mono", "sheet.png"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("leave --sheet out"), "{}", text(&output.stderr));
    let output = nx(folder.path(), &["decode", "mono", "./mono"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert_eq!(fs::read(folder.path().join("mono")).expect("a file"), mono, "an input is never written over");
    let output = nx(folder.path(), &["probe", "gone"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stderr).contains("gone: "), "{}", text(&output.stderr));
}
