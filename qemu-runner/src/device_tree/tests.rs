//! The machine's device tree, and trees with one thing wrong.

use super::*;

/// Whether the compiler is there; a test that needs it says that it was skipped.
fn compiler(test: &str) -> bool {
    let there = Command::new(COMPILER).arg("--version").stdout(Stdio::null()).status().is_ok();
    if !there {
        eprintln!("SKIPPED {test}: {COMPILER} is not installed");
    }
    there
}

/// The problems of the source after a change at one place of it. `-f` and `-q` make the compiler write what it would reject.
#[track_caller]
fn problems(from: &str, to: &str) -> Vec<Problem> {
    assert_eq!(SOURCE.matches(from).count(), 1, "{from:?} stands once in the source");
    let source = SOURCE.replacen(from, to, 1);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), source).unwrap();
    let output = Command::new(COMPILER).args(["-f", "-q", "-q", "-I", "dts", "-O", "dtb"]).arg(file.path()).output().unwrap();
    assert!(!output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    check(&output.stdout).err().unwrap_or_default()
}

#[track_caller]
fn reject(from: &str, to: &str, path: &str, what: &str) {
    let problems = problems(from, to);
    assert!(problems.iter().any(|problem| problem.path == path && problem.what.contains(what)), "{problems:?}");
}

#[test]
fn the_machine_s_tree_is_right_and_current() {
    if compiler("the_machine_s_tree_is_right_and_current") {
        let blob = compiled().unwrap_or_else(|error| panic!("{error}"));
        verify(&blob).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(NAME, "pkg://dts/virt-nexus.dts");
    }
}

#[test]
fn test_reject_nodes_that_overlap() {
    if !compiler("test_reject_nodes_that_overlap") {
        return;
    }
    // The collision itself: QEMU's node beside the I2S controller.
    let slot = "virtio_mmio@10003000 { compatible = \"virtio,mmio\"; reg = <0x0 0x10003000 0x0 0x1000>; };\n\t\tvirtio_mmio@10004000 {";
    let found = problems("virtio_mmio@10004000 {", slot);
    assert!(found.iter().any(|problem| problem.what.contains("overlap those of /soc/")), "{found:?}");
    assert!(found.iter().any(|problem| problem.what.contains("should be left out")), "{found:?}");
    // By one byte, and a small one inside a large one.
    reject("reg = <0x0 0x10002000 0x0 0x1000>", "reg = <0x0 0x10002000 0x0 0x1001>", "/soc/i2s@10003000", "overlap");
    reject("reg = <0x0 0xc000000 0x0 0x600000>", "reg = <0x0 0xc000000 0x0 0x5000000>", "/soc/serial@10000000", "overlap");
    reject("reg = <0x1a>;", "reg = <0x1a>, <0x1a>;", "/soc/i2c@10009000/codec@1a", "overlap");
    // What lies side by side does not.
    assert_eq!(problems("reg = <0x0 0x10100000 0x0 0x18>", "reg = <0x0 0x10100000 0x0 0x1000>"), []);
}

#[test]
fn test_reject_registers() {
    if !compiler("test_reject_registers") {
        return;
    }
    reject("reg = <0x0 0x101000 0x0 0x1000>", "reg = <0x0 0x101000 0x0>", "/soc/rtc@101000", "no multiple of 4");
    reject("reg = <0x0 0x101000 0x0 0x1000>", "reg = <0x0 0x101000 0x0 0x0>", "/soc/rtc@101000", "empty");
    reject("reg = <0x0 0x101000 0x0 0x1000>", "reg = [00 01]", "/soc/rtc@101000", "2 bytes");
    reject("reg = <0x0 0x101000 0x0 0x1000>", "reg = <0x0 0x102000 0x0 0x1000>", "/soc/rtc@101000", "@102000");
    reject("reg = <0x0 0x101000 0x0 0x1000>;", "", "/soc/rtc@101000", "no `reg`");
    reject("ranges;", "ranges = <0x0 0x0 0x0 0x0 0x0 0x1000>;", "/soc/i2s@10003000", "its bus has no addresses");
}

#[test]
fn test_reject_dangling_phandles() {
    if !compiler("test_reject_dangling_phandles") {
        return;
    }
    reject("nexus,i2s = <&i2s>", "nexus,i2s = <0x77>", "/soc/i2c@10009000/codec@1a", "0x77, which no node has");
    reject("cpu = <&cpu0>", "cpu = <0x77>", "/cpus/cpu-map/cluster0/core0", "no node has");
    reject("clocks = <&audio_mclk>, <&audio_bclk>", "clocks = <&audio_mclk>, <0x77>", "/soc/i2s@10003000", "no node has");
    reject("<&cpu0_intc 11>, <&cpu0_intc 9>", "<0x77 11>, <&cpu0_intc 9>", "/soc/plic@c000000", "no node has");
    reject("riscv,ndev = <96>;", "riscv,ndev = <96>; phandle = <0x0>;", "/soc/plic@c000000", "phandle is no number");
    let twin = "riscv,ndev = <96>; phandle = <0x50>;\n\t\t};\n\t\ttwin@a000000 { reg = <0x0 0xa000000 0x0 0x1>; phandle = <0x50>;";
    reject("riscv,ndev = <96>;", twin, "/soc/twin@a000000", "is also that of");
    // The compiler itself refuses a label that nothing has.
    assert!(matches!(compile(&SOURCE.replace("<&i2s>", "<&i3s>")), Err(Error::Compiler(why)) if why.contains("i3s")));
}

