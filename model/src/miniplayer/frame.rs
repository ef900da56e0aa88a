//! The frame of a view, pixel by pixel: the colour of the topmost part that covers it.

use embedded_graphics::geometry::{OriginDimensions, Point};
use embedded_graphics::image::GetPixel;
use embedded_graphics::mono_font::MonoFont;
use embedded_graphics::mono_font::iso_8859_1::{FONT_6X10, FONT_7X13_BOLD};
use embedded_graphics::pixelcolor::BinaryColor;
use spec::miniplayer::*;
use std::ops::Range;

/// A part of the picture.
enum Part {
    /// A box with rounded corners: left, top, width, height, radius.
    Round(u32, u32, u32, u32, u32),
    /// A triangle that points to the right: left, top, rows. Its point is in its middle row.
    Arrow(u32, u32, u32),
    /// A text: left, top, and where in the font's image each of its letters stands.
    Text(u32, u32, &'static MonoFont<'static>, Vec<Point>),
}

/// A text at a place.
fn text(left: u32, top: u32, font: &'static MonoFont<'static>, text: &str) -> Part {
    Part::Text(left, top, font, text.chars().map(|letter| place_of(font, letter)).collect())
}

/// Whether a pixel of a box, counted from its corner, lies within the corner's circle: its middle, in half pixels.
fn within_corner(x: u32, y: u32, radius: u32) -> bool {
    let far = |at: u32| if at < radius { 2 * (radius - at) - 1 } else { 0 };
    let (dx, dy) = (far(x), far(y));
    dx == 0 || dy == 0 || dx * dx + dy * dy < 4 * radius * radius
}

impl Part {
    fn rows(&self) -> Range<u32> {
        match self {
            Self::Round(_, top, _, height, _) => *top..top + height,
            Self::Arrow(_, top, rows) => *top..top + rows,
            Self::Text(_, top, font, _) => *top..top + font.character_size.height,
        }
    }

    /// Colours what it covers of a row of the picture, which is one of its rows.
    fn paint(&self, y: u32, row: &mut [u32], color: u32) {
        match self {
            Self::Round(left, top, width, height, radius) => {
                let from_edge = (y - top).min(top + height - 1 - y);
                // Both ends of a row are cut off alike.
                let cut = (0..*radius).take_while(|x| !within_corner(*x, from_edge, *radius)).count();
                let (first, end) = (*left as usize, (left + width) as usize);
                let from = (first + cut).min(end);
                row[from..end.saturating_sub(cut).max(from)].fill(color);
            }
            Self::Arrow(left, top, rows) => row[*left as usize..][..arrow_width(y - top, *rows) as usize].fill(color),
            Self::Text(left, top, font, letters) => {
                let width = font.character_size.width;
                for (place, at) in letters.iter().zip((*left..).step_by(width as usize)) {
                    for x in 0..width {
                        if font.image.pixel(*place + Point::new(x as i32, (y - top) as i32)) == Some(BinaryColor::On) {
                            row[(at + x) as usize] = color;
                        }
                    }
                }
            }
        }
    }
}

/// Pixels of a row of an arrow: one at both ends, and in the middle almost as many as there are rows.
fn arrow_width(row: u32, rows: u32) -> u32 {
    1 + row.min(rows - 1 - row) * 12 / 7
}

/// Where a letter stands in the font's image, whose cells stand in rows.
fn place_of(font: &MonoFont<'_>, letter: char) -> Point {
    let cell = font.character_size;
    let index = font.glyph_mapping.index(letter) as u32;
    let in_row = font.image.size().width / cell.width;
    Point::new((index % in_row * cell.width) as i32, (index / in_row * cell.height) as i32)
}

