//! Embeds every contract and task file, so that a `conform` binary needs no checkout to know its contracts.
use std::{env, fmt::Write as _, fs, path::Path};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("spec/files lies in spec");
    let mut code = String::new();
    for folder in ["contracts", "tasks"] {
        println!("cargo:rerun-if-changed={}", root.join(folder).display());
        let mut names: Vec<String> = fs::read_dir(root.join(folder))
            .map(|entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
            .unwrap_or_default();
        names.retain(|name| name.ends_with(".yaml"));
        names.sort();
        writeln!(code, "/// Every file of `spec/{folder}`, as (path in the repository, text).").expect("a string takes text");
        writeln!(code, "pub const {}: &[(&str, &str)] = &[", folder.to_uppercase()).expect("a string takes text");
        for name in names {
            let path = root.join(folder).join(&name);
            println!("cargo:rerun-if-changed={}", path.display());
            writeln!(code, "    (\"spec/{folder}/{name}\", include_str!({path:?})),").expect("a string takes text");
        }
        writeln!(code, "];").expect("a string takes text");
    }
    let markers = root.join("markers.yaml");
    println!("cargo:rerun-if-changed={}", markers.display());
    writeln!(code, "/// The marker grammar, as (path in the repository, text).").expect("a string takes text");
    writeln!(code, "pub const MARKERS: (&str, &str) = (\"spec/markers.yaml\", include_str!({markers:?}));").expect("a string takes text");
    let capabilities = root.join("capabilities.yaml");
    println!("cargo:rerun-if-changed={}", capabilities.display());
    writeln!(code, "/// The capability catalogue, as (path in the repository, text).").expect("a string takes text");
    writeln!(code, "pub const CAPABILITIES: (&str, &str) = (\"spec/capabilities.yaml\", include_str!({capabilities:?}));")
        .expect("a string takes text");
    let focus = root.join("focus.yaml");
    println!("cargo:rerun-if-changed={}", focus.display());
    writeln!(code, "/// The focus table, as (path in the repository, text).").expect("a string takes text");
    writeln!(code, "pub const FOCUS: (&str, &str) = (\"spec/focus.yaml\", include_str!({focus:?}));").expect("a string takes text");
    let tree = root.join("dts/virt-nexus.dts");
    println!("cargo:rerun-if-changed={}", tree.display());
    writeln!(code, "/// The source of the machine's device tree, as (name, text).").expect("a string takes text");
    writeln!(code, "pub const DEVICE_TREE: (&str, &str) = (\"pkg://dts/virt-nexus.dts\", include_str!({tree:?}));")
        .expect("a string takes text");
    fs::write(Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("embedded.rs"), code).expect("OUT_DIR is writable");
}
