//! Recorded cases of the contract `tone`.

use super::case;
use crate::suite::GoldenCase;
use spec::tone::{Op, TONE_HZ_MAX, TONE_MS_MAX, TONE_PULL_FRAMES_MAX, TONE_TABLE_ENTRIES, Tone};

/// The cases.
pub fn goldens() -> Vec<GoldenCase<Tone>> {
    let golden = |name, doc, ops| GoldenCase { name, doc, case: case(ops) };
    let play = |hz, ms| Op::Play { hz, ms };
    vec![
        golden("increments", "440 Hz gives 39,370,534; the ends of the range, and frequencies on either side of a half.", {
            [440, 1, 2, 3, 220, 997, 1_000, 11_025, 12_000, 16_000, 23_998, TONE_HZ_MAX].map(Op::Increment).to_vec()
        }),
        golden("sine_rises_and_turns", "The table from its start, over its peak, and before its end.", {
            vec![Op::Table(0), Op::Table(900), Op::Table(TONE_TABLE_ENTRIES - 24), Op::Table(TONE_TABLE_ENTRIES - 1)]
        }),
        golden("sine_falls", "The table from the second half's first entries over its lowest.", vec![Op::Table(2_040), Op::Table(2_900)]),
        golden("one_millisecond", "440 Hz for 1 ms: 48 frames from phase 0 on at -12 dB, equal channels, then silence.", {
            vec![play(440, 1), Op::Pull(48), Op::Pull(4)]
        }),
        golden("phase_goes_on_over_pulls", "Pulls of 1, 2, 3 and more frames give one sine.", {
            vec![play(1_000, 1), Op::Pull(1), Op::Pull(2), Op::Pull(3), Op::Pull(5), Op::Pull(30)]
        }),
        golden(
            "ends_within_a_pull",
            "The tone's last frame is followed by silence in the same pull.",
            vec![play(7_000, 1), Op::Pull(46), Op::Pull(5), Op::Pull(1)],
        ),
        golden(
            "replaces_at_phase_0",
            "A second tone replaces the first and starts at phase 0.",
            vec![play(440, 2), Op::Pull(10), play(1_000, 1), Op::Pull(8)],
        ),
        golden("quarter_of_the_rate", "12 kHz takes the zero crossings and the peaks alone.", vec![play(12_000, 1), Op::Pull(8)]),
        golden("highest_frequency", "23,999 Hz, the increment just below half a turn.", vec![play(TONE_HZ_MAX, 1), Op::Pull(8)]),
        golden(
            "phase_wraps",
            "The accumulator wraps and keeps its fraction over many turns.",
            vec![play(9_999, 2), Op::Pull(40), Op::Pull(40), Op::Pull(16), Op::Pull(1)],
        ),
        golden("longest_tone", "60,000 ms are 2,880,000 frames.", vec![play(440, TONE_MS_MAX), Op::Pull(2), play(440, TONE_MS_MAX - 1)]),
        golden("silence_before_any_tone", "Without a tone a pull is silence.", vec![Op::Pull(2), play(440, 1), Op::Pull(3)]),
        golden(
            "bounds",
            "Just outside each bound; the playing tone goes on where it was.",
            vec![
                play(1_000, 1),
                Op::Pull(4),
                play(0, 1),
                play(TONE_HZ_MAX + 1, 1),
                play(u32::MAX, 1),
                Op::Pull(2),
                play(440, 0),
                play(440, TONE_MS_MAX + 1),
                play(0, 0),
                Op::Pull(0),
                Op::Pull(TONE_PULL_FRAMES_MAX + 1),
                Op::Increment(0),
                Op::Increment(TONE_HZ_MAX),
                Op::Increment(TONE_HZ_MAX + 1),
                Op::Table(TONE_TABLE_ENTRIES - 1),
                Op::Table(TONE_TABLE_ENTRIES),
                Op::Pull(2),
            ],
        ),
        golden(
            "largest_pull",
            "The largest pull is taken: here a tone of 1 ms and silence.",
            vec![play(440, 1), Op::Pull(TONE_PULL_FRAMES_MAX)],
        ),
    ]
}
