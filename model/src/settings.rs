//! The reference model of the contract `settings`.

pub use self::SettingsModel as Model;
use crate::level;
use spec::settings::{
    Applied, Bytes, Config, Entry, Obs, Op, SETTINGS_DEFAULT_LEVEL, SETTINGS_DEFAULT_MUTED, SETTINGS_DEFAULT_SINK, SETTINGS_FILE_BYTES_MAX,
    SETTINGS_KEY_LEVEL, SETTINGS_KEY_MUTED, SETTINGS_KEY_SINK, SETTINGS_TEXT_BYTES_MAX, Scope, Settings, Sink,
};
use spec::{ErrorCode, Failure, Machine};
use std::collections::BTreeMap;

/// The values by their keys; the map's order is that of the keys' bytes.
type Values = BTreeMap<&'static str, String>;

/// The reference model of the contract `settings`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsModel {
    values: Values,
    /// The file of `/state`, which is there whether `/state` can be reached or not.
    file: Option<Vec<u8>>,
    state: bool,
    i2s: bool,
    writes_fail: bool,
    /// What audiod was told and nobody has looked at.
    applied: Vec<Applied>,
    /// The sink that audiod was told last.
    told: Sink,
}

impl Default for SettingsModel {
    fn default() -> Self {
        Self::new(&Config::default())
    }
}

fn defaults() -> Values {
    // SETTINGS-001
    [(SETTINGS_KEY_LEVEL, SETTINGS_DEFAULT_LEVEL), (SETTINGS_KEY_MUTED, SETTINGS_DEFAULT_MUTED), (SETTINGS_KEY_SINK, SETTINGS_DEFAULT_SINK)]
        .map(|(key, value)| (key, value.to_owned()))
        .into()
}

fn sink_of(text: &str) -> Option<Sink> {
    match text {
        "null" => Some(Sink::Null),
        "file" => Some(Sink::File),
        "i2s" => Some(Sink::I2s),
        _ => None,
    }
}

fn is_value_of(key: &str, value: &str) -> bool {
    match key {
        // SETTINGS-002
        SETTINGS_KEY_LEVEL => level::from_text(value).is_ok(),
        // SETTINGS-003
        SETTINGS_KEY_MUTED => value == "true" || value == "false",
        // SETTINGS-004
        SETTINGS_KEY_SINK => sink_of(value).is_some(),
        _ => false,
    }
}

fn scope_of(key: &str) -> Scope {
    if key == SETTINGS_KEY_SINK { Scope::Device } else { Scope::User }
}

/// SETTINGS-005
fn text(bytes: &Bytes) -> Result<&str, ErrorCode> {
    if bytes.0.len() > SETTINGS_TEXT_BYTES_MAX as usize {
        return Err(ErrorCode::MalformedSetting);
    }
    std::str::from_utf8(&bytes.0).map_err(|_| ErrorCode::MalformedSetting)
}

/// SETTINGS-008
fn file_of(values: &Values) -> Vec<u8> {
    values.iter().map(|(key, value)| format!("{key}={value}\n")).collect::<String>().into_bytes()
}

impl SettingsModel {
    fn new(config: &Config) -> Self {
        let mut model = Self {
            values: defaults(),
            file: None,
            state: config.state,
            i2s: config.i2s,
            writes_fail: false,
            applied: Vec::new(),
            told: Sink::Null,
        };
        model.load();
        model
    }

    fn wish(&self) -> Sink {
        sink_of(&self.values[SETTINGS_KEY_SINK]).expect("a stored sink is one")
    }

    fn effective(&self) -> Sink {
        // SETTINGS-013
        match self.wish() {
            Sink::File if self.state => Sink::File,
            Sink::I2s if self.i2s => Sink::I2s,
            _ => Sink::Null,
        }
    }

    fn apply_level(&mut self) {
        let q16 = level::from_text(&self.values[SETTINGS_KEY_LEVEL]).expect("a stored level is one");
        self.applied.push(Applied::Level(q16));
    }

    fn apply_muted(&mut self) {
        self.applied.push(Applied::Muted(self.values[SETTINGS_KEY_MUTED] == "true"));
    }

    fn apply_sink(&mut self) {
        self.told = self.effective();
        self.applied.push(Applied::Sink(self.told));
    }

    /// SETTINGS-013
    fn judge_sink(&mut self) {
        if self.effective() != self.told {
            self.apply_sink();
        }
    }

