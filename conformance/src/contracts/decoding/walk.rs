//! What each step of a case exercises, as far as every decoder has it.

use crate::suite::Suite;
use spec::decode::{Limits, Obs, Op};
use spec::devices::Blob;
use spec::{Case, ErrorCode};

/// Where what a step exercises is told.
pub(crate) type Out<'a> = dyn FnMut(&'static str) + 'a;

/// Which requirement of a contract is about which part of a decoder's use.
pub(crate) struct Used {
    /// Limits that a client asks for.
    pub limits: &'static str,
    /// A cancel, and what follows it.
    pub cancelled: &'static str,
    /// Memory that is not there for more bytes.
    pub memory: &'static str,
    /// Bytes that are not taken.
    pub not_taken: &'static str,
    /// What a header says.
    pub info: &'static str,
    /// An error that is told again.
    pub stays: &'static str,
    /// Bytes that may still come.
    pub need_input: &'static str,
    /// What comes after a rewind.
    pub rewound: &'static str,
    /// A stream in several chunks.
    pub chunks: &'static str,
}

/// What a format adds. What it keeps here is its memory of the stream.
pub(crate) trait Format: Default {
    /// Its requirements.
    const USED: Used;

    /// Bytes came: what was known of the stream is known no more.
    fn fed(&mut self) {}

    /// A packet was given, of this number.
    fn packet(&mut self, walk: &Walk, out: &mut Out<'_>);

    /// The end was told.
    fn ended(&self, walk: &Walk, out: &mut Out<'_>);

    /// The stream was found to be wrong.
    fn broken(&self, walk: &Walk, code: ErrorCode, out: &mut Out<'_>);
}

/// What is known of a decoder while walking along a case with the right answers.
pub(crate) struct Walk {
    /// What was fed.
    pub stream: Vec<u8>,
    /// Packets given since the start.
    pub packets: usize,
    chunks: u32,
    rewound: bool,
    failed: bool,
    used: Used,
}

/// [`Suite::touched`] of a decoder.
pub(crate) fn touched<C: Suite<Config = Limits, Op = Op, Obs = Obs>, F: Format>(
    case: &Case<C>,
    rejected: Option<ErrorCode>,
    expected: &[Obs],
    out: &mut dyn FnMut(Option<usize>, &'static str),
) {
    if rejected.is_some() || case.config != Limits::default() {
        out(None, F::USED.limits);
    }
    let mut format = F::default();
    let mut walk = Walk { stream: Vec::new(), packets: 0, chunks: 0, rewound: false, failed: false, used: F::USED };
    for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
        walk.step(&mut format, op, obs, &mut |id| out(Some(step), id));
    }
}

impl Walk {
    /// What surrounds a packet, or the end: a rewind, several chunks.
    pub(crate) fn around(&self, out: &mut Out<'_>) {
        if self.rewound {
            out(self.used.rewound);
        }
        if self.chunks > 1 {
            out(self.used.chunks);
        }
    }

    fn step(&mut self, format: &mut impl Format, op: &Op, obs: &Obs, out: &mut Out<'_>) {
        match (op, obs) {
            (_, Obs::Rejected(ErrorCode::DecodeCancelled)) | (Op::Cancel, _) => out(self.used.cancelled),
            (Op::Feed(_) | Op::FeedZeros(_), Obs::Rejected(ErrorCode::DecodeMemoryExceeded)) => out(self.used.memory),
            (Op::Feed(_) | Op::FeedZeros(_), Obs::Rejected(_)) => out(self.used.not_taken),
            (Op::Feed(Blob(bytes)), _) => {
                self.stream.extend(bytes);
                self.chunks += 1;
                format.fed();
            }
            (Op::FeedZeros(count), _) => {
                self.stream.resize(self.stream.len() + *count as usize, 0);
                self.chunks += 1;
                format.fed();
            }
            (Op::Rewind, _) => (self.packets, self.rewound, self.failed) = (0, true, false),
            (Op::Info, Obs::Info { .. } | Obs::Audio { .. }) => out(self.used.info),
            (Op::Info | Op::Next, Obs::Rejected(code)) => {
                if self.failed {
                    out(self.used.stays);
                }
                format.broken(self, *code, out);
                self.failed |= *op == Op::Next;
            }
            (Op::Info | Op::Next, Obs::NeedInput) => out(self.used.need_input),
            (_, Obs::Ended { .. }) => format.ended(self, out),
            (_, Obs::Frame { .. } | Obs::Pcm { .. }) => {
                format.packet(self, out);
                self.packets += 1;
            }
            _ => {}
        }
    }
}
