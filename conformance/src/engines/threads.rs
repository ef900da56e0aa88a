//! What only code that is linked in can show: interleavings, real threads, allocations.

use super::allocation::counted;
use super::session::Session;
use crate::evidence::Finding;
use spec_files::EvidenceKind;

/// Frames that the two-thread stress of a run moves.
pub const STRESS_FRAMES: u64 = 10_000_000;

/// Capacities and items per side whose interleavings are walked, every one of them.
pub const INTERLEAVINGS: &[(u32, u32)] = &[(1, 2), (2, 3), (3, 3), (4, 3)];

pub(super) fn outcome(
    session: &mut Session<'_>,
    contract: &str,
    kind: EvidenceKind,
    check: &str,
    requirement: &'static str,
    result: Result<u64, String>,
    note: &str,
) {
    match result {
        Ok(count) => session.passed(kind, check, [(requirement, count)], note),
        Err(why) => {
            let message = format!("{requirement} broken: {contract}, found by {check}\n  {why}\n");
            session.failed(Finding {
                contract: contract.to_owned(),
                driver: None,
                kind,
                check: check.to_owned(),
                requirements: vec![requirement.to_owned()],
                message,
                case_file: None,
                ops: 0,
                seed: None,
            });
        }
    }
}

/// A panic's message, as text.
fn caught<T>(call: impl FnOnce() -> Result<T, String> + std::panic::UnwindSafe) -> Result<T, String> {
    std::panic::catch_unwind(call).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(text.unwrap_or_else(|| "it panicked".to_owned()))
    })
}

/// Runs the ring's interleavings, its stress, and its allocation check.
pub fn ring(session: &mut Session<'_>) {
    let walked = caught(|| {
        let mut executions = 0;
        for &(capacity, items) in INTERLEAVINGS {
            let capacity = audio::ring::Capacity::new(capacity).map_err(|error| error.to_string())?;
            executions += audio::ring::interleavings::check(capacity, items);
        }
        Ok(executions)
    });
    let note = INTERLEAVINGS
        .iter()
        .map(|(capacity, items)| format!("capacity {capacity} with {items} frames per side"))
        .collect::<Vec<_>>()
        .join(", ");
    outcome(session, "ring", EvidenceKind::Interleaving, "loom", "RING-013", walked, &note);
    let moved = caught(|| audio::ring::stress::stress(STRESS_FRAMES).map(|()| STRESS_FRAMES).map_err(|violation| violation.to_string()));
    outcome(session, "ring", EvidenceKind::Stress, "two threads", "RING-013", moved, "frames moved without loss, repetition or tearing");
    outcome(session, "ring", EvidenceKind::Allocation, "counting allocator", "RING-016", ring_allocations(), "writes, reads and pulls");
}

fn ring_allocations() -> Result<u64, String> {
    let (mut producer, mut consumer) = audio::ring::channel(audio::ring::Capacity::ENGINE);
    let frames = spec::format::BLOCK_FRAMES;
    let block = [1_i16; 960];
    let mut out = [0_i16; 960];
    let (result, allocations, _) = counted(|| {
        for _ in 0..1_000 {
            producer.write(&block)?;
            consumer.pull(frames, &mut out)?;
            producer.write(&block)?;
            consumer.read(frames, &mut out)?;
            consumer.pull(frames, &mut out)?;
        }
        Ok::<(), audio::AudioError>(())
    });
    result.map_err(|error| error.to_string())?;
    if allocations == 0 { Ok(5_000) } else { Err(format!("5,000 operations allocated {allocations} times, expected none")) }
}

/// Runs the mixer's allocation check.
pub fn mixer(session: &mut Session<'_>) {
    outcome(
        session,
        "mixer",
        EvidenceKind::Allocation,
        "counting allocator",
        "MIXER-017",
        mixer_allocations(),
        "blocks of sixteen streams",
    );
}

fn mixer_allocations() -> Result<u64, String> {
    let mut made = 0;
    for curve in [spec::mixer::Curve::Soft, spec::mixer::Curve::Saturate] {
        let mut mixer = audio::mixer::Mixer::new(curve);
        let pcm = [12_345_i16; 960];
        let mut inputs = Vec::new();
        for _ in 0..spec::mixer::MIXER_STREAMS_MAX {
            let stream = mixer.open().map_err(|error| error.to_string())?;
            inputs.push(audio::mixer::BlockInput { stream, pcm: &pcm });
        }
        mixer.set_level(40_000).map_err(|error| error.to_string())?;
        let mut out = [0_i16; 960];
        let (result, allocations, _) =
            counted(|| (0..500).try_for_each(|_| mixer.mix(spec::format::BLOCK_FRAMES, &inputs, &mut out).map(|_| ())));
        result.map_err(|error| error.to_string())?;
        made += allocations;
    }
    if made == 0 { Ok(1_000) } else { Err(format!("1,000 blocks allocated {made} times, expected none")) }
}

