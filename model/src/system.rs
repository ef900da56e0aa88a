//! The reference model of the contract `system`, on the models of audiod, policy, audit, settings, wake locks and codec.

mod media;
mod tell;

pub use self::SystemModel as Model;
use crate::audiod::AudiodModel;
use crate::capability_audit::CapabilityAuditModel;
use crate::codec::CodecModel;
use crate::policy::{PolicyModel, identity};
use crate::settings::SettingsModel;
use crate::wakelock::WakelockModel;
use media::Media;
use spec::audiod::{self, AUDIOD_RECORD_BLOCKS_MAX, AUDIOD_RECORD_BLOCKS_MIN, State, checksum, pattern};
use spec::capabilities::{Capability, Method, ServiceId};
use spec::capability_audit as audit;
use spec::codec::{self, CODEC_FORMAT, CODEC_ROUTE_SPEAKER};
use spec::format::{BLOCK_FRAMES, BLOCK_MS, BYTES_PER_FRAME};
use spec::idl::{Answer, Call, Fill, IDL_PCM_BYTES_MAX, Peaks};
use spec::metrics::METRICS_URI;
use spec::policy::{self, Kind, Reason};
use spec::settings::{self, Applied, Scope};
use spec::system::{
    ALL_CLIENT_RIGHTS, Config, Obs, Op, SENDERS, SYSTEM_SENDERS_MAX, SYSTEM_TICK_BLOCKS_MAX, SYSTEM_TICK_BLOCKS_MIN, System, client_rights,
    sender_name,
};
use spec::wakelock::{self, Playback};
use spec::{Contract, ErrorCode, Failure, Machine};

/// The place from which settingsd sends; no client has it.
const SETTINGSD: u8 = u8::MAX;

/// The reference model of the contract `system`.
#[derive(Clone, Debug, Default)]
pub struct SystemModel {
    config: Config,
    audiod: AudiodModel,
    policy: PolicyModel,
    audit: CapabilityAuditModel,
    settings: SettingsModel,
    wakelock: WakelockModel,
    media: Media,
    /// Who records.
    recorder: Option<ServiceId>,
    /// Frames that the sink took since it takes them.
    taken: u64,
    lines: Vec<String>,
}

/// Asks one of the models that this one is made of; none of them fails.
fn ask<C: Contract>(model: &mut impl Machine<C>, op: &C::Op) -> C::Obs {
    model.step(op).expect("a model answers")
}

fn fresh<C: Contract, M: Machine<C> + Default>(config: &C::Config) -> M {
    let mut model = M::default();
    model.reset(config).expect("a model answers").expect("a configuration within its bounds");
    model
}

fn names(bits: u64) -> Vec<String> {
    client_rights().filter(|right| bits & right.bit() != 0).map(|right| right.name().to_owned()).collect()
}

impl SystemModel {
    fn new(config: &Config) -> Self {
        let store = audiod::Config { state: config.state, record_blocks_max: config.record_blocks_max, ..audiod::Config::default() };
        let mut model = Self {
            config: config.clone(),
            audiod: AudiodModel::new(&store),
            settings: fresh(&settings::Config { state: config.state != State::Missing, i2s: false }),
            ..Self::default()
        };
        model.start();
        model
    }

    /// What is done at every start.
    fn start(&mut self) {
        self.policy = PolicyModel::default();
        ask(&mut self.policy, &policy::Op::LoadDefaults);
        for (place, name) in SENDERS.iter().enumerate() {
            let capabilities = names(self.config.grants.get(place).copied().unwrap_or(0));
            ask(&mut self.policy, &policy::Op::Grant { subject: (*name).to_owned(), capabilities });
            if self.config.consents & 1 << place != 0 {
                let capability = Capability::AudioRecord.name().to_owned();
                ask(&mut self.policy, &policy::Op::Consent { subject: (*name).to_owned(), capability, kind: Kind::Persistent });
            }
        }
        self.audit = fresh(&audit::Config::default());
        self.wakelock = fresh(&wakelock::Config::default());
        self.media.restart(&self.config);
        (self.recorder, self.taken) = (None, 0);
        // SYSTEM-001
        let mut codec: CodecModel = fresh(&codec::Config::default());
        ask(&mut codec, &codec::Op::Configure { route: CODEC_ROUTE_SPEAKER.into(), format: CODEC_FORMAT });
        if let codec::Obs::Lines(lines) = ask(&mut codec, &codec::Op::Markers) {
            self.lines.extend(lines);
        }
        self.collect();
        self.apply();
        self.collect();
        self.told();
    }

