//! Wrong machines of the contract `codec`.

use super::wrong::{Flaw, wrong};
use crate::suite::Violation;
use spec::Machine;
use spec::codec::Codec;

const fn violation(requirement: &'static str, what: &'static str, machine: fn() -> Box<dyn Machine<Codec>>) -> Violation<Codec> {
    Violation { requirement, what, machine }
}

/// In the order in which a diagnosis names them.
pub(super) fn violations() -> Vec<Violation<Codec>> {
    vec![
        violation("CODEC-001", "takes no route to the speaker", || wrong(Flaw::NoSpeaker)),
        violation("CODEC-001", "takes the headphones for the speaker", || wrong(Flaw::SinksSwapped)),
        violation("CODEC-002", "takes any spaces around arrows", || wrong(Flaw::AnySpaces)),
        violation("CODEC-002", "takes hops in any case", || wrong(Flaw::AnyCase)),
        violation("CODEC-002", "takes a route without the codec", || wrong(Flaw::WithoutCodec)),
        violation("CODEC-002", "takes a route through other hops", || wrong(Flaw::AnyMiddle)),
        violation("CODEC-002", "takes any source", || wrong(Flaw::AnySource)),
        violation("CODEC-002", "takes any sink for the headphones", || wrong(Flaw::AnySink)),
        violation("CODEC-002", "takes a route that passes a hop twice", || wrong(Flaw::Cycles)),
        violation("CODEC-002", "calls a repeated hop a missing one", || wrong(Flaw::CycleBesideIsMissing)),
        violation("CODEC-002", "looks at the source before it looks for repeated hops", || wrong(Flaw::SourceBeforeCycle)),
        violation("CODEC-002", "looks at the sink before the source", || wrong(Flaw::SinkBeforeSource)),
        violation("CODEC-002", "takes one byte more of a route", || wrong(Flaw::BytesOneMore)),
        violation("CODEC-002", "takes one byte less of a route", || wrong(Flaw::BytesOneLess)),
        violation("CODEC-002", "takes one hop more", || wrong(Flaw::HopsOneMore)),
        violation("CODEC-002", "takes one hop less", || wrong(Flaw::HopsOneLess)),
        violation("CODEC-002", "looks at a route's form before its length", || wrong(Flaw::FormBeforeLength)),
        violation("CODEC-003", "takes any rate", || wrong(Flaw::AnyRate)),
        violation("CODEC-003", "takes any number of channels", || wrong(Flaw::AnyChannels)),
        violation("CODEC-003", "takes any type of samples", || wrong(Flaw::AnySample)),
        violation("CODEC-003", "takes any block", || wrong(Flaw::AnyBlock)),
        violation("CODEC-003", "looks at the block first", || wrong(Flaw::BlockFirst)),
        violation("CODEC-003", "looks at the channels before the rate", || wrong(Flaw::ChannelsFirst)),
        violation("CODEC-003", "looks at the format before the route", || wrong(Flaw::FormatBeforeRoute)),
        violation("CODEC-004", "does not say that it is in null mode", || wrong(Flaw::NoNullMode)),
        violation("CODEC-004", "keeps the first configuration", || wrong(Flaw::KeepsFirst)),
        violation("CODEC-004", "acknowledges a configuration and does not keep it", || wrong(Flaw::KeepsNothing)),
        violation("CODEC-004", "prints no line for an acknowledgement", || wrong(Flaw::NoAckLine)),
        violation("CODEC-004", "prints an acknowledgement without its mode", || wrong(Flaw::AckWithoutMode)),
        violation("CODEC-004", "prints an acknowledgement in another name", || wrong(Flaw::AckOfCodec)),
        violation("CODEC-005", "drops its configuration when another is rejected", || wrong(Flaw::RejectionDropsConfiguration)),
        violation("CODEC-005", "keeps the route of a format that it rejects", || wrong(Flaw::RejectionConfigures)),
        violation("CODEC-005", "declares the first routes of a list that it rejects", || wrong(Flaw::RejectedTreeDeclares)),
        violation("CODEC-005", "counts blocks that it rejects", || wrong(Flaw::RejectedBlockCounts)),
        violation("CODEC-005", "prints a line when it rejects", || wrong(Flaw::RejectionPrints)),
        violation("CODEC-006", "needs no zero byte at the end of a list", || wrong(Flaw::NeedsNoEnd)),
        violation("CODEC-006", "takes an empty list of routes", || wrong(Flaw::TakesEmptyList)),
        violation("CODEC-006", "skips the wrong routes of a list", || wrong(Flaw::SkipsWrongRoutes)),
        violation("CODEC-006", "takes a list with a route twice", || wrong(Flaw::TakesTwice)),
        violation("CODEC-006", "takes a list of one byte more", || wrong(Flaw::ListOneLonger)),
        violation("CODEC-006", "takes a list of one byte less", || wrong(Flaw::ListOneShorter)),
        violation("CODEC-006", "ends a list at an empty text", || wrong(Flaw::EndsAtEmptyText)),
        violation("CODEC-007", "takes routes that the device tree does not declare", || wrong(Flaw::IgnoresTree)),
        violation("CODEC-007", "adds a device tree's routes to those that it had", || wrong(Flaw::AddsToTree)),
        violation("CODEC-007", "keeps its configuration over a device tree", || wrong(Flaw::TreeKeepsConfiguration)),
        violation("CODEC-007", "looks at the format before the declared routes", || wrong(Flaw::FormatBeforeTree)),
        violation("CODEC-008", "is enabled on QEMU from the start", || wrong(Flaw::EnabledOnQemu)),
        violation("CODEC-008", "can be enabled on QEMU", || wrong(Flaw::EnablesOnQemu)),
        violation("CODEC-008", "says on QEMU that it is disabled when it is enabled", || wrong(Flaw::QemuSaysDisabled)),
        violation("CODEC-009", "is never disabled again", || wrong(Flaw::DisablesNever)),
        violation("CODEC-009", "takes blocks while disabled", || wrong(Flaw::TakesWhileDisabled)),
        violation("CODEC-009", "looks at a block's size before it looks whether it is enabled", || wrong(Flaw::SizeBeforeDisabled)),
        violation("CODEC-010", "counts frames where blocks belong", || wrong(Flaw::CountsFrames)),
        violation("CODEC-010", "takes blocks of any size", || wrong(Flaw::AnyFrames)),
        violation("CODEC-010", "takes blocks of up to 480 frames", || wrong(Flaw::AtMostABlock)),
        violation("CODEC-010", "keeps the first block's digest", || wrong(Flaw::DigestOfFirst)),
        violation("CODEC-010", "keeps the digest of all blocks", || wrong(Flaw::DigestOfAll)),
        violation("CODEC-010", "digests big-endian samples", || wrong(Flaw::BigEndian)),
        violation("CODEC-010", "forgets its blocks when it is disabled", || wrong(Flaw::DisablingForgets)),
        violation("CODEC-011", "does not say that it is ready", || wrong(Flaw::NoReady)),
        violation("CODEC-011", "says ok where it is a placeholder", || wrong(Flaw::SaysOk)),
        violation("CODEC-011", "does not say that it is a placeholder", || wrong(Flaw::NoPlaceholder)),
        violation("CODEC-011", "says that it is a placeholder when it is disabled", || wrong(Flaw::PlaceholderWhenDisabled)),
        violation("CODEC-011", "says that it is a placeholder when it is enabled again", || wrong(Flaw::PlaceholderEachTime)),
        violation("CODEC-011", "does not say that it is a placeholder when it is enabled", || wrong(Flaw::NoPlaceholderWhenEnabled)),
        violation("CODEC-012", "lets i2s be selected without a configuration", || wrong(Flaw::SelectsUnconfigured)),
        violation("CODEC-012", "lets i2s be selected while disabled", || wrong(Flaw::SelectsDisabled)),
        violation("CODEC-012", "looks at codecd before i2sd", || wrong(Flaw::CodecFirst)),
    ]
}
