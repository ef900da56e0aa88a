//! Frames to values.

mod media;

use crate::audio_capnp as wire;
use crate::frame::{WORD, segment};
use crate::{Answer, Call, Fill, Fills, Gain, IdlError, Mute, Peaks, Reply, Request, Result, Sink, bounds};
use alloc::borrow::Cow;
use capnp::message::{Reader, ReaderOptions, SegmentArray};
use spec::ErrorCode;
use spec::idl::{IDL_NESTING_MAX, IDL_VERSION};

/// Reads the one frame that these bytes are, which the request's texts and PCM are borrowed from.
///
/// # Errors
/// A code of the contract `idl`, in the order of IDL-D6.
pub fn decode_request(bytes: &[u8]) -> Result<Request<'_>> {
    let segment = segment(bytes)?;
    let segments = [segment];
    let message = Reader::new(SegmentArray::new(&segments), options(segment));
    let root: wire::request::Reader<'_> = message.get_root().map_err(malformed)?;
    version(root.get_version())?;
    let claimed = root.get_has_claimed().then(|| root.get_claimed());
    let call = call(root.which().map_err(|_| unknown("the method"))?, segment)?;
    Ok(Request { sequence: root.get_sequence(), claimed, call })
}

/// Reads the one frame that these bytes are, which the reply's texts are borrowed from.
///
/// # Errors
/// A code of the contract `idl`, in the order of IDL-D6.
pub fn decode_reply(bytes: &[u8]) -> Result<Reply<'_>> {
    let segment = segment(bytes)?;
    let segments = [segment];
    let message = Reader::new(SegmentArray::new(&segments), options(segment));
    let root: wire::reply::Reader<'_> = message.get_root().map_err(malformed)?;
    version(root.get_version())?;
    let answer = answer(root.which().map_err(|_| unknown("the result"))?, segment)?;
    Ok(Reply { sequence: root.get_sequence(), answer })
}

/// A message of so many words may make its reader visit as many (IDL-D4).
fn options(segment: &[u8]) -> ReaderOptions {
    let mut options = ReaderOptions::new();
    options.traversal_limit_in_words(Some(segment.len() / WORD));
    options.nesting_limit(i32::try_from(IDL_NESTING_MAX).unwrap_or(i32::MAX));
    options
}

/// IDL-008
fn version(version: u16) -> Result<()> {
    if version != IDL_VERSION {
        let range = (version.into(), IDL_VERSION.into(), IDL_VERSION.into());
        return Err(IdlError::range(ErrorCode::UnsupportedVersion, "the message's version", range, "speak this version of the interface"));
    }
    Ok(())
}

/// IDL-007
fn malformed(_error: capnp::Error) -> IdlError {
    IdlError::plain(
        ErrorCode::MalformedMessage,
        "a pointer leads outside, to another type, or to the same data again",
        "encode it with spec/idl/audio.capnp",
    )
}

/// IDL-009
fn unknown(what: &'static str) -> IdlError {
    IdlError::plain(ErrorCode::UnknownCall, what, "this version of the schema does not have it; see spec/idl/audio.capnp")
}

type Read<T> = capnp::Result<T>;

/// The part of the segment that the reader found, borrowed from the segment itself, which lives longer than the reader.
fn part<'a>(segment: &'a [u8], found: &[u8]) -> &'a [u8] {
    let start = found.as_ptr().addr().wrapping_sub(segment.as_ptr().addr());
    // Where nothing was found the reader gives an empty slice of its own.
    segment.get(start..).and_then(|rest| rest.get(..found.len())).unwrap_or_default()
}

/// A text within its bound, in UTF-8 (IDL-010, IDL-011).
fn text<'a>(found: Read<capnp::text::Reader<'_>>, segment: &'a [u8], bound: fn(usize) -> Result<()>) -> Result<Cow<'a, str>> {
    let found = found.map_err(malformed)?;
    bound(found.len())?;
    core::str::from_utf8(part(segment, found.as_bytes())).map(Cow::Borrowed).map_err(|error| {
        let place = crate::error::length(error.valid_up_to());
        IdlError::range(
            ErrorCode::InvalidText,
            "the text is no UTF-8; the number of its right bytes",
            (place, crate::error::length(found.len()), crate::error::length(found.len())),
            "encode texts as UTF-8",
        )
    })
}

