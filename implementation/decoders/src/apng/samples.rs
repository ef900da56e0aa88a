//! From samples to pixels.

use super::rows::{PASSES, Pass, WHOLE};

/// What samples mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Color {
    Grey,
    Rgb,
    Palette,
    GreyAlpha,
    Rgba,
}

/// How the pixels of a stream are written.
#[derive(Debug)]
pub(super) struct Form {
    pub width: u32,
    pub height: u32,
    depth: u8,
    color: Color,
    pub interlaced: bool,
    /// Entries of the palette, once there is one.
    entries: usize,
    colours: [[u8; 4]; 256],
    /// Whether tRNS was there.
    told: bool,
    /// The samples that are transparent, of which grey uses the first.
    transparent: Option<[u16; 3]>,
}

impl Form {
    /// Nothing where colour type and bit depth don't belong together.
    pub fn new(width: u32, height: u32, depth: u8, color: u8, interlaced: bool) -> Option<Self> {
        let color = match (color, depth) {
            (0, 1 | 2 | 4 | 8 | 16) => Color::Grey,
            (2, 8 | 16) => Color::Rgb,
            (3, 1 | 2 | 4 | 8) => Color::Palette,
            (4, 8 | 16) => Color::GreyAlpha,
            (6, 8 | 16) => Color::Rgba,
            _ => return None,
        };
        let colours = [[0, 0, 0, u8::MAX]; 256];
        Some(Self { width, height, depth, color, interlaced, entries: 0, colours, told: false, transparent: None })
    }

    pub fn lacks_palette(&self) -> bool {
        self.color == Color::Palette && self.entries == 0
    }

