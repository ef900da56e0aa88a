//! Wrong curves, and what is not symmetric.

use super::violation;
use crate::contracts::mixer::clip;
use crate::contracts::mixer::wrong::{RIGHT, Rules, wrong};
use crate::suite::Violation;
use spec::mixer::{CLIP_SOFT_KNEE, CLIP_SOFT_SPAN, Curve, Mixer};

/// The soft curve with one part of it replaced: the bend of so much above the knee.
fn soft(y: i64, knee: i64, bend: fn(i64) -> i64) -> i16 {
    let above = y.abs() - knee;
    let magnitude = if above <= 0 { y.abs() } else { knee + bend(above) };
    (y.signum() * magnitude) as i16
}

const KNEE: i64 = CLIP_SOFT_KNEE as i64;
const SPAN: i64 = CLIP_SOFT_SPAN as i64;

/// A machine whose curve of that name is `clip`.
macro_rules! clipping {
    ($curve:ident, $clip:expr) => {
        || {
            let clip: fn(Curve, i64) -> i16 = |curve, y| {
                let wrong: fn(i64) -> i16 = $clip;
                if curve == Curve::$curve { wrong(y) } else { clip(curve, y) }
            };
            wrong(Rules { clip, ..RIGHT })
        }
    };
}

pub fn curves() -> Vec<Violation<Mixer>> {
    vec![
        violation("MIXER-006", "saturates at -32,767", clipping!(Saturate, |y| y.clamp(-32_767, 32_767) as i16)),
        violation("MIXER-006", "wraps around", clipping!(Saturate, |y| y as i16)),
        violation("MIXER-006", "bends where it should saturate", clipping!(Saturate, |y| clip(Curve::Soft, y))),
        violation("MIXER-007", "saturates where it should bend", clipping!(Soft, |y| clip(Curve::Saturate, y))),
        violation(
            "MIXER-007",
            "has its knee one higher",
            clipping!(Soft, |y| soft(y, KNEE + 1, |above| above.min(SPAN) - (above.min(SPAN).pow(2) + 16_384) / 32_768)),
        ),
        violation(
            "MIXER-007",
            "does not round the bend",
            clipping!(Soft, |y| soft(y, KNEE, |above| above.min(SPAN) - above.min(SPAN).pow(2) / 32_768)),
        ),
        violation(
            "MIXER-007",
            "goes on with the parabola beyond the rail",
            clipping!(Soft, |y| soft(y, KNEE, |above| above - (above * above + 16_384) / 32_768)),
        ),
        violation(
            "MIXER-007",
            "bends twice as far",
            clipping!(Soft, |y| soft(y, KNEE, |above| above.min(SPAN / 2) - above.min(SPAN / 2).pow(2) / 16_384)),
        ),
    ]
}

/// Seen only by laws, or with negative or great sums.
pub fn symmetry() -> Vec<Violation<Mixer>> {
    vec![
        violation(
            "MIXER-013",
            "lets the soft curve go down to -32,768",
            clipping!(Soft, |y| { if y <= -KNEE - SPAN { i16::MIN } else { clip(Curve::Soft, y) } }),
        ),
        violation(
            "MIXER-013",
            "rounds the bend of negative sums down",
            clipping!(Soft, |y| {
                let above = (-y - KNEE).clamp(0, SPAN);
                if y < 0 && above > 0 { (-KNEE - above - ((-above * above - 16_384) >> 15)) as i16 } else { clip(Curve::Soft, y) }
            }),
        ),
        violation("MIXER-012", "sums in 32-bit floating point", || {
            wrong(Rules {
                sample: |rules, _, products, level, curve| {
                    let sum = products.iter().fold(0.0, |sum: f32, product| sum + *product as f32 / 65_536.0);
                    rules.clipped((sum * level as f32 / 65_536.0).round() as i64, curve)
                },
                ..RIGHT
            })
        }),
    ]
}
