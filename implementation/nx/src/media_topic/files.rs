//! `nx media probe` and `nx media decode`: files through the bounded decoders, in chunks, without a service.

use super::decode::{self, Sink};
use crate::failed::{Class, Failed, envelope, report};
use decoders::media_types::{CodecId, Identifier, Output, output, probe};
use decoders::{Client, Decoder, Header, Limits, MediaPacket, Pull};
use serde_json::{Map, Value, json};
use spec::ErrorCode;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

/// Bytes of a file that are read at once.
const CHUNK_BYTES: usize = 1 << 16;

/// Memory that the decoder may hold, in bytes, 512 MiB: twice the largest picture.
const MEMORY_BYTES: u64 = 1 << 29;

/// Bytes of everything that is decoded: what a WAV file can hold beside its header.
const DECODED_BYTES: u64 = (1 << 32) - 1_024;

/// What was found in a file, whole or up to where it is broken.
#[derive(Default)]
pub struct Found {
    codec: Option<CodecId>,
    header: Option<Header>,
    /// Packets that were decoded.
    pub packets: u64,
    /// Frames of samples.
    samples: u64,
    /// How long all frames are shown, in microseconds.
    shown_us: u64,
    /// How often it is played; none where its end was not reached.
    pub plays: Option<u32>,
}

impl Found {
    /// The codec's stable name.
    pub fn codec(&self) -> &'static str {
        self.codec.map_or("", Identifier::name)
    }

    fn count(&mut self, packet: &MediaPacket<'_>) {
        self.packets = self.packets.saturating_add(1);
        match packet {
            MediaPacket::Pcm(pcm) => {
                let frames = pcm.samples.len() / usize::from(pcm.channels.max(1));
                self.samples = self.samples.saturating_add(frames as u64);
            }
            MediaPacket::VideoFrame(frame) => {
                let us = u64::from(frame.delay.numerator).saturating_mul(1_000_000) / u64::from(frame.delay.denominator.max(1));
                self.shown_us = self.shown_us.saturating_add(us);
            }
        }
    }

    /// What is told of it, by name.
    pub fn told(&self) -> Map<String, Value> {
        let mut told = Map::new();
        let mut put = |name: &str, value: Value| {
            told.insert(name.to_owned(), value);
        };
        if let Some(codec) = self.codec {
            put("codec", codec.name().into());
            match output(codec) {
                Output::Pcm(sample) => put("sample", sample.name().into()),
                Output::VideoFrame(pixel, colour) => {
                    put("pixel", pixel.name().into());
                    put("color", colour.name().into());
                }
            }
        }
        match self.header {
            Some(Header::Picture(info)) => {
                put("width", info.width.into());
                put("height", info.height.into());
                put("frames", self.packets.into());
                put("duration_ms", (self.shown_us / 1_000).into());
            }
            Some(Header::Sound(sound)) => {
                put("rate_hz", sound.rate_hz.into());
                put("channels", sound.channels.into());
                put("packets", self.packets.into());
                put("frames", self.samples.into());
                put("duration_ms", (self.samples.saturating_mul(1_000) / u64::from(sound.rate_hz.max(1))).into());
            }
            None => {}
        }
        if let Some(plays) = self.plays {
            put("plays", plays.into());
        }
        told
    }
}

/// A file that is being decoded.
pub struct Stream {
    file: File,
    shown: String,
    /// Bytes that were read and not yet fed.
    chunk: Vec<u8>,
    decoder: Box<dyn Decoder + Send>,
}

impl Stream {
    /// Opens a file and the decoder of what its first bytes say that it is.
    fn open(path: &Path, found: &mut Found) -> Result<Self, Failed> {
        let shown = path.display().to_string();
        let mut file = File::open(path).map_err(|error| Failed::Rejected(format!("{shown}: {error}")))?;
        let mut start = Vec::new();
        let codec = loop {
            match probe(&start).map_err(|error| Failed::of_media(&shown, &error))? {
                Some(codec) => break codec,
                None => {
                    if read(&mut file, &shown, &mut start)? == 0 {
                        let advice = "it ends before its first bytes tell what it is; give a WAV, Ogg Vorbis, GIF, PNG or JPEG file";
                        let code = ErrorCode::UnknownMedia;
                        return Err(Failed::Refused(code as u16, format!("{shown}: {}: {advice}", code.name())));
                    }
                }
            }
        };
        found.codec = Some(codec);
        let limits = Limits { memory_bytes: MEMORY_BYTES, decoded_bytes: DECODED_BYTES, ..Limits::default() };
        let opened = Client::new(limits).and_then(|client| client.open(codec));
        let decoder = opened.map_err(|error| Failed::of_media(format!("{shown} is {}", codec.name()), &error))?;
        Ok(Self { file, shown, chunk: start, decoder })
    }

