//! An open stream: the input frames that are still needed, and where the next output frame stands among them.

use super::kernel::{self, Output};
use super::sinc::{Bank, GROUP};
use super::speakers::{self, CHANNELS};
use super::{Kind, Ratio, Setup};
use crate::Result;
use crate::error::{AudioError, length};
use alloc::vec;
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::resampler::RESAMPLER_FEED_FRAMES_MAX;

/// Frames of one chunk.
const CHUNK: usize = RESAMPLER_FEED_FRAMES_MAX as usize;

/// Frames that stay for a moment beside those that the next output frame needs: a step of 24 frames where the rate falls the most.
const SPARE: usize = 32;

/// How frames are made, with what it takes.
#[derive(Clone, Debug)]
enum Method {
    Nearest,
    Linear,
    Sinc(Bank),
}

/// Input samples, each channel's one after the other.
#[derive(Clone, Debug)]
struct Planes {
    samples: Vec<i16>,
    /// Samples from one channel to the next.
    stride: usize,
    /// Frames that are there.
    len: usize,
}

/// An open stream.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    ratio: Ratio,
    method: Method,
    output: Output,
    from_channels: usize,
    planes: Planes,
    /// Frames that an output frame needs before and after the one that it stands at.
    back: usize,
    ahead: usize,
    /// Position of the next output frame in the planes, in `to`-th parts of a frame.
    next: u64,
    taken: u64,
    given: u64,
    finished: bool,
    vectors: bool,
}

impl Stream {
    /// A stream of a setup that was checked.
    pub(super) fn new(setup: &Setup, vectors: bool) -> Self {
        let ratio = Ratio::of(setup.rates);
        // Between equal rates there is nothing to make (RESAMPLER-008).
        let kind = if ratio.from == ratio.to { Kind::Nearest } else { setup.kind };
        let half = ratio.half() as usize;
        let (method, back, ahead) = match kind {
            Kind::Nearest => (Method::Nearest, 0, 0),
            Kind::Linear => (Method::Linear, 0, 1),
            Kind::Sinc => (Method::Sinc(Bank::new(ratio)), half.wrapping_sub(1), half),
        };
        let bits = match kind {
            Kind::Nearest => 0,
            Kind::Linear => kernel::LINEAR_BITS,
            Kind::Sinc => spec::resampler::RESAMPLER_COEFFICIENT_BITS,
        };
        let from_channels = setup.from_channels as usize;
        let same = setup.from_channels == setup.to_channels;
        let output = Output {
            channels: setup.to_channels as usize,
            gains: (!same).then(|| speakers::gains(setup.from_channels, setup.to_channels)),
            bits,
        };
        // The kernel may read zeros behind the last frame, where a row of coefficients is filled up with zeros.
        let stride = CHUNK.wrapping_add(back).wrapping_add(ahead).wrapping_add(SPARE).wrapping_add(GROUP);
        let planes = Planes { samples: vec![0; stride.wrapping_mul(from_channels)], stride, len: 0 };
        let (next, taken, given, finished) = (0, 0, 0, false);
        Self { ratio, method, output, from_channels, planes, back, ahead, next, taken, given, finished, vectors }
    }

    /// Input frames that the stream looks ahead (RESAMPLER-013).
    pub(super) const fn lookahead(&self) -> u32 {
        self.ahead as u32
    }

    pub(super) const fn channels(&self) -> u32 {
        self.from_channels as u32
    }

    pub(super) const fn is_finished(&self) -> bool {
        self.finished
    }

    pub(super) const fn frames(&self) -> (u64, u64) {
        (self.taken, self.given)
    }

    /// Begins anew. The coefficients that were computed stay: they are the same for every stream of these rates.
    pub(super) fn reset(&mut self) {
        self.planes.len = 0;
        (self.next, self.taken, self.given, self.finished) = (0, 0, 0, false);
    }

    /// Where the next output frame stands, and how many frames there are, if so many more came.
    fn with_more(&self, frames: usize) -> (u64, u64) {
        // The first frame comes with those that go on before it.
        let before = if self.planes.len == 0 && frames > 0 { self.back } else { 0 };
        let next = self.next.wrapping_add((before as u64).wrapping_mul(u64::from(self.ratio.to)));
        (next, self.planes.len.wrapping_add(before).wrapping_add(frames) as u64)
    }

