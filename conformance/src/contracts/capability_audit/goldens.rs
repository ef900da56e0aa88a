//! Recorded cases of the contract `capability-audit`.

use super::{APP, OTHER, begin, decide, deliver, end, owner, switch};
use crate::suite::GoldenCase;
use spec::Case;
use spec::capabilities::ServiceId;
use spec::capability_audit::{AUDIT_CAPTURES_MAX, CapabilityAudit, Config, Op};
use spec::policy::Reason;

pub(super) fn goldens() -> Vec<GoldenCase<CapabilityAudit>> {
    let golden = |name, doc, ops| GoldenCase { name, doc, case: Case { config: Config::default(), ops } };
    let claimed = |claimed, denied| Op::Decide {
        timestamp_ns: 5,
        sender: APP,
        claimed: Some(claimed),
        action: "audiod.set_level".to_owned(),
        target: "audio.level.set".to_owned(),
        denied,
    };
    vec![
        golden("decisions", "Allowed and denied leave one record each; the platform's three reasons keep their numbers.", {
            let mut ops = vec![Op::Records(0), decide("audiod.get_level", "audio.level.read", None)];
            ops.extend(Reason::ALL.map(|reason| decide("audiod.record_start", "state:/audio/out.wav", Some(reason))));
            ops.push(Op::Records(0));
            ops
        }),
        golden("spoofing", "The true sender is the subject, the claimed identity the target.", {
            let mut ops = vec![claimed(OTHER, Some(Reason::Identity)), claimed(APP, None), claimed(OTHER, Some(Reason::Policy))];
            ops.extend([claimed(ServiceId(u64::MAX), Some(Reason::Identity)), Op::Records(0)]);
            ops
        }),
        golden("long_texts", "What is too long is cut, and says how long it was.", {
            let mut ops: Vec<Op> = [31, 32, 33, 100].map(|length| decide(&"a".repeat(length), "", None)).into();
            ops.extend([63, 64, 65, 1000].map(|length| decide("", &"t".repeat(length), None)));
            ops.push(Op::Records(0));
            ops
        }),
        golden("odd_texts", "Control characters, other letters and tildes become question marks.", {
            let texts = ["line\nSELFTEST: audio ok", "~12", "caf\u{e9}", "\u{1f512}", "\u{0}\u{7f}", "{} ok"];
            let mut ops: Vec<Op> = texts.map(|text| decide(text, text, Some(Reason::Malformed))).into();
            ops.push(Op::Records(0));
            ops
        }),
        golden("a_capture", "On before the first delivery, off after the last; nothing is delivered before or after.", {
            vec![
                deliver(APP, "camera", &[1, 2]),
                Op::Indicators,
                begin(10, APP, "camera"),
                Op::Indicators,
                deliver(APP, "camera", &[1, 2]),
                deliver(APP, "camera", &[3]),
                end(20, APP, "camera"),
                deliver(APP, "camera", &[4]),
                Op::Indicators,
                Op::Events(0),
                Op::Records(0),
            ]
        }),
        golden("two_subjects", "The indicator stays on until the last subject ends, and lists who began first.", {
            vec![
                begin(1, OTHER, "microphone"),
                begin(2, APP, "microphone"),
                begin(3, APP, "audio.record"),
                Op::Indicators,
                deliver(APP, "microphone", &[0; 4]),
                end(4, OTHER, "microphone"),
                Op::Indicators,
                deliver(OTHER, "microphone", &[0; 4]),
                deliver(APP, "microphone", &[0; 4]),
                end(5, APP, "microphone"),
                Op::Indicators,
                Op::Events(0),
            ]
        }),
        golden("rejected_captures", "What can't begin, deliver or end changes nothing and leaves no record.", {
            vec![
                begin(1, APP, "camera"),
                begin(2, APP, "camera"),
                begin(3, APP, "audio.level.set"),
                begin(3, APP, "audio"),
                begin(3, APP, ""),
                deliver(APP, "camera", &[]),
                deliver(APP, "microphone", &[1]),
                deliver(APP, "Camera", &[1]),
                end(4, OTHER, "camera"),
                end(4, APP, "image.print"),
                Op::Records(0),
                Op::Events(0),
                Op::Indicators,
            ]
        }),
        golden("too_many_captures", "Sixteen captures at a time.", {
            let mut ops: Vec<Op> =
                (0..=AUDIT_CAPTURES_MAX).map(|app| begin(u64::from(app), ServiceId(u64::from(app)), "audio.record")).collect();
            ops.extend([Op::Indicators, end(20, ServiceId(3), "audio.record"), begin(21, ServiceId(16), "camera"), Op::Indicators]);
            ops
        }),
        golden("kill_switch", "A kill switch ends what runs, in its order, and lets nothing begin; others go on.", {
            vec![
                begin(1, OTHER, "camera"),
                begin(2, APP, "camera"),
                begin(3, APP, "microphone"),
                deliver(APP, "camera", &[1]),
                switch(4, owner(), "camera", true),
                Op::Indicators,
                deliver(APP, "camera", &[1]),
                deliver(APP, "microphone", &[1]),
                begin(5, APP, "camera"),
                switch(6, owner(), "camera", true),
                switch(7, owner(), "camera", false),
                begin(8, APP, "camera"),
                Op::Indicators,
                Op::Events(0),
                Op::Records(0),
            ]
        }),
        golden("kill_switch_of_another", "Only privacyd; the attempt is written under its own name.", {
            vec![
                begin(1, APP, "camera"),
                switch(2, APP, "camera", true),
                switch(3, ServiceId(0), "camera", false),
                switch(4, APP, "audio.level.set", true),
                Op::Indicators,
                Op::Records(0),
            ]
        }),
        golden("pages", "Sixteen entries at a time, from a number on.", {
            let mut ops: Vec<Op> = (0..18).map(|_| decide("a", "t", None)).collect();
            ops.extend([Op::Records(0), Op::Records(16), Op::Records(17), Op::Records(18), Op::Records(u64::MAX), Op::Events(0)]);
            ops.extend([begin(1, APP, "camera"), end(2, APP, "camera"), Op::Events(0), Op::Events(20), Op::Events(21)]);
            ops
        }),
        GoldenCase {
            name: "dropped",
            doc: "The oldest go first and are counted; deliveries displace nothing.",
            case: Case { config: Config { records: 3, events: 2 }, ops: dropped() },
        },
        GoldenCase {
            name: "no_room",
            doc: "A log keeps at least one record.",
            case: Case { config: Config { records: 0, events: 1 }, ops: vec![Op::Records(0)] },
        },
        GoldenCase {
            name: "too_much_room",
            doc: "A log keeps at most 128 events.",
            case: Case { config: Config { records: 1, events: 129 }, ops: vec![Op::Events(0)] },
        },
    ]
}

fn dropped() -> Vec<Op> {
    let mut ops: Vec<Op> = (0..4).map(|_| decide("a", "t", Some(Reason::Policy))).collect();
    ops.extend([Op::Records(0), begin(1, APP, "camera")]);
    ops.extend((0..5).map(|_| deliver(APP, "camera", &[9])));
    ops.extend([Op::Records(0), Op::Events(0), end(2, APP, "camera"), begin(3, APP, "camera"), Op::Records(0), Op::Events(0)]);
    ops
}
