import { assemble } from '../src/asm/assemble.ts';

/** Byte order of a program and its data. */
export type Endian = 'big' | 'little';

/** Where the pieces of the harness are; the same in QEMU's user mode and in a machine of ours. */
export const PLACE = { code: 0x10_0000, slots: 0x10_0400, buffer: 0x10_1000, end: 0x10_2000 } as const;

/** Instruction words that one case has room for. */
export const SLOTS = 4;

/** Offsets in the buffer: what a case sets, and where its results are found. */
export const OFFSET = {
  /** Zero where the last slot branched past the instruction after it. */
  fellThrough: 0,
  words: 8,
  gpr: 24,
  cr: 280,
  xer: 288,
  lr: 296,
  ctr: 304,
  data: 384, // a multiple of the block that dcbz zeroes
} as const;

/** Bytes of data that loads and stores may touch. */
export const DATA_BYTES = 256;

/** Bytes of a case. */
export const CASE_BYTES = OFFSET.data + DATA_BYTES;

const gprs = [...Array(32).keys()].filter((n) => n !== 1);
const forEachGpr = (line: (n: number) => string): string => gprs.map(line).join('\n');

/**
 * A program that reads cases from standard input, sets all registers but r1 as a case says, executes its words, and
 * writes the case with what became of it to standard output.
 */
export function harness(endian: Endian): ReturnType<typeof assemble> {
  const { buffer, slots, code } = PLACE;
  const at = OFFSET;
  const source = `
  main:
    lis   1, ${buffer}@h
    ori   1, 1, ${buffer}@l
    li    0, 3                # read
    li    3, 0
    mr    4, 1
    li    5, ${CASE_BYTES}
    sc
    cmpdi 3, ${CASE_BYTES}
    bne   finish
    lis   2, ${slots}@h
    ori   2, 2, ${slots}@l
    ${[0, 4, 8, 12].map((i) => `lwz 3, ${at.words + i}(1)\nstw 3, ${i}(2)`).join('\n')}
    dcbst 0, 2
    sync
    icbi  0, 2
    isync
    bl    go
    li    0, 4                # write
    li    3, 1
    mr    4, 1
    li    5, ${CASE_BYTES}
    sc
    b     main
  finish:
    li    0, 1                # exit
    li    3, 0
    sc
  go:
    mflr  3
    std   3, ${at.data + DATA_BYTES}(1)
    ld    3, ${at.cr}(1)
    mtcr  3
    ld    3, ${at.xer}(1)
    mtxer 3
    ld    3, ${at.lr}(1)
    mtlr  3
    ld    3, ${at.ctr}(1)
    mtctr 3
    ${forEachGpr((n) => `ld ${n}, ${at.gpr + 8 * n}(1)`)}
    b     ${slots}
    .org  ${slots - code}
    .space ${4 * SLOTS}
    std   1, ${at.fellThrough}(1)
    ${forEachGpr((n) => `std ${n}, ${at.gpr + 8 * n}(1)`)}
    mfcr  3
    std   3, ${at.cr}(1)
    mfxer 3
    std   3, ${at.xer}(1)
    mflr  3
    std   3, ${at.lr}(1)
    mfctr 3
    std   3, ${at.ctr}(1)
    ld    3, ${at.data + DATA_BYTES}(1)
    mtlr  3
    blr
  `;
  return assemble(source, { origin: code, endian, name: 'harness' });
}
