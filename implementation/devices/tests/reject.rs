//! Every bound of the contract `devices` is met from outside: the code is the documented one, and the bound itself is taken.

use devices::{DevicesError, START_BYTES, Tree, read, size};
use spec::ErrorCode;
use spec::devices::{
    DEVICES_BLOB_BYTES_MAX, DEVICES_CELLS_MAX, DEVICES_CLOCKS_MAX, DEVICES_DEPTH_MAX, DEVICES_HEADER_BYTES, DEVICES_MAGIC,
    DEVICES_NAME_BYTES_MAX, DEVICES_NODES_MAX, DEVICES_PROPERTIES_MAX, DEVICES_RAM_BASE, DEVICES_RAM_BYTES, DEVICES_SLOTS_MAX,
    DEVICES_TIMEBASE_HZ_MAX, Devices, Op, Shape, Tree as Drawn, cells, machine, set_word, texts,
};
use spec::{Case, Contract, Machine, SplitMix64};

const I2S: [&str; 2] = ["soc", "i2s@10003000"];

/// The rejection's code, after a look at its explanation: the code's name first, bounded, and with an advice.
fn code<T: std::fmt::Debug>(result: Result<T, DevicesError>) -> ErrorCode {
    let error = result.expect_err("this must be rejected");
    let text = error.to_string();
    assert!(text.starts_with(error.code().name()) && text.contains("; ") && text.len() < 240, "{text}");
    error.code()
}

/// The small machine after a change: what reading it gives. A reader that had a tree before still has it, as the contract's machine
/// shows, which keeps the last accepted one.
fn changed(change: impl FnOnce(&mut Drawn)) -> Result<devices::Board, DevicesError> {
    let mut tree = machine(Shape::SMALL);
    let before = tree.blob();
    change(&mut tree);
    let blob = tree.blob();
    let answer = read(&blob);
    if answer.is_err() {
        let reads = [&before, &blob].map(|blob| Op::Read(spec::devices::Blob(blob.clone())));
        let look = Op::Property { path: "/soc/i2s@10003000".to_owned(), name: "reg".to_owned() };
        let case = Case { config: spec::devices::Config {}, ops: reads.into_iter().chain([look]).collect() };
        let trace = Kept::default().run_case(&case).expect("no failure");
        let kept = Tree::read(&before).expect("a tree").property("/soc/i2s@10003000", "reg").map(<[u8]>::to_vec);
        assert_eq!(trace.obs.last(), kept.map(|kept| spec::devices::Obs::Value(spec::devices::Blob(kept))).as_ref());
    }
    answer
}

/// A program that keeps the last accepted blob.
#[derive(Default)]
struct Kept(Vec<u8>);

