//! `nx audiod`: the media services as a daemon.
//!
//! One thread: it waits for clients and for the next tick, whose times are counted from the start, so that a late one is made up
//! for. Who a client is, the kernel says: the program that its process runs, if it belongs to the daemon's user.

mod connection;
mod host;

use crate::Failed;
use crate::client::default_socket;
use clap::Args;
use connection::{Connection, Outcome};
use host::{Daemon, SettingsFile, ToDisk};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use services::media_config::MediaConfig;
use services::policy::Policyd;
use services::system::System;
use spec::audiod::AUDIOD_RECORD_BLOCKS_MAX;
use spec::format::BLOCK_MS;
use spec::media_config::{Layer, Values};
use std::io::Write;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Clients at one time; more are turned away.
const CLIENTS_MAX: usize = 64;

/// Ticks that are made up for after the machine slept; what lies before them is skipped.
const LATE_TICKS_MAX: u32 = 100;

/// Options of `audiod`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Where clients find it. [default: this user's]
    #[arg(long)]
    socket: Option<PathBuf>,
    /// The folder that is /state: recordings and settings are kept in it. Without it nothing is recorded or kept.
    #[arg(long)]
    state: Option<PathBuf>,
    /// The configuration of the media sessions, as JSON that keeps spec/schemas/media_v2_1.schema.json.
    #[arg(long, value_name = "FILE")]
    media_config: Option<PathBuf>,
    /// Blocks that one recording may have.
    #[arg(long, default_value_t = AUDIOD_RECORD_BLOCKS_MAX)]
    record_blocks_max: u32,
    /// Replaces what a program may do: tonegen=audio.stream.open,audio.stream.write. Can be given several times.
    #[arg(long, value_name = "PROGRAM=CAPABILITY,…")]
    grant: Vec<String>,
    /// Consents to a sensitive capability for a program: nx:audio.record. Can be given several times.
    #[arg(long, value_name = "PROGRAM:CAPABILITY")]
    consent: Vec<String>,
}

type Services = System<Daemon, SettingsFile>;

/// Runs the services.
pub fn run(arguments: &Arguments) -> Result<(), Failed> {
    let policyd = policy(arguments)?;
    if !(1..=AUDIOD_RECORD_BLOCKS_MAX).contains(&arguments.record_blocks_max) {
        return Err(Failed::Usage(format!("--record-blocks-max is 1 to {AUDIOD_RECORD_BLOCKS_MAX}")));
    }
    if let Some(folder) = &arguments.state {
        std::fs::create_dir_all(folder).map_err(|error| Failed::Rejected(format!("{}: {error}", folder.display())))?;
    }
    let values = media_config(arguments)?;
    let path = arguments.socket.clone().unwrap_or_else(default_socket);
    let listener = listen(&path)?;
    listener.set_nonblocking(true).map_err(|error| Failed::Internal(format!("the socket: {error}")))?;
    let to_disk = ToDisk::new().map_err(|error| Failed::Internal(format!("the thread that sends files to the disk: {error}")))?;
    let store = SettingsFile::new(arguments.state.as_ref(), to_disk.clone());
    let host = Daemon::new(arguments.state.clone(), to_disk, arguments.record_blocks_max);
    let mut system = System::start(host, store, policyd, &values).map_err(|error| Failed::Internal(error.to_string()))?;
    eprintln!("nx audiod: listens at {}", path.display());
    let mut clients: Vec<Connection> = Vec::new();
    let mut clock = Clock::new();
    let mut told = 0;
    loop {
        wait(&listener, &clients, clock.until_next())?;
        accept(&listener, &mut clients, &mut system);
        serve(&mut clients, &mut system);
        for _ in 0..clock.due() {
            system.tick();
        }
        told = tell_audit(&system, told);
    }
}

/// Prints what was denied since the last time. Gives the number of the next record.
fn tell_audit(system: &Services, from: u64) -> u64 {
    let mut next = from;
    for record in system.audit().records(from) {
        next = record.sequence + 1;
        if record.decision == 0 {
            let (subject, action, reason) = (record.subject_id, record.action, record.reason);
            // In one piece, so that a reader of the log sees whole lines.
            let line = format!("audit: subject=0x{subject:016x} action={action} decision=deny reason={reason}\n");
            let _ = std::io::stderr().write_all(line.as_bytes());
        }
    }
    next
}

