//! Wrong machines of the contract `idl`.

use super::word;
use crate::suite::{Violation, misheard, tampered, violation};
use model::Modelled;
use spec::idl::{Answer, Call, Config, IDL_MESSAGE_BYTES_MAX, IDL_TEXT_BYTES_MAX, IDL_VERSION, Idl, Obs, Op, Sink};
use spec::{ErrorCode, Failure, Machine};

/// In the order in which a diagnosis names them: what shows in few messages comes before what shows in many.
pub(super) fn violations() -> Vec<Violation<Idl>> {
    let mut all = of_rejections();
    all.extend(of_claims());
    all.extend(of_structs());
    all.extend(of_decoding());
    all.extend(of_encoding());
    all
}

/// A machine that, where it should reject with that code, answers to something else instead.
struct Forgiving {
    inner: Box<dyn Machine<Idl>>,
    code: ErrorCode,
    change: fn(&mut Vec<u8>),
}

impl Machine<Idl> for Forgiving {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.inner.reset(config)
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        let obs = self.inner.step(op)?;
        if obs == Obs::Rejected(self.code) { self.inner.step(&rewritten(op, self.change)) } else { Ok(obs) }
    }
}

fn forgiving(code: ErrorCode, change: fn(&mut Vec<u8>)) -> Box<dyn Machine<Idl>> {
    Box::new(Forgiving { inner: Idl::model(), code, change })
}

/// The operation on other bytes.
fn rewritten(op: &Op, change: fn(&mut Vec<u8>)) -> Op {
    let mut op = op.clone();
    if let Op::DecodeRequest(bytes) | Op::DecodeReply(bytes) = &mut op {
        change(bytes);
    }
    op
}

/// An observation in which a frame is other bytes.
fn miswritten(mut obs: Obs, change: fn(&mut Vec<u8>)) -> Obs {
    if let Obs::Frame(bytes) = &mut obs {
        change(bytes);
    }
    obs
}

/// An observation in which one code is taken for another.
fn confused(obs: Obs, from: ErrorCode, to: ErrorCode) -> Obs {
    if obs == Obs::Rejected(from) { Obs::Rejected(to) } else { obs }
}

/// Makes the header say how many whole words there are, of one segment.
fn honest_header(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().max(8).next_multiple_of(8), 0);
    let words = (bytes.len() / 8 - 1) as u32;
    bytes[..4].fill(0);
    bytes[4..8].copy_from_slice(&words.to_le_bytes());
}

fn claimed_words(bytes: &[u8]) -> usize {
    bytes.get(4..8).and_then(<[u8]>::first_chunk).map_or(0, |words| u32::from_le_bytes(*words) as usize)
}

/// As much of the frame as may be there, with a header that says so.
fn cut_to_max(bytes: &mut Vec<u8>) {
    bytes.truncate(IDL_MESSAGE_BYTES_MAX as usize);
    honest_header(bytes);
}

/// What the bytes of an operation are, where it decodes.
fn bytes_of(op: &Op) -> Option<&[u8]> {
    match op {
        Op::DecodeRequest(bytes) | Op::DecodeReply(bytes) => Some(bytes),
        _ => None,
    }
}

fn rejects(obs: Obs, when: bool, code: ErrorCode) -> Obs {
    if when && !matches!(obs, Obs::Rejected(_)) { Obs::Rejected(code) } else { obs }
}

