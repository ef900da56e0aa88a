//! Recorded cases of the contract `wakelock`.

use super::laws::{acquire, release, session};
use crate::suite::GoldenCase;
use spec::Case;
use spec::wakelock::{
    Config, Kind, Op, Playback, WAKELOCK_COUNT_MAX, WAKELOCK_HOLDERS_MAX, WAKELOCK_MEDIA_APP, WAKELOCK_MEDIA_ID, WAKELOCK_SESSIONS_MAX,
    Wakelock,
};

const PARTIAL: Kind = Kind::Partial;
const FULL: Kind = Kind::Full;

fn died(app: &str) -> Op {
    Op::Died(app.to_owned())
}

pub(super) fn goldens() -> Vec<GoldenCase<Wakelock>> {
    let golden = |name, doc, ops| GoldenCase { name, doc, case: Case { config: Config { powerd: true }, ops } };
    let mut all = vec![
        golden("start", "Nothing is held.", vec![Op::List, Op::Blocks, Op::Markers, release("a", "x"), died("a")]),
        golden(
            "counted",
            "A lock counts its acquires; lines are printed at the first and at the last.",
            vec![
                acquire("com.example.Player", "x", PARTIAL),
                acquire("com.example.Player", "x", PARTIAL),
                Op::Markers,
                release("com.example.Player", "x"),
                Op::List,
                Op::Markers,
                release("com.example.Player", "x"),
                Op::List,
                Op::Markers,
                release("com.example.Player", "x"),
                acquire("com.example.Player", "x", FULL),
                Op::Markers,
            ],
        ),
        golden(
            "kinds",
            "A partial lock leaves the screen alone; a full one does both.",
            vec![
                acquire("a", "x", PARTIAL),
                Op::Blocks,
                acquire("a", "y", FULL),
                Op::Blocks,
                release("a", "x"),
                Op::Blocks,
                acquire("a", "x", PARTIAL),
                release("a", "y"),
                Op::Blocks,
                release("a", "x"),
                Op::Blocks,
            ],
        ),
        golden(
            "died",
            "All of an app's locks, whatever their counts, and nobody else's.",
            vec![
                acquire("a", "z", PARTIAL),
                acquire("a", "x", FULL),
                acquire("a", "x", FULL),
                acquire("b", "x", PARTIAL),
                acquire("a.b", "x", PARTIAL),
                Op::Markers,
                died("a"),
                Op::Markers,
                Op::List,
                Op::Blocks,
                died("a"),
                release("a", "x"),
                died("nobody"),
            ],
        ),
        golden(
            "order",
            "By the bytes of the app, then of the id: capitals before small letters, and a before a.b.",
            vec![
                acquire("b", "x", PARTIAL),
                acquire("a.b", "x", FULL),
                acquire("a", "y", PARTIAL),
                acquire("a", "x10", PARTIAL),
                acquire("a", "x2", PARTIAL),
                acquire("B", "x", PARTIAL),
                acquire("a", "Y", PARTIAL),
                Op::List,
            ],
        ),
        golden(
            "kind_mismatch",
            "A held lock keeps its kind.",
            vec![
                acquire("a", "x", PARTIAL),
                acquire("a", "x", FULL),
                Op::List,
                Op::Blocks,
                release("a", "x"),
                acquire("a", "x", FULL),
                acquire("a", "x", PARTIAL),
                Op::List,
            ],
        ),
        golden("names", "What is no name is rejected, app first; a name of 128 bytes is one.", {
            let (longest, longer) = ("n".repeat(128), "n".repeat(129));
            let mut ops = vec![acquire(&longest, &longest, FULL), Op::Markers, acquire(&longer, "x", FULL), acquire("a", &longer, FULL)];
            for name in ["", ".x", "-x", "_x", "a b", "a\nb", "a=b", "\u{e4}", "a/b"] {
                ops.extend([acquire(name, "x", FULL), acquire("a", name, FULL), release(name, "x"), release("a", name), died(name)]);
            }
            ops.extend([acquire("0", "A.b-c_d", PARTIAL), Op::List, Op::Markers]);
            ops
        }),
        golden(
            "reserved",
            "Apps have no say in the session service's lock.",
            vec![
                acquire(WAKELOCK_MEDIA_APP, WAKELOCK_MEDIA_ID, PARTIAL),
                acquire(WAKELOCK_MEDIA_APP, "x", FULL),
                session(1, Playback::Playing),
                release(WAKELOCK_MEDIA_APP, WAKELOCK_MEDIA_ID),
                release(WAKELOCK_MEDIA_APP, ""),
                Op::List,
                acquire("a", WAKELOCK_MEDIA_ID, FULL),
                Op::List,
            ],
        ),
    ];
    all.extend(of_bounds());
    all.extend(of_sessions());
    all
}

