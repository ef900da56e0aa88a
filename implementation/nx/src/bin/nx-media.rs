//! `nx-media`: the same as `nx media`, under the name that scripts know. It forwards arguments, output and exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    nx::run_topic("media")
}
