//! What a person reads about a divergence.

use super::diagnosis::Diagnosis;
use crate::check::{Answer, Divergence};
use crate::suite::Suite;
use spec::{Case, Contract};
use std::fmt::Write as _;

/// Longest text of one operation or observation in a message, in characters.
const VALUE_CHARS_MAX: usize = 160;

/// Most operations that a message lists.
const OPS_MAX: usize = 24;

/// The whole message of a divergence: what is broken, the smallest case, expected and got, the seed, the next command.
pub fn divergence<C: Suite>(
    divergence: &Divergence<C>,
    diagnosis: &Diagnosis,
    driver: &str,
    check: &str,
    seed: Option<u64>,
    command: &str,
) -> String {
    let mut text = format!("{} broken: {} on {driver}, found by {check}\n", diagnosis.requirements.join(", "), C::NAME);
    for (requirement, what) in diagnosis.like.iter().take(3) {
        let _ = writeln!(text, "  the answers equal those of a machine that {what} ({requirement})");
    }
    list_case(&mut text, &divergence.case, divergence.step);
    let _ = writeln!(text, "  expected: {}", answer(&divergence.expected));
    let _ = writeln!(text, "  got:      {}", answer(&divergence.got));
    if let (Answer::Obs(expected), Answer::Obs(got)) = (&divergence.expected, &divergence.got)
        && let (Some(expected), Some(got)) = (C::pcm(expected), C::pcm(got))
    {
        text.push_str(&pcm_difference(expected, got));
    }
    finish(&mut text, seed, command);
    text
}

/// The whole message of a broken law.
pub fn broken_law<C: Suite>(
    case: &Case<C>,
    requirements: &[String],
    driver: &str,
    check: &str,
    why: &str,
    seed: Option<u64>,
    command: &str,
) -> String {
    let mut text = format!("{} broken: {} on {driver}, found by {check}\n", requirements.join(", "), C::NAME);
    list_case(&mut text, case, None);
    let _ = writeln!(text, "  {why}");
    finish(&mut text, seed, command);
    text
}

fn finish(text: &mut String, seed: Option<u64>, command: &str) {
    if let Some(seed) = seed {
        let _ = writeln!(text, "  seed:     {seed}");
    }
    if !command.is_empty() {
        let _ = writeln!(text, "  next:     {command}");
    }
}

fn list_case<C: Contract>(text: &mut String, case: &Case<C>, step: Option<usize>) {
    let _ = writeln!(text, "  smallest case: reset {}", json(&case.config));
    for (index, op) in case.ops.iter().enumerate().take(OPS_MAX) {
        let arrow = if step == Some(index) { "->" } else { "  " };
        let _ = writeln!(text, "   {arrow} {index}: {}", json(op));
    }
    if case.ops.len() > OPS_MAX {
        let _ = writeln!(text, "      … and {} more operations", case.ops.len() - OPS_MAX);
    }
}

fn answer<C: Contract>(answer: &Answer<C>) -> String {
    match answer {
        Answer::Accepted => "the configuration is accepted".to_owned(),
        Answer::Rejected(code) => format!("the configuration is rejected with {} ({})", code.name(), *code as u16),
        Answer::Obs(obs) => json(obs),
        Answer::Nothing => "no answer".to_owned(),
        Answer::Failed(failure) => format!("the machine {failure}"),
    }
}

/// A value as compact JSON, cut to a bounded length.
pub fn json(value: &impl serde::Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_else(|error| error.to_string());
    match text.char_indices().nth(VALUE_CHARS_MAX) {
        None => text,
        Some((end, _)) => format!("{}… ({} characters)", &text[..end], text.len()),
    }
}

/// Where two interleaved stereo signals part, by how much, and a small picture of both around there.
pub fn pcm_difference(expected: &[i16], got: &[i16]) -> String {
    let mut text = String::new();
    if expected.len() != got.len() {
        let _ = writeln!(text, "  length:   {} frames expected, {} got", expected.len() / 2, got.len() / 2);
    }
    let Some(first) = expected.iter().zip(got).position(|(a, b)| a != b) else {
        return text;
    };
    let error = i32::from(got[first]) - i32::from(expected[first]);
    let channel = if first % 2 == 0 { "left" } else { "right" };
    let decibels = 20.0 * (f64::from(error.abs()) / 32_768.0).log10();
    let (want, have) = (expected[first], got[first]);
    let _ = writeln!(
        text,
        "  first difference: frame {}, {channel}: expected {want}, got {have}, error {error:+} LSB ({decibels:.1} dBFS)",
        first / 2
    );
    let largest = expected.iter().zip(got).map(|(a, b)| (i32::from(*a) - i32::from(*b)).abs()).max().unwrap_or(0);
    let differing = expected.iter().zip(got).filter(|(a, b)| a != b).count();
    let _ = writeln!(text, "  {differing} of {} samples differ, the largest error is {largest} LSB", expected.len().min(got.len()));
    let from = (first / 2).saturating_sub(16);
    let channel_of = |pcm: &[i16]| pcm.iter().skip(first % 2).step_by(2).skip(from).take(64).copied().collect::<Vec<i16>>();
    let (want, have) = (channel_of(expected), channel_of(got));
    if want.len() > 1 {
        let scale = want.iter().chain(&have).map(|sample| i32::from(*sample).abs()).max().unwrap_or(1).max(1);
        let marks: String = want.iter().zip(&have).map(|(a, b)| if a == b { ' ' } else { '^' }).collect();
        let _ = writeln!(text, "    expected {}", sparkline(&want, scale));
        let _ = writeln!(text, "    got      {}", sparkline(&have, scale));
        let _ = writeln!(text, "             {} frames {from}..{}", marks.trim_end(), from + want.len());
    }
    text
}

/// One character per sample, from the lowest bar (-scale) to the highest (+scale).
fn sparkline(samples: &[i16], scale: i32) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    samples.iter().map(|sample| BARS[(((i32::from(*sample) + scale) * 7 + scale) / (2 * scale)).clamp(0, 7) as usize]).collect()
}
