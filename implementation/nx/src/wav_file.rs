//! WAV files on disk: read and written block by block, whatever their size.

use crate::Failed;
use audio::wav::{DataChunk, HeaderReader, Step, header_bytes};
use decoders::media_types::CodecId;
use decoders::{Client, Decoder, Limits, MediaPacket, Pull};
use spec::format::SAMPLE_RATE_HZ;
use spec::wav::WAV_BITS_PER_SAMPLE;
use spec::wav_stream::{Fmt, WavFile};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// What `nx` takes.
pub const ACCEPTED: &str = "48000 Hz, stereo, 16-bit PCM";

/// Where the system's packages keep their fixtures.
const FIXTURES: &str = "pkg://fixtures/";

/// The path that a file's name on the command line means: a fixture's below that folder, or the path that it is (NX_AUDIO-020).
///
/// # Errors
/// A fixture's name that is no plain path: it could mean any file.
pub fn fixture(name: &str, folder: &Path) -> Result<PathBuf, Failed> {
    let Some(below) = name.strip_prefix(FIXTURES) else { return Ok(name.into()) };
    if below.split('/').all(|part| !matches!(part, "" | "." | "..")) {
        return Ok(folder.join(below));
    }
    Err(Failed::Rejected(format!("{name} names no fixture: after {FIXTURES} comes a plain path such as audio/tone_440_hz_200_ms.wav")))
}

/// Frames that are decoded in one go: a second.
const WINDOW_FRAMES: u64 = SAMPLE_RATE_HZ as u64;

/// A WAV file that is being read. A decoder holds all that it was fed, so that each second of a file has its own, which it is fed as a
/// stream with a header of its own: a file may be longer than the longest stream of a decoder, and a seek needs nothing that is before it.
pub struct Source {
    path: PathBuf,
    file: BufReader<File>,
    data: DataChunk,
    /// Bytes of samples that no decoder was fed yet.
    left: u64,
    client: Client,
    decoder: Option<Box<dyn Decoder + Send>>,
    /// Samples that were decoded and not yet given, as interleaved stereo.
    ready: Vec<i16>,
}

impl Source {
    /// Opens a file and reads up to its samples.
    pub fn open(path: &Path, duplicate_mono: bool) -> Result<Self, Failed> {
        let shown = path.display();
        let io = |error: std::io::Error| Failed::Rejected(format!("{shown}: {error}"));
        let file = File::open(path).map_err(io)?;
        let size = file.metadata().map_err(io)?.len();
        let mut file = BufReader::with_capacity(1 << 16, file);
        let mut header = HeaderReader::new(size);
        let mut pending: Vec<u8> = Vec::new();
        let data = loop {
            let (step, taken) = header.feed(&pending).map_err(|error| Failed::Rejected(rejected(path, &error)))?;
            pending.drain(..taken.min(pending.len()));
            match step {
                Step::Data(data) => break data,
                Step::Skip(bytes) => {
                    let ahead = bytes.saturating_sub(pending.len() as u64);
                    pending.drain(..(bytes.min(pending.len() as u64)) as usize);
                    file.seek_relative(i64::try_from(ahead).unwrap_or(i64::MAX)).map_err(io)?;
                }
                Step::NeedMore(bytes) => {
                    let before = pending.len();
                    file.by_ref().take(bytes as u64).read_to_end(&mut pending).map_err(io)?;
                    if pending.len() == before {
                        return Err(Failed::Rejected(format!("{shown}: it ends before its samples start")));
                    }
                }
            }
        };
        if data.channels == 1 && !duplicate_mono {
            return Err(Failed::Rejected(format!("{shown} is {}; accepted: {ACCEPTED} (or mono with --duplicate-mono)", describe(path))));
        }
        file.seek(SeekFrom::Start(data.offset)).map_err(io)?;
        let client = Client::new(Limits::default()).map_err(|error| Failed::of_media(shown, &error))?;
        Ok(Self { path: path.to_owned(), file, data, left: data.bytes, client, decoder: None, ready: Vec::new() })
    }

    /// Frames of the whole file.
    pub fn frames(&self) -> u64 {
        self.data.bytes / u64::from(self.data.bytes_per_frame().max(1))
    }

    /// Goes to a frame, counted from the first; beyond the last one it is the end.
    pub fn seek(&mut self, frame: u64) -> Result<(), Failed> {
        let skipped = frame.min(self.frames()) * u64::from(self.data.bytes_per_frame());
        let io = |error: std::io::Error| Failed::Rejected(format!("{}: {error}", self.path.display()));
        self.file.seek(SeekFrom::Start(self.data.offset + skipped)).map_err(io)?;
        self.left = self.data.bytes - skipped;
        self.decoder = None;
        self.ready.clear();
        Ok(())
    }

    /// The next frames, at most so many, as interleaved stereo; empty at the end.
    pub fn next(&mut self, frames: u32) -> Result<Vec<i16>, Failed> {
        let wanted = frames as usize * 2;
        while self.ready.len() < wanted && self.decode()? {}
        Ok(self.ready.drain(..wanted.min(self.ready.len())).collect())
    }

