//! Wrong machines of the contract `focus`.

use super::wrong::{Flaw, wrong};
use crate::suite::{Violation, violation};
use model::focus::FocusModel;
use spec::Machine;
use spec::focus::{Focus, RULES, Rule};

/// A machine that is driven by a table of which one row says something else.
fn changed<const ROW: usize>() -> Box<dyn Machine<Focus>> {
    let mut table = RULES;
    table[ROW].rule = if table[ROW].rule == Rule::Pause { Rule::None } else { Rule::Pause };
    Box::new(FocusModel::with_rules(&table))
}

macro_rules! changed_rows {
    ($($row:literal)*) => {
        [$(violation("FOCUS-019", concat!("follows another rule where row ", $row, " of the focus table applies"), changed::<$row>)),*]
    };
}

/// In the order in which a diagnosis names them.
pub(super) fn violations() -> Vec<Violation<Focus>> {
    let mut all = of_focus();
    all.extend(of_alarms());
    all.extend(of_ducks());
    all.extend(changed_rows!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31));
    all
}

fn of_focus() -> Vec<Violation<Focus>> {
    vec![
        violation("FOCUS-001", "takes focus at registration", || wrong(Flaw::RegisterTakesFocus)),
        violation("FOCUS-001", "lists sessions in the order of registration", || wrong(Flaw::ListsByRegistration)),
        violation("FOCUS-001", "lists sessions by their classes", || wrong(Flaw::ListsByClass)),
        violation("FOCUS-002", "takes the number 0", || wrong(Flaw::TakesNumberZero)),
        violation("FOCUS-002", "takes a number twice", || wrong(Flaw::TakesDuplicates)),
        violation("FOCUS-002", "looks at the bound before the number", || wrong(Flaw::BoundBeforeDuplicate)),
        violation("FOCUS-002", "takes one session more", || wrong(Flaw::SessionsOneMore)),
        violation("FOCUS-002", "takes one session less", || wrong(Flaw::SessionsOneLess)),
        violation("FOCUS-002", "takes operations of unknown sessions", || wrong(Flaw::UnknownIsDone)),
        violation("FOCUS-003", "starts a session that asks for focus", || wrong(Flaw::RequestStarts)),
        violation("FOCUS-003", "numbers requests from 0", || wrong(Flaw::NumbersFromZero)),
        violation("FOCUS-003", "numbers rejected requests", || wrong(Flaw::NumbersRejected)),
        violation("FOCUS-003", "goes on with the numbers from before a reset", || wrong(Flaw::NumbersSurviveReset)),
        violation("FOCUS-003", "keeps the number of a session's first request", || wrong(Flaw::KeepsNumber)),
        violation("FOCUS-003", "keeps the kind of a session's first request", || wrong(Flaw::KeepsKind)),
        violation("FOCUS-004", "lets every session of a class have gain", || wrong(Flaw::StealsNothing)),
        violation("FOCUS-004", "has one gain for all classes", || wrong(Flaw::StealsAcrossClasses)),
        violation("FOCUS-004", "leaves focus to a session that it was stolen from", || wrong(Flaw::StolenKeepsFocus)),
        violation("FOCUS-004", "steals from sessions alone that do not play", || wrong(Flaw::StolenWaits)),
        violation("FOCUS-005", "steals transient focus, too", || wrong(Flaw::StealsTransient)),
        violation("FOCUS-005", "lets a transient steal", || wrong(Flaw::TransientSteals)),
        violation("FOCUS-006", "rejects a play without focus", || wrong(Flaw::PlayNeedsFocus)),
        violation("FOCUS-006", "asks for gain at every play", || wrong(Flaw::PlayAsksAgain)),
        violation("FOCUS-006", "asks for gain when a session is let play that plays", || wrong(Flaw::PlayAgainAsks)),
        violation("FOCUS-013", "leaves focus to a session that gives it back", || wrong(Flaw::AbandonKeepsFocus)),
        violation("FOCUS-013", "lets a session play on that has given its focus back", || wrong(Flaw::AbandonKeepsPlaying)),
        violation("FOCUS-013", "takes back focus that a session does not have", || wrong(Flaw::AbandonUnheldIsDone)),
        violation("FOCUS-014", "resumes nothing after a close", || wrong(Flaw::CloseResumesNothing)),
        violation("FOCUS-014", "gives a number's new session the focus of the old one", || wrong(Flaw::NumberKeepsFocus)),
        violation("FOCUS-018", "tells starts before pauses", || wrong(Flaw::StartsFirst)),
        violation("FOCUS-018", "tells ducks first", || wrong(Flaw::DucksFirst)),
        violation("FOCUS-018", "tells again that a session plays", || wrong(Flaw::TellsPlayingAgain)),
        violation("FOCUS-018", "tells ducks again at every start", || wrong(Flaw::TellsDucksAgain)),
    ]
}

