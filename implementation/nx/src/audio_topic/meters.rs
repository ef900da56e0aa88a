//! Level meters, live in a terminal.

use super::unexpected;
use crate::client::Client;
use crate::failed::Failed;
use serde_json::json;
use spec::idl::{Answer, Call, Peaks};
use std::io::{IsTerminal, Write};
use std::time::Duration;

/// Between two looks.
const EVERY: Duration = Duration::from_millis(100);

/// Cells of a bar, for 60 dB.
const CELLS: usize = 48;

/// Shows the meters until interrupted, or so many times.
pub fn run(client: &mut Client, count: Option<u32>, as_json: bool) -> Result<(), Failed> {
    let mut left = count;
    let live = std::io::stdout().is_terminal() && !as_json;
    loop {
        let answer = client.call(Call::Meters)?;
        let Answer::Meters { last, fills } = answer else { return Err(unexpected(&answer)) };
        if as_json {
            let fills: Vec<_> = fills.iter().map(|fill| json!({"stream": fill.stream, "frames": fill.frames})).collect();
            println!("{}", json!({"peak": last.peak, "rms": last.rms, "fills": fills}));
        } else {
            let end = if live { "\x1b[K\r\x1b[1A" } else { "\n" };
            let mut out = std::io::stdout().lock();
            // A terminal that is gone ends the program by its signal.
            let _ = write!(out, "{}\n{}{end}", bar("L", &last, 0), bar("R", &last, 1));
            let _ = out.flush();
        }
        if let Some(left) = &mut left {
            *left = left.saturating_sub(1);
            if *left == 0 {
                if live {
                    println!("\n");
                }
                return Ok(());
            }
        }
        std::thread::sleep(EVERY);
    }
}

/// A channel's bar: its RMS in full blocks, up to its peak in thin ones, and the peak in decibels.
fn bar(name: &str, last: &Peaks, channel: usize) -> String {
    let (peak, rms) = (last.peak.get(channel).copied().unwrap_or(0), last.rms.get(channel).copied().unwrap_or(0));
    let decibels = |value: u32| 20.0 * (f64::from(value) / 32_768.0).log10();
    let cells = |value: u32| if value == 0 { 0 } else { ((decibels(value) + 60.0).max(0.0) / 60.0 * CELLS as f64).round() as usize };
    let (full, thin) = (cells(rms).min(CELLS), cells(peak).min(CELLS));
    let thin = thin.saturating_sub(full);
    let text = if peak == 0 { "-inf dB".to_owned() } else { format!("{:.1} dB", decibels(peak)) };
    format!("{name} {}{}{} {text:>9}", "█".repeat(full), "░".repeat(thin), " ".repeat(CELLS - full - thin))
}
