//! Every recorded case gives the recorded bytes, in whatever profile this is built: `cargo test -p sut --test goldens` runs it unoptimised
//! with overflow checks, and with `--release` as everything else is.

use serde::Deserialize;
use spec::{Case, Contract, ErrorCode, Machine};
use std::fs;
use std::path::Path;
use sut::Implemented;

#[derive(Deserialize)]
#[serde(bound = "")]
struct Golden<C: Contract> {
    name: String,
    config: C::Config,
    rejected: Option<ErrorCode>,
    steps: Vec<Step<C>>,
}

#[derive(Deserialize)]
#[serde(bound = "")]
struct Step<C: Contract> {
    op: C::Op,
    obs: C::Obs,
}

/// Replays the contract's goldens, and counts them.
fn replayed<C: Implemented>(folder: &Path) -> usize {
    let files = fs::read_dir(folder.join(C::NAME)).expect("each contract has goldens");
    let replay = |path: &Path| {
        let text = fs::read_to_string(path).expect("a golden can be read");
        let Golden { name, config, rejected, steps } = serde_json::from_str::<Golden<C>>(&text).expect("a golden of this contract");
        let (ops, expected): (Vec<C::Op>, Vec<C::Obs>) = steps.into_iter().map(|step| (step.op, step.obs)).unzip();
        let case = Case { config, ops };
        let replay = |mut machine: Box<dyn Machine<C>>| {
            let trace = machine.run_case(&case).expect("what is linked in doesn't fail");
            assert_eq!(trace.rejected, rejected, "{} {name}", C::NAME);
            for (step, (got, expected)) in trace.obs.iter().zip(&expected).enumerate() {
                assert!(got == expected, "{} {name}, step {step}: expected {expected:?}, got {got:?}", C::NAME);
            }
            assert_eq!(trace.obs.len(), expected.len(), "{} {name}", C::NAME);
        };
        replay(C::machine());
        replay(C::portable());
    };
    // Beside the cases of some contracts lie pictures.
    let paths = files.map(|entry| entry.expect("the folder can be read").path());
    paths.filter(|path| path.extension().is_some_and(|ending| ending == "json")).map(|path| replay(&path)).count()
}

macro_rules! goldens {
    ($($module:ident => $contract:ty,)*) => {
        $(
            #[test]
            fn $module() {
                let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../goldens");
                assert!(replayed::<$contract>(&folder) > 0);
            }
        )*
    };
}

spec::for_each_contract!(goldens);
