//! Every row of the table of bounds, from outside and from inside, and every bomb: the code, and what was allocated until it was told.

mod common;

use common::{assert_rejected, peak};
use decoders::Client;
use decoders::decode_bounds::{Survey, survey};
use spec::ErrorCode as E;
use spec::decode_bounds::{BOMBS, Bound, DECODE_REJECT_BYTES_MAX, Format, Op, ROWS, Stage, Trial, row, small, trial};

/// What comes of a stream, and how many bytes were allocated at a time beyond those that the client's memory was charged for.
fn looked_at(trial: &Trial) -> (Result<u32, (Stage, E, u32)>, u64) {
    let codec = trial.format.codec().expect("it is pulled");
    let (client, refused) = peak(|| Client::new(trial.limits.clone()));
    let client = match client {
        Ok(client) => client,
        Err(error) => return (Err((Stage::Open, assert_rejected(error), 0)), refused),
    };
    let (Survey { given, found, held }, most) = peak(|| survey(&client, codec, &trial.stream, trial.reach));
    assert_eq!(client.budget().held(), 0, "memory is given back");
    let found = found.map(|()| given.packets).map_err(|(at, error)| (at, assert_rejected(error), given.packets));
    (found, most.saturating_sub(held))
}

fn assert_row(format: Format, bound: Bound) {
    let row = row(format, bound).expect("the table has it");
    for offset in row.first..=row.last {
        let trial = trial(&Op::Try { format, bound, offset }).expect("the row has it");
        let (found, beyond) = looked_at(&trial);
        if offset > 0 {
            let (_, code, _) = found.expect_err("it is outside");
            assert_eq!(code, row.code, "{} and {offset}", row.name);
            assert!(beyond <= DECODE_REJECT_BYTES_MAX, "{} and {offset}: {beyond} bytes were allocated", row.name);
        } else {
            let other = found.err().map(|(_, code, _)| code);
            let named_for_itself = matches!(row.code, E::MalformedMedia) && other == Some(E::TruncatedMedia);
            assert!(other != Some(row.code) || named_for_itself, "{} and {offset}: {other:?}", row.name);
        }
    }
}

macro_rules! rows {
    ($(fn $name:ident() => $format:expr, $bound:expr;)*) => {
        $(#[test]
        fn $name() {
            assert_row($format, $bound);
        })*

        #[test]
        fn every_row_has_its_test() {
            let tested = [$(($format, $bound)),*];
            // Files that are read in one piece have no decoder here.
            let rows = ROWS.iter().map(|row| (row.format, row.bound)).filter(|(format, _)| format.codec().is_some());
            assert_eq!(rows.collect::<Vec<_>>(), tested);
        }
    };
}

