import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { GuestBuild } from './build.ts';

/** Real address of the next kernel's image, and how far apart the same places of both kernels are. */
export const NEXT_KERNEL = 0x4000;

/** What Linux's kdump fills with stubs (crash_dump.c): the old kernel's vectors, and whatever else its low code is. */
const STUBBED = { start: 0x100, end: 0x3000 } as const;
const STUB = 8;

/** Offsets of the stub's two words from `base`, in the order in which they are written: r4 is the no-op, r5 the branch. */
const stores = (at: string, base: string, stubs: GuestBuild['stubs']): string => {
  const halves = [`\n        stw     r4, ${at}(${base})`, `\n        stw     r5, ${at}+4(${base})`];
  return (stubs === 'nop-first' ? halves : halves.reverse()).join('');
};

const everywhere = (stubs: GuestBuild['stubs']) => asm`
        li      r6, ${STUBBED.start}
        li      r7, ${(STUBBED.end - STUBBED.start) / STUB}
        mtctr   r7
1:${stores('0', 'r6', stubs)}
        addi    r6, r6, ${STUB}
        bdnz    1b`;

/**
 * Code that puts eight bytes, a no-op and a branch to the same place of the next kernel, over the old kernel's low code: all of it,
 * as Linux's kdump, or the places that a machine check or a system reset can get to. r4 to r7 and CTR are lost.
 * With the branch first a vCPU that comes by between the two stores runs one instruction of the old kernel's, and then all of the new one's.
 *
 * @param routine address of the old kernel's routine for machine checks
 */
export const writeStubs = (
  routine: string,
  { stubs, stubsOver }: Pick<GuestBuild, 'stubs' | 'stubsOver'>,
): AsmSource => asm`
        lis     r4, 0x6000              # nop
        lis     r5, 0x4800              # b .+NEXT_KERNEL-4
        ori     r5, r5, ${NEXT_KERNEL - 4}${
          stubsOver === 'all'
            ? everywhere(stubs)
            : ['0x100', '0x200', routine].map((at) => stores(at, '0', stubs)).join('')
        }
`;

/** Where the code of a guest goes on that no stub is ever written over: whoever writes them runs it. */
export const aboveStubs = ({ stubsOver }: Pick<GuestBuild, 'stubsOver'>): AsmSource | '' =>
  stubsOver === 'all'
    ? asm`
        .org    ${STUBBED.end}`
    : '';
