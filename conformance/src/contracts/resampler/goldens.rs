//! Recorded cases of the contract `resampler`.

use super::case;
use crate::suite::GoldenCase;
use spec::resampler::{
    Kind, Op, RESAMPLER_CHANNELS_MAX, RESAMPLER_FEED_FRAMES_MAX, RESAMPLER_RATE_HZ_MAX, RESAMPLER_RATE_HZ_MIN, RESAMPLER_TABLE_ENTRIES,
    Rates, Resampler, Setup,
};

const CD: Rates = rates(44_100, 48_000);

const fn rates(from_hz: u32, to_hz: u32) -> Rates {
    Rates { from_hz, to_hz }
}

fn open(kind: Kind, rates: Rates, from_channels: u32, to_channels: u32) -> Op {
    Op::Open(Setup { kind, rates, from_channels, to_channels })
}

/// Samples without a pattern, the same every time.
fn noise(count: u32) -> Op {
    Op::Feed((0..count).map(|index| (index.wrapping_mul(2_654_435_761) >> 15) as i16).collect())
}

/// One full sample among silence.
fn impulse(frames: usize, at: usize) -> Op {
    let mut pcm = vec![0; frames];
    pcm[at] = i16::MAX;
    Op::Feed(pcm)
}

/// The cases.
pub fn goldens() -> Vec<GoldenCase<Resampler>> {
    let mut list = of_kinds();
    list.extend(of_streams());
    list.extend(of_bounds());
    list
}

fn golden(name: &'static str, doc: &'static str, ops: Vec<Op>) -> GoldenCase<Resampler> {
    GoldenCase { name, doc, case: case(ops) }
}

fn of_kinds() -> Vec<GoldenCase<Resampler>> {
    vec![
        golden("lengths", "Lengths are rounded down: 147 frames of 44.1 kHz are 160 of 48 kHz, 146 are 158.", {
            let lengths = [(CD, 147), (CD, 146), (CD, 1), (CD, u32::MAX), (rates(48_000, 44_100), 159), (rates(48_000, 16_000), 2)];
            lengths.into_iter().map(|(rates, frames)| Op::Length(rates, frames)).collect()
        }),
        golden("sinc_table", "The sinc's table from its middle, over its first zero, and before its end.", {
            vec![Op::Table(0), Op::Table(600), Op::Table(RESAMPLER_TABLE_ENTRIES - 40), Op::Table(RESAMPLER_TABLE_ENTRIES - 1)]
        }),
        golden(
            "phases",
            "Coefficients of 44.1 kHz to 48 kHz at a frame, just after it, in the middle and before the next; and of a third of a rate.",
            {
                let phases = [0, 1, 79, 80, 81, 159].map(|phase| Op::Coefficients(CD, phase));
                phases.into_iter().chain([Op::Coefficients(rates(48_000, 16_000), 0), Op::Coefficients(rates(8_000, 16_000), 1)]).collect()
            },
        ),
        golden("nearest_up", "Twice the rate: a frame in the middle is the later one.", {
            vec![open(Kind::Nearest, rates(8_000, 16_000), 1, 1), Op::Feed(vec![1, 2, 3]), Op::Feed(vec![4]), Op::Finish]
        }),
        golden("nearest_down", "Two thirds of the rate, and 44.1 kHz to 11.025 kHz in stereo.", {
            let (thirds, quarter) = (open(Kind::Nearest, rates(48_000, 32_000), 1, 1), open(Kind::Nearest, rates(44_100, 11_025), 2, 2));
            vec![thirds, Op::Feed((1..=10).collect()), Op::Finish, quarter, Op::Feed((1..=20).collect()), Op::Finish]
        }),
        golden("linear_up", "44.1 kHz to 48 kHz: lines between frames at the extremes.", {
            vec![open(Kind::Linear, CD, 1, 1), Op::Feed(vec![0, i16::MAX, i16::MIN, i16::MAX, 0, 1, 0, -1]), noise(24), Op::Finish]
        }),
        golden("linear_halves", "Twice the rate: halves are rounded away from zero.", {
            vec![open(Kind::Linear, rates(8_000, 16_000), 1, 1), Op::Feed(vec![0, 1, 0, -1, -2, -5, 4, 9]), Op::Finish]
        }),
        golden(
            "linear_down",
            "96 kHz to 44.1 kHz in stereo.",
            vec![open(Kind::Linear, rates(96_000, 44_100), 2, 2), noise(120), Op::Finish],
        ),
        golden("sinc_impulse_up", "44.1 kHz to 48 kHz: one full sample becomes the sinc.", {
            vec![open(Kind::Sinc, CD, 1, 1), impulse(150, 70), Op::Finish]
        }),
        golden("sinc_impulse_down", "48 kHz to 16 kHz: the sinc is three times as wide.", {
            vec![open(Kind::Sinc, rates(48_000, 16_000), 1, 1), impulse(400, 200), Op::Finish]
        }),
        golden("sinc_square", "A square wave at full scale overshoots and is clamped on both sides.", {
            let square = (0..120).map(|frame| if frame / 20 % 2 == 0 { i16::MAX } else { i16::MIN }).collect();
            vec![open(Kind::Sinc, CD, 1, 1), Op::Feed(square), Op::Finish]
        }),
        golden(
            "sinc_noise",
            "Noise in stereo, 48 kHz to 44.1 kHz.",
            vec![open(Kind::Sinc, rates(48_000, 44_100), 2, 2), noise(360), Op::Finish],
        ),
        golden("equal_rates", "Between equal rates every kind gives the frames as they come, without looking ahead.", {
            Kind::ALL.into_iter().flat_map(|kind| [open(kind, rates(48_000, 48_000), 1, 1), noise(9), noise(0), Op::Finish]).collect()
        }),
        golden("ends_are_held", "A few frames of a constant: both ends go on, so that it stays the same to the last frame.", {
            let streams = [CD, rates(48_000, 16_000)].map(|rates| [open(Kind::Sinc, rates, 1, 1), Op::Feed(vec![-20_000; 7]), Op::Finish]);
            streams.into_iter().flatten().chain([open(Kind::Linear, CD, 1, 1), Op::Feed(vec![30_000, 10_000]), Op::Finish]).collect()
        }),
        golden("common_rates", "11.025 kHz and 32 kHz to 48 kHz, 48 kHz to 8 kHz, and rates with many phases.", {
            let pairs = [rates(11_025, 48_000), rates(32_000, 48_000), rates(48_000, 8_000), rates(44_100, 47_999), rates(8_000, 8_001)];
            pairs.into_iter().flat_map(|rates| [open(Kind::Sinc, rates, 1, 1), noise(60), Op::Finish]).collect()
        }),
    ]
}

