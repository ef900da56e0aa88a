//! The reference model of the contract `codec`.

pub use self::CodecModel as Model;
use sha2::{Digest, Sha256};
use spec::codec::{
    Block, BlockFormat, CODEC_BLOCK_FRAMES, CODEC_CHANNELS, CODEC_RATE_HZ, CODEC_ROUTE_ARROW, CODEC_ROUTE_BYTES_MAX, CODEC_ROUTE_HOPS_MAX,
    CODEC_TREE_BYTES_MAX, Codec, Config, Obs, Op, Platform, RouteSink, SampleFormat,
};
use spec::{ErrorCode, Failure, Machine};

/// The reference model of the contract `codec`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodecModel {
    platform: Platform,
    /// Ends of the routes that may be selected.
    declared: Vec<RouteSink>,
    configured: Option<RouteSink>,
    enabled: bool,
    blocks: u64,
    digest: Option<[u8; 32]>,
    /// Lines that nobody has looked at.
    lines: Vec<String>,
}

impl Default for CodecModel {
    fn default() -> Self {
        Self::new(&Config::default())
    }
}

/// The end of an accepted route. CODEC-002: the checks stand in the order of their reasons.
fn sink_of(route: &str) -> Result<RouteSink, ErrorCode> {
    if route.len() > CODEC_ROUTE_BYTES_MAX as usize {
        return Err(ErrorCode::RouteTooLong);
    }
    let hops: Vec<&str> = route.split(CODEC_ROUTE_ARROW).collect();
    let is_hop = |hop: &&str| !hop.is_empty() && hop.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit());
    if !hops.iter().all(is_hop) {
        return Err(ErrorCode::MalformedRoute);
    }
    if hops.len() > CODEC_ROUTE_HOPS_MAX as usize {
        return Err(ErrorCode::RouteTooLong);
    }
    if (0..hops.len()).any(|place| hops[..place].contains(&hops[place])) {
        return Err(ErrorCode::RepeatedRouteHop);
    }
    if hops[0] != "i2s" {
        return Err(ErrorCode::UnknownRouteSource);
    }
    let sink = match hops[hops.len() - 1] {
        "hp" => RouteSink::Hp,
        "speaker" => RouteSink::Speaker,
        _ => return Err(ErrorCode::UnknownRouteSink),
    };
    let between = &hops[1..hops.len() - 1];
    if !between.contains(&"codec") {
        return Err(ErrorCode::MissingRouteHop);
    }
    if between.len() > 1 {
        return Err(ErrorCode::UnknownRouteHop);
    }
    // CODEC-001
    Ok(sink)
}

/// CODEC-003
fn check(format: &BlockFormat) -> Result<(), ErrorCode> {
    if format.rate_hz != CODEC_RATE_HZ {
        return Err(ErrorCode::UnsupportedCodecRate);
    }
    if format.channels != CODEC_CHANNELS {
        return Err(ErrorCode::UnsupportedCodecChannels);
    }
    if format.sample != SampleFormat::S16le {
        return Err(ErrorCode::UnsupportedCodecSample);
    }
    if format.block_frames != CODEC_BLOCK_FRAMES {
        return Err(ErrorCode::UnsupportedCodecBlock);
    }
    Ok(())
}

/// CODEC-006
fn declared(property: &[u8]) -> Result<Vec<RouteSink>, ErrorCode> {
    if property.is_empty() || property.len() > CODEC_TREE_BYTES_MAX as usize {
        return Err(ErrorCode::MalformedRoutes);
    }
    let texts = property.strip_suffix(&[0]).ok_or(ErrorCode::MalformedRoutes)?;
    let texts = std::str::from_utf8(texts).map_err(|_| ErrorCode::MalformedRoutes)?;
    let mut sinks = Vec::new();
    for route in texts.split('\0') {
        let sink = sink_of(route)?;
        if sinks.contains(&sink) {
            return Err(ErrorCode::DuplicateRoute);
        }
        sinks.push(sink);
    }
    Ok(sinks)
}

