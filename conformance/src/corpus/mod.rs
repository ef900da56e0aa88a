//! A folder of files through the implementation, the reference models and, where there is one, an outside decoder.
//!
//! What a file is is told by its first bytes, and where these say nothing by its name's ending. Implementation and model play it side by
//! side, packet by packet, so that no file is held decoded; where they agree the implementation plays it again beside the outside decoder.

pub mod classes;
pub mod compare;
mod files;
pub mod html;
pub mod outside;
pub mod pictures;
pub mod player;
pub mod text;

use classes::{Class, Side, UNEXPLAINED, classify};
use compare::{Difference, Held, compare};
use decoders::media_types::{Identifier, probe};
use outside::{Ending, Outside};
use pictures::Triple;
use player::{Open, reference};
use serde::Serialize;
use spec::decode::Limits;
use spec::devices::Blob;
use spec::gif::DECODE_INPUT_BYTES_MAX;
use spec::media_types::{CodecId, MediaTypes, PROBE_BYTES};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Version of the report's form.
pub const VERSION: u32 = 1;

/// Memory that a decoder may hold, in bytes, 256 MiB.
pub const MEMORY_BYTES: u64 = 1 << 28;

/// Bytes that all packets of a file may have, 1 GiB: models are slow, and no file should take an hour.
pub const DECODED_BYTES: u64 = 1 << 30;

/// Files of which pictures are kept, the first ones.
pub const PICTURES_MAX: usize = 60;

/// How a file turned out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Implementation and model differ.
    Diverge,
    /// They agree, and the outside decoder says something else.
    OutsideDiffers,
    /// Both reject it with the same code.
    RejectedAlike,
    /// All agree.
    Agree,
    /// There is no decoder of it.
    Skipped,
}

impl Verdict {
    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Diverge => "diverge",
            Self::OutsideDiffers => "outside differs",
            Self::RejectedAlike => "rejected alike",
            Self::Agree => "agree",
            Self::Skipped => "skipped",
        }
    }
}

/// What the outside decoder said.
#[derive(Clone, Debug, Serialize)]
pub struct OutsideSaid {
    /// It gives the same.
    pub same: bool,
    /// The class of the difference; `None` where there is none.
    pub class: Option<&'static str>,
    /// Which side the format's specification supports.
    pub supports: Option<Side>,
    /// Why, in words.
    pub reason: Option<String>,
    /// Where it differs first; the outside decoder is what is expected.
    pub difference: Option<Difference>,
    /// Pixels or samples that differ.
    pub differing: u64,
    /// The largest difference of a colour or sample.
    pub largest: u32,
    /// The mean difference of all colours or samples.
    pub mean: f64,
    /// Bytes that it gives less.
    pub missing_bytes: u64,
    /// Bytes that it gives more, as far as they were read.
    pub extra_bytes: u64,
}

/// What is known of one file.
#[derive(Clone, Debug, Serialize)]
pub struct FileReport {
    /// Its path below the folder, with `/`; what is no text in it is replaced.
    pub path: String,
    /// Its length, in bytes.
    pub bytes: u64,
    /// The name of its codec.
    pub codec: Option<&'static str>,
    /// How it turned out.
    pub verdict: Verdict,
    /// The code of its rejection.
    pub code: Option<&'static str>,
    /// Packets that implementation and model agree on.
    pub packets: u32,
    /// Why it was skipped.
    pub why: Option<String>,
    /// Where implementation and model differ first.
    pub difference: Option<Difference>,
    /// What the outside decoder said; `None` where it was not asked.
    pub outside: Option<OutsideSaid>,
    /// What the difference looks like.
    #[serde(skip)]
    pub pictures: Option<Triple>,
}

impl FileReport {
    /// Whether nobody knows why the outside decoder says something else.
    pub fn is_unexplained(&self) -> bool {
        self.outside.as_ref().is_some_and(|said| said.class == Some(UNEXPLAINED.name))
    }
}

/// How many files turned out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Files.
    pub files: usize,
    /// Those on which all agree.
    pub agree: usize,
    /// Those that implementation and model reject alike.
    pub rejected_alike: usize,
    /// Those on which they differ.
    pub diverge: usize,
    /// Those on which only the outside decoder differs.
    pub outside_differs: usize,
    /// Those that are of no known format.
    pub skipped: usize,
    /// Those, rejected ones among them, of which nobody knows why the outside decoder says something else.
    pub unexplained: usize,
}

