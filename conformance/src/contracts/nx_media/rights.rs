//! Who may do what: each capability is taken away once, and exactly what needs it must fail.

use super::stage::Stage;
use crate::commands::{Check, Held, Scene};
use crate::contracts::nx_audio::rights::{grant, line};
use spec::capabilities::{Capability, Method};
use spec::capability_audit::AUDIT_REASON_POLICY;
use spec::idl::Call;
use spec::media::Class;
use spec::media_config::Values;

const DENIED: &str = "NX_MEDIA-019";

pub fn checks() -> Vec<Check> {
    vec![Check { name: "media_without_a_capability", requirements: &[DENIED], own: false, run: rights }]
}

/// Each command with the methods that it calls, up to the first of each capability, in order.
const COMMANDS: [(&[&str], &[Method]); 14] = [
    (&["list"], &[Method::MediasessdList]),
    (&["current"], &[Method::MediasessdList]),
    (&["play", "1"], &[Method::MediasessdList]),
    (&["pause", "1"], &[Method::MediasessdList]),
    (&["seek", "0", "1"], &[Method::MediasessdList]),
    (&["stop", "1"], &[Method::MediasessdList]),
    (&["player"], &[Method::MediasessdList]),
    (&["volume", "0", "1"], &[Method::MediasessdList, Method::MediasessdSetAppVolume]),
    (&["volume", "0", "1", "--alone"], &[Method::MediasessdList, Method::MediasessdSetVolume]),
    (&["volume", "0", "--app", "music"], &[Method::MediasessdSetAppVolume]),
    (&["mute", "1"], &[Method::MediasessdList, Method::MediasessdSetMuted]),
    (&["mute", "--app", "music", "--off"], &[Method::MediasessdSetAppMuted]),
    (&["metrics"], &[Method::MediasessdMetrics]),
    (&["metrics", "--export"], &[Method::MediasessdExportMetrics]),
];

/// The capabilities that those methods need, which are all that nx is granted here.
const OF_NX: [Capability; 5] = [
    Capability::MediaSessionControl,
    Capability::MediaVolumeSet,
    Capability::MediaMuteSet,
    Capability::AudioLevelRead,
    Capability::AudioLevelSet,
];

fn rights(scene: &Scene<'_>) -> Held {
    for missing in OF_NX.map(Some).into_iter().chain([None]) {
        let mut stage = Stage::with(scene, true, &["--grant", &grant("nx", &OF_NX, missing)], Values::default())?;
        stage.session("music", Class::Music, true, "One")?;
        stage.both(Call::Play(1))?;
        let mut expected = Vec::new();
        for (command, methods) in COMMANDS {
            let denied = methods.iter().copied().find(|method| Some(method.capability()) == missing);
            let said = stage.service.media(command)?;
            let (code, lacks) = (if denied.is_some() { 5 } else { 0 }, missing.map_or("nothing", Capability::name));
            let right = said.code == Some(code) && (denied.is_none() || said.out.is_empty());
            scene.hold(DENIED, right, || format!("without {lacks}: nx media {}: {said:?}, expected {code}", command.join(" ")))?;
            expected.extend(denied.map(|method| line("nx", method, AUDIT_REASON_POLICY)));
        }
        scene.until(DENIED, "the audit lines", || Ok(stage.service.audits().len() >= expected.len()))?;
        scene.same(DENIED, "the audit lines", stage.service.audits(), expected)?;
    }
    Ok(())
}
