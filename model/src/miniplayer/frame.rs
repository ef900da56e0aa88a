//! The frame of a view, pixel by pixel: the colour of the topmost part that covers it.

use embedded_graphics::geometry::{OriginDimensions, Point};
use embedded_graphics::image::GetPixel;
use embedded_graphics::mono_font::MonoFont;
use embedded_graphics::mono_font::iso_8859_1::{FONT_6X10, FONT_7X13_BOLD};
use embedded_graphics::pixelcolor::BinaryColor;
use spec::miniplayer::*;
use std::ops::Range;

/// A part of the picture.
enum Part<'a> {
    /// A box with rounded corners: left, top, width, height, radius.
    Round(u32, u32, u32, u32, u32),
    /// A triangle that points to the right: left, top, rows. Its point is in its middle row.
    Arrow(u32, u32, u32),
    /// A text: left, top.
    Text(u32, u32, &'static MonoFont<'static>, &'a str),
}

/// Whether a pixel of a box, counted from its corner, lies within the corner's circle: its middle, in half pixels.
fn within_corner(x: u32, y: u32, radius: u32) -> bool {
    let far = |at: u32| if at < radius { 2 * (radius - at) - 1 } else { 0 };
    let (dx, dy) = (far(x), far(y));
    dx == 0 || dy == 0 || dx * dx + dy * dy < 4 * radius * radius
}

fn within_box(x: u32, y: u32, (left, top, width, height): (u32, u32, u32, u32)) -> Option<(u32, u32)> {
    let (x, y) = (x.checked_sub(left)?, y.checked_sub(top)?);
    (x < width && y < height).then_some((x, y))
}

impl Part<'_> {
    fn rows(&self) -> Range<u32> {
        match *self {
            Self::Round(_, top, _, height, _) => top..top + height,
            Self::Arrow(_, top, rows) => top..top + rows,
            Self::Text(_, top, font, _) => top..top + font.character_size.height,
        }
    }

    fn columns(&self) -> Range<u32> {
        match *self {
            Self::Round(left, _, width, _, _) => left..left + width,
            Self::Arrow(left, _, rows) => left..left + rows,
            Self::Text(left, _, font, text) => left..left + font.character_size.width * text.chars().count() as u32,
        }
    }

    fn covers(&self, x: u32, y: u32) -> bool {
        match *self {
            Self::Round(left, top, width, height, radius) => within_box(x, y, (left, top, width, height))
                .is_some_and(|(x, y)| within_corner(x.min(width - 1 - x), y.min(height - 1 - y), radius)),
            Self::Arrow(left, top, rows) => within_box(x, y, (left, top, rows, rows)).is_some_and(|(x, y)| x < arrow_width(y, rows)),
            Self::Text(left, top, font, text) => {
                let cell = font.character_size;
                let width = cell.width * text.chars().count() as u32;
                within_box(x, y, (left, top, width, cell.height)).is_some_and(|(x, y)| {
                    let letter = text.chars().nth((x / cell.width) as usize).unwrap_or(' ');
                    glyph(font, letter, x % cell.width, y)
                })
            }
        }
    }
}

/// Pixels of a row of an arrow: one at both ends, and in the middle almost as many as there are rows.
fn arrow_width(row: u32, rows: u32) -> u32 {
    1 + row.min(rows - 1 - row) * 12 / 7
}

/// A pixel of a letter, from the font's image: its cells stand in rows.
fn glyph(font: &MonoFont<'_>, letter: char, x: u32, y: u32) -> bool {
    let cell = font.character_size;
    let index = font.glyph_mapping.index(letter) as u32;
    let in_row = font.image.size().width / cell.width;
    let place = Point::new((index % in_row * cell.width + x) as i32, (index / in_row * cell.height + y) as i32);
    font.image.pixel(place) == Some(BinaryColor::On)
}

