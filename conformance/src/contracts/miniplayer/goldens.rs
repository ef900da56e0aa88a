//! Recorded cases of the contract `miniplayer`.

use super::many;
use super::{alone, playing};
use crate::suite::GoldenCase;
use spec::Case;
use spec::miniplayer::{
    Config, Key, MINIPLAYER_BADGE_Y, MINIPLAYER_HEIGHT, MINIPLAYER_SEEK_Y, MINIPLAYER_SESSIONS_MAX, MINIPLAYER_TEXT_BYTES_MAX,
    MINIPLAYER_VOLUME_MAX, MINIPLAYER_VOLUME_MIN, Miniplayer, Op, Session, State,
};

fn golden(name: &'static str, doc: &'static str, ops: Vec<Op>) -> GoldenCase<Miniplayer> {
    GoldenCase { name, doc, case: Case { config: Config {}, ops } }
}

fn show(session: Session) -> Op {
    Op::Show(alone(session))
}

fn keys(keys: &[Key]) -> impl Iterator<Item = Op> + '_ {
    keys.iter().map(|key| Op::Key(*key))
}

pub(super) fn goldens() -> Vec<GoldenCase<Miniplayer>> {
    let mut all = vec![
        golden("playing", "A session that plays: pause is offered, and asked for.", {
            vec![show(playing()), Op::Draw, Op::Key(Key::Toggle), Op::Markers]
        }),
        golden("paused", "One that does not: play is offered, and asked for.", {
            vec![show(Session { playing: false, ..playing() }), Op::Draw, Op::Key(Key::Toggle), Op::Markers]
        }),
        golden("empty", "Nothing plays, and keys ask for nothing.", {
            let mut ops = vec![Op::Draw, Op::Show(State::default()), Op::Draw];
            ops.extend(keys(&Key::ALL));
            ops.extend([Op::Show(State { active: None, ..alone(playing()) }), Op::Draw, Op::Markers]);
            ops
        }),
        golden("seeks", "Five seconds back and on, within the title.", {
            let mut ops = Vec::new();
            let positions =
                [(0, Some(327_000)), (4_999, Some(327_000)), (5_000, None), (322_001, Some(327_000)), (u64::MAX, None), (9, Some(0))];
            for (position_ms, duration_ms) in positions.into_iter().chain([(400_000, Some(327_000))]) {
                ops.extend([show(Session { position_ms, duration_ms, ..playing() }), Op::Key(Key::Left), Op::Key(Key::Right)]);
            }
            ops.push(Op::Markers);
            ops
        }),
        golden("times_and_fills", "Rounded down, and never beyond the end.", {
            let positions = [
                (999, 1_000),
                (1_000, 1_000),
                (59_999, 60_000),
                (3_599_000, 3_600_000),
                (59_999_999, u64::MAX),
                (1_739, 327_000),
                (1_740, 327_000),
            ];
            let mut ops: Vec<Op> = positions
                .into_iter()
                .map(|(position_ms, end)| show(Session { position_ms, duration_ms: Some(end), ..playing() }))
                .collect();
            ops.extend([Op::Line(MINIPLAYER_SEEK_Y), show(Session { duration_ms: None, ..playing() }), Op::Line(MINIPLAYER_SEEK_Y)]);
            ops
        }),
        golden("volumes", "Steps of 1 dB within the bounds, told in whole dB.", {
            let mut ops = Vec::new();
            for app_volume_db in
                [MINIPLAYER_VOLUME_MIN, MINIPLAYER_VOLUME_MIN + 1, -129, -128, 127, 128, MINIPLAYER_VOLUME_MAX - 255, MINIPLAYER_VOLUME_MAX]
            {
                ops.extend([show(Session { app_volume_db, ..playing() }), Op::Key(Key::Plus), Op::Key(Key::Minus)]);
            }
            ops.push(Op::Markers);
            ops
        }),
        golden("mutes", "The app's mute and the session's, of which the key changes the app's.", {
            let mut ops = Vec::new();
            for (app_muted, muted) in [(false, false), (true, false), (false, true), (true, true)] {
                ops.extend([show(Session { app_muted, muted, ..playing() }), Op::Draw, Op::Key(Key::Mute)]);
            }
            ops
        }),
        golden("ducked", "DUCKED comes and goes with the state.", {
            let row = Op::Line(MINIPLAYER_BADGE_Y + 1);
            let ducked = |ducked| show(Session { ducked, ..playing() });
            vec![ducked(false), row.clone(), ducked(true), row, Op::Draw, ducked(false), Op::Draw]
        }),
        golden("texts", "Cut at whole characters, with what the font has.", {
            let with = |title: &str, artist: &str| show(Session { title: title.to_owned(), artist: artist.to_owned(), ..playing() });
            vec![
                with("12345678901234567890", "12345678901234567890123"),
                with("123456789012345678901", "123456789012345678901234"),
                with("ÄÖÜ äöü ß ñ é ¿ ÿ", "日本語 and \u{301} combined"),
                with("tab\tnew\nline\u{0}", ""),
                with("", "no title"),
                with(&"é".repeat(64), &"\u{1f3b5}".repeat(32)),
                Op::Draw,
            ]
        }),
    ];
    all.extend(of_lists());
    all.push(golden(
        "notifications",
        "They are a placeholder, and say so.",
        vec![Op::Notify, show(playing()), Op::Notify, Op::Markers, Op::Markers],
    ));
    all
}

