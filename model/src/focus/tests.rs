use super::{FocusModel, row};
use spec::ErrorCode::{DuplicateSession, FocusNotHeld, FocusPreempted, OutOfRange, TooManySessions, UnknownSession};
use spec::Machine;
use spec::focus::{Change, Class, Config, Ducks, Kind, Obs, Op, Playback, RULES, What, Why};

fn register(sid: u32, class: Class) -> Op {
    Op::Register { sid, class }
}

fn request(sid: u32, kind: Kind) -> Op {
    Op::Request { sid, kind }
}

/// The numbers of sessions 1 to 4 are those of the classes, plus one.
fn one_per_class() -> FocusModel {
    let mut model = FocusModel::default();
    for (place, class) in Class::ALL.into_iter().enumerate() {
        assert_eq!(model.answer(&register(place as u32 + 1, class)), Obs::Done);
    }
    model
}

fn changes(model: &mut FocusModel, op: &Op) -> Vec<(u32, What)> {
    match model.answer(op) {
        Obs::Done => Vec::new(),
        Obs::Changed(changes) => changes.into_iter().map(|Change { sid, what }| (sid, what)).collect(),
        other => panic!("{op:?}: {other:?}"),
    }
}

const MUSIC: u32 = 1;
const COMMS: u32 = 2;
const ALARM: u32 = 3;
const UI: u32 = 4;
const BY_DB: What = What::Ducked(Ducks { duck_db: true, duck_db_ui: false });
const BY_UI: What = What::Ducked(Ducks { duck_db: false, duck_db_ui: true });
const BY_BOTH: What = What::Ducked(Ducks { duck_db: true, duck_db_ui: true });

#[test]
fn the_table_is_in_order() {
    for (place, entry) in RULES.iter().enumerate() {
        assert_eq!(row(entry.active, entry.kind, entry.other), place);
    }
}

#[test]
fn an_alarm_pauses_and_gives_back_in_the_order_of_pauses() {
    let mut model = one_per_class();
    assert_eq!(changes(&mut model, &Op::Play(UI)), [(UI, What::Playing)]);
    assert_eq!(changes(&mut model, &Op::Play(ALARM)), [(UI, What::Paused(Why::Focus)), (ALARM, What::Playing)]);
    assert_eq!(changes(&mut model, &Op::Play(MUSIC)), [(MUSIC, What::Deferred)]);
    assert_eq!(changes(&mut model, &Op::Play(MUSIC)), []);
    assert_eq!(changes(&mut model, &Op::Play(COMMS)), [(COMMS, What::Deferred)]);
    assert_eq!(changes(&mut model, &Op::Pause(MUSIC)), [(MUSIC, What::Paused(Why::User))]);
    assert_eq!(
        changes(&mut model, &Op::Close(ALARM)),
        [(UI, What::Resumed), (COMMS, What::Resumed), (MUSIC, BY_DB), (UI, BY_DB)],
        "what focus paused resumes, what the user paused does not"
    );
}

#[test]
fn ducks_are_told_with_all_their_rules() {
    let mut model = one_per_class();
    changes(&mut model, &request(UI, Kind::Transient));
    assert_eq!(changes(&mut model, &Op::Play(UI)), [(UI, What::Playing), (MUSIC, BY_UI)]);
    assert_eq!(changes(&mut model, &Op::Play(COMMS)), [(COMMS, What::Playing), (MUSIC, BY_BOTH), (UI, BY_DB)]);
    assert_eq!(changes(&mut model, &request(UI, Kind::Gain)), [(MUSIC, BY_DB)]);
    assert_eq!(changes(&mut model, &register(9, Class::Music)), [(9, BY_DB)]);
    let gone = [(COMMS, What::Paused(Why::Abandoned)), (MUSIC, What::Unducked), (UI, What::Unducked), (9, What::Unducked)];
    assert_eq!(changes(&mut model, &Op::Abandon(COMMS)), gone);
}

