//! How bulk reaches a guest: a mailbox in memory that host and guest share.
//!
//! The host maps the guest's whole memory as a file. A control page holds the challenge, two sequence numbers and two lengths;
//! a request and a response buffer follow. The host writes a request and its length, then counts the request number up; the
//! guest answers, writes the response and its length, then counts the response number up to the same value.
//!
//! A request is one byte, the contract's place in [`CONTRACTS`], and then the cases as postcard
//! (`Vec<Case<C>>`). A response is one status byte and then the traces as postcard (`Vec<Trace<C>>`).

use crate::CONTRACTS;

/// Version of this layout, printed by the guest at boot.
pub const PROTOCOL: u32 = 1;

/// First address of the guest's memory.
pub const RAM_BASE: u64 = 0x8000_0000;
/// Size of the guest's memory.
pub const RAM_BYTES: u64 = 64 << 20;

/// Offset of the control page in the guest's memory.
pub const CONTROL_OFFSET: u64 = 0x300_0000;
/// Size of the control page.
pub const CONTROL_BYTES: u64 = 0x1000;
/// Offset of the request buffer.
pub const REQUEST_OFFSET: u64 = CONTROL_OFFSET + CONTROL_BYTES;
/// Size of the request buffer.
pub const REQUEST_BYTES: u64 = 0x7f_f000;
/// Offset of the response buffer.
pub const RESPONSE_OFFSET: u64 = REQUEST_OFFSET + REQUEST_BYTES;
/// Size of the response buffer.
pub const RESPONSE_BYTES: u64 = 0x80_0000;

/// Control page: `u64` that must be [`MAGIC`], written by the host before boot.
pub const MAGIC_AT: u64 = 0;
/// Control page: `u32` what the guest shall do, one of the modes below, from [`MODE_SELFTEST`] to [`MODE_DECODERS`].
pub const MODE_AT: u64 = 8;
/// Control page: the 32 bytes of the challenge.
pub const CHALLENGE_AT: u64 = 16;
/// Control page: `u64` which contracts' selftests [`MODE_SELFTEST`] runs, made by [`selection`].
pub const CONTRACTS_AT: u64 = 48;
/// Control page: `u64` number of the newest request, by the host.
pub const REQUEST_SEQUENCE_AT: u64 = 64;
/// Control page: `u64` length of the newest request.
pub const REQUEST_LENGTH_AT: u64 = 72;
/// Control page: `u64` number of the newest response, by the guest.
pub const RESPONSE_SEQUENCE_AT: u64 = 128;
/// Control page: `u64` length of the newest response.
pub const RESPONSE_LENGTH_AT: u64 = 136;

/// "NXMAIL01", read as a little-endian number.
pub const MAGIC: u64 = u64::from_le_bytes(*b"NXMAIL01");
/// Run the selftests on the challenge and end the machine.
pub const MODE_SELFTEST: u32 = 1;
/// Answer requests until [`STOP`].
pub const MODE_SERVE: u32 = 2;
/// Run the platform's selftests ([`crate::platform`]) on the challenge and end the machine.
pub const MODE_PLATFORM: u32 = 3;
/// Write to `/state`, generation after generation, until the power is cut.
pub const MODE_WRITER: u32 = 4;
/// Run the media services and their selftests, then end the machine.
pub const MODE_AUDIO: u32 = 5;
/// In place of a sender's identity, in [`MODE_SERVICES`]: the client of the connection that follows is gone.
pub const CLIENT_GONE: u64 = 0;
/// In place of a sender's identity, in [`MODE_SERVICES`]: a person consents that the program whose name follows records.
pub const CONSENT: u64 = u64::MAX;
/// Connections at one time, in [`MODE_SERVICES`]; their numbers are below this.
pub const CLIENTS_MAX: u32 = 64;
/// Run the media services and answer their clients' messages through the mailbox, in real time, until [`STOP`].
pub const MODE_SERVICES: u32 = 6;

/// Run the media services and the selftests of the media sessions, then end the machine.
pub const MODE_MEDIA: u32 = 7;
/// Decode the files that the host put into the request buffer before boot ([`crate::decode_bounds::boot`]), and end the machine.
pub const MODE_DECODERS: u32 = 8;

/// A request of this one byte asks the guest to end the machine.
pub const STOP: u8 = 0xff;

/// Status: the traces follow.
pub const STATUS_OK: u8 = 0;
/// Status: the request can't be decoded.
pub const STATUS_MALFORMED: u8 = 1;
/// Status: the request names no contract of this guest.
pub const STATUS_UNKNOWN_CONTRACT: u8 = 2;
/// Status: the response does not fit; ask fewer cases at a time.
pub const STATUS_TOO_LARGE: u8 = 3;

/// The contracts with these names, each as the bit of its place in [`CONTRACTS`].
pub fn selection(is_wanted: impl Fn(&str) -> bool) -> u64 {
    CONTRACTS.iter().enumerate().filter(|(_, name)| is_wanted(name)).fold(0, |bits, (place, _)| bits | 1 << place)
}

/// Whether the contract of that name is in a [selection].
pub fn is_selected(contracts: u64, name: &str) -> bool {
    contracts & selection(|other| other == name) != 0
}

const _: () = assert!(CONTRACTS.len() <= u64::BITS as usize, "a selection has a bit for every contract");
