//! The reference model of the contract `idl`: Cap'n Proto's wire format, for the two messages of `spec/idl/audio.capnp` alone.
//!
//! The numbers of fields below are their first bits, tags and pointers, as the schema's compiler lays them out.

pub use self::IdlModel as Model;

mod media;
mod segment;
mod tree;

use segment::{Segment, Struct};
use spec::idl::*;
use spec::{ErrorCode, Failure, Machine};
use tree::{Child, Tree};

/// The reference model of the contract `idl`, which remembers nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdlModel;

/// The segment of the one frame that these bytes are.
fn segment(bytes: &[u8]) -> Result<Segment, ErrorCode> {
    // IDL-004
    let (header, rest) = bytes.split_first_chunk::<8>().ok_or(ErrorCode::TruncatedMessage)?;
    let [s0, s1, s2, s3, w0, w1, w2, w3] = *header;
    // IDL-007: the number of segments less one.
    if u32::from_le_bytes([s0, s1, s2, s3]) != 0 {
        return Err(ErrorCode::MalformedMessage);
    }
    let size = u64::from(u32::from_le_bytes([w0, w1, w2, w3])) * 8;
    // IDL-005
    if u64::from(IDL_HEADER_BYTES) + size > u64::from(IDL_MESSAGE_BYTES_MAX) {
        return Err(ErrorCode::OversizedMessage);
    }
    match (rest.len() as u64).cmp(&size) {
        // IDL-004
        std::cmp::Ordering::Less => Err(ErrorCode::TruncatedMessage),
        // IDL-006
        std::cmp::Ordering::Greater => Err(ErrorCode::TrailingBytes),
        std::cmp::Ordering::Equal => Ok(Segment::new(rest)),
    }
}

/// IDL-010
fn at_most(length: usize, max: u32, code: ErrorCode) -> Result<(), ErrorCode> {
    if length > max as usize { Err(code) } else { Ok(()) }
}

/// A message that is being read, at one of its structs.
struct At<'a> {
    segment: &'a mut Segment,
    here: Struct,
}

impl At<'_> {
    fn u16(&self, first_bit: u64) -> u16 {
        self.segment.field(self.here, first_bit, 16) as u16
    }

    fn u32(&self, first_bit: u64) -> u32 {
        self.segment.field(self.here, first_bit, 32) as u32
    }

    fn u64(&self, first_bit: u64) -> u64 {
        self.segment.field(self.here, first_bit, 64)
    }

    fn bool(&self, bit: u64) -> bool {
        self.segment.field(self.here, bit, 1) == 1
    }

    /// The struct behind a pointer. IDL-007 is kept in [`Segment`].
    fn child(&mut self, pointer: u64) -> Result<At<'_>, ErrorCode> {
        let here = self.segment.structure(self.here.pointer(pointer))?;
        Ok(At { segment: self.segment, here })
    }

    fn text(&mut self, pointer: u64, max: u32) -> Result<String, ErrorCode> {
        // IDL-012
        let Some(mut bytes) = self.segment.bytes(self.here.pointer(pointer))? else { return Ok(String::new()) };
        // IDL-007: a text ends with a zero byte.
        if bytes.pop() != Some(0) {
            return Err(ErrorCode::MalformedMessage);
        }
        at_most(bytes.len(), max, ErrorCode::OversizedText)?;
        // IDL-011
        String::from_utf8(bytes).map_err(|_| ErrorCode::InvalidText)
    }

    fn sink(&self, first_bit: u64) -> Result<Sink, ErrorCode> {
        match self.u16(first_bit) {
            0 => Ok(Sink::Null),
            1 => Ok(Sink::File),
            2 => Ok(Sink::I2s),
            // IDL-014
            _ => Err(ErrorCode::OutOfRange),
        }
    }

    fn gain(&mut self) -> Result<Gain, ErrorCode> {
        let gain = self.child(0)?;
        Ok(Gain { id: gain.u32(0), db_q8_8: gain.u16(32) as i16 })
    }

    fn mute(&mut self) -> Result<Mute, ErrorCode> {
        let mute = self.child(0)?;
        Ok(Mute { id: mute.u32(0), muted: mute.bool(32) })
    }

    fn peaks(&mut self) -> Result<Peaks, ErrorCode> {
        let last = self.child(0)?;
        Ok(Peaks { peak: [last.u32(0), last.u32(32)], rms: [last.u32(64), last.u32(96)] })
    }

    fn fills(&mut self) -> Result<Fills, ErrorCode> {
        let list = self.segment.structures(self.here.pointer(1))?;
        // IDL-010
        at_most(list.count as usize, IDL_FILLS_MAX, ErrorCode::OversizedList)?;
        let fill = |index| {
            let field = |first_bit| self.segment.field(list.element(index), first_bit, 32) as u32;
            Fill { stream: field(0), frames: field(32) }
        };
        Ok((0..list.count).map(fill).collect())
    }

    /// IDL-008
    fn version(&self) -> Result<(), ErrorCode> {
        if self.u16(0) == IDL_VERSION { Ok(()) } else { Err(ErrorCode::UnsupportedVersion) }
    }
}

