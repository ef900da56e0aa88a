//! Checks of the contract `ring`.

use crate::suite::{Domain, GoldenCase, Held, Law, Suite, Violation, misconfigured, misheard, tampered};
use spec::ring::{Config, Op, RING_FRAMES, RING_PULL_FRAMES_MAX, RING_READ_FRAMES_MAX, RING_WRITE_FRAMES_MAX, Ring};
use spec::{Case, Entropy, ErrorCode, Failure, Machine, ring::Obs};

impl Suite for Ring {
    const PROPERTY: &'static [&'static str] = &[
        "RING-001", "RING-002", "RING-003", "RING-004", "RING-005", "RING-006", "RING-007", "RING-008", "RING-009", "RING-010", "RING-011",
        "RING-012", "RING-014", "RING-015",
    ];

    fn touched(case: &Case<Self>, rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        if rejected.is_some() {
            out(None, "RING-014");
            return;
        }
        let mut walk = Walk::default();
        for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
            walk.step(u64::from(case.config.capacity_frames), op, obs, &mut |id| out(Some(step), id));
        }
    }

    fn laws() -> Vec<Law<Self>> {
        vec![
            Law {
                name: "reads_give_what_writes_took",
                requirements: &["RING-001", "RING-012"],
                draw: draw_honest,
                holds: first_in_first_out,
            },
            Law { name: "missing_frames_are_what_pulls_lacked", requirements: &["RING-007"], draw: draw_honest, holds: missing_adds_up },
        ]
    }

    fn domains() -> Vec<Domain<Self>> {
        Vec::new()
    }

    fn violations() -> Vec<Violation<Self>> {
        violations()
    }

    fn goldens() -> Vec<GoldenCase<Self>> {
        goldens()
    }

    fn pcm(obs: &Obs) -> Option<&[i16]> {
        match obs {
            Obs::Pcm(pcm) => Some(pcm),
            _ => None,
        }
    }
}

/// What is known of a ring while walking along a case with the right answers.
#[derive(Default)]
struct Walk {
    written: u64,
    read: u64,
    paused: bool,
    full_pull: bool,
    forged_read: bool,
}

impl Walk {
    fn step(&mut self, capacity: u64, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (_, Obs::Rejected(ErrorCode::RingFault)) => out(if matches!(op, Op::Write(_)) { "RING-011" } else { "RING-009" }),
            (_, Obs::Rejected(_)) => out("RING-014"),
            (Op::Layout, _) => out("RING-015"),
            (Op::Write(pcm), Obs::Wrote(taken)) => {
                let asked = (pcm.len() / 2) as u64;
                let taken = u64::from(*taken);
                if taken < asked {
                    out("RING-004");
                }
                // Forged counters may be anything, so sums of them wrap.
                if taken > 0 && self.written.wrapping_add(taken) == self.read.wrapping_add(capacity) {
                    out("RING-002");
                }
                if crosses(self.written, taken, capacity) {
                    out("RING-003");
                }
                self.written = self.written.wrapping_add(taken);
                out("RING-001");
            }
            (Op::Read(asked), Obs::Pcm(pcm)) => {
                let frames = (pcm.len() / 2) as u64;
                self.give(capacity, frames, out);
                if frames < u64::from(*asked) {
                    out("RING-005");
                }
                out("RING-001");
            }
            (Op::Pull(_), Obs::Pcm(_)) if self.paused => out("RING-008"),
            (Op::Pull(asked), Obs::Pcm(_)) => {
                let asked = u64::from(*asked);
                let frames = asked.min(self.written.saturating_sub(self.read));
                self.give(capacity, frames, out);
                if frames < asked {
                    out("RING-006");
                    out(if self.full_pull { "RING-007" } else { "RING-008" });
                } else {
                    self.full_pull = true;
                    out("RING-001");
                }
            }
            (Op::Pause, _) => self.paused = true,
            (Op::Resume, _) => self.paused = false,
            (Op::ForgeReadIndex(_), _) => self.forged_read = true,
            (Op::ForgeWriteIndex(value), _) => self.written = *value,
            (Op::Stats, Obs::Stats(stats)) => {
                if stats.missing_frames > 0 {
                    out("RING-007");
                }
                if stats.faulted {
                    out("RING-009");
                }
                out("RING-012");
            }
            _ => {}
        }
    }

    fn give(&mut self, capacity: u64, frames: u64, out: &mut dyn FnMut(&'static str)) {
        if self.forged_read && frames > 0 {
            out("RING-010");
            self.forged_read = false;
        }
        if crosses(self.read, frames, capacity) {
            out("RING-003");
        }
        self.read = self.read.wrapping_add(frames);
    }
}

