//! Every bound of the contracts is met from outside: the code is the documented one, and nothing changes.

use audio::mixer::{BlockInput, Mixer};
use audio::resampler::{Kind, Rates, Resampler, Setup};
use audio::ring::{Capacity, Loopback};
use audio::tone::Tone;
use audio::wav::Recorder;
use audio::{AudioError, format, gain, level, mixer, resampler, tone, wav};
use spec::ErrorCode::{self, InvalidLevelText, MalformedWav, OutOfRange, OversizedInput, TooManyStreams};
use spec::mixer::Curve;

/// The rejection's code, after a look at its explanation: the code's name first, bounded, and with an advice.
fn code<T: std::fmt::Debug>(result: Result<T, AudioError>) -> ErrorCode {
    let error = result.expect_err("this must be rejected");
    let text = error.to_string();
    assert!(text.starts_with(error.code().name()) && text.contains("; ") && text.len() < spec::idl::IDL_TEXT_BYTES_MAX as usize, "{text}");
    error.code()
}

#[test]
fn test_reject_format_frames_over_max() {
    let max = spec::format::FORMAT_FRAMES_MAX;
    assert_eq!(format::frames_to_bytes(max), Ok(max * 4));
    assert_eq!(format::bytes_to_frames(max * 4), Ok(max));
    assert_eq!(format::frames_to_ms(max), Ok(max / 48));
    for frames in [max + 1, u64::MAX] {
        assert_eq!(code(format::frames_to_bytes(frames)), OutOfRange);
        assert_eq!(code(format::frames_to_ms(frames)), OutOfRange);
    }
    assert_eq!(code(format::bytes_to_frames(max * 4 + 4)), OutOfRange);
    // The bound comes first (FORMAT-D2).
    assert_eq!(code(format::bytes_to_frames(max * 4 + 5)), OutOfRange);
    assert_eq!(code(format::bytes_to_frames(5)), ErrorCode::Misaligned);
}

#[test]
fn test_reject_format_buffer_over_max() {
    let max = spec::format::FORMAT_BUFFER_BYTES_MAX as usize;
    assert_eq!(format::decode(&vec![1; max]).map(|pcm| pcm.len()), Ok(max / 2));
    assert_eq!(code(format::decode(&vec![1; max + 1])), OversizedInput);
    assert_eq!(code(format::decode(&vec![1; max + 4])), OversizedInput);
    assert_eq!(format::encode(&vec![1; max / 2]).map(|bytes| bytes.len()), Ok(max));
    assert_eq!(code(format::encode(&vec![1; max / 2 + 2])), OversizedInput);
}

#[test]
fn test_reject_format_half_frames() {
    for bytes in [1, 2, 3, 5] {
        assert_eq!(code(format::decode(&vec![0; bytes])), ErrorCode::Misaligned);
        assert_eq!(code(format::bytes_to_frames(bytes as u64)), ErrorCode::Misaligned);
    }
    assert_eq!(code(format::encode(&[1])), ErrorCode::Misaligned);
}

#[test]
fn test_reject_ring_capacity_out_of_range() {
    for frames in [0, spec::ring::RING_CAPACITY_FRAMES_MAX + 1, u32::MAX] {
        assert_eq!(code(Capacity::new(frames)), OutOfRange);
    }
    for frames in [1, spec::ring::RING_CAPACITY_FRAMES_MAX] {
        assert_eq!(Capacity::new(frames).map(Capacity::frames), Ok(frames));
    }
}

/// A ring that has started, with three frames in it.
fn ring() -> Loopback {
    let mut ring = Loopback::new(Capacity::ENGINE);
    assert_eq!(ring.write(&[1, 2, 3, 4, 5, 6, 7, 8]), Ok(4));
    assert_eq!(ring.pull(1, &mut [0; 2]).map(|pull| pull.frames), Ok(1));
    ring
}

