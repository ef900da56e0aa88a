//! The properties that rules read, found while a tree is read, so that no rule has to search for them.

/// A property that rules read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Key {
    AddressCells,
    SizeCells,
    InterruptCells,
    ClockCells,
    Phandle,
    InterruptParent,
    Regmap,
    Cpu,
    I2s,
    Lines,
    Interrupts,
    InterruptsExtended,
    InterruptMap,
    Clocks,
    Compatible,
    Status,
    DeviceType,
    ClockNames,
    Routes,
    Reg,
    Ranges,
    InterruptController,
    ClockFrequency,
    Timebase,
    Stub,
}

/// How many there are.
pub(crate) const KEYS: usize = Key::Stub as usize + 1;

impl Key {
    pub fn of(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"#address-cells" => Self::AddressCells,
            b"#size-cells" => Self::SizeCells,
            b"#interrupt-cells" => Self::InterruptCells,
            b"#clock-cells" => Self::ClockCells,
            b"phandle" => Self::Phandle,
            b"interrupt-parent" => Self::InterruptParent,
            b"regmap" => Self::Regmap,
            b"cpu" => Self::Cpu,
            b"nexus,i2s" => Self::I2s,
            b"riscv,ndev" => Self::Lines,
            b"interrupts" => Self::Interrupts,
            b"interrupts-extended" => Self::InterruptsExtended,
            b"interrupt-map" => Self::InterruptMap,
            b"clocks" => Self::Clocks,
            b"compatible" => Self::Compatible,
            b"status" => Self::Status,
            b"device_type" => Self::DeviceType,
            b"clock-names" => Self::ClockNames,
            b"nexus,routes" => Self::Routes,
            b"reg" => Self::Reg,
            b"ranges" => Self::Ranges,
            b"interrupt-controller" => Self::InterruptController,
            b"clock-frequency" => Self::ClockFrequency,
            b"timebase-frequency" => Self::Timebase,
            b"nexus,stub" => Self::Stub,
            _ => return None,
        })
    }
}
