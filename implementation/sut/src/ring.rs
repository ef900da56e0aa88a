//! The contract `ring` on [`audio::ring`].

use alloc::vec::Vec;
use audio::AudioError;
use audio::ring::{Capacity, Loopback, layout};
use spec::ring::{Config, Obs, Op, RING_FRAMES, Ring};
use spec::{ErrorCode, Failure, Machine};

/// Samples that a read or a pull gives at most.
const SAMPLES: usize = RING_FRAMES as usize * 2;

/// Answers the contract `ring`.
pub struct RingMachine {
    ring: Option<Loopback>,
    out: [i16; SAMPLES],
}

pub(crate) use RingMachine as Adapter;

impl Default for RingMachine {
    fn default() -> Self {
        Self { ring: None, out: [0; SAMPLES] }
    }
}

impl Machine<Ring> for RingMachine {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        Ok(match Capacity::new(config.capacity_frames) {
            Ok(capacity) => {
                self.ring = Some(match self.ring.take() {
                    Some(ring) => ring.renew(capacity),
                    None => Loopback::new(capacity),
                });
                Ok(())
            }
            Err(error) => Err(error.code()),
        })
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        let ring = self.ring.as_mut().ok_or_else(crate::not_reset)?;
        Ok(answer(ring, op, &mut self.out).unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}

fn answer(ring: &mut Loopback, op: &Op, out: &mut [i16]) -> Result<Obs, AudioError> {
    match op {
        Op::Write(pcm) => return Ok(Obs::Wrote(ring.write(pcm)?)),
        Op::Read(frames) => {
            let read = ring.read(*frames, out)?;
            return Ok(pcm(out, read));
        }
        Op::Pull(frames) => {
            ring.pull(*frames, out)?;
            return Ok(pcm(out, *frames));
        }
        Op::Pause => ring.pause(),
        Op::Resume => ring.resume(),
        Op::ForgeWriteIndex(value) => ring.forge_write_index(*value),
        Op::ForgeReadIndex(value) => ring.forge_read_index(*value),
        Op::Stats => return Ok(Obs::Stats(ring.stats())),
        Op::Layout => return Ok(Obs::Layout(layout())),
    }
    Ok(Obs::Done)
}

fn pcm(out: &[i16], frames: u32) -> Obs {
    Obs::Pcm(out.as_chunks::<2>().0.iter().take(frames as usize).copied().collect::<Vec<_>>().into_flattened())
}
