//! Features of WAV streams.

use super::Declared;
use spec::ErrorCode as E;
use spec::wav_stream::{
    Found, WAV_STREAM_CHANNELS_MAX, WAV_STREAM_PACKET_FRAMES, WAV_STREAM_RATE_HZ_MAX, WAV_STREAM_TAG_EXTENSIBLE, chunks,
};
use std::collections::BTreeSet;

pub const DECLARED: Declared = Declared {
    streams: &[
        "8 bits",
        "16 bits",
        "24 bits",
        "32 bits",
        "PCM's own tag",
        "extensible tag",
        "one channel",
        "two channels",
        "three channels or more",
        "most channels",
        "lowest rate",
        "highest rate",
        "longer fmt chunk",
        "other chunk",
        "odd chunk",
        "one packet",
        "several packets",
        "data cut",
    ],
    codes: &[
        E::MalformedMedia,
        E::TruncatedMedia,
        E::UnsupportedMedia,
        E::Misaligned,
        E::OversizedInput,
        E::DecodedTooLarge,
        E::DecodeMemoryExceeded,
    ],
    of,
    fixtures: &[],
};

fn of(stream: &[u8]) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let chunks = chunks(stream);
    let named = |name: &[u8; 4]| chunks.iter().find(|chunk| chunk.name == *name);
    let others = || chunks.iter().filter(|chunk| chunk.name != *b"fmt " && chunk.name != *b"data");
    if others().next().is_some() {
        found.insert("other chunk");
    }
    if others().any(|chunk| chunk.claimed % 2 == 1) {
        found.insert("odd chunk");
    }
    let (Some(fmt), Some(data)) = (named(b"fmt "), named(b"data")) else {
        return found;
    };
    let u16_at = |at: usize| stream.get(fmt.content.start + at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes));
    let rate = || stream.get(fmt.content.start + 4..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
    let (Some(tag), Some(channels), Some(rate), Some(align), Some(bits)) = (u16_at(0), u16_at(2), rate(), u16_at(12), u16_at(14)) else {
        return found;
    };
    found.extend(match bits {
        8 => Some("8 bits"),
        16 => Some("16 bits"),
        24 => Some("24 bits"),
        32 => Some("32 bits"),
        _ => None,
    });
    let extensible = tag == WAV_STREAM_TAG_EXTENSIBLE;
    found.insert(if extensible { "extensible tag" } else { "PCM's own tag" });
    if fmt.claimed > if extensible { 40 } else { 16 } {
        found.insert("longer fmt chunk");
    }
    found.insert(match channels {
        1 => "one channel",
        2 => "two channels",
        _ => "three channels or more",
    });
    if channels == WAV_STREAM_CHANNELS_MAX {
        found.insert("most channels");
    }
    found.extend(match rate {
        1 => Some("lowest rate"),
        WAV_STREAM_RATE_HZ_MAX => Some("highest rate"),
        _ => None,
    });
    found.insert(if packets(data, align.into()) > 1 { "several packets" } else { "one packet" });
    if !data.is_whole() {
        found.insert("data cut");
    }
    found
}

/// Packets of a data chunk, whose frames have so many bytes.
fn packets(data: &Found, align: usize) -> usize {
    data.content.len().checked_div(align).map_or(0, |frames| frames.div_ceil(WAV_STREAM_PACKET_FRAMES as usize))
}
