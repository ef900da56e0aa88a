use super::*;

fn call(model: &mut SystemModel, sender: u8, call: Call<'static>) -> Result<Answer<'static>, ErrorCode> {
    match model.answer(&Op::Call { sender, claimed: None, call }) {
        Ok(Obs::Answer(answer)) => Ok(answer),
        Ok(other) => panic!("no answer: {other:?}"),
        Err(code) => Err(code),
    }
}

fn lines(model: &mut SystemModel) -> Vec<String> {
    match model.answer(&Op::Lines) {
        Ok(Obs::Lines(lines)) => lines,
        other => panic!("no lines: {other:?}"),
    }
}

fn playing() -> SystemModel {
    let mut model = SystemModel::new(&Config::default());
    assert!(call(&mut model, 3, Call::OpenStream("music".into())).is_ok());
    assert_eq!(model.answer(&Op::Write { sender: 3, stream: 1, frames: 1_920, seed: 4 }), Ok(Obs::Answer(Answer::Taken(1_920))));
    assert_eq!(call(&mut model, 3, Call::publish("music", 1)), Ok(Answer::Published(1)));
    assert_eq!(call(&mut model, 1, Call::Play(1)), Ok(Answer::Done));
    model
}

#[test]
fn the_start_is_told_in_order() {
    let mut model = SystemModel::new(&Config::default());
    let start = ["i2sd: ready", "i2sd: stub/placeholder", "codecd: ack route=speaker mode=null", "audiod: ready", "mediasessd: ready v2"];
    assert_eq!(lines(&mut model), start);
}

#[test]
fn a_session_plays_ducks_and_holds_the_lock() {
    let mut model = playing();
    assert!(matches!(model.answer(&Op::Locks), Ok(Obs::Locks(locks)) if locks.len() == 1));
    let acquired = "powerd: wakelock acquire kind=partial id=playback app=mediasessd";
    let told =
        ["media: register app=music sid=1", "media: active sid=1", "media: state sid=1 playing pos=0", acquired, "mediasession: playing"];
    assert_eq!(lines(&mut model)[5..], told);
    assert_eq!(call(&mut model, 0, Call::Duck(1)), Ok(Answer::Done));
    assert_eq!(lines(&mut model), ["audiod: duck -6dB"]);
    assert_eq!(model.answer(&Op::Gone(3)), Ok(Obs::Done));
    assert_eq!(lines(&mut model), ["powerd: wakelock release kind=partial id=playback app=mediasessd"]);
    assert_eq!(call(&mut model, 1, Call::Play(1)), Err(ErrorCode::UnknownSession));
}

#[test]
fn a_recording_is_indicated() {
    let mut model = playing();
    assert_eq!(call(&mut model, 0, Call::RecordStart("state:/audio/out.wav".into())), Ok(Answer::Done));
    assert!(model.answer(&Op::Tick(3)).is_ok());
    assert_eq!(call(&mut model, 1, Call::RecordStop), Ok(Answer::Recorded { frames: 1_440, bytes: 5_804 }));
    let Ok(Obs::Events { events, .. }) = model.answer(&Op::Events(0)) else { panic!("no events") };
    let changes: Vec<audit::Change> = events.iter().map(|event| event.change).collect();
    assert!(matches!(changes[..], [audit::Change::On, audit::Change::Off { deliveries: 3, .. }]), "{changes:?}");
    assert!(events.iter().all(|event| event.subject_id == identity("selftest-client")));
}

#[test]
fn settings_outlive_a_restart() {
    let mut model = SystemModel::new(&Config::default());
    let set = Call::SettingSet { key: "audio.master.level".into(), value: "0.5".into() };
    assert_eq!(call(&mut model, 0, set), Ok(Answer::Done));
    assert_eq!(model.answer(&Op::Restart), Ok(Obs::Done));
    assert_eq!(call(&mut model, 0, Call::GetLevel), Ok(Answer::Level { q16: 32_768, muted: false }));
    assert!(lines(&mut model).ends_with(&["audiod: level linear=0.50 muted=false".to_owned(), "mediasessd: ready v2".to_owned()]));
}

#[test]
fn test_reject_who_may_not() {
    let mut model = playing();
    let claims = Op::Call { sender: 0, claimed: Some(1), call: Call::GetLevel };
    assert_eq!(model.answer(&claims), Err(ErrorCode::AccessDenied));
    assert_eq!(call(&mut model, 9, Call::GetLevel), Err(ErrorCode::AccessDenied));
    let Ok(Obs::Records { records, .. }) = model.answer(&Op::Records(0)) else { panic!("no records") };
    assert_eq!(records.iter().map(|record| record.action.as_str()).collect::<Vec<_>>(), ["audiod.get_level", "audiod.get_level"]);
    assert_eq!(call(&mut model, 0, Call::Seek { session: 1, ms: 0 }), Err(ErrorCode::NotSeekable));
    assert_eq!(call(&mut model, 0, Call::Seek { session: 2, ms: 0 }), Err(ErrorCode::UnknownSession));
}
