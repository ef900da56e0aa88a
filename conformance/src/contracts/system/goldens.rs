//! Recorded cases of the contract `system`: the document's scripts, by messages.

use crate::suite::GoldenCase;
use spec::Case;
use spec::audiod::State;
use spec::idl::{Call, Gain, Mute, Sink};
use spec::system::{ALL_CLIENT_RIGHTS, Config, Op, System, client_rights};

fn golden(name: &'static str, doc: &'static str, config: Config, ops: Vec<Op>) -> GoldenCase<System> {
    GoldenCase { name, doc, case: Case { config, ops } }
}

fn usual() -> Config {
    Config::default()
}

fn from(sender: u8, call: Call<'static>) -> Op {
    Op::Call { sender, claimed: None, call }
}

fn call(call: Call<'static>) -> Op {
    from(0, call)
}

fn set(key: &'static str, value: &'static str) -> Op {
    call(Call::SettingSet { key: key.into(), value: value.into() })
}

fn out() -> Call<'static> {
    Call::RecordStart("state:/audio/out.wav".into())
}

fn written(sender: u8, stream: u32) -> Op {
    Op::Write { sender, stream, frames: 1_920, seed: 6 }
}

/// A player of the fourth sender with a session.
fn player() -> Vec<Op> {
    let publish = Call::publish("music", 1);
    vec![from(3, Call::OpenStream("music".into())), written(3, 1), from(3, publish)]
}

fn with(mut ops: Vec<Op>, more: Vec<Op>) -> Vec<Op> {
    ops.extend(more);
    ops
}

/// The cases.
pub fn goldens() -> Vec<GoldenCase<System>> {
    let mut all = of_scripts();
    all.extend(of_gates());
    all.extend(of_rest());
    all
}

fn of_scripts() -> Vec<GoldenCase<System>> {
    vec![
        golden(
            "start",
            "A fresh machine: what its services say, and what they answer.",
            usual(),
            vec![
                Op::Lines,
                call(Call::DefaultFormat),
                call(Call::SinkState),
                call(Call::GetLevel),
                call(Call::SettingGet("audio.sink".into())),
                call(Call::Stats),
                Op::Locks,
                Op::Records(0),
                Op::Indicators,
            ],
        ),
        golden(
            "tone",
            "The document's tone by a message: 440 Hz for 300 ms.",
            usual(),
            vec![
                from(1, Call::PlayTone { hz: 440, ms: 300 }),
                Op::Tick(1),
                call(Call::Meters),
                Op::Tick(28),
                call(Call::Stats),
                Op::Tick(1),
                call(Call::Stats),
                Op::Lines,
            ],
        ),
        golden(
            "session",
            "A session plays, is ducked and restored, paused, and withdrawn; the wake lock follows.",
            usual(),
            with(
                player(),
                vec![
                    from(1, Call::Play(1)),
                    from(1, Call::Play(1)),
                    Op::Locks,
                    Op::Tick(1),
                    from(1, Call::Duck(1)),
                    Op::Tick(1),
                    Op::Tick(1),
                    written(3, 1),
                    Op::Tick(3),
                    Op::Locks,
                    from(1, Call::Unduck(1)),
                    written(3, 1),
                    Op::Tick(4),
                    written(3, 1),
                    Op::Tick(2),
                    from(1, Call::PauseSession(1)),
                    Op::Tick(2),
                    Op::Locks,
                    from(3, Call::Position(1)),
                    from(3, Call::Withdraw(1)),
                    from(3, Call::publish("music", 1)),
                    from(1, Call::Play(1)),
                    Op::Lines,
                ],
            ),
        ),
        golden(
            "overlay",
            "Volume and mute of a session on top of its stream's own.",
            usual(),
            with(
                player(),
                vec![
                    call(Call::Play(1)),
                    from(3, Call::SetStreamGain(Gain { id: 1, db_q8_8: -1_536 })),
                    call(Call::SetVolume(Gain { id: 1, db_q8_8: 768 })),
                    Op::Tick(1),
                    call(Call::Meters),
                    call(Call::SetSessionMuted(Mute { id: 1, muted: true })),
                    Op::Tick(1),
                    call(Call::SetSessionMuted(Mute { id: 1, muted: false })),
                    Op::Tick(1),
                    call(Call::Stats),
                    call(Call::Seek { session: 1, ms: 20 }),
                ],
            ),
        ),
        golden(
            "recording",
            "A recording with its indicator, stopped by another than who started it.",
            usual(),
            with(
                player(),
                vec![
                    call(Call::Play(1)),
                    call(out()),
                    Op::Indicators,
                    call(Call::SinkState),
                    Op::Tick(3),
                    call(Call::SinkState),
                    from(1, Call::RecordStop),
                    Op::Indicators,
                    Op::Events(0),
                    Op::Records(0),
                    Op::File("state:/audio/out.wav".into()),
                    call(Call::SinkState),
                ],
            ),
        ),
    ]
}

