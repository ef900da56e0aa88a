//! Cases of the contract `volume`, drawn and simplified.

use super::{Config, Op, VOLUME_DUCK_DB_MAX, VOLUME_SESSIONS_MAX, Volume};
use crate::audiod::AUDIOD_APP_BYTES_MAX;
use crate::gain::{GAIN_DB_Q8_8_MIN, draw_db, simpler_db};
use crate::level::{LEVEL_Q16_MAX, LEVEL_UNITY_Q16};
use crate::machine::shorter;
use crate::mixer::MIXER_BLOCK_FRAMES_MAX;
use crate::{Case, Entropy, entropy};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Sessions that most cases have.
const USUAL: u64 = 4;

pub(super) fn case(source: &mut dyn Entropy, ops: usize) -> Case<Volume> {
    // Some cases crowd towards one bound; the others mix everything.
    let draw = match source.below(10) {
        0 => draw_crowd,
        1 => draw_many_apps,
        _ => draw_op,
    };
    let mut drawn = Vec::with_capacity(ops);
    // Start with sessions, because volumes without sessions are not heard.
    for session in 1..=source.below(USUAL).min(ops as u64) {
        drawn.push(Op::Open { session: session as u32, app: usual_app(source).to_string() });
    }
    while drawn.len() < ops {
        drawn.push(draw(source));
    }
    Case { config: Config {}, ops: drawn }
}

fn draw_op(source: &mut dyn Entropy) -> Op {
    match source.below(24) {
        0..=2 => Op::Open { session: draw_session(source), app: draw_app(source) },
        3 => Op::Close(draw_session(source)),
        4..=6 => Op::SetVolume { session: draw_session(source), db: draw_db(source) },
        7..=8 => Op::SetAppVolume { app: draw_app(source), db: draw_app_db(source) },
        9..=10 => Op::Mute { session: draw_session(source), muted: source.one_in(2) },
        11..=12 => Op::MuteApp { app: draw_app(source), muted: source.one_in(2) },
        13 => Op::SetStream { session: draw_session(source), db: draw_db(source) },
        14 => Op::Duck { session: draw_session(source), db: draw_duck(source) },
        15 => draw_master(source),
        16..=18 => Op::Overlay(draw_session(source)),
        19 => Op::Apps,
        _ => draw_block(source),
    }
}

/// Many sessions of few apps.
fn draw_crowd(source: &mut dyn Entropy) -> Op {
    if source.one_in(4) {
        return draw_op(source);
    }
    Op::Open { session: 1 + source.below(60) as u32, app: usual_app(source).to_string() }
}

/// Many apps that have something of their own, and lose it.
fn draw_many_apps(source: &mut dyn Entropy) -> Op {
    let app = format!("app{}", source.below(28));
    match source.below(8) {
        0 => draw_op(source),
        1 => Op::Apps,
        2 => Op::MuteApp { app, muted: source.one_in(2) },
        3 => Op::MuteApp { app, muted: true },
        _ => Op::SetAppVolume { app, db: if source.one_in(6) { 0 } else { draw_app_db(source) } },
    }
}

fn draw_session(source: &mut dyn Entropy) -> u32 {
    if source.one_in(24) {
        return entropy::pick(source, [0, USUAL as u32 + 1, VOLUME_SESSIONS_MAX, u32::MAX]);
    }
    1 + source.below(USUAL) as u32
}

fn usual_app(source: &mut dyn Entropy) -> &'static str {
    entropy::pick(source, ["a", "b", "a.b"])
}

fn draw_app(source: &mut dyn Entropy) -> String {
    if !source.one_in(16) {
        return usual_app(source).to_string();
    }
    let max = AUDIOD_APP_BYTES_MAX as usize;
    match source.below(4) {
        0 => "n".repeat(max),
        1 => "n".repeat(max + 1),
        _ => entropy::pick(source, ["", " ", "a b", "a\n", "a=b", "\u{e4}", "B", "_", "."]).to_string(),
    }
}

/// A volume; often the one that frees an app's place.
fn draw_app_db(source: &mut dyn Entropy) -> i32 {
    if source.one_in(6) { 0 } else { draw_db(source) }
}

