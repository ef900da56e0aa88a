//! A focus that makes one mistake.

use spec::focus::{Change, Class, Config, Ducks, FOCUS_SESSIONS_MAX, Focus, Held, Kind, Obs, Op, Playback, Session, What, Why};
use spec::{ErrorCode, Failure, Machine};

/// The mistakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    #[cfg(test)]
    None,
    RegisterTakesFocus,
    ListsByRegistration,
    ListsByClass,
    TakesNumberZero,
    TakesDuplicates,
    BoundBeforeDuplicate,
    SessionsOneMore,
    SessionsOneLess,
    UnknownIsDone,
    RequestStarts,
    NumbersFromZero,
    NumbersRejected,
    NumbersSurviveReset,
    KeepsNumber,
    KeepsKind,
    StealsNothing,
    StealsAcrossClasses,
    StolenKeepsFocus,
    StolenWaits,
    StealsTransient,
    TransientSteals,
    PlayNeedsFocus,
    PlayAsksAgain,
    PlayAgainAsks,
    AlarmSparesComms,
    AlarmSparesUi,
    AlarmPausesByRequest,
    PausesInReverse,
    OldestAlarmPlays,
    AllAlarmsPlay,
    NewestByPlay,
    LargerNumberPlays,
    OlderAlarmPausesNobody,
    DeferredForgotten,
    DeferredRejected,
    DeferredTakesNoFocus,
    ResumesByNumber,
    ResumesNewestFirst,
    ResumesNothing,
    ResumesOne,
    PauseKeepsWaiting,
    PauseDropsFocus,
    OffResumes,
    OffDefers,
    OffTakesFocus,
    AbandonKeepsFocus,
    AbandonKeepsPlaying,
    AbandonUnheldIsDone,
    CloseResumesNothing,
    NumberKeepsFocus,
    CommsSparesUi,
    CommsSparesMusic,
    CommsDucksAlarm,
    OnlyGainCommsDucks,
    CommsDucksByUi,
    WaitingCommsDucks,
    UiGainDucks,
    UiDucksComms,
    UiDucksNobody,
    StrongestOnly,
    UnducksWithTheFirst,
    DucksPlayingOnly,
    NeverUnducks,
    StartsFirst,
    DucksFirst,
    TellsPlayingAgain,
    TellsDucksAgain,
}

#[derive(Clone)]
struct Entry {
    sid: u32,
    class: Class,
    focus: Option<(Kind, u64)>,
    wants: bool,
    plays: bool,
    since: u64,
    played: u64,
    resumed: bool,
    ducks: Ducks,
}

/// What a machine with that mistake is.
#[derive(Clone)]
pub(super) struct Wrong {
    flaw: Flaw,
    auto_resume: bool,
    /// In the order of registration.
    entries: Vec<Entry>,
    requests: u64,
    clock: u64,
    /// Sessions that are closed, with the focus that they had.
    gone: Vec<(u32, Option<(Kind, u64)>)>,
}

pub(super) fn wrong(flaw: Flaw) -> Box<dyn Machine<Focus>> {
    Box::new(Wrong { flaw, auto_resume: true, entries: Vec::new(), requests: 0, clock: 0, gone: Vec::new() })
}

/// The changes of an operation, by their kind.
#[derive(Default)]
struct Told {
    pauses: Vec<Change>,
    starts: Vec<Change>,
    ducks: Vec<Change>,
}

impl Wrong {
    fn is(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    fn at(&mut self, sid: u32) -> Result<usize, ErrorCode> {
        self.entries.iter().position(|entry| entry.sid == sid).ok_or(ErrorCode::UnknownSession)
    }

    /// Places in the order of numbers.
    fn by_number(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.entries.len()).collect();
        places.sort_by_key(|place| self.entries[*place].sid);
        places
    }

    fn pauses(&self, active: &Entry, other: &Entry) -> bool {
        let wants = active.wants || (self.is(Flaw::AlarmPausesByRequest) && active.focus.is_some() && other.class != Class::Alarm);
        if active.class != Class::Alarm || active.sid == other.sid || !wants {
            return false;
        }
        let number = |entry: &Entry| entry.focus.map_or(0, |(_, number)| number);
        match (other.class, self.flaw) {
            (Class::Alarm, Flaw::AllAlarmsPlay) => false,
            (Class::Alarm, Flaw::OldestAlarmPlays) => number(active) < number(other),
            (Class::Alarm, Flaw::NewestByPlay) => active.played > other.played,
            (Class::Alarm, Flaw::LargerNumberPlays) => active.sid > other.sid,
            (Class::Alarm, _) => number(active) > number(other),
            (Class::Comms, Flaw::AlarmSparesComms) | (Class::Ui, Flaw::AlarmSparesUi) => false,
            (_, Flaw::OlderAlarmPausesNobody) => !active.resumed,
            _ => true,
        }
    }

