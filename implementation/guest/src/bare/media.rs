//! The media services on the machine: their task, their clients, their disk.

use super::console::{self, Console};
use super::disk::Disk;
use super::scheduler::{self, Context, Scheduler};
use super::timer;
use super::trials;
use alloc::vec::Vec;
use core::cell::UnsafeCell;
use core::fmt::{self, Display, Write};
use devices::Board;
use guest::mailbox::{Mailbox, Turn};
use guest::marker::Marker;
use guest::media::{self, Around, Client, Connections, Rings, SETTINGS_PATH, Services, Tap};
use guest::platform;
use guest::selftest::Report;
use guest::state::{State, StateError};
use guest::tasks::{Platform, SpawnError, TaskId};
use services::audiod::StoreFailed;
use spec::Failure;
use spec::challenge::CHALLENGE_BYTES;
use spec::mailbox::RESPONSE_BYTES;
use spec::media_config::Values;
use spec::system::script::{Script, script, sessions};

static RINGS: Rings = Rings::new();
static TAP: Tap = Tap::new();

/// `/state`, where there is a disk, with the settings as they were last read or written.
struct Store {
    state: State<Disk>,
    settings: Option<Vec<u8>>,
}

struct Shared(UnsafeCell<Option<Store>>);

// SAFETY: one hart runs; the starter writes it before any task runs, and the services' task alone uses it then. No borrow waits.
unsafe impl Sync for Shared {}

static STORE: Shared = Shared(UnsafeCell::new(None));

fn store() -> Option<&'static mut Store> {
    // SAFETY: as for `Sync`; no caller keeps the borrow.
    unsafe { (*STORE.0.get()).as_mut() }
}

/// The machine around the services.
#[derive(Clone, Copy)]
struct Machine;

impl Around for Machine {
    fn line(&mut self, line: &dyn Display) {
        console::print(line);
    }

    fn has_state(&self) -> bool {
        store().is_some()
    }

    fn write_file(&mut self, path: &str, content: &[u8]) -> bool {
        let Some(store) = store() else { return false };
        let written = store.state.write_file(path, content).is_ok();
        if written && path == SETTINGS_PATH {
            // Kept by the program, as the task that wrote it may begin anew.
            store.settings = super::heap::as_program(|| Some(content.to_vec()));
        }
        written
    }

    fn read_file(&mut self, path: &str) -> Result<Option<Vec<u8>>, StoreFailed> {
        match store().ok_or(StoreFailed)?.state.read_file(path) {
            Ok(content) => Ok(Some(content)),
            Err(StateError::NotFound) => Ok(None),
            Err(_) => Err(StoreFailed),
        }
    }

    fn settings(&self) -> Option<Vec<u8>> {
        store().and_then(|store| store.settings.clone())
    }
}

/// Mounts the disk, if there is one, and reads the settings from it before time counts.
fn mount(board: &Board) -> Result<bool, StateError> {
    let Some(disk) = Disk::find(board) else { return Ok(false) };
    let state = State::mount(disk)?;
    let settings = state.read_file(SETTINGS_PATH).ok();
    // SAFETY: no task runs yet.
    unsafe { *STORE.0.get() = Some(Store { state, settings }) };
    Ok(true)
}

/// The services' task is the first of this boot.
fn services_task() -> TaskId {
    TaskId::at(0).unwrap_or(TaskId::STARTER)
}

fn services(context: &mut Context) {
    serve_with(context, &Values::default());
}

/// The services with the depths and ramps of the challenge.
fn session_services(context: &mut Context) {
    serve_with(context, &sessions::script(&trials::challenge()).values);
}

fn serve_with(context: &mut Context, values: &Values) {
    match media::start(&Machine, &RINGS, values) {
        Ok(mut services) => media::serve(context, &mut services, &TAP, scheduler::name),
        Err(error) => panic!("{error}"),
    }
}

/// The client of the selftests of the media sessions.
fn session_client(context: &mut Context) {
    for part in &sessions::script(&trials::challenge()).parts {
        let outcome = media::selftest(&mut Client::new(context, services_task(), &RINGS, &TAP), part);
        report(context, &outcome);
    }
}

fn report(context: &mut Context, report: &Result<Report, Failure>) {
    // The starter takes each letter before the next can be sent.
    let _ = context.send(TaskId::STARTER, &media::encode(report));
}

fn the_script() -> Script {
    script(&trials::challenge())
}

/// Frames of the fixture that wavplay plays.
fn fixture_frames(script: &Script) -> u64 {
    let pcm = media::fixture(script.wavplay).and_then(|file| audio::wav::load(file).ok());
    pcm.map_or(0, |pcm| pcm.len() as u64 / 2)
}

/// The client of the first three selftests.
fn client(context: &mut Context) {
    for part in &the_script().parts {
        let outcome = media::selftest(&mut Client::new(context, services_task(), &RINGS, &TAP), part);
        report(context, &outcome);
    }
}

/// The client of the recording.
fn recorder(context: &mut Context) {
    let script = the_script();
    let part = script.record(fixture_frames(&script), store().is_some());
    let outcome = media::selftest(&mut Client::new(context, services_task(), &RINGS, &TAP), &part);
    report(context, &outcome);
}

fn tonegen(context: &mut Context) {
    let (hz, ms) = the_script().tonegen;
    let heard = media::tonegen(&mut Client::new(context, services_task(), &RINGS, &TAP), hz, ms);
    report(context, &heard.map(|heard| media::demo_report(&heard)));
}