/// Every part of the picture with its colour, from below.
fn parts(view: &View) -> Vec<(Part, u32)> {
    use Part::{Arrow, Round};
    let count = view.sessions.to_string();
    let count = count.as_str();
    let right = |end: u32, text: &str| end - 6 * text.chars().count() as u32;
    let mut all = vec![
        (Round(0, 0, MINIPLAYER_WIDTH, MINIPLAYER_HEIGHT, MINIPLAYER_RADIUS), MINIPLAYER_COLOR_BACKGROUND),
        (
            Round(MINIPLAYER_CARD_X, MINIPLAYER_CARD_Y, MINIPLAYER_CARD_WIDTH, MINIPLAYER_CARD_HEIGHT, MINIPLAYER_CARD_RADIUS),
            MINIPLAYER_COLOR_CARD,
        ),
        (text(MINIPLAYER_HEAD_X, MINIPLAYER_HEAD_Y, &FONT_6X10, "SESSIONS"), MINIPLAYER_COLOR_DIM),
        (text(right(MINIPLAYER_HEAD_END, count), MINIPLAYER_HEAD_Y, &FONT_6X10, count), MINIPLAYER_COLOR_DIM),
    ];
    // MINIPLAYER-010
    for (row, place) in view.rows.iter().zip(0..) {
        let top = MINIPLAYER_ROW_Y + place * MINIPLAYER_ROW_HEIGHT;
        if row.selected {
            all.push((
                Round(MINIPLAYER_ROW_X, top, MINIPLAYER_ROW_WIDTH, MINIPLAYER_ROW_HEIGHT, MINIPLAYER_SMALL_RADIUS),
                MINIPLAYER_COLOR_SELECTED,
            ));
        }
        all.push(if row.playing {
            (Arrow(MINIPLAYER_HEAD_X, top + 3, 7), MINIPLAYER_COLOR_ACCENT)
        } else {
            (Round(MINIPLAYER_HEAD_X + 1, top + 5, 3, 3, 0), MINIPLAYER_COLOR_DIM)
        });
        let color = match (row.offered, row.active) {
            (true, _) => MINIPLAYER_COLOR_OFFER,
            (_, true) => MINIPLAYER_COLOR_ACCENT,
            _ => MINIPLAYER_COLOR_TEXT,
        };
        all.push((text(MINIPLAYER_ROW_TEXT_X, top + 1, &FONT_6X10, &row.label), color));
    }
    let button = |color| {
        (Round(MINIPLAYER_BUTTON_X, MINIPLAYER_BUTTON_Y, MINIPLAYER_BUTTON_SIZE, MINIPLAYER_BUTTON_SIZE, MINIPLAYER_BUTTON_SIZE / 2), color)
    };
    let play = |color| (Arrow(MINIPLAYER_PLAY_X, MINIPLAYER_PLAY_Y, MINIPLAYER_PLAY_ROWS), color);
    match &view.current {
        None => {
            all.extend([button(MINIPLAYER_COLOR_TRACK), play(MINIPLAYER_COLOR_DIM)]);
            all.push((text(MINIPLAYER_TITLE_X, MINIPLAYER_TITLE_Y, &FONT_7X13_BOLD, "nothing playing"), MINIPLAYER_COLOR_DIM));
        }
        Some(current) => {
            all.push(button(MINIPLAYER_COLOR_ACCENT));
            match current.glyph {
                Glyph::Play => all.push(play(MINIPLAYER_COLOR_BACKGROUND)),
                Glyph::Pause => all.extend([0, 2].map(|step| {
                    let left = MINIPLAYER_PAUSE_X + step * MINIPLAYER_PAUSE_WIDTH;
                    (Round(left, MINIPLAYER_PAUSE_Y, MINIPLAYER_PAUSE_WIDTH, MINIPLAYER_PAUSE_HEIGHT, 0), MINIPLAYER_COLOR_BACKGROUND)
                })),
            }
            all.extend([
                (text(MINIPLAYER_TITLE_X, MINIPLAYER_TITLE_Y, &FONT_7X13_BOLD, &current.title), MINIPLAYER_COLOR_TEXT),
                (text(MINIPLAYER_TITLE_X, MINIPLAYER_ARTIST_Y, &FONT_6X10, &current.artist), MINIPLAYER_COLOR_DIM),
                // MINIPLAYER-004
                (Round(MINIPLAYER_SEEK_X, MINIPLAYER_SEEK_Y, MINIPLAYER_SEEK_WIDTH, MINIPLAYER_BAR_HEIGHT, 0), MINIPLAYER_COLOR_TRACK),
                (
                    Round(MINIPLAYER_SEEK_X, MINIPLAYER_SEEK_Y, current.seek_fill.unwrap_or(0), MINIPLAYER_BAR_HEIGHT, 0),
                    MINIPLAYER_COLOR_ACCENT,
                ),
                (text(MINIPLAYER_SEEK_X, MINIPLAYER_TIME_Y, &FONT_6X10, &current.elapsed), MINIPLAYER_COLOR_TEXT),
            ]);
            if let Some(total) = &current.total {
                let left = right(MINIPLAYER_SEEK_X + MINIPLAYER_SEEK_WIDTH, total);
                all.push((text(left, MINIPLAYER_TIME_Y, &FONT_6X10, total), MINIPLAYER_COLOR_DIM));
            }
            // MINIPLAYER-009
            if current.ducked {
                all.extend([
                    (
                        Round(
                            MINIPLAYER_BADGE_X,
                            MINIPLAYER_BADGE_Y,
                            MINIPLAYER_BADGE_WIDTH,
                            MINIPLAYER_BADGE_HEIGHT,
                            MINIPLAYER_SMALL_RADIUS,
                        ),
                        MINIPLAYER_COLOR_DUCKED,
                    ),
                    (text(MINIPLAYER_BADGE_X + 5, MINIPLAYER_BADGE_Y + 1, &FONT_6X10, "DUCKED"), MINIPLAYER_COLOR_BACKGROUND),
                ]);
            }
            volume(current, &mut all);
        }
    }
    // MINIPLAYER-012
    if view.offer.is_some() {
        all.extend([
            (
                Round(MINIPLAYER_OFFER_X, MINIPLAYER_OFFER_Y, MINIPLAYER_OFFER_WIDTH, MINIPLAYER_OFFER_HEIGHT, MINIPLAYER_SMALL_RADIUS),
                MINIPLAYER_COLOR_OFFER,
            ),
            (text(MINIPLAYER_OFFER_X + 4, MINIPLAYER_OFFER_Y + 2, &FONT_6X10, "TAKE OVER"), MINIPLAYER_COLOR_BACKGROUND),
        ]);
    }
    all
}

