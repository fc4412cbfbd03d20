//! The number that each machine gives to the relocation that copies a variable from a library.
//!
//! Source: the processor supplements of the System V ABI; `R_*_COPY` in elf.h.

/// By `e_machine`. Machines that are not listed have no such relocation, or none that is known.
const COPY: [(u16, u64); 12] = [
    (2, 19),     // SPARC
    (3, 5),      // 386
    (4, 19),     // 68000
    (8, 126),    // MIPS
    (15, 128),   // PA-RISC
    (20, 19),    // PowerPC
    (21, 19),    // PowerPC, 64 bits
    (22, 9),     // S/390
    (40, 20),    // Arm
    (62, 5),     // x86-64
    (183, 1024), // Arm, 64 bits
    (243, 4),    // RISC-V
];

/// The type of the relocation for an `e_machine`.
pub(super) fn copy_type(machine: u16) -> Option<u64> {
    let row = COPY.iter().find(|(known, _)| *known == machine);
    row.map(|(_, copy)| *copy)
}
