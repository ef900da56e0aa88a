//! The JSON schemas of this folder.
//!
//! A package of its own, so that nothing else waits for the validator that its tests hold model and implementation against.

/// The configuration of the media services: its address and its text.
pub const MEDIA: (&str, &str) = ("https://open-nexus-os.dev/schemas/config/v1/media_v2_1.schema.json", spec::media_config::SCHEMA);
