//! Statements about every right machine of the contract `metrics`.

use super::{is_of_file, plant};
use crate::suite::{Held, Law};
use spec::metrics::{Block, Change, Config, METRICS_FILE_BYTES_MAX, METRICS_RECORDS_MAX, Metrics, Obs, Op, Record};
use spec::{Case, Entropy, Failure, Machine};

pub(super) fn laws() -> Vec<Law<Metrics>> {
    vec![
        Law { name: "lines_give_back_the_snapshots", requirements: &["METRICS-013"], draw: draw_snapshots, holds: lines_are_snapshots },
        Law { name: "split_exports_give_the_same_file", requirements: &["METRICS-014"], draw: draw_records, holds: together_or_each },
        Law { name: "looks_change_no_snapshot", requirements: &["METRICS-001"], draw: draw_looks, holds: looks_change_nothing },
        Law { name: "the_file_is_of_whole_lines", requirements: &["METRICS-008"], draw: draw_full, holds: whole_lines },
    ]
}

/// A record with each block.
pub(super) const EVERY_BLOCK: Config = Config { state: spec::metrics::State::Ready, export: true, interval_blocks: 1 };

pub(super) fn session(session: u32, change: Change) -> Op {
    Op::Session { session, change }
}

fn draw_block(source: &mut dyn Entropy) -> Block {
    Block {
        peak: [source.below(32_769) as u32, source.below(32_769) as u32],
        clipped: source.bits() >> source.below(64),
        open_streams: source.below(17) as u32,
        underrun_events: source.below(100),
        missing_frames: source.bits() >> source.below(64),
    }
}

/// Events of three sessions, in any order, and a block; at most so many times.
fn draw_events(source: &mut dyn Entropy, most: u64, after_block: &[Op]) -> Vec<Op> {
    let mut ops = vec![session(2, Change::Open), session(1, Change::Open)];
    for _ in 0..1 + source.below(most) {
        let number = 1 + source.below(3) as u32;
        ops.push(session(
            number,
            match source.below(6) {
                0 => Change::Open,
                1 => Change::Close,
                2 => Change::Active(source.one_in(2)),
                _ => Change::Position(source.below(1_000_000)),
            },
        ));
        ops.push(Op::Blocks { count: 1, block: draw_block(source) });
        ops.extend_from_slice(after_block);
    }
    ops
}

/// A snapshot with each block, then the file.
fn draw_snapshots(source: &mut dyn Entropy) -> Case<Metrics> {
    let mut ops = draw_events(source, 12, &[Op::Snapshot]);
    ops.extend([Op::Export, Op::File]);
    Case { config: EVERY_BLOCK, ops }
}

fn lines_are_snapshots(machine: &mut dyn Machine<Metrics>, case: &Case<Metrics>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let Some(Obs::File(Some(file))) = trace.obs.last() else { return Ok(Held::NotApplicable) };
    let mut snapshots: Vec<&Record> = Vec::new();
    for (op, obs) in case.ops.iter().zip(&trace.obs) {
        if let (Op::Snapshot, Obs::Record(record)) = (op, obs) {
            snapshots.push(record);
        }
    }
    // A case that was made smaller may have blocks without a snapshot.
    let blocks: u32 = case.ops.iter().map(|op| if let Op::Blocks { count, .. } = op { u32::from(*count) } else { 0 }).sum();
    if blocks as usize != snapshots.len() || blocks > METRICS_RECORDS_MAX {
        return Ok(Held::NotApplicable);
    }
    let mut lines = Vec::new();
    for line in file.0.split_inclusive(|byte| *byte == b'\n') {
        match serde_json::from_slice::<Record>(line) {
            Ok(record) => lines.push(record),
            Err(error) => return Ok(Held::No(format!("{error}: {}", String::from_utf8_lossy(line)))),
        }
    }
    Ok(if lines.iter().eq(snapshots.iter().copied()) {
        Held::Yes(lines.len() as u64)
    } else {
        Held::No(format!("the lines give {lines:?}, the snapshots {snapshots:?}"))
    })
}

/// At most as many records as can wait, exported now and then.
fn draw_records(source: &mut dyn Entropy) -> Case<Metrics> {
    let mut ops = Vec::new();
    if source.one_in(2) {
        // Old lines that must make room.
        ops.push(plant("0123456789012345678901234567890123456789012345678901234567890\n", 1_050));
    }
    for op in draw_events(source, 25, &[]) {
        ops.push(op);
        if source.one_in(6) {
            ops.push(Op::Export);
        }
    }
    ops.extend([Op::Export, Op::Measure]);
    Case { config: EVERY_BLOCK, ops }
}