fn of_alarms() -> Vec<Violation<Focus>> {
    vec![
        violation("FOCUS-007", "lets comms play on under an alarm", || wrong(Flaw::AlarmSparesComms)),
        violation("FOCUS-007", "lets ui play on under an alarm", || wrong(Flaw::AlarmSparesUi)),
        violation("FOCUS-007", "pauses the others when an alarm asks for focus", || wrong(Flaw::AlarmPausesByRequest)),
        violation("FOCUS-007", "pauses the largest number first", || wrong(Flaw::PausesInReverse)),
        violation("FOCUS-008", "lets the oldest alarm play", || wrong(Flaw::OldestAlarmPlays)),
        violation("FOCUS-008", "lets all alarms play", || wrong(Flaw::AllAlarmsPlay)),
        violation("FOCUS-008", "lets the alarm play that was let play last", || wrong(Flaw::NewestByPlay)),
        violation("FOCUS-008", "lets the alarm of the largest number play", || wrong(Flaw::LargerNumberPlays)),
        violation("FOCUS-008", "resumes the others beside an older alarm", || wrong(Flaw::OlderAlarmPausesNobody)),
        violation("FOCUS-009", "forgets a deferred play", || wrong(Flaw::DeferredForgotten)),
        violation("FOCUS-009", "rejects a play under an alarm", || wrong(Flaw::DeferredRejected)),
        violation("FOCUS-009", "takes no focus for a deferred play", || wrong(Flaw::DeferredTakesNoFocus)),
        violation("FOCUS-010", "resumes in the order of numbers", || wrong(Flaw::ResumesByNumber)),
        violation("FOCUS-010", "resumes what was paused last first", || wrong(Flaw::ResumesNewestFirst)),
        violation("FOCUS-010", "resumes nothing", || wrong(Flaw::ResumesNothing)),
        violation("FOCUS-010", "resumes one session alone", || wrong(Flaw::ResumesOne)),
        violation("FOCUS-011", "resumes what the user paused meanwhile", || wrong(Flaw::PauseKeepsWaiting)),
        violation("FOCUS-011", "takes the focus of a session that the user pauses", || wrong(Flaw::PauseDropsFocus)),
        violation("FOCUS-012", "resumes without auto-resume", || wrong(Flaw::OffResumes)),
        violation("FOCUS-012", "defers a play without auto-resume", || wrong(Flaw::OffDefers)),
        violation("FOCUS-012", "takes focus for a play that it rejects", || wrong(Flaw::OffTakesFocus)),
    ]
}

fn of_ducks() -> Vec<Violation<Focus>> {
    vec![
        violation("FOCUS-015", "lets comms spare ui", || wrong(Flaw::CommsSparesUi)),
        violation("FOCUS-015", "lets comms spare music", || wrong(Flaw::CommsSparesMusic)),
        violation("FOCUS-015", "lets comms duck an alarm", || wrong(Flaw::CommsDucksAlarm)),
        violation("FOCUS-015", "lets comms with gain alone duck", || wrong(Flaw::OnlyGainCommsDucks)),
        violation("FOCUS-015", "lets comms duck by the rule of ui", || wrong(Flaw::CommsDucksByUi)),
        violation("FOCUS-015", "lets comms duck that waits", || wrong(Flaw::WaitingCommsDucks)),
        violation("FOCUS-016", "lets a ui with gain duck", || wrong(Flaw::UiGainDucks)),
        violation("FOCUS-016", "lets ui duck comms", || wrong(Flaw::UiDucksComms)),
        violation("FOCUS-016", "lets ui duck nobody", || wrong(Flaw::UiDucksNobody)),
        violation("FOCUS-017", "tells one rule of two", || wrong(Flaw::StrongestOnly)),
        violation("FOCUS-017", "ends a duck with the first of those that cause it", || wrong(Flaw::UnducksWithTheFirst)),
        violation("FOCUS-017", "ducks sessions alone that play", || wrong(Flaw::DucksPlayingOnly)),
        violation("FOCUS-017", "never ends a duck", || wrong(Flaw::NeverUnducks)),
    ]
}
