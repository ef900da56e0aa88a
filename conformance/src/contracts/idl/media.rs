//! Recorded messages of mediasessd, beside those that audiod had first.

use super::frames::{bytes, reply, request, to_list, to_struct};
use super::goldens::{PEAKS, answers, asks, golden};
use crate::suite::GoldenCase;
use spec::idl::*;

fn entry(session: u32) -> SessionEntry {
    SessionEntry {
        session,
        class: Class::Music,
        duck_db_q8_8: -1536,
        playing: true,
        paused_by_focus: false,
        ducked: true,
        muted: false,
        gain_owner: true,
        position_ms: 61_000,
    }
}

fn metadata() -> Metadata<'static> {
    Metadata {
        title: "Title".into(),
        artist: "Artist".into(),
        album: "\u{c4}lbum".into(),
        artwork: "pkg://fixtures/artwork/a.png".into(),
        duration_ms: Some(180_000),
    }
}

fn session() -> Session<'static> {
    Session {
        entry: entry(3),
        stream: 2,
        volume_db_q8_8: -256,
        app_volume_db_q8_8: i16::MIN,
        session_muted: true,
        app_muted: false,
        seekable: true,
        target_ms: Some(5),
        waiting: 32,
        app: "com.example.media.sample".into(),
        metadata: metadata(),
    }
}

fn metrics(positions: u32) -> Metrics {
    let position = |session| SessionPosition { session, frames: 480 };
    Metrics {
        block: 1,
        last: PEAKS,
        clipped_samples: 2,
        underrun_events: 3,
        missing_frames: 4,
        dropped: 7,
        active_sessions: 5,
        open_streams: 6,
        positions: (1..=positions).map(position).collect(),
    }
}

pub(super) fn goldens() -> Vec<GoldenCase<Idl>> {
    let nothing = Session { target_ms: None, app: "".into(), metadata: Metadata::default(), ..session() };
    vec![
        golden(
            "requests_of_media",
            "What mediasessd is asked of focus, of what is now playing, of metadata, volumes of apps, players, metrics and artwork, encoded.",
            asks(vec![
                Call::Publish { app: "app".into(), stream: 2, class: Class::Ui, seekable: true },
                Call::RequestFocus { session: 1, kind: FocusKind::Gain },
                Call::RequestFocus { session: 1, kind: FocusKind::Transient },
                Call::AbandonFocus(1),
                Call::StopSession(1),
                Call::SetActive(1),
                Call::AcceptHandoff(u32::MAX),
                Call::SetMetadata { session: 1, metadata: metadata() },
                Call::SetMetadata { session: 1, metadata: Metadata::default() },
                Call::ListSessions,
                Call::GetSession(1),
                Call::Changed(u64::MAX),
                Call::SetAppVolume { app: "app".into(), db_q8_8: -1536 },
                Call::SetAppMuted { app: "app".into(), muted: true },
                Call::Command { session: 1, command: Command::Next },
                Call::Command { session: 1, command: Command::Seek(90_000) },
                Call::TakeCommands(1),
                Call::MediaKey(MediaKey::Mute),
                Call::Metrics,
                Call::ExportMetrics,
                Call::PutArtwork { uri: "pkg://fixtures/artwork/a.png".into(), content: vec![1, 2, 3].into() },
                Call::GetArtwork("pkg://fixtures/artwork/a.png".into()),
            ]),
        ),
        golden(
            "replies_of_media",
            "What it answers, encoded.",
            answers(vec![
                Answer::Sessions { active: 3, offer: 4, revision: 5, list: vec![entry(3), entry(4)] },
                Answer::Sessions { active: 0, offer: 0, revision: 0, list: vec![] },
                Answer::Session(Box::new(session())),
                Answer::Session(Box::new(nothing)),
                Answer::Changed { revision: 5, changed: true },
                Answer::Commands { session: 3, list: vec![Command::Prev, Command::Seek(7), Command::Stop] },
                Answer::Metrics(Box::new(metrics(2))),
                Answer::Exported { lines: 2, bytes: 300, removed: 1 },
                Answer::Artwork { key: vec![7; 32].into(), content: vec![1, 2, 3].into() },
            ]),
        ),
        at_the_bounds(),
        golden(
            "numbers_of_media",
            "Classes, kinds of focus, commands and keys that there are and are not.",
            [
                [3, 4].map(|class| request(19, 0, to_struct(0, 1, 1), &[1 | class << 32, 0])),
                [1, 2].map(|kind| request(30, 0, to_struct(0, 1, 0), &[1 | kind << 32])),
                [5, 6].map(|kind| request(41, 0, to_struct(0, 2, 0), &[1 | kind << 32, 9])),
                [8, 9].map(|key| request(43, key, 0, &[])),
            ]
            .concat()
            .into_iter()
            .map(Op::DecodeRequest)
            .chain([3, 4].map(|class| {
                Op::DecodeReply(reply(13, 0, to_struct(0, 2, 1), &[1, 2, to_list(0, 7, 3), 1 << 2 | 3 << 32, 1 | class << 32, 31, 5]))
            }))
            .chain(
                [5, 0xffff]
                    .map(|kind| Op::DecodeReply(reply(16, 0, to_struct(0, 1, 1), &[1, to_list(0, 7, 2), 1 << 2 | 2 << 32, kind, 5]))),
            )
            .collect(),
        ),
    ]
}

