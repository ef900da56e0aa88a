//! A service that answers whatever a check wants: errors that the real one rarely has, garbage, or nothing.

use super::Broken;
use spec::idl::{Answer, IDL_MESSAGE_BYTES_MAX, Reply};
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answering {
    /// With an error of this code.
    Error(u16),
    /// With bytes that are no message.
    Garbage,
    /// Not at all: it hangs up.
    Nothing,
}

/// A service that answers every call alike, until it is dropped.
pub struct Fake {
    path: PathBuf,
    answering: Arc<Mutex<Answering>>,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Fake {
    /// Listens at that path.
    ///
    /// # Errors
    /// A socket that can't be had.
    pub fn start(path: &Path) -> Result<Self, Broken> {
        let listener = UnixListener::bind(path).map_err(|error| Broken::other(format!("{}: {error}", path.display())))?;
        let answering = Arc::new(Mutex::new(Answering::Nothing));
        let over = Arc::new(AtomicBool::new(false));
        let (now, end) = (Arc::clone(&answering), Arc::clone(&over));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if end.load(Ordering::SeqCst) {
                    break;
                }
                let how = *now.lock().unwrap_or_else(PoisonError::into_inner);
                // A client that goes away has had its answer.
                let _ = answer(stream, how);
            }
        });
        Ok(Self { path: path.to_owned(), answering, over, thread: Some(thread) })
    }

    /// What it answers from now on.
    pub fn answers(&self, how: Answering) {
        *self.answering.lock().unwrap_or_else(PoisonError::into_inner) = how;
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes the thread where it waits for a client.
        let _ = UnixStream::connect(&self.path);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(mut stream: UnixStream, how: Answering) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut input = Vec::new();
    let mut chunk = [0; IDL_MESSAGE_BYTES_MAX as usize];
    while !matches!(idl::frame_length(&input), Ok(Some(length)) if length <= input.len()) {
        match stream.read(&mut chunk)? {
            0 => return Ok(()),
            count => input.extend_from_slice(&chunk[..count]),
        }
    }
    let code = match how {
        Answering::Error(code) => code,
        Answering::Garbage => return stream.write_all(&[0xff; 64]),
        Answering::Nothing => return Ok(()),
    };
    let sequence = idl::decode_request(&input).map_or(0, |request| request.sequence);
    let mut reply = Vec::new();
    let text = "the service has something against it; do something else".into();
    if idl::encode_reply(&Reply { sequence, answer: Answer::Error { code, text } }, &mut reply).is_ok() {
        stream.write_all(&reply)?;
    }
    Ok(())
}
