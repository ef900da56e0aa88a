//! The platform's selftests of ticks, letters and containment: tasks that do what the challenge says.

use super::scheduler::{self, Context, Scheduler};
use super::{console::Console, timer};
use alloc::vec::Vec;
use core::cell::UnsafeCell;
use guest::selftest::Report;
use guest::tasks::{LETTER_BYTES_MAX, LETTERS_MAX, Letter, Platform, SendError, SpawnError, TaskId};
use sha2::{Digest, Sha256};
use spec::challenge::CHALLENGE_BYTES;
use spec::platform::{LEAK_BYTES, NEIGHBOUR_TICKS, SLEEPS_PER_TICK_MAX, TestFault, blocks, faults, letters};

/// The challenge, for tasks, which have no state of their own.
struct Challenge(UnsafeCell<[u8; CHALLENGE_BYTES]>);

// SAFETY: it is written once, before any task runs.
unsafe impl Sync for Challenge {}

static CHALLENGE: Challenge = Challenge(UnsafeCell::new([0; CHALLENGE_BYTES]));

/// The challenge of this boot.
pub fn challenge() -> [u8; CHALLENGE_BYTES] {
    // SAFETY: nobody writes while tasks run.
    unsafe { *CHALLENGE.0.get() }
}

/// Gives the tasks their challenge, and starts the ticks.
pub fn prepare(challenge: &[u8; CHALLENGE_BYTES], timebase: u64) {
    // SAFETY: no task runs yet.
    unsafe { *CHALLENGE.0.get() = *challenge };
    timer::start(timebase);
}

const NO_TASK: &str = "no-room-for-a-task";
const NO_LETTER: &str = "a-task-did-not-report";

fn letter() -> Result<Letter, &'static str> {
    scheduler::receive().ok_or(NO_LETTER)
}

fn number(letter: &Letter) -> Result<u64, &'static str> {
    letter.content().first_chunk().map(|bytes| u64::from_le_bytes(*bytes)).ok_or(NO_LETTER)
}

/// A task sleeps through as many blocks as the challenge says, one by one.
pub fn ticks(scheduler: &mut Scheduler, console: &mut Console) -> Result<Report, &'static str> {
    let spawned = scheduler.spawn("sleeper", sleeper);
    spawned.map_err(|SpawnError::Full| NO_TASK)?;
    let sleeps = timer::sleeps();
    scheduler.run(console);
    let sleeps = timer::sleeps().saturating_sub(sleeps);
    let [counted, elapsed] = [number(&letter()?)?, number(&letter()?)?];
    if sleeps > counted.saturating_mul(SLEEPS_PER_TICK_MAX) {
        return Err("it-did-not-sleep");
    }
    let mut digest = Sha256::new();
    digest.update(counted.to_le_bytes());
    digest.update(elapsed.to_le_bytes());
    Ok(Report { cases: counted, digest: digest.finalize().into() })
}

/// Counts the ticks that it woke at, each within its block, and the blocks that passed by the clock.
fn sleeper(context: &mut Context) {
    let start = context.tick();
    let mut counted = 0_u64;
    for tick in 1..=blocks(&challenge()) {
        context.sleep_until(start + tick);
        let now = timer::now();
        let in_block = timer::time_of(start + tick) <= now && now < timer::time_of(start + tick + 1);
        counted += u64::from(context.tick() == start + tick && in_block);
    }
    let block = timer::time_of(1) - timer::time_of(0);
    let elapsed = (timer::now() - timer::time_of(start)) / block;
    for number in [counted, elapsed] {
        let _ = context.send(TaskId::STARTER, &number.to_le_bytes());
    }
}

/// One task sends letters, another answers each with its digest; then letters that do not fit.
pub fn mail(scheduler: &mut Scheduler, console: &mut Console) -> Result<Report, &'static str> {
    let answerer = scheduler.spawn("answerer", answerer).map_err(|SpawnError::Full| NO_TASK)?;
    let sender = scheduler.spawn("sender", sender).map_err(|SpawnError::Full| NO_TASK)?;
    // The sender finds the other by its number, one below its own.
    if sender.place() != answerer.place() + 1 {
        return Err(NO_TASK);
    }
    scheduler.run(console);
    let (rounds, digest) = (letter()?, letter()?);
    Ok(Report { cases: number(&rounds)?, digest: *digest.content().first_chunk().ok_or(NO_LETTER)? })
}

