//! A writer of multipart bodies for cases, right or wrong.

use alloc::vec;
use alloc::vec::Vec;

/// A part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Header lines, without their ends.
    pub lines: Vec<Vec<u8>>,
    /// What it holds.
    pub body: Vec<u8>,
}

/// A multipart body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// What parts its parts.
    pub boundary: Vec<u8>,
    /// Whether lines end with LF alone.
    pub bare: bool,
    /// The parts.
    pub parts: Vec<Part>,
    /// What comes behind the last part.
    pub last: Vec<u8>,
}

impl Part {
    /// A part with its type, and with its length or not.
    pub fn new(body: &[u8], length: bool) -> Self {
        let mut lines = vec![b"Content-Type: image/jpeg".to_vec()];
        if length {
            lines.push([b"Content-Length: ", decimal(body.len()).as_slice()].concat());
        }
        Self { lines, body: body.to_vec() }
    }
}

fn decimal(number: usize) -> Vec<u8> {
    alloc::format!("{number}").into_bytes()
}

impl Body {
    /// A body of these pictures, with an end, and with their lengths or not.
    pub fn new(pictures: &[Vec<u8>], length: bool) -> Self {
        let parts = pictures.iter().map(|picture| Part::new(picture, length)).collect();
        Self { boundary: b"frame".to_vec(), bare: false, parts, last: b"--\r\n".to_vec() }
    }

    /// Its bytes: parts, and behind the last of them a delimiter and what comes last.
    pub fn bytes(&self) -> Vec<u8> {
        let end: &[u8] = if self.bare { b"\n" } else { b"\r\n" };
        let delimiter = [b"--", self.boundary.as_slice()].concat();
        let mut out = delimiter.clone();
        for part in &self.parts {
            out.extend_from_slice(end);
            for line in &part.lines {
                out.extend_from_slice(line);
                out.extend_from_slice(end);
            }
            out.extend_from_slice(end);
            out.extend_from_slice(&part.body);
            out.extend_from_slice(end);
            out.extend_from_slice(&delimiter);
        }
        out.extend_from_slice(&self.last);
        out
    }
}
