import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { GuestBuild } from './build.ts';
import { registerCall } from './registration.ts';

/** Blocks of the calls by which a kernel leaves. */
const leavingArgs = asm`
stop_self_args:
        .long   STOP_SELF, 0, 1, 0
deregister_args:
        .long   NMI_DEREGISTER, 0, 1, 0
`;

/**
 * What firmware sees, big-endian whatever the guest is (PAPR): where it enters, on the first vCPU and on those that
 * start-cpu starts, and the argument blocks of RTAS calls (32-bit cells: token, number of arguments, number of results,
 * then both). Needs the labels `start`, `system_reset` and `machine_check`.
 */
export const firmwarePage = (
  { endian, kexec, handlerStops, register2 }: Pick<GuestBuild, 'endian' | 'kexec' | 'handlerStops' | 'register2'>,
  lastWords: string,
): AsmSource => asm`
        .endian big
        .balign 256
entry:                                  # r3 = number of this vCPU
        mfmsr   r4
        ori     r4, r4, ${endian === 'little' ? 'MSR_LE' : 0}
        mtsrr1  r4
        li      r4, start
        mtsrr0  r4
        rfid

        .balign 16
interlock_args:
        .long   ${handlerStops ? 'STOP_SELF' : 'NMI_INTERLOCK'}, 0, 1, 0
register_args:
        .long   ${registerCall(register2)}, 2, 1, system_reset, machine_check, 0
query_args:
        .long   QUERY_CPU_STOPPED_STATE, 1, 2, 0, 0, 0
start_args:
        .long   START_CPU, 3, 1, 0, entry, 0, 0
os_term_args:
        .long   OS_TERM, 1, 1, last_words, 0
${kexec === 'none' ? '' : leavingArgs}last_words:
        .asciz  "${lastWords}"

        .balign 256                     # a page of its own, since everybody writes to it
rtas_lock:
        .long   0
${kexec === 'panic' ? 'crash_lock: .long 0\n' : ''}        .balign 256
        .endian ${endian}
`;
