//! The media services on the guest, so far as they need no hardware: the task that serves, the tasks that are its clients, and the
//! memory that they share.
//!
//! Messages are letters, frames of `spec/idl/audio.capnp`; who sent one the scheduler knows. Samples go through rings in shared
//! memory, which a client maps by the handle that `openStream` gave it.

mod client;
mod demo;
mod host;
mod serve;
mod shared;

pub use client::Client;
pub use demo::{demo, fixture, tonegen, wavplay};
pub use host::{Around, MediaHost, SETTINGS_PATH, SettingsStore, path_of};
pub use serve::{Connections, Services, serve, start, tick};
pub use shared::{Heard, Rings, Tap};

use crate::selftest::Report;
use crate::tasks::Platform;
use alloc::string::String;
use alloc::vec::Vec;
use sha2::{Digest, Sha256};
use spec::system::script::Part;
use spec::{Failure, FailureKind, Machine};

/// Does what a selftest's script says; the digest is that of the observations in postcard, one after the other.
///
/// # Errors
/// What kept the client from going on. What the services reject is an observation.
pub fn selftest<P: Platform>(client: &mut Client<'_, P>, part: &Part) -> Result<Report, Failure> {
    let mut digest = Sha256::new();
    let mut bytes = Vec::new();
    for op in &part.ops {
        let obs = client.step(op)?;
        bytes.clear();
        bytes = postcard::to_extend(&obs, bytes).map_err(|_| Failure::new(FailureKind::Faulted, "an observation can't be encoded"))?;
        digest.update(&bytes);
    }
    Ok(Report { cases: part.ops.len() as u64, digest: digest.finalize().into() })
}

/// What the host computes of a demo program: the blocks that were heard, and their checksum.
pub fn demo_report(heard: &Heard) -> Report {
    let digest = Sha256::new().chain_update(heard.ticks.to_le_bytes()).chain_update(heard.checksum.to_le_bytes());
    Report { cases: heard.ticks, digest: digest.finalize().into() }
}

/// A report as a letter.
pub fn encode(report: &Result<Report, Failure>) -> Vec<u8> {
    match report {
        Ok(report) => [&[1], &report.cases.to_le_bytes()[..], &report.digest[..]].concat(),
        Err(failure) => {
            let mut bytes = alloc::vec![0];
            bytes.extend(failure.detail.bytes().take(crate::tasks::LETTER_BYTES_MAX.saturating_sub(1)));
            bytes
        }
    }
}

/// A report from a letter; the reason where the client failed, or where the letter is none.
///
/// # Errors
/// The reason.
pub fn decode(letter: &[u8]) -> Result<Report, String> {
    match letter.split_first() {
        Some((1, rest)) => {
            let report = rest
                .split_first_chunk::<8>()
                .and_then(|(cases, digest)| Some(Report { cases: u64::from_le_bytes(*cases), digest: digest.try_into().ok()? }));
            report.ok_or_else(|| String::from("a report of another length"))
        }
        Some((_, reason)) => Err(String::from_utf8_lossy(reason).into_owned()),
        None => Err(String::from("an empty report")),
    }
}

/// The line of a selftest that the document names; nothing for any other part.
pub fn claim(part: &str) -> Option<&'static str> {
    Some(match part {
        "audio.tone" => "SELFTEST: audio tone ok",
        "audio.stream" => "SELFTEST: audio stream start/stop ok",
        "audio.record" => "SELFTEST: audio record ok",
        "audio.duck" => "SELFTEST: audio duck ok",
        "media.play" => "SELFTEST: media play ok",
        "media.duck" => "SELFTEST: media duck ok",
        "media.mute" => "SELFTEST: media mute ok",
        "media.focus" => "SELFTEST: media focus resume ok",
        "media.decode" => "decoder: wav/ogg/gif/apng/mjpeg on",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
