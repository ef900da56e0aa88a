//! Recorded cases of the contract `idl`.

use super::frames::{REQUEST, bytes, frame, hex, open_stream, reply, request, to_list, to_struct};
use crate::suite::GoldenCase;
use spec::Case;
use spec::idl::*;

pub(super) fn goldens() -> Vec<GoldenCase<Idl>> {
    let mut all = of_values();
    all.extend(of_frames());
    all.extend(of_contents());
    all.extend(super::media::goldens());
    all
}

pub(super) fn golden(name: &'static str, doc: &'static str, ops: Vec<Op>) -> GoldenCase<Idl> {
    GoldenCase { name, doc, case: Case { config: Config {}, ops } }
}

pub(super) fn asks(calls: Vec<Call<'static>>) -> Vec<Op> {
    (1..).zip(calls).map(|(sequence, call)| Op::EncodeRequest(Request { sequence, claimed: None, call })).collect()
}

pub(super) fn answers(answers: Vec<Answer<'static>>) -> Vec<Op> {
    (1..).zip(answers).map(|(sequence, answer)| Op::EncodeReply(Reply { sequence, answer })).collect()
}

pub(super) const PEAKS: Peaks = Peaks { peak: [32_768, 1], rms: [2, 3] };

fn of_values() -> Vec<GoldenCase<Idl>> {
    let gain = Gain { id: 3, db_q8_8: -1536 };
    let mute = Mute { id: 3, muted: true };
    let fill = |stream| Fill { stream, frames: 1920 - stream };
    vec![
        golden(
            "requests_of_audiod",
            "Every method of audiod, encoded.",
            asks(vec![
                Call::DefaultFormat,
                Call::SinkState,
                Call::SetLevel(49_152),
                Call::SetMuted(true),
                Call::GetLevel,
                Call::PlayTone { hz: 440, ms: 300 },
                Call::OpenStream("com.example.media.sample".into()),
                Call::Write { stream: 3, pcm: vec![1, 0, 255, 255, 0].into() },
                Call::Start(3),
                Call::Pause(3),
                Call::Close(u32::MAX),
                Call::SetStreamGain(gain),
                Call::SetStreamMuted(mute),
                Call::Position(3),
                Call::Stats,
                Call::Meters,
                Call::SelectSink(Sink::I2s),
                Call::RecordStart("state:/audio/out.wav".into()),
                Call::RecordStop,
            ]),
        ),
        golden(
            "requests_of_sessions_and_settings",
            "Every method of mediasessd and of the settings, encoded.",
            asks(vec![
                Call::publish("app", 2),
                Call::Withdraw(1),
                Call::Play(1),
                Call::PauseSession(1),
                Call::Seek { session: 1, ms: u64::MAX },
                Call::Duck(1),
                Call::Unduck(1),
                Call::SetVolume(Gain { id: 1, db_q8_8: i16::MIN }),
                Call::SetSessionMuted(Mute { id: 1, muted: false }),
                Call::SettingSet { key: "audio.master.level".into(), value: "0.75".into() },
                Call::SettingGet("audio.sink".into()),
            ]),
        ),
        golden(
            "replies",
            "Every result, and an error, encoded.",
            answers(vec![
                Answer::Error { code: 502, text: "unknown_stream: no open stream has that id".into() },
                Answer::Done,
                Answer::Format { rate_hz: 48_000, channels: 2, bits: 16, block_frames: 480 },
                Answer::Sink { sink: Sink::File, recording: true, frames: 480 },
                Answer::Level { q16: 49_152, muted: true },
                Answer::Opened { stream: 3, handle: 17, offset: 128, frames: 1920 },
                Answer::Taken(480),
                Answer::Position { frames: 4_800, ms: 100 },
                Answer::Stats { ticks: 1, open_streams: 2, underrun_events: 3, missing_frames: 4, clipped_samples: 5, last: PEAKS },
                Answer::Meters { last: PEAKS, fills: vec![fill(1), fill(4)] },
                Answer::Meters { last: Peaks::default(), fills: vec![] },
                Answer::Recorded { frames: 9_600, bytes: 38_444 },
                Answer::Published(1),
                Answer::Setting("null".into()),
            ]),
        ),
        golden(
            "claimed_identities",
            "A claimed identity, encoded; carried with its flag; ignored without it.",
            vec![
                Op::EncodeRequest(Request { sequence: 1, claimed: Some(0x0fa6_667d_38cc_d6a7), call: Call::Stats }),
                Op::EncodeRequest(Request { sequence: 1, claimed: Some(0), call: Call::Stats }),
                Op::DecodeRequest(frame(&[REQUEST, 1 | 1 << 16 | 7 << 32, 0x0fa6_667d_38cc_d6a7, 14, 0])),
                Op::DecodeRequest(frame(&[REQUEST, 1 | 7 << 32, 0x0fa6_667d_38cc_d6a7, 14, 0])),
            ],
        ),
        golden(
            "written_by_the_capnp_tool",
            "Messages as Cap'n Proto's own tool encodes them from the schema.",
            vec![
                Op::DecodeRequest(hex(concat!(
                    "000000000a00000000000000030001000100010007000000efcdab89674523011c000000000000000000000000000200",
                    "050000005a000000090000002a000000617564696f2e73696e6b0000000000006e756c6c00000000"
                ))),
                Op::DecodeRequest(hex(concat!(
                    "0000000008000000000000000300010001000000ffffffff000000000000000007000000000000000000000001000100",
                    "0300000000000000010000002a0000000100ffff00000000"
                ))),
                Op::DecodeReply(hex(concat!(
                    "000000000b00000000000000020001000100090009000000000000000000000000000000000002000400000002000000",
                    "090000001700000000800000010000000200000003000000080000000100000001000000800700000400000007000000"
                ))),
                Op::DecodeReply(hex(concat!(
                    "00000000070000000000000002000100010000000200000000000000000000000000000001000100c602000000000000",
                    "010000001a0000006e6f000000000000"
                ))),
            ],
        ),
    ]
}