fn crosses(position: u64, frames: u64, capacity: u64) -> bool {
    frames > 0 && position % capacity + frames > capacity
}

/// Writes, reads and pulls alone, with whole frames: what an honest client does.
fn draw_honest(entropy: &mut dyn Entropy) -> Case<Ring> {
    let capacity_frames = entropy.between(1, 20) as u32;
    let mut next = 0_i16;
    let ops = (0..24)
        .map(|_| match entropy.below(5) {
            0..=2 => {
                let frames = entropy.below(u64::from(capacity_frames) + 3);
                let mut sample = || {
                    next = next.wrapping_add(1);
                    next
                };
                Op::Write((0..frames * 2).map(|_| sample()).collect())
            }
            3 => Op::Read(entropy.below(u64::from(capacity_frames) + 3) as u32),
            _ => Op::Pull(entropy.between(1, i64::from(capacity_frames) + 3) as u32),
        })
        .chain([Op::Stats])
        .collect();
    Case { config: Config { capacity_frames }, ops }
}

/// What the reads and pulls gave, less the silence at the end of short pulls, is what the writes took, in order.
fn first_in_first_out(machine: &mut dyn Machine<Ring>, case: &Case<Ring>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let (mut taken, mut given) = (Vec::new(), Vec::new());
    let mut expected_fill = 0_usize;
    for (step, (op, obs)) in case.ops.iter().zip(&trace.obs).enumerate() {
        match (op, obs) {
            (Op::Write(pcm), Obs::Wrote(frames)) => {
                let samples = *frames as usize * 2;
                let Some(part) = pcm.get(..samples) else {
                    return Ok(Held::No(format!("step {step} took {frames} frames of {}", pcm.len() / 2)));
                };
                taken.extend_from_slice(part);
                expected_fill += samples;
            }
            (Op::Read(_), Obs::Pcm(pcm)) => {
                given.extend_from_slice(pcm);
                expected_fill = expected_fill.saturating_sub(pcm.len());
            }
            (Op::Pull(_), Obs::Pcm(pcm)) => {
                let real = pcm.len().min(expected_fill);
                given.extend_from_slice(&pcm[..real]);
                if pcm[real..].iter().any(|&sample| sample != 0) {
                    return Ok(Held::No(format!("step {step} pulled sound that nobody wrote")));
                }
                expected_fill -= real;
            }
            (Op::Stats, Obs::Stats(stats))
                if stats.written.wrapping_sub(stats.read) != u64::from(stats.fill) || stats.fill as usize * 2 != expected_fill =>
            {
                let (fill, written, read) = (stats.fill, stats.written, stats.read);
                return Ok(Held::No(format!("step {step}: fill {fill} is not written {written} less read {read}")));
            }
            (op, Obs::Rejected(code)) => return Ok(Held::No(format!("step {step}, {op:?}, was rejected with {}", code.name()))),
            _ => {}
        }
    }
    if !taken.starts_with(&given) {
        let frame = taken.iter().zip(&given).position(|(a, b)| a != b).unwrap_or(taken.len()) / 2;
        return Ok(Held::No(format!("frame {frame} came out other than it went in")));
    }
    Ok(Held::Yes(trace.obs.len() as u64))
}

