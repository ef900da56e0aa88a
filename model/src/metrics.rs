//! The reference model of the contract `metrics`.

pub use self::MetricsModel as Model;
use spec::metrics::{
    Block, Bytes, Change, Config, METRICS_FILE_BYTES_MAX, METRICS_INTERVAL_BLOCKS_MAX, METRICS_INTERVAL_BLOCKS_MIN, METRICS_RECORDS_MAX,
    METRICS_SESSION_MIN, METRICS_SESSIONS_MAX, Metrics, Obs, Op, Position, Record, State, measure,
};
use spec::{ErrorCode, Failure, Machine};
use std::collections::BTreeMap;

/// A session: whether it is active, and its frames.
type Session = (bool, u64);

/// The reference model of the contract `metrics`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricsModel {
    config: Config,
    sessions: BTreeMap<u32, Session>,
    /// Number and content of the last block.
    last: (u64, Block),
    /// Records that nobody has exported.
    waiting: Vec<Record>,
    dropped: u64,
    /// The file's lines, each with its line feed but perhaps the last.
    file: Option<Vec<Vec<u8>>>,
    /// Files that the store has taken.
    writes: u32,
    /// Lines that nobody has looked at.
    lines: Vec<String>,
}

impl Default for MetricsModel {
    fn default() -> Self {
        Self::new(&Config::default())
    }
}

/// METRICS-006
fn line(record: &Record) -> Vec<u8> {
    let fields: [(&str, u64); 9] = [
        ("block", record.block),
        ("peak_left", record.peak_left.into()),
        ("peak_right", record.peak_right.into()),
        ("clipped", record.clipped),
        ("active_sessions", record.active_sessions.into()),
        ("open_streams", record.open_streams.into()),
        ("underrun_events", record.underrun_events),
        ("missing_frames", record.missing_frames),
        ("dropped", record.dropped),
    ];
    let object = |fields: &[(&str, u64)]| fields.iter().map(|(key, number)| format!("\"{key}\":{number}")).collect::<Vec<_>>().join(",");
    let position = |at: &Position| format!("{{{}}}", object(&[("sid", at.sid.into()), ("frames", at.frames), ("ms", at.ms)]));
    let positions: Vec<String> = record.positions.iter().map(position).collect();
    format!("{{{},\"positions\":[{}]}}\n", object(&fields), positions.join(",")).into_bytes()
}

fn bytes(lines: &[Vec<u8>]) -> usize {
    lines.iter().map(Vec::len).sum()
}

impl MetricsModel {
    fn new(config: &Config) -> Self {
        Self {
            config: config.clone(),
            sessions: BTreeMap::new(),
            last: (0, Block::default()),
            waiting: Vec::new(),
            dropped: 0,
            file: None,
            writes: 0,
            lines: Vec::new(),
        }
    }

    /// METRICS-015
    fn session(&mut self, session: u32) -> Result<&mut Session, ErrorCode> {
        self.sessions.get_mut(&session).ok_or(ErrorCode::UnknownSession)
    }

    fn change(&mut self, session: u32, change: Change) -> Result<(), ErrorCode> {
        match change {
            // METRICS-015
            Change::Open if session < METRICS_SESSION_MIN => return Err(ErrorCode::OutOfRange),
            Change::Open if self.sessions.contains_key(&session) => return Err(ErrorCode::SessionAlreadyOpen),
            Change::Open if self.sessions.len() == METRICS_SESSIONS_MAX as usize => return Err(ErrorCode::TooManySessions),
            Change::Open => drop(self.sessions.insert(session, (false, 0))),
            // METRICS-003
            Change::Close => drop(self.sessions.remove(&session).ok_or(ErrorCode::UnknownSession)?),
            Change::Active(active) => self.session(session)?.0 = active,
            Change::Position(frames) => self.session(session)?.1 = frames,
        }
        Ok(())
    }

    fn snapshot(&self) -> Record {
        let (number, block) = self.last;
        Record {
            // METRICS-001
            block: number,
            peak_left: block.peak[0],
            peak_right: block.peak[1],
            clipped: block.clipped,
            // METRICS-003
            active_sessions: self.sessions.values().filter(|(active, _)| *active).count() as u32,
            open_streams: block.open_streams,
            underrun_events: block.underrun_events,
            missing_frames: block.missing_frames,
            dropped: self.dropped,
            // METRICS-002
            positions: self.sessions.iter().map(|(sid, (_, frames))| Position { sid: *sid, frames: *frames, ms: frames / 48 }).collect(),
        }
    }

    fn block(&mut self, block: Block) {
        self.last = (self.last.0 + 1, block);
        // METRICS-004
        if self.last.0.is_multiple_of(u64::from(self.config.interval_blocks)) {
            // METRICS-005: the record that drops another one counts it.
            if self.waiting.len() == METRICS_RECORDS_MAX as usize {
                self.waiting.remove(0);
                self.dropped += 1;
            }
            self.waiting.push(self.snapshot());
        }
    }

