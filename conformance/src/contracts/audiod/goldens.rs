//! Recorded cases of the contract `audiod`.

use crate::suite::GoldenCase;
use spec::Case;
use spec::audiod::{ALL_RIGHTS, Audiod, Call, Config, Op, RIGHTS, Sink, State};
use spec::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN};

fn golden(name: &'static str, doc: &'static str, config: Config, ops: Vec<Op>) -> GoldenCase<Audiod> {
    GoldenCase { name, doc, case: Case { config, ops } }
}

fn usual() -> Config {
    Config::default()
}

fn call(call: Call) -> Op {
    Op::Call { sender: 0, call }
}

fn from(sender: u8, call: Call) -> Op {
    Op::Call { sender, call }
}

fn open() -> Op {
    call(Call::OpenStream("music".into()))
}

fn write(stream: u32, frames: u32, seed: u32) -> Op {
    call(Call::Write { stream, frames, seed })
}

fn start(stream: u32) -> Op {
    call(Call::Start(stream))
}

fn stats() -> Op {
    call(Call::Stats)
}

/// Every other capability, from that place on.
fn half(first: usize) -> u64 {
    RIGHTS.iter().skip(first).step_by(2).map(|right| right.bit()).sum()
}

fn out() -> String {
    "state:/audio/out.wav".into()
}

/// The cases.
pub fn goldens() -> Vec<GoldenCase<Audiod>> {
    let mut all = of_scripts();
    all.extend(of_streams());
    all.extend(of_gains());
    all.extend(of_recordings());
    all.extend(of_bounds());
    all
}

fn of_scripts() -> Vec<GoldenCase<Audiod>> {
    vec![
        golden(
            "fresh",
            "A fresh service: its format, its null sink, its level, its first marker.",
            usual(),
            vec![
                call(Call::DefaultFormat),
                call(Call::SinkState),
                call(Call::GetLevel),
                stats(),
                call(Call::Meters),
                Op::Markers,
                Op::Denials,
                Op::Tick(1),
                stats(),
                Op::Markers,
            ],
        ),
        golden(
            "tone_440_300",
            "The document's tone: 300 ms are 30 blocks, then it is gone.",
            usual(),
            vec![
                call(Call::PlayTone { hz: 440, ms: 300 }),
                Op::Tick(1),
                call(Call::Meters),
                call(Call::Position(1)),
                Op::Tick(28),
                stats(),
                Op::Tick(1),
                stats(),
                call(Call::Position(1)),
                Op::Tick(1),
            ],
        ),
        golden(
            "tone_ends_within_a_block",
            "A tone of 11 ms ends 48 frames into its second block.",
            usual(),
            vec![call(Call::PlayTone { hz: 1_000, ms: 11 }), Op::Tick(1), Op::Tick(1), stats()],
        ),
        golden(
            "level_0_75",
            "The document's level, muted and unmuted, with its markers.",
            usual(),
            vec![
                call(Call::PlayTone { hz: 440, ms: 100 }),
                call(Call::SetLevel(49_152)),
                Op::Tick(1),
                call(Call::SetMuted(true)),
                call(Call::GetLevel),
                Op::Tick(1),
                call(Call::SetLevel(32_768)),
                call(Call::GetLevel),
                call(Call::SetMuted(false)),
                Op::Tick(1),
                call(Call::SetMuted(false)),
                Op::Markers,
            ],
        ),
        golden(
            "stream_start_stop",
            "A stream is silent until started, and while paused; its position stands still.",
            usual(),
            vec![
                open(),
                write(1, 1_440, 2),
                Op::Tick(1),
                call(Call::Position(1)),
                start(1),
                Op::Tick(1),
                call(Call::Pause(1)),
                call(Call::Position(1)),
                Op::Tick(2),
                call(Call::Position(1)),
                call(Call::Meters),
                start(1),
                Op::Tick(1),
                call(Call::Position(1)),
                stats(),
            ],
        ),
        golden(
            "ticks",
            "Two hundred and more ticks, in one and many, and the markers that they are worth.",
            usual(),
            vec![Op::Tick(1), Op::Tick(99), Op::Markers, Op::Tick(1), Op::Markers, Op::Tick(99), Op::Tick(1), stats(), Op::Markers],
        ),
    ]
}

