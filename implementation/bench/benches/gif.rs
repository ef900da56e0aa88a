//! Decoding GIF beside the crate `gif`, which gives frames as they are in the file and draws none on the one before, and beside two C
//! libraries where they are: giflib, which gives indices that the glue in `peers/` draws, and wuffs.

// What is linked for the package is linked through its library.
#[cfg(any(feature = "giflib", feature = "wuffs"))]
extern crate bench as _;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use decoders::media_types::CodecId;
use decoders::{Client, Limits, MediaPacket, Pull};
use spec::{Entropy, SplitMix64};
use std::hint::black_box;

/// A slope from corner to corner over a band of noise, which dithering makes of photographs.
fn indices(width: usize, height: usize, noise: u64, seed: u64) -> Vec<u8> {
    let mut source = SplitMix64::new(seed);
    (0..width * height).map(|place| ((place % width + place / width) / 12 + source.below(noise) as usize) as u8).collect()
}

fn palette() -> Vec<u8> {
    (0..=255_u8).flat_map(|index| [index, index.wrapping_mul(3), 255 - index]).collect()
}

/// Windows of one colour, each with a frame and lines as of text.
fn windows(width: usize, height: usize) -> Vec<u8> {
    let mut source = SplitMix64::new(5);
    let mut pixels = vec![0; width * height];
    for colour in 0..40 {
        let mut below = |count: usize| source.below(count as u64) as usize;
        let (left, top, right, bottom) = (below(width - 100), below(height - 60), 100 + below(300), 60 + below(200));
        for (y, row) in pixels.chunks_exact_mut(width).enumerate().skip(top).take(bottom) {
            for (x, pixel) in row.iter_mut().enumerate().skip(left).take(right) {
                let edge = x < left + 2 || y < top + 2;
                let text = (y - top) % 16 > 6 && (x * 7 + y * 13 + x * y / 5) % 11 < 3;
                *pixel = if edge {
                    200
                } else if text && colour % 2 == 0 {
                    100 + colour
                } else {
                    colour
                };
            }
        }
    }
    pixels
}

/// Frames of `side` by three quarters of it, each whole.
fn file(width: u16, height: u16, frames: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = gif::Encoder::new(&mut bytes, width, height, &palette()).expect("a header");
    for indices in frames {
        let buffer = indices.into();
        encoder.write_frame(&gif::Frame { width, height, buffer, delay: 4, ..gif::Frame::default() }).expect("a frame");
    }
    drop(encoder);
    bytes
}

fn ours(file: &[u8], mut each: impl FnMut(&[u8])) -> u32 {
    let mut decoder = Client::new(Limits::default()).and_then(|client| client.open(CodecId::Gif)).expect("a decoder");
    decoder.feed(file).expect("it fits");
    decoder.end().expect("it is live");
    loop {
        match decoder.next().expect("a valid file") {
            Pull::Packet(MediaPacket::VideoFrame(frame)) => each(frame.pixels),
            Pull::Ended { packets, .. } => return packets,
            other => panic!("{other:?}"),
        }
    }
}

fn peer(file: &[u8], mut each: impl FnMut(&[u8])) -> u32 {
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut decoder = options.read_info(file).expect("a header");
    let mut frames = 0;
    while let Some(frame) = decoder.read_next_frame().expect("a valid file") {
        each(&frame.buffer);
        frames += 1;
    }
    frames
}

/// What takes a canvas from C: what comes along, the pixels, and how many bytes they are.
#[cfg(any(feature = "giflib", feature = "wuffs"))]
type Give = unsafe extern "C" fn(*mut std::ffi::c_void, *const u8, usize);

/// A C library's frames, straight BGRA, each given away; gives how many they are.
#[cfg(any(feature = "giflib", feature = "wuffs"))]
type Frames = unsafe extern "C" fn(*const u8, usize, Give, *mut std::ffi::c_void) -> std::ffi::c_int;

#[cfg(any(feature = "giflib", feature = "wuffs"))]
unsafe extern "C" {
    #[cfg(feature = "giflib")]
    fn giflib_frames(bytes: *const u8, length: usize, each: Give, with: *mut std::ffi::c_void) -> std::ffi::c_int;
    #[cfg(feature = "wuffs")]
    fn wuffs_frames(bytes: *const u8, length: usize, each: Give, with: *mut std::ffi::c_void) -> std::ffi::c_int;
}

#[cfg(any(feature = "giflib", feature = "wuffs"))]
fn c_peer(frames: Frames, file: &[u8], mut each: impl FnMut(&[u8])) -> u32 {
    /// # Safety
    /// The pixels are that many, and what comes along is the closure.
    unsafe extern "C" fn give<F: FnMut(&[u8])>(with: *mut std::ffi::c_void, pixels: *const u8, length: usize) {
        // SAFETY: the closure outlives the call that it was given to, which alone uses it.
        let each = unsafe { &mut *with.cast::<F>() };
        // SAFETY: the glue gives a canvas and its length.
        each(unsafe { std::slice::from_raw_parts(pixels, length) });
    }
    fn giver<F: FnMut(&[u8])>(_: &F) -> Give {
        give::<F>
    }
    let give = giver(&each);
    // SAFETY: the file is read only, within its length, and the closure is called before this returns.
    let count = unsafe { frames(file.as_ptr(), file.len(), give, (&raw mut each).cast()) };
    u32::try_from(count).expect("a valid file")
}

/// The C libraries that are here.
#[cfg(any(feature = "giflib", feature = "wuffs"))]
const C_PEERS: &[(&str, Frames)] = &[
    #[cfg(feature = "giflib")]
    ("giflib", giflib_frames),
    #[cfg(feature = "wuffs")]
    ("wuffs", wuffs_frames),
];

fn decode(c: &mut Criterion) {
    let files = [
        ("gif_still_1024", file(1_024, 768, std::iter::once(indices(1_024, 768, 24, 0)))),
        ("gif_drawing_1024", file(1_024, 768, std::iter::once(windows(1_024, 768)))),
        ("gif_animation_320", file(320, 240, (0..40).map(|seed| indices(320, 240, 4, seed)))),
    ];
    for (name, file) in files {
        let (mut left, mut right) = (Vec::new(), Vec::new());
        let frames = ours(&file, |pixels| left.extend(pixels.as_chunks::<4>().0.iter().map(|[b, g, r, a]| [*r, *g, *b, *a])));
        assert_eq!(frames, peer(&file, |pixels| right.extend_from_slice(pixels.as_chunks::<4>().0)), "the peer gives as many frames");
        assert!(left == right, "the peer gives the same pixels");
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Elements(left.len() as u64));
        group.bench_function("gif", |b| {
            b.iter(|| {
                ours(black_box(&file), |pixels| {
                    black_box(pixels);
                })
            })
        });
        group.bench_function("gif crate", |b| {
            b.iter(|| {
                peer(black_box(&file), |pixels| {
                    black_box(pixels);
                })
            })
        });
        #[cfg(any(feature = "giflib", feature = "wuffs"))]
        for (name, frames) in C_PEERS {
            let mut pixels = Vec::new();
            c_peer(*frames, &file, |bgra| pixels.extend(bgra.as_chunks::<4>().0.iter().map(|[b, g, r, a]| [*r, *g, *b, *a])));
            assert!(left == pixels, "{name} gives the same pixels");
            group.bench_function(*name, |b| {
                b.iter(|| {
                    c_peer(*frames, black_box(&file), |pixels| {
                        black_box(pixels);
                    })
                })
            });
        }
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(std::time::Duration::from_millis(300)).measurement_time(std::time::Duration::from_secs(1));
    targets = decode
}
criterion_main!(benches);
