//! Lays out the guest's memory for the linker: code, data and heap below the stack, the stack below the mailbox.
use spec::mailbox::{CONTROL_OFFSET, RAM_BASE};
use std::{env, fs, path::Path};

/// Bytes of the stack. The lowest page of it is a guard that traps.
const STACK_BYTES: u64 = 1 << 20;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // A host builds the library, its tests and a `main` that explains itself; only the machine needs the layout.
    if env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("none") {
        return;
    }
    let stack = RAM_BASE + CONTROL_OFFSET - STACK_BYTES;
    let layout = format!(
        "MEMORY {{
    RAM : ORIGIN = {RAM_BASE:#x}, LENGTH = {:#x}
    STACK : ORIGIN = {stack:#x}, LENGTH = {STACK_BYTES:#x}
}}
REGION_ALIAS(\"REGION_TEXT\", RAM);
REGION_ALIAS(\"REGION_RODATA\", RAM);
REGION_ALIAS(\"REGION_DATA\", RAM);
REGION_ALIAS(\"REGION_BSS\", RAM);
REGION_ALIAS(\"REGION_HEAP\", RAM);
REGION_ALIAS(\"REGION_STACK\", STACK);
_stack_guard = {stack:#x};
/* Nothing unwinds here, and the tables of it would be loaded with the image. */
SECTIONS {{ /DISCARD/ : {{ *(.eh_frame .eh_frame.*) }} }}
",
        stack - RAM_BASE
    );
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("memory.x"), layout).expect("OUT_DIR is writable");
    println!("cargo:rustc-link-search={out}");
    println!("cargo:rustc-link-arg-bins=-Tlink.x");
}