/// The ring still gives what was in it.
fn assert_untouched(ring: &mut Loopback) {
    let mut out = [0; 8];
    assert_eq!(ring.read(4, &mut out), Ok(3));
    assert_eq!(out, [3, 4, 5, 6, 7, 8, 0, 0]);
}

#[test]
fn test_reject_ring_write_over_max() {
    let max = spec::ring::RING_WRITE_FRAMES_MAX as usize;
    let mut ring = ring();
    let before = ring.stats();
    assert_eq!(code(ring.write(&vec![9; max * 2 + 2])), OversizedInput);
    assert_eq!(code(ring.write(&[9; 3])), ErrorCode::Misaligned);
    assert_eq!(ring.stats(), before);
    assert_untouched(&mut ring);
    assert_eq!(ring.write(&vec![9; max * 2]), Ok(spec::ring::RING_FRAMES));
}

#[test]
fn test_reject_ring_pull_out_of_range() {
    let mut ring = ring();
    let before = ring.stats();
    let mut out = vec![7; 2000];
    for frames in [0, spec::ring::RING_PULL_FRAMES_MAX + 1, u32::MAX] {
        assert_eq!(code(ring.pull(frames, &mut out)), OutOfRange);
    }
    assert_eq!(code(ring.pull(480, &mut out[..959])), OutOfRange);
    assert_eq!(ring.stats(), before);
    assert!(out.iter().all(|&sample| sample == 7));
    assert_untouched(&mut ring);
    assert!(ring.pull(spec::ring::RING_PULL_FRAMES_MAX, &mut out).is_ok_and(|pull| pull.underrun));
}

#[test]
fn test_reject_ring_read_over_max() {
    let mut ring = ring();
    let before = ring.stats();
    let mut out = [7; 8];
    for frames in [spec::ring::RING_READ_FRAMES_MAX + 1, u32::MAX] {
        assert_eq!(code(ring.read(frames, &mut out)), OutOfRange);
    }
    assert_eq!((ring.stats(), out), (before, [7; 8]));
    assert_untouched(&mut ring);
    assert_eq!(ring.read(spec::ring::RING_READ_FRAMES_MAX, &mut out), Ok(0));
}

#[test]
fn test_reject_ring_hostile_counters() {
    let mut hostile = ring();
    hostile.forge_read_index(5);
    let before = hostile.stats();
    assert_eq!(code(hostile.write(&[9, 9])), ErrorCode::RingFault);
    assert_eq!(hostile.stats(), before);
    assert_untouched(&mut hostile);

    for forged in [0, 1 + 1921, u64::MAX] {
        let mut hostile = ring();
        hostile.forge_write_index(forged);
        let mut out = [7; 8];
        assert_eq!(code(hostile.pull(2, &mut out)), ErrorCode::RingFault);
        // Latched: a counter that is right again does not bring the stream back.
        hostile.forge_write_index(4);
        let before = hostile.stats();
        assert!(before.faulted && before.fill == 0 && before.read == 1);
        assert_eq!(code(hostile.pull(2, &mut out)), ErrorCode::RingFault);
        hostile.pause();
        assert_eq!(code(hostile.pull(2, &mut out)), ErrorCode::RingFault);
        hostile.resume();
        assert_eq!(code(hostile.read(2, &mut out)), ErrorCode::RingFault);
        assert_eq!((hostile.stats(), out), (before, [7; 8]));
    }
}

#[test]
fn test_reject_gain_out_of_range() {
    use spec::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN};
    for db in [GAIN_DB_Q8_8_MIN - 1, GAIN_DB_Q8_8_MAX + 1, i32::MIN, i32::MAX] {
        assert_eq!(code(gain::factor(db)), OutOfRange);
        assert_eq!(code(gain::apply(db, &[1])), OutOfRange);
    }
    assert_eq!((gain::factor(GAIN_DB_Q8_8_MIN), gain::factor(GAIN_DB_Q8_8_MAX)), (Ok(0), Ok(260_904)));

    let mut mixer = Mixer::default();
    assert_eq!((mixer.open(), mixer.set_gain(0, -1536)), (Ok(0), Ok(())));
    let before = mix_all(&mixer);
    assert_eq!(code(mixer.set_gain(0, GAIN_DB_Q8_8_MAX + 1)), OutOfRange);
    assert_eq!(mix_all(&mixer), before);
}