    fn is_paused(&self, place: usize) -> bool {
        self.entries.iter().any(|active| self.pauses(active, &self.entries[place]))
    }

    fn ducks(&self, other: &Entry) -> Ducks {
        let mut ducks = Ducks::default();
        for active in self.entries.iter().filter(|active| active.class != other.class) {
            let Some((kind, _)) = active.focus else { continue };
            let plays = active.plays || (self.is(Flaw::WaitingCommsDucks) && active.wants);
            match (active.class, other.class) {
                _ if !plays => {}
                (Class::Comms, class) => {
                    let lowers = match class {
                        Class::Music => !self.is(Flaw::CommsSparesMusic),
                        Class::Ui => !self.is(Flaw::CommsSparesUi),
                        Class::Alarm => self.is(Flaw::CommsDucksAlarm),
                        Class::Comms => false,
                    };
                    let lowers = lowers && !(self.is(Flaw::OnlyGainCommsDucks) && kind == Kind::Transient);
                    ducks.duck_db |= lowers && !self.is(Flaw::CommsDucksByUi);
                    ducks.duck_db_ui |= lowers && self.is(Flaw::CommsDucksByUi);
                }
                (Class::Ui, class) => {
                    let lowers = class == Class::Music || (class == Class::Comms && self.is(Flaw::UiDucksComms));
                    let kind = kind == Kind::Transient || self.is(Flaw::UiGainDucks);
                    ducks.duck_db_ui |= lowers && kind && !self.is(Flaw::UiDucksNobody);
                }
                _ => {}
            }
        }
        ducks.duck_db_ui &= !(self.is(Flaw::StrongestOnly) && ducks.duck_db);
        if self.is(Flaw::DucksPlayingOnly) && !other.plays { Ducks::default() } else { ducks }
    }

    fn stop(&mut self, place: usize, why: Why, told: &mut Told) {
        let entry = &mut self.entries[place];
        if entry.wants {
            (entry.wants, entry.plays, entry.since, entry.resumed) = (false, false, 0, false);
            told.pauses.push(Change { sid: entry.sid, what: What::Paused(why) });
        }
    }

    fn grant(&mut self, place: usize, kind: Kind, told: &mut Told) {
        let (sid, class, before) = (self.entries[place].sid, self.entries[place].class, self.entries[place].focus);
        let takes = match kind {
            Kind::Gain => !self.is(Flaw::StealsNothing),
            Kind::Transient => self.is(Flaw::TransientSteals),
        };
        for other in self.by_number() {
            let entry = &self.entries[other];
            let same = entry.class == class || self.is(Flaw::StealsAcrossClasses);
            let kind = match entry.focus {
                Some((Kind::Gain, _)) => true,
                Some((Kind::Transient, _)) => self.is(Flaw::StealsTransient),
                None => false,
            };
            if takes && same && kind && entry.sid != sid {
                if self.is(Flaw::StolenWaits) && self.entries[other].wants {
                    continue;
                }
                self.stop(other, Why::Stolen, told);
                if !self.is(Flaw::StolenKeepsFocus) {
                    self.entries[other].focus = None;
                }
            }
        }
        self.requests += 1;
        let number = self.requests - u64::from(self.is(Flaw::NumbersFromZero));
        let entry = &mut self.entries[place];
        entry.focus = Some(match (before, self.flaw) {
            (Some((_, number)), Flaw::KeepsNumber) => (kind, number),
            (Some((kind, _)), Flaw::KeepsKind) => (kind, number),
            _ => (kind, number),
        });
    }

