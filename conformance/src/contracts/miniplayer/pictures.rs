//! The mini-player's recorded frames: PNG files of the model's pixels, for people to look at, and for drivers to be compared with.

use super::{alone, many, playing};
use crate::drivers::Driver;
use crate::engines::Session as Run;
use crate::evidence::Finding;
use spec::miniplayer::{Config, Key, MINIPLAYER_HEIGHT, MINIPLAYER_WIDTH, Miniplayer, Obs, Op, Session, State};
use spec::{Case, Failure, FailureKind, Machine};
use spec_files::EvidenceKind;

/// What is drawn in a picture: the state, and keys that were pressed.
pub struct Picture {
    /// The file's name.
    pub name: &'static str,
    ops: Vec<Op>,
}

fn picture(name: &'static str, state: State) -> Picture {
    Picture { name, ops: vec![Op::Show(state)] }
}

/// Every picture.
pub fn pictures() -> Vec<Picture> {
    let two = |offer| State {
        sessions: vec![playing(), Session { sid: 2, app: "nx:phone".to_owned(), title: "Ada".to_owned(), playing: false, ..playing() }],
        active: Some(1),
        offer,
    };
    let mut all = vec![
        picture("playing.png", alone(playing())),
        picture("paused.png", alone(Session { playing: false, position_ms: 0, ..playing() })),
        picture("ducked.png", two(None).with(|session| session.ducked = true)),
        picture("muted.png", alone(Session { app_muted: true, app_volume_db: -3_072, ..playing() })),
        picture("offer.png", two(Some(2))),
        picture("many_sessions.png", many()),
        picture(
            "long_title.png",
            alone(Session {
                title: "Die Entführung aus dem Serail: Ouvertüre".to_owned(),
                artist: "Ein Orchester mit einem langen Namen".to_owned(),
                position_ms: u64::MAX,
                duration_ms: Some(59_999_999),
                app_volume_db: 3_072,
                ..playing()
            }),
        ),
        picture("unknown_duration.png", alone(Session { duration_ms: None, title: String::new(), artist: String::new(), ..playing() })),
        picture("empty.png", State::default()),
    ];
    all.push(Picture { name: "selected.png", ops: [Op::Show(many())].into_iter().chain([Key::Down; 9].map(Op::Key)).collect() });
    all
}

trait With {
    fn with(self, change: fn(&mut Session)) -> Self;
}

impl With for State {
    fn with(mut self, change: fn(&mut Session)) -> Self {
        self.sessions.iter_mut().take(1).for_each(change);
        self
    }
}

/// The bytes of a picture's frame, by a driver, row by row.
///
/// # Errors
/// The machine's own failure, or an answer that is no row.
pub fn frame(driver: &Driver, picture: &Picture) -> Result<Vec<u8>, Failure> {
    let mut machine: Box<dyn Machine<Miniplayer>> = driver.machine()?;
    let ops = picture.ops.iter().cloned().chain((0..MINIPLAYER_HEIGHT).map(Op::Line)).collect();
    let trace = machine.run_case(&Case { config: Config {}, ops })?;
    let rows = trace.obs.into_iter().skip(picture.ops.len()).map(|obs| match obs {
        Obs::Line(bytes) => Ok(bytes.0),
        other => Err(Failure::new(FailureKind::Garbage, format!("a row is {}", crate::engines::render::json(&other)))),
    });
    Ok(rows.collect::<Result<Vec<_>, _>>()?.concat())
}

/// A frame as a PNG file.
///
/// # Errors
/// A frame of another size.
pub fn png(frame: &[u8]) -> Result<Vec<u8>, String> {
    let rgba: Vec<u8> = frame.chunks_exact(4).flat_map(|pixel| [pixel[2], pixel[1], pixel[0], pixel[3]]).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, MINIPLAYER_WIDTH, MINIPLAYER_HEIGHT);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().and_then(|mut writer| writer.write_image_data(&rgba)).map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// Every picture by the model, name to file.
///
/// # Errors
/// A failing model.
pub fn generate() -> Result<Vec<(&'static str, Vec<u8>)>, String> {
    let file = |picture: Picture| {
        let frame = frame(&Driver::Model, &picture).map_err(|failure| failure.to_string())?;
        Ok((picture.name, png(&frame)?))
    };
    pictures().into_iter().map(file).collect()
}

/// The requirements that the pictures show.
const REQUIREMENTS: [&str; 6] =
    ["MINIPLAYER-001", "MINIPLAYER-002", "MINIPLAYER-004", "MINIPLAYER-009", "MINIPLAYER-012", "MINIPLAYER-014"];

/// Holds every picture of a driver against the file.
pub fn run(session: &mut Run<'_>, driver: &Driver) {
    let mut shown = 0;
    for picture in pictures() {
        let path = session.options.root.join("goldens/miniplayer").join(picture.name);
        let frame = frame(driver, &picture);
        if frame.as_ref().is_err_and(|failure| session.lacks("miniplayer", failure)) {
            return;
        }
        let outcome = std::fs::read(&path).map_err(|error| error.to_string()).and_then(|expected| {
            let frame = frame.map_err(|failure| format!("the machine {failure}"))?;
            if png(&frame)? == expected { Ok(()) } else { Err(differs(&picture, &frame)) }
        });
        match outcome {
            Ok(()) => shown += 1,
            Err(why) => session.failed(Finding {
                contract: "miniplayer".to_owned(),
                driver: session.name,
                kind: EvidenceKind::Golden,
                check: format!("picture {}", picture.name),
                requirements: REQUIREMENTS.map(str::to_owned).into(),
                message: format!("{} differs: {why}\n  next:     cargo conform goldens diff\n", path.display()),
                case_file: None,
                ops: 0,
                seed: None,
            }),
        }
    }
    session.passed(EvidenceKind::Golden, "pictures", REQUIREMENTS.into_iter().map(|id| (id, shown)), "");
}

/// The first pixel that differs from the model's.
fn differs(picture: &Picture, got: &[u8]) -> String {
    let Ok(right) = frame(&Driver::Model, picture) else { return "the model has no such picture".to_owned() };
    let places = right.chunks_exact(4).zip(got.chunks_exact(4)).enumerate();
    match places.into_iter().find(|(_, (right, got))| right != got) {
        Some((at, (right, got))) => {
            let (x, y) = (at as u32 % MINIPLAYER_WIDTH, at as u32 / MINIPLAYER_WIDTH);
            format!("the pixel at {x},{y} is {got:?} as BGRA, expected {right:?}")
        }
        None => "the file is not the model's".to_owned(),
    }
}
