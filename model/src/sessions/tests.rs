use super::SessionsModel;
use spec::ErrorCode::{InvalidMetadata, NoCurrentSession, NoHandoffOffer, TextTooLong, UnknownSession, WrongTimeSource};
use spec::bytes::Bytes;
use spec::media::Class;
use spec::sessions::{Act, Config, Consumed, Key, Metadata, Obs, Op};

fn published(apps: &[&str]) -> SessionsModel {
    let mut model = SessionsModel::default();
    for app in apps {
        model.answer(&Op::Publish { app: (*app).into(), class: Class::Music, seekable: true }).expect("a session");
    }
    model
}

fn position(model: &mut SessionsModel, sid: u32) -> u64 {
    match model.answer(&Op::Get(sid)) {
        Ok(Obs::Session(info)) => info.position_ms,
        other => panic!("{other:?}"),
    }
}

#[test]
fn positions_count_what_was_consumed() {
    let mut model = published(&["a"]);
    let metadata = Metadata { duration_ms: Some(1_000), ..Metadata::default() };
    for op in [Op::Metadata { sid: 1, metadata }, Op::Play(1), Op::Tick(3), Op::Block(vec![Consumed { sid: 1, frames: 47 }])] {
        model.answer(&op).expect("nothing is wrong with it");
    }
    assert_eq!(position(&mut model, 1), 30);
    model.answer(&Op::Block(vec![Consumed { sid: 1, frames: 1 }])).expect("a block");
    assert_eq!(position(&mut model, 1), 31);
    assert_eq!(model.answer(&Op::SeekBy { sid: 1, ms: -5_000 }), Ok(Obs::Target(0)));
    assert_eq!(model.answer(&Op::SeekBy { sid: 1, ms: 5_000 }), Ok(Obs::Target(1_000)));
    assert_eq!(position(&mut model, 1), 31);
    model.answer(&Op::Tick(1)).expect("a tick");
    assert_eq!(position(&mut model, 1), 1_000);
    assert_eq!(model.answer(&Op::Now(5)), Err(WrongTimeSource));
}

#[test]
fn a_handoff_is_offered_and_accepted() {
    let mut model = published(&["a"]);
    let publish = Op::Publish { app: "b".into(), class: Class::Music, seekable: true };
    for op in [Op::Play(1), publish.clone(), publish, Op::Pause(1)] {
        model.answer(&op).expect("nothing is wrong with it");
    }
    assert_eq!(model.answer(&Op::Current), Ok(Obs::Current { now: Some(1), offer: Some(3) }));
    assert_eq!(model.answer(&Op::Accept(2)), Err(NoHandoffOffer));
    model.answer(&Op::Play(1)).expect("it plays");
    assert_eq!(model.answer(&Op::Accept(3)), Ok(Obs::Accepted(Some(1))));
    assert_eq!(model.answer(&Op::Current), Ok(Obs::Current { now: Some(3), offer: None }));
    let lines = [
        "mediasessd: ready v2",
        "media: register app=a sid=1",
        "media: active sid=1",
        "media: state sid=1 playing pos=0",
        "media: register app=b sid=2",
        "media: handoff offer from=1 to=2",
        "media: register app=b sid=3",
        "media: handoff offer from=1 to=3",
        "media: state sid=1 paused pos=0",
        "media: state sid=1 playing pos=0",
        "media: handoff accept sid=3",
        "media: state sid=1 paused pos=0",
        "media: active sid=3",
    ];
    assert_eq!(model.answer(&Op::Markers), Ok(Obs::Lines(lines.map(str::to_owned).to_vec())));
}

#[test]
fn withdrawing_falls_back() {
    let mut model = published(&["a", "b", "c"]);
    for op in [Op::Play(1), Op::Play(2), Op::Pause(2), Op::SetActive(3), Op::Withdraw(3)] {
        model.answer(&op).expect("nothing is wrong with it");
    }
    assert_eq!(model.current(), Some(2));
    model.answer(&Op::Gain { sid: 1, owner: true }).expect("gain");
    assert_eq!(model.current(), Some(1));
    assert_eq!(model.answer(&Op::Key(Key::Toggle)), Ok(Obs::Key { sid: 1, act: Act::Pause }));
    for sid in [1, 2] {
        model.answer(&Op::Withdraw(sid)).expect("it is there");
    }
    assert_eq!(model.answer(&Op::Key(Key::Mute)), Err(NoCurrentSession));
}

#[test]
fn test_reject_changes_nothing() {
    let mut model = published(&["a"]);
    let before = model.clone();
    for (title, code) in [(vec![b't'; 129], TextTooLong), (vec![0xff], InvalidMetadata), (b"\xc2\x85".to_vec(), InvalidMetadata)] {
        let metadata = Metadata { title: Bytes(title), ..Metadata::default() };
        assert_eq!(model.answer(&Op::Metadata { sid: 1, metadata }), Err(code));
    }
    assert_eq!(model.answer(&Op::Block(vec![Consumed { sid: 1, frames: 480 }, Consumed { sid: 2, frames: 0 }])), Err(UnknownSession));
    assert!(model.answer(&Op::Tick(6_001)).is_err());
    assert_eq!(model, before);
}

#[test]
fn without_audiod_the_clock_counts() {
    let mut model = SessionsModel::new(&Config { audiod: false, ..Config::default() });
    for op in [Op::Publish { app: "a".into(), class: Class::Music, seekable: true }, Op::Now(5_000_000), Op::Play(1), Op::Now(7_999_999)] {
        model.answer(&op).expect("nothing is wrong with it");
    }
    assert_eq!(position(&mut model, 1), 2);
    model.answer(&Op::Now(1)).expect("a clock");
    assert_eq!(position(&mut model, 1), 0);
    assert_eq!(model.answer(&Op::Tick(1)), Err(WrongTimeSource));
}
