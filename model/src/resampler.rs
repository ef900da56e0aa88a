//! The reference model of the contract `resampler`: every output frame from the definition, of all input frames so far.

mod speakers;
mod table;

pub use self::ResamplerModel as Model;
pub use speakers::gains;
use spec::resampler::{
    Config, Kind, Obs, Op, RESAMPLER_CHANNELS_MAX, RESAMPLER_COEFFICIENT_BITS, RESAMPLER_CROSSINGS, RESAMPLER_FEED_FRAMES_MAX,
    RESAMPLER_GAIN_BITS, RESAMPLER_RATE_HZ_MAX, RESAMPLER_RATE_HZ_MIN, RESAMPLER_STEPS_PER_FRAME, RESAMPLER_TABLE_ENTRIES, Rates,
    Resampler, Setup, TABLE_SLICE,
};
use spec::{ErrorCode, Failure, Machine};
pub use table::table;

/// The reference model of the contract `resampler`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResamplerModel {
    /// What was opened last.
    setup: Option<Setup>,
    /// From its layout to the one that is asked for.
    gains: Vec<u32>,
    /// Whether its stream was finished.
    finished: bool,
    /// All input frames.
    frames: Vec<Vec<i16>>,
    /// Output frames given so far.
    given: u64,
}

fn checked(rates: Rates) -> Result<Rates, ErrorCode> {
    // RESAMPLER-015
    let bounds = RESAMPLER_RATE_HZ_MIN..=RESAMPLER_RATE_HZ_MAX;
    if bounds.contains(&rates.from_hz) && bounds.contains(&rates.to_hz) { Ok(rates) } else { Err(ErrorCode::OutOfRange) }
}

fn checked_channels(counts: [u32; 2]) -> Result<(), ErrorCode> {
    // RESAMPLER-015
    if counts.iter().all(|count| (1..=RESAMPLER_CHANNELS_MAX).contains(count)) { Ok(()) } else { Err(ErrorCode::OutOfRange) }
}

/// RESAMPLER-001: the output frames of so many input frames.
pub fn length(rates: Rates, frames: u64) -> u64 {
    frames * u64::from(rates.to_hz) / u64::from(rates.from_hz)
}

/// Input frames that a frame looks ahead, beyond the one that it stands at or after.
pub fn lookahead(kind: Kind, rates: Rates) -> u32 {
    match kind {
        // RESAMPLER-008
        _ if rates.from_hz == rates.to_hz => 0,
        Kind::Nearest => 0,
        Kind::Linear => 1,
        Kind::Sinc => half(rates),
    }
}

/// RESAMPLER-006: taps of a phase to either side, wider for a falling rate.
fn half(rates: Rates) -> u32 {
    (RESAMPLER_CROSSINGS * rates.from_hz.max(rates.to_hz)).div_ceil(rates.to_hz)
}

fn common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// RESAMPLER-006: the coefficients of the taps from -(H - 1) to H of a phase, in `to`-th parts of an input frame.
pub fn coefficients(rates: Rates, phase: u32) -> Vec<i32> {
    let (from, to, phase) = (i64::from(rates.from_hz), i64::from(rates.to_hz), i64::from(phase));
    let wide = from.max(to);
    let half = i64::from(half(rates));
    let table = table();
    // Rates are below 2^18 and entries below 2^24, so that nothing here reaches 2^61.
    let weight = |tap: i64| {
        let distance = (tap * to - phase).unsigned_abs() * u64::from(RESAMPLER_STEPS_PER_FRAME);
        let (entry, rest) = (distance / wide as u64, (distance % wide as u64) as i64);
        let Some(&[low, high]) = table.get(entry as usize..).and_then(<[i32]>::first_chunk) else { return 0 };
        let between = i64::from(low) * (wide - rest) + i64::from(high) * rest;
        half_away(between * to, (wide * wide) as u64)
    };
    let mut coefficients: Vec<i64> = (1 - half..=half).map(weight).collect();
    // RESAMPLER-016: the sum is exactly 1; the nearest tap takes what is left over.
    let nearest = half as usize - 1 + usize::from(2 * phase >= to);
    coefficients[nearest] += (1 << RESAMPLER_COEFFICIENT_BITS) - coefficients.iter().sum::<i64>();
    coefficients.into_iter().map(|coefficient| coefficient as i32).collect()
}

