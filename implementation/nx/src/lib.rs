//! What the command-line tools share with the daemon on a host: how messages reach audiod.

pub mod transport;
