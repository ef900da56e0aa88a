//! What a contract may be called, and what follows from its name.

use super::{draft, lists, write};
use std::path::Path;

/// Words that are no module's name in Rust.
const KEYWORDS: [&str; 51] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else", "enum", "extern",
    "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv",
    "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Names that a module would hide: crates, primitive types, and what the drafts themselves use.
const TAKEN: [&str; 50] = [
    "alloc",
    "bool",
    "char",
    "contracts",
    "core",
    "f32",
    "f64",
    "fuzz",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "std",
    "str",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "adapter",
    "case",
    "clone",
    "config",
    "contract",
    "debug",
    "default",
    "deserialize",
    "domain",
    "eq",
    "err",
    "error-code",
    "failure",
    "golden-case",
    "law",
    "library",
    "none",
    "obs",
    "ok",
    "op",
    "option",
    "partial-eq",
    "result",
    "serialize",
    "some",
    "string",
    "vec",
    "violation",
];

/// The name of a new contract.
#[derive(Debug)]
pub struct Name {
    /// As in the YAML: `echo-test`.
    pub text: String,
}

impl Name {
    /// Checks the form of a name.
    ///
    /// # Errors
    /// A name that is none, with the rule that it breaks.
    pub fn parse(text: &str) -> Result<Self, String> {
        let shown: String = text.chars().take(40).collect();
        let refuse = |why: &str| Err(format!("`{}` can't be a contract's name: {why}", shown.escape_debug()));
        if !(2..=32).contains(&text.len()) {
            return refuse("give it 2 to 32 characters");
        }
        if !text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
            return refuse("use lower-case letters, digits and hyphens");
        }
        if !text.starts_with(|first: char| first.is_ascii_lowercase()) {
            return refuse("start it with a letter");
        }
        if text.ends_with('-') || text.contains("--") {
            return refuse("put single hyphens between words");
        }
        if KEYWORDS.contains(&text) {
            return refuse("it is a keyword of Rust, and a module of that name is needed");
        }
        if TAKEN.contains(&text) {
            return refuse("a module or type of that name would hide another that the code needs");
        }
        Ok(Self { text: text.to_owned() })
    }

    /// As a module: `echo_test`.
    pub fn module(&self) -> String {
        self.text.replace('-', "_")
    }

    /// As a type: `EchoTest`.
    pub fn type_name(&self) -> String {
        let capitalised = |word: &str| word[..1].to_uppercase() + &word[1..];
        self.text.split('-').map(capitalised).collect()
    }

    /// As the start of ids and constants: `ECHO_TEST`.
    pub fn prefix(&self) -> String {
        self.module().to_uppercase()
    }

    /// The contract's file.
    pub fn yaml(&self) -> String {
        format!("spec/contracts/{}.yaml", self.text)
    }

    /// No code has the name yet; the YAML may be there.
    ///
    /// # Errors
    /// Where the name stands already.
    pub fn is_free(&self, root: &Path) -> Result<(), String> {
        let taken =
            |place: &str| Err(format!("`{}` exists already, in {place}\n  next: choose another name, or edit what is there", self.text));
        for path in draft::paths(self) {
            let folder = path.trim_end_matches(".rs");
            for place in [path.as_str(), folder] {
                if root.join(place).exists() {
                    return taken(place);
                }
            }
        }
        for path in lists::MODULE_LISTS {
            let text = write::read(root, path)?;
            let module = self.module();
            if text.contains(&format!("mod {module};")) || text.contains(&format!("mod {module} {{")) {
                return taken(path);
            }
        }
        let manifest = write::read(root, "Cargo.toml")?;
        let depends = |line: &str| line.strip_prefix(self.text.as_str()).is_some_and(|rest| rest.starts_with([' ', '=', '.']));
        if manifest.lines().any(depends) {
            return taken("Cargo.toml, as the name of a crate");
        }
        Ok(())
    }
}