impl Machine<Devices> for Kept {
    fn reset(&mut self, _: &spec::devices::Config) -> Result<Result<(), ErrorCode>, spec::Failure> {
        *self = Self::default();
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<spec::devices::Obs, spec::Failure> {
        use spec::devices::{Blob, Obs};
        Ok(match op {
            Op::Read(Blob(blob)) => match read(blob) {
                Ok(board) => {
                    self.0.clone_from(blob);
                    Obs::Board(Box::new(board))
                }
                Err(error) => Obs::Rejected(error.code()),
            },
            Op::Property { path, name } => {
                let value = Tree::read(&self.0).ok().and_then(|tree| tree.property(path, name));
                value.map_or(Obs::Absent, |value| Obs::Value(Blob(value.to_vec())))
            }
        })
    }
}

#[test]
fn test_reject_devices_blob_over_max() {
    let start = |claim: u32| -> [u8; START_BYTES] { cells(&[DEVICES_MAGIC, claim]).try_into().expect("eight bytes") };
    assert_eq!(size(start(DEVICES_BLOB_BYTES_MAX)).ok(), Some(DEVICES_BLOB_BYTES_MAX as usize));
    assert_eq!(size(start(DEVICES_HEADER_BYTES)).ok(), Some(DEVICES_HEADER_BYTES as usize));
    assert_eq!(code(size(start(DEVICES_BLOB_BYTES_MAX + 1))), ErrorCode::TreeTooLarge);
    assert_eq!(code(size(start(u32::MAX))), ErrorCode::TreeTooLarge);
    assert_eq!(code(size(start(DEVICES_HEADER_BYTES - 1))), ErrorCode::TreeSizeMismatch);
    assert_eq!(code(size([0; START_BYTES])), ErrorCode::TreeMagic);
    assert_eq!(code::<()>(Err(devices::outside())), ErrorCode::TreeSizeMismatch);
    let fill = |bytes: u32| {
        changed(|root| {
            let name = "filler";
            root.set(name, Vec::new());
            let missing = bytes as usize - root.blob().len();
            root.set(name, vec![0; missing]);
        })
    };
    // A property is filled up to whole words, which the small machine's blob is not a number of.
    let odd = machine(Shape::SMALL).blob().len() as u32 + 7;
    let max = DEVICES_BLOB_BYTES_MAX - (DEVICES_BLOB_BYTES_MAX - odd) % 4;
    assert!(fill(max).is_ok());
    assert_eq!(fill(max + 4).map_err(|error| error.code()), Err(ErrorCode::TreeTooLarge));
}

#[test]
fn test_reject_devices_depth_over_max() {
    let nested =
        |levels: u32| changed(|root| root.children.push((1..levels).fold(Drawn::new("a"), |inner, _| Drawn::new("a").child(inner))));
    assert!(nested(DEVICES_DEPTH_MAX).is_ok());
    assert_eq!(code(nested(DEVICES_DEPTH_MAX + 1)), ErrorCode::TreeTooDeep);
}

#[test]
fn test_reject_devices_nodes_over_max() {
    let nodes = |count: u32| {
        changed(|root| {
            let there = root.count();
            root.children.extend((there..count as usize).map(|number| Drawn::new(&format!("n{number}"))));
        })
    };
    assert!(nodes(DEVICES_NODES_MAX).is_ok());
    assert_eq!(code(nodes(DEVICES_NODES_MAX + 1)), ErrorCode::TreeTooManyNodes);
}

#[test]
fn test_reject_devices_properties_over_max() {
    let properties = |count: u32| {
        changed(|root| {
            let there = root.properties.len();
            (there..count as usize).for_each(|number| root.set(&format!("p{number}"), Vec::new()));
        })
    };
    assert!(properties(DEVICES_PROPERTIES_MAX).is_ok());
    assert_eq!(code(properties(DEVICES_PROPERTIES_MAX + 1)), ErrorCode::TreeTooManyProperties);
}

#[test]
fn test_reject_devices_name_over_max() {
    let long = |letters: u32| "n".repeat(letters as usize);
    for (letters, right) in [(DEVICES_NAME_BYTES_MAX, true), (DEVICES_NAME_BYTES_MAX + 1, false)] {
        let names = [
            changed(|root| root.children.push(Drawn::new(&long(letters)))),
            changed(|root| root.children.push(Drawn::new(&format!("a@{}", long(letters))).with("ranges", Vec::new()))),
            changed(|root| root.set(&long(letters), Vec::new())),
        ];
        for name in names {
            assert_eq!(name.err().map(|error| error.code()), (!right).then_some(ErrorCode::TreeNameTooLong));
        }
    }
}

#[test]
fn test_reject_devices_cells_over_max() {
    for name in ["#address-cells", "#size-cells", "#interrupt-cells", "#clock-cells"] {
        let count = |count: u32| changed(|root| root.children.push(Drawn::new("bus").with(name, cells(&[count]))));
        assert!(count(DEVICES_CELLS_MAX).is_ok());
        assert_eq!(code(count(DEVICES_CELLS_MAX + 1)), ErrorCode::MalformedProperty);
        assert_eq!(code(count(u32::MAX)), ErrorCode::MalformedProperty);
    }
}

#[test]
fn test_reject_devices_timebase_over_max() {
    let rate = |hertz: u64| {
        changed(|root| root.at(&["cpus"]).expect("cpus").set("timebase-frequency", hertz.to_be_bytes().to_vec()))
            .map(|board| board.timebase_hz)
    };
    assert_eq!(rate(DEVICES_TIMEBASE_HZ_MAX).ok(), Some(DEVICES_TIMEBASE_HZ_MAX));
    for hertz in [0, DEVICES_TIMEBASE_HZ_MAX + 1, u64::MAX] {
        assert_eq!(code(rate(hertz)), ErrorCode::UnusableMachine);
    }
}

#[test]
fn test_reject_devices_slots_over_max() {
    let slots = |count: u32| {
        changed(|root| {
            let soc = root.at(&["soc"]).expect("soc");
            // The small machine has one.
            for number in 1..count {
                let address = 0x3000_0000 + number * 0x1000;
                let slot = Drawn::new(&format!("spare@{address:x}")).with("compatible", texts(&["virtio,mmio"]));
                let slot = slot.with("reg", cells(&[0, address, 0, 0x1000])).with("interrupt-parent", cells(&[3]));
                soc.children.push(slot.with("interrupts", cells(&[40 + number])));
            }
        })
    };
    assert_eq!(slots(DEVICES_SLOTS_MAX).map(|board| board.slots.len()).ok(), Some(DEVICES_SLOTS_MAX as usize));
    assert_eq!(code(slots(DEVICES_SLOTS_MAX + 1)), ErrorCode::UnusableMachine);
}

#[test]
fn test_reject_devices_clocks_over_max() {
    let clocks = |count: u32| {
        changed(|root| {
            let i2s = root.at(&I2S).expect("i2s");
            let names: Vec<String> = (0..count).map(|number| format!("c{number}")).collect();
            i2s.set("clocks", cells(&vec![5; count as usize]));
            i2s.set("clock-names", texts(&names.iter().map(String::as_str).collect::<Vec<_>>()));
        })
    };
    assert_eq!(clocks(DEVICES_CLOCKS_MAX).ok().and_then(|board| board.audio).map(|audio| audio.i2s.clocks.len()), Some(4));
    assert_eq!(code(clocks(DEVICES_CLOCKS_MAX + 1)), ErrorCode::InvalidAudioPath);
}

/// Every drawn tree that is rejected is so in a bounded text with an advice.
#[test]
fn every_rejection_says_what_to_do() {
    let mut codes = std::collections::BTreeSet::new();
    for seed in 0..3_000 {
        for op in Devices::draw(&mut SplitMix64::new(seed), 8).ops {
            if let Op::Read(blob) = op
                && let answer @ Err(_) = read(&blob.0)
            {
                codes.insert(code(answer));
            }
        }
    }
    assert_eq!(codes.len(), 20, "{codes:?}");
}

/// Whatever a byte of the tree becomes, the answer is a board that a program can work with, or a rejection; never a panic.
#[test]
fn test_reject_any_damage() {
    let whole = machine(Shape::SMALL).blob();
    for place in 0..whole.len() {
        for value in [0x00, 0x01, 0x02, 0x03, 0x04, 0x09, 0x40, 0x7f, 0x80, 0xfe, 0xff] {
            let mut blob = whole.clone();
            blob[place] = value;
            if let Ok(board) = read(&blob) {
                let windows = [board.uart.window, board.plic.window, board.clint, board.finisher].into_iter();
                let windows = windows.chain(board.slots.iter().map(|slot| slot.window)).chain(board.audio.map(|audio| audio.i2s.window));
                assert!(windows.into_iter().all(|window| window.address + window.bytes <= DEVICES_RAM_BASE && window.address > 0));
                assert!(board.memory.bytes >= DEVICES_RAM_BYTES && board.timebase_hz > 0);
            }
        }
    }
    let mut short = whole;
    for length in (0..short.len()).rev() {
        short.truncate(length);
        assert!(read(&short).is_err());
        set_word(&mut short, 4, length as u32);
        assert!(read(&short).is_err());
    }
}
