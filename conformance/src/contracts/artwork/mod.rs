//! Checks of the contract `artwork`.

mod domains;
pub(crate) mod fixtures;
mod goldens;
mod laws;
mod violations;
mod wrong;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::artwork::{ARTWORK_URI_BYTES_MAX, Artwork, Content, Key, Obs, Op};
use spec::bytes::Bytes;
use spec::{Case, ErrorCode};
use std::collections::BTreeSet;

impl Suite for Artwork {
    const PROPERTY: &'static [&'static str] = &[
        "ARTWORK-001",
        "ARTWORK-002",
        "ARTWORK-003",
        "ARTWORK-004",
        "ARTWORK-005",
        "ARTWORK-006",
        "ARTWORK-007",
        "ARTWORK-008",
        "ARTWORK-009",
        "ARTWORK-010",
        "ARTWORK-011",
        "ARTWORK-012",
    ];

    fn touched(case: &Case<Self>, rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        if rejected.is_some() {
            out(None, "ARTWORK-011");
            return;
        }
        let mut walk = Walk::default();
        for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
            walk.step(op, obs, &mut |id| out(Some(step), id));
        }
    }

    fn laws() -> Vec<Law<Self>> {
        laws::laws()
    }

    fn domains() -> Vec<Domain<Self>> {
        domains::domains()
    }

    fn violations() -> Vec<Violation<Self>> {
        violations::violations()
    }

    fn goldens() -> Vec<GoldenCase<Self>> {
        goldens::goldens()
    }
}

/// What is known of the cache while walking along a case with the right answers.
#[derive(Default)]
struct Walk {
    /// Every key that was ever cached, and the URI's that were given to a picture.
    known: BTreeSet<Key>,
    uris: BTreeSet<Vec<u8>>,
    /// Whether a picture went, was removed, or was not cached, since somebody looked.
    happened: Vec<&'static str>,
}

impl Walk {
    fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (_, Obs::Rejected(_)) => self.note("ARTWORK-010", out),
            (Op::Put { uri, content }, Obs::Kept { key, added, evicted }) => self.put(uri, content, *key, (*added, *evicted), out),
            (Op::Put { .. }, _) => self.note("ARTWORK-007", out),
            (Op::Get(_), Obs::Hit { .. }) => {
                out("ARTWORK-002");
                self.note("ARTWORK-005", out);
            }
            (Op::Get(key), _) => {
                // A picture that was there has gone since: what made it go is what a hit would break.
                if self.known.contains(key) {
                    self.look(out);
                }
                self.note("ARTWORK-003", out);
            }
            (Op::Lookup(uri), _) => {
                if self.uris.contains(&uri.0) {
                    self.look(out);
                }
                self.note("ARTWORK-008", out);
            }
            (Op::Remove(_), _) => self.note("ARTWORK-009", out),
            (Op::Stats, _) => {
                self.look(out);
                out("ARTWORK-004");
                out("ARTWORK-012");
            }
            (Op::Keys, Obs::Keys(keys)) => {
                self.look(out);
                if keys.len() > 1 {
                    out("ARTWORK-005");
                }
                out("ARTWORK-012");
            }
            _ => {}
        }
    }

    fn put(&mut self, uri: &Bytes, content: &Content, key: Key, (added, evicted): (bool, u32), out: &mut dyn FnMut(&'static str)) {
        // One of these fixtures and no other picture.
        if matches!(content, Content::Bytes(_)) && uri.0.starts_with(b"pkg://fixtures/artwork/") {
            self.note("ARTWORK-013", out);
        }
        if evicted > 0 {
            self.note("ARTWORK-005", out);
            self.note("ARTWORK-004", out);
        }
        if !added {
            self.note("ARTWORK-006", out);
        }
        if uri.0.len() == ARTWORK_URI_BYTES_MAX as usize {
            self.note("ARTWORK-010", out);
        }
        self.known.insert(key);
        self.uris.insert(uri.0.clone());
        self.note("ARTWORK-001", out);
    }

    fn note(&mut self, id: &'static str, out: &mut dyn FnMut(&'static str)) {
        self.happened.retain(|known| *known != id);
        self.happened.push(id);
        out(id);
    }

    /// What happened last is what a look is most likely about.
    fn look(&mut self, out: &mut dyn FnMut(&'static str)) {
        for id in std::mem::take(&mut self.happened).into_iter().rev() {
            // A key says itself whether it is right.
            if id != "ARTWORK-001" {
                out(id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::artwork::Artwork;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Artwork>();
    }
}
