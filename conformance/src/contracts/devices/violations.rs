//! Wrong machines of the contract `devices`.

use super::wrong::{
    changed, ended_early, holds, looking, mended, names, refuses, renamed, retried, revalued, skips_node, skips_node_with, skips_property,
    telling, with_tokens, without_all, wrong,
};
use crate::suite::{Violation, meddling, violation};
use spec::ErrorCode as E;
use spec::devices::{
    Blob, Board, DEVICES_BLOB_BYTES_MAX, DEVICES_DEPTH_MAX, DEVICES_MAGIC, DEVICES_NAME_BYTES_MAX, DEVICES_NODES_MAX,
    DEVICES_PROPERTIES_MAX, DEVICES_TIMEBASE_HZ_MAX, Devices, Obs, Op, parts, set_word, word,
};

/// In the order in which a diagnosis names them.
pub(super) fn violations() -> Vec<Violation<Devices>> {
    let mut violations = of_format();
    violations.extend(of_bounds());
    violations.extend(of_rules());
    violations.extend(of_boards());
    violations.extend(of_audio());
    violations.extend(of_properties());
    violations
}

fn of_format() -> Vec<Violation<Devices>> {
    vec![
        violation("DEVICES-001", "takes any magic number", || {
            wrong(|inner, (), op| mended(inner, op, |blob| set_word(blob, 0, DEVICES_MAGIC)))
        }),
        violation("DEVICES-001", "takes a blob with something behind it", || {
            wrong(|inner, (), op| mended(inner, op, |blob| blob.truncate(word(blob, 4).map_or(0, |size| size.max(8) as usize))))
        }),
        violation("DEVICES-001", "takes a blob that is shorter than it says", || {
            wrong(|inner, (), op| {
                mended(inner, op, |blob| {
                    let length = blob.len() as u32;
                    if word(blob, 4).is_some_and(|size| (length..=DEVICES_BLOB_BYTES_MAX).contains(&size)) {
                        set_word(blob, 4, length);
                    }
                })
            })
        }),
        violation("DEVICES-001", "takes an old version", || wrong(|inner, (), op| mended(inner, op, |blob| raise(blob, 20, 17)))),
        violation("DEVICES-001", "takes a version that is not compatible", || {
            wrong(|inner, (), op| {
                mended(inner, op, |blob| {
                    if word(blob, 24).is_some_and(|version| version > 17) {
                        set_word(blob, 24, 17)
                    }
                })
            })
        }),
        violation("DEVICES-001", "takes version 17 alone", || {
            wrong(|inner, (), op| refuses(inner, op, E::TreeVersion, |blob, _| word(blob, 20) != Some(17)))
        }),
        violation("DEVICES-002", "does not look for the end of the reserved memory", || {
            wrong(|inner, (), op| retried(inner, op, E::TreeLayout, |blob| vec![with_reserved_end(blob)]))
        }),
        violation("DEVICES-002", "wants the reserved memory right behind the header", || {
            wrong(|inner, (), op| refuses(inner, op, E::TreeLayout, |blob, _| word(blob, 16) != Some(40)))
        }),
        violation("DEVICES-002", "takes strings that end outside the blob", || {
            wrong(|inner, (), op| {
                retried(inner, op, E::TreeLayout, |blob| {
                    let mut blob = blob.to_vec();
                    let room = word(&blob, 4).unwrap_or(0).saturating_sub(word(&blob, 12).unwrap_or(0));
                    set_word(&mut blob, 32, room);
                    vec![blob]
                })
            })
        }),
        violation("DEVICES-002", "finds wrong tokens in blocks that are out of place", || {
            wrong(|inner, (), op| renamed(inner, op, E::TreeLayout, E::TreeToken))
        }),
        violation("DEVICES-003", "takes properties behind children", || wrong(|inner, (), op| skips_property(inner, op, E::TreeToken))),
        violation("DEVICES-003", "reads nothing behind an end token", || {
            wrong(|inner, (), op| retried(inner, op, E::TreeToken, ended_early))
        }),
        violation("DEVICES-003", "needs no end token", || {
            wrong(|inner, (), op| retried(inner, op, E::TreeToken, |blob| vec![with_tokens(blob, &[9])]))
        }),
        violation("DEVICES-003", "takes a second root", || {
            // What stands behind the first root is cut away, and the end put there.
            wrong(|inner, (), op| {
                retried(inner, op, E::TreeToken, |blob| {
                    let size = word(blob, 36).unwrap_or(0);
                    (1..=5).map(|words| cut(blob, size.saturating_sub(4 * words))).map(|blob| with_tokens(&blob, &[9])).collect()
                })
            })
        }),
        violation("DEVICES-003", "knows no no-operation tokens", || {
            wrong(|inner, (), op| refuses(inner, op, E::TreeToken, |blob, _| word(blob, word(blob, 8).unwrap_or(0) as usize) == Some(4)))
        }),
        violation("DEVICES-004", "skips nodes with names that nodes don't have", || {
            wrong(|inner, (), op| skips_node(inner, op, E::TreeName))
        }),
        violation("DEVICES-004", "skips properties with names that properties don't have", || {
            wrong(|inner, (), op| skips_property(inner, op, E::TreeName))
        }),
        violation("DEVICES-004", "takes the first of two nodes of one name", || {
            wrong(|inner, (), op| skips_node(inner, op, E::DuplicateTreeName))
        }),
        violation("DEVICES-004", "takes the first of two properties of one name", || {
            wrong(|inner, (), op| skips_property(inner, op, E::DuplicateTreeName))
        }),
        violation("DEVICES-004", "lets no two nodes of a tree have one name", || {
            wrong(|inner, (), op| {
                refuses(inner, op, E::DuplicateTreeName, |blob, _| {
                    let mut names = names(blob);
                    names.sort_unstable();
                    names.windows(2).any(|pair| pair[0] == pair[1])
                })
            })
        }),
    ]
}

