//! Limits of a client, and streams in use.

use super::ramp;
use crate::contracts::decoding::goldens::{feed, golden, in_chunks, of_ends, of_limits, of_sound};
use crate::suite::GoldenCase;
use spec::decode::whole;
use spec::wav_stream::{Limits, Op, WAV_STREAM_PACKET_FRAMES, WavStream};

/// Frames of a packet.
const PACKET: usize = WAV_STREAM_PACKET_FRAMES as usize;

/// What a packet of one channel takes, in bytes.
const PACKET_BYTES: u64 = 2 * PACKET as u64;

pub(super) fn of_bounds() -> Vec<GoldenCase<WavStream>> {
    let plain = Limits::default;
    let stream = ramp(PACKET + 9).bytes();
    let bytes = stream.len() as u64;
    let limited = |name, doc, config| golden(name, doc, config, whole(&stream, 2));
    let mut all = vec![
        limited("total_met", "As many bytes of samples as the limit.", Limits { decoded_bytes: PACKET_BYTES + 18, ..plain() }),
        limited("total_exceeded", "One byte too few for the second packet.", Limits { decoded_bytes: PACKET_BYTES + 17, ..plain() }),
        limited("memory_met", "The stream and a packet.", Limits { memory_bytes: bytes + PACKET_BYTES, ..plain() }),
        limited("memory_exceeded", "One byte too few for a packet.", Limits { memory_bytes: bytes + PACKET_BYTES - 1, ..plain() }),
        limited(
            "memory_and_total",
            "The bytes of all samples are looked at before the memory.",
            Limits { memory_bytes: bytes, decoded_bytes: 1, ..plain() },
        ),
    ];
    all.extend(of_limits(&stream, 2));
    all.extend(of_sound(&stream, 2, PACKET_BYTES));
    all
}

pub(super) fn of_use() -> Vec<GoldenCase<WavStream>> {
    let plain = Limits::default;
    let stream = ramp(PACKET + 9).bytes();
    let chunks = |size: usize| in_chunks(&stream, size, &[Op::Info, Op::Next, Op::Next, Op::End, Op::Next]);
    let (start, rest) = stream.split_at(stream.len() - 4);
    let wrong = || {
        let mut file = ramp(PACKET + 9);
        file.chunks[1].claimed = Some(u32::MAX);
        file.bytes()
    };
    let mut all = vec![
        golden("in_elevens", "Each packet is there with its last frame.", plain(), chunks(11)),
        golden("in_hundreds", "Chunks of a hundred bytes give the same.", plain(), chunks(100)),
        golden("without_an_end", "What is missing may still come, until the end is told.", plain(), {
            let mut ops = vec![Op::Next, Op::Info, feed(start), Op::Next, Op::Next, Op::Next];
            ops.push(feed(rest));
            ops.extend([Op::Next, Op::Next, Op::End, Op::Next]);
            ops
        }),
        golden("cut", "A stream that ends within its data gives what lies before it.", plain(), whole(start, 2)),
        golden("cut_in_the_fmt_chunk", "Too few bytes for a fmt chunk, before and after the end.", plain(), {
            vec![feed(&stream[..35]), Op::Info, Op::Next, Op::End, Op::Info, Op::Next]
        }),
        golden("end_told_late", "The end is told where part of a packet is there: it is given then.", plain(), {
            vec![feed(start), Op::Next, Op::Next, Op::End, Op::Next, Op::Next]
        }),
        golden("rewound", "After a rewind the same packets come again, in the middle and at the end.", plain(), {
            let mut ops = vec![feed(&stream), Op::Next, Op::Rewind, Op::Next, Op::Next, Op::Next];
            ops.extend([Op::Rewind, Op::End, Op::Next, Op::Next, Op::Next, Op::Next]);
            ops
        }),
        golden("error_stays", "An error is given again, a rewind gives the packets before it.", plain(), {
            let mut ops = vec![feed(&wrong()), Op::End, Op::Next, Op::Next, Op::Next, Op::Next, Op::FeedZeros(3), Op::Next];
            ops.extend([Op::Info, Op::Rewind, Op::Next, Op::Next, Op::Next]);
            ops
        }),
    ];
    all.extend(of_ends(&stream));
    all
}
