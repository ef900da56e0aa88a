//! mediasessd: the models of registry, focus, ducks, volumes, metrics and artwork over the streams of audiod.

use super::{SystemModel, ask, fresh};
use crate::artwork::Model as ArtworkModel;
use crate::audiod::check_app;
use crate::ducking::Model as DuckingModel;
use crate::focus::Model as FocusModel;
use crate::metrics::Model as MetricsModel;
use crate::sessions::Model as SessionsModel;
use crate::volume::Model as VolumeModel;
use spec::audiod::State;
use spec::bytes::Bytes;
use spec::ducking::Rule;
use spec::focus::{Change, Ducks, Kind, Playback as Wanted, What};
use spec::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN};
use spec::idl::{Answer, Call, MediaKey, Metadata};
use spec::media::Class;
use spec::system::{Config, SYSTEM_VOLUME_STEP_Q8_8};
use spec::wakelock::Playback;
use spec::{ErrorCode, artwork, audiod, ducking, focus, metrics, sessions, volume};
use std::collections::BTreeMap;

/// Who lowers a session: focus by its two rules, and whoever asked for a duck by name.
const CAUSES: [(u32, Rule); 3] = [(1, Rule::DuckDb), (2, Rule::DuckDbUi), (3, Rule::DuckDb)];

/// A session over a stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Session {
    pub(super) sid: u32,
    pub(super) stream: u32,
    /// Which of the causes lower it.
    pub(super) causes: [bool; CAUSES.len()],
}

/// The session service.
#[derive(Clone, Debug, Default)]
pub(super) struct Media {
    pub(super) registry: SessionsModel,
    focus: FocusModel,
    ducking: DuckingModel,
    volume: VolumeModel,
    pub(super) metrics: MetricsModel,
    pub(super) artwork: ArtworkModel,
    /// The pictures that were ever put.
    pub(super) pictures: BTreeMap<artwork::Key, Vec<u8>>,
    pub(super) sessions: Vec<Session>,
}

impl Media {
    /// SYSTEM-031: what is done at every start; the file of metrics is all that stays.
    pub(super) fn restart(&mut self, config: &Config) {
        let values = &config.media;
        let state = if config.state == State::Missing { metrics::State::Missing } else { metrics::State::Ready };
        let metrics = metrics::Config { state, export: values.metrics.export, interval_blocks: values.metrics.interval_blocks };
        let file = match ask(&mut self.metrics, &metrics::Op::File) {
            metrics::Obs::File(file) => file,
            _ => None,
        };
        let limits = &values.limits;
        let registry =
            sessions::Config { audiod: true, sessions: limits.sessions, commands: limits.queued_events, text_bytes: limits.text_bytes };
        *self = Self {
            registry: fresh(&registry),
            focus: fresh(&focus::Config { auto_resume: values.focus.auto_resume }),
            ducking: fresh(&ducking::Config {
                duck_db_q8_8: values.duck.duck_db * 256,
                duck_db_ui_q8_8: values.duck.duck_db_ui * 256,
                ramp_ms: values.duck.ramp_ms,
            }),
            volume: fresh(&volume::Config {}),
            metrics: fresh(&metrics),
            artwork: fresh(&artwork::Config { entries: limits.artworks, bytes: limits.artwork_bytes }),
            ..Self::default()
        };
        if let Some(text) = file {
            ask(&mut self.metrics, &metrics::Op::Plant { text, times: 1 });
        }
    }

    pub(super) fn place(&self, sid: u32) -> Result<usize, ErrorCode> {
        self.sessions.iter().position(|session| session.sid == sid).ok_or(ErrorCode::UnknownSession)
    }

    pub(super) fn registry(&mut self, op: &sessions::Op) -> Result<sessions::Obs, ErrorCode> {
        match ask(&mut self.registry, op) {
            sessions::Obs::Rejected(code) => Err(code),
            obs => Ok(obs),
        }
    }

    pub(super) fn info(&mut self, sid: u32) -> Result<sessions::Info, ErrorCode> {
        match self.registry(&sessions::Op::Get(sid))? {
            sessions::Obs::Session(info) => Ok(*info),
            other => unreachable!("{other:?}"),
        }
    }

    pub(super) fn current(&mut self) -> (Option<u32>, Option<u32>) {
        match ask(&mut self.registry, &sessions::Op::Current) {
            sessions::Obs::Current { now, offer } => (now, offer),
            other => unreachable!("{other:?}"),
        }
    }

    fn focus(&mut self, op: &focus::Op) -> Result<Vec<Change>, ErrorCode> {
        match ask(&mut self.focus, op) {
            focus::Obs::Rejected(code) => Err(code),
            focus::Obs::Changed(changes) => Ok(changes),
            _ => Ok(Vec::new()),
        }
    }

