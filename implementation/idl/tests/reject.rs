//! Every bound of the contract `idl` is met from outside, in both directions: the code is the documented one, nothing is
//! written, and the explanation is bounded.

use idl::{
    Answer, Call, Class, Command, Fill, IdlError, Metrics, Peaks, Reply, Request, SessionEntry, SessionPosition, decode_reply,
    decode_request, encode_reply, encode_request, frame_length,
};
use spec::ErrorCode::{
    self, MalformedMessage, OutOfRange, OversizedList, OversizedMessage, OversizedText, TrailingBytes, TruncatedMessage,
};
use spec::idl::{
    IDL_ARTWORK_BYTES_MAX, IDL_COMMANDS_MAX, IDL_FILLS_MAX, IDL_KEY_BYTES_MAX, IDL_MESSAGE_BYTES_MAX, IDL_PCM_BYTES_MAX, IDL_SESSIONS_MAX,
    IDL_SETTING_BYTES_MAX, IDL_TEXT_BYTES_MAX,
};

/// The rejection's code, after a look at its explanation: the code's name first, bounded, and with an advice.
fn code<T: std::fmt::Debug>(result: Result<T, IdlError>) -> ErrorCode {
    let error = result.expect_err("this must be rejected");
    let text = error.to_string();
    assert!(text.starts_with(error.code().name()) && text.contains("; ") && text.len() < IDL_TEXT_BYTES_MAX as usize, "{text}");
    error.code()
}

