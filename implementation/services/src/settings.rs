//! settingsd: three settings of the audio system, checked, stored in a file and applied to audiod.

mod file;
mod value;

pub use self::file::{StateFile, Store, WriteFailed};

use self::value::{Key, Values};
use crate::Result;
use crate::error::{ServiceError, length};
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::settings::{SETTINGS_FILE_BYTES_MAX, SETTINGS_TEXT_BYTES_MAX, Scope, Sink};

/// What settingsd applies its values to. Each method is called after the value was stored (SETTINGS-012).
pub trait Audio {
    /// The master level, in Q16.
    fn level(&mut self, q16: u32);
    /// The master's mute.
    fn muted(&mut self, muted: bool);
    /// The sink that takes effect from now on.
    fn sink(&mut self, sink: Sink);
}

/// What sinks and the file depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Availability {
    /// Whether `/state` is there.
    pub state: bool,
    /// Whether the sink `i2s` is enabled.
    pub i2s: bool,
}

/// How a set went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Whether the value was another before.
    pub changed: bool,
    /// Whether it outlives a restart.
    pub persisted: bool,
}

/// What a load found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Lines that were taken.
    pub taken: u32,
    /// Lines that were skipped.
    pub skipped: u32,
}

/// One setting, as it is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting<'a> {
    /// The key.
    pub key: &'static str,
    /// The value.
    pub value: &'a str,
    /// Who it belongs to.
    pub scope: Scope,
}

/// The sink that is wished for, and the one in effect (SETTINGS-013).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SinkChoice {
    /// The one that was set.
    pub wish: Sink,
    /// The one in effect.
    pub effective: Sink,
}

/// The settings service. What it holds is bounded: three values of at most six bytes each.
#[derive(Clone, Debug)]
pub struct Settingsd<S, A> {
    store: S,
    audio: A,
    available: Availability,
    values: Values,
    /// The sink that audiod was told last.
    told: Sink,
}

impl<S: Store, A: Audio> Settingsd<S, A> {
    /// Starts: reads the file, where `/state` is there, and applies all values.
    pub fn start(store: S, audio: A, available: Availability) -> Self {
        let mut settingsd = Self { store, audio, available, values: Values::default(), told: Sink::Null };
        settingsd.restart();
        settingsd
    }

    /// Forgets all values, reads the file, where `/state` is there, and applies level, mute and sink (SETTINGS-008, SETTINGS-009).
    pub fn restart(&mut self) -> Loaded {
        let file = if self.available.state { self.store.read() } else { None };
        let (values, loaded) = file.map_or_else(Default::default, |bytes| file::parse(&bytes));
        self.values = values;
        self.audio.level(self.values.level_q16());
        self.audio.muted(self.values.muted());
        self.tell_sink(self.effective());
        loaded
    }

    /// Sets a value: validates, stores, then applies it.
    ///
    /// # Errors
    /// `malformed_setting`, `unknown_setting` (SETTINGS-005), `wrong_scope` (SETTINGS-006), `invalid_setting` (SETTINGS-002 to
    /// 004) and `persist_failed` (SETTINGS-010), in this order. Nothing has changed then.
    pub fn set(&mut self, key: &[u8], value: &[u8], scope: Scope) -> Result<Stored> {
        let (key, value) = (text("the bytes of the key", key)?, text("the bytes of the value", value)?);
        let key = Key::parse(key).ok_or(UNKNOWN)?;
        if scope != key.scope() {
            return Err(WRONG_SCOPE);
        }
        let value = key.value(value).ok_or_else(|| invalid(key))?;
        let persisted = self.available.state;
        if self.values.holds(&value) {
            return Ok(Stored { changed: false, persisted });
        }
        let mut values = self.values.clone();
        values.put(value);
        if persisted {
            self.store.write(&file::render(&values)).map_err(|WriteFailed| PERSIST_FAILED)?;
        }
        self.values = values;
        match key {
            Key::Level => self.audio.level(self.values.level_q16()),
            Key::Muted => self.audio.muted(self.values.muted()),
            Key::Sink => self.judge_sink(),
        }
        Ok(Stored { changed: true, persisted })
    }

