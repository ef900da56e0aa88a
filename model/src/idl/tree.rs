//! A message as a tree of structs, written depth first.

/// A struct: its data by bits, and what its pointers lead to.
pub(super) struct Tree {
    pub(super) data: Vec<u64>,
    pub(super) pointers: Vec<Child>,
}

/// What a pointer leads to.
pub(super) enum Child {
    Null,
    Bytes(Vec<u8>),
    Struct(Tree),
    /// Structs of so many words of data each, without pointers.
    Structs(usize, Vec<Tree>),
}

impl Tree {
    /// A struct of so many words of data, with these pointers.
    pub(super) fn new(words: usize, pointers: Vec<Child>) -> Self {
        Self { data: vec![0; words], pointers }
    }

    /// Sets a field from its first bit on.
    pub(super) fn with(mut self, first_bit: usize, value: u64) -> Self {
        self.data[first_bit / 64] |= value << (first_bit % 64);
        self
    }

    /// The frame of a message with this root (IDL-D1).
    pub(super) fn frame(&self) -> Vec<u8> {
        let mut words = vec![0];
        self.write(&mut words, 0);
        // One segment less one, then its words.
        let mut bytes = vec![0; 4];
        bytes.extend((words.len() as u32).to_le_bytes());
        bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        bytes
    }

    /// Appends the struct and everything below it, and points to it from the word at `at` (IDL-D7).
    fn write(&self, words: &mut Vec<u64>, at: usize) {
        let start = words.len();
        words[at] = distance(at, start) | (self.data.len() as u64) << 32 | (self.pointers.len() as u64) << 48;
        words.extend(&self.data);
        let pointers = words.len();
        words.resize(pointers + self.pointers.len(), 0);
        for (index, child) in self.pointers.iter().enumerate() {
            child.write(words, pointers + index);
        }
    }
}

impl Child {
    /// A text with the zero byte at its end.
    pub(super) fn text(text: &str) -> Self {
        Self::Bytes([text.as_bytes(), &[0]].concat())
    }

    fn write(&self, words: &mut Vec<u64>, at: usize) {
        let start = words.len();
        match self {
            Self::Null => {}
            Self::Struct(tree) => tree.write(words, at),
            Self::Bytes(bytes) => {
                words[at] = distance(at, start) | 1 | 2 << 32 | (bytes.len() as u64) << 35;
                for chunk in bytes.chunks(8) {
                    words.push((0..).zip(chunk).map(|(index, byte)| u64::from(*byte) << (8 * index)).sum());
                }
            }
            Self::Structs(size, elements) => {
                let (size, count) = (*size as u64, elements.len() as u64);
                words[at] = distance(at, start) | 1 | 7 << 32 | (count * size) << 35;
                // The tag: the number of elements, and the words of data of each.
                words.push(count << 2 | size << 32);
                words.extend(elements.iter().flat_map(|element| &element.data));
            }
        }
    }
}

/// The words between the word after `at` and `start`, where a pointer has them.
fn distance(at: usize, start: usize) -> u64 {
    ((start - at - 1) as u64) << 2
}
