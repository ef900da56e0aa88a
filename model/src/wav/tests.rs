//! Hand-made files of the contract `wav`.

use super::{WavModel, load};
use spec::ErrorCode::{self, MalformedWav, Misaligned, NoRecording, OversizedInput, TruncatedWav, UnsupportedFormat};
use spec::wav::{Obs, Op};

/// A chunk with its padding byte.
fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut chunk = [name.as_slice(), &(content.len() as u32).to_le_bytes(), content].concat();
    if content.len() % 2 == 1 {
        chunk.push(0xee);
    }
    chunk
}

fn fmt(tag: u16, channels: u16, rate: u32, byte_rate: u32, align: u16, bits: u16) -> Vec<u8> {
    let mut content = Vec::new();
    content.extend(tag.to_le_bytes());
    content.extend(channels.to_le_bytes());
    content.extend(rate.to_le_bytes());
    content.extend(byte_rate.to_le_bytes());
    content.extend(align.to_le_bytes());
    content.extend(bits.to_le_bytes());
    content
}

fn stereo() -> Vec<u8> {
    chunk(b"fmt ", &fmt(1, 2, 48_000, 192_000, 4, 16))
}

/// A file of these chunks, with a RIFF size that is a lie.
fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
    [b"RIFF\xff\xff\xff\xffWAVE".to_vec(), chunks.concat()].concat()
}

fn check(cases: impl IntoIterator<Item = (Vec<u8>, Result<Vec<i16>, ErrorCode>)>) {
    for (index, (file, expected)) in cases.into_iter().enumerate() {
        assert_eq!(load(&file), expected, "case {index}");
    }
}

#[test]
fn written_file_byte_by_byte() {
    let mut expected = b"RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\x80\xbb\0\0\0\xee\x02\0\x04\0\x10\0data\x08\0\0\0".to_vec();
    assert_eq!(expected.len(), 44);
    expected.extend([1, 0, 0xff, 0xff, 0xff, 0x7f, 0, 0x80]);
    let pcm = vec![1, -1, 32_767, -32_768];
    let mut wav = WavModel::default();
    assert_eq!(wav.answer(&Op::Save(pcm.clone())), Ok(Obs::File(expected.clone())));
    assert_eq!(load(&expected), Ok(pcm.clone()));
    for op in [Op::Begin, Op::Append(vec![7, 7]), Op::Begin, Op::Append(pcm[..2].into()), Op::Append(vec![]), Op::Append(pcm[2..].into())] {
        assert_eq!(wav.answer(&op), Ok(Obs::Done));
    }
    assert_eq!(wav.answer(&Op::Finish), Ok(Obs::File(expected)));
    assert_eq!(wav, WavModel::default());
}

#[test]
fn reader_skips_pads_and_duplicates() {
    let data = chunk(b"data", &[1, 0, 2, 0]);
    let mono = chunk(b"fmt ", &fmt(1, 1, 48_000, 96_000, 2, 16));
    let long = chunk(b"fmt ", &[fmt(1, 2, 48_000, 192_000, 4, 16), vec![9]].concat());
    check([
        (file(&[chunk(b"LIST", b"abc"), stereo(), chunk(b"FMT ", b"x"), data.clone(), vec![1, 2, 3]]), Ok(vec![1, 2])),
        (file(&[mono, data.clone()]), Ok(vec![1, 1, 2, 2])),
        (file(&[long, data]), Ok(vec![1, 2])),
        (file(&[stereo(), chunk(b"data", &[])]), Ok(vec![])),
    ]);
}

