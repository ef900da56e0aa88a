//! Decoding PNG beside the crate `png`, which is asked for four channels, too.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use decoders::media_types::CodecId;
use decoders::{Client, Limits, MediaPacket, Pull};
use spec::{Entropy, SplitMix64};
use std::hint::black_box;
use std::io::Cursor;

const WIDTH: usize = 1_920;
const HEIGHT: usize = 1_080;

/// Slopes with the noise of a camera's sensor, or flat areas as on a screen.
fn samples(channels: usize, noise: bool) -> Vec<u8> {
    let mut source = SplitMix64::new(9);
    let sample = |place: usize| {
        let (x, y, channel) = (place / channels % WIDTH, place / channels / WIDTH, place % channels);
        if noise {
            (x / 9 + y / 7 + channel * 40 + source.below(6) as usize) as u8
        } else {
            ((x / 64 * 7) ^ (y / 48 * 13) ^ (channel * 60)) as u8
        }
    };
    (0..WIDTH * HEIGHT * channels).map(sample).collect()
}

fn file(color: png::ColorType, noise: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH as u32, HEIGHT as u32);
    encoder.set_color(color);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&samples(color.samples(), noise)).expect("a picture");
    writer.finish().expect("an end");
    bytes
}

fn ours(file: &[u8], mut each: impl FnMut(&[u8])) {
    let limits = Limits { memory_bytes: 1 << 26, ..Limits::default() };
    let mut decoder = Client::new(limits).and_then(|client| client.open(CodecId::Apng)).expect("a decoder");
    decoder.feed(file).expect("it fits");
    decoder.end().expect("it is live");
    match decoder.next().expect("a valid file") {
        Pull::Packet(MediaPacket::VideoFrame(frame)) => each(frame.pixels),
        other => panic!("{other:?}"),
    }
}

fn peer(file: &[u8]) -> Vec<u8> {
    let mut decoder = png::Decoder::new(Cursor::new(file));
    decoder.set_transformations(png::Transformations::ALPHA);
    let mut reader = decoder.read_info().expect("a header");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut pixels).expect("a valid file");
    pixels
}

fn decode(c: &mut Criterion) {
    let files = [
        ("png_rgb_photo_1080p", png::ColorType::Rgb, true),
        ("png_rgba_photo_1080p", png::ColorType::Rgba, true),
        ("png_rgb_screen_1080p", png::ColorType::Rgb, false),
    ];
    for (name, color, noise) in files {
        let (file, mut left) = (file(color, noise), Vec::new());
        ours(&file, |pixels| left.extend(pixels.as_chunks::<4>().0.iter().flat_map(|[b, g, r, a]| [*r, *g, *b, *a])));
        assert!(left == peer(&file), "the peer gives the same pixels");
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Elements((WIDTH * HEIGHT) as u64));
        group.bench_function("apng", |b| {
            b.iter(|| {
                ours(black_box(&file), |pixels| {
                    black_box(pixels);
                })
            })
        });
        group.bench_function("png crate", |b| b.iter(|| peer(black_box(&file))));
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(std::time::Duration::from_millis(300)).measurement_time(std::time::Duration::from_secs(2));
    targets = decode
}
criterion_main!(benches);
