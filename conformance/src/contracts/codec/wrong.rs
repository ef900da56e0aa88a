//! A codecd and an i2sd that make one mistake.

use sha2::{Digest, Sha256};
use spec::codec::{
    Block, BlockFormat, CODEC_FORMAT, CODEC_ROUTE_BYTES_MAX, CODEC_ROUTE_HOPS_MAX, CODEC_TREE_BYTES_MAX, Codec, Config, Obs, Op, Platform,
    RouteSink,
};
use spec::{ErrorCode, Failure, Machine};

/// The mistakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    #[cfg(test)]
    None,
    NoSpeaker,
    SinksSwapped,
    AnySpaces,
    AnyCase,
    WithoutCodec,
    AnyMiddle,
    AnySource,
    AnySink,
    Cycles,
    CycleBesideIsMissing,
    SourceBeforeCycle,
    SinkBeforeSource,
    BytesOneMore,
    BytesOneLess,
    HopsOneMore,
    HopsOneLess,
    FormBeforeLength,
    AnyRate,
    AnyChannels,
    AnySample,
    AnyBlock,
    BlockFirst,
    ChannelsFirst,
    FormatBeforeRoute,
    NoNullMode,
    KeepsFirst,
    KeepsNothing,
    NoAckLine,
    AckWithoutMode,
    AckOfCodec,
    RejectionDropsConfiguration,
    RejectionConfigures,
    RejectedTreeDeclares,
    RejectedBlockCounts,
    RejectionPrints,
    NeedsNoEnd,
    TakesEmptyList,
    SkipsWrongRoutes,
    TakesTwice,
    ListOneLonger,
    ListOneShorter,
    EndsAtEmptyText,
    IgnoresTree,
    AddsToTree,
    TreeKeepsConfiguration,
    FormatBeforeTree,
    EnabledOnQemu,
    EnablesOnQemu,
    QemuSaysDisabled,
    DisablesNever,
    TakesWhileDisabled,
    SizeBeforeDisabled,
    CountsFrames,
    AnyFrames,
    AtMostABlock,
    DigestOfFirst,
    DigestOfAll,
    BigEndian,
    DisablingForgets,
    NoReady,
    SaysOk,
    NoPlaceholder,
    PlaceholderWhenDisabled,
    PlaceholderEachTime,
    NoPlaceholderWhenEnabled,
    SelectsUnconfigured,
    SelectsDisabled,
    CodecFirst,
}

/// What a machine with that mistake is.
pub(super) struct Wrong {
    flaw: Flaw,
    platform: Platform,
    declared: Vec<RouteSink>,
    configured: Option<RouteSink>,
    enabled: bool,
    blocks: u64,
    hashed: Vec<u8>,
    digest: Option<[u8; 32]>,
    lines: Vec<String>,
}

pub(super) fn wrong(flaw: Flaw) -> Box<dyn Machine<Codec>> {
    Box::new(Wrong::new(flaw, Platform::Qemu))
}

impl Wrong {
    fn new(flaw: Flaw, platform: Platform) -> Self {
        let mut lines = vec!["i2sd: ready".to_owned(), "i2sd: stub/placeholder".to_owned()];
        match flaw {
            Flaw::NoReady => drop(lines.remove(0)),
            Flaw::SaysOk => lines[1] = "i2sd: ok".to_owned(),
            Flaw::NoPlaceholder => drop(lines.pop()),
            _ => {}
        }
        Self {
            flaw,
            platform,
            declared: vec![RouteSink::Hp, RouteSink::Speaker],
            configured: None,
            enabled: flaw == Flaw::EnabledOnQemu && platform == Platform::Qemu,
            blocks: 0,
            hashed: Vec::new(),
            digest: None,
            lines,
        }
    }

