//! Reading a WAV file of the engine's format beside hound and symphonia.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use decoders::media_types::CodecId;
use decoders::{Client, Decoder, Limits, MediaPacket, Pull};
use std::hint::black_box;
use std::io::Cursor;
use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

fn hound_reads(file: &[u8]) -> Vec<i16> {
    hound::WavReader::new(Cursor::new(file)).expect("a WAV file").into_samples::<i16>().map(|sample| sample.expect("a sample")).collect()
}

fn symphonia_reads(file: Vec<u8>) -> Vec<i16> {
    let stream = MediaSourceStream::new(Box::new(Cursor::new(file)), Default::default());
    let mut hint = Hint::new();
    hint.with_extension("wav");
    let mut format =
        symphonia::default::get_probe().probe(&hint, stream, FormatOptions::default(), MetadataOptions::default()).expect("a WAV file");
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

fn read(c: &mut Criterion) {
    let pcm: Vec<i16> = (0..2 * 48_000 * 10).map(|index| (index * 31) as i16).collect();
    let file = audio::wav::save(&pcm).expect("a file in bounds");
    assert_eq!(hound_reads(&file), pcm, "the peers read the same samples");
    assert_eq!(symphonia_reads(file.clone()), pcm, "the peers read the same samples");
    let mut group = c.benchmark_group("wav_read_10_s");
    group.throughput(Throughput::Bytes(file.len() as u64));
    group.bench_function("wav", |b| b.iter(|| audio::wav::load(black_box(&file)).expect("a file in bounds")));
    group.bench_function("hound", |b| b.iter(|| hound_reads(black_box(&file))));
    group.bench_function("symphonia", |b| b.iter(|| symphonia_reads(black_box(file.clone()))));
    group.finish();
}

/// The same bytes to samples, with nothing else.
fn plain_loop(file: &[u8]) -> Vec<i16> {
    file[44..].as_chunks().0.iter().map(|bytes| i16::from_le_bytes(*bytes)).collect()
}

fn fed(file: &[u8]) -> Box<dyn Decoder + Send> {
    let mut decoder = Client::new(Limits::default()).and_then(|client| client.open(CodecId::Wav)).expect("a decoder");
    decoder.feed(file).expect("it fits");
    decoder.end().expect("it is live");
    decoder
}

fn pulled(mut decoder: Box<dyn Decoder + Send>, mut each: impl FnMut(&[i16])) {
    loop {
        match decoder.next().expect("a valid file") {
            Pull::Packet(MediaPacket::Pcm(pcm)) => each(pcm.samples),
            Pull::Ended { .. } => return,
            other => panic!("{other:?}"),
        }
    }
}

fn used(samples: &[i16]) {
    black_box(samples);
}

fn pull(c: &mut Criterion) {
    let pcm: Vec<i16> = (0..2 * 48_000 * 10).map(|index| (index * 31) as i16).collect();
    let file = audio::wav::save(&pcm).expect("a file in bounds");
    let (mut all, right) = (Vec::new(), plain_loop(&file));
    pulled(fed(&file), |samples| all.extend_from_slice(samples));
    assert!(all == right && right == pcm, "both give the same samples");
    let mut group = c.benchmark_group("wav_stream_10_s");
    group.throughput(Throughput::Bytes(file.len() as u64));
    group.bench_function("wav", |b| b.iter_batched(|| fed(&file), |decoder| pulled(decoder, used), BatchSize::PerIteration));
    group.bench_function("wav with its feeding", |b| b.iter(|| pulled(fed(black_box(&file)), used)));
    group.bench_function("plain loop", |b| b.iter(|| plain_loop(black_box(&file))));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(std::time::Duration::from_millis(300)).measurement_time(std::time::Duration::from_secs(1));
    targets = read, pull
}
criterion_main!(benches);