fn of_streams() -> Vec<GoldenCase<Audiod>> {
    let mut sixteen: Vec<Op> = (0..15).map(|_| open()).collect();
    sixteen.extend([call(Call::PlayTone { hz: 300, ms: 10 }), open(), call(Call::PlayTone { hz: 1, ms: 1 }), stats()]);
    sixteen.extend([Op::Tick(1), open(), open(), stats()]);
    let mut loud: Vec<Op> = (1..=3).flat_map(|stream| [open(), write(stream, 480, 4 * stream), start(stream)]).collect();
    loud.extend([Op::Tick(1), stats(), call(Call::Meters)]);
    vec![
        golden("sixteen_streams", "Fifteen rings and a tone; a seventeenth is rejected until the tone has ended.", usual(), sixteen),
        golden("three_loud_streams", "Three full-scale streams: the exact sum, soft-clipped.", usual(), loud),
        golden(
            "underrun",
            "A full block, a short one, empty ones: events, missing frames, one marker.",
            usual(),
            vec![
                open(),
                start(1),
                Op::Tick(1),
                stats(),
                write(1, 500, 0),
                Op::Tick(1),
                Op::Tick(1),
                stats(),
                call(Call::Position(1)),
                Op::Tick(1),
                call(Call::Pause(1)),
                Op::Tick(3),
                stats(),
                Op::Markers,
            ],
        ),
        golden(
            "ring_full",
            "Every one of the 1,920 frames is usable; what does not fit is not taken.",
            usual(),
            vec![open(), write(1, 1_920, 1), write(1, 1, 2), start(1), Op::Tick(1), write(1, 1_000, 3), call(Call::Meters), Op::Tick(4)],
        ),
        golden(
            "close",
            "A closed stream is gone with what it held, and its number is not used again.",
            usual(),
            vec![
                open(),
                write(1, 960, 4),
                start(1),
                Op::Tick(1),
                call(Call::Close(1)),
                Op::Tick(1),
                call(Call::Close(1)),
                call(Call::Position(1)),
                open(),
                stats(),
            ],
        ),
        golden(
            "strangers",
            "A client names its own streams only; the session's methods name all.",
            Config { grants: vec![ALL_RIGHTS; 2], ..usual() },
            vec![
                open(),
                from(1, Call::OpenStream("other".into())),
                from(1, Call::Start(1)),
                from(1, Call::Write { stream: 1, frames: 480, seed: 0 }),
                from(1, Call::Close(1)),
                from(1, Call::Position(1)),
                from(1, Call::Position(2)),
                from(1, Call::SessionPlay(1)),
                from(1, Call::SetVolume { stream: 1, db: -256 }),
                from(1, Call::Duck { stream: 1, ms: 0 }),
                write(1, 960, 7),
                Op::Tick(1),
                from(1, Call::SessionPause(1)),
                Op::Tick(1),
                call(Call::Position(1)),
                call(Call::Position(2)),
            ],
        ),
        golden(
            "forged_counters",
            "A client that forges its counters falls silent; the other stream goes on.",
            usual(),
            vec![
                open(),
                open(),
                write(1, 960, 0),
                write(2, 960, 5),
                start(1),
                start(2),
                Op::Tick(1),
                Op::Forge { stream: 1, write_index: u64::MAX },
                Op::Tick(1),
                start(1),
                write(1, 480, 0),
                call(Call::Position(1)),
                stats(),
                call(Call::Close(1)),
                call(Call::PlayTone { hz: 440, ms: 1 }),
                Op::Forge { stream: 3, write_index: 0 },
                Op::Forge { stream: 9, write_index: 0 },
                call(Call::Write { stream: 3, frames: 1, seed: 0 }),
            ],
        ),
    ]
}

