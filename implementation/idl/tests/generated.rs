//! The committed code is what Cap'n Proto's compiler writes from the schema, and the schema's version is the contract's.

use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The code without the lines that name the versions of the tools.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().filter(|line| !line.starts_with("// cap")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_generated_code_is_that_of_the_schema() {
    let tool = Command::new("capnp").arg("--version").output();
    if !tool.is_ok_and(|output| output.status.success()) {
        eprintln!("NOT CHECKED: whether audio_capnp.rs is that of the schema, because the tool capnp is not installed");
        eprintln!("      type: sudo apt-get install capnproto");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let manifest = root().join("codegen/Cargo.toml");
    let output = Command::new(cargo)
        .args(["run", "--quiet", "--release", "--locked", "--manifest-path"])
        .args([manifest.as_os_str(), "--".as_ref(), folder.path().as_os_str()])
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "the generator failed: {}", String::from_utf8_lossy(&output.stderr));
    let (new, committed) = (folder.path().join("audio_capnp.rs"), root().join("src/audio_capnp.rs"));
    assert!(
        code(&new) == code(&committed),
        "src/audio_capnp.rs is not that of spec/idl/audio.capnp: cargo run --manifest-path implementation/idl/codegen/Cargo.toml"
    );
}

#[test]
fn the_schema_and_the_contract_are_of_one_version() {
    let schema = std::fs::read_to_string(root().join("../../spec/idl/audio.capnp")).expect("the schema");
    let line = format!("const version :UInt16 = {};", spec::idl::IDL_VERSION);
    assert!(schema.contains(&line), "the schema does not say `{line}`");
}
