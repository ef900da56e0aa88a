//! Wrong machines of the contract `wav`.

use super::reader::{Mistake as Misread, misreading};
use super::recorder::{Mistake as Misrecord, misrecording};
use crate::suite::{Violation, misheard, tampered, violation};
use spec::wav::{Obs, Op, WAV_HEADER_BYTES, Wav};
use spec::{ErrorCode, Machine};

/// In the order in which a diagnosis names them: what is wrong in every file comes before what is wrong in recordings.
pub(super) fn violations() -> Vec<Violation<Wav>> {
    let mut all = of_lengths();
    all.extend(of_headers());
    all.extend(of_readers());
    all.extend(of_recordings());
    all
}

/// Where the two sizes and the samples stand in a written file.
const RIFF_SIZE: usize = 4;
const DATA_SIZE: usize = 40;
const SAMPLES: usize = WAV_HEADER_BYTES as usize;

/// What an observation becomes where every written file is changed.
fn rewritten(mut obs: Obs, change: fn(&mut Vec<u8>)) -> Obs {
    if let Obs::File(bytes) = &mut obs {
        change(bytes);
    }
    obs
}

fn size(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn put(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

/// A machine that writes a 16-bit field of the header wrongly.
fn field16<const AT: usize, const VALUE: u16>() -> Box<dyn Machine<Wav>> {
    tampered::<Wav, ()>(|(), _, obs| rewritten(obs, |bytes| bytes[AT..AT + 2].copy_from_slice(&VALUE.to_le_bytes())))
}

/// A machine that writes a 32-bit field of the header wrongly.
fn field32<const AT: usize, const VALUE: u32>() -> Box<dyn Machine<Wav>> {
    tampered::<Wav, ()>(|(), _, obs| rewritten(obs, |bytes| put(bytes, AT, VALUE)))
}

/// A machine that is off by so much in a size.
fn off<const AT: usize, const BY: i32>() -> Box<dyn Machine<Wav>> {
    tampered::<Wav, ()>(|(), _, obs| {
        rewritten(obs, |bytes| {
            let wrong = size(bytes, AT).wrapping_add_signed(BY);
            put(bytes, AT, wrong);
        })
    })
}

const fn name(letters: &[u8; 4]) -> u32 {
    u32::from_le_bytes(*letters)
}

fn of_lengths() -> Vec<Violation<Wav>> {
    vec![
        violation("WAV-002", "writes the size of the data in samples", || {
            tampered::<Wav, ()>(|(), _, obs| {
                rewritten(obs, |bytes| {
                    let samples = size(bytes, DATA_SIZE) / 2;
                    put(bytes, DATA_SIZE, samples);
                })
            })
        }),
        violation("WAV-002", "writes the size of the data in frames", || {
            tampered::<Wav, ()>(|(), _, obs| {
                rewritten(obs, |bytes| {
                    let frames = size(bytes, DATA_SIZE) / 4;
                    put(bytes, DATA_SIZE, frames);
                })
            })
        }),
        violation("WAV-002", "leaves the size of the data 0", field32::<DATA_SIZE, 0>),
        violation("WAV-002", "leaves the size of the file 0", field32::<RIFF_SIZE, 0>),
        violation("WAV-002", "writes the sizes of an empty file", || {
            tampered::<Wav, ()>(|(), _, obs| {
                rewritten(obs, |bytes| {
                    put(bytes, RIFF_SIZE, 36);
                    put(bytes, DATA_SIZE, 0);
                })
            })
        }),
        violation("WAV-002", "writes the data's size as the largest there is", field32::<DATA_SIZE, { u32::MAX }>),
        violation("WAV-002", "counts the header as data", off::<DATA_SIZE, 44>),
        violation("WAV-002", "counts the header after the file's size as data", off::<DATA_SIZE, 36>),
        violation("WAV-002", "counts the data chunk's own header as data", off::<DATA_SIZE, 8>),
        violation("WAV-002", "writes the data's size 8 bytes short", off::<DATA_SIZE, -8>),
        violation("WAV-002", "writes the data's size one byte long", off::<DATA_SIZE, 1>),
        violation("WAV-002", "writes the data's size one byte short", off::<DATA_SIZE, -1>),
        violation("WAV-002", "writes the data's size one sample long", off::<DATA_SIZE, 2>),
        violation("WAV-002", "writes the data's size one sample short", off::<DATA_SIZE, -2>),
        violation("WAV-002", "writes the data's size one frame long", off::<DATA_SIZE, 4>),
        violation("WAV-002", "writes the data's size one frame short", off::<DATA_SIZE, -4>),
        violation("WAV-002", "writes the file's whole size where 8 less belong", off::<RIFF_SIZE, 8>),
        violation("WAV-002", "writes the data's size as the file's", off::<RIFF_SIZE, -36>),
        violation("WAV-002", "takes 8 bytes too many off the file's size", off::<RIFF_SIZE, -8>),
        violation("WAV-002", "takes 44 bytes too many off the file's size", off::<RIFF_SIZE, -44>),
        violation("WAV-002", "writes the file's size one byte long", off::<RIFF_SIZE, 1>),
        violation("WAV-002", "writes the file's size one byte short", off::<RIFF_SIZE, -1>),
        violation("WAV-002", "writes the file's size one sample long", off::<RIFF_SIZE, 2>),
        violation("WAV-002", "writes the file's size one sample short", off::<RIFF_SIZE, -2>),
        violation("WAV-002", "takes 4 bytes off the file's size where 8 belong", off::<RIFF_SIZE, 4>),
        violation("WAV-002", "takes 12 bytes off the file's size where 8 belong", off::<RIFF_SIZE, -4>),
        violation("WAV-002", "writes a byte too many", || tampered::<Wav, ()>(|(), _, obs| rewritten(obs, |bytes| bytes.push(0)))),
        violation("WAV-002", "writes a byte too few", || {
            tampered::<Wav, ()>(|(), _, obs| rewritten(obs, |bytes| bytes.truncate(bytes.len() - 1)))
        }),
        violation("WAV-002", "writes a frame too many", || tampered::<Wav, ()>(|(), _, obs| rewritten(obs, |bytes| bytes.extend([0; 4])))),
        violation("WAV-002", "loses the last frame", || {
            tampered::<Wav, ()>(|(), _, obs| rewritten(obs, |bytes| bytes.truncate(SAMPLES.max(bytes.len() - 4))))
        }),
        violation("WAV-002", "writes big-endian samples", || {
            tampered::<Wav, ()>(|(), _, obs| rewritten(obs, |bytes| bytes[SAMPLES..].chunks_exact_mut(2).for_each(<[u8]>::reverse)))
        }),
        violation("WAV-002", "writes the right channel first", || {
            tampered::<Wav, ()>(|(), _, obs| {
                rewritten(obs, |bytes| bytes[SAMPLES..].chunks_exact_mut(4).for_each(|frame| frame.rotate_left(2)))
            })
        }),
        violation("WAV-002", "writes unsigned samples", || {
            tampered::<Wav, ()>(|(), _, obs| rewritten(obs, |bytes| bytes[SAMPLES..].chunks_exact_mut(2).for_each(|pair| pair[1] ^= 0x80)))
        }),
        violation("WAV-002", "writes one channel after the other", || {
            misheard::<Wav>(|op| match op {
                Op::Save(pcm) if pcm.len() % 2 == 0 => {
                    let channel = |first: usize| pcm.iter().skip(first).step_by(2);
                    Op::Save(channel(0).chain(channel(1)).copied().collect())
                }
                op => op.clone(),
            })
        }),
        violation("WAV-002", "drops the sample beyond whole frames", || {
            misheard::<Wav>(|op| match op {
                Op::Save(pcm) => Op::Save(pcm[..pcm.len() / 2 * 2].to_vec()),
                op => op.clone(),
            })
        }),
        violation("WAV-002", "drops the sample beyond whole frames of a part", || misrecording(Misrecord::DropsOddSample)),
    ]
}

fn of_headers() -> Vec<Violation<Wav>> {
    vec![
        violation("WAV-001", "writes RIFX, as big-endian files have it", field32::<0, { name(b"RIFX") }>),
        violation("WAV-001", "writes a form in lower case", field32::<8, { name(b"wave") }>),
        violation("WAV-001", "writes another form", field32::<8, { name(b"AVI ") }>),
        violation("WAV-001", "ends the name of fmt with a zero", field32::<12, { name(b"fmt\0") }>),
        violation("WAV-001", "writes a name in upper case", field32::<36, { name(b"DATA") }>),
        violation("WAV-001", "claims 18 bytes of fmt", field32::<16, 18>),
        violation("WAV-001", "claims 14 bytes of fmt", field32::<16, 14>),
        violation("WAV-001", "claims 40 bytes of fmt", field32::<16, 40>),
        violation("WAV-001", "claims 24 bytes of fmt, with the chunk's own header", field32::<16, 24>),
        violation("WAV-001", "writes no format tag", field16::<20, 0>),
        violation("WAV-001", "writes the tag of ADPCM", field16::<20, 2>),
        violation("WAV-001", "writes the tag of floating point", field16::<20, 3>),
        violation("WAV-001", "writes the tag of extensible formats", field16::<20, 0xfffe>),
        violation("WAV-001", "says that it has no channel", field16::<22, 0>),
        violation("WAV-001", "says that it is mono", field16::<22, 1>),
        violation("WAV-001", "says that it has 4 channels", field16::<22, 4>),
        violation("WAV-001", "says that it runs at 44,100 Hz", field32::<24, 44_100>),
        violation("WAV-001", "says that it runs at 96,000 Hz", field32::<24, 96_000>),
        violation("WAV-001", "says that it runs at 48 Hz", field32::<24, 48>),
        violation("WAV-001", "counts the bytes per second of one channel", field32::<28, 96_000>),
        violation("WAV-001", "counts frames per second where bytes belong", field32::<28, 48_000>),
        violation("WAV-001", "counts bits per second where bytes belong", field32::<28, 1_536_000>),
        violation("WAV-001", "counts the bytes per second of 44,100 Hz", field32::<28, 176_400>),
        violation("WAV-001", "counts the bytes per second of 32-bit samples", field32::<28, 384_000>),
        violation("WAV-001", "leaves the bytes per second 0", field32::<28, 0>),
        violation("WAV-001", "counts the bytes of one sample in a frame", field16::<32, 2>),
        violation("WAV-001", "counts channels where the bytes of a frame belong", field16::<32, 1>),
        violation("WAV-001", "counts the bits of a frame where bytes belong", field16::<32, 32>),
        violation("WAV-001", "counts the bytes of 32-bit samples in a frame", field16::<32, 8>),
        violation("WAV-001", "says that samples have 8 bits", field16::<34, 8>),
        violation("WAV-001", "says that samples have 24 bits", field16::<34, 24>),
        violation("WAV-001", "counts the bits of a frame where a sample's belong", field16::<34, 32>),
        violation("WAV-001", "counts bytes where a sample's bits belong", field16::<34, 2>),
        violation("WAV-001", "writes its numbers big-endian", || {
            tampered::<Wav, ()>(|(), _, obs| {
                rewritten(obs, |bytes| {
                    for field in [4..8, 16..20, 20..22, 22..24, 24..28, 28..32, 32..34, 34..36, 40..44] {
                        bytes[field].reverse();
                    }
                })
            })
        }),
        violation("WAV-001", "writes a fmt chunk of 18 bytes", || {
            tampered::<Wav, ()>(|(), _, obs| {
                rewritten(obs, |bytes| {
                    bytes.splice(36..36, [0, 0]);
                    put(bytes, 16, 18);
                    let longer = size(bytes, RIFF_SIZE) + 2;
                    put(bytes, RIFF_SIZE, longer);
                })
            })
        }),
    ]
}

/// A mistake that shows in few files comes before those that show in many, and those that only confuse two codes come last.
fn of_readers() -> Vec<Violation<Wav>> {
    use Misread as M;
    vec![
        violation("WAV-009", "visits one chunk less", || misreading(M::OneChunkLess)),
        violation("WAV-009", "visits one chunk more", || misreading(M::OneChunkMore)),
        violation("WAV-009", "visits any number of chunks", || misreading(M::AnyChunks)),
        violation("WAV-007", "plays any tag as PCM", || misreading(M::AnyTag)),
        violation("WAV-007", "plays extensible formats as PCM", || misreading(M::Extensible)),
        violation("WAV-007", "plays any rate", || misreading(M::AnyRate)),
        violation("WAV-007", "plays samples of any size as 16 bits", || misreading(M::AnyBits)),
        violation("WAV-007", "plays any number of channels as stereo", || misreading(M::AnyChannels)),
        violation("WAV-007", "plays a file without channels", || misreading(M::NoChannels)),
        violation("WAV-007", "looks at the bytes of a frame before the format", || misreading(M::AlignmentFirst)),
        violation("WAV-010", "drops the bytes beyond whole frames", || misreading(M::DropsPartOfFrame)),
        violation("WAV-010", "drops a sample beyond whole frames", || misreading(M::DropsHalfFrame)),
        violation("WAV-010", "takes data beyond whole frames for a cut file", || misreading(M::PartOfFrameIsTruncated)),
        violation("WAV-010", "wants 4 bytes for a frame of mono, too", || misreading(M::MonoFrameOf4)),
        violation("WAV-005", "plays mono on the left alone", || misreading(M::MonoOnTheLeft)),
        violation("WAV-005", "takes the samples of mono for frames", || misreading(M::MonoAsStereo)),
        violation("WAV-005", "rejects mono", || misreading(M::MonoIsUnsupported)),
        violation("WAV-005", "plays mono twice instead of on both channels", || misreading(M::MonoTwice)),
        violation("WAV-003", "reads big-endian samples", || misreading(M::BigEndian)),
        violation("WAV-003", "reads the right channel first", || misreading(M::SwappedChannels)),
        violation("WAV-003", "reads unsigned samples", || misreading(M::UnsignedSamples)),
        violation("WAV-003", "loses the first frame that it reads", || misreading(M::OneFrameLate)),
        violation("WAV-008", "plays as much of the data as is there", || misreading(M::TakesWhatThereIs)),
        violation("WAV-008", "adds the lengths of chunks in 32 bits", || misreading(M::Wraps)),
        violation("WAV-008", "takes a chunk that claims one byte too many", || misreading(M::OneByteMore)),
        violation("WAV-008", "looks at a chunk before its length", || misreading(M::ContentFirst)),
        violation("WAV-006", "does not look for RIFF", || misreading(M::AnyRiff)),
        violation("WAV-006", "finds RIFF in any case", || misreading(M::RiffInAnyCase)),
        violation("WAV-006", "does not look for WAVE", || misreading(M::AnyForm)),
        violation("WAV-006", "takes what is too short for a file for a cut one", || misreading(M::ShortIsTruncated)),
        violation("WAV-006", "believes the file's size in the header", || misreading(M::RiffSizeBounds)),
        violation("WAV-006", "takes the second fmt", || misreading(M::SecondFmt)),
        violation("WAV-006", "takes data without fmt for stereo", || misreading(M::StereoWithoutFmt)),
        violation("WAV-006", "takes a file without data for an empty one", || misreading(M::SilenceWithoutData)),
        violation("WAV-006", "does not look at the bytes of a frame", || misreading(M::AnyAlignment)),
        violation("WAV-006", "does not look at the bytes per second", || misreading(M::AnyByteRate)),
        violation("WAV-006", "takes a fmt without its bits", || misreading(M::FmtOf14)),
        violation("WAV-006", "rejects a fmt of more than 16 bytes", || misreading(M::FmtOfJust16)),
        violation("WAV-004", "forgets the padding of odd chunks", || misreading(M::NoPadding)),
        violation("WAV-004", "pads even chunks, too", || misreading(M::PaddingOfEven)),
        violation("WAV-004", "rejects unknown chunks", || misreading(M::UnknownIsMalformed)),
        violation("WAV-004", "wants the data right after fmt", || misreading(M::UnknownAfterFmtIsMalformed)),
        violation("WAV-004", "takes the header for 44 bytes, whatever stands there", || misreading(M::FixedOffsets)),
        violation("WAV-004", "plays what follows the data", || misreading(M::ReadsToTheEnd)),
        violation("WAV-004", "reads the names of chunks in any case", || misreading(M::NamesInAnyCase)),
        violation("WAV-004", "misses the padding at the end of a file", || misreading(M::NeedsPadding)),
        violation("WAV-007", "takes an unsupported format for a malformed file", || misreading(M::UnsupportedIsMalformed)),
        violation("WAV-008", "takes a cut file for a malformed one", || misreading(M::TruncatedIsMalformed)),
        violation("WAV-008", "takes a cut chunk header for a malformed file", || misreading(M::CutHeaderIsMalformed)),
        violation("WAV-008", "takes a cut chunk header for the end", || misreading(M::CutHeaderIsTheEnd)),
    ]
}

fn of_recordings() -> Vec<Violation<Wav>> {
    use Misrecord as M;
    vec![
        violation("WAV-011", "writes the last part alone", || misrecording(M::LastPartAlone)),
        violation("WAV-011", "writes the newest part first", || misrecording(M::NewestFirst)),
        violation("WAV-011", "goes on with an open recording when a new one begins", || misrecording(M::BeginKeeps)),
        violation("WAV-011", "keeps a finished recording open", || misrecording(M::FinishKeeps)),
        violation("WAV-011", "leaves the sizes of a recording as they were at its start", || misrecording(M::SizesOfNothing)),
        violation("WAV-011", "ends the recording when another file is saved", || misrecording(M::SaveEnds)),
        violation("WAV-011", "ends the recording when a file is loaded", || misrecording(M::LoadEnds)),
        violation("WAV-012", "begins a recording with a part", || misrecording(M::AppendBegins)),
        violation("WAV-012", "finishes a recording that there is not", || misrecording(M::FinishesNothing)),
        violation("WAV-012", "ends the recording with a rejected part", || misrecording(M::RejectionEnds)),
        violation("WAV-012", "keeps the whole frames of a rejected part", || misrecording(M::RejectionKeepsFrames)),
        violation("WAV-012", "looks at a part before there is a recording", || misrecording(M::AlignmentFirst)),
        violation("WAV-012", "takes a missing recording for a malformed file", || {
            tampered::<Wav, ()>(
                |(), _, obs| if obs == Obs::Rejected(ErrorCode::NoRecording) { Obs::Rejected(ErrorCode::MalformedWav) } else { obs },
            )
        }),
    ]
}
