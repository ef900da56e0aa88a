//! What mediasessd is asked and answers, beside the calls that audiod had first.

use super::{of_text, peaks};
use crate::audio_capnp as wire;
use crate::{Answer, Call, Class, Command, FocusKind, MediaKey, Metadata, Metrics, Result, Session, SessionEntry, bounds};

/// Words of a list of structs: a tag, and each struct's.
const fn of_structs(count: usize, words: usize) -> usize {
    count.saturating_mul(words).saturating_add(1)
}

fn of_metadata(metadata: &Metadata<'_>) -> Result<usize> {
    let texts = [&metadata.title, &metadata.artist, &metadata.album, &metadata.artwork];
    texts.into_iter().try_fold(0_usize, |words, text| Ok(words.saturating_add(of_text(text, bounds::text)?)))
}

fn of_bytes(bytes: &[u8], bound: fn(usize) -> Result<()>) -> Result<usize> {
    bound(bytes.len())?;
    Ok(bytes.len().div_ceil(super::WORD))
}

/// Words of a call's texts and lists (IDL-010).
pub(super) fn call_words(call: &Call<'_>) -> Result<usize> {
    match call {
        Call::SetMetadata { metadata, .. } => of_metadata(metadata),
        Call::SetAppVolume { app, .. } | Call::SetAppMuted { app, .. } => of_text(app, bounds::text),
        Call::PutArtwork { uri, content } => Ok(of_text(uri, bounds::text)?.saturating_add(of_bytes(content, bounds::artwork)?)),
        Call::GetArtwork(uri) => of_text(uri, bounds::text),
        _ => Ok(0),
    }
}

/// Words of an answer's texts and lists (IDL-010).
pub(super) fn answer_words(answer: &Answer<'_>) -> Result<usize> {
    match answer {
        Answer::Sessions { list, .. } => {
            bounds::sessions(list.len())?;
            Ok(of_structs(list.len(), 3))
        }
        Answer::Session(session) => Ok(of_text(&session.app, bounds::text)?.saturating_add(of_metadata(&session.metadata)?)),
        Answer::Commands { list, .. } => {
            bounds::commands(list.len())?;
            Ok(of_structs(list.len(), 2))
        }
        Answer::Metrics(metrics) => {
            bounds::sessions(metrics.positions.len())?;
            Ok(of_structs(metrics.positions.len(), 2))
        }
        Answer::Artwork { key, content } => Ok(of_bytes(key, bounds::key)?.saturating_add(of_bytes(content, bounds::artwork)?)),
        _ => Ok(0),
    }
}

pub(super) const fn class(of: Class) -> wire::Class {
    match of {
        Class::Music => wire::Class::Music,
        Class::Comms => wire::Class::Comms,
        Class::Alarm => wire::Class::Alarm,
        Class::Ui => wire::Class::Ui,
    }
}

/// A command's kind, and where a seek goes.
const fn command(of: Command) -> (wire::CommandKind, u64) {
    match of {
        Command::Next => (wire::CommandKind::Next, 0),
        Command::Prev => (wire::CommandKind::Prev, 0),
        Command::Play => (wire::CommandKind::Play, 0),
        Command::Pause => (wire::CommandKind::Pause, 0),
        Command::Stop => (wire::CommandKind::Stop, 0),
        Command::Seek(ms) => (wire::CommandKind::Seek, ms),
    }
}

const fn key(of: MediaKey) -> wire::MediaKey {
    match of {
        MediaKey::Play => wire::MediaKey::Play,
        MediaKey::Pause => wire::MediaKey::Pause,
        MediaKey::Toggle => wire::MediaKey::Toggle,
        MediaKey::Stop => wire::MediaKey::Stop,
        MediaKey::Next => wire::MediaKey::Next,
        MediaKey::Prev => wire::MediaKey::Prev,
        MediaKey::VolumeUp => wire::MediaKey::VolumeUp,
        MediaKey::VolumeDown => wire::MediaKey::VolumeDown,
        MediaKey::Mute => wire::MediaKey::Mute,
    }
}

