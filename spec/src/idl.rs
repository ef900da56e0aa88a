//! The contract `idl`: the messages of audiod.

pub mod draw;
mod media;
mod message;

pub use crate::generated::idl::*;
pub use message::{
    Answer, Call, Class, Command, Fill, Fills, FocusKind, Gain, MediaKey, Metadata, Metrics, Mute, Peaks, Reply, Request, Session,
    SessionEntry, SessionPosition, Sink,
};

use crate::machine::shorter;
use crate::{Case, Contract, Entropy, ErrorCode};
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

// Said once by the contracts that they belong to, and here where messages are bounded by them.
const _: () = assert!(IDL_FILLS_MAX == crate::mixer::MIXER_STREAMS_MAX);
const _: () = assert!(IDL_PCM_BYTES_MAX == crate::ring::RING_FRAMES * crate::format::BYTES_PER_FRAME);

/// The contract `idl`.
#[derive(Clone, Debug)]
pub struct Idl;

/// The configuration: there is nothing to configure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {}

/// Operations of the contract `idl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Encodes a request.
    EncodeRequest(Request<'static>),
    /// Encodes a reply.
    EncodeReply(Reply<'static>),
    /// Decodes a request.
    DecodeRequest(#[serde(with = "crate::compact::octets")] Vec<u8>),
    /// Decodes a reply.
    DecodeReply(#[serde(with = "crate::compact::octets")] Vec<u8>),
}

/// Observations of the contract `idl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// A frame.
    Frame(#[serde(with = "crate::compact::octets")] Vec<u8>),
    /// A request.
    Request(Request<'static>),
    /// A reply.
    Reply(Reply<'static>),
    /// Rejected with this code.
    Rejected(ErrorCode),
}

impl Contract for Idl {
    const NAME: &'static str = "idl";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        let ops = (0..ops)
            .map(|_| match source.below(8) {
                0 => Op::EncodeRequest(draw::request(source)),
                1 => Op::EncodeReply(draw::reply(source)),
                2..=4 => Op::DecodeRequest(draw::frame(source, draw::Direction::Request)),
                _ => Op::DecodeReply(draw::frame(source, draw::Direction::Reply)),
            })
            .collect();
        Case { config: Config {}, ops }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        match op {
            Op::EncodeRequest(request) => simpler_requests(request, |request| out.push(Op::EncodeRequest(request))),
            Op::EncodeReply(reply) => simpler_replies(reply, |reply| out.push(Op::EncodeReply(reply))),
            Op::DecodeRequest(bytes) => shorter_frames(bytes, |bytes| out.push(Op::DecodeRequest(bytes))),
            Op::DecodeReply(bytes) => shorter_frames(bytes, |bytes| out.push(Op::DecodeReply(bytes))),
        }
    }
}

/// Frames of half the words, then of a word less, at the end, which the header knows of, and whatever a list of bytes becomes.
fn shorter_frames(bytes: &[u8], mut give: impl FnMut(Vec<u8>)) {
    if let Some((words, rest)) = bytes.get(4..).and_then(<[u8]>::split_first_chunk::<4>) {
        let (words, there) = (u32::from_le_bytes(*words), rest.len() / 8);
        if words as usize == there && there > 1 && rest.len() % 8 == 0 {
            for fewer in [words / 2, words - 1] {
                let mut less = bytes[..8 + fewer as usize * 8].to_vec();
                less[4..8].copy_from_slice(&fewer.to_le_bytes());
                give(less);
            }
        }
    }
    shorter(bytes, give);
}

fn simpler_requests(request: &Request<'static>, mut give: impl FnMut(Request<'static>)) {
    if request.call != Call::DefaultFormat {
        give(Request { call: Call::DefaultFormat, ..request.clone() });
    }
    if request.claimed.is_some() {
        give(Request { claimed: None, ..request.clone() });
    }
    if request.sequence > 0 {
        give(Request { sequence: 0, ..request.clone() });
    }
    let mut with = |call| give(Request { call, ..request.clone() });
    match &request.call {
        Call::OpenStream(app) => shorter_texts(app, |app| with(Call::OpenStream(app))),
        Call::RecordStart(uri) => shorter_texts(uri, |uri| with(Call::RecordStart(uri))),
        Call::SettingGet(key) => shorter_texts(key, |key| with(Call::SettingGet(key))),
        Call::Publish { app, stream, class, seekable } => {
            shorter_texts(app, |app| with(Call::Publish { app, stream: *stream, class: *class, seekable: *seekable }));
        }
        Call::SetMetadata { session, metadata } => {
            simpler_metadata(metadata, |metadata| with(Call::SetMetadata { session: *session, metadata }));
        }
        Call::SetAppVolume { app, db_q8_8 } => shorter_texts(app, |app| with(Call::SetAppVolume { app, db_q8_8: *db_q8_8 })),
        Call::SetAppMuted { app, muted } => shorter_texts(app, |app| with(Call::SetAppMuted { app, muted: *muted })),
        Call::GetArtwork(uri) => shorter_texts(uri, |uri| with(Call::GetArtwork(uri))),
        Call::PutArtwork { uri, content } => {
            shorter_texts(uri, |uri| with(Call::PutArtwork { uri, content: content.clone() }));
            shorter(content, |content| with(Call::PutArtwork { uri: uri.clone(), content: content.into() }));
        }
        Call::SettingSet { key, value } => {
            shorter_texts(key, |key| with(Call::SettingSet { key, value: value.clone() }));
            shorter_texts(value, |value| with(Call::SettingSet { key: key.clone(), value }));
        }
        Call::Write { stream, pcm } => shorter(pcm, |pcm| with(Call::Write { stream: *stream, pcm: pcm.into() })),
        _ => {}
    }
}

fn simpler_replies(reply: &Reply<'static>, mut give: impl FnMut(Reply<'static>)) {
    if reply.answer != Answer::Done {
        give(Reply { answer: Answer::Done, ..reply.clone() });
    }
    if reply.sequence > 0 {
        give(Reply { sequence: 0, ..reply.clone() });
    }
    let mut with = |answer| give(Reply { answer, ..reply.clone() });
    match &reply.answer {
        Answer::Error { code, text } => shorter_texts(text, |text| with(Answer::Error { code: *code, text })),
        Answer::Setting(value) => shorter_texts(value, |value| with(Answer::Setting(value))),
        Answer::Meters { last, fills } => shorter(fills, |fills| with(Answer::Meters { last: *last, fills })),
        Answer::Sessions { active, offer, revision, list } => {
            fewer(list, |list| with(Answer::Sessions { active: *active, offer: *offer, revision: *revision, list }));
        }
        Answer::Session(session) => {
            simpler_metadata(&session.metadata, |metadata| with(Answer::Session(Box::new(Session { metadata, ..(**session).clone() }))));
            shorter_texts(&session.app, |app| with(Answer::Session(Box::new(Session { app, ..(**session).clone() }))));
        }
        Answer::Commands { session, list } => fewer(list, |list| with(Answer::Commands { session: *session, list })),
        Answer::Metrics(metrics) => {
            fewer(&metrics.positions, |positions| with(Answer::Metrics(Box::new(Metrics { positions, ..(**metrics).clone() }))));
        }
        Answer::Artwork { key, content } => {
            shorter(key, |key| with(Answer::Artwork { key: key.into(), content: content.clone() }));
            shorter(content, |content| with(Answer::Artwork { key: key.clone(), content: content.into() }));
        }
        _ => {}
    }
}

/// Without one of its elements, and without any.
fn fewer<T: Clone>(list: &[T], mut give: impl FnMut(Vec<T>)) {
    if list.len() > 1 {
        give(Vec::new());
    }
    for index in 0..list.len() {
        let mut fewer = list.to_vec();
        fewer.remove(index);
        give(fewer);
    }
}

fn simpler_metadata(metadata: &Metadata<'static>, mut give: impl FnMut(Metadata<'static>)) {
    if metadata.duration_ms.is_some() {
        give(Metadata { duration_ms: None, ..metadata.clone() });
    }
    shorter_texts(&metadata.title, |title| give(Metadata { title, ..metadata.clone() }));
    shorter_texts(&metadata.artist, |artist| give(Metadata { artist, ..metadata.clone() }));
    shorter_texts(&metadata.album, |album| give(Metadata { album, ..metadata.clone() }));
    shorter_texts(&metadata.artwork, |artwork| give(Metadata { artwork, ..metadata.clone() }));
}

/// The text's halves, and it without one character at either end.
fn shorter_texts(text: &str, mut give: impl FnMut(Cow<'static, str>)) {
    let letters: Vec<char> = text.chars().collect();
    let mut of = |letters: &[char]| give(letters.iter().collect::<String>().into());
    if let [_, rest @ ..] = letters.as_slice() {
        if letters.len() > 3 {
            of(&letters[..letters.len() / 2]);
            of(&letters[letters.len() / 2..]);
        }
        of(rest);
        if letters.len() > 1 {
            of(&letters[..letters.len() - 1]);
        }
    }
}