fn call<'a>(which: wire::request::WhichReader<'_>, segment: &'a [u8]) -> Result<Call<'a>> {
    use wire::request::Which;
    let gain =
        |found: Read<wire::gain::Reader<'_>>| found.map(|gain| Gain { id: gain.get_id(), db_q8_8: gain.get_db() }).map_err(malformed);
    let mute =
        |found: Read<wire::mute::Reader<'_>>| found.map(|mute| Mute { id: mute.get_id(), muted: mute.get_muted() }).map_err(malformed);
    Ok(match which {
        Which::DefaultFormat(()) => Call::DefaultFormat,
        Which::SinkState(()) => Call::SinkState,
        Which::SetLevel(q16) => Call::SetLevel(q16),
        Which::SetMuted(muted) => Call::SetMuted(muted),
        Which::GetLevel(()) => Call::GetLevel,
        Which::PlayTone(tone) => {
            let tone = tone.map_err(malformed)?;
            Call::PlayTone { hz: tone.get_hz(), ms: tone.get_ms() }
        }
        Which::OpenStream(app) => Call::OpenStream(text(app, segment, bounds::text)?),
        Which::Write(write) => {
            let write = write.map_err(malformed)?;
            let pcm = write.get_pcm().map_err(malformed)?;
            bounds::pcm(pcm.len())?;
            Call::Write { stream: write.get_stream(), pcm: Cow::Borrowed(part(segment, pcm)) }
        }
        Which::Start(stream) => Call::Start(stream),
        Which::Pause(stream) => Call::Pause(stream),
        Which::Close(stream) => Call::Close(stream),
        Which::SetStreamGain(of) => Call::SetStreamGain(gain(of)?),
        Which::SetStreamMuted(of) => Call::SetStreamMuted(mute(of)?),
        Which::Position(stream) => Call::Position(stream),
        Which::Stats(()) => Call::Stats,
        Which::Meters(()) => Call::Meters,
        Which::SelectSink(of) => Call::SelectSink(sink(of)?),
        Which::RecordStart(uri) => Call::RecordStart(text(uri, segment, bounds::text)?),
        Which::RecordStop(()) => Call::RecordStop,
        Which::Publish(publish) => {
            let publish = publish.map_err(malformed)?;
            let app = text(publish.get_app(), segment, bounds::text)?;
            let class = media::class(publish.get_class())?;
            Call::Publish { app, stream: publish.get_stream(), class, seekable: publish.get_seekable() }
        }
        Which::Withdraw(session) => Call::Withdraw(session),
        Which::Play(session) => Call::Play(session),
        Which::PauseSession(session) => Call::PauseSession(session),
        Which::Seek(seek) => {
            let seek = seek.map_err(malformed)?;
            Call::Seek { session: seek.get_session(), ms: seek.get_ms() }
        }
        Which::Duck(session) => Call::Duck(session),
        Which::Unduck(session) => Call::Unduck(session),
        Which::SetVolume(of) => Call::SetVolume(gain(of)?),
        Which::SetSessionMuted(of) => Call::SetSessionMuted(mute(of)?),
        Which::SettingSet(setting) => {
            let setting = setting.map_err(malformed)?;
            let key = text(setting.get_key(), segment, bounds::setting)?;
            Call::SettingSet { key, value: text(setting.get_value(), segment, bounds::setting)? }
        }
        Which::SettingGet(key) => Call::SettingGet(text(key, segment, bounds::setting)?),
        Which::RequestFocus(focus) => media::focus(focus)?,
        Which::AbandonFocus(session) => Call::AbandonFocus(session),
        Which::StopSession(session) => Call::StopSession(session),
        Which::SetActive(session) => Call::SetActive(session),
        Which::AcceptHandoff(session) => Call::AcceptHandoff(session),
        Which::SetMetadata(metadata) => media::metadata(metadata, segment)?,
        Which::ListSessions(()) => Call::ListSessions,
        Which::GetSession(session) => Call::GetSession(session),
        Which::Changed(since) => media::changed(since)?,
        Which::SetAppVolume(gain) => media::app_gain(gain, segment)?,
        Which::SetAppMuted(mute) => media::app_mute(mute, segment)?,
        Which::Command(command) => media::asked(command)?,
        Which::TakeCommands(session) => Call::TakeCommands(session),
        Which::MediaKey(key) => media::media_key(key)?,
        Which::Metrics(()) => Call::Metrics,
        Which::ExportMetrics(()) => Call::ExportMetrics,
        Which::PutArtwork(picture) => media::picture(picture, segment)?,
        Which::GetArtwork(uri) => Call::GetArtwork(text(uri, segment, bounds::text)?),
    })
}

