//! The services of a running guest, used by the real programs of this machine, as a person uses them.

use conformance::commands::Programs;
use qemu_runner::boot::Options;
use qemu_runner::disk::Disk;
use qemu_runner::services::serve;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// What the guest printed, as it comes.
#[derive(Clone, Default)]
struct Lines(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no writer panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[track_caller]
fn within_ten_seconds(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(10), "{what} within ten seconds");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn programs_of_the_host_play_and_record_in_the_guest() {
    if let Some(missing) = conformance::setup::missing_for_qemu() {
        eprintln!("SKIPPED: {missing}");
        return;
    }
    let root = conformance::repository_root();
    let programs = Programs::build(&root).expect("the programs can be built");
    let image = conformance::selftest::image("qemu", &root).expect("the guest can be built");
    let folder = tempfile::tempdir().expect("a folder");
    let (socket, disk, lines) = (folder.path().join("guest.sock"), Disk::fresh().expect("a disk"), Lines::default());
    let options = Options { disk: Some(disk.path().to_owned()), ..Options::default() };
    let (at, out) = (socket.clone(), lines.clone());
    // The guest ends with this process.
    std::thread::spawn(move || serve(&image, &at, &["nx".to_owned()], &options, out));
    within_ten_seconds("the services listen", || UnixStream::connect(&socket).is_ok());

    let run = |program: &Path, arguments: &[&str]| -> Output {
        Command::new(program).args(arguments).arg("--guest").env("NX_AUDIOD_GUEST_SOCKET", &socket).output().expect("it runs")
    };
    let nx = |arguments: &[&str]| run(&programs.nx, &[&["audio"], arguments].concat());
    let text = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();
    within_ten_seconds("the services answer", || nx(&["info"]).status.success());
    assert!(text(&nx(&["level", "0.5"])).starts_with("nx: audio level=0.50\n"));
    // A file of /state holds 340 ms: where this machine is slower than that the recording is void, and is made again.
    within_ten_seconds("a recording is kept", || {
        assert!(text(&nx(&["record", "start", "state:/audio/out.wav"])).starts_with("nx: audio record start\n"));
        assert!(text(&nx(&["tone", "440", "50"])).starts_with("nx: audio tone 440ms=50\n"));
        std::thread::sleep(Duration::from_millis(100));
        nx(&["record", "stop"]).status.success()
    });
    let fixture = root.join("goldens/audio/two_tones_at_half_level.wav");
    assert!(run(&programs.folder.join("wavplay"), &[&fixture.display().to_string()]).status.success());
    assert!(run(&programs.folder.join("tonegen"), &["1000", "40"]).status.success());
    // A stranger's name is not one of the programs that may play: the services deny it.
    let stranger = folder.path().join("stranger");
    std::fs::copy(&programs.nx, &stranger).expect("a copy");
    assert_eq!(run(&stranger, &["audio", "tone", "440", "10"]).status.code(), Some(5));
    within_ten_seconds("streams end with their clients", || text(&nx(&["stats"])).contains("open_streams=0"));
    let printed = String::from_utf8_lossy(&lines.0.lock().expect("no writer panicked")).into_owned();
    assert!(printed.contains("audiod: level linear=0.50 muted=false\n"), "{printed}");

    // The recording is on the disk, and its sound is the tone at half level.
    let file = disk.read_file("/audio/out.wav").expect("the disk can be read").expect("the recording is there");
    let samples: Vec<i16> =
        hound::WavReader::new(file.as_slice()).expect("a WAV file").into_samples().map(|s| s.expect("a sample")).collect();
    let heard = samples.iter().filter(|sample| **sample != 0).count();
    // 50 ms of a sine, whose zero crossings are few.
    assert!((4_000..=4_800).contains(&heard), "{heard} samples are heard");
    let peak = samples.iter().map(|sample| sample.unsigned_abs()).max();
    assert!(peak.is_some_and(|peak| (4_000..=4_200).contains(&peak)), "{peak:?} is not half of a tone's peak");
}
