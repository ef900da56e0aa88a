//! What the guest gives its services.

use super::shared::Rings;
use alloc::string::String;
use alloc::vec::Vec;
use audio::ring::{Consumer, Mapping, Producer};
use audio::wav::header_bytes;
use core::fmt::Display;
use services::audiod::{Block, Result, StoreFailed};
use services::settings::{Store, WriteFailed};
use services::system::Host;
use spec::audiod::AUDIOD_RECORD_BLOCKS_STATEFS;
use spec::format::BLOCK_MS;
use spec::wav::WAV_HEADER_BYTES;

/// Where the settings are kept in `/state`.
pub const SETTINGS_PATH: &str = "/SETTINGS.CFG";

/// What the services have around them: a console and, where there is a disk, `/state`.
pub trait Around {
    /// Prints a line.
    fn line(&mut self, line: &dyn Display);
    /// Whether `/state` is there.
    fn has_state(&self) -> bool;
    /// Replaces a file of `/state`; gives whether it could.
    fn write_file(&mut self, path: &str, content: &[u8]) -> bool;
    /// A file of `/state`; nothing where there is none.
    ///
    /// # Errors
    /// The disk failed.
    fn read_file(&mut self, path: &str) -> core::result::Result<Option<Vec<u8>>, StoreFailed>;
    /// The settings as they are kept.
    fn settings(&self) -> Option<Vec<u8>>;
}

/// An open stream's ring.
struct Ring {
    stream: u32,
    handle: u32,
    /// The client's end, for one that sends its samples in messages.
    producer: Option<Producer<Mapping>>,
}

/// The services' side of the guest.
pub struct MediaHost<A> {
    around: A,
    rings: &'static Rings,
    open: Vec<Ring>,
    /// Ticks of 10 ms since the start.
    pub ticks: u64,
    /// Path and bytes of the recording, which goes to the disk as a whole.
    recording: Option<(String, Vec<u8>)>,
}

impl<A: Around> MediaHost<A> {
    /// A host with no stream open.
    pub fn new(around: A, rings: &'static Rings) -> Self {
        rings.close_all();
        Self { around, rings, open: Vec::new(), ticks: 0, recording: None }
    }
}

/// The path in `/state` that a recording's URI names.
pub fn path_of(uri: &str) -> Option<&str> {
    uri.strip_prefix("state:").filter(|path| path.starts_with('/'))
}

impl<A: Around> Host for MediaHost<A> {
    type Feed = Consumer<Mapping>;

    fn open_ring(&mut self, stream: u32) -> Option<Self::Feed> {
        let (handle, consumer) = self.rings.open()?;
        self.open.push(Ring { stream, handle, producer: None });
        Some(consumer)
    }

    fn closed(&mut self, stream: u32) {
        for ring in self.open.extract_if(.., |ring| ring.stream == stream) {
            self.rings.close(ring.handle);
        }
    }

    fn write_ring(&mut self, stream: u32, pcm: &[i16]) -> Result<u32> {
        let Some(ring) = self.open.iter_mut().find(|ring| ring.stream == stream) else { return Ok(0) };
        if ring.producer.is_none() {
            ring.producer = self.rings.map(ring.handle);
        }
        // A client that has mapped the ring writes there itself.
        ring.producer.as_mut().map_or(Ok(0), |producer| producer.write(pcm))
    }

    fn shared_memory(&self, stream: u32) -> (u32, u32) {
        (self.open.iter().find(|ring| ring.stream == stream).map_or(0, |ring| ring.handle), 0)
    }

    fn now_ns(&self) -> u64 {
        self.ticks.wrapping_mul(u64::from(BLOCK_MS)).wrapping_mul(1_000_000)
    }

    fn line(&mut self, line: &dyn Display) {
        self.around.line(line);
    }

    fn has_state(&self) -> bool {
        self.around.has_state()
    }

    fn record_blocks_max(&self) -> u32 {
        AUDIOD_RECORD_BLOCKS_STATEFS
    }

    fn record_begin(&mut self, uri: &str) -> core::result::Result<(), StoreFailed> {
        let path = path_of(uri).ok_or(StoreFailed)?;
        self.recording = Some((path.into(), alloc::vec![0; WAV_HEADER_BYTES as usize]));
        Ok(())
    }

    fn record_block(&mut self, block: &Block) -> core::result::Result<(), StoreFailed> {
        let (_, bytes) = self.recording.as_mut().ok_or(StoreFailed)?;
        bytes.extend(block.iter().flat_map(|sample| sample.to_le_bytes()));
        Ok(())
    }

    fn record_finish(&mut self) -> core::result::Result<u64, StoreFailed> {
        let (path, mut bytes) = self.recording.take().ok_or(StoreFailed)?;
        let (head, data) = bytes.split_first_chunk_mut::<{ WAV_HEADER_BYTES as usize }>().ok_or(StoreFailed)?;
        *head = header_bytes(u32::try_from(data.len()).map_err(|_| StoreFailed)?);
        if self.around.write_file(&path, &bytes) { Ok(bytes.len() as u64) } else { Err(StoreFailed) }
    }

    fn record_discard(&mut self) {
        self.recording = None;
    }

    fn read_file(&mut self, uri: &str) -> core::result::Result<Option<Vec<u8>>, StoreFailed> {
        self.around.read_file(path_of(uri).ok_or(StoreFailed)?)
    }

    fn write_file(&mut self, uri: &str, bytes: &[u8]) -> core::result::Result<(), StoreFailed> {
        if self.around.write_file(path_of(uri).ok_or(StoreFailed)?, bytes) { Ok(()) } else { Err(StoreFailed) }
    }
}

/// The settings' file.
pub struct SettingsStore<A>(pub A);

impl<A: Around> Store for SettingsStore<A> {
    fn read(&self) -> Option<Vec<u8>> {
        self.0.settings()
    }

    fn write(&mut self, bytes: &[u8]) -> core::result::Result<(), WriteFailed> {
        if self.0.write_file(SETTINGS_PATH, bytes) { Ok(()) } else { Err(WriteFailed) }
    }
}
