//! What a subject holds, as a look at it tells.

use spec::capabilities::{CAPABILITIES, Capability};
use spec::policy::Kind;

/// What a subject holds. Sets of capabilities are the bits that [`Capability::bit`] gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holdings {
    pub(super) granted: u64,
    pub(super) once: u64,
    pub(super) session: u64,
    pub(super) persistent: u64,
    /// Whether the subject is in the foreground.
    pub foreground: bool,
}

impl Holdings {
    /// The capabilities that are granted, in the catalogue's order.
    pub fn granted(self) -> impl Iterator<Item = Capability> {
        CAPABILITIES.iter().map(|entry| entry.capability).filter(move |capability| self.granted & capability.bit() != 0)
    }

    /// The consents, in the catalogue's order.
    pub fn consents(self) -> impl Iterator<Item = (Capability, Kind)> {
        CAPABILITIES.iter().filter_map(move |entry| {
            let has = |set: u64| set & entry.capability.bit() != 0;
            let kinds = [(self.once, Kind::Once), (self.session, Kind::Session), (self.persistent, Kind::Persistent)];
            kinds.into_iter().find(|(set, _)| has(*set)).map(|(_, kind)| (entry.capability, kind))
        })
    }
}
