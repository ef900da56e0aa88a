//! Machines that each violate one requirement of the contract `tone`.

use crate::suite::{Violation, misheard, tampered};
use model::Modelled;
use spec::format::{FRAMES_PER_MS, SAMPLE_RATE_HZ};
use spec::tone::{
    Config, Obs, Op, TABLE_SLICE, TONE_GAIN_Q16, TONE_HZ_MAX, TONE_INDEX_SHIFT, TONE_MS_MAX, TONE_PEAK, TONE_PULL_FRAMES_MAX,
    TONE_TABLE_ENTRIES, Tone,
};
use spec::{ErrorCode, Failure, Machine};

/// What a wrong tone generator does; what it rejects is right.
#[derive(Clone, Copy)]
struct Rules {
    /// The increment of a frequency.
    increment: fn(u64) -> u64,
    /// The phase that a tone starts with, after that of the tone before.
    start: fn(u32) -> u32,
    /// The phase that a pull starts with, after that of the pull before.
    resume: fn(u32) -> u32,
    /// The phase that a frame sounds at, from the accumulated one and the increment.
    sound: fn(u32, u32) -> u32,
    /// A table entry.
    entry: fn(usize) -> i16,
    /// An entry made quieter.
    quieter: fn(i64) -> i64,
    /// Frames of so many milliseconds at an increment.
    frames: fn(u64, u64) -> u64,
    /// Frames are made in groups of so many, and what a pull does not take of a group is lost.
    group: u64,
    /// Whether a tone goes on to the end of the pull in which it should end.
    overruns: bool,
    /// What follows the tone, after its last sample.
    after: fn(i16) -> i16,
}

const RIGHT: Rules = Rules {
    increment: |hz| ((hz << 32) + RATE / 2) / RATE,
    start: |_| 0,
    resume: |phase| phase,
    sound: |phase, _| phase,
    entry: |index| model::tone::table()[index],
    quieter: |entry| half_away(entry * GAIN),
    frames: |ms, _| ms * FRAMES,
    group: 1,
    overruns: false,
    after: |_| 0,
};

const RATE: u64 = SAMPLE_RATE_HZ as u64;
const FRAMES: u64 = FRAMES_PER_MS as u64;
const GAIN: i64 = TONE_GAIN_Q16 as i64;
const ENTRIES: usize = TONE_TABLE_ENTRIES as usize;

fn half_away(product: i64) -> i64 {
    ((product.abs() + 32_768) >> 16) * product.signum()
}

/// An entry of a table of so many, not rounded.
fn sine(index: usize, entries: usize) -> f64 {
    (index as f64 / entries as f64 * std::f64::consts::TAU).sin() * f64::from(TONE_PEAK)
}

struct Wrong {
    rules: Rules,
    /// It says what is rejected.
    model: Box<dyn Machine<Tone>>,
    phase: u32,
    increment: u32,
    remaining: u64,
    last: i16,
}

fn wrong(rules: Rules) -> Box<dyn Machine<Tone>> {
    Box::new(Wrong { rules, model: Tone::model(), phase: 0, increment: 0, remaining: 0, last: 0 })
}

impl Wrong {
    fn frame(&mut self, sounds: bool) -> i16 {
        if !sounds {
            return (self.rules.after)(self.last);
        }
        self.remaining = self.remaining.saturating_sub(1);
        let phase = (self.rules.sound)(self.phase, self.increment);
        self.phase = self.phase.wrapping_add(self.increment);
        self.last = (self.rules.quieter)(i64::from((self.rules.entry)((phase >> TONE_INDEX_SHIFT) as usize))) as i16;
        self.last
    }
}

