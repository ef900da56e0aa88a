//! The right answer.
