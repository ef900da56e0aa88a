//! How machines of the contract `devices` can be wrong: they mend what they should reject, or tell it otherwise.

use crate::suite::{meddling, tampered};
use spec::devices::{Audio, Blob, Board, Config, Devices, Obs, Op, Part, parts, set_word, without, word};
use spec::{ErrorCode, Failure, Machine};

pub(super) type Answer = Result<Obs, Failure>;

/// Asks for another blob in the place of a tree's.
pub(super) fn mended(inner: &mut dyn Machine<Devices>, op: &Op, mend: impl FnOnce(&mut Vec<u8>)) -> Answer {
    match op {
        Op::Read(Blob(blob)) => {
            let mut blob = blob.clone();
            mend(&mut blob);
            inner.step(&Op::Read(Blob(blob)))
        }
        Op::Property { .. } => inner.step(op),
    }
}

/// Asks, and where the tree is rejected with that code, tries what can be made of it until one is accepted.
pub(super) fn retried(inner: &mut dyn Machine<Devices>, op: &Op, code: ErrorCode, others: impl FnOnce(&[u8]) -> Vec<Vec<u8>>) -> Answer {
    let obs = inner.step(op)?;
    if let (Op::Read(Blob(blob)), Obs::Rejected(why)) = (op, &obs)
        && *why == code
    {
        for other in others(blob) {
            if let obs @ Obs::Board(_) = inner.step(&Op::Read(Blob(other)))? {
                return Ok(obs);
            }
        }
    }
    Ok(obs)
}

/// The blob without each of its nodes, or of its properties, the last first.
fn each_left_out(blob: &[u8], keep: impl Fn(&Part) -> bool) -> Vec<Vec<u8>> {
    parts(blob).iter().rev().filter(|part| keep(part)).map(|part| without(blob, part)).collect()
}

/// Skips the node that is wrong, where the whole tree should be rejected.
pub(super) fn skips_node(inner: &mut dyn Machine<Devices>, op: &Op, code: ErrorCode) -> Answer {
    retried(inner, op, code, |blob| each_left_out(blob, |part| part.node))
}

/// Skips the property that is wrong, where the whole tree should be rejected.
pub(super) fn skips_property(inner: &mut dyn Machine<Devices>, op: &Op, code: ErrorCode) -> Answer {
    retried(inner, op, code, |blob| each_left_out(blob, |part| !part.node))
}

/// Skips a node with those bytes in it, where the whole tree should be rejected.
pub(super) fn skips_node_with(inner: &mut dyn Machine<Devices>, op: &Op, code: ErrorCode, bytes: &[u8]) -> Answer {
    retried(inner, op, code, |blob| each_left_out(blob, |part| part.node && holds(&blob[part.bytes.clone()], bytes)))
}

/// Whether bytes stand somewhere in others.
pub(super) fn holds(all: &[u8], bytes: &[u8]) -> bool {
    all.windows(bytes.len()).any(|window| window == bytes)
}

/// Leaves out every outermost node with one of those bytes in it.
pub(super) fn without_all(blob: &[u8], any: &[&[u8]]) -> Vec<u8> {
    let mut blob = blob.to_vec();
    while let Some(part) = parts(&blob)
        .into_iter()
        .find(|part| part.node && part.depth == 2 && any.iter().any(|bytes| holds(&blob[part.bytes.clone()], bytes)))
    {
        blob = without(&blob, &part);
    }
    blob
}

/// The blob with another value of the first property whose value holds those bytes.
pub(super) fn revalued(blob: &[u8], bytes: &[u8], change: impl FnOnce(&[u8]) -> Vec<u8>) -> Option<Vec<u8>> {
    let part = parts(blob).into_iter().find(|part| !part.node && holds(&blob[part.bytes.start + 12..part.bytes.end], bytes))?;
    let (begin, length) = (part.bytes.start + 12, word(blob, part.bytes.start + 4)? as usize);
    let mut value = change(&blob[begin..begin + length]);
    let (old, new) = (part.bytes.len() - 12, value.len().next_multiple_of(4));
    let mut changed = blob.to_vec();
    set_word(&mut changed, part.bytes.start + 4, value.len() as u32);
    value.resize(new, 0);
    changed.splice(begin..part.bytes.end, value);
    for place in [4, 12, 36] {
        let moved = word(&changed, place)?.wrapping_add(new as u32).wrapping_sub(old as u32);
        set_word(&mut changed, place, moved);
    }
    Some(changed)
}

