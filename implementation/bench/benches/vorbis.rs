//! Decoding two seconds of Ogg Vorbis beside symphonia.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::io::Cursor;
use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use vorbis::Decoder;

/// Plucked strings over noise, stereo at 44.1 kHz, with short and long blocks: made by oggenc of sound that sox made.
const FILE: &[u8] = include_bytes!("../fixtures/plucked.ogg");

fn vorbis_decodes(file: &[u8]) -> Vec<i16> {
    let mut decoder = Decoder::default();
    let mut pcm = Vec::new();
    let mut rest = file;
    while !rest.is_empty() {
        let taken = decoder.feed(rest).expect("a valid file");
        rest = &rest[taken..];
        while let Some(block) = decoder.next_block().expect("a valid file") {
            pcm.extend_from_slice(block);
        }
    }
    decoder.finish().expect("a whole file");
    pcm
}

fn symphonia_decodes(file: &'static [u8]) -> Vec<i16> {
    let stream = MediaSourceStream::new(Box::new(Cursor::new(file)), Default::default());
    let mut hint = Hint::new();
    hint.with_extension("ogg");
    let mut format =
        symphonia::default::get_probe().probe(&hint, stream, FormatOptions::default(), MetadataOptions::default()).expect("an Ogg file");
    let track = format.default_track(TrackType::Audio).expect("a track");
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio()).expect("audio").clone();
    let mut decoder = symphonia::default::get_codecs().make_audio_decoder(&parameters, &AudioDecoderOptions::default()).expect("a decoder");
    let mut pcm = Vec::new();
    let mut piece: Vec<i16> = Vec::new();
    while let Ok(Some(packet)) = format.next_packet() {
        let decoded = decoder.decode(&packet).expect("a packet");
        decoded.copy_to_vec_interleaved(&mut piece);
        pcm.extend_from_slice(&piece);
    }
    pcm
}

fn decode(c: &mut Criterion) {
    let (pcm, peer) = (vorbis_decodes(FILE), symphonia_decodes(FILE));
    assert_eq!(pcm.len(), peer.len(), "the peer decodes as many samples");
    let close = pcm.iter().zip(&peer).all(|(sample, other)| sample.abs_diff(*other) <= 1);
    assert!(close, "the peer decodes the same samples but for one unit");
    let mut group = c.benchmark_group("vorbis_decode_2_s");
    group.throughput(Throughput::Bytes(2 * pcm.len() as u64));
    group.bench_function("vorbis", |b| b.iter(|| vorbis_decodes(black_box(FILE))));
    group.bench_function("symphonia", |b| b.iter(|| symphonia_decodes(black_box(FILE))));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(std::time::Duration::from_millis(300)).measurement_time(std::time::Duration::from_secs(1));
    targets = decode
}
criterion_main!(benches);
