//! The audio service: the one engine that mixes every client's streams.
//!
//! The engine knows neither transports nor clocks. Whoever runs it calls [`Engine::tick`] every 10 ms and a method's function
//! for each message, with the sender that the transport knows; what the machine has (rings in shared memory, grants, `/state`,
//! I2S, the UART) comes through a [`Platform`]. A stream is a ring or a tone with a gain and a mute; a session is an overlay of
//! gain, mute and duck on a stream (AUDIOD-D1).

mod marker;
mod meters;
mod name;
mod recording;
mod stream;

pub use marker::Marker;
pub use name::{check_app, check_uri};
pub use spec::audiod::Sink;
pub use spec::capabilities::Method;
pub use stream::Feed;

use alloc::boxed::Box;
use alloc::vec::Vec;
use audio::AudioError;
use audio::mixer::{BlockInput, BlockReport, Curve, Mixer};
use audio::tone::Tone;
use marker::Limit;
use recording::Recording;
use spec::ErrorCode;
use spec::audiod::{AUDIOD_DUCK_DB_Q8_8, AUDIOD_RAMP_MS_MAX, AUDIOD_STREAMS_MAX, Stats};
use spec::format::BLOCK_FRAMES;
use spec::ring::RING_FRAMES;
use stream::{Source, Stream};

/// What the engine's functions return.
pub type Result<T> = core::result::Result<T, AudioError>;

/// Samples of one block.
pub const BLOCK_SAMPLES: usize = BLOCK_FRAMES as usize * 2;
const STREAMS: usize = AUDIOD_STREAMS_MAX as usize;

/// One block, interleaved.
pub type Block = [i16; BLOCK_SAMPLES];

/// The state store failed; why is the platform's to report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreFailed;

/// What the machine gives the engine.
pub trait Platform {
    /// The consumer's end of a ring.
    type Feed: Feed;

    /// Makes the ring of a new stream, in memory that its client reaches; `None` where there is no memory for it.
    fn open_ring(&mut self, stream: u32) -> Option<Self::Feed>;

    /// A stream is gone: so may be the client's end.
    fn closed(&mut self, stream: u32);

    /// Whether the policy lets the sender call the method. Whoever decides records the denial (AUDIOD-024).
    fn allows(&mut self, sender: u64, method: Method) -> bool;

    /// Whether blocks can be written to files now.
    fn has_state(&self) -> bool;

    /// Whether the I2S driver takes blocks.
    fn has_i2s(&self) -> bool;

    /// Blocks that one recording may have (AUDIOD-D10).
    fn record_blocks_max(&self) -> u32;

    /// Begins the file of a recording; an older file of that name stays until [`Self::record_finish`].
    fn record_begin(&mut self, uri: &str) -> core::result::Result<(), StoreFailed>;

    /// Appends a block to it.
    fn record_block(&mut self, block: &Block) -> core::result::Result<(), StoreFailed>;

    /// Ends it: the file is whole and replaces an older one. Gives its bytes.
    fn record_finish(&mut self) -> core::result::Result<u64, StoreFailed>;

    /// Gives it up, and leaves an older file of that name as it was.
    fn record_discard(&mut self);

    /// Takes a mixed block for the sink. A recording gets its blocks by [`Self::record_block`].
    fn deliver(&mut self, sink: Sink, block: &Block);

    /// Prints a marker.
    fn marker(&mut self, marker: Marker<'_>);
}

/// The sinks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SinkState {
    /// What was selected.
    pub selected: Sink,
    /// What takes the blocks: the file while a recording is under way.
    pub effective: Sink,
    /// Whether a recording is under way.
    pub recording: bool,
}

/// The engine.
pub struct Engine<P: Platform> {
    platform: P,
    /// In the order of opening; never more than its capacity, so that it never grows.
    streams: Vec<Stream<P::Feed>>,
    last_number: u32,
    mixer: Mixer,
    lanes: Box<[Block; STREAMS]>,
    mixed: Box<Block>,
    selected: Sink,
    recording: Option<Recording>,
    report: BlockReport,
    stats: Stats,
    tick_limit: Limit,
    underrun_limit: Limit,
}

