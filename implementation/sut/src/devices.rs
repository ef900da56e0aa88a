//! The contract `devices` on [`devices`].

use alloc::boxed::Box;
use alloc::vec::Vec;
use devices::{Result, Tree};
use spec::devices::{Blob, Config, Devices, Obs, Op};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `devices`: keeps the last accepted blob, as a program keeps the one that it was started with.
#[derive(Clone, Debug, Default)]
pub struct DevicesMachine(Vec<u8>);

pub(crate) use DevicesMachine as Adapter;

impl DevicesMachine {
    fn answer(&mut self, op: &Op) -> Result<Obs> {
        Ok(match op {
            Op::Read(Blob(blob)) => {
                let board = devices::read(blob)?;
                self.0.clone_from(blob);
                Obs::Board(Box::new(board))
            }
            Op::Property { path, name } => {
                let tree = Tree::read(&self.0);
                let value = tree.ok().and_then(|tree| tree.property(path, name));
                value.map_or(Obs::Absent, |value| Obs::Value(Blob(value.to_vec())))
            }
        })
    }
}

impl Machine<Devices> for DevicesMachine {
    fn reset(&mut self, _config: &Config) -> core::result::Result<core::result::Result<(), ErrorCode>, Failure> {
        *self = Self::default();
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> core::result::Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}
