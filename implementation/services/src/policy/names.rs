//! The names of capabilities, methods and subjects: their form, and where they lead.

use super::{Result, ServiceError};
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::capabilities::{CAPABILITIES, Capability, METHODS, Method};
use spec::policy::{POLICY_CAPABILITY_BYTES_MAX, POLICY_SUBJECT_BYTES_MAX, Reason};

/// Finds capabilities and methods by their names, in logarithmic time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    capabilities: Vec<(&'static str, Capability)>,
    methods: Vec<((&'static str, &'static str), Method)>,
}

impl Default for Names {
    fn default() -> Self {
        let mut capabilities: Vec<_> = CAPABILITIES.iter().map(|entry| (entry.name, entry.capability)).collect();
        let mut methods: Vec<_> = METHODS.iter().map(|entry| ((entry.service, entry.name), entry.method)).collect();
        capabilities.sort_unstable();
        methods.sort_unstable();
        Self { capabilities, methods }
    }
}

impl Names {
    /// The capability of exactly that name (POLICY-002).
    ///
    /// # Errors
    /// `malformed_capability` for what is no name, `unknown_capability` for a name that the catalogue lacks.
    pub fn capability(&self, name: &str) -> Result<Capability> {
        self.asked_capability(name).map_err(|reason| match reason {
            Reason::Unknown => ServiceError::plain(
                ErrorCode::UnknownCapability,
                "the catalogue has no such capability",
                "take a name of spec/capabilities.yaml, whole and exact",
            ),
            _ if name.len() > POLICY_CAPABILITY_BYTES_MAX as usize => ServiceError::range(
                ErrorCode::MalformedCapability,
                "the bytes of the capability's name",
                name.len() as u64,
                (1, u64::from(POLICY_CAPABILITY_BYTES_MAX)),
                "take a name of spec/capabilities.yaml",
            ),
            _ => ServiceError::plain(
                ErrorCode::MalformedCapability,
                "the text is no name of a capability",
                "write lowercase words with dots between them, as audio.level.set",
            ),
        })
    }

    /// The method of that service.
    ///
    /// # Errors
    /// `unknown_method`.
    pub fn method(&self, service: &str, method: &str) -> Result<Method> {
        let what = "the service has no such method";
        let unknown = ServiceError::plain(ErrorCode::UnknownMethod, what, "take a method of spec/capabilities.yaml");
        self.find_method(service, method).ok_or(unknown)
    }

    fn find_method(&self, service: &str, method: &str) -> Option<Method> {
        let at = self.methods.binary_search_by_key(&(service, method), |(names, _)| *names).ok()?;
        self.methods.get(at).map(|(_, method)| *method)
    }

    /// The capability that a message names, or why a decision about it denies (POLICY-016).
    pub(super) fn asked_capability(&self, name: &str) -> core::result::Result<Capability, Reason> {
        // What is found is well-formed, so that the form only matters where nothing is.
        match self.capabilities.binary_search_by_key(&name, |(name, _)| name) {
            Ok(at) => self.capabilities.get(at).map(|(_, capability)| *capability).ok_or(Reason::Unknown),
            Err(_) if is_capability_name(name) => Err(Reason::Unknown),
            Err(_) => Err(Reason::Malformed),
        }
    }

    /// The method that a message names, or why a decision about it denies (POLICY-016).
    pub(super) fn asked_method(&self, service: &str, method: &str) -> core::result::Result<Method, Reason> {
        match self.find_method(service, method) {
            Some(method) => Ok(method),
            None if is_subject_name(service) && is_capability_name(method) && !method.contains('.') => Err(Reason::Unknown),
            None => Err(Reason::Malformed),
        }
    }
}

/// Lowercase words with dots between them, of at most [`POLICY_CAPABILITY_BYTES_MAX`] bytes.
fn is_capability_name(name: &str) -> bool {
    let mut starts = true;
    for byte in name.bytes() {
        let fits = match byte {
            b'a'..=b'z' => true,
            b'0'..=b'9' | b'_' | b'.' => !starts,
            _ => false,
        };
        if !fits {
            return false;
        }
        starts = byte == b'.';
    }
    !starts && name.len() <= POLICY_CAPABILITY_BYTES_MAX as usize
}

/// Visible ASCII characters, 1 to [`POLICY_SUBJECT_BYTES_MAX`] of them.
pub(super) fn is_subject_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= POLICY_SUBJECT_BYTES_MAX as usize && name.bytes().all(|byte| byte.is_ascii_graphic())
}
