//! Compiles the glue of the peers that are C libraries, where they are asked for.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    #[cfg(feature = "giflib")]
    {
        println!("cargo:rerun-if-changed=peers/giflib.c");
        cc::Build::new().file("peers/giflib.c").opt_level(3).compile("peer_giflib");
        println!("cargo:rustc-link-lib=gif");
    }
    #[cfg(feature = "wuffs")]
    {
        println!("cargo:rerun-if-changed=peers/wuffs.c");
        println!("cargo:rerun-if-env-changed=WUFFS_RELEASE");
        let release = std::env::var("WUFFS_RELEASE").expect("WUFFS_RELEASE names the release file of wuffs, such as wuffs-v0.3.c");
        let quoted = format!("\"{release}\"");
        cc::Build::new().file("peers/wuffs.c").define("WUFFS_RELEASE", quoted.as_str()).opt_level(3).warnings(false).compile("peer_wuffs");
    }
}
