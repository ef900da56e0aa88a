//! Colours with SSE2, which every processor of this architecture has.

use safe_arch::{
    add_i16_m128i, add_i32_m128i, m128i, mul_i16_horizontal_add_m128i, mul_i16_keep_high_m128i, pack_i16_to_u8_m128i,
    pack_i32_to_i16_m128i, set_splat_i8_m128i, set_splat_i16_m128i, set_splat_i32_m128i, shr_imm_i16_m128i, shr_imm_i32_m128i,
    sub_i16_m128i, unpack_high_i8_m128i, unpack_high_i16_m128i, unpack_low_i8_m128i, unpack_low_i16_m128i,
};
use spec::mjpeg::{MJPEG_BLUE_FROM_CB, MJPEG_GREEN_FROM_CB, MJPEG_GREEN_FROM_CR, MJPEG_RED_FROM_CR};

/// Pixels of one step.
const WIDTH: usize = 16;

/// Factors without the whole numbers nearest to them, so that they fit sixteen bits: what is left of 1.402, 1.772 and 0.71414.
const RED: i16 = (MJPEG_RED_FROM_CR - (1 << 16)) as i16;
const BLUE: i16 = (MJPEG_BLUE_FROM_CB - (2 << 16)) as i16;
const GREEN: [i16; 2] = [-MJPEG_GREEN_FROM_CB as i16, ((1 << 16) - MJPEG_GREEN_FROM_CR) as i16];

/// Eight products with a factor of 2^-16, rounded.
#[inline(always)]
fn scaled(values: m128i, factor: i16) -> m128i {
    // The upper halves of doubled products have one bit more than is asked for, which rounds: floor((floor(2 x) + 1) / 2).
    let doubled = mul_i16_keep_high_m128i(add_i16_m128i(values, values), set_splat_i16_m128i(factor));
    shr_imm_i16_m128i::<1>(add_i16_m128i(doubled, set_splat_i16_m128i(1)))
}

/// Red, green and blue of eight pixels, of luma and of chroma that has 128 taken away.
#[inline(always)]
fn eight(luma: m128i, b: m128i, r: m128i) -> [m128i; 3] {
    let red = add_i16_m128i(add_i16_m128i(luma, r), scaled(r, RED));
    let blue = add_i16_m128i(add_i16_m128i(luma, add_i16_m128i(b, b)), scaled(b, BLUE));
    let [of_b, of_r] = GREEN;
    let factors = m128i::from([of_b, of_r, of_b, of_r, of_b, of_r, of_b, of_r]);
    let four = |pairs| {
        let products = mul_i16_horizontal_add_m128i(pairs, factors);
        shr_imm_i32_m128i::<16>(add_i32_m128i(products, set_splat_i32_m128i(1 << 15)))
    };
    let taken = pack_i32_to_i16_m128i(four(unpack_low_i16_m128i(b, r)), four(unpack_high_i16_m128i(b, r)));
    [red, add_i16_m128i(sub_i16_m128i(luma, r), taken), blue]
}

/// Paints whole steps, and gives how many pixels these are.
pub(super) fn ycbcr(luma: &[u8], cb: &[u8], cr: &[u8], out: &mut [u8]) -> usize {
    let (zero, middle) = (m128i::default(), set_splat_i16_m128i(128));
    let (targets, _) = out.as_chunks_mut::<{ 4 * WIDTH }>();
    let samples = luma.as_chunks::<WIDTH>().0.iter().zip(cb.as_chunks::<WIDTH>().0.iter().zip(cr.as_chunks::<WIDTH>().0));
    let mut done = 0_usize;
    for (target, (luma, (cb, cr))) in targets.iter_mut().zip(samples) {
        let (luma, cb, cr) = (m128i::from(*luma), m128i::from(*cb), m128i::from(*cr));
        let low = |bytes| unpack_low_i8_m128i(bytes, zero);
        let high = |bytes| unpack_high_i8_m128i(bytes, zero);
        let chroma = |samples| sub_i16_m128i(samples, middle);
        let [r0, g0, b0] = eight(low(luma), chroma(low(cb)), chroma(low(cr)));
        let [r1, g1, b1] = eight(high(luma), chroma(high(cb)), chroma(high(cr)));
        let (red, green, blue) = (pack_i16_to_u8_m128i(r0, r1), pack_i16_to_u8_m128i(g0, g1), pack_i16_to_u8_m128i(b0, b1));
        let opaque = set_splat_i8_m128i(-1);
        let (bg0, bg1) = (unpack_low_i8_m128i(blue, green), unpack_high_i8_m128i(blue, green));
        let (ra0, ra1) = (unpack_low_i8_m128i(red, opaque), unpack_high_i8_m128i(red, opaque));
        let pixels = [
            unpack_low_i16_m128i(bg0, ra0),
            unpack_high_i16_m128i(bg0, ra0),
            unpack_low_i16_m128i(bg1, ra1),
            unpack_high_i16_m128i(bg1, ra1),
        ];
        for (four, pixels) in target.as_chunks_mut::<16>().0.iter_mut().zip(pixels) {
            *four = pixels.into();
        }
        done = done.wrapping_add(WIDTH);
    }
    done
}
