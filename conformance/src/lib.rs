//! Asks and compares.
