//! A UART log as lines: bounded in bytes, lines and line length, whatever it holds.

use crate::grammar::{Grammar, Line};

/// Something in a log that no honest guest prints, apart from the meaning of its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The log has more bytes than it may; what follows was not read.
    Bytes,
    /// The log has more lines than it may; what follows was not read.
    Lines,
    /// The line is longer than a line may be, in bytes.
    Long(usize),
    /// The line is no UTF-8.
    NotUtf8,
    /// The line holds a control character, which may hide what it says from who reads it on a terminal.
    Control(char),
    /// The log ends before the line does.
    Unterminated,
}

/// One line.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Number, from 1.
    pub number: usize,
    /// The text without its end; cut where it is too long, and with replacements where it is no UTF-8.
    pub text: String,
    /// What it is. A line with a flaw is [`Line::Other`]: it claims nothing, whatever it says.
    pub line: Line,
    /// What is wrong with it as text.
    pub flaw: Option<Flaw>,
}

/// A log, read.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// Its lines, no more than the bound.
    pub entries: Vec<Entry>,
    /// The bound that it exceeds as a whole, if any.
    pub excess: Option<Flaw>,
    /// Its size in bytes.
    pub bytes: usize,
}

impl Log {
    /// Reads a log. Lines end with `\n` or `\r\n`.
    pub fn read(grammar: &Grammar, bytes: &[u8]) -> Self {
        let bounds = grammar.bounds();
        let mut log = Self { bytes: bytes.len(), ..Self::default() };
        let mut rest = bytes;
        if rest.len() > bounds.log_bytes_max {
            rest = rest.get(..bounds.log_bytes_max).unwrap_or_default();
            log.excess = Some(Flaw::Bytes);
        }
        while !rest.is_empty() {
            if log.entries.len() == bounds.lines_max {
                log.excess = Some(Flaw::Lines);
                break;
            }
            let end = rest.iter().position(|byte| *byte == b'\n');
            let (line, after) = end.map_or((rest, &[][..]), |end| (&rest[..end], &rest[end + 1..]));
            // Where the log was cut at its bound, that its last line has no end is no flaw of its own.
            let whole = end.is_some() || log.excess.is_some();
            log.entries.push(Self::entry(grammar, log.entries.len() + 1, line.strip_suffix(b"\r").unwrap_or(line), whole));
            rest = after;
        }
        log
    }

    fn entry(grammar: &Grammar, number: usize, line: &[u8], whole: bool) -> Entry {
        let max = grammar.bounds().line_bytes_max;
        let shown = String::from_utf8_lossy(line.get(..max).unwrap_or(line)).into_owned();
        let flawed = |flaw| Entry { number, text: shown.clone(), line: Line::Other, flaw: Some(flaw) };
        if line.len() > max {
            return flawed(Flaw::Long(line.len()));
        }
        let Ok(text) = std::str::from_utf8(line) else { return flawed(Flaw::NotUtf8) };
        if let Some(control) = text.chars().find(|letter| letter.is_control() && *letter != '\t') {
            return flawed(Flaw::Control(control));
        }
        if !whole {
            return flawed(Flaw::Unterminated);
        }
        Entry { number, text: text.to_owned(), line: grammar.parse_line(text), flaw: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::parse_log;
    use proptest::prelude::*;

    fn flaws(bytes: &[u8]) -> Vec<Option<Flaw>> {
        parse_log(bytes).entries.into_iter().map(|entry| entry.flaw).collect()
    }

    #[test]
    fn lines_end_either_way() {
        for text in ["one\ntwo\n\n", "one\r\ntwo\r\n\r\n"] {
            let log = parse_log(text.as_bytes());
            let lines: Vec<(usize, &str)> = log.entries.iter().map(|entry| (entry.number, entry.text.as_str())).collect();
            assert_eq!(lines, [(1, "one"), (2, "two"), (3, "")]);
            assert!(log.entries.iter().all(|entry| entry.flaw.is_none()) && log.excess.is_none());
        }
        assert!(parse_log(b"").entries.is_empty());
    }

    #[test]
    fn test_reject_lines_by_their_text() {
        assert_eq!(flaws(b"fine\na\0b\n"), [None, Some(Flaw::Control('\0'))]);
        assert_eq!(flaws(b"\x1b[2Kfine\n"), [Some(Flaw::Control('\x1b'))]);
        assert_eq!(flaws(b"hidden\rshown\n"), [Some(Flaw::Control('\r'))]);
        assert_eq!(flaws(b"two\r\r\n"), [Some(Flaw::Control('\r'))]);
        assert_eq!(flaws(b"\xff\xfe\n\xc3\x28\n"), [Some(Flaw::NotUtf8), Some(Flaw::NotUtf8)]);
        assert_eq!(flaws("\u{9b}31m\n".as_bytes()), [Some(Flaw::Control('\u{9b}'))]);
        assert_eq!(flaws(b"conform: done selftests=7"), [Some(Flaw::Unterminated)]);
        assert_eq!(parse_log(b"conform: done selftests=7").entries[0].line, Line::Other);
        assert_eq!(flaws(b"tab\tis text\n"), [None]);
    }

    #[test]
    fn test_reject_beyond_the_bounds() {
        let bounds = Grammar::embedded().bounds();
        let long = |len: usize| [vec![b'x'; len], vec![b'\n']].concat();
        assert_eq!(flaws(&long(bounds.line_bytes_max)), [None]);
        assert_eq!(flaws(&long(bounds.line_bytes_max + 1)), [Some(Flaw::Long(bounds.line_bytes_max + 1))]);
        let lines = parse_log(&vec![b'\n'; bounds.lines_max]);
        assert_eq!((lines.entries.len(), lines.excess), (bounds.lines_max, None));
        let lines = parse_log(&vec![b'\n'; bounds.lines_max + 1]);
        assert_eq!((lines.entries.len(), lines.excess), (bounds.lines_max, Some(Flaw::Lines)));
        let bytes = parse_log(&vec![b'x'; bounds.log_bytes_max + 1]);
        assert_eq!((bytes.entries.len(), bytes.excess), (1, Some(Flaw::Bytes)));
        assert!(bytes.entries[0].text.len() <= bounds.line_bytes_max);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_log(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            let log = parse_log(&bytes);
            prop_assert_eq!(log.bytes, bytes.len());
            prop_assert_eq!(log.entries.len(), bytes.split(|byte| *byte == b'\n').count() - usize::from(bytes.is_empty() || bytes.ends_with(b"\n")));
        }

        #[test]
        fn any_mix_of_marker_parts_is_a_log(parts in proptest::collection::vec(prop_oneof![
            Just("SELFTEST: "), Just("conform: "), Just("done selftests="), Just("7"), Just("\n"), Just("\r"), Just(": stub/placeholder"), Just("ring"), Just("\u{1b}"),
        ], 0..60)) {
            parse_log(parts.concat().as_bytes());
        }
    }
}
