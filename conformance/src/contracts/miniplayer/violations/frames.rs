//! Machines that draw another frame.

use super::{Flaw, NONE, current, wrong};
use crate::suite::Violation;
use model::miniplayer::frame;
use spec::miniplayer::{
    MINIPLAYER_COLOR_BACKGROUND, MINIPLAYER_COLOR_DIM, MINIPLAYER_COLOR_TEXT, MINIPLAYER_HEIGHT, MINIPLAYER_WIDTH, Miniplayer, View,
};

/// Makes every pixel of a colour within a box another one.
fn repaint(mut bytes: Vec<u8>, (left, top, width, height): (u32, u32, u32, u32), from: u32, to: u32) -> Vec<u8> {
    for y in top..top + height {
        for x in left..left + width {
            let at = 4 * (y * MINIPLAYER_WIDTH + x) as usize;
            if bytes[at..at + 4] == from.to_le_bytes() {
                bytes[at..at + 4].copy_from_slice(&to.to_le_bytes());
            }
        }
    }
    bytes
}

const WHOLE: (u32, u32, u32, u32) = (0, 0, MINIPLAYER_WIDTH, MINIPLAYER_HEIGHT);

pub(super) fn of_frames() -> Vec<Violation<Miniplayer>> {
    flaws! {
        "MINIPLAYER-004", "draws the fill one pixel too long",
            draws: Some(|view, _| {
                let longer = |fill: u32| if fill > 0 { fill + 1 } else { 0 };
                frame(&current(view.clone(), |current| current.seek_fill = current.seek_fill.map(longer)))
            });
        "MINIPLAYER-009", "draws no badge",
            draws: Some(|view, _| frame(&current(view.clone(), |current| current.ducked = false)));
        "MINIPLAYER-012", "draws no button for an offer", draws: Some(|view, _| frame(&View { offer: None, ..view.clone() }));
        "MINIPLAYER-014", "writes red before blue",
            draws: Some(|view, _| frame(view).chunks_exact(4).flat_map(|pixel| [pixel[2], pixel[1], pixel[0], pixel[3]]).collect());
        "MINIPLAYER-014", "makes the corners opaque", draws: Some(|view, _| repaint(frame(view), WHOLE, 0, 0xff00_0000));
        "MINIPLAYER-014", "does not round the corners", draws: Some(|view, _| repaint(frame(view), WHOLE, 0, MINIPLAYER_COLOR_BACKGROUND));
        "MINIPLAYER-014", "blinks with every other step",
            draws: Some(|view, step| {
                let color = if step % 2 == 0 { MINIPLAYER_COLOR_TEXT } else { MINIPLAYER_COLOR_DIM };
                repaint(frame(view), WHOLE, MINIPLAYER_COLOR_TEXT, color)
            });
        "MINIPLAYER-014", "draws texts a pixel lower",
            draws: Some(|view, _| {
                let mut bytes = frame(view);
                bytes.rotate_right(4 * MINIPLAYER_WIDTH as usize);
                bytes
            });
        "MINIPLAYER-010", "does not show which row is selected",
            draws: Some(|view, _| {
                let mut view = view.clone();
                view.rows.iter_mut().for_each(|row| row.selected = false);
                frame(&view)
            });
        "MINIPLAYER-008", "draws a loudspeaker that is not muted",
            draws: Some(|view, _| frame(&current(view.clone(), |current| current.muted = false)));
    }
}
