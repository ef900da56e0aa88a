//! Draws a view, part by part from below.

use crate::frame::{Canvas, Color, Frame};
use core::fmt::Write;
use embedded_graphics::Drawable;
use embedded_graphics::draw_target::DrawTarget;
use embedded_graphics::geometry::{Point, Size};
use embedded_graphics::mono_font::iso_8859_1::{FONT_6X10, FONT_7X13_BOLD};
use embedded_graphics::mono_font::{MonoFont, MonoTextStyle};
use embedded_graphics::primitives::{Primitive, PrimitiveStyle, Rectangle, RoundedRectangle};
use embedded_graphics::text::{Alignment, Baseline, Text, TextStyle, TextStyleBuilder};
use spec::miniplayer::*;

const BACKGROUND: Color = Color(MINIPLAYER_COLOR_BACKGROUND);
const TRACK: Color = Color(MINIPLAYER_COLOR_TRACK);
const ACCENT: Color = Color(MINIPLAYER_COLOR_ACCENT);
const TEXT: Color = Color(MINIPLAYER_COLOR_TEXT);
const DIM: Color = Color(MINIPLAYER_COLOR_DIM);
const OFFER: Color = Color(MINIPLAYER_COLOR_OFFER);

/// Where something is drawn: its left and its top.
type Place = (u32, u32);

/// Draws the view over whatever the frame holds.
pub(crate) fn paint(view: &View, frame: &mut Frame) {
    frame.wipe();
    let mut brush = Brush(frame.canvas());
    brush.round((0, 0), (MINIPLAYER_WIDTH, MINIPLAYER_HEIGHT), MINIPLAYER_RADIUS, BACKGROUND);
    list(view, &mut brush);
    match &view.current {
        Some(current) => playing(current, &mut brush),
        None => nothing(&mut brush),
    }
    if view.offer.is_some() {
        let (left, top) = (MINIPLAYER_OFFER_X, MINIPLAYER_OFFER_Y);
        brush.round((left, top), (MINIPLAYER_OFFER_WIDTH, MINIPLAYER_OFFER_HEIGHT), MINIPLAYER_SMALL_RADIUS, OFFER);
        brush.text((left.saturating_add(4), top.saturating_add(2)), &FONT_6X10, "TAKE OVER", BACKGROUND);
    }
}

/// The list and its heading (MINIPLAYER-010).
fn list(view: &View, brush: &mut Brush<'_>) {
    let card = (MINIPLAYER_CARD_WIDTH, MINIPLAYER_CARD_HEIGHT);
    brush.round((MINIPLAYER_CARD_X, MINIPLAYER_CARD_Y), card, MINIPLAYER_CARD_RADIUS, Color(MINIPLAYER_COLOR_CARD));
    brush.text((MINIPLAYER_HEAD_X, MINIPLAYER_HEAD_Y), &FONT_6X10, "SESSIONS", DIM);
    brush.right((MINIPLAYER_HEAD_END, MINIPLAYER_HEAD_Y), Number::of(view.sessions).text(), DIM);
    let mut top = MINIPLAYER_ROW_Y;
    for row in &view.rows {
        if row.selected {
            let size = (MINIPLAYER_ROW_WIDTH, MINIPLAYER_ROW_HEIGHT);
            brush.round((MINIPLAYER_ROW_X, top), size, MINIPLAYER_SMALL_RADIUS, Color(MINIPLAYER_COLOR_SELECTED));
        }
        if row.playing {
            brush.arrow((MINIPLAYER_HEAD_X, top.saturating_add(3)), 7, ACCENT);
        } else {
            brush.bar((MINIPLAYER_HEAD_X.saturating_add(1), top.saturating_add(5)), (3, 3), DIM);
        }
        let color = if row.offered {
            OFFER
        } else if row.active {
            ACCENT
        } else {
            TEXT
        };
        brush.text((MINIPLAYER_ROW_TEXT_X, top.saturating_add(1)), &FONT_6X10, &row.label, color);
        top = top.saturating_add(MINIPLAYER_ROW_HEIGHT);
    }
}

fn button(brush: &mut Brush<'_>, color: Color) {
    let size = (MINIPLAYER_BUTTON_SIZE, MINIPLAYER_BUTTON_SIZE);
    brush.round((MINIPLAYER_BUTTON_X, MINIPLAYER_BUTTON_Y), size, MINIPLAYER_BUTTON_SIZE >> 1, color);
}

fn nothing(brush: &mut Brush<'_>) {
    button(brush, TRACK);
    brush.arrow((MINIPLAYER_PLAY_X, MINIPLAYER_PLAY_Y), MINIPLAYER_PLAY_ROWS, DIM);
    brush.text((MINIPLAYER_TITLE_X, MINIPLAYER_TITLE_Y), &FONT_7X13_BOLD, "nothing playing", DIM);
}

