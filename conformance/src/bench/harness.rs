//! Compared steps per second, and the time from boot to verdict.

use super::table::{median, rate, rounds, table};
use crate::check::check_and_go_on;
use crate::cli::select::CASE_OPS;
use crate::drivers::Driver;
use crate::engines::property::nth_case;
use crate::suite::Suite;
use spec::Case;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Rounds of each measurement.
const ROUNDS: usize = 5;

/// Cases of one round.
const CASES: u32 = 4_000;

/// Cases of one batch, where they are short.
const BATCH: usize = 256;

/// Single steps of one round: each is a round trip of its own.
const SINGLE_STEPS: usize = 20_000;

/// Operations of the long cases of [`long_focus`], and how many of these there are.
const LONG: (usize, u32) = (1_000, 128);

/// Measures the harness; of chosen contracts, their steps alone.
pub fn measure(root: &Path, cold: bool, chosen: &[String]) -> Result<String, String> {
    let is_chosen = |name: &str| chosen.is_empty() || chosen.iter().any(|it| it == name);
    let open = |description: &str| Driver::open(description, root).map_err(|failure| format!("{description}: {failure}"));
    let process = open("process")?;
    let qemu = match crate::setup::missing_for_qemu() {
        None => Some(open("qemu")?),
        Some(why) => {
            eprintln!("bench: without QEMU: {why}");
            None
        }
    };
    let mut rows = Vec::new();
    macro_rules! contracts {
        ($($module:ident => $contract:ty,)*) => {
            $(if is_chosen(<$contract as spec::Contract>::NAME) {
                rows.push(contract::<$contract>(&process, qemu.as_ref())?);
            })*
        };
    }
    spec::for_each_contract!(contracts);
    let head = ["contract", "steps per case", "in-process", "child process, batched", "child process, single", "QEMU", "QEMU, cases"];
    let mut text = table("Compared steps per second", &head, &rows);
    text.push_str(
        "\nA compared step is asked of the model and of the subject, and both answers are compared. `single` waits for each answer.\n",
    );
    if is_chosen("ring") {
        text.push_str(&short_ring(&process, qemu.as_ref())?);
    }
    if is_chosen("focus") {
        text.push_str(&long_focus(&process, qemu.as_ref())?);
    }
    if !chosen.is_empty() {
        return Ok(text);
    }
    if qemu.is_some() {
        text.push_str(&boots(root)?);
    }
    text.push_str(&whole(root, cold)?);
    Ok(text)
}

fn contract<C: Suite>(process: &Driver, qemu: Option<&Driver>) -> Result<Vec<String>, String> {
    eprintln!("bench: {}", C::NAME);
    let cases: Vec<Case<C>> = (0..CASES).map(|index| nth_case::<C>(1, index, CASE_OPS)).collect();
    let steps: u64 = cases.iter().map(|case| 1 + case.ops.len() as u64).sum();
    let compare = |driver: &Driver, cases: &[Case<C>]| compared(driver, cases, BATCH);
    let in_process = compare(&Driver::InProcess, &cases)?;
    let batched = compare(process, &cases)?;
    let single = single::<C>(process, &cases)?;
    let mut row = vec![C::NAME.to_owned(), (steps / u64::from(CASES)).to_string(), rate(steps, in_process), rate(steps, batched), single];
    match qemu {
        None => row.extend(["not run".to_owned(), "not run".to_owned()]),
        Some(qemu) => {
            let time = compare(qemu, &cases)?;
            row.extend([rate(steps, time), rate(u64::from(CASES), time)]);
        }
    }
    Ok(row)
}

