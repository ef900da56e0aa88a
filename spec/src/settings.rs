//! The contract `settings`: settings of the audio system.

pub use crate::audiod::Sink;
pub use crate::bytes::Bytes;
pub use crate::generated::settings::*;
use crate::level::draw_text;
use crate::machine::shorter;
use crate::{Case, Contract, Entropy, ErrorCode, entropy};
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `settings`.
#[derive(Clone, Debug)]
pub struct Settings;

/// What is available when settingsd starts. The file of `/state` is empty then: there is none yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Whether `/state` is there.
    pub state: bool,
    /// Whether the sink `i2s` is enabled.
    pub i2s: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self { state: true, i2s: false }
    }
}

/// Who a setting belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The user.
    User,
    /// The machine, whoever uses it.
    Device,
}

/// Operations of the contract `settings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Sets a value.
    Set {
        /// The key, as it comes over the wire.
        key: Bytes,
        /// The value, as it comes over the wire.
        value: Bytes,
        /// The scope in which the caller writes.
        scope: Scope,
    },
    /// A value.
    Get(Bytes),
    /// All keys with their values.
    List,
    /// The sink that is wished for and the one in effect.
    Sink,
    /// What audiod was told since this was asked last.
    Applied,
    /// The bytes of the file in `/state`.
    Persisted,
    /// settingsd ends and starts again.
    Restart,
    /// Another file is put into `/state`, behind settingsd's back.
    Plant(Bytes),
    /// `/state` comes or goes.
    StateAvailable(bool),
    /// The sink `i2s` is enabled or disabled.
    I2sEnabled(bool),
    /// From now on writes of `/state` fail, or succeed again.
    FailWrites(bool),
}

/// One setting of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
    /// The scope.
    pub scope: Scope,
}

/// Something that audiod was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Applied {
    /// The master level, in Q16.
    Level(u32),
    /// The mute.
    Muted(bool),
    /// The sink in effect.
    Sink(Sink),
}

/// Observations of the contract `settings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// Done.
    Done,
    /// The value is as it was asked for.
    Stored {
        /// Whether it was another before.
        changed: bool,
        /// Whether it outlives a restart.
        persisted: bool,
    },
    /// A value.
    Value(String),
    /// All settings, by key.
    List(Vec<Entry>),
    /// The sink.
    Sink {
        /// The one that was set.
        wish: Sink,
        /// The one in effect.
        effective: Sink,
    },
    /// What audiod was told, in order.
    Applied(Vec<Applied>),
    /// The file in `/state`, if `/state` and the file are there.
    File(Option<Bytes>),
    /// A file was looked for and read.
    Loaded {
        /// Lines that were taken.
        taken: u32,
        /// Lines that were skipped.
        skipped: u32,
    },
    /// Rejected with this code; nothing changed.
    Rejected(ErrorCode),
}

impl Contract for Settings {
    const NAME: &'static str = "settings";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        let config = Config { state: !source.one_in(4), i2s: source.one_in(2) };
        Case { config, ops: (0..ops).map(|_| draw_op(source)).collect() }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        match op {
            Op::Set { key, value, scope } => {
                let set = |key: Vec<u8>, value: Vec<u8>| Op::Set { key: Bytes(key), value: Bytes(value), scope: *scope };
                shorter(&value.0, |value| out.push(set(key.0.clone(), value)));
                shorter(&key.0, |key| out.push(set(key, value.0.clone())));
            }
            Op::Get(key) => shorter(&key.0, |key| out.push(Op::Get(Bytes(key)))),
            Op::Plant(bytes) => shorter(&bytes.0, |bytes| out.push(Op::Plant(Bytes(bytes)))),
            _ => {}
        }
    }

    fn simplify_config(config: &Config, out: &mut Vec<Config>) {
        if !config.state {
            out.push(Config { state: true, ..config.clone() });
        }
        if config.i2s {
            out.push(Config { i2s: false, ..config.clone() });
        }
    }
}

fn draw_op(source: &mut dyn Entropy) -> Op {
    match source.below(20) {
        0..=7 => draw_set(source),
        8 => Op::Get(draw_key(source)),
        9 => Op::List,
        10..=11 => Op::Applied,
        12..=13 => Op::Persisted,
        14 => Op::Restart,
        15 => Op::Plant(draw_file(source)),
        16 => Op::StateAvailable(!source.one_in(3)),
        17 => Op::I2sEnabled(source.one_in(2)),
        18 => Op::FailWrites(source.one_in(3)),
        _ => Op::Sink,
    }
}

fn draw_set(source: &mut dyn Entropy) -> Op {
    let key = draw_key(source);
    let right = if key.0 == SETTINGS_KEY_SINK.as_bytes() { Scope::Device } else { Scope::User };
    let scope = if source.one_in(12) { entropy::pick(source, [Scope::User, Scope::Device]) } else { right };
    // Values of another key stand for what people mix up.
    let of = if source.one_in(12) { draw_key(source) } else { key.clone() };
    let value = draw_value(source, &of);
    Op::Set { key, value, scope }
}

fn draw_key(source: &mut dyn Entropy) -> Bytes {
    const KEYS: [&str; 3] = [SETTINGS_KEY_LEVEL, SETTINGS_KEY_MUTED, SETTINGS_KEY_SINK];
    if source.one_in(16) {
        return match source.below(4) {
            0 => "audio.master".into(),
            1 => "Audio.Sink".into(),
            2 => "".into(),
            _ => draw_junk(source),
        };
    }
    entropy::pick(source, KEYS).into()
}

fn draw_value(source: &mut dyn Entropy, key: &Bytes) -> Bytes {
    if source.one_in(16) {
        return draw_junk(source);
    }
    if key.0 == SETTINGS_KEY_LEVEL.as_bytes() {
        return draw_text(source).as_str().into();
    }
    if key.0 == SETTINGS_KEY_MUTED.as_bytes() {
        return entropy::pick(source, ["true", "false", "true", "false", "true", "false", "True", "1", "", "false "]).into();
    }
    entropy::pick(source, ["null", "file", "i2s", "null", "file", "i2s", "file", "i2s", "NULL", "i2s0", ""]).into()
}

/// Bytes around the wire's bound, or no UTF-8.
fn draw_junk(source: &mut dyn Entropy) -> Bytes {
    let max = SETTINGS_TEXT_BYTES_MAX as usize;
    match source.below(4) {
        0 => Bytes(alloc::vec![b'0'; max]),
        1 => Bytes(alloc::vec![b'0'; max + 1]),
        2 => Bytes(alloc::vec![0xff, b'1']),
        _ => Bytes((0..source.below(6)).map(|_| source.bits() as u8).collect()),
    }
}

/// A file: mostly good lines, with bad ones and repetitions among them.
fn draw_file(source: &mut dyn Entropy) -> Bytes {
    let mut file = Vec::new();
    if source.one_in(24) {
        let length = SETTINGS_FILE_BYTES_MAX as usize + usize::from(source.one_in(2));
        return Bytes(alloc::vec![b'#'; length]);
    }
    for _ in 0..source.below(6) {
        let key = draw_key(source);
        let value = draw_value(source, &key);
        file.extend_from_slice(&key.0);
        file.extend_from_slice(if source.one_in(16) { entropy::pick(source, [" = ", "==", ""]) } else { "=" }.as_bytes());
        file.extend_from_slice(&value.0);
        if !source.one_in(16) {
            file.extend_from_slice(entropy::pick(source, ["\n", "\n", "\n", "\n", "\n", "\n\n", "\r\n"]).as_bytes());
        }
    }
    Bytes(file)
}