fn of_streams() -> Vec<GoldenCase<Resampler>> {
    vec![
        golden("gains", "Gains from mono and stereo to all, and from all to mono, stereo and 5.1.", {
            let pairs = (1..=RESAMPLER_CHANNELS_MAX).flat_map(|count| [(1, count), (2, count), (count, 1), (count, 2), (count, 6)]);
            pairs.map(|(from, to)| Op::Gains(from, to)).collect()
        }),
        golden("mono_to_stereo", "Mono goes to both channels as it is.", {
            vec![open(Kind::Nearest, rates(48_000, 48_000), 1, 2), Op::Feed(vec![1, -2, i16::MIN]), Op::Finish]
        }),
        golden("stereo_to_mono", "The mean of both channels, rounded once: 1 and 2 and the silence after them give 2 and 1.", {
            let equal = [open(Kind::Nearest, rates(48_000, 48_000), 2, 1), Op::Feed(vec![1, 2, -1, -2, 1, 0, i16::MIN, i16::MIN])];
            let line = [open(Kind::Linear, rates(8_000, 16_000), 2, 1), Op::Feed(vec![1, 2, 0, 0, 1, 0, 0, -1]), Op::Finish];
            equal.into_iter().chain(line).collect()
        }),
        golden(
            "surround_to_stereo",
            "5.1 at 48 kHz to stereo at 44.1 kHz, without the deep channel; and at full scale, which does not clip.",
            {
                let wide = open(Kind::Sinc, rates(48_000, 44_100), 6, 2);
                vec![wide.clone(), noise(6 * 80), Op::Finish, wide, Op::Feed(vec![i16::MIN; 6 * 4]), Op::Finish]
            },
        ),
        golden("surround_up", "Stereo and 5.1 into 7.1: what a speaker has not is silent.", {
            let equal = rates(48_000, 48_000);
            vec![
                open(Kind::Nearest, equal, 2, 8),
                noise(4),
                open(Kind::Nearest, equal, 6, 8),
                noise(12),
                open(Kind::Linear, CD, 7, 8),
                noise(21),
                Op::Finish,
            ]
        }),
        golden("as_soon_as_it_can", "Single frames: each output frame comes with the frame that completes it.", {
            let singles =
                |kind, rates, count| std::iter::once(open(kind, rates, 1, 1)).chain((1..=count).map(|frame| Op::Feed(vec![frame])));
            let linear = singles(Kind::Linear, CD, 5).chain(singles(Kind::Linear, rates(48_000, 16_000), 5));
            linear.chain(singles(Kind::Nearest, rates(8_000, 24_000), 3)).chain(singles(Kind::Sinc, CD, 67)).chain([Op::Finish]).collect()
        }),
        golden("looks_ahead", "How far each kind looks ahead, by its rates.", {
            let pairs = [CD, rates(48_000, 44_100), rates(48_000, 16_000), rates(192_000, 8_000), rates(48_000, 48_000)];
            Kind::ALL.into_iter().flat_map(|kind| pairs.map(|rates| open(kind, rates, 1, 1))).collect()
        }),
        golden("begins_anew", "A reset in the middle and after the end, and another open: nothing of the frames before is left.", {
            let stream = open(Kind::Linear, CD, 1, 1);
            vec![
                stream.clone(),
                Op::Feed(vec![9, 8, 7]),
                Op::Reset,
                Op::Feed(vec![1, 2, 3]),
                Op::Finish,
                Op::Reset,
                Op::Feed(vec![4, 5, 6]),
                stream,
                Op::Feed(vec![1, 2, 3]),
                Op::Finish,
            ]
        }),
        golden("nothing_at_all", "A stream without a frame gives none, and one of one frame what its rate makes of it.", {
            let up = open(Kind::Sinc, rates(8_000, 24_000), 1, 1);
            vec![
                up.clone(),
                Op::Finish,
                up,
                Op::Feed(vec![]),
                Op::Feed(vec![5]),
                Op::Finish,
                open(Kind::Sinc, rates(24_000, 8_000), 1, 1),
                Op::Feed(vec![5]),
                Op::Finish,
            ]
        }),
        golden("chunks", "A stream in chunks of 1, 2, 3, 5, 8 and 13 frames.", {
            let chunks = [1, 2, 3, 5, 8, 13, 40, 80].map(|frames| noise(2 * frames));
            std::iter::once(open(Kind::Sinc, CD, 2, 2)).chain(chunks).chain([Op::Finish]).collect()
        }),
    ]
}

