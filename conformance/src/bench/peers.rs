//! The implementation beside its peers: libraries through criterion, programs as whole processes.

use super::table::{median, table};
use crate::commands::Programs;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Rounds of each program.
const ROUNDS: usize = 5;

/// Streams and seconds of the files that programs mix.
const STREAMS: usize = 16;
const SECONDS: usize = 30;

/// Runs the benchmarks and gives their tables.
pub fn measure(root: &Path) -> Result<String, String> {
    eprintln!("bench: libraries (cargo bench -p bench)");
    let absent = absent();
    let features = C_LIBRARIES.iter().map(|(library, _)| *library).filter(|library| !absent.contains(library));
    let mut command = Command::new("cargo");
    if let Some(file) = wuffs_release() {
        // Its compiler runs in another folder.
        command.env(WUFFS_RELEASE, file);
    }
    let status = command
        .args(["bench", "--quiet", "--package", "bench"])
        .arg(format!("--features={}", features.collect::<Vec<_>>().join(",")))
        .args(["--", "--quiet", "--noplot"])
        .current_dir(root)
        .stdout(Stdio::null())
        .status();
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => return Err(format!("cargo bench ended with {status}")),
        Err(error) => return Err(format!("cargo bench: {error}")),
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    let folder = Path::new(&target).join("criterion");
    let nanoseconds = |id: &str| -> Result<f64, String> {
        let path = folder.join(id).join("new/estimates.json");
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let value: Value = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        value["median"]["point_estimate"].as_f64().ok_or_else(|| format!("{} has no median", path.display()))
    };
    let mut rows = Vec::new();
    for level in [65_536, 49_152] {
        for streams in [2, 8, 16] {
            let of = |name: &str| nanoseconds(&format!("mix_block_level_{level}/{name}/{streams}"));
            let (mixer, portable, scalar, copy) = (of("mixer")?, of("mixer_portable")?, of("scalar_loop")?, of("memcpy_of_input")?);
            rows.push(vec![
                format!("{streams} streams, level {:.2}", f64::from(level) / 65_536.0),
                format!("{mixer:.0} ns"),
                format!("{portable:.0} ns"),
                format!("{scalar:.0} ns"),
                format!("{copy:.0} ns"),
                format!("{:.1}×", scalar / mixer),
                format!("{:.2}×", mixer / copy),
            ]);
        }
    }
    let head = [
        "one block of 480 frames, in cache",
        "mixer",
        "mixer, portable path",
        "scalar loop, same bytes",
        "memcpy of the input",
        "faster than the loop",
        "time of a memcpy",
    ];
    let mut text = table("Mixing", &head, &rows);
    let mut rows = Vec::new();
    for group in ["ring_one_thread", "ring_two_threads", "wav_read_10_s", "message_gain", "message_open_stream", "message_write_of_a_ring"]
    {
        let peers: &[&str] = match group.split_once('_') {
            Some(("ring", _)) => &["ring", "rtrb", "ringbuf"],
            Some(("message", _)) => &["idl", "postcard"],
            _ => &["wav", "hound", "symphonia"],
        };
        let ours = nanoseconds(&format!("{group}/{}", peers[0]))?;
        for peer in peers {
            let time = nanoseconds(&format!("{group}/{peer}"))?;
            rows.push(vec![group.replace('_', " "), (*peer).to_owned(), format!("{time:.0} ns"), format!("{:.2}×", time / ours)]);
        }
    }
    text.push_str(&table(
        "Ring blocks (480 frames in and out), WAV reading, and messages (encoded and decoded)",
        &["what", "who", "time", "times ours"],
        &rows,
    ));
    let mut rows = Vec::new();
    for (name, what) in [
        ("sinc", "sinc, 128 taps"),
        ("sinc_portable", "sinc, portable path"),
        ("linear", "linear"),
        ("nearest", "nearest"),
        ("rubato_sinc", "rubato, 128 taps in f32"),
        ("rubato_fft", "rubato, Fourier transforms in f32"),
    ] {
        let (time, ours) = (nanoseconds(&format!("resample_10_s/{name}"))?, nanoseconds("resample_10_s/sinc")?);
        rows.push(vec![what.to_owned(), format!("{:.2} ms", time / 1e6), format!("{:.0}×", 1e10 / time), format!("{:.2}×", time / ours)]);
    }
    let head = ["who", "time", "real time", "times our sinc"];
    text.push_str(&table("Resampling ten seconds of stereo from 44.1 kHz to 48 kHz, in blocks of 10 ms", &head, &rows));
    let mut rows = Vec::new();
    for (group, what, who) in [
        ("wav_stream_10_s", "WAV, ten seconds of stereo", &["wav", "wav with its feeding", "plain loop"][..]),
        ("vorbis_decode_2_s", "Vorbis, two seconds of stereo", &["vorbis", "symphonia"]),
        ("gif_still_1024", "GIF, one frame of 1,024 by 768", &["gif", "gif crate", "giflib", "wuffs"]),
        ("gif_drawing_1024", "GIF, a drawing of 1,024 by 768", &["gif", "gif crate", "giflib", "wuffs"]),
        ("gif_animation_320", "GIF, forty frames of 320 by 240", &["gif", "gif crate", "giflib", "wuffs"]),
        ("png_rgb_photo_1080p", "PNG, noisy RGB of 1,920 by 1,080", &["apng", "png crate"]),
        ("png_rgba_photo_1080p", "PNG, noisy RGBA of 1,920 by 1,080", &["apng", "png crate"]),
        ("png_rgb_screen_1080p", "PNG, flat RGB of 1,920 by 1,080", &["apng", "png crate"]),
        ("jpeg_baseline_1080p", "JPEG, baseline of 1,920 by 1,080", &["jpeg", "zune-jpeg", "libjpeg-turbo"]),
        ("jpeg_progressive_1080p", "JPEG, progressive of 1,920 by 1,080", &["jpeg", "zune-jpeg", "libjpeg-turbo"]),
    ] {
        let ours = nanoseconds(&format!("{group}/{}", who[0]))?;
        for (place, who) in who.iter().enumerate() {
            let row = match C_LIBRARIES.iter().find(|(library, _)| library == who && absent.contains(library)) {
                // What an earlier run may have left of it is no figure of this one.
                Some((_, needs)) => [format!("not built: it needs {needs}"), String::new()],
                None => {
                    let time = nanoseconds(&format!("{group}/{who}"))?;
                    [format!("{:.2} ms", time / 1e6), format!("{:.2}×", time / ours)]
                }
            };
            let who = if place == 0 { "ours" } else { who };
            rows.push([what.to_owned(), who.to_owned()].into_iter().chain(row).collect());
        }
    }
    text.push_str(&table("Decoding, ours through the pull API but for JPEG", &["what", "who", "time", "times ours"], &rows));
    let tick = |name: &str| nanoseconds(&format!("audiod_tick_of_16_streams/{name}"));
    let (whole, pulls) = (tick("writes_and_tick")?, tick("writes_and_pulls_alone")?);
    let rows = vec![
        vec!["sixteen clients write a block, audiod ticks".to_owned(), format!("{whole:.0} ns"), format!("{:.3} %", whole / 1e5)],
        vec!["the same writes, pulled and dropped".to_owned(), format!("{pulls:.0} ns"), format!("{:.3} %", pulls / 1e5)],
    ];
    text.push_str(&table("A tick of the audio service", &["what", "time", "of its 10 ms"], &rows));
    let mix = |name: &str| nanoseconds(&format!("mix_16_sessions/{name}"));
    let (ramps, held, plain) = (mix("with_ramps")?, mix("without_ramps")?, mix("at_0_db")?);
    let row = |what: &str, time: f64| vec![what.to_owned(), format!("{time:.0} ns"), format!("{:.2}×", ramps / time)];
    let rows = [row("gains ramp", ramps), row("the same gains, held", held), row("0 dB, for which the mixer multiplies less", plain)];
    text.push_str(&table("A block of sixteen sessions", &["what", "time", "ramps cost"], &rows));
    text.push_str(&programs(root)?);
    Ok(text)
}

