//! Keys and their values, in the form in which they are kept.

use alloc::string::String;
use spec::settings::{
    SETTINGS_DEFAULT_LEVEL, SETTINGS_DEFAULT_MUTED, SETTINGS_DEFAULT_SINK, SETTINGS_KEY_LEVEL, SETTINGS_KEY_MUTED, SETTINGS_KEY_SINK,
    Scope, Sink,
};

/// The keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Level,
    Muted,
    Sink,
}

impl Key {
    /// By the bytes of their names.
    pub(super) const ALL: [Self; 3] = [Self::Level, Self::Muted, Self::Sink];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Level => SETTINGS_KEY_LEVEL,
            Self::Muted => SETTINGS_KEY_MUTED,
            Self::Sink => SETTINGS_KEY_SINK,
        }
    }

    pub(super) const fn scope(self) -> Scope {
        match self {
            Self::Level | Self::Muted => Scope::User,
            Self::Sink => Scope::Device,
        }
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }

    /// The text as a value of this key, if it is one.
    pub(super) fn value(self, text: &str) -> Option<Value<'_>> {
        match self {
            Self::Level => audio::level::parse(text).ok().map(|q16| Value::Level { text, q16 }),
            Self::Muted => match text {
                "true" => Some(Value::Muted(true)),
                "false" => Some(Value::Muted(false)),
                _ => None,
            },
            Self::Sink => [Sink::Null, Sink::File, Sink::I2s].into_iter().find(|sink| sink_text(*sink) == text).map(Value::Sink),
        }
    }
}

/// A value that was checked. No longer than the longest level text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Level { text: &'a str, q16: u32 },
    Muted(bool),
    Sink(Sink),
}

const fn sink_text(sink: Sink) -> &'static str {
    match sink {
        Sink::Null => SETTINGS_DEFAULT_SINK,
        Sink::File => "file",
        Sink::I2s => "i2s",
    }
}

/// One value for each key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Values {
    level: String,
    q16: u32,
    muted: bool,
    sink: Sink,
}

impl Default for Values {
    fn default() -> Self {
        Self { level: SETTINGS_DEFAULT_LEVEL.into(), q16: spec::level::LEVEL_UNITY_Q16, muted: false, sink: Sink::Null }
    }
}

impl Values {
    pub(super) fn put(&mut self, value: Value<'_>) {
        match value {
            Value::Level { text, q16 } => (self.level, self.q16) = (text.into(), q16),
            Value::Muted(muted) => self.muted = muted,
            Value::Sink(sink) => self.sink = sink,
        }
    }

    /// Whether the value's text is the one that is kept.
    pub(super) fn holds(&self, value: &Value<'_>) -> bool {
        match value {
            Value::Level { text, .. } => self.level == *text,
            Value::Muted(muted) => self.muted == *muted,
            Value::Sink(sink) => self.sink == *sink,
        }
    }

    pub(super) fn text(&self, key: Key) -> &str {
        match key {
            Key::Level => &self.level,
            Key::Muted if self.muted => "true",
            Key::Muted => SETTINGS_DEFAULT_MUTED,
            Key::Sink => sink_text(self.sink),
        }
    }

    pub(super) const fn level_q16(&self) -> u32 {
        self.q16
    }

    pub(super) const fn muted(&self) -> bool {
        self.muted
    }

    pub(super) const fn sink(&self) -> Sink {
        self.sink
    }
}