rows! {
    fn test_reject_wav_input_limit() => Format::Wav, Bound::InputLimit;
    fn test_reject_wav_pixels_limit() => Format::Wav, Bound::PixelsLimit;
    fn test_reject_wav_frames_limit() => Format::Wav, Bound::FramesLimit;
    fn test_reject_wav_total_limit() => Format::Wav, Bound::TotalLimit;
    fn test_reject_wav_memory_limit() => Format::Wav, Bound::MemoryLimit;
    fn test_reject_wav_input_least() => Format::Wav, Bound::InputLeast;
    fn test_reject_wav_pixels_least() => Format::Wav, Bound::PixelsLeast;
    fn test_reject_wav_frames_least() => Format::Wav, Bound::FramesLeast;
    fn test_reject_wav_total_least() => Format::Wav, Bound::TotalLeast;
    fn test_reject_wav_memory_least() => Format::Wav, Bound::MemoryLeast;
    fn test_reject_wav_input() => Format::Wav, Bound::Input;
    fn test_reject_wav_longest_input() => Format::Wav, Bound::LongestInput;
    fn test_reject_wav_total() => Format::Wav, Bound::Total;
    fn test_reject_wav_memory() => Format::Wav, Bound::Memory;
    fn test_reject_ogg_input_limit() => Format::Ogg, Bound::InputLimit;
    fn test_reject_ogg_pixels_limit() => Format::Ogg, Bound::PixelsLimit;
    fn test_reject_ogg_frames_limit() => Format::Ogg, Bound::FramesLimit;
    fn test_reject_ogg_total_limit() => Format::Ogg, Bound::TotalLimit;
    fn test_reject_ogg_memory_limit() => Format::Ogg, Bound::MemoryLimit;
    fn test_reject_ogg_input_least() => Format::Ogg, Bound::InputLeast;
    fn test_reject_ogg_pixels_least() => Format::Ogg, Bound::PixelsLeast;
    fn test_reject_ogg_frames_least() => Format::Ogg, Bound::FramesLeast;
    fn test_reject_ogg_total_least() => Format::Ogg, Bound::TotalLeast;
    fn test_reject_ogg_memory_least() => Format::Ogg, Bound::MemoryLeast;
    fn test_reject_ogg_input() => Format::Ogg, Bound::Input;
    fn test_reject_ogg_longest_input() => Format::Ogg, Bound::LongestInput;
    fn test_reject_ogg_total() => Format::Ogg, Bound::Total;
    fn test_reject_ogg_memory() => Format::Ogg, Bound::Memory;
    fn test_reject_gif_input_limit() => Format::Gif, Bound::InputLimit;
    fn test_reject_gif_pixels_limit() => Format::Gif, Bound::PixelsLimit;
    fn test_reject_gif_frames_limit() => Format::Gif, Bound::FramesLimit;
    fn test_reject_gif_total_limit() => Format::Gif, Bound::TotalLimit;
    fn test_reject_gif_memory_limit() => Format::Gif, Bound::MemoryLimit;
    fn test_reject_gif_input_least() => Format::Gif, Bound::InputLeast;
    fn test_reject_gif_pixels_least() => Format::Gif, Bound::PixelsLeast;
    fn test_reject_gif_frames_least() => Format::Gif, Bound::FramesLeast;
    fn test_reject_gif_total_least() => Format::Gif, Bound::TotalLeast;
    fn test_reject_gif_memory_least() => Format::Gif, Bound::MemoryLeast;
    fn test_reject_gif_input() => Format::Gif, Bound::Input;
    fn test_reject_gif_longest_input() => Format::Gif, Bound::LongestInput;
    fn test_reject_gif_total() => Format::Gif, Bound::Total;
    fn test_reject_gif_memory() => Format::Gif, Bound::Memory;
    fn test_reject_apng_input_limit() => Format::Apng, Bound::InputLimit;
    fn test_reject_apng_pixels_limit() => Format::Apng, Bound::PixelsLimit;
    fn test_reject_apng_frames_limit() => Format::Apng, Bound::FramesLimit;
    fn test_reject_apng_total_limit() => Format::Apng, Bound::TotalLimit;
    fn test_reject_apng_memory_limit() => Format::Apng, Bound::MemoryLimit;
    fn test_reject_apng_input_least() => Format::Apng, Bound::InputLeast;
    fn test_reject_apng_pixels_least() => Format::Apng, Bound::PixelsLeast;
    fn test_reject_apng_frames_least() => Format::Apng, Bound::FramesLeast;
    fn test_reject_apng_total_least() => Format::Apng, Bound::TotalLeast;
    fn test_reject_apng_memory_least() => Format::Apng, Bound::MemoryLeast;
    fn test_reject_apng_input() => Format::Apng, Bound::Input;
    fn test_reject_apng_longest_input() => Format::Apng, Bound::LongestInput;
    fn test_reject_apng_total() => Format::Apng, Bound::Total;
    fn test_reject_apng_memory() => Format::Apng, Bound::Memory;
    fn test_reject_mjpeg_input_limit() => Format::Mjpeg, Bound::InputLimit;
    fn test_reject_mjpeg_pixels_limit() => Format::Mjpeg, Bound::PixelsLimit;
    fn test_reject_mjpeg_frames_limit() => Format::Mjpeg, Bound::FramesLimit;
    fn test_reject_mjpeg_total_limit() => Format::Mjpeg, Bound::TotalLimit;
    fn test_reject_mjpeg_memory_limit() => Format::Mjpeg, Bound::MemoryLimit;
    fn test_reject_mjpeg_input_least() => Format::Mjpeg, Bound::InputLeast;
    fn test_reject_mjpeg_pixels_least() => Format::Mjpeg, Bound::PixelsLeast;
    fn test_reject_mjpeg_frames_least() => Format::Mjpeg, Bound::FramesLeast;
    fn test_reject_mjpeg_total_least() => Format::Mjpeg, Bound::TotalLeast;
    fn test_reject_mjpeg_memory_least() => Format::Mjpeg, Bound::MemoryLeast;
    fn test_reject_mjpeg_input() => Format::Mjpeg, Bound::Input;
    fn test_reject_mjpeg_longest_input() => Format::Mjpeg, Bound::LongestInput;
    fn test_reject_mjpeg_total() => Format::Mjpeg, Bound::Total;
    fn test_reject_mjpeg_memory() => Format::Mjpeg, Bound::Memory;
    fn test_reject_gif_width() => Format::Gif, Bound::Width;
    fn test_reject_gif_height() => Format::Gif, Bound::Height;
    fn test_reject_gif_pixels() => Format::Gif, Bound::Pixels;
    fn test_reject_gif_frames() => Format::Gif, Bound::Frames;
    fn test_reject_gif_expansion() => Format::Gif, Bound::Expansion;
    fn test_reject_apng_width() => Format::Apng, Bound::Width;
    fn test_reject_apng_height() => Format::Apng, Bound::Height;
    fn test_reject_apng_pixels() => Format::Apng, Bound::Pixels;
    fn test_reject_apng_frames() => Format::Apng, Bound::Frames;
    fn test_reject_apng_expansion() => Format::Apng, Bound::Expansion;
    fn test_reject_mjpeg_width() => Format::Mjpeg, Bound::Width;
    fn test_reject_mjpeg_height() => Format::Mjpeg, Bound::Height;
    fn test_reject_mjpeg_pixels() => Format::Mjpeg, Bound::Pixels;
    fn test_reject_mjpeg_frames() => Format::Mjpeg, Bound::Frames;
    fn test_reject_mjpeg_expansion() => Format::Mjpeg, Bound::Expansion;
    fn test_reject_gif_code_size() => Format::Gif, Bound::CodeSize;
    fn test_reject_gif_least_code_size() => Format::Gif, Bound::LeastCodeSize;
    fn test_reject_gif_right_edge() => Format::Gif, Bound::RightEdge;
    fn test_reject_gif_bottom_edge() => Format::Gif, Bound::BottomEdge;
    fn test_reject_apng_told_frames() => Format::Apng, Bound::ToldFrames;
    fn test_reject_apng_chunk_bytes() => Format::Apng, Bound::ChunkBytes;
    fn test_reject_apng_palette() => Format::Apng, Bound::Palette;
    fn test_reject_apng_window() => Format::Apng, Bound::Window;
    fn test_reject_apng_right_edge() => Format::Apng, Bound::RightEdge;
    fn test_reject_apng_bottom_edge() => Format::Apng, Bound::BottomEdge;
    fn test_reject_mjpeg_told_length() => Format::Mjpeg, Bound::ToldLength;
    fn test_reject_mjpeg_coefficient_memory() => Format::Mjpeg, Bound::CoefficientMemory;
    fn test_reject_mjpeg_scans() => Format::Mjpeg, Bound::Scans;
    fn test_reject_mjpeg_restarts() => Format::Mjpeg, Bound::Restarts;
    fn test_reject_mjpeg_unit() => Format::Mjpeg, Bound::Unit;
    fn test_reject_mjpeg_boundary() => Format::Mjpeg, Bound::Boundary;
    fn test_reject_mjpeg_part_header() => Format::Mjpeg, Bound::PartHeader;
    fn test_reject_mjpeg_factor() => Format::Mjpeg, Bound::Factor;
    fn test_reject_mjpeg_table() => Format::Mjpeg, Bound::Table;
    fn test_reject_mjpeg_shift() => Format::Mjpeg, Bound::Shift;
    fn test_reject_wav_channels() => Format::Wav, Bound::Channels;
    fn test_reject_wav_rate() => Format::Wav, Bound::Rate;
    fn test_reject_wav_chunks() => Format::Wav, Bound::Chunks;
    fn test_reject_wav_fmt_bytes() => Format::Wav, Bound::FmtBytes;
    fn test_reject_wav_extensible_bytes() => Format::Wav, Bound::ExtensibleBytes;
    fn test_reject_wav_extension_bytes() => Format::Wav, Bound::ExtensionBytes;
    fn test_reject_ogg_channels() => Format::Ogg, Bound::Channels;
    fn test_reject_ogg_rate() => Format::Ogg, Bound::Rate;
    fn test_reject_ogg_long_block() => Format::Ogg, Bound::LongBlock;
    fn test_reject_ogg_short_block() => Format::Ogg, Bound::ShortBlock;
    fn test_reject_ogg_packet() => Format::Ogg, Bound::Packet;
    fn test_reject_ogg_comment() => Format::Ogg, Bound::Comment;
    fn test_reject_ogg_entries() => Format::Ogg, Bound::Entries;
    fn test_reject_ogg_dimensions() => Format::Ogg, Bound::Dimensions;
    fn test_reject_ogg_setup_entries() => Format::Ogg, Bound::SetupEntries;
    fn test_reject_ogg_setup_scalars() => Format::Ogg, Bound::SetupScalars;
    fn test_reject_ogg_codeword() => Format::Ogg, Bound::Codeword;
    fn test_reject_ogg_floor_points() => Format::Ogg, Bound::FloorPoints;
    fn test_reject_ogg_amplitude() => Format::Ogg, Bound::Amplitude;
}

