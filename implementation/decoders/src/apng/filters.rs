//! Undoing the filters of rows, in place.

/// Undoes the filter of a row whose pixels are `N` bytes behind each other, or says that there is no such filter. Above the first row of a
/// pass are zeros, which an empty slice stands for.
pub(super) fn undo<const N: usize>(filter: u8, row: &mut [u8], above: &[u8]) -> Result<(), &'static str> {
    match (filter, above.is_empty()) {
        (0, _) | (2, true) => {}
        (1, _) | (4, true) => sub::<N>(row),
        (2, false) => row.iter_mut().zip(above).for_each(|(byte, up)| *byte = byte.wrapping_add(*up)),
        (3, true) => average_of_left::<N>(row),
        (3, false) => average::<N>(row, above),
        (4, false) => paeth::<N>(row, above),
        _ => return Err("a row's filter is above 4"),
    }
    Ok(())
}

fn sub<const N: usize>(row: &mut [u8]) {
    let mut left = [0_u8; N];
    for pixel in row.as_chunks_mut::<N>().0 {
        pixel.iter_mut().zip(left).for_each(|(byte, left)| *byte = byte.wrapping_add(left));
        left = *pixel;
    }
}

fn average_of_left<const N: usize>(row: &mut [u8]) {
    let mut left = [0_u8; N];
    for pixel in row.as_chunks_mut::<N>().0 {
        pixel.iter_mut().zip(left).for_each(|(byte, left)| *byte = byte.wrapping_add(left >> 1));
        left = *pixel;
    }
}

fn average<const N: usize>(row: &mut [u8], above: &[u8]) {
    let mut left = [0_u8; N];
    for (pixel, up) in row.as_chunks_mut::<N>().0.iter_mut().zip(above.as_chunks::<N>().0) {
        // Floor of half the sum, without its ninth bit.
        let half = |left: u8, up: u8| (left & up).wrapping_add((left ^ up) >> 1);
        pixel.iter_mut().zip(left.iter().zip(up)).for_each(|(byte, (left, up))| *byte = byte.wrapping_add(half(*left, *up)));
        left = *pixel;
    }
}

fn paeth<const N: usize>(row: &mut [u8], above: &[u8]) {
    let (mut left, mut corner) = ([0_u8; N], [0_u8; N]);
    for (pixel, up) in row.as_chunks_mut::<N>().0.iter_mut().zip(above.as_chunks::<N>().0) {
        for ((byte, left), (up, corner)) in pixel.iter_mut().zip(left).zip(up.iter().zip(corner)) {
            *byte = byte.wrapping_add(nearest(left, *up, corner));
        }
        (left, corner) = (*pixel, *up);
    }
}

/// The one of three neighbours that is nearest to left plus up less corner; the first of those that are as near.
fn nearest(left: u8, up: u8, corner: u8) -> u8 {
    let (by_up, by_left) = (i16::from(up).wrapping_sub(corner.into()), i16::from(left).wrapping_sub(corner.into()));
    let (of_left, of_up, of_corner) = (by_up.abs(), by_left.abs(), by_up.wrapping_add(by_left).abs());
    if of_left <= of_up && of_left <= of_corner {
        left
    } else if of_up <= of_corner {
        up
    } else {
        corner
    }
}