/// Every part of the picture with its colour, from below.
fn parts<'a>(view: &'a View, count: &'a str) -> Vec<(Part<'a>, u32)> {
    use Part::{Arrow, Round, Text};
    let right = |end: u32, text: &str| end - 6 * text.chars().count() as u32;
    let mut all = vec![
        (Round(0, 0, MINIPLAYER_WIDTH, MINIPLAYER_HEIGHT, MINIPLAYER_RADIUS), MINIPLAYER_COLOR_BACKGROUND),
        (
            Round(MINIPLAYER_CARD_X, MINIPLAYER_CARD_Y, MINIPLAYER_CARD_WIDTH, MINIPLAYER_CARD_HEIGHT, MINIPLAYER_CARD_RADIUS),
            MINIPLAYER_COLOR_CARD,
        ),
        (Text(MINIPLAYER_HEAD_X, MINIPLAYER_HEAD_Y, &FONT_6X10, "SESSIONS"), MINIPLAYER_COLOR_DIM),
        (Text(right(MINIPLAYER_HEAD_END, count), MINIPLAYER_HEAD_Y, &FONT_6X10, count), MINIPLAYER_COLOR_DIM),
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
        all.push((Text(MINIPLAYER_ROW_TEXT_X, top + 1, &FONT_6X10, &row.label), color));
    }
    let button = |color| {
        (Round(MINIPLAYER_BUTTON_X, MINIPLAYER_BUTTON_Y, MINIPLAYER_BUTTON_SIZE, MINIPLAYER_BUTTON_SIZE, MINIPLAYER_BUTTON_SIZE / 2), color)
    };
    let play = |color| (Arrow(MINIPLAYER_PLAY_X, MINIPLAYER_PLAY_Y, MINIPLAYER_PLAY_ROWS), color);
    match &view.current {
        None => {
            all.extend([button(MINIPLAYER_COLOR_TRACK), play(MINIPLAYER_COLOR_DIM)]);
            all.push((Text(MINIPLAYER_TITLE_X, MINIPLAYER_TITLE_Y, &FONT_7X13_BOLD, "nothing playing"), MINIPLAYER_COLOR_DIM));
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
                (Text(MINIPLAYER_TITLE_X, MINIPLAYER_TITLE_Y, &FONT_7X13_BOLD, &current.title), MINIPLAYER_COLOR_TEXT),
                (Text(MINIPLAYER_TITLE_X, MINIPLAYER_ARTIST_Y, &FONT_6X10, &current.artist), MINIPLAYER_COLOR_DIM),
                // MINIPLAYER-004
                (Round(MINIPLAYER_SEEK_X, MINIPLAYER_SEEK_Y, MINIPLAYER_SEEK_WIDTH, MINIPLAYER_BAR_HEIGHT, 0), MINIPLAYER_COLOR_TRACK),
                (
                    Round(MINIPLAYER_SEEK_X, MINIPLAYER_SEEK_Y, current.seek_fill.unwrap_or(0), MINIPLAYER_BAR_HEIGHT, 0),
                    MINIPLAYER_COLOR_ACCENT,
                ),
                (Text(MINIPLAYER_SEEK_X, MINIPLAYER_TIME_Y, &FONT_6X10, &current.elapsed), MINIPLAYER_COLOR_TEXT),
            ]);
            if let Some(total) = &current.total {
                let left = right(MINIPLAYER_SEEK_X + MINIPLAYER_SEEK_WIDTH, total);
                all.push((Text(left, MINIPLAYER_TIME_Y, &FONT_6X10, total), MINIPLAYER_COLOR_DIM));
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
                    (Text(MINIPLAYER_BADGE_X + 5, MINIPLAYER_BADGE_Y + 1, &FONT_6X10, "DUCKED"), MINIPLAYER_COLOR_BACKGROUND),
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
            (Text(MINIPLAYER_OFFER_X + 4, MINIPLAYER_OFFER_Y + 2, &FONT_6X10, "TAKE OVER"), MINIPLAYER_COLOR_BACKGROUND),
        ]);
    }
    all
}

/// MINIPLAYER-007, MINIPLAYER-008: loudspeaker, bar and text. The loudspeaker's columns widen; two more are its sound.
fn volume<'a>(current: &'a Current, all: &mut Vec<(Part<'a>, u32)>) {
    use Part::{Round, Text};
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
        (Text(MINIPLAYER_VOLUME_TEXT_X, MINIPLAYER_SPEAKER_Y, &FONT_6X10, &current.volume), color),
    ]);
}

/// The bytes of one row of a view's frame: blue, green, red and alpha of each pixel. What nothing covers is transparent.
pub fn row(view: &View, y: u32) -> Vec<u8> {
    let count = view.sessions.to_string();
    row_of(&parts(view, &count), y)
}

fn row_of(parts: &[(Part<'_>, u32)], y: u32) -> Vec<u8> {
    let mut row = vec![0_u32; MINIPLAYER_WIDTH as usize];
    for (part, color) in parts.iter().filter(|(part, _)| part.rows().contains(&y)) {
        // Later parts cover earlier ones.
        for x in part.columns().filter(|x| part.covers(*x, y)) {
            row[x as usize] = *color;
        }
    }
    row.into_iter().flat_map(u32::to_le_bytes).collect()
}

/// The bytes of a view's frame, row by row.
pub fn frame(view: &View) -> Vec<u8> {
    let count = view.sessions.to_string();
    let parts = parts(view, &count);
    (0..MINIPLAYER_HEIGHT).flat_map(|y| row_of(&parts, y)).collect()
}