impl<P: Platform> Engine<P> {
    /// A fresh engine: full level, null sink, no stream. Prints `audiod: ready`.
    pub fn new(platform: P) -> Self {
        Self::with_mixer(platform, Mixer::new(Curve::Soft))
    }

    /// The same with the mixer's arithmetic that runs everywhere, for comparisons.
    pub fn portable(platform: P) -> Self {
        Self::with_mixer(platform, Mixer::portable(Curve::Soft))
    }

    fn with_mixer(mut platform: P, mixer: Mixer) -> Self {
        platform.marker(Marker::Ready);
        Self {
            platform,
            streams: Vec::with_capacity(STREAMS),
            last_number: 0,
            mixer,
            lanes: Box::new([[0; BLOCK_SAMPLES]; STREAMS]),
            mixed: Box::new([0; BLOCK_SAMPLES]),
            selected: Sink::Null,
            recording: None,
            report: BlockReport::default(),
            stats: Stats::default(),
            tick_limit: Limit::default(),
            underrun_limit: Limit::default(),
        }
    }

    /// The platform.
    pub const fn platform(&self) -> &P {
        &self.platform
    }

    /// The platform, to be changed.
    pub const fn platform_mut(&mut self) -> &mut P {
        &mut self.platform
    }

    /// The last mixed block.
    pub const fn block(&self) -> &Block {
        &self.mixed
    }

    /// Whether the policy lets the sender call a method that another service answers over this one's streams.
    ///
    /// # Errors
    /// `access_denied`.
    pub fn authorize(&mut self, sender: u64, method: Method) -> Result<()> {
        self.gate(sender, method)
    }

    /// Whether a stream is open and the sender's own.
    ///
    /// # Errors
    /// `unknown_stream`.
    pub fn owned(&self, sender: u64, stream: u32) -> Result<()> {
        self.place(Some(sender), stream).map(|_| ())
    }

    /// What the last block measured.
    pub const fn report(&self) -> &BlockReport {
        &self.report
    }

    fn gate(&mut self, sender: u64, method: Method) -> Result<()> {
        if self.platform.allows(sender, method) {
            return Ok(());
        }
        // Short enough for the longest text of a message.
        Err(AudioError::plain(ErrorCode::AccessDenied, "the sender lacks the capability that the method needs", "ask for a grant of it"))
    }

    /// The place of the stream, if it is open and, where an owner is given, that owner's.
    fn place(&self, owner: Option<u64>, number: u32) -> Result<usize> {
        let of_owner = |stream: &Stream<P::Feed>| stream.number == number && owner.is_none_or(|owner| stream.owner == owner);
        self.streams.iter().position(of_owner).ok_or_else(unknown)
    }

    fn stream(&mut self, owner: Option<u64>, number: u32) -> Result<&mut Stream<P::Feed>> {
        let place = self.place(owner, number)?;
        self.streams.get_mut(place).ok_or_else(unknown)
    }

    fn add(&mut self, owner: u64, app: &str, source: impl FnOnce(&mut P, u32) -> Option<Source<P::Feed>>, playing: bool) -> Result<u32> {
        // The mixer gives as many slots as there may be streams.
        let slot = self.mixer.open()?;
        let number = self.last_number.wrapping_add(1);
        let Some(source) = source(&mut self.platform, number) else {
            self.mixer.close(slot)?;
            return Err(AudioError::plain(ErrorCode::TooManyStreams, "there is no shared memory for another ring", "close a stream first"));
        };
        self.last_number = number;
        self.streams.push(Stream::new(number, owner, slot, app, source, playing));
        Ok(number)
    }

