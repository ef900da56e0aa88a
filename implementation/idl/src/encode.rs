//! Values to frames.

mod media;

use crate::audio_capnp as wire;
use crate::frame::{HEADER, WORD};
use crate::{Answer, Call, IdlError, Peaks, Reply, Request, Result, Sink, bounds};
use alloc::vec::Vec;
use capnp::message::{Builder, SingleSegmentAllocator};
use spec::ErrorCode;

/// Words that any message takes beside its texts and lists: root pointer, root struct, and the largest member, which is a session.
const FIXED_WORDS: usize = 17;

/// Writes a request as one frame, replacing what is in `out` (IDL-001). Allocates only where `out` is too small.
///
/// # Errors
/// `oversized_text` or `oversized_list` for what is beyond its bound (IDL-010); `out` is untouched then.
pub fn encode_request(request: &Request<'_>, out: &mut Vec<u8>) -> Result<()> {
    let words = match &request.call {
        Call::OpenStream(text) | Call::RecordStart(text) | Call::Publish { app: text, .. } => of_text(text, bounds::text)?,
        Call::SettingGet(key) => of_text(key, bounds::setting)?,
        Call::SettingSet { key, value } => of_text(key, bounds::setting)?.saturating_add(of_text(value, bounds::setting)?),
        Call::Write { pcm, .. } => {
            bounds::pcm(pcm.len())?;
            pcm.len().div_ceil(WORD)
        }
        call => media::call_words(call)?,
    };
    framed(words, out, |message| {
        let mut root = message.init_root::<wire::request::Builder<'_>>();
        root.set_version(wire::VERSION);
        root.set_sequence(request.sequence);
        if let Some(claimed) = request.claimed {
            root.set_has_claimed(true);
            root.set_claimed(claimed);
        }
        call(&request.call, &mut root);
    })
}

/// Writes a reply as one frame, replacing what is in `out` (IDL-002). Allocates only where `out` is too small.
///
/// # Errors
/// `oversized_text` or `oversized_list` for what is beyond its bound (IDL-010), `out_of_range` for an error without a code
/// (IDL-014); `out` is untouched then.
pub fn encode_reply(reply: &Reply<'_>, out: &mut Vec<u8>) -> Result<()> {
    let words = match &reply.answer {
        Answer::Error { code, text } => {
            bounds::error_code(*code)?;
            of_text(text, bounds::text)?
        }
        Answer::Setting(value) => of_text(value, bounds::setting)?,
        Answer::Meters { fills, .. } => {
            bounds::fills(fills.len())?;
            // A tag, and a word for each.
            fills.len().saturating_add(1)
        }
        answer => media::answer_words(answer)?,
    };
    framed(words, out, |message| {
        let mut root = message.init_root::<wire::reply::Builder<'_>>();
        root.set_version(wire::VERSION);
        root.set_sequence(reply.sequence);
        answer(&reply.answer, &mut root);
    })
}

/// Words of a text with its zero byte, within its bound.
fn of_text(text: &str, bound: fn(usize) -> Result<()>) -> Result<usize> {
    bound(text.len())?;
    Ok(text.len().saturating_add(1).div_ceil(WORD))
}