    fn is(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    fn sink_of(&self, route: &str) -> Result<RouteSink, ErrorCode> {
        let bytes = match self.flaw {
            Flaw::BytesOneMore => CODEC_ROUTE_BYTES_MAX + 1,
            Flaw::BytesOneLess => CODEC_ROUTE_BYTES_MAX - 1,
            _ => CODEC_ROUTE_BYTES_MAX,
        };
        let longest = match self.flaw {
            Flaw::HopsOneMore => CODEC_ROUTE_HOPS_MAX + 1,
            Flaw::HopsOneLess => CODEC_ROUTE_HOPS_MAX - 1,
            _ => CODEC_ROUTE_HOPS_MAX,
        };
        let too_long = route.len() > bytes as usize;
        if too_long && !self.is(Flaw::FormBeforeLength) {
            return Err(ErrorCode::RouteTooLong);
        }
        let route = if self.is(Flaw::AnyCase) { route.to_ascii_lowercase() } else { route.to_owned() };
        let hops: Vec<&str> = match self.flaw {
            Flaw::AnySpaces => route.split("->").map(str::trim).collect(),
            _ => route.split(" -> ").collect(),
        };
        let is_hop = |hop: &&str| !hop.is_empty() && hop.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if !hops.iter().all(is_hop) {
            return Err(ErrorCode::MalformedRoute);
        }
        if too_long || hops.len() > longest as usize {
            return Err(ErrorCode::RouteTooLong);
        }
        let source = if hops[0] == "i2s" || self.is(Flaw::AnySource) { Ok(()) } else { Err(ErrorCode::UnknownRouteSource) };
        let sink = match hops[hops.len() - 1] {
            "hp" => Ok(RouteSink::Hp),
            "speaker" if self.is(Flaw::NoSpeaker) => Err(ErrorCode::UnknownRouteSink),
            "speaker" => Ok(RouteSink::Speaker),
            _ if self.is(Flaw::AnySink) && hops.len() > 1 => Ok(RouteSink::Hp),
            _ => Err(ErrorCode::UnknownRouteSink),
        };
        if self.is(Flaw::SourceBeforeCycle) {
            source?;
        }
        let cycle = (0..hops.len()).any(|place| hops[..place].contains(&hops[place]));
        if cycle && !self.is(Flaw::Cycles) {
            return Err(if self.is(Flaw::CycleBesideIsMissing) { ErrorCode::MissingRouteHop } else { ErrorCode::RepeatedRouteHop });
        }
        if self.is(Flaw::SinkBeforeSource) {
            sink?;
        }
        source?;
        let sink = sink?;
        let between = hops.get(1..hops.len() - 1).unwrap_or_default();
        if !between.contains(&"codec") && !self.is(Flaw::WithoutCodec) {
            return Err(ErrorCode::MissingRouteHop);
        }
        if between.len() > 1 && !self.is(Flaw::AnyMiddle) && !(self.is(Flaw::Cycles) && cycle) {
            return Err(ErrorCode::UnknownRouteHop);
        }
        Ok(match (self.flaw, sink) {
            (Flaw::SinksSwapped, RouteSink::Hp) => RouteSink::Speaker,
            (Flaw::SinksSwapped, RouteSink::Speaker) => RouteSink::Hp,
            (_, sink) => sink,
        })
    }

    fn check(&self, format: &BlockFormat) -> Result<(), ErrorCode> {
        let right = CODEC_FORMAT;
        let fields = [
            (format.rate_hz == right.rate_hz || self.is(Flaw::AnyRate), ErrorCode::UnsupportedCodecRate),
            (format.channels == right.channels || self.is(Flaw::AnyChannels), ErrorCode::UnsupportedCodecChannels),
            (format.sample == right.sample || self.is(Flaw::AnySample), ErrorCode::UnsupportedCodecSample),
            (format.block_frames == right.block_frames || self.is(Flaw::AnyBlock), ErrorCode::UnsupportedCodecBlock),
        ];
        let order = match self.flaw {
            Flaw::BlockFirst => [3, 0, 1, 2],
            Flaw::ChannelsFirst => [1, 0, 2, 3],
            _ => [0, 1, 2, 3],
        };
        order.map(|place| fields[place]).into_iter().find(|(right, _)| !right).map_or(Ok(()), |(_, code)| Err(code))
    }

    fn configure(&mut self, route: &str, format: &BlockFormat) -> Result<Obs, ErrorCode> {
        if self.is(Flaw::FormatBeforeRoute) {
            self.check(format)?;
        }
        let sink = self.sink_of(route)?;
        if self.is(Flaw::FormatBeforeTree) {
            self.check(format)?;
        }
        if !self.declared.contains(&sink) && !self.is(Flaw::IgnoresTree) {
            return Err(ErrorCode::UndeclaredRoute);
        }
        if self.is(Flaw::RejectionConfigures) {
            self.configured = Some(sink);
        }
        self.check(format)?;
        match self.flaw {
            Flaw::KeepsFirst => self.configured = self.configured.or(Some(sink)),
            Flaw::KeepsNothing => {}
            _ => self.configured = Some(sink),
        }
        match self.flaw {
            Flaw::NoAckLine => {}
            Flaw::AckWithoutMode => self.lines.push(format!("codecd: ack route={}", sink.name())),
            Flaw::AckOfCodec => self.lines.push(format!("codec: ack route={} mode=null", sink.name())),
            _ => self.lines.push(format!("codecd: ack route={} mode=null", sink.name())),
        }
        Ok(Obs::Configured { sink, null_mode: !self.is(Flaw::NoNullMode) })
    }

    fn routes(&mut self, property: &[u8]) -> Result<Obs, ErrorCode> {
        let max = match self.flaw {
            Flaw::ListOneLonger => CODEC_TREE_BYTES_MAX + 1,
            Flaw::ListOneShorter => CODEC_TREE_BYTES_MAX - 1,
            _ => CODEC_TREE_BYTES_MAX,
        };
        let mut sinks = Vec::new();
        if property.len() > max as usize || (property.is_empty() && !self.is(Flaw::TakesEmptyList)) {
            return Err(ErrorCode::MalformedRoutes);
        }
        let texts = match property.strip_suffix(&[0]) {
            Some(texts) => texts,
            None if self.is(Flaw::NeedsNoEnd) || property.is_empty() => property,
            None => return Err(ErrorCode::MalformedRoutes),
        };
        let texts = std::str::from_utf8(texts).map_err(|_| ErrorCode::MalformedRoutes)?;
        for text in texts.split('\0').filter(|_| !property.is_empty()) {
            if text.is_empty() && self.is(Flaw::EndsAtEmptyText) {
                break;
            }
            let sink = match self.sink_of(text) {
                Ok(sink) => sink,
                Err(_) if self.is(Flaw::SkipsWrongRoutes) => continue,
                Err(code) => return Err(code),
            };
            if sinks.contains(&sink) {
                if self.is(Flaw::TakesTwice) {
                    continue;
                }
                return Err(ErrorCode::DuplicateRoute);
            }
            sinks.push(sink);
            if self.is(Flaw::RejectedTreeDeclares) {
                self.declared = sinks.clone();
            }
        }
        if self.is(Flaw::AddsToTree) {
            self.declared.extend(&sinks);
        } else {
            self.declared = sinks.clone();
        }
        if !self.is(Flaw::TreeKeepsConfiguration) {
            self.configured = None;
        }
        Ok(Obs::Routes(sinks))
    }

    fn enable(&mut self, enabled: bool) -> Result<Obs, ErrorCode> {
        if enabled && self.platform == Platform::Qemu && !self.is(Flaw::EnablesOnQemu) {
            return Err(if self.is(Flaw::QemuSaysDisabled) { ErrorCode::I2sDisabled } else { ErrorCode::I2sAbsent });
        }
        let changed = enabled != self.enabled;
        let prints = match self.flaw {
            Flaw::PlaceholderWhenDisabled => changed,
            Flaw::PlaceholderEachTime => enabled,
            Flaw::NoPlaceholderWhenEnabled => false,
            _ => changed && enabled,
        };
        if prints {
            self.lines.push("i2sd: stub/placeholder".to_owned());
        }
        if !enabled && changed && self.is(Flaw::DisablingForgets) {
            (self.blocks, self.digest) = (0, None);
        }
        self.enabled = enabled || (self.enabled && self.is(Flaw::DisablesNever));
        Ok(Obs::Done)
    }

    fn submit(&mut self, block: Block) -> Result<Obs, ErrorCode> {
        let right = match self.flaw {
            Flaw::AnyFrames => true,
            Flaw::AtMostABlock => block.frames <= 480,
            _ => block.frames == 480,
        };
        if !right && self.is(Flaw::SizeBeforeDisabled) {
            return Err(ErrorCode::InvalidI2sBlock);
        }
        if !self.enabled && !self.is(Flaw::TakesWhileDisabled) {
            return Err(ErrorCode::I2sDisabled);
        }
        if !right && self.is(Flaw::RejectedBlockCounts) {
            self.blocks += 1;
        }
        if !right {
            return Err(ErrorCode::InvalidI2sBlock);
        }
        let big = self.is(Flaw::BigEndian);
        let bytes = block.pcm().into_iter().flat_map(|sample| if big { sample.to_be_bytes() } else { sample.to_le_bytes() });
        if !self.is(Flaw::DigestOfAll) {
            self.hashed.clear();
        }
        self.hashed.extend(bytes);
        if !(self.is(Flaw::DigestOfFirst) && self.digest.is_some()) {
            self.digest = Some(Sha256::digest(&self.hashed).into());
        }
        self.blocks += if self.is(Flaw::CountsFrames) { 480 } else { 1 };
        Ok(Obs::Taken(self.blocks))
    }

    fn select(&self) -> Result<Obs, ErrorCode> {
        let disabled = !self.enabled && !self.is(Flaw::SelectsDisabled);
        let unconfigured = self.configured.is_none() && !self.is(Flaw::SelectsUnconfigured);
        match (disabled, unconfigured) {
            (true, true) if self.is(Flaw::CodecFirst) => Err(ErrorCode::CodecNotConfigured),
            (true, _) => Err(ErrorCode::I2sDisabled),
            (false, true) => Err(ErrorCode::CodecNotConfigured),
            (false, false) => Ok(Obs::Selectable),
        }
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        match op {
            Op::Configure { route, format } => self.configure(route, format),
            Op::Routes(property) => self.routes(&property.0),
            Op::State => Ok(Obs::State { configured: self.configured, enabled: self.enabled, blocks: self.blocks, digest: self.digest }),
            Op::Enable(enabled) => self.enable(*enabled),
            Op::Submit(block) => self.submit(*block),
            Op::SelectI2s => self.select(),
            Op::Markers => Ok(Obs::Lines(std::mem::take(&mut self.lines))),
        }
    }
}

impl Machine<Codec> for Wrong {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::new(self.flaw, config.platform);
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(|code| {
            if matches!(op, Op::Configure { .. }) && self.is(Flaw::RejectionDropsConfiguration) {
                self.configured = None;
            }
            if self.is(Flaw::RejectionPrints) {
                self.lines.push(format!("codecd: rejected {}", code.name()));
            }
            Obs::Rejected(code)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::{Flaw, wrong};
    use crate::suite::Suite;
    use model::Modelled;
    use spec::{Contract, SplitMix64, codec::Codec};

    #[test]
    fn wrong_machine_without_a_mistake_is_right() {
        let drawn = (0..1_000).map(|seed| Codec::draw(&mut SplitMix64::new(seed), 40));
        for case in drawn.chain(Codec::goldens().into_iter().map(|golden| golden.case)) {
            assert_eq!(wrong(Flaw::None).run_case(&case), Codec::model().run_case(&case), "{case:?}");
        }
    }
}
