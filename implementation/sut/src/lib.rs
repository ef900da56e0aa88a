//! The implementation behind the contracts' operations.
//!
//! One adapter per contract turns operations into calls of [`audio`], [`services`] and their like, and what these return into observations.
//! The adapters know nothing of the contracts' rules, so that what is compared is the implementation.
#![no_std]
#![forbid(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::arithmetic_side_effects)]

extern crate alloc;

pub mod mailbox;

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
pub mod wakelock;
pub mod wav;

pub mod ducking;
pub mod focus;

mod decode;

pub mod apng;
pub mod decode_bounds;
pub mod gif;
pub mod media_types;
pub mod mjpeg;
pub mod vorbis;
pub mod wav_stream;

use alloc::boxed::Box;
use spec::{Contract, Failure, FailureKind, Machine};

/// A contract that this implementation keeps.
pub trait Implemented: Contract {
    /// A fresh machine that answers the contract's operations.
    fn machine() -> Box<dyn Machine<Self>>;

    /// The same, without the processor's vector instructions: what runs where there are none.
    fn portable() -> Box<dyn Machine<Self>>;
}

/// An adapter that may have arithmetic of its own for processors without vector instructions.
trait Portable: Default {
    fn portable() -> Self {
        Self::default()
    }
}

macro_rules! implement {
    ($($name:ident => $contract:ty,)*) => {
        $(impl Implemented for $contract {
            fn machine() -> Box<dyn Machine<Self>> {
                Box::new($name::Adapter::default())
            }

            fn portable() -> Box<dyn Machine<Self>> {
                Box::new(<$name::Adapter as Portable>::portable())
            }
        })*
    };
}

spec::for_each_contract!(implement);

impl Portable for format::Adapter {}
impl Portable for ring::Adapter {}
impl Portable for gain::Adapter {}
impl Portable for level::Adapter {}
impl Portable for tone::Adapter {}
impl Portable for wav::Adapter {}
impl Portable for policy::Adapter {}
impl Portable for capability_audit::Adapter {}
impl Portable for settings::Adapter {}
impl Portable for wakelock::Adapter {}
impl Portable for codec::Adapter {}
impl Portable for idl::Adapter {}
impl Portable for system::Adapter {}
impl Portable for devices::Adapter {}
impl Portable for focus::Adapter {}
impl Portable for media_config::Adapter {}
impl Portable for sessions::Adapter {}
impl Portable for metrics::Adapter {}
impl Portable for artwork::Adapter {}
impl Portable for miniplayer::Adapter {}
impl Portable for ducking::Adapter {}
impl Portable for media_types::Adapter {}
impl Portable for gif::Adapter {}
impl Portable for apng::Adapter {}
impl Portable for vorbis::Adapter {}
impl Portable for mjpeg::Adapter {}
impl Portable for wav_stream::Adapter {}
impl Portable for decode_bounds::Adapter {}

/// A fresh machine that answers the contract's operations.
pub fn machine<C: Implemented>() -> Box<dyn Machine<C>> {
    C::machine()
}

/// An operation came before a reset that the contract accepts, which is the harness's mistake.
fn not_reset() -> Failure {
    Failure::new(FailureKind::Faulted, "the machine was asked before it was reset with a configuration that the contract accepts")
}
