//! Wrong machines of the contract `vorbis`.

mod headers;
mod pages;
mod used;

use crate::contracts::decoding::patched;
use crate::suite::{Violation, violation};
use spec::vorbis::write::{Page, Setup, with_setup};
use spec::vorbis::{Op, Vorbis};

/// A stream with other headers.
fn setups(op: &Op, change: fn(&mut Setup)) -> Op {
    patched(op, |stream| *stream = with_setup(stream, change))
}

/// A stream with other pages.
fn paged(op: &Op, change: fn(&mut Vec<Page>)) -> Op {
    patched(op, |stream| {
        let (mut pages, rest) = spec::vorbis::write::pages(stream);
        change(&mut pages);
        *stream = [pages.iter().flat_map(Page::bytes).collect(), rest.to_vec()].concat();
    })
}

/// In the order in which a diagnosis names them.
pub(super) fn violations() -> Vec<Violation<Vorbis>> {
    let mut all = pages::of_pages();
    all.extend(headers::of_headers());
    all.extend(headers::of_floors());
    all.extend(headers::of_residues());
    all.extend(pages::of_samples());
    all.extend(used::of_bounds());
    all.extend(used::of_use());
    all
}
