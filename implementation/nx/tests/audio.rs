//! `nx audio` as a person would call it, with a service behind a real socket that remembers what it was asked.

use idl::{Answer, Call, Fill, Peaks, Reply, Request, Service, Sink};
use nx::transport::{CLIENTS_MAX, Client, TransportError, serve};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

#[derive(Default)]
struct Remembering {
    level: u32,
    muted: bool,
    asked: Vec<(u64, Request<'static>)>,
}

const LAST: Peaks = Peaks { peak: [5, 6], rms: [3, 4] };

impl Service for Remembering {
    fn call(&mut self, sender: u64, request: Request<'_>) -> Reply<'static> {
        let request = request.into_owned();
        self.asked.push((sender, request.clone()));
        let answer = match request.call {
            Call::DefaultFormat => Answer::Format { rate_hz: 48_000, channels: 2, bits: 16, block_frames: 480 },
            Call::SinkState => Answer::Sink { sink: Sink::Null, recording: true, frames: 1 },
            Call::GetLevel => Answer::Level { q16: self.level, muted: self.muted },
            Call::SetLevel(q16) => {
                self.level = q16;
                Answer::Done
            }
            Call::SetMuted(muted) => {
                self.muted = muted;
                Answer::Done
            }
            Call::PlayTone { hz: 24_001.., .. } => Answer::Error { code: 104, text: "the frequency is beyond 24000".into() },
            Call::RecordStart(uri) if uri.starts_with("stub:") => Answer::Error { code: 715, text: "".into() },
            Call::RecordStart(uri) if uri.starts_with("full:") => Answer::Error { code: 9_999, text: "no room".into() },
            Call::RecordStop => Answer::Recorded { frames: 9_600, bytes: 38_444 },
            Call::Stats => Answer::Stats { ticks: 1, open_streams: 2, underrun_events: 3, missing_frames: 4, clipped_samples: 5, last: LAST },
            Call::Meters => Answer::Meters { last: LAST, fills: vec![Fill { stream: 7, frames: 480 }] },
            _ => Answer::Done,
        };
        Reply { sequence: request.sequence, answer }
    }
}

struct Daemon {
    folder: tempfile::TempDir,
    service: Arc<Mutex<Remembering>>,
}

impl Daemon {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let listener = UnixListener::bind(folder.path().join("audiod.sock")).expect("a socket");
        let service = Arc::new(Mutex::new(Remembering { level: 65_536, ..Remembering::default() }));
        let theirs = Arc::clone(&service);
        std::thread::spawn(move || serve(&listener, &theirs));
        Self { folder, service }
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("audiod.sock")
    }

    fn nx(&self, arguments: &str) -> Output {
        let nx = Command::new(env!("CARGO_BIN_EXE_nx"))
            .arg("audio")
            .args(arguments.split_whitespace())
            .env("AUDIOD_SOCKET", self.socket())
            .output();
        nx.expect("nx runs")
    }

    fn asked(&self) -> Vec<Call<'static>> {
        self.service.lock().expect("a service").asked.drain(..).map(|(_, request)| request.call).collect()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn envelope(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", text(&output.stdout)))
}

#[test]
fn markers_are_printed_once_audiod_did_it() {
    let daemon = Daemon::start();
    for (arguments, line, asked) in [
        ("level 0.75", "nx: audio level=0.75\n", vec![Call::SetLevel(49_152), Call::GetLevel]),
        ("level 0.5 --mute", "nx: audio level=0.50\n", vec![Call::SetLevel(32_768), Call::SetMuted(true), Call::GetLevel]),
        ("level --unmute", "nx: audio level=0.50\n", vec![Call::SetMuted(false), Call::GetLevel]),
        ("tone 440 300", "nx: audio tone 440ms=300\n", vec![Call::PlayTone { hz: 440, ms: 300 }]),
        ("record start state:/audio/out.wav", "nx: audio record start\n", vec![Call::RecordStart("state:/audio/out.wav".into())]),
    ] {
        let output = daemon.nx(arguments);
        assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(0), line), "{arguments}: {}", text(&output.stderr));
        assert_eq!(daemon.asked(), asked, "{arguments}");
    }
}

