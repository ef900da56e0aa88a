//! A small domain of the contract `metrics`, every value of it.

use super::laws::EVERY_BLOCK;
use crate::suite::{Counted, Domain, Extent};
use spec::Case;
use spec::metrics::{Block, Config, METRICS_INTERVAL_BLOCKS_MAX, METRICS_INTERVAL_BLOCKS_MIN, Metrics, Op};

pub(super) fn domains() -> Vec<Domain<Metrics>> {
    vec![Domain {
        name: "every_interval",
        requirements: &["METRICS-004"],
        describe: |extent| match extent {
            Extent::Whole => format!("every interval from {METRICS_INTERVAL_BLOCKS_MIN} to {METRICS_INTERVAL_BLOCKS_MAX} blocks"),
            Extent::Corners => "every interval from 1 to 200 blocks, and the longest".to_owned(),
        },
        cases: intervals,
    }]
}

/// One block less than an interval, that one, an interval more, and one less than a third.
fn intervals(extent: Extent) -> Counted<Metrics> {
    let all = METRICS_INTERVAL_BLOCKS_MIN..=METRICS_INTERVAL_BLOCKS_MAX;
    let chosen = all.filter(move |interval| extent == Extent::Whole || *interval <= 200 || *interval == METRICS_INTERVAL_BLOCKS_MAX);
    Box::new(chosen.map(|interval| {
        let blocks = |count: u32| [Op::Blocks { count: count as u16, block: Block::default() }, Op::Waiting];
        let ops = [interval - 1, 1, interval, interval - 1].into_iter().flat_map(blocks).collect();
        (Case { config: Config { interval_blocks: interval, ..EVERY_BLOCK }, ops }, 1)
    }))
}

#[cfg(test)]
mod tests {
    use super::domains;
    use crate::suite::Extent;

    #[test]
    fn domain_holds_every_interval() {
        let counts = [Extent::Whole, Extent::Corners].map(|extent| (domains()[0].cases)(extent).count());
        assert_eq!(counts, [6_000, 201]);
    }
}
