//! `nx-media`: a shim over `nx media`, under the name that scripts know.
//!
//! It becomes the `nx` that lies beside it, so that the services see the program that holds the grants, and arguments, output and
//! exit code are that program's.

use nx::Class;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let program = std::env::current_exe().map(|own| own.with_file_name("nx"));
    let why = match program {
        // It comes back only where it could not become the other program.
        Ok(program) => format!("{}: {}", program.display(), Command::new(&program).arg("media").args(std::env::args_os().skip(1)).exec()),
        Err(error) => error.to_string(),
    };
    eprintln!("nx-media: nx is not beside it: {why}; install both, or use `nx media`");
    ExitCode::from(Class::MissingDependency.code())
}
