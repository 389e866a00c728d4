import { type AsmSource, asm } from '@checkstop/ppc-core';
import { rtas } from './rtas.ts';

/**
 * Waits until the vCPU whose number is in r15 has stopped, for as long as it takes (RTAS query-cpu-stopped-state, by the arguments at
 * `query_args`). Lost is what an RTAS call loses.
 *
 * @param label a local label's number that nothing between it and the next use of it means otherwise
 */
export const waitUntilStopped = (label: number): AsmSource => asm`
        stb     r15, query_args+15(0)
${label}:${rtas('query_args')}
        lwz     r4, query_args+16(0)
        lwz     r5, query_args+20(0)
        or.     r4, r4, r5
        bne     ${label}b`;
