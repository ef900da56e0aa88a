//! Two threads on one ring, at full speed.

use super::{Capacity, Consumer, Heap, Producer, channel};
use core::fmt;
use core::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Samples of one engine block.
const BLOCK: usize = spec::format::BLOCK_FRAMES as usize * 2;

/// How long nothing may move. A broken ring can leave each side waiting for the other.
const STALL: Duration = Duration::from_secs(10);

/// What went wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The frame that was expected.
    pub frame: u64,
    /// What was seen instead.
    pub seen: &'static str,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "frame {}: {}; no frame may be lost, repeated or torn between two threads", self.frame, self.seen)
    }
}

impl core::error::Error for Violation {}

/// Moves so many frames from one thread to another, in writes and reads of changing sizes, and checks every one (RING-013).
///
/// # Errors
/// The first frame that is lost, repeated or torn, or after which nothing moves any more.
pub fn stress(frames: u64) -> Result<(), Violation> {
    let (producer, consumer) = channel(Capacity::ENGINE);
    let reader_ended = &AtomicBool::new(false);
    thread::scope(|scope| {
        let writer = scope.spawn(move || produce(producer, frames, reader_ended));
        let consumed = consume(consumer, frames, || writer.is_finished(), STALL);
        reader_ended.store(true, Ordering::Relaxed);
        match writer.join() {
            Ok(produced) => produced.and(consumed),
            Err(_) => Err(Violation { frame: frames, seen: "the producer panicked" }),
        }
    })
}

/// Sizes from 1 frame to a block, each as often as any other, in an order without a pattern that the ring could hide in.
fn size(turn: &mut u64) -> usize {
    *turn = turn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    ((*turn >> 33) as usize % (BLOCK / 2)).wrapping_add(1)
}

/// A frame is its number, in two halves.
fn frame(number: u64) -> [i16; 2] {
    [number as i16, (number >> 16) as i16]
}

/// Ends early where nobody reads any more, which the reader's own answer explains.
fn produce(mut producer: Producer<Heap>, frames: u64, reader_ended: &AtomicBool) -> Result<(), Violation> {
    let (mut turn, mut sent) = (1, 0_u64);
    let mut block = [0; BLOCK];
    while sent < frames {
        let count = (size(&mut turn) as u64).min(frames.wrapping_sub(sent)) as usize;
        for (target, number) in block.as_chunks_mut().0.iter_mut().take(count).zip(sent..) {
            *target = frame(number);
        }
        let offer = block.get(..count.wrapping_mul(2)).unwrap_or_default();
        match producer.write(offer) {
            Ok(0) if reader_ended.load(Ordering::Relaxed) => return Ok(()),
            Ok(0) => thread::yield_now(),
            Ok(taken) => sent = sent.wrapping_add(u64::from(taken)),
            Err(_) => return Err(Violation { frame: sent, seen: "the producer found an impossible read counter" }),
        }
    }
    Ok(())
}

fn consume(mut consumer: Consumer<Heap>, frames: u64, writer_ended: impl Fn() -> bool, stall: Duration) -> Result<(), Violation> {
    let (mut turn, mut received) = (2, 0_u64);
    let mut moved = Instant::now();
    let mut block = [0; BLOCK];
    while received < frames {
        // Asked before reading: what an ended writer wrote can all be read.
        let ended = writer_ended();
        let taken = match consumer.read(size(&mut turn) as u32, &mut block) {
            Ok(0) if ended => return Err(Violation { frame: received, seen: "it never came" }),
            Ok(0) if moved.elapsed() >= stall => return Err(Violation { frame: received, seen: "nothing moved for too long" }),
            Ok(0) => {
                thread::yield_now();
                continue;
            }
            Ok(taken) => taken,
            Err(_) => return Err(Violation { frame: received, seen: "the consumer found an impossible write counter" }),
        };
        let read = block.as_chunks().0.iter().take(taken as usize);
        if let Some((_, number)) = read.zip(received..).find(|(seen, number)| **seen != frame(*number)) {
            return Err(Violation { frame: number, seen: "another or a torn frame came" });
        }
        received = received.wrapping_add(u64::from(taken));
        moved = Instant::now();
    }
    if consumer.fill() == 0 { Ok(()) } else { Err(Violation { frame: frames, seen: "more came than were written" }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_writer_without_a_reader_ends() {
        let (producer, _consumer) = channel(Capacity::ENGINE);
        assert_eq!(produce(producer, 1_000_000, &AtomicBool::new(true)), Ok(()));
    }

    #[test]
    fn test_reject_a_writer_that_writes_nothing() {
        let (_producer, consumer) = channel(Capacity::ENGINE);
        let consumed = consume(consumer, 1, || false, Duration::from_millis(1));
        assert_eq!(consumed, Err(Violation { frame: 0, seen: "nothing moved for too long" }));
    }
}
