//! Wrong machines of the contract `settings`.

use super::wrong::{Flaw, wrong};
use crate::suite::Violation;
use spec::Machine;
use spec::settings::Settings;

const fn violation(requirement: &'static str, what: &'static str, machine: fn() -> Box<dyn Machine<Settings>>) -> Violation<Settings> {
    Violation { requirement, what, machine }
}

/// In the order in which a diagnosis names them: a machine that starts wrongly answers some small cases as others do.
pub(super) fn violations() -> Vec<Violation<Settings>> {
    vec![
        violation("SETTINGS-002", "takes every number from 0 to 1", || wrong(Flaw::AnyNumber)),
        violation("SETTINGS-002", "takes five places", || wrong(Flaw::FivePlaces)),
        violation("SETTINGS-002", "takes levels above 1", || wrong(Flaw::LevelAboveOne)),
        violation("SETTINGS-002", "takes spaces around the level", || wrong(Flaw::TrimsLevel)),
        violation("SETTINGS-003", "takes true and false in any case", || wrong(Flaw::MutedInAnyCase)),
        violation("SETTINGS-003", "takes 1 for true", || wrong(Flaw::MutedAsDigit)),
        violation("SETTINGS-004", "takes sinks in any case", || wrong(Flaw::SinkInAnyCase)),
        violation("SETTINGS-004", "takes any other text for the sink null", || wrong(Flaw::AnySink)),
        violation("SETTINGS-004", "takes no text for the sink null", || wrong(Flaw::EmptySinkIsNull)),
        violation("SETTINGS-005", "takes at most 254 bytes", || wrong(Flaw::OneByteLess)),
        violation("SETTINGS-005", "takes 256 bytes", || wrong(Flaw::OneByteMore)),
        violation("SETTINGS-005", "replaces what is no UTF-8", || wrong(Flaw::LossyText)),
        violation("SETTINGS-005", "looks for the key before it looks at the value's form", || wrong(Flaw::KeyBeforeText)),
        violation("SETTINGS-005", "rejects unknown keys as invalid values", || wrong(Flaw::UnknownIsInvalid)),
        violation("SETTINGS-005", "takes keys in any case", || wrong(Flaw::KeysInAnyCase)),
        violation("SETTINGS-006", "lets everybody write", || wrong(Flaw::AnyScope)),
        violation("SETTINGS-006", "gives the sink to the user", || wrong(Flaw::SinkIsUsers)),
        violation("SETTINGS-006", "looks at the value before the scope", || wrong(Flaw::ScopeAfterValue)),
        violation("SETTINGS-006", "takes the user's settings for the device's, and the other way round", || wrong(Flaw::ScopesSwapped)),
        violation("SETTINGS-007", "keeps the shortest text of a level", || wrong(Flaw::Canonical)),
        violation("SETTINGS-007", "says of the same text that it changed something", || wrong(Flaw::AlwaysChanged)),
        violation("SETTINGS-007", "applies the same text again", || wrong(Flaw::AppliesUnchanged)),
        violation("SETTINGS-007", "writes the file for the same text again", || wrong(Flaw::WritesUnchanged)),
        violation("SETTINGS-008", "writes no file", || wrong(Flaw::NeverWrites)),
        violation("SETTINGS-008", "writes the changed key alone", || wrong(Flaw::WritesOnlyTheKey)),
        violation("SETTINGS-008", "ends the file without a line feed", || wrong(Flaw::NoLastLineFeed)),
        violation("SETTINGS-008", "writes spaces around the equals sign", || wrong(Flaw::SpacesInFile)),
        violation("SETTINGS-008", "writes the sink first", || wrong(Flaw::SinkFirstInFile)),
        violation("SETTINGS-008", "never reads its file", || wrong(Flaw::NeverReads)),
        violation("SETTINGS-008", "claims that nothing is persisted", || wrong(Flaw::NeverPersisted)),
        violation("SETTINGS-008", "leaves the file unread when /state comes", || wrong(Flaw::StateComesUnread)),
        violation("SETTINGS-008", "writes the file at each load", || wrong(Flaw::RewritesAtLoad)),
        violation("SETTINGS-009", "claims that a value is persisted without /state", || wrong(Flaw::ClaimsPersisted)),
        violation("SETTINGS-009", "writes a file without /state", || wrong(Flaw::WritesWithoutState)),
        violation("SETTINGS-009", "reads the file without /state", || wrong(Flaw::ReadsWithoutState)),
        violation("SETTINGS-009", "keeps its values over a restart without a file", || wrong(Flaw::LoadsKeepOldValues)),
        violation("SETTINGS-010", "keeps the new value though the write failed", || wrong(Flaw::StoresDespiteFailure)),
        violation("SETTINGS-010", "leaves a new file though it says that the write failed", || wrong(Flaw::FileDespiteFailure)),
        violation("SETTINGS-010", "applies the new value though the write failed", || wrong(Flaw::AppliesDespiteFailure)),
        violation("SETTINGS-010", "goes on without the file when the write failed", || wrong(Flaw::IgnoresFailure)),
        violation("SETTINGS-011", "stops at the first bad line", || wrong(Flaw::BadLineEndsLoad)),
        violation("SETTINGS-011", "takes all lines back at a bad one", || wrong(Flaw::BadLineTakesBack)),
        violation("SETTINGS-011", "keeps the first of several lines of one key", || wrong(Flaw::FirstLineWins)),
        violation("SETTINGS-011", "does not count bad lines", || wrong(Flaw::CountsNoBadLines)),
        violation("SETTINGS-011", "does not count empty lines", || wrong(Flaw::SkipsEmptyLinesSilently)),
        violation("SETTINGS-011", "takes spaces and carriage returns around a line", || wrong(Flaw::TrimsLines)),
        violation("SETTINGS-011", "counts an empty line after the last line feed", || wrong(Flaw::CountsLastLineFeed)),
        violation("SETTINGS-012", "applies nothing when it starts", || wrong(Flaw::AppliesNothingAtLoad)),
        violation("SETTINGS-012", "applies the mute before the level when it starts", || wrong(Flaw::AppliesMutedFirst)),
        violation("SETTINGS-012", "applies something when it rejects a value", || wrong(Flaw::AppliesRejected)),
        violation("SETTINGS-012", "applies levels in whole hundredths", || wrong(Flaw::LevelInHundredths)),
        violation("SETTINGS-012", "applies a mute as a level of 0", || wrong(Flaw::MuteSetsLevel)),
        violation("SETTINGS-012", "never applies the mute", || wrong(Flaw::NeverAppliesMuted)),
        violation("SETTINGS-013", "takes any sink for available", || wrong(Flaw::WishTakesEffect)),
        violation("SETTINGS-013", "forgets the wish for a sink that is not available", || wrong(Flaw::FallsBackInStore)),
        violation("SETTINGS-013", "does not look again when a sink comes or goes", || wrong(Flaw::NotJudgedAgain)),
        violation("SETTINGS-013", "does not tell audiod when a sink comes or goes", || wrong(Flaw::JudgedWithoutTelling)),
        violation("SETTINGS-013", "tells audiod a sink that is the same", || wrong(Flaw::TellsSinkAlways)),
        violation("SETTINGS-014", "takes a file of any size", || wrong(Flaw::AnyFileSize)),
        violation("SETTINGS-014", "cuts a file at its bound", || wrong(Flaw::CutsFiles)),
        violation("SETTINGS-001", "starts muted", || wrong(Flaw::StartsMuted)),
        violation("SETTINGS-001", "starts with the sink file", || wrong(Flaw::StartsWithFileSink)),
        violation("SETTINGS-001", "starts with the level 1.0", || wrong(Flaw::LevelStartsAsDecimal)),
        violation("SETTINGS-001", "lists the sink first", || wrong(Flaw::ListsSinkFirst)),
    ]
}
