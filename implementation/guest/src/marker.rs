//! The lines that the guest prints: the markers of `spec/markers.yaml`.

use core::fmt::{self, Display, Formatter};

/// Longest word that the grammar takes, in bytes.
const WORD_BYTES_MAX: usize = 48;

/// A marker. Its text is one whole line, without the line's end.
#[derive(Clone, Copy, Debug)]
pub enum Marker<'a> {
    /// The image runs and has read its device tree.
    Boot {
        /// Version of the mailbox protocol.
        protocol: u32,
        /// Number of the hart that booted.
        hart: u64,
        /// Ticks of the timer per second.
        timebase: u64,
        /// Bytes of memory.
        ram: u64,
    },
    /// Traps, timer, heap and mailbox work.
    Ready {
        /// SHA-256 of the challenge, or of nothing where there was none.
        challenge: [u8; 32],
    },
    /// A contract's operations ran on the challenge's cases.
    SelftestOk {
        /// The contract.
        contract: &'a str,
        /// Number of cases.
        cases: u64,
        /// SHA-256 of every observation, in order.
        digest: [u8; 32],
    },
    /// The guest found that it can't answer.
    SelftestFail {
        /// The contract.
        contract: &'a str,
        /// What went wrong.
        reason: &'a str,
    },
    /// What a selftest's work came to; the claim that follows counts only with the right one.
    Answer {
        /// The part that was exercised.
        part: &'a str,
        /// Number of operations.
        cases: u64,
        /// SHA-256 of every observation, in order.
        digest: [u8; 32],
    },
    /// The line of a selftest, as its document has it.
    Claim(&'static str),
    /// A declared stub.
    Placeholder {
        /// The part that is a stub.
        part: &'a str,
    },
    /// An unexpected trap.
    Trap {
        /// The cause register.
        cause: u64,
        /// Where.
        pc: u64,
        /// The trap value register.
        value: u64,
    },
    /// A task faulted and begins anew.
    Contained {
        /// The task.
        task: &'a str,
        /// How it faulted.
        by: Contained,
        /// Where: an address, or a panic's line.
        at: u64,
        /// How often it was restarted, this time included.
        restarts: u32,
    },
    /// A task faulted too often and is not restarted.
    Abandoned {
        /// The task.
        task: &'a str,
        /// How it faulted last.
        by: Contained,
        /// Where: an address, or a panic's line.
        at: u64,
    },
    /// A panic.
    Panic {
        /// Path of the source file.
        file: &'a str,
        /// Line in it.
        line: u32,
    },
    /// Nothing more follows.
    Done {
        /// Number of selftests that ran.
        selftests: u32,
    },
}

/// How a task faulted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contained {
    /// A trap.
    Trap,
    /// A panic.
    Panic,
    /// Its stack overflowed.
    Overflow,
}

impl Contained {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Trap => "trap",
            Self::Panic => "panic",
            Self::Overflow => "overflow",
        }
    }
}

impl Display for Marker<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Boot { protocol, hart, timebase, ram } => {
                write!(f, "conform: boot protocol={protocol} hart={hart} timebase={timebase} ram={ram}")
            }
            Self::Ready { challenge } => write!(f, "conform: ready challenge={}", Hex(&challenge)),
            Self::SelftestOk { contract, cases, digest } => {
                write!(f, "SELFTEST: {} ok cases={cases} digest={}", Word(contract), Hex(&digest))
            }
            Self::SelftestFail { contract, reason } => write!(f, "SELFTEST: {} FAIL reason={}", Word(contract), Word(reason)),
            Self::Answer { part, cases, digest } => {
                write!(f, "conform: answer part={} cases={cases} digest={}", Word(part), Hex(&digest))
            }
            Self::Claim(line) => f.write_str(line),
            Self::Placeholder { part } => write!(f, "{}: stub/placeholder", Word(part)),
            Self::Trap { cause, pc, value } => write!(f, "conform: trap cause={cause} pc={pc:016x} value={value:016x}"),
            Self::Contained { task, by, at, restarts } => {
                write!(f, "conform: contained task={} by={} at={at:016x} restarts={restarts}", Word(task), by.name())
            }
            Self::Abandoned { task, by, at } => write!(f, "conform: abandoned task={} by={} at={at:016x}", Word(task), by.name()),
            Self::Panic { file, line } => write!(f, "conform: panic file={} line={line}", Word(file_name(file))),
            Self::Done { selftests } => write!(f, "conform: done selftests={selftests}"),
        }
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Bytes in lower-case hexadecimal digits.
struct Hex<'a>(&'a [u8]);

impl Display for Hex<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A text as a word of the grammar, whatever it holds: lower case, `-` for what no word may hold, cut where a word may not be longer.
struct Word<'a>(&'a str);