fn of_gains() -> Vec<GoldenCase<Audiod>> {
    let playing = |ops: Vec<Op>| {
        let mut all = vec![open(), write(1, 1_920, 1), start(1)];
        all.extend(ops);
        all
    };
    let ducked = |ms: u32, ticks: u32| {
        let mut all = vec![call(Call::PlayTone { hz: 12_000, ms: 200 }), Op::Tick(1), call(Call::Duck { stream: 1, ms })];
        all.extend((0..ticks).flat_map(|_| [Op::Tick(1), call(Call::Meters)]));
        all
    };
    let mut duck = ducked(50, 6);
    duck.push(call(Call::Unduck { stream: 1, ms: 20 }));
    duck.extend((0..3).flat_map(|_| [Op::Tick(1), call(Call::Meters)]));
    duck.push(Op::Markers);
    let mut turned = ducked(50, 3);
    turned.push(call(Call::Unduck { stream: 1, ms: 45 }));
    turned.extend((0..6).flat_map(|_| [Op::Tick(1), call(Call::Meters)]));
    turned.extend([call(Call::Duck { stream: 1, ms: 0 }), Op::Tick(1), call(Call::Meters), call(Call::Duck { stream: 1, ms: 30 })]);
    turned.extend([Op::Tick(1), call(Call::Meters), Op::Markers]);
    vec![
        golden(
            "gains_add_up",
            "Stream and session add in decibels, and the sum saturates at both ends.",
            usual(),
            playing(vec![
                call(Call::SetStreamGain { stream: 1, db: -1_536 }),
                Op::Tick(1),
                call(Call::SetVolume { stream: 1, db: -1_536 }),
                Op::Tick(1),
                call(Call::SetVolume { stream: 1, db: GAIN_DB_Q8_8_MAX }),
                call(Call::SetStreamGain { stream: 1, db: GAIN_DB_Q8_8_MAX }),
                Op::Tick(1),
                call(Call::SetStreamGain { stream: 1, db: GAIN_DB_Q8_8_MIN + 1 }),
                call(Call::SetVolume { stream: 1, db: -1 }),
                Op::Tick(1),
            ]),
        ),
        golden(
            "smallest_gain_is_silence",
            "The smallest gain is silence, whatever the session adds.",
            usual(),
            playing(vec![
                call(Call::SetStreamGain { stream: 1, db: GAIN_DB_Q8_8_MIN }),
                call(Call::SetVolume { stream: 1, db: GAIN_DB_Q8_8_MAX }),
                Op::Tick(1),
                call(Call::SetStreamGain { stream: 1, db: GAIN_DB_Q8_8_MIN + 1 }),
                Op::Tick(1),
            ]),
        ),
        golden(
            "mutes",
            "Stream and session mute by or, go on consuming, and give the gain back.",
            usual(),
            playing(vec![
                call(Call::SetStreamGain { stream: 1, db: -1_000 }),
                call(Call::SetStreamMuted { stream: 1, muted: true }),
                Op::Tick(1),
                call(Call::SetSessionMuted { stream: 1, muted: true }),
                call(Call::SetStreamMuted { stream: 1, muted: false }),
                Op::Tick(1),
                call(Call::Position(1)),
                call(Call::SetSessionMuted { stream: 1, muted: false }),
                Op::Tick(1),
            ]),
        ),
        golden("duck_50_ms", "-307, -614, -922, -1229, -1536 in Q8.8 dB, then back in two blocks.", usual(), duck),
        golden(
            "duck_turned_round",
            "An unduck in the middle of the ramp starts from the present value; a second duck is not told twice.",
            usual(),
            turned,
        ),
        golden("duck_at_once", "A ramp of 0 ms takes its target with the next block.", usual(), ducked(0, 2)),
    ]
}

fn of_recordings() -> Vec<GoldenCase<Audiod>> {
    let missing = Config { state: State::Missing, ..usual() };
    vec![
        golden(
            "record",
            "The blocks between start and stop, through the file sink, which is given back.",
            usual(),
            vec![
                call(Call::PlayTone { hz: 440, ms: 60 }),
                Op::Tick(1),
                call(Call::RecordStart(out())),
                call(Call::SinkState),
                call(Call::RecordStart("state:/b.wav".into())),
                Op::Tick(20),
                call(Call::RecordStop),
                call(Call::SinkState),
                Op::Tick(1),
                Op::File(out()),
                Op::File("state:/b.wav".into()),
                call(Call::RecordStop),
            ],
        ),
        golden(
            "record_nothing",
            "A recording of no block is a file of its header alone.",
            usual(),
            vec![call(Call::RecordStart(out())), call(Call::RecordStop), Op::File(out())],
        ),
        golden(
            "record_34_blocks",
            "As much as a value of the state store holds; one block more makes it void, and the file stays.",
            usual(),
            vec![
                call(Call::PlayTone { hz: 440, ms: 1_000 }),
                call(Call::RecordStart(out())),
                Op::Tick(34),
                call(Call::RecordStop),
                Op::File(out()),
                call(Call::RecordStart(out())),
                Op::Tick(35),
                call(Call::RecordStop),
                Op::File(out()),
            ],
        ),
        golden(
            "record_store_fails",
            "A store that fails at the third block makes the recording void.",
            Config { state: State::FailsAfter(2), ..usual() },
            vec![
                call(Call::RecordStart(out())),
                Op::Tick(2),
                call(Call::RecordStop),
                Op::File(out()),
                call(Call::RecordStart(out())),
                Op::Tick(3),
                call(Call::RecordStop),
                Op::File(out()),
            ],
        ),
        golden(
            "without_state",
            "Without /state there is no file sink and no recording.",
            missing,
            vec![
                call(Call::SelectSink(Sink::File)),
                call(Call::SinkState),
                call(Call::RecordStart(out())),
                call(Call::RecordStop),
                Op::File(out()),
            ],
        ),
        golden(
            "sinks",
            "The I2S sink where it is enabled, and while a recording is under way.",
            Config { i2s: true, ..usual() },
            vec![
                call(Call::SelectSink(Sink::I2s)),
                call(Call::SinkState),
                call(Call::RecordStart(out())),
                call(Call::SinkState),
                call(Call::RecordStop),
                call(Call::SinkState),
                call(Call::SelectSink(Sink::File)),
                call(Call::SinkState),
            ],
        ),
        golden(
            "i2s_disabled",
            "The I2S sink is rejected where it is not enabled, and the null sink stays.",
            usual(),
            vec![call(Call::SelectSink(Sink::I2s)), call(Call::SinkState)],
        ),
    ]
}

