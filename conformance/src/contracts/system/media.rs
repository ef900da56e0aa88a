//! Recorded cases and wrong machines of mediasessd's part of the contract `system`.

use super::violations::{accepted, called, hearing, without};
use crate::suite::{GoldenCase, Violation, meddling, misconfigured, misheard, tampered, violation};
use spec::Case;
use spec::audiod::State;
use spec::idl::{Answer, Call, Class, Command, FocusKind, Gain, MediaKey, Metadata, Mute};
use spec::media_config::Values;
use spec::metrics::METRICS_URI;
use spec::system::{Config, Obs, Op, System};
use spec::wakelock::Lock;

fn golden(name: &'static str, doc: &'static str, config: Config, ops: Vec<Op>) -> GoldenCase<System> {
    GoldenCase { name, doc, case: Case { config, ops } }
}

fn call(call: Call<'static>) -> Op {
    Op::Call { sender: 0, claimed: None, call }
}

fn write(stream: u32) -> Op {
    Op::Write { sender: 0, stream, frames: 1_920, seed: stream }
}

/// Players of these classes, with sound in their rings; session n stands over stream n.
fn players(classes: &[Class]) -> Vec<Op> {
    (1..)
        .zip(classes)
        .flat_map(|(stream, class)| {
            let app = class.name();
            let publish = Call::Publish { app: app.into(), stream, class: *class, seekable: *class == Class::Music };
            [call(Call::OpenStream(app.into())), write(stream), call(publish)]
        })
        .collect()
}

fn with(mut ops: Vec<Op>, more: impl IntoIterator<Item = Op>) -> Vec<Op> {
    ops.extend(more);
    ops
}

fn metadata() -> Metadata<'static> {
    Metadata {
        title: "A title".into(),
        artist: "An artist".into(),
        album: "\u{c4}lbum".into(),
        artwork: "pkg://fixtures/artwork/a.png".into(),
        duration_ms: Some(25),
    }
}

/// So many blocks, in which the ring of that stream is kept full.
fn blocks(count: u32, stream: u32) -> impl Iterator<Item = Op> {
    (0..count).flat_map(move |_| [Op::Tick(1), Op::Write { sender: 0, stream, frames: 480, seed: 9 }])
}

pub(super) fn goldens() -> Vec<GoldenCase<System>> {
    use Class::{Alarm, Comms, Music, Ui};
    let usual = Config::default;
    let quick = |change: fn(&mut Values)| {
        let mut config = usual();
        change(&mut config.media);
        config
    };
    let told = || [call(Call::ListSessions), Op::Lines, Op::Locks];
    let mut of_focus = vec![
        golden(
            "focus_alarm",
            "An alarm pauses music and comms, and both resume after it, in the order in which they were paused.",
            usual(),
            with(
                players(&[Music, Comms, Alarm]),
                [Call::Play(1), Call::Play(2)]
                    .map(call)
                    .into_iter()
                    .chain([Op::Tick(1), call(Call::Play(3)), Op::Tick(1)])
                    .chain(told())
                    .chain([call(Call::PauseSession(3)), Op::Tick(2)])
                    .chain(told()),
            ),
        ),
        golden(
            "focus_user_pause",
            "What the user pauses while an alarm plays does not resume after it.",
            usual(),
            with(
                players(&[Music, Alarm]),
                [Call::Play(1), Call::Play(2), Call::PauseSession(1), Call::PauseSession(2)]
                    .map(call)
                    .into_iter()
                    .chain([Op::Tick(1)])
                    .chain(told()),
            ),
        ),
        golden(
            "focus_steal",
            "A second player of music takes the gain of the first for good; an abandoned focus stops.",
            usual(),
            with(
                players(&[Music, Music]),
                [Call::Play(1), Call::Play(2)]
                    .map(call)
                    .into_iter()
                    .chain([Op::Tick(1)])
                    .chain(told())
                    .chain([call(Call::AbandonFocus(2)), Op::Tick(1)])
                    .chain(told()),
            ),
        ),
        golden(
            "focus_without_resume",
            "Without auto-resume nothing resumes, and a play under an alarm is rejected.",
            quick(|media| media.focus.auto_resume = false),
            with(
                players(&[Music, Alarm, Comms]),
                [Call::Play(1), Call::Play(2), Call::Play(3), Call::PauseSession(2)]
                    .map(call)
                    .into_iter()
                    .chain([Op::Tick(1)])
                    .chain(told()),
            ),
        ),
    ];
    of_focus.extend([
        golden(
            "duck_comms",
            "Comms lower music by 6 dB over 50 ms, and music comes back when they pause.",
            usual(),
            with(
                players(&[Music, Comms]),
                [call(Call::Play(1)), Op::Tick(1), call(Call::Play(2))]
                    .into_iter()
                    .chain(blocks(6, 1))
                    .chain(told())
                    .chain([call(Call::PauseSession(2))])
                    .chain(blocks(6, 1))
                    .chain(told()),
            ),
        ),
        golden(
            "duck_strongest",
            "A transient ui lowers music by 3 dB, comms over it by 6, by name as well; the ends come one by one.",
            quick(|media| media.duck.ramp_ms = 20),
            with(
                players(&[Music, Comms, Ui]),
                [call(Call::RequestFocus { session: 3, kind: FocusKind::Transient }), call(Call::Play(1)), call(Call::Play(3))]
                    .into_iter()
                    .chain(blocks(3, 1))
                    .chain([call(Call::Play(2))])
                    .chain(blocks(3, 1))
                    .chain([call(Call::Duck(1)), call(Call::PauseSession(2))])
                    .chain(blocks(3, 1))
                    .chain([call(Call::Unduck(1))])
                    .chain(blocks(3, 1))
                    .chain([call(Call::PauseSession(3))])
                    .chain(blocks(3, 1))
                    .chain(told()),
            ),
        ),
        golden(
            "duck_configured",
            "Other depths and no ramp, as the configuration has them; a depth of 96 dB is silence.",
            quick(|media| (media.duck.duck_db, media.duck.ramp_ms) = (-96, 0)),
            with(
                players(&[Music, Comms]),
                [call(Call::Play(1)), Op::Tick(1), call(Call::Play(2)), Op::Tick(1), call(Call::ListSessions), Op::Lines],
            ),
        ),
    ]);
    of_focus.extend(of_rest(quick));
    of_focus
}