fn draw_duck(source: &mut dyn Entropy) -> i32 {
    match source.below(8) {
        0 => entropy::pick(
            source,
            [VOLUME_DUCK_DB_MAX + 1, GAIN_DB_Q8_8_MIN - 1, GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MIN + 1, i32::MAX, i32::MIN],
        ),
        1..=2 => 0,
        3..=5 => source.between(-3072, 0) as i32,
        _ => source.between(i64::from(GAIN_DB_Q8_8_MIN), i64::from(VOLUME_DUCK_DB_MAX)) as i32,
    }
}

fn draw_master(source: &mut dyn Entropy) -> Op {
    let level = match source.below(8) {
        0 => entropy::pick(source, [LEVEL_Q16_MAX + 1, u32::MAX]),
        1..=4 => entropy::pick(source, [0, 1, LEVEL_UNITY_Q16, LEVEL_UNITY_Q16, 32_768, 49_152]),
        _ => source.below(u64::from(LEVEL_Q16_MAX) + 1) as u32,
    };
    Op::Master { level, muted: source.one_in(3) }
}

fn draw_block(source: &mut dyn Entropy) -> Op {
    let frames = match source.below(24) {
        0 => entropy::pick(source, [0, MIXER_BLOCK_FRAMES_MAX, MIXER_BLOCK_FRAMES_MAX + 1, u32::MAX]),
        _ => source.between(1, 6) as u32,
    };
    // The last two bits of a seed choose the loudness.
    Op::Block { frames, seed: source.below(1 << 20) as u32 }
}

pub(super) fn simplify(op: &Op, out: &mut Vec<Op>) {
    let sessions = |session: u32, give: &mut dyn FnMut(u32)| {
        if session > 1 {
            give(1);
            give(session / 2);
            give(session - 1);
        }
    };
    let texts = |text: &str, give: &mut dyn FnMut(String)| {
        let letters: Vec<char> = text.chars().collect();
        shorter(&letters, |letters| give(letters.into_iter().collect()));
    };
    match op {
        Op::Open { session, app } => {
            sessions(*session, &mut |session| out.push(Op::Open { session, app: app.clone() }));
            texts(app, &mut |app| out.push(Op::Open { session: *session, app }));
        }
        Op::Close(session) => sessions(*session, &mut |session| out.push(Op::Close(session))),
        Op::SetVolume { session, db } => {
            simpler_db(*db, |db| out.push(Op::SetVolume { session: *session, db }));
            sessions(*session, &mut |session| out.push(Op::SetVolume { session, db: *db }));
        }
        Op::SetStream { session, db } => {
            simpler_db(*db, |db| out.push(Op::SetStream { session: *session, db }));
            sessions(*session, &mut |session| out.push(Op::SetStream { session, db: *db }));
        }
        Op::Duck { session, db } => {
            simpler_db(*db, |db| out.push(Op::Duck { session: *session, db }));
            sessions(*session, &mut |session| out.push(Op::Duck { session, db: *db }));
        }
        Op::SetAppVolume { app, db } => {
            simpler_db(*db, |db| out.push(Op::SetAppVolume { app: app.clone(), db }));
            texts(app, &mut |app| out.push(Op::SetAppVolume { app, db: *db }));
        }
        Op::Mute { session, muted } => sessions(*session, &mut |session| out.push(Op::Mute { session, muted: *muted })),
        Op::MuteApp { app, muted } => texts(app, &mut |app| out.push(Op::MuteApp { app, muted: *muted })),
        Op::Master { level, muted } if *level != LEVEL_UNITY_Q16 => out.push(Op::Master { level: LEVEL_UNITY_Q16, muted: *muted }),
        Op::Overlay(session) => sessions(*session, &mut |session| out.push(Op::Overlay(session))),
        Op::Block { frames, seed } => {
            if *frames > 1 {
                out.extend([1, frames / 2, frames - 1].map(|frames| Op::Block { frames, seed: *seed }));
            }
            if *seed > 0 {
                out.extend([0, seed / 2].map(|seed| Op::Block { frames: *frames, seed }));
            }
        }
        _ => {}
    }
}
