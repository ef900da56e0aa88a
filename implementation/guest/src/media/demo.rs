//! The demo programs on the guest: tonegen and wavplay.

use super::client::Client;
use super::shared::Heard;
use crate::tasks::Platform;
use alloc::string::ToString;
use alloc::vec::Vec;
use audio::tone::Tone;
use core::fmt::Display;
use spec::format::BLOCK_FRAMES;
use spec::idl::{Answer, Call};
use spec::system::script::FIXTURES;
use spec::{Failure, FailureKind};

const BLOCK_SAMPLES: usize = BLOCK_FRAMES as usize * 2;

fn failed(what: impl Display) -> Failure {
    Failure::new(FailureKind::Faulted, what.to_string())
}

fn done(answer: Answer<'static>) -> Result<Answer<'static>, Failure> {
    match answer {
        Answer::Error { text, .. } => Err(failed(text)),
        answer => Ok(answer),
    }
}

/// Opens a stream, fills its ring, starts it, tops it up at each tick, and closes it when the last frame was played; gives what
/// was heard meanwhile.
///
/// # Errors
/// What the services reject.
pub fn demo<P: Platform>(client: &mut Client<'_, P>, app: &str, pcm: &[i16]) -> Result<Heard, Failure> {
    client.tap().take();
    let Answer::Opened { stream, .. } = done(client.call(Call::OpenStream(app.into()))?)? else { return Err(failed("no stream")) };
    let mut rest = pcm;
    let mut fill = |client: &mut Client<'_, P>| {
        while !rest.is_empty() {
            let taken = client.write(stream, rest.get(..BLOCK_SAMPLES).unwrap_or(rest))?;
            if taken == 0 {
                break;
            }
            rest = rest.get((taken as usize).saturating_mul(2)..).unwrap_or_default();
        }
        Ok::<bool, Failure>(rest.is_empty())
    };
    let mut written = fill(client)?;
    done(client.call(Call::Start(stream))?)?;
    loop {
        let Answer::Position { frames, .. } = done(client.call(Call::Position(stream))?)? else { return Err(failed("no position")) };
        if written && frames >= pcm.len() as u64 / 2 {
            break;
        }
        client.sleep(1);
        written = fill(client)?;
    }
    done(client.call(Call::Close(stream))?)?;
    Ok(client.tap().take())
}

/// tonegen: plays a sine.
///
/// # Errors
/// A tone that there is not, and what the services reject.
pub fn tonegen<P: Platform>(client: &mut Client<'_, P>, hz: u32, ms: u32) -> Result<Heard, Failure> {
    let mut tone = Tone::default();
    let frames = usize::try_from(tone.play(hz, ms).map_err(failed)?).map_err(failed)?;
    let mut pcm = Vec::with_capacity(frames.saturating_mul(2));
    let mut block = [0; BLOCK_SAMPLES];
    while pcm.len() < frames.saturating_mul(2) {
        tone.pull(BLOCK_FRAMES, &mut block).map_err(failed)?;
        let missing = frames.saturating_mul(2).saturating_sub(pcm.len());
        pcm.extend_from_slice(block.get(..missing).unwrap_or(&block));
    }
    demo(client, "tonegen", &pcm)
}

/// wavplay: plays a WAV file.
///
/// # Errors
/// A file that is none, and what the services reject.
pub fn wavplay<P: Platform>(client: &mut Client<'_, P>, file: &[u8]) -> Result<Heard, Failure> {
    let pcm = audio::wav::load(file).map_err(failed)?;
    demo(client, "wavplay", &pcm)
}

/// The file under `pkg://fixtures/audio/` at that place of [`FIXTURES`].
pub fn fixture(place: usize) -> Option<&'static [u8]> {
    const FILES: [&[u8]; FIXTURES.len()] = [
        include_bytes!("../../../../goldens/audio/tone_440_hz_200_ms.wav"),
        include_bytes!("../../../../goldens/audio/two_tones_at_half_level.wav"),
    ];
    FILES.get(place).copied()
}
