//! Every state that some sessions can reach, and walks along every edge between them.

use super::{case, register, request};
use model::focus::FocusModel;
use spec::focus::{Class, Config, Focus, Kind, Op};
use spec::{Case, Machine};
use std::collections::{HashMap, VecDeque};

/// Operations of one case, about.
const CASE_OPS: usize = 4_000;

/// States among which a walk looks for an event that is not tried yet, before another case is begun.
const SEARCHED: usize = 64;

/// Every state and what each event makes of it. The first state is the one without sessions.
pub(super) struct Graph {
    auto_resume: bool,
    events: Vec<Op>,
    /// By state, then by event.
    next: Vec<u32>,
    /// By which event of which state each state was found, on a shortest way from the first.
    found: Vec<(u32, u8)>,
}

/// The events of one session.
fn events(sid: u32, class: Class) -> [Op; 7] {
    [
        register(sid, class),
        Op::Play(sid),
        Op::Pause(sid),
        request(sid, Kind::Gain),
        request(sid, Kind::Transient),
        Op::Abandon(sid),
        Op::Close(sid),
    ]
}

impl Graph {
    /// Walks from the state without sessions to every state, by the model. Requests are known by their order, or, where no two
    /// sessions are of one class, not at all.
    pub(super) fn explore(auto_resume: bool, sessions: &[(u32, Class)], order_of_requests: bool) -> Self {
        let events: Vec<Op> = sessions.iter().flat_map(|(sid, class)| events(*sid, *class)).collect();
        let mut start = FocusModel::default();
        // Every configuration is right, and a model does not fail.
        let _ = start.reset(&Config { auto_resume });
        let mut known = HashMap::from([(start.clone(), 0_u32)]);
        let (mut next, mut found, mut queue) = (Vec::new(), vec![(0, 0)], VecDeque::from([start]));
        for place in 0.. {
            let Some(state) = queue.pop_front() else { break };
            for (index, event) in events.iter().enumerate() {
                let mut after = state.clone();
                after.answer(event);
                let after = after.compressed(order_of_requests);
                let number = known.len() as u32;
                next.push(*known.entry(after).or_insert_with_key(|after| {
                    queue.push_back(after.clone());
                    found.push((place, index as u8));
                    number
                }));
            }
        }
        Self { auto_resume, events, next, found }
    }

    pub(super) fn states(&self) -> usize {
        self.next.len() / self.events.len()
    }

    pub(super) fn edges(&self) -> usize {
        self.next.len()
    }

    fn after(&self, state: usize, event: usize) -> usize {
        self.next[state * self.events.len() + event] as usize
    }

    /// Cases that between them go along every edge, each with the number of edges that it is the first to go along. After each of
    /// these stands a look at every session.
    pub(super) fn walks(&self) -> Vec<(Case<Focus>, u64)> {
        // Events that no walk has tried in a state yet are those from its mark on.
        let mut marks = vec![0; self.states()];
        let mut searches = Searches { count: 0, seen: vec![(0, 0, 0); self.states()] };
        let mut cases = Vec::new();
        for first in 0..self.states() {
            while marks[first] < self.events.len() {
                let mut ops: Vec<Op> = self.way_to(first).into_iter().map(|event| self.events[event].clone()).collect();
                let (mut new, mut state) = (0, first);
                while ops.len() < CASE_OPS {
                    let event = marks[state];
                    if event < self.events.len() {
                        marks[state] += 1;
                        ops.extend([self.events[event].clone(), Op::State]);
                        new += 1;
                        state = self.after(state, event);
                    } else if let Some((path, end)) = self.nearest(state, &marks, &mut searches) {
                        ops.extend(path.into_iter().map(|event| self.events[event].clone()));
                        state = end;
                    } else {
                        break;
                    }
                }
                cases.push((case(self.auto_resume, ops), new));
            }
        }
        cases
    }

    /// The events that lead from the first state to this one.
    fn way_to(&self, mut state: usize) -> Vec<usize> {
        let mut way = Vec::new();
        while state != 0 {
            let (before, event) = self.found[state];
            way.push(usize::from(event));
            state = before as usize;
        }
        way.reverse();
        way
    }

    /// The shortest way to a state near by with an event that is not tried yet.
    fn nearest(&self, start: usize, marks: &[usize], searches: &mut Searches) -> Option<(Vec<usize>, usize)> {
        searches.count += 1;
        let (search, seen) = (searches.count, &mut searches.seen);
        let mut queue = VecDeque::from([start]);
        seen[start] = (search, start as u32, 0);
        for _ in 0..SEARCHED {
            let state = queue.pop_front()?;
            for event in 0..self.events.len() {
                let next = self.after(state, event);
                if seen[next].0 == search {
                    continue;
                }
                seen[next] = (search, state as u32, event as u8);
                if marks[next] < self.events.len() {
                    let (mut path, mut back) = (Vec::new(), next);
                    while back != start {
                        let (_, from, event) = seen[back];
                        path.push(usize::from(event));
                        back = from as usize;
                    }
                    path.reverse();
                    return Some((path, next));
                }
                queue.push_back(next);
            }
        }
        None
    }
}

/// Which search came by a state last, from where and by which event.
struct Searches {
    count: u32,
    seen: Vec<(u32, u32, u8)>,
}

#[cfg(test)]
mod tests {
    use super::Graph;
    use model::focus::FocusModel;
    use spec::Machine;
    use spec::focus::{Class, Op};
    use std::collections::HashSet;

    #[test]
    fn walks_go_along_every_edge() {
        for auto_resume in [true, false] {
            let graph = Graph::explore(auto_resume, &[(2, Class::Alarm), (1, Class::Music)], true);
            let (mut edges, mut counted) = (HashSet::new(), 0);
            for (case, new) in graph.walks() {
                counted += new;
                let mut model = FocusModel::default();
                model.reset(&case.config).expect("a model does not fail").expect("a right configuration");
                for op in case.ops.iter().filter(|op| **op != Op::State) {
                    edges.insert((model.compressed(true), format!("{op:?}")));
                    model.answer(op);
                }
            }
            assert_eq!((edges.len(), counted), (graph.edges(), graph.edges() as u64));
            assert_eq!(graph.edges(), graph.states() * 14);
        }
    }
}