fn of_rest(quick: impl Fn(fn(&mut Values)) -> Config) -> Vec<GoldenCase<System>> {
    use Class::{Comms, Music};
    let usual = Config::default;
    let gain = |id, db_q8_8| Gain { id, db_q8_8 };
    vec![
        golden(
            "app_volume",
            "An app's volume and mute lie over its sessions, those that come later among them, and over no other's.",
            usual(),
            with(
                players(&[Music, Comms]),
                [
                    call(Call::SetAppVolume { app: "music".into(), db_q8_8: -1_536 }),
                    call(Call::SetVolume(gain(1, -256))),
                    call(Call::Play(1)),
                    Op::Tick(1),
                    call(Call::SetAppMuted { app: "music".into(), muted: true }),
                    Op::Tick(1),
                    call(Call::GetSession(1)),
                    call(Call::SetAppMuted { app: "music".into(), muted: false }),
                    call(Call::SetSessionMuted(Mute { id: 1, muted: true })),
                    Op::Tick(1),
                    call(Call::Withdraw(1)),
                    call(Call::publish("music", 1)),
                    call(Call::GetSession(3)),
                    call(Call::SetAppVolume { app: "music".into(), db_q8_8: 4_000 }),
                    call(Call::SetAppVolume { app: "a b".into(), db_q8_8: 0 }),
                ],
            ),
        ),
        golden(
            "handoff",
            "A player that comes while another plays is offered a handoff; accepting it pauses the other; anybody else can't be accepted.",
            usual(),
            with(
                players(&[Music]),
                [call(Call::Play(1)), call(Call::OpenStream("later".into())), call(Call::publish("later", 2))]
                    .into_iter()
                    .chain(
                        [Call::ListSessions, Call::AcceptHandoff(1), Call::AcceptHandoff(2), Call::ListSessions, Call::SetActive(1)]
                            .map(call),
                    )
                    .chain([Op::Lines, call(Call::ListSessions)]),
            ),
        ),
        golden(
            "players_commands",
            "Commands wait for the player of a session and are given to it once, to nobody else; one more than may wait is rejected.",
            quick(|media| media.limits.queued_events = 2),
            with(
                players(&[Music]),
                [
                    call(Call::Command { session: 1, command: Command::Next }),
                    call(Call::Seek { session: 1, ms: 10 }),
                    call(Call::Seek { session: 1, ms: 20 }),
                    Op::Call { sender: 1, claimed: None, call: Call::TakeCommands(1) },
                    call(Call::TakeCommands(1)),
                    call(Call::TakeCommands(1)),
                    call(Call::GetSession(1)),
                ],
            ),
        ),
        golden(
            "metadata",
            "Metadata come back as they were said; control characters and what is too long do not go in.",
            quick(|media| media.limits.text_bytes = 40),
            with(
                players(&[Music]),
                [
                    call(Call::SetMetadata { session: 1, metadata: metadata() }),
                    call(Call::GetSession(1)),
                    call(Call::SetMetadata { session: 1, metadata: Metadata { title: "a\tb".into(), ..metadata() } }),
                    call(Call::SetMetadata { session: 1, metadata: Metadata { album: "a".repeat(41).into(), ..metadata() } }),
                    Op::Call { sender: 1, claimed: None, call: Call::SetMetadata { session: 1, metadata: Metadata::default() } },
                    call(Call::GetSession(1)),
                ],
            ),
        ),
        golden(
            "media_keys",
            "Keys mean the session that is now playing, and its app's volume; without one they are rejected.",
            usual(),
            with([call(Call::MediaKey(MediaKey::Play))].into_iter().chain(players(&[Music, Comms])).collect(), {
                use MediaKey::{Mute, Next, Pause, Play, Prev, Stop, Toggle, VolumeDown, VolumeUp};
                [Toggle, VolumeDown, VolumeDown, Mute, Next, Prev, Toggle, Play, Pause, Mute, VolumeUp, Stop]
                    .into_iter()
                    .flat_map(|key| [call(Call::MediaKey(key)), Op::Tick(1)])
                    .chain([call(Call::GetSession(1)), call(Call::TakeCommands(1)), Op::Lines])
            }),
        ),
        golden(
            "positions",
            "A position follows the blocks of its stream: it stands while the session is paused or starves, a seek comes with the next block, and a stop goes to 0.",
            usual(),
            with(
                players(&[Music]),
                [
                    call(Call::Play(1)),
                    Op::Tick(2),
                    call(Call::GetSession(1)),
                    call(Call::PauseSession(1)),
                    Op::Tick(2),
                    call(Call::GetSession(1)),
                    call(Call::Seek { session: 1, ms: 1_000 }),
                    call(Call::GetSession(1)),
                    call(Call::Play(1)),
                    Op::Tick(4),
                    call(Call::GetSession(1)),
                    call(Call::SetMetadata { session: 1, metadata: metadata() }),
                    call(Call::GetSession(1)),
                    call(Call::StopSession(1)),
                    call(Call::GetSession(1)),
                    call(Call::Metrics),
                ],
            ),
        ),
        golden(
            "metrics_export",
            "Records every second block, exported twice; the file grows by whole lines and outlives a restart.",
            quick(|media| media.metrics.interval_blocks = 2),
            with(
                players(&[Music]),
                [
                    call(Call::Play(1)),
                    Op::Tick(5),
                    call(Call::Metrics),
                    call(Call::ExportMetrics),
                    Op::File(METRICS_URI.into()),
                    Op::Tick(1),
                    call(Call::ExportMetrics),
                    call(Call::ExportMetrics),
                    Op::File(METRICS_URI.into()),
                    Op::Lines,
                    Op::Restart,
                    Op::File(METRICS_URI.into()),
                    Op::Tick(2),
                    call(Call::ExportMetrics),
                    Op::File(METRICS_URI.into()),
                ],
            ),
        ),
        golden(
            "metrics_without_state",
            "Without /state nothing is exported, and the line says placeholder.",
            Config { state: State::Missing, ..quick(|media| media.metrics.interval_blocks = 1) },
            vec![Op::Tick(2), call(Call::ExportMetrics), Op::File(METRICS_URI.into()), Op::Lines, call(Call::Metrics)],
        ),
        golden(
            "metrics_switched_off",
            "With the export switched off it is rejected.",
            quick(|media| media.metrics.export = false),
            vec![Op::Tick(1), call(Call::ExportMetrics), Op::Lines],
        ),
        golden(
            "pictures",
            "A picture is given under its URI with its key; an older one goes for a newer one, and what is larger than the cache is not kept.",
            quick(|media| (media.limits.artworks, media.limits.artwork_bytes) = (1, 8)),
            vec![
                call(Call::GetArtwork("pkg://a.png".into())),
                call(Call::PutArtwork { uri: "pkg://a.png".into(), content: vec![1, 2, 3].into() }),
                call(Call::GetArtwork("pkg://a.png".into())),
                call(Call::PutArtwork { uri: "pkg://b.png".into(), content: vec![4].into() }),
                call(Call::GetArtwork("pkg://a.png".into())),
                call(Call::GetArtwork("pkg://b.png".into())),
                call(Call::PutArtwork { uri: "pkg://c.png".into(), content: vec![5; 9].into() }),
                call(Call::PutArtwork { uri: "pkg://c.png".into(), content: vec![].into() }),
                call(Call::PutArtwork { uri: "".into(), content: vec![1].into() }),
                call(Call::GetArtwork("pkg://b.png".into())),
            ],
        ),
        golden(
            "revisions",
            "A poller that knows the revision is told nothing; progress is no change, a play is one.",
            usual(),
            with(
                players(&[Music]),
                [
                    call(Call::Changed(0)),
                    call(Call::Changed(1)),
                    call(Call::Play(1)),
                    call(Call::Changed(1)),
                    Op::Tick(3),
                    call(Call::ListSessions),
                    call(Call::Changed(3)),
                ],
            ),
        ),
        golden(
            "limits_configured",
            "Two sessions at most, as the configuration has it; a stream that has a session takes no other.",
            quick(|media| media.limits.sessions = 2),
            with(
                players(&[Music, Comms]),
                [
                    call(Call::publish("music", 1)),
                    call(Call::OpenStream("third".into())),
                    call(Call::publish("third", 3)),
                    call(Call::Withdraw(1)),
                    call(Call::publish("third", 3)),
                ],
            ),
        ),
    ]
}