/// The active session (MINIPLAYER-001).
fn playing(current: &Current, brush: &mut Brush<'_>) {
    button(brush, ACCENT);
    match current.glyph {
        Glyph::Play => brush.arrow((MINIPLAYER_PLAY_X, MINIPLAYER_PLAY_Y), MINIPLAYER_PLAY_ROWS, BACKGROUND),
        Glyph::Pause => {
            let size = (MINIPLAYER_PAUSE_WIDTH, MINIPLAYER_PAUSE_HEIGHT);
            brush.bar((MINIPLAYER_PAUSE_X, MINIPLAYER_PAUSE_Y), size, BACKGROUND);
            let second = MINIPLAYER_PAUSE_X.saturating_add(MINIPLAYER_PAUSE_WIDTH.saturating_mul(2));
            brush.bar((second, MINIPLAYER_PAUSE_Y), size, BACKGROUND);
        }
    }
    brush.text((MINIPLAYER_TITLE_X, MINIPLAYER_TITLE_Y), &FONT_7X13_BOLD, &current.title, TEXT);
    brush.text((MINIPLAYER_TITLE_X, MINIPLAYER_ARTIST_Y), &FONT_6X10, &current.artist, DIM);
    let seek = (MINIPLAYER_SEEK_X, MINIPLAYER_SEEK_Y);
    brush.bar(seek, (MINIPLAYER_SEEK_WIDTH, MINIPLAYER_BAR_HEIGHT), TRACK);
    brush.bar(seek, (current.seek_fill.unwrap_or(0), MINIPLAYER_BAR_HEIGHT), ACCENT);
    brush.text((MINIPLAYER_SEEK_X, MINIPLAYER_TIME_Y), &FONT_6X10, &current.elapsed, TEXT);
    if let Some(total) = &current.total {
        brush.right((MINIPLAYER_SEEK_X.saturating_add(MINIPLAYER_SEEK_WIDTH), MINIPLAYER_TIME_Y), total, DIM);
    }
    if current.ducked {
        let (left, top) = (MINIPLAYER_BADGE_X, MINIPLAYER_BADGE_Y);
        let size = (MINIPLAYER_BADGE_WIDTH, MINIPLAYER_BADGE_HEIGHT);
        brush.round((left, top), size, MINIPLAYER_SMALL_RADIUS, Color(MINIPLAYER_COLOR_DUCKED));
        brush.text((left.saturating_add(5), top.saturating_add(1)), &FONT_6X10, "DUCKED", BACKGROUND);
    }
    volume(current, brush);
}

/// The loudspeaker's columns: left, width and height. The last two are its sound.
const SPEAKER: [(u32, u32, u32); 6] = [(0, 3, 4), (3, 1, 6), (4, 1, 8), (5, 1, 10), (8, 1, 4), (10, 1, 8)];

/// Loudspeaker, bar and text (MINIPLAYER-007, MINIPLAYER-008).
fn volume(current: &Current, brush: &mut Brush<'_>) {
    let (color, fill, columns) = if current.muted { (Color(MINIPLAYER_COLOR_MUTED), DIM, 4) } else { (TEXT, ACCENT, 6) };
    for (left, width, height) in SPEAKER.into_iter().take(columns) {
        let top = MINIPLAYER_SPEAKER_Y.saturating_add(10_u32.saturating_sub(height) >> 1);
        brush.bar((MINIPLAYER_SPEAKER_X.saturating_add(left), top), (width, height), color);
    }
    let bar = (MINIPLAYER_VOLUME_X, MINIPLAYER_VOLUME_Y);
    brush.bar(bar, (MINIPLAYER_VOLUME_WIDTH, MINIPLAYER_BAR_HEIGHT), TRACK);
    brush.bar(bar, (current.volume_fill, MINIPLAYER_BAR_HEIGHT), fill);
    brush.text((MINIPLAYER_VOLUME_TEXT_X, MINIPLAYER_SPEAKER_Y), &FONT_6X10, &current.volume, color);
}

/// Draws into a frame, which can't fail.
struct Brush<'a>(Canvas<'a>);

const fn point((left, top): Place) -> Point {
    Point::new(left as i32, top as i32)
}

const LEFT: TextStyle = TextStyleBuilder::new().baseline(Baseline::Top).build();
const RIGHT: TextStyle = TextStyleBuilder::new().baseline(Baseline::Top).alignment(Alignment::Right).build();

impl Brush<'_> {
    fn bar(&mut self, place: Place, (width, height): (u32, u32), color: Color) {
        let Ok(()) = self.0.fill_solid(&Rectangle::new(point(place), Size::new(width, height)), color);
    }

    /// A box with rounded corners.
    fn round(&mut self, place: Place, (width, height): (u32, u32), radius: u32, color: Color) {
        let area = Rectangle::new(point(place), Size::new(width, height));
        let rounded = RoundedRectangle::with_equal_corners(area, Size::new_equal(radius));
        let Ok(()) = rounded.into_styled(PrimitiveStyle::with_fill(color)).draw(&mut self.0);
    }

    /// A triangle that points to the right: rows that widen to the middle.
    fn arrow(&mut self, (left, top): Place, rows: u32, color: Color) {
        for row in 0..rows {
            let from_end = row.min(rows.saturating_sub(row).saturating_sub(1));
            let width = from_end.saturating_mul(12).wrapping_div(7).saturating_add(1);
            self.bar((left, top.saturating_add(row)), (width, 1), color);
        }
    }

    fn text(&mut self, place: Place, font: &'static MonoFont<'static>, text: &str, color: Color) {
        let Ok(_) = Text::with_text_style(text, point(place), MonoTextStyle::new(font, color), LEFT).draw(&mut self.0);
    }

    /// A small text that ends before this place.
    fn right(&mut self, (end, top): Place, text: &str, color: Color) {
        // The aligned text's last pixel lies at its place.
        let place = (end.saturating_sub(1), top);
        let Ok(_) = Text::with_text_style(text, point(place), MonoTextStyle::new(&FONT_6X10, color), RIGHT).draw(&mut self.0);
    }
}

/// A number as a text that needs no heap.
struct Number {
    digits: [u8; 10],
    length: usize,
}

impl Number {
    fn of(number: u32) -> Self {
        let mut out = Self { digits: [0; 10], length: 0 };
        // Ten digits hold every u32.
        let _ = write!(out, "{number}");
        out
    }

    fn text(&self) -> &str {
        self.digits.get(..self.length).and_then(|digits| core::str::from_utf8(digits).ok()).unwrap_or_default()
    }
}

impl Write for Number {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let end = self.length.saturating_add(text.len());
        self.digits.get_mut(self.length..end).ok_or(core::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}
