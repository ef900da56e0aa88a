//! Medians, and tables of them.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// The median of some durations, zero of none.
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How long a call takes, in the median of so many rounds.
pub fn rounds(count: usize, mut call: impl FnMut() -> Result<(), String>) -> Result<Duration, String> {
    let mut times = Vec::new();
    for _ in 0..count {
        let start = Instant::now();
        call()?;
        times.push(start.elapsed());
    }
    Ok(median(times))
}

/// So many per second, in words.
pub fn rate(count: u64, time: Duration) -> String {
    let per_second = count as f64 / time.as_secs_f64().max(1e-9);
    if per_second >= 1e6 { format!("{:.2} M/s", per_second / 1e6) } else { format!("{:.1} k/s", per_second / 1e3) }
}

/// A Markdown table.
pub fn table(title: &str, head: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = format!("\n## {title}\n\n| {} |\n|{}\n", head.join(" | "), " --- |".repeat(head.len()));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}
