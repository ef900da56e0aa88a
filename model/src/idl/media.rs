//! What mediasessd is asked and answers, beside the calls that audiod had first.

use super::tree::{Child, Tree};
use super::{At, at_most, peaks, text};
use spec::ErrorCode;
use spec::idl::*;

const KINDS: [FocusKind; 2] = [FocusKind::Gain, FocusKind::Transient];
const KEYS: [MediaKey; 9] = [
    MediaKey::Play,
    MediaKey::Pause,
    MediaKey::Toggle,
    MediaKey::Stop,
    MediaKey::Next,
    MediaKey::Prev,
    MediaKey::VolumeUp,
    MediaKey::VolumeDown,
    MediaKey::Mute,
];

/// The commands, a seek with where it goes.
const fn commands(ms: u64) -> [Command; 6] {
    [Command::Next, Command::Prev, Command::Play, Command::Pause, Command::Stop, Command::Seek(ms)]
}

/// IDL-014: what a number of an enum names.
fn named<T: Copy>(of: &[T], number: u16) -> Result<T, ErrorCode> {
    of.get(usize::from(number)).copied().ok_or(ErrorCode::OutOfRange)
}

/// The number of an enum's name.
fn number<T: PartialEq>(of: &[T], value: &T) -> u64 {
    of.iter().position(|other| other == value).map_or(0, |place| place as u64)
}

/// A pointer's struct.
fn below(tree: Tree) -> (u64, Child) {
    (0, Child::Struct(tree))
}

impl At<'_> {
    /// The bytes behind a pointer, none where it is null.
    fn bytes(&mut self, pointer: u64, max: u32) -> Result<Vec<u8>, ErrorCode> {
        // IDL-012
        let bytes = self.segment.bytes(self.here.pointer(pointer))?.unwrap_or_default();
        // IDL-010
        at_most(bytes.len(), max, ErrorCode::OversizedList)?;
        Ok(bytes)
    }

    pub(super) fn class(&self, first_bit: u64) -> Result<Class, ErrorCode> {
        named(&Class::ALL, self.u16(first_bit))
    }

    fn metadata(&mut self, first: u64, known: bool, duration_ms: u64) -> Result<Metadata<'static>, ErrorCode> {
        let mut of = |index| Ok(self.text(first + index, IDL_TEXT_BYTES_MAX)?.into());
        Ok(Metadata { title: of(0)?, artist: of(1)?, album: of(2)?, artwork: of(3)?, duration_ms: known.then_some(duration_ms) })
    }

    /// The elements of a list of structs, at most so many.
    fn list<T>(&mut self, pointer: u64, max: u32, of: impl Fn(&At<'_>) -> Result<T, ErrorCode>) -> Result<Vec<T>, ErrorCode> {
        let list = self.segment.structures(self.here.pointer(pointer))?;
        // IDL-010
        at_most(list.count as usize, max, ErrorCode::OversizedList)?;
        (0..list.count).map(|index| of(&At { segment: self.segment, here: list.element(index) })).collect()
    }

    fn entry(&self) -> Result<SessionEntry, ErrorCode> {
        Ok(SessionEntry {
            session: self.u32(0),
            class: self.class(32)?,
            duck_db_q8_8: self.u16(48) as i16,
            playing: self.bool(64),
            paused_by_focus: self.bool(65),
            ducked: self.bool(66),
            muted: self.bool(67),
            gain_owner: self.bool(68),
            position_ms: self.u64(128),
        })
    }

    fn command(&self, kind: u64, ms: u64) -> Result<Command, ErrorCode> {
        named(&commands(self.u64(ms)), self.u16(kind))
    }

    /// A request's member of that tag.
    pub(super) fn media_call(&mut self, tag: u16, of: u32) -> Result<Call<'static>, ErrorCode> {
        Ok(match tag {
            30 => {
                let focus = self.child(0)?;
                Call::RequestFocus { session: focus.u32(0), kind: named(&KINDS, focus.u16(32))? }
            }
            31 => Call::AbandonFocus(of),
            32 => Call::StopSession(of),
            33 => Call::SetActive(of),
            34 => Call::AcceptHandoff(of),
            35 => {
                let mut from = self.child(0)?;
                let (session, known, duration_ms) = (from.u32(0), from.bool(32), from.u64(64));
                Call::SetMetadata { session, metadata: from.metadata(0, known, duration_ms)? }
            }
            36 => Call::ListSessions,
            37 => Call::GetSession(of),
            38 => Call::Changed(self.child(0)?.u64(0)),
            39 => {
                let mut gain = self.child(0)?;
                Call::SetAppVolume { app: gain.text(0, IDL_TEXT_BYTES_MAX)?.into(), db_q8_8: gain.u16(0) as i16 }
            }
            40 => {
                let mut mute = self.child(0)?;
                Call::SetAppMuted { app: mute.text(0, IDL_TEXT_BYTES_MAX)?.into(), muted: mute.bool(0) }
            }
            41 => {
                let from = self.child(0)?;
                Call::Command { session: from.u32(0), command: from.command(32, 64)? }
            }
            42 => Call::TakeCommands(of),
            43 => Call::MediaKey(named(&KEYS, of as u16)?),
            44 => Call::Metrics,
            45 => Call::ExportMetrics,
            46 => {
                let mut picture = self.child(0)?;
                let uri = picture.text(0, IDL_TEXT_BYTES_MAX)?.into();
                Call::PutArtwork { uri, content: picture.bytes(1, IDL_ARTWORK_BYTES_MAX)?.into() }
            }
            47 => Call::GetArtwork(self.text(0, IDL_TEXT_BYTES_MAX)?.into()),
            // IDL-009
            _ => return Err(ErrorCode::UnknownCall),
        })
    }

    fn session(&mut self) -> Result<Session<'static>, ErrorCode> {
        let entry = self.child(0)?.entry()?;
        let (known, duration_ms) = (self.bool(66), self.u64(128));
        Ok(Session {
            entry,
            stream: self.u32(0),
            volume_db_q8_8: self.u16(32) as i16,
            app_volume_db_q8_8: self.u16(48) as i16,
            session_muted: self.bool(64),
            app_muted: self.bool(65),
            seekable: self.bool(67),
            target_ms: self.bool(68).then(|| self.u64(192)),
            waiting: self.u16(80),
            app: self.text(1, IDL_TEXT_BYTES_MAX)?.into(),
            metadata: self.metadata(2, known, duration_ms)?,
        })
    }

    /// A reply's member of that tag.
    pub(super) fn media_answer(&mut self, tag: u16) -> Result<Answer<'static>, ErrorCode> {
        if !(13..=19).contains(&tag) {
            // IDL-009
            return Err(ErrorCode::UnknownCall);
        }
        let mut of = self.child(0)?;
        Ok(match tag {
            13 => {
                let list = of.list(0, IDL_SESSIONS_MAX, |entry| entry.entry())?;
                Answer::Sessions { active: of.u32(0), offer: of.u32(32), revision: of.u64(64), list }
            }
            14 => Answer::Session(Box::new(of.session()?)),
            15 => Answer::Changed { revision: of.u64(0), changed: of.bool(64) },
            16 => Answer::Commands { session: of.u32(0), list: of.list(0, IDL_COMMANDS_MAX, |queued| queued.command(0, 64))? },
            17 => {
                let last = of.peaks()?;
                let position = |at: &At<'_>| Ok(SessionPosition { session: at.u32(0), frames: at.u64(64) });
                let positions = of.list(1, IDL_SESSIONS_MAX, position)?;
                Answer::Metrics(Box::new(Metrics {
                    block: of.u64(0),
                    last,
                    clipped_samples: of.u64(64),
                    underrun_events: of.u64(128),
                    missing_frames: of.u64(192),
                    dropped: of.u64(320),
                    active_sessions: of.u32(256),
                    open_streams: of.u32(288),
                    positions,
                }))
            }
            18 => Answer::Exported { lines: of.u32(0), bytes: of.u32(32), removed: of.u32(64) },
            _ => {
                let key = of.bytes(0, IDL_KEY_BYTES_MAX)?.into();
                Answer::Artwork { key, content: of.bytes(1, IDL_ARTWORK_BYTES_MAX)?.into() }
            }
        })
    }
}

