//! Hand-computed vectors of the contract `ring`.

use super::RingModel;
use spec::ErrorCode::{Misaligned, OutOfRange, OversizedInput, RingFault};
use spec::ring::{Config, Layout, Obs, Op, Stats};
use spec::{ErrorCode, Machine};

fn pcm(frames: std::ops::Range<i16>) -> Vec<i16> {
    frames.flat_map(|frame| [frame, -frame]).collect()
}

fn ask(ring: &mut RingModel, op: Op) -> Obs {
    ring.step(&op).expect("a model does not fail")
}

fn stats(ring: &mut RingModel) -> Stats {
    match ask(ring, Op::Stats) {
        Obs::Stats(stats) => stats,
        other => panic!("{other:?}"),
    }
}

/// Every operation is rejected with its code and leaves no trace in the model.
fn check_rejected(ring: &RingModel, ops: impl IntoIterator<Item = (Op, ErrorCode)>) {
    for (op, code) in ops {
        let mut after = ring.clone();
        assert_eq!(ask(&mut after, op), Obs::Rejected(code));
        assert_eq!(after, *ring);
    }
}

#[test]
fn every_frame_is_usable_and_a_write_is_short_where_it_does_not_fit() {
    let mut ring = RingModel::default();
    assert_eq!(ask(&mut ring, Op::Write(pcm(0..1919))), Obs::Wrote(1919));
    assert_eq!(ask(&mut ring, Op::Write(pcm(1919..1925))), Obs::Wrote(1));
    assert_eq!(ask(&mut ring, Op::Write(pcm(1920..1925))), Obs::Wrote(0));
    assert_eq!(stats(&mut ring), Stats { written: 1920, fill: 1920, ..Stats::default() });
    assert_eq!(ask(&mut ring, Op::Read(48_000)), Obs::Pcm(pcm(0..1920)));
    assert_eq!(ask(&mut ring, Op::Read(1)), Obs::Pcm(vec![]));
}

#[test]
fn transfers_continue_at_the_start_of_the_storage() {
    let mut ring = RingModel::new(5);
    assert_eq!(ask(&mut ring, Op::Write(pcm(1..5))), Obs::Wrote(4));
    assert_eq!(ask(&mut ring, Op::Read(3)), Obs::Pcm(pcm(1..4)));
    assert_eq!(ask(&mut ring, Op::Write(pcm(5..12))), Obs::Wrote(4));
    assert_eq!(ask(&mut ring, Op::Read(9)), Obs::Pcm(pcm(4..9)));
    assert_eq!(stats(&mut ring), Stats { written: 8, read: 8, ..Stats::default() });
}

#[test]
fn underruns_count_from_the_first_full_pull_on_and_not_while_paused() {
    let mut ring = RingModel::new(8);
    assert_eq!(ask(&mut ring, Op::Pull(2)), Obs::Pcm(vec![0; 4]));
    ask(&mut ring, Op::Write(pcm(1..2)));
    assert_eq!(ask(&mut ring, Op::Pull(2)), Obs::Pcm(vec![1, -1, 0, 0]));
    // A read that finds all its frames is not a full pull.
    ask(&mut ring, Op::Write(pcm(2..3)));
    assert_eq!(ask(&mut ring, Op::Read(1)), Obs::Pcm(vec![2, -2]));
    ask(&mut ring, Op::Pull(2));
    assert_eq!(stats(&mut ring), Stats { written: 2, read: 2, ..Stats::default() });
    ask(&mut ring, Op::Write(pcm(3..6)));
    assert_eq!(ask(&mut ring, Op::Pull(2)), Obs::Pcm(pcm(3..5)));
    assert_eq!(ask(&mut ring, Op::Pull(4)), Obs::Pcm(vec![5, -5, 0, 0, 0, 0, 0, 0]));
    ask(&mut ring, Op::Write(pcm(6..7)));
    ask(&mut ring, Op::Pause);
    assert_eq!(ask(&mut ring, Op::Pull(3)), Obs::Pcm(vec![0; 6]));
    let counted = Stats { written: 6, read: 5, fill: 1, underrun_events: 1, missing_frames: 3, ..Stats::default() };
    assert_eq!(stats(&mut ring), Stats { paused: true, ..counted });
    // A raw read goes on under a pause.
    assert_eq!(ask(&mut ring, Op::Read(3)), Obs::Pcm(vec![6, -6]));
    ask(&mut ring, Op::Resume);
    ask(&mut ring, Op::Pull(3));
    assert_eq!(stats(&mut ring), Stats { read: 6, fill: 0, underrun_events: 2, missing_frames: 6, ..counted });
}

#[test]
fn a_forged_read_counter_changes_nothing_that_is_read() {
    let mut ring = RingModel::new(4);
    ask(&mut ring, Op::Write(pcm(1..4)));
    ask(&mut ring, Op::ForgeReadIndex(2));
    assert_eq!(ask(&mut ring, Op::Read(1)), Obs::Pcm(pcm(1..2)));
    // The read has published the consumer's counter again.
    assert_eq!(ask(&mut ring, Op::Write(pcm(4..9))), Obs::Wrote(2));
    // A client that lies about what was read writes over its own unread frames, and nothing else.
    ask(&mut ring, Op::ForgeReadIndex(2));
    assert_eq!(ask(&mut ring, Op::Write(pcm(9..10))), Obs::Wrote(1));
    assert_eq!(ask(&mut ring, Op::Read(4)), Obs::Rejected(RingFault));
}

