use super::{PolicyModel, identity};
use spec::ErrorCode;
use spec::capabilities::{CAPABILITIES, METHODS, SUBJECTS, ServiceId};
use spec::policy::{Kind, Obs, Op, Reason, Tally};

fn grant(subject: &str, capabilities: &[&str]) -> Op {
    Op::Grant { subject: subject.into(), capabilities: capabilities.iter().map(|name| (*name).to_owned()).collect() }
}

fn check(sender: &str, capability: &str) -> Op {
    Op::CheckCapability { sender: identity(sender), claimed: None, capability: capability.into() }
}

fn call(sender: &str, service: &str, method: &str) -> Op {
    Op::CheckMethod { sender: identity(sender), claimed: None, service: service.into(), method: method.into() }
}

fn consent(subject: &str, capability: &str, kind: Kind) -> Op {
    Op::Consent { subject: subject.into(), capability: capability.into(), kind }
}

fn all(model: &mut PolicyModel, steps: &[(Op, Obs)]) {
    for (step, (op, obs)) in steps.iter().enumerate() {
        assert_eq!(&model.answer(op).unwrap_or_else(Obs::Rejected), obs, "step {step}: {op:?}");
    }
}

#[test]
fn identities_are_those_of_the_platform() {
    for entry in &SUBJECTS {
        assert_eq!(identity(entry.name).0, entry.id, "{}", entry.name);
    }
    assert_eq!((identity("audiod").0, identity("mediasessd").0), (0x0fa6_667d_38cc_d6a7, 0xd1d4_1ec3_0293_00f3));
    assert_eq!(identity("8yn0iYCKYHlIj4-BwPqk"), identity("GReLUrM4wMqfg9yzV3KQ"));
}

#[test]
fn the_tables_are_of_one_piece() {
    for (index, entry) in CAPABILITIES.iter().enumerate() {
        assert_eq!(entry.capability as usize, index);
    }
    for (index, entry) in METHODS.iter().enumerate() {
        assert_eq!(entry.method as usize, index);
    }
}

#[test]
fn grants_are_exact_and_umbrellas_empty() {
    all(
        &mut PolicyModel::default(),
        &[
            (check("nx", "audio.level.set"), Obs::Denied(Reason::Policy)),
            (grant("nx", &["audio", "audio.level.read"]), Obs::Done),
            (check("nx", "audio"), Obs::Denied(Reason::Policy)),
            (check("nx", "audio.level.set"), Obs::Denied(Reason::Policy)),
            (check("nx", "audio.level.read"), Obs::Allowed),
            (check("nx", "audio.level.rea"), Obs::Denied(Reason::Unknown)),
            (check("nx", "audio.level.Read"), Obs::Denied(Reason::Malformed)),
            (call("nx", "audiod", "get_level"), Obs::Allowed),
            (call("nx", "audiod", "set_level"), Obs::Denied(Reason::Policy)),
            (call("nx", "audiod", "seek"), Obs::Denied(Reason::Unknown)),
            (call("nx", "audiod", "get.level"), Obs::Denied(Reason::Malformed)),
            (grant("nx", &[]), Obs::Done),
            (check("nx", "audio.level.read"), Obs::Denied(Reason::Policy)),
            (Op::Tally, Obs::Tally(Tally { allowed: 2, policy: 5, malformed: 2, unknown: 2, ..Tally::default() })),
        ],
    );
}

#[test]
fn the_first_gate_gives_the_reason() {
    let claim =
        |capability: &str| Op::CheckCapability { sender: identity("nx"), claimed: Some(ServiceId(7)), capability: capability.into() };
    all(
        &mut PolicyModel::default(),
        &[
            (claim("No Name"), Obs::Denied(Reason::Identity)),
            (check("nx", "camera"), Obs::Denied(Reason::Policy)),
            (grant("nx", &["camera"]), Obs::Done),
            (check("nx", "camera"), Obs::Denied(Reason::Foreground)),
            (Op::Foreground(Some("nx".into())), Obs::Done),
            (check("nx", "camera"), Obs::Denied(Reason::Consent)),
            (consent("nx", "camera", Kind::Once), Obs::Done),
            (claim("camera"), Obs::Denied(Reason::Identity)),
            (check("nx", "camera"), Obs::Allowed),
            (check("nx", "camera"), Obs::Denied(Reason::Consent)),
        ],
    );
}