/// IDL-010
fn bytes(of: &[u8], max: u32) -> Result<Child, ErrorCode> {
    at_most(of.len(), max, ErrorCode::OversizedList)?;
    Ok(Child::Bytes(of.to_vec()))
}

fn texts(metadata: &Metadata<'_>) -> Result<Vec<Child>, ErrorCode> {
    let Metadata { title, artist, album, artwork, .. } = metadata;
    [title, artist, album, artwork].into_iter().map(|of| text(of, IDL_TEXT_BYTES_MAX)).collect()
}

/// A command's number, and where a seek goes.
fn asked(of: Command) -> (u64, u64) {
    let ms = if let Command::Seek(ms) = of { ms } else { 0 };
    (number(&commands(ms), &of), ms)
}

/// The tag, the value and the pointer of a request that this module knows.
pub(super) fn call(call: &Call<'_>) -> Result<(u64, (u64, Child)), ErrorCode> {
    let none = (0, Child::Null);
    let session = |of: &u32| (u64::from(*of), Child::Null);
    Ok(match call {
        Call::RequestFocus { session, kind } => (30, below(Tree::new(1, vec![]).with(0, (*session).into()).with(32, number(&KINDS, kind)))),
        Call::AbandonFocus(of) => (31, session(of)),
        Call::StopSession(of) => (32, session(of)),
        Call::SetActive(of) => (33, session(of)),
        Call::AcceptHandoff(of) => (34, session(of)),
        Call::SetMetadata { session, metadata } => {
            let tree = Tree::new(2, texts(metadata)?).with(0, (*session).into()).with(32, metadata.duration_ms.is_some().into());
            (35, below(tree.with(64, metadata.duration_ms.unwrap_or(0))))
        }
        Call::ListSessions => (36, none),
        Call::GetSession(of) => (37, session(of)),
        Call::Changed(revision) => (38, below(Tree::new(1, vec![]).with(0, *revision))),
        Call::SetAppVolume { app, db_q8_8 } => {
            (39, below(Tree::new(1, vec![text(app, IDL_TEXT_BYTES_MAX)?]).with(0, u64::from(*db_q8_8 as u16))))
        }
        Call::SetAppMuted { app, muted } => (40, below(Tree::new(1, vec![text(app, IDL_TEXT_BYTES_MAX)?]).with(0, (*muted).into()))),
        Call::Command { session, command } => {
            let (kind, ms) = asked(*command);
            (41, below(Tree::new(2, vec![]).with(0, (*session).into()).with(32, kind).with(64, ms)))
        }
        Call::TakeCommands(of) => (42, session(of)),
        Call::MediaKey(key) => (43, (number(&KEYS, key), Child::Null)),
        Call::Metrics => (44, none),
        Call::ExportMetrics => (45, none),
        Call::PutArtwork { uri, content } => {
            (46, below(Tree::new(0, vec![text(uri, IDL_TEXT_BYTES_MAX)?, bytes(content, IDL_ARTWORK_BYTES_MAX)?])))
        }
        Call::GetArtwork(uri) => (47, (0, text(uri, IDL_TEXT_BYTES_MAX)?)),
        other => unreachable!("{other:?} is written by the caller"),
    })
}