    fn load(&mut self) -> Obs {
        self.values = defaults();
        let (mut taken, mut skipped) = (0, 0);
        // SETTINGS-009: without /state nothing is read.
        let file = self.file.clone().filter(|_| self.state).unwrap_or_default();
        let mut lines: Vec<&[u8]> = file.split(|byte| *byte == b'\n').collect();
        // What follows the last line feed is a line only if there is something.
        if lines.last().is_some_and(|line| line.is_empty()) {
            lines.pop();
        }
        for line in lines {
            let pair = std::str::from_utf8(line).ok().and_then(|line| line.split_once('='));
            match pair {
                // SETTINGS-011: a later line replaces an earlier one.
                Some((key, value)) if is_value_of(key, value) => {
                    *self.values.get_mut(key).expect("a key of a value") = value.to_owned();
                    taken += 1;
                }
                _ => skipped += 1,
            }
        }
        // SETTINGS-012
        self.apply_level();
        self.apply_muted();
        self.apply_sink();
        Obs::Loaded { taken, skipped }
    }

    fn set(&mut self, key: &Bytes, value: &Bytes, scope: Scope) -> Result<Obs, ErrorCode> {
        let (key, value) = (text(key)?, text(value)?);
        let (&key, old) = self.values.get_key_value(key).ok_or(ErrorCode::UnknownSetting)?;
        // SETTINGS-006
        if scope != scope_of(key) {
            return Err(ErrorCode::WrongScope);
        }
        if !is_value_of(key, value) {
            return Err(ErrorCode::InvalidSetting);
        }
        // SETTINGS-007
        if old == value {
            return Ok(Obs::Stored { changed: false, persisted: self.state });
        }
        let mut values = self.values.clone();
        values.insert(key, value.to_owned());
        if self.state {
            // SETTINGS-010: nothing has changed yet.
            if self.writes_fail {
                return Err(ErrorCode::PersistFailed);
            }
            self.file = Some(file_of(&values));
        }
        self.values = values;
        match key {
            SETTINGS_KEY_LEVEL => self.apply_level(),
            SETTINGS_KEY_MUTED => self.apply_muted(),
            _ => self.judge_sink(),
        }
        Ok(Obs::Stored { changed: true, persisted: self.state })
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        Ok(match op {
            Op::Set { key, value, scope } => self.set(key, value, *scope)?,
            Op::Get(key) => Obs::Value(self.values.get(text(key)?).ok_or(ErrorCode::UnknownSetting)?.clone()),
            Op::List => {
                let entry = |(key, value): (&&str, &String)| Entry { key: (*key).to_owned(), value: value.clone(), scope: scope_of(key) };
                Obs::List(self.values.iter().map(entry).collect())
            }
            Op::Sink => Obs::Sink { wish: self.wish(), effective: self.effective() },
            Op::Applied => Obs::Applied(std::mem::take(&mut self.applied)),
            Op::Persisted => Obs::File(self.file.clone().filter(|_| self.state).map(Bytes)),
            Op::Restart => self.load(),
            // SETTINGS-014
            Op::Plant(bytes) if bytes.0.len() > SETTINGS_FILE_BYTES_MAX as usize => return Err(ErrorCode::OversizedInput),
            Op::Plant(bytes) => {
                self.file = Some(bytes.0.clone());
                Obs::Done
            }
            Op::StateAvailable(true) if !self.state => {
                self.state = true;
                self.load()
            }
            Op::StateAvailable(available) => {
                self.state = *available;
                self.judge_sink();
                Obs::Done
            }
            Op::I2sEnabled(enabled) => {
                self.i2s = *enabled;
                self.judge_sink();
                Obs::Done
            }
            Op::FailWrites(fail) => {
                self.writes_fail = *fail;
                Obs::Done
            }
        })
    }
}

impl Machine<Settings> for SettingsModel {
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
    use super::SettingsModel;
    use spec::ErrorCode::{InvalidSetting, MalformedSetting, OversizedInput, PersistFailed, UnknownSetting, WrongScope};
    use spec::settings::{Applied, Bytes, Config, Obs, Op, Scope, Sink};

    fn set(key: &str, value: &str) -> Op {
        let scope = if key == "audio.sink" { Scope::Device } else { Scope::User };
        Op::Set { key: key.into(), value: value.into(), scope }
    }

    const STORED: Obs = Obs::Stored { changed: true, persisted: true };

