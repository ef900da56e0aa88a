//! Registrations, metadata, handoffs, commands and the list, with the mistakes in them.

use super::{Flaw, Session, Wrong};
use spec::ErrorCode;
use spec::audiod::AUDIOD_APP_BYTES_MAX;
use spec::bytes::Bytes;
use spec::media::Class;
use spec::sessions::{Command, Info, Listed, Metadata, Obs};

impl Wrong {
    pub(super) fn publish(&mut self, app: &str, class: Class, seekable: bool) -> Result<Obs, ErrorCode> {
        let bytes = match self.flaw {
            Flaw::AppOneLonger => AUDIOD_APP_BYTES_MAX + 1,
            Flaw::AppOneShorter => AUDIOD_APP_BYTES_MAX - 1,
            _ => AUDIOD_APP_BYTES_MAX,
        };
        let most = match self.flaw {
            Flaw::SessionsOneMore => self.config.sessions + 1,
            Flaw::SessionsOneLess => self.config.sessions - 1,
            _ => self.config.sessions,
        };
        let full = self.sessions.len() >= most as usize;
        if full && self.is(Flaw::BoundBeforeApp) {
            return Err(ErrorCode::TooManySessions);
        }
        let plain = app.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte)) || self.is(Flaw::AnyApp);
        if app.is_empty() || app.len() > bytes as usize || !plain {
            return Err(ErrorCode::InvalidApp);
        }
        if full {
            return Err(ErrorCode::TooManySessions);
        }
        self.published += 1;
        let sid = match self.flaw {
            Flaw::ReusesNumbers => self.sessions.iter().map(|session| session.info.sid).max().unwrap_or(0) + 1,
            Flaw::NumbersFromZero => self.published - 1,
            _ => self.published,
        };
        let current = self.current();
        let plays = current.and_then(|sid| self.find(sid)).is_some_and(|session| session.info.playing);
        let info = Info {
            sid,
            app: app.to_owned(),
            class,
            seekable,
            playing: self.is(Flaw::StartsPlaying),
            gain: false,
            position_ms: 0,
            target_ms: None,
            metadata: Metadata::default(),
            commands: 0,
        };
        self.sessions.push(Session { info, begun: 0, first_begun: 0, base: 0, frames: 0, since: 0, queue: Vec::new() });
        let offers = plays && !self.is(Flaw::PreEmpts) && !self.is(Flaw::NeverOffers);
        let offers = offers && !(self.is(Flaw::FirstCandidateStays) && self.offer.is_some());
        let mut lines = vec![format!("media: register app={app} sid={sid}")];
        if offers {
            self.offer = Some(sid);
            self.offerer = current.unwrap_or(0);
            lines.push(format!("media: handoff offer from={} to={sid}", self.offerer));
        } else if (!plays || self.is(Flaw::PreEmpts)) && !(self.is(Flaw::NeverChoosesNew) && current.is_some()) {
            self.choice = Some((sid, self.is(Flaw::NewStaysChosen)));
        }
        if self.is(Flaw::OfferBeforeRegister) {
            lines.reverse();
        }
        self.lines.extend(lines);
        Ok(Obs::Published(sid))
    }

    pub(super) fn withdraw(&mut self, sid: u32) -> Result<Obs, ErrorCode> {
        match self.place(sid) {
            Ok(place) => drop(self.sessions.remove(place)),
            Err(_) if self.is(Flaw::WithdrawsUnknown) => {}
            Err(code) => return Err(code),
        }
        self.choice = self.choice.filter(|(chosen, _)| *chosen != sid);
        let offerer = self.is(Flaw::OfferEndsWithOfferer) && self.offerer == sid;
        if offerer || (self.offer == Some(sid) && !self.is(Flaw::OfferSurvivesWithdrawal)) {
            self.offer = None;
        }
        Ok(Obs::Done)
    }

    fn text(&self, text: &Bytes) -> Result<Bytes, ErrorCode> {
        let max = match self.flaw {
            Flaw::TextOneLonger => self.config.text_bytes + 1,
            Flaw::TextOneShorter => self.config.text_bytes - 1,
            Flaw::TextInLetters => self.config.text_bytes * 4,
            _ => self.config.text_bytes,
        };
        let long = text.0.len() > max as usize;
        if long && !self.is(Flaw::FormBeforeLength) {
            return Err(ErrorCode::TextTooLong);
        }
        let known = String::from_utf8_lossy(&text.0);
        let control = |letter: char| match self.flaw {
            Flaw::TakesControls => false,
            Flaw::TakesHighControls => letter.is_ascii_control(),
            Flaw::RejectsSeparators => letter.is_control() || letter == '\u{2028}',
            _ => letter.is_control(),
        };
        if known.chars().any(control) || (known.as_bytes() != text.0 && !self.is(Flaw::LossyText)) {
            return Err(ErrorCode::InvalidMetadata);
        }
        if long { Err(ErrorCode::TextTooLong) } else { Ok(Bytes::from(&*known)) }
    }

    pub(super) fn metadata(&mut self, sid: u32, metadata: &Metadata) -> Result<Obs, ErrorCode> {
        let place = self.place(sid)?;
        let mut next = self.sessions[place].info.metadata.clone();
        let title = self.text(&metadata.title)?;
        if !(title.0.is_empty() && self.is(Flaw::EmptyKeepsTitle)) {
            next.title = title;
        }
        if self.is(Flaw::KeepsTitleOfRejected) {
            self.sessions[place].info.metadata.title = next.title.clone();
        }
        next.artist = self.text(&metadata.artist)?;
        next.album = self.text(&metadata.album)?;
        next.artwork = self.text(&metadata.artwork)?;
        if metadata.duration_ms.is_some() || !self.is(Flaw::KeepsOldDuration) {
            next.duration_ms = metadata.duration_ms;
        }
        self.sessions[place].info.metadata = next;
        Ok(Obs::Done)
    }

    pub(super) fn accept(&mut self, sid: u32) -> Result<Obs, ErrorCode> {
        self.place(sid)?;
        if self.offer != Some(sid) && !self.is(Flaw::AnybodyAccepts) {
            return Err(ErrorCode::NoHandoffOffer);
        }
        self.lines.push(format!("media: handoff accept sid={sid}"));
        let old = self.current().filter(|_| !self.is(Flaw::AcceptPausesNothing));
        let paused = old.filter(|old| self.set_playing(*old, false) == Ok(true));
        self.choice = Some((sid, !self.is(Flaw::AcceptedIsNotChosen)));
        if self.is(Flaw::AcceptPlays) {
            self.set_playing(sid, true)?;
        }
        Ok(Obs::Accepted(paused))
    }

    pub(super) fn command(&mut self, sid: u32, command: Command) -> Result<Obs, ErrorCode> {
        let place = self.place(sid)?;
        let max = match self.flaw {
            Flaw::CommandsOneMore => self.config.commands + 1,
            Flaw::CommandsOneLess => self.config.commands - 1,
            _ => self.config.commands,
        };
        let (drops, any) = (self.is(Flaw::CommandsDropOldest), self.is(Flaw::CommandsSeekAnything));
        let session = &mut self.sessions[place];
        if matches!(command, Command::Seek(_)) && !session.info.seekable && !any {
            return Err(ErrorCode::NotSeekable);
        }
        if session.queue.len() >= max as usize {
            if !drops {
                return Err(ErrorCode::TooManyCommands);
            }
            session.queue.remove(0);
        }
        session.queue.push(command);
        Ok(Obs::Done)
    }

    pub(super) fn list(&self) -> Vec<Listed> {
        let current = self.current();
        let listed = |session: &Session| Listed {
            sid: session.info.sid,
            app: session.info.app.clone(),
            playing: session.info.playing,
            position_ms: self.position(session),
        };
        let mut list: Vec<Listed> = self.sessions.iter().map(listed).collect();
        match self.flaw {
            Flaw::ListsByNumber => list.sort_by_key(|entry| (Some(entry.sid) != current, entry.sid)),
            Flaw::ListsInAnyCase => list.sort_by_key(|entry| (Some(entry.sid) != current, entry.app.to_ascii_lowercase(), entry.sid)),
            Flaw::ListsByAppAlone => list.sort_by_key(|entry| (entry.app.clone(), entry.sid)),
            Flaw::ListsNewestFirst => list.sort_by_key(|entry| (Some(entry.sid) != current, entry.app.clone(), u32::MAX - entry.sid)),
            Flaw::ListsPlayingFirst => list.sort_by_key(|entry| (!entry.playing, entry.app.clone(), entry.sid)),
            _ => list.sort_by_key(|entry| (Some(entry.sid) != current, entry.app.clone(), entry.sid)),
        }
        list
    }
}