/// Words put at the end of the structure.
pub(super) fn with_tokens(blob: &[u8], tokens: &[u32]) -> Vec<u8> {
    let mut blob = blob.to_vec();
    let end = word(&blob, 8).unwrap_or(0).saturating_add(word(&blob, 36).unwrap_or(0)) as usize;
    if end <= blob.len() {
        blob.splice(end..end, tokens.iter().flat_map(|token| token.to_be_bytes()));
        for place in [4, 12, 36] {
            let moved = word(&blob, place).unwrap_or(0).wrapping_add(4 * tokens.len() as u32);
            set_word(&mut blob, place, moved);
        }
    }
    blob
}

/// The blob with a structure that ends behind each word that could be its end.
pub(super) fn ended_early(blob: &[u8]) -> Vec<Vec<u8>> {
    let (start, size) = (word(blob, 8).unwrap_or(0) as usize, word(blob, 36).unwrap_or(0) as usize);
    let ends = (0..size).step_by(4).filter(|place| word(blob, start + place) == Some(9));
    ends.map(|place| {
        let mut blob = blob.to_vec();
        set_word(&mut blob, 36, place as u32 + 4);
        blob
    })
    .collect()
}

/// Rejects with a code what it should accept, where the blob is of a kind.
pub(super) fn refuses(inner: &mut dyn Machine<Devices>, op: &Op, code: ErrorCode, kind: impl FnOnce(&[u8], &Board) -> bool) -> Answer {
    let obs = inner.step(op)?;
    Ok(match (op, &obs) {
        (Op::Read(Blob(blob)), Obs::Board(board)) if kind(blob, board) => Obs::Rejected(code),
        _ => obs,
    })
}

/// A machine that calls one fault by the code of another.
pub(super) fn renamed(inner: &mut dyn Machine<Devices>, op: &Op, from: ErrorCode, to: ErrorCode) -> Answer {
    let obs = inner.step(op)?;
    Ok(if obs == Obs::Rejected(from) { Obs::Rejected(to) } else { obs })
}

/// The names of nodes that the blob has.
pub(super) fn names(blob: &[u8]) -> Vec<&[u8]> {
    let name = |part: &Part| blob[part.bytes.start + 4..].split(|byte| *byte == 0).next().unwrap_or_default();
    parts(blob).iter().filter(|part| part.node).map(name).collect()
}

/// The machine of an answer that needs no memory.
pub(super) fn wrong(meddle: fn(&mut dyn Machine<Devices>, &mut (), &Op) -> Answer) -> Box<dyn Machine<Devices>> {
    meddling::<Devices, ()>(meddle)
}

/// A model whose boards are told otherwise.
struct Telling {
    inner: Box<dyn Machine<Devices>>,
    tell: fn(&mut Board),
}

impl Machine<Devices> for Telling {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.inner.reset(config)
    }

    fn step(&mut self, op: &Op) -> Answer {
        let mut obs = self.inner.step(op)?;
        if let Obs::Board(board) = &mut obs {
            (self.tell)(board);
        }
        Ok(obs)
    }
}

/// A machine that tells boards otherwise.
pub(super) fn telling(tell: fn(&mut Board)) -> Box<dyn Machine<Devices>> {
    Box::new(Telling { inner: <Devices as model::Modelled>::model(), tell })
}

/// Changes what is told of an audio path.
pub(super) fn changed(board: &mut Board, change: impl FnOnce(&mut Audio)) {
    if let Some(audio) = &mut board.audio {
        change(audio);
    }
}

/// A machine that tells properties otherwise.
pub(super) fn looking(tamper: fn(&mut (), &Op, Obs) -> Obs) -> Box<dyn Machine<Devices>> {
    tampered::<Devices, ()>(tamper)
}
