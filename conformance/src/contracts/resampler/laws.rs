//! Laws of the contract `resampler` about any stream.

use super::case;
use crate::suite::Held;
use spec::resampler::{Kind, Obs, Op, RESAMPLER_FEED_FRAMES_MAX, RESAMPLER_RATE_HZ_MAX, RESAMPLER_RATE_HZ_MIN, Rates, Resampler, Setup};
use spec::{Case, Entropy, Failure, Machine, entropy};

fn rate(entropy: &mut dyn Entropy) -> u32 {
    const COMMON: [u32; 8] = [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000];
    if entropy.one_in(4) {
        entropy.between(i64::from(RESAMPLER_RATE_HZ_MIN), i64::from(RESAMPLER_RATE_HZ_MAX)) as u32
    } else {
        entropy::pick(entropy, COMMON)
    }
}

fn setup(entropy: &mut dyn Entropy) -> Setup {
    let kind = entropy::pick(entropy, Kind::ALL);
    let rates = Rates { from_hz: rate(entropy), to_hz: rate(entropy) };
    Setup { kind, rates, from_channels: entropy.between(1, 3) as u32, to_channels: entropy.between(1, 2) as u32 }
}

/// Input frames that make at most so many output frames, and are at most as many.
fn frames(entropy: &mut dyn Entropy, rates: Rates, most: u64) -> u64 {
    let bound = most.min(most * u64::from(rates.from_hz) / u64::from(rates.to_hz));
    entropy.below(bound) + 1
}

/// A whole stream, in chunks of many sizes.
pub fn draw_stream(entropy: &mut dyn Entropy) -> Case<Resampler> {
    let setup = setup(entropy);
    let mut left = frames(entropy, setup.rates, 200);
    let mut ops = vec![Op::Open(setup)];
    while left > 0 {
        let chunk = entropy.between(1, 30).min(left as i64) as u64;
        ops.push(Op::Feed((0..chunk * u64::from(setup.from_channels)).map(|_| entropy::sample(entropy)).collect()));
        left -= chunk;
    }
    ops.push(Op::Finish);
    case(ops)
}

/// A constant, where one channel becomes one or two, or channels stay.
pub fn draw_constant(entropy: &mut dyn Entropy) -> Case<Resampler> {
    let mut setup = setup(entropy);
    if setup.from_channels > 1 {
        setup.to_channels = setup.from_channels;
    }
    let count = frames(entropy, setup.rates, 120) * u64::from(setup.from_channels);
    case(vec![Op::Open(setup), Op::Feed(vec![entropy::sample(entropy); count as usize]), Op::Finish])
}

/// What a whole stream gave.
struct Stream {
    setup: Setup,
    /// Input frames that were fed.
    fed: u64,
    pcm: Vec<i16>,
    /// What finishing said of the frames taken and given.
    counted: (u64, u64),
}

impl Stream {
    fn frames(&self) -> u64 {
        self.pcm.len() as u64 / u64::from(self.setup.to_channels)
    }
}

/// Runs a case of one open, feeds and one finish; says why where it is none, or an answer is none to it.
fn run(machine: &mut dyn Machine<Resampler>, case: &Case<Resampler>) -> Result<Result<Stream, Held>, Failure> {
    let [Op::Open(setup), feeds @ .., Op::Finish] = case.ops.as_slice() else { return Ok(Err(Held::NotApplicable)) };
    let channels = setup.from_channels as usize;
    let whole =
        |op: &Op| matches!(op, Op::Feed(pcm) if pcm.len() % channels == 0 && pcm.len() <= RESAMPLER_FEED_FRAMES_MAX as usize * channels);
    if !feeds.iter().all(whole) {
        return Ok(Err(Held::NotApplicable));
    }
    let trace = machine.run_case(case)?;
    let mut stream = Stream { setup: *setup, fed: 0, pcm: Vec::new(), counted: (0, 0) };
    for (op, obs) in case.ops.iter().zip(trace.obs) {
        match (op, obs) {
            (Op::Open(_), Obs::Opened(_)) => {}
            (Op::Feed(input), Obs::Pcm(pcm)) => {
                stream.fed += (input.len() / channels) as u64;
                stream.pcm.extend(pcm);
            }
            (Op::Finish, Obs::Finished { pcm, taken, given }) => {
                stream.pcm.extend(pcm);
                stream.counted = (taken, given);
            }
            (op, obs) => return Ok(Err(Held::No(format!("{op:?} gave {obs:?}")))),
        }
    }
    if !stream.pcm.len().is_multiple_of(setup.to_channels as usize) {
        return Ok(Err(Held::No(format!("{} samples are no whole frames of {} channels", stream.pcm.len(), setup.to_channels))));
    }
    Ok(Ok(stream))
}

