//! The reference model of the contract `ring`.

pub use self::RingModel as Model;
use spec::ring::{
    Config, Layout, Obs, Op, RING_CAPACITY_FRAMES_MAX, RING_CAPACITY_FRAMES_MIN, RING_PCM_OFFSET, RING_PULL_FRAMES_MAX,
    RING_READ_FRAMES_MAX, RING_READ_INDEX_OFFSET, RING_SHARED_BYTES, RING_WRITE_FRAMES_MAX, RING_WRITE_INDEX_OFFSET, Ring, Stats,
};
use spec::{ErrorCode, Failure, Machine};

/// The reference model of the contract `ring`: the shared memory, and what each side keeps for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RingModel {
    /// The shared storage: as many frames as the capacity.
    storage: Vec<[i16; 2]>,
    /// The shared counters, which the client can write over.
    shared_written: u64,
    shared_read: u64,
    /// The producer's own counter.
    written: u64,
    /// The consumer's own counter, and what else it keeps.
    read: u64,
    paused: bool,
    faulted: bool,
    full_pull_seen: bool,
    underrun_events: u64,
    missing_frames: u64,
}

impl Default for RingModel {
    fn default() -> Self {
        // RING-002
        Self::new(Config::default().capacity_frames)
    }
}

impl RingModel {
    fn new(capacity: u32) -> Self {
        Self {
            storage: vec![[0, 0]; capacity as usize],
            shared_written: 0,
            shared_read: 0,
            written: 0,
            read: 0,
            paused: false,
            faulted: false,
            full_pull_seen: false,
            underrun_events: 0,
            missing_frames: 0,
        }
    }

    fn capacity(&self) -> u64 {
        self.storage.len() as u64
    }

    pub(crate) fn write(&mut self, pcm: &[i16]) -> Result<Obs, ErrorCode> {
        // RING-014
        if pcm.len().div_ceil(2) > RING_WRITE_FRAMES_MAX as usize {
            return Err(ErrorCode::OversizedInput);
        }
        let (frames, half) = pcm.as_chunks::<2>();
        if !half.is_empty() {
            return Err(ErrorCode::Misaligned);
        }
        // RING-011
        let unread = self.written.wrapping_sub(self.shared_read);
        if unread > self.capacity() {
            return Err(ErrorCode::RingFault);
        }
        // RING-004: what is not read yet is not free, and nothing but free frames are written. RING-002: all of them.
        let taken = (frames.len() as u64).min(self.capacity() - unread);
        for frame in &frames[..taken as usize] {
            // RING-003
            let place = self.written % self.capacity();
            self.storage[place as usize] = *frame;
            // RING-012
            self.written = self.written.wrapping_add(1);
        }
        self.shared_written = self.written;
        Ok(Obs::Wrote(taken as u32))
    }

    fn read(&mut self, wanted: u32) -> Result<Obs, ErrorCode> {
        // RING-014
        if wanted > RING_READ_FRAMES_MAX {
            return Err(ErrorCode::OutOfRange);
        }
        self.take(wanted).map(Obs::Pcm)
    }

    pub(crate) fn pull(&mut self, wanted: u32) -> Result<Obs, ErrorCode> {
        // RING-014
        if wanted == 0 || wanted > RING_PULL_FRAMES_MAX {
            return Err(ErrorCode::OutOfRange);
        }
        let samples = wanted as usize * 2;
        // RING-008: a paused pull looks at nothing but the latched fault.
        if self.paused && !self.faulted {
            return Ok(Obs::Pcm(vec![0; samples]));
        }
        let mut pcm = self.take(wanted)?;
        let missing = (samples - pcm.len()) as u64 / 2;
        if missing == 0 {
            self.full_pull_seen = true;
        } else if self.full_pull_seen {
            // RING-007, and RING-008: only once a full pull was seen.
            self.underrun_events += 1;
            self.missing_frames += missing;
        }
        // RING-006
        pcm.resize(samples, 0);
        Ok(Obs::Pcm(pcm))
    }

    /// Takes what is available, at most `wanted` frames.
    fn take(&mut self, wanted: u32) -> Result<Vec<i16>, ErrorCode> {
        // RING-009: a fault stays.
        if self.faulted {
            return Err(ErrorCode::RingFault);
        }
        // RING-010: the consumer's own counter, never the shared copy of it.
        let available = self.shared_written.wrapping_sub(self.read);
        // RING-009
        if available > self.capacity() {
            self.faulted = true;
            return Err(ErrorCode::RingFault);
        }
        // RING-005
        let taken = u64::from(wanted).min(available);
        let mut pcm = Vec::with_capacity(taken as usize * 2);
        for _ in 0..taken {
            // RING-001: the counter's order is the order of writing. RING-003: the end is followed by the start.
            let place = self.read % self.capacity();
            pcm.extend_from_slice(&self.storage[place as usize]);
            // RING-012
            self.read = self.read.wrapping_add(1);
        }
        self.shared_read = self.read;
        Ok(pcm)
    }

    pub(crate) fn stats(&self) -> Stats {
        // RING-012
        let available = self.shared_written.wrapping_sub(self.read);
        let readable = !self.faulted && available <= self.capacity();
        Stats {
            written: self.written,
            read: self.read,
            fill: if readable { available as u32 } else { 0 },
            underrun_events: self.underrun_events,
            missing_frames: self.missing_frames,
            paused: self.paused,
            faulted: self.faulted,
        }
    }

    pub(crate) fn forge_write_index(&mut self, counter: u64) {
        self.shared_written = counter;
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        match op {
            Op::Write(pcm) => return self.write(pcm),
            Op::Read(wanted) => return self.read(*wanted),
            Op::Pull(wanted) => return self.pull(*wanted),
            Op::Pause => self.paused = true,
            Op::Resume => self.paused = false,
            Op::ForgeWriteIndex(counter) => self.forge_write_index(*counter),
            Op::ForgeReadIndex(counter) => self.shared_read = *counter,
            Op::Stats => return Ok(Obs::Stats(self.stats())),
            Op::Layout => {
                // RING-015
                return Ok(Obs::Layout(Layout {
                    write_index: RING_WRITE_INDEX_OFFSET,
                    read_index: RING_READ_INDEX_OFFSET,
                    pcm: RING_PCM_OFFSET,
                    bytes: RING_SHARED_BYTES,
                }));
            }
        }
        Ok(Obs::Done)
    }
}

impl Machine<Ring> for RingModel {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        // RING-014
        if !(RING_CAPACITY_FRAMES_MIN..=RING_CAPACITY_FRAMES_MAX).contains(&config.capacity_frames) {
            return Ok(Err(ErrorCode::OutOfRange));
        }
        *self = Self::new(config.capacity_frames);
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests;
