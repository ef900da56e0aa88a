//! Tests of the model of `gif`.

use super::{GifModel, interlaced_rows, lzw};
use spec::decode::{Delay, Limits, Obs, Op, Pixels, whole};
use spec::devices::Blob;
use spec::gif::{Animation, Extension, Image};
use spec::{ErrorCode, Machine};

const RED: [u8; 3] = [255, 0, 0];
const BLUE: [u8; 3] = [0, 0, 255];

fn answers(stream: &[u8], packets: usize) -> Vec<Obs> {
    let mut model = GifModel::default();
    assert_eq!(model.reset(&Limits::default()), Ok(Ok(())));
    let all: Vec<Obs> = whole(stream, packets).iter().map(|op| model.step(op).expect("a model does not fail")).collect();
    all[3..].to_vec()
}

fn frame(frame: u32, delay: u32, pixels: &[[u8; 4]]) -> Obs {
    Obs::Frame { frame, delay: Delay { numerator: delay, denominator: 100 }, pixels: Pixels::Bytes(Blob(pixels.concat())) }
}

#[test]
fn the_sample_of_the_specification_is_expanded() {
    // The ten by ten picture that texts about the format have: 0x8c 0x2d 0x99 0x87 …
    let data = [
        0x8c, 0x2d, 0x99, 0x87, 0x2a, 0x1c, 0xdc, 0x33, 0xa0, 0x02, 0x75, 0xec, 0x95, 0xfa, 0xa8, 0xde, 0x60, 0x8c, 0x04, 0x91, 0x4c, 0x01,
    ];
    let (side, white) = ([1, 1, 1, 1, 1, 2, 2, 2, 2, 2], [1, 1, 1, 0, 0, 0, 0, 2, 2, 2]);
    let other = [2, 2, 2, 0, 0, 0, 0, 1, 1, 1];
    let last = [2, 2, 2, 2, 2, 1, 1, 1, 1, 1];
    let expected = [side, side, side, white, white, other, other, last, last, last].concat();
    assert_eq!(lzw::indices(&data, 2, 100), Some(expected));
    assert_eq!(lzw::indices(&data, 2, 101), None);
    assert_eq!(lzw::indices(&data[..20], 2, 100), None);
}

#[test]
fn the_encoder_is_undone_for_every_code_size() {
    for size in 2..=8 {
        for (clear_first, clear_every, end) in [(true, 0, true), (false, 0, false), (true, 3, true), (true, 300, false)] {
            let indices: Vec<u8> = (0..9_000_u32).map(|n| (n * n / 7 % 61 % (1 << size)) as u8).collect();
            let data = spec::gif::lzw(&indices, size, clear_first, clear_every, end);
            assert!(lzw::indices(&data, size, indices.len()).as_ref() == Some(&indices), "size {size}, clear every {clear_every}");
        }
    }
}

#[test]
fn rows_are_interlaced_in_four_passes() {
    assert_eq!(interlaced_rows(10), [0, 8, 4, 2, 6, 1, 3, 5, 7, 9]);
    assert_eq!(interlaced_rows(1), [0]);
}

#[test]
fn frames_are_composed() {
    let (red, blue, none) = ([0, 0, 255, 255], [255, 0, 0, 255], [0; 4]);
    let animation = Animation::new(2, 1, &[RED, BLUE])
        .with(Image::new(1, 1, 2, &[0]).controlled(2, None, 7))
        .with(Image::new(1, 1, 2, &[1]).at(1, 0).controlled(3, None, 0))
        .with(Image::new(2, 1, 2, &[0, 3]).controlled(0, Some(3), 1).after(Extension::Loop { name: *b"NETSCAPE2.0", count: 2 }));
    let expected = [frame(0, 7, &[red, none]), frame(1, 0, &[none, blue]), frame(2, 1, &[red, none]), Obs::Ended { frames: 3, plays: 3 }];
    assert_eq!(answers(&animation.bytes(), 3), expected);
}

#[test]
fn test_reject_stays_until_a_rewind() {
    let mut animation = Animation::new(1, 1, &[RED]).with(Image::new(1, 1, 2, &[0]));
    animation.last.push(Extension::Raw(vec![0]));
    let mut model = GifModel::default();
    let mut ask = |op| model.step(&op).expect("a model does not fail");
    let wrong = Obs::Rejected(ErrorCode::MalformedMedia);
    assert_eq!(ask(Op::Feed(Blob(animation.bytes()))), Obs::Done);
    let first = ask(Op::Next);
    assert!(matches!(first, Obs::Frame { .. }));
    assert_eq!((ask(Op::Next), ask(Op::Next), ask(Op::Rewind), ask(Op::Next)), (wrong.clone(), wrong, Obs::Done, first));
    assert_eq!(ask(Op::Cancel), Obs::Done);
    assert_eq!(ask(Op::Info), Obs::Rejected(ErrorCode::DecodeCancelled));
}
