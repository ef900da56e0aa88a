//! One client's connection.

use super::Services;
use rustix::event::PollFlags;
use rustix::net::sockopt::socket_peercred;
use services::policy::identity;
use services::rejection;
use spec::idl::{Answer, Call, IDL_MESSAGE_BYTES_MAX, Reply};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;

/// Answers that a client may leave unread before it is let go.
const UNREAD_BYTES_MAX: usize = 64 * IDL_MESSAGE_BYTES_MAX as usize;

/// Whether a connection goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It does.
    Stays,
    /// The client has gone, or can't be talked to.
    Gone,
}

/// A client.
pub struct Connection {
    stream: UnixStream,
    sender: u64,
    /// The streams that it opened, at most as many as there may be.
    streams: Vec<u32>,
    input: Vec<u8>,
    output: Vec<u8>,
    reply: Vec<u8>,
}

impl Connection {
    /// A client whose program the kernel tells; `None` where it can't.
    pub fn new(stream: UnixStream) -> Option<Self> {
        stream.set_nonblocking(true).ok()?;
        let sender = sender(&stream)?;
        Some(Self { stream, sender, streams: Vec::new(), input: Vec::new(), output: Vec::new(), reply: Vec::new() })
    }

    /// The streams that nobody writes to once it has gone.
    pub fn streams(&self) -> &[u32] {
        &self.streams
    }

    /// The socket.
    pub const fn stream(&self) -> &UnixStream {
        &self.stream
    }

    /// What to wait for.
    pub fn interest(&self) -> PollFlags {
        if self.output.is_empty() { PollFlags::IN } else { PollFlags::IN | PollFlags::OUT }
    }

    /// Reads what has come, answers each whole message, and writes what can be written.
    pub fn serve(&mut self, system: &mut Services) -> Outcome {
        let mut chunk = [0; IDL_MESSAGE_BYTES_MAX as usize];
        loop {
            match self.stream.read(&mut chunk) {
                Ok(0) => return Outcome::Gone,
                Ok(count) => self.input.extend_from_slice(chunk.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(_) => return Outcome::Gone,
            }
            if self.answer(system) == Outcome::Gone {
                return Outcome::Gone;
            }
        }
        self.write()
    }

    fn answer(&mut self, system: &mut Services) -> Outcome {
        loop {
            match idl::frame_length(&self.input) {
                Ok(Some(length)) if length <= self.input.len() => {
                    let frame = self.input.get(..length).unwrap_or_default();
                    let reply = match idl::decode_request(frame) {
                        Ok(request) => {
                            let reply = system.call(self.sender, &request);
                            match (&request.call, &reply.answer) {
                                (Call::OpenStream(_), Answer::Opened { stream, .. }) => self.streams.push(*stream),
                                (Call::Close(closed), Answer::Done) => self.streams.retain(|stream| stream != closed),
                                _ => {}
                            }
                            reply
                        }
                        Err(error) => Reply { sequence: 0, answer: rejection(error.code(), &error) },
                    };
                    self.input.drain(..length);
                    self.append(&reply);
                }
                Ok(_) => return if self.output.len() > UNREAD_BYTES_MAX { Outcome::Gone } else { Outcome::Stays },
                Err(error) => {
                    // Where a frame's length is wrong nothing after it can be found: it is told, and the connection ends.
                    self.append(&Reply { sequence: 0, answer: rejection(error.code(), &error) });
                    let _ = self.write();
                    return Outcome::Gone;
                }
            }
        }
    }

    fn append(&mut self, reply: &Reply<'_>) {
        // Every answer of the services is within the message's bounds.
        if idl::encode_reply(reply, &mut self.reply).is_ok() {
            self.output.extend_from_slice(&self.reply);
        }
    }

    fn write(&mut self) -> Outcome {
        while !self.output.is_empty() {
            match self.stream.write(&self.output) {
                Ok(0) => return Outcome::Gone,
                Ok(count) => drop(self.output.drain(..count)),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(_) => return Outcome::Gone,
            }
        }
        Outcome::Stays
    }
}

/// The identity of the program at the other end, which must be run by the daemon's user.
fn sender(stream: &UnixStream) -> Option<u64> {
    let credentials = socket_peercred(stream).ok()?;
    if credentials.uid != rustix::process::getuid() {
        return None;
    }
    let program = std::fs::read_link(format!("/proc/{}/exe", credentials.pid.as_raw_nonzero())).ok()?;
    identity(program.file_name()?.to_str()?).ok()
}
