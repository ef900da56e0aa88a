//! A decoder of others, where one is installed: ffmpeg, asked for raw frames and samples.
//!
//! It is told which format a file is, so that it opens no playlists and nothing but that file. Its time and its output are bounded, and what it
//! says is compared piece by piece as it comes, so that nothing of it is kept.

use super::compare::{Difference, at_pixel, at_sample, first};
use super::pictures::{self, Triple};
use super::player::{Answer, Kind, Packet, Player};
use spec::ErrorCode;
use spec::media_types::CodecId;
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

/// How long it may take for a file.
pub const TIME_MAX: Duration = Duration::from_secs(30);

/// Bytes that are read of it behind the last that can be compared.
const EXTRA_MAX: u64 = 1 << 20;

/// Where the channels of a stream of so many channels stand in ffmpeg's order: place there to channel of Vorbis.
const VORBIS_ORDER: [&[usize]; 8] =
    [&[0], &[0, 1], &[0, 2, 1], &[0, 1, 2, 3], &[0, 2, 1, 3, 4], &[0, 2, 1, 5, 3, 4], &[0, 2, 1, 6, 5, 3, 4], &[0, 2, 1, 7, 5, 6, 3, 4]];

/// An outside decoder.
#[derive(Clone, Debug)]
pub struct Outside {
    program: String,
    /// What it says that it is.
    pub version: String,
    /// What says that no frame is dropped or repeated.
    passthrough: [&'static str; 2],
}

/// Looks for ffmpeg under this name.
pub fn find(program: &str) -> Option<Outside> {
    let text = duct::cmd!(program, "-hide_banner", "-version").stdin_null().stderr_null().read().ok()?;
    let version = text.lines().next().unwrap_or_default().split(" Copyright").next().unwrap_or_default().to_owned();
    let number = version.split_whitespace().nth(2).unwrap_or_default();
    let mut parts = number.trim_start_matches(|c: char| !c.is_ascii_digit()).split(|c: char| !c.is_ascii_digit()).map(str::parse::<u32>);
    let old = matches!((parts.next(), parts.next()), (Some(Ok(major)), Some(Ok(minor))) if (major, minor) < (5, 1));
    let passthrough = if old { ["-vsync", "0"] } else { ["-fps_mode", "passthrough"] };
    Some(Outside { program: program.to_owned(), version, passthrough })
}

/// How it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// It succeeded.
    #[default]
    Whole,
    /// It said that something is wrong.
    Failed,
    /// It took longer than [`TIME_MAX`] and was ended.
    TimedOut,
}

/// What differs between a stream as this implementation plays it and as the outside decoder does.
#[derive(Clone, Debug, Default)]
pub struct Gap {
    /// Packets of this implementation.
    pub packets: u32,
    /// Where they differ first; the outside decoder is expected.
    pub difference: Option<Difference>,
    /// What that looks like.
    pub pictures: Option<Triple>,
    /// Pixels or samples that were compared.
    pub compared: u64,
    /// Pixels or samples that differ; pixels that both show as nothing don't.
    pub differing: u64,
    /// The largest difference of a colour or sample.
    pub largest: u32,
    /// The largest difference of alpha.
    pub largest_alpha: u32,
    /// The largest difference of brightness.
    pub largest_luma: u32,
    /// The sum of all differences of colours or samples.
    pub sum: u64,
    /// Differing pixels of which this implementation shows something.
    pub shown: u64,
    /// Differing pixels of which this implementation shows something, and not all is opaque.
    pub translucent: u64,
    /// Bytes that the outside decoder gives less.
    pub missing: u64,
    /// Bytes that the outside decoder gives more, as far as they were read.
    pub extra: u64,
    /// How this implementation ended, if not with the end of the stream.
    pub rejected: Option<ErrorCode>,
    /// How the outside decoder ended.
    pub ending: Ending,
}

impl Gap {
    /// Whether nothing differs: not what is shown, nor how much, nor whether the file is taken.
    pub fn is_none(&self) -> bool {
        let accepted = self.rejected.is_none();
        let shorter = self.missing > 0 || (accepted && self.ending == Ending::TimedOut);
        self.differing == 0 && !shorter && self.extra == 0 && !(accepted && self.packets == 0 && self.ending != Ending::Whole)
    }

    /// The mean difference of a colour or sample where any differ; 0 where none do.
    pub fn mean(&self) -> f64 {
        if self.compared == 0 { 0.0 } else { self.sum as f64 / self.compared as f64 }
    }
}

