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