fn together_or_each(machine: &mut dyn Machine<Metrics>, case: &Case<Metrics>) -> Result<Held, Failure> {
    let blocks: u32 = case.ops.iter().map(|op| if let Op::Blocks { count, .. } = op { u32::from(*count) } else { 0 }).sum();
    // A case that was made smaller may not end with an export.
    if !case.ops.ends_with(&[Op::Export, Op::Measure]) {
        return Ok(Held::NotApplicable);
    }
    let together = |op: &&Op| !matches!(op, Op::Export);
    let mut other: Vec<Op> = case.ops.iter().filter(together).cloned().collect();
    other.insert(other.len() - 1, Op::Export);
    let (each, together) = (machine.run_case(case)?, machine.run_case(&Case { config: case.config.clone(), ops: other })?);
    match (each.obs.last(), together.obs.last()) {
        (Some(each @ Obs::Measured(Some(_))), Some(together)) if blocks <= METRICS_RECORDS_MAX => Ok(if each == together {
            Held::Yes(u64::from(blocks))
        } else {
            Held::No(format!("one by one {each:?}, together {together:?}"))
        }),
        _ => Ok(Held::NotApplicable),
    }
}

/// Events with looks between them, then a snapshot.
fn draw_looks(source: &mut dyn Entropy) -> Case<Metrics> {
    let mut ops = Vec::new();
    for op in draw_events(source, 12, &[]) {
        ops.push(op);
        match source.below(8) {
            0 => ops.push(Op::Snapshot),
            1 => ops.push(Op::Export),
            2 => ops.push(Op::Waiting),
            3 => ops.push(Op::File),
            _ => {}
        }
    }
    ops.push(Op::Snapshot);
    Case { config: Config { interval_blocks: 1 + source.below(3) as u32, ..EVERY_BLOCK }, ops }
}

fn looks_change_nothing(machine: &mut dyn Machine<Metrics>, case: &Case<Metrics>) -> Result<Held, Failure> {
    let blocks: u32 = case.ops.iter().map(|op| if let Op::Blocks { count, .. } = op { u32::from(*count) } else { 0 }).sum();
    let is_event = |op: &&Op| matches!(op, Op::Session { .. } | Op::Blocks { .. });
    let events: Vec<Op> = case.ops.iter().filter(is_event).cloned().chain([Op::Snapshot]).collect();
    let (with, without) = (machine.run_case(case)?, machine.run_case(&Case { config: case.config.clone(), ops: events })?);
    match (with.obs.last(), without.obs.last()) {
        // What nobody exports is dropped at some time, which a record tells.
        (Some(with @ Obs::Record(_)), Some(without)) if blocks <= METRICS_RECORDS_MAX => {
            Ok(if with == without { Held::Yes(1) } else { Held::No(format!("with looks {with:?}, without {without:?}")) })
        }
        _ => Ok(Held::NotApplicable),
    }
}

/// A file near its bound, and exports.
fn draw_full(source: &mut dyn Entropy) -> Case<Metrics> {
    let line = source.between(16, 300) as usize;
    let text = "x".repeat(line - 1) + "\n";
    let times = METRICS_FILE_BYTES_MAX as usize / line - source.below(4) as usize;
    let mut ops = vec![plant(&text, times as u16)];
    ops.extend(draw_events(source, 6, &[]));
    ops.extend([Op::Export, Op::File]);
    Case { config: EVERY_BLOCK, ops }
}

fn whole_lines(machine: &mut dyn Machine<Metrics>, case: &Case<Metrics>) -> Result<Held, Failure> {
    let Some(Op::Plant { text, times }) = case.ops.first() else { return Ok(Held::NotApplicable) };
    if !text.0.ends_with(b"\n") || text.0.iter().filter(|byte| **byte == b'\n').count() != 1 {
        return Ok(Held::NotApplicable);
    }
    let trace = machine.run_case(case)?;
    let (Some(Obs::Exported { removed, .. }), Some(Obs::File(Some(file)))) =
        (trace.obs.iter().rev().find(|obs| !is_of_file(obs)), trace.obs.last())
    else {
        return Ok(Held::NotApplicable);
    };
    let (ours, theirs): (Vec<&[u8]>, Vec<&[u8]>) = file.0.split_inclusive(|byte| *byte == b'\n').partition(|line| line.starts_with(b"{"));
    let right = file.0.len() <= METRICS_FILE_BYTES_MAX as usize
        && theirs.iter().all(|line| *line == text.0)
        && theirs.len() + *removed as usize == usize::from(*times)
        && ours.iter().all(|line| line.ends_with(b"}\n"));
    // One line more would have been too much.
    let fewest = *removed == 0 || file.0.len() + text.0.len() > METRICS_FILE_BYTES_MAX as usize;
    let what = || format!("{} bytes: {} old lines, of which {removed} went, and {} new ones", file.0.len(), theirs.len(), ours.len());
    Ok(if right && fewest { Held::Yes(u64::from(*removed) + 1) } else { Held::No(what()) })
}
