//! What is heard from a guest while it runs: the UART's bytes within their bounds, and the markers that a host acts on.

use crate::grammar::{Grammar, Line};
use crate::judge::Exit;
use spec_files::markers::MarkerKind;

/// What was heard from a guest so far.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// The UART's bytes.
    pub log: Vec<u8>,
    /// The challenge that the ready marker names.
    pub ready: Option<String>,
    /// The first line that reports a failure of the guest's own.
    pub fault: Option<String>,
    /// Whether the done marker came.
    pub done: bool,
    /// Whether the guest printed more than it may, and was ended for it.
    pub flooded: bool,
    /// How QEMU ended.
    pub exit: Option<Exit>,
    /// Where the line begins that is still being printed.
    line_start: usize,
    lines: usize,
    /// Whether the runner is ending the machine.
    pub(crate) stopping: bool,
}

impl Heard {
    /// Takes bytes; gives whether the guest may go on.
    pub(crate) fn take(&mut self, grammar: &Grammar, bytes: &[u8]) -> bool {
        let bounds = grammar.bounds();
        // One byte more than may be shows that the bound was exceeded, and no more is kept.
        let room = (bounds.log_bytes_max + 1).saturating_sub(self.log.len());
        self.log.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        while let Some(length) = self.log.get(self.line_start..).and_then(|rest| rest.iter().position(|byte| *byte == b'\n')) {
            let end = self.line_start + length;
            if length <= bounds.line_bytes_max + 1 {
                let line = String::from_utf8_lossy(self.log.get(self.line_start..end).unwrap_or_default()).into_owned();
                self.line(grammar, line.strip_suffix('\r').unwrap_or(&line));
            }
            self.lines += 1;
            self.line_start = end + 1;
        }
        self.flooded = self.log.len() > bounds.log_bytes_max || self.lines > bounds.lines_max;
        !self.flooded
    }

    fn line(&mut self, grammar: &Grammar, line: &str) {
        let Line::Marker(marker) = grammar.parse_line(line) else { return };
        match marker.kind {
            MarkerKind::Ready => {
                self.ready.get_or_insert(marker.text("challenge").unwrap_or_default().to_owned());
            }
            MarkerKind::Fault | MarkerKind::SelftestFail => {
                self.fault.get_or_insert(line.to_owned());
            }
            MarkerKind::Done => self.done = true,
            MarkerKind::Progress
            | MarkerKind::Service
            | MarkerKind::Answer
            | MarkerKind::Claim
            | MarkerKind::SelftestOk
            | MarkerKind::Placeholder => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(parts: &[&[u8]]) -> (Heard, bool) {
        let mut heard = Heard::default();
        let go_on = parts.iter().all(|part| heard.take(Grammar::embedded(), part));
        (heard, go_on)
    }

    #[test]
    fn hears_markers_in_any_pieces() {
        let text = format!("conform: ready challenge={}\r\nconform: panic file=lib.rs line=3\nconform: done selftests=0\n", "a".repeat(64));
        let bytes: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        for parts in [bytes.as_slice(), &[text.as_bytes()]] {
            let (heard, go_on) = heard(parts);
            assert!(go_on && heard.done);
            assert_eq!(heard.ready, Some("a".repeat(64)));
            assert_eq!(heard.fault.as_deref(), Some("conform: panic file=lib.rs line=3"));
            assert_eq!(heard.log, text.as_bytes());
        }
    }

    #[test]
    fn a_line_without_its_end_is_not_heard_yet() {
        let (heard, _) = heard(&[b"conform: done selftests=7"]);
        assert!(!heard.done);
    }

    #[test]
    fn test_reject_a_flood() {
        let bounds = Grammar::embedded().bounds();
        let (long, go_on) = heard(&[&vec![b'x'; bounds.log_bytes_max], b"y", b"z"]);
        assert!(!go_on && long.flooded);
        assert_eq!(long.log.len(), bounds.log_bytes_max + 1);
        let (many, go_on) = heard(&[&vec![b'\n'; bounds.lines_max], b"\n"]);
        assert!(!go_on && many.flooded);
    }
}
