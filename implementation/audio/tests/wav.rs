//! WAV files read whole and piece by piece.

use audio::wav::{HeaderReader, Recorder, Step, load, save};
use spec::wav::draw_file;
use spec::{Entropy, ErrorCode, SplitMix64};

/// Reads a file as a player does that holds at most `piece` bytes at a time.
fn load_in_pieces(file: &[u8], piece: usize) -> Result<Vec<i16>, ErrorCode> {
    let mut header = HeaderReader::new(file.len() as u64);
    let mut at = 0_usize;
    loop {
        let fed = &file[at..(at + piece).min(file.len())];
        let (step, taken) = header.feed(fed).map_err(|error| error.code())?;
        at += taken;
        match step {
            Step::NeedMore(bytes) => assert!(taken == fed.len() && at + bytes <= file.len(), "asks for bytes that the file does not have"),
            Step::Skip(bytes) => at += bytes as usize,
            Step::Data(data) => {
                assert_eq!(data.offset, at as u64);
                return Ok(data.decode(&file[at..][..data.bytes as usize]));
            }
        }
    }
}

#[test]
fn pieces_of_any_size_read_as_the_whole() {
    let mut source = SplitMix64::new(4);
    let mut read = 0;
    for _ in 0..20_000 {
        let file = draw_file(&mut source);
        let whole = load(&file).map_err(|error| error.code());
        read += u32::from(whole.is_ok());
        let piece = 1 + source.below(40) as usize;
        assert_eq!(load_in_pieces(&file, piece), whole, "pieces of {piece} bytes of {file:?}");
    }
    assert!(read > 5_000, "only {read} files could be read");
}

#[test]
fn hostile_bytes_give_an_error() {
    let mut source = SplitMix64::new(5);
    for _ in 0..20_000 {
        let mut file = draw_file(&mut source);
        for _ in 0..source.below(4) {
            if let Some(byte) = (!file.is_empty()).then(|| source.below(file.len() as u64) as usize) {
                file[byte] = source.bits() as u8;
            }
        }
        let whole = load(&file).map_err(|error| error.code());
        assert_eq!(load_in_pieces(&file, 7), whole);
    }
}

#[test]
fn written_files_read_back() {
    let pcm: Vec<i16> = (0..1000_i16).map(|n| n.wrapping_mul(331)).collect();
    let file = save(&pcm).expect("a file");
    assert_eq!(file.len(), 44 + 2000);
    assert_eq!(&file[..16], b"RIFF\xf4\x07\0\0WAVEfmt ");
    assert_eq!(file[16..44], *b"\x10\0\0\0\x01\0\x02\0\x80\xbb\0\0\0\xee\x02\0\x04\0\x10\0data\xd0\x07\0\0");
    assert_eq!(load(&file), Ok(pcm.clone()));
    let mut recorder = Recorder::default();
    recorder.begin();
    for part in pcm.chunks(96) {
        recorder.append(part).expect("room");
    }
    assert_eq!(recorder.finish(), Ok(file));
    assert!(!recorder.is_open());
}

#[test]
fn errors_win_in_file_order() {
    let file = save(&[1, 2, 3, 4]).expect("a file");
    let with = |at: usize, bytes: &[u8]| {
        let mut file = file.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        load(&file).map_err(|error| error.code())
    };
    assert_eq!(load(b"RIFF").map_err(|error| error.code()), Err(ErrorCode::MalformedWav));
    assert_eq!(with(16, &[15, 0, 0, 0]), Err(ErrorCode::MalformedWav));
    assert_eq!(with(16, &[255, 0, 0, 0]), Err(ErrorCode::TruncatedWav));
    assert_eq!(with(20, &[3]), Err(ErrorCode::UnsupportedFormat));
    assert_eq!(with(22, &[3]), Err(ErrorCode::UnsupportedFormat));
    assert_eq!(with(22, &[1]), Err(ErrorCode::MalformedWav));
    assert_eq!(with(24, &[0x44, 0xac]), Err(ErrorCode::UnsupportedFormat));
    assert_eq!(with(28, &[1]), Err(ErrorCode::MalformedWav));
    assert_eq!(with(34, &[24]), Err(ErrorCode::UnsupportedFormat));
    assert_eq!(with(40, &[7]), Err(ErrorCode::Misaligned));
    assert_eq!(with(40, &[9]), Err(ErrorCode::TruncatedWav));
    assert_eq!(load(&file[..40]).map_err(|error| error.code()), Err(ErrorCode::TruncatedWav));
    assert_eq!(load(&file[..36]).map_err(|error| error.code()), Err(ErrorCode::MalformedWav));
}

#[test]
fn unknown_chunks_are_skipped_with_their_padding() {
    let mut file = save(&[1, 2, 3, 4]).expect("a file");
    // Before fmt, between fmt and data, and after the samples; odd ones have a padding byte that is not counted.
    file.splice(36..36, *b"LIST\x03\0\0\0abc\0fact\x02\0\0\0de");
    file.splice(12..12, *b"JUNK\x01\0\0\0f\0");
    file.extend(*b"tail\xff\xff\xff\xff");
    assert_eq!(load(&file), Ok(vec![1, 2, 3, 4]));
    // A longer fmt chunk has more to pass over, padded too.
    let mut file = save(&[1, 2]).expect("a file");
    file[16] = 19;
    file.splice(36..36, *b"xyz\0");
    assert_eq!(load(&file), Ok(vec![1, 2]));
}

#[test]
fn mono_plays_on_both_channels() {
    let mut file = save(&[1, -2, 3, -4]).expect("a file");
    file[22] = 1;
    file[28..34].copy_from_slice(&[0x00, 0x77, 0x01, 0x00, 2, 0]);
    assert_eq!(load(&file), Ok(vec![1, 1, -2, -2, 3, 3, -4, -4]));
    assert_eq!(load_in_pieces(&file, 5), load(&file).map_err(|error| error.code()));
}
