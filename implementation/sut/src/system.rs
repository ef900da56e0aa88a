//! The contract `system` on [`services::system`]: every call crosses the messages of `spec/idl/audio.capnp`, there and back.

use crate::audiod::Shared;
use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use audio::wav::header_bytes;
use core::cell::RefCell;
use core::fmt::Display;
use services::audiod::{Block, Result, StoreFailed};
use services::capability_audit::with_indicator;
use services::policy::{Policyd, identity};
use services::settings::{Store, WriteFailed};
use services::system::{Host, System as Services};
use services::wakelock;
use spec::audiod::{AUDIOD_RECORD_BLOCKS_MAX, AUDIOD_RECORD_BLOCKS_MIN, State, checksum, pattern};
use spec::capabilities::{Capability, ServiceId};
use spec::capability_audit::{Event, Indicator, Record};
use spec::format::BLOCK_MS;
use spec::idl::{Answer, Call, Request};
use spec::policy::Kind;
use spec::system::{
    ALL_CLIENT_RIGHTS, Config, Obs, Op, SENDERS, SYSTEM_SENDERS_MAX, SYSTEM_TICK_BLOCKS_MAX, SYSTEM_TICK_BLOCKS_MIN, System, client_rights,
    sender_name,
};
use spec::wakelock::Lock;
use spec::{ErrorCode, Failure, FailureKind, Machine};

const MS_NS: u64 = 1_000_000;

/// What outlives a restart.
#[derive(Default)]
struct Kept {
    files: BTreeMap<String, Vec<u8>>,
    settings: Option<Vec<u8>>,
    lines: Vec<String>,
}

/// `/state`, which host and settings share.
#[derive(Clone, Default)]
struct Stores(Rc<RefCell<Kept>>);

/// A machine in memory.
struct Bench {
    config: Config,
    kept: Stores,
    rings: BTreeMap<u32, Shared>,
    /// The file that is being written: its name, its samples as bytes, its blocks.
    writing: Option<(String, Vec<u8>, u32)>,
    ticks: u64,
}

impl Host for Bench {
    type Feed = Shared;

    fn open_ring(&mut self, stream: u32) -> Option<Shared> {
        let ring = Shared::default();
        self.rings.insert(stream, ring.clone());
        Some(ring)
    }

    fn closed(&mut self, stream: u32) {
        self.rings.remove(&stream);
    }

    fn write_ring(&mut self, stream: u32, pcm: &[i16]) -> Result<u32> {
        match self.rings.get(&stream) {
            Some(ring) => ring.write(pcm),
            // Only a stream that is no ring gets here without one, and the engine has told that before.
            None => Ok(0),
        }
    }

    fn shared_memory(&self, stream: u32) -> (u32, u32) {
        (stream, 0)
    }

    fn now_ns(&self) -> u64 {
        self.ticks.wrapping_mul(u64::from(BLOCK_MS)).wrapping_mul(MS_NS)
    }

    fn line(&mut self, line: &dyn Display) {
        self.kept.0.borrow_mut().lines.push(line.to_string());
    }

    fn has_state(&self) -> bool {
        self.config.state != State::Missing
    }

    fn record_blocks_max(&self) -> u32 {
        self.config.record_blocks_max
    }

    fn record_begin(&mut self, uri: &str) -> core::result::Result<(), StoreFailed> {
        self.writing = Some((uri.to_owned(), Vec::new(), 0));
        Ok(())
    }

    fn record_block(&mut self, block: &Block) -> core::result::Result<(), StoreFailed> {
        let (_, bytes, blocks) = self.writing.as_mut().ok_or(StoreFailed)?;
        if self.config.state == State::FailsAfter(*blocks) {
            return Err(StoreFailed);
        }
        bytes.extend(block.iter().flat_map(|sample| sample.to_le_bytes()));
        *blocks = blocks.saturating_add(1);
        Ok(())
    }

    fn record_finish(&mut self) -> core::result::Result<u64, StoreFailed> {
        let (name, bytes, _) = self.writing.take().ok_or(StoreFailed)?;
        let mut file = header_bytes(bytes.len() as u32).to_vec();
        file.extend(bytes);
        let length = file.len() as u64;
        self.kept.0.borrow_mut().files.insert(name, file);
        Ok(length)
    }

    fn record_discard(&mut self) {
        self.writing = None;
    }

    fn read_file(&mut self, uri: &str) -> core::result::Result<Option<Vec<u8>>, StoreFailed> {
        Ok(self.kept.0.borrow().files.get(uri).cloned())
    }

