//! All media services together, as one machine runs them: messages in, replies out, one tick every 10 ms.
//!
//! The daemon on the host and the bare-metal guest both run this. What differs between them (shared memory, files, the clock,
//! where marker lines go) comes through a [`Host`].

mod media;

use crate::audiod::{Block, Engine, Feed, Marker, Method, Platform, Sink, StoreFailed};
use crate::capability_audit::AuditLog;
use crate::codec::{Codecd, I2sd, select_i2s};
use crate::error::ServiceError;
use crate::lines::Lines;
use crate::mediasessd::{Around, Mediasessd};
use crate::policy::{Policyd, Request as Asked};
use crate::settings::{Audio, Availability, Settingsd, Store};
use crate::wakelock::Powerd;
use crate::{Result, policy, rejection};
use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;
use spec::capabilities::Capability;
use spec::capability_audit::{AUDIT_EVENTS_MAX, AUDIT_RECORDS_MAX};
use spec::codec::{CODEC_FORMAT, Platform as Board};
use spec::format::BLOCK_FRAMES;
use spec::idl::{Answer, Call, Fill, Peaks, Reply, Request};
use spec::media_config::Values;
use spec::settings::Scope;
use spec::wav::WAV_BITS_PER_SAMPLE;

/// What the machine gives its services.
pub trait Host {
    /// The consumer's end of a ring.
    type Feed: Feed;

    /// Makes a ring for a stream.
    fn open_ring(&mut self, stream: u32) -> Option<Self::Feed>;

    /// A stream is gone.
    fn closed(&mut self, stream: u32);

    /// Writes to the client's end of a stream's ring, for transports without shared memory; gives the frames taken.
    ///
    /// # Errors
    /// Those of the ring.
    fn write_ring(&mut self, stream: u32, pcm: &[i16]) -> Result<u32>;

    /// Where a client finds the memory of a stream's ring: its handle and its offset in bytes.
    fn shared_memory(&self, stream: u32) -> (u32, u32);

    /// Nanoseconds since the start, for audit records.
    fn now_ns(&self) -> u64;

    /// Prints a marker line.
    fn line(&mut self, line: &dyn Display);

    /// Whether `/state` is there.
    fn has_state(&self) -> bool;

    /// Blocks that one recording may have.
    fn record_blocks_max(&self) -> u32;

    /// Begins the file of a recording.
    ///
    /// # Errors
    /// The store failed.
    fn record_begin(&mut self, uri: &str) -> core::result::Result<(), StoreFailed>;

    /// Appends a block to it.
    ///
    /// # Errors
    /// The store failed.
    fn record_block(&mut self, block: &Block) -> core::result::Result<(), StoreFailed>;

    /// Ends it; gives its bytes.
    ///
    /// # Errors
    /// The store failed.
    fn record_finish(&mut self) -> core::result::Result<u64, StoreFailed>;

    /// Gives it up.
    fn record_discard(&mut self);

    /// A file of `/state`; nothing where there is none.
    ///
    /// # Errors
    /// The store failed.
    fn read_file(&mut self, uri: &str) -> core::result::Result<Option<Vec<u8>>, StoreFailed>;

    /// Replaces a file of `/state`, whole or not at all.
    ///
    /// # Errors
    /// The store failed; the file is as it was.
    fn write_file(&mut self, uri: &str, bytes: &[u8]) -> core::result::Result<(), StoreFailed>;

    /// Hears each mixed block that goes to the null sink.
    fn heard(&mut self, _block: &Block) {}
}

/// The host with the services that the engine reaches through it.
struct Machine<H> {
    host: H,
    policyd: Policyd,
    audit: AuditLog,
    codecd: Codecd,
    i2sd: I2sd,
    /// Who the message says that it is from.
    claimed: Option<u64>,
    /// Frames that the sink took since it takes the blocks.
    delivered: u64,
    /// Who started the recording under way; its indicator is on.
    recorder: Option<u64>,
}

impl<H: Host> Machine<H> {
    fn took_a_block(&mut self) {
        self.delivered = self.delivered.wrapping_add(u64::from(BLOCK_FRAMES));
    }
}

/// Marker lines go to the host.
struct ToHost<'a, H>(&'a mut H);

impl<H: Host> Lines for ToHost<'_, H> {
    fn line(&mut self, line: &dyn Display) {
        self.0.line(line);
    }
}

impl<H: Host> Platform for Machine<H> {
    type Feed = H::Feed;

    fn open_ring(&mut self, stream: u32) -> Option<H::Feed> {
        self.host.open_ring(stream)
    }

    fn closed(&mut self, stream: u32) {
        self.host.closed(stream);
    }

