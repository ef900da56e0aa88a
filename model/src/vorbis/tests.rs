use super::numbers::{arctangent, cosine, exponential};
use super::transform::{dct_iv, slope};

/// The transform by its definition, in the precision of an `f64`.
fn direct(x: &[f32]) -> Vec<f64> {
    let size = x.len() as f64;
    let angle = |n: usize, k: usize| std::f64::consts::PI / size * (n as f64 + 0.5) * (k as f64 + 0.5);
    (0..x.len()).map(|n| x.iter().enumerate().map(|(k, value)| f64::from(*value) * angle(n, k).cos()).sum()).collect()
}

#[test]
fn the_pinned_transform_is_that_of_the_definition_within_the_precision_of_its_numbers() {
    for exponent in 5..=12 {
        let mut state = 1_u32;
        let x: Vec<f32> = (0..1 << exponent)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 8) as f32 / 8_388_608.0 - 1.0
            })
            .collect();
        let norm = x.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
        let worst = dct_iv(&x).iter().zip(direct(&x)).map(|(pinned, exact)| (f64::from(*pinned) - exact).abs()).fold(0.0, f64::max);
        // An IEEE sum of log n stages errs by about so many half units of the last place of the spectrum's norm.
        assert!(worst < norm * 2_f64.powi(-24) * f64::from(exponent), "size 2^{exponent}: {worst} of {norm}");
    }
}

#[test]
fn the_slopes_of_two_windows_keep_the_power() {
    for exponent in 5..=12 {
        let slope = slope(1 << exponent);
        for (rising, falling) in slope.iter().zip(slope.iter().rev()) {
            assert!((rising * rising + falling * falling - 1.0).abs() < 1e-6);
        }
    }
}

#[test]
fn the_pinned_functions_are_those_of_the_definition() {
    for step in -2_000..=2_000 {
        let x = f64::from(step) / 16.0;
        assert!((cosine(x) - x.cos()).abs() < 1e-12, "cosine of {x}");
        let x = x.clamp(-100.0, 80.0);
        assert!((exponential(x) / x.exp() - 1.0).abs() < 1e-12, "exponential of {x}");
        assert!((arctangent(x.abs()) - x.abs().atan()).abs() < 1e-14, "arctangent of {x}");
    }
    assert!(cosine(f64::INFINITY).is_nan() && exponential(f64::INFINITY) == exponential(80.0));
}
