//! One pixel over another, both of straight alpha.

/// Blends a source over what is on the canvas, correctly rounded (APNG-D5).
pub(super) fn over(source: [u8; 4], canvas: [u8; 4]) -> [u8; 4] {
    let ([_, _, _, above], [_, _, _, below]) = (source, canvas);
    if above == 0 {
        return canvas;
    }
    if above == u8::MAX || below == 0 {
        return source;
    }
    let (above, below) = (u32::from(above), u32::from(below));
    // Each is at most 255 x 255, so that nothing below leaves 32 bits.
    let u = above.wrapping_mul(255);
    let v = 255_u32.wrapping_sub(above).wrapping_mul(below);
    let w = u.wrapping_add(v).max(1);
    let mut mixed = [0; 4];
    for ((mixed, source), canvas) in mixed.iter_mut().zip(source).zip(canvas) {
        let sum = u32::from(source).wrapping_mul(u).wrapping_add(u32::from(canvas).wrapping_mul(v));
        let doubled = sum.wrapping_mul(2).wrapping_add(w);
        *mixed = doubled.checked_div(w.wrapping_mul(2)).unwrap_or(0) as u8;
    }
    let [blue, green, red, _] = mixed;
    [blue, green, red, (w.wrapping_mul(2).wrapping_add(255) / 510) as u8]
}
