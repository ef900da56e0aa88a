//! WAV files on disk: read and written block by block, whatever their size.

use crate::Failed;
use audio::wav::{DataChunk, HeaderReader, Step, header_bytes};
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

/// A WAV file that is being read.
pub struct Source {
    path: PathBuf,
    file: BufReader<File>,
    data: DataChunk,
    left: u64,
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
        Ok(Self { path: path.to_owned(), file, data, left: data.bytes })
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
        Ok(())
    }

    /// The next frames, at most so many, as interleaved stereo; empty at the end.
    pub fn next(&mut self, frames: u32) -> Result<Vec<i16>, Failed> {
        let wanted = (u64::from(frames) * u64::from(self.data.bytes_per_frame())).min(self.left);
        let mut bytes = vec![0; usize::try_from(wanted).unwrap_or(0)];
        self.file.read_exact(&mut bytes).map_err(|error| Failed::Rejected(format!("{}: {error}", self.path.display())))?;
        self.left -= wanted;
        Ok(self.data.decode(&bytes))
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
