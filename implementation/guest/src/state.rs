//! `/state`: files that outlive a boot, on a FAT volume of a disk.
//!
//! A file is replaced whole or not at all, wherever the power is cut. FAT has no such operation, so new content is written to a spare
//! file first and then changes places with the old: each step rewrites one block that holds a directory entry, and no step leaves two
//! entries on one chain of clusters. What a cut can cost is the space of one file. Appending writes the bytes first and the length
//! last, so that a cut leaves the old length.
//!
//! A name that is too long for a short FAT name gets a long one beside it ([`long`]); folders have short names only.

mod error;
mod long;
mod path;

use alloc::vec::Vec;
use embedded_sdmmc::filesystem::ToShortFileName;
use embedded_sdmmc::{
    Block, BlockDevice, DirEntry, Error, Mode, RawDirectory, RawFile, RawVolume, ShortFileName, TimeSource, Timestamp, VolumeIdx,
    VolumeManager,
};
pub use error::StateError;
use path::{Name, Path};

/// Largest file, in bytes: a value of the platform's store.
pub const FILE_BYTES_MAX: usize = 65_536;
/// Longest path, in bytes: a key of the platform's store.
pub const PATH_BYTES_MAX: usize = 255;
/// Most folders above a file.
pub const FOLDERS_MAX: usize = 4;

/// Where a file's new content is written.
const SPARE: &str = "STATE.TMP";
/// Where a recording is written.
const RECORDING: &str = "STATE.REC";

/// A disk of blocks.
pub trait Disk: BlockDevice {
    /// Makes everything that was written so far last, before anything that is written later.
    ///
    /// # Errors
    /// Those of the disk.
    fn flush(&self) -> Result<(), Self::Error>;
}

/// Files carry no time: the same work gives the same disk.
struct NoTime;

impl TimeSource for NoTime {
    fn get_timestamp(&self) -> Timestamp {
        Timestamp { year_since_1970: 10, zero_indexed_month: 0, zero_indexed_day: 0, hours: 0, minutes: 0, seconds: 0 }
    }
}

/// What a directory entry says of its file's content: the first cluster and the length.
#[derive(Clone, Copy)]
struct Content([u8; 8]);

impl Content {
    /// No cluster, no bytes.
    const EMPTY: Self = Self([0; 8]);
}

/// Folders that are open at a time: one, and its parent while it is opened.
const OPEN_FOLDERS: usize = 4;
/// Files that are open at a time: one, and the recording.
const OPEN_FILES: usize = 2;

/// The volume's files.
pub struct State<D: Disk> {
    manager: VolumeManager<D, NoTime, OPEN_FOLDERS, OPEN_FILES, 1>,
    volume: RawVolume,
}

/// A recording under way: a file that is written bit by bit, and appears only when it is finished.
pub struct Recording {
    file: RawFile,
    path: Path,
    length: usize,
}

impl Recording {
    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether nothing was written yet.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }
}

impl<D: Disk> State<D> {
    /// Opens the first partition of a disk.
    ///
    /// # Errors
    /// [`StateError::Format`] where it holds no FAT16 or FAT32 volume, and the disk's.
    pub fn mount(disk: D) -> Result<Self, StateError> {
        let manager = VolumeManager::new_with_limits(disk, NoTime, 1);
        let volume = manager.open_raw_volume(VolumeIdx(0)).map_err(StateError::from)?;
        Ok(Self { manager, volume })
    }

    /// The content of a file.
    ///
    /// # Errors
    /// [`StateError::Path`], [`StateError::NotFound`], [`StateError::TooLarge`] where somebody else wrote more than a file may hold, and
    /// the disk's.
    pub fn read_file(&self, path: &str) -> Result<Vec<u8>, StateError> {
        let path = Path::parse(path)?;
        let folder = self.folder(&path, false)?;
        let file = self.open(folder, path.file(), Mode::ReadOnly);
        self.manager.close_dir(folder)?;
        let file = file?;
        let content = self.read(file);
        self.manager.close_file(file)?;
        content
    }

    fn read(&self, file: RawFile) -> Result<Vec<u8>, StateError> {
        let length = self.manager.file_length(file)? as usize;
        if length > FILE_BYTES_MAX {
            return Err(StateError::TooLarge);
        }
        let mut content = alloc::vec![0; length];
        let mut done = 0_usize;
        while let Some(rest) = content.get_mut(done..).filter(|rest| !rest.is_empty()) {
            match self.manager.read(file, rest)? {
                0 => return Err(StateError::Format),
                count => done = done.saturating_add(count),
            }
        }
        Ok(content)
    }

