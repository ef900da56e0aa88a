//! Cases of the contract `metrics`, drawn and simplified.

use super::{Block, Bytes, Change, Config, METRICS_FILE_BYTES_MAX, METRICS_INTERVAL_BLOCKS_MAX, METRICS_SESSIONS_MAX, Metrics, Op, State};
use crate::machine::shorter;
use crate::{Case, Entropy, entropy};
use alloc::vec::Vec;

/// Sessions that most cases have.
const USUAL: u64 = 3;

pub(super) fn case(source: &mut dyn Entropy, ops: usize) -> Case<Metrics> {
    let state = match source.below(12) {
        0 => State::Missing,
        1 => State::FailsAfter(source.below(4) as u32),
        _ => State::Ready,
    };
    let interval_blocks = match source.below(16) {
        0 => entropy::pick(source, [0, METRICS_INTERVAL_BLOCKS_MAX + 1, u32::MAX, METRICS_INTERVAL_BLOCKS_MAX]),
        1..=3 => source.between(2, 200) as u32,
        _ => entropy::pick(source, [1, 1, 2, 3]),
    };
    let config = Config { state, export: !source.one_in(16), interval_blocks };
    // Some cases crowd towards one bound; the others mix everything.
    let draw = match source.below(10) {
        0 => draw_crowd,
        1 => draw_flood,
        _ => draw_op,
    };
    // A file near its bound is measured instead of shown.
    let full = source.one_in(5);
    let mut drawn = Vec::with_capacity(ops);
    if full && ops > 0 {
        drawn.push(plant_nearly_full(source));
    }
    while drawn.len() < ops {
        drawn.push(match draw(source) {
            Op::File if full => Op::Measure,
            op => op,
        });
    }
    Case { config, ops: drawn }
}

fn draw_op(source: &mut dyn Entropy) -> Op {
    match source.below(20) {
        0..=4 => Op::Session { session: draw_session(source, USUAL), change: draw_change(source) },
        5..=9 => Op::Blocks { count: draw_count(source), block: draw_block(source) },
        10..=11 => Op::Snapshot,
        12 => Op::Waiting,
        13..=15 => Op::Export,
        16..=17 => Op::File,
        18 => Op::Markers,
        _ => match source.below(6) {
            0 => Op::Restart,
            1..=2 => draw_plant(source),
            3 => Op::Measure,
            _ => Op::Export,
        },
    }
}

/// Many sessions.
fn draw_crowd(source: &mut dyn Entropy) -> Op {
    if source.one_in(4) { draw_op(source) } else { Op::Session { session: draw_session(source, 60), change: Change::Open } }
}

/// Many records that nobody exports.
fn draw_flood(source: &mut dyn Entropy) -> Op {
    match source.below(6) {
        0 => draw_op(source),
        1 => Op::Waiting,
        _ => Op::Blocks { count: source.below(60) as u16, block: draw_block(source) },
    }
}

fn draw_session(source: &mut dyn Entropy, usual: u64) -> u32 {
    if source.one_in(24) {
        return entropy::pick(source, [0, METRICS_SESSIONS_MAX + 1, u32::MAX]);
    }
    1 + source.below(usual) as u32
}

fn draw_change(source: &mut dyn Entropy) -> Change {
    match source.below(10) {
        0..=3 => Change::Open,
        4 => Change::Close,
        5..=6 => Change::Active(!source.one_in(4)),
        // Around whole milliseconds, and the largest.
        _ => Change::Position(match source.below(8) {
            0 => entropy::pick(source, [u64::MAX, 47, 48, 49, 95]),
            _ => source.below(10_000_000),
        }),
    }
}

fn draw_count(source: &mut dyn Entropy) -> u16 {
    match source.below(12) {
        0 => entropy::pick(source, [0, 31, 32, 33, 100, 200]),
        _ => source.between(1, 4) as u16,
    }
}

fn draw_block(source: &mut dyn Entropy) -> Block {
    if source.one_in(12) {
        return Block {
            peak: [32_768, u32::MAX],
            clipped: u64::MAX,
            open_streams: u32::MAX,
            underrun_events: u64::MAX,
            missing_frames: u64::MAX,
        };
    }
    Block {
        peak: [source.below(32_769) as u32, source.below(32_769) as u32],
        clipped: source.below(100),
        open_streams: source.below(17) as u32,
        underrun_events: source.below(10),
        missing_frames: source.below(4_000),
    }
}

fn draw_plant(source: &mut dyn Entropy) -> Op {
    let text = entropy::pick(source, ["", "\n", "{}\n", "{\"block\":1", "\n\n", "x", "{}\nhalf"]);
    Op::Plant { text: text.into(), times: source.below(5) as u16 }
}

/// A file of equal lines to within some bytes of the largest one, or above it.
fn plant_nearly_full(source: &mut dyn Entropy) -> Op {
    let line = source.between(16, 300) as usize;
    let mut text = alloc::vec![b'x'; line];
    if let Some(last) = text.last_mut() {
        *last = b'\n';
    }
    let most = METRICS_FILE_BYTES_MAX as usize / line;
    let times = if source.one_in(8) { most + 1 } else { most - source.below(3) as usize };
    Op::Plant { text: Bytes(text), times: times as u16 }
}

pub(super) fn simplify(op: &Op, out: &mut Vec<Op>) {
    match op {
        Op::Session { session, change } => {
            if *session > 1 {
                out.extend([1, session / 2].map(|session| Op::Session { session, change: *change }));
            }
            if let Change::Position(frames) = change
                && *frames > 0
            {
                out.extend([0, frames / 2].map(|frames| Op::Session { session: *session, change: Change::Position(frames) }));
            }
        }
        Op::Blocks { count, block } => {
            if *count > 1 {
                out.extend([1, count / 2, count - 1].map(|count| Op::Blocks { count, block: *block }));
            }
            if *block != Block::default() {
                out.push(Op::Blocks { count: *count, block: Block::default() });
            }
        }
        Op::Plant { text, times } => {
            if *times > 1 {
                out.extend([1, times / 2, times - 1].map(|times| Op::Plant { text: text.clone(), times }));
            }
            shorter(&text.0, |text| out.push(Op::Plant { text: Bytes(text), times: *times }));
        }
        _ => {}
    }
}