fn of_bounds() -> Vec<GoldenCase<Wakelock>> {
    let golden = |name, doc, ops| GoldenCase { name, doc, case: Case { config: Config { powerd: true }, ops } };
    vec![
        golden(
            "count_bound",
            "A lock at its bound takes no further acquire, of another kind for that reason first, and gives all of its own back.",
            {
                let mut ops: Vec<Op> = (0..=WAKELOCK_COUNT_MAX).map(|_| acquire("a", "x", PARTIAL)).collect();
                ops.extend([acquire("a", "x", FULL), Op::List]);
                ops.extend((0..=WAKELOCK_COUNT_MAX).map(|_| release("a", "x")));
                ops.push(Op::Markers);
                ops
            },
        ),
        golden("holders_bound", "A new lock is rejected where all are held; one that is held is not new. The media's counts too.", {
            let mut ops: Vec<Op> = (0..WAKELOCK_HOLDERS_MAX).map(|n| acquire("a", &n.to_string(), PARTIAL)).collect();
            ops.extend([
                acquire("a", "more", PARTIAL),
                acquire("a", "0", PARTIAL),
                acquire("a", "0", FULL),
                session(1, Playback::Playing),
                release("a", "1"),
                session(1, Playback::Playing),
                acquire("a", "1", PARTIAL),
                Op::List,
            ]);
            ops
        }),
        golden("sessions_bound", "A further session does not play until another one ends.", {
            let mut ops: Vec<Op> = (0..=WAKELOCK_SESSIONS_MAX).map(|n| session(n, Playback::Playing)).collect();
            ops.extend([
                session(0, Playback::Ducked),
                session(1, Playback::Paused),
                session(WAKELOCK_SESSIONS_MAX, Playback::Ducked),
                session(1, Playback::Playing),
                Op::List,
            ]);
            ops
        }),
    ]
}

fn of_sessions() -> Vec<GoldenCase<Wakelock>> {
    use Playback as P;
    let golden = |name, doc, ops| GoldenCase { name, doc, case: Case { config: Config { powerd: true }, ops } };
    vec![
        golden(
            "playing",
            "One lock from the first play to the last pause, acquired once.",
            vec![
                session(1, P::Playing),
                Op::Markers,
                Op::List,
                session(2, P::Playing),
                session(1, P::Playing),
                Op::List,
                session(1, P::Paused),
                Op::Blocks,
                Op::Markers,
                session(2, P::Paused),
                Op::List,
                Op::Blocks,
                Op::Markers,
            ],
        ),
        golden(
            "ducked",
            "A ducked session plays.",
            vec![
                session(1, P::Ducked),
                Op::Blocks,
                session(1, P::Playing),
                session(1, P::Ducked),
                Op::List,
                session(1, P::Stopped),
                Op::List,
                Op::Markers,
            ],
        ),
        golden("ends", "A session ends by a pause, a stop or its death, once.", {
            let mut ops = Vec::new();
            for end in [P::Paused, P::Stopped, P::Dead] {
                ops.extend([session(1, end), session(1, P::Playing), session(1, end), Op::List, session(1, end), Op::Markers]);
            }
            ops
        }),
        golden(
            "beside_apps",
            "An app's lock stays when the media's goes, and the other way round.",
            vec![
                acquire("a", "x", FULL),
                session(1, P::Playing),
                Op::List,
                session(1, P::Paused),
                Op::List,
                session(1, P::Playing),
                died("a"),
                Op::List,
                Op::Blocks,
            ],
        ),
        golden(
            "service_died",
            "With the session service its lock goes, and no session plays.",
            vec![
                session(1, P::Playing),
                session(2, P::Playing),
                died(WAKELOCK_MEDIA_APP),
                Op::List,
                Op::Markers,
                session(1, P::Paused),
                session(3, P::Playing),
                Op::List,
            ],
        ),
        GoldenCase {
            name: "without_powerd",
            doc: "Sessions play, and nothing is claimed.",
            case: Case {
                config: Config { powerd: false },
                ops: vec![
                    session(1, P::Playing),
                    session(2, P::Ducked),
                    acquire("a", "x", FULL),
                    acquire("", "x", FULL),
                    release("a", "x"),
                    died("a"),
                    Op::List,
                    Op::Blocks,
                    Op::Markers,
                    session(1, P::Paused),
                    session(2, P::Paused),
                    Op::Markers,
                ],
            },
        },
    ]
}
