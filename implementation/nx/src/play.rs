//! Plays blocks through a stream of the audio service, as the demo apps do.

use crate::Failed;
use crate::client::Client;
use spec::format::BLOCK_FRAMES;
use spec::idl::{Answer, Call};
use std::time::Duration;

/// How long to wait where the ring is full: half a block.
pub(crate) const FULL_WAIT: Duration = Duration::from_millis(5);

/// One block, interleaved.
pub type Block = [i16; BLOCK_FRAMES as usize * 2];

pub(crate) fn unexpected(answer: &Answer<'_>) -> Failed {
    Failed::Internal(format!("the audio service gave an answer of another kind: {answer:?}"))
}

/// Opens a stream, fills it from `next` (which gives how many frames of the block are its own, 0 at the end), starts it as soon
/// as its ring is full, waits until all was played, and closes it.
///
/// # Errors
/// What `next` gives, and what the service refuses.
pub fn play(client: &mut Client, app: &str, mut next: impl FnMut(&mut Block) -> Result<u32, Failed>) -> Result<(), Failed> {
    let answer = client.call(Call::OpenStream(app.into()))?;
    let Answer::Opened { stream, .. } = answer else { return Err(unexpected(&answer)) };
    let mut block: Block = [0; BLOCK_FRAMES as usize * 2];
    let (mut written, mut started) = (0_u64, false);
    loop {
        let frames = next(&mut block)?;
        if frames == 0 {
            break;
        }
        let bytes: Vec<u8> = block.iter().take(frames as usize * 2).flat_map(|sample| sample.to_le_bytes()).collect();
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let answer = client.call(Call::Write { stream, pcm: rest.into() })?;
            let Answer::Taken(taken) = answer else { return Err(unexpected(&answer)) };
            written += u64::from(taken);
            rest = rest.get(taken as usize * 4..).unwrap_or_default();
            if !rest.is_empty() {
                if !started {
                    client.call(Call::Start(stream))?;
                    started = true;
                }
                std::thread::sleep(FULL_WAIT);
            }
        }
    }
    if !started {
        client.call(Call::Start(stream))?;
    }
    loop {
        let answer = client.call(Call::Position(stream))?;
        let Answer::Position { frames, .. } = answer else { return Err(unexpected(&answer)) };
        if frames >= written {
            break;
        }
        std::thread::sleep(FULL_WAIT);
    }
    client.call(Call::Close(stream)).map(|_| ())
}
