//! Wrong machines of the contract `sessions`.

use super::flaw::Flaw;
use super::wrong::wrong;
use crate::suite::{Violation, violation};
use spec::sessions::Sessions;

/// In the order in which a diagnosis names them.
pub(super) fn violations() -> Vec<Violation<Sessions>> {
    let mut all = of_sessions();
    all.extend(of_positions());
    all.extend(of_now_playing());
    all.extend(of_the_rest());
    all
}

fn of_sessions() -> Vec<Violation<Sessions>> {
    vec![
        violation("SESSIONS-001", "uses the number of a withdrawn session again", || wrong(Flaw::ReusesNumbers)),
        violation("SESSIONS-001", "numbers sessions from 0", || wrong(Flaw::NumbersFromZero)),
        violation("SESSIONS-001", "lets a new session play", || wrong(Flaw::StartsPlaying)),
        violation("SESSIONS-002", "takes any text for an app's name", || wrong(Flaw::AnyApp)),
        violation("SESSIONS-002", "takes app names of 129 bytes", || wrong(Flaw::AppOneLonger)),
        violation("SESSIONS-002", "takes app names of at most 127 bytes", || wrong(Flaw::AppOneShorter)),
        violation("SESSIONS-002", "publishes one session more", || wrong(Flaw::SessionsOneMore)),
        violation("SESSIONS-002", "publishes one session less", || wrong(Flaw::SessionsOneLess)),
        violation("SESSIONS-002", "looks at the number of sessions before the app's name", || wrong(Flaw::BoundBeforeApp)),
        violation("SESSIONS-002", "withdraws a session that there is not", || wrong(Flaw::WithdrawsUnknown)),
        violation("SESSIONS-003", "takes texts of one byte more", || wrong(Flaw::TextOneLonger)),
        violation("SESSIONS-003", "takes texts of one byte less", || wrong(Flaw::TextOneShorter)),
        violation("SESSIONS-003", "takes texts of four times the bytes", || wrong(Flaw::TextInLetters)),
        violation("SESSIONS-003", "looks at a text's form before its length", || wrong(Flaw::FormBeforeLength)),
        violation("SESSIONS-003", "takes control characters", || wrong(Flaw::TakesControls)),
        violation("SESSIONS-003", "takes the control characters beyond ASCII", || wrong(Flaw::TakesHighControls)),
        violation("SESSIONS-003", "takes a line separator for a control character", || wrong(Flaw::RejectsSeparators)),
        violation("SESSIONS-003", "replaces what is no UTF-8", || wrong(Flaw::LossyText)),
        violation("SESSIONS-003", "keeps the title where the new one is empty", || wrong(Flaw::EmptyKeepsTitle)),
        violation("SESSIONS-003", "keeps the title of metadata that it rejects", || wrong(Flaw::KeepsTitleOfRejected)),
        violation("SESSIONS-003", "keeps the duration where the new one is unknown", || wrong(Flaw::KeepsOldDuration)),
        violation("SESSIONS-004", "begins again when a playing session plays", || wrong(Flaw::PlayTwiceBegins)),
        violation("SESSIONS-004", "pauses the others when a session plays", || wrong(Flaw::PlayPausesOthers)),
        violation("SESSIONS-005", "keeps the position at a stop", || wrong(Flaw::StopKeepsPosition)),
        violation("SESSIONS-005", "lets a seek wait over a stop", || wrong(Flaw::StopKeepsTarget)),
        violation("SESSIONS-005", "plays on after a stop", || wrong(Flaw::StopPlaysOn)),
        violation("SESSIONS-025", "goes by the largest limits whatever the configuration says", || wrong(Flaw::LimitsIgnored)),
        violation("SESSIONS-025", "takes a limit of 0", || wrong(Flaw::TakesLimitZero)),
        violation("SESSIONS-025", "takes limits above the largest", || wrong(Flaw::TakesAnyLimit)),
    ]
}