/// A stream of N frames gives floor(N x to / from).
pub fn length_is_exact(machine: &mut dyn Machine<Resampler>, case: &Case<Resampler>) -> Result<Held, Failure> {
    let stream = match run(machine, case)? {
        Ok(stream) => stream,
        Err(held) => return Ok(held),
    };
    let rates = stream.setup.rates;
    let expected = stream.fed * u64::from(rates.to_hz) / u64::from(rates.from_hz);
    Ok(if stream.frames() != expected {
        Held::No(format!(
            "{} frames of {} Hz gave {} frames of {} Hz, expected {expected}",
            stream.fed,
            rates.from_hz,
            stream.frames(),
            rates.to_hz
        ))
    } else if stream.counted != (stream.fed, expected) {
        Held::No(format!("the stream counts {:?} frames taken and given, expected ({}, {expected})", stream.counted, stream.fed))
    } else {
        Held::Yes(expected.max(1))
    })
}

/// The same frames, in chunks of at most `size` frames.
fn recut(case: &Case<Resampler>, size: usize) -> Case<Resampler> {
    let channels = case.ops.iter().find_map(|op| if let Op::Open(setup) = op { Some(setup.from_channels as usize) } else { None });
    let samples: Vec<i16> =
        case.ops.iter().filter_map(|op| if let Op::Feed(pcm) = op { Some(pcm) } else { None }).flatten().copied().collect();
    let (first, last) = (case.ops.iter().take(1), case.ops.iter().skip(1).filter(|op| **op == Op::Finish));
    let feeds = samples.chunks(size * channels.unwrap_or(1)).map(|pcm| Op::Feed(pcm.to_vec()));
    super::case(first.cloned().chain(feeds).chain(last.cloned()).collect())
}

/// Feeding the same frames one by one, or all at once, gives the same samples.
pub fn chunks_join(machine: &mut dyn Machine<Resampler>, case: &Case<Resampler>) -> Result<Held, Failure> {
    let as_asked = match run(machine, case)? {
        Ok(stream) => stream,
        Err(held) => return Ok(held),
    };
    for size in [1, RESAMPLER_FEED_FRAMES_MAX as usize] {
        let other = match run(machine, &recut(case, size))? {
            Ok(stream) => stream,
            Err(held) => return Ok(held),
        };
        if other.pcm != as_asked.pcm {
            let differs = as_asked.pcm.iter().zip(&other.pcm).position(|(one, other)| one != other);
            let place = differs.map_or("the lengths differ".to_owned(), |sample| {
                format!("frame {} differs", sample / as_asked.setup.to_channels as usize)
            });
            return Ok(Held::No(format!("{place} where chunks are of {size} frames at most")));
        }
    }
    Ok(if as_asked.pcm.is_empty() { Held::NotApplicable } else { Held::Yes(as_asked.frames()) })
}

/// A constant comes out as itself.
pub fn constant_stays(machine: &mut dyn Machine<Resampler>, case: &Case<Resampler>) -> Result<Held, Failure> {
    let (Some(Op::Open(setup)), Some(Op::Feed(input))) = (case.ops.first(), case.ops.get(1)) else { return Ok(Held::NotApplicable) };
    let stays = setup.from_channels == setup.to_channels || (setup.from_channels == 1 && setup.to_channels == 2);
    let Some(constant) = input.first().copied().filter(|first| stays && input.iter().all(|sample| sample == first)) else {
        return Ok(Held::NotApplicable);
    };
    let stream = match run(machine, case)? {
        Ok(stream) => stream,
        Err(held) => return Ok(held),
    };
    Ok(match stream.pcm.iter().position(|sample| *sample != constant) {
        Some(sample) => Held::No(format!("sample {sample} of a constant {constant} is {}", stream.pcm[sample])),
        None if stream.pcm.is_empty() => Held::NotApplicable,
        None => Held::Yes(stream.frames()),
    })
}
