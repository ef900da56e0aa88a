//! The decoders' selftest: files that lie in shared memory, of which nothing is known here but their bytes.

use crate::marker::Marker;
use crate::media::claim;
use crate::selftest::Report;
use alloc::vec::Vec;
use core::fmt::{self, Write};
use sha2::{Digest, Sha256};
use spec::decode::{Limits, Obs, Op};
use spec::decode_bounds::Format;
use spec::decode_bounds::boot::{PART, ops, unpacked};
use spec::{Case, Contract, Failure, FailureKind};
use sut::Implemented;

/// Decodes the files; the digest is that of the traces in postcard, one after the other.
///
/// # Errors
/// The memory does not hold the files, or a decoder's machine failed. What a decoder rejects is part of a trace.
pub fn decode(given: &[u8]) -> Result<Report, Failure> {
    let files = unpacked(given).ok_or_else(|| Failure::new(FailureKind::Faulted, "no files were given"))?;
    let mut digest = Sha256::new();
    for (format, file) in &files {
        digest.update(match format {
            Format::Wav | Format::WavFile => trace::<spec::wav_stream::WavStream>(file)?,
            Format::Ogg => trace::<spec::vorbis::Vorbis>(file)?,
            Format::Gif => trace::<spec::gif::Gif>(file)?,
            Format::Apng => trace::<spec::apng::Apng>(file)?,
            Format::Mjpeg => trace::<spec::mjpeg::Mjpeg>(file)?,
        });
    }
    Ok(Report { cases: files.len() as u64, digest: digest.finalize().into() })
}

fn trace<C>(file: &[u8]) -> Result<Vec<u8>, Failure>
where
    C: Contract<Config = Limits, Op = Op, Obs = Obs> + Implemented,
{
    let (config, ops) = ops(file);
    let mut bytes = Vec::new();
    sut::mailbox::trace(&mut *C::machine(), &Case::<C> { config, ops }, &mut bytes)?;
    Ok(bytes)
}

/// Runs the selftest and prints its answer and its claim; gives the number of selftests, and whether it could answer.
///
/// # Errors
/// Those of `out`.
pub fn run(given: &[u8], out: &mut dyn Write) -> Result<(u32, bool), fmt::Error> {
    let report = decode(given);
    match (&report, claim(PART)) {
        (Ok(Report { cases, digest }), Some(line)) => {
            writeln!(out, "{}", Marker::Answer { part: PART, cases: *cases, digest: *digest })?;
            writeln!(out, "{}", Marker::Claim(line))?;
        }
        (Err(failure), _) => writeln!(out, "{}", Marker::SelftestFail { contract: PART, reason: &failure.detail })?,
        (Ok(_), None) => writeln!(out, "{}", Marker::SelftestFail { contract: PART, reason: "no-claim" })?,
    }
    Ok((1, report.is_ok()))
}

#[cfg(test)]
mod tests {
    use super::{decode, run};
    use alloc::vec::Vec;
    use spec::decode_bounds::boot::{files, packed};
    use spec::decode_bounds::{Format, small};

    #[test]
    fn the_answer_is_that_of_the_files() {
        let of = |seed| decode(&packed(&files(&[seed; 32]))).unwrap();
        assert_eq!((of(1), of(1).cases), (of(1), 5));
        assert_ne!(of(1).digest, of(2).digest);
        // One sample is enough: the last byte of the smallest WAV file is the upper one of its last sample.
        let small = |flip: u8| {
            let mut files: Vec<_> = Format::PULLED.map(|format| (format, small(format).unwrap())).into();
            *files[0].1.last_mut().unwrap() ^= flip;
            decode(&packed(&files)).unwrap().digest
        };
        assert_eq!(small(0), small(0));
        assert_ne!(small(0), small(1));
    }

    #[test]
    fn test_reject_memory_without_files() {
        let mut out = String::new();
        for given in [&b""[..], &[0xff; 40]] {
            assert!(decode(given).is_err());
            assert_eq!(run(given, &mut out), Ok((1, false)));
        }
        assert!(out.lines().all(|line| line == "SELFTEST: media.decode FAIL reason=no-files-were-given"), "{out}");
    }

    #[test]
    fn a_claim_stands_behind_its_answer() {
        let mut out = String::new();
        assert_eq!(run(&packed(&files(&[3; 32])), &mut out), Ok((1, true)));
        let lines: Vec<&str> = out.lines().collect();
        assert!(lines[0].starts_with("conform: answer part=media.decode cases=5 digest="), "{out}");
        assert_eq!(lines[1..], ["decoder: wav/ogg/gif/apng/mjpeg on"]);
    }
}
