//! What a corpus showed, as lines.

use super::{FileReport, Report, Verdict};
use crate::report::text::{count, line};

/// Characters of a path that are shown.
const PATH_WIDTH: usize = 200;

/// The line of a file, and those that say more.
pub fn file(file: &FileReport) -> String {
    let mut out = format!("{:<16}{}", file.verdict.name(), line(&file.path, PATH_WIDTH));
    let mut more = |text: String| {
        out.push_str("\n                ");
        out.push_str(&line(&text, 500));
    };
    match file.verdict {
        Verdict::Agree | Verdict::OutsideDiffers => more_of_packets(file, &mut more),
        Verdict::RejectedAlike => more(format!("{} behind {} packets", file.code.unwrap_or_default(), count(file.packets.into()))),
        Verdict::Skipped => more(file.why.clone().unwrap_or_default()),
        Verdict::Diverge => {
            if let Some(difference) = &file.difference {
                more(format!("{}: {difference}", file.codec.unwrap_or("no codec")));
            }
        }
    }
    if let Some(said) = file.outside.as_ref().filter(|said| !said.same) {
        let supports = said.supports.map_or("unknown", super::classes::Side::name);
        more(format!("outside: {} (supported: {supports})", said.reason.as_deref().unwrap_or_default()));
        if let Some(difference) = &said.difference {
            let (differing, mean) = (count(said.differing), said.mean);
            more(format!("outside: first {difference}; {differing} differ, by at most {} and {mean:.3} in the mean", said.largest));
        }
        if said.missing_bytes > 0 || said.extra_bytes > 0 {
            more(format!("outside: {} bytes less, {} bytes more", count(said.missing_bytes), count(said.extra_bytes)));
        }
    }
    out
}

fn more_of_packets(file: &FileReport, more: &mut impl FnMut(String)) {
    if file.verdict == Verdict::OutsideDiffers {
        more(format!("{}, {} packets", file.codec.unwrap_or_default(), count(file.packets.into())));
    }
}

/// The summary.
pub fn summary(report: &Report) -> String {
    let counts = &report.counts;
    let outside = match &report.outside {
        Some(version) => {
            format!(
                "{} outside differs ({} unexplained, {version})",
                count(counts.outside_differs as u64),
                count(counts.unexplained as u64)
            )
        }
        None => "no outside decoder".to_owned(),
    };
    format!(
        "{} files: {} agree, {} rejected alike, {} diverge, {} skipped; {outside}",
        count(counts.files as u64),
        count(counts.agree as u64),
        count(counts.rejected_alike as u64),
        count(counts.diverge as u64),
        count(counts.skipped as u64),
    )
}
