# The interface of audiod, of the media sessions and of their settings: one message type in each direction.
#
# A message is one frame of Cap'n Proto's stream format with exactly one segment, of at most IDL_MESSAGE_BYTES_MAX bytes with
# its eight-byte header. Bounds, error codes and the order of checks stand in spec/contracts/idl.yaml. The transport says who
# sends a message; no message does.
@0x9d2c7d5fa3b1e6c4;

# The version of this interface. A message of any other version is rejected.
const version :UInt16 = 1;

# A call of one method.
struct Request {
  version @0 :UInt16;
  sequence @1 :UInt32;  # Chosen by the caller, repeated in the reply.

  # The platform's wire has a field in which a sender may name itself. It grants nothing: where it is there and is not the
  # sender that the transport names, the policy rejects the call.
  hasClaimed @2 :Bool;
  claimed @3 :UInt64;

  union {
    # audiod
    defaultFormat @4 :Void;
    sinkState @5 :Void;
    setLevel @6 :UInt32;  # Q16, 0 to 65536.
    setMuted @7 :Bool;
    getLevel @8 :Void;
    playTone @9 :Tone;
    openStream @10 :Text;  # The app's id.
    write @11 :Write;  # For transports without shared memory.
    start @12 :UInt32;  # This and the following ones: the stream.
    pause @13 :UInt32;
    close @14 :UInt32;
    setStreamGain @15 :Gain;
    setStreamMuted @16 :Mute;
    position @17 :UInt32;
    stats @18 :Void;
    meters @19 :Void;
    selectSink @20 :Sink;
    recordStart @21 :Text;  # Where to, as a URI.
    recordStop @22 :Void;

    # mediasessd
    publish @23 :Publish;
    withdraw @24 :UInt32;  # This and the following ones: the session.
    play @25 :UInt32;
    pauseSession @26 :UInt32;
    seek @27 :Seek;
    duck @28 :UInt32;
    unduck @29 :UInt32;
    setVolume @30 :Gain;
    setSessionMuted @31 :Mute;

    # settings
    settingSet @32 :Setting;
    settingGet @33 :Text;  # The key.

    # mediasessd: focus, now playing, metadata, volumes of apps, what the player is asked, metrics, artwork
    requestFocus @34 :Focus;
    abandonFocus @35 :UInt32;  # This and the following ones: the session.
    stopSession @36 :UInt32;
    setActive @37 :UInt32;
    acceptHandoff @38 :UInt32;
    setMetadata @39 :Metadata;
    listSessions @40 :Void;
    getSession @41 :UInt32;  # The session.
    changed @42 :Since;
    setAppVolume @43 :AppGain;
    setAppMuted @44 :AppMute;
    command @45 :Command;
    takeCommands @46 :UInt32;  # The session.
    mediaKey @47 :MediaKey;
    metrics @48 :Void;
    exportMetrics @49 :Void;
    putArtwork @50 :Picture;
    getArtwork @51 :Text;  # The URI.
  }
}

# The answer to a request: what the method gives, or an error.
struct Reply {
  version @0 :UInt16;
  sequence @1 :UInt32;  # Of the request.

  union {
    error @2 :Error;
    done @3 :Void;
    format @4 :Format;
    sink @5 :SinkState;
    level @6 :Level;
    opened @7 :Opened;
    taken @8 :UInt32;  # Frames that a write took.
    position @9 :Position;
    stats @10 :Stats;
    meters @11 :Meters;
    recorded @12 :Recorded;
    published @13 :UInt32;  # The session.
    setting @14 :Text;  # The value.
    sessions @15 :Sessions;
    session @16 :Session;
    changed @17 :Changed;
    commands @18 :Commands;
    metrics @19 :Metrics;
    exported @20 :Exported;
    artwork @21 :Artwork;
  }
}

struct Tone {
  hz @0 :UInt32;
  ms @1 :UInt32;
}

struct Write {
  stream @0 :UInt32;
  pcm @1 :Data;  # Interleaved s16le.
}

# Of a stream or a session.
struct Gain {
  id @0 :UInt32;
  db @1 :Int16;  # Q8.8 dB.
}

# Of a stream or a session.
struct Mute {
  id @0 :UInt32;
  muted @1 :Bool;
}

struct Publish {
  app @0 :Text;
  stream @1 :UInt32;
  class @2 :Class;
  seekable @3 :Bool;  # Whether its player follows a seek.
}

# What a session is for, which decides who gives way to whom.
enum Class {
  music @0;
  comms @1;
  alarm @2;
  ui @3;
}

struct Focus {
  session @0 :UInt32;
  kind @1 :FocusKind;
}

enum FocusKind {
  gain @0;
  transient @1;
}

# What a session says of what it plays.
struct Metadata {
  session @0 :UInt32;
  hasDuration @1 :Bool;  # Without it the duration is unknown.
  durationMs @2 :UInt64;
  title @3 :Text;
  artist @4 :Text;
  album @5 :Text;
  artwork @6 :Text;  # The picture's URI.
}

# So that a request keeps its size.
struct Since {
  revision @0 :UInt64;
}

struct AppGain {
  app @0 :Text;
  db @1 :Int16;  # Q8.8 dB.
}

struct AppMute {
  app @0 :Text;
  muted @1 :Bool;
}

