//! `nx mix`: real files through ring, gain, mixer, level and file sink.

use crate::Failed;
use crate::wav_file::{Sink, Source};
use audio::mixer::{BlockInput, BlockReport, Mixer};
use audio::ring::{Capacity, Consumer, Heap, Producer, channel};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use spec::format::{BLOCK_FRAMES, FRAMES_PER_MS};
use spec::mixer::Curve;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

const SAMPLES: usize = BLOCK_FRAMES as usize * 2;

/// The clip curve on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum CurveArgument {
    /// Transparent up to -2.5 dBFS, then a parabola up to the rail.
    Soft,
    /// Clamped.
    Saturate,
}

/// Options of `mix`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The file to write.
    output: PathBuf,
    /// Files to mix, each with a gain if wanted: voice.wav@-6dB. 48000 Hz, stereo, 16-bit PCM.
    #[arg(required = true, value_name = "INPUT[@GAINdB]")]
    inputs: Vec<String>,
    /// Master level: 0, 1, or a decimal of at most four places between them.
    #[arg(long, default_value = "1")]
    level: String,
    /// How sums beyond 16 bits are brought back.
    #[arg(long, value_enum, default_value = "soft")]
    curve: CurveArgument,
    /// Play mono files on both channels instead of refusing them.
    #[arg(long)]
    duplicate_mono: bool,
    /// Print the figures as JSON.
    #[arg(long)]
    json: bool,
}

/// What a mix measured, over the whole file.
#[derive(Debug, Default, Serialize)]
struct Figures {
    frames: u64,
    blocks: u64,
    streams: usize,
    /// Largest magnitude per channel.
    peak: [u32; 2],
    /// Root of the mean square per channel, rounded down.
    rms: [u64; 2],
    clipped_samples: u64,
    underrun_events: u64,
    missing_frames: u64,
    #[serde(skip)]
    squares: [u128; 2],
}

/// One input on its way through its ring.
struct Stream {
    id: u32,
    source: Source,
    producer: Producer<Heap>,
    consumer: Consumer<Heap>,
    /// Samples read from the file that the ring had no room for yet.
    waiting: Vec<i16>,
    ended: bool,
    block: [i16; SAMPLES],
    taken: usize,
}

/// Mixes the files.
pub fn run(arguments: &Arguments) -> Result<(), Failed> {
    let curve = match arguments.curve {
        CurveArgument::Soft => Curve::Soft,
        CurveArgument::Saturate => Curve::Saturate,
    };
    let mut mixer = Mixer::new(curve);
    let usage = |error: audio::AudioError| Failed::Usage(error.to_string());
    let mut level = audio::level::Level::default();
    level.set_text(&arguments.level).map_err(usage)?;
    mixer.set_level(level.q16()).map_err(usage)?;
    let mut streams = Vec::new();
    for input in &arguments.inputs {
        streams.push(open(input, arguments, &mut mixer)?);
    }
    let frames = streams.iter().map(|stream| stream.source.frames()).max().unwrap_or(0);
    let mut sink = Sink::create(&arguments.output, frames)?;
    let progress = progress(frames);
    let mut figures = Figures { streams: streams.len(), ..Figures::default() };
    while figures.frames < frames {
        let length = u32::try_from(frames - figures.frames).unwrap_or(u32::MAX).min(BLOCK_FRAMES);
        let mut out = [0; SAMPLES];
        for stream in &mut streams {
            stream.fill()?;
            stream.take(length)?;
        }
        // At most sixteen, since opening them was not rejected.
        let inputs: Vec<BlockInput<'_>> = streams.iter().map(Stream::input).collect();
        let report = mixer.mix(length, &inputs, &mut out).map_err(internal)?;
        let out = out.get(..length as usize * 2).unwrap_or_default();
        sink.append(out)?;
        figures.add(length, out, &report);
        progress.inc(u64::from(length));
    }
    for stream in &streams {
        let (events, missing) = stream.consumer.underruns();
        figures.underrun_events += events;
        figures.missing_frames += missing;
    }
    progress.finish_and_clear();
    sink.finish()?;
    figures.finish();
    print(&figures, arguments)
}

fn internal(error: audio::AudioError) -> Failed {
    Failed::Internal(error.to_string())
}

fn open(input: &str, arguments: &Arguments, mixer: &mut Mixer) -> Result<Stream, Failed> {
    let (path, gain) = split_gain(input)?;
    let path = Path::new(path);
    if same_file(path, &arguments.output) {
        return Err(Failed::Usage(format!("{} is input and output: give the output another name", path.display())));
    }
    let source = Source::open(path, arguments.duplicate_mono)?;
    let id = mixer.open().map_err(|error| Failed::Usage(error.to_string()))?;
    mixer.set_gain(id, gain).map_err(|error| Failed::Usage(format!("{input}: {error}")))?;
    let (producer, consumer) = channel(Capacity::ENGINE);
    Ok(Stream { id, source, producer, consumer, waiting: Vec::new(), ended: false, block: [0; SAMPLES], taken: 0 })
}

fn same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

