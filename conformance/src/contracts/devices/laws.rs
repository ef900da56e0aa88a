//! Statements about every right machine of the contract `devices`.

use crate::suite::{Held, Law};
use spec::devices::{Blob, Config, Devices, Obs, Op, Tree, cells, flawed, honest, texts};
use spec::{Case, Entropy, Failure, Machine};

pub(super) fn laws() -> Vec<Law<Devices>> {
    vec![
        Law { name: "the_order_of_children_changes_nothing", requirements: &["DEVICES-018"], draw: draw_shuffled, holds: answers_the_same },
        Law { name: "an_unknown_device_changes_nothing", requirements: &["DEVICES-018"], draw: draw_with_more, holds: answers_the_same },
    ]
}

fn both(one: &Tree, other: &Tree) -> Case<Devices> {
    Case { config: Config {}, ops: [one, other].map(|tree| Op::Read(Blob(tree.blob()))).to_vec() }
}

/// A tree, now and then with something wrong, and the same with its nodes in another order.
fn draw_shuffled(source: &mut dyn Entropy) -> Case<Devices> {
    let mut tree = honest(source);
    if source.one_in(4) {
        flawed(source, &mut tree);
    }
    let mut other = tree.clone();
    shuffle(source, &mut other);
    both(&tree, &other)
}

fn shuffle(source: &mut dyn Entropy, tree: &mut Tree) {
    for last in (1..tree.children.len()).rev() {
        tree.children.swap(last, source.below(last as u64 + 1) as usize);
    }
    for child in &mut tree.children {
        shuffle(source, child);
    }
}

/// A right tree, and the same with a device that nobody has heard of, where nothing else is.
fn draw_with_more(source: &mut dyn Entropy) -> Case<Devices> {
    let tree = honest(source);
    let mut other = tree.clone();
    let address = 0x2800_0000 + source.below(64) as u32 * 8;
    let mut more = Tree::new(&format!("novel@{address:x}")).with("compatible", texts(&["acme,novel"]));
    more.set("reg", cells(&[0, address, 0, 8]));
    if source.one_in(2) {
        more.set("interrupt-parent", cells(&[3]));
        more.set("interrupts", cells(&[60 + source.below(30) as u32]));
    }
    if source.one_in(2) {
        more.set("acme,anything", vec![source.bits() as u8; source.below(9) as usize]);
    }
    if let Some(soc) = other.at(&["soc"]) {
        let place = source.below(soc.children.len() as u64 + 1) as usize;
        soc.children.insert(place, more);
    }
    both(&tree, &other)
}

fn answers_the_same(machine: &mut dyn Machine<Devices>, case: &Case<Devices>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    Ok(match trace.obs.as_slice() {
        [one, other] if one == other => Held::Yes(1 + u64::from(matches!(one, Obs::Board(_)))),
        [one, other] => Held::No(format!("the same devices are {one:?} and {other:?}")),
        _ => Held::NotApplicable,
    })
}
