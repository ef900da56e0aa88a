//! Recorded cases of the contract `volume`.

use super::laws::{app_volume, mute, mute_app, open, volume};
use crate::suite::GoldenCase;
use spec::Case;
use spec::gain::{GAIN_DB_Q8_8_MAX as MAX, GAIN_DB_Q8_8_MIN as MIN};
use spec::volume::{Config, Op, VOLUME_APPS_MAX, VOLUME_SESSIONS_MAX, Volume};

const fn stream(session: u32, db: i32) -> Op {
    Op::SetStream { session, db }
}

const fn duck(session: u32, db: i32) -> Op {
    Op::Duck { session, db }
}

const fn master(level: u32, muted: bool) -> Op {
    Op::Master { level, muted }
}

/// A short block of loud voices.
const BLOCK: Op = Op::Block { frames: 3, seed: 8 };

fn golden(name: &'static str, doc: &'static str, ops: Vec<Op>) -> GoldenCase<Volume> {
    GoldenCase { name, doc, case: Case { config: Config {}, ops } }
}

pub(super) fn goldens() -> Vec<GoldenCase<Volume>> {
    let mut all = of_sessions();
    all.extend(of_apps());
    all.extend(of_sound());
    all.extend(of_bounds());
    all
}

fn of_sessions() -> Vec<GoldenCase<Volume>> {
    vec![
        golden(
            "start",
            "Nothing is open: a block is silent, and no app has anything.",
            vec![BLOCK, Op::Apps, Op::Overlay(1), Op::Close(1)],
        ),
        golden(
            "session_volume",
            "A session's volume acts on it alone, from the next block on.",
            vec![open(1, "a"), open(2, "a"), BLOCK, volume(1, -1536), Op::Overlay(1), Op::Overlay(2), BLOCK, volume(1, 0), BLOCK],
        ),
        golden(
            "composition",
            "Stream, session, app and duck add up in decibels, and saturate at both ends.",
            vec![
                open(1, "a"),
                stream(1, -256),
                volume(1, -512),
                app_volume("a", -1024),
                duck(1, -2048),
                Op::Overlay(1),
                BLOCK,
                stream(1, MAX),
                volume(1, MAX),
                Op::Overlay(1),
                duck(1, 0),
                app_volume("a", 1),
                Op::Overlay(1),
                BLOCK,
                stream(1, MIN + 1),
                volume(1, -1),
                app_volume("a", 0),
                Op::Overlay(1),
                volume(1, 0),
                Op::Overlay(1),
            ],
        ),
        golden("silence", "The smallest gain of any of the four is silence, whatever the others have.", {
            let mut ops = vec![open(1, "a"), stream(1, MAX), volume(1, MAX), app_volume("a", MAX)];
            for (smallest, back) in [
                (stream(1, MIN), stream(1, MAX)),
                (volume(1, MIN), volume(1, MAX)),
                (app_volume("a", MIN), app_volume("a", MAX)),
                (duck(1, MIN), duck(1, 0)),
            ] {
                ops.extend([smallest, Op::Overlay(1), BLOCK, back]);
            }
            ops.push(Op::Overlay(1));
            ops
        }),
        golden(
            "mute",
            "A muted session gives zeros and forgets no volume; what is set meanwhile counts.",
            vec![
                open(1, "a"),
                open(2, "b"),
                volume(1, -1536),
                BLOCK,
                mute(1, true),
                Op::Overlay(1),
                BLOCK,
                mute(1, false),
                Op::Overlay(1),
                BLOCK,
                mute(1, true),
                volume(1, 512),
                Op::Overlay(1),
                BLOCK,
                mute(1, false),
                Op::Overlay(1),
                BLOCK,
            ],
        ),
        golden(
            "opened_again",
            "A number that is opened again begins anew.",
            vec![
                open(1, "a"),
                volume(1, -1536),
                mute(1, true),
                stream(1, -256),
                duck(1, -256),
                Op::Close(1),
                BLOCK,
                Op::Overlay(1),
                open(1, "b"),
                Op::Overlay(1),
                BLOCK,
            ],
        ),
    ]
}

fn of_apps() -> Vec<GoldenCase<Volume>> {
    vec![
        golden(
            "app_volume",
            "An app's volume acts on all of its sessions, and on none of an app whose name starts alike.",
            vec![
                open(1, "a"),
                open(2, "a.b"),
                open(3, "a"),
                app_volume("a", -1536),
                Op::Overlay(1),
                Op::Overlay(2),
                Op::Overlay(3),
                BLOCK,
                app_volume("a.b", 512),
                Op::Overlay(1),
                Op::Overlay(2),
                Op::Apps,
            ],
        ),
        golden(
            "app_mute",
            "Either mute silences; a session is heard when neither is left.",
            vec![
                open(1, "a"),
                open(2, "b"),
                app_volume("a", -256),
                mute_app("a", true),
                Op::Overlay(1),
                BLOCK,
                mute(1, true),
                mute_app("a", false),
                Op::Overlay(1),
                BLOCK,
                mute(1, false),
                Op::Overlay(1),
                BLOCK,
            ],
        ),
        golden(
            "app_outlives",
            "What an app has stays without a session, and acts on the next one.",
            vec![
                app_volume("a", -512),
                Op::Apps,
                open(1, "a"),
                Op::Overlay(1),
                BLOCK,
                Op::Close(1),
                Op::Apps,
                mute_app("a", true),
                open(2, "a"),
                Op::Overlay(2),
                mute_app("a", false),
                Op::Overlay(2),
                BLOCK,
            ],
        ),
        golden(
            "apps_order",
            "By the bytes of the names; the default has no place.",
            vec![
                app_volume("b", 1),
                mute_app("a.b", true),
                app_volume("B", -1),
                app_volume("a", 2),
                app_volume("c", 0),
                mute_app("d", false),
                Op::Apps,
                app_volume("a", 0),
                mute_app("a.b", false),
                app_volume("b", 0),
                Op::Apps,
            ],
        ),
    ]
}