#[test]
fn test_reject_gain_apply_over_max() {
    let max = spec::gain::GAIN_APPLY_SAMPLES_MAX as usize;
    assert_eq!(code(gain::apply(0, &vec![1; max + 1])), OversizedInput);
    assert_eq!(gain::apply(0, &vec![1; max]), Ok(vec![1; max]));
}

/// What every stream sounds like, which tells all of a mixer's state.
fn mix_all(mixer: &Mixer) -> Vec<Option<[i16; 4]>> {
    (0..17)
        .map(|stream| {
            let mut out = [0; 4];
            let pcm = [10_000, -10_000, 1, 32_767];
            mixer.mix(2, &[BlockInput { stream, pcm: &pcm }], &mut out).ok().map(|_| out)
        })
        .collect()
}

#[test]
fn test_reject_mixer_level_over_max() {
    let max = spec::level::LEVEL_Q16_MAX;
    let mut mixer = Mixer::default();
    assert_eq!((mixer.open(), mixer.set_level(12_345)), (Ok(0), Ok(())));
    let before = mix_all(&mixer);
    for q16 in [max + 1, u32::MAX] {
        assert_eq!(code(mixer.set_level(q16)), OutOfRange);
        assert_eq!(code(level::decibels(q16)), OutOfRange);
        assert_eq!(code(level::show(q16)), OutOfRange);
    }
    assert_eq!((mix_all(&mixer), mixer.level().q16()), (before, 12_345));
    assert_eq!(mixer.set_level(max), Ok(()));
}

#[test]
fn test_reject_level_text() {
    let mut level = level::Level::default();
    level.set_text("0.25").expect("a level");
    level.mute(true);
    let before = level;
    let texts = [
        "",
        "0.",
        "1.",
        ".5",
        "2",
        "00",
        "01",
        "0.12345",
        "1.00000",
        "1.0001",
        "-0",
        "+1",
        "0,5",
        " 0",
        "0 ",
        "0.5e0",
        "1e0",
        "0.\u{663}",
        "NaN",
        "0.1.2",
        "0..1",
    ];
    for text in texts {
        assert_eq!(code(level.set_text(text)), InvalidLevelText, "{text:?}");
    }
    assert_eq!(code(level.set_text(&"0".repeat(1 << 20))), InvalidLevelText);
    assert_eq!(level, before);
    for (text, q16) in
        [("0", 0), ("1", 65_536), ("0.0", 0), ("1.0000", 65_536), ("0.5", 32_768), ("0.0001", 7), ("0.9999", 65_529), ("0.75", 49_152)]
    {
        assert_eq!(level::parse(text), Ok(q16), "{text}");
    }
}

#[test]
fn test_reject_level_number() {
    let mut level = level::Level::default();
    level.set(0.75).expect("a level");
    let before = level;
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -5e-324, 1.0 + f64::EPSILON, -1.0, 2.0] {
        assert_eq!(code(level.set(number)), ErrorCode::InvalidLevel, "{number}");
    }
    assert_eq!(level, before);
}

#[test]
fn test_reject_mixer_stream_over_max() {
    let mut mixer = Mixer::default();
    for stream in 0..spec::mixer::MIXER_STREAMS_MAX {
        assert_eq!(mixer.open(), Ok(stream));
    }
    mixer.set_gain(3, -512).expect("a gain");
    let before = mix_all(&mixer);
    assert_eq!(code(mixer.open()), TooManyStreams);
    for stream in [16, u32::MAX] {
        assert_eq!(code(mixer.set_gain(stream, 0)), ErrorCode::UnknownStream);
        assert_eq!(code(mixer.close(stream)), ErrorCode::UnknownStream);
    }
    assert_eq!(mix_all(&mixer), before);
    assert_eq!((mixer.close(5), mixer.open()), (Ok(()), Ok(5)));
}