    /// Writes a file, or replaces it whole. Folders that are missing are made.
    ///
    /// # Errors
    /// [`StateError::Path`] and [`StateError::TooLarge`] before anything is written; [`StateError::Full`] and the disk's, after which the
    /// file is what it was.
    pub fn write_file(&mut self, path: &str, content: &[u8]) -> Result<(), StateError> {
        let path = Path::parse(path)?;
        if content.len() > FILE_BYTES_MAX {
            return Err(StateError::TooLarge);
        }
        let root = self.manager.open_root_dir(self.volume)?;
        let file = self.manager.open_file_in_dir(root, SPARE, Mode::ReadWriteCreateOrTruncate);
        self.manager.close_dir(root)?;
        let file = file?;
        let written = self.manager.write(file, content);
        self.manager.close_file(file)?;
        written?;
        self.publish(SPARE, &path)
    }

    /// Appends to a file, or begins it. A cut of the power leaves a length between the old and the new one.
    ///
    /// # Errors
    /// [`StateError::Path`] and [`StateError::TooLarge`] before anything is written; [`StateError::Full`] and the disk's.
    pub fn append_file(&mut self, path: &str, bytes: &[u8]) -> Result<(), StateError> {
        let path = Path::parse(path)?;
        if bytes.len() > FILE_BYTES_MAX {
            return Err(StateError::TooLarge);
        }
        let folder = self.folder(&path, true)?;
        let file = self.open(folder, path.file(), Mode::ReadWriteCreateOrAppend);
        self.manager.close_dir(folder)?;
        let file = file?;
        let length = self.manager.file_length(file).map(|length| length as usize);
        let written = match length {
            Ok(length) if length.saturating_add(bytes.len()) > FILE_BYTES_MAX => Err(StateError::TooLarge),
            // The bytes last before the length that takes them in, which closing the file writes.
            Ok(_) => self.manager.write(file, bytes).map_err(StateError::from).and_then(|()| self.flush()),
            Err(error) => Err(error.into()),
        };
        self.manager.close_file(file)?;
        written.and_then(|()| self.flush())
    }

    /// Begins a recording. Only one is under way at a time: one that was not finished is dropped.
    ///
    /// # Errors
    /// [`StateError::Path`], [`StateError::Busy`] and the disk's.
    pub fn record(&mut self, path: &str) -> Result<Recording, StateError> {
        let path = Path::parse(path)?;
        let root = self.manager.open_root_dir(self.volume)?;
        let file = self.manager.open_file_in_dir(root, RECORDING, Mode::ReadWriteCreateOrTruncate);
        self.manager.close_dir(root)?;
        Ok(Recording { file: file?, path, length: 0 })
    }

    /// Appends to a recording.
    ///
    /// # Errors
    /// [`StateError::TooLarge`], which leaves it as it was; [`StateError::Full`] and the disk's.
    pub fn record_append(&mut self, recording: &mut Recording, bytes: &[u8]) -> Result<(), StateError> {
        let length = recording.length.checked_add(bytes.len()).filter(|length| *length <= FILE_BYTES_MAX).ok_or(StateError::TooLarge)?;
        self.manager.write(recording.file, bytes)?;
        recording.length = length;
        Ok(())
    }

    /// Finishes a recording, which takes the place of its file. `head` is written over its beginning first, as a header knows its
    /// length only now.
    ///
    /// # Errors
    /// [`StateError::TooLarge`] where the head is longer than the recording; the disk's. The file is then what it was.
    pub fn record_finish(&mut self, recording: Recording, head: &[u8]) -> Result<(), StateError> {
        let file = recording.file;
        let written = if head.len() > recording.length {
            Err(StateError::TooLarge)
        } else {
            self.manager.file_seek_from_start(file, 0).and_then(|()| self.manager.write(file, head)).map_err(StateError::from)
        };
        self.manager.close_file(file)?;
        written?;
        self.publish(RECORDING, &recording.path)
    }

