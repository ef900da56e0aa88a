//! Recorded cases of the contract `vorbis`.

mod parts;
mod rejected;
mod used;

use crate::contracts::decoding::goldens::golden;
use crate::suite::GoldenCase;
use spec::decode::whole;
use spec::vorbis::write::{Drawn, Setup};
use spec::vorbis::{Limits, Vorbis};

/// A whole stream and all that follows it.
fn stream(name: &'static str, doc: &'static str, drawn: &Drawn) -> GoldenCase<Vorbis> {
    golden(name, doc, Limits::default(), whole(&drawn.file(), drawn.audio.len()))
}

/// Packets of short, short, long, long and short blocks of the plain headers, one thing of which is changed.
fn changed(name: &'static str, doc: &'static str, channels: u8, change: impl FnOnce(&mut Setup)) -> GoldenCase<Vorbis> {
    let mut setup = Setup::plain(channels);
    change(&mut setup);
    stream(name, doc, &Drawn::of(setup, &[0, 0, 1, 1, 0], 2))
}

/// The same packets behind headers of which one thing is changed.
fn spoilt(name: &'static str, doc: &'static str, change: impl FnOnce(&mut Setup)) -> GoldenCase<Vorbis> {
    let mut drawn = Drawn::of(Setup::plain(1), &[0, 0, 1, 1, 0], 2);
    change(&mut drawn.setup);
    stream(name, doc, &drawn)
}

pub(super) fn goldens() -> Vec<GoldenCase<Vorbis>> {
    let mut all = parts::of_books();
    all.extend(parts::of_spectra());
    all.extend(parts::of_blocks());
    all.extend(rejected::of_pages());
    all.extend(rejected::of_headers());
    all.extend(rejected::of_bounds());
    all.extend(used::of_bounds());
    all.extend(used::of_use());
    all
}
