//! The bodies of the fuzz targets: the same check that the other engines run, on a fuzzer's bytes.
//!
//! Each is a plain function of bytes that panics with a divergence's whole message, so that it runs under cargo-fuzz, and over
//! its corpus in `tests/fuzz_targets.rs`.

mod seeds;
mod streams;
mod targets;

pub use seeds::seeds;
pub use streams::{apng_bytes, gif_bytes, mjpeg_bytes, vorbis_bytes, wav_stream_bytes};
pub use targets::{TARGETS, Target, target};

use crate::case_file;
use crate::check::check;
use crate::drivers::Driver;
use crate::engines::{diagnosis, render};
use crate::suite::Suite;
use arbitrary::{Arbitrary, Unstructured};
use spec::devices::{Blob, Devices, Op as DevicesOp, set_word};
use spec::idl::{Idl, Op as IdlOp};
use spec::media_config::{Layer, MediaConfig, Op as MediaConfigOp};
use spec::ring::{Op as RingOp, Ring};
use spec::wav::{Op as WavOp, Wav};
use spec::{Case, Contract, Entropy};
use std::cell::RefCell;

/// Operations that one fuzzed case has, at most.
pub const FUZZ_OPS: usize = 48;

/// A fuzzer's bytes as a source of choices: each choice takes the bytes that it needs, and a used-up input gives zeros.
pub struct Bytes<'a, 'b>(pub &'b mut Unstructured<'a>);

impl Entropy for Bytes<'_, '_> {
    fn bits(&mut self) -> u64 {
        u64::arbitrary(self.0).unwrap_or(0)
    }

    fn below(&mut self, bound: u64) -> u64 {
        // `int_in_range` takes as few bytes as the bound needs, so that one byte of an input is one choice.
        match bound.checked_sub(1) {
            None => 0,
            Some(last) => self.0.int_in_range(0..=last).unwrap_or(0),
        }
    }
}

/// A case drawn from a fuzzer's bytes.
#[derive(Clone, Debug)]
pub struct Drawn<C: Contract>(pub Case<C>);

impl<'a, C: Contract> Arbitrary<'a> for Drawn<C> {
    fn arbitrary(input: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let ops = input.int_in_range(1..=FUZZ_OPS)?;
        Ok(Self(C::draw(&mut Bytes(input), ops)))
    }
}