fn of_bounds() -> Vec<GoldenCase<Audiod>> {
    let senders = |count| Config { grants: vec![0; count], ..usual() };
    let blocks = |record_blocks_max| Config { record_blocks_max, ..usual() };
    let every = [
        Call::DefaultFormat,
        Call::SinkState,
        Call::SetLevel(0),
        Call::SetMuted(true),
        Call::GetLevel,
        Call::PlayTone { hz: 440, ms: 10 },
        Call::OpenStream("music".into()),
        Call::Write { stream: 1, frames: 480, seed: 0 },
        Call::Start(1),
        Call::Pause(1),
        Call::SetStreamGain { stream: 1, db: 0 },
        Call::SetStreamMuted { stream: 1, muted: true },
        Call::Position(1),
        Call::Stats,
        Call::Meters,
        Call::SelectSink(Sink::Null),
        Call::RecordStart(out()),
        Call::RecordStop,
        Call::SessionPlay(1),
        Call::SessionPause(1),
        Call::SetVolume { stream: 1, db: 0 },
        Call::SetSessionMuted { stream: 1, muted: true },
        Call::Duck { stream: 1, ms: 0 },
        Call::Unduck { stream: 1, ms: 0 },
        Call::Close(1),
    ];
    let by_right: Vec<Op> = every.iter().flat_map(|asked| (0..4).map(|sender| from(sender, asked.clone()))).chain([Op::Denials]).collect();
    let wide = 128 - "state:/.wav".len();
    vec![
        golden(
            "rights",
            "Every method by senders with every right, all but one half, the other half, and none.",
            Config { grants: vec![ALL_RIGHTS, half(0), half(1), 0], ..usual() },
            by_right,
        ),
        golden(
            "names",
            "The longest names, and names that are none.",
            usual(),
            vec![
                call(Call::OpenStream("a".repeat(128))),
                call(Call::OpenStream("a".repeat(129))),
                call(Call::OpenStream(String::new())),
                call(Call::OpenStream("two words".into())),
                call(Call::RecordStart(format!("state:/{}.wav", "x".repeat(wide)))),
                call(Call::RecordStop),
                call(Call::RecordStart(format!("state:/{}.wav", "x".repeat(wide + 1)))),
                call(Call::RecordStart("state:/../a.wav".into())),
                call(Call::RecordStart("state:/.wav".into())),
                call(Call::RecordStart("pkg:/a.wav".into())),
            ],
        ),
        golden(
            "ranges",
            "Each number at its bound and beyond it.",
            usual(),
            vec![
                open(),
                Op::Tick(0),
                Op::Tick(121),
                call(Call::SetLevel(65_536)),
                call(Call::SetLevel(65_537)),
                call(Call::PlayTone { hz: 0, ms: 10 }),
                call(Call::PlayTone { hz: 440, ms: 0 }),
                call(Call::SetStreamGain { stream: 1, db: GAIN_DB_Q8_8_MAX + 1 }),
                call(Call::SetVolume { stream: 1, db: GAIN_DB_Q8_8_MIN - 1 }),
                call(Call::Duck { stream: 1, ms: 10_000 }),
                call(Call::Duck { stream: 1, ms: 10_001 }),
                write(1, 48_000, 0),
                write(1, 48_001, 0),
                call(Call::GetLevel),
                stats(),
            ],
        ),
        golden("no_senders", "A configuration without senders: everybody is denied.", senders(0), vec![stats(), Op::Denials]),
        golden("five_senders", "A configuration may name four senders.", senders(5), vec![]),
        golden("no_blocks", "A store that takes no block is none.", blocks(0), vec![]),
        golden("too_many_blocks", "A store takes no more than the largest WAV file holds.", blocks(4_370), vec![]),
    ]
}
