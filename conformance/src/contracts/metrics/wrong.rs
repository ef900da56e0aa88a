//! Metrics that make one mistake.

use super::violations::Flaw;
use spec::metrics::{
    Block, Bytes, Change, Config, METRICS_FILE_BYTES_MAX, METRICS_RECORDS_MAX, METRICS_SESSIONS_MAX, Metrics, Obs, Op, Position, Record,
    State, measure,
};
use spec::{ErrorCode, Failure, Machine};

#[derive(Clone, Copy)]
struct Session {
    number: u32,
    active: bool,
    frames: u64,
    closed: bool,
}

/// What a machine with that mistake is.
pub(super) struct Wrong {
    flaw: Flaw,
    config: Config,
    /// In the order of opening, closed ones among them.
    sessions: Vec<Session>,
    blocks: u64,
    since_export: u64,
    last: Block,
    waiting: Vec<Record>,
    dropped: u64,
    file: Option<Vec<u8>>,
    writes: u32,
    lines: Vec<String>,
}

pub(super) fn wrong(flaw: Flaw) -> Box<dyn Machine<Metrics>> {
    Box::new(Wrong::new(flaw, &Config::default()))
}

impl Wrong {
    fn new(flaw: Flaw, config: &Config) -> Self {
        Self {
            flaw,
            config: config.clone(),
            sessions: Vec::new(),
            blocks: 0,
            since_export: 0,
            last: Block::default(),
            waiting: Vec::new(),
            dropped: 0,
            file: None,
            writes: 0,
            lines: Vec::new(),
        }
    }

