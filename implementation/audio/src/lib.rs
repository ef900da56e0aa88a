//! The fast answer.