fn of_bounds() -> Vec<Violation<Devices>> {
    vec![
        violation("DEVICES-005", "does not bound blobs", || {
            wrong(|inner, (), op| renamed(inner, op, E::TreeTooLarge, E::TreeSizeMismatch))
        }),
        violation("DEVICES-005", "bounds blobs one byte lower", || {
            wrong(|inner, (), op| {
                let obs = inner.step(op)?;
                let at_bound = matches!(op, Op::Read(Blob(blob)) if word(blob, 4) == Some(DEVICES_BLOB_BYTES_MAX) && word(blob, 0) == Some(DEVICES_MAGIC));
                Ok(if at_bound { Obs::Rejected(E::TreeTooLarge) } else { obs })
            })
        }),
        violation("DEVICES-005", "takes one level more", || wrong(|inner, (), op| skips_node(inner, op, E::TreeTooDeep))),
        violation("DEVICES-005", "takes one level less", || {
            wrong(|inner, (), op| {
                refuses(inner, op, E::TreeTooDeep, |blob, _| {
                    parts(blob).iter().any(|part| part.node && part.depth == DEVICES_DEPTH_MAX as usize)
                })
            })
        }),
        violation("DEVICES-005", "takes one node more", || wrong(|inner, (), op| skips_node(inner, op, E::TreeTooManyNodes))),
        violation("DEVICES-005", "takes one node less", || {
            wrong(|inner, (), op| refuses(inner, op, E::TreeTooManyNodes, |blob, _| names(blob).len() + 1 == DEVICES_NODES_MAX as usize))
        }),
        violation("DEVICES-005", "takes one property more", || wrong(|inner, (), op| skips_property(inner, op, E::TreeTooManyProperties))),
        violation("DEVICES-005", "takes one property less", || {
            wrong(|inner, (), op| {
                refuses(inner, op, E::TreeTooManyProperties, |blob, _| {
                    parts(blob).iter().take_while(|part| !part.node).count() == DEVICES_PROPERTIES_MAX as usize
                })
            })
        }),
        violation("DEVICES-005", "takes longer names of nodes", || wrong(|inner, (), op| skips_node(inner, op, E::TreeNameTooLong))),
        violation("DEVICES-005", "takes longer names of properties", || {
            wrong(|inner, (), op| skips_property(inner, op, E::TreeNameTooLong))
        }),
        violation("DEVICES-005", "counts the unit address into a name's length", || {
            wrong(|inner, (), op| {
                refuses(inner, op, E::TreeNameTooLong, |blob, _| {
                    names(blob).iter().any(|name| name.len() > DEVICES_NAME_BYTES_MAX as usize)
                })
            })
        }),
        violation("DEVICES-005", "takes names one letter shorter", || {
            wrong(|inner, (), op| {
                refuses(inner, op, E::TreeNameTooLong, |blob, _| {
                    names(blob).iter().any(|name| name.len() == DEVICES_NAME_BYTES_MAX as usize)
                })
            })
        }),
    ]
}

