//! The mini-player where there is no terminal: what it shows, and what its keys do.

use super::stage::{Seen, Stage};
use crate::commands::{Broken, Check, Held, Scene};
use model::miniplayer::MiniplayerModel;
use serde_json::{Value, json};
use spec::Machine;
use spec::idl::{Call, Command};
use spec::media::Class;
use spec::miniplayer::{Action, Key, Obs, Op, Session, State, View};
use spec::nx_audio::NX_EXIT_DELEGATE_FAILURE;

const SHOWS: &str = "NX_MEDIA-013";
const KEYS: &str = "NX_MEDIA-014";

pub fn checks() -> Vec<Check> {
    vec![
        Check { name: "player_shows_the_models_view", requirements: &[SHOWS], own: false, run: shows },
        Check { name: "player_keys_do_what_they_say", requirements: &[KEYS], own: false, run: keys },
    ]
}

/// What the mini-player is told of these sessions.
fn state(seen: &Seen) -> State {
    let session = |of: &spec::idl::Session<'_>| Session {
        sid: of.entry.session,
        app: of.app.to_string(),
        class: of.entry.class,
        title: of.metadata.title.to_string(),
        artist: of.metadata.artist.to_string(),
        playing: of.entry.playing,
        position_ms: of.entry.position_ms,
        duration_ms: of.metadata.duration_ms,
        app_volume_db: of.app_volume_db_q8_8.into(),
        app_muted: of.app_muted,
        muted: of.session_muted,
        ducked: of.entry.ducked,
    };
    let some = |sid| (sid > 0).then_some(sid);
    State { sessions: seen.sessions.iter().map(session).collect(), active: some(seen.active), offer: some(seen.offer) }
}

/// The model of the mini-player.
struct Right(MiniplayerModel);

impl Right {
    fn ask(&mut self, op: &Op) -> Result<Obs, Broken> {
        self.0.step(op).map_err(|failure| Broken::other(failure.to_string()))
    }

    fn show(&mut self, seen: &Seen) -> Result<View, Broken> {
        match self.ask(&Op::Show(state(seen)))? {
            Obs::View(view) => Ok(*view),
            other => Err(Broken::other(format!("the model shows {other:?}"))),
        }
    }

    fn lines(&mut self) -> Result<Vec<String>, Broken> {
        match self.ask(&Op::Markers)? {
            Obs::Lines(lines) => Ok(lines),
            other => Err(Broken::other(format!("the model prints {other:?}"))),
        }
    }
}

/// What is shown as text has everything that the view has.
fn text(scene: &Scene<'_>, view: &View, out: &str) -> Held {
    let lines: Vec<&str> = out.lines().collect();
    scene.same(SHOWS, "the first line", lines.first().copied(), Some("tray: mini-player open"))?;
    match &view.current {
        None => scene.same(SHOWS, "the view of no session", lines.get(1).copied(), Some("nothing is playing"))?,
        Some(current) => {
            let head = lines.get(1).copied().unwrap_or_default();
            let badge = if current.ducked { "  DUCKED" } else { "" };
            scene.hold(SHOWS, head.ends_with(&format!(" {}{badge}", current.title)), || format!("the title and its badge: {head:?}"))?;
            let times = current.total.as_ref().map_or_else(|| current.elapsed.clone(), |total| format!("{} / {total}", current.elapsed));
            for shown in [&current.artist, &times, &current.volume] {
                scene.hold(SHOWS, out.contains(shown.as_str()), || format!("{shown} is not shown: {out}"))?;
            }
        }
    }
    let count = format!("SESSIONS {}", view.sessions);
    let list: Vec<&str> = lines.iter().skip_while(|line| **line != count).skip(1).copied().collect();
    for (row, line) in view.rows.iter().zip(&list) {
        let mark = |is: bool, mark: char| if is { mark } else { ' ' };
        let (selected, active) = (mark(row.selected, '>'), mark(row.active, '*'));
        let playing = if row.playing { "playing" } else { "paused " };
        let right = line.starts_with(&format!("{selected}{active} ")) && line.contains(&format!(" {} {playing} {}", row.sid, row.label));
        scene.hold(SHOWS, right && line.ends_with("  offered") == row.offered, || format!("the row of {row:?} is {line:?}"))?;
    }
    let offer = usize::from(view.offer.is_some());
    scene.same(SHOWS, "rows, and the offer", list.len(), view.rows.len() + offer)
}

/// What happens one after the other, each with the check's call; sessions are published before the first two.
fn happenings() -> [(&'static str, Call<'static>); 8] {
    let app = "com.example.music";
    [
        ("a session that plays", Call::Play(1)),
        ("a call beside it", Call::Play(2)),
        // The music is ducked beside the call, as a person sees it.
        ("the music as the active one", Call::SetActive(1)),
        ("another volume", Call::SetAppVolume { app: app.into(), db_q8_8: -1_600 }),
        ("a mute", Call::SetAppMuted { app: app.into(), muted: true }),
        ("a position", Call::Seek { session: 1, ms: 59_000 }),
        ("the call's end", Call::PauseSession(2)),
        ("the call as the active one", Call::SetActive(2)),
    ]
}

