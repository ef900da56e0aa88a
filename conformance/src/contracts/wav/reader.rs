//! A reader of WAV files that can be told to make one mistake.

use spec::format::SAMPLE_RATE_HZ;
use spec::wav::{Config, Obs, Op, WAV_BITS_PER_SAMPLE, WAV_CHUNKS_MAX, WAV_FILE_BYTES_MAX, WAV_TAG_PCM, Wav};
use spec::{ErrorCode, Failure, Machine};

/// The mistakes, each one a line or two of [`load`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mistake {
    #[cfg(test)]
    None,
    BigEndian,
    SwappedChannels,
    UnsignedSamples,
    OneFrameLate,
    NoPadding,
    PaddingOfEven,
    UnknownIsMalformed,
    UnknownAfterFmtIsMalformed,
    FixedOffsets,
    ReadsToTheEnd,
    NamesInAnyCase,
    NeedsPadding,
    MonoOnTheLeft,
    MonoAsStereo,
    MonoIsUnsupported,
    MonoTwice,
    AnyRiff,
    RiffInAnyCase,
    AnyForm,
    ShortIsTruncated,
    RiffSizeBounds,
    SecondFmt,
    StereoWithoutFmt,
    SilenceWithoutData,
    AnyAlignment,
    AnyByteRate,
    FmtOf14,
    FmtOfJust16,
    AnyTag,
    Extensible,
    AnyRate,
    AnyBits,
    AnyChannels,
    NoChannels,
    AlignmentFirst,
    UnsupportedIsMalformed,
    TakesWhatThereIs,
    Wraps,
    OneByteMore,
    TruncatedIsMalformed,
    CutHeaderIsMalformed,
    CutHeaderIsTheEnd,
    ContentFirst,
    OneChunkLess,
    OneChunkMore,
    AnyChunks,
    DropsPartOfFrame,
    DropsHalfFrame,
    PartOfFrameIsTruncated,
    MonoFrameOf4,
}

