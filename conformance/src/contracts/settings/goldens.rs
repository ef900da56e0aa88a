//! Recorded cases of the contract `settings`.

use super::laws::set;
use crate::suite::GoldenCase;
use spec::Case;
use spec::settings::{Bytes, Config, Op, SETTINGS_FILE_BYTES_MAX, SETTINGS_TEXT_BYTES_MAX, Scope, Settings};

const LEVEL: &str = "audio.master.level";
const MUTED: &str = "audio.master.muted";
const SINK: &str = "audio.sink";

const STATE: Config = Config { state: true, i2s: false };
const NO_STATE: Config = Config { state: false, i2s: false };

fn planted(file: &str) -> Vec<Op> {
    vec![Op::Plant(file.into()), Op::Restart, Op::List, Op::Persisted]
}

pub(super) fn goldens() -> Vec<GoldenCase<Settings>> {
    let golden = |name, doc, config: Config, ops| GoldenCase { name, doc, case: Case { config, ops } };
    let mut all = vec![
        golden(
            "start",
            "Level 1, not muted, no sink; audiod is told each of them once.",
            STATE,
            vec![Op::List, Op::Sink, Op::Applied, Op::Persisted, Op::Applied],
        ),
        golden("level_texts", "The texts of the documented form.", STATE, {
            let mut ops: Vec<Op> =
                ["0", "1", "0.0", "0.5", "0.75", "0.1234", "0.0001", "0.9999", "1.0", "1.0000"].map(|value| set(LEVEL, value)).into();
            ops.extend([Op::Applied, Op::Get(LEVEL.into())]);
            ops
        }),
        golden("rejected_levels", "Any other text changes nothing.", STATE, {
            let mut ops = vec![set(LEVEL, "0.25"), Op::Applied];
            ops.extend(["", "0.", ".5", "00", "1.1", "2", "-0", "+1", "0.12345", "0,5", " 1", "1 ", "1e0"].map(|value| set(LEVEL, value)));
            ops.extend([Op::List, Op::Applied, Op::Persisted]);
            ops
        }),
        golden("muted_texts", "true and false, and nothing else.", STATE, {
            let mut ops: Vec<Op> =
                ["true", "false", "true", "True", "TRUE", "1", "0", "yes", "", "true "].map(|value| set(MUTED, value)).into();
            ops.extend([Op::Get(MUTED.into()), Op::Applied]);
            ops
        }),
        golden("sink_texts", "null, file and i2s, and nothing else.", Config { state: true, i2s: true }, {
            let mut ops: Vec<Op> =
                ["file", "i2s", "null", "i2s", "NULL", "File", "", "i2s0", "\"null\"", "wav"].map(|value| set(SINK, value)).into();
            ops.extend([Op::Get(SINK.into()), Op::Sink, Op::Applied]);
            ops
        }),
        golden("keys_and_bytes", "What is no key and no text; the form comes first.", STATE, {
            let max = SETTINGS_TEXT_BYTES_MAX as usize;
            let bytes = |key: &[u8], value: &[u8]| Op::Set { key: key.into(), value: value.into(), scope: Scope::User };
            vec![
                set("audio.master", "1"),
                set("", "1"),
                set("AUDIO.SINK", "null"),
                bytes(&[b'k'; 255], b"1"),
                bytes(&vec![b'k'; max + 1], b"1"),
                bytes(LEVEL.as_bytes(), &vec![b'0'; max]),
                bytes(LEVEL.as_bytes(), &vec![b'0'; max + 1]),
                bytes(&[0xff], b"1"),
                bytes(LEVEL.as_bytes(), &[0xc3]),
                bytes(b"audio", &[0xc3]),
                Op::Get("audio".into()),
                Op::Get(Bytes(vec![0x80])),
                Op::Get(Bytes(vec![b'k'; max + 1])),
                Op::List,
            ]
        }),
        golden("scopes", "Level and mute are the user's, the sink is the device's.", STATE, {
            let scoped = |key: &str, value: &str, scope| Op::Set { key: key.into(), value: value.into(), scope };
            vec![
                scoped(LEVEL, "0.5", Scope::Device),
                scoped(MUTED, "true", Scope::Device),
                scoped(SINK, "file", Scope::User),
                scoped(LEVEL, "loud", Scope::Device),
                Op::List,
                scoped(LEVEL, "0.5", Scope::User),
                scoped(MUTED, "true", Scope::User),
                scoped(SINK, "file", Scope::Device),
                Op::List,
            ]
        }),
        golden(
            "unchanged",
            "The same text again writes and applies nothing; 0.5 and 0.50 are two texts.",
            STATE,
            vec![
                set(LEVEL, "0.5"),
                Op::Applied,
                Op::Plant("audio.sink=file\n".into()),
                set(LEVEL, "0.5"),
                Op::Persisted,
                Op::Applied,
                set(LEVEL, "0.50"),
                Op::Applied,
                Op::Persisted,
                set(MUTED, "false"),
                Op::Applied,
            ],
        ),
    ];
    all.extend(of_files());
    all.extend(of_sinks());
    all
}

