//! Statements about every right machine of the contract `idl`.

use crate::suite::{Held, Law};
use spec::idl::{Config, Idl, Obs, Op, draw};
use spec::{Case, Entropy, ErrorCode, Failure, Machine};

pub(super) fn laws() -> Vec<Law<Idl>> {
    vec![
        Law { name: "decoding_gives_what_was_encoded", requirements: &["IDL-003"], draw: draw_values, holds: round_trip },
        Law { name: "a_cut_frame_is_truncated", requirements: &["IDL-004"], draw: draw_values, holds: cut },
        Law { name: "a_longer_frame_is_trailing", requirements: &["IDL-006"], draw: draw_values, holds: longer },
        Law { name: "a_claim_changes_nothing_else", requirements: &["IDL-013"], draw: draw_claims, holds: claims },
    ]
}

fn draw_values(source: &mut dyn Entropy) -> Case<Idl> {
    let mut value = || if source.one_in(2) { Op::EncodeRequest(draw::request(source)) } else { Op::EncodeReply(draw::reply(source)) };
    Case { config: Config {}, ops: (0..4).map(|_| value()).collect() }
}

fn draw_claims(source: &mut dyn Entropy) -> Case<Idl> {
    let mut request = draw::request(source);
    request.claimed = Some(source.bits());
    let unclaimed = spec::idl::Request { claimed: None, ..request.clone() };
    Case { config: Config {}, ops: vec![Op::EncodeRequest(request), Op::EncodeRequest(unclaimed)] }
}

/// The frames that a machine gave, each with what it is of.
fn frames(machine: &mut dyn Machine<Idl>, case: &Case<Idl>) -> Result<Vec<(Op, Vec<u8>)>, Failure> {
    let trace = machine.run_case(case)?;
    let frame = |(op, obs): (&Op, Obs)| match obs {
        Obs::Frame(bytes) => Some((op.clone(), bytes)),
        _ => None,
    };
    Ok(case.ops.iter().zip(trace.obs).filter_map(frame).collect())
}

/// The operation that decodes what the other one encoded.
fn decode(of: &Op, bytes: Vec<u8>) -> Op {
    if matches!(of, Op::EncodeRequest(_)) { Op::DecodeRequest(bytes) } else { Op::DecodeReply(bytes) }
}

fn round_trip(machine: &mut dyn Machine<Idl>, case: &Case<Idl>) -> Result<Held, Failure> {
    let frames = frames(machine, case)?;
    // In one batch, since each round trip to a guest costs as much as many answers.
    let decodes: Vec<Op> = frames.iter().map(|(op, bytes)| decode(op, bytes.clone())).collect();
    for ((op, bytes), obs) in frames.iter().zip(machine.run(&decodes)?) {
        let same = match (op, obs) {
            (Op::EncodeRequest(request), Obs::Request(back)) => *request == back,
            (Op::EncodeReply(reply), Obs::Reply(back)) => *reply == back,
            _ => false,
        };
        if !same {
            return Ok(Held::No(format!("{op:?} is encoded as {bytes:?} and not decoded as itself")));
        }
    }
    Ok(held(frames.len()))
}

fn held(steps: usize) -> Held {
    if steps == 0 { Held::NotApplicable } else { Held::Yes(steps as u64) }
}

fn cut(machine: &mut dyn Machine<Idl>, case: &Case<Idl>) -> Result<Held, Failure> {
    // Every length of a small frame; of a large one those at its ends.
    let lengths = |bytes: &[u8]| {
        let len = bytes.len();
        (0..len).filter(move |length| *length < 64 || len - length < 32)
    };
    rejected(machine, case, ErrorCode::TruncatedMessage, |bytes| lengths(bytes).map(|length| bytes[..length].to_vec()).collect())
}

fn longer(machine: &mut dyn Machine<Idl>, case: &Case<Idl>) -> Result<Held, Failure> {
    rejected(machine, case, ErrorCode::TrailingBytes, |bytes| {
        (1..=9)
            .map(|more| {
                let mut longer = bytes.to_vec();
                longer.resize(bytes.len() + more, 0);
                longer
            })
            .collect()
    })
}

/// Every variant of every frame is rejected with that code.
fn rejected(
    machine: &mut dyn Machine<Idl>,
    case: &Case<Idl>,
    code: ErrorCode,
    variants: impl Fn(&[u8]) -> Vec<Vec<u8>>,
) -> Result<Held, Failure> {
    let frames = frames(machine, case)?;
    let decodes: Vec<Op> =
        frames.iter().flat_map(|(op, bytes)| variants(bytes).into_iter().map(move |variant| decode(op, variant))).collect();
    for (op, obs) in decodes.iter().zip(machine.run(&decodes)?) {
        if obs != Obs::Rejected(code) {
            return Ok(Held::No(format!("{op:?} gives {obs:?}")));
        }
    }
    Ok(held(decodes.len()))
}

/// A request with a claim and the same one without are decoded as the same call, and as nothing but their claims.
fn claims(machine: &mut dyn Machine<Idl>, case: &Case<Idl>) -> Result<Held, Failure> {
    let frames = frames(machine, case)?;
    let [(Op::EncodeRequest(first), claimed), (second, unclaimed)] = frames.as_slice() else { return Ok(Held::NotApplicable) };
    let with = machine.step(&decode(second, claimed.clone()))?;
    let without = machine.step(&decode(second, unclaimed.clone()))?;
    let (Obs::Request(with), Obs::Request(without)) = (&with, &without) else {
        return Ok(Held::No(format!("with a claim {with:?}, without {without:?}")));
    };
    if with.claimed != first.claimed || without.claimed.is_some() {
        return Ok(Held::No(format!("of {:?} and none, {:?} and {:?} came over", first.claimed, with.claimed, without.claimed)));
    }
    if (with.sequence, &with.call) != (without.sequence, &without.call) {
        return Ok(Held::No(format!("with a claim {with:?}, without {without:?}")));
    }
    Ok(Held::Yes(2))
}
