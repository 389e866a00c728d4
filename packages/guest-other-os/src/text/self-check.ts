import { endOfWork } from '@checkstop/guest-kit';
import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { OtherOsBuild } from './build.ts';

const ticket = asm`
        mfsprg  r4, 2                   # what SPRG2 has held since boot
        cmpd    r4, r29
        bne     panic`;

/** The guest looks for its own corruption, then idles. */
export const selfCheckAndIdle = (build: OtherOsBuild): AsmSource => asm`
self_check:
        mfsprg  r4, 0                   # the per-CPU structure
        cmpd    r4, r30
        bne     panic${build.sprg2 === 'persistent' ? ticket : ''}

${endOfWork(build, 'r31')}`;
