/**
 * A short program in privileged state, stepped in both and compared after each step.
 *
 * Not compared, for QEMU's pseries is no oracle there: problem state, which it will not run without translation; a limit to
 * real memory, which it has none of; ME, which it lets a guest turn off; a store-conditional to a misaligned address
 * without a reservation, which it lets fail in peace; `sc 1`, illegal words, and rfid, which drops the reservation there.
 */
export interface PrivilegedProgram {
  readonly name: string;
  /** From START on; the vectors go on behind the instruction that was interrupted. */
  readonly source: string;
  readonly set?: Readonly<Record<string, bigint>>;
  readonly steps: number;
  /** Registers in which QEMU is known to differ, and why. */
  readonly except?: { readonly registers: readonly string[]; readonly because: string };
}

/** Address of a program's first instruction. */
export const START = 0x1000;

/** Where the image of a program starts. */
export const IMAGE_START = 0x600;

const VECTORS = [0x600, 0x700, 0xc00];

/** Every vector counts in r31 and goes on behind the instruction that was interrupted. */
export const PRELUDE = VECTORS.map((vector) => {
  const skip = vector === 0xc00 ? 'nop' : 'addi 30,30,4';
  return `.org ${vector}\naddi 31,31,1\nmfsrr0 30\n${skip}\nmtsrr0 30\nrfid`;
}).join('\n');

const SF = 1n << 63n;
/** Always kept on: QEMU's pseries lets a guest turn it off by rfid. */
const ME = 0x1000n;
/** Everything but what would bring in translation, problem state, tracing, or interrupts that nobody raised. */
const HARMLESS = 0x8000_0000_0280_b907n & ~0x8000n;

const compared = ['tw', 'td'].flatMap((mnemonic) =>
  [0, 1, 2, 4, 8, 16, 31].flatMap((to) => [
    `${mnemonic} ${to},3,4`,
    `${mnemonic} ${to},4,3`,
    `${mnemonic}i ${to},3,-1`,
  ]),
);

/** All of them. */
export const PRIVILEGED_PROGRAMS: readonly PrivilegedProgram[] = [
  { name: 'system call', source: 'li 3,1\nsc\nli 4,2', steps: 8 },
  ...[
    [5n, 5n],
    [5n, -1n],
    [0x1_0000_0000n, 0n],
    [-1n, -1n],
  ].map(([r3 = 0n, r4 = 0n]) => ({
    name: `traps with ${r3} and ${r4}`,
    source: compared.join('\n'),
    set: { r3: BigInt.asUintN(64, r3), r4: BigInt.asUintN(64, r4) },
    steps: 6 * compared.length,
  })),
  {
    name: 'special purpose registers',
    source: `
      mtsprg 0,3
      mtsprg 1,4
      mtsprg 2,5
      mtsprg 3,6
      mfsprg 10,0
      mfsprg 11,1
      mfsprg 12,2
      mfsprg 13,3
      mfspr 14,259
      mtsrr0 3
      mtsrr1 4
      mfsrr0 15
      mfsrr1 16
      mtdar 5
      mtdsisr 6
      mfdar 17
      mfdsisr 18
      mfpvr 19
      mtctr 3
      mflr 20
      mtlr 4
      mtspr 256,5
      mfspr 21,256
      mtspr 17,6
      mfspr 22,17`,
    set: { r3: 0x1122_3344_5566_7788n, r4: -1n & 0xffff_ffff_ffff_ffffn, r5: 0x8000_0000_0000_0001n, r6: 0x1234_5678n },
    steps: 25,
    except: {
      registers: ['r21', 'r22'],
      because: 'QEMU keeps 64 bits of VRSAVE and DSCR, which have 32 and 25',
    },
  },
  {
    name: 'numbers of no special purpose register',
    source: 'mfspr 3,1007\nmtspr 1007,4\nmfspr 3,7\nmtspr 7,4\nmfspr 3,511\nli 5,1',
    set: { r3: 7n, r4: 8n },
    steps: 6,
  },
  {
    name: 'moves to the machine state register',
    source: `
      mfmsr 10
      mtmsrd 3
      mfmsr 11
      mtmsrd 4
      mtmsr 3
      mfmsr 12
      mtmsr 4
      mtmsrd 3,1
      mfmsr 13
      mtmsr 4,1
      mfmsr 14`,
    set: { r3: HARMLESS, r4: SF },
    steps: 11,
  },
  ...[SF, SF | 2n, SF | (HARMLESS & ~1n), 0n, 2n, SF | (1n << 60n), SF | 0x783f_0000n].map((srr1) => ({
    name: `return from interrupt to ${srr1.toString(16)}`,
    source: 'mtsrr0 3\nmtsrr1 4\nrfid\n.org 0x200\nli 5,1\nmfmsr 6',
    set: { r3: 0x1203n, r4: srr1 | ME },
    steps: 5,
  })),
  {
    name: 'return from interrupt to little-endian code',
    source: 'mtsrr0 3\nmtsrr1 4\nrfid\n.org 0x200\n.long 0x05006038, 0xa602403d\n.long 0x0000e038',
    set: { r3: 0x1200n, r4: SF | ME | 3n },
    steps: 4,
  },
  {
    name: 'hypervisor return without hypervisor state',
    source: 'hrfid\nli 3,1',
    steps: 7,
  },
  {
    name: 'misaligned reservations',
    source: 'lwarx 5,0,3\nldarx 5,0,3\nlharx 5,0,3\nli 6,1',
    set: { r3: 0x2001n },
    steps: 19,
    except: { registers: ['dsisr'], because: 'QEMU puts bits of the instruction there, as before POWER4' },
  },
  {
    name: 'reservations',
    source: `
      lwarx 5,0,3
      stwcx. 4,0,3
      stwcx. 4,0,3
      ldarx 5,0,3
      std 4,8(3)
      stdcx. 6,0,3
      ld 7,0(3)
      lbarx 5,0,3
      stbcx. 4,3,4
      lharx 5,0,3
      sthcx. 4,0,3
      lwarx 5,0,3
      addi 8,3,64
      stwcx. 4,0,8
      stwcx. 4,0,3`,
    set: { r3: 0x2000n, r4: 0x1234n, r6: 0x7777_7777_7777n },
    steps: 15,
  },
  {
    name: 'absolute branches',
    source: 'bla 0x1008\nnop\nbca 4,2,0x1010\nnop\nbcla 12,2,0x1000\nmflr 3\nba 0x1020\nnop\nli 4,1',
    steps: 7,
  },
  {
    name: 'multiple words',
    source: 'stmw 20,0(3)\nlmw 26,8(3)\nld 4,0(3)',
    set: { r3: 0x2000n, r20: 1n, r21: 2n, r22: 3n, r29: -1n & 0xffff_ffffn },
    steps: 3,
  },
];