/// How long the comparison of these cases takes, a batch at a time and the next one sent ahead, as the engine of random cases does it.
fn compared<C: Suite>(driver: &Driver, cases: &[Case<C>], batch: usize) -> Result<Duration, String> {
    let mut left = Driver::Model.machine::<C>().map_err(|failure| failure.to_string())?;
    let mut right = driver.machine::<C>().map_err(|failure| failure.to_string())?;
    rounds(ROUNDS, || {
        let mut batches = cases.chunks(batch);
        let mut now = batches.next().unwrap_or_default();
        right.ahead(now);
        while !now.is_empty() {
            let next = batches.next().unwrap_or_default();
            check_and_go_on(&mut *left, &mut *right, now, next).map_err(|_| format!("{} diverges: nothing to measure", C::NAME))?;
            now = next;
        }
        Ok(())
    })
}

/// One operation, one answer, one comparison at a time.
fn single<C: Suite>(driver: &Driver, cases: &[Case<C>]) -> Result<String, String> {
    let mut left = Driver::Model.machine::<C>().map_err(|failure| failure.to_string())?;
    let mut right = driver.machine::<C>().map_err(|failure| failure.to_string())?;
    let mut steps = 0;
    let time = rounds(3, || {
        steps = 0;
        for case in cases {
            let start = (left.reset(&case.config), right.reset(&case.config));
            steps += 1;
            if !matches!(start, (Ok(Ok(())), Ok(Ok(())))) {
                continue;
            }
            for op in &case.ops {
                if left.step(op) != right.step(op) {
                    return Err(format!("{} diverges: nothing to measure", C::NAME));
                }
                steps += 1;
            }
            if steps >= SINGLE_STEPS {
                break;
            }
        }
        Ok(())
    })?;
    Ok(rate(steps as u64, time))
}

/// The ring with transfers of a few frames: what the harness itself costs, without much PCM.
fn short_ring(process: &Driver, qemu: Option<&Driver>) -> Result<String, String> {
    use spec::ring::{Config, Op, Ring};
    let ops: Vec<Op> =
        (0..32).map(|index| if index % 2 == 0 { Op::Write(vec![index, -index, index, index]) } else { Op::Pull(2) }).collect();
    let many: Vec<Case<Ring>> = vec![Case { config: Config { capacity_frames: 7 }, ops }; 4_000];
    let few: Vec<Case<Ring>> = many.iter().map(|case| Case { config: case.config.clone(), ops: case.ops[..8].to_vec() }).collect();
    let measure = |driver: &Driver, cases: &[Case<Ring>]| compared(driver, cases, BATCH);
    let steps = many.len() as u64 * 33;
    let mut rows = vec![
        vec!["in-process".to_owned(), rate(steps, measure(&Driver::InProcess, &many)?)],
        vec!["child process, batched".to_owned(), rate(steps, measure(process, &many)?)],
        vec!["child process, single".to_owned(), single::<Ring>(process, &many)?],
    ];
    if let Some(qemu) = qemu {
        rows.push(vec!["QEMU".to_owned(), rate(steps, measure(qemu, &many)?)]);
        rows.push(vec!["QEMU, cases of 8 operations".to_owned(), rate(few.len() as u64, measure(qemu, &few)?)]);
    }
    Ok(table("The ring, two frames at a time", &["driver", "compared steps (cases in the last row)"], &rows))
}

/// Focus with long cases: what an event costs, without the beginnings of cases.
fn long_focus(process: &Driver, qemu: Option<&Driver>) -> Result<String, String> {
    use spec::focus::Focus;
    let (ops, cases) = LONG;
    let cases: Vec<Case<Focus>> = (0..cases).map(|index| nth_case::<Focus>(1, index, ops)).collect();
    let steps: u64 = cases.iter().map(|case| 1 + case.ops.len() as u64).sum();
    let mut rows = Vec::new();
    let drivers = [("in-process", Some(&Driver::InProcess)), ("child process, batched", Some(process)), ("QEMU", qemu)];
    for (name, driver) in drivers.into_iter().filter_map(|(name, driver)| Some((name, driver?))) {
        rows.push(vec![name.to_owned(), rate(steps, compared(driver, &cases, 8)?)]);
    }
    Ok(table(&format!("Focus, {ops} operations a case"), &["driver", "compared events"], &rows))
}

