//! What a contract brings to the harness, beside its model and its implementation.

use model::Modelled;
use serde::{Deserialize, Serialize};
use spec::{Case, Contract, Entropy, ErrorCode, Failure, Machine};
use sut::Implemented;

/// A contract's checks.
pub trait Suite: Contract + Modelled + Implemented {
    /// The requirements that random cases can touch.
    const PROPERTY: &'static [&'static str];

    /// Adds to `out` the requirements that each step of the case exercises, by the right answers: `out(step, id)`. Step `None`
    /// is the reset. Within a step the most telling requirement comes first, because a divergence there is blamed on it.
    fn touched(case: &Case<Self>, rejected: Option<ErrorCode>, expected: &[Self::Obs], out: &mut dyn FnMut(Option<usize>, &'static str));

    /// Laws that hold without asking the model.
    fn laws() -> Vec<Law<Self>>;

    /// Small domains, every value of them.
    fn domains() -> Vec<Domain<Self>>;

    /// Machines that each violate one requirement; every one must be caught.
    fn violations() -> Vec<Violation<Self>>;

    /// The cases whose traces are recorded.
    fn goldens() -> Vec<GoldenCase<Self>>;

    /// The interleaved stereo PCM of an observation, where it has one, for pictures of a difference.
    fn pcm(_obs: &Self::Obs) -> Option<&[i16]> {
        None
    }
}

/// How a law turned out on one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// It held, over so many steps.
    Yes(u64),
    /// It was broken, and how.
    No(String),
    /// The case says nothing about it.
    NotApplicable,
}

/// A law: a statement about every right machine, checked without the model's answer.
pub struct Law<C: Contract> {
    /// Name, in snake case.
    pub name: &'static str,
    /// The requirements that it carries.
    pub requirements: &'static [&'static str],
    /// Draws a case to try it on.
    pub draw: fn(&mut dyn Entropy) -> Case<C>,
    /// Tries it; an `Err` is the machine's own failure.
    pub holds: fn(&mut dyn Machine<C>, &Case<C>) -> Result<Held, Failure>,
}

/// How large a domain a driver is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Every value.
    Whole,
    /// Every value of each coordinate, with the corners of the others: for drivers that pay for every byte.
    Corners,
}

/// Cases, each with the number of values that it holds.
pub type Counted<C> = Box<dyn Iterator<Item = (Case<C>, u64)> + Send>;

/// A small domain, walked from end to end.
pub struct Domain<C: Contract> {
    /// Name, in snake case.
    pub name: &'static str,
    /// The requirements that it carries.
    pub requirements: &'static [&'static str],
    /// What the domain is, for reports, by extent.
    pub describe: fn(Extent) -> String,
    /// The cases that cover it, and how many values each holds. Made one by one, since all of them may not fit in memory.
    pub cases: fn(Extent) -> Counted<C>,
}

/// A machine that violates one requirement.
pub struct Violation<C: Contract> {
    /// The requirement.
    pub requirement: &'static str,
    /// What it does wrong, as the end of a sentence that starts with "the answers equal those of a machine that".
    pub what: &'static str,
    /// Makes it.
    pub machine: fn() -> Box<dyn Machine<C>>,
}

/// A violation of a requirement, by a machine that does what the end of a sentence says.
pub const fn violation<C: Contract>(requirement: &'static str, what: &'static str, machine: fn() -> Box<dyn Machine<C>>) -> Violation<C> {
    Violation { requirement, what, machine }
}

/// A case that is recorded with the model's trace.
pub struct GoldenCase<C: Contract> {
    /// File name without its ending.
    pub name: &'static str,
    /// What a reviewer should see in it.
    pub doc: &'static str,
    /// The case.
    pub case: Case<C>,
}

/// A recorded step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "", deny_unknown_fields)]
pub struct Step<C: Contract> {
    /// What was asked.
    pub op: C::Op,
    /// What the model answered.
    pub obs: C::Obs,
}

/// A model whose observations are tampered with. `S` is what the tampering remembers from one reset to the next.
pub struct Tampered<C: Contract, S> {
    inner: Box<dyn Machine<C>>,
    state: S,
    config: fn(&C::Config) -> C::Config,
    tamper: fn(&mut S, &C::Op, C::Obs) -> C::Obs,
}

/// A machine that answers as the model, but for what `tamper` does to each observation.
pub fn tampered<C: Suite, S: Default + 'static>(tamper: fn(&mut S, &C::Op, C::Obs) -> C::Obs) -> Box<dyn Machine<C>> {
    Box::new(Tampered { inner: C::model(), state: S::default(), config: C::Config::clone, tamper })
}

/// A machine that answers as the model would to another configuration.
pub fn misconfigured<C: Suite>(config: fn(&C::Config) -> C::Config) -> Box<dyn Machine<C>> {
    Box::new(Tampered { inner: C::model(), state: (), config, tamper: |(), _, obs| obs })
}

impl<C: Contract, S: Default> Machine<C> for Tampered<C, S> {
    fn reset(&mut self, config: &C::Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.state = S::default();
        self.inner.reset(&(self.config)(config))
    }

    fn step(&mut self, op: &C::Op) -> Result<C::Obs, Failure> {
        let obs = self.inner.step(op)?;
        Ok((self.tamper)(&mut self.state, op, obs))
    }
}

/// A machine that answers as the model would to other operations.
pub struct Misheard<C: Contract> {
    inner: Box<dyn Machine<C>>,
    mishear: fn(&C::Op) -> C::Op,
}

/// A machine that understands `mishear(op)` where `op` was asked.
pub fn misheard<C: Suite>(mishear: fn(&C::Op) -> C::Op) -> Box<dyn Machine<C>> {
    Box::new(Misheard { inner: C::model(), mishear })
}

impl<C: Contract> Machine<C> for Misheard<C> {
    fn reset(&mut self, config: &C::Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.inner.reset(config)
    }

    fn step(&mut self, op: &C::Op) -> Result<C::Obs, Failure> {
        self.inner.step(&(self.mishear)(op))
    }
}

/// What a meddling machine does with an operation, given the model and what it remembers since the reset.
pub type Meddle<C, S> = fn(&mut dyn Machine<C>, &mut S, &<C as Contract>::Op) -> Result<<C as Contract>::Obs, Failure>;

/// A model that is asked other things than it was asked.
pub struct Meddling<C: Contract, S> {
    inner: Box<dyn Machine<C>>,
    state: S,
    meddle: Meddle<C, S>,
}

/// A machine that asks the model whatever `meddle` asks it, and answers what `meddle` gives.
pub fn meddling<C: Suite, S: Default + 'static>(meddle: Meddle<C, S>) -> Box<dyn Machine<C>> {
    Box::new(Meddling { inner: C::model(), state: S::default(), meddle })
}

impl<C: Contract, S: Default> Machine<C> for Meddling<C, S> {
    fn reset(&mut self, config: &C::Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.state = S::default();
        self.inner.reset(config)
    }

    fn step(&mut self, op: &C::Op) -> Result<C::Obs, Failure> {
        (self.meddle)(&mut *self.inner, &mut self.state, op)
    }
}
