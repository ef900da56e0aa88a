//! `/state` on a disk in memory, whose power can be cut at any write; read back by another implementation of FAT.

use super::*;
use embedded_sdmmc::{BlockCount, BlockIdx};
use std::cell::{Cell, RefCell};
use std::io::{Cursor, Read};

/// Blocks before the partition.
const START: usize = 64;
const BLOCKS: usize = START + 16_384;

#[derive(Debug)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the power is off")
    }
}

impl std::error::Error for Cut {}

struct Ram {
    bytes: RefCell<Vec<u8>>,
    /// Writes until the power is cut.
    left: Cell<usize>,
}

impl Ram {
    fn range(first: BlockIdx, count: usize) -> std::ops::Range<usize> {
        let start = first.0 as usize * Block::LEN;
        start..start + count * Block::LEN
    }
}

impl BlockDevice for Ram {
    type Error = Cut;

    fn read(&self, blocks: &mut [Block], first: BlockIdx) -> Result<(), Cut> {
        let bytes = self.bytes.borrow();
        for (block, from) in blocks.iter_mut().zip(bytes[Self::range(first, usize::MAX / Block::LEN / 4).start..].chunks(Block::LEN)) {
            block.contents.copy_from_slice(from);
        }
        Ok(())
    }

    fn write(&self, blocks: &[Block], first: BlockIdx) -> Result<(), Cut> {
        for (number, block) in blocks.iter().enumerate() {
            self.left.set(self.left.get().checked_sub(1).ok_or(Cut)?);
            let range = Self::range(BlockIdx(first.0 + number as u32), 1);
            self.bytes.borrow_mut()[range].copy_from_slice(&block.contents);
        }
        Ok(())
    }

    fn num_blocks(&self) -> Result<BlockCount, Cut> {
        Ok(BlockCount(BLOCKS as u32))
    }
}

impl Disk for Ram {
    fn flush(&self) -> Result<(), Cut> {
        Ok(())
    }
}

/// A formatted disk.
fn fresh() -> Vec<u8> {
    let mut volume = Cursor::new(vec![0; (BLOCKS - START) * Block::LEN]);
    fatfs::format_volume(&mut volume, fatfs::FormatVolumeOptions::new().fat_type(fatfs::FatType::Fat16)).unwrap();
    let mut bytes = vec![0; START * Block::LEN];
    bytes[446 + 4] = 0x0e;
    bytes[446 + 8..446 + 12].copy_from_slice(&(START as u32).to_le_bytes());
    bytes[446 + 12..446 + 16].copy_from_slice(&((BLOCKS - START) as u32).to_le_bytes());
    bytes[510..512].copy_from_slice(&[0x55, 0xaa]);
    bytes.extend(volume.into_inner());
    bytes
}

fn mount(bytes: &[u8], left: usize) -> State<Ram> {
    State::mount(Ram { bytes: RefCell::new(bytes.to_vec()), left: Cell::new(left) }).unwrap()
}

const ON: usize = usize::MAX;

fn bytes(state: State<Ram>) -> Vec<u8> {
    state.unmount().bytes.into_inner()
}

/// A file as the other implementation reads it; nothing where there is none.
fn peer(disk: &[u8], path: &str) -> Option<Vec<u8>> {
    let volume = fatfs::FileSystem::new(Cursor::new(disk[START * Block::LEN..].to_vec()), fatfs::FsOptions::new()).unwrap();
    let mut file = volume.root_dir().open_file(path.trim_start_matches('/')).ok()?;
    let mut content = Vec::new();
    file.read_to_end(&mut content).unwrap();
    Some(content)
}

fn content(seed: u8, length: usize) -> Vec<u8> {
    (0..length).map(|place| (place as u8).wrapping_mul(31).wrapping_add(seed)).collect()
}

