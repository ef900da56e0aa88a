//! The codec and I2S stubs: codecd checks and acknowledges in null mode, i2sd is a placeholder. Neither writes a register.

mod i2s;
mod route;

pub use self::i2s::I2sd;

use crate::Result;
use crate::error::ServiceError;
use crate::lines::Lines;
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::codec::{BlockFormat, CODEC_BLOCK_FRAMES, CODEC_CHANNELS, CODEC_RATE_HZ, RouteSink, SampleFormat};

/// An acknowledged configuration (CODEC-004).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ack {
    /// Where the route ends.
    pub sink: RouteSink,
    /// Whether nothing was written to a device, which is always so here.
    pub null_mode: bool,
}

/// The codec service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codecd {
    /// Ends of the routes that may be selected.
    declared: Vec<RouteSink>,
    configured: Option<RouteSink>,
}

impl Default for Codecd {
    /// Both routes may be selected, and none is.
    fn default() -> Self {
        Self { declared: [RouteSink::Hp, RouteSink::Speaker].into(), configured: None }
    }
}

impl Codecd {
    /// Reads the routes of a device tree: the bytes of the property `nexus,routes` of the codec's node. Whatever was configured
    /// is dropped (CODEC-006, CODEC-007). Gives the routes' ends, in their order.
    ///
    /// # Errors
    /// `malformed_routes`, `duplicate_route`, and those of a route. Nothing has changed then.
    pub fn read_routes(&mut self, property: &[u8]) -> Result<&[RouteSink]> {
        self.declared = route::declared(property)?;
        self.configured = None;
        Ok(&self.declared)
    }

    /// Selects a route and a format, and acknowledges both in null mode (CODEC-001 to 004).
    ///
    /// # Errors
    /// The first reason against the route, then against the format: see CODEC-D2. Nothing has changed then (CODEC-005).
    pub fn configure(&mut self, route: &str, format: &BlockFormat, lines: &mut dyn Lines) -> Result<Ack> {
        let sink = route::sink_of(route)?;
        if !self.declared.contains(&sink) {
            return Err(ServiceError::plain(
                ErrorCode::UndeclaredRoute,
                "the device tree does not declare this route",
                "take one of nexus,routes of the codec's node, or add it there",
            ));
        }
        check_format(format)?;
        self.configured = Some(sink);
        lines.line(&format_args!("codecd: ack route={} mode=null", sink.name()));
        Ok(Ack { sink, null_mode: true })
    }

    /// Where the configured route ends, if one is configured.
    pub const fn configured(&self) -> Option<RouteSink> {
        self.configured
    }
}

/// Whether audiod may select the sink `i2s` (CODEC-012).
///
/// # Errors
/// `i2s_disabled`, then `codec_not_configured`.
pub fn select_i2s(i2sd: &I2sd, codecd: &Codecd) -> Result<()> {
    if !i2sd.enabled() {
        return Err(i2s::DISABLED);
    }
    if codecd.configured().is_none() {
        return Err(ServiceError::plain(
            ErrorCode::CodecNotConfigured,
            "codecd was given no route and format",
            "configure it before selecting the sink i2s",
        ));
    }
    Ok(())
}

/// The engine's format and block; every other field is named (CODEC-003).
fn check_format(format: &BlockFormat) -> Result<()> {
    if format.rate_hz != CODEC_RATE_HZ {
        return Err(ServiceError::expected(
            ErrorCode::UnsupportedCodecRate,
            "the format's rate_hz",
            format.rate_hz,
            CODEC_RATE_HZ,
            "resample before the mixer",
        ));
    }
    if format.channels != CODEC_CHANNELS {
        return Err(ServiceError::expected(
            ErrorCode::UnsupportedCodecChannels,
            "the format's channels",
            format.channels,
            CODEC_CHANNELS,
            "mix to stereo first",
        ));
    }
    if format.sample != SampleFormat::S16le {
        return Err(ServiceError::plain(
            ErrorCode::UnsupportedCodecSample,
            "the format's sample is not s16le",
            "give signed 16-bit little-endian samples",
        ));
    }
    if format.block_frames != CODEC_BLOCK_FRAMES {
        return Err(ServiceError::expected(
            ErrorCode::UnsupportedCodecBlock,
            "the format's block_frames",
            format.block_frames,
            CODEC_BLOCK_FRAMES,
            "use the engine's block",
        ));
    }
    Ok(())
}