    fn export(&mut self) -> Result<Obs, ErrorCode> {
        // METRICS-010
        if !self.config.export {
            return Err(ErrorCode::ExportDisabled);
        }
        let takes = match self.config.state {
            // METRICS-009
            State::Missing => {
                self.lines.push("metrics: export stub/placeholder".to_owned());
                return Err(ErrorCode::StateUnavailable);
            }
            State::Ready => true,
            State::FailsAfter(writes) => self.writes < writes,
        };
        // METRICS-012
        if self.waiting.is_empty() {
            return Ok(Obs::Exported { lines: 0, bytes: 0, removed: 0 });
        }
        // METRICS-007. METRICS-013: each line is that of a snapshot. METRICS-014: nothing tells one export from two.
        let new: Vec<Vec<u8>> = self.waiting.iter().map(line).collect();
        let mut old = self.file.clone().unwrap_or_default();
        // METRICS-016: whole lines only.
        old.retain(|line| line.ends_with(b"\n"));
        let mut removed = 0;
        // METRICS-008
        while bytes(&old) + bytes(&new) > METRICS_FILE_BYTES_MAX as usize {
            old.remove(0);
            removed += 1;
        }
        // METRICS-011
        if !takes {
            return Err(ErrorCode::StateFailed);
        }
        self.writes += 1;
        self.waiting.clear();
        let (lines, bytes) = (new.len() as u32, bytes(&new) as u32);
        self.file = Some([old, new].concat());
        self.lines.push(format!("metrics: export lines={lines} bytes={bytes}"));
        Ok(Obs::Exported { lines, bytes, removed })
    }

    fn plant(&mut self, text: &Bytes, times: u16) -> Result<(), ErrorCode> {
        if self.config.state == State::Missing {
            return Err(ErrorCode::StateUnavailable);
        }
        // METRICS-017
        if text.0.len() * usize::from(times) > METRICS_FILE_BYTES_MAX as usize {
            return Err(ErrorCode::OversizedInput);
        }
        self.file = Some(text.0.repeat(times.into()).split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect());
        Ok(())
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        match op {
            Op::Session { session, change } => self.change(*session, *change)?,
            Op::Blocks { count, block } => (0..*count).for_each(|_| self.block(*block)),
            Op::Snapshot => return Ok(Obs::Record(self.snapshot())),
            Op::Waiting => {
                let oldest = self.waiting.first().map(|record| record.block);
                return Ok(Obs::Waiting { records: self.waiting.len() as u32, oldest, dropped: self.dropped });
            }
            Op::Export => return self.export(),
            Op::File => return Ok(Obs::File(self.file.as_ref().map(|lines| Bytes(lines.concat())))),
            Op::Measure => return Ok(Obs::Measured(self.file.as_ref().map(|lines| measure(&lines.concat())))),
            Op::Markers => return Ok(Obs::Lines(std::mem::take(&mut self.lines))),
            Op::Plant { text, times } => self.plant(text, *times)?,
            // METRICS-016
            Op::Restart => {
                let lines = std::mem::take(&mut self.lines);
                *self = Self { file: self.file.take(), writes: self.writes, lines, ..Self::new(&self.config) };
            }
        }
        Ok(Obs::Done)
    }
}

