//! Small domains of the contract `idl`, every value of them: the numbers of 16 bits that mean something.

use super::frames::{REPLY, REQUEST, frame, reply, request, to_struct};
use crate::suite::{Counted, Domain, Extent};
use spec::Case;
use spec::idl::{Config, Idl, Op};

/// Operations of one case.
const BATCH: usize = 2_048;

pub(super) fn domains() -> Vec<Domain<Idl>> {
    vec![
        Domain {
            name: "every_version",
            requirements: &["IDL-008"],
            describe: |extent| format!("{} of a request and of a reply", values(extent)),
            cases: |extent| {
                both(
                    extent,
                    |version| Op::DecodeRequest(frame(&[REQUEST, version.into(), 0, 0, 0])),
                    |version| Op::DecodeReply(frame(&[REPLY, u64::from(version) | 1 << 16, 0, 0])),
                )
            },
        },
        Domain {
            name: "every_method_and_result",
            requirements: &["IDL-009"],
            describe: |extent| format!("{} as the tag of a request and of a reply", values(extent)),
            cases: |extent| {
                both(
                    extent,
                    |tag| Op::DecodeRequest(request(tag, 0, 0, &[])),
                    |tag| Op::DecodeReply(reply(tag, 0, to_struct(0, 1, 0), &[1])),
                )
            },
        },
        Domain {
            name: "every_sink_and_error_code",
            requirements: &["IDL-014"],
            describe: |extent| format!("{} as a sink and as an error's code", values(extent)),
            cases: |extent| {
                both(
                    extent,
                    |sink| Op::DecodeRequest(request(16, sink.into(), 0, &[])),
                    |code| Op::DecodeReply(reply(0, 0, to_struct(0, 1, 1), &[code.into(), 0])),
                )
            },
        },
        Domain {
            name: "every_class_kind_command_and_key",
            requirements: &["IDL-014"],
            describe: |extent| format!("{} as a class and as a kind of focus, as a command and as a media key", values(extent)),
            cases: |extent| {
                let first = both(
                    extent,
                    |class| Op::DecodeRequest(request(19, 0, to_struct(0, 1, 1), &[1 | u64::from(class) << 32, 0])),
                    |kind| Op::DecodeRequest(request(30, 0, to_struct(0, 1, 0), &[1 | u64::from(kind) << 32])),
                );
                let second = both(
                    extent,
                    |command| Op::DecodeRequest(request(41, 0, to_struct(0, 2, 0), &[1 | u64::from(command) << 32, 9])),
                    |key| Op::DecodeRequest(request(43, key.into(), 0, &[])),
                );
                Box::new(first.chain(second))
            },
        },
    ]
}

fn values(extent: Extent) -> &'static str {
    match extent {
        Extent::Whole => "every number of 16 bits",
        Extent::Corners => "every number up to 300, and those around each power of two,",
    }
}

/// Every number, or those at the corners, as a request and as a reply.
fn both(extent: Extent, ask: fn(u16) -> Op, answer: fn(u16) -> Op) -> Counted<Idl> {
    let numbers: Vec<u16> = match extent {
        Extent::Whole => (0..=u16::MAX).collect(),
        Extent::Corners => (0..=300).chain((9..16).flat_map(|bit| [(1 << bit) - 1, 1 << bit, (1 << bit) + 1])).chain([u16::MAX]).collect(),
    };
    let batches = (0..numbers.len().div_ceil(BATCH)).map(move |index| {
        let batch = &numbers[index * BATCH..numbers.len().min((index + 1) * BATCH)];
        let ops: Vec<Op> = batch.iter().flat_map(|number| [ask(*number), answer(*number)]).collect();
        let count = ops.len() as u64;
        (Case { config: Config {}, ops }, count)
    });
    Box::new(batches)
}
