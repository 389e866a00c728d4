import { MSR, type Vcpu } from '@checkstop/ppc-core';
import { COMPARED, type ComparedRegister, type Level, recoverableBoundary } from './ledger.ts';
import type { ContractView } from './view.ts';

/** One register that is not what it should be, in words. */
export function mismatch(what: string, is: bigint, should: bigint): string {
  return `${what} is ${hex(is)}, at the boundary it was ${hex(should)}`;
}

/** A 64-bit value as it is printed everywhere. */
export function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/**
 * Compares a vCPU's registers with the boundary: r0 to r31 but those left out, and the special registers but those left out. Answers with the first that differs.
 */
export function compareRegisters(
  vcpu: Vcpu,
  check: Level,
  leaveOut: { readonly gprs: readonly number[]; readonly special: ReadonlySet<ComparedRegister> },
): string | undefined {
  for (let n = 0; n < 32; n++) {
    if (leaveOut.gprs.includes(n)) continue;
    if (vcpu.gpr(n) !== check.gprs.get(n)) return mismatch(`r${n}`, vcpu.gpr(n), check.gprs.get(n));
  }
  for (const [i, name] of COMPARED.entries()) {
    if (leaveOut.special.has(name)) continue;
    if (vcpu.reg(name) !== check.special.get(i))
      return mismatch(name.toUpperCase(), vcpu.reg(name), check.special.get(i));
  }
  return undefined;
}

/** SRR1 as the routine may find it: the boundary's MSR outside the bits that tell the cause; RI may read 0 for 1, never 1 for 0. */
export function compareSrr1(srr1: bigint, msr: bigint): string | undefined {
  const fixed = ~(MSR.SRR1_CAUSE | MSR.RI) & 0xffff_ffff_ffff_ffffn;
  if ((srr1 & fixed) !== (msr & fixed)) return mismatch('SRR1 (outside the cause bits)', srr1 & fixed, msr & fixed);
  if ((srr1 & MSR.RI) !== 0n && (msr & MSR.RI) === 0n) return 'SRR1[RI] is 1, at the boundary MSR[RI] was 0';
  return undefined;
}

/** The SPRG that LoPAR shares with firmware is compared only where the profile says so, the boundary had RI=1 and the guest declares it live there. */
export function excusedSprgs(view: ContractView, check: Level): ReadonlySet<ComparedRegister> {
  const shared = view.sharedSprg();
  const live = view.sprg2 === 'private' && recoverableBoundary(check) && !view.guest.sprgs.scratch.includes(shared);
  return new Set(live ? [] : [shared]);
}
