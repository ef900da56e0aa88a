//! Text that others wrote, made harmless for where it is shown.

use imara_diff::{Algorithm, BasicLineDiffPrinter, Diff, InternedInput, UnifiedDiffConfig};

/// Text as the content of an HTML or SVG element, or of an attribute in double quotes. Control characters that neither format
/// allows become U+FFFD.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || is_bidi(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Text as one cell of a Markdown table: one line, nothing of it markup.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.trim().chars() {
        match c {
            '\\' | '|' | '*' | '`' | '[' | ']' | '#' | '~' => out.extend(['\\', c]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if c.is_control() => out.push(' '),
            c if is_bidi(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Text as one line on a terminal, at most `width` characters: no escape sequence reaches the terminal.
pub fn line(text: &str, width: usize) -> String {
    let mut plain: Vec<char> = text.chars().map(|c| if c.is_control() || is_bidi(c) { ' ' } else { c }).take(width + 1).collect();
    if plain.len() > width {
        plain.truncate(width.saturating_sub(1));
        plain.push('…');
    }
    plain.into_iter().collect()
}

/// How one text of lines becomes another: hunks of `context` lines around each change, without a header.
pub fn unified_diff(old: &str, new: &str, context: u32) -> String {
    let input = InternedInput::new(old, new);
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    diff.unified_diff(&BasicLineDiffPrinter(&input.interner), UnifiedDiffConfig::default().context_len(context).clone(), &input).to_string()
}

/// Characters that reorder what surrounds them, so that text would not read as it is written.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A count with a comma after every three digits.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number's text with the sign that typesetting has for it.
pub fn minus(text: &str) -> String {
    text.replace('-', "−")
}

/// Steps in one second, in words that need no counting of digits. Nothing for a run of no measurable length.
pub fn rate(steps: u64, seconds: f64) -> String {
    if steps == 0 || seconds.is_nan() || seconds <= 0.0 {
        return "–".to_owned();
    }
    let rate = steps as f64 / seconds;
    if rate >= 1e6 {
        format!("{:.1} M/s", rate / 1e6)
    } else if rate >= 1e4 {
        format!("{:.0} k/s", rate / 1e3)
    } else {
        format!("{rate:.0} /s")
    }
}

#[cfg(test)]
mod tests {
    use super::{count, html, line, markdown, rate};

    #[test]
    fn html_keeps_no_markup() {
        assert_eq!(html("<a href=\"x\" id='y'>&\u{7}\u{202e}\n"), "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;\u{fffd}\u{fffd}\n");
    }

    #[test]
    fn markdown_keeps_one_cell() {
        assert_eq!(markdown(" a|b\n*c* <i> [x](y) \u{1b}[31m "), "a\\|b \\*c\\* &lt;i&gt; \\[x\\](y)  \\[31m");
    }

    #[test]
    fn line_keeps_escape_sequences_from_the_terminal() {
        assert_eq!(line("a\u{1b}[31mb\nc", 99), "a [31mb c");
        assert_eq!(line("abcdef", 4), "abc…");
        assert_eq!(line("abcd", 4), "abcd");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([count(0), count(999), count(1000), count(1_234_567)], ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([rate(0, 1.0), rate(5, 0.0), rate(5, f64::NAN)], ["–", "–", "–"]);
        assert_eq!([rate(500, 1.0), rate(50_000, 1.0), rate(3_000_000, 2.0)], ["500 /s", "50 k/s", "1.5 M/s"]);
    }
}
