use super::*;
use crate::tasks::{Letter, SendError, Table, TaskId};
use services::audiod::StoreFailed;
use services::system::Host;
use spec::idl::{Answer, Call, Request};
use spec::media_config::Values;
use spec::system::{Obs, Op};

/// Rings for one test, which stay as long as the tests run.
fn rings() -> &'static Rings {
    Box::leak(Box::default())
}

fn tap() -> &'static Tap {
    Box::leak(Box::default())
}

#[test]
fn a_ring_is_mapped_once_and_carries_samples() {
    let rings = rings();
    let (handle, mut consumer) = rings.open().expect("a ring is free");
    let mut producer = rings.map(handle).expect("it is open");
    assert!(rings.map(handle).is_none(), "a ring has one writer");
    assert_eq!(producer.write(&[1, -1, 2, -2]).map_err(|error| error.code()), Ok(2));
    let mut out = [0; 4];
    assert_eq!(consumer.pull(2, &mut out).map(|pull| pull.frames).map_err(|error| error.code()), Ok(2));
    assert_eq!(out, [1, -1, 2, -2]);
    rings.close(handle);
    assert!(rings.map(handle).is_none(), "a closed ring is nobody's");
}

#[test]
fn test_reject_a_seventeenth_ring() {
    let rings = rings();
    let handles: Vec<u32> = (0..16).map(|_| rings.open().expect("a ring is free").0).collect();
    assert!(rings.open().is_none());
    rings.close(handles[3]);
    assert_eq!(rings.open().map(|(handle, _)| handle), Some(handles[3]));
    for handle in [0, 17, u32::MAX] {
        assert!(rings.map(handle).is_none());
    }
}

#[test]
fn a_tap_hears_each_block_once() {
    let tap = tap();
    let block = [3; 960];
    tap.hear(&block);
    tap.hear(&block);
    let heard = tap.take();
    assert_eq!((heard.ticks, heard.last), (2, block));
    assert_eq!(heard.checksum, spec::audiod::checksum(0, 0, &[3; 1_920]));
    assert_eq!(tap.take().ticks, 0);
}

#[test]
fn reports_are_letters_and_back() {
    let report = Report { cases: 9, digest: [7; 32] };
    assert_eq!(decode(&encode(&Ok(report.clone()))), Ok(report));
    let failed = Failure::new(FailureKind::Hung, "x".repeat(5_000));
    assert!(encode(&Err(failed.clone())).len() <= crate::tasks::LETTER_BYTES_MAX);
    assert!(decode(&encode(&Err(failed))).is_err_and(|reason| reason.starts_with("xxx")));
}

#[test]
fn test_reject_letters_that_are_no_reports() {
    for letter in [&[][..], &[1], &[1; 40], &[1; 42]] {
        assert!(decode(letter).is_err(), "{letter:?}");
    }
}

#[test]
fn only_the_documents_parts_have_lines() {
    assert_eq!(claim("audio.duck"), Some("SELFTEST: audio duck ok"));
    assert_eq!(claim("tonegen"), None);
    assert_eq!(path_of("state:/audio/out.wav"), Some("/audio/out.wav"));
    assert_eq!((path_of("state:audio"), path_of("pkg:/x.wav")), (None, None));
    assert!(fixture(0).is_some_and(|file| audio::wav::load(file).is_ok()) && fixture(9).is_none());
}

/// A machine without hardware: lines are kept, and `/state` is a list.
#[derive(Clone, Default)]
struct Bench(std::rc::Rc<std::cell::RefCell<Kept>>);

#[derive(Default)]
struct Kept {
    lines: Vec<String>,
    files: Vec<(String, Vec<u8>)>,
    state: bool,
}

impl Around for Bench {
    fn line(&mut self, line: &dyn std::fmt::Display) {
        self.0.borrow_mut().lines.push(line.to_string());
    }
    fn has_state(&self) -> bool {
        self.0.borrow().state
    }
    fn write_file(&mut self, path: &str, content: &[u8]) -> bool {
        self.0.borrow_mut().files.push((path.to_owned(), content.to_vec()));
        self.0.borrow().state
    }
    fn read_file(&mut self, path: &str) -> Result<Option<Vec<u8>>, StoreFailed> {
        Ok(self.0.borrow().files.iter().rfind(|(name, _)| name == path).map(|(_, bytes)| bytes.clone()))
    }
    fn settings(&self) -> Option<Vec<u8>> {
        self.0.borrow().files.iter().rfind(|(path, _)| path == SETTINGS_PATH).map(|(_, bytes)| bytes.clone())
    }
}

