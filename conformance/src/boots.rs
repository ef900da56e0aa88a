//! Boots of the guest, one for each profile, and what they show of the contract `boot`.

use crate::contracts::boot::{CHECKS, FURTHER, Lie, Tamper, lies};
use crate::evidence::{Evidence, Finding, SelftestRun};
use crate::selftest::{self, Booted};
use indicatif::ProgressBar;
use model::system::SystemModel;
use qemu_runner::boot::{Guest, Mode, Options};
use qemu_runner::disk::Disk;
use qemu_runner::{Challenge, Exit, Grammar, Log, Outcome, judge};
use spec::capabilities::SUBJECTS;
use spec::idl::{Answer, Call, Request};
use spec::system::{Op, SENDERS, script};
use spec::{Failure, Machine};
use spec_files::EvidenceKind;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// The contract.
pub const CONTRACT: &str = "boot";

/// Where the guest keeps its settings.
const SETTINGS_PATH: &str = "/SETTINGS.CFG";

/// Cuts of the power in one run.
const CUTS: u64 = 2;

/// What the boots of a run bring back.
#[derive(Debug, Default)]
pub struct Shown {
    /// The boots, in order.
    pub selftests: Vec<SelftestRun>,
    /// Evidence.
    pub evidence: Vec<Evidence>,
    /// What is broken.
    pub findings: Vec<Finding>,
}

impl Shown {
    fn passed(&mut self, id: &str, kind: EvidenceKind, check: &str, count: u64, note: &str) {
        let (requirement, check, note) = (id.to_owned(), check.to_owned(), note.to_owned());
        self.evidence.push(Evidence { requirement, kind, driver: None, check, count, seed: None, passed: true, note });
    }

    fn failed(&mut self, id: &str, kind: EvidenceKind, check: &str, why: &str) {
        let evidence = Evidence {
            requirement: id.to_owned(),
            kind,
            driver: None,
            check: check.to_owned(),
            count: 1,
            seed: None,
            passed: false,
            note: String::new(),
        };
        self.evidence.push(evidence);
        self.findings.push(Finding {
            contract: CONTRACT.to_owned(),
            driver: None,
            kind,
            check: check.to_owned(),
            requirements: vec![id.to_owned()],
            message: format!("{id} broken: {CONTRACT}, found by booting ({check})\n  {why}\n  next:     cargo conform qemu\n"),
            case_file: None,
            ops: 0,
            seed: None,
        });
    }
}

/// Boots the guest of that description in each profile. With `wanted` the contract `boot` is held against what they show, and with
/// `lies` its checks prove themselves.
pub fn run(profiles: &[&str], description: &str, root: &Path, wanted: bool, with_lies: bool, progress: &ProgressBar) -> Shown {
    let mut shown = Shown::default();
    let mut boots: BTreeMap<&str, Booted> = BTreeMap::new();
    progress.set_length(profiles.len() as u64);
    for profile in profiles {
        progress.set_message((*profile).to_owned());
        let booted = selftest::run(profile, description, root, &selftest::log_path(root, profile), None);
        shown.findings.extend(booted.run.finding());
        shown.selftests.push(booted.run.clone());
        boots.insert(profile, booted);
        progress.inc(1);
    }
    if wanted {
        look(&mut shown, &boots);
        let further = further(&mut shown, &boots, description, root, progress);
        if with_lies {
            lies().iter().for_each(|lie| disprove(&mut shown, &boots, &further, lie));
        }
    }
    shown
}

/// What the logs show.
fn look(shown: &mut Shown, boots: &BTreeMap<&str, Booted>) {
    for check in CHECKS {
        let Some(booted) = boots.get(check.profile).filter(|booted| booted.run.passed) else { continue };
        let lines = booted.lines();
        let counts: Vec<usize> = check.lines.iter().map(|start| lines.iter().filter(|line| line.starts_with(start)).count()).collect();
        if let Some((start, _)) = check.lines.iter().zip(&counts).find(|(_, count)| **count == 0) {
            // A boot that passed has every line of its plan and of its model: then the challenge's script is wrong.
            shown.failed(
                check.requirement,
                EvidenceKind::Boot,
                check.name,
                &format!("no line of a boot that passed begins with {start:?}"),
            );
        } else {
            let note = format!("profile {}", check.profile);
            shown.passed(check.requirement, EvidenceKind::Boot, check.name, counts.iter().sum::<usize>() as u64, &note);
        }
    }
}