fn decode_request(bytes: &[u8]) -> Result<Request<'static>, ErrorCode> {
    let mut segment = segment(bytes)?;
    let here = segment.root()?;
    let mut root = At { segment: &mut segment, here };
    root.version()?;
    // IDL-013
    let claimed = root.bool(16).then_some(root.u64(64));
    let (sequence, number) = (root.u32(32), root.u32(160));
    let call = match root.u16(128) {
        0 => Call::DefaultFormat,
        1 => Call::SinkState,
        2 => Call::SetLevel(number),
        3 => Call::SetMuted(root.bool(160)),
        4 => Call::GetLevel,
        5 => {
            let tone = root.child(0)?;
            Call::PlayTone { hz: tone.u32(0), ms: tone.u32(32) }
        }
        6 => Call::OpenStream(root.text(0, IDL_TEXT_BYTES_MAX)?.into()),
        7 => {
            let write = root.child(0)?;
            let pcm = write.segment.bytes(write.here.pointer(0))?.unwrap_or_default();
            // IDL-010
            at_most(pcm.len(), IDL_PCM_BYTES_MAX, ErrorCode::OversizedList)?;
            Call::Write { stream: write.u32(0), pcm: pcm.into() }
        }
        8 => Call::Start(number),
        9 => Call::Pause(number),
        10 => Call::Close(number),
        11 => Call::SetStreamGain(root.gain()?),
        12 => Call::SetStreamMuted(root.mute()?),
        13 => Call::Position(number),
        14 => Call::Stats,
        15 => Call::Meters,
        16 => Call::SelectSink(root.sink(160)?),
        17 => Call::RecordStart(root.text(0, IDL_TEXT_BYTES_MAX)?.into()),
        18 => Call::RecordStop,
        19 => {
            let mut publish = root.child(0)?;
            let app = publish.text(0, IDL_TEXT_BYTES_MAX)?.into();
            Call::Publish { app, stream: publish.u32(0), class: publish.class(32)?, seekable: publish.bool(48) }
        }
        20 => Call::Withdraw(number),
        21 => Call::Play(number),
        22 => Call::PauseSession(number),
        23 => {
            let seek = root.child(0)?;
            Call::Seek { session: seek.u32(0), ms: seek.u64(64) }
        }
        24 => Call::Duck(number),
        25 => Call::Unduck(number),
        26 => Call::SetVolume(root.gain()?),
        27 => Call::SetSessionMuted(root.mute()?),
        28 => {
            let mut setting = root.child(0)?;
            let key = setting.text(0, IDL_SETTING_BYTES_MAX)?.into();
            Call::SettingSet { key, value: setting.text(1, IDL_SETTING_BYTES_MAX)?.into() }
        }
        29 => Call::SettingGet(root.text(0, IDL_SETTING_BYTES_MAX)?.into()),
        tag => root.media_call(tag, number)?,
    };
    Ok(Request { sequence, claimed, call })
}