thread_local! {
    /// Where [`cases_of`] wants a body's cases, and not what comes of them.
    static TOLD: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// The cases that a target's body makes of an input, as case files. None of them is compared.
pub fn cases_of(body: fn(&[u8]), input: &[u8]) -> Vec<String> {
    TOLD.set(Some(Vec::new()));
    body(input);
    TOLD.take().unwrap_or_default()
}

/// Whether somebody wants the cases alone.
fn is_told() -> bool {
    TOLD.with_borrow(Option::is_some)
}

/// Tells a case where somebody wants it.
fn tell<C: Suite>(case: &Case<C>) -> bool {
    TOLD.with_borrow_mut(|told| told.as_mut().map(|told| told.push(case_file::write(case, "from a fuzzer's input"))).is_some())
}

/// Compares the linked-in implementation with the model on a case.
///
/// # Panics
/// On a divergence, with its whole message.
pub fn hold<C: Suite>(case: &Case<C>) {
    if tell(case) {
        return;
    }
    let (Ok(mut left), Ok(mut right)) = (Driver::Model.machine::<C>(), Driver::InProcess.machine::<C>()) else {
        return;
    };
    if let Err(divergence) = check(&mut *left, &mut *right, case) {
        let diagnosis = diagnosis::diagnose(&divergence);
        let case = case_file::write(&divergence.case, "found by fuzzing");
        panic!("{}\ncase file:\n{case}", render::divergence(&divergence, &diagnosis, "in-process", "fuzzing", None, ""));
    }
}

/// Operation sequences of a contract against its model.
///
/// # Panics
/// On a divergence.
pub fn operations<C: Suite>(data: &[u8]) {
    if let Ok(Drawn(case)) = Drawn::<C>::arbitrary(&mut Unstructured::new(data)) {
        hold(&case);
    }
}

/// [`operations`] of each contract, by its name: compiled here once, and not in each target again.
pub mod contract {
    macro_rules! targets {
        ($($module:ident => $contract:ty,)*) => {
            $(
                /// Operations of the contract of this name against its model.
                ///
                /// # Panics
                /// On a divergence.
                pub fn $module(data: &[u8]) {
                    super::operations::<$contract>(data);
                }
            )*
        };
    }
    spec::for_each_contract!(targets);
}

/// The ring with a client that writes what it likes over the shared counters: every other operation is a forgery.
///
/// # Panics
/// On a divergence.
pub fn ring_hostile(data: &[u8]) {
    let mut input = Unstructured::new(data);
    let Ok(Drawn(mut case)) = Drawn::<Ring>::arbitrary(&mut input) else {
        return;
    };
    let honest = std::mem::take(&mut case.ops);
    for op in honest {
        let value = u64::arbitrary(&mut input).unwrap_or(0);
        let near = u64::from(case.config.capacity_frames).wrapping_mul(value & 3).wrapping_add(value >> 60);
        case.ops.push(match value % 5 {
            0 => RingOp::ForgeWriteIndex(value),
            1 => RingOp::ForgeReadIndex(value),
            2 => RingOp::ForgeWriteIndex(near),
            3 => RingOp::ForgeReadIndex(near),
            _ => RingOp::Stats,
        });
        case.ops.push(op);
    }
    hold(&case);
}

/// A file's bytes through the WAV reader. The bytes are taken as they are, so that a corpus of real files is a corpus.
///
/// # Panics
/// On a divergence.
pub fn wav_bytes(data: &[u8]) {
    hold::<Wav>(&Case { config: spec::wav::Config {}, ops: vec![WavOp::Load(data.to_vec())] });
}

/// A message's bytes through both decoders, as they come and behind a header that fits them, so that the fuzzer need not find it.
///
/// # Panics
/// On a divergence.
pub fn idl_bytes(data: &[u8]) {
    let words = (data.len() / 8) as u32;
    let framed = [&[0; 4], words.to_le_bytes().as_slice(), &data[..data.len() / 8 * 8]].concat();
    let ops = [data.to_vec(), framed].into_iter().flat_map(|bytes| [IdlOp::DecodeRequest(bytes.clone()), IdlOp::DecodeReply(bytes)]);
    hold::<Idl>(&Case { config: spec::idl::Config {}, ops: ops.collect() });
}

/// A configuration's text, as a file has it, in both layers.
///
/// # Panics
/// On a divergence.
pub fn media_config_texts(data: &[u8]) {
    let ops = Layer::ALL.map(|layer| MediaConfigOp::Load { layer, text: data.into(), padding: 0 });
    hold::<MediaConfig>(&Case { config: spec::media_config::Config {}, ops: ops.into() });
}

/// Lines of the child-process protocol, as the server reads them: an answer for every line, and no panic.
///
/// # Panics
/// If a line gets no answer.
pub fn protocol_requests(data: &[u8]) {
    let mut output = Vec::new();
    // Writing into memory does not fail.
    let _ = crate::serve::serve(data, &mut output);
    let asked = data.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count();
    let answered = output.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
    assert!(answered <= asked, "{answered} answers to {asked} lines");
    for line in output.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        assert!(serde_json::from_slice::<serde_json::Value>(line).is_ok(), "an answer is no JSON");
    }
}

/// A device tree's blob through both readers and the harness's check, as it comes and with a header that says its length, so that the
/// fuzzer need not find it.
///
/// # Panics
/// On a divergence.
pub fn devices(data: &[u8]) {
    let _ = qemu_runner::device_tree::check(data);
    let mut sized = data.to_vec();
    set_word(&mut sized, 4, data.len() as u32);
    let ops = [data.to_vec(), sized].map(|blob| DevicesOp::Read(Blob(blob)));
    let property = DevicesOp::Property { path: "/soc".to_owned(), name: "ranges".to_owned() };
    hold::<Devices>(&Case { config: spec::devices::Config {}, ops: ops.into_iter().chain([property]).collect() });
}

/// A recorded UART log through grammar and judgement: a verdict, and no panic. A log without an answered challenge proves nothing.
///
/// # Panics
/// If the judgement says that it does.
pub fn markers(data: &[u8]) {
    if let Ok(verdict) = qemu_runner::run::judge_recorded(data, "contracts") {
        assert!(verdict.outcome != qemu_runner::Outcome::Passed, "a log alone was taken for a proof");
    }
}
