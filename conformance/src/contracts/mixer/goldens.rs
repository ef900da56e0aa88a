//! Recorded cases of the contract `mixer`.

use crate::suite::GoldenCase;
use spec::Case;
use spec::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN};
use spec::level::LEVEL_Q16_MAX;
use spec::mixer::{CLIP_RANGE_VALUES_MAX, CLIP_SUM_MAX, Config, Curve, Input, MIXER_BLOCK_FRAMES_MAX, MIXER_STREAMS_MAX, Mixer, Op};

/// Half the full level.
const HALF: u32 = 32_768;

fn golden(name: &'static str, doc: &'static str, curve: Curve, ops: Vec<Op>) -> GoldenCase<Mixer> {
    GoldenCase { name, doc, case: Case { config: Config { curve }, ops } }
}

/// A block of `frames`, of the inputs of streams 0, 1 and so on.
fn mix(frames: u32, pcm: &[&[i16]]) -> Op {
    let inputs = (0..).zip(pcm).map(|(stream, pcm)| Input { stream, pcm: pcm.to_vec() }).collect();
    Op::Mix { frames, inputs }
}

fn from(stream: u32, pcm: &[i16]) -> Input {
    Input { stream, pcm: pcm.to_vec() }
}

fn opened(streams: usize, ops: impl IntoIterator<Item = Op>) -> Vec<Op> {
    std::iter::repeat_n(Op::Open, streams).chain(ops).collect()
}

/// The cases.
pub fn goldens() -> Vec<GoldenCase<Mixer>> {
    let mut list = goldens_of_sound();
    list.extend(goldens_of_curves());
    list.extend(goldens_of_meters());
    list.extend(goldens_of_bounds());
    list
}

fn goldens_of_sound() -> Vec<GoldenCase<Mixer>> {
    let (soft, saturate) = (Curve::Soft, Curve::Saturate);
    vec![
        golden("lowest_free_id", "Opening gives the lowest id that is free.", soft, {
            opened(4, [Op::Close(2), Op::Close(1), Op::Open, Op::Open, Op::Open])
        }),
        golden("sixteen_streams", "Sixteen streams are open, the seventeenth is rejected, and all sixteen sound.", saturate, {
            let streams: Vec<[i16; 2]> = (0..MIXER_STREAMS_MAX as i16).map(|stream| [1 << stream.min(13), -1 - stream]).collect();
            let block = mix(1, &streams.iter().map(<[i16; 2]>::as_slice).collect::<Vec<_>>());
            opened(MIXER_STREAMS_MAX as usize, [Op::Open, block.clone(), Op::Close(15), Op::Open, Op::Open, block])
        }),
        golden("stream_gain", "A gain scales its stream alone, from the next block on, flat within the block.", soft, {
            let block = mix(4, &[&[1_000, -1_000, 1_000, -1_000, 1_000, -1_000, 1_000, -1_000], &[3, 5, 3, 5, 3, 5, 3, 5]]);
            opened(
                2,
                [
                    block.clone(),
                    Op::SetGain(0, -1_536),
                    block.clone(),
                    Op::SetGain(1, 3_072),
                    block.clone(),
                    Op::SetGain(0, GAIN_DB_Q8_8_MIN),
                    block,
                ],
            )
        }),
        golden("new_stream_has_0_db", "A stream in a closed stream's slot does not inherit its gain.", soft, {
            let block = mix(1, &[&[4_000, -4_000]]);
            opened(1, [Op::SetGain(0, -3_072), block.clone(), Op::Close(0), Op::Open, block])
        }),
        golden("summed_before_rounding", "Two -12 dB streams of full scale sum to 16,461; rounded each, they would give 16,462.", soft, {
            let full: &[i16] = &[32_767, -32_767];
            opened(2, [Op::SetGain(0, -3_072), Op::SetGain(1, -3_072), mix(1, &[full, full]), mix(1, &[full])])
        }),
        golden("fractions_of_streams_add_up", "Streams that are each below half a sample are heard together.", saturate, {
            let gain = |stream| Op::SetGain(stream, -3_072);
            let least: &[i16] = &[1, -1];
            opened(4, [gain(0), gain(1), gain(2), gain(3), mix(1, &[least; 4]), mix(1, &[least; 3]), mix(1, &[least; 2]), mix(1, &[least])])
        }),
        golden("halves", "At half the level odd sums are halves: away from zero, on both sides, also of odd whole parts.", soft, {
            opened(
                2,
                [
                    Op::SetLevel(HALF),
                    mix(4, &[&[1, -1, 3, -3, 5, -5, 7, -7]]),
                    mix(2, &[&[1, -1, 2, -2], &[2, -2, 3, -3]]),
                    Op::SetLevel(HALF - 1),
                    mix(2, &[&[1, -1, 3, -3]]),
                    Op::SetLevel(HALF + 1),
                    mix(2, &[&[1, -1, 3, -3]]),
                ],
            )
        }),
        golden("rounded_once", "Gain and level together: rounding after each of them would give other samples.", soft, {
            let pcm: &[i16] = &[1, -1, 3, -3, 1_001, -1_001, 16_384, -16_384];
            opened(
                1,
                [
                    Op::SetGain(0, -1_536),
                    Op::SetLevel(49_152),
                    mix(4, &[pcm]),
                    Op::SetLevel(HALF),
                    mix(4, &[pcm]),
                    Op::SetLevel(1),
                    mix(4, &[pcm]),
                ],
            )
        }),
        golden("level_before_soft_clip", "Two full streams at half the level give 30,719: level first, then the curve.", soft, {
            opened(2, [Op::SetLevel(HALF), mix(1, &[&[32_767, -32_767], &[32_767, -32_767]])])
        }),
        golden("level_before_saturation", "Two full streams at half the level give 32,767; clipped first it would be 16,384.", saturate, {
            opened(2, [Op::SetLevel(HALF), mix(1, &[&[32_767, -32_767], &[32_767, -32_767]])])
        }),
        golden("levels", "The master level from 1 down to 0.", saturate, {
            let block = mix(1, &[&[30_000, -30_000]]);
            opened(1, [block.clone(), Op::SetLevel(49_152), block.clone(), Op::SetLevel(1), block.clone(), Op::SetLevel(0), block])
        }),
        golden("muted", "Silence while muted, with meters at rest; level and gains set meanwhile are remembered.", saturate, {
            let block = mix(1, &[&[32_767, -32_768], &[20_000, 5]]);
            opened(
                2,
                [
                    Op::SetLevel(40_000),
                    block.clone(),
                    Op::Mute(true),
                    block.clone(),
                    Op::Mute(false),
                    block.clone(),
                    Op::Mute(true),
                    Op::SetLevel(50_000),
                    Op::SetGain(1, -1_536),
                    block.clone(),
                    Op::Mute(true),
                    Op::Mute(false),
                    block,
                ],
            )
        }),
        golden("muted_inputs_are_checked", "Mute does not make a wrong block right.", soft, {
            opened(1, [Op::Mute(true), mix(1, &[&[1]]), mix(0, &[]), mix(1, &[&[1, 1]])])
        }),
        golden("short_streams", "Short streams, an empty one and an absent one are silent for the rest.", soft, {
            let long: &[i16] = &[10, -10, 20, -20, 30, -30];
            opened(
                4,
                [
                    mix(3, &[long, &[100, -100], &[]]),
                    mix(3, &[&[7, -7], &[9, -9, 9, -9]]),
                    Op::Mix { frames: 2, inputs: vec![from(3, &[4, -4])] },
                    mix(2, &[]),
                ],
            )
        }),
        golden("no_streams", "A mixer without streams gives silence.", soft, vec![mix(2, &[])]),
    ]
}

