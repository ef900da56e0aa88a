//! Every denial and every bound of policy and audit, met from outside: the reason or code is the documented one, nothing changes,
//! and a denial is written.

use services::ServiceError;
use services::capability_audit::{AuditLog, Entry, capture_capability};
use services::policy::{Decision, Policyd, Request, service_id};
use spec::ErrorCode;
use spec::capabilities::{Capability, METHODS, Method, SUBJECTS};
use spec::capability_audit::*;
use spec::policy::{Kind, POLICY_GRANTS_MAX, POLICY_SUBJECTS_MAX, Reason, Tally};

/// The rejection's code, after a look at its explanation: the code's name first, bounded, and with an advice.
fn code<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> ErrorCode {
    let error = result.expect_err("this must be rejected");
    let text = error.to_string();
    assert!(text.starts_with(error.code().name()) && text.contains("; ") && text.len() < spec::idl::IDL_TEXT_BYTES_MAX as usize, "{text}");
    error.code()
}

/// The state without the tally, which denials may change.
fn state(policyd: &Policyd) -> String {
    let subjects = SUBJECTS.iter().map(|entry| format!("{:?}", policyd.subject(entry.name)));
    subjects.collect()
}

/// Asks, and holds what a denial must hold: the reason, an unchanged state, one more in the tally, and one record.
fn denied(policyd: &mut Policyd, sender: &str, claimed: Option<&str>, method: Method, reason: Reason) {
    let (before, tally) = (state(policyd), policyd.tally());
    let mut log = AuditLog::default();
    let request = Request { sender: service_id(sender), claimed: claimed.map(service_id), method };
    let decision = policyd.decide(&request);
    log.record_call(5, &request, decision, "target");
    assert_eq!(decision, Decision::Denied(reason));
    assert_eq!(state(policyd), before, "a denial changed something");
    assert_eq!(total(policyd.tally()), total(tally) + 1);
    assert_eq!(policyd.tally().allowed, tally.allowed);
    let records: Vec<_> = log.records(0).collect();
    let [record] = records[..] else { panic!("{records:?}") };
    assert_eq!((record.subject_id, record.decision, record.timestamp_ns), (service_id(sender), 0, 5));
    assert_eq!(record.reason, number(reason));
    assert_eq!(record.action.as_str(), format!("{}.{}", method.entry().service, method.entry().name));
    let target = claimed.filter(|_| reason == Reason::Identity).map(|name| format!("0x{:016x}", service_id(name)));
    assert_eq!(record.target.as_str(), target.as_deref().unwrap_or("target"));
}

/// The same for what only a text can ask.
fn denied_text(policyd: &mut Policyd, text: &str, reason: Reason) {
    let (before, mut log) = (state(policyd), AuditLog::default());
    let decision = policyd.decide_capability(service_id("nx"), None, text);
    log.record(Entry { timestamp_ns: 5, sender: service_id("nx"), claimed: None, action: "check", target: text, decision });
    assert_eq!((decision, state(policyd)), (Decision::Denied(reason), before));
    let record = log.records(0).next().copied().expect("a record");
    assert_eq!((record.decision, record.reason), (0, number(reason)));
    assert!(record.target.as_str().len() <= 64);
}

fn number(reason: Reason) -> u16 {
    match reason {
        Reason::Policy => 0,
        Reason::Identity => 1,
        Reason::Malformed => 2,
        Reason::Foreground => 3,
        Reason::Consent => 4,
        Reason::Unknown => 5,
    }
}

fn total(tally: Tally) -> u64 {
    let Tally { allowed, policy, identity, malformed, foreground, consent, unknown } = tally;
    allowed + policy + identity + malformed + foreground + consent + unknown
}

/// nx may record and use the microphone, which no method of the table needs.
fn policyd() -> Policyd {
    let mut policyd = Policyd::with_defaults();
    assert_eq!(policyd.grant("nx", &["audio.record", "microphone", "audio.level.read"]), Ok(()));
    policyd
}