/// Builds a message of at most `words` words beside the fixed ones, and leaves its frame in `out`.
fn framed(words: usize, out: &mut Vec<u8>, build: impl FnOnce(&mut Builder<SingleSegmentAllocator<'_>>)) -> Result<()> {
    let room = words.saturating_add(FIXED_WORDS).saturating_mul(WORD);
    out.clear();
    // The builder works in the second half and clears it when it ends, so the first half takes the frame.
    out.resize(HEADER.saturating_add(room).saturating_add(room), 0);
    let (frame, scratch) = out.split_at_mut(HEADER.saturating_add(room));
    let used = {
        let mut message = Builder::new(SingleSegmentAllocator::new(scratch));
        build(&mut message);
        let segments = message.get_segments_for_output();
        let segment = segments.first().copied().unwrap_or_default();
        let count = u32::try_from(segment.len() / WORD).unwrap_or(u32::MAX);
        let (header, rest) = frame.split_at_mut(HEADER);
        let [segments_less_one, size] = [0_u32, count].map(u32::to_le_bytes);
        header.iter_mut().zip(segments_less_one.iter().chain(&size)).for_each(|(to, from)| *to = *from);
        let Some(to) = rest.get_mut(..segment.len()) else {
            // Never met: a segment is a part of the scratch, which is as large. Said without a panic all the same.
            return Err(IdlError::plain(ErrorCode::OversizedMessage, "the message outgrew its room", "report this as a fault"));
        };
        to.copy_from_slice(segment);
        segment.len()
    };
    out.truncate(HEADER.saturating_add(used));
    Ok(())
}

fn call(call: &Call<'_>, root: &mut wire::request::Builder<'_>) {
    match call {
        Call::DefaultFormat => root.set_default_format(()),
        Call::SinkState => root.set_sink_state(()),
        Call::SetLevel(q16) => root.set_set_level(*q16),
        Call::SetMuted(muted) => root.set_set_muted(*muted),
        Call::GetLevel => root.set_get_level(()),
        Call::PlayTone { hz, ms } => {
            let mut tone = root.reborrow().init_play_tone();
            tone.set_hz(*hz);
            tone.set_ms(*ms);
        }
        Call::OpenStream(app) => root.set_open_stream(&**app),
        Call::Write { stream, pcm } => {
            let mut write = root.reborrow().init_write();
            write.set_stream(*stream);
            write.set_pcm(pcm);
        }
        Call::Start(stream) => root.set_start(*stream),
        Call::Pause(stream) => root.set_pause(*stream),
        Call::Close(stream) => root.set_close(*stream),
        Call::SetStreamGain(of) => gain(*of, root.reborrow().init_set_stream_gain()),
        Call::SetStreamMuted(of) => mute(*of, root.reborrow().init_set_stream_muted()),
        Call::Position(stream) => root.set_position(*stream),
        Call::Stats => root.set_stats(()),
        Call::Meters => root.set_meters(()),
        Call::SelectSink(of) => root.set_select_sink(sink(*of)),
        Call::RecordStart(uri) => root.set_record_start(&**uri),
        Call::RecordStop => root.set_record_stop(()),
        Call::Publish { app, stream, class, seekable } => {
            let mut publish = root.reborrow().init_publish();
            publish.set_app(&**app);
            publish.set_stream(*stream);
            publish.set_class(media::class(*class));
            publish.set_seekable(*seekable);
        }
        Call::Withdraw(session) => root.set_withdraw(*session),
        Call::Play(session) => root.set_play(*session),
        Call::PauseSession(session) => root.set_pause_session(*session),
        Call::Seek { session, ms } => {
            let mut seek = root.reborrow().init_seek();
            seek.set_session(*session);
            seek.set_ms(*ms);
        }
        Call::Duck(session) => root.set_duck(*session),
        Call::Unduck(session) => root.set_unduck(*session),
        Call::SetVolume(of) => gain(*of, root.reborrow().init_set_volume()),
        Call::SetSessionMuted(of) => mute(*of, root.reborrow().init_set_session_muted()),
        Call::SettingSet { key, value } => {
            let mut setting = root.reborrow().init_setting_set();
            setting.set_key(&**key);
            setting.set_value(&**value);
        }
        Call::SettingGet(key) => root.set_setting_get(&**key),
        call => media::call(call, root),
    }
}

fn gain(of: crate::Gain, mut gain: wire::gain::Builder<'_>) {
    gain.set_id(of.id);
    gain.set_db(of.db_q8_8);
}

fn mute(of: crate::Mute, mut mute: wire::mute::Builder<'_>) {
    mute.set_id(of.id);
    mute.set_muted(of.muted);
}

fn sink(of: Sink) -> wire::Sink {
    match of {
        Sink::Null => wire::Sink::Null,
        Sink::File => wire::Sink::File,
        Sink::I2s => wire::Sink::I2s,
    }
}

fn peaks(of: &Peaks, mut peaks: wire::peaks::Builder<'_>) {
    let ([peak_left, peak_right], [rms_left, rms_right]) = (of.peak, of.rms);
    peaks.set_peak_left(peak_left);
    peaks.set_peak_right(peak_right);
    peaks.set_rms_left(rms_left);
    peaks.set_rms_right(rms_right);
}

fn answer(answer: &Answer<'_>, root: &mut wire::reply::Builder<'_>) {
    match answer {
        Answer::Error { code, text } => {
            let mut error = root.reborrow().init_error();
            error.set_code(*code);
            error.set_text(&**text);
        }
        Answer::Done => root.set_done(()),
        Answer::Format { rate_hz, channels, bits, block_frames } => {
            let mut format = root.reborrow().init_format();
            format.set_rate_hz(*rate_hz);
            format.set_channels(*channels);
            format.set_bits(*bits);
            format.set_block_frames(*block_frames);
        }
        Answer::Sink { sink: of, recording, frames } => {
            let mut state = root.reborrow().init_sink();
            state.set_sink(sink(*of));
            state.set_recording(*recording);
            state.set_frames(*frames);
        }
        Answer::Level { q16, muted } => {
            let mut level = root.reborrow().init_level();
            level.set_q16(*q16);
            level.set_muted(*muted);
        }
        Answer::Opened { stream, handle, offset, frames } => {
            let mut opened = root.reborrow().init_opened();
            opened.set_stream(*stream);
            opened.set_handle(*handle);
            opened.set_offset(*offset);
            opened.set_frames(*frames);
        }
        Answer::Taken(frames) => root.set_taken(*frames),
        Answer::Position { frames, ms } => {
            let mut position = root.reborrow().init_position();
            position.set_frames(*frames);
            position.set_ms(*ms);
        }
        Answer::Stats { ticks, open_streams, underrun_events, missing_frames, clipped_samples, last } => {
            let mut stats = root.reborrow().init_stats();
            stats.set_ticks(*ticks);
            stats.set_open_streams(*open_streams);
            stats.set_underrun_events(*underrun_events);
            stats.set_missing_frames(*missing_frames);
            stats.set_clipped_samples(*clipped_samples);
            peaks(last, stats.init_last());
        }
        Answer::Meters { last, fills } => {
            let mut meters = root.reborrow().init_meters();
            peaks(last, meters.reborrow().init_last());
            let mut list = meters.init_fills(u32::try_from(fills.len()).unwrap_or(u32::MAX));
            for (index, fill) in (0..).zip(fills) {
                let mut of = list.reborrow().get(index);
                of.set_stream(fill.stream);
                of.set_frames(fill.frames);
            }
        }
        Answer::Recorded { frames, bytes } => {
            let mut recorded = root.reborrow().init_recorded();
            recorded.set_frames(*frames);
            recorded.set_bytes(*bytes);
        }
        Answer::Published(session) => root.set_published(*session),
        Answer::Setting(value) => root.set_setting(&**value),
        answer => media::answer(answer, root),
    }
}
