use super::{CapabilityAuditModel, bounded};
use crate::policy::identity;
use spec::capabilities::ServiceId;
use spec::capability_audit::*;
use spec::policy::Reason;
use spec::{ErrorCode, Machine};

const APP: ServiceId = ServiceId(7);

fn begin(capability: &str) -> Op {
    Op::BeginCapture { timestamp_ns: 1, subject: APP, capability: capability.into() }
}

fn deliver(capability: &str) -> Op {
    Op::Deliver { subject: APP, capability: capability.into(), content: vec![1] }
}

fn end(capability: &str) -> Op {
    Op::EndCapture { timestamp_ns: 2, subject: APP, capability: capability.into() }
}

fn switch(sender: ServiceId, on: bool) -> Op {
    Op::KillSwitch { timestamp_ns: 3, sender, capability: "camera".into(), on }
}

fn records(model: &mut CapabilityAuditModel, from: u64) -> Vec<Record> {
    match model.answer(&Op::Records(from)) {
        Ok(Obs::Records { records, .. }) => records,
        other => panic!("{other:?}"),
    }
}

#[test]
fn texts_are_bounded_and_plain() {
    assert_eq!(bounded("", 32), "");
    assert_eq!(bounded("a\nb~c\u{e9}\u{7f}}", 32), "a?b?c???}");
    assert_eq!(bounded(&"x".repeat(32), 32), "x".repeat(32));
    assert_eq!(bounded(&"x".repeat(33), 32), "x".repeat(29) + "~33");
    assert_eq!(bounded(&"x".repeat(1000), 64), "x".repeat(59) + "~1000");
}

#[test]
fn on_comes_before_and_off_after() {
    let mut model = CapabilityAuditModel::default();
    assert_eq!(model.answer(&deliver("camera")), Err(ErrorCode::CaptureNotBegun));
    assert_eq!(model.answer(&begin("camera")), Ok(Obs::Done));
    assert_eq!(model.answer(&begin("camera")), Err(ErrorCode::CaptureAlreadyBegun));
    assert_eq!(model.answer(&deliver("camera")), Ok(Obs::Delivered(2)));
    assert_eq!(model.answer(&deliver("camera")), Ok(Obs::Delivered(3)));
    assert_eq!(model.answer(&end("camera")), Ok(Obs::Done));
    assert_eq!(model.answer(&deliver("camera")), Err(ErrorCode::CaptureNotBegun));
    let numbers: Vec<_> = model.events.iter().map(|event| (event.sequence, event.change)).collect();
    assert_eq!(numbers, [(1, Change::On), (4, Change::Off { deliveries: 2, last: Some(3) })]);
    assert_eq!(records(&mut model, 0).iter().map(|record| record.sequence).collect::<Vec<_>>(), [0, 5]);
}

#[test]
fn spoofing_is_written_under_the_true_sender() {
    let mut model = CapabilityAuditModel::default();
    let decide = |denied| Op::Decide {
        timestamp_ns: 9,
        sender: APP,
        claimed: Some(ServiceId(8)),
        action: "audiod.set_level".into(),
        target: "audio.level.set".into(),
        denied,
    };
    for denied in [None, Some(Reason::Identity), Some(Reason::Consent)] {
        assert_eq!(model.answer(&decide(denied)), Ok(Obs::Done));
    }
    let seen: Vec<_> =
        records(&mut model, 0).into_iter().map(|record| (record.subject_id, record.target, record.decision, record.reason)).collect();
    let target = "audio.level.set".to_owned();
    assert_eq!(seen, [(APP, target.clone(), 1, 0), (APP, "0x0000000000000008".into(), 0, 1), (APP, target, 0, 4)]);
}

#[test]
fn the_oldest_go_first_and_are_counted() {
    let mut model = CapabilityAuditModel::default();
    assert_eq!(model.reset(&Config { records: 2, events: 1 }), Ok(Ok(())));
    for _ in 0..3 {
        assert_eq!((model.answer(&begin("camera")), model.answer(&end("camera"))), (Ok(Obs::Done), Ok(Obs::Done)));
    }
    assert_eq!(records(&mut model, 0).iter().map(|record| record.sequence).collect::<Vec<_>>(), [8, 11]);
    assert_eq!(records(&mut model, 9).len(), 1);
    let Ok(Obs::Events { dropped, events }) = model.answer(&Op::Events(0)) else { panic!("no events") };
    assert_eq!((dropped, events[0].sequence), (5, 10));
    for config in [Config { records: 0, events: 1 }, Config { records: 1, events: AUDIT_EVENTS_MAX + 1 }] {
        assert_eq!(model.reset(&config), Ok(Err(ErrorCode::OutOfRange)));
    }
}

#[test]
fn a_kill_switch_ends_and_refuses() {
    let mut model = CapabilityAuditModel::default();
    let owner = identity(AUDIT_SWITCH_OWNER);
    assert_eq!((model.answer(&begin("camera")), model.answer(&begin("microphone"))), (Ok(Obs::Done), Ok(Obs::Done)));
    assert_eq!(model.answer(&switch(APP, true)), Err(ErrorCode::KillSwitchDenied));
    assert_eq!(model.answer(&deliver("camera")), Ok(Obs::Delivered(5)));
    assert_eq!(model.answer(&switch(owner, true)), Ok(Obs::Done));
    assert_eq!(model.answer(&deliver("camera")), Err(ErrorCode::CaptureNotBegun));
    assert_eq!(model.answer(&begin("camera")), Err(ErrorCode::CaptureKilled));
    assert_eq!(model.answer(&deliver("microphone")), Ok(Obs::Delivered(9)));
    assert_eq!(model.answer(&switch(owner, false)), Ok(Obs::Done));
    assert_eq!(model.answer(&begin("camera")), Ok(Obs::Done));
    let denied: Vec<_> = records(&mut model, 0).iter().filter(|record| record.decision == 0).map(|record| record.sequence).collect();
    assert_eq!(denied, [4, 8]);
}
