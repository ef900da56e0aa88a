//! Frames made by hand, word by word.

use spec::idl::Op;

/// A request's root struct of the schema's size, and a reply's.
pub(super) const REQUEST: u64 = 0x0001_0003_0000_0000;
pub(super) const REPLY: u64 = 0x0001_0002_0000_0000;

/// The frame of a segment with these words.
pub(super) fn frame(words: &[u64]) -> Vec<u8> {
    let mut bytes = vec![0; 4];
    bytes.extend((words.len() as u32).to_le_bytes());
    bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    bytes
}

/// A request with sequence 7: its tag, the value in its data, its pointer, and the words behind it.
pub(super) fn request(tag: u16, value: u32, pointer: u64, rest: &[u64]) -> Vec<u8> {
    let mut words = vec![REQUEST, 1 | 7 << 32, 0, u64::from(tag) | u64::from(value) << 32, pointer];
    words.extend(rest);
    frame(&words)
}

/// A reply to sequence 7, in the same way.
pub(super) fn reply(tag: u16, value: u32, pointer: u64, rest: &[u64]) -> Vec<u8> {
    let mut words = vec![REPLY, 1 | u64::from(tag) << 16 | 7 << 32, value.into(), pointer];
    words.extend(rest);
    frame(&words)
}

/// A pointer to a struct of so many words and pointers, `distance` words after it.
pub(super) const fn to_struct(distance: i32, data: u64, pointers: u64) -> u64 {
    ((distance << 2) as u32) as u64 | data << 32 | pointers << 48
}

/// A pointer to a list of so many elements of that size, `distance` words after it.
pub(super) const fn to_list(distance: i32, size: u64, count: u64) -> u64 {
    ((distance << 2) as u32) as u64 | 1 | size << 32 | count << 35
}

/// A pointer to bytes that follow it, and these bytes as words.
pub(super) fn bytes(content: &[u8]) -> (u64, Vec<u64>) {
    let word = |chunk: &[u8]| chunk.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    (to_list(0, 2, content.len() as u64), content.chunks(8).map(word).collect())
}

/// The operation that asks for a stream for the app of these bytes, which should end with a zero.
pub(super) fn open_stream(content: &[u8]) -> Op {
    let (pointer, words) = bytes(content);
    Op::DecodeRequest(request(6, 0, pointer, &words))
}

/// The bytes that these hexadecimal digits spell.
pub(super) fn hex(digits: &str) -> Vec<u8> {
    let digit = |digit: u8| (digit as char).to_digit(16).unwrap_or_default() as u8;
    digits.as_bytes().chunks_exact(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}
