//! A settingsd that makes one mistake.

use spec::settings::{Applied, Bytes, Config, Entry, Obs, Op, SETTINGS_FILE_BYTES_MAX, SETTINGS_TEXT_BYTES_MAX, Scope, Settings, Sink};
use spec::{ErrorCode, Failure, Machine};

/// The mistakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    #[cfg(test)]
    None,
    StartsMuted,
    StartsWithFileSink,
    LevelStartsAsDecimal,
    ListsSinkFirst,
    AnyNumber,
    FivePlaces,
    LevelAboveOne,
    TrimsLevel,
    MutedInAnyCase,
    MutedAsDigit,
    SinkInAnyCase,
    AnySink,
    EmptySinkIsNull,
    OneByteLess,
    OneByteMore,
    LossyText,
    KeyBeforeText,
    UnknownIsInvalid,
    KeysInAnyCase,
    AnyScope,
    SinkIsUsers,
    ScopeAfterValue,
    ScopesSwapped,
    Canonical,
    AlwaysChanged,
    AppliesUnchanged,
    WritesUnchanged,
    NeverWrites,
    WritesOnlyTheKey,
    NoLastLineFeed,
    SpacesInFile,
    SinkFirstInFile,
    NeverReads,
    ClaimsPersisted,
    NeverPersisted,
    WritesWithoutState,
    ReadsWithoutState,
    StoresDespiteFailure,
    FileDespiteFailure,
    AppliesDespiteFailure,
    IgnoresFailure,
    BadLineEndsLoad,
    BadLineTakesBack,
    FirstLineWins,
    CountsNoBadLines,
    SkipsEmptyLinesSilently,
    TrimsLines,
    CountsLastLineFeed,
    LoadsKeepOldValues,
    RewritesAtLoad,
    AppliesNothingAtLoad,
    AppliesMutedFirst,
    AppliesRejected,
    LevelInHundredths,
    MuteSetsLevel,
    NeverAppliesMuted,
    WishTakesEffect,
    FallsBackInStore,
    NotJudgedAgain,
    JudgedWithoutTelling,
    TellsSinkAlways,
    StateComesUnread,
    AnyFileSize,
    CutsFiles,
}

/// What a machine with that mistake is.
pub(super) struct Wrong {
    flaw: Flaw,
    level: String,
    muted: bool,
    sink: Sink,
    file: Option<Vec<u8>>,
    state: bool,
    i2s: bool,
    fail: bool,
    applied: Vec<Applied>,
    told: Sink,
}

pub(super) fn wrong(flaw: Flaw) -> Box<dyn Machine<Settings>> {
    let mut machine = Wrong {
        flaw,
        level: String::new(),
        muted: false,
        sink: Sink::Null,
        file: None,
        state: true,
        i2s: false,
        fail: false,
        applied: Vec::new(),
        told: Sink::Null,
    };
    machine.start(&Config::default());
    Box::new(machine)
}

const LEVEL: &str = "audio.master.level";
const MUTED: &str = "audio.master.muted";
const SINK: &str = "audio.sink";

fn name(sink: Sink) -> &'static str {
    match sink {
        Sink::Null => "null",
        Sink::File => "file",
        Sink::I2s => "i2s",
    }
}

fn is_level(text: &str) -> bool {
    match text.split_once('.') {
        None => text == "0" || text == "1",
        Some((whole, places)) => {
            let digits = (1..=4).contains(&places.len()) && places.bytes().all(|digit| digit.is_ascii_digit());
            digits && (whole == "0" || (whole == "1" && places.bytes().all(|digit| digit == b'0')))
        }
    }
}