#[test]
fn figures_come_as_lines_and_as_json() {
    let daemon = Daemon::start();
    for (arguments, line, data) in [
        ("info", "format    48000 Hz, 2 channels, 16 bits, blocks of 480 frames", json!("null")),
        ("stats", "underruns 3 (4 frames missing)", json!([5, 6])),
        ("meters", "stream 7  480 frames", json!([5, 6])),
        ("record stop", "recorded 9600 frames, 38444 bytes", json!(9_600)),
    ] {
        let output = daemon.nx(arguments);
        assert!(output.status.success() && text(&output.stdout).contains(line), "{arguments}: {}", text(&output.stdout));
        let output = daemon.nx(&format!("{arguments} --json"));
        let envelope = envelope(&output);
        assert_eq!((&envelope["ok"], &envelope["class"], &envelope["code"]), (&json!(true), &json!("success"), &json!(0)));
        let found = ["sink", "peak", "frames"].into_iter().find_map(|key| envelope["data"].get(key));
        assert_eq!(found, Some(&data), "{arguments}: {envelope}");
    }
}

#[test]
fn test_reject_with_the_exit_code_of_the_class() {
    let daemon = Daemon::start();
    let long = format!("record start state:/{}", "a".repeat(200));
    for (arguments, code, class) in [
        ("", 2, "usage"),
        ("level", 2, "usage"),
        ("level 0.5 --mute --unmute", 2, "usage"),
        ("tone 440", 2, "usage"),
        ("tone -1 300", 2, "usage"),
        ("level 1.5", 3, "validation_reject"),
        ("level 0.12345", 3, "validation_reject"),
        ("tone 24001 300", 3, "validation_reject"),
        (long.as_str(), 3, "validation_reject"),
        ("info --socket /nowhere/audiod.sock", 4, "missing_dependency"),
        ("record start full:/x", 5, "delegate_failure"),
        ("record start stub:/x", 6, "unsupported"),
    ] {
        let output = daemon.nx(arguments);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0), "{arguments}");
        assert!(!output.stderr.is_empty(), "{arguments} says nothing");
        let output = daemon.nx(&format!("{arguments} --json"));
        let envelope = envelope(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments}");
        assert_eq!((&envelope["ok"], &envelope["class"], &envelope["code"]), (&json!(false), &json!(class), &json!(code)), "{arguments}");
    }
}

#[test]
fn the_sender_is_who_the_kernel_says_and_not_what_the_message_claims() {
    let daemon = Daemon::start();
    let mut stream = UnixStream::connect(daemon.socket()).expect("a connection");
    let mut frame = Vec::new();
    idl::encode_request(&Request { sequence: 9, claimed: Some(1), call: Call::Stats }, &mut frame).expect("a request");
    stream.write_all(&frame).expect("a request is sent");
    let mut reply = vec![0; 8];
    stream.read_exact(&mut reply).expect("a reply");
    let asked = daemon.service.lock().expect("a service").asked.clone();
    let [(sender, request)] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((*sender as u32, request.claimed, request.sequence), (std::process::id(), Some(1), 9));
}

#[test]
fn test_reject_what_is_no_message_and_keep_serving() {
    let daemon = Daemon::start();
    for (bytes, code) in [
        (vec![0xff; 8], 713),
        ([0_u32, 1_024].map(u32::to_le_bytes).concat(), 711),
        ([[0, 1].map(u32::to_le_bytes).concat(), vec![0; 8]].concat(), 714),
    ] {
        let mut stream = UnixStream::connect(daemon.socket()).expect("a connection");
        stream.write_all(&bytes).expect("bytes are sent");
        stream.shutdown(std::net::Shutdown::Write).expect("half a hang-up");
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).expect("a reply");
        match idl::decode_reply(&reply) {
            Ok(Reply { sequence: 0, answer: Answer::Error { code: answered, .. } }) => assert_eq!(answered, code),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(daemon.asked(), []);
    let mut client = Client::connect(&daemon.socket()).expect("a connection");
    assert_eq!(client.call(Call::Start(1)).expect("an answer"), Answer::Done);
    assert!(matches!(client.call(Call::OpenStream("a".repeat(129).into())), Err(TransportError::Message(_))));
    assert_eq!(client.call(Call::Pause(1)).expect("an answer"), Answer::Done);
}

#[test]
fn test_reject_clients_over_max() {
    let daemon = Daemon::start();
    let mut clients: Vec<Client> = (0..CLIENTS_MAX).map(|_| Client::connect(&daemon.socket()).expect("a connection")).collect();
    for client in &mut clients {
        assert_eq!(client.call(Call::Start(1)).expect("an answer"), Answer::Done);
    }
    let mut more = UnixStream::connect(daemon.socket()).expect("a connection");
    let mut reply = Vec::new();
    more.read_to_end(&mut reply).expect("a reply");
    assert!(matches!(idl::decode_reply(&reply), Ok(Reply { answer: Answer::Error { code: 103, .. }, .. })));
    assert_eq!(clients[0].call(Call::Start(1)).expect("an answer"), Answer::Done);
}
