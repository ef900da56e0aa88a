//! The table of tasks, its letters and its ticks.

use super::super::{LETTER_BYTES_MAX, LETTERS_MAX, TICKS_PER_SECOND, Ticker};
use super::*;

fn table(count: usize) -> (Table, Vec<TaskId>) {
    let mut table = Table::default();
    let ids = (0..count).map(|_| table.spawn("task").unwrap()).collect();
    (table, ids)
}

#[test]
fn ready_tasks_take_turns() {
    let (mut table, ids) = table(3);
    let order: Vec<Next> = (0..7).map(|_| table.next(0)).collect();
    assert_eq!(order, [0, 1, 2, 0, 1, 2, 0].map(|place| Next::Run(ids[place])));
}

#[test]
fn a_task_that_waits_runs_at_its_tick_or_with_a_letter() {
    let (mut table, ids) = table(2);
    table.wait(ids[0], Some(5));
    table.wait(ids[1], None);
    assert_eq!((table.next(4), table.next(5)), (Next::Sleep, Next::Run(ids[0])));
    table.wait(ids[0], Some(9));
    table.send(ids[0], ids[1], b"letter").unwrap();
    assert_eq!(table.next(5), Next::Run(ids[1]));
    let letter = table.receive(ids[1]).unwrap();
    assert_eq!((letter.from, letter.content()), (ids[0], &b"letter"[..]));
    table.wait(ids[1], None);
    assert_eq!(table.next(8), Next::Sleep);
    table.end(ids[0]);
    // Nobody is left who could send what the other waits for.
    assert_eq!(table.next(100), Next::Done);
}

#[test]
fn letters_arrive_whole_and_in_order() {
    let (mut table, ids) = table(2);
    for round in 0..5_u8 {
        for number in 0..6_u8 {
            table.send(ids[0], ids[1], &vec![number; usize::from(round) * 60]).unwrap();
        }
        for number in 0..6_u8 {
            assert_eq!(table.receive(ids[1]).unwrap().content(), vec![number; usize::from(round) * 60]);
        }
        assert_eq!(table.receive(ids[1]), None);
    }
    table.send(ids[0], TaskId::STARTER, b"done").unwrap();
    assert_eq!(table.receive(TaskId::STARTER).unwrap().content(), b"done");
}

#[test]
fn test_reject_letters() {
    let (mut table, ids) = table(2);
    assert_eq!(table.send(ids[0], ids[1], &[0; LETTER_BYTES_MAX + 1]), Err(SendError::TooLong));
    for number in 0..LETTERS_MAX {
        assert_eq!(table.send(ids[0], ids[1], &[number as u8; LETTER_BYTES_MAX]), Ok(()));
    }
    assert_eq!(table.send(ids[0], ids[1], b""), Err(SendError::Full));
    assert_eq!(table.receive(ids[1]).unwrap().content(), [0; LETTER_BYTES_MAX], "what waited waits still");
    assert_eq!(table.send(ids[0], ids[1], b""), Ok(()));
    table.end(ids[1]);
    assert_eq!(table.send(ids[0], ids[1], b""), Err(SendError::Nobody));
    assert_eq!(table.send(ids[0], TaskId::at(5).unwrap(), b""), Err(SendError::Nobody));
    assert_eq!(table.receive(ids[1]), None);
}

#[test]
fn test_reject_more_tasks_than_places() {
    let (mut table, ids) = table(TASKS_MAX);
    assert_eq!(table.spawn("one more"), Err(SpawnError::Full));
    assert!(TaskId::at(TASKS_MAX).is_none() && ids.len() == TASKS_MAX);
}

#[test]
fn a_fault_restarts_with_fresh_letters_until_the_bound() {
    let (mut table, ids) = table(2);
    for restarts in 1..=RESTARTS_MAX {
        table.send(ids[1], ids[0], b"old").unwrap();
        assert_eq!(table.fault(ids[0]), Verdict::Restart(restarts));
        assert_eq!((table.receive(ids[0]), table.restarts(ids[0])), (None, restarts));
        assert_eq!(table.next(0), Next::Run(ids[usize::from(restarts % 2 == 0)]), "the other goes on");
        table.turn = usize::from(restarts % 2 == 1);
    }
    assert_eq!(table.fault(ids[0]), Verdict::Abandon);
    assert_eq!(table.send(ids[1], ids[0], b""), Err(SendError::Nobody));
    assert_eq!([table.next(0), table.next(0)], [Next::Run(ids[1]); 2]);
    table.end(ids[1]);
    assert_eq!(table.next(0), Next::Done);
}

#[test]
fn ticks_do_not_drift() {
    // A rate that 100 does not divide: the thousandth tick is at 10 s sharp.
    let mut ticker = Ticker::new(7, 32_768);
    let mut counted = 0;
    let mut late = 0_u64;
    while ticker.ticks() < 1000 {
        // Each tick is seen some time after its deadline, even by more than a tick.
        late = (late * 5 + 3) % 701;
        counted += ticker.advance(ticker.deadline() + late);
    }
    assert_eq!((counted, ticker.time_of(1000)), (ticker.ticks(), 7 + 10 * 32_768));
    assert_eq!(ticker.advance(0), 0, "a time that goes back counts nothing");
    let mut exact = Ticker::new(0, 10_000_000);
    for tick in 1..=1000 {
        let deadline = exact.deadline();
        assert_eq!((deadline, exact.advance(deadline - 1), exact.advance(deadline), exact.ticks()), (tick * 100_000, 0, 1, tick));
    }
    // After a long stop every tick is counted at once.
    assert_eq!(exact.advance(3600 * 10_000_000), 3600 * TICKS_PER_SECOND - 1000);
    let mut extreme = Ticker::new(0, 1);
    extreme.advance(u64::MAX);
    assert!(extreme.deadline() > 0);
}
