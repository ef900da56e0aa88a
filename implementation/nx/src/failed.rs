//! How commands end: a class with its exit code, and the envelope around what is said as JSON.

use decoders::DecodeError;
use serde_json::{Value, json};
use spec::ErrorCode;
use spec::nx_audio::{
    NX_EXIT_DELEGATE_FAILURE, NX_EXIT_INTERNAL, NX_EXIT_MISSING_DEPENDENCY, NX_EXIT_SUCCESS, NX_EXIT_UNSUPPORTED, NX_EXIT_USAGE,
    NX_EXIT_VALIDATION_REJECT,
};
use std::fmt::Display;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// 0.
    Success,
    /// 2: the command can't be understood.
    Usage,
    /// 3: an input was rejected.
    ValidationReject,
    /// 4: something that it needs is not there.
    MissingDependency,
    /// 5: the service refused.
    DelegateFailure,
    /// 6: this is not supported.
    Unsupported,
    /// 7: anything else.
    Internal,
}

impl Class {
    /// The exit code (NX_AUDIO-015).
    pub const fn code(self) -> u8 {
        let code = match self {
            Self::Success => NX_EXIT_SUCCESS,
            Self::Usage => NX_EXIT_USAGE,
            Self::ValidationReject => NX_EXIT_VALIDATION_REJECT,
            Self::MissingDependency => NX_EXIT_MISSING_DEPENDENCY,
            Self::DelegateFailure => NX_EXIT_DELEGATE_FAILURE,
            Self::Unsupported => NX_EXIT_UNSUPPORTED,
            Self::Internal => NX_EXIT_INTERNAL,
        };
        code as u8
    }

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Usage => "usage",
            Self::ValidationReject => "validation_reject",
            Self::MissingDependency => "missing_dependency",
            Self::DelegateFailure => "delegate_failure",
            Self::Unsupported => "unsupported",
            Self::Internal => "internal",
        }
    }
}

/// Why a command failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The command can't be understood.
    Usage(String),
    /// An input was rejected.
    Rejected(String),
    /// Something that it needs is not there.
    Missing(String),
    /// The service refused: its stable code and what it said.
    Refused(u16, String),
    /// Anything else, such as a full disk.
    Internal(String),
}

impl Failed {
    /// What a decoder has against the file that is shown so.
    pub fn of_media(shown: impl Display, error: &DecodeError) -> Self {
        Self::Refused(error.code() as u16, format!("{shown}: {error}"))
    }

    /// The class.
    pub fn class(&self) -> Class {
        match self {
            Self::Usage(_) => Class::Usage,
            Self::Rejected(_) => Class::ValidationReject,
            Self::Missing(_) => Class::MissingDependency,
            Self::Internal(_) => Class::Internal,
            Self::Refused(code, _) => match ErrorCode::ALL.iter().find(|known| **known as u16 == *code) {
                // NX_AUDIO-D3
                Some(
                    ErrorCode::OutOfRange
                    | ErrorCode::InvalidLevel
                    | ErrorCode::InvalidLevelText
                    | ErrorCode::InvalidApp
                    | ErrorCode::InvalidUri
                    | ErrorCode::MalformedSetting
                    | ErrorCode::InvalidSetting
                    | ErrorCode::UnknownSetting
                    | ErrorCode::OversizedInput
                    | ErrorCode::OversizedText
                    | ErrorCode::OversizedList
                    | ErrorCode::InvalidText
                    | ErrorCode::Misaligned
                    | ErrorCode::UnsupportedFormat
                    | ErrorCode::MalformedWav
                    | ErrorCode::TruncatedWav
                    | ErrorCode::UnknownMedia
                    | ErrorCode::MalformedMedia
                    | ErrorCode::TruncatedMedia
                    | ErrorCode::CorruptPixels
                    | ErrorCode::CorruptChecksum
                    | ErrorCode::PictureTooLarge
                    | ErrorCode::TooManyFrames
                    | ErrorCode::DecodedTooLarge
                    | ErrorCode::ExpansionTooLarge
                    | ErrorCode::DecodeMemoryExceeded
                    | ErrorCode::UnsupportedMedia
                    | ErrorCode::TooManyScans
                    | ErrorCode::TooManyRestarts
                    | ErrorCode::PartHeaderTooLarge,
                ) => Class::ValidationReject,
                Some(ErrorCode::StateUnavailable | ErrorCode::SinkUnavailable | ErrorCode::PowerdAbsent) => Class::MissingDependency,
                Some(ErrorCode::NotSeekable | ErrorCode::UnknownCall | ErrorCode::UnsupportedVersion) => Class::Unsupported,
                _ => Class::DelegateFailure,
            },
        }
    }

    /// What is said.
    pub fn message(&self) -> &str {
        match self {
            Self::Usage(why) | Self::Rejected(why) | Self::Missing(why) | Self::Refused(_, why) | Self::Internal(why) => why,
        }
    }
}

/// The envelope around every answer as JSON.
pub fn envelope(class: Class, message: &str, data: Option<Value>) -> Value {
    let mut envelope = json!({"ok": class == Class::Success, "class": class.name(), "code": class.code(), "message": message});
    if let (Some(data), Some(fields)) = (data, envelope.as_object_mut()) {
        fields.insert("data".into(), data);
    }
    envelope
}

/// Prints why a command failed, if it did, and gives its exit code.
pub fn report(program: &str, json: bool, outcome: Result<(), Failed>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            let class = failed.class();
            if json {
                let code = if let Failed::Refused(code, _) = failed { Some(json!({"error": code})) } else { None };
                println!("{}", envelope(class, failed.message(), code));
            } else {
                eprintln!("{program}: {}", failed.message());
            }
            ExitCode::from(class.code())
        }
    }
}