/// Peers that are C libraries, by the names of their features, and what they are built with.
const C_LIBRARIES: [(&str, &str); 3] = [
    ("libjpeg-turbo", "cmake and nasm"),
    ("giflib", "a C compiler and gif_lib.h"),
    ("wuffs", "a C compiler, and WUFFS_RELEASE to name its release file"),
];

/// The variable that names the release file of wuffs.
const WUFFS_RELEASE: &str = "WUFFS_RELEASE";

fn wuffs_release() -> Option<PathBuf> {
    fs::canonicalize(std::env::var_os(WUFFS_RELEASE)?).ok().filter(|file| file.is_file())
}

/// The C libraries that can't be built here.
fn absent() -> Vec<&'static str> {
    let runs = |program: &str, arguments: &[&str]| {
        Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|ran| ran.success())
    };
    let there = |library: &str| match library {
        "libjpeg-turbo" => runs("cmake", &["--version"]) && runs("nasm", &["--version"]),
        "giflib" => runs("cc", &["-E", "-x", "c", "-include", "stdio.h", "-include", "gif_lib.h", "/dev/null"]),
        _ => wuffs_release().is_some() && runs("cc", &["--version"]),
    };
    C_LIBRARIES.iter().map(|(library, _)| *library).filter(|library| !there(library)).collect()
}

