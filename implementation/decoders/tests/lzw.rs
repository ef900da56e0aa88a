//! GIF's LZW beside a table of whole strings, on codes that no encoder would choose.

use decoders::media_types::CodecId;
use decoders::{Client, Limits, MediaPacket, Pull};
use spec::gif::{Animation, Image};
use spec::{Entropy, SplitMix64};

const WIDTH: u16 = 256;
const PALETTE: [[u8; 3]; 256] = {
    let mut palette = [[0; 3]; 256];
    let mut index = 0;
    while index < 256 {
        palette[index] = [0, 0, index as u8];
        index += 1;
    }
    palette
};

/// How codes are chosen: of sixteen, so many are the newest one, so many one of the hundred newest, and of a thousand so many clear the
/// table.
#[derive(Debug)]
struct Choice {
    newest: u64,
    recent: u64,
    clear: u64,
}

/// LZW data with valid codes, and the indices of whole rows that they stand for.
fn draw(source: &mut SplitMix64, size: u8, choice: &Choice) -> (Vec<u8>, Vec<u8>) {
    let clear = 1_usize << size;
    let single: Vec<Vec<u8>> = (0..clear + 2).map(|index| vec![index as u8]).collect();
    let (mut strings, mut last) = (single.clone(), None::<usize>);
    let (mut data, mut waiting, mut bits) = (Vec::new(), 0_u64, 0);
    let mut indices = Vec::new();
    while indices.len() < 1_000_000 {
        // What the decoder has, when it reads this code: the string of the code before is its newest, and lacks its last index.
        let next = strings.len();
        let can_be_new = last.is_some() && next < 4_096;
        let width = (next + usize::from(can_be_new)).clamp(clear + 1, 4_096).next_power_of_two().ilog2().max(u32::from(size) + 1);
        let code = match source.below(16) {
            _ if source.below(1_000) < choice.clear => clear,
            n if n < choice.newest && can_be_new => next,
            n if n < choice.newest + choice.recent && next > clear + 2 => {
                next - 1 - source.below((next - clear - 2).min(100) as u64) as usize
            }
            _ => {
                let code = source.below(next as u64) as usize;
                if code == clear + 1 { 0 } else { code }
            }
        };
        waiting |= (code as u64) << bits;
        bits += width;
        while bits >= 8 {
            data.push(waiting as u8);
            (waiting, bits) = (waiting >> 8, bits - 8);
        }
        if code == clear {
            (strings, last) = (single.clone(), None);
            continue;
        }
        if can_be_new && let Some(last) = last {
            let mut new = strings[last].clone();
            new.push(strings.get(code).unwrap_or(&new)[0]);
            strings.push(new);
        }
        indices.extend_from_slice(&strings[code]);
        last = Some(code);
    }
    data.push(waiting as u8);
    indices.truncate(indices.len() / usize::from(WIDTH) * usize::from(WIDTH));
    (data, indices)
}

#[test]
fn codes_become_the_strings_that_they_stand_for() {
    let mut source = SplitMix64::new(1);
    for (size, newest, recent, clear) in [
        (8, 0, 0, 0),
        (8, 0, 8, 1),
        (8, 4, 4, 0),
        (8, 15, 0, 1),
        (8, 8, 8, 0),
        (2, 1, 4, 2),
        (2, 12, 4, 0),
        (5, 6, 9, 0),
        (5, 0, 14, 0),
        (3, 3, 3, 300),
    ] {
        let choice = Choice { newest, recent, clear };
        let (data, indices) = draw(&mut source, size, &choice);
        let height = (indices.len() / usize::from(WIDTH)) as u16;
        let mut image = Image::new(WIDTH, height, size, &[]);
        image.data = data;
        let stream = Animation::new(WIDTH, height, &PALETTE).with(image).bytes();
        let mut decoder = Client::new(Limits::default()).and_then(|client| client.open(CodecId::Gif)).expect("a decoder");
        decoder.feed(&stream).expect("it fits");
        let pull = decoder.next();
        let Ok(Pull::Packet(MediaPacket::VideoFrame(frame))) = pull else { panic!("{size} {choice:?}: {pull:?}") };
        let first = frame.pixels.iter().step_by(4).zip(&indices).position(|(blue, index)| blue != index);
        assert_eq!(first, None, "{size} {choice:?}");
    }
}
