//! The contract `capability-audit`: the audit log and the privacy indicators.

use crate::capabilities::{CAPABILITIES, SUBJECTS, ServiceId};
pub use crate::generated::capability_audit::*;
use crate::machine::shorter;
use crate::policy::Reason;
use crate::{Case, Contract, Entropy, ErrorCode, entropy};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `capability-audit`.
#[derive(Clone, Debug)]
pub struct CapabilityAudit;

/// The configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Records that the log keeps, 1 to [`AUDIT_RECORDS_MAX`]; tests ask for few to see them dropped.
    pub records: u32,
    /// Indicator events that the log keeps, 1 to [`AUDIT_EVENTS_MAX`].
    pub events: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self { records: AUDIT_RECORDS_MAX, events: AUDIT_EVENTS_MAX }
    }
}

/// Operations of the contract `capability-audit`. Times are in nanoseconds, of any clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Writes what was decided.
    Decide {
        /// When.
        timestamp_ns: u64,
        /// Who asked, by the transport.
        sender: ServiceId,
        /// Who the payload said that it was.
        claimed: Option<ServiceId>,
        /// What was asked for.
        action: String,
        /// What it was about.
        target: String,
        /// Why it was denied; nothing where it was allowed.
        denied: Option<Reason>,
    },
    /// A subject begins to use a sensitive capability.
    BeginCapture {
        /// When.
        timestamp_ns: u64,
        /// The subject.
        subject: ServiceId,
        /// The capability's name.
        capability: String,
    },
    /// Content goes to a subject.
    Deliver {
        /// The subject.
        subject: ServiceId,
        /// The capability's name.
        capability: String,
        /// The samples or pixels.
        #[serde(with = "crate::compact::octets")]
        content: Vec<u8>,
    },
    /// The use ends.
    EndCapture {
        /// When.
        timestamp_ns: u64,
        /// The subject.
        subject: ServiceId,
        /// The capability's name.
        capability: String,
    },
    /// A kill switch is put on or taken off.
    KillSwitch {
        /// When.
        timestamp_ns: u64,
        /// Who asks, by the transport.
        sender: ServiceId,
        /// The capability's name.
        capability: String,
        /// Whether it is put on.
        on: bool,
    },
    /// One page of the records from this number on.
    Records(u64),
    /// One page of the indicator events from this number on.
    Events(u64),
    /// Every indicator.
    Indicators,
}

/// Observations of the contract `capability-audit`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// Done.
    Done,
    /// Delivered, with this number of the sequence.
    Delivered(u64),
    /// Records.
    Records {
        /// How many were dropped in all.
        dropped: u64,
        /// One page, oldest first.
        records: Vec<Record>,
    },
    /// Indicator events.
    Events {
        /// How many were dropped in all.
        dropped: u64,
        /// One page, oldest first.
        events: Vec<Event>,
    },
    /// Every indicator, in the catalogue's order.
    Indicators(Vec<Indicator>),
    /// Rejected with this code.
    Rejected(ErrorCode),
}

/// An audit record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Its number of the sequence.
    pub sequence: u64,
    /// When.
    pub timestamp_ns: u64,
    /// Who, by the transport.
    pub subject_id: ServiceId,
    /// What was asked for, of at most [`AUDIT_ACTION_BYTES_MAX`] bytes.
    pub action: String,
    /// What it was about, of at most [`AUDIT_TARGET_BYTES_MAX`] bytes.
    pub target: String,
    /// 1 allowed, 0 denied.
    pub decision: u8,
    /// One of `AUDIT_REASON_…`.
    pub reason: u16,
}

/// An event of an indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Its number of the sequence.
    pub sequence: u64,
    /// When.
    pub timestamp_ns: u64,
    /// The capability's name.
    pub capability: String,
    /// The subject.
    pub subject_id: ServiceId,
    /// What happened.
    pub change: Change,
}

/// What happened to an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is on for this subject.
    On,
    /// It is off for this subject.
    Off {
        /// Deliveries since it was on.
        deliveries: u64,
        /// The number of the last one.
        last: Option<u64>,
    },
}

/// An indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// The capability's name.
    pub capability: String,
    /// Who uses it, in the order in which they began; it is on exactly where there are any.
    pub subjects: Vec<ServiceId>,
    /// Whether the kill switch is on.
    pub killed: bool,
}

impl Contract for CapabilityAudit {
    const NAME: &'static str = "capability-audit";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        let mut size = |max: u32| match source.below(16) {
            0 => entropy::pick(source, [0, max, max + 1, u32::MAX]),
            1..=3 => max,
            _ => source.between(1, 6) as u32,
        };
        let config = Config { records: size(AUDIT_RECORDS_MAX), events: size(AUDIT_EVENTS_MAX) };
        let mut scene = Scene::new(source);
        Case { config, ops: (0..ops).map(|_| scene.op(source)).collect() }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        match op {
            Op::Decide { timestamp_ns, sender, claimed, action, target, denied } => {
                let decide = |claimed: &Option<ServiceId>, action: &str, target: &str| Op::Decide {
                    timestamp_ns: *timestamp_ns,
                    sender: *sender,
                    claimed: *claimed,
                    action: action.to_owned(),
                    target: target.to_owned(),
                    denied: *denied,
                };
                if claimed.is_some() {
                    out.push(decide(&None, action, target));
                }
                for text in halves(action) {
                    out.push(decide(claimed, text, target));
                }
                for text in halves(target) {
                    out.push(decide(claimed, action, text));
                }
            }
            Op::Deliver { subject, capability, content } => {
                shorter(content, |content| out.push(Op::Deliver { subject: *subject, capability: capability.clone(), content }));
            }
            Op::Records(from) if *from > 0 => out.extend([Op::Records(0), Op::Records(from / 2)]),
            Op::Events(from) if *from > 0 => out.extend([Op::Events(0), Op::Events(from / 2)]),
            _ => {}
        }
    }
}