    fn settle(&mut self, closing: bool, told: &mut Told) {
        self.clock += 1;
        let (flaw, clock, auto_resume) = (self.flaw, self.clock, self.auto_resume || self.is(Flaw::OffResumes) || self.is(Flaw::OffDefers));
        let mut places = self.by_number();
        if self.is(Flaw::PausesInReverse) {
            places.reverse();
        }
        let wanting: Vec<(usize, bool)> =
            places.into_iter().filter(|place| self.entries[*place].wants).map(|place| (place, self.is_paused(place))).collect();
        let mut starts = Vec::new();
        for (place, paused) in wanting {
            let entry = &mut self.entries[place];
            match (paused, entry.plays, entry.since) {
                (true, true, _) => {
                    let waits = auto_resume && (flaw != Flaw::OffDefers || self.auto_resume);
                    (entry.plays, entry.wants, entry.since) = (false, waits, if waits { clock } else { 0 });
                    told.pauses.push(Change { sid: entry.sid, what: What::Paused(Why::Focus) });
                }
                (true, false, 0) => {
                    starts.push((0, entry.sid, What::Deferred));
                    entry.since = clock;
                    entry.wants = flaw != Flaw::DeferredForgotten;
                    if !entry.wants {
                        entry.since = 0;
                    }
                }
                (false, false, 0) => {
                    starts.push((0, entry.sid, What::Playing));
                    entry.plays = true;
                }
                (false, false, since) => {
                    let held = match flaw {
                        Flaw::ResumesNothing => true,
                        Flaw::ResumesOne => starts.iter().any(|(_, _, what)| *what == What::Resumed),
                        Flaw::CloseResumesNothing => closing,
                        _ => false,
                    };
                    if !held {
                        let key = match flaw {
                            Flaw::ResumesByNumber => 1,
                            Flaw::ResumesNewestFirst => u64::MAX - since,
                            _ => since,
                        };
                        starts.push((key, entry.sid, What::Resumed));
                        (entry.plays, entry.since, entry.resumed) = (true, 0, true);
                    }
                }
                _ => {}
            }
        }
        starts.sort_by_key(|(since, sid, _)| (*since, *sid));
        told.starts.extend(starts.into_iter().map(|(_, sid, what)| Change { sid, what }));
        self.tell_ducks(told);
    }

    fn tell_ducks(&mut self, told: &mut Told) {
        let stopped =
            told.pauses.iter().any(|change| self.entries.iter().any(|entry| entry.sid == change.sid && entry.class == Class::Comms));
        for place in self.by_number() {
            let mut now = self.ducks(&self.entries[place]);
            if self.is(Flaw::UnducksWithTheFirst) && stopped {
                now = Ducks::default();
            }
            let entry = &mut self.entries[place];
            if self.flaw == Flaw::NeverUnducks && now == Ducks::default() {
                now = entry.ducks;
            }
            let again = self.flaw == Flaw::TellsDucksAgain && now != Ducks::default() && !told.starts.is_empty();
            if now != entry.ducks || again {
                let what = if now == Ducks::default() { What::Unducked } else { What::Ducked(now) };
                told.ducks.push(Change { sid: entry.sid, what });
                entry.ducks = now;
            }
        }
    }

    fn register(&mut self, sid: u32, class: Class, told: &mut Told) -> Result<(), ErrorCode> {
        let max = match self.flaw {
            Flaw::SessionsOneMore => FOCUS_SESSIONS_MAX + 1,
            Flaw::SessionsOneLess => FOCUS_SESSIONS_MAX - 1,
            _ => FOCUS_SESSIONS_MAX,
        };
        let crowded = self.entries.len() >= max as usize;
        if sid == 0 && !self.is(Flaw::TakesNumberZero) {
            return Err(ErrorCode::OutOfRange);
        }
        if crowded && self.is(Flaw::BoundBeforeDuplicate) {
            return Err(ErrorCode::TooManySessions);
        }
        if let Ok(place) = self.at(sid) {
            if !self.is(Flaw::TakesDuplicates) {
                return Err(ErrorCode::DuplicateSession);
            }
            self.entries[place].class = class;
            return Ok(());
        }
        if crowded {
            return Err(ErrorCode::TooManySessions);
        }
        let before = self.gone.iter().rev().find(|(gone, _)| *gone == sid).and_then(|(_, focus)| *focus);
        let focus = before.filter(|_| self.is(Flaw::NumberKeepsFocus));
        let ducks = Ducks::default();
        self.entries.push(Entry { sid, class, focus, wants: false, plays: false, since: 0, played: 0, resumed: false, ducks });
        if self.is(Flaw::RegisterTakesFocus) {
            self.grant(self.entries.len() - 1, Kind::Gain, told);
        }
        Ok(())
    }

    fn play(&mut self, place: usize, told: &mut Told) -> Result<(), ErrorCode> {
        let Entry { focus, wants, sid, .. } = self.entries[place].clone();
        if wants {
            if self.is(Flaw::PlayAgainAsks) {
                self.grant(place, Kind::Gain, told);
            }
            if self.is(Flaw::TellsPlayingAgain) {
                told.starts.push(Change { sid, what: What::Playing });
            }
            return Ok(());
        }
        let before = self.clone();
        if focus.is_none() && self.is(Flaw::PlayNeedsFocus) {
            return Err(ErrorCode::FocusNotHeld);
        }
        if focus.is_none() || self.is(Flaw::PlayAsksAgain) {
            self.grant(place, Kind::Gain, told);
        }
        if self.is_paused(place) {
            if self.is(Flaw::DeferredTakesNoFocus) && focus.is_none() {
                self.entries = before.entries.clone();
                told.pauses.clear();
            }
            if self.is(Flaw::DeferredRejected) || (!self.auto_resume && !self.is(Flaw::OffDefers)) {
                if !self.is(Flaw::OffTakesFocus) {
                    *self = before;
                }
                return Err(ErrorCode::FocusPreempted);
            }
        }
        self.clock += 1;
        let clock = self.clock;
        let entry = &mut self.entries[place];
        (entry.wants, entry.played, entry.since, entry.resumed) = (true, clock, 0, false);
        Ok(())
    }