fn decode_reply(bytes: &[u8]) -> Result<Reply<'static>, ErrorCode> {
    let mut segment = segment(bytes)?;
    let here = segment.root()?;
    let mut root = At { segment: &mut segment, here };
    root.version()?;
    let (sequence, number) = (root.u32(32), root.u32(64));
    let answer = match root.u16(16) {
        0 => {
            let mut error = root.child(0)?;
            let code = error.u16(0);
            // IDL-014
            if code == 0 {
                return Err(ErrorCode::OutOfRange);
            }
            Answer::Error { code, text: error.text(0, IDL_TEXT_BYTES_MAX)?.into() }
        }
        1 => Answer::Done,
        2 => {
            let of = root.child(0)?;
            Answer::Format { rate_hz: of.u32(0), channels: of.u16(32), bits: of.u16(48), block_frames: of.u32(64) }
        }
        3 => {
            let of = root.child(0)?;
            Answer::Sink { sink: of.sink(0)?, recording: of.bool(16), frames: of.u64(64) }
        }
        4 => {
            let of = root.child(0)?;
            Answer::Level { q16: of.u32(0), muted: of.bool(32) }
        }
        5 => {
            let of = root.child(0)?;
            Answer::Opened { stream: of.u32(0), handle: of.u32(32), offset: of.u32(64), frames: of.u32(96) }
        }
        6 => Answer::Taken(number),
        7 => {
            let of = root.child(0)?;
            Answer::Position { frames: of.u64(0), ms: of.u64(64) }
        }
        8 => {
            let mut of = root.child(0)?;
            Answer::Stats {
                ticks: of.u64(0),
                open_streams: of.u32(64),
                underrun_events: of.u64(128),
                missing_frames: of.u64(192),
                clipped_samples: of.u64(256),
                last: of.peaks()?,
            }
        }
        9 => {
            let mut of = root.child(0)?;
            Answer::Meters { last: of.peaks()?, fills: of.fills()? }
        }
        10 => {
            let of = root.child(0)?;
            Answer::Recorded { frames: of.u64(0), bytes: of.u64(64) }
        }
        11 => Answer::Published(number),
        12 => Answer::Setting(root.text(0, IDL_SETTING_BYTES_MAX)?.into()),
        tag => root.media_answer(tag)?,
    };
    Ok(Reply { sequence, answer })
}

/// IDL-010
fn text(text: &str, max: u32) -> Result<Child, ErrorCode> {
    at_most(text.len(), max, ErrorCode::OversizedText)?;
    Ok(Child::text(text))
}

fn gain(of: Gain) -> Child {
    Child::Struct(Tree::new(1, vec![]).with(0, of.id.into()).with(32, u64::from(of.db_q8_8 as u16)))
}

fn mute(of: Mute) -> Child {
    Child::Struct(Tree::new(1, vec![]).with(0, of.id.into()).with(32, of.muted.into()))
}

fn sink(of: Sink) -> u64 {
    match of {
        Sink::Null => 0,
        Sink::File => 1,
        Sink::I2s => 2,
    }
}

fn peaks(of: Peaks) -> Child {
    let [left, right] = of.peak.map(u64::from);
    let [rms_left, rms_right] = of.rms.map(u64::from);
    Child::Struct(Tree::new(2, vec![]).with(0, left).with(32, right).with(64, rms_left).with(96, rms_right))
}

/// IDL-001
fn encode_request(request: &Request<'_>) -> Result<Vec<u8>, ErrorCode> {
    let none = (0, Child::Null);
    let number = |of: &u32| (u64::from(*of), Child::Null);
    let below = |tree| (0, Child::Struct(tree));
    let (tag, (value, child)) = match &request.call {
        Call::DefaultFormat => (0, none),
        Call::SinkState => (1, none),
        Call::SetLevel(q16) => (2, number(q16)),
        Call::SetMuted(muted) => (3, (u64::from(*muted), Child::Null)),
        Call::GetLevel => (4, none),
        Call::PlayTone { hz, ms } => (5, below(Tree::new(1, vec![]).with(0, (*hz).into()).with(32, (*ms).into()))),
        Call::OpenStream(app) => (6, (0, text(app, IDL_TEXT_BYTES_MAX)?)),
        Call::Write { stream, pcm } => {
            // IDL-010
            at_most(pcm.len(), IDL_PCM_BYTES_MAX, ErrorCode::OversizedList)?;
            (7, below(Tree::new(1, vec![Child::Bytes(pcm.to_vec())]).with(0, (*stream).into())))
        }
        Call::Start(stream) => (8, number(stream)),
        Call::Pause(stream) => (9, number(stream)),
        Call::Close(stream) => (10, number(stream)),
        Call::SetStreamGain(of) => (11, (0, gain(*of))),
        Call::SetStreamMuted(of) => (12, (0, mute(*of))),
        Call::Position(stream) => (13, number(stream)),
        Call::Stats => (14, none),
        Call::Meters => (15, none),
        Call::SelectSink(of) => (16, (sink(*of), Child::Null)),
        Call::RecordStart(uri) => (17, (0, text(uri, IDL_TEXT_BYTES_MAX)?)),
        Call::RecordStop => (18, none),
        Call::Publish { app, stream, class, seekable } => {
            let tree = Tree::new(1, vec![text(app, IDL_TEXT_BYTES_MAX)?]).with(0, (*stream).into()).with(32, *class as u64);
            (19, below(tree.with(48, (*seekable).into())))
        }
        Call::Withdraw(session) => (20, number(session)),
        Call::Play(session) => (21, number(session)),
        Call::PauseSession(session) => (22, number(session)),
        Call::Seek { session, ms } => (23, below(Tree::new(2, vec![]).with(0, (*session).into()).with(64, *ms))),
        Call::Duck(session) => (24, number(session)),
        Call::Unduck(session) => (25, number(session)),
        Call::SetVolume(of) => (26, (0, gain(*of))),
        Call::SetSessionMuted(of) => (27, (0, mute(*of))),
        Call::SettingSet { key, value } => {
            let texts = vec![text(key, IDL_SETTING_BYTES_MAX)?, text(value, IDL_SETTING_BYTES_MAX)?];
            (28, below(Tree::new(0, texts)))
        }
        Call::SettingGet(key) => (29, (0, text(key, IDL_SETTING_BYTES_MAX)?)),
        call => media::call(call)?,
    };
    let root = Tree::new(3, vec![child]).with(0, IDL_VERSION.into()).with(32, request.sequence.into()).with(128, tag).with(160, value);
    // IDL-013
    let root = root.with(16, request.claimed.is_some().into()).with(64, request.claimed.unwrap_or(0));
    Ok(root.frame())
}

