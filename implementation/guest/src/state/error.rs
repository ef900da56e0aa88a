//! Why `/state` does not do something.

use core::error::Error as StdError;
use core::fmt;
use embedded_sdmmc::Error;

/// Why `/state` does not do something. Codes are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum StateError {
    /// The path is not from `/`, too long, too deep, or has a name that FAT can't hold in this way.
    Path = 9001,
    /// The file would be, or is, larger than a file may be.
    TooLarge = 9002,
    /// There is no such file or folder.
    NotFound = 9003,
    /// The volume has no room.
    Full = 9004,
    /// A recording is under way.
    Busy = 9005,
    /// The disk holds no volume that can be used, or a damaged one.
    Format = 9006,
    /// The disk failed.
    Disk = 9007,
}

impl StateError {
    /// The stable number.
    pub fn code(self) -> u16 {
        self as u16
    }

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "state_path",
            Self::TooLarge => "state_too_large",
            Self::NotFound => "state_not_found",
            Self::Full => "state_full",
            Self::Busy => "state_busy",
            Self::Format => "state_format",
            Self::Disk => "state_disk",
        }
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path => write!(
                f,
                "the path should be /FOLDER/FILE with at most {} folders and {} bytes: letters, digits, _ or -, at most 8.3 for a folder and \
                 {} with one dot for a file",
                super::FOLDERS_MAX,
                super::PATH_BYTES_MAX,
                super::long::LONG_BYTES_MAX
            ),
            Self::TooLarge => write!(f, "a file holds at most {} bytes: write less, or another file", super::FILE_BYTES_MAX),
            Self::NotFound => f.write_str("there is no such file: write it first"),
            Self::Full => f.write_str("the volume is full: remove something from the disk's image"),
            Self::Busy => f.write_str("a recording is under way: finish or drop it first"),
            Self::Format => f.write_str("the disk's first partition should be a FAT16 or FAT32 volume: let qemu-runner make the image"),
            Self::Disk => f.write_str("the disk failed to read or write a block"),
        }
    }
}

impl StdError for StateError {}

impl<E: StdError> From<Error<E>> for StateError {
    fn from(error: Error<E>) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::DiskFull | Error::NotEnoughSpace | Error::AllocationError => Self::Full,
            Error::FileAlreadyOpen | Error::TooManyOpenFiles | Error::TooManyOpenDirs => Self::Busy,
            Error::FilenameError(_) | Error::OpenedDirAsFile | Error::OpenedFileAsDir | Error::ReadOnly => Self::Path,
            Error::DeviceError(_) => Self::Disk,
            _ => Self::Format,
        }
    }
}