#[test]
fn test_reject_mixer_frames_out_of_range() {
    let max = spec::mixer::MIXER_BLOCK_FRAMES_MAX;
    let mut mixer = Mixer::default();
    mixer.open().expect("a stream");
    let before = mix_all(&mixer);
    let mut out = vec![7; 2000];
    for frames in [0, max + 1, u32::MAX] {
        assert_eq!(code(mixer.mix(frames, &[], &mut out)), OutOfRange);
    }
    assert_eq!(code(mixer.mix(max, &[], &mut out[..959])), OutOfRange);
    let input = |stream, pcm| BlockInput { stream, pcm };
    for (inputs, expected) in [
        (vec![input(1, &[][..])], ErrorCode::UnknownStream),
        (vec![input(0, &[1, 2][..]), input(0, &[][..])], ErrorCode::DuplicateStream),
        (vec![input(0, &[1; 6][..])], OversizedInput),
        (vec![input(0, &[1; 3][..])], ErrorCode::Misaligned),
    ] {
        assert_eq!(code(mixer.mix(2, &inputs, &mut out)), expected);
    }
    assert!(out.iter().all(|&sample| sample == 7));
    assert_eq!(mix_all(&mixer), before);
    assert!(mixer.mix(max, &[], &mut out).is_ok() && mixer.mix(1, &[], &mut out).is_ok());
}

#[test]
fn test_reject_mixer_clip_out_of_range() {
    let max = spec::mixer::CLIP_SUM_MAX;
    for (first, count) in [(max + 1, 1), (-max - 1, 1), (max, 2), (i32::MIN, 1), (i32::MAX, 65_536)] {
        assert_eq!(code(mixer::clip_range(Curve::Soft, first, count)), OutOfRange);
    }
    assert_eq!(mixer::clip_range(Curve::Soft, max, 1), Ok(vec![32_767]));
    assert_eq!(mixer::clip_range(Curve::Saturate, -max, 1), Ok(vec![-32_768]));
}

#[test]
fn test_reject_mixer_clip_range_over_max() {
    let max = spec::mixer::CLIP_RANGE_VALUES_MAX;
    for count in [max + 1, u32::MAX] {
        assert_eq!(code(mixer::clip_range(Curve::Saturate, 0, count)), OversizedInput);
    }
    assert_eq!(mixer::clip_range(Curve::Saturate, -32_768, max).map(|values| values.len()), Ok(max as usize));
}

/// A tone in the middle, and what it gives from there on.
fn playing() -> (Tone, [i16; 8]) {
    let mut tone = Tone::default();
    assert_eq!((tone.play(440, 1), tone.pull(7, &mut [0; 14])), (Ok(48), Ok(41)));
    let mut next = [0; 8];
    tone.clone().pull(4, &mut next).expect("four frames");
    (tone, next)
}

fn assert_goes_on(mut tone: Tone, next: [i16; 8]) {
    let mut out = [0; 8];
    assert_eq!((tone.pull(4, &mut out), out), (Ok(37), next));
}

#[test]
fn test_reject_tone_hz_out_of_range() {
    let (mut tone, next) = playing();
    for hz in [0, spec::tone::TONE_HZ_MAX + 1, u32::MAX] {
        assert_eq!(code(tone.play(hz, 10)), OutOfRange);
        assert_eq!(code(tone::increment(hz)), OutOfRange);
    }
    assert_goes_on(tone, next);
    assert!(tone.play(1, 1).is_ok() && tone.play(spec::tone::TONE_HZ_MAX, 1).is_ok());
}