    pub(super) fn focused(&mut self) -> Vec<focus::Session> {
        match ask(&mut self.focus, &focus::Op::State) {
            focus::Obs::Sessions(all) => all,
            other => unreachable!("{other:?}"),
        }
    }

    fn volume(&mut self, op: &volume::Op) -> Result<(), ErrorCode> {
        if let volume::Obs::Rejected(code) = ask(&mut self.volume, op) { Err(code) } else { Ok(()) }
    }

    pub(super) fn overlay(&mut self, sid: u32) -> volume::Overlay {
        match ask(&mut self.volume, &volume::Op::Overlay(sid)) {
            volume::Obs::Overlay(overlay) => overlay,
            other => unreachable!("{other:?}"),
        }
    }

    /// The gains of one block, or as they are.
    pub(super) fn ducks(&mut self, op: &ducking::Op) -> Vec<(u32, i32)> {
        match ask(&mut self.ducking, op) {
            ducking::Obs::Gains(tracks) => tracks.iter().map(|track| (track.session, track.db_q8_8.last().copied().unwrap_or(0))).collect(),
            other => unreachable!("{other:?}"),
        }
    }

    fn measure(&mut self, session: u32, change: metrics::Change) {
        ask(&mut self.metrics, &metrics::Op::Session { session, change });
    }
}

impl SystemModel {
    /// Lines in the order of what they tell.
    pub(super) fn told(&mut self) {
        if let sessions::Obs::Lines(lines) = ask(&mut self.media.registry, &sessions::Op::Markers) {
            self.lines.extend(lines);
        }
        if let metrics::Obs::Lines(lines) = ask(&mut self.media.metrics, &metrics::Op::Markers) {
            self.lines.extend(lines);
        }
    }

    pub(super) fn registry(&mut self, op: &sessions::Op) -> Result<sessions::Obs, ErrorCode> {
        let obs = self.media.registry(op)?;
        self.told();
        Ok(obs)
    }

    pub(super) fn metrics_file(&mut self) -> Option<(u64, u64)> {
        self.exported().map(|file| {
            let samples: Vec<i16> = file.as_chunks::<2>().0.iter().map(|pair| i16::from_le_bytes(*pair)).collect();
            (file.len() as u64, audiod::checksum(0, 0, &samples))
        })
    }

    /// The bytes of the metrics' file.
    pub fn exported(&mut self) -> Option<Vec<u8>> {
        match ask(&mut self.media.metrics, &metrics::Op::File) {
            metrics::Obs::File(file) => file.map(|file| file.0),
            _ => None,
        }
    }

    fn stream_of(&mut self, sid: u32) -> Option<&mut crate::audiod::Stream> {
        let stream = self.media.sessions[self.media.place(sid).ok()?].stream;
        self.audiod.stream(None, stream).ok()
    }

    /// SYSTEM-006: the session of that number, if its stream is the caller's.
    fn own(&mut self, sender: u8, sid: u32) -> Result<(), ErrorCode> {
        let stream = self.media.sessions[self.media.place(sid)?].stream;
        self.audiod.stream(Some(sender), stream).map(|_| ())
    }

    /// SYSTEM-010
    fn playback(&mut self, sid: u32, playing: bool) {
        let lowered = self.media.place(sid).is_ok_and(|place| self.media.sessions[place].causes.contains(&true));
        let playback = match (playing, lowered) {
            (false, _) => Playback::Paused,
            (true, false) => Playback::Playing,
            (true, true) => Playback::Ducked,
        };
        self.hold(sid, playback);
    }

    fn plays(&mut self, sid: u32) -> bool {
        self.media.focused().iter().any(|session| session.sid == sid && session.playback == Wanted::Playing)
    }

    /// SYSTEM-021: what focus decided reaches streams, registry, ducks and the wake lock.
    fn follow(&mut self, changes: &[Change]) {
        for change in changes {
            let sid = change.sid;
            match change.what {
                What::Deferred => {}
                What::Paused(_) => self.switch(sid, false),
                What::Playing | What::Resumed => {
                    self.switch(sid, true);
                    // SYSTEM-007
                    self.lines.push("mediasession: playing".to_owned());
                }
                What::Ducked(Ducks { duck_db, duck_db_ui }) => self.lower(sid, [Some(duck_db), Some(duck_db_ui), None]),
                What::Unducked => self.lower(sid, [Some(false), Some(false), None]),
            }
        }
        for session in self.media.focused() {
            let owner = session.focus.is_some_and(|held| held.kind == Kind::Gain);
            self.registry(&sessions::Op::Gain { sid: session.sid, owner }).expect("a session that there is");
        }
    }

