//! The audio path: the I2S controller, the codec on its bus, and the routes to its ends (DEVICES-013, DEVICES-014, DEVICES-015).

use crate::Result;
use crate::board::{Found, is_enabled};
use crate::keys::Key;
use crate::references;
use crate::tree::Node;
use alloc::string::String;
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::codec::{CODEC_ROUTE_HP, CODEC_ROUTE_SPEAKER};
use spec::devices::{
    Audio, Clock, Codec, DEVICES_CLOCKS_MAX, DEVICES_CODEC, DEVICES_CODEC_ADDRESS, DEVICES_I2C, DEVICES_I2S, DEVICES_I2S_BASE,
    DEVICES_I2S_BYTES, I2s, RouteSink,
};

/// Reads the path; nothing where there is neither I2S controller nor codec.
pub(crate) fn read(found: &Found<'_, '_>, plic: usize) -> Result<Option<Audio>> {
    let mut controllers = found.tree.compatible(DEVICES_I2S);
    let mut codecs = found.tree.compatible(DEVICES_CODEC);
    match (controllers.next(), codecs.next(), controllers.next(), codecs.next()) {
        (None, None, ..) => Ok(None),
        (Some(controller), Some((_, codec)), None, None) => {
            let i2s = i2s(found, controller, plic)?;
            Ok(Some(Audio { i2s, codec: codec_of(found, codec, controller.1)? }))
        }
        (Some((_, node)), ..) | (_, Some((_, node)), ..) => Err(wrong(node, "there is not one nexus,i2s and one nexus,codec-null")),
    }
}

fn wrong(node: &Node<'_>, what: &'static str) -> crate::DevicesError {
    node.wrong(ErrorCode::InvalidAudioPath, what, "describe the audio path as pkg://dts/virt-nexus.dts does")
}

fn i2s(found: &Found<'_, '_>, (place, node): (usize, &Node<'_>), plic: usize) -> Result<I2s> {
    let wired = found.wired(place, DEVICES_I2S_BYTES, plic).filter(|wired| wired.window.address == DEVICES_I2S_BASE);
    let wired = wired.ok_or_else(|| wrong(node, "the I2S controller has no registers at 0x10003000 or not one interrupt"))?;
    let sources = references::clocks(found.tree, &found.handles, node).unwrap_or_default();
    if sources.is_empty() || sources.len() > DEVICES_CLOCKS_MAX as usize {
        return Err(wrong(node, "the I2S controller has no clocks, or more than four"));
    }
    let names = texts(node, Key::ClockNames).filter(|names| names.len() == sources.len());
    let names = names.ok_or_else(|| wrong(node, "clock-names does not name each clock in printable ASCII"))?;
    if names.iter().enumerate().any(|(place, name)| names.iter().take(place).any(|before| before == name)) {
        return Err(wrong(node, "clock-names has a name twice"));
    }
    let mut clocks = Vec::with_capacity(names.len());
    for (name, source) in names.into_iter().zip(sources) {
        let fixed = source.texts(Key::Compatible).any(|text| text == b"fixed-clock") && source.cell(Key::ClockCells) == Some(0);
        let hertz = source.cell(Key::ClockFrequency).filter(|hertz| fixed && *hertz > 0);
        clocks.push(Clock {
            name,
            hertz: hertz.ok_or_else(|| wrong(source, "a clock of the I2S controller is no fixed-clock with a rate"))?,
        });
    }
    Ok(I2s { window: wired.window, interrupt: wired.interrupt, clocks, enabled: is_enabled(node), stub: node.has(Key::Stub) })
}

fn codec_of(found: &Found<'_, '_>, node: &Node<'_>, i2s: &Node<'_>) -> Result<Codec> {
    let is_i2c = |bus: &&Node<'_>| bus.texts(Key::Compatible).any(|text| text == DEVICES_I2C.as_bytes());
    let bus = found.tree.nodes.get(node.parent).filter(is_i2c);
    let bus = bus.and_then(|_| found.window(node.parent, 1)).ok_or_else(|| wrong(node, "the codec is on no I2C bus with registers"))?;
    let linked = node.cell(Key::I2s).filter(|handle| i2s.cell(Key::Phandle) == Some(*handle));
    linked.ok_or_else(|| wrong(node, "nexus,i2s does not name the I2S controller"))?;
    let address = node.cell(Key::Reg).filter(|address| *address == DEVICES_CODEC_ADDRESS);
    let address = address.ok_or_else(|| wrong(node, "the codec's address is not 0x1a"))?;
    let compatible = texts(node, Key::Compatible).ok_or_else(|| wrong(node, "compatible is not printable ASCII"))?;
    Ok(Codec { bus: bus.address, address, compatible, routes: routes(node)?, stub: node.has(Key::Stub) })
}

fn routes(node: &Node<'_>) -> Result<Vec<RouteSink>> {
    let mut routes = Vec::with_capacity(2);
    for text in node.texts(Key::Routes) {
        let sink = if text == CODEC_ROUTE_HP.as_bytes() {
            RouteSink::Hp
        } else if text == CODEC_ROUTE_SPEAKER.as_bytes() {
            RouteSink::Speaker
        } else {
            return Err(wrong(node, "a route is not i2s -> codec -> hp or speaker"));
        };
        if routes.contains(&sink) {
            return Err(wrong(node, "a route is there twice"));
        }
        routes.push(sink);
    }
    if routes.is_empty() { Err(wrong(node, "the codec has no routes")) } else { Ok(routes) }
}

/// The texts of a property, if there are any, all are printable ASCII and none is empty.
fn texts(node: &Node<'_>, key: Key) -> Option<Vec<String>> {
    let text = |text: &[u8]| {
        let printable = !text.is_empty() && text.iter().all(|byte| matches!(byte, b' '..=b'~'));
        core::str::from_utf8(text).ok().filter(|_| printable).map(String::from)
    };
    let texts: Option<Vec<String>> = node.texts(key).map(text).collect();
    texts.filter(|texts| !texts.is_empty())
}