/// Reads a file, with one mistake.
fn load(file: &[u8], mistake: Mistake) -> Result<Vec<i16>, ErrorCode> {
    use Mistake as M;
    let is = |other| mistake == other;
    if file.len() > WAV_FILE_BYTES_MAX as usize {
        return Err(ErrorCode::OversizedInput);
    }
    if file.len() < 12 {
        return Err(if is(M::ShortIsTruncated) { ErrorCode::TruncatedWav } else { ErrorCode::MalformedWav });
    }
    let riff = file[..4] == *b"RIFF" || is(M::AnyRiff) || is(M::RiffInAnyCase) && file[..4].eq_ignore_ascii_case(b"RIFF");
    if !riff || file[8..12] != *b"WAVE" && !is(M::AnyForm) {
        return Err(ErrorCode::MalformedWav);
    }
    if is(M::RiffSizeBounds) && u64::from(u32_at(file, 4)) + 8 > file.len() as u64 {
        return Err(ErrorCode::TruncatedWav);
    }
    if is(M::FixedOffsets) && file.len() >= 44 {
        let channels = read_fmt(&file[20..36], mistake)?;
        return read_data(&file[44..], channels, mistake);
    }
    let chunks_max = match mistake {
        M::OneChunkLess => WAV_CHUNKS_MAX - 1,
        M::OneChunkMore => WAV_CHUNKS_MAX + 1,
        M::AnyChunks => u32::MAX,
        _ => WAV_CHUNKS_MAX,
    };
    let (mut at, mut visited, mut channels) = (12, 0, None);
    loop {
        let left = file.get(at..).unwrap_or_default();
        if left.is_empty() && is(M::NeedsPadding) && at > file.len() {
            return Err(ErrorCode::TruncatedWav);
        }
        let end = left.is_empty() || left.len() < 8 && is(M::CutHeaderIsTheEnd);
        if end && is(M::SilenceWithoutData) && channels.is_some() {
            return Ok(Vec::new());
        }
        if end || visited == chunks_max {
            return Err(ErrorCode::MalformedWav);
        }
        if left.len() < 8 {
            return Err(if is(M::CutHeaderIsMalformed) { ErrorCode::MalformedWav } else { ErrorCode::TruncatedWav });
        }
        visited += 1;
        let name = if is(M::NamesInAnyCase) { left[..4].to_ascii_lowercase() } else { left[..4].to_vec() };
        let length = u32_at(left, 4) as usize;
        let there = left.len() - 8;
        if is(M::ContentFirst) && (name == b"data" && channels.is_none() || name == b"fmt " && length < 16) {
            return Err(ErrorCode::MalformedWav);
        }
        let fits = match mistake {
            M::Wraps => (at as u32 + 8).wrapping_add(length as u32) <= file.len() as u32,
            M::OneByteMore => length <= there + 1,
            M::TakesWhatThereIs => name == b"data" || length <= there,
            _ => length <= there,
        };
        if !fits {
            return Err(if is(M::TruncatedIsMalformed) { ErrorCode::MalformedWav } else { ErrorCode::TruncatedWav });
        }
        let content = &left[8..8 + length.min(there)];
        match name.as_slice() {
            b"fmt " if channels.is_some() && !is(M::SecondFmt) => return Err(ErrorCode::MalformedWav),
            b"fmt " => channels = Some(read_fmt(content, mistake)?),
            b"data" => {
                let assumed = if is(M::StereoWithoutFmt) { Some(2) } else { None };
                let content = if is(M::ReadsToTheEnd) { &left[8..] } else { content };
                return read_data(content, channels.or(assumed).ok_or(ErrorCode::MalformedWav)?, mistake);
            }
            _ if is(M::UnknownIsMalformed) || is(M::UnknownAfterFmtIsMalformed) && channels.is_some() => {
                return Err(ErrorCode::MalformedWav);
            }
            _ => {}
        }
        let padding = match mistake {
            M::NoPadding => 0,
            M::PaddingOfEven => 1,
            _ => length % 2,
        };
        at += 8 + length.min(there) + padding;
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from(bytes[at]) | u16::from(bytes[at + 1]) << 8
}

fn read_fmt(content: &[u8], mistake: Mistake) -> Result<u16, ErrorCode> {
    use Mistake as M;
    let is = |other| mistake == other;
    let mut content = content.to_vec();
    if is(M::FmtOf14) && content.len() == 14 {
        content.extend([16, 0]);
    }
    if content.len() < 16 || is(M::FmtOfJust16) && content.len() != 16 {
        return Err(ErrorCode::MalformedWav);
    }
    let (tag, channels, rate) = (u16_at(&content, 0), u16_at(&content, 2), u32_at(&content, 4));
    let (byte_rate, align, bits) = (u32_at(&content, 8), u16_at(&content, 12), u16_at(&content, 14));
    let right_align = align == channels.wrapping_mul(2) || is(M::AnyAlignment) || is(M::AnyBits) && bits != WAV_BITS_PER_SAMPLE;
    let right_rate = byte_rate == rate.wrapping_mul(align.into()) || is(M::AnyByteRate);
    if is(M::AlignmentFirst) && !(right_align && right_rate) {
        return Err(ErrorCode::MalformedWav);
    }
    let supported = (tag == WAV_TAG_PCM || is(M::AnyTag) || is(M::Extensible) && tag == 0xfffe)
        && (channels == 1 && !is(M::MonoIsUnsupported) || channels == 2 || is(M::AnyChannels) || is(M::NoChannels) && channels == 0)
        && (rate == SAMPLE_RATE_HZ || is(M::AnyRate))
        && (bits == WAV_BITS_PER_SAMPLE || is(M::AnyBits));
    if !supported {
        return Err(if is(M::UnsupportedIsMalformed) { ErrorCode::MalformedWav } else { ErrorCode::UnsupportedFormat });
    }
    if !(right_align && right_rate) {
        return Err(ErrorCode::MalformedWav);
    }
    Ok(channels)
}

fn read_data(content: &[u8], channels: u16, mistake: Mistake) -> Result<Vec<i16>, ErrorCode> {
    use Mistake as M;
    let is = |other| mistake == other;
    let mono = channels == 1;
    let frame = if mono && !is(M::MonoFrameOf4) && !is(M::MonoAsStereo) { 2 } else { 4 };
    let beyond = content.len() % frame;
    let drops = is(M::DropsPartOfFrame) || is(M::TakesWhatThereIs) || is(M::OneByteMore) || is(M::DropsHalfFrame) && beyond == 2;
    if beyond != 0 && !drops {
        return Err(if is(M::PartOfFrameIsTruncated) { ErrorCode::TruncatedWav } else { ErrorCode::Misaligned });
    }
    let sample = |pair: &[u8]| match mistake {
        M::BigEndian => i16::from_be_bytes([pair[0], pair[1]]),
        M::UnsignedSamples => (u16_at(pair, 0) ^ 0x8000) as i16,
        _ => u16_at(pair, 0) as i16,
    };
    let mut pcm: Vec<i16> = content[..content.len() - beyond].chunks_exact(2).map(sample).collect();
    match mistake {
        M::MonoOnTheLeft if mono => return Ok(pcm.into_iter().flat_map(|sample| [sample, 0]).collect()),
        M::MonoAsStereo => return Ok(pcm),
        M::MonoTwice if mono => return Ok(pcm.repeat(2)),
        M::OneFrameLate if !mono => pcm.drain(..pcm.len().min(2)).for_each(drop),
        M::SwappedChannels if !mono => pcm.chunks_exact_mut(2).for_each(|frame| frame.swap(0, 1)),
        _ => {}
    }
    let copies = if mono { 2 } else { 1 };
    Ok(pcm.into_iter().flat_map(|sample| std::iter::repeat_n(sample, copies)).collect())
}

/// The model, with this reader instead of its own.
struct Misreading {
    inner: Box<dyn Machine<Wav>>,
    mistake: Mistake,
}

impl Machine<Wav> for Misreading {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.inner.reset(config)
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        match op {
            Op::Load(file) => Ok(load(file, self.mistake).map_or_else(Obs::Rejected, Obs::Pcm)),
            op => self.inner.step(op),
        }
    }
}

/// A machine that reads with one mistake.
pub(super) fn misreading(mistake: Mistake) -> Box<dyn Machine<Wav>> {
    Box::new(Misreading { inner: <Wav as model::Modelled>::model(), mistake })
}

#[cfg(test)]
mod tests {
    use super::{Mistake, misreading};
    use model::Modelled;
    use spec::{Contract, SplitMix64, wav::Wav};

    #[test]
    fn without_a_mistake_the_reader_is_right() {
        let (mut model, mut reader) = (Wav::model(), misreading(Mistake::None));
        for seed in 0..2_000 {
            let case = Wav::draw(&mut SplitMix64::new(seed), 24);
            assert_eq!(reader.run_case(&case), model.run_case(&case), "seed {seed}");
        }
    }
}
