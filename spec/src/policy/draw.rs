//! How cases of the contract `policy` are drawn.

use super::{Kind, Op};
use crate::capabilities::{CAPABILITIES, METHODS, SUBJECTS, ServiceId};
use crate::{Entropy, entropy};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// A few subjects and capabilities that a case keeps coming back to, so that grants, consents and checks meet.
pub(super) struct Scene {
    subjects: [usize; 2],
    capabilities: [usize; 4],
}

impl Scene {
    pub(super) fn new(source: &mut dyn Entropy) -> Self {
        let mut any = |bound: usize| source.below(bound as u64) as usize;
        let subjects = [any(SUBJECTS.len()), any(SUBJECTS.len())];
        let sensitive = |nth: usize| CAPABILITIES.iter().enumerate().filter(|(_, entry)| entry.sensitive).nth(nth).map_or(0, |(at, _)| at);
        let capabilities = [sensitive(any(4)), any(CAPABILITIES.len()), any(CAPABILITIES.len()), sensitive(0)];
        Self { subjects, capabilities }
    }

    pub(super) fn op(&mut self, source: &mut dyn Entropy) -> Op {
        match source.below(32) {
            0..=4 => Op::Grant { subject: self.subject(source), capabilities: self.grants(source) },
            5 => Op::LoadDefaults,
            6 => Op::Revoke(self.subject(source)),
            7..=8 => Op::Foreground((!source.one_in(4)).then(|| self.subject(source))),
            9..=12 => {
                let kind = entropy::pick(source, [Kind::Once, Kind::Session, Kind::Persistent]);
                Op::Consent { subject: self.subject(source), capability: self.capability(source), kind }
            }
            13 => Op::RevokeConsent { subject: self.subject(source), capability: self.capability(source) },
            14..=20 => {
                let (sender, claimed) = self.sender(source);
                Op::CheckCapability { sender, claimed, capability: self.capability(source) }
            }
            21..=24 => {
                let (sender, claimed) = self.sender(source);
                let (service, method) = self.method(source);
                Op::CheckMethod { sender, claimed, service, method }
            }
            25 => Op::Capability(self.capability(source)),
            26 => {
                let (service, method) = self.method(source);
                Op::Method { service, method }
            }
            27 => match source.below(8) {
                0 => Op::Catalogue,
                _ => Op::Identity(self.subject(source)),
            },
            28 => Op::Tally,
            _ => Op::Subject(self.subject(source)),
        }
    }

    fn subject(&self, source: &mut dyn Entropy) -> String {
        match source.below(16) {
            0 => {
                // Two names with one identity, and names that are none.
                let odd = ["8yn0iYCKYHlIj4-BwPqk", "GReLUrM4wMqfg9yzV3KQ", "", "two words", "\u{e9}t\u{e9}", "audiod\n"];
                entropy::pick(source, odd).to_owned()
            }
            1 => "s".repeat(source.between(63, 66) as usize),
            2 => SUBJECTS[source.below(SUBJECTS.len() as u64) as usize].name.to_owned(),
            _ => SUBJECTS[entropy::pick(source, self.subjects)].name.to_owned(),
        }
    }

    fn sender(&self, source: &mut dyn Entropy) -> (ServiceId, Option<ServiceId>) {
        let mut id = |strange| match strange {
            true => ServiceId(source.bits()),
            false => ServiceId(SUBJECTS[entropy::pick(source, self.subjects)].id),
        };
        let (sender, other, stranger) = (id(false), id(false), id(true));
        match source.below(12) {
            0 => (stranger, None),
            1 => (sender, Some(stranger)),
            2..=3 => (sender, Some(other)),
            4 => (sender, Some(sender)),
            _ => (sender, None),
        }
    }

    fn capability(&self, source: &mut dyn Entropy) -> String {
        let name = CAPABILITIES[match source.below(5) {
            0 => source.below(CAPABILITIES.len() as u64) as usize,
            _ => entropy::pick(source, self.capabilities),
        }]
        .name;
        match source.below(24) {
            0 => garbled(name, source),
            1 => entropy::pick(source, ["audio", "audio.stream", "video", "clipboard.read", "screen.capture"]).to_owned(),
            2 => "c".repeat(source.between(47, 50) as usize),
            _ => name.to_owned(),
        }
    }

    fn grants(&self, source: &mut dyn Entropy) -> Vec<String> {
        if source.one_in(16) {
            let name = self.capability(source);
            return (0..source.between(31, 34)).map(|_| name.clone()).collect();
        }
        // Mostly names that anybody may hold, so that most grants are granted.
        let mut grants = Vec::new();
        for _ in 0..source.below(5) {
            let name = self.capability(source);
            if source.one_in(8) || CAPABILITIES.iter().any(|entry| entry.name == name && entry.holders.is_empty()) {
                grants.push(name);
            }
        }
        if source.one_in(3) {
            grants.push(CAPABILITIES[self.capabilities[0]].name.to_owned());
        }
        grants
    }

    fn method(&self, source: &mut dyn Entropy) -> (String, String) {
        let entry = match source.below(3) {
            // A method that one of the capabilities opens, where there is one.
            0 => {
                let wanted = entropy::pick(source, self.capabilities);
                let of_it = METHODS.iter().filter(|entry| entry.capability as usize == wanted).count() as u64;
                let nth = source.below(of_it) as usize;
                METHODS.iter().filter(|entry| entry.capability as usize == wanted).nth(nth).unwrap_or(&METHODS[nth])
            }
            _ => &METHODS[source.below(METHODS.len() as u64) as usize],
        };
        match source.below(16) {
            0 => (garbled(entry.service, source), entry.name.to_owned()),
            1 => (entry.service.to_owned(), garbled(entry.name, source)),
            2 => (entropy::pick(source, ["audiod", "mediasessd", "codecd", "nx"]).to_owned(), entry.name.to_owned()),
            _ => (entry.service.to_owned(), entry.name.to_owned()),
        }
    }
}

/// A name that is nearly this one.
fn garbled(name: &str, source: &mut dyn Entropy) -> String {
    match source.below(8) {
        0 => name.to_uppercase(),
        1 => name[..name.len() - 1].to_owned(),
        2 => name.to_owned() + ".",
        3 => name.to_owned() + ".x",
        4 => name.replace('.', ".."),
        5 => name.to_owned() + " ",
        6 => String::new(),
        _ => name.to_owned() + &"x".repeat(60),
    }
}
