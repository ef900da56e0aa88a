//! Wrong machines of the contract `wakelock`.

use super::wrong::{Flaw, wrong};
use crate::suite::Violation;
use spec::Machine;
use spec::wakelock::Wakelock;

const fn violation(requirement: &'static str, what: &'static str, machine: fn() -> Box<dyn Machine<Wakelock>>) -> Violation<Wakelock> {
    Violation { requirement, what, machine }
}

/// In the order in which a diagnosis names them.
pub(super) fn violations() -> Vec<Violation<Wakelock>> {
    vec![
        violation("WAKELOCK-001", "does not count", || wrong(Flaw::NotCounted)),
        violation("WAKELOCK-001", "counts from 0", || wrong(Flaw::CountsFromZero)),
        violation("WAKELOCK-001", "has one lock for all ids of an app", || wrong(Flaw::OneCountForAllIds)),
        violation("WAKELOCK-001", "has one lock for all apps", || wrong(Flaw::OneCountForAllApps)),
        violation("WAKELOCK-002", "releases a lock at once, whatever its count", || wrong(Flaw::ReleasesAtOnce)),
        violation("WAKELOCK-002", "keeps a lock whose count is 0", || wrong(Flaw::KeepsAtZero)),
        violation("WAKELOCK-002", "answers the count from before the release", || wrong(Flaw::AnswersCountBefore)),
        violation("WAKELOCK-003", "takes the release of a lock that is not held", || wrong(Flaw::TakesUnheldRelease)),
        violation("WAKELOCK-003", "releases another lock than one that is not held", || wrong(Flaw::UnheldReleaseTakesAnother)),
        violation("WAKELOCK-003", "takes a lock that is not held for a wrong name", || wrong(Flaw::UnheldIsInvalidName)),
        violation("WAKELOCK-004", "keeps the screen on for a partial lock", || wrong(Flaw::PartialKeepsScreen)),
        violation("WAKELOCK-004", "lets the screen go off under a full lock", || wrong(Flaw::FullLeavesScreen)),
        violation("WAKELOCK-004", "lets L2 happen under a partial lock", || wrong(Flaw::PartialLeavesIdle)),
        violation("WAKELOCK-004", "blocks L2 when nothing is held any more", || wrong(Flaw::BlocksAfterwards)),
        violation("WAKELOCK-005", "takes one acquire off the locks of an app that died", || wrong(Flaw::DeathTakesOneCount)),
        violation("WAKELOCK-005", "releases the locks of apps whose names start alike", || wrong(Flaw::DeathTakesByPrefix)),
        violation("WAKELOCK-005", "releases all locks when an app died", || wrong(Flaw::DeathTakesAll)),
        violation("WAKELOCK-005", "counts acquires where released locks belong", || wrong(Flaw::DeathCountsAcquires)),
        violation("WAKELOCK-005", "releases nothing when an app died", || wrong(Flaw::DeathTakesNothing)),
        violation("WAKELOCK-006", "lists locks in the order of their acquires", || wrong(Flaw::ListsNewestLast)),
        violation("WAKELOCK-006", "lists locks by their ids first", || wrong(Flaw::ListsByIdFirst)),
        violation("WAKELOCK-006", "lists locks without a look at the case", || wrong(Flaw::ListsInAnyCase)),
        violation("WAKELOCK-006", "lists short ids first", || wrong(Flaw::ListsLongestLast)),
        violation("WAKELOCK-007", "prints a line at each acquire", || wrong(Flaw::LineAtEachAcquire)),
        violation("WAKELOCK-007", "prints a line at each release", || wrong(Flaw::LineAtEachRelease)),
        violation("WAKELOCK-007", "prints no line at a release", || wrong(Flaw::NoLineAtRelease)),
        violation("WAKELOCK-007", "prints no line when an app died", || wrong(Flaw::NoLineAtDeath)),
        violation("WAKELOCK-007", "prints lines without the kind", || wrong(Flaw::LineWithoutKind)),
        violation("WAKELOCK-007", "prints the app before the id", || wrong(Flaw::LineAppFirst)),
        violation("WAKELOCK-008", "takes any text for a name", || wrong(Flaw::AnyName)),
        violation("WAKELOCK-008", "takes the empty name", || wrong(Flaw::EmptyName)),
        violation("WAKELOCK-008", "takes names of 129 bytes", || wrong(Flaw::NameOneLonger)),
        violation("WAKELOCK-008", "takes names of at most 127 bytes", || wrong(Flaw::NameOneShorter)),
        violation("WAKELOCK-008", "looks for the reserved app before it looks at the lock's name", || wrong(Flaw::IdBeforeApp)),
        violation("WAKELOCK-008", "acquires a held lock as another kind", || wrong(Flaw::AnyKind)),
        violation("WAKELOCK-008", "makes a held lock full when it is acquired so", || wrong(Flaw::UpgradesKind)),
        violation("WAKELOCK-008", "lets apps have the session service's lock", || wrong(Flaw::NothingReserved)),
        violation("WAKELOCK-008", "looks at the count before the kind", || wrong(Flaw::CountBeforeKind)),
        violation("WAKELOCK-009", "holds one lock more", || wrong(Flaw::HoldersOneMore)),
        violation("WAKELOCK-009", "holds one lock less", || wrong(Flaw::HoldersOneLess)),
        violation("WAKELOCK-009", "takes one acquire more", || wrong(Flaw::CountOneMore)),
        violation("WAKELOCK-009", "takes one acquire less", || wrong(Flaw::CountOneLess)),
        violation("WAKELOCK-009", "lets one session more play", || wrong(Flaw::SessionsOneMore)),
        violation("WAKELOCK-009", "lets one session less play", || wrong(Flaw::SessionsOneLess)),
        violation("WAKELOCK-009", "takes a held lock for a new one where all are held", || wrong(Flaw::HeldCountsAsNew)),
        violation("WAKELOCK-010", "holds a lock for each session", || wrong(Flaw::LockPerSession)),
        violation("WAKELOCK-010", "acquires the lock at each play", || wrong(Flaw::LockPerPlay)),
        violation("WAKELOCK-010", "takes a ducked session for one that does not play", || wrong(Flaw::DuckedDoesNotPlay)),
        violation("WAKELOCK-010", "holds a full lock for media", || wrong(Flaw::FullLockForMedia)),
        violation("WAKELOCK-010", "holds the media's lock in another name", || wrong(Flaw::MediaLockIsAnApps)),
        violation("WAKELOCK-011", "never releases the media's lock", || wrong(Flaw::NeverReleasesMedia)),
        violation("WAKELOCK-010", "releases the media's lock at the first pause", || wrong(Flaw::FirstPauseReleases)),
        violation("WAKELOCK-011", "takes a dead session for one that plays", || wrong(Flaw::DeadSessionPlays)),
        violation("WAKELOCK-011", "takes a stopped session for one that plays", || wrong(Flaw::StoppedSessionPlays)),
        violation("WAKELOCK-012", "lets another session end for one that did not play", || wrong(Flaw::PausedTwiceCounts)),
        violation("WAKELOCK-012", "counts a session twice that plays again", || wrong(Flaw::PlayingTwiceCounts)),
        violation("WAKELOCK-013", "lets sessions play on when the session service died", || wrong(Flaw::ServiceDeathKeepsSessions)),
        violation("WAKELOCK-013", "keeps the lock when the session service died", || wrong(Flaw::ServiceDeathKeepsLock)),
        violation("WAKELOCK-014", "claims a lock without powerd", || wrong(Flaw::ClaimsWithoutPowerd)),
        violation("WAKELOCK-014", "holds locks without powerd", || wrong(Flaw::LocksWithoutPowerd)),
        violation("WAKELOCK-014", "lets nothing play without powerd", || wrong(Flaw::NothingPlaysWithoutPowerd)),
    ]
}
