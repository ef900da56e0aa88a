//! Recorded cases of the contract `ducking`.

use super::{case, duck, duck_at, ramps, unduck};
use crate::suite::GoldenCase;
use spec::ducking::{
    Config, DUCKING_BLOCKS_MAX, DUCKING_CAUSES_MAX, DUCKING_DB_Q8_8_MIN, DUCKING_RAMP_MS_MAX, DUCKING_SESSIONS_MAX, Ducking, Op, Rule,
};

const DB: Rule = Rule::DuckDb;
const UI: Rule = Rule::DuckDbUi;

fn golden(name: &'static str, doc: &'static str, config: Config, ops: Vec<Op>) -> GoldenCase<Ducking> {
    GoldenCase { name, doc, case: case(config, ops) }
}

fn opened(ops: impl IntoIterator<Item = Op>) -> Vec<Op> {
    [Op::Open(1)].into_iter().chain(ops).collect()
}

pub(super) fn goldens() -> Vec<GoldenCase<Ducking>> {
    let usual = Config::default();
    let mut all = vec![
        golden(
            "timeline_duck_db",
            "The rule duck_db: -6 dB in five blocks, and back in five.",
            usual,
            opened([Op::Blocks(1), duck(7, DB), Op::Gains, Op::Blocks(7), unduck(7), Op::Blocks(7)]),
        ),
        golden(
            "timeline_duck_db_ui",
            "The rule duck_db_ui: -3 dB in five blocks, and back in five.",
            usual,
            opened([Op::Blocks(1), duck(7, UI), Op::Gains, Op::Blocks(7), unduck(7), Op::Blocks(7)]),
        ),
        golden(
            "timeline_both_rules",
            "The deeper of two causes counts; when it goes the gain ramps to the other's depth and then to 0.",
            usual,
            opened([duck(1, UI), Op::Blocks(6), duck(2, DB), Op::Blocks(6), unduck(2), Op::Blocks(6), unduck(1), Op::Blocks(6)]),
        ),
        golden(
            "timeline_turned_round",
            "An end in mid-ramp starts from the present value, and takes a whole ramp.",
            usual,
            opened([duck(1, DB), Op::Blocks(3), unduck(1), Op::Blocks(2), duck(1, UI), Op::Blocks(6), unduck(1), Op::Blocks(6)]),
        ),
        golden(
            "no_new_ramp",
            "A weaker cause, the same cause again and another length leave a ramp as it goes.",
            usual,
            opened([
                duck(1, DB),
                Op::Blocks(2),
                duck(2, UI),
                Op::Blocks(1),
                duck(1, DB),
                duck(3, DB),
                Op::Configure(ramps(500)),
                Op::Blocks(1),
                unduck(2),
                unduck(1),
                Op::Blocks(2),
            ]),
        ),
        golden(
            "one_rule_at_a_time",
            "A cause that lowers again does so by its new rule, and ends at once with all it did.",
            usual,
            opened([
                duck(4, DB),
                Op::Blocks(5),
                duck(4, UI),
                Op::Blocks(5),
                duck(4, DB),
                Op::Blocks(2),
                unduck(4),
                Op::Blocks(5),
                unduck(4),
            ]),
        ),
        golden(
            "at_once",
            "A ramp of 0 ms has its target in the next block, both ways.",
            ramps(0),
            opened([duck(1, DB), Op::Blocks(2), duck(2, UI), unduck(1), Op::Blocks(2), unduck(2), Op::Gains, Op::Blocks(1)]),
        ),
        golden(
            "lengths",
            "Each length is rounded up to whole blocks.",
            ramps(1),
            opened(
                [1, 9, 10, 11, 20, 21, 33]
                    .into_iter()
                    .flat_map(|ms| [Op::Configure(ramps(ms)), duck(1, DB), Op::Blocks(5), unduck(1), Op::Blocks(5)]),
            ),
        ),
        golden(
            "halves",
            "Half a step is rounded away from zero: on the way down to the deeper, on the way back to the shallower value.",
            Config { duck_db_q8_8: -5, duck_db_ui_q8_8: -1, ramp_ms: 20 },
            opened([duck(1, DB), Op::Blocks(2), unduck(1), Op::Blocks(2), duck(1, UI), Op::Blocks(2), unduck(1), Op::Blocks(2)]),
        ),
        golden(
            "silence",
            "The deepest depth is silence, and one above it is not.",
            Config { duck_db_q8_8: DUCKING_DB_Q8_8_MIN, duck_db_ui_q8_8: DUCKING_DB_Q8_8_MIN + 1, ramp_ms: 30 },
            opened([duck(1, UI), Op::Blocks(3), duck(2, DB), Op::Blocks(3), unduck(2), unduck(1), Op::Blocks(3)]),
        ),
        golden(
            "depth_0",
            "A depth of 0 lowers nothing, and counts beside another.",
            Config { duck_db_ui_q8_8: 0, ..usual },
            opened([duck(1, UI), Op::Blocks(2), duck(2, DB), Op::Blocks(5), unduck(2), Op::Blocks(5), unduck(1), Op::Blocks(2)]),
        ),
        golden("longest", "The longest ramp has a thousand blocks.", ramps(DUCKING_RAMP_MS_MAX), {
            opened([duck(1, DB), Op::Blocks(999), Op::Blocks(2), unduck(1), Op::Blocks(1), Op::Blocks(998), Op::Blocks(2)])
        }),
    ];
    all.extend(of_configurations());
    all.extend(of_bounds());
    all
}