fn of_rules() -> Vec<Violation<Devices>> {
    vec![
        violation("DEVICES-006", "skips properties of a wrong form", || {
            wrong(|inner, (), op| skips_property(inner, op, E::MalformedProperty))
        }),
        violation("DEVICES-006", "skips nodes with properties of a wrong form", || {
            wrong(|inner, (), op| skips_node(inner, op, E::MalformedProperty))
        }),
        violation("DEVICES-006", "takes registers of a wrong form for registers in a wrong place", || {
            wrong(|inner, (), op| renamed(inner, op, E::MalformedProperty, E::WrongRegisters))
        }),
        violation("DEVICES-007", "skips nodes with registers in a wrong place", || {
            wrong(|inner, (), op| skips_node(inner, op, E::WrongRegisters))
        }),
        violation("DEVICES-007", "takes unit addresses of lower case alone", || {
            wrong(|inner, (), op| {
                refuses(inner, op, E::WrongRegisters, |blob, _| {
                    names(blob).iter().any(|name| unit(name).is_some_and(|unit| unit.iter().any(u8::is_ascii_uppercase)))
                })
            })
        }),
        violation("DEVICES-007", "takes no zeros before a unit address", || {
            wrong(|inner, (), op| {
                refuses(inner, op, E::WrongRegisters, |blob, _| {
                    names(blob).iter().any(|name| unit(name).is_some_and(|unit| unit.len() > 1 && unit.starts_with(b"0")))
                })
            })
        }),
        violation("DEVICES-008", "skips nodes in another's place", || wrong(|inner, (), op| skips_node(inner, op, E::RegistersOverlap))),
        violation("DEVICES-008", "lets a disabled device be in another's place", || {
            wrong(|inner, (), op| skips_node_with(inner, op, E::RegistersOverlap, b"disabled\0"))
        }),
        violation("DEVICES-008", "takes registers that touch for registers that overlap", || {
            wrong(|inner, (), op| {
                refuses(inner, op, E::RegistersOverlap, |_, board| {
                    board.slots.windows(2).any(|pair| pair[0].window.address + pair[0].window.bytes == pair[1].window.address)
                })
            })
        }),
        violation("DEVICES-008", "compares addresses of different buses", || {
            wrong(|inner, (), op| refuses(inner, op, E::RegistersOverlap, |blob, _| holds(blob, b"inner@10003000\0")))
        }),
        violation("DEVICES-009", "takes the first of two nodes with one phandle", || {
            wrong(|inner, (), op| skips_node(inner, op, E::DuplicatePhandle))
        }),
        violation("DEVICES-009", "skips references that lead nowhere", || {
            wrong(|inner, (), op| skips_property(inner, op, E::UnresolvedReference))
        }),
        violation("DEVICES-009", "skips nodes whose references lead nowhere", || {
            wrong(|inner, (), op| skips_node(inner, op, E::UnresolvedReference))
        }),
        violation("DEVICES-010", "skips devices with wrong interrupts", || {
            wrong(|inner, (), op| skips_node(inner, op, E::InvalidInterrupt))
        }),
        violation("DEVICES-010", "skips wrong interrupts", || wrong(|inner, (), op| skips_property(inner, op, E::InvalidInterrupt))),
        violation("DEVICES-010", "counts a controller's lines from zero", || {
            wrong(|inner, (), op| {
                refuses(inner, op, E::InvalidInterrupt, |_, board| {
                    board.audio.as_ref().is_some_and(|audio| audio.i2s.interrupt == board.plic.lines)
                })
            })
        }),
    ]
}