#[test]
fn files_are_what_was_written() {
    let mut state = mount(&fresh(), ON);
    for (path, length) in [("/a", 0), ("/audio/out.wav", 38_444), ("/audio/b-1/C_2/d/e.bin", FILE_BYTES_MAX), ("/audio/OUT.wav", 7)] {
        state.write_file(path, &content(1, length)).unwrap();
        assert_eq!(state.read_file(path).unwrap(), content(1, length));
    }
    state.append_file("/audio/out.wav", b"and more").unwrap();
    state.append_file("/log", b"first").unwrap();
    state.append_file("/log", &content(9, 5000)).unwrap();
    let disk = bytes(state);
    assert_eq!(peer(&disk, "/a"), Some(vec![]));
    assert_eq!(peer(&disk, "/audio/out.wav"), Some([content(1, 7), b"and more".to_vec()].concat()));
    assert_eq!(peer(&disk, "/log"), Some([b"first".to_vec(), content(9, 5000)].concat()));
    let state = mount(&disk, ON);
    assert_eq!(state.read_file("/audio/b-1/c_2/d/e.bin").unwrap(), content(1, FILE_BYTES_MAX));
}

#[test]
fn a_recording_appears_when_it_is_finished() {
    let mut state = mount(&fresh(), ON);
    state.write_file("/rec.wav", b"old").unwrap();
    let mut recording = state.record("/rec.wav").unwrap();
    state.record_append(&mut recording, b"????").unwrap();
    for part in content(3, 20_000).chunks(1920) {
        state.record_append(&mut recording, part).unwrap();
        assert_eq!(state.read_file("/rec.wav").unwrap(), b"old");
    }
    // Other files can be written meanwhile; another recording can not.
    state.write_file("/other", b"meanwhile").unwrap();
    assert_eq!(state.record("/rec.wav").err(), Some(StateError::Busy));
    assert_eq!((recording.len(), recording.is_empty()), (20_004, false));
    state.record_finish(recording, b"HEAD").unwrap();
    assert_eq!(state.read_file("/rec.wav").unwrap(), [b"HEAD".to_vec(), content(3, 20_000)].concat());
    let recording = state.record("/rec.wav").unwrap();
    assert_eq!(state.record_finish(recording, b"HEAD"), Err(StateError::TooLarge));
    let recording = state.record("/rec.wav").unwrap();
    state.record_drop(recording).unwrap();
    assert_eq!(peer(&bytes(state), "/rec.wav").unwrap().len(), 20_004);
}

/// The power is cut at each write of a replacement: the file is the old or the new one, its neighbour is untouched, and the disk works on.
#[test]
fn a_cut_leaves_the_old_or_the_new_file() {
    for (old, new) in [(Some(5000), 9000), (Some(9000), 100), (Some(100), 0), (None, 3000)] {
        let mut state = mount(&fresh(), ON);
        state.write_file("/audio/by.wav", &content(8, 7000)).unwrap();
        if let Some(old) = old {
            // Twice, so that the spare file holds something.
            state.write_file("/audio/out.wav", &content(7, 4000)).unwrap();
            state.write_file("/audio/out.wav", &content(1, old)).unwrap();
        }
        let before = bytes(state);
        let mut outcomes = [0; 2];
        for cut in 0.. {
            let mut state = mount(&before, cut);
            let done = state.write_file("/audio/out.wav", &content(2, new)).is_ok();
            let disk = bytes(state);
            let found = peer(&disk, "/audio/out.wav");
            let is_new = found.as_ref() == Some(&content(2, new));
            // A file that was not there may be there, empty.
            let is_old = found == old.map(|old| content(1, old)) || (old.is_none() && found == Some(vec![]));
            assert!(is_new || (is_old && !done), "cut at write {cut}: {:?} bytes", found.map(|found| found.len()));
            assert_eq!(peer(&disk, "/audio/by.wav"), Some(content(8, 7000)));
            outcomes[usize::from(is_new)] += 1;
            let mut state = mount(&disk, ON);
            assert_eq!(state.read_file("/audio/by.wav").unwrap(), content(8, 7000));
            state.write_file("/audio/third", &content(4, 6000)).unwrap();
            state.write_file("/audio/out.wav", &content(5, 8000)).unwrap();
            let disk = bytes(state);
            for (path, right) in
                [("/audio/by.wav", content(8, 7000)), ("/audio/third", content(4, 6000)), ("/audio/out.wav", content(5, 8000))]
            {
                assert_eq!(peer(&disk, path), Some(right), "{path} after a cut at write {cut}");
            }
            if done {
                break;
            }
        }
        assert!(outcomes.iter().all(|count| *count > 0), "{outcomes:?}");
    }
}