/// Whole programs that mix sixteen files of thirty seconds.
fn programs(root: &Path) -> Result<String, String> {
    eprintln!("bench: programs");
    let nx = Programs::build(root)?.nx.display().to_string();
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut inputs = Vec::new();
    for index in 0..STREAMS {
        let path = folder.path().join(format!("in{index}.wav"));
        let pcm: Vec<i16> = (0..SECONDS * 96_000).map(|sample| ((sample * (index + 3) * 7) % 4_001) as i16 - 2_000).collect();
        let file = audio::wav::save(&pcm).map_err(|error| error.to_string())?;
        fs::write(&path, file).map_err(|error| error.to_string())?;
        inputs.push(path.display().to_string());
    }
    let out = folder.path().join("out.wav").display().to_string();
    let strings = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
    let mut ours = strings(&[&nx, "mix", &out]);
    ours.extend(inputs.iter().map(|input| format!("{input}@-12dB")));
    let mut ffmpeg = strings(&["ffmpeg", "-y", "-v", "error"]);
    ffmpeg.extend(inputs.iter().flat_map(|input| ["-i".to_owned(), input.clone()]));
    ffmpeg.extend(strings(&["-filter_complex", &format!("amix=inputs={STREAMS}"), &out]));
    let mut sox = strings(&["sox", "-m"]);
    sox.extend(inputs.iter().flat_map(|input| ["-v".to_owned(), "0.25".to_owned(), input.clone()]));
    sox.push(out);
    let candidates = [("nx mix", ours), ("ffmpeg amix", ffmpeg), ("sox -m", sox)];
    let mut times: Vec<Vec<std::time::Duration>> = vec![Vec::new(); candidates.len()];
    // One after the other in each round, so that what else the machine does meets them alike.
    for _ in 0..ROUNDS {
        for (times, (name, words)) in times.iter_mut().zip(&candidates) {
            let Some((program, arguments)) = words.split_first() else { continue };
            let start = Instant::now();
            match Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status() {
                Ok(status) if status.success() => times.push(start.elapsed()),
                _ => eprintln!("bench: {name} did not run"),
            }
        }
    }
    let ours = times.first().cloned().map(median).unwrap_or_default().as_secs_f64();
    let rows: Vec<Vec<String>> = candidates
        .iter()
        .zip(times)
        .map(|((name, _), times)| {
            if times.is_empty() {
                return vec![(*name).to_owned(), "not installed".to_owned(), String::new()];
            }
            let time = median(times).as_secs_f64();
            vec![(*name).to_owned(), format!("{:.0} ms", time * 1e3), format!("{:.2}×", time / ours)]
        })
        .collect();
    Ok(table("Whole programs: sixteen files of thirty seconds to one", &["program", "time", "times ours"], &rows))
}
