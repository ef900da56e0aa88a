//! Random cases, drawn by proptest's generator, compared with the model in batches.

use super::answers::{Answers, Remembering};
use super::session::{Counts, FINDINGS_MAX, Session};
use crate::check::{Answer, check_and_go_on, steps};
use crate::drivers::Driver;
use crate::suite::Suite;
use proptest::prelude::Rng;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use spec::{Case, Contract, Entropy, SplitMix64};
use spec_files::EvidenceKind;
use std::marker::PhantomData;
use std::sync::Arc;

/// Cases that are compared in one batch.
pub const BATCH: u32 = 64;

/// A proptest strategy for the cases of a contract, for the engine here and for anyone's own `proptest!` tests.
#[derive(Clone, Debug)]
pub struct Cases<C> {
    ops: usize,
    contract: PhantomData<fn() -> C>,
}

impl<C: Contract> Cases<C> {
    /// Cases of at most so many operations.
    pub fn up_to(ops: usize) -> Self {
        Self { ops, contract: PhantomData }
    }
}

struct RunnerEntropy<'a>(&'a mut TestRng);

impl Entropy for RunnerEntropy<'_> {
    fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }
}

impl<C: Contract> Strategy for Cases<C> {
    type Tree = CaseTree<C>;
    type Value = Case<C>;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        Ok(CaseTree { current: C::draw(&mut RunnerEntropy(runner.rng()), self.ops), before: None, candidates: None })
    }
}

/// A drawn case and the simpler ones that are still to be tried.
#[derive(Clone, Debug)]
pub struct CaseTree<C: Contract> {
    current: Case<C>,
    before: Option<Case<C>>,
    candidates: Option<std::vec::IntoIter<Case<C>>>,
}

impl<C: Contract> CaseTree<C> {
    fn next_candidate(&mut self) -> bool {
        let Some(next) = self.candidates.as_mut().and_then(Iterator::next) else {
            return false;
        };
        self.before = Some(std::mem::replace(&mut self.current, next));
        true
    }
}

impl<C: Contract> ValueTree for CaseTree<C> {
    type Value = Case<C>;

    fn current(&self) -> Case<C> {
        self.current.clone()
    }

    fn simplify(&mut self) -> bool {
        let case = &self.current;
        let mut candidates: Vec<Case<C>> = Vec::new();
        let mut run = case.ops.len().div_ceil(2);
        while run > 0 {
            for start in (0..case.ops.len()).step_by(run) {
                let mut fewer = case.clone();
                fewer.ops.drain(start..(start + run).min(case.ops.len()));
                candidates.push(fewer);
            }
            run /= 2;
        }
        let mut configs = Vec::new();
        C::simplify_config(&case.config, &mut configs);
        candidates.extend(configs.into_iter().map(|config| Case { config, ops: case.ops.clone() }));
        for (index, op) in case.ops.iter().enumerate() {
            let mut simpler = Vec::new();
            C::simplify(op, &mut simpler);
            candidates.extend(simpler.into_iter().map(|op| {
                let mut plainer = case.clone();
                plainer.ops[index] = op;
                plainer
            }));
        }
        self.candidates = Some(candidates.into_iter());
        self.next_candidate()
    }

    fn complicate(&mut self) -> bool {
        match self.before.take() {
            Some(before) => {
                self.current = before;
                self.next_candidate()
            }
            None => false,
        }
    }
}

/// The case of that index of a seed: the same whatever the number of shards.
pub fn nth_case<C: Contract>(seed: u64, index: u32, ops: usize) -> Case<C> {
    let mut mix = SplitMix64::new(seed ^ u64::from(index).wrapping_mul(0xd6e8_feb8_6659_fd93));
    let mut bytes = [0_u8; 32];
    for (chunk, salt) in bytes.chunks_mut(8).zip(C::NAME.bytes().cycle()) {
        chunk.copy_from_slice(&(mix.bits() ^ u64::from(salt)).to_le_bytes());
    }
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    match Cases::<C>::up_to(ops).new_tree(&mut runner) {
        Ok(tree) => tree.current,
        Err(_) => Case { config: C::Config::default(), ops: Vec::new() },
    }
}

/// Runs the engine on one contract.
pub fn run<C: Suite>(session: &mut Session<'_>, driver: &Driver) {
    let check = if matches!(driver, Driver::Portable) { "random cases, portable arithmetic" } else { "random cases" };
    let options = session.options;
    let (shard, shards) = options.shard;
    let mut counts = Counts::default();
    let mut machines = match (Driver::Model.machine::<C>(), driver.machine::<C>()) {
        (Ok(left), Ok(right)) => (left, right),
        (_, Err(failure)) | (Err(failure), _) => {
            super::golden::failed_to_open::<C>(session, EvidenceKind::Property, check, &failure);
            return;
        }
    };
    // The other drivers of the run come to the same cases, but for a second look with other arithmetic.
    let answers = if matches!(driver, Driver::Portable) { &Answers::new(1, 0) } else { &Arc::clone(&session.answers) };
    let (most, stride) = (options.cases, shards * BATCH);
    let draw = |from: u32| {
        let to = from.saturating_add(stride);
        let indexes = || (from..to.min(most)).step_by(shards as usize);
        answers.batch(from, to, || indexes().map(|index| nth_case::<C>(options.seed, index, options.ops)).collect::<Vec<_>>())
    };
    let mut found = 0;
    let mut from = shard;
    let mut batch = draw(from);
    machines.1.ahead(batch.cases());
    while !batch.cases().is_empty() && found < FINDINGS_MAX {
        from = from.saturating_add(stride);
        let next = draw(from);
        let mut rest = batch.cases();
        while !rest.is_empty() && found < FINDINGS_MAX {
            let mut model = Remembering { model: &mut *machines.0, batch: &batch };
            match check_and_go_on(&mut model, &mut *machines.1, rest, next.cases()) {
                Ok(traces) => {
                    for (case, trace) in rest.iter().zip(&traces) {
                        session.steps += steps(trace);
                        counts.touch(case, trace);
                    }
                    session.cases += rest.len() as u64;
                    break;
                }
                Err(divergence) => {
                    let position = rest.iter().position(|case| *case == divergence.case).unwrap_or(0);
                    rest = &rest[position + 1..];
                    // What was sent ahead is not what is asked now.
                    machines.1.ahead(rest);
                    if let Answer::Failed(failure) = &divergence.got
                        && session.lacks(C::NAME, failure)
                    {
                        continue;
                    }
                    found += 1;
                    session.diverged(driver, EvidenceKind::Property, check, *divergence, Some(options.seed));
                }
            }
        }
        session.progress.inc(batch.cases().len() as u64);
        batch = next;
    }
    session.passed(EvidenceKind::Property, check, counts.0, "");
}
