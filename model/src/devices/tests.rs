use super::{DevicesModel, find};
use spec::devices::{Blob, Obs, Op, RouteSink, Shape, Tree, Window, cells, machine, set_word, texts};
use spec::{ErrorCode, Machine};

fn ask(model: &mut DevicesModel, blob: Vec<u8>) -> Obs {
    model.step(&Op::Read(Blob(blob))).expect("a model does not fail")
}

fn board(tree: &Tree) -> spec::devices::Board {
    match ask(&mut DevicesModel::default(), tree.blob()) {
        Obs::Board(board) => *board,
        obs => panic!("{obs:?}"),
    }
}

#[test]
fn the_small_machine_is_what_was_put_together() {
    let board = board(&machine(Shape::SMALL));
    assert_eq!(board.memory, Window { address: 0x8000_0000, bytes: 64 << 20 });
    assert_eq!((board.timebase_hz, board.uart.interrupt, board.plic.lines), (10_000_000, 10, 96));
    assert_eq!(board.slots.iter().map(|slot| (slot.window.address, slot.interrupt)).collect::<Vec<_>>(), [(0x1000_1000, 1)]);
    let audio = board.audio.expect("an audio path");
    assert_eq!((audio.i2s.window.address, audio.i2s.interrupt, audio.i2s.enabled), (0x1000_3000, 12, false));
    assert_eq!(audio.i2s.clocks.iter().map(|clock| clock.hertz).collect::<Vec<_>>(), [12_288_000, 1_536_000]);
    assert_eq!((audio.codec.bus, audio.codec.address), (0x1000_9000, 0x1a));
    assert_eq!(audio.codec.routes, [RouteSink::Hp, RouteSink::Speaker]);
}

#[test]
fn paths_are_whole_names() {
    let mut model = DevicesModel::default();
    ask(&mut model, machine(Shape::SMALL).blob());
    assert_eq!(find(&model.nodes, "/"), Some(0));
    assert!(find(&model.nodes, "/soc/i2c@10009000/codec@1a").is_some());
    for path in ["", "soc", "/soc/", "//soc", "/soc/i2s", "/codec@1a"] {
        assert_eq!(find(&model.nodes, path), None, "{path}");
    }
}

#[test]
fn test_reject_and_keep_the_tree_before() {
    let mut model = DevicesModel::default();
    let right = machine(Shape::SMALL);
    ask(&mut model, right.blob());
    let before = model.clone();
    let mut tree = right.clone();
    tree.children.push(Tree::new("i2s@10003000").with("reg", cells(&[0, 0x1000_3000, 0, 8])).with("status", texts(&["disabled"])));
    assert_eq!(ask(&mut model, tree.blob()), Obs::Rejected(ErrorCode::RegistersOverlap));
    let mut blob = right.blob();
    set_word(&mut blob, 20, 16);
    assert_eq!(ask(&mut model, blob), Obs::Rejected(ErrorCode::TreeVersion));
    assert_eq!(ask(&mut model, Vec::new()), Obs::Rejected(ErrorCode::TreeSizeMismatch));
    assert_eq!(model, before);
}