#[test]
fn a_gain_steals_within_its_class_for_good() {
    let mut model = one_per_class();
    changes(&mut model, &register(9, Class::Music));
    changes(&mut model, &Op::Play(MUSIC));
    assert_eq!(changes(&mut model, &request(9, Kind::Transient)), []);
    assert_eq!(changes(&mut model, &Op::Play(9)), [(9, What::Playing)]);
    assert_eq!(changes(&mut model, &request(9, Kind::Gain)), [(MUSIC, What::Paused(Why::Stolen))]);
    assert_eq!(changes(&mut model, &Op::Close(9)), []);
    assert_eq!(changes(&mut model, &Op::Play(MUSIC)), [(MUSIC, What::Playing)]);
}

#[test]
fn the_newest_alarm_plays() {
    let mut model = one_per_class();
    changes(&mut model, &register(9, Class::Alarm));
    changes(&mut model, &request(9, Kind::Transient));
    changes(&mut model, &Op::Play(ALARM));
    // Its request is the older one.
    assert_eq!(changes(&mut model, &Op::Play(9)), [(9, What::Deferred)]);
    assert_eq!(changes(&mut model, &request(9, Kind::Transient)), [(ALARM, What::Paused(Why::Focus)), (9, What::Resumed)]);
    assert_eq!(changes(&mut model, &Op::Play(UI)), [(UI, What::Deferred)]);
    assert_eq!(changes(&mut model, &Op::Pause(9)), [(9, What::Paused(Why::User)), (ALARM, What::Resumed)]);
}

#[test]
fn without_auto_resume_nothing_waits() {
    let mut model = one_per_class();
    let Ok(Ok(())) = model.reset(&Config { auto_resume: false }) else { panic!("every configuration is right") };
    for (place, class) in Class::ALL.into_iter().enumerate() {
        changes(&mut model, &register(place as u32 + 1, class));
    }
    changes(&mut model, &Op::Play(MUSIC));
    assert_eq!(changes(&mut model, &Op::Play(ALARM)), [(MUSIC, What::Paused(Why::Focus)), (ALARM, What::Playing)]);
    let before = model.clone();
    assert_eq!(model.answer(&Op::Play(UI)), Obs::Rejected(FocusPreempted));
    assert_eq!(model, before);
    assert_eq!(changes(&mut model, &Op::Pause(ALARM)), [(ALARM, What::Paused(Why::User))]);
    let Obs::Sessions(sessions) = model.answer(&Op::State) else { panic!("no state") };
    assert!(sessions.iter().all(|session| session.playback == Playback::Paused));
    assert_eq!(sessions[0].focus.map(|held| held.request), Some(1));
}

#[test]
fn test_reject_changes_nothing() {
    let mut model = FocusModel::default();
    for sid in 1..=16 {
        changes(&mut model, &register(sid, Class::Music));
    }
    let before = model.clone();
    for (op, code) in [
        (register(0, Class::Music), OutOfRange),
        (register(1, Class::Ui), DuplicateSession),
        (register(17, Class::Ui), TooManySessions),
        (Op::Close(17), UnknownSession),
        (request(0, Kind::Gain), UnknownSession),
        (Op::Abandon(17), UnknownSession),
        (Op::Abandon(1), FocusNotHeld),
        (Op::Play(17), UnknownSession),
        (Op::Pause(17), UnknownSession),
    ] {
        assert_eq!(model.answer(&op), Obs::Rejected(code), "{op:?}");
    }
    assert_eq!(model, before);
}

#[test]
fn compression_keeps_orders_and_nothing_else() {
    let mut model = one_per_class();
    for _ in 0..3 {
        changes(&mut model, &request(COMMS, Kind::Gain));
        changes(&mut model, &request(MUSIC, Kind::Gain));
    }
    let mut fresh = one_per_class();
    changes(&mut fresh, &request(COMMS, Kind::Gain));
    changes(&mut fresh, &request(MUSIC, Kind::Gain));
    assert_eq!(model.compressed(true), fresh.compressed(true));
    changes(&mut fresh, &request(COMMS, Kind::Gain));
    assert_ne!(model.compressed(true), fresh.compressed(true));
    assert_eq!(model.compressed(false), fresh.compressed(false));
    assert_eq!(model.compressed(true).compressed(true), model.compressed(true));
}
