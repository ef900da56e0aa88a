//! The reference model of the contract `decode-bounds`: the models of the formats, asked one after the other.

use crate::decode::{Shown, decoder};
use spec::decode::{Obs as Found, Op as Ask};
use spec::decode_bounds::{Config, DECODE_PULLS_MAX, DecodeBounds, Given, Obs, Op, Stage, Told, Trial, sum, trial};
use spec::devices::Blob;
use spec::media_types::CodecId;
use spec::wav::{Obs as Loaded, Op as File, Wav};
use spec::{ErrorCode, Failure, Machine};

/// The model: it has no state.
#[derive(Clone, Copy, Debug, Default)]
pub struct DecodeBoundsModel;

pub(crate) use DecodeBoundsModel as Model;

/// Where a stream was rejected, and with what code.
type Wrong = (Stage, ErrorCode);

/// What an observation says is wrong at that stage.
fn checked(at: Stage, found: Found) -> Result<Found, Wrong> {
    match found {
        Found::Rejected(code) => Err((at, code)),
        found => Ok(found),
    }
}

/// Asks as far as the trial reaches (DECODE_BOUNDS-D2); what was given so far is in `given`, whatever comes of it.
fn pulled(codec: CodecId, trial: &Trial, given: &mut Given) -> Result<Result<(), Wrong>, Failure> {
    let mut model = decoder(codec);
    // DECODE_BOUNDS-001
    if let Err(code) = model.open(&trial.limits)? {
        return Ok(Err((Stage::Open, code)));
    }
    if trial.reach == Stage::Open {
        return Ok(Ok(()));
    }
    // DECODE_BOUNDS-002, DECODE_BOUNDS-005
    let fed = model.ask(&Ask::Feed(Blob(trial.stream.clone())))?;
    if let Err(wrong) = checked(Stage::Feed, fed) {
        return Ok(Err(wrong));
    }
    if trial.reach == Stage::Feed {
        return Ok(Ok(()));
    }
    model.ask(&Ask::End)?;
    // DECODE_BOUNDS-003
    match checked(Stage::Header, model.ask(&Ask::Info)?) {
        Ok(Found::Info { width, height }) => given.told = Told::Picture { width, height },
        Ok(Found::Audio { rate_hz, channels }) => given.told = Told::Sound { rate_hz, channels },
        Ok(_) => {}
        Err(wrong) => return Ok(Err(wrong)),
    }
    if trial.reach == Stage::Header {
        return Ok(Ok(()));
    }
    packets(&mut *model, given)
}

/// DECODE_BOUNDS-004, DECODE_BOUNDS-006 to DECODE_BOUNDS-011: DECODE_BOUNDS-007, DECODE_BOUNDS-008, DECODE_BOUNDS-009, DECODE_BOUNDS-010.
fn packets(model: &mut dyn Shown, given: &mut Given) -> Result<Result<(), Wrong>, Failure> {
    for _ in 0..DECODE_PULLS_MAX {
        match checked(Stage::Packets, model.ask(&Ask::Next)?) {
            Ok(Found::Frame { .. } | Found::Pcm { .. }) => {
                given.packets += 1;
                given.sum = sum(given.sum, &model.shown());
            }
            Ok(_) => break,
            Err(wrong) => return Ok(Err(wrong)),
        }
    }
    Ok(Ok(()))
}

/// A file that is read in one piece.
fn loaded(file: &[u8], given: &mut Given) -> Result<Result<(), Wrong>, Failure> {
    let mut model = crate::wav::WavModel::default();
    Ok(match Machine::<Wav>::step(&mut model, &File::Load(file.to_vec()))? {
        Loaded::Pcm(samples) => {
            let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
            (given.packets, given.sum) = (1, sum(given.sum, &bytes));
            Ok(())
        }
        Loaded::Rejected(code) => Err((Stage::Packets, code)),
        Loaded::File(_) | Loaded::Done => Ok(()),
    })
}

