//! The recorded cases in `goldens/`.
//!
//! `goldens/<contract>/<name>.json` holds a case, its doc, the requirements that it touches and the model's trace. A few
//! results of several contracts together are recorded as WAV files (`goldens/audio/*.wav`, see [`crate::audio_goldens`]), and the
//! pictures of `pkg://fixtures/artwork/` are `goldens/artwork/*.png`: the folder is what `pkg://fixtures/` names; the
//! mini-player's frames as PNG files (`goldens/miniplayer/*.png`).
//! cases that were found and kept ([`crate::kept`]) are recorded beside
//! those that the contracts declare. `goldens/manifest.json` lists the SHA-256 of every file; a file that it does not list, and a listed one that is missing or
//! changed, is an error.

use crate::audio_goldens;
use crate::case_file::{one_item_per_line, value_of};
use crate::contracts::artwork::fixtures;
use crate::contracts::miniplayer;
use crate::folder::{Folder, read_bounded};
use crate::kept;
use crate::suite::{GoldenCase, Step, Suite};
use model::Modelled;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use spec::{Case, ErrorCode, Trace};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Version of the format.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
#[serde(bound = "")]
struct Written<C: spec::Contract> {
    conform_golden: u32,
    contract: String,
    name: String,
    doc: String,
    requirements: Vec<String>,
    config: C::Config,
    rejected: Option<ErrorCode>,
    steps: Vec<Step<C>>,
}

/// What every golden has, read before its contract's types are: those of `config` and `steps`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Frame<'a> {
    conform_golden: u32,
    contract: String,
    name: String,
    doc: String,
    #[serde(rename = "requirements")]
    _requirements: Vec<String>,
    #[serde(borrow)]
    config: &'a RawValue,
    rejected: Option<ErrorCode>,
    #[serde(borrow)]
    steps: &'a RawValue,
}

/// A recorded case.
pub struct GoldenFile<C: spec::Contract> {
    /// Its name.
    pub name: String,
    /// What a reviewer should see in it.
    pub doc: String,
    /// The case.
    pub case: Case<C>,
    /// What the model answered when it was recorded.
    pub trace: Trace<C>,
}

/// The text of a golden, by the model as it is now.
///
/// # Errors
/// A failing model.
pub fn record<C: Suite>(golden: &GoldenCase<C>) -> Result<String, String> {
    recorded(golden.name, golden.doc, &golden.case)
}

fn recorded<C: Suite>(name: &str, doc: &str, case: &Case<C>) -> Result<String, String> {
    let mut model = <C as Modelled>::model();
    let trace = model.run_case(case).map_err(|failure| failure.to_string())?;
    let mut requirements = Vec::new();
    C::touched(case, trace.rejected, &trace.obs, &mut |_, id| requirements.push(id.to_owned()));
    requirements.sort();
    requirements.dedup();
    let steps = case.ops.iter().cloned().zip(trace.obs).map(|(op, obs)| Step { op, obs }).collect();
    let written = Written::<C> {
        conform_golden: VERSION,
        contract: C::NAME.to_owned(),
        name: name.to_owned(),
        doc: doc.to_owned(),
        requirements,
        config: case.config.clone(),
        rejected: trace.rejected,
        // A rejected configuration has no steps: nothing may be asked of such a machine.
        steps,
    };
    let value = value_of(&written).map_err(|error| error.to_string())?;
    Ok(one_item_per_line(&value) + "\n")
}

/// Reads every recorded case of one contract.
///
/// # Errors
/// What is wrong with which file.
pub fn read_all<C: Suite>(root: &Path) -> Result<Vec<GoldenFile<C>>, String> {
    texts(root, C::NAME)?
        .into_iter()
        .map(|(shown, text)| {
            let fits = |error: serde_json::Error| format!("{shown}: {error}");
            let file = frame(&shown, &text, C::NAME)?;
            let config = serde_json::from_slice(file.config.get().as_bytes()).map_err(fits)?;
            let steps: Vec<Step<C>> = serde_json::from_slice(file.steps.get().as_bytes()).map_err(fits)?;
            let (ops, obs) = steps.into_iter().map(|step| (step.op, step.obs)).unzip();
            Ok(GoldenFile { name: file.name, doc: file.doc, case: Case { config, ops }, trace: Trace { rejected: file.rejected, obs } })
        })
        .collect()
}