fn of_rejections() -> Vec<Violation<Idl>> {
    use ErrorCode as E;
    vec![
        violation("IDL-004", "reads what is missing of a frame as zeros", || {
            forgiving(E::TruncatedMessage, |bytes| {
                let whole = (8 + 8 * claimed_words(bytes)).min(IDL_MESSAGE_BYTES_MAX as usize);
                bytes.resize(whole.max(bytes.len()), 0);
            })
        }),
        violation("IDL-004", "reads as much of a frame as there is", || forgiving(E::TruncatedMessage, honest_header)),
        violation("IDL-004", "takes a cut frame for a malformed message", || {
            tampered::<Idl, ()>(|(), _, obs| confused(obs, E::TruncatedMessage, E::MalformedMessage))
        }),
        violation("IDL-005", "reads the part of an oversized frame that fits", || forgiving(E::OversizedMessage, cut_to_max)),
        violation("IDL-005", "rejects the largest frame", || {
            tampered::<Idl, ()>(|(), op, obs| {
                let largest = bytes_of(op).is_some_and(|bytes| bytes.len() == IDL_MESSAGE_BYTES_MAX as usize);
                rejects(obs, largest, E::OversizedMessage)
            })
        }),
        violation("IDL-005", "waits for the bytes of an oversized frame before it rejects it", || {
            tampered::<Idl, ()>(|(), op, obs| {
                let waits = bytes_of(op).is_some_and(|bytes| bytes.len() < 8 + 8 * claimed_words(bytes));
                if waits { confused(obs, E::OversizedMessage, E::TruncatedMessage) } else { obs }
            })
        }),
        violation("IDL-006", "ignores what follows a frame", || {
            forgiving(E::TrailingBytes, |bytes| bytes.truncate(8 + 8 * claimed_words(bytes)))
        }),
        violation("IDL-006", "takes trailing bytes for a malformed message", || {
            tampered::<Idl, ()>(|(), _, obs| confused(obs, E::TrailingBytes, E::MalformedMessage))
        }),
        violation("IDL-007", "reads the first of several segments", || {
            misheard::<Idl>(|op| {
                rewritten(op, |bytes| {
                    if let Some(count) = bytes.get_mut(..4).filter(|count| count[3] == 0) {
                        count.fill(0);
                    }
                })
            })
        }),
        violation("IDL-007", "reads what lies outside a message as zeros", || {
            forgiving(E::MalformedMessage, |bytes| {
                bytes.resize(bytes.len() + 64, 0);
                cut_to_max(bytes);
            })
        }),
        violation("IDL-007", "lets a message be read any number of times over", || {
            // Words that nothing points to are what a reader may spend, and far pointers still lead where they did.
            forgiving(E::MalformedMessage, |bytes| {
                if word(bytes, 5) & 3 == 1 {
                    bytes.resize(bytes.len() + 1_024, 0);
                    cut_to_max(bytes);
                }
            })
        }),
        violation("IDL-007", "follows no far pointer", || {
            tampered::<Idl, ()>(|(), op, obs| {
                let far = |bytes: &[u8]| [0, 3, 4].into_iter().any(|number| word(bytes, number) & 3 == 2 && word(bytes, number) >> 32 == 0);
                let member = matches!(obs, Obs::Request(spec::idl::Request { call: Call::PlayTone { .. }, .. }));
                rejects(obs, member && bytes_of(op).is_some_and(far), E::MalformedMessage)
            })
        }),
        violation("IDL-008", "reads any version", || {
            forgiving(E::UnsupportedVersion, |bytes| {
                if let Some(version) = bytes.get_mut(16..18) {
                    version.copy_from_slice(&IDL_VERSION.to_le_bytes());
                }
            })
        }),
        violation("IDL-008", "reads newer versions, too", || {
            forgiving(E::UnsupportedVersion, |bytes| {
                if word(bytes, 1) as u16 > IDL_VERSION {
                    bytes[16..18].copy_from_slice(&IDL_VERSION.to_le_bytes());
                }
            })
        }),
        violation("IDL-008", "looks at the method before the version", || {
            tampered::<Idl, ()>(|(), op, obs| match op {
                Op::DecodeRequest(bytes) if word(bytes, 3) as u16 > 29 => confused(obs, E::UnsupportedVersion, E::UnknownCall),
                _ => obs,
            })
        }),
        violation("IDL-009", "takes an unknown method for the first one", || {
            tampered::<Idl, ()>(|(), _, obs| match obs {
                Obs::Rejected(E::UnknownCall) => Obs::Request(spec::idl::Request { sequence: 7, claimed: None, call: Call::DefaultFormat }),
                obs => obs,
            })
        }),
        violation("IDL-009", "takes an unknown method for a malformed message", || {
            tampered::<Idl, ()>(|(), _, obs| confused(obs, E::UnknownCall, E::MalformedMessage))
        }),
        violation("IDL-009", "does not know the last method", || {
            tampered::<Idl, ()>(|(), op, obs| {
                let last = matches!(op, Op::DecodeRequest(bytes) if word(bytes, 3) as u16 == 29);
                rejects(obs, last, E::UnknownCall)
            })
        }),
        violation("IDL-010", "takes a text of its bound for too long", || {
            tampered::<Idl, ()>(|(), op, obs| {
                let at_bound = |call: &Call<'_>| matches!(call, Call::OpenStream(app) if app.len() == IDL_TEXT_BYTES_MAX as usize);
                let met = match (op, &obs) {
                    (Op::EncodeRequest(request), _) => at_bound(&request.call),
                    (_, Obs::Request(request)) => at_bound(&request.call),
                    _ => false,
                };
                rejects(obs, met, E::OversizedText)
            })
        }),
        violation("IDL-010", "cuts a text that is too long", || {
            misheard::<Idl>(|op| match op {
                Op::EncodeRequest(request) => {
                    let mut request = request.clone();
                    if let Call::OpenStream(app) | Call::RecordStart(app) = &mut request.call {
                        let end = (0..=IDL_TEXT_BYTES_MAX as usize).rev().find(|end| app.is_char_boundary(*end)).unwrap_or(0);
                        *app = app.get(..end).unwrap_or(app).to_owned().into();
                    }
                    Op::EncodeRequest(request)
                }
                op => op.clone(),
            })
        }),
        violation("IDL-010", "takes a list that is too long for a text that is", || {
            tampered::<Idl, ()>(|(), _, obs| confused(obs, E::OversizedList, E::OversizedText))
        }),
        violation("IDL-010", "takes a text that is too long for a malformed message", || {
            tampered::<Idl, ()>(
                |(), op, obs| if bytes_of(op).is_some() { confused(obs, E::OversizedText, E::MalformedMessage) } else { obs },
            )
        }),
        violation("IDL-011", "reads bytes that are no UTF-8 as question marks", || {
            forgiving(E::InvalidText, |bytes| bytes.iter_mut().skip(48).filter(|byte| **byte >= 0x80).for_each(|byte| *byte = b'?'))
        }),
        violation("IDL-011", "takes bytes that are no UTF-8 for a malformed message", || {
            tampered::<Idl, ()>(|(), _, obs| confused(obs, E::InvalidText, E::MalformedMessage))
        }),
        violation("IDL-011", "reads ASCII alone", || {
            tampered::<Idl, ()>(|(), _, obs| {
                let other = matches!(&obs, Obs::Request(spec::idl::Request { call: Call::OpenStream(app), .. }) if !app.is_ascii());
                rejects(obs, other, E::InvalidText)
            })
        }),
        violation("IDL-014", "takes an unknown sink for null", || {
            tampered::<Idl, ()>(|(), op, obs| match (op, &obs) {
                (Op::DecodeRequest(_), Obs::Rejected(E::OutOfRange)) => {
                    Obs::Request(spec::idl::Request { sequence: 7, claimed: None, call: Call::SelectSink(Sink::Null) })
                }
                _ => obs,
            })
        }),
        violation("IDL-014", "takes an unknown class for music", || {
            forgiving(E::OutOfRange, |bytes| {
                // A request's publish: its class.
                if word(bytes, 3) & 0xffff == 19
                    && let Some(class) = bytes.get_mut(52..54)
                {
                    class.fill(0);
                }
            })
        }),
        violation("IDL-014", "takes an unknown key for play", || {
            forgiving(E::OutOfRange, |bytes| {
                if word(bytes, 3) & 0xffff == 43
                    && let Some(key) = bytes.get_mut(36..38)
                {
                    key.fill(0);
                }
            })
        }),
        violation("IDL-010", "keeps the commands that a reply has room for, and drops one more", || {
            misheard::<Idl>(|op| match op {
                Op::EncodeReply(reply) => {
                    let mut reply = reply.clone();
                    if let Answer::Commands { list, .. } = &mut reply.answer {
                        list.truncate(spec::idl::IDL_COMMANDS_MAX as usize);
                    }
                    Op::EncodeReply(reply)
                }
                op => op.clone(),
            })
        }),
        violation("IDL-003", "takes an unknown duration for 0", || {
            tampered::<Idl, ()>(|(), _, mut obs| {
                if let Obs::Request(request) = &mut obs
                    && let Call::SetMetadata { metadata, .. } = &mut request.call
                {
                    metadata.duration_ms = Some(metadata.duration_ms.unwrap_or(0));
                }
                obs
            })
        }),
        violation("IDL-003", "loses where a queued seek goes", || {
            tampered::<Idl, ()>(|(), _, mut obs| {
                if let Obs::Reply(reply) = &mut obs
                    && let Answer::Commands { list, .. } = &mut reply.answer
                {
                    for command in list {
                        if let spec::idl::Command::Seek(ms) = command {
                            *ms = 0;
                        }
                    }
                }
                obs
            })
        }),
        violation("IDL-014", "carries an error with code 0", || {
            forgiving(E::OutOfRange, |bytes| {
                let error = word(bytes, 1) >> 16 & 0xffff == 0;
                if let Some(code) = bytes.get_mut(40..42).filter(|_| error) {
                    code.copy_from_slice(&[1, 0]);
                }
            })
        }),
        violation("IDL-014", "takes an error's code that it does not know for out of range", || {
            tampered::<Idl, ()>(|(), _, obs| {
                let unknown = matches!(&obs, Obs::Reply(spec::idl::Reply { answer: Answer::Error { code: 65_535, .. }, .. }));
                rejects(obs, unknown, E::OutOfRange)
            })
        }),
    ]
}

