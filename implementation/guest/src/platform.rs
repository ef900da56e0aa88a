//! The platform's selftests, so far as they need no hardware.

use crate::marker::Marker;
use crate::selftest::Report;
use crate::state::{Disk, State, StateError};
use sha2::{Digest, Sha256};
use spec::challenge::CHALLENGE_BYTES;
use spec::platform::{STATE_FILE, STATE_GENERATIONS, STATE_LOG, STATE_LOG_GENERATIONS, state_content, state_record};

/// The marker of a selftest that ended so.
pub fn marker<'a>(part: &'a str, report: &Result<Report, &'a str>) -> Marker<'a> {
    match *report {
        Ok(Report { cases, digest }) => Marker::SelftestOk { contract: part, cases, digest },
        Err(reason) => Marker::SelftestFail { contract: part, reason },
    }
}

/// Replaces a file and appends to another, generation after generation; the digest is that of what was read back.
///
/// # Errors
/// Those of `/state`.
pub fn state<D: Disk>(state: &mut State<D>, challenge: &[u8; CHALLENGE_BYTES]) -> Result<Report, StateError> {
    let mut digest = Sha256::new();
    state.write_file(STATE_LOG, &[])?;
    for generation in 1..=STATE_GENERATIONS {
        let content = state_content(challenge, generation);
        state.write_file(STATE_FILE, &content)?;
        state.append_file(STATE_LOG, state_record(&content))?;
        digest.update(state.read_file(STATE_FILE)?);
    }
    digest.update(state.read_file(STATE_LOG)?);
    Ok(Report { cases: STATE_GENERATIONS, digest: digest.finalize().into() })
}

/// Writes generation after generation; gives why it ended.
pub fn write_for_ever<D: Disk>(state: &mut State<D>, challenge: &[u8; CHALLENGE_BYTES]) -> StateError {
    let mut generation = 0_u64;
    loop {
        generation = generation.wrapping_add(1);
        let content = state_content(challenge, generation);
        let written = state.write_file(STATE_FILE, &content).and_then(|()| {
            if generation.is_multiple_of(STATE_LOG_GENERATIONS) { state.write_file(STATE_LOG, &[]) } else { Ok(()) }?;
            state.append_file(STATE_LOG, state_record(&content))
        });
        if let Err(error) = written {
            return error;
        }
    }
}
