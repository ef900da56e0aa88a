//! Volumes and mutes: what is set is what is heard.

use super::stage::Stage;
use crate::commands::sound::{self, BLOCK_SAMPLES};
use crate::commands::{Broken, Check, Held, Scene};
use spec::idl::{Call, Gain, Mute};
use spec::media::Class;
use spec::nx_audio::{NX_EXIT_DELEGATE_FAILURE, NX_EXIT_USAGE, NX_EXIT_VALIDATION_REJECT};

const VOLUME: &str = "NX_MEDIA-008";
const MUTE: &str = "NX_MEDIA-009";

pub fn checks() -> Vec<Check> {
    vec![
        Check { name: "volume_of_app_and_session", requirements: &[VOLUME], own: false, run: volume },
        Check { name: "mute_restores_the_samples", requirements: &[MUTE], own: false, run: mute },
    ]
}

fn volume(scene: &Scene<'_>) -> Held {
    let mut stage = Stage::start(scene)?;
    let one = stage.session("music", Class::Music, true, "One")?;
    let two = stage.session("music", Class::Music, true, "Two")?;
    let calls = stage.session("calls", Class::Comms, true, "Call")?;
    let of_app = |app: &'static str, db_q8_8| [Call::SetAppVolume { app: app.into(), db_q8_8 }];
    // Steps of 1/256 dB, to the nearest.
    for (db, steps) in
        [("-6", -1_536), ("-6.5", -1_664), ("3.14", 804), ("12", 3_072), ("-96", -24_576), ("0.001", 0), ("0.002", 1), ("0", 0)]
    {
        stage.does(VOLUME, &["volume", db, &two.to_string()], &of_app("music", steps))?;
    }
    stage.does(VOLUME, &["volume", "-3", &one.to_string(), "--alone"], &[Call::SetVolume(Gain { id: one, db_q8_8: -768 })])?;
    stage.does(VOLUME, &["volume", "-9"], &of_app("calls", -2_304))?;
    stage.does(VOLUME, &["volume", "-1", "--app", "music"], &of_app("music", -256))?;
    // An app's volume is kept for the sessions to come.
    stage.does(VOLUME, &["volume", "-12", "--app", "later"], &of_app("later", -3_072))?;
    stage.session("later", Class::Ui, false, "")?;
    stage.agree(VOLUME, "a session of an app whose volume was set before")?;
    for (db, steps) in [("12.01", 3_075), ("-96.01", -24_579), ("100", 25_600)] {
        let call = |db_q8_8| Call::SetVolume(Gain { id: calls, db_q8_8 });
        stage.refused(VOLUME, &["volume", db, &calls.to_string(), "--alone"], Some(call(steps)), NX_EXIT_VALIDATION_REJECT)?;
        stage.refused(VOLUME, &["volume", db, "--app", "music"], Some(of_app("music", steps)[0].clone()), NX_EXIT_VALIDATION_REJECT)?;
    }
    stage.refused(VOLUME, &["volume", "1000"], None, NX_EXIT_VALIDATION_REJECT)?;
    stage.refused(VOLUME, &["volume", "NaN"], None, NX_EXIT_VALIDATION_REJECT)?;
    stage.refused(VOLUME, &["volume", "loud"], None, NX_EXIT_USAGE)?;
    let nobody = Call::SetVolume(Gain { id: 99, db_q8_8: 0 });
    stage.refused(VOLUME, &["volume", "0", "99", "--alone"], Some(nobody), NX_EXIT_DELEGATE_FAILURE)
}

fn mute(scene: &Scene<'_>) -> Held {
    let mut stage = Stage::start(scene)?;
    let sid = stage.session("music", Class::Music, true, "One")?;
    let stream = stage.expected()?.of(sid).map_or(0, |session| session.stream);
    let name = sid.to_string();
    stage.service.does(MUTE, &["record", "start", "state:/audio/out.wav"])?;
    stage.does(MUTE, &["play"], &[Call::Play(sid)])?;
    let mut heard = spec::audiod::pattern(stream * 4 + 2, spec::ring::RING_FRAMES);
    let own = |muted| [Call::SetSessionMuted(Mute { id: sid, muted })];
    let of_app = |muted| [Call::SetAppMuted { app: "music".into(), muted }];
    let steps: [(&[&str], [Call<'static>; 1], bool); 6] = [
        (&["mute"], own(true), false),
        (&["mute", "--off"], own(false), true),
        (&["mute", "--app", "music"], of_app(true), false),
        (&["mute", &name], own(true), false),
        (&["mute", "--app", "music", "--off"], of_app(false), false),
        (&["mute", &name, "--off"], own(false), true),
    ];
    for (seed, (command, calls, sounds)) in (50..).step_by(4).zip(steps) {
        stage.does(MUTE, command, &calls)?;
        let samples = stage.fill(stream, seed + 2)?;
        stage.agree(MUTE, "four blocks more")?;
        if sounds {
            heard.extend(samples);
        }
    }
    stage.service.does(MUTE, &["record", "stop"])?;
    let recorded = sound::samples(&stage.service.recording("audio/out.wav")?).map_err(|why| Broken::of(MUTE, why))?;
    let blocks = recorded.chunks(BLOCK_SAMPLES).filter(|block| block.iter().any(|sample| *sample != 0));
    let sounding: Vec<i16> = blocks.flatten().copied().collect();
    let expected = sound::streamed(&heard)?;
    scene.hold(MUTE, sounding == expected, || {
        let first = sounding.iter().zip(&expected).position(|(got, expected)| got != expected);
        format!("{} samples sound, expected {}; the first that differs: {first:?}", sounding.len(), expected.len())
    })?;
    stage.refused(MUTE, &["mute", "99"], Some(Call::SetSessionMuted(Mute { id: 99, muted: true })), NX_EXIT_DELEGATE_FAILURE)
}
