//! A contract's machine in a child.

use super::Connection;
use super::link::{Talk, garbage};
use super::protocol::{self, Hello, Id, Ids, Reply, ResetReply, bounded, excerpt, parse_reply};
use spec::{Case, Contract, ErrorCode, Failure, FailureKind, Machine, Trace};
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::slice;

/// A machine behind a connection.
pub struct Remote<C: Contract> {
    connection: Connection,
    /// The session in which the child is this machine.
    session: Option<u64>,
    contract: PhantomData<C>,
}

impl<C: Contract> Remote<C> {
    /// A machine that has to be reset first.
    pub fn new(connection: Connection) -> Self {
        Self { connection, session: None, contract: PhantomData }
    }

    /// Asks parts that each begin with a reset, and gives a trace for each.
    fn afresh(&mut self, parts: &[Part<'_, C>]) -> Result<Vec<Trace<C>>, Failure> {
        self.session = None;
        let mut shared = self.connection.lock();
        let hello = &shared.link()?.hello;
        parts.iter().filter_map(|part| part.config).try_for_each(|config| supports::<C>(hello, config))?;
        let mut conversation = Conversation::new(parts);
        shared.exchange(&mut conversation)?;
        self.session = Some(shared.next_session());
        Ok(conversation.traces)
    }

    /// Asks operations of a machine that was reset.
    fn go_on(&mut self, ops: &[C::Op]) -> Result<Vec<C::Obs>, Failure> {
        let mut shared = self.connection.lock();
        if self.session != Some(shared.session) {
            let detail = "the child failed or became another machine after this one was reset, or it never was: reset it";
            return Err(Failure::new(FailureKind::Faulted, detail));
        }
        let parts: [Part<'_, C>; 1] = [Part { config: None, ops }];
        let mut conversation = Conversation::new(&parts);
        shared.exchange(&mut conversation)?;
        Ok(conversation.traces.pop().map(|trace| trace.obs).unwrap_or_default())
    }
}

impl<C: Contract> Machine<C> for Remote<C> {
    fn reset(&mut self, config: &C::Config) -> Result<Result<(), ErrorCode>, Failure> {
        let traces = self.afresh(&[Part { config: Some(config), ops: &[] }])?;
        Ok(traces.first().and_then(|trace| trace.rejected).map_or(Ok(()), Err))
    }

    fn step(&mut self, op: &C::Op) -> Result<C::Obs, Failure> {
        let obs = self.go_on(slice::from_ref(op))?.pop();
        obs.ok_or_else(|| Failure::new(FailureKind::Garbage, "no observation for one operation"))
    }

    fn run(&mut self, ops: &[C::Op]) -> Result<Vec<C::Obs>, Failure> {
        self.go_on(ops)
    }

    fn run_cases(&mut self, cases: &[Case<C>]) -> Result<Vec<Trace<C>>, Failure> {
        let parts: Vec<Part<'_, C>> = cases.iter().map(|case| Part { config: Some(&case.config), ops: &case.ops }).collect();
        self.afresh(&parts)
    }

    fn run_case(&mut self, case: &Case<C>) -> Result<Trace<C>, Failure> {
        let trace = self.run_cases(slice::from_ref(case))?.pop();
        trace.ok_or_else(|| Failure::new(FailureKind::Garbage, "no trace for one case"))
    }
}

/// Whether a child has what a configuration needs.
fn supports<C: Contract>(hello: &Hello, config: &C::Config) -> Result<(), Failure> {
    let lacks = |what: String| Err(Failure::new(FailureKind::Unsupported, what));
    match (hello.contracts.get(C::NAME), C::needs(config)) {
        (None, _) => lacks(format!("`{}` does not have the contract `{}`", name(hello), C::NAME)),
        (Some(parts), Some(part)) if !parts.iter().any(|had| had == part) => {
            lacks(format!("`{}` does not have the part `{part}` of the contract `{}`", name(hello), C::NAME))
        }
        _ => Ok(()),
    }
}

fn name(hello: &Hello) -> String {
    excerpt(hello.name.as_bytes(), 0)
}

/// What is asked without waiting for answers in between.
#[derive(Clone, Copy)]
struct Part<'a, C: Contract> {
    /// What to reset with; `None` goes on without a reset.
    config: Option<&'a C::Config>,
    ops: &'a [C::Op],
}

/// What a question that waits for its answer asked.
enum Asked {
    Reset,
    Run(usize),
}

/// Asks parts one after the other, and collects a trace for each.
struct Conversation<'a, C: Contract> {
    parts: &'a [Part<'a, C>],
    /// The part that is being asked, whether its reset was, and how many of its operations were.
    part: usize,
    reset: bool,
    ops: usize,
    /// Questions without an answer: the id, the part, what was asked.
    open: VecDeque<(Id, usize, Asked)>,
    traces: Vec<Trace<C>>,
}

