//! Children that misbehave, each in its own way: every one is a verdict of the right kind within its time, and the next reset
//! works, with a fresh child where the old one is out of step.

use conformance::drivers::process::{Connection, Options};
use spec::ring::{Config, Obs, Op, Ring};
use spec::{Case, Contract, Failure, FailureKind, Machine, mixer::Mixer};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// For children whose time is meant to run out.
const SHORT: Duration = Duration::from_millis(300);

/// For all others, so that a busy machine does not change a verdict.
const LONG: Duration = Duration::from_secs(20);

/// A right machine in shell, and the words that the wrong ones are made of. `ask` reads a question and finds its id.
const WORDS: &str = r#"
hello() { read -r line; echo '{"hello":{"protocol":1,"name":"'"${name:-first life}"'","contracts":{"ring":[],"mixer":["curve.soft"]}}}'; }
ask() { read -r line || exit 0; id=${line#*'"id":"'}; id=${id%%'"'*}; }
say() { echo "{\"id\":\"$id\",$1}"; }
reset() { ask; say '"reset":"ok"'; }
good() { while ask; do case $line in *'"reset"'*) say '"reset":"ok"';; *) say '"run":["done"]';; esac; done; }
"#;

/// A child that misbehaves in its first life and is right in its second.
struct Subject {
    folder: tempfile::TempDir,
    options: Options,
    connection: Connection,
}

impl Subject {
    fn new(first_life: &str, options: Options) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let lived = folder.path().join("lived");
        let again = format!(
            "if [ -e '{0}' ]; then name='second life'; hello; good; exit; fi; : > '{0}'; cd '{1}'",
            lived.display(),
            folder.path().display()
        );
        let connection = Connection::new(&format!("{WORDS}\n{again}\n{first_life}"), options.clone());
        Self { folder, options, connection }
    }

    fn machine(&self) -> Box<dyn Machine<Ring>> {
        self.connection.machine::<Ring>()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// That the child is still in its first life.
    fn lives_on(&self) {
        ask(self.machine().as_mut()).expect("the same child goes on");
        assert_eq!(self.connection.hello().expect("a hello").name, "first life");
    }

    /// A reset and one step, as far as they go.
    fn judge(&self) -> Failure {
        let start = Instant::now();
        let failure = ask(self.machine().as_mut()).expect_err("this child misbehaves");
        assert!(start.elapsed() < self.options.timeout * 2 + Duration::from_secs(2), "the verdict took {:?}", start.elapsed());
        assert!(failure.detail.len() < 4_096, "a verdict is bounded: {} bytes", failure.detail.len());
        failure
    }

    /// The verdict, and that the next reset works.
    fn verdict(&self, kind: FailureKind, says: &[&str]) {
        let failure = self.judge();
        assert_eq!(failure.kind, kind, "{failure}");
        for part in says {
            assert!(failure.detail.contains(part), "`{part}` is not in: {failure}");
        }
        ask(self.machine().as_mut()).expect("the next reset works");
        if !matches!(kind, FailureKind::Faulted | FailureKind::Unsupported) {
            assert_eq!(self.connection.hello().expect("a hello").name, "second life");
        }
    }
}

fn ask(machine: &mut dyn Machine<Ring>) -> Result<(), Failure> {
    machine.reset(&Config::default())?.expect("the configuration is right");
    assert_eq!(machine.step(&Op::Pause)?, Obs::Done);
    Ok(())
}

fn with_timeout(timeout: Duration) -> Options {
    Options { timeout, ..Options::default() }
}

fn verdict(first_life: &str, kind: FailureKind, says: &[&str]) {
    Subject::new(first_life, with_timeout(LONG)).verdict(kind, says);
}

fn hung(first_life: &str, says: &[&str]) {
    Subject::new(first_life, with_timeout(SHORT)).verdict(FailureKind::Hung, says);
}