#[test]
fn test_reject_in_file_order() {
    let data = chunk(b"data", &[0; 4]);
    let whole = file(&[stereo(), data.clone()]);
    let cut = |length: usize| whole[..length].to_vec();
    let unpadded = chunk(b"LIST", b"abc")[..11].to_vec();
    check([
        (vec![], Err(MalformedWav)),
        (cut(11), Err(MalformedWav)),
        (cut(12), Err(MalformedWav)),
        (cut(13), Err(TruncatedWav)),
        (cut(19), Err(TruncatedWav)),
        (cut(20), Err(TruncatedWav)),
        (cut(35), Err(TruncatedWav)),
        (cut(36), Err(MalformedWav)),
        (cut(43), Err(TruncatedWav)),
        (cut(47), Err(TruncatedWav)),
        (b"RIFX\0\0\0\0WAVE".to_vec(), Err(MalformedWav)),
        (b"RIFF\0\0\0\0WAVE".to_vec(), Err(MalformedWav)),
        (b"RIFF\0\0\0\0AVI ".to_vec(), Err(MalformedWav)),
        (file(&[data.clone(), stereo()]), Err(MalformedWav)),
        (file(&[stereo(), stereo(), data.clone()]), Err(MalformedWav)),
        // A claimed length counts before the content: here a second fmt.
        (file(&[stereo(), stereo()[..20].to_vec()]), Err(TruncatedWav)),
        (file(&[stereo(), chunk(b"fmt ", &[])]), Err(MalformedWav)),
        // A missing padding byte at the end leaves nothing, so the data is missing.
        (file(&[stereo(), unpadded]), Err(MalformedWav)),
        (file(&[stereo(), chunk(b"data", &[0; 6])]), Err(Misaligned)),
        (file(&[chunk(b"fmt ", &fmt(1, 1, 48_000, 96_000, 2, 16)), chunk(b"data", &[0; 3])]), Err(Misaligned)),
        (file(&[chunk(b"data", &[0; 3])]), Err(MalformedWav)),
    ]);
}

#[test]
fn test_reject_formats() {
    let with = |content: &[u8]| file(&[chunk(b"fmt ", content), chunk(b"data", &[0; 4])]);
    check([
        (with(&fmt(3, 2, 48_000, 192_000, 4, 16)), Err(UnsupportedFormat)),
        (with(&fmt(1, 0, 48_000, 0, 0, 16)), Err(UnsupportedFormat)),
        (with(&fmt(1, 3, 48_000, 288_000, 6, 16)), Err(UnsupportedFormat)),
        (with(&fmt(1, 2, 44_100, 176_400, 4, 16)), Err(UnsupportedFormat)),
        (with(&fmt(1, 2, 48_000, 192_000, 4, 8)), Err(UnsupportedFormat)),
        (with(&fmt(1, 2, 48_000, 192_000, 2, 16)), Err(MalformedWav)),
        (with(&fmt(1, 2, 48_000, 192_001, 4, 16)), Err(MalformedWav)),
        (with(&fmt(1, 1, 48_000, 192_000, 4, 16)), Err(MalformedWav)),
        (with(&fmt(3, 2, 48_000, 192_000, 4, 16)[..15]), Err(MalformedWav)),
    ]);
}

#[test]
fn test_reject_the_65th_chunk() {
    let junk = |count: usize| vec![chunk(b"JUNK", &[]); count];
    let data = chunk(b"data", &[5, 0, 6, 0]);
    check([
        (file(&[vec![stereo()], junk(62), vec![data.clone()]].concat()), Ok(vec![5, 6])),
        (file(&[vec![stereo()], junk(63), vec![data]].concat()), Err(MalformedWav)),
        (file(&[vec![stereo()], junk(63), vec![vec![1]]].concat()), Err(MalformedWav)),
    ]);
}

#[test]
fn test_reject_files_over_the_bound() {
    let max = 8_388_608;
    let mut file = file(&[stereo()]);
    file.extend(b"data");
    file.extend((max as u32 - 44).to_le_bytes());
    file.resize(max, 0);
    assert!(load(&file).is_ok_and(|pcm| pcm.len() == (max - 44) / 2));
    file.push(0);
    assert_eq!(load(&file), Err(OversizedInput));

    let most = (max - 44) / 2;
    let mut wav = WavModel::default();
    assert!(matches!(wav.answer(&Op::Save(vec![0; most])), Ok(Obs::File(file)) if file.len() == max));
    assert_eq!(wav.answer(&Op::Save(vec![0; most + 1])), Err(OversizedInput));
    assert_eq!(wav.answer(&Op::Save(vec![0; most - 1])), Err(Misaligned));

    assert_eq!(wav.answer(&Op::Append(vec![0; most + 1])), Err(NoRecording));
    assert_eq!(wav.answer(&Op::Finish), Err(NoRecording));
    for op in [Op::Begin, Op::Append(vec![3; most - 2])] {
        assert_eq!(wav.answer(&op), Ok(Obs::Done));
    }
    let before = wav.clone();
    assert_eq!(wav.answer(&Op::Append(vec![0; 3])), Err(OversizedInput));
    assert_eq!(wav.answer(&Op::Append(vec![0; 1])), Err(Misaligned));
    assert_eq!(wav.answer(&Op::Load(vec![])), Err(MalformedWav));
    assert_eq!(wav, before);
    assert_eq!(wav.answer(&Op::Append(vec![0; 2])), Ok(Obs::Done));
}
