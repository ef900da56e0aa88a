//! A running service beside the model of the services: both are asked the same, and must come to the same.

use crate::commands::{Broken, Client, Held, Said, Scene, Service};
use model::system::SystemModel;
use serde_json::{Value, json};
use spec::audiod::{State, pattern};
use spec::idl::{Answer, Call, Metadata, Session};
use spec::media::Class;
use spec::media_config::Values;
use spec::ring::RING_FRAMES;
use spec::system::{Config, Obs, Op, client_rights};
use spec::{ErrorCode, Machine};
use std::time::{Duration, Instant};

/// The check's place among the model's senders, and that of the tool.
const CHECK: u8 = 0;
const NX: u8 = 1;

/// Blocks after which every ring is empty and every ramp at its end.
const REST_BLOCKS: u32 = 20;

/// How long what moves may take until it rests.
const PATIENCE: Duration = Duration::from_secs(10);

/// What can be seen of the sessions.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    pub active: u32,
    pub offer: u32,
    pub sessions: Vec<Session<'static>>,
}

impl Seen {
    /// The same without what moves by itself.
    fn still(&self) -> Self {
        let mut still = self.clone();
        for session in &mut still.sessions {
            (session.entry.position_ms, session.entry.duck_db_q8_8, session.target_ms) = (0, 0, None);
        }
        still
    }

    /// As the tool tells it.
    pub fn told(&self) -> Vec<Value> {
        self.sessions.iter().map(|session| told(session, self.active)).collect()
    }

    pub fn of(&self, sid: u32) -> Option<&Session<'static>> {
        self.sessions.iter().find(|session| session.entry.session == sid)
    }
}

pub fn decibels(q8_8: i16) -> String {
    if q8_8 == -24_576 { "-inf".to_owned() } else { format!("{:.2}", f64::from(q8_8) / 256.0) }
}

fn told(session: &Session<'_>, active: u32) -> Value {
    let (entry, texts) = (&session.entry, &session.metadata);
    let state = if entry.playing {
        "playing"
    } else if entry.paused_by_focus {
        "waiting"
    } else {
        "paused"
    };
    json!({
        "sid": entry.session, "app": session.app, "class": entry.class.name(), "state": state, "active": entry.session == active,
        "position_ms": entry.position_ms, "duration_ms": texts.duration_ms, "title": texts.title, "artist": texts.artist,
        "album": texts.album, "artwork": texts.artwork, "volume_db": decibels(session.volume_db_q8_8),
        "app_volume_db": decibels(session.app_volume_db_q8_8), "muted": entry.muted, "ducked": entry.ducked,
        "duck_db": decibels(entry.duck_db_q8_8), "paused_by_focus": entry.paused_by_focus, "stream": session.stream,
        "seekable": session.seekable,
    })
}

/// A service and the model of the services.
pub struct Stage<'a> {
    pub scene: &'a Scene<'a>,
    pub service: Service<'a>,
    client: Client,
    model: SystemModel,
}

impl<'a> Stage<'a> {
    pub fn start(scene: &'a Scene<'a>) -> Result<Self, Broken> {
        Self::with(scene, true, &[], Values::default())
    }