    fn apply(&mut self, op: &Op, told: &mut Told) -> Result<(), ErrorCode> {
        match *op {
            Op::Register { sid, class } => self.register(sid, class, told)?,
            Op::Close(sid) => {
                let place = self.at(sid)?;
                let entry = self.entries.remove(place);
                self.gone.push((sid, entry.focus));
            }
            Op::Request { sid, kind } => {
                let Ok(place) = self.at(sid) else {
                    self.requests += u64::from(self.is(Flaw::NumbersRejected));
                    return Err(ErrorCode::UnknownSession);
                };
                self.grant(place, kind, told);
                if self.is(Flaw::RequestStarts) {
                    self.entries[place].wants = true;
                }
            }
            Op::Abandon(sid) => {
                let place = self.at(sid)?;
                if self.entries[place].focus.is_none() {
                    return if self.is(Flaw::AbandonUnheldIsDone) { Ok(()) } else { Err(ErrorCode::FocusNotHeld) };
                }
                if !self.is(Flaw::AbandonKeepsPlaying) {
                    self.stop(place, Why::Abandoned, told);
                }
                if !self.is(Flaw::AbandonKeepsFocus) {
                    self.entries[place].focus = None;
                }
            }
            Op::Play(sid) => {
                let place = self.at(sid)?;
                self.play(place, told)?;
            }
            Op::Pause(sid) => {
                let place = self.at(sid)?;
                if self.entries[place].plays || !self.is(Flaw::PauseKeepsWaiting) {
                    self.stop(place, Why::User, told);
                }
                if self.is(Flaw::PauseDropsFocus) {
                    self.entries[place].focus = None;
                }
            }
            Op::State => {}
        }
        Ok(())
    }

    fn sessions(&self) -> Vec<Session> {
        let mut places = if self.is(Flaw::ListsByRegistration) { (0..self.entries.len()).collect() } else { self.by_number() };
        if self.is(Flaw::ListsByClass) {
            places.sort_by_key(|place| self.entries[*place].class);
        }
        let session = |place: usize| {
            let Entry { sid, class, focus, wants, plays, ducks, .. } = self.entries[place];
            let playback = match (plays, wants) {
                (true, _) => Playback::Playing,
                (false, true) => Playback::Waiting,
                (false, false) => Playback::Paused,
            };
            Session { sid, class, playback, focus: focus.map(|(kind, request)| Held { kind, request }), ducks }
        };
        places.into_iter().map(session).collect()
    }
}

impl Machine<Focus> for Wrong {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        let requests = if self.is(Flaw::NumbersSurviveReset) { self.requests } else { 0 };
        *self = Self { flaw: self.flaw, auto_resume: config.auto_resume, entries: Vec::new(), requests, clock: 0, gone: Vec::new() };
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        if *op == Op::State {
            return Ok(Obs::Sessions(self.sessions()));
        }
        let mut told = Told::default();
        match self.apply(op, &mut told) {
            Err(ErrorCode::UnknownSession) if self.is(Flaw::UnknownIsDone) => return Ok(Obs::Done),
            Err(code) => return Ok(Obs::Rejected(code)),
            Ok(()) => self.settle(matches!(op, Op::Close(_)), &mut told),
        }
        let changes = match self.flaw {
            Flaw::StartsFirst => [told.starts, told.pauses, told.ducks].concat(),
            Flaw::DucksFirst => [told.ducks, told.pauses, told.starts].concat(),
            _ => [told.pauses, told.starts, told.ducks].concat(),
        };
        Ok(if changes.is_empty() { Obs::Done } else { Obs::Changed(changes) })
    }
}

#[cfg(test)]
mod tests {
    use super::{Flaw, wrong};
    use crate::suite::Suite;
    use model::Modelled;
    use spec::{Contract, SplitMix64, focus::Focus};

    #[test]
    fn wrong_machine_without_a_mistake_is_right() {
        let drawn = (0..1_000).map(|seed| Focus::draw(&mut SplitMix64::new(seed), 40));
        for case in drawn.chain(Focus::goldens().into_iter().map(|golden| golden.case)) {
            assert_eq!(wrong(Flaw::None).run_case(&case), Focus::model().run_case(&case), "{case:?}");
        }
    }
}
