//! Contracts without a machine: whole programs are run, on real files and sockets, and what they print, return and leave behind is
//! compared with the models' answers.
//!
//! A contract brings [`Check`]s, each a little play with programs and services in a folder of its own, and [`Lie`]s: one thing that a
//! program does or says otherwise. Every lie must be caught by the check that it names, blamed on the requirement that it breaks.

mod client;
mod fake;
mod player;
mod programs;
mod run;
mod scene;
mod service;
pub mod sound;

pub use client::Client;
pub use fake::{Answering, Fake};
pub use player::Player;
pub use programs::Programs;
pub use run::{Plan, run};
pub use scene::{Asked, Program, Said, Scene};
pub use service::Service;

use crate::contracts::{nx_audio, nx_media};

/// What a contract without a machine brings to the harness.
pub struct Suite {
    /// The contract's name.
    pub contract: &'static str,
    /// Its checks.
    pub checks: fn() -> Vec<Check>,
    /// What they must be seen to catch.
    pub lies: fn() -> Vec<Lie>,
}

/// The contracts that programs are held against, in the order of reports.
pub const SUITES: &[Suite] = &[
    Suite { contract: "nx-audio", checks: nx_audio::checks, lies: nx_audio::lies },
    Suite { contract: "nx-media", checks: nx_media::checks, lies: nx_media::lies },
];

/// What a check ends with: everything held, or the first thing that did not.
pub type Held = Result<(), Broken>;

/// A check: what to do with the programs, and what must be seen.
pub struct Check {
    /// Name, in snake case.
    pub name: &'static str,
    /// The requirements that it exercises.
    pub requirements: &'static [&'static str],
    /// Whether it speaks of this repository's own files, so that it says nothing about somebody else's programs.
    pub own: bool,
    /// Does it.
    pub run: fn(&Scene<'_>) -> Held,
}

/// What did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The requirement; `None` where the programs could not even be tried.
    pub requirement: Option<&'static str>,
    /// What was seen, and what was expected.
    pub why: String,
}

impl Broken {
    /// A requirement that is broken.
    pub fn of(requirement: &'static str, why: impl Into<String>) -> Self {
        Self { requirement: Some(requirement), why: why.into() }
    }

    /// Something in the way of the check itself.
    pub fn other(why: impl Into<String>) -> Self {
        Self { requirement: None, why: why.into() }
    }
}

/// One thing that the programs do otherwise, while all the rest is theirs.
pub struct Lie {
    /// The requirement that it breaks.
    pub requirement: &'static str,
    /// What it does wrong, as the end of a sentence that starts with "a program that".
    pub what: &'static str,
    /// The check that must catch it.
    pub check: &'static str,
    /// How it lies.
    pub how: Lying,
}

/// Where a lie sits between the check and the programs.
pub enum Lying {
    /// A program does something else than it was asked.
    Hears(fn(&mut Asked)),
    /// A program, or a service's log, says something else than was done.
    Says(fn(&Asked, &mut Said)),
    /// A recording holds something else than was played.
    Keeps(fn(&mut Vec<u8>)),
    /// A file of the repository, by its path, holds something else.
    Shows(fn(&str, &mut Vec<u8>)),
    /// Another program is installed beside the others.
    Installs(&'static str),
}