fn of_claims() -> Vec<Violation<Idl>> {
    vec![
        violation("IDL-013", "takes a claim without its flag", || {
            tampered::<Idl, ()>(|(), op, mut obs| {
                if let (Some(bytes), Obs::Request(request)) = (bytes_of(op), &mut obs)
                    && word(bytes, 0) == super::frames::REQUEST
                    && word(bytes, 2) != 0
                {
                    request.claimed = Some(word(bytes, 2));
                }
                obs
            })
        }),
        violation("IDL-013", "takes a claim of 0 for none", || {
            tampered::<Idl, ()>(|(), _, mut obs| {
                if let Obs::Request(request) = &mut obs {
                    request.claimed = request.claimed.filter(|claimed| *claimed != 0);
                }
                obs
            })
        }),
        violation("IDL-013", "drops claims", || {
            tampered::<Idl, ()>(|(), _, mut obs| {
                if let Obs::Request(request) = &mut obs {
                    request.claimed = None;
                }
                obs
            })
        }),
        violation("IDL-013", "rejects requests with a claim", || {
            tampered::<Idl, ()>(|(), _, obs| {
                let claims = matches!(&obs, Obs::Request(request) if request.claimed.is_some());
                rejects(obs, claims, ErrorCode::MalformedMessage)
            })
        }),
    ]
}