impl Wrong {
    fn is(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    fn start(&mut self, config: &Config) {
        (self.state, self.i2s, self.file, self.fail) = (config.state, config.i2s, None, false);
        self.applied.clear();
        self.defaults();
        self.load();
    }

    fn defaults(&mut self) {
        self.level = if self.is(Flaw::LevelStartsAsDecimal) { "1.0" } else { "1" }.to_owned();
        self.muted = self.is(Flaw::StartsMuted);
        self.sink = if self.is(Flaw::StartsWithFileSink) { Sink::File } else { Sink::Null };
    }

    /// The value in the form in which it is kept, if it is one.
    fn value(&self, key: &str, value: &str) -> Option<String> {
        let kept = Some(value.to_owned());
        match key {
            LEVEL if is_level(value) => {
                if self.is(Flaw::Canonical) {
                    return value.parse::<f64>().ok().map(|number| number.to_string());
                }
                kept
            }
            LEVEL if self.is(Flaw::AnyNumber) => value.parse::<f64>().ok().filter(|number| (0.0..=1.0).contains(number)).and(kept),
            LEVEL if self.is(Flaw::FivePlaces) && value.len() == 7 && is_level(&value[..6]) => kept,
            LEVEL if self.is(Flaw::LevelAboveOne) && value.len() < 7 => {
                value.strip_prefix('1').filter(|rest| is_level(&format!("0{rest}"))).and(kept)
            }
            LEVEL if self.is(Flaw::TrimsLevel) && is_level(value.trim()) => Some(value.trim().to_owned()),
            MUTED if value == "true" || value == "false" => kept,
            MUTED if self.is(Flaw::MutedInAnyCase) => {
                ["true", "false"].into_iter().find(|text| value.eq_ignore_ascii_case(text)).map(str::to_owned)
            }
            MUTED if self.is(Flaw::MutedAsDigit) && value == "1" => Some("true".to_owned()),
            SINK if ["null", "file", "i2s"].contains(&value) => kept,
            SINK if self.is(Flaw::SinkInAnyCase) => {
                ["null", "file", "i2s"].into_iter().find(|text| value.eq_ignore_ascii_case(text)).map(str::to_owned)
            }
            SINK if self.is(Flaw::AnySink) || (self.is(Flaw::EmptySinkIsNull) && value.is_empty()) => Some("null".to_owned()),
            _ => None,
        }
    }

    fn put(&mut self, key: &str, value: &str) {
        match key {
            LEVEL => self.level = value.to_owned(),
            MUTED => self.muted = value == "true",
            _ => self.sink = [Sink::Null, Sink::File, Sink::I2s].into_iter().find(|sink| name(*sink) == value).unwrap_or(Sink::Null),
        }
    }

    fn get(&self, key: &str) -> String {
        match key {
            LEVEL => self.level.clone(),
            MUTED => self.muted.to_string(),
            _ => name(self.sink).to_owned(),
        }
    }

    fn effective(&self) -> Sink {
        match self.sink {
            sink if self.is(Flaw::WishTakesEffect) => sink,
            Sink::File if self.state => Sink::File,
            Sink::I2s if self.i2s => Sink::I2s,
            _ => Sink::Null,
        }
    }

    fn apply(&mut self, key: &str) {
        match key {
            LEVEL => {
                let level: f64 = self.level.parse().unwrap_or(1.0);
                let level = if self.is(Flaw::LevelInHundredths) { (level * 100.0).floor() / 100.0 } else { level };
                self.applied.push(Applied::Level((level * 65_536.0 + 0.5).floor() as u32));
            }
            MUTED if self.is(Flaw::NeverAppliesMuted) => {}
            MUTED if self.is(Flaw::MuteSetsLevel) && self.muted => self.applied.push(Applied::Level(0)),
            MUTED => self.applied.push(Applied::Muted(self.muted)),
            _ => {
                self.told = self.effective();
                self.applied.push(Applied::Sink(self.told));
            }
        }
    }

    fn judge(&mut self) {
        if self.is(Flaw::FallsBackInStore) {
            self.sink = self.effective();
        }
        if self.effective() != self.told || self.is(Flaw::TellsSinkAlways) {
            self.apply(SINK);
        }
    }

    fn rendered(&self, only: &str) -> Vec<u8> {
        let keys = if self.is(Flaw::SinkFirstInFile) { [SINK, LEVEL, MUTED] } else { [LEVEL, MUTED, SINK] };
        let equals = if self.is(Flaw::SpacesInFile) { " = " } else { "=" };
        let mut text = String::new();
        for key in keys.into_iter().filter(|key| !self.is(Flaw::WritesOnlyTheKey) || *key == only) {
            text += &format!("{key}{equals}{}\n", self.get(key));
        }
        if self.is(Flaw::NoLastLineFeed) {
            text.pop();
        }
        text.into_bytes()
    }

    fn load(&mut self) -> Obs {
        if !self.is(Flaw::LoadsKeepOldValues) {
            self.defaults();
        }
        let (mut taken, mut skipped) = (0, 0);
        let readable = (self.state || self.is(Flaw::ReadsWithoutState)) && !self.is(Flaw::NeverReads);
        let file = self.file.clone().filter(|_| readable).unwrap_or_default();
        let mut lines: Vec<&[u8]> = file.split(|byte| *byte == b'\n').collect();
        if lines.last().is_some_and(|line| line.is_empty()) && !(self.is(Flaw::CountsLastLineFeed) && lines.len() > 1) {
            lines.pop();
        }
        let mut seen: Vec<String> = Vec::new();
        for line in lines {
            let text = std::str::from_utf8(line).unwrap_or("\u{fffd}");
            let text = if self.is(Flaw::TrimsLines) { text.trim() } else { text };
            let pair = text.split_once('=').and_then(|(key, value)| Some((key.to_owned(), self.value(key, value)?)));
            match pair {
                Some((key, value)) => {
                    taken += 1;
                    if !(self.is(Flaw::FirstLineWins) && seen.contains(&key)) {
                        self.put(&key, &value);
                    }
                    seen.push(key);
                }
                None if text.is_empty() && self.is(Flaw::SkipsEmptyLinesSilently) => {}
                None => {
                    skipped += u32::from(!self.is(Flaw::CountsNoBadLines));
                    if self.is(Flaw::BadLineEndsLoad) {
                        break;
                    }
                    if self.is(Flaw::BadLineTakesBack) {
                        self.defaults();
                    }
                }
            }
        }
        if self.is(Flaw::RewritesAtLoad) && self.state {
            self.file = Some(self.rendered(""));
        }
        let order = if self.is(Flaw::AppliesMutedFirst) { [MUTED, LEVEL, SINK] } else { [LEVEL, MUTED, SINK] };
        if self.is(Flaw::AppliesNothingAtLoad) {
            self.told = self.effective();
        } else {
            order.iter().for_each(|key| self.apply(key));
        }
        Obs::Loaded { taken, skipped }
    }

    fn text(&self, bytes: &Bytes) -> Result<String, ErrorCode> {
        let max = match self.flaw {
            Flaw::OneByteLess => SETTINGS_TEXT_BYTES_MAX - 1,
            Flaw::OneByteMore => SETTINGS_TEXT_BYTES_MAX + 1,
            _ => SETTINGS_TEXT_BYTES_MAX,
        };
        let text = match String::from_utf8(bytes.0.clone()) {
            Ok(text) => text,
            Err(_) if self.is(Flaw::LossyText) => String::from_utf8_lossy(&bytes.0).into_owned(),
            Err(_) => return Err(ErrorCode::MalformedSetting),
        };
        if bytes.0.len() > max as usize { Err(ErrorCode::MalformedSetting) } else { Ok(text) }
    }

    fn key(&self, key: String) -> Result<String, ErrorCode> {
        let key = if self.is(Flaw::KeysInAnyCase) { key.to_ascii_lowercase() } else { key };
        let unknown = if self.is(Flaw::UnknownIsInvalid) { ErrorCode::InvalidSetting } else { ErrorCode::UnknownSetting };
        if [LEVEL, MUTED, SINK].contains(&key.as_str()) { Ok(key) } else { Err(unknown) }
    }

    fn check_scope(&self, key: &str, scope: Scope) -> Result<(), ErrorCode> {
        let right = match (self.flaw, key) {
            (Flaw::AnyScope, _) => scope,
            (Flaw::SinkIsUsers, SINK) => Scope::User,
            (Flaw::ScopesSwapped, SINK) => Scope::User,
            (Flaw::ScopesSwapped, _) => Scope::Device,
            (_, SINK) => Scope::Device,
            _ => Scope::User,
        };
        if scope == right { Ok(()) } else { Err(ErrorCode::WrongScope) }
    }

    fn set(&mut self, key: &Bytes, value: &Bytes, scope: Scope) -> Result<Obs, ErrorCode> {
        let key = if self.is(Flaw::KeyBeforeText) {
            let key = self.key(self.text(key)?)?;
            self.text(value)?;
            key
        } else {
            let key = self.text(key)?;
            self.text(value)?;
            self.key(key)?
        };
        let value = self.text(value)?;
        let checked = self.value(&key, &value).ok_or(ErrorCode::InvalidSetting);
        if self.is(Flaw::ScopeAfterValue) {
            checked.clone()?;
        }
        self.check_scope(&key, scope)?;
        if checked.is_err() && self.is(Flaw::AppliesRejected) {
            self.apply(&key);
        }
        let value = checked?;
        let persisted = match self.flaw {
            Flaw::ClaimsPersisted => true,
            Flaw::NeverPersisted => false,
            _ => self.state,
        };
        let unchanged = self.get(&key) == value;
        if unchanged {
            if self.is(Flaw::AppliesUnchanged) {
                self.apply(&key);
            }
            if self.is(Flaw::WritesUnchanged) && self.state && !self.fail {
                self.file = Some(self.rendered(&key));
            }
            return Ok(Obs::Stored { changed: self.is(Flaw::AlwaysChanged), persisted });
        }
        let before = (self.level.clone(), self.muted, self.sink);
        self.put(&key, &value);
        if self.state && self.fail && !self.is(Flaw::IgnoresFailure) {
            if self.is(Flaw::FileDespiteFailure) {
                self.file = Some(self.rendered(&key));
            }
            if self.is(Flaw::AppliesDespiteFailure) {
                self.apply(&key);
            }
            if !self.is(Flaw::StoresDespiteFailure) {
                (self.level, self.muted, self.sink) = before;
            }
            return Err(ErrorCode::PersistFailed);
        }
        if (self.state || self.is(Flaw::WritesWithoutState)) && !self.fail && !self.is(Flaw::NeverWrites) {
            self.file = Some(self.rendered(&key));
        }
        if key == SINK {
            self.judge();
        } else {
            self.apply(&key);
        }
        Ok(Obs::Stored { changed: true, persisted })
    }

    fn entry(&self, key: &str) -> Entry {
        let scope = if (key == SINK) == self.is(Flaw::ScopesSwapped) { Scope::User } else { Scope::Device };
        let scope = if self.is(Flaw::SinkIsUsers) { Scope::User } else { scope };
        Entry { key: key.to_owned(), value: self.get(key), scope }
    }

    fn available(&mut self) {
        match self.flaw {
            Flaw::NotJudgedAgain => {}
            Flaw::JudgedWithoutTelling => self.told = self.effective(),
            _ => self.judge(),
        }
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        Ok(match op {
            Op::Set { key, value, scope } => return self.set(key, value, *scope),
            Op::Get(key) => Obs::Value(self.get(&self.key(self.text(key)?)?)),
            Op::List => {
                let keys = if self.is(Flaw::ListsSinkFirst) { [SINK, LEVEL, MUTED] } else { [LEVEL, MUTED, SINK] };
                Obs::List(keys.map(|key| self.entry(key)).to_vec())
            }
            Op::Sink => {
                let effective = if self.is(Flaw::NotJudgedAgain) { self.told } else { self.effective() };
                Obs::Sink { wish: self.sink, effective }
            }
            Op::Applied => Obs::Applied(std::mem::take(&mut self.applied)),
            Op::Persisted => {
                let seen = self.state || self.is(Flaw::WritesWithoutState);
                Obs::File(self.file.clone().filter(|_| seen).map(Bytes))
            }
            Op::Restart => self.load(),
            Op::Plant(bytes) => {
                let max = SETTINGS_FILE_BYTES_MAX as usize;
                if bytes.0.len() > max && !self.is(Flaw::AnyFileSize) && !self.is(Flaw::CutsFiles) {
                    return Err(ErrorCode::OversizedInput);
                }
                let kept = if self.is(Flaw::CutsFiles) { bytes.0.len().min(max) } else { bytes.0.len() };
                self.file = Some(bytes.0[..kept].to_vec());
                Obs::Done
            }
            Op::StateAvailable(true) if !self.state && !self.is(Flaw::StateComesUnread) => {
                self.state = true;
                self.load()
            }
            Op::StateAvailable(available) => {
                self.state = *available;
                self.available();
                Obs::Done
            }
            Op::I2sEnabled(enabled) => {
                self.i2s = *enabled;
                self.available();
                Obs::Done
            }
            Op::FailWrites(fail) => {
                self.fail = *fail;
                Obs::Done
            }
        })
    }
}

impl Machine<Settings> for Wrong {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.start(config);
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests {
    use super::{Flaw, wrong};
    use crate::suite::Suite;
    use model::Modelled;
    use spec::{Contract, SplitMix64, settings::Settings};

    #[test]
    fn wrong_machine_without_a_mistake_is_right() {
        let drawn = (0..1_000).map(|seed| Settings::draw(&mut SplitMix64::new(seed), 40));
        for case in drawn.chain(Settings::goldens().into_iter().map(|golden| golden.case)) {
            assert_eq!(wrong(Flaw::None).run_case(&case), Settings::model().run_case(&case), "{case:?}");
        }
    }
}