impl<'a, C: Contract> Conversation<'a, C> {
    fn new(parts: &'a [Part<'a, C>]) -> Self {
        let traces = parts.iter().map(|part| Trace { rejected: None, obs: Vec::with_capacity(part.ops.len()) }).collect();
        Self { parts, part: 0, reset: false, ops: 0, open: VecDeque::with_capacity(1), traces }
    }
}

impl<C: Contract> Talk for Conversation<'_, C> {
    fn ask(&mut self, ids: &mut Ids, out: &mut Vec<u8>) -> Result<bool, Failure> {
        let unwritable =
            |error: serde_json::Error| Failure::new(FailureKind::Faulted, format!("the harness can't write the question: {error}"));
        while let Some(part) = self.parts.get(self.part) {
            if let (Some(config), false) = (part.config, self.reset) {
                self.reset = true;
                let id = ids.next_id();
                protocol::write_reset(id, C::NAME, config, out).map_err(unwritable)?;
                self.open.push_back((id, self.part, Asked::Reset));
                return Ok(true);
            }
            if self.ops < part.ops.len() {
                let id = ids.next_id();
                let taken = protocol::write_run(id, &part.ops[self.ops..], out).map_err(unwritable)?;
                self.ops += taken;
                self.open.push_back((id, self.part, Asked::Run(taken)));
                return Ok(true);
            }
            (self.part, self.reset, self.ops) = (self.part + 1, false, 0);
        }
        Ok(false)
    }

    fn answer(&mut self, line: &[u8]) -> Result<(), Failure> {
        let wrong = |what: &str| Failure::new(FailureKind::Garbage, format!("{what}: `{}`", excerpt(line, 0)));
        let (asked_id, part, asked) = self.open.pop_front().ok_or_else(|| wrong("an answer to nothing"))?;
        let ops = if let Asked::Run(ops) = asked { ops } else { 0 };
        let (id, reply) = parse_reply::<C::Obs>(line, ops).map_err(|malformed| garbage(&malformed))?;
        match id {
            Some(id) if id == asked_id => {}
            Some(id) if self.open.iter().any(|(other, ..)| *other == id) => return Err(wrong("an answer out of turn")),
            Some(_) => return Err(wrong(&format!("an answer whose id was not asked, where {asked_id} was"))),
            // A machine that could not read the question does not know its id.
            None => {}
        }
        let trace = &mut self.traces[part];
        match (asked, reply) {
            (Asked::Reset, Reply::Reset(ResetReply::Ok)) => Ok(()),
            (Asked::Reset, Reply::Reset(ResetReply::Rejected(code))) => {
                trace.rejected = Some(code);
                Ok(())
            }
            (Asked::Reset, Reply::Reset(ResetReply::Unsupported(why))) => {
                Err(Failure::new(FailureKind::Unsupported, format!("contract `{}`: {}", C::NAME, bounded(&why))))
            }
            // After a rejected reset nothing can be asked; what was asked before that was known is void, whatever it gave.
            (Asked::Run(_), _) if trace.rejected.is_some() => Ok(()),
            (Asked::Run(_), Reply::Run(obs)) => {
                trace.obs.extend(obs);
                Ok(())
            }
            (_, Reply::Error(text)) => Err(Failure::new(FailureKind::Faulted, text)),
            (Asked::Reset, Reply::Run(_)) => Err(wrong("a run's answer to a reset")),
            (Asked::Run(_), Reply::Reset(_)) => Err(wrong("a reset's answer to a run")),
        }
    }
}
