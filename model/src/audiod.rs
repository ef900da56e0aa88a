//! The reference model of the contract `audiod`, on the models of ring, gain, level, mixer, tone and WAV.

pub use self::AudiodModel as Model;
use crate::{gain, mixer, ring::RingModel, tone::ToneModel, wav};
use spec::audiod::{
    AUDIOD_APP_BYTES_MAX, AUDIOD_DUCK_DB_Q8_8, AUDIOD_MARKER_BLOCKS, AUDIOD_RAMP_MS_MAX, AUDIOD_RECORD_BLOCKS_MAX,
    AUDIOD_RECORD_BLOCKS_MIN, AUDIOD_SENDERS_MAX, AUDIOD_STREAMS_MAX, AUDIOD_TICK_BLOCKS_MAX, AUDIOD_TICK_BLOCKS_MIN, AUDIOD_URI_BYTES_MAX,
    Audiod, Call, Config, Meters, Obs, Op, Sink, State, Stats, checksum, pattern,
};
use spec::format::{BLOCK_FRAMES, BLOCK_MS, CHANNELS, FRAMES_PER_MS, SAMPLE_RATE_HZ};
use spec::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN};
use spec::level::{LEVEL_Q16_MAX, LEVEL_UNITY_Q16};
use spec::mixer::{Curve, Mixed};
use spec::ring::{self, RING_FRAMES, RING_WRITE_FRAMES_MAX};
use spec::wav::WAV_BITS_PER_SAMPLE;
use spec::{ErrorCode, Failure, Machine};
use std::collections::BTreeMap;

/// Where a stream's frames come from.
#[derive(Clone, Debug)]
enum Source {
    Ring(Box<RingModel>),
    Tone { tone: ToneModel, left: u64 },
}

/// A ramp of the duck's gain, in Q8.8 dB: block `done` of `blocks` has been reached.
#[derive(Clone, Copy, Debug, Default)]
struct Ramp {
    from: i32,
    to: i32,
    blocks: u32,
    done: u32,
}

impl Ramp {
    fn value(&self) -> i32 {
        if self.done >= self.blocks {
            return self.to;
        }
        // AUDIOD-021: from + (to - from) k / N, half away from zero.
        let product = i64::from(self.to - self.from) * i64::from(self.done);
        let magnitude = (2 * product.abs() + i64::from(self.blocks)) / (2 * i64::from(self.blocks));
        self.from + (if product < 0 { -magnitude } else { magnitude }) as i32
    }