    /// Lines in the order of what they tell: audiod first, then the power service.
    fn collect(&mut self) {
        self.lines.extend(self.audiod.take_lines());
        if let wakelock::Obs::Lines(lines) = ask(&mut self.wakelock, &wakelock::Op::Markers) {
            self.lines.extend(lines);
        }
    }

    /// SYSTEM-011, SYSTEM-017: what settingsd has for audiod.
    fn apply(&mut self) {
        let settings::Obs::Applied(applied) = ask(&mut self.settings, &settings::Op::Applied) else { return };
        for wish in applied {
            let call = match wish {
                Applied::Level(q16) => audiod::Call::SetLevel(q16),
                Applied::Muted(muted) => audiod::Call::SetMuted(muted),
                Applied::Sink(sink) => audiod::Call::SelectSink(sink),
            };
            self.audiod.perform(SETTINGSD, &call).expect("a stored value is one that audiod takes");
        }
    }

    /// The same model after a restart that found this file of settings.
    pub fn restarted_with(mut self, settings: &[u8]) -> Self {
        ask(&mut self.settings, &settings::Op::Plant(settings::Bytes(settings.to_vec())));
        self.answer(&Op::Restart).expect("a restart is never rejected");
        self
    }

    /// The file of settings, as it is kept.
    pub fn settings_file(&mut self) -> Option<Vec<u8>> {
        match ask(&mut self.settings, &settings::Op::Persisted) {
            settings::Obs::File(file) => file.map(|file| file.0),
            _ => None,
        }
    }

    /// The bytes of a file in `/state`.
    pub fn file_bytes(&self, uri: &str) -> Option<&[u8]> {
        self.audiod.file_bytes(uri)
    }

    fn now_ns(&self) -> u64 {
        self.audiod.stats().ticks * u64::from(BLOCK_MS) * 1_000_000
    }

    /// SYSTEM-003, SYSTEM-004: policyd's decision, before anything else.
    fn gate(&mut self, sender: u8, claimed: Option<u8>, method: Method) -> Result<(), ErrorCode> {
        let (entry, timestamp_ns) = (method.entry(), self.now_ns());
        let (sender, claimed) = (identity(sender_name(sender)), claimed.map(|claimed| identity(sender_name(claimed))));
        let (service, name) = (entry.service.to_owned(), entry.name.to_owned());
        let denied: Option<Reason> = match ask(&mut self.policy, &policy::Op::CheckMethod { sender, claimed, service, method: name }) {
            policy::Obs::Denied(reason) => Some(reason),
            _ => None,
        };
        // SYSTEM-005
        if denied.is_some() || entry.capability.entry().sensitive {
            let action = format!("{}.{}", entry.service, entry.name);
            ask(&mut self.audit, &audit::Op::Decide { timestamp_ns, sender, claimed, action, target: String::new(), denied });
        }
        if denied.is_some() { Err(ErrorCode::AccessDenied) } else { Ok(()) }
    }

    /// SYSTEM-010
    fn hold(&mut self, session: u32, playback: Playback) {
        ask(&mut self.wakelock, &wakelock::Op::Session { session, playback });
        self.collect();
    }

