//! Wrong bounds, and rejections that change something.

use crate::contracts::mixer::wrong::{RIGHT, Rules, wrong};
use crate::suite::{Violation, misheard, tampered};
use spec::ErrorCode;
use spec::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN, GAIN_UNITY_Q16};
use spec::level::{LEVEL_Q16_MAX, LEVEL_UNITY_Q16};
use spec::mixer::{CLIP_RANGE_VALUES_MAX, CLIP_SUM_MAX, Input, MIXER_BLOCK_FRAMES_MAX, Mixer, Obs, Op};

/// The operation with the inputs of its block changed.
fn with_inputs(op: &Op, change: impl Fn(u32, &mut Input)) -> Op {
    let mut changed = op.clone();
    if let Op::Mix { frames, inputs } = &mut changed {
        inputs.iter_mut().for_each(|input| change(*frames, input));
    }
    changed
}

pub fn bounds() -> Vec<Violation<Mixer>> {
    let violation = |what, machine| super::violation("MIXER-015", what, machine);
    vec![
        violation("clamps a level that is out of range", || {
            misheard::<Mixer>(|op| if let Op::SetLevel(level) = op { Op::SetLevel((*level).min(LEVEL_Q16_MAX)) } else { op.clone() })
        }),
        violation("clamps a gain that is out of range", || {
            misheard::<Mixer>(|op| match op {
                Op::SetGain(stream, db) => Op::SetGain(*stream, (*db).clamp(GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MAX)),
                op => op.clone(),
            })
        }),
        violation("looks at a gain before its stream", || {
            tampered::<Mixer, ()>(|(), op, obs| match op {
                Op::SetGain(_, db) if !(GAIN_DB_Q8_8_MIN..=GAIN_DB_Q8_8_MAX).contains(db) => Obs::Rejected(ErrorCode::OutOfRange),
                _ => obs,
            })
        }),
        violation("clamps the frames of a block", || {
            misheard::<Mixer>(|op| match op {
                Op::Mix { frames, inputs } => Op::Mix { frames: (*frames).clamp(1, MIXER_BLOCK_FRAMES_MAX), inputs: inputs.clone() },
                op => op.clone(),
            })
        }),
        violation("rejects the largest block itself", || {
            misheard::<Mixer>(|op| match op {
                Op::Mix { frames: MIXER_BLOCK_FRAMES_MAX, inputs } => {
                    Op::Mix { frames: MIXER_BLOCK_FRAMES_MAX + 1, inputs: inputs.clone() }
                }
                op => op.clone(),
            })
        }),
        violation("rejects the full level itself", || {
            misheard::<Mixer>(|op| if *op == Op::SetLevel(LEVEL_Q16_MAX) { Op::SetLevel(LEVEL_Q16_MAX + 1) } else { op.clone() })
        }),
        violation("drops half a frame", || misheard::<Mixer>(|op| with_inputs(op, |_, input| input.pcm.truncate(input.pcm.len() & !1)))),
        violation("drops the frames of an input that is too long", || {
            misheard::<Mixer>(|op| {
                with_inputs(op, |frames, input| {
                    if input.pcm.len() % 2 == 0 {
                        input.pcm.truncate(2 * frames as usize);
                    }
                })
            })
        }),
        violation("looks for half frames before all else", || {
            tampered::<Mixer, ()>(|(), op, obs| match (op, obs) {
                (Op::Mix { frames: 1..=MIXER_BLOCK_FRAMES_MAX, inputs }, Obs::Rejected(code)) => {
                    Obs::Rejected(if inputs.iter().any(|input| input.pcm.len() % 2 == 1) { ErrorCode::Misaligned } else { code })
                }
                (_, obs) => obs,
            })
        }),
        violation("takes the last of a stream's two inputs", || {
            misheard::<Mixer>(|op| {
                let mut changed = op.clone();
                if let Op::Mix { inputs, .. } = &mut changed {
                    let all = inputs.clone();
                    let mut place = 0;
                    inputs.retain(|input| {
                        place += 1;
                        !all[place..].iter().any(|later| later.stream == input.stream)
                    });
                }
                changed
            })
        }),
        violation("closes and scales streams that are not open", || {
            tampered::<Mixer, ()>(|(), op, obs| match op {
                Op::Close(_) | Op::SetGain(_, GAIN_DB_Q8_8_MIN..=GAIN_DB_Q8_8_MAX) => Obs::Done,
                _ => obs,
            })
        }),
        violation("sets the full level where it rejects one", || {
            wrong(Rules {
                mishear: |state, op| {
                    if matches!(op, Op::SetLevel(_)) {
                        state.level = LEVEL_UNITY_Q16;
                    }
                },
                ..RIGHT
            })
        }),
        violation("sets 0 dB where it rejects a gain", || {
            wrong(Rules {
                mishear: |state, op| {
                    if let Op::SetGain(stream, _) = op
                        && let Some(factor) = state.streams.get_mut(*stream as usize)
                    {
                        *factor = GAIN_UNITY_Q16;
                    }
                },
                ..RIGHT
            })
        }),
        violation("clips sums that are out of range", || {
            tampered::<Mixer, ()>(|(), op, obs| match *op {
                Op::Clip { first, count: count @ ..=CLIP_RANGE_VALUES_MAX } if first.unsigned_abs() > CLIP_SUM_MAX.unsigned_abs() => {
                    Obs::Clipped(vec![if first < 0 { -i16::MAX } else { i16::MAX }; count as usize])
                }
                _ => obs,
            })
        }),
        violation("clips no more values than it may of a range that is too long", || {
            misheard::<Mixer>(|op| match *op {
                Op::Clip { first, count } => Op::Clip { first, count: count.min(CLIP_RANGE_VALUES_MAX) },
                ref op => op.clone(),
            })
        }),
    ]
}
