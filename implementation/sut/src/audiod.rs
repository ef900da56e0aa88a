//! The contract `audiod` on [`services::audiod`].

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use audio::ring::{Capacity, Loopback, Pull};
use audio::wav::header_bytes;
use core::cell::RefCell;
use services::audiod::{Block, Engine, Feed, Marker, Platform, Result, Sink, StoreFailed};
use spec::audiod::{
    AUDIOD_RECORD_BLOCKS_MAX, AUDIOD_RECORD_BLOCKS_MIN, AUDIOD_SENDERS_MAX, AUDIOD_TICK_BLOCKS_MAX, AUDIOD_TICK_BLOCKS_MIN, Audiod, Call,
    Config, Obs, Op, State, checksum, pattern,
};
use spec::capabilities::Method;
use spec::format::BLOCK_FRAMES;
use spec::ring::RING_WRITE_FRAMES_MAX;
use spec::wav::WAV_BITS_PER_SAMPLE;
use spec::{ErrorCode, Failure, Machine};

/// Both ends of a ring: the engine pulls from it, the operations write to it as its client would.
#[derive(Clone)]
pub(crate) struct Shared(Rc<RefCell<Loopback>>);

impl Default for Shared {
    fn default() -> Self {
        Self(Rc::new(RefCell::new(Loopback::new(Capacity::ENGINE))))
    }
}

impl Shared {
    /// Writes as the client does; gives the frames that fit.
    pub(crate) fn write(&self, pcm: &[i16]) -> Result<u32> {
        self.0.borrow_mut().write(pcm)
    }
}

impl Feed for Shared {
    fn pull(&mut self, frames: u32, out: &mut [i16]) -> Result<Pull> {
        self.0.borrow_mut().pull(frames, out)
    }

    fn fill(&self) -> u32 {
        self.0.borrow().stats().fill
    }

    fn position(&self) -> u64 {
        self.0.borrow().stats().read
    }

    fn is_faulted(&self) -> bool {
        self.0.borrow().stats().faulted
    }
}

/// A machine in memory: the configuration's grants, a store that is a map, marker lines that are kept.
#[derive(Default)]
struct Bench {
    config: Config,
    rings: BTreeMap<u32, Shared>,
    files: BTreeMap<String, Vec<u8>>,
    /// The file that is being written: its name, its samples as bytes, its blocks.
    writing: Option<(String, Vec<u8>, u32)>,
    lines: Vec<String>,
    denials: u64,
    last_denial: Option<(u8, Method)>,
}

impl Platform for Bench {
    type Feed = Shared;

    fn open_ring(&mut self, stream: u32) -> Option<Shared> {
        let ring = Shared::default();
        self.rings.insert(stream, ring.clone());
        Some(ring)
    }

    fn closed(&mut self, stream: u32) {
        self.rings.remove(&stream);
    }

    fn allows(&mut self, sender: u64, method: Method) -> bool {
        let grant = self.config.grants.get(sender as usize).copied().unwrap_or(0);
        let allowed = grant & method.capability().bit() != 0;
        if !allowed {
            self.denials = self.denials.wrapping_add(1);
            self.last_denial = Some((sender as u8, method));
        }
        allowed
    }

    fn has_state(&self) -> bool {
        self.config.state != State::Missing
    }

    fn has_i2s(&self) -> bool {
        self.config.i2s
    }

    fn record_blocks_max(&self) -> u32 {
        self.config.record_blocks_max
    }

    fn record_begin(&mut self, uri: &str) -> core::result::Result<(), StoreFailed> {
        self.writing = Some((uri.to_string(), Vec::new(), 0));
        Ok(())
    }

    fn record_block(&mut self, block: &Block) -> core::result::Result<(), StoreFailed> {
        let (_, bytes, blocks) = self.writing.as_mut().ok_or(StoreFailed)?;
        if self.config.state == State::FailsAfter(*blocks) {
            return Err(StoreFailed);
        }
        bytes.extend(block.iter().flat_map(|sample| sample.to_le_bytes()));
        *blocks = blocks.saturating_add(1);
        Ok(())
    }