    /// SYSTEM-002: the method of audiod, and its answer as a message tells it.
    fn audio(&mut self, sender: u8, call: &audiod::Call) -> Result<Answer<'static>, ErrorCode> {
        Ok(match self.audiod.perform(sender, call)? {
            audiod::Obs::Format { rate_hz, channels, bits, block_frames } => Answer::Format { rate_hz, channels, bits, block_frames },
            // SYSTEM-017
            audiod::Obs::Sink { effective, recording, .. } => Answer::Sink { sink: effective, recording, frames: self.taken },
            audiod::Obs::Level { level, muted } => Answer::Level { q16: level, muted },
            audiod::Obs::Playing { stream, frames } => Answer::Opened { stream, handle: 0, offset: 0, frames: frames as u32 },
            audiod::Obs::Opened { stream, frames } => Answer::Opened { stream, handle: self.handle(sender, stream), offset: 0, frames },
            audiod::Obs::Wrote(taken) => Answer::Taken(taken),
            audiod::Obs::Position { frames, ms } => Answer::Position { frames, ms },
            audiod::Obs::Stats(stats) => Answer::Stats {
                ticks: stats.ticks,
                open_streams: stats.streams,
                underrun_events: stats.underrun_events,
                missing_frames: stats.missing_frames,
                clipped_samples: stats.clipped,
                last: Peaks { peak: stats.peak, rms: self.audiod.meters().rms },
            },
            audiod::Obs::Meters(meters) => Answer::Meters {
                last: Peaks { peak: meters.peak, rms: meters.rms },
                fills: meters.fill.iter().map(|(stream, frames)| Fill { stream: *stream, frames: *frames }).collect(),
            },
            audiod::Obs::Recorded { frames, bytes } => Answer::Recorded { frames, bytes },
            _ => Answer::Done,
        })
    }

    /// SYSTEM-020: where the client finds its ring, which is the stream's number here.
    fn handle(&mut self, sender: u8, stream: u32) -> u32 {
        let (service, method) = ("audiod".to_owned(), "write".to_owned());
        let sender = identity(sender_name(sender));
        let asked = policy::Op::CheckMethod { sender, claimed: None, service, method };
        if ask(&mut self.policy, &asked) == policy::Obs::Allowed { stream } else { 0 }
    }

    /// SYSTEM-014, SYSTEM-018
    fn record_start(&mut self, sender: u8, uri: &str) -> Result<Answer<'static>, ErrorCode> {
        self.audiod.perform(sender, &audiod::Call::RecordStart(uri.to_owned()))?;
        let (timestamp_ns, subject) = (self.now_ns(), identity(sender_name(sender)));
        let capability = Capability::AudioRecord.name().to_owned();
        ask(&mut self.audit, &audit::Op::BeginCapture { timestamp_ns, subject, capability });
        self.recorder = Some(subject);
        Ok(Answer::Done)
    }

    fn record_stop(&mut self, sender: u8) -> Result<Answer<'static>, ErrorCode> {
        let answer = self.audio(sender, &audiod::Call::RecordStop);
        if let Some(subject) = self.recorder.take() {
            let (timestamp_ns, capability) = (self.now_ns(), Capability::AudioRecord.name().to_owned());
            ask(&mut self.audit, &audit::Op::EndCapture { timestamp_ns, subject, capability });
        }
        answer
    }

    /// Samples come as bytes.
    fn write(&mut self, sender: u8, stream: u32, bytes: &[u8]) -> Result<Answer<'static>, ErrorCode> {
        let frames = (bytes.len() / 4) as u32;
        if !bytes.len().is_multiple_of(4) {
            // What is wrong with the stream comes first.
            self.audiod.write(sender, stream, frames, Vec::new)?;
            return Err(ErrorCode::Misaligned);
        }
        let pcm = || bytes.as_chunks::<2>().0.iter().map(|pair| i16::from_le_bytes(*pair)).collect();
        match self.audiod.write(sender, stream, frames, pcm)? {
            audiod::Obs::Wrote(taken) => Ok(Answer::Taken(taken)),
            _ => Err(ErrorCode::RingFault),
        }
    }

    /// SYSTEM-011
    fn set(&mut self, key: &str, value: &str) -> Result<(), ErrorCode> {
        let scope = if key == "audio.sink" { Scope::Device } else { Scope::User };
        match ask(&mut self.settings, &settings::Op::Set { key: key.into(), value: value.into(), scope }) {
            settings::Obs::Rejected(code) => Err(code),
            _ => {
                self.apply();
                Ok(())
            }
        }
    }

    fn call(&mut self, sender: u8, claimed: Option<u8>, call: &Call<'_>) -> Result<Answer<'static>, ErrorCode> {
        self.gate(sender, claimed, method(call))?;
        let done = |()| Answer::Done;
        let audio = match *call {
            Call::DefaultFormat => audiod::Call::DefaultFormat,
            Call::SinkState => audiod::Call::SinkState,
            Call::SetLevel(q16) => audiod::Call::SetLevel(q16),
            Call::SetMuted(muted) => audiod::Call::SetMuted(muted),
            Call::GetLevel => audiod::Call::GetLevel,
            Call::PlayTone { hz, ms } => audiod::Call::PlayTone { hz, ms },
            Call::OpenStream(ref app) => audiod::Call::OpenStream(app.clone().into_owned()),
            Call::Start(stream) => audiod::Call::Start(stream),
            Call::Pause(stream) => audiod::Call::Pause(stream),
            Call::Close(stream) => audiod::Call::Close(stream),
            Call::SetStreamGain(gain) => audiod::Call::SetStreamGain { stream: gain.id, db: gain.db_q8_8.into() },
            Call::SetStreamMuted(mute) => audiod::Call::SetStreamMuted { stream: mute.id, muted: mute.muted },
            Call::Position(stream) => audiod::Call::Position(stream),
            Call::Stats => audiod::Call::Stats,
            Call::Meters => audiod::Call::Meters,
            Call::SelectSink(sink) => audiod::Call::SelectSink(sink),
            Call::Write { stream, ref pcm } => return self.write(sender, stream, pcm),
            Call::RecordStart(ref uri) => return self.record_start(sender, uri),
            Call::RecordStop => return self.record_stop(sender),
            Call::SettingSet { ref key, ref value } => return self.set(key, value).map(done),
            Call::SettingGet(ref key) => {
                return match ask(&mut self.settings, &settings::Op::Get(key.as_ref().into())) {
                    settings::Obs::Value(value) => Ok(Answer::Setting(value.into())),
                    settings::Obs::Rejected(code) => Err(code),
                    other => unreachable!("{other:?}"),
                };
            }
            _ => return self.media_call(sender, call),
        };
        self.audio(sender, &audio)
    }

    /// A message, and what follows from it.
    fn message(&mut self, sender: u8, claimed: Option<u8>, call: &Call<'_>) -> Result<Obs, ErrorCode> {
        let before = self.audiod.effective();
        let answer = self.call(sender, claimed, call);
        self.reconcile();
        // SYSTEM-017
        if self.audiod.effective() != before {
            self.taken = 0;
        }
        answer.map(Obs::Answer)
    }

    /// SYSTEM-016: one block.
    fn tick(&mut self) -> Vec<i16> {
        let pcm = self.media_tick();
        if self.audiod.recording() != Some(true) {
            self.taken += u64::from(BLOCK_FRAMES);
            // SYSTEM-014
            if let Some(subject) = self.recorder {
                let (capability, content) = (Capability::AudioRecord.name().to_owned(), vec![0]);
                ask(&mut self.audit, &audit::Op::Deliver { subject, capability, content });
            }
        }
        self.reconcile();
        pcm
    }

    fn ticks(&mut self, count: u32) -> Result<Obs, ErrorCode> {
        if !(SYSTEM_TICK_BLOCKS_MIN..=SYSTEM_TICK_BLOCKS_MAX).contains(&count) {
            return Err(ErrorCode::OutOfRange);
        }
        let (mut sum, mut first, mut pcm) = (0, 0, Vec::new());
        for _ in 0..count {
            pcm = self.tick();
            sum = checksum(sum, first, &pcm);
            first += pcm.len() as u64;
        }
        if pcm.iter().all(|sample| *sample == 0) {
            pcm.clear();
        }
        Ok(Obs::Mixed { pcm, checksum: sum })
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        Ok(match op {
            Op::Call { sender, claimed, call } => self.message(*sender, *claimed, call)?,
            // The message's own bound.
            Op::Write { frames, .. } if frames.saturating_mul(BYTES_PER_FRAME) > IDL_PCM_BYTES_MAX => return Err(ErrorCode::OversizedList),
            Op::Write { sender, stream, frames, seed } => {
                let pcm: Vec<u8> = pattern(*seed, *frames).iter().flat_map(|sample| sample.to_le_bytes()).collect();
                self.message(*sender, None, &Call::Write { stream: *stream, pcm: pcm.into() })?
            }
            Op::Tick(count) => self.ticks(*count)?,
            // SYSTEM-013
            Op::Gone(sender) => {
                self.audiod.close_rings(*sender);
                self.reconcile();
                Obs::Done
            }
            // SYSTEM-012
            Op::Restart => {
                self.audiod = std::mem::take(&mut self.audiod).restarted();
                ask(&mut self.settings, &settings::Op::Applied);
                ask(&mut self.settings, &settings::Op::Restart);
                self.start();
                Obs::Done
            }
            Op::Lines => Obs::Lines(std::mem::take(&mut self.lines)),
            Op::File(uri) if uri == METRICS_URI => Obs::File(self.metrics_file()),
            Op::File(uri) => Obs::File(self.audiod.file(uri)),
            Op::Records(from) => match ask(&mut self.audit, &audit::Op::Records(*from)) {
                audit::Obs::Records { dropped, records } => Obs::Records { dropped, records },
                other => unreachable!("{other:?}"),
            },
            Op::Events(from) => match ask(&mut self.audit, &audit::Op::Events(*from)) {
                audit::Obs::Events { dropped, events } => Obs::Events { dropped, events },
                other => unreachable!("{other:?}"),
            },
            Op::Indicators => match ask(&mut self.audit, &audit::Op::Indicators) {
                audit::Obs::Indicators(all) => Obs::Indicators(all),
                other => unreachable!("{other:?}"),
            },
            Op::Locks => match ask(&mut self.wakelock, &wakelock::Op::List) {
                wakelock::Obs::Locks(locks) => Obs::Locks(locks),
                other => unreachable!("{other:?}"),
            },
        })
    }
}

