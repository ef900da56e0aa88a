//! Wrong streams, and wrong mutes.

use super::violation;
use crate::contracts::mixer::wrong::{RIGHT, Rules, SLOTS, State, factor, hearing, wrong};
use crate::suite::{Violation, tampered};
use spec::ErrorCode;
use spec::level::LEVEL_UNITY_Q16;
use spec::mixer::{Input, MIXER_STREAMS_MAX, Mixer, Obs, Op};

/// Seen only after a mute.
pub fn mute() -> Vec<Violation<Mixer>> {
    vec![
        violation("MIXER-009", "forgets the level where it is muted", || {
            hearing(|state, op| {
                if *op == Op::Mute(true) {
                    state.level = 0;
                }
                false
            })
        }),
        violation("MIXER-009", "unmutes to the full level", || {
            hearing(|state, op| {
                if *op == Op::Mute(false) && state.muted {
                    state.level = LEVEL_UNITY_Q16;
                }
                false
            })
        }),
        violation("MIXER-009", "forgets a level that is set while muted", || {
            hearing(|state, op| matches!(op, Op::SetLevel(_)) && state.muted)
        }),
        violation("MIXER-009", "unmutes where a level is set", || {
            hearing(|state, op| {
                if matches!(op, Op::SetLevel(_)) {
                    state.muted = false;
                }
                false
            })
        }),
        violation("MIXER-009", "toggles where it is muted again", || {
            hearing(|state, op| {
                let toggles = *op == Op::Mute(true) && state.muted;
                if toggles {
                    state.muted = false;
                }
                toggles
            })
        }),
        violation("MIXER-009", "silences the samples of a muted block and not its meters", || wrong(Rules { mutes_late: true, ..RIGHT })),
        violation("MIXER-009", "plays on while muted", || hearing(|_, op| matches!(op, Op::Mute(_)))),
    ]
}

/// Seen only with some streams.
pub fn streams() -> Vec<Violation<Mixer>> {
    vec![
        violation("MIXER-001", "gives a new id to each stream", || {
            tampered::<Mixer, u32>(|next, _, obs| match obs {
                Obs::Opened(_) => {
                    *next += 1;
                    Obs::Opened(*next - 1)
                }
                obs => obs,
            })
        }),
        violation("MIXER-001", "counts ids from 1", || {
            tampered::<Mixer, ()>(|(), _, obs| if let Obs::Opened(id) = obs { Obs::Opened(id + 1) } else { obs })
        }),
        violation("MIXER-001", "opens one stream more", || {
            tampered::<Mixer, ()>(
                |(), _, obs| if obs == Obs::Rejected(ErrorCode::TooManyStreams) { Obs::Opened(MIXER_STREAMS_MAX) } else { obs },
            )
        }),
        violation("MIXER-001", "opens one stream less", || {
            tampered::<Mixer, ()>(
                |(), _, obs| if obs == Obs::Opened(MIXER_STREAMS_MAX - 1) { Obs::Rejected(ErrorCode::TooManyStreams) } else { obs },
            )
        }),
        violation("MIXER-002", "scales every stream by the gain that was set last", || {
            hearing(|state, op| {
                if let Op::SetGain(_, db) = op {
                    state.streams = [factor(*db); SLOTS];
                }
                matches!(op, Op::SetGain(..))
            })
        }),
        violation("MIXER-002", "gives a new stream the gain of the closed one", || {
            hearing(|state, op| {
                let opens = matches!(op, Op::Open);
                if opens {
                    state.open();
                }
                opens
            })
        }),
        violation("MIXER-014", "repeats the last frame of a short stream", || {
            let given = |_: &State, inputs: &[Input], which: usize, index: usize| {
                let pcm = &inputs[which].pcm;
                let last = (pcm.len() + index % 2).wrapping_sub(2);
                pcm.get(index).or_else(|| pcm.get(last)).copied().unwrap_or(0)
            };
            wrong(Rules { given, ..RIGHT })
        }),
        violation("MIXER-014", "lets the last block stand where a stream is short", || {
            let given = |state: &State, inputs: &[Input], which: usize, index: usize| {
                inputs[which].pcm.get(index).or_else(|| state.last.get(index)).copied().unwrap_or(0)
            };
            wrong(Rules { given, ..RIGHT })
        }),
        violation("MIXER-014", "mixes as many frames as the shortest stream gives", || {
            let given = |_: &State, inputs: &[Input], which: usize, index: usize| {
                let all = inputs.iter().all(|input| index < input.pcm.len());
                if all { inputs[which].pcm[index] } else { 0 }
            };
            wrong(Rules { given, ..RIGHT })
        }),
        violation("MIXER-014", "gives a shorter block where every stream is short", || {
            tampered::<Mixer, ()>(|(), op, obs| match (op, obs) {
                (Op::Mix { inputs, .. }, Obs::Mixed(mut mixed)) => {
                    mixed.pcm.truncate(inputs.iter().map(|input| input.pcm.len()).max().unwrap_or(0));
                    Obs::Mixed(mixed)
                }
                (_, obs) => obs,
            })
        }),
    ]
}