    #[test]
    fn a_change_is_stored_written_and_applied() {
        let mut model = SettingsModel::default();
        let start = vec![Applied::Level(65_536), Applied::Muted(false), Applied::Sink(Sink::Null)];
        assert_eq!((model.answer(&Op::Applied), model.answer(&Op::Persisted)), (Ok(Obs::Applied(start)), Ok(Obs::File(None))));
        assert_eq!(model.answer(&set("audio.master.level", "0.5")), Ok(STORED));
        assert_eq!(model.answer(&set("audio.master.level", "0.5")), Ok(Obs::Stored { changed: false, persisted: true }));
        assert_eq!(model.answer(&set("audio.sink", "i2s")), Ok(STORED));
        let file = "audio.master.level=0.5\naudio.master.muted=false\naudio.sink=i2s\n";
        assert_eq!(model.answer(&Op::Persisted), Ok(Obs::File(Some(file.into()))));
        assert_eq!(model.answer(&Op::Applied), Ok(Obs::Applied(vec![Applied::Level(32_768)])));
        assert_eq!(model.answer(&Op::Sink), Ok(Obs::Sink { wish: Sink::I2s, effective: Sink::Null }));
        assert_eq!(model.answer(&Op::I2sEnabled(true)), Ok(Obs::Done));
        assert_eq!(model.answer(&Op::Applied), Ok(Obs::Applied(vec![Applied::Sink(Sink::I2s)])));
        assert_eq!(model.answer(&Op::Restart), Ok(Obs::Loaded { taken: 3, skipped: 0 }));
        assert_eq!(model.answer(&Op::Get("audio.master.level".into())), Ok(Obs::Value("0.5".into())));
    }

    #[test]
    fn bad_lines_are_skipped_and_later_ones_win() {
        let mut model = SettingsModel::default();
        for (file, taken, skipped) in [("", 0, 0), ("\n", 0, 1), ("x", 0, 1), ("audio.sink=file", 1, 0), ("\n\naudio.sink=file\r\n", 0, 3)]
        {
            assert_eq!(model.answer(&Op::Plant(file.into())), Ok(Obs::Done));
            assert_eq!(model.answer(&Op::Restart), Ok(Obs::Loaded { taken, skipped }), "{file:?}");
        }
        let lines = "audio.master.level=0.1\n\u{ff}\naudio.master.level=0.2\naudio.master.level=2\n";
        assert_eq!(model.answer(&Op::Plant(lines.into())), Ok(Obs::Done));
        assert_eq!(model.answer(&Op::Restart), Ok(Obs::Loaded { taken: 2, skipped: 2 }));
        assert_eq!(model.answer(&Op::Get("audio.master.level".into())), Ok(Obs::Value("0.2".into())));
    }

    #[test]
    fn without_state_nothing_outlives_a_restart() {
        let mut model = SettingsModel::new(&Config { state: false, i2s: false });
        assert_eq!(model.answer(&set("audio.sink", "file")), Ok(Obs::Stored { changed: true, persisted: false }));
        assert_eq!(model.answer(&Op::Sink), Ok(Obs::Sink { wish: Sink::File, effective: Sink::Null }));
        assert_eq!(model.answer(&Op::Restart), Ok(Obs::Loaded { taken: 0, skipped: 0 }));
        assert_eq!(model.answer(&Op::Sink), Ok(Obs::Sink { wish: Sink::Null, effective: Sink::Null }));
    }

    #[test]
    fn test_reject_changes_nothing() {
        let mut model = SettingsModel::default();
        assert_eq!(model.answer(&set("audio.master.level", "0.5")), Ok(STORED));
        assert_eq!(model.answer(&Op::FailWrites(true)), Ok(Obs::Done));
        let before = model.clone();
        let device = Op::Set { key: "audio.master.level".into(), value: "2".into(), scope: Scope::Device };
        let bytes = Op::Set { key: Bytes(vec![0xff]), value: "1".into(), scope: Scope::User };
        for (op, code) in [
            (set("audio.master.level", "2"), InvalidSetting),
            (set("audio.master.muted", "1"), InvalidSetting),
            (set("audio.sink", "Null"), InvalidSetting),
            (set("audio", "1"), UnknownSetting),
            (device, WrongScope),
            (bytes, MalformedSetting),
            (set("audio.sink", &"0".repeat(256)), MalformedSetting),
            (set("audio.master.level", "0.6"), PersistFailed),
            (Op::Get("audio".into()), UnknownSetting),
            (Op::Plant(Bytes(vec![0; 1025])), OversizedInput),
        ] {
            assert_eq!(model.answer(&op), Err(code), "{op:?}");
        }
        assert_eq!(model, before);
    }
}