    /// Drops a recording; its file is what it was.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn record_drop(&mut self, recording: Recording) -> Result<(), StateError> {
        Ok(self.manager.close_file(recording.file)?)
    }

    /// The disk again.
    pub fn unmount(self) -> D {
        self.manager.free().0
    }

    /// Gives a spare file's content to a path, and the path's old content to the spare file.
    fn publish(&mut self, spare: &str, path: &Path) -> Result<(), StateError> {
        let folder = self.folder(path, true)?;
        let entry = self.entry(folder, path.file());
        self.manager.close_dir(folder)?;
        let entry = entry?;
        let root = self.manager.open_root_dir(self.volume)?;
        let new = self.manager.find_directory_entry(root, spare);
        self.manager.close_dir(root)?;
        let new = new?;
        self.flush()?;
        // The chain is nobody's between these steps: cut there, its space is lost, but never shared.
        let content = self.point(&new, Content::EMPTY)?;
        self.flush()?;
        let old = self.point(&entry, content)?;
        self.flush()?;
        self.point(&new, old)?;
        self.flush()
    }

    fn open(&self, folder: RawDirectory, name: &Name, mode: Mode) -> Result<RawFile, StateError> {
        let name = self.short(folder, name, mode != Mode::ReadOnly)?;
        Ok(self.manager.open_file_in_dir(folder, name, mode)?)
    }

    /// The short name by which the library finds a file. One with a long name is made, empty, where it is missing and may be made.
    fn short(&self, folder: RawDirectory, name: &Name, make: bool) -> Result<ShortFileName, StateError> {
        if !name.is_long() {
            return name.to_short_filename().map_err(|_| StateError::Path);
        }
        match self.find_long(folder, name.as_str())? {
            Some(short) => Ok(short),
            None if make => self.make_long(folder, name.as_str()),
            None => Err(StateError::NotFound),
        }
    }

    /// The entry of a file that is not open, made empty where there is none.
    fn entry(&self, folder: RawDirectory, name: &Name) -> Result<DirEntry, StateError> {
        let name = self.short(folder, name, true)?;
        let entry = match self.manager.find_directory_entry(folder, name) {
            Ok(entry) => entry,
            Err(Error::NotFound) => {
                let file = self.manager.open_file_in_dir(folder, name, Mode::ReadWriteCreate)?;
                self.manager.close_file(file)?;
                self.manager.find_directory_entry(folder, name)?
            }
            Err(error) => return Err(error.into()),
        };
        if entry.attributes.is_directory() || entry.attributes.is_read_only() { Err(StateError::Path) } else { Ok(entry) }
    }

    /// Puts another content into an entry, in one block, and gives the one that it had.
    fn point(&self, entry: &DirEntry, content: Content) -> Result<Content, StateError> {
        let failed = |_| StateError::Disk;
        self.manager.device(|disk| {
            let mut blocks = [Block::new()];
            disk.read(&mut blocks, entry.entry_block).map_err(failed)?;
            let [block] = &mut blocks;
            let bytes = block.contents.get_mut(entry.entry_offset as usize..).and_then(|rest| rest.first_chunk_mut::<32>());
            // A FAT directory entry ends in the cluster's upper half, time and date, its lower half, and the length.
            let [.., upper0, upper1, _, _, _, _, lower0, lower1, size0, size1, size2, size3] = bytes.ok_or(StateError::Format)?;
            let before = Content([*upper0, *upper1, *lower0, *lower1, *size0, *size1, *size2, *size3]);
            let Content(new) = content;
            [*upper0, *upper1, *lower0, *lower1, *size0, *size1, *size2, *size3] = new;
            disk.write(&blocks, entry.entry_block).map_err(failed)?;
            Ok(before)
        })
    }

    fn flush(&self) -> Result<(), StateError> {
        self.manager.device(|disk| disk.flush()).map_err(|_| StateError::Disk)
    }

    /// Opens the folder that a file is in; the caller closes it.
    fn folder(&self, path: &Path, make: bool) -> Result<RawDirectory, StateError> {
        let mut folder = self.manager.open_root_dir(self.volume)?;
        for name in path.folders() {
            let mut inner = self.manager.open_dir(folder, name);
            if make && matches!(inner, Err(Error::NotFound)) {
                inner = self.manager.make_dir_in_dir(folder, name).and_then(|()| self.manager.open_dir(folder, name));
            }
            self.manager.close_dir(folder)?;
            folder = inner?;
        }
        Ok(folder)
    }
}

impl ToShortFileName for &Name {
    fn to_short_filename(self) -> Result<embedded_sdmmc::ShortFileName, embedded_sdmmc::FilenameError> {
        self.as_str().to_short_filename()
    }
}

#[cfg(test)]
#[path = "state/tests.rs"]
mod tests;
