//! Guests made by hand: a few riscv64 instructions and a text, as raw code for 0x80000000.

use std::io::Write;

const T0: u32 = 5;
const T1: u32 = 6;
const T2: u32 = 7;
const T3: u32 = 28;
const ZERO: u32 = 0;

fn lui(rd: u32, upper: u32) -> u32 {
    upper << 12 | rd << 7 | 0x37
}

fn auipc(rd: u32, upper: u32) -> u32 {
    upper << 12 | rd << 7 | 0x17
}

fn immediate(opcode: u32, funct: u32, rd: u32, rs: u32, value: i32) -> u32 {
    ((value as u32) & 0xfff) << 20 | rs << 15 | funct << 12 | rd << 7 | opcode
}

fn addi(rd: u32, rs: u32, value: i32) -> u32 {
    immediate(0x13, 0, rd, rs, value)
}

fn andi(rd: u32, rs: u32, value: i32) -> u32 {
    immediate(0x13, 7, rd, rs, value)
}

fn lbu(rd: u32, rs: u32, offset: i32) -> u32 {
    immediate(0x03, 4, rd, rs, offset)
}

fn store(funct: u32, rs2: u32, rs1: u32, offset: i32) -> u32 {
    let offset = offset as u32;
    (offset >> 5 & 0x7f) << 25 | rs2 << 20 | rs1 << 15 | funct << 12 | (offset & 0x1f) << 7 | 0x23
}

fn beqz(rs: u32, offset: i32) -> u32 {
    let o = offset as u32;
    (o >> 12 & 1) << 31 | (o >> 5 & 0x3f) << 25 | ZERO << 20 | rs << 15 | (o >> 1 & 0xf) << 8 | (o >> 11 & 1) << 7 | 0x63
}

fn jump(offset: i32) -> u32 {
    let o = offset as u32;
    (o >> 20 & 1) << 31 | (o >> 1 & 0x3ff) << 21 | (o >> 11 & 1) << 20 | (o >> 12 & 0xff) << 12 | 0x6f
}

/// What a liar does after its text.
pub enum Then {
    /// End the machine with code 0.
    Pass,
    /// End the machine with this code.
    Fail(u16),
    /// Do nothing, for ever.
    Hang,
    /// Print the text again and again.
    Repeat,
}

/// A guest that writes these words into memory (at addresses whose low twelve bits are 0x000..0x7ff), prints the text and then does that.
pub fn liar(pokes: &[(u32, u32)], text: &str, then: &Then) -> Vec<u8> {
    let mut code = Vec::new();
    for &(address, value) in pokes {
        // Values are built by `lui` and `addi`, which sign-extend; addresses have their upper bit cleared by the shift below.
        code.extend(load(T1, value));
        code.extend(load(T0, address & !0xfff));
        code.extend([T0 << 20 | T0 << 15].map(|_| immediate(0x13, 1, T0, T0, 32)));
        code.push(0x20 << 20 | T0 << 15 | 5 << 12 | T0 << 7 | 0x13);
        code.push(store(3, T1, T0, (address & 0xfff) as i32));
    }
    let start = code.len() as i32;
    // t0 points to the text, t1 to the UART.
    code.extend([auipc(T0, 0), 0, lui(T1, 0x10000)]);
    let patch = code.len() - 2;
    code.extend([
        lbu(T2, T0, 0),
        beqz(T2, 24 + 4),
        // Wait until the line takes a byte.
        lbu(T3, T1, 5),
        andi(T3, T3, 0x20),
        beqz(T3, -8),
        store(0, T2, T1, 0),
        addi(T0, T0, 1),
        jump(-28),
    ]);
    match then {
        Then::Pass => code.extend(end(0x5555)),
        Then::Fail(exit) => code.extend(end(0x3333 | u32::from(*exit) << 16)),
        Then::Hang => {}
        Then::Repeat => code.push(jump((start - code.len() as i32) * 4)),
    }
    code.push(jump(0));
    code[patch] = addi(T0, T0, (code.len() as i32 - start) * 4);
    let mut image: Vec<u8> = code.iter().flat_map(|word| word.to_le_bytes()).collect();
    image.extend(text.as_bytes());
    image.push(0);
    image
}

fn load(register: u32, value: u32) -> [u32; 2] {
    [lui(register, (value.wrapping_add(0x800)) >> 12), addi(register, register, (value & 0xfff) as i32)]
}

fn end(value: u32) -> Vec<u32> {
    let mut code = load(T2, value).to_vec();
    code.extend([lui(T1, 0x100), store(2, T2, T1, 0)]);
    code
}

/// The liar as a file.
pub fn image(code: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(code).unwrap();
    file
}
