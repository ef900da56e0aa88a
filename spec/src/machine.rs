//! One trait for everything that can be asked a contract's operations.

use crate::{Entropy, ErrorCode};
use alloc::{string::String, vec::Vec};
use core::fmt::{self, Debug};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A contract: its configuration, its operations, its observations, and how cases of it are drawn and simplified.
pub trait Contract: Sized + Clone + Debug + 'static {
    /// The name, the same in every room of the house.
    const NAME: &'static str;
    /// What a machine is reset with.
    type Config: Clone + Debug + Default + PartialEq + Serialize + DeserializeOwned + Send + Sync;
    /// What a machine is asked.
    type Op: Clone + Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync;
    /// What a machine answers.
    type Obs: Clone + Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync;

    /// Draws a case of at most `ops` operations: mostly meaningful sequences, with every bound met from both sides now and then.
    fn draw(entropy: &mut dyn Entropy, ops: usize) -> Case<Self>;

    /// Adds simpler variants of `op` to `out`, the simplest first; each must be strictly simpler, so that shrinking ends.
    fn simplify(op: &Self::Op, out: &mut Vec<Self::Op>);

    /// Adds simpler variants of the configuration.
    fn simplify_config(_config: &Self::Config, _out: &mut Vec<Self::Config>) {}

    /// The optional parts that a configuration needs of a machine, such as one clip curve of several.
    fn needs(_config: &Self::Config) -> Option<&'static str> {
        None
    }

    /// All optional parts; a machine says which of them it has.
    const PARTS: &'static [&'static str] = &[];
}

/// A configuration and a sequence of operations.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "", deny_unknown_fields)]
pub struct Case<C: Contract> {
    /// What the machine is reset with.
    #[serde(default)]
    pub config: C::Config,
    /// What it is asked.
    pub ops: Vec<C::Op>,
}

// Not derived: a derived comparison would ask the contract itself to be comparable.
impl<C: Contract> PartialEq for Case<C> {
    fn eq(&self, other: &Self) -> bool {
        self.config == other.config && self.ops == other.ops
    }
}

/// What a machine answered to a case.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "", deny_unknown_fields)]
pub struct Trace<C: Contract> {
    /// The error of the reset, if the configuration was rejected; then no operation was asked.
    pub rejected: Option<ErrorCode>,
    /// One observation for each operation.
    pub obs: Vec<C::Obs>,
}

impl<C: Contract> PartialEq for Trace<C> {
    fn eq(&self, other: &Self) -> bool {
        self.rejected == other.rejected && self.obs == other.obs
    }
}

/// A machine that can be asked a contract's operations.
///
/// What the contract rejects is an observation. A [`Failure`] is the machine's own: it died, hung or broke its protocol.
pub trait Machine<C: Contract> {
    /// Starts afresh. `Ok(Err(code))` is a configuration that the contract rejects; nothing may be asked then.
    ///
    /// # Errors
    /// The machine's own failure.
    fn reset(&mut self, config: &C::Config) -> Result<Result<(), ErrorCode>, Failure>;

    /// Asks one operation.
    ///
    /// # Errors
    /// The machine's own failure.
    fn step(&mut self, op: &C::Op) -> Result<C::Obs, Failure>;

    /// Asks a batch; machines that pay for each round trip override it.
    ///
    /// # Errors
    /// The machine's own failure.
    fn run(&mut self, ops: &[C::Op]) -> Result<Vec<C::Obs>, Failure> {
        ops.iter().map(|op| self.step(op)).collect()
    }

    /// Says which cases [`run_cases`](Self::run_cases) will be asked next, and nothing else before them, so that a machine
    /// elsewhere can begin.
    fn ahead(&mut self, _cases: &[Case<C>]) {}

    /// Asks whole cases, each from a reset; machines that pay for each round trip override it.
    ///
    /// # Errors
    /// The machine's own failure.
    fn run_cases(&mut self, cases: &[Case<C>]) -> Result<Vec<Trace<C>>, Failure> {
        cases.iter().map(|case| self.run_case(case)).collect()
    }

    /// Asks one whole case, from a reset.
    ///
    /// # Errors
    /// The machine's own failure.
    fn run_case(&mut self, case: &Case<C>) -> Result<Trace<C>, Failure> {
        Ok(match self.reset(&case.config)? {
            Err(code) => Trace { rejected: Some(code), obs: Vec::new() },
            Ok(()) => Trace { rejected: None, obs: self.run(&case.ops)? },
        })
    }
}

/// How a machine failed as a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// It lacks the contract or an optional part. Reported as not supported, never as passed.
    Unsupported,
    /// It could not be started.
    NotStarted,
    /// It did not answer in time.
    Hung,
    /// It ended.
    Died,
    /// Its answer can't be understood.
    Garbage,
    /// It wrote more than it may.
    Flooded,
    /// It answered before it was asked.
    Early,
    /// It reported a fault of its own, such as a panic.
    Faulted,
}

/// A machine's own failure: a verdict about the machine, never a crash of the harness.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// How it failed.
    pub kind: FailureKind,
    /// What was seen, bounded by whoever reports it.
    pub detail: String,
}

impl Failure {
    /// A failure of that kind.
    pub fn new(kind: FailureKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            FailureKind::Unsupported => "does not support this",
            FailureKind::NotStarted => "could not be started",
            FailureKind::Hung => "did not answer in time",
            FailureKind::Died => "ended early",
            FailureKind::Garbage => "answered what can't be understood",
            FailureKind::Flooded => "wrote more than it may",
            FailureKind::Early => "answered before it was asked",
            FailureKind::Faulted => "reported a fault of its own",
        };
        write!(f, "{kind}: {}", self.detail)
    }
}

impl core::error::Error for Failure {}

/// Gives the caller shorter and plainer versions of a list, the shortest first: its halves, it without one element, its zeros.
pub(crate) fn shorter<T: Clone + Default + PartialEq>(list: &[T], mut give: impl FnMut(Vec<T>)) {
    let len = list.len();
    if len == 0 {
        return;
    }
    give(Vec::new());
    if len > 1 {
        give(list[..len / 2].to_vec());
        give(list[len / 2..].to_vec());
        // Frames come in four bytes or in pairs of samples, which are the steps below the halves.
        if len > 4 {
            give(list[..len - 4].to_vec());
            give(list[4..].to_vec());
        }
        if len > 2 {
            give(list[..len - 2].to_vec());
            give(list[2..].to_vec());
        }
        give(list[..len - 1].to_vec());
    }
    if list.iter().any(|item| *item != T::default()) {
        give(alloc::vec![T::default(); len]);
        if len <= 64 {
            for (index, item) in list.iter().enumerate() {
                if *item != T::default() {
                    let mut plainer = list.to_vec();
                    plainer[index] = T::default();
                    give(plainer);
                }
            }
        }
    }
}
