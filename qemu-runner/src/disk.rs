//! The image of a disk for `/state`: one partition with a FAT16 volume, made and read on the host by another implementation of FAT than
//! the guest's.

use fatfs::{FatType, FileSystem, FormatVolumeOptions, FsOptions, format_volume};
use std::fs;
use std::io::{self, Cursor, Read, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Bytes of a block.
const BLOCK_BYTES: usize = 512;
/// Blocks before the partition.
const START: usize = 2048;
/// Blocks of the partition: 16 MiB.
const BLOCKS: usize = 32_768;
/// The partition's entry in the master boot record.
const ENTRY: usize = 446;
/// Its type: FAT16, addressed by block number.
const FAT16: u8 = 0x0e;
/// Largest file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// An image, in a file.
#[derive(Debug)]
pub struct Disk {
    path: PathBuf,
    /// Removes the file with this value.
    _temporary: Option<NamedTempFile>,
}

impl Disk {
    /// A formatted disk in a file that ends with this value.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn fresh() -> io::Result<Self> {
        let mut file = NamedTempFile::new()?;
        file.write_all(&formatted()?)?;
        Ok(Self { path: file.path().to_owned(), _temporary: Some(file) })
    }

    /// The disk in that file, which is made and formatted where it is not there.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn at(path: &Path) -> io::Result<Self> {
        if !path.exists() {
            fs::write(path, formatted()?)?;
        }
        Ok(Self { path: path.to_owned(), _temporary: None })
    }

    /// Where the image is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A file of the disk; nothing where there is none. Read while no guest runs.
    ///
    /// # Errors
    /// The volume can't be read, or the file is longer than a guest can make one.
    pub fn read_file(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let volume = self.volume()?;
        let file = match volume.root_dir().open_file(path.trim_start_matches('/')) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut content = Vec::new();
        file.take(FILE_BYTES_MAX + 1).read_to_end(&mut content)?;
        if content.len() as u64 > FILE_BYTES_MAX {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{path} is longer than {FILE_BYTES_MAX} bytes")));
        }
        Ok(Some(content))
    }

    /// Writes a file, and makes the folders above it. Done while no guest runs.
    ///
    /// # Errors
    /// The volume can't be read or written.
    pub fn write_file(&self, path: &str, content: &[u8]) -> io::Result<()> {
        let mut image = fs::read(&self.path)?;
        if image.len() < START * BLOCK_BYTES {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{} is no disk of this program's", self.path.display())));
        }
        let mut volume = Cursor::new(image.split_off(START * BLOCK_BYTES));
        {
            let files = FileSystem::new(&mut volume, FsOptions::new())?;
            let mut folder = files.root_dir();
            let mut names: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
            let name = names.pop().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a path names a file"))?;
            for name in names {
                folder = folder.create_dir(name)?;
            }
            let mut file = folder.create_file(name)?;
            file.truncate()?;
            file.write_all(content)?;
        }
        image.append(&mut volume.into_inner());
        fs::write(&self.path, image)
    }

    /// Every file's path and length, in the order of the folders.
    ///
    /// # Errors
    /// The volume can't be read.
    pub fn list(&self) -> io::Result<Vec<(String, u64)>> {
        let volume = self.volume()?;
        let mut files = Vec::new();
        let mut folders = vec![(String::new(), volume.root_dir())];
        while let Some((path, folder)) = folders.pop() {
            for entry in folder.iter() {
                let entry = entry?;
                let name = entry.file_name();
                if entry.is_dir() && name != "." && name != ".." {
                    folders.push((format!("{path}/{name}"), entry.to_dir()));
                } else if entry.is_file() {
                    files.push((format!("{path}/{name}"), entry.len()));
                }
            }
        }
        Ok(files)
    }

    fn volume(&self) -> io::Result<FileSystem<Cursor<Vec<u8>>>> {
        let mut image = fs::read(&self.path)?;
        if image.len() < START * BLOCK_BYTES {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{} is no disk of this program's", self.path.display())));
        }
        // A copy: reading a volume may note in it that it was read.
        FileSystem::new(Cursor::new(image.split_off(START * BLOCK_BYTES)), FsOptions::new())
    }
}

fn formatted() -> io::Result<Vec<u8>> {
    let mut image = vec![0; START * BLOCK_BYTES];
    let [mut start, mut length] = [START, BLOCKS].map(|number| (number as u32).to_le_bytes().to_vec());
    image[ENTRY + 4] = FAT16;
    start.append(&mut length);
    image[ENTRY + 8..ENTRY + 16].copy_from_slice(&start);
    image[BLOCK_BYTES - 2..BLOCK_BYTES].copy_from_slice(&[0x55, 0xaa]);
    let mut volume = Cursor::new(vec![0; BLOCKS * BLOCK_BYTES]);
    format_volume(&mut volume, FormatVolumeOptions::new().fat_type(FatType::Fat16).volume_label(*b"STATE      "))?;
    image.append(&mut volume.into_inner());
    Ok(image)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_disk_is_empty_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.img");
        let disk = Disk::at(&path).unwrap();
        assert_eq!((disk.list().unwrap(), disk.read_file("/a").unwrap()), (vec![], None));
        let bytes = fs::read(&path).unwrap();
        assert_eq!(bytes.len(), (START + BLOCKS) * BLOCK_BYTES);
        drop(disk);
        Disk::at(&path).unwrap();
        assert!(bytes == fs::read(&path).unwrap(), "an image that is there is used as it is");
        let fresh = Disk::fresh().unwrap();
        let path = fresh.path().to_owned();
        drop(fresh);
        assert!(!path.exists());
    }

    #[test]
    fn test_reject_what_is_no_disk() {
        let file = NamedTempFile::new().unwrap();
        assert!(Disk::at(file.path()).unwrap().list().is_err());
        fs::write(file.path(), vec![0; 2 * START * BLOCK_BYTES]).unwrap();
        assert!(Disk::at(file.path()).unwrap().read_file("/a").is_err());
    }
}