fn of_boards() -> Vec<Violation<Devices>> {
    vec![
        violation("DEVICES-011", "tells memory in KiB", || telling(|board| board.memory.bytes /= 1024)),
        violation("DEVICES-011", "reads a rate of one cell alone", || {
            wrong(|inner, (), op| {
                let obs = inner.step(op)?;
                let rate = Op::Property { path: "/cpus".to_owned(), name: "timebase-frequency".to_owned() };
                let long = matches!(obs, Obs::Board(_)) && matches!(inner.step(&rate)?, Obs::Value(Blob(rate)) if rate.len() == 8);
                Ok(if long { Obs::Rejected(E::UnusableMachine) } else { obs })
            })
        }),
        violation("DEVICES-011", "takes any rate", || {
            wrong(|inner, (), op| {
                retried(inner, op, E::UnusableMachine, |blob| {
                    let beyond = (DEVICES_TIMEBASE_HZ_MAX + 1).to_be_bytes();
                    revalued(blob, &beyond, |_| DEVICES_TIMEBASE_HZ_MAX.to_be_bytes().to_vec()).into_iter().collect()
                })
            })
        }),
        violation("DEVICES-011", "takes the first of two memories", || {
            wrong(|inner, (), op| skips_node_with(inner, op, E::UnusableMachine, b"memory\0"))
        }),
        violation("DEVICES-011", "tells the timer's rate in kHz", || telling(|board| board.timebase_hz /= 1000)),
        violation("DEVICES-012", "skips what makes a machine unusable", || {
            wrong(|inner, (), op| skips_node(inner, op, E::UnusableMachine))
        }),
        violation("DEVICES-012", "takes disabled devices", || {
            wrong(|inner, (), op| {
                retried(inner, op, E::UnusableMachine, |blob| revalued(blob, b"disabled\0", |_| b"okay\0".to_vec()).into_iter().collect())
            })
        }),
        violation("DEVICES-012", "swaps timer and finisher", || telling(|board| std::mem::swap(&mut board.clint, &mut board.finisher))),
        violation("DEVICES-012", "tells one slot less", || telling(|board| board.slots.truncate(board.slots.len().saturating_sub(1)))),
        violation("DEVICES-012", "tells slots without their interrupts", || {
            telling(|board| board.slots.iter_mut().for_each(|slot| slot.interrupt = 0))
        }),
        violation("DEVICES-012", "tells the UART's interrupt one lower", || {
            telling(|board| board.uart.interrupt = board.uart.interrupt.wrapping_sub(1))
        }),
        violation("DEVICES-012", "tells a line of the controller more", || {
            telling(|board| board.plic.lines = board.plic.lines.wrapping_add(1))
        }),
        violation("DEVICES-012", "tells a device's last address for its length", || {
            telling(|board| board.uart.window.bytes = board.uart.window.address + board.uart.window.bytes - 1)
        }),
        violation("DEVICES-018", "tells slots in the tree's order", || {
            wrong(|inner, (), op| {
                let mut obs = inner.step(op)?;
                if let (Op::Read(Blob(blob)), Obs::Board(board)) = (op, &mut obs) {
                    sort_as_in(blob, board);
                }
                Ok(obs)
            })
        }),
        violation("DEVICES-018", "rejects devices that it does not know", || {
            wrong(|inner, (), op| refuses(inner, op, E::UnusableMachine, |blob, _| holds(blob, b"acme,")))
        }),
    ]
}

