//! Drawn states: lists of all lengths, texts around their cuts, positions around their ends, and each fault now and then.

use super::{
    Class, Key, MINIPLAYER_ARTIST_CHARS, MINIPLAYER_HEIGHT, MINIPLAYER_ROW_CHARS, MINIPLAYER_SESSIONS_MAX, MINIPLAYER_TEXT_BYTES_MAX,
    MINIPLAYER_TIME_MAX_MS, MINIPLAYER_TITLE_CHARS, MINIPLAYER_VOLUME_MAX, MINIPLAYER_VOLUME_MIN, Op, Session, State,
};
use crate::{Entropy, entropy};
use alloc::string::String;
use alloc::vec::Vec;

pub(super) fn ops(source: &mut dyn Entropy, count: usize) -> Vec<Op> {
    let mut ops: Vec<Op> = Vec::new();
    let mut last = State::default();
    while ops.len() < count {
        ops.push(match source.below(24) {
            _ if ops.is_empty() && !source.one_in(16) => show(source, &mut last),
            0..=6 => show(source, &mut last),
            7..=18 => Op::Key(Key::ALL[source.below(Key::ALL.len() as u64) as usize]),
            // A frame is dear, for whoever emulates a machine that draws it.
            19 => Op::Draw,
            20 => Op::Line(source.below(u64::from(MINIPLAYER_HEIGHT) + 1) as u32),
            21 => Op::Notify,
            _ => Op::Markers,
        });
    }
    ops
}

/// A state of its own, or the last one with something changed.
fn show(source: &mut dyn Entropy, last: &mut State) -> Op {
    if last.sessions.is_empty() || source.one_in(3) {
        *last = state(source);
    } else {
        let at = source.below(last.sessions.len() as u64) as usize;
        match source.below(8) {
            0 => last.sessions[at] = Session { sid: last.sessions[at].sid, ..session(source, 1) },
            1 => last.sessions[at].playing ^= true,
            2 => last.sessions[at].ducked ^= true,
            3 => last.sessions[at].app_muted ^= true,
            4 => last.active = pick_sid(source, last),
            5 => last.offer = pick_sid(source, last),
            6 => drop(last.sessions.remove(at)),
            _ => last.sessions[at].position_ms = last.sessions[at].position_ms.saturating_add(1_000),
        }
        let here = |sid: &u32| last.sessions.iter().any(|session| session.sid == *sid);
        (last.active, last.offer) = (last.active.filter(here), last.offer.filter(here));
    }
    let mut shown = last.clone();
    if source.one_in(10) {
        spoil(source, &mut shown);
    }
    Op::Show(shown)
}

fn state(source: &mut dyn Entropy) -> State {
    let count = entropy::pick(source, [0, 1, 1, 1, 2, 3, 5, 6, MINIPLAYER_SESSIONS_MAX]);
    let mut state = State { sessions: (1..=count).map(|sid| session(source, sid * 3 % 17)).collect(), active: None, offer: None };
    if !source.one_in(6) {
        state.active = pick_sid(source, &state);
    }
    if source.one_in(3) {
        state.offer = pick_sid(source, &state);
    }
    state
}

fn pick_sid(source: &mut dyn Entropy, state: &State) -> Option<u32> {
    state.sessions.get(source.below(state.sessions.len() as u64 + 1) as usize).map(|session| session.sid)
}

fn session(source: &mut dyn Entropy, sid: u32) -> Session {
    let duration_ms = match source.below(6) {
        0 => None,
        1 => Some(entropy::pick(source, [0, 1, 187, 188, 189, u64::MAX])),
        2 => Some(entropy::pick(source, [MINIPLAYER_TIME_MAX_MS - 1, MINIPLAYER_TIME_MAX_MS, MINIPLAYER_TIME_MAX_MS + 1])),
        _ => Some(source.below(600_000)),
    };
    let end = duration_ms.unwrap_or(600_000);
    let position_ms = match source.below(8) {
        0 => 0,
        1 => end,
        2 => end.saturating_add(entropy::pick(source, [1, 5_000, u64::MAX])),
        3 => end.saturating_sub(entropy::pick(source, [1, 4_999, 5_000, 5_001])),
        4 => entropy::pick(source, [999, 1_000, 4_999, 5_000, 5_001, 59_999, 60_000]),
        _ => source.below(end),
    };
    let app_volume_db = match source.below(6) {
        0 => MINIPLAYER_VOLUME_MIN + source.below(300) as i32,
        1 => MINIPLAYER_VOLUME_MAX - source.below(300) as i32,
        2 => entropy::pick(source, [127, 128, 129, -127, -128, -129, 0]),
        _ => source.between(MINIPLAYER_VOLUME_MIN.into(), MINIPLAYER_VOLUME_MAX.into()) as i32,
    };
    Session {
        sid,
        app: entropy::pick(source, ["nx:music", "com.example.media.sample", "phone", ""]).into(),
        class: entropy::pick(source, Class::ALL),
        title: text(source, MINIPLAYER_TITLE_CHARS),
        artist: text(source, MINIPLAYER_ARTIST_CHARS),
        playing: source.one_in(2),
        position_ms,
        duration_ms,
        app_volume_db,
        app_muted: source.one_in(4),
        muted: source.one_in(6),
        ducked: source.one_in(3),
    }
}

