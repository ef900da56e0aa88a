//! Tests of the model of `mjpeg`.

use super::MjpegModel;
use super::samples::{block, colour};
use spec::decode::{Limits, Obs, Pixels, whole};
use spec::devices::Blob;
use spec::mjpeg::{Body, Jpeg};
use spec::{ErrorCode, Machine};

fn answers(stream: &[u8], packets: usize) -> Vec<Obs> {
    let mut model = MjpegModel::default();
    assert_eq!(model.reset(&Limits::default()), Ok(Ok(())));
    let all: Vec<Obs> = whole(stream, packets).iter().map(|op| model.step(op).expect("a model does not fail")).collect();
    all[2..].to_vec()
}

fn pixels(obs: &Obs) -> &[u8] {
    match obs {
        Obs::Frame { pixels: Pixels::Bytes(Blob(bytes)), .. } => bytes,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_block_of_dc_is_flat() {
    for (dc, level) in [(0, 128), (8, 129), (-8, 127), (1_016, 255), (-1_024, 0), (4, 129), (3, 128), (16_000, 255)] {
        let mut coefficients = [0; 64];
        coefficients[0] = dc;
        assert_eq!(block(&coefficients, &[1; 64]), [[level; 8]; 8], "{dc}");
    }
}

#[test]
fn the_first_wave_goes_down_and_across() {
    let wave = |place: usize| {
        let mut coefficients = [0; 64];
        coefficients[place] = 100;
        block(&coefficients, &[1; 64])
    };
    // 100 / 8 times the square root of 2 times a cosine of odd sixteenths of a half turn.
    let expected = [145, 143, 138, 131, 125, 118, 113, 111];
    assert_eq!(wave(1)[0], expected);
    assert_eq!(wave(2).map(|row| row[0]), expected);
}

#[test]
fn colours_are_those_of_full_range_bt601() {
    assert_eq!(colour(0, 128, 128), [0, 0, 0, 255]);
    assert_eq!(colour(255, 128, 128), [255, 255, 255, 255]);
    assert_eq!(colour(76, 85, 255), [0, 0, 254, 255]);
    assert_eq!(colour(29, 255, 107), [254, 0, 0, 255]);
}

#[test]
fn grey_pictures_and_parts_are_decoded() {
    let grey = |dc: i16| Jpeg::new(2, 1, &[(1, 1)]).painted(|_, _, place| if place == 0 { dc } else { 0 }).bytes();
    let row = [grey(80), grey(-80)].concat();
    let found = answers(&row, 2);
    assert_eq!(found[0], Obs::Info { width: 2, height: 1 });
    assert_eq!((pixels(&found[1]), pixels(&found[2])), (&[138, 138, 138, 255].repeat(2)[..], &[118, 118, 118, 255].repeat(2)[..]));
    assert_eq!(found[3], Obs::Ended { frames: 2, plays: 1 });
    for length in [true, false] {
        assert_eq!(answers(&Body::new(&[grey(80), grey(-80)], length).bytes(), 2), found);
    }
}

#[test]
fn test_reject_frames_of_another_size() {
    let stream = [Jpeg::new(2, 1, &[(1, 1)]).bytes(), Jpeg::new(1, 2, &[(1, 1)]).bytes()].concat();
    let found = answers(&stream, 1);
    assert!(matches!(found[1], Obs::Frame { .. }));
    assert_eq!(found[2], Obs::Rejected(ErrorCode::MalformedMedia));
}
