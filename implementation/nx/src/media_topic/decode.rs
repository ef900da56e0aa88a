//! Where decoded packets go: a WAV file, a folder of PNG files, a sheet.

use super::files::{Found, Stream};
use super::sheet::Sheet;
use crate::Failed;
use decoders::media_types::{CodecId, Output, output};
use decoders::{MediaPacket, Pcm, VideoFrame};
use serde_json::{Map, Value, json};
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Where the mask of speakers stands in a WAV file of more than two channels.
const MASK_AT: u64 = 40;

/// For each number of channels: the speakers of a WAV file, and for each of its places the channel in Vorbis' own order.
const SPEAKERS: [(u32, &[usize]); 8] = [
    (0x4, &[0]),
    (0x3, &[0, 1]),
    (0x7, &[0, 2, 1]),
    (0x33, &[0, 1, 2, 3]),
    (0x37, &[0, 2, 1, 3, 4]),
    (0x3f, &[0, 2, 1, 5, 3, 4]),
    (0x70f, &[0, 2, 1, 6, 5, 3, 4]),
    (0x63f, &[0, 2, 1, 7, 5, 6, 3, 4]),
];

fn io(path: &Path) -> impl Fn(std::io::Error) -> Failed + '_ {
    move |error| Failed::Internal(format!("{}: {error}", path.display()))
}

/// The folder that a file of this name is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file that appears under its name once it is written, and is then anybody's to read.
pub fn persist(file: NamedTempFile, path: &Path) -> Result<(), Failed> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let _ = file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644));
    }
    file.persist(path).map(|_| ()).map_err(|error| Failed::Internal(format!("{}: {error}", path.display())))
}

/// A new file beside where it will appear.
pub fn begun(path: &Path) -> Result<NamedTempFile, Failed> {
    NamedTempFile::new_in(folder_of(path)).map_err(io(path))
}