fn at_the_bounds() -> GoldenCase<Idl> {
    let long = |len: u32| "a".repeat(len as usize);
    let over = || long(IDL_TEXT_BYTES_MAX + 1).into();
    let set = |metadata| Call::SetMetadata { session: 1, metadata };
    let picture = |extra: u32| vec![1; (IDL_ARTWORK_BYTES_MAX + extra) as usize];
    let key = |extra: u32| vec![7; (IDL_KEY_BYTES_MAX + extra) as usize];
    let sessions = |extra: u32| (1..=IDL_SESSIONS_MAX + extra).map(entry).collect();
    let commands = |extra: u32| vec![Command::Play; (IDL_COMMANDS_MAX + extra) as usize];
    let (text, words) = bytes(&[long(IDL_TEXT_BYTES_MAX + 1).as_bytes(), &[0]].concat());
    let mut ops = asks(vec![
        set(Metadata { title: long(IDL_TEXT_BYTES_MAX).into(), ..metadata() }),
        set(Metadata { title: over(), ..metadata() }),
        set(Metadata { artist: over(), ..metadata() }),
        set(Metadata { album: over(), ..metadata() }),
        set(Metadata { artwork: over(), ..metadata() }),
        Call::SetAppVolume { app: over(), db_q8_8: 0 },
        Call::SetAppMuted { app: over(), muted: true },
        Call::GetArtwork(over()),
        Call::PutArtwork { uri: over(), content: vec![].into() },
        Call::PutArtwork { uri: "a".into(), content: picture(0).into() },
        Call::PutArtwork { uri: "a".into(), content: picture(1).into() },
    ]);
    ops.extend(answers(vec![
        Answer::Sessions { active: 1, offer: 2, revision: 3, list: sessions(0) },
        Answer::Sessions { active: 1, offer: 2, revision: 3, list: sessions(1) },
        Answer::Session(Box::new(Session { app: over(), ..session() })),
        Answer::Session(Box::new(Session { metadata: Metadata { artwork: over(), ..metadata() }, ..session() })),
        Answer::Commands { session: 1, list: commands(0) },
        Answer::Commands { session: 1, list: commands(1) },
        Answer::Metrics(Box::new(metrics(IDL_SESSIONS_MAX))),
        Answer::Metrics(Box::new(metrics(IDL_SESSIONS_MAX + 1))),
        Answer::Artwork { key: key(0).into(), content: picture(0).into() },
        Answer::Artwork { key: key(1).into(), content: vec![].into() },
        Answer::Artwork { key: vec![].into(), content: picture(1).into() },
    ]));
    ops.push(Op::DecodeRequest(request(39, 0, to_struct(0, 1, 1), &[vec![0, text], words].concat())));
    golden("media_at_the_bounds", "Texts, lists and bytes of these messages at their bounds, and one more.", ops)
}