    fn switch(&mut self, sid: u32, playing: bool) {
        if let Some(stream) = self.stream_of(sid) {
            stream.set_playing(playing);
        }
        let op = if playing { sessions::Op::Play(sid) } else { sessions::Op::Pause(sid) };
        if self.registry(&op).is_err() {
            return;
        }
        self.media.measure(sid, metrics::Change::Active(playing));
        self.playback(sid, playing);
    }

    /// SYSTEM-008, SYSTEM-022: causes that lower a session from now on, or do not.
    fn lower(&mut self, sid: u32, to: [Option<bool>; CAUSES.len()]) {
        let Ok(place) = self.media.place(sid) else { return };
        let before = self.media.sessions[place].causes;
        let mut now = before;
        for ((now, to), (cause, rule)) in now.iter_mut().zip(to).zip(CAUSES) {
            let to = to.unwrap_or(*now);
            if to && !*now {
                ask(&mut self.media.ducking, &ducking::Op::Duck { session: sid, cause, rule });
            } else if !to && *now {
                ask(&mut self.media.ducking, &ducking::Op::Unduck { session: sid, cause });
            }
            *now = to;
        }
        self.media.sessions[place].causes = now;
        if !before.contains(&true) && now.contains(&true) {
            let duck = self.config.media.duck;
            let depth = |rule| if rule == Rule::DuckDb { duck.duck_db } else { duck.duck_db_ui };
            // SYSTEM-008: the strongest tells.
            let deepest = now.iter().zip(CAUSES).filter(|(on, _)| **on).map(|(_, (_, rule))| depth(rule)).min().unwrap_or(0);
            // A depth of 0 lowers nothing.
            if deepest < 0 {
                self.lines.push(format!("audiod: duck {deepest}dB"));
            }
        }
        let playing = self.plays(sid);
        self.playback(sid, playing);
    }

    /// SYSTEM-009, SYSTEM-023: what lies over every session's stream.
    fn lay(&mut self) {
        for Session { sid, .. } in self.media.sessions.clone() {
            let over = self.media.overlay(sid);
            if let Some(stream) = self.stream_of(sid) {
                stream.lay((over.db, over.muted), (over.app_db, over.app_muted));
            }
        }
    }

