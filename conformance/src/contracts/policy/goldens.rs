//! Recorded cases of the contract `policy`.

use super::{call, case, check, claiming, consent, every_method, front, grant, look, take_back};
use crate::suite::GoldenCase;
use spec::capabilities::{CAPABILITIES, METHODS, SUBJECTS};
use spec::policy::{Kind, Op, POLICY_GRANTS_MAX, POLICY_SUBJECTS_MAX, Policy};

fn record_start(sender: &str) -> Op {
    call(sender, "audiod", "record_start")
}

pub(super) fn goldens() -> Vec<GoldenCase<Policy>> {
    let golden = |name, doc, ops| GoldenCase { name, doc, case: case(ops) };
    let mut all = of_grants();
    all.extend(of_consents());
    all.extend([
        golden("catalogue", "Every name of the catalogue with its marks and its note: a name that is gone or changed shows here.", {
            let mut ops = vec![Op::Catalogue];
            ops.extend(CAPABILITIES.iter().map(|entry| Op::Capability(entry.name.to_owned())));
            ops.extend(["audio.level", "Audio", "", "clipboard.read"].map(|name| Op::Capability(name.to_owned())));
            ops
        }),
        golden("methods", "What every method needs.", {
            let method = |service: &str, method: &str| Op::Method { service: service.to_owned(), method: method.to_owned() };
            let mut ops: Vec<Op> = METHODS.iter().map(|entry| method(entry.service, entry.name)).collect();
            ops.extend([method("audiod", "seek"), method("nx", "pause"), method("", "")]);
            ops
        }),
        golden("identities", "Identities are FNV-1a-64: audiod is 0x0fa6667d38ccd6a7.", {
            let mut ops: Vec<Op> = SUBJECTS.iter().map(|entry| Op::Identity(entry.name.to_owned())).collect();
            ops.extend(["a", "com.example.media.sample", "", "two words", "\u{e9}"].map(|name| Op::Identity(name.to_owned())));
            ops.extend([64, 65].map(|length| Op::Identity("s".repeat(length))));
            ops
        }),
        golden("defaults", "What each known program holds at first; loading forgets consents and the foreground.", {
            let mut ops = vec![grant("nx", &["camera"]), front("nx"), consent("nx", "camera", Kind::Persistent), Op::LoadDefaults];
            ops.extend(SUBJECTS.iter().map(|entry| look(entry.name)));
            ops.extend([call("tonegen", "audiod", "play_tone"), call("wavplay", "audiod", "play_tone"), record_start("nx")]);
            ops.extend([call("audiod", "codecd", "configure"), call("mediasessd", "i2sd", "submit")]);
            ops
        }),
        golden("spoofing", "A claimed identity is denied before anything else is looked at, and counted.", {
            let question = || call("nx", "audiod", "get_level");
            vec![
                grant("audiod", &["audio.level.read"]),
                grant("nx", &[]),
                claiming(question(), "audiod"),
                claiming(check("nx", "No Name"), "audiod"),
                claiming(question(), "nx"),
                grant("nx", &["audio.level.read"]),
                claiming(question(), "audiod"),
                claiming(question(), "nx"),
                Op::Tally,
            ]
        }),
        golden("tally", "One count per result.", {
            vec![
                grant("nx", &["camera", "audio.record"]),
                check("nx", "audio.record"),
                consent("nx", "audio.record", Kind::Persistent),
                check("nx", "audio.record"),
                check("nx", "camera"),
                check("nx", "microphone"),
                check("nx", "Camera"),
                check("nx", "screen.capture"),
                claiming(check("nx", "camera"), "audiod"),
                Op::Tally,
                check("nx", "audio.record"),
                Op::Tally,
            ]
        }),
        golden("order_of_gates", "The first gate that is closed gives the reason: policy, foreground, consent.", {
            vec![
                check("nx", "microphone"),
                grant("nx", &["microphone"]),
                check("nx", "microphone"),
                front("nx"),
                check("nx", "microphone"),
                consent("nx", "microphone", Kind::Persistent),
                check("nx", "microphone"),
                Op::Foreground(None),
                check("nx", "microphone"),
                grant("nx", &[]),
                check("nx", "microphone"),
            ]
        }),
        golden("texts", "What is no name is malformed, what nobody knows is unknown.", {
            let long = "c".repeat(49);
            let mut ops: Vec<Op> = ["", ".", "Camera", "camera.", "9", "a b", &long[..48], &long, "audio.level"]
                .into_iter()
                .map(|text| check("nx", text))
                .collect();
            for (service, method) in [("audiod", "seek"), ("nx", "pause"), ("audiod", "get.level"), ("", "pause"), ("audiod", "")] {
                ops.push(call("nx", service, method));
            }
            ops
        }),
    ]);
    all
}

