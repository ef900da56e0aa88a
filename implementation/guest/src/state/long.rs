//! Names that no short FAT name can hold: entries of a long name before the short one, all in one block, so that they appear at once
//! or not at all.
//!
//! The FAT library reads such names and can't write them. It gives a new short entry the first free place of a folder; that place and
//! those behind it become the long name's, where they are free and in one block. Where they are not, the short entry stays as a filler
//! until another place is found.

use super::{Disk, State, StateError};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::ControlFlow;
use embedded_sdmmc::filesystem::ToShortFileName;
use embedded_sdmmc::{Block, DirEntry, Error, LfnBuffer, Mode, RawDirectory, ShortFileName};

/// Letters of a long name in one entry.
const LETTERS: usize = 13;
/// Entries that a long name takes at most, without the short one.
const ENTRIES_MAX: usize = 2;
/// Longest long name, in letters.
pub const LONG_BYTES_MAX: usize = LETTERS * ENTRIES_MAX;
/// Bytes of an entry.
const ENTRY: usize = 32;
/// Where an entry has its attributes, and those that make it a part of a long name.
const ATTRIBUTES_AT: usize = 11;
const LONG: u8 = 0x0f;
/// What the first byte of an entry says: the folder ends here, or the entry was removed.
const END: u8 = 0;
const REMOVED: u8 = 0xe5;
/// Places of a folder that are tried before there is none.
const FILLERS_MAX: u32 = 40;
/// Short names that one long name can be given.
const ALIASES_MAX: u32 = 99;

impl<D: Disk> State<D> {
    /// The short name under which a file of that long name stands in a folder, whatever the case of its letters.
    pub(super) fn find_long(&self, folder: RawDirectory, name: &str) -> Result<Option<ShortFileName>, StateError> {
        let mut storage = [0; LONG_BYTES_MAX];
        let mut buffer = LfnBuffer::new(&mut storage);
        let mut found: Vec<DirEntry> = Vec::new();
        self.manager.iterate_dir_lfn(folder, &mut buffer, |entry, long| {
            if long.is_some_and(|long| long.eq_ignore_ascii_case(name)) {
                found.push(entry.clone());
            }
            ControlFlow::Continue(())
        })?;
        // The library shows a long name for later entries, too, whose short names have the same sum.
        for entry in found {
            if self.follows_a_long_name(&entry)? {
                return Ok(Some(entry.name));
            }
        }
        Ok(None)
    }

    /// Whether the entry before it is part of a long name; one that would be in another block can't be seen here.
    fn follows_a_long_name(&self, entry: &DirEntry) -> Result<bool, StateError> {
        let Some(before) = (entry.entry_offset as usize).checked_sub(ENTRY) else { return Ok(true) };
        let block = self.block(entry)?;
        Ok(block.contents.get(before.saturating_add(ATTRIBUTES_AT)).is_some_and(|attributes| *attributes == LONG))
    }

    fn block(&self, entry: &DirEntry) -> Result<Block, StateError> {
        let mut blocks = [Block::new()];
        self.manager.device(|disk| disk.read(&mut blocks, entry.entry_block)).map_err(|_| StateError::Disk)?;
        let [block] = blocks;
        Ok(block)
    }

    /// Makes an empty file of a long name that is not there, and gives its short name.
    pub(super) fn make_long(&self, folder: RawDirectory, name: &str) -> Result<ShortFileName, StateError> {
        let alias = self.free_alias(folder, name)?;
        let mut fillers = Vec::new();
        let made = self.place_long(folder, name, &alias, &mut fillers);
        // Those that a cut leaves are empty files, which the next long name uses again.
        for filler in fillers {
            self.manager.delete_entry_in_dir(folder, filler)?;
        }
        made.map(|()| alias)
    }