/// IDL-014
fn sink(found: core::result::Result<wire::Sink, capnp::NotInSchema>) -> Result<Sink> {
    match found {
        Ok(wire::Sink::Null) => Ok(Sink::Null),
        Ok(wire::Sink::File) => Ok(Sink::File),
        Ok(wire::Sink::I2s) => Ok(Sink::I2s),
        Err(capnp::NotInSchema(number)) => {
            Err(IdlError::range(ErrorCode::OutOfRange, "the sink's number", (number.into(), 0, 2), "name null, file or i2s"))
        }
    }
}

fn peaks(found: Read<wire::peaks::Reader<'_>>) -> Result<Peaks> {
    let peaks = found.map_err(malformed)?;
    Ok(Peaks { peak: [peaks.get_peak_left(), peaks.get_peak_right()], rms: [peaks.get_rms_left(), peaks.get_rms_right()] })
}

fn answer<'a>(which: wire::reply::WhichReader<'_>, segment: &'a [u8]) -> Result<Answer<'a>> {
    use wire::reply::Which;
    Ok(match which {
        Which::Error(error) => {
            let error = error.map_err(malformed)?;
            let code = bounds::error_code(error.get_code())?;
            Answer::Error { code, text: text(error.get_text(), segment, bounds::text)? }
        }
        Which::Done(()) => Answer::Done,
        Which::Format(format) => {
            let format = format.map_err(malformed)?;
            let (channels, bits) = (format.get_channels(), format.get_bits());
            Answer::Format { rate_hz: format.get_rate_hz(), channels, bits, block_frames: format.get_block_frames() }
        }
        Which::Sink(state) => {
            let state = state.map_err(malformed)?;
            Answer::Sink { sink: sink(state.get_sink())?, recording: state.get_recording(), frames: state.get_frames() }
        }
        Which::Level(level) => {
            let level = level.map_err(malformed)?;
            Answer::Level { q16: level.get_q16(), muted: level.get_muted() }
        }
        Which::Opened(opened) => {
            let opened = opened.map_err(malformed)?;
            let (handle, offset) = (opened.get_handle(), opened.get_offset());
            Answer::Opened { stream: opened.get_stream(), handle, offset, frames: opened.get_frames() }
        }
        Which::Taken(frames) => Answer::Taken(frames),
        Which::Position(position) => {
            let position = position.map_err(malformed)?;
            Answer::Position { frames: position.get_frames(), ms: position.get_ms() }
        }
        Which::Stats(stats) => {
            let stats = stats.map_err(malformed)?;
            Answer::Stats {
                ticks: stats.get_ticks(),
                open_streams: stats.get_open_streams(),
                underrun_events: stats.get_underrun_events(),
                missing_frames: stats.get_missing_frames(),
                clipped_samples: stats.get_clipped_samples(),
                last: peaks(stats.get_last())?,
            }
        }
        Which::Meters(meters) => {
            let meters = meters.map_err(malformed)?;
            let last = peaks(meters.get_last())?;
            let list = meters.get_fills().map_err(malformed)?;
            bounds::fills(list.len() as usize)?;
            let fills: Fills = list.iter().map(|fill| Fill { stream: fill.get_stream(), frames: fill.get_frames() }).collect();
            Answer::Meters { last, fills }
        }
        Which::Recorded(recorded) => {
            let recorded = recorded.map_err(malformed)?;
            Answer::Recorded { frames: recorded.get_frames(), bytes: recorded.get_bytes() }
        }
        Which::Published(session) => Answer::Published(session),
        Which::Setting(value) => Answer::Setting(text(value, segment, bounds::setting)?),
        Which::Sessions(sessions) => media::sessions(sessions)?,
        Which::Session(session) => media::session(session, segment)?,
        Which::Changed(changed) => media::changed_since(changed)?,
        Which::Commands(commands) => media::commands(commands)?,
        Which::Metrics(metrics) => media::metrics(metrics)?,
        Which::Exported(exported) => media::exported(exported)?,
        Which::Artwork(artwork) => media::artwork(artwork, segment)?,
    })
}