fn of_positions() -> Vec<Violation<Sessions>> {
    vec![
        violation("SESSIONS-006", "rounds a millisecond that has begun up", || wrong(Flaw::RoundsUp)),
        violation("SESSIONS-006", "drops what is less than a millisecond of each block", || wrong(Flaw::DropsFractions)),
        violation("SESSIONS-006", "counts a short block as a whole one", || wrong(Flaw::BlocksAreWhole)),
        violation("SESSIONS-007", "goes on while a session pauses", || wrong(Flaw::PausedAdvance)),
        violation("SESSIONS-007", "goes on where nothing is consumed", || wrong(Flaw::StarvedAdvance)),
        violation("SESSIONS-008", "goes on past the duration", || wrong(Flaw::PastDuration)),
        violation("SESSIONS-008", "begins again at the duration", || wrong(Flaw::WrapsAtDuration)),
        violation("SESSIONS-009", "seeks at once", || wrong(Flaw::SeekAtOnce)),
        violation("SESSIONS-009", "seeks past the duration", || wrong(Flaw::SeekUnclamped)),
        violation("SESSIONS-009", "takes an unknown duration for 0", || wrong(Flaw::UnknownDurationIsZero)),
        violation("SESSIONS-009", "counts the frames from before a seek", || wrong(Flaw::SeekKeepsFrames)),
        violation("SESSIONS-009", "lets a seek wait until the session plays", || wrong(Flaw::PausedSeekWaits)),
        violation("SESSIONS-010", "steps from the position although a seek waits", || wrong(Flaw::StepsFromPosition)),
        violation("SESSIONS-010", "steps around below 0", || wrong(Flaw::StepsWrap)),
        violation("SESSIONS-011", "seeks what can't be sought", || wrong(Flaw::SeeksAnything)),
        violation("SESSIONS-011", "steps what can't be sought", || wrong(Flaw::StepsAnything)),
        violation("SESSIONS-011", "tells an app to seek what can't be sought", || wrong(Flaw::CommandsSeekAnything)),
        violation("SESSIONS-023", "counts a clock that goes back", || wrong(Flaw::ClockGoesBack)),
        violation("SESSIONS-023", "counts the clock while a session pauses", || wrong(Flaw::ClockCountsPaused)),
        violation("SESSIONS-023", "rounds the clock's milliseconds", || wrong(Flaw::ClockRounds)),
        violation("SESSIONS-024", "lets its clock be set beside audiod", || wrong(Flaw::TakesClock)),
        violation("SESSIONS-024", "counts blocks without audiod", || wrong(Flaw::TakesBlocks)),
        violation("SESSIONS-024", "takes one block more at a time", || wrong(Flaw::TicksOneMore)),
        violation("SESSIONS-024", "takes one frame more in a block", || wrong(Flaw::FramesOneMore)),
        violation("SESSIONS-024", "looks at each entry of a block alone", || wrong(Flaw::EntriesApart)),
        violation("SESSIONS-024", "counts the entries before a wrong one", || wrong(Flaw::BlockInParts)),
    ]
}

fn of_now_playing() -> Vec<Violation<Sessions>> {
    vec![
        violation("SESSIONS-012", "prefers the last begin to gain", || wrong(Flaw::RecencyBeatsGain)),
        violation("SESSIONS-012", "prefers the first begin to the last", || wrong(Flaw::FirstBeginCounts)),
        violation("SESSIONS-012", "prefers an owner of gain to the chosen session", || wrong(Flaw::GainBeatsChoice)),
        violation("SESSIONS-012", "prefers the larger number", || wrong(Flaw::TiesToLargest)),
        violation("SESSIONS-012", "ends a choice when another session plays", || wrong(Flaw::PlayEndsChoice)),
        violation("SESSIONS-013", "has nobody now playing when the chosen session is withdrawn", || wrong(Flaw::FallsToNone)),
        violation("SESSIONS-013", "falls back to the smallest number", || wrong(Flaw::FallsToSmallest)),
        violation("SESSIONS-014", "leaves a pausing session now playing at a registration", || wrong(Flaw::NeverChoosesNew)),
        violation("SESSIONS-014", "takes a registration for the user's choice", || wrong(Flaw::NewStaysChosen)),
        violation("SESSIONS-015", "lets a registration pre-empt", || wrong(Flaw::PreEmpts)),
        violation("SESSIONS-015", "offers no handoff", || wrong(Flaw::NeverOffers)),
        violation("SESSIONS-015", "keeps the first candidate", || wrong(Flaw::FirstCandidateStays)),
        violation("SESSIONS-015", "accepts by itself when the session that is now playing pauses", || wrong(Flaw::PauseAccepts)),
        violation("SESSIONS-016", "accepts without pausing the old session", || wrong(Flaw::AcceptPausesNothing)),
        violation("SESSIONS-016", "lets anybody accept", || wrong(Flaw::AnybodyAccepts)),
        violation("SESSIONS-016", "lets an accepted session play", || wrong(Flaw::AcceptPlays)),
        violation("SESSIONS-016", "forgets who accepted when another session plays", || wrong(Flaw::AcceptedIsNotChosen)),
        violation("SESSIONS-017", "offers a handoff to a withdrawn session", || wrong(Flaw::OfferSurvivesWithdrawal)),
        violation("SESSIONS-017", "offers a handoff to the session that is now playing", || wrong(Flaw::OfferSurvivesChoice)),
        violation("SESSIONS-017", "ends an offer with the session that it came from", || wrong(Flaw::OfferEndsWithOfferer)),
        violation("SESSIONS-017", "ends an offer at a pause", || wrong(Flaw::OfferEndsWithPause)),
    ]
}