impl Outside {
    /// Plays a file with both and compares; `packets` is how many there are, as far as it is known.
    ///
    /// # Errors
    /// The outside decoder can't be started.
    pub fn compare(&self, path: &Path, codec: CodecId, stream: &[u8], packets: u32, ours: &mut dyn Player) -> Result<Gap, String> {
        let failed = |error: io::Error| format!("{}: {error}", self.program);
        let arguments = self.arguments(path, codec, stream, packets);
        let reader = duct::cmd(&self.program, arguments).stdin_null().stderr_null().unchecked().reader().map_err(failed)?;
        let (done, waiting) = mpsc::channel::<()>();
        std::thread::scope(|scope| {
            let reader = &reader;
            let watch = scope.spawn(move || {
                let timed_out = waiting.recv_timeout(TIME_MAX) == Err(mpsc::RecvTimeoutError::Timeout);
                if timed_out {
                    // It may have ended meanwhile, which is as good.
                    let _ = reader.kill();
                }
                timed_out
            });
            let mut gap = follow(ours, &mut Bounded { inner: reader }, codec);
            // What is left is not read: whoever floods is not waited for.
            let ended = reader.try_wait().ok().flatten().map(|output| output.status.success());
            let _ = reader.kill();
            drop(done);
            gap.ending = match (watch.join(), ended) {
                (Ok(true), _) => Ending::TimedOut,
                (_, Some(false)) => Ending::Failed,
                _ => Ending::Whole,
            };
            Ok(gap)
        })
    }

    fn arguments(&self, path: &Path, codec: CodecId, stream: &[u8], packets: u32) -> Vec<OsString> {
        let animated = codec == CodecId::Apng && spec::apng::chunks(stream).iter().any(|chunk| chunk.name == *b"acTL");
        let demuxer = match codec {
            CodecId::Gif => "gif",
            CodecId::Apng if animated => "apng",
            CodecId::Apng => "png_pipe",
            CodecId::Mjpeg if stream.starts_with(b"--") => "mpjpeg",
            // A thumbnail within a picture is none of its own.
            CodecId::Mjpeg if packets == 1 => "jpeg_pipe",
            CodecId::Mjpeg => "mjpeg",
            CodecId::Vorbis => "ogg",
            CodecId::Wav => "wav",
        };
        let mut all: Vec<OsString> =
            ["-nostdin", "-v", "quiet", "-protocol_whitelist", "file,pipe", "-max_alloc", "1073741824", "-threads", "1"]
                .map(OsString::from)
                .to_vec();
        let mut file = OsString::from("file:");
        file.push(path);
        if !matches!(codec, CodecId::Vorbis | CodecId::Wav) {
            // How a picture is held is not what its pixels are.
            all.push("-noautorotate".into());
        }
        all.extend(["-f", demuxer, "-i"].map(OsString::from));
        all.push(file);
        let sound = matches!(codec, CodecId::Vorbis | CodecId::Wav);
        let rest: &[&str] = if sound {
            &["-map", "0:a:0", "-f", "s16le", "-c:a", "pcm_s16le", "pipe:1"]
        } else {
            &["-map", "0:v:0", "-sws_flags", "accurate_rnd+full_chroma_int+bitexact", "-f", "rawvideo", "-pix_fmt", "bgra"]
        };
        all.extend(rest.iter().map(OsString::from));
        if demuxer == "jpeg_pipe" {
            // Behind a picture may be others that are none of the stream's: a preview, the second of two cameras.
            all.extend(["-frames:v", "1"].map(OsString::from));
        }
        if !sound {
            all.extend(self.passthrough.map(OsString::from));
            all.push("pipe:1".into());
        }
        all
    }
}

/// What it says; an error is the end.
struct Bounded<'a> {
    inner: &'a duct::ReaderHandle,
}

impl Bounded<'_> {
    /// The next bytes, fewer at the end.
    fn take(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        let mut length = 0;
        while length < count {
            match self.inner.read(&mut bytes[length..]) {
                Ok(0) | Err(_) => break,
                Ok(more) => length += more,
            }
        }
        bytes.truncate(length);
        bytes
    }
}

fn follow(ours: &mut dyn Player, theirs: &mut Bounded<'_>, codec: CodecId) -> Gap {
    let (mut gap, mut frames) = (Gap::default(), 0);
    loop {
        match ours.next() {
            Answer::Packet(packet) => {
                let found = theirs.take(packet.bytes.len());
                let whole = found.len() == packet.bytes.len();
                gap.missing += (packet.bytes.len() - found.len()) as u64;
                match packet.kind {
                    Kind::Frame { .. } if !whole => {}
                    Kind::Frame { width, height, .. } => gap.frame((width, height), &found, &packet),
                    Kind::Pcm { channels, .. } => {
                        let ordered = ordered(codec, channels, &packet.bytes);
                        gap.samples(channels, frames, &found, &ordered);
                        frames += packet.bytes.len() as u64 / (2 * u64::from(channels.max(1)));
                    }
                }
                gap.packets += 1;
            }
            Answer::Rejected(code) => {
                gap.rejected = Some(code);
                break;
            }
            Answer::Ended { .. } | Answer::Failed(_) => break,
        }
    }
    gap.extra = theirs.take(EXTRA_MAX as usize).len() as u64;
    gap
}

