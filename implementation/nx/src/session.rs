//! A player with a session: it publishes what it plays, and follows what others ask of the session.
//!
//! Whether it plays is not its own to say: play and pause start and stop its stream, and the position is what audiod consumed of it.
//! What a player has to do itself comes as commands: where a seek or a stop goes on, and the end of the track.

use crate::client::Client;
use crate::play::{Block, FULL_WAIT, unexpected};
use crate::{Failed, Source};
use spec::format::{BLOCK_FRAMES, FRAMES_PER_MS};
use spec::idl::{Answer, Call, Class, Command, FocusKind, Metadata};

/// What is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The app's id.
    pub app: String,
    /// What the session is for.
    pub class: Class,
    /// Whether it asks for focus for a while, and not for good.
    pub transient: bool,
    /// Title.
    pub title: String,
    /// Artist, empty where there is none; as the album.
    pub artist: String,
    /// Album.
    pub album: String,
}

/// The stream behind the session, and how much of the file is in it.
struct Player<'a> {
    client: &'a mut Client,
    source: &'a mut Source,
    stream: u32,
    session: u32,
    /// Frames that the ring took.
    written: u64,
    /// Bytes of a block that the ring had no room for.
    rest: Vec<u8>,
}

/// Publishes a session over a stream, tells its number, and plays the file as far as the session plays, until its end or that of the
/// track. The session ends with its stream.
///
/// # Errors
/// What the file gives, and what the service refuses.
pub fn publish(client: &mut Client, source: &mut Source, what: &Published, told: impl FnOnce(u32)) -> Result<(), Failed> {
    let answer = client.call(Call::OpenStream(what.app.as_str().into()))?;
    let Answer::Opened { stream, .. } = answer else { return Err(unexpected(&answer)) };
    let answer = client.call(Call::Publish { app: what.app.as_str().into(), stream, class: what.class, seekable: true })?;
    let Answer::Published(session) = answer else { return Err(unexpected(&answer)) };
    let mut player = Player { client, source, stream, session, written: 0, rest: Vec::new() };
    player.describe(what)?;
    // Its ring is full before anybody knows of it, so that its first block is whole.
    player.fill()?;
    told(session);
    while player.follow()? && player.fill()? {
        std::thread::sleep(FULL_WAIT);
    }
    client.call(Call::Close(stream)).map(|_| ())
}

impl Player<'_> {
    fn describe(&mut self, what: &Published) -> Result<(), Failed> {
        let (session, duration_ms) = (self.session, Some(self.source.frames() / u64::from(FRAMES_PER_MS)));
        let (title, artist, album) = (what.title.as_str().into(), what.artist.as_str().into(), what.album.as_str().into());
        self.client.call(Call::SetMetadata { session, metadata: Metadata { title, artist, album, artwork: "".into(), duration_ms } })?;
        if what.transient {
            self.client.call(Call::RequestFocus { session, kind: FocusKind::Transient })?;
        }
        Ok(())
    }

    /// Does what the session was asked; whether it goes on.
    fn follow(&mut self) -> Result<bool, Failed> {
        let answer = self.client.call(Call::TakeCommands(self.session))?;
        let Answer::Commands { list, .. } = answer else { return Err(unexpected(&answer)) };
        for command in list {
            match command {
                Command::Seek(ms) => self.go_to(ms)?,
                Command::Stop => self.go_to(0)?,
                // Nothing comes after the one track, and nothing before it.
                Command::Next => return Ok(false),
                // The session plays and pauses its stream without the player.
                Command::Prev | Command::Play | Command::Pause => {}
            }
        }
        Ok(true)
    }

    /// Goes on with the file where the session is once the ring has played what is in it: position and sound agree from there on.
    fn go_to(&mut self, ms: u64) -> Result<(), Failed> {
        let waiting = self.written.saturating_sub(self.played()?);
        self.rest.clear();
        self.source.seek(ms.saturating_mul(u64::from(FRAMES_PER_MS)).saturating_add(waiting))
    }

    fn played(&mut self) -> Result<u64, Failed> {
        match self.client.call(Call::Position(self.stream))? {
            Answer::Position { frames, .. } => Ok(frames),
            answer => Err(unexpected(&answer)),
        }
    }

    /// Fills the ring; whether anything is left to play.
    fn fill(&mut self) -> Result<bool, Failed> {
        loop {
            if self.rest.is_empty() {
                self.rest = self.source.next(BLOCK_FRAMES)?.iter().flat_map(|sample| sample.to_le_bytes()).collect();
                if self.rest.is_empty() {
                    return Ok(self.played()? < self.written);
                }
            }
            let answer = self.client.call(Call::Write { stream: self.stream, pcm: self.rest.as_slice().into() })?;
            let Answer::Taken(taken) = answer else { return Err(unexpected(&answer)) };
            self.written = self.written.saturating_add(u64::from(taken));
            self.rest.drain(..(taken as usize * FRAME_BYTES).min(self.rest.len()));
            if !self.rest.is_empty() {
                return Ok(true);
            }
        }
    }
}

/// Bytes of a frame.
const FRAME_BYTES: usize = size_of::<Block>() / BLOCK_FRAMES as usize;