/// What is kept of the answers about the sessions.
fn entries(obs: Obs, change: impl Fn(&mut spec::idl::SessionEntry)) -> Obs {
    match obs {
        Obs::Answer(Answer::Sessions { active, offer, revision, mut list }) => {
            list.iter_mut().for_each(change);
            Obs::Answer(Answer::Sessions { active, offer, revision, list })
        }
        Obs::Answer(Answer::Session(mut session)) => {
            change(&mut session.entry);
            Obs::Answer(Answer::Session(session))
        }
        obs => obs,
    }
}

pub(super) fn violations() -> Vec<Violation<System>> {
    vec![
        violation("SYSTEM-021", "lets everybody play under an alarm", || {
            meddling::<System, Vec<u32>>(|inner, playing, op| {
                let obs = inner.step(op)?;
                match (called(op), accepted(&obs)) {
                    (Some(Call::Play(session)), true) => playing.push(*session),
                    (Some(Call::PauseSession(session) | Call::StopSession(session) | Call::Withdraw(session)), true) => {
                        playing.retain(|playing| playing != session);
                    }
                    _ => {}
                }
                let playing = playing.clone();
                Ok(entries(obs, |entry| entry.playing |= playing.contains(&entry.session)))
            })
        }),
        violation("SYSTEM-021", "does not resume what an alarm paused", || {
            misconfigured::<System>(|config| {
                let mut config = config.clone();
                config.media.focus.auto_resume = false;
                config
            })
        }),
        violation("SYSTEM-022", "adds two ducks up", || {
            tampered::<System, ()>(|(), _, obs| entries(obs, |entry| entry.duck_db_q8_8 = entry.duck_db_q8_8.saturating_mul(2)))
        }),
        violation("SYSTEM-022", "takes every session for music", || {
            misheard::<System>(|op| {
                hearing(op, |call| match call {
                    Call::Publish { app, stream, class: Class::Comms, seekable } => {
                        Some(Call::Publish { app: app.clone(), stream: *stream, class: Class::Music, seekable: *seekable })
                    }
                    _ => None,
                })
            })
        }),
        violation("SYSTEM-022", "shows a duck late", || {
            tampered::<System, ()>(|(), _, obs| entries(obs, |entry| entry.ducked = entry.duck_db_q8_8 != 0))
        }),
        violation("SYSTEM-023", "answers an app's volume and does nothing", || {
            misheard::<System>(|op| {
                hearing(op, |call| match call {
                    Call::SetAppVolume { app, .. } => Some(Call::SetAppVolume { app: app.clone(), db_q8_8: 0 }),
                    _ => None,
                })
            })
        }),
        violation("SYSTEM-023", "answers an app's mute and does nothing", || {
            misheard::<System>(|op| {
                hearing(op, |call| match call {
                    Call::SetAppMuted { app, .. } => Some(Call::SetAppMuted { app: app.clone(), muted: false }),
                    _ => None,
                })
            })
        }),
        violation("SYSTEM-024", "lists the sessions by number", || {
            tampered::<System, ()>(|(), _, obs| match obs {
                Obs::Answer(Answer::Sessions { active, offer, revision, mut list }) => {
                    list.sort_by_key(|entry| entry.session);
                    Obs::Answer(Answer::Sessions { active, offer, revision, list })
                }
                obs => obs,
            })
        }),
        violation("SYSTEM-024", "offers no handoff", || {
            tampered::<System, ()>(|(), _, obs| match obs {
                Obs::Answer(Answer::Sessions { active, revision, list, .. }) => {
                    Obs::Answer(Answer::Sessions { active, offer: 0, revision, list })
                }
                Obs::Lines(lines) => without(Obs::Lines(lines), "media: handoff"),
                obs => obs,
            })
        }),
        violation("SYSTEM-025", "gives commands again", || {
            tampered::<System, Vec<Command>>(|given, _, obs| match obs {
                Obs::Answer(Answer::Commands { session, mut list }) => {
                    list.splice(0..0, given.iter().copied());
                    given.clone_from(&list);
                    Obs::Answer(Answer::Commands { session, list })
                }
                obs => obs,
            })
        }),
        violation("SYSTEM-025", "shouts titles", || {
            tampered::<System, ()>(|(), _, obs| match obs {
                Obs::Answer(Answer::Session(mut session)) => {
                    session.metadata.title = session.metadata.title.to_uppercase().into();
                    Obs::Answer(Answer::Session(session))
                }
                obs => obs,
            })
        }),
        violation("SYSTEM-026", "takes louder for quieter", || {
            misheard::<System>(|op| {
                hearing(op, |call| match call {
                    Call::MediaKey(MediaKey::VolumeUp) => Some(Call::MediaKey(MediaKey::VolumeDown)),
                    Call::MediaKey(MediaKey::VolumeDown) => Some(Call::MediaKey(MediaKey::VolumeUp)),
                    _ => None,
                })
            })
        }),
        violation("SYSTEM-026", "accepts a key that nobody hears", || {
            tampered::<System, ()>(|(), _, obs| match obs {
                Obs::Rejected { code: spec::ErrorCode::NoCurrentSession, .. } => Obs::Answer(Answer::Done),
                obs => obs,
            })
        }),
        violation("SYSTEM-027", "counts the position by the ticks", || {
            meddling::<System, u64>(|inner, ticks, op| {
                let obs = inner.step(op)?;
                if let (Op::Tick(count), Obs::Mixed { .. }) = (op, &obs) {
                    *ticks += u64::from(*count);
                }
                let ms = *ticks * 10;
                Ok(entries(obs, |entry| entry.position_ms = entry.position_ms.max(ms)))
            })
        }),
        violation("SYSTEM-028", "exports without a line", || tampered::<System, ()>(|(), _, obs| without(obs, "metrics: export"))),
        violation("SYSTEM-028", "tells every session as playing", || {
            tampered::<System, ()>(|(), _, obs| match obs {
                Obs::Answer(Answer::Metrics(mut metrics)) => {
                    metrics.active_sessions = metrics.positions.len() as u32;
                    Obs::Answer(Answer::Metrics(metrics))
                }
                obs => obs,
            })
        }),
        violation("SYSTEM-028", "claims an export without /state", || {
            tampered::<System, ()>(|(), op, obs| match (called(op), &obs) {
                (Some(Call::ExportMetrics), Obs::Rejected { code: spec::ErrorCode::StateUnavailable, .. }) => {
                    Obs::Answer(Answer::Exported { lines: 1, bytes: 200, removed: 0 })
                }
                _ => obs,
            })
        }),
        violation("SYSTEM-029", "loses pictures", || {
            tampered::<System, ()>(|(), _, obs| match obs {
                Obs::Answer(Answer::Artwork { key, .. }) => Obs::Answer(Answer::Artwork { key, content: vec![].into() }),
                obs => obs,
            })
        }),
        violation("SYSTEM-030", "tells every poller a change", || {
            tampered::<System, ()>(|(), _, obs| match obs {
                Obs::Answer(Answer::Changed { revision, .. }) => Obs::Answer(Answer::Changed { revision, changed: true }),
                obs => obs,
            })
        }),
        violation("SYSTEM-031", "does not read its configuration", || {
            misconfigured::<System>(|config| Config { media: Values::default(), ..config.clone() })
        }),
        violation("SYSTEM-010", "lets the lock go when focus changes hands", || {
            tampered::<System, bool>(|asked, op, obs| {
                *asked |= matches!(called(op), Some(Call::RequestFocus { .. }));
                if *asked && matches!(obs, Obs::Locks(_)) { Obs::Locks(Vec::<Lock>::new()) } else { obs }
            })
        }),
        violation("SYSTEM-019", "seeks and does not tell the player", || {
            tampered::<System, ()>(|(), _, obs| match obs {
                Obs::Answer(Answer::Commands { session, mut list }) => {
                    list.retain(|command| !matches!(command, Command::Seek(_)));
                    Obs::Answer(Answer::Commands { session, list })
                }
                obs => obs,
            })
        }),
    ]
}
