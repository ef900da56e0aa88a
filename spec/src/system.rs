//! The contract `system`: the media services together, as clients meet them by messages and the timer drives them.

mod draw;
pub mod script;

use crate::audiod::{RIGHTS, State};
use crate::capabilities::Capability;
pub use crate::capability_audit::{Event, Indicator, Record};
pub use crate::generated::system::*;
use crate::idl::{Answer, Call, IDL_TEXT_BYTES_MAX};
use crate::media_config::Values;
use crate::wakelock::Lock;
use crate::{Case, Contract, Entropy, ErrorCode};
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `system`.
#[derive(Clone, Debug)]
pub struct System;

/// The programs that send, by their place in a configuration. Whoever else sends is [`STRANGER`], which nobody ever granted anything.
pub const SENDERS: [&str; SYSTEM_SENDERS_MAX as usize] = ["selftest-client", "nx", "tonegen", "wavplay"];

/// The program that holds nothing.
pub const STRANGER: &str = "com.example.stranger";

/// The name of the program that sends from that place.
pub fn sender_name(sender: u8) -> &'static str {
    SENDERS.get(usize::from(sender)).copied().unwrap_or(STRANGER)
}

/// A grant of everything that a client of these services can use, one bit each.
pub const ALL_CLIENT_RIGHTS: u64 = crate::audiod::ALL_RIGHTS | Capability::MediaSessionPublish.bit();

/// The capabilities of [`ALL_CLIENT_RIGHTS`].
pub fn client_rights() -> impl Iterator<Item = Capability> {
    RIGHTS.into_iter().chain([Capability::MediaSessionPublish])
}

/// Who may do what, and what the machine has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What each sender holds, by the capabilities' bits in the catalogue, out of [`ALL_CLIENT_RIGHTS`]; at most [`SYSTEM_SENDERS_MAX`].
    pub grants: Vec<u64>,
    /// Senders whose recordings a person consented to, for good, one bit each.
    pub consents: u8,
    /// The state store.
    pub state: State,
    /// Blocks that one recording may have, 1 to [`AUDIOD_RECORD_BLOCKS_MAX`](crate::audiod::AUDIOD_RECORD_BLOCKS_MAX).
    pub record_blocks_max: u32,
    /// What media-config gives the media services.
    #[serde(default)]
    pub media: Values,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            grants: alloc::vec![ALL_CLIENT_RIGHTS; SENDERS.len()],
            consents: u8::MAX,
            state: State::Ready,
            record_blocks_max: crate::audiod::AUDIOD_RECORD_BLOCKS_STATEFS,
            media: Values::default(),
        }
    }
}

/// Operations of the contract `system`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// A client sends a message.
    Call {
        /// The sender, as the transport knows it.
        sender: u8,
        /// The sender that the message claims to be from.
        #[serde(default)]
        claimed: Option<u8>,
        /// The method with its arguments.
        call: Call<'static>,
    },
    /// A client writes so many frames of the [`pattern`](crate::audiod::pattern) to a stream by a message.
    Write {
        /// The sender.
        sender: u8,
        /// The stream.
        stream: u32,
        /// Frames.
        frames: u32,
        /// The pattern's seed.
        seed: u32,
    },
    /// The timer ticks so many times.
    Tick(u32),
    /// A client goes away.
    Gone(u8),
    /// The services end and start again.
    Restart,
    /// The marker lines since the last such operation.
    Lines,
    /// What the state store holds under a URI.
    File(String),
    /// One page of the audit records from this number on.
    Records(u64),
    /// One page of the indicators' events from this number on.
    Events(u64),
    /// Who uses what is indicated.
    Indicators,
    /// The wake locks that are held.
    Locks,
}

/// Observations of the contract `system`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// Done.
    Done,
    /// A message's answer. The handle of an opened stream's memory is the stream's number, and 0 where the client may not write.
    Answer(Answer<'static>),
    /// The last block of a tick operation, nothing where all of its samples are 0, and the checksum over all of its blocks.
    Mixed {
        /// Interleaved samples.
        #[serde(with = "crate::compact::samples")]
        pcm: Vec<i16>,
        /// See [`checksum`](crate::audiod::checksum).
        checksum: u64,
    },
    /// Marker lines.
    Lines(Vec<String>),
    /// A file's length and the checksum over its bytes as samples.
    File(Option<(u64, u64)>),
    /// Audit records.
    Records {
        /// How many were dropped in all.
        dropped: u64,
        /// One page, oldest first.
        records: Vec<Record>,
    },
    /// Indicator events.
    Events {
        /// How many were dropped in all.
        dropped: u64,
        /// One page, oldest first.
        events: Vec<Event>,
    },
    /// Every indicator, in the catalogue's order.
    Indicators(Vec<Indicator>),
    /// Wake locks.
    Locks(Vec<Lock>),
    /// Rejected with this code.
    Rejected {
        /// The code.
        code: ErrorCode,
        /// Whether a whole explanation came with it: 1 byte or more, and fewer than [`IDL_TEXT_BYTES_MAX`],
        /// since one that fills its message was cut. Always so for what no message asked.
        explained: bool,
    },
}

impl Obs {
    /// What a right machine answers to what it rejects.
    pub const fn rejected(code: ErrorCode) -> Self {
        Self::Rejected { code, explained: true }
    }

    /// What a message's answer says: a code with this explanation.
    pub const fn refused(code: ErrorCode, explanation: &str) -> Self {
        Self::Rejected { code, explained: !explanation.is_empty() && explanation.len() < IDL_TEXT_BYTES_MAX as usize }
    }
}

impl Contract for System {
    const NAME: &'static str = "system";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        draw::case(source, ops)
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        draw::simplify(op, out);
    }

    fn simplify_config(config: &Config, out: &mut Vec<Config>) {
        let simplest = Config::default();
        if *config != simplest {
            out.push(simplest);
        }
        if config.state != State::Ready {
            out.push(Config { state: State::Ready, ..config.clone() });
        }
    }
}
