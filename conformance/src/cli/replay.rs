//! `conform replay`.

use super::Failed;
use super::select::DriverArgument;
use crate::case_file::{self, AnyCaseFile, CASE_FILE_BYTES_MAX};
use crate::check::check;
use crate::drivers::{self, Driver};
use crate::engines::{diagnosis, render};
use crate::evidence::DriverName;
use crate::suite::Suite;
use clap::Args;
use std::path::{Path, PathBuf};

/// Options of `replay`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Case files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The driver.
    #[arg(long, value_enum, default_value = "in-process")]
    driver: DriverArgument,
    /// A system under test of your own, over the child-process protocol.
    #[arg(long, value_name = "COMMAND", conflicts_with = "driver")]
    sut: Option<String>,
}

/// Reruns case files.
pub fn run(arguments: &Arguments, root: &Path) -> Result<(), Failed> {
    let name = DriverName::from(arguments.driver);
    let description = match &arguments.sut {
        Some(command) => format!("process:{command}"),
        None => drivers::default_description(name).to_owned(),
    };
    let driver = Driver::open(&description, root).map_err(|failure| Failed::Setup(format!("`{description}` {failure}")))?;
    let mut diverged = false;
    for path in &arguments.files {
        let shown = path.display();
        let size = std::fs::metadata(path).map_err(|error| Failed::Usage(format!("{shown}: {error}")))?.len();
        if size > CASE_FILE_BYTES_MAX {
            return Err(Failed::Usage(format!("{shown}: {size} bytes, expected at most {CASE_FILE_BYTES_MAX}")));
        }
        let text = std::fs::read_to_string(path).map_err(|error| Failed::Usage(format!("{shown}: {error}")))?;
        let file = case_file::read(&text).map_err(|why| Failed::Usage(format!("{shown}: {why}")))?;
        let outcome = any(&file, &driver, &description).map_err(|why| Failed::Usage(format!("{shown}: {why}")))?;
        match outcome {
            None => println!("{shown}: agrees with the model on {description}"),
            Some(message) => {
                diverged = true;
                println!("{shown}: {message}");
            }
        }
    }
    if diverged { Err(Failed::Diverges) } else { Ok(()) }
}

fn any(file: &AnyCaseFile, driver: &Driver, description: &str) -> Result<Option<String>, String> {
    macro_rules! contracts {
        ($($module:ident => $contract:ty,)*) => {
            match file.contract.as_str() {
                $(<$contract as spec::Contract>::NAME => one::<$contract>(file, driver, description),)*
                other => Err(format!("there is no contract `{other}`")),
            }
        };
    }
    spec::for_each_contract!(contracts)
}

fn one<C: Suite>(file: &AnyCaseFile, driver: &Driver, description: &str) -> Result<Option<String>, String> {
    let case = file.case::<C>()?;
    let mut left = Driver::Model.machine::<C>().map_err(|failure| failure.to_string())?;
    let mut right = driver.machine::<C>().map_err(|failure| failure.to_string())?;
    Ok(match check(&mut *left, &mut *right, &case) {
        Ok(_) => None,
        Err(divergence) => {
            let diagnosis = diagnosis::diagnose(&divergence);
            Some(render::divergence(&divergence, &diagnosis, description, "replay", None, ""))
        }
    })
}
