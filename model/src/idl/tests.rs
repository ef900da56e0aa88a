//! Messages that Cap'n Proto's own tool encoded from the schema, and hand-made ones.

use super::{IdlModel, decode_reply, decode_request, encode_reply, encode_request};
use spec::ErrorCode::{self, MalformedMessage, OversizedMessage, TrailingBytes, TruncatedMessage};
use spec::idl::*;
use spec::{Contract, Machine, SplitMix64};

fn hex(digits: &str) -> Vec<u8> {
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("digits")).collect()
}

fn request(sequence: u32, claimed: Option<u64>, call: Call<'static>) -> Request<'static> {
    Request { sequence, claimed, call }
}

#[test]
fn requests_are_as_the_capnp_tool_has_them() {
    let setting = Call::SettingSet { key: "audio.sink".into(), value: "null".into() };
    let write = Call::Write { stream: 3, pcm: vec![1, 0, 255, 255, 0].into() };
    for (request, digits) in [
        (
            request(7, Some(0x0123_4567_89ab_cdef), setting),
            concat!(
                "000000000a00000000000000030001000100010007000000efcdab89674523011c000000000000000000000000000200",
                "050000005a000000090000002a000000617564696f2e73696e6b0000000000006e756c6c00000000"
            ),
        ),
        (
            request(u32::MAX, None, write),
            concat!(
                "0000000008000000000000000300010001000000ffffffff000000000000000007000000000000000000000001000100",
                "0300000000000000010000002a0000000100ffff00000000"
            ),
        ),
        (
            request(5, None, Call::Seek { session: 2, ms: 90_000 }),
            concat!(
                "000000000700000000000000030001000100000005000000000000000000000017000000000000000000000002000000",
                "0200000000000000905f010000000000"
            ),
        ),
    ] {
        assert_eq!(encode_request(&request), Ok(hex(digits)));
        assert_eq!(decode_request(&hex(digits)), Ok(request));
    }
}

#[test]
fn replies_are_as_the_capnp_tool_has_them() {
    let last = Peaks { peak: [32_768, 1], rms: [2, 3] };
    let fills = vec![Fill { stream: 1, frames: 1920 }, Fill { stream: 4, frames: 7 }];
    let stats = Answer::Stats {
        ticks: 1,
        open_streams: 2,
        underrun_events: 3,
        missing_frames: 4,
        clipped_samples: 5,
        last: Peaks { peak: [6, 7], rms: [8, 9] },
    };
    for (reply, digits) in [
        (
            Reply { sequence: 9, answer: Answer::Meters { last, fills } },
            concat!(
                "000000000b00000000000000020001000100090009000000000000000000000000000000000002000400000002000000",
                "090000001700000000800000010000000200000003000000080000000100000001000000800700000400000007000000"
            ),
        ),
        (
            Reply { sequence: 2, answer: Answer::Error { code: 710, text: "no".into() } },
            concat!(
                "00000000070000000000000002000100010000000200000000000000000000000000000001000100c602000000000000",
                "010000001a0000006e6f000000000000"
            ),
        ),
        (
            Reply { sequence: 2, answer: stats },
            concat!(
                "000000000c00000000000000020001000100080002000000000000000000000000000000050001000100000000000000",
                "020000000000000003000000000000000400000000000000050000000000000000000000020000000600000007000000",
                "0800000009000000"
            ),
        ),
    ] {
        assert_eq!(encode_reply(&reply), Ok(hex(digits)));
        assert_eq!(decode_reply(&hex(digits)), Ok(reply));
    }
}

#[test]
fn test_reject_frames_by_their_header() {
    let frame = encode_request(&request(1, None, Call::Stats)).expect("a request");
    assert_eq!(frame.len(), 48);
    for end in 0..48 {
        assert_eq!(decode_request(&frame[..end]), Err(TruncatedMessage), "{end}");
    }
    assert_eq!(decode_request(&[frame.as_slice(), &[0]].concat()), Err(TrailingBytes));
    let header = |segments: u32, words: u32| [segments.to_le_bytes(), words.to_le_bytes()].concat();
    assert_eq!(decode_request(&header(0, 1024)), Err(OversizedMessage));
    assert_eq!(decode_request(&header(0, 1023)), Err(TruncatedMessage));
    assert_eq!(decode_request(&header(1, u32::MAX)), Err(MalformedMessage));
    assert_eq!(decode_request(&header(0, 0)), Err(MalformedMessage));
}

/// The words of a frame that opens a stream for the app of these bytes.
fn open(text: &[u8]) -> Vec<u8> {
    let mut words: Vec<u64> = vec![0x0001_0003_0000_0000, 1, 0, 6, 1 | 2 << 32 | (text.len() as u64) << 35];
    for chunk in text.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        words.push(u64::from_le_bytes(word));
    }
    let mut bytes = [[0; 4], (words.len() as u32).to_le_bytes()].concat();
    bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    bytes
}

#[test]
fn test_reject_texts() {
    let app = |text: &[u8]| decode_request(&open(text)).map(|request| request.call);
    assert_eq!(app(b"app\0"), Ok(Call::OpenStream("app".into())));
    assert_eq!(app(b"app"), Err(MalformedMessage));
    assert_eq!(app(b""), Err(MalformedMessage));
    assert_eq!(app(b"\xff\0"), Err(ErrorCode::InvalidText));
    assert_eq!(app(&[vec![b'a'; 128], vec![0]].concat()), Ok(Call::OpenStream("a".repeat(128).into())));
    assert_eq!(app(&[vec![b'a'; 129], vec![0]].concat()), Err(ErrorCode::OversizedText));
    // The bound comes before the encoding.
    assert_eq!(app(&[vec![0xff; 129], vec![0]].concat()), Err(ErrorCode::OversizedText));
}

#[test]
fn what_is_drawn_is_mostly_read_and_every_code_is_met() {
    let mut model = IdlModel;
    let (mut read, mut steps, mut codes) = (0, 0, std::collections::BTreeSet::new());
    for seed in 0..2_000 {
        for op in Idl::draw(&mut SplitMix64::new(seed), 24).ops {
            steps += 1;
            match model.step(&op) {
                Ok(Obs::Rejected(code)) => drop(codes.insert(code)),
                _ => read += 1,
            }
        }
    }
    assert!(read * 2 > steps, "{read} of {steps}");
    let own = (710..=718).chain([104]);
    assert_eq!(codes.into_iter().map(|code| code as u16).collect::<Vec<_>>(), {
        let mut own: Vec<u16> = own.collect();
        own.sort();
        own
    });
}