fn of_files() -> Vec<GoldenCase<Settings>> {
    let golden = |name, doc, config: Config, ops| GoldenCase { name, doc, case: Case { config, ops } };
    vec![
        golden(
            "persisted",
            "The whole file at each change; a restart gives the values again.",
            STATE,
            vec![
                set(SINK, "file"),
                Op::Persisted,
                set(LEVEL, "0.75"),
                Op::Persisted,
                set(MUTED, "true"),
                Op::Persisted,
                Op::Applied,
                Op::Restart,
                Op::List,
                Op::Applied,
            ],
        ),
        golden(
            "without_state",
            "Nothing is claimed persisted, and nothing is.",
            NO_STATE,
            vec![set(LEVEL, "0.5"), set(LEVEL, "0.5"), Op::Persisted, Op::List, Op::Restart, Op::List, Op::Persisted],
        ),
        golden(
            "state_comes_and_goes",
            "When /state comes its file is loaded; when it goes the values stay.",
            STATE,
            vec![
                set(LEVEL, "0.5"),
                Op::StateAvailable(false),
                set(LEVEL, "0.25"),
                Op::Persisted,
                Op::Get(LEVEL.into()),
                Op::StateAvailable(true),
                Op::Get(LEVEL.into()),
                Op::StateAvailable(true),
                Op::Applied,
                Op::Persisted,
            ],
        ),
        golden(
            "write_fails",
            "Memory, file and audiod stay; what is unchanged needs no write.",
            STATE,
            vec![
                set(LEVEL, "0.5"),
                Op::Applied,
                Op::FailWrites(true),
                set(LEVEL, "0.25"),
                set(SINK, "file"),
                set(LEVEL, "0.5"),
                Op::List,
                Op::Sink,
                Op::Applied,
                Op::Persisted,
                Op::FailWrites(false),
                set(LEVEL, "0.25"),
                Op::Persisted,
            ],
        ),
        golden("good_and_bad_lines", "Bad lines are skipped and counted, and a later good one wins.", STATE, {
            let files = [
                "",
                "\n",
                "audio.master.level=0.5",
                "audio.master.level=0.5\r\naudio.master.muted=true\n",
                "audio.master.level=0.1\naudio.master.level=0.2\naudio.master.level=2\n",
                "audio.sink=file\n\naudio.sink = i2s\nsink=null\naudio.sink\naudio.sink=\n=file\naudio.sink==file\n",
                "audio.master.muted=true\nno line\naudio.master.level=0.3",
            ];
            let mut ops: Vec<Op> = files.into_iter().flat_map(planted).collect();
            ops.push(Op::Plant(Bytes(b"\xff=1\naudio.master.muted=true\xff\naudio.master.level=0.7\n".to_vec())));
            ops.extend([Op::Restart, Op::List, set(LEVEL, "0.8"), Op::Persisted]);
            ops
        }),
        golden("largest_file", "A file at the bound is read, one above is rejected.", STATE, {
            let mut file = b"audio.master.level=0.5\n".to_vec();
            file.resize(SETTINGS_FILE_BYTES_MAX as usize, b'#');
            let mut larger = file.clone();
            larger.push(b'#');
            vec![
                Op::Plant(Bytes(file)),
                Op::Restart,
                Op::Get(LEVEL.into()),
                Op::Plant("".into()),
                Op::Plant(Bytes(larger)),
                Op::Persisted,
                Op::Restart,
            ]
        }),
    ]
}

fn of_sinks() -> Vec<GoldenCase<Settings>> {
    let golden = |name, doc, config: Config, ops| GoldenCase { name, doc, case: Case { config, ops } };
    vec![
        golden(
            "sink_of_i2s",
            "The wish is stored, and takes effect while i2s is enabled.",
            STATE,
            vec![
                Op::Applied,
                set(SINK, "i2s"),
                Op::Sink,
                Op::Applied,
                Op::I2sEnabled(true),
                Op::Sink,
                Op::Applied,
                Op::I2sEnabled(true),
                Op::Applied,
                Op::I2sEnabled(false),
                Op::Sink,
                Op::Applied,
                set(SINK, "null"),
                Op::Applied,
            ],
        ),
        golden(
            "sink_of_files",
            "A file needs /state.",
            NO_STATE,
            vec![
                Op::Applied,
                set(SINK, "file"),
                Op::Sink,
                Op::Applied,
                Op::StateAvailable(true),
                Op::Sink,
                Op::Applied,
                set(SINK, "file"),
                Op::Sink,
                Op::Applied,
                Op::StateAvailable(false),
                Op::Sink,
                Op::Applied,
            ],
        ),
        golden(
            "applied_in_order",
            "Each change once, in the order in which they were made.",
            Config { state: true, i2s: true },
            vec![
                Op::Applied,
                set(MUTED, "true"),
                set(SINK, "i2s"),
                set(LEVEL, "0.5"),
                set(LEVEL, "nothing"),
                set(SINK, "file"),
                set(MUTED, "false"),
                Op::Applied,
                Op::Applied,
            ],
        ),
    ]
}