/// Writes a picture of RGBA as PNG.
pub fn write_png(path: &Path, width: u32, height: u32, rgba: &[u8]) -> Result<(), Failed> {
    let failed = |error: png::EncodingError| Failed::Internal(format!("{}: {error}", path.display()));
    let file = begun(path)?;
    let mut inner = BufWriter::new(file.as_file());
    let mut encoder = png::Encoder::new(&mut inner, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(rgba).map_err(failed)?;
    writer.finish().map_err(failed)?;
    inner.flush().map_err(io(path))?;
    drop(inner);
    persist(file, path)
}

/// Pixels of BGRA as RGBA.
pub fn rgba(bgra: &[u8], out: &mut Vec<u8>) {
    out.clear();
    let (pixels, _) = bgra.as_chunks::<4>();
    out.extend(pixels.iter().flat_map(|[blue, green, red, alpha]| [*red, *green, *blue, *alpha]));
}

/// A WAV file that is being written.
struct Wave {
    file: NamedTempFile,
    writer: hound::WavWriter<BufWriter<File>>,
    /// Rate and channels of its header.
    format: (u32, u8),
    order: &'static [usize],
    mask: u32,
}

impl Wave {
    fn begin(path: &Path, codec: CodecId, pcm: &Pcm<'_>) -> Result<Self, Failed> {
        let file = begun(path)?;
        let spec = hound::WavSpec {
            channels: pcm.channels.into(),
            sample_rate: pcm.rate_hz,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let inner = BufWriter::with_capacity(1 << 16, file.as_file().try_clone().map_err(io(path))?);
        let writer = hound::WavWriter::new(inner, spec).map_err(|error| wrong(path, &error))?;
        let speakers = SPEAKERS.get(usize::from(pcm.channels).saturating_sub(1)).filter(|_| codec == CodecId::Vorbis);
        let (mask, order) = speakers.copied().unwrap_or_default();
        Ok(Self { file, writer, format: (pcm.rate_hz, pcm.channels), order, mask })
    }

    fn take(&mut self, path: &Path, pcm: &Pcm<'_>) -> Result<(), Failed> {
        if (pcm.rate_hz, pcm.channels) != self.format {
            return Err(Failed::Rejected(format!("{}: rate or channels change within the stream, which no WAV file can", path.display())));
        }
        for frame in pcm.samples.chunks(usize::from(pcm.channels.max(1))) {
            let in_order = self.order.iter().filter_map(|channel| frame.get(*channel));
            let as_is = frame.iter().filter(|_| self.order.is_empty());
            for sample in in_order.chain(as_is) {
                self.writer.write_sample(*sample).map_err(|error| wrong(path, &error))?;
            }
        }
        Ok(())
    }

    fn finish(self, path: &Path) -> Result<(), Failed> {
        let Self { mut file, writer, format: (_, channels), mask, .. } = self;
        writer.finalize().map_err(|error| wrong(path, &error))?;
        // The library names the first speakers in their order, whatever there are.
        if channels > 2 && mask > 0 {
            let file = file.as_file_mut();
            file.seek(SeekFrom::Start(MASK_AT)).and_then(|_| file.write_all(&mask.to_le_bytes())).map_err(io(path))?;
        }
        persist(file, path)
    }
}

fn wrong(path: &Path, error: &hound::Error) -> Failed {
    Failed::Internal(format!("{}: {error}", path.display()))
}

/// Frames that become files of a folder.
#[derive(Default)]
struct Sequence {
    /// Each file's name and how long it is shown.
    frames: Vec<Value>,
    rgba: Vec<u8>,
}

impl Sequence {
    fn take(&mut self, folder: &Path, frame: &VideoFrame<'_>) -> Result<(), Failed> {
        let name = format!("frame-{:04}.png", frame.number);
        std::fs::create_dir_all(folder).map_err(io(folder))?;
        rgba(frame.pixels, &mut self.rgba);
        write_png(&folder.join(&name), frame.width, frame.height, &self.rgba)?;
        self.frames.push(json!({"file": name, "delay": [frame.delay.numerator, frame.delay.denominator]}));
        Ok(())
    }
}

enum To {
    Wave(Option<Wave>),
    Sequence(Sequence),
    Sheet(Sheet),
}

/// Where packets go.
pub struct Sink {
    out: PathBuf,
    codec: CodecId,
    to: To,
}

impl Sink {
    /// What a codec's packets become. Nothing is written before the first of them.
    ///
    /// # Errors
    /// A sheet of sound; a folder that can't be read, or that has frames of something else.
    pub fn of(out: &Path, sheet: bool, codec: Option<CodecId>) -> Result<Self, Failed> {
        let codec = codec.ok_or_else(|| Failed::Internal("the codec is not known".to_owned()))?;
        let to = match (output(codec), sheet) {
            (Output::Pcm(_), true) => {
                return Err(Failed::Usage("a sheet shows frames, and this file is sound; leave --sheet out".to_owned()));
            }
            (Output::Pcm(_), false) => To::Wave(None),
            (Output::VideoFrame(..), true) => To::Sheet(Sheet::default()),
            (Output::VideoFrame(..), false) => {
                check_folder(out)?;
                To::Sequence(Sequence::default())
            }
        };
        Ok(Self { out: out.to_owned(), codec, to })
    }

    /// Takes a packet.
    ///
    /// # Errors
    /// It can't be written.
    pub fn take(&mut self, packet: &MediaPacket<'_>) -> Result<(), Failed> {
        match (&mut self.to, packet) {
            (To::Wave(wave), MediaPacket::Pcm(pcm)) => {
                let wave = match wave {
                    Some(wave) => wave,
                    None => wave.insert(Wave::begin(&self.out, self.codec, pcm)?),
                };
                wave.take(&self.out, pcm)
            }
            (To::Sequence(sequence), MediaPacket::VideoFrame(frame)) => sequence.take(&self.out, frame),
            (To::Sheet(sheet), MediaPacket::VideoFrame(frame)) => {
                sheet.take(frame);
                Ok(())
            }
            _ => Err(Failed::Internal("the decoder gave a packet of another kind than its codec's".to_owned())),
        }
    }

    /// Ends what is written, whole or not; gives what is there now.
    ///
    /// # Errors
    /// It can't be written.
    pub fn finish(self, found: &Found, whole: bool) -> Result<Map<String, Value>, Failed> {
        let mut written = Map::new();
        if found.packets == 0 {
            return Ok(written);
        }
        written.insert("out".to_owned(), self.out.display().to_string().into());
        written.insert("whole".to_owned(), whole.into());
        match self.to {
            To::Wave(wave) => wave.map_or(Ok(()), |wave| wave.finish(&self.out))?,
            To::Sheet(sheet) => sheet.finish(&self.out)?,
            To::Sequence(sequence) => {
                let list = json!({
                    "codec": found.codec(), "plays": found.plays, "whole": whole, "frames": sequence.frames,
                });
                let path = self.out.join("frames.json");
                let mut file = begun(&path)?;
                writeln!(file, "{list:#}").map_err(io(&path))?;
                persist(file, &path)?;
            }
        }
        Ok(written)
    }
}

/// A folder of frames is not there yet, or has none.
fn check_folder(out: &Path) -> Result<(), Failed> {
    let wrong = |error: std::io::Error| Failed::Rejected(format!("{}: {error}; frames need a folder of their own", out.display()));
    if !out.exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(out).map_err(wrong)? {
        let name = entry.map_err(wrong)?.file_name();
        if name.to_string_lossy().starts_with("frame") {
            let shown = out.display();
            return Err(Failed::Rejected(format!("{shown} has frames already ({}); choose another folder", name.display())));
        }
    }
    Ok(())
}

/// Draws a sheet: once through the stream to count its frames, and once more for those that it shows.
///
/// # Errors
/// What is wrong with the stream; the sheet shows frames from before it.
pub fn sheet(stream: &mut Stream, found: &mut Found, sink: &mut Sink) -> Result<(), Failed> {
    let whole = stream.each(found, |_| Ok(()));
    if let To::Sheet(sheet) = &mut sink.to {
        sheet.of(found.packets);
    }
    if found.packets > 0 {
        stream.rewind()?;
        // The same fault ends it again.
        let again = stream.each(&mut Found::default(), |packet| sink.take(packet));
        return whole.and(again);
    }
    whole
}