/// MINIPLAYER-007, MINIPLAYER-008: loudspeaker, bar and text. The loudspeaker's columns widen; two more are its sound.
fn volume(current: &Current, all: &mut Vec<(Part, u32)>) {
    use Part::Round;
    let (color, fill) =
        if current.muted { (MINIPLAYER_COLOR_MUTED, MINIPLAYER_COLOR_DIM) } else { (MINIPLAYER_COLOR_TEXT, MINIPLAYER_COLOR_ACCENT) };
    let column = |x: u32, width: u32, height: u32| {
        (Round(MINIPLAYER_SPEAKER_X + x, MINIPLAYER_SPEAKER_Y + (10 - height) / 2, width, height, 0), color)
    };
    all.extend([column(0, 3, 4), column(3, 1, 6), column(4, 1, 8), column(5, 1, 10)]);
    if !current.muted {
        all.extend([column(8, 1, 4), column(10, 1, 8)]);
    }
    all.extend([
        (Round(MINIPLAYER_VOLUME_X, MINIPLAYER_VOLUME_Y, MINIPLAYER_VOLUME_WIDTH, MINIPLAYER_BAR_HEIGHT, 0), MINIPLAYER_COLOR_TRACK),
        (Round(MINIPLAYER_VOLUME_X, MINIPLAYER_VOLUME_Y, current.volume_fill, MINIPLAYER_BAR_HEIGHT, 0), fill),
        (text(MINIPLAYER_VOLUME_TEXT_X, MINIPLAYER_SPEAKER_Y, &FONT_6X10, &current.volume), color),
    ]);
}

/// The bytes of one row of a view's frame: blue, green, red and alpha of each pixel. What nothing covers is transparent.
pub fn row(view: &View, y: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    row_of(&parts(view), y, &mut bytes);
    bytes
}

fn row_of(parts: &[(Part, u32)], y: u32, bytes: &mut Vec<u8>) {
    let mut row = [0_u32; MINIPLAYER_WIDTH as usize];
    for (part, color) in parts.iter().filter(|(part, _)| part.rows().contains(&y)) {
        // Later parts cover earlier ones.
        part.paint(y, &mut row, *color);
    }
    for pixel in row {
        bytes.extend_from_slice(&pixel.to_le_bytes());
    }
}

/// The bytes of a view's frame, row by row.
pub fn frame(view: &View) -> Vec<u8> {
    let parts = parts(view);
    let mut bytes = Vec::new();
    for y in 0..MINIPLAYER_HEIGHT {
        row_of(&parts, y, &mut bytes);
    }
    bytes
}
