//! Routes: their text, and their list in a device tree.

use crate::Result;
use crate::error::{ServiceError, length};
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::codec::{CODEC_ROUTE_ARROW, CODEC_ROUTE_BYTES_MAX, CODEC_ROUTE_HOPS_MAX, CODEC_TREE_BYTES_MAX, RouteSink};

/// Where every route starts.
const SOURCE: &str = "i2s";

/// What every route passes.
const CODEC: &str = "codec";

/// Where a route ends, after all checks of its text in the order of their reasons (CODEC-D2).
pub(super) fn sink_of(route: &str) -> Result<RouteSink> {
    let too_long = |what, got: usize, max: u32| {
        ServiceError::range(ErrorCode::RouteTooLong, what, length(got), (1, max), "name source, codec and sink alone")
    };
    if route.len() > CODEC_ROUTE_BYTES_MAX as usize {
        return Err(too_long("the bytes of the route", route.len(), CODEC_ROUTE_BYTES_MAX));
    }
    let hops = || route.split(CODEC_ROUTE_ARROW);
    if !hops().all(is_hop) {
        return Err(rejected(ErrorCode::MalformedRoute, "the route is no list of hops with ' -> ' between"));
    }
    let count = hops().count();
    if count > CODEC_ROUTE_HOPS_MAX as usize {
        return Err(too_long("the hops of the route", count, CODEC_ROUTE_HOPS_MAX));
    }
    if hops().enumerate().any(|(place, hop)| hops().take(place).any(|before| before == hop)) {
        return Err(rejected(ErrorCode::RepeatedRouteHop, "the route passes a hop twice"));
    }
    if hops().next() != Some(SOURCE) {
        return Err(rejected(ErrorCode::UnknownRouteSource, "the route does not start at i2s"));
    }
    let sink = [RouteSink::Hp, RouteSink::Speaker].into_iter().find(|sink| hops().last() == Some(sink.name()));
    let sink = sink.ok_or_else(|| rejected(ErrorCode::UnknownRouteSink, "the route ends at neither hp nor speaker"))?;
    let mut between = hops().skip(1).take(count.saturating_sub(2));
    if !between.any(|hop| hop == CODEC) {
        return Err(rejected(ErrorCode::MissingRouteHop, "the route does not pass the codec"));
    }
    if count > 3 {
        return Err(rejected(ErrorCode::UnknownRouteHop, "the route passes a hop beside the codec"));
    }
    Ok(sink)
}

fn is_hop(hop: &str) -> bool {
    !hop.is_empty() && hop.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn rejected(code: ErrorCode, what: &'static str) -> ServiceError {
    ServiceError::plain(code, what, "take 'i2s -> codec -> hp' or 'i2s -> codec -> speaker'")
}

/// The ends of the routes that a device tree declares: texts that are each ended by a zero byte (CODEC-006).
pub(super) fn declared(property: &[u8]) -> Result<Vec<RouteSink>> {
    let malformed = |what| ServiceError::plain(ErrorCode::MalformedRoutes, what, "write nexus,routes as a list of route texts");
    if property.is_empty() || property.len() > CODEC_TREE_BYTES_MAX as usize {
        let range = (1, CODEC_TREE_BYTES_MAX);
        return Err(ServiceError::range(
            ErrorCode::MalformedRoutes,
            "the bytes of nexus,routes",
            length(property.len()),
            range,
            "declare each route once",
        ));
    }
    let texts = property.strip_suffix(&[0]).ok_or_else(|| malformed("the last text of nexus,routes has no zero byte at its end"))?;
    let texts = core::str::from_utf8(texts).map_err(|_| malformed("nexus,routes is no UTF-8"))?;
    let mut sinks = Vec::new();
    for route in texts.split('\0') {
        let sink = sink_of(route)?;
        if sinks.contains(&sink) {
            return Err(ServiceError::plain(ErrorCode::DuplicateRoute, "nexus,routes declares a route twice", "declare each route once"));
        }
        sinks.push(sink);
    }
    Ok(sinks)
}
