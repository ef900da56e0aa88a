//! The mini-player in a terminal, as a person would use it: keys reach the sessions, and the terminal is as it was afterwards.

mod common;

use common::{Daemon, within_ten_seconds};
use rexpect::session::{PtySession, spawn_command};
use std::process::{Child, Command, Stdio};

/// How long a terminal may take to show something, in ms.
const PATIENCE: u64 = 10_000;

/// The demo, which plays a session until the test ends.
struct Demo(Child);

impl Demo {
    /// Publishes a session over a tone, and waits for it.
    fn start(daemon: &Daemon, title: &str, class: &str) -> Self {
        let file = daemon.path("tone.wav");
        let made =
            Command::new(env!("CARGO_BIN_EXE_nx")).args(["media", "tone", "440", "40000", "--out"]).arg(&file).output().expect("it runs");
        assert!(made.status.success(), "{made:?}");
        let before = sessions(daemon);
        let mut demo = Command::new(env!("CARGO_BIN_EXE_wavplay"));
        demo.args(["--session", "--title", title, "--class", class, "--app", title, "--socket"]).arg(daemon.socket()).arg(&file);
        let demo = Self(demo.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts"));
        within_ten_seconds("the session is there", || sessions(daemon) == before + 1);
        demo
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn list(daemon: &Daemon) -> String {
    String::from_utf8_lossy(&daemon.nx(&["media", "list"]).stdout).into_owned()
}

fn sessions(daemon: &Daemon) -> usize {
    list(daemon).lines().filter(|line| *line != "no sessions").count()
}

/// The mini-player in a terminal of its own, between two notes of the terminal's settings.
fn player(daemon: &Daemon, around: &str) -> PtySession {
    let (before, after) = (daemon.path("before"), daemon.path("after"));
    let nx = format!("{around} '{}' media player --socket '{}'", env!("CARGO_BIN_EXE_nx"), daemon.socket().display());
    let script = format!("stty -a > '{}'; {nx}; code=$?; stty -a > '{}'; echo ended=$code", before.display(), after.display());
    let mut command = Command::new("sh");
    command.args(["-c", &script]).env("TERM", "xterm").env_remove("COLORTERM");
    let mut player = spawn_command(command, Some(PATIENCE)).expect("a terminal");
    player.exp_string("Q leave").expect("it is shown");
    player
}

#[track_caller]
fn press(player: &mut PtySession, keys: &str) {
    player.send(keys).and_then(|_| player.flush()).expect("a key");
}

/// It ended with that code, and the terminal is as it was.
#[track_caller]
fn left(mut player: PtySession, daemon: &Daemon, code: &str) {
    player.exp_string("\u{1b}[?25h").expect("the cursor is back");
    player.exp_string("\u{1b}[?1049l").expect("the screen is back");
    player.exp_string(&format!("ended={code}")).expect("it ends");
    let settings = |name: &str| std::fs::read_to_string(daemon.path(name)).expect("settings");
    assert_eq!(settings("after"), settings("before"));
    assert!(settings("before").contains(" echo"), "they are those of a terminal");
}

#[test]
fn keys_reach_the_sessions_and_a_call_ducks_the_music() {
    let daemon = Daemon::start();
    let _music = Demo::start(&daemon, "Sunrise", "music");
    let _call = Demo::start(&daemon, "Call", "comms");
    daemon.nx(&["media", "activate", "1"]);
    let mut player = player(&daemon, "");
    press(&mut player, " ");
    player.exp_string("control=play").expect("its line");
    within_ten_seconds("the music plays", || list(&daemon).contains("1  playing music"));
    // Down, Enter, Space: the call is the active session, and plays. It is the first of the list now, so that down and
    // Enter lead back to the music, which is ducked.
    press(&mut player, "\u{1b}[B");
    press(&mut player, "\r");
    player.exp_string("session switch sid=2").expect("its line");
    press(&mut player, " ");
    within_ten_seconds("the call plays", || list(&daemon).contains("2  playing comms"));
    press(&mut player, "\u{1b}[B");
    press(&mut player, "\r");
    player.exp_string("|| Sunrise  DUCKED").expect("what a person sees");
    press(&mut player, "+");
    player.exp_string("+1 dB").expect("the volume");
    press(&mut player, "m");
    player.exp_string("MUTED").expect("the mute");
    press(&mut player, "s");
    player.exp_string("control=stop").expect("its line");
    within_ten_seconds("the music stops", || list(&daemon).contains("1  paused  music    0:00"));
    press(&mut player, "q");
    left(player, &daemon, "0");
}

#[test]
fn the_terminal_is_as_it_was_however_it_is_left() {
    let daemon = Daemon::start();
    let mut interrupted = player(&daemon, "");
    interrupted.send_control('c').expect("a key");
    left(interrupted, &daemon, "0");
    // timeout tells that it ended the program.
    left(player(&daemon, "timeout --foreground -s TERM 1"), &daemon, "124");
    let playing = player(&daemon, "");
    let (socket, files) = (daemon.socket(), daemon.path("before"));
    assert!(socket.exists() && files.exists());
    let daemon = daemon.ended();
    left(playing, &daemon, "4");
}

#[test]
fn elsewhere_it_prints_once() {
    let daemon = Daemon::start();
    let shown = daemon.nx(&["media", "player"]);
    assert_eq!(String::from_utf8_lossy(&shown.stdout), "tray: mini-player open\nnothing is playing\nSESSIONS 0\n");
    assert_eq!(String::from_utf8_lossy(&daemon.nx(&["media", "list"]).stdout), "no sessions\n");
    assert_eq!(daemon.nx(&["media", "current"]).status.code(), Some(3));
}
