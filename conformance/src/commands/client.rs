//! A client of a service that is the check itself, by the messages that programs use.

use super::{Broken, Service};
use spec::idl::{Answer, Call, IDL_MESSAGE_BYTES_MAX, Request};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// A client of a service.
pub struct Client {
    stream: UnixStream,
    sequence: u32,
}

impl Client {
    /// The program whose name the service sees: this one.
    pub fn name() -> String {
        let program = std::env::current_exe().unwrap_or_default();
        program.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Connects to a service.
    ///
    /// # Errors
    /// It does not answer.
    pub fn connect(service: &Service<'_>) -> Result<Self, Broken> {
        let stream = UnixStream::connect(service.socket()).map_err(|error| broken(&error))?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).map_err(|error| broken(&error))?;
        Ok(Self { stream, sequence: 0 })
    }

    /// Calls a method; an error of the service is its answer.
    ///
    /// # Errors
    /// A service that goes away or can't be understood.
    pub fn call(&mut self, call: Call<'_>) -> Result<Answer<'static>, Broken> {
        self.sequence += 1;
        let mut bytes = Vec::new();
        let request = Request { sequence: self.sequence, claimed: None, call };
        idl::encode_request(&request, &mut bytes).map_err(|error| Broken::other(error.to_string()))?;
        self.stream.write_all(&bytes).map_err(|error| broken(&error))?;
        let (mut input, mut chunk) = (Vec::new(), [0; IDL_MESSAGE_BYTES_MAX as usize]);
        loop {
            match idl::frame_length(&input).map_err(|error| Broken::other(error.to_string()))? {
                Some(length) if length <= input.len() => {
                    return idl::decode_reply(&input)
                        .map(|reply| reply.into_owned().answer)
                        .map_err(|error| Broken::other(error.to_string()));
                }
                _ => match self.stream.read(&mut chunk).map_err(|error| broken(&error))? {
                    0 => return Err(Broken::other("the service hung up on the check")),
                    count => input.extend_from_slice(&chunk[..count]),
                },
            }
        }
    }
}

fn broken(error: &std::io::Error) -> Broken {
    Broken::other(format!("the service can't be asked: {error}"))
}
