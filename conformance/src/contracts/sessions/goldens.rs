//! Recorded cases of the contract `sessions`.

mod now_playing;
mod positions;

use self::now_playing::of_now_playing;
use self::positions::of_positions;
use super::laws::{consumed, duration, publish, titled};
use crate::suite::GoldenCase;
use spec::Case;
use spec::bytes::Bytes;
use spec::media::Class;
use spec::sessions::{Command, Config, Key, Metadata, Op, SESSIONS_COMMANDS_MAX, SESSIONS_MAX, SESSIONS_TEXT_BYTES_MAX, Sessions};

pub(super) fn goldens() -> Vec<GoldenCase<Sessions>> {
    let mut all = of_registrations();
    all.extend(of_positions());
    all.extend(of_now_playing());
    all.extend(of_commands());
    all.extend(of_configurations());
    all
}

fn golden(name: &'static str, doc: &'static str, ops: Vec<Op>) -> GoldenCase<Sessions> {
    GoldenCase { name, doc, case: Case { config: Config::default(), ops } }
}

fn seek(sid: u32, ms: u64) -> Op {
    Op::Seek { sid, ms }
}

fn step(sid: u32, ms: i64) -> Op {
    Op::SeekBy { sid, ms }
}

fn gain(sid: u32, owner: bool) -> Op {
    Op::Gain { sid, owner }
}

fn command(sid: u32, command: Command) -> Op {
    Op::Command { sid, command }
}

fn fixed(app: &str) -> Op {
    Op::Publish { app: app.to_owned(), class: Class::Comms, seekable: false }
}

fn of_registrations() -> Vec<GoldenCase<Sessions>> {
    vec![
        golden(
            "start",
            "The service is ready; there is nothing.",
            vec![Op::Current, Op::List, Op::Changed(0), Op::Changed(1), Op::Get(1), Op::Key(Key::Play), Op::Markers, Op::Markers],
        ),
        golden(
            "registered",
            "Each session has a number of its own, whatever was withdrawn; a new one pauses at 0.",
            vec![
                publish("com.example.Player"),
                Op::Get(1),
                fixed("call"),
                Op::Get(2),
                Op::Withdraw(2),
                Op::Withdraw(2),
                publish("b"),
                Op::Get(2),
                Op::Get(3),
                Op::Markers,
            ],
        ),
        golden("apps", "What is no app's name is rejected; a name of 128 bytes is one.", {
            let mut ops: Vec<Op> = ["", "a b", "a\nb", "a=b", "\u{e4}", "a/b"].into_iter().map(publish).collect();
            ops.extend([publish(&"n".repeat(129)), publish(&"n".repeat(128)), publish("-._"), Op::List, Op::Markers]);
            ops
        }),
        golden("sessions_bound", "A session more is rejected until one is withdrawn, and a bad name before.", {
            let mut ops: Vec<Op> = (0..=SESSIONS_MAX).map(|_| publish("a")).collect();
            ops.extend([publish("a b"), Op::Withdraw(1), publish("a"), Op::List, Op::Current]);
            ops
        }),
        golden(
            "metadata",
            "Texts are kept byte for byte and replaced as a whole.",
            vec![
                publish("a"),
                Op::Metadata {
                    sid: 1,
                    metadata: Metadata {
                        title: Bytes::from("Nachtst\u{fc}ck, Nr. 1 (\u{266a})"),
                        artist: Bytes::from("A & B"),
                        album: Bytes::from("\u{2028}"),
                        artwork: Bytes::from("pkg://fixtures/artwork/tide.png"),
                        duration_ms: Some(61_000),
                    },
                },
                Op::Get(1),
                titled(1, b"e\xcc\x81"),
                Op::Get(1),
                titled(1, b""),
                Op::Get(1),
                titled(2, b"x"),
            ],
        ),
        golden("rejected_metadata", "Too long, no UTF-8, or a control character: nothing of it is kept, and the first fault is told.", {
            let max = SESSIONS_TEXT_BYTES_MAX as usize;
            let mut ops = vec![publish("a"), titled(1, &vec![b't'; max]), Op::Get(1), titled(1, &vec![b't'; max + 1])];
            ops.push(titled(1, &vec![0xff; max + 1]));
            ops.push(titled(1, "\u{e4}".repeat(max / 2 + 1).as_bytes()));
            for title in [&b"\xff"[..], b"\xc3", b"\xed\xa0\x80", b"a\nb", b"\0", b"\x1f", b"\x7f", b"\xc2\x80", b"\xc2\x9f"] {
                ops.push(titled(1, title));
            }
            let texts = |title: &str, artist: &str, album: &str, artwork: &str| Op::Metadata {
                sid: 1,
                metadata: Metadata {
                    title: title.into(),
                    artist: artist.into(),
                    album: album.into(),
                    artwork: artwork.into(),
                    duration_ms: Some(1),
                },
            };
            let long = "l".repeat(max + 1);
            ops.extend([
                texts("\n", &long, "", ""),
                texts("new", "\n", &long, ""),
                texts("new", "", &long, "\n"),
                texts("new", "", "", "\n"),
            ]);
            ops.extend([Op::Get(1), titled(1, b"\xc2\xa0"), Op::Changed(3)]);
            ops
        }),
    ]
}