    fn allows(&mut self, sender: u64, method: Method) -> bool {
        let request = Asked { sender, claimed: self.claimed, method };
        let decision = self.policyd.decide(&request);
        // Every denial is written; of what is allowed, what is sensitive (SYSTEM-005).
        if !decision.is_allowed() || method.capability().entry().sensitive {
            self.audit.record_call(self.host.now_ns(), &request, decision, "");
        }
        decision.is_allowed()
    }

    fn has_state(&self) -> bool {
        self.host.has_state()
    }

    fn has_i2s(&self) -> bool {
        select_i2s(&self.i2sd, &self.codecd).is_ok()
    }

    fn record_blocks_max(&self) -> u32 {
        self.host.record_blocks_max()
    }

    fn record_begin(&mut self, uri: &str) -> core::result::Result<(), StoreFailed> {
        self.host.record_begin(uri)
    }

    fn record_block(&mut self, block: &Block) -> core::result::Result<(), StoreFailed> {
        self.host.record_block(block)?;
        self.took_a_block();
        if let Some(recorder) = self.recorder {
            // The capture began with the recording, so that there is one (SYSTEM-014).
            let _ = self.audit.deliver(recorder, Capability::AudioRecord, size_of_val(block));
        }
        Ok(())
    }

    fn record_finish(&mut self) -> core::result::Result<u64, StoreFailed> {
        self.host.record_finish()
    }

    fn record_discard(&mut self) {
        self.host.record_discard();
    }

    fn deliver(&mut self, sink: Sink, block: &Block) {
        self.took_a_block();
        match sink {
            // A driver that was disabled meanwhile takes nothing, as its state says.
            Sink::I2s => drop(self.i2sd.submit(block)),
            Sink::Null | Sink::File => self.host.heard(block),
        }
    }

    fn marker(&mut self, marker: Marker<'_>) {
        self.host.line(&marker);
    }
}

/// What settingsd wants to be applied, until it is.
#[derive(Default)]
struct Wishes(Vec<Wish>);

enum Wish {
    Level(u32),
    Muted(bool),
    Sink(Sink),
}

impl Audio for Wishes {
    fn level(&mut self, q16: u32) {
        self.0.push(Wish::Level(q16));
    }

    fn muted(&mut self, muted: bool) {
        self.0.push(Wish::Muted(muted));
    }

    fn sink(&mut self, sink: Sink) {
        self.0.push(Wish::Sink(sink));
    }
}

/// The media services of one machine.
pub struct System<H: Host, S: Store> {
    engine: Engine<Machine<H>>,
    settingsd: Settingsd<S, Wishes>,
    mediasessd: Mediasessd,
    powerd: Powerd,
    pcm: Vec<i16>,
}

impl<H: Host, S: Store> System<H, S> {
    /// Starts all services: codecd and i2sd say what they are, audiod that it is ready, the stored settings are applied, and mediasessd
    /// says that it is ready.
    ///
    /// # Errors
    /// What codecd has against the engine's own format, which is a mistake of this program, and what the services have against values
    /// that media-config would not have let through.
    pub fn start(mut host: H, store: S, policyd: Policyd, values: &Values) -> Result<Self> {
        let mut codecd = Codecd::default();
        let i2sd = I2sd::start(Board::Qemu, &mut ToHost(&mut host));
        codecd.configure("i2s -> codec -> speaker", &CODEC_FORMAT, &mut ToHost(&mut host))?;
        let audit = AuditLog::new(AUDIT_RECORDS_MAX, AUDIT_EVENTS_MAX)?;
        let available = Availability { state: host.has_state(), i2s: false };
        let mut ready = Kept::default();
        let mediasessd = Mediasessd::start(values, &mut ready)?;
        let machine = Machine { host, policyd, audit, codecd, i2sd, claimed: None, delivered: 0, recorder: None };
        let mut system = Self {
            engine: Engine::new(machine),
            settingsd: Settingsd::start(store, Wishes::default(), available),
            mediasessd,
            powerd: Powerd::default(),
            pcm: Vec::new(),
        };
        system.apply()?;
        system.print(ready);
        Ok(system)
    }

    /// Applies what settingsd has stored, under settingsd's own name.
    fn apply(&mut self) -> Result<()> {
        let sender = policy::identity("settingsd")?;
        self.engine.platform_mut().claimed = None;
        for wish in core::mem::take(&mut self.settingsd.audio_mut().0) {
            match wish {
                Wish::Level(q16) => self.engine.set_level(sender, q16)?,
                Wish::Muted(muted) => self.engine.set_muted(sender, muted)?,
                Wish::Sink(sink) => self.engine.select_sink(sender, sink)?,
            }
        }
        Ok(())
    }

