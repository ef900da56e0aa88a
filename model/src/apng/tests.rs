//! Tests of the model of `apng`.

use super::{ApngModel, crc, inflate, over};
use spec::apng::{Chunk, Coding, Control, Form, bytes, zlib};
use spec::decode::{Delay, Limits, Obs, Op, Pixels, whole};
use spec::devices::Blob;
use spec::{ErrorCode, Machine};

fn answers(chunks: &[Chunk], packets: usize) -> Vec<Obs> {
    let mut model = ApngModel::default();
    assert_eq!(model.reset(&Limits::default()), Ok(Ok(())));
    let all: Vec<Obs> = whole(&bytes(chunks), packets).iter().map(|op| model.step(op).expect("a model does not fail")).collect();
    all[3..].to_vec()
}

fn frame(frame: u32, delay: (u32, u32), pixels: &[[u8; 4]]) -> Obs {
    let delay = Delay { numerator: delay.0, denominator: delay.1 };
    Obs::Frame { frame, delay, pixels: Pixels::Bytes(Blob(pixels.concat())) }
}

#[test]
fn a_crc_is_that_of_the_standard() {
    // Every empty IEND ends with these four bytes.
    assert_eq!(crc(b"IEND"), 0xae42_6082);
}

#[test]
fn data_of_other_encoders_are_expanded() {
    // python3 -c "import zlib; print(zlib.compress(b'abcabcabcabc' * 3, 9).hex())"
    let known = [0x78, 0xda, 0x4b, 0x4c, 0x4a, 0x4e, 0x24, 0x84, 0x00, 0xff, 0x00, 0x0d, 0xc9];
    assert_eq!(inflate::zlib(&known, 36), Some(b"abcabcabcabc".repeat(3)));
    assert_eq!(inflate::zlib(&known, 37), None);
    assert_eq!(inflate::zlib(&[0x78, 0xdb, 0x4b, 0x4c], 1), None);
}

#[test]
fn the_encoder_is_undone_in_every_coding() {
    let data: Vec<u8> = (0..5_000_u32).map(|n| (n * n / 11 % 97 * (n / 900 % 2)) as u8).collect();
    for coding in [Coding::Stored(1), Coding::Stored(700), Coding::Fixed, Coding::Dynamic(90), Coding::Dynamic(u16::MAX)] {
        assert!(inflate::zlib(&zlib(&data, coding), data.len()).as_ref() == Some(&data), "{coding:?}");
        assert_eq!(inflate::zlib(&zlib(&[], coding), 1), None);
    }
}

#[test]
fn blending_is_rounded_correctly() {
    assert_eq!(over([1, 2, 3, 255], [9; 4]), [1, 2, 3, 255]);
    assert_eq!(over([1, 2, 3, 0], [9; 4]), [9; 4]);
    assert_eq!(over([1, 2, 3, 7], [9, 9, 9, 0]), [1, 2, 3, 7]);
    // (130 x 128 + 129 x 127) / 255 is 129.50…, where the platform's formula gives 129.
    assert_eq!(over([130, 130, 130, 128], [129, 129, 129, 255]), [130, 130, 130, 255]);
}

#[test]
fn frames_are_composed() {
    let form = Form { width: 2, height: 1, depth: 8, color: 6, interlaced: false };
    let data = |width, samples: &[u16]| form.data(width, 1, samples, &[1], Coding::Fixed);
    let control = |sequence, width, left, disposal, blend| {
        Control { sequence, width, height: 1, left, top: 0, delay: (sequence as u16, 0), disposal, blend }.chunk()
    };
    let chunks = [
        form.header(),
        Chunk::animation(3, 0),
        control(0, 2, 0, 1, 0),
        Chunk::new(b"IDAT", data(2, &[255, 0, 0, 255, 0, 0, 255, 255])),
        control(1, 1, 1, 2, 1),
        Chunk::later(2, &data(1, &[0, 255, 0, 128])),
        control(3, 1, 0, 0, 1),
        Chunk::later(4, &data(1, &[9, 9, 9, 255])),
        Chunk::end(),
    ];
    let expected = [
        frame(0, (0, 100), &[[0, 0, 255, 255], [255, 0, 0, 255]]),
        frame(1, (1, 100), &[[0; 4], [0, 255, 0, 128]]),
        frame(2, (3, 100), &[[9, 9, 9, 255], [0; 4]]),
        Obs::Ended { frames: 3, plays: 0 },
    ];
    assert_eq!(answers(&chunks, 3), expected);
    let wrong = [&chunks[..6], &chunks[8..]].concat();
    assert_eq!(answers(&wrong, 2)[2], Obs::Rejected(ErrorCode::MalformedMedia));
}

#[test]
fn grey_of_every_depth_is_the_same_grey() {
    for (depth, samples) in [(1, [0, 1]), (2, [0, 3]), (4, [0, 15]), (8, [0, 255]), (16, [0, 65_535])] {
        for interlaced in [false, true] {
            let form = Form { width: 2, height: 1, depth, color: 0, interlaced };
            let data = form.data(2, 1, &samples, &[0], Coding::Stored(9));
            let chunks = [form.header(), Chunk::new(b"IDAT", data), Chunk::end()];
            assert_eq!(answers(&chunks, 1)[0], frame(0, (0, 100), &[[0, 0, 0, 255], [255; 4]]), "depth {depth}");
        }
    }
}

#[test]
fn test_reject_a_wrong_crc_stays_until_a_rewind() {
    let form = Form { width: 1, height: 1, depth: 8, color: 0, interlaced: false };
    let data = form.data(1, 1, &[7], &[0], Coding::Fixed);
    let text = Chunk { spoilt: 1, ..Chunk::new(b"tEXt", *b"x") };
    let mut model = ApngModel::default();
    let mut ask = |op| model.step(&op).expect("a model does not fail");
    let stream = bytes(&[form.header(), Chunk::new(b"IDAT", data), text, Chunk::end()]);
    assert_eq!(ask(Op::Feed(Blob(stream))), Obs::Done);
    let first = ask(Op::Next);
    let wrong = Obs::Rejected(ErrorCode::CorruptChecksum);
    assert_eq!((ask(Op::Next), ask(Op::Next), ask(Op::Rewind), ask(Op::Next)), (wrong.clone(), wrong, Obs::Done, first));
}