/// The power is cut at each write of an append: the file is a beginning of the new one and not shorter than the old one.
#[test]
fn a_cut_while_appending_leaves_a_beginning() {
    let mut state = mount(&fresh(), ON);
    state.append_file("/log", &content(1, 3000)).unwrap();
    state.write_file("/by", &content(8, 7000)).unwrap();
    let before = bytes(state);
    let whole = [content(1, 3000), content(2, 9000)].concat();
    for cut in 0.. {
        let mut state = mount(&before, cut);
        let done = state.append_file("/log", &content(2, 9000)).is_ok();
        let disk = bytes(state);
        let found = peer(&disk, "/log").unwrap();
        assert!(whole.starts_with(&found) && found.len() >= 3000 && (!done || found == whole), "cut at write {cut}: {}", found.len());
        let mut state = mount(&disk, ON);
        state.append_file("/log", b"more").unwrap();
        let disk = bytes(state);
        assert_eq!(peer(&disk, "/log"), Some([found, b"more".to_vec()].concat()));
        assert_eq!(peer(&disk, "/by"), Some(content(8, 7000)));
        if done {
            break;
        }
    }
}

#[test]
fn test_reject_paths() {
    let mut state = mount(&fresh(), ON);
    let before = state.manager.device(|disk| disk.bytes.borrow().clone());
    let long = format!("/{}", "a/".repeat(130));
    for path in [
        "",
        "/",
        "a",
        "//a",
        "/a/",
        "/a//b",
        "/..",
        "/../a",
        "/.",
        "/a.",
        "/.a",
        "/a.b.c",
        "/ninechars/a",
        "/a.jsonl/b",
        "/of-twenty-seven-bytes.jsonl",
        "/metrics.jsonl.",
        "/.jsonl",
        "/metric~1.jso",
        "/a b",
        "/a\\b",
        "/ä",
        "/a*",
        "/a/b/c/d/e/f",
        "/state.tmp",
        "/STATE.REC",
        &long,
    ] {
        assert_eq!(state.write_file(path, b"x"), Err(StateError::Path), "{path:?}");
        assert_eq!(state.append_file(path, b"x"), Err(StateError::Path), "{path:?}");
        assert_eq!(state.read_file(path), Err(StateError::Path), "{path:?}");
        assert_eq!(state.record(path).err(), Some(StateError::Path), "{path:?}");
    }
    assert_eq!(state.read_file("/nothing"), Err(StateError::NotFound));
    assert_eq!(state.read_file("/no/thing"), Err(StateError::NotFound));
    assert!(before == bytes(state), "nothing was written");
}

/// The names of a folder as the other implementation lists them.
fn listed(disk: &[u8], folder: &str) -> Vec<String> {
    let volume = fatfs::FileSystem::new(Cursor::new(disk[START * Block::LEN..].to_vec()), fatfs::FsOptions::new()).unwrap();
    let folder = volume.root_dir().open_dir(folder).unwrap();
    folder.iter().map(|entry| entry.unwrap().file_name()).filter(|name| !name.starts_with('.')).collect()
}

const METRICS: &str = "/media/metrics.jsonl";

