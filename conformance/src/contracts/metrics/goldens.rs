//! Recorded cases of the contract `metrics`.

use super::laws::{EVERY_BLOCK, session};
use super::plant;
use crate::suite::GoldenCase;
use spec::Case;
use spec::metrics::{
    Block, Change, Config, METRICS_FILE_BYTES_MAX, METRICS_INTERVAL_BLOCKS_MAX, METRICS_RECORDS_MAX, METRICS_SESSIONS_MAX, Metrics, Op,
    State,
};

const BLOCK: Block = Block { peak: [16_384, 32_768], clipped: 3, open_streams: 2, underrun_events: 1, missing_frames: 479 };
const QUIET: Block = Block { peak: [1, 0], clipped: 3, open_streams: 1, underrun_events: 2, missing_frames: 480 };

fn blocks(count: u32, block: Block) -> Op {
    Op::Blocks { count: count as u16, block }
}

const fn position(number: u32, frames: u64) -> Op {
    Op::Session { session: number, change: Change::Position(frames) }
}

const fn active(number: u32, active: bool) -> Op {
    Op::Session { session: number, change: Change::Active(active) }
}

const fn open(number: u32) -> Op {
    Op::Session { session: number, change: Change::Open }
}

const fn close(number: u32) -> Op {
    Op::Session { session: number, change: Change::Close }
}

fn golden(name: &'static str, doc: &'static str, config: Config, ops: Vec<Op>) -> GoldenCase<Metrics> {
    GoldenCase { name, doc, case: Case { config, ops } }
}

fn with_state(state: State) -> Config {
    Config { state, ..EVERY_BLOCK }
}

pub(super) fn goldens() -> Vec<GoldenCase<Metrics>> {
    let mut all = of_records();
    all.extend(of_exports());
    all.extend(of_refusals());
    all
}

fn of_records() -> Vec<GoldenCase<Metrics>> {
    vec![
        golden(
            "start",
            "Nothing was told: all is 0, nothing waits, and an export writes nothing.",
            Config::default(),
            vec![Op::Snapshot, Op::Waiting, Op::Export, Op::File, Op::Measure, Op::Markers],
        ),
        golden(
            "snapshot",
            "A snapshot is what was told with the last block.",
            EVERY_BLOCK,
            vec![blocks(1, BLOCK), Op::Snapshot, blocks(2, QUIET), Op::Snapshot, Op::Waiting],
        ),
        golden(
            "sessions",
            "Positions by number, in frames and whole milliseconds; a closed session has none and is not counted.",
            EVERY_BLOCK,
            vec![
                open(7),
                open(2),
                position(7, 47),
                Op::Snapshot,
                active(2, true),
                position(2, 96),
                active(7, true),
                position(7, 48),
                Op::Snapshot,
                active(2, false),
                position(7, 479),
                Op::Snapshot,
                close(7),
                Op::Snapshot,
                open(7),
                position(2, u64::MAX),
                Op::Snapshot,
            ],
        ),
        golden(
            "interval",
            "A record with each third block, however the blocks are told; a snapshot takes none.",
            Config { interval_blocks: 3, ..EVERY_BLOCK },
            vec![
                blocks(2, BLOCK),
                Op::Snapshot,
                Op::Waiting,
                blocks(1, QUIET),
                Op::Waiting,
                blocks(5, BLOCK),
                Op::Waiting,
                blocks(0, QUIET),
                blocks(1, QUIET),
                Op::Waiting,
                Op::Export,
                blocks(2, QUIET),
                Op::Waiting,
                blocks(1, QUIET),
                Op::Waiting,
                Op::File,
            ],
        ),
        golden(
            "longest_interval",
            "A minute of blocks.",
            Config { interval_blocks: METRICS_INTERVAL_BLOCKS_MAX, ..EVERY_BLOCK },
            vec![blocks(METRICS_INTERVAL_BLOCKS_MAX - 1, BLOCK), Op::Waiting, blocks(1, QUIET), Op::Waiting, Op::Export, Op::File],
        ),
        golden(
            "default_interval",
            "A second of blocks.",
            Config::default(),
            vec![blocks(99, BLOCK), Op::Waiting, blocks(1, BLOCK), Op::Waiting, blocks(250, BLOCK), Op::Waiting],
        ),
        golden(
            "queue_bound",
            "With one record more than can wait the oldest is dropped, and each record from then on tells it.",
            EVERY_BLOCK,
            vec![
                blocks(METRICS_RECORDS_MAX, BLOCK),
                Op::Waiting,
                blocks(1, QUIET),
                Op::Waiting,
                Op::Snapshot,
                blocks(2, BLOCK),
                Op::Waiting,
                Op::Export,
                Op::Waiting,
                blocks(1, QUIET),
                Op::Waiting,
                Op::File,
            ],
        ),
        golden("sessions_bound", "A further session is opened when another one was closed.", EVERY_BLOCK, {
            let mut ops: Vec<Op> = (1..=METRICS_SESSIONS_MAX + 1).map(open).collect();
            ops.extend([open(1), open(0), Op::Snapshot, close(5), open(u32::MAX), open(5), Op::Snapshot]);
            ops
        }),
    ]
}