    /// Decodes what is left of the stream, packet by packet.
    ///
    /// # Errors
    /// What is wrong with the stream or the file, and what `each` gives; packets before it were given.
    pub fn each(&mut self, found: &mut Found, mut each: impl FnMut(&MediaPacket<'_>) -> Result<(), Failed>) -> Result<(), Failed> {
        loop {
            match self.decoder.next().map_err(|error| Failed::of_media(&self.shown, &error))? {
                Pull::Packet(packet) => {
                    if found.header.is_none() {
                        found.header = Some(header(&packet));
                    }
                    found.count(&packet);
                    each(&packet)?;
                    continue;
                }
                Pull::Ended { plays, .. } => {
                    found.plays = Some(plays);
                    found.header = found.header.or(self.decoder.info().ok().flatten());
                    return Ok(());
                }
                Pull::NeedInput => {}
            }
            if self.chunk.is_empty() {
                read(&mut self.file, &self.shown, &mut self.chunk)?;
            }
            let fed = if self.chunk.is_empty() { self.decoder.end() } else { self.decoder.feed(&self.chunk) };
            fed.map_err(|error| Failed::of_media(&self.shown, &error))?;
            self.chunk.clear();
            found.header = found.header.or(self.decoder.info().ok().flatten());
        }
    }

    /// Back to the start; the decoder has the bytes.
    ///
    /// # Errors
    /// What the decoder says.
    pub fn rewind(&mut self) -> Result<(), Failed> {
        self.decoder.rewind().map_err(|error| Failed::of_media(&self.shown, &error))
    }
}

fn header(packet: &MediaPacket<'_>) -> Header {
    match packet {
        MediaPacket::Pcm(pcm) => Header::Sound(decoders::Sound { rate_hz: pcm.rate_hz, channels: pcm.channels }),
        MediaPacket::VideoFrame(frame) => Header::Picture(decoders::Info { width: frame.width, height: frame.height }),
    }
}

/// Appends the next bytes of a file; 0 at its end.
fn read(file: &mut File, shown: &str, chunk: &mut Vec<u8>) -> Result<usize, Failed> {
    let taken = file.by_ref().take(CHUNK_BYTES as u64).read_to_end(chunk);
    taken.map_err(|error| Failed::Rejected(format!("{shown}: {error}")))
}

/// Says what a file is, all of it decoded.
pub fn run_probe(path: &Path, json: bool) -> ExitCode {
    let mut found = Found::default();
    let outcome = Stream::open(path, &mut found).and_then(|mut stream| stream.each(&mut found, |_| Ok(())));
    ended(&found, Map::new(), format!("nx: media probe codec={}", found.codec()), json, outcome)
}

/// An input is never written over.
fn check_apart(path: &Path, out: &Path) -> Result<(), Failed> {
    match (path.canonicalize(), out.canonicalize()) {
        (Ok(path), Ok(out)) if path == out => {
            Err(Failed::Usage(format!("{} is the file itself, which is never written over; name another one", out.display())))
        }
        _ => Ok(()),
    }
}

/// Decodes a file into a WAV file, a folder of PNG files, or a sheet.
pub fn run_decode(path: &Path, out: &Path, sheet: bool, json: bool) -> ExitCode {
    let (mut found, mut written) = (Found::default(), Map::new());
    let outcome = check_apart(path, out).and_then(|()| Stream::open(path, &mut found)).and_then(|mut stream| {
        let mut sink = Sink::of(out, sheet, found.codec)?;
        let decoded =
            if sheet { decode::sheet(&mut stream, &mut found, &mut sink) } else { stream.each(&mut found, |packet| sink.take(packet)) };
        // What came before a fault is kept, and the fault is told all the same.
        let finished = sink.finish(&found, decoded.is_ok());
        if let Ok(names) = &finished {
            written.clone_from(names);
        }
        decoded.and(finished.map(|_| ()))
    });
    let marker = format!("nx: media decode packets={}", found.packets);
    ended(&found, written, marker, json, outcome)
}

/// Prints what was found, whole or not, and why it is not whole.
fn ended(found: &Found, written: Map<String, Value>, marker: String, json: bool, outcome: Result<(), Failed>) -> ExitCode {
    let mut told = found.told();
    told.extend(written);
    match outcome {
        Ok(()) if json => println!("{}", envelope(Class::Success, &marker, Some(Value::Object(told)))),
        Err(failed) if json => {
            if let Failed::Refused(code, _) = failed {
                told.insert("error".to_owned(), json!(code));
            }
            println!("{}", envelope(failed.class(), failed.message(), Some(Value::Object(told))));
            return ExitCode::from(failed.class().code());
        }
        outcome => {
            if outcome.is_ok() {
                println!("{marker}");
            }
            for (name, value) in &told {
                println!("{name}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            }
            return report("nx media", false, outcome);
        }
    }
    ExitCode::SUCCESS
}
