//! The task of the services: one tick every 10 ms, and an answer to each letter.

use super::host::{Around, MediaHost, SettingsStore};
use super::shared::{Rings, Tap};
use crate::tasks::{LETTER_BYTES_MAX, Platform, TaskId};
use alloc::vec::Vec;
use services::policy::{Policyd, identity};
use services::{ServiceError, rejection};

use services::system::System;
use spec::capabilities::Capability;
use spec::idl::{Answer, Call, Reply};
use spec::mailbox::{CLIENT_GONE, CONSENT};
use spec::media_config::Values;
use spec::policy::Kind;
use spec::system::SENDERS;

/// The services over this guest.
pub type Services<A> = System<MediaHost<A>, SettingsStore<A>>;

/// Starts the services, with the grants of the catalogue; the selftest's client may record.
///
/// # Errors
/// A mistake of this program.
pub fn start<A: Around + Clone>(around: &A, rings: &'static Rings, values: &Values) -> Result<Services<A>, ServiceError> {
    let mut policyd = Policyd::with_defaults();
    if let Some(client) = SENDERS.first() {
        policyd.consent(client, Capability::AudioRecord.name(), Kind::Persistent)?;
    }
    System::start(MediaHost::new(around.clone(), rings), SettingsStore(around.clone()), policyd, values)
}

/// Mixes the blocks that are due.
pub fn tick<A: Around>(services: &mut Services<A>, tap: &Tap, due: u64) {
    while services.host().ticks < due {
        let host = services.host_mut();
        host.ticks = host.ticks.wrapping_add(1);
        services.tick();
        tap.hear(services.block());
    }
}

/// Serves until the scheduler ends the task. `name` tells the program that a task runs.
pub fn serve<P: Platform, A: Around>(platform: &mut P, services: &mut Services<A>, tap: &Tap, name: impl Fn(TaskId) -> &'static str) -> ! {
    let mut frame = Vec::with_capacity(LETTER_BYTES_MAX);
    // A task that begins anew has missed ticks, which nobody hears any more.
    services.host_mut().ticks = platform.tick();
    loop {
        tick(services, tap, platform.tick());
        while let Some(letter) = platform.receive() {
            let reply = answer(services, name(letter.from), letter.content());
            // A client whose mailbox is full does not read its answers, and one that is gone needs none.
            if idl::encode_reply(&reply, &mut frame).is_ok() {
                let _ = platform.send(letter.from, &frame);
            }
        }
        platform.wait(Some(services.host().ticks.wrapping_add(1)));
    }
}

/// The answer to a frame from that program.
pub(super) fn answer<A: Around>(services: &mut Services<A>, program: &str, frame: &[u8]) -> Reply<'static> {
    match identity(program) {
        Ok(sender) => answer_to(services, sender, frame).0,
        Err(error) => Reply { sequence: 0, answer: rejection(error.code(), &error) },
    }
}

/// The answer to a frame, and the stream whose ring was opened.
fn answer_to<A: Around>(services: &mut Services<A>, sender: u64, frame: &[u8]) -> (Reply<'static>, Option<u32>) {
    let request = match idl::decode_request(frame) {
        Ok(request) => request,
        Err(error) => return (Reply { sequence: 0, answer: rejection(error.code(), &error) }, None),
    };
    let reply = services.call(sender, &request);
    let opened = match (&request.call, &reply.answer) {
        (Call::OpenStream(_), Answer::Opened { stream, .. }) => Some(*stream),
        _ => None,
    };
    (reply, opened)
}

/// The streams that clients on the host opened, with their connections.
#[derive(Default)]
pub struct Connections(Vec<(u32, u32)>);

impl Connections {
    /// Answers a request of the mailbox: the sender's identity, 8 bytes, its connection, 4 bytes, and a message. Instead of an identity
    /// [`CLIENT_GONE`] says that the client of that connection is gone, and [`CONSENT`] that a person lets the program that is named
    /// record. What is shorter gets an empty response.
    pub fn exchange<A: Around>(&mut self, services: &mut Services<A>, request: &[u8], response: &mut Vec<u8>) {
        let Some((sender, rest)) = request.split_first_chunk::<8>() else { return };
        let sender = u64::from_le_bytes(*sender);
        if sender == CONSENT {
            let program = core::str::from_utf8(rest).unwrap_or_default();
            // A program that holds no grants has nothing to consent to, and goes on being denied.
            let _ = services.policyd_mut().consent(program, Capability::AudioRecord.name(), Kind::Persistent);
            return;
        }
        let Some((connection, message)) = rest.split_first_chunk::<4>() else { return };
        let connection = u32::from_le_bytes(*connection);
        if sender == CLIENT_GONE {
            let streams: Vec<u32> = self.0.extract_if(.., |(client, _)| *client == connection).map(|(_, stream)| stream).collect();
            services.client_gone(&streams);
            return;
        }
        let (mut reply, opened) = answer_to(services, sender, message);
        if let (Some(stream), Answer::Opened { handle, .. }) = (opened, &mut reply.answer) {
            // A client on the host can't map the guest's memory: it sends its samples in messages.
            *handle = 0;
            self.0.push((connection, stream));
        }
        // A stream that was closed since then is gone from the services as well.
        self.0.retain(|(_, stream)| services.is_open(*stream));
        // Every answer of the services is within the message's bounds; an empty response tells that one was not.
        let _ = idl::encode_reply(&reply, response);
    }
}
