//! LZW as GIF has it: the table is a list of strings.

use spec::gif::GIF_CODE_BITS_MAX;

/// The first `count` indices of the data; nothing where they can't be had.
pub(super) fn indices(data: &[u8], size: u8, count: usize) -> Option<Vec<u8>> {
    let clear = 1_usize << size;
    let mut out: Vec<u8> = Vec::new();
    let mut strings = first_strings(clear);
    let mut width = u32::from(size) + 1;
    let mut before: Option<Vec<u8>> = None;
    let mut bit = 0;
    while out.len() < count {
        let code = code(data, bit, width)?;
        bit += width as usize;
        if code == clear {
            strings = first_strings(clear);
            width = u32::from(size) + 1;
            before = None;
            continue;
        }
        if code == clear + 1 {
            return None;
        }
        let string = match (strings.get(code), &before) {
            (Some(string), _) => string.clone(),
            // The string that is just being made: the one before and its own first index.
            (None, Some(before)) if code == strings.len() && strings.len() < 1 << GIF_CODE_BITS_MAX => [&before[..], &before[..1]].concat(),
            _ => return None,
        };
        if let Some(before) = before
            && strings.len() < 1 << GIF_CODE_BITS_MAX
        {
            strings.push([&before[..], &string[..1]].concat());
            if strings.len() == 1 << width && width < u32::from(GIF_CODE_BITS_MAX) {
                width += 1;
            }
        }
        out.extend(&string);
        before = Some(string);
    }
    out.truncate(count);
    Some(out)
}

/// Every index alone, and two empty strings in the places of the clear and the end code.
fn first_strings(clear: usize) -> Vec<Vec<u8>> {
    (0..clear).map(|index| vec![index as u8]).chain([Vec::new(), Vec::new()]).collect()
}

/// The code of that many bits from a bit on, the lowest first; nothing where they are not all there.
fn code(data: &[u8], bit: usize, width: u32) -> Option<usize> {
    (0..width as usize).try_fold(0, |code, place| {
        let byte = data.get((bit + place) / 8)?;
        Some(code | usize::from(byte >> ((bit + place) % 8) & 1) << place)
    })
}