fn of_commands() -> Vec<GoldenCase<Sessions>> {
    vec![
        golden(
            "changed",
            "The revision grows with what is shown, and not with progress, looks or what was so already.",
            vec![
                Op::Changed(0),
                publish("a"),
                Op::Changed(0),
                Op::Changed(1),
                Op::Play(1),
                Op::Play(1),
                Op::Tick(5),
                Op::Changed(2),
                seek(1, 10),
                seek(1, 10),
                Op::Changed(2),
                Op::Tick(1),
                Op::Changed(3),
                command(1, Command::Next),
                Op::Changed(4),
                Op::Commands(1),
                Op::Commands(1),
                Op::Changed(6),
                titled(1, b"x"),
                titled(1, b"x"),
                Op::SetActive(1),
                gain(1, true),
                gain(1, true),
                Op::Get(9),
                Op::Changed(8),
                Op::Changed(u64::MAX),
            ],
        ),
        golden("commands", "Commands wait in their order and are given once; one too many is rejected.", {
            let mut ops = vec![publish("a"), publish("b"), command(3, Command::Next)];
            ops.extend([Command::Next, Command::Prev, Command::Play, Command::Pause, Command::Stop].map(|each| command(1, each)));
            ops.extend([command(1, Command::Seek(u64::MAX)), command(2, Command::Stop), Op::Commands(1), Op::Commands(1), Op::Get(1)]);
            ops.extend((0..SESSIONS_COMMANDS_MAX).map(|n| command(1, Command::Seek(u64::from(n)))));
            ops.extend([command(1, Command::Play), Op::Get(1), Op::Commands(1), Op::Commands(2), command(1, Command::Play)]);
            ops
        }),
        golden(
            "keys",
            "Keys mean the session that is now playing and nobody else; volumes are somebody else's.",
            vec![
                publish("a"),
                publish("b"),
                Op::Play(1),
                Op::SetActive(2),
                Op::Key(Key::Toggle),
                Op::Key(Key::Toggle),
                Op::Key(Key::Play),
                Op::Key(Key::Play),
                Op::Tick(4),
                Op::Key(Key::Pause),
                Op::Key(Key::Next),
                Op::Key(Key::Prev),
                Op::Key(Key::VolumeUp),
                Op::Key(Key::VolumeDown),
                Op::Key(Key::Mute),
                Op::List,
                Op::Key(Key::Stop),
                Op::Commands(2),
                Op::Commands(1),
                Op::List,
                Op::Markers,
            ],
        ),
    ]
}

fn of_configurations() -> Vec<GoldenCase<Sessions>> {
    let with = |name, doc, config, ops| GoldenCase { name, doc, case: Case { config, ops } };
    let plain = Config::default();
    vec![
        with(
            "clock",
            "Without audiod the clock counts: whole milliseconds, nothing for a clock that goes back, nothing while it pauses.",
            Config { audiod: false, ..plain.clone() },
            vec![
                publish("a"),
                duration(1, Some(10_000)),
                Op::Now(5_000_000_000),
                Op::Play(1),
                Op::Now(5_001_999_999),
                Op::Get(1),
                Op::Now(6_000_000_000),
                Op::Get(1),
                Op::Now(4_999_999_999),
                Op::Get(1),
                Op::Now(7_000_000_000),
                Op::Pause(1),
                Op::Now(9_000_000_000),
                Op::Get(1),
                seek(1, 9_990),
                Op::Get(1),
                step(1, -90),
                Op::Play(1),
                Op::Now(9_500_000_000),
                Op::Get(1),
                Op::Tick(1),
                consumed(&[(1, 480)]),
                Op::Stop(1),
                Op::Get(1),
                Op::Markers,
            ],
        ),
        with(
            "lowered_limits",
            "A configuration lowers the limits.",
            Config { sessions: 2, commands: 1, text_bytes: 3, ..plain.clone() },
            vec![
                publish("long-name"),
                publish("b"),
                publish("c"),
                titled(1, b"abc"),
                titled(1, b"abcd"),
                command(1, Command::Next),
                command(1, Command::Next),
                command(2, Command::Next),
                Op::List,
            ],
        ),
        with("no_sessions", "A limit is 1 at least.", Config { sessions: 0, ..plain.clone() }, vec![]),
        with("too_many_sessions", "A limit is no higher than the bound.", Config { sessions: SESSIONS_MAX + 1, ..plain.clone() }, vec![]),
        with("no_commands", "A limit is 1 at least.", Config { commands: 0, ..plain.clone() }, vec![]),
        with(
            "too_many_commands",
            "A limit is no higher than the bound.",
            Config { commands: SESSIONS_COMMANDS_MAX + 1, ..plain.clone() },
            vec![],
        ),
        with("no_texts", "A limit is 1 at least.", Config { text_bytes: 0, ..plain.clone() }, vec![]),
        with("too_long_texts", "A limit is no higher than the bound.", Config { text_bytes: SESSIONS_TEXT_BYTES_MAX + 1, ..plain }, vec![]),
    ]
}