/// The method that a message calls.
fn method(call: &Call<'_>) -> Method {
    match call {
        Call::DefaultFormat => Method::AudiodDefaultFormat,
        Call::SinkState => Method::AudiodSinkState,
        Call::SetLevel(_) => Method::AudiodSetLevel,
        Call::SetMuted(_) => Method::AudiodSetMuted,
        Call::GetLevel => Method::AudiodGetLevel,
        Call::PlayTone { .. } => Method::AudiodPlayTone,
        Call::OpenStream(_) => Method::AudiodOpenStream,
        Call::Write { .. } => Method::AudiodWrite,
        Call::Start(_) => Method::AudiodStart,
        Call::Pause(_) => Method::AudiodPause,
        Call::Close(_) => Method::AudiodClose,
        Call::SetStreamGain(_) => Method::AudiodSetStreamGain,
        Call::SetStreamMuted(_) => Method::AudiodSetStreamMuted,
        Call::Position(_) => Method::AudiodPosition,
        Call::Stats => Method::AudiodStats,
        Call::Meters => Method::AudiodMeters,
        Call::SelectSink(_) => Method::AudiodSelectSink,
        Call::RecordStart(_) => Method::AudiodRecordStart,
        Call::RecordStop => Method::AudiodRecordStop,
        Call::Publish { .. } => Method::MediasessdPublish,
        Call::Withdraw(_) => Method::MediasessdWithdraw,
        Call::Play(_) => Method::MediasessdPlay,
        Call::PauseSession(_) => Method::MediasessdPause,
        Call::Seek { .. } => Method::MediasessdSeek,
        Call::Duck(_) => Method::MediasessdDuck,
        Call::Unduck(_) => Method::MediasessdUnduck,
        Call::SetVolume(_) => Method::MediasessdSetVolume,
        Call::SetSessionMuted(_) => Method::MediasessdSetMuted,
        Call::SettingSet { .. } => Method::SettingsdSet,
        Call::SettingGet(_) => Method::SettingsdGet,
        Call::RequestFocus { .. } => Method::MediasessdRequestFocus,
        Call::AbandonFocus(_) => Method::MediasessdAbandonFocus,
        Call::StopSession(_) => Method::MediasessdStop,
        Call::SetActive(_) => Method::MediasessdSetActive,
        Call::AcceptHandoff(_) => Method::MediasessdAcceptHandoff,
        Call::SetMetadata { .. } => Method::MediasessdSetMetadata,
        Call::ListSessions => Method::MediasessdList,
        Call::GetSession(_) => Method::MediasessdGet,
        Call::Changed(_) => Method::MediasessdChanged,
        Call::SetAppVolume { .. } => Method::MediasessdSetAppVolume,
        Call::SetAppMuted { .. } => Method::MediasessdSetAppMuted,
        Call::Command { .. } => Method::MediasessdCommand,
        Call::TakeCommands(_) => Method::MediasessdTakeCommands,
        Call::MediaKey(_) => Method::MediasessdMediaKey,
        Call::Metrics => Method::MediasessdMetrics,
        Call::ExportMetrics => Method::MediasessdExportMetrics,
        Call::PutArtwork { .. } => Method::MediasessdPutArtwork,
        Call::GetArtwork(_) => Method::MediasessdGetArtwork,
    }
}

impl Machine<System> for SystemModel {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        let blocks = AUDIOD_RECORD_BLOCKS_MIN..=AUDIOD_RECORD_BLOCKS_MAX;
        // The configuration of the media services is one that media-config has let through.
        let known = config.grants.iter().all(|grant| grant & !ALL_CLIENT_RIGHTS == 0);
        if config.grants.len() > SYSTEM_SENDERS_MAX as usize || !known || !blocks.contains(&config.record_blocks_max) {
            return Ok(Err(ErrorCode::OutOfRange));
        }
        *self = Self::new(config);
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        // SYSTEM-015
        Ok(self.answer(op).unwrap_or_else(Obs::rejected))
    }
}

#[cfg(test)]
mod tests;