#[test]
fn each_side_publishes_its_counter_even_where_no_frame_moves() {
    let mut ring = RingModel::new(4);
    ask(&mut ring, Op::Write(pcm(1..4)));
    ask(&mut ring, Op::ForgeReadIndex(9));
    assert_eq!(ask(&mut ring, Op::Write(pcm(4..5))), Obs::Rejected(RingFault));
    assert_eq!(ask(&mut ring, Op::Read(0)), Obs::Pcm(vec![]));
    assert_eq!(ask(&mut ring, Op::Write(pcm(4..9))), Obs::Wrote(1));
    ask(&mut ring, Op::ForgeWriteIndex(9));
    assert_eq!(ask(&mut ring, Op::Write(pcm(5..9))), Obs::Wrote(0));
    assert_eq!(ask(&mut ring, Op::Read(9)), Obs::Pcm(pcm(1..5)));
}

#[test]
fn a_forged_write_counter_within_the_capacity_delivers_what_the_storage_holds() {
    let mut ring = RingModel::new(4);
    ask(&mut ring, Op::Write(pcm(1..2)));
    ask(&mut ring, Op::ForgeWriteIndex(3));
    assert_eq!(stats(&mut ring), Stats { written: 1, fill: 3, ..Stats::default() });
    assert_eq!(ask(&mut ring, Op::Read(4)), Obs::Pcm(vec![1, -1, 0, 0, 0, 0]));
    // Now the consumer is ahead of the producer's own counter, which makes the read counter impossible for it.
    check_rejected(&ring, [(Op::Write(pcm(1..2)), RingFault), (Op::Write(vec![]), RingFault)]);
    ask(&mut ring, Op::ForgeReadIndex(1));
    assert_eq!(ask(&mut ring, Op::Write(vec![])), Obs::Wrote(0));
    assert_eq!(ask(&mut ring, Op::Read(0)), Obs::Rejected(RingFault));
}

#[test]
fn test_reject_everything_that_reads_after_a_fault_until_a_reset() {
    let mut ring = RingModel::new(4);
    ask(&mut ring, Op::Write(pcm(1..3)));
    ask(&mut ring, Op::ForgeWriteIndex(5));
    // Stats does not latch, and a paused pull does not look.
    assert_eq!(stats(&mut ring), Stats { written: 2, ..Stats::default() });
    ask(&mut ring, Op::Pause);
    assert_eq!(ask(&mut ring, Op::Pull(1)), Obs::Pcm(vec![0, 0]));
    assert_eq!(ask(&mut ring, Op::Read(0)), Obs::Rejected(RingFault));
    // The mended counter helps no more, and the latch goes before the pause.
    assert_eq!(ask(&mut ring, Op::Write(pcm(3..4))), Obs::Wrote(1));
    assert_eq!(stats(&mut ring), Stats { written: 3, paused: true, faulted: true, ..Stats::default() });
    check_rejected(&ring, [(Op::Pull(1), RingFault), (Op::Read(1), RingFault), (Op::Pull(0), OutOfRange), (Op::Read(48_001), OutOfRange)]);
    assert_eq!(ring.reset(&Config { capacity_frames: 4 }), Ok(Ok(())));
    assert_eq!(ring, RingModel::new(4));
}

#[test]
fn test_reject_arguments_before_counters() {
    let mut ring = RingModel::new(4);
    ask(&mut ring, Op::Write(pcm(1..3)));
    let over = vec![0; 96_001];
    let writes = [(Op::Write(over), OversizedInput), (Op::Write(vec![0; 96_002]), OversizedInput), (Op::Write(vec![1]), Misaligned)];
    check_rejected(&ring, writes.clone());
    check_rejected(&ring, [(Op::Read(48_001), OutOfRange), (Op::Pull(0), OutOfRange), (Op::Pull(481), OutOfRange)]);
    assert_eq!(ask(&mut ring.clone(), Op::Write(vec![0; 96_000])), Obs::Wrote(2));
    ask(&mut ring, Op::ForgeReadIndex(3));
    check_rejected(&ring, writes);
    check_rejected(&ring, [(Op::Write(vec![]), RingFault)]);
}

#[test]
fn test_reject_impossible_capacities() {
    let mut ring = RingModel::new(3);
    for capacity_frames in [0, 1921, u32::MAX] {
        assert_eq!(ring.reset(&Config { capacity_frames }), Ok(Err(OutOfRange)));
        assert_eq!(ring, RingModel::new(3));
    }
    assert_eq!(ring.reset(&Config { capacity_frames: 1920 }), Ok(Ok(())));
}

#[test]
fn layout_is_two_counters_on_lines_of_their_own_and_the_pcm() {
    let layout = Layout { write_index: 0, read_index: 64, pcm: 128, bytes: 7808 };
    assert_eq!(ask(&mut RingModel::default(), Op::Layout), Obs::Layout(layout));
    assert_eq!(ask(&mut RingModel::new(1), Op::Layout), Obs::Layout(layout));
}
