//! Links the unwinder into the program. As a shared library it takes an eighth of a start: it asks
//! the processor for its features as soon as it is loaded, which is slow in virtual machines.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = |name: &str| std::env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    if target("OS") == "linux" && target("ENV") == "gnu" {
        println!("cargo:rustc-link-lib=gcc_eh");
    }
}