/// What a corpus showed.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The form's version.
    pub conform_corpus: u32,
    /// The folder, as it was named.
    pub folder: String,
    /// The outside decoder; `None` where none took part.
    pub outside: Option<String>,
    /// The summary.
    pub counts: Counts,
    /// Every file, in the order of their paths.
    pub files: Vec<FileReport>,
}

/// What to run.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// Folders in it, too.
    pub recursive: bool,
    /// The outside decoder.
    pub outside: Option<&'a Outside>,
    /// The decoders' limits.
    pub limits: Limits,
}

impl<'a> Options<'a> {
    /// A folder and what is in it, without an outside decoder.
    pub fn new(folder: &'a Path) -> Self {
        let limits = Limits { memory_bytes: MEMORY_BYTES, decoded_bytes: DECODED_BYTES, ..Limits::default() };
        Self { folder, recursive: true, outside: None, limits }
    }
}

/// Runs every file; `got` plays what is held against the models, and `each` hears of every file, with how many there are.
///
/// # Errors
/// The folder can't be read.
pub fn run(options: &Options<'_>, got: Open<'_>, each: &mut dyn FnMut(&FileReport, usize)) -> io::Result<Report> {
    let found = files::below(options.folder, options.recursive)?;
    let mut files: Vec<FileReport> = Vec::with_capacity(found.len());
    let (mut counts, mut pictured) = (Counts::default(), 0);
    for path in &found {
        let mut file = one(options, path, got);
        pictured += usize::from(file.pictures.is_some());
        // A divergence always has its pictures: a folder full of known differences must not hide it.
        if pictured > PICTURES_MAX && file.verdict != Verdict::Diverge {
            file.pictures = None;
        }
        counts.files += 1;
        match file.verdict {
            Verdict::Agree => counts.agree += 1,
            Verdict::RejectedAlike => counts.rejected_alike += 1,
            Verdict::Diverge => counts.diverge += 1,
            Verdict::OutsideDiffers => counts.outside_differs += 1,
            Verdict::Skipped => counts.skipped += 1,
        }
        counts.unexplained += usize::from(file.is_unexplained());
        each(&file, found.len());
        files.push(file);
    }
    let outside = options.outside.map(|outside| outside.version.clone());
    Ok(Report { conform_corpus: VERSION, folder: options.folder.display().to_string(), outside, counts, files })
}

fn one(options: &Options<'_>, path: &Path, got: Open<'_>) -> FileReport {
    let mut file = FileReport {
        path: files::shown(options.folder, path),
        bytes: 0,
        codec: None,
        verdict: Verdict::Skipped,
        code: None,
        packets: 0,
        why: None,
        difference: None,
        outside: None,
        pictures: None,
    };
    // One byte above the bound is as good as any more.
    let stream = match files::read(path, u64::from(DECODE_INPUT_BYTES_MAX) + 1) {
        Ok((stream, length)) => {
            file.bytes = length;
            stream
        }
        Err(error) => {
            file.why = Some(format!("it can't be read: {error}"));
            return file;
        }
    };
    let codec = match sniff(path, &stream) {
        Ok(Some(codec)) => codec,
        Ok(None) => {
            file.why = Some("no such format: neither its first bytes nor its ending are those of a codec".to_owned());
            return file;
        }
        Err(difference) => {
            (file.verdict, file.difference) = (Verdict::Diverge, Some(*difference));
            return file;
        }
    };
    file.codec = Some(codec.name());
    let held = catch_unwind(AssertUnwindSafe(|| {
        let (mut expected, mut got) = (reference(codec, &stream, &options.limits), got(codec, &stream, &options.limits)?);
        Some(compare(&mut *expected, &mut *got))
    }));
    match held {
        Err(panic) => {
            let why = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied()).unwrap_or("no text");
            let difference = Difference { what: "panic", expected: "an answer".to_owned(), got: why.to_owned(), ..Difference::default() };
            (file.verdict, file.difference) = (Verdict::Diverge, Some(difference));
        }
        Ok(None) => file.why = Some(format!("there is no decoder of {} with a model yet", codec.name())),
        Ok(Some(Held::Diverge { packets, difference, pictures })) => {
            (file.verdict, file.packets) = (Verdict::Diverge, packets);
            (file.difference, file.pictures) = (Some(*difference), pictures);
        }
        Ok(Some(Held::Agree { packets })) => {
            (file.verdict, file.packets) = (Verdict::Agree, packets);
            beside(options, path, codec, &stream, got, &mut file);
        }
        Ok(Some(Held::RejectedAlike { packets, code })) => {
            (file.verdict, file.packets, file.code) = (Verdict::RejectedAlike, packets, Some(code.name()));
            beside(options, path, codec, &stream, got, &mut file);
        }
    }
    file
}

