//! What the commands ask of the media services, and what they tell of it.

use super::{Chosen, STEPS, Told};
use crate::client::Client;
use crate::failed::Failed;
use serde_json::{Value, json};
use spec::idl::{Answer, Call, Command, Gain, Metadata, Mute, Session, SessionEntry};

pub(super) fn unexpected(answer: &Answer<'_>) -> Failed {
    Failed::Internal(format!("the media service gave an answer of another kind: {answer:?}; start this version's `nx audiod`"))
}

const fn state(entry: &SessionEntry) -> &'static str {
    match (entry.playing, entry.paused_by_focus) {
        (true, _) => "playing",
        (false, true) => "waiting",
        (false, false) => "paused",
    }
}

fn decibels(q8_8: i16) -> String {
    if i32::from(q8_8) <= spec::gain::GAIN_DB_Q8_8_MIN { "-inf".into() } else { format!("{:.2}", f64::from(q8_8) / STEPS) }
}

/// All of a session as data.
fn shown(session: &Session<'_>, active: u32) -> Value {
    let (entry, Metadata { title, artist, album, artwork, duration_ms }) = (&session.entry, &session.metadata);
    json!({
        "sid": entry.session, "app": session.app, "class": entry.class.name(), "state": state(entry), "active": entry.session == active,
        "position_ms": entry.position_ms, "duration_ms": duration_ms, "title": title, "artist": artist, "album": album, "artwork": artwork,
        "volume_db": decibels(session.volume_db_q8_8), "app_volume_db": decibels(session.app_volume_db_q8_8), "muted": entry.muted,
        "ducked": entry.ducked, "duck_db": decibels(entry.duck_db_q8_8), "paused_by_focus": entry.paused_by_focus,
        "stream": session.stream, "seekable": session.seekable,
    })
}

/// The media services, asked.
pub(super) struct Media {
    pub(super) client: Client,
}

impl Media {
    /// The active session, 0 where there is none, and every session in its order.
    pub(super) fn sessions(&mut self) -> Result<(u32, Vec<SessionEntry>), Failed> {
        match self.client.call(Call::ListSessions)? {
            Answer::Sessions { active, list, .. } => Ok((active, list)),
            answer => Err(unexpected(&answer)),
        }
    }

    pub(super) fn whole(&mut self, sid: u32) -> Result<Session<'static>, Failed> {
        match self.client.call(Call::GetSession(sid))? {
            Answer::Session(session) => Ok(*session),
            answer => Err(unexpected(&answer)),
        }
    }

    /// The session that is meant.
    pub(super) fn sid(&mut self, of: Chosen) -> Result<u32, Failed> {
        match (of.sid, self.sessions()?) {
            (Some(sid), _) => Ok(sid),
            (None, (0, _)) => Err(Failed::Rejected("no session is now playing: name one, see `nx media list`".into())),
            (None, (active, _)) => Ok(active),
        }
    }

    pub(super) fn list(&mut self) -> Result<Told, Failed> {
        let (active, entries) = self.sessions()?;
        let mut sessions = Vec::with_capacity(entries.len());
        for entry in entries {
            match self.whole(entry.session) {
                Ok(session) => sessions.push(shown(&session, active)),
                // One that ended since the list was made is not in it.
                Err(Failed::Refused(code, _)) if code == spec::ErrorCode::UnknownSession as u16 => {}
                Err(failed) => return Err(failed),
            }
        }
        Ok(("nx: media list".into(), json!({ "sessions": sessions })))
    }

    /// What a session is.
    pub(super) fn session(&mut self, verb: &str, sid: u32) -> Result<Told, Failed> {
        let (active, _) = self.sessions()?;
        Ok((format!("nx: media {verb} sid={sid}"), shown(&self.whole(sid)?, active)))
    }

    /// What a session is after a command that was taken. Its player may have ended it since, which is no failure of the command.
    pub(super) fn after(&mut self, verb: &str, sid: u32) -> Result<Told, Failed> {
        match self.session(verb, sid) {
            Err(Failed::Refused(code, _)) if code == spec::ErrorCode::UnknownSession as u16 => {
                Ok((format!("nx: media {verb} sid={sid}"), json!({"sid": sid, "state": "ended"})))
            }
            told => told,
        }
    }

    pub(super) fn control(&mut self, verb: &str, of: Chosen, call: impl Fn(u32) -> Call<'static>) -> Result<Told, Failed> {
        let sid = self.sid(of)?;
        self.client.call(call(sid))?;
        self.after(verb, sid)
    }

    /// Pauses a session at its beginning. Its player is told first, since it can't see where its session is: where it can't be told, nothing
    /// has changed.
    pub(super) fn stop(&mut self, session: u32) -> Result<(), Failed> {
        self.client.call(Call::Command { session, command: Command::Stop })?;
        self.client.call(Call::StopSession(session)).map(|_| ())
    }

    pub(super) fn volume(&mut self, db: f64, of: Chosen, app: Option<&str>, alone: bool) -> Result<Told, Failed> {
        let steps = (db * STEPS).round();
        if !(f64::from(i16::MIN)..=f64::from(i16::MAX)).contains(&steps) {
            return Err(Failed::Rejected(format!("{db} dB is no volume: give -96 to 12")));
        }
        // Within the range of the type; the service knows the range of volumes.
        let db_q8_8 = steps as i16;
        if let Some(app) = app {
            self.client.call(Call::SetAppVolume { app: app.into(), db_q8_8 })?;
            return Ok((format!("nx: media volume app={app}"), json!({"app": app, "app_volume_db": decibels(db_q8_8)})));
        }
        let sid = self.sid(of)?;
        if alone {
            self.client.call(Call::SetVolume(Gain { id: sid, db_q8_8 }))?;
        } else {
            let app = self.whole(sid)?.app;
            self.client.call(Call::SetAppVolume { app, db_q8_8 })?;
        }
        self.after("volume", sid)
    }

    pub(super) fn mute(&mut self, of: Chosen, app: Option<&str>, muted: bool) -> Result<Told, Failed> {
        if let Some(app) = app {
            self.client.call(Call::SetAppMuted { app: app.into(), muted })?;
            return Ok((format!("nx: media mute app={app}"), json!({"app": app, "app_muted": muted})));
        }
        let sid = self.sid(of)?;
        self.client.call(Call::SetSessionMuted(Mute { id: sid, muted }))?;
        self.after("mute", sid)
    }

    pub(super) fn metrics(&mut self, export: bool) -> Result<Told, Failed> {
        if export {
            return match self.client.call(Call::ExportMetrics)? {
                Answer::Exported { lines, bytes, removed } => {
                    Ok(("nx: media metrics export".into(), json!({"lines": lines, "bytes": bytes, "removed": removed})))
                }
                answer => Err(unexpected(&answer)),
            };
        }
        match self.client.call(Call::Metrics)? {
            Answer::Metrics(metrics) => Ok((
                "nx: media metrics".into(),
                json!({
                    "block": metrics.block, "peak": metrics.last.peak, "rms": metrics.last.rms, "clipped_samples": metrics.clipped_samples,
                    "underrun_events": metrics.underrun_events, "missing_frames": metrics.missing_frames,
                    "active_sessions": metrics.active_sessions, "open_streams": metrics.open_streams, "dropped": metrics.dropped,
                    "positions": metrics.positions.iter().map(|at| json!({"sid": at.session, "frames": at.frames})).collect::<Vec<_>>(),
                }),
            )),
            answer => Err(unexpected(&answer)),
        }
    }
}