fn of_frames() -> Vec<GoldenCase<Idl>> {
    let stats = request(14, 0, 0, &[]);
    let claiming = |words: u32| [&[0; 4], words.to_le_bytes().as_slice()].concat();
    let padded = |words: usize| request(14, 0, 0, &vec![0; words - 5]);
    let mut lying = stats.clone();
    lying[4] = 6;
    let segments = |count: u8| [&[count, 0, 0, 0], &stats[4..]].concat();
    let (a, b) = (to_struct(-1, 0, 0), to_struct(1, 1, 0));
    vec![
        golden(
            "truncated",
            "No bytes, half a header, a header alone, a frame without its last byte, a header that claims a word more.",
            vec![
                Op::DecodeRequest(vec![]),
                Op::DecodeRequest(stats[..7].to_vec()),
                Op::DecodeReply(stats[..8].to_vec()),
                Op::DecodeRequest(stats[..stats.len() - 1].to_vec()),
                Op::DecodeRequest(lying),
            ],
        ),
        golden(
            "sizes",
            "The largest frame is read; one word more, and the largest claim, are oversized, whether the bytes are there or not.",
            vec![
                Op::DecodeRequest(padded(1023)),
                Op::DecodeRequest(padded(1024)),
                Op::DecodeRequest(claiming(1024)),
                Op::DecodeReply(claiming(u32::MAX)),
                Op::DecodeRequest(claiming(1023)),
            ],
        ),
        golden(
            "trailing",
            "A byte, a word and a second frame after a frame.",
            [vec![0], vec![0; 8], stats.clone()].into_iter().map(|rest| Op::DecodeRequest([stats.clone(), rest].concat())).collect(),
        ),
        golden(
            "segments",
            "Two segments, and as many as there can be; no words at all; a null root, whose version is 0.",
            vec![
                Op::DecodeRequest(segments(1)),
                Op::DecodeRequest(vec![255; 8]),
                Op::DecodeRequest(frame(&[])),
                Op::DecodeRequest(frame(&[0])),
                Op::DecodeRequest(stats.clone()),
            ],
        ),
        golden(
            "pointers",
            "Pointers to before and beyond the segment, to an empty struct, to a list and a capability where a struct belongs.",
            vec![
                Op::DecodeRequest(request(5, 0, to_struct(0, 1, 0), &[440 | 300 << 32])),
                Op::DecodeRequest(request(5, 0, to_struct(1, 1, 0), &[1])),
                Op::DecodeRequest(request(5, 0, to_struct(-6, 1, 0), &[1])),
                Op::DecodeRequest(request(5, 0, to_struct(0, 2, 0), &[1])),
                Op::DecodeRequest(request(5, 0, a, &[])),
                Op::DecodeRequest(request(5, 0, to_list(0, 5, 1), &[1])),
                Op::DecodeRequest(request(5, 0, 3, &[1])),
                Op::DecodeRequest(request(6, 0, to_struct(0, 1, 0), &[0])),
                Op::DecodeRequest(request(6, 0, to_list(0, 3, 2), &[0])),
                Op::DecodeRequest(request(6, 0, to_list(0, 2, 9), &[0])),
                Op::DecodeRequest(request(14, 0, 3, &[])),
            ],
        ),
        golden(
            "landing_pads",
            "A far and a double-far pointer within the segment are followed; one to another segment, to a pad outside, or to another far pointer is not.",
            vec![
                Op::DecodeRequest(request(5, 0, 2 | 5 << 3, &[to_struct(0, 1, 0), 440 | 300 << 32])),
                Op::DecodeRequest(request(5, 0, 6 | 5 << 3, &[2 | 7 << 3, to_struct(0, 1, 0), 440 | 300 << 32])),
                Op::DecodeRequest(request(5, 0, 2 | 5 << 3 | 1 << 32, &[b, 1])),
                Op::DecodeRequest(request(5, 0, 6 | 5 << 3, &[2 | 7 << 3 | 1 << 32, to_struct(0, 1, 0), 1])),
                Op::DecodeRequest(request(5, 0, 2 | 7 << 3, &[b, 1])),
                Op::DecodeRequest(request(5, 0, 2 | 5 << 3, &[2 | 6 << 3, b, 1])),
            ],
        ),
        golden(
            "read_more_than_once_over",
            "Both texts of a setting in one place cost twice; with words to spare that is accepted, without it is malformed. Elements without size cost one each.",
            vec![
                Op::DecodeRequest(request(28, 0, to_struct(0, 0, 2), &[to_list(1, 2, 16), to_list(0, 2, 16), 0, 0])),
                Op::DecodeRequest(request(28, 0, to_struct(0, 0, 2), &[to_list(1, 2, 16), to_list(0, 2, 16), 0, 0, 0, 0])),
                Op::DecodeReply(reply(9, 0, to_struct(0, 0, 2), &[0, to_list(0, 0, 2), 0, 0])),
                Op::DecodeReply(reply(9, 0, to_struct(0, 0, 2), &[0, to_list(0, 0, 100)])),
                Op::DecodeReply(reply(9, 0, to_struct(0, 0, 2), &[0, to_list(0, 7, 0), 100 << 2])),
            ],
        ),
        golden(
            "versions",
            "Another version is rejected before its method is looked at.",
            [0, 2, 257, u64::from(u16::MAX)].map(|version| Op::DecodeRequest(frame(&[REQUEST, version, 0, 99, 3]))).to_vec(),
        ),
        golden(
            "unknown_methods",
            "The last method and result that there are, and those after them.",
            vec![
                Op::DecodeRequest(request(47, 0, 0, &[])),
                Op::DecodeRequest(request(48, 0, 0, &[])),
                Op::DecodeRequest(request(u16::MAX, 0, 0, &[])),
                Op::DecodeReply(reply(19, 0, 0, &[])),
                Op::DecodeReply(reply(20, 0, 0, &[])),
                Op::DecodeReply(reply(47, 0, 0, &[])),
            ],
        ),
    ]
}