fn of_sound() -> Vec<GoldenCase<Volume>> {
    vec![
        golden(
            "master",
            "The master is linear and last: it changes the mix, and no session's overlay or peak.",
            vec![
                open(1, "a"),
                open(2, "b"),
                volume(1, -256),
                BLOCK,
                master(32_768, false),
                Op::Overlay(1),
                BLOCK,
                master(32_768, true),
                Op::Overlay(1),
                BLOCK,
                master(65_536, false),
                BLOCK,
            ],
        ),
        golden(
            "sum",
            "An exact sum with one rounding, and the soft clip above its knee.",
            vec![
                open(1, "a"),
                open(2, "b"),
                open(3, "c"),
                volume(1, -1),
                volume(2, -257),
                volume(3, -1537),
                Op::Block { frames: 12, seed: 8 },
                Op::Block { frames: 12, seed: 11 },
                volume(1, MAX),
                volume(2, MAX),
                Op::Block { frames: 12, seed: 8 },
                master(7, false),
                Op::Block { frames: 12, seed: 8 },
            ],
        ),
        golden(
            "whole_block",
            "One block of the engine.",
            vec![open(1, "a"), open(2, "a"), app_volume("a", -1536), duck(2, -1536), Op::Block { frames: 480, seed: 40 }],
        ),
        golden(
            "peaks",
            "Peaks come by number, before the mix, and a muted or silent session's is 0.",
            vec![
                open(9, "a"),
                open(2, "b"),
                open(4, "c"),
                mute(2, true),
                volume(4, MIN),
                BLOCK,
                volume(9, MAX),
                mute(2, false),
                volume(2, -6),
                volume(4, MIN + 1),
                BLOCK,
                Op::Block { frames: 1, seed: 0 },
            ],
        ),
    ]
}

fn of_bounds() -> Vec<GoldenCase<Volume>> {
    vec![
        golden("sessions_bound", "A further session is opened when another one was closed.", {
            let mut ops: Vec<Op> = (1..=VOLUME_SESSIONS_MAX + 1).map(|session| open(session, "a")).collect();
            ops.extend([open(1, "b"), open(0, "a"), BLOCK, Op::Close(3), open(99, "b"), open(3, "a"), Op::Overlay(99), BLOCK]);
            ops
        }),
        golden("apps_bound", "A further app has a place when another one was set back; the default needs none.", {
            let mut ops: Vec<Op> = (1..=VOLUME_APPS_MAX).map(|n| app_volume(&format!("app{n}"), -(n as i32))).collect();
            ops.extend([
                app_volume("more", -1),
                mute_app("more", true),
                app_volume("more", 0),
                mute_app("more", false),
                app_volume("app1", -2),
                mute_app("app1", true),
                app_volume("app1", 0),
                app_volume("more", -1),
                mute_app("app1", false),
                app_volume("more", -1),
                Op::Apps,
            ]);
            ops
        }),
        golden("ranges", "What lies outside its range is rejected, and nothing changes.", {
            let mut ops = vec![open(1, "a"), volume(1, -256), app_volume("a", -256), stream(1, -256), duck(1, -256), master(40_000, false)];
            for db in [MIN - 1, MAX + 1, i32::MIN, i32::MAX] {
                ops.extend([volume(1, db), app_volume("a", db), stream(1, db), duck(1, db), volume(2, db), app_volume("a b", db)]);
            }
            ops.extend([duck(1, 1), master(65_537, true), master(u32::MAX, false)]);
            ops.extend([0, 481, u32::MAX].map(|frames| Op::Block { frames, seed: 0 }));
            ops.extend([Op::Overlay(1), Op::Apps, BLOCK, volume(1, MAX), stream(1, MIN + 1), duck(1, 0), Op::Overlay(1)]);
            ops
        }),
        golden("unknown", "What names a session that is not open is rejected, and nothing changes.", {
            let mut ops = vec![open(1, "a"), open(2, "a"), Op::Close(2)];
            for session in [0, 2, u32::MAX] {
                ops.extend([
                    volume(session, -256),
                    mute(session, true),
                    stream(session, 0),
                    duck(session, 0),
                    Op::Overlay(session),
                    Op::Close(session),
                ]);
            }
            ops.extend([Op::Overlay(1), BLOCK]);
            ops
        }),
        golden("names", "What is no name of an app is rejected; one of 128 bytes is one.", {
            let (longest, longer) = ("n".repeat(128), "n".repeat(129));
            let mut ops = vec![open(1, &longest), app_volume(&longest, -256), Op::Overlay(1)];
            for name in [longer.as_str(), "", " ", "a b", "a\n", "a=b", "a/b", "\u{e4}"] {
                ops.extend([open(2, name), open(0, name), open(1, name), app_volume(name, -256), mute_app(name, true)]);
            }
            ops.extend([open(2, "."), open(3, "A_b-c.9"), Op::Apps, BLOCK]);
            ops
        }),
    ]
}