fn request(call: Call<'_>) -> Request<'_> {
    Request { sequence: 7, claimed: None, call }
}

fn encoded(call: Call<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    encode_request(&request(call), &mut out).expect("a request in bounds");
    out
}

/// Encodes beyond a bound: the code, with the buffer as it was.
fn rejected(call: Call<'_>) -> ErrorCode {
    let mut out = b"before".to_vec();
    let code = code(encode_request(&request(call), &mut out));
    assert_eq!(out, b"before");
    code
}

fn rejected_reply(answer: Answer<'_>) -> ErrorCode {
    let mut out = b"before".to_vec();
    let code = code(encode_reply(&Reply { sequence: 7, answer }, &mut out));
    assert_eq!(out, b"before");
    code
}

/// A frame whose list of bytes, whose pointer is that word of the segment, is one byte longer, in a message that has room.
fn one_more(mut frame: Vec<u8>, pointer: usize) -> Vec<u8> {
    let at = 8 + 8 * pointer;
    let word = u64::from_le_bytes(frame[at..at + 8].try_into().expect("a word")) + (1 << 35);
    frame[at..at + 8].copy_from_slice(&word.to_le_bytes());
    frame.extend([0; 8]);
    let words = (frame.len() / 8 - 1) as u32;
    frame[4..8].copy_from_slice(&words.to_le_bytes());
    frame
}

#[test]
fn test_reject_idl_message_over_max() {
    let mut frame = encoded(Call::Stats);
    frame.resize(IDL_MESSAGE_BYTES_MAX as usize, 0);
    frame[4..8].copy_from_slice(&(IDL_MESSAGE_BYTES_MAX / 8 - 1).to_le_bytes());
    assert_eq!(frame_length(&frame), Ok(Some(IDL_MESSAGE_BYTES_MAX as usize)));
    assert_eq!(decode_request(&frame), Ok(request(Call::Stats)));
    for words in [IDL_MESSAGE_BYTES_MAX / 8, u32::MAX] {
        frame[4..8].copy_from_slice(&words.to_le_bytes());
        frame.resize(IDL_MESSAGE_BYTES_MAX as usize + 8, 0);
        assert_eq!(code(frame_length(&frame)), OversizedMessage);
        assert_eq!(code(decode_request(&frame)), OversizedMessage);
        // Its header alone is enough.
        assert_eq!(code(decode_reply(&frame[..8])), OversizedMessage);
    }
}

#[test]
fn test_reject_idl_text_over_max() {
    let (at, over) = ("a".repeat(IDL_TEXT_BYTES_MAX as usize), "a".repeat(IDL_TEXT_BYTES_MAX as usize + 1));
    let frame = encoded(Call::OpenStream(at.as_str().into()));
    assert_eq!(decode_request(&frame), Ok(request(Call::OpenStream(at.as_str().into()))));
    assert_eq!(code(decode_request(&one_more(frame, 4))), OversizedText);
    for call in [Call::OpenStream(over.as_str().into()), Call::RecordStart(over.as_str().into())] {
        assert_eq!(rejected(call), OversizedText);
    }
    assert_eq!(rejected(Call::publish(over.as_str(), 1)), OversizedText);
    assert_eq!(rejected_reply(Answer::Error { code: 1, text: over.into() }), OversizedText);
    assert_eq!(rejected_reply(Answer::Error { code: 0, text: at.into() }), OutOfRange);
}

#[test]
fn test_reject_idl_setting_over_max() {
    let (at, over) = ("a".repeat(IDL_SETTING_BYTES_MAX as usize), "a".repeat(IDL_SETTING_BYTES_MAX as usize + 1));
    let frame = encoded(Call::SettingGet(at.as_str().into()));
    assert_eq!(decode_request(&frame), Ok(request(Call::SettingGet(at.as_str().into()))));
    assert_eq!(code(decode_request(&one_more(frame, 4))), OversizedText);
    assert_eq!(rejected(Call::SettingGet(over.as_str().into())), OversizedText);
    assert_eq!(rejected(Call::SettingSet { key: over.as_str().into(), value: "".into() }), OversizedText);
    assert_eq!(rejected(Call::SettingSet { key: at.into(), value: over.as_str().into() }), OversizedText);
    assert_eq!(rejected_reply(Answer::Setting(over.into())), OversizedText);
}

#[test]
fn test_reject_idl_pcm_over_max() {
    let pcm = vec![5; IDL_PCM_BYTES_MAX as usize + 1];
    let write = |len: usize| Call::Write { stream: 3, pcm: pcm[..len].into() };
    let frame = encoded(write(pcm.len() - 1));
    assert_eq!(decode_request(&frame), Ok(request(write(pcm.len() - 1))));
    assert_eq!(code(decode_request(&one_more(frame, 6))), OversizedList);
    assert_eq!(rejected(write(pcm.len())), OversizedList);
}

#[test]
fn test_reject_idl_fills_over_max() {
    let meters = |streams: u32| Reply {
        sequence: 7,
        answer: Answer::Meters { last: Peaks::default(), fills: (0..streams).map(|stream| Fill { stream, frames: 480 }).collect() },
    };
    let mut out = Vec::new();
    encode_reply(&meters(IDL_FILLS_MAX), &mut out).expect("a reply in bounds");
    assert_eq!(decode_reply(&out), Ok(meters(IDL_FILLS_MAX)));
    assert_eq!(rejected_reply(meters(IDL_FILLS_MAX + 1).answer), OversizedList);
    // One element more in the list's pointer and tag: root pointer, root, meters, peaks, then the tag.
    let (pointer, tag) = (8 + 8 * 5, 8 + 8 * 8);
    for (at, one) in [(pointer, 1_u64 << 35), (tag, 1 << 2)] {
        let word = u64::from_le_bytes(out[at..at + 8].try_into().expect("a word")) + one;
        out[at..at + 8].copy_from_slice(&word.to_le_bytes());
    }
    out.extend([0; 8]);
    out[4] += 1;
    assert_eq!(code(decode_reply(&out)), OversizedList);
}

fn entry(session: u32) -> SessionEntry {
    SessionEntry {
        session,
        class: Class::Music,
        duck_db_q8_8: 0,
        playing: true,
        paused_by_focus: false,
        ducked: false,
        muted: false,
        gain_owner: true,
        position_ms: 10,
    }
}

/// What is at its bound comes back as it was.
fn carried(answer: Answer<'static>) {
    let (reply, mut out) = (Reply { sequence: 7, answer }, Vec::new());
    encode_reply(&reply, &mut out).expect("a reply in bounds");
    assert_eq!(decode_reply(&out), Ok(reply));
}

#[test]
fn test_reject_idl_sessions_over_max() {
    let sessions = |count| Answer::Sessions { active: 1, offer: 0, revision: 9, list: (1..=count).map(entry).collect() };
    carried(sessions(IDL_SESSIONS_MAX));
    assert_eq!(rejected_reply(sessions(IDL_SESSIONS_MAX + 1)), OversizedList);
    let positions = |count| (1..=count).map(|session| SessionPosition { session, frames: 480 }).collect();
    let metrics = |count| Answer::Metrics(Box::new(Metrics { positions: positions(count), ..Metrics::default() }));
    carried(metrics(IDL_SESSIONS_MAX));
    assert_eq!(rejected_reply(metrics(IDL_SESSIONS_MAX + 1)), OversizedList);
}

#[test]
fn test_reject_idl_commands_over_max() {
    let commands = |count: u32| Answer::Commands { session: 1, list: vec![Command::Seek(3); count as usize] };
    carried(commands(IDL_COMMANDS_MAX));
    assert_eq!(rejected_reply(commands(IDL_COMMANDS_MAX + 1)), OversizedList);
}

#[test]
fn test_reject_idl_artwork_over_max() {
    let artwork = |len: u32| Answer::Artwork { key: vec![1; 32].into(), content: vec![5; len as usize].into() };
    carried(artwork(IDL_ARTWORK_BYTES_MAX));
    assert_eq!(rejected_reply(artwork(IDL_ARTWORK_BYTES_MAX + 1)), OversizedList);
    let put = |len: u32| Call::PutArtwork { uri: "a".into(), content: vec![5; len as usize].into() };
    let frame = encoded(put(IDL_ARTWORK_BYTES_MAX));
    assert_eq!(decode_request(&frame), Ok(request(put(IDL_ARTWORK_BYTES_MAX))));
    assert_eq!(rejected(put(IDL_ARTWORK_BYTES_MAX + 1)), OversizedList);
}

#[test]
fn test_reject_idl_key_over_max() {
    let artwork = |len: u32| Answer::Artwork { key: vec![1; len as usize].into(), content: vec![5].into() };
    carried(artwork(IDL_KEY_BYTES_MAX));
    assert_eq!(rejected_reply(artwork(IDL_KEY_BYTES_MAX + 1)), OversizedList);
}

#[test]
fn test_reject_idl_frames_that_are_not_one() {
    let frame = encoded(Call::OpenStream("app".into()));
    for end in 0..frame.len() {
        assert_eq!(code(decode_request(&frame[..end])), TruncatedMessage, "{end}");
        assert_eq!(frame_length(&frame[..end]), Ok((end >= 8).then_some(frame.len())));
    }
    assert_eq!(code(decode_request(&[frame.as_slice(), &frame].concat())), TrailingBytes);
    let mut segments = frame.clone();
    segments[0] = 1;
    assert_eq!(code(frame_length(&segments)), MalformedMessage);
    assert_eq!(code(decode_request(&segments)), MalformedMessage);
    assert_eq!(code(decode_request(&[0; 8])), MalformedMessage);
}

#[test]
fn test_reject_idl_contents() {
    let mut version = encoded(Call::Stats);
    version[16] = 2;
    assert_eq!(code(decode_request(&version)), ErrorCode::UnsupportedVersion);
    let mut method = encoded(Call::Stats);
    method[32] = 48;
    assert_eq!(code(decode_request(&method)), ErrorCode::UnknownCall);
    let mut text = encoded(Call::OpenStream("app".into()));
    text[49] = 0xff;
    assert_eq!(code(decode_request(&text)), ErrorCode::InvalidText);
    let mut sink = encoded(Call::SelectSink(idl::Sink::Null));
    sink[36] = 3;
    assert_eq!(code(decode_request(&sink)), OutOfRange);
}