    /// A value.
    ///
    /// # Errors
    /// `malformed_setting`, `unknown_setting` (SETTINGS-005).
    pub fn get(&self, key: &[u8]) -> Result<&str> {
        let key = Key::parse(text("the bytes of the key", key)?).ok_or(UNKNOWN)?;
        Ok(self.values.text(key))
    }

    /// All settings, by the bytes of their keys (SETTINGS-001).
    pub fn list(&self) -> [Setting<'_>; 3] {
        Key::ALL.map(|key| Setting { key: key.name(), value: self.values.text(key), scope: key.scope() })
    }

    /// The sink.
    pub fn sink(&self) -> SinkChoice {
        SinkChoice { wish: self.values.sink(), effective: self.effective() }
    }

    /// Tells that `/state` came or went. When it came, the file is loaded as in a restart (SETTINGS-D4).
    pub fn state_available(&mut self, available: bool) -> Option<Loaded> {
        let came = available && !self.available.state;
        self.available.state = available;
        if came {
            return Some(self.restart());
        }
        self.judge_sink();
        None
    }

    /// Tells that the sink `i2s` was enabled or disabled.
    pub fn i2s_enabled(&mut self, enabled: bool) {
        self.available.i2s = enabled;
        self.judge_sink();
    }

    /// What is available.
    pub const fn available(&self) -> Availability {
        self.available
    }

    /// The store.
    pub const fn store(&self) -> &S {
        &self.store
    }

    /// The store, for whoever owns `/state`.
    pub const fn store_mut(&mut self) -> &mut S {
        &mut self.store
    }

    /// What values are applied to.
    pub const fn audio_mut(&mut self) -> &mut A {
        &mut self.audio
    }

    const fn effective(&self) -> Sink {
        match self.values.sink() {
            Sink::File if self.available.state => Sink::File,
            Sink::I2s if self.available.i2s => Sink::I2s,
            _ => Sink::Null,
        }
    }

    /// Tells audiod the sink, where it has become another (SETTINGS-013).
    fn judge_sink(&mut self) {
        let effective = self.effective();
        if effective != self.told {
            self.tell_sink(effective);
        }
    }

    fn tell_sink(&mut self, sink: Sink) {
        self.told = sink;
        self.audio.sink(sink);
    }
}

const UNKNOWN: ServiceError = ServiceError::plain(
    ErrorCode::UnknownSetting,
    "there is no such key",
    "the keys are audio.master.level, audio.master.muted and audio.sink",
);

const WRONG_SCOPE: ServiceError = ServiceError::plain(
    ErrorCode::WrongScope,
    "the key belongs to another scope than the writer's",
    "write level and mute as the user, the sink as the device",
);

const PERSIST_FAILED: ServiceError = ServiceError::plain(
    ErrorCode::PersistFailed,
    "the file of /state was not written; the old value stays",
    "make room in /state or mount it, then set it again",
);

fn invalid(key: Key) -> ServiceError {
    let (what, advice) = match key {
        Key::Level => ("the level is no decimal of 0 to 1 with up to four places", "write it as 0.75, without sign or spaces"),
        Key::Muted => ("the mute is neither true nor false", "write true or false, in lower case"),
        Key::Sink => ("the sink is none of null, file and i2s", "write one of these, in lower case"),
    };
    ServiceError::plain(ErrorCode::InvalidSetting, what, advice)
}

/// A key or a value as the wire has it (SETTINGS-005).
fn text<'a>(what: &'static str, bytes: &'a [u8]) -> Result<&'a str> {
    if bytes.len() > SETTINGS_TEXT_BYTES_MAX as usize {
        let range = (0, SETTINGS_TEXT_BYTES_MAX);
        return Err(ServiceError::range(ErrorCode::MalformedSetting, what, length(bytes.len()), range, "send a shorter text"));
    }
    let no_text = |_| ServiceError::plain(ErrorCode::MalformedSetting, "the key or the value is no UTF-8", "send texts in UTF-8");
    core::str::from_utf8(bytes).map_err(no_text)
}

/// A file above the bound (SETTINGS-014).
fn oversized(bytes: &[u8]) -> ServiceError {
    let range = (0, SETTINGS_FILE_BYTES_MAX);
    ServiceError::range(ErrorCode::OversizedInput, "the bytes of the settings file", length(bytes.len()), range, "give a shorter file")
}

/// A file's bytes.
pub(crate) type FileBytes = Vec<u8>;