#[test]
fn test_reject_without_a_grant() {
    let mut policyd = policyd();
    for entry in METHODS.iter().filter(|entry| !matches!(entry.capability, Capability::AudioRecord | Capability::AudioLevelRead)) {
        denied(&mut policyd, "nx", None, entry.method, Reason::Policy);
        denied(&mut policyd, "com.example.stranger", None, entry.method, Reason::Policy);
    }
    // An empty list and an umbrella are nothing.
    for grant in [&[][..], &["audio"]] {
        assert_eq!(policyd.grant("nx", grant), Ok(()));
        for entry in &METHODS {
            denied(&mut policyd, "nx", None, entry.method, Reason::Policy);
        }
    }
}

#[test]
fn test_reject_a_claimed_identity() {
    let mut policyd = policyd();
    for claimed in ["audiod", "settingsd", "nobody"] {
        denied(&mut policyd, "nx", Some(claimed), Method::AudiodGetLevel, Reason::Identity);
    }
    let honest = Request { sender: service_id("nx"), claimed: Some(service_id("nx")), method: Method::AudiodGetLevel };
    assert!(policyd.decide(&honest).is_allowed());
    assert_eq!(policyd.tally().identity, 3);
}

#[test]
fn test_reject_without_consent() {
    let mut policyd = policyd();
    denied(&mut policyd, "nx", None, Method::AudiodRecordStart, Reason::Consent);
    assert_eq!(policyd.consent("nx", "audio.record", Kind::Once), Ok(()));
    // What is denied for another reason uses nothing up.
    denied(&mut policyd, "nx", Some("audiod"), Method::AudiodRecordStart, Reason::Identity);
    let record = Request { sender: service_id("nx"), claimed: None, method: Method::AudiodRecordStart };
    assert!(policyd.decide(&record).is_allowed());
    denied(&mut policyd, "nx", None, Method::AudiodRecordStart, Reason::Consent);
    assert!(policyd.decide(&Request { method: Method::AudiodRecordStop, ..record }).is_allowed());
}

#[test]
fn test_reject_in_the_background() {
    let mut policyd = policyd();
    assert_eq!(policyd.consent("nx", "microphone", Kind::Once), Ok(()));
    for foreground in [None, Some("tonegen")] {
        assert_eq!(policyd.set_foreground(foreground), Ok(()));
        denied_text(&mut policyd, "microphone", Reason::Foreground);
    }
    assert_eq!(policyd.set_foreground(Some("nx")), Ok(()));
    assert!(policyd.decide_capability(service_id("nx"), None, "microphone").is_allowed());
    denied_text(&mut policyd, "microphone", Reason::Consent);
}

#[test]
fn test_reject_policy_capability_text() {
    let mut policyd = policyd();
    let (longest, longer) = ("c".repeat(48), "c".repeat(49));
    for text in ["", ".", "audio.", ".audio", "audio..level", "Audio", "audio level", "9audio", "audio.level.s\u{eb}t", &longer] {
        denied_text(&mut policyd, text, Reason::Malformed);
        let before = policyd.clone();
        assert_eq!(code(policyd.grant("nx", &[text])), ErrorCode::MalformedCapability);
        assert_eq!(code(policyd.consent("nx", text, Kind::Once)), ErrorCode::MalformedCapability);
        assert!(policyd == before);
    }
    for text in ["clipboard.read", "audio.level", "audio.level.set.x", &longest] {
        denied_text(&mut policyd, text, Reason::Unknown);
        let before = policyd.clone();
        assert_eq!(code(policyd.grant("nx", &["microphone", text])), ErrorCode::UnknownCapability);
        assert!(policyd == before);
    }
    for (service, method, reason) in [
        ("audiod", "seek", Reason::Unknown),
        ("nx", "pause", Reason::Unknown),
        ("audiod", "get.level", Reason::Malformed),
        ("audiod", &longer, Reason::Malformed),
        ("", "get_level", Reason::Malformed),
        ("audio d", "get_level", Reason::Malformed),
    ] {
        let before = state(&policyd);
        assert_eq!(policyd.decide_named(service_id("nx"), None, service, method), Decision::Denied(reason), "{service} {method}");
        assert_eq!(state(&policyd), before);
    }
    assert_eq!(code(policyd.names().method("audiod", "seek")), ErrorCode::UnknownMethod);
}