/// A text whose length is often just the one that fits.
fn text(source: &mut dyn Entropy, fits: u32) -> String {
    const LETTERS: [char; 16] = ['a', 'e', 'n', 'r', 't', 'B', 'W', '7', ' ', '-', '.', 'ü', 'ñ', '\u{ad}', '日', '\n'];
    let chars = match source.below(6) {
        0 => 0,
        1 => entropy::pick(source, [fits - 1, fits, fits + 1]),
        2 => entropy::pick(source, [MINIPLAYER_ROW_CHARS, MINIPLAYER_ROW_CHARS + 1]),
        3 => return String::from_iter((0..MINIPLAYER_TEXT_BYTES_MAX / 2).map(|_| 'é')),
        _ => source.below(12) as u32,
    };
    (0..chars).map(|_| LETTERS[source.below(LETTERS.len() as u64) as usize]).collect()
}

/// One fault, or a value just within its bound.
fn spoil(source: &mut dyn Entropy, state: &mut State) {
    let at = source.below(state.sessions.len() as u64) as usize;
    let absent = state.sessions.iter().map(|session| session.sid).max().unwrap_or(0) + 1;
    let long = |bytes: u32| "x".repeat(bytes as usize);
    let Some(session) = state.sessions.get_mut(at) else {
        state.active = Some(1);
        return;
    };
    match source.below(9) {
        0 => session.sid = 0,
        1 => session.title = long(MINIPLAYER_TEXT_BYTES_MAX + source.below(2) as u32),
        2 => session.artist = long(MINIPLAYER_TEXT_BYTES_MAX + 1),
        3 => session.app = long(MINIPLAYER_TEXT_BYTES_MAX + 1),
        4 => session.app_volume_db = MINIPLAYER_VOLUME_MIN - source.below(2) as i32,
        5 => session.app_volume_db = MINIPLAYER_VOLUME_MAX + source.below(2) as i32,
        6 => state.active = Some(absent),
        7 => state.offer = Some(absent),
        _ => {
            let again = session.clone();
            let more = if source.one_in(2) { MINIPLAYER_SESSIONS_MAX + 1 } else { 0 };
            state.sessions.push(again.clone());
            while (state.sessions.len() as u32) < more {
                let sid = state.sessions.len() as u32 + 100;
                state.sessions.push(Session { sid, ..again.clone() });
            }
        }
    }
}

/// Simpler states: fewer sessions, then plainer ones.
pub(super) fn simplify(state: &State, give: &mut dyn FnMut(State)) {
    if *state != State::default() {
        give(State::default());
    }
    for at in 0..state.sessions.len() {
        let mut fewer = state.clone();
        let gone = fewer.sessions.remove(at).sid;
        let here = |sid: &u32| *sid != gone;
        (fewer.active, fewer.offer) = (fewer.active.filter(here), fewer.offer.filter(here));
        if fewer != State::default() {
            give(fewer);
        }
    }
    if state.offer.is_some() {
        give(State { offer: None, ..state.clone() });
    }
    // What the sessions say matters once few are left.
    for (at, session) in state.sessions.iter().enumerate().filter(|_| state.sessions.len() < 4) {
        let plain = Session { sid: session.sid, ..Session::default() };
        let mut variants = alloc::vec![
            plain,
            Session { title: String::new(), ..session.clone() },
            Session { artist: String::new(), ..session.clone() },
            Session { app: String::new(), ..session.clone() },
            Session { position_ms: 0, ..session.clone() },
            Session { duration_ms: None, ..session.clone() },
            Session { app_volume_db: 0, ..session.clone() },
            Session { app_muted: false, ..session.clone() },
            Session { muted: false, ..session.clone() },
            Session { ducked: false, ..session.clone() },
            Session { playing: false, ..session.clone() },
            Session { class: Class::Music, ..session.clone() },
        ];
        variants.retain(|variant| variant != session);
        for variant in variants {
            let mut plainer = state.clone();
            plainer.sessions[at] = variant;
            give(plainer);
        }
    }
}