fn of_structs() -> Vec<Violation<Idl>> {
    use ErrorCode as E;
    /// Whether the root struct has other sizes than the schema's, by this comparison of the words of its data.
    fn root(op: &Op, differs: fn(u64, u64) -> bool) -> bool {
        let schema = if matches!(op, Op::DecodeRequest(_)) { 3 } else { 2 };
        bytes_of(op).is_some_and(|bytes| word(bytes, 0) & 3 == 0 && differs(word(bytes, 0) >> 32 & 0xffff, schema))
    }
    vec![
        violation("IDL-012", "rejects a root struct that is longer than the schema's", || {
            tampered::<Idl, ()>(|(), op, obs| rejects(obs, root(op, |data, schema| data > schema), E::MalformedMessage))
        }),
        violation("IDL-012", "rejects a root struct that is shorter than the schema's", || {
            tampered::<Idl, ()>(|(), op, obs| rejects(obs, root(op, |data, schema| data < schema), E::MalformedMessage))
        }),
        violation("IDL-012", "rejects null pointers", || {
            tampered::<Idl, ()>(|(), op, obs| {
                let empty = matches!(&obs, Obs::Request(spec::idl::Request { call: Call::OpenStream(app), .. }) if app.is_empty());
                let null = bytes_of(op).is_some_and(|bytes| word(bytes, 4) == 0);
                rejects(obs, empty && null, E::MalformedMessage)
            })
        }),
        violation("IDL-012", "reads what a struct has more as the next field", || {
            misheard::<Idl>(|op| {
                rewritten(op, |bytes| {
                    if word(bytes, 0) == 0x0002_0005_0000_0000 {
                        bytes.copy_within(48..52, 36);
                    }
                })
            })
        }),
    ]
}