fn of_grants() -> Vec<GoldenCase<Policy>> {
    let golden = |name, doc, ops| GoldenCase { name, doc, case: case(ops) };
    vec![
        golden("nobody_holds_anything", "At first every method is denied.", every_method("nx").collect()),
        golden("an_empty_list", "An empty list denies everything.", [grant("nx", &[])].into_iter().chain(every_method("nx")).collect()),
        golden("an_umbrella", "The umbrella audio grants nothing, not even itself.", {
            let mut ops = vec![grant("nx", &["audio"]), look("nx"), check("nx", "audio")];
            ops.extend(every_method("nx"));
            ops
        }),
        golden("one_grant", "A level that may be read may not be set.", {
            [grant("nx", &["audio.level.read"])].into_iter().chain(every_method("nx")).collect()
        }),
        golden("reload", "A grant replaces; order and repetition do not matter; consents and the foreground stay.", {
            vec![
                grant("nx", &["camera", "video.decode"]),
                front("nx"),
                consent("nx", "camera", Kind::Session),
                look("nx"),
                grant("nx", &["image.print", "camera", "image.print"]),
                look("nx"),
                check("nx", "video.decode"),
                check("nx", "camera"),
                grant("nx", &["camera", "image.print"]),
                look("nx"),
            ]
        }),
        golden("revocation", "Who is revoked is gone with grants, consents and foreground.", {
            vec![
                grant("nx", &["camera"]),
                front("nx"),
                consent("nx", "camera", Kind::Persistent),
                Op::Revoke("nx".to_owned()),
                look("nx"),
                check("nx", "camera"),
                grant("nx", &["camera"]),
                look("nx"),
                check("nx", "camera"),
                Op::Revoke("ny".to_owned()),
            ]
        }),
        golden("holders", "What is kept to its holders is granted to nobody else.", {
            vec![
                grant("audiod", &["device.codec.configure", "device.i2s.submit"]),
                call("audiod", "codecd", "configure"),
                call("audiod", "i2sd", "submit"),
                grant("nx", &["video.decode"]),
                grant("nx", &["device.codec.configure"]),
                grant("audiod", &["audio"]),
                grant("policyd", &["audio"]),
                look("nx"),
                call("nx", "codecd", "configure"),
            ]
        }),
        golden("rejected_grants", "A rejected grant changes nothing.", {
            let many = |count: u32| grant("nx", &vec!["camera"; count as usize]);
            let mut ops = vec![grant("8yn0iYCKYHlIj4-BwPqk", &[]), grant("nx", &["video.decode"])];
            ops.extend([many(POLICY_GRANTS_MAX + 1), grant("nx", &["camera", "Camera"]), grant("nx", &["camera", "audio.stream"])]);
            ops.extend([grant("GReLUrM4wMqfg9yzV3KQ", &[]), grant("", &["camera"]), grant("two words", &[]), grant(&"s".repeat(65), &[])]);
            ops.extend([look("nx"), many(POLICY_GRANTS_MAX), look("nx")]);
            ops
        }),
        golden("too_many_subjects", "The table of subjects is full at 32.", {
            let mut ops: Vec<Op> = (0..=POLICY_SUBJECTS_MAX).map(|number| grant(&format!("app{number}"), &["video.decode"])).collect();
            ops.extend([grant("app7", &[]), look("app32"), Op::Revoke("app0".to_owned()), grant("app32", &[]), look("app32")]);
            ops
        }),
    ]
}

fn of_consents() -> Vec<GoldenCase<Policy>> {
    let golden = |name, doc, ops| GoldenCase { name, doc, case: case(ops) };
    vec![
        golden("once", "A consent once is used up by the decision that it allows, and by no denial.", {
            vec![
                grant("nx", &["camera"]),
                consent("nx", "camera", Kind::Once),
                check("nx", "camera"),
                claiming(check("nx", "camera"), "audiod"),
                look("nx"),
                front("nx"),
                check("nx", "camera"),
                look("nx"),
                check("nx", "camera"),
            ]
        }),
        golden("session", "A session is given in the foreground and ends with it.", {
            vec![
                grant("nx", &["audio.record"]),
                grant("tonegen", &[]),
                consent("nx", "audio.record", Kind::Session),
                front("nx"),
                consent("nx", "audio.record", Kind::Session),
                front("nx"),
                record_start("nx"),
                record_start("nx"),
                front("tonegen"),
                record_start("nx"),
                front("nx"),
                record_start("nx"),
                look("nx"),
            ]
        }),
        golden("persistent", "A persistent consent lasts until it is revoked.", {
            vec![
                grant("nx", &["audio.record"]),
                consent("nx", "audio.record", Kind::Persistent),
                front("nx"),
                record_start("nx"),
                Op::Foreground(None),
                record_start("nx"),
                take_back("nx", "audio.record"),
                take_back("nx", "audio.record"),
                record_start("nx"),
            ]
        }),
        golden("newest_answer", "The newest answer counts, be it the weaker one.", {
            vec![
                grant("nx", &["audio.record"]),
                consent("nx", "audio.record", Kind::Persistent),
                consent("nx", "audio.record", Kind::Once),
                look("nx"),
                record_start("nx"),
                record_start("nx"),
            ]
        }),
        golden("rejected_consents", "There is nothing to consent to but for sensitive capabilities of known subjects.", {
            vec![
                grant("nx", &["camera"]),
                consent("ny", "camera", Kind::Once),
                consent("nx", "audio.level.set", Kind::Once),
                consent("nx", "screen.capture", Kind::Once),
                consent("nx", "Camera", Kind::Once),
                consent("nx", "camera", Kind::Session),
                take_back("nx", "audio"),
                take_back("", "camera"),
                Op::Foreground(Some("ny".to_owned())),
                look("nx"),
            ]
        }),
        golden("ending_a_use", "Who may record may end it, with no consent left, and uses none up.", {
            let stop = || call("nx", "audiod", "record_stop");
            vec![
                stop(),
                grant("nx", &["audio.record"]),
                stop(),
                consent("nx", "audio.record", Kind::Once),
                stop(),
                record_start("nx"),
                record_start("nx"),
                stop(),
            ]
        }),
    ]
}
