//! Recorded cases of the contract `focus`.

use super::{case, register, request};
use crate::suite::GoldenCase;
use spec::focus::{Class, FOCUS_SESSIONS_MAX, Focus, Kind, Op, RULES};

const GAIN: Kind = Kind::Gain;
const TRANSIENT: Kind = Kind::Transient;

const MUSIC: u32 = 1;
const COMMS: u32 = 2;
const ALARM: u32 = 3;
const UI: u32 = 4;

/// The sessions 1 to 4, one of each class, and what follows.
fn one_per_class(ops: impl IntoIterator<Item = Op>) -> Vec<Op> {
    Class::ALL.iter().zip(1..).map(|(class, sid)| register(sid, *class)).chain(ops).collect()
}

const fn golden(name: &'static str, doc: &'static str, ops: Vec<Op>) -> (&'static str, &'static str, Vec<Op>) {
    (name, doc, ops)
}

pub(super) fn goldens() -> Vec<GoldenCase<Focus>> {
    let mut all = Vec::new();
    for (auto_resume, list) in [(true, of_focus()), (true, of_alarms()), (true, of_ducks()), (true, of_rules()), (false, without_resume())]
    {
        all.extend(list.into_iter().map(|(name, doc, ops)| GoldenCase { name, doc, case: case(auto_resume, ops) }));
    }
    all
}

type Recorded = Vec<(&'static str, &'static str, Vec<Op>)>;

fn of_focus() -> Recorded {
    vec![
        golden(
            "registered",
            "Sessions come without focus, in any order, and are listed by their numbers.",
            vec![
                Op::State,
                register(9, Class::Ui),
                register(2, Class::Music),
                register(u32::MAX, Class::Alarm),
                register(7, Class::Comms),
                Op::State,
            ],
        ),
        golden("bounds", "Wrong numbers, numbers twice, and a session too many.", {
            let mut ops = vec![register(0, Class::Music), Op::Play(1), Op::Pause(1), request(1, GAIN), Op::Abandon(1), Op::Close(1)];
            ops.extend((1..=FOCUS_SESSIONS_MAX).map(|sid| register(sid, Class::Music)));
            ops.extend([register(FOCUS_SESSIONS_MAX + 1, Class::Music), register(1, Class::Ui), register(0, Class::Ui), Op::State]);
            ops.extend([Op::Close(1), register(FOCUS_SESSIONS_MAX + 1, Class::Ui), Op::State]);
            ops
        }),
        golden(
            "requests",
            "Each request has the next number; the last one's kind and number count, and none starts anything.",
            one_per_class([
                request(MUSIC, TRANSIENT),
                request(COMMS, GAIN),
                request(9, GAIN),
                Op::Abandon(9),
                request(MUSIC, GAIN),
                Op::State,
                Op::Abandon(MUSIC),
                Op::Abandon(MUSIC),
                Op::Play(MUSIC),
                Op::State,
            ]),
        ),
        golden(
            "steal",
            "A gain takes the gain of its class, playing or not, and of no other class; a transient stands beside it.",
            one_per_class([
                register(11, Class::Music),
                register(12, Class::Music),
                Op::Play(MUSIC),
                Op::Play(UI),
                request(12, TRANSIENT),
                Op::Play(12),
                Op::State,
                request(11, GAIN),
                Op::State,
                request(MUSIC, GAIN),
                Op::State,
                Op::Play(11),
                Op::Close(11),
                Op::State,
            ]),
        ),
        golden(
            "play_and_pause",
            "A play asks for gain once; plays and pauses that say nothing new change nothing.",
            one_per_class([
                Op::Play(MUSIC),
                Op::Play(MUSIC),
                Op::Pause(MUSIC),
                Op::Pause(MUSIC),
                Op::State,
                Op::Play(MUSIC),
                request(UI, TRANSIENT),
                Op::Play(UI),
                Op::State,
                Op::Abandon(UI),
                Op::Pause(COMMS),
                Op::State,
            ]),
        ),
        golden(
            "anew",
            "A number that was closed is a new session.",
            one_per_class([
                Op::Play(COMMS),
                Op::Close(COMMS),
                register(COMMS, Class::Music),
                Op::State,
                Op::Abandon(COMMS),
                Op::Play(COMMS),
                Op::Play(MUSIC),
                Op::State,
            ]),
        ),
    ]
}

