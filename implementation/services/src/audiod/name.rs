//! The names of apps and recordings (AUDIOD-D13).

use super::Result;
use audio::AudioError;
use spec::ErrorCode;
use spec::audiod::{AUDIOD_APP_BYTES_MAX, AUDIOD_URI_BYTES_MAX};

fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// Checks an app's name.
///
/// # Errors
/// `invalid_app`.
pub fn check_app(app: &str) -> Result<()> {
    if app.len() > AUDIOD_APP_BYTES_MAX as usize {
        let range = (1, AUDIOD_APP_BYTES_MAX);
        return Err(AudioError::range(
            ErrorCode::InvalidApp,
            "the bytes of the app's name",
            app.len() as i128,
            range,
            "use a shorter name",
        ));
    }
    if is_plain(app) {
        return Ok(());
    }
    let what = "the app's name is empty or not of letters, digits, and . - _";
    Err(AudioError::plain(ErrorCode::InvalidApp, what, "use a name such as com.example.player"))
}

/// Checks a recording's URI and gives the path within the state store.
///
/// # Errors
/// `invalid_uri`.
pub fn check_uri(uri: &str) -> Result<&str> {
    let advice = "use a URI such as state:/audio/out.wav";
    if uri.len() > AUDIOD_URI_BYTES_MAX as usize {
        let range = (1, AUDIOD_URI_BYTES_MAX);
        return Err(AudioError::range(ErrorCode::InvalidUri, "the bytes of the URI", uri.len() as i128, range, advice));
    }
    let wrong = |what| AudioError::plain(ErrorCode::InvalidUri, what, advice);
    let path = uri.strip_prefix("state:/").ok_or_else(|| wrong("the URI does not start with state:/"))?;
    if !path.split('/').all(is_plain) {
        return Err(wrong("a part of the path is empty or not of letters, digits, and . - _"));
    }
    if path.split('/').any(|segment| segment == "." || segment == "..") {
        return Err(wrong("a part of the path is . or .., which name no file"));
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    match name.strip_suffix(".wav") {
        Some(stem) if !stem.is_empty() => Ok(path),
        _ => Err(wrong("the file's name is not something that ends in .wav")),
    }
}
