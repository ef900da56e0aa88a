//! The contract `metrics` on [`services::metrics`].

use alloc::string::String;
use alloc::vec::Vec;
use services::ServiceError;
use services::audiod::StoreFailed;
use services::metrics::{self, Metrics, Options, Store, check_file};
use spec::metrics::{Bytes, Change, Config, Metrics as MetricsContract, Obs, Op, Position, Record, State, measure};
use spec::{ErrorCode, Failure, Machine};

/// The file, in memory.
#[derive(Clone, Debug)]
struct StateFile {
    there: bool,
    bytes: Option<Vec<u8>>,
    /// Files that it will still take; all where there is no number.
    writes: Option<u32>,
}

impl StateFile {
    const fn new(state: State) -> Self {
        let writes = if let State::FailsAfter(writes) = state { Some(writes) } else { None };
        Self { there: !matches!(state, State::Missing), bytes: None, writes }
    }
}

impl Store for StateFile {
    fn is_there(&self) -> bool {
        self.there
    }

    fn read(&mut self) -> Result<Option<Vec<u8>>, StoreFailed> {
        Ok(self.bytes.clone())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), StoreFailed> {
        if let Some(writes) = &mut self.writes {
            *writes = writes.checked_sub(1).ok_or(StoreFailed)?;
        }
        self.bytes = Some(bytes.to_vec());
        Ok(())
    }
}

/// Answers the contract `metrics`.
#[derive(Clone, Debug)]
pub struct MetricsMachine {
    options: Options,
    metrics: Option<Metrics>,
    store: StateFile,
    lines: Vec<String>,
}

pub(crate) use MetricsMachine as Adapter;

impl Default for MetricsMachine {
    fn default() -> Self {
        let mut machine = Self { options: Options::default(), metrics: None, store: StateFile::new(State::Ready), lines: Vec::new() };
        // The default is within all bounds.
        let _ = machine.start(&Config::default());
        machine
    }
}

fn record(record: &metrics::Record) -> Record {
    let position = |position: &metrics::Position| Position { sid: position.session, frames: position.frames, ms: position.ms() };
    Record {
        block: record.block,
        peak_left: record.told.peak[0],
        peak_right: record.told.peak[1],
        clipped: record.told.clipped,
        active_sessions: record.active_sessions,
        open_streams: record.told.open_streams,
        underrun_events: record.told.underrun_events,
        missing_frames: record.told.missing_frames,
        dropped: record.dropped,
        positions: record.positions().iter().map(position).collect(),
    }
}

impl MetricsMachine {
    fn start(&mut self, config: &Config) -> Result<(), ServiceError> {
        self.options = Options { export: config.export, interval_blocks: config.interval_blocks };
        self.metrics = None;
        self.metrics = Some(Metrics::new(self.options)?);
        (self.store, self.lines) = (StateFile::new(config.state), Vec::new());
        Ok(())
    }

    fn answer(&mut self, op: &Op) -> Result<Result<Obs, ServiceError>, Failure> {
        let Self { metrics, store, lines, options } = self;
        let Some(metrics) = metrics else { return Err(crate::not_reset()) };
        let done = |result: Result<(), ServiceError>| result.map(|()| Obs::Done);
        Ok(match op {
            Op::Session { session, change } => done(match change {
                Change::Open => metrics.open(*session),
                Change::Close => metrics.close(*session),
                Change::Active(active) => metrics.set_active(*session, *active),
                Change::Position(frames) => metrics.set_position(*session, *frames),
            }),
            Op::Blocks { count, block } => {
                for _ in 0..*count {
                    metrics.block(block);
                }
                Ok(Obs::Done)
            }
            Op::Snapshot => Ok(Obs::Record(record(&metrics.snapshot()))),
            Op::Waiting => {
                let oldest = metrics.waiting().next().map(|record| record.block);
                Ok(Obs::Waiting { records: metrics.waiting().len() as u32, oldest, dropped: metrics.dropped() })
            }
            Op::Export => metrics.export(store, lines).map(|exported| Obs::Exported {
                lines: exported.lines,
                bytes: exported.bytes,
                removed: exported.removed,
            }),
            Op::File => Ok(Obs::File(store.bytes.clone().map(Bytes))),
            Op::Measure => Ok(Obs::Measured(store.bytes.as_deref().map(measure))),
            Op::Markers => Ok(Obs::Lines(core::mem::take(lines))),
            Op::Plant { text, times } => done(plant(store, &text.0, *times)),
            Op::Restart => done(Metrics::new(*options).map(|fresh| *metrics = fresh)),
        })
    }
}

/// Another file, where there is a store that takes one of that length.
fn plant(store: &mut StateFile, text: &[u8], times: u16) -> Result<(), ServiceError> {
    if !store.there {
        return Err(ServiceError::plain(ErrorCode::StateUnavailable, "there is no /state to put a file into", "ask with another state"));
    }
    check_file(text.len().saturating_mul(usize::from(times)))?;
    store.bytes = Some(text.repeat(usize::from(times)));
    Ok(())
}

impl Machine<MetricsContract> for MetricsMachine {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        Ok(self.start(config).map_err(|error| error.code()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op)?.unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}