fn goldens_of_curves() -> Vec<GoldenCase<Mixer>> {
    let around = |curve, centers: &[i32]| {
        let positive = centers.iter().map(|center| Op::Clip { first: center - 3, count: 7 });
        let negative = centers.iter().map(|center| Op::Clip { first: -center - 3, count: 7 });
        let ends =
            [Op::Clip { first: -3, count: 7 }, Op::Clip { first: CLIP_SUM_MAX - 2, count: 3 }, Op::Clip { first: -CLIP_SUM_MAX, count: 3 }];
        golden(
            if curve == Curve::Soft { "soft_curve" } else { "saturate_curve" },
            "The curve where its parts meet, where it first bends, at the rail, and at both ends of its domain.",
            curve,
            positive.chain(negative).chain(ends).collect(),
        )
    };
    let ramp: &[i16] = &[24_575, -24_575, 24_703, -24_703, 28_000, -28_000, 32_767, -32_768];
    vec![
        // The knee; the first value that bends; 16 bits' end; where the rail is first reached; where the parabola ends.
        around(Curve::Soft, &[24_575, 24_575 + 128, 32_767, 24_575 + 16_257, 24_575 + 16_384]),
        around(Curve::Saturate, &[24_575, 32_767, 65_536]),
        golden(
            "soft_mix",
            "Loud streams bend; what is up to the knee does not.",
            Curve::Soft,
            opened(2, [mix(4, &[ramp]), mix(4, &[ramp, ramp])]),
        ),
        golden("saturated_mix", "Loud streams stay as they are up to the rails, which are not symmetric.", Curve::Saturate, {
            opened(2, [mix(4, &[ramp]), mix(4, &[ramp, ramp])])
        }),
    ]
}

