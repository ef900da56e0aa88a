//! What is known of the log while walking along a case with the right answers.

use spec::ErrorCode;
use spec::capability_audit::{AUDIT_ACTION_BYTES_MAX, AUDIT_PAGE, AUDIT_TARGET_BYTES_MAX, Change, Event, Obs, Op, Record};
use spec::policy::Reason;

#[derive(Default)]
pub(super) struct Walk {
    /// What shall be seen in the next answer that shows records.
    written: Vec<&'static str>,
    /// Whether something was rejected after which nobody has looked yet.
    rejected: bool,
    /// Whether content was delivered.
    delivered: bool,
    killed: bool,
}

fn odd(text: &str) -> bool {
    text.bytes().any(|byte| !matches!(byte, b' '..=b'}'))
}

impl Walk {
    pub(super) fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (Op::Decide { claimed, action, target, denied, .. }, _) => {
                if *denied == Some(Reason::Identity) && claimed.is_some() {
                    self.written.push("CAPABILITY_AUDIT-002");
                } else if claimed.is_some() {
                    self.written.push("CAPABILITY_AUDIT-002");
                    self.of_texts(action, target);
                } else {
                    self.of_texts(action, target);
                }
                self.written.push("CAPABILITY_AUDIT-001");
            }
            (Op::BeginCapture { .. }, Obs::Done) => self.written.push("CAPABILITY_AUDIT-013"),
            (Op::BeginCapture { .. }, Obs::Rejected(ErrorCode::CaptureKilled)) => {
                self.written.push("CAPABILITY_AUDIT-013");
                out("CAPABILITY_AUDIT-014");
            }
            (Op::Deliver { .. }, Obs::Delivered(_)) => {
                self.delivered = true;
                out("CAPABILITY_AUDIT-009");
                out("CAPABILITY_AUDIT-005");
            }
            (Op::Deliver { .. }, Obs::Rejected(ErrorCode::CaptureNotBegun)) => {
                out("CAPABILITY_AUDIT-009");
                out("CAPABILITY_AUDIT-010");
                out("CAPABILITY_AUDIT-012");
            }
            (Op::EndCapture { .. }, Obs::Done) => {
                out("CAPABILITY_AUDIT-010");
                self.written.push("CAPABILITY_AUDIT-013");
            }
            (Op::KillSwitch { .. }, Obs::Rejected(ErrorCode::KillSwitchDenied)) => {
                self.written.push("CAPABILITY_AUDIT-015");
                out("CAPABILITY_AUDIT-015");
            }
            (Op::KillSwitch { on, .. }, Obs::Done) => {
                self.written.push("CAPABILITY_AUDIT-015");
                self.killed |= on;
                out("CAPABILITY_AUDIT-014");
            }
            (Op::Records(from), Obs::Records { dropped, records }) => self.records(*from, *dropped, records, out),
            (Op::Events(from), Obs::Events { dropped, events }) => self.events(*from, *dropped, events, out),
            (Op::Indicators, _) => {
                self.looked(out);
                if self.killed {
                    out("CAPABILITY_AUDIT-014");
                }
                out("CAPABILITY_AUDIT-011");
            }
            (_, Obs::Rejected(_)) => {
                self.rejected = true;
                out("CAPABILITY_AUDIT-012");
            }
            _ => {}
        }
    }

    fn of_texts(&mut self, action: &str, target: &str) {
        if action.len() > AUDIT_ACTION_BYTES_MAX as usize || target.len() > AUDIT_TARGET_BYTES_MAX as usize {
            self.written.push("CAPABILITY_AUDIT-003");
        }
        if odd(action) || odd(target) {
            self.written.push("CAPABILITY_AUDIT-004");
        }
    }

    fn looked(&mut self, out: &mut dyn FnMut(&'static str)) {
        if std::mem::take(&mut self.rejected) {
            out("CAPABILITY_AUDIT-012");
        }
    }

    fn records(&mut self, from: u64, dropped: u64, records: &[Record], out: &mut dyn FnMut(&'static str)) {
        self.looked(out);
        if dropped > 0 {
            out("CAPABILITY_AUDIT-006");
        }
        if from > 0 || records.len() == AUDIT_PAGE as usize {
            out("CAPABILITY_AUDIT-007");
        }
        if !records.is_empty() {
            self.written.drain(..).for_each(&mut *out);
            out("CAPABILITY_AUDIT-005");
        }
        if self.delivered {
            out("CAPABILITY_AUDIT-008");
        }
    }

    fn events(&mut self, from: u64, dropped: u64, events: &[Event], out: &mut dyn FnMut(&'static str)) {
        self.looked(out);
        if dropped > 0 {
            out("CAPABILITY_AUDIT-006");
        }
        if from > 0 {
            out("CAPABILITY_AUDIT-007");
        }
        if events.iter().any(|event| event.change == Change::On) {
            out("CAPABILITY_AUDIT-009");
        }
        if events.iter().any(|event| event.change != Change::On) {
            out("CAPABILITY_AUDIT-010");
            if self.killed {
                out("CAPABILITY_AUDIT-014");
            }
        }
        if !events.is_empty() {
            out("CAPABILITY_AUDIT-005");
        }
        if self.delivered {
            out("CAPABILITY_AUDIT-008");
        }
    }
}