    /// Opens a stream for an app, with a ring of [`RING_FRAMES`] frames; gives its number and that many frames (AUDIOD-007,
    /// AUDIOD-008). It is silent until [`Self::start`].
    ///
    /// # Errors
    /// `access_denied`, `invalid_app`, `too_many_streams` (AUDIOD-006).
    pub fn open_stream(&mut self, sender: u64, app: &str) -> Result<(u32, u32)> {
        self.gate(sender, Method::AudiodOpenStream)?;
        check_app(app)?;
        let number = self.add(sender, app, |platform, number| platform.open_ring(number).map(Source::Ring), false)?;
        Ok((number, RING_FRAMES))
    }

    /// Plays a tone from the next block on, as a stream that is gone when it has ended; gives its number and its frames
    /// (AUDIOD-013).
    ///
    /// # Errors
    /// `access_denied`, `out_of_range`, `too_many_streams`.
    pub fn play_tone(&mut self, sender: u64, hz: u32, ms: u32) -> Result<(u32, u64)> {
        self.gate(sender, Method::AudiodPlayTone)?;
        let mut tone = Tone::default();
        let frames = tone.play(hz, ms)?;
        let number = self.add(sender, "tone", |_, _| Some(Source::Tone { tone, frames }), true)?;
        Ok((number, frames))
    }

    /// Whether a stream of that number is open.
    pub fn is_open(&self, stream: u32) -> bool {
        self.place(None, stream).is_ok()
    }

    /// Whether the sender may write to the stream, whose transport holds the client's end of its ring.
    ///
    /// # Errors
    /// `access_denied`, `unknown_stream`, `not_a_ring` for a tone, `oversized_input` above the ring's bound of a write, and
    /// `ring_fault` where the stream has faulted.
    pub fn authorize_write(&mut self, sender: u64, stream: u32, frames: u32) -> Result<()> {
        self.gate(sender, Method::AudiodWrite)?;
        self.stream(Some(sender), stream)?.check_write(frames)
    }

    /// Starts a stream, or goes on after a pause.
    ///
    /// # Errors
    /// `access_denied`, `unknown_stream`, `ring_fault` where the stream has faulted (AUDIOD-025).
    pub fn start(&mut self, sender: u64, stream: u32) -> Result<()> {
        self.gate(sender, Method::AudiodStart)?;
        self.stream(Some(sender), stream)?.start()
    }

    /// Pauses a stream: it is silent and keeps what it holds (AUDIOD-009).
    ///
    /// # Errors
    /// `access_denied`, `unknown_stream`.
    pub fn pause(&mut self, sender: u64, stream: u32) -> Result<()> {
        self.gate(sender, Method::AudiodPause)?;
        self.stream(Some(sender), stream)?.playing = false;
        Ok(())
    }

    /// Closes a stream; what its ring holds is gone (AUDIOD-012).
    ///
    /// # Errors
    /// `access_denied`, `unknown_stream`.
    pub fn close(&mut self, sender: u64, stream: u32) -> Result<()> {
        self.gate(sender, Method::AudiodClose)?;
        let place = self.place(Some(sender), stream)?;
        self.remove(place);
        Ok(())
    }

    /// Closes the stream of a client that has gone away; nobody has to allow that. One that is not open is gone already.
    pub fn client_gone(&mut self, stream: u32) {
        if let Ok(place) = self.place(None, stream) {
            self.remove(place);
        }
    }

    fn remove(&mut self, place: usize) {
        if place < self.streams.len() {
            let stream = self.streams.remove(place);
            // The slot is open as long as its stream.
            let _ = self.mixer.close(stream.slot);
            self.platform.closed(stream.number);
        }
    }

    /// Sets a stream's own gain in Q8.8 dB, from the next block on.
    ///
    /// # Errors
    /// `access_denied`, `unknown_stream`, `out_of_range`.
    pub fn set_stream_gain(&mut self, sender: u64, stream: u32, db_q8_8: i32) -> Result<()> {
        self.gate(sender, Method::AudiodSetStreamGain)?;
        self.stream(Some(sender), stream)?.set_gain(db_q8_8)
    }

