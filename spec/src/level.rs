//! The contract `level`: the master level.

pub use crate::generated::level::*;
use crate::{Case, Contract, Entropy, ErrorCode, entropy};
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The contract `level`.
#[derive(Clone, Debug)]
pub struct Level;

/// The configuration: there is nothing to configure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {}

/// A double-precision number by its bits, so that NaNs and negative zero travel unharmed. Written as `0x` and 16 hexadecimal
/// digits where a person may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linear(pub u64);

impl Linear {
    /// The bits of that number.
    pub fn of(value: f64) -> Self {
        Self(value.to_bits())
    }

    /// The number.
    pub fn value(self) -> f64 {
        f64::from_bits(self.0)
    }
}

impl Serialize for Linear {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(&format_args!("0x{:016x}", self.0))
        } else {
            serializer.serialize_u64(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Linear {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return u64::deserialize(deserializer).map(Self);
        }
        let text = String::deserialize(deserializer)?;
        text.strip_prefix("0x")
            .filter(|digits| digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|digits| u64::from_str_radix(digits, 16).ok())
            .map(Self)
            .ok_or_else(|| de::Error::custom("a level is the 64 bits of a double, as 0x and 16 hexadecimal digits"))
    }
}

/// Operations of the contract `level`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Sets the level from a number.
    Set(Linear),
    /// Sets the level from a settings text.
    SetText(String),
    /// Mutes or unmutes.
    Mute(bool),
    /// The level.
    Get,
    /// What the decibel report says of a level in Q16, without setting it.
    Decibels(u32),
    /// The two-decimal text of a level in Q16, without setting it.
    Show(u32),
}

/// A level in Q8.8 dB, or silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decibels {
    /// Zero: minus infinity.
    #[serde(rename = "-inf")]
    Silence,
    /// Q8.8 dB.
    #[serde(rename = "q8_8")]
    Q8_8(i32),
}

/// Observations of the contract `level`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// Done.
    Done,
    /// The level.
    State {
        /// The remembered level, in Q16.
        level: u32,
        /// The level that the mixer applies, in Q16: 0 while muted.
        effective: u32,
        /// Whether muted.
        muted: bool,
    },
    /// A level in decibels.
    Decibels(Decibels),
    /// A level as a text.
    Text(String),
    /// Rejected with this code; nothing changed.
    Rejected(ErrorCode),
}

impl Contract for Level {
    const NAME: &'static str = "level";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        Case { config: Config {}, ops: (0..ops).map(|_| draw_op(source)).collect() }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        match op {
            Op::Set(linear) => {
                for simple in [0.0, 1.0, 0.5, 0.75, -1.0, 2.0] {
                    // Only towards the front of this list, so that shrinking ends.
                    if linear.value().to_bits() == f64::to_bits(simple) {
                        break;
                    }
                    out.push(Op::Set(Linear::of(simple)));
                }
            }
            Op::SetText(text) => {
                let mut chars = text.chars();
                if chars.next_back().is_some() {
                    out.push(Op::SetText(chars.as_str().into()));
                }
                let mut chars = text.chars();
                if chars.next().is_some() {
                    out.push(Op::SetText(chars.as_str().into()));
                }
            }
            Op::Decibels(n) if *n > 0 => out.extend([Op::Decibels(n / 2), Op::Decibels(n - 1)]),
            Op::Show(n) if *n > 0 => out.extend([Op::Show(n / 2), Op::Show(n - 1)]),
            _ => {}
        }
    }
}

fn draw_op(source: &mut dyn Entropy) -> Op {
    match source.below(10) {
        0..=1 => Op::Set(draw_linear(source)),
        2..=3 => Op::SetText(draw_text(source)),
        4 => Op::Mute(source.one_in(2)),
        5 => Op::Decibels(draw_q16(source)),
        6 => Op::Show(draw_q16(source)),
        _ => Op::Get,
    }
}

fn draw_q16(source: &mut dyn Entropy) -> u32 {
    match source.below(8) {
        0 => entropy::pick(source, [0, 1, LEVEL_Q16_MAX, LEVEL_Q16_MAX + 1, u32::MAX, 49_152, 32_768, 2]),
        _ => source.below(u64::from(LEVEL_Q16_MAX) + 1) as u32,
    }
}

fn draw_linear(source: &mut dyn Entropy) -> Linear {
    match source.below(8) {
        0 => Linear::of(entropy::pick(source, [0.0, 1.0, -0.0, 0.5, 0.75, f64::NAN, f64::INFINITY, f64::NEG_INFINITY])),
        1 => Linear(source.bits()),
        // Exactly on, just below and just above a rounding edge: k + 1/2 in Q16.
        2..=3 => {
            let edge = (source.below(u64::from(LEVEL_Q16_MAX)) as f64 + 0.5) / 65_536.0;
            Linear(edge.to_bits().wrapping_add_signed(source.between(-1, 1)))
        }
        4 => Linear::of(entropy::pick(
            source,
            [-5e-324, 5e-324, 1.0 + f64::EPSILON, 1.0 - f64::EPSILON / 2.0, 0.499_999_999_999_999_94 / 65_536.0, -1.0, 2.0],
        )),
        _ => Linear::of(source.below(1 << 53) as f64 / (1_u64 << 53) as f64),
    }
}

/// A text that is mostly of the documented form.
pub(crate) fn draw_text(source: &mut dyn Entropy) -> String {
    let mut text = String::new();
    if source.one_in(3) {
        for _ in 0..source.below(9) {
            text.push(entropy::pick(source, ['0', '1', '.', '9', '-', '+', 'e', ' ', '5', ',', '\u{663}', 'N']));
        }
        return text;
    }
    text.push(entropy::pick(source, ['0', '0', '1']));
    let places = source.below(6);
    if places > 0 {
        text.push('.');
    }
    for _ in 0..places {
        text.push((b'0' + source.below(10) as u8) as char);
    }
    text
}