fn shows(scene: &Scene<'_>) -> Held {
    let mut stage = Stage::start(scene)?;
    let mut ducked = false;
    let mut shown = |stage: &mut Stage<'_>, what: &str| {
        let seen = stage.agree(SHOWS, what)?;
        let view = Right(MiniplayerModel::default()).show(&seen)?;
        ducked |= view.current.as_ref().is_some_and(|current| current.ducked);
        let told = stage.data(SHOWS, &["player"])?;
        scene.same(SHOWS, &format!("the view of {what}"), &told["view"], &serde_json::to_value(&view).unwrap_or_default())?;
        text(scene, &view, &stage.service.media(&["player", "--once"])?.out)
    };
    shown(&mut stage, "nothing")?;
    for (step, (what, call)) in happenings().into_iter().enumerate() {
        if step == 0 {
            stage.session("com.example.music", Class::Music, true, "A title of more than twenty letters")?;
        } else if step == 1 {
            stage.session("com.example.calls", Class::Comms, false, "")?;
        }
        stage.both(call)?;
        shown(&mut stage, what)?;
    }
    if ducked { Ok(()) } else { Err(Broken::other("the active session was never ducked")) }
}

/// What an action asks of the services.
fn calls(action: Action, seen: &Seen) -> Vec<Call<'static>> {
    let app = |sid| seen.of(sid).map(|session| session.app.clone()).unwrap_or_default();
    match action {
        Action::Play(sid) => vec![Call::Play(sid)],
        Action::Pause(sid) => vec![Call::PauseSession(sid)],
        Action::Seek { sid, position_ms } => vec![Call::Seek { session: sid, ms: position_ms }],
        Action::Previous(session) => vec![Call::Command { session, command: Command::Prev }],
        Action::Next(session) => vec![Call::Command { session, command: Command::Next }],
        Action::Stop(session) => vec![Call::Command { session, command: Command::Stop }, Call::StopSession(session)],
        Action::Volume { sid, db } => vec![Call::SetAppVolume { app: app(sid), db_q8_8: db as i16 }],
        Action::Mute { sid, muted } => vec![Call::SetAppMuted { app: app(sid), muted }],
        Action::Switch(sid) => vec![Call::SetActive(sid)],
        Action::TakeOver(sid) => vec![Call::AcceptHandoff(sid)],
        Action::Select(_) => Vec::new(),
    }
}

/// Keys that are pressed in one run, none after a seek: where that leads is seen with the next block.
const PRESSES: [(&str, &[Key]); 15] = [
    ("space", &[Key::Toggle]),
    ("right", &[Key::Right]),
    ("right", &[Key::Right]),
    ("left", &[Key::Left]),
    ("plus,plus", &[Key::Plus, Key::Plus]),
    ("minus", &[Key::Minus]),
    ("m", &[Key::Mute]),
    ("m,n", &[Key::Mute, Key::Next]),
    ("p", &[Key::Previous]),
    ("t", &[Key::TakeOver]),
    ("down,enter,space", &[Key::Down, Key::Enter, Key::Toggle]),
    ("space,down,up,up,enter", &[Key::Toggle, Key::Down, Key::Up, Key::Up, Key::Enter]),
    ("space,space", &[Key::Toggle, Key::Toggle]),
    ("s", &[Key::Stop]),
    ("t", &[Key::TakeOver]),
];

fn keys(scene: &Scene<'_>) -> Held {
    let mut stage = Stage::start(scene)?;
    stage.session("music", Class::Music, true, "One")?;
    stage.session("music", Class::Music, true, "Two")?;
    stage.both(Call::SetActive(1))?;
    stage.both(Call::Play(1))?;
    // The music plays, and a handoff to the third is offered.
    stage.session("calls", Class::Comms, true, "Call")?;
    for (names, pressed) in PRESSES {
        let mut seen = stage.agree(KEYS, "what came before")?;
        let mut right = Right(MiniplayerModel::default());
        right.show(&seen)?;
        let told: Value = stage.data(KEYS, &["player", "--press", names])?;
        for key in pressed {
            if let Obs::Action(Some(action)) = right.ask(&Op::Key(*key))? {
                for call in calls(action, &seen) {
                    stage.asks(&call)?.map_err(|code| Broken::other(format!("the model rejects {call:?}: {}", code.name())))?;
                }
            }
            seen = stage.expected()?;
            right.show(&seen)?;
        }
        scene.same(KEYS, &format!("the lines of {names}"), &told["lines"], &json!(right.lines()?))?;
        stage.agree(KEYS, &format!("the keys {names}"))?;
    }
    let said = stage.service.media(&["player", "--notify"])?;
    let got = (said.code, said.out.as_str());
    scene.same(KEYS, "a notification", got, (Some(i32::from(NX_EXIT_DELEGATE_FAILURE)), "notif: media show stub/placeholder\n"))?;
    let unknown = stage.service.media(&["player", "--press", "f13"])?;
    scene.same(KEYS, "the exit code of a key that there is not", unknown.code, Some(2))
}
