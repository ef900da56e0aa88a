//! What mediasessd tells: sessions, changes, metrics, pictures.

use super::{SystemModel, ask};
use spec::bytes::Bytes;
use spec::devices::Blob;
use spec::focus::Playback as Wanted;
use spec::idl::{Answer, Metadata, Metrics, Peaks, Session as Whole, SessionEntry, SessionPosition};
use spec::{ErrorCode, artwork, ducking, metrics, sessions};

impl SystemModel {
    fn entry(&mut self, sid: u32) -> Result<SessionEntry, ErrorCode> {
        let (place, info, over) = (self.media.place(sid)?, self.media.info(sid)?, self.media.overlay(sid));
        let session = self.media.sessions[place];
        let ducks = self.media.ducks(&ducking::Op::Gains);
        let waits = self.media.focused().iter().any(|focused| focused.sid == sid && focused.playback == Wanted::Waiting);
        Ok(SessionEntry {
            session: sid,
            class: info.class,
            duck_db_q8_8: ducks.iter().find(|(session, _)| *session == sid).map_or(0, |(_, db)| *db as i16),
            playing: info.playing,
            paused_by_focus: waits,
            ducked: session.causes.contains(&true),
            muted: over.muted || over.app_muted,
            gain_owner: info.gain,
            position_ms: info.position_ms,
        })
    }

    /// SYSTEM-024
    pub(super) fn list(&mut self) -> Result<Answer<'static>, ErrorCode> {
        let (active, offer) = self.media.current();
        let (revision, _) = self.revision(0);
        let sessions::Obs::Sessions(listed) = self.registry(&sessions::Op::List)? else { unreachable!("a list") };
        let list = listed.iter().map(|listed| self.entry(listed.sid)).collect::<Result<_, _>>()?;
        Ok(Answer::Sessions { active: active.unwrap_or(0), offer: offer.unwrap_or(0), revision, list })
    }

    /// SYSTEM-030
    pub(super) fn revision(&mut self, since: u64) -> (u64, bool) {
        match ask(&mut self.media.registry, &sessions::Op::Changed(since)) {
            sessions::Obs::Changed { revision, changed } => (revision, changed),
            other => unreachable!("{other:?}"),
        }
    }

    /// SYSTEM-025
    pub(super) fn whole(&mut self, sid: u32) -> Result<Answer<'static>, ErrorCode> {
        let (entry, info, over) = (self.entry(sid)?, self.media.info(sid)?, self.media.overlay(sid));
        let text = |bytes: &Bytes| String::from_utf8(bytes.0.clone()).expect("metadata are UTF-8").into();
        Ok(Answer::Session(Box::new(Whole {
            entry,
            stream: self.media.sessions[self.media.place(sid)?].stream,
            volume_db_q8_8: over.db as i16,
            app_volume_db_q8_8: over.app_db as i16,
            session_muted: over.muted,
            app_muted: over.app_muted,
            seekable: info.seekable,
            target_ms: info.target_ms,
            waiting: info.commands as u16,
            app: info.app.into(),
            metadata: Metadata {
                title: text(&info.metadata.title),
                artist: text(&info.metadata.artist),
                album: text(&info.metadata.album),
                artwork: text(&info.metadata.artwork),
                duration_ms: info.metadata.duration_ms,
            },
        })))
    }

    /// SYSTEM-028
    pub(super) fn snapshot(&mut self) -> Answer<'static> {
        let metrics::Obs::Record(record) = ask(&mut self.media.metrics, &metrics::Op::Snapshot) else { unreachable!("a record") };
        Answer::Metrics(Box::new(Metrics {
            block: record.block,
            last: Peaks { peak: [record.peak_left, record.peak_right], rms: self.audiod.meters().rms },
            clipped_samples: record.clipped,
            underrun_events: record.underrun_events,
            missing_frames: record.missing_frames,
            dropped: record.dropped,
            active_sessions: record.active_sessions,
            open_streams: record.open_streams,
            positions: record.positions.iter().map(|at| SessionPosition { session: at.sid, frames: at.frames }).collect(),
        }))
    }

    pub(super) fn export(&mut self) -> Result<Answer<'static>, ErrorCode> {
        let obs = ask(&mut self.media.metrics, &metrics::Op::Export);
        self.told();
        match obs {
            metrics::Obs::Exported { lines, bytes, removed } => Ok(Answer::Exported { lines, bytes, removed }),
            metrics::Obs::Rejected(code) => Err(code),
            other => unreachable!("{other:?}"),
        }
    }

    /// SYSTEM-029
    pub(super) fn put(&mut self, uri: &str, content: &[u8]) -> Result<(), ErrorCode> {
        let op = artwork::Op::Put { uri: Bytes(uri.as_bytes().to_vec()), content: artwork::Content::Bytes(Blob(content.to_vec())) };
        match ask(&mut self.media.artwork, &op) {
            artwork::Obs::Kept { key, .. } => {
                self.media.pictures.insert(key, content.to_vec());
                Ok(())
            }
            artwork::Obs::NotCached => Err(ErrorCode::OversizedInput),
            artwork::Obs::Rejected(code) => Err(code),
            other => unreachable!("{other:?}"),
        }
    }

    pub(super) fn picture(&mut self, uri: &str) -> Result<Answer<'static>, ErrorCode> {
        let key = match ask(&mut self.media.artwork, &artwork::Op::Lookup(Bytes(uri.as_bytes().to_vec()))) {
            artwork::Obs::Key(Some(key)) => key,
            artwork::Obs::Key(None) => return Err(ErrorCode::UnknownArtwork),
            artwork::Obs::Rejected(code) => return Err(code),
            other => unreachable!("{other:?}"),
        };
        match ask(&mut self.media.artwork, &artwork::Op::Get(key)) {
            artwork::Obs::Hit { .. } => {
                Ok(Answer::Artwork { key: key.0.to_vec().into(), content: self.media.pictures[&key].clone().into() })
            }
            _ => Err(ErrorCode::UnknownArtwork),
        }
    }
}
