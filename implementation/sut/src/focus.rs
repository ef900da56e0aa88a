//! The contract `focus` on [`services::focus`].

use services::ServiceError;
use services::focus::{self, Changes};
use spec::focus::{Config, Focus, Obs, Op};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `focus`.
#[derive(Clone, Debug)]
pub struct FocusMachine(focus::Focus);

pub(crate) use FocusMachine as Adapter;

impl Default for FocusMachine {
    fn default() -> Self {
        Self(focus::Focus::new(Config::default().auto_resume))
    }
}

/// Nothing is allocated for an operation that changed nothing.
fn told(changes: &Changes) -> Obs {
    if changes.is_empty() { Obs::Done } else { Obs::Changed(changes.to_vec()) }
}

impl FocusMachine {
    fn answer(&mut self, op: &Op) -> Result<Obs, ServiceError> {
        let Self(focus) = self;
        match *op {
            Op::Register { sid, class } => focus.register(sid, class).map(told),
            Op::Close(sid) => focus.close(sid).map(told),
            Op::Request { sid, kind } => focus.request(sid, kind).map(told),
            Op::Abandon(sid) => focus.abandon(sid).map(told),
            Op::Play(sid) => focus.play(sid).map(told),
            Op::Pause(sid) => focus.pause(sid).map(told),
            Op::State => Ok(Obs::Sessions(focus.sessions().collect())),
        }
    }
}

impl Machine<Focus> for FocusMachine {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.0 = focus::Focus::new(config.auto_resume);
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}