/// The missing frames of the counters are the frames that pulls lacked since the first full one.
fn missing_adds_up(machine: &mut dyn Machine<Ring>, case: &Case<Ring>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let (mut fill, mut full_pull, mut events, mut missing) = (0_u64, false, 0, 0);
    for (op, obs) in case.ops.iter().zip(&trace.obs) {
        match (op, obs) {
            (Op::Write(_), Obs::Wrote(frames)) => fill += u64::from(*frames),
            (Op::Read(_), Obs::Pcm(pcm)) => fill = fill.saturating_sub(pcm.len() as u64 / 2),
            (Op::Pull(asked), Obs::Pcm(_)) => {
                let lacking = u64::from(*asked).saturating_sub(fill);
                fill = fill.saturating_sub(u64::from(*asked));
                if lacking == 0 {
                    full_pull = true;
                } else if full_pull {
                    events += 1;
                    missing += lacking;
                }
            }
            (Op::Stats, Obs::Stats(stats)) if (stats.underrun_events, stats.missing_frames) != (events, missing) => {
                let (got_events, got_missing) = (stats.underrun_events, stats.missing_frames);
                return Ok(Held::No(format!("{got_events} events and {got_missing} missing frames, expected {events} and {missing}")));
            }
            _ => {}
        }
    }
    Ok(if events > 0 { Held::Yes(trace.obs.len() as u64) } else { Held::NotApplicable })
}

fn violations() -> Vec<Violation<Ring>> {
    let violation = |requirement, what, machine| Violation { requirement, what, machine };
    vec![
        violation("RING-001", "swaps the first two frames that it gives", || {
            tampered::<Ring, ()>(|(), op, obs| match (op, obs) {
                (Op::Read(_) | Op::Pull(_), Obs::Pcm(mut pcm)) if pcm.len() >= 4 => {
                    pcm.swap(0, 2);
                    pcm.swap(1, 3);
                    Obs::Pcm(pcm)
                }
                (_, obs) => obs,
            })
        }),
        violation("RING-003", "gives silence for what lies beyond the end of the storage", lossy_wrap),
        violation("RING-004", "says of a short write that it took everything", || {
            tampered::<Ring, ()>(|(), op, obs| match (op, obs) {
                (Op::Write(pcm), Obs::Wrote(_)) => Obs::Wrote((pcm.len() / 2) as u32),
                (_, obs) => obs,
            })
        }),
        violation("RING-004", "takes nothing of a write that does not fit", || {
            tampered::<Ring, ()>(|(), op, obs| match (op, obs) {
                (Op::Write(pcm), Obs::Wrote(taken)) if (taken as usize) < pcm.len() / 2 => Obs::Wrote(0),
                (_, obs) => obs,
            })
        }),
        violation("RING-005", "fills a short read with silence", || {
            tampered::<Ring, ()>(|(), op, obs| match (op, obs) {
                (Op::Read(asked), Obs::Pcm(mut pcm)) => {
                    pcm.resize(*asked as usize * 2, 0);
                    Obs::Pcm(pcm)
                }
                (_, obs) => obs,
            })
        }),
        violation("RING-006", "gives a short pull without its silence", || {
            tampered::<Ring, ()>(|(), op, obs| match (op, obs) {
                (Op::Pull(_), Obs::Pcm(mut pcm)) => {
                    while pcm.ends_with(&[0, 0]) {
                        pcm.truncate(pcm.len() - 2);
                    }
                    Obs::Pcm(pcm)
                }
                (_, obs) => obs,
            })
        }),
        violation("RING-007", "counts each underrun twice", || stats_tampered(|stats| stats.underrun_events *= 2)),
        violation("RING-007", "counts events instead of missing frames", || {
            stats_tampered(|stats| stats.missing_frames = stats.underrun_events)
        }),
        violation("RING-008", "counts underruns before the first full pull", || {
            tampered::<Ring, u64>(|early, op, obs| match (op, obs) {
                (Op::Pull(_), obs) => {
                    *early += 1;
                    obs
                }
                (_, Obs::Stats(mut stats)) if *early > 0 && stats.underrun_events == 0 && stats.read == 0 => {
                    stats.underrun_events = *early;
                    Obs::Stats(stats)
                }
                (_, obs) => obs,
            })
        }),
        violation("RING-008", "plays on while paused", || {
            misheard::<Ring>(|op| if matches!(op, Op::Pause) { Op::Resume } else { op.clone() })
        }),
        violation("RING-009", "reads on after a fault", || {
            tampered::<Ring, ()>(|(), op, obs| match (op, obs) {
                (Op::Read(_), Obs::Rejected(ErrorCode::RingFault)) => Obs::Pcm(Vec::new()),
                (Op::Pull(asked), Obs::Rejected(ErrorCode::RingFault)) => Obs::Pcm(vec![0; *asked as usize * 2]),
                (_, obs) => obs,
            })
        }),
        violation("RING-010", "reads from where the client says", || {
            tampered::<Ring, bool>(|forged, op, obs| match (op, obs) {
                (Op::ForgeReadIndex(_), obs) => {
                    *forged = true;
                    obs
                }
                (Op::Read(_), Obs::Pcm(pcm)) if *forged && !pcm.is_empty() => {
                    *forged = false;
                    Obs::Pcm(pcm[2..].to_vec())
                }
                (_, obs) => obs,
            })
        }),
        violation("RING-011", "writes although the read counter is impossible", || {
            tampered::<Ring, ()>(|(), op, obs| match (op, obs) {
                (Op::Write(pcm), Obs::Rejected(ErrorCode::RingFault)) => Obs::Wrote((pcm.len() / 2) as u32),
                (_, obs) => obs,
            })
        }),
        violation("RING-002", "has room for one frame less", || {
            misconfigured::<Ring>(|config| Config {
                capacity_frames: if config.capacity_frames > 1 { config.capacity_frames - 1 } else { config.capacity_frames },
            })
        }),
        violation("RING-002", "has room for one frame more", || {
            misconfigured::<Ring>(|config| Config {
                capacity_frames: if (1..RING_FRAMES).contains(&config.capacity_frames) {
                    config.capacity_frames + 1
                } else {
                    config.capacity_frames
                },
            })
        }),
        violation("RING-012", "keeps its counters in 8 bits", || stats_tampered(|stats| stats.written &= 0xff)),
        violation("RING-014", "drops the odd sample of half a frame", || {
            misheard::<Ring>(|op| match op {
                Op::Write(pcm) if pcm.len() % 2 == 1 => Op::Write(pcm[..pcm.len() - 1].to_vec()),
                op => op.clone(),
            })
        }),
        violation("RING-015", "puts the counters side by side", || {
            tampered::<Ring, ()>(|(), _, obs| match obs {
                Obs::Layout(mut layout) => {
                    layout.read_index = 8;
                    Obs::Layout(layout)
                }
                obs => obs,
            })
        }),
    ]
}

