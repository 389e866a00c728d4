import {
  aboveStubs,
  firmwarePage,
  type GuestBuild,
  panic,
  secondRoutine,
  systemReset,
  vectors,
} from '@checkstop/guest-kit';
import { type AsmSource, asm } from '@checkstop/ppc-core';
import { boot, bootNext } from './boot.ts';
import { briefLayout, fullLayout } from './layout.ts';
import { machineCheckBrief } from './machine-check-brief.ts';
import { machineCheckFull } from './machine-check-full.ts';
import { systemCallBrief, workBrief } from './work-brief.ts';
import { systemCallFull, workFull } from './work-full.ts';

/** The brief guest: as few instructions as the duties allow, so that a search without reductions can finish. */
const brief = (build: GuestBuild): AsmSource => asm`
${briefLayout}
${vectors(build)}
${systemCallBrief}
${machineCheckBrief(build)}
${secondRoutine(build, (label) => machineCheckBrief(build, label))}${aboveStubs(build)}
${workBrief(build)}`;

/** The full guest: prologues, frames and a handler as a compiler and a kernel have them. */
const full = (build: GuestBuild): AsmSource => asm`
${fullLayout}
${vectors(build)}
${systemCallFull}
${machineCheckFull(build)}
${secondRoutine(build, (label) => machineCheckFull(build, label))}${aboveStubs(build)}
${workFull(build)}`;

/** The whole image of a build, from address 0. */
export const source = (build: GuestBuild & { readonly build: 'brief' | 'full' }): AsmSource => asm`
${build.build === 'brief' ? brief(build) : full(build)}
${boot(build)}
${panic(build)}
${systemReset(build, { register: 'r13', home: 1, scratch: 2, area: 'PACA_NMI' })}
${firmwarePage(build, 'Kernel panic')}
`;

/** The image of a kernel that takes over by kexec, as far along the old one as the old one's routine for machine checks. */
export const nextSource = (build: GuestBuild & { readonly build: 'brief' | 'full' }): AsmSource | undefined =>
  build.kexec === 'none'
    ? undefined
    : asm`
${build.build === 'brief' ? briefLayout : fullLayout}
        b       start
${vectors(build)}
${build.build === 'brief' ? systemCallBrief : systemCallFull}
${build.build === 'brief' ? machineCheckBrief(build) : machineCheckFull(build)}
${bootNext(build)}
${panic({ ...build, kexec: 'none' })}
${systemReset(build, { register: 'r13', home: 1, scratch: 2, area: 'PACA_NMI' })}
${firmwarePage(build, 'Kernel panic')}
`;
