//! Generates the constants, bounds and error codes of every contract from its YAML.
use std::{env, fmt::Write as _, fs, path::Path, process::exit};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let library = match spec_files::Library::embedded_contracts() {
        Ok(library) => library,
        Err(problems) => {
            eprintln!("{problems}");
            for problem in &problems.0 {
                println!("cargo::error={problem}");
            }
            exit(1);
        }
    };
    let mut code = String::new();
    generate(&library, &mut code).expect("a string takes text");
    fs::write(Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("generated.rs"), code).expect("OUT_DIR is writable");
}

fn generate(library: &spec_files::Library, code: &mut String) -> std::fmt::Result {
    writeln!(code, "/// A stable error code: the same number and name in every version.")?;
    writeln!(code, "#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]")?;
    writeln!(code, "#[serde(rename_all = \"snake_case\")]")?;
    writeln!(code, "#[repr(u16)]")?;
    writeln!(code, "pub enum ErrorCode {{")?;
    let errors = || library.contracts.iter().flat_map(|contract| &contract.errors);
    for error in errors() {
        writeln!(code, "    /// {}\n    {} = {},", error.doc, camel(&error.name.value), error.code.value)?;
    }
    writeln!(code, "}}")?;
    writeln!(code, "impl ErrorCode {{")?;
    writeln!(code, "    /// Every code.")?;
    writeln!(
        code,
        "    pub const ALL: &'static [Self] = &[{}];",
        errors().map(|error| format!("Self::{}", camel(&error.name.value))).collect::<Vec<_>>().join(", ")
    )?;
    writeln!(code, "    /// The stable name.\n    pub const fn name(self) -> &'static str {{\n        match self {{")?;
    for error in errors() {
        writeln!(code, "            Self::{} => \"{}\",", camel(&error.name.value), error.name.value)?;
    }
    writeln!(code, "        }}\n    }}")?;
    writeln!(
        code,
        "    /// What it means, in one sentence.\n    pub const fn explanation(self) -> &'static str {{\n        match self {{"
    )?;
    for error in errors() {
        writeln!(code, "            Self::{} => {:?},", camel(&error.name.value), error.doc)?;
    }
    writeln!(code, "        }}\n    }}\n}}")?;
    for contract in &library.contracts {
        let name = contract.contract.value.replace('-', "_");
        writeln!(code, "/// Constants and bounds of the contract `{}`, from `{}`.", contract.contract.value, contract.path)?;
        writeln!(code, "pub mod {name} {{")?;
        for constant in &contract.constants {
            writeln!(code, "    /// {} ({}; {})", constant.doc, constant.unit, constant.source)?;
            item(code, &constant.name.value, &constant.rust_type.value, &constant.value)?;
        }
        for bound in &contract.bounds {
            writeln!(code, "    /// {} ({}; beyond it: `{}`)", bound.doc, bound.unit, bound.error.value)?;
            item(code, &bound.name.value, &bound.rust_type.value, &bound.value)?;
        }
        writeln!(code, "}}")?;
    }
    Ok(())
}

fn item(code: &mut String, name: &str, rust_type: &str, value: &spec_files::contract::Value) -> std::fmt::Result {
    match (rust_type, value) {
        ("str", value) => writeln!(code, "    pub const {name}: &str = \"{value}\";"),
        (rust_type, value) => writeln!(code, "    pub const {name}: {rust_type} = {value};"),
    }
}

fn camel(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
        })
        .collect()
}
