//! Two players side by side, packet by packet, up to the first difference.

use super::pictures::{self, Triple};
use super::player::{Answer, Kind, Packet, Player};
use serde::Serialize;
use spec::ErrorCode;

/// The names of a pixel's channels, in their order.
pub const CHANNELS: [&str; 4] = ["blue", "green", "red", "alpha"];

/// Where two players differ first. What does not apply is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What differs: `pixel`, `sample`, `size`, `delay`, `format`, `length`, `end`, `probe` or `panic`.
    pub what: &'static str,
    /// The number of the frame or packet, from 0.
    pub packet: Option<u32>,
    /// Column of the pixel, from 0 on the left.
    pub x: Option<u32>,
    /// Row of the pixel, from 0 at the top.
    pub y: Option<u32>,
    /// The channel: a colour's name, or a number from 0.
    pub channel: Option<String>,
    /// The frame of samples since the start of the stream, from 0.
    pub frame: Option<u64>,
    /// What the reference says there.
    pub expected: String,
    /// What the other one says there.
    pub got: String,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.what)?;
        if let Some(packet) = self.packet {
            write!(f, " in packet {packet}")?;
        }
        if let (Some(x), Some(y)) = (self.x, self.y) {
            write!(f, " at x={x} y={y}")?;
        }
        if let Some(frame) = self.frame {
            write!(f, " at frame {frame}")?;
        }
        if let Some(channel) = &self.channel {
            write!(f, " channel {channel}")?;
        }
        write!(f, ": expected {}, got {}", self.expected, self.got)
    }
}

/// How a comparison ended.
#[derive(Clone, Debug)]
pub enum Held {
    /// Every packet and the end are the same.
    Agree {
        /// Packets of both.
        packets: u32,
    },
    /// The same packets, and then the same rejection.
    RejectedAlike {
        /// Packets of both before it.
        packets: u32,
        /// Its code.
        code: ErrorCode,
    },
    /// They differ.
    Diverge {
        /// Packets that are the same.
        packets: u32,
        /// Where they differ first.
        difference: Box<Difference>,
        /// What it looks like, where it is in a packet.
        pictures: Option<Triple>,
    },
}

/// Plays both up to the end or the first difference.
pub fn compare(expected: &mut dyn Player, got: &mut dyn Player) -> Held {
    let (mut packets, mut frames) = (0_u32, 0_u64);
    loop {
        match (expected.next(), got.next()) {
            (Answer::Packet(right), Answer::Packet(found)) => {
                if let Some((difference, pictures)) = of_packets(packets, frames, &right, &found) {
                    return Held::Diverge { packets, difference: Box::new(difference), pictures };
                }
                if let Kind::Pcm { channels, .. } = right.kind {
                    frames += right.bytes.len() as u64 / (2 * u64::from(channels.max(1)));
                }
                packets = packets.saturating_add(1);
            }
            (right @ Answer::Ended { .. }, found) if right == found => return Held::Agree { packets },
            (Answer::Rejected(code), Answer::Rejected(found)) if code == found => return Held::RejectedAlike { packets, code },
            (right, found) => {
                let (expected, got) = (told(&right), told(&found));
                let difference = Difference { what: "end", packet: Some(packets), expected, got, ..Difference::default() };
                return Held::Diverge { packets, difference: Box::new(difference), pictures: None };
            }
        }
    }
}

/// An answer in words.
fn told(answer: &Answer) -> String {
    match answer {
        Answer::Packet(packet) => format!("another packet, {}", kind(packet.kind)),
        Answer::Ended { packets, plays } => format!("the end behind {packets} packets, {plays} plays"),
        Answer::Rejected(code) => format!("rejected as {}", code.name()),
        Answer::Failed(why) => format!("a failure: it {why}"),
    }
}

fn kind(kind: Kind) -> String {
    match kind {
        Kind::Frame { width, height, .. } => format!("{width} x {height} pixels"),
        Kind::Pcm { rate_hz, channels } => format!("{rate_hz} Hz, {channels} channels"),
    }
}

/// The first difference of two packets of the same number.
fn of_packets(number: u32, start: u64, right: &Packet, found: &Packet) -> Option<(Difference, Option<Triple>)> {
    let plain = |what, expected: String, got: String| Difference { what, packet: Some(number), expected, got, ..Difference::default() };
    match (right.kind, found.kind) {
        (Kind::Frame { width, height, delay }, Kind::Frame { width: other, height: taller, delay: later }) => {
            if (width, height) != (other, taller) {
                return Some((plain("size", kind(right.kind), kind(found.kind)), None));
            }
            if delay != later {
                let seconds = |delay: spec::decode::Delay| format!("{}/{} s", delay.numerator, delay.denominator);
                return Some((plain("delay", seconds(delay), seconds(later)), None));
            }
            let place = first(&right.bytes, &found.bytes)?;
            let (difference, pixel) = (at_pixel(number, width, place, &right.bytes, &found.bytes), place / 4);
            let pictures = pictures::of_pixels((width, height), pixel, &right.bytes, &found.bytes);
            Some((difference, pictures))
        }
        (Kind::Pcm { channels, .. }, Kind::Pcm { .. }) if right.kind == found.kind => {
            let place = first(&right.bytes, &found.bytes)?;
            let difference = at_sample(number, start, channels, place, &right.bytes, &found.bytes);
            Some((difference, pictures::of_samples(channels, place / 2, &right.bytes, &found.bytes)))
        }
        _ => Some((plain("format", kind(right.kind), kind(found.kind)), None)),
    }
}

/// The first byte that differs, or that only one has.
pub fn first(right: &[u8], found: &[u8]) -> Option<usize> {
    let differs = right.iter().zip(found).position(|(right, found)| right != found);
    differs.or_else(|| (right.len() != found.len()).then(|| right.len().min(found.len())))
}

/// The difference of two frames at this byte.
pub fn at_pixel(number: u32, width: u32, byte: usize, right: &[u8], found: &[u8]) -> Difference {
    let (pixel, channel) = (byte / 4, byte % 4);
    let (x, y) = (pixel as u64 % u64::from(width.max(1)), pixel as u64 / u64::from(width.max(1)));
    let value = |bytes: &[u8]| match (bytes.get(byte), bytes.get(pixel * 4..pixel * 4 + 4)) {
        (Some(value), Some(whole)) => format!("{value} of bgra {whole:?}"),
        _ => "no such pixel".to_owned(),
    };
    Difference {
        what: "pixel",
        packet: Some(number),
        x: Some(x as u32),
        y: Some(y as u32),
        channel: CHANNELS.get(channel).map(|name| (*name).to_owned()),
        frame: None,
        expected: value(right),
        got: value(found),
    }
}

/// The difference of two packets of samples at this byte; `start` is the packet's first frame in the stream.
pub fn at_sample(number: u32, start: u64, channels: u8, byte: usize, right: &[u8], found: &[u8]) -> Difference {
    let (sample, channels) = (byte / 2, usize::from(channels.max(1)));
    let value = |bytes: &[u8]| match bytes.get(2 * sample..2 * sample + 2) {
        Some(&[low, high]) => i16::from_le_bytes([low, high]).to_string(),
        _ => "no such sample".to_owned(),
    };
    Difference {
        what: "sample",
        packet: Some(number),
        channel: Some((sample % channels).to_string()),
        frame: Some(start + (sample / channels) as u64),
        expected: value(right),
        got: value(found),
        ..Difference::default()
    }
}
