//! The image that boots.
#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
extern crate alloc;

#[cfg(target_os = "none")]
mod bare;

/// On a host there is nothing to boot: says how the image is built.
#[cfg(not(target_os = "none"))]
fn main() -> std::process::ExitCode {
    eprintln!("This is the host's build of the guest. The image is built for bare metal, by `cargo conform setup` or by hand:");
    eprintln!("  cargo build --profile guest -p guest --bin guest --target riscv64gc-unknown-none-elf");
    eprintln!("and booted by `cargo qemu-runner run`.");
    std::process::ExitCode::from(2)
}