fn of_exports() -> Vec<GoldenCase<Metrics>> {
    // The line of a first record of nothing: with one byte less of room an old line goes, as the answers show.
    const LINE_BYTES: u32 = 156;
    let room = METRICS_FILE_BYTES_MAX - LINE_BYTES;
    vec![
        golden(
            "lines",
            "Keys in their order, decimal integers, one line feed; exports append.",
            EVERY_BLOCK,
            vec![
                blocks(1, BLOCK),
                Op::Export,
                Op::File,
                Op::Markers,
                open(3),
                open(1),
                active(3, true),
                position(3, 4_800),
                blocks(1, QUIET),
                position(1, 96_001),
                blocks(1, BLOCK),
                Op::Export,
                Op::Export,
                Op::File,
                Op::Measure,
                Op::Markers,
            ],
        ),
        golden(
            "largest_numbers",
            "The largest numbers of every field.",
            EVERY_BLOCK,
            vec![
                session(u32::MAX, Change::Open),
                position(u32::MAX, u64::MAX),
                blocks(
                    1,
                    Block {
                        peak: [u32::MAX; 2],
                        clipped: u64::MAX,
                        open_streams: u32::MAX,
                        underrun_events: u64::MAX,
                        missing_frames: u64::MAX,
                    },
                ),
                Op::Export,
                Op::File,
            ],
        ),
        golden(
            "room",
            "The oldest whole lines go, as few as make room; a file of the largest length is one.",
            EVERY_BLOCK,
            vec![
                plant("\n", room as u16),
                blocks(1, Block::default()),
                Op::Export,
                Op::Measure,
                Op::Restart,
                plant("\n", room as u16 + 1),
                blocks(1, Block::default()),
                Op::Export,
                Op::Measure,
                plant("1234567\n", (METRICS_FILE_BYTES_MAX / 8) as u16),
                blocks(2, BLOCK),
                Op::Export,
                Op::Measure,
                blocks(1, BLOCK),
                Op::Export,
                Op::Measure,
                Op::Markers,
            ],
        ),
        golden(
            "one_long_line",
            "A line that fills the file goes whole.",
            EVERY_BLOCK,
            vec![plant("12345678", 8_191), plant(&("x".repeat(65_535) + "\n"), 1), Op::Measure, blocks(1, BLOCK), Op::Export, Op::File],
        ),
        golden(
            "restart",
            "The file stays, whole lines of it; blocks and dropped records are counted anew, and what waited is gone.",
            EVERY_BLOCK,
            vec![
                blocks(40, BLOCK),
                Op::Export,
                plant("{\"foreign\":true}\nhalf a li", 1),
                blocks(1, BLOCK),
                Op::Restart,
                Op::Waiting,
                Op::Snapshot,
                Op::File,
                Op::Export,
                Op::File,
                blocks(1, QUIET),
                Op::Export,
                Op::File,
                Op::Markers,
            ],
        ),
        golden(
            "half_a_line_alone",
            "What is no whole line leaves nothing.",
            EVERY_BLOCK,
            vec![plant("{\"block\":", 1), blocks(1, BLOCK), Op::Export, Op::File, plant("", 3), blocks(1, QUIET), Op::Export, Op::File],
        ),
    ]
}

fn of_refusals() -> Vec<GoldenCase<Metrics>> {
    let mut all = vec![
        golden(
            "without_state",
            "No file, no claim: each export prints the placeholder, and the records go on waiting.",
            with_state(State::Missing),
            vec![blocks(2, BLOCK), Op::Export, Op::Waiting, Op::Export, Op::Markers, Op::File, Op::Measure, plant("{}\n", 1), Op::Snapshot],
        ),
        golden(
            "switched_off",
            "An export that is switched off says so and nothing else, with and without /state.",
            Config { export: false, ..EVERY_BLOCK },
            vec![blocks(33, BLOCK), Op::Export, Op::Waiting, Op::Markers, Op::File, Op::Snapshot],
        ),
        golden(
            "switched_off_without_state",
            "The switch is looked at first.",
            Config { export: false, ..with_state(State::Missing) },
            vec![blocks(1, BLOCK), Op::Export, Op::Waiting, Op::Markers],
        ),
        golden(
            "store_fails",
            "An export that the store did not take leaves the file and the records, and claims nothing.",
            with_state(State::FailsAfter(1)),
            vec![
                blocks(1, BLOCK),
                Op::Export,
                Op::Markers,
                blocks(2, QUIET),
                Op::Export,
                Op::Waiting,
                Op::Markers,
                Op::File,
                Op::Export,
                Op::Restart,
                blocks(1, QUIET),
                Op::Export,
                Op::File,
            ],
        ),
        golden(
            "oversized_file",
            "What is no file of metrics is not taken, and the one that is there stays.",
            EVERY_BLOCK,
            vec![
                plant("{}\n", 2),
                plant("12345678\n", 7_282),
                plant("", u16::MAX),
                plant("x", u16::MAX),
                Op::Measure,
                plant("{}\n", 1),
                Op::File,
            ],
        ),
        golden(
            "unknown_sessions",
            "What names a session that is not open is rejected, and nothing changes.",
            EVERY_BLOCK,
            vec![open(1), close(2), active(0, true), position(2, 48), close(1), active(1, true), close(1), Op::Snapshot],
        ),
    ];
    for (name, interval_blocks) in [("interval_zero", 0), ("interval_too_long", METRICS_INTERVAL_BLOCKS_MAX + 1)] {
        let config = Config { interval_blocks, ..EVERY_BLOCK };
        all.push(golden(name, "An interval outside its bounds is rejected.", config, vec![Op::Snapshot]));
    }
    all
}