impl Machine<Tone> for Wrong {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        (self.phase, self.increment, self.remaining, self.last) = (0, 0, 0, 0);
        self.model.reset(config)
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        let right = self.model.step(op)?;
        if matches!(right, Obs::Rejected(_)) {
            return Ok(right);
        }
        Ok(match *op {
            Op::Play { hz, ms } => {
                self.phase = (self.rules.start)(self.phase);
                self.increment = (self.rules.increment)(u64::from(hz)) as u32;
                self.remaining = (self.rules.frames)(u64::from(ms), u64::from(self.increment));
                Obs::Playing(self.remaining)
            }
            Op::Pull(frames) => {
                self.phase = (self.rules.resume)(self.phase);
                let overruns = self.rules.overruns && self.remaining > 0;
                let mut pcm = Vec::new();
                for _ in 0..frames {
                    let sample = self.frame(overruns || self.remaining > 0);
                    pcm.extend([sample, sample]);
                }
                let lost = (self.rules.group - u64::from(frames) % self.rules.group) % self.rules.group;
                self.phase = self.phase.wrapping_add(self.increment.wrapping_mul(lost as u32));
                Obs::Pcm(pcm, self.remaining)
            }
            Op::Increment(hz) => Obs::Increment((self.rules.increment)(u64::from(hz)) as u32),
            Op::Table(first) => Obs::Table((first as usize..ENTRIES).take(TABLE_SLICE as usize).map(self.rules.entry).collect()),
        })
    }
}

/// The violations, the likeliest mistakes first.
pub fn violations() -> Vec<Violation<Tone>> {
    let violation = |requirement, what, machine| Violation { requirement, what, machine };
    let mut list = vec![
        violation("TONE-003", "starts a tone at its peak", || wrong(Rules { start: |_| 1 << 30, ..RIGHT })),
        violation("TONE-003", "starts a tone at half a turn", || wrong(Rules { start: |_| 1 << 31, ..RIGHT })),
        violation("TONE-003", "starts a tone one table entry late", || wrong(Rules { start: |_| 1 << TONE_INDEX_SHIFT, ..RIGHT })),
        violation("TONE-003", "starts a tone at the phase where the last one was", || wrong(Rules { start: |phase| phase, ..RIGHT })),
        violation("TONE-003", "advances the phase before each frame, not after it", || {
            wrong(Rules { sound: |phase, increment| phase.wrapping_add(increment), ..RIGHT })
        }),
        violation("TONE-003", "restarts the tone in each pull", || wrong(Rules { resume: |_| 0, ..RIGHT })),
        violation("TONE-003", "forgets the fraction of the phase between pulls", || {
            wrong(Rules { resume: |phase| phase >> TONE_INDEX_SHIFT << TONE_INDEX_SHIFT, ..RIGHT })
        }),
        violation("TONE-003", "takes the entry that is nearest to the phase", || {
            wrong(Rules { sound: |phase, _| phase.wrapping_add(1 << (TONE_INDEX_SHIFT - 1)), ..RIGHT })
        }),
        violation("TONE-001", "rounds the increment down", || wrong(Rules { increment: |hz| (hz << 32) / RATE, ..RIGHT })),
        violation("TONE-001", "rounds the increment up", || wrong(Rules { increment: |hz| (hz << 32).div_ceil(RATE), ..RIGHT })),
        violation("TONE-001", "multiplies the frequency by a rounded increment of 1 Hz", || {
            wrong(Rules { increment: |hz| hz * (((1 << 32) + RATE / 2) / RATE), ..RIGHT })
        }),
        violation("TONE-001", "divides by 44,100", || wrong(Rules { increment: |hz| ((hz << 32) + 22_050) / 44_100, ..RIGHT })),
        violation("TONE-001", "computes the increment in 32-bit floating point", || {
            wrong(Rules { increment: |hz| (hz as f32 / RATE as f32 * 4_294_967_296.0).round() as u64, ..RIGHT })
        }),
        violation("TONE-002", "cuts off the fraction of the table's entries", || {
            wrong(Rules { entry: |index| sine(index, ENTRIES) as i16, ..RIGHT })
        }),
        violation("TONE-002", "rounds the table's entries down", || {
            wrong(Rules { entry: |index| sine(index, ENTRIES).floor() as i16, ..RIGHT })
        }),
        violation("TONE-002", "spreads a turn over 4,095 entries", || {
            wrong(Rules { entry: |index| sine(index, 4_095).round() as i16, ..RIGHT })
        }),
        violation("TONE-002", "mirrors the first quarter of the table without its last entry", || {
            wrong(Rules {
                entry: |index| match (index / (ENTRIES / 4), index % (ENTRIES / 4)) {
                    (quarter @ (1 | 3), rest) => (RIGHT.entry)(ENTRIES / 4 - 1 - rest + (quarter - 1) * (ENTRIES / 4)),
                    _ => (RIGHT.entry)(index),
                },
                ..RIGHT
            })
        }),
        violation("TONE-002", "holds a cosine", || wrong(Rules { entry: |index| (RIGHT.entry)((index + ENTRIES / 4) % ENTRIES), ..RIGHT })),
    ];
    list.extend(violations_of_sound());
    list.extend(violations_of_bounds());
    list
}