#[test]
fn test_reject_policy_subject_text() {
    let mut policyd = policyd();
    assert_eq!(policyd.grant(&"s".repeat(64), &[]), Ok(()));
    let before = policyd.clone();
    for name in ["", "two words", "\u{e9}t\u{e9}", "nx\n", &"s".repeat(65)] {
        assert_eq!(code(policyd.grant(name, &[])), ErrorCode::MalformedSubject);
        assert_eq!(code(policyd.revoke(name)), ErrorCode::MalformedSubject);
        assert_eq!(code(policyd.set_foreground(Some(name))), ErrorCode::MalformedSubject);
        assert_eq!(code(policyd.consent(name, "camera", Kind::Once)), ErrorCode::MalformedSubject);
        assert_eq!(code(policyd.subject(name)), ErrorCode::MalformedSubject);
        assert_eq!(code(services::policy::identity(name)), ErrorCode::MalformedSubject);
    }
    for name in ["ny", "NX"] {
        assert_eq!(code(policyd.revoke(name)), ErrorCode::UnknownSubject);
        assert_eq!(code(policyd.set_foreground(Some(name))), ErrorCode::UnknownSubject);
        assert_eq!(code(policyd.revoke_consent(name, "camera")), ErrorCode::UnknownSubject);
    }
    assert!(policyd == before);
}

#[test]
fn test_reject_policy_subjects_over_max() {
    let mut policyd = Policyd::default();
    for number in 0..POLICY_SUBJECTS_MAX {
        assert_eq!(policyd.grant(&format!("app{number}"), &["video.decode"]), Ok(()));
    }
    let before = policyd.clone();
    assert_eq!(code(policyd.grant("one.more", &["video.decode"])), ErrorCode::TooManySubjects);
    assert!(policyd == before);
    // Who is there already can be granted anew.
    assert_eq!(policyd.grant("app7", &["image.print"]), Ok(()));
    assert_eq!(policyd.revoke("app0"), Ok(()));
    assert_eq!(policyd.grant("one.more", &["video.decode"]), Ok(()));
}

#[test]
fn test_reject_policy_grants_over_max() {
    let mut policyd = policyd();
    let before = policyd.clone();
    let many = ["video.decode"; POLICY_GRANTS_MAX as usize + 1];
    assert_eq!(code(policyd.grant("nx", &many)), ErrorCode::TooManyCapabilities);
    assert!(policyd == before);
    assert_eq!(policyd.grant("nx", &many[1..]), Ok(()));
}

#[test]
fn test_reject_what_is_kept_to_its_holders() {
    let mut policyd = policyd();
    let before = policyd.clone();
    for (subject, name) in [("nx", "device.i2s.submit"), ("mediasessd", "device.codec.configure"), ("audiod", "audio")] {
        assert_eq!(code(policyd.grant(subject, &["image.print", name])), ErrorCode::CapabilityReserved);
    }
    assert_eq!(code(policyd.consent("nx", "audio.level.set", Kind::Once)), ErrorCode::ConsentNotNeeded);
    assert_eq!(code(policyd.consent("nx", "audio.record", Kind::Session)), ErrorCode::NotInForeground);
    assert!(policyd == before);
}

#[test]
fn test_reject_two_names_of_one_identity() {
    let mut policyd = Policyd::default();
    let (first, second) = ("8yn0iYCKYHlIj4-BwPqk", "GReLUrM4wMqfg9yzV3KQ");
    assert_eq!(service_id(first), service_id(second));
    assert_eq!(policyd.grant(first, &["video.decode"]), Ok(()));
    let before = policyd.clone();
    assert_eq!(code(policyd.grant(second, &["video.export"])), ErrorCode::SubjectCollision);
    assert_eq!(code(policyd.revoke(second)), ErrorCode::UnknownSubject);
    assert!(policyd == before);
}

#[test]
fn test_reject_audit_records_over_max() {
    for records in [0, AUDIT_RECORDS_MAX + 1, u32::MAX] {
        assert_eq!(code(AuditLog::new(records, 1)), ErrorCode::OutOfRange);
    }
    // The log itself never rejects: it drops its oldest.
    let mut log = AuditLog::new(AUDIT_RECORDS_MAX, 1).expect("a log");
    let entry = Entry { timestamp_ns: 0, sender: 1, claimed: None, action: "a", target: "", decision: Decision::Allowed };
    for timestamp_ns in 0..u64::from(AUDIT_RECORDS_MAX) + 3 {
        log.record(Entry { timestamp_ns, ..entry });
    }
    assert_eq!((log.records_dropped(), log.records(0).next().map(|record| record.sequence)), (3, Some(3)));
    assert_eq!(log.records(0).count(), AUDIT_PAGE as usize);
    assert_eq!(log.records(u64::from(AUDIT_RECORDS_MAX)).count(), 3);
}