fn boots(root: &Path) -> Result<String, String> {
    eprintln!("bench: boots");
    let log = root.join("reports/uart-bench.log");
    let whats = [
        ("core", "the audio core's selftests"),
        ("contracts", "a selftest of every contract"),
        ("audio", "the media services, their selftests, the demo programs, a recording on a disk"),
        ("audio-diskless", "the same without a disk"),
    ];
    let mut rows = Vec::new();
    for (profile, what) in whats {
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let start = Instant::now();
            let run = crate::selftest::run(profile, "qemu", root, &log, None).run;
            if !run.passed {
                return Err(format!("the selftests failed:\n{}", run.verdict));
            }
            times.push(start.elapsed());
        }
        rows.push(vec![format!("`{profile}`: {what}"), format!("{:.3} s", median(times).as_secs_f64())]);
    }
    let (image, memory) = image_bytes(&crate::selftest::image("qemu", root)?)?;
    rows.push(vec!["the guest's image: code and data".to_owned(), format!("{:.2} MiB", mebibytes(image))]);
    rows.push(vec![
        "its memory without the heap: image, mailboxes, rings, the boot's stack of 1 MiB".to_owned(),
        format!("{:.2} MiB", mebibytes(memory)),
    ]);
    let of_text = "Fresh challenge, model, boot, verdict. Each task has an arena of 1 MiB and a stack of 64 KiB besides.";
    Ok(table("Boot to verdict, and the guest's size", &["what", "figure"], &rows) + "\n" + of_text + "\n")
}

fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// Bytes of an ELF image's segments, in the file and in memory.
fn image_bytes(path: &Path) -> Result<(u64, u64), String> {
    let elf = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let number = |at: usize, bytes: usize| {
        elf.get(at..at + bytes).map(|field| field.iter().rev().fold(0_u64, |number, byte| number << 8 | u64::from(*byte)))
    };
    let sum = || {
        let (start, size, count) = (number(0x20, 8)? as usize, number(0x36, 2)? as usize, number(0x38, 2)? as usize);
        let mut sums = (0, 0);
        for segment in (0..count).map(|index| start + index * size) {
            // PT_LOAD.
            if number(segment, 4)? == 1 {
                sums.0 += number(segment + 0x20, 8)?;
                sums.1 += number(segment + 0x28, 8)?;
            }
        }
        Some(sums)
    };
    sum().ok_or_else(|| format!("{} is no ELF image", path.display()))
}

/// The main job, warm and, on request, from nothing.
fn whole(root: &Path, cold: bool) -> Result<String, String> {
    eprintln!("bench: conform all");
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let ended = |what: &str, command: &mut Command| match command.stdout(Stdio::null()).stderr(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what} ended with {status}")),
        Err(error) => Err(format!("{what}: {error}")),
    };
    let time = rounds(3, || ended("`conform all`", Command::new(&program).arg("--root").arg(root).arg("all")))?;
    let mut rows = vec![vec!["warm: everything built".to_owned(), format!("{:.1} s", time.as_secs_f64())]];
    if cold {
        eprintln!("bench: cargo conformance in a fresh clone");
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        ended("git clone", Command::new("git").arg("clone").arg(root).arg(folder.path()))?;
        let start = Instant::now();
        let mut command = Command::new("cargo");
        command.arg("conformance").current_dir(folder.path()).env_remove("CARGO_TARGET_DIR");
        ended("`cargo conformance`", &mut command)?;
        let what = "cold: `cargo conformance` in a fresh clone, dependencies downloaded".to_owned();
        rows.push(vec![what, format!("{:.0} s", start.elapsed().as_secs_f64())]);
    }
    Ok(table("The whole of `conform all`", &["what", "time"], &rows))
}
