import { u64 } from '@checkstop/kernel';

/** Names of the interrupt vectors that the processor enters by itself (Power ISA 3.0B, Book III, 6.5). */
export const VECTOR = {
  systemReset: 0x100,
  machineCheck: 0x200,
  dataStorage: 0x300,
  instructionStorage: 0x400,
  alignment: 0x600,
  program: 0x700,
  decrementer: 0x900,
  systemCall: 0xc00,
} as const;

/** Real address of an interrupt's first instruction. */
export type Vector = (typeof VECTOR)[keyof typeof VECTOR];

/** Bits of the machine state register (Book III, 3.2.1). */
export const MSR = {
  SF: 1n << 63n,
  HV: 1n << 60n,
  VEC: 1n << 25n,
  VSX: 1n << 23n,
  EE: 1n << 15n,
  PR: 1n << 14n,
  FP: 1n << 13n,
  ME: 1n << 12n,
  FE0: 1n << 11n,
  SE: 1n << 10n,
  BE: 1n << 9n,
  FE1: 1n << 8n,
  IR: 1n << 5n,
  DR: 1n << 4n,
  PMM: 1n << 2n,
  RI: 1n << 1n,
  LE: 1n,
  /** What exists of it here: no transactional memory, no reserved bits. */
  IMPLEMENTED: 0x9000_0000_0280_ff37n,
  /** Bits of SRR1 that an interrupt uses to tell its cause; they are not copied from the MSR. */
  SRR1_CAUSE: 0x783f_0000n,
} as const;

/** Bits of SRR1 after a program interrupt (Book III, 6.5.9). */
export const PROGRAM = { ILLEGAL: 0x80000, PRIVILEGED: 0x40000, TRAP: 0x20000 } as const;

/** Positions of bits in the fixed-point exception register, IBM numbering of a doubleword (Book I, 3.2.2). */
export const XER = { SO: 32, OV: 33, CA: 34, OV32: 44, CA32: 45 } as const;

/** The registers that are not r0 to r31, in the order of the register file. */
export const SPECIAL_REGISTERS = [
  'nip',
  'msr',
  'cr',
  'lr',
  'ctr',
  'xer',
  'srr0',
  'srr1',
  'hsrr0',
  'hsrr1',
  'heir',
  'dar',
  'dsisr',
  'sprg0',
  'sprg1',
  'sprg2',
  'sprg3',
  'dec',
  'tb',
  'dscr',
  'vrsave',
  'ctrl',
  'pir',
  'pvr',
  'ile',
  'tar',
] as const;

/** Name of a register other than r0 to r31. */
export type RegisterName = (typeof SPECIAL_REGISTERS)[number];

/** The register file of a vCPU as fields of kernel state: r0 to r31, then {@link SPECIAL_REGISTERS}. */
export const REGISTER_FIELDS = {
  gpr: u64.array(32),
  ...(Object.fromEntries(SPECIAL_REGISTERS.map((name) => [name, u64])) as Record<RegisterName, typeof u64>),
};