fn stats_tampered(tamper: fn(&mut spec::ring::Stats)) -> Box<dyn Machine<Ring>> {
    struct StatsTampered(Box<dyn Machine<Ring>>, fn(&mut spec::ring::Stats));
    impl Machine<Ring> for StatsTampered {
        fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
            self.0.reset(config)
        }
        fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
            let mut obs = self.0.step(op)?;
            if let Obs::Stats(stats) = &mut obs {
                (self.1)(stats);
            }
            Ok(obs)
        }
    }
    Box::new(StatsTampered(<Ring as model::Modelled>::model(), tamper))
}

/// Follows the read position, and silences in each answer what lies beyond the end of the storage.
fn lossy_wrap() -> Box<dyn Machine<Ring>> {
    struct LossyWrap {
        inner: Box<dyn Machine<Ring>>,
        capacity: u64,
    }
    impl Machine<Ring> for LossyWrap {
        fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
            self.capacity = u64::from(config.capacity_frames);
            self.inner.reset(config)
        }
        fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
            let before = self.inner.step(&Op::Stats)?;
            let obs = self.inner.step(op)?;
            Ok(match (op, before, obs) {
                (Op::Read(_) | Op::Pull(_), Obs::Stats(stats), Obs::Pcm(mut pcm)) if self.capacity > 0 => {
                    let until_end = (self.capacity - stats.read % self.capacity) as usize;
                    for sample in pcm.iter_mut().skip(until_end * 2) {
                        *sample = 0;
                    }
                    Obs::Pcm(pcm)
                }
                (_, _, obs) => obs,
            })
        }
    }
    Box::new(LossyWrap { inner: <Ring as model::Modelled>::model(), capacity: 1 })
}

fn counted(first: i16, frames: usize) -> Op {
    Op::Write((0..frames).flat_map(|frame| [first + frame as i16, -(first + frame as i16)]).collect())
}