/// The nearest integer, a half away from zero.
fn half_away(number: i64, divisor: u64) -> i64 {
    let away = ((2 * number.unsigned_abs() + divisor) / (2 * divisor)) as i64;
    if number < 0 { -away } else { away }
}

impl ResamplerModel {
    fn open(&mut self, setup: Setup) -> Result<Obs, ErrorCode> {
        checked(setup.rates)?;
        checked_channels([setup.from_channels, setup.to_channels])?;
        // RESAMPLER-014: nothing of another stream is left.
        *self = Self { setup: Some(setup), gains: gains(setup.from_channels, setup.to_channels), ..Self::default() };
        Ok(Obs::Opened(lookahead(setup.kind, setup.rates)))
    }

    fn running(&self) -> Result<Setup, ErrorCode> {
        // RESAMPLER-014
        self.setup.filter(|_| !self.finished).ok_or(ErrorCode::ResamplerClosed)
    }

    fn feed(&mut self, pcm: &[i16]) -> Result<Obs, ErrorCode> {
        let setup = self.running()?;
        let channels = setup.from_channels as usize;
        // RESAMPLER-015
        if pcm.len() > RESAMPLER_FEED_FRAMES_MAX as usize * channels {
            return Err(ErrorCode::OversizedInput);
        }
        if !pcm.len().is_multiple_of(channels) {
            return Err(ErrorCode::Misaligned);
        }
        self.frames.extend(pcm.chunks(channels).map(<[i16]>::to_vec));
        let mut out = Vec::new();
        // RESAMPLER-012: a frame knows all frames so far, and not how they came.
        while self.given < self.due() && self.has_all_inputs(&setup) {
            out.extend(self.next_frame(&setup));
        }
        Ok(Obs::Pcm(out))
    }

    /// RESAMPLER-001: the output frames that the input frames so far make.
    fn due(&self) -> u64 {
        self.setup.map_or(0, |setup| length(setup.rates, self.frames.len() as u64))
    }

    /// RESAMPLER-013: whether the last input frame that the next output frame needs is there.
    fn has_all_inputs(&self, setup: &Setup) -> bool {
        let needed = match self.kind(setup) {
            Kind::Nearest => self.nearest(setup.rates),
            kind => self.position(setup.rates).0 + u64::from(lookahead(kind, setup.rates)),
        };
        needed < self.frames.len() as u64
    }

    /// RESAMPLER-008: between equal rates there is nothing to make.
    fn kind(&self, setup: &Setup) -> Kind {
        if setup.rates.from_hz == setup.rates.to_hz { Kind::Nearest } else { setup.kind }
    }

    /// RESAMPLER-002: whole input frames, and the rest in `to`-th parts of one.
    fn position(&self, rates: Rates) -> (u64, u64) {
        let exact = self.given * u64::from(rates.from_hz);
        (exact / u64::from(rates.to_hz), exact % u64::from(rates.to_hz))
    }

    /// RESAMPLER-003: the nearest input frame, the later one of two.
    fn nearest(&self, rates: Rates) -> u64 {
        let (whole, rest) = self.position(rates);
        whole + u64::from(2 * rest >= u64::from(rates.to_hz))
    }

    /// A frame of the endless signal.
    fn frame(&self, frame: i64) -> &[i16] {
        // RESAMPLER-009: the first and the last frame go on for ever.
        &self.frames[frame.clamp(0, self.frames.len() as i64 - 1) as usize]
    }