/// The empty text, and a text without its second half, its last and its first character.
fn halves(text: &str) -> impl Iterator<Item = &str> {
    let middle = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let last = text.char_indices().next_back().map_or(0, |(at, _)| at);
    let first = text.chars().next().map_or(0, char::len_utf8);
    [&text[..0], &text[..middle], &text[..last], &text[first..]].into_iter().filter(move |shorter| shorter.len() < text.len())
}

/// A few subjects and capabilities that a case keeps coming back to, and a clock that now and then goes back.
struct Scene {
    subjects: [u64; 3],
    capabilities: [usize; 2],
    clock: u64,
}

impl Scene {
    fn new(source: &mut dyn Entropy) -> Self {
        let mut id = || SUBJECTS[source.below(SUBJECTS.len() as u64) as usize].id;
        let subjects = [id(), id(), id()];
        let mut sensitive = || {
            let nth = source.below(4) as usize;
            CAPABILITIES.iter().enumerate().filter(|(_, entry)| entry.sensitive).nth(nth).map_or(0, |(at, _)| at)
        };
        Self { subjects, capabilities: [sensitive(), sensitive()], clock: 1_000_000 }
    }

    fn op(&mut self, source: &mut dyn Entropy) -> Op {
        let timestamp_ns = self.tick(source);
        let subject = self.subject(source);
        match source.below(24) {
            0..=5 => {
                let denied = (!source.one_in(3)).then(|| entropy::pick(source, Reason::ALL));
                let claimed = (source.one_in(3) || denied == Some(Reason::Identity)).then(|| self.subject(source));
                let claimed = claimed.filter(|_| !source.one_in(6));
                let action = text(source, &["audiod.set_level", "audiod.open_stream", "audio.record", "mediasessd.publish"], 32);
                let target = text(source, &["state:/audio/out.wav", "audio.level.set", "", "pkg://fixtures/audio/a.wav"], 64);
                Op::Decide { timestamp_ns, sender: subject, claimed, action, target, denied }
            }
            6..=9 => Op::BeginCapture { timestamp_ns, subject, capability: self.capability(source) },
            10..=13 => {
                let content = (0..source.below(12)).map(|_| source.bits() as u8).collect();
                Op::Deliver { subject, capability: self.capability(source), content }
            }
            14..=16 => Op::EndCapture { timestamp_ns, subject, capability: self.capability(source) },
            17 => {
                let owner = SUBJECTS.iter().find(|entry| entry.name == AUDIT_SWITCH_OWNER).map_or(subject, |entry| ServiceId(entry.id));
                let sender = if source.one_in(3) { subject } else { owner };
                Op::KillSwitch { timestamp_ns, sender, capability: self.capability(source), on: source.one_in(2) }
            }
            18..=19 => Op::Records(from(source)),
            20..=21 => Op::Events(from(source)),
            _ => Op::Indicators,
        }
    }

    fn tick(&mut self, source: &mut dyn Entropy) -> u64 {
        self.clock = match source.below(16) {
            0 => source.bits(),
            1 => self.clock.saturating_sub(7),
            _ => self.clock.wrapping_add(source.below(20_000_000)),
        };
        self.clock
    }

    fn subject(&self, source: &mut dyn Entropy) -> ServiceId {
        ServiceId(if source.one_in(16) { source.bits() } else { entropy::pick(source, self.subjects) })
    }

    fn capability(&self, source: &mut dyn Entropy) -> String {
        match source.below(24) {
            0 => entropy::pick(source, ["", "audio", "audio.level.set", "Camera", "camera ", "screen.capture"]).to_owned(),
            _ => CAPABILITIES[entropy::pick(source, self.capabilities)].name.to_owned(),
        }
    }
}

fn from(source: &mut dyn Entropy) -> u64 {
    match source.below(4) {
        0 => source.below(24),
        1 => entropy::pick(source, [1, 2, u64::MAX, 1 << 40]),
        _ => 0,
    }
}

/// An ordinary text, or one near a bound, or one with bytes that are no printable ASCII.
fn text(source: &mut dyn Entropy, ordinary: &[&str], bound: i64) -> String {
    match source.below(6) {
        0 => {
            let length = source.between(bound - 3, bound + 4);
            (0..length).map(|at| (b'a' + (at % 26) as u8) as char).collect()
        }
        1 => {
            let length = if source.one_in(2) { source.below(12) } else { source.below(130) };
            (0..length)
                .map(|_| entropy::pick(source, ['a', '.', '~', '?', ' ', '\n', '\u{0}', '\u{7f}', '\u{e9}', '\u{1f512}', '7']))
                .collect()
        }
        _ => ordinary[source.below(ordinary.len() as u64) as usize].to_owned(),
    }
}
