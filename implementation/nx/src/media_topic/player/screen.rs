//! The mini-player live in a terminal, which is as it was however it is left.

use super::{Player, text};
use crate::failed::Failed;
use crossterm::cursor::{Hide, MoveTo, MoveToNextLine, Show};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, poll, read};
use crossterm::style::{Color, Colors, Print, ResetColor, SetColors};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode, size,
};
use crossterm::{execute, queue};
use miniplayer::{Frame, MiniPlayer};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use spec::miniplayer::{Key, MINIPLAYER_HEIGHT, MINIPLAYER_WIDTH, View};
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Between two questions whether the sessions changed.
const POLL: Duration = Duration::from_millis(100);

/// Between two looks at what changes without being told: positions and volumes.
const PROGRESS: Duration = Duration::from_millis(500);

/// What stands below the view.
const HELP: &str =
    "Space  \u{2190} \u{2192} seek  P N track  S stop  + - volume  M mute  \u{2191} \u{2193} Enter session  T take over  Q leave";

fn broken(error: io::Error) -> Failed {
    Failed::Internal(format!("the terminal: {error}"))
}

/// The terminal, taken until this is dropped.
struct Screen {
    out: BufWriter<Stdout>,
    /// Whether it shows colours of 24 bits.
    true_color: bool,
    /// What was drawn last.
    last: Vec<String>,
    /// The view of which it drew the picture.
    view: View,
}

impl Screen {
    fn take() -> Result<Self, Failed> {
        enable_raw_mode().map_err(broken)?;
        let true_color = std::env::var("COLORTERM").is_ok_and(|value| matches!(value.as_str(), "truecolor" | "24bit"));
        // From here on dropping it gives the terminal back.
        let mut screen = Self { out: BufWriter::new(io::stdout()), true_color, last: Vec::new(), view: View::default() };
        execute!(screen.out, EnterAlternateScreen, Hide).map_err(broken)?;
        Ok(screen)
    }

    /// Draws, where anything is another than before; the picture where it fits in the terminal.
    fn draw(&mut self, lines: Vec<String>, shown: &mut MiniPlayer) -> io::Result<()> {
        if lines == self.last && self.view == *shown.view() {
            return Ok(());
        }
        let (columns, rows) = size()?;
        queue!(self.out, BeginSynchronizedUpdate, MoveTo(0, 0))?;
        let room = usize::from(rows).checked_sub(MINIPLAYER_HEIGHT as usize / 2);
        if self.true_color && u32::from(columns) >= MINIPLAYER_WIDTH && room.is_some_and(|room| room > lines.len()) {
            self.picture(shown.draw())?;
        }
        for line in &lines {
            // A terminal that does not know its width is as wide as it is.
            let shown: String = line.chars().take(if columns == 0 { usize::MAX } else { columns.into() }).collect();
            queue!(self.out, Print(shown), Clear(ClearType::UntilNewLine), MoveToNextLine(1))?;
        }
        queue!(self.out, Clear(ClearType::FromCursorDown), EndSynchronizedUpdate)?;
        self.last = lines;
        self.view.clone_from(shown.view());
        self.out.flush()
    }

    /// The frame, two rows of pixels in each row of the terminal.
    fn picture(&mut self, frame: &Frame) -> io::Result<()> {
        for row in (0..MINIPLAYER_HEIGHT).step_by(2) {
            let (above, below) = (frame.row(row).unwrap_or_default(), frame.row(row + 1).unwrap_or_default());
            let mut last = None;
            for pair in above.iter().zip(below) {
                if last != Some(pair) {
                    queue!(self.out, SetColors(Colors::new(color(*pair.0), color(*pair.1))))?;
                    last = Some(pair);
                }
                queue!(self.out, Print('▀'))?;
            }
            queue!(self.out, ResetColor, Clear(ClearType::UntilNewLine), MoveToNextLine(1))?;
        }
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing back.
        let _ = execute!(self.out, Show, LeaveAlternateScreen);
        let _ = disable_raw_mode();
    }
}

/// A pixel's colour; transparent ones are black.
const fn color(pixel: u32) -> Color {
    let [b, g, r, _] = pixel.to_le_bytes();
    Color::Rgb { r, g, b }
}

/// What a key of the terminal is.
enum Pressed {
    Leave,
    Key(Key),
    Nothing,
}

fn pressed(key: &KeyEvent) -> Pressed {
    if key.kind == KeyEventKind::Release {
        return Pressed::Nothing;
    }
    Pressed::Key(match key.code {
        KeyCode::Char('c' | 'd') if key.modifiers.contains(KeyModifiers::CONTROL) => return Pressed::Leave,
        KeyCode::Char('q' | 'Q') | KeyCode::Esc => return Pressed::Leave,
        KeyCode::Char(' ') => Key::Toggle,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Enter => Key::Enter,
        KeyCode::Char('p' | 'P') => Key::Previous,
        KeyCode::Char('n' | 'N') => Key::Next,
        KeyCode::Char('s' | 'S') => Key::Stop,
        KeyCode::Char('m' | 'M') => Key::Mute,
        KeyCode::Char('t' | 'T') => Key::TakeOver,
        KeyCode::Char('+' | '=') => Key::Plus,
        KeyCode::Char('-' | '_') => Key::Minus,
        _ => return Pressed::Nothing,
    })
}

/// Waits for the next event, for so long at most.
fn next(time: Duration) -> Result<Option<Event>, Failed> {
    match poll(time) {
        Ok(true) => read().map(Some).map_err(broken),
        Ok(false) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(None),
        Err(error) => Err(broken(error)),
    }
}

/// A line of the mini-player: below the view, and on standard error where that is no terminal (MINIPLAYER-013).
fn tell(line: String, status: &mut String) {
    if !io::stderr().is_terminal() {
        eprintln!("{line}");
    }
    *status = line;
}

/// Shows the mini-player until somebody leaves it.
pub(super) fn live(player: &mut Player<'_>) -> Result<(), Failed> {
    let ended = Arc::new(AtomicBool::new(false));
    for signal in [SIGTERM, SIGHUP, SIGINT] {
        signal_hook::flag::register(signal, Arc::clone(&ended)).map_err(broken)?;
    }
    let mut status = String::new();
    // A service that refuses is told of before the terminal is taken.
    if let Some(line) = player.look()? {
        tell(line, &mut status);
    }
    let mut screen = Screen::take()?;
    let mut looked = Instant::now();
    while !ended.load(Ordering::Relaxed) {
        if player.changed()? || looked.elapsed() >= PROGRESS {
            player.look()?;
            looked = Instant::now();
        }
        let mut lines = text::lines(player.shown.view());
        lines.extend([String::new(), HELP.to_owned(), status.clone()]);
        screen.draw(lines, &mut player.shown).map_err(broken)?;
        match next(POLL)? {
            Some(Event::Key(key)) => match pressed(&key) {
                Pressed::Leave => return Ok(()),
                Pressed::Nothing => {}
                Pressed::Key(key) => match player.press(key) {
                    Ok(line) => {
                        if let Some(line) = line {
                            tell(line, &mut status);
                        }
                        player.look()?;
                        looked = Instant::now();
                    }
                    // What is refused is said; the mini-player goes on.
                    Err(Failed::Refused(_, why)) => status = why,
                    Err(failed) => return Err(failed),
                },
            },
            Some(Event::Resize(..)) => screen.last.clear(),
            _ => {}
        }
    }
    Ok(())
}