/// Runs the resampler's allocation check.
pub fn resampler(session: &mut Session<'_>) {
    let note = "chunks and ends of streams of every kind, with all phases held and with too many to hold";
    outcome(session, "resampler", EvidenceKind::Allocation, "counting allocator", "RESAMPLER-019", resampler_allocations(), note);
}

fn resampler_allocations() -> Result<u64, String> {
    use audio::resampler::{Kind, Rates, Resampler, Setup};
    const CHUNKS: u64 = 50;
    let block = [12_345_i16; 960];
    let mut out = [0_i16; 1_100];
    let mut made = 0;
    let setups = Kind::ALL.into_iter().flat_map(|kind| [48_000, 44_101].map(|to_hz| (kind, Rates { from_hz: 44_100, to_hz })));
    let setups: Vec<Setup> = setups.map(|(kind, rates)| Setup { kind, rates, from_channels: 2, to_channels: 2 }).collect();
    for setup in &setups {
        let mut resampler = Resampler::new();
        resampler.open(*setup).map_err(|error| error.to_string())?;
        let (result, allocations, _) = counted(|| {
            (0..CHUNKS).try_for_each(|_| resampler.feed(&block, &mut out).map(|_| ()))?;
            resampler.finish(&mut out).map(|_| ())
        });
        result.map_err(|error| error.to_string())?;
        made += allocations;
    }
    let count = (CHUNKS + 1) * setups.len() as u64;
    if made == 0 { Ok(count) } else { Err(format!("{count} chunks and ends allocated {made} times, expected none")) }
}

/// Runs the audio service's allocation check.
pub fn audiod(session: &mut Session<'_>) {
    let note = "ticks of sixteen streams, starved and fed, with ramps and markers";
    outcome(session, "audiod", EvidenceKind::Allocation, "counting allocator", "AUDIOD-029", audiod_allocations(), note);
}

/// What a service is given here: rings on the heap and nobody who listens.
#[derive(Default)]
struct Silent(Vec<audio::ring::Producer<audio::ring::Heap>>);

impl services::audiod::Platform for Silent {
    type Feed = audio::ring::Consumer<audio::ring::Heap>;

    fn open_ring(&mut self, _stream: u32) -> Option<Self::Feed> {
        let (producer, consumer) = audio::ring::channel(audio::ring::Capacity::ENGINE);
        self.0.push(producer);
        Some(consumer)
    }

    fn closed(&mut self, _stream: u32) {}

    fn allows(&mut self, _sender: u64, _method: services::audiod::Method) -> bool {
        true
    }

    fn has_state(&self) -> bool {
        true
    }

    fn has_i2s(&self) -> bool {
        false
    }

    fn record_blocks_max(&self) -> u32 {
        spec::audiod::AUDIOD_RECORD_BLOCKS_MAX
    }

    fn record_begin(&mut self, _uri: &str) -> Result<(), services::audiod::StoreFailed> {
        Ok(())
    }

    fn record_block(&mut self, _block: &services::audiod::Block) -> Result<(), services::audiod::StoreFailed> {
        Ok(())
    }

    fn record_finish(&mut self) -> Result<u64, services::audiod::StoreFailed> {
        Ok(0)
    }

    fn record_discard(&mut self) {}

    fn deliver(&mut self, _sink: services::audiod::Sink, _block: &services::audiod::Block) {}