#[test]
fn long_names_stand_on_the_disk_as_they_are() {
    let mut state = mount(&fresh(), ON);
    assert_eq!(state.read_file(METRICS), Err(StateError::NotFound));
    state.write_file(METRICS, &content(1, 5000)).unwrap();
    state.write_file("/media/METRICS.JSONL", &content(2, 9000)).unwrap();
    state.append_file("/media/metrics-of-26-letters.json", b"first").unwrap();
    state.append_file("/media/metrics-of-26-letters.json", b" and more").unwrap();
    state.write_file("/media/metrics-2.jsonl", &content(3, 7)).unwrap();
    state.write_file("/media/ninechars", b"9").unwrap();
    let mut recording = state.record("/media/recording.wave").unwrap();
    state.record_append(&mut recording, b"?sound").unwrap();
    state.record_finish(recording, b"!").unwrap();
    assert_eq!(state.read_file(METRICS).unwrap(), content(2, 9000));
    let disk = bytes(state);
    let mut names = listed(&disk, "media");
    names.sort();
    assert_eq!(names, ["metrics-2.jsonl", "metrics-of-26-letters.json", "metrics.jsonl", "ninechars", "recording.wave"]);
    for (path, right) in [
        (METRICS, content(2, 9000)),
        ("/media/metrics-of-26-letters.json", b"first and more".to_vec()),
        ("/media/metrics-2.jsonl", content(3, 7)),
        ("/media/recording.wave", b"!sound".to_vec()),
    ] {
        assert_eq!(peer(&disk, path), Some(right.clone()), "{path}");
        assert_eq!(mount(&disk, ON).read_file(path).unwrap(), right, "{path}");
    }
}

/// The other implementation writes long names, of its own spelling and beside holes; they are found and replaced, and go on being its.
#[test]
fn long_names_of_others_are_found() {
    let mut disk = fresh();
    let mut partition = disk.split_off(START * Block::LEN);
    {
        let volume = fatfs::FileSystem::new(Cursor::new(&mut partition), fatfs::FsOptions::new()).unwrap();
        let folder = volume.root_dir().create_dir("media").unwrap();
        let name = |number| format!("Some other long name, the {number}th of them");
        for number in 0..40 {
            folder.create_file(&name(number)).unwrap();
        }
        std::io::Write::write_all(&mut folder.create_file("Metrics.JSONL").unwrap(), b"theirs").unwrap();
        for number in (0..40).step_by(3) {
            folder.remove(&name(number)).unwrap();
        }
    }
    disk.extend(partition);
    let mut state = mount(&disk, ON);
    assert_eq!(state.read_file(METRICS).unwrap(), b"theirs");
    state.write_file(METRICS, b"ours").unwrap();
    for number in 0..20 {
        state.write_file(&format!("/media/another-{number}.jsonl"), &content(number, 600)).unwrap();
    }
    let disk = bytes(state);
    assert_eq!(peer(&disk, METRICS), Some(b"ours".to_vec()));
    for number in 0..20 {
        assert_eq!(peer(&disk, &format!("/media/another-{number}.jsonl")), Some(content(number, 600)), "{number}");
    }
    let names = listed(&disk, "media");
    assert!(names.contains(&"Metrics.JSONL".to_owned()) && !names.iter().any(|name| name.contains('~')), "{names:?}");
    assert_eq!(names.len(), 40 - 14 + 1 + 20);
}

/// The power is cut at each write of a new file with a long name, in a folder whose places are taken and free by turns: the file is
/// not there, empty or whole, under its long name alone, and the disk works on.
#[test]
fn a_cut_leaves_no_half_of_a_long_name() {
    let mut state = mount(&fresh(), ON);
    for number in 0..30 {
        state.write_file(&format!("/media/f{number}"), b"x").unwrap();
    }
    let folder = state.folder(&Path::parse(METRICS).unwrap(), false).unwrap();
    for number in (1..30).step_by(2) {
        state.manager.delete_entry_in_dir(folder, format!("F{number}").as_str()).unwrap();
    }
    state.manager.close_dir(folder).unwrap();
    let before = bytes(state);
    let mut outcomes = [0; 3];
    for cut in 0.. {
        let mut state = mount(&before, cut);
        let done = state.write_file(METRICS, &content(2, 3000)).is_ok();
        let disk = bytes(state);
        let found = peer(&disk, METRICS);
        let outcome = match &found {
            None => 0,
            Some(bytes) if bytes.is_empty() => 1,
            Some(bytes) => 1 + usize::from(*bytes == content(2, 3000)),
        };
        assert!(outcome == 2 || (!done && found.is_none_or(|bytes| bytes.is_empty())), "cut at write {cut}");
        outcomes[outcome] += 1;
        // Beside it there is at most what was tried out, which is empty.
        let strangers = listed(&disk, "media").into_iter().filter(|name| name.contains('~') || name.contains("LFN"));
        assert!(strangers.into_iter().all(|name| peer(&disk, &format!("/media/{name}")) == Some(vec![])), "cut at write {cut}");
        let mut state = mount(&disk, ON);
        state.write_file("/media/another.jsonl", &content(4, 6000)).unwrap();
        state.write_file(METRICS, &content(5, 8000)).unwrap();
        let disk = bytes(state);
        for (path, right) in [("/media/another.jsonl", content(4, 6000)), (METRICS, content(5, 8000)), ("/media/f8", b"x".to_vec())] {
            assert_eq!(peer(&disk, path), Some(right), "{path} after a cut at write {cut}");
        }
        if done {
            break;
        }
    }
    assert!(outcomes.iter().all(|count| *count > 0), "{outcomes:?}");
}