/// What the file of the configuration gives the services, or the defaults.
fn media_config(arguments: &Arguments) -> Result<Values, Failed> {
    let mut config = MediaConfig::new();
    let Some(path) = &arguments.media_config else { return Ok(config.effective()) };
    let text = std::fs::read(path).map_err(|error| Failed::Usage(format!("--media-config {}: {error}", path.display())))?;
    config.load(Layer::System, &text).map_err(|error| Failed::Usage(format!("--media-config {}: {error}", path.display())))
}

fn policy(arguments: &Arguments) -> Result<Policyd, Failed> {
    let mut policyd = Policyd::with_defaults();
    for grant in &arguments.grant {
        let (program, names) = grant.split_once('=').ok_or_else(|| Failed::Usage(format!("--grant {grant}: give PROGRAM=CAPABILITY,…")))?;
        let names: Vec<&str> = names.split(',').filter(|name| !name.is_empty()).collect();
        policyd.grant(program, &names).map_err(|error| Failed::Usage(format!("--grant {grant}: {error}")))?;
    }
    for consent in &arguments.consent {
        let split = consent.split_once(':');
        let (program, name) = split.ok_or_else(|| Failed::Usage(format!("--consent {consent}: give PROGRAM:CAPABILITY")))?;
        policyd
            .consent(program, name, spec::policy::Kind::Persistent)
            .map_err(|error| Failed::Usage(format!("--consent {consent}: {error}")))?;
    }
    Ok(policyd)
}

/// Listens at a socket. One that nobody answers at any more is replaced.
fn listen(path: &PathBuf) -> Result<UnixListener, Failed> {
    if UnixStream::connect(path).is_ok() {
        return Err(Failed::Rejected(format!("an audio service answers at {} already: stop it, or give another --socket", path.display())));
    }
    // Only what is a socket is removed: anything else at that path is somebody's.
    if std::fs::symlink_metadata(path).is_ok_and(|meta| std::os::unix::fs::FileTypeExt::is_socket(&meta.file_type())) {
        let _ = std::fs::remove_file(path);
    }
    UnixListener::bind(path).map_err(|error| Failed::Rejected(format!("{}: {error}", path.display())))
}

fn wait(listener: &UnixListener, clients: &[Connection], time: Duration) -> Result<(), Failed> {
    let mut fds = Vec::with_capacity(clients.len() + 1);
    fds.push(PollFd::new(listener, PollFlags::IN));
    fds.extend(clients.iter().map(|client| PollFd::new(client.stream(), client.interest())));
    let time = Timespec { tv_sec: time.as_secs() as i64, tv_nsec: i64::from(time.subsec_nanos()) };
    match poll(&mut fds, Some(&time)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(Failed::Internal(format!("waiting for clients: {error}"))),
    }
}

/// Serves every client, and lets go of those that have gone.
fn serve(clients: &mut Vec<Connection>, system: &mut Services) {
    let mut place = 0;
    while let Some(client) = clients.get_mut(place) {
        match client.serve(system) {
            Outcome::Stays => place += 1,
            Outcome::Gone => {
                let gone = clients.remove(place);
                system.client_gone(gone.streams());
            }
        }
    }
}

/// Takes those that have come, no more than [`CLIENTS_MAX`] before the next tick.
fn accept(listener: &UnixListener, clients: &mut Vec<Connection>, system: &mut Services) {
    for _ in 0..CLIENTS_MAX {
        let Ok((stream, _)) = listener.accept() else { return };
        if clients.len() == CLIENTS_MAX {
            // A client that has gone but was not let go of yet keeps nobody out.
            serve(clients, system);
        }
        // Who can't be known or is one too many is turned away by closing the connection.
        if clients.len() < CLIENTS_MAX
            && let Some(connection) = Connection::new(stream)
        {
            clients.push(connection);
        }
    }
}

/// The tick every 10 ms.
struct Clock {
    start: Instant,
    ticks: u32,
}

impl Clock {
    fn new() -> Self {
        Self { start: Instant::now(), ticks: 0 }
    }

    fn next(&self) -> Instant {
        self.start + Duration::from_millis(u64::from(BLOCK_MS)) * (self.ticks + 1)
    }

    fn until_next(&self) -> Duration {
        self.next().saturating_duration_since(Instant::now())
    }

    /// How many ticks are due now.
    fn due(&mut self) -> u32 {
        let mut due = 0;
        while self.next() <= Instant::now() {
            if due == LATE_TICKS_MAX {
                *self = Self::new();
                break;
            }
            self.ticks += 1;
            due += 1;
            if self.ticks == u32::MAX {
                // After 497 days the count starts again where it stands.
                *self = Self { start: self.next(), ticks: 0 };
            }
        }
        due
    }
}