fn goldens() -> Vec<GoldenCase<Ring>> {
    let engine = Config::default();
    let small = |capacity_frames| Config { capacity_frames };
    let golden = |name, doc, config, ops| GoldenCase { name, doc, case: Case { config, ops } };
    vec![
        golden(
            "in_order",
            "Frames come out as they went in; a short read gives what there is.",
            small(8),
            vec![counted(1, 3), Op::Read(2), counted(10, 2), Op::Read(9), Op::Read(1), Op::Stats],
        ),
        golden(
            "whole_capacity",
            "The engine's ring takes 1,920 frames and not one more.",
            engine.clone(),
            vec![counted(1, 1919), counted(2000, 2), counted(3000, 1), Op::Stats, Op::Read(1920), Op::Stats],
        ),
        golden(
            "short_write",
            "A write takes what fits and overwrites nothing.",
            small(4),
            vec![counted(1, 3), counted(10, 3), Op::Read(9)],
        ),
        golden(
            "wrap",
            "Transfers that cross the end of the storage go on at its start, on both sides.",
            small(5),
            vec![counted(1, 4), Op::Read(3), counted(10, 4), Op::Read(2), counted(20, 2), Op::Pull(5)],
        ),
        golden(
            "underrun",
            "Silence after what is there; counted from the first full pull on, event by event.",
            small(8),
            vec![Op::Pull(2), Op::Stats, counted(1, 2), Op::Pull(2), counted(5, 1), Op::Pull(4), Op::Pull(3), Op::Stats],
        ),
        golden(
            "pause",
            "A paused pull is silence, consumes nothing and counts nothing.",
            small(8),
            vec![counted(1, 4), Op::Pull(1), Op::Pause, Op::Pull(2), Op::Stats, Op::Resume, Op::Pull(4), Op::Stats],
        ),
        golden(
            "forged_write_index",
            "More than a ring's worth between the counters faults the stream for good.",
            small(4),
            vec![counted(1, 2), Op::ForgeWriteIndex(5), Op::Pull(1), Op::Stats, counted(9, 1), Op::Read(1), Op::Stats],
        ),
        golden(
            "forged_write_index_backwards",
            "A write counter behind the read counter is a fault, too.",
            small(4),
            vec![counted(1, 2), Op::Read(2), Op::ForgeWriteIndex(1), Op::Read(1), Op::Stats],
        ),
        golden(
            "forged_write_index_in_range",
            "A forged counter in range shows old memory, and is no fault.",
            small(4),
            vec![counted(1, 1), Op::ForgeWriteIndex(3), Op::Read(4), Op::Stats],
        ),
        golden(
            "forged_read_index",
            "The consumer reads from its own counter, whatever stands in the shared one.",
            small(4),
            vec![counted(1, 3), Op::ForgeReadIndex(2), Op::Read(2), Op::Read(2), Op::Stats],
        ),
        golden(
            "forged_read_index_stops_the_producer",
            "A producer that finds an impossible read counter writes nothing.",
            small(4),
            vec![counted(1, 1), Op::ForgeReadIndex(2), counted(5, 1), Op::Stats, Op::Read(1), counted(7, 1), Op::Read(2)],
        ),
        golden(
            "bounds",
            "Each bound from both sides.",
            small(4),
            vec![
                Op::Write(vec![1]),
                Op::Write(vec![0; RING_WRITE_FRAMES_MAX as usize * 2 + 2]),
                Op::Read(RING_READ_FRAMES_MAX),
                Op::Read(RING_READ_FRAMES_MAX + 1),
                Op::Pull(0),
                Op::Pull(RING_PULL_FRAMES_MAX),
                Op::Pull(RING_PULL_FRAMES_MAX + 1),
                Op::Stats,
            ],
        ),
        golden("no_capacity", "A ring without room is rejected.", small(0), vec![]),
        golden("too_much_capacity", "A ring larger than the engine's is rejected.", small(RING_FRAMES + 1), vec![]),
        golden("layout", "The shared memory is laid out as documented.", engine, vec![Op::Layout]),
    ]
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::ring::Ring;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Ring>();
    }
}