    /// SYSTEM-006
    fn publish(&mut self, sender: u8, app: &str, stream: u32, class: Class, seekable: bool) -> Result<Answer<'static>, ErrorCode> {
        check_app(app)?;
        self.audiod.stream(Some(sender), stream)?;
        if self.media.sessions.iter().any(|session| session.stream == stream) {
            return Err(ErrorCode::StreamHasSession);
        }
        let app = app.to_owned();
        let sessions::Obs::Published(sid) = self.registry(&sessions::Op::Publish { app: app.clone(), class, seekable })? else {
            unreachable!("a session is published or rejected")
        };
        self.media.sessions.push(Session { sid, stream, causes: [false; CAUSES.len()] });
        ask(&mut self.media.ducking, &ducking::Op::Open(sid));
        self.media.volume(&volume::Op::Open { session: sid, app }).expect("as many volumes as sessions");
        self.media.measure(sid, metrics::Change::Open);
        let changes = self.media.focus(&focus::Op::Register { sid, class }).expect("as many in focus as sessions");
        self.follow(&changes);
        self.lay();
        Ok(Answer::Published(sid))
    }

    /// SYSTEM-006, SYSTEM-013: a session ends, and its stream goes on without it.
    pub(super) fn end(&mut self, sid: u32) {
        let Ok(place) = self.media.place(sid) else { return };
        let changes = self.media.focus(&focus::Op::Close(sid)).expect("a session that there is");
        if let Some(stream) = self.stream_of(sid) {
            stream.lay((0, false), (0, false));
            stream.duck_by(0);
        }
        self.media.sessions.remove(place);
        self.registry(&sessions::Op::Withdraw(sid)).expect("a session that there is");
        ask(&mut self.media.ducking, &ducking::Op::Close(sid));
        self.media.volume(&volume::Op::Close(sid)).expect("a session that there is");
        self.media.measure(sid, metrics::Change::Close);
        self.hold(sid, Playback::Stopped);
        self.follow(&changes);
    }

    /// SYSTEM-010, SYSTEM-013: sessions end with their streams, in the order of numbers.
    pub(super) fn reconcile(&mut self) {
        self.collect();
        while let Some(gone) = self.media.sessions.iter().find(|session| self.audiod.clone().stream(None, session.stream).is_err()) {
            self.end(gone.sid);
        }
    }

    /// SYSTEM-007, SYSTEM-021
    fn play(&mut self, sid: u32) -> Result<(), ErrorCode> {
        self.media.place(sid)?;
        if self.stream_of(sid).is_some_and(|stream| stream.faulted()) {
            return Err(ErrorCode::RingFault);
        }
        let changes = self.media.focus(&focus::Op::Play(sid))?;
        self.follow(&changes);
        // A stream that was paused by itself goes on.
        if self.plays(sid)
            && let Some(stream) = self.stream_of(sid)
        {
            stream.set_playing(true);
        }
        Ok(())
    }

    fn pause(&mut self, sid: u32) -> Result<(), ErrorCode> {
        self.media.place(sid)?;
        let changes = self.media.focus(&focus::Op::Pause(sid))?;
        self.follow(&changes);
        if let Some(stream) = self.stream_of(sid) {
            stream.set_playing(false);
        }
        Ok(())
    }

    fn stop(&mut self, sid: u32) -> Result<(), ErrorCode> {
        self.pause(sid)?;
        self.registry(&sessions::Op::Stop(sid)).map(|_| ())
    }

    /// SYSTEM-019, SYSTEM-025: the player is told where to go on.
    fn seek(&mut self, sid: u32, ms: u64) -> Result<(), ErrorCode> {
        let info = self.media.info(sid)?;
        if info.seekable && info.commands == self.config.media.limits.queued_events {
            return Err(ErrorCode::TooManyCommands);
        }
        let sessions::Obs::Target(target) = self.registry(&sessions::Op::Seek { sid, ms })? else { unreachable!("a target or an error") };
        self.registry(&sessions::Op::Command { sid, command: sessions::Command::Seek(target) }).map(|_| ())
    }

    /// SYSTEM-024
    fn accept(&mut self, sid: u32) -> Result<(), ErrorCode> {
        match self.registry(&sessions::Op::Accept(sid))? {
            sessions::Obs::Accepted(Some(old)) => self.pause(old),
            _ => Ok(()),
        }
    }

    /// SYSTEM-026
    fn key(&mut self, key: MediaKey) -> Result<(), ErrorCode> {
        let sid = self.media.current().0.ok_or(ErrorCode::NoCurrentSession)?;
        match key {
            MediaKey::Play => self.play(sid),
            MediaKey::Pause => self.pause(sid),
            MediaKey::Toggle if self.plays(sid) => self.pause(sid),
            MediaKey::Toggle => self.play(sid),
            MediaKey::Stop => self.stop(sid),
            MediaKey::Next => self.registry(&sessions::Op::Command { sid, command: sessions::Command::Next }).map(|_| ()),
            MediaKey::Prev => self.registry(&sessions::Op::Command { sid, command: sessions::Command::Prev }).map(|_| ()),
            MediaKey::VolumeUp => self.step(sid, SYSTEM_VOLUME_STEP_Q8_8),
            MediaKey::VolumeDown => self.step(sid, -SYSTEM_VOLUME_STEP_Q8_8),
            MediaKey::Mute => {
                let over = self.media.overlay(sid);
                self.media.volume(&volume::Op::MuteApp { app: over.app, muted: !over.app_muted })?;
                self.lay();
                Ok(())
            }
        }
    }

    fn step(&mut self, sid: u32, by: i32) -> Result<(), ErrorCode> {
        let over = self.media.overlay(sid);
        let db = (over.app_db + by).clamp(GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MAX);
        self.media.volume(&volume::Op::SetAppVolume { app: over.app, db })?;
        self.lay();
        Ok(())
    }

    fn metadata(&mut self, sid: u32, metadata: &Metadata<'_>) -> Result<(), ErrorCode> {
        let bytes = |text: &str| Bytes(text.as_bytes().to_vec());
        let metadata = sessions::Metadata {
            title: bytes(&metadata.title),
            artist: bytes(&metadata.artist),
            album: bytes(&metadata.album),
            artwork: bytes(&metadata.artwork),
            duration_ms: metadata.duration_ms,
        };
        self.registry(&sessions::Op::Metadata { sid, metadata }).map(|_| ())
    }

    /// The calls of mediasessd, which are allowed.
    pub(super) fn media_call(&mut self, sender: u8, call: &Call<'_>) -> Result<Answer<'static>, ErrorCode> {
        match *call {
            Call::Publish { ref app, stream, class, seekable } => return self.publish(sender, app, stream, class, seekable),
            Call::Withdraw(sid) => {
                self.own(sender, sid)?;
                self.end(sid);
            }
            Call::Play(sid) => self.play(sid)?,
            Call::PauseSession(sid) => self.pause(sid)?,
            Call::StopSession(sid) => self.stop(sid)?,
            Call::Seek { session, ms } => self.seek(session, ms)?,
            Call::Duck(sid) | Call::Unduck(sid) => {
                self.media.place(sid)?;
                self.lower(sid, [None, None, Some(matches!(call, Call::Duck(_)))]);
            }
            Call::SetVolume(gain) => {
                self.media.volume(&volume::Op::SetVolume { session: gain.id, db: gain.db_q8_8.into() })?;
                self.lay();
            }
            Call::SetSessionMuted(mute) => {
                self.media.volume(&volume::Op::Mute { session: mute.id, muted: mute.muted })?;
                self.lay();
            }
            Call::SetAppVolume { ref app, db_q8_8 } => {
                self.media.volume(&volume::Op::SetAppVolume { app: app.clone().into_owned(), db: db_q8_8.into() })?;
                self.lay();
            }
            Call::SetAppMuted { ref app, muted } => {
                self.media.volume(&volume::Op::MuteApp { app: app.clone().into_owned(), muted })?;
                self.lay();
            }
            Call::RequestFocus { session, kind } => {
                self.own(sender, session)?;
                let changes = self.media.focus(&focus::Op::Request { sid: session, kind })?;
                self.follow(&changes);
            }
            Call::AbandonFocus(sid) => {
                self.own(sender, sid)?;
                let changes = self.media.focus(&focus::Op::Abandon(sid))?;
                self.follow(&changes);
            }
            Call::SetActive(sid) => self.registry(&sessions::Op::SetActive(sid)).map(|_| ())?,
            Call::AcceptHandoff(sid) => self.accept(sid)?,
            Call::SetMetadata { session, ref metadata } => {
                self.own(sender, session)?;
                self.metadata(session, metadata)?;
            }
            Call::ListSessions => return self.list(),
            Call::GetSession(sid) => return self.whole(sid),
            Call::Changed(since) => {
                let (revision, changed) = self.revision(since);
                return Ok(Answer::Changed { revision, changed });
            }
            Call::Command { session, command } => self.registry(&sessions::Op::Command { sid: session, command }).map(|_| ())?,
            Call::TakeCommands(sid) => {
                self.own(sender, sid)?;
                return match self.registry(&sessions::Op::Commands(sid))? {
                    sessions::Obs::Commands(list) => Ok(Answer::Commands { session: sid, list }),
                    other => unreachable!("{other:?}"),
                };
            }
            Call::MediaKey(key) => self.key(key)?,
            Call::Metrics => return Ok(self.snapshot()),
            Call::ExportMetrics => return self.export(),
            Call::PutArtwork { ref uri, ref content } => self.put(uri, content)?,
            Call::GetArtwork(ref uri) => return self.picture(uri),
            // The others are audiod's and settingsd's.
            _ => return Err(ErrorCode::UnknownCall),
        }
        Ok(Answer::Done)
    }

    /// SYSTEM-016, SYSTEM-022, SYSTEM-027, SYSTEM-028: one block, with the ducks' gains before it and its progress after it.
    pub(super) fn media_tick(&mut self) -> Vec<i16> {
        for (sid, db) in self.media.ducks(&ducking::Op::Blocks(1)) {
            if let Some(stream) = self.stream_of(sid) {
                stream.duck_by(db);
            }
        }
        let sessions = self.media.sessions.clone();
        let at = |model: &mut Self| -> Vec<(u32, Option<u64>)> {
            sessions.iter().map(|session| (session.sid, model.stream_of(session.sid).map(|stream| stream.position()))).collect()
        };
        let before = at(self);
        let mixed = self.audiod.tick();
        let after = at(self);
        let mut consumed = Vec::new();
        for ((sid, before), (_, after)) in before.into_iter().zip(after) {
            // What ended in this block ends its session, too.
            if let (Some(before), Some(after)) = (before, after) {
                consumed.push(sessions::Consumed { sid, frames: (after - before) as u32 });
                self.media.measure(sid, metrics::Change::Position(after));
            }
        }
        ask(&mut self.media.registry, &sessions::Op::Block(consumed));
        let stats = self.audiod.stats();
        let block = metrics::Block {
            peak: stats.peak,
            clipped: stats.clipped,
            open_streams: stats.streams,
            underrun_events: stats.underrun_events,
            missing_frames: stats.missing_frames,
        };
        ask(&mut self.media.metrics, &metrics::Op::Blocks { count: 1, block });
        mixed.pcm
    }
}
