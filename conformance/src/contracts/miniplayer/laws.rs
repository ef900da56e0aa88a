//! Statements about every right machine of the contract `miniplayer`.

use super::alone;
use crate::suite::{Held, Law};
use spec::miniplayer::{
    Action, Bytes, Class, Config, Glyph, Key, MINIPLAYER_BADGE_HEIGHT, MINIPLAYER_BADGE_WIDTH, MINIPLAYER_BADGE_X, MINIPLAYER_BADGE_Y,
    MINIPLAYER_BAR_HEIGHT, MINIPLAYER_COLOR_ACCENT, MINIPLAYER_COLOR_DUCKED, MINIPLAYER_HEIGHT, MINIPLAYER_SEEK_WIDTH, MINIPLAYER_SEEK_X,
    MINIPLAYER_SEEK_Y, MINIPLAYER_VOLUME_MAX, MINIPLAYER_VOLUME_MIN, Miniplayer, Obs, Op, Session, State,
};
use spec::{Case, Entropy, Failure, Machine, entropy};

pub(super) fn laws() -> Vec<Law<Miniplayer>> {
    vec![
        Law { name: "the_same_view_is_the_same_frame", requirements: &["MINIPLAYER-014"], draw: draw_pair, holds: same_view_same_frame },
        Law { name: "ducked_is_shown_exactly_where_it_is", requirements: &["MINIPLAYER-009"], draw: draw_badge, holds: badge_shows_ducks },
        Law { name: "the_fill_ends_where_the_view_says", requirements: &["MINIPLAYER-004"], draw: draw_bar, holds: fill_ends },
        Law {
            name: "the_button_shows_what_its_key_asks_for",
            requirements: &["MINIPLAYER-003"],
            draw: draw_toggle,
            holds: button_means_key,
        },
    ]
}

fn case(ops: Vec<Op>) -> Case<Miniplayer> {
    Case { config: Config {}, ops }
}

fn draw_session(source: &mut dyn Entropy) -> Session {
    let duration = if source.one_in(6) { None } else { Some(source.below(400_000)) };
    Session {
        sid: 1,
        app: "nx:music".to_owned(),
        class: entropy::pick(source, Class::ALL),
        title: entropy::pick(source, ["", "So What", "A title that is too long for its place"]).to_owned(),
        artist: entropy::pick(source, ["", "Miles Davis"]).to_owned(),
        playing: source.one_in(2),
        position_ms: source.below(420_000),
        duration_ms: duration,
        app_volume_db: source.between(MINIPLAYER_VOLUME_MIN.into(), MINIPLAYER_VOLUME_MAX.into()) as i32,
        app_muted: source.one_in(4),
        muted: source.one_in(4),
        ducked: source.one_in(2),
    }
}

/// Two states that differ in something that often makes no difference to what is seen.
fn draw_pair(source: &mut dyn Entropy) -> Case<Miniplayer> {
    let first = draw_session(source);
    let mut second = first.clone();
    match source.below(5) {
        0 => second.class = entropy::pick(source, Class::ALL),
        1 => second.position_ms += 1,
        2 => second.app = "nx:radio".to_owned(),
        3 => (second.app_muted, second.muted) = (second.muted, second.app_muted),
        _ => second.app_volume_db = (second.app_volume_db + 1).min(MINIPLAYER_VOLUME_MAX),
    }
    case(vec![Op::Show(alone(first)), Op::Draw, Op::Show(alone(second)), Op::Draw])
}

fn same_view_same_frame(machine: &mut dyn Machine<Miniplayer>, drawn: &Case<Miniplayer>) -> Result<Held, Failure> {
    let trace = machine.run_case(drawn)?;
    let [Obs::View(first), Obs::Frame(one), Obs::View(second), Obs::Frame(two)] = trace.obs.as_slice() else {
        return Ok(Held::No(format!("the answers are no views and frames: {:?}", trace.obs)));
    };
    if first != second {
        return Ok(Held::NotApplicable);
    }
    Ok(if one == two { Held::Yes(1) } else { Held::No(format!("one view gives the frames {one:?} and {two:?}")) })
}

/// Pixels of a row that have a colour, within these columns.
fn columns(line: &Bytes, color: u32, from: u32, width: u32) -> Vec<u32> {
    let pixels = line.0.chunks_exact(4).map(|pixel| u32::from_le_bytes([pixel[0], pixel[1], pixel[2], pixel[3]]));
    pixels.zip(0..).skip(from as usize).take(width as usize).filter(|(pixel, _)| *pixel == color).map(|(_, x)| x).collect()
}