    fn record_finish(&mut self) -> core::result::Result<u64, StoreFailed> {
        let (name, bytes, _) = self.writing.take().ok_or(StoreFailed)?;
        let mut file = header_bytes(bytes.len() as u32).to_vec();
        file.extend(bytes);
        let length = file.len() as u64;
        self.files.insert(name, file);
        Ok(length)
    }

    fn record_discard(&mut self) {
        self.writing = None;
    }

    fn deliver(&mut self, _sink: Sink, _block: &Block) {}

    fn marker(&mut self, marker: Marker<'_>) {
        self.lines.push(marker.to_string());
    }
}

/// Answers the contract `audiod`.
#[derive(Default)]
pub struct AudiodMachine {
    engine: Option<Engine<Bench>>,
    portable: bool,
}

pub(crate) use AudiodMachine as Adapter;

impl crate::Portable for AudiodMachine {
    fn portable() -> Self {
        Self { engine: None, portable: true }
    }
}

impl Machine<Audiod> for AudiodMachine {
    fn reset(&mut self, config: &Config) -> core::result::Result<core::result::Result<(), ErrorCode>, Failure> {
        let blocks = AUDIOD_RECORD_BLOCKS_MIN..=AUDIOD_RECORD_BLOCKS_MAX;
        if config.grants.len() > AUDIOD_SENDERS_MAX as usize || !blocks.contains(&config.record_blocks_max) {
            return Ok(Err(ErrorCode::OutOfRange));
        }
        let bench = Bench { config: config.clone(), ..Bench::default() };
        self.engine = Some(if self.portable { Engine::portable(bench) } else { Engine::new(bench) });
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> core::result::Result<Obs, Failure> {
        let engine = self.engine.as_mut().ok_or_else(crate::not_reset)?;
        Ok(answer(engine, op).unwrap_or_else(Obs::Rejected))
    }
}

fn answer(engine: &mut Engine<Bench>, op: &Op) -> core::result::Result<Obs, ErrorCode> {
    match op {
        Op::Call { sender, call: asked } => Ok(call(engine, u64::from(*sender), asked)?),
        Op::Tick(count) => ticks(engine, *count),
        Op::Forge { stream, write_index } => forge(engine, *stream, *write_index),
        Op::Markers => Ok(Obs::Lines(core::mem::take(&mut engine.platform_mut().lines))),
        Op::File(uri) => Ok(Obs::File(engine.platform().files.get(uri).map(|file| {
            let samples: Vec<i16> = file.as_chunks::<2>().0.iter().map(|pair| i16::from_le_bytes(*pair)).collect();
            (file.len() as u64, checksum(0, 0, &samples))
        }))),
        Op::Denials => {
            let named = |(sender, method): (u8, Method)| (sender, alloc::format!("{}.{}", method.entry().service, method.entry().name));
            Ok(Obs::Denials(engine.platform().denials, engine.platform().last_denial.map(named)))
        }
    }
}

fn ticks(engine: &mut Engine<Bench>, count: u32) -> core::result::Result<Obs, ErrorCode> {
    if !(AUDIOD_TICK_BLOCKS_MIN..=AUDIOD_TICK_BLOCKS_MAX).contains(&count) {
        return Err(ErrorCode::OutOfRange);
    }
    let (mut sum, mut first) = (0, 0);
    for _ in 0..count {
        engine.tick();
        let block = engine.block();
        sum = checksum(sum, first, block);
        first = first.wrapping_add(block.len() as u64);
    }
    let block = engine.block();
    let silent = block.iter().all(|sample| *sample == 0);
    Ok(Obs::Mixed { pcm: if silent { Vec::new() } else { block.to_vec() }, checksum: sum })
}

fn forge(engine: &mut Engine<Bench>, stream: u32, write_index: u64) -> core::result::Result<Obs, ErrorCode> {
    match engine.platform().rings.get(&stream) {
        Some(ring) => {
            ring.0.borrow_mut().forge_write_index(write_index);
            Ok(Obs::Done)
        }
        // A stream without a ring is a tone, or not there.
        None if engine.is_open(stream) => Err(ErrorCode::NotARing),
        None => Err(ErrorCode::UnknownStream),
    }
}

fn call(engine: &mut Engine<Bench>, sender: u64, call: &Call) -> Result<Obs> {
    match *call {
        Call::DefaultFormat => {
            let format = engine.default_format(sender)?;
            return Ok(Obs::Format {
                rate_hz: format.rate_hz,
                channels: format.channels,
                bits: WAV_BITS_PER_SAMPLE,
                block_frames: BLOCK_FRAMES,
            });
        }
        Call::SinkState => {
            let sinks = engine.sink_state(sender)?;
            return Ok(Obs::Sink { selected: sinks.selected, effective: sinks.effective, recording: sinks.recording });
        }
        Call::SetLevel(level) => engine.set_level(sender, level)?,
        Call::SetMuted(muted) => engine.set_muted(sender, muted)?,
        Call::GetLevel => {
            let (level, muted) = engine.get_level(sender)?;
            return Ok(Obs::Level { level, muted });
        }
        Call::PlayTone { hz, ms } => {
            let (stream, frames) = engine.play_tone(sender, hz, ms)?;
            return Ok(Obs::Playing { stream, frames });
        }
        Call::OpenStream(ref app) => {
            let (stream, frames) = engine.open_stream(sender, app)?;
            return Ok(Obs::Opened { stream, frames });
        }
        Call::Write { stream, frames, seed } => return write(engine, sender, stream, frames, seed),
        Call::Start(stream) => engine.start(sender, stream)?,
        Call::Pause(stream) => engine.pause(sender, stream)?,
        Call::Close(stream) => engine.close(sender, stream)?,
        Call::SetStreamGain { stream, db } => engine.set_stream_gain(sender, stream, db)?,
        Call::SetStreamMuted { stream, muted } => engine.set_stream_muted(sender, stream, muted)?,
        Call::Position(stream) => {
            let frames = engine.position(sender, stream)?;
            return Ok(Obs::Position { frames, ms: audio::format::frames_to_ms(frames)? });
        }
        Call::Stats => return engine.stats(sender).map(Obs::Stats),
        Call::Meters => return engine.meters(sender).map(Obs::Meters),
        Call::SelectSink(sink) => engine.select_sink(sender, sink)?,
        Call::RecordStart(ref uri) => engine.record_start(sender, uri)?,
        Call::RecordStop => {
            let (frames, bytes) = engine.record_stop(sender)?;
            return Ok(Obs::Recorded { frames, bytes });
        }
        Call::SessionPlay(stream) => engine.session_play(sender, stream)?,
        Call::SessionPause(stream) => engine.session_pause(sender, stream)?,
        Call::SetVolume { stream, db } => engine.set_volume(sender, stream, db)?,
        Call::SetSessionMuted { stream, muted } => engine.set_session_muted(sender, stream, muted)?,
        Call::Duck { stream, ms } => engine.duck(sender, stream, ms)?,
        Call::Unduck { stream, ms } => engine.unduck(sender, stream, ms)?,
    }
    Ok(Obs::Done)
}

fn write(engine: &mut Engine<Bench>, sender: u64, stream: u32, frames: u32, seed: u32) -> Result<Obs> {
    engine.authorize_write(sender, stream, frames)?;
    let pcm = pattern(seed, frames.min(RING_WRITE_FRAMES_MAX));
    match engine.platform().rings.get(&stream) {
        Some(ring) => ring.write(&pcm).map(Obs::Wrote),
        None => Ok(Obs::Rejected(ErrorCode::UnknownStream)),
    }
}
