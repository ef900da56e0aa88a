//! The contract `media-types` on [`decoders::media_types`].

use alloc::borrow::ToOwned;
use decoders::media_types::{CodecId, ColorSpace, Identifier, Output, PixelFormat, SampleFormat, output, probe};
use decoders::{DecodeError, Result};
use spec::devices::Blob;
use spec::media_types::{Config, Kind, MediaTypes, Obs, Op};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `media-types`.
#[derive(Clone, Copy, Debug, Default)]
pub struct MediaTypesMachine;

pub(crate) use MediaTypesMachine as Adapter;

fn name<I: Identifier>(number: u16) -> Result<Obs> {
    I::from_number(number).map(|identifier| Obs::Name(identifier.name().to_owned()))
}

fn number<I: Identifier>(name: &[u8]) -> Result<Obs> {
    I::from_name(name).map(|identifier| Obs::Number(identifier.number()))
}

fn answer(op: &Op) -> Result<Obs> {
    match op {
        Op::Name { kind: Kind::Codec, number } => name::<CodecId>(*number),
        Op::Name { kind: Kind::Sample, number } => name::<SampleFormat>(*number),
        Op::Name { kind: Kind::Pixel, number } => name::<PixelFormat>(*number),
        Op::Name { kind: Kind::Color, number } => name::<ColorSpace>(*number),
        Op::Number { kind: Kind::Codec, name } => number::<CodecId>(&name.0),
        Op::Number { kind: Kind::Sample, name } => number::<SampleFormat>(&name.0),
        Op::Number { kind: Kind::Pixel, name } => number::<PixelFormat>(&name.0),
        Op::Number { kind: Kind::Color, name } => number::<ColorSpace>(&name.0),
        Op::Output(codec) => CodecId::from_number(*codec).map(|codec| match output(codec) {
            Output::Pcm(sample) => Obs::Pcm { sample: sample.number() },
            Output::VideoFrame(pixel, color) => Obs::VideoFrame { pixel: pixel.number(), color: color.number() },
        }),
        Op::Probe(Blob(bytes)) => Ok(probe(bytes)?.map_or(Obs::NeedInput, |codec| Obs::Number(codec.number()))),
    }
}

impl Machine<MediaTypes> for MediaTypesMachine {
    fn reset(&mut self, _config: &Config) -> core::result::Result<core::result::Result<(), ErrorCode>, Failure> {
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> core::result::Result<Obs, Failure> {
        Ok(answer(op).unwrap_or_else(|error: DecodeError| Obs::Rejected(error.code())))
    }
}