    /// Mutes or unmutes a stream by itself; it goes on consuming (AUDIOD-005).
    ///
    /// # Errors
    /// `access_denied`, `unknown_stream`.
    pub fn set_stream_muted(&mut self, sender: u64, stream: u32, muted: bool) -> Result<()> {
        self.gate(sender, Method::AudiodSetStreamMuted)?;
        self.stream(Some(sender), stream)?.muted = muted;
        Ok(())
    }

    /// The source frames that a stream has consumed (AUDIOD-010).
    ///
    /// # Errors
    /// `access_denied`, `unknown_stream`.
    pub fn position(&mut self, sender: u64, stream: u32) -> Result<u64> {
        self.gate(sender, Method::AudiodPosition)?;
        Ok(self.stream(Some(sender), stream)?.position())
    }

    /// Lets a session's stream play, whoever opened it.
    ///
    /// # Errors
    /// `access_denied`, `unknown_stream`, `ring_fault` where the stream has faulted.
    pub fn session_play(&mut self, sender: u64, stream: u32) -> Result<()> {
        self.gate(sender, Method::MediasessdPlay)?;
        self.stream(None, stream)?.start()
    }

    /// Pauses a session's stream.
    ///
    /// # Errors
    /// `access_denied`, `unknown_stream`.
    pub fn session_pause(&mut self, sender: u64, stream: u32) -> Result<()> {
        self.gate(sender, Method::MediasessdPause)?;
        self.stream(None, stream)?.playing = false;
        Ok(())
    }

    /// Sets the gain of a stream's session in Q8.8 dB.
    ///
    /// # Errors
    /// `access_denied`, `unknown_stream`, `out_of_range`.
    pub fn set_volume(&mut self, sender: u64, stream: u32, db_q8_8: i32) -> Result<()> {
        self.gate(sender, Method::MediasessdSetVolume)?;
        self.stream(None, stream)?.set_session_gain(db_q8_8)
    }

    /// Mutes or unmutes a stream's session.
    ///
    /// # Errors
    /// `access_denied`, `unknown_stream`.
    pub fn set_session_muted(&mut self, sender: u64, stream: u32, muted: bool) -> Result<()> {
        self.gate(sender, Method::MediasessdSetMuted)?;
        self.stream(None, stream)?.session_muted = muted;
        Ok(())
    }

    /// Ducks a stream's session by [`AUDIOD_DUCK_DB_Q8_8`], in whole blocks from the next one on (AUDIOD-021).
    ///
    /// # Errors
    /// `access_denied`, `unknown_stream`, `out_of_range` above [`AUDIOD_RAMP_MS_MAX`] ms.
    pub fn duck(&mut self, sender: u64, stream: u32, ms: u32) -> Result<()> {
        self.gate(sender, Method::MediasessdDuck)?;
        let before = self.retarget(stream, AUDIOD_DUCK_DB_Q8_8, ms)?;
        if before != AUDIOD_DUCK_DB_Q8_8 {
            self.platform.marker(Marker::Duck { db: AUDIOD_DUCK_DB_Q8_8 / 256 });
        }
        Ok(())
    }

    /// Ends a duck, likewise (AUDIOD-022).
    ///
    /// # Errors
    /// Those of [`Self::duck`].
    pub fn unduck(&mut self, sender: u64, stream: u32, ms: u32) -> Result<()> {
        self.gate(sender, Method::MediasessdUnduck)?;
        self.retarget(stream, 0, ms).map(|_| ())
    }

    fn retarget(&mut self, stream: u32, to: i32, ms: u32) -> Result<i32> {
        let stream = self.stream(None, stream)?;
        if ms > AUDIOD_RAMP_MS_MAX {
            let range = (0, AUDIOD_RAMP_MS_MAX);
            return Err(AudioError::range(ErrorCode::OutOfRange, "the ramp in ms", ms, range, "ramp in ten seconds at most"));
        }
        Ok(stream.duck.retarget(to, ms))
    }