/// The texts of a contract's goldens by their names, in the names' order.
fn texts(root: &Path, contract: &str) -> Result<Vec<(String, String)>, String> {
    let folder = root.join("goldens").join(contract);
    let mut paths = Vec::new();
    for entry in
        fs::read_dir(&folder).map_err(|error| format!("goldens/{contract}: {error}; `cargo conform goldens generate` writes them"))?
    {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.extension().is_some_and(|end| end == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut texts = Vec::new();
    for path in &paths {
        let shown = path.strip_prefix(root).unwrap_or(path).display().to_string();
        let text = read_bounded(path).map_err(|error| format!("{shown}: {error}"))?;
        texts.push((shown.clone(), String::from_utf8(text).map_err(|error| format!("{shown}: {error}"))?));
    }
    Ok(texts)
}

fn frame<'a>(shown: &str, text: &'a str, contract: &str) -> Result<Frame<'a>, String> {
    let file: Frame = serde_json::from_str(text).map_err(|error| format!("{shown}: {error}"))?;
    if file.conform_golden != VERSION || file.contract != contract {
        return Err(format!("{shown}: not a golden of `{contract}`, version {VERSION}"));
    }
    Ok(file)
}

/// Every golden file that there should be, path under `goldens/` to bytes, made by the models now.
///
/// # Errors
/// A failing model, or a kept case that can't be read or has the name of another golden.
pub fn generate(root: &Path) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let mut files = BTreeMap::new();
    macro_rules! contracts {
        ($($module:ident => $contract:ty,)*) => {
            $(for golden in <$contract>::goldens() {
                files.insert(format!("{}/{}.json", <$contract as spec::Contract>::NAME, golden.name), record(&golden)?.into_bytes());
            }
            for kept in kept::read::<$contract>(root)? {
                let path = format!("{}/{}.json", <$contract as spec::Contract>::NAME, kept.name);
                if files.insert(path, recorded(&kept.name, &kept.note, &kept.case)?.into_bytes()).is_some() {
                    return Err(format!("{}: there is another golden of this name\n  next: rename the file", kept.path));
                }
            })*
        };
    }
    spec::for_each_contract!(contracts);
    for (name, bytes) in audio_goldens::generate()? {
        files.insert(format!("audio/{name}"), bytes);
    }
    for (name, bytes) in fixtures::files()? {
        files.insert(format!("artwork/{name}.png"), bytes);
    }
    for (name, bytes) in miniplayer::pictures::generate()? {
        files.insert(format!("miniplayer/{name}"), bytes);
    }
    let mut manifest = serde_json::Map::new();
    for (path, bytes) in &files {
        manifest.insert(path.clone(), hex(&Sha256::digest(bytes)).into());
    }
    let manifest = serde_json::json!({ "conform_manifest": VERSION, "sha256": manifest });
    let mut text = serde_json::to_string_pretty(&manifest).map_err(|error| error.to_string())?;
    text.push('\n');
    files.insert("manifest.json".to_owned(), text.into_bytes());
    Ok(files)
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The folder of the goldens, as the models make it now.
///
/// # Errors
/// As for [`generate`].
pub fn folder(root: &Path) -> Result<Folder, String> {
    Ok(Folder { path: "goldens", verb: "goldens", declared: "conformance/src/contracts/", files: generate(root)? })
}

/// What differs between the goldens on disk and those that the models make now, as text; empty where nothing does.
///
/// # Errors
/// A failing model, or a folder that can't be read.
pub fn differences(root: &Path) -> Result<Vec<String>, String> {
    folder(root)?.differences(root)
}