fn of_configurations() -> Vec<GoldenCase<Ducking>> {
    let usual = Config::default();
    vec![
        golden(
            "configured",
            "What is lowered goes to the new depths by the new length, whether in mid-ramp or not; what is not stays.",
            usual,
            opened([
                Op::Open(2),
                Op::Open(3),
                duck(1, DB),
                Op::Blocks(5),
                duck_at(2, 1, UI),
                Op::Blocks(2),
                Op::Configure(Config { duck_db_q8_8: -3_072, duck_db_ui_q8_8: -256, ramp_ms: 30 }),
                Op::Gains,
                Op::Blocks(4),
                unduck(1),
                Op::Blocks(4),
            ]),
        ),
        golden("configured_wrongly", "A wrong configuration is rejected as a whole, and nothing changes.", usual, {
            let wrong = |config| Op::Configure(config);
            opened([
                duck(1, DB),
                Op::Blocks(2),
                wrong(Config { duck_db_q8_8: 1, ramp_ms: 0, ..usual }),
                wrong(Config { duck_db_ui_q8_8: DUCKING_DB_Q8_8_MIN - 1, ..usual }),
                wrong(Config { duck_db_q8_8: -1, ramp_ms: DUCKING_RAMP_MS_MAX + 1, ..usual }),
                Op::Blocks(4),
                unduck(1),
                Op::Blocks(6),
            ])
        }),
        golden("depth_above_0", "Such a machine is not reset.", Config { duck_db_q8_8: 1, ..usual }, vec![]),
        golden("depth_below_silence", "Such a machine is not reset.", Config { duck_db_ui_q8_8: DUCKING_DB_Q8_8_MIN - 1, ..usual }, vec![]),
        golden("ramp_too_long", "Such a machine is not reset.", ramps(DUCKING_RAMP_MS_MAX + 1), vec![]),
    ]
}

fn of_bounds() -> Vec<GoldenCase<Ducking>> {
    let usual = Config::default();
    vec![
        golden(
            "sessions",
            "Each session has its own causes and its own ramp; gains are told in the order of numbers.",
            usual,
            vec![
                Op::Gains,
                Op::Open(9),
                Op::Open(2),
                Op::Open(5),
                duck_at(5, 1, DB),
                Op::Blocks(2),
                duck_at(9, 1, UI),
                Op::Blocks(3),
                Op::Close(5),
                Op::Gains,
                Op::Open(5),
                Op::Blocks(3),
                Op::Unduck { session: 5, cause: 1 },
                Op::Gains,
            ],
        ),
        golden("sessions_bound", "A session too many, numbers that are none or taken, and what is unknown.", usual, {
            let mut ops = vec![Op::Open(0), Op::Close(1), duck(1, DB), unduck(1)];
            ops.extend((1..=DUCKING_SESSIONS_MAX + 1).map(Op::Open));
            ops.extend([Op::Open(1), Op::Close(3), Op::Open(u32::MAX), Op::Close(3), Op::Gains]);
            ops
        }),
        golden("causes_bound", "A cause too many; one that is known is none, and another session has room.", usual, {
            let mut ops = opened([Op::Open(2)]);
            ops.extend((0..=DUCKING_CAUSES_MAX).map(|cause| duck(cause, UI)));
            ops.extend([Op::Blocks(5), duck(0, DB), duck_at(2, DUCKING_CAUSES_MAX, UI), Op::Blocks(5)]);
            ops.extend((0..=DUCKING_CAUSES_MAX).rev().map(unduck));
            ops.push(Op::Blocks(5));
            ops
        }),
        golden(
            "blocks_bound",
            "No block changes nothing, and one call goes on by so many at most.",
            usual,
            opened([
                duck(1, DB),
                Op::Blocks(0),
                Op::Blocks(DUCKING_BLOCKS_MAX + 1),
                Op::Gains,
                Op::Blocks(2),
                Op::Blocks(0),
                Op::Blocks(DUCKING_BLOCKS_MAX),
            ]),
        ),
    ]
}
