//! The one comparison that every engine uses.

use spec::{Case, Contract, ErrorCode, Failure, Machine, Trace};

/// What a machine gave where two machines differ.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer<C: Contract> {
    /// It accepted the configuration.
    Accepted,
    /// It rejected the configuration.
    Rejected(ErrorCode),
    /// It observed this.
    Obs(C::Obs),
    /// It answered nothing for this step.
    Nothing,
    /// It failed as a machine.
    Failed(Failure),
}

/// The first step of a case at which two machines differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Divergence<C: Contract> {
    /// The case.
    pub case: Case<C>,
    /// Index of the differing operation; `None` where already the reset differs or the machine failed as a whole.
    pub step: Option<usize>,
    /// What the left machine, usually the model, gave.
    pub expected: Answer<C>,
    /// What the right machine gave.
    pub got: Answer<C>,
    /// The right machine's whole trace, where it gave one.
    pub trace: Option<Trace<C>>,
}

/// How many steps a comparison covered: the reset and each operation is one.
pub fn steps<C: Contract>(trace: &Trace<C>) -> u64 {
    1 + trace.obs.len() as u64
}

/// Compares two machines on one case.
///
/// # Errors
/// The first divergence. A failure of the left machine is one, too: an oracle that fails proves nothing.
pub fn check<C: Contract>(left: &mut dyn Machine<C>, right: &mut dyn Machine<C>, case: &Case<C>) -> Result<Trace<C>, Box<Divergence<C>>> {
    let expected = left.run_case(case).map_err(|failure| whole(case, Answer::Failed(failure), Answer::Nothing))?;
    let got = right.run_case(case).map_err(|failure| {
        let first = expected.rejected.map_or(Answer::Accepted, Answer::Rejected);
        whole(case, first, Answer::Failed(failure))
    })?;
    compare(case, &expected, got)?;
    Ok(expected)
}

fn whole<C: Contract>(case: &Case<C>, expected: Answer<C>, got: Answer<C>) -> Box<Divergence<C>> {
    Box::new(Divergence { case: case.clone(), step: None, expected, got, trace: None })
}

/// Compares two traces of one case.
///
/// # Errors
/// The first difference.
pub fn compare<C: Contract>(case: &Case<C>, expected: &Trace<C>, got: Trace<C>) -> Result<(), Box<Divergence<C>>> {
    if *expected == got {
        return Ok(());
    }
    let divergence =
        |step, expected, got: Answer<C>, trace| Err(Box::new(Divergence { case: case.clone(), step, expected, got, trace: Some(trace) }));
    if expected.rejected != got.rejected {
        let answer = |rejected: Option<ErrorCode>| rejected.map_or(Answer::Accepted, Answer::Rejected);
        return divergence(None, answer(expected.rejected), answer(got.rejected), got);
    }
    let answer = |trace: &Trace<C>, step: usize| trace.obs.get(step).cloned().map_or(Answer::Nothing, Answer::Obs);
    let longest = expected.obs.len().max(got.obs.len());
    let step = (0..longest).find(|&step| expected.obs.get(step) != got.obs.get(step)).unwrap_or(0);
    divergence(Some(step), answer(expected, step), answer(&got, step), got)
}

/// Compares two machines on many cases, each machine in one batch. Gives the left machine's traces.
///
/// # Errors
/// The first divergence. Where the right machine fails in the middle of a batch, the cases are asked one by one to find which
/// of them it was.
pub fn check_many<C: Contract>(
    left: &mut dyn Machine<C>,
    right: &mut dyn Machine<C>,
    cases: &[Case<C>],
) -> Result<Vec<Trace<C>>, Box<Divergence<C>>> {
    right.ahead(cases);
    check_and_go_on(left, right, cases, &[])
}

/// [`check_many`] of cases that the right machine was sent ahead, and sends it what comes next before it compares: so it works while
/// this side compares, counts and draws.
///
/// # Errors
/// As for [`check_many`].
pub fn check_and_go_on<C: Contract>(
    left: &mut dyn Machine<C>,
    right: &mut dyn Machine<C>,
    cases: &[Case<C>],
    next: &[Case<C>],
) -> Result<Vec<Trace<C>>, Box<Divergence<C>>> {
    let expected = left.run_cases(cases);
    let got = right.run_cases(cases);
    if !next.is_empty() && got.is_ok() {
        right.ahead(next);
    }
    let (expected, got) = match (expected, got) {
        (Ok(expected), Ok(got)) if got.len() == cases.len() && expected.len() == cases.len() => (expected, got),
        _ => {
            let mut traces = Vec::with_capacity(cases.len());
            for case in cases {
                traces.push(check(left, right, case)?);
            }
            return Ok(traces);
        }
    };
    for ((case, expected), got) in cases.iter().zip(&expected).zip(got) {
        compare(case, expected, got)?;
    }
    Ok(expected)
}
