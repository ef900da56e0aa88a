//! The capability catalogue, what each method of a service needs, and the identities of services.
//!
//! The tables are generated from `spec/capabilities.yaml`. Finding an entry by its name, and hashing a name, is the work of
//! whoever answers a contract.

pub use crate::generated::capabilities::*;
use alloc::string::String;
use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A capability of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CapabilityEntry {
    /// Itself.
    pub capability: Capability,
    /// Its stable name.
    pub name: &'static str,
    /// What it is about.
    pub domain: &'static str,
    /// Whether it only names a group, and so grants nothing.
    pub umbrella: bool,
    /// Whether it needs consent and an indicator.
    pub sensitive: bool,
    /// Whether it is for the subject in the foreground alone.
    pub foreground_only: bool,
    /// The only subjects that may hold it; empty for anybody.
    pub holders: &'static [&'static str],
    /// What it is for.
    pub note: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

/// A method and what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MethodEntry {
    /// Itself.
    pub method: Method,
    /// The service that owns it.
    pub service: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The capability that it needs.
    pub capability: Capability,
    /// Whether it ends a use of a sensitive capability, and so needs the grant alone.
    pub ends: bool,
}

/// A program that this project knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubjectEntry {
    /// Its name.
    pub name: &'static str,
    /// Its identity.
    pub id: u64,
    /// What it holds at first.
    pub grants: &'static [Capability],
}

impl Capability {
    /// Its entry.
    pub fn entry(self) -> &'static CapabilityEntry {
        &CAPABILITIES[self as usize]
    }

    /// Its stable name.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// Its bit in a set of capabilities.
    pub const fn bit(self) -> u64 {
        1 << self as u8
    }
}

impl Method {
    /// Its entry.
    pub fn entry(self) -> &'static MethodEntry {
        &METHODS[self as usize]
    }

    /// The capability that it needs.
    pub fn capability(self) -> Capability {
        self.entry().capability
    }
}

/// A service's identity, given by the transport: the FNV-1a-64 of its name. Written as `0x` and 16 hexadecimal digits where a
/// person may read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServiceId(pub u64);

impl fmt::Display for ServiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{:016x}", self.0)
    }
}

impl Serialize for ServiceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { serializer.serialize_u64(self.0) }
    }
}

impl<'de> Deserialize<'de> for ServiceId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return u64::deserialize(deserializer).map(Self);
        }
        let text = String::deserialize(deserializer)?;
        text.strip_prefix("0x")
            .filter(|digits| digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|digits| u64::from_str_radix(digits, 16).ok())
            .map(Self)
            .ok_or_else(|| de::Error::custom("a service's identity is 64 bits, as 0x and 16 hexadecimal digits"))
    }
}
