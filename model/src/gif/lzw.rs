//! LZW as GIF has it: the table is a list of strings, each of which stands in what was already written.

use spec::gif::GIF_CODE_BITS_MAX;
use std::ops::Range;

/// The first `count` indices of the data; nothing where they can't be had.
pub(super) fn indices(data: &[u8], size: u8, count: usize) -> Option<Vec<u8>> {
    let clear = 1_usize << size;
    let mut out: Vec<u8> = Vec::new();
    // The strings of the codes behind the end code. Those before it are the indices, each alone.
    let mut strings: Vec<Range<usize>> = Vec::new();
    let mut width = u32::from(size) + 1;
    let mut before: Option<Range<usize>> = None;
    let mut bit = 0;
    while out.len() < count {
        let code = code(data, bit, width)?;
        bit += width as usize;
        if code == clear {
            strings.clear();
            width = u32::from(size) + 1;
            before = None;
            continue;
        }
        let next = clear + 2 + strings.len();
        let has_room = next < 1 << GIF_CODE_BITS_MAX;
        let string = match &before {
            _ if code < clear => vec![code as u8],
            // The string that is just being made: the one before and its own first index.
            Some(before) if code == next && has_room => [&out[before.clone()], &out[before.start..=before.start]].concat(),
            _ => out[strings.get(code.checked_sub(clear + 2)?)?.clone()].to_vec(),
        };
        if let Some(before) = before
            && has_room
        {
            // The string before and the first index of this one, which is written right behind it.
            strings.push(before.start..before.end + 1);
            if next + 1 == 1 << width && width < u32::from(GIF_CODE_BITS_MAX) {
                width += 1;
            }
        }
        before = Some(out.len()..out.len() + string.len());
        out.extend(string);
    }
    out.truncate(count);
    Some(out)
}

/// The code of that many bits from a bit on, the lowest first; nothing where they are not all there.
fn code(data: &[u8], bit: usize, width: u32) -> Option<usize> {
    (0..width as usize).try_fold(0, |code, place| {
        let byte = data.get((bit + place) / 8)?;
        Some(code | usize::from(byte >> ((bit + place) % 8) & 1) << place)
    })
}
