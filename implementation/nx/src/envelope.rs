//! The one form of JSON output: `{ok, class, code, message, data?}`.

use crate::Failed;
use serde::Serialize;
use serde_json::Value;

#[derive(Serialize)]
struct Envelope<'a> {
    ok: bool,
    class: &'a str,
    code: u8,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
}

fn print(envelope: &Envelope<'_>) {
    // Texts and numbers always make JSON.
    println!("{}", serde_json::to_string(envelope).unwrap_or_default());
}

/// Prints that a command did what it says.
pub fn print_success(message: &str, data: Option<Value>) {
    print(&Envelope { ok: true, class: "success", code: 0, message, data });
}

/// Prints why a command failed.
pub fn print_failure(failed: &Failed) {
    let (code, class, message) = failed.parts();
    print(&Envelope { ok: false, class, code, message, data: None });
}
