//! A client of the media services over a Unix socket.
//!
//! Messages are the frames of `spec/idl/audio.capnp`. Nothing in them says who the client is: the service asks the kernel.

use crate::Failed;
use clap::Args;
use spec::idl::{Answer, Call, IDL_MESSAGE_BYTES_MAX, Request};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a client waits for an answer.
const ANSWER_TIME: Duration = Duration::from_secs(5);

/// The environment variable that names the services' socket.
pub const SOCKET_VARIABLE: &str = "NX_AUDIOD_SOCKET";

/// The environment variable that names the socket of the services in a guest.
pub const GUEST_SOCKET_VARIABLE: &str = "NX_AUDIOD_GUEST_SOCKET";

/// The socket of this user's services: what the environment says, or a file in the user's runtime folder.
pub fn default_socket() -> PathBuf {
    socket(SOCKET_VARIABLE, "nx-audiod")
}

/// The same for the services in this user's guest, which `qemu-runner services` boots.
pub fn guest_socket() -> PathBuf {
    socket(GUEST_SOCKET_VARIABLE, "nx-audiod-guest")
}

fn socket(variable: &str, name: &str) -> PathBuf {
    if let Some(path) = std::env::var_os(variable) {
        return path.into();
    }
    let folder = std::env::var_os("XDG_RUNTIME_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    folder.join(format!("{name}-{}.sock", rustix::process::getuid().as_raw()))
}

/// Which services a program talks to.
#[derive(Args, Clone, Debug, Default)]
pub struct Where {
    /// Where the service listens. [default: this user's]
    #[arg(long, global = true)]
    socket: Option<PathBuf>,
    /// Talk to the services in the running guest, which `cargo qemu-runner services` boots.
    #[arg(long, global = true, conflicts_with = "socket")]
    guest: bool,
}

impl Where {
    fn path(&self) -> PathBuf {
        match &self.socket {
            Some(path) => path.clone(),
            None if self.guest => guest_socket(),
            None => default_socket(),
        }
    }
}

/// What to do about a service that is gone or stuck.
const AGAIN: &str = "; see what `nx audiod` printed, start it again, and repeat the command";

/// What to do about a service that speaks otherwise.
const ANOTHER: &str = "; stop what listens there and start this version's `nx audiod`, or give another --socket";

/// Nobody answers there: how to start a service that does (NX_AUDIO-016).
fn nobody(path: &Path, error: &std::io::Error) -> String {
    let shown = path.display();
    if path == guest_socket() {
        return format!("no audio service answers at {shown}: {error}; boot the guest with `cargo qemu-runner services`");
    }
    // The default needs no option.
    let option = if path == default_socket() { String::new() } else { format!(" --socket {shown}") };
    format!("no audio service answers at {shown}: {error}; start one with `nx audiod{option} &`, or give another --socket")
}

/// A connection to the services.
pub struct Client {
    stream: UnixStream,
    sequence: u32,
    out: Vec<u8>,
    input: Vec<u8>,
}

impl Client {
    /// Connects to the services.
    ///
    /// # Errors
    /// Nobody answers there.
    pub fn connect(services: &Where) -> Result<Self, Failed> {
        let path = services.path();
        let stream = UnixStream::connect(&path).map_err(|error| Failed::Missing(nobody(&path, &error)))?;
        stream.set_read_timeout(Some(ANSWER_TIME)).map_err(|error| Failed::Internal(error.to_string()))?;
        Ok(Self { stream, sequence: 0, out: Vec::new(), input: Vec::new() })
    }

    /// Calls a method and waits for its answer.
    ///
    /// # Errors
    /// What the service refuses, with its stable code; a service that went away or answers what can't be understood.
    pub fn call(&mut self, call: Call<'_>) -> Result<Answer<'static>, Failed> {
        self.sequence = self.sequence.wrapping_add(1);
        let request = Request { sequence: self.sequence, claimed: None, call };
        idl::encode_request(&request, &mut self.out).map_err(|error| Failed::Rejected(error.to_string()))?;
        self.stream.write_all(&self.out).map_err(|error| Failed::Missing(format!("the audio service went away ({error}){AGAIN}")))?;
        let reply = self.reply()?;
        match reply {
            (sequence, _) if sequence != self.sequence => {
                Err(Failed::Internal(format!("the audio service answered call {sequence}, expected {}{ANOTHER}", self.sequence)))
            }
            (_, Answer::Error { code, text }) => Err(Failed::Refused(code, text.into_owned())),
            (_, answer) => Ok(answer),
        }
    }

    fn reply(&mut self) -> Result<(u32, Answer<'static>), Failed> {
        let garbage = |error: idl::IdlError| Failed::Internal(format!("the audio service's answer can't be understood: {error}{ANOTHER}"));
        let mut chunk = [0; IDL_MESSAGE_BYTES_MAX as usize];
        loop {
            if let Some(length) = idl::frame_length(&self.input).map_err(garbage)?
                && let Some(frame) = self.input.get(..length)
            {
                let reply = idl::decode_reply(frame).map_err(garbage)?.into_owned();
                self.input.drain(..length);
                return Ok((reply.sequence, reply.answer));
            }
            match self.stream.read(&mut chunk) {
                Ok(0) => return Err(Failed::Missing(format!("the audio service went away without an answer{AGAIN}"))),
                Ok(count) => self.input.extend_from_slice(chunk.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    return Err(Failed::Internal(format!("the audio service gave no answer in {} s{AGAIN}", ANSWER_TIME.as_secs())));
                }
                Err(error) => return Err(Failed::Missing(format!("the audio service went away ({error}){AGAIN}"))),
            }
        }
    }
}
