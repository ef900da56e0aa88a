//! The command-line tools.
fn main() {}