/// Samples in ffmpeg's order of channels.
fn ordered(codec: CodecId, channels: u8, bytes: &[u8]) -> Vec<u8> {
    let order = VORBIS_ORDER.get(usize::from(channels).wrapping_sub(1)).filter(|_| codec == CodecId::Vorbis);
    let Some(order) = order else { return bytes.to_vec() };
    let sample = |frame: &[u8], channel: usize| [frame[2 * channel], frame[2 * channel + 1]];
    bytes.chunks_exact(2 * usize::from(channels)).flat_map(|frame| order.iter().flat_map(move |channel| sample(frame, *channel))).collect()
}

/// Brightness, as BT.601 has it.
fn luma([blue, green, red, _]: [u8; 4]) -> u32 {
    (29 * u32::from(blue) + 150 * u32::from(green) + 77 * u32::from(red)) >> 8
}

impl Gap {
    fn frame(&mut self, size: (u32, u32), theirs: &[u8], ours: &Packet) {
        let ((theirs_of, _), (ours_of, _)) = (theirs.as_chunks::<4>(), ours.bytes.as_chunks::<4>());
        self.compared += ours_of.len() as u64 * 3;
        let mut place = None;
        for (index, (theirs, ours)) in theirs_of.iter().zip(ours_of).enumerate() {
            if theirs == ours || (theirs[3] == 0 && ours[3] == 0) {
                continue;
            }
            place = place.or(Some(index));
            self.differing += 1;
            self.shown += u64::from(ours[3] > 0);
            self.translucent += u64::from(ours[3] > 0 && (ours[3] < 255 || theirs[3] < 255));
            let gaps = [0, 1, 2].map(|channel: usize| u32::from(theirs[channel].abs_diff(ours[channel])));
            self.sum += gaps.iter().map(|gap| u64::from(*gap)).sum::<u64>();
            self.largest = gaps.into_iter().fold(self.largest, u32::max);
            self.largest_alpha = self.largest_alpha.max(theirs[3].abs_diff(ours[3]).into());
            self.largest_luma = self.largest_luma.max(luma(*theirs).abs_diff(luma(*ours)));
        }
        if let Some(pixel) = place
            && self.difference.is_none()
        {
            let within = first(&theirs[4 * pixel..4 * pixel + 4], &ours.bytes[4 * pixel..4 * pixel + 4]).unwrap_or(0);
            self.difference = Some(at_pixel(self.packets, size.0, 4 * pixel + within, theirs, &ours.bytes));
            self.pictures = pictures::of_pixels(size, pixel, theirs, &ours.bytes);
        }
    }

    fn samples(&mut self, channels: u8, start: u64, theirs: &[u8], ours: &[u8]) {
        let ((theirs_of, _), (ours_of, _)) = (theirs.as_chunks::<2>(), ours.as_chunks::<2>());
        self.compared += theirs_of.len() as u64;
        let mut place = None;
        for (index, (theirs, ours)) in theirs_of.iter().zip(ours_of).enumerate() {
            let gap = u32::from(i16::from_le_bytes(*theirs).abs_diff(i16::from_le_bytes(*ours)));
            if gap > 0 {
                place = place.or(Some(index));
                (self.differing, self.sum) = (self.differing + 1, self.sum + u64::from(gap));
                self.largest = self.largest.max(gap);
            }
        }
        if let Some(sample) = place
            && self.difference.is_none()
        {
            self.difference = Some(at_sample(self.packets, start, channels, 2 * sample, theirs, ours));
            self.pictures = pictures::of_samples(channels, sample, theirs, ours);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_channels_are_put_in_the_other_order() {
        let bytes: Vec<u8> = (0..6_u8).flat_map(|channel| [channel, 0]).collect();
        let order: Vec<u8> = ordered(CodecId::Vorbis, 6, &bytes).chunks(2).map(|sample| sample[0]).collect();
        assert_eq!(order, [0, 2, 1, 5, 3, 4]);
        assert_eq!(ordered(CodecId::Wav, 6, &bytes), bytes);
    }

    #[test]
    fn what_is_not_installed_is_not_found() {
        assert!(find("/nonexistent/ffmpeg").is_none());
        assert!(find("false").is_none());
    }

    #[test]
    fn pixels_that_show_nothing_are_the_same() {
        let kind = Kind::Frame { width: 3, height: 1, delay: spec::decode::Delay { numerator: 0, denominator: 1 } };
        let ours = Packet { kind, bytes: vec![0, 0, 0, 0, 9, 9, 9, 255, 0, 0, 0, 0] };
        let mut gap = Gap::default();
        gap.frame((3, 1), &[255, 255, 255, 0, 9, 8, 9, 255, 7, 7, 7, 255], &ours);
        assert_eq!((gap.differing, gap.shown, gap.translucent, gap.largest, gap.largest_alpha), (2, 1, 0, 7, 255));
        let difference = gap.difference.expect("a difference");
        assert_eq!((difference.x, difference.y, difference.channel.as_deref()), (Some(1), Some(0), Some("green")));
        assert_eq!((difference.expected.as_str(), difference.got.as_str()), ("8 of bgra [9, 8, 9, 255]", "9 of bgra [9, 9, 9, 255]"));
    }
}
