//! Checks of the contract `idl`.

mod domains;
mod frames;
mod goldens;
mod laws;
mod media;
mod violations;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::idl::{
    Answer, Call, IDL_ARTWORK_BYTES_MAX, IDL_MESSAGE_BYTES_MAX, IDL_SESSIONS_MAX, IDL_SETTING_BYTES_MAX, IDL_TEXT_BYTES_MAX, Idl, Metadata,
    Obs, Op,
};
use spec::{Case, ErrorCode};

impl Suite for Idl {
    const PROPERTY: &'static [&'static str] = &[
        "IDL-001", "IDL-002", "IDL-003", "IDL-004", "IDL-005", "IDL-006", "IDL-007", "IDL-008", "IDL-009", "IDL-010", "IDL-011", "IDL-012",
        "IDL-013", "IDL-014",
    ];

    fn touched(case: &Case<Self>, _rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        let mut model = <Self as model::Modelled>::model();
        for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
            // The model has no state, so that it can be asked what a decoded value is encoded as.
            let mut encoded = |op: Op| matches!(model.step(&op), Ok(Obs::Frame(_))).then(|| model.step(&op).ok()).flatten();
            touch(op, obs, &mut encoded, &mut |id| out(Some(step), id));
        }
    }

    fn laws() -> Vec<Law<Self>> {
        laws::laws()
    }

    fn domains() -> Vec<Domain<Self>> {
        domains::domains()
    }

    fn violations() -> Vec<Violation<Self>> {
        violations::violations()
    }

    fn goldens() -> Vec<GoldenCase<Self>> {
        goldens::goldens()
    }
}

fn touch(op: &Op, obs: &Obs, encoded: &mut dyn FnMut(Op) -> Option<Obs>, out: &mut dyn FnMut(&'static str)) {
    match (op, obs) {
        (_, Obs::Rejected(code)) => out(rejection(*code)),
        (Op::EncodeRequest(request), _) => {
            if request.claimed.is_some() {
                out("IDL-013");
            }
            texts_of_call(&request.call, out);
            out("IDL-001");
        }
        (Op::EncodeReply(reply), _) => {
            texts_of_answer(&reply.answer, out);
            out("IDL-002");
        }
        (Op::DecodeRequest(bytes), Obs::Request(request)) => {
            accepted(bytes, (3, 1), out);
            if flagged(bytes) || request.claimed.is_some() {
                out("IDL-013");
            }
            if matches!(
                request.call,
                Call::SelectSink(_) | Call::Publish { .. } | Call::RequestFocus { .. } | Call::Command { .. } | Call::MediaKey(_)
            ) {
                out("IDL-014");
            }
            texts_of_call(&request.call, out);
            if encoded(Op::EncodeRequest(request.clone())) == Some(Obs::Frame(bytes.clone())) {
                out("IDL-003");
            }
        }
        (Op::DecodeReply(bytes), Obs::Reply(reply)) => {
            accepted(bytes, (2, 1), out);
            let lists = match &reply.answer {
                Answer::Sessions { list, .. } => !list.is_empty(),
                Answer::Commands { list, .. } => !list.is_empty(),
                answer => matches!(answer, Answer::Sink { .. } | Answer::Error { .. } | Answer::Session(_)),
            };
            if lists {
                out("IDL-014");
            }
            texts_of_answer(&reply.answer, out);
            if encoded(Op::EncodeReply(reply.clone())) == Some(Obs::Frame(bytes.clone())) {
                out("IDL-003");
            }
        }
        _ => {}
    }
}

fn rejection(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::TruncatedMessage => "IDL-004",
        ErrorCode::OversizedMessage => "IDL-005",
        ErrorCode::TrailingBytes => "IDL-006",
        ErrorCode::UnsupportedVersion => "IDL-008",
        ErrorCode::UnknownCall => "IDL-009",
        ErrorCode::OversizedText | ErrorCode::OversizedList => "IDL-010",
        ErrorCode::InvalidText => "IDL-011",
        ErrorCode::OutOfRange => "IDL-014",
        _ => "IDL-007",
    }
}

