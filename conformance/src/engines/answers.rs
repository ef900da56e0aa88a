//! The model's answers to random cases, which every driver of a run compares with: the first that comes to a batch has it drawn and
//! answered, the last takes it away.

use spec::{Case, Contract, Failure, Machine, Trace};
use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A batch of cases and, once somebody needed them, the model's answers.
#[derive(Debug)]
pub struct Batch<C: Contract> {
    cases: OnceLock<Vec<Case<C>>>,
    traces: OnceLock<Result<Vec<Trace<C>>, Failure>>,
}

impl<C: Contract> Default for Batch<C> {
    fn default() -> Self {
        Self { cases: OnceLock::new(), traces: OnceLock::new() }
    }
}

impl<C: Contract> Batch<C> {
    /// The cases.
    pub fn cases(&self) -> &[Case<C>] {
        self.cases.get().map_or(&[], Vec::as_slice)
    }
}

/// A model that answers a whole batch once for all.
pub struct Remembering<'a, C: Contract> {
    /// The model.
    pub model: &'a mut dyn Machine<C>,
    /// The batch.
    pub batch: &'a Batch<C>,
}

impl<C: Contract> Machine<C> for Remembering<'_, C> {
    fn reset(&mut self, config: &C::Config) -> Result<Result<(), spec::ErrorCode>, Failure> {
        self.model.reset(config)
    }

    fn step(&mut self, op: &C::Op) -> Result<C::Obs, Failure> {
        self.model.step(op)
    }

    fn run_cases(&mut self, cases: &[Case<C>]) -> Result<Vec<Trace<C>>, Failure> {
        if cases.len() != self.batch.cases().len() {
            return self.model.run_cases(cases);
        }
        self.batch.traces.get_or_init(|| self.model.run_cases(cases)).clone()
    }
}

type Kept = (Arc<dyn Any + Send + Sync>, usize);

/// The batches that some driver still has before it.
#[derive(Debug)]
pub struct Answers {
    sharers: usize,
    most: u32,
    batches: Mutex<HashMap<(&'static str, u32), Kept>>,
}

impl Answers {
    /// For so many drivers that all come to the first so many cases of each contract.
    pub fn new(sharers: usize, most: u32) -> Arc<Self> {
        Arc::new(Self { sharers, most, batches: Mutex::default() })
    }

    /// The batch that starts at that index, and would end before the other one if there were cases enough.
    pub fn batch<C: Contract>(&self, from: u32, to: u32, draw: impl FnOnce() -> Vec<Case<C>>) -> Arc<Batch<C>> {
        let batch = if self.sharers > 1 && to <= self.most { self.shared(from) } else { Arc::default() };
        batch.cases.get_or_init(draw);
        batch
    }

    fn shared<C: Contract>(&self, from: u32) -> Arc<Batch<C>> {
        let key = (C::NAME, from);
        let mut batches = self.batches.lock().unwrap_or_else(PoisonError::into_inner);
        let (batch, left) = batches.entry(key).or_insert_with(|| (Arc::<Batch<C>>::default(), self.sharers));
        let batch = Arc::clone(batch).downcast().unwrap_or_default();
        *left -= 1;
        if *left == 0 {
            batches.remove(&key);
        }
        batch
    }
}

#[cfg(test)]
mod tests {
    use super::{Answers, Remembering};
    use crate::drivers::Driver;
    use crate::engines::property::nth_case;
    use spec::Machine;
    use spec::gain::Gain;
    use std::sync::Arc;

    fn draw() -> Vec<spec::Case<Gain>> {
        (0..4).map(|index| nth_case(1, index, 8)).collect()
    }

    #[test]
    fn a_batch_is_drawn_and_answered_once_and_then_forgotten() {
        let answers = Answers::new(2, 4);
        let first = answers.batch::<Gain>(0, 4, draw);
        let again = answers.batch::<Gain>(0, 4, || panic!("it was drawn"));
        assert!(Arc::ptr_eq(&first, &again) && answers.batches.lock().expect("no panic").is_empty());
        let mut model = Driver::Model.machine::<Gain>().expect("the model");
        let right = model.run_cases(first.cases()).expect("a model does not fail");
        for _ in 0..2 {
            let mut remembering = Remembering { model: &mut *model, batch: &first };
            assert_eq!(remembering.run_cases(first.cases()).expect("a model does not fail"), right);
            assert_eq!(remembering.run_cases(&first.cases()[1..]).expect("a model does not fail"), right[1..]);
        }
        assert!(first.traces.get().is_some());
    }

    #[test]
    fn cases_of_one_driver_alone_are_its_own() {
        let answers = Answers::new(2, 4);
        let beyond = [answers.batch::<Gain>(4, 8, draw), answers.batch::<Gain>(4, 8, draw)];
        assert!(!Arc::ptr_eq(&beyond[0], &beyond[1]));
        let alone = Answers::new(1, 4);
        let batches = [alone.batch::<Gain>(0, 4, draw), alone.batch::<Gain>(0, 4, draw)];
        assert!(!Arc::ptr_eq(&batches[0], &batches[1]) && alone.batches.lock().expect("no panic").is_empty());
    }
}