impl CodecModel {
    fn new(config: &Config) -> Self {
        Self {
            platform: config.platform,
            declared: vec![RouteSink::Hp, RouteSink::Speaker],
            configured: None,
            // CODEC-008
            enabled: false,
            blocks: 0,
            digest: None,
            // CODEC-011
            lines: vec!["i2sd: ready".to_owned(), "i2sd: stub/placeholder".to_owned()],
        }
    }

    fn configure(&mut self, route: &str, format: &BlockFormat) -> Result<Obs, ErrorCode> {
        // CODEC-005: nothing changes before all checks have passed.
        let sink = sink_of(route)?;
        // CODEC-007
        if !self.declared.contains(&sink) {
            return Err(ErrorCode::UndeclaredRoute);
        }
        check(format)?;
        // CODEC-004
        self.configured = Some(sink);
        self.lines.push(format!("codecd: ack route={} mode=null", sink.name()));
        Ok(Obs::Configured { sink, null_mode: true })
    }

    fn enable(&mut self, enabled: bool) -> Result<Obs, ErrorCode> {
        // CODEC-008
        if enabled && self.platform == Platform::Qemu {
            return Err(ErrorCode::I2sAbsent);
        }
        // CODEC-011
        if enabled && !self.enabled {
            self.lines.push("i2sd: stub/placeholder".to_owned());
        }
        self.enabled = enabled;
        Ok(Obs::Done)
    }

    fn submit(&mut self, block: Block) -> Result<Obs, ErrorCode> {
        // CODEC-009
        if !self.enabled {
            return Err(ErrorCode::I2sDisabled);
        }
        // CODEC-010
        if u32::from(block.frames) != CODEC_BLOCK_FRAMES {
            return Err(ErrorCode::InvalidI2sBlock);
        }
        let bytes: Vec<u8> = block.pcm().into_iter().flat_map(i16::to_le_bytes).collect();
        self.digest = Some(Sha256::digest(&bytes).into());
        self.blocks += 1;
        Ok(Obs::Taken(self.blocks))
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        match op {
            Op::Configure { route, format } => self.configure(route, format),
            Op::Routes(property) => {
                self.declared = declared(&property.0)?;
                // CODEC-007
                self.configured = None;
                Ok(Obs::Routes(self.declared.clone()))
            }
            Op::State => Ok(Obs::State { configured: self.configured, enabled: self.enabled, blocks: self.blocks, digest: self.digest }),
            Op::Enable(enabled) => self.enable(*enabled),
            Op::Submit(block) => self.submit(*block),
            // CODEC-012
            Op::SelectI2s if !self.enabled => Err(ErrorCode::I2sDisabled),
            Op::SelectI2s if self.configured.is_none() => Err(ErrorCode::CodecNotConfigured),
            Op::SelectI2s => Ok(Obs::Selectable),
            Op::Markers => Ok(Obs::Lines(std::mem::take(&mut self.lines))),
        }
    }
}