fn of_the_rest() -> Vec<Violation<Sessions>> {
    vec![
        violation("SESSIONS-018", "lists sessions by their numbers", || wrong(Flaw::ListsByNumber)),
        violation("SESSIONS-018", "lists apps without a look at the case", || wrong(Flaw::ListsInAnyCase)),
        violation("SESSIONS-018", "lists the session that is now playing among the others", || wrong(Flaw::ListsByAppAlone)),
        violation("SESSIONS-018", "lists an app's newest session first", || wrong(Flaw::ListsNewestFirst)),
        violation("SESSIONS-018", "lists what plays first", || wrong(Flaw::ListsPlayingFirst)),
        violation("SESSIONS-019", "takes each operation for a change", || wrong(Flaw::RevisionAtEachOp)),
        violation("SESSIONS-019", "takes progress for a change", || wrong(Flaw::RevisionCountsProgress)),
        violation("SESSIONS-019", "does not take commands for a change", || wrong(Flaw::RevisionMissesCommands)),
        violation("SESSIONS-019", "does not take a waiting seek for a change", || wrong(Flaw::RevisionMissesSeeks)),
        violation("SESSIONS-019", "tells a poller of the future that nothing changed", || wrong(Flaw::ChangedIfNewer)),
        violation("SESSIONS-020", "gives commands again", || wrong(Flaw::CommandsStay)),
        violation("SESSIONS-020", "gives the newest command first", || wrong(Flaw::CommandsNewestFirst)),
        violation("SESSIONS-020", "queues one command more", || wrong(Flaw::CommandsOneMore)),
        violation("SESSIONS-020", "queues one command less", || wrong(Flaw::CommandsOneLess)),
        violation("SESSIONS-020", "drops the oldest command for a new one", || wrong(Flaw::CommandsDropOldest)),
        violation("SESSIONS-021", "takes keys for the first session that plays", || wrong(Flaw::KeysMeanWhoPlays)),
        violation("SESSIONS-021", "takes keys for any session where none is now playing", || wrong(Flaw::KeysWithoutCurrent)),
        violation("SESSIONS-021", "toggles in one direction", || wrong(Flaw::ToggleOnlyPlays)),
        violation("SESSIONS-021", "pauses at the key stop", || wrong(Flaw::StopKeyPauses)),
        violation("SESSIONS-021", "loses the key prev", || wrong(Flaw::PrevKeyIsLost)),
        violation("SESSIONS-022", "prints that it is ready without a version", || wrong(Flaw::ReadyWithoutVersion)),
        violation("SESSIONS-022", "prints that a session plays that played already", || wrong(Flaw::LineAtEachPlay)),
        violation("SESSIONS-022", "never prints who is now playing", || wrong(Flaw::NoActiveLine)),
        violation("SESSIONS-022", "prints that nobody is now playing", || wrong(Flaw::ActiveLineAtNone)),
        violation("SESSIONS-022", "prints an offer before the registration", || wrong(Flaw::OfferBeforeRegister)),
        violation("SESSIONS-022", "prints a pause without its position", || wrong(Flaw::PausedLineAtZero)),
    ]
}
