import type { Vcpu } from '@checkstop/ppc-core';

/**
 * What a call may destroy: `hcall` an ordinary hypercall's registers, `rtas` an RTAS call's, `nothing` those of a call that its
 * maker counts on to keep them, as the vector of a strategy does.
 */
export type Clobbers = 'hcall' | 'rtas' | 'nothing';

/** What destroyed registers hold. */
const POISON = 0xa5a5_a5a5_a5a5_a5a5n;

/** CR0, CR1 and CR5 to CR7; CR2 to CR4 are kept. */
const VOLATILE_CR = 0xff00_0fffn;

/** The bits that XER has: SO, OV, CA, OV32, CA32 and the byte count. */
const XER = 0xe00c_007fn;

/** Destroys what nobody has promised to a vCPU that starts: all but r3, MSR and where it starts (LoPAR, start-cpu). */
export function poisonStarted(vcpu: Vcpu): void {
  poisonVolatile(vcpu, 'rtas');
  for (const n of [1, 2, ...Array.from({ length: 19 }, (_, i) => 13 + i)]) vcpu.setGpr(n, POISON);
  for (const sprg of ['sprg0', 'sprg1', 'sprg3'] as const) vcpu.setReg(sprg, POISON);
}

/**
 * Destroys all that a call may destroy: r0 and r4 to r12 (r3 is its result), CTR, XER, CR0, CR1 and CR5 to CR7 (LoPAR, hypervisor
 * call functions, register usage; 64-bit ELF ABI), an RTAS call LR and SPRG2 as well (LoPAR, RTAS environment, register usage).
 */
export function poisonVolatile(vcpu: Vcpu, clobbers: Exclude<Clobbers, 'nothing'>): void {
  vcpu.setGpr(0, POISON);
  for (let n = 4; n <= 12; n++) vcpu.setGpr(n, POISON);
  vcpu.setReg('ctr', POISON);
  vcpu.setReg('xer', POISON & XER);
  vcpu.setReg('cr', (vcpu.reg('cr') & ~VOLATILE_CR) | (POISON & VOLATILE_CR));
  if (clobbers === 'hcall') return;
  vcpu.setReg('lr', POISON);
  vcpu.setReg('sprg2', POISON);
}