fn of_audio() -> Vec<Violation<Devices>> {
    vec![
        violation("DEVICES-013", "takes every I2S controller for enabled", || {
            telling(|board| changed(board, |audio| audio.i2s.enabled = true))
        }),
        violation("DEVICES-013", "takes none for a stub", || telling(|board| changed(board, |audio| audio.i2s.stub = false))),
        violation("DEVICES-013", "tells clocks the other way round", || {
            telling(|board| changed(board, |audio| audio.i2s.clocks.reverse()))
        }),
        violation("DEVICES-013", "tells one clock alone", || telling(|board| changed(board, |audio| audio.i2s.clocks.truncate(1)))),
        violation("DEVICES-013", "tells no interrupt of the I2S controller", || {
            telling(|board| changed(board, |audio| audio.i2s.interrupt = 0))
        }),
        violation("DEVICES-013", "tells the I2S controller's registers without their length", || {
            telling(|board| changed(board, |audio| audio.i2s.window.bytes = 0))
        }),
        violation("DEVICES-013", "finds no audio path where its controller is wrong", || {
            wrong(|inner, (), op| {
                retried(inner, op, E::InvalidAudioPath, |blob| vec![without_all(blob, &[b"nexus,i2s\0", b"nexus,codec-null\0"])])
            })
        }),
        violation("DEVICES-014", "takes a codec without its controller for none", || {
            wrong(|inner, (), op| skips_node_with(inner, op, E::InvalidAudioPath, b"nexus,codec-null\0"))
        }),
        violation("DEVICES-014", "takes the first of two codecs", || {
            wrong(|inner, (), op| skips_node_with(inner, op, E::InvalidAudioPath, b"codec@1b\0"))
        }),
        violation("DEVICES-014", "takes any address for the codec's", || {
            wrong(|inner, (), op| {
                retried(inner, op, E::InvalidAudioPath, |blob| {
                    let (named, mut blob) = (b"codec@1b\0", blob.to_vec());
                    if let Some(at) = blob.windows(named.len()).position(|name| name == named) {
                        blob[at..at + named.len()].copy_from_slice(b"codec@1a\0");
                    }
                    revalued(&blob, &[0, 0, 0, 0x1b], |_| vec![0, 0, 0, 0x1a]).into_iter().collect()
                })
            })
        }),
        violation("DEVICES-014", "tells the codec's address in 8-bit form", || {
            telling(|board| changed(board, |audio| audio.codec.address <<= 1))
        }),
        violation("DEVICES-014", "tells the codec's own address for its bus's", || {
            telling(|board| changed(board, |audio| audio.codec.bus = u64::from(audio.codec.address)))
        }),
        violation("DEVICES-014", "tells one thing alone that a codec is compatible with", || {
            telling(|board| changed(board, |audio| audio.codec.compatible.truncate(1)))
        }),
        violation("DEVICES-014", "takes no codec for a stub", || telling(|board| changed(board, |audio| audio.codec.stub = false))),
        violation("DEVICES-015", "tells the headphone's route first", || {
            telling(|board| changed(board, |audio| audio.codec.routes.sort()))
        }),
        violation("DEVICES-015", "tells one route alone", || telling(|board| changed(board, |audio| audio.codec.routes.truncate(1)))),
        violation("DEVICES-015", "takes a route that is there twice", || {
            wrong(|inner, (), op| retried(inner, op, E::InvalidAudioPath, |blob| routes(blob, |before, route| !before.contains(&route))))
        }),
        violation("DEVICES-015", "skips routes that it does not know", || {
            wrong(|inner, (), op| {
                let known = |route: &[u8]| [&b"i2s -> codec -> hp"[..], b"i2s -> codec -> speaker"].contains(&route);
                retried(inner, op, E::InvalidAudioPath, |blob| routes(blob, |_, route| known(route)))
            })
        }),
    ]
}