impl Display for Word<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let allowed = |letter: char| {
            if letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-') { letter.to_ascii_lowercase() } else { '-' }
        };
        let leads = self.0.chars().next().is_some_and(|letter| letter.is_ascii_alphabetic());
        let lead = if leads { None } else { Some('x') };
        lead.into_iter().chain(self.0.chars().map(allowed)).take(WORD_BYTES_MAX).try_for_each(|letter| write!(f, "{letter}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;
    use spec_files::{MarkerFile, embedded};

    fn claim(part: &str) -> Marker<'static> {
        Marker::Claim(crate::media::claim(part).expect("a part that the document names"))
    }

    fn examples() -> Vec<(&'static str, Marker<'static>)> {
        vec![
            ("boot", Marker::Boot { protocol: 1, hart: 0, timebase: 10_000_000, ram: 64 << 20 }),
            ("boot", Marker::Boot { protocol: u32::MAX, hart: u64::MAX, timebase: u64::MAX, ram: u64::MAX }),
            ("ready", Marker::Ready { challenge: [0xa5; 32] }),
            ("selftest_ok", Marker::SelftestOk { contract: "ring", cases: 48, digest: [0x0f; 32] }),
            ("selftest_fail", Marker::SelftestFail { contract: "ring", reason: "the machine Died!" }),
            ("answer", Marker::Answer { part: "audio.tone", cases: 9, digest: [0xf0; 32] }),
            ("audio_tone_ok", claim("audio.tone")),
            ("audio_stream_ok", claim("audio.stream")),
            ("audio_record_ok", claim("audio.record")),
            ("audio_duck_ok", claim("audio.duck")),
            ("media_play_ok", claim("media.play")),
            ("media_duck_ok", claim("media.duck")),
            ("media_mute_ok", claim("media.mute")),
            ("media_focus_resume_ok", claim("media.focus")),
            ("decoders_on", claim("media.decode")),
            ("placeholder", Marker::Placeholder { part: "codec" }),
            ("trap", Marker::Trap { cause: 1 << 63, pc: 0x8000_0000, value: u64::MAX }),
            ("panic", Marker::Panic { file: "implementation/guest/src/main.rs", line: 7 }),
            ("panic", Marker::Panic { file: "", line: u32::MAX }),
            ("contained", Marker::Contained { task: "audiod", by: Contained::Overflow, at: u64::MAX, restarts: u32::MAX }),
            ("contained", Marker::Contained { task: "", by: Contained::Panic, at: 7, restarts: 1 }),
            ("abandoned", Marker::Abandoned { task: "audiod", by: Contained::Trap, at: 0x8000_0000 }),
            ("done", Marker::Done { selftests: 7 }),
        ]
    }

    /// Lines that services print, which the guest passes on as they are.
    fn service_lines() -> Vec<(&'static str, String)> {
        use spec::wakelock::{Kind, Obs, Op, WAKELOCK_NAME_BYTES_MAX, Wakelock};
        let longest = "n".repeat(WAKELOCK_NAME_BYTES_MAX as usize);
        let (app, id) = (longest.clone(), longest);
        let ops = [Op::Acquire { app: app.clone(), id: id.clone(), kind: Kind::Partial }, Op::Release { app, id }, Op::Markers];
        let Ok(Some(Obs::Lines(powerd))) = sut::machine::<Wakelock>().run(&ops).map(|mut obs| obs.pop()) else { panic!("no lines") };
        use spec::codec::{CODEC_FORMAT, CODEC_ROUTE_SPEAKER, Codec, Obs as Answer, Op as Ask};
        let ops = [Ask::Configure { route: CODEC_ROUTE_SPEAKER.into(), format: CODEC_FORMAT }, Ask::Markers];
        let Ok(Some(Answer::Lines(codec))) = sut::machine::<Codec>().run(&ops).map(|mut obs| obs.pop()) else { panic!("no lines") };
        let names = ["wakelock_acquire", "wakelock_release", "i2sd_ready", "placeholder", "codecd_ack"];
        let mut lines: Vec<(&'static str, String)> = names.into_iter().zip(powerd.into_iter().chain(codec)).collect();
        lines.extend(audio_lines());
        lines.extend(session_lines());
        lines.extend(metrics_lines());
        lines.extend(player_lines());
        lines
    }

    /// One line of each kind that the registry of sessions prints.
    fn session_lines() -> Vec<(&'static str, String)> {
        use spec::sessions::{Obs, Op, Sessions};
        let publish = || Op::Publish { app: "n".repeat(128), class: spec::media::Class::Music, seekable: true };
        let seek = Op::Seek { sid: 1, ms: u64::MAX };
        let ops = [publish(), seek, Op::Tick(1), Op::Play(1), publish(), Op::Accept(2), Op::Markers];
        let Ok(Some(Obs::Lines(lines))) = sut::machine::<Sessions>().run(&ops).map(|mut obs| obs.pop()) else { panic!("no lines") };
        let (offer, accept) = ("media_handoff_offer", "media_handoff_accept");
        let first = ["mediasessd_ready", "media_register", "media_active", "media_state"];
        let then = ["media_register", offer, accept, "media_state", "media_active"];
        first.into_iter().chain(then).zip(lines).collect()
    }

    /// One line of each kind that audiod and the session service print.
    fn audio_lines() -> Vec<(&'static str, String)> {
        use spec::idl::Call;
        use spec::system::{Obs, Op, System};
        let call = |call| Op::Call { sender: 0, claimed: None, call };
        let app = "n".repeat(spec::audiod::AUDIOD_APP_BYTES_MAX as usize);
        let ops = [
            call(Call::OpenStream(app.into())),
            Op::Write { sender: 0, stream: 1, frames: 500, seed: 0 },
            call(Call::publish("music", 1)),
            call(Call::Play(1)),
            call(Call::Duck(1)),
            call(Call::SetLevel(0)),
            Op::Tick(2),
            Op::Lines,
        ];
        let mut machine = sut::machine::<System>();
        machine.reset(&spec::system::Config::default()).expect("it starts").expect("the default is accepted");
        let Ok(Some(Obs::Lines(lines))) = machine.run(&ops).map(|mut obs| obs.pop()) else { panic!("no lines") };
        let named = |line: String| {
            let name = [("audiod_ready", "audiod: ready"), ("audiod_tick", "audiod: tick"), ("audiod_underrun", "audiod: underrun")]
                .into_iter()
                .chain([("audiod_level", "audiod: level"), ("audiod_duck", "audiod: duck"), ("mediasession_playing", "mediasession:")])
                .find(|(_, start)| line.starts_with(start));
            name.map(|(name, _)| (name, line))
        };
        lines.into_iter().filter_map(named).collect()
    }

    /// What an export of metrics prints, with a disk and without.
    fn metrics_lines() -> Vec<(&'static str, String)> {
        use spec::metrics::{Block, Config, Metrics, Obs, Op, State};
        let printed = |state| {
            let mut machine = sut::machine::<Metrics>();
            let config = Config { state, interval_blocks: 1, ..Config::default() };
            machine.reset(&config).expect("it starts").expect("the configuration is accepted");
            let ops = [Op::Blocks { count: 32, block: Block::default() }, Op::Export, Op::Markers];
            let Ok(Some(Obs::Lines(lines))) = machine.run(&ops).map(|mut obs| obs.pop()) else { panic!("no lines") };
            lines.into_iter().next().expect("an export prints a line")
        };
        vec![("metrics_export", printed(State::Ready)), ("metrics_placeholder", printed(State::Missing))]
    }

    /// One line of each kind that the mini-player prints.
    fn player_lines() -> Vec<(&'static str, String)> {
        use spec::miniplayer::{Key, Miniplayer, Obs, Op, Session, State};
        let session = |sid| Session { sid, app: "radio".into(), playing: true, duration_ms: Some(u64::MAX), ..Session::default() };
        let state = State { sessions: vec![session(1), session(u32::MAX)], active: Some(1), offer: Some(u32::MAX) };
        let controls = [Key::Toggle, Key::Left, Key::Previous, Key::Next, Key::Stop, Key::Plus, Key::Mute];
        let mut ops = vec![Op::Show(state)];
        ops.extend(controls.into_iter().chain([Key::Down, Key::Enter, Key::TakeOver]).map(Op::Key));
        ops.extend([Op::Notify, Op::Markers]);
        let Ok(Some(Obs::Lines(lines))) = sut::machine::<Miniplayer>().run(&ops).map(|mut obs| obs.pop()) else { panic!("no lines") };
        let last = ["tray_session_switch", "tray_handoff_take_over", "notif_placeholder"];
        std::iter::once("tray_open").chain(controls.map(|_| "tray_control")).chain(last).zip(lines).collect()
    }

    /// The grammar's own pattern of a marker: its form with each field's pattern in place.
    fn pattern(marker: &spec_files::markers::Marker) -> Regex {
        let mut pattern = regex::escape(&marker.form.value);
        for field in &marker.fields {
            pattern = pattern.replace(&regex::escape(&format!("{{{}}}", field.name.value)), &format!("(?:{})", field.field_type.pattern()));
        }
        Regex::new(&format!(r"\A(?:{pattern})\z")).expect("a form gives a pattern")
    }

    #[test]
    fn every_marker_is_what_the_grammar_declares() {
        let (path, text) = embedded::MARKERS;
        let grammar = MarkerFile::parse(path, text).expect("the grammar is well-formed");
        let mut examples: Vec<(&str, String)> = examples().into_iter().map(|(name, marker)| (name, marker.to_string())).collect();
        examples.extend(service_lines());
        for declared in &grammar.markers {
            let pattern = pattern(declared);
            let mut count = 0;
            for (name, line) in &examples {
                assert_eq!(pattern.is_match(line), *name == declared.name.value, "{line:?} against `{}`", declared.name.value);
                assert!(line.len() <= grammar.bounds.line_bytes_max, "{line:?} is longer than a line may be");
                count += usize::from(*name == declared.name.value);
            }
            assert!(count > 0, "no marker of the guest is `{}`", declared.name.value);
        }
    }

    #[test]
    fn texts_become_words() {
        for (text, word) in [("lib.rs", "lib.rs"), ("Main.RS", "main.rs"), ("", "x"), ("7z", "x7z"), ("a b\nc", "a-b-c"), ("ä", "x-")] {
            assert_eq!(Word(text).to_string(), word);
        }
        assert_eq!(Word(&"a".repeat(100)).to_string().len(), WORD_BYTES_MAX);
    }
}