    /// The next output frame.
    fn next_frame(&mut self, setup: &Setup) -> Vec<i16> {
        let rates = setup.rates;
        let (whole, rest) = self.position(rates);
        let whole = whole as i64;
        // The taps as input frame and weight, and the fractional bits of the weights.
        let (taps, bits): (Vec<(i64, i128)>, u32) = match self.kind(setup) {
            Kind::Nearest => (vec![(self.nearest(rates) as i64, 1)], 0),
            Kind::Linear => {
                // RESAMPLER-004
                let fraction = (i128::from(rest) << 32) / i128::from(rates.to_hz);
                (vec![(whole, (1 << 32) - fraction), (whole + 1, fraction)], 32)
            }
            Kind::Sinc => {
                // RESAMPLER-007
                let first = whole - (i64::from(lookahead(Kind::Sinc, rates)) - 1);
                let weights = coefficients(rates, rest as u32).into_iter().map(i128::from);
                ((first..).zip(weights).collect(), RESAMPLER_COEFFICIENT_BITS)
            }
        };
        let inputs = setup.from_channels as usize;
        let mut sums = vec![0; inputs];
        for (frame, weight) in taps {
            for (sum, sample) in sums.iter_mut().zip(self.frame(frame)) {
                *sum += weight * i128::from(*sample);
            }
        }
        self.given += 1;
        let output = |row: &[u32]| {
            let exact: i128 = row.iter().zip(&sums).map(|(gain, sum)| i128::from(*gain) * sum).sum();
            // RESAMPLER-011: one rounding of all, a half away from zero.
            let bits = bits + RESAMPLER_GAIN_BITS;
            let rounded = ((exact.abs() + (1 << (bits - 1))) >> bits) * exact.signum();
            // RESAMPLER-007: clamped.
            rounded.clamp(i128::from(i16::MIN), i128::from(i16::MAX)) as i16
        };
        self.gains.chunks(inputs).map(output).collect()
    }

    fn finish(&mut self) -> Result<Obs, ErrorCode> {
        let setup = self.running()?;
        let mut pcm = Vec::new();
        // RESAMPLER-001
        while self.given < self.due() {
            pcm.extend(self.next_frame(&setup));
        }
        // RESAMPLER-014
        self.finished = true;
        Ok(Obs::Finished { pcm, taken: self.frames.len() as u64, given: self.given })
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        match op {
            Op::Open(setup) => self.open(*setup),
            Op::Feed(pcm) => self.feed(pcm),
            Op::Finish => self.finish(),
            Op::Reset => {
                // RESAMPLER-014
                let setup = self.setup.ok_or(ErrorCode::ResamplerClosed)?;
                self.open(setup)?;
                Ok(Obs::Done)
            }
            Op::Length(rates, frames) => Ok(Obs::Length(length(checked(*rates)?, u64::from(*frames)))),
            // RESAMPLER-015
            Op::Table(first) if *first >= RESAMPLER_TABLE_ENTRIES => Err(ErrorCode::OutOfRange),
            // RESAMPLER-005
            Op::Table(first) => Ok(Obs::Table(table().iter().skip(*first as usize).take(TABLE_SLICE as usize).copied().collect())),
            Op::Coefficients(rates, phase) => {
                let divisor = common_divisor(checked(*rates)?.from_hz, rates.to_hz);
                let reduced = Rates { from_hz: rates.from_hz / divisor, to_hz: rates.to_hz / divisor };
                // RESAMPLER-015
                if *phase < reduced.to_hz { Ok(Obs::Coefficients(coefficients(reduced, *phase))) } else { Err(ErrorCode::OutOfRange) }
            }
            Op::Gains(from, to) => {
                checked_channels([*from, *to])?;
                Ok(Obs::Gains(gains(*from, *to)))
            }
        }
    }
}

impl Machine<Resampler> for ResamplerModel {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::default();
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests;