fn entry(of: &SessionEntry) -> Tree {
    let flags = [of.playing, of.paused_by_focus, of.ducked, of.muted, of.gain_owner];
    let tree = Tree::new(3, vec![]).with(0, of.session.into()).with(32, number(&Class::ALL, &of.class));
    let tree = tree.with(48, u64::from(of.duck_db_q8_8 as u16)).with(128, of.position_ms);
    (64..).zip(flags).fold(tree, |tree, (bit, flag)| tree.with(bit, flag.into()))
}

fn session(of: &Session<'_>) -> Result<Tree, ErrorCode> {
    let mut pointers = vec![Child::Struct(entry(&of.entry)), text(&of.app, IDL_TEXT_BYTES_MAX)?];
    pointers.extend(texts(&of.metadata)?);
    let tree = Tree::new(4, pointers).with(0, of.stream.into()).with(32, u64::from(of.volume_db_q8_8 as u16));
    let tree = tree.with(48, u64::from(of.app_volume_db_q8_8 as u16)).with(80, of.waiting.into());
    let tree = tree.with(128, of.metadata.duration_ms.unwrap_or(0)).with(192, of.target_ms.unwrap_or(0));
    let flags = [of.session_muted, of.app_muted, of.metadata.duration_ms.is_some(), of.seekable, of.target_ms.is_some()];
    Ok((64..).zip(flags).fold(tree, |tree, (bit, flag)| tree.with(bit, flag.into())))
}

/// IDL-010: a list of structs without pointers.
fn list<T>(of: &[T], max: u32, words: usize, tree: impl Fn(&T) -> Tree) -> Result<Child, ErrorCode> {
    at_most(of.len(), max, ErrorCode::OversizedList)?;
    Ok(Child::Structs(words, of.iter().map(tree).collect()))
}

/// The tag, the value and the pointer of a reply that this module knows.
pub(super) fn answer(answer: &Answer<'_>) -> Result<(u64, (u64, Child)), ErrorCode> {
    Ok(match answer {
        Answer::Sessions { active, offer, revision, list: of } => {
            let tree = Tree::new(2, vec![list(of, IDL_SESSIONS_MAX, 3, entry)?]);
            (13, below(tree.with(0, (*active).into()).with(32, (*offer).into()).with(64, *revision)))
        }
        Answer::Session(of) => (14, below(session(of)?)),
        Answer::Changed { revision, changed } => (15, below(Tree::new(2, vec![]).with(0, *revision).with(64, (*changed).into()))),
        Answer::Commands { session, list: of } => {
            let queued = |command: &Command| {
                let (kind, ms) = asked(*command);
                Tree::new(2, vec![]).with(0, kind).with(64, ms)
            };
            (16, below(Tree::new(1, vec![list(of, IDL_COMMANDS_MAX, 2, queued)?]).with(0, (*session).into())))
        }
        Answer::Metrics(of) => {
            let position = |at: &SessionPosition| Tree::new(2, vec![]).with(0, at.session.into()).with(64, at.frames);
            let tree = Tree::new(6, vec![peaks(of.last), list(&of.positions, IDL_SESSIONS_MAX, 2, position)?]);
            let tree = tree.with(0, of.block).with(64, of.clipped_samples).with(128, of.underrun_events).with(192, of.missing_frames);
            (17, below(tree.with(256, of.active_sessions.into()).with(288, of.open_streams.into()).with(320, of.dropped)))
        }
        Answer::Exported { lines, bytes, removed } => {
            (18, below(Tree::new(2, vec![]).with(0, (*lines).into()).with(32, (*bytes).into()).with(64, (*removed).into())))
        }
        Answer::Artwork { key, content } => {
            (19, below(Tree::new(0, vec![bytes(key, IDL_KEY_BYTES_MAX)?, bytes(content, IDL_ARTWORK_BYTES_MAX)?])))
        }
        other => unreachable!("{other:?} is written by the caller"),
    })
}