impl Machine<Metrics> for MetricsModel {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        // METRICS-015
        if !(METRICS_INTERVAL_BLOCKS_MIN..=METRICS_INTERVAL_BLOCKS_MAX).contains(&config.interval_blocks) {
            return Ok(Err(ErrorCode::OutOfRange));
        }
        *self = Self::new(config);
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests {
    use super::{MetricsModel, line};
    use spec::ErrorCode::{
        ExportDisabled, OutOfRange, OversizedInput, SessionAlreadyOpen, StateFailed, StateUnavailable, TooManySessions, UnknownSession,
    };
    use spec::metrics::{Block, Change, Config, METRICS_LINE_BYTES_MAX, Obs, Op, State};

    const BLOCK: Block = Block { peak: [7, 32_768], clipped: 1, open_streams: 2, underrun_events: 3, missing_frames: 4 };

    fn every_block(state: State, export: bool) -> MetricsModel {
        MetricsModel::new(&Config { state, export, interval_blocks: 1 })
    }

    fn session(session: u32, change: Change) -> Op {
        Op::Session { session, change }
    }

    fn blocks(count: u16) -> Op {
        Op::Blocks { count, block: BLOCK }
    }

    fn file(model: &mut MetricsModel) -> String {
        match model.answer(&Op::File) {
            Ok(Obs::File(Some(bytes))) => String::from_utf8(bytes.0).expect("what is exported is text"),
            other => panic!("no file: {other:?}"),
        }
    }

    #[test]
    fn records_are_lines() {
        let mut model = every_block(State::Ready, true);
        for op in [session(2, Change::Open), session(1, Change::Open), session(2, Change::Active(true)), session(2, Change::Position(95))] {
            assert_eq!(model.answer(&op), Ok(Obs::Done));
        }
        assert_eq!(model.answer(&blocks(1)), Ok(Obs::Done));
        let first = "{\"block\":1,\"peak_left\":7,\"peak_right\":32768,\"clipped\":1,\"active_sessions\":1,\"open_streams\":2,\
                     \"underrun_events\":3,\"missing_frames\":4,\"dropped\":0,\"positions\":[{\"sid\":1,\"frames\":0,\"ms\":0},\
                     {\"sid\":2,\"frames\":95,\"ms\":1}]}\n";
        let bytes = first.len() as u32;
        assert_eq!(model.answer(&Op::Export), Ok(Obs::Exported { lines: 1, bytes, removed: 0 }));
        assert_eq!(model.answer(&Op::Export), Ok(Obs::Exported { lines: 0, bytes: 0, removed: 0 }));
        assert_eq!(file(&mut model), first);
        assert_eq!(model.answer(&Op::Markers), Ok(Obs::Lines(vec![format!("metrics: export lines=1 bytes={bytes}")])));
        for op in [Op::Restart, blocks(1), Op::Export] {
            model.answer(&op).expect("it is accepted");
        }
        let second = first.replace("\"active_sessions\":1", "\"active_sessions\":0");
        let (second, _) = second.split_once("{\"sid\"").expect("it has positions");
        assert_eq!(file(&mut model), format!("{first}{second}]}}\n"));
    }

    #[test]
    fn the_oldest_records_are_dropped() {
        let mut model = every_block(State::Ready, true);
        assert_eq!(model.answer(&blocks(33)), Ok(Obs::Done));
        assert_eq!(model.answer(&Op::Waiting), Ok(Obs::Waiting { records: 32, oldest: Some(2), dropped: 1 }));
        model.answer(&Op::Export).expect("it is exported");
        let file = file(&mut model);
        assert!(file.lines().take(31).all(|line| line.contains("\"dropped\":0,")));
        assert!(file.lines().nth(31).is_some_and(|line| line.contains("\"block\":33,") && line.contains("\"dropped\":1,")));
    }

    #[test]
    fn the_oldest_lines_make_room() {
        let mut model = every_block(State::Ready, true);
        assert_eq!(model.answer(&Op::Plant { text: "1234567\n".into(), times: 8_192 }), Ok(Obs::Done));
        assert_eq!(model.answer(&blocks(1)), Ok(Obs::Done));
        let Ok(Obs::Exported { lines: 1, bytes, removed }) = model.answer(&Op::Export) else { panic!("nothing was exported") };
        assert_eq!(removed, bytes.div_ceil(8));
        let file = file(&mut model);
        assert!(file.len() <= 65_536 && file.len() > 65_528 && file.starts_with("1234567\n"));
        assert_eq!(model.answer(&Op::Plant { text: "{}\nhalf".into(), times: 1 }), Ok(Obs::Done));
        model.answer(&blocks(1)).and_then(|_| model.answer(&Op::Export)).expect("it is exported");
        assert!(self::file(&mut model).starts_with("{}\n{\"block\":2,"));
    }

    #[test]
    fn the_longest_line_is_within_its_bound() {
        let mut model = every_block(State::Ready, true);
        for n in 0..16 {
            for change in [Change::Open, Change::Active(true), Change::Position(u64::MAX)] {
                assert_eq!(model.answer(&session(u32::MAX - n, change)), Ok(Obs::Done));
            }
        }
        let most =
            Block { peak: [u32::MAX; 2], clipped: u64::MAX, open_streams: u32::MAX, underrun_events: u64::MAX, missing_frames: u64::MAX };
        (model.last, model.dropped) = ((u64::MAX, most), u64::MAX);
        assert!(line(&model.snapshot()).len() < METRICS_LINE_BYTES_MAX as usize);
    }

    #[test]
    fn test_reject_changes_nothing() {
        let mut model = every_block(State::FailsAfter(0), true);
        for number in 1..=16 {
            assert_eq!(model.answer(&session(number, Change::Open)), Ok(Obs::Done));
        }
        assert_eq!(model.answer(&blocks(2)), Ok(Obs::Done));
        let before = model.clone();
        for (op, code) in [
            (session(0, Change::Open), OutOfRange),
            (session(1, Change::Open), SessionAlreadyOpen),
            (session(17, Change::Open), TooManySessions),
            (session(17, Change::Close), UnknownSession),
            (session(0, Change::Active(true)), UnknownSession),
            (session(17, Change::Position(1)), UnknownSession),
            (Op::Export, StateFailed),
            (Op::Plant { text: "123456789".into(), times: 7_282 }, OversizedInput),
        ] {
            assert_eq!(model.answer(&op), Err(code), "{op:?}");
        }
        assert_eq!(model, before);
        for (mut model, code, lines) in [
            (every_block(State::Missing, true), StateUnavailable, vec!["metrics: export stub/placeholder".to_owned()]),
            (every_block(State::Missing, false), ExportDisabled, Vec::new()),
        ] {
            assert_eq!(model.answer(&blocks(2)), Ok(Obs::Done));
            assert_eq!(model.answer(&Op::Export), Err(code));
            assert_eq!(model.answer(&Op::Waiting), Ok(Obs::Waiting { records: 2, oldest: Some(1), dropped: 0 }));
            assert_eq!((model.answer(&Op::Markers), model.answer(&Op::File)), (Ok(Obs::Lines(lines)), Ok(Obs::File(None))));
        }
    }
}
