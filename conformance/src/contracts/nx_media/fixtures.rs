//! Fixtures that the tool makes and looks at, without a service.

use crate::commands::sound::{self, observed};
use crate::commands::{Broken, Check, Held, Program, Said, Scene};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use spec::level::LEVEL_UNITY_Q16;
use spec::nx_audio::NX_EXIT_VALIDATION_REJECT;
use spec::wav::{self, Wav};
use std::path::Path;

const TONE: &str = "NX_MEDIA-010";
const LOAD: &str = "NX_MEDIA-011";

pub fn checks() -> Vec<Check> {
    vec![
        Check { name: "tone_is_the_models_file", requirements: &[TONE], own: false, run: tone },
        Check { name: "load_tells_the_fixture", requirements: &[LOAD], own: false, run: load },
    ]
}

fn data(said: &Said) -> Value {
    serde_json::from_str::<Value>(&said.out).ok().and_then(|envelope| envelope.get("data").cloned()).unwrap_or_default()
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn tone(scene: &Scene<'_>) -> Held {
    for (hz, ms) in [(440, 300), (1_000, 35), (23_999, 1)] {
        let path = scene.path("tone.wav");
        let (shown, hz_text, ms_text) = (path.display().to_string(), format!("{hz}"), format!("{ms}"));
        let said = scene.run(Program::Nx, &["media", "tone", &hz_text, &ms_text, "--out", &shown, "--json"])?;
        scene.hold(TONE, said.succeeded(), || format!("tone {hz} {ms} failed: {said:?}"))?;
        let mut pcm = sound::tone(hz, ms, LEVEL_UNITY_Q16)?;
        pcm.truncate(ms as usize * 48 * 2);
        let (expected, got) = (sound::file(&pcm)?, scene.written(TONE, &path)?);
        scene.hold(TONE, got == expected, || format!("the tone {hz} {ms} is not the model's file: {} bytes", got.len()))?;
        let told = json!({"file": shown, "frames": ms * 48, "bytes": expected.len(), "sha256": hash(&expected)});
        scene.same(TONE, &format!("what tone {hz} {ms} tells"), data(&said), told)?;
    }
    // The last is a tone, but more than a fixture may hold.
    for (hz, ms) in [("0", "10"), ("24000", "10"), ("440", "0"), ("440", "60001"), ("440", "43691")] {
        let path = scene.path("none.wav");
        let said = scene.run(Program::Nx, &["media", "tone", hz, ms, "--out", &path.display().to_string()])?;
        scene.same(TONE, &format!("the exit code of tone {hz} {ms}"), said.code, Some(i32::from(NX_EXIT_VALIDATION_REJECT)))?;
        scene.hold(TONE, !path.exists(), || format!("the rejected tone {hz} {ms} left a file"))?;
    }
    Ok(())
}

fn load(scene: &Scene<'_>) -> Held {
    let folder = scene.fixtures().display().to_string();
    let names = ["tone_440_hz_200_ms.wav", "two_tones_at_half_level.wav", "eight_loud_tones_soft.wav"];
    for name in names {
        let bytes = scene.file(&format!("goldens/audio/{name}"))?;
        let Some(wav::Obs::Pcm(pcm)) = observed::<Wav>(&[wav::Op::Load(bytes.clone())])?.pop() else {
            return Err(Broken::other(format!("the model does not load {name}")));
        };
        let uri = format!("pkg://fixtures/audio/{name}");
        let said = scene.run(Program::Nx, &["media", "load", &uri, "--fixtures", &folder, "--json"])?;
        let peak = |channel: usize| pcm.iter().skip(channel).step_by(2).map(|sample| sample.unsigned_abs()).max().unwrap_or(0);
        let frames = pcm.len() / 2;
        let expected = json!({
            "file": Path::new(&folder).join("audio").join(name).display().to_string(), "frames": frames, "ms": frames / 48,
            "peak": [peak(0), peak(1)], "sha256": hash(&bytes),
        });
        scene.same(LOAD, &format!("what load tells of {name}"), data(&said), expected)?;
    }
    // A whole file, one of another rate, one that ends early, and no file at all.
    let whole = scene.file(&format!("goldens/audio/{}", names[0]))?;
    let mut rate = whole.clone();
    rate.splice(24..28, 44_100_u32.to_le_bytes());
    let (cut, path) = (whole.get(..whole.len() - 2).unwrap_or_default().to_vec(), scene.path("other.wav"));
    for (what, bytes, right) in [
        ("a whole file", &whole, true),
        ("another rate", &rate, false),
        ("half a frame less", &cut, false),
        ("nothing", &Vec::new(), false),
    ] {
        std::fs::write(&path, bytes).map_err(|error| Broken::other(error.to_string()))?;
        let accepted = matches!(observed::<Wav>(&[wav::Op::Load(bytes.clone())])?.as_slice(), [wav::Obs::Pcm(_)]);
        if accepted != right {
            return Err(Broken::other(format!("the model loads {what}: {accepted}")));
        }
        let said = scene.run(Program::Nx, &["media", "load", &path.display().to_string()])?;
        let code = if right { 0 } else { i32::from(NX_EXIT_VALIDATION_REJECT) };
        scene.same(LOAD, &format!("the exit code of load of {what}"), said.code, Some(code))?;
    }
    let outside = scene.run(Program::Nx, &["media", "load", "pkg://fixtures/../audio/x.wav", "--fixtures", &folder])?;
    scene.same(LOAD, "the exit code of a name that is no fixture's", outside.code, Some(i32::from(NX_EXIT_VALIDATION_REJECT)))
}