fn goldens_of_meters() -> Vec<GoldenCase<Mixer>> {
    let (soft, saturate) = (Curve::Soft, Curve::Saturate);
    vec![
        golden("altered_samples", "The count is of samples that the curve altered: the rail itself is none, the bend is.", saturate, {
            let rails: &[i16] = &[32_767, -32_768, 32_767, 0, 20_000, -20_000];
            opened(2, [mix(3, &[rails]), mix(3, &[rails, &[1, 0, 0, 0, 20_000, -20_000]]), mix(3, &[rails, &[1, -1, 1, -1]]), mix(1, &[])])
        }),
        golden("bent_samples", "The soft curve alters a sample from 128 above the knee on.", soft, {
            opened(1, [mix(3, &[&[24_575, -24_575, 24_702, -24_702, 24_703, -24_703]])])
        }),
        golden("peaks", "The largest magnitude of each channel after clipping, up to 32,768; each block anew.", saturate, {
            opened(
                2,
                [
                    mix(2, &[&[-32_768, 5, 100, -7]]),
                    mix(2, &[&[30_000, -30_000, 0, 1], &[30_000, -30_000]]),
                    mix(2, &[&[-3, 0, 2, 0]]),
                    mix(1, &[]),
                ],
            )
        }),
        golden("root_mean_squares", "The root is rounded down, over the whole block, each channel for itself.", soft, {
            opened(
                1,
                [
                    mix(2, &[&[3, 1, 4, 0]]),
                    mix(3, &[&[2, 3, 2, 3, 2, 4]]),
                    mix(4, &[&[1_000, -9]]),
                    mix(1, &[&[-24_000, 24_000]]),
                    mix(2, &[&[24_575, -24_575, -24_575, 1]]),
                ],
            )
        }),
    ]
}

fn goldens_of_bounds() -> Vec<GoldenCase<Mixer>> {
    let soft = Curve::Soft;
    let one = |inputs: &[Input]| Op::Mix { frames: 1, inputs: inputs.to_vec() };
    let check = one(&[from(0, &[1_000, -1_000])]);
    vec![
        golden("bounds_of_settings", "Gains, levels and ids at and just outside their bounds; a rejected one changes nothing.", soft, {
            opened(
                1,
                [
                    Op::SetGain(0, GAIN_DB_Q8_8_MAX),
                    Op::SetGain(0, GAIN_DB_Q8_8_MAX + 1),
                    check.clone(),
                    Op::SetGain(0, GAIN_DB_Q8_8_MIN),
                    Op::SetGain(0, GAIN_DB_Q8_8_MIN - 1),
                    check.clone(),
                    Op::SetGain(0, -1_536),
                    Op::SetGain(0, i32::MAX),
                    Op::SetLevel(LEVEL_Q16_MAX),
                    Op::SetLevel(40_000),
                    Op::SetLevel(LEVEL_Q16_MAX + 1),
                    Op::SetLevel(u32::MAX),
                    check.clone(),
                    Op::SetGain(1, 0),
                    Op::SetGain(1, GAIN_DB_Q8_8_MAX + 1),
                    Op::Close(1),
                    Op::Close(MIXER_STREAMS_MAX),
                    Op::Close(u32::MAX),
                    check.clone(),
                    Op::Close(0),
                    Op::Close(0),
                    Op::SetGain(0, 0),
                    check.clone(),
                ],
            )
        }),
        golden("bounds_of_blocks", "Frames at and just outside their bounds.", soft, {
            let frames = |frames| Op::Mix { frames, inputs: vec![from(0, &[5, -5])] };
            opened(
                1,
                [frames(0), frames(1), frames(MIXER_BLOCK_FRAMES_MAX), frames(MIXER_BLOCK_FRAMES_MAX + 1), frames(u32::MAX), frames(1)],
            )
        }),
        golden(
            "wrong_inputs",
            "The first wrong input decides; each is looked at for its id, a repetition, too many frames, half a frame.",
            soft,
            {
                opened(
                    2,
                    [
                        one(&[from(2, &[1, 1])]),
                        one(&[from(u32::MAX, &[1])]),
                        one(&[from(0, &[1, 1]), from(0, &[2, 2])]),
                        one(&[from(0, &[1, 1]), from(0, &[2, 2, 3])]),
                        one(&[from(0, &[1]), from(0, &[2, 2])]),
                        one(&[from(0, &[1, 1]), from(1, &[1])]),
                        one(&[from(0, &[1, 1, 1])]),
                        one(&[from(0, &[1, 1, 1, 1])]),
                        one(&[from(0, &[1, 1, 1, 1]), from(9, &[1])]),
                        Op::Mix { frames: 0, inputs: vec![from(9, &[1])] },
                        one(&[from(1, &[1, -1]), from(0, &[2, -2])]),
                    ],
                )
            },
        ),
        golden("bounds_of_clip_ranges", "The domain's ends from both sides; too many values come first; none is an empty list.", soft, {
            let clip = |first, count| Op::Clip { first, count };
            vec![
                clip(0, 0),
                clip(CLIP_SUM_MAX, 0),
                clip(CLIP_SUM_MAX, 1),
                clip(CLIP_SUM_MAX, 2),
                clip(CLIP_SUM_MAX + 1, 0),
                clip(-CLIP_SUM_MAX, 1),
                clip(-CLIP_SUM_MAX - 1, 1),
                clip(i32::MIN, CLIP_RANGE_VALUES_MAX + 1),
                clip(0, CLIP_RANGE_VALUES_MAX + 1),
                clip(i32::MAX, CLIP_RANGE_VALUES_MAX),
                clip(0, u32::MAX),
            ]
        }),
    ]
}
