//! Ten one-line mistakes in the implementation, each of which must be caught on every driver, naming the right requirement.
//!
//! The source tree is copied, one line of it is changed, and `conform run` must fail. Slow, because each mutation is a build, so
//! it is left out of plain test runs: `just mutations` runs it.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

struct Mutation {
    name: &'static str,
    file: &'static str,
    line: &'static str,
    instead: &'static str,
    requirement: &'static str,
    contract: &'static str,
}

const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "ring size",
        file: "implementation/audio/src/ring.rs",
        line: "        Ok(Self(frames))",
        instead: "        Ok(Self(if frames > 1 { frames - 1 } else { frames }))",
        requirement: "RING-002",
        contract: "ring",
    },
    Mutation {
        name: "wrap",
        file: "implementation/audio/src/ring.rs",
        line: "        self.at = if frames < to_end { self.at.wrapping_add(frames) } else { frames.wrapping_sub(to_end) };",
        instead: "        self.at = if frames <= to_end { self.at.wrapping_add(frames) % self.capacity } else { 0 };",
        requirement: "RING-003",
        contract: "ring",
    },
    Mutation {
        name: "short write",
        file: "implementation/audio/src/ring/producer.rs",
        line: "        Ok(taken as u32)",
        instead: "        Ok(frames as u32)",
        requirement: "RING-004",
        contract: "ring",
    },
    Mutation {
        name: "rounding",
        file: "implementation/audio/src/mixer.rs",
        line: "const HALF_Q32: i64 = 1 << 31;",
        instead: "const HALF_Q32: i64 = (1 << 31) - 1;",
        requirement: "MIXER-004",
        contract: "mixer",
    },
    Mutation {
        name: "rounding per stream",
        file: "implementation/audio/src/mixer.rs",
        line: "        Ok(self.kernel(lanes, master, out).report(frames))",
        instead: "        let (mut sum, mut one) = ([0_i32; 960], [0_i16; 960]); for lane in lanes { let part = one.get_mut(..out.len()).unwrap_or_default(); self.kernel(core::slice::from_ref(lane), Master { curve: Curve::Saturate, ..master }, part); for (total, sample) in sum.iter_mut().zip(part) { *total = total.wrapping_add(i32::from(*sample)); } } for (sample, total) in out.iter_mut().zip(sum) { *sample = clip(master.curve, total); } Ok(self.kernel(lanes, master, &mut one[..out.len()]).report(frames))",
        requirement: "MIXER-003",
        contract: "mixer",
    },
    Mutation {
        name: "clip before master",
        file: "implementation/audio/src/mixer.rs",
        line: "        Ok(self.kernel(lanes, master, out).report(frames))",
        instead: "        let report = self.kernel(lanes, Master { level: 65_536, ..master }, out).report(frames); for sample in out.iter_mut() { let product = i64::from(*sample).wrapping_mul(i64::from(master.level)); *sample = (product.wrapping_add(32_768).wrapping_sub(i64::from(product < 0)) >> 16) as i16; } Ok(report)",
        requirement: "MIXER-005",
        contract: "mixer",
    },
    Mutation {
        name: "mute forgetting the level",
        file: "implementation/audio/src/level.rs",
        line: "        self.muted = muted;",
        instead: "        (self.muted, self.q16) = (muted, if muted { 0 } else { self.q16 });",
        requirement: "LEVEL-004",
        contract: "level",
    },
    Mutation {
        name: "gain table off by one",
        file: "implementation/audio/src/gain.rs",
        line: "    let step = db_q8_8.wrapping_sub(GAIN_DB_Q8_8_MIN) as usize;",
        instead: "    let step = db_q8_8.wrapping_sub(GAIN_DB_Q8_8_MIN).wrapping_add(1) as usize;",
        requirement: "GAIN-001",
        contract: "gain",
    },
    Mutation {
        name: "tone phase",
        file: "implementation/audio/src/tone.rs",
        line: "        *self = Self { phase: 0, increment, remaining: format::ms_to_frames(ms) };",
        instead: "        *self = Self { phase: increment, increment, remaining: format::ms_to_frames(ms) };",
        requirement: "TONE-003",
        contract: "tone",
    },
    Mutation {
        name: "WAV length",
        file: "implementation/audio/src/wav.rs",
        line: "    file.extend_from_slice(&header_bytes(data as u32));",
        instead: "    file.extend_from_slice(&header_bytes((data as u32).saturating_sub(4)));",
        requirement: "WAV-002",
        contract: "wav",
    },
];

/// Copies what git tracks or would track, so that nothing built comes along. Files that did not change keep their times, so
/// that a second run builds little.
fn copy_tree(from: &Path, to: &Path) {
    let listed =
        Command::new("git").args(["ls-files", "-co", "--exclude-standard"]).current_dir(from).output().expect("git lists the files");
    for name in String::from_utf8_lossy(&listed.stdout).lines() {
        let (source, target) = (from.join(name), to.join(name));
        let Ok(bytes) = fs::read(&source) else { continue };
        if fs::read(&target).is_ok_and(|present| present == bytes) {
            continue;
        }
        fs::create_dir_all(target.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::write(&target, bytes).expect("a file can be written");
    }
}

/// Runs conformance in the copy. Gives the findings by driver, or `None` where it did not even build.
fn conform(tree: &Path, contract: &str) -> Option<Vec<(String, Vec<String>)>> {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--profile", "mutation", "--package", "conformance", "--bin", "conform", "--"])
        .args(["--root", &tree.display().to_string(), "run", "--json", "--cases", "1500", "--contract", contract])
        .current_dir(tree)
        .env("CARGO_TARGET_DIR", tree.join("target"))
        .output()
        .expect("cargo runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let Ok(record) = serde_json::from_str::<Value>(&text) else {
        panic!("no record:\n{text}\n{}", String::from_utf8_lossy(&output.stderr));
    };
    let findings = record["record"]["findings"].as_array()?;
    let strings = |value: &Value| value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect();
    Some(
        findings
            .iter()
            .map(|finding| (finding["driver"].as_str().unwrap_or("harness").to_owned(), strings(&finding["requirements"])))
            .collect(),
    )
}

#[test]
#[ignore = "eleven builds: `just mutations`"]
fn each_mutation_is_caught_on_every_driver() {
    let root = conformance::repository_root();
    let tree: PathBuf = root.join("target/mutations");
    copy_tree(&root, &tree);
    assert_eq!(conform(&tree, "ring"), Some(Vec::new()), "the unchanged implementation conforms");
    let mut missed = Vec::new();
    for mutation in MUTATIONS {
        let path = tree.join(mutation.file);
        let right = fs::read_to_string(&path).expect("the file to mutate is there");
        assert_eq!(
            right.matches(&format!("{}\n", mutation.line)).count(),
            1,
            "{}: the line to mutate must stand once in {}",
            mutation.name,
            mutation.file
        );
        fs::write(&path, right.replace(mutation.line, mutation.instead)).expect("a file can be written");
        let findings = conform(&tree, mutation.contract).unwrap_or_default();
        fs::write(&path, right).expect("a file can be written");
        for driver in ["in-process", "process", "qemu"] {
            let named: Vec<&Vec<String>> = findings.iter().filter(|(on, _)| on == driver).map(|(_, requirements)| requirements).collect();
            if named.iter().any(|requirements| requirements.iter().any(|id| id == mutation.requirement)) {
                eprintln!("{}: caught on {driver} as {}", mutation.name, mutation.requirement);
            } else {
                missed.push(format!("{} on {driver}: expected {}, found {named:?}", mutation.name, mutation.requirement));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
