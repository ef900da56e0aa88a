//! One way to play a whole stream: the implementation, the reference model, or whatever a test puts in the place of one.

use decoders::{Client, Decoder, MediaPacket, Pull};
use model::decode::Shown;
use spec::ErrorCode;
use spec::decode::{Delay, Limits, Obs, Op};
use spec::devices::Blob;
use spec::media_types::CodecId;

/// What a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A frame of BGRA.
    Frame {
        /// Width, in pixels.
        width: u32,
        /// Height, in pixels.
        height: u32,
        /// How long it is shown.
        delay: Delay,
    },
    /// Interleaved samples of 16 bits, the lower byte first.
    Pcm {
        /// Frames of samples per second, in Hz.
        rate_hz: u32,
        /// Samples of a frame.
        channels: u8,
    },
}

/// A packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// What it is.
    pub kind: Kind,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What comes next in a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A packet.
    Packet(Packet),
    /// The end.
    Ended {
        /// Packets since the start.
        packets: u32,
        /// How often the stream is played; 0 is for ever.
        plays: u32,
    },
    /// The stream is rejected with this code.
    Rejected(ErrorCode),
    /// The decoder itself failed, and how: nothing that a right one does.
    Failed(String),
}

/// Something that plays a whole stream.
pub trait Player {
    /// What comes next.
    fn next(&mut self) -> Answer;
}

/// Opens a player of a whole stream; none where it has no decoder of the codec.
pub type Open<'a> = &'a dyn Fn(CodecId, &[u8], &Limits) -> Option<Box<dyn Player>>;

/// A stream that was refused before its first packet.
struct Refused(ErrorCode);

impl Player for Refused {
    fn next(&mut self) -> Answer {
        Answer::Rejected(self.0)
    }
}

struct Implementation(Box<dyn Decoder + Send>);

impl Player for Implementation {
    fn next(&mut self) -> Answer {
        match self.0.next() {
            Ok(Pull::Packet(MediaPacket::VideoFrame(frame))) => {
                let kind = Kind::Frame { width: frame.width, height: frame.height, delay: frame.delay };
                Answer::Packet(Packet { kind, bytes: frame.pixels.to_vec() })
            }
            Ok(Pull::Packet(MediaPacket::Pcm(pcm))) => {
                let kind = Kind::Pcm { rate_hz: pcm.rate_hz, channels: pcm.channels };
                Answer::Packet(Packet { kind, bytes: pcm.samples.iter().flat_map(|sample| sample.to_le_bytes()).collect() })
            }
            Ok(Pull::Ended { packets, plays }) => Answer::Ended { packets, plays },
            Ok(Pull::NeedInput) => Answer::Failed("asks for more bytes behind the end of the stream".to_owned()),
            Err(error) => Answer::Rejected(error.code()),
        }
    }
}

/// Plays a stream by the implementation of this project.
pub fn implementation(codec: CodecId, stream: &[u8], limits: &Limits) -> Option<Box<dyn Player>> {
    match Client::new(limits.clone()).and_then(|client| client.open(codec)) {
        Err(error) if error.code() == ErrorCode::UnknownMedia => None,
        Err(error) => Some(Box::new(Refused(error.code()))),
        Ok(mut decoder) => match decoder.feed(stream).and_then(|()| decoder.end()) {
            Ok(()) => Some(Box::new(Implementation(decoder))),
            Err(error) => Some(Box::new(Refused(error.code()))),
        },
    }
}

struct Reference {
    model: Box<dyn Shown>,
    /// What the header says, once a packet was given.
    header: Option<Obs>,
}

impl Reference {
    fn packet(&mut self, delay: Delay) -> Answer {
        if self.header.is_none() {
            self.header = self.model.ask(&Op::Info).ok();
        }
        let kind = match self.header {
            Some(Obs::Info { width, height }) => Kind::Frame { width, height, delay },
            Some(Obs::Audio { rate_hz, channels }) => Kind::Pcm { rate_hz, channels },
            _ => return Answer::Failed("gives a packet without a header".to_owned()),
        };
        Answer::Packet(Packet { kind, bytes: self.model.shown() })
    }
}

impl Player for Reference {
    fn next(&mut self) -> Answer {
        match self.model.ask(&Op::Next) {
            Ok(Obs::Frame { delay, .. }) => self.packet(delay),
            Ok(Obs::Pcm { .. }) => self.packet(Delay { numerator: 0, denominator: 1 }),
            Ok(Obs::Ended { frames, plays }) => Answer::Ended { packets: frames, plays },
            Ok(Obs::Rejected(code)) => Answer::Rejected(code),
            Ok(obs) => Answer::Failed(format!("answers {obs:?} where a packet was asked for")),
            Err(failure) => Answer::Failed(failure.to_string()),
        }
    }
}

/// Plays a stream by the reference model of its format.
pub fn reference(codec: CodecId, stream: &[u8], limits: &Limits) -> Box<dyn Player> {
    let mut model = model::decode::decoder(codec);
    if let Ok(Err(code)) = model.open(limits) {
        return Box::new(Refused(code));
    }
    for op in [Op::Feed(Blob(stream.to_vec())), Op::End] {
        if let Ok(Obs::Rejected(code)) = model.ask(&op) {
            return Box::new(Refused(code));
        }
    }
    Box::new(Reference { model, header: None })
}
