//! `nx`: the one command-line tool.

use std::process::ExitCode;

fn main() -> ExitCode {
    nx::run()
}
