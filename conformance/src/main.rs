//! The binary `conform`.

fn main() -> std::process::ExitCode {
    keep_freed_memory();
    conformance::cli::main()
}

/// Tells the allocator to keep what is freed. glibc's learns from the largest block that was given back how much it keeps, and gives
/// smaller ones back to the kernel until then: a run that allocates its batches anew would mostly wait for pages of zeros.
fn keep_freed_memory() {
    /// A little below the largest that it learns from.
    const BLOCK_BYTES: usize = 31 << 20;
    drop(std::hint::black_box(vec![0_u8; BLOCK_BYTES]));
}
