//! Who may do what: each capability is taken away once, and exactly what needs it must fail.

use crate::commands::{Check, Held, Program, Said, Scene, Service};
use spec::capabilities::{Capability, Method, SUBJECTS};
use spec::capability_audit::{AUDIT_REASON_CONSENT, AUDIT_REASON_POLICY};

const DENIED: &str = "NX_AUDIO-022";
const AUDITED: &str = "NX_AUDIO-023";

pub fn checks() -> Vec<Check> {
    vec![
        Check { name: "without_a_capability", requirements: &[DENIED, AUDITED], own: false, run: commands },
        Check { name: "without_consent", requirements: &[DENIED, AUDITED], own: false, run: consent },
        Check { name: "demos_without_a_capability", requirements: &[DENIED, AUDITED], own: false, run: demos },
    ]
}

/// Each command with the methods that it calls, in order.
const COMMANDS: [(&[&str], &[Method]); 9] = [
    (&["info"], &[Method::AudiodDefaultFormat, Method::AudiodSinkState, Method::AudiodGetLevel]),
    (&["level", "0.5"], &[Method::AudiodSetLevel, Method::AudiodGetLevel]),
    (&["level", "--mute"], &[Method::AudiodSetMuted, Method::AudiodGetLevel]),
    (&["tone", "440", "10"], &[Method::AudiodPlayTone]),
    (&["stats"], &[Method::AudiodStats]),
    (&["meters", "--count", "1"], &[Method::AudiodMeters]),
    (&["sink", "null"], &[Method::AudiodSelectSink, Method::AudiodDefaultFormat]),
    (&["record", "start", "state:/a.wav"], &[Method::AudiodRecordStart]),
    (&["record", "stop"], &[Method::AudiodRecordStop]),
];

/// The capabilities that those methods need, which are all that nx is granted here.
const OF_NX: [Capability; 4] = [Capability::AudioLevelRead, Capability::AudioLevelSet, Capability::AudioTonePlay, Capability::AudioRecord];

/// The demo programs' methods, in the order in which they first call them.
const OF_DEMOS: [Method; 5] =
    [Method::AudiodOpenStream, Method::AudiodWrite, Method::AudiodStart, Method::AudiodPosition, Method::AudiodClose];

/// A grant of all of these but one.
pub(in crate::contracts) fn grant(program: &str, all: &[Capability], missing: Option<Capability>) -> String {
    let names: Vec<&str> = all.iter().filter(|held| Some(**held) != missing).map(|held| held.name()).collect();
    format!("{program}={}", names.join(","))
}

/// The audit line of a denied call.
pub(in crate::contracts) fn line(program: &str, method: Method, reason: u16) -> String {
    let subject = SUBJECTS.iter().find(|subject| subject.name == program).map_or(0, |subject| subject.id);
    let entry = method.entry();
    format!("audit: subject=0x{subject:016x} action={}.{} decision=deny reason={reason}", entry.service, entry.name)
}

/// A denied command says so and nothing else; one that is not denied succeeds.
fn ended(scene: &Scene<'_>, what: &str, said: &Said, denied: Option<Method>) -> Held {
    let expected = if denied.is_some() { 5 } else { 0 };
    scene.hold(DENIED, said.code == Some(expected) && (denied.is_none() || !said.out.contains("nx: audio")), || {
        format!("{what}, of which {denied:?} is denied\n  expected: exit code {expected}\n  got:      {said:?}")
    })
}

/// The log holds exactly these audit lines.
fn audited(scene: &Scene<'_>, service: &Service<'_>, expected: &[String]) -> Held {
    scene.until(AUDITED, &format!("{} audit lines", expected.len()), || Ok(service.audits().len() >= expected.len()))?;
    scene.same(AUDITED, "the audit lines", service.audits(), expected)
}

fn commands(scene: &Scene<'_>) -> Held {
    for missing in OF_NX.map(Some).into_iter().chain([None]) {
        let service = Service::with(scene, true, &["--grant", &grant("nx", &OF_NX, missing), "--consent", "nx:audio.record"])?;
        let mut expected = Vec::new();
        for (command, methods) in COMMANDS {
            let denied = methods.iter().copied().find(|method| Some(method.capability()) == missing);
            let what = format!("without {}: {}", missing.map_or("nothing", Capability::name), command.join(" "));
            ended(scene, &what, &service.nx(command)?, denied)?;
            expected.extend(denied.map(|method| line("nx", method, AUDIT_REASON_POLICY)));
        }
        audited(scene, &service, &expected)?;
    }
    Ok(())
}

fn consent(scene: &Scene<'_>) -> Held {
    let service = Service::with(scene, true, &[])?;
    let start = ["record", "start", "state:/a.wav"];
    ended(scene, "a recording without consent", &service.nx(&start)?, Some(Method::AudiodRecordStart))?;
    ended(scene, "info", &service.nx(&["info"])?, None)?;
    scene.hold(DENIED, !service.stored("a.wav").exists(), || "a recording that was denied left a file".to_owned())?;
    audited(scene, &service, &[line("nx", Method::AudiodRecordStart, AUDIT_REASON_CONSENT)])
}

fn demos(scene: &Scene<'_>) -> Held {
    let fixtures = scene.fixtures().display().to_string();
    let tonegen = ["440", "20"];
    let wavplay = ["pkg://fixtures/audio/two_tones_at_half_level.wav", "--fixtures", &fixtures];
    let needed = [Capability::AudioStreamOpen, Capability::AudioStreamWrite, Capability::AudioStreamControl];
    for (name, program, arguments) in [("tonegen", Program::Tonegen, &tonegen[..]), ("wavplay", Program::Wavplay, &wavplay)] {
        for missing in needed.map(Some).into_iter().chain([None]) {
            let service = Service::with(scene, false, &["--grant", &grant(name, &needed, missing)])?;
            let denied = OF_DEMOS.into_iter().find(|method| Some(method.capability()) == missing);
            let what = format!("{name} without {}", missing.map_or("nothing", Capability::name));
            ended(scene, &what, &service.run(program, arguments)?, denied)?;
            let expected: Vec<String> = denied.map(|method| line(name, method, AUDIT_REASON_POLICY)).into_iter().collect();
            audited(scene, &service, &expected)?;
            // What was denied leaves nothing open.
            scene.until(DENIED, "no stream stays open", || Ok(service.data(DENIED, &["stats"])?["open_streams"] == 0))?;
        }
    }
    Ok(())
}