    fn is(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    fn find(&mut self, number: u32) -> Result<&mut Session, ErrorCode> {
        self.sessions.iter_mut().find(|session| session.number == number && !session.closed).ok_or(ErrorCode::UnknownSession)
    }

    fn session(&mut self, number: u32, change: Change) -> Result<(), ErrorCode> {
        match change {
            Change::Open => {
                let max = match self.flaw {
                    Flaw::SessionsOneMore => METRICS_SESSIONS_MAX + 1,
                    Flaw::SessionsOneLess => METRICS_SESSIONS_MAX - 1,
                    _ => METRICS_SESSIONS_MAX,
                };
                if number == 0 && !self.is(Flaw::TakesSessionZero) {
                    return Err(ErrorCode::OutOfRange);
                }
                match (self.find(number).is_ok(), self.flaw) {
                    (true, Flaw::OpensAgain) => self.sessions.retain(|session| session.number != number),
                    (true, _) => return Err(ErrorCode::SessionAlreadyOpen),
                    (false, _) => {}
                }
                if self.sessions.iter().filter(|session| !session.closed).count() >= max as usize {
                    return Err(ErrorCode::TooManySessions);
                }
                self.sessions.retain(|session| session.number != number);
                self.sessions.push(Session { number, active: self.is(Flaw::OpenIsActive), frames: 0, closed: false });
            }
            Change::Close => self.find(number)?.closed = true,
            Change::Active(active) => self.find(number)?.active = active,
            Change::Position(frames) => self.find(number)?.frames = frames,
        }
        Ok(())
    }

    fn snapshot(&self) -> Record {
        let mut listed: Vec<Session> =
            self.sessions.iter().filter(|session| !session.closed || self.is(Flaw::ClosedKeepsPosition)).copied().collect();
        if self.is(Flaw::IdleHaveNoPosition) {
            listed.retain(|session| session.active);
        }
        if !self.is(Flaw::PositionsByOpening) {
            listed.sort_by_key(|session| session.number);
        }
        let ms = |frames: u64| match self.flaw {
            Flaw::MsRounded => frames / 48 + u64::from(frames % 48 >= 24),
            Flaw::MsInBlocks => frames / 480 * 10,
            _ => frames / 48,
        };
        let counted = |session: &&Session| match self.flaw {
            Flaw::CountsOpen => !session.closed,
            Flaw::ClosedStaysCounted => session.active,
            _ => session.active && !session.closed,
        };
        let [left, right] = self.last.peak;
        let (left, right) = if self.is(Flaw::PeaksSwapped) { (right, left) } else { (left, right) };
        Record {
            block: if self.is(Flaw::CountsFromZero) { self.blocks.saturating_sub(1) } else { self.blocks },
            peak_left: left,
            peak_right: right,
            clipped: self.last.clipped,
            active_sessions: self.sessions.iter().filter(counted).count() as u32,
            open_streams: self.last.open_streams,
            underrun_events: self.last.underrun_events,
            missing_frames: self.last.missing_frames,
            dropped: self.dropped,
            positions: listed.iter().map(|at| Position { sid: at.number, frames: at.frames, ms: ms(at.frames) }).collect(),
        }
    }

    fn block(&mut self, block: &Block) {
        let before = self.last;
        self.last = *block;
        if self.is(Flaw::PeaksHeld) {
            self.last.peak = [0, 1].map(|channel| before.peak[channel].max(block.peak[channel]));
        }
        if self.is(Flaw::ClippedAdded) {
            self.last.clipped = before.clipped.wrapping_add(block.clipped);
        }
        self.blocks += 1;
        self.since_export += 1;
        let interval = u64::from(self.config.interval_blocks.max(1));
        let due = match self.flaw {
            Flaw::RecordsOneLate => self.blocks > interval && self.blocks % interval == 1 % interval,
            Flaw::RecordsFirst => self.blocks % interval == 1 % interval,
            Flaw::IntervalFromExport => self.since_export.is_multiple_of(interval),
            _ => self.blocks.is_multiple_of(interval),
        };
        if due {
            self.take();
        }
    }

    fn take(&mut self) {
        let max = match self.flaw {
            Flaw::QueueOneMore => METRICS_RECORDS_MAX + 1,
            Flaw::QueueOneLess => METRICS_RECORDS_MAX - 1,
            _ => METRICS_RECORDS_MAX,
        } as usize;
        let late = self.snapshot();
        if self.waiting.len() >= max {
            let place = if self.is(Flaw::NewestDropped) { self.waiting.len() - 1 } else { 0 };
            self.waiting.remove(place);
            self.dropped += u64::from(!self.is(Flaw::DroppedNotCounted));
        }
        self.waiting.push(if self.is(Flaw::DroppedLate) { late } else { self.snapshot() });
    }

    fn line(&self, record: &Record) -> Vec<u8> {
        let colon = if self.is(Flaw::Spaces) { ": " } else { ":" };
        let quote = if self.is(Flaw::MsInQuotes) { "\"" } else { "" };
        let position =
            |at: &Position| format!("{{\"sid\"{colon}{},\"frames\"{colon}{},\"ms\"{colon}{quote}{}{quote}}}", at.sid, at.frames, at.ms);
        let mut keys = vec![
            ("block", record.block.to_string()),
            ("peak_left", record.peak_left.to_string()),
            ("peak_right", record.peak_right.to_string()),
            ("clipped", record.clipped.to_string()),
            ("active_sessions", record.active_sessions.to_string()),
            ("open_streams", record.open_streams.to_string()),
            ("underrun_events", record.underrun_events.to_string()),
            ("missing_frames", record.missing_frames.to_string()),
            ("dropped", record.dropped.to_string()),
            ("positions", format!("[{}]", record.positions.iter().map(position).collect::<Vec<_>>().join(","))),
        ];
        if self.is(Flaw::KeysSorted) {
            keys.sort();
        }
        let fields: Vec<String> = keys.into_iter().map(|(key, value)| format!("\"{key}\"{colon}{value}")).collect();
        let end = if self.is(Flaw::CarriageReturns) { "\r\n" } else { "\n" };
        format!("{{{}}}{end}", fields.join(",")).into_bytes()
    }

    fn export(&mut self) -> Result<Obs, ErrorCode> {
        if !self.config.export && !self.is(Flaw::ExportsAlways) {
            if self.is(Flaw::DisabledIsPlaceholder) {
                self.lines.push("metrics: export stub/placeholder".to_owned());
            }
            return Err(if self.is(Flaw::DisabledIsUnavailable) { ErrorCode::StateUnavailable } else { ErrorCode::ExportDisabled });
        }
        if self.config.state == State::Missing {
            return self.export_without_state();
        }
        if self.waiting.is_empty() {
            if self.is(Flaw::LineForNothing) {
                self.lines.push("metrics: export lines=0 bytes=0".to_owned());
            }
            return Ok(Obs::Exported { lines: 0, bytes: 0, removed: 0 });
        }
        let mut records = self.waiting.clone();
        match self.flaw {
            Flaw::NewestFirst => records.reverse(),
            Flaw::OneAtATime => records.truncate(1),
            Flaw::LineOfNow => records.fill(self.snapshot()),
            _ => {}
        }
        let mut new: Vec<u8> = records.iter().flat_map(|record| self.line(record)).collect();
        if self.is(Flaw::FeedsBetween) {
            new.pop();
        }
        let old = self.file.clone().unwrap_or_default();
        let mut old: Vec<&[u8]> = old.split_inclusive(|byte| *byte == b'\n').collect();
        match self.flaw {
            Flaw::KeepsHalfLine | Flaw::FeedsBetween => {}
            Flaw::ReplacesFile => old.clear(),
            _ => old.retain(|line| line.ends_with(b"\n")),
        }
        if self.is(Flaw::EmptyLineBefore) && old.last().is_some_and(|line| line.starts_with(b"{\"block\"")) {
            new.insert(0, b'\n');
        }
        let removed = self.make_room(&mut old, new.len());
        let fails = matches!(self.config.state, State::FailsAfter(writes) if self.writes >= writes);
        let (lines, appended) = (records.len() as u32, new.len() as u32);
        let file: Vec<u8> = [old.concat(), new].concat();
        let bytes = if self.is(Flaw::BytesOfFile) { file.len() as u32 } else { appended };
        let line = if self.is(Flaw::LineWithoutBytes) {
            format!("metrics: export lines={lines}")
        } else {
            format!("metrics: export lines={lines} bytes={bytes}")
        };
        if fails {
            match self.flaw {
                Flaw::FailureClaims => self.lines.push(line),
                Flaw::FailureForgets => self.waiting.clear(),
                Flaw::FailureWrites => self.file = Some(file[..file.len() / 2].to_vec()),
                _ => {}
            }
            return Err(ErrorCode::StateFailed);
        }
        self.writes += 1;
        self.since_export = 0;
        self.file = Some(file);
        match self.flaw {
            Flaw::KeepsWaiting => {}
            Flaw::OneAtATime => drop(self.waiting.remove(0)),
            _ => self.waiting.clear(),
        }
        self.lines.push(line);
        Ok(Obs::Exported { lines, bytes, removed })
    }

    fn export_without_state(&mut self) -> Result<Obs, ErrorCode> {
        let line = "metrics: export stub/placeholder".to_owned();
        match self.flaw {
            Flaw::NoPlaceholder => {}
            Flaw::PlaceholderOnce if self.writes > 0 => {}
            Flaw::ClaimsWithoutState => self.lines.push(format!("metrics: export lines={} bytes=0", self.waiting.len())),
            _ => self.lines.push(line),
        }
        self.writes += 1;
        if self.is(Flaw::ForgetsWithoutState) {
            self.waiting.clear();
        }
        Err(ErrorCode::StateUnavailable)
    }

    /// Removes what makes room for so many bytes, and tells how many lines went.
    fn make_room(&self, old: &mut Vec<&[u8]>, new: usize) -> u32 {
        let max = match self.flaw {
            Flaw::FileOneMore => METRICS_FILE_BYTES_MAX + 1,
            Flaw::FileOneLess => METRICS_FILE_BYTES_MAX - 1,
            _ => METRICS_FILE_BYTES_MAX,
        } as usize;
        let mut over = (old.iter().map(|line| line.len()).sum::<usize>() + new).saturating_sub(max);
        if over == 0 {
            return 0;
        }
        if self.is(Flaw::RemovesAll) {
            return old.drain(..).count() as u32;
        }
        let mut removed = 0;
        while over > 0 && !old.is_empty() {
            if self.is(Flaw::CutsLines) && old[0].len() > over {
                old[0] = &old[0][over..];
                return removed;
            }
            over = over.saturating_sub(old.remove(0).len());
            removed += 1;
        }
        if self.is(Flaw::RemovesOneMore) && !old.is_empty() {
            old.remove(0);
            removed += 1;
        }
        removed
    }

    fn plant(&mut self, text: &Bytes, times: u16) -> Result<(), ErrorCode> {
        if self.config.state == State::Missing {
            return Err(ErrorCode::StateUnavailable);
        }
        let max = METRICS_FILE_BYTES_MAX as usize;
        let mut bytes = text.0.repeat(usize::from(times).min(2 * max / text.0.len().max(1) + 1));
        match (bytes.len() > max, self.flaw) {
            (true, Flaw::CutsFile) => bytes.truncate(max),
            (true, Flaw::TakesAnyFile) | (false, _) => {}
            (true, _) => return Err(ErrorCode::OversizedInput),
        }
        self.file = Some(bytes);
        Ok(())
    }

    fn restart(&mut self) {
        let mut fresh = Self::new(self.flaw, &self.config);
        (fresh.file, fresh.writes, fresh.lines) = (self.file.take(), self.writes, std::mem::take(&mut self.lines));
        match self.flaw {
            Flaw::RestartClearsFile => fresh.file = None,
            Flaw::RestartKeepsWaiting => fresh.waiting = std::mem::take(&mut self.waiting),
            Flaw::RestartKeepsBlocks => fresh.blocks = self.blocks,
            _ => {}
        }
        *self = fresh;
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        match op {
            Op::Session { session, change } => match self.session(*session, *change) {
                Err(ErrorCode::UnknownSession) if self.is(Flaw::UnknownIsDone) => {}
                result => result?,
            },
            Op::Blocks { count, block } => (0..*count).for_each(|_| self.block(block)),
            Op::Snapshot => {
                let record = self.snapshot();
                match self.flaw {
                    Flaw::SnapshotTakesRecord => self.take(),
                    Flaw::SnapshotForgetsPeaks => self.last.peak = [0; 2],
                    _ => {}
                }
                return Ok(Obs::Record(record));
            }
            Op::Waiting => {
                let oldest = self.waiting.first().map(|record| record.block);
                return Ok(Obs::Waiting { records: self.waiting.len() as u32, oldest, dropped: self.dropped });
            }
            Op::Export => return self.export(),
            Op::File => return Ok(Obs::File(self.file.clone().map(Bytes))),
            Op::Measure => return Ok(Obs::Measured(self.file.as_deref().map(measure))),
            Op::Markers => return Ok(Obs::Lines(std::mem::take(&mut self.lines))),
            Op::Plant { text, times } => self.plant(text, *times)?,
            Op::Restart => self.restart(),
        }
        Ok(Obs::Done)
    }
}

impl Machine<Metrics> for Wrong {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        let longest = if self.is(Flaw::IntervalOneLess) { 5_999 } else { 6_000 };
        if !(1..=longest).contains(&config.interval_blocks) && !self.is(Flaw::AnyInterval) {
            return Ok(Err(ErrorCode::OutOfRange));
        }
        *self = Self::new(self.flaw, config);
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests {
    use super::wrong;
    use crate::contracts::metrics::violations::Flaw;
    use crate::suite::Suite;
    use model::Modelled;
    use spec::{Contract, SplitMix64, metrics::Metrics};

    #[test]
    fn wrong_machine_without_a_mistake_is_right() {
        let drawn = (0..1_000).map(|seed| Metrics::draw(&mut SplitMix64::new(seed), 40));
        for case in drawn.chain(Metrics::goldens().into_iter().map(|golden| golden.case)) {
            assert_eq!(wrong(Flaw::None).run_case(&case), Metrics::model().run_case(&case), "{case:?}");
        }
    }
}