# What a player is asked to do by itself.
struct Command {
  session @0 :UInt32;
  kind @1 :CommandKind;
  ms @2 :UInt64;  # Of a seek.
}

enum CommandKind {
  next @0;
  prev @1;
  play @2;
  pause @3;
  stop @4;
  seek @5;
}

enum MediaKey {
  play @0;
  pause @1;
  toggle @2;
  stop @3;
  next @4;
  prev @5;
  volumeUp @6;
  volumeDown @7;
  mute @8;
}

struct Picture {
  uri @0 :Text;
  content @1 :Data;
}

struct Seek {
  session @0 :UInt32;
  ms @1 :UInt64;
}

struct Setting {
  key @0 :Text;
  value @1 :Text;
}

enum Sink {
  null @0;
  file @1;
  i2s @2;
}

struct Error {
  code @0 :UInt16;  # Stable, as in spec/contracts/*.yaml; never 0.
  text @1 :Text;
}

struct Format {
  rateHz @0 :UInt32;
  channels @1 :UInt16;
  bits @2 :UInt16;
  blockFrames @3 :UInt32;
}

struct SinkState {
  sink @0 :Sink;
  recording @1 :Bool;
  frames @2 :UInt64;  # That the sink took since it was selected.
}

struct Level {
  q16 @0 :UInt32;  # As remembered, muted or not.
  muted @1 :Bool;
}

# A stream's ring: where its shared memory is, which is a capability slot and never an address.
struct Opened {
  stream @0 :UInt32;
  handle @1 :UInt32;
  offset @2 :UInt32;  # Bytes from the memory object's start.
  frames @3 :UInt32;  # Capacity.
}

struct Position {
  frames @0 :UInt64;
  ms @1 :UInt64;
}

struct Peaks {
  peakLeft @0 :UInt32;
  peakRight @1 :UInt32;
  rmsLeft @2 :UInt32;
  rmsRight @3 :UInt32;
}

struct Stats {
  ticks @0 :UInt64;
  openStreams @1 :UInt32;
  underrunEvents @2 :UInt64;
  missingFrames @3 :UInt64;
  clippedSamples @4 :UInt64;
  last @5 :Peaks;  # Of the last block.
}

struct Meters {
  last @0 :Peaks;  # Of the last block.
  fills @1 :List(Fill);  # Of the open streams, at most MIXER_STREAMS_MAX.
}

struct Fill {
  stream @0 :UInt32;
  frames @1 :UInt32;
}

struct Recorded {
  frames @0 :UInt64;
  bytes @1 :UInt64;
}

# The sessions: the active one first, then by app, then by number.
struct Sessions {
  active @0 :UInt32;  # 0 where there is none. This and the next: the session.
  offer @1 :UInt32;  # Who waits to take over, 0 where nobody does.
  revision @2 :UInt64;
  list @3 :List(SessionEntry);  # At most IDL_SESSIONS_MAX.
}

# What can be told of a session without a text.
struct SessionEntry {
  session @0 :UInt32;
  class @1 :Class;
  duckDb @2 :Int16;  # Q8.8 dB, in the last block; 0 where it is not ducked.
  playing @3 :Bool;
  pausedByFocus @4 :Bool;
  ducked @5 :Bool;  # Whether somebody's sound lowers it.
  muted @6 :Bool;  # By itself or with its app.
  gainOwner @7 :Bool;
  positionMs @8 :UInt64;
}

struct Session {
  entry @0 :SessionEntry;
  stream @1 :UInt32;
  volumeDb @2 :Int16;  # Q8.8 dB, of the session.
  appVolumeDb @3 :Int16;  # Q8.8 dB, of its app.
  sessionMuted @4 :Bool;
  appMuted @5 :Bool;
  hasDuration @6 :Bool;
  durationMs @7 :UInt64;
  app @8 :Text;
  title @9 :Text;
  artist @10 :Text;
  album @11 :Text;
  artwork @12 :Text;
  seekable @13 :Bool;
  hasTarget @14 :Bool;  # Whether a seek waits for the next block.
  waiting @15 :UInt16;  # Commands that wait for its player.
  targetMs @16 :UInt64;
}

struct Changed {
  revision @0 :UInt64;
  changed @1 :Bool;
}

# What a player was asked, oldest first; asking takes it.
struct Commands {
  session @0 :UInt32;
  list @1 :List(Queued);  # At most IDL_COMMANDS_MAX.
}

struct Queued {
  kind @0 :CommandKind;
  ms @1 :UInt64;  # Of a seek.
}

struct Metrics {
  block @0 :UInt64;
  last @1 :Peaks;
  clippedSamples @2 :UInt64;
  underrunEvents @3 :UInt64;
  missingFrames @4 :UInt64;
  activeSessions @5 :UInt32;
  openStreams @6 :UInt32;
  positions @7 :List(SessionPosition);  # At most IDL_SESSIONS_MAX, by number.
  dropped @8 :UInt64;  # Records that no export took.
}

struct SessionPosition {
  session @0 :UInt32;
  frames @1 :UInt64;
}

struct Exported {
  lines @0 :UInt32;
  bytes @1 :UInt32;  # Of these lines.
  removed @2 :UInt32;  # Old lines that went for them.
}

struct Artwork {
  key @0 :Data;  # SHA-256, 32 bytes.
  content @1 :Data;
}