impl Stream {
    /// Keeps the ring as full as it can be.
    fn fill(&mut self) -> Result<(), Failed> {
        loop {
            if self.waiting.is_empty() {
                self.waiting = self.source.next(BLOCK_FRAMES)?;
                self.ended = self.waiting.is_empty();
            }
            let wrote = self.producer.write(&self.waiting).map_err(internal)?;
            self.waiting.drain(..(wrote as usize * 2).min(self.waiting.len()));
            if self.ended || !self.waiting.is_empty() {
                return Ok(());
            }
        }
    }

    /// Takes a block out of the ring. While the file goes on, a block that is not there in time is an underrun; after its end,
    /// what is left is read without one.
    fn take(&mut self, frames: u32) -> Result<(), Failed> {
        let taken = if self.ended {
            self.consumer.read(frames, &mut self.block).map_err(internal)?
        } else {
            self.consumer.pull(frames, &mut self.block).map_err(internal)?;
            frames
        };
        self.taken = taken as usize * 2;
        Ok(())
    }

    fn input(&self) -> BlockInput<'_> {
        BlockInput { stream: self.id, pcm: self.block.get(..self.taken).unwrap_or_default() }
    }
}

impl Figures {
    fn add(&mut self, length: u32, out: &[i16], report: &BlockReport) {
        self.frames += u64::from(length);
        self.blocks += 1;
        self.clipped_samples += u64::from(report.clipped);
        for (peak, block) in self.peak.iter_mut().zip(report.peak) {
            *peak = (*peak).max(block);
        }
        for frame in out.chunks_exact(2) {
            for (sum, sample) in self.squares.iter_mut().zip(frame) {
                *sum += u128::from(sample.unsigned_abs()).pow(2);
            }
        }
    }

    fn finish(&mut self) {
        for (rms, sum) in self.rms.iter_mut().zip(self.squares) {
            *rms = u64::try_from((sum / u128::from(self.frames.max(1))).isqrt()).unwrap_or(u64::MAX);
        }
    }
}

fn progress(frames: u64) -> ProgressBar {
    let target = if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(frames), target);
    if let Ok(style) = ProgressStyle::with_template("mixing {bar:40} {percent:>3} %") {
        bar.set_style(style);
    }
    bar
}

/// A file and its gain in Q8.8 dB: `voice.wav@-6dB` is -1536. Without a gain, 0.
fn split_gain(input: &str) -> Result<(&str, i32), Failed> {
    let Some((path, text)) = input.rsplit_once('@') else {
        return Ok((input, 0));
    };
    // An address-like file name without a gain is a file name.
    let Some(number) = text.strip_suffix("dB").or_else(|| text.strip_suffix("db")) else {
        return Ok((input, 0));
    };
    let wrong = || Failed::Usage(format!("`{text}` in {input} is no gain: write it as @-6dB or @+1.5dB, from -96 to 12 dB"));
    let decimal: f64 = number.trim().parse().map_err(|_| wrong())?;
    if !(-96.0..=12.0).contains(&decimal) {
        return Err(wrong());
    }
    Ok((path, (decimal * f64::from(spec::gain::GAIN_DB_STEPS_PER_DB)).round() as i32))
}

/// A magnitude in decibels relative to full scale, for people.
fn dbfs(magnitude: u64) -> String {
    if magnitude == 0 { "-inf dBFS".to_owned() } else { format!("{:.2} dBFS", 20.0 * (magnitude as f64 / 32_768.0).log10()) }
}

fn print(figures: &Figures, arguments: &Arguments) -> Result<(), Failed> {
    if arguments.json {
        let text = serde_json::to_string(figures).map_err(|error| Failed::Internal(error.to_string()))?;
        println!("{text}");
        return Ok(());
    }
    let [left, right] = figures.peak;
    let [rms_left, rms_right] = figures.rms;
    let seconds = figures.frames as f64 / f64::from(FRAMES_PER_MS) / 1000.0;
    println!("{}: {} frames ({seconds:.3} s) from {} files", arguments.output.display(), figures.frames, figures.streams);
    println!("peak      left {left} ({}), right {right} ({})", dbfs(left.into()), dbfs(right.into()));
    println!("RMS       left {rms_left} ({}), right {rms_right} ({})", dbfs(rms_left), dbfs(rms_right));
    println!("clipped   {} of {} samples", figures.clipped_samples, figures.frames * 2);
    println!("underruns {} ({} frames missing)", figures.underrun_events, figures.missing_frames);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::split_gain;

    #[test]
    fn a_gain_is_split_from_its_file() {
        assert_eq!(split_gain("voice.wav@-6dB").ok(), Some(("voice.wav", -1_536)));
        assert_eq!(split_gain("a@b.wav@+1.5dB").ok(), Some(("a@b.wav", 384)));
        assert_eq!(split_gain("me@home.wav").ok(), Some(("me@home.wav", 0)));
        assert_eq!(split_gain("voice.wav").ok(), Some(("voice.wav", 0)));
    }

    #[test]
    fn test_reject_gains_that_are_none() {
        for input in ["a.wav@dB", "a.wav@loud dB", "a.wav@-97dB", "a.wav@12.1dB", "a.wav@NaNdB", "a.wav@infdB"] {
            assert!(split_gain(input).is_err(), "{input}");
        }
    }
}
