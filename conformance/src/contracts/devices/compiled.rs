//! The blob that the machine's source compiles to now, beside the recorded one (DEVICES-019).

use super::goldens::GOLDEN;
use crate::drivers::Driver;
use crate::engines::Session;
use crate::evidence::Finding;
use crate::goldens;
use qemu_runner::device_tree::{self, Error};
use spec::Contract;
use spec::devices::{Blob, Devices, Op};
use spec_files::EvidenceKind;

/// The check's name.
pub const CHECK: &str = "compiled source";

/// The requirement that it carries.
pub const REQUIREMENT: &str = "DEVICES-019";

/// Compiles the source, compares the blob with the recorded one byte by byte, and asks model and driver what they find in it.
/// Without the compiler it shows nothing, and says so.
pub fn run(session: &mut Session<'_>, driver: &Driver) {
    let blob = match device_tree::compiled() {
        Ok(blob) => blob,
        Err(error @ Error::NoCompiler(_)) => {
            // Noted, so that the report says why this is not proven, and not that nobody looked.
            session.not_supported.insert(format!("{}: {error}", Devices::NAME));
            return;
        }
        Err(error) => return failed(session, &error.to_string()),
    };
    match check(session, driver, &blob) {
        Ok(()) => session.passed(EvidenceKind::Golden, CHECK, [(REQUIREMENT, 1)], &format!("{} bytes", blob.len())),
        Err(why) => failed(session, &why),
    }
}

fn check(session: &mut Session<'_>, driver: &Driver, blob: &[u8]) -> Result<(), String> {
    let files = goldens::read_all::<Devices>(&session.options.root)?;
    let golden = files.into_iter().find(|golden| golden.name == GOLDEN).ok_or("there is no golden of the machine's tree")?;
    let (Some(Op::Read(Blob(recorded))), Some(expected)) = (golden.case.ops.first(), golden.trace.obs.first()) else {
        return Err("the golden of the machine's tree reads none".to_owned());
    };
    same(blob, recorded)?;
    for (name, driver) in [("the model", &Driver::Model), ("the machine", driver)] {
        let mut machine = driver.machine::<Devices>().map_err(|failure| format!("{name} {failure}"))?;
        let case = spec::Case { config: spec::devices::Config {}, ops: vec![Op::Read(Blob(blob.to_vec()))] };
        match machine.run_case(&case) {
            Ok(trace) if trace.obs.first() == Some(expected) => session.steps += 2,
            Ok(trace) => return Err(format!("{name} finds {:?}, where {expected:?} is recorded", trace.obs.first())),
            Err(failure) if session.lacks(Devices::NAME, &failure) => {}
            Err(failure) => return Err(format!("{name} {failure}")),
        }
    }
    Ok(())
}

/// Whether two blobs are the same, byte for byte.
fn same(compiled: &[u8], recorded: &[u8]) -> Result<(), String> {
    if compiled == recorded {
        return Ok(());
    }
    let first = compiled.iter().zip(recorded).take_while(|(a, b)| a == b).count();
    Err(format!(
        "the source compiles to {} bytes and {} are recorded; they differ from byte {first} on: where the source is right, type \
         `dtc -I dts -O dtb -o spec/dts/virt-nexus.dtb spec/dts/virt-nexus.dts && cargo conform goldens generate`",
        compiled.len(),
        recorded.len()
    ))
}

fn failed(session: &mut Session<'_>, why: &str) {
    session.failed(Finding {
        contract: Devices::NAME.to_owned(),
        driver: session.name,
        kind: EvidenceKind::Golden,
        check: CHECK.to_owned(),
        requirements: vec![REQUIREMENT.to_owned()],
        message: format!("{REQUIREMENT} broken: {}, found by {CHECK}\n  {why}\n", device_tree::NAME),
        case_file: None,
        ops: 0,
        seed: None,
    });
}

#[cfg(test)]
mod tests {
    use super::same;
    use crate::contracts::devices::goldens::MACHINE;
    use qemu_runner::device_tree::{Error, NAME, SOURCE, compile, compiled};

    #[test]
    fn the_recorded_blob_is_what_the_source_compiles_to() {
        match compiled() {
            Ok(blob) => assert_eq!(same(&blob, MACHINE), Ok(())),
            Err(error @ Error::NoCompiler(_)) => eprintln!("{NAME} NOT COMPILED: {error}"),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn test_reject_a_blob_of_another_source() {
        let other = SOURCE.replace("interrupts = <12>;", "interrupts = <13>;");
        if let Ok(blob) = compile(&other) {
            assert!(same(&blob, MACHINE).is_err_and(|why| why.contains("differ from byte")));
        }
        assert!(same(&MACHINE[1..], MACHINE).is_err());
    }
}