fn of_decoding() -> Vec<Violation<Idl>> {
    vec![
        violation("IDL-003", "forgets the sequence of a request", || {
            tampered::<Idl, ()>(|(), _, mut obs| {
                if let Obs::Request(request) = &mut obs {
                    request.sequence = 0;
                }
                obs
            })
        }),
        violation("IDL-003", "reads a gain as unsigned and cuts it", || {
            tampered::<Idl, ()>(|(), _, mut obs| {
                if let Obs::Request(request) = &mut obs
                    && let Call::SetVolume(gain) | Call::SetStreamGain(gain) = &mut request.call
                {
                    gain.db_q8_8 = gain.db_q8_8.max(0);
                }
                obs
            })
        }),
        violation("IDL-003", "gives a text with its zero byte", || {
            tampered::<Idl, ()>(|(), _, mut obs| {
                if let Obs::Request(request) = &mut obs
                    && let Call::OpenStream(app) = &mut request.call
                {
                    app.to_mut().push('\0');
                }
                obs
            })
        }),
        violation("IDL-003", "swaps the channels of the levels", || {
            tampered::<Idl, ()>(|(), _, mut obs| {
                if let Obs::Reply(reply) = &mut obs
                    && let Answer::Meters { last, .. } | Answer::Stats { last, .. } = &mut reply.answer
                {
                    last.peak.reverse();
                }
                obs
            })
        }),
        violation("IDL-003", "reads the fills from the last to the first", || {
            tampered::<Idl, ()>(|(), _, mut obs| {
                if let Obs::Reply(reply) = &mut obs
                    && let Answer::Meters { fills, .. } = &mut reply.answer
                {
                    fills.reverse();
                }
                obs
            })
        }),
        violation("IDL-003", "takes pause for play", || {
            tampered::<Idl, ()>(|(), _, mut obs| {
                if let Obs::Request(request) = &mut obs
                    && let Call::PauseSession(session) = request.call
                {
                    request.call = Call::Play(session);
                }
                obs
            })
        }),
    ]
}

fn of_encoding() -> Vec<Violation<Idl>> {
    vec![
        violation("IDL-002", "leaves out the text of an error", || {
            misheard::<Idl>(|op| match op {
                Op::EncodeReply(reply) => {
                    let mut reply = reply.clone();
                    if let Answer::Error { text, .. } = &mut reply.answer {
                        *text = "".into();
                    }
                    Op::EncodeReply(reply)
                }
                op => op.clone(),
            })
        }),
        violation("IDL-002", "answers an error with done", || {
            misheard::<Idl>(|op| match op {
                Op::EncodeReply(reply) if matches!(reply.answer, Answer::Error { code: 1.., .. }) => {
                    Op::EncodeReply(spec::idl::Reply { answer: Answer::Done, ..reply.clone() })
                }
                op => op.clone(),
            })
        }),
        violation("IDL-002", "writes the reply to another sequence", || {
            misheard::<Idl>(|op| match op {
                Op::EncodeReply(reply) => Op::EncodeReply(spec::idl::Reply { sequence: reply.sequence.wrapping_add(1), ..reply.clone() }),
                op => op.clone(),
            })
        }),
        violation("IDL-001", "leaves the pointer of an empty text null", || {
            tampered::<Idl, ()>(|(), op, obs| match op {
                Op::EncodeRequest(spec::idl::Request { call: Call::SettingGet(key), .. }) if key.is_empty() => miswritten(obs, |bytes| {
                    bytes[40..48].fill(0);
                    bytes.truncate(48);
                    honest_header(bytes);
                }),
                _ => obs,
            })
        }),
        violation("IDL-001", "counts a text without its zero byte", || {
            tampered::<Idl, ()>(|(), op, obs| match op {
                Op::EncodeRequest(spec::idl::Request { call: Call::OpenStream(_), .. }) => miswritten(obs, |bytes| bytes[44] -= 8),
                _ => obs,
            })
        }),
        violation("IDL-001", "counts the header as a word of the segment", || {
            tampered::<Idl, ()>(|(), op, obs| {
                let request = matches!(op, Op::EncodeRequest(_));
                if request { miswritten(obs, |bytes| bytes[4] = bytes[4].wrapping_add(1)) } else { obs }
            })
        }),
        violation("IDL-001", "writes big-endian words", || {
            tampered::<Idl, ()>(|(), op, obs| {
                let request = matches!(op, Op::EncodeRequest(_));
                if request { miswritten(obs, |bytes| bytes[8..].chunks_exact_mut(8).for_each(<[u8]>::reverse)) } else { obs }
            })
        }),
        violation("IDL-001", "writes a word too many", || {
            tampered::<Idl, ()>(|(), op, obs| {
                let more = |bytes: &mut Vec<u8>| {
                    bytes.extend([0; 8]);
                    honest_header(bytes);
                };
                if matches!(op, Op::EncodeRequest(_)) { miswritten(obs, more) } else { obs }
            })
        }),
        violation("IDL-001", "writes another version", || {
            tampered::<Idl, ()>(|(), op, obs| if matches!(op, Op::EncodeRequest(_)) { miswritten(obs, |bytes| bytes[16] = 2) } else { obs })
        }),
    ]
}
