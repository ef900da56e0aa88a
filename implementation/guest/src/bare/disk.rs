//! The disk: virtio-blk in the first virtio-mmio slot that has one.

use super::timer;
use alloc::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use core::cell::RefCell;
use core::fmt;
use core::ptr::NonNull;
use devices::Board;
use embedded_sdmmc::{Block, BlockCount, BlockDevice, BlockIdx};
use guest::state;
use spec::devices::DEVICES_SLOT_BYTES;
use virtio_drivers::device::blk::{BlkReq, BlkResp, VirtIOBlk};
use virtio_drivers::transport::mmio::{MmioTransport, VirtIOHeader};
use virtio_drivers::transport::{DeviceType, Transport};
use virtio_drivers::{BufferDirection, Hal, PAGE_SIZE, PhysAddr};

/// Bytes of a slot, which the device tree's reader has found there.
const SLOT_BYTES: usize = DEVICES_SLOT_BYTES as usize;

/// Memory is not translated: a pointer's address is what the device sees.
struct Memory;

fn pages(count: usize) -> Layout {
    match Layout::from_size_align(count.saturating_mul(PAGE_SIZE), PAGE_SIZE) {
        Ok(layout) if layout.size() > 0 => layout,
        _ => panic!("a queue takes some pages"),
    }
}

// SAFETY: pages come zeroed, aligned and unshared from the allocator, and addresses are the same for the device.
unsafe impl Hal for Memory {
    fn dma_alloc(count: usize, _: BufferDirection) -> (PhysAddr, NonNull<u8>) {
        let layout = pages(count);
        // SAFETY: the layout has a size.
        let Some(start) = NonNull::new(unsafe { alloc_zeroed(layout) }) else { handle_alloc_error(layout) };
        (start.as_ptr().expose_provenance() as PhysAddr, start)
    }

    unsafe fn dma_dealloc(_: PhysAddr, start: NonNull<u8>, count: usize) -> i32 {
        // SAFETY: the caller gives back what `dma_alloc` gave, with the same number of pages.
        unsafe { dealloc(start.as_ptr(), pages(count)) };
        0
    }

    unsafe fn mmio_phys_to_virt(_: PhysAddr, _: usize) -> NonNull<u8> {
        panic!("only PCI asks for this")
    }

    unsafe fn share(buffer: NonNull<[u8]>, _: BufferDirection) -> PhysAddr {
        buffer.cast::<u8>().as_ptr().expose_provenance() as PhysAddr
    }

    unsafe fn unshare(_: PhysAddr, _: NonNull<[u8]>, _: BufferDirection) {}
}

type Device = VirtIOBlk<Memory, MmioTransport<'static>>;

/// The disk.
pub struct Disk(RefCell<Device>);

/// The disk failed.
#[derive(Debug)]
pub struct Failed;

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the disk failed")
    }
}

impl core::error::Error for Failed {}

impl Disk {
    /// The first disk; nothing where no slot has one. Called once, as a slot has one driver.
    pub fn find(board: &Board) -> Option<Self> {
        board.slots.iter().find_map(|slot| {
            let header = NonNull::new(core::ptr::with_exposed_provenance_mut::<VirtIOHeader>(slot.window.address as usize))?;
            // SAFETY: the device tree describes a virtio-mmio slot there, outside memory; it stays as long as the machine.
            let transport = unsafe { MmioTransport::new(header, SLOT_BYTES) }.ok()?;
            let disk = matches!(transport.device_type(), DeviceType::Block).then(|| VirtIOBlk::new(transport))?;
            Some(Self(RefCell::new(disk.ok()?)))
        })
    }
}

/// Sleeps until the device has answered. The host's side of the device needs the processor that a spinning guest would keep.
fn wait(device: &mut Device) {
    while device.peek_used().is_none() {
        timer::nap();
    }
}

fn read(device: &mut Device, number: usize, block: &mut [u8]) -> virtio_drivers::Result {
    let (mut request, mut response) = (BlkReq::default(), BlkResp::default());
    // SAFETY: request, block and response are left alone until the request is complete, which this function waits for.
    let token = unsafe { device.read_blocks_nb(number, &mut request, block, &mut response) }?;
    wait(device);
    // SAFETY: the same buffers as above, and the only request under way.
    unsafe { device.complete_read_blocks(token, &request, block, &mut response) }
}

fn write(device: &mut Device, number: usize, block: &[u8]) -> virtio_drivers::Result {
    let (mut request, mut response) = (BlkReq::default(), BlkResp::default());
    // SAFETY: as in `read`.
    let token = unsafe { device.write_blocks_nb(number, &mut request, block, &mut response) }?;
    wait(device);
    // SAFETY: as in `read`.
    unsafe { device.complete_write_blocks(token, &request, block, &mut response) }
}

impl BlockDevice for Disk {
    type Error = Failed;

    fn read(&self, blocks: &mut [Block], first: BlockIdx) -> Result<(), Failed> {
        let mut disk = self.0.try_borrow_mut().map_err(|_| Failed)?;
        for (number, block) in (first.0 as usize..).zip(blocks) {
            read(&mut disk, number, &mut block.contents).map_err(|_| Failed)?;
        }
        Ok(())
    }

    fn write(&self, blocks: &[Block], first: BlockIdx) -> Result<(), Failed> {
        let mut disk = self.0.try_borrow_mut().map_err(|_| Failed)?;
        for (number, block) in (first.0 as usize..).zip(blocks) {
            write(&mut disk, number, &block.contents).map_err(|_| Failed)?;
        }
        Ok(())
    }

    fn num_blocks(&self) -> Result<BlockCount, Failed> {
        let disk = self.0.try_borrow().map_err(|_| Failed)?;
        Ok(BlockCount(u32::try_from(disk.capacity()).unwrap_or(u32::MAX)))
    }
}

impl state::Disk for Disk {
    fn flush(&self) -> Result<(), Failed> {
        self.0.try_borrow_mut().map_err(|_| Failed)?.flush().map_err(|_| Failed)
    }
}