fn wavplay(context: &mut Context) {
    let file = media::fixture(the_script().wavplay).unwrap_or_default();
    let heard = media::wavplay(&mut Client::new(context, services_task(), &RINGS, &TAP), file);
    report(context, &heard.map(|heard| media::demo_report(&heard)));
}

/// Selftests as they are counted and printed.
struct Printed<'a> {
    console: &'a mut Console,
    count: u32,
    answered: bool,
}

impl Printed<'_> {
    /// Waits for the next report and prints what it says of a part.
    fn next(&mut self, scheduler: &mut Scheduler, part: &'static str, claims: bool) -> fmt::Result {
        let letter = scheduler.run_until_letter(self.console);
        let report = letter.map_or(Err("no-report".into()), |letter| media::decode(letter.content()));
        match (report, media::claim(part)) {
            (Err(reason), _) => {
                self.answered = false;
                writeln!(self.console, "{}", Marker::SelftestFail { contract: part, reason: &reason })
            }
            (Ok(Report { cases, digest }), Some(line)) => {
                writeln!(self.console, "{}", Marker::Answer { part, cases, digest })?;
                if claims {
                    self.count += 1;
                    writeln!(self.console, "{}", Marker::Claim(line))
                } else {
                    writeln!(self.console, "{}", Marker::Placeholder { part })
                }
            }
            (Ok(report), None) => {
                self.count += 1;
                writeln!(self.console, "{}", platform::marker(part, &Ok(report)))
            }
        }
    }
}

/// Mounts the disk and makes the challenge known; gives whether there is a disk, or nothing where it holds no files.
fn prepare(board: &Board, challenge: &[u8; CHALLENGE_BYTES], console: &mut Console) -> Result<Option<bool>, fmt::Error> {
    let state = match mount(board) {
        Ok(state) => state,
        Err(error) => {
            writeln!(console, "{}", Marker::SelftestFail { contract: "state", reason: error.name() })?;
            return Ok(None);
        }
    };
    trials::prepare(challenge, board.timebase_hz);
    Ok(Some(state))
}

fn spawn(scheduler: &mut Scheduler, name: &'static str, entry: fn(&mut Context)) {
    if let Err(SpawnError::Full) = scheduler.spawn(name, entry) {
        panic!("there is room for so many tasks");
    }
}

/// Runs the services and the selftests of the media sessions; gives their number and whether all could answer.
pub fn run_sessions(board: &Board, challenge: &[u8; CHALLENGE_BYTES], console: &mut Console) -> Result<(u32, bool), fmt::Error> {
    if prepare(board, challenge, console)?.is_none() {
        return Ok((0, false));
    }
    let mut scheduler = Scheduler::default();
    let mut printed = Printed { console, count: 0, answered: true };
    spawn(&mut scheduler, "audiod", session_services);
    spawn(&mut scheduler, "selftest-client", session_client);
    for part in ["media.play", "media.duck", "media.mute", "media.focus"] {
        printed.next(&mut scheduler, part, true)?;
    }
    Ok((printed.count, printed.answered))
}

/// Runs the services and their selftests; gives their number and whether all could answer.
pub fn run(board: &Board, challenge: &[u8; CHALLENGE_BYTES], console: &mut Console) -> Result<(u32, bool), fmt::Error> {
    let Some(state) = prepare(board, challenge, console)? else { return Ok((0, false)) };
    let mut scheduler = Scheduler::default();
    let mut printed = Printed { console, count: 0, answered: true };
    spawn(&mut scheduler, "audiod", services);
    spawn(&mut scheduler, "selftest-client", client);
    for part in ["audio.tone", "audio.stream", "audio.duck"] {
        printed.next(&mut scheduler, part, true)?;
    }
    spawn(&mut scheduler, "tonegen", tonegen);
    printed.next(&mut scheduler, "tonegen", true)?;
    spawn(&mut scheduler, "wavplay", wavplay);
    printed.next(&mut scheduler, "wavplay", true)?;
    spawn(&mut scheduler, "selftest-client", recorder);
    printed.next(&mut scheduler, "audio.record", state)?;
    Ok((printed.count, printed.answered))
}

/// Runs the services for clients on the host, in real time, until the host says stop. A request is the identity of the program
/// that sends, eight bytes, and a message; the response is the answer's message.
pub fn serve(board: &Board, mut mailbox: Mailbox, console: &mut Console) -> (u32, bool) {
    if let Err(error) = mount(board) {
        // The services go on without: the line says why nothing is kept.
        let _ = writeln!(console, "state: {}", error.name());
    }
    timer::start(board.timebase_hz);
    let mut services: Services<Machine> = match media::start(&Machine, &RINGS, &Values::default()) {
        Ok(services) => services,
        Err(error) => panic!("{error}"),
    };
    let mut response = Vec::with_capacity(RESPONSE_BYTES as usize);
    let mut connections = Connections::default();
    let mut idle = timer::Idle::new(board.timebase_hz);
    loop {
        timer::take_interrupts();
        media::tick(&mut services, &TAP, timer::ticks());
        let turn = mailbox.turn(&mut response, |request, response| connections.exchange(&mut services, request, response));
        match turn {
            Turn::Answered => idle.busy(),
            Turn::Idle => idle.pause(),
            Turn::Stop => return (0, true),
        }
    }
}
