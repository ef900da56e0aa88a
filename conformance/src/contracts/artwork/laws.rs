//! Statements about every right machine of the contract `artwork`.

use crate::suite::{Held, Law};
use spec::artwork::{ARTWORK_BYTES_MAX, ARTWORK_ENTRIES_MAX, Artwork, Config, Content, Key, Obs, Op, checksum, key_of};
use spec::bytes::Bytes;
use spec::devices::Blob;
use spec::{Case, Contract, Entropy, Failure, Machine};

pub(super) fn laws() -> Vec<Law<Artwork>> {
    let law = |name, requirements, draw, holds| Law { name, requirements, draw, holds };
    vec![
        law("uri_and_content_do_not_run_together", &["ARTWORK-001"], draw_cut, keys_differ),
        law("what_was_put_is_found", &["ARTWORK-002"], draw_found, found),
        law("the_bounds_hold_after_each_step", &["ARTWORK-004"], draw_any, bounds_hold),
        law("the_keys_are_in_the_order_of_their_accesses", &["ARTWORK-005"], draw_accesses, order_is_of_accesses),
    ]
}

pub(super) fn put(uri: &str, bytes: u32, seed: u32) -> Op {
    Op::Put { uri: uri.into(), content: Content::Pattern { bytes, seed } }
}

/// The key of what [`put`] puts.
pub(super) fn key(uri: &str, bytes: u32, seed: u32) -> Key {
    key_of(uri.as_bytes(), &Content::Pattern { bytes, seed }.bytes())
}

pub(super) fn literal(uri: &[u8], content: &[u8]) -> Op {
    Op::Put { uri: uri.into(), content: Content::Bytes(Blob(content.to_vec())) }
}

fn case(ops: Vec<Op>) -> Case<Artwork> {
    Case { config: Config::default(), ops }
}

/// The same bytes, cut in two places.
fn draw_cut(source: &mut dyn Entropy) -> Case<Artwork> {
    let bytes: Vec<u8> = (0..3 + source.below(20)).map(|_| b'a' + source.below(3) as u8).collect();
    let last = bytes.len() as u64 - 1;
    let cuts = [1 + source.below(last), 1 + source.below(last)];
    case(cuts.into_iter().map(|cut| literal(&bytes[..cut as usize], &bytes[cut as usize..])).collect())
}

fn keys_differ(machine: &mut dyn Machine<Artwork>, case: &Case<Artwork>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let [Obs::Kept { key: one, .. }, Obs::Kept { key: other, .. }] = trace.obs.as_slice() else {
        return Ok(Held::No(format!("{:?} is not cached", case.ops)));
    };
    let same = case.ops[0] == case.ops[1];
    Ok(if (one == other) == same { Held::Yes(1) } else { Held::No(format!("{:?} have the keys {one:?} and {other:?}", case.ops)) })
}

fn draw_found(source: &mut dyn Entropy) -> Case<Artwork> {
    case((0..1 + source.below(8)).map(|_| put("a", 1 + source.below(300) as u32, source.below(9) as u32)).collect())
}

/// All of few pictures are found, by keys that the machine itself gave.
fn found(machine: &mut dyn Machine<Artwork>, case: &Case<Artwork>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    for (op, obs) in case.ops.iter().zip(&trace.obs) {
        let (Op::Put { content, .. }, Obs::Kept { key, .. }) = (op, obs) else {
            return Ok(Held::No(format!("{op:?} is answered {obs:?}")));
        };
        let content = content.bytes();
        let right = Obs::Hit { bytes: content.len() as u32, checksum: checksum(&content) };
        let got = machine.step(&Op::Get(*key))?;
        if got != right {
            return Ok(Held::No(format!("{op:?} is found as {got:?}, expected {right:?}")));
        }
    }
    Ok(Held::Yes(trace.obs.len() as u64))
}

fn draw_any(source: &mut dyn Entropy) -> Case<Artwork> {
    Artwork::draw(source, 24)
}

fn bounds_hold(machine: &mut dyn Machine<Artwork>, case: &Case<Artwork>) -> Result<Held, Failure> {
    if machine.reset(&case.config)?.is_err() {
        return Ok(Held::NotApplicable);
    }
    let most = (case.config.entries.min(ARTWORK_ENTRIES_MAX), case.config.bytes.min(ARTWORK_BYTES_MAX));
    for op in &case.ops {
        machine.step(op)?;
        match machine.step(&Op::Stats)? {
            Obs::Stats { entries, bytes, .. } if entries <= most.0 && bytes <= most.1 => {}
            other => return Ok(Held::No(format!("after {op:?} there is {other:?}, with room for {most:?}"))),
        }
    }
    Ok(Held::Yes(case.ops.len() as u64))
}

/// Four pictures, put and asked for in any order.
fn draw_accesses(source: &mut dyn Entropy) -> Case<Artwork> {
    let uri = |source: &mut dyn Entropy| ["a", "b", "c", "d"][source.below(4) as usize];
    let access = |source: &mut dyn Entropy| {
        let uri = uri(source);
        if source.one_in(2) { put(uri, 4, 0) } else { Op::Get(key(uri, 4, 0)) }
    };
    let mut ops: Vec<Op> = (0..1 + source.below(12)).map(|_| access(source)).collect();
    ops.extend([Op::Lookup(Bytes::from("a")), Op::Keys]);
    case(ops)
}

/// The last access of each picture that was put decides, whatever kind of access it was.
fn order_is_of_accesses(machine: &mut dyn Machine<Artwork>, case: &Case<Artwork>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let mut order: Vec<Key> = Vec::new();
    for (op, obs) in case.ops.iter().zip(&trace.obs) {
        let key = match (op, obs) {
            (_, Obs::Kept { key, .. }) | (Op::Get(key), Obs::Hit { .. }) => *key,
            _ => continue,
        };
        order.retain(|known| *known != key);
        order.push(key);
    }
    Ok(match trace.obs.last() {
        Some(Obs::Keys(keys)) if *keys == order => Held::Yes(order.len() as u64),
        other => Held::No(format!("{:?} gives {other:?}, expected {order:?}", case.ops)),
    })
}