#[test]
fn test_reject_tone_ms_out_of_range() {
    let (mut tone, next) = playing();
    for ms in [0, spec::tone::TONE_MS_MAX + 1, u32::MAX] {
        assert_eq!(code(tone.play(440, ms)), OutOfRange);
    }
    assert_goes_on(tone, next);
    assert_eq!((tone.play(440, 1), tone.play(440, spec::tone::TONE_MS_MAX)), (Ok(48), Ok(2_880_000)));
}

#[test]
fn test_reject_tone_pull_out_of_range() {
    let (mut tone, next) = playing();
    let mut out = vec![7; 5000];
    for frames in [0, spec::tone::TONE_PULL_FRAMES_MAX + 1, u32::MAX] {
        assert_eq!(code(tone.pull(frames, &mut out)), OutOfRange);
    }
    assert_eq!(code(tone.pull(2, &mut out[..3])), OutOfRange);
    assert!(out.iter().all(|&sample| sample == 7));
    assert_eq!(code(tone::table_from(4096, 1)), OutOfRange);
    assert_goes_on(tone, next);
    assert_eq!(tone.pull(spec::tone::TONE_PULL_FRAMES_MAX, &mut out), Ok(0));
}

#[test]
fn test_reject_wav_file_over_max() {
    let max = spec::wav::WAV_FILE_BYTES_MAX as usize;
    let samples = (max - 44) / 2;
    let file = wav::save(&vec![3; samples]).expect("the largest file");
    assert_eq!((file.len(), wav::load(&file).map(|pcm| pcm.len())), (max, Ok(samples)));
    assert_eq!(code(wav::save(&vec![3; samples + 2])), OversizedInput);
    let mut longer = file.clone();
    longer.push(0);
    assert_eq!(code(wav::load(&longer)), OversizedInput);

    let mut recorder = Recorder::default();
    recorder.begin();
    assert_eq!(recorder.append(&[1, 2]), Ok(()));
    assert_eq!(code(recorder.append(&vec![3; samples])), OversizedInput);
    assert_eq!(code(recorder.append(&[3])), ErrorCode::Misaligned);
    assert_eq!(recorder.finish(), wav::save(&[1, 2]));
}

#[test]
fn test_reject_wav_chunks_over_max() {
    let with_chunks = |unknown: usize| {
        let mut file = wav::save(&[5, 6]).expect("a file");
        for _ in 0..unknown {
            file.splice(36..36, *b"JUNK\0\0\0\0");
        }
        wav::load(&file)
    };
    let max = spec::wav::WAV_CHUNKS_MAX as usize;
    assert_eq!(with_chunks(max - 2), Ok(vec![5, 6]));
    assert_eq!(code(with_chunks(max - 1)), MalformedWav);
}

#[test]
fn test_reject_wav_recorder_closed() {
    let mut recorder = Recorder::default();
    assert_eq!(code(recorder.append(&[1])), ErrorCode::NoRecording);
    assert_eq!(code(recorder.finish()), ErrorCode::NoRecording);
    assert!(!recorder.is_open());
}

const CD: Setup = Setup { kind: Kind::Sinc, rates: Rates { from_hz: 44_100, to_hz: 48_000 }, from_channels: 2, to_channels: 2 };

/// A resampler in the middle of a stream.
fn resampling() -> Resampler {
    let mut resampler = Resampler::new();
    assert_eq!(resampler.open(CD), Ok(64));
    let mut out = [0; 100];
    assert_eq!(resampler.feed(&[1_000; 160], &mut out), Ok(36), "80 frames, of which 64 are ahead");
    resampler
}

/// The stream goes on: its end is that of one which met no error.
fn assert_same_end(mut resampler: Resampler) {
    assert_eq!(resampler.frames(), (80, 18));
    let mut out = [0; 200];
    assert_eq!(resampler.room_to_finish(), 2 * (80 * 160 / 147 - 18));
    assert_eq!(resampler.finish(&mut out), Ok(138));
    assert!(out[..138].iter().all(|sample| *sample == 1_000) && out[138..].iter().all(|sample| *sample == 0));
}