    /// Mixes one block; called every 10 ms.
    pub fn tick(&mut self) {
        self.mediasessd.before_block(&mut self.engine);
        self.engine.tick();
        // Every session that is told of is one that there is.
        let _ = self.mediasessd.after_block(&self.engine);
        self.reconcile();
    }

    fn reconcile(&mut self) {
        let mut lines = Kept::default();
        // A release that powerd rejects was done before: there is nothing left to release.
        let _ = self.mediasessd.reconcile(&mut Around { engine: &mut self.engine, powerd: &mut self.powerd, lines: &mut lines });
        self.print(lines);
    }

    fn print(&mut self, lines: Kept) {
        for line in lines.0 {
            self.engine.platform_mut().host.line(&line);
        }
    }

    /// A client that wrote to these streams has gone away: they go with it, their sessions, and what those hold. What plays by
    /// itself, as a tone does, is not among them.
    pub fn client_gone(&mut self, streams: &[u32]) {
        for stream in streams {
            self.engine.client_gone(*stream);
        }
        self.reconcile();
    }

    /// Whether a stream of that number is open.
    pub fn is_open(&self, stream: u32) -> bool {
        self.engine.is_open(stream)
    }

    /// The host.
    pub const fn host(&self) -> &H {
        &self.engine.platform().host
    }

    /// The host, to be changed.
    pub const fn host_mut(&mut self) -> &mut H {
        &mut self.engine.platform_mut().host
    }

    /// The policy service, for consent and the foreground.
    pub const fn policyd_mut(&mut self) -> &mut Policyd {
        &mut self.engine.platform_mut().policyd
    }

    /// The audit log.
    pub const fn audit(&self) -> &AuditLog {
        &self.engine.platform().audit
    }

    /// The power service.
    pub const fn powerd(&self) -> &Powerd {
        &self.powerd
    }

    /// The last mixed block.
    pub const fn block(&self) -> &Block {
        self.engine.block()
    }