/// A frame was accepted: its size, its pointers, its version and its tag were right, in the schema's sizes or in others.
fn accepted(bytes: &[u8], (data, pointers): (u16, u16), out: &mut dyn FnMut(&'static str)) {
    if bytes.len() == IDL_MESSAGE_BYTES_MAX as usize {
        out("IDL-005");
    }
    let root = word(bytes, 0);
    if root & 3 != 0 || (root >> 32) as u16 != data || (root >> 48) as u16 != pointers || word(bytes, u64::from(data) + 1) == 0 {
        out("IDL-012");
    }
    ["IDL-007", "IDL-008", "IDL-009"].into_iter().for_each(out);
}

/// Whether the bytes of the claimed identity are there without its flag, or the flag is.
fn flagged(bytes: &[u8]) -> bool {
    word(bytes, 0) == 0x0001_0003_0000_0000 && (word(bytes, 2) != 0 || word(bytes, 1) >> 16 & 1 == 1)
}

/// The word of the segment with that number, 0 where there is none.
fn word(bytes: &[u8], number: u64) -> u64 {
    let at = 8 + 8 * number as usize;
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |word| u64::from_le_bytes(*word))
}

/// A text at its bound, and one of more than ASCII.
fn text(text: &str, max: u32, out: &mut dyn FnMut(&'static str)) {
    if text.len() == max as usize {
        out("IDL-010");
    }
    if !text.is_ascii() {
        out("IDL-011");
    }
}

fn texts_of_call(call: &Call<'_>, out: &mut dyn FnMut(&'static str)) {
    match call {
        Call::OpenStream(app) | Call::RecordStart(app) | Call::Publish { app, .. } => text(app, IDL_TEXT_BYTES_MAX, out),
        Call::SettingGet(key) => text(key, IDL_SETTING_BYTES_MAX, out),
        Call::SettingSet { key, value } => [key, value].into_iter().for_each(|part| text(part, IDL_SETTING_BYTES_MAX, out)),
        Call::Write { pcm, .. } => full(pcm.len(), spec::idl::IDL_PCM_BYTES_MAX, out),
        Call::SetMetadata { metadata, .. } => texts_of_metadata(metadata, out),
        Call::SetAppVolume { app, .. } | Call::SetAppMuted { app, .. } | Call::GetArtwork(app) => text(app, IDL_TEXT_BYTES_MAX, out),
        Call::PutArtwork { uri, content } => {
            text(uri, IDL_TEXT_BYTES_MAX, out);
            full(content.len(), IDL_ARTWORK_BYTES_MAX, out);
        }
        _ => {}
    }
}

fn texts_of_answer(answer: &Answer<'_>, out: &mut dyn FnMut(&'static str)) {
    match answer {
        Answer::Error { text: why, .. } => text(why, IDL_TEXT_BYTES_MAX, out),
        Answer::Setting(value) => text(value, IDL_SETTING_BYTES_MAX, out),
        Answer::Meters { fills, .. } => full(fills.len(), spec::idl::IDL_FILLS_MAX, out),
        Answer::Sessions { list, .. } => full(list.len(), IDL_SESSIONS_MAX, out),
        Answer::Session(session) => {
            text(&session.app, IDL_TEXT_BYTES_MAX, out);
            texts_of_metadata(&session.metadata, out);
        }
        Answer::Commands { list, .. } => full(list.len(), spec::idl::IDL_COMMANDS_MAX, out),
        Answer::Metrics(metrics) => full(metrics.positions.len(), IDL_SESSIONS_MAX, out),
        Answer::Artwork { key, content } => {
            full(key.len(), spec::idl::IDL_KEY_BYTES_MAX, out);
            full(content.len(), IDL_ARTWORK_BYTES_MAX, out);
        }
        _ => {}
    }
}

/// A list at its bound.
fn full(len: usize, max: u32, out: &mut dyn FnMut(&'static str)) {
    if len == max as usize {
        out("IDL-010");
    }
}

fn texts_of_metadata(metadata: &Metadata<'_>, out: &mut dyn FnMut(&'static str)) {
    let Metadata { title, artist, album, artwork, .. } = metadata;
    [title, artist, album, artwork].into_iter().for_each(|part| text(part, IDL_TEXT_BYTES_MAX, out));
}

#[cfg(test)]
mod tests {
    use super::Idl;
    use crate::contracts::self_test::assert_complete;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Idl>();
    }
}
