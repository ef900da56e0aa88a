//! The challenge of a boot: fresh random input that decides the selftests' work.

use sha2::{Digest, Sha256};
use spec::challenge::CHALLENGE_BYTES;
use std::fmt;
use std::str::FromStr;

/// A challenge. Written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Challenge(pub [u8; CHALLENGE_BYTES]);

impl Challenge {
    /// A challenge that nobody can know before.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; CHALLENGE_BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// What a guest that was given this challenge prints when it is ready.
    pub fn echo(&self) -> String {
        hex(&Sha256::digest(self.0))
    }
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Challenge({self})")
    }
}

impl FromStr for Challenge {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("a challenge is {} lower-case hexadecimal digits, not {} bytes of other text", CHALLENGE_BYTES * 2, text.len());
        if text.len() != CHALLENGE_BYTES * 2 || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(wrong());
        }
        let mut bytes = [0; CHALLENGE_BYTES];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = text.get(index * 2..index * 2 + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()).ok_or_else(wrong)?;
        }
        Ok(Self(bytes))
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let challenge = Challenge::random().unwrap();
        assert_eq!(challenge.to_string().parse(), Ok(challenge));
        assert_ne!(challenge, Challenge::random().unwrap());
    }

    #[test]
    fn the_echo_is_the_sha256() {
        let empty = Challenge([0; 32]);
        assert_eq!(empty.echo(), "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925");
    }

    #[test]
    fn test_reject_what_is_no_challenge() {
        for text in
            ["", "00", &"0".repeat(63), &"0".repeat(65), &"A".repeat(64), &"g".repeat(64), &"ä".repeat(32), &format!("+{}", "0".repeat(63))]
        {
            assert!(text.parse::<Challenge>().unwrap_err().contains("64 lower-case hexadecimal digits"), "{text}");
        }
    }
}
