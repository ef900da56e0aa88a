//! Drawing: what is in the frame whatever was in it before, and how long it takes.

use miniplayer::MiniPlayer;
use spec::miniplayer::{MINIPLAYER_COLOR_BACKGROUND, MINIPLAYER_HEIGHT, MINIPLAYER_WIDTH, Session, State};
use std::time::{Duration, Instant};

fn full() -> State {
    let session = |sid: u32| Session {
        sid,
        app: "nx:music".to_owned(),
        title: "A title that is too long for its place".to_owned(),
        artist: "An artist whose name is too long".to_owned(),
        playing: true,
        position_ms: 83_000,
        duration_ms: Some(327_000),
        ducked: true,
        ..Session::default()
    };
    State { sessions: (1..=16).map(session).collect(), active: Some(1), offer: Some(2) }
}

#[test]
fn a_frame_has_its_size_and_its_corners() {
    let mut player = MiniPlayer::new();
    player.show(full()).expect("a right state");
    let frame = player.draw();
    assert_eq!(frame.bytes().count(), (4 * MINIPLAYER_WIDTH * MINIPLAYER_HEIGHT) as usize);
    let first = frame.row(0).expect("a first row");
    assert_eq!((first.len() as u32, first[0], first[MINIPLAYER_WIDTH as usize - 1]), (MINIPLAYER_WIDTH, 0, 0));
    assert_eq!(first[20], MINIPLAYER_COLOR_BACKGROUND);
    assert!(frame.row(MINIPLAYER_HEIGHT).is_none());
    assert!(frame.bytes().skip(3).step_by(4).all(|alpha| alpha == 0 || alpha == 255));
}

#[test]
fn nothing_of_an_earlier_frame_is_left() {
    let mut player = MiniPlayer::new();
    player.show(full()).expect("a right state");
    player.draw();
    player.show(State::default()).expect("a right state");
    let mut fresh = MiniPlayer::new();
    fresh.show(State::default()).expect("a right state");
    assert_eq!(player.draw(), fresh.draw());
}

/// Fifty times what it takes where nothing else runs: a guard against a change of order, no measurement.
#[test]
fn a_frame_is_drawn_in_less_than_a_millisecond() {
    let mut player = MiniPlayer::new();
    player.show(full()).expect("a right state");
    let best = (0..20).map(|round| {
        // What is drawn already is not drawn again.
        let state = if round % 2 == 0 { State { offer: None, ..full() } } else { full() };
        player.show(state).expect("a right state");
        let start = Instant::now();
        player.draw();
        start.elapsed()
    });
    let best = best.min().unwrap_or(Duration::MAX);
    assert!(best < Duration::from_millis(1), "{best:?}");
}
