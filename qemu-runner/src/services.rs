//! The media services of a running guest, behind a socket on the host.
//!
//! Clients send the frames of `spec/idl/audio.capnp`, as to the daemon on the host; each goes to the guest through the mailbox, with
//! the identity of the program that the kernel says sent it. What the services print goes to standard output.

use crate::boot::{Guest, Mode, Options};
use crate::challenge::Challenge;
use rustix::net::sockopt::socket_peercred;
use spec::Failure;
use spec::capabilities::{FNV_OFFSET, FNV_PRIME};
use spec::idl::IDL_MESSAGE_BYTES_MAX;
use spec::mailbox::{CLIENT_GONE, CLIENTS_MAX, CONSENT};
use std::io::{self, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long the guest may take for an answer.
const ANSWER_TIME: Duration = Duration::from_secs(5);
/// How often it is looked for lines that were printed meanwhile, and for clients.
const LOOK_TIME: Duration = Duration::from_millis(20);
/// Bytes of a frame's header: one segment, so many words.
const HEADER_BYTES: usize = 8;

/// Boots the services and serves clients at that socket until the guest ends. The programs of `consents` may record.
///
/// # Errors
/// The guest can't be booted or fails; the socket can't be used.
pub fn serve(image: &Path, socket: &Path, consents: &[String], options: &Options, mut out: impl Write) -> Result<(), Failure> {
    let not_started = |what: String| Failure::new(spec::FailureKind::NotStarted, what);
    let challenge = Challenge::random().map_err(|error| not_started(error.to_string()))?;
    let listener = listen(socket).map_err(|error| not_started(format!("{}: {error}", socket.display())))?;
    let mut guest = Guest::boot(image, Mode::Services, &challenge, options)?;
    for program in consents {
        guest.exchange(&[&CONSENT.to_le_bytes(), program.as_bytes()].concat(), ANSWER_TIME)?;
    }
    let guest = Arc::new(Mutex::new(guest));
    let clients = Arc::new(Mutex::new([false; CLIENTS_MAX as usize]));
    let mut printed = 0;
    loop {
        match listener.accept() {
            Ok((stream, _)) => admit(stream, &guest, &clients),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => std::thread::sleep(LOOK_TIME),
            Err(error) => return Err(not_started(format!("{}: {error}", socket.display()))),
        }
        let heard = guest.lock().unwrap_or_else(PoisonError::into_inner).heard();
        if let Some(new) = heard.log.get(printed..).filter(|new| !new.is_empty()) {
            printed = heard.log.len();
            // Nobody listens any more where this fails; the services go on for their clients.
            let _ = out.write_all(new).and_then(|()| out.flush());
        }
        if let Some(fault) = heard.fault {
            return Err(Failure::new(spec::FailureKind::Faulted, fault));
        }
        if heard.exit.is_some() {
            return Ok(());
        }
    }
}

/// Listens at a socket. One that nobody answers at any more is replaced; anything else at that path is somebody's.
fn listen(path: &Path) -> io::Result<UnixListener> {
    if UnixStream::connect(path).is_ok() {
        return Err(io::Error::new(io::ErrorKind::AddrInUse, "an audio service answers there already: stop it, or give another --socket"));
    }
    if std::fs::symlink_metadata(path).is_ok_and(|meta| std::os::unix::fs::FileTypeExt::is_socket(&meta.file_type())) {
        std::fs::remove_file(path)?;
    }
    let listener = UnixListener::bind(path)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

type Places = Arc<Mutex<[bool; CLIENTS_MAX as usize]>>;

/// Gives a client a thread of its own. Who can't be known, or is one too many, is turned away by closing the connection.
fn admit(stream: UnixStream, guest: &Arc<Mutex<Guest>>, places: &Places) {
    let Some(sender) = sender(&stream) else { return };
    let place = {
        let mut places = places.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = places.iter().position(|taken| !taken) else { return };
        if let Some(taken) = places.get_mut(place) {
            *taken = true;
        }
        place
    };
    let (guest, places) = (Arc::clone(guest), Arc::clone(places));
    std::thread::spawn(move || {
        let connection = place as u32;
        // A client that breaks the protocol, or a guest that is gone, ends the connection.
        let _ = converse(stream, sender, connection, &guest);
        let gone = [&CLIENT_GONE.to_le_bytes()[..], &connection.to_le_bytes()].concat();
        let _ = guest.lock().unwrap_or_else(PoisonError::into_inner).exchange(&gone, ANSWER_TIME);
        if let Some(taken) = places.lock().unwrap_or_else(PoisonError::into_inner).get_mut(place) {
            *taken = false;
        }
    });
}

fn converse(mut stream: UnixStream, sender: u64, connection: u32, guest: &Mutex<Guest>) -> io::Result<()> {
    stream.set_nonblocking(false)?;
    loop {
        let mut header = [0; HEADER_BYTES];
        stream.read_exact(&mut header)?;
        let length = frame_bytes(header).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a frame of another form"))?;
        let mut request = [&sender.to_le_bytes()[..], &connection.to_le_bytes(), &header].concat();
        let start = request.len();
        request.resize(start + length - HEADER_BYTES, 0);
        stream.read_exact(request.get_mut(start..).unwrap_or_default())?;
        let reply = guest.lock().unwrap_or_else(PoisonError::into_inner).exchange(&request, ANSWER_TIME);
        stream.write_all(&reply.map_err(|failure| io::Error::other(failure.to_string()))?)?;
    }
}

/// Bytes of the whole frame with that header: one segment of so many words, within the bound.
fn frame_bytes(header: [u8; HEADER_BYTES]) -> Option<usize> {
    let [segments, words] = header.as_chunks::<4>().0 else { return None };
    let bytes = (u32::from_le_bytes(*words) as usize).checked_mul(8)?.checked_add(HEADER_BYTES)?;
    (u32::from_le_bytes(*segments) == 0 && bytes <= IDL_MESSAGE_BYTES_MAX as usize).then_some(bytes)
}

/// The identity of the program at the other end, which must be run by this user.
fn sender(stream: &UnixStream) -> Option<u64> {
    let credentials = socket_peercred(stream).ok()?;
    if credentials.uid != rustix::process::getuid() {
        return None;
    }
    let program = std::fs::read_link(format!("/proc/{}/exe", credentials.pid.as_raw_nonzero())).ok()?;
    let name = program.file_name()?.to_str()?;
    Some(name.bytes().fold(FNV_OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_reject_frames() {
        let header = |segments: u32, words: u32| [segments.to_le_bytes(), words.to_le_bytes()].concat().try_into().unwrap();
        assert_eq!(frame_bytes(header(0, 2)), Some(24));
        assert_eq!(frame_bytes(header(0, 1_023)), Some(8_192));
        assert_eq!(frame_bytes(header(0, 1_024)), None);
        assert_eq!(frame_bytes(header(0, u32::MAX)), None);
        assert_eq!(frame_bytes(header(1, 2)), None);
    }
}
