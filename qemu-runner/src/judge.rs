//! The verdict: a pure function of the log, the machine's end, the challenge and the right answers.

use crate::answers::Answers;
use crate::challenge::Challenge;
use crate::fault::{FAULTS_OF_A_KIND_MAX, Fault, FaultKind};
use crate::grammar::{Grammar, Line, Marker};
use crate::log::{Entry, Flaw, Log};
pub use crate::verdict::{Exit, Outcome, Proof, Seen, Verdict};
use spec_files::markers::{MarkerKind, Profile};
use std::collections::BTreeSet;

/// What a verdict is made from.
#[derive(Clone, Copy)]
pub struct Trial<'a> {
    /// The plan.
    pub profile: &'a Profile,
    /// What the guest printed.
    pub log: &'a Log,
    /// How the machine ended.
    pub exit: Exit,
    /// Whether it had to be ended for its time.
    pub timed_out: bool,
    /// The challenge of this boot, where it is known.
    pub challenge: Option<&'a Challenge>,
    /// The right answers to it, where they are known.
    pub answers: Option<&'a Answers>,
    /// The lines that the services must print, in order, where they are known.
    pub lines: Option<&'a [String]>,
}

/// Judges a run. With any fault it has failed; without, it has passed only where challenge and answers prove the work.
pub fn judge(grammar: &Grammar, trial: &Trial<'_>) -> Verdict {
    let plan: Vec<String> = trial.profile.plan.iter().map(|entry| entry.value.clone()).collect();
    let mut judge = Judge {
        grammar,
        trial,
        plan: &plan,
        faults: Vec::new(),
        left_out: 0,
        seen: Vec::new(),
        furthest: None,
        done: None,
        ok: BTreeSet::new(),
        failed: BTreeSet::new(),
        stubs: BTreeSet::new(),
        answered: BTreeSet::new(),
        heard: 0,
        strayed: false,
    };
    for entry in &trial.log.entries {
        judge.entry(entry);
    }
    judge.whole();
    let (faults, faults_left_out, markers) = (judge.faults, judge.left_out, judge.seen);
    let selftests = plan.iter().any(|key| grammar.is_selftest(key));
    let proof = match (trial.challenge, trial.answers) {
        (None, _) => Proof::NoChallenge,
        (Some(_), None) if selftests => Proof::NoAnswers,
        (Some(_), _) => Proof::Answered,
    };
    let outcome = match (faults.is_empty(), proof) {
        (false, _) => Outcome::Failed,
        (true, Proof::Answered) => Outcome::Passed,
        (true, _) => Outcome::NotProven,
    };
    Verdict {
        profile: trial.profile.name.value.clone(),
        outcome,
        proof,
        faults,
        faults_left_out,
        plan,
        markers,
        exit: trial.exit,
        lines: trial.log.entries.len(),
        bytes: trial.log.bytes,
    }
}

struct Judge<'a> {
    grammar: &'a Grammar,
    trial: &'a Trial<'a>,
    plan: &'a [String],
    faults: Vec<Fault>,
    left_out: usize,
    seen: Vec<Seen>,
    /// The furthest place of the plan that was reached.
    furthest: Option<usize>,
    /// The line of the done marker.
    done: Option<usize>,
    /// Parts that were claimed ok, failed, and declared stubs.
    ok: BTreeSet<String>,
    failed: BTreeSet<String>,
    stubs: BTreeSet<String>,
    /// Parts that were answered rightly.
    answered: BTreeSet<String>,
    /// Lines of services that came, and whether one was not the right one.
    heard: usize,
    strayed: bool,
}