/// What the further checks looked at, for their lies.
#[derive(Default)]
struct Further {
    /// The logs of two boots with the same challenge.
    repeated: Option<[Vec<u8>; 2]>,
    /// What a cut may leave: the file before, and the file that is written.
    cut: Option<[Vec<u8>; 2]>,
    /// The file of settings that a guest left.
    settings: Option<Vec<u8>>,
    manifest: String,
}

fn further(shown: &mut Shown, boots: &BTreeMap<&str, Booted>, description: &str, root: &Path, progress: &ProgressBar) -> Further {
    let mut further = Further::default();
    let [(repeats, repeat), (records, record), (cuts, cut), (stands, stand), (keeps, keep), (exports, export)] = FURTHER else {
        return further;
    };
    if let Some(file) = boots.get("media").filter(|booted| booted.run.passed).and_then(|booted| booted.file.as_ref()) {
        shown.passed(exports, EvidenceKind::Boot, export, file.len() as u64, "bytes of the file, read from the disk's image");
    }
    if let Some(first) = boots.get("audio-diskless").filter(|booted| booted.run.passed) {
        progress.set_message("audio-diskless, once more");
        let log = selftest::log_path(root, "audio-repeated");
        let second = selftest::run("audio-diskless", description, root, &log, Some(first.challenge));
        match same(&first.log, &second.log) {
            Ok(bytes) => shown.passed(repeats, EvidenceKind::Boot, repeat, bytes, "bytes of the UART, twice the same"),
            Err(why) => shown.failed(repeats, EvidenceKind::Boot, repeat, &why),
        }
        further.repeated = Some([first.log.clone(), second.log]);
    }
    if let Some(booted) = boots.get("audio").filter(|booted| booted.run.passed)
        && let Some(file) = &booted.file
    {
        shown.passed(records, EvidenceKind::Boot, record, file.len() as u64, "bytes of the file, read from the disk's image");
        progress.set_message("cuts of the power");
        match cut_power(description, root, file) {
            Ok((count, left)) => {
                shown.passed(cuts, EvidenceKind::Boot, cut, count, "cuts, each followed by a boot that passes on the same disk");
                further.cut = Some(left);
            }
            Err(why) => shown.failed(cuts, EvidenceKind::Boot, cut, &why),
        }
        progress.set_message("settings on a disk");
        match keep_settings(description, root) {
            Ok(file) => {
                shown.passed(keeps, EvidenceKind::Boot, keep, file.len() as u64, "bytes of the settings' file, read from the disk's image");
                further.settings = Some(file);
            }
            Err(why) => shown.failed(keeps, EvidenceKind::Boot, keep, &why),
        }
        further.manifest = std::fs::read_to_string(root.join("implementation/services/Cargo.toml")).unwrap_or_default();
        match stands_on_the_core(&further.manifest, root) {
            Ok(files) => shown.passed(stands, EvidenceKind::Boot, stand, files, "source files of the services"),
            Err(why) => shown.failed(stands, EvidenceKind::Boot, stand, &why),
        }
    }
    further
}

/// Whether two logs are the same; gives their bytes.
fn same(first: &[u8], second: &[u8]) -> Result<u64, String> {
    if first == second && !first.is_empty() {
        return Ok(first.len() as u64);
    }
    let at = first.iter().zip(second).take_while(|(first, second)| first == second).filter(|(byte, _)| **byte == b'\n').count() + 1;
    Err(format!("two boots with the same challenge printed {} and {} bytes, which differ from line {at} on", first.len(), second.len()))
}

/// Whether what a cut left is the old file or the new one, as a whole.
fn whole(left: Option<&[u8]>, old: &[u8], new: &[u8]) -> Result<(), String> {
    match left {
        Some(left) if left == old || left == new => Ok(()),
        Some(left) => Err(format!(
            "a cut of the power left {} bytes, which are neither the old file's {} nor the new one's {}",
            left.len(),
            old.len(),
            new.len()
        )),
        None => Err("a cut of the power left no file where there was one".to_owned()),
    }
}