fn of_gates() -> Vec<GoldenCase<System>> {
    let mut all = vec![
        golden(
            "consent",
            "A recording without consent is denied, and nothing is indicated; who holds nothing is denied everything.",
            Config { consents: 0b0010, ..usual() },
            vec![call(out()), from(1, out()), from(4, Call::GetLevel), Op::Tick(1), call(Call::RecordStop), Op::Events(0), Op::Records(0)],
        ),
        golden(
            "claims",
            "A message that claims to be another's is denied and recorded; one that claims its own sender is not.",
            usual(),
            vec![
                Op::Call { sender: 0, claimed: Some(1), call: Call::SetLevel(0) },
                Op::Call { sender: 0, claimed: Some(0), call: Call::SetLevel(32_768) },
                call(Call::GetLevel),
                Op::Records(0),
                Op::Lines,
            ],
        ),
    ];
    // Every method, without each capability in turn.
    const NAMES: [&str; 11] = [
        "without_level_read",
        "without_level_set",
        "without_tone_play",
        "without_stream_open",
        "without_stream_write",
        "without_stream_control",
        "without_record",
        "without_session_control",
        "without_volume_set",
        "without_mute_set",
        "without_session_publish",
    ];
    for (name, right) in NAMES.into_iter().zip(client_rights()) {
        let config = Config { grants: vec![ALL_CLIENT_RIGHTS & !right.bit(), 0, 0, ALL_CLIENT_RIGHTS], ..usual() };
        let every = vec![
            call(Call::GetLevel),
            call(Call::SetLevel(40_000)),
            call(Call::PlayTone { hz: 1_000, ms: 10 }),
            call(Call::OpenStream("own".into())),
            written(0, 2),
            written(0, 3),
            call(Call::Start(3)),
            call(Call::Start(2)),
            call(out()),
            Op::Tick(1),
            call(Call::RecordStop),
            call(Call::publish("own", 3)),
            call(Call::Play(1)),
            call(Call::SetVolume(Gain { id: 1, db_q8_8: -256 })),
            call(Call::SetSessionMuted(Mute { id: 1, muted: true })),
            set("audio.master.level", "0.75"),
            call(Call::SettingGet("audio.master.level".into())),
            Op::Tick(1),
            Op::Records(0),
            Op::Lines,
        ];
        all.push(golden(
            name,
            "Exactly the methods that need the capability are denied, and each denial is recorded.",
            config,
            with(player(), every),
        ));
    }
    all
}

fn of_rest() -> Vec<GoldenCase<System>> {
    let sessions =
        (1..=17).flat_map(|stream| [Call::OpenStream("music".into()), Call::publish("music", stream)]).map(|call| from(3, call)).collect();
    let kept = || {
        vec![
            set("audio.master.level", "0.5"),
            set("audio.master.level", "2"),
            set("audio.sink", "file"),
            call(Call::GetLevel),
            call(Call::SinkState),
            Op::Tick(2),
            call(out()),
            Op::Tick(1),
            call(Call::RecordStop),
            Op::Restart,
            Op::Lines,
            call(Call::GetLevel),
            call(Call::SettingGet("audio.master.level".into())),
            call(Call::SinkState),
            Op::File("state:/audio/out.wav".into()),
            call(Call::Stats),
        ]
    };
    vec![
        golden("restart", "Settings and files outlive a restart; nothing else does.", usual(), kept()),
        golden("restart_without_state", "Without /state nothing outlives a restart.", Config { state: State::Missing, ..usual() }, kept()),
        golden("sessions_over_max", "The seventeenth session is rejected.", usual(), with(player(), sessions)),
        golden(
            "client_gone",
            "A client goes away: its ring and its session go, its tone plays on.",
            usual(),
            with(
                player(),
                vec![
                    from(3, Call::PlayTone { hz: 500, ms: 30 }),
                    from(1, Call::Play(1)),
                    Op::Tick(1),
                    Op::Gone(3),
                    Op::Tick(1),
                    call(Call::Stats),
                    Op::Tick(1),
                    call(Call::Stats),
                    Op::Locks,
                    Op::Lines,
                ],
            ),
        ),
        golden(
            "recording_over_max",
            "A recording that is longer than its store takes is void, and its indicator stays on to the stop.",
            Config { record_blocks_max: 2, ..usual() },
            vec![
                call(out()),
                Op::Tick(3),
                Op::Indicators,
                call(Call::RecordStop),
                Op::Events(0),
                Op::File("state:/audio/out.wav".into()),
                call(Call::SinkState),
            ],
        ),
        golden(
            "sinks",
            "Only what is there can be selected, and the frames count from the change.",
            usual(),
            vec![
                call(Call::SelectSink(Sink::I2s)),
                set("audio.sink", "i2s"),
                Op::Tick(2),
                call(Call::SinkState),
                call(Call::SelectSink(Sink::File)),
                Op::Tick(1),
                call(Call::SinkState),
                call(Call::SelectSink(Sink::File)),
                call(Call::SinkState),
            ],
        ),
    ]
}
