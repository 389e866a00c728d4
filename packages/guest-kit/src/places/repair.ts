import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { PlaceBuild } from './options.ts';

/**
 * What a handler does about a check that the log says was not recovered (disposition): throws the SLB away, and the ERAT with it. In
 * real mode there is nothing to reload. The scratch register and CR0 are lost.
 *
 * @param log address of the copied log's second byte
 */
export const repair = (build: Pick<PlaceBuild, 'repairs'>, scratch: string, log: string): AsmSource | '' =>
  build.repairs
    ? asm`
        lbz     ${scratch}, ${log}
        andi.   ${scratch}, ${scratch}, NOT_RECOVERED
        beq     1f
        slbia
1:`
    : '';