    /// Output frames whose position is below `limit`, and which the length of so many frames has (RESAMPLER-001).
    fn due(&self, next: u64, len: u64, limit: u64) -> usize {
        let (from, to) = (u64::from(self.ratio.from), u64::from(self.ratio.to));
        // Frame n is in the length where (n + 1) · from <= frames · to.
        let end = len.wrapping_mul(to).wrapping_add(1).saturating_sub(from).min(limit);
        end.saturating_sub(next).div_ceil(from) as usize
    }

    /// Output frames that so many more input frames complete (RESAMPLER-013).
    fn ready(&self, frames: usize) -> usize {
        let (next, len) = self.with_more(frames);
        let to = u64::from(self.ratio.to);
        let limit = match self.method {
            // The nearest frame is there where 2 · next + to < 2 · len · to.
            Method::Nearest => len.wrapping_mul(2).wrapping_mul(to).saturating_sub(to).div_ceil(2),
            _ => len.saturating_sub(self.ahead as u64).wrapping_mul(to),
        };
        self.due(next, len, limit)
    }

    /// Output frames that are left when no more input comes.
    fn left(&self) -> usize {
        self.due(self.next, self.planes.len as u64, u64::MAX)
    }

    pub(super) fn room(&self, frames: usize) -> usize {
        if self.finished { 0 } else { self.ready(frames.min(CHUNK)).wrapping_mul(self.output.channels) }
    }

    pub(super) fn room_to_finish(&self) -> usize {
        if self.finished { 0 } else { self.left().wrapping_mul(self.output.channels) }
    }

    pub(super) fn feed(&mut self, pcm: &[i16], out: &mut [i16]) -> Result<usize> {
        let most = CHUNK.wrapping_mul(self.from_channels);
        if pcm.len() > most {
            let range = (0, length(most));
            return Err(AudioError::range(
                ErrorCode::OversizedInput,
                "the samples of a chunk",
                length(pcm.len()),
                range,
                "feed it in parts",
            ));
        }
        let part = pcm.len().checked_rem(self.from_channels).unwrap_or(0);
        if part != 0 {
            let what = "the number of samples modulo the channels";
            return Err(AudioError::expected(ErrorCode::Misaligned, what, length(part), 0, "give every channel of every frame"));
        }
        let frames = pcm.len().checked_div(self.from_channels).unwrap_or(0);
        let count = self.ready(frames);
        let out = self.checked(count, out)?;
        let written = out.len();
        if frames > 0 {
            self.append(pcm, frames);
            self.taken = self.taken.wrapping_add(frames as u64);
        }
        self.produce(count, out);
        Ok(written)
    }

    pub(super) fn finish(&mut self, out: &mut [i16]) -> Result<usize> {
        let count = self.left();
        let out = self.checked(count, out)?;
        let written = out.len();
        if self.planes.len > 0 {
            // The last frame goes on (RESAMPLER-009); the nearest one may be just beyond it.
            let more = self.ahead.max(1);
            self.make_room(more);
            let len = self.planes.len;
            for plane in self.planes.samples.chunks_exact_mut(self.planes.stride) {
                let last = plane.get(len.wrapping_sub(1)).copied().unwrap_or(0);
                plane.get_mut(len..len.wrapping_add(more)).unwrap_or_default().fill(last);
            }
            self.planes.len = len.wrapping_add(more);
        }
        self.produce(count, out);
        self.finished = true;
        Ok(written)
    }

