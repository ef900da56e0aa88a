//! Checks of the contract `wav`.

mod goldens;
mod laws;
mod reader;
mod recorder;
mod violations;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::wav::{Obs, Op, WAV_CHUNKS_MAX, Wav};
use spec::{Case, ErrorCode};

impl Suite for Wav {
    const PROPERTY: &'static [&'static str] = &[
        "WAV-001", "WAV-002", "WAV-003", "WAV-004", "WAV-005", "WAV-006", "WAV-007", "WAV-008", "WAV-009", "WAV-010", "WAV-011", "WAV-012",
    ];

    fn touched(case: &Case<Self>, _rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        let mut walk = Walk::default();
        for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
            walk.step(op, obs, &mut |id| out(Some(step), id));
        }
    }

    fn laws() -> Vec<Law<Self>> {
        laws::laws()
    }

    fn domains() -> Vec<Domain<Self>> {
        Vec::new()
    }

    fn violations() -> Vec<Violation<Self>> {
        violations::violations()
    }

    fn goldens() -> Vec<GoldenCase<Self>> {
        goldens::goldens()
    }

    fn pcm(obs: &Obs) -> Option<&[i16]> {
        match obs {
            Obs::Pcm(pcm) => Some(pcm),
            _ => None,
        }
    }
}

/// What is known of a recording while walking along a case with the right answers.
#[derive(Default)]
struct Walk {
    /// Parts that the open recording took.
    parts: u32,
    /// Whether the open recording rejected a part.
    rejected: bool,
}

impl Walk {
    fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (_, Obs::Rejected(ErrorCode::OversizedInput)) => out("WAV-009"),
            (_, Obs::Rejected(ErrorCode::NoRecording)) => out("WAV-012"),
            (Op::Load(bytes), obs) => load(bytes, obs, out),
            (Op::Save(pcm), Obs::File(_)) => file(pcm.is_empty(), out),
            (Op::Save(_), _) => out("WAV-002"),
            (Op::Append(_), Obs::Rejected(_)) => {
                self.rejected = true;
                out("WAV-002");
            }
            (Op::Append(_), _) => {
                self.parts += 1;
                out("WAV-012");
            }
            (Op::Begin, _) => {
                *self = Self::default();
                out("WAV-011");
            }
            (Op::Finish, _) => {
                if self.rejected {
                    out("WAV-012");
                }
                if self.parts > 0 {
                    out("WAV-011");
                }
                file(self.parts == 0, out);
                if self.parts == 0 {
                    out("WAV-011");
                }
                *self = Self::default();
            }
        }
    }
}

/// A file was written. What is wrong with an empty one is its header; what is wrong with others alone is about their samples.
fn file(empty: bool, out: &mut dyn FnMut(&'static str)) {
    let both = if empty { ["WAV-001", "WAV-002"] } else { ["WAV-002", "WAV-001"] };
    both.into_iter().for_each(out);
}

/// A file was read or rejected.
fn load(bytes: &[u8], obs: &Obs, out: &mut dyn FnMut(&'static str)) {
    let seen = Chunks::of(bytes);
    if seen.visited == WAV_CHUNKS_MAX && (seen.data || seen.more) {
        out("WAV-009");
    }
    match obs {
        Obs::Rejected(ErrorCode::UnsupportedFormat) => out("WAV-007"),
        Obs::Rejected(ErrorCode::TruncatedWav) => out("WAV-008"),
        Obs::Rejected(ErrorCode::Misaligned) => out("WAV-010"),
        Obs::Rejected(ErrorCode::MalformedWav) if !(seen.visited == WAV_CHUNKS_MAX && seen.more) => out("WAV-006"),
        _ => {}
    }
    if seen.skipped {
        out("WAV-004");
    }
    if let Obs::Pcm(pcm) = obs {
        if seen.mono {
            out("WAV-005");
        }
        // As it is written, but for the size that reading ignores.
        if bytes.get(8..).is_some() && bytes.get(8..) == written_file(pcm).get(8..) {
            out("WAV-003");
        }
        // A right file passes every check.
        ["WAV-006", "WAV-007", "WAV-008", "WAV-010"].into_iter().for_each(out);
    }
}

/// What stands in a file, as far as its lengths can be followed.
#[derive(Default)]
struct Chunks {
    visited: u32,
    /// Whether a chunk that is neither fmt nor data was passed or follows the data.
    skipped: bool,
    mono: bool,
    data: bool,
    /// Whether more follows the last chunk that may be visited.
    more: bool,
}

impl Chunks {
    fn of(bytes: &[u8]) -> Self {
        let mut seen = Self::default();
        let mut left = bytes.get(12..).unwrap_or_default();
        while let Some((header, rest)) = left.split_first_chunk::<8>() {
            let [name @ .., l0, l1, l2, l3] = header;
            let length = u32::from_le_bytes([*l0, *l1, *l2, *l3]) as usize;
            if seen.data {
                seen.skipped |= name != b"data";
                break;
            }
            if seen.visited == WAV_CHUNKS_MAX {
                break;
            }
            seen.visited += 1;
            let Some((content, rest)) = rest.split_at_checked(length) else {
                return seen;
            };
            match name {
                b"data" => seen.data = true,
                b"fmt " => seen.mono = content.get(2..4) == Some(&[1, 0]),
                _ => seen.skipped = true,
            }
            left = rest.get(length % 2..).unwrap_or_default();
        }
        seen.more = !left.is_empty() && !seen.data;
        seen
    }
}

/// The file of these samples, byte by byte as the contract says.
fn written_file(pcm: &[i16]) -> Vec<u8> {
    let data = pcm.len() as u32 * 2;
    let mut bytes = b"RIFF????WAVEfmt \x10\0\0\0\x01\0\x02\0\x80\xbb\0\0\0\xee\x02\0\x04\0\x10\0data????".to_vec();
    bytes[4..8].copy_from_slice(&(data + 36).to_le_bytes());
    bytes[40..44].copy_from_slice(&data.to_le_bytes());
    bytes.extend(pcm.iter().flat_map(|sample| sample.to_le_bytes()));
    bytes
}

#[cfg(test)]
mod tests {
    use super::{Wav, written_file};
    use crate::contracts::self_test::assert_complete;
    use model::Modelled;
    use spec::wav::{Obs, Op};

    #[test]
    fn checks_are_complete() {
        assert_complete::<Wav>();
    }

    #[test]
    fn hound_reads_what_the_model_writes() {
        for pcm in [vec![], vec![i16::MIN, i16::MAX], vec![1, -2, 300, -400, 0, 255]] {
            let Ok(Obs::File(bytes)) = Wav::model().step(&Op::Save(pcm.clone())) else {
                panic!("the model saves {} samples", pcm.len());
            };
            assert_eq!(bytes, written_file(&pcm));
            let mut reader = hound::WavReader::new(bytes.as_slice()).expect("hound reads the header");
            let format = hound::WavSpec { channels: 2, sample_rate: 48_000, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
            assert_eq!((reader.spec(), reader.len() as usize), (format, pcm.len()));
            assert_eq!(reader.samples::<i16>().collect::<Result<Vec<_>, _>>().expect("hound reads the samples"), pcm);
        }
    }
}
