//! Samples and bytes on their way to a guest: as one run of bytes where no person reads them, and as a list of numbers where one may.
//!
//! For fields, as `#[serde(with = "compact::samples")]`. An element at a time costs an emulated machine more than most of
//! the operations that are compared.

/// PCM s16: in binary formats its little-endian bytes.
pub mod samples {
    use alloc::vec::Vec;
    use core::fmt;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    /// Writes the samples.
    ///
    /// # Errors
    /// What the format has against it.
    pub fn serialize<S: Serializer>(samples: &[i16], serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            samples.serialize(serializer)
        } else if cfg!(target_endian = "little") {
            serializer.serialize_bytes(bytemuck::cast_slice(samples))
        } else {
            serializer.serialize_bytes(&samples.iter().flat_map(|sample| sample.to_le_bytes()).collect::<Vec<u8>>())
        }
    }

    /// Reads the samples.
    ///
    /// # Errors
    /// Half a sample at the end, and what the format has against it.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<i16>, D::Error> {
        if deserializer.is_human_readable() { Vec::deserialize(deserializer) } else { deserializer.deserialize_bytes(Samples) }
    }

    struct Samples;

    impl de::Visitor<'_> for Samples {
        type Value = Vec<i16>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("samples of two bytes each, little-endian")
        }

        fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
            let (samples, half) = bytes.as_chunks();
            if half.is_empty() {
                Ok(samples.iter().map(|sample| i16::from_le_bytes(*sample)).collect())
            } else {
                Err(E::invalid_length(bytes.len(), &self))
            }
        }
    }
}

/// Bytes: in binary formats themselves.
pub mod octets {
    use alloc::vec::Vec;
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes the bytes.
    ///
    /// # Errors
    /// What the format has against it.
    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serde_bytes::serialize(bytes, serializer)
    }

    /// Reads the bytes. Where a person writes them, a text is none, as it is for a list of other numbers.
    ///
    /// # Errors
    /// What the format has against it.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        if deserializer.is_human_readable() { Vec::deserialize(deserializer) } else { serde_bytes::deserialize(deserializer) }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;
    use alloc::{format, vec};
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
    struct Both {
        #[serde(with = "super::samples")]
        samples: Vec<i16>,
        #[serde(with = "super::octets")]
        octets: Vec<u8>,
    }

    fn both() -> Both {
        Both { samples: vec![1, -2, i16::MIN, i16::MAX], octets: vec![0, 200, 255] }
    }

    #[test]
    fn a_person_reads_numbers() {
        let text = serde_json::to_string(&both()).unwrap();
        assert_eq!(text, r#"{"samples":[1,-2,-32768,32767],"octets":[0,200,255]}"#);
        assert_eq!(serde_json::from_str::<Both>(&text).unwrap(), both());
    }

    #[test]
    fn test_reject_a_text_for_numbers() {
        for text in [r#"{"samples":[],"octets":"abc"}"#, r#"{"samples":"abc","octets":[]}"#, r#"{"samples":[],"octets":[256]}"#] {
            assert!(serde_json::from_str::<Both>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_machine_reads_bytes() {
        let bytes = postcard::to_allocvec(&both()).unwrap();
        assert_eq!(bytes, [8, 1, 0, 0xfe, 0xff, 0, 0x80, 0xff, 0x7f, 3, 0, 200, 255]);
        assert_eq!(postcard::from_bytes::<Both>(&bytes).unwrap(), both());
        let none = Both { samples: vec![], octets: vec![] };
        assert_eq!(postcard::from_bytes::<Both>(&[0, 0]).unwrap(), none);
    }

    #[test]
    fn test_reject_half_a_sample() {
        assert!(postcard::from_bytes::<Both>(&[3, 1, 0, 7, 0]).is_err());
        // More is announced than there is.
        for bytes in [&[8, 1, 0][..], &[0xff, 0xff, 0xff, 0xff, 0x0f, 1], &[0, 9, 1]] {
            let read = postcard::from_bytes::<Both>(bytes);
            assert!(read.is_err(), "{}", format!("{read:?}"));
        }
    }
}
