//! The selftests: work that a challenge decides, and the digest of what came out.

use crate::marker::Marker;
use core::fmt::{self, Write};
use sha2::{Digest, Sha256};
use spec::challenge::{self, CHALLENGE_BYTES};
use spec::mailbox::is_selected;
use spec::{Contract, Failure, Machine};
use sut::Implemented;

/// What a contract's selftest reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Number of cases.
    pub cases: u64,
    /// SHA-256 over the traces in postcard, one after the other.
    pub digest: [u8; 32],
}

/// Runs one contract's cases for this challenge on a machine.
///
/// # Errors
/// The machine's own failure; what the contract rejects is part of a trace.
pub fn run<C: Contract>(machine: &mut dyn Machine<C>, challenge: &[u8; CHALLENGE_BYTES]) -> Result<Report, Failure> {
    let mut digest = Sha256::new();
    let mut bytes = alloc::vec::Vec::new();
    let mut count = 0_u64;
    for case in challenge::cases::<C>(challenge) {
        bytes.clear();
        sut::mailbox::trace(machine, &case, &mut bytes)?;
        digest.update(&bytes);
        count = count.saturating_add(1);
    }
    Ok(Report { cases: count, digest: digest.finalize().into() })
}

/// Runs the selftests of the [selected](spec::mailbox::selection) contracts and prints their markers.
///
/// Gives the number of selftests that ran, and whether all of them could answer.
///
/// # Errors
/// Those of `out`.
pub fn run_all(challenge: &[u8; CHALLENGE_BYTES], contracts: u64, out: &mut dyn Write) -> Result<(u32, bool), fmt::Error> {
    let mut count = 0_u32;
    let mut answered = true;
    macro_rules! each {
        ($($name:ident => $contract:ty,)*) => {
            $(if is_selected(contracts, <$contract as Contract>::NAME) {
                let contract = <$contract as Contract>::NAME;
                let report = run::<$contract>(&mut *<$contract as Implemented>::machine(), challenge);
                answered &= report.is_ok();
                count = count.saturating_add(1);
                writeln!(out, "{}", marker(contract, &report))?;
            })*
        };
    }
    spec::for_each_contract!(each);
    Ok((count, answered))
}

fn marker<'a>(contract: &'a str, report: &'a Result<Report, Failure>) -> Marker<'a> {
    match report {
        Ok(report) => Marker::SelftestOk { contract, cases: report.cases, digest: report.digest },
        Err(failure) => Marker::SelftestFail { contract, reason: &failure.detail },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spec::{ErrorCode, FailureKind, gain};

    const CHALLENGE: [u8; CHALLENGE_BYTES] = [7; CHALLENGE_BYTES];

    #[test]
    fn every_contract_reports_once_and_in_order() {
        let mut out = String::new();
        let (count, answered) = run_all(&CHALLENGE, u64::MAX, &mut out).unwrap();
        let names = spec::CONTRACTS;
        assert!(answered);
        assert_eq!(count as usize, names.len());
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines.len(), names.len());
        for (line, name) in lines.iter().zip(names) {
            assert!(line.starts_with(&format!("SELFTEST: {name} ok cases={} digest=", challenge::CHALLENGE_CASES)), "{line}");
        }
    }

    #[test]
    fn only_what_is_selected_runs() {
        let mut out = String::new();
        let two = spec::mailbox::selection(|name| matches!(name, "level" | "ring"));
        assert_eq!(run_all(&CHALLENGE, two, &mut out), Ok((2, true)));
        let names: Vec<_> = out.lines().filter_map(|line| line.split(' ').nth(1)).collect();
        assert_eq!(names, ["ring", "level"]);
        assert_eq!(run_all(&CHALLENGE, 0, &mut String::new()), Ok((0, true)));
    }

    #[test]
    fn the_digest_is_that_of_the_challenge() {
        let report = |challenge| run::<gain::Gain>(&mut *gain::Gain::machine(), &challenge).unwrap();
        let first = report(CHALLENGE);
        assert_eq!(first, report(CHALLENGE));
        let mut other = CHALLENGE;
        other[31] ^= 1;
        assert_ne!(first.digest, report(other).digest);
    }

    struct Dead;

    impl Machine<gain::Gain> for Dead {
        fn reset(&mut self, _: &gain::Config) -> Result<Result<(), ErrorCode>, Failure> {
            Ok(Ok(()))
        }
        fn step(&mut self, _: &gain::Op) -> Result<gain::Obs, Failure> {
            Err(Failure::new(FailureKind::Died, "gone for good"))
        }
    }

    #[test]
    fn test_reject_a_machine_that_fails() {
        let report = run::<gain::Gain>(&mut Dead, &CHALLENGE);
        assert_eq!(marker("gain", &report).to_string(), "SELFTEST: gain FAIL reason=gone-for-good");
    }
}