    /// Decodes a packet; false at the end of the file.
    fn decode(&mut self) -> Result<bool, Failed> {
        loop {
            let decoder = match self.decoder.take() {
                Some(decoder) => decoder,
                None if self.left == 0 => return Ok(false),
                None => self.open_window()?,
            };
            match self.decoder.insert(decoder).next().map_err(|error| Failed::of_media(self.path.display(), &error))? {
                Pull::Packet(MediaPacket::Pcm(pcm)) => {
                    match pcm.channels {
                        1 => self.ready.extend(pcm.samples.iter().flat_map(|sample| [*sample; 2])),
                        _ => self.ready.extend(pcm.samples),
                    }
                    return Ok(true);
                }
                Pull::Ended { .. } => self.decoder = None,
                // All of the window was fed, so that nothing is waited for, and WAV has no pictures.
                Pull::NeedInput | Pull::Packet(_) => {
                    return Err(Failed::Internal(format!("{}: the decoder gave no sound of a second that it has", self.path.display())));
                }
            }
        }
    }

    /// A decoder that has the next second of the file.
    fn open_window(&mut self) -> Result<Box<dyn Decoder + Send>, Failed> {
        let shown = self.path.display();
        let bytes = (WINDOW_FRAMES * u64::from(self.data.bytes_per_frame())).min(self.left);
        let mut samples = Vec::new();
        let read = self.file.by_ref().take(bytes).read_to_end(&mut samples);
        read.map_err(|error| Failed::Rejected(format!("{shown}: {error}")))?;
        self.left -= bytes;
        let mut stream = WavFile::new(&Fmt::pcm(self.data.channels, SAMPLE_RATE_HZ, WAV_BITS_PER_SAMPLE), samples);
        // A file that lost its end since it was opened is told as cut.
        stream.chunks.iter_mut().filter(|chunk| chunk.name == *b"data").for_each(|chunk| chunk.claimed = Some(bytes as u32));
        let opened = self.client.open(CodecId::Wav).and_then(|mut decoder| {
            decoder.feed(&stream.bytes())?;
            decoder.end()?;
            Ok(decoder)
        });
        opened.map_err(|error| Failed::of_media(shown, &error))
    }
}

/// A rejection, with what the file is.
fn rejected(path: &Path, error: &audio::AudioError) -> String {
    let shown = path.display();
    match error.code() {
        spec::ErrorCode::UnsupportedFormat => format!("{shown} is {}; accepted: {ACCEPTED} ({error})", describe(path)),
        _ => format!("{shown}: {error}"),
    }
}

/// What a file is, in words, as an independent reader sees it.
fn describe(path: &Path) -> String {
    match hound::WavReader::open(path) {
        Ok(reader) => {
            let format = reader.spec();
            let channels = match format.channels {
                1 => "mono".to_owned(),
                2 => "stereo".to_owned(),
                many => format!("{many} channels"),
            };
            let kind = if format.sample_format == hound::SampleFormat::Float { "float" } else { "PCM" };
            format!("{} Hz, {channels}, {}-bit {kind}", format.sample_rate, format.bits_per_sample)
        }
        Err(_) => "of a format that is not known here".to_owned(),
    }
}

/// A WAV file that is being written: it appears under its name only when it is whole.
pub struct Sink {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
    data_bytes: u64,
}

impl Sink {
    /// Starts a file of so many frames.
    pub fn create(path: &Path, frames: u64) -> Result<Self, Failed> {
        let shown = path.display();
        let data_bytes = frames * 4;
        if data_bytes + 44 > u64::from(u32::MAX) {
            return Err(Failed::Rejected(format!(
                "{shown} would have {data_bytes} bytes of samples; a WAV file holds at most {}",
                u32::MAX - 44
            )));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = NamedTempFile::new_in(folder).map_err(|error| Failed::Internal(format!("{shown}: {error}")))?;
        let mut sink = Self { path: path.to_owned(), file: BufWriter::with_capacity(1 << 16, file), data_bytes: 0 };
        sink.write(&header_bytes(data_bytes as u32))?;
        sink.data_bytes = 0;
        Ok(sink)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failed> {
        self.data_bytes += bytes.len() as u64;
        self.file.write_all(bytes).map_err(|error| Failed::Internal(format!("{}: {error}", self.path.display())))
    }

    /// Appends interleaved samples.
    pub fn append(&mut self, pcm: &[i16]) -> Result<(), Failed> {
        let bytes = audio::format::encode(pcm).map_err(|error| Failed::Internal(error.to_string()))?;
        self.write(&bytes)
    }

    /// Puts the whole file under its name.
    pub fn finish(self) -> Result<u64, Failed> {
        let shown = self.path.display().to_string();
        let bytes = self.data_bytes;
        let file = self.file.into_inner().map_err(|error| Failed::Internal(format!("{shown}: {error}")))?;
        // A temporary file is private; the finished one is anybody's to read, as other tools write it.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let _ = file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644));
        }
        file.persist(&self.path).map_err(|error| Failed::Internal(format!("{shown}: {error}")))?;
        Ok(bytes)
    }
}