fn of_contents() -> Vec<GoldenCase<Idl>> {
    let long = |len: u32| "a".repeat(len as usize);
    let (text, setting) = (IDL_TEXT_BYTES_MAX, IDL_SETTING_BYTES_MAX);
    let pcm = |extra: u32| vec![1; (IDL_PCM_BYTES_MAX + extra) as usize];
    let fills = |extra: u32| vec![Fill { stream: 1, frames: 2 }; (IDL_FILLS_MAX + extra) as usize];
    let terminated = |len: u32| [long(len).as_bytes(), &[0]].concat();
    let write = |extra: u32| {
        let (pointer, words) = bytes(&pcm(extra));
        Op::DecodeRequest(request(7, 0, to_struct(0, 1, 1), &[vec![3, pointer], words].concat()))
    };
    let meters = |count: u64| {
        let list = [vec![0, to_list(0, 7, count), count << 2 | 1 << 32], vec![2 << 32 | 1; count as usize]].concat();
        Op::DecodeReply(reply(9, 0, to_struct(0, 0, 2), &list))
    };
    let of_size = |size: u64, count: u64, words: &[u64]| {
        Op::DecodeReply(reply(9, 0, to_struct(0, 0, 2), &[&[0, to_list(0, size, count)], words].concat()))
    };
    let get = |len: u32| {
        let (pointer, words) = bytes(&terminated(len));
        Op::DecodeRequest(request(29, 0, pointer, &words))
    };
    let mut encoded = asks(vec![
        Call::OpenStream(long(text).into()),
        Call::OpenStream(long(text + 1).into()),
        Call::RecordStart(long(text + 1).into()),
        Call::publish(long(text + 1), 0),
        Call::SettingGet(long(setting).into()),
        Call::SettingGet(long(setting + 1).into()),
        Call::SettingSet { key: long(setting + 1).into(), value: "".into() },
        Call::SettingSet { key: "".into(), value: long(setting + 1).into() },
        Call::Write { stream: 0, pcm: pcm(0).into() },
        Call::Write { stream: 0, pcm: pcm(1).into() },
    ]);
    encoded.extend(answers(vec![
        Answer::Error { code: 1, text: long(text).into() },
        Answer::Error { code: 1, text: long(text + 1).into() },
        Answer::Setting(long(setting + 1).into()),
        Answer::Meters { last: PEAKS, fills: fills(0) },
        Answer::Meters { last: PEAKS, fills: fills(1) },
    ]));
    let sinks = (0..4).chain([65_535]).map(|number| Op::DecodeRequest(request(16, number, 0, &[])));
    let states = [2_u64, 3, 0x1_0001].map(|data| Op::DecodeReply(reply(3, 0, to_struct(0, 2, 0), &[data, 9])));
    let codes = [0_u64, 1, 65_535].map(|code| Op::DecodeReply(reply(0, 0, to_struct(0, 1, 1), &[code, 0])));
    vec![
        golden("encoded_at_the_bounds", "Texts, PCM and fills at their bounds are encoded, and not one more.", encoded),
        golden(
            "decoded_at_the_bounds",
            "Texts, PCM and fills at their bounds are decoded, and not one more.",
            vec![
                open_stream(&terminated(text)),
                open_stream(&terminated(text + 1)),
                get(setting),
                get(setting + 1),
                write(0),
                write(1),
                meters(IDL_FILLS_MAX.into()),
                meters(u64::from(IDL_FILLS_MAX) + 1),
            ],
        ),
        golden(
            "texts",
            "UTF-8 of every length and with a zero byte inside; bytes that are none, first or last; no zero byte at the end.",
            vec![
                open_stream("\u{e9}\u{20ac}\u{1f3b5}a\0b\0".as_bytes()),
                open_stream(b"\0"),
                open_stream(b"\xff\0"),
                open_stream(b"app\xc3\0"),
                open_stream(b"\xed\xa0\x80\0"),
                open_stream(b"\xc0\x80\0"),
                open_stream(b"app"),
                open_stream(b""),
            ],
        ),
        golden(
            "shorter_and_longer_structs",
            "A root without its tag asks for the default format; one without a pointer asks for a stream of no app; null pointers are empty; longer structs are read as far as they are known.",
            vec![
                Op::DecodeRequest(frame(&[to_struct(0, 1, 0), 1 | 7 << 32])),
                Op::DecodeRequest(frame(&[to_struct(0, 3, 0), 1 | 7 << 32, 0, 6])),
                Op::DecodeRequest(request(6, 0, 0, &[])),
                Op::DecodeRequest(request(7, 0, 0, &[])),
                Op::DecodeRequest(request(23, 0, to_struct(0, 1, 0), &[2])),
                Op::DecodeRequest(request(5, 0, to_struct(0, 3, 1), &[440 | 300 << 32, 5, 6, 7])),
                Op::DecodeRequest(frame(&[to_struct(0, 5, 2), 1 | 7 << 32, 0, 2 | 9 << 32, 8, 8, 3, 3])),
                Op::DecodeReply(reply(8, 0, to_struct(0, 4, 0), &[1, 2, 3, 4])),
                Op::DecodeReply(reply(12, 0, 0, &[])),
            ],
        ),
        golden(
            "fills_of_other_sizes",
            "Fills as words, halves, bytes, pointers, nothing, and as longer structs; bits and a tag that is no struct's are malformed.",
            vec![
                of_size(5, 2, &[1 | 2 << 32, 3]),
                of_size(4, 2, &[1 | 2 << 32]),
                of_size(2, 3, &[0x0003_0201]),
                of_size(6, 1, &[0]),
                of_size(0, 2, &[]),
                of_size(1, 2, &[3]),
                of_size(7, 4, &[2 << 2 | 1 << 32 | 1 << 48, 1, 0, 2, 0]),
                of_size(7, 1, &[1 << 2 | 1 | 1 << 32, 1]),
                of_size(7, 1, &[2 << 2 | 1 << 32, 1]),
            ],
        ),
        golden(
            "sinks_and_codes",
            "Sinks that there are and are not, as an argument and as a result; error codes, and 0, in both directions.",
            sinks.chain(states).chain(codes).chain(answers(vec![Answer::Error { code: 0, text: "".into() }])).collect(),
        ),
    ]
}
