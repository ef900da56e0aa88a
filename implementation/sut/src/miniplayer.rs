//! The contract `miniplayer` on [`miniplayer`].

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use miniplayer::{Line, MiniPlayer};
use spec::miniplayer::{Bytes, Checksum, Config, Miniplayer, Obs, Op};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `miniplayer`.
#[derive(Clone, Debug, Default)]
pub struct MiniplayerMachine {
    player: MiniPlayer,
    lines: Vec<String>,
}

pub(crate) use MiniplayerMachine as Adapter;

impl Machine<Miniplayer> for MiniplayerMachine {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::default();
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(match op {
            Op::Show(state) => match self.player.show(state.clone()) {
                Ok(line) => {
                    self.lines.extend(line.map(str::to_string));
                    Obs::View(Box::new(self.player.view().clone()))
                }
                Err(error) => Obs::Rejected(error.code()),
            },
            Op::Key(key) => {
                let action = self.player.key(*key);
                self.lines.extend(action.and_then(Line::of).map(|line| line.to_string()));
                Obs::Action(action)
            }
            Op::Draw => Obs::Frame(Checksum::of(self.player.draw().pixels())),
            Op::Line(row) => match self.player.draw().row(*row) {
                Some(pixels) => Obs::Line(Bytes(pixels.iter().flat_map(|pixel| pixel.to_le_bytes()).collect())),
                None => Obs::Rejected(ErrorCode::OutOfRange),
            },
            Op::Notify => match self.player.notify() {
                Ok(()) => Obs::Lines(Vec::new()),
                Err(error) => {
                    self.lines.push(MiniPlayer::PLACEHOLDER.to_string());
                    Obs::Rejected(error.code())
                }
            },
            Op::Markers => Obs::Lines(core::mem::take(&mut self.lines)),
        })
    }
}
