//! The metrics: what a snapshot tells, and the bytes of the export.

use super::stage::Stage;
use crate::commands::{Broken, Check, Held, Scene};
use model::system::SystemModel;
use serde_json::{Value, json};
use spec::Machine;
use spec::idl::{Call, Metadata};
use spec::media::Class;
use spec::media_config::{Metrics, Values};
use spec::nx_audio::NX_EXIT_MISSING_DEPENDENCY;
use spec::system::{Config, Op, SYSTEM_TICK_BLOCKS_MAX};

const METRICS: &str = "NX_MEDIA-012";

/// Blocks between two records here.
const INTERVAL: u32 = 3;

pub fn checks() -> Vec<Check> {
    vec![Check { name: "metrics_are_the_models", requirements: &[METRICS], own: false, run: metrics }]
}

/// The export of a model in which a session was published before the block of the first record that tells of it.
fn replayed(lines: &[Value], values: &Values) -> Result<Vec<u8>, Broken> {
    let mut model = SystemModel::default();
    let broken = |failure: spec::Failure| Broken::other(failure.to_string());
    let config = Config { media: *values, ..Config::default() };
    model.reset(&config).map_err(broken)?.map_err(|code| Broken::other(code.name()))?;
    let number = |line: &Value, name: &str| line[name].as_u64().unwrap_or(0) as u32;
    let mut ticked = 0;
    let mut tick = |model: &mut SystemModel, to: u32| -> Held {
        while ticked < to {
            let count = (to - ticked).min(SYSTEM_TICK_BLOCKS_MAX);
            model.step(&Op::Tick(count)).map_err(broken)?;
            ticked += count;
        }
        Ok(())
    };
    let first = |tells: fn(&Value) -> bool| lines.iter().find(|line| tells(line)).map(|line| number(line, "block"));
    let opened = first(|line| line["open_streams"] != 0).unwrap_or(0);
    let published = first(|line| line["positions"] != json!([])).unwrap_or(0);
    let call =
        |model: &mut SystemModel, call: Call<'static>| model.step(&Op::Call { sender: 0, claimed: None, call }).map(drop).map_err(broken);
    tick(&mut model, opened.saturating_sub(1))?;
    call(&mut model, Call::OpenStream("music".into()))?;
    tick(&mut model, published.saturating_sub(1))?;
    call(&mut model, Call::Publish { app: "music".into(), stream: 1, class: Class::Music, seekable: true })?;
    call(&mut model, Call::SetMetadata { session: 1, metadata: Metadata::default() })?;
    tick(&mut model, lines.last().map_or(0, |line| number(line, "block")))?;
    call(&mut model, Call::ExportMetrics)?;
    model.exported().ok_or_else(|| Broken::other("the model exported nothing"))
}

fn metrics(scene: &Scene<'_>) -> Held {
    let file = scene.path("media.json");
    std::fs::write(&file, format!(r#"{{"metrics":{{"interval_blocks":{INTERVAL}}}}}"#))
        .map_err(|error| Broken::other(error.to_string()))?;
    let values = Values::default();
    let values = Values { metrics: Metrics { interval_blocks: INTERVAL, ..values.metrics }, ..values };
    let mut stage = Stage::with(scene, true, &["--media-config", &file.display().to_string()], values)?;
    let sid = stage.session("music", Class::Music, true, "")?;
    // A record is taken with the session in it.
    let block = |stage: &Stage<'_>| Ok(stage.data(METRICS, &["metrics"])?["block"].as_u64().unwrap_or(0));
    let now = block(&stage)?;
    scene.until(METRICS, "blocks advance", || Ok(block(&stage)? > now + u64::from(INTERVAL)))?;
    let told = stage.data(METRICS, &["metrics", "--export"])?;
    let bytes = scene.written(METRICS, &stage.service.stored("media/metrics.jsonl"))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let lines: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    scene.hold(METRICS, lines.len() == text.lines().count() && !lines.is_empty(), || format!("lines that are no JSON: {text}"))?;
    let expected = replayed(&lines, &values)?;
    scene.same(METRICS, "the exported bytes", &text, &String::from_utf8_lossy(&expected).into_owned())?;
    let counts = json!({"lines": lines.len(), "bytes": bytes.len(), "removed": 0});
    scene.same(METRICS, "what metrics --export tells", told, counts)?;
    // A snapshot of what rests: the session has played its four blocks and is paused.
    stage.does(METRICS, &["play"], &[Call::Play(sid)])?;
    stage.does(METRICS, &["pause"], &[Call::PauseSession(sid)])?;
    let told = stage.data(METRICS, &["metrics"])?;
    let got = (&told["positions"], &told["active_sessions"], &told["open_streams"]);
    scene.same(METRICS, "positions, playing sessions and streams", got, (&json!([{"sid": sid, "frames": 1_920}]), &json!(0), &json!(1)))?;
    let names: Vec<&str> = told.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "active_sessions",
        "block",
        "clipped_samples",
        "dropped",
        "missing_frames",
        "open_streams",
        "peak",
        "positions",
        "rms",
        "underrun_events",
    ];
    scene.same(METRICS, "what metrics tells", names, expected)?;
    // Without /state.
    let mut without = Stage::with(scene, false, &[], Values::default())?;
    without.session("music", Class::Music, true, "")?;
    without.refused(METRICS, &["metrics", "--export"], Some(Call::ExportMetrics), NX_EXIT_MISSING_DEPENDENCY)
}
