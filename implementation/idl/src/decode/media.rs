//! What mediasessd is asked and answers, beside the calls that audiod had first.

use super::{Read, malformed, part, peaks, text};
use crate::audio_capnp as wire;
use crate::{
    Answer, Call, Class, Command, FocusKind, IdlError, MediaKey, Metadata, Metrics, Result, Session, SessionEntry, SessionPosition, bounds,
};
use alloc::borrow::Cow;
use alloc::boxed::Box;
use capnp::NotInSchema;
use spec::ErrorCode;

/// IDL-014
fn known<T>(found: core::result::Result<T, NotInSchema>, what: &'static str, last: u64) -> Result<T> {
    found.map_err(|NotInSchema(number)| {
        IdlError::range(ErrorCode::OutOfRange, what, (number.into(), 0, last), "name one of spec/idl/audio.capnp")
    })
}

pub(super) fn class(found: core::result::Result<wire::Class, NotInSchema>) -> Result<Class> {
    Ok(match known(found, "the class's number", 3)? {
        wire::Class::Music => Class::Music,
        wire::Class::Comms => Class::Comms,
        wire::Class::Alarm => Class::Alarm,
        wire::Class::Ui => Class::Ui,
    })
}

fn command(found: core::result::Result<wire::CommandKind, NotInSchema>, ms: u64) -> Result<Command> {
    Ok(match known(found, "the command's number", 5)? {
        wire::CommandKind::Next => Command::Next,
        wire::CommandKind::Prev => Command::Prev,
        wire::CommandKind::Play => Command::Play,
        wire::CommandKind::Pause => Command::Pause,
        wire::CommandKind::Stop => Command::Stop,
        wire::CommandKind::Seek => Command::Seek(ms),
    })
}

fn key(found: core::result::Result<wire::MediaKey, NotInSchema>) -> Result<MediaKey> {
    Ok(match known(found, "the key's number", 8)? {
        wire::MediaKey::Play => MediaKey::Play,
        wire::MediaKey::Pause => MediaKey::Pause,
        wire::MediaKey::Toggle => MediaKey::Toggle,
        wire::MediaKey::Stop => MediaKey::Stop,
        wire::MediaKey::Next => MediaKey::Next,
        wire::MediaKey::Prev => MediaKey::Prev,
        wire::MediaKey::VolumeUp => MediaKey::VolumeUp,
        wire::MediaKey::VolumeDown => MediaKey::VolumeDown,
        wire::MediaKey::Mute => MediaKey::Mute,
    })
}

/// Bytes within their bound (IDL-010).
fn bytes<'a>(found: Read<&[u8]>, segment: &'a [u8], bound: fn(usize) -> Result<()>) -> Result<Cow<'a, [u8]>> {
    let found = found.map_err(malformed)?;
    bound(found.len())?;
    Ok(Cow::Borrowed(part(segment, found)))
}