    /// What mediasessd lays over a stream: gain and mute of its session and of that session's app, in Q8.8 dB and within the range of
    /// gains. Whoever calls has asked for the right.
    pub fn lay(&mut self, stream: u32, session: (i32, bool), app: (i32, bool)) {
        if let Ok(stream) = self.stream(None, stream) {
            stream.lay(session, app);
        }
    }

    /// What the duck of a stream's session adds to the next block, in Q8.8 dB; its ramp is whose that calls.
    pub fn duck_by(&mut self, stream: u32, db: i32) {
        if let Ok(stream) = self.stream(None, stream) {
            stream.duck.retarget(db, 0);
        }
    }

    /// Lets a session's stream play or pauses it, as focus decided.
    pub fn set_playing(&mut self, stream: u32, playing: bool) {
        if let Ok(stream) = self.stream(None, stream) {
            stream.playing = playing;
        }
    }

    /// Whether a session's stream can play at all.
    ///
    /// # Errors
    /// `unknown_stream`, `ring_fault`.
    pub fn check_fault(&mut self, stream: u32) -> Result<()> {
        self.stream(None, stream)?.check_fault()
    }

    /// The source frames that a stream consumed, where it is open.
    pub fn position_of(&self, stream: u32) -> Option<u64> {
        let place = self.place(None, stream).ok()?;
        self.streams.get(place).map(Stream::position)
    }

    /// Mixes one block, hands it to the sink, and prints what is due. Allocates nothing (AUDIOD-002, AUDIOD-003, AUDIOD-029).
    pub fn tick(&mut self) -> &BlockReport {
        self.stats.ticks = self.stats.ticks.wrapping_add(1);
        let tick = self.stats.ticks;
        let mut inputs: [BlockInput<'_>; STREAMS] = [BlockInput { stream: 0, pcm: &[] }; STREAMS];
        let mut sounding = 0;
        let mut ended = false;
        for (stream, lane) in self.streams.iter_mut().zip(self.lanes.iter_mut()) {
            stream.duck.advance();
            let pull = stream.pull(lane);
            ended |= stream.has_ended();
            if pull.missing > 0 {
                self.stats.underrun_events = self.stats.underrun_events.wrapping_add(1);
                self.stats.missing_frames = self.stats.missing_frames.wrapping_add(u64::from(pull.missing));
                if self.underrun_limit.is_due(tick) {
                    self.platform.marker(Marker::Underrun { app: &stream.app, frames: pull.missing });
                }
            }
            let pcm = lane.get(..(pull.frames as usize).wrapping_mul(2)).unwrap_or_default();
            // The gain is one that the mixer takes, as it is composed within the range.
            if let Some(gain) = stream.gain()
                && self.mixer.set_gain(stream.slot, gain).is_ok()
                && let Some(input) = inputs.get_mut(sounding)
            {
                *input = BlockInput { stream: stream.slot, pcm };
                sounding = sounding.wrapping_add(1);
            }
        }
        // Every input is of an open slot, named once, and of one block at most.
        let mixed = self.mixer.mix(BLOCK_FRAMES, inputs.get(..sounding).unwrap_or_default(), &mut self.mixed[..]);
        self.report = mixed.unwrap_or_default();
        self.stats.clipped = self.stats.clipped.wrapping_add(u64::from(self.report.clipped));
        match &mut self.recording {
            Some(recording) => recording.take(&mut self.platform, &self.mixed),
            None => self.platform.deliver(self.selected, &self.mixed),
        }
        if self.tick_limit.is_due(tick) {
            let [left, right] = self.report.peak;
            self.platform.marker(Marker::Tick { seq: tick, mix: left.max(right), streams: self.streams.len() as u32 });
        }
        if ended {
            while let Some(place) = self.streams.iter().position(Stream::has_ended) {
                self.remove(place);
            }
        }
        &self.report
    }
}

fn unknown() -> AudioError {
    AudioError::plain(ErrorCode::UnknownStream, "the sender has no open stream of that number", "use a number that openStream gave")
}