#[test]
fn test_reject_resampler_rate_out_of_range() {
    let mut resampler = resampling();
    for hz in [0, spec::resampler::RESAMPLER_RATE_HZ_MIN - 1, spec::resampler::RESAMPLER_RATE_HZ_MAX + 1, u32::MAX] {
        for rates in [Rates { from_hz: hz, ..CD.rates }, Rates { to_hz: hz, ..CD.rates }] {
            assert_eq!(code(resampler.open(Setup { rates, ..CD })), OutOfRange);
            assert_eq!(code(resampler::length(rates, 1)), OutOfRange);
            assert_eq!(code(resampler::coefficients(rates, 0)), OutOfRange);
        }
    }
    assert_eq!(code(resampler::coefficients(CD.rates, 160)), OutOfRange);
    assert_eq!(code(resampler::table_from(spec::resampler::RESAMPLER_TABLE_ENTRIES, 1)), OutOfRange);
    assert_same_end(resampler);
}

#[test]
fn test_reject_resampler_channels_out_of_range() {
    let mut resampler = resampling();
    for count in [0, spec::resampler::RESAMPLER_CHANNELS_MAX + 1, u32::MAX] {
        assert_eq!(code(resampler.open(Setup { from_channels: count, ..CD })), OutOfRange);
        assert_eq!(code(resampler.open(Setup { to_channels: count, ..CD })), OutOfRange);
        assert_eq!(code(resampler::gains(count, 1)), OutOfRange);
        assert_eq!(code(resampler::gains(1, count)), OutOfRange);
    }
    assert_same_end(resampler);
}

#[test]
fn test_reject_resampler_feed_over_max() {
    let mut resampler = resampling();
    let frames = spec::resampler::RESAMPLER_FEED_FRAMES_MAX as usize;
    let mut out = vec![0; 3 * frames];
    assert_eq!(code(resampler.feed(&vec![1; 2 * frames + 1], &mut out)), OversizedInput);
    assert_eq!(code(resampler.feed(&vec![1; 2 * frames + 2], &mut out)), OversizedInput);
    assert_eq!(code(resampler.feed(&[1; 3], &mut out)), ErrorCode::Misaligned);
    // Room for one sample less than is needed.
    let room = resampler.room(20);
    assert_eq!(code(resampler.feed(&[1; 40], &mut out[..room - 1])), OutOfRange);
    assert_eq!(code(resampler.finish(&mut [0; 137])), OutOfRange);
    assert!(out.iter().all(|sample| *sample == 0));
    let mut taken = resampler.clone();
    assert_eq!(taken.feed(&vec![1; 2 * frames], &mut out), Ok(resampler.room(frames as u32)));
    assert_same_end(resampler);
}

#[test]
fn test_reject_a_closed_resampler() {
    for mut resampler in [Resampler::default(), Resampler::portable()] {
        assert_eq!((resampler.room(9), resampler.room_to_finish(), resampler.frames(), resampler.channels()), (0, 0, (0, 0), 0));
        assert_eq!(code(resampler.feed(&[], &mut [])), ErrorCode::ResamplerClosed);
        assert_eq!(code(resampler.finish(&mut [])), ErrorCode::ResamplerClosed);
        assert_eq!(code(resampler.reset()), ErrorCode::ResamplerClosed);
        assert_eq!((resampler.open(CD), resampler.finish(&mut [])), (Ok(64), Ok(0)));
        assert_eq!(code(resampler.feed(&[], &mut [])), ErrorCode::ResamplerClosed);
        assert_eq!((resampler.room(4_096), resampler.room_to_finish()), (0, 0));
        assert_eq!((resampler.reset(), resampler.feed(&[], &mut [])), (Ok(()), Ok(0)));
    }
}