/// Whether a process is gone; one that only waits to be collected is.
fn is_gone(pid: &str) -> bool {
    let stat = std::fs::read_to_string(Path::new("/proc").join(pid.trim()).join("stat"));
    stat.is_err() || stat.is_ok_and(|stat| stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')))
}

fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let until = Instant::now() + LONG;
    while !condition() {
        assert!(Instant::now() < until, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_right_child_is_right() {
    let subject = Subject::new("hello; good", with_timeout(LONG));
    ask(subject.machine().as_mut()).expect("a right child");
    assert_eq!(subject.connection.hello().expect("a hello").name, "first life");
}

#[test]
fn hanging_is_hung() {
    hung("sleep 60", &["no answer in 0.3 s"]);
    hung("hello; reset; sleep 60", &["1 of its questions open"]);
    // Bytes that trickle in don't extend the time.
    hung("hello; reset; ask; while :; do printf '{'; sleep 0.05; done", &["its answer so far has no end"]);
    hung("hello; reset; ask; while :; do printf '{'; done", &["its answer so far has no end"]);
    // What it says on stderr is kept, however much it is.
    hung("hello; echo first >&2; yes last >&2", &["its stderr ends", "last"]);
    hung("hello; exec 0<&-; sleep 60", &[]);
}

#[test]
fn a_child_that_never_reads_is_hung_though_all_pipes_are_full() {
    let subject = Subject::new("hello; yes talk >&2 & sleep 60", with_timeout(SHORT));
    let cases = vec![Case::<Ring> { config: Config::default(), ops: vec![Op::Write(vec![-32_768; 90_000]); 8] }; 4];
    let failure = subject.machine().run_cases(&cases).expect_err("it reads nothing");
    assert_eq!(failure.kind, FailureKind::Hung, "{failure}");
    assert!(failure.detail.contains("unread"), "{failure}");
    ask(subject.machine().as_mut()).expect("the next reset works");
}

#[test]
fn a_child_that_logs_much_and_reads_late_is_right() {
    // More than the pipe of stderr holds before the first answer, and a question that is larger than the pipe of stdin.
    let late =
        "head -c 600000 /dev/zero >&2; hello; reset; sleep 0.2; id=$(dd bs=1 count=40 2>/dev/null); id=${id#*'\"id\":\"'}; id=${id%%'\"'*}
        head -n 1 >/dev/null; head -c 600000 /dev/zero >&2; say '\"run\":[{\"wrote\":5}]'; sleep 60";
    let subject = Subject::new(late, with_timeout(Duration::from_secs(5)));
    let case = Case::<Ring> { config: Config::default(), ops: vec![Op::Write(vec![-32_768; 90_000])] };
    assert_eq!(subject.machine().run_case(&case).map(|trace| trace.obs), Ok(vec![Obs::Wrote(5)]));
}

#[test]
fn slow_and_steady_is_right() {
    let steady =
        "hello; while ask; do sleep 0.1; case $line in *'\"reset\"'*) say '\"reset\":\"ok\"';; *) say '\"run\":[\"done\"]';; esac; done";
    let subject = Subject::new(steady, with_timeout(Duration::from_millis(700)));
    let cases = vec![Case::<Ring> { config: Config::default(), ops: vec![Op::Pause] }; 6];
    let traces = subject.machine().run_cases(&cases).expect("each answer comes in its time");
    assert_eq!(traces.len(), 6);
}

#[test]
fn dying_is_died_with_its_status_and_its_last_words() {
    verdict("echo no licence >&2; exit 3", FailureKind::Died, &["exit status: 3", "its stderr ends: no licence"]);
    verdict("hello; reset; ask; printf '{\"id\":'; exit 1", FailureKind::Died, &["exit status: 1", "its last words: `{\"id\":`"]);
    verdict("hello; reset; ask; kill -SEGV $$", FailureKind::Died, &["signal: 11"]);
    verdict("hello; reset; ask; exit 0", FailureKind::Died, &["exit status: 0", "its stderr is empty"]);
    verdict("exec no-such-program", FailureKind::Died, &["exit status: 127", "not found"]);
    verdict("hello; exec >&-; sleep 60", FailureKind::Died, &["closed its output without ending"]);
    // Only the end of a long stderr is kept.
    verdict("hello; yes | head -c 60000 >&2; echo THE END >&2; exit 9", FailureKind::Died, &["exit status: 9", "THE END"]);
}

#[test]
fn dying_between_questions_is_died() {
    let subject = Subject::new("hello; reset; exit 4", with_timeout(LONG));
    let mut machine = subject.machine();
    machine.reset(&Config::default()).expect("it answers the reset").expect("the configuration is right");
    std::thread::sleep(Duration::from_millis(50));
    let failure = machine.step(&Op::Pause).expect_err("it is dead");
    assert_eq!(failure.kind, FailureKind::Died, "{failure}");
    assert!(failure.detail.contains("exit status: 4"), "{failure}");
    // Until it is reset, the machine stays failed; nothing is asked of a fresh child behind its back.
    assert_eq!(machine.step(&Op::Pause).expect_err("it was not reset").kind, FailureKind::Faulted);
    ask(machine.as_mut()).expect("the next reset works");
}

#[test]
fn what_is_no_answer_is_garbage() {
    let garbage = |answer: &str, says: &[&str]| verdict(&format!("hello; reset; ask; {answer}; good"), FailureKind::Garbage, says);
    garbage("echo Segmentation fault", &["at byte 0", "`Segmentation fault`"]);
    garbage("echo", &["at byte 0"]);
    garbage("printf '\\377\\376\\n'", &["at byte 0"]);
    garbage("say '\"run\":[\"dome\"]'", &["unknown variant `dome`", "at byte 3"]);
    garbage("say '\"run\":[{\"wrote\":-1}]'", &["-1"]);
    garbage("say '\"run\":[]'", &["0 observations for 1 operations"]);
    garbage("say '\"run\":[\"done\",\"done\"]'", &["more than 1 observations"]);
    garbage("say '\"run\":[\"done\"],\"time\":5'", &["unknown field `time`"]);
    garbage("say '\"run\":[\"done\"],\"reset\":\"ok\"'", &["more than one of"]);
    garbage("say '\"reset\":\"ok\"'", &["a reset's answer to a run"]);
    garbage("echo '{\"run\":[\"done\"]}'", &["without an id"]);
    garbage("id=0123456789abcdef; say '\"run\":[\"done\"]'", &["whose id was not asked"]);
    garbage("id=7; say '\"run\":[\"done\"]'", &["16 lower-case hexadecimal digits"]);
    verdict("read -r line; echo '{}'", FailureKind::Garbage, &["hello"]);
    verdict("read -r line; echo '{\"hello\":{\"protocol\":1}}'; sleep 60", FailureKind::Garbage, &["name"]);
    verdict("hello; ask; say '\"reset\":{\"rejected\":\"mood\"}'", FailureKind::Garbage, &["unknown variant `mood`"]);
    verdict("hello; ask; say '\"run\":[]'", FailureKind::Garbage, &["a run's answer to a reset"]);
}

#[test]
fn answers_in_another_order_are_garbage() {
    let swapped = "hello; ask; first=$id; ask; say '\"run\":[\"done\"]'; id=$first; say '\"reset\":\"ok\"'; good";
    let subject = Subject::new(swapped, with_timeout(LONG));
    let case = Case::<Ring> { config: Config::default(), ops: vec![Op::Pause] };
    let failure = subject.machine().run_case(&case).expect_err("the order is wrong");
    assert_eq!(failure.kind, FailureKind::Garbage, "{failure}");
}

#[test]
fn output_without_end_is_flooded() {
    let endless = "hello; reset; ask; yes | tr -d '\\n'";
    Subject::new(endless, Options { line_bytes_max: 100_000, timeout: LONG }).verdict(FailureKind::Flooded, &["more than 100000 bytes"]);
    Subject::new("read -r line; tr '\\0' x < /dev/zero", with_timeout(LONG)).verdict(FailureKind::Flooded, &["more than 65536 bytes"]);
    let long_line = "hello; reset; ask; head -c 100001 /dev/zero | tr '\\0' x; echo; good";
    Subject::new(long_line, Options { line_bytes_max: 100_000, timeout: LONG }).verdict(FailureKind::Flooded, &["more than 100000 bytes"]);
    // A line that comes whole, in one piece.
    let one_piece = "read -r line; { head -c 70000 /dev/zero | tr '\\0' x; echo; } | dd bs=70001 count=1 iflag=fullblock; sleep 60";
    Subject::new(one_piece, with_timeout(LONG)).verdict(FailureKind::Flooded, &["more than 65536 bytes"]);
    // A line that is not over the limit yet when the time is over.
    let megabytes = "hello; reset; ask; head -c 3000000 /dev/zero | tr '\\0' x; sleep 60";
    Subject::new(megabytes, with_timeout(Duration::from_secs(2))).verdict(FailureKind::Flooded, &["without the end of a line"]);
}

#[test]
fn lines_without_end_are_judged_at_the_first() {
    verdict("hello; reset; ask; yes \"{\\\"id\\\":\\\"$id\\\",\\\"run\\\":[\\\"done\\\"]}\"", FailureKind::Early, &["asked for"]);
    verdict("hello; reset; ask; yes", FailureKind::Garbage, &["`y`"]);
}

#[test]
fn answering_before_the_question_is_early() {
    let guess = "read -r line; printf '%s\\n%s\\n' '{\"hello\":{\"protocol\":1,\"name\":\"guess\",\"contracts\":{\"ring\":[]}}}' '{\"id\":\"0000000000000000\",\"reset\":\"ok\"}'; sleep 60";
    verdict(guess, FailureKind::Early, &["0000000000000000"]);
    // Half a line says too much, too.
    let subject = Subject::new(&guess.replace("\\n%s\\n", "\\n%s"), with_timeout(LONG));
    assert_eq!(subject.connection.hello().expect_err("it says more than hello").kind, FailureKind::Early);
    let talkative = Subject::new("hello; reset; echo; sleep 60", with_timeout(LONG));
    let mut machine = talkative.machine();
    let reset = machine.reset(&Config::default());
    std::thread::sleep(Duration::from_millis(50));
    let failure = reset.and_then(|_| machine.step(&Op::Pause)).expect_err("it said something unasked");
    assert_eq!(failure.kind, FailureKind::Early, "{failure}");
}

#[test]
fn answering_before_the_end_of_the_question_is_early() {
    // The question is larger than the pipe, so it can't have been read when the answer is complete.
    let subject = Subject::new("hello; reset; echo '{\"id\":\"0000000000000000\",\"run\":[\"done\"]}'; sleep 60", with_timeout(LONG));
    let case = Case::<Ring> { config: Config::default(), ops: vec![Op::Write(vec![-32_768; 90_000])] };
    let failure = subject.machine().run_case(&case).expect_err("it answers what it has not read");
    assert_eq!(failure.kind, FailureKind::Early, "{failure}");
}

#[test]
fn another_version_is_named_with_what_to_do() {
    let two = "read -r line; echo '{\"hello\":{\"protocol\":2,\"features\":[]}}'; sleep 60";
    verdict(two, FailureKind::NotStarted, &["version 2", "version 1", "PROTOCOL.md"]);
    assert_eq!(Connection::start(&format!("{WORDS}{two}"), LONG).err().map(|failure| failure.kind), Some(FailureKind::NotStarted));
}

#[test]
fn what_a_child_lacks_is_unsupported_and_costs_no_restart() {
    let subject = Subject::new("hello; good", with_timeout(LONG));
    let failure = subject.connection.machine::<spec::wav::Wav>().reset(&spec::wav::Config::default()).expect_err("no wav here");
    assert_eq!((failure.kind, failure.detail.contains("`wav`")), (FailureKind::Unsupported, true), "{failure}");
    let saturate = spec::mixer::Config { curve: spec::mixer::Curve::Saturate };
    assert_eq!(Mixer::needs(&saturate), Some("curve.saturate"));
    let failure = subject.connection.machine::<Mixer>().reset(&saturate).expect_err("one curve only");
    assert_eq!((failure.kind, failure.detail.contains("`curve.saturate`")), (FailureKind::Unsupported, true), "{failure}");
    assert_eq!(subject.connection.machine::<Mixer>().reset(&spec::mixer::Config::default()), Ok(Ok(())));
    subject.lives_on();
}

#[test]
fn its_own_errors_are_its_faults_and_cost_no_restart() {
    let subject = Subject::new("hello; ask; say '\"error\":\"out of paint\"'; good", with_timeout(LONG));
    let mut machine = subject.machine();
    let failure = machine.reset(&Config::default()).expect_err("it says so");
    assert_eq!((failure.kind, failure.detail.as_str()), (FailureKind::Faulted, "out of paint"));
    subject.lives_on();
    verdict("hello; reset; ask; echo '{\"error\":\"what?\"}'; good", FailureKind::Faulted, &["what?"]);
    verdict("hello; ask; say '\"reset\":{\"unsupported\":\"no room\"}'; good", FailureKind::Unsupported, &["no room"]);
    verdict("read -r line; echo '{\"error\":\"who are you?\"}'; sleep 60", FailureKind::Faulted, &["who are you?"]);
}

#[test]
fn a_machine_knows_that_the_child_became_another() {
    let subject = Subject::new("hello; good", with_timeout(LONG));
    let (mut first, mut second) = (subject.machine(), subject.machine());
    assert_eq!(first.step(&Op::Pause).expect_err("never reset").kind, FailureKind::Faulted);
    ask(first.as_mut()).expect("a right child");
    ask(second.as_mut()).expect("a right child");
    assert_eq!(first.step(&Op::Pause).expect_err("the child is the second machine now").kind, FailureKind::Faulted);
    assert_eq!(second.step(&Op::Pause), Ok(Obs::Done));
}

#[test]
fn nobody_is_left_behind() {
    let subject = Subject::new("sleep 60 & echo $! > pids; echo $$ >> pids; hello; good", with_timeout(LONG));
    ask(subject.machine().as_mut()).expect("a right child");
    let pids = std::fs::read_to_string(subject.file("pids")).expect("its processes");
    assert_eq!(pids.lines().filter(|pid| !is_gone(pid)).count(), 2, "both run: {pids}");
    drop(subject);
    wait_until("both are gone", || pids.lines().all(is_gone));
}

#[test]
fn a_child_that_died_leaves_nobody_behind() {
    let subject = Subject::new("sleep 60 >/dev/null 2>&1 & echo $! > pids; hello; reset; exit 1", with_timeout(LONG));
    subject.verdict(FailureKind::Died, &["exit status: 1"]);
    let pid = std::fs::read_to_string(subject.file("pids")).expect("its child");
    wait_until("its child is gone", || is_gone(&pid));
}