fn draw_badge(source: &mut dyn Entropy) -> Case<Miniplayer> {
    let rows = MINIPLAYER_BADGE_Y..MINIPLAYER_BADGE_Y + MINIPLAYER_BADGE_HEIGHT;
    case([Op::Show(alone(draw_session(source)))].into_iter().chain(rows.map(Op::Line)).collect())
}

fn badge_shows_ducks(machine: &mut dyn Machine<Miniplayer>, drawn: &Case<Miniplayer>) -> Result<Held, Failure> {
    let trace = machine.run_case(drawn)?;
    let Some((Op::Show(State { sessions, .. }), lines)) = drawn.ops.split_first() else { return Ok(Held::NotApplicable) };
    let ducked = sessions.iter().any(|session| session.ducked);
    for (op, obs) in lines.iter().zip(trace.obs.iter().skip(1)) {
        let Obs::Line(line) = obs else { return Ok(Held::No(format!("{op:?} gives {obs:?}"))) };
        let shown = !columns(line, MINIPLAYER_COLOR_DUCKED, MINIPLAYER_BADGE_X, MINIPLAYER_BADGE_WIDTH).is_empty();
        if shown != ducked {
            return Ok(Held::No(format!("{op:?}: the badge is {}there, and ducked is {ducked}", if shown { "" } else { "not " })));
        }
    }
    Ok(Held::Yes(lines.len() as u64))
}

fn draw_bar(source: &mut dyn Entropy) -> Case<Miniplayer> {
    let rows = MINIPLAYER_SEEK_Y.saturating_sub(1)..=MINIPLAYER_SEEK_Y + MINIPLAYER_BAR_HEIGHT;
    case([Op::Show(alone(draw_session(source)))].into_iter().chain(rows.map(Op::Line)).collect())
}

/// In the bar's rows the accent is in the columns of the fill and in no other; above and below it there is none.
fn fill_ends(machine: &mut dyn Machine<Miniplayer>, drawn: &Case<Miniplayer>) -> Result<Held, Failure> {
    let trace = machine.run_case(drawn)?;
    let Some((Obs::View(view), lines)) = trace.obs.split_first() else { return Ok(Held::No("nothing is shown".to_owned())) };
    let fill = view.current.as_ref().and_then(|current| current.seek_fill).unwrap_or(0);
    // The list's own accents lie to the right of the bar and its surroundings.
    let width = MINIPLAYER_SEEK_X + MINIPLAYER_SEEK_WIDTH + MINIPLAYER_SEEK_X;
    for (op, obs) in drawn.ops.iter().skip(1).zip(lines) {
        let (Op::Line(row), Obs::Line(line)) = (op, obs) else { return Ok(Held::No(format!("{op:?} gives {obs:?}"))) };
        let of_bar = (MINIPLAYER_SEEK_Y..MINIPLAYER_SEEK_Y + MINIPLAYER_BAR_HEIGHT).contains(row);
        let right: Vec<u32> = (MINIPLAYER_SEEK_X..MINIPLAYER_SEEK_X + if of_bar { fill } else { 0 }).collect();
        let got = columns(line, MINIPLAYER_COLOR_ACCENT, 0, width);
        if got != right || *row >= MINIPLAYER_HEIGHT {
            return Ok(Held::No(format!("row {row}: a fill of {fill} pixels is drawn at {:?} to {:?}", got.first(), got.last())));
        }
    }
    Ok(Held::Yes(lines.len() as u64))
}

fn draw_toggle(source: &mut dyn Entropy) -> Case<Miniplayer> {
    case(vec![Op::Show(alone(draw_session(source))), Op::Key(Key::Toggle)])
}

fn button_means_key(machine: &mut dyn Machine<Miniplayer>, drawn: &Case<Miniplayer>) -> Result<Held, Failure> {
    let trace = machine.run_case(drawn)?;
    let [Obs::View(view), Obs::Action(Some(action))] = trace.obs.as_slice() else {
        return Ok(Held::No(format!("the answers are no view and no action: {:?}", trace.obs)));
    };
    let glyph = view.current.as_ref().map(|current| current.glyph);
    let right = matches!((glyph, action), (Some(Glyph::Play), Action::Play(_)) | (Some(Glyph::Pause), Action::Pause(_)));
    Ok(if right { Held::Yes(1) } else { Held::No(format!("the button shows {glyph:?}, and its key asks for {action:?}")) })
}
