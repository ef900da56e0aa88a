//! Whole numbers in any of JSON's spellings, exactly: nothing goes through floating point.

/// The whole number that a JSON number is, or the nearest end of `i64` where it lies beyond; nothing where it has a fraction, or where
/// the text is no number. One pass over the digits, whatever the exponent.
pub(super) fn whole(text: &str) -> Option<i64> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (text.get(..at)?, exponent(text.get(at.saturating_add(1)..)?)),
        None => (text, 0),
    };
    let mut scale = Scale { value: 0, zeros: 0, shift: exponent };
    let mut behind = false;
    for byte in mantissa.bytes() {
        match byte {
            b'.' => behind = true,
            _ => scale.digit(i64::from(byte.wrapping_sub(b'0')), behind),
        }
    }
    scale.finish(negative)
}

/// An exponent, or an end of `i64` where it is larger.
fn exponent(text: &str) -> i64 {
    let negative = text.starts_with('-');
    let digits = text.trim_start_matches(['+', '-']).bytes();
    let size = digits.fold(0_i64, |size, digit| size.saturating_mul(10).saturating_add(i64::from(digit.wrapping_sub(b'0'))));
    if negative { size.saturating_neg() } else { size }
}

/// `value · 10^(zeros + shift)`, where `zeros` counts digits 0 that may turn out to be trailing ones.
struct Scale {
    value: i64,
    zeros: i64,
    shift: i64,
}

impl Scale {
    fn digit(&mut self, digit: i64, behind: bool) {
        if behind {
            self.shift = self.shift.saturating_sub(1);
        }
        if digit == 0 {
            // Nothing yet, or a zero that counts only if another digit follows.
            self.zeros = self.zeros.saturating_add(i64::from(self.value != 0));
            return;
        }
        self.value = times_ten(self.value, self.zeros.saturating_add(1)).saturating_add(digit);
        self.zeros = 0;
    }

    fn finish(&self, negative: bool) -> Option<i64> {
        let shift = self.zeros.saturating_add(self.shift);
        // The last digit is not 0, so that a point before it leaves a fraction.
        let size = match self.value {
            0 => 0,
            _ if shift < 0 => return None,
            value => times_ten(value, shift),
        };
        Some(if negative { size.saturating_neg() } else { size })
    }
}

/// `value · 10^times`, or the end of `i64`.
fn times_ten(value: i64, times: i64) -> i64 {
    // Twenty tens are beyond any i64.
    (0..times.min(20)).fold(value, |value, _| value.saturating_mul(10))
}

#[cfg(test)]
mod tests {
    use super::whole;
    use alloc::format;

    #[test]
    fn whole_numbers_in_any_spelling() {
        let right =
            [("0", 0), ("-0.0", 0), ("0e99", 0), ("7", 7), ("-96", -96), ("1e1", 10), ("480.00E2", 48_000), ("1000e-3", 1), ("10.0e-1", 1)];
        for (text, number) in right {
            assert_eq!(whole(text), Some(number), "{text}");
        }
        for text in ["1.5", "1e-1", "0.1", "1.0000000000000000000001", "1e-999999999999999999999", "\"1\"", "true", "null", "[1]"] {
            assert_eq!(whole(text), None, "{text}");
        }
        assert_eq!(whole("1e400"), Some(i64::MAX));
        assert_eq!(whole("-99999999999999999999"), Some(-i64::MAX));
        assert_eq!(whole("1e99999999999999999999"), Some(i64::MAX));
        let long = format!("1{}e-40000", "0".repeat(40_000));
        assert_eq!(whole(&long), Some(1));
        let tiny = format!("0.{}1e40001", "0".repeat(40_000));
        assert_eq!(whole(&tiny), Some(1));
    }
}
