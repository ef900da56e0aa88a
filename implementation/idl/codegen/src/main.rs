//! Writes `audio_capnp.rs` into a folder: `cargo run --manifest-path implementation/idl/codegen/Cargo.toml [FOLDER]`.

use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = std::env::args_os().nth(1).map_or_else(|| here.join("../src"), PathBuf::from);
    let schemas = here.join("../../../spec/idl");
    capnpc::CompilerCommand::new().src_prefix(&schemas).file(schemas.join("audio.capnp")).output_path(folder).run()?;
    Ok(())
}