    /// With these options of the service and what they come to for the model.
    pub fn with(scene: &'a Scene<'a>, has_state: bool, more: &[&str], media: Values) -> Result<Self, Broken> {
        let rights: Vec<&str> = client_rights().map(|right| right.name()).collect();
        let grant = format!("{}={}", Client::name(), rights.join(","));
        let mut options = vec!["--grant", grant.as_str(), "--consent", "nx:audio.record"];
        options.extend(more);
        let service = Service::with(scene, has_state, &options)?;
        let client = Client::connect(&service)?;
        let mut model = SystemModel::default();
        let config = Config { state: if has_state { State::Ready } else { State::Missing }, media, ..Config::default() };
        model.reset(&config).map_err(|failure| Broken::other(failure.to_string()))?.map_err(|code| Broken::other(code.name()))?;
        Ok(Self { scene, service, client, model })
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Broken> {
        self.model.step(op).map_err(|failure| Broken::other(failure.to_string()))
    }

    fn ask(&mut self, sender: u8, call: &Call<'static>) -> Result<Result<Answer<'static>, ErrorCode>, Broken> {
        match self.step(&Op::Call { sender, claimed: None, call: call.clone() })? {
            Obs::Answer(answer) => Ok(Ok(answer)),
            Obs::Rejected { code, .. } => Ok(Err(code)),
            other => Err(Broken::other(format!("the model answered {other:?}"))),
        }
    }

    /// What the model comes to once nothing moves any more.
    fn rest(&mut self) -> Held {
        self.step(&Op::Tick(REST_BLOCKS)).map(drop)
    }

    /// What the tool asks of the model; `None` where it must be refused.
    pub fn asks(&mut self, call: &Call<'static>) -> Result<Result<(), ErrorCode>, Broken> {
        let answer = self.ask(NX, call)?.map(drop);
        self.rest()?;
        Ok(answer)
    }

    /// A call of the check's, to both.
    pub fn both(&mut self, call: Call<'static>) -> Result<Answer<'static>, Broken> {
        // Where the ring lies is each transport's own.
        let plain = |answer: Answer<'static>| match answer {
            Answer::Opened { stream, frames, .. } => Answer::Opened { stream, handle: 0, offset: 0, frames },
            other => other,
        };
        let expected = self.ask(CHECK, &call)?.map_err(|code| Broken::other(format!("the model rejects {call:?}: {}", code.name())))?;
        self.rest()?;
        let got = plain(self.client.call(call.clone())?);
        if got != plain(expected.clone()) {
            return Err(Broken::other(format!("the service answers {call:?} otherwise\n  expected: {expected:?}\n  got:      {got:?}")));
        }
        Ok(got)
    }

    /// Publishes a session over a stream with a full ring.
    pub fn session(&mut self, app: &'static str, class: Class, seekable: bool, title: &'static str) -> Result<u32, Broken> {
        let opened = self.both(Call::OpenStream(app.into()))?;
        let Answer::Opened { stream, .. } = opened else { return Err(Broken::other(format!("{opened:?}"))) };
        let published = self.both(Call::Publish { app: app.into(), stream, class, seekable })?;
        let Answer::Published(session) = published else { return Err(Broken::other(format!("{published:?}"))) };
        if !title.is_empty() {
            let (artist, album) = ("The Band".into(), "First".into());
            let metadata =
                Metadata { title: title.into(), artist, album, artwork: "pkg://fixtures/art/one.png".into(), duration_ms: Some(60_000) };
            self.both(Call::SetMetadata { session, metadata })?;
        }
        self.fill(stream, stream * 4 + 2)?;
        Ok(session)
    }

    /// Fills an empty ring. Gives the samples.
    pub fn fill(&mut self, stream: u32, seed: u32) -> Result<Vec<i16>, Broken> {
        let samples = pattern(seed, RING_FRAMES);
        let pcm: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        self.both(Call::Write { stream, pcm: pcm.into() })?;
        Ok(samples)
    }

    /// What the model's sessions are once nothing moves.
    pub fn expected(&mut self) -> Result<Seen, Broken> {
        Self::seen(|call| match self.ask(CHECK, &call)? {
            Ok(answer) => Ok(answer),
            Err(code) => Err(Broken::other(format!("the model rejects {call:?}: {}", code.name()))),
        })
    }

    fn seen(mut ask: impl FnMut(Call<'static>) -> Result<Answer<'static>, Broken>) -> Result<Seen, Broken> {
        let (active, offer, list) = match ask(Call::ListSessions)? {
            Answer::Sessions { active, offer, list, .. } => (active, offer, list),
            other => return Err(Broken::other(format!("a list of sessions is {other:?}"))),
        };
        let mut sessions = Vec::new();
        for entry in list {
            match ask(Call::GetSession(entry.session))? {
                Answer::Session(session) => sessions.push(*session),
                other => return Err(Broken::other(format!("a session is {other:?}"))),
            }
        }
        Ok(Seen { active, offer, sessions })
    }

    /// What the service's sessions are now.
    pub fn actual(&mut self) -> Result<Seen, Broken> {
        Self::seen(|call| self.client.call(call))
    }

    /// A call of the check's to the service alone.
    pub fn call(&mut self, call: Call<'_>) -> Result<Answer<'static>, Broken> {
        self.client.call(call)
    }

    /// Waits until the service's sessions are the model's. What does not move by itself must be so at once. Gives them.
    pub fn agree(&mut self, requirement: &'static str, what: &str) -> Result<Seen, Broken> {
        let expected = self.expected()?;
        let begun = Instant::now();
        loop {
            let got = Self::seen(|call| self.client.call(call))?;
            let late = begun.elapsed() > PATIENCE / if self.scene.lies() { 5 } else { 1 };
            if late || got == expected || got.still() != expected.still() {
                self.scene.same(requirement, &format!("the sessions after {what}"), &got, &expected)?;
                return Ok(got);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Runs a command of `nx media` that must succeed and do with the service what these calls do with the model.
    pub fn does(&mut self, requirement: &'static str, arguments: &[&str], calls: &[Call<'static>]) -> Result<Said, Broken> {
        let said = self.service.media(arguments)?;
        let what = format!("nx media {}", arguments.join(" "));
        self.scene.hold(requirement, said.succeeded(), || format!("{what} failed: {said:?}"))?;
        for call in calls {
            self.asks(call)?.map_err(|code| Broken::other(format!("the model rejects {call:?}: {}", code.name())))?;
        }
        self.agree(requirement, &what)?;
        Ok(said)
    }

    /// Runs a command that must be refused, by the service where a call is named, and change nothing.
    pub fn refused(&mut self, requirement: &'static str, arguments: &[&str], call: Option<Call<'static>>, exit: u16) -> Held {
        let mut all = arguments.to_vec();
        all.push("--json");
        let said = self.service.media(&all)?;
        let what = format!("nx media {}", arguments.join(" "));
        self.scene.same(requirement, &format!("the exit code of {what}"), said.code, Some(i32::from(exit)))?;
        let data = match call {
            None => None,
            Some(call) => match self.asks(&call)? {
                Err(code) => Some(json!({"error": code as u16})),
                Ok(()) => return Err(Broken::other(format!("the model does {call:?}"))),
            },
        };
        let envelope: Value = serde_json::from_str(&said.out).unwrap_or_default();
        self.scene.same(requirement, &format!("the data of {what}"), envelope.get("data"), data.as_ref())?;
        self.agree(requirement, &what).map(drop)
    }

    /// The data of a command's envelope.
    pub fn data(&self, requirement: &'static str, arguments: &[&str]) -> Result<Value, Broken> {
        let mut all = arguments.to_vec();
        all.push("--json");
        let said = self.service.media(&all)?;
        let envelope: Option<Value> = serde_json::from_str(&said.out).ok();
        envelope
            .filter(|_| said.succeeded())
            .and_then(|envelope| envelope.get("data").cloned())
            .ok_or_else(|| Broken::of(requirement, format!("nx media {} told no data: {said:?}", all.join(" "))))
    }
}
