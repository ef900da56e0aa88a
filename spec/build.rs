//! Generates the constants, bounds and error codes of every contract from its YAML.
use std::{env, fmt::Write as _, fs, path::Path, process::exit};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let library = spec_files::Library::embedded_contracts().unwrap_or_else(|problems| refuse(&problems));
    let catalogue = spec_files::CapabilityFile::embedded().unwrap_or_else(|problems| refuse(&problems));
    let focus = spec_files::FocusFile::embedded().unwrap_or_else(|problems| refuse(&problems));
    let mut code = String::new();
    generate(&library, &mut code).expect("a string takes text");
    catalogue_of(&catalogue, &mut code).expect("a string takes text");
    table_of(&focus, &mut code).expect("a string takes text");
    fs::write(Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("generated.rs"), code).expect("OUT_DIR is writable");
}

fn refuse(problems: &spec_files::Problems) -> ! {
    eprintln!("{problems}");
    for problem in &problems.0 {
        println!("cargo::error={problem}");
    }
    exit(1);
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

/// The capability catalogue, as enumerations and tables in the order of the file.
fn catalogue_of(file: &spec_files::CapabilityFile, code: &mut String) -> std::fmt::Result {
    let variant = |text: &str| camel(&text.replace(['.', '-'], "_"));
    let names = |list: &[String]| list.join(", ");
    writeln!(code, "/// The capability catalogue, from `spec/capabilities.yaml`.\npub mod capabilities {{")?;
    writeln!(code, "    use crate::capabilities::{{CapabilityEntry, MethodEntry, SubjectEntry}};")?;
    writeln!(code, "    /// What the hash of a name starts with.\n    pub const FNV_OFFSET: u64 = {};", file.identity.offset.value)?;
    writeln!(code, "    /// What the hash of a name multiplies by.\n    pub const FNV_PRIME: u64 = {};", file.identity.prime.value)?;
    let derive = "    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]\n    #[repr(u8)]";
    writeln!(code, "    /// A capability; its number is its place in the catalogue.\n{derive}\n    pub enum Capability {{")?;
    for entry in &file.capabilities {
        writeln!(code, "        /// {}\n        {},", entry.note, variant(&entry.name.value))?;
    }
    writeln!(code, "    }}\n    /// Every capability.\n    pub static CAPABILITIES: [CapabilityEntry; {}] = [", file.capabilities.len())?;
    for entry in &file.capabilities {
        let holders: Vec<String> = entry.holders.iter().map(|holder| format!("{:?}", holder.value)).collect();
        writeln!(
            code,
            "        CapabilityEntry {{ capability: Capability::{}, name: {:?}, domain: {:?}, umbrella: {}, sensitive: {}, \
             foreground_only: {}, holders: &[{}], note: {:?}, source: {:?} }},",
            variant(&entry.name.value),
            entry.name.value,
            entry.domain.value,
            entry.umbrella,
            entry.sensitive,
            entry.foreground_only,
            names(&holders),
            entry.note,
            entry.source
        )?;
    }
    let method = |entry: &spec_files::capabilities::Method| variant(&format!("{}_{}", entry.service.value, entry.method.value));
    writeln!(code, "    ];\n    /// A method of a service; its number is its place in the table.\n{derive}\n    pub enum Method {{")?;
    for entry in &file.methods {
        writeln!(code, "        /// {}: {}\n        {},", entry.service.value, entry.doc, method(entry))?;
    }
    writeln!(code, "    }}\n    /// Every method.\n    pub static METHODS: [MethodEntry; {}] = [", file.methods.len())?;
    for entry in &file.methods {
        writeln!(
            code,
            "        MethodEntry {{ method: Method::{}, service: {:?}, name: {:?}, capability: Capability::{}, ends: {} }},",
            method(entry),
            entry.service.value,
            entry.method.value,
            variant(&entry.capability.value),
            entry.ends
        )?;
    }
    writeln!(code, "    ];\n    /// Every known program.\n    pub static SUBJECTS: [SubjectEntry; {}] = [", file.subjects.len())?;
    for entry in &file.subjects {
        let grants: Vec<String> = entry.grants.iter().map(|grant| format!("Capability::{}", variant(&grant.value))).collect();
        writeln!(code, "        SubjectEntry {{ name: {:?}, id: {}, grants: &[{}] }},", entry.name.value, entry.id.value, names(&grants))?;
    }
    writeln!(code, "    ];\n}}")
}

/// The focus table, in the order of the file.
fn table_of(file: &spec_files::FocusFile, code: &mut String) -> std::fmt::Result {
    writeln!(code, "/// The focus table, from `spec/focus.yaml`.\npub mod focus_table {{")?;
    writeln!(code, "    use crate::focus::{{Kind, Rule, RuleEntry}};\n    use crate::media::Class;")?;
    writeln!(code, "    /// Every combination, in the order of active class, kind of its focus and other class.")?;
    writeln!(code, "    pub static RULES: [RuleEntry; {}] = [", file.rules.len())?;
    for row in &file.rules {
        writeln!(
            code,
            "        RuleEntry {{ active: Class::{}, kind: Kind::{}, other: Class::{}, rule: Rule::{}, source: {:?} }},",
            camel(&row.active.value),
            camel(&row.kind.value),
            camel(&row.other.value),
            camel(&row.rule.value),
            row.source
        )?;
    }
    writeln!(code, "    ];\n}}")
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
