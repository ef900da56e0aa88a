//! Wrong machines of the contract `ducking`.

use super::wrong::{Flaw, wrong};
use crate::suite::Violation;
use spec::Machine;
use spec::ducking::Ducking;

const fn violation(requirement: &'static str, what: &'static str, machine: fn() -> Box<dyn Machine<Ducking>>) -> Violation<Ducking> {
    Violation { requirement, what, machine }
}

/// In the order in which a diagnosis names them.
pub(super) fn violations() -> Vec<Violation<Ducking>> {
    vec![
        violation("DUCKING-001", "has one depth for both rules", || wrong(Flaw::OneDepth)),
        violation("DUCKING-001", "takes each rule's depth for the other's", || wrong(Flaw::DepthsSwapped)),
        violation("DUCKING-001", "lowers every session", || wrong(Flaw::LowersEverySession)),
        violation("DUCKING-002", "adds the depths of causes", || wrong(Flaw::DepthsAdd)),
        violation("DUCKING-002", "lowers by the latest cause", || wrong(Flaw::LatestCounts)),
        violation("DUCKING-002", "lowers by the shallowest cause", || wrong(Flaw::ShallowestCounts)),
        violation("DUCKING-003", "ramps a block too long", || wrong(Flaw::RampBlockLonger)),
        violation("DUCKING-003", "rounds the ramp's blocks down", || wrong(Flaw::RampRoundsBlocksDown)),
        violation("DUCKING-003", "begins a ramp one block late", || wrong(Flaw::RampBlockLate)),
        violation("DUCKING-003", "cuts a step's fraction off", || wrong(Flaw::RampTruncates)),
        violation("DUCKING-003", "rounds a step half up", || wrong(Flaw::RampRoundsHalfUp)),
        violation("DUCKING-003", "ramps in a curve", || wrong(Flaw::RampInPowers)),
        violation("DUCKING-004", "takes a ramp of 0 ms one block late", || wrong(Flaw::AtOnceBlockLate)),
        violation("DUCKING-004", "ramps for two blocks at least", || wrong(Flaw::AtOnceTakesOneBlock)),
        violation("DUCKING-005", "ramps from the target that it had", || wrong(Flaw::RestartsFromTarget)),
        violation("DUCKING-005", "ramps from 0 whenever it lowers", || wrong(Flaw::RestartsFromZero)),
        violation("DUCKING-005", "ends a ramp before it begins another", || wrong(Flaw::FinishesFirst)),
        violation("DUCKING-006", "begins a ramp with every cause", || wrong(Flaw::EveryCauseRestarts)),
        violation("DUCKING-006", "begins a ramp when its length is configured", || wrong(Flaw::RampLengthRestarts)),
        violation("DUCKING-007", "restores without a ramp", || wrong(Flaw::UnduckAtOnce)),
        violation("DUCKING-007", "restores when the first cause goes", || wrong(Flaw::UnduckRestoresWithFirst)),
        violation("DUCKING-007", "stops short of 0", || wrong(Flaw::StopsShortOfZero)),
        violation("DUCKING-008", "keeps a cause's first rule", || wrong(Flaw::KeepsFirstRule)),
        violation("DUCKING-008", "counts a cause that lowers again as another", || wrong(Flaw::CountsCauseTwice)),
        violation("DUCKING-009", "configures what is lowered from now on alone", || wrong(Flaw::ConfigureForNewAlone)),
        violation("DUCKING-009", "jumps to configured depths", || wrong(Flaw::ConfigureAtOnce)),
        violation("DUCKING-009", "keeps the length of ramps", || wrong(Flaw::ConfigureKeepsLength)),
        violation("DUCKING-010", "goes on with every operation", || wrong(Flaw::CountsOperations)),
        violation("DUCKING-010", "goes on when the gains are asked", || wrong(Flaw::GainsGoOn)),
        violation("DUCKING-010", "counts one block more for each call", || wrong(Flaw::BlocksCountOneMore)),
        violation("DUCKING-011", "takes a depth above 0", || wrong(Flaw::RaisesByConfigured)),
        violation("DUCKING-011", "overshoots when it restores", || wrong(Flaw::Overshoots)),
        violation("DUCKING-012", "keeps the gain of a number that was closed", || wrong(Flaw::ReopenedKeepsGain)),
        violation("DUCKING-012", "lists sessions in the order of opening", || wrong(Flaw::ListsByOpening)),
        violation("DUCKING-012", "opens sessions a little lowered", || wrong(Flaw::OpensDucked)),
        violation("DUCKING-013", "takes any depth", || wrong(Flaw::AnyDepth)),
        violation("DUCKING-013", "rejects the deepest depth", || wrong(Flaw::DepthOneLess)),
        violation("DUCKING-013", "takes any length of a ramp", || wrong(Flaw::AnyRamp)),
        violation("DUCKING-013", "rejects the longest ramp", || wrong(Flaw::RampOneLess)),
        violation("DUCKING-013", "takes one session more", || wrong(Flaw::SessionsOneMore)),
        violation("DUCKING-013", "takes one session less", || wrong(Flaw::SessionsOneLess)),
        violation("DUCKING-013", "takes one cause more", || wrong(Flaw::CausesOneMore)),
        violation("DUCKING-013", "takes one cause less", || wrong(Flaw::CausesOneLess)),
        violation("DUCKING-013", "counts a known cause as a new one", || wrong(Flaw::KnownCauseCountsAsNew)),
        violation("DUCKING-013", "goes on by one block more", || wrong(Flaw::BlocksOneMore)),
        violation("DUCKING-013", "goes on by one block less", || wrong(Flaw::BlocksOneLess)),
        violation("DUCKING-013", "ends causes that do not lower", || wrong(Flaw::UnknownCauseIsDone)),
        violation("DUCKING-013", "takes operations of unknown sessions", || wrong(Flaw::UnknownSessionIsDone)),
        violation("DUCKING-013", "takes the number 0", || wrong(Flaw::TakesNumberZero)),
        violation("DUCKING-013", "takes the length of a configuration that it rejects", || wrong(Flaw::RejectedConfigurationHalfTaken)),
    ]
}