impl Machine<Codec> for CodecModel {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::new(config);
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests {
    use super::{CodecModel, check, declared, sink_of};
    use spec::ErrorCode as E;
    use spec::codec::{Block, BlockFormat, CODEC_FORMAT, Config, Obs, Op, Platform, RouteSink, SampleFormat};

    /// The first bytes of the SHA-256 of 1,920 zero bytes.
    const SHA_OF_ZEROS: [u8; 4] = [0x15, 0x5e, 0x43, 0x7b];

    #[test]
    fn routes_have_one_reason() {
        assert_eq!(sink_of("i2s -> codec -> hp"), Ok(RouteSink::Hp));
        assert_eq!(sink_of("i2s -> codec -> speaker"), Ok(RouteSink::Speaker));
        for (route, code) in [
            ("", E::MalformedRoute),
            ("i2s->codec->hp", E::MalformedRoute),
            ("i2s -> Codec -> hp", E::MalformedRoute),
            ("i2s -> codec -> hp -> ", E::MalformedRoute),
            ("i2s", E::UnknownRouteSink),
            ("hp", E::UnknownRouteSource),
            ("codec -> hp", E::UnknownRouteSource),
            ("i2s -> hp", E::MissingRouteHop),
            ("i2s -> dsp -> hp", E::MissingRouteHop),
            ("i2s -> codec", E::UnknownRouteSink),
            ("i2s -> codec -> spdif", E::UnknownRouteSink),
            ("i2s -> codec -> dsp -> hp", E::UnknownRouteHop),
            ("i2s -> hp -> codec -> speaker", E::UnknownRouteHop),
            ("i2s -> codec -> i2s", E::RepeatedRouteHop),
            ("dsp -> codec -> codec -> hp", E::RepeatedRouteHop),
            ("a -> b -> c -> d -> e -> f -> g", E::RouteTooLong),
            ("a -> a -> a -> a -> a -> a -> a", E::RouteTooLong),
        ] {
            assert_eq!(sink_of(route), Err(code), "{route:?}");
        }
        assert_eq!((sink_of(&" ".repeat(65)), sink_of(&" ".repeat(64))), (Err(E::RouteTooLong), Err(E::MalformedRoute)));
    }

    #[test]
    fn formats_and_properties() {
        assert_eq!(check(&CODEC_FORMAT), Ok(()));
        assert_eq!(check(&BlockFormat { rate_hz: 1, channels: 1, ..CODEC_FORMAT }), Err(E::UnsupportedCodecRate));
        assert_eq!(check(&BlockFormat { sample: SampleFormat::U8, block_frames: 1, ..CODEC_FORMAT }), Err(E::UnsupportedCodecSample));
        assert_eq!(declared(b"i2s -> codec -> speaker\0"), Ok(vec![RouteSink::Speaker]));
        for (property, code) in [
            (&b""[..], E::MalformedRoutes),
            (b"\0", E::MalformedRoute),
            (b"i2s -> codec -> hp", E::MalformedRoutes),
            (b"i2s -> codec -> hp\0\xff\0", E::MalformedRoutes),
            (b"i2s -> codec -> hp\0i2s -> codec -> hp\0", E::DuplicateRoute),
            (b"i2s -> hp\0", E::MissingRouteHop),
            (&[0; 129], E::MalformedRoutes),
        ] {
            assert_eq!(declared(property), Err(code), "{property:?}");
        }
    }

    #[test]
    fn the_sink_i2s_needs_both() {
        let mut model = CodecModel::new(&Config { platform: Platform::Test });
        let configure = Op::Configure { route: "i2s -> codec -> hp".into(), format: CODEC_FORMAT };
        let block = Op::Submit(Block { start: 0, step: 0, frames: 480 });
        assert_eq!((model.answer(&Op::SelectI2s), model.answer(&block)), (Err(E::I2sDisabled), Err(E::I2sDisabled)));
        assert_eq!((model.answer(&Op::Enable(true)), model.answer(&Op::SelectI2s)), (Ok(Obs::Done), Err(E::CodecNotConfigured)));
        assert_eq!(model.answer(&configure), Ok(Obs::Configured { sink: RouteSink::Hp, null_mode: true }));
        assert_eq!((model.answer(&Op::SelectI2s), model.answer(&block)), (Ok(Obs::Selectable), Ok(Obs::Taken(1))));
        assert_eq!(model.answer(&Op::Routes("i2s -> codec -> speaker\0".into())), Ok(Obs::Routes(vec![RouteSink::Speaker])));
        assert_eq!((model.answer(&configure), model.answer(&Op::SelectI2s)), (Err(E::UndeclaredRoute), Err(E::CodecNotConfigured)));
        let lines = ["i2sd: ready", "i2sd: stub/placeholder", "i2sd: stub/placeholder", "codecd: ack route=hp mode=null"];
        assert_eq!(model.answer(&Op::Markers), Ok(Obs::Lines(lines.map(str::to_owned).to_vec())));
        let Ok(Obs::State { digest: Some(digest), blocks: 1, .. }) = model.answer(&Op::State) else { panic!("a block was taken") };
        assert_eq!(digest[..4], SHA_OF_ZEROS, "the SHA-256 of 1,920 zero bytes");
    }

    #[test]
    fn test_reject_enabling_on_qemu() {
        let mut model = CodecModel::default();
        let before = model.clone();
        assert_eq!(model.answer(&Op::Enable(true)), Err(E::I2sAbsent));
        assert_eq!(model.answer(&Op::Enable(false)), Ok(Obs::Done));
        assert_eq!(model, before);
    }
}