fn answerer(context: &mut Context) {
    loop {
        while let Some(letter) = context.receive() {
            // An empty letter is the last.
            if letter.content().is_empty() {
                return;
            }
            let _ = context.send(letter.from, &Sha256::digest(letter.content()));
        }
        context.wait(None);
    }
}

fn sender(context: &mut Context) {
    let mut digest = Sha256::new();
    let mut rounds = 0_u64;
    let Some(other) = TaskId::at(ANSWERER) else { return };
    for letter in letters(&challenge()) {
        let sent = context.send(other, &letter);
        while sent.is_ok() {
            match context.receive() {
                Some(answer) => {
                    digest.update(answer.content());
                    rounds += 1;
                    break;
                }
                None => context.wait(None),
            }
        }
    }
    // The other does not run meanwhile, so that exactly as many fit as there are places.
    let long = context.send(other, &[0; LETTER_BYTES_MAX + 1]) == Err(SendError::TooLong);
    let fit = (0..=LETTERS_MAX).take_while(|_| context.send(other, b"x").is_ok()).count();
    let full = context.send(other, b"x") == Err(SendError::Full);
    digest.update([fit as u8, u8::from(long), u8::from(full)]);
    for _ in 0..fit {
        while context.receive().is_none() {
            context.wait(None);
        }
    }
    let _ = context.send(other, b"");
    let _ = context.send(TaskId::STARTER, &rounds.to_le_bytes());
    let _ = context.send(TaskId::STARTER, &digest.finalize());
}

/// The answerer's place: the second task of this boot.
const ANSWERER: usize = 1;

/// A task faults three times and then ends; another faults for ever and is abandoned; a third goes on.
pub fn containment(scheduler: &mut Scheduler, console: &mut Console) -> Result<Report, &'static str> {
    for (name, entry) in [("neighbour", neighbour as scheduler::Entry), ("faulty", faulty), ("hopeless", hopeless)] {
        scheduler.spawn(name, entry).map_err(|SpawnError::Full| NO_TASK)?;
    }
    scheduler.run(console);
    // One letter from each life of the two, in the order of their turns, then the neighbour's.
    let mut digest = Sha256::new();
    let mut cases = 0;
    while let Some(letter) = scheduler::receive() {
        digest.update((letter.content().len() as u64).to_le_bytes());
        digest.update(letter.content());
        cases += 1;
    }
    Ok(Report { cases, digest: digest.finalize().into() })
}

/// Goes on, whoever faults.
fn neighbour(context: &mut Context) {
    let start = context.tick();
    let mut counted = 0_u64;
    for tick in 1..=NEIGHBOUR_TICKS {
        context.sleep_until(start + tick);
        counted += 1;
    }
    let _ = context.send(TaskId::STARTER, &counted.to_le_bytes());
}

fn faulty(context: &mut Context) {
    let life = context.restarts();
    let fault = faults(&challenge()).get(life as usize).copied();
    // Leaked, and most of the arena: without a fresh one there is no second life.
    let leak: &mut [u8] = alloc::vec![life as u8 + 1; LEAK_BYTES].leak();
    let sum: u64 = leak.iter().map(|byte| u64::from(*byte)).sum();
    let name = fault.map_or("lives", |fault| match fault {
        TestFault::Trap => "trap",
        TestFault::Panic => "panic",
        TestFault::Overflow => "overflow",
    });
    let mut content: Vec<u8> = name.as_bytes().to_vec();
    content.extend(sum.to_le_bytes());
    let _ = context.send(TaskId::STARTER, &content);
    context.sleep_until(context.tick() + 2);
    match fault {
        Some(TestFault::Trap) => trap(),
        Some(TestFault::Panic) => panic!("a task that faults on purpose"),
        Some(TestFault::Overflow) => {
            core::hint::black_box(overflow(0));
        }
        None => {}
    }
}

fn hopeless(context: &mut Context) {
    context.sleep_until(context.tick() + 1);
    trap();
}

/// Executes what is no instruction.
fn trap() -> ! {
    // SAFETY: it traps, which is what it is for; nothing runs on behind it.
    unsafe { core::arch::asm!("unimp", options(noreturn)) }
}

/// Calls itself until its stack is used up.
#[expect(unconditional_recursion, reason = "an overflow of the stack is what it is for")]
fn overflow(depth: u64) -> u64 {
    let here = core::hint::black_box([depth; 32]);
    overflow(depth + 1) + here[depth as usize % 32]
}
