//! The pictures under `pkg://fixtures/artwork/`, which this project draws by whole numbers (ARTWORK-D10).

use image::{ExtendedColorType, ImageEncoder, codecs::png};

/// Width and height of a fixture, in pixels.
const SIDE: u32 = 96;

/// Names of the fixtures.
pub const NAMES: [&str; 2] = ["dunes", "tide"];

/// The file of each fixture, with its name.
///
/// # Errors
/// What the encoder says.
pub fn files() -> Result<Vec<(&'static str, Vec<u8>)>, String> {
    NAMES.into_iter().map(|name| Ok((name, file(name)?))).collect()
}

/// The PNG file of the fixture of that name.
///
/// # Errors
/// What the encoder says.
pub fn file(name: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let encoder = png::PngEncoder::new_with_quality(&mut bytes, png::CompressionType::Best, png::FilterType::Up);
    encoder.write_image(&pixels(name), SIDE, SIDE, ExtendedColorType::Rgb8).map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// Its pixels: red, green, blue, from the left, from the top.
fn pixels(name: &str) -> Vec<u8> {
    let colour = if name == "tide" { tide } else { dunes };
    (0..SIDE * SIDE).flat_map(|place| colour((place % SIDE) as i32, (place / SIDE) as i32)).collect()
}

type Colour = [u8; 3];

/// The colour at `step` of `steps` between two.
fn between(from: Colour, to: Colour, step: i32, steps: i32) -> Colour {
    let mut mixed = from;
    for (channel, to) in mixed.iter_mut().zip(to) {
        let (from, to) = (i32::from(*channel), i32::from(to));
        *channel = (from + (to - from) * step.clamp(0, steps) / steps) as u8;
    }
    mixed
}

/// A wave of parabolas: 0 at the ends of each half, `height` in its middle, below 0 in every other one.
fn wave(x: i32, half: i32, height: i32) -> i32 {
    let (place, turn) = (x.rem_euclid(half), x.div_euclid(half) % 2);
    let arch = 4 * height * place * (half - place) / (half * half);
    if turn == 0 { arch } else { -arch }
}

fn disc(x: i32, y: i32, centre: (i32, i32), radius: i32) -> bool {
    let (dx, dy) = (x - centre.0, y - centre.1);
    dx * dx + dy * dy <= radius * radius
}

/// A moon over three waves.
fn tide(x: i32, y: i32) -> Colour {
    let bands = [(70 + wave(x + 12, 30, 5), [9, 32, 63]), (58 + wave(x + 40, 38, 5), [20, 66, 104]), (46 + wave(x, 46, 4), [54, 122, 150])];
    if let Some((_, colour)) = bands.into_iter().find(|(edge, _)| y >= *edge) {
        return colour;
    }
    if disc(x, y, (66, 24), 12) { [247, 240, 214] } else { between([30, 41, 92], [171, 140, 178], y / 4 * 4, 48) }
}

/// A sun behind two dunes, the nearer one half in the shade.
fn dunes(x: i32, y: i32) -> Colour {
    let (near, far) = (62 + wave(x + 20, 64, 12), 52 + wave(x + 58, 52, 8));
    if y >= near {
        let shade = (y - near) > (x - 20) / 2;
        return if shade { [140, 66, 40] } else { [214, 122, 62] };
    }
    if y >= far {
        return [232, 160, 96];
    }
    if disc(x, y, (30, 34), 14) { [255, 236, 170] } else { between([247, 178, 140], [255, 222, 190], y / 4 * 4, 56) }
}

#[cfg(test)]
mod tests {
    use super::{NAMES, SIDE, file, pixels, wave};

    #[test]
    fn a_file_is_its_pixels() {
        for name in NAMES {
            let bytes = file(name).expect("it is encoded");
            assert_eq!(bytes, file(name).expect("it is encoded"), "{name} is another file each time");
            let picture = image::load_from_memory(&bytes).expect("it is a picture").into_rgb8();
            assert_eq!((picture.width(), picture.height()), (SIDE, SIDE));
            assert_eq!(picture.into_raw(), pixels(name));
        }
    }

    #[test]
    fn waves_are_even() {
        for x in -100..100 {
            assert_eq!(wave(x, 30, 5), -wave(x + 30, 30, 5));
            assert!(wave(x, 46, 4).abs() <= 4);
        }
    }
}