fn violations_of_sound() -> Vec<Violation<Tone>> {
    let violation = |requirement, what, machine| Violation { requirement, what, machine };
    vec![
        violation("TONE-004", "cuts off the fraction of a sample", || wrong(Rules { quieter: |entry| entry * GAIN / 65_536, ..RIGHT })),
        violation("TONE-004", "rounds samples down", || wrong(Rules { quieter: |entry| (entry * GAIN) >> 16, ..RIGHT })),
        violation("TONE-004", "takes -12 dB for a quarter", || wrong(Rules { quieter: |entry| half_away(entry * 16_384), ..RIGHT })),
        violation("TONE-004", "sounds at -6 dB", || wrong(Rules { quieter: |entry| half_away(entry * 32_846), ..RIGHT })),
        violation("TONE-004", "sounds at full scale", || wrong(Rules { quieter: |entry| entry, ..RIGHT })),
        violation("TONE-005", "sounds on the left alone", || channels(|frame| frame[1] = 0)),
        violation("TONE-005", "inverts the right channel", || channels(|frame| frame[1] = -frame[1])),
        violation("TONE-005", "gives the right channel a frame late", || {
            tampered::<Tone, i16>(|late, _, obs| match obs {
                Obs::Pcm(mut pcm, remaining) => {
                    for frame in pcm.chunks_exact_mut(2) {
                        frame[1] = std::mem::replace(late, frame[1]);
                    }
                    Obs::Pcm(pcm, remaining)
                }
                obs => obs,
            })
        }),
        violation("TONE-006", "plays one frame too many", || wrong(Rules { frames: |ms, _| ms * FRAMES + 1, ..RIGHT })),
        violation("TONE-006", "plays one frame too few", || wrong(Rules { frames: |ms, _| ms * FRAMES - 1, ..RIGHT })),
        violation("TONE-006", "counts 44.1 frames per millisecond", || wrong(Rules { frames: |ms, _| ms * 441 / 10, ..RIGHT })),
        violation("TONE-006", "plays on to the end of a whole period", || {
            let frames = |ms: u64, increment: u64| {
                let periods = (ms * FRAMES * increment).div_ceil(1 << 32);
                (periods << 32).div_ceil(increment)
            };
            wrong(Rules { frames, ..RIGHT })
        }),
        violation("TONE-006", "rounds a tone up to whole blocks", || {
            wrong(Rules { frames: |ms, _| ms.next_multiple_of(10) * FRAMES, ..RIGHT })
        }),
        violation("TONE-006", "holds the last sample after the end", || wrong(Rules { after: |last| last, ..RIGHT })),
        violation("TONE-006", "plays to the end of the pull in which the tone ends", || wrong(Rules { overruns: true, ..RIGHT })),
        violation("TONE-006", "gives a pull without the silence after the tone's end", || {
            tampered::<Tone, u64>(|left, op, obs| match (op, obs) {
                (_, Obs::Playing(frames)) => {
                    *left = frames;
                    Obs::Playing(frames)
                }
                (_, Obs::Pcm(mut pcm, remaining)) => {
                    pcm.truncate(*left as usize * 2);
                    *left = remaining;
                    Obs::Pcm(pcm, remaining)
                }
                (_, obs) => obs,
            })
        }),
        violation("TONE-008", "makes frames in groups of four and drops the rest of a pull's last group", || {
            wrong(Rules { group: 4, ..RIGHT })
        }),
    ]
}

fn channels(spoil: fn(&mut [i16])) -> Box<dyn Machine<Tone>> {
    struct Channels(fn(&mut [i16]), Box<dyn Machine<Tone>>);
    impl Machine<Tone> for Channels {
        fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
            self.1.reset(config)
        }
        fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
            let mut obs = self.1.step(op)?;
            if let Obs::Pcm(pcm, _) = &mut obs {
                pcm.chunks_exact_mut(2).for_each(self.0);
            }
            Ok(obs)
        }
    }
    Box::new(Channels(spoil, Tone::model()))
}

