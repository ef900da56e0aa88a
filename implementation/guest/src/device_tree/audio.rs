//! The audio path: the I2S controller, the codec on its bus, and the routes from one to the other's ends.

use super::{Audio, Fault, devices, is};
use dtoolkit::fdt::FdtNode;
use dtoolkit::standard::NodeStandard;
use dtoolkit::{Node, Property};

/// Most routes that are read; each end once would be two.
const ROUTES_MAX: usize = 8;
/// Highest address on an I2C bus.
const ADDRESS_MAX: u32 = 0x7f;

/// Reads the path from the children of `/soc`; nothing where there is neither I2S controller nor codec.
pub fn read(soc: FdtNode<'_>) -> Result<Option<Audio>, Fault> {
    let i2s = soc.children().find(|node| is(*node, "nexus,i2s"));
    let codec =
        soc.children().filter(|bus| is(*bus, "nexus,i2c-null")).find_map(|bus| bus.children().find(|node| is(*node, "nexus,codec-null")));
    let (i2s, codec) = match (i2s, codec) {
        (None, None) => return Ok(None),
        (Some(i2s), Some(codec)) => (i2s, codec),
        _ => return Err(Fault::Audio("one of nexus,i2s and nexus,codec-null is missing")),
    };
    let base = devices(soc, "nexus,i2s").next().ok_or(Fault::Audio("the I2S controller has no usable address"))?;
    let linked = codec.property("nexus,i2s").and_then(|link| link.value_as::<u32>().ok());
    if linked.is_none() || linked != i2s.phandle().ok().flatten() {
        return Err(Fault::Audio("the codec is not linked to the I2S controller"));
    }
    let address = codec.property("reg").and_then(|reg| reg.value_as::<u32>().ok()).filter(|address| *address <= ADDRESS_MAX);
    let address = address.and_then(|address| u8::try_from(address).ok()).ok_or(Fault::Audio("the codec has no address"))?;
    let (headphone, speaker) = routes(codec)?;
    // As in every device tree, a device without a status is enabled.
    let i2s_enabled = i2s.property("status").is_none_or(|status| matches!(status.value(), b"okay\0" | b"ok\0"));
    Ok(Some(Audio { i2s: base, i2s_enabled, codec: address, headphone, speaker }))
}

/// Whether there are routes to the headphone and to the speaker: texts of the form `i2s -> codec -> END`, each ended by a zero.
fn routes(codec: FdtNode<'_>) -> Result<(bool, bool), Fault> {
    let routes = codec.property("nexus,routes").ok_or(Fault::Audio("the codec has no routes"))?;
    let routes = routes.value().strip_suffix(&[0]).ok_or(Fault::Audio("the routes are no texts"))?;
    let (mut headphone, mut speaker) = (false, false);
    for (count, route) in routes.split(|byte| *byte == 0).enumerate() {
        let end = route.strip_prefix(b"i2s -> codec -> ");
        let known = match end {
            Some(b"hp") => &mut headphone,
            Some(b"speaker") => &mut speaker,
            _ => return Err(Fault::Audio("a route is not i2s -> codec -> hp or speaker")),
        };
        if *known || count >= ROUTES_MAX {
            return Err(Fault::Audio("a route is there twice"));
        }
        *known = true;
    }
    Ok((headphone, speaker))
}