fn of_properties() -> Vec<Violation<Devices>> {
    vec![
        violation("DEVICES-016", "takes an empty property for none", || {
            looking(|(), _, obs| if obs == Obs::Value(Blob(Vec::new())) { Obs::Absent } else { obs })
        }),
        violation("DEVICES-016", "takes what is not there for an empty property", || {
            looking(|(), _, obs| if obs == Obs::Absent { Obs::Value(Blob(Vec::new())) } else { obs })
        }),
        violation("DEVICES-016", "gives one cell of a property", || {
            looking(|(), _, obs| match obs {
                Obs::Value(Blob(value)) => Obs::Value(Blob(value.into_iter().take(4).collect())),
                obs => obs,
            })
        }),
        violation("DEVICES-016", "gives texts without their zero", || {
            looking(|(), _, obs| match obs {
                Obs::Value(Blob(value)) if value.ends_with(&[0]) && value.len() > 4 => Obs::Value(Blob(value[..value.len() - 1].to_vec())),
                obs => obs,
            })
        }),
        violation("DEVICES-016", "finds a path that ends in a slash", || {
            wrong(|inner, (), op| match op {
                Op::Property { path, name } if path.len() > 1 && path.ends_with('/') => {
                    inner.step(&Op::Property { path: path.trim_end_matches('/').to_owned(), name: name.clone() })
                }
                op => inner.step(op),
            })
        }),
        violation("DEVICES-016", "keeps the first tree", || {
            meddling::<Devices, Option<Op>>(|inner, first, op| {
                let obs = inner.step(op)?;
                if let (Op::Read(_), Obs::Board(_)) = (op, &obs) {
                    let first = first.get_or_insert_with(|| op.clone()).clone();
                    inner.step(&first)?;
                }
                Ok(obs)
            })
        }),
        violation("DEVICES-017", "forgets its tree when it rejects another", || {
            wrong(|inner, (), op| {
                let obs = inner.step(op)?;
                if let Obs::Rejected(_) = obs {
                    inner.reset(&spec::devices::Config {})?.ok();
                }
                Ok(obs)
            })
        }),
    ]
}

fn raise(blob: &mut [u8], place: usize, least: u32) {
    if word(blob, place).is_some_and(|value| value < least) {
        set_word(blob, place, least);
    }
}

/// The blob with an entry of zeros right before its structure.
fn with_reserved_end(blob: &[u8]) -> Vec<u8> {
    let mut blob = blob.to_vec();
    let end = word(&blob, 8).unwrap_or(0) as usize;
    if let Some(entry) = end.checked_sub(16).and_then(|start| blob.get_mut(start..end)) {
        entry.fill(0);
    }
    blob
}

/// The blob with a structure of so many bytes; what follows it is left where it is.
fn cut(blob: &[u8], size: u32) -> Vec<u8> {
    let mut blob = blob.to_vec();
    set_word(&mut blob, 36, size);
    blob
}

fn unit(name: &[u8]) -> Option<&[u8]> {
    name.iter().position(|byte| *byte == b'@').map(|at| &name[at + 1..])
}

/// The blob with those of its routes that are kept, given the ones before.
fn routes(blob: &[u8], keep: impl Fn(&[&[u8]], &[u8]) -> bool) -> Vec<Vec<u8>> {
    let change = |value: &[u8]| {
        let mut kept: Vec<&[u8]> = Vec::new();
        for route in value.strip_suffix(&[0]).unwrap_or(value).split(|byte| *byte == 0) {
            if keep(&kept, route) {
                kept.push(route);
            }
        }
        kept.iter().flat_map(|route| [route, &[0][..]].concat()).collect()
    };
    revalued(blob, b"i2s -> ", change).into_iter().collect()
}

/// Sorts slots by where their registers stand in the blob.
fn sort_as_in(blob: &[u8], board: &mut Board) {
    let place = |address: u64| blob.windows(8).position(|window| window == address.to_be_bytes());
    board.slots.sort_by_key(|slot| place(slot.window.address));
}
