//! The right answer: one executable reference model per contract.
//!
//! Each model is a [`Machine`] that says the contract's text in the plainest code, slow where plain is slower. It shares
//! nothing with any implementation but the types and constants of `spec`. Beside the line that keeps a requirement stands the
//! requirement's id. Every operation gets an observation, whatever its values: no model panics.
#![forbid(unsafe_code)]

pub mod artwork;
pub mod audiod;
pub mod capability_audit;
pub mod codec;
pub mod devices;
pub mod format;
pub mod gain;
pub mod idl;
pub mod level;
pub mod media_config;
pub mod metrics;
pub mod miniplayer;
pub mod mixer;
pub mod policy;
pub mod resampler;
pub mod ring;
pub mod sessions;
pub mod settings;
pub mod system;
pub mod tone;
pub mod volume;
pub mod vorbis;
pub mod wakelock;
pub mod wav;

pub mod ducking;
pub mod focus;

pub mod decode;
pub mod decode_bounds;

pub mod apng;
pub mod gif;
pub mod media_types;
pub mod mjpeg;
pub mod wav_stream;

use spec::{Contract, Machine};

/// A contract that has a reference model.
pub trait Modelled: Contract {
    /// A fresh model, as after a reset with the default configuration.
    fn model() -> Box<dyn Machine<Self>>;
}

macro_rules! modelled {
    ($($name:ident => $contract:ty,)*) => {
        $(
            impl Modelled for $contract {
                fn model() -> Box<dyn Machine<Self>> {
                    Box::new($name::Model::default())
                }
            }
        )*
    };
}
spec::for_each_contract!(modelled);

#[cfg(test)]
mod tests {
    use super::Modelled;
    use spec::SplitMix64;
    use spec_files::Library;

    /// The lines of a model, without its tests: its file, and those in the folder of its name.
    fn lines_of(module: &str) -> String {
        let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let file = std::fs::read_to_string(source.join(format!("{module}.rs"))).expect("every model has a file");
        let (own, _) = file.split_once("#[cfg(test)]").expect("every model has tests");
        let parts = std::fs::read_dir(source.join(module)).into_iter().flatten().flatten().map(|entry| entry.path());
        let parts = parts.filter(|path| path.file_name().is_some_and(|name| name != "tests.rs"));
        std::iter::once(own.to_owned()).chain(parts.map(|path| std::fs::read_to_string(path).expect("a source file"))).collect()
    }

    fn check_ids(contract: &str, module: &str) {
        let library = Library::embedded_contracts().expect("the contract files are valid");
        let contract = library.contract(contract).expect("every contract has a file");
        let code = lines_of(module);
        for requirement in &contract.requirements {
            let id = &requirement.id.value;
            // Threads, memory, programs and boots are nothing that a model has.
            let beyond = requirement.evidence.iter().all(|kind| kind.once_per_run());
            assert!(beyond || code.contains(id.as_str()), "no line of the model of `{}` names {id}", contract.contract.value);
        }
    }

    fn check_answers<C: Modelled>() {
        let mut entropy = SplitMix64::new(1);
        for _ in 0..300 {
            let case = C::draw(&mut entropy, 60);
            let first = C::model().run_case(&case).expect("a model does not fail");
            let mut used = C::model();
            used.run_case(&C::draw(&mut entropy, 9)).expect("a model does not fail");
            // A reset forgets everything, and the same case gives the same trace.
            let second = used.run_case(&case).expect("a model does not fail");
            assert_eq!((first.rejected, &first.obs), (second.rejected, &second.obs));
            if first.rejected.is_none() {
                assert_eq!(first.obs.len(), case.ops.len());
            }
        }
    }

    macro_rules! checks {
        ($($name:ident => $contract:ty,)*) => {
            #[test]
            fn every_requirement_is_named_beside_the_line_that_keeps_it() {
                $(check_ids(<$contract as spec::Contract>::NAME, stringify!($name));)*
            }

            #[test]
            fn every_drawn_operation_is_answered_the_same_after_a_reset() {
                $(check_answers::<$contract>();)*
            }
        };
    }
    spec::for_each_contract!(checks);
}
