//! What a corpus showed, as one HTML file: no other file, no script, readable in the dark.

use super::pictures::{Triple, data_uri};
use super::{FileReport, Report, Verdict};
use crate::report::text::{count, html};
use std::fmt::Write as _;

const STYLE: &str = include_str!("page.css");

/// Files that are listed by name for each verdict but the telling ones, at most.
const LISTED_MAX: usize = 500;

/// The page.
pub fn render(report: &Report) -> String {
    let mut out = String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    // The page asks nothing of anybody, whatever text it shows.
    out.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n",
    );
    let counts = &report.counts;
    let word = if counts.diverge > 0 { "diverges" } else { "agrees" };
    let _ = writeln!(out, "<title>Corpus: {word}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>");
    let _ = writeln!(out, "<h1>The corpus {word}</h1>\n<p>{}</p>", html(&super::text::summary(report)));
    let _ = writeln!(
        out,
        "<p class=\"quiet\">Folder <code>{}</code>. Expected is what the reference model gives, or the outside decoder where only that \
         differs; got is what the implementation gives.</p>",
        html(&report.folder)
    );
    for (verdict, title) in [
        (Verdict::Diverge, "Implementation and model diverge"),
        (Verdict::OutsideDiffers, "Only the outside decoder differs"),
        (Verdict::RejectedAlike, "Rejected alike"),
        (Verdict::Agree, "Agree"),
        (Verdict::Skipped, "Skipped"),
    ] {
        let files: Vec<&FileReport> = report.files.iter().filter(|file| file.verdict == verdict).collect();
        if files.is_empty() {
            continue;
        }
        let open = if matches!(verdict, Verdict::Diverge | Verdict::OutsideDiffers) { " open" } else { "" };
        let _ = writeln!(out, "<details{open}><summary>{title} ({})</summary>", count(files.len() as u64));
        for file in files.iter().take(if verdict == Verdict::Diverge { usize::MAX } else { LISTED_MAX }) {
            entry(&mut out, file);
        }
        if files.len() > LISTED_MAX && verdict != Verdict::Diverge {
            let _ = writeln!(out, "<p class=\"quiet\">and {} more, which the JSON names</p>", count((files.len() - LISTED_MAX) as u64));
        }
        out.push_str("</details>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn entry(out: &mut String, file: &FileReport) {
    let class = if file.verdict == Verdict::Diverge { "bad" } else { "plain" };
    let _ = write!(out, "<article class=\"{class}\"><p><code>{}</code>", html(&file.path));
    if let Some(codec) = file.codec {
        let _ = write!(out, " <span class=\"tag\">{}</span>", html(codec));
    }
    let _ = write!(out, " <span class=\"quiet\">{} bytes, {} packets</span>", count(file.bytes), count(file.packets.into()));
    if let Some(code) = file.code {
        let _ = write!(out, " <code>{}</code>", html(code));
    }
    out.push_str("</p>");
    if let Some(why) = &file.why {
        let _ = write!(out, "<p>{}</p>", html(why));
    }
    if let Some(difference) = &file.difference {
        let _ = write!(out, "<p>{}</p>", html(&difference.to_string()));
    }
    if let Some(said) = file.outside.as_ref().filter(|said| !said.same) {
        let _ = write!(out, "<p>Outside: {}</p>", html(said.reason.as_deref().unwrap_or_default()));
        if let Some(difference) = &said.difference {
            let _ = write!(out, "<p class=\"quiet\">{}</p>", html(&difference.to_string()));
        }
    }
    if let Some(pictures) = &file.pictures {
        triple(out, pictures);
    }
    out.push_str("</article>\n");
}

fn triple(out: &mut String, pictures: &Triple) {
    out.push_str("<div class=\"triple\">");
    for (name, png) in [("expected", &pictures.expected), ("got", &pictures.got), ("difference", &pictures.difference)] {
        let _ = write!(out, "<figure><img alt=\"{name}\" src=\"{}\"><figcaption>{name}</figcaption></figure>", data_uri(png));
    }
    let _ = write!(out, "</div><p class=\"quiet\">{}</p>", html(&pictures.part));
}