fn of_lists() -> Vec<GoldenCase<Miniplayer>> {
    let list = |count: u32| State {
        sessions: (1..=count).map(|sid| Session { sid, title: format!("Title {sid}"), playing: sid == 2, ..playing() }).collect(),
        active: Some(2),
        offer: None,
    };
    vec![
        golden("walks", "Through a long list: the third row stays selected, as far as the ends allow.", {
            let mut ops = vec![Op::Show(many())];
            for key in [Key::Down, Key::Down, Key::Up, Key::Up, Key::Up, Key::Up, Key::Up] {
                ops.extend([Op::Key(key), Op::Show(many())]);
            }
            ops.extend(keys(&[Key::Down; 16]));
            ops.extend([Op::Show(many()), Op::Draw, Op::Key(Key::Enter), Op::Markers]);
            ops
        }),
        golden("switches", "Enter asks for the selected session, unless it is the active one; the selection outlives a state.", {
            let gone = State { sessions: list(3).sessions.into_iter().take(2).collect(), ..list(3) };
            vec![
                Op::Show(list(3)),
                Op::Key(Key::Enter),
                Op::Key(Key::Down),
                Op::Key(Key::Enter),
                Op::Show(State { active: Some(3), ..list(3) }),
                Op::Key(Key::Enter),
                Op::Show(gone),
                Op::Key(Key::Up),
                Op::Key(Key::Enter),
                Op::Markers,
            ]
        }),
        golden("offers", "TAKE OVER while there is an offer.", {
            vec![
                Op::Show(list(3)),
                Op::Key(Key::TakeOver),
                Op::Show(State { offer: Some(3), ..list(3) }),
                Op::Draw,
                Op::Key(Key::TakeOver),
                Op::Show(State { offer: Some(1), active: None, ..list(3) }),
                Op::Draw,
                Op::Key(Key::TakeOver),
                Op::Markers,
            ]
        }),
        golden("commands", "Each with its line.", {
            let mut ops = vec![Op::Markers, Op::Show(list(2)), Op::Markers, Op::Show(list(2)), Op::Markers];
            for key in [Key::Toggle, Key::Left, Key::Right, Key::Previous, Key::Next, Key::Plus, Key::Minus, Key::Mute, Key::Stop, Key::Up]
            {
                ops.extend([Op::Key(key), Op::Markers]);
            }
            ops
        }),
        golden("rejected", "States beyond their bounds, and what is shown stays.", {
            let long = "x".repeat(MINIPLAYER_TEXT_BYTES_MAX as usize + 1);
            let wrong = [
                list(MINIPLAYER_SESSIONS_MAX + 1),
                alone(Session { sid: 0, ..playing() }),
                State { sessions: vec![playing(), playing()], active: None, offer: None },
                alone(Session { app: long.clone(), ..playing() }),
                alone(Session { title: long.clone(), ..playing() }),
                alone(Session { artist: long, ..playing() }),
                alone(Session { app_volume_db: MINIPLAYER_VOLUME_MIN - 1, ..playing() }),
                alone(Session { app_volume_db: MINIPLAYER_VOLUME_MAX + 1, ..playing() }),
                State { active: Some(9), ..list(3) },
                State { offer: Some(9), ..list(3) },
            ];
            let mut ops = vec![show(playing()), Op::Draw];
            ops.extend(wrong.into_iter().map(Op::Show));
            ops.extend([Op::Draw, Op::Key(Key::Toggle), Op::Line(MINIPLAYER_HEIGHT), Op::Markers]);
            ops
        }),
    ]
}
