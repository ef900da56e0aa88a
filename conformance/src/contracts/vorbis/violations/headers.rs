//! Wrong headers, floors and residues.

use super::super::features::room;
use super::{setups, violation};
use crate::contracts::decoding::mishearing;
use crate::suite::Violation;
use spec::vorbis::Vorbis;
use spec::vorbis::write::{Codebook, Floor, Form, Lookup, Residue, Setup};

fn books(setup: &mut Setup, change: impl Fn(&mut Codebook)) {
    setup.codebooks.iter_mut().for_each(change);
}

fn lookups(setup: &mut Setup, change: impl Fn(&mut Lookup)) {
    setup.codebooks.iter_mut().filter_map(|book| book.lookup.as_mut()).for_each(change);
}

fn residues(setup: &mut Setup, change: impl Fn(&mut Residue)) {
    setup.residues.iter_mut().for_each(change);
}

pub(super) fn of_headers() -> Vec<Violation<Vorbis>> {
    vec![
        violation("VORBIS-003", "does not look at what is reserved", || mishearing(|op| setups(op, |_| {}))),
        violation("VORBIS-003", "takes a missing mapping for the first", || {
            mishearing(|op| {
                setups(op, |setup| {
                    let count = setup.mappings.len();
                    setup.modes.iter_mut().filter(|mode| usize::from(mode.mapping) >= count).for_each(|mode| mode.mapping = 0);
                })
            })
        }),
        violation("VORBIS-004", "gives the last entries the lowest codewords", || {
            mishearing(|op| {
                setups(op, |setup| {
                    books(setup, |book| {
                        book.lengths.reverse();
                        book.form = if book.lengths.contains(&0) { Form::Sparse } else { Form::Dense };
                    });
                })
            })
        }),
        violation("VORBIS-004", "takes trees that have room left", || {
            mishearing(|op| {
                setups(op, |setup| {
                    books(setup, |book| {
                        let used = book.lengths.iter().filter(|length| **length > 0).count();
                        // Unused entries stand for what is missing: each bit of the room is a codeword.
                        if used > 1 && book.lookup.is_none() && book.form != Form::Ordered {
                            let room = room(book).max(0);
                            book.lengths.extend((1..=32_u8).filter(|length| room >> (32 - length) & 1 == 1));
                        }
                    });
                })
            })
        }),
        violation("VORBIS-005", "makes no running sums", || {
            mishearing(|op| setups(op, |setup| lookups(setup, |lookup| lookup.sequence = false)))
        }),
        violation("VORBIS-005", "takes a lattice's values in falling order", || {
            mishearing(|op| {
                setups(op, |setup| {
                    lookups(setup, |lookup| {
                        if lookup.kind == 1 {
                            lookup.multiplicands.reverse()
                        }
                    })
                })
            })
        }),
        violation("VORBIS-005", "takes the sign of a minimum for a plus", || {
            mishearing(|op| setups(op, |setup| lookups(setup, |lookup| lookup.minimum &= 0x7fff_ffff)))
        }),
    ]
}

pub(super) fn of_floors() -> Vec<Violation<Vorbis>> {
    vec![
        violation("VORBIS-006", "puts the first two points of a floor the other way round", || {
            mishearing(|op| {
                setups(op, |setup| {
                    for floor in &mut setup.floors {
                        if let Floor::Points { places, .. } = floor
                            && let [first, second, ..] = places.as_mut_slice()
                        {
                            std::mem::swap(first, second);
                        }
                    }
                })
            })
        }),
        violation("VORBIS-006", "takes heights of a fourth for those of a third", || {
            mishearing(|op| {
                setups(op, |setup| {
                    for floor in &mut setup.floors {
                        if let Floor::Points { multiplier, .. } = floor {
                            *multiplier = if *multiplier == 4 { 3 } else { *multiplier };
                        }
                    }
                })
            })
        }),
        violation("VORBIS-007", "takes the amplitude's range for one decibel more", || {
            mishearing(|op| {
                setups(op, |setup| {
                    for floor in &mut setup.floors {
                        if let Floor::Response { amplitude_offset, .. } = floor {
                            *amplitude_offset = amplitude_offset.wrapping_add(1);
                        }
                    }
                })
            })
        }),
        violation("VORBIS-007", "makes a map of half the steps", || {
            mishearing(|op| {
                setups(op, |setup| {
                    for floor in &mut setup.floors {
                        if let Floor::Response { map_size, .. } = floor {
                            *map_size = map_size.div_ceil(2);
                        }
                    }
                })
            })
        }),
    ]
}

pub(super) fn of_residues() -> Vec<Violation<Vorbis>> {
    vec![
        violation("VORBIS-008", "keeps spread vectors together", || {
            mishearing(|op| setups(op, |setup| residues(setup, |residue| residue.kind = residue.kind.max(1))))
        }),
        violation("VORBIS-008", "weaves no channels", || {
            mishearing(|op| setups(op, |setup| residues(setup, |residue| residue.kind = residue.kind.min(1))))
        }),
        violation("VORBIS-008", "leaves out the last pass", || {
            mishearing(|op| setups(op, |setup| residues(setup, |residue| residue.books.iter_mut().for_each(|books| books[7] = None))))
        }),
        violation("VORBIS-009", "takes magnitude for angle", || {
            mishearing(|op| {
                setups(op, |setup| {
                    let pairs = setup.mappings.iter_mut().flat_map(|mapping| &mut mapping.coupling);
                    pairs.for_each(|(magnitude, angle)| std::mem::swap(magnitude, angle));
                })
            })
        }),
        violation("VORBIS-009", "couples the first pair first", || {
            mishearing(|op| setups(op, |setup| setup.mappings.iter_mut().for_each(|mapping| mapping.coupling.reverse())))
        }),
    ]
}