#[test]
fn consents_last_as_long_as_their_kind_says() {
    let nx = || Op::Foreground(Some("nx".into()));
    all(
        &mut PolicyModel::default(),
        &[
            (grant("nx", &["audio.record", "microphone"]), Obs::Done),
            (consent("nx", "audio.record", Kind::Session), Obs::Rejected(ErrorCode::NotInForeground)),
            (nx(), Obs::Done),
            (consent("nx", "audio.record", Kind::Session), Obs::Done),
            (consent("nx", "microphone", Kind::Persistent), Obs::Done),
            (nx(), Obs::Done),
            (call("nx", "audiod", "record_start"), Obs::Allowed),
            (Op::Foreground(None), Obs::Done),
            (call("nx", "audiod", "record_start"), Obs::Denied(Reason::Consent)),
            (call("nx", "audiod", "record_stop"), Obs::Allowed),
            (check("nx", "microphone"), Obs::Denied(Reason::Foreground)),
            (nx(), Obs::Done),
            (check("nx", "microphone"), Obs::Allowed),
            (check("nx", "microphone"), Obs::Allowed),
            (Op::RevokeConsent { subject: "nx".into(), capability: "microphone".into() }, Obs::Done),
            (check("nx", "microphone"), Obs::Denied(Reason::Consent)),
            (consent("nx", "microphone", Kind::Persistent), Obs::Done),
            (Op::Revoke("nx".into()), Obs::Done),
            (grant("nx", &["microphone"]), Obs::Done),
            (check("nx", "microphone"), Obs::Denied(Reason::Foreground)),
            (nx(), Obs::Done),
            (check("nx", "microphone"), Obs::Denied(Reason::Consent)),
        ],
    );
}

#[test]
fn test_reject_administration_and_keep_everything() {
    let mut model = PolicyModel::default();
    model.answer(&Op::LoadDefaults).expect("defaults");
    model.answer(&grant("8yn0iYCKYHlIj4-BwPqk", &[])).expect("a subject");
    let before = model.clone();
    let long = "c".repeat(49);
    for (op, code) in [
        (grant("", &[]), ErrorCode::MalformedSubject),
        (grant(&"s".repeat(65), &[]), ErrorCode::MalformedSubject),
        (grant("GReLUrM4wMqfg9yzV3KQ", &[]), ErrorCode::SubjectCollision),
        (grant("nx", &["camera"; 33]), ErrorCode::TooManyCapabilities),
        (grant("nx", &["camera", &long]), ErrorCode::MalformedCapability),
        (grant("nx", &["camera", "audio.stream"]), ErrorCode::UnknownCapability),
        (grant("nx", &["camera", "device.i2s.submit"]), ErrorCode::CapabilityReserved),
        (grant("audiod", &["audio"]), ErrorCode::CapabilityReserved),
        (Op::Revoke("ny".into()), ErrorCode::UnknownSubject),
        (Op::Foreground(Some("ny".into())), ErrorCode::UnknownSubject),
        (consent("nx", "audio.level.set", Kind::Once), ErrorCode::ConsentNotNeeded),
        (consent("nx", "camera", Kind::Session), ErrorCode::NotInForeground),
        (Op::Identity("two words".into()), ErrorCode::MalformedSubject),
        (Op::Method { service: "nx".into(), method: "pause".into() }, ErrorCode::UnknownMethod),
    ] {
        assert_eq!(model.answer(&op), Err(code), "{op:?}");
    }
    assert_eq!(model, before);
}