    /// The part of `out` that so many frames fill.
    fn checked<'a>(&self, count: usize, out: &'a mut [i16]) -> Result<&'a mut [i16]> {
        let (samples, room) = (count.wrapping_mul(self.output.channels), out.len());
        out.get_mut(..samples).ok_or_else(|| {
            AudioError::expected(ErrorCode::OutOfRange, "the room for samples", length(room), length(samples), "ask how much is needed")
        })
    }

    /// Drops frames that no output frame needs any more, where so many more have no room.
    fn make_room(&mut self, frames: usize) {
        let planes = &mut self.planes;
        if planes.len.wrapping_add(frames).wrapping_add(GROUP) <= planes.stride {
            return;
        }
        let to = u64::from(self.ratio.to);
        let whole = self.next.checked_div(to).unwrap_or(0) as usize;
        let gone = whole.saturating_sub(self.back).min(planes.len);
        for plane in planes.samples.chunks_exact_mut(planes.stride) {
            // Where nothing is gone nothing moves; `gone` is at most the length, and both are within the plane.
            if gone <= planes.len && planes.len <= plane.len() {
                plane.copy_within(gone..planes.len, 0);
            }
        }
        planes.len = planes.len.wrapping_sub(gone);
        self.next = self.next.wrapping_sub((gone as u64).wrapping_mul(to));
    }

    /// Appends a chunk, each channel to its plane. There is at least one frame.
    fn append(&mut self, pcm: &[i16], frames: usize) {
        if self.planes.len == 0 && self.taken == 0 {
            // The first frame goes on before it (RESAMPLER-009).
            for (plane, first) in self.planes.samples.chunks_exact_mut(self.planes.stride).zip(pcm) {
                plane.get_mut(..self.back).unwrap_or_default().fill(*first);
            }
            self.planes.len = self.back;
            self.next = (self.back as u64).wrapping_mul(u64::from(self.ratio.to));
        }
        self.make_room(frames);
        let range = self.planes.len..self.planes.len.wrapping_add(frames);
        let mut planes =
            self.planes.samples.chunks_exact_mut(self.planes.stride).map(|plane| plane.get_mut(range.clone()).unwrap_or_default());
        if self.from_channels == 2
            && let (Some(left), Some(right)) = (planes.next(), planes.next())
        {
            for ((left, right), frame) in left.iter_mut().zip(right).zip(pcm.as_chunks::<2>().0) {
                [*left, *right] = *frame;
            }
        } else {
            for (channel, plane) in (0..self.from_channels).zip(planes) {
                for (sample, value) in plane.iter_mut().zip(pcm.iter().skip(channel).step_by(self.from_channels)) {
                    *sample = *value;
                }
            }
        }
        self.planes.len = range.end;
    }

    /// Makes so many frames, which are all ready, and which `out` has room for.
    fn produce(&mut self, count: usize, out: &mut [i16]) {
        let to = u64::from(self.ratio.to);
        let step = Position {
            whole: (self.ratio.from.checked_div(self.ratio.to).unwrap_or(0)) as usize,
            part: self.ratio.from.checked_rem(self.ratio.to).unwrap_or(0),
        };
        let at = Position { whole: self.next.checked_div(to).unwrap_or(0) as usize, part: self.next.checked_rem(to).unwrap_or(0) as u32 };
        let mut planes = [&[] as &[i16]; CHANNELS];
        for (plane, samples) in planes.iter_mut().zip(self.planes.samples.chunks_exact(self.planes.stride)) {
            *plane = samples;
        }
        let planes = planes.get(..self.from_channels).unwrap_or_default();
        let positions = Positions { at, step, to: self.ratio.to };
        match &mut self.method {
            Method::Nearest => kernel::nearest(positions, planes, &self.output, out),
            Method::Linear => kernel::linear(positions, planes, &self.output, out),
            Method::Sinc(bank) => kernel::sinc(positions, planes, self.back, bank, &self.output, out, self.vectors),
        }
        self.next = self.next.wrapping_add((count as u64).wrapping_mul(u64::from(self.ratio.from)));
        self.given = self.given.wrapping_add(count as u64);
    }
}

/// Whole frames in the planes, and the rest in `to`-th parts of one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    pub(super) whole: usize,
    pub(super) part: u32,
}

/// The positions of output frames, one after the other (RESAMPLER-002).
#[derive(Clone, Copy, Debug)]
pub(super) struct Positions {
    at: Position,
    step: Position,
    pub(super) to: u32,
}

impl Iterator for Positions {
    type Item = Position;

    #[inline(always)]
    fn next(&mut self) -> Option<Position> {
        let at = self.at;
        // Both parts are below `to`, which is below 2^18.
        let part = at.part.wrapping_add(self.step.part);
        let carry = part >= self.to;
        self.at.part = if carry { part.wrapping_sub(self.to) } else { part };
        self.at.whole = at.whole.wrapping_add(self.step.whole).wrapping_add(usize::from(carry));
        Some(at)
    }
}
