//! Every interleaving of small rings (RING-013).

use audio::ring::{Capacity, interleavings};

#[test]
fn no_interleaving_loses_repeats_or_tears_a_frame() {
    // Enough frames to fill each ring and to cross the end of its storage.
    for (capacity, items) in [(1, 3), (2, 3), (3, 4), (4, 5)] {
        let executions = interleavings::check(Capacity::new(capacity).expect("a capacity"), items);
        println!("capacity {capacity}, {items} frames: {executions} executions");
        assert!(executions > 500, "capacity {capacity}: only {executions} executions, so that little was interleaved");
    }
}
