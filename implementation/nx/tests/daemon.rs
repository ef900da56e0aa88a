//! The daemon and its tools, as a person uses them: real processes, a real socket, real files.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A running daemon, which ends with the test.
struct Daemon {
    child: Child,
    folder: tempfile::TempDir,
}

impl Daemon {
    fn start(more: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let child = Command::new(env!("CARGO_BIN_EXE_nx"))
            .arg("audiod")
            .arg("--socket")
            .arg(folder.path().join("audiod.sock"))
            .args(more)
            .stdout(Stdio::piped())
            .stderr(fs::File::create(folder.path().join("stderr")).expect("a file"))
            .spawn()
            .expect("it starts");
        let daemon = Self { child, folder };
        let start = Instant::now();
        while !daemon.socket().exists() {
            assert!(start.elapsed() < Duration::from_secs(10), "the daemon does not listen: {}", daemon.stderr());
            std::thread::sleep(Duration::from_millis(5));
        }
        daemon
    }

    fn with_state(more: &[&str]) -> (Self, tempfile::TempDir) {
        let state = tempfile::tempdir().expect("a folder");
        let mut all = vec!["--state", state.path().to_str().expect("a path")];
        all.extend(more);
        (Self::start(&all), state)
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("audiod.sock")
    }

    fn stderr(&self) -> String {
        fs::read_to_string(self.folder.path().join("stderr")).unwrap_or_default()
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        Command::new(program).args(arguments).arg("--socket").arg(self.socket()).output().expect("it runs")
    }