/// IDL-002
fn encode_reply(reply: &Reply<'_>) -> Result<Vec<u8>, ErrorCode> {
    let below = |tree| (0, Child::Struct(tree));
    let (tag, (value, child)) = match &reply.answer {
        // IDL-014
        Answer::Error { code: 0, .. } => return Err(ErrorCode::OutOfRange),
        Answer::Error { code, text: why } => (0, below(Tree::new(1, vec![text(why, IDL_TEXT_BYTES_MAX)?]).with(0, (*code).into()))),
        Answer::Done => (1, (0, Child::Null)),
        Answer::Format { rate_hz, channels, bits, block_frames } => {
            let tree = Tree::new(2, vec![]).with(0, (*rate_hz).into()).with(32, (*channels).into()).with(48, (*bits).into());
            (2, below(tree.with(64, (*block_frames).into())))
        }
        Answer::Sink { sink: of, recording, frames } => {
            (3, below(Tree::new(2, vec![]).with(0, sink(*of)).with(16, (*recording).into()).with(64, *frames)))
        }
        Answer::Level { q16, muted } => (4, below(Tree::new(1, vec![]).with(0, (*q16).into()).with(32, (*muted).into()))),
        Answer::Opened { stream, handle, offset, frames } => {
            let tree = Tree::new(2, vec![]).with(0, (*stream).into()).with(32, (*handle).into());
            (5, below(tree.with(64, (*offset).into()).with(96, (*frames).into())))
        }
        Answer::Taken(frames) => (6, (u64::from(*frames), Child::Null)),
        Answer::Position { frames, ms } => (7, below(Tree::new(2, vec![]).with(0, *frames).with(64, *ms))),
        Answer::Stats { ticks, open_streams, underrun_events, missing_frames, clipped_samples, last } => {
            let tree = Tree::new(5, vec![peaks(*last)]).with(0, *ticks).with(64, (*open_streams).into());
            (8, below(tree.with(128, *underrun_events).with(192, *missing_frames).with(256, *clipped_samples)))
        }
        Answer::Meters { last, fills } => {
            // IDL-010
            at_most(fills.len(), IDL_FILLS_MAX, ErrorCode::OversizedList)?;
            let of = |fill: &Fill| Tree::new(1, vec![]).with(0, fill.stream.into()).with(32, fill.frames.into());
            (9, below(Tree::new(0, vec![peaks(*last), Child::Structs(1, fills.iter().map(of).collect())])))
        }
        Answer::Recorded { frames, bytes } => (10, below(Tree::new(2, vec![]).with(0, *frames).with(64, *bytes))),
        Answer::Published(session) => (11, (u64::from(*session), Child::Null)),
        Answer::Setting(value) => (12, (0, text(value, IDL_SETTING_BYTES_MAX)?)),
        answer => media::answer(answer)?,
    };
    let root = Tree::new(2, vec![child]).with(0, IDL_VERSION.into()).with(16, tag).with(32, reply.sequence.into()).with(64, value);
    Ok(root.frame())
}

impl Machine<Idl> for IdlModel {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        // IDL-003: both directions are of one layout.
        let answer = match op {
            Op::EncodeRequest(request) => encode_request(request).map(Obs::Frame),
            Op::EncodeReply(reply) => encode_reply(reply).map(Obs::Frame),
            Op::DecodeRequest(bytes) => decode_request(bytes).map(Obs::Request),
            Op::DecodeReply(bytes) => decode_reply(bytes).map(Obs::Reply),
        };
        Ok(answer.unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests;