fn violations_of_bounds() -> Vec<Violation<Tone>> {
    let violation = |what, machine| Violation { requirement: "TONE-007", what, machine };
    vec![
        violation("stops the playing tone where it rejects another", || {
            tampered::<Tone, bool>(|stopped, op, obs| match (op, obs) {
                (Op::Play { .. }, obs) => {
                    *stopped = matches!(obs, Obs::Rejected(_));
                    obs
                }
                (_, Obs::Pcm(pcm, _)) if *stopped => Obs::Pcm(vec![0; pcm.len()], 0),
                (_, obs) => obs,
            })
        }),
        violation("clamps a frequency that is out of range", || {
            misheard::<Tone>(|op| match *op {
                Op::Play { hz, ms } => Op::Play { hz: hz.clamp(1, TONE_HZ_MAX), ms },
                Op::Increment(hz) => Op::Increment(hz.clamp(1, TONE_HZ_MAX)),
                ref op => op.clone(),
            })
        }),
        violation("clamps a duration that is out of range", || {
            misheard::<Tone>(|op| match *op {
                Op::Play { hz, ms } => Op::Play { hz, ms: ms.clamp(1, TONE_MS_MAX) },
                ref op => op.clone(),
            })
        }),
        violation("clamps a pull that is out of range", || {
            misheard::<Tone>(|op| match *op {
                Op::Pull(frames) => Op::Pull(frames.clamp(1, TONE_PULL_FRAMES_MAX)),
                ref op => op.clone(),
            })
        }),
        violation("plays half the sample rate", || {
            tampered::<Tone, ()>(|(), op, obs| match *op {
                Op::Increment(hz) if hz == SAMPLE_RATE_HZ / 2 => Obs::Increment(1 << 31),
                Op::Play { hz, ms: ms @ 1..=TONE_MS_MAX } if hz == SAMPLE_RATE_HZ / 2 => Obs::Playing(u64::from(ms) * FRAMES),
                _ => obs,
            })
        }),
        violation("rejects the highest frequency itself", || {
            misheard::<Tone>(|op| match *op {
                Op::Play { hz: TONE_HZ_MAX, ms } => Op::Play { hz: TONE_HZ_MAX + 1, ms },
                Op::Increment(TONE_HZ_MAX) => Op::Increment(TONE_HZ_MAX + 1),
                ref op => op.clone(),
            })
        }),
        violation("rejects the longest duration itself", || {
            misheard::<Tone>(|op| match *op {
                Op::Play { hz, ms: TONE_MS_MAX } => Op::Play { hz, ms: TONE_MS_MAX + 1 },
                ref op => op.clone(),
            })
        }),
        violation("rejects the largest pull itself", || {
            misheard::<Tone>(|op| if *op == Op::Pull(TONE_PULL_FRAMES_MAX) { Op::Pull(TONE_PULL_FRAMES_MAX + 1) } else { op.clone() })
        }),
        violation("gives no entries beyond the table's end, instead of rejecting", || {
            tampered::<Tone, ()>(|(), op, obs| if matches!(op, Op::Table(TONE_TABLE_ENTRIES..)) { Obs::Table(Vec::new()) } else { obs })
        }),
        violation("goes around where a table query reaches the end", || {
            tampered::<Tone, ()>(|(), op, obs| match (op, obs) {
                (Op::Table(first), Obs::Table(_)) => {
                    Obs::Table((*first as usize..).take(TABLE_SLICE as usize).map(|index| (RIGHT.entry)(index % ENTRIES)).collect())
                }
                (_, obs) => obs,
            })
        }),
    ]
}

#[cfg(test)]
mod tests {
    use super::{RIGHT, wrong};
    use model::Modelled;
    use spec::tone::Tone;
    use spec::{Contract, SplitMix64};

    #[test]
    fn wrong_machine_with_the_right_rules_is_right() {
        for seed in 0..500 {
            let case = Tone::draw(&mut SplitMix64::new(seed), 24);
            assert_eq!(wrong(RIGHT).run_case(&case), Tone::model().run_case(&case), "{seed}");
        }
    }
}