/// Asks the outside decoder the same.
fn beside(options: &Options<'_>, path: &Path, codec: CodecId, stream: &[u8], got: Open<'_>, file: &mut FileReport) {
    let Some((outside, mut ours)) = options.outside.zip(got(codec, stream, &options.limits)) else { return };
    let gap = match outside.compare(path, codec, stream, file.packets, &mut *ours) {
        Ok(gap) => gap,
        Err(why) => {
            file.outside = Some(OutsideSaid::nothing(why));
            return;
        }
    };
    let same = gap.is_none();
    let class = (!same).then(|| classify(codec, stream, &gap));
    let reason = |class: Class| match (class == UNEXPLAINED, gap.ending) {
        (true, Ending::TimedOut) => format!("{}: it took longer than {} s", class.reason, outside::TIME_MAX.as_secs()),
        (true, _) if gap.missing > 0 && gap.compared == 0 => format!("{}: it gives nothing of the file", class.reason),
        _ => class.reason.to_owned(),
    };
    file.outside = Some(OutsideSaid {
        same,
        class: class.map(|class| class.name),
        supports: class.map(|class| class.supports),
        reason: class.map(reason),
        difference: gap.difference.clone().filter(|_| !same),
        differing: gap.differing,
        largest: gap.largest,
        mean: gap.mean(),
        missing_bytes: gap.missing,
        extra_bytes: gap.extra,
    });
    if !same && file.verdict == Verdict::Agree {
        file.verdict = Verdict::OutsideDiffers;
    }
    if !same {
        file.pictures = gap.pictures;
    }
}

impl OutsideSaid {
    /// It could not be asked.
    fn nothing(why: String) -> Self {
        Self {
            same: false,
            class: Some(UNEXPLAINED.name),
            supports: Some(UNEXPLAINED.supports),
            reason: Some(why),
            difference: None,
            differing: 0,
            largest: 0,
            mean: 0.0,
            missing_bytes: 0,
            extra_bytes: 0,
        }
    }
}

/// The codec of a file, by its first bytes, or else by its ending; an error where implementation and model tell it otherwise.
fn sniff(path: &Path, stream: &[u8]) -> Result<Option<CodecId>, Box<Difference>> {
    let start = stream.get(..PROBE_BYTES as usize).unwrap_or(stream);
    let found = match probe(start) {
        Ok(Some(codec)) => format!("codec {}", codec.number()),
        Ok(None) => "more bytes".to_owned(),
        Err(error) => error.code().name().to_owned(),
    };
    let mut model = <MediaTypes as model::Modelled>::model();
    let expected = match model.step(&spec::media_types::Op::Probe(Blob(start.to_vec()))) {
        Ok(spec::media_types::Obs::Number(number)) => format!("codec {number}"),
        Ok(spec::media_types::Obs::NeedInput) => "more bytes".to_owned(),
        Ok(spec::media_types::Obs::Rejected(code)) => code.name().to_owned(),
        other => format!("{other:?}"),
    };
    if expected != found {
        return Err(Box::new(Difference { what: "probe", expected, got: found, ..Difference::default() }));
    }
    Ok(probe(start).ok().flatten().or_else(|| by_ending(path)))
}

fn by_ending(path: &Path) -> Option<CodecId> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "wav" | "wave" => Some(CodecId::Wav),
        "ogg" | "oga" => Some(CodecId::Vorbis),
        "gif" => Some(CodecId::Gif),
        "png" | "apng" => Some(CodecId::Apng),
        "jpg" | "jpeg" | "mjpg" | "mjpeg" => Some(CodecId::Mjpeg),
        _ => None,
    }
}
