//! PNG and APNG: chunks, zlib data, samples and composition.

mod blend;
mod chunks;
mod filters;
mod inflate;
mod rows;
mod samples;

use crate::canvas::Canvas;
use crate::puller::{Format, Found, Source};
use crate::reader::{Halt, Reader};
use crate::{DecodeError, Header, Info, Puller};
use alloc::boxed::Box;
use chunks::{Control, Kind, Run, Seen};
use core::fmt;
use inflate::{Inflater, Window};
use rows::Rows;
use samples::Form;
use spec::ErrorCode;
use spec::apng::APNG_EXPANSION_MAX;
use spec::media_types::CodecId;

/// A decoder of PNG and APNG streams.
pub type ApngDecoder = Puller<Frames>;

/// What is known between two frames.
#[derive(Default)]
pub struct Frames {
    /// What the chunks so far have said; nothing before the header was read.
    seen: Option<Box<Seen>>,
    canvas: Canvas,
    /// The inflater's tables, which are kept from frame to frame.
    inflater: Inflater,
}

impl fmt::Debug for Frames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frames").field("seen", &self.seen).field("canvas", &self.canvas).finish_non_exhaustive()
    }
}

pub(crate) const fn malformed(what: &'static str, at: usize) -> Halt {
    Halt::Fault(DecodeError::plain(ErrorCode::MalformedMedia, what, "write the stream as its format says").at(at))
}

pub(crate) const fn corrupt(what: &'static str, at: usize) -> Halt {
    Halt::Fault(DecodeError::plain(ErrorCode::CorruptPixels, what, "encode the picture again").at(at))
}

impl Format for Frames {
    const CODEC: CodecId = CodecId::Apng;

    fn info(bytes: &[u8]) -> Result<Header, Halt> {
        chunks::header(bytes).map(|form| Header::Picture(Info { width: form.width, height: form.height }))
    }

    fn next(&mut self, source: &mut Source) -> Result<Found, Halt> {
        if self.seen.is_none() {
            self.seen = Some(Box::new(Seen::new(chunks::header(&source.bytes)?)));
        }
        let Some(seen) = self.seen.as_mut() else { return Err(Halt::NeedInput) };
        loop {
            if let Some(run) = seen.run(&source.bytes)? {
                if let Some(control) = run.control {
                    draw(&mut self.canvas, &mut self.inflater, source, &seen.form, control, run)?;
                    return Ok(Found::Frame(control.delay));
                }
                continue;
            }
            if let Some(plays) = seen.chunk(&source.bytes, source.frames_max())? {
                return Ok(Found::End(plays));
            }
        }
    }

    fn pixels(&self) -> &[u8] {
        self.canvas.pixels()
    }

    fn rewind(&mut self) {
        self.seen = None;
        self.canvas.reset();
    }
}

fn draw(canvas: &mut Canvas, inflater: &mut Inflater, source: &mut Source, form: &Form, control: Control, run: Run) -> Result<(), Halt> {
    let rect = control.rect;
    source.check_frames()?;
    let filtered = form.filtered_bytes(rect.width, rect.height);
    let most = run.bytes.saturating_mul(APNG_EXPANSION_MAX.into());
    if filtered > most {
        let (what, advice) = ("the bytes of the frame's filtered rows", "this stream can't hold the pixels that it claims");
        return Err(DecodeError::range(ErrorCode::ExpansionTooLarge, what, (filtered, 1, most), advice).at(run.start).into());
    }
    let saved = Canvas::saved_bytes(control.disposal, rect);
    // The contract charges all filtered bytes; a window of them and two rows are what is held.
    source.charge(saved.saturating_add(filtered))?;
    let info = source.info.ok_or(Halt::NeedInput)?;
    // Before the rows are there, since what was kept for the frame before is not charged any more.
    canvas.begin(info, rect, control.disposal)?;
    let painted = expand(inflater, &source.bytes, run, filtered, Rows::new(form, rect, control.blend, canvas)?);
    // Less than before always fits.
    source.charge(saved)?;
    painted
}

/// Draws as many bytes as the rows have, from the data of a run of chunks.
fn expand(inflater: &mut Inflater, stream: &[u8], run: Run, count: u64, mut rows: Rows<'_>) -> Result<(), Halt> {
    let mut reader = Reader::new(stream, run.start);
    let pieces = core::iter::from_fn(|| {
        // The run is whole, and its chunks were looked at before.
        let (_, content) = if reader.at() < run.end { chunks::content(&mut reader).ok()? } else { return None };
        Some(if run.kind == Kind::Later { content.get(4..).unwrap_or_default() } else { content })
    });
    inflater.expand(pieces, Window::new(count)?, |bytes| rows.draw(bytes)).map_err(|what| corrupt(what, run.start))
}
