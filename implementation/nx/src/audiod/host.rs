//! What a process on this machine gives the services.

use audio::ring::{Capacity, Consumer, Heap, Producer, channel};
use audio::wav::header_bytes;
use services::audiod::{Block, StoreFailed, check_uri};
use services::settings::{Store, WriteFailed};
use services::system::Host;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::Instant;
use tempfile::NamedTempFile;

/// The file of the settings within `/state`.
const SETTINGS: &str = "settings.conf";

/// Most files that wait to be sent to the disk; the kernel sends a file beyond them in its own time.
const FILES_TO_SEND_MAX: usize = 16;

/// Sends files that stand under their names to the disk, behind the services' back: on a busy disk that takes seconds,
/// and no block may be late for it. The end of the process, however sudden, loses nothing of them.
#[derive(Clone)]
pub struct ToDisk(SyncSender<File>);

impl ToDisk {
    /// Begins the thread that sends.
    ///
    /// # Errors
    /// What the system says against another thread.
    pub fn new() -> std::io::Result<Self> {
        let (sender, files) = sync_channel::<File>(FILES_TO_SEND_MAX);
        thread::Builder::new().name("to-disk".into()).spawn(move || {
            for file in files {
                if let Err(error) = file.sync_all() {
                    eprintln!("nx audiod: a file that was written may not reach the disk: {error}");
                }
            }
        })?;
        Ok(Self(sender))
    }

    fn send(&self, file: File) {
        // A full queue drops the file, which leaves it to the kernel.
        let _ = self.0.try_send(file);
    }

    /// Replaces a file as a whole.
    fn replace(&self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut file = NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        self.send(file.persist(path).map_err(|error| error.error)?);
        Ok(())
    }
}

/// The daemon's side of the services.
pub struct Daemon {
    start: Instant,
    state: Option<PathBuf>,
    to_disk: ToDisk,
    record_blocks_max: u32,
    rings: BTreeMap<u32, Producer<Heap>>,
    recording: Option<Recording>,
}

/// A recording's file, under another name until it is whole.
struct Recording {
    file: BufWriter<NamedTempFile>,
    path: PathBuf,
    bytes: u32,
}

impl Daemon {
    /// A host whose `/state` is that folder.
    pub fn new(state: Option<PathBuf>, to_disk: ToDisk, record_blocks_max: u32) -> Self {
        Self { start: Instant::now(), state, to_disk, record_blocks_max, rings: BTreeMap::new(), recording: None }
    }

    /// Where a file of the services lies; its URI is one of their own.
    fn path_of(&self, uri: &str) -> Option<PathBuf> {
        Some(self.state.as_ref()?.join(uri.strip_prefix("state:/")?))
    }

    fn begin(&mut self, uri: &str) -> Option<Recording> {
        let path = self.state.as_ref()?.join(check_uri(uri).ok()?);
        let folder = path.parent()?;
        std::fs::create_dir_all(folder).ok()?;
        let file = tempfile::Builder::new().prefix(".recording-").tempfile_in(folder).ok()?;
        let mut file = BufWriter::new(file);
        file.write_all(&header_bytes(0)).ok()?;
        Some(Recording { file, path, bytes: 0 })
    }

    fn finish(&mut self) -> std::io::Result<u64> {
        let gone = || std::io::Error::other("no recording is under way");
        let Recording { mut file, path, bytes } = self.recording.take().ok_or_else(gone)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&header_bytes(bytes))?;
        let file = file.into_inner().map_err(|error| error.into_error())?;
        let length = file.as_file().metadata()?.len();
        // A recording is for the user's players as well.
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o644);
        file.as_file().set_permissions(permissions)?;
        self.to_disk.send(file.persist(path).map_err(|error| error.error)?);
        Ok(length)
    }
}

impl Host for Daemon {
    type Feed = Consumer<Heap>;

    fn open_ring(&mut self, stream: u32) -> Option<Consumer<Heap>> {
        let (producer, consumer) = channel(Capacity::ENGINE);
        self.rings.insert(stream, producer);
        Some(consumer)
    }

    fn closed(&mut self, stream: u32) {
        self.rings.remove(&stream);
    }

    fn write_ring(&mut self, stream: u32, pcm: &[i16]) -> services::Result<u32> {
        self.rings.get_mut(&stream).map_or(Ok(0), |ring| ring.write(pcm))
    }

    /// Samples come with messages over the socket, so that there is no handle.
    fn shared_memory(&self, _stream: u32) -> (u32, u32) {
        (0, 0)
    }

    fn now_ns(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    fn line(&mut self, line: &dyn Display) {
        println!("{line}");
    }

    fn has_state(&self) -> bool {
        self.state.is_some()
    }

    fn record_blocks_max(&self) -> u32 {
        self.record_blocks_max
    }

    fn record_begin(&mut self, uri: &str) -> Result<(), StoreFailed> {
        self.recording = Some(self.begin(uri).ok_or(StoreFailed)?);
        Ok(())
    }

    fn record_block(&mut self, block: &Block) -> Result<(), StoreFailed> {
        let recording = self.recording.as_mut().ok_or(StoreFailed)?;
        let bytes: Vec<u8> = block.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        recording.file.write_all(&bytes).map_err(|_| StoreFailed)?;
        recording.bytes = u32::try_from(bytes.len()).ok().and_then(|more| recording.bytes.checked_add(more)).ok_or(StoreFailed)?;
        Ok(())
    }

    fn record_finish(&mut self) -> Result<u64, StoreFailed> {
        self.finish().map_err(|error| {
            eprintln!("nx audiod: the recording could not be kept: {error}");
            StoreFailed
        })
    }

    fn record_discard(&mut self) {
        // The file under its other name goes with it.
        self.recording = None;
    }

    fn read_file(&mut self, uri: &str) -> Result<Option<Vec<u8>>, StoreFailed> {
        match std::fs::read(self.path_of(uri).ok_or(StoreFailed)?) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(_) => Err(StoreFailed),
        }
    }

    fn write_file(&mut self, uri: &str, bytes: &[u8]) -> Result<(), StoreFailed> {
        let path = self.path_of(uri).ok_or(StoreFailed)?;
        std::fs::create_dir_all(path.parent().ok_or(StoreFailed)?).map_err(|_| StoreFailed)?;
        self.to_disk.replace(&path, bytes).map_err(|_| StoreFailed)
    }
}

/// The settings' file in `/state`.
pub struct SettingsFile {
    path: Option<PathBuf>,
    to_disk: ToDisk,
}

impl SettingsFile {
    /// The file in that folder.
    pub fn new(state: Option<&PathBuf>, to_disk: ToDisk) -> Self {
        Self { path: state.map(|folder| folder.join(SETTINGS)), to_disk }
    }
}

impl Store for SettingsFile {
    fn read(&self) -> Option<Vec<u8>> {
        std::fs::read(self.path.as_ref()?).ok()
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), WriteFailed> {
        let path = self.path.as_ref().ok_or(WriteFailed)?;
        self.to_disk.replace(path, bytes).map_err(|_| WriteFailed)
    }
}