pub(super) fn focus(found: Read<wire::focus::Reader<'_>>) -> Result<Call<'static>> {
    let focus = found.map_err(malformed)?;
    let kind = match known(focus.get_kind(), "the focus's number", 1)? {
        wire::FocusKind::Gain => FocusKind::Gain,
        wire::FocusKind::Transient => FocusKind::Transient,
    };
    Ok(Call::RequestFocus { session: focus.get_session(), kind })
}

pub(super) fn metadata<'a>(found: Read<wire::metadata::Reader<'_>>, segment: &'a [u8]) -> Result<Call<'a>> {
    let of = found.map_err(malformed)?;
    let metadata = Metadata {
        title: text(of.get_title(), segment, bounds::text)?,
        artist: text(of.get_artist(), segment, bounds::text)?,
        album: text(of.get_album(), segment, bounds::text)?,
        artwork: text(of.get_artwork(), segment, bounds::text)?,
        duration_ms: of.get_has_duration().then(|| of.get_duration_ms()),
    };
    Ok(Call::SetMetadata { session: of.get_session(), metadata })
}

pub(super) fn changed(found: Read<wire::since::Reader<'_>>) -> Result<Call<'static>> {
    Ok(Call::Changed(found.map_err(malformed)?.get_revision()))
}

pub(super) fn app_gain<'a>(found: Read<wire::app_gain::Reader<'_>>, segment: &'a [u8]) -> Result<Call<'a>> {
    let gain = found.map_err(malformed)?;
    Ok(Call::SetAppVolume { app: text(gain.get_app(), segment, bounds::text)?, db_q8_8: gain.get_db() })
}

pub(super) fn app_mute<'a>(found: Read<wire::app_mute::Reader<'_>>, segment: &'a [u8]) -> Result<Call<'a>> {
    let mute = found.map_err(malformed)?;
    Ok(Call::SetAppMuted { app: text(mute.get_app(), segment, bounds::text)?, muted: mute.get_muted() })
}

pub(super) fn asked(found: Read<wire::command::Reader<'_>>) -> Result<Call<'static>> {
    let of = found.map_err(malformed)?;
    Ok(Call::Command { session: of.get_session(), command: command(of.get_kind(), of.get_ms())? })
}

pub(super) fn media_key(found: core::result::Result<wire::MediaKey, NotInSchema>) -> Result<Call<'static>> {
    Ok(Call::MediaKey(key(found)?))
}

pub(super) fn picture<'a>(found: Read<wire::picture::Reader<'_>>, segment: &'a [u8]) -> Result<Call<'a>> {
    let picture = found.map_err(malformed)?;
    let uri = text(picture.get_uri(), segment, bounds::text)?;
    Ok(Call::PutArtwork { uri, content: bytes(picture.get_content(), segment, bounds::artwork)? })
}

fn entry(of: wire::session_entry::Reader<'_>) -> Result<SessionEntry> {
    Ok(SessionEntry {
        session: of.get_session(),
        class: class(of.get_class())?,
        duck_db_q8_8: of.get_duck_db(),
        playing: of.get_playing(),
        paused_by_focus: of.get_paused_by_focus(),
        ducked: of.get_ducked(),
        muted: of.get_muted(),
        gain_owner: of.get_gain_owner(),
        position_ms: of.get_position_ms(),
    })
}

pub(super) fn sessions(found: Read<wire::sessions::Reader<'_>>) -> Result<Answer<'static>> {
    let of = found.map_err(malformed)?;
    let list = of.get_list().map_err(malformed)?;
    bounds::sessions(list.len() as usize)?;
    let list = list.iter().map(entry).collect::<Result<_>>()?;
    Ok(Answer::Sessions { active: of.get_active(), offer: of.get_offer(), revision: of.get_revision(), list })
}

pub(super) fn session<'a>(found: Read<wire::session::Reader<'_>>, segment: &'a [u8]) -> Result<Answer<'a>> {
    let of = found.map_err(malformed)?;
    Ok(Answer::Session(Box::new(Session {
        entry: entry(of.get_entry().map_err(malformed)?)?,
        stream: of.get_stream(),
        volume_db_q8_8: of.get_volume_db(),
        app_volume_db_q8_8: of.get_app_volume_db(),
        session_muted: of.get_session_muted(),
        app_muted: of.get_app_muted(),
        seekable: of.get_seekable(),
        target_ms: of.get_has_target().then(|| of.get_target_ms()),
        waiting: of.get_waiting(),
        app: text(of.get_app(), segment, bounds::text)?,
        metadata: Metadata {
            title: text(of.get_title(), segment, bounds::text)?,
            artist: text(of.get_artist(), segment, bounds::text)?,
            album: text(of.get_album(), segment, bounds::text)?,
            artwork: text(of.get_artwork(), segment, bounds::text)?,
            duration_ms: of.get_has_duration().then(|| of.get_duration_ms()),
        },
    })))
}

pub(super) fn changed_since(found: Read<wire::changed::Reader<'_>>) -> Result<Answer<'static>> {
    let of = found.map_err(malformed)?;
    Ok(Answer::Changed { revision: of.get_revision(), changed: of.get_changed() })
}

pub(super) fn commands(found: Read<wire::commands::Reader<'_>>) -> Result<Answer<'static>> {
    let of = found.map_err(malformed)?;
    let list = of.get_list().map_err(malformed)?;
    bounds::commands(list.len() as usize)?;
    let list = list.iter().map(|queued| command(queued.get_kind(), queued.get_ms())).collect::<Result<_>>()?;
    Ok(Answer::Commands { session: of.get_session(), list })
}

pub(super) fn metrics(found: Read<wire::metrics::Reader<'_>>) -> Result<Answer<'static>> {
    let of = found.map_err(malformed)?;
    let last = peaks(of.get_last())?;
    let list = of.get_positions().map_err(malformed)?;
    bounds::sessions(list.len() as usize)?;
    let positions = list.iter().map(|at| SessionPosition { session: at.get_session(), frames: at.get_frames() }).collect();
    Ok(Answer::Metrics(Box::new(Metrics {
        block: of.get_block(),
        last,
        clipped_samples: of.get_clipped_samples(),
        underrun_events: of.get_underrun_events(),
        missing_frames: of.get_missing_frames(),
        dropped: of.get_dropped(),
        active_sessions: of.get_active_sessions(),
        open_streams: of.get_open_streams(),
        positions,
    })))
}

pub(super) fn exported(found: Read<wire::exported::Reader<'_>>) -> Result<Answer<'static>> {
    let of = found.map_err(malformed)?;
    Ok(Answer::Exported { lines: of.get_lines(), bytes: of.get_bytes(), removed: of.get_removed() })
}

pub(super) fn artwork<'a>(found: Read<wire::artwork::Reader<'_>>, segment: &'a [u8]) -> Result<Answer<'a>> {
    let of = found.map_err(malformed)?;
    let key = bytes(of.get_key(), segment, bounds::key)?;
    Ok(Answer::Artwork { key, content: bytes(of.get_content(), segment, bounds::artwork)? })
}