fn of_alarms() -> Recorded {
    vec![
        golden(
            "alarm",
            "An alarm pauses all others in the order of numbers, and gives them back in it.",
            one_per_class([
                Op::Play(UI),
                Op::Play(MUSIC),
                Op::Play(COMMS),
                request(ALARM, GAIN),
                Op::Play(ALARM),
                Op::State,
                Op::Pause(ALARM),
                Op::State,
            ]),
        ),
        golden(
            "order_of_pauses",
            "What was paused or deferred earlier resumes earlier, whatever the numbers.",
            one_per_class([Op::Play(UI), Op::Play(ALARM), Op::Play(COMMS), Op::Play(MUSIC), Op::State, Op::Abandon(ALARM), Op::State]),
        ),
        golden(
            "users_pause",
            "The user's pause ends the waiting, and a later play defers again, behind the others.",
            one_per_class([
                Op::Play(MUSIC),
                Op::Play(COMMS),
                Op::Play(ALARM),
                Op::Pause(MUSIC),
                Op::State,
                Op::Play(MUSIC),
                Op::Pause(COMMS),
                Op::Close(ALARM),
                Op::State,
            ]),
        ),
        golden(
            "stolen_while_waiting",
            "A waiting session that is stolen from does not resume; one that gives its focus back neither.",
            one_per_class([
                register(11, Class::Music),
                Op::Play(MUSIC),
                Op::Play(UI),
                Op::Play(ALARM),
                request(11, GAIN),
                Op::Abandon(UI),
                Op::State,
                Op::Close(ALARM),
                Op::State,
            ]),
        ),
        golden(
            "two_alarms",
            "The alarm with the newest request plays, the older one waits and comes first when that one ends; the others wait for both.",
            one_per_class([
                register(13, Class::Alarm),
                Op::Play(MUSIC),
                request(13, TRANSIENT),
                Op::Play(ALARM),
                Op::Play(13),
                Op::State,
                request(13, TRANSIENT),
                Op::State,
                Op::Close(13),
                Op::State,
                Op::Pause(ALARM),
                Op::State,
            ]),
        ),
        golden(
            "alarm_of_a_lower_number",
            "Requests decide among alarms, not numbers and not plays.",
            one_per_class([
                register(13, Class::Alarm),
                request(13, TRANSIENT),
                request(ALARM, TRANSIENT),
                Op::Play(ALARM),
                Op::Play(13),
                Op::State,
                Op::Pause(ALARM),
                Op::Play(ALARM),
                Op::State,
            ]),
        ),
        golden(
            "silent_alarm",
            "An alarm that has focus and does not play pauses nobody.",
            one_per_class([Op::Play(MUSIC), request(ALARM, GAIN), Op::State, Op::Play(COMMS), Op::Pause(ALARM), Op::State]),
        ),
    ]
}

fn of_ducks() -> Recorded {
    vec![
        golden(
            "comms",
            "Talk lowers music and ui, with either kind of focus, and not the alarm.",
            one_per_class([
                Op::Play(MUSIC),
                Op::Play(COMMS),
                Op::State,
                request(COMMS, TRANSIENT),
                Op::Pause(COMMS),
                Op::Play(COMMS),
                Op::Abandon(COMMS),
                Op::State,
            ]),
        ),
        golden(
            "ui",
            "A transient ui lowers music; with gain it lowers nobody, and comms never.",
            one_per_class([
                Op::Play(MUSIC),
                Op::Play(UI),
                Op::State,
                request(UI, TRANSIENT),
                Op::State,
                request(UI, GAIN),
                Op::Close(MUSIC),
                request(UI, TRANSIENT),
                Op::State,
            ]),
        ),
        golden(
            "both_rules",
            "Where both rules apply both are told, and each ends with its cause.",
            one_per_class([
                request(UI, TRANSIENT),
                Op::Play(UI),
                Op::Play(COMMS),
                Op::State,
                Op::Pause(UI),
                Op::Play(UI),
                Op::Pause(COMMS),
                Op::State,
                Op::Pause(UI),
            ]),
        ),
        golden(
            "two_causes",
            "A duck ends with the last of those that cause it.",
            one_per_class([
                register(12, Class::Comms),
                request(12, TRANSIENT),
                Op::Play(COMMS),
                Op::Play(12),
                Op::Pause(COMMS),
                Op::State,
                Op::Close(12),
                Op::State,
            ]),
        ),
        golden(
            "begins_ducked",
            "A session that comes under a duck is lowered from the start.",
            vec![
                register(COMMS, Class::Comms),
                Op::Play(COMMS),
                register(MUSIC, Class::Music),
                register(5, Class::Alarm),
                Op::State,
                Op::Play(MUSIC),
            ],
        ),
        golden(
            "ducks_under_an_alarm",
            "Talk that an alarm pauses lowers nobody, and does again when it resumes.",
            one_per_class([Op::Play(MUSIC), Op::Play(COMMS), Op::Play(ALARM), Op::State, Op::Pause(ALARM), Op::State]),
        ),
    ]
}

/// Each row of the table: its session plays, then the other, then its session has the newer request.
fn of_rules() -> Recorded {
    let row = |entry: &spec::focus::RuleEntry| {
        [
            register(1, entry.active),
            register(2, entry.other),
            request(1, entry.kind),
            Op::Play(1),
            request(2, TRANSIENT),
            Op::Play(2),
            Op::State,
            request(1, entry.kind),
            Op::State,
            Op::Pause(1),
            Op::Close(1),
            Op::Close(2),
        ]
    };
    let doc = "Every row of the focus table, in its order: the first session is the active one.";
    vec![golden("every_rule", doc, RULES.iter().flat_map(row).collect())]
}

fn without_resume() -> Recorded {
    vec![
        golden(
            "without_resume",
            "What an alarm paused stays paused, and keeps its focus.",
            one_per_class([
                Op::Play(MUSIC),
                Op::Play(UI),
                Op::Play(ALARM),
                Op::State,
                Op::Pause(ALARM),
                Op::State,
                Op::Play(UI),
                Op::State,
            ]),
        ),
        golden(
            "preempted",
            "A play under an alarm is rejected, and no focus is taken; a newer alarm pauses the older for good.",
            one_per_class([
                register(13, Class::Alarm),
                register(14, Class::Alarm),
                request(13, TRANSIENT),
                Op::Play(ALARM),
                Op::Play(MUSIC),
                Op::Play(13),
                Op::State,
                Op::Play(14),
                Op::Play(ALARM),
                Op::State,
                Op::Close(14),
                Op::State,
            ]),
        ),
    ]
}