    /// AUDIOD-021: from the present value, in ceil(ms / 10) blocks, the first of which is the next.
    fn retarget(&mut self, to: i32, ms: u32) {
        *self = Self { from: self.value(), to, blocks: ms.div_ceil(BLOCK_MS), done: 0 };
        if self.blocks == 0 {
            self.from = to;
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Stream {
    number: u32,
    owner: u8,
    app: String,
    source: Source,
    playing: bool,
    faulted: bool,
    /// Source frames consumed.
    position: u64,
    /// Gain and mute of the stream itself and of its session.
    db: i32,
    muted: bool,
    session_db: i32,
    session_muted: bool,
    /// What lies over the session's app, and the session's duck where somebody else ramps it.
    app_db: i32,
    app_muted: bool,
    duck: Ramp,
}

impl Stream {
    /// The Q16 factor of a block.
    fn factor(&self) -> u32 {
        let parts = [self.db, self.session_db, self.app_db, self.duck.value()];
        // AUDIOD-005; AUDIOD-004: the smallest gain of any is silence, and the sum saturates.
        if self.muted || self.session_muted || self.app_muted || parts.contains(&GAIN_DB_Q8_8_MIN) {
            return 0;
        }
        gain::factor(parts.iter().sum::<i32>().clamp(GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MAX)).unwrap_or(0)
    }

    /// The samples of this block, and its missing frames where it is an underrun.
    fn pull(&mut self) -> (Vec<i16>, u64) {
        // AUDIOD-009; AUDIOD-025
        if !self.playing || self.faulted {
            return (Vec::new(), 0);
        }
        match &mut self.source {
            Source::Ring(ring) => {
                let before = ring.stats();
                match ring.pull(BLOCK_FRAMES) {
                    Ok(ring::Obs::Pcm(pcm)) => {
                        let after = ring.stats();
                        // AUDIOD-010: what was consumed, not what was inserted. AUDIOD-011: the ring's own rule.
                        self.position += after.read - before.read;
                        (pcm, after.missing_frames - before.missing_frames)
                    }
                    _ => {
                        self.faulted = true;
                        (Vec::new(), 0)
                    }
                }
            }
            Source::Tone { tone, left } => {
                // AUDIOD-013
                let frames = (*left).min(u64::from(BLOCK_FRAMES));
                *left -= frames;
                self.position += frames;
                let samples = (0..frames).map(|_| tone.next_sample());
                (samples.flat_map(|sample| [sample, sample]).collect(), 0)
            }
        }
    }

    /// What mediasessd lays over it: gain and mute of the session and of its app.
    pub(crate) fn lay(&mut self, session: (i32, bool), app: (i32, bool)) {
        (self.session_db, self.session_muted) = session;
        (self.app_db, self.app_muted) = app;
    }

    /// What the duck adds to the next block.
    pub(crate) fn duck_by(&mut self, db: i32) {
        self.duck = Ramp { from: db, to: db, blocks: 0, done: 0 };
    }

    /// Lets it play or pauses it, whatever became of it.
    pub(crate) fn set_playing(&mut self, playing: bool) {
        self.playing = playing;
    }

    pub(crate) fn faulted(&self) -> bool {
        self.faulted
    }

    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    fn ended(&self) -> bool {
        matches!(self.source, Source::Tone { left: 0, .. })
    }
}

/// A recording under way.
#[derive(Clone, Debug)]
struct Recording {
    uri: String,
    pcm: Vec<i16>,
    blocks: u32,
    /// Why it is void.
    void: Option<ErrorCode>,
}

/// The reference model of the contract `audiod`.
#[derive(Clone, Debug, Default)]
pub struct AudiodModel {
    config: Config,
    level: u32,
    muted: bool,
    streams: Vec<Stream>,
    last_number: u32,
    selected: Sink,
    recording: Option<Recording>,
    files: BTreeMap<String, Vec<u8>>,
    stats: Stats,
    last: [[u32; 2]; 2],
    lines: Vec<String>,
    tick_marked: Option<u64>,
    underrun_marked: Option<u64>,
    denials: u64,
    last_denial: Option<(u8, String)>,
}

/// AUDIOD-D13: letters, digits, dot, hyphen, underscore.
fn plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
}

pub(crate) fn check_app(app: &str) -> Result<(), ErrorCode> {
    // AUDIOD-028
    if plain(app) && app.len() <= AUDIOD_APP_BYTES_MAX as usize { Ok(()) } else { Err(ErrorCode::InvalidApp) }
}

fn check_uri(uri: &str) -> Result<(), ErrorCode> {
    // AUDIOD-028
    let path = uri.strip_prefix("state:/").filter(|_| uri.len() <= AUDIOD_URI_BYTES_MAX as usize).ok_or(ErrorCode::InvalidUri)?;
    let segments: Vec<&str> = path.split('/').collect();
    let clean = segments.iter().all(|segment| plain(segment) && *segment != "." && *segment != "..");
    let named = segments.last().and_then(|name| name.strip_suffix(".wav")).is_some_and(|stem| !stem.is_empty());
    if clean && named { Ok(()) } else { Err(ErrorCode::InvalidUri) }
}

/// AUDIOD-027: with the first event, then with the first that is so many blocks later.
fn is_due(marked: &mut Option<u64>, tick: u64) -> bool {
    let due = marked.is_none_or(|last| tick - last >= AUDIOD_MARKER_BLOCKS);
    if due {
        *marked = Some(tick);
    }
    due
}

impl AudiodModel {
    pub(crate) fn new(config: &Config) -> Self {
        // AUDIOD-014, AUDIOD-015: full level, not muted, null sink. AUDIOD-026
        Self { config: config.clone(), level: LEVEL_UNITY_Q16, lines: vec!["audiod: ready".to_owned()], ..Self::default() }
    }

    /// The stream of that number, if the sender may name it.
    pub(crate) fn stream(&mut self, owner: Option<u8>, number: u32) -> Result<&mut Stream, ErrorCode> {
        // AUDIOD-007; AUDIOD-012: a closed one is not there.
        let found = self.streams.iter_mut().find(|stream| stream.number == number);
        found.filter(|stream| owner.is_none_or(|owner| stream.owner == owner)).ok_or(ErrorCode::UnknownStream)
    }

    fn add(&mut self, owner: u8, app: &str, source: Source, playing: bool) -> Result<u32, ErrorCode> {
        // AUDIOD-006
        if self.streams.len() == AUDIOD_STREAMS_MAX as usize {
            return Err(ErrorCode::TooManyStreams);
        }
        // AUDIOD-007
        self.last_number += 1;
        self.streams.push(Stream {
            number: self.last_number,
            owner,
            app: app.to_owned(),
            source,
            playing,
            faulted: false,
            position: 0,
            db: 0,
            muted: false,
            session_db: 0,
            session_muted: false,
            app_db: 0,
            app_muted: false,
            duck: Ramp::default(),
        });
        Ok(self.last_number)
    }

    fn call(&mut self, sender: u8, call: &Call) -> Result<Obs, ErrorCode> {
        // AUDIOD-023: before anything else.
        let bits = self.config.grants.get(usize::from(sender)).copied().unwrap_or(0);
        let method = call.method();
        if bits & method.capability().bit() == 0 {
            // AUDIOD-024
            self.denials += 1;
            self.last_denial = Some((sender, format!("{}.{}", method.entry().service, method.entry().name)));
            return Err(ErrorCode::AccessDenied);
        }
        self.perform(sender, call)
    }

    /// A call that is allowed.
    pub(crate) fn perform(&mut self, sender: u8, call: &Call) -> Result<Obs, ErrorCode> {
        let own = Some(sender);
        match *call {
            // AUDIOD-001
            Call::DefaultFormat => {
                Ok(Obs::Format { rate_hz: SAMPLE_RATE_HZ, channels: CHANNELS, bits: WAV_BITS_PER_SAMPLE, block_frames: BLOCK_FRAMES })
            }
            Call::SinkState => {
                // AUDIOD-D9
                let recording = self.recording.is_some();
                Ok(Obs::Sink { selected: self.selected, effective: self.effective(), recording })
            }
            Call::SetLevel(level) if level > LEVEL_Q16_MAX => Err(ErrorCode::OutOfRange),
            Call::SetLevel(level) => Ok(self.set_master(level, self.muted)),
            Call::SetMuted(muted) => Ok(self.set_master(self.level, muted)),
            Call::GetLevel => Ok(Obs::Level { level: self.level, muted: self.muted }),
            Call::PlayTone { hz, ms } => {
                let mut tone = ToneModel::default();
                tone.play(hz, ms)?;
                // AUDIOD-013
                let left = u64::from(ms) * u64::from(FRAMES_PER_MS);
                let stream = self.add(sender, "tone", Source::Tone { tone, left }, true)?;
                Ok(Obs::Playing { stream, frames: left })
            }
            Call::OpenStream(ref app) => {
                check_app(app)?;
                // AUDIOD-008
                let stream = self.add(sender, app, Source::Ring(Box::default()), false)?;
                Ok(Obs::Opened { stream, frames: RING_FRAMES })
            }
            Call::Write { stream, frames, seed } => self.write(sender, stream, frames, || pattern(seed, frames)),
            Call::Start(stream) => self.start(own, stream),
            Call::SessionPlay(stream) => self.start(None, stream),
            Call::SessionPause(stream) => self.change(None, stream, |stream| stream.playing = false),
            Call::Pause(stream) => self.change(own, stream, |stream| stream.playing = false),
            Call::Close(number) => {
                self.stream(own, number)?;
                // AUDIOD-012
                self.streams.retain(|stream| stream.number != number);
                Ok(Obs::Done)
            }
            Call::SetStreamGain { stream, db } => {
                self.stream(own, stream)?;
                gain::factor(db)?;
                self.change(own, stream, |stream| stream.db = db)
            }
            Call::SetStreamMuted { stream, muted } => self.change(own, stream, |stream| stream.muted = muted),
            Call::Position(stream) => {
                // AUDIOD-010
                let frames = self.stream(own, stream)?.position;
                Ok(Obs::Position { frames, ms: frames / u64::from(FRAMES_PER_MS) })
            }
            Call::Stats => Ok(Obs::Stats(self.stats())),
            Call::Meters => Ok(Obs::Meters(self.meters())),
            Call::SelectSink(sink) => {
                // AUDIOD-015
                let available = match sink {
                    Sink::Null => true,
                    Sink::File => self.config.state != State::Missing,
                    Sink::I2s => self.config.i2s,
                };
                if !available {
                    return Err(ErrorCode::SinkUnavailable);
                }
                self.selected = sink;
                Ok(Obs::Done)
            }
            Call::RecordStart(ref uri) => self.record_start(uri),
            Call::RecordStop => self.record_stop(),
            Call::SetVolume { stream, db } => {
                self.stream(None, stream)?;
                gain::factor(db)?;
                self.change(None, stream, |stream| stream.session_db = db)
            }
            Call::SetSessionMuted { stream, muted } => self.change(None, stream, |stream| stream.session_muted = muted),
            Call::Duck { stream, ms } => {
                let before = self.retarget(stream, AUDIOD_DUCK_DB_Q8_8, ms)?;
                // AUDIOD-026
                if before == 0 {
                    self.lines.push(format!("audiod: duck {}dB", AUDIOD_DUCK_DB_Q8_8 / 256));
                }
                Ok(Obs::Done)
            }
            // AUDIOD-022
            Call::Unduck { stream, ms } => self.retarget(stream, 0, ms).map(|_| Obs::Done),
        }
    }

    fn start(&mut self, owner: Option<u8>, number: u32) -> Result<Obs, ErrorCode> {
        let stream = self.stream(owner, number)?;
        // AUDIOD-025
        if stream.faulted {
            return Err(ErrorCode::RingFault);
        }
        stream.playing = true;
        Ok(Obs::Done)
    }

    fn change(&mut self, owner: Option<u8>, number: u32, change: impl FnOnce(&mut Stream)) -> Result<Obs, ErrorCode> {
        change(self.stream(owner, number)?);
        Ok(Obs::Done)
    }

    /// Gives the target before.
    fn retarget(&mut self, number: u32, to: i32, ms: u32) -> Result<i32, ErrorCode> {
        let stream = self.stream(None, number)?;
        // AUDIOD-028
        if ms > AUDIOD_RAMP_MS_MAX {
            return Err(ErrorCode::OutOfRange);
        }
        let before = stream.duck.to;
        stream.duck.retarget(to, ms);
        Ok(before)
    }

    fn set_master(&mut self, level: u32, muted: bool) -> Obs {
        // AUDIOD-014: each leaves the other as it is.
        if (level, muted) != (self.level, self.muted) {
            (self.level, self.muted) = (level, muted);
            // AUDIOD-026; LEVEL-009
            let hundredths = (level * 200 + 65_536) / 131_072;
            self.lines.push(format!("audiod: level linear={}.{:02} muted={muted}", hundredths / 100, hundredths % 100));
        }
        Obs::Done
    }

    pub(crate) fn write(&mut self, sender: u8, number: u32, frames: u32, pcm: impl FnOnce() -> Vec<i16>) -> Result<Obs, ErrorCode> {
        let stream = self.stream(Some(sender), number)?;
        let faulted = stream.faulted;
        let Source::Ring(ring) = &mut stream.source else {
            return Err(ErrorCode::NotARing);
        };
        // AUDIOD-028
        if frames > RING_WRITE_FRAMES_MAX {
            return Err(ErrorCode::OversizedInput);
        }
        if faulted {
            return Err(ErrorCode::RingFault);
        }
        // AUDIOD-008
        match ring.write(&pcm())? {
            ring::Obs::Wrote(taken) => Ok(Obs::Wrote(taken)),
            _ => Err(ErrorCode::RingFault),
        }
    }

    fn record_start(&mut self, uri: &str) -> Result<Obs, ErrorCode> {
        check_uri(uri)?;
        // AUDIOD-017
        if self.config.state == State::Missing {
            return Err(ErrorCode::StateUnavailable);
        }
        if self.recording.is_some() {
            return Err(ErrorCode::AlreadyRecording);
        }
        self.recording = Some(Recording { uri: uri.to_owned(), pcm: Vec::new(), blocks: 0, void: None });
        Ok(Obs::Done)
    }

    fn record_stop(&mut self) -> Result<Obs, ErrorCode> {
        let recording = self.recording.take().ok_or(ErrorCode::NotRecording)?;
        // AUDIOD-018
        if let Some(code) = recording.void {
            return Err(code);
        }
        // AUDIOD-016
        let file = wav::save(&recording.pcm);
        let bytes = file.len() as u64;
        self.files.insert(recording.uri, file);
        Ok(Obs::Recorded { frames: u64::from(recording.blocks) * u64::from(BLOCK_FRAMES), bytes })
    }

    fn record(&mut self, pcm: &[i16]) {
        let Some(recording) = &mut self.recording else { return };
        if recording.void.is_some() {
            return;
        }
        // AUDIOD-018
        if recording.blocks == self.config.record_blocks_max {
            recording.void = Some(ErrorCode::OversizedInput);
        } else if self.config.state == State::FailsAfter(recording.blocks) {
            recording.void = Some(ErrorCode::StateFailed);
        } else {
            recording.blocks += 1;
            recording.pcm.extend(pcm);
        }
    }

    /// One block.
    pub(crate) fn tick(&mut self) -> Mixed {
        // AUDIOD-002
        self.stats.ticks += 1;
        let tick = self.stats.ticks;
        let mut blocks = Vec::new();
        for stream in &mut self.streams {
            // AUDIOD-021: block k has the ramp's k-th value.
            stream.duck.done = (stream.duck.done + 1).min(stream.duck.blocks);
            let (pcm, missing) = stream.pull();
            if missing > 0 {
                // AUDIOD-011
                self.stats.underrun_events += 1;
                self.stats.missing_frames += missing;
                // AUDIOD-026, AUDIOD-027
                if is_due(&mut self.underrun_marked, tick) {
                    self.lines.push(format!("audiod: underrun app={} frames={missing}", stream.app));
                }
            }
            blocks.push((stream.factor(), pcm));
        }
        // AUDIOD-003: audiod's curve is the soft one.
        let inputs: Vec<(u32, &[i16])> = blocks.iter().map(|(factor, pcm)| (*factor, pcm.as_slice())).collect();
        let level = if self.muted { 0 } else { self.level };
        let mixed = mixer::mix_block(Curve::Soft, level, BLOCK_FRAMES, &inputs);
        self.stats.clipped += u64::from(mixed.clipped);
        self.last = [mixed.peak, mixed.rms];
        self.record(&mixed.pcm);
        if is_due(&mut self.tick_marked, tick) {
            let mix = mixed.peak[0].max(mixed.peak[1]);
            self.lines.push(format!("audiod: tick seq={tick} mix={mix} streams={}", self.streams.len()));
        }
        // AUDIOD-013: a tone is gone after the block in which it ends.
        self.streams.retain(|stream| !stream.ended());
        mixed
    }

    fn ticks(&mut self, count: u32) -> Result<Obs, ErrorCode> {
        // AUDIOD-028
        if !(AUDIOD_TICK_BLOCKS_MIN..=AUDIOD_TICK_BLOCKS_MAX).contains(&count) {
            return Err(ErrorCode::OutOfRange);
        }
        let (mut sum, mut last) = (0, Vec::new());
        for block in 0..u64::from(count) {
            last = self.tick().pcm;
            sum = checksum(sum, block * u64::from(BLOCK_FRAMES) * u64::from(CHANNELS), &last);
        }
        if last.iter().all(|sample| *sample == 0) {
            last.clear();
        }
        Ok(Obs::Mixed { pcm: last, checksum: sum })
    }

    /// Closes the rings of an owner that has gone away.
    pub(crate) fn close_rings(&mut self, owner: u8) {
        self.streams.retain(|stream| stream.owner != owner || matches!(stream.source, Source::Tone { .. }));
    }

    /// Whether a recording is under way, and whether it is void.
    pub(crate) fn recording(&self) -> Option<bool> {
        self.recording.as_ref().map(|recording| recording.void.is_some())
    }

    /// The sink that takes the blocks.
    pub(crate) fn effective(&self) -> Sink {
        if self.recording.is_some() { Sink::File } else { self.selected }
    }

    /// A machine that starts again over the same store.
    pub(crate) fn restarted(self) -> Self {
        Self { files: self.files, ..Self::new(&self.config) }
    }

    /// The lines since this was asked last.
    pub(crate) fn take_lines(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }

    pub(crate) fn file_bytes(&self, uri: &str) -> Option<&[u8]> {
        self.files.get(uri).map(Vec::as_slice)
    }

    pub(crate) fn file(&self, uri: &str) -> Option<(u64, u64)> {
        self.files.get(uri).map(|file| {
            let samples: Vec<i16> = file.as_chunks::<2>().0.iter().map(|pair| i16::from_le_bytes(*pair)).collect();
            (file.len() as u64, checksum(0, 0, &samples))
        })
    }

    pub(crate) fn stats(&self) -> Stats {
        // AUDIOD-019
        Stats {
            streams: self.streams.len() as u32,
            playing: self.streams.iter().filter(|stream| stream.playing).count() as u32,
            peak: self.last[0],
            ..self.stats
        }
    }

    pub(crate) fn meters(&self) -> Meters {
        // AUDIOD-020
        let fill = self.streams.iter().filter_map(|stream| match &stream.source {
            Source::Ring(ring) => Some((stream.number, ring.stats().fill)),
            Source::Tone { .. } => None,
        });
        Meters { peak: self.last[0], rms: self.last[1], fill: fill.collect() }
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        match op {
            Op::Call { sender, call } => self.call(*sender, call),
            Op::Tick(blocks) => self.ticks(*blocks),
            Op::Forge { stream, write_index } => match &mut self.stream(None, *stream)?.source {
                Source::Ring(ring) => {
                    // AUDIOD-025
                    ring.forge_write_index(*write_index);
                    Ok(Obs::Done)
                }
                Source::Tone { .. } => Err(ErrorCode::NotARing),
            },
            Op::Markers => Ok(Obs::Lines(std::mem::take(&mut self.lines))),
            Op::File(uri) => Ok(Obs::File(self.file(uri))),
            Op::Denials => Ok(Obs::Denials(self.denials, self.last_denial.clone())),
        }
    }
}

impl Machine<Audiod> for AudiodModel {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        // AUDIOD-028
        let blocks = AUDIOD_RECORD_BLOCKS_MIN..=AUDIOD_RECORD_BLOCKS_MAX;
        if config.grants.len() > AUDIOD_SENDERS_MAX as usize || !blocks.contains(&config.record_blocks_max) {
            return Ok(Err(ErrorCode::OutOfRange));
        }
        *self = Self::new(config);
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests;