impl Machine<DecodeBounds> for DecodeBoundsModel {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        let Some(trial) = trial(op) else {
            return Ok(Obs::NoRow);
        };
        let mut given = Given::default();
        let found = match trial.format.codec() {
            Some(codec) => pulled(codec, &trial, &mut given)?,
            None => loaded(&trial.stream, &mut given)?,
        };
        Ok(match found {
            Ok(()) => Obs::Accepted(given),
            Err((at, code)) => Obs::Rejected { at, code, given },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{DecodeBoundsModel, Found, decoder};
    use spec::decode_bounds::{BOMBS, Bomb, Bound, Format, Obs, Op, ROWS, boot, small};
    use spec::{ErrorCode as E, Machine};

    fn answer(op: &Op) -> Obs {
        DecodeBoundsModel.step(op).expect("a model does not fail")
    }

    /// The table says what the formats' models do: its code beyond each bound, and never that code within it.
    #[test]
    fn every_row_has_its_code_beyond_its_bound_alone() {
        for row in &ROWS {
            for offset in row.first..=row.last {
                let obs = answer(&Op::Try { format: row.format, bound: row.bound, offset });
                let code = match &obs {
                    Obs::Rejected { code, .. } => Some(*code),
                    Obs::Accepted(_) => None,
                    Obs::NoRow => panic!("{row:?} has no stream at {offset}"),
                };
                if offset > 0 {
                    assert_eq!(code, Some(row.code), "{:?} {:?} {offset}: {obs:?}", row.format, row.bound);
                } else {
                    // What can't be right (DECODE_BOUNDS-D3).
                    let allowed = match (row.format, row.bound) {
                        (Format::Gif | Format::Apng, Bound::Expansion) | (_, Bound::Restarts) => Some(E::CorruptPixels),
                        (_, Bound::Expansion | Bound::ToldFrames) => Some(E::MalformedMedia),
                        (_, Bound::ChunkBytes | Bound::ToldLength) => Some(E::TruncatedMedia),
                        (Format::WavFile, Bound::LongestInput) => Some(E::MalformedWav),
                        _ => None,
                    };
                    assert_eq!(code, allowed, "{:?} {:?} {offset}: {obs:?}", row.format, row.bound);
                }
            }
            assert_eq!(answer(&Op::Try { format: row.format, bound: row.bound, offset: row.last + 1 }), Obs::NoRow);
        }
    }

    #[test]
    fn every_bomb_ends_with_its_code_and_what_came_before() {
        let answers = BOMBS.iter().map(|(bomb, _)| match answer(&Op::Bomb(*bomb)) {
            Obs::Rejected { code, given, .. } => (*bomb, Some(code), given.packets),
            Obs::Accepted(given) => (*bomb, None, given.packets),
            Obs::NoRow => panic!("{bomb:?} has no stream"),
        });
        let expected = [
            (Bomb::GifScreen, Some(E::PictureTooLarge), 0),
            (Bomb::GifImage, Some(E::ExpansionTooLarge), 1),
            (Bomb::GifComments, None, 1),
            (Bomb::GifClears, Some(E::CorruptPixels), 1),
            (Bomb::GifFrames, Some(E::TooManyFrames), 8),
            (Bomb::ZlibZeros, None, 1),
            (Bomb::ZlibPicture, Some(E::ExpansionTooLarge), 0),
            (Bomb::ApngFrames, Some(E::TooManyFrames), 0),
            (Bomb::ApngChunk, Some(E::TruncatedMedia), 0),
            (Bomb::ApngChunks, None, 1),
            (Bomb::JpegRestarts, Some(E::TooManyRestarts), 0),
            (Bomb::JpegScreen, Some(E::PictureTooLarge), 0),
            (Bomb::JpegScans, Some(E::TooManyScans), 0),
            (Bomb::MjpegPart, Some(E::TruncatedMedia), 1),
            (Bomb::MjpegHeader, Some(E::PartHeaderTooLarge), 0),
            (Bomb::MjpegLength, Some(E::OversizedInput), 0),
            (Bomb::VorbisCodebook, Some(E::OversizedInput), 0),
            (Bomb::VorbisDimensions, Some(E::OversizedInput), 0),
            (Bomb::VorbisPages, None, 0),
            (Bomb::VorbisPackets, None, 0),
            (Bomb::VorbisEndless, Some(E::OversizedInput), 0),
            (Bomb::WavChunks, Some(E::OversizedInput), 0),
            (Bomb::WavSamples, Some(E::TruncatedMedia), 1),
            (Bomb::WavChannels, Some(E::UnsupportedMedia), 0),
        ];
        assert_eq!(answers.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn cuts_lose_nothing() {
        for format in Format::PULLED {
            let bytes = small(format).expect("it is pulled").len() as u16;
            assert!(matches!(answer(&Op::Cut { format, bytes }), Obs::Accepted(_)), "{format:?}");
            let packets = |bytes| match answer(&Op::Cut { format, bytes }) {
                Obs::Accepted(given) | Obs::Rejected { given, .. } => given.packets,
                Obs::NoRow => panic!("{format:?} has no {bytes} bytes"),
            };
            assert!((0..bytes).all(|cut| packets(cut) <= packets(cut + 1)), "{format:?}");
            assert_eq!(answer(&Op::Cut { format, bytes: bytes + 1 }), Obs::NoRow);
        }
    }
    /// The files of a boot are right: what they show is what decoders give, and not how they reject.
    #[test]
    fn the_files_of_a_boot_are_decoded() {
        for seed in 0..40 {
            for (format, file) in boot::files(&[seed; 32]) {
                let (limits, ops) = boot::ops(&file);
                let mut model = decoder(format.codec().expect("it is pulled"));
                assert_eq!(model.open(&limits), Ok(Ok(())));
                let rejected = ops.iter().map(|op| model.ask(op)).find(|obs| matches!(obs, Ok(Found::Rejected(_))));
                assert_eq!(rejected, None, "{format:?} of {seed}");
            }
        }
    }
}