#[test]
fn test_reject_audit_events_over_max() {
    for events in [0, AUDIT_EVENTS_MAX + 1, u32::MAX] {
        assert_eq!(code(AuditLog::new(1, events)), ErrorCode::OutOfRange);
    }
    let mut log = AuditLog::new(1, AUDIT_EVENTS_MAX).expect("a log");
    for time in 0..=u64::from(AUDIT_EVENTS_MAX) / 2 {
        assert_eq!(log.begin_capture(time, 7, Capability::Camera), Ok(()));
        assert_eq!(log.end_capture(time, 7, Capability::Camera), Ok(()));
    }
    assert_eq!((log.events_dropped(), log.events(0).next().map(|event| event.timestamp_ns)), (2, Some(1)));
}

#[test]
fn test_reject_audit_captures_over_max() {
    let mut log = AuditLog::default();
    for subject in 0..u64::from(AUDIT_CAPTURES_MAX) {
        assert_eq!(log.begin_capture(1, subject, Capability::AudioRecord), Ok(()));
    }
    let before = log.clone();
    assert_eq!(code(log.begin_capture(1, 99, Capability::Camera)), ErrorCode::TooManyCaptures);
    assert!(log == before);
    assert_eq!(log.end_capture(2, 3, Capability::AudioRecord), Ok(()));
    assert_eq!(log.begin_capture(3, 99, Capability::Camera), Ok(()));
    assert_eq!(log.users(Capability::AudioRecord).count(), AUDIT_CAPTURES_MAX as usize - 1);
}

#[test]
fn test_reject_captures_out_of_order() {
    let mut log = AuditLog::default();
    assert_eq!(log.begin_capture(1, 7, Capability::Camera), Ok(()));
    let before = log.clone();
    assert_eq!(code(log.begin_capture(2, 7, Capability::Camera)), ErrorCode::CaptureAlreadyBegun);
    assert_eq!(code(log.deliver(7, Capability::Microphone, 4)), ErrorCode::CaptureNotBegun);
    assert_eq!(code(log.deliver(8, Capability::Camera, 4)), ErrorCode::CaptureNotBegun);
    assert_eq!(code(log.deliver(7, Capability::Camera, 0)), ErrorCode::EmptyDelivery);
    assert_eq!(code(log.end_capture(2, 8, Capability::Camera)), ErrorCode::CaptureNotBegun);
    for name in ["audio.level.set", "audio", "Camera", ""] {
        assert_eq!(code(capture_capability(name)), ErrorCode::NoCaptureCapability);
    }
    assert_eq!(code(log.begin_capture(2, 7, Capability::AudioLevelSet)), ErrorCode::NoCaptureCapability);
    assert!(log == before && log.is_on(Capability::Camera) && !log.is_on(Capability::Microphone));
}

#[test]
fn test_reject_by_kill_switch_and_write_it() {
    let mut log = AuditLog::default();
    let owner = service_id(AUDIT_SWITCH_OWNER);
    assert_eq!(log.begin_capture(1, 7, Capability::Camera), Ok(()));
    assert_eq!(code(log.kill_switch(2, 7, Capability::Camera, true)), ErrorCode::KillSwitchDenied);
    assert!(log.is_on(Capability::Camera) && !log.is_killed(Capability::Camera));
    assert_eq!(log.kill_switch(3, owner, Capability::Camera, true), Ok(()));
    assert!(!log.is_on(Capability::Camera) && log.is_killed(Capability::Camera));
    assert_eq!(code(log.begin_capture(4, 7, Capability::Camera)), ErrorCode::CaptureKilled);
    let written: Vec<_> = log.records(0).map(|record| (record.action.as_str(), record.subject_id, record.decision)).collect();
    assert_eq!(written, [("capture.begin", 7, 1), ("capture.kill", 7, 0), ("capture.kill", owner, 1), ("capture.begin", 7, 0)]);
}
