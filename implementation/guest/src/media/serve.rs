//! The task of the services: one tick every 10 ms, and an answer to each letter.

use super::host::{Around, MediaHost, SettingsStore};
use super::shared::{Rings, Tap};
use crate::tasks::{LETTER_BYTES_MAX, Platform, TaskId};
use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use services::ServiceError;
use services::policy::{Policyd, identity};
use services::system::System;
use spec::ErrorCode;
use spec::capabilities::Capability;
use spec::mailbox::CLIENT_GONE;
use spec::idl::{Answer, IDL_TEXT_BYTES_MAX, Reply};
use spec::policy::Kind;
use spec::system::SENDERS;

/// The services over this guest.
pub type Services<A> = System<MediaHost<A>, SettingsStore<A>>;

/// Starts the services, with the grants of the catalogue; the selftest's client may record.
///
/// # Errors
/// A mistake of this program.
pub fn start<A: Around + Clone>(around: &A, rings: &'static Rings) -> Result<Services<A>, ServiceError> {
    let mut policyd = Policyd::with_defaults();
    if let Some(client) = SENDERS.first() {
        policyd.consent(client, Capability::AudioRecord.name(), Kind::Persistent)?;
    }
    System::start(MediaHost::new(around.clone(), rings), SettingsStore(around.clone()), policyd)
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
fn answer<A: Around>(services: &mut Services<A>, program: &str, frame: &[u8]) -> Reply<'static> {
    match identity(program) {
        Ok(sender) => answer_to(services, sender, frame),
        Err(error) => Reply { sequence: 0, answer: rejected(error.code(), &error.to_string()) },
    }
}

fn answer_to<A: Around>(services: &mut Services<A>, sender: u64, frame: &[u8]) -> Reply<'static> {
    match idl::decode_request(frame) {
        Ok(request) => services.call(sender, &request),
        Err(error) => Reply { sequence: 0, answer: rejected(error.code(), &error.to_string()) },
    }
}

/// Answers a request of the mailbox: the sender's identity, eight bytes, and a message. What is shorter gets an empty response.
/// A message that is [`CLIENT_GONE`] alone, followed by the numbers of streams, says that who opened them is gone.
pub fn exchange<A: Around>(services: &mut Services<A>, request: &[u8], response: &mut Vec<u8>) {
    let Some((sender, message)) = request.split_first_chunk::<8>() else { return };
    let sender = u64::from_le_bytes(*sender);
    if sender == CLIENT_GONE {
        let streams: Vec<u32> = message.as_chunks::<4>().0.iter().map(|stream| u32::from_le_bytes(*stream)).collect();
        services.client_gone(&streams);
        return;
    }
    // Every answer of the services is within the message's bounds; an empty response tells that one was not.
    let _ = idl::encode_reply(&answer_to(services, sender, message), response);
}

fn rejected(code: ErrorCode, text: &str) -> Answer<'static> {
    let mut text = String::from(text);
    while text.len() > IDL_TEXT_BYTES_MAX as usize {
        text.pop();
    }
    Answer::Error { code: code as u16, text: Cow::Owned(text) }
}