pub(super) fn call(of: &Call<'_>, root: &mut wire::request::Builder<'_>) {
    match of {
        Call::RequestFocus { session, kind } => {
            let mut focus = root.reborrow().init_request_focus();
            focus.set_session(*session);
            focus.set_kind(match kind {
                FocusKind::Gain => wire::FocusKind::Gain,
                FocusKind::Transient => wire::FocusKind::Transient,
            });
        }
        Call::AbandonFocus(session) => root.set_abandon_focus(*session),
        Call::StopSession(session) => root.set_stop_session(*session),
        Call::SetActive(session) => root.set_set_active(*session),
        Call::AcceptHandoff(session) => root.set_accept_handoff(*session),
        Call::SetMetadata { session, metadata } => {
            let mut to = root.reborrow().init_set_metadata();
            to.set_session(*session);
            to.set_has_duration(metadata.duration_ms.is_some());
            to.set_duration_ms(metadata.duration_ms.unwrap_or(0));
            to.set_title(&*metadata.title);
            to.set_artist(&*metadata.artist);
            to.set_album(&*metadata.album);
            to.set_artwork(&*metadata.artwork);
        }
        Call::ListSessions => root.set_list_sessions(()),
        Call::GetSession(session) => root.set_get_session(*session),
        Call::Changed(revision) => root.reborrow().init_changed().set_revision(*revision),
        Call::SetAppVolume { app, db_q8_8 } => {
            let mut gain = root.reborrow().init_set_app_volume();
            gain.set_db(*db_q8_8);
            gain.set_app(&**app);
        }
        Call::SetAppMuted { app, muted } => {
            let mut mute = root.reborrow().init_set_app_muted();
            mute.set_muted(*muted);
            mute.set_app(&**app);
        }
        Call::Command { session, command: of } => {
            let (kind, ms) = command(*of);
            let mut to = root.reborrow().init_command();
            to.set_session(*session);
            to.set_kind(kind);
            to.set_ms(ms);
        }
        Call::TakeCommands(session) => root.set_take_commands(*session),
        Call::MediaKey(of) => root.set_media_key(key(*of)),
        Call::Metrics => root.set_metrics(()),
        Call::ExportMetrics => root.set_export_metrics(()),
        Call::PutArtwork { uri, content } => {
            let mut picture = root.reborrow().init_put_artwork();
            picture.set_uri(&**uri);
            picture.set_content(content);
        }
        Call::GetArtwork(uri) => root.set_get_artwork(&**uri),
        // The others are written by the caller.
        _ => {}
    }
}

fn entry(of: &SessionEntry, mut to: wire::session_entry::Builder<'_>) {
    to.set_session(of.session);
    to.set_class(class(of.class));
    to.set_duck_db(of.duck_db_q8_8);
    to.set_playing(of.playing);
    to.set_paused_by_focus(of.paused_by_focus);
    to.set_ducked(of.ducked);
    to.set_muted(of.muted);
    to.set_gain_owner(of.gain_owner);
    to.set_position_ms(of.position_ms);
}

fn session(of: &Session<'_>, mut to: wire::session::Builder<'_>) {
    to.set_stream(of.stream);
    to.set_volume_db(of.volume_db_q8_8);
    to.set_app_volume_db(of.app_volume_db_q8_8);
    to.set_session_muted(of.session_muted);
    to.set_app_muted(of.app_muted);
    to.set_has_duration(of.metadata.duration_ms.is_some());
    to.set_duration_ms(of.metadata.duration_ms.unwrap_or(0));
    to.set_seekable(of.seekable);
    to.set_has_target(of.target_ms.is_some());
    to.set_target_ms(of.target_ms.unwrap_or(0));
    to.set_waiting(of.waiting);
    entry(&of.entry, to.reborrow().init_entry());
    to.set_app(&*of.app);
    to.set_title(&*of.metadata.title);
    to.set_artist(&*of.metadata.artist);
    to.set_album(&*of.metadata.album);
    to.set_artwork(&*of.metadata.artwork);
}

fn metrics(of: &Metrics, mut to: wire::metrics::Builder<'_>) {
    to.set_block(of.block);
    to.set_clipped_samples(of.clipped_samples);
    to.set_underrun_events(of.underrun_events);
    to.set_missing_frames(of.missing_frames);
    to.set_dropped(of.dropped);
    to.set_active_sessions(of.active_sessions);
    to.set_open_streams(of.open_streams);
    peaks(&of.last, to.reborrow().init_last());
    let mut list = to.init_positions(u32::try_from(of.positions.len()).unwrap_or(u32::MAX));
    for (index, position) in (0..).zip(&of.positions) {
        let mut at = list.reborrow().get(index);
        at.set_session(position.session);
        at.set_frames(position.frames);
    }
}

pub(super) fn answer(of: &Answer<'_>, root: &mut wire::reply::Builder<'_>) {
    match of {
        Answer::Sessions { active, offer, revision, list } => {
            let mut to = root.reborrow().init_sessions();
            to.set_active(*active);
            to.set_offer(*offer);
            to.set_revision(*revision);
            let mut entries = to.init_list(u32::try_from(list.len()).unwrap_or(u32::MAX));
            for (index, of) in (0..).zip(list) {
                entry(of, entries.reborrow().get(index));
            }
        }
        Answer::Session(of) => session(of, root.reborrow().init_session()),
        Answer::Changed { revision, changed } => {
            let mut to = root.reborrow().init_changed();
            to.set_revision(*revision);
            to.set_changed(*changed);
        }
        Answer::Commands { session, list } => {
            let mut to = root.reborrow().init_commands();
            to.set_session(*session);
            let mut queued = to.init_list(u32::try_from(list.len()).unwrap_or(u32::MAX));
            for (index, of) in (0..).zip(list) {
                let (kind, ms) = command(*of);
                let mut at = queued.reborrow().get(index);
                at.set_kind(kind);
                at.set_ms(ms);
            }
        }
        Answer::Metrics(of) => metrics(of, root.reborrow().init_metrics()),
        Answer::Exported { lines, bytes, removed } => {
            let mut to = root.reborrow().init_exported();
            to.set_lines(*lines);
            to.set_bytes(*bytes);
            to.set_removed(*removed);
        }
        Answer::Artwork { key, content } => {
            let mut to = root.reborrow().init_artwork();
            to.set_key(key);
            to.set_content(content);
        }
        // The others are written by the caller.
        _ => {}
    }
}
