//! A client of the services, in a task of its own.

use super::shared::{Rings, Tap};
use crate::tasks::{Platform, TaskId};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use audio::ring::{Mapping, Producer};
use core::fmt::Display;
use spec::audiod::pattern;
use spec::idl::{Answer, Call, Request};
use spec::system::{Config, Obs, Op, System};
use spec::{ErrorCode, Failure, FailureKind, Machine};

/// Ticks that a client waits for an answer.
const ANSWER_TICKS: u64 = 200;

/// A client that sends messages to the services' task and writes its samples to shared memory.
pub struct Client<'a, P> {
    platform: &'a mut P,
    services: TaskId,
    rings: &'static Rings,
    tap: &'static Tap,
    producers: BTreeMap<u32, Producer<Mapping>>,
    sequence: u32,
    frame: Vec<u8>,
}

fn failed(what: impl Display) -> Failure {
    Failure::new(FailureKind::Faulted, what.to_string())
}

impl<'a, P: Platform> Client<'a, P> {
    /// A client of the services in that task.
    pub fn new(platform: &'a mut P, services: TaskId, rings: &'static Rings, tap: &'static Tap) -> Self {
        Self { platform, services, rings, tap, producers: BTreeMap::new(), sequence: 0, frame: Vec::new() }
    }

    /// The tap of the mix.
    pub const fn tap(&self) -> &'static Tap {
        self.tap
    }

    /// Calls a method and waits for its answer.
    ///
    /// # Errors
    /// The services do not answer, or not in this protocol. A rejection is an answer.
    pub fn call(&mut self, call: Call<'_>) -> Result<Answer<'static>, Failure> {
        self.sequence = self.sequence.wrapping_add(1);
        let closed = if let Call::Close(stream) = call { Some(stream) } else { None };
        let request = Request { sequence: self.sequence, claimed: None, call };
        idl::encode_request(&request, &mut self.frame).map_err(failed)?;
        self.platform.send(self.services, &self.frame).map_err(failed)?;
        let until = self.platform.tick().saturating_add(ANSWER_TICKS);
        let reply = loop {
            match self.platform.receive() {
                Some(letter) if letter.from == self.services => break idl::decode_reply(letter.content()).map_err(failed)?.into_owned(),
                Some(_) => {}
                None if self.platform.tick() >= until => return Err(Failure::new(FailureKind::Hung, "the services do not answer")),
                None => self.platform.wait(Some(until)),
            }
        };
        if reply.sequence != self.sequence {
            return Err(failed(format!("the answer to message {} came for {}", reply.sequence, self.sequence)));
        }
        match reply.answer {
            Answer::Opened { stream, handle, .. } if handle != 0 => {
                let producer = self.rings.map(handle).ok_or_else(|| failed("the handle of a ring maps nothing"))?;
                self.producers.insert(stream, producer);
            }
            Answer::Done => {
                if let Some(stream) = closed {
                    self.producers.remove(&stream);
                }
            }
            _ => {}
        }
        Ok(reply.answer)
    }

    /// Writes frames to a stream's ring, as many as fit; gives their number.
    ///
    /// # Errors
    /// The stream has no ring here, or its ring has faulted.
    pub fn write(&mut self, stream: u32, pcm: &[i16]) -> Result<u32, Failure> {
        let producer = self.producers.get_mut(&stream).ok_or_else(|| failed("the stream has no ring here"))?;
        producer.write(pcm).map_err(failed)
    }

    /// Lets so many blocks pass, and returns when the last was mixed.
    pub fn sleep(&mut self, blocks: u64) {
        let until = self.platform.tick().saturating_add(blocks);
        self.platform.sleep_until(until);
        // The services may wake after this task: they mix before they wait again.
        self.platform.wait(Some(until));
    }

    /// A message's answer as the contract observes it, which calls a ring's memory by its stream's number.
    fn observe(answer: Answer<'static>) -> Result<Obs, Failure> {
        Ok(match answer {
            Answer::Error { code, text } => {
                let code =
                    ErrorCode::ALL.iter().find(|known| **known as u16 == code).ok_or_else(|| failed("an error code of no contract"))?;
                Obs::refused(*code, &text)
            }
            Answer::Opened { stream, handle, frames, .. } => {
                let handle = if handle == 0 { 0 } else { stream };
                Obs::Answer(Answer::Opened { stream, handle, offset: 0, frames })
            }
            other => Obs::Answer(other),
        })
    }
}

impl<P: Platform> Machine<System> for Client<'_, P> {
    fn reset(&mut self, _: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        Err(Failure::new(FailureKind::Unsupported, "the services on a guest are started once"))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        match op {
            Op::Call { call, .. } => self.call(call.clone()).and_then(Self::observe),
            Op::Write { stream, frames, seed, .. } => {
                self.write(*stream, &pattern(*seed, *frames)).map(|taken| Obs::Answer(Answer::Taken(taken)))
            }
            Op::Tick(count) => {
                self.tap.take();
                self.sleep(u64::from(*count));
                let heard = self.tap.take();
                if heard.ticks != u64::from(*count) {
                    return Err(failed(format!("{} blocks were mixed while {count} passed", heard.ticks)));
                }
                let silent = heard.last.iter().all(|sample| *sample == 0);
                Ok(Obs::Mixed { pcm: if silent { Vec::new() } else { heard.last.to_vec() }, checksum: heard.checksum })
            }
            _ => Err(Failure::new(FailureKind::Unsupported, "a client can't look into the services")),
        }
    }
}