    fn write_file(&mut self, uri: &str, bytes: &[u8]) -> core::result::Result<(), StoreFailed> {
        self.kept.0.borrow_mut().files.insert(uri.to_owned(), bytes.to_vec());
        Ok(())
    }
}

impl Store for Stores {
    fn read(&self) -> Option<Vec<u8>> {
        self.0.borrow().settings.clone()
    }

    fn write(&mut self, bytes: &[u8]) -> core::result::Result<(), WriteFailed> {
        self.0.borrow_mut().settings = Some(bytes.to_vec());
        Ok(())
    }
}

/// Answers the contract `system`.
#[derive(Default)]
pub struct SystemMachine {
    services: Option<Services<Bench, Stores>>,
    config: Config,
    kept: Stores,
    /// Streams whose ring a client writes, with the client, as a transport knows them.
    opened: Vec<(u8, u32)>,
    sequence: u32,
    /// Room for a message and for its answer.
    frame: Vec<u8>,
    answer: Vec<u8>,
}

pub(crate) use SystemMachine as Adapter;

fn policyd(config: &Config) -> Result<Policyd> {
    let mut policyd = Policyd::with_defaults();
    for (place, name) in SENDERS.iter().enumerate() {
        let bits = config.grants.get(place).copied().unwrap_or(0);
        let names: Vec<&str> = client_rights().filter(|right| bits & right.bit() != 0).map(Capability::name).collect();
        policyd.grant(name, &names)?;
        if config.consents & 1 << place != 0 {
            policyd.consent(name, Capability::AudioRecord.name(), Kind::Persistent)?;
        }
    }
    Ok(policyd)
}

/// An answer that no right service gives, as it is or as it came over the messages.
fn garbage(what: impl Display) -> Failure {
    Failure::new(FailureKind::Garbage, what.to_string())
}

impl SystemMachine {
    fn start(&mut self) -> core::result::Result<(), Failure> {
        let host = Bench { config: self.config.clone(), kept: self.kept.clone(), rings: BTreeMap::new(), writing: None, ticks: 0 };
        let started = policyd(&self.config).and_then(|policyd| Services::start(host, self.kept.clone(), policyd, &self.config.media));
        self.services = Some(started.map_err(garbage)?);
        self.opened.clear();
        Ok(())
    }

    fn services(&mut self) -> core::result::Result<&mut Services<Bench, Stores>, Failure> {
        self.services.as_mut().ok_or_else(crate::not_reset)
    }

    /// A message there and its answer back, both as bytes.
    fn message(&mut self, sender: u8, claimed: Option<u8>, call: Call<'_>) -> core::result::Result<Obs, Failure> {
        let id = identity(sender_name(sender)).map_err(garbage)?;
        let claimed = claimed.map(|claimed| identity(sender_name(claimed))).transpose().map_err(garbage)?;
        self.sequence = self.sequence.wrapping_add(1);
        let request = Request { sequence: self.sequence, claimed, call };
        let mut frame = core::mem::take(&mut self.frame);
        if let Err(error) = idl::encode_request(&request, &mut frame) {
            return Ok(Obs::rejected(error.code()));
        }
        let decoded = idl::decode_request(&frame).map_err(garbage)?;
        let reply = self.services()?.call(id, &decoded);
        match (&decoded.call, &reply.answer) {
            (Call::OpenStream(_), Answer::Opened { stream, .. }) => self.opened.push((sender, *stream)),
            (Call::Close(closed), Answer::Done) => self.opened.retain(|(_, stream)| stream != closed),
            _ => {}
        }
        idl::encode_reply(&reply, &mut self.answer).map_err(garbage)?;
        let reply = idl::decode_reply(&self.answer).map_err(garbage)?.into_owned();
        self.frame = frame;
        if reply.sequence != self.sequence {
            return Err(garbage("the answer to another message"));
        }
        let obs = match reply.answer {
            Answer::Error { code, text } => {
                let code =
                    ErrorCode::ALL.iter().find(|known| **known as u16 == code).ok_or_else(|| garbage("an error code of no contract"))?;
                Obs::refused(*code, &text)
            }
            other => Obs::Answer(other),
        };
        Ok(obs)
    }

