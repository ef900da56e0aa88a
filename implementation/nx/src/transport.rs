//! Requests and replies over a Unix socket: frames of the contract `idl`, one after the other.
//!
//! Who sends is what the kernel says of the socket's other end, and nothing that a message says.

use idl::{Answer, Call, IdlError, Reply, Request, Service};
use rustix::net::sockopt::socket_peercred;
use spec::idl::{IDL_HEADER_BYTES, IDL_TEXT_BYTES_MAX};
use std::fmt;
use std::io::{self, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Clients that a server answers at a time; one more is told so and hung up on.
pub const CLIENTS_MAX: usize = 32;

/// How long a client waits for a reply, and a server for the rest of a frame that began.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// Why a message did not come over.
#[derive(Debug)]
pub enum TransportError {
    /// The socket is not there, or nobody listens.
    NotThere(io::Error),
    /// The connection failed or ended.
    Broken(io::Error),
    /// What was to be sent, or what came, is no message.
    Message(IdlError),
    /// The reply is to another request.
    OutOfStep {
        /// The sequence that was asked.
        asked: u32,
        /// The sequence that was answered.
        answered: u32,
    },
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotThere(error) => write!(f, "audiod can't be reached: {error}; start it, or name its socket with --socket"),
            Self::Broken(error) => write!(f, "the connection to audiod failed: {error}; try again, and look whether it still runs"),
            Self::Message(error) => write!(f, "{error}"),
            Self::OutOfStep { asked, answered } => {
                write!(f, "the reply is to request {answered}, expected {asked}; connect anew")
            }
        }
    }
}

impl std::error::Error for TransportError {}

impl From<IdlError> for TransportError {
    fn from(error: IdlError) -> Self {
        Self::Message(error)
    }
}

/// Reads one frame into `frame`; `false` where the other side has nothing more to say. Waits for its start for at most `idle`, and
/// for each further part of it for at most [`PATIENCE`].
fn read_frame(stream: &mut UnixStream, frame: &mut Vec<u8>, idle: Option<Duration>) -> Result<bool, TransportError> {
    stream.set_read_timeout(idle).map_err(TransportError::Broken)?;
    frame.clear();
    frame.resize(IDL_HEADER_BYTES as usize, 0);
    // The end of a connection between two frames is no error; within one it is.
    let read = stream.read(frame).map_err(TransportError::Broken)?;
    if read == 0 {
        return Ok(false);
    }
    stream.set_read_timeout(Some(PATIENCE)).map_err(TransportError::Broken)?;
    stream.read_exact(frame.get_mut(read..).unwrap_or_default()).map_err(TransportError::Broken)?;
    // The header is whole, so that its length is known, and bounded before anything is allocated for it.
    let header = frame.len();
    let total = idl::frame_length(frame)?.unwrap_or(header);
    frame.resize(total, 0);
    stream.read_exact(frame.get_mut(header..).unwrap_or_default()).map_err(TransportError::Broken)?;
    Ok(true)
}

/// A connection to audiod.
#[derive(Debug)]
pub struct Client {
    stream: UnixStream,
    sequence: u32,
    frame: Vec<u8>,
}

impl Client {
    /// Connects to the socket at that path.
    ///
    /// # Errors
    /// [`TransportError::NotThere`] where nobody listens.
    pub fn connect(path: &Path) -> Result<Self, TransportError> {
        let stream = UnixStream::connect(path).map_err(TransportError::NotThere)?;
        stream.set_write_timeout(Some(PATIENCE)).map_err(TransportError::NotThere)?;
        Ok(Self { stream, sequence: 0, frame: Vec::new() })
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// What kept the request or its reply from coming over. That the service rejects a request is an answer.
    pub fn call(&mut self, call: Call<'_>) -> Result<Answer<'static>, TransportError> {
        self.sequence = self.sequence.wrapping_add(1);
        idl::encode_request(&Request { sequence: self.sequence, claimed: None, call }, &mut self.frame)?;
        self.stream.write_all(&self.frame).map_err(TransportError::Broken)?;
        if !read_frame(&mut self.stream, &mut self.frame, Some(PATIENCE))? {
            return Err(TransportError::Broken(io::ErrorKind::UnexpectedEof.into()));
        }
        let reply = idl::decode_reply(&self.frame)?.into_owned();
        // A server that could not read a request does not know its sequence, and answers 0.
        if reply.sequence != self.sequence && !matches!(reply, Reply { sequence: 0, answer: Answer::Error { .. } }) {
            return Err(TransportError::OutOfStep { asked: self.sequence, answered: reply.sequence });
        }
        Ok(reply.answer)
    }
}

/// The identity of the process at the other end: its user in the upper half, the process in the lower one.
///
/// # Errors
/// What the system says.
pub fn sender(stream: &UnixStream) -> io::Result<u64> {
    let peer = socket_peercred(stream)?;
    let process = u32::try_from(peer.pid.as_raw_nonzero().get()).unwrap_or(0);
    Ok(u64::from(peer.uid.as_raw()) << 32 | u64::from(process))
}

/// Answers everyone who connects, until accepting fails. Requests reach the service one at a time.
///
/// # Errors
/// What the listener says.
pub fn serve<S: Service + Send>(listener: &UnixListener, service: &Mutex<S>) -> io::Result<()> {
    let clients = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        loop {
            let (mut stream, _) = listener.accept()?;
            if clients.fetch_add(1, Ordering::SeqCst) >= CLIENTS_MAX {
                clients.fetch_sub(1, Ordering::SeqCst);
                let busy = "too many clients are connected; try again later";
                let _ = stream.set_write_timeout(Some(PATIENCE));
                let _ = answer(&mut stream, &mut Vec::new(), &rejection(spec::ErrorCode::OversizedInput, busy));
                continue;
            }
            let clients = &clients;
            scope.spawn(move || {
                // A client that breaks its connection or sends what is no frame has lost it; the others go on.
                let _ = converse(&mut stream, service);
                clients.fetch_sub(1, Ordering::SeqCst);
            });
        }
    })
}

/// An error that answers no request in particular.
fn rejection(code: spec::ErrorCode, text: &str) -> Reply<'static> {
    let end = (0..=IDL_TEXT_BYTES_MAX as usize).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    let text = text.get(..end).unwrap_or(text).to_owned().into();
    Reply { sequence: 0, answer: Answer::Error { code: code as u16, text } }
}

fn answer(stream: &mut UnixStream, frame: &mut Vec<u8>, reply: &Reply<'_>) -> Result<(), TransportError> {
    idl::encode_reply(reply, frame)?;
    stream.write_all(frame).map_err(TransportError::Broken)
}

/// Answers one client until it hangs up.
fn converse<S: Service>(stream: &mut UnixStream, service: &Mutex<S>) -> Result<(), TransportError> {
    let sender = sender(stream).map_err(TransportError::Broken)?;
    stream.set_write_timeout(Some(PATIENCE)).map_err(TransportError::Broken)?;
    let mut frame = Vec::new();
    loop {
        let came = match read_frame(stream, &mut frame, None) {
            // Where the next frame starts is not known any more.
            Err(TransportError::Message(error)) => {
                return answer(stream, &mut frame, &rejection(error.code(), &error.to_string()));
            }
            came => came?,
        };
        if !came {
            return Ok(());
        }
        let reply = match idl::decode_request(&frame) {
            Ok(request) => service.lock().unwrap_or_else(PoisonError::into_inner).call(sender, request),
            Err(error) => rejection(error.code(), &error.to_string()),
        };
        answer(stream, &mut frame, &reply)?;
    }
}