#[test]
fn test_reject_a_missing_controller() {
    if !compiler("test_reject_a_missing_controller") {
        return;
    }
    let plic = "interrupt-controller;\n\t\t\tinterrupts-extended";
    for path in ["/soc/i2s@10003000", "/soc/serial@10000000", "/soc/virtio_mmio@10001000"] {
        reject(plic, "interrupts-extended", path, "reach no interrupt controller");
    }
    reject(plic, "interrupts-extended", "/soc/pci@30000000", "no interrupt controller");
    reject("<&cpu0_intc 11>", "<&finisher 11>", "/soc/plic@c000000", "no `#interrupt-cells`");
    let i2s = "interrupt-parent = <&plic>;\n\t\t\tinterrupts = <12>;";
    reject(i2s, "interrupts = <12>;", "/soc/i2s@10003000", "reach no interrupt controller");
    reject(i2s, "interrupt-parent = <&finisher>; interrupts = <12>;", "/soc/i2s@10003000", "reach no interrupt controller");
}

#[test]
fn test_reject_interrupts() {
    if !compiler("test_reject_interrupts") {
        return;
    }
    let cells = "#interrupt-cells = <1>;\n\t\t\tinterrupt-controller;";
    reject(cells, "#interrupt-cells = <2>; interrupt-controller;", "/soc/i2s@10003000", "wants 2 for each");
    reject("interrupts = <12>", "interrupts = <0>", "/soc/i2s@10003000", "none of");
    reject("interrupts = <12>", "interrupts = <97>", "/soc/i2s@10003000", "1 to 96");
    reject("interrupts = <12>", "interrupts = <2>", "/soc/i2s@10003000", "also that of /soc/virtio_mmio@10002000");
    reject("interrupts = <12>", "interrupts", "/soc/i2s@10003000", "0 cells");
    reject("interrupt-map-mask = <0x1800 0 0 7>", "interrupt-map-mask = <0x1800 0 0>", "/soc/pci@30000000", "4 cells");
    reject("<0x1800 0 0 4 &plic 34>", "<0x1800 0 0 4 &plic>", "/soc/pci@30000000", "ends within an entry");
}

#[test]
fn test_reject_clocks() {
    if !compiler("test_reject_clocks") {
        return;
    }
    reject("clocks = <&audio_mclk>, <&audio_bclk>", "clocks = <&finisher>", "/soc/i2s@10003000", "has no `#clock-cells`");
    reject("clocks = <&audio_mclk>, <&audio_bclk>", "clocks = <&audio_mclk>", "/soc/i2s@10003000", "name each");
}

#[test]
fn test_reject_memory_that_qemu_does_not_give() {
    if !compiler("test_reject_memory_that_qemu_does_not_give") {
        return;
    }
    let memory = "reg = <0x0 0x80000000 0x0 0x4000000>";
    reject(memory, "reg = <0x0 0x80000000 0x0 0x8000000>", "/memory@80000000", "64 MiB");
    reject("device_type = \"memory\";", "", "", "one node of memory, not 0");
}

#[test]
fn test_reject_another_audio_path() {
    if !compiler("test_reject_another_audio_path") {
        return;
    }
    reject("status = \"disabled\";", "status = \"okay\";", "/soc/i2s@10003000", "disabled stub");
    reject("i2s: i2s@10003000 {", "i2s: audio@10003000 {", "", "/soc/i2s@10003000 is missing");
    reject("\"i2s -> codec -> hp\", ", "", "/soc/i2c@10009000/codec@1a", "nexus,routes");
    reject("compatible = \"nexus,codec-null\"", "compatible = \"nexus,codec\"", "", "one codec");
    reject("reg = <0x1a>;", "reg = <0x1b>;", "/soc/i2c@10009000/codec@1a", "codec@1a");
}

#[test]
fn test_reject_stale_and_truncated_blobs() {
    if !compiler("test_reject_stale_and_truncated_blobs") {
        return;
    }
    let blob = compiled().unwrap();
    for length in 0..blob.len() {
        assert!(matches!(verify(&blob[..length]), Err(Error::Wrong(_))), "{length} bytes");
    }
    assert!(matches!(verify(&[blob.clone(), vec![0]].concat()), Err(Error::Wrong(_))));
    // Right in itself, but from a source that has changed since.
    let older = compile(&SOURCE.replace("<12288000>", "<24576000>")).unwrap();
    assert_eq!(check(&older), Ok(()));
    assert!(matches!(verify(&older), Err(Error::Stale)));
    assert!(matches!(compile("/dts-v1/; / { a = <1>;"), Err(Error::Compiler(_))));
}

/// Whatever a byte becomes, the answer is a list of problems or none, never a panic.
#[test]
fn any_damage_gets_an_answer() {
    if !compiler("any_damage_gets_an_answer") {
        return;
    }
    let blob = compiled().unwrap();
    for place in 0..blob.len() {
        for value in [0x00, 0x01, 0x04, 0x7f, 0x80, 0xff] {
            let mut damaged = blob.clone();
            damaged[place] = value;
            let _ = check(&damaged);
        }
    }
}