    fn place_long(
        &self,
        folder: RawDirectory,
        name: &str,
        alias: &ShortFileName,
        fillers: &mut Vec<ShortFileName>,
    ) -> Result<(), StateError> {
        for number in 0..FILLERS_MAX {
            let filler = short(&format!("~{number}.LFN"))?;
            match self.manager.open_file_in_dir(folder, filler, Mode::ReadWriteCreate) {
                Ok(file) => self.manager.close_file(file)?,
                // Left by a cut.
                Err(Error::FileAlreadyExists) => {}
                Err(error) => return Err(error.into()),
            }
            let entry = self.manager.find_directory_entry(folder, filler)?;
            let mut block = self.block(&entry)?;
            if put(&mut block, entry.entry_offset as usize, name, alias).is_some() {
                self.manager.device(|disk| disk.write(&[block], entry.entry_block)).map_err(|_| StateError::Disk)?;
                return Ok(());
            }
            fillers.push(filler);
        }
        Err(StateError::Full)
    }

    /// A short name that nothing in the folder has: a tilde and a number, which no name of a path has.
    fn free_alias(&self, folder: RawDirectory, name: &str) -> Result<ShortFileName, StateError> {
        let mut taken: Vec<ShortFileName> = Vec::new();
        self.manager.iterate_dir(folder, |entry| {
            taken.push(entry.name);
            ControlFlow::Continue(())
        })?;
        let (base, extension) = name.split_once('.').unwrap_or((name, ""));
        let extension: String = extension.chars().take(3).collect();
        for number in 1..=ALIASES_MAX {
            let tail = format!("~{number}");
            let head: String = base.chars().take(8_usize.saturating_sub(tail.len())).collect();
            let dot = if extension.is_empty() { "" } else { "." };
            let alias = short(&format!("{head}{tail}{dot}{extension}"))?;
            if !taken.contains(&alias) {
                return Ok(alias);
            }
        }
        Err(StateError::Full)
    }
}

fn short(name: &str) -> Result<ShortFileName, StateError> {
    name.to_short_filename().map_err(|_| StateError::Path)
}

/// Turns the short entry at that place of a folder's block into a long name's entries and the short one behind them, under its alias.
/// Nothing where there is no room for them in this block.
fn put(block: &mut Block, at: usize, name: &str, alias: &ShortFileName) -> Option<()> {
    let letters: Vec<u16> = name.encode_utf16().collect();
    let count = letters.len().div_ceil(LETTERS);
    let places = block.contents.get_mut(at..at.checked_add(count.checked_add(1)?.checked_mul(ENTRY)?)?)?;
    let (entries, _) = places.as_chunks_mut::<ENTRY>();
    let (first, others) = entries.split_first_mut()?;
    if !others.iter().all(|[state, ..]| matches!(*state, END | REMOVED)) {
        return None;
    }
    let last = others.last_mut()?;
    *last = *first;
    last.first_chunk_mut::<11>()?.copy_from_slice(&padded(alias));
    // The name's beginning stands right before the short entry, and its end comes first on the disk.
    let is_last = |sequence: u8| if usize::from(sequence) == count { 0x40 } else { 0 };
    for ((entry, part), sequence) in entries.iter_mut().take(count).rev().zip(letters.chunks(LETTERS)).zip(1_u8..) {
        *entry = long_entry(part, sequence | is_last(sequence), alias.csum());
    }
    Some(())
}

/// One entry of a long name: a zero ends the letters of the last one, and ones fill it.
fn long_entry(letters: &[u16], sequence: u8, sum: u8) -> [u8; ENTRY] {
    let mut padded = letters.iter().copied().chain([0]).chain(core::iter::repeat(u16::MAX)).take(LETTERS).flat_map(u16::to_le_bytes);
    let mut entry = [0; ENTRY];
    let letters_at = (1..11).chain(14..26).chain(28..32);
    for place in letters_at {
        if let (Some(to), Some(byte)) = (entry.get_mut(place), padded.next()) {
            *to = byte;
        }
    }
    let [state, .., _] = &mut entry;
    *state = sequence;
    if let Some(attributes) = entry.get_mut(ATTRIBUTES_AT) {
        *attributes = LONG;
    }
    if let Some(place) = entry.get_mut(13) {
        *place = sum;
    }
    entry
}

/// A short name as it stands in an entry: base and extension, each filled with spaces.
fn padded(name: &ShortFileName) -> [u8; 11] {
    let mut bytes = [b' '; 11];
    let (base, extension) = bytes.split_at_mut(8);
    for (part, text) in [(base, name.base_name()), (extension, name.extension())] {
        for (to, byte) in part.iter_mut().zip(text) {
            *to = *byte;
        }
    }
    bytes
}