    fn marker(&mut self, _marker: services::audiod::Marker<'_>) {}
}

fn audiod_allocations() -> Result<u64, String> {
    let mut engine = services::audiod::Engine::new(Silent::default());
    let streams = spec::audiod::AUDIOD_STREAMS_MAX;
    for stream in 1..=streams {
        engine.open_stream(0, "allocation").and_then(|_| engine.start(0, stream)).map_err(|error| error.to_string())?;
        engine.duck(0, stream, 5_000).map_err(|error| error.to_string())?;
    }
    engine.record_start(0, "state:/allocation.wav").map_err(|error| error.to_string())?;
    let block = [9_999_i16; services::audiod::BLOCK_SAMPLES];
    let (result, allocations, _) = counted(|| {
        (0..500).try_for_each(|tick| {
            // Every eighth block comes late.
            if tick % 8 != 0 {
                engine.platform_mut().0.iter_mut().try_for_each(|ring| ring.write(&block).map(|_| ()))?;
            }
            engine.tick();
            Ok::<(), audio::AudioError>(())
        })
    });
    result.map_err(|error| error.to_string())?;
    if allocations == 0 { Ok(500) } else { Err(format!("500 ticks allocated {allocations} times, expected none")) }
}

/// Runs the messages' allocation check.
pub fn idl(session: &mut Session<'_>) {
    let note = "messages of every kind, encoded into one buffer and decoded";
    outcome(session, "idl", EvidenceKind::Allocation, "counting allocator", "IDL-015", idl_allocations(), note);
}

fn idl_allocations() -> Result<u64, String> {
    use spec::idl::Answer;
    let mut source = spec::SplitMix64::new(1);
    let requests: Vec<_> = (0..500).map(|_| spec::idl::draw::request(&mut source)).collect();
    let replies: Vec<_> = (0..500).map(|_| spec::idl::draw::reply(&mut source)).collect();
    let mut buffer = Vec::with_capacity(3 * spec::idl::IDL_MESSAGE_BYTES_MAX as usize);
    let (messages, allocations, _) = counted(|| {
        let mut messages = 0;
        for request in &requests {
            if ::idl::encode_request(request, &mut buffer).is_ok() && ::idl::decode_request(&buffer).as_ref() == Ok(request) {
                messages += 1;
            }
        }
        for reply in &replies {
            // What is as long as a list, or larger than an answer should be, is what a decoded message owns.
            let owned = matches!(
                reply.answer,
                Answer::Meters { .. } | Answer::Sessions { .. } | Answer::Session(_) | Answer::Commands { .. } | Answer::Metrics(_)
            );
            if ::idl::encode_reply(reply, &mut buffer).is_ok() && (owned || ::idl::decode_reply(&buffer).as_ref() == Ok(reply)) {
                messages += 1;
            }
        }
        messages
    });
    match (allocations, messages) {
        (0, 800..) => Ok(messages),
        (0, _) => Err(format!("of 1,000 messages {messages} were encoded and decoded, expected all within their bounds")),
        _ => Err(format!("1,000 messages allocated {allocations} times, expected none")),
    }
}

/// Runs policyd's allocation check.
pub fn policy(session: &mut Session<'_>) {
    let result = decision_allocations(|policyd, request| {
        let _ = policyd.decide(request);
    });
    outcome(session, "policy", EvidenceKind::Allocation, "counting allocator", "POLICY-023", result, "decisions about every method");
}

/// Runs the audit log's allocation check.
pub fn capability_audit(session: &mut Session<'_>) {
    let mut log = services::capability_audit::AuditLog::default();
    let result = decision_allocations(move |policyd, request| {
        let decision = policyd.decide(request);
        log.record_call(0, request, decision, "a target that is longer than the sixty-four bytes of its field, and so is cut");
    });
    let requirement = "CAPABILITY_AUDIT-016";
    outcome(session, "capability-audit", EvidenceKind::Allocation, "counting allocator", requirement, result, "records of every method");
}

/// Decides about every method, allowed and denied, a hundred times.
fn decision_allocations(mut decide: impl FnMut(&mut services::policy::Policyd, &services::policy::Request)) -> Result<u64, String> {
    let mut policyd = services::policy::Policyd::with_defaults();
    policyd.consent("nx", "audio.record", spec::policy::Kind::Persistent).map_err(|error| error.to_string())?;
    let senders = ["nx", "audiod", "nobody"].map(services::policy::service_id);
    let ((), allocations, _) = counted(|| {
        for sender in senders.iter().cycle().take(300) {
            for entry in &spec::capabilities::METHODS {
                decide(&mut policyd, &services::policy::Request { sender: *sender, claimed: Some(senders[0]), method: entry.method });
            }
        }
    });
    let count = 300 * spec::capabilities::METHODS.len() as u64;
    if allocations == 0 { Ok(count) } else { Err(format!("{count} decisions allocated {allocations} times, expected none")) }
}