    /// Answers a message. The transport says who sent it.
    pub fn call(&mut self, sender: u64, request: &Request<'_>) -> Reply<'static> {
        let sink = self.engine.effective_sink();
        self.engine.platform_mut().claimed = request.claimed;
        let answer = self.answer(sender, &request.call).unwrap_or_else(|error| rejection(error.code(), &error));
        self.engine.platform_mut().claimed = None;
        self.reconcile();
        if self.engine.effective_sink() != sink {
            self.engine.platform_mut().delivered = 0;
        }
        Reply { sequence: request.sequence, answer }
    }

    fn answer(&mut self, sender: u64, call: &Call<'_>) -> Result<Answer<'static>> {
        let engine = &mut self.engine;
        match *call {
            Call::DefaultFormat => {
                let format = engine.default_format(sender)?;
                let (rate_hz, channels) = (format.rate_hz, format.channels);
                return Ok(Answer::Format { rate_hz, channels, bits: WAV_BITS_PER_SAMPLE, block_frames: BLOCK_FRAMES });
            }
            Call::SinkState => {
                let state = engine.sink_state(sender)?;
                return Ok(Answer::Sink { sink: state.effective, recording: state.recording, frames: engine.platform().delivered });
            }
            Call::SetLevel(q16) => engine.set_level(sender, q16)?,
            Call::SetMuted(muted) => engine.set_muted(sender, muted)?,
            Call::GetLevel => {
                let (q16, muted) = engine.get_level(sender)?;
                return Ok(Answer::Level { q16, muted });
            }
            Call::PlayTone { hz, ms } => {
                let (stream, frames) = engine.play_tone(sender, hz, ms)?;
                let frames = u32::try_from(frames).unwrap_or(u32::MAX);
                return Ok(Answer::Opened { stream, handle: 0, offset: 0, frames });
            }
            Call::OpenStream(ref app) => {
                let (stream, frames) = engine.open_stream(sender, app)?;
                // Memory is written without asking: it goes to nobody who may not write (SYSTEM-020).
                let machine = engine.platform();
                let may_write = machine.policyd.holds(sender, Method::AudiodWrite.capability());
                let (handle, offset) = if may_write { machine.host.shared_memory(stream) } else { (0, 0) };
                return Ok(Answer::Opened { stream, handle, offset, frames });
            }
            Call::Write { stream, ref pcm } => return self.write(sender, stream, pcm),
            Call::Start(stream) => engine.start(sender, stream)?,
            Call::Pause(stream) => engine.pause(sender, stream)?,
            Call::Close(stream) => engine.close(sender, stream)?,
            Call::SetStreamGain(gain) => engine.set_stream_gain(sender, gain.id, gain.db_q8_8.into())?,
            Call::SetStreamMuted(mute) => engine.set_stream_muted(sender, mute.id, mute.muted)?,
            Call::Position(stream) => {
                let frames = engine.position(sender, stream)?;
                return Ok(Answer::Position { frames, ms: audio::format::frames_to_ms(frames)? });
            }
            Call::Stats => {
                let stats = engine.stats(sender)?;
                let rms = engine.report().rms;
                return Ok(Answer::Stats {
                    ticks: stats.ticks,
                    open_streams: stats.streams,
                    underrun_events: stats.underrun_events,
                    missing_frames: stats.missing_frames,
                    clipped_samples: stats.clipped,
                    last: Peaks { peak: stats.peak, rms },
                });
            }
            Call::Meters => {
                let meters = engine.meters(sender)?;
                let fills = meters.fill.iter().map(|(stream, frames)| Fill { stream: *stream, frames: *frames }).collect();
                return Ok(Answer::Meters { last: Peaks { peak: meters.peak, rms: meters.rms }, fills });
            }
            Call::SelectSink(sink) => engine.select_sink(sender, sink)?,
            Call::RecordStart(ref uri) => self.record_start(sender, uri)?,
            Call::RecordStop => return self.record_stop(sender),
            _ => return self.session(sender, call),
        }
        Ok(Answer::Done)
    }

    /// The indicator is on before the first block is recorded (SYSTEM-014).
    fn record_start(&mut self, sender: u64, uri: &str) -> Result<()> {
        self.engine.record_start(sender, uri)?;
        let machine = self.engine.platform_mut();
        let now = machine.host.now_ns();
        if let Err(error) = machine.audit.begin_capture(now, sender, Capability::AudioRecord) {
            self.engine.record_abandon();
            return Err(error);
        }
        machine.recorder = Some(sender);
        Ok(())
    }

    fn record_stop(&mut self, sender: u64) -> Result<Answer<'static>> {
        let outcome = self.engine.record_stop(sender);
        if !self.engine.is_recording() {
            let machine = self.engine.platform_mut();
            if let Some(recorder) = machine.recorder.take() {
                let now = machine.host.now_ns();
                machine.audit.end_capture(now, recorder, Capability::AudioRecord)?;
            }
        }
        outcome.map(|(frames, bytes)| Answer::Recorded { frames, bytes })
    }

    fn write(&mut self, sender: u64, stream: u32, bytes: &[u8]) -> Result<Answer<'static>> {
        let (frames, rest) = bytes.as_chunks::<4>();
        self.engine.authorize_write(sender, stream, u32::try_from(frames.len()).unwrap_or(u32::MAX))?;
        if !rest.is_empty() {
            let advice = "give both channels of every frame";
            let got = (bytes.len() % 4) as i128;
            return Err(ServiceError::expected(spec::ErrorCode::Misaligned, "the bytes of the samples modulo 4", got, 0, advice));
        }
        self.pcm.clear();
        self.pcm.extend(frames.iter().flat_map(|[l0, l1, r0, r1]| [i16::from_le_bytes([*l0, *l1]), i16::from_le_bytes([*r0, *r1])]));
        let taken = self.engine.platform_mut().host.write_ring(stream, &self.pcm)?;
        Ok(Answer::Taken(taken))
    }

    /// The calls of the settings service; the others are mediasessd's.
    fn session(&mut self, sender: u64, call: &Call<'_>) -> Result<Answer<'static>> {
        match *call {
            Call::SettingSet { ref key, ref value } => {
                self.engine.authorize(sender, Method::SettingsdSet)?;
                let scope = if key.as_bytes() == b"audio.sink" { Scope::Device } else { Scope::User };
                self.settingsd.set(key.as_bytes(), value.as_bytes(), scope)?;
                self.apply()?;
                Ok(Answer::Done)
            }
            Call::SettingGet(ref key) => {
                self.engine.authorize(sender, Method::SettingsdGet)?;
                Ok(Answer::Setting(Cow::Owned(self.settingsd.get(key.as_bytes())?.to_string())))
            }
            _ => {
                let mut lines = Kept::default();
                let outcome = self.media(sender, call, &mut lines);
                self.print(lines);
                outcome
            }
        }
    }
}

/// Lines that are printed once the services have been let go of.
#[derive(Default)]
struct Kept(Vec<String>);

impl Lines for Kept {
    fn line(&mut self, line: &dyn Display) {
        self.0.push(line.to_string());
    }
}
