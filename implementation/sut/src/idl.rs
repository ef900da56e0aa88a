//! The contract `idl` on [`idl`].

use alloc::vec::Vec;
use spec::idl::{Config, Idl, Obs, Op};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `idl`, with one buffer for every frame.
#[derive(Clone, Debug, Default)]
pub struct IdlMachine(Vec<u8>);

pub(crate) use IdlMachine as Adapter;

impl Machine<Idl> for IdlMachine {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        let answer = match op {
            Op::EncodeRequest(request) => idl::encode_request(request, &mut self.0).map(|()| Obs::Frame(self.0.clone())),
            Op::EncodeReply(reply) => idl::encode_reply(reply, &mut self.0).map(|()| Obs::Frame(self.0.clone())),
            Op::DecodeRequest(bytes) => idl::decode_request(bytes).map(|request| Obs::Request(request.into_owned())),
            Op::DecodeReply(bytes) => idl::decode_reply(bytes).map(|reply| Obs::Reply(reply.into_owned())),
        };
        Ok(answer.unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}
