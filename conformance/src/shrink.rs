//! Makes a failing case small, by rerunning it.
//!
//! The same few moves serve every contract and every driver: drop operations in halves, quarters and single ones; replace an
//! operation or the configuration by a simpler one that the contract proposes. A move is kept if the case still fails.

use crate::check::{Divergence, check};
use spec::{Case, Contract, Machine};

/// The most reruns that one shrinking spends.
pub const RERUNS_MAX: u32 = 4_000;

/// The smallest case found that still fails. `fails` reruns a case; `reruns` is the budget.
pub fn shrink<C: Contract>(case: &Case<C>, mut reruns: u32, fails: &mut dyn FnMut(&Case<C>) -> bool) -> Case<C> {
    let mut best = case.clone();
    let mut try_case = |best: &mut Case<C>, candidate: Case<C>, reruns: &mut u32| {
        if *reruns == 0 || candidate == *best {
            return false;
        }
        *reruns -= 1;
        let failed = fails(&candidate);
        if failed {
            *best = candidate;
        }
        failed
    };
    loop {
        let before = best.clone();
        // Operations go first, in runs from half of them down to one.
        let mut run = best.ops.len().div_ceil(2);
        while run > 0 && reruns > 0 {
            let mut start = 0;
            while start < best.ops.len() {
                let mut candidate = best.clone();
                candidate.ops.drain(start..(start + run).min(best.ops.len()));
                if !try_case(&mut best, candidate, &mut reruns) {
                    start += run;
                }
            }
            run /= 2;
        }
        let mut configs = Vec::new();
        C::simplify_config(&best.config, &mut configs);
        for config in configs {
            let candidate = Case { config, ops: best.ops.clone() };
            if try_case(&mut best, candidate, &mut reruns) {
                break;
            }
        }
        for index in 0..best.ops.len() {
            // One operation is simplified as far as it goes before the next.
            loop {
                let mut simpler = Vec::new();
                C::simplify(&best.ops[index], &mut simpler);
                let improved = simpler.into_iter().any(|op| {
                    let mut candidate = best.clone();
                    candidate.ops[index] = op;
                    try_case(&mut best, candidate, &mut reruns)
                });
                if !improved || reruns == 0 {
                    break;
                }
            }
        }
        if best == before || reruns == 0 {
            return best;
        }
    }
}

/// The smallest divergence that is found of the one given.
pub fn divergence<C: Contract>(left: &mut dyn Machine<C>, right: &mut dyn Machine<C>, found: Divergence<C>, reruns: u32) -> Divergence<C> {
    let case = found.case.clone();
    let mut best = found;
    shrink(&case, reruns, &mut |candidate| match check(left, right, candidate) {
        Err(divergence) => {
            best = *divergence;
            true
        }
        Ok(_) => false,
    });
    best
}
