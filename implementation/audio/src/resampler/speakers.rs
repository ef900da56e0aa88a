//! From speakers to speakers: each as the bit that it has in a WAV file's channel mask, which is also their order.

use spec::resampler::{RESAMPLER_CHANNELS_MAX, RESAMPLER_GAIN_BITS, RESAMPLER_HALF_POWER_Q16};

/// Most channels.
pub(super) const CHANNELS: usize = RESAMPLER_CHANNELS_MAX as usize;

const L: u16 = 0x1;
const R: u16 = 0x2;
const C: u16 = 0x4;
const LFE: u16 = 0x8;
const BACK_L: u16 = 0x10;
const BACK_R: u16 = 0x20;
const BACK_C: u16 = 0x100;
const SIDE_L: u16 = 0x200;
const SIDE_R: u16 = 0x400;
/// The only speaker, which has no bit in a file.
const M: u16 = 0x800;

const ONE: u32 = 1 << RESAMPLER_GAIN_BITS;
const HALF: u32 = ONE / 2;

/// The speakers of one to eight channels.
const LAYOUTS: [u16; CHANNELS] = [
    M,
    L | R,
    L | R | C,
    L | R | BACK_L | BACK_R,
    L | R | C | BACK_L | BACK_R,
    L | R | C | LFE | BACK_L | BACK_R,
    L | R | C | LFE | BACK_C | SIDE_L | SIDE_R,
    L | R | C | LFE | BACK_L | BACK_R | SIDE_L | SIDE_R,
];

/// A row of gains for each output channel, with a gain for each input channel; zeros beyond both.
pub(super) type Gains = [[u32; CHANNELS]; CHANNELS];

fn layout(channels: u32) -> u16 {
    LAYOUTS.get((channels as usize).wrapping_sub(1)).copied().unwrap_or(0)
}

fn speakers(layout: u16) -> impl Iterator<Item = u16> {
    (0..u16::BITS).map(|bit| 1 << bit).filter(move |speaker| layout & speaker != 0)
}

/// Where a speaker's sound goes in a layout, and by what gain.
fn place(speaker: u16, layout: u16) -> (u16, u32) {
    let has = |speakers: u16| layout & speakers == speakers;
    if has(speaker) {
        return (speaker, ONE);
    }
    let to_side = |twin: u16, front: u16| {
        if has(twin) {
            (twin, ONE)
        } else if has(front) {
            (front, RESAMPLER_HALF_POWER_Q16)
        } else {
            (M, HALF)
        }
    };
    match speaker {
        M => (if has(C) { C } else { L | R }, ONE),
        C if has(M) => (M, ONE),
        C => (L | R, RESAMPLER_HALF_POWER_Q16),
        L | R => (M, RESAMPLER_HALF_POWER_Q16),
        BACK_L => to_side(SIDE_L, L),
        BACK_R => to_side(SIDE_R, R),
        SIDE_L => to_side(BACK_L, L),
        SIDE_R => to_side(BACK_R, R),
        BACK_C if has(BACK_L | BACK_R) => (BACK_L | BACK_R, RESAMPLER_HALF_POWER_Q16),
        BACK_C if has(L | R) => (L | R, HALF),
        BACK_C => (M, RESAMPLER_HALF_POWER_Q16),
        _ => (0, 0),
    }
}

/// The Q16 gains from `from` channels to `to` channels (RESAMPLER-010).
pub(super) fn gains(from: u32, to: u32) -> Gains {
    let (from, to) = (layout(from), layout(to));
    let mut gains = Gains::default();
    for (input, speaker) in speakers(from).enumerate() {
        let (places, gain) = place(speaker, to);
        for (row, output) in gains.iter_mut().zip(speakers(to)) {
            if let Some(cell) = row.get_mut(input)
                && places & output != 0
            {
                *cell = gain;
            }
        }
    }
    // One factor for all, so that no channel gains against another. At most eight gains are summed.
    let largest = gains.iter().map(|row| row.iter().sum::<u32>()).max().unwrap_or(0).max(ONE);
    for gain in gains.as_flattened_mut() {
        *gain = (u64::from(*gain) << RESAMPLER_GAIN_BITS).checked_div(u64::from(largest)).unwrap_or(0) as u32;
    }
    gains
}