#[test]
fn test_reject_bombs_within_the_constant() {
    for (bomb, _) in BOMBS {
        let trial = trial(&Op::Bomb(*bomb)).expect("it has a stream");
        let (_, beyond) = looked_at(&trial);
        assert!(beyond <= DECODE_REJECT_BYTES_MAX, "{bomb:?}: {beyond} bytes were allocated");
    }
}

#[test]
fn test_reject_streams_cut_at_any_byte() {
    for format in Format::PULLED {
        let whole = small(format).expect("it is pulled").len() as u16;
        let mut before = 0;
        for bytes in 0..=whole {
            let trial = trial(&Op::Cut { format, bytes }).expect("it has so many bytes");
            let (found, beyond) = looked_at(&trial);
            let packets = match found {
                Ok(packets) => packets,
                Err((_, code, packets)) => {
                    assert_eq!(code, E::TruncatedMedia, "{format:?} cut at {bytes}");
                    packets
                }
            };
            assert!(packets >= before, "{format:?} cut at {bytes} lost a packet");
            assert!(beyond <= DECODE_REJECT_BYTES_MAX, "{format:?} cut at {bytes}: {beyond} bytes were allocated");
            before = packets;
        }
        assert!(before > 0, "{format:?} gives packets");
    }
}

/// Prints what a constant has to be; the assertions above hold it.
#[test]
#[ignore = "for whoever changes the constant"]
fn what_every_row_costs() {
    let rows = ROWS.iter().filter(|row| row.format.codec().is_some());
    let tries = rows.map(|row| (format!("{:?} {:?}", row.format, row.bound), Op::Try { format: row.format, bound: row.bound, offset: 1 }));
    let bombs = BOMBS.iter().map(|(bomb, _)| (format!("{bomb:?}"), Op::Bomb(*bomb)));
    let mut all: Vec<(u64, String)> = tries.chain(bombs).map(|(name, op)| (looked_at(&trial(&op).expect("it is there")).1, name)).collect();
    all.sort_unstable();
    all.iter().rev().for_each(|(bytes, name)| println!("{bytes:>9} {name}"));
}
