//! The view as lines of text, for terminals and for readers that are none.

use spec::miniplayer::{Current, Glyph, MINIPLAYER_SEEK_WIDTH, MINIPLAYER_VOLUME_WIDTH, Row, View};

/// Pixels of a bar that one character stands for.
const SEEK_PIXELS: u32 = 4;
const VOLUME_PIXELS: u32 = 2;

/// All that is shown.
pub(super) fn lines(view: &View) -> Vec<String> {
    let mut lines = match &view.current {
        Some(current) => playing(current),
        None => vec!["nothing is playing".to_owned()],
    };
    lines.push(format!("SESSIONS {}", view.sessions));
    lines.extend(view.rows.iter().map(row));
    if let Some(offer) = view.offer {
        lines.push(format!("TAKE OVER sid={offer}: T"));
    }
    lines
}

fn playing(current: &Current) -> Vec<String> {
    let button = match current.glyph {
        Glyph::Play => "|>",
        Glyph::Pause => "||",
    };
    let badge = if current.ducked { "  DUCKED" } else { "" };
    let total = current.total.as_ref().map(|total| format!(" / {total}")).unwrap_or_default();
    let seek = bar(current.seek_fill.unwrap_or(0), MINIPLAYER_SEEK_WIDTH, SEEK_PIXELS);
    let volume = bar(if current.muted { 0 } else { current.volume_fill }, MINIPLAYER_VOLUME_WIDTH, VOLUME_PIXELS);
    let mut lines = vec![format!("{button} {}{badge}", current.title)];
    if !current.artist.is_empty() {
        lines.push(format!("   {}", current.artist));
    }
    lines.push(format!("   {seek} {}{total}", current.elapsed));
    lines.push(format!("   {volume} {}", current.volume));
    lines
}

fn bar(filled: u32, width: u32, of: u32) -> String {
    let (cells, full) = ((width / of) as usize, (filled / of) as usize);
    format!("[{}{}]", "#".repeat(full), ".".repeat(cells.saturating_sub(full)))
}

/// A row: > where it is selected, * where it is active, and whether it plays.
fn row(row: &Row) -> String {
    let mark = |is: bool, mark: char| if is { mark } else { ' ' };
    let offered = if row.offered { "  offered" } else { "" };
    let playing = if row.playing { "playing" } else { "paused " };
    format!("{}{} {:>3} {playing} {}{offered}", mark(row.selected, '>'), mark(row.active, '*'), row.sid, row.label)
}

#[cfg(test)]
mod tests {
    use super::lines;
    use miniplayer::MiniPlayer;
    use spec::miniplayer::{Session, State};

    #[test]
    fn a_ducked_session_beside_another_one() {
        let music = Session {
            sid: 1,
            app: "music".into(),
            title: "Sunrise".into(),
            artist: "The Band".into(),
            playing: true,
            position_ms: 30_000,
            duration_ms: Some(60_000),
            app_volume_db: -1_536,
            ducked: true,
            ..Session::default()
        };
        let call = Session { sid: 2, app: "calls".into(), playing: true, ..Session::default() };
        let mut player = MiniPlayer::new();
        let state = State { sessions: vec![music.clone(), call], active: Some(1), offer: Some(2) };
        assert!(player.show(state).is_ok());
        let expected = "|| Sunrise  DUCKED\n   The Band\n   [#######################........................] 0:30 / 1:00\n   \
            [######################.....] -6 dB\nSESSIONS 2\n>*   1 playing Sunrise\n     2 playing calls  offered\nTAKE OVER sid=2: T";
        assert_eq!(lines(player.view()).join("\n"), expected);
        let muted = Session { app_muted: true, ducked: false, playing: false, duration_ms: None, ..music };
        assert!(player.show(State { sessions: vec![muted], active: Some(1), offer: None }).is_ok());
        let shown = lines(player.view());
        assert!(shown[0] == "|> Sunrise" && shown[3].ends_with("] MUTED") && !shown[3].contains('#'), "{shown:?}");
        assert!(player.show(State::default()).is_ok());
        assert_eq!(lines(player.view()), ["nothing is playing", "SESSIONS 0"]);
    }
}
