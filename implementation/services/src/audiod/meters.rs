//! What the service tells of itself, and the master's calls.

use super::marker::Marker;
use super::{Engine, Method, Platform, Result, Sink, SinkState};
use audio::AudioError;
use audio::format;
use spec::ErrorCode;
use spec::audiod::{Meters, Stats};
use spec::format::AudioFormat;

impl<P: Platform> Engine<P> {
    /// The engine's format (AUDIOD-001).
    ///
    /// # Errors
    /// `access_denied`.
    pub fn default_format(&mut self, sender: u64) -> Result<AudioFormat> {
        self.gate(sender, Method::AudiodDefaultFormat)?;
        Ok(format::default_format())
    }

    /// The sinks (AUDIOD-015).
    ///
    /// # Errors
    /// `access_denied`.
    pub fn sink_state(&mut self, sender: u64) -> Result<SinkState> {
        self.gate(sender, Method::AudiodSinkState)?;
        Ok(SinkState { selected: self.selected, effective: self.effective_sink(), recording: self.is_recording() })
    }

    /// The sink that takes the blocks: the file sink while a recording is under way, else the selected one.
    pub const fn effective_sink(&self) -> Sink {
        if self.is_recording() { Sink::File } else { self.selected }
    }

    /// Selects a sink, from the next block on.
    ///
    /// # Errors
    /// `access_denied`; `sink_unavailable` where the machine lacks what the sink needs, and the selected one stays.
    pub fn select_sink(&mut self, sender: u64, sink: Sink) -> Result<()> {
        self.gate(sender, Method::AudiodSelectSink)?;
        let lacks = |what, advice| Err(AudioError::plain(ErrorCode::SinkUnavailable, what, advice));
        match sink {
            Sink::File if !self.platform.has_state() => lacks("the file sink needs /state, which is not there", "attach a disk"),
            Sink::I2s if !self.platform.has_i2s() => lacks("the I2S sink is not enabled on this machine", "stay with null"),
            sink => {
                self.selected = sink;
                Ok(())
            }
        }
    }

    /// Sets the master level in Q16, from the next block on; a mute stays (AUDIOD-014).
    ///
    /// # Errors
    /// `access_denied`, `out_of_range` above 65,536.
    pub fn set_level(&mut self, sender: u64, level_q16: u32) -> Result<()> {
        self.gate(sender, Method::AudiodSetLevel)?;
        let before = *self.mixer.level();
        self.mixer.set_level(level_q16)?;
        self.tell_level(before);
        Ok(())
    }

    /// Mutes or unmutes the master; the level is remembered.
    ///
    /// # Errors
    /// `access_denied`.
    pub fn set_muted(&mut self, sender: u64, muted: bool) -> Result<()> {
        self.gate(sender, Method::AudiodSetMuted)?;
        let before = *self.mixer.level();
        self.mixer.mute(muted);
        self.tell_level(before);
        Ok(())
    }

    fn tell_level(&mut self, before: audio::level::Level) {
        let now = *self.mixer.level();
        if now != before {
            self.platform.marker(Marker::Level { level: now.q16(), muted: now.muted() });
        }
    }

    /// The master's level in Q16, remembered while muted, and its mute.
    ///
    /// # Errors
    /// `access_denied`.
    pub fn get_level(&mut self, sender: u64) -> Result<(u32, bool)> {
        self.gate(sender, Method::AudiodGetLevel)?;
        Ok((self.mixer.level().q16(), self.mixer.level().muted()))
    }

    /// The statistics (AUDIOD-019).
    ///
    /// # Errors
    /// `access_denied`.
    pub fn stats(&mut self, sender: u64) -> Result<Stats> {
        self.gate(sender, Method::AudiodStats)?;
        Ok(self.current_stats())
    }

    /// The same for who runs the engine.
    pub fn current_stats(&self) -> Stats {
        let playing = self.streams.iter().filter(|stream| stream.playing).count() as u32;
        Stats { streams: self.streams.len() as u32, playing, peak: self.report.peak, ..self.stats }
    }

    /// The last block's peak and RMS per channel, and each ring's stream and fill (AUDIOD-020).
    ///
    /// # Errors
    /// `access_denied`.
    pub fn meters(&mut self, sender: u64) -> Result<Meters> {
        self.gate(sender, Method::AudiodMeters)?;
        let fill = self.streams.iter().filter_map(|stream| stream.fill().map(|fill| (stream.number, fill))).collect();
        Ok(Meters { peak: self.report.peak, rms: self.report.rms, fill })
    }
}