    pub fn set_palette(&mut self, content: &[u8]) -> Result<(), &'static str> {
        if self.entries > 0 {
            return Err("the palette comes twice");
        }
        let most = match self.color {
            Color::Grey | Color::GreyAlpha => return Err("a grey picture has a palette"),
            Color::Palette => 1_usize.wrapping_shl(self.depth.into()),
            Color::Rgb | Color::Rgba => 256,
        };
        let (entries, rest) = content.as_chunks::<3>();
        if !rest.is_empty() || entries.is_empty() || entries.len() > most {
            return Err("the palette has no whole entries, none at all, or more than the depth can name");
        }
        for (colour, [red, green, blue]) in self.colours.iter_mut().zip(entries) {
            *colour = [*blue, *green, *red, u8::MAX];
        }
        self.entries = entries.len();
        Ok(())
    }

    pub fn set_transparent(&mut self, content: &[u8]) -> Result<(), &'static str> {
        let wrong = "tRNS is not as long as the colour type asks for";
        if self.told {
            return Err("tRNS comes twice");
        }
        let (samples, _) = content.as_chunks::<2>();
        match (self.color, samples) {
            (Color::Grey, [sample]) if content.len() == 2 => {
                let sample = u16::from_be_bytes(*sample);
                self.transparent = Some([sample; 3]);
            }
            (Color::Rgb, [red, green, blue]) if content.len() == 6 => {
                self.transparent = Some([*red, *green, *blue].map(u16::from_be_bytes));
            }
            (Color::Palette, _) if !content.is_empty() && content.len() <= self.entries => {
                for ([_, _, _, own], alpha) in self.colours.iter_mut().zip(content) {
                    *own = *alpha;
                }
            }
            (Color::GreyAlpha | Color::Rgba, _) => return Err("tRNS stands in a picture with alpha"),
            _ => return Err(wrong),
        }
        self.told = true;
        Ok(())
    }

    /// Bits of a pixel.
    pub fn bits(&self) -> u32 {
        let channels = match self.color {
            Color::Grey | Color::Palette => 1,
            Color::GreyAlpha => 2,
            Color::Rgb => 3,
            Color::Rgba => 4_u32,
        };
        channels.saturating_mul(self.depth.into())
    }

    /// Bytes of a row of so many pixels.
    pub fn row_bytes(&self, pixels: u32) -> u64 {
        u64::from(pixels).saturating_mul(self.bits().into()).div_ceil(8)
    }

    pub const fn passes(&self) -> &'static [Pass] {
        if self.interlaced { &PASSES } else { &WHOLE }
    }

    /// Bytes of all rows, each with its filter.
    pub fn filtered_bytes(&self, width: u32, height: u32) -> u64 {
        let bytes = |pass: &Pass| {
            let (columns, rows) = pass.size(width, height);
            let row = if columns == 0 { 0 } else { self.row_bytes(columns).saturating_add(1) };
            row.saturating_mul(rows.into())
        };
        self.passes().iter().map(bytes).fold(0, u64::saturating_add)
    }

    /// The pixels of a row.
    pub fn convert(&self, row: &[u8], out: &mut [[u8; 4]]) {
        match (self.color, self.depth) {
            (Color::Palette | Color::Grey, 1 | 2 | 4) => self.unpack(row, out),
            (Color::Palette, _) => out.iter_mut().zip(row).for_each(|(pixel, index)| *pixel = self.colour(*index)),
            (Color::Grey, 8) => {
                let keyed = |grey: u8| if self.transparent == Some([grey.into(); 3]) { 0 } else { u8::MAX };
                out.iter_mut().zip(row).for_each(|(pixel, grey)| *pixel = [*grey, *grey, *grey, keyed(*grey)]);
            }
            (Color::GreyAlpha, 8) => {
                let pairs = row.as_chunks().0;
                out.iter_mut().zip(pairs).for_each(|(pixel, [grey, alpha])| *pixel = [*grey, *grey, *grey, *alpha]);
            }
            (Color::Rgb, 8) if self.transparent.is_none() => {
                let rgb = row.as_chunks().0;
                out.iter_mut().zip(rgb).for_each(|(pixel, [red, green, blue])| *pixel = [*blue, *green, *red, u8::MAX]);
            }
            (Color::Rgb, 8) => {
                for (pixel, [red, green, blue]) in out.iter_mut().zip(row.as_chunks().0) {
                    let keyed = self.transparent == Some([*red, *green, *blue].map(u16::from));
                    *pixel = [*blue, *green, *red, if keyed { 0 } else { u8::MAX }];
                }
            }
            (Color::Rgba, 8) => {
                let rgba = row.as_chunks().0;
                out.iter_mut().zip(rgba).for_each(|(pixel, [red, green, blue, alpha])| *pixel = [*blue, *green, *red, *alpha]);
            }
            _ => self.convert_wide(row, out),
        }
    }

    /// The pixels of a row of 16-bit samples.
    fn convert_wide(&self, row: &[u8], out: &mut [[u8; 4]]) {
        let (samples, _) = row.as_chunks::<2>();
        let value = |bytes: &[u8; 2]| u16::from_be_bytes(*bytes);
        let keyed = |samples: [u16; 3]| if self.transparent == Some(samples) { 0 } else { u8::MAX };
        match self.color {
            Color::Grey | Color::Palette => {
                for (pixel, grey) in out.iter_mut().zip(samples) {
                    let (wide, grey) = (value(grey), narrow(value(grey)));
                    *pixel = [grey, grey, grey, keyed([wide; 3])];
                }
            }
            Color::GreyAlpha => {
                for (pixel, [grey, alpha]) in out.iter_mut().zip(samples.as_chunks().0) {
                    let grey = narrow(value(grey));
                    *pixel = [grey, grey, grey, narrow(value(alpha))];
                }
            }
            Color::Rgb => {
                for (pixel, rgb) in out.iter_mut().zip(samples.as_chunks::<3>().0) {
                    let wide = rgb.map(u16::from_be_bytes);
                    let [red, green, blue] = wide.map(narrow);
                    *pixel = [blue, green, red, keyed(wide)];
                }
            }
            Color::Rgba => {
                for (pixel, rgba) in out.iter_mut().zip(samples.as_chunks::<4>().0) {
                    let [red, green, blue, alpha] = rgba.map(|bytes| narrow(u16::from_be_bytes(bytes)));
                    *pixel = [blue, green, red, alpha];
                }
            }
        }
    }

    /// The pixels of a row of less than eight bits each.
    fn unpack(&self, row: &[u8], out: &mut [[u8; 4]]) {
        let (depth, each) = (u32::from(self.depth), usize::from(8_u8.checked_div(self.depth).unwrap_or(8)));
        let most = 1_u8.wrapping_shl(depth).wrapping_sub(1);
        let scale = 255_u8.checked_div(most).unwrap_or(1);
        for (pixels, byte) in out.chunks_mut(each.max(1)).zip(row) {
            let mut rest = *byte;
            for pixel in pixels {
                rest = rest.rotate_left(depth);
                let sample = rest & most;
                *pixel = if self.color == Color::Palette {
                    self.colour(sample)
                } else {
                    let grey = sample.wrapping_mul(scale);
                    [grey, grey, grey, if self.transparent == Some([sample.into(); 3]) { 0 } else { u8::MAX }]
                };
            }
        }
    }

    fn colour(&self, index: u8) -> [u8; 4] {
        // Every index has a colour, so that the lookup falls back on none.
        self.colours.get(usize::from(index)).copied().unwrap_or_default()
    }
}

/// A 16-bit sample as eight bits, correctly rounded (APNG-D4).
const fn narrow(sample: u16) -> u8 {
    // At most 65,535 x 255 + 32,767, which 32 bits hold.
    ((sample as u32).wrapping_mul(255).wrapping_add(32_767) / 65_535) as u8
}