/// Kills QEMU around the moment at which the recording is written, over the file of the last boot; then boots again on the disk.
fn cut_power(description: &str, root: &Path, old: &[u8]) -> Result<(u64, [Vec<u8>; 2]), String> {
    let text = |error: std::io::Error| error.to_string();
    let image = selftest::image(description, root)?;
    let path = script::RECORDING.trim_start_matches("state:");
    let mut last = [old.to_vec(), Vec::new()];
    for cut in 0..CUTS {
        let disk = Disk::fresh().map_err(text)?;
        disk.write_file(path, old).map_err(text)?;
        let challenge = Challenge::random().map_err(|error| error.to_string())?;
        let expected = selftest::expected("audio", &challenge)?;
        let new = expected.kept.ok_or("the model records nothing")?.bytes;
        let options = Options { disk: Some(disk.path().to_owned()), ..Options::default() };
        let guest = Guest::boot(&image, Mode::Audio, &challenge, &options).map_err(|failure| failure.to_string())?;
        // The recording begins some milliseconds after the last demo program was heard.
        let deadline = Instant::now() + Duration::from_secs(10);
        while !String::from_utf8_lossy(&guest.heard().log).contains("SELFTEST: wavplay ok") {
            if Instant::now() > deadline {
                return Err("the guest did not come as far as the recording".to_owned());
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        std::thread::sleep(Duration::from_millis(4 + cut * 13));
        guest.kill();
        let left = disk.read_file(path).map_err(|error| format!("the disk can't be read after a cut: {error}"))?;
        whole(left.as_deref(), old, &new)?;
        let again = selftest::boot_on(&disk, None, description, root)?;
        if !again.run.passed {
            return Err(format!("the boot after a cut does not pass\n{}", again.run.verdict));
        }
        last = [old.to_vec(), new];
    }
    Ok((CUTS, last))
}

/// Changes a setting by a message, ends the guest, and boots again on its disk; gives the file that the first guest left.
fn keep_settings(description: &str, root: &Path) -> Result<Vec<u8>, String> {
    let failed = |failure: Failure| failure.to_string();
    let image = selftest::image(description, root)?;
    let disk = Disk::fresh().map_err(|error| error.to_string())?;
    let challenge = Challenge::random().map_err(|error| error.to_string())?;
    // A level that a boot without the file would not start with.
    let value = format!("0.{:02}", 10 + u32::from(challenge.0[0]) % 80);
    let set = Call::SettingSet { key: "audio.master.level".into(), value: value.clone().into() };
    let options = Options { disk: Some(disk.path().to_owned()), ..Options::default() };
    let mut guest = Guest::boot(&image, Mode::Services, &challenge, &options).map_err(failed)?;
    let mut frame = Vec::new();
    idl::encode_request(&Request { sequence: 1, claimed: None, call: set.clone() }, &mut frame).map_err(|error| error.to_string())?;
    let sender = SUBJECTS.iter().find(|subject| subject.name == SENDERS[0]).map_or(0, |subject| subject.id);
    let request = [&sender.to_le_bytes()[..], &0_u32.to_le_bytes(), &frame].concat();
    let response = guest.exchange(&request, Duration::from_secs(10)).map_err(failed)?;
    guest.stop();
    match idl::decode_reply(&response).map(|reply| reply.into_owned().answer) {
        Ok(Answer::Done) => {}
        other => return Err(format!("setting a level on the guest gave {other:?}")),
    }
    let left = disk.read_file(SETTINGS_PATH).map_err(|error| error.to_string())?.unwrap_or_default();
    settings_are(&left, &value)?;
    let again = selftest::boot_on(&disk, Some(&left), description, root)?;
    if again.run.passed { Ok(left) } else { Err(format!("the boot on kept settings does not pass\n{}", again.run.verdict)) }
}

/// Whether a file of settings is the model's after that level was set.
fn settings_are(left: &[u8], value: &str) -> Result<(), String> {
    let mut model = SystemModel::default();
    model.reset(&script::config(true)).map_err(|failure| failure.to_string())?.map_err(|code| code.name().to_owned())?;
    let set = Call::SettingSet { key: "audio.master.level".into(), value: value.to_owned().into() };
    model.step(&Op::Call { sender: 0, claimed: None, call: set }).map_err(|failure| failure.to_string())?;
    let expected = model.settings_file().unwrap_or_default();
    if left == expected {
        return Ok(());
    }
    Err(format!("{SETTINGS_PATH} holds {:?} where the model keeps {:?}", String::from_utf8_lossy(left), String::from_utf8_lossy(&expected)))
}

/// Whether the services' package stands on the audio core and defines neither ring nor mixer; gives the files that were looked at.
fn stands_on_the_core(manifest: &str, root: &Path) -> Result<u64, String> {
    if !manifest.lines().any(|line| line.starts_with("audio.workspace") || line.starts_with("audio = ")) {
        return Err("implementation/services does not depend on the audio core".to_owned());
    }
    let mut folders = vec![root.join("implementation/services/src")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            for own in ["struct Ring", "struct Mixer", "struct Producer", "struct Consumer", "fn mix_block", "fn soft_clip"] {
                if text.contains(own) {
                    return Err(format!("{} has a {own:?} of its own", path.display()));
                }
            }
            files += 1;
        }
    }
    Ok(files)
}

/// Lies, and sees it caught.
fn disprove(shown: &mut Shown, boots: &BTreeMap<&str, Booted>, further: &Further, lie: &Lie) {
    let caught = match &lie.how {
        Tamper::Log(profile, tamper) => {
            let Some(booted) = boots.get(profile).filter(|booted| booted.run.passed) else { return };
            let mut lines = booted.lines();
            tamper(&mut lines);
            rejected(booted, &lines)
        }
        Tamper::Repeat(tamper) => {
            let Some([first, second]) = &further.repeated else { return };
            let mut second = second.clone();
            tamper(&mut second);
            same(first, &second).is_err()
        }
        Tamper::File(profile, tamper) => {
            let Some((file, expected)) = boots.get(profile).and_then(|booted| Some((booted.file.clone()?, booted.expected.kept.as_ref()?)))
            else {
                return;
            };
            let mut file = file;
            tamper(&mut file);
            selftest::is_kept(Some(&file), expected).is_err()
        }
        Tamper::Cut(tamper) => {
            let Some([old, new]) = &further.cut else { return };
            let mut left = new.clone();
            tamper(&mut left);
            whole(Some(&left), old, new).is_err()
        }
        Tamper::Settings(tamper) => {
            let Some(file) = &further.settings else { return };
            let value = String::from_utf8_lossy(file).lines().find_map(|line| Some(line.strip_prefix("audio.master.level=")?.to_owned()));
            let mut left = file.clone();
            tamper(&mut left);
            settings_are(&left, &value.unwrap_or_default()).is_err()
        }
        Tamper::Manifest(tamper) => {
            if further.manifest.is_empty() {
                return;
            }
            let mut manifest = further.manifest.clone();
            tamper(&mut manifest);
            stands_on_the_core(&manifest, Path::new("nowhere")).is_err_and(|why| why.contains("depend"))
        }
    };
    let check = format!("violation: {}", lie.what);
    if caught {
        shown.passed(lie.requirement, EvidenceKind::Violation, &check, 1, "caught by the judge");
    } else {
        let why = format!("a guest that {} passes: {} is not really checked", lie.what, lie.requirement);
        shown.failed(lie.requirement, EvidenceKind::Violation, &check, &why);
    }
}

/// Whether the judge rejects a log of this boot.
fn rejected(booted: &Booted, lines: &[String]) -> bool {
    let grammar = Grammar::embedded();
    let Some(profile) = grammar.profile(&booted.run.profile) else { return false };
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let log = Log::read(grammar, text.as_bytes());
    let trial = judge::Trial {
        profile,
        log: &log,
        exit: Exit::Code(0),
        timed_out: false,
        challenge: Some(&booted.challenge),
        answers: Some(&booted.expected.answers),
        lines: booted.expected.lines.as_deref(),
    };
    judge::judge(grammar, &trial).outcome == Outcome::Failed
}