fn services(state: bool) -> (Bench, Services<Bench>) {
    let bench = Bench::default();
    bench.0.borrow_mut().state = state;
    let services = start(&bench, rings(), &Values::default()).expect("they start");
    (bench, services)
}

fn frame(call: Call<'static>) -> Vec<u8> {
    let mut frame = Vec::new();
    idl::encode_request(&Request { sequence: 7, claimed: None, call }, &mut frame).expect("a message");
    frame
}

fn exchanged(connections: &mut Connections, services: &mut Services<Bench>, program: &str, call: Call<'static>) -> Answer<'static> {
    let sender = services::policy::identity(program).expect("a name");
    let request = [&sender.to_le_bytes()[..], &5_u32.to_le_bytes(), &frame(call)].concat();
    let mut response = Vec::new();
    connections.exchange(services, &request, &mut response);
    let reply = idl::decode_reply(&response).expect("an answer").into_owned();
    assert_eq!(reply.sequence, 7);
    reply.answer
}

#[test]
fn a_client_of_the_host_writes_by_messages_and_goes_with_its_streams() {
    let (_, mut services) = services(false);
    let mut connections = Connections::default();
    let opened = exchanged(&mut connections, &mut services, "tonegen", Call::OpenStream("tonegen".into()));
    assert_eq!(opened, Answer::Opened { stream: 1, handle: 0, offset: 0, frames: 1_920 });
    let pcm = Call::Write { stream: 1, pcm: vec![1; 400].into() };
    assert_eq!(exchanged(&mut connections, &mut services, "tonegen", pcm), Answer::Taken(100));
    let gone = [&spec::mailbox::CLIENT_GONE.to_le_bytes()[..], &5_u32.to_le_bytes()].concat();
    connections.exchange(&mut services, &gone, &mut Vec::new());
    assert!(!services.is_open(1));
}

#[test]
fn a_person_consents_for_a_program_of_the_host() {
    let (bench, mut services) = services(true);
    let mut connections = Connections::default();
    let start = || Call::RecordStart("state:/audio/out.wav".into());
    assert!(matches!(exchanged(&mut connections, &mut services, "nx", start()), Answer::Error { .. }));
    let consent = [&spec::mailbox::CONSENT.to_le_bytes()[..], b"nx"].concat();
    connections.exchange(&mut services, &consent, &mut Vec::new());
    assert_eq!(exchanged(&mut connections, &mut services, "nx", start()), Answer::Done);
    tick(&mut services, tap(), 3);
    assert_eq!(exchanged(&mut connections, &mut services, "nx", Call::RecordStop), Answer::Recorded { frames: 1_440, bytes: 5_804 });
    let kept = bench.0.borrow();
    assert_eq!(kept.files.last().map(|(path, bytes)| (path.as_str(), bytes.len())), Some(("/audio/out.wav", 5_804)));
}

#[test]
fn test_reject_requests_of_the_mailbox() {
    let (_, mut services) = services(false);
    let mut connections = Connections::default();
    for request in [&[][..], &[1; 7], &[1; 11]] {
        let mut response = Vec::new();
        connections.exchange(&mut services, request, &mut response);
        assert!(response.is_empty(), "{request:?}");
    }
    // A message that is none is answered.
    let mut response = Vec::new();
    connections.exchange(&mut services, &[1; 40], &mut response);
    assert!(matches!(idl::decode_reply(&response).expect("an answer").answer, Answer::Error { .. }));
}

/// The services' memory is not handed to who may not write to it.
#[test]
fn test_reject_a_ring_for_who_may_not_write() {
    let (_, mut services) = services(false);
    services.policyd_mut().grant("tonegen", &["audio.stream.open"]).expect("a grant");
    let sender = services::policy::identity("tonegen").expect("a name");
    let request = Request { sequence: 1, claimed: None, call: Call::OpenStream("tonegen".into()) };
    let answer = services.call(sender, &request).answer;
    assert_eq!(answer, Answer::Opened { stream: 1, handle: 0, offset: 0, frames: 1_920 });
    assert_ne!(services.host().shared_memory(1), (0, 0));
}

/// A platform whose one neighbour is the services, which run whenever somebody waits.
struct Beside {
    table: Table,
    own: TaskId,
    other: TaskId,
    tick: u64,
    services: Services<Bench>,
    tap: &'static Tap,
}

impl Platform for Beside {
    fn tick(&self) -> u64 {
        self.tick
    }
    fn restarts(&self) -> u32 {
        0
    }
    fn wait(&mut self, until: Option<u64>) {
        tick(&mut self.services, self.tap, self.tick);
        if let Some(letter) = self.table.receive(self.other) {
            let mut frame = Vec::new();
            let reply = serve::answer(&mut self.services, self.table.name(letter.from), letter.content());
            idl::encode_reply(&reply, &mut frame).expect("an answer fits");
            self.table.send(self.other, letter.from, &frame).expect("the client reads its letters");
            return;
        }
        if until.is_some_and(|until| until > self.tick) {
            self.tick += 1;
            tick(&mut self.services, self.tap, self.tick);
        }
    }
    fn send(&mut self, to: TaskId, content: &[u8]) -> Result<(), SendError> {
        self.table.send(self.own, to, content)
    }
    fn receive(&mut self) -> Option<Letter> {
        self.table.receive(self.own)
    }
}

fn beside(program: &'static str, rings: &'static Rings, tap: &'static Tap, state: bool) -> Beside {
    let bench = Bench::default();
    bench.0.borrow_mut().state = state;
    let services = start(&bench, rings, &Values::default()).expect("they start");
    let mut table = Table::NEW;
    let other = table.spawn("audiod").expect("a place");
    let own = table.spawn(program).expect("a place");
    Beside { table, own, other, tick: 0, services, tap }
}

#[test]
fn a_script_through_letters_and_shared_memory_is_what_messages_alone_give() {
    let script = spec::system::script::script(&[9; 32]);
    let (rings, tap) = (rings(), tap());
    let mut platform = beside("selftest-client", rings, tap, true);
    let services = platform.other;
    let mut other = sut::machine::<spec::system::System>();
    other.reset(&spec::system::script::config(true)).expect("it starts").expect("it is accepted");
    for part in script.parts.iter().chain([&script.record(9_600, true)]) {
        let mut client = Client::new(&mut platform, services, rings, tap);
        for op in &part.ops {
            let expected = match op {
                // The demo programs did not run before, so that later numbers and ticks differ.
                _ if part.name == "audio.record" => continue,
                op => other.step(op).expect("it answers"),
            };
            assert_eq!(client.step(op), Ok(expected), "{}: {op:?}", part.name);
        }
        let again = Part { name: part.name, ops: vec![Op::Tick(2)] };
        assert!(selftest(&mut client, &again).is_ok_and(|report| report.cases == 1));
        other.step(&Op::Tick(2)).expect("it answers");
    }
}

#[test]
fn the_demo_programs_are_heard_to_the_end() {
    let (rings, tap) = (rings(), tap());
    let mut platform = beside("tonegen", rings, tap, false);
    let services = platform.other;
    let heard = tonegen(&mut Client::new(&mut platform, services, rings, tap), 440, 60).expect("it plays");
    assert_eq!(heard.ticks, 6);
    assert_ne!(heard.checksum, 0);
    let mut platform = beside("wavplay", rings, tap, false);
    let heard = wavplay(&mut Client::new(&mut platform, services, rings, tap), fixture(0).expect("a fixture")).expect("it plays");
    assert_eq!(heard.ticks, 20);
    assert_eq!(demo_report(&heard).cases, 20);
}

#[test]
fn test_reject_demo_programs_without_rights() {
    let (rings, tap) = (rings(), tap());
    let mut platform = beside("com.example.stranger", rings, tap, false);
    let services = platform.other;
    let failed = tonegen(&mut Client::new(&mut platform, services, rings, tap), 440, 60);
    assert!(failed.is_err_and(|failure| failure.detail.contains("capability")));
    let obs = Client::new(&mut platform, services, rings, tap).step(&Op::Call { sender: 0, claimed: None, call: Call::GetLevel });
    assert_eq!(obs, Ok(Obs::rejected(spec::ErrorCode::AccessDenied)));
}