#[test]
fn test_reject_a_folder_as_a_file() {
    let mut state = mount(&fresh(), ON);
    state.write_file("/audio/out.wav", b"x").unwrap();
    assert_eq!(state.write_file("/audio", b"x"), Err(StateError::Path));
    assert_eq!(state.append_file("/audio", b"x"), Err(StateError::Path));
    assert_eq!(state.read_file("/audio"), Err(StateError::Path));
    assert_eq!(state.write_file("/audio/out.wav/x", b"x"), Err(StateError::Path));
    assert_eq!(state.read_file("/audio/out.wav").unwrap(), b"x");
}

#[test]
fn test_reject_what_is_too_large() {
    let mut state = mount(&fresh(), ON);
    state.write_file("/a", b"old").unwrap();
    let large = vec![0; FILE_BYTES_MAX + 1];
    assert_eq!(state.write_file("/a", &large), Err(StateError::TooLarge));
    assert_eq!(state.append_file("/a", &large), Err(StateError::TooLarge));
    assert_eq!(state.append_file("/a", &large[..FILE_BYTES_MAX - 2]), Err(StateError::TooLarge));
    let mut recording = state.record("/a").unwrap();
    state.record_append(&mut recording, &large[1..]).unwrap();
    assert_eq!(state.record_append(&mut recording, b"x"), Err(StateError::TooLarge));
    state.record_drop(recording).unwrap();
    assert_eq!(state.read_file("/a").unwrap(), b"old");
}

#[test]
fn test_reject_a_full_disk() {
    let mut state = mount(&fresh(), ON);
    let full = (0..1000).find_map(|number| {
        let path = format!("/f{number}");
        state.write_file(&path, &content(number as u8, FILE_BYTES_MAX)).err().map(|error| (number, error))
    });
    let (number, error) = full.expect("8 MiB are used up");
    assert_eq!(error, StateError::Full);
    assert!(number > 100, "{number} files of 64 KiB in 8 MiB");
    // What was there is there.
    assert_eq!(state.read_file("/f7").unwrap(), content(7, FILE_BYTES_MAX));
    assert_eq!(state.write_file("/f7", &content(9, FILE_BYTES_MAX)), Err(StateError::Full));
    assert_eq!(peer(&bytes(state), "/f7"), Some(content(7, FILE_BYTES_MAX)));
}

#[test]
fn test_reject_disks_without_a_volume() {
    let mount = |bytes: Vec<u8>| State::mount(Ram { bytes: RefCell::new(bytes), left: Cell::new(ON) }).err();
    assert_eq!(mount(vec![0; BLOCKS * Block::LEN]), Some(StateError::Format));
    assert_eq!(mount(vec![0xff; BLOCKS * Block::LEN]), Some(StateError::Format));
    let mut other = fresh();
    other[446 + 4] = 0x83;
    assert_eq!(mount(other), Some(StateError::Format));
}

#[test]
fn errors_have_codes_names_and_advice() {
    let all = [
        StateError::Path,
        StateError::TooLarge,
        StateError::NotFound,
        StateError::Full,
        StateError::Busy,
        StateError::Format,
        StateError::Disk,
    ];
    for (number, error) in all.into_iter().enumerate() {
        assert_eq!(usize::from(error.code()), 9001 + number);
        assert!(error.name().starts_with("state_") && error.to_string().len() > 20);
    }
}
