//! The contract `ducking` on [`services::ducking`].

use alloc::vec::Vec;
use services::ServiceError;
use services::ducking;
use spec::ducking::{Config, Ducking, Obs, Op, Track};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `ducking`.
#[derive(Clone, Debug, Default)]
pub struct DuckingMachine(Option<ducking::Ducking>);

pub(crate) use DuckingMachine as Adapter;

fn blocks(ducking: &mut ducking::Ducking, count: u32) -> Obs {
    let mut tracks: Vec<Track> =
        ducking.gains().map(|(session, _)| Track { session, db_q8_8: Vec::with_capacity(count as usize) }).collect();
    for _ in 0..count {
        ducking.advance();
        for (track, (_, gain)) in tracks.iter_mut().zip(ducking.gains()) {
            track.db_q8_8.push(gain);
        }
    }
    Obs::Gains(tracks)
}

fn answer(ducking: &mut ducking::Ducking, op: &Op) -> Result<Obs, ServiceError> {
    match *op {
        Op::Open(session) => ducking.open(session)?,
        Op::Close(session) => ducking.close(session)?,
        Op::Duck { session, cause, rule } => ducking.duck(session, cause, rule)?,
        Op::Unduck { session, cause } => ducking.unduck(session, cause)?,
        Op::Configure(config) => ducking.configure(config)?,
        Op::Blocks(count) => {
            ducking::check_blocks(count)?;
            return Ok(blocks(ducking, count));
        }
        Op::Gains => {
            let track = |(session, gain)| Track { session, db_q8_8: Vec::from([gain]) };
            return Ok(Obs::Gains(ducking.gains().map(track).collect()));
        }
    }
    Ok(Obs::Done)
}

impl Machine<Ducking> for DuckingMachine {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        let made = ducking::Ducking::new(*config);
        let rejected = made.as_ref().map(|_| ()).map_err(ServiceError::code);
        self.0 = made.ok();
        Ok(rejected)
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        let ducking = self.0.as_mut().ok_or_else(crate::not_reset)?;
        Ok(answer(ducking, op).unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}