    fn nx(&self, arguments: &[&str]) -> Output {
        let mut all = vec!["audio"];
        all.extend(arguments);
        self.run(env!("CARGO_BIN_EXE_nx"), &all)
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        let output = self.nx(&all);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn samples(path: &Path) -> Vec<i16> {
    hound::WavReader::open(path).expect("a WAV file").into_samples().map(|sample| sample.expect("a sample")).collect()
}

/// The sound in a recording, between the silence before and after it.
fn sound(samples: &[i16]) -> &[i16] {
    let heard = |sample: &i16| *sample != 0;
    match (samples.iter().position(heard), samples.iter().rposition(heard)) {
        (Some(first), Some(last)) => &samples[first..=last],
        _ => &[],
    }
}

#[test]
fn a_recorded_tone_is_the_models() {
    let (daemon, state) = Daemon::with_state(&["--consent", "nx:audio.record"]);
    assert!(text(&daemon.nx(&["record", "start", "state:/audio/out.wav"])).starts_with("nx: audio record start\n"));
    assert!(text(&daemon.nx(&["tone", "440", "200"])).starts_with("nx: audio tone 440ms=200\n"));
    let start = Instant::now();
    while daemon.json(&["stats"])["data"]["open_streams"] != 0 {
        assert!(start.elapsed() < Duration::from_secs(10), "the tone does not end");
        std::thread::sleep(Duration::from_millis(10));
    }
    let stopped = daemon.json(&["record", "stop"]);
    assert_eq!((&stopped["ok"], &stopped["class"], &stopped["code"]), (&true.into(), &"success".into(), &0.into()));
    let file = state.path().join("audio/out.wav");
    assert_eq!(stopped["data"]["bytes"], fs::metadata(&file).expect("a file").len());
    // The recorded answer of the reference model.
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../goldens/audio/tone_440_hz_200_ms.wav");
    assert_eq!(sound(&samples(&file)), sound(&samples(&golden)));
}

#[test]
fn level_and_mute_are_shown_kept_and_applied() {
    let (daemon, _state) = Daemon::with_state(&[]);
    assert!(text(&daemon.nx(&["level", "0.75", "--mute"])).starts_with("nx: audio level=0.75\n"));
    let info = daemon.json(&["info"]);
    assert_eq!((&info["data"]["level"], &info["data"]["muted"]), (&"0.75".into(), &true.into()));
    assert_eq!((&info["data"]["rate_hz"], &info["data"]["sink"]), (&48_000.into(), &"null".into()));
    assert_eq!(daemon.nx(&["level", "1.5"]).status.code(), Some(3));
    assert_eq!(daemon.nx(&["tone", "0", "10"]).status.code(), Some(3));
    assert_eq!(daemon.nx(&["sink", "i2s"]).status.code(), Some(4));
    assert_eq!(daemon.nx(&["nonsense"]).status.code(), Some(2));
}

#[test]
fn the_demo_apps_play_to_the_end() {
    let (daemon, _state) = Daemon::with_state(&[]);
    assert!(daemon.run(env!("CARGO_BIN_EXE_tonegen"), &["440", "60"]).status.success());
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../goldens");
    let fixtures = fixtures.to_str().expect("a path");
    let played = daemon.run(env!("CARGO_BIN_EXE_wavplay"), &["pkg://fixtures/audio/tone_440_hz_200_ms.wav", "--fixtures", fixtures]);
    assert!(played.status.success(), "{}", String::from_utf8_lossy(&played.stderr));
    assert_eq!(daemon.json(&["stats"])["data"]["open_streams"], 0);
}

/// Taking away any one capability from the app's grant makes it fail at the method that needs it, with an audit record.
#[test]
fn test_reject_a_demo_app_without_a_capability() {
    let needed = ["audio.stream.open", "audio.stream.write", "audio.stream.control"];
    let methods = ["audiod.open_stream", "audiod.write", "audiod.start"];
    for (missing, method) in needed.iter().zip(methods) {
        let rest: Vec<&str> = needed.iter().filter(|name| *name != missing).copied().collect();
        let daemon = Daemon::start(&["--grant", &format!("tonegen={}", rest.join(","))]);
        let output = daemon.run(env!("CARGO_BIN_EXE_tonegen"), &["440", "20"]);
        assert_eq!(output.status.code(), Some(5), "without {missing}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("access_denied"), "{output:?}");
        let start = Instant::now();
        while !daemon.stderr().contains(&format!("action={method} decision=deny")) {
            assert!(start.elapsed() < Duration::from_secs(10), "no audit record of {method}: {}", daemon.stderr());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

#[test]
fn test_reject_recording_without_state_or_consent() {
    let daemon = Daemon::start(&["--consent", "nx:audio.record"]);
    let output = daemon.nx(&["record", "start", "state:/audio/out.wav"]);
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    assert!(!text(&output).contains("record start"), "nothing is claimed");
    let (daemon, _state) = Daemon::with_state(&[]);
    assert_eq!(daemon.nx(&["record", "start", "state:/audio/out.wav"]).status.code(), Some(5));
    let refused = daemon.json(&["record", "start", "state:/audio/out.wav"]);
    assert_eq!((&refused["ok"], &refused["class"]), (&false.into(), &"delegate_failure".into()));
}

#[test]
fn test_reject_without_a_daemon_and_a_second_one() {
    let output = Command::new(env!("CARGO_BIN_EXE_nx")).args(["audio", "stats", "--socket", "/nowhere/at/all"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&output.stderr).contains("nx audiod"), "it says what to do");
    let daemon = Daemon::start(&[]);
    let second = Command::new(env!("CARGO_BIN_EXE_nx")).args(["audiod", "--socket"]).arg(daemon.socket()).output().expect("it runs");
    assert_eq!(second.status.code(), Some(3));
}

#[test]
fn test_reject_garbage_on_the_socket() {
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;
    let daemon = Daemon::start(&[]);
    for garbage in [&b"\xff\xff\xff\xff\xff\xff\xff\xff"[..], b"GET / HTTP/1.1\r\n\r\n", &[0; 64]] {
        let mut stream = UnixStream::connect(daemon.socket()).expect("it listens");
        stream.write_all(garbage).expect("it reads");
        stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
        let mut answer = [0; 512];
        assert!(stream.read(&mut answer).expect("an answer") > 0, "an error is told");
    }
    assert!(daemon.nx(&["stats"]).status.success(), "it goes on serving");
}