impl Judge<'_> {
    fn fault(&mut self, kind: FaultKind, line: Option<usize>, about: Option<&str>, what: impl Into<String>) {
        if self.faults.iter().filter(|fault| fault.kind == kind).count() == FAULTS_OF_A_KIND_MAX {
            self.left_out += 1;
            return;
        }
        self.faults.push(Fault { kind, line, about: about.map(str::to_owned), what: what.into(), advice: kind.advice().to_owned() });
    }

    fn entry(&mut self, entry: &Entry) {
        let at = Some(entry.number);
        if let Some(done) = self.done.filter(|_| !entry.text.is_empty()) {
            self.fault(FaultKind::AfterDone, at, None, format!("{:?} comes after the done marker in line {done}.", entry.text));
        }
        match entry.flaw {
            Some(Flaw::Long(bytes)) => {
                let max = self.grammar.bounds().line_bytes_max;
                self.fault(FaultKind::LineTooLong, at, None, format!("It has {bytes} bytes; at most {max} are allowed."));
            }
            Some(Flaw::NotUtf8) => self.fault(FaultKind::NotUtf8, at, None, format!("{:?} is no UTF-8.", entry.text)),
            Some(Flaw::Control(control)) => {
                self.fault(FaultKind::ControlCharacter, at, None, format!("{:?} holds the control character {control:?}.", entry.text));
            }
            Some(Flaw::Unterminated) => self.fault(FaultKind::Unterminated, at, None, format!("The log ends within {:?}.", entry.text)),
            // Bounds of the whole log are no flaw of a line.
            Some(Flaw::Bytes | Flaw::Lines) | None => {}
        }
        match &entry.line {
            Line::Marker(marker) => {
                if marker.kind == MarkerKind::Service {
                    self.service_line(entry);
                }
                self.marker(entry.number, marker);
            }
            Line::Undeclared { prefix, form } => {
                let near = form.as_ref().map(|form| format!(" The nearest form is {form:?}.")).unwrap_or_default();
                self.fault(
                    FaultKind::Undeclared,
                    at,
                    None,
                    format!("{:?} starts with {prefix:?}, but is no declared marker.{near}", entry.text),
                );
            }
            Line::Embedded { inside } => self.fault(FaultKind::Embedded, at, None, format!("{:?} holds {inside:?} inside.", entry.text)),
            Line::Other => {}
        }
    }

    fn marker(&mut self, line: usize, marker: &Marker) {
        let key = Grammar::key(marker);
        let at = Some(line);
        match self.plan.iter().position(|planned| *planned == key) {
            Some(_) if self.seen.iter().any(|seen| seen.key == key) => {
                self.fault(FaultKind::Duplicate, at, Some(&key), format!("`{key}` came before already."));
            }
            Some(place) => {
                if let Some(before) = self.furthest.filter(|furthest| *furthest > place) {
                    let other = self.plan.get(before).cloned().unwrap_or_default();
                    self.fault(
                        FaultKind::OutOfOrder,
                        at,
                        Some(&key),
                        format!("`{key}` comes after `{other}`, which the plan puts behind it."),
                    );
                }
                self.furthest = self.furthest.max(Some(place));
            }
            None => {
                let allowed = self.trial.profile.allowed.iter().any(|allowed| allowed.value == key || allowed.value == marker.name);
                // What is a fault by itself is named once, as that.
                if !allowed && !matches!(marker.kind, MarkerKind::SelftestFail | MarkerKind::Fault) {
                    self.fault(
                        FaultKind::Unplanned,
                        at,
                        None,
                        format!("`{key}` is not in the profile `{}`.", self.trial.profile.name.value),
                    );
                }
            }
        }
        self.claim(line, &key, marker);
        self.seen.push(Seen { line, key });
    }

    /// What the marker claims.
    fn claim(&mut self, line: usize, key: &str, marker: &Marker) {
        let at = Some(line);
        match marker.kind {
            MarkerKind::Progress => {
                if let Some(protocol) = marker.integer("protocol").filter(|protocol| *protocol != u64::from(spec::mailbox::PROTOCOL)) {
                    let expected = spec::mailbox::PROTOCOL;
                    self.fault(
                        FaultKind::WrongProtocol,
                        at,
                        Some(key),
                        format!("The guest speaks version {protocol} of the mailbox, not {expected}."),
                    );
                }
            }
            MarkerKind::Ready => {
                if let Some(challenge) =
                    self.trial.challenge.filter(|challenge| marker.text("challenge") != Some(challenge.echo().as_str()))
                {
                    let expected = challenge.echo();
                    self.fault(
                        FaultKind::WrongChallenge,
                        at,
                        Some(key),
                        format!("The guest is ready for another challenge; {expected} was expected."),
                    );
                }
            }
            // Compared with the model's line as a whole.
            MarkerKind::Service => {}
            MarkerKind::Answer => {
                let part = marker.text("part").unwrap_or_default();
                if self.answer(line, key, part, marker) {
                    self.answered.insert(part.to_owned());
                }
            }
            MarkerKind::Claim => {
                let part = marker.part.clone().unwrap_or_default();
                self.claim_ok(line, key, &part);
                if self.trial.answers.is_some() && !self.answered.contains(&part) {
                    self.fault(FaultKind::Unanswered, at, Some(key), format!("No right answer of `{part}` stands before its claim."));
                }
            }
            MarkerKind::SelftestOk => {
                let contract = marker.text("contract").unwrap_or_default();
                self.claim_ok(line, key, contract);
                self.answer(line, key, contract, marker);
            }
            MarkerKind::SelftestFail => {
                let contract = marker.text("contract").unwrap_or_default();
                let about = format!("selftest_ok:{contract}");
                let reason = marker.text("reason").unwrap_or("unknown");
                self.failed.insert(contract.to_owned());
                self.fault(FaultKind::SelftestFailed, at, Some(&about), format!("The selftest of `{contract}` failed: {reason}."));
                if self.ok.contains(contract) {
                    self.fault(FaultKind::Contradicted, at, Some(&about), format!("`{contract}` was claimed ok before, and failed here."));
                }
            }
            MarkerKind::Placeholder => {
                let part = marker.text("part").unwrap_or_default();
                self.stubs.insert(part.to_owned());
                if self.ok.contains(part) {
                    let about = format!("selftest_ok:{part}");
                    self.fault(
                        FaultKind::OkBesidePlaceholder,
                        at,
                        Some(&about),
                        format!("`{part}` was claimed ok, and is declared a stub here."),
                    );
                }
            }
            MarkerKind::Fault => self.fault(FaultKind::GuestFault, at, None, format!("The guest reported a {}.", marker.name)),
            MarkerKind::Done => {
                self.done.get_or_insert(line);
                let planned = self.plan.iter().filter(|key| self.grammar.is_selftest(key)).count() as u64;
                if let Some(counted) = marker.integer("selftests").filter(|counted| *counted != planned) {
                    self.fault(
                        FaultKind::WrongTotal,
                        at,
                        Some(key),
                        format!("The guest counts {counted} selftests; the plan has {planned}."),
                    );
                }
            }
        }
    }

    /// The part is claimed ok.
    fn claim_ok(&mut self, line: usize, key: &str, part: &str) {
        self.ok.insert(part.to_owned());
        if self.failed.contains(part) {
            self.fault(FaultKind::Contradicted, Some(line), Some(key), format!("`{part}` failed before, and is claimed ok here."));
        }
        if self.stubs.contains(part) {
            let what = format!("`{part}` was declared a stub, and is claimed ok here.");
            self.fault(FaultKind::OkBesidePlaceholder, Some(line), Some(key), what);
        }
    }

    /// A line of a service, which must be the model's next one. After the first that is not, nothing can be compared.
    fn service_line(&mut self, entry: &Entry) {
        let Some(lines) = self.trial.lines.filter(|_| !self.strayed) else { return };
        let expected = lines.get(self.heard);
        self.heard += 1;
        if expected != Some(&entry.text) {
            self.strayed = true;
            let expected = expected.map_or("no further line of a service".to_owned(), |expected| format!("{expected:?}"));
            self.fault(FaultKind::WrongLine, Some(entry.number), None, format!("{:?} came where the model gives {expected}.", entry.text));
        }
    }

    /// Gives whether the answer is right, as far as that is known.
    fn answer(&mut self, line: usize, key: &str, contract: &str, marker: &Marker) -> bool {
        let Some(answers) = self.trial.answers else { return false };
        let Some(right) = answers.get(contract) else {
            self.fault(FaultKind::NoAnswer, Some(line), Some(key), format!("No right answer is known for `{contract}`."));
            return false;
        };
        let (cases, digest) = (marker.integer("cases"), marker.text("digest"));
        if cases != Some(right.cases) {
            let what = format!("`{contract}` ran {} cases; the challenge gives {}.", cases.unwrap_or_default(), right.cases);
            self.fault(FaultKind::WrongCases, Some(line), Some(key), what);
        }
        if digest != Some(right.digest.as_str()) {
            let what = format!("The digest of `{contract}` is {}; the right one is {}.", digest.unwrap_or_default(), right.digest);
            self.fault(FaultKind::WrongDigest, Some(line), Some(key), what);
        }
        cases == Some(right.cases) && digest == Some(right.digest.as_str())
    }

    /// What only the whole run shows.
    fn whole(&mut self) {
        let bounds = self.grammar.bounds();
        match self.trial.log.excess {
            Some(Flaw::Bytes) => self.fault(FaultKind::Flood, None, None, format!("The log has more than {} bytes.", bounds.log_bytes_max)),
            Some(_) => self.fault(FaultKind::Flood, None, None, format!("The log has more than {} lines.", bounds.lines_max)),
            None => {}
        }
        if self.trial.log.bytes == 0 {
            self.fault(FaultKind::Silent, None, None, "The guest printed nothing.");
        }
        self.missing();
        if let Some(next) = self.trial.lines.filter(|_| !self.strayed).and_then(|lines| lines.get(self.heard)) {
            self.fault(FaultKind::MissingLine, None, None, format!("After {} lines of services {next:?} is missing.", self.heard));
        }
        if self.trial.timed_out {
            self.fault(FaultKind::TimedOut, None, None, "The run was ended for its time.");
        }
        match self.trial.exit {
            Exit::Code(0) | Exit::Stopped | Exit::Unknown => {}
            Exit::Code(code) => self.fault(FaultKind::ExitCode, None, None, format!("The machine ended with code {code}.")),
            Exit::Signal(signal) => self.fault(FaultKind::Killed, None, None, format!("QEMU was killed by signal {signal}.")),
        }
        let ends_by_itself = self.plan.iter().any(|key| self.grammar.kind(key) == Some(MarkerKind::Done));
        if matches!(self.trial.exit, Exit::Code(_) | Exit::Signal(_)) && ends_by_itself && self.done.is_none() {
            self.fault(FaultKind::ExitBeforeDone, None, None, "The machine ended before the guest was done.");
        }
    }

    fn missing(&mut self) {
        let absent: Vec<usize> =
            (0..self.plan.len()).filter(|place| !self.seen.iter().any(|seen| Some(&seen.key) == self.plan.get(*place))).collect();
        let name = |place: &usize| self.plan.get(*place).cloned().unwrap_or_default();
        let names: Vec<String> = absent.iter().map(name).collect();
        let tail = absent.first().is_some_and(|first| self.plan.len() - first == absent.len());
        let work = names.iter().any(|key| self.grammar.kind(key) != Some(MarkerKind::Done));
        if tail && work {
            let last = self.furthest.as_ref().map_or("nothing".to_owned(), |place| format!("`{}`", name(place)));
            self.fault(
                FaultKind::Truncated,
                None,
                names.first().map(String::as_str),
                format!("After {last} the plan's {} are missing.", names.join(", ")),
            );
        } else {
            for key in names {
                self.fault(FaultKind::Missing, None, Some(&key), format!("`{key}` is missing."));
            }
        }
    }
}