fn of_bounds() -> Vec<GoldenCase<Resampler>> {
    vec![
        golden("closed", "Before the first open, and after the end, there is nothing to feed, to finish or to reset.", {
            let closed = [Op::Feed(vec![]), Op::Feed(vec![1; 3]), Op::Finish];
            let before = closed.clone().into_iter().chain([Op::Reset, open(Kind::Sinc, CD, 2, 2), Op::Finish]);
            before.chain(closed).chain([Op::Reset, Op::Feed(vec![1; 2])]).collect()
        }),
        golden("rates_out_of_range", "Just outside each bound; the open stream goes on.", {
            let wrong = [0, RESAMPLER_RATE_HZ_MIN - 1, RESAMPLER_RATE_HZ_MAX + 1, u32::MAX].into_iter().flat_map(|hz| {
                [rates(hz, 48_000), rates(48_000, hz)]
                    .into_iter()
                    .flat_map(|rates| [open(Kind::Nearest, rates, 1, 1), Op::Length(rates, 1), Op::Coefficients(rates, 0)])
            });
            let stream = [open(Kind::Linear, CD, 1, 1), Op::Feed(vec![10, 20, 30])];
            stream.into_iter().chain(wrong).chain([Op::Feed(vec![40]), Op::Finish]).collect()
        }),
        golden("extreme_rates", "The lowest rate to the highest and back.", {
            let (low, high) = (RESAMPLER_RATE_HZ_MIN, RESAMPLER_RATE_HZ_MAX);
            let (up, down) = (rates(low, high), rates(high, low));
            vec![open(Kind::Linear, up, 1, 1), noise(3), Op::Finish, open(Kind::Sinc, down, 1, 1), noise(50), Op::Finish]
        }),
        golden("channels_out_of_range", "No channels, and more than eight; eight are taken.", {
            let equal = rates(48_000, 48_000);
            let wrong = [0, RESAMPLER_CHANNELS_MAX + 1, u32::MAX].into_iter().flat_map(|count| {
                [open(Kind::Sinc, equal, count, 1), open(Kind::Sinc, equal, 1, count), Op::Gains(count, 2), Op::Gains(2, count)]
            });
            let all = [open(Kind::Sinc, equal, RESAMPLER_CHANNELS_MAX, RESAMPLER_CHANNELS_MAX), noise(8)];
            all.into_iter().chain(wrong).chain([noise(8), Op::Finish]).collect()
        }),
        golden("chunks_out_of_range", "A chunk of one frame too many, and a part of a frame; the stream goes on.", {
            let most = (RESAMPLER_FEED_FRAMES_MAX * 2) as usize;
            let wrong = [Op::Feed(vec![0; most + 1]), Op::Feed(vec![0; most + 2]), Op::Feed(vec![0; 3])];
            let stream = [open(Kind::Linear, CD, 2, 1), Op::Feed(vec![10, 20, 30, 40])];
            stream.into_iter().chain(wrong).chain([Op::Feed(vec![50, 60]), Op::Finish]).collect()
        }),
        golden("longest_chunk", "The longest chunk is taken: here of silence, a quarter of it given.", {
            vec![open(Kind::Nearest, rates(44_100, 11_025), 1, 1), Op::Feed(vec![0; RESAMPLER_FEED_FRAMES_MAX as usize]), Op::Finish]
        }),
        golden("queries_out_of_range", "The first entry and the first phase that there are not.", {
            let phases = [(CD, 160), (CD, u32::MAX), (rates(48_000, 16_000), 1), (rates(8_000, 16_000), 2)];
            let tables = [RESAMPLER_TABLE_ENTRIES, u32::MAX].map(Op::Table);
            tables.into_iter().chain(phases.map(|(rates, phase)| Op::Coefficients(rates, phase))).collect()
        }),
    ]
}