    fn ticks(&mut self, count: u32) -> core::result::Result<Obs, Failure> {
        if !(SYSTEM_TICK_BLOCKS_MIN..=SYSTEM_TICK_BLOCKS_MAX).contains(&count) {
            return Ok(Obs::rejected(ErrorCode::OutOfRange));
        }
        let services = self.services()?;
        let (mut sum, mut first) = (0, 0);
        for _ in 0..count {
            let host = services.host_mut();
            host.ticks = host.ticks.wrapping_add(1);
            services.tick();
            let block = services.block();
            sum = checksum(sum, first, block);
            first = first.wrapping_add(block.len() as u64);
        }
        let block = services.block();
        let silent = block.iter().all(|sample| *sample == 0);
        Ok(Obs::Mixed { pcm: if silent { Vec::new() } else { block.to_vec() }, checksum: sum })
    }

    fn gone(&mut self, sender: u8) -> core::result::Result<Obs, Failure> {
        let streams: Vec<u32> = self.opened.extract_if(.., |(client, _)| *client == sender).map(|(_, stream)| stream).collect();
        self.services()?.client_gone(&streams);
        Ok(Obs::Done)
    }

    fn look(&mut self, op: &Op) -> core::result::Result<Obs, Failure> {
        let services = self.services()?;
        let audit = services.audit();
        Ok(match op {
            Op::Lines => Obs::Lines(core::mem::take(&mut services.host().kept.0.borrow_mut().lines)),
            Op::File(uri) => Obs::File(services.host().kept.0.borrow().files.get(uri).map(|file| {
                let samples: Vec<i16> = file.as_chunks::<2>().0.iter().map(|pair| i16::from_le_bytes(*pair)).collect();
                (file.len() as u64, checksum(0, 0, &samples))
            })),
            Op::Records(from) => {
                let records = audit.records(*from).map(|record| Record {
                    sequence: record.sequence,
                    timestamp_ns: record.timestamp_ns,
                    subject_id: ServiceId(record.subject_id),
                    action: record.action.to_string(),
                    target: record.target.to_string(),
                    decision: record.decision,
                    reason: record.reason,
                });
                Obs::Records { dropped: audit.records_dropped(), records: records.collect() }
            }
            Op::Events(from) => {
                let events = audit.events(*from).map(|event| Event {
                    sequence: event.sequence,
                    timestamp_ns: event.timestamp_ns,
                    capability: event.capability.name().to_owned(),
                    subject_id: ServiceId(event.subject_id),
                    change: event.change,
                });
                Obs::Events { dropped: audit.events_dropped(), events: events.collect() }
            }
            Op::Indicators => {
                let indicator = |capability: Capability| Indicator {
                    capability: capability.name().to_owned(),
                    subjects: audit.users(capability).map(ServiceId).collect(),
                    killed: audit.is_killed(capability),
                };
                Obs::Indicators(with_indicator().map(indicator).collect())
            }
            Op::Locks => {
                let lock = |lock: &wakelock::Lock| Lock {
                    app: lock.app().to_owned(),
                    id: lock.id().to_owned(),
                    kind: lock.kind(),
                    count: lock.count(),
                };
                Obs::Locks(services.powerd().locks().iter().map(lock).collect())
            }
            _ => Obs::Done,
        })
    }
}

impl Machine<System> for SystemMachine {
    fn reset(&mut self, config: &Config) -> core::result::Result<core::result::Result<(), ErrorCode>, Failure> {
        let blocks = AUDIOD_RECORD_BLOCKS_MIN..=AUDIOD_RECORD_BLOCKS_MAX;
        let known = config.grants.iter().all(|grant| grant & !ALL_CLIENT_RIGHTS == 0);
        if config.grants.len() > SYSTEM_SENDERS_MAX as usize || !known || !blocks.contains(&config.record_blocks_max) {
            return Ok(Err(ErrorCode::OutOfRange));
        }
        *self = Self { config: config.clone(), ..Self::default() };
        self.start().map(Ok)
    }

    fn step(&mut self, op: &Op) -> core::result::Result<Obs, Failure> {
        match op {
            Op::Call { sender, claimed, call } => self.message(*sender, *claimed, call.clone()),
            Op::Write { sender, stream, frames, seed } => {
                let pcm: Vec<u8> = pattern(*seed, *frames).iter().flat_map(|sample| sample.to_le_bytes()).collect();
                self.message(*sender, None, Call::Write { stream: *stream, pcm: pcm.into() })
            }
            Op::Tick(count) => self.ticks(*count),
            Op::Gone(sender) => self.gone(*sender),
            Op::Restart => self.start().map(|()| Obs::Done),
            _ => self.look(op),
        }
    }
}
