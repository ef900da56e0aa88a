//! Decoding a JPEG picture beside zune-jpeg, as baseline and as progressive frames.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jpeg::{Decoder, Walk};
use spec::mjpeg::{Coding, Jpeg, Scan};
use spec::{Entropy, SplitMix64};
use std::hint::black_box;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// A picture of 1920 by 1080 pixels whose coefficients become rarer and smaller towards high frequencies, as those of photographs do.
fn picture() -> Jpeg {
    let mut jpeg = Jpeg::new(1_920, 1_080, &[(2, 2), (1, 1), (1, 1)]);
    let mut source = SplitMix64::new(3);
    for steps in &mut jpeg.steps {
        steps.steps.iter_mut().zip(3..).for_each(|(step, value)| *step = value / 2 + 2);
    }
    for (number, plane) in jpeg.planes.iter_mut().enumerate() {
        let mut level = 0;
        for block in &mut plane.blocks {
            level = (level + source.between(-20, 20) as i16).clamp(-200, 200);
            block[0] = level;
            let detail = source.below(if number == 0 { 20 } else { 6 });
            for (place, value) in (1..=detail).zip(&mut block[1..]) {
                if source.below(place + 2) < 2 {
                    let reach = 12 / place as i64 + 1;
                    *value = source.between(-reach, reach) as i16;
                }
            }
        }
    }
    jpeg.scans[0].coding = Coding::Flat;
    jpeg
}

fn progressive(mut jpeg: Jpeg) -> Jpeg {
    jpeg.kind = 0xc2;
    jpeg.scans = vec![
        Scan::progressive(&[0, 1, 2], (0, 0), 0, 1),
        Scan::progressive(&[0], (1, 5), 0, 2),
        Scan::progressive(&[2], (1, 63), 0, 1),
        Scan::progressive(&[1], (1, 63), 0, 1),
        Scan::progressive(&[0], (6, 63), 0, 2),
        Scan::progressive(&[0], (1, 63), 2, 1),
        Scan::progressive(&[0, 1, 2], (0, 0), 1, 0),
        Scan::progressive(&[2], (1, 63), 1, 0),
        Scan::progressive(&[1], (1, 63), 1, 0),
        Scan::progressive(&[0], (1, 63), 1, 0),
    ];
    jpeg
}

fn zune(bytes: &[u8]) -> Vec<u8> {
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::BGRA);
    JpegDecoder::new_with_options(ZCursor::new(bytes), options).decode().expect("a picture")
}

fn decode(c: &mut Criterion) {
    for (name, jpeg) in [("jpeg_baseline_1080p", picture()), ("jpeg_progressive_1080p", progressive(picture()))] {
        let bytes = jpeg.bytes();
        let header = jpeg::header(&bytes).expect("a header");
        let (mut decoder, mut out) = (Decoder::default(), vec![0; 1_920 * 1_080 * 4]);
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Bytes(1_920 * 1_080 * 3));
        group.bench_function("jpeg", |b| {
            b.iter(|| {
                let mut walk = Walk::default();
                let length = walk.length(black_box(&bytes)).expect("a picture");
                decoder.decode(&bytes[..length], &header, walk.first_scan(), &mut out).expect("a picture");
            });
        });
        #[cfg(feature = "libjpeg-turbo")]
        group.bench_function("libjpeg-turbo", |b| {
            let (mut peer, mut pixels) = (turbojpeg::Decompressor::new().expect("a decoder"), vec![0; 1_920 * 1_080 * 4]);
            b.iter(|| {
                let format = turbojpeg::PixelFormat::BGRA;
                let image = turbojpeg::Image { pixels: pixels.as_mut_slice(), width: 1_920, pitch: 1_920 * 4, height: 1_080, format };
                peer.decompress(black_box(&bytes), image).expect("a picture");
            });
            assert!(pixels == out, "the peer gives the same pixels");
        });
        group.bench_function("zune-jpeg", |b| b.iter(|| zune(black_box(&bytes))));
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(std::time::Duration::from_millis(300)).measurement_time(std::time::Duration::from_secs(2));
    targets = decode
}
criterion_main!(benches);
