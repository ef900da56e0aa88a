//! Every bound of the metrics is met from outside: the code is the documented one, and nothing changes.

use services::ServiceError;
use services::audiod::StoreFailed;
use services::metrics::{Block, Exported, Metrics, Options, Store, check_file};
use spec::ErrorCode;
use spec::metrics::{
    METRICS_FILE_BYTES_MAX, METRICS_INTERVAL_BLOCKS_MAX, METRICS_INTERVAL_BLOCKS_MIN, METRICS_LINE_BYTES_MAX, METRICS_RECORDS_MAX,
    METRICS_SESSION_MIN, METRICS_SESSIONS_MAX,
};

/// The rejection's code, after a look at its explanation: the code's name first, bounded, and with an advice.
fn code<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> ErrorCode {
    let error = result.expect_err("this must be rejected");
    let text = error.to_string();
    assert!(text.starts_with(error.code().name()) && text.contains("; ") && text.len() < spec::idl::IDL_TEXT_BYTES_MAX as usize, "{text}");
    error.code()
}

/// A file in memory, which fails when it is told to.
#[derive(Clone, Debug, PartialEq)]
struct Disk {
    there: bool,
    file: Option<Vec<u8>>,
    reads_fail: bool,
    writes_fail: bool,
}

impl Disk {
    fn with(file: &[u8]) -> Self {
        Self { there: true, file: Some(file.to_vec()), reads_fail: false, writes_fail: false }
    }
}

impl Store for Disk {
    fn is_there(&self) -> bool {
        self.there
    }

    fn read(&mut self) -> Result<Option<Vec<u8>>, StoreFailed> {
        if self.reads_fail { Err(StoreFailed) } else { Ok(self.file.clone()) }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), StoreFailed> {
        if self.writes_fail {
            return Err(StoreFailed);
        }
        self.file = Some(bytes.to_vec());
        Ok(())
    }
}

/// A record waits.
fn metrics(export: bool) -> Metrics {
    let mut metrics = Metrics::new(Options { export, interval_blocks: 1 }).expect("an interval");
    metrics.open(1).expect("a session");
    assert!(metrics.block(&Block::default()));
    metrics
}

#[test]
fn test_reject_metrics_interval_out_of_range() {
    for interval_blocks in [0, METRICS_INTERVAL_BLOCKS_MIN - 1, METRICS_INTERVAL_BLOCKS_MAX + 1, u32::MAX] {
        assert_eq!(code(Metrics::new(Options { export: true, interval_blocks })), ErrorCode::OutOfRange);
    }
    for interval_blocks in [METRICS_INTERVAL_BLOCKS_MIN, METRICS_INTERVAL_BLOCKS_MAX] {
        assert!(Metrics::new(Options { export: true, interval_blocks }).is_ok());
    }
}

#[test]
fn test_reject_metrics_sessions_over_max() {
    let mut metrics = metrics(true);
    for session in 2..=METRICS_SESSIONS_MAX {
        assert_eq!(metrics.open(session), Ok(()));
    }
    let before = metrics.clone();
    assert_eq!(code(metrics.open(METRICS_SESSIONS_MAX + 1)), ErrorCode::TooManySessions);
    assert_eq!(code(metrics.open(1)), ErrorCode::SessionAlreadyOpen);
    assert_eq!(metrics, before);
    assert_eq!((metrics.close(9), metrics.open(u32::MAX)), (Ok(()), Ok(())));
}

#[test]
fn test_reject_metrics_session_zero() {
    let mut metrics = metrics(true);
    let before = metrics.clone();
    assert_eq!(code(metrics.open(METRICS_SESSION_MIN - 1)), ErrorCode::OutOfRange);
    for session in [0, 2] {
        assert_eq!(code(metrics.close(session)), ErrorCode::UnknownSession);
        assert_eq!(code(metrics.set_active(session, true)), ErrorCode::UnknownSession);
        assert_eq!(code(metrics.set_position(session, 48)), ErrorCode::UnknownSession);
    }
    assert_eq!(metrics, before);
}

#[test]
fn test_reject_metrics_file_over_max() {
    let max = METRICS_FILE_BYTES_MAX as usize;
    assert_eq!((check_file(max), code(check_file(max + 1))), (Ok(()), ErrorCode::OversizedInput));
    let (mut metrics, mut lines) = (metrics(true), Vec::new());
    let before = metrics.clone();
    let mut disk = Disk::with(&vec![b'\n'; max + 1]);
    assert_eq!(code(metrics.export(&mut disk, &mut lines)), ErrorCode::OversizedInput);
    assert_eq!((&metrics, lines.len(), disk), (&before, 0, Disk::with(&vec![b'\n'; max + 1])));
}

#[test]
fn test_reject_metrics_exports_that_can_not_be() {
    let (mut off, mut on, mut lines) = (metrics(false), metrics(true), Vec::new());
    let before = (off.clone(), on.clone());
    let failing = |reads_fail, writes_fail| Disk { reads_fail, writes_fail, ..Disk::with(b"{}\n") };
    let absent = Disk { there: false, file: None, ..Disk::with(b"") };
    assert_eq!(code(off.export(&mut absent.clone(), &mut lines)), ErrorCode::ExportDisabled);
    for broken in [failing(true, false), failing(false, true)] {
        let mut disk = broken.clone();
        assert_eq!(code(on.export(&mut disk, &mut lines)), ErrorCode::StateFailed);
        assert_eq!(disk, broken);
    }
    assert!(lines.is_empty(), "{lines:?}");
    assert_eq!(code(on.export(&mut absent.clone(), &mut lines)), ErrorCode::StateUnavailable);
    assert_eq!((&lines[..], (off, on.clone())), (&["metrics: export stub/placeholder".to_owned()][..], before));
    // What waited can be exported once the store works.
    let mut disk = failing(false, false);
    let exported = on.export(&mut disk, &mut lines).expect("it works");
    assert_eq!((exported.lines, exported.removed, on.waiting().len()), (1, 0, 0));
    assert_eq!(on.export(&mut failing(true, true), &mut lines), Ok(Exported::default()));
    assert_eq!(lines.len(), 2);
}

#[test]
fn the_longest_lines_of_all_records_fit_into_the_file() {
    let mut metrics = Metrics::new(Options { export: true, interval_blocks: 1 }).expect("an interval");
    for n in 0..METRICS_SESSIONS_MAX {
        metrics.open(u32::MAX - n).and_then(|()| metrics.set_active(u32::MAX - n, true)).expect("a session");
        metrics.set_position(u32::MAX - n, u64::MAX).expect("a session");
    }
    let most =
        Block { peak: [u32::MAX; 2], clipped: u64::MAX, open_streams: u32::MAX, underrun_events: u64::MAX, missing_frames: u64::MAX };
    for _ in 0..METRICS_RECORDS_MAX + 1 {
        metrics.block(&most);
    }
    // The numbers of blocks and of dropped records can have eighteen digits more than here.
    let longest = metrics.waiting().map(|record| record.to_string().len() + 1 + 2 * 19).max();
    assert!(longest.is_some_and(|bytes| bytes < METRICS_LINE_BYTES_MAX as usize), "{longest:?}");
    let mut disk = Disk::with(&vec![b'\n'; METRICS_FILE_BYTES_MAX as usize]);
    let exported = metrics.export(&mut disk, &mut Vec::new()).expect("it fits");
    assert_eq!((exported.lines, exported.removed), (METRICS_RECORDS_MAX, exported.bytes));
    assert_eq!(disk.file.map(|file| file.len()), Some(METRICS_FILE_BYTES_MAX as usize));
}
